package exchange

import (
	"bytes"
	"cmp"
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
	records      map[record.ID]Record
	teams        teams
}

func newLedger() *ledger {
	return &ledger{
		map[fold.WriterID]Writer{}, map[journal.Serial]*journal.Certificate{}, nil,
		map[fold.Link]int{}, nil, map[record.ID]Record{}, newTeams(),
	}
}

func (l *ledger) clone() *ledger {
	return &ledger{
		maps.Clone(l.writers), maps.Clone(l.certificates), slices.Clone(l.log),
		maps.Clone(l.places), slices.Clone(l.seals), maps.Clone(l.records), l.teams.clone(),
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
	self    Self
	views   map[record.ID]View
	entries []Noted // by number - 1
}

func newBook() *book { return &book{views: map[record.ID]View{}} }

func (b *book) clone() *book {
	return &book{b.self, maps.Clone(b.views), slices.Clone(b.entries)}
}

func (b *book) Self() (Self, error) {
	s := b.self
	s.Former, s.Renames = slices.Clone(s.Former), slices.Clone(s.Renames)
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
	for _, e := range b.entries {
		if e.Link == l {
			return &e, nil
		}
	}
	return nil, nil
}

func (b *book) Unaccepted(id record.ID) (out []Noted, err error) {
	for _, e := range b.entries {
		if e.Decision != Accepted && slices.Contains(e.Records, id) {
			out = append(out, e)
		}
	}
	return out, nil
}

func (b *book) Wrote(id record.ID) (bool, error) {
	return slices.ContainsFunc(b.entries, func(e Noted) bool {
		return e.Decision == Accepted && slices.Contains(e.Records, id)
	}), nil
}

func (b *book) Unanswered(do func(Noted) bool) error {
	for _, e := range b.entries {
		if e.Decision == 0 && !do(e) {
			break
		}
	}
	return nil
}

func (b *book) each(w fold.WriterID, from fold.Seq, do func(*Noted)) {
	for i := range b.entries {
		if e := &b.entries[i]; e.Writer == w && e.Seq >= from {
			do(e)
		}
	}
}

func (b *book) Accept(w fold.WriterID, upTo fold.Seq, at Position) error {
	b.each(w, 1, func(e *Noted) {
		if e.Decision == 0 && e.Seq <= upTo {
			e.Decision, e.Position = Accepted, at
		}
	})
	return nil
}

func (b *book) Reopen(w fold.WriterID, from fold.Seq) (n int, err error) {
	b.each(w, from, func(e *Noted) {
		if e.Decision != 0 {
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
	for _, e := range b.entries {
		if !slices.Contains(out, e.Writer) {
			out = append(out, e.Writer)
		}
	}
	return out, nil
}

func (b *book) Last() (uint64, error) { return uint64(len(b.entries)), nil }
