package clientsync

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Imported says what a bundle has brought.
type Imported struct {
	// Office: it is the office's answer to a bundle of this device; Answer says what
	// came of that. Else Person and Device name the team-mate who made it.
	Office         bool
	Person, Device string
	// Made is when it was made, by the clock of whoever made it.
	Made time.Time

	// New counts changes that were not here, Known those that were, or that the office
	// has answered for. LeftOut came without their content, Hidden are kept for the
	// office and not shown: it has answered for them already, or will not take them.
	New, Known, LeftOut, Hidden int
	// Records counts those that new changes touch.
	Records int

	// Answer is what a sync would report. Stale: it was made for another state of this
	// device, so nothing of it was taken.
	Answer Report
	Stale  bool
}

// Import takes a bundle that was made for this device: of a team-mate, whose changes
// show at once and go to the office with the next sync of whoever is first; or the
// office's answer, which does what a sync does. It is taken whole or not at all: where it
// is damaged, or lacks what comes before it, the error says where, and nothing is taken.
// Taken twice it changes nothing.
func (c *Client) Import(ctx context.Context, r io.Reader) (out Imported, err error) {
	ctx, e, done, err := c.bundling(ctx)
	if err != nil {
		return out, err
	}
	defer done()
	_, identity, err := c.keys(ctx)
	if err != nil {
		return out, explainBundle(err)
	}
	file, drop, err := c.seekable(r)
	if err != nil {
		return out, explainDisk(err)
	}
	defer drop()
	b, err := bundle.Open(file, identity)
	if err != nil {
		return out, explainBundle(err)
	}
	h := b.Header()
	out.Made = time.UnixMilli(h.MadeMS).UTC()
	x := &importing{syncing: &syncing{Client: c}, bundle: b, header: h, issuer: e.Issuer, out: &out}
	switch h.Purpose {
	case daylightv1.BundlePurpose_BUNDLE_PURPOSE_TEAM:
		err = x.fromTeam(ctx)
	case daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER:
		err = x.fromOffice(ctx)
	default:
		err = rpcerr.E(Invalid, "this bundle was made for the office; nothing of it was taken", "Give it to the office.", nil)
	}
	c.watchers.tell()
	if err == nil {
		err = c.tendSealed(ctx, x.report.Readers > 0)
	}
	return out, explainBundle(err)
}

// seekable gives what can be read twice: before anything is taken, all is checked. A
// stream is put aside as it is, encrypted.
func (c *Client) seekable(r io.Reader) (io.ReadSeeker, func(), error) {
	if s, ok := r.(io.ReadSeeker); ok {
		if _, err := s.Seek(0, io.SeekStart); err == nil {
			return s, func() {}, nil
		}
	}
	aside, err := bundle.PutAside(c.config.Dir, r)
	if err != nil {
		return nil, nil, err
	}
	return aside, aside.Drop, nil
}

// importing is the taking of one bundle.
type importing struct {
	*syncing
	bundle *bundle.Bundle
	header bundle.Header
	issuer ed25519.PublicKey
	cursor []byte // before the answer
	out    *Imported
}

func (x *importing) fromTeam(ctx context.Context) error {
	maker := x.header.Certificate
	x.out.Person, x.out.Device = maker.Person, maker.Device
	if !maker.IssuedBy(x.issuer) {
		return rpcerr.E(Denied, fmt.Sprintf("this bundle was made by %s (%s), whom this device's office does not know; nothing of it was taken", maker.Person, maker.Device),
			"Take bundles of team-mates of the same office.", nil)
	}
	if err := x.bundle.Verify(ctx, maker.Key); err != nil {
		return err
	}
	if err := x.check(ctx); err != nil {
		return err
	}
	return x.take(ctx)
}

// batches calls do for every batch, with the certificate of its author.
func (x *importing) batches(ctx context.Context, do func(journal.Batch, exchange.Passing) error) error {
	own := x.signer.Load().Certificate.Key
	known := map[journal.Serial]*journal.Certificate{x.header.Certificate.Serial: x.header.Certificate}
	for f, err := range x.bundle.Frames(ctx) {
		if err != nil {
			return err
		}
		b, err := journal.FromProto(f.GetBatch())
		if err != nil {
			return madeWrongly(err)
		}
		if b.Certificate != nil {
			known[b.Serial] = b.Certificate
		}
		c := known[b.Serial]
		if c == nil || !c.IssuedBy(x.issuer) {
			return madeWrongly(errors.New("changes in it are by somebody whom this device's office does not know"))
		}
		if err := do(b, exchange.Passing{Certificate: c, Epoch: x.header.Epoch, Own: own}); err != nil {
			return err
		}
	}
	return nil
}

