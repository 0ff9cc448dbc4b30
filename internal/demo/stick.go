package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/bundle"
)

// handOver makes a bundle of d's for the others of the team, who take it.
func (s *story) handOver(ctx context.Context, d *device) error {
	known, err := d.BundleDevices(ctx)
	if err != nil {
		return err
	}
	var to clientsync.To
	for _, other := range s.team() {
		i := slices.IndexFunc(known, func(k clientsync.BundleDevice) bool { return k.Person == other.who })
		if i >= 0 {
			to.Devices = append(to.Devices, known[i].ID)
		}
	}
	if len(to.Devices) != len(s.team())-1 {
		return fmt.Errorf("%s knows %s to make a bundle for", d.folder, count(len(to.Devices), "device"))
	}
	f, err := s.onStick(d.folder + ".bundle")
	if err != nil {
		return err
	}
	defer f.Close()
	out, err := d.Export(ctx, f, to)
	if err != nil {
		return err
	}
	status, err := d.Status(ctx)
	if err != nil {
		return err
	}
	for _, other := range s.team() {
		if other == d {
			continue
		}
		in, err := other.Import(ctx, f)
		if err != nil {
			return err
		}
		if in.Person != d.who || in.New != status.Unsent || in.New+in.Known != out.Changes || in.LeftOut != 0 {
			return fmt.Errorf("%s took %+v of %+v", other.folder, in, out)
		}
	}
	bytes, err := size(f)
	if err != nil {
		return err
	}
	s.say("    %-15s  %d bytes: %s new to the others, %d that they might have missed", filepath.Base(f.Name()), bytes, count(status.Unsent, "change"), out.Changes-status.Unsent)
	return nil
}

// cannotOpen: somebody who is not in the team has the file of somebody who is, and
// nothing of it.
func (s *story) cannotOpen(ctx context.Context, d, from *device) error {
	f, err := os.Open(filepath.Join(s.dir, "stick", from.folder+".bundle"))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = d.Import(ctx, f)
	if clientsync.CodeOf(err) != clientsync.Invalid {
		return fmt.Errorf("%s has not refused a bundle that was made for others: %v", d.folder, err)
	}
	var said *clientsync.Error
	if !errors.As(err, &said) {
		return err
	}
	s.say("%s, who is not in the team, finds the stick and tries the first:", d.who)
	s.say("    %s.", said.Message)
	return s.hasNot(ctx, d, clientsync.KindVisit, s.visit)
}

// byStick: a device that stays without a network gives the office a bundle and takes the
// answer, which do what a sync does.
func (s *story) byStick(ctx context.Context, d *device) error {
	ask, err := s.onStick(d.folder + "-to-office.bundle")
	if err != nil {
		return err
	}
	defer ask.Close()
	out, err := d.Export(ctx, ask, clientsync.To{Office: true})
	if err != nil {
		return err
	}
	answer, err := s.onStick("office-to-" + d.folder + ".bundle")
	if err != nil {
		return err
	}
	defer answer.Close()
	taken, err := s.server.AnswerBundle(ctx, ask, bundle.Identity{}, answer)
	if err != nil {
		return err
	}
	in, err := d.Import(ctx, answer)
	if err != nil {
		return err
	}
	status, err := d.Status(ctx)
	if err != nil {
		return err
	}
	if !in.Office || in.Stale || taken.New != 0 || in.Answer.Pushed != in.Answer.ToPush || status.Unsent+status.Passing+status.Conflicts != 0 {
		return fmt.Errorf("%s gave %+v, the office took %+v, the device %+v and has %+v", d.folder, out, taken, in, status)
	}
	if err := s.agreed(ctx, d); err != nil {
		return err
	}
	asked, err := size(ask)
	if err != nil {
		return err
	}
	answered, err := size(answer)
	if err != nil {
		return err
	}
	s.say("%s's tablet stays without a network. The stick takes %d bytes to the office and %d back, and that does what a", d.who, asked, answered)
	s.say("sync does: the office had all of it already, and %s now shows %s too.", d.folder, word(disputed))
	return nil
}

// onStick makes a file there.
func (s *story) onStick(name string) (*os.File, error) {
	return os.OpenFile(filepath.Join(s.dir, "stick", name), os.O_CREATE|os.O_RDWR|os.O_EXCL, 0o600)
}

func size(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
