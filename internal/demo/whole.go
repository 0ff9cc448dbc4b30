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

// records: what else a team writes down in a visit, each of a kind of its own.
func (s *story) records(ctx context.Context) error {
	for _, r := range s.ofTheDay() {
		if err := r.by.Save(ctx, r.record); err != nil {
			return err
		}
		s.say("%-9s  %-21s %s", r.by.who, r.what+":", r.says)
		if i, ok := r.record.(*daylightv1.Interview); ok {
			s.interview = i.Id
		}
	}
	for _, d := range []*device{s.a, s.b, s.civil, s.doctor, s.a} {
		if err := s.silent(ctx, d); err != nil {
			return err
		}
	}
	return errors.Join(s.suggested(ctx), s.missing(ctx))
}

// written is one record, and what a person would say of it.
type written struct {
	by         *device
	what, says string
	record     clientsync.Message
}

func (s *story) ofTheDay() []written {
	given := func(scope daylightv1.ConsentScope) *daylightv1.Consent {
		return &daylightv1.Consent{Scope: scope, State: daylightv1.ConsentState_CONSENT_STATE_GIVEN.Enum(), On: proto.String("2026-03-12")}
	}
	return []written{
		{s.a, "obstruction incident", "the register of force was refused, and brought after forty minutes", &daylightv1.ObstructionIncident{
			VisitId: &s.visit, Type: proto.String("REGISTER_REFUSED"), Right: daylightv1.AccessRight_ACCESS_RIGHT_A20B_TREATMENT_INFO.Enum(),
			At: proto.String("2026-03-12T10:05+05:00"), ReasonGiven: proto.String("the key is with somebody on leave"), ResolvedAfterMinutes: proto.Uint32(40),
		}},
		{s.a, "interview", "one person, out of sight and hearing; agrees to anonymous use, and to nothing else", &daylightv1.Interview{
			VisitId: &s.visit, HeldOn: proto.String("2026-03-12"), IntervieweeType: proto.String("DETAINEE"), Mode: proto.String("INDIVIDUAL_PRIVATE"),
			Privacy: proto.String("PRIVATE"), Selection: proto.String("TEAM_CHOICE"), Minutes: proto.Uint32(35),
			ReprisalRisk: daylightv1.ReprisalRisk_REPRISAL_RISK_LOW.Enum(),
			Consents: []*daylightv1.Consent{given(daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART), given(daylightv1.ConsentScope_CONSENT_SCOPE_NOTES),
				given(daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS)},
		}},
		{s.b, "register check", "40 of 212 entries of the register of force, 31 complete", &daylightv1.RegisterCheck{
			VisitId: &s.visit, RegisterType: proto.String("FORCE_RESTRAINT"), PeriodFrom: proto.String("2025-12-01"), PeriodTo: proto.String("2026-02-28"),
			EntriesInPeriod: proto.Uint32(212), EntriesSeen: proto.Uint32(40), EntriesComplete: proto.Uint32(31), CheckedAt: proto.String("2026-03-12T11:20+05:00"),
		}},
		{s.doctor, "measurement", "Cell 14: 16.8 square metres for eight", &daylightv1.Measurement{
			VisitId: &s.visit, Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE.Enum(), AreaM2: proto.Float64(16.8), Persons: proto.Uint32(8),
			Method: daylightv1.MeasurementMethod_MEASUREMENT_METHOD_MEASURED.Enum(), Wing: proto.String("Wing B"), Room: proto.String("Cell 14"),
			MeasuredAt: proto.String("2026-03-12T12:10+05:00"),
		}},
		{s.civil, "undertaking", "the management promises mattresses for all by 31 March", &daylightv1.Undertaking{
			VisitId: &s.visit, Text: proto.String("Mattresses for all who sleep on the floor."), MadeAt: proto.String("2026-03-12T17:00+05:00"),
			DueOn: proto.String("2026-03-31"), Topic: proto.String("MAT.BEDDING"),
		}},
		{s.civil, "note from paper", "seen on the 12th, typed on the 15th; the sheet is destroyed", &daylightv1.Note{
			VisitId: &s.visit, Text: proto.String("The yard is roofed with sheet metal; no sky."), ObservedAt: proto.String("2026-03-12T15:30+05:00"),
			RecordedAt: proto.String("2026-03-12T15:40+05:00"), OnPaper: proto.Bool(true), PaperId: proto.String("sheet 3"),
			NotedBy: proto.String("Monitor D"), TypedBy: proto.String("Monitor D"), PaperState: daylightv1.PaperState_PAPER_STATE_DESTROYED.Enum(),
		}},
		{s.b, "reprisal case", "somebody fears harm within days: to be put first, who and how is sealed", &daylightv1.ReprisalCase{
			VisitId: &s.visit, Risk: daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT.Enum(), State: daylightv1.ReprisalState_REPRISAL_STATE_FEARED.Enum(),
			Phase: daylightv1.ReprisalPhase_REPRISAL_PHASE_AFTER.Enum(), Types: []string{"ISOLATION"}, ReportedOn: proto.String("2026-03-12"), Urgent: proto.Bool(true),
		}},
	}
}

// suggested: what was measured is beyond a threshold. That only suggests a finding; the
// head makes it one, which checks what was asked for in 2024.
func (s *story) suggested(ctx context.Context) error {
	report, err := s.a.CheckVisit(ctx, s.visit)
	if err != nil {
		return err
	}
	if len(report.Suggestions) != 1 {
		return fmt.Errorf("%s suggests %s", s.a.folder, count(len(report.Suggestions), "finding"))
	}
	f := report.Suggestions[0].Finding
	s.say("%s is told: %s", s.a.who, report.Suggestions[0].Text)
	f.Title, f.SeverityProposed = proto.String("Measured again: "+crowded), daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum()
	f.RepeatsId, f.ChecksId, f.InterviewIds = &s.found, &s.asked, []string{s.interview}
	f.ImplementationSeen = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_IMPLEMENTED.Enum()
	f.ImplementationBasis = daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_FOLLOW_UP_VISIT.Enum()
	if err := s.a.Save(ctx, f); err != nil {
		return err
	}
	s.again = f.Id
	s.say("%s makes it a finding, by %v: what INTERIOR said in 2024 is not so.", s.a.who, f.GetStandards())
	return nil
}

