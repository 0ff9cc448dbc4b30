package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Taken is what an answer brought.
type Taken struct {
	// More: ask again, either side has more.
	More bool
	// Pulled counts the records that came.
	Pulled int
	// Lost counts the records that are no longer for this device, or no longer there.
	Lost int
	// Refused counts the entries that were refused now and that a person should see.
	Refused int
	// Fault: the office turned a batch away as a whole; its entries stay.
	Fault daylightv1.BatchFault
	// Gap: the office asks for entries that are no longer here.
	Gap bool
	// Reopened counts entries that the office had answered for and no longer has.
	Reopened int
	// Restored: the office's log is another one than before.
	Restored bool
	// Copied: the office has entries under this device's id that it did not write:
	// it goes on under another id.
	Copied bool
	// anew: everything is to be pulled again.
	anew bool
	// held are the records of entries that are held now.
	held []record.ID
	// Digest is the office's, when it was asked for and sent.
	Digest *daylightv1.Digest

	// Again: everything is to be sent or pulled again, so what follows in the same answer
	// is for another state of this device.
	Again bool
	// Without are writers whose chains, which others wrote, the office does not take now:
	// their entries stay.
	Without []fold.WriterID
}

// ErrAnswer says that an answer makes no sense; nothing of it was taken.
var ErrAnswer = errors.New("the office's answer cannot be read")

// Take takes the answer to a request: decisions, names, and what is now true,
// with what is pending folded on top.
func (d *Device) Take(sent Sent, r *daylightv1.SyncResponse) (Taken, error) {
	t := Taken{More: r.More || sent.MoreOwn, Digest: r.Digest}
	d.self.Open = nil // its image is no longer what the change stands on
	d.of = said(r)
	if err := d.takeVerdicts(r.Verdicts, &t); err != nil {
		return t, err
	}
	if err := d.takeBatches(sent, r, &t); err != nil {
		return t, err
	}
	if err := d.leave(t.held); err != nil { // once it is known what is pending no more
		return t, err
	}
	if err := d.takeEpoch(r, &t); err != nil {
		return t, err
	}
	for _, a := range r.Writers {
		if err := d.takeHead(a, &t); err != nil {
			return t, err
		}
	}
	if err := d.takePage(r, &t); err != nil {
		return t, err
	}
	if !t.More {
		if err := errors.Join(d.book.Drop(), d.prune()); err != nil {
			return t, err
		}
	}
	d.self.BackedUp, d.self.Head, t.Lost = Position(r.BackedUp), Position(r.Head), d.lost
	return t, d.done()
}

// takePage takes the states, unless the answer has shown that own entries are to
// be pushed first: then everything is pulled after them.
func (d *Device) takePage(r *daylightv1.SyncResponse, t *Taken) error {
	if t.anew || t.Reopened > 0 {
		d.self.Cursor, t.More, t.Again, t.Digest = nil, true, true, nil
		d.self.Round += 1 + d.self.Round%2 // the next odd number
		return nil
	}
	if r.Anew {
		d.self.Round += 1 + d.self.Round%2
	}
	for _, s := range r.States {
		if err := d.takeState(s); err != nil {
			return err
		}
		t.Pulled++
	}
	for _, b := range r.Forget {
		if len(b) != len(record.ID{}) {
			return fmt.Errorf("%w: it names a record in a way that cannot be", ErrAnswer)
		}
		if err := d.forget(record.ID(b)); err != nil {
			return err
		}
	}
	if d.self.Cursor = r.Cursor; t.More {
		return nil
	}
	if d.self.Round%2 != 0 {
		if err := d.sweep(); err != nil {
			return err
		}
	}
	return d.giveBack()
}

// giveBack ends what a team-mate has lent: the office has answered for it, and has not
// sent it.
func (d *Device) giveBack() error {
	lent, err := d.book.Lent()
	if err != nil {
		return err
	}
	for _, id := range lent {
		entries, err := d.book.Unaccepted(id)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(entries, func(e Noted) bool { return e.Decision == 0 }) {
			continue
		}
		if err := d.strip(id, Lent); err != nil {
			return err
		}
	}
	return nil
}

// strip takes what the office has sent of a record off the view; what is pending to it
// stays.
func (d *Device) strip(id record.ID, round uint64) error {
	v, err := d.book.View(id)
	if err != nil || v == nil {
		return err
	}
	return d.show(v.Kind, id, fold.New(), nil, round)
}

// sweep ends the pulling of everything: a record that did not come is no longer
// there. What is pending to it stays.
func (d *Device) sweep() error {
	gone, err := d.book.Before(d.self.Round)
	if err != nil {
		return err
	}
	for _, id := range gone {
		round, err := d.without(id)
		if err != nil {
			return err
		}
		if err := d.strip(id, round); err != nil {
			return err
		}
	}
	d.self.Round++
	return nil
}

