package console

import (
	"net/http"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// decidable are the fields that whoever sits there may change, in the order of the form.
func (x *reviewed) decidable() (out []string) {
	if x.item.Removed || x.visitID() == "" {
		return nil
	}
	for _, field := range []string{"severity_decided", "evidence_status", "topic", "standards"} {
		if x.mayEdit(record.Finding, false, field) {
			out = append(out, field)
		}
	}
	return out
}

// deciding is the form of the office's decisions; nothing for whoever takes none.
func (x *reviewed) deciding(f *look.Form, bad map[string]look.Text) []look.Part {
	fields := x.decidable()
	if len(fields) == 0 {
		return nil
	}
	e := x.edit(x.item, f, bad)
	var body []look.Part
	for _, field := range fields {
		q := x.question(e, field)
		if field == "standards" { // many, and long
			q = look.Unfold{Plain: true, Summary: x.saying().Field(field), Open: f != nil, Body: []look.Part{q}}
		}
		body = append(body, q)
	}
	if x.mayMake(record.ReviewComment) {
		body = append(body, look.Input{Name: sayField, Label: x.say("field-two.why"), Hint: x.say("office-review.decide-why"), Rows: 2, Value: typed(f, sayField, ""), Error: wrong(f, sayField)})
	}
	body = append(body, look.Cluster{Body: []look.Part{look.Button{Text: x.say("office-review.decide"), Kind: look.ButtonMain}}})
	return []look.Part{look.Leaf{Heading: x.say("office-review.decision"), Body: []look.Part{look.Questions{Action: "/findings/" + x.finding.GetId(), Hidden: e.hidden(), Body: body}}}}
}

func (x *reviewed) question(e *editor, field string) look.Part {
	switch field {
	case "severity_decided":
		q := ask{path: field}
		if x.finding.SeverityProposed != nil {
			c := e.one(q).(look.Choices)
			c.Hint = x.say("office-review.team-proposes", "severity", x.shapeOf(x.finding.GetSeverityProposed()).Text)
			return x.marked(c)
		}
		return x.marked(e.one(q).(look.Choices))
	case "evidence_status":
		q := ask{path: field}
		s := look.Select{Name: field, Label: e.labelOf(q), Options: e.options(q), Choose: true, Error: e.wrong[field]}
		for i, o := range s.Options {
			s.Options[i].Selected = o.Value == e.value(field)
		}
		return s
	case "standards":
		return e.offers(ask{path: field, hint: "office-review.standards-hint"}, x.standardsNow(e), x.standardsOn())
	}
	return e.one(ask{path: field})
}

// marked draws the choices of a severity with its shape.
func (x *reviewed) marked(c look.Choices) look.Part {
	for i, o := range c.Options {
		if n, is := daylightv1.FindingSeverity_value[o.Value]; is && n > 0 {
			c.Options[i].Icon = x.shapeOf(daylightv1.FindingSeverity(n)).Icon
		}
	}
	return c
}

func (x *reviewed) standardsNow(e *editor) []string {
	if e.form != nil && (e.form.Has("standards") || e.form.Ticked(recordpage.HasField, "standards")) {
		return e.form.Values("standards")
	}
	return x.finding.GetStandards()
}

// standardsOn are what speaks to the topic, and what is cited.
func (x *reviewed) standardsOn() (out []look.Option) {
	add := func(ref string) {
		if !slices.ContainsFunc(out, func(o look.Option) bool { return o.Value == ref }) {
			cite, title := x.standard(ref)
			out = append(out, look.Option{Value: ref, Text: look.Dotted(cite, title)})
		}
	}
	for _, ref := range x.finding.GetStandards() {
		add(ref)
	}
	for _, c := range x.terms().StandardsFor(vocabulary.Code(x.finding.GetTopic()), vocabulary.Tenant{}, x.locale.Now) {
		add(string(c.Ref))
	}
	return out
}

// decideFinding saves what the office decides about a finding. What the team proposed stays
// beside it; why stands as a comment at the severity, where the team's devices show it.
func (t *turn) decideFinding(f *look.Form) error {
	x, err := t.readFinding()
	if err != nil {
		return err
	}
	fields := x.decidable()
	if len(fields) == 0 {
		return errNotFound
	}
	as, err := recordpage.Unpack(record.Finding, x.finding.GetId(), f.Value(recordpage.AsField))
	if err != nil {
		return look.ErrForm
	}
	was := proto.Clone(as).(*daylightv1.Finding)
	laid, err := t.layOver(as, f, fields...)
	if err != nil {
		return err
	}
	if why := f.Error(sayField); len(why) > 0 {
		laid.wrong[sayField] = why
	}
	if len(laid.wrong) > 0 {
		return t.showFinding(f, laid.wrong, t.wrongIn(laid.wrong))
	}
	now := laid.message.(*daylightv1.Finding)
	if now.GetTopic() != was.GetTopic() && now.GetTopic() != "" { // which names its area
		area, _, _ := strings.Cut(now.GetTopic(), ".")
		now.Area = proto.String(area)
	}
	messages := []record.Message{now}
	if c := x.because(was, now, f.Trimmed(sayField)); c != nil {
		messages = append(messages, c)
	}
	if _, err := t.records().Save(t.ctx(), messages...); err != nil {
		why, known := t.notSaved(err)
		if !known {
			return err
		}
		t.anew(f, x.item)
		return t.showFinding(f, nil, t.failure(why))
	}
	return t.to(with("/findings/"+x.finding.GetId(), "done", "decided"))
}

// anew has a form that came too late carry the record as it is shown now, so that the next
// try decides over that.
func (t *turn) anew(f *look.Form, item store.Item) {
	if t.status == http.StatusConflict {
		f.Put(recordpage.AsField, carriedOf(item.Message))
	}
}

// because is the reason as a comment at the field that was decided; nil for none given.
func (x *reviewed) because(was, now *daylightv1.Finding, why string) record.Message {
	field := ""
	for _, name := range []string{"severity_decided", "evidence_status", "topic", "standards"} {
		fd := recordpage.TopField(record.Finding, name)
		if field == "" && !was.ProtoReflect().Get(fd).Equal(now.ProtoReflect().Get(fd)) {
			field = name
		}
	}
	if why == "" {
		return nil
	}
	c := &daylightv1.ReviewComment{VisitId: proto.String(x.visitID()), AboutKind: proto.String(record.Finding.String()), AboutId: proto.String(was.GetId()), Text: proto.String(why),
		Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK.Enum(), Author: proto.String(x.session.Person.GetName())}
	if field != "" {
		c.AboutField = proto.String(field)
	}
	return c
}
