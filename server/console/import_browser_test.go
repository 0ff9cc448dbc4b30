package console_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// choose puts a file into the control, as somebody chooses one.
func choose(p *browsertest.Page, name string, data []byte) {
	browsertest.Eval[bool](p, fmt.Sprintf(`(() => { const all = new DataTransfer(); const bytes = Uint8Array.from(atob(%q), c => c.charCodeAt(0));
		all.items.add(new File([bytes], %q)); document.querySelector("#f-file").files = all.files; return true; })()`, base64.StdEncoding.EncodeToString(data), name))
}

// TestARegisterIsTakenAndADoubleJoinedInABrowser: by keyboard, on a small phone in a long
// language. When pictures are asked for, every page of files and words is looked at, however a
// person has it.
func TestARegisterIsTakenAndADoubleJoinedInABrowser(t *testing.T) {
	some := []browsertest.Setup{{Device: browsertest.SmallPhone, Language: "ru"}}
	if os.Getenv("DAYLIGHT_SHOTS") != "" {
		some = setups()
	}
	for _, s := range some {
		t.Run(s.Name(), func(t *testing.T) { registerInABrowser(t, s) })
	}
}

func registerInABrowser(t *testing.T, s browsertest.Setup) {
	w := newWorld(t)
	w.place("Colony No. 14", "Ashford")
	old := w.place("East Jail", "Coldwell", func(f *daylightv1.Facility) {
		f.Address, f.Names["ru"], f.MainType = proto.String("Mill Lane 3"), "Восточная тюрьма", proto.String("PEN_CELL_PRISON")
	})
	b := w.member(w.person("Head of department", headRole))
	p := browsertest.Open(t, s)
	p.Allow("4[02][0-9]")
	looked := func(name string) {
		t.Helper()
		if os.Getenv("DAYLIGHT_SHOTS") == "" && name != "preview" && name != "two" && name != "form-ready" {
			p.Fits()
			return
		}
		p.Accessible()
		p.Fits()
		p.Targets(24)
		if shift := p.Shift(); shift > 0.02 {
			t.Errorf("%s moves by %.3f while it comes", name, shift)
		}
		if all, html := p.Weight(); all > 200_000 {
			t.Errorf("%s weighs %d bytes, %d of them HTML", name, all, html)
		}
		p.Shot("words-" + name)
	}
	p.Visit(w.url + "/sign-in?back=/places/import")
	w.pass(time.Minute)
	p.Fill("#f-name", b.person.GetName())
	p.Fill("#f-passphrase", good)
	p.Fill("#f-code", b.oneTime())
	p.Follow("form#sign-in .btn")
	looked("import")
	choose(p, "prisons.csv", []byte(someRegister+"A6,\"<b>Odd</b> \u202egnorw\",PEN_CELL_PRISON,,,x\n"))
	p.TabTo("#bring .btn-main")
	p.Enter()
	looked("preview")
	p.TabTo("#take .btn-main")
	p.Enter()
	if p.Count(".note.n-settled") != 1 {
		t.Fatalf("the register is not taken: %s", p.Text("main"))
	}
	looked("taken")
	choose(p, "prisons.csv", []byte(strings.NewReplacer("Beltown", "Newtown", "120", "130").Replace(someRegister)))
	p.Fill("#f-source", "prisons")
	p.Follow("#bring .btn-main")
	looked("changed")

	again := proto.CloneOf(old)
	again.Id, again.Seen, again.Address, again.Names = "", nil, nil, map[string]string{"en": "East Jail 2", "ru": "Восточная тюрьма"}
	_, err := w.store.Save(t.Context(), "Tablet", again)
	w.must(err)
	p.Visit(w.url + "/places/duplicates")
	looked("duplicates")
	p.TabTo("a.row")
	p.Enter()
	looked("two")
	p.TabTo("#merge .btn-main")
	p.Enter()
	if p.Count(".note.n-settled") != 1 {
		t.Errorf("the two are not joined: %s", p.Text("main"))
	}
	p.Visit(w.url + "/checklists/new")
	choose(p, "bad.xlsx", aForm(t, "1", []any{"wonder", "y", "Y", "Y"}))
	p.TabTo("#bring .btn-main")
	p.Enter()
	looked("form-refused")
	p.Visit(w.url + "/checklists/new")
	choose(p, "water.xlsx", aForm(t, "1"))
	p.Follow("#bring .btn-main")
	looked("form-ready")
	p.TabTo("main .btn-main")
	p.Enter()
	looked("form-published")
	if os.Getenv("DAYLIGHT_SHOTS") == "" {
		return
	}
	for name, path := range map[string]string{"merged": "/places/duplicates/merged", "checklists": "/checklists", "form": "/checklists/npm_prison/" + checklist.NewCatalogue(nil).Versions("npm_prison")[0].Version + "?part=2",
		"vocabulary": "/vocabulary", "words": "/vocabulary/finding_topic", "word": "/vocabulary/finding_topic/term/MAT.LIGHT", "standards": "/vocabulary/standards", "word-new": "/vocabulary/finding_topic/new"} {
		p.Visit(w.url + path)
		looked(name)
	}
}
