package scenario

import (
	"fmt"
	"maps"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const aCivilMonitor = daylightv1.OfficeRole_OFFICE_ROLE_CIVIL_SOCIETY_MONITOR

// puts saves at the office, whatever the rules, and gives the messages the ids that they
// have there.
func (o *madeOffice) puts(messages ...clientsync.Message) {
	o.t.Helper()
	items, err := o.store.Save(o.t.Context(), "Office", messages...)
	if err != nil {
		o.t.Fatal(err)
	}
	for i, item := range items {
		proto.Reset(messages[i])
		proto.Merge(messages[i], item.Message)
	}
}

// steps takes a step of a visit at the office.
func (o *madeOffice) steps(visit string, to daylightv1.VisitState) {
	o.t.Helper()
	o.edits(visit, func(v *daylightv1.Visit) { v.State = to.Enum() })
}

// joins adds people to a visit's team; nobody leaves nobody in it.
func (o *madeOffice) joins(visit string, people ...hand) {
	o.t.Helper()
	o.edits(visit, func(v *daylightv1.Visit) {
		if len(people) == 0 {
			v.Team = nil
		}
		for _, p := range people {
			v.Team = append(v.Team, p.monitor())
		}
	})
}

func (o *madeOffice) edits(visit string, change func(*daylightv1.Visit)) {
	o.t.Helper()
	id, err := record.ParseID(visit)
	if err != nil {
		o.t.Fatal(err)
	}
	item, err := o.store.Get(o.t.Context(), record.Visit, id)
	if err != nil {
		o.t.Fatal(err)
	}
	v := item.Message.(*daylightv1.Visit)
	change(v)
	o.puts(v)
}

// kinds counts what is on a device.
func (h hand) kinds() map[string]int {
	h.t.Helper()
	out := map[string]int{}
	for item, err := range h.List(h.t.Context(), clientsync.Filter{IncludeRemoved: true, IncludeIncomplete: true}) {
		if err != nil {
			h.t.Fatal(err)
		}
		out[item.Kind.String()]++
	}
	return out
}

func (h hand) has(when string, want map[string]int) {
	h.t.Helper()
	h.synced(h.Client)
	if got := h.kinds(); !maps.Equal(got, want) {
		h.t.Errorf("%s %s has %v, not %v", when, h.name, got, want)
	}
}

// earlierVisit is one that somebody else made, with what a dossier may show and what
// it may not.
func (o *madeOffice) earlierVisit(place, day string, by hand) *daylightv1.Visit {
	v := &daylightv1.Visit{
		FacilityId: &place, EnteredAt: proto.String(day + "T09:00+05:00"), Title: proto.String("Visit of " + day),
		State: daylightv1.VisitState_VISIT_STATE_IN_FOLLOW_UP.Enum(), Team: []*daylightv1.TeamMember{by.monitor()},
	}
	o.puts(v)
	advice := &daylightv1.Recommendation{VisitId: &v.Id, Texts: map[string]string{"en": "Mend the stove."},
		State:      daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum(),
		Addressees: []*daylightv1.AddresseeLine{{Authority: proto.String("INTERIOR")}}}
	o.puts(advice)
	o.puts(
		&daylightv1.AuthorityReply{VisitId: &v.Id, RecommendationId: &advice.Id, LineId: &advice.Addressees[0].Id, Text: proto.String("It is mended.")},
		&daylightv1.Undertaking{VisitId: &v.Id, Text: proto.String("A nurse will come.")},
		&daylightv1.Measurement{VisitId: &v.Id, Value: proto.Float64(3.2)},
		&daylightv1.RegisterCheck{VisitId: &v.Id, Title: proto.String("Custody book")},
		&daylightv1.ObstructionIncident{VisitId: &v.Id, Account: proto.String("The gate stayed shut.")},
		&daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("The stove is cold.")},
		&daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("One person's own case."), Kind: daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE.Enum()},
		&daylightv1.Interview{VisitId: &v.Id, Privacy: proto.String("ALONE")},
		&daylightv1.Note{VisitId: &v.Id},
		&daylightv1.ReprisalCase{VisitId: &v.Id},
		&daylightv1.ReviewComment{VisitId: &v.Id, Text: proto.String("Who saw it?")},
	)
	return v
}

