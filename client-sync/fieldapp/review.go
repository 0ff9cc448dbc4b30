package fieldapp

import (
	"slices"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the office says of what was handed in: comments at their field, questions and
// requests, visits that came back. A person answers in the thread, changes the record, and
// says that it is settled.

func (a *App) reviewRoutes() {
	a.page("/review", (*turn).listReview)
	a.ofRecord(0, "review", (*turn).showReview)
	a.ofRecord(clientsync.KindReviewComment, "", (*turn).showThread)
	a.onRecord(clientsync.KindReviewComment, "answer", (*turn).answerComment)
}

// thread is a thread with the records that it stands in.
type thread struct {
	recordpage.Thread
	item    clientsync.Item
	answers []clientsync.Item
}

// threads are the threads of a visit; of all that are here where it is empty.
func (t *turn) threads(visit string) (out []thread, err error) {
	items := map[string]clientsync.Item{}
	var all []*daylightv1.ReviewComment
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindReviewComment, Visit: visit}) {
		if err != nil {
			return nil, err
		}
		c := item.Message.(*daylightv1.ReviewComment)
		items[c.GetId()], all = item, append(all, c)
	}
	for _, x := range recordpage.Threads(all) {
		one := thread{Thread: x, item: items[x.Root.GetId()]}
		for _, a := range x.Answers {
			one.answers = append(one.answers, items[a.GetId()])
		}
		out = append(out, one)
	}
	return out, nil
}

// returned reports whether a visit came back: it stands before it was handed in again, and
// either somebody asks for something, or it was handed in from here.
func (t *turn) returned(visit clientsync.Item, of []thread) bool {
	v, is := visit.Message.(*daylightv1.Visit)
	if !is || v.GetState() != daylightv1.VisitState_VISIT_STATE_CONSOLIDATED {
		return false
	}
	if slices.ContainsFunc(of, func(x thread) bool {
		return x.Root.GetVisitId() == visit.ID && x.Root.GetKind() == daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST
	}) {
		return true
	}
	h, err := t.client.History(t.ctx(), visit.Kind, visit.ID)
	if err != nil {
		return false
	}
	for _, c := range h.Changes {
		for _, e := range c.GetEdits() {
			if e.GetField() == "state" && recordpage.Unquoted(e.GetJson()) == "VISIT_STATE_SUBMITTED" && c.GetDecision() != "refused" {
				return true
			}
		}
	}
	return false
}

// listReview lists the visits that came back, and what is asked.
func (t *turn) listReview() error {
	all, err := t.threads("")
	if err != nil {
		return err
	}
	var visits, open, done []look.Row
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindVisit}) {
		if err != nil {
			return err
		}
		if t.returned(item, all) {
			visits = append(visits, look.Row{Href: t.href(item.Kind, item.ID, "review"), Lead: look.Symbol{Icon: look.IconVisit}, Text: t.called(item), Words: true,
				Under: t.say("field-review.asks", "n", countOf(all, func(x thread) bool { return x.Root.GetVisitId() == item.ID && x.Asks() })), Tags: []look.Tag{look.StandingTag(t.locale, look.StandingReturned)}})
		}
	}
	for _, x := range all {
		if row := t.threadRow(x); x.Settled() {
			done = append(done, row)
		} else {
			open = append(open, row)
		}
	}
	body := []look.Part{look.Heading{Text: t.say("field-review.title"), Under: t.say("field-review.lede")}}
	if len(visits)+len(open)+len(done) == 0 {
		body = append(body, look.Empty{Text: t.say("field-review.none"), Under: t.say("field-review.none-under")})
	}
	for _, s := range []struct {
		heading look.Key
		rows    []look.Row
	}{{"field-review.returned", visits}, {"field-review.open", open}, {"field-review.settled", done}} {
		if len(s.rows) > 0 {
			body = append(body, look.Section{Heading: t.say(s.heading), Body: []look.Part{look.Rows{Items: s.rows}}})
		}
	}
	return t.show(sheet{title: "field-review.title", back: "/", tab: tabHome, body: body})
}

func countOf(all []thread, is func(thread) bool) (n int) {
	for _, x := range all {
		if is(x) {
			n++
		}
	}
	return n
}

// threadRow is a thread in one line.
func (t *turn) threadRow(x thread) look.Row {
	row := look.Row{Href: t.href(x.item.Kind, x.item.ID), Text: look.Typed(recordpage.FirstWords(x.Root.GetText(), 140)), Words: true,
		Under: look.Dotted(t.aboutName(x), t.author(x.Root)), Tags: t.threadTags(x)}
	if n := len(x.answers); n > 0 {
		row.Under = look.Dotted(row.Under, t.say("field-review.answers", "n", n))
	}
	return row
}

