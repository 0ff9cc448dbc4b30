package fieldapp

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// visitAt saves a visit to a place of a type.
func visitAt(t testing.TB, c *clientsync.Client, placeType string) *daylightv1.Visit {
	t.Helper()
	place := saved(t, c, &daylightv1.Facility{MainType: proto.String(placeType)}).(*daylightv1.Facility)
	return saved(t, c, &daylightv1.Visit{Title: proto.String("Autumn visit"), FacilityId: &place.Id}).(*daylightv1.Visit)
}

func (b *browser) href(kind clientsync.Kind, id string, page ...string) string {
	return strings.TrimRight("/r/"+b.app.handles.name(kind, id)+"/"+strings.Join(page, "/"), "/")
}

// follow goes where an answer leads.
func (b *browser) follow(w interface{ Header() http.Header }) string {
	b.t.Helper()
	to := w.Header().Get("Location")
	if to == "" {
		b.t.Fatal("the answer leads nowhere")
	}
	return to
}

func TestAFindingIsBegunOnItsVisitAndKeptWithTheFirstWord(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	v := visitAt(t, c, "PEN_PRISON")
	n := count(t, c)
	href := b.follow(b.get(b.href(clientsync.KindVisit, v.Id, "finding")))
	page := b.get(href)
	text := page.Body.String()
	if strings.Contains(text, "Needed before submitting") {
		t.Error("what has only been opened counts as incomplete")
	}
	if page.Code != 200 || count(t, c) != n || !strings.Contains(text, "Nothing is kept before something is written") || strings.Contains(text, "Remove this finding") {
		t.Fatalf("%d, %d records: %s", page.Code, count(t, c), text)
	}
	if !strings.Contains(text, "<title>Finding</title>") || strings.Contains(text, v.Id) && strings.Contains(href, v.Id) {
		t.Error("the title or the address tell more than the kind of page")
	}
	w := b.post(href+"/save", form("as", as(t, page), "_page", "", "narrative", "Ten people, eight beds.", "topic", "MAT.BEDDING", "kind", "FINDING_KIND_CONCERN"))
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var f *daylightv1.Finding
	for item, err := range c.List(t.Context(), clientsync.Filter{Kind: clientsync.KindFinding, Visit: v.Id}) {
		if err != nil {
			t.Fatal(err)
		}
		f = item.Message.(*daylightv1.Finding)
	}
	if f.GetVisitId() != v.Id || f.GetArea() != "MAT" || f.GetTopic() != "MAT.BEDDING" {
		t.Errorf("it is %v", f)
	}
	list := b.get("/findings").Body.String()
	if !strings.Contains(list, "Ten people, eight beds.") || !strings.Contains(list, "Material conditions") || !strings.Contains(list, "1 finding") {
		t.Errorf("the list says %s", list)
	}
}

func TestWhatIsAskedOfAFindingFollowsFromWhatWasAnswered(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	v := visitAt(t, c, "PEN_PRISON")
	f := saved(t, c, &daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("<script>alert(1)</script> \u202e tail")}).(*daylightv1.Finding)
	href := b.href(clientsync.KindFinding, f.Id)
	page := b.get(href)
	if text := page.Body.String(); strings.Contains(text, "<script>alert") || !strings.Contains(text, "severity_proposed") || strings.Contains(text, "NMR 13") {
		t.Errorf("%s", text)
	}
	var a scriptAnswer
	w := b.post(href+"/save", form("as", as(t, page), "_page", "", "topic", "MAT.SPACE"), "Accept", "application/json")
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(a.Parts[findingID], "NMR 13") {
		t.Errorf("the standards of the topic are not offered: %s", a.Parts[findingID])
	}
	w = b.post(href+"/save", form("as", a.As, "_page", "", "kind", "FINDING_KIND_GOOD_PRACTICE", "has", "kind"), "Accept", "application/json")
	a = scriptAnswer{}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || strings.Contains(a.Parts[findingID], "severity_proposed") {
		t.Errorf("good practice is asked for its severity: %v %s", err, a.Parts[findingID])
	}
	w = b.post(href+"/save", form("as", a.As, "_page", "", "standards", "NMR-13", "sources", "EVIDENCE_SOURCE_OBSERVATION", "sources", "EVIDENCE_SOURCE_MEASUREMENT"), "Accept", "application/json")
	a = scriptAnswer{}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || !strings.Contains(a.Parts[findingID], "With two kinds of source") {
		t.Errorf("two kinds of source are not remarked on: %v", err)
	}
	w = b.post(href+"/save", form("as", a.As, "_page", "", "number_affected.exact", "many", "room", "12"))
	if text := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, `value="many"`) || findingOf(t, c, f.Id).GetRoom() != "12" {
		t.Errorf("%d %s", w.Code, text)
	}
}

