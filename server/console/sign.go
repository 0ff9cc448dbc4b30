package console

import (
	"errors"
	"net/http"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/server/signin"
)

// Signing in is one page: a passkey, which needs no name and no field, or a name with a
// passphrase and a one-time code. So no page can be asked whether somebody has an account.

func (c *Console) signInRoutes() {
	c.open("/sign-in", func(t *turn) error {
		q := t.r.URL.Query()
		if t.session != nil && t.session.Stage == signin.Full {
			return t.to(localPath(q.Get("back")))
		}
		return t.showSignIn(nil, signInPage{why: q.Get("why"), back: localPath(q.Get("back"))})
	})
	c.openPost("/sign-in", (*turn).signIn)
	c.openPost("/sign-in/passkey/begin", func(t *turn, _ *look.Form) error { return t.options(t.signins.BeginSignIn(siteOf(t.r).Site)) })
	c.openPost("/sign-in/passkey", (*turn).signInByKey)
	c.open("/sign-in/recovery", func(t *turn) error { return t.showRecovery(nil) })
	c.openPost("/sign-in/recovery", (*turn).recover)
	c.openPost("/sign-out", (*turn).signOut)
	c.openPost("/language", func(t *turn, f *look.Form) error {
		look.SetLanguage(t.w, t.r, f.Value("language"))
		return t.to(t.lookedFrom())
	})
	c.openPost("/theme", func(t *turn, f *look.Form) error {
		look.SetTheme(t.w, t.r, look.Theme(f.Value("theme")))
		return t.to(t.lookedFrom())
	})
}

// lookedFrom is where language and theme were chosen.
func (t *turn) lookedFrom() string {
	switch from := t.r.URL.Query().Get("from"); from {
	case "/account", "/sign-in", "/welcome":
		return from
	}
	return "/"
}

// signInPage is what the page is about beside the form.
type signInPage struct {
	why, back, kept string
}

// toSignIn answers whoever has no session: what they posted is kept.
func (t *turn) toSignIn() error {
	page := signInPage{back: localPath(t.r.URL.RequestURI())}
	if t.r.Method == http.MethodPost {
		page.back = "/"
	}
	if t.ended != nil {
		page.why, page.kept = string(t.ended.Why), t.keep(t.ended.Person)
	}
	if t.r.Method != http.MethodPost && t.fromElsewhere() {
		return t.comeAgain(page.back)
	}
	if t.r.Method != http.MethodPost {
		// Only one that came: what another site leads here with brings none, and must not
		// sign anybody out.
		if cookieOf(t.r, sessionCookie) != "" {
			setCookie(t.w, t.r, sessionCookie, "", 0)
		}
		back := page.back
		if back == "/" {
			back = ""
		}
		return t.to(with("/sign-in", "why", page.why, "back", back))
	}
	t.status = http.StatusUnauthorized
	if page.kept == "" {
		page.why = "lost"
	}
	return t.showSignIn(nil, page)
}

// fromElsewhere reports whether a link of another site led here: the browser has kept the
// cookie back, whether there is one or not.
func (t *turn) fromElsewhere() bool {
	site := t.r.Header.Get("Sec-Fetch-Site")
	return (site == "cross-site" || site == "same-site") && t.r.Header.Get("Sec-Fetch-Mode") == "navigate" && cookieOf(t.r, sessionCookie) == ""
}

// comeAgain leads to the same address from a page of ours, so that the cookie comes along.
func (t *turn) comeAgain(to string) error {
	t.w.Header().Set("Refresh", "0; url="+to)
	return t.showBare(t.say("office-sign.go-on"), look.Heading{Text: t.say("office-sign.go-on")}, look.Button{Text: t.say("office-sign.go-on"), Href: to, Kind: look.ButtonMain})
}

// whyKeys say why somebody has to sign in again.
var whyKeys = map[string][2]look.Key{
	string(signin.EndIdle):    {"office-sign.why-idle", "office-sign.why-idle-body"},
	string(signin.EndOld):     {"office-sign.why-old", "office-sign.why-old-body"},
	string(signin.EndChanged): {"office-sign.why-changed", "office-sign.why-changed-body"},
	"lost":                    {"office-sign.why-lost", "office-sign.why-lost-body"},
	"out":                     {"office-sign.why-out", "office-sign.why-out-body"},
}

