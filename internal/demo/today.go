package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Today is what the field app opens upon: a visit that is going on, at another place, with
// something of everything that a person may have to do.

// colony is the place that the team is at today.
const colony = "Lebap strict regime colony (invented)"

// today plays the morning of a second visit, up to where a person takes over.
func (s *story) today(ctx context.Context) error {
	for _, play := range []func(context.Context) error{s.doctorsKeys, s.arrive, s.seen, s.half, s.apart, s.ahead, s.handedBack} {
		if err := play(ctx); err != nil {
			return err
		}
	}
	return nil
}

// doctorsKeys: the doctor of the team is the office's medical reviewer too, and so opens
// what doctors seal.
func (s *story) doctorsKeys(ctx context.Context) error {
	const medical = daylightv1.OfficeRole_OFFICE_ROLE_MEDICAL_REVIEWER
	people, err := s.operator.ListPeople(ctx, &daylightv1.ListPeopleRequest{})
	if err != nil {
		return err
	}
	for _, p := range people.People {
		if p.Id != s.doctor.person {
			continue
		}
		p.Grants = append(p.Grants, &daylightv1.Grant{Role: medical})
		if _, err := s.operator.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: p}); err != nil {
			return err
		}
	}
	if err := s.nameReaders(ctx); err != nil {
		return err
	}
	return s.all(ctx, s.doctor, s.a, s.b, s.officer)
}

// all syncs devices, one after another.
func (s *story) all(ctx context.Context, devices ...*device) error {
	for _, d := range devices {
		d.network.off.Store(false)
		if err := s.silent(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// at is an hour of this morning, with the offset of this machine's zone.
func at(hour, minute int) *string {
	now := time.Now()
	return proto.String(time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, now.Location()).Format("2006-01-02T15:04-07:00"))
}

func todaysDate() *string { return proto.String(time.Now().Format(time.DateOnly)) }

// arrive: the head of the visit writes down how the team got in, and how many are there by
// whose word.
func (s *story) arrive(ctx context.Context) error {
	place, err := s.place(ctx, s.a, colony)
	if err != nil {
		return err
	}
	total := func(persons uint32, source daylightv1.CountSource) *daylightv1.PopulationCount {
		return &daylightv1.PopulationCount{Category: proto.String("TOTAL"), Persons: &persons, Source: source.Enum(), AsOf: todaysDate()}
	}
	visit := &daylightv1.Visit{
		FacilityId: &place.Id, Title: proto.String("Follow-up on discipline"), State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum(),
		Type: daylightv1.VisitType_VISIT_TYPE_IN_DEPTH.Enum(), Announcement: daylightv1.VisitAnnouncement_VISIT_ANNOUNCEMENT_UNANNOUNCED.Enum(),
		PlannedStart: todaysDate(), ArrivedAt: at(8, 50), EnteredAt: at(9, 25), DelayMinutes: proto.Uint32(35),
		Aims: proto.String("Isolation cells, and how punishment is written down."),
		Access: []*daylightv1.AccessRecord{
			{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS, Rating: daylightv1.AccessRating_ACCESS_RATING_FULL.Enum()},
			{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES, Rating: daylightv1.AccessRating_ACCESS_RATING_DELAYED.Enum(), RequestedAt: at(8, 50), AnsweredAt: at(9, 25)},
			{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20D_PRIVATE_DETAINEES, Rating: daylightv1.AccessRating_ACCESS_RATING_PARTIAL.Enum(), Note: proto.String("One guard stayed at the door until he was asked to leave.")},
		},
		Population: []*daylightv1.PopulationCount{
			total(1118, daylightv1.CountSource_COUNT_SOURCE_MANAGEMENT_STATEMENT), total(1124, daylightv1.CountSource_COUNT_SOURCE_REGISTER), total(1131, daylightv1.CountSource_COUNT_SOURCE_TEAM_COUNT),
		},
	}
	if err := s.a.Save(ctx, visit); err != nil {
		return err
	}
	s.now = visit.Id
	visit.Team = append(visit.Team,
		&daylightv1.TeamMember{Id: s.b.person, Person: &s.b.who, Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_MONITOR}},
		&daylightv1.TeamMember{Id: s.doctor.person, Person: &s.doctor.who, Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_PHYSICIAN}})
	if err := s.a.Save(ctx, visit); err != nil {
		return err
	}
	s.say("%s, %s and %s are at %q since 9:25.", s.a.who, s.b.who, s.doctor.who, colony)
	return s.all(ctx, s.a, s.b, s.doctor)
}