func TestFindingsAreTiedToWhatTheyRestOn(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	v := visitAt(t, c, "PEN_PRISON")
	m := saved(t, c, &daylightv1.Measurement{VisitId: &v.Id, Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE.Enum(), Value: proto.Float64(2.6), Unit: proto.String("m2"), Persons: proto.Uint32(10), Room: proto.String("12")}).(*daylightv1.Measurement)
	other := saved(t, c, &daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("Staff say eight.")}).(*daylightv1.Finding)
	list := b.get(b.href(clientsync.KindVisit, v.Id, "findings")).Body.String()
	if !strings.Contains(list, "Worth a finding?") || !strings.Contains(list, m.Id) {
		t.Fatalf("the measurement suggests nothing: %s", list)
	}
	href := b.follow(b.post(b.href(clientsync.KindVisit, v.Id, "suggested"), form("_from", m.Id, "_at", "space-shared")))
	page := b.get(href)
	if text := page.Body.String(); !strings.Contains(text, "2.6") || !strings.Contains(text, "Staff say eight.") || !strings.Contains(text, `value="10"`) {
		t.Errorf("%s", text)
	}
	b.post(href+"/save", form("as", as(t, page), "_page", "", "narrative", "2.6 m2 each", "contradicts", other.Id, "has", "contradicts"))
	list = b.get(b.href(clientsync.KindVisit, v.Id, "findings")).Body.String()
	if strings.Contains(list, "Worth a finding?") {
		t.Error("it is suggested once more")
	}
	if to := b.follow(b.post(b.href(clientsync.KindVisit, v.Id, "suggested"), form("_from", m.Id, "_at", "space-shared"))); !strings.HasSuffix(to, "/findings") {
		t.Errorf("a suggestion that is gone leads to %s", to)
	}
	found := findingOf(t, c, b.app.handles.of[strings.TrimPrefix(href, "/r/")].id)
	if len(found.GetMeasurementIds()) != 1 || len(found.GetContradicts()) != 1 || found.GetTopic() != "MAT.SPACE" {
		t.Errorf("it is %v", found)
	}
}

func TestFindingsOfNoVisitAndOfALockedFolder(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	if w := b.get("/findings"); w.Code != 200 || !strings.Contains(w.Body.String(), "No visit is chosen") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")}).(*daylightv1.Finding)
	href := b.href(clientsync.KindFinding, f.Id)
	page := b.get(href)
	if page.Code != 200 || !strings.Contains(page.Body.String(), "The finding belongs to no visit") || !strings.Contains(page.Body.String(), "Cell 4") || !strings.Contains(page.Body.String(), "Needed before submitting") {
		t.Errorf("%d %s", page.Code, page.Body)
	}
	if w := b.get("/r/aaaaaaaaaaaaaaaa"); w.Code != http.StatusNotFound {
		t.Errorf("an address of another run answers %d", w.Code)
	}
	removed := b.post(href+"/remove", form("as", as(t, page), "_back", "/findings"))
	if removed.Code != 200 || !strings.Contains(removed.Body.String(), "Bring it back") {
		t.Errorf("%d %s", removed.Code, removed.Body)
	}
	if text := b.get(href).Body.String(); !strings.Contains(text, "This was removed") {
		t.Error("a removed finding is shown as if it stood")
	}
	if err := c.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := b.get(href); w.Code != http.StatusSeeOther || strings.Contains(w.Body.String(), "Cell 4") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
