package clientsync

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
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

// recipient is a device that bundles can be made for, and what its person may read.
type recipient struct {
	BundleDevice
	age    string
	person record.ID
	rights access.Rights
}

// recipients are those that the directory tells of, and those that have handed a bundle
// over. Of these it is not known what they may read beyond their own visits.
func (c *Client) recipients(b *localdb.Book) (out []recipient, err error) {
	own := ""
	if id, err := c.identity(); err == nil {
		own = id.Recipient()
	}
	people, err := c.colleagues(b)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{own: true, "": true}
	for _, p := range people {
		id, err := record.ParseID(p.GetId())
		if err != nil {
			continue
		}
		rights := access.At(c.config.Now().UnixMilli(), access.GrantsOf(p.GetGrants())...)
		for _, d := range p.GetDevices() {
			if !seen[d.GetRecipient()] {
				seen[d.GetRecipient()] = true
				out = append(out, recipient{BundleDevice{d.GetId(), p.GetName(), d.GetLabel()}, d.GetRecipient(), id, rights})
			}
		}
	}
	mates, err := b.Mates()
	for _, m := range mates {
		id, bad := record.ParseID(m.PersonID)
		if bad != nil || seen[m.Recipient] {
			continue
		}
		seen[m.Recipient] = true
		least := access.At(c.config.Now().UnixMilli(), access.Grant{Role: access.CivilSocietyMonitor})
		out = append(out, recipient{BundleDevice{hex.EncodeToString(m.Key[:8]), m.Person, m.Device}, m.Recipient, id, least})
	}
	slices.SortStableFunc(out, func(a, b recipient) int { return strings.Compare(a.Person, b.Person) })
	return out, err
}

var errNotEnrolled = rpcerr.E(Invalid, "this device is not enrolled, so nobody could say whose words these are; nothing was written",
	"Enrol it with a code of the office.", nil)

// Export writes a bundle: what this device has to say, in one encrypted file. For the
// office it is what a sync would send; an answer can come back the same way. For
// team-mates it is what was written here and what others handed over and the office has
// not answered for. Nothing changes on this device. When it fails, what was written to w
// is no bundle.
func (c *Client) Export(ctx context.Context, w io.Writer, to To) (out Exported, err error) {
	if !c.syncing.TryLock() {
		return out, errSyncRuns
	}
	defer c.syncing.Unlock()
	e := c.enrolment.Load()
	if e == nil || len(e.Issuer) == 0 {
		return out, errNotEnrolled
	}
	key, err := c.key(ctx)
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
	switch {
	case to.Office == (len(to.Devices) > 0):
		return out, rpcerr.E(Invalid, "a bundle is for the office, or for devices of team-mates; nothing was written", "Say for whom it is.", nil)
	case to.Office && len(e.OfficeRecipients) == 0:
		return out, rpcerr.E(Invalid, "the office has not told this device how bundles for it are encrypted; nothing was written", "Sync once.", nil)
	case to.Office:
		err = x.forOffice(ctx, e.OfficeRecipients, until)
	default:
		err = x.forTeam(ctx, to)
	}
	return out, explainBundle(err)
}

