package exchange

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"maps"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// ledger is an office's memory. A transaction works on a clone; values that were
// put are never changed in place.
type ledger struct {
	writers      map[fold.WriterID]Writer
	certificates map[journal.Serial]*journal.Certificate
	log          []Logged // by position - 1
	places       map[fold.Link]int
	seals        []Seal
	awaited      map[fold.Link]Awaited
	rulings      []Ruled
	records      map[record.ID]Record
	teams        teams
}

func newLedger() *ledger {
	return &ledger{
		map[fold.WriterID]Writer{}, map[journal.Serial]*journal.Certificate{}, nil,
		map[fold.Link]int{}, nil, map[fold.Link]Awaited{}, nil, map[record.ID]Record{}, newTeams(),
	}
}

func (l *ledger) clone() *ledger {
	return &ledger{
		maps.Clone(l.writers), maps.Clone(l.certificates), slices.Clone(l.log),
		maps.Clone(l.places), slices.Clone(l.seals), maps.Clone(l.awaited), slices.Clone(l.rulings), maps.Clone(l.records), l.teams.clone(),
	}
}

func (l *ledger) Writer(id fold.WriterID) (Writer, bool, error) {
	w, ok := l.writers[id]
	return w, ok, nil
}

func (l *ledger) PutWriter(w Writer) error { l.writers[w.ID] = w; return nil }

func (l *ledger) Certificate(s journal.Serial) (*journal.Certificate, error) {
	return l.certificates[s], nil
}

func (l *ledger) PutCertificate(c *journal.Certificate) error {
	l.certificates[c.Serial] = c
	return nil
}

func (l *ledger) Find(link fold.Link) (Known, bool, error) {
	i, ok := l.places[link]
	if !ok {
		return Known{}, false, nil
	}
	return l.log[i].Known, true, nil
}

func (l *ledger) Append(e Logged) (Position, error) {
	e.Position = Position(len(l.log) + 1)
	l.places[e.Link] = len(l.log)
	l.log = append(l.log, e)
	return e.Position, nil
}

func (l *ledger) PutSeal(s Seal) error { l.seals = append(l.seals, s); return nil }

func (l *ledger) Head() (Position, error) { return Position(len(l.log)), nil }

func (l *ledger) Previous(link fold.Link) (fold.Link, error) {
	i, ok := l.places[link]
	if !ok {
		return fold.Link{}, nil
	}
	return l.log[i].Previous, nil
}

func (l *ledger) Awaited(link fold.Link) (Awaited, bool, error) {
	a, ok := l.awaited[link]
	return a, ok, nil
}

func (l *ledger) Await(a Awaited) error { l.awaited[a.Link] = a; return nil }

func (l *ledger) Came(link fold.Link) error { delete(l.awaited, link); return nil }

func (l *ledger) AwaitedOf(w fold.WriterID) (out []fold.Seq, err error) {
	for _, a := range l.awaited {
		if a.Writer == w {
			out = append(out, a.Seq)
		}
	}
	slices.Sort(out)
	return out, nil
}

func (l *ledger) Entry(link fold.Link) (*Logged, error) {
	i, ok := l.places[link]
	if !ok {
		return nil, nil
	}
	e := l.log[i]
	return &e, nil
}

func (l *ledger) Rule(r Ruled) error { l.rulings = append(l.rulings, r); return nil }

func (l *ledger) Ruled(link fold.Link) (Ruled, bool, error) {
	for _, r := range slices.Backward(l.rulings) {
		if r.Link == link {
			return r, true, nil
		}
	}
	return Ruled{}, false, nil
}

func (l *ledger) Admitted(key ed25519.PublicKey, after Position) (out []Ruled, err error) {
	for _, r := range l.rulings {
		if r.Kind == journal.Admit && r.Position > after && l.writers[r.Held.Writer].Key.Equal(key) {
			out = append(out, r)
		}
	}
	return out, nil
}

func (l *ledger) Record(id record.ID) (*Record, error) {
	r, ok := l.records[id]
	if !ok {
		return nil, nil
	}
	return &r, nil
}

func (l *ledger) PutRecord(r Record, s *fold.State) error {
	if s != nil {
		r.Visit, _ = record.VisitOf(r.Kind, s)
	}
	l.records[r.ID] = r
	l.teams.put(r, s)
	return nil
}

