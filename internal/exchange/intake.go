package exchange

import (
	"crypto/ed25519"
	"errors"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// intake is the work on one batch.
type intake struct {
	*Office
	batch journal.Batch
	links []fold.Link

	writer  *Writer       // to which new entries are appended, once known
	as      fold.WriterID // whose the next entry is, for all that the sender has been told
	outcome Outcome
	tally   Tally
}

// run answers the entries that are known and appends those behind them.
func (in *intake) run() (Outcome, error) {
	previous := in.batch.Previous
	for i, l := range in.links {
		known, ok, err := in.ledger.Find(l)
		if err != nil {
			return Outcome{}, err
		}
		waits, waited := Awaited{}, false
		if !ok {
			if waits, waited, err = in.ledger.Awaited(l); err != nil {
				return Outcome{}, err
			}
		}
		switch {
		case waited:
			if err := in.came(i, waits); errors.Is(err, errOtherKey) {
				return in.turnedAway(in.batch.Writer, daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE, false, 0)
			} else if err != nil {
				return Outcome{}, err
			}
			previous = l
			continue
		case !ok:
			if fits, err := in.place(i, previous); err != nil || !fits {
				return in.misfit(err)
			}
			if !in.writer.Key.Equal(in.key) {
				return in.turnedAway(in.batch.Writer, daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE, false, 0)
			}
			return in.append(i)
		}
		if err := in.say(l, in.batch.FirstSeq+fold.Seq(i), known); err != nil {
			return Outcome{}, err
		}
		in.tally.Known++
		previous = l
	}
	known, _, err := lastOf(in.ledger, previous)
	if err != nil {
		return Outcome{}, err
	}
	if in.writer, err = in.Office.writer(known.Writer); err != nil {
		return Outcome{}, err
	}
	return in.done()
}

var errOtherKey = errors.New("another key than the writer's")

// came takes the payload of an entry that is awaited, where the batch has it: it is
// answered as a new entry.
func (in *intake) came(i int, a Awaited) (err error) {
	if in.batch.Payloads[i] == nil {
		in.tally.Waiting++
		return nil
	}
	if in.writer, err = in.Office.writer(a.Writer); err != nil {
		return err
	}
	if !in.writer.Key.Equal(in.key) {
		return errOtherKey
	}
	known, err := in.take(a.Previous, a.Link, a.Dot, in.batch.Payloads[i])
	if err != nil {
		return err
	}
	in.writer.Position = known.Position // also where later ones came before it
	return errors.Join(in.say(a.Link, in.batch.FirstSeq+fold.Seq(i), known), in.ledger.PutWriter(*in.writer), in.ledger.Came(a.Link))
}

func (in *intake) misfit(err error) (Outcome, error) {
	if err != nil {
		return Outcome{}, err
	}
	w, err := in.Office.writer(in.batch.Writer)
	if err != nil {
		return Outcome{}, err
	}
	// Behind the head: send from it. At or before it, the sender's past is another
	// than ours: go back until a link is known; the first one always is.
	from := w.Seq + 1
	if in.batch.FirstSeq <= from {
		from = max(1, in.batch.FirstSeq/2)
	}
	return in.turnedAway(in.batch.Writer, 0, false, from)
}

// place finds the writer to whom the entry at i belongs, given the link before
// it. A writer is tied to the key that seals for it first. false: that link is not
// known.
func (in *intake) place(i int, previous fold.Link) (bool, error) {
	seq := in.batch.FirstSeq + fold.Seq(i)
	parent, known, err := in.behind(i, previous)
	if err != nil || !known || parent.Seq != seq-1 {
		return false, err
	}
	w, err := in.Office.writer(parent.Writer)
	if err != nil {
		return false, err
	}
	if w.Key == nil {
		w.Key = in.key
	}
	name, err := in.name(w, parent, in.links[i])
	if err != nil {
		return false, err
	}
	if in.writer = w; name != w.ID {
		// A branch has the key of the writer that it left: nobody else can go on in
		// that one's name.
		in.writer = &Writer{ID: name, Seq: parent.Seq, Key: w.Key, Branch: true, Parent: parent}
		in.writers[name] = in.writer
	}
	return true, nil
}

// name says under which id the entries from first on are known, which follow an
// entry of w. Under the sender's, where that is new here: it may have been given by
// a log that was lost, or taken after a restore. Else they go on where the chain of
// w ends, or are a branch.
func (in *intake) name(w *Writer, parent fold.Dot, first fold.Link) (fold.WriterID, error) {
	sent := in.batch.Writer
	if in.batch.KnownAs != (fold.WriterID{}) {
		sent = in.batch.KnownAs
	}
	if sent != w.ID {
		if _, known, err := in.ledger.Writer(sent); err != nil || !known {
			return sent, err
		}
	}
	if w.Seq == parent.Seq {
		if mine, err := in.descends(w, sent); err != nil || mine {
			return w.ID, err
		}
	}
	return journal.BranchID(in.terms.Epoch, first), nil
}

// descends reports whether w is that writer, or a branch of it, of which the sender
// was not told. A branch that the sender left must not go on: what follows there
// may have been something else in a log that was lost.
func (in *intake) descends(w *Writer, from fold.WriterID) (bool, error) {
	for w.ID != from && w.Branch {
		if w.Parent.Seq == 0 {
			return w.Parent.Writer == from, nil // see stamp
		}
		next, err := in.Office.writer(w.Parent.Writer)
		if err != nil {
			return false, err
		}
		w = next
	}
	return w.ID == from, nil
}

// behind names the dot whose link is given: an entry, or the place before a
// writer's first one. A new name may begin with the first entry of a writer that a
// restore forgot, or never knew; it stands by itself then.
func (in *intake) behind(i int, l fold.Link) (fold.Dot, bool, error) {
	if l == journal.Genesis(in.batch.Writer) {
		return fold.Dot{Writer: in.batch.Writer}, true, nil
	}
	known, ok, err := lastOf(in.ledger, l)
	if err != nil || ok || in.batch.FirstSeq+fold.Seq(i) > 1 {
		return known, ok, err
	}
	_, taken, err := in.ledger.Writer(in.batch.Writer)
	return fold.Dot{Writer: in.batch.Writer}, !taken, err
}

// append stores the entries from i on.
func (in *intake) append(i int) (Outcome, error) {
	previous := in.batch.Previous
	if i > 0 {
		previous = in.links[i-1]
	}
	for ; i < len(in.links); i++ {
		d := fold.Dot{Writer: in.writer.ID, Seq: in.batch.FirstSeq + fold.Seq(i)}
		if in.batch.Payloads[i] == nil {
			if err := in.ledger.Await(Awaited{d, previous, in.links[i], in.batch.Hashes[i]}); err != nil {
				return Outcome{}, err
			}
			in.tally.Waiting++
		} else {
			known, err := in.take(previous, in.links[i], d, in.batch.Payloads[i])
			if err != nil {
				return Outcome{}, err
			}
			in.writer.Position = known.Position
			if err := in.say(in.links[i], d.Seq, known); err != nil {
				return Outcome{}, err
			}
		}
		in.writer.Seq, in.writer.Link = d.Seq, in.links[i]
		previous = in.links[i]
	}
	if err := in.ledger.PutWriter(*in.writer); err != nil {
		return Outcome{}, err
	}
	last := len(in.links) - 1
	err := in.ledger.PutSeal(Seal{
		Signed: in.batch.Writer, Seq: in.batch.LastSeq(), Link: in.links[last],
		Serial: in.batch.Serial, Signature: in.batch.Seal,
	})
	if err != nil {
		return Outcome{}, err
	}
	return in.done()
}

// take judges one entry, stores it and folds it where it is accepted.
func (in *intake) take(previous, l fold.Link, d fold.Dot, payload []byte) (Known, error) {
	e := Logged{Known: Known{Dot: d}, Previous: previous, Link: l, Payload: payload, ReceivedMS: in.terms.NowMS}
	c, err := journal.DecodeChange(payload)
	if err != nil {
		e.Decision, e.Reason = Refused, reasonOf(err)
	} else {
		e.Time, e.Suspect = c.Time, journal.Ahead(c.Time, in.terms.NowMS)
	}
	if c.Ruling != nil {
		return in.rule(e, c)
	}
	touched, err := in.load(c)
	if err != nil {
		return Known{}, err
	}
	at, err := in.stamp(e)
	if err != nil {
		return Known{}, err
	}
	if e.Decision == 0 {
		if e.Decision, e.Reason, err = in.passes(l, c, 0, touched); err != nil {
			return Known{}, err
		}
	}
	var folded []*fold.State
	if e.Decision == Accepted {
		if folded, e.Reason = judge(at, c, touched); e.Reason != NoReason {
			e.Decision = Refused
		}
	}
	for _, w := range touched {
		e.Records = append(e.Records, w.ID)
	}
	if e.Position, err = in.ledger.Append(e); err != nil {
		return Known{}, err
	}
	in.tally.New++
	renamed := d.Writer != in.batch.Writer
	for i, w := range touched {
		if e.Decision == Accepted {
			w.state = folded[i]
		} else {
			w.state.Learn(l, d)
		}
		w.move(e.Known, renamed || e.Decision != Accepted || e.Suspect || namesLinks(c.Records[i]))
	}
	return e.Known, nil
}

// passes asks the gate, before anything else is judged: whoever may not change a
// record is not told what would have come of it.
func (in *intake) passes(l fold.Link, c journal.Change, ruling journal.RulingKind, touched []*working) (Decision, Reason, error) {
	if in.terms.Gate == nil {
		return Accepted, NoReason, nil
	}
	asked := Case{Key: in.key, Link: l, Change: c, Ruling: ruling, Record: in.before, KeyOf: func(w fold.WriterID) (ed25519.PublicKey, error) {
		known, err := in.Office.writer(w)
		if err != nil {
			return nil, err
		}
		return known.Key, nil
	}}
	for _, w := range touched {
		asked.Before = append(asked.Before, w.before())
	}
	return in.terms.Gate.May(asked)
}

func (in *intake) load(c journal.Change) ([]*working, error) {
	out := make([]*working, 0, len(c.Records))
	for _, r := range c.Records {
		w, err := in.record(r.Kind, r.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// stamp says where the entry stands for the fold.
func (in *intake) stamp(e Logged) (at fold.Stamp, err error) {
	at = fold.Stamp{Dot: e.Dot, Link: e.Link, Time: e.Time, Suspect: e.Suspect, Resolve: in.resolve}
	at.Ancestors, err = in.parents(in.writer.ID)
	return at, err
}

// say adds the verdict of an entry that is not plainly accepted under the name that
// it was sent with, or has with those before it.
func (in *intake) say(l fold.Link, sent fold.Seq, k Known) error {
	v, err := standing(in.ledger, l, k, k.Writer != in.as || k.Seq != sent)
	in.as = k.Writer
	if !plain(v) {
		in.outcome.Verdicts = append(in.outcome.Verdicts, v)
	}
	return err
}

func (in *intake) done() (Outcome, error) {
	awaited, err := in.ledger.AwaitedOf(in.writer.ID)
	if err != nil {
		return Outcome{}, err
	}
	in.outcome.Writers = append(in.outcome.Writers, in.writer.answer(in.writer.ID, awaited))
	if in.writer.ID != in.batch.Writer {
		w, err := in.Office.writer(in.batch.Writer)
		if err != nil {
			return Outcome{}, err
		}
		in.outcome.Writers = append(in.outcome.Writers, w.answer(in.batch.Writer, nil))
	}
	in.outcome.Tallies = []Tally{in.tally}
	return in.outcome, nil
}
