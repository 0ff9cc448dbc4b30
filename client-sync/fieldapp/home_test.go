package fieldapp

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const evil = `<script>alert(1)</script>` + "\u202e"

// visitTo makes a visit to a place with that name.
func visitTo(t testing.TB, c *clientsync.Client, name string, state daylightv1.VisitState, day string) *daylightv1.Visit {
	t.Helper()
	place := saved(t, c, &daylightv1.Facility{Names: map[string]string{"en": name}, MainType: proto.String("PRISON.REMAND"), Town: proto.String("Town")}).(*daylightv1.Facility)
	return saved(t, c, &daylightv1.Visit{FacilityId: proto.String(place.GetId()), State: state.Enum(), PlannedStart: proto.String(day)}).(*daylightv1.Visit)
}

func TestHomeOfAnEmptyDevice(t *testing.T) {
	b := openApp(t, openClient(t))
	pageSays(t, b.get("/"), 200, "No visits on this device", "No sync yet", "belongs to no office", "Everything is kept here", "<title>Home</title>")
}

func TestHomeShowsWhatIsTodayFirst(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	day := func(n int) string { return time.Now().AddDate(0, 0, n).Format(time.DateOnly) }
	visitTo(t, c, "Handed in", daylightv1.VisitState_VISIT_STATE_SUBMITTED, day(-9))
	visitTo(t, c, "Next week", daylightv1.VisitState_VISIT_STATE_PLANNED, day(7))
	visitTo(t, c, "Tomorrow", daylightv1.VisitState_VISIT_STATE_PREPARED, day(1))
	visitTo(t, c, "Today", daylightv1.VisitState_VISIT_STATE_PREPARED, day(0))
	now := visitTo(t, c, "Under way"+evil, daylightv1.VisitState_VISIT_STATE_IN_PROGRESS, day(-1))
	saved(t, c, &daylightv1.Visit{})
	page := b.get("/")
	pageSays(t, page, 200, `href="/visits">Handed in: 1`, "Place not named yet", "Check before you leave", "/r/"+b.app.handles.name(clientsync.KindVisit, now.GetId()), "Draft", "Received")
	text := page.Body.String()
	at := -1
	for _, name := range []string{">Today<", "Under way", ">Tomorrow<", ">Next week<", ">Place not named yet<", ">Handed in: 1"} {
		next := strings.Index(text, name)
		if next <= at {
			t.Errorf("%s stands too early, or not at all", name)
		}
		at = next
	}
	if strings.Contains(text, "<script>alert") || strings.Contains(text, now.GetId()) {
		t.Error("the page shows markup of a record, or its id")
	}
}

