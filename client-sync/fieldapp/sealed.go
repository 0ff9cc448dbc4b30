package fieldapp

import (
	"errors"
	"net/http"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What is sealed is typed like everything else and kept like nothing else. What stands in a
// form is sent whole, not control by control, and sealed anew in the place of what the same
// form has sealed before, two seconds after the first key at the latest. No page shows it
// back where it was typed: a form is always empty when it comes, and what is added later is
// a record of its own, beside the first. So nothing of it is in a page, in an address, or
// in the record that a form carries; it is in memory while it is typed and sealed.
//
// What a form leaves alone stays, as far as this device still has the key: the library
// opens the earlier content for it, and no page gets it.

// sealing is what records of a kind seal, as their form asks for it.
type sealing struct {
	kind clientsync.Kind
	// compartment is its name in the list of readers.
	compartment string
	name        look.Key
	// first is always in sight; the others unfold.
	first  []sealedField
	others []sealedField
}

// sealedField is one part of what is sealed. name is that in the content.
type sealedField struct {
	name        protoreflect.Name
	rows        int
	label, hint look.Key
}

// sealings are all that there are, in the order in which pages list them.
var sealings = []sealing{
	{clientsync.KindInterviewNote, "interview", "field-sealed.kind-interview",
		[]sealedField{{"text", 7, "field-sealed.note-text", "field-sealed.note-text-hint"}},
		[]sealedField{
			{"allegation", 4, "field-sealed.note-allegation", "field-sealed.note-allegation-hint"},
			{"officials", 2, "field-sealed.note-officials", "field-sealed.note-officials-hint"},
			{"witnesses", 2, "field-sealed.note-witnesses", ""},
			{"circumstances", 2, "field-sealed.note-circumstances", ""},
		}},
	{clientsync.KindPersonIdentity, "identity", "field-sealed.kind-identity",
		[]sealedField{
			{"name", 0, "field-sealed.who-name", "field-sealed.who-name-hint"},
			{"whereabouts", 0, "field-sealed.who-whereabouts", "field-sealed.who-whereabouts-hint"},
			{"contact", 2, "field-sealed.who-contact", "field-sealed.who-contact-hint"},
		},
		[]sealedField{
			{"other_names", 0, "field-sealed.who-other-names", ""},
			{"born_on", 0, "field-sealed.who-born-on", "field-sealed.who-born-on-hint"},
			{"number", 0, "field-sealed.who-number", ""},
			{"note", 3, "field-sealed.who-note", ""},
		}},
	{clientsync.KindMedicalNote, "medical", "field-sealed.kind-medical",
		[]sealedField{
			{"text", 6, "field-sealed.medical-text", "field-sealed.medical-text-hint"},
			{"injuries", 5, "field-sealed.medical-injuries", "field-sealed.medical-injuries-hint"},
		},
		[]sealedField{
			{"treatment", 3, "field-sealed.medical-treatment", "field-sealed.medical-treatment-hint"},
			{"certificate", 3, "field-sealed.medical-certificate", "field-sealed.medical-certificate-hint"},
		}},
	{clientsync.KindReprisalDetail, "reprisal", "field-sealed.kind-reprisal",
		[]sealedField{
			{"text", 6, "field-sealed.reprisal-text", "field-sealed.reprisal-text-hint"},
			{"feared_from", 2, "field-sealed.reprisal-from", ""},
			{"measures", 3, "field-sealed.reprisal-measures", "field-sealed.reprisal-measures-hint"},
			{"contact", 2, "field-sealed.reprisal-contact", ""},
		}, nil},
}

func sealingOf(kind clientsync.Kind) *sealing {
	for i := range sealings {
		if sealings[i].kind == kind {
			return &sealings[i]
		}
	}
	return nil
}

func (s *sealing) fields() []sealedField {
	return append(append([]sealedField{}, s.first...), s.others...)
}

func (a *App) sealedRoutes() {
	for _, s := range sealings {
		a.ofRecord(s.kind, "", (*turn).sealedPage)
		a.onRecord(s.kind, "seal", (*turn).seal)
		a.onRecord(s.kind, "more", (*turn).moreSealed)
	}
	a.ofRecord(clientsync.KindPersonIdentity, "", (*turn).personPage)
	a.onRecord(clientsync.KindPersonIdentity, "amend", (*turn).amend)
	a.ofRecord(clientsync.KindPersonIdentity, "instead", (*turn).insteadPage)
	a.onRecord(clientsync.KindPersonIdentity, "add-medical", (*turn).addMedical)
	a.onRecord(clientsync.KindPersonIdentity, "add-reprisal", (*turn).addReprisal)
	a.interviewRoutes()
	a.deskRoutes()
}

// sealedControl is the name of a control of what is sealed. It is no path that a record has.
func sealedControl(name protoreflect.Name) string { return "sealed." + string(name) }

// sealedForm asks for what a record seals. It shows nothing of what is sealed already, only
// what was typed and could not be kept.
// page is what sealing it is called: see seal and amend.
func (t *turn) sealedForm(m clientsync.Message, page string) (look.Part, error) {
	kind := kindOf(m)
	s := sealingOf(kind)
	as, err := recordpage.Pack(m)
	if err != nil {
		return nil, err
	}
	action := t.href(kind, m.GetId(), page)
	body := t.sealedInputs(s.first)
	if len(s.others) > 0 {
		body = append(body, look.Unfold{Summary: t.say("field-sealed.further"), Plain: true, Open: t.again != nil, Body: t.sealedInputs(s.others)})
	}
	body = append(body, look.Saved{For: "sealed"}, look.Button{Text: t.say("field-sealed.seal"), Icon: look.IconSealed, Data: map[string]string{"plain": "1"}})
	return look.Questions{ID: "sealed", Action: action, Body: body, Data: map[string]string{"save": action, "whole": "1"},
		Hidden: []look.Hidden{{Name: recordpage.AsField, Value: as}, {Name: pageField}}}, nil
}

func (t *turn) sealedInputs(fields []sealedField) (out []look.Part) {
	for _, f := range fields {
		name := sealedControl(f.name)
		in := look.Input{Name: name, Label: t.say(f.label), Rows: f.rows, Sensitive: true, Error: t.refused[name]}
		if f.hint != "" {
			in.Hint = t.say(f.hint)
		}
		if t.again != nil {
			in.Value = t.again.Value(name)
		}
		out = append(out, in)
	}
	return out
}

// seal seals what a form holds, over what the same form has sealed before.
func (t *turn) seal(item clientsync.Item, f *look.Form) error {
	m, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	content, opens, err := t.contentOf(item)
	if err != nil {
		return err
	}
	refused, any := t.typeInto(content, sealingOf(item.Kind), f)
	if len(refused) > 0 && !opens { // what was sealed before is better than a part of it
		any = false
	}
	if any {
		err = t.client.SaveSealed(t.ctx(), m, content)
	}
	if err != nil {
		return t.notSealed(item, f, err)
	}
	kind, id := sealedWithin(m)
	t.here(kind, id, "", sealedControl(sealingOf(item.Kind).first[0].name))
	switch {
	case t.fromScript():
		return t.answerSealed(m, any, refused)
	case len(refused) > 0:
		t.again, t.refused = f, refused
		return t.showAgain(item, "", http.StatusUnprocessableEntity)
	case !any:
		return t.to(t.href(kind, id))
	}
	return t.to(t.href(kind, id) + "?sealed=1#sealed-part")
}

// amend is seal over what is there already, where this device still opens it: what the form
// leaves empty stays. Where it does not, one word would stand in the place of everything.
func (t *turn) amend(item clientsync.Item, f *look.Form) error {
	if _, opens, err := t.contentOf(item); err != nil || opens {
		return errors.Join(err, t.seal(item, f))
	}
	return t.notSealed(item, f, &clientsync.Error{Code: clientsync.Denied, Message: errCannotAmend.Error(), Cause: errCannotAmend})
}

// contentOf is what the record seals, as far as this device can open it, for what a form
// leaves alone. No page gets it. Of two versions neither is: whoever reads both settles it.
func (t *turn) contentOf(item clientsync.Item) (content proto.Message, opens bool, err error) {
	if clientsync.SealedWords(item.Message) == "" {
		return clientsync.NewContent(item.Kind), true, nil
	}
	values, err := t.client.OpenSealed(t.ctx(), item.Kind, item.ID)
	if err != nil {
		return nil, false, err
	}
	if len(values) == 1 && values[0].Content != nil {
		return values[0].Content, true, nil
	}
	return clientsync.NewContent(item.Kind), false, nil
}

// typeInto puts what was typed into the content; any tells whether anything was. The script
// sends what somebody has touched, so that what is empty was emptied; a form that is sent
// without it says nothing by what is empty.
func (t *turn) typeInto(content proto.Message, s *sealing, f *look.Form) (refused map[string]look.Text, any bool) {
	refused = map[string]look.Text{}
	c := content.ProtoReflect()
	for _, field := range s.fields() {
		name := sealedControl(field.name)
		if !f.Has(name) {
			continue
		}
		if why := f.Error(name); len(why) > 0 {
			refused[name] = why
			continue
		}
		fd := c.Descriptor().Fields().ByName(field.name)
		switch typed := f.Value(name); {
		case strings.TrimSpace(typed) != "":
			any = true
			c.Set(fd, protoreflect.ValueOfString(typed))
		case t.fromScript():
			any = any || c.Has(fd)
			c.Clear(fd)
		}
	}
	return refused, any
}

func (t *turn) answerSealed(m clientsync.Message, any bool, refused map[string]look.Text) error {
	a := scriptAnswer{Refused: map[string]string{}}
	for name, why := range refused {
		a.Refused[name] = why.String()
	}
	clock := t.locale.Clock(t.locale.Now)
	switch {
	case any && len(refused) > 0:
		a.Saved = t.say("field-sealed.sealed-but", "clock", clock).String()
	case any:
		a.Saved = t.say("field-sealed.sealed-here", "clock", clock).String()
	}
	var err error
	if a.As, err = recordpage.Pack(m); err != nil {
		return err
	}
	if any {
		t.saved = a.As
	}
	return t.json(http.StatusOK, a)
}

// notSealed tells why nothing was sealed; what was typed stays where it is.
func (t *turn) notSealed(item clientsync.Item, f *look.Form, err error) error {
	var known *clientsync.Error
	if !errors.As(err, &known) || errors.Is(err, clientsync.ErrLocked) {
		return err
	}
	var stale *clientsync.StaleError
	if errors.As(err, &stale) {
		return t.sealedElsewhere(item, f, stale)
	}
	why := told(t.locale, known)
	if t.fromScript() {
		return t.json(statusOf(known), scriptAnswer{Failed: why.String()})
	}
	t.again, t.failed = f, why
	return t.showAgain(item, "", statusOf(known))
}

// sealedElsewhere: the same person sealed it in another window meanwhile. What was typed
// stays; sealing it again puts it in the place of the other.
func (t *turn) sealedElsewhere(item clientsync.Item, f *look.Form, stale *clientsync.StaleError) error {
	why := map[string]look.Text{}
	for _, field := range sealingOf(item.Kind).fields() {
		if name := sealedControl(field.name); f.Has(name) && len(why) == 0 {
			why[name] = t.say("field-sealed.changed-elsewhere")
		}
	}
	if !t.fromScript() {
		t.again, t.refused = f, why
		return t.showAgain(item, "", http.StatusConflict)
	}
	a := scriptAnswer{Refused: map[string]string{}}
	for name, text := range why {
		a.Refused[name] = text.String()
	}
	var err error
	if a.As, err = recordpage.Pack(stale.Present.Message); err != nil {
		return err
	}
	return t.json(http.StatusOK, a)
}

// sealedWithin is where a person works who seals a record: the interview of a note, else
// the record itself.
func sealedWithin(m clientsync.Message) (clientsync.Kind, string) {
	if note, ok := m.(*daylightv1.InterviewNote); ok && note.GetInterviewId() != "" {
		return clientsync.KindInterview, note.GetInterviewId()
	}
	return kindOf(m), m.GetId()
}

// sealedPage is the page of a note, a medical note or a detail of a reprisal: a form while
// nothing is sealed in it, and afterwards that something is.
func (t *turn) sealedPage(item clientsync.Item) error {
	s := sealingOf(item.Kind)
	body := t.sealedNotices(item)
	under := look.Key("field-sealed.write-only")
	if item.Kind == clientsync.KindInterviewNote {
		under = "field-sealed.note-write-only"
	}
	body = append(body, look.Heading{Over: t.personName(item.Message), Text: t.say(s.name), Under: t.say(under)})
	if item.Kind == clientsync.KindReprisalDetail {
		e, err := t.edit(item, "")
		if err != nil {
			return err
		}
		body = append(body, e.form(e.one(ask{path: "risk", label: "field-sealed.risk-then", two: true})))
	}
	part, err := t.sealedPart(item)
	if err != nil {
		return err
	}
	return t.show(sheet{title: "field-sealed.title", back: t.backFromSealed(item), tab: tabVisit, body: append(body, part)})
}

// sealedNotices are why nothing was sealed, and that the record was removed.
func (t *turn) sealedNotices(item clientsync.Item) (out []look.Part) {
	if len(t.failed) > 0 {
		out = append(out, look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("field-edit.not-saved"), Text: t.failed})
	}
	if item.Removed {
		out = append(out, look.Note{Kind: look.NoteWatch, Text: t.say("field-edit.is-removed"), Body: []look.Part{
			look.Button{Text: t.say("field-edit.bring-back"), Action: t.href(item.Kind, item.ID, "back")}}})
	}
	return out
}

