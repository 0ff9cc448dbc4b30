package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// late is the finding that two of the team write about, each without the other.
const late = "A doctor sees people after nine days"

// sitting is somebody at a field app, in a browser.
type sitting struct {
	*browsertest.Page
	*openedApp
	t      *testing.T
	script bool
}

func sit(t *testing.T, s *story, name string, setup browsertest.Setup) *sitting {
	t.Helper()
	o := s.openSeat(t, name)
	p := &sitting{browsertest.Open(t, setup), o, t, !setup.NoScript}
	p.Visit(o.address())
	p.to("/visits")
	p.follow("main", "Lebap") // from now on the tabs lead to this visit
	return p
}

// to goes to an address of the app.
func (p *sitting) to(path string) {
	p.t.Helper()
	if status := p.Visit(p.url + path); status != http.StatusOK {
		p.t.Fatalf("%s: %s answers %d", p.name, path, status)
	}
}

// follow goes where a link leads that has a text in it, within what a selector finds.
func (p *sitting) follow(within, text string) {
	p.t.Helper()
	href := browsertest.Eval[string](p.Page, fmt.Sprintf(`([...document.querySelectorAll(%q)].find(a => a.textContent.includes(%q)) || {}).href || ""`, within+" a[href]", text))
	if href == "" {
		p.t.Fatalf("%s: at %s no link says %q", p.name, p.URL(), text)
	}
	if status := p.Visit(href); status != http.StatusOK {
		p.t.Fatalf("%s: %q answers %d", p.name, text, status)
	}
}

// writes replaces the words of a finding, and saves them as a person does who has script or
// has none.
func (p *sitting) writes(title, words string, noScript bool) {
	p.t.Helper()
	p.to("/findings")
	p.follow("main", title)
	p.Tap("#f-narrative")
	if noScript {
		p.Fill("#f-narrative", words)
		p.Follow(`#form button[data-plain]`)
		return
	}
	p.Fill("#f-narrative", words)
	p.WaitFor(`document.querySelector("[data-saved]").textContent.includes("Saved on this device")`)
}

// sends taps Send and waits until it has ended.
func (p *sitting) sends() {
	p.t.Helper()
	p.to("/send")
	p.Follow(`form[action="/send/start"] button`)
	if p.script {
		// The page follows the sync and then leaves by itself: nothing may go anywhere before
		// the one that comes stands for a while.
		p.WaitFor(`performance.now() > 1500 && document.readyState === "complete" && !document.querySelector('form[action="/send/stop"]')`)
		return
	}
	for range 200 {
		if p.Count(`form[action="/send/stop"]`) == 0 {
			return
		}
		p.to("/send")
	}
	p.t.Fatalf("%s: sending does not end", p.name)
}

// bundle makes a file for one device of those that the page offers, and gives its path.
func (p *sitting) bundle(device string) string {
	p.t.Helper()
	p.to("/send")
	if p.Count(`input[name="device"]`) == 0 {
		p.t.Fatalf("%s is offered nobody to make a bundle for", p.name)
	}
	text := browsertest.Eval[string](p.Page, fmt.Sprintf(`(async () => {
		const form = document.querySelector('input[name="device"]').form;
		for (const c of form.querySelectorAll('input[name="device"]')) c.checked = c.closest("label").textContent.includes(%q);
		const res = await fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))});
		const bytes = new Uint8Array(await res.arrayBuffer());
		return res.ok ? btoa(Array.from(bytes, b => String.fromCharCode(b)).join("")) : "";
	})()`, device))
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) == 0 {
		p.t.Fatalf("%s makes no bundle: %v", p.name, err)
	}
	file := filepath.Join(p.t.TempDir(), "evening.age")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		p.t.Fatal(err)
	}
	return file
}

