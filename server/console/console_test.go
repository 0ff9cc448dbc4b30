package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

func TestTheFirstSignIn(t *testing.T) {
	w := newWorld(t)
	p := w.person("Case officer", caseRole)
	b := w.browser()
	b.get("/").wants(200, "Sign in")
	b.get("/welcome").wants(200, "Your first sign-in")
	b.get("/welcome/set-up").wants(200, "Your first sign-in")
	b.post("/welcome", "code", "AAAA-BBBB").wants(422, "This code is not good")
	code := w.code(p)
	b.post("/welcome", "code", strings.ToLower(code)).wants(200, "Welcome, Case officer", `class="qr"`)
	b.secret = b.shown(secretPattern)[0]
	b.get("/").wants(200, "Welcome, Case officer") // nothing else is open yet
	b.post("/welcome/set-up", "name2", "Case officer", "passphrase", good, "again", good+"!", "code", "1").wants(422, "The two are not alike.")
	b.post("/welcome/set-up", "name2", "Case officer", "passphrase", "short", "again", "short", "code", "1").wants(422, "At least 15 characters")
	b.post("/welcome/set-up", "name2", "Case officer", "passphrase", good, "again", good, "code", "000000").wants(422, "not the code that the app shows", `value="Case officer"`)
	if strings.Contains(b.page, good) {
		t.Error("the page shows the passphrase again")
	}
	if b.shown(secretPattern)[0] != b.secret {
		t.Error("each try has another secret")
	}
	b.post("/welcome/set-up", "name2", "", "passphrase", good, "again", good, "code", b.oneTime()).wants(422, "A name of one line is needed")
	b.post("/welcome/set-up", "name2", "Case officer", "passphrase", good, "again", good, "code", b.oneTime()).wants(200, "Recovery codes", "Show my ten codes")
	b.post("/welcome/codes").wants(200, "They are not shown again")
	codes := b.shown(codePattern)
	if len(codes) != 10 {
		t.Fatalf("%d codes", len(codes))
	}
	b.post("/welcome/codes/done", "code", "AAAA-AAAA-AAAA-AAAA").wants(422, "none of the codes")
	for _, c := range codes {
		if strings.Contains(b.page, c) {
			t.Error("the codes are shown twice")
		}
	}
	before := b.cookie("daylight-session")
	b.post("/welcome/codes/done", "code", codes[7]).wants(200, "Today", "Office of the Ombudsperson. You are signed in as Case officer.", "Case officer")
	if b.cookie("daylight-session") == before || b.cookie("daylight-browser") == "" {
		t.Error("the token stays")
	}
	b.get("/welcome/set-up").wants(200, "Today")
	w.browser().post("/welcome", "code", code).wants(422, "used already")
}

func TestSigningInAndOut(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	b.post("/sign-out").wants(200, "You have signed out")
	if b.cookie("daylight-session") != "" {
		t.Error("the cookie stays")
	}
	b.post("/sign-in", "name", "Case officer", "passphrase", "wrong wrong wrong", "code", b.oneTime()).wants(422, "It is not said which", `value="Case officer"`)
	b.post("/sign-in", "name", "Nobody", "passphrase", good, "code", b.oneTime()).wants(422, "It is not said which")
	code := b.oneTime()
	b.post("/sign-in", "name", "case officer", "passphrase", good, "code", code).wants(200, "Today")
	other := w.browser()
	other.post("/sign-in", "name", "case officer", "passphrase", good, "code", code).wants(422, "It is not said which")
	b.get("/sign-in").wants(200, "Today")
	b.do("PUT", "/sign-in", nil).wants(405)
	b.get("/nothing").wants(404, "There is nothing here")
	b.get("/sign-ins").wants(404, "There is nothing here") // no role for it
	if strings.Contains(b.page, "Sign-in of people") {
		t.Error("the rail leads where the role does not")
	}
	if strings.Contains(w.log.String(), "Case officer") || strings.Contains(w.log.String(), "herons") {
		t.Error("words stand in the log")
	}
	if !strings.Contains(w.log.String(), `call="POST /sign-in"`) || strings.Contains(w.log.String(), "/nothing") {
		t.Errorf("the log tells not which page: %s", w.log)
	}
}