func (t *turn) showSignIn(f *look.Form, p signInPage) error {
	t.refused(f)
	body := []look.Part{look.Beam{}, look.Heading{Text: t.say("office-sign.title"), Under: t.say("office-sign.under")}}
	if keys, ok := whyKeys[p.why]; ok && f == nil {
		note := look.Note{Status: true, Heading: t.say(keys[0]), Text: t.say(keys[1]), Icon: look.IconLock}
		if p.kept != "" {
			note.Under = t.say("office-sign.why-kept")
		}
		body = append(body, note)
	}
	hidden := []look.Hidden{{Name: "back", Value: p.back}}
	if p.kept != "" {
		hidden = append(hidden, look.Hidden{Name: "kept", Value: p.kept})
		body = append(body, look.Questions{ID: "kept", Action: "/kept", Hidden: hidden})
	}
	main := look.ButtonMain
	if siteOf(t.r).HasPasskeys() {
		main = look.ButtonOther
		body = append(body, look.Flow{Script: true, Body: []look.Part{
			t.passkeyForm("get", "/sign-in/passkey", hidden, t.say("office-sign.with-passkey"), nil), look.Para{Label: true, Text: t.say("office-sign.or")}}})
	}
	body = append(body, t.problems(f, map[string]look.Text{"name": t.say("office-sign.name"), "code": t.say("office-sign.code")})...)
	body = append(body,
		look.Questions{ID: "sign-in", Action: "/sign-in", Hidden: hidden, Body: []look.Part{
			look.Input{Name: "name", Label: t.say("office-sign.name"), Value: typed(f, "name", ""), Error: wrong(f, "name"), Required: true, Autocomplete: "username", Sensitive: true},
			t.passphraseInput("passphrase", "office-sign.passphrase", "", f, "current-password"),
			t.codeInput(f),
			look.Button{Text: t.say("office-sign.do"), Kind: main, Wide: true}}},
		look.Unfold{Plain: true, Summary: t.say("office-sign.cannot"), Body: []look.Part{
			look.Para{Small: true, Text: look.To("/sign-in/recovery", t.say("office-sign.cannot-recovery"))},
			look.Para{Small: true, Text: look.To("/welcome", t.say("office-sign.cannot-first"))},
			look.Para{Small: true, Soft: true, Text: t.say("office-sign.cannot-reset")}}},
		t.lookChoice("/sign-in"))
	return t.showBare(t.say("office-sign.title"), body...)
}

// lookChoice offers the languages and themes.
func (t *turn) lookChoice(from string) look.Part {
	return look.Unfold{Plain: true, Summary: t.say("office-sign.look"), Body: []look.Part{
		look.LanguageChoice{Action: with("/language", "from", from)}, look.ThemeChoice{Action: with("/theme", "from", from), Now: look.ThemeOf(t.r)}}}
}

func (t *turn) passphraseInput(name string, label, hint look.Key, f *look.Form, fill string) look.Part {
	in := look.Input{Name: name, Label: t.say(label), Type: "password", Required: true, Sensitive: true, Autocomplete: fill, Error: wrong(f, name)}
	if hint != "" {
		in.Hint = t.say(hint)
	}
	return in
}

func (t *turn) codeInput(f *look.Form) look.Part {
	return look.Input{Name: "code", Label: t.say("office-sign.code"), Hint: t.say("office-sign.code-hint"), Numeric: true, Required: true, Sensitive: true,
		Autocomplete: "one-time-code", Error: wrong(f, "code")}
}

// passkeyForm is a form that the script of passkeys sends; kind is create or get.
func (t *turn) passkeyForm(kind, action string, hidden []look.Hidden, do look.Text, inputs []look.Part) look.Part {
	body := append(inputs, look.Button{Text: do, Icon: look.IconPerson, Kind: look.ButtonMain, Wide: true}, look.Para{Small: true, Live: true})
	return look.Questions{Action: action, Hidden: hidden, Body: body, Data: map[string]string{
		"passkey": kind, "wait": t.say("office-sign.passkey-wait").String(), "cancelled": t.say("office-sign.passkey-cancelled").String(),
		"failed": t.say("office-sign.passkey-failed").String(), "already": t.say("office-sign.passkey-already").String()}}
}

// options answers the script with what the browser's credentials take.
func (t *turn) options(options []byte, err error) error {
	if err != nil {
		return t.saidOr(err)
	}
	return t.json(map[string]any{"options": raw(options)})
}

// raw is JSON within JSON.
type raw []byte

// MarshalJSON gives it as it is.
func (r raw) MarshalJSON() ([]byte, error) { return r, nil }

// saidOr tells a script in words what is wrong, as far as it is not our mistake.
func (t *turn) saidOr(err error) error {
	if said := t.wrongText(err); len(said) > 0 {
		return t.json(map[string]string{"said": said.String()})
	}
	return err
}

