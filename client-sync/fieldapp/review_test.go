package fieldapp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// asked is a request of B's about a finding of A's, in a visit that came back.
func asked(p *apart) (visit *daylightv1.Visit, f *daylightv1.Finding, c *daylightv1.ReviewComment) {
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
	visit, f, c := asked(p)
	b := openApp(t, p.a.Client)
	onePage(b)
	w := b.get(b.twoHref(f))
	says(t, w, "How many <b>beds</b>?", "1 open comment on this record", "Read and answer", "the reviewer")
	if !strings.Contains(w.Body.String(), `href="`+b.twoHref(c)+`"`) {
		t.Error("nothing leads to the thread")
	}
	says(t, b.get("/review"), "Visits that came back", "Visit 7", "1 thing is asked", "Finding: Cell 12 · What was found", "How many <b>beds</b>?")
	says(t, b.get(b.twoHref(visit)+"/review"), "This visit came back from the office", "the reviewer", "Answer", "To the field")
	says(t, b.get(b.twoHref(f)+"/review"), "Finding: Cell 12", "How many <b>beds</b>?")
	if w := b.get(b.twoHref(f) + "/review"); strings.Contains(title(w), "Cell") || strings.Contains(w.Body.String(), "<b>beds") {
		t.Errorf("%s", w.Body)
	}
}

func (b *browser) answer(c clientsync.Message, pairs ...string) *httptest.ResponseRecorder {
	href := b.twoHref(c)
	return b.post(href+"/answer", form(append([]string{"as", as(b.t, b.get(href))}, pairs...)...))
}

func TestAThreadIsAnsweredAndSettled(t *testing.T) {
	p := twoDevices(t)
	_, f, c := asked(p)
	b := openApp(t, p.a.Client)
	if w := b.answer(c, "_text", "Eight.", "_settled", ""); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	p.sync()
	other := openApp(t, p.b.Client)
	says(t, other.get(other.twoHref(c)), "How many <b>beds</b>?", "Eight.")
	if w := b.answer(c, "_text", "And it is done.", "_settled", "yes"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	says(t, b.get("/review"), "Settled", "2 answers")
	onePage(b)
	if strings.Contains(visible(b.get(b.twoHref(f))), "beds</b>?") {
		t.Error("a settled comment still stands at its field")
	}
	b.answer(c, "_settled", "no")
	if got := itemOf(t, p.a.Client, c).Message.(*daylightv1.ReviewComment); got.GetSettled() {
		t.Error("it was not opened again")
	}
}

func TestAnAnswerThatCannotBeSavedStays(t *testing.T) {
	p := twoDevices(t)
	_, _, c := asked(p)
	b := openApp(t, p.a.Client)
	for _, x := range [][2]string{{"", "Write an answer"}, {"  ", "Write an answer"}, {"a\x00b", "cannot be stored"}, {strings.Repeat("long ", 200<<10), "longer than"}} {
		w := b.answer(c, "_text", x[0])
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), x[1]) {
			t.Errorf("%.10q: %d %.2000s", x[0], w.Code, visible(w))
		}
		if !strings.Contains(w.Body.String(), strings.ReplaceAll(x[0], "\x00", "\ufffd")) {
			t.Errorf("%.10q is gone", x[0])
		}
	}
	// Two windows: the second is told.
	href := b.twoHref(c)
	old := as(t, b.get(href))
	b.answer(c, "_settled", "yes")
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
	says(t, w, "Not accepted", "Visit: Visit 7", "State", "Suspended", "Somebody else had changed this field before your change reached the office", "Put it in again", "Put it away")
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
	says(t, b.get("/refused?done=again"), "Put in again", "Everything was accepted")
	for _, x := range []struct {
		number string
		code   int
	}{{number, http.StatusNotFound}, {"x", http.StatusBadRequest}, {"", http.StatusBadRequest}} {
		if w := b.post("/refused/dismiss", form("_number", x.number)); w.Code != x.code {
			t.Errorf("%q: %d", x.number, w.Code)
		}
	}
}
