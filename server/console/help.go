package console

import (
	"embed"
	"net/http"
	"sync"

	"github.com/daylight-npm/daylight/internal/guide"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/server/signin"
)

// The guide for the office: the first week, from init to the first recommendation that is
// issued. Nothing in it is anybody's, so whoever cannot sign in can read it too.

//go:embed guide
var guideFiles embed.FS

// theGuide is read once.
var theGuide = sync.OnceValue(func() *guide.Guide { return guide.Embedded(guideFiles, "guide") })

// Pictures of the pages are of one size.
const (
	pictureWidth  = 800
	pictureHeight = 560
)

func (c *Console) helpRoutes() {
	c.rail = append(c.rail, way{href: "/help", icon: look.IconHelp, name: "office-help.title"})
	c.open("/help", (*turn).showGuide)
	c.open("/help/{chapter}", (*turn).showChapter)
	c.open("/help/picture/{lang}/{name}", (*turn).sendPicture)
}

func (t *turn) reader() guide.Reader {
	return guide.Reader{Guide: theGuide(), Locale: t.locale, In: t.r.URL.Query().Get("in"), Width: pictureWidth, Height: pictureHeight}
}

func (t *turn) showGuide() error {
	return t.showHelp(sheet{title: t.say("office-help.title"), lede: t.say("office-help.lede"), body: t.reader().Contents()})
}

func (t *turn) showChapter() error {
	r := t.reader()
	title, parts, ok := r.Chapter(t.r.PathValue("chapter"), true)
	if !ok {
		return errNotFound
	}
	return t.showHelp(sheet{title: t.say("office-help.title"), heading: title, crumbs: []look.Link{{Href: r.Href(""), Text: t.say("office-help.title")}}, body: parts})
}

// showHelp is a page of the guide: among the others, or alone for whoever has not signed in.
func (t *turn) showHelp(s sheet) error {
	s.here = "/help"
	if t.session != nil && t.session.Stage == signin.Full {
		return t.show(s)
	}
	heading := s.heading
	if heading == nil {
		heading = s.title
	}
	return t.showBare(s.title, append([]look.Part{look.Heading{Text: heading, Under: s.lede}}, s.body...)...)
}

// sendPicture sends a picture of the guide.
func (t *turn) sendPicture() error {
	b, ok := theGuide().Picture(t.r.PathValue("lang"), t.r.PathValue("name"))
	if !ok {
		return errNotFound
	}
	t.w.Header().Set("Content-Type", "image/webp")
	t.w.WriteHeader(http.StatusOK)
	_, err := t.w.Write(b)
	return err
}
