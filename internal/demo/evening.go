package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// doubted is the finding of the first day about which two of the team come to differ.
const doubted = "Requests to see a doctor pass through the guards"

// disputed is what the head makes of it.
const disputed = daylightv1.EvidenceStatus_EVIDENCE_STATUS_DISPUTED

// split: each of the team sees another part of the prison, and two of them come to
// different conclusions about the same finding.
func (s *story) split(ctx context.Context) error {
	for _, d := range s.team() {
		if _, err := d.Sync(ctx); err != nil {
			return err
		}
		d.network.off.Store(true)
	}
	s.say("In the morning all four sync; behind the gate there is no signal.")
	for _, f := range []struct {
		by           *device
		where, topic string
		title        string
	}{
		{s.a, "Wing A", "MAT.LIGHT", "The lights in Wing A burn all night"},
		{s.b, "Isolation", "DISC.SOLITARY", "One person has been alone for nineteen days"},
		{s.civil, "Kitchen", "MAT.FOOD", "Supper is served at three in the afternoon"},
		{s.doctor, "Medical room", "HEALTH.INJURY_DOC", "Injuries on arrival are not written down"},
	} {
		area, _, _ := strings.Cut(f.topic, ".")
		err := f.by.Save(ctx, &daylightv1.Finding{
			VisitId: proto.String(s.visit), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
			Area: proto.String(area), Topic: proto.String(f.topic), Title: proto.String(f.title), Unit: proto.String(f.where),
		})
		if err != nil {
			return err
		}
		s.say("%-9s  %-13s %s.", f.by.who, f.where+":", f.title)
	}
	s.say("Of %q they come to think differently:", doubted)
	for _, e := range []struct {
		by     *device
		status daylightv1.EvidenceStatus
		why    string
	}{
		{s.civil, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED, "persons held in three cells say so, each alone"},
		{s.doctor, daylightv1.EvidenceStatus_EVIDENCE_STATUS_NOT_CONFIRMED, "the medical room keeps a list of its own"},
	} {
		if err := s.judge(ctx, e.by, e.status); err != nil {
			return err
		}
		s.say("%-9s  %s: %s.", e.by.who, word(e.status), e.why)
	}
	return nil
}

func word(s daylightv1.EvidenceStatus) string {
	return strings.TrimPrefix(s.String(), "EVIDENCE_STATUS_")
}

// judge writes how well proved the doubted finding is.
func (s *story) judge(ctx context.Context, d *device, status daylightv1.EvidenceStatus) error {
	item, err := s.inDoubt(ctx, d)
	if err != nil {
		return err
	}
	item.Message.(*daylightv1.Finding).EvidenceStatus = status.Enum()
	return d.Save(ctx, item.Message)
}

func (s *story) inDoubt(ctx context.Context, d *device) (clientsync.Item, error) {
	for item, err := range d.List(ctx, clientsync.Filter{Kind: clientsync.KindFinding, Text: doubted}) {
		return item, err
	}
	return clientsync.Item{}, fmt.Errorf("%s does not show the finding %q", d.folder, doubted)
}

// merge: each makes one file for the other three and takes theirs. Monitor D comes last,
// because one of civil society is told of nobody before they have handed something over.
func (s *story) merge(ctx context.Context) error {
	if err := os.Mkdir(filepath.Join(s.dir, "stick"), 0o700); err != nil {
		return err
	}
	s.say("A memory stick goes round. Each puts one file on it, for the devices of the other three alone:")
	for _, d := range []*device{s.a, s.b, s.doctor, s.civil} {
		if err := s.handOver(ctx, d); err != nil {
			return err
		}
	}
	if err := s.cannotOpen(ctx, s.c, s.a); err != nil {
		return err
	}
	if err := s.shared(ctx); err != nil {
		return err
	}
	item, err := s.inDoubt(ctx, s.a)
	if err != nil {
		return err
	}
	s.say("All four show the same, and of the finding in doubt both judgements and whose they are. On %s:", s.a.folder)
	for _, v := range item.Conflicts[0].Values {
		where := "at the office"
		if v.Pending {
			where = "not yet at the office"
		}
		s.say("    %-13s  by %s on %s, %s", strings.TrimPrefix(strings.Trim(v.JSON, `"`), "EVIDENCE_STATUS_"), v.Person, v.Device, where)
	}
	return nil
}