func TestARecoveryCodeLeadsToTheAccount(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", adminRole))
	other := w.browser()
	other.get("/sign-in/recovery").wants(200, "Sign in with a recovery code")
	other.post("/sign-in/recovery", "name", "Case officer", "code", "AAAA").wants(422, "or the code was used", `value="Case officer"`)
	other.post("/sign-in/recovery", "name", "Case officer", "code", b.codes[0]).wants(200, "My account", "You came in with a recovery code")
	other.get("/account/passphrase").wants(200, "New passphrase")
	p := w.person("Another", caseRole)
	other.get("/sign-ins/"+p.Id).wants(200, "Show again that it is you") // more than a code is needed
	w.browser().post("/sign-in/recovery", "name", "Case officer", "code", b.codes[0]).wants(422)
}

// What comes back after signing in is ours alone.
func TestNobodyIsLedElsewhere(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for back, want := range map[string]string{
		"/account": "/account", "/account?x=1": "/account?x=1", "": "/", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/", "\\\\evil.example": "/",
		"/%5cevil.example": "/", "//evil.example/%2f..": "/", "javascript:alert(1)": "/", "/\tevil": "/", "/sign-out": "/", "http:/evil.example": "/", "/x\r\nSet-Cookie: a=b": "/",
		"evil": "/", "/account#x": "/account", "/" + strings.Repeat("a", 3000): "/",
	} {
		if b.signIn("back", back); b.status != http.StatusSeeOther || b.header.Get("Location") != want {
			t.Errorf("%.40q leads to %q", back, b.header.Get("Location"))
		}
		b.pass(6 * time.Minute)
		b.get("/confirm?back=" + url.QueryEscape(back))
		if got := b.field("back"); got != want {
			t.Errorf("%.40q: the form leads to %q", back, got)
		}
	}
	b.post("/theme?from=//evil.example", "theme", "dark")
	if b.header.Get("Location") != "/" {
		t.Errorf("the theme leads to %s", b.header.Get("Location"))
	}
}

// What another site sends changes nothing, under whatever name it comes.
func TestOtherSitesChangeNothing(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	host := strings.TrimPrefix(w.url, "http://")
	for name, h := range map[string]map[string]string{
		"cross-site": {"Sec-Fetch-Site": "cross-site"}, "same-site": {"Sec-Fetch-Site": "same-site"}, "another origin": {"Origin": "https://evil.example"},
		"an old browser, elsewhere": {"Sec-Fetch-Site": "", "Origin": "http://evil.example"}, "no word at all": {"Sec-Fetch-Site": "", "Origin": ""},
		"from nowhere": {"Sec-Fetch-Site": "", "Origin": "null"}, "another port": {"Sec-Fetch-Site": "", "Origin": "http://localhost:1"}, "as if by TLS": {"Sec-Fetch-Site": "", "Origin": "https://" + host},
		"another method": {"Sec-Fetch-Site": "none"},
	} {
		b.headers = h
		if b.post("/sign-out"); b.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, b.status)
		}
	}
	for _, name := range []string{"evil.example", "evil.example:80", "localhost.evil.example", ""} {
		b.headers = map[string]string{"Host": name}
		if b.get("/"); name != "" && b.status != http.StatusMisdirectedRequest {
			t.Errorf("%q: %d", name, b.status)
		}
	}
	b.headers = map[string]string{"Sec-Fetch-Site": "", "Origin": w.url} // an old browser of ours
	b.post("/theme", "theme", "dark").wants(200)
	b.headers = nil
	b.get("/").wants(200, "You are signed in as")
}

func TestWhatAPageMayDo(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	for _, path := range []string{"/", "/account", "/nothing", "/sign-in/recovery"} {
		b.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "frame-ancestors 'none'", "X-Frame-Options": "DENY", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
		} {
			if got := b.header.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if p := b.header.Get("Content-Security-Policy"); !strings.Contains(p, "require-trusted-types-for 'script'") || strings.Contains(p, "unsafe") {
			t.Errorf("%s: %s", path, p)
		}
		if strings.Contains(b.page, "<script>") || strings.Contains(b.page, " style=") {
			t.Errorf("%s has script or style in it", path)
		}
	}
}

func TestCookiesAreForUsAlone(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.signIn()
	for _, c := range b.header.Values("Set-Cookie") {
		if !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Strict") || !strings.Contains(c, "Path=/") || strings.Contains(c, "Domain") {
			t.Error(c)
		}
	}
	// With TLS they are __Host- and Secure.
	h := httptest.NewTLSServer(w.server.Handler())
	defer h.Close()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+"/welcome", strings.NewReader("code="+w.code(w.person("Monitor", caseRole))))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	client := h.Client()
	client.CheckRedirect = b.http.CheckRedirect
	a, err := client.Do(r)
	w.must(err)
	a.Body.Close()
	if a.Header.Get("Strict-Transport-Security") == "" {
		t.Error("the browser may come without TLS the next time")
	}
	if c := a.Header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-daylight-session=") || !strings.Contains(c, "Secure") {
		t.Errorf("%d %q", a.StatusCode, c)
	}
}

