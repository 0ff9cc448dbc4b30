package fieldapp

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// TestADeviceOfNoOfficePromisesNone: nobody but itself has a key, and there is nobody to give
// one to.
func TestADeviceOfNoOfficePromisesNone(t *testing.T) {
	b := openApp(t, openClient(t))
	for path, says := range map[string]struct{ that, never string }{
		"/readers": {"this device alone can open", "recovery key"},
		"/desk":    {"Nothing sealed is on this device", "/desk/rewrap"},
		"/two":     {"Nothing stands in two versions", "0 fields"},
	} {
		page := b.get(path)
		pageSays(t, page, 200, says.that)
		if strings.Contains(page.Body.String(), says.never) {
			t.Errorf("%s speaks of %q", path, says.never)
		}
	}
}

// TestAPlaceThatIsAwayIsNotUnnamed: travel puts places away and leaves visits.
func TestAPlaceThatIsAwayIsNotUnnamed(t *testing.T) {
	const away = "01890a5d-ac96-774b-bcce-b302099a8057"
	for place, says := range map[string]string{"": "Place not named yet", away: "Place, not on this device"} {
		c := openClient(t)
		v := &daylightv1.Visit{State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum()}
		if place != "" {
			v.FacilityId = proto.String(place)
		}
		id := saved(t, c, v).GetId()
		b := openApp(t, c)
		pageSays(t, b.get("/"), 200, says)
		pageSays(t, b.get("/r/"+b.app.handles.name(clientsync.KindVisit, id)+"/ready"), 200, says)
	}
}
