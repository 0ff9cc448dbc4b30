package fieldapp

import (
	"net/http"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

// Before a border, what the office has is put away, so that less is here to be seen by
// whoever makes the person unlock.

func (a *App) travelRoutes() {
	a.page("/travel", func(t *turn) error { return t.showTravel(nil) })
	a.post("/travel", (*turn).travel)
	a.post("/travel/back", (*turn).comeBack)
}

// rememberedTravel says that something was put away and has not been asked back.
const rememberedTravel = "travel"

// showTravel says what goes and what stays, and, with done, what went.
func (t *turn) showTravel(done *clientsync.Travelled) error {
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Text: t.say("field-settings.travel"), Unseen: true, Under: t.say("field-settings.travel-body")}}
	if done != nil {
		body = append(body, t.travelled(done))
	}
	if t.kept(rememberedTravel) != "" {
		body = append(body, look.Note{Kind: look.NoteWatch, Text: t.say("field-settings.travelling"), Body: []look.Part{
			look.Button{Text: t.say("field-settings.travel-back"), Action: "/travel/back", Kind: look.ButtonMain}}})
	}
	body = append(body,
		look.Section{Heading: t.say("field-settings.goes"), Body: []look.Part{look.Points{Items: []look.Text{
			t.say("field-settings.goes-1"), t.say("field-settings.goes-2"), t.say("field-settings.goes-3"), t.say("field-settings.goes-4")}}}},
		look.Section{Heading: t.say("field-settings.stays"), Body: []look.Part{look.Points{Items: []look.Text{
			t.say("field-settings.stays-1"), t.say("field-settings.stays-2"), t.say("field-settings.stays-3")}}}})
	if s.Unsent > 0 {
		body = append(body, look.Note{Kind: look.NoteAttend, Text: t.say("field-settings.travel-unsent", "n", s.Unsent), Body: []look.Part{
			look.Button{Text: t.say("field-settings.to-send"), Href: "/send"}}})
	}
	body = append(body, look.Button{Text: t.say("field-settings.travel-do"), Action: "/travel", Wide: true})
	return t.showStatus(http.StatusOK, sheet{title: "field-settings.travel", back: "/settings", tab: tabHome, body: body})
}

func (t *turn) travelled(done *clientsync.Travelled) look.Part {
	n := look.Note{Kind: look.NoteSettled, Status: true, Heading: t.say("field-settings.put-away"),
		Text: t.say("field-settings.put-away-body", "records", done.Records, "changes", done.Changes), Under: t.say("field-settings.nothing-left")}
	if done.Kept > 0 {
		n.Under = t.say("field-settings.kept", "n", done.Kept)
	}
	return n
}

// travel puts away. What the app itself keeps goes along, but for what a person would miss
// at once, and the words that nobody has compared yet.
func (t *turn) travel(*look.Form) error {
	stays := map[string]string{rememberedTravel: "1"}
	for _, name := range []string{rememberedLanguage, rememberedHide, rememberedWords} {
		stays[name] = t.kept(name)
	}
	if t.kept(rememberedBySelf) != "" { // not said for a journey
		stays[rememberedBySelf] = bySelfAfter
	}
	done, err := t.client.Travel(t.ctx())
	if err != nil {
		return err
	}
	t.forget()
	for name, value := range stays {
		t.keep(name, value)
	}
	return t.showTravel(&done)
}

// comeBack has the next sync bring everything back.
func (t *turn) comeBack(*look.Form) error {
	if err := t.client.Return(t.ctx()); err != nil {
		return err
	}
	t.keep(rememberedTravel, "")
	if t.kept(rememberedBySelf) == bySelfAfter {
		t.keep(rememberedBySelf, bySelfYes)
	}
	return t.to("/send")
}
