package store

import (
	"bytes"
	"context"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// Settlement lets one of the values of a path stand that holds several.
type Settlement struct {
	Kind record.Kind
	ID   record.ID
	// Seen is the token of the record as it was shown: what came later stays beside.
	Seen []byte
	// Field and Key name the path, as in a ConflictingPath; Writer and JSON the value. That a
	// removed record is kept is nobody's value: JSON is empty then, and Writer too.
	Field, Key string
	Writer     []byte
	JSON       string
}

// Settle lets a value stand, also where it is the one in front, and saves the messages with
// it, all or nothing; it gives the records as they are then, the settled one first. Of a
// record that somebody removed without having seen all of it, the removal is done again over
// what was seen, or taken back. The errors are those of Save; *GuardedError with Stale: the
// value does not stand there any more.
func (d *Desk) Settle(ctx context.Context, s Settlement, more ...record.Message) ([]Item, error) {
	return d.saveWith(ctx, d.caller, false, func(v *saving) error { return v.settle(s) }, more)
}

func (v *saving) settle(s Settlement) error {
	state, err := v.state(s.Kind, s.ID)
	if err != nil {
		return err
	}
	if state.Empty() {
		return ErrNotFound
	}
	path, err := record.ParsePath(s.Kind, s.Field, s.Key)
	if err != nil {
		return &record.Problem{Field: s.Field, Text: err.Error()}
	}
	value, stands := s.value(path, state.Entries(path))
	if !stands {
		return &GuardedError{Kind: s.Kind, ID: s.ID, Field: s.Field, Reason: exchange.Stale}
	}
	edits, err := v.settling(s, path, value, state)
	if err != nil {
		return err
	}
	v.add(s.Kind, s.ID, edits)
	return nil
}

// value finds the value among those that stand there now.
func (s Settlement) value(path fold.Path, entries []fold.Entry) (value []byte, stands bool) {
	if path.Field == fold.FieldRemoved && s.JSON == "" {
		return nil, len(entries) > 0
	}
	at := slices.IndexFunc(entries, func(e fold.Entry) bool {
		return bytes.Equal(e.Writer[:], s.Writer) && record.FieldJSON(s.Kind, path, e.Value) == s.JSON
	})
	if at < 0 {
		return nil, false
	}
	return entries[at].Value, true
}

func (v *saving) settling(s Settlement, path fold.Path, value []byte, state *fold.State) ([]fold.Edit, error) {
	w := v.writer.writer()
	switch {
	case path.Field != fold.FieldRemoved:
		return record.Resolve(s.Kind, s.ID, s.Seen, path, value, state, w, record.Naming{}, nil)
	case len(value) > 0:
		return record.Remove(s.Kind, s.ID, s.Seen, state, w, record.Naming{}, nil)
	}
	m, err := record.Show(s.Kind, s.ID, state, record.Naming{})
	if err != nil {
		return nil, err
	}
	r := m.ProtoReflect()
	r.Clear(r.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(fold.FieldRemoved)))
	edits, _, err := record.Diff(m, state, w, record.Naming{}, nil)
	return edits, err
}
