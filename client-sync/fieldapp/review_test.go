package fieldapp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// askedFor is a request of B's about a finding of A's, in a visit that came back.
func askedFor(p *apart) (visit *daylightv1.Visit, f *daylightv1.Finding, c *daylightv1.ReviewComment) {
	p.t.Helper()
	visit = saved(p.t, p.a.Client, &daylightv1.Visit{Title: proto.String("Visit 7"), State: daylightv1.VisitState_VISIT_STATE_CONSOLIDATED.Enum()}).(*daylightv1.Visit)
	f = saved(p.t, p.a.Client, &daylightv1.Finding{VisitId: proto.String(visit.GetId()), Title: proto.String("Cell 12"), Narrative: proto.String(stood)}).(*daylightv1.Finding)
	p.sync()
	c = saved(p.t, p.b.Client, &daylightv1.ReviewComment{VisitId: proto.String(visit.GetId()), AboutKind: proto.String("finding"), AboutId: proto.String(f.GetId()),
		AboutField: proto.String("narrative"), Text: proto.String("How many <b>beds</b>?"), Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST.Enum(), Author: proto.String("the reviewer")}).(*daylightv1.ReviewComment)
	p.sync()
	return visit, f, c
}

func TestWhatIsAskedStandsAtItsField(t *testing.T) {
	p := twoDevices(t)
	visit, f, c := askedFor(p)
	b := openApp(t, p.a.Client)
	onePage(b)
	w := b.get(b.recordOf(f))
	tells(t, w, "How many <b>beds</b>?", "1 open comment on this record", "Read and answer", "the reviewer")
	if !strings.Contains(w.Body.String(), `href="`+b.recordOf(c)+`"`) {
		t.Error("nothing leads to the thread")
	}
	tells(t, b.get("/review"), "Visits that came back", "Visit 7", "1 thing is asked", "Finding: Cell 12 · What was found", "How many <b>beds</b>?")
	tells(t, b.get(b.recordOf(visit)+"/review"), "This visit came back from the office", "the reviewer", "Answer", "To the field")
	tells(t, b.get(b.recordOf(f)+"/review"), "Finding: Cell 12", "How many <b>beds</b>?")
	if w := b.get(b.recordOf(f) + "/review"); strings.Contains(title(w), "Cell") || strings.Contains(w.Body.String(), "<b>beds") {
		t.Errorf("%s", w.Body)
	}
}

func (b *browser) answerThread(c clientsync.Message, pairs ...string) *httptest.ResponseRecorder {
	href := b.recordOf(c)
	return b.post(href+"/answer", form(append([]string{"as", as(b.t, b.get(href))}, pairs...)...))
}

func TestAThreadIsAnsweredAndSettled(t *testing.T) {
	p := twoDevices(t)
	_, f, c := askedFor(p)
	b := openApp(t, p.a.Client)
	if w := b.answerThread(c, "_text", "Eight.", "_settled", ""); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	p.sync()
	other := openApp(t, p.b.Client)
	tells(t, other.get(other.recordOf(c)), "How many <b>beds</b>?", "Eight.")
	if w := b.answerThread(c, "_text", "And it is done.", "_settled", "yes"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	tells(t, b.get("/review"), "Settled", "2 answers")
	onePage(b)
	if strings.Contains(visible(b.get(b.recordOf(f))), "beds</b>?") {
		t.Error("a settled comment still stands at its field")
	}
	b.answerThread(c, "_settled", "no")
	if got := itemOf(t, p.a.Client, c).Message.(*daylightv1.ReviewComment); got.GetSettled() {
		t.Error("it was not opened again")
	}
}

func TestAnAnswerThatCannotBeSavedStays(t *testing.T) {
	p := twoDevices(t)
	_, _, c := askedFor(p)
	b := openApp(t, p.a.Client)
	for _, x := range [][2]string{{"", "Write an answer"}, {"  ", "Write an answer"}, {"a\x00b", "cannot be stored"}, {strings.Repeat("long ", 200<<10), "longer than"}} {
		w := b.answerThread(c, "_text", x[0])
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), x[1]) {
			t.Errorf("%.10q: %d %.2000s", x[0], w.Code, visible(w))
		}
		if !strings.Contains(w.Body.String(), strings.ReplaceAll(x[0], "\x00", "\ufffd")) {
			t.Errorf("%.10q is gone", x[0])
		}
	}
	// Two windows: the second is told.
	href := b.recordOf(c)
	old := as(t, b.get(href))
	b.answerThread(c, "_settled", "yes")
	if w := b.post(href+"/answer", form("as", old, "_settled", "no", "_text", "still open")); w.Code == http.StatusSeeOther && itemOf(t, p.a.Client, c).Message.(*daylightv1.ReviewComment).GetSettled() {
		t.Errorf("%d", w.Code)
	}
	if w := b.post(href+"/answer", form("as", "x")); w.Code != http.StatusBadRequest {
		t.Errorf("a form that is none: %d", w.Code)
	}
}

