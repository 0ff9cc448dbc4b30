package fieldapp

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// An interview is how somebody was spoken to, and what they agreed to; what they said is
// sealed beside it (sealed.go).

func (a *App) interviewRoutes() {
	a.ofRecord(clientsync.KindVisit, "interviews", (*turn).interviewsPage)
	a.onRecord(clientsync.KindVisit, "interview-one", (*turn).beginInterview)
	a.onRecord(clientsync.KindVisit, "interview-group", (*turn).beginGroup)
	a.ofRecord(clientsync.KindInterview, "", (*turn).interviewPage)
	a.onRecord(clientsync.KindInterview, "save", (*turn).saveInterview)
	a.onRecord(clientsync.KindInterview, "code", (*turn).giveCode)
	a.onRecord(clientsync.KindInterview, "reprisal", (*turn).reprisalOf)
	a.live[route{clientsync.KindInterview, ""}] = (*turn).interviewLive
	a.ofRecord(clientsync.KindInterview, "withdraw", (*turn).withdrawPage)
	a.onRecord(clientsync.KindInterview, "withdraw", (*turn).withdraw)
}

// interviewsPage lists the interviews of a visit, and the people who have a code.
func (t *turn) interviewsPage(item clientsync.Item) error {
	interviews, err := t.interviewRows(item.ID)
	if err != nil {
		return err
	}
	people, err := t.personRows(item.ID)
	if err != nil {
		return err
	}
	begin := look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("field-interview.begin-one"), Icon: look.IconPlus, Kind: look.ButtonMain, Action: t.href(item.Kind, item.ID, "interview-one")},
		look.Button{Text: t.say("field-interview.begin-group"), Icon: look.IconPeople, Action: t.href(item.Kind, item.ID, "interview-group")},
	}}
	body := []look.Part{look.Heading{Text: t.say("field-interview.all")}}
	if len(interviews) == 0 {
		body = append(body, look.Empty{Text: t.say("field-interview.none"), Under: t.say("field-interview.none-body"), Action: begin})
	} else {
		body = append(body, look.Rows{Items: interviews}, begin)
	}
	if len(people) > 0 {
		body = append(body, look.Section{Heading: t.say("field-interview.people"), Body: []look.Part{look.Rows{Items: people}}})
	}
	body = append(body, look.Rows{Items: []look.Row{
		{Href: t.href(item.Kind, item.ID, "readers"), Lead: look.Symbol{Icon: look.IconPeople}, Text: t.say("field-interview.to-readers")},
		{Href: t.href(item.Kind, item.ID, "desk"), Lead: look.Symbol{Icon: look.IconSealed}, Text: t.say("field-interview.to-desk")},
	}})
	return t.show(sheet{title: "field-interview.all", back: t.href(item.Kind, item.ID), tab: tabVisit, body: body})
}

func (t *turn) interviewRows(visit string) (rows []look.Row, err error) {
	notes, err := t.notesByInterview(visit)
	if err != nil {
		return nil, err
	}
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: visit, Kind: clientsync.KindInterview}) {
		if err != nil {
			return nil, err
		}
		m := item.Message.(*daylightv1.Interview)
		row := look.Row{Href: t.href(item.Kind, item.ID), Lead: look.Symbol{Icon: look.IconPerson}, Text: t.interviewName(m),
			Under: look.Dotted(t.code("INTERVIEWEE_TYPE", m.GetIntervieweeType()), t.code("INTERVIEW_PRIVACY", m.GetPrivacy()),
				t.say("field-interview.yes-count", "n", len(agreed(m))), t.say("field-interview.note-count", "n", notes[item.ID]))}
		if m.GetReprisalRisk() >= daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH {
			row.Tags = append(row.Tags, t.riskTag(m.GetReprisalRisk()))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// riskTag names a risk of reprisal, from high on.
func (t *turn) riskTag(r daylightv1.ReprisalRisk) look.Tag {
	tag := look.Tag{Kind: look.TagAttend, Icon: look.IconAlert, Text: t.say("field-interview.risk-high")}
	if r == daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT {
		tag.Kind, tag.Text = look.TagUrgent, t.say("field-interview.risk-imminent")
	}
	return tag
}

// notesByInterview counts what is sealed of each interview.
func (t *turn) notesByInterview(visit string) (map[string]int, error) {
	out := map[string]int{}
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: visit, Kind: clientsync.KindInterviewNote}) {
		if err != nil {
			return nil, err
		}
		if clientsync.SealedWords(item.Message) != "" {
			out[item.Message.(*daylightv1.InterviewNote).GetInterviewId()]++
		}
	}
	return out, nil
}

