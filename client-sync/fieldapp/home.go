package fieldapp

import (
	"slices"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (a *App) homeRoutes() {
	a.page("/{$}", (*turn).showHome)
	a.post("/find", (*turn).find)
}

// showHome is where a person begins: where they were, their visits, and how the device
// stands with the office.
func (t *turn) showHome() error {
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return err
	}
	visits, err := t.visits()
	if err != nil {
		return err
	}
	asked, err := t.asked()
	if err != nil {
		return err
	}
	received, err := t.client.Received(t.ctx())
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Text: t.say("field-home.title"), Unseen: true}}
	body = append(body, t.homeNotes(s)...)
	if part := t.goOn(); part != nil {
		body = append(body, part)
	}
	body = append(body, t.twoVersions(s)...)
	body = append(body, t.visitsPart(visits), t.countsPart(s, received, visits, asked))
	body = append(body, t.askedPart(asked)...)
	body = append(body, t.findPart(""), look.Rows{Items: t.homeRows()})
	return t.show(sheet{title: "field-home.title", name: t.locale.Weekday(t.locale.Now), tab: tabHome, body: body})
}

// homeRows lead to what is not of today. Who is on the office's list of readers has the desk
// at hand; others, who may open what they sealed themselves, find it among the settings.
func (t *turn) homeRows() (rows []look.Row) {
	list, err := t.client.Readers(clientsync.Quietly(t.ctx()))
	if err == nil && slices.ContainsFunc(list.Readers, func(r clientsync.Reader) bool { return r.Own }) {
		rows = append(rows, look.Row{Href: "/desk", Lead: look.Symbol{Icon: look.IconLetter}, Text: t.say("field-sealed.desk"), Under: t.say("field-settings.desk-under")})
	}
	return append(rows, look.Row{Href: "/settings", Lead: look.Symbol{Icon: look.IconDevice}, Text: t.say("field-settings.title"), Under: t.say("field-home.settings-under")})
}

// homeNotes say what stands in the way of sending anything, and what travel has put away.
func (t *turn) homeNotes(s clientsync.Status) (out []look.Part) {
	switch words := t.kept(rememberedWords); {
	case words != "":
		out = append(out, look.Note{Kind: look.NoteAttend, Text: t.say("field-home.words"), Body: []look.Part{
			look.Button{Text: t.say("field-home.words-do"), Href: "/enrol"}}})
	case s.Office == "" && s.Server == "":
		out = append(out, look.Note{Kind: look.NoteWatch, Text: t.say("field-home.alone"), Body: []look.Part{
			look.Button{Text: t.say("field-start.enrol"), Href: "/enrol"}}})
	case s.Waiting:
		out = append(out, look.Note{Kind: look.NoteWatch, Text: t.say("field-start.waiting-body")})
	}
	if t.kept(rememberedTravel) != "" {
		out = append(out, look.Note{Kind: look.NotePlain, Icon: look.IconLeave, Text: t.say("field-home.travelling", "to", look.To("/travel", t.say("field-settings.travel")))})
	}
	return out
}

// goOn leads to the field that a person was in.
func (t *turn) goOn() look.Part {
	w, ok := t.was(t.ctx())
	if !ok {
		return nil
	}
	item, err := t.client.Get(t.ctx(), w.Kind, w.ID)
	if err != nil || item.Removed {
		return nil
	}
	href := t.href(w.Kind, w.ID, w.Page)
	if w.Field != "" {
		href += "#" + look.FieldID(w.Field)
	}
	kind := t.kindWords(w.Kind)
	if v := onVisit(item.Message); v != "" {
		kind = look.Dotted(kind, t.visitName(v))
	}
	return look.Leaf{Lit: true, Words: true, Over: t.say("field-home.continue", "when", t.locale.ClockOrWhen(w.At)), Heading: t.called(item), Body: []look.Part{
		look.Para{Small: true, Soft: true, Text: kind},
		look.Button{Text: t.say("field-home.continue-do"), Href: href, Kind: look.ButtonMain, Wide: true, Further: true}}}
}

// twoVersions is the banner for what two people wrote without knowing of each other.
func (t *turn) twoVersions(s clientsync.Status) []look.Part {
	if s.Conflicts == 0 {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteTwo, Heading: t.say("field-home.two", "n", s.Conflicts), Text: t.say("field-home.two-body"), Body: []look.Part{
		look.Button{Text: t.say("field-edit.compare"), Href: "/two", Kind: look.ButtonQuiet}}}}
}

// asked are comments of review that wait for an answer.
func (t *turn) asked() (out []clientsync.Item, err error) {
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindReviewComment}) {
		if err != nil {
			return nil, err
		}
		c := item.Message.(*daylightv1.ReviewComment)
		if !c.GetSettled() && c.GetReplyTo() == "" && c.GetKind() != daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK {
			out = append(out, item)
		}
	}
	return out, nil
}

func (t *turn) askedPart(asked []clientsync.Item) []look.Part {
	rows := []look.Row{}
	for _, item := range asked[:min(len(asked), mostListed)] {
		c := item.Message.(*daylightv1.ReviewComment)
		kind, err := clientsync.ParseKind(c.GetAboutKind())
		if err != nil {
			continue
		}
		about, err := t.client.Get(t.ctx(), kind, c.GetAboutId())
		if err != nil {
			continue
		}
		rows = append(rows, look.Row{Href: t.href(kind, about.ID, "review"), Lead: look.Symbol{Icon: look.IconPen}, Text: t.called(about), Words: true,
			Under: look.Spaced(t.say("field-home.asks"), look.Typed(inOneLine(c.GetText())))})
	}
	if len(rows) == 0 {
		return nil
	}
	return []look.Part{look.Section{Heading: t.say("field-home.for-you"), Body: []look.Part{look.Rows{Items: rows}}}}
}
