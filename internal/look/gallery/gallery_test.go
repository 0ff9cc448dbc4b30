package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// setups are how people have the gallery: two screens, three lights, three languages.
func setups() (out []browsertest.Setup) {
	for _, device := range []browsertest.Device{browsertest.Phone, browsertest.Desk} {
		for _, language := range []string{"en", "ru", "ar"} {
			out = append(out, browsertest.Setup{Device: device, Language: language},
				browsertest.Setup{Device: device, Language: language, Dark: true}, browsertest.Setup{Device: device, Language: language, Sun: true})
		}
	}
	return append(out, browsertest.Setup{Device: browsertest.SmallPhone, Language: "ru"}, browsertest.Setup{Device: browsertest.Wide}, browsertest.Setup{Device: browsertest.Phone, NoScript: true})
}

// TestEveryPartStands: no part breaks a rule of axe, is wider than the window, moves while
// it comes, or weighs too much, however a person has it.
func TestEveryPartStands(t *testing.T) {
	server := httptest.NewServer(handler())
	t.Cleanup(server.Close)
	for _, s := range setups() {
		if testing.Short() && (s.Dark || s.Sun) {
			continue
		}
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