// sealedPart says what is sealed in a record, who can open it, and asks for what is to be.
func (t *turn) sealedPart(item clientsync.Item) (look.Part, error) {
	can, err := t.canRead(item.Kind, visitIn(item.Message))
	if err != nil {
		return nil, err
	}
	is, err := t.sealedLine(item)
	if err != nil {
		return nil, err
	}
	body := []look.Part{}
	switch {
	case is == nil || t.again != nil:
		form, err := t.sealedForm(item.Message, "seal")
		if err != nil {
			return nil, err
		}
		body = append(body, t.canReadPart(can), form)
	default:
		body = append(body, is, t.canReadPart(can),
			look.Button{Text: t.say("field-sealed.add-part"), Icon: look.IconPlus, Action: t.href(item.Kind, item.ID, "more")})
	}
	return look.Section{ID: "sealed-part", Heading: t.say("field-sealed.part"), Body: body}, nil
}

// moreSealed begins another record beside one: what was sealed before is not touched.
func (t *turn) moreSealed(item clientsync.Item, _ *look.Form) error {
	if item.Kind == clientsync.KindPersonIdentity {
		return errEnded
	}
	return t.to(t.begin(beside(item.Message)))
}

// beside is a new record about the same as another one.
func beside(m clientsync.Message) clientsync.Message {
	switch m := m.(type) {
	case *daylightv1.InterviewNote:
		return &daylightv1.InterviewNote{VisitId: m.VisitId, PersonId: m.PersonId, InterviewId: m.InterviewId, Language: m.Language}
	case *daylightv1.MedicalNote:
		return &daylightv1.MedicalNote{VisitId: m.VisitId, PersonId: m.PersonId}
	case *daylightv1.ReprisalDetail:
		return &daylightv1.ReprisalDetail{VisitId: m.VisitId, PersonId: m.PersonId, CaseId: m.CaseId, Risk: m.Risk}
	}
	return nil
}

