package console

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// openness is what is left to be done about a visit before it can go on.
type openness struct {
	*beside
	findings []store.Item
	// more: there are findings beyond those that were read.
	more    bool
	threads []recordpage.Thread
	past    []*daylightv1.HistoryEntry
	// late is what came from devices after the visit was handed in, the newest first.
	late []store.Arrival
	// severities counts the findings that ask for one, undecided those without a decision.
	severities, undecided int
}

// open reads what is open.
func (b *beside) open() (*openness, error) {
	o := &openness{beside: b}
	id, err := record.ParseID(b.visitID())
	if err != nil {
		return nil, store.ErrNotFound
	}
	if b.rights.Reads(record.Finding) != access.None {
		page, err := b.records().List(b.ctx(), record.Finding, store.Query{Filter: store.FindingFilter{Visit: id}, PageSize: store.MaxPage})
		if err != nil {
			return nil, err
		}
		o.findings, o.more = page.Items, page.Next != ""
	}
	if b.rights.Reads(record.ReviewComment) != access.None {
		if o.threads, err = b.threads(store.CommentFilter{Visit: id}); err != nil {
			return nil, err
		}
	}
	for _, item := range o.findings {
		b.met(item.Message) // for what is said about them
		if f := item.Message.(*daylightv1.Finding); asksSeverity(f) {
			o.severities++
			if f.SeverityDecided == nil {
				o.undecided++
			}
		}
	}
	if o.past, err = b.past(record.Visit, b.visitID()); err != nil {
		return nil, err
	}
	o.late, err = b.lateSince(o.past)
	return o, err
}

// asksSeverity: severity is for concerns, and for what the team proposed one.
func asksSeverity(f *daylightv1.Finding) bool {
	return f.GetKind() == 0 || f.GetKind() == daylightv1.FindingKind_FINDING_KIND_CONCERN || f.SeverityProposed != nil
}

// lateSince gives what devices changed after the visit was handed in. While it is with its
// team nothing is late.
func (b *beside) lateSince(past []*daylightv1.HistoryEntry) ([]store.Arrival, error) {
	handed := handedIn(past)
	if handed == nil || b.visit.GetState() < daylightv1.VisitState_VISIT_STATE_SUBMITTED {
		return nil, nil
	}
	id, err := record.ParseID(b.visitID())
	if err != nil {
		return nil, store.ErrNotFound
	}
	return b.records().Desk().Arrivals(b.ctx(), id, handed.GetPosition())
}

func handedIn(past []*daylightv1.HistoryEntry) *daylightv1.HistoryEntry {
	return lastSetting(past, "state", daylightv1.VisitState_VISIT_STATE_SUBMITTED.String())
}

// standing says who handed it in, who took it, and how far the decisions are.
func (b *beside) standing(o *openness) []look.Part {
	facts := look.Facts{Leaf: true}
	add := func(key look.Key, e *daylightv1.HistoryEntry) {
		if e != nil {
			facts.Items = append(facts.Items, look.Fact{Name: b.say(key), Value: look.Dotted(b.whoSays(b.entryPen(e)), b.locale.When(atMS(e.GetReceivedAt())))})
		}
	}
	handed := handedIn(o.past)
	add("office-review.handed-in", handed)
	taken := lastSetting(o.past, "state", daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW.String())
	if taken != nil && (handed == nil || taken.GetPosition() > handed.GetPosition()) {
		add("office-review.reviewer", taken)
	}
	out := []look.Part{}
	if len(facts.Items) > 0 {
		out = append(out, facts)
	}
	if o.severities > 0 {
		done := b.say("office-review.decided", "n", o.severities, "of", o.severities-o.undecided)
		out = append(out, look.Flow{Tight: true, Body: []look.Part{look.Para{Small: true, Text: done}, look.Progress{Value: o.severities - o.undecided, Max: o.severities, Label: done}}})
	}
	return out
}

// mostRows is how many findings a page shows.
const mostRows = 50

// sections are what is open, what asks first.
func (o *openness) sections() []look.Part {
	out := o.askedSection()
	if o.rights.Reads(record.Finding) == access.None {
		out = append(out, look.Para{Soft: true, Text: o.say("office-review.no-findings-for-you")})
	} else {
		out = append(out, o.findingSection())
	}
	return append(out, o.lateSection()...)
}