// seen: what they have written down so far.
func (s *story) seen(ctx context.Context) error {
	found := func(topic, where, title, text string, severity daylightv1.FindingSeverity, evidence daylightv1.EvidenceStatus) *daylightv1.Finding {
		area, _, _ := strings.Cut(topic, ".")
		return &daylightv1.Finding{
			VisitId: &s.now, Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: &area, Topic: &topic, Unit: &where, Title: &title, Narrative: &text,
			SeverityProposed: severity.Enum(), EvidenceStatus: evidence.Enum(), InClosingTalk: proto.Bool(true),
		}
	}
	isolation := found("DISC.SOLITARY", "Isolation", "Two people have been alone for more than fifteen days", "The register of punishment shows nineteen and twenty-one days without a break.",
		daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED)
	beds := found("MAT.SPACE", "Wing B", "Ten people in a cell for eight", "Cell 12 holds ten people in 26.4 m². There are eight beds.",
		daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED)
	beds.NumberAffected = &daylightv1.CountRange{Exact: proto.Uint32(10)}
	interview := &daylightv1.Interview{
		VisitId: &s.now, HeldOn: todaysDate(), IntervieweeType: proto.String("DETAINEE"), Mode: proto.String("INDIVIDUAL_PRIVATE"), Privacy: proto.String("PRIVATE"),
		Selection: proto.String("TEAM_CHOICE"), Minutes: proto.Uint32(35), ReprisalRisk: daylightv1.ReprisalRisk_REPRISAL_RISK_LOW.Enum(),
		Consents: []*daylightv1.Consent{
			{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART, State: daylightv1.ConsentState_CONSENT_STATE_GIVEN.Enum(), On: todaysDate()},
			{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_NOTES, State: daylightv1.ConsentState_CONSENT_STATE_GIVEN.Enum(), On: todaysDate()},
		},
	}
	for _, w := range []written{
		{by: s.a, record: beds}, {by: s.a, record: interview},
		{by: s.b, record: isolation},
		{by: s.b, record: found("HEALTH.ADMISSION", "Medical room", "A doctor sees people after nine days", "Four files of this month have their first entry on the ninth day or later.",
			daylightv1.FindingSeverity_FINDING_SEVERITY_MODERATE, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CONSISTENT)},
		{by: s.a, record: &daylightv1.Measurement{
			VisitId: &s.now, Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE.Enum(), AreaM2: proto.Float64(26.4), Persons: proto.Uint32(10),
			Method: daylightv1.MeasurementMethod_MEASUREMENT_METHOD_MEASURED.Enum(), Wing: proto.String("Wing B"), Room: proto.String("Cell 12"), MeasuredAt: at(10, 40)}},
		{by: s.b, record: &daylightv1.Undertaking{VisitId: &s.now, Text: proto.String("Two more beds for Cell 12 by Friday."), MadeAt: at(11, 15), Topic: proto.String("MAT.BEDDING")}},
		{by: s.b, record: &daylightv1.Note{VisitId: &s.now, Text: proto.String("The light in the corridor of the isolation block does not go out."), ObservedAt: at(11, 30), RecordedAt: at(11, 32), NotedBy: &s.b.who, TypedBy: &s.b.who}},
	} {
		if err := w.by.Save(ctx, w.record); err != nil {
			return err
		}
	}
	s.beds = beds.Id
	if err := s.a.SaveSealed(ctx, &daylightv1.InterviewNote{VisitId: &s.now, InterviewId: &interview.Id}, &daylightv1.InterviewNoteContent{Text: proto.String("Has asked for a doctor three times since Monday.")}); err != nil {
		return err
	}
	if err := s.doctor.SaveSealed(ctx, &daylightv1.MedicalNote{VisitId: &s.now}, &daylightv1.MedicalNoteContent{Text: proto.String("Bruises on both wrists, some days old."), Injuries: proto.String("Two, of 3 and 4 cm.")}); err != nil {
		return err
	}
	s.say("Findings, counts that differ, an interview and what a doctor saw are written down.")
	return s.all(ctx, s.a, s.b, s.doctor, s.a, s.b, s.officer)
}

