package directory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// someone is a person of the office, by their id.
func (w *world) someone(name string) record.ID {
	w.t.Helper()
	p, err := w.SavePerson(w.ctx(), &daylightv1.Person{Name: name}, By{})
	w.must(err)
	return idOf(w.t, p.Id)
}

func TestViewsAreAPersonsOwn(t *testing.T) {
	w := newWorld(t)
	ctx, a, b := t.Context(), w.someone("A"), w.someone("B")
	v, err := w.SaveView(ctx, a, "visits", View{Name: "Refused", Query: "state=OBSTRUCTED"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.Views(ctx, a, "visits"); err != nil || len(got) != 1 || got[0] != v {
		t.Errorf("%v %v", got, err)
	}
	for name, of := range map[string]func() ([]View, error){
		"another person": func() ([]View, error) { return w.Views(ctx, b, "visits") },
		"another list":   func() ([]View, error) { return w.Views(ctx, a, "places") },
	} {
		if got, err := of(); err != nil || len(got) != 0 {
			t.Errorf("%s has %v %v", name, got, err)
		}
	}
	if err := w.RenameView(ctx, b, v.ID, "Mine"); rpcerr.CodeOf(err) != rpcerr.NotFound {
		t.Errorf("somebody else renames it: %v", err)
	}
	if err := w.DropView(ctx, b, v.ID); rpcerr.CodeOf(err) != rpcerr.NotFound {
		t.Errorf("somebody else drops it: %v", err)
	}
	again, err := w.SaveView(ctx, a, "visits", View{Name: "Refused", Query: "state=CLOSED"})
	if err != nil || again.ID != v.ID {
		t.Errorf("a name is there twice: %v %v", again, err)
	}
	if _, err := w.SaveView(ctx, a, "visits", View{Name: "Other"}); err != nil {
		t.Fatal(err)
	}
	if err := w.RenameView(ctx, a, v.ID, "Other"); rpcerr.CodeOf(err) != rpcerr.Conflict {
		t.Errorf("two have one name: %v", err)
	}
	if err := w.RenameView(ctx, a, v.ID, "Closed"); err != nil {
		t.Fatal(err)
	}
	if err := w.DropView(ctx, a, v.ID); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.Views(ctx, a, "visits"); len(got) != 1 || got[0].Name != "Other" {
		t.Errorf("left are %v", got)
	}
}

func TestViewsAreBounded(t *testing.T) {
	w := newWorld(t)
	a := w.someone("A")
	for name, v := range map[string]View{
		"no name": {}, "a blank one": {Name: "  "}, "lines": {Name: "a\nb"}, "a long one": {Name: strings.Repeat("я", 201)}, "a long filter": {Name: "x", Query: strings.Repeat("q", 5000)},
	} {
		if _, err := w.SaveView(t.Context(), a, "visits", v); rpcerr.CodeOf(err) != rpcerr.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range MaxViews {
		if _, err := w.SaveView(t.Context(), a, "visits", View{Name: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.SaveView(t.Context(), a, "visits", View{Name: "one more"}); rpcerr.CodeOf(err) != rpcerr.Conflict {
		t.Errorf("one more: %v", err)
	}
	if _, err := w.SaveView(t.Context(), a, "visits", View{Name: "7", Query: "x=1"}); err != nil {
		t.Errorf("one of them: %v", err)
	}
}
