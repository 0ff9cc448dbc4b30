package fold

import (
	"bytes"
	"cmp"
	"encoding/hex"

	"github.com/google/uuid"
)

// RecordID names a record for ever.
type RecordID uuid.UUID

// String is the id's 36-character form.
func (id RecordID) String() string { return uuid.UUID(id).String() }

// WriterID names a writer: one device of one user, or one user at the office.
type WriterID [16]byte

// String is the id in hexadecimal.
func (w WriterID) String() string { return hex.EncodeToString(w[:]) }

// Seq numbers the changes of one writer: 1, 2, 3, ... without gaps.
type Seq uint64

// Time is a hybrid logical clock: milliseconds since 1970 UTC in the upper 48
// bits, a counter in the lower 16.
type Time uint64

// Link is an entry of a writer's hash chain, see internal/journal.
type Link [32]byte

// String is the link in hexadecimal.
func (l Link) String() string { return hex.EncodeToString(l[:]) }

// Dot names a change: the seq-th of its writer.
type Dot struct {
	Writer WriterID
	Seq    Seq
}

// Path is what merges on its own: a top-level field, or one element of it.
type Path struct {
	Field   int32
	Element bool
	// Key is the content of the element's field 1 (the bytes of a string, the
	// varint of a number), or of the value itself in a SET. Empty for a field.
	Key string
}

// Compare orders paths by field, then whole fields before elements, then key.
func (p Path) Compare(q Path) int {
	if c := cmp.Compare(p.Field, q.Field); c != 0 {
		return c
	}
	if p.Element != q.Element {
		if q.Element {
			return -1
		}
		return 1
	}
	return cmp.Compare(p.Key, q.Key)
}

// The fields that every record shares and that the fold itself reads.
const (
	FieldID      int32 = 1 // set by the change that creates the record
	FieldSeen    int32 = 2 // never folded
	FieldRemoved int32 = 3 // its value is a version vector, see Removed
)

// Entry is one value of a path.
type Entry struct {
	Dot
	Time Time
	// Suspect: the server marked the time as too far ahead.
	Suspect bool
	// Value is the field's occurrences with their tags; empty: cleared.
	Value []byte
}

// Before reports whether e is shown before f: not suspect first, then the
// greatest time, writer and seq.
func (e Entry) Before(f Entry) bool {
	if e.Suspect != f.Suspect {
		return f.Suspect
	}
	if e.Time != f.Time {
		return e.Time > f.Time
	}
	if c := bytes.Compare(e.Writer[:], f.Writer[:]); c != 0 {
		return c > 0
	}
	return e.Seq > f.Seq
}

// Superseded names a dot that the author of an edit had on screen: by Dot when
// the server had answered for it, else by Link (then Dot is zero).
type Superseded struct {
	Dot  Dot
	Link Link
}

// ByLink reports whether it is named by link.
func (s Superseded) ByLink() bool { return s.Link != Link{} }

// Edit sets or clears one path.
type Edit struct {
	Path
	// Value is the field's occurrences with their tags; empty: cleared.
	Value []byte
	// Supersedes lists dots of other writers; the author's own are implied.
	Supersedes []Superseded
}

// Stamp says who made a change, when, and where it stands.
type Stamp struct {
	Dot
	Link    Link
	Time    Time
	Suspect bool
	// Ancestors are the common parts of the branches that the writer comes from:
	// (old writer, last common seq). They are implied like own earlier dots.
	Ancestors []Dot
	// Resolve finds the dot of an entry that is known by its link; nil knows none.
	Resolve func(Link) (Dot, bool)
}
