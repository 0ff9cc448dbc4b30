package clientsync

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// placed makes a place with a visit there for which a dossier is due.
func (d *device) placed() (place, visit string) {
	f := &daylightv1.Facility{Code: proto.String("CP-1")}
	d.save(f)
	v := &daylightv1.Visit{FacilityId: &f.Id, State: daylightv1.VisitState_VISIT_STATE_AUTHORISED.Enum()}
	d.save(v)
	return f.Id, v.Id
}

func (d *device) earlier(place, day string, state daylightv1.VisitState) string {
	v := &daylightv1.Visit{FacilityId: &place, PlannedStart: &day, State: state.Enum()}
	d.save(v)
	return v.Id
}

func (d *device) dossier(visit string) *Dossier {
	d.t.Helper()
	got, err := d.Dossier(d.t.Context(), visit)
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

func (got *Dossier) days() (out []string) {
	for _, v := range got.Visits {
		out = append(out, v.Day)
	}
	return out
}

const ended = daylightv1.VisitState_VISIT_STATE_CLOSED

func TestADossierIsOfTheLastVisitsAndWhatIsOpen(t *testing.T) {
	d := newDevice(t)
	place, visit := d.placed()
	if got := d.dossier(visit); !got.Due || got.Place.GetCode() != "CP-1" || got.Visits != nil || !got.LastSync.IsZero() {
		t.Errorf("%+v", got)
	}
	old := d.earlier(place, "2015-01-01", ended)
	older := d.earlier(place, "2014-01-01", ended)
	for year := 2022; year > 2018; year-- {
		d.earlier(place, fmt.Sprintf("%d-01-01", year), ended)
	}
	d.earlier(place, "2025-01-01", daylightv1.VisitState_VISIT_STATE_IN_PROGRESS)
	d.earlier(place, "2025-02-01", daylightv1.VisitState_VISIT_STATE_CANCELLED)
	promise := &daylightv1.Undertaking{VisitId: &old, Text: proto.String("A nurse will come.")}
	done := &daylightv1.Recommendation{VisitId: &older, State: daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED.Enum()}
	d.save(promise, done)
	if got := d.dossier(visit); fmt.Sprint(got.days()) != "[2022-01-01 2021-01-01 2020-01-01 2015-01-01]" || len(got.Undertakings) != 1 || len(got.Recommendations) != 0 {
		t.Errorf("%v, %+v", got.days(), got)
	}
	for year := range 9 {
		v := d.earlier(place, fmt.Sprintf("200%d-01-01", year), ended)
		d.save(&daylightv1.Recommendation{VisitId: &v, State: daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum()})
	}
	if got := d.dossier(visit); len(got.Visits) != 10 || len(got.Recommendations) != 6 {
		t.Errorf("%v, %d recommendations", got.days(), len(got.Recommendations))
	}
}

func TestARepeatedFindingIsToldOnce(t *testing.T) {
	d := newDevice(t)
	place, visit := d.placed()
	before, after := d.earlier(place, "2021-01-01", ended), d.earlier(place, "2022-01-01", ended)
	once := &daylightv1.Finding{VisitId: &after, Title: proto.String("once")}
	gone := "0190a6e2-7c1b-7000-8000-000000000001" // of a visit that has not come
	first := &daylightv1.Finding{VisitId: &before, RepeatsId: &gone}
	d.save(once, first)
	again := &daylightv1.Finding{VisitId: &after, RepeatsId: &first.Id, Title: proto.String("again")}
	d.save(again)
	want := func(titles ...string) {
		t.Helper()
		var got []string
		for _, f := range d.dossier(visit).Findings {
			got = append(got, fmt.Sprintf("%s %d %s", f.Finding.GetTitle(), f.Times, f.Day))
		}
		if fmt.Sprint(got) != fmt.Sprint(titles) {
			t.Errorf("%q", got)
		}
	}
	want("again 3 2022-01-01", "once 1 2022-01-01")
	t.Run("two that repeat each other", func(t *testing.T) {
		item, err := d.Get(t.Context(), KindFinding, first.Id)
		if err != nil {
			t.Fatal(err)
		}
		f := item.Message.(*daylightv1.Finding)
		f.RepeatsId = &again.Id
		d.save(f)
		want("again 2 2022-01-01", "once 1 2022-01-01")
	})
}

func TestOfEachAddresseeTheNewestAnswerCounts(t *testing.T) {
	d := newDevice(t)
	place, visit := d.placed()
	v := d.earlier(place, "2021-01-01", ended)
	r := &daylightv1.Recommendation{VisitId: &v, State: daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum(), Addressees: []*daylightv1.AddresseeLine{{Authority: proto.String("INTERIOR")}, {Authority: proto.String("HEALTH")}}}
	d.save(r)
	says := func(line, on, text string, change ...func(*daylightv1.AuthorityReply)) {
		a := &daylightv1.AuthorityReply{VisitId: &v, RecommendationId: &r.Id, ReceivedOn: &on, Text: &text}
		if line != "" {
			a.LineId = &line
		}
		for _, f := range change {
			f(a)
		}
		d.save(a)
	}
	line := r.Addressees[0].Id
	says(line, "2021-08-01", "newest")
	says(line, "2021-07-01", "typed later")
	says("", "2021-07-01", "of nobody in particular")
	says(line, "2021-09-01", "restricted", func(a *daylightv1.AuthorityReply) {
		a.Confidentiality = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED.Enum()
	})
	got := d.dossier(visit).Recommendations[0]
	answers := map[string]string{}
	for _, l := range got.Lines {
		answers[l.Line.GetAuthority()] = l.Reply.GetText()
	}
	if fmt.Sprint(answers) != "map[HEALTH: INTERIOR:newest]" || got.Reply.GetText() != "of nobody in particular" {
		t.Errorf("%v, %v", answers, got.Reply)
	}
}

func TestADossierIsOfAVisitThatIsHere(t *testing.T) {
	d := newDevice(t)
	place, visit := d.placed()
	for id, want := range map[string]Code{"not an id": Invalid, place: NotFound, "0190a6e2-7c1b-7000-8000-000000000001": NotFound} {
		if _, err := d.Dossier(t.Context(), id); CodeOf(err) != want {
			t.Errorf("%s: %v", id, err)
		}
	}
	if err := d.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Dossier(t.Context(), visit); CodeOf(err) != Unauthenticated {
		t.Errorf("locked: %v", err)
	}
}

func TestAVisitThatGoesNowhereHasNoDossier(t *testing.T) {
	d := newDevice(t)
	v := &daylightv1.Visit{Title: proto.String("Somewhere")}
	d.save(v)
	if got := d.dossier(v.Id); got.Due || got.Place != nil || got.Visits != nil {
		t.Errorf("%+v", got)
	}
}
