package fieldapp

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// TestOneOfManyTopicsIsFoundByTyping on the smallest phone: what is called so stays, what is
// chosen stays, and without a word everything is as it was.
func TestOneOfManyTopicsIsFoundByTyping(t *testing.T) {
	v := openTrip(t)
	r := saved(t, v.c, &daylightv1.RegisterCheck{VisitId: proto.String(v.visit.GetId()), Topics: []string{"MAT.LIGHT"}})
	p, url := v.chrome(t, browsertest.Setup{Device: browsertest.SmallPhone})
	p.Visit(url + v.recordOf(r))
	const shown = `[...document.querySelectorAll(".pick label.choice")].filter(l => l.checkVisibility()).map(l => l.querySelector("input").value).join(" ")`
	before := browsertest.Eval[string](p, shown)
	p.Type("#f-topics-find", "DRÍNKING")
	p.WaitFor(shown + ` === "MAT.LIGHT MAT.WATER"`)
	p.Accessible()
	p.Fits()
	p.Targets(44)
	p.Shot("pick-found")
	p.Tap(`.pick input[value="MAT.WATER"]`)
	p.WaitFor(`document.querySelector('[data-saved="form"]').textContent.includes("Saved on this device")`)
	p.Type("#f-topics-find", " qqq")
	p.WaitFor(`document.querySelector(".pick [role=status]").textContent.includes("Nothing in the list")`)
	if got := browsertest.Eval[string](p, shown); got != "MAT.LIGHT MAT.WATER" {
		t.Errorf("of nothing %q stay", got)
	}
	p.Fill("#f-topics-find", "")
	p.WaitFor(`document.querySelector(".pick [role=status]").textContent === ""`)
	if got := browsertest.Eval[string](p, shown); got != before {
		t.Errorf("there were %q and are %q", before, got)
	}
	p.Shot("pick")
}
