package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// story is what is played, and everybody in it.
type story struct {
	*office
	out io.Writer
	dir string

	// a heads the visit; b, civil and doctor are in its team, c is not.
	a, b, c, civil, officer, doctor, chief *device

	visit, finding string // ids

	// Ids of the visit before: what it found, and what was asked for; and of this one: the
	// interview, and the finding that says the same again.
	found, asked, interview, again string

	// goesOn: the story goes on with a visit of today, whose id is now, to the finding beds.
	goesOn    bool
	now, beds string

	passphrase string // opens each device's folder, for whoever tries them afterwards
}

func newStory(out io.Writer, dir string, o *office) *story {
	const monitor = daylightv1.OfficeRole_OFFICE_ROLE_MONITOR
	return &story{
		office: o, out: out, dir: dir, passphrase: clientsync.SuggestPassphrase(),
		a:       &device{who: "Monitor A", role: monitor, folder: "tablet-a"},
		b:       &device{who: "Monitor B", role: monitor, folder: "phone-b"},
		c:       &device{who: "Monitor C", role: monitor, folder: "tablet-c"},
		civil:   &device{who: "Monitor D", role: daylightv1.OfficeRole_OFFICE_ROLE_CIVIL_SOCIETY_MONITOR, folder: "phone-d"},
		officer: &device{who: "Officer E", role: daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER, folder: "office-laptop"},
		doctor:  &device{who: "Doctor F", role: monitor, folder: "tablet-f"},
		chief:   &device{who: "Head G", role: daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD, folder: "head-laptop"},
	}
}

func (s *story) devices() []*device { return append(s.team(), s.c, s.officer, s.chief) }

// team is that of the visit, the head first.
func (s *story) team() []*device { return []*device{s.a, s.b, s.civil, s.doctor} }

// leave closes the devices' folders; the office stays.
func (s *story) leave() error {
	var errs []error
	for _, d := range s.devices() {
		if d.Client != nil {
			errs = append(errs, d.Close())
			d.network.way.CloseIdleConnections()
		}
	}
	return errors.Join(errs...)
}

// chapter is one step: it says what happens and fails if it does not.
type chapter struct {
	title string
	play  func(context.Context) error
}

func (s *story) play(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, s.leave()) }()
	for i, c := range s.chapters() {
		fmt.Fprintf(s.out, "\n%d. %s\n", i+1, c.title)
		if err := c.play(ctx); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, strings.ToLower(c.title[:1])+c.title[1:], err)
		}
	}
	return nil
}

func (s *story) chapters() []chapter {
	all := []chapter{
		{"An office is made, and people come in", s.everybody},
		{"The office loads a register of places", s.register},
		{"What an earlier visit found, and what an authority says of it", s.before},
		{"A monitor plans a visit and puts its team together", s.prepare},
		{"What the team carries to the cell door", s.dossier},
		{"Two of them go offline and record the visit together", s.offline},
		{"They change the same sentence, each without seeing the other's words", s.disagree},
		{"Back on the network", s.reconcile},
		{"Nobody's words were lost: a person settles the sentence", s.settle},
		{"The next day four split the prison, and nobody has a network", s.split},
		{"In the evening they put it together, still without one", s.merge},
		{"One of them reaches the office, with everybody's words", s.carry},
		{"A visit is more than findings", s.records},
		{"Two of them fill one checklist by halves", s.fill},
		{"Side by side: who has what of it", s.sideBySide},
		{"Somebody leaves the team, offline and with words not sent", s.late},
		{"What somebody said in private", s.confide},
		{"The office reviews, and asks for the same again", s.review},
		{"A tablet is taken", s.seize},
		{"The log is checked", s.check},
	}
	if s.goesOn {
		all = append(all, chapter{"Today a visit is going on", s.today})
	}
	return all
}

func (s *story) say(format string, args ...any) { fmt.Fprintf(s.out, "   "+format+"\n", args...) }

func (s *story) prepare(ctx context.Context) error {
	if err := s.sync(ctx, s.a); err != nil {
		return err
	}
	place, err := s.place(ctx, s.a, prison)
	if err != nil {
		return err
	}
	visit := &daylightv1.Visit{
		FacilityId:   proto.String(place.Id),
		Type:         daylightv1.VisitType_VISIT_TYPE_IN_DEPTH.Enum(),
		Announcement: daylightv1.VisitAnnouncement_VISIT_ANNOUNCEMENT_UNANNOUNCED.Enum(),
		PlannedStart: proto.String("2026-03-12"),
		State:        daylightv1.VisitState_VISIT_STATE_PREPARED.Enum(),
	}
	if err := s.a.Save(ctx, visit); err != nil {
		return err
	}
	if len(visit.Team) != 1 || visit.Team[0].GetId() != s.a.person {
		return fmt.Errorf("%s made the visit and is not its head", s.a.who)
	}
	s.visit = visit.Id
	s.say("%s plans a visit to %q, and so is its head.", s.a.who, place.Names["en"])
	for _, d := range s.team()[1:] {
		as := daylightv1.TeamRole_TEAM_ROLE_MONITOR
		if d == s.doctor {
			as = daylightv1.TeamRole_TEAM_ROLE_PHYSICIAN
		}
		visit.Team = append(visit.Team, &daylightv1.TeamMember{Id: d.person, Person: proto.String(d.who), Roles: []daylightv1.TeamRole{as}})
	}
	if err := s.a.Save(ctx, visit); err != nil {
		return err
	}
	s.say("The head takes %s, %s and %s into the team; %s stays outside.", s.b.who, s.civil.who, s.doctor.who, s.c.who)
	return errors.Join(s.sync(ctx, s.a), s.sync(ctx, s.b), s.has(ctx, s.b, clientsync.KindVisit, s.visit),
		s.sync(ctx, s.c), s.hasNot(ctx, s.c, clientsync.KindVisit, s.visit))
}

