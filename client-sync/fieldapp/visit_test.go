package fieldapp

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// trip is a folder with a visit to a place, opened in a browser.
type trip struct {
	*browser
	c     *clientsync.Client
	place *daylightv1.Facility
	visit *daylightv1.Visit
	href  string
}

func openTrip(t testing.TB) *trip {
	t.Helper()
	c := openClient(t)
	place := saved(t, c, &daylightv1.Facility{Names: map[string]string{"ru": "ИК-14 «Зелёный Яр»", "en": "Colony 14 Zelyony Yar"}, Code: proto.String("TM-L-0203"),
		Region: proto.String("TM-L"), MainType: proto.String("PEN_COLONY_GENERAL")}).(*daylightv1.Facility)
	visit := saved(t, c, &daylightv1.Visit{FacilityId: proto.String(place.GetId()), State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum(), PlannedStart: proto.String(time.Now().Format(time.DateOnly))}).(*daylightv1.Visit)
	b := openApp(t, c)
	return &trip{browser: b, c: c, place: place, visit: visit, href: b.hrefTo(clientsync.KindVisit, visit.GetId())}
}

func (b *browser) hrefTo(kind clientsync.Kind, id string) string {
	return "/r/" + b.app.handles.name(kind, id)
}

// now is the visit as it stands.
func (v *trip) now() *daylightv1.Visit {
	v.t.Helper()
	item, err := v.c.Get(v.t.Context(), clientsync.KindVisit, v.visit.GetId())
	if err != nil {
		v.t.Fatal(err)
	}
	return item.Message.(*daylightv1.Visit)
}

// page gets a page that has to be there.
func (v *trip) page(path string) *httptest.ResponseRecorder {
	v.t.Helper()
	w := v.get(path)
	if w.Code != http.StatusOK {
		v.t.Fatalf("%s: %d %s %s", path, w.Code, w.Header(), w.Body)
	}
	return w
}

// did posts what has to lead on, and gives where to.
func (v *trip) did(path string, form url.Values) string {
	v.t.Helper()
	w := v.post(path, form)
	if w.Code != http.StatusSeeOther {
		v.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

func has(t testing.TB, w *httptest.ResponseRecorder, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q in %s", want, w.Body)
		}
	}
}

func hasNot(t testing.TB, w *httptest.ResponseRecorder, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if strings.Contains(w.Body.String(), want) {
			t.Errorf("there is %q in %s", want, w.Body)
		}
	}
}

// visitPages are the pages of a visit itself.
var visitPages = []string{"", "about", "team", "arrival", "access", "obstructions", "counts", "registers", "measurements", "notes", "undertakings", "reprisals", "closing", "submit", "blank", "blank-visit", "blank-note", "blank-interview"}

func TestEveryPageOfAVisitIsThereInEveryLanguage(t *testing.T) {
	v := openTrip(t)
	raw := regexp.MustCompile(`field-[a-z]+\.[a-z0-9-]+|\{[a-z]+\}`)
	for _, tag := range look.Languages {
		if err := v.c.Remember(t.Context(), rememberedLanguage, []byte(tag)); err != nil {
			t.Fatal(err)
		}
		for _, page := range visitPages {
			w := v.page(strings.TrimRight(v.href+"/"+page, "/"))
			if found := raw.FindString(w.Body.String()); found != "" {
				t.Errorf("%s %s shows %s", tag, page, found)
			}
			if title := regexp.MustCompile(`<title>(.*)</title>`).FindStringSubmatch(w.Body.String())[1]; strings.Contains(title, "Yar") || strings.Contains(title, "Яр") {
				t.Errorf("%s %s has the title %s", tag, page, title)
			}
		}
		for _, path := range []string{"/visits", "/places", "/places?for=visit", v.hrefTo(clientsync.KindFacility, v.place.GetId()), v.hrefTo(clientsync.KindFacility, v.place.GetId()) + "/edit"} {
			if found := raw.FindString(v.page(path).Body.String()); found != "" {
				t.Errorf("%s %s shows %s", tag, path, found)
			}
		}
	}
}

