package fieldapp

import (
	"net/http"
	"os"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// shownTwo is an app that a real browser can open.
type shownTwo struct {
	*App
	url string
}

func showTwoOf(t testing.TB, c *clientsync.Client) *shownTwo {
	t.Helper()
	a, url := onPort(t, c)
	return &shownTwo{a, url}
}

// open lets a browser in. There may be no page yet at the address that it is led to.
func (s *shownTwo) open(t testing.TB, setup browsertest.Setup) *browsertest.Page {
	t.Helper()
	p := browsertest.Open(t, setup)
	p.Allow("404")
	p.Visit(s.url + s.StartPath())
	return p
}

func (s *shownTwo) of(m clientsync.Message, page string) string {
	return s.url + "/r/" + s.handles.name(kindOf(m), m.GetId()) + page
}

// long are versions of more than a line, as people write them.
const (
	longBefore = "Cell 12 holds ten people in 26.4 m². There are eight beds."
	longMine   = "Cell 12 holds ten people in 26.4 m². There are eight beds. Two people sleep on mattresses by the door."
	longTheirs = "Cell 12 holds eight people in 26.4 m². There are eight beds. Two others are in the medical room."
)

func TestTwoVersionsInABrowser(t *testing.T) {
	p := twoDevices(t)
	f := parted(p, longBefore, longMine, longTheirs)
	saved(t, p.b.Client, &daylightv1.ReviewComment{VisitId: f.VisitId, AboutKind: proto.String("finding"), AboutId: proto.String(f.GetId()),
		AboutField: proto.String("narrative"), Text: proto.String("How many beds were there on the day of the visit, and how many people slept in them?"), Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST.Enum(), Author: proto.String("the reviewer")})
	visit := saved(t, p.a.Client, &daylightv1.Visit{Title: proto.String("Visit 8"), State: daylightv1.VisitState_VISIT_STATE_PREPARED.Enum()}).(*daylightv1.Visit)
	access := saved(t, p.a.Client, &daylightv1.Visit{Title: proto.String("Visit 9"), Access: []*daylightv1.AccessRecord{{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS, Note: proto.String("asked at the gate")}}}).(*daylightv1.Visit)
	p.sync()
	change(p, p.a, access, func(v *daylightv1.Visit) {
		v.Access[0].Rating, v.Access[0].Note = daylightv1.AccessRating_ACCESS_RATING_FULL.Enum(), proto.String("given at once")
	})
	change(p, p.b, access, func(v *daylightv1.Visit) {
		v.Access[0].Note, v.Access[0].RequestedAt = proto.String("given after an hour"), proto.String("2026-11-24T14:02+05:00")
	})
	change(p, p.b, visit, func(v *daylightv1.Visit) { v.State = daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum() })
	change(p, p.a, visit, func(v *daylightv1.Visit) { v.State = daylightv1.VisitState_VISIT_STATE_SUSPENDED.Enum() })
	if err := p.b.Sync(false); err != nil {
		t.Fatal(err)
	}
	p.sync()
	s := showTwoOf(t, p.a.Client)
	comment := ""
	for item, err := range p.a.Client.List(t.Context(), clientsync.Filter{Kind: clientsync.KindReviewComment}) {
		if err != nil {
			t.Fatal(err)
		}
		comment = s.of(item.Message, "")
	}
	addresses := map[string]string{"two": s.of(f, "/two"), "two-list": s.url + "/two", "history": s.of(f, "/history"), "review": s.url + "/review",
		"review-record": s.of(f, "/review"), "thread": comment, "refused": s.url + "/refused", "parts": s.of(access, "/two")}
	setups := []browsertest.Setup{{Device: browsertest.Phone}, {Device: browsertest.SmallPhone, Language: "ar", Dark: true}}
	if os.Getenv("DAYLIGHT_SHOTS") != "" {
		setups = append(setups, browsertest.Setup{Device: browsertest.Desk}, browsertest.Setup{Device: browsertest.Phone, Language: "ru", Dark: true}, browsertest.Setup{Device: browsertest.Phone, Language: "tk", NoScript: true})
	}
	for _, setup := range setups {
		page := s.open(t, setup)
		for name, url := range addresses {
			if status := page.Visit(url); status != http.StatusOK {
				t.Errorf("%s: %d", name, status)
			}
			if !setup.NoScript {
				page.Accessible()
			}
			page.Fits()
			page.Targets(44)
			page.Shot("two-" + name)
		}
	}
	keys := s.open(t, browsertest.Setup{})
	keys.Visit(s.of(f, "/two"))
	keys.TabTo(`input[name="_choice"]`)
	keys.Press("Up")
	keys.TabTo(`button[form="two"]`)
	if keys.Enter() != http.StatusOK {
		t.Error("it was not settled by keyboard")
	}
	if got := itemOf(t, p.a.Client, f); len(got.Conflicts) != 0 {
		t.Errorf("it still stands in %d versions: %s", len(got.Conflicts[0].Values), keys.Text("main"))
	}
}
