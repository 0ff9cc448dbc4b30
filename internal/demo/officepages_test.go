package main

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/pagewalk"
	"github.com/daylight-npm/daylight/internal/sample"
)

// sampleDoor is a small invented office, its pages open to the chairs, until the test ends.
func sampleDoor(t *testing.T, history sample.Config, names ...string) *door {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o, _, err := makeSampleOffice(t.Context(), filepath.Join(t.TempDir(), "office"), "http://"+l.Addr().String(), history)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.close(); err != nil {
			t.Error(err)
		}
	})
	d, err := o.openDoor(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	wanted, err := seated(strings.Join(names, ","))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range wanted {
		if err := d.seat(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// TestEveryPageOfTheOfficeStands: whatever page links lead to, by whoever has it, breaks no
// rule of axe, light and dark, from left to right and from right to left; is no wider than
// its screen; has targets for a finger or a mouse; moves nothing while it comes; is no heavier
// than 200 KB; and can be used without script.
func TestEveryPageOfTheOfficeStands(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser goes through every page")
	}
	// A fixed time, so that the pages are the same every day.
	d := sampleDoor(t, sample.Config{Seed: 9, Places: 24, Visits: 14, Findings: 6, Recommendations: 3, From: time.Date(2024, 6, 30, 8, 0, 0, 0, time.UTC)}, "head", "admin", "auditor")
	tried := map[string]bool{}
	for _, s := range d.seats {
		pages := d.newPages(t, s, tried)
		t.Logf("%s: %d kinds of page that nobody had before", s.name, len(pages))
		for i, setup := range officeSetups {
			t.Run(s.name+" "+setup.Name(), func(t *testing.T) { d.standing(t, s, setup, theirs(pages, i, len(officeSetups))) })
		}
	}
}

var officeSetups = []browsertest.Setup{{Device: browsertest.Desk}, {Language: "ar", Dark: true}, {Device: browsertest.SmallPhone, Language: "ru", NoScript: true}}

// theirs are the pages that one setup tries: one in so many, so that the test takes as much
// less time; all of them where pictures are asked for.
func theirs(all []pagewalk.Page, setup, of int) (out []pagewalk.Page) {
	for i, p := range all {
		if os.Getenv("DAYLIGHT_SHOTS") != "" || i%of == setup {
			out = append(out, p)
		}
	}
	return out
}

// newPages are the kinds of page that were not tried yet.
func (d *door) newPages(t *testing.T, s *sitter, tried map[string]bool) (out []pagewalk.Page) {
	t.Helper()
	pages, err := pagewalk.Signed("http://"+d.listens, d.host(s), s.cookies).Pages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if p.Status >= http.StatusBadRequest {
			t.Errorf("%s, which %s leads to, answers %d", p.Kind, p.From, p.Status)
			continue
		}
		if !tried[p.Kind] {
			tried[p.Kind] = true
			out = append(out, p)
		}
	}
	return out
}

// mostOfAPage is what a page may weigh with all that it loads, in bytes.
const mostOfAPage = 200 << 10

func (d *door) standing(t *testing.T, s *sitter, setup browsertest.Setup, pages []pagewalk.Page) {
	b := browsertest.Open(t, setup)
	b.Visit(d.address(s))
	b.WaitFor(`location.pathname == "/"`)
	least := 44
	if setup.Device == browsertest.Desk {
		least = 24 // a mouse
	}
	for _, page := range pages {
		ok := t.Run(strings.ReplaceAll(page.Kind, "/", "."), func(t *testing.T) {
			if status := b.Visit("http://" + d.host(s) + page.Path); status != http.StatusOK {
				t.Fatalf("it answers %d", status)
			}
			b.Shot("office-" + shotName(page.Kind))
			b.Fits()
			b.Targets(least)
			if all, _ := b.Weight(); all > mostOfAPage {
				t.Errorf("it weighs %d bytes", all)
			}
			if setup.NoScript {
				if forms := browsertest.Eval[[]string](b, withoutButton); len(forms) > 0 {
					t.Errorf("forms without a button: %v", forms)
				}
				return
			}
			if moved := b.Shift(); moved > 0.01 {
				t.Errorf("it moves by %.3f while it comes", moved)
			}
			b.Accessible()
		})
		if !ok {
			t.Errorf("%s: %s does not stand", setup.Name(), page.Kind)
		}
	}
}
