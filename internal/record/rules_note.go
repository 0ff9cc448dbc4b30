package record

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func noteRules() []FlagRule {
	type note = *daylightv1.Note
	state := func(m note) daylightv1.PaperState { return m.GetPaperState() }
	return []FlagRule{
		is("note-without-text", "text", WeightMissing, "The note says nothing.",
			func(m note) bool { return m.GetText() == "" && !m.GetOnPaper() }),
		is("paper-not-typed", "text", WeightMissing, "The note stands on paper only: nobody has typed it.",
			func(m note) bool { return m.GetText() == "" && m.GetOnPaper() }),
		is("paper-without-state", "paper_state", WeightMissing, "It is not said where the paper is, or what became of it.",
			func(m note) bool { return m.GetOnPaper() && state(m) == 0 }),
		is("paper-without-author", "noted_by", WeightMissing, "It is not said who wrote the paper.",
			func(m note) bool { return m.GetOnPaper() && m.GetNotedBy() == "" }),
		is("paper-without-typist", "typed_by", WeightRemark, "It is not said who typed the paper: taken as its author.",
			func(m note) bool { return m.GetOnPaper() && m.GetText() != "" && m.GetTypedBy() == "" }),
		is("paper-without-observation-time", "observed_at", WeightMissing, "It is not said when what stands on the paper was seen or heard.",
			func(m note) bool { return m.GetOnPaper() && m.GetText() != "" && m.GetObservedAt() == "" }),
		is("paper-out-of-hand", "paper_state", WeightDoubt, "The paper was lost or taken away: others may have read it.",
			func(m note) bool {
				return m.GetOnPaper() && (state(m) == daylightv1.PaperState_PAPER_STATE_LOST || state(m) == daylightv1.PaperState_PAPER_STATE_SEIZED)
			}),
		is("paper-state-without-paper", "on_paper", WeightDoubt, "It is said what became of the paper, and the note was on none.",
			func(m note) bool { return !m.GetOnPaper() && state(m) != 0 }),
	}
}

// observed is what somebody saw and wrote down later: a finding or a note.
type observed interface {
	Message
	GetObservedAt() string
	GetRecordedAt() string
}

func observedRule() FlagRule {
	return is("recorded-before-observed", "recorded_at", WeightDoubt, "It was written down before it was observed.",
		func(m observed) bool { return before(m.GetRecordedAt(), m.GetObservedAt()) })
}
