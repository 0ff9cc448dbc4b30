package exchange

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Cursor is where a page ended: behind the record ID at Position. The zero Cursor
// is before everything. A page may end inside one position.
type Cursor struct {
	Position Position
	ID       record.ID
	// Since is where the reader stood when it last had everything. A record that
	// changed after it comes, also when its own writer moved it behind what the
	// reader has been sent since.
	Since Position
	// Whole: everything is sent, also what only the reader wrote, because the reader
	// asked to start again.
	Whole bool
	// Mark is that of the reader's sight when this was sent, see Sight.
	Mark uint64
}

// Sight is what one reader may see.
type Sight interface {
	// Sees reports whether the reader may see a record that has a state.
	Sees(r Record) (bool, error)
	// Mark is never 0, and another one after each change of what the reader may see that
	// no position stands for, also after one that was taken back: then everything is sent
	// anew, and what does not come is gone on the device.
	Mark() (uint64, error)
	// Lost gives what the reader could see at that position and no longer can, where a
	// later entry took it away: visits, with what hangs on them, places, and single records
	// of visits of which the reader still sees a part. One that the reader never saw may be
	// among them.
	Lost(since Position) ([]record.ID, error)
}

// ErrCursor says that a cursor was not made by Encode.
var ErrCursor = errors.New("this is not a cursor of this server")

// The versions of a cursor: without a mark, and with one.
const (
	plainCursor  = 1
	markedCursor = 2
)

// Encode gives the cursor as the device keeps it, opaque to it.
func (c Cursor) Encode() []byte {
	b := []byte{plainCursor}
	if c.Mark != 0 {
		b[0] = markedCursor
		b = protowire.AppendFixed64(b, c.Mark)
	}
	b = protowire.AppendVarint(b, uint64(c.Position))
	b = protowire.AppendVarint(b, uint64(c.Since))
	b = protowire.AppendVarint(b, protowire.EncodeBool(c.Whole))
	return append(b, c.ID[:]...)
}

// DecodeCursor reads what Encode gave; no bytes are the zero Cursor.
func DecodeCursor(b []byte) (c Cursor, err error) {
	if len(b) == 0 {
		return c, nil
	}
	version := b[0]
	b = b[1:]
	switch version {
	case plainCursor:
	case markedCursor:
		n := 0
		if c.Mark, n = protowire.ConsumeFixed64(b); n < 0 || c.Mark == 0 {
			return c, ErrCursor
		}
		b = b[n:]
	default:
		return c, ErrCursor
	}
	var whole Position
	for _, to := range []*Position{&c.Position, &c.Since, &whole} {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return c, ErrCursor
		}
		*to, b = Position(v), b[n:]
	}
	if len(b) != len(c.ID) {
		return c, ErrCursor
	}
	c.ID, c.Whole = record.ID(b), whole > 0
	return c, nil
}

// Behind reports whether a record at (p, id) is behind the cursor.
func (c Cursor) Behind(p Position, id record.ID) bool {
	if p != c.Position {
		return p > c.Position
	}
	return bytes.Compare(id[:], c.ID[:]) > 0
}

// rewind makes the records of an entry at p come, when the reader was sent them
// before it was told of that entry's verdict: somebody else had brought it.
func (c *Cursor) rewind(p Position) {
	if p == 0 || p > c.Position {
		return
	}
	c.Position, c.ID, c.Since = p-1, record.ID{}, min(c.Since, p-1)
}

// due reports whether the reader needs the record: not when since it last had
// everything only the reader itself changed it, up to the head that it named.
func due(r Record, c Cursor, own fold.Dot) bool {
	return c.Whole || r.Last.Writer != own.Writer || r.Last.Seq > own.Seq || r.Others > c.Since
}

// Head is the last entry of a writer that somebody knows.
type Head struct {
	fold.Dot
	Link fold.Link
}

// Asked is a chain of somebody else's that a device holds unanswered: its last entry, by
// the name that the device has for it, and the seq of its first.
type Asked struct {
	Head
	First fold.Seq
}

// Ask is what a request asks for besides what it pushes.
type Ask struct {
	Epoch, Cursor []byte
	Own           Head
	// MoreOwn: own entries follow, so no states yet.
	MoreOwn    bool
	Others     []Asked
	WantDigest bool
	// Issuer and Gate are for what is pushed, see Terms; Sight is what the reader may
	// see, nil for everything.
	Issuer ed25519.PublicKey
	Gate   Gate
	Sight  Sight
	// Key is the one that the reader writes with; nil where it is not known.
	Key ed25519.PublicKey
	// MaxPage bounds the states of a page in bytes; a page has one at least.
	MaxPage int
}

