package console

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// The controls of a new one's first addressee: the element has no key until it is saved.
const (
	firstAuthority = "addressees[].authority"
	firstOffice    = "addressees[].office"
)

// draftOf is a recommendation as it begins: from a finding, a visit, an earlier one that it
// repeats, or nothing.
func (t *turn) draftOf(finding, visit, repeats string) (*daylightv1.Recommendation, error) {
	r := &daylightv1.Recommendation{State: daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT.Enum()}
	if repeats != "" {
		if err := t.draftAgain(r, repeats); err != nil {
			return nil, err
		}
	}
	if finding != "" {
		item, err := t.itemOf(record.Finding, finding)
		if err != nil {
			return nil, err
		}
		t.draftFrom(r, item.Message.(*daylightv1.Finding))
		visit = item.Message.(*daylightv1.Finding).GetVisitId()
	}
	if visit != "" {
		item, err := t.itemOf(record.Visit, visit)
		if err != nil {
			return nil, err
		}
		t.draftAt(r, item.Message.(*daylightv1.Visit))
	}
	return r, nil
}

// draftAgain takes over what an earlier one asked for, and from whom.
func (t *turn) draftAgain(r *daylightv1.Recommendation, id string) error {
	item, err := t.itemOf(record.Recommendation, id)
	if err != nil {
		return err
	}
	old := item.Message.(*daylightv1.Recommendation)
	r.PredecessorId, r.Texts, r.Topics, r.Standards = proto.String(id), old.GetTexts(), old.GetTopics(), old.GetStandards()
	r.Type, r.Horizon, r.Level, r.Cost, r.FacilityIds = old.Type, old.Horizon, old.Level, old.Cost, old.GetFacilityIds()
	for _, l := range old.GetAddressees() {
		r.Addressees = append(r.Addressees, &daylightv1.AddresseeLine{Authority: l.Authority, Office: l.Office, Order: l.Order})
	}
	return nil
}

// draftFrom takes over what a finding says: its topic and standards, how urgent it is, and the
// earlier one whose fate it was looking at.
func (t *turn) draftFrom(r *daylightv1.Recommendation, f *daylightv1.Finding) {
	r.FindingIds = append(r.FindingIds, f.GetId())
	if f.GetTopic() != "" && !slices.Contains(r.Topics, f.GetTopic()) {
		r.Topics = append(slices.Clone(r.Topics), f.GetTopic())
	}
	for _, ref := range f.GetStandards() {
		if !slices.Contains(r.Standards, ref) {
			r.Standards = append(slices.Clone(r.Standards), ref)
		}
	}
	if max(f.GetSeverityDecided(), 0) == daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL ||
		f.GetSeverityDecided() == 0 && f.GetSeverityProposed() == daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL {
		r.Horizon = daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT.Enum()
	}
	if f.GetChecksId() != "" && r.PredecessorId == nil {
		r.PredecessorId = f.ChecksId
	}
	reasons := []string{f.GetTitle()}
	for _, ref := range f.GetStandards() {
		if title := t.standardTitle(ref).String(); title != "" {
			reasons = append(reasons, ref+": "+title)
		}
	}
	if said := strings.TrimSpace(strings.Join(reasons, "\n")); said != "" {
		r.Rationale = &said
	}
}

// draftAt takes over where the visit was, and who answers for the place.
func (t *turn) draftAt(r *daylightv1.Recommendation, v *daylightv1.Visit) {
	r.VisitId, r.Type = proto.String(v.GetId()), daylightv1.RecommendationType_RECOMMENDATION_TYPE_VISIT.Enum()
	if v.GetFacilityId() == "" {
		return
	}
	r.FacilityIds = []string{v.GetFacilityId()}
	place, err := t.itemOf(record.Facility, v.GetFacilityId())
	if err != nil || len(r.Addressees) > 0 {
		return
	}
	if body := place.Message.(*daylightv1.Facility).GetResponsibleBody(); body != "" {
		r.Addressees = []*daylightv1.AddresseeLine{{Authority: &body}}
	}
}

// asked are what a new one is drafted from: of a form, else of the address.
func (t *turn) asked(f *look.Form) (finding, visit, repeats string) {
	if f != nil {
		return f.Value(findingAsked), f.Value(visitAsked), f.Value(repeatsAsked)
	}
	v := t.r.URL.Query()
	return v.Get("finding"), v.Get("visit"), v.Get("repeats")
}

func (t *turn) showNewPaper(f *look.Form, wrong map[string]look.Text, why look.Text) error {
	finding, visit, repeats := t.asked(f)
	r, err := t.draftOf(finding, visit, repeats)
	if err != nil {
		return err
	}
	e := t.edit(store.Item{Message: r}, f, wrong)
	form, err := e.paperForm(r)
	if err != nil {
		return err
	}
	if len(r.GetAddressees()) < 2 { // several, of one that is repeated, are taken over as they are
		form = slices.Insert(form, 2, look.Part(look.Leaf{Heading: t.saying().Field("addressees"), Body: []look.Part{
			e.one(ask{path: firstAuthority}), e.line(ask{path: firstOffice, hint: "office-recs.office-hint"})}}))
	}
	body := append(t.failure(why), t.wrongIn(wrong)...)
	hidden := append(e.hidden(), look.Hidden{Name: findingAsked, Value: finding}, look.Hidden{Name: visitAsked, Value: visit}, look.Hidden{Name: repeatsAsked, Value: repeats})
	body = append(body, look.Questions{Action: "/recommendations/new", Hidden: hidden, Body: append(form, look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("office-recs.draft-do"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-recs.back"), Kind: look.ButtonQuiet, Href: "/recommendations"}}})})
	return t.show(sheet{title: t.say("office-recs.draft"), crumbs: []look.Link{{Href: "/recommendations", Text: t.say("office-recs.title")}, {Text: t.say("office-recs.draft")}}, here: "/recommendations",
		lede: t.draftLede(r), body: body})
}

// draftLede says what it is drafted from.
func (t *turn) draftLede(r *daylightv1.Recommendation) look.Text {
	switch {
	case r.GetVisitId() != "":
		return t.say("office-recs.from-visit", "visit", t.named("visit", r.GetVisitId()))
	case r.GetPredecessorId() != "":
		return t.say("office-recs.from-earlier", "which", t.namedPaper(r.GetPredecessorId()))
	}
	return t.say("office-recs.from-none")
}

// draftPaper saves a new one. What it follows from is read anew and not taken from the form.
func (t *turn) draftPaper(f *look.Form) error {
	r, err := t.draftOf(t.asked(f))
	if err != nil {
		return err
	}
	out, err := t.layOver(r, f, append(paperPaths(r), firstAuthority, firstOffice)...)
	if err != nil {
		return err
	}
	t.addTyped(r, f, out.wrong)
	r.Addressees = slices.DeleteFunc(r.Addressees, func(l *daylightv1.AddresseeLine) bool { return l.GetAuthority() == "" && l.GetOffice() == "" })
	if len(out.wrong) > 0 {
		return t.showNewPaper(f, out.wrong, nil)
	}
	items, err := t.records().Save(t.ctx(), r)
	if err != nil {
		why, ok := t.notSaved(err)
		if !ok {
			return err
		}
		return t.showNewPaper(f, nil, why)
	}
	return t.to(with("/recommendations/"+items[0].Message.GetId(), "done", "drafted"))
}
