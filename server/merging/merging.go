package merging

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/store"
)

// Done is what became of a merge: names of fields and elements, and no content.
type Done struct {
	Kind   record.Kind
	Loser  string
	Winner string
	// Taken was taken over, Left was not. Shared, after Undo, is what both say alike: what
	// was taken over at the merge is among it, and stays with the winner.
	Taken, Left, Shared []string
}

// ErrMoved is that one of the two is another than whoever decided has seen.
var ErrMoved = errors.New("merging: one of the two has changed since it was shown; nothing was changed")

// UnknownError is that something is to be taken over which cannot be.
type UnknownError struct {
	// N says which of the names it is, from 1.
	N int
}

// Error implements error.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("number %d of what is to be taken over is nothing that can be; nothing was changed", e.N)
}

// Two are the two records of one merge, as they stand.
type Two struct {
	Kind          record.Kind
	Loser, Winner likeness.Side
	hand          Hand
}

// Two reads both, of whichever kind they are: store.ErrNotFound also for what is not in sight.
func (h Hand) Two(ctx context.Context, loser, winner record.ID) (t Two, err error) {
	t.hand = h
	if t.Kind, t.Loser, err = h.side(ctx, loser); err != nil {
		return t, err
	}
	_, t.Winner, err = h.side(ctx, winner)
	return t, err
}

func (h Hand) side(ctx context.Context, id record.ID) (kind record.Kind, side likeness.Side, err error) {
	var item store.Item
	for _, kind = range Kinds {
		if item, err = h.Desk.Get(ctx, kind, id); err == nil || !errors.Is(err, store.ErrNotFound) {
			break
		}
	}
	if err != nil {
		return kind, side, err
	}
	together, err := h.Store.Together(ctx, id)
	return kind, likeness.Side{Message: item.Message, Removed: item.Removed, Incomplete: item.Status.GetIncomplete(), Under: together.Winner}, err
}

// Seen gives ErrMoved where one of the two is not what these tokens showed.
func (t Two) Seen(loser, winner []byte) error {
	if !bytes.Equal(t.Loser.Message.GetSeen(), loser) || !bytes.Equal(t.Winner.Message.GetSeen(), winner) {
		return ErrMoved
	}
	return nil
}

// Try says what could be taken over, and changes nothing. *likeness.Refusal: the two cannot
// be merged. *UnknownError: carry names what is none of it.
func (t Two) Try(carry ...string) (done Done, err error) {
	if err := likeness.MayMerge(t.Loser, t.Winner); err != nil {
		return done, err
	}
	could := likeness.Carry(t.Winner.Message, t.Loser.Message)
	for i, name := range carry {
		if name != "all" && !slices.ContainsFunc(could, func(v likeness.Value) bool { return v.Named(name) }) {
			return done, &UnknownError{i + 1}
		}
	}
	return Done{Kind: t.Kind, Loser: t.Loser.Message.GetId(), Winner: t.Winner.Message.GetId(), Taken: []string{}, Shared: []string{}, Left: named(t.Kind, could)}, nil
}

// Merge says that the loser is the same as the winner, in one change, and takes over what
// carry names, as likeness.Value's String does, a field for all its elements, "all" for
// everything. The errors are those of Try and of store.Desk.Save.
func (t Two) Merge(ctx context.Context, carry ...string) (Done, error) {
	done, err := t.Try(carry...)
	if err != nil {
		return done, err
	}
	loser, winner := t.Loser.Message, t.Winner.Message
	likeness.Merge(loser, winner)
	messages := []record.Message{loser}
	taken := likeness.Take(winner, loser, func(v likeness.Value) bool { return slices.ContainsFunc(carry, v.Named) })
	if len(taken) > 0 {
		messages = append(messages, winner)
	}
	done.Taken, done.Left = named(t.Kind, taken), named(t.Kind, likeness.Carry(winner, loser))
	_, err = t.hand.Desk.Save(ctx, messages...)
	return done, err
}

// Undo takes the merge of a record back. *likeness.Refusal: it was not merged.
func (h Hand) Undo(ctx context.Context, loser record.ID) (done Done, err error) {
	kind, side, err := h.side(ctx, loser)
	if err != nil {
		return done, err
	}
	m := side.Message
	into := likeness.MergedInto(m)
	if err := likeness.Unmerge(m); err != nil {
		return done, err
	}
	done = Done{Kind: kind, Loser: m.GetId(), Winner: into, Taken: []string{}, Left: []string{}, Shared: []string{}}
	if _, err := h.Desk.Save(ctx, m); err != nil {
		return done, err
	}
	id, err := record.ParseID(into)
	if err != nil {
		return done, nil // it named nothing that there is
	}
	winner, err := h.Desk.Get(ctx, kind, id)
	if errors.Is(err, store.ErrNotFound) {
		return done, nil
	}
	if err == nil {
		done.Shared = named(kind, likeness.Shared(winner.Message, m))
	}
	return done, err
}

// named says what values are, and nothing of what they say: the key of an element of a set
// is the element itself, so that there the field stands for all of them.
func named(kind record.Kind, all []likeness.Value) []string {
	sets := map[string]bool{}
	for _, f := range record.Fields(kind) {
		sets[f.Name] = f.Rule == record.Set
	}
	out := []string{}
	for _, v := range all {
		name := v.String()
		if sets[v.Field] {
			name = v.Field
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
