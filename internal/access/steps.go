package access

import daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

// hand is who takes steps of a visit's state, or of a recommendation's: a set.
type hand uint8

const (
	team    hand = 1 << iota // whoever writes the visit as one of its team
	lead                     // whoever leads it: its head, or the office in the head's place
	plan                     // the other hands reach as far as their role reads such records
	review                   //
	approve                  //
	follow                   //
	reopen                   //
	draft                    // of recommendations
)

// rule says who takes a record from which states to which.
type rule struct {
	by       hand
	from, to states
}

// states is a set of states of one kind of record, by number.
type states uint32

// The states of a visit by who has it: it is planned, the team is out, the office works
// on the report, the report is out.
const (
	unset        states = 1 << daylightv1.VisitState_VISIT_STATE_UNSPECIFIED
	planned      states = 1 << daylightv1.VisitState_VISIT_STATE_PLANNED
	authorised   states = 1 << daylightv1.VisitState_VISIT_STATE_AUTHORISED
	prepared     states = 1 << daylightv1.VisitState_VISIT_STATE_PREPARED
	inProgress   states = 1 << daylightv1.VisitState_VISIT_STATE_IN_PROGRESS
	suspended    states = 1 << daylightv1.VisitState_VISIT_STATE_SUSPENDED
	obstructed   states = 1 << daylightv1.VisitState_VISIT_STATE_OBSTRUCTED
	complete     states = 1 << daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE
	consolidated states = 1 << daylightv1.VisitState_VISIT_STATE_CONSOLIDATED
	submitted    states = 1 << daylightv1.VisitState_VISIT_STATE_SUBMITTED
	underReview  states = 1 << daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW
	drafted      states = 1 << daylightv1.VisitState_VISIT_STATE_REPORT_DRAFTED
	commented    states = 1 << daylightv1.VisitState_VISIT_STATE_SENT_FOR_COMMENT
	final        states = 1 << daylightv1.VisitState_VISIT_STATE_FINAL
	published    states = 1 << daylightv1.VisitState_VISIT_STATE_PUBLISHED
	inFollowUp   states = 1 << daylightv1.VisitState_VISIT_STATE_IN_FOLLOW_UP
	closed       states = 1 << daylightv1.VisitState_VISIT_STATE_CLOSED
	cancelled    states = 1 << daylightv1.VisitState_VISIT_STATE_CANCELLED

	ahead  = unset | planned | authorised | prepared
	out    = inProgress | suspended | obstructed | complete
	inside = submitted | underReview | drafted | commented
	after  = final | published | inFollowUp
	ended  = closed | cancelled
)

// visitSteps is who may take a visit from where to where. Source: the life-cycle of a
// visit, by which the field sets only PREPARED to SUBMITTED, a visit is cancelled
// only before entry, and what is under review may go back to CONSOLIDATED; and who
// does what in the method: the head merges (step 8) and hands in (10), reviewers and
// case officers work on it (11, 12), the Ombudsperson and the head of the department
// approve, the follow-up officer follows (13, 14).
//
// Beyond that life-cycle: whoever opens a visit may say that it is planned, and a
// visit that was ended by mistake can be opened again. Whether a step skips another
// is not asked here: that is a matter of order, not of who.
var visitSteps = []rule{
	{lead, unset, planned},
	{plan, ahead, planned | authorised | cancelled},
	{team, ahead | out, prepared | out},
	{lead, ahead | out | consolidated, prepared | out | consolidated | submitted},
	{review, inside, (inside &^ submitted) | consolidated},
	{review, inside | after, closed},
	{approve, drafted | commented | final | published, final | published},
	{approve, final, drafted},
	{follow, final | published | inFollowUp, inFollowUp | closed},
	{reopen, closed, underReview | inFollowUp},
	{reopen, cancelled, planned},
}