func TestHomeLeadsToWhereAPersonWas(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 12" + evil)})
	tr := &turn{App: b.app, r: request("POST", "/")}
	tr.here(clientsync.KindFinding, f.GetId(), "", "narrative")
	pageSays(t, b.get("/"), 200, "Continue where you were", "Cell 12&lt;script&gt;", b.app.handles.name(clientsync.KindFinding, f.GetId())+"#f-narrative")
	if err := c.Remove(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if page := b.get("/"); strings.Contains(page.Body.String(), "Continue where you were") {
		t.Error("it leads to what was removed")
	}
}

func TestReviewAsksAtHome(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Register of force")})
	comment := func(kind daylightv1.ReviewCommentKind, text string, settled bool) {
		saved(t, c, &daylightv1.ReviewComment{AboutKind: proto.String("finding"), AboutId: proto.String(f.GetId()), Kind: kind.Enum(), Text: proto.String(text), Settled: proto.Bool(settled)})
	}
	comment(daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION, "Which months?"+evil, false)
	comment(daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION, "Settled one", true)
	comment(daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK, "A remark", false)
	page := b.get("/")
	pageSays(t, page, 200, "Which months?", "Register of force", "/review", "<dd>1</dd>")
	for _, not := range []string{"Settled one", "A remark", "<script>alert"} {
		if strings.Contains(page.Body.String(), not) {
			t.Errorf("it says %q", not)
		}
	}
}

func TestFind(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	v := visitTo(t, c, "Old mill", daylightv1.VisitState_VISIT_STATE_IN_PROGRESS, "2026-11-24")
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 12" + evil), VisitId: proto.String(v.GetId())})
	pageSays(t, b.post("/find", form("text", "cELL")), 200, "Found: 1", "Cell 12&lt;script&gt;", b.app.handles.name(clientsync.KindFinding, f.GetId()), "Old mill")
	pageSays(t, b.post("/find", form("text", evil)), 200, "Found: 1")
	pageSays(t, b.post("/find", form("text", "nowhere")), 200, "Nothing on this device says that")
	if page := b.post("/find", form("text", "  ")); strings.Contains(page.Body.String(), "Found") {
		t.Error("nothing was asked, and something is found")
	}
	if w := b.get("/find?text=cell"); w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound {
		t.Errorf("a search stands in an address: %d", w.Code)
	}
}

// manyVisits saves so many at once, each to a place of its own, and gives the first.
func manyVisits(t testing.TB, c *clientsync.Client, n int, state daylightv1.VisitState) (first *daylightv1.Visit) {
	t.Helper()
	for made := 0; made < n; {
		var some []clientsync.Message
		for ; made < n && len(some) < 100; made++ {
			place := &daylightv1.Facility{Id: c.NewID(clientsync.KindFacility), Names: map[string]string{"en": "Place"}}
			v := &daylightv1.Visit{Id: c.NewID(clientsync.KindVisit), FacilityId: proto.String(place.Id), State: state.Enum(), PlannedStart: proto.String("2026-11-24")}
			some = append(some, place, v)
			if first == nil {
				first = v
			}
		}
		if err := c.Save(t.Context(), some...); err != nil {
			t.Fatal(err)
		}
	}
	return first
}

func TestHomeSaysHowManyVisitsItLeavesOut(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	listed := func() int { return strings.Count(b.get("/").Body.String(), `class="pane"`) }
	manyVisits(t, c, mostListed, daylightv1.VisitState_VISIT_STATE_IN_PROGRESS)
	if page := b.get("/"); listed() != mostListed || strings.Contains(page.Body.String(), "More visits") || strings.Contains(page.Body.String(), "Handed in") {
		t.Errorf("all are there, and it lists %d: %s", listed(), page.Body)
	}
	manyVisits(t, c, 1, daylightv1.VisitState_VISIT_STATE_IN_PROGRESS)
	if pageSays(t, b.get("/"), 200, `href="/visits">More visits: 1 <`); listed() != mostListed {
		t.Errorf("it lists %d", listed())
	}
	manyVisits(t, c, 2, daylightv1.VisitState_VISIT_STATE_SUBMITTED)
	pageSays(t, b.get("/"), 200, "More visits: 1 · Handed in: 2")
}

func TestVisitsStandPageByPage(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	pageSays(t, b.get("/visits?from=40"), 200, "No visit is on this device") // none at all
	manyVisits(t, c, mostVisits, daylightv1.VisitState_VISIT_STATE_IN_PROGRESS)
	if page := b.get("/visits"); strings.Contains(page.Body.String(), "from=") {
		t.Errorf("one page leads to others: %s", page.Body)
	}
	manyVisits(t, c, mostVisits+3, daylightv1.VisitState_VISIT_STATE_SUBMITTED)
	for _, x := range []struct {
		from             string
		rows             int
		earlier, later   string
		open, handedOver bool
	}{
		{"", mostVisits, "", "from=40", true, false},
		{"?from=40", mostVisits, "from=0", "from=80", false, true},
		{"?from=20", mostVisits, "from=0", "from=60", true, true}, // an address that somebody changed
		{"?from=80", 3, "from=40", "", false, true},
		{"?from=83", 3, "from=40", "", false, true},
		{"?from=99999999", 3, "from=40", "", false, true},
		{"?from=-7", mostVisits, "", "from=40", true, false},
		{"?from=x", mostVisits, "", "from=40", true, false},
	} {
		page := b.get("/visits" + x.from).Body.String()
		if n := strings.Count(page, `href="/r/`); n != x.rows {
			t.Errorf("%q lists %d", x.from, n)
		}
		if strings.Contains(page, ">In progress<") != x.open || strings.Contains(page, ">Handed in<") != x.handedOver {
			t.Errorf("%q has other headings: %s", x.from, page)
		}
		for _, link := range []string{"from=0", "from=40", "from=60", "from=80"} {
			if strings.Contains(page, `/visits?`+link+`"`) != (link == x.earlier || link == x.later) {
				t.Errorf("%q leads, or does not lead, to %s", x.from, link)
			}
		}
	}
}

func TestHomeIsBoundedWithManyRecords(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 6,000 records")
	}
	c := openClient(t)
	b := openApp(t, c)
	v := manyVisits(t, c, 1000, daylightv1.VisitState_VISIT_STATE_IN_PROGRESS)
	for range 20 {
		var some []clientsync.Message
		for range 200 {
			some = append(some, &daylightv1.Finding{Title: proto.String("Cell"), Narrative: proto.String(strings.Repeat("words ", 40)), VisitId: proto.String(v.GetId())})
		}
		if err := c.Save(t.Context(), some...); err != nil {
			t.Fatal(err)
		}
	}
	for range 200 {
		saved(t, c, &daylightv1.ReviewComment{AboutKind: proto.String("visit"), AboutId: proto.String(v.GetId()), Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST.Enum(), Text: proto.String("Which?")})
	}
	for _, path := range []string{"/", "/", "/visits", "/visits?from=960", "/send", "/r/" + b.app.handles.name(clientsync.KindVisit, v.GetId()) + "/ready"} {
		began := time.Now()
		w := b.get(path)
		t.Logf("%s: %v, %d bytes", strings.Split(path, "/r/")[0], time.Since(began), w.Body.Len())
		if w.Code != 200 || w.Body.Len() > 150<<10 {
			t.Errorf("%s: %d, %d bytes", path, w.Code, w.Body.Len())
		}
	}
	home := b.get("/").Body.String()
	if n := strings.Count(home, `href="/r/`); n != 2*mostListed {
		t.Errorf("home leads to %d records", n)
	}
	if !strings.Contains(home, "More visits: 988") || homeCounts(b)["Ready"] != "6200 /send" {
		t.Errorf("home does not say how many there are: %q", homeCounts(b))
	}
}

