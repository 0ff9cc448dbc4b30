package exchange

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// MaxRun bounds the payloads of a batch that is passed on, in bytes: it goes to the
// office as it is, in one request.
const MaxRun = 1 << 20

// Passing is what a batch came with.
type Passing struct {
	// Certificate is the one that its seal is made under; the caller has seen that the
	// office issued it.
	Certificate *journal.Certificate
	// Epoch is the log that whoever passes it on knew; empty for none.
	Epoch []byte
	// Own is the key of this device.
	Own ed25519.PublicKey
	// Named is what the batches of one bundle share, over all transactions; nil for one
	// alone. Nothing but saves may come in between.
	Named *Named
}

// Named remembers the names that entries without an answer have: of each the last seq.
type Named struct {
	names map[fold.WriterID]fold.Seq // nil: not read
}

// Imported is what a batch of somebody else's brought.
type Imported struct {
	// New counts entries that were not here, Known those that were, Out those that came
	// without their payload.
	New, Known, Out int
	// Hidden counts new ones that are not shown: the office has answered for them
	// already, or will not take them.
	Hidden int
	// Records are those that new entries edit.
	Records []record.ID
}

// MissingError says that a batch begins beyond what is known of its writer.
type MissingError struct {
	// Person and Device are as the certificate names them. From and To are the seqs
	// of what is missing.
	Person, Device string
	From, To       fold.Seq
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("changes %d to %d of %s (%s) are missing: they are in a bundle that was not taken here", e.From, e.To, e.Person, e.Device)
}

// ForgedError says that a batch is not what it claims to be.
type ForgedError struct{ Text string }

func (e *ForgedError) Error() string { return e.Text }

func forged(format string, args ...any) error { return &ForgedError{fmt.Sprintf(format, args...)} }

// CheckPeer reports why a batch that somebody passes on would not be taken: a
// *MissingError or a *ForgedError. before are the links of batches that go before it.
func (d *Device) CheckPeer(b journal.Batch, from Passing, before func(fold.Link) bool) error {
	c := from.Certificate
	size := 0
	for _, p := range b.Payloads {
		size += len(p)
	}
	switch {
	case size > MaxRun:
		return forged("a batch in it has %d bytes; at most %d are taken", size, MaxRun)
	case c.Serial != b.Serial:
		return forged("a batch in it names another certificate than the one that came with it")
	case !c.Valid(d.env.NowMS):
		return forged("the certificate of %s (%s) is not valid today by this device's clock", c.Person, c.Device)
	case !b.Verify(c.Key):
		return forged("the seal of %s (%s) does not vouch for what is in it", c.Person, c.Device)
	}
	known, err := d.book.KeyOf(b.Writer)
	if err != nil {
		return err
	}
	if d.self.mine(b.Writer) {
		known = from.Own
	}
	if known != nil && !known.Equal(c.Key) {
		return forged("it has changes that %s (%s) did not write under that name before", c.Person, c.Device)
	}
	fits, err := d.fits(b)
	if err != nil || fits || before != nil && before(b.Previous) {
		return err
	}
	have, err := d.knownOf(b.Writer)
	if err != nil {
		return err
	}
	missing := &MissingError{Person: c.Person, Device: c.Device, From: have + 1, To: b.FirstSeq - 1}
	err = d.book.Unanswered(0, func(e Noted) bool {
		if e.Peer != nil && e.Peer.Signed == b.Writer && e.Seq < b.FirstSeq {
			missing.From = max(missing.From, e.Seq+1)
		}
		return true
	})
	missing.From = min(missing.From, missing.To)
	if err != nil {
		return err
	}
	return missing
}

// fits reports whether it is known what comes before the batch: it is here, or at the
// office.
func (d *Device) fits(b journal.Batch) (bool, error) {
	if b.FirstSeq == 1 || b.Answered >= b.FirstSeq-1 {
		return true, nil
	}
	if known, err := d.knownOf(b.Writer); err != nil || known >= b.FirstSeq-1 {
		return true, err
	}
	e, err := d.book.Find(b.Previous)
	return e != nil, err
}

// Import takes a batch that CheckPeer has found good. Its entries become pending: they
// show at once, and go to the office with the next sync of whoever is first.
func (d *Device) Import(b journal.Batch, from Passing) (out Imported, err error) {
	d.self.Open = nil // its image is no longer what the change stands on
	if from.Named != nil {
		d.held = from.Named
	}
	if err := d.book.PutCertificate(from.Certificate); err != nil {
		return out, err
	}
	in := &importing{Device: d, batch: b, from: from, links: b.Links(), out: &out}
	if err := in.run(); err != nil {
		return out, err
	}
	return out, d.done()
}

