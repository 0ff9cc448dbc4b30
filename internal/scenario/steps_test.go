package scenario

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// now is a record as the person has it on screen.
func now[M clientsync.Message](h hand, kind clientsync.Kind, id string) M {
	h.t.Helper()
	item, err := h.Get(h.t.Context(), kind, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return item.Message.(M)
}

// told is what the device says of what the office will refuse.
func (h hand) told(m clientsync.Message) (texts []string) {
	for _, f := range h.Check(m) {
		if strings.HasPrefix(f.Code, "access-") {
			texts = append(texts, f.Field+": "+f.Text)
		}
	}
	return texts
}

// The case officer drafts, the Ombudsperson approves on a device of her own, and the
// follow-up officer sends it; the monitor looks on.
func TestARecommendationGoesItsWay(t *testing.T) {
	o := makeOffice(t)
	a, officer := o.hand("Monitor A", aMonitor), o.hand("Case officer", anOfficer)
	chair := o.hand("Ombudsperson", daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON)
	follower := o.hand("Follow-up officer", daylightv1.OfficeRole_OFFICE_ROLE_FOLLOW_UP_OFFICER)
	v := &daylightv1.Visit{Title: proto.String("First visit")}
	a.saves(v)
	o.synced(a.Client)
	o.synced(officer.Client)
	paper := &daylightv1.Recommendation{VisitId: &v.Id, Texts: map[string]string{"en": "Fit windows."}, State: daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW.Enum()}
	if codes := officer.saves(paper); len(codes) != 0 {
		t.Errorf("drafting it: %v", codes)
	}
	o.synced(officer.Client)
	officer.stands(0, 0)

	step := func(h hand, to daylightv1.RecommendationState, want ...string) {
		t.Helper()
		o.synced(h.Client)
		m := now[*daylightv1.Recommendation](h, clientsync.KindRecommendation, paper.Id)
		m.State = &to
		if got := h.told(m); !slices.Equal(got, want) {
			t.Errorf("%s is told %q", h.name, got)
		}
		h.saves(m)
		o.synced(h.Client)
	}
	const approved, issued = daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED, daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED
	step(officer, approved, "state: The recommendation stands at IN_REVIEW; only OMBUDSPERSON or NPM_HEAD may take it to APPROVED. The office would refuse this step.")
	officer.stands(0, 1)
	step(chair, approved)
	chair.stands(0, 0)
	step(a, issued, "state: The recommendation stands at APPROVED; only OMBUDSPERSON, NPM_HEAD, CASE_OFFICER or FOLLOW_UP_OFFICER may take it to ISSUED. The office would refuse this step.")
	a.stands(0, 1)
	step(follower, issued)
	follower.stands(0, 0)
	o.synced(a.Client)
	if got := now[*daylightv1.Recommendation](a, clientsync.KindRecommendation, paper.Id).GetState(); got != issued {
		t.Errorf("the monitor sees it at %v", got)
	}
	refused, err := a.Refused(t.Context())
	if err != nil || len(refused) != 1 {
		t.Fatalf("%v, %v", refused, err)
	}
	// It has gone there by another's hand, so there is nothing left to say of who may.
	if want := "Your roles at the office do not allow this change. What you wrote is kept here."; refused[0].Text != want || refused[0].Reason != "denied" {
		t.Errorf("%+v", refused[0])
	}
}

func TestARefusedStepSaysWhoCouldHaveTakenIt(t *testing.T) {
	o := makeOffice(t)
	a, b := o.hand("Monitor A", aMonitor), o.hand("Monitor B", aMonitor)
	v := &daylightv1.Visit{Title: proto.String("First visit"), Team: []*daylightv1.TeamMember{b.monitor()}, State: daylightv1.VisitState_VISIT_STATE_CONSOLIDATED.Enum()}
	a.saves(v)
	o.synced(a.Client)
	o.synced(b.Client)
	mine := b.visit(v.Id)
	mine.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	b.saves(mine)
	o.synced(b.Client)
	refused, err := b.Refused(t.Context())
	if err != nil || len(refused) != 1 {
		t.Fatalf("%v, %v", refused, err)
	}
	want := "The office refused this step: the visit stands at CONSOLIDATED; only NPM_HEAD, CASE_OFFICER or its head may take it to SUBMITTED. It is kept here."
	if refused[0].Text != want {
		t.Errorf("%s", refused[0].Text)
	}
}

// A person takes a consent back after the visit was closed; the monitor who hears of it
// also corrects a number, and the number waits alone.
func TestAConsentIsTakenBackAfterTheVisitEnded(t *testing.T) {
	o := makeOffice(t)
	a, officer := o.hand("Monitor A", aMonitor), o.hand("Case officer", anOfficer)
	v := &daylightv1.Visit{Title: proto.String("First visit"), State: daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()}
	a.saves(v)
	i := &daylightv1.Interview{VisitId: &v.Id, Minutes: proto.Uint32(20), Consents: []*daylightv1.Consent{
		{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, State: daylightv1.ConsentState_CONSENT_STATE_GIVEN.Enum()},
	}}
	a.saves(i)
	o.synced(a.Client)
	o.synced(officer.Client)
	closed := officer.visit(v.Id)
	closed.State = daylightv1.VisitState_VISIT_STATE_CLOSED.Enum()
	officer.saves(closed)
	o.synced(officer.Client)
	o.synced(a.Client)

	back := now[*daylightv1.Interview](a, clientsync.KindInterview, i.Id)
	back.Withdrawals = []*daylightv1.ConsentWithdrawal{{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, ToldBy: proto.String("LAWYER")}}
	if codes := a.saves(back); len(codes) != 0 {
		t.Errorf("the device warns of %v", codes)
	}
	back.Minutes = proto.Uint32(25)
	back.Withdrawals = append(back.Withdrawals, &daylightv1.ConsentWithdrawal{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_NOTES})
	if codes := a.saves(back); !slices.Equal(codes, []string{"access-late"}) {
		t.Errorf("the device warns of %v", codes)
	}
	o.synced(a.Client)
	a.stands(1, 0)
	o.synced(officer.Client)
	if got := now[*daylightv1.Interview](officer, clientsync.KindInterview, i.Id); len(got.Withdrawals) != 2 || got.GetMinutes() != 20 {
		t.Errorf("the office has %v", got)
	}

	// It cannot be made undone from there.
	again := now[*daylightv1.Interview](a, clientsync.KindInterview, i.Id)
	again.Withdrawals = nil
	if codes := a.saves(again); !slices.Equal(codes, []string{"access-late"}) {
		t.Errorf("the device warns of %v", codes)
	}
	o.synced(a.Client)
	o.synced(officer.Client)
	if got := now[*daylightv1.Interview](officer, clientsync.KindInterview, i.Id); len(got.Withdrawals) != 2 {
		t.Errorf("the office has %v", got)
	}
}

// A reviewer asks, the monitor answers and settles it; the question stays as it was asked.
func TestACommentIsItsAuthors(t *testing.T) {
	o := makeOffice(t)
	a, reviewer := o.hand("Monitor A", aMonitor), o.hand("Reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER)
	v := &daylightv1.Visit{Title: proto.String("First visit"), State: daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()}
	a.saves(v)
	o.synced(a.Client)
	o.synced(reviewer.Client)
	question := &daylightv1.ReviewComment{VisitId: &v.Id, Text: proto.String("Which wing?")}
	reviewer.saves(question)
	o.synced(reviewer.Client)
	o.synced(a.Client)
	answer := &daylightv1.ReviewComment{VisitId: &v.Id, ReplyTo: &question.Id, Text: proto.String("Wing 2")}
	if codes := a.saves(answer); len(codes) != 0 {
		t.Errorf("answering: %v", codes)
	}
	settled := now[*daylightv1.ReviewComment](a, clientsync.KindReviewComment, question.Id)
	settled.Settled = proto.Bool(true)
	if codes := a.saves(settled); len(codes) != 0 {
		t.Errorf("settling: %v", codes)
	}
	answer.Text = proto.String("Wing 3")
	if codes := a.saves(answer); len(codes) != 0 {
		t.Errorf("correcting: %v", codes)
	}
	o.synced(a.Client)
	a.stands(0, 0)
	settled = now[*daylightv1.ReviewComment](a, clientsync.KindReviewComment, question.Id)
	settled.Text = proto.String("Nothing.")
	if codes := a.saves(settled); !slices.Equal(codes, []string{"access-write"}) {
		t.Errorf("rewording the question: %v", codes)
	}
	o.synced(a.Client)
	a.stands(0, 1)
	o.synced(reviewer.Client)
	if got := now[*daylightv1.ReviewComment](reviewer, clientsync.KindReviewComment, question.Id); got.GetText() != "Which wing?" || !got.GetSettled() {
		t.Errorf("the reviewer has %v", got)
	}
}
