package console_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// authenticator gives the page a passkey's other half, as a phone has it: it knows its
// person by itself.
func authenticator(t *testing.T, p *browsertest.Page) {
	t.Helper()
	ctx := p.Context()
	err := chromedp.Do(ctx, func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return chromedp.Void{}, err
		}
		_, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		return chromedp.Void{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAPasskeyInABrowser: set up by a link, signed out, in again, confirmed, and a second
// one added, named and removed, by keyboard where a person has one.
func TestAPasskeyInABrowser(t *testing.T) {
	w := newWorld(t)
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Desk})
	p.Allow("40[13]")
	authenticator(t, p)
	person := w.person("Case officer", adminRole)
	p.Visit(w.url + "/welcome#" + w.code(person))
	p.WaitFor(`document.querySelector("#f-code").value.length == 19 && location.hash == ""`)
	p.Accessible()
	p.TabTo("form[action='/welcome'] button")
	p.Enter()
	p.Wait("form[data-passkey]")
	p.Accessible()
	p.Type("#f-title", "Desk")
	p.Tap("form[data-passkey] button")
	p.WaitFor(`location.pathname == "/welcome/codes"`)
	p.Accessible()
	p.Follow(".btn-main")
	p.Accessible()
	p.Wait("button[data-print]")
	codes := browsertest.Eval[[]string](p, `[...document.querySelectorAll(".points .mono")].map(e => e.textContent)`)
	p.Type("#f-code", codes[2])
	p.Enter()
	if p.Text("h1") != "Today" || p.Title() != "Today" {
		t.Fatalf("it leads to %s", p.URL())
	}
	p.Accessible()

	p.Follow(".rail-foot form button")
	if p.Count(".note") != 1 || p.Text("h1") != "Sign in" {
		t.Error("nothing says that one has signed out")
	}
	p.TabTo("form[data-passkey] button")
	p.Press(browsertest.Return)
	p.WaitFor(`document.querySelector("h1")?.textContent == "Today"`)

	w.pass(6 * time.Minute)
	p.Visit(w.url + "/account/passkeys/new")
	p.Wait("form[data-passkey=get]")
	p.Accessible()
	p.Tap("form[data-passkey] button")
	p.WaitFor(`location.pathname == "/account/passkeys/new"`)
	p.Wait("form[data-passkey=create]")
	p.Accessible()
	p.Tap("form[data-passkey] button") // the authenticator has one already
	p.WaitFor(`document.querySelector("[aria-live]").textContent.includes("already")`)

	p.Visit(w.url + "/account")
	p.Follow("a[href^='/account/passkeys/']:not([href$=new])")
	if p.Text("h1") != "Desk" {
		t.Errorf("it is called %q", p.Text("h1"))
	}
	p.Accessible()
	p.Follow(".btn-grave") // the only way in stays
	if p.Count(".note.n-urgent") != 1 {
		t.Error("the only way in is taken away")
	}
	p.Allow("422")

	// What is posted too late is kept also for who signs in with a passkey.
	other := w.person("Monitor", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
	p.Visit(w.url + "/sign-ins/" + other.Id)
	p.Tap("#f-reason")
	w.pass(16 * time.Minute)
	p.Follow("main .btn-main")
	p.Wait("form[data-passkey]")
	p.Accessible()
	p.Tap("form[data-passkey] button")
	p.WaitFor(`document.querySelector("h1")?.textContent == "What you had typed"`)
	p.Accessible()
	p.Follow("main .btn-main")
	if p.Count(".words-six li") != 4 {
		t.Error("what was kept is not taken")
	}
}

// TestAPasskeyThatIsCancelled says so, and leaves the page as it was.
func TestAPasskeyThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone})
	p.Visit(w.url + "/sign-in")
	p.Wait("form[data-passkey]")
	// A browser without an authenticator waits for one for long: the person gives up.
	browsertest.Eval[any](p, `navigator.credentials.get = () => Promise.reject(new DOMException("no", "NotAllowedError"))`)
	p.Tap("form[data-passkey] button")
	p.WaitFor(`document.querySelector("[aria-live]").textContent.includes("cancelled")`)
	if browsertest.Eval[bool](p, `document.querySelector("form[data-passkey] button").disabled`) {
		t.Error("the button stays off")
	}
	p.Accessible()
}

