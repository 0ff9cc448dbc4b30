package recordpage

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Two people changed the same field while apart: both versions stand until a person settles
// it. A page shows them side by side, with what was there before, and offers one of them,
// the two combined, both as accounts that contradict each other, or to leave it. Here is
// what both faces do alike: which versions there are to combine, what they grew from, and
// what a choice comes to.

// Version is one of several versions of a field.
type Version struct {
	// JSON is the field in protobuf JSON; empty: cleared, or for "removed", kept.
	JSON string
	// Writer names who wrote it in hexadecimal; Own is set when that is who reads it.
	Writer string
	Own    bool
	// Person and Device are who wrote it and on what, empty where that is not known.
	Person, Device string
	// Written is the time by that device's clock, which may be in doubt.
	Written      time.Time
	ClockSuspect bool
	// Pending: the office has not answered for it.
	Pending bool
}

// Digest names the version in a form.
func (v Version) Digest() string {
	sum := sha256.Sum256([]byte(v.Writer + "/" + v.JSON))
	return hex.EncodeToString(sum[:8])
}

// Two is one field, or element, that stands in several versions.
type Two struct {
	Kind record.Kind
	// Field is "removed" when the record was removed by somebody who had not seen all of it.
	Field, Key string
	// Versions are all of them, the one that the record shows in front.
	Versions []Version
	// Before is what they grew from; nil where nobody knows.
	Before *Version
}

// IsText reports whether the versions are texts of one field, or of one language of it.
func (w Two) IsText() bool { return IsText(w.Kind, w.Field) }

// MineAndTheirs are the two versions to combine: one's own, or the one in front, and
// another's.
func (w Two) MineAndTheirs() (mine, theirs Version) {
	at := max(0, slices.IndexFunc(w.Versions, func(v Version) bool { return v.Own }))
	mine = w.Versions[at]
	for i, v := range w.Versions {
		if i != at {
			return mine, v
		}
	}
	return mine, mine
}

// InOrder are the versions, one's own first.
func (w Two) InOrder() []Version {
	out := slices.Clone(w.Versions)
	slices.SortStableFunc(out, func(a, b Version) int {
		switch {
		case a.Own == b.Own:
			return 0
		case a.Own:
			return -1
		}
		return 1
	})
	return out
}

// FindBefore looks for what the versions grew from among changes, the newest first. Of an
// earlier version by whoever wrote mine the distance to theirs is counted, of another's that
// to mine: the nearest is where they parted; of equals the oldest, which takes nothing away.
func (w Two) FindBefore(changes []*daylightv1.HistoryEntry) (found *Version) {
	if w.Field == "removed" || len(w.Versions) == 0 {
		return nil
	}
	mine, theirs := w.MineAndTheirs()
	least := 0
	for _, change := range changes {
		for _, e := range change.GetEdits() {
			if e.GetField() != w.Field || e.GetKey() != w.Key || !w.mayBeBefore(change, e) {
				continue
			}
			v := &Version{JSON: e.GetJson(), Writer: hex.EncodeToString(change.GetWriter()), Person: change.GetPerson(), Device: change.GetDevice(),
				Written: time.UnixMilli(change.GetWrittenAt()), ClockSuspect: change.GetClockSuspect()}
			own := v.Writer == mine.Writer
			with := mine
			if own {
				with = theirs
			}
			far := 0
			if w.IsText() {
				far = look.Apart(Unquoted(v.JSON), Unquoted(with.JSON))
			} else if !own {
				continue // whether theirs came before mine is not known
			}
			if found == nil || w.IsText() && far <= least {
				found, least = v, far
			}
		}
	}
	return found
}

// mayBeBefore: it says something, was not refused, and is none of the versions.
func (w Two) mayBeBefore(change *daylightv1.HistoryEntry, e *daylightv1.HistoryEdit) bool {
	if e.GetJson() == "" || !Stands(change) {
		return false
	}
	return !slices.ContainsFunc(w.Versions, func(v Version) bool {
		return v.JSON == e.GetJson() && v.Writer == hex.EncodeToString(change.GetWriter())
	})
}

