package clientsync

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// To says who can open a bundle: the office, or team-mates' devices.
type To struct {
	// Office: what a sync would send, and ask for. Nobody else can be named then.
	Office bool
	// Devices are ids out of BundleDevices.
	Devices []string
	// Since: own changes that the office has answered for go to team-mates too from this
	// time on, because they may not have heard from it. Zero: of the last fourteen days.
	Since time.Time
}

// usualSince is how far back a bundle for team-mates goes.
const usualSince = 14 * 24 * time.Hour

// BundleDevice is a device that bundles can be made for.
type BundleDevice struct {
	// ID is the device's id in the directory; of one that is known only because it has
	// handed a bundle over, the beginning of its key.
	ID string
	// PersonID is the person's in the directory: two people may have one name.
	PersonID string
	// Person and Device are names.
	Person, Device string
}

// Exported says what a bundle holds.
type Exported struct {
	// Changes counts those of this device and those of others that it passes on.
	Changes int
	// LeftOut counts how many of them go without their content, because not everybody
	// who can open the bundle may read them.
	LeftOut int
}

// bundleRequest is about how many bytes of changes one request in a bundle has.
const bundleRequest = 256 << 10

// BundleDevices lists the devices that bundles can be made for, by person.
func (c *Client) BundleDevices(ctx context.Context) (out []BundleDevice, err error) {
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		all, err := c.recipients(b)
		for _, r := range all {
			out = append(out, r.BundleDevice)
		}
		return err
	})
	return out, explainDisk(err)
}

var errNotEnrolled = rpcerr.E(Invalid, "this device is not enrolled, so nobody could say whose words these are; nothing was written",
	"Enrol it with a code of the office.", nil)

// Export writes a bundle: what this device has to say, in one encrypted file. For the
// office it is what a sync would send; an answer can come back the same way. For
// team-mates it is what was written here and what others handed over and the office has
// not answered for. Nothing changes on this device. When it fails, what was written to w
// is no bundle.
func (c *Client) Export(ctx context.Context, w io.Writer, to To) (out Exported, err error) {
	ctx, e, done, err := c.bundling(ctx)
	if err != nil {
		return out, err
	}
	defer done()
	switch {
	case to.Office == (len(to.Devices) > 0):
		return out, rpcerr.E(Invalid, "a bundle is for the office, or for devices of team-mates; nothing was written", "Say for whom it is.", nil)
	case to.Office && len(e.OfficeRecipients) == 0:
		return out, rpcerr.E(Invalid, "the office has not told this device how bundles for it are encrypted; nothing was written", "Sync once.", nil)
	}
	key, _, err := c.keys(ctx)
	if err != nil {
		return out, explainDisk(err)
	}
	x := &exporting{Client: c, w: w, sign: func(m []byte) []byte { return ed25519.Sign(key, m) }, out: &out}
	var until uint64
	if err := c.write(ctx, func(_ *localdb.Book, d *exchange.Device) (err error) {
		until, err = d.Begin()
		return err
	}); err != nil {
		return out, explainDisk(err)
	}
	if to.Office {
		err = x.forOffice(ctx, e.OfficeRecipients, until)
	} else {
		err = x.forTeam(ctx, to)
	}
	return out, explainBundle(err)
}

// bundling keeps syncs and other bundles away until done is called. Only an enrolled
// device makes and takes bundles.
func (c *Client) bundling(ctx context.Context) (_ context.Context, e *localdb.Enrolment, done func(), err error) {
	ctx, done, ok := c.turn.try(ctx)
	if !ok {
		return ctx, nil, nil, errBusy
	}
	switch e = c.enrolment.Load(); {
	case !c.db.isOpen():
		err = errLocked
	case e == nil || len(e.Issuer) == 0:
		err = errNotEnrolled
	default:
		return ctx, e, done, nil
	}
	done()
	return ctx, nil, nil, err
}

// exporting is the writing of one bundle.
type exporting struct {
	*Client
	w    io.Writer
	sign func([]byte) []byte
	out  *Exported
}

