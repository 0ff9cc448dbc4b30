package console_test

import (
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/browsertest"
)

// opened is a browser in which a member signs in, by typing.
func (b *browser) opened(p *browsertest.Page) {
	b.Helper()
	p.Visit(b.url + "/sign-in")
	p.TabTo("#f-name")
	p.Press(b.person.GetName())
	p.TabTo("#f-passphrase")
	p.Press(good)
	p.TabTo("#f-code")
	p.Press(b.oneTime())
	p.Enter()
}

// TestAPersonAndTheirDeviceByKeyboard: somebody is added with a role, found, and gets a code
// for a device and one for the first sign-in, on a phone and without script.
func TestAPersonAndTheirDeviceByKeyboard(t *testing.T) {
	w := reached(t)
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone, NoScript: true})
	w.member(w.admin).opened(p)
	p.TabTo(".rail a[href='/people']")
	p.Enter()
	p.Accessible()
	p.TabTo(".desk-head .btn-main")
	p.Enter()
	p.TabTo("#f-name")
	p.Press("Monitor")
	p.TabTo("#f-role-0")
	p.Press("Civil")
	p.Accessible()
	p.TabTo("form .btn-main")
	p.Enter()
	if p.Text("h1") != "Monitor" || p.Count(".note.n-settled") != 1 || !strings.Contains(p.Text(".unfold summary"), "Civil society monitor") {
		t.Fatalf("it leads to %s", p.URL())
	}
	p.Accessible()
	p.Fits()
	p.TabTo("a[href$='/code']")
	p.Enter()
	p.Accessible()
	p.TabTo("form .btn-main")
	p.Enter()
	p.Accessible()
	if p.Count(".qr") != 1 {
		t.Error("there is no code for the first sign-in")
	}
	p.TabTo("main .btn-main")
	p.Enter()
	p.TabTo("a[href^='/devices/invite']")
	p.Enter()
	p.Accessible()
	p.TabTo("main .btn-main")
	p.Enter()
	p.Accessible()
	p.Fits()
	if p.Count(".qr") != 1 {
		t.Error("there is no code for a device")
	}
	p.TabTo("main .btn-main")
	p.Enter()
	p.Accessible()
	for _, hidden := range p.Hidden() {
		t.Error(hidden)
	}
}