func TestWhatTheOfficeRefusedIsPutInAgainOrAway(t *testing.T) {
	p := twoDevices(t)
	visit := saved(t, p.a.Client, &daylightv1.Visit{Title: proto.String("Visit 7"), State: daylightv1.VisitState_VISIT_STATE_PREPARED.Enum()}).(*daylightv1.Visit)
	p.sync()
	change(p, p.b, visit, func(v *daylightv1.Visit) { v.State = daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum() })
	change(p, p.a, visit, func(v *daylightv1.Visit) { v.State = daylightv1.VisitState_VISIT_STATE_SUSPENDED.Enum() })
	for range 2 {
		if err := p.b.Sync(false); err != nil {
			t.Fatal(err)
		}
		if err := p.a.Sync(false); err != nil {
			t.Fatal(err)
		}
	}
	b := openApp(t, p.a.Client)
	w := b.get("/refused")
	tells(t, w, "Not accepted", "Visit: Visit 7", "State", "Suspended", "Somebody else had changed this field before your change reached the office", "Put it in again", "Put it away")
	all, err := p.a.Client.Refused(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	number := "1"
	if _, rest, ok := strings.Cut(w.Body.String(), `name="_number" value="`); ok {
		number, _, _ = strings.Cut(rest, `"`)
	}
	if w := b.post("/refused/again", form("_number", number)); w.Header().Get("Location") != "/refused?done=again" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := itemOf(t, p.a.Client, visit).Message.(*daylightv1.Visit).GetState(); got != daylightv1.VisitState_VISIT_STATE_SUSPENDED {
		t.Errorf("it stands at %s", got)
	}
	tells(t, b.get("/refused?done=again"), "Put in again", "Everything was accepted")
	for _, x := range []struct {
		number string
		code   int
	}{{number, http.StatusNotFound}, {"x", http.StatusBadRequest}, {"", http.StatusBadRequest}} {
		if w := b.post("/refused/dismiss", form("_number", x.number)); w.Code != x.code {
			t.Errorf("%q: %d", x.number, w.Code)
		}
	}
}

func TestRefusedAndHeldChangesSayWhy(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4"), Narrative: proto.String("stands now")}).(*daylightv1.Finding)
	edit := func(field, json string) []*daylightv1.HistoryEntry {
		return []*daylightv1.HistoryEntry{{Edits: []*daylightv1.HistoryEdit{{Field: field, Json: json}}}}
	}
	drawn := func(lang string, r clientsync.Refusal, held bool) string {
		b.language = lang
		turn := b.turn()
		turn.locale = look.Words().Locale(lang, nil, turn.locale.Now)
		var out strings.Builder
		if err := look.RenderParts(&out, turn.locale, turn.refusal(r, held)); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	for _, x := range []struct {
		shows    string
		r        clientsync.Refusal
		held     bool
		has, not []string
	}{
		{"a text that may be put in again", clientsync.Refusal{Number: 7, Kind: clientsync.KindFinding, ID: f.GetId(), Reason: "denied", Text: "The office refused this step.", Changes: edit("narrative", `"mine <b>"`)}, false,
			[]string{"mine &lt;b&gt;</textarea>", `name="_text7"`, "stands now", "Your roles at the office do not allow", "The office refused this step.", "Put it in again", "Put it away"}, nil},
		{"a field that is fixed", clientsync.Refusal{Number: 8, Kind: clientsync.KindFinding, ID: f.GetId(), Reason: "fixed", Changes: edit("visit_id", `"0190a6e2-7c1b-7000-8000-000000000001"`)}, false,
			[]string{"cannot be changed once the record exists", "Put it away"}, []string{"Put it in again"}},
		{"a reason that this program does not know", clientsync.Refusal{Number: 9, Kind: clientsync.KindFinding, ID: f.GetId(), Reason: "new", Text: "A new reason.", Changes: edit("title", `"x"`)}, false, []string{"A new reason."}, nil},
		{"a record that is gone", clientsync.Refusal{Number: 10, Kind: clientsync.KindFinding, ID: "0190a6e2-7c1b-7000-8000-000000000002", Reason: "stale", Changes: edit("title", `"x"`)}, false, []string{"Finding", "Put it away"}, []string{"Put it in again"}},
		{"what is held", clientsync.Refusal{Number: 11, Kind: clientsync.KindFinding, ID: f.GetId(), Reason: "held", Changes: edit("title", `"held words"`)}, true,
			[]string{"Held at the office", "held words", "until a person there admits it"}, []string{"Put it in again", "Put it away"}},
		{"what is held and has left", clientsync.Refusal{Number: 12, ID: "0190a6e2-7c1b-7000-8000-000000000002", Reason: "held"}, true, []string{"A record that is not on this device", "the office has it"}, nil},
	} {
		page := drawn("en", x.r, x.held)
		for _, want := range x.has {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q in %s", x.shows, want, page)
			}
		}
		for _, no := range x.not {
			if strings.Contains(page, no) {
				t.Errorf("%s: %q in %s", x.shows, no, page)
			}
		}
		if x.r.Reason == "new" && !strings.Contains(drawn("ru", x.r, x.held), `lang="en"`) {
			t.Errorf("%s: the library's English is not marked", x.shows)
		}
	}
}

func TestAVisitThatWasHandedInFromHereCameBack(t *testing.T) {
	p := twoDevices(t)
	v := saved(t, p.a.Client, &daylightv1.Visit{Title: proto.String("Visit 7"), State: daylightv1.VisitState_VISIT_STATE_CONSOLIDATED.Enum()}).(*daylightv1.Visit)
	p.sync()
	b := openApp(t, p.a.Client)
	if strings.Contains(visible(b.get("/review")), "came back") {
		t.Error("it came back before it went")
	}
	for _, step := range []daylightv1.VisitState{daylightv1.VisitState_VISIT_STATE_SUBMITTED, daylightv1.VisitState_VISIT_STATE_CONSOLIDATED} {
		on := p.a
		if step == daylightv1.VisitState_VISIT_STATE_CONSOLIDATED {
			on = p.b
		}
		change(p, on, v, func(v *daylightv1.Visit) { v.State = step.Enum() })
		p.sync()
	}
	tells(t, b.get("/review"), "Visits that came back", "Visit 7", "0 things are asked")
}