// without is the round of a record of which the office has nothing for this device: Lent
// where something of a team-mate's is pending to it, which from now on is all there is. So
// it is where the office has what is pending, not its hash alone, and this device has not
// heard what it made of that: an answer was lost. Had it been for this device, it would have
// come.
func (d *Device) without(id record.ID) (uint64, error) {
	entries, err := d.book.Unaccepted(id)
	if slices.ContainsFunc(entries, func(e Noted) bool {
		return e.Decision == 0 && (e.Peer != nil || e.Seq <= d.there[e.Writer] && !d.of.waits(e.Dot))
	}) {
		return Lent, err
	}
	return d.self.Round, err
}

// takeEpoch: another log than before was restored from a backup, and has forgotten
// some names. Entries that were never answered for become branches, and what is to
// be written goes under a new id, because a copy of this device may have been given
// the names that they would get. All that is still here is unanswered again: the
// log's head would say which entries it has, but not what it made of them.
func (d *Device) takeEpoch(r *daylightv1.SyncResponse, t *Taken) error {
	if len(r.Epoch) == 0 {
		return fmt.Errorf("%w: it names no log", ErrAnswer)
	}
	known := d.self.Epoch
	d.self.Epoch = r.Epoch
	if !r.Restored && (len(known) == 0 || bytes.Equal(known, r.Epoch)) {
		return nil
	}
	t.anew, t.Restored, d.self.Vouched, d.self.Restored = true, len(known) > 0, false, true
	d.known = map[fold.WriterID]seen{}
	if err := errors.Join(d.book.ForgetKnown(), d.leaveNames()); err != nil {
		return err
	}
	names, err := d.book.Names()
	if err != nil {
		return err
	}
	for _, w := range names {
		if _, err := d.book.Reopen(w, 1, journal.MaxSeq); err != nil {
			return err
		}
	}
	return nil
}

// leaveNames gives what was never answered for names that nobody else can have.
func (d *Device) leaveNames() error {
	var first []Noted
	err := d.book.Unanswered(0, func(e Noted) bool {
		if !slices.ContainsFunc(first, func(f Noted) bool { return f.Writer == e.Writer }) {
			first = append(first, e)
		}
		return true
	})
	if err != nil {
		return err
	}
	id := d.self.ID
	for _, e := range first {
		if err := d.rename(e.Writer, e.Seq-1, journal.BranchID(d.self.Epoch, e.Link)); err != nil {
			return err
		}
	}
	if d.self.ID == id {
		d.startAnew()
	}
	return nil
}

func (d *Device) takeVerdicts(verdicts []*daylightv1.Verdict, t *Taken) error {
	for _, v := range verdicts {
		e, err := d.own(v.Link)
		if err != nil {
			return err
		}
		if e == nil {
			continue
		}
		if len(v.Writer) > 0 {
			if len(v.Writer) != len(fold.WriterID{}) || fold.Seq(v.Seq) != e.Seq {
				return fmt.Errorf("%w: a verdict renames an entry in a way that cannot be", ErrAnswer)
			}
		}
		if v.Decision == 0 {
			continue // awaited: it has a name and no more
		}
		if v.Decision == Refused && v.Reason != Already && e.Decision != Refused && e.Peer == nil {
			t.Refused++
		}
		// It may be said again. One that was held, which this device has not heard, and was
		// admitted since, stands in the office's states under another name.
		if v.Decision == Held && e.Decision != Held || v.Admitted && e.Decision == 0 {
			t.held = append(t.held, e.Records...)
		}
		e.Decision, e.Reason, e.Position, e.Suspect = v.Decision, v.Reason, Position(v.Position), v.ClockSuspect
		if err := d.book.Replace(*e); err != nil {
			return err
		}
	}
	return nil
}

// leave: an entry is held because its author may not see a record that it edits. All
// look as if they were not there, until a page brings those that are to be seen. What
// the office sent of them before does not count as brought.
func (d *Device) leave(ids []record.ID) error {
	for _, id := range ids {
		if err := d.strip(id, Lent); err != nil {
			return err
		}
	}
	return nil
}

// forget: a visit, with what hangs on it, or another record is no longer for this device.
// What is pending to it stays, until the office has answered for it.
func (d *Device) forget(id record.ID) error {
	hanging, err := d.book.Hanging(id)
	if err != nil {
		return err
	}
	return d.leave(append(hanging, id))
}

func (d *Device) own(link []byte) (*Noted, error) {
	if len(link) != len(fold.Link{}) {
		return nil, nil
	}
	return d.book.Find(fold.Link(link))
}

// rename: what this device wrote beyond above is a branch. It goes on under the
// branch's id, unanswered entries included.
func (d *Device) rename(from fold.WriterID, above fold.Seq, to fold.WriterID) error {
	touched, err := d.book.Rename(from, above, to)
	if err != nil {
		return err
	}
	d.self.Renames = append(d.self.Renames, record.Rename{
		From: from, Above: above, To: to, Generation: d.self.generation() + 1,
	})
	if d.self.mine(from) {
		// Both names are this device's: an older form must show what either wrote.
		former := to
		if d.self.ID == from {
			d.self.ID, former = to, from
		}
		if !slices.Contains(d.self.Former, former) {
			d.self.Former = append(d.self.Former, former)
		}
	}
	for _, id := range touched {
		v, err := d.book.View(id)
		if err != nil {
			return err
		}
		if v == nil {
			continue
		}
		s, err := fold.DecodeOwn(v.State)
		if err != nil {
			return err
		}
		s.Rename(from, above, to)
		if err := d.putView(v.Kind, id, s, v.Round); err != nil {
			return err
		}
	}
	return nil
}