// A token that somebody put into the browser before is worth nothing after signing in.
func TestNoSessionIsFixed(t *testing.T) {
	w := newWorld(t)
	victim, attacker := w.member(w.person("Case officer", caseRole)), w.member(w.person("Another", caseRole))
	victim.post("/sign-out")
	planted := attacker.cookie("daylight-session")
	victim.setCookie("daylight-session", planted)
	victim.signIn().wants(200, "You are signed in as Case officer")
	if victim.cookie("daylight-session") == planted {
		t.Error("the planted token is the victim's")
	}
	attacker.get("/").wants(200, "Sign in") // and the attacker's own session has ended
	made := w.browser()
	made.setCookie("daylight-session", strings.Repeat("A", 43))
	made.get("/").wants(200, "Sign in")
	if made.cookie("daylight-session") != "" {
		t.Error("a made-up token stays")
	}
}

// A link from another site brings no cookie: it must not take the one that is there.
func TestALinkFromElsewhereSignsNobodyOut(t *testing.T) {
	w := newWorld(t)
	stranger := w.browser()
	stranger.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	stranger.get("/account").wants(303)
	if c := stranger.header.Get("Set-Cookie"); c != "" {
		t.Errorf("it sets %s", c)
	}
	// The browser is asked to come again from a page of ours, once.
	stranger.headers = map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
	stranger.get("/account?x=1;//evil.example").wants(200, "Go on")
	if got := stranger.header.Get("Refresh"); got != "0; url=/account?x=1;//evil.example" {
		t.Errorf("it leads to %q", got)
	}
	stranger.headers["Sec-Fetch-Site"] = "same-origin"
	stranger.get("/account").wants(303)
}

