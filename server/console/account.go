package console

import (
	"net/http"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/signin"
)

// My account: how one signs in, and where one is signed in. What changes the ways asks for a
// fresh proof first, so that an unlocked desk is not enough to take an account over.

func (c *Console) accountRoutes() {
	c.rail = append(c.rail, way{href: "/account", icon: look.IconPerson, name: "office-account.title"})
	c.page("/account", nil, (*turn).showAccount)
	c.post("/account/sessions/end", nil, (*turn).endSession)

	c.ownPage("/account/passkeys/new", func(t *turn) error { return t.showNewKey() })
	c.ownPost("/account/passkeys/begin", func(t *turn, _ *look.Form) error {
		return t.options(t.signins.BeginPasskey(t.ctx(), t.session, siteOf(t.r).Site, ""))
	})
	c.ownPost("/account/passkeys", func(t *turn, f *look.Form) error { return t.addKey(f, "/account") })
	c.ownPage("/account/passkeys/{id}", func(t *turn) error { return t.showKey(nil) })
	c.ownPost("/account/passkeys/{id}", (*turn).nameKey)
	c.ownPost("/account/passkeys/{id}/remove", (*turn).removeKey)

	c.ownPage("/account/passphrase", func(t *turn) error { return t.showPassphrase(nil) })
	c.ownPost("/account/passphrase", (*turn).changePassphrase)
	c.ownPost("/account/passphrase/remove", (*turn).removePassphrase)

	c.ownPage("/account/codes", func(t *turn) error { return t.showCodesFirst("/account/codes") })
	c.ownPost("/account/codes", func(t *turn, _ *look.Form) error { return t.newCodes("/account/codes/done") })
	c.ownPost("/account/codes/done", func(t *turn, f *look.Form) error { return t.confirmCodes(f, "/account/codes", "/account") })
}

func (t *turn) accountCrumbs(here look.Key) []look.Link {
	return []look.Link{{Href: "/account", Text: t.say("office-account.title")}, {Text: t.say(here)}}
}

func (t *turn) showAccount() error {
	w, err := t.signins.Ways(t.ctx(), t.session.PersonID)
	if err != nil {
		return err
	}
	all, err := t.signins.Sessions(t.ctx(), t.session.PersonID)
	if err != nil {
		return err
	}
	aside := []look.Part{
		look.Leaf{Heading: t.say("shell.language"), Body: []look.Part{look.LanguageChoice{Action: with("/language", "from", "/account")}}},
		look.Leaf{Heading: t.say("shell.theme"), Body: []look.Part{look.ThemeChoice{Action: with("/theme", "from", "/account"), Now: look.ThemeOf(t.r)}}},
	}
	return t.show(sheet{title: t.say("office-account.title"), here: "/account", lede: t.say("office-account.lede", "name", look.Typed(w.Name)), aside: aside,
		body: append(t.wayNotes(w), t.keysSection(w), t.otherWaysSection(w), t.sessionsSection(all))})
}

