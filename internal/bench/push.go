package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/pprof"
	"sync"
	"time"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/wirezip"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// saves is W4: durable single saves on a device beside bare commits of one row.
func (b *bench) saves(ctx context.Context) error {
	const n = 400
	var ours, floor []sample
	messages := workload(3, n/6+1, 5)[:n]
	plain, err := encoded(messages)
	if err != nil {
		return err
	}
	stop := b.profile("w4")
	for range b.runs {
		f, err := b.bareCommits(ctx, plain)
		if err != nil {
			return err
		}
		o, err := b.ourSaves(ctx, messages)
		if err != nil {
			return err
		}
		ours, floor = append(ours, o), append(floor, f)
	}
	stop()
	o, f := perSecond(n, median(ours).took), perSecond(n, median(floor).took)
	b.row("W4 durable single saves a second", fmt.Sprintf("%.0f", o), fmt.Sprintf("%.0f", f), fmt.Sprintf("%.2f x", o/f), "0.6 x or more")
	return nil
}

func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

func (b *bench) ourSaves(ctx context.Context, messages []record.Message) (sample, error) {
	c, w, err := b.device(ctx, b.folder(), nil)
	if err != nil {
		return sample{}, err
	}
	defer c.Close()
	fresh := make([]record.Message, len(messages))
	for i, m := range messages {
		fresh[i] = clone(m)
	}
	return w.time(func() error {
		for _, m := range fresh {
			if err := c.Save(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bench) bareCommits(ctx context.Context, plain *daylightv1.Batch) (s sample, err error) {
	dir := b.folder()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return s, err
	}
	db, err := floorDB(ctx, dir)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return newWire().time(func() error {
		for _, e := range plain.Entries {
			if err := keep(ctx, db, &daylightv1.Batch{Entries: []*daylightv1.Entry{e}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// push is 32 devices that each push single changes, one request a change.
func (b *bench) push(ctx context.Context) (err error) {
	const devices, changes = 32, 60
	var rates []sample
	stop := b.profile("push")
	for run := range b.runs {
		o, err := b.office(ctx, b.folder())
		if err != nil {
			return err
		}
		writers := make([][]*daylightv1.SyncRequest, devices)
		for i := range writers {
			if writers[i], err = singles(uint64(run*devices+i+10), changes); err != nil {
				return err
			}
		}
		w := newWire()
		c := daylightv1connect.NewSyncServiceClient(w.client(), o.url, wirezip.Client()...)
		s, err := w.time(func() error { return pushAll(ctx, c, writers) })
		if err := errors.Join(err, o.close()); err != nil {
			return err
		}
		rates = append(rates, s)
	}
	stop()
	b.row("32 devices pushing single changes, a second", fmt.Sprintf("%.0f", perSecond(devices*changes, median(rates).took)), "", "", "2,000 or more")
	return nil
}

func pushAll(ctx context.Context, c daylightv1connect.SyncServiceClient, writers [][]*daylightv1.SyncRequest) error {
	var all sync.WaitGroup
	errs := make([]error, len(writers))
	for i, requests := range writers {
		all.Go(func() {
			for _, r := range requests {
				answer, err := c.Sync(ctx, r)
				if err == nil && (len(answer.Verdicts) > 0 || answer.Writers[0].Seq != r.Own.Seq) {
					err = errors.New("the office did not take a change")
				}
				if err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// singles are the requests of a device that saves n records and syncs after each.
func singles(seed uint64, n int) ([]*daylightv1.SyncRequest, error) {
	r := rand.New(rand.NewPCG(seed, 2))
	private := ed25519.NewKeyFromSeed(randomBytes(r, ed25519.SeedSize))
	w := fold.WriterID(randomBytes(r, 16))
	certificate := journal.NewDevelopment(private, journal.Serial(randomBytes(r, 16)), "Monitor", "bench")
	link := journal.Genesis(w)
	out := make([]*daylightv1.SyncRequest, n)
	for i, m := range workload(seed, n, 0) {
		kind, err := record.KindOf(m)
		if err != nil {
			return nil, err
		}
		id, err := record.IDOf(m)
		if err != nil {
			return nil, err
		}
		edits, _, err := record.Diff(m, fold.New(), record.Writer{ID: w}, record.Naming{}, nil)
		if err != nil {
			return nil, err
		}
		change := journal.Change{
			Salt: [16]byte(randomBytes(r, 16)), Time: journal.At(time.Now().UnixMilli()),
			Records: []journal.RecordEdits{{Kind: kind, ID: id, Edits: edits}},
		}
		batch := journal.Batch{Writer: w, FirstSeq: fold.Seq(i + 1), Previous: link, Payloads: [][]byte{change.Encode()}, Serial: certificate.Serial}
		if i == 0 {
			batch.Certificate = certificate
		}
		link = batch.Links()[0]
		batch.Seal = journal.Seal(private, w, batch.FirstSeq, link)
		out[i] = &daylightv1.SyncRequest{
			Batches: []*daylightv1.Batch{batch.ToProto()},
			Own:     &daylightv1.Head{Writer: w[:], Seq: uint64(i + 1), Link: link[:]},
			MoreOwn: true, // the pushing alone: no page with each
		}
	}
	return out, nil
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// profile starts a CPU profile where it was asked for; the function that it gives
// ends it and names the file.
func (b *bench) profile(name string) func() {
	if b.profiled != name {
		return func() {}
	}
	file, err := os.CreateTemp("", "daylight-"+name+"-*.pprof")
	if err != nil || pprof.StartCPUProfile(file) != nil {
		fmt.Fprintln(b.out, "no profile:", err)
		return func() {}
	}
	return func() {
		pprof.StopCPUProfile()
		file.Close()
		b.top(file.Name())
	}
}

// top prints the first lines of a profile.
func (b *bench) top(file string) {
	text, err := goTool("pprof", "-top", "-nodecount=25", file)
	if err != nil {
		fmt.Fprintln(b.out, "no profile:", err)
	}
	fmt.Fprintf(b.out, "%s(profile: %s)\n", text, filepath.Clean(file))
}
