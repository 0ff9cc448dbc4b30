package exchange

import (
	"crypto/ed25519"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Ruled is what a person at the office decided about an entry that is held.
type Ruled struct {
	// Held is the entry's name, Link its link.
	Held fold.Dot
	Link fold.Link
	Kind journal.RulingKind
	// Position is that of the ruling itself.
	Position Position
}

// Admitted is the name under which the entry is folded once it is admitted: nothing else
// has it.
func (r Ruled) Admitted() fold.Dot { return fold.Dot{Writer: journal.AdmittedID(r.Link), Seq: 1} }

// Rulings keeps what was decided about entries that are held.
type Rulings interface {
	// Entry gives an entry as it was stored; nil when there is none. Its Records are not
	// read.
	Entry(fold.Link) (*Logged, error)
	// Rule keeps a ruling that was appended; a later one about the same entry stands.
	Rule(Ruled) error
	// Ruled gives the one that stands; false when there is none.
	Ruled(fold.Link) (Ruled, bool, error)
	// Admitted lists what was admitted behind a position of what was sealed with the key,
	// in the order of the positions: the last of them, where there are more than
	// MaxAdmitted.
	Admitted(key ed25519.PublicKey, after Position) ([]Ruled, error)
}

// MaxAdmitted bounds how many admitted entries one answer tells their writer of.
const MaxAdmitted = 1000

// Withheld is an entry that waits for a person, and how it stands for the fold once it is
// admitted: like a branch of one entry, which leaves its writer's chain before it. So it
// stands over what its writer had set before, and beside what came since.
type Withheld struct {
	Logged
	Change journal.Change
}

// Stamp is where it is folded. parents are the writers that its writer left as a branch,
// the nearest first; resolve knows entries by their link.
func (h *Withheld) Stamp(parents []fold.Dot, resolve func(fold.Link) (fold.Dot, bool)) fold.Stamp {
	at := fold.Stamp{Dot: Ruled{Link: h.Link}.Admitted(), Link: h.Link, Time: h.Time, Suspect: h.Suspect, Resolve: resolve}
	if h.Seq > 1 {
		at.Ancestors = append(at.Ancestors, fold.Dot{Writer: h.Writer, Seq: h.Seq - 1})
	}
	at.Ancestors = append(at.Ancestors, parents...)
	return at
}

// WithheldBy gives the entry of that link, nil where there is none that a person can rule
// about: it is not held, or decides about another itself.
func WithheldBy(l Rulings, link fold.Link) (*Withheld, error) {
	e, err := l.Entry(link)
	if err != nil || e == nil || e.Decision != Held {
		return nil, err
	}
	c, err := journal.DecodeChange(e.Payload)
	if err != nil || c.Ruling != nil {
		return nil, nil
	}
	return &Withheld{*e, c}, nil
}

// rule decides about an entry that is held, as a ruling asks. It is judged as the whole
// change of whoever rules: they could have made it.
func (in *intake) rule(e Logged, c journal.Change) (Known, error) {
	held, err := WithheldBy(in.ledger, c.Ruling.Link)
	if err != nil {
		return Known{}, err
	}
	e.Decision, e.Reason = Refused, Unreadable
	var touched []*working
	var folded []*fold.State
	if held != nil {
		if touched, err = in.load(held.Change); err != nil {
			return Known{}, err
		}
		if e.Decision, e.Reason, folded, err = in.weigh(e, *c.Ruling, held, touched); err != nil {
			return Known{}, err
		}
	}
	for i := range folded {
		e.Records = append(e.Records, touched[i].ID)
	}
	if e.Position, err = in.ledger.Append(e); err != nil {
		return Known{}, err
	}
	in.tally.New++
	for i, s := range folded {
		touched[i].state = s
		touched[i].move(e.Known, true)
	}
	if e.Decision != Accepted {
		return e.Known, nil
	}
	return e.Known, in.ledger.Rule(Ruled{held.Dot, held.Link, c.Ruling.Kind, e.Position})
}

// Weigh says what would come of a ruling by whoever writes with the key, and makes none:
// of one that admits, the states that its records would have, in their order. The error
// may be the gate's.
func (o *Office) Weigh(key ed25519.PublicKey, r journal.Ruling) (Decision, Reason, []*fold.State, error) {
	held, err := WithheldBy(o.ledger, r.Link)
	if err != nil || held == nil {
		return Refused, Unreadable, nil, err
	}
	o.key = key
	in := &intake{Office: o}
	touched, err := in.load(held.Change)
	if err != nil {
		return 0, 0, nil, err
	}
	return in.weigh(Logged{}, r, held, touched)
}

// weigh judges a ruling: who may make it, whether it says anything new, and FIXED and
// GUARDED of what it admits, of which it gives the new states.
func (in *intake) weigh(e Logged, r journal.Ruling, held *Withheld, touched []*working) (Decision, Reason, []*fold.State, error) {
	if d, why, err := in.passes(e.Link, held.Change, r.Kind, touched); err != nil || d != Accepted {
		return d, why, nil, err
	}
	stands, ruled, err := in.ledger.Ruled(r.Link)
	switch left := ruled && stands.Kind == journal.Leave; {
	case err != nil:
		return 0, 0, nil, err
	case ruled && stands.Kind == journal.Admit, left == (r.Kind == journal.Leave) && r.Kind != journal.Admit:
		return Refused, Already, nil, nil
	case r.Kind != journal.Admit:
		return Accepted, NoReason, nil, nil
	}
	parents, err := in.parents(held.Writer)
	if err != nil {
		return 0, 0, nil, err
	}
	folded, why := judge(held.Stamp(parents, in.resolve), held.Change, touched)
	if why != NoReason {
		return Refused, why, nil, nil
	}
	return Accepted, NoReason, folded, nil
}

// parents are the ends of what a writer shares with those that it left as a branch. One
// that shares nothing ends the way back: either of two names may have come first.
func (o *Office) parents(id fold.WriterID) (out []fold.Dot, err error) {
	for {
		w, err := o.writer(id)
		if err != nil || !w.Branch || w.Parent.Seq == 0 {
			return out, err
		}
		out, id = append(out, w.Parent), w.Parent.Writer
	}
}

// resolve names an entry by its link: what was admitted by the name that it is folded
// under, since whoever names it had it on screen.
func (o *Office) resolve(l fold.Link) (fold.Dot, bool) {
	k, ok, err := o.ledger.Find(l)
	if err != nil || !ok {
		return k.Dot, false
	}
	if r, admitted, err := admission(o.ledger, l, k); err == nil && admitted {
		return r.Admitted(), true
	}
	return k.Dot, true
}

// admission gives the ruling that has admitted an entry that was held.
func admission(l Rulings, link fold.Link, k Known) (Ruled, bool, error) {
	if k.Decision != Held {
		return Ruled{}, false, nil
	}
	r, ok, err := l.Ruled(link)
	return r, ok && r.Kind == journal.Admit, err
}

// standing is the verdict of an entry as it stands now: one that a person has admitted
// is accepted, where the ruling is.
func standing(l Rulings, link fold.Link, k Known, renamed bool) (*daylightv1.Verdict, error) {
	r, admitted, err := admission(l, link, k)
	if err == nil && admitted {
		k.Decision, k.Reason, k.Position = Accepted, NoReason, r.Position
	}
	v := verdict(link, k, renamed)
	v.Admitted = admitted
	return v, err
}

// admitted tells the reader what a person has admitted of what it wrote, behind the page
// before: the verdict that it has says otherwise, or it has none. So it hears of it before
// the records come, or with them.
func (a Ask) admitted(l Ledger, since Position, r *daylightv1.SyncResponse) error {
	if len(a.Key) == 0 {
		return nil
	}
	all, err := l.Admitted(a.Key, since)
	if err != nil {
		return err
	}
	said := said(r).verdicts
	for _, one := range all {
		if said[one.Link] != nil {
			continue
		}
		k, _, err := l.Find(one.Link)
		if err != nil {
			return err
		}
		v, err := standing(l, one.Link, k, false)
		if err != nil {
			return err
		}
		r.Verdicts = append(r.Verdicts, v)
	}
	return nil
}