// shared shows that four devices have one visit, of which the office has half.
func (s *story) shared(ctx context.Context) error {
	all, err := s.atOffice(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "   \tfindings\tof them at the office\town changes to send\tof others to pass on\tin conflict")
	for _, d := range s.team() {
		has, err := d.screen(ctx)
		if err != nil {
			return err
		}
		status, err := d.Status(ctx)
		if err != nil {
			return err
		}
		item, err := s.inDoubt(ctx, d)
		if err != nil {
			return err
		}
		if has.findings != all.findings+len(s.team()) || status.Conflicts != 1 || len(item.Conflicts) != 1 || len(item.Conflicts[0].Values) != 2 {
			return fmt.Errorf("%s shows %+v and %+v", d.folder, has, status)
		}
		for _, v := range item.Conflicts[0].Values {
			if !v.Pending || v.Person != s.civil.who && v.Person != s.doctor.who {
				return fmt.Errorf("%s shows %+v", d.folder, v)
			}
		}
		fmt.Fprintf(t, "   %s\t%5d\t%12d\t%11d\t%11d\t%6d\n", d.who, has.findings, all.findings, status.Unsent, status.Passing, status.Conflicts)
	}
	return t.Flush()
}

// carry: whoever comes to the office first brings everybody's words; the others come
// later, and nothing of it is taken twice.
func (s *story) carry(ctx context.Context) error {
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "   \town sent\tof others passed on\tbytes up\tnew to the office")
	var most int64
	for _, d := range []*device{s.civil, s.a, s.b} {
		before, err := s.store.Head(ctx)
		if err != nil {
			return err
		}
		d.network.off.Store(false)
		r, err := d.Sync(ctx)
		if err != nil {
			return err
		}
		after, err := s.store.Head(ctx)
		if err != nil {
			return err
		}
		brought, sent := int(after-before), fmt.Sprintf("%5d", r.Passed)
		if most > 0 {
			sent = fmt.Sprintf("    0, all %d are there", r.Passed)
		}
		if r.Pushed != r.ToPush || r.Passed != r.ToPass || r.ToPass == 0 {
			return fmt.Errorf("%s synced %+v", d.folder, r)
		}
		if most == 0 && brought != r.Pushed+r.Passed || most > 0 && (brought != 0 || r.BytesUp > most/2) {
			return fmt.Errorf("%s synced %+v, and the log grew by %d", d.folder, r, brought)
		}
		most = max(most, r.BytesUp)
		fmt.Fprintf(t, "   %s\t%5d\t%s\t%6d\t%8d\n", d.who, r.Pushed, sent, r.BytesUp, brought)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	s.say("%s brings it for all, as each has signed it, and could not alter it. The others cannot know that: they send", s.civil.who)
	s.say("their own again, and ask about the rest before they send any of it. The office takes nothing twice.")
	if err := s.agree(ctx); err != nil {
		return err
	}
	if err := s.byStick(ctx, s.doctor); err != nil {
		return err
	}
	s.doctor.network.off.Store(false)
	return nil
}

// agree: the head writes over both.
func (s *story) agree(ctx context.Context) error {
	if err := s.judge(ctx, s.a, disputed); err != nil {
		return err
	}
	for _, d := range []*device{s.a, s.b, s.civil} {
		if _, err := d.Sync(ctx); err != nil {
			return err
		}
		if err := s.agreed(ctx, d); err != nil {
			return err
		}
	}
	s.say("%s, who heads the visit, settles the finding in doubt: %s. Nothing is in conflict; the office keeps all three.", s.a.who, word(disputed))
	return nil
}

// agreed fails unless the device shows what the head wrote.
func (s *story) agreed(ctx context.Context, d *device) error {
	item, err := s.inDoubt(ctx, d)
	if err != nil {
		return err
	}
	if f := item.Message.(*daylightv1.Finding); f.GetEvidenceStatus() != disputed || len(item.Conflicts) > 0 {
		return fmt.Errorf("%s shows %s and %s", d.folder, word(f.GetEvidenceStatus()), count(len(item.Conflicts), "conflict"))
	}
	return nil
}