// Epoch says which log this is: a restore from a backup begins another one.
type Epoch struct {
	ID []byte
	// Restored: there was one before.
	Restored bool
}

// Missed reports whether whoever asks does not know that the office was restored.
// Nothing that they push may be taken then: names that were given after the backup
// are forgotten here, and giving one to another entry would let whoever saw the
// first supersede the second.
func (e Epoch) Missed(a Ask) bool {
	if len(a.Epoch) == 0 {
		return e.Restored
	}
	return !bytes.Equal(a.Epoch, e.ID)
}

// Answer fills r with heads and a page of states, which starts from the beginning
// for a cursor beyond the end of the log. Whoever missed a restore is told that
// and nothing else.
func Answer(l Ledger, epoch Epoch, a Ask, r *daylightv1.SyncResponse) error {
	if r.Epoch = epoch.ID; epoch.Missed(a) {
		r.Restored, r.More = true, true
		return nil
	}
	if err := answerHeads(l, a, r); err != nil {
		return err
	}
	cursor, err := DecodeCursor(a.Cursor)
	if err != nil {
		return err
	}
	head, err := l.Head()
	if err != nil {
		return err
	}
	mark, err := a.mark()
	if err != nil {
		return err
	}
	// Also at a first sync: an answer before it may have been lost, and the reader's own
	// records with it.
	r.Anew = cursor.Position > head || cursor.Mark != mark
	if r.Anew || len(a.Epoch) > 0 && len(a.Cursor) == 0 {
		cursor = Cursor{Whole: true}
	}
	cursor.Mark = mark
	for _, v := range r.Verdicts {
		if !plain(v) {
			cursor.rewind(Position(v.Position))
		}
	}
	r.Head = uint64(head)
	if a.MoreOwn {
		// Never empty: an empty cursor of a known epoch asks for everything again.
		r.More, r.Cursor = true, cursor.Encode()
		return nil
	}
	return page(l, cursor, a, r)
}

// mark is that of the reader's sight, 0 for somebody who sees everything.
func (a Ask) mark() (uint64, error) {
	if a.Sight == nil {
		return 0, nil
	}
	return a.Sight.Mark()
}

// sees reports whether the reader may see what the record holds.
func (a Ask) sees(r Record) (bool, error) {
	if a.Sight == nil || len(r.State) == 0 {
		return true, nil
	}
	return a.Sight.Sees(r)
}