// A server that cannot say who sits there says that, and takes nobody's session away.
func TestABrokenDatabaseSignsNobodyOut(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.admin)
	w.pass(time.Minute)
	w.must(w.store.File().Write(t.Context(), func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER broken BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'broken'); END`)
		return err
	}))
	b.get("/account").wants(500, "Something here is broken")
	if b.cookie("daylight-session") == "" {
		t.Error("the session is taken away")
	}
}

func TestTriesWait(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	stranger := w.browser()
	for range 5 {
		stranger.post("/sign-in", "name", "Somebody", "passphrase", "wrong", "code", "000000").wants(422)
	}
	stranger.post("/sign-in", "name", "Somebody", "passphrase", "wrong", "code", "000000").wants(422, "Nobody is locked out")
	w.pass(2 * time.Second)
	stranger.post("/sign-in", "name", "Somebody", "passphrase", "wrong", "code", "000000").wants(422, "It is not said which")
	for range 12 {
		stranger.post("/sign-in", "name", "Case officer", "passphrase", "wrong", "code", "000000")
	}
	b.post("/sign-out")
	b.signIn().wants(200, "Today") // from a browser that is known
}

// What was being typed when the session ended comes back, to the same person alone.
func TestWhatWasTypedIsKept(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.admin)
	p := w.person("Case officer", caseRole)
	w.pass(16 * time.Minute)
	b.post("/sign-ins/"+p.Id, "reason", "1", "note", "a long story", "passphrase", "never kept").wants(401, "15 quiet minutes", "is kept, sealed")
	if strings.Contains(b.page, "a long story") {
		t.Error("what was typed can be read by whoever passes by")
	}
	sealed := b.field("kept")
	other := w.member(w.person("Another", adminRole))
	other.post("/sign-out")
	other.signIn("kept", sealed).wants(200, "Today")
	if strings.Contains(other.page, "a long story") {
		t.Error("another person sees it")
	}
	b.signIn("kept", sealed).wants(200, "What you had typed", "a long story", `action="/sign-ins/`+p.Id+`"`)
	if strings.Contains(b.page, "never kept") {
		t.Error("a passphrase is kept")
	}
	b.post("/sign-ins/"+p.Id, "reason", b.field("reason")).wants(200, "Part 1 of the code for Case officer")
	b.get("/account")
	w.pass(16 * time.Minute)
	b.get("/account").wants(200, "15 quiet minutes")
	if got := b.field("back"); got != "/account" {
		t.Errorf("it leads back to %q", got)
	}
	b.post("/account/sessions/end", "session", strings.Repeat("x", 50_000)).wants(401, "not signed in any more")
	b.signIn("kept", "nonsense").wants(200, "Today")
}

func TestRolesThatChangeEndSessions(t *testing.T) {
	w := newWorld(t)
	p := w.person("Case officer", caseRole)
	b := w.member(p)
	p.Grants = append(p.Grants, &daylightv1.Grant{Role: adminRole})
	p, err := w.directory.SavePerson(t.Context(), p, directory.By{})
	w.must(err)
	b.get("/").wants(200, "What you may do here has been changed")
	b.signIn().wants(200, "Sign-in of people")
	p.Disabled = true
	_, err = w.directory.SavePerson(t.Context(), p, directory.By{})
	w.must(err)
	b.get("/").wants(200, "What you may do here has been changed")
	b.signIn().wants(422, "It is not said which")
}

func TestAnOldSessionEnds(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	for range 72 {
		w.pass(10 * time.Minute)
		b.get("/account")
	}
	b.wants(200, "twelve hours since you signed in")
}

func TestTheAccount(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	other := w.browser()
	other.person, other.secret = b.person, b.secret
	other.signIn().wants(200)
	b.get("/account").wants(200, "You sign in as Case officer.", "No passkey yet", "Firefox, Windows", "Left: 10")
	session := b.field("session")
	b.post("/account/sessions/end", "session", "nonsense").wants(404)
	b.post("/account/sessions/end", "session", session).wants(200)
	other.get("/").wants(200, "Sign in")
	other.signIn().wants(200, "Today")
	b.post("/account/sessions/end").wants(200)
	other.get("/").wants(200, "Sign in")

	w.pass(6 * time.Minute)
	b.get("/account/passphrase").wants(200, "Show again that it is you")
	b.post("/confirm", "passphrase", "wrong", "code", "000000", "back", "/account/passphrase").wants(422, "You are still signed in")
	before := b.cookie("daylight-session")
	b.post("/confirm", "passphrase", good, "code", b.oneTime(), "back", "/account/passphrase").wants(200, "New passphrase")
	if b.cookie("daylight-session") == before {
		t.Error("the token stays after a proof")
	}
	b.secret = b.shown(secretPattern)[0]
	b.post("/account/passphrase", "passphrase", "eight brown bears by night", "again", "eight brown bears by night", "code", b.oneTime()).wants(200, "My account")
	b.post("/account/passphrase/remove").wants(409, "only way in")
	b.get("/account/codes").wants(200, "Show my ten codes")
	old := b.codes
	b.post("/account/codes").wants(200, "They are not shown again")
	b.codes = b.shown(codePattern)
	b.post("/account/codes/done", "code", old[0]).wants(422, "none of the codes")
	b.post("/account/codes/done", "code", b.codes[0]).wants(200, "My account")
	b.get("/account/passkeys/new").wants(200, "Add a passkey")
	for _, bad := range []string{"/account/passkeys/nonsense", "/account/passkeys/0192f0c1-0000-7000-8000-000000000001"} {
		b.get(bad).wants(404)
		b.post(bad, "title", "x").wants(404)
		b.post(bad + "/remove").wants(404)
	}
	b.post("/language?from=/account", "language", "ru").wants(200, "Мой профиль")
	b.post("/theme?from=/account", "theme", "dark").wants(200, `data-theme="dark"`)
	b.post("/sign-out")
	b.post("/sign-in", "name", "Case officer", "passphrase", good, "code", b.oneTime()).wants(422)
	b.post("/sign-in", "name", "Case officer", "passphrase", "eight brown bears by night", "code", b.oneTime()).wants(200)
}

func TestAPostThatWantsAProofIsKept(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.admin)
	p := w.person("Case officer", caseRole)
	w.pass(6 * time.Minute)
	b.post("/sign-ins/"+p.Id, "reason", "2").wants(403, "Show again that it is you")
	b.post("/confirm", "passphrase", good, "code", b.oneTime(), "kept", b.field("kept"), "back", "/").wants(200, "What you had typed")
}

func TestTwoPeopleLetSomebodySetUpAnew(t *testing.T) {
	w := newWorld(t)
	p := w.person("Case officer", caseRole)
	lost := w.member(p)
	first, second := w.member(w.admin), w.member(w.person("Head of the NPM", headRole))
	first.get("/sign-ins").wants(200, "Case officer", "passphrase and code", "Head of the NPM")
	first.get("/sign-ins?q=CASE").wants(200, "Case officer")
	first.get("/sign-ins?q=nobody%20at%20all").wants(200, "Nobody with these words")
	first.get("/sign-ins/" + w.admin.Id).wants(404)
	first.get("/sign-ins/0192f0c1-0000-7000-8000-000000000001").wants(404)
	second.get("/sign-ins/" + p.Id).wants(404) // approves, and does not propose
	second.post("/sign-ins/"+p.Id, "reason", "1").wants(404)
	first.get("/sign-ins/"+p.Id).wants(200, "Case officer", "Ask for a reset")
	first.post("/sign-ins/"+p.Id).wants(422, "Say why")
	first.post("/sign-ins/"+p.Id, "reason", "9").wants(422, "Say why")
	first.post("/sign-ins/"+p.Id, "reason", "1").wants(200, "Part 1 of the code for Case officer")
	a := first.half()
	first.get("/sign-ins").wants(200, "Waiting for a second person")
	at := "/resets/" + pathPattern.FindStringSubmatch(first.page)[1]
	first.get(at).wants(200, "You asked for this")
	first.post(at+"/approve").wants(403, "A second person is needed")
	lost.get(at).wants(404)
	lost.post(at + "/approve").wants(404)
	lost.get("/").wants(200, "You are signed in as Case officer")

	second.get("/sign-ins").wants(200, "Waiting for a second person", "Phone, computer or key is lost")
	second.get(at).wants(200, "Approve it", "Administrator")
	second.post(at+"/approve").wants(200, "Part 2 of the code for Case officer")
	b := second.half()
	second.post(at + "/approve").wants(404)
	lost.get("/").wants(200, "Sign in")
	lost.signIn().wants(422)
	anew := w.browser()
	anew.post("/welcome", "code", a).wants(422)
	anew.post("/welcome", "code", b).wants(422)
	anew.post("/welcome", "code", a+" "+b).wants(200, "Welcome, Case officer")

	first.post("/sign-ins/"+p.Id, "reason", "3").wants(200)
	first.get("/sign-ins")
	at = "/resets/" + pathPattern.FindStringSubmatch(first.page)[1]
	first.post(at+"/refuse").wants(200, "Sign-in of people")
	second.get(at).wants(404)
	second.get("/resets/nonsense").wants(404)
}

func TestAnAdministratorResetsNobodyByAStaleDesk(t *testing.T) {
	w := newWorld(t)
	first, second := w.member(w.admin), w.member(w.person("Second", adminRole))
	p := w.person("Case officer", caseRole)
	first.get("/sign-ins") // keeps the session
	second.get("/sign-ins")
	first.post("/sign-ins/"+p.Id, "reason", "4").wants(200)
	first.get("/sign-ins")
	at := "/resets/" + pathPattern.FindStringSubmatch(first.page)[1]
	w.pass(6 * time.Minute)
	second.get(at).wants(200, "Show again that it is you")
	second.post(at+"/approve").wants(403, "Show again that it is you")
	second.get("/sign-ins/"+p.Id).wants(200, "Show again that it is you")
}

// Whoever has no role sees nobody and nothing.
func TestWithoutARole(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Visitor"))
	b.get("/").wants(200, "You have no role at the office now")
	b.get("/sign-ins").wants(404)
	b.get("/resets/0192f0c1-0000-7000-8000-000000000001").wants(404)
}

// The services answer beside the pages as they did.
func TestTheServicesAnswerBesideThePages(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.admin)
	b.get("/healthz").wants(200, "ok")
	b.headers = map[string]string{"Content-Type": "application/json", "Connect-Protocol-Version": "1"}
	b.do("POST", "/daylight.v1.DirectoryService/ListPeople", strings.NewReader("{}")).wants(401) // a cookie is no token
	b.get("/daylight.v1.DirectoryService/ListPeople").wants(405)
}

// Scripts are refused in words too, and no answer is taken that was not asked for.
func TestPasskeysThatWereNotAskedFor(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	b.post("/sign-in/passkey/begin").wants(200, `"challenge"`, `"rpId":"localhost"`, `"userVerification":"required"`)
	for _, path := range []string{"/sign-in/passkey", "/account/passkeys", "/confirm/passkey"} {
		for _, answer := range []string{"", "{}", `{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}`} {
			b.post(path, "answer", answer).wants(200, `"said"`)
		}
	}
	number := w.browser()
	number.url = strings.Replace(w.url, "localhost", "127.0.0.1", 1)
	number.post("/sign-in/passkey/begin").wants(404, "This address is a number"[5:])
	if number.get("/sign-in"); strings.Contains(number.page, "data-passkey") {
		t.Error("a number offers passkeys")
	}
}

// Whatever somebody does with their sign-in, the auditor finds a line of it.
func TestEachOfItLeavesALine(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	b.post("/sign-out")
	b.post("/sign-in", "name", "Case officer", "passphrase", "wrong", "code", "000000")
	b.signIn()
	w.pass(6 * time.Minute)
	b.get("/account")
	b.post("/confirm", "passphrase", good, "code", b.oneTime(), "back", "/account/codes")
	w.pass(16 * time.Minute)
	b.get("/account")
	want := []string{
		"a first-sign-in code was made", "a first-sign-in code was used", "a passphrase and one-time codes were set", "new recovery codes were made", "a person has set up how to sign in",
		"a person signed out", "a sign-in was refused", "a person signed in with a passphrase", "a person proved again who they are", "a session ended: nothing was done for 15 minutes",
	}
	notes := w.notes()
	if got := notes[len(notes)-len(want):]; !slices.Equal(got, want) {
		t.Errorf("the log says %q", got)
	}
}

// Strangers who come with many connections keep neither whoever is signed in out, nor the
// style from a page.
func TestStrangersTakeNobodysPlace(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.admin)
	style := regexp.MustCompile(`href="(/look/[^"]+\.css)"`).FindStringSubmatch(b.page)[1]
	for range 4 {
		go w.stall()
	}
	stranger := w.browser()
	for stranger.get("/sign-in"); stranger.status != http.StatusServiceUnavailable; stranger.get("/sign-in") {
		// Until all four are heard, the one that asks may have the place of one of them.
	}
	stranger.get(style).wants(200)
	b.get("/account").wants(200, "My account")
}