func TestTheTabLeadsToTheVisitThatOneWorksOn(t *testing.T) {
	v := openTrip(t)
	if w := v.get("/visit"); w.Header().Get("Location") != "/visits" {
		t.Errorf("without a visit it leads to %s", w.Header())
	}
	v.page(v.href)
	if w := v.get("/visit"); w.Header().Get("Location") != v.href {
		t.Errorf("it leads to %s", w.Header())
	}
	has(t, v.page("/visits"), "Colony 14 Zelyony Yar", v.href)
}

func TestTheOverviewSaysWhatIsSeenAndMissing(t *testing.T) {
	v := openTrip(t)
	w := v.page(v.href)
	has(t, w, "TM-L-0203", "Colony 14 Zelyony Yar", "In progress", "required answers missing", v.href+"/access", v.href+"/submit", "Findings, 0")
	saved(t, v.c, &daylightv1.Finding{VisitId: proto.String(v.visit.GetId()), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL.Enum(),
		Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Title: proto.String("<b>x</b>\u202e")})
	has(t, v.page(v.href), "Findings, 1", "t-critical", "This may not wait its turn")
}

func TestAStepIsTakenAndTakenBack(t *testing.T) {
	v := openTrip(t)
	w := v.post(v.href+"/step", form("to", "VISIT_STATE_FIELD_COMPLETE"))
	has(t, w, "Field work complete", "Back to")
	if got := v.now().GetState(); got != daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE {
		t.Errorf("it stands at %s", got)
	}
	v.post(v.href+"/step", form("to", "VISIT_STATE_IN_PROGRESS", "back", "1"))
	if got := v.now().GetState(); got != daylightv1.VisitState_VISIT_STATE_IN_PROGRESS {
		t.Errorf("it stands at %s", got)
	}
	for _, to := range []string{"", "nonsense", "VISIT_STATE_PUBLISHED"} {
		if w := v.post(v.href+"/step", form("to", to)); w.Code != http.StatusBadRequest {
			t.Errorf("%q: %d", to, w.Code)
		}
	}
}

func TestAPlaceIsFoundTakenAndPutBack(t *testing.T) {
	v := openTrip(t)
	other := saved(t, v.c, &daylightv1.Facility{Names: map[string]string{"tk": "Täze Bulak"}, Region: proto.String("TM-D")}).(*daylightv1.Facility)
	handle := v.app.handles.name(clientsync.KindVisit, v.visit.GetId())
	w := v.post("/places", form("q", "zelen yar", "for", ""))
	has(t, w, "Colony 14", v.hrefTo(clientsync.KindFacility, v.place.GetId()))
	hasNot(t, w, "Täze")
	has(t, v.post("/places", form("q", "TM-D", "for", handle)), "Täze Bulak", "/r/"+handle+"/place")
	has(t, v.post("/places", form("q", "\x00<script>", "for", "")), "No place on this device")

	w = v.post(v.href+"/place", form("place", v.app.handles.name(clientsync.KindFacility, other.GetId())))
	has(t, w, "The place of the visit was changed", "Put the place before back")
	if v.now().GetFacilityId() != other.GetId() {
		t.Error("the visit has the place before")
	}
	v.post(v.href+"/place", form("place", v.app.handles.name(clientsync.KindFacility, v.place.GetId())))
	if v.now().GetFacilityId() != v.place.GetId() {
		t.Error("the place was not put back")
	}
	if w := v.post(v.href+"/place", form("place", "guess")); w.Code != http.StatusNotFound {
		t.Errorf("a guess: %d", w.Code)
	}
}

