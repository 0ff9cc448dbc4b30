package console_test

import (
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

func (w *world) words() *vocabulary.Set {
	w.Helper()
	all, err := w.store.Words(w.Context())
	w.must(err)
	return vocabulary.New(all.Terms, all.Standards, all.Removed...)
}

func TestTheVocabularyIsRead(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Monitor", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR))
	b.get("/vocabulary").wants(200, "Our own proposal", "Types of place", "Severity", "Standards: ")
	b.get("/vocabulary/finding_topic").wants(200, "MAT.", "50 of", "Without a label in").get("/vocabulary/finding_topic?from=50").wants(200, "51 to 100")
	b.get("/vocabulary/finding_topic?q=light").wants(200, "MAT.LIGHT")
	b.get("/vocabulary/finding_topic?without=tk").wants(200, "missing")
	b.get("/vocabulary/finding_topic/term/MAT.LIGHT").wants(200, "MAT.LIGHT")
	if b.mentions("Save the word") {
		t.Error("a monitor is offered to change words")
	}
	b.get("/vocabulary/standards?instrument=NMR").wants(200, "NMR-1", "Nelson Mandela")
	b.get("/vocabulary/standards?q=NMR-44").wants(200, "NMR-44")
	for _, at := range []string{"/vocabulary/nothing", "/vocabulary/FINDING_TOPIC", "/vocabulary/finding_topic/term/NOTHING", "/vocabulary/finding_topic/new"} {
		b.get(at).wants(404)
	}
	b.post("/vocabulary/finding_topic/term/MAT.LIGHT", "label-en", "Lamps").wants(404)
	b.post("/vocabulary/finding_topic/new", "code", "MAT.OWN", "label-en", "Own").wants(404)
}

func TestAWordIsCalledOtherwiseAndRetired(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Head of department", headRole))
	at := "/vocabulary/finding_topic/term/MAT.LIGHT"
	shipped, _ := vocabulary.Shipped().Lookup("FINDING_TOPIC", "MAT.LIGHT")
	b.get(at).wants(200, "As shipped: "+shipped.Labels["en"])
	form := []string{"seen", b.field("seen"), "label-en", "Lamps and windows", "label-ru", shipped.Labels["ru"], "label-uk", shipped.Labels["uk"], "label-tk", shipped.Labels["tk"], "label-ar", "",
		"parent", string(shipped.Parent), "reviewed", "ru", "hidden", "no", "retired_on", ""}
	b.post(at, form...).wants(200, "Saved")
	b.get("/vocabulary/finding_topic?q=lamps").wants(200, "Lamps and windows", "changed by the office", "ru read")
	got, _ := w.words().Lookup("FINDING_TOPIC", "MAT.LIGHT")
	if got.Labels["en"] != "Lamps and windows" || got.Labels["ru"] != shipped.Labels["ru"] || got.Labels["ar"] != shipped.Labels["ar"] || got.Number != shipped.Number || got.Hidden || got.RetiredOn != "" {
		t.Errorf("the word is %+v", got)
	}
	// The record says no more than what differs.
	r := w.words().TermRecord("FINDING_TOPIC", "MAT.LIGHT")
	if len(r.GetLabels()) != 1 || r.Parent != nil || r.Hidden != nil || len(r.GetReviewed()) != 1 {
		t.Errorf("the record is %v", r)
	}
	b.history(r, "Head of department")

	b.post(at, form...).wants(409, "was changed after this page was opened")
	b.get(at)
	b.post(at, "seen", b.field("seen"), "label-en", "", "hidden", "yes", "retired_on", "2026-11").wants(200, "Saved")
	got, _ = w.words().Lookup("FINDING_TOPIC", "MAT.LIGHT")
	if got.Labels["en"] != shipped.Labels["en"] || !got.Hidden || got.RetiredOn != "2026-11" {
		t.Errorf("the word is %+v", got)
	}
	b.get(at)
	b.post(at, "seen", b.field("seen"), "label-en", "X", "retired_on", "tomorrow").wants(422, "not a date", "tomorrow")
}

func TestAWordOfTheOfficesOwn(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Head of department", headRole))
	at := "/vocabulary/finding_topic/new"
	b.get(at).wants(200, "Add a word", "Areas")
	b.post(at, "code", "mat own", "label-en", "Own").wants(422, "This is no code", "mat own")
	b.post(at, "code", "MAT.LIGHT", "label-en", "Own").wants(422, "has this code already")
	b.post(at, "code", "MAT.OWN").wants(422, "label in one language")
	b.post(at, "code", "MAT.OWN", "label-ru", `Своё "><script>alert(1)</script>`, "parent", "MAT").wants(200, "Saved")
	b.get("/vocabulary/finding_topic?q=MAT.OWN").wants(200, "the office’s own", "Своё")
	if strings.Contains(b.page, "<script>alert") {
		t.Error("the page runs what the word holds")
	}
	got, ok := w.words().Lookup("FINDING_TOPIC", "MAT.OWN")
	if !ok || got.Number < vocabulary.OwnNumbers || got.Parent != "MAT" || got.Shipped {
		t.Errorf("the word is %+v", got)
	}
	b.get("/vocabulary/finding_severity/new").wants(404) // the program works by it
	b.post("/vocabulary/finding_severity/new", "code", "WORSE", "label-en", "Worse").wants(404)
	if page, err := w.store.List(t.Context(), record.Term, store.Query{}); err != nil || len(page.Items) != 1 {
		t.Errorf("%d records: %v", len(page.Items), err)
	}
	// The program's own may be called otherwise.
	b.get("/vocabulary/finding_severity/term/CRITICAL").wants(200)
	b.post("/vocabulary/finding_severity/term/CRITICAL", "seen", b.field("seen"), "label-en", "At once").wants(200, "Saved")
}