func (t *turn) keysSection(w signin.Ways) look.Part {
	s := look.Section{Heading: t.say("office-account.passkeys")}
	if len(w.Passkeys) == 0 {
		e := look.Empty{Text: t.say("office-account.no-passkey"), Under: t.say("office-account.no-passkey-body")}
		if siteOf(t.r).HasPasskeys() {
			e.Action = look.Button{Text: t.say("office-account.passkey-add"), Icon: look.IconPlus, Href: "/account/passkeys/new"}
		}
		s.Body = []look.Part{e}
		return s
	}
	rows := look.Rows{}
	for _, k := range w.Passkeys {
		used := t.say("office-account.never-used")
		if !k.Last.IsZero() {
			used = t.say("office-account.last-used", "when", t.locale.When(k.Last))
		}
		rows.Items = append(rows.Items, look.Row{Href: "/account/passkeys/" + k.ID.String(), Lead: look.Symbol{Icon: look.IconPerson}, Text: t.keyTitle(k),
			Under: look.Dotted(t.say("office-account.made", "when", t.locale.When(k.Made)), used)})
	}
	if s.Body = []look.Part{rows}; siteOf(t.r).HasPasskeys() {
		s.Body = append(s.Body, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-account.passkey-add"), Icon: look.IconPlus, Href: "/account/passkeys/new"}}})
	}
	return s
}

func (t *turn) keyTitle(k signin.NamedKey) look.Text {
	if k.Name == "" {
		return t.say("office-account.unnamed")
	}
	return look.Typed(k.Name)
}

func (t *turn) otherWaysSection(w signin.Ways) look.Part {
	state, do := t.say("office-account.passphrase-none"), t.say("office-account.passphrase-set")
	if w.Passphrase {
		state, do = t.say("office-account.passphrase-there"), t.say("office-account.passphrase-change")
	}
	return look.Section{Heading: t.say("office-account.others"), Body: []look.Part{look.Rows{Items: []look.Row{
		{Lead: look.Symbol{Icon: look.IconLock}, Text: t.say("office-account.passphrase"), Under: state, Actions: []look.Part{look.Button{Text: do, Href: "/account/passphrase"}}},
		{Lead: look.Symbol{Icon: look.IconPrint}, Text: t.say("office-sign.codes"), Under: t.say("office-account.codes-left", "n", w.Codes),
			Actions: []look.Part{look.Button{Text: t.say("office-account.codes-new"), Href: "/account/codes"}}},
	}}}}
}

func (t *turn) sessionsSection(all []*signin.Session) look.Part {
	table := look.Ledger{Stack: true, Caption: t.say("office-account.browsers"), Head: []look.Column{
		{Text: t.say("office-account.browser")}, {Text: t.say("office-account.began"), Whole: true}, {Text: t.say("office-account.seen"), Whole: true}, {Text: t.say("office-account.by")}, {Text: t.say("office-account.end")}}}
	for _, s := range all {
		end := look.Cell{Text: t.say("office-account.this")}
		if s.ID != t.session.ID {
			end = look.Cell{Body: []look.Part{look.Button{Text: t.say("office-account.end-one"), Label: t.say("office-account.end-this", "browser", t.browser(s)), Action: "/account/sessions/end",
				Hidden: []look.Hidden{{Name: "session", Value: s.ID.String()}}}}}
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: t.browser(s)}, {Text: t.locale.When(s.Made)}, {Text: t.locale.When(s.Seen)}, {Text: t.wayName(s.Way)}, end}})
	}
	body := []look.Part{table}
	if len(all) > 1 {
		body = append(body, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-account.end-others"), Action: "/account/sessions/end"}}})
	}
	return look.Section{Heading: t.say("office-account.sessions"), Body: body}
}

func (t *turn) browser(s *signin.Session) look.Text {
	if s.Browser == "" {
		return t.say("office-account.some-browser")
	}
	return look.Plain(s.Browser)
}

func (t *turn) wayName(w signin.Way) look.Text {
	switch w {
	case signin.Passkey:
		return t.say("office-account.by-passkey")
	case signin.RecoveryCode:
		return t.say("office-account.by-recovery")
	}
	return t.say("office-account.by-passphrase")
}

// endSession ends one of the others, or all of them where none is named.
func (t *turn) endSession(f *look.Form) error {
	var id record.ID
	if s := f.Value("session"); s != "" {
		var err error
		if id, err = record.ParseID(s); err != nil {
			return errNotFound
		}
	}
	return either(t.signins.End(t.ctx(), t.session, id), func() error { return t.to("/account") })
}

func (t *turn) showNewKey() error {
	return t.show(sheet{title: t.say("office-account.passkey-add"), crumbs: t.accountCrumbs("office-account.passkey-add"), here: "/account", lede: t.say("office-sign.make-passkey-body"),
		body: []look.Part{
			look.Flow{Script: true, Body: []look.Part{t.newKeyForm()}},
			look.Para{Small: true, Soft: true, Text: t.say("office-account.needs-script")}}})
}