// takeHead: what the office knows of a writer.
func (d *Device) takeHead(a *daylightv1.WriterAnswer, t *Taken) error {
	if len(a.Writer) != len(fold.WriterID{}) {
		return fmt.Errorf("%w: it names a writer in a way that cannot be", ErrAnswer)
	}
	w := fold.WriterID(a.Writer)
	if !d.self.mine(w) {
		if turnedAway(a) {
			t.Without = append(t.Without, w)
			if a.Fault == daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE {
				return d.disown(w, t)
			}
			return nil
		}
		return d.told(fold.Dot{Writer: w, Seq: fold.Seq(a.Seq)})
	}
	if a.Fault != 0 {
		t.Fault = a.Fault
		return nil
	}
	if a.NeedCertificate {
		t.More, d.self.Vouched = true, false
		return nil
	}
	if a.SendFrom > 0 {
		return d.reopen(w, fold.Seq(a.SendFrom), t, true)
	}
	e, err := d.own(a.Link)
	if err != nil {
		return err
	}
	if e != nil && e.Peer == nil && e.Writer == w {
		d.there[w] = e.Seq
	}
	if w != d.self.ID {
		return nil
	}
	if a.Seq > 0 && (e == nil || e.Peer != nil) {
		t.Copied, t.anew = true, true
		d.startAnew()
		return nil
	}
	return d.reopen(w, fold.Seq(a.Seq)+1, t, false)
}

// startAnew takes a new id: somebody else has, or may have, written under this one.
func (d *Device) startAnew() {
	d.self.Former = append(d.self.Former, d.self.ID)
	d.self.start(d.env)
}

// reopen: the office does not have what it once answered for, or asks for it. It
// was restored from a backup, whether it knows or not.
func (d *Device) reopen(w fold.WriterID, from fold.Seq, t *Taken, asked bool) error {
	n, err := d.book.Reopen(w, from, journal.MaxSeq)
	if err != nil {
		return err
	}
	for _, old := range d.self.ancestors(w) {
		if !asked || from > old.Seq { // a branch that is unknown says nothing about what it left
			break
		}
		m, err := d.book.Reopen(old.Writer, from, journal.MaxSeq)
		if err != nil {
			return err
		}
		n += m
	}
	t.Reopened += n
	t.Gap = t.Gap || asked && n == 0 && !t.anew // then all is to be sent again already
	return nil
}

// takeState replaces a view. The same transaction moves the cursor. An empty state is
// sent to everybody, and lets nobody see what becomes of the record.
func (d *Device) takeState(r *daylightv1.RecordState) error {
	if len(r.Id) != len(record.ID{}) || !record.Kind(r.Kind).Valid() && len(r.State) == 0 {
		return fmt.Errorf("%w: it names a record in a way that cannot be", ErrAnswer)
	}
	id := record.ID(r.Id)
	s, err := fold.Decode(r.State)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	d.follow(s)
	if err := d.learn(s); err != nil {
		return err
	}
	round := d.self.Round
	if s.Empty() {
		if round, err = d.without(id); err != nil {
			return err
		}
	}
	return d.show(record.Kind(r.Kind), id, s, r.State, round)
}

// show puts what the office has, with what is pending on top. encoded is s
// as it came, round when that was.
func (d *Device) show(kind record.Kind, id record.ID, s *fold.State, encoded []byte, round uint64) error {
	if s.Empty() {
		if err := d.lose(id); err != nil {
			return err
		}
	}
	entries, err := d.book.Unaccepted(id)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Decision != 0 {
			continue
		}
		edits, err := editsOf(e, id)
		if err != nil {
			return err
		}
		s.Apply(d.stamp(e), edits)
	}
	if len(entries) == 0 && len(encoded) > 0 {
		return d.book.PutView(View{kind, id, encoded, round}, s)
	}
	return d.putView(kind, id, s, round)
}

// lose: the record is no longer for this device, or no longer there. Whoever writes
// it again has not seen what they themselves wrote before: under another id, what is
// new does not stand over that.
func (d *Device) lose(id record.ID) error {
	d.lost++
	wrote, err := d.book.Wrote(id)
	if err == nil && wrote && !d.left {
		d.left = true
		d.startAnew()
	}
	return err
}

// follow lets the clock follow what was seen, but never a suspect time.
func (d *Device) follow(s *fold.State) {
	c := journal.Clock{Last: d.self.Clock}
	for _, p := range s.Paths() {
		for _, e := range s.Entries(p) {
			if !e.Suspect {
				c.Observe(e.Time, d.env.NowMS)
			}
		}
	}
	d.self.Clock = c.Last
}
