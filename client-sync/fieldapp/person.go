package fieldapp

import (
	"encoding/hex"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A person has a code, which is used everywhere, and a name, which is sealed. The code is
// made here and from nothing that the person is.

// codeSigns are those of codes: none that is taken for another, read or heard. A code begins
// with one of the letters.
const (
	codeLetters = "ACDEFHKLMNPRTUVWXY"
	codeSigns   = codeLetters + "347"
)

// newCode makes a code such as L-7K4-V9, of the random bytes of an id.
func (t *turn) newCode() string {
	b, err := hex.DecodeString(strings.ReplaceAll(t.client.NewID(clientsync.KindPersonIdentity), "-", ""))
	if err != nil || len(b) != 16 {
		return ""
	}
	var out strings.Builder
	for i, at := range []int{0, 1, 2, 3, 4, 5} { // byte 6 on are not all random
		signs := codeSigns
		if i == 0 {
			signs = codeLetters
		}
		if i == 1 || i == 4 {
			out.WriteByte('-')
		}
		out.WriteByte(signs[int(b[at])%len(signs)])
	}
	return out.String()
}

// personOf is the person that a record is about; nil where it names none that is here.
func (t *turn) personOf(m clientsync.Message) *daylightv1.PersonIdentity {
	if p, ok := m.(*daylightv1.PersonIdentity); ok {
		return p
	}
	id := idIn(m, "person_id")
	if id == "" {
		return nil
	}
	item, err := t.client.Get(t.ctx(), clientsync.KindPersonIdentity, id)
	if err != nil {
		return nil
	}
	p, _ := item.Message.(*daylightv1.PersonIdentity)
	return p
}

// personName is the code of the person that a record is about.
func (t *turn) personName(m clientsync.Message) look.Text {
	if code := t.personOf(m).GetPseudonym(); code != "" {
		return look.Code(code)
	}
	if idIn(m, "person_id") != "" {
		return t.say("field-sealed.person-elsewhere")
	}
	return t.say("field-sealed.no-person")
}

// personPage is a person: the code, what counts may know, and the sealed name.
func (t *turn) personPage(item clientsync.Item) error {
	e, err := t.edit(item, "")
	if err != nil {
		return err
	}
	p := item.Message.(*daylightv1.PersonIdentity)
	if t.again == nil && t.r.URL.RawQuery == "" {
		t.here(item.Kind, item.ID, "", "")
	}
	body := append(e.notices(), look.Heading{Over: t.say("field-sealed.code-here"), Text: look.Code(p.GetPseudonym()), Mono: true, Under: t.say("field-sealed.code-use")})
	body = append(body, e.form(
		e.one(ask{path: "sex", label: "field-sealed.sex", two: true}),
		e.yesNo(ask{path: "child", label: "field-sealed.child", hint: "field-sealed.child-hint", two: true}),
		e.one(ask{path: "interviewee_type", label: "field-sealed.type"}),
	))
	part, err := t.identityPart(item)
	if err != nil {
		return err
	}
	more, err := t.aboutPerson(p)
	if err != nil {
		return err
	}
	back := t.href(clientsync.KindVisit, p.GetVisitId(), "interviews")
	body = append(body, part, more, e.removal("field-sealed.remove-person", back))
	return t.show(sheet{title: "field-sealed.title-person", back: back, tab: tabVisit, body: body})
}

// identityPart asks for who it is. What was sealed before stays under what the form leaves
// empty, as long as this device opens it; else writing anew is a step of its own.
func (t *turn) identityPart(item clientsync.Item) (look.Part, error) {
	can, err := t.canRead(item.Kind, visitIn(item.Message))
	if err != nil {
		return nil, err
	}
	is, err := t.sealedLine(item)
	if err != nil {
		return nil, err
	}
	body := append([]look.Part{}, t.failure()...)
	if is != nil {
		body = append(body, is)
	}
	body = append(body, t.canReadPart(can))
	_, opens, err := t.contentOf(item)
	switch {
	case err != nil:
		return nil, err
	case is != nil && !opens && t.again == nil:
		body = append(body, look.Para{Small: true, Text: t.say("field-sealed.instead-why")},
			look.Button{Text: t.say("field-sealed.instead"), Kind: look.ButtonQuiet, Href: t.href(item.Kind, item.ID, "instead")})
	default:
		page, hint := "seal", look.Key("field-sealed.identity-hint")
		if is != nil && opens {
			page, hint = "amend", "field-sealed.amend-hint"
		}
		form, err := t.sealedForm(item.Message, page)
		if err != nil {
			return nil, err
		}
		body = append(body, look.Para{Soft: true, Small: true, Text: t.say(hint)}, form)
	}
	return look.Section{ID: "sealed-part", Heading: t.say("field-sealed.who"), Body: body}, nil
}

// failure is why nothing was sealed.
func (t *turn) failure() []look.Part {
	if len(t.failed) == 0 || t.again == nil || !t.again.Has(sealedControl("name")) {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("field-edit.not-saved"), Text: t.failed}}
}