// A device that goes to one place holds that visit and what earlier visits left there; and
// only its own visit, once it is handed in.
func TestADeviceCarriesItsVisitAndItsDossier(t *testing.T) {
	o := makeOffice(t)
	before, a, civil, c := o.hand("Monitor B", aMonitor), o.hand("Monitor A", aMonitor), o.hand("Member of an association", aCivilMonitor), o.hand("Monitor C", aMonitor)
	place, elsewhere := &daylightv1.Facility{Code: proto.String("CP-1")}, &daylightv1.Facility{Code: proto.String("NH-1")}
	o.puts(place, elsewhere)
	var earlier []*daylightv1.Visit
	for year := range 2 {
		earlier = append(earlier, o.earlierVisit(place.Id, fmt.Sprintf("202%d-05-01", 3+year), before))
	}
	o.earlierVisit(elsewhere.Id, "2025-01-01", before)
	v := &daylightv1.Visit{FacilityId: &place.Id, Title: proto.String("In depth"), State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(),
		Team: []*daylightv1.TeamMember{a.monitor(), civil.monitor()}}
	o.puts(v)
	own := &daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("of this visit")}
	o.puts(own)
	alone := map[string]int{"facility": 2, "visit": 1, "finding": 1}
	carried := map[string]int{"facility": 2, "visit": 3, "finding": 3, "recommendation": 2, "authority_reply": 2, "undertaking": 2,
		"measurement": 2, "register_check": 2, "obstruction_incident": 2}
	narrow := func(m map[string]int) map[string]int { m = maps.Clone(m); m["facility"] = 1; return m }
	a.has("planned,", alone)
	o.steps(v.Id, daylightv1.VisitState_VISIT_STATE_AUTHORISED)
	a.has("authorised,", carried)
	civil.has("authorised,", narrow(carried))
	c.has("in no team,", map[string]int{"facility": 2})

	t.Run("the dossier reads as one", func(t *testing.T) { a.reads(t, v.Id) })
	t.Run("what is written to an earlier visit waits at the office, and shows as it was", func(t *testing.T) {
		a.writesTo(t, earlier[0].Id)
		a.has("after that,", carried)
		a.stands(2, 0)
		before.synced(before.Client)
	})
	t.Run("a finding becomes restricted while a device is away", func(t *testing.T) {
		f := &daylightv1.Finding{VisitId: &earlier[1].Id, Narrative: proto.String("Somebody spoke of it.")}
		o.puts(f)
		a.synced(a.Client)
		f.Narrative = proto.String("Who it was can be told from this.")
		f.Confidentiality = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED.Enum()
		o.puts(f)
		a.has("then,", carried)
	})
	t.Run("somebody is taken out of the earlier team", func(t *testing.T) {
		o.joins(v.Id, before)
		before.synced(before.Client)
		o.joins(earlier[0].Id)
		before.has("carrying one and having had the other,", map[string]int{"facility": 2, "visit": 4, "finding": 7, "recommendation": 3,
			"authority_reply": 3, "undertaking": 3, "measurement": 3, "register_check": 3, "obstruction_incident": 3,
			"interview": 2, "note": 2, "reprisal_case": 2, "review_comment": 2})
	})
	for _, to := range []daylightv1.VisitState{
		daylightv1.VisitState_VISIT_STATE_IN_PROGRESS, daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE, daylightv1.VisitState_VISIT_STATE_CONSOLIDATED,
	} {
		o.steps(v.Id, to)
	}
	a.has("consolidated,", carried)
	o.steps(v.Id, daylightv1.VisitState_VISIT_STATE_SUBMITTED)
	a.has("submitted,", alone)
	civil.has("submitted,", narrow(alone))
	if d, err := a.Dossier(t.Context(), v.Id); err != nil || d.Due || len(d.Visits) != 0 {
		t.Errorf("%+v, %v", d, err)
	}
}

func (h hand) reads(t *testing.T, visit string) {
	d, err := h.Dossier(t.Context(), visit)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Due || d.LastSync.IsZero() || d.Place.GetCode() != "CP-1" || len(d.Visits) != 2 || d.Visits[0].Day != "2024-05-01" ||
		len(d.Recommendations) != 2 || len(d.Undertakings) != 2 || len(d.Findings) != 2 {
		t.Errorf("%+v", d)
	}
	for _, e := range d.Visits {
		if len(e.Measurements) != 1 || len(e.RegisterChecks) != 1 || len(e.Obstructions) != 1 {
			t.Errorf("%+v", e)
		}
	}
	if l := d.Recommendations[0].Lines; len(l) != 1 || l[0].Reply.GetText() != "It is mended." {
		t.Errorf("%+v", l)
	}
}

// writesTo edits a finding of an earlier visit, and adds one.
func (h hand) writesTo(t *testing.T, visit string) {
	for item, err := range h.List(t.Context(), clientsync.Filter{Kind: clientsync.KindFinding, Visit: visit}) {
		if err != nil {
			t.Fatal(err)
		}
		f := item.Message.(*daylightv1.Finding)
		f.Narrative = proto.String("The stove was never cold.")
		if codes := h.saves(f); len(codes) != 1 {
			t.Errorf("the device warns of %v", codes)
		}
		h.synced(h.Client)
		got, err := h.Get(t.Context(), clientsync.KindFinding, item.ID)
		if err != nil || got.Message.(*daylightv1.Finding).GetNarrative() != "The stove is cold." {
			t.Errorf("%v, %v", got.Message, err)
		}
	}
	if codes := h.saves(&daylightv1.Finding{VisitId: &visit, Narrative: proto.String("added")}); len(codes) != 1 {
		t.Errorf("the device warns of %v", codes)
	}
}