// sealedLine says that something is sealed in a record, since when and by whom; nil where
// nothing is.
func (t *turn) sealedLine(item clientsync.Item) (look.Part, error) {
	if clientsync.SealedWords(item.Message) == "" {
		return nil, nil
	}
	h, err := t.client.History(t.ctx(), item.Kind, item.ID)
	if err != nil {
		return nil, err
	}
	line := look.Sealed{What: t.say(sealingOf(item.Kind).name)}
	for _, o := range h.Current {
		if o.Field != "sealed" {
			continue
		}
		who := look.Typed(o.Person)
		if o.Own {
			who = t.say("field-sealed.by-you")
		}
		line.Text = look.Dotted(t.say("field-sealed.sealed-when", "when", t.locale.When(o.Written)), who)
	}
	return line, nil
}

// visitIn is the visit that a record belongs to.
func visitIn(m clientsync.Message) string { return idIn(m, "visit_id") }

// idIn reads a text of a record by the field's name; "" where it has no such field.
func idIn(m clientsync.Message, name protoreflect.Name) string {
	r := m.ProtoReflect()
	fd := r.Descriptor().Fields().ByName(name)
	if fd == nil || fd.Kind() != protoreflect.StringKind || fd.IsList() {
		return ""
	}
	return r.Get(fd).String()
}

// backFromSealed leads from a sealed record to what it belongs to.
func (t *turn) backFromSealed(item clientsync.Item) string {
	if kind, id := sealedWithin(item.Message); kind == clientsync.KindInterview {
		return t.href(kind, id)
	}
	if id := idIn(item.Message, "case_id"); id != "" {
		return t.href(clientsync.KindReprisalCase, id)
	}
	if id := idIn(item.Message, "person_id"); id != "" {
		return t.href(clientsync.KindPersonIdentity, id)
	}
	if id := visitIn(item.Message); id != "" {
		return t.href(clientsync.KindVisit, id, "interviews")
	}
	return "/"
}
