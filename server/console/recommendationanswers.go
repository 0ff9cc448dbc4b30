package console

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// answerPaths are what the page of an authority's answer may set.
var answerPaths = []string{"line_id", "response", "received_on", "dated", "reference", "text", "extension_until", "evidence"}

// replyOf is the answer of the address, which is to the recommendation of the address.
func (t *turn) replyOf(p *paper) (store.Item, error) {
	id, err := t.id("reply")
	if err != nil {
		return store.Item{}, err
	}
	item, err := t.records().Get(t.ctx(), record.AuthorityReply, id)
	if err == nil && item.Message.(*daylightv1.AuthorityReply).GetRecommendationId() != p.r.GetId() {
		err = errNotFound
	}
	return item, err
}

// newReply is an answer as it begins: today, of the only addressee where there is one.
func (t *turn) newReply(r *daylightv1.Recommendation) *daylightv1.AuthorityReply {
	a := &daylightv1.AuthorityReply{RecommendationId: proto.String(r.GetId()), ReceivedOn: proto.String(t.today())}
	if r.GetVisitId() != "" {
		a.VisitId = proto.String(r.GetVisitId())
	}
	if line := t.r.URL.Query().Get("line"); line != "" {
		a.LineId = &line
	} else if len(r.GetAddressees()) == 1 {
		a.LineId = proto.String(r.GetAddressees()[0].GetId())
	}
	return a
}

func (e *editor) answerForm(r *daylightv1.Recommendation) []look.Part {
	form := []look.Part{}
	if len(r.GetAddressees()) > 1 {
		form = append(form, e.whose("line_id", r, "office-recs.answer-who", "office-recs.answer-all"))
	}
	return append(form, e.one(ask{path: "response", hint: "office-recs.response-hint", required: true}),
		look.Side{Body: []look.Part{e.dayOf(ask{path: "received_on", required: true}), e.dayOf(ask{path: "dated", hint: "office-recs.dated-hint"})}},
		e.line(ask{path: "text", label: "office-recs.their-words", hint: "office-recs.their-words-hint", rows: 6}),
		look.Side{Body: []look.Part{e.line(ask{path: "reference"}), e.dayOf(ask{path: "extension_until"})}},
		e.line(ask{path: "evidence", hint: "office-recs.evidence-hint", rows: 3}))
}

// whose asks which addressee something is about.
func (e *editor) whose(path string, r *daylightv1.Recommendation, label, all look.Key) look.Part {
	now := e.value(path)
	options := []look.Choice{}
	for _, l := range r.GetAddressees() {
		options = append(options, look.Choice{Value: l.GetId(), Text: e.authority(l), Under: look.Typed(l.GetOffice()), Checked: l.GetId() == now})
	}
	options = append(options, look.Choice{Text: e.say(all), Checked: now == ""})
	return look.Choices{Name: path, Legend: e.say(label), Options: options, Error: e.wrong[path]}
}

func (t *turn) showNewAnswer(f *look.Form, wrong map[string]look.Text, why look.Text) error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	if !p.answers(t) {
		return errNotFound
	}
	e := t.edit(store.Item{Message: t.newReply(p.r)}, f, wrong)
	form := e.answerForm(p.r)
	// What the form carries is the recommendation, of which the answer may be a step.
	hidden := e.hidden()
	if f == nil {
		hidden[0].Value = carriedOf(p.r)
	}
	return t.showAnswerForm(p, t.say("office-recs.answer-add"), p.href("/answers/new"), hidden, e, why, form)
}

func (t *turn) showAnswerForm(p *paper, title look.Text, action string, hidden []look.Hidden, e *editor, why look.Text, form []look.Part) error {
	body := append(t.failure(why), t.wrongIn(e.wrong)...)
	form = []look.Part{look.Leaf{Body: form}, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-recs.save"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-recs.back"), Kind: look.ButtonQuiet, Href: p.href("")}}}}
	body = append(body, look.Questions{Action: action, Hidden: hidden, Body: form})
	return t.show(sheet{title: title, crumbs: t.paperCrumbs(p.r, title), here: "/recommendations", lede: t.textOf(p.r, 200), body: body})
}

