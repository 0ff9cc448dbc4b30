package console

import (
	"errors"
	"net/http"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/server/signin"
)

// What needs a fresh proof of who sits there leads here, and from here back.

func (c *Console) confirmRoutes() {
	c.page("/confirm", nil, func(t *turn) error { return t.showConfirm(nil, localPath(t.r.URL.Query().Get("back")), "") })
	c.post("/confirm", nil, (*turn).confirm)
	c.post("/confirm/passkey/begin", nil, func(t *turn, _ *look.Form) error {
		return t.options(t.signins.BeginProof(t.session, siteOf(t.r).Site))
	})
	c.post("/confirm/passkey", nil, (*turn).confirmByKey)
}

// toConfirm asks for a proof, and keeps what was posted.
func (t *turn) toConfirm() error {
	if t.r.Method != http.MethodPost {
		return t.to(with("/confirm", "back", localPath(t.r.URL.RequestURI())))
	}
	t.status = http.StatusForbidden
	return t.showConfirm(nil, "/", t.keep(t.session.PersonID))
}

func (t *turn) showConfirm(f *look.Form, back, kept string) error {
	t.refused(f)
	ways, err := t.signins.Ways(t.ctx(), t.session.PersonID)
	if err != nil {
		return err
	}
	hidden := []look.Hidden{{Name: "back", Value: back}}
	body := []look.Part{look.Beam{}, look.Heading{Text: t.say("office-sign.confirm"), Under: t.say("office-sign.confirm-body", "name", look.Typed(t.session.Person.GetName()))}}
	if kept != "" {
		hidden = append(hidden, look.Hidden{Name: "kept", Value: kept})
		body = append(body, look.Questions{ID: "kept", Action: "/kept", Hidden: hidden})
	}
	body = append(body, t.problems(f, map[string]look.Text{"passphrase": t.say("office-sign.passphrase")})...)
	main := look.ButtonMain
	if len(ways.Passkeys) > 0 && siteOf(t.r).HasPasskeys() {
		main = look.ButtonOther
		body = append(body, look.Flow{Script: true, Body: []look.Part{t.passkeyForm("get", "/confirm/passkey", hidden, t.say("office-sign.confirm-passkey"), nil)}})
	}
	switch {
	case ways.Passphrase:
		body = append(body, look.Questions{ID: "confirm", Action: "/confirm", Hidden: hidden, Body: []look.Part{
			t.passphraseInput("passphrase", "office-sign.passphrase", "", f, "current-password"), t.codeInput(f),
			look.Button{Text: t.say("office-sign.confirm-do"), Kind: main, Wide: true}}})
	case len(ways.Passkeys) == 0 || !siteOf(t.r).HasPasskeys():
		body = append(body, look.Note{Kind: look.NoteAttend, Text: t.say("office-sign.confirm-none")})
	}
	return t.showBare(t.say("office-sign.confirm"), append(body, look.Button{Text: t.say("office-sign.confirm-not"), Href: "/", Kind: look.ButtonQuiet})...)
}

func (t *turn) confirm(f *look.Form) error {
	e, err := t.signins.Prove(t.ctx(), t.session, t.visitor(), f.Value("passphrase"), f.Value("code"))
	if errors.Is(err, signin.ErrWrong) {
		f.Refuse("passphrase", t.say("office-sign.wrong-proof"))
		return t.showConfirm(f, t.back(f), f.Value("kept"))
	}
	if err != nil {
		if err := t.refuse(f, "passphrase", err); err != nil {
			return err
		}
		return t.showConfirm(f, t.back(f), f.Value("kept"))
	}
	t.entered(e)
	return t.giveBack(f.Value("kept"), t.back(f))
}

func (t *turn) confirmByKey(f *look.Form) error {
	e, err := t.signins.ProvePasskey(t.ctx(), t.session, siteOf(t.r).Site, []byte(f.Value("answer")))
	if errors.Is(err, signin.ErrWrong) {
		return t.json(map[string]string{"said": t.say("office-sign.wrong-passkey").String()})
	}
	if err != nil {
		return t.saidOr(err)
	}
	t.entered(e)
	return t.json(map[string]string{"to": t.back(f)})
}
