package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// screen is what somebody has on a device.
type screen struct{ places, visits, findings int }

func (d *device) screen(ctx context.Context) (s screen, err error) {
	for item, err := range d.List(ctx, clientsync.Filter{}) {
		if err != nil {
			return s, err
		}
		switch item.Kind {
		case clientsync.KindFacility:
			s.places++
		case clientsync.KindVisit:
			s.visits++
		case clientsync.KindFinding:
			s.findings++
		}
	}
	return s, nil
}

// sideBySide shows what everybody has, counted on their devices and compared with what
// the office has.
func (s *story) sideBySide(ctx context.Context) error {
	all, err := s.atOffice(ctx)
	if err != nil {
		return err
	}
	want := map[*device]screen{s.c: {places: all.places}, s.officer: all, s.chief: all}
	for _, d := range s.team() {
		want[d] = all // of the earlier visit what a dossier has
	}
	want[s.civil] = screen{1, all.visits, all.findings}
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "   \t\tin the team\tplaces\tvisits\tfindings\tmay change the team")
	for _, d := range s.devices() {
		r, err := d.SyncWith(ctx, clientsync.SyncOptions{Verify: true})
		if err != nil {
			return err
		}
		has, err := d.screen(ctx)
		if err != nil {
			return err
		}
		if r.Verified != "same" || has != want[d] {
			return fmt.Errorf("%s has %+v (%s), and should have %+v", d.folder, has, r.Verified, want[d])
		}
		place, leads, err := s.standing(ctx, d)
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "   %s\t%s\t%s\t%6d\t%6d\t%8d\t%s\n", d.who, roleName(d.role), place, has.places, has.visits, has.findings, leads)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	s.say("Each device holds what the office has for its person, byte for byte, and nothing else.")
	return nil
}

// atOffice counts what the office has.
func (s *story) atOffice(ctx context.Context) (all screen, err error) {
	for kind, n := range map[record.Kind]*int{record.Facility: &all.places, record.Visit: &all.visits, record.Finding: &all.findings} {
		page, err := s.store.List(ctx, kind, store.Query{})
		if err != nil {
			return all, err
		}
		*n = len(page.Items)
	}
	return all, nil
}

// standing says how somebody stands to the visit, by what is on the device: as what in
// its team, and whether the device warns that the office would refuse another team.
func (s *story) standing(ctx context.Context, d *device) (as, leads string, err error) {
	item, err := d.Get(ctx, clientsync.KindVisit, s.visit)
	if clientsync.CodeOf(err) == clientsync.NotFound {
		return "no", "-", nil
	}
	if err != nil {
		return "", "", err
	}
	visit, _ := item.Message.(*daylightv1.Visit)
	as, leads = "no", "yes"
	for _, m := range visit.Team {
		if m.GetId() == d.person {
			as = strings.TrimPrefix(m.Roles[0].String(), "TEAM_ROLE_")
		}
	}
	visit.Team = nil
	for _, f := range d.Check(visit) {
		if f.Code == "access-lead" {
			leads = "no"
		}
	}
	return as, leads, nil
}

// late: what somebody writes who is no longer in the team, and does not know yet, is
// neither lost nor let through.
func (s *story) late(ctx context.Context) error {
	s.b.network.off.Store(true)
	late := &daylightv1.Finding{
		VisitId: proto.String(s.visit), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
		Area: proto.String("SAFE"), Topic: proto.String("SAFE.DOCTOR"), Title: proto.String("The guards keep the key of the medical room"),
	}
	if err := s.b.Save(ctx, late); err != nil {
		return err
	}
	s.say("%s, offline, records: %s.", s.b.who, late.GetTitle())
	if _, err := s.operator.ChangeTeam(ctx, &daylightv1.ChangeTeamRequest{Visit: s.visit, Person: s.b.person, Remove: true}); err != nil {
		return err
	}
	s.say("%s once worked in this prison: meanwhile the office takes them out of the team.", s.b.who)
	s.b.network.off.Store(false)
	if err := s.sync(ctx, s.b); err != nil {
		return err
	}
	status, err := s.b.Status(ctx)
	if err != nil {
		return err
	}
	has, err := s.b.screen(ctx)
	if err != nil {
		return err
	}
	if status.Held != 1 || status.Unsent != 0 || has.places == 0 || has.visits+has.findings != 0 {
		return fmt.Errorf("%s has %+v on screen and %+v", s.b.folder, has, status)
	}
	s.say("On %s now: %s, %s, %s; %s held, for a person at the office to admit.", s.b.folder,
		count(has.places, "place"), count(has.visits, "visit"), count(has.findings, "finding"), count(status.Held, "change"))
	return errors.Join(s.heldBack(ctx, late.Id), s.noted(ctx))
}

// heldBack: the office has the late words, and shows them to nobody.
func (s *story) heldBack(ctx context.Context, finding string) error {
	id, err := record.ParseID(finding)
	if err != nil {
		return err
	}
	entries, _, err := s.store.History(ctx, record.Finding, id, 10, "")
	if err != nil {
		return err
	}
	if len(entries) != 1 || entries[0].Decision != "HELD" {
		return fmt.Errorf("the office does not hold the late words: %v", entries)
	}
	for _, d := range s.devices() {
		if _, err := d.Sync(ctx); err != nil {
			return err
		}
		if err := s.hasNot(ctx, d, clientsync.KindFinding, finding); err != nil {
			return err
		}
	}
	s.say("The office keeps it, as HELD at position %d of the log. Everybody else syncs: nobody was sent it.", entries[0].Position)
	return nil
}

// noted finds the line in the access log.
func (s *story) noted(ctx context.Context) error {
	log, err := s.operator.ListAccesses(ctx, &daylightv1.ListAccessesRequest{PageSize: 100})
	if err != nil {
		return err
	}
	for _, a := range log.Accesses {
		if a.Subject == s.visit && a.Person == "" {
			s.say("The access log says: %s, by the operator at the server.", a.Note)
			return nil
		}
	}
	return errors.New("the access log does not say that the team was changed")
}