// askedSection are the threads in which somebody waits, and those that are not settled.
func (o *openness) askedSection() []look.Part {
	var open []recordpage.Thread
	for _, x := range o.threads {
		if !x.Settled() {
			open = append(open, x)
		}
	}
	slices.SortStableFunc(open, func(a, b recordpage.Thread) int { return b2i(b.Asks()) - b2i(a.Asks()) })
	rows := look.Rows{}
	for _, x := range open[:min(len(open), mostRows)] {
		rows.Items = append(rows.Items, o.threadRow(x))
	}
	if len(rows.Items) == 0 {
		return nil
	}
	section := look.Section{Heading: o.say("office-review.asked"), Body: []look.Part{rows}}
	if more := len(open) - len(rows.Items); more > 0 {
		section.Body = append(section.Body, look.Para{Small: true, Soft: true, Text: o.say("office-review.more-comments", "n", more)})
	}
	return []look.Part{section}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// needs reports whether something about a finding waits for a person.
func (o *openness) needs(item store.Item) bool {
	f := item.Message.(*daylightv1.Finding)
	return asksSeverity(f) && f.SeverityDecided == nil || len(item.Status.GetConflicts()) > 0 || o.isLate(f.GetId()) ||
		slices.ContainsFunc(o.threads, func(x recordpage.Thread) bool { return !x.Settled() && x.About(record.Finding, f.GetId()) })
}

func (o *openness) isLate(id string) bool {
	return slices.ContainsFunc(o.late, func(a store.Arrival) bool { return a.ID.String() == id })
}

// findingSection lists the findings: those about which something is open, or all.
func (o *openness) findingSection() look.Part {
	all := o.r.URL.Query().Get("show") == "all"
	items := o.findings
	if !all {
		items = slices.DeleteFunc(slices.Clone(items), func(i store.Item) bool { return !o.needs(i) })
	}
	here := "/visits/" + o.visitID() + "/review"
	section := look.Section{Heading: o.say("office-review.findings"), Body: []look.Part{look.Anchors{Name: o.say("office-review.which"), Links: []look.Link{
		{Href: here, Text: o.say("office-review.open-only"), Current: !all}, {Href: with(here, "show", "all"), Text: o.say("office-review.all"), Current: all}}}}}
	if len(items) == 0 {
		empty := look.Empty{Text: o.say("office-review.nothing-open"), Under: o.say("office-review.nothing-open-under")}
		if len(o.findings) == 0 {
			empty = look.Empty{Text: o.say("office-review.no-findings"), Under: o.say("office-review.no-findings-under")}
		}
		section.Body = append(section.Body, empty)
		return section
	}
	from, _ := strconv.Atoi(o.r.URL.Query().Get("from"))
	from = max(0, min(from, len(items)-1))
	to := min(from+mostRows, len(items))
	section.Body = append(section.Body, o.findingTable(items[from:to]))
	if from > 0 || to < len(items) {
		section.Body = append(section.Body, o.findingPager(here, all, from, to, len(items)))
	}
	if o.more {
		section.Body = append(section.Body, look.Para{Small: true, Soft: true, Text: o.say("office-review.only-first", "n", len(o.findings))})
	}
	return section
}

func (o *openness) findingPager(here string, all bool, from, to, n int) look.Part {
	p := look.Pager{From: from + 1, To: to, N: n}
	show := ""
	if all {
		show = "all"
	}
	if to < n {
		p.Later = with(here, "show", show, "from", strconv.Itoa(to))
	}
	if from > 0 {
		p.Earlier = with(here, "show", show, "from", strconv.Itoa(max(0, from-mostRows)))
	}
	return p
}

func (o *openness) findingTable(items []store.Item) look.Part {
	table := look.Ledger{Stack: true, Caption: o.say("office-review.findings-caption"), Head: []look.Column{
		{Text: o.say("office-review.finding")}, {Text: o.say("office-review.severity")}, {Text: o.saying().Field("evidence_status")}, {Text: o.say("office-review.open")}}}
	for _, item := range items {
		f := item.Message.(*daylightv1.Finding)
		first := look.Cell{Text: o.name(f)}
		if f.GetTopic() != "" {
			first.Under = o.code("FINDING_TOPIC", f.GetTopic())
		}
		table.Rows = append(table.Rows, look.Line{Href: "/findings/" + f.GetId(), Cells: []look.Cell{first, o.severityCell(f), {Body: o.shapeIf(f.EvidenceStatus != nil, f.GetEvidenceStatus())}, {Body: o.openTags(item)}}})
	}
	return table
}

// severityCell is what was decided, and beside it what the team proposes where that is not
// the same.
func (t *turn) severityCell(f *daylightv1.Finding) (c look.Cell) {
	switch {
	case f.SeverityDecided != nil:
		c.Body = []look.Part{t.shapeOf(f.GetSeverityDecided())}
		if f.SeverityProposed != nil && f.GetSeverityProposed() != f.GetSeverityDecided() {
			c.Body = append(c.Body, look.Para{Small: true, Soft: true, Text: t.say("office-review.was-proposed", "severity", t.shapeOf(f.GetSeverityProposed()).Text)})
		}
	case f.SeverityProposed != nil:
		c.Body = []look.Part{t.shapeOf(f.GetSeverityProposed()), look.Para{Small: true, Soft: true, Text: t.say("office-review.proposed")}}
	case asksSeverity(f):
		c.Text = look.Soft(t.say("office-review.no-severity"))
	}
	return c
}

// openTags say what is open about a finding, each in a word.
func (o *openness) openTags(item store.Item) (out []look.Part) {
	f := item.Message.(*daylightv1.Finding)
	for _, tag := range o.standTags(item) {
		out = append(out, tag)
	}
	asks, says := 0, 0
	for _, x := range o.threads {
		switch {
		case x.Settled() || !x.About(record.Finding, f.GetId()):
		case x.Asks():
			asks++
		default:
			says++
		}
	}
	if asks > 0 {
		out = append(out, look.Tag{Kind: look.TagAttend, Icon: look.IconAlert, Text: o.say("office-review.questions", "n", asks)})
	}
	if says > 0 {
		out = append(out, look.Tag{Text: o.say("office-review.remarks", "n", says)})
	}
	if o.isLate(f.GetId()) {
		out = append(out, o.lateTag())
	}
	if n := len(item.Status.GetFlags()); n > 0 {
		out = append(out, look.Tag{Kind: look.TagWatch, Text: o.say("office-review.flags", "n", n)})
	}
	return out
}

func (t *turn) lateTag() look.Tag {
	return look.Tag{Kind: look.TagWatch, Icon: look.IconClock, Text: t.say("office-review.late")}
}

// lateSection lists the records that devices changed after the visit was handed in.
func (o *openness) lateSection() []look.Part {
	rows := look.Rows{}
	for _, a := range o.late {
		href := recordHref(a.Kind, a.ID.String())
		if a.Kind == record.ReviewComment || len(rows.Items) == mostRows || slices.ContainsFunc(rows.Items, func(r look.Row) bool { return r.Href == href }) {
			continue // an answer is awaited, and is among what is asked
		}
		row := look.Row{Href: href, Text: o.saying().Kind(a.Kind), Under: o.say("office-review.came", "when", o.locale.When(atMS(a.ReceivedAt)))}
		if i := slices.IndexFunc(o.findings, func(i store.Item) bool { return i.Message.GetId() == a.ID.String() }); i >= 0 {
			row.Text, row.Words = o.name(o.findings[i].Message), true
		}
		rows.Items = append(rows.Items, row)
	}
	if len(rows.Items) == 0 {
		return nil
	}
	return []look.Part{look.Section{Heading: o.say("office-review.late-heading"), Body: []look.Part{look.Para{Small: true, Soft: true, Text: o.say("office-review.late-under")}, rows}}}
}

// shapeOf is the tag of an enum's value, with the shape that it has everywhere.
func (t *turn) shapeOf(v protoreflect.Enum) look.Tag {
	list := vocabulary.ListOf(v.Descriptor())
	known := v.Descriptor().Values().ByNumber(v.Number())
	if known == nil || v.Number() == 0 {
		return look.Tag{Text: t.enum(v)}
	}
	code := vocabulary.Code(strings.TrimPrefix(string(known.Name()), string(list)+"_"))
	return look.TagOf(t.locale, list, code, t.terms().ValueLabel(v, t.locale.Tag))
}

func (t *turn) shapeIf(is bool, v protoreflect.Enum) []look.Part {
	if !is {
		return nil
	}
	return []look.Part{t.shapeOf(v)}
}

// gone reports whether an error is that something is not there, or not for this person.
func gone(err error) bool { return errors.Is(err, store.ErrNotFound) || errors.Is(err, errNotFound) }
