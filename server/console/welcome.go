package console

import (
	"errors"
	"net/http"

	"rsc.io/qr"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/server/signin"
)

// Whoever comes for the first time, or after a reset, has a code. It is exchanged for a
// session that sets up a way to sign in, and then takes the recovery codes: after that it is
// like any other.

func (c *Console) welcomeRoutes() {
	c.open("/welcome", func(t *turn) error { return t.showWelcome(nil) })
	c.openPost("/welcome", (*turn).welcome)
	c.open("/welcome/set-up", settingUp(func(t *turn) error { return t.showSetUp(nil) }))
	c.openPost("/welcome/set-up", settingUpBy((*turn).setUp))
	c.openPost("/welcome/passkey/begin", settingUpBy(func(t *turn, f *look.Form) error {
		return t.options(t.signins.BeginPasskey(t.ctx(), t.session, siteOf(t.r).Site, f.Value("name")))
	}))
	c.openPost("/welcome/passkey", settingUpBy(func(t *turn, f *look.Form) error { return t.addKey(f, "/welcome/codes") }))
	c.open("/welcome/codes", settingUp(func(t *turn) error { return t.showCodesFirst("/welcome/codes") }))
	c.openPost("/welcome/codes", settingUpBy(func(t *turn, _ *look.Form) error { return t.newCodes("/welcome/codes/done") }))
	c.openPost("/welcome/codes/done", settingUpBy(func(t *turn, f *look.Form) error { return t.confirmCodes(f, "/welcome/codes", "/") }))
}

// settingUp lets in who came by a code and has not finished.
func settingUp(do func(*turn) error) func(*turn) error {
	return func(t *turn) error {
		switch {
		case t.session == nil:
			return t.to("/welcome")
		case t.session.Stage == signin.Full:
			return t.to("/")
		}
		return do(t)
	}
}

func settingUpBy(do func(*turn, *look.Form) error) func(*turn, *look.Form) error {
	return func(t *turn, f *look.Form) error {
		return settingUp(func(t *turn) error { return do(t, f) })(t)
	}
}

func (t *turn) showWelcome(f *look.Form) error {
	t.refused(f)
	body := []look.Part{look.Beam{}, look.Heading{Text: t.say("office-sign.welcome"), Under: t.say("office-sign.welcome-body")}}
	body = append(body, t.problems(f, map[string]look.Text{"code": t.say("office-sign.first-code")})...)
	return t.showBare(t.say("office-sign.welcome"), append(body,
		look.Questions{Action: "/welcome", Body: []look.Part{
			look.Input{Name: "code", Label: t.say("office-sign.first-code"), Hint: t.say("office-sign.first-hint"), Value: typed(f, "code", ""), Error: wrong(f, "code"),
				Required: true, Sensitive: true, Mono: true, Data: map[string]string{"from-link": ""}},
			look.Button{Text: t.say("office-sign.go-on"), Kind: look.ButtonMain, Wide: true}}},
		look.Para{Small: true, Text: look.To("/sign-in", t.say("office-sign.have-way"))},
		t.lookChoice("/welcome"))...)
}

func (t *turn) welcome(f *look.Form) error {
	e, err := t.signins.Enter(t.ctx(), t.visitor(), f.Value("code"))
	if err != nil {
		if err := t.refuse(f, "code", err); err != nil {
			return err
		}
		return t.showWelcome(f)
	}
	t.entered(e)
	return t.to("/welcome/set-up")
}