func (l *ledger) Changed(after Cursor, do func(Record) bool) error {
	all := slices.SortedFunc(maps.Values(l.records), func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), compareIDs(a.ID, b.ID))
	})
	for _, r := range all {
		if after.Behind(r.Position, r.ID) && !do(r) {
			return nil
		}
	}
	return nil
}

func (l *ledger) States(do func(record.ID, []byte) error) error {
	return inOrder(l.records, func(r Record) []byte { return r.State }, do)
}

func compareIDs(a, b record.ID) int { return bytes.Compare(a[:], b[:]) }

func inOrder[R any](all map[record.ID]R, state func(R) []byte, do func(record.ID, []byte) error) error {
	for _, id := range slices.SortedFunc(maps.Keys(all), compareIDs) {
		if s := state(all[id]); len(s) > 0 {
			if err := do(id, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// book is a device's memory, kept like a ledger.
type book struct {
	self         Self
	views        map[record.ID]View
	entries      []Noted // by number - 1; one that was dropped has no number
	known        map[fold.WriterID]fold.Seq
	certificates map[journal.Serial]*journal.Certificate
}

func newBook() *book {
	return &book{
		views: map[record.ID]View{}, known: map[fold.WriterID]fold.Seq{}, certificates: map[journal.Serial]*journal.Certificate{},
	}
}

func (b *book) clone() *book {
	return &book{b.self, maps.Clone(b.views), slices.Clone(b.entries), maps.Clone(b.known), maps.Clone(b.certificates)}
}

func (b *book) Self() (Self, error) {
	s := b.self
	s.Former, s.Renames, s.Branches = slices.Clone(s.Former), slices.Clone(s.Renames), slices.Clone(s.Branches)
	return s, nil
}

func (b *book) PutSelf(s Self) error { b.self = s; return nil }

func (b *book) View(id record.ID) (*View, error) {
	v, ok := b.views[id]
	if !ok {
		return nil, nil
	}
	return &v, nil
}

func (b *book) PutView(v View, _ *fold.State) error { b.views[v.ID] = v; return nil }

func (b *book) Hanging(visit record.ID) (out []record.ID, err error) {
	for id, v := range b.views {
		s, err := fold.Decode(v.State)
		if err != nil {
			return nil, err
		}
		if of, ok := record.VisitOf(v.Kind, s); ok && of == visit {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, compareIDs)
	return out, nil
}

func (b *book) Before(round uint64) (out []record.ID, err error) {
	for id, v := range b.views {
		if v.Round < round {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, compareIDs)
	return out, nil
}

func (b *book) Lent() (out []record.ID, err error) {
	for id, v := range b.views {
		if v.Round == Lent {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, compareIDs)
	return out, nil
}

func (b *book) DropCovered(upTo Position) (n int, err error) {
	for i, e := range b.entries {
		if e.Number > 0 && e.Peer == nil && e.Decision == Accepted && e.Position <= upTo {
			b.entries[i] = Noted{}
			n++
		}
	}
	return n, nil
}

func (b *book) DropSettled() (n int, err error) {
	for id := range b.views {
		touched := false
		for e := range b.all {
			touched = touched || slices.Contains(e.Records, id)
		}
		if !touched {
			delete(b.views, id)
			n++
		}
	}
	return n, nil
}

func (b *book) DropView(id record.ID) error { delete(b.views, id); return nil }

func (b *book) States(do func(record.ID, []byte) error) error {
	return inOrder(b.views, func(v View) []byte { return v.State }, do)
}

func (b *book) Append(e Noted) (uint64, error) {
	e.Number = uint64(len(b.entries) + 1)
	b.entries = append(b.entries, e)
	return e.Number, nil
}

func (b *book) Replace(e Noted) error { b.entries[e.Number-1] = e; return nil }

func (b *book) Find(l fold.Link) (*Noted, error) {
	for e := range b.all {
		if e.Link == l {
			return &e, nil
		}
	}
	return nil, nil
}

// all are the entries that have not been dropped. What is handed out is never what is
// kept.
func (b *book) all(do func(Noted) bool) {
	for _, e := range b.entries {
		if e.Peer != nil {
			p := *e.Peer
			e.Peer = &p
		}
		if e.Number > 0 && !do(e) {
			return
		}
	}
}

func (b *book) Unaccepted(id record.ID) (out []Noted, err error) {
	for e := range b.all {
		if e.Decision != Accepted && slices.Contains(e.Records, id) && !(e.Decision == 0 && e.Peer != nil && e.Peer.Hidden) {
			out = append(out, e)
		}
	}
	return out, nil
}

func (b *book) Wrote(id record.ID) (wrote bool, err error) {
	for e := range b.all {
		wrote = wrote || e.Peer == nil && e.Decision == Accepted && slices.Contains(e.Records, id)
	}
	return wrote, nil
}

func (b *book) Unanswered(after uint64, do func(Noted) bool) error {
	for e := range b.all {
		if e.Decision == 0 && e.Number > after && !do(e) {
			break
		}
	}
	return nil
}

func (b *book) Since(number uint64, do func(Noted) bool) error {
	for e := range b.all {
		if e.Number > number && !do(e) {
			break
		}
	}
	return nil
}

func (b *book) Known(w fold.WriterID) (fold.Seq, error) { return b.known[w], nil }

func (b *book) PutKnown(w fold.WriterID, seq fold.Seq) error { b.known[w] = seq; return nil }

func (b *book) ForgetKnown() error { clear(b.known); return nil }

func (b *book) Run(l fold.Link) (out []Noted, err error) {
	for next, _ := b.Find(l); next != nil && next.Peer != nil; {
		out = append(out, *next)
		if len(next.Peer.Seal) > 0 {
			break
		}
		last := next.Link
		next = nil
		for e := range b.all {
			if e.Previous == last && e.Peer != nil && e.Peer.Signed == out[0].Peer.Signed {
				next = &e
				break
			}
		}
	}
	return out, nil
}

func (b *book) Drop() error {
	open := map[fold.WriterID]bool{}
	for e := range b.all {
		if e.Decision == 0 && len(e.Payload) > 0 {
			return nil
		}
		if e.Decision == 0 {
			open[e.Peer.Signed] = true
		}
	}
	for i, e := range b.entries {
		if e.Peer != nil && e.Decision != 0 && !open[e.Peer.Signed] {
			b.entries[i] = Noted{}
		}
	}
	return nil
}

func (b *book) Certificate(s journal.Serial) (*journal.Certificate, error) {
	return b.certificates[s], nil
}

func (b *book) PutCertificate(c *journal.Certificate) error { b.certificates[c.Serial] = c; return nil }

func (b *book) KeyOf(w fold.WriterID) (ed25519.PublicKey, error) {
	for e := range b.all {
		if e.Peer != nil && e.Peer.Signed == w {
			return b.certificates[e.Peer.Serial].Key, nil
		}
	}
	return nil, nil
}

func (b *book) each(w fold.WriterID, from fold.Seq, do func(*Noted)) {
	for i := range b.entries {
		if e := &b.entries[i]; e.Number > 0 && e.Writer == w && e.Seq >= from {
			do(e)
		}
	}
}

func (b *book) Accept(w fold.WriterID, upTo fold.Seq, at Position) error {
	b.each(w, 1, func(e *Noted) {
		if e.Peer == nil && e.Decision == 0 && e.Seq <= upTo {
			e.Decision, e.Position = Accepted, at
		}
	})
	return nil
}

func (b *book) Reopen(w fold.WriterID, from, to fold.Seq) (n int, err error) {
	b.each(w, from, func(e *Noted) {
		if e.Decision != 0 && e.Seq <= to {
			e.Decision, e.Reason, e.Position, e.Suspect = 0, 0, 0, false
			n++
		}
	})
	return n, nil
}

func (b *book) Rename(from fold.WriterID, above fold.Seq, to fold.WriterID) (touched []record.ID, err error) {
	b.each(from, above+1, func(e *Noted) {
		e.Writer = to
		touched = append(touched, e.Records...)
	})
	slices.SortFunc(touched, compareIDs)
	return slices.Compact(touched), nil
}

func (b *book) Names() (out []fold.WriterID, err error) {
	for e := range b.all {
		if e.Peer == nil && !slices.Contains(out, e.Writer) {
			out = append(out, e.Writer)
		}
	}
	return out, nil
}

func (b *book) Last() (uint64, error) { return uint64(len(b.entries)), nil }