func TestReadyForOffline(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	v := visitTo(t, c, "Old mill"+evil, daylightv1.VisitState_VISIT_STATE_PREPARED, "2026-11-24")
	href := "/r/" + b.app.handles.name(clientsync.KindVisit, v.GetId()) + "/ready"
	page := b.get(href)
	pageSays(t, page, 200, "Before you leave", "Nothing came from the office yet", "Not known before the first sync", "Nobody is named", "ample for many visits",
		"Not compared with the office", "No office can help", "Blank forms", "No list of readers has come", "<title>Ready for offline</title>", "of 12 are ready")
	if strings.Contains(page.Body.String(), "<script>alert") {
		t.Error("markup of a record")
	}
	empty := saved(t, c, &daylightv1.Visit{})
	pageSays(t, b.get("/r/"+b.app.handles.name(clientsync.KindVisit, empty.GetId())+"/ready"), 200, "Place not named yet", "No place is named")
	if err := c.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	goesTo(t, b.get(href), "/unlock")
	b.get("/unlock")
	b.post("/unlock", form("passphrase", passphrase))
	pageSays(t, b.get(href), 404, "This address has ended")
}

func TestHowZonesAreNamed(t *testing.T) {
	for _, z := range []struct {
		name    string
		seconds int
		want    string
	}{{"+05", 18000, "UTC+05:00"}, {"", 0, "UTC+00:00"}, {"UTC", 0, "UTC+00:00"}, {"EET", 7200, "EET, UTC+02:00"}, {"-03", -10800, "UTC-03:00"}} {
		if got := zoneWords(z.name, z.seconds); got != z.want {
			t.Errorf("%q is %q", z.name, got)
		}
	}
}
