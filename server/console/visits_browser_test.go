package console_test

import (
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// TestAVisitByKeyboard: found among others, read, and taken a step further, on a desk without
// a mouse and without script.
func TestAVisitByKeyboard(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	w.put(&daylightv1.Visit{State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum()})
	w.searched()
	b := w.member(w.person("Case officer", caseRole))
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Desk, NoScript: true})
	p.Visit(w.url + "/sign-in")
	browsertest.Eval[any](p, `document.cookie = "daylight-session=`+b.cookie("daylight-session")+`; path=/; samesite=strict"`)
	p.Visit(w.url + "/visits")
	p.Accessible()
	p.Fits()
	p.TabTo("#f-q")
	p.Press("ak der")
	p.Enter()
	if p.Count("tbody tr") != 1 || !strings.Contains(p.URL(), "q=ak+der") {
		t.Fatalf("%d visits at %s", p.Count("tbody tr"), p.URL())
	}
	p.TabTo("tbody a.place")
	p.Enter()
	if p.Text("h1") != "Ak Derýa" || p.Title() != "Visit V-2026-488" {
		t.Fatalf("it leads to %q, %q", p.Text("h1"), p.Title())
	}
	p.Accessible()
	p.Fits()
	p.TabTo("input[name=state]")
	p.Press(" ")
	p.TabTo("#f-reason")
	p.Press("It is whole")
	p.TabTo("#steps .btn-main")
	p.Enter()
	if p.Count(".note.n-settled") != 1 {
		t.Error("nothing says that the step was taken")
	}
	id, err := record.ParseID(v.Id)
	w.must(err)
	item, err := w.store.For(store.Caller{}).Get(t.Context(), record.Visit, id)
	w.must(err)
	if s := item.Message.(*daylightv1.Visit).GetState(); s != daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW {
		t.Errorf("it stands at %v", s)
	}
	p.TabTo("a[href$='/history']")
	p.Enter()
	p.Accessible()
	if !strings.Contains(p.Text(".log"), "Under review") {
		t.Error("the history does not say so")
	}
}