// place finds a place on a device by its name.
func (s *story) place(ctx context.Context, d *device, name string) (*daylightv1.Facility, error) {
	for item, err := range d.List(ctx, clientsync.Filter{Kind: clientsync.KindFacility, Text: name}) {
		if err != nil {
			return nil, err
		}
		return item.Message.(*daylightv1.Facility), nil
	}
	return nil, fmt.Errorf("%s does not know the place %s", d.folder, name)
}

func (s *story) has(ctx context.Context, d *device, k clientsync.Kind, id string) error {
	_, err := d.Get(ctx, k, id)
	return err
}

func (s *story) hasNot(ctx context.Context, d *device, k clientsync.Kind, id string) error {
	if _, err := d.Get(ctx, k, id); clientsync.CodeOf(err) != clientsync.NotFound {
		return fmt.Errorf("%s answers for the %s %s, which is not for %s: %v", d.folder, k, id, d.who, err)
	}
	return nil
}

// sync syncs and says what went over the wire.
func (s *story) sync(ctx context.Context, d *device) error {
	r, err := d.Sync(ctx)
	if err != nil {
		return err
	}
	s.say("%-9s syncs: %d sent, %d received, %s, %d bytes up, %d down.",
		d.who, r.Pushed, r.Pulled, count(r.Requests, "request"), r.BytesUp, r.BytesDown)
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (s *story) offline(ctx context.Context) error {
	first := &daylightv1.Finding{
		VisitId:          proto.String(s.visit),
		Kind:             daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
		Area:             proto.String("MAT"),
		Topic:            proto.String("MAT.SPACE"),
		SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(),
		EvidenceStatus:   daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED.Enum(),
		Sources:          []daylightv1.EvidenceSource{daylightv1.EvidenceSource_EVIDENCE_SOURCE_OBSERVATION, daylightv1.EvidenceSource_EVIDENCE_SOURCE_MEASUREMENT},
		Unit:             proto.String("Wing B"), Room: proto.String("Cell 12"),
		Title:     proto.String("Too little space in Cell 12"),
		Narrative: proto.String("Eight persons are held in Cell 12."),
	}
	if err := s.a.Save(ctx, first); err != nil {
		return err
	}
	s.finding = first.Id
	if err := errors.Join(s.sync(ctx, s.a), s.sync(ctx, s.b)); err != nil {
		return err
	}
	s.a.network.off.Store(true)
	s.b.network.off.Store(true)
	if _, err := s.a.Sync(ctx); clientsync.CodeOf(err) != clientsync.Unavailable {
		return fmt.Errorf("without a network the sync answered %v", err)
	}
	for _, f := range []struct {
		by    *device
		topic string
		title string
	}{
		{s.a, "REGIME.OPEN_AIR", "Half an hour of open air a day"},
		{s.b, "HEALTH.ADMISSION", "No medical examination on admission for nine days"},
		{s.b, "SAFE.DOCTOR", doubted},
	} {
		area, _, _ := strings.Cut(f.topic, ".")
		finding := &daylightv1.Finding{
			VisitId: proto.String(s.visit), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
			Area: proto.String(area), Topic: proto.String(f.topic), Title: proto.String(f.title),
			SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_MODERATE.Enum(),
		}
		if err := f.by.Save(ctx, finding); err != nil {
			return err
		}
		s.say("%s, offline, records: %s.", f.by.who, f.title)
	}
	return nil
}

// The two versions of the sentence, and the one that a person writes of both.
const (
	wordsA  = "Eight persons are held in Cell 12, measured at 17 m², with six beds; two sleep on the floor."
	wordsB  = "Nine persons are held in Cell 12 according to the persons held; the register of the day says eight."
	settled = "Eight persons (the register) or nine (the persons held) are held in Cell 12, measured at 17 m², with six beds; some sleep on the floor."
)

func (s *story) disagree(ctx context.Context) error {
	for _, e := range []struct {
		by    *device
		words string
	}{{s.a, wordsA}, {s.b, wordsB}} {
		item, err := e.by.Get(ctx, clientsync.KindFinding, s.finding)
		if err != nil {
			return err
		}
		item.Message.(*daylightv1.Finding).Narrative = proto.String(e.words)
		if err := e.by.Save(ctx, item.Message); err != nil {
			return err
		}
		status, err := e.by.Status(ctx)
		if err != nil {
			return err
		}
		s.say("%s writes: %s", e.by.who, e.words)
		s.say("%9s  saved on %s, %s to send.", "", e.by.folder, count(status.Unsent, "change"))
	}
	return nil
}