func TestAPlaceIsMadeInTheFieldWithWhatItMayBe(t *testing.T) {
	v := openTrip(t)
	to := v.did("/places/new", form("q", "ИК-14 Зеленый Яр", "for", "visit"))
	has(t, v.page(to), "This may be one of these places", "Colony 14")
	found := 0
	for item, err := range v.c.List(t.Context(), clientsync.Filter{Kind: clientsync.KindVisit}) {
		if err != nil {
			t.Fatal(err)
		}
		m := item.Message.(*daylightv1.Visit)
		if m.GetFacilityId() != v.place.GetId() && m.GetState() == daylightv1.VisitState_VISIT_STATE_PLANNED {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d visits were begun there", found)
	}
	v.did("/places/new", form("q", "سجن", "for", v.app.handles.name(clientsync.KindVisit, v.visit.GetId())))
	item, err := v.c.Get(t.Context(), clientsync.KindFacility, v.now().GetFacilityId())
	if err != nil || item.Message.(*daylightv1.Facility).GetNames()["ar"] != "سجن" || item.Message.(*daylightv1.Facility).GetState() != daylightv1.FacilityState_FACILITY_STATE_UNCONFIRMED {
		t.Errorf("the visit has the place %v %v", item.Message, err)
	}
}

func TestAVisitIsBegunAtAPlace(t *testing.T) {
	v := openTrip(t)
	to := v.did("/visits/begin", form("place", v.app.handles.name(clientsync.KindFacility, v.place.GetId())))
	has(t, v.page(to), "Colony 14", "Planned")
	has(t, v.page(to+"/about"), "A team-mate may have begun this visit")
}

func TestAPlaceShowsItsEarlierVisits(t *testing.T) {
	v := openTrip(t)
	old := saved(t, v.c, &daylightv1.Visit{FacilityId: proto.String(v.place.GetId()), State: daylightv1.VisitState_VISIT_STATE_FINAL.Enum(), EnteredAt: proto.String("2025-03-12T09:00+05:00")}).(*daylightv1.Visit)
	saved(t, v.c, &daylightv1.Finding{VisitId: proto.String(old.GetId()), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Topic: proto.String("MAT.LIGHT"), Title: proto.String("Dark cells")})
	saved(t, v.c, &daylightv1.Undertaking{VisitId: proto.String(old.GetId()), Text: proto.String("New windows"), DueOn: proto.String("2025-06-01")})
	v.page(v.href)
	has(t, v.page(v.hrefTo(clientsync.KindFacility, v.place.GetId())), "2025", "Dark cells", "New windows", "TM-L-0203")
}

func TestEveryRightIsRated(t *testing.T) {
	v := openTrip(t)
	page := v.page(v.href + "/access")
	v.did(v.href+"/save", form("as", as(t, page), "_page", "access", "access[ACCESS_RIGHT_A20C_ALL_PREMISES].rating", "ACCESS_RATING_REFUSED", "access[ACCESS_RIGHT_A20C_ALL_PREMISES].note", "quarantine"))
	has(t, v.page(v.href+"/access"), "Write how the team was hindered", "quarantine")
	v.did(v.href+"/full", form())
	now := v.now()
	if len(now.GetAccess()) != 9 || rated(now) != 9 {
		t.Errorf("it has %v", now.GetAccess())
	}
	for _, a := range now.GetAccess() {
		if full := a.GetRating() == daylightv1.AccessRating_ACCESS_RATING_FULL; full == (a.GetRight() == daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES) {
			t.Errorf("%s is %s", a.GetRight(), a.GetRating())
		}
	}
	to := v.did(v.href+"/begin", form("kind", "obstruction_incident", "right", "ACCESS_RIGHT_A20C_ALL_PREMISES"))
	v.did(to+"/save", form("as", as(t, v.page(to)), "_page", "", "type", "ENTRY_REFUSED", "reason_given", "quarantine"))
	hasNot(t, v.page(v.href+"/access"), "Write how the team was hindered")
	has(t, v.page(v.href+"/obstructions"), to)
}

func TestOneTapWritesDownThisMinute(t *testing.T) {
	v := openTrip(t)
	v.did(v.href+"/now", form("what", "arrived"))
	v.did(v.href+"/now", form("what", "entered"))
	now := v.now()
	if now.GetArrivedAt() == "" || now.GetEnteredAt() == "" || now.DelayMinutes == nil || now.GetDelayMinutes() > 1 || len(now.GetSessions()) != 1 {
		t.Errorf("it says %v", now)
	}
	v.did(v.href+"/now", form("what", "left"))
	if v.now().GetSessions()[0].GetLeftAt() == "" {
		t.Error("nobody left")
	}
	if w := v.post(v.href+"/now", form("what", "lunch")); w.Code != http.StatusBadRequest {
		t.Errorf("%d", w.Code)
	}
}

func TestCountsStandBesideEachOther(t *testing.T) {
	v := openTrip(t)
	for _, c := range []struct{ source, n string }{{"COUNT_SOURCE_MANAGEMENT_STATEMENT", "412"}, {"COUNT_SOURCE_TEAM_COUNT", "4310"}} {
		to := v.did(v.href+"/count", form("source", c.source))
		all := v.now().GetPopulation()
		last := all[len(all)-1]
		if !strings.Contains(to, "#"+look.FieldID(recordpage.At("population", last.GetId()))) {
			t.Errorf("it leads to %s", to)
		}
		v.did(v.href+"/save", form("as", as(t, v.page(v.href+"/counts")), "_page", "counts", recordpage.At("population", last.GetId(), "persons"), c.n))
	}
	v.did(v.href+"/save", form("as", as(t, v.page(v.href+"/counts")), "_page", "counts", "add", "capacities"))
	key := v.now().GetCapacities()[0].GetId()
	v.did(v.href+"/save", form("as", as(t, v.page(v.href+"/counts")), "_page", "counts", recordpage.At("capacities", key, "persons"), "400", recordpage.At("capacities", key, "kind"), "CAPACITY_KIND_OFFICIAL"))
	w := v.page(v.href + "/counts")
	has(t, w, "412", "4310", "Stated by management", "Counted by team", "apart by", "1078%", "is more than")
	if len(v.now().GetPopulation()) != 2 {
		t.Error("a count was overwritten")
	}
	drop := v.post(v.href+"/save", form("as", as(t, w), "_page", "counts", "drop", recordpage.At("capacities", key)))
	has(t, drop, "Put it back")
	if len(v.now().GetCapacities()) != 0 {
		t.Error("it was not taken out")
	}
	bad := v.post(v.href+"/save", form("as", as(t, v.page(v.href+"/counts")), "_page", "counts", recordpage.At("population", v.now().GetPopulation()[0].GetId(), "persons"), "about 400"))
	has(t, bad, "about 400", "Write a whole number")
}

func TestAMeasurementSuggestsAFinding(t *testing.T) {
	v := openTrip(t)
	to := v.did(v.href+"/begin", form("kind", "measurement"))
	v.did(to+"/save", form("as", as(t, v.page(to)), "_page", "", "type", "MEASUREMENT_TYPE_OPEN_AIR", "value", "20", "room", "yard"))
	has(t, v.page(to), "Write the finding", "is less than")
	finding := v.did(to+"/finding", form("threshold", "open-air"))
	at, ok := v.app.handles.find(strings.TrimPrefix(finding, "/r/"))
	if !ok || at.kind != clientsync.KindFinding {
		t.Fatalf("it leads to %s", finding)
	}
	f := v.app.drafts.find(at.id).(*daylightv1.Finding)
	if f.GetTopic() != "REGIME.OPEN_AIR" || f.GetVisitId() != v.visit.GetId() || len(f.GetMeasurementIds()) != 1 || !slices.Contains(f.GetStandards(), "NMR-23") {
		t.Errorf("it begins with %v", f)
	}
	saved(t, v.c, f)
	hasNot(t, v.page(to), "Write the finding")
	if back := v.did(to+"/finding", form("threshold", "open-air")); back != to {
		t.Errorf("once it is written it leads to %s", back)
	}
}

func TestEveryKindIsBegunWrittenAndRemoved(t *testing.T) {
	v := openTrip(t)
	typed := map[string]string{"obstructions": "account", "registers": "title", "measurements": "room", "notes": "text", "undertakings": "text", "reprisals": "responsible"}
	const hostile = "<img src=x onerror=alert(1)>\u202eabc 🎈"
	for _, k := range keptKinds {
		to := v.did(v.href+"/begin", form("kind", k.kind.String()))
		before := count(t, v.c)
		page := v.page(to)
		if count(t, v.c) != before {
			t.Errorf("%s is there before anything was typed", k.kind)
		}
		v.did(to+"/save", form("as", as(t, page), "_page", "", typed[k.page], hostile))
		page = v.page(to)
		has(t, page, "abc 🎈")
		hasNot(t, page, "<img src=x")
		list := v.page(v.href + "/" + k.page)
		has(t, list, to)
		hasNot(t, list, "<img src=x")
		has(t, v.post(to+"/remove", form("as", as(t, page), "_back", v.href+"/"+k.page)), "Bring it back")
		hasNot(t, v.page(v.href+"/"+k.page), to)
		v.did(to+"/back", form())
	}
	if w := v.post(v.href+"/begin", form("kind", "visit")); w.Code != http.StatusBadRequest {
		t.Errorf("%d", w.Code)
	}
}

func TestTheClosingTalkNamesNobody(t *testing.T) {
	v := openTrip(t)
	id := proto.String(v.visit.GetId())
	concern := daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum()
	saved(t, v.c, &daylightv1.Finding{VisitId: id, Kind: concern, Topic: proto.String("MAT.LIGHT"), InClosingTalk: proto.Bool(true), Title: proto.String("Secret title"), Narrative: proto.String("Secret words"), Room: proto.String("Secret room"), Unit: proto.String("Secret wing")})
	saved(t, v.c, &daylightv1.Finding{VisitId: id, Kind: daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE.Enum(), Topic: proto.String("TREAT.FORCE"), InClosingTalk: proto.Bool(true)})
	told := saved(t, v.c, &daylightv1.Interview{VisitId: id}).(*daylightv1.Interview)
	saved(t, v.c, &daylightv1.Finding{VisitId: id, Kind: concern, Topic: proto.String("MAT.FOOD"), InClosingTalk: proto.Bool(true), InterviewIds: []string{told.GetId()}})
	saved(t, v.c, &daylightv1.Finding{VisitId: id, Kind: concern, Topic: proto.String("MAT.WATER")})
	w := v.page(v.href + "/closing")
	has(t, w, `value="MAT.LIGHT"`, "nobody consented: 2")
	hasNot(t, w, "Secret", `value="TREAT.FORCE"`, `value="MAT.FOOD"`, `value="MAT.WATER"`)
	v.did(v.href+"/point", form("topic", "MAT.LIGHT", "of", "FINDING_KIND_CONCERN"))
	points := v.now().GetClosingPoints()
	if len(points) != 1 || points[0].GetPoint() == "" || strings.Contains(points[0].GetPoint(), "Secret") {
		t.Errorf("raised is %v", points)
	}
	for _, topic := range []string{"TREAT.FORCE", "MAT.FOOD", "x"} {
		if w := v.post(v.href+"/point", form("topic", topic, "of", "FINDING_KIND_CONCERN")); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", topic, w.Code)
		}
	}
	to := v.did(v.href+"/begin", form("kind", "undertaking", "point", points[0].GetId()))
	v.did(to+"/save", form("as", as(t, v.page(to)), "_page", "", "text", "New lamps"))
	has(t, v.page(v.href+"/undertakings"), "New lamps")
}

