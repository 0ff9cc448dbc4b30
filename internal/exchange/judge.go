package exchange

import (
	"bytes"
	"errors"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// judge decides about a change as a whole, against the state before it: size,
// structure, FIXED and GUARDED fields, nothing else. Every other rule of the
// domain is a flag that people see, so that a device which was away for weeks is
// never refused for a rule that changed meanwhile. It gives the new state of each
// record, or the reason why not; the states that it was given stay as they are.
func judge(at fold.Stamp, c journal.Change, before []*working) ([]*fold.State, Reason) {
	out := make([]*fold.State, len(c.Records))
	for i, r := range c.Records {
		if before[i].Kind != r.Kind {
			return nil, OtherKind
		}
		if err := record.CheckEdits(r.Kind, r.Edits); err != nil {
			return nil, reasonOf(err)
		}
		s := before[i].state.Clone()
		s.Apply(at, r.Edits)
		for _, e := range r.Edits {
			if why := judgeEdit(at, r.Kind, e, before[i].state, s); why != NoReason {
				return nil, why
			}
		}
		if tooLarge(s) {
			return nil, TooLarge
		}
		out[i] = s
	}
	return out, NoReason
}

func tooLarge(s *fold.State) bool {
	n := 0
	for _, p := range s.Paths() {
		for _, e := range s.Entries(p) {
			n += len(e.Value)
		}
	}
	return n > record.MaxRecord
}

// reasonOf tells too large from unreadable.
func reasonOf(err error) Reason {
	if errors.Is(err, journal.ErrTooLarge) {
		return TooLarge
	}
	return Unreadable
}

func judgeEdit(at fold.Stamp, kind record.Kind, e fold.Edit, before, after *fold.State) Reason {
	rule, ok := record.RuleOf(kind, e.Field)
	if !ok {
		return NoReason // a newer program's field merges by what its edits show
	}
	had := before.Entries(e.Path)
	switch rule {
	case record.Fixed:
		if len(had) > 0 && !bytes.Equal(had[0].Value, e.Value) {
			return Fixed
		}
	case record.Guarded:
		now := after.Entries(e.Path)
		if len(now) == 1 && now[0].Dot == at.Dot || len(had) == 0 {
			return NoReason
		}
		if bytes.Equal(had[0].Value, e.Value) {
			return Already
		}
		return Stale
	}
	return NoReason
}
