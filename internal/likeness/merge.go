package likeness

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
)

// Side is one of the two records of a merge, as it stands.
type Side struct {
	Message             record.Message
	Removed, Incomplete bool
	// Under is the record under which it is shown, see record.Winner.
	Under record.ID
}

// Refusal says why two records are not merged. Nothing was changed.
type Refusal struct {
	// Code is stable: same, kind, sealed, removed, incomplete, merged, circle, under, none.
	Code string
	// Text is what is the matter, Hint what to do.
	Text, Hint string
}

// Error is one line for a person.
func (r *Refusal) Error() string { return r.Text }

// MayMerge gives nil, or the *Refusal for which the loser cannot be merged into the
// winner.
func MayMerge(loser, winner Side) error {
	from, err := record.KindOf(loser.Message)
	to, err2 := record.KindOf(winner.Message)
	switch {
	case err != nil || err2 != nil || from != to:
		return &Refusal{"kind", "the two are records of different kinds", "Merge two places, or two visits."}
	case record.Sealed(from) || from == record.SealingKey:
		return &Refusal{"sealed", "what is sealed cannot be compared, so it is not merged", ""}
	case loser.Message.GetId() == winner.Message.GetId():
		return &Refusal{"same", "the two are one and the same record", "Give the ids of two records."}
	case loser.Removed || winner.Removed:
		return &Refusal{"removed", which(loser.Removed) + " was removed", "Bring it back first, or leave it at that."}
	case loser.Incomplete || winner.Incomplete:
		return &Refusal{"incomplete", "only a part of " + which(loser.Incomplete) + " has come", "Sync first."}
	}
	return mayJoin(loser, winner)
}

func which(loser bool) string {
	if loser {
		return "the record that is to be merged"
	}
	return "the record that it is to be merged into"
}

func mayJoin(loser, winner Side) error {
	into := MergedInto(loser.Message)
	switch {
	case into != "" && into == winner.Message.GetId():
		return &Refusal{"merged", "it is merged into that record already", ""}
	case into != "":
		return &Refusal{"merged", "it is merged into another record already", "Undo that first, or merge that other record."}
	case winner.Under.String() == loser.Message.GetId() || MergedInto(winner.Message) == loser.Message.GetId():
		return &Refusal{"circle", "the second is merged into the first already; both ways would lead in a circle", "Undo that first, or leave it at that."}
	case winner.Under.String() != winner.Message.GetId():
		return &Refusal{"under", "the record that it is to be merged into is merged into another itself", "Merge it into that one: " + winner.Under.String() + "."}
	}
	return nil
}

// Merge writes into the loser that it is the winner from now on. It is an edit of the
// loser alone: all that either says stays, and whoever edits one of the two meanwhile
// loses nothing.
func Merge(loser, winner record.Message) {
	set(loser, protoreflect.ValueOfString(winner.GetId()))
}

// Unmerge takes that back, or gives the *Refusal that there is nothing to take back.
func Unmerge(m record.Message) error {
	if MergedInto(m) == "" {
		return &Refusal{"none", "it is not merged into another record", ""}
	}
	r := m.ProtoReflect()
	r.Clear(field(r))
	return nil
}

// MergedInto is what the message says that it was merged into; empty for nothing.
func MergedInto(m record.Message) string {
	r := m.ProtoReflect()
	return r.Get(field(r)).String()
}

func set(m record.Message, v protoreflect.Value) {
	r := m.ProtoReflect()
	r.Set(field(r), v)
}

// field is merged_into, which every kind has.
func field(r protoreflect.Message) protoreflect.FieldDescriptor {
	return r.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(record.FieldMergedInto))
}
