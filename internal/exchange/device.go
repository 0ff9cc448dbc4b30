package exchange

import (
	"errors"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// Device saves, sends and takes answers. One value serves one transaction.
type Device struct {
	book Notebook
	self Self
	env  Env

	rounds map[record.ID]uint64 // of the views read
	known  map[fold.WriterID]seen
	held   *Named                     // never nil
	of     saying                     // what the answer that is taken says
	there  map[fold.WriterID]fold.Seq // of own writers, the last that the office knows, as it says
	left   bool                       // a new id was taken for a record that was lost
	lost   int                        // records that were
}

// Env is what comes from outside.
type Env struct {
	// NowMS is milliseconds since 1970 UTC by the device's clock, right or wrong.
	NowMS int64
	// Random fills b.
	Random func(b []byte)
}

// ErrNoWriter says that the device has no writer yet.
var ErrNoWriter = errors.New("this device has no writer yet")

// SetUp gives a new device its writer id. One that has one keeps it.
func SetUp(book Notebook, env Env) error {
	self, err := book.Self()
	if err != nil || self.ID != (fold.WriterID{}) {
		return err
	}
	self.start(env)
	return book.PutSelf(self)
}

// start takes a new, random writer id.
func (s *Self) start(env Env) {
	env.Random(s.ID[:])
	s.Seq, s.Link, s.Open = 0, journal.Genesis(s.ID), nil
}

// NewDevice works on one transaction.
func NewDevice(book Notebook, env Env) (*Device, error) {
	self, err := book.Self()
	if err == nil && self.ID == (fold.WriterID{}) {
		err = ErrNoWriter
	}
	return &Device{
		book: book, self: self, env: env, rounds: map[record.ID]uint64{},
		known: map[fold.WriterID]seen{}, held: &Named{}, there: map[fold.WriterID]fold.Seq{},
	}, err
}

// view reads a record; an empty state when there is none.
func (d *Device) view(id record.ID) (*fold.State, error) {
	v, err := d.book.View(id)
	if err != nil || v == nil {
		return fold.New(), err
	}
	d.rounds[id] = v.Round
	return fold.DecodeOwn(v.State)
}

// putView puts what the device itself has folded; round is when the office sent
// the record.
func (d *Device) putView(kind record.Kind, id record.ID, s *fold.State, round uint64) error {
	b := s.Encode()
	if len(b) == 0 {
		return d.book.DropView(id)
	}
	return d.book.PutView(View{kind, id, b, round}, s)
}

// edited puts a view that was read before and that an own change has edited.
func (d *Device) edited(kind record.Kind, id record.ID, s *fold.State) error {
	round, ok := d.rounds[id]
	if !ok {
		round = d.self.Round
	}
	return d.putView(kind, id, s, round)
}

// stamp says where an entry stands for the fold.
func (d *Device) stamp(e Noted) fold.Stamp {
	return fold.Stamp{
		Dot: e.Dot, Link: e.Link, Time: e.Time, Suspect: e.Suspect,
		Ancestors: d.self.lineage(e.Writer), Resolve: d.resolve,
	}
}

// resolve knows the entries that are here: in the device's own fold they have a name,
// but for hidden ones.
func (d *Device) resolve(l fold.Link) (fold.Dot, bool) {
	e, err := d.book.Find(l)
	if err != nil || e == nil || e.Peer != nil && e.Peer.Hidden && e.Decision == 0 {
		return fold.Dot{}, false
	}
	return e.Dot, true
}

// unaccepted looks edits of a record up that the office has not accepted. What it
// refused counts too, until the state without it has come.
func (d *Device) unaccepted(id record.ID) (record.Pending, error) {
	entries, err := d.book.Unaccepted(id)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	type key struct {
		fold.Dot
		fold.Path
	}
	known := map[key]record.Unanswered{}
	for _, e := range entries {
		edits, err := editsOf(e, id)
		if err != nil {
			return nil, err
		}
		for _, x := range edits {
			known[key{e.Dot, x.Path}] = record.Unanswered{Link: e.Link, Supersedes: x.Supersedes, Passing: e.Peer != nil}
		}
	}
	return func(dot fold.Dot, p fold.Path) (record.Unanswered, bool) {
		u, ok := known[key{dot, p}]
		return u, ok
	}, nil
}

func editsOf(e Noted, id record.ID) ([]fold.Edit, error) {
	c, err := journal.DecodeChange(e.Payload)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(c.Records, func(r journal.RecordEdits) bool { return r.ID == id })
	if i < 0 {
		return nil, nil
	}
	return c.Records[i].Edits, nil
}