// showSetUp offers both ways; a name is asked for once.
func (t *turn) showSetUp(f *look.Form) error {
	if t.session.Stage == signin.SettingUp {
		return t.to("/welcome/codes")
	}
	t.refused(f)
	name := typed(f, "name2", typed(f, "name", t.session.Person.GetName()))
	body := []look.Part{look.Heading{Over: t.say("office-sign.step", "n", 1, "of", 2), Text: t.say("office-sign.hello", "name", look.Typed(t.session.Person.GetName())), Under: t.say("office-sign.set-up-body")}}
	body = append(body, t.problems(f, t.setUpLabels())...)
	nameInput := look.Input{Name: "name", Label: t.say("office-sign.your-name"), Hint: t.say("office-sign.your-name-hint"), Value: name, Error: wrong(f, "name"), Required: true, Sensitive: true, Autocomplete: "username"}
	main := look.ButtonMain
	if siteOf(t.r).HasPasskeys() {
		main = look.ButtonOther
		body = append(body, look.Flow{Script: true, Body: []look.Part{look.Leaf{Lit: true, Heading: t.say("office-sign.make-passkey"), Body: []look.Part{
			look.Para{Text: t.say("office-sign.make-passkey-body")},
			t.passkeyForm("create", "/welcome/passkey", nil, t.say("office-sign.make-passkey-do"), []look.Part{
				look.Input{Name: "name", Label: t.say("office-sign.your-name"), Hint: t.say("office-sign.your-name-hint"), Value: name, Required: true, Sensitive: true},
				t.keyNameInput("")})}}}})
		nameInput.Name, nameInput.Error = "name2", wrong(f, "name2") // ids are one each
	}
	fields, err := t.passphraseFields(f, name, main)
	if err != nil {
		return err
	}
	form := look.Questions{Action: "/welcome/set-up", Body: append([]look.Part{nameInput}, fields...)}
	return t.showBare(t.say("office-sign.set-up"), append(body, look.Leaf{Heading: t.say("office-sign.make-passphrase"), Body: []look.Part{
		look.Para{Text: t.say("office-sign.make-passphrase-body")}, form}})...)
}

func (t *turn) setUpLabels() map[string]look.Text {
	return map[string]look.Text{"name": t.say("office-sign.your-name"), "name2": t.say("office-sign.your-name"), "passphrase": t.say("office-sign.new-passphrase"),
		"again": t.say("office-sign.again"), "code": t.say("office-sign.code")}
}

func (t *turn) keyNameInput(value string) look.Part {
	return look.Input{Name: "title", Label: t.say("office-sign.key-name"), Hint: t.say("office-sign.key-name-hint"), Value: value}
}

// passphraseFields ask for a new passphrase and show the secret of one-time codes.
func (t *turn) passphraseFields(f *look.Form, name string, weight look.ButtonKind) ([]look.Part, error) {
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return nil, err
	}
	offer, err := t.signins.Offer(t.ctx(), t.session, office.GetName(), name)
	if err != nil {
		return nil, err
	}
	code, err := qrOf(offer.URL, t.say("office-sign.qr"))
	if err != nil {
		return nil, err
	}
	return []look.Part{
		t.passphraseInput("passphrase", "office-sign.new-passphrase", "office-sign.new-passphrase-hint", f, "new-password"),
		t.passphraseInput("again", "office-sign.again", "", f, "new-password"),
		look.Well{Body: []look.Part{
			look.Para{Text: t.say("office-sign.app")}, code,
			look.Para{Small: true, Text: look.Spaced(t.say("office-sign.app-secret"), look.Mono(spaced(offer.Secret)))}}},
		t.codeInput(f),
		look.Button{Text: t.say("office-sign.take"), Kind: weight, Wide: true}}, nil
}

// spaced sets a secret in groups of four.
func spaced(s string) string {
	out := ""
	for ; len(s) > 4; s = s[4:] {
		out += s[:4] + " "
	}
	return out + s
}

// qrOf draws a code to scan.
func qrOf(text string, label look.Text) (look.QR, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return look.QR{}, err
	}
	rows := make([][]bool, c.Size)
	for y := range rows {
		rows[y] = make([]bool, c.Size)
		for x := range rows[y] {
			rows[y][x] = c.Black(x, y)
		}
	}
	return look.QR{Rows: rows, Label: label}, nil
}

func (t *turn) setUp(f *look.Form) error {
	name := f.Value("name")
	if f.Has("name2") {
		name = f.Value("name2")
	}
	if done, err := t.setPassphrase(f, name); err != nil || done {
		return either(err, func() error { return t.to("/welcome/codes") })
	}
	return t.showSetUp(f)
}

func either(err error, do func() error) error {
	if err != nil {
		return err
	}
	return do()
}

// setPassphrase takes a passphrase and code; false where the form says why not.
func (t *turn) setPassphrase(f *look.Form, name string) (bool, error) {
	if f.Value("passphrase") != f.Value("again") {
		f.Refuse("again", t.say("office-sign.not-alike"))
		return false, nil
	}
	err := t.signins.SetPassphrase(t.ctx(), t.session, name, f.Value("passphrase"), f.Value("code"))
	if errors.Is(err, signin.ErrWrong) {
		f.Refuse("code", t.say("office-sign.wrong-otp"))
		return false, nil
	}
	if err != nil {
		return false, t.refuse(f, "passphrase", err)
	}
	return true, nil
}