// create begins the file.
func (x *exporting) create(purpose daylightv1.BundlePurpose, standing, epoch []byte, to []string) (*bundle.Writer, error) {
	h := bundle.Header{
		Purpose: purpose, MadeMS: x.config.Now().UnixMilli(), Epoch: epoch,
		Certificate: x.signer.Load().Certificate, Standing: standing,
	}
	x.fillRandom(h.ID[:])
	return bundle.Create(x.w, h, to, x.sign)
}

func (x *exporting) forOffice(ctx context.Context, to []string, until uint64) error {
	var file *bundle.Writer
	o := exchange.Outbox{Until: until, Size: bundleRequest, Asked: true}
	for more := true; more; {
		var r *daylightv1.SyncRequest
		err := x.db.Read(ctx, func(b *localdb.Book) error {
			d, err := exchange.NewDevice(b, x.env())
			if err != nil {
				return err
			}
			if file == nil {
				self, err := b.Self()
				if err != nil {
					return err
				}
				if file, err = x.create(daylightv1.BundlePurpose_BUNDLE_PURPOSE_OFFICE, d.Standing(), self.Epoch, to); err != nil {
					return err
				}
			}
			if r, o.After, err = d.Request(o, *x.signer.Load()); err != nil {
				return err
			}
			if len(r.Cursor) > 0 {
				r.Directory, _, err = b.Directory()
			}
			return err
		})
		if err == nil {
			err = file.Put(&daylightv1.BundleFrame{Request: r})
		}
		if err != nil {
			return err
		}
		x.count(r.Batches)
		more = r.MoreOwn
	}
	return file.Close()
}

func (x *exporting) count(batches []*daylightv1.Batch) {
	for _, b := range batches {
		for _, e := range b.GetEntries() {
			if x.out.Changes++; len(e.GetPayload()) == 0 {
				x.out.LeftOut++
			}
		}
	}
}

func (x *exporting) forTeam(ctx context.Context, to To) error {
	since := to.Since
	if since.IsZero() {
		since = x.config.Now().Add(-usualSince)
	}
	return x.db.Read(ctx, func(b *localdb.Book) error {
		readers, err := x.named(b, to.Devices)
		if err != nil {
			return err
		}
		self, err := b.Self()
		if err != nil {
			return err
		}
		d, err := exchange.NewDevice(b, x.env())
		if err != nil {
			return err
		}
		var ages []string
		for _, r := range readers {
			ages = append(ages, r.age)
		}
		file, err := x.create(daylightv1.BundlePurpose_BUNDLE_PURPOSE_TEAM, nil, self.Epoch, ages)
		if err != nil {
			return err
		}
		told := map[journal.Serial]bool{x.signer.Load().Certificate.Serial: true}
		err = d.HandOver(exchange.Handover{
			Since: journal.At(since.UnixMilli()),
			May:   (&reading{book: b, readers: readers, known: map[record.ID]bool{}, visits: map[record.ID]visited{}}).may,
			Put: func(batch journal.Batch) error {
				if told[batch.Serial] {
					batch.Certificate = nil // it came with the header, or with a batch before
				}
				told[batch.Serial] = true
				p := batch.ToProto()
				x.count([]*daylightv1.Batch{p})
				if err := ctx.Err(); err != nil {
					return err
				}
				return file.Put(&daylightv1.BundleFrame{Batch: p})
			},
		}, *x.signer.Load())
		if err != nil {
			return err
		}
		return file.Close()
	})
}

// explainBundle says to a person why a bundle was not made or taken.
func explainBundle(err error) error {
	var known *Error
	var file *bundle.Error
	var missing *exchange.MissingError
	var forged *exchange.ForgedError
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.As(err, &file):
		return rpcerr.E(Invalid, file.Message, file.Hint, err)
	case errors.As(err, &missing):
		return rpcerr.E(Conflicting, missing.Error()+"; nothing of this one was taken", "Take that one first, or ask for one that begins earlier.", err)
	case errors.As(err, &forged):
		return madeWrongly(err)
	}
	return explainDisk(err)
}
