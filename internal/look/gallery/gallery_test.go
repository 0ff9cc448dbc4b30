package main

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// setups are how people have the gallery: each screen with each language and each light.
// Every two of them meet; all three do when pictures are asked for, to be looked at.
func setups() (out []browsertest.Setup) {
	phone, desk := browsertest.Phone, browsertest.Desk
	out = []browsertest.Setup{
		{Device: phone}, {Device: phone, Language: "ru", Dark: true}, {Device: phone, Language: "ar", Sun: true},
		{Device: desk, Dark: true}, {Device: desk, Language: "ru", Sun: true}, {Device: desk, Language: "ar"},
		{Device: browsertest.SmallPhone, Language: "ru"}, {Device: phone, NoScript: true},
	}
	if os.Getenv("DAYLIGHT_SHOTS") == "" {
		return out
	}
	return append(out, browsertest.Setup{Device: phone, Dark: true}, browsertest.Setup{Device: phone, Sun: true},
		browsertest.Setup{Device: phone, Language: "ru"}, browsertest.Setup{Device: phone, Language: "ru", Sun: true},
		browsertest.Setup{Device: phone, Language: "ar"}, browsertest.Setup{Device: phone, Language: "ar", Dark: true},
		browsertest.Setup{Device: desk}, browsertest.Setup{Device: desk, Sun: true},
		browsertest.Setup{Device: desk, Language: "ru"}, browsertest.Setup{Device: desk, Language: "ru", Dark: true},
		browsertest.Setup{Device: desk, Language: "ar", Dark: true}, browsertest.Setup{Device: desk, Language: "ar", Sun: true},
		browsertest.Setup{Device: browsertest.Wide})
}

// TestEveryPartStands: no part breaks a rule of axe, is wider than the window, moves while
// it comes, or weighs too much, however a person has it.
func TestEveryPartStands(t *testing.T) {
	server := httptest.NewServer(handler())
	t.Cleanup(server.Close)
	for _, s := range setups() {
		t.Run(s.Name(), func(t *testing.T) {
			p := browsertest.Open(t, s)
			for _, page := range pages {
				if status := p.Visit(server.URL + page.path); status != 200 {
					t.Fatalf("%s answers %d", page.path, status)
				}
				p.Accessible()
				p.Fits()
				if p.Count("body.field") == 1 {
					p.Targets(44)
				} else {
					p.Targets(24)
				}
				if shift := p.Shift(); shift > 0.02 {
					t.Errorf("%s moves by %.3f while it comes", page.path, shift)
				}
				if all, html := p.Weight(); all > 150_000 {
					t.Errorf("%s weighs %d bytes, %d of them HTML", page.path, all, html)
				}
				p.Shot("gallery" + strings.ReplaceAll(page.path, "/", "-"))
			}
		})
	}
}

// TestTheGalleryByKeyboard: every stop shows itself, and a form is sent, refused with what
// was typed still there, and led back to its field, without a pointer.
func TestTheGalleryByKeyboard(t *testing.T) {
	server := httptest.NewServer(handler())
	t.Cleanup(server.Close)
	for _, s := range []browsertest.Setup{{}, {Device: browsertest.Desk, Language: "ar"}} {
		p := browsertest.Open(t, s)
		for _, page := range pages[:7] {
			p.Visit(server.URL + page.path)
			for _, hidden := range p.Hidden() {
				t.Errorf("%s %s: %s", page.path, s.Name(), hidden)
			}
		}
	}
	p := browsertest.Open(t, browsertest.Setup{NoScript: true})
	p.Visit(server.URL + "/question")
	p.TabTo("#f-floor")
	p.Press("x")
	p.Enter()
	if got := p.Value("#f-floor"); got != "26.4x" && got != "x" {
		t.Errorf("what was typed is lost: %q", got)
	}
	if p.Count("#f-floor[aria-invalid=true]") != 1 || p.Count("#f-floor-e") != 1 {
		t.Error("nothing is said beside the field")
	}
	if p.Count(`.note a[href="#f-floor"]`) != 1 {
		t.Error("nothing leads from the head of the page to the field")
	}
	p.TabTo(`.note a[href="#f-floor"]`)
}

// TestHostileTextHarmsNothing: it is there as it was typed, and did nothing.
func TestHostileTextHarmsNothing(t *testing.T) {
	server := httptest.NewServer(handler())
	t.Cleanup(server.Close)
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Desk})
	p.Visit(server.URL + "/hostile")
	if p.Title() != "Hostile text" || p.Count("main img, main script, [onerror], [onclick], a[href^=javascript], a[href^=data]") != 0 {
		t.Errorf("it did something: %q", p.Title())
	}
	if got := p.Value("#f-many"); got != Hostile {
		t.Errorf("it is shown as %q", got)
	}
	if got := p.Value("#f-one"); got != Hostile {
		t.Errorf("it is shown as %q", got)
	}
	if !strings.Contains(p.Text("h1"), `"><script>`) {
		t.Errorf("the heading shows %q", p.Text("h1"))
	}
}

// TestAThemeIsChosen: at once with the script, and by the server without it.
func TestAThemeIsChosen(t *testing.T) {
	server := httptest.NewServer(handler())
	t.Cleanup(server.Close)
	for _, s := range []browsertest.Setup{{}, {NoScript: true}} {
		p := browsertest.Open(t, s)
		p.Visit(server.URL + "/unlock")
		if s.NoScript {
			p.Follow("button[value=sun]")
		} else {
			p.Tap("button[value=sun]")
		}
		if got := browsertest.Eval[string](p, "document.documentElement.dataset.theme"); got != "sun" {
			t.Errorf("%s: the theme is %q", s.Name(), got)
		}
		p.Visit(server.URL + "/parts")
		if got := browsertest.Eval[string](p, "document.documentElement.dataset.theme"); got != "sun" {
			t.Errorf("%s: the theme is forgotten: %q", s.Name(), got)
		}
		p.Follow("button[value=ar]")
		if p.Count("html[dir=rtl][lang=ar]") != 1 {
			t.Errorf("%s: the language is not taken", s.Name())
		}
	}
}
