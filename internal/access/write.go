package access

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Write is what a change does to one record.
type Write struct {
	// Subject is the record before the change; of one that the change creates, what
	// the change says: the region, and the visit that it hangs on.
	Subject
	Creates bool
	// Fields are the numbers of the top-level fields that are edited, an element
	// counting as its field. Removing and bringing back edit the field removed.
	Fields []int32
	// To is the state that a visit or recommendation gets, where Fields has its state;
	// cleared: zero. From is where a recommendation stood; a visit's is State.
	From, To State
	// Withdraws: all edits of an interview's withdrawals add one. None clears one, or
	// replaces what somebody else recorded.
	Withdraws bool
	// NamesHead: a visit is created, and its team names the person as its head.
	NamesHead bool
}

// Reason says why a write is denied. On the wire all of them are REASON_DENIED.
type Reason uint8

// The reasons.
const (
	NoReason Reason = iota
	// Missing: there is no such record, or none for this person. The two look the
	// same, to the caller too.
	Missing
	// NotToCreate: the person creates no such record, or not there; a visit only as
	// its head.
	NotToCreate
	// NotToWrite: the record is read only.
	NotToWrite
	// NotToLead: the visit's team, place and removal are for its head or the office.
	NotToLead
	// NotThisStep: the step is for others to take.
	NotThisStep
	// NotToDecide: the team proposes how severe a finding is, the office decides.
	NotToDecide
	// TooLate: the visit has ended for its team.
	TooLate
	// NotToSettle: whether a comment is settled is for those who write comments there.
	NotToSettle
)

// String says it to a person who reads a log.
func (r Reason) String() string {
	switch r {
	case NoReason:
		return "allowed"
	case Missing:
		return "there is no such record"
	case NotToCreate:
		return "this record is for others to create"
	case NotToWrite:
		return "this record is for others to write"
	case NotToLead:
		return "the team, the place and the removal of a visit are for its head or the office"
	case NotThisStep:
		return "this step is for others to take"
	case NotToDecide:
		return "the severity is decided by the office"
	case TooLate:
		return "the visit has ended for its team"
	case NotToSettle:
		return "whether a comment is settled is for those who write comments"
	}
	return "denied"
}

// The fields that ask for more than the right to write their record. A newer
// program's field asks for no more than that.
const (
	removed        = 3
	findingDecided = 15
)

// Denial is what stands against a write. The zero Denial is nothing.
type Denial struct {
	Why Reason
	// Write is the one that Why is about.
	Write Write
}

// String says it to a person who may read the record, in a line without a full stop: of a
// step where the record stands and who could take it.
func (d Denial) String() string {
	if d.Why == NotThisStep {
		return d.Write.step().String()
	}
	return d.Why.String()
}

// step is the one that the write takes.
func (w Write) step() Step {
	s := Step{Kind: w.Kind, From: w.From, To: w.To}
	if w.Kind == record.Visit {
		s.From = State(w.State)
	}
	if w.Creates {
		s.From = 0
	}
	return s
}

// free reports whether the edits of a field ask for no more than to read the record. That
// is so for recording that a person took a consent back: it only narrows what may be done,
// and nothing refuses it as late, so all who read the interview may, in whatever state its
// visit is. Who does not read it tells somebody who does, as the reprisal focal point and
// the follow-up officer. Clearing it widens again, and is a write like any other.
func (w Write) free(field int32) bool {
	return w.Withdraws && w.Kind == record.Interview && field == record.InterviewWithdrawals
}

// Rewrites reports whether the write does more than whoever writes no such record may:
// take a step, and record what a person took back.
func (w Write) Rewrites() bool {
	return slices.ContainsFunc(w.Fields, func(f int32) bool { return needOf(w.Kind, f) != NotThisStep && !w.free(f) })
}

// needOf is the reason for which an edit of the field is denied, and so what it asks
// for. Joining a visit to another takes it away, as removing it does.
func needOf(k record.Kind, field int32) Reason {
	state, has := StateField(k)
	switch {
	case has && field == state:
		return NotThisStep
	case k == record.Visit && slices.Contains([]int32{removed, record.FieldMergedInto, record.VisitFacility, record.VisitTeam}, field):
		return NotToLead
	case k == record.Finding && field == findingDecided:
		return NotToDecide
	case k == record.ReviewComment && field == record.CommentSettled:
		return NotToSettle
	}
	return NotToWrite
}

