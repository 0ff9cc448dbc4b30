package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/pagewalk"
)

// guideScreen is the size of the guide's pictures; see client-sync/fieldapp/guide.go.
var guideScreen = browsertest.Device{Name: "guide", Width: 390, Height: 700, Touch: true}

const guideScale = 0.75

// mostOfAPicture is its weight in bytes.
const mostOfAPicture = 39_000

// shown is a picture of the guide, by the kind of page in English; script brings what it
// shows into the window.
var shown = []struct{ name, kind, script string }{
	{name: "home", kind: "/ Home"},
	{name: "visit", kind: "/r/* Visit"},
	{name: "ready", kind: "/r/*/ready Ready for offline"},
	{name: "checklist", kind: "/r/*/next Checklist question"},
	{name: "finding", kind: "/r/* Finding"},
	{name: "interview", kind: "/r/* Interview"},
	{name: "two", kind: "/r/*/two Two versions"},
	{name: "send", kind: "/send Send"},
	{name: "submit", kind: "/r/*/submit Before submitting"},
}

// TestPicturesOfTheGuide makes the pictures of the guide from the demo's pages: run by
// make guide, or with UPDATE_GUIDE=1.
func TestPicturesOfTheGuide(t *testing.T) {
	if os.Getenv("UPDATE_GUIDE") == "" {
		t.Skip("the pictures are made with UPDATE_GUIDE=1")
	}
	s := playedStory(t)
	o := s.openSeat(t, "monitor")
	w, err := pagewalk.Open(t.Context(), o.address())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := w.Pages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for _, p := range pages {
		at[p.Kind] = p.Path
	}
	for _, lang := range []string{"en", "ru"} {
		b := browsertest.Open(t, browsertest.Setup{Device: guideScreen, Language: lang})
		b.Visit(o.address())
		for _, p := range shown {
			if at[p.kind] == "" {
				t.Errorf("no link leads to %s", p.kind)
				continue
			}
			b.Visit(o.url + at[p.kind])
			keepPicture(t, b, guideScreen, guideScale, fieldPicture(lang, p.name))
		}
	}
	lockedPictures(t, s, o)
}

// officeScreen is the size of the pictures of the office's guide, officeScale what becomes of
// it; see server/console/help.go.
var officeScreen = browsertest.Device{Name: "office", Width: 1280, Height: 896}

const officeScale = 0.625

// shownAtOffice are the pictures of the office's guide, by the first address that links lead
// to.
var shownAtOffice = []struct{ name, kind string }{
	{"today", "/"}, {"people", "/people"}, {"place", "/places/*"}, {"visits", "/visits"}, {"review", "/visits/*/review"},
	{"recommendations", "/recommendations"}, {"authority", "/authorities/*"},
}

// TestPicturesOfTheOfficesGuide makes the pictures of the office's guide: run by make guide, or
// with UPDATE_GUIDE=1.
func TestPicturesOfTheOfficesGuide(t *testing.T) {
	if os.Getenv("UPDATE_GUIDE") == "" {
		t.Skip("the pictures are made with UPDATE_GUIDE=1")
	}
	d := sampleDoor(t, sampleOffice(time.Now().UTC()), "head", "admin")
	for _, lang := range []string{"en", "ru"} {
		left := slices.Clone(shownAtOffice)
		for _, s := range d.seats {
			walk := pagewalk.Signed("http://"+d.listens, d.host(s), s.cookies)
			walk.Language = lang
			pages, err := walk.Pages(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			b := browsertest.Open(t, browsertest.Setup{Device: officeScreen, Language: lang})
			b.Visit(d.address(s))
			b.WaitFor(`location.pathname == "/"`)
			left = slices.DeleteFunc(left, func(p struct{ name, kind string }) bool {
				i := slices.IndexFunc(pages, func(at pagewalk.Page) bool { return at.Kind == p.kind })
				if i < 0 {
					return false
				}
				b.Visit("http://" + d.host(s) + pages[i].Path)
				keepPicture(t, b, officeScreen, officeScale, filepath.Join("server", "console", "guide", lang, p.name))
				return true
			})
		}
		if len(left) > 0 {
			t.Errorf("no link leads to %v", left)
		}
	}
}

// lockedPictures are those of the locked device.
func lockedPictures(t *testing.T, s *story, o *openedApp) {
	t.Helper()
	for _, lang := range []string{"en", "ru"} {
		b := browsertest.Open(t, browsertest.Setup{Device: guideScreen, Language: lang})
		b.Visit(o.address())
		if err := o.client.Lock(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.Visit(o.url + "/unlock")
		keepPicture(t, b, guideScreen, guideScale, fieldPicture(lang, "unlock"))
		if err := o.client.Unlock(t.Context(), s.passphrase); err != nil && clientsync.CodeOf(err) != 0 {
			t.Fatal(err)
		}
	}
}

// fieldPicture is where a picture of the monitors' guide lies.
func fieldPicture(lang, name string) string {
	return filepath.Join("client-sync", "fieldapp", "guide", lang, strings.ToLower(name))
}

// keepPicture writes what the window shows into a guide's folder.
func keepPicture(t *testing.T, b *browsertest.Page, screen browsertest.Device, scale float64, name string) {
	t.Helper()
	for quality := int64(70); ; quality -= 10 {
		picture, err := chromedp.Run(b.Context(), func(ctx context.Context, _ *chromedp.Target) ([]byte, error) {
			out, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: &quality,
				Clip: &page.Viewport{Width: float64(screen.Width), Height: float64(screen.Height), Scale: scale}})
			return out.Data, err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(picture) > mostOfAPicture && quality > 20 {
			continue
		}
		file := filepath.Join("..", "..", name+".webp")
		if err := os.WriteFile(file, picture, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes at quality %d", file, len(picture), quality)
		return
	}
}