// Stands reports whether a change was not refused or held: the office writes that in capitals.
func Stands(change *daylightv1.HistoryEntry) bool {
	return !strings.EqualFold(change.GetDecision(), "refused") && !strings.EqualFold(change.GetDecision(), "held")
}

// Combined puts the two texts together. Open says in how many places a person decides.
func (w Two) Combined() (text string, open int) {
	mine, theirs := w.MineAndTheirs()
	if w.Before != nil {
		return look.Combined(Unquoted(w.Before.JSON), Unquoted(mine.JSON), Unquoted(theirs.JSON))
	}
	return look.Joined(Unquoted(mine.JSON), Unquoted(theirs.JSON))
}

// asSecondFinding: what was found may be told by two people in two ways, and each is
// evidence.
func (w Two) asSecondFinding() bool { return w.Kind == record.Finding && w.Field == "narrative" }

// proseFields are texts long enough to hold two accounts under each other.
var proseFields = []string{"narrative", "text", "account", "note", "summary", "contradictions", "rationale", "aims", "reasons", "evidence"}

func (w Two) asOneText() bool { return w.IsText() && slices.Contains(proseFields, w.Field) }

// An element of a list, as a count or the answer for one right, is one value: when two
// people changed it apart, it stands twice as a whole. It is combined part by part: of each
// on which the two differ a person says which stays, and what only one of the two changed is
// chosen beforehand.

// parting is a field within the element on which two versions differ.
type parting struct {
	fd           protoreflect.FieldDescriptor
	mine, theirs protoreflect.Message
	// byMe and byThem say who changed it, where what was there before is known.
	byMe, byThem bool
}

// inside gives the element of a version; nil for one that has none.
func (w Two) inside(value string) protoreflect.Message {
	m, fd := Parsed(w.Kind, w.Field, w.Key, value)
	if m == nil || fd.IsMap() || fd.Message() == nil {
		return nil
	}
	if fd.IsList() {
		if m.ProtoReflect().Get(fd).List().Len() != 1 {
			return nil
		}
		return m.ProtoReflect().Get(fd).List().Get(0).Message()
	}
	return m.ProtoReflect().Get(fd).Message()
}

// partings are the fields on which mine and theirs differ; none where they are no elements.
func (w Two) partings() (out []parting) {
	one, other := w.MineAndTheirs()
	mine, theirs := w.inside(one.JSON), w.inside(other.JSON)
	if mine == nil || theirs == nil {
		return nil
	}
	var before protoreflect.Message
	if w.Before != nil {
		before = w.inside(w.Before.JSON)
	}
	fields := mine.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		if sameField(mine, theirs, fd) {
			continue
		}
		p := parting{fd: fd, mine: mine, theirs: theirs, byMe: true, byThem: true}
		if before != nil {
			p.byMe, p.byThem = !sameField(mine, before, fd), !sameField(theirs, before, fd)
		}
		out = append(out, p)
	}
	return out
}

func sameField(a, b protoreflect.Message, fd protoreflect.FieldDescriptor) bool {
	return a.Has(fd) == b.Has(fd) && (!a.Has(fd) || a.Get(fd).Equal(b.Get(fd)))
}

// Comment says something beside the field; nil for nothing said, and for a record of no
// visit. The devices of the team show it there.
func (w Two) Comment(as record.Message, text string, kind daylightv1.ReviewCommentKind) *daylightv1.ReviewComment {
	visit := VisitBehind(as)
	if text == "" || visit == "" {
		return nil
	}
	c := &daylightv1.ReviewComment{
		VisitId: proto.String(visit), AboutKind: proto.String(w.Kind.String()), AboutId: proto.String(as.GetId()),
		AboutField: proto.String(w.Field), Text: proto.String(text), Kind: kind.Enum(),
	}
	if w.Key != "" {
		c.AboutKey = proto.String(w.Key)
	}
	return c
}

// VisitBehind is the visit that a record is or belongs to; empty for none.
func VisitBehind(m record.Message) string {
	if _, is := m.(*daylightv1.Visit); is {
		return m.GetId()
	}
	r := m.ProtoReflect()
	if fd := r.Descriptor().Fields().ByName("visit_id"); fd != nil {
		return r.Get(fd).String()
	}
	return ""
}
