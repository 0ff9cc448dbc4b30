package console

import (
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// reviewed is one finding on its page.
type reviewed struct {
	*beside
	item    store.Item
	finding *daylightv1.Finding
	threads []recordpage.Thread
	past    []*daylightv1.HistoryEntry
	// late are the changes that came after the visit was handed in.
	late []*daylightv1.HistoryEntry
}

func (t *turn) readFinding() (*reviewed, error) {
	item, err := t.item(record.Finding)
	if err != nil {
		return nil, err
	}
	f := item.Message.(*daylightv1.Finding)
	b, err := t.besideVisit(f.GetVisitId())
	if gone(err) { // its visit has not come, or is not in sight
		b, err = &beside{turn: t, visit: &daylightv1.Visit{}}, nil
	}
	if err != nil {
		return nil, err
	}
	return &reviewed{beside: b, item: item, finding: f}, nil
}

// more reads what stands about the finding: what was said, how it came to be, what is late.
func (x *reviewed) more() error {
	id, err := record.ParseID(x.finding.GetId())
	if err != nil {
		return store.ErrNotFound
	}
	if x.rights.Reads(record.ReviewComment) != access.None {
		if x.threads, err = x.turn.threads(store.CommentFilter{About: id}); err != nil {
			return err
		}
	}
	if x.past, err = x.turn.past(record.Finding, x.finding.GetId()); err != nil || x.visitID() == "" {
		return err
	}
	visit, err := x.turn.past(record.Visit, x.visitID())
	if err != nil {
		return err
	}
	arrived, err := x.lateSince(visit)
	for _, e := range x.past {
		if slices.ContainsFunc(arrived, func(a store.Arrival) bool { return a.ID == id && a.Position == e.GetPosition() }) {
			x.late = append(x.late, e)
		}
	}
	return err
}

// showFinding is one finding read whole, with what the office decides about it. f, bad and
// failed are those of a form that was not taken.
func (t *turn) showFinding(f *look.Form, bad map[string]look.Text, failed []look.Part) error {
	x, err := t.readFinding()
	if err != nil {
		return err
	}
	if err := x.more(); err != nil {
		return err
	}
	around, err := x.around()
	if err != nil {
		return err
	}
	notes := t.doneNote(map[string]look.Key{"decided": "office-review.done-decided", "said": "office-review.said"})
	said, err := x.said()
	if err != nil {
		return err
	}
	body := slices.Concat(failed, notes, around, x.notices(), []look.Part{x.words(), x.facts()}, x.rests(), x.cited(), said)
	heading := t.saying().Kind(record.Finding)
	if x.finding.GetTitle() != "" {
		heading = look.Typed(x.finding.GetTitle())
	}
	actions := []look.Part{look.Button{Text: t.say("field-two.to-history"), Icon: look.IconHistory, Kind: look.ButtonQuiet, Href: "/records/finding/" + x.finding.GetId() + "/history"}}
	if x.visitID() != "" && x.mayMake(record.Recommendation) {
		actions = append(actions, look.Button{Text: t.say("office-review.recommend"), Icon: look.IconLetter, Href: with("/recommendations/new", "finding", x.finding.GetId())})
	}
	crumbs := []look.Link{{Href: "/review", Text: t.say("office-review.title")}}
	if x.visitID() != "" {
		crumbs = x.crumbs(look.Link{Href: "/visits/" + x.visitID() + "/review", Text: t.say("office-review.crumb")})
	}
	return t.show(sheet{title: t.saying().Kind(record.Finding), heading: heading, lede: x.place, here: "/review", crumbs: crumbs, actions: actions, body: body, aside: x.deciding(f, bad)})
}

// around leads to the findings before and after this one on the visit. It shows none of
// them, so that it leaves no line in the access log.
func (x *reviewed) around() ([]look.Part, error) {
	visit, err := record.ParseID(x.visitID())
	if err != nil {
		return nil, nil
	}
	page, err := x.records().Desk().List(x.ctx(), record.Finding, store.Query{Filter: store.FindingFilter{Visit: visit}, PageSize: store.MaxPage})
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(page.Items, func(i store.Item) bool { return i.Message.GetId() == x.finding.GetId() })
	if at < 0 || len(page.Items) < 2 {
		return nil, nil
	}
	a := look.Anchors{Name: x.say("office-review.around")}
	if at > 0 {
		a.Links = append(a.Links, look.Link{Href: "/findings/" + page.Items[at-1].Message.GetId(), Text: x.say("office-review.before")})
	}
	a.Links = append(a.Links, look.Link{Href: "/visits/" + x.visitID() + "/review", Text: x.say("office-review.nth", "at", at+1, "n", len(page.Items))})
	if at+1 < len(page.Items) {
		a.Links = append(a.Links, look.Link{Href: "/findings/" + page.Items[at+1].Message.GetId(), Text: x.say("office-review.after")})
	}
	return []look.Part{a}, nil
}

// notices say first what waits for a person.
func (x *reviewed) notices() (out []look.Part) {
	if all := x.item.Status.GetConflicts(); len(all) > 0 {
		var fields []look.Text
		for _, c := range all[:min(len(all), 3)] {
			fields = append(fields, x.saying().Path(record.Finding, c.GetField(), c.GetKey()))
		}
		out = append(out, look.Note{Kind: look.NoteTwo, Text: x.say("office-two.banner", "n", len(all), "fields", x.locale.List(fields...)), Body: []look.Part{
			look.Button{Text: x.say("office-two.compare"), Href: twoHref(record.Finding, x.finding.GetId(), 0), Kind: look.ButtonQuiet}}})
	}
	if len(x.late) > 0 {
		e := x.late[0]
		out = append(out, look.Note{Kind: look.NoteWatch, Heading: x.say("office-review.late-changed"), Text: look.Dotted(x.whoSays(x.entryPen(e)), x.whereSays(x.entryPen(e)), x.say("office-review.came", "when", x.locale.When(atMS(e.GetReceivedAt())))),
			Body: []look.Part{look.Pairs{Small: true, Items: x.lateFacts()}}})
	}
	if flags := x.item.Status.GetFlags(); len(flags) > 0 {
		points := look.Points{Small: true}
		for _, f := range flags {
			points.Items = append(points.Items, x.flagWords(f))
		}
		out = append(out, look.Note{Kind: look.NoteWatch, Heading: x.say("office-review.flags", "n", len(flags)), Body: []look.Part{points}})
	}
	if x.item.Removed {
		out = append(out, look.Note{Kind: look.NoteAttend, Text: x.say("office-review.removed")})
	}
	return out
}

// lateFacts are the fields that came late, as the newest of those changes left each.
func (x *reviewed) lateFacts() (out []look.Fact) {
	seen := map[string]bool{}
	for _, e := range x.late {
		for _, edit := range e.GetEdits() {
			at := edit.GetField() + "/" + edit.GetKey()
			if seen[at] || edit.GetField() == "id" || edit.GetField() == "vocabulary_version" || len(out) == 8 {
				continue
			}
			seen[at] = true
			out = append(out, look.Fact{Name: x.saying().Path(record.Finding, edit.GetField(), edit.GetKey()), Value: x.saying().Value(record.Finding, edit.GetField(), edit.GetKey(), edit.GetJson())})
		}
	}
	return out
}

// flagWords is what a rule says of a record, with codes as people read them.
func (t *turn) flagWords(f *daylightv1.Flag) look.Text {
	return t.locale.Sentence(f.GetMessageKey(), f.GetText(), f.GetParams())
}

// words are what was found, as it was written.
func (x *reviewed) words() look.Part {
	if x.finding.GetNarrative() == "" {
		return look.Leaf{Body: []look.Part{look.Para{Soft: true, Text: x.say("office-review.no-words")}}}
	}
	return look.Leaf{Heading: x.saying().Field("narrative"), Body: []look.Part{look.Prose{Text: look.Typed(x.finding.GetNarrative())}}}
}

// factFields are those said in words beside the narrative, in this order.
var factFields = []string{"kind", "area", "topic", "sources", "scope", "number_affected", "affected_groups", "unit", "room", "observed_at", "recorded_at", "noted_by",
	"in_closing_talk", "confidentiality", "implementation_seen", "implementation_basis"}

func (x *reviewed) facts() look.Part {
	table := look.Pairs{}
	add := func(name, value look.Text) { table.Items = append(table.Items, look.Fact{Name: name, Value: value}) }
	r := x.finding.ProtoReflect()
	for _, name := range factFields {
		fd := recordpage.TopField(record.Finding, name)
		if !r.Has(fd) || name == "area" && x.finding.GetTopic() != "" {
			continue
		}
		add(x.saying().Field(name), x.saying().Inner(r, fd))
	}
	for _, id := range []struct{ field, kind, id string }{{"repeats_id", "finding", x.finding.GetRepeatsId()}, {"checks_id", "recommendation", x.finding.GetChecksId()}} {
		if id.id != "" {
			add(x.saying().Field(id.field), x.linked(id.kind, id.id))
		}
	}
	if all := x.finding.GetContradicts(); len(all) > 0 {
		var links []look.Text
		for _, id := range all[:min(len(all), mostLinked)] {
			links = append(links, x.linked("finding", id))
		}
		add(x.saying().Field("contradicts"), look.Lines(links...))
	}
	tags := look.Cluster{}
	if x.finding.SeverityDecided != nil {
		tags.Body = append(tags.Body, x.shapeOf(x.finding.GetSeverityDecided()), look.Para{Small: true, Soft: true, Text: x.say("office-review.was-decided")})
	}
	if x.finding.SeverityProposed != nil {
		tags.Body = append(tags.Body, x.shapeOf(x.finding.GetSeverityProposed()), look.Para{Small: true, Soft: true, Text: x.say("office-review.proposed")})
	}
	if x.finding.EvidenceStatus != nil {
		tags.Body = append(tags.Body, x.shapeOf(x.finding.GetEvidenceStatus()))
	}
	return look.Leaf{Body: []look.Part{tags, table}}
}

// mostLinked bounds how many records of a kind are named on a page.
const mostLinked = 20

// linked names another record, and leads to it where it is in sight.
func (t *turn) linked(kind, id string) look.Text {
	k, err := record.ParseKind(kind)
	if err != nil {
		return look.Mono(id)
	}
	item, err := t.itemOf(k, id)
	if err != nil {
		return t.say("office-record.not-in-sight", "kind", t.saying().Kind(k))
	}
	return look.To(recordHref(k, id), t.name(item.Message))
}

// rests are the records that the finding rests on. Interviews are told by number alone: what
// was said in one is read on its own page.
func (x *reviewed) rests() []look.Part {
	rows := look.Rows{}
	add := func(kind record.Kind, icon look.Icon, ids []string) {
		for i, id := range ids[:min(len(ids), mostLinked)] {
			row := look.Row{Lead: look.Symbol{Icon: icon}, Text: x.say("office-review.numbered", "kind", x.saying().Kind(kind), "at", i+1)}
			if _, err := x.itemOf(kind, id); err == nil {
				row.Href = recordHref(kind, id)
			} else {
				row.Under = x.say("office-review.not-for-you")
			}
			rows.Items = append(rows.Items, row)
		}
	}
	add(record.Interview, look.IconPeople, x.finding.GetInterviewIds())
	add(record.Measurement, look.IconChart, x.finding.GetMeasurementIds())
	add(record.RegisterCheck, look.IconFinding, x.finding.GetRegisterCheckIds())
	if id := x.finding.GetResponseId(); id != "" {
		add(record.ChecklistResponse, look.IconCheck, []string{id})
	}
	if len(rows.Items) == 0 {
		return nil
	}
	return []look.Part{look.Section{Heading: x.say("office-review.rests"), Body: []look.Part{rows}}}
}

// cited are the standards, with what each says in short.
func (x *reviewed) cited() []look.Part {
	refs := x.finding.GetStandards()
	if len(refs) == 0 {
		return nil
	}
	rows := look.Rows{}
	for _, ref := range refs {
		cite, title := x.standard(ref)
		rows.Items = append(rows.Items, look.Row{Text: cite, Under: title})
	}
	return []look.Part{look.Section{Heading: x.saying().Field("standards"), Body: []look.Part{rows}}}
}

// standard is how a standard is cited, and what it says; of an unknown one its ref alone.
func (t *turn) standard(ref string) (cite, title look.Text) {
	st, ok := t.terms().Standard(vocabulary.Ref(ref))
	if !ok {
		return look.Code(ref), nil
	}
	cite = look.Code(st.Instrument + " " + st.Provision)
	if strings.HasPrefix(st.Provision, st.Instrument) {
		cite = look.Code(st.Provision)
	}
	return cite, t.locale.Labelled(st.Title(t.locale.Tag))
}

// said is what was said about the finding, what asks first.
func (x *reviewed) said() ([]look.Part, error) {
	section := look.Section{ID: "said", Heading: x.say("office-review.said-about")}
	order := slices.Clone(x.threads)
	slices.SortStableFunc(order, func(a, b recordpage.Thread) int { return b2i(a.Settled()) - b2i(b.Settled()) })
	for _, one := range order[:min(len(order), mostLinked)] {
		leaf, err := x.threadLeaf(one)
		if err != nil {
			return nil, err
		}
		section.Body = append(section.Body, leaf)
	}
	if more := len(order) - mostLinked; more > 0 {
		section.Body = append(section.Body, look.Para{Small: true, Soft: true, Text: x.say("office-review.more-comments", "n", more)})
	}
	if x.visitID() != "" && x.mayMake(record.ReviewComment) {
		section.Body = append(section.Body, look.Cluster{Body: []look.Part{look.Button{Text: x.say("office-review.write"), Icon: look.IconPen, Href: aboutHref(record.Finding, x.finding.GetId(), "")}}})
	}
	if len(section.Body) == 0 {
		return nil, nil
	}
	return []look.Part{section}, nil
}
