package fieldapp

import (
	"net/http"
	"strconv"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

func (a *App) settingsRoutes() {
	a.page("/settings", func(t *turn) error { return t.showSettings(nil) })
	a.post("/settings/language", (*turn).setLanguage)
	a.post("/settings/theme", func(t *turn, f *look.Form) error { return t.setTheme(f, "/settings") })
	a.post("/settings/hide", (*turn).setHide)
	a.post("/settings/by-itself", (*turn).setBySelf)
	a.post("/settings/passphrase", (*turn).setPassphrase)
	a.openPost("/unlock/language", func(t *turn, f *look.Form) error {
		look.SetLanguage(t.w, t.r, f.Value("language"))
		return t.to("/unlock")
	})
	a.post("/settings/quit", (*turn).quitNow)
	a.openPost("/unlock/theme", func(t *turn, f *look.Form) error { return t.setTheme(f, "/unlock") })
}

// showSettings shows what a person has set; f is that of a passphrase that was not taken.
func (t *turn) showSettings(f *look.Form) error {
	p, err := t.client.Protection()
	if err != nil {
		return err
	}
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return err
	}
	body := []look.Part{
		look.Heading{Text: t.say("field-settings.title"), Unseen: true},
		look.Section{Heading: t.say("shell.language"), Body: []look.Part{look.LanguageChoice{Action: "/settings/language"}}},
		look.Section{Heading: t.say("shell.theme"), Body: []look.Part{look.ThemeChoice{Action: "/settings/theme", Now: look.ThemeOf(t.r)}}},
		t.hideQuestion(),
	}
	body = append(body, t.bySelfQuestion(s)...)
	body = append(body,
		t.passphraseSection(p, f),
		look.Section{Heading: t.say("field-settings.device"), Body: []look.Part{look.Rows{Items: []look.Row{
			{Href: "/desk", Lead: look.Symbol{Icon: look.IconLetter}, Text: t.say("field-sealed.desk"), Under: t.say("field-settings.desk-under")},
			{Href: "/enrol", Lead: look.Symbol{Icon: look.IconDevice}, Text: t.say("field-start.device"), Under: t.say("field-settings.device-under")},
			{Href: "/travel", Lead: look.Symbol{Icon: look.IconLeave}, Text: t.say("field-settings.travel"), Under: t.say("field-settings.travel-under")},
			{Href: "/wipe", Lead: look.Symbol{Icon: look.IconBin}, Text: t.say("field-settings.wipe"), Under: t.say("field-settings.wipe-under")},
		}}}},
		look.Para{Small: true, Soft: true, Text: t.say("field-settings.no-sounds")})
	if t.quit != nil {
		body = append(body, look.Button{Text: t.say("field-settings.quit"), Action: "/settings/quit", Kind: look.ButtonQuiet})
	}
	t.status = statusFor(f)
	return t.show(sheet{title: "field-settings.title", back: "/", tab: tabHome, body: body})
}

func (t *turn) hideQuestion() look.Part {
	now := int(t.hideAfter().Seconds())
	all := []look.Choice{}
	for _, n := range hideChoices {
		all = append(all, look.Choice{Value: strconv.Itoa(n), Text: t.hideWords(n), Checked: n == now})
	}
	return look.Questions{Action: "/settings/hide", Body: []look.Part{
		look.Choices{Name: "after", Legend: t.say("field-settings.hide"), Hint: t.say("field-settings.hide-hint"), Options: all, Two: true},
		look.Button{Text: t.say("field-edit.save")}}}
}

func (t *turn) hideWords(seconds int) look.Text {
	switch {
	case seconds == 0:
		return t.say("field-settings.hide-never")
	case seconds < 60:
		return t.say("field-settings.hide-seconds", "n", seconds)
	}
	return t.say("field-settings.hide-minutes", "n", seconds/60)
}

// passphraseSection changes the passphrase, and says what it is worth here.
func (t *turn) passphraseSection(p clientsync.Protection, f *look.Form) look.Part {
	worth := t.say("field-start.strength-weak")
	if p.Hardware {
		worth = t.say("field-start.strength-hardware")
	}
	return look.Unfold{Summary: t.say("field-settings.passphrase"), Open: f != nil, Body: []look.Part{
		look.Para{Small: true, Text: worth},
		look.Para{Small: true, Soft: true, Text: look.Spaced(t.say("field-start.suggested"), look.Foreign("en", clientsync.SuggestPassphrase()))},
		look.Questions{Action: "/settings/passphrase", Body: []look.Part{
			t.passphraseInput("old", "field-settings.passphrase-old", "", f),
			t.passphraseInput("passphrase", "field-start.new-passphrase", "field-start.new-hint", f),
			t.passphraseInput("again", "field-start.once-more", "", f),
			look.Button{Text: t.say("field-settings.passphrase-do")}}}}}
}

func (t *turn) setLanguage(f *look.Form) error {
	look.SetLanguage(t.w, t.r, f.Value("language"))
	for _, tag := range look.Languages {
		if tag == f.Value("language") {
			t.keep(rememberedLanguage, tag)
		}
	}
	return t.to("/settings")
}

func (t *turn) setTheme(f *look.Form, back string) error {
	look.SetTheme(t.w, t.r, look.Theme(f.Value("theme")))
	return t.to(back)
}

func (t *turn) setHide(f *look.Form) error {
	for _, n := range hideChoices {
		if f.Value("after") == strconv.Itoa(n) {
			if err := t.client.Remember(t.ctx(), rememberedHide, []byte(f.Value("after"))); err != nil {
				return err
			}
		}
	}
	return t.to("/settings")
}

// setPassphrase changes what opens the folder.
func (t *turn) setPassphrase(f *look.Form) error {
	p, err := t.client.Protection()
	if err != nil {
		return err
	}
	if t.weak(f, p) {
		return t.showSettings(f)
	}
	if err := t.client.SetPassphrase(t.ctx(), f.Value("old"), f.Value("passphrase")); err != nil {
		if clientsync.CodeOf(err) != clientsync.Unauthenticated {
			return err
		}
		f.Refuse("old", t.say("field-settings.passphrase-wrong"))
		return t.showSettings(f)
	}
	return t.show(sheet{title: "field-settings.title", back: "/settings", tab: tabHome, body: []look.Part{
		look.Heading{Text: t.say("field-settings.passphrase")},
		look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-settings.passphrase-done")}}})
}

// quitNow locks, answers, and ends the program.
func (t *turn) quitNow(*look.Form) error {
	if t.quit == nil {
		return errEnded
	}
	defer t.quit()
	if err := t.lock(t.ctx()); err != nil {
		t.log.Error("the folder was not locked cleanly", "code", clientsync.CodeOf(err))
	}
	return t.showBare(http.StatusOK, "field-start.away", look.Heading{Text: t.say("field-settings.quit-done")})
}
