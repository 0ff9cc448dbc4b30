package fieldapp

import (
	"net/http"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
)

// Erasing takes two deliberate steps, and needs no passphrase: whoever has to do it may
// not have the time, or the words, to unlock.

func (a *App) wipeRoutes() {
	a.openPage("/wipe", (*turn).showWipe)
	a.openPage("/wipe/sure", func(t *turn) error { return t.showWipeSure(nil) })
	a.openPost("/wipe", (*turn).wipe)
}

// lossOf says what would go that nobody else has.
func (t *turn) lossOf() look.Part {
	n, err := t.client.Unsent(t.ctx())
	switch {
	case err != nil:
		return look.Note{Kind: look.NoteAttend, Heading: t.say("field-settings.loss-unknown"), Text: told(t.locale, known(err))}
	case n == 0:
		return look.Note{Kind: look.NoteSettled, Heading: t.say("field-settings.loss-none"), Text: t.say("field-settings.loss-none-body")}
	}
	note := look.Note{Kind: look.NoteUrgent, Heading: t.say("field-settings.loss", "n", n), Text: t.say("field-settings.loss-body")}
	if !t.client.Locked() {
		note.Body = []look.Part{look.Button{Text: t.say("field-settings.to-send"), Href: "/send"}}
	}
	return note
}

// wipeBack is where somebody goes who does not erase.
func (t *turn) wipeBack() string {
	if t.client.Locked() {
		return "/unlock"
	}
	return "/settings"
}

// showWipe is the first step: what would be lost.
func (t *turn) showWipe() error {
	return t.showBare(http.StatusOK, "field-settings.wipe",
		look.Heading{Text: t.say("field-settings.wipe"), Under: t.say("field-settings.wipe-body")},
		t.lossOf(),
		look.Points{Items: []look.Text{t.say("field-settings.wipe-1"), t.say("field-settings.wipe-2"), t.say("field-settings.wipe-3")}},
		look.Button{Text: t.say("field-settings.wipe-not"), Href: t.wipeBack(), Kind: look.ButtonMain, Wide: true},
		look.Button{Text: t.say("field-settings.wipe-on"), Href: "/wipe/sure", Kind: look.ButtonGrave, Icon: look.IconBin, Wide: true})
}

// showWipeSure is the second: a word has to be typed.
func (t *turn) showWipeSure(f *look.Form) error {
	return t.showBare(statusFor(f), "field-settings.wipe",
		look.Heading{Text: t.say("field-settings.wipe-sure"), Under: t.say("field-settings.wipe-sure-body")},
		t.lossOf(),
		look.Questions{Action: "/wipe", Body: []look.Part{
			look.Input{Name: "word", Label: t.say("field-settings.wipe-type", "word", look.Strong(t.say("field-settings.wipe-word"))),
				Error: fieldError(f, "word"), Required: true, Sensitive: true},
			look.Button{Text: t.say("field-settings.wipe-do"), Kind: look.ButtonGrave, Icon: look.IconBin, Wide: true}}},
		look.Button{Text: t.say("field-settings.wipe-not"), Href: t.wipeBack(), Wide: true})
}

// wipe destroys the folder.
func (t *turn) wipe(f *look.Form) error {
	if !strings.EqualFold(f.Trimmed("word"), t.say("field-settings.wipe-word").String()) {
		f.Refuse("word", t.say("field-settings.wipe-not-word"))
		return t.showWipeSure(f)
	}
	t.forget()
	if err := t.client.Wipe(t.ctx()); err != nil {
		return err
	}
	return t.showBare(http.StatusOK, "field-settings.wipe",
		look.Heading{Text: t.say("field-settings.wiped"), Under: t.say("field-settings.wiped-body")},
		look.Button{Text: t.say("field-settings.wiped-on"), Href: "/unlock", Kind: look.ButtonQuiet})
}