func (t *turn) threadTags(x thread) (out []look.Tag) {
	if k := x.Root.GetKind(); k != 0 {
		tag := look.Tag{Text: t.code("REVIEW_COMMENT_KIND", k.String())}
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

// aboutName names what a thread is about: the record, and its field.
func (t *turn) aboutName(x thread) look.Text {
	item, ok := t.aboutItem(x.Root)
	if !ok {
		if kind, err := clientsync.ParseKind(x.Root.GetAboutKind()); err == nil {
			return t.kindWords(kind)
		}
		return nil
	}
	if x.Root.GetAboutField() == "" {
		return t.nameWords(item)
	}
	return look.Dotted(t.nameWords(item), t.pathWords(item.Kind, x.Root.GetAboutField(), x.Root.GetAboutKey()))
}

// aboutItem is the record that a comment is about; false for one that is not here.
func (t *turn) aboutItem(c *daylightv1.ReviewComment) (clientsync.Item, bool) {
	kind, id := clientsync.KindVisit, c.GetVisitId()
	if c.GetAboutId() != "" {
		var err error
		if kind, err = clientsync.ParseKind(c.GetAboutKind()); err != nil {
			return clientsync.Item{}, false
		}
		id = c.GetAboutId()
	}
	item, err := t.client.Get(t.ctx(), kind, id)
	return item, err == nil
}

// author names who wrote a comment: as it says itself, else as its certificate does.
func (t *turn) author(c *daylightv1.ReviewComment) look.Text {
	own, person := t.wrote(c)
	if own || person != "" {
		return t.person(own, person)
	}
	if c.GetAuthor() != "" {
		return look.Typed(c.GetAuthor())
	}
	return t.say("field-review.somebody")
}

// wrote says who set a comment's text.
func (t *turn) wrote(c *daylightv1.ReviewComment) (own bool, person string) {
	h, err := t.client.History(t.ctx(), clientsync.KindReviewComment, c.GetId())
	if err != nil {
		return false, ""
	}
	for _, o := range h.Current {
		if o.Field == "text" {
			return o.Own, o.Person
		}
	}
	return false, ""
}

// showReview is what is said about one record; of a visit, about all that belongs to it.
func (t *turn) showReview(item clientsync.Item) error {
	all, err := t.threads(visitBehind(item))
	if err != nil {
		return err
	}
	if item.Kind != clientsync.KindVisit {
		all = slices.DeleteFunc(all, func(x thread) bool { return !x.About(item.Kind, item.ID) })
	}
	body := []look.Part{look.Heading{Over: t.nameWords(item), Text: t.say("field-review.heading"), Under: t.say("field-review.asks", "n", countOf(all, thread.Asks))}}
	if t.returned(item, all) {
		body = append(body, look.Note{Kind: look.NoteAttend, Icon: look.IconBack, Heading: t.say("field-review.came-back"), Text: t.say("field-review.came-back-body")})
	}
	if len(all) == 0 {
		body = append(body, look.Empty{Text: t.say("field-review.none"), Under: t.say("field-review.none-under")})
	}
	slices.SortStableFunc(all, func(a, b thread) int { return askedFirst(a) - askedFirst(b) })
	for _, x := range all {
		body = append(body, t.threadLeaf(x))
	}
	return t.show(sheet{title: "field-review.title", back: t.backFrom(item), tab: tabVisit, body: body})
}

// askedFirst sets what is asked first and what is settled last.
func askedFirst(x thread) int {
	switch {
	case x.Asks():
		return 0
	case !x.Settled():
		return 1
	}
	return 2
}

// threadLeaf is a thread among others: what was said, and the way to answer.
func (t *turn) threadLeaf(x thread) look.Part {
	body := t.said(x)
	links := []look.Part{look.Button{Text: t.say("field-review.answer"), Href: t.href(x.item.Kind, x.item.ID), Icon: look.IconPen}}
	if href := t.fieldHref(x.Root); href != "" {
		links = append(links, look.Button{Text: t.say("field-review.to-field"), Href: href, Kind: look.ButtonQuiet, Further: true})
	}
	return look.Leaf{Over: t.aboutName(x), Heading: t.threadHeading(x), Body: append(body, look.Cluster{Body: links})}
}

func (t *turn) threadHeading(x thread) look.Text {
	if x.Settled() {
		return t.say("field-review.is-settled")
	}
	if k := x.Root.GetKind(); k != 0 {
		return t.code("REVIEW_COMMENT_KIND", k.String())
	}
	return t.say("field-review.comment")
}

// fieldHref leads to the field that a comment is about.
func (t *turn) fieldHref(c *daylightv1.ReviewComment) string {
	item, ok := t.aboutItem(c)
	if !ok || t.backFrom(item) == "/" {
		return ""
	}
	href := t.href(item.Kind, item.ID)
	if field := c.GetAboutField(); field != "" && c.GetAboutKey() == "" { // an element's id stays out of addresses
		href += "#" + look.FieldID(field)
	}
	return href
}

// said are the voices of a thread.
func (t *turn) said(x thread) (out []look.Part) {
	out = append(out, t.voice(x.item))
	for _, a := range x.answers {
		out = append(out, t.voice(a))
	}
	return out
}

func (t *turn) voice(item clientsync.Item) look.Part {
	c := item.Message.(*daylightv1.ReviewComment)
	own, _ := t.wrote(c)
	v := look.Voice{Whose: look.Theirs, Who: t.author(c), Words: look.Typed(c.GetText())}
	if own {
		v.Whose = look.Mine
	}
	if h, err := t.client.History(t.ctx(), item.Kind, item.ID); err == nil {
		for _, o := range h.Current {
			if o.Field == "text" {
				v.When = t.locale.When(o.Written)
				if o.ClockSuspect {
					v.Under = t.say("field-two.clock-doubt")
				}
			}
		}
	}
	return v
}