// TestWithoutScriptByKeyboard: the first sign-in and the next one, on a phone, with no
// script and no finger.
func TestWithoutScriptByKeyboard(t *testing.T) {
	w := newWorld(t)
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone, NoScript: true})
	p.Allow("422")
	person := w.person("Case officer", caseRole)
	p.Visit(w.url + "/welcome")
	p.TabTo("#f-code")
	p.Press(w.code(person))
	p.Enter()
	if err := chromedp.Do(p.Context(), chromedp.WaitNotVisible(chromedp.CSS("form[data-passkey]"))); err != nil {
		t.Errorf("what needs script is offered without: %v", err)
	}
	p.TabTo("#f-passphrase")
	p.Press(good)
	p.TabTo("#f-again")
	p.Press(good)
	p.TabTo("form[action='/welcome/set-up'] #f-code")
	secret := p.Text("form[action='/welcome/set-up'] .mono")
	p.Press("000000")
	p.Enter()
	if p.Count("#f-code[aria-invalid=true]") != 1 {
		t.Error("nothing is said beside the field")
	}
	p.Accessible()
	p.TabTo("#f-passphrase")
	p.Press(good)
	p.TabTo("#f-again")
	p.Press(good)
	p.TabTo("form[action='/welcome/set-up'] #f-code")
	p.Press(oneTime(secret, w.now()))
	p.Enter()
	p.TabTo(".btn-main")
	p.Enter()
	code := p.Text(".points .mono")
	p.TabTo("#f-code")
	p.Press(code)
	p.Enter()
	if p.Text("h1") != "Today" {
		t.Fatalf("it leads to %s", p.URL())
	}
	for _, hidden := range p.Hidden() {
		t.Error(hidden)
	}
	p.TabTo(".rail-top form button")
	p.Enter()
	w.pass(time.Minute)
	p.TabTo("#f-name")
	p.Press("case officer")
	p.TabTo("#f-passphrase")
	p.Press(good)
	p.TabTo("#f-code")
	p.Press(oneTime(secret, w.now()))
	p.Enter()
	if p.Text("h1") != "Today" {
		t.Errorf("it leads to %s", p.URL())
	}
}

// setups are how people have the pages. All meet when pictures are asked for.
func setups() []browsertest.Setup {
	return []browsertest.Setup{
		{Device: browsertest.Desk}, {Device: browsertest.Desk, Dark: true, Language: "ru"}, {Device: browsertest.Phone, Language: "ar"},
		{Device: browsertest.Phone, Dark: true}, {Device: browsertest.SmallPhone, Language: "ru"}, {Device: browsertest.Desk, Language: "ar"},
	}
}

// TestEveryPageStands: none of those of signing in breaks a rule of axe, is wider than its
// window, moves while it comes, or weighs too much; the demo's tests go through all others. In
// one setup, in all where pictures are asked for.
func TestEveryPageStands(t *testing.T) {
	all := setups()
	if os.Getenv("DAYLIGHT_SHOTS") == "" {
		all = []browsertest.Setup{{Language: "ar", Dark: true}}
	}
	for _, s := range all {
		t.Run(s.Name(), func(t *testing.T) { everyPage(t, s) })
	}
}