// takes takes a file in, by its form.
func (p *sitting) takes(file string) {
	p.t.Helper()
	p.to("/send")
	if err := chromedp.Do(p.Context(), chromedp.SetUploadFiles(chromedp.CSS(`input[name="bundle"]`), []string{file})); err != nil {
		p.t.Fatal(err)
	}
	if status := p.Follow(`form[action="/send/take"] button`); status != http.StatusOK {
		p.t.Fatalf("%s: the bundle is answered with %d: %s", p.name, status, p.Text("main"))
	}
}

// finding is the one with that title, on somebody's device.
func (p *sitting) finding(title string) (clientsync.Item, *daylightv1.Finding) {
	p.t.Helper()
	for item, err := range p.client.List(p.t.Context(), clientsync.Filter{Kind: clientsync.KindFinding, Text: title}) {
		if err != nil {
			p.t.Fatal(err)
		}
		return item, item.Message.(*daylightv1.Finding)
	}
	p.t.Fatalf("%s has no finding %q", p.name, title)
	return clientsync.Item{}, nil
}

// TestTwoPlayAVisitInTheBrowser: two of a team, one with script and one without, are
// offline; each writes; in the evening one takes the other's bundle; two versions are
// settled by keyboard; both send; what the office has given back is answered.
func TestTwoPlayAVisitInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("two browsers and an office")
	}
	s := playedStory(t)
	a, b := sit(t, s, "monitor", browsertest.Setup{}), sit(t, s, "mate", browsertest.Setup{NoScript: true})
	s.a.network.off.Store(true)
	s.b.network.off.Store(true)

	const wordsOfA, wordsOfB = "Four files of this month begin on the ninth day or later; one has no entry.", "The doctor says that the register is wrong by a week."
	a.writes(late, wordsOfA, false)
	b.writes(late, wordsOfB, true)
	if _, f := a.finding(late); f.GetNarrative() != wordsOfA {
		t.Fatalf("with script it says %q", f.GetNarrative())
	}
	if _, f := b.finding(late); f.GetNarrative() != wordsOfB {
		t.Fatalf("without script it says %q", f.GetNarrative())
	}

	a.takes(b.bundle(s.a.folder))
	item, _ := a.finding(late)
	if len(item.Conflicts) != 1 {
		t.Fatalf("the bundle makes %d conflicts; the page says %s", len(item.Conflicts), a.Text("main"))
	}
	a.to("/two")
	a.follow("main", late)
	a.Accessible()
	a.TabTo(`input[name="_choice"]`)
	a.Press(browsertest.Up) // from the combined text, which wants a hand, to the words of the other
	a.TabTo(`button[form="two"]`)
	if status := a.Enter(); status != http.StatusOK {
		t.Fatalf("settling answers %d: %s", status, a.Text("main"))
	}

	s.a.network.off.Store(false)
	s.b.network.off.Store(false)
	a.sends()
	b.sends()
	a.sends()
	item, mine := a.finding(late)
	_, theirs := b.finding(late)
	if len(item.Conflicts) != 0 || mine.GetNarrative() != theirs.GetNarrative() {
		t.Errorf("afterwards there are %d conflicts, %q and %q", len(item.Conflicts), mine.GetNarrative(), theirs.GetNarrative())
	}
	a.answersTheOffice(s)
}

// answersTheOffice: what was given back is answered where it is asked, and the office reads
// it.
func (p *sitting) answersTheOffice(s *story) {
	p.t.Helper()
	const answer = "The report should begin with the space in Wing B."
	p.to("/review")
	p.follow("main", "Please write a summary")
	if p.Count("textarea") == 0 {
		p.follow("main", "Answer")
	}
	p.Fill("main textarea", answer)
	p.Follow("main form:has(textarea) button")
	p.sends()
	officer := s.openSeat(p.t, "officer")
	if _, err := officer.client.Sync(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	for item, err := range officer.client.List(p.t.Context(), clientsync.Filter{Kind: clientsync.KindReviewComment, Text: answer}) {
		if err != nil {
			p.t.Fatal(err)
		}
		if item.Message == nil {
			p.t.Error("the answer is empty")
		}
		return
	}
	p.t.Error("the office does not have the answer")
}
