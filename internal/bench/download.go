package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// loaded is an office that holds the messages.
func (b *bench) loaded(ctx context.Context, messages []record.Message) (*office, error) {
	o, err := b.office(ctx, b.folder())
	if err != nil {
		return nil, err
	}
	messages = o.forMonitor(b.as, messages)
	for len(messages) > 0 {
		n := min(500, len(messages))
		if _, err := o.Save(ctx, "office", messages[:n]...); err != nil {
			return nil, errors.Join(err, o.close())
		}
		messages = messages[n:]
	}
	return o, nil
}

// firstSync is W2: 6,000 records into a fresh device.
func (b *bench) firstSync(ctx context.Context) (err error) {
	messages := b.messages()
	plain, err := encoded(messages)
	if err != nil {
		return err
	}
	o, err := b.loaded(ctx, messages)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	var ours, floor []sample
	stop := b.profile("w2")
	for range b.runs {
		f, err := b.floorDownload(ctx, plain)
		if err != nil {
			return err
		}
		s, err := b.ourDownload(ctx, o, len(messages))
		if err != nil {
			return err
		}
		ours, floor = append(ours, s), append(floor, f)
	}
	stop()
	m, f := median(ours), median(floor)
	b.row("W2 first sync into a fresh device", ms(m.took), ms(f.took), ratio(m.took, f.took), "1.5 x")
	b.row("   bytes down", kb(m.down), kb(f.down), ratio(m.down, f.down), "")
	return nil
}

func (b *bench) ourDownload(ctx context.Context, o *office, want int) (sample, error) {
	c, w, err := b.device(ctx, b.folder(), o)
	if err != nil {
		return sample{}, err
	}
	defer c.Close()
	return w.time(func() error {
		r, err := c.Sync(ctx)
		if err == nil && r.Pulled != want {
			err = fmt.Errorf("%d of %d records came", r.Pulled, want)
		}
		return err
	})
}

func (b *bench) floorDownload(ctx context.Context, plain *daylightv1.Batch) (s sample, err error) {
	dir := b.folder()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return s, err
	}
	db, err := floorDB(ctx, dir)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	url, stop, err := listen(floorHandler(db, plain))
	if err != nil {
		return s, err
	}
	defer stop()
	w := newWire()
	get := floorClient[daylightv1.Head, daylightv1.Batch](w.client(), url, floorGet)
	return w.time(func() error {
		r, err := get.CallUnary(ctx, connect.NewRequest(&daylightv1.Head{}))
		if err != nil {
			return err
		}
		return keep(ctx, db, r.Msg)
	})
}

// small is W3: a sync with nothing to do, and one record to a second device, both
// beside an office that holds everything.
func (b *bench) small(ctx context.Context) (err error) {
	o, err := b.loaded(ctx, b.messages())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	var quiet, one []sample
	from, fromWire, err := b.device(ctx, b.folder(), o)
	if err != nil {
		return err
	}
	defer from.Close()
	to, toWire, err := b.device(ctx, b.folder(), o)
	if err != nil {
		return err
	}
	defer to.Close()
	extra := workload(2, b.runs+1, 0)
	for i := range b.runs + 1 {
		if _, err := from.Sync(ctx); err != nil {
			return err
		}
		if _, err := to.Sync(ctx); err != nil {
			return err
		}
		q, err := toWire.time(func() error { _, err := to.Sync(ctx); return err })
		if err != nil {
			return err
		}
		if err := from.Save(ctx, extra[i]); err != nil {
			return err
		}
		up, err := fromWire.time(func() error { _, err := from.Sync(ctx); return err })
		if err != nil {
			return err
		}
		down, err := toWire.time(func() error { _, err := to.Sync(ctx); return err })
		if err != nil {
			return err
		}
		if i == 0 {
			continue // the first exchange of a device carries its certificate
		}
		quiet = append(quiet, q)
		one = append(one, sample{up.took + down.took, up.up + down.up, up.down + down.down, up.requests + down.requests})
	}
	q, m := median(quiet), median(one)
	b.row("W3 nothing to do: bytes both ways", fmt.Sprint(q.up+q.down), "", fmt.Sprintf("%d req", q.requests), "under 1,024, 1 request")
	b.row("W3 one record to a second device: bytes in all", fmt.Sprint(m.up+m.down), "", fmt.Sprintf("%d req", m.requests), "2,500, 2 requests")
	return nil
}

// large is W5: the first sync of ten times as many records, in a process of its
// own whose memory is measured.
func (b *bench) large(ctx context.Context) error {
	few, err := b.childSync(ctx, b.visits)
	if err != nil {
		return err
	}
	many, err := b.childSync(ctx, 10*b.visits)
	if err != nil {
		return err
	}
	b.row("W5 first sync of ten times as many, beside W2", ms(many.Took), ms(few.Took), ratio(many.Took, few.Took), "11 x")
	b.row("   peak memory of the device", mib(many.PeakKiB), "", "", "120 MiB")
	return nil
}

func (b *bench) childSync(ctx context.Context, visits int) (best outcome, err error) {
	messages := workload(1, visits, 5)
	o, err := b.loaded(ctx, messages)
	if err != nil {
		return best, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	var samples []sample
	for range min(b.runs, 3) {
		got, err := b.step(ctx, stepSync, b.folder(), o.url)
		if err != nil {
			return best, err
		}
		if got.Records != len(messages) {
			return best, fmt.Errorf("%d of %d records came", got.Records, len(messages))
		}
		samples = append(samples, sample{took: got.Took})
		best.PeakKiB = max(best.PeakKiB, got.PeakKiB)
	}
	best.Took = median(samples).took
	return best, nil
}
