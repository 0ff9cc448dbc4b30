package store

import (
	"context"
	"errors"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// Save writes what the messages change against what their tokens showed, all or
// nothing, and gives the records as they are then, in the same order. Missing ids
// are made; the messages themselves are left as they are. A value that the token
// did not show stays, as a conflict.
// *record.Problem, *record.StaleError, *GuardedError, ErrTooLarge: nothing was
// saved. sqlitedb.ErrUnsure and the end of ctx: nobody knows, read again.
func (s *Store) Save(ctx context.Context, as OfficeWriter, messages ...record.Message) ([]Item, error) {
	return s.saveAll(ctx, Caller{Writer: as}, false, messages)
}

// SaveEach is Save for an import: one transaction, all or nothing, but each message
// is a change of its own, so that there is no bound on their number and a record's
// history reads no more than that record. A record that one change cannot hold takes
// several, its single fields in the first of them.
func (s *Store) SaveEach(ctx context.Context, as OfficeWriter, messages ...record.Message) ([]Item, error) {
	return s.saveAll(ctx, Caller{Writer: as}, true, messages)
}

func (s *Store) saveAll(ctx context.Context, as Caller, apart bool, messages []record.Message) ([]Item, error) {
	return s.saveWith(ctx, as, apart, func(*saving) error { return nil }, messages)
}

// saveWith is saveAll after something else in the same transaction.
func (s *Store) saveWith(ctx context.Context, as Caller, apart bool, first func(*saving) error, messages []record.Message) ([]Item, error) {
	filled := make([]record.Message, len(messages))
	for i, m := range messages {
		m = proto.Clone(m).(record.Message)
		if err := record.FillIDs(m, s.newID); err != nil {
			return nil, err
		}
		if err := record.Validate(m); err != nil {
			return nil, err
		}
		filled[i] = m
	}
	return s.save(ctx, as, func(v *saving) error {
		v.apart = apart
		if err := first(v); err != nil {
			return err
		}
		for _, m := range filled {
			if err := v.diff(m); err != nil {
				return err
			}
		}
		return nil
	})
}

// Remove removes what the token showed of a record and gives the record as it is
// then: it is not Removed when it holds something that the token did not show.
// ErrNotFound and the errors of Save.
func (s *Store) Remove(ctx context.Context, as OfficeWriter, kind record.Kind, id record.ID, token []byte) (Item, error) {
	return s.remove(ctx, Caller{Writer: as}, kind, id, token)
}

func (s *Store) remove(ctx context.Context, as Caller, kind record.Kind, id record.ID, token []byte) (Item, error) {
	items, err := s.save(ctx, as, func(v *saving) error {
		state, err := v.state(kind, id)
		if err != nil {
			return err
		}
		if state.Empty() {
			return ErrNotFound
		}
		edits, err := record.Remove(kind, id, token, state, v.writer.writer(), record.Naming{}, nil)
		if err != nil {
			return err
		}
		v.add(kind, id, edits)
		return nil
	})
	if err != nil {
		return Item{}, err
	}
	return items[0], nil
}

// NewID makes the id of a record before it is saved, for what refers to it and is saved with it.
func (s *Store) NewID(k record.Kind) record.ID { return s.newID(k) }

// newID makes a UUID v7 (RFC 9562) of the store's own clock and randomness; v4 for a
// kind whose ids must not tell the time.
func (s *Store) newID(k record.Kind) (id record.ID) {
	if err := s.fill(id[:]); err != nil {
		panic(err) // crypto/rand does not fail
	}
	id[8] = id[8]&0x3f | 0x80
	if record.Undated(k) {
		id[6] = id[6]&0x0f | 0x40
		return id
	}
	ms := s.config.Now().UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	return id
}

// saving is one save of one person within a transaction.
type saving struct {
	*ledger
	caller Caller
	writer officeWriter
	clock  journal.Clock

	// apart: each record is a change of its own.
	apart   bool
	rest    []journal.RecordEdits
	guarded []journal.RecordEdits
	ids     []touched

	// ruling is what is decided instead, and why; nil for a save.
	ruling *journal.Ruling
	reason string
}

type touched struct {
	kind record.Kind
	id   record.ID
}

// save runs edit, passes what it gathered through the rules that devices' pushes
// pass, and reads the records that it named.
func (s *Store) save(ctx context.Context, as Caller, edit func(*saving) error) ([]Item, error) {
	attempts := make(chan []Item, 2)
	err := s.commits.submit(ctx, func(l *ledger) error {
		w, err := s.office(l, as.Writer)
		if err != nil {
			return err
		}
		v := &saving{ledger: l, caller: as, writer: w, clock: journal.Clock{Last: w.clock}}
		if err := edit(v); err != nil {
			return err
		}
		if err := s.push(v); err != nil {
			return err
		}
		items, err := v.items()
		attempts <- items
		return err
	})
	if err != nil {
		return nil, err
	}
	s.stir()
	var items []Item
	for len(attempts) > 0 {
		items = <-attempts
	}
	return items, nil
}

// state reads a record and follows the times that its author had on screen.
func (v *saving) state(kind record.Kind, id record.ID) (*fold.State, error) {
	r, err := v.Record(id)
	if err != nil || r == nil {
		return fold.New(), err
	}
	if v.caller.Sight != everything && len(r.State) > 0 {
		if err := v.mustSee(v.caller.Sight, kind, id); err != nil {
			return nil, err
		}
	}
	if r.Kind != kind && len(r.State) > 0 {
		return nil, &GuardedError{Kind: kind, ID: id, Reason: exchange.OtherKind}
	}
	state, err := fold.DecodeOwn(r.State)
	if err != nil {
		return nil, err
	}
	for _, p := range state.Paths() {
		for _, e := range state.Entries(p) {
			v.clock.Observe(e.Time, v.now)
		}
	}
	return state, nil
}

func (v *saving) diff(m record.Message) error {
	kind, err := record.KindOf(m)
	if err != nil {
		return err
	}
	id, err := record.IDOf(m)
	if err != nil {
		return err
	}
	state, err := v.state(kind, id)
	if err != nil {
		return err
	}
	edits, _, err := record.Diff(m, state, v.writer.writer(), record.Naming{}, nil)
	if err != nil {
		return err
	}
	v.add(kind, id, edits)
	return nil
}

func (v *saving) add(kind record.Kind, id record.ID, edits []fold.Edit) {
	v.ids = append(v.ids, touched{kind, id})
	rest, guarded := record.Split(kind, edits)
	if len(rest) > 0 {
		v.rest = append(v.rest, journal.RecordEdits{Kind: kind, ID: id, Edits: rest})
	}
	for _, g := range guarded {
		v.guarded = append(v.guarded, journal.RecordEdits{Kind: kind, ID: id, Edits: g})
	}
}

// changes are one for everything that merges, or one for each record, then one for
// each guarded field.
func (s *Store) changes(v *saving) (out []journal.Change, err error) {
	var parts [][]journal.RecordEdits
	switch {
	case v.apart:
		for _, r := range v.rest {
			for _, some := range portions(r) {
				parts = append(parts, []journal.RecordEdits{some})
			}
		}
	case len(v.rest) > 0:
		parts = append(parts, v.rest)
	}
	for _, g := range v.guarded {
		parts = append(parts, []journal.RecordEdits{g})
	}
	if v.ruling != nil {
		parts = append(parts, nil)
	}
	for _, p := range parts {
		c := journal.Change{Time: v.clock.Next(v.now), Records: p, Ruling: v.ruling, Reason: v.reason}
		if err := s.fill(c.Salt[:]); err != nil {
			return nil, err
		}
		if err := c.Check(); errors.Is(err, journal.ErrTooLarge) {
			return nil, ErrTooLarge
		} else if err != nil {
			return nil, &record.Problem{Text: err.Error(), Hint: "save each record once"}
		}
		out = append(out, c)
	}
	return out, nil
}

// maxPortion is how large the edits of one change become where a record takes several: half
// of what a change may hold, since an edit may hold a quarter of it.
const maxPortion = journal.MaxChange / 2

// portions are the edits of a record as they go into changes: all in one, or, where that
// would be too large, first what is no element of anything, so that whoever has a part of
// the record knows what it is a part of.
func portions(r journal.RecordEdits) []journal.RecordEdits {
	if (journal.Change{Records: []journal.RecordEdits{r}}).Size() <= maxPortion {
		return []journal.RecordEdits{r}
	}
	var out []journal.RecordEdits
	size := 0
	for _, elements := range []bool{false, true} {
		for _, e := range r.Edits {
			if e.Element != elements {
				continue
			}
			of := len(e.Key) + len(e.Value) + 64*(1+len(e.Supersedes))
			if len(out) == 0 || size+of > maxPortion {
				out, size = append(out, journal.RecordEdits{Kind: r.Kind, ID: r.ID}), 0
			}
			last := &out[len(out)-1]
			last.Edits, size = append(last.Edits, e), size+of
		}
	}
	return out
}

// maxRun is the number of changes under one seal.
const maxRun = 1000

// push ingests the changes. One that is refused takes the whole save with it: a
// person at a form is told at once, and nothing of it waits anywhere.
func (s *Store) push(v *saving) error {
	changes, err := s.changes(v)
	if err != nil || len(changes) == 0 {
		return err
	}
	for run := range slices.Chunk(changes, maxRun) {
		batch, err := v.writer.batch(v.ledger, run)
		if err != nil {
			return err
		}
		took, err := v.ingest([]journal.Batch{batch}, exchange.Terms{Gate: v.caller.Gate})
		if err != nil {
			return err
		}
		if err := refusal(took, batch, run); err != nil {
			return err
		}
	}
	v.writer.clock = v.clock.Last
	return v.putOffice(v.writer)
}

// refusal finds the first change that was not accepted.
func refusal(took exchange.Outcome, b journal.Batch, changes []journal.Change) error {
	if a := took.Writers[0]; a.Seq != uint64(b.LastSeq()) || a.Fault != 0 {
		return errors.New("the office's own batch was turned away")
	}
	links := b.Links()
	for _, v := range took.Verdicts {
		if v.Decision == exchange.Accepted {
			continue
		}
		for i, l := range links {
			if l == fold.Link(v.Link) {
				return refused(changes[i], v.Reason)
			}
		}
	}
	return nil
}

func refused(c journal.Change, why exchange.Reason) error {
	if c.Ruling != nil {
		return ruledError(why)
	}
	r := c.Records[0]
	field := ""
	for _, e := range r.Edits {
		rule, _ := record.RuleOf(r.Kind, e.Field)
		if rule == record.Guarded || rule == record.Fixed && why == exchange.Fixed {
			field, _ = record.PathName(r.Kind, e.Path)
		}
	}
	switch why {
	case exchange.Denied:
		return ErrDenied
	case exchange.TooLarge:
		return ErrTooLarge
	case exchange.Unreadable:
		return &record.Problem{Text: "the record cannot be written as it is", Hint: "read it again and repeat the edit"}
	}
	return &GuardedError{Kind: r.Kind, ID: r.ID, Field: field, Reason: why}
}

func (v *saving) items() ([]Item, error) {
	out := make([]Item, len(v.ids))
	for i, t := range v.ids {
		var err error
		if out[i], err = v.item(t.kind, t.id); err != nil {
			return nil, err
		}
	}
	return out, nil
}