// importing is the work on one batch of somebody else's.
type importing struct {
	*Device
	batch journal.Batch
	from  Passing
	links []fold.Link
	out   *Imported

	behind *Noted // the entry before the next one, nil where it is not here
	keeps  bool   // an entry of the batch is kept
}

func (in *importing) run() (err error) {
	if in.behind, err = in.book.Find(in.batch.Previous); err != nil {
		return err
	}
	previous := in.batch.Previous
	for i, l := range in.links {
		known, err := in.book.Find(l)
		if err != nil {
			return err
		}
		if known != nil {
			known, err = in.again(i, known)
		} else {
			known, err = in.fresh(i, previous)
		}
		if err != nil {
			return err
		}
		in.behind, previous, in.keeps = known, l, known != nil
	}
	return nil
}

// settled: the office has answered for it, and this device has heard from the office
// since; or it is left out, and the office has it. What follows one that is kept is kept
// too: the seal is over all of them.
func (in *importing) settled(i int) (bool, error) {
	seq := in.batch.FirstSeq + fold.Seq(i)
	if in.batch.Answered < seq || in.keeps {
		return false, nil
	}
	known, err := in.knownOf(in.batch.Writer)
	return in.batch.Payloads[i] == nil || known >= seq, err
}

// fresh: the entry is not here. nil: nor is it needed.
func (in *importing) fresh(i int, previous fold.Link) (*Noted, error) {
	settled, err := in.settled(i)
	if err != nil {
		return nil, err
	}
	if settled {
		in.out.Known++
		return nil, nil
	}
	return in.add(i, previous)
}

// again: the entry is here. What was left out then may have come now.
func (in *importing) again(i int, e *Noted) (*Noted, error) {
	in.out.Known++
	if e.Peer == nil || len(e.Payload) > 0 || in.batch.Payloads[i] == nil || e.Decision != 0 {
		return e, in.sealed(i, e)
	}
	e.Payload = in.batch.Payloads[i]
	if err := in.fold(e); err != nil {
		return nil, err
	}
	in.out.Known, in.out.New = in.out.Known-1, in.out.New+1
	if err := in.book.Replace(*e); err != nil {
		return nil, err
	}
	return e, in.sealed(i, e)
}

// sealed keeps the seal over the last entry, where none was over it.
func (in *importing) sealed(i int, e *Noted) error {
	if e.Peer == nil || i < len(in.links)-1 || len(e.Peer.Seal) > 0 {
		return nil
	}
	e.Peer.Seal, e.Peer.Serial = in.batch.Seal, in.batch.Serial
	return in.book.Replace(*e)
}

// add keeps an entry that was not here.
func (in *importing) add(i int, previous fold.Link) (e *Noted, err error) {
	seq := in.batch.FirstSeq + fold.Seq(i)
	e = &Noted{
		Dot: fold.Dot{Seq: seq}, Previous: previous, Link: in.links[i], Payload: in.batch.Payloads[i],
		Peer: &Peer{Signed: in.batch.Writer, Serial: in.batch.Serial, Based: in.behind == nil},
	}
	if e.Payload == nil {
		e.Peer.Hash = in.batch.Hashes[i]
		in.out.Out++
	} else {
		e.Peer.Hash = journal.HashOf(e.Payload)
		in.out.New++
	}
	if i == len(in.links)-1 {
		e.Peer.Seal = in.batch.Seal
	}
	if err := in.name(e); err != nil {
		return nil, err
	}
	if e.Payload != nil {
		if err := in.fold(e); err != nil {
			return nil, err
		}
	}
	if e.Peer.Hidden && e.Payload != nil {
		in.out.Hidden++
	}
	if names := in.held.names; names != nil && !e.Peer.Hidden {
		names[e.Writer] = max(names[e.Writer], e.Seq)
	}
	e.Number, err = in.book.Append(*e)
	return e, err
}

