package journal

import (
	"bytes"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// The bounds of a change, in bytes.
const (
	// MaxValue bounds the value and the key of an edit, each.
	MaxValue = record.MaxField
	// MaxChange bounds an encoded change.
	MaxChange = record.MaxChange
	// MaxOpen is where a change is closed that further saves could still amend.
	MaxOpen = 64 << 10
)

// MaxReason bounds what a person says of a ruling, in bytes.
const MaxReason = 4 << 10

// MaxSeq is the greatest number of a change: what every store can count to.
const MaxSeq fold.Seq = math.MaxInt64

// Change is what one Save wrote. Its writer and seq are those of the batch that
// carries it.
type Change struct {
	// Salt is random, new for each change.
	Salt    [16]byte
	Time    fold.Time
	Records []RecordEdits

	// Ruling decides about another entry; nil for a change of records. Reason goes with it.
	Ruling *Ruling
	Reason string
}

// RecordEdits are the edits of one change to one record.
type RecordEdits struct {
	Kind record.Kind
	ID   record.ID
	// Edits may hold [Creation] of ID: this change creates the record. A decoded
	// change has it in front.
	Edits []fold.Edit
}

// Creation is the edit that creates a record: it sets field 1 to the id. On the
// wire a flag stands for it.
func Creation(id record.ID) fold.Edit {
	value := protowire.AppendTag(nil, protowire.Number(fold.FieldID), protowire.BytesType)
	return fold.Edit{
		Path:  fold.Path{Field: fold.FieldID},
		Value: protowire.AppendString(value, id.String()),
	}
}

// Creates reports whether the change creates the record.
func (r RecordEdits) Creates() bool {
	for _, e := range r.Edits {
		if e.Field == fold.FieldID {
			return true
		}
	}
	return false
}

// Check reports why nobody would read the change: nil, or an [Error]. DecodeChange
// asks the same.
func (c Change) Check() error {
	if n := c.Size(); n > MaxChange {
		return tooLarge("the change has %d bytes; at most %d are taken", n, MaxChange)
	}
	return c.check()
}

func (c Change) check() error {
	if c.Ruling != nil {
		return c.checkRuling()
	}
	if c.Reason != "" {
		return unreadable("a reason, and nothing that was decided")
	}
	if len(c.Records) == 0 {
		return unreadable("the change has no records")
	}
	seen := make(map[record.ID]bool, len(c.Records))
	for i, r := range c.Records {
		if seen[r.ID] {
			return within("record", i, unreadable("the same record a second time"))
		}
		seen[r.ID] = true
		if err := r.check(); err != nil {
			return within("record", i, err)
		}
	}
	return nil
}

func (r RecordEdits) check() error {
	switch {
	case r.Kind == 0:
		return unreadable("no kind")
	case r.ID == record.ID{}:
		return unreadable("no id")
	case len(r.Edits) == 0:
		return unreadable("no edits")
	}
	seen := make(map[fold.Path]bool, len(r.Edits))
	for i, e := range r.Edits {
		if seen[e.Path] {
			return within("edit", i, unreadable("the same path a second time"))
		}
		seen[e.Path] = true
		if err := r.checkEdit(e); err != nil {
			return within("edit", i, err)
		}
	}
	return nil
}

func (r RecordEdits) checkEdit(e fold.Edit) error {
	switch {
	case e.Field < 1 || e.Field > int32(protowire.MaxValidNumber) || e.Field == fold.FieldSeen:
		return unreadable("no such field")
	case e.Field == fold.FieldID && !isCreation(e, r.ID):
		return unreadable("field 1 can only be set to the record's id")
	case !e.Element && e.Key != "":
		return unreadable("a field as a whole has no key")
	case len(e.Key) > MaxValue:
		return tooLarge("the key has %d bytes; at most %d are taken", len(e.Key), MaxValue)
	case len(e.Value) > MaxValue:
		return tooLarge("the value has %d bytes; at most %d are taken", len(e.Value), MaxValue)
	}
	for i, s := range e.Supersedes {
		if err := checkSuperseded(s); err != nil {
			return within("superseded dot", i, err)
		}
	}
	return nil
}

func isCreation(e fold.Edit, id record.ID) bool {
	want := Creation(id)
	return e.Path == want.Path && len(e.Supersedes) == 0 && bytes.Equal(e.Value, want.Value)
}

func checkSuperseded(s fold.Superseded) error {
	switch {
	case s.ByLink() && s.Dot != fold.Dot{}:
		return unreadable("named both by link and by writer and seq")
	case s.ByLink():
		return nil
	case s.Dot.Seq == 0:
		return unreadable("named neither by link nor by seq")
	case s.Dot.Seq > MaxSeq:
		return unreadable("no such seq")
	case s.Dot.Writer == fold.WriterID{}:
		return unreadable("no such writer")
	}
	return nil
}