var errSyncRuns = rpcerr.E(Unavailable, "a sync is running; nothing was changed", "Wait until it ends.", nil)

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
		_, _, err = d.HandOver(exchange.Handover{
			Since: journal.At(since.UnixMilli()),
			May:   (&reading{book: b, readers: readers, known: map[record.ID]bool{}}).may,
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

// named finds the devices that a bundle is for.
func (c *Client) named(b *localdb.Book, ids []string) (out []recipient, err error) {
	all, err := c.recipients(b)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		i := slices.IndexFunc(all, func(r recipient) bool { return r.ID == id })
		if i < 0 {
			return nil, rpcerr.E(NotFound, fmt.Sprintf("no device %s is known that takes bundles; nothing was written", id),
				"See who there is. A device that is not listed can make a bundle for this one; then it is.", nil)
		}
		out = append(out, all[i])
	}
	return out, nil
}

// reading judges what all of some readers may read.
type reading struct {
	book    *localdb.Book
	readers []recipient
	known   map[record.ID]bool
}

// may implements exchange.Handover.May. What cannot be told is not handed over.
func (r *reading) may(e exchange.Noted) (bool, error) {
	c, err := journal.DecodeChange(e.Payload)
	if err != nil {
		return false, nil
	}
	for _, x := range c.Records {
		all, asked := r.known[x.ID]
		if !asked {
			if all, err = r.all(x.Kind, x.ID); err != nil {
				return false, err
			}
			r.known[x.ID] = all
		}
		if !all {
			return false, nil
		}
	}
	return true, nil
}

func (r *reading) all(kind record.Kind, id record.ID) (bool, error) {
	if !kind.Valid() {
		return false, nil
	}
	v, err := viewOf(r.book, kind, id)
	if err != nil || v.kind != kind {
		return false, err
	}
	for _, one := range r.readers {
		if may, err := r.one(one, v); err != nil || !may {
			return false, err
		}
	}
	return true, nil
}

// one reports whether somebody may read a record: as the office would decide, as far as
// this device knows. A place is also read by whoever has a visit there.
func (r *reading) one(who recipient, v *view) (bool, error) {
	s := access.Subject{Kind: v.kind}
	visit, ok := v.id, v.kind == record.Visit
	if record.HangsOnVisit(v.kind) {
		visit, ok = record.VisitOf(v.kind, v.state)
	}
	if ok {
		of, err := viewOf(r.book, record.Visit, visit)
		if err != nil {
			return false, err
		}
		m, err := of.show()
		if err != nil {
			return false, err
		}
		team, _ := m.(*daylightv1.Visit)
		s = access.Beside(team, v.kind, who.person)
		if place, err := record.ParseID(team.GetFacilityId()); err == nil {
			p, err := viewOf(r.book, record.Facility, place)
			if err != nil {
				return false, err
			}
			s.Region = record.TextIn(p.state, record.FacilityRegion)
		}
	}
	if v.kind == record.Facility {
		s.Region = record.TextIn(v.state, record.FacilityRegion)
		visits, err := r.book.VisitsAt(v.id)
		if err != nil {
			return false, err
		}
		for _, id := range visits {
			of, err := viewOf(r.book, record.Visit, id)
			if err != nil {
				return false, err
			}
			if m, err := of.show(); err == nil {
				team, _ := m.(*daylightv1.Visit)
				s.Own = s.Own || access.Beside(team, v.kind, who.person).Own
			}
		}
	}
	return who.rights.MayRead(s), nil
}

// Import takes a bundle that was made for this device: of a team-mate, whose changes
// show at once and go to the office with the next sync of whoever is first; or the
// office's answer, which does what a sync does. It is taken whole or not at all: where it
// is damaged, or lacks what comes before it, the error says where, and nothing is taken.
// Taken twice it changes nothing.
func (c *Client) Import(ctx context.Context, r io.Reader) (out Imported, err error) {
	if !c.syncing.TryLock() {
		return out, errSyncRuns
	}
	defer c.syncing.Unlock()
	e := c.enrolment.Load()
	if e == nil || len(e.Issuer) == 0 {
		return out, errNotEnrolled
	}
	identity, err := c.identity()
	if err != nil {
		return out, explainBundle(err)
	}
	file, done, err := c.seekable(r)
	if err != nil {
		return out, explainDisk(err)
	}
	defer done()
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
	f, err := os.CreateTemp(c.config.Dir, "bundle-*.part")
	if err != nil {
		return nil, nil, err
	}
	done := func() { _ = errors.Join(f.Close(), os.Remove(f.Name())) }
	if _, err := io.Copy(f, r); err != nil {
		done()
		return nil, nil, err
	}
	return f, done, nil
}

// sweepParts removes what a process that was killed had put aside.
func sweepParts(dir string) {
	parts, _ := filepath.Glob(filepath.Join(dir, "bundle-*.part"))
	for _, p := range parts {
		_ = os.Remove(p) // ciphertext; the next opening tries again
	}
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

