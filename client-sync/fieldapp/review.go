package fieldapp

import (
	"slices"
	"strings"

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

// thread is a comment with what was answered to it, the oldest first.
type thread struct {
	root    *daylightv1.ReviewComment
	item    clientsync.Item
	answers []clientsync.Item
}

func (x thread) settled() bool { return x.root.GetSettled() }

// asks reports whether somebody waits for something: an answer, or a change.
func (x thread) asks() bool {
	return !x.settled() && (x.root.GetKind() == daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION || x.root.GetKind() == daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST)
}

// threads are the threads of a visit; of all that are here where it is empty.
func (t *turn) threads(visit string) (out []thread, err error) {
	answers := map[string][]clientsync.Item{}
	at := map[string]bool{}
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindReviewComment, Visit: visit}) {
		if err != nil {
			return nil, err
		}
		c := item.Message.(*daylightv1.ReviewComment)
		at[c.GetId()] = true
		if c.GetReplyTo() != "" {
			answers[c.GetReplyTo()] = append(answers[c.GetReplyTo()], item)
			continue
		}
		out = append(out, thread{root: c, item: item})
	}
	for i := range out {
		out[i].answers = answers[out[i].root.GetId()]
	}
	for to, lost := range answers { // the comment that they answer is not here
		if !at[to] {
			for _, item := range lost {
				out = append(out, thread{root: item.Message.(*daylightv1.ReviewComment), item: item})
			}
		}
	}
	for i := range out {
		slices.SortFunc(out[i].answers, func(a, b clientsync.Item) int { return strings.Compare(a.ID, b.ID) })
	}
	slices.SortStableFunc(out, func(a, b thread) int { return strings.Compare(b.root.GetId(), a.root.GetId()) }) // ids begin with their time
	return out, nil
}

// about reports whether the thread is about a record.
func (x thread) about(item clientsync.Item) bool {
	if x.root.GetAboutId() == "" { // of the visit as a whole
		return item.Kind == clientsync.KindVisit && x.root.GetVisitId() == item.ID
	}
	return x.root.GetAboutKind() == item.Kind.String() && x.root.GetAboutId() == item.ID
}

// returned reports whether a visit came back: it stands before it was handed in again, and
// either somebody asks for something, or it was handed in from here.
func (t *turn) returned(visit clientsync.Item, of []thread) bool {
	v, is := visit.Message.(*daylightv1.Visit)
	if !is || v.GetState() != daylightv1.VisitState_VISIT_STATE_CONSOLIDATED {
		return false
	}
	if slices.ContainsFunc(of, func(x thread) bool {
		return x.root.GetVisitId() == visit.ID && x.root.GetKind() == daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST
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
				Under: t.say("field-review.asks", "n", countOf(all, func(x thread) bool { return x.root.GetVisitId() == item.ID && x.asks() })), Tags: []look.Tag{look.StandingTag(t.locale, look.StandingReturned)}})
		}
	}
	for _, x := range all {
		if row := t.threadRow(x); x.settled() {
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
	row := look.Row{Href: t.href(x.item.Kind, x.item.ID), Text: look.Typed(recordpage.FirstWords(x.root.GetText(), 140)), Words: true,
		Under: look.Dotted(t.aboutName(x), t.author(x.root)), Tags: t.threadTags(x)}
	if n := len(x.answers); n > 0 {
		row.Under = look.Dotted(row.Under, t.say("field-review.answers", "n", n))
	}
	return row
}

func (t *turn) threadTags(x thread) (out []look.Tag) {
	if k := x.root.GetKind(); k != 0 {
		tag := look.Tag{Text: t.code("REVIEW_COMMENT_KIND", k.String())}
		if x.asks() {
			tag.Kind, tag.Icon = look.TagAttend, look.IconAlert
		}
		out = append(out, tag)
	}
	if x.settled() {
		out = append(out, look.Tag{Kind: look.TagSettled, Icon: look.IconCheck, Text: t.say("field-review.is-settled")})
	}
	return out
}

// aboutName names what a thread is about: the record, and its field.
func (t *turn) aboutName(x thread) look.Text {
	item, ok := t.aboutItem(x.root)
	if !ok {
		if kind, err := clientsync.ParseKind(x.root.GetAboutKind()); err == nil {
			return t.kindWords(kind)
		}
		return nil
	}
	if x.root.GetAboutField() == "" {
		return t.nameWords(item)
	}
	return look.Dotted(t.nameWords(item), t.pathWords(item.Kind, x.root.GetAboutField(), x.root.GetAboutKey()))
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
		all = slices.DeleteFunc(all, func(x thread) bool { return !x.about(item) })
	}
	body := []look.Part{look.Heading{Over: t.nameWords(item), Text: t.say("field-review.heading"), Under: t.say("field-review.asks", "n", countOf(all, thread.asks))}}
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
	case x.asks():
		return 0
	case !x.settled():
		return 1
	}
	return 2
}

// threadLeaf is a thread among others: what was said, and the way to answer.
func (t *turn) threadLeaf(x thread) look.Part {
	body := t.said(x)
	links := []look.Part{look.Button{Text: t.say("field-review.answer"), Href: t.href(x.item.Kind, x.item.ID), Icon: look.IconPen}}
	if href := t.fieldHref(x.root); href != "" {
		links = append(links, look.Button{Text: t.say("field-review.to-field"), Href: href, Kind: look.ButtonQuiet, Further: true})
	}
	return look.Leaf{Over: t.aboutName(x), Heading: t.threadHeading(x), Body: append(body, look.Cluster{Body: links})}
}

func (t *turn) threadHeading(x thread) look.Text {
	if x.settled() {
		return t.say("field-review.is-settled")
	}
	if k := x.root.GetKind(); k != 0 {
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
