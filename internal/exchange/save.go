package exchange

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// Save writes what the messages change against what their tokens showed: one
// change for all of them, then one for each guarded field. A message that changes
// nothing writes nothing. Errors of internal/record say what is wrong with a
// message; then nothing was saved.
func (d *Device) Save(messages ...record.Message) error {
	var all []journal.RecordEdits
	var guarded [][]journal.RecordEdits
	for _, m := range messages {
		kind, id, edits, err := d.diff(m)
		if err != nil {
			return err
		}
		rest, alone := record.Split(kind, edits)
		if len(rest) > 0 {
			all = append(all, journal.RecordEdits{Kind: kind, ID: id, Edits: rest})
		}
		for _, g := range alone {
			guarded = append(guarded, []journal.RecordEdits{{Kind: kind, ID: id, Edits: g}})
		}
	}
	if len(all) > 0 {
		if err := d.write(all); err != nil {
			return err
		}
	}
	for _, g := range guarded {
		if err := d.append(g, false); err != nil {
			return err
		}
	}
	return d.book.PutSelf(d.self)
}

func (d *Device) diff(m record.Message) (record.Kind, record.ID, []fold.Edit, error) {
	kind, err := record.KindOf(m)
	if err != nil {
		return 0, record.ID{}, nil, err
	}
	id, err := record.IDOf(m)
	if err != nil {
		return 0, record.ID{}, nil, err
	}
	s, err := d.view(id)
	if err != nil {
		return 0, record.ID{}, nil, err
	}
	pending, err := d.unaccepted(id)
	if err != nil {
		return 0, record.ID{}, nil, err
	}
	w, err := d.writer(id, s, m.GetSeen())
	if err != nil {
		return 0, record.ID{}, nil, err
	}
	edits, creates, err := record.Diff(m, s, w, d.self.naming(), pending)
	if creates && len(edits) > 0 {
		// The form may still show a creation that a restored office has lost: the new
		// one stands beside it, over nothing.
		edits[0].Supersedes = nil
	}
	return kind, id, edits, err
}

// Remove removes what the token showed of a record.
func (d *Device) Remove(kind record.Kind, id record.ID, token []byte) error {
	return d.settle(kind, id, token, func(s *fold.State, w record.Writer, p record.Pending) ([]fold.Edit, error) {
		return record.Remove(kind, id, token, s, w, d.self.naming(), p)
	})
}

// Resolve saves a value over all values of a path that the token showed. The value
// is the field's occurrences with their tags; empty clears it.
func (d *Device) Resolve(kind record.Kind, id record.ID, token []byte, path fold.Path, value []byte) error {
	return d.settle(kind, id, token, func(s *fold.State, w record.Writer, p record.Pending) ([]fold.Edit, error) {
		return record.Resolve(kind, id, token, path, value, s, w, d.self.naming(), p)
	})
}

type settling func(*fold.State, record.Writer, record.Pending) ([]fold.Edit, error)

func (d *Device) settle(kind record.Kind, id record.ID, token []byte, edit settling) error {
	s, err := d.view(id)
	if err != nil {
		return err
	}
	pending, err := d.unaccepted(id)
	if err != nil {
		return err
	}
	w, err := d.writer(id, s, token)
	if err != nil {
		return err
	}
	edits, err := edit(s, w, pending)
	if err != nil || len(edits) == 0 {
		return err
	}
	if err := d.append([]journal.RecordEdits{{Kind: kind, ID: id, Edits: edits}}, false); err != nil {
		return err
	}
	return d.book.PutSelf(d.self)
}

// write amends the open change where it may, and begins a new one otherwise.
func (d *Device) write(edits []journal.RecordEdits) error {
	if len(edits) == 1 && d.self.Open != nil && d.self.Open.Record == edits[0].ID {
		done, err := d.amend(edits[0])
		if done || err != nil {
			return err
		}
	}
	return d.append(edits, len(edits) == 1 && mayStayOpen(edits[0]))
}

// mayStayOpen: a change that removes, or sets a guarded or fixed field, is closed
// at once.
func mayStayOpen(r journal.RecordEdits) bool {
	return !slices.ContainsFunc(r.Edits, func(e fold.Edit) bool {
		rule, ok := record.RuleOf(r.Kind, e.Field)
		return e.Field == fold.FieldRemoved || ok && (rule == record.Guarded || rule == record.Fixed)
	})
}

// amend puts the edits into the open change: same dot, new payload and link, the
// view folded again from its image. false: it would grow too large, or the edits
// close a change.
func (d *Device) amend(r journal.RecordEdits) (bool, error) {
	if !mayStayOpen(r) {
		return false, nil
	}
	e, err := d.book.Find(d.self.Link)
	if err != nil || e == nil || e.Number != d.self.Open.Number {
		return false, err
	}
	c, err := journal.DecodeChange(e.Payload)
	if err != nil {
		return false, err
	}
	c.Records[0].Edits = merge(c.Records[0].Edits, r.Edits)
	c.Time = d.tick()
	d.env.Random(c.Salt[:])
	payload := c.Encode()
	if len(payload) > journal.MaxOpen {
		return false, nil
	}
	e.Payload, e.Link, e.Time = payload, journal.Next(e.Previous, payload), c.Time
	s, err := fold.DecodeOwn(d.self.Open.Image)
	if err != nil {
		return false, err
	}
	s.Apply(d.stamp(*e), c.Records[0].Edits)
	if err := d.book.Replace(*e); err != nil {
		return false, err
	}
	d.self.Link = e.Link
	return true, d.edited(r.Kind, r.ID, s)
}

// merge puts later edits over earlier ones of the same path.
func merge(edits, later []fold.Edit) []fold.Edit {
	out := slices.Clone(later)
	for _, e := range edits {
		if !slices.ContainsFunc(later, func(l fold.Edit) bool { return l.Path == e.Path }) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b fold.Edit) int { return a.Path.Compare(b.Path) })
	return out
}

func (d *Device) tick() fold.Time {
	c := journal.Clock{Last: d.self.Clock}
	d.self.Clock = c.Next(d.env.NowMS)
	return d.self.Clock
}

// append begins a new change.
func (d *Device) append(edits []journal.RecordEdits, open bool) error {
	c := journal.Change{Time: d.tick(), Records: edits}
	d.env.Random(c.Salt[:])
	if err := c.Check(); err != nil {
		return err
	}
	e := Noted{
		Dot: fold.Dot{Writer: d.self.ID, Seq: d.self.Seq + 1}, Previous: d.self.Link,
		Payload: c.Encode(), Time: c.Time,
	}
	e.Link = journal.Next(e.Previous, e.Payload)
	for _, r := range edits {
		e.Records = append(e.Records, r.ID)
	}
	number, err := d.book.Append(e)
	if err != nil {
		return err
	}
	d.self.Seq, d.self.Link, d.self.Open = e.Seq, e.Link, nil
	for _, r := range edits {
		s, err := d.view(r.ID)
		if err != nil {
			return err
		}
		if open {
			d.self.Open = &Open{Number: number, Record: r.ID, Image: s.Encode()}
		}
		s.Apply(d.stamp(e), r.Edits)
		if err := d.edited(r.Kind, r.ID, s); err != nil {
			return err
		}
	}
	return nil
}