// MayChange judges a change as a whole: true, or the first reason against it with
// the index of the write that it is about. Nothing is allowed in parts.
func (r Rights) MayChange(writes ...Write) (ok bool, which int, why Reason) {
	for i, w := range writes {
		if ok, why := r.MayWrite(w); !ok {
			return false, i, why
		}
	}
	if len(writes) == 0 {
		return false, 0, NotToWrite
	}
	return true, 0, NoReason
}

// MayWrite judges one write, and names the reason where it is denied. Each edited
// field has to be allowed by some grant, each by its own if need be.
func (r Rights) MayWrite(w Write) (ok bool, why Reason) {
	ok, why = r.judge(w)
	if !ok && why != NotThisStep && ended.has(State(w.State)) {
		w.State = daylightv1.VisitState_VISIT_STATE_UNSPECIFIED
		if was, _ := r.judge(w); was {
			why = TooLate
		}
	}
	return ok, why
}

func (r Rights) judge(w Write) (ok bool, why Reason) {
	if w.Creates {
		beside := w.Subject
		w.Subject = w.born()
		if r.Reads(w.Kind) == None {
			return false, Missing
		}
		// The visit that it would hang on is not there for the author.
		if record.HangsOnVisit(w.Kind) && !r.MayRead(beside) {
			return false, Missing
		}
		if !r.any(func(g Grant) bool { return g.creates(w.Subject) }) {
			return false, NotToCreate
		}
	} else if !r.MayRead(w.Subject) {
		return false, Missing
	}
	for _, f := range w.Fields {
		if w.free(f) {
			continue
		}
		need := needOf(w.Kind, f)
		if !r.any(func(g Grant) bool { return g.meets(need, w) }) {
			return false, need
		}
	}
	if len(w.Fields) == 0 {
		return false, NotToWrite
	}
	return true, NoReason
}

// born is the subject of a record that did not exist: its author made it, and a new
// visit has no state and no team but the head whom it names.
func (w Write) born() Subject {
	s := w.Subject
	s.Made = true
	if s.Kind == record.Visit {
		s.State = daylightv1.VisitState_VISIT_STATE_UNSPECIFIED
		s.Own, s.Head = w.NamesHead, w.NamesHead
	}
	return s
}

// creates: who writes a visit as one of its team creates it only as its head.
func (g Grant) creates(s Subject) bool {
	c := g.of(s.Kind)
	return c.creates && g.changes(c.writes, s)
}

// meets reports whether the grant allows an edit that asks for this.
func (g Grant) meets(need Reason, w Write) bool {
	row := table[g.Role]
	switch need {
	case NotToWrite:
		return g.changes(g.of(w.Kind).writes, w.Subject)
	case NotToDecide:
		return row.decides && g.changes(g.of(w.Kind).writes, w.Subject)
	case NotToLead:
		return g.changes(g.narrow(row.leads), w.Subject)
	case NotToSettle:
		c := g.of(w.Kind)
		return c.writes != None && g.changes(c.reads, w.Subject)
	case NotThisStep:
		return g.steps(w)
	}
	return false
}

// changes is covers for what is written: what a team may do ends with the visit.
func (g Grant) changes(r Reach, s Subject) bool {
	if ended.has(State(s.State)) {
		r &^= Own | Head | Mine
	}
	return g.covers(r, s)
}

// steps reports whether one of the grant's hands takes the step.
func (g Grant) steps(w Write) bool {
	row := table[g.Role]
	by := cycles[w.Kind].hands(row) & w.step().hands()
	return by&team != 0 && g.changes(g.of(record.Visit).writes, w.Subject) ||
		by&lead != 0 && g.changes(g.narrow(row.leads), w.Subject) ||
		by&^(team|lead) != 0 && g.covers(g.of(w.Kind).reads, w.Subject)
}