func TestAVisitIsHandedInWithItsGaps(t *testing.T) {
	v := openTrip(t)
	w := v.page(v.href + "/submit")
	has(t, w, "answers are missing", v.href+"/arrival#"+look.FieldID("arrived_at"), v.href+"/access#"+look.FieldID(recordpage.At("access", "ACCESS_RIGHT_A20A_NUMBERS", "rating")), "Submit with")
	w = v.post(v.href+"/submit", form("gap", "<i>The wing was closed</i>"))
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d", w.Code)
	}
	has(t, w, "Tick it first", "&lt;i&gt;The wing was closed")
	if v.now().GetState() != daylightv1.VisitState_VISIT_STATE_IN_PROGRESS {
		t.Error("it was handed in")
	}
	has(t, v.post(v.href+"/submit", form("gap", "The wing was closed", "sealed", "yes")), "Handed in")
	if v.now().GetState() != daylightv1.VisitState_VISIT_STATE_SUBMITTED {
		t.Error("it was not handed in")
	}
	has(t, v.page(v.href+"/notes"), "The wing was closed")
	w = v.page(v.href + "/submit")
	has(t, w, "This visit was handed in")
	hasNot(t, w, "Submit with")
}

func TestASheetIsTypedUnderItsNumber(t *testing.T) {
	v := openTrip(t)
	w := v.page(v.href + "/blank-note")
	hasNot(t, w, "Zelyony", "Зелёный")
	number := regexp.MustCompile(`N-[0-9a-f-]{36}`).FindString(w.Body.String())
	if number == "" {
		t.Fatalf("there is no number on %s", w.Body)
	}
	if again := v.page(v.href + "/blank-note"); strings.Contains(again.Body.String(), number) {
		t.Error("two prints have one number")
	}
	to := v.did(v.href+"/typed", form("number", " "+strings.ToUpper(number)+" "))
	v.did(to+"/save", form("as", as(t, v.page(to)), "_page", "", "text", "typed from paper"))
	item, err := v.c.Get(t.Context(), clientsync.KindNote, strings.TrimPrefix(number, "N-"))
	if err != nil {
		t.Fatal(err)
	}
	if n := item.Message.(*daylightv1.Note); !n.GetOnPaper() || n.GetPaperId() != number || n.GetVisitId() != v.visit.GetId() {
		t.Errorf("it says %v", n)
	}
	if again := v.did(v.href+"/typed", form("number", number)); again != to {
		t.Errorf("typed again it leads to %s", again)
	}
	for _, bad := range []string{"", "N-", "N-12", "V-" + v.visit.GetId(), "x\x00"} {
		if w := v.post(v.href+"/typed", form("number", bad)); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", bad, w.Code)
		}
	}
}