// newKeyForm begins at an address of its own, since the one with an id is that of a passkey
// which there is.
func (t *turn) newKeyForm() look.Part {
	return t.passkeyForm("create", "/account/passkeys", nil, t.say("office-sign.make-passkey-do"), []look.Part{t.keyNameInput("")})
}

// key is the passkey that the address names, of this person.
func (t *turn) key() (k signin.NamedKey, err error) {
	id, err := t.id("id")
	if err != nil {
		return k, err
	}
	w, err := t.signins.Ways(t.ctx(), t.session.PersonID)
	for _, k := range w.Passkeys {
		if k.ID == id {
			return k, err
		}
	}
	return k, or(err, errNotFound)
}

func or(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) showKey(f *look.Form) error {
	k, err := t.key()
	if err != nil {
		return err
	}
	t.refused(f)
	at := "/account/passkeys/" + k.ID.String()
	body := []look.Part{look.Questions{Action: at, Body: []look.Part{t.keyNameInput(k.Name), look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-account.save"), Kind: look.ButtonMain}}}}},
		look.Section{Heading: t.say("office-account.passkey-remove"), Body: []look.Part{look.Para{Text: t.say("office-account.passkey-remove-body")}}}}
	if said := wrong(f, "remove"); len(said) > 0 {
		body = append(body, look.Note{Kind: look.NoteUrgent, Status: true, Text: said})
	}
	body = append(body, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-account.passkey-remove-do"), Kind: look.ButtonGrave, Action: at + "/remove"}}})
	return t.show(sheet{title: t.say("office-account.passkey"), heading: t.keyTitle(k), crumbs: t.accountCrumbs("office-account.passkey"), here: "/account", body: body})
}

func (t *turn) nameKey(f *look.Form) error {
	k, err := t.key()
	if err == nil {
		err = t.signins.NamePasskey(t.ctx(), t.session, k.ID, f.Value("title"))
	}
	return either(err, func() error { return t.to("/account") })
}

func (t *turn) removeKey(f *look.Form) error {
	k, err := t.key()
	if err != nil {
		return err
	}
	if err := t.signins.RemovePasskey(t.ctx(), t.session, k.ID); err != nil {
		if err := t.refuse(f, "remove", err); err != nil {
			return err
		}
		return t.showKey(f)
	}
	return t.to("/account")
}

func (t *turn) showPassphrase(f *look.Form) error {
	t.refused(f)
	w, err := t.signins.Ways(t.ctx(), t.session.PersonID)
	if err != nil {
		return err
	}
	fields, err := t.passphraseFields(f, w.Name, look.ButtonMain)
	if err != nil {
		return err
	}
	body := append(t.problems(f, t.setUpLabels()), look.Questions{Action: "/account/passphrase", Body: fields})
	if w.Passphrase && len(w.Passkeys) > 0 {
		body = append(body, look.Section{Heading: t.say("office-account.passphrase-remove"), Body: []look.Part{look.Para{Text: t.say("office-account.passphrase-remove-body")},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-account.passphrase-remove-do"), Kind: look.ButtonGrave, Action: "/account/passphrase/remove"}}}}})
	}
	return t.show(sheet{title: t.say("office-account.passphrase"), crumbs: t.accountCrumbs("office-account.passphrase"), here: "/account", lede: t.say("office-account.passphrase-lede"), body: body})
}

func (t *turn) changePassphrase(f *look.Form) error {
	done, err := t.setPassphrase(f, "")
	if err != nil || done {
		return either(err, func() error { return t.to("/account") })
	}
	return t.showPassphrase(f)
}

func (t *turn) removePassphrase(f *look.Form) error {
	if err := t.signins.RemovePassphrase(t.ctx(), t.session); err != nil {
		said := t.wrongText(err)
		if len(said) == 0 {
			return err
		}
		return t.trouble(http.StatusConflict, "office-account.passphrase", said)
	}
	return t.to("/account")
}