// A stranger may send a sign-in, and not much more.
func TestAStrangersFormIsBounded(t *testing.T) {
	w := newWorld(t)
	w.browser().post("/sign-in", "name", strings.Repeat("x", 70_000)).wants(400, "This cannot be read")
	w.browser().do("POST", "/sign-in", strings.NewReader("%zz")).wants(400)
	b := w.browser()
	b.headers = map[string]string{"Content-Type": "text/plain"}
	b.post("/sign-in", "name", "x").wants(400)
}

// stall is a stranger who begins to send a form and does not go on, until the test ends;
// turned away, it comes again.
func (w *world) stall() {
	for ended := http.StatusServiceUnavailable; ended == http.StatusServiceUnavailable && w.Context().Err() == nil; {
		body, in := io.Pipe()
		defer in.Close()
		r, _ := http.NewRequestWithContext(w.Context(), http.MethodPost, w.url+"/sign-in", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			return
		}
		a.Body.Close()
		ended = a.StatusCode
	}
}

// What people are called is never markup, wherever it is shown.
func TestHostileNamesHarmNothing(t *testing.T) {
	w := newWorld(t)
	const nasty = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}`
	p := w.person(nasty, adminRole)
	b := w.member(p)
	other := w.member(w.admin)
	harmless := func(b *browser, path string) {
		t.Helper()
		b.get(path).wants(200)
		if strings.Contains(b.page, "<script>") || strings.Contains(b.page, "<img") || strings.Contains(b.page, `="'>`) {
			t.Errorf("%s takes a name for markup", path)
		}
	}
	for _, path := range []string{"/", "/account", "/account/passphrase", "/sign-ins"} {
		harmless(b, path)
	}
	other.post("/sign-ins/"+p.Id, "reason", "1").wants(200)
	for _, path := range []string{"/sign-ins", "/sign-ins?q=" + url.QueryEscape(nasty), "/sign-ins/" + p.Id, "/sign-in?why=" + url.QueryEscape(nasty) + "&back=" + url.QueryEscape("/"+nasty)} {
		harmless(other, path)
	}
	b.post("/sign-in", "name", nasty, "passphrase", nasty, "code", nasty).wants(422)
	if strings.Contains(b.page, "<script>") {
		t.Error("what was typed is taken for markup")
	}
}