func TestAChecklistIsPrinted(t *testing.T) {
	v := openTrip(t)
	before := count(t, v.c)
	offered, err := v.c.Checklists(t.Context(), "PEN_COLONY_GENERAL")
	if err != nil || len(offered) == 0 {
		t.Fatal(offered, err)
	}
	for _, o := range offered {
		has(t, v.page(v.href+"/blank-form?form="+o.Code), "V-"+v.visit.GetId(), o.Code, `class="ruled"`)
	}
	if count(t, v.c) != before {
		t.Error("printing has begun something")
	}
	if w := v.get(v.href + "/blank-form?form=nobody"); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestPagesOfALockedOrEndedVisit(t *testing.T) {
	v := openTrip(t)
	page := v.page(v.href + "/about")
	if err := v.c.Remove(t.Context(), v.now()); err != nil {
		t.Fatal(err)
	}
	has(t, v.page(v.href), "Bring it back")
	has(t, v.page(v.href+"/about"), "Bring it back")
	if w := v.get("/r/aaaaaaaaaaaaaaaa/about"); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
	v.did(v.href+"/back", form())
	other := v.now()
	other.Aims = proto.String("written elsewhere")
	saved(t, v.c, other)
	w := v.post(v.href+"/save", form("as", as(t, page), "_page", "about", "aims", "written here"))
	if w.Code != http.StatusConflict {
		t.Errorf("%d", w.Code)
	}
	has(t, w, "another window", "written here")
	if err := v.c.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range append([]string{"/visit", "/visits", "/places"}, v.href) {
		if w := v.get(path); w.Header().Get("Location") != "/unlock" {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := v.post(v.href+"/submit", form("sealed", "yes")); w.Header().Get("Location") != "/unlock" {
		t.Errorf("%d", w.Code)
	}
}