func (t *turn) personRows(visit string) (rows []look.Row, err error) {
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: visit, Kind: clientsync.KindPersonIdentity}) {
		if err != nil {
			return nil, err
		}
		m := item.Message.(*daylightv1.PersonIdentity)
		row := look.Row{Href: t.href(item.Kind, item.ID), Lead: look.Symbol{Icon: look.IconPerson}, Text: t.personName(m), Under: t.say("field-interview.no-identity")}
		if clientsync.SealedWords(m) != "" {
			row.Lead, row.Under = look.Symbol{Icon: look.IconSealed}, t.say("field-interview.has-identity")
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// interviewName is what an interview is called: by the code of the person.
func (t *turn) interviewName(m *daylightv1.Interview) look.Text {
	if m.GetPersonId() != "" {
		return t.personName(m)
	}
	if m.GetMode() == "GROUP" {
		return t.say("field-interview.group")
	}
	return t.say("field-interview.without-code")
}

// beginInterview begins an interview with one person, who gets a code at once.
func (t *turn) beginInterview(item clientsync.Item, _ *look.Form) error {
	person := &daylightv1.PersonIdentity{Id: t.client.NewID(clientsync.KindPersonIdentity), VisitId: proto.String(item.ID), Pseudonym: proto.String(t.newCode())}
	m := t.newInterview(item.ID)
	m.PersonId, m.Mode = proto.String(person.Id), proto.String("INDIVIDUAL_PRIVATE")
	if err := t.client.Save(t.ctx(), person, m); err != nil {
		return err
	}
	return t.to(t.href(clientsync.KindInterview, m.Id))
}

// beginGroup begins one with several, who get no code.
func (t *turn) beginGroup(item clientsync.Item, _ *look.Form) error {
	m := t.newInterview(item.ID)
	m.Mode = proto.String("GROUP")
	if err := t.client.Save(t.ctx(), m); err != nil {
		return err
	}
	return t.to(t.href(clientsync.KindInterview, m.Id))
}

func (t *turn) newInterview(visit string) *daylightv1.Interview {
	return &daylightv1.Interview{Id: t.client.NewID(clientsync.KindInterview), VisitId: proto.String(visit), HeldOn: proto.String(t.dayNow())}
}

// dayNow is the day on this device, as records have it.
func (t *turn) dayNow() string { return t.locale.Now.In(t.locale.Zone).Format("2006-01-02") }

// interviewPage is one interview: how it was held, what the person agreed to, the risk, and
// what is sealed of it.
func (t *turn) interviewPage(item clientsync.Item) error {
	e, err := t.edit(item, "")
	if err != nil {
		return err
	}
	m := item.Message.(*daylightv1.Interview)
	t.inVisit(m.GetVisitId())
	if t.again == nil && t.r.URL.RawQuery == "" {
		t.here(item.Kind, item.ID, "", "")
	}
	body := append(e.notices(), t.interviewHead(m))
	questions, err := e.interviewQuestions(m)
	if err != nil {
		return err
	}
	body = append(body, e.form(questions...))
	if len(agreed(m)) > 0 || len(m.GetWithdrawals()) > 0 {
		body = append(body, look.Button{Text: t.say("field-interview.take-back"), Kind: look.ButtonQuiet, Href: t.href(item.Kind, item.ID, "withdraw")})
	}
	part, err := t.interviewSealed(m)
	if err != nil {
		return err
	}
	back := t.href(clientsync.KindVisit, m.GetVisitId(), "interviews")
	body = append(body, part, e.removal("field-interview.remove", back))
	return t.show(sheet{title: "field-interview.title", back: back, body: body,
		foot: []look.Button{{Text: t.say("field-interview.done"), Kind: look.ButtonMain, Href: back}}})
}

func (t *turn) interviewHead(m *daylightv1.Interview) look.Part {
	if p := t.personOf(m); p != nil {
		return look.Heading{Over: t.say("field-sealed.code-here"), Text: look.Code(p.GetPseudonym()), Mono: true, Under: t.say("field-sealed.code-use")}
	}
	return look.Heading{Text: t.interviewName(m), Under: t.say("field-interview.no-code-body")}
}

// interviewQuestions are what the form asks.
func (e *editor) interviewQuestions(m *daylightv1.Interview) ([]look.Part, error) {
	who, err := e.whoSpoke(m)
	if err != nil {
		return nil, err
	}
	held := append([]look.Part{
		e.one(ask{path: "interviewee_type", label: "field-interview.type"}),
		e.one(ask{path: "privacy", label: "field-interview.privacy", hint: "field-interview.privacy-hint"}),
		e.one(ask{path: "selection", label: "field-interview.selection", hint: "field-interview.selection-hint"}),
		e.line(ask{path: "language", label: "field-interview.language", hint: "field-interview.language-hint"}),
		e.yesNo(ask{path: "interpreter", label: "field-interview.interpreter", two: true}),
		e.number(ask{path: "minutes", label: "field-interview.minutes", unit: "unit.min"}),
	}, who...)
	held = append(held,
		e.one(ask{path: "mode", label: "field-interview.mode"}),
		e.number(ask{path: "persons", label: "field-interview.persons"}),
		e.day(ask{path: "held_on", label: "field-interview.held-on", hint: "field-interview.held-on-hint"}),
		e.one(ask{path: "sex", label: "field-sealed.sex", two: true}),
		e.one(ask{path: "age_group", label: "field-interview.age-group", two: true}),
		e.topics(ask{path: "topics", label: "field-interview.topics"}),
		e.one(ask{path: "consented_by", label: "field-interview.consented-by", hint: "field-interview.consented-by-hint"}),
	)
	risk := []look.Part{
		e.yesNo(ask{path: "allegation", label: "field-interview.allegation", hint: "field-interview.allegation-hint", two: true}),
		e.risk(m),
		e.urgentPart(m),
	}
	return []look.Part{
		look.Section{Heading: e.say("field-interview.held"), Body: []look.Part{
			look.Section{ID: "held", Body: []look.Part{look.Flow{Body: e.heldFacts(m)}}},
			look.Unfold{Summary: e.say("field-interview.further"), Open: len(e.refused) > 0 || m.GetIntervieweeType() == "" || m.GetPrivacy() == "", Body: held},
		}},
		e.consentSection(m),
		look.Section{Heading: e.say("field-interview.risk"), Body: risk},
	}, nil
}

// heldFacts are at a glance how the interview was held.
func (t *turn) heldFacts(m *daylightv1.Interview) []look.Part {
	minutes := look.Text(nil)
	if m.Minutes != nil {
		minutes = t.locale.Measure(float64(m.GetMinutes()), "min")
	}
	items := []look.Fact{}
	for _, f := range []look.Fact{
		{Name: t.say("field-interview.type"), Value: t.code("INTERVIEWEE_TYPE", m.GetIntervieweeType())},
		{Name: t.say("field-interview.privacy-short"), Value: t.code("INTERVIEW_PRIVACY", m.GetPrivacy())},
		{Name: t.say("field-interview.selection"), Value: t.code("INTERVIEW_SELECTION", m.GetSelection())},
		{Name: t.say("field-interview.minutes"), Value: minutes},
	} {
		if len(f.Value) == 0 {
			f.Value = t.say("field-interview.not-said")
		}
		items = append(items, f)
	}
	return []look.Part{look.Facts{Items: items, Leaf: true}}
}

// risk asks how likely harm is, with what each answer means.
func (e *editor) risk(m *daylightv1.Interview) look.Part {
	q := e.one(ask{path: "reprisal_risk", label: "field-interview.risk-of", many: true, only: []string{
		"REPRISAL_RISK_LOW", "REPRISAL_RISK_MEDIUM", "REPRISAL_RISK_HIGH", "REPRISAL_RISK_IMMINENT"}}).(look.Choices)
	under := map[string]look.Key{
		"REPRISAL_RISK_LOW": "field-interview.risk-low-means", "REPRISAL_RISK_MEDIUM": "field-interview.risk-medium-means",
		"REPRISAL_RISK_HIGH": "field-interview.risk-high-means", "REPRISAL_RISK_IMMINENT": "field-interview.risk-imminent-means",
	}
	for i := range q.Options {
		if k, ok := under[q.Options[i].Value]; ok {
			q.Options[i].Under = e.say(k)
		}
	}
	return q
}

// urgentPart is what a high risk asks for; it comes and goes with the answer.
func (t *turn) urgentPart(m *daylightv1.Interview) look.Part {
	return look.Section{ID: "urgent", Body: []look.Part{look.Flow{Body: t.urgent(m)}}}
}

func (t *turn) urgent(m *daylightv1.Interview) []look.Part {
	if m.GetReprisalRisk() < daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH {
		return nil
	}
	kind, text := look.NoteAttend, t.say("field-interview.high-body")
	if m.GetReprisalRisk() == daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT {
		kind, text = look.NoteUrgent, t.say("field-interview.imminent-body")
	}
	return []look.Part{look.Note{Kind: kind, Text: text, Under: t.say("field-interview.case-below")}}
}

// whoSpoke lets somebody say that it is a person who has a code already, or give one.
func (e *editor) whoSpoke(m *daylightv1.Interview) ([]look.Part, error) {
	options := []look.Option{}
	for item, err := range e.client.List(e.ctx(), clientsync.Filter{Visit: m.GetVisitId(), Kind: clientsync.KindPersonIdentity}) {
		if err != nil {
			return nil, err
		}
		options = append(options, look.Option{Value: item.ID, Text: e.personName(item.Message), Selected: item.ID == e.value("person_id")})
	}
	if len(options) == 0 {
		return nil, nil
	}
	slices.SortFunc(options, func(a, b look.Option) int { return cmp.Compare(a.Text.String(), b.Text.String()) })
	return []look.Part{look.Select{Name: "person_id", Label: e.say("field-interview.same-person"), Hint: e.say("field-interview.same-person-hint"),
		Options: options, Choose: true, Error: e.refused["person_id"], Beside: e.beside("person_id")}}, nil
}

// interviewLive draws what changes with the answers.
func (t *turn) interviewLive(item clientsync.Item) (map[string]look.Part, error) {
	m := item.Message.(*daylightv1.Interview)
	return map[string]look.Part{"urgent": look.Flow{Body: t.urgent(m)}, "held": look.Flow{Body: t.heldFacts(m)}, "agreed": t.agreedPart(m)}, nil
}

// interviewSealed is the sealed part of an interview: who it was, what was noted so far,
// and a field for more.
func (t *turn) interviewSealed(m *daylightv1.Interview) (look.Part, error) {
	body := []look.Part{look.Para{Soft: true, Small: true, Text: t.say("field-sealed.note-write-only")}}
	who, err := t.interviewWho(m)
	if err != nil {
		return nil, err
	}
	notes, err := t.sealedRows(clientsync.KindInterviewNote, m.GetVisitId(), func(n clientsync.Message) bool { return idIn(n, "interview_id") == m.GetId() })
	if err != nil {
		return nil, err
	}
	can, err := t.canRead(clientsync.KindInterviewNote, m.GetVisitId())
	if err != nil {
		return nil, err
	}
	note := &daylightv1.InterviewNote{VisitId: m.VisitId, InterviewId: proto.String(m.GetId()), PersonId: m.PersonId, Language: m.Language}
	t.begin(note)
	form, err := t.sealedForm(note, "seal")
	if err != nil {
		return nil, err
	}
	body = append(append(body, who...), notes...)
	if m.GetPersonId() == "" {
		body = append(body, look.Button{Text: t.say("field-interview.give-code"), Kind: look.ButtonQuiet, Icon: look.IconPerson, Action: t.href(clientsync.KindInterview, m.GetId(), "code")})
	}
	body = append(body, look.Section{Heading: t.say("field-interview.add-note"), Body: []look.Part{t.canReadPart(can), form}})
	body = append(body, look.Button{Text: t.say("field-interview.open-case"), Kind: look.ButtonQuiet, Icon: look.IconAlert, Action: t.href(clientsync.KindInterview, m.GetId(), "reprisal")})
	return look.Section{ID: "sealed-part", Heading: t.say("field-sealed.part"), Body: body}, nil
}

// interviewWho leads to who it was.
func (t *turn) interviewWho(m *daylightv1.Interview) ([]look.Part, error) {
	if m.GetPersonId() == "" {
		return nil, nil
	}
	item, err := t.client.Get(t.ctx(), clientsync.KindPersonIdentity, m.GetPersonId())
	if err != nil {
		return nil, ignoreMissing(err)
	}
	line, err := t.sealedLine(item)
	if err != nil {
		return nil, err
	}
	row := look.Row{Href: t.href(item.Kind, item.ID), Lead: look.Symbol{Icon: look.IconSealed}, Text: t.say("field-interview.write-identity"), Under: t.say("field-interview.write-identity-body")}
	if line != nil {
		row.Text, row.Under = t.say("field-sealed.kind-identity"), line.(look.Sealed).Text
	}
	return []look.Part{look.Rows{Items: []look.Row{row}}}, nil
}

// ignoreMissing passes over a record that is not here.
func ignoreMissing(err error) error {
	if clientsync.CodeOf(err) == clientsync.NotFound {
		return nil
	}
	return err
}

// giveCode makes a code for somebody who had none.
func (t *turn) giveCode(item clientsync.Item, _ *look.Form) error {
	m := item.Message.(*daylightv1.Interview)
	if m.GetPersonId() != "" {
		return t.to(t.href(item.Kind, item.ID))
	}
	person := &daylightv1.PersonIdentity{Id: t.client.NewID(clientsync.KindPersonIdentity), VisitId: m.VisitId, Pseudonym: proto.String(t.newCode()), Sex: m.Sex, IntervieweeType: m.IntervieweeType}
	m.PersonId = proto.String(person.Id)
	if err := t.client.Save(t.ctx(), person, m); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID))
}

// reprisalOf leads to the case of reprisal of the person, which it begins where there is
// none.
func (t *turn) reprisalOf(item clientsync.Item, _ *look.Form) error {
	m := item.Message.(*daylightv1.Interview)
	for found, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: m.GetVisitId(), Kind: clientsync.KindReprisalCase}) {
		if err != nil {
			return err
		}
		if id := idIn(found.Message, "person_id"); id != "" && id == m.GetPersonId() {
			return t.to(t.href(found.Kind, found.ID))
		}
	}
	c := &daylightv1.ReprisalCase{VisitId: m.VisitId, PersonId: m.PersonId, Risk: m.ReprisalRisk, ReportedOn: proto.String(t.dayNow())}
	if m.GetReprisalRisk() == daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT {
		c.Urgent = proto.Bool(true)
	}
	return t.to(t.begin(c))
}