// name gives the entry the name under which the office will most likely know it. Where
// that is taken here, or may stand for another entry there, it gets one that nobody
// else has; and what the office may have answered for is not shown before it is known
// what came of it.
func (in *importing) name(e *Noted) error {
	signed := e.Peer.Signed
	if in.self.ID == signed {
		// Its own entry, which is not here: this is an older copy.
		in.startAnew()
	}
	as, after := signed, in.behind
	hidden := after != nil && after.Peer != nil && after.Peer.Hidden && after.Decision == 0
	if after != nil && !hidden {
		as = after.Writer
	}
	known, err := in.knownOf(as)
	if err != nil {
		return err
	}
	e.Peer.Hidden = e.Seq <= known
	free, err := in.free(as, e.Seq)
	switch {
	case err != nil:
		return err
	case free && !(as == signed && in.leaves()):
		e.Writer = as
		return nil
	case e.Peer.Hidden && hidden:
		e.Writer = after.Writer
		return nil
	}
	e.Writer = journal.BranchID(in.self.Epoch, e.Link)
	parent := fold.Dot{Writer: as, Seq: e.Seq - 1}
	if after != nil {
		parent = after.Dot // also a hidden one: it never stands over more than its chain does
	}
	if parent.Seq > 0 {
		in.self.Branches = append(in.self.Branches, Branch{e.Writer, parent, in.self.generation()})
	}
	return nil
}

// leaves: whoever passed it on knew another log than this device. Names that this log
// has forgotten are not given again.
func (in *importing) leaves() bool {
	theirs, ours := in.from.Epoch, in.self.Epoch
	if len(ours) == 0 || string(theirs) == string(ours) {
		return false
	}
	return len(theirs) > 0 || in.self.Restored
}

// free reports whether nothing here has that name.
func (in *importing) free(w fold.WriterID, seq fold.Seq) (bool, error) {
	if in.self.mine(w) {
		return false, nil
	}
	known, err := in.knownOf(w)
	if err != nil || seq <= known {
		return false, err
	}
	held, err := in.heldNames()
	return held[w] < seq, err
}

// fold shows an entry, unless it cannot be what the office will take.
func (in *importing) fold(e *Noted) error {
	c, err := journal.DecodeChange(e.Payload)
	if err != nil {
		e.Peer.Hidden = true // it goes to the office, which refuses it
		return nil
	}
	e.Time = c.Time
	for _, r := range c.Records {
		e.Records = append(e.Records, r.ID)
	}
	if err := in.heed(c); err != nil {
		return err
	}
	if e.Peer.Hidden {
		return nil
	}
	clock := journal.Clock{Last: in.self.Clock}
	clock.Observe(c.Time, in.env.NowMS)
	in.self.Clock = clock.Last
	var before []*working
	for _, r := range c.Records {
		v, err := in.book.View(r.ID)
		if err != nil {
			return err
		}
		w := &working{Record: Record{Kind: r.Kind, ID: r.ID}}
		if v != nil {
			w.Kind = v.Kind
		}
		if w.state, err = in.view(r.ID); err != nil {
			return err
		}
		if v == nil {
			in.rounds[r.ID] = Lent
		}
		before = append(before, w)
	}
	after, why := judge(in.stamp(*e), c, before)
	if why != NoReason && why != Stale && why != Already {
		e.Peer.Hidden = true
		return nil
	}
	for i, w := range before {
		s := w.state
		if after == nil || after[i] == nil {
			s.Apply(in.stamp(*e), c.Records[i].Edits)
		} else {
			s = after[i]
		}
		if err := in.edited(w.Kind, w.ID, s); err != nil {
			return err
		}
	}
	in.out.Records = append(in.out.Records, e.Records...)
	return nil
}

// disown: the office knows the writer by another key. Somebody has written under a name
// that is not theirs, and kept out what its owner hands over; all of it goes. A
// certificate that has only ended does not say so: what was sealed with it stays.
func (d *Device) disown(w fold.WriterID, t *Taken) error {
	var bad []Noted
	err := d.book.Unanswered(0, func(e Noted) bool {
		if e.Peer != nil && e.Peer.Signed == w {
			bad = append(bad, e)
		}
		return true
	})
	for _, e := range bad {
		c, missing := d.book.Certificate(e.Peer.Serial)
		if err = errors.Join(err, missing); c == nil || !c.Valid(d.env.NowMS) {
			continue
		}
		e.Decision, e.Reason, t.anew = Refused, Denied, true
		err = errors.Join(err, d.book.Replace(e))
	}
	return err
}