// half: a checklist is filled by half.
func (s *story) half(ctx context.Context) error {
	place, err := s.place(ctx, s.a, colony)
	if err != nil {
		return err
	}
	offered, err := s.a.Checklists(ctx, place.GetMainType())
	if err != nil {
		return err
	}
	if len(offered) == 0 {
		return fmt.Errorf("%s offers no checklist for %s", s.a.folder, place.GetMainType())
	}
	x, err := s.a.BeginChecklist(ctx, s.now, offered[0].ID.String())
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"visit_code": "TM-0043", "entry_result": "partial", "cap_official": "800", "present_register": "1124"} {
		if _, err := x.Set(forms.Key{Question: name}, forms.Given{Value: value}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return s.a.SaveChecklist(ctx, x)
}

// apart: two of them write about the same cell, neither with a network.
func (s *story) apart(ctx context.Context) error {
	if err := s.all(ctx, s.a, s.b); err != nil {
		return err
	}
	for _, e := range []struct {
		by    *device
		words string
		n     uint32
	}{
		{s.b, "Cell 12 holds eight people in 26.4 m². There are eight beds. Two others are in the medical room.", 8},
		{s.a, "Cell 12 holds ten people in 26.4 m². There are eight beds. Two people sleep on mattresses by the door.", 10},
	} {
		e.by.network.off.Store(true)
		item, err := e.by.Get(ctx, clientsync.KindFinding, s.beds)
		if err != nil {
			return err
		}
		f := item.Message.(*daylightv1.Finding)
		f.Narrative, f.NumberAffected = &e.words, &daylightv1.CountRange{Exact: &e.n}
		if err := e.by.Save(ctx, f); err != nil {
			return err
		}
	}
	if err := s.all(ctx, s.b, s.a, s.b); err != nil {
		return err
	}
	item, err := s.a.Get(ctx, clientsync.KindFinding, s.beds)
	if err != nil {
		return err
	}
	if len(item.Conflicts) == 0 {
		return errors.New("tablet-a does not show two versions of the finding")
	}
	s.say("Of Cell 12 there are two versions, which nobody has settled.")
	return nil
}

// ahead: a visit of the day after tomorrow is prepared, and its place carried along.
func (s *story) ahead(ctx context.Context) error {
	place, err := s.place(ctx, s.a, "Ahal temporary holding facility (invented)")
	if err != nil {
		return err
	}
	day := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	visit := &daylightv1.Visit{
		FacilityId: &place.Id, State: daylightv1.VisitState_VISIT_STATE_PREPARED.Enum(), Type: daylightv1.VisitType_VISIT_TYPE_IN_DEPTH.Enum(),
		Announcement: daylightv1.VisitAnnouncement_VISIT_ANNOUNCEMENT_UNANNOUNCED.Enum(), PlannedStart: &day,
	}
	return errors.Join(s.a.Save(ctx, visit), s.silent(ctx, s.a))
}

// handedBack: the office has looked at the first visit, and asks something.
func (s *story) handedBack(ctx context.Context) error {
	for _, state := range []daylightv1.VisitState{daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW, daylightv1.VisitState_VISIT_STATE_CONSOLIDATED} {
		item, err := s.officer.Get(ctx, clientsync.KindVisit, s.visit)
		if err != nil {
			return err
		}
		item.Message.(*daylightv1.Visit).State = state.Enum()
		if err := errors.Join(s.officer.Save(ctx, item.Message), s.silent(ctx, s.officer)); err != nil {
			return err
		}
	}
	err := s.officer.Save(ctx, &daylightv1.ReviewComment{
		VisitId: &s.visit, AboutKind: proto.String("visit"), AboutId: &s.visit, AboutField: proto.String("summary"),
		Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST.Enum(), Text: proto.String("Please write a summary: what should the report begin with?"), Author: &s.officer.who,
	})
	if err != nil {
		return err
	}
	s.say("%s gives the visit of March back, with what is asked.", s.officer.who)
	if err := s.all(ctx, s.officer, s.a, s.b, s.doctor); err != nil {
		return err
	}
	return s.unsent(ctx)
}

// unsent: the newest words are on the tablet alone.
func (s *story) unsent(ctx context.Context) error {
	return s.a.Save(ctx, &daylightv1.Note{VisitId: &s.now, Text: proto.String("The register of visits has no entry since the first of the month."), ObservedAt: at(11, 50), RecordedAt: at(11, 52), NotedBy: &s.a.who, TypedBy: &s.a.who})
}