// answerHeads says the head of each writer named that the batches did not name, and
// what became of the chains that are asked after.
func answerHeads(l Ledger, a Ask, r *daylightv1.SyncResponse) error {
	said := map[fold.WriterID]bool{}
	for _, w := range r.Writers {
		said[fold.WriterID(w.Writer)] = true
	}
	say := func(id fold.WriterID) error {
		if said[id] || id == (fold.WriterID{}) {
			return nil
		}
		said[id] = true
		w, ok, err := l.Writer(id)
		if err != nil {
			return err
		}
		if !ok {
			w = Writer{ID: id}
		}
		awaited, err := l.AwaitedOf(id)
		r.Writers = append(r.Writers, w.answer(id, awaited))
		return err
	}
	if err := say(a.Own.Writer); err != nil {
		return err
	}
	for _, c := range a.Others {
		if err := say(c.Writer); err != nil {
			return err
		}
		names, err := answerChain(l, c, r)
		if err != nil {
			return err
		}
		for _, w := range names {
			if err := say(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// answerChain says what the office made of a chain, where it knows its last entry: that
// one's verdict, and those of the entries before it that were not plainly accepted. It
// gives the names under which they are known.
func answerChain(l Ledger, c Asked, r *daylightv1.SyncResponse) (names []fold.WriterID, err error) {
	end, known, err := lastOf(l, c.Link)
	if err != nil || !known || end.Seq != c.Seq || c.First == 0 {
		return nil, err
	}
	chain, err := chainOf(l, c)
	if err != nil {
		return nil, err
	}
	as := c.Writer
	for _, e := range slices.Backward(chain) {
		v, err := standing(l, e.link, e.Known, e.Writer != as)
		if err != nil {
			return nil, err
		}
		if e.link != c.Link && (plain(v) || e.Decision == 0) {
			continue // accepted, or awaited: its name is said with the next one
		}
		as = e.Writer
		r.Verdicts = append(r.Verdicts, v)
		if !slices.Contains(names, e.Writer) {
			names = append(names, e.Writer)
		}
	}
	return names, nil
}

// chained is an entry of a chain; one that is awaited has no decision.
type chained struct {
	Known
	link fold.Link
}

// chainOf gives the entries of a chain that is known, the last one first.
func chainOf(l Ledger, c Asked) (out []chained, err error) {
	for link := c.Link; ; {
		e := chained{link: link}
		known := false
		if e.Known, known, err = l.Find(link); err != nil {
			return nil, err
		}
		var previous fold.Link
		if known {
			previous, err = l.Previous(link)
		} else {
			var a Awaited
			a, known, err = l.Awaited(link)
			e.Dot, previous = a.Dot, a.Previous
		}
		if err != nil || !known {
			return out, err
		}
		if out = append(out, e); e.Seq <= c.First {
			return out, nil
		}
		link = previous
	}
}

// lastOf names an entry that the office has, or awaits.
func lastOf(l Ledger, link fold.Link) (fold.Dot, bool, error) {
	k, ok, err := l.Find(link)
	if err != nil || ok {
		return k.Dot, ok, err
	}
	a, ok, err := l.Awaited(link)
	return a.Dot, ok, err
}

func page(l Ledger, c Cursor, a Ask, r *daylightv1.SyncResponse) error {
	// The head is known by its link alone: a copy of the reader's device may have
	// written other entries under the same name.
	own, _, err := l.Find(a.Own.Link)
	if err != nil {
		return err
	}
	if err := a.admitted(l, c.Position, r); err != nil {
		return err
	}
	size, last := 0, c
	var blind error
	err = l.Changed(c, func(rec Record) bool {
		sees, err := a.sees(rec)
		if blind = err; err != nil {
			return false
		}
		if sees && due(rec, c, own.Dot) {
			if size > 0 && size+len(rec.State) > a.MaxPage {
				r.More = true
				return false
			}
			size += len(rec.State) + 64
			r.States = append(r.States, &daylightv1.RecordState{
				Kind: uint32(rec.Kind), Id: bytes.Clone(rec.ID[:]), State: bytes.Clone(rec.State), Position: uint64(rec.Position),
			})
		}
		last.Position, last.ID = rec.Position, rec.ID
		return true
	})
	if err := errors.Join(err, blind); err != nil {
		return err
	}
	if !r.More {
		if err := a.forget(c, r); err != nil {
			return err
		}
		last.Since, last.Whole = last.Position, false
	}
	r.Cursor = last.Encode()
	if r.More || !a.WantDigest {
		return nil
	}
	r.Digest, err = DigestOf(a.seen(l))
	return err
}

// forget says what is no longer for the reader. Whoever is sent everything in this
// one page has nothing else.
func (a Ask) forget(c Cursor, r *daylightv1.SyncResponse) error {
	if a.Sight == nil || c.Position == 0 {
		return nil
	}
	lost, err := a.Sight.Lost(c.Since)
	for _, id := range lost {
		r.Forget = append(r.Forget, bytes.Clone(id[:]))
	}
	return err
}

// seen are the states that the reader may see.
func (a Ask) seen(l Ledger) func(func(record.ID, []byte) error) error {
	if a.Sight == nil {
		return l.States
	}
	return func(do func(record.ID, []byte) error) error {
		return l.States(func(id record.ID, state []byte) error {
			r, err := l.Record(id)
			if err != nil || r == nil {
				return err
			}
			if sees, err := a.sees(*r); err != nil || !sees {
				return err
			}
			return do(id, state)
		})
	}
}

// DigestOf stands for every record that has a state: two stores that give the
// same hold the same. states calls back in the order of the ids.
func DigestOf(states func(do func(record.ID, []byte) error) error) (*daylightv1.Digest, error) {
	all, n := sha256.New(), uint64(0)
	err := states(func(id record.ID, state []byte) error {
		one := sha256.Sum256(state)
		all.Write(id[:])
		all.Write(one[:])
		n++
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &daylightv1.Digest{Sum: all.Sum(nil), Records: n}, nil
}

// LimitsNow are the bounds that this program keeps.
func LimitsNow() *daylightv1.Limits {
	return &daylightv1.Limits{
		Field: record.MaxField, Change: journal.MaxChange, Record: record.MaxRecord,
		Message: MaxMessage, ClockAheadMs: uint32(journal.ClockAhead.Milliseconds()),
	}
}

// MaxMessage bounds a request and an answer, MaxPage the states of a page, in
// bytes.
const (
	MaxMessage = 4 << 20
	MaxPage    = 1 << 20
)
