package fieldapp

import (
	"net/http"
	"strings"

	"github.com/daylight-npm/daylight/internal/guide"
	"github.com/daylight-npm/daylight/internal/look"
)

func (a *App) helpRoutes() {
	a.openPage("/help", (*turn).showGuide)
	a.openPage("/help/{chapter}", (*turn).showChapter)
	a.openPage("/help/picture/{lang}/{name}", (*turn).sendPicture)
}

// chapterOf is which chapter speaks of a page, by the part of the catalogue that its title
// is of.
var chapterOf = map[string]string{
	"field-start": "start", "field-home": "home", "field-settings": "home", "field-ready": "ready",
	"field-visit": "visit", "field-place": "visit", "field-access": "visit", "field-counts": "visit",
	"field-notes": "notes", "field-checklist": "checklist", "field-finding": "finding",
	"field-interview": "interview", "field-sealed": "interview",
	"field-two": "two", "field-history": "two", "field-send": "send", "field-submit": "submit", "field-review": "review",
}

// helpFor is where the guide speaks of a page.
func helpFor(title look.Key) string {
	part, _, _ := strings.Cut(string(title), ".")
	if part == "field-help" {
		return "" // this is it
	}
	if c := chapterOf[part]; c != "" {
		return "/help/" + c
	}
	return "/help"
}

// reader is whoever reads the guide here.
func (t *turn) reader() guide.Reader {
	return guide.Reader{Guide: theGuide(), Locale: t.locale, In: t.r.URL.Query().Get("in"), Width: pictureWidth, Height: pictureHeight}
}

// showGuide lists the chapters.
func (t *turn) showGuide() error {
	return t.showHelp(t.say("field-help.title"), "/",
		append([]look.Part{look.Heading{Text: t.say("field-help.title"), Under: t.say("field-help.under")}}, t.reader().Contents()...)...)
}

// showChapter shows one of them.
func (t *turn) showChapter() error {
	r := t.reader()
	title, parts, ok := r.Chapter(t.r.PathValue("chapter"), false)
	if !ok {
		return errEnded
	}
	return t.showHelp(title, r.Href(""), parts...)
}

// showHelp is a page of the guide: within the app, or alone while the folder is locked.
func (t *turn) showHelp(name look.Text, back string, body ...look.Part) error {
	if !t.client.Locked() {
		return t.show(sheet{title: "field-help.title", name: name, back: back, body: body})
	}
	text := t.say("field-help.contents")
	if back == "/" {
		text = t.say("shell.back")
	}
	leave := look.Button{Href: back, Text: text, Icon: look.IconBack, Kind: look.ButtonQuiet}
	return t.showBare(http.StatusOK, "field-help.title", append([]look.Part{leave}, append(body, leave)...)...)
}

// sendPicture sends a picture of the guide.
func (t *turn) sendPicture() error {
	b, ok := theGuide().Picture(t.r.PathValue("lang"), t.r.PathValue("name"))
	if !ok {
		return errEnded
	}
	t.w.Header().Set("Content-Type", "image/webp")
	_, err := t.w.Write(b)
	return err
}
