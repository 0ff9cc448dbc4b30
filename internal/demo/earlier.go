package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// crowded is what both visits find.
const crowded = "2.1 square metres for each person in Wing B"

// before: two years ago somebody was here, found something and asked for something, and
// an authority says that it is done.
func (s *story) before(ctx context.Context) error {
	if err := errors.Join(s.silent(ctx, s.officer), s.silent(ctx, s.chief)); err != nil {
		return err
	}
	place, err := s.place(ctx, s.officer, prison)
	if err != nil {
		return err
	}
	visit := &daylightv1.Visit{
		FacilityId: &place.Id, Title: proto.String("The visit of 2024"), PlannedStart: proto.String("2024-05-14"),
		Type: daylightv1.VisitType_VISIT_TYPE_IN_DEPTH.Enum(), State: daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum(),
	}
	if err := s.officer.Save(ctx, visit); err != nil {
		return err
	}
	found := &daylightv1.Finding{
		VisitId: &visit.Id, Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: proto.String("MAT"), Topic: proto.String("MAT.SPACE"),
		SeverityDecided: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(), Title: proto.String(crowded),
	}
	if err := s.officer.Save(ctx, found); err != nil {
		return err
	}
	s.found = found.Id
	if s.asked, err = s.recommend(ctx, &daylightv1.Recommendation{
		VisitId: &visit.Id, Type: daylightv1.RecommendationType_RECOMMENDATION_TYPE_VISIT.Enum(),
		Texts:  map[string]string{"en": "Give each person in Wing B at least 4 square metres."},
		Topics: []string{"MAT.SPACE"}, FindingIds: []string{found.Id}, IssuedOn: proto.String("2024-07-01"),
		Addressees: []*daylightv1.AddresseeLine{
			{Authority: proto.String("INTERIOR"), SentOn: proto.String("2024-07-01"), DueOn: proto.String("2024-08-01"), ImplementBy: proto.String("2025-07-01")},
			{Authority: proto.String("HEALTH"), SentOn: proto.String("2024-07-01"), DueOn: proto.String("2024-08-01")},
		},
	}); err != nil {
		return err
	}
	return s.claimed(ctx, visit.Id)
}

// recommend drafts on the officer's device, and issues on that of the head of the
// department. The officer alone cannot approve: the device says who can.
func (s *story) recommend(ctx context.Context, r *daylightv1.Recommendation) (string, error) {
	const approved = daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED
	r.State = daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW.Enum()
	if err := s.officer.Save(ctx, r); err != nil {
		return "", err
	}
	s.say("%s drafts: %s", s.officer.who, r.Texts["en"])
	r.State = approved.Enum()
	flags := s.officer.Check(r)
	if len(flags) == 0 || flags[len(flags)-1].Code != "access-step" {
		return "", fmt.Errorf("%s does not warn that the step is another's: %v", s.officer.folder, flags)
	}
	s.say("    to approve it is not theirs: %s", flags[len(flags)-1].Text)
	if err := errors.Join(s.silent(ctx, s.officer), s.silent(ctx, s.chief)); err != nil {
		return "", err
	}
	for _, to := range []daylightv1.RecommendationState{approved, daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED} {
		if err := s.step(ctx, s.chief, r.Id, to); err != nil {
			return "", err
		}
	}
	if err := errors.Join(s.silent(ctx, s.chief), s.silent(ctx, s.officer)); err != nil {
		return "", err
	}
	s.say("%s approves and issues it, to %s.", s.chief.who, addressees(r))
	return r.Id, nil
}

func addressees(r *daylightv1.Recommendation) string {
	var out []string
	for _, l := range r.Addressees {
		out = append(out, l.GetAuthority())
	}
	return strings.Join(out, " and ")
}

// step takes a recommendation on.
func (s *story) step(ctx context.Context, d *device, id string, to daylightv1.RecommendationState) error {
	item, err := d.Get(ctx, clientsync.KindRecommendation, id)
	if err != nil {
		return err
	}
	item.Message.(*daylightv1.Recommendation).State = to.Enum()
	return d.Save(ctx, item.Message)
}

// claimed: one addressee says that it is done. The office writes down what rests on that
// word alone, as such.
func (s *story) claimed(ctx context.Context, visit string) error {
	item, err := s.officer.Get(ctx, clientsync.KindRecommendation, s.asked)
	if err != nil {
		return err
	}
	r := item.Message.(*daylightv1.Recommendation)
	line := r.Addressees[0].Id
	err = s.officer.Save(ctx, &daylightv1.AuthorityReply{
		VisitId: &visit, RecommendationId: &s.asked, LineId: &line, ReceivedOn: proto.String("2024-07-30"),
		Response: daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_CLAIMED_IMPLEMENTED.Enum(), Text: proto.String("All cells were refurbished."),
	})
	if err != nil {
		return err
	}
	r.Assessments = append(r.Assessments, &daylightv1.Assessment{
		LineId: &line, On: proto.String("2024-08-05"), Status: daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY.Enum(),
		Basis: daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_AUTHORITY_STATEMENT.Enum(),
	})
	if err := s.officer.Save(ctx, r); err != nil {
		return err
	}
	s.say("INTERIOR answers that it is done; HEALTH does not answer. %s keeps the word and their own view apart:", s.officer.who)
	shown := 0
	for _, f := range s.officer.Check(r) {
		if f.Code == "claimed-not-verified" {
			s.say("    %s", f.Text)
			shown++
		}
	}
	if shown != 1 {
		return errors.New("nobody remarks that the claim was not verified")
	}
	return s.silent(ctx, s.officer)
}

// dossier: what the team of the new visit carries to the cell door.
func (s *story) dossier(ctx context.Context) error {
	d, err := s.a.Dossier(ctx, s.visit)
	if err != nil {
		return err
	}
	if len(d.Visits) != 1 || len(d.Recommendations) != 1 || len(d.Findings) != 1 {
		return fmt.Errorf("the dossier holds %s, %s and %s", count(len(d.Visits), "visit"), count(len(d.Recommendations), "recommendation"), count(len(d.Findings), "finding"))
	}
	s.say("With the mandate came what earlier visits left there; never what anybody said in private. On %s, offline:", s.a.folder)
	s.say("    %s: %s", d.Visits[0].Day, d.Findings[0].Finding.GetTitle())
	open := d.Recommendations[0]
	s.say("    open: %s", open.Recommendation.Texts["en"])
	for _, l := range open.Lines {
		if l.Reply == nil {
			s.say("      %-9s no answer, due on %s", l.Line.GetAuthority(), l.Line.GetDueOn())
			continue
		}
		s.say("      %-9s %s: %s", l.Line.GetAuthority(), l.Reply.GetReceivedOn(), l.Reply.GetText())
	}
	return s.hasNot(ctx, s.c, clientsync.KindFinding, s.found)
}

// silent syncs without a word.
func (s *story) silent(ctx context.Context, d *device) error {
	_, err := d.Sync(ctx)
	return err
}