// missing: what a submission would lack, before the team leaves.
func (s *story) missing(ctx context.Context) error {
	report, err := s.a.CheckVisit(ctx, s.visit)
	if err != nil {
		return err
	}
	if len(report.Missing) == 0 || len(report.Urgent) == 0 {
		return errors.New("nothing is missing, and nothing is urgent")
	}
	s.say("Before they leave, the tablet lists %s missing, and nothing is stopped for it:", count(len(report.Missing), "thing"))
	for _, m := range report.Missing[:3] {
		s.say("    %s: %s", m.Kind, m.Text)
	}
	for _, u := range report.Urgent {
		s.say("    urgent: %s", u.Text)
	}
	return s.silent(ctx, s.a)
}

// review: the visit is handed in. The office asks, decides and recommends again; the team's
// devices no longer have what they carried.
func (s *story) review(ctx context.Context) error {
	if err := errors.Join(s.silent(ctx, s.officer), s.hasNot(ctx, s.a, clientsync.KindFinding, s.found), s.hasNot(ctx, s.a, clientsync.KindRecommendation, s.asked)); err != nil {
		return err
	}
	s.say("What earlier visits left has gone from the team's devices.")
	err := s.officer.Save(ctx, &daylightv1.ReviewComment{
		VisitId: &s.visit, AboutKind: proto.String("finding"), AboutId: &s.again, AboutField: proto.String("number_affected"),
		Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION.Enum(), Text: proto.String("How many in Wing B altogether?"), Author: &s.officer.who,
	})
	if err != nil {
		return err
	}
	s.say("%s asks, at the field: How many in Wing B altogether? And decides: SERIOUS.", s.officer.who)
	item, err := s.officer.Get(ctx, clientsync.KindFinding, s.again)
	if err != nil {
		return err
	}
	item.Message.(*daylightv1.Finding).SeverityDecided = daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum()
	if err := s.officer.Save(ctx, item.Message); err != nil {
		return err
	}
	return errors.Join(s.disproved(ctx), s.withdrawn(ctx))
}

// disproved: the office's own view follows what the team saw, beside what the authority
// said, and the same is asked for again.
func (s *story) disproved(ctx context.Context) error {
	item, err := s.officer.Get(ctx, clientsync.KindRecommendation, s.asked)
	if err != nil {
		return err
	}
	r := item.Message.(*daylightv1.Recommendation)
	r.Assessments = append(r.Assessments, &daylightv1.Assessment{
		LineId: &r.Addressees[0].Id, On: proto.String("2026-03-20"), VisitId: &s.visit, FindingId: &s.again,
		Status: daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_IMPLEMENTED.Enum(),
		Basis:  daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_FOLLOW_UP_VISIT.Enum(),
	})
	if err := s.officer.Save(ctx, r); err != nil {
		return err
	}
	s.say("The recommendation of 2024 now says, of INTERIOR:")
	s.say("    its word     CLAIMED_IMPLEMENTED, 2024-07-30")
	for _, a := range r.Assessments {
		s.say("    own view     %s, %s, by %s", strings.TrimPrefix(a.GetStatus().String(), "IMPLEMENTATION_STATUS_"), a.GetOn(), strings.TrimPrefix(a.GetBasis().String(), "IMPLEMENTATION_BASIS_"))
	}
	_, err = s.recommend(ctx, &daylightv1.Recommendation{
		VisitId: &s.visit, PredecessorId: &s.asked, Topics: []string{"MAT.SPACE"}, FindingIds: []string{s.again}, IssuedOn: proto.String("2026-04-01"),
		Texts:      map[string]string{"en": "Give each person in Wing B at least 4 square metres, by the end of the year."},
		Addressees: []*daylightv1.AddresseeLine{{Authority: proto.String("INTERIOR"), SentOn: proto.String("2026-04-01"), DueOn: proto.String("2026-05-01")}},
	})
	return err
}

// withdrawn: a person takes their consent back, after everything was handed in. Nothing
// that rests on it leaves the office any more.
func (s *story) withdrawn(ctx context.Context) error {
	item, err := s.a.Get(ctx, clientsync.KindInterview, s.interview)
	if err != nil {
		return err
	}
	i := item.Message.(*daylightv1.Interview)
	i.Withdrawals = append(i.Withdrawals, &daylightv1.ConsentWithdrawal{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, On: proto.String("2026-04-03"), ToldBy: proto.String("LAWYER")})
	if err := errors.Join(s.a.Save(ctx, i), s.silent(ctx, s.a), s.silent(ctx, s.officer)); err != nil {
		return err
	}
	report, err := s.officer.CheckVisit(ctx, s.visit)
	if err != nil {
		return err
	}
	closed := 0
	for _, g := range report.Withheld {
		if g.Kind == clientsync.KindFinding && g.ID == s.again {
			closed++
		}
	}
	if closed != 1 {
		return fmt.Errorf("the finding is not withheld: %v", report.Withheld)
	}
	s.say("A lawyer writes: the person takes it back. %s records it; at the office the finding that rests on it may not be cited", s.a.who)
	s.say("or exported any more, nor the recommendation that rests on that: %s withheld.", count(len(report.Withheld), "record"))
	return nil
}