// heed: what a change names as answered, the office has. An own entry without an answer
// under such a name may not be the one that is meant: this device is an older copy, or
// has a younger one.
func (d *Device) heed(c journal.Change) error {
	for _, r := range c.Records {
		for _, e := range r.Edits {
			for _, x := range e.Supersedes {
				if !x.ByLink() {
					if err := d.answered(x.Dot); err != nil {
						return err
					}
				}
			}
			if e.Path == (fold.Path{Field: fold.FieldRemoved}) {
				for _, dot := range fold.RemovalDots(e.Value) {
					if err := d.answered(dot); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// seen is what is known of how far the office has answered for a writer.
type seen struct {
	seq     fold.Seq
	changed bool
}

func (d *Device) knownOf(w fold.WriterID) (fold.Seq, error) {
	if k, ok := d.known[w]; ok {
		return k.seq, nil
	}
	seq, err := d.book.Known(w)
	if err == nil {
		d.known[w] = seen{seq: seq}
	}
	return seq, err
}

// told: the office says how far it is with a writer.
func (d *Device) told(dot fold.Dot) error {
	if err := d.answered(dot); err != nil {
		return err
	}
	d.known[dot.Writer] = seen{dot.Seq, true}
	return nil
}

// answered: somebody has seen that the office has an entry of that name.
func (d *Device) answered(dot fold.Dot) error {
	if dot.Writer == d.self.ID && dot.Seq > d.self.Seq {
		d.startAnew() // this is an older copy
	}
	known, err := d.knownOf(dot.Writer)
	if err != nil || dot.Seq <= known {
		return err
	}
	d.known[dot.Writer] = seen{dot.Seq, true}
	held, err := d.heldNames()
	if err != nil || held[dot.Writer] == 0 {
		return err
	}
	return d.vacate(dot.Writer, 0, &dot.Seq)
}

// learn takes note of what a state that the office sent has from whom.
func (d *Device) learn(s *fold.State) (err error) {
	s.Dots(func(dot fold.Dot) {
		switch {
		case err != nil:
		case d.self.mine(dot.Writer):
			// Own entries go to the office before any state comes from there.
			var known fold.Seq
			if known, err = d.knownOf(dot.Writer); dot.Seq > known {
				d.known[dot.Writer] = seen{dot.Seq, true}
			}
		default:
			err = d.answered(dot)
		}
	})
	return err
}

// heldNames gives of each name the last seq that an entry without an answer has.
func (d *Device) heldNames() (map[fold.WriterID]fold.Seq, error) {
	if d.held.names == nil {
		names := map[fold.WriterID]fold.Seq{}
		err := d.book.Unanswered(0, func(e Noted) bool {
			if (e.Peer == nil || !e.Peer.Hidden) && !e.awaited() {
				names[e.Writer] = max(names[e.Writer], e.Seq)
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		d.held.names = names
	}
	return d.held.names, nil
}

// vacate takes a name from the entries without an answer that have it from a seq on:
// the office has, or may have, others by it. upTo: only where one of them is not beyond
// that.
func (d *Device) vacate(w fold.WriterID, from fold.Seq, upTo *fold.Seq) error {
	var first *Noted
	err := d.book.Unanswered(0, func(e Noted) bool {
		if e.Writer == w && e.Seq >= from && !e.awaited() && (first == nil || e.Seq < first.Seq) && (e.Peer == nil || !e.Peer.Hidden) {
			first = &e
		}
		return true
	})
	if err != nil || first == nil || upTo != nil && first.Seq > *upTo {
		return err
	}
	d.held.names = nil
	return d.rename(w, first.Seq-1, journal.BranchID(d.self.Epoch, first.Link))
}

// done ends the work of a transaction.
func (d *Device) done() error {
	for w, k := range d.known {
		if k.changed {
			if err := d.book.PutKnown(w, k.seq); err != nil {
				return err
			}
		}
	}
	return d.book.PutSelf(d.self)
}

// prune forgets the branches that no entry without an answer comes from.
func (d *Device) prune() error {
	if len(d.self.Branches) == 0 {
		return nil
	}
	needed := map[fold.WriterID]bool{}
	err := d.book.Unanswered(0, func(e Noted) bool {
		if e.Peer != nil && !needed[e.Writer] {
			needed[e.Writer] = true
			for _, dot := range d.self.lineage(e.Writer) {
				needed[dot.Writer] = true
			}
		}
		return true
	})
	d.self.Branches = slices.DeleteFunc(d.self.Branches, func(b Branch) bool { return !needed[b.ID] })
	return err
}
