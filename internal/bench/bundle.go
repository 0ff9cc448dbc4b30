package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
)

// A bundle may take no more memory than this, however much it holds: phones have little.
const bundleMemory = "64 MiB"

// handover is two team-mates' devices and their office, each as its folder was when
// the first had everything to say: what is measured starts from copies of them.
type handover struct {
	*bench
	office   string // knows both, and none of the records
	from, to string // the device that holds the records, and the one that holds none
	mate     string // the id of the second
	records  int

	// What each run took, in turn.
	toMate, upload, taken, firstSync, again, toOffice, byOffice, answered []outcome
}

// bundle is ten times as many records as the others, handed over in a file: to a
// team-mate and for the office, beside a sync of the same from and to the same devices.
// Each step is a process of its own.
func (b *bench) bundle(ctx context.Context) error {
	h, err := b.handover(ctx, workload(1, 10*b.visits, 5))
	if err != nil {
		return err
	}
	for range min(b.runs, 3) {
		if err := h.run(ctx); err != nil {
			return err
		}
	}
	h.rows("Bundle for a team-mate, beside the upload", "   bytes, beside those up", h.toMate, h.upload)
	h.rows("Bundle taken, beside the first sync", "   bytes, beside those down", h.taken, h.firstSync)
	h.rows("Bundle taken again, beside the first time", "", h.again, h.taken)
	h.rows("Bundle for the office, beside the upload", "   bytes, beside those up", h.toOffice, h.upload)
	h.rows("   taken by the office, beside the upload", "", h.byOffice, h.upload)
	h.rows("   taken and answered, beside the upload", "   bytes of the answer, beside those up", h.answered, h.upload)
	return nil
}

func (h *handover) rows(what, bytes string, ours, beside []outcome) {
	o, f := middle(ours), middle(beside)
	h.row(what, ms(o.Took), ms(f.Took), ratio(o.Took, f.Took), "")
	if bytes != "" {
		h.row(bytes, kb(o.Bytes), kb(f.Bytes), ratio(o.Bytes, f.Bytes), "")
	}
	h.row("   peak memory above idle", mib(o.PeakKiB), mib(f.PeakKiB), "", bundleMemory)
}

// handover lets a monitor write all messages on a device that knows a team-mate's.
func (b *bench) handover(ctx context.Context, messages []record.Message) (h *handover, err error) {
	h = &handover{bench: b, office: b.folder(), from: b.folder(), to: b.folder(), records: len(messages)}
	o, err := serve(ctx, h.office, makeOffice)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	mate, err := h.member(ctx, o, h.to, "Monitor B", nil)
	if err != nil {
		return nil, err
	}
	_, err = h.member(ctx, o, h.from, "Monitor A", func(c *clientsync.Client, person string) error {
		if h.mate, err = deviceOf(ctx, c, "Monitor B"); err != nil {
			return err
		}
		for _, m := range inTeam(messages, person, mate) {
			if err := c.Save(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
	return h, err
}

// member enrols a device of a new monitor in the folder, syncs it, and lets it do
// something.
func (h *handover) member(ctx context.Context, o *office, dir, name string, do func(*clientsync.Client, string) error) (person string, err error) {
	if person, err = o.hire(ctx, name, "MONITOR"); err != nil {
		return "", err
	}
	c, err := clientsync.Open(ctx, unlocked(clientsync.Config{Dir: dir, HTTP: newWire().client()}))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := o.enrol(ctx, c, person); err != nil {
		return "", err
	}
	if _, err := c.Sync(ctx); err != nil || do == nil {
		return person, err
	}
	return person, do(c, person)
}

// deviceOf is the id of the person's device.
func deviceOf(ctx context.Context, c *clientsync.Client, person string) (string, error) {
	all, err := c.BundleDevices(ctx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(d clientsync.BundleDevice) bool { return d.Person == person })
	if i < 0 {
		return "", fmt.Errorf("no device of %s is known", person)
	}
	return all[i].ID, nil
}

// run does everything once.
func (h *handover) run(ctx context.Context) (err error) {
	var folders [7]string
	for i, of := range []string{h.office, h.from, h.from, h.to, h.to, h.office, h.office} {
		if folders[i], err = h.copied(of); err != nil {
			return err
		}
		defer os.RemoveAll(folders[i])
	}
	maker, sender, taker, receiver := folders[1], folders[2], folders[3], folders[4]
	o, err := serve(ctx, folders[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	file, forOffice, answer := filepath.Join(taker, "mate.bundle"), filepath.Join(taker, "office.bundle"), filepath.Join(taker, "answer.bundle")
	for _, s := range []struct {
		out  *[]outcome
		args []string
		want outcome // Records and Changes
	}{
		{&h.toMate, []string{stepExport, maker, file, h.mate}, outcome{Changes: h.records}},
		{&h.upload, []string{stepSync, sender, o.url}, outcome{Changes: h.records}},
		{&h.taken, []string{stepImport, taker, file}, outcome{Records: h.records, Changes: h.records}},
		{&h.firstSync, []string{stepSync, receiver, o.url}, outcome{Records: h.records}},
		{&h.again, []string{stepImport, taker, file}, outcome{}},
		{&h.toOffice, []string{stepExport, maker, forOffice, toOffice}, outcome{Changes: h.records}},
		{&h.byOffice, []string{stepTake, folders[5], forOffice}, outcome{Changes: h.records}},
		{&h.answered, []string{stepAnswer, folders[6], forOffice, answer}, outcome{Changes: h.records}},
	} {
		got, err := h.step(ctx, s.args...)
		if err == nil && (got.Records != s.want.Records || got.Changes != s.want.Changes) {
			err = fmt.Errorf("%s: %d records and %d changes, instead of %d and %d", s.args[0], got.Records, got.Changes, s.want.Records, s.want.Changes)
		}
		if err != nil {
			return err
		}
		*s.out = append(*s.out, got)
	}
	return nil
}

// copied is a copy of a folder that nobody has open.
func (b *bench) copied(from string) (string, error) {
	dir := b.folder()
	return dir, os.CopyFS(dir, os.DirFS(from))
}