// insteadPage asks for who somebody is where that was sealed before and cannot be opened
// here: what is written stands in its place, and the earlier in the history.
func (t *turn) insteadPage(item clientsync.Item) error {
	form, err := t.sealedForm(item.Message, "seal")
	if err != nil {
		return err
	}
	return t.show(sheet{title: "field-sealed.title-person", back: t.href(item.Kind, item.ID), tab: tabVisit, body: []look.Part{
		look.Heading{Over: t.personName(item.Message), Text: t.say("field-sealed.instead-title")},
		look.Note{Kind: look.NoteWatch, Text: t.say("field-sealed.instead-body")}, form,
	}})
}

// aboutPerson lists what else is sealed about a person, and begins more of it.
func (t *turn) aboutPerson(p *daylightv1.PersonIdentity) (look.Part, error) {
	body := []look.Part{}
	for _, kind := range []clientsync.Kind{clientsync.KindMedicalNote, clientsync.KindReprisalDetail} {
		rows, err := t.sealedRows(kind, p.GetVisitId(), func(m clientsync.Message) bool { return idIn(m, "person_id") == p.GetId() })
		if err != nil {
			return nil, err
		}
		body = append(body, rows...)
	}
	body = append(body, look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("field-sealed.add-medical"), Icon: look.IconPlus, Action: t.href(clientsync.KindPersonIdentity, p.GetId(), "add-medical")},
		look.Button{Text: t.say("field-sealed.add-reprisal"), Icon: look.IconPlus, Action: t.href(clientsync.KindPersonIdentity, p.GetId(), "add-reprisal")},
	}})
	return look.Section{Heading: t.say("field-sealed.also"), Body: body}, nil
}

func (t *turn) addMedical(item clientsync.Item, _ *look.Form) error {
	return t.to(t.begin(&daylightv1.MedicalNote{VisitId: proto.String(visitIn(item.Message)), PersonId: proto.String(item.ID)}))
}

func (t *turn) addReprisal(item clientsync.Item, _ *look.Form) error {
	return t.to(t.begin(&daylightv1.ReprisalDetail{VisitId: proto.String(visitIn(item.Message)), PersonId: proto.String(item.ID)}))
}

// sealedRows are the sealed records of a kind on a visit, as lines that say that they exist.
func (t *turn) sealedRows(kind clientsync.Kind, visit string, is func(clientsync.Message) bool) (out []look.Part, err error) {
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: visit, Kind: kind}) {
		if err != nil {
			return nil, err
		}
		if !is(item.Message) {
			continue
		}
		line, err := t.sealedLine(item)
		if err != nil {
			return nil, err
		}
		if line != nil {
			out = append(out, line)
		}
	}
	return out, nil
}