// addKey takes what the browser made, and sends the script on.
func (t *turn) addKey(f *look.Form, to string) error {
	err := t.signins.AddPasskey(t.ctx(), t.session, siteOf(t.r).Site, []byte(f.Value("answer")), f.Value("title"))
	if errors.Is(err, signin.ErrWrong) {
		return t.json(map[string]string{"said": t.say("office-sign.passkey-failed").String()})
	}
	if err != nil {
		return t.saidOr(err)
	}
	return t.json(map[string]string{"to": to})
}

// showCodesFirst says what is about to be shown, so that paper is at hand and nobody looks.
func (t *turn) showCodesFirst(action string) error {
	if t.session.Stage == signin.Arrived {
		return t.to("/welcome/set-up")
	}
	body := []look.Part{look.Para{Text: t.say("office-sign.codes-body")}, look.Para{Small: true, Soft: true, Text: t.say("office-sign.codes-where")},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-sign.codes-show"), Action: action, Kind: look.ButtonMain}}}}
	if t.session.Stage == signin.Full {
		return t.show(sheet{title: t.say("office-sign.codes"), crumbs: t.accountCrumbs("office-sign.codes"), here: "/account", body: body})
	}
	return t.showBare(t.say("office-sign.codes"), append([]look.Part{look.Heading{Over: t.say("office-sign.step", "n", 2, "of", 2), Text: t.say("office-sign.codes")}}, body...)...)
}

// newCodes makes the codes and shows them, once.
func (t *turn) newCodes(done string) error {
	codes, err := t.signins.NewCodes(t.ctx(), t.session)
	if err != nil {
		return err
	}
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	var items []look.Text
	for _, c := range codes {
		items = append(items, look.Mono(c))
	}
	ways, err := t.signins.Ways(t.ctx(), t.session.PersonID)
	if err != nil {
		return err
	}
	body := []look.Part{
		look.Leaf{Heading: t.say("office-sign.codes-of", "office", look.Typed(office.GetName())), Body: []look.Part{
			look.Para{Small: true, Text: t.say("office-sign.codes-for", "name", look.Typed(ways.Name), "day", t.locale.Day(t.locale.Now))},
			look.Points{Ordered: true, Items: items}}},
		look.Flow{Script: true, Body: []look.Part{look.Button{Text: t.say("office-sign.codes-print"), Icon: look.IconPrint, Data: map[string]string{"print": ""}}}},
		t.confirmForm(done, nil),
	}
	return t.codesPage(body)
}

func (t *turn) confirmForm(done string, f *look.Form) look.Part {
	return look.Questions{Action: done, Body: []look.Part{
		look.Input{Name: "code", Label: t.say("office-sign.codes-type"), Hint: t.say("office-sign.codes-type-hint"), Required: true, Sensitive: true, Mono: true, Error: wrong(f, "code")},
		look.Button{Text: t.say("office-sign.codes-done"), Kind: look.ButtonMain}}}
}

func (t *turn) codesPage(body []look.Part) error {
	if t.session.Stage == signin.Full {
		return t.show(sheet{title: t.say("office-sign.codes"), crumbs: t.accountCrumbs("office-sign.codes"), here: "/account", lede: t.say("office-sign.codes-once"), body: body})
	}
	return t.showBare(t.say("office-sign.codes"), append([]look.Part{look.Heading{Over: t.say("office-sign.step", "n", 2, "of", 2), Text: t.say("office-sign.codes"), Under: t.say("office-sign.codes-once")}}, body...)...)
}

// confirmCodes takes one of the codes as the sign that they are on paper.
func (t *turn) confirmCodes(f *look.Form, again, to string) error {
	e, err := t.signins.ConfirmCodes(t.ctx(), t.session, t.visitor(), f.Value("code"))
	if errors.Is(err, signin.ErrCode) {
		f.Refuse("code", t.say("office-sign.codes-wrong"))
		t.status = http.StatusUnprocessableEntity
		return t.codesPage([]look.Part{t.confirmForm(t.r.URL.Path, f), look.Button{Text: t.say("office-sign.codes-new"), Action: again}})
	}
	if err != nil {
		return err
	}
	if e.Token != "" {
		t.entered(e)
	}
	return t.to(to)
}