func madeWrongly(err error) error {
	return rpcerr.E(Invalid, fmt.Sprintf("this bundle cannot be taken: %v; nothing of it was taken", err), "Ask for another one, and tell the office.", err)
}

// check goes through the bundle before anything of it is taken.
func (x *importing) check(ctx context.Context) error {
	return x.db.Read(ctx, func(b *localdb.Book) error {
		d, err := exchange.NewDevice(b, x.env())
		if err != nil {
			return err
		}
		ends := map[fold.Link]bool{}
		return x.batches(ctx, func(batch journal.Batch, from exchange.Passing) error {
			err := d.CheckPeer(batch, from, func(l fold.Link) bool { return ends[l] })
			links := batch.Links()
			ends[links[len(links)-1]] = true
			return err
		})
	})
}

// take takes the batches, some in each transaction: saving goes on in between. Broken
// off, it can be taken again.
func (x *importing) take(ctx context.Context) error {
	var batches []journal.Batch
	var from []exchange.Passing
	size := 0
	touched := map[record.ID]bool{}
	named := &exchange.Named{}
	flush := func() error {
		if len(batches) == 0 {
			return nil
		}
		some := Imported{}
		var records []record.ID
		err := x.write(ctx, func(b *localdb.Book, d *exchange.Device) error {
			some, records = Imported{}, nil
			for i, batch := range batches {
				got, err := d.Import(batch, from[i])
				if err != nil {
					return err
				}
				some.New, some.Known, some.LeftOut, some.Hidden = some.New+got.New, some.Known+got.Known, some.LeftOut+got.Out, some.Hidden+got.Hidden
				records = append(records, got.Records...)
			}
			return nil
		})
		x.out.New, x.out.Known = x.out.New+some.New, x.out.Known+some.Known
		x.out.LeftOut, x.out.Hidden = x.out.LeftOut+some.LeftOut, x.out.Hidden+some.Hidden
		for _, id := range records {
			touched[id] = true
		}
		x.out.Records = len(touched)
		batches, from, size = nil, nil, 0
		return err
	}
	err := x.batches(ctx, func(b journal.Batch, p exchange.Passing) error {
		p.Named = named
		batches, from = append(batches, b), append(from, p)
		for _, payload := range b.Payloads {
			size += len(payload)
		}
		if size < bundleRequest {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return err
	}
	return x.db.Write(ctx, func(b *localdb.Book) error { return b.PutMate(x.header.Certificate) })
}

// fromOffice takes an answer as those of a sync.
func (x *importing) fromOffice(ctx context.Context) error {
	x.out.Office = true
	if !x.header.DeviceKey.Equal(x.signer.Load().Certificate.Key) {
		return rpcerr.E(Invalid, "this answer was made for another device; nothing of it was taken", "Take it there.", nil)
	}
	if err := x.bundle.Verify(ctx, x.issuer); err != nil {
		return err
	}
	var last *daylightv1.SyncResponse
	for f, err := range x.bundle.Frames(ctx) {
		if err != nil {
			return err
		}
		if last = f.GetAnswer().GetResponse(); last == nil {
			return madeWrongly(errors.New("a part of it is empty"))
		}
	}
	if last == nil {
		return madeWrongly(errors.New("it is empty"))
	}
	if fresh, err := x.fresh(ctx, last); err != nil || !fresh {
		x.out.Stale = err == nil
		return err
	}
	if err := x.begin(ctx); err != nil {
		return err
	}
	first := true
	for f, err := range x.bundle.Frames(ctx) {
		if err != nil {
			return err
		}
		sent, err := exchange.SentFrom(f.GetAnswer())
		if err != nil {
			return explainTake(err)
		}
		t, err := x.takeAnswer(ctx, sent, first && len(x.cursor) == 0, f.GetAnswer().GetResponse())
		if err != nil {
			return explainTake(err)
		}
		x.add(t)
		if first = false; t.Again {
			break
		}
	}
	x.out.Answer = x.report
	return errors.Join(x.sweep(ctx), x.Client.note(ctx, nil))
}

// fresh reports whether the answer is for this device as it stands.
func (x *importing) fresh(ctx context.Context, last *daylightv1.SyncResponse) (fresh bool, err error) {
	err = x.db.Read(ctx, func(b *localdb.Book) error {
		d, err := exchange.NewDevice(b, x.env())
		if err != nil {
			return err
		}
		self, err := b.Self()
		x.cursor, fresh = self.Cursor, d.Fresh(x.header.Standing, last)
		return err
	})
	return fresh, err
}