// wrongText says what a person can do about an error of signing in; nothing for ours.
func (t *turn) wrongText(err error) look.Text {
	var wait *signin.WaitError
	var weak *signin.WeakError
	switch {
	case errors.Is(err, signin.ErrWrong):
		return t.say("office-sign.wrong")
	case errors.Is(err, signin.ErrCode):
		return t.say("office-sign.wrong-code")
	case errors.Is(err, signin.ErrTaken):
		return t.say("office-sign.taken")
	case errors.Is(err, signin.ErrName):
		return t.say("office-sign.no-name")
	case errors.Is(err, signin.ErrLast):
		return t.say("office-sign.last-way")
	case errors.Is(err, signin.ErrMany):
		return t.say("office-sign.many")
	case errors.As(err, &weak):
		return t.say(look.Key("office-sign.weak-" + string(weak.Why)))
	case errors.As(err, &wait):
		return t.waitText(wait)
	}
	return nil
}

// refuse says beside a field of the form what is wrong; our mistakes it gives back.
func (t *turn) refuse(f *look.Form, field string, err error) error {
	said := t.wrongText(err)
	if len(said) == 0 {
		return err
	}
	switch {
	case errors.Is(err, signin.ErrTaken), errors.Is(err, signin.ErrName):
		if field = "name"; f.Has("name2") {
			field = "name2"
		}
	case errors.As(err, new(*signin.WeakError)):
		field = "passphrase"
	}
	f.Refuse(field, said)
	return nil
}

func (t *turn) signIn(f *look.Form) error {
	page := signInPage{back: t.back(f), kept: f.Value("kept")}
	e, err := t.signins.ByPassphrase(t.ctx(), t.visitor(), f.Value("name"), f.Value("passphrase"), f.Value("code"))
	if err != nil {
		if err := t.refuse(f, "name", err); err != nil {
			return err
		}
		return t.showSignIn(f, page)
	}
	t.entered(e)
	return t.giveBack(page.kept, page.back)
}

func (t *turn) signInByKey(f *look.Form) error {
	e, err := t.signins.ByPasskey(t.ctx(), t.visitor(), siteOf(t.r).Site, []byte(f.Value("answer")))
	if errors.Is(err, signin.ErrWrong) {
		return t.json(map[string]string{"said": t.say("office-sign.wrong-passkey").String()})
	}
	if err != nil {
		return t.saidOr(err)
	}
	t.entered(e)
	return t.json(map[string]string{"to": t.back(f)})
}

func (t *turn) showRecovery(f *look.Form) error {
	t.refused(f)
	body := []look.Part{look.Heading{Text: t.say("office-sign.recovery"), Under: t.say("office-sign.recovery-body")}}
	body = append(body, t.problems(f, map[string]look.Text{"name": t.say("office-sign.name")})...)
	return t.showBare(t.say("office-sign.recovery"), append(body,
		look.Questions{Action: "/sign-in/recovery", Body: []look.Part{
			look.Input{Name: "name", Label: t.say("office-sign.name"), Value: typed(f, "name", ""), Error: wrong(f, "name"), Required: true, Autocomplete: "username", Sensitive: true},
			look.Input{Name: "code", Label: t.say("office-sign.recovery-code"), Hint: t.say("office-sign.recovery-hint"), Required: true, Sensitive: true, Mono: true},
			look.Button{Text: t.say("office-sign.do"), Kind: look.ButtonMain, Wide: true}}},
		look.Para{Small: true, Text: look.To("/sign-in", t.say("office-sign.other-ways"))})...)
}

// recover signs somebody in with a recovery code, and leads to where they set up a way that
// lasts.
func (t *turn) recover(f *look.Form) error {
	e, err := t.signins.ByRecovery(t.ctx(), t.visitor(), f.Value("name"), f.Value("code"))
	if errors.Is(err, signin.ErrWrong) {
		f.Refuse("name", t.say("office-sign.wrong-recovery"))
		return t.showRecovery(f)
	}
	if err != nil {
		if err := t.refuse(f, "name", err); err != nil {
			return err
		}
		return t.showRecovery(f)
	}
	t.entered(e)
	return t.to("/account")
}

// signOut ends the session. Without one it leads to the same page.
func (t *turn) signOut(*look.Form) error {
	if t.session != nil {
		if err := t.signins.SignOut(t.ctx(), t.session); err != nil {
			return err
		}
	}
	setCookie(t.w, t.r, sessionCookie, "", 0)
	t.w.Header().Set("Clear-Site-Data", `"cache"`)
	return t.to("/sign-in?why=out")
}