// addAnswer keeps an answer, and takes the recommendation to where an answer takes it, in one
// save: where the person may, and where it is not further already.
func (t *turn) addAnswer(f *look.Form) error {
	as, err := t.lay(record.Recommendation, t.r.PathValue("id"), f)
	if err != nil {
		return err
	}
	r := as.message.(*daylightv1.Recommendation)
	a := t.newReply(r)
	out, err := t.layOver(a, f, answerPaths...)
	if err != nil {
		return err
	}
	if t.needed(f, out.wrong, "response", "received_on"); len(out.wrong) > 0 {
		return t.showNewAnswer(f, out.wrong, nil)
	}
	save := []record.Message{a}
	if t.movedBy(r, a) {
		save = append(save, r)
	}
	return t.kept(t.showNewAnswer, f, r.GetId(), "answer", save...)
}

// needed refuses what was left empty.
func (t *turn) needed(f *look.Form, wrong map[string]look.Text, paths ...string) {
	for _, path := range paths {
		if f.Trimmed(path) == "" && wrong[path] == nil {
			wrong[path] = t.say("office-recs.needed")
		}
	}
}

// kept saves, and leads back to the recommendation; or shows the form again.
func (t *turn) kept(show again, f *look.Form, id, done string, messages ...record.Message) error {
	if _, err := t.records().Save(t.ctx(), messages...); err != nil {
		why, ok := t.notSaved(err)
		if !ok {
			return err
		}
		return show(f, nil, why)
	}
	return t.to(with("/recommendations/"+id, "done", done))
}

// movedBy writes into the recommendation what an answer says of it: that it was received, or
// answered. It reports whether there is something to write that this person may write.
func (t *turn) movedBy(r *daylightv1.Recommendation, a *daylightv1.AuthorityReply) (changed bool) {
	_, subject := t.visitBehind(r.GetVisitId())
	p := &paper{r: r, subject: subject}
	to := paperAnswered
	if a.GetResponse() == daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_ACKNOWLEDGED {
		to = paperReceived
		if l := p.line(a.GetLineId()); l != nil && l.GetReceivedOn() == "" && p.writes(t) {
			l.ReceivedOn, changed = proto.String(a.GetReceivedOn()), true
		}
	}
	answered := a.GetResponse() > daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_NO_RESPONSE && a.GetResponse() != daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_EXTENSION_REQUESTED
	before := r.GetState() == paperIssued || r.GetState() == paperReceived && to == paperAnswered
	if answered && before && slices.Contains(p.steps(t), to) {
		r.State, changed = to.Enum(), true
	}
	return changed
}

func (t *turn) showAnswer(f *look.Form, wrong map[string]look.Text, why look.Text) error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	item, err := t.replyOf(p)
	if err != nil {
		return err
	}
	if !p.answers(t) {
		return errNotFound
	}
	e := t.edit(item, f, wrong)
	form := e.answerForm(p.r)
	return t.showAnswerForm(p, t.say("office-recs.answer-edit"), p.href("/answers/"+item.Message.GetId()), e.hidden(), e, why, form)
}

func (t *turn) saveAnswer(f *look.Form) error {
	out, err := t.lay(record.AuthorityReply, t.r.PathValue("reply"), f, answerPaths...)
	if err != nil {
		return err
	}
	a := out.message.(*daylightv1.AuthorityReply)
	if a.GetRecommendationId() != t.r.PathValue("id") {
		return errNotFound
	}
	if t.needed(f, out.wrong, "response", "received_on"); len(out.wrong) > 0 {
		return t.showAnswer(f, out.wrong, nil)
	}
	return t.kept(t.showAnswer, f, a.GetRecommendationId(), "answer", a)
}

// assessmentAt is a path of the assessment that a page adds: it has no key until it is saved.
func assessmentAt(field string) string { return recordpage.At("assessments", "", field) }

