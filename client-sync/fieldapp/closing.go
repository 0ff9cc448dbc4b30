package fieldapp

import (
	"slices"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (a *App) closingRoutes() {
	a.ofRecord(clientsync.KindVisit, "closing", (*turn).showClosing)
	a.onRecord(clientsync.KindVisit, "point", (*turn).takePoint)
}

// raised is what may be said of one topic in the closing talk. It is made of codes alone:
// what a monitor wrote, a room, a number of persons or a day could show who spoke.
type raised struct {
	topic    string
	severity daylightv1.FindingSeverity
	kind     daylightv1.FindingKind
	n        int
}

// talk gathers what may be raised, and counts what is kept out: findings on a single person,
// those that consent closes for it, and those of which a rule says that they may show a source.
func talk(o *outing) (list []raised, kept int) {
	closed := map[string]bool{}
	for _, g := range o.report.Withheld {
		for _, c := range g.Closed {
			if c.Use.String() == "raise" {
				closed[g.ID] = true
			}
		}
	}
	for _, r := range o.report.Remarks {
		if r.Code == "closing-talk-shows-source" || r.Code == "individual-case-in-closing-talk" {
			closed[r.ID] = true
		}
	}
	for _, item := range o.of[clientsync.KindFinding] {
		f := item.Message.(*daylightv1.Finding)
		if !f.GetInClosingTalk() {
			continue
		}
		if closed[item.ID] || f.GetTopic() == "" || f.GetKind() == daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE {
			kept++
			continue
		}
		i := slices.IndexFunc(list, func(r raised) bool { return r.topic == f.GetTopic() && r.kind == f.GetKind() })
		if i < 0 {
			list = append(list, raised{topic: f.GetTopic(), kind: f.GetKind()})
			i = len(list) - 1
		}
		list[i].n++
		list[i].severity = max(list[i].severity, f.GetSeverityProposed())
	}
	slices.SortStableFunc(list, func(a, b raised) int { return int(b.severity) - int(a.severity) })
	return list, kept
}

// showClosing is the list for the closing talk, and what was raised and replied.
func (t *turn) showClosing(item clientsync.Item) error {
	o, err := t.outing(item)
	if err != nil {
		return err
	}
	e, err := t.edit(item, "closing")
	if err != nil {
		return err
	}
	body := append([]look.Part{look.Heading{Text: t.say("field-submit.closing"), Under: t.say("field-submit.closing-under")}}, e.notices()...)
	body = append(body, t.talkPart(o), look.Note{Kind: look.NoteWatch, Icon: look.IconAlert, Text: t.say("field-submit.no-reprisals")})
	body = append(body, e.form(look.Section{Heading: t.say("field-submit.points"), ID: look.FieldID("closing_points"), Body: e.pointParts(o.visit)}))
	var promises []look.Part
	for i, p := range o.visit.GetClosingPoints() {
		promises = append(promises, look.Button{Text: t.say("field-submit.promised", "i", t.locale.Number(i+1)), Icon: look.IconPlus, Kind: look.ButtonQuiet, Action: t.href(item.Kind, item.ID, "begin"),
			Hidden: []look.Hidden{{Name: "kind", Value: clientsync.KindUndertaking.String()}, {Name: "point", Value: p.GetId()}}})
	}
	if len(promises) > 0 {
		body = append(body, look.Section{Heading: t.say("field-notes.undertakings"), Body: []look.Part{look.Cluster{Body: promises}}})
	}
	return t.visitTab(item, "closing", sheet{title: "field-submit.closing", body: append(body, t.ends(item))})
}

func (t *turn) talkPart(o *outing) look.Part {
	list, kept := talk(o)
	body := []look.Part{}
	rows := []look.Row{}
	for _, r := range list {
		row := look.Row{Text: t.code(terms.FindingTopic, r.topic), Tags: t.enumTag(r.severity), Under: t.labelOf(r.kind)}
		if !slices.ContainsFunc(o.visit.GetClosingPoints(), func(p *daylightv1.ClosingPoint) bool { return p.GetPoint() == t.pointOf(r) }) {
			row.Actions = []look.Part{look.Button{Text: t.say("field-submit.take"), Label: t.say("field-submit.take-what", "what", row.Text), Action: t.href(o.item.Kind, o.item.ID, "point"),
				Hidden: []look.Hidden{{Name: "topic", Value: r.topic}, {Name: "of", Value: r.kind.String()}}}}
		} else {
			row.Count = t.say("field-submit.taken")
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		body = append(body, look.Rows{Items: rows})
	} else {
		body = append(body, look.Empty{Text: t.say("field-submit.nothing-to-raise"), Under: t.say("field-submit.nothing-to-raise-under")})
	}
	if kept > 0 {
		body = append(body, look.Para{Text: t.say("field-submit.kept-out", "n", kept), Small: true})
	}
	return look.Section{Heading: t.say("field-submit.list"), Body: body}
}

// pointOf is the point that a topic makes, in the language of whoever takes it.
func (t *turn) pointOf(r raised) string { return t.code(terms.FindingTopic, r.topic).String() }

// takePoint takes a topic of the list over into what is raised. It holds the topic's name
// and nothing else of the findings.
func (t *turn) takePoint(item clientsync.Item, f *look.Form) error {
	o, err := t.outing(item)
	if err != nil {
		return err
	}
	list, _ := talk(o)
	i := slices.IndexFunc(list, func(r raised) bool { return r.topic == f.Value("topic") && r.kind.String() == f.Value("of") })
	if i < 0 {
		return recordpage.ErrForm
	}
	o.visit.ClosingPoints = append(o.visit.ClosingPoints, &daylightv1.ClosingPoint{Point: proto.String(t.pointOf(list[i]))})
	if err := t.client.Save(t.ctx(), o.visit); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID, "closing") + "?saved=1")
}

func (e *editor) pointParts(v *daylightv1.Visit) []look.Part {
	out := e.beside("closing_points")
	for i, p := range v.GetClosingPoints() {
		at := func(field string) string { return recordpage.At("closing_points", p.GetId(), field) }
		out = append(out, e.element("closing_points", p.GetId(), e.numbered("field-submit.point", i), "field-submit.drop-point",
			e.line(ask{path: at("point"), label: "field-submit.raised", rows: 2}), e.line(ask{path: at("reply"), label: "field-submit.reply", rows: 2})))
	}
	return append(out, e.addTo("closing_points", "field-submit.add-point"))
}