func everyPage(t *testing.T, s browsertest.Setup) {
	w := newWorld(t)
	p := browsertest.Open(t, s)
	p.Allow("4[02][0-9]")
	authenticator(t, p)
	looked := func(name string) {
		t.Helper()
		p.Accessible()
		p.Fits()
		if p.Count("body.field") == 1 {
			p.Targets(44)
		} else {
			p.Targets(24)
		}
		if shift := p.Shift(); shift > 0.02 {
			t.Errorf("%s moves by %.3f while it comes", name, shift)
		}
		if all, html := p.Weight(); all > 200_000 {
			t.Errorf("%s weighs %d bytes, %d of them HTML", name, all, html)
		}
		p.Shot("sign-" + name)
	}
	w.member(w.admin)
	w.member(w.person("Regional representative", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR))
	lost := w.person("Case officer", caseRole)
	w.member(lost)
	second := w.member(w.person("Head of the department", headRole))
	second.person = w.person("Second administrator", adminRole)
	asks := w.member(second.person)
	asks.post("/sign-ins/"+lost.Id, "reason", "1").wants(200)
	asks.get("/sign-ins")
	reset := "/resets/" + pathPattern.FindStringSubmatch(asks.page)[1]

	p.Visit(w.url + "/sign-in")
	p.Wait("form[data-passkey]")
	looked("in")
	p.Fill("#f-name", "Somebody")
	p.Fill("#f-passphrase", "wrong")
	p.Fill("#f-code", "000000")
	p.Follow("form#sign-in .btn")
	looked("in-wrong")
	p.Visit(w.url + "/sign-in?why=idle&back=/account")
	looked("in-idle")
	p.Visit(w.url + "/sign-in/recovery")
	looked("recovery")
	p.Visit(w.url + "/welcome#" + w.code(w.person("Medical reviewer", adminRole)))
	p.WaitFor(`location.hash == ""`)
	looked("welcome")
	p.Follow("form[action='/welcome'] .btn-main")
	p.Wait("form[data-passkey]")
	looked("set-up")
	p.Fill("#f-passphrase", "short")
	p.Fill("#f-again", "short")
	p.Fill("#f-code", "000000")
	p.Follow("form[action='/welcome/set-up'] .btn")
	looked("set-up-wrong")
	p.Wait("form[data-passkey]")
	p.Type("#f-title", "Desk")
	p.Tap("form[data-passkey] button")
	p.WaitFor(`location.pathname == "/welcome/codes"`)
	looked("codes-first")
	p.Follow(".btn-main")
	looked("codes")
	p.Type("#f-code", p.Text(".points .mono"))
	p.Follow("form[action='/welcome/codes/done'] .btn-main")
	for name, path := range map[string]string{"today": "/", "account": "/account", "people": "/sign-ins", "propose": "/sign-ins/" + w.admin.Id, "reset": reset,
		"passphrase": "/account/passphrase", "key-new": "/account/passkeys/new", "nothing": "/nothing"} {
		p.Visit(w.url + path)
		looked(name)
	}
	p.Visit(w.url + "/account")
	p.Follow("a[href^='/account/passkeys/']:not([href$=new])")
	looked("key")
	p.Visit(w.url + "/sign-ins/" + w.admin.Id)
	p.Tap("#f-reason")
	p.Follow("main .btn-main")
	looked("half")
	w.pass(6 * time.Minute)
	p.Visit(w.url + "/account/codes")
	p.Wait("form[data-passkey]")
	looked("confirm")
	p.Visit(w.url + "/sign-ins")
	w.pass(16 * time.Minute)
	p.Follow(".rail nav a[href='/sign-ins']")
	looked("ended")
}

// TestALinkFromElsewhereFindsThePersonSignedIn: the cookie is kept back by the browser the
// first time, and comes along when our own page asks again.
func TestALinkFromElsewhereFindsThePersonSignedIn(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	other := httptest.NewServer(http.HandlerFunc(func(a http.ResponseWriter, _ *http.Request) {
		a.Header().Set("Content-Type", "text/html")
		_, _ = a.Write([]byte(`<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><a href="` + w.url + `/account">to the office</a>`))
	}))
	t.Cleanup(other.Close)
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Desk})
	p.Visit(w.url + "/sign-in")
	p.Fill("#f-name", b.person.GetName())
	p.Fill("#f-passphrase", good)
	p.Fill("#f-code", b.oneTime())
	p.Follow("form#sign-in .btn")
	p.Visit(other.URL)
	p.Follow("a")
	p.WaitFor(`document.querySelector("h1")?.textContent == "My account"`)
}
