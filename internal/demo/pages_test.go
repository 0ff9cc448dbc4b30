package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/pagewalk"
)

// servedOffice is a new office, served over TLS until the test ends.
func servedOffice(t *testing.T, dir string) *office {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o, err := makeOffice(t.Context(), filepath.Join(dir, "office"), "https://"+l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- o.server.ServeTLS(serving, l, o.secured) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := o.close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// playedStory gives a story that was played into the visit of today, with its office
// running until the test ends.
func playedStory(t *testing.T) *story {
	t.Helper()
	dir := t.TempDir()
	o := servedOffice(t, dir)
	s := newStory(io.Discard, dir, o)
	s.goesOn = true
	if err := s.play(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// open serves the field app of a seat, under the address that a test's browser finds.
func (s *story) openSeat(t *testing.T, name string) *openedApp {
	t.Helper()
	seats, err := s.choose(name)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.serve(context.Background(), seats[0], func(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// TestEveryPageOfTheFieldAppStands: whatever page links lead to, by whoever has it, breaks
// no rule of axe, light, dark and in the sun, from left to right and from right to left; is no
// wider than a phone, or a desk; has targets for a finger; is called by its kind alone; and can be used
// without script.
func TestEveryPageOfTheFieldAppStands(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser goes through every page")
	}
	s := playedStory(t)
	tried := map[string]bool{}
	for _, name := range []string{"monitor", "doctor", "officer"} {
		o := s.openSeat(t, name)
		pages := newPages(t, o, tried)
		t.Logf("%s: %d kinds of page that nobody had before", name, len(pages))
		for i, setup := range []browsertest.Setup{{}, {Language: "ar", Dark: true}, {Device: browsertest.SmallPhone, Language: "ru", NoScript: true}, {Device: browsertest.Desk, Sun: true}} {
			t.Run(name+" "+setup.Name(), func(t *testing.T) { standing(t, o, setup, theirs(pages, i%2, 2)) })
		}
	}
}

// newPages are the kinds of page that were not tried yet.
func newPages(t *testing.T, o *openedApp, tried map[string]bool) (out []pagewalk.Page) {
	t.Helper()
	w, err := pagewalk.Open(t.Context(), o.address())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := w.Pages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if p.Status >= http.StatusBadRequest {
			t.Errorf("%s, which %s leads to, answers %d", p.Kind, p.From, p.Status)
		}
		for _, word := range []string{"Monitor", "Doctor", "colony", "prison", "Cell", "Lebap", "Ahal"} {
			if strings.Contains(p.Title, word) {
				t.Errorf("%s is called by what is in a record", p.Kind)
			}
		}
		if !tried[p.Kind] && p.Status < http.StatusBadRequest {
			tried[p.Kind] = true
			out = append(out, p)
		}
	}
	return out
}

// withoutButton are forms that nobody can send without script: none of those with that
// address has a button in sight.
const withoutButton = `(() => { const of = f => f.getAttribute("action") || "a form", sent = f => [...f.elements].some(e =>
	(e.tagName === "BUTTON" ? e.type === "submit" : e.type === "submit" || e.type === "image") && e.getClientRects().length > 0);
	const all = [...document.forms].filter(f => f.method !== "dialog"), good = new Set(all.filter(sent).map(of));
	return all.map(of).filter(a => !good.has(a)); })()`

func standing(t *testing.T, o *openedApp, setup browsertest.Setup, pages []pagewalk.Page) {
	b := browsertest.Open(t, setup)
	b.Visit(o.address())
	for _, page := range pages {
		ok := t.Run(strings.ReplaceAll(page.Kind, "/", "."), func(t *testing.T) {
			if status := b.Visit(o.url + page.Path); status != http.StatusOK {
				t.Fatalf("it answers %d", status)
			}
			b.Shot(shotName(page.Kind))
			b.Fits()
			b.Targets(44)
			if !setup.NoScript {
				b.Accessible()
				return
			}
			forms := browsertest.Eval[[]string](b, withoutButton)
			if forms = slices.Compact(forms); len(forms) > 0 {
				t.Errorf("forms without a button: %v", forms)
			}
		})
		if !ok {
			t.Errorf("%s: %s does not stand", setup.Name(), page.Kind)
		}
	}
}

// shotName is a kind of page as the name of a file.
func shotName(kind string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, strings.ReplaceAll(kind, "*", "one")), "-")
}
