package console

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// What is said about a record, in threads: devices show each beside its field, and answers
// come from there.

// threads are those that a filter finds; the newest, where there are very many.
func (t *turn) threads(filter store.CommentFilter) ([]recordpage.Thread, error) {
	page, err := t.records().List(t.ctx(), record.ReviewComment, store.Query{Filter: filter, PageSize: store.MaxPage, NewestFirst: true})
	if err != nil {
		return nil, err
	}
	var all []*daylightv1.ReviewComment
	for _, item := range page.Items {
		all = append(all, item.Message.(*daylightv1.ReviewComment))
	}
	return recordpage.Threads(all), nil
}

// threadOf is the thread that a comment begins or stands in.
func (t *turn) threadOf(c *daylightv1.ReviewComment) (x recordpage.Thread, err error) {
	root := c
	if c.GetReplyTo() != "" {
		item, err := t.itemOf(record.ReviewComment, c.GetReplyTo())
		if err == nil {
			root = item.Message.(*daylightv1.ReviewComment)
		} else if !gone(err) {
			return x, err
		}
	}
	id, err := record.ParseID(root.GetId())
	if err != nil {
		return x, store.ErrNotFound
	}
	page, err := t.records().List(t.ctx(), record.ReviewComment, store.Query{Filter: store.CommentFilter{ReplyTo: id}, PageSize: store.MaxPage})
	if err != nil {
		return x, err
	}
	x.Root = root
	for _, item := range page.Items {
		x.Answers = append(x.Answers, item.Message.(*daylightv1.ReviewComment))
	}
	return x, nil
}

// threadRow is a thread in one line.
func (t *turn) threadRow(x recordpage.Thread) look.Row {
	row := look.Row{Href: "/comments/" + x.Root.GetId(), Text: look.Typed(recordpage.FirstWords(x.Root.GetText(), 140)), Words: true, Under: t.aboutWords(x.Root), Tags: t.threadTags(x)}
	if x.Root.GetAuthor() != "" {
		row.Under = look.Dotted(row.Under, look.Typed(x.Root.GetAuthor()))
	}
	if n := len(x.Answers); n > 0 {
		row.Under = look.Dotted(row.Under, t.say("field-review.answers", "n", n))
	}
	return row
}

func (t *turn) threadTags(x recordpage.Thread) (out []look.Tag) {
	if x.Root.GetKind() != 0 {
		tag := look.Tag{Text: t.enum(x.Root.GetKind())}
		if x.Asks() {
			tag.Kind, tag.Icon = look.TagAttend, look.IconAlert
		}
		out = append(out, tag)
	}
	if x.Settled() {
		out = append(out, look.Tag{Kind: look.TagSettled, Icon: look.IconCheck, Text: t.say("field-review.is-settled")})
	}
	return out
}

// aboutKind is the kind and id of the record that a comment is about.
func aboutKind(c *daylightv1.ReviewComment) (record.Kind, string) {
	if c.GetAboutId() == "" {
		return record.Visit, c.GetVisitId()
	}
	kind, err := record.ParseKind(c.GetAboutKind())
	if err != nil {
		return 0, ""
	}
	return kind, c.GetAboutId()
}

// aboutWords name what a comment is about: the record, and its field.
func (t *turn) aboutWords(c *daylightv1.ReviewComment) look.Text {
	kind, id := aboutKind(c)
	if kind == 0 {
		return nil
	}
	name := look.Dotted(t.saying().Kind(kind))
	if kind != record.Visit {
		name = t.named(kind.String(), id)
	}
	if c.GetAboutField() != "" {
		name = look.Dotted(name, t.saying().Path(kind, c.GetAboutField(), c.GetAboutKey()))
	}
	return name
}

// voices are what was said in a thread.
func (t *turn) voices(x recordpage.Thread) (out []look.Part, err error) {
	for _, c := range append([]*daylightv1.ReviewComment{x.Root}, x.Answers...) {
		v, err := t.voice(c)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// voice is one comment, by whoever wrote its text, as their certificate names them.
func (t *turn) voice(c *daylightv1.ReviewComment) (look.Voice, error) {
	v := look.Voice{Whose: look.Theirs, Who: look.Typed(c.GetAuthor()), Words: look.Typed(c.GetText())}
	e, err := t.writtenBy(c)
	if err != nil || e == nil {
		return v, err
	}
	p := t.entryPen(e)
	v.Who, v.When = t.whoSays(p), look.Dotted(t.locale.When(atMS(e.GetWrittenAt())), t.whereSays(p))
	if p.own {
		v.Whose = look.Mine
	}
	if e.GetClockSuspect() {
		v.Under = t.say("field-two.clock-doubt")
	}
	return v, nil
}

// writtenBy finds the change that set a comment's text; nil where the history does not say.
func (t *turn) writtenBy(c *daylightv1.ReviewComment) (*daylightv1.HistoryEntry, error) {
	past, err := t.past(record.ReviewComment, c.GetId())
	if err != nil {
		return nil, err
	}
	return lastSetting(past, "text", c.GetText()), nil
}

// threadLeaf is a thread among others, with the way to answer.
func (t *turn) threadLeaf(x recordpage.Thread) (look.Part, error) {
	body, err := t.voices(x)
	if err != nil {
		return nil, err
	}
	about := t.say("office-review.of-the-whole")
	if field := x.Root.GetAboutField(); field != "" {
		kind, _ := aboutKind(x.Root)
		about = t.saying().Path(kind, field, x.Root.GetAboutKey())
	}
	head := look.Cluster{Body: []look.Part{look.Para{Label: true, Text: about}}}
	for _, tag := range t.threadTags(x) {
		head.Body = append(head.Body, tag)
	}
	answer := look.Button{Text: t.say("office-review.answer"), Href: "/comments/" + x.Root.GetId(), Icon: look.IconPen}
	return look.Leaf{Body: slices.Concat([]look.Part{head}, body, []look.Part{look.Cluster{Body: []look.Part{answer}}})}, nil
}

// aboutHref leads to where something is said about a record, or about one of its fields.
func aboutHref(kind record.Kind, id, field string) string {
	return with("/comments/new", "kind", kind.String(), "id", id, "field", field)
}
