package record

import (
	"cmp"
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Open reports whether something is still to be done about a record: a recommendation
// that has left the office and was not closed, superseded or withdrawn; an undertaking
// that the body does not see as kept or no longer relevant; a reprisal case that was not
// closed; a comment that is not settled. Of other kinds, and of what was removed or
// joined to another record, nothing is open.
func Open(msg Message) bool {
	if msg.GetRemoved() != nil || joinedTo(msg) != "" {
		return false
	}
	switch m := msg.(type) {
	case *daylightv1.Recommendation:
		return RecommendationOpen(m.GetState())
	case *daylightv1.Undertaking:
		return !isDone(CurrentAssessment(m.GetAssessments(), "").GetStatus())
	case *daylightv1.ReprisalCase:
		return m.GetState() != daylightv1.ReprisalState_REPRISAL_STATE_CLOSED
	case *daylightv1.ReviewComment:
		return !m.GetSettled()
	}
	return false
}

// isDone reports whether nothing more is asked for.
func isDone(s daylightv1.ImplementationStatus) bool {
	return s == daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY || s == daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NO_LONGER_RELEVANT
}

// CurrentAssessment is the latest assessment that is about an addressee line, or about
// all of them: by date, of the same date by id, one without a date before all others. An
// empty line asks for what is said of anything. Nil when there is none.
func CurrentAssessment(all []*daylightv1.Assessment, line string) (latest *daylightv1.Assessment) {
	for _, a := range all {
		if sameLine(a.GetLineId(), line) && (latest == nil || later(a.GetOn(), a.GetId(), latest.GetOn(), latest.GetId())) {
			latest = a
		}
	}
	return latest
}

// CurrentReply is the latest answer of an addressee line: by the day on which it came,
// of the same day by id. Nil when there is none.
func CurrentReply(r *daylightv1.Recommendation, all []*daylightv1.AuthorityReply, line string) (latest *daylightv1.AuthorityReply) {
	for _, a := range repliesTo(r, all) {
		if answersLine(r, a, line) && (latest == nil || later(a.GetReceivedOn(), a.GetId(), latest.GetReceivedOn(), latest.GetId())) {
			latest = a
		}
	}
	return latest
}

func later(on, id, than, thanID string) bool {
	return cmp.Or(cmp.Compare(on, than), cmp.Compare(id, thanID)) > 0
}

// repliesTo are the answers to a recommendation that count.
func repliesTo(r recommendation, all []*daylightv1.AuthorityReply) (out []*daylightv1.AuthorityReply) {
	for _, a := range all {
		if a.GetRecommendationId() == r.GetId() && r.GetId() != "" && a.GetRemoved() == nil && joinedTo(a) == "" {
			out = append(out, a)
		}
	}
	return out
}

// answersLine: an answer that names no line is that of the only one.
func answersLine(r recommendation, a reply, line string) bool {
	return a.GetLineId() == line || a.GetLineId() == "" && len(r.GetAddressees()) == 1
}

// LineOverdue is an addressee line with something that is overdue.
type LineOverdue struct {
	// Line is its id, Authority its code.
	Line, Authority string

	// AnswerLate: no answer has come by AnswerDue, AnswerDays days ago where the day is
	// known.
	AnswerLate bool
	AnswerDue  string
	AnswerDays int
	// DoneLate: the body has not seen it done by DoneBy, DoneDays days ago.
	DoneLate bool
	DoneBy   string
	DoneDays int

	// AskedUntil is the time that the authority asked for; empty for none. Asking does
	// not give it: the office gives it by moving the line's dates.
	AskedUntil string
}

// Overdue computes which addressee lines of a recommendation wait beyond their dates, in
// the order of the record. It is never stored. What only confirms the receipt, or asks
// for more time, is no answer. A date of which only the month or the year is known has
// passed when that has. Nothing is overdue of a recommendation that is not Open, of a
// line without a date, and on a day that is not one.
func Overdue(r *daylightv1.Recommendation, replies []*daylightv1.AuthorityReply, today string) (out []LineOverdue) {
	if !Open(r) {
		return nil
	}
	for _, l := range r.GetAddressees() {
		o := LineOverdue{Line: l.GetId(), Authority: l.GetAuthority(), AskedUntil: askedUntil(r, replies, l.GetId())}
		if before(l.GetDueOn(), today) && !answered(r, replies, l.GetId()) {
			o.AnswerLate, o.AnswerDue = true, l.GetDueOn()
			o.AnswerDays, _ = daysBetween(l.GetDueOn(), today)
		}
		if before(l.GetImplementBy(), today) && !isDone(CurrentAssessment(r.GetAssessments(), l.GetId()).GetStatus()) {
			o.DoneLate, o.DoneBy = true, l.GetImplementBy()
			o.DoneDays, _ = daysBetween(l.GetImplementBy(), today)
		}
		if o.AnswerLate || o.DoneLate {
			out = append(out, o)
		}
	}
	return out
}

// answered reports whether the authority has said something about the matter.
func answered(r recommendation, all []*daylightv1.AuthorityReply, line string) bool {
	return slices.ContainsFunc(repliesTo(r, all), func(a reply) bool {
		switch a.GetResponse() {
		case daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_UNSPECIFIED, daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_NO_RESPONSE,
			daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_ACKNOWLEDGED, daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_EXTENSION_REQUESTED:
			return false
		}
		return answersLine(r, a, line)
	})
}

// askedUntil is the latest day to which the authority asked for time.
func askedUntil(r recommendation, all []*daylightv1.AuthorityReply, line string) (until string) {
	for _, a := range repliesTo(r, all) {
		if answersLine(r, a, line) && a.GetResponse() == daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_EXTENSION_REQUESTED {
			until = max(until, a.GetExtensionUntil())
		}
	}
	return until
}

// Chain follows a recommendation back to those that it repeats: the oldest first, itself
// at the end. lookup gives a recommendation by id, nil where it is not here; the chain
// ends there, and where it would come back to one that it holds.
func Chain(r *daylightv1.Recommendation, lookup func(id string) *daylightv1.Recommendation) []*daylightv1.Recommendation {
	chain, seen := []*daylightv1.Recommendation{}, map[string]bool{}
	for r != nil {
		chain, seen[r.GetId()] = append(chain, r), true
		id := r.GetPredecessorId()
		if id == "" || seen[id] {
			break
		}
		r = lookup(id)
	}
	slices.Reverse(chain)
	return chain
}