var assessmentPaths = []string{assessmentAt("line_id"), assessmentAt("status"), assessmentAt("basis"), assessmentAt("on"), assessmentAt("visit_id"), assessmentAt("note")}

func (t *turn) showAssessment(f *look.Form, wrong map[string]look.Text, why look.Text) error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	if !p.writes(t) {
		return errNotFound
	}
	e := t.edit(p.item, f, wrong)
	form := []look.Part{}
	if len(p.r.GetAddressees()) > 1 {
		form = append(form, e.whose(assessmentAt("line_id"), p.r, "office-recs.assess-whose", "office-recs.assess-all"))
	}
	visits, err := e.visitsOf(p)
	if err != nil {
		return err
	}
	on := e.input(ask{path: assessmentAt("on"), required: true})
	on.Type, on.Value = "date", orToday(on.Value, t.today())
	form = append(form, e.one(ask{path: assessmentAt("status"), label: "office-recs.assess-status", required: true}), e.one(ask{path: assessmentAt("basis"), hint: "office-recs.basis-hint"}), visits, on,
		e.line(ask{path: assessmentAt("note"), label: "office-recs.assess-note", rows: 4}))
	return t.showPaperForm(p, t.say("office-recs.assess"), p.href("/assessments/new"), e, why, []look.Part{look.Leaf{Body: form}}, t.say("office-recs.save"))
}

// mostVisits bounds the visits that are on offer.
const mostVisits = 30

// visitsOf offers the last visits to the place, at which it can have been seen.
func (e *editor) visitsOf(p *paper) (look.Part, error) {
	if len(p.r.GetFacilityIds()) == 0 && p.visit == nil {
		return look.Flow{}, nil
	}
	at := p.visit.GetFacilityId()
	if len(p.r.GetFacilityIds()) > 0 {
		at = p.r.GetFacilityIds()[0]
	}
	place, err := record.ParseID(at)
	if err != nil {
		return look.Flow{}, nil
	}
	page, err := e.records().List(e.ctx(), record.Visit, store.Query{Filter: store.VisitFilter{Visits: store.Visits{Facility: place}}, NewestFirst: true, PageSize: mostVisits})
	if err != nil {
		return nil, err
	}
	path := assessmentAt("visit_id")
	options, now := []look.Option{{Text: e.say("office-recs.no-visit")}}, e.value(path)
	for _, i := range page.Items {
		v := i.Message.(*daylightv1.Visit)
		options = append(options, look.Option{Value: v.GetId(), Text: look.Dotted(e.name(v), e.visitDay(v)), Selected: v.GetId() == now})
	}
	return look.Select{Name: path, Label: e.say("office-recs.seen-at"), Options: options, Error: e.wrong[path]}, nil
}

// visitDay is the first day of a visit, as far as it is known.
func (t *turn) visitDay(v *daylightv1.Visit) look.Text {
	day := v.GetPlannedStart()
	if sessions := v.GetSessions(); len(sessions) > 0 && sessions[0].GetEnteredAt() != "" {
		day = sessions[0].GetEnteredAt()
	} else if v.GetArrivedAt() != "" {
		day = v.GetArrivedAt()
	}
	if len(day) > len("2026-11-24") {
		day = day[:len("2026-11-24")]
	}
	if day == "" {
		return nil
	}
	return t.day(day)
}

// addAssessment keeps what the office saw, and who says so.
func (t *turn) addAssessment(f *look.Form) error {
	return t.savePaper(f, "assessed", func(r *daylightv1.Recommendation, wrong map[string]look.Text) error {
		t.needed(f, wrong, assessmentAt("status"), assessmentAt("on"))
		for _, a := range r.GetAssessments() {
			if a.GetId() == "" {
				a.By = proto.String(t.session.Person.GetName())
			}
		}
		return nil
	}, t.showAssessment, func(*daylightv1.Recommendation) []string { return assessmentPaths })
}
