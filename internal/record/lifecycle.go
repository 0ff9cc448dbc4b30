package record

import (
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The life-cycles say in which order steps are taken; who may take them is said in
// package access. Whoever takes one out of order is told and not stopped: a device that
// was away may hand in a visit whose start nobody noted.

// visitSteps are the next steps of each state, the usual one first.
func visitSteps() map[daylightv1.VisitState][]daylightv1.VisitState {
	const (
		planned      = daylightv1.VisitState_VISIT_STATE_PLANNED
		authorised   = daylightv1.VisitState_VISIT_STATE_AUTHORISED
		prepared     = daylightv1.VisitState_VISIT_STATE_PREPARED
		inProgress   = daylightv1.VisitState_VISIT_STATE_IN_PROGRESS
		suspended    = daylightv1.VisitState_VISIT_STATE_SUSPENDED
		obstructed   = daylightv1.VisitState_VISIT_STATE_OBSTRUCTED
		complete     = daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE
		consolidated = daylightv1.VisitState_VISIT_STATE_CONSOLIDATED
		submitted    = daylightv1.VisitState_VISIT_STATE_SUBMITTED
		underReview  = daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW
		drafted      = daylightv1.VisitState_VISIT_STATE_REPORT_DRAFTED
		forComment   = daylightv1.VisitState_VISIT_STATE_SENT_FOR_COMMENT
		final        = daylightv1.VisitState_VISIT_STATE_FINAL
		published    = daylightv1.VisitState_VISIT_STATE_PUBLISHED
		followUp     = daylightv1.VisitState_VISIT_STATE_IN_FOLLOW_UP
		closed       = daylightv1.VisitState_VISIT_STATE_CLOSED
		cancelled    = daylightv1.VisitState_VISIT_STATE_CANCELLED
	)
	return map[daylightv1.VisitState][]daylightv1.VisitState{
		0:            {planned},
		planned:      {authorised, cancelled},
		authorised:   {prepared, cancelled},
		prepared:     {inProgress, obstructed, cancelled},
		inProgress:   {complete, suspended, obstructed},
		suspended:    {inProgress},
		obstructed:   {submitted},
		complete:     {consolidated},
		consolidated: {submitted},
		submitted:    {underReview},
		underReview:  {drafted, consolidated},
		drafted:      {forComment},
		forComment:   {final},
		final:        {published, followUp}, // to publish is not always allowed
		published:    {followUp},
		followUp:     {closed},
	}
}

// recommendationSteps are the next steps of each state, the usual one first.
func recommendationSteps() map[daylightv1.RecommendationState][]daylightv1.RecommendationState {
	const (
		draft      = daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT
		inReview   = daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW
		approved   = daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED
		issued     = daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED
		received   = daylightv1.RecommendationState_RECOMMENDATION_STATE_RECEIVED
		responded  = daylightv1.RecommendationState_RECOMMENDATION_STATE_RESPONSE_RECEIVED
		verifying  = daylightv1.RecommendationState_RECOMMENDATION_STATE_UNDER_VERIFICATION
		closed     = daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED
		superseded = daylightv1.RecommendationState_RECOMMENDATION_STATE_SUPERSEDED
		withdrawn  = daylightv1.RecommendationState_RECOMMENDATION_STATE_WITHDRAWN
	)
	return map[daylightv1.RecommendationState][]daylightv1.RecommendationState{
		0:         {draft},
		draft:     {inReview, withdrawn},
		inReview:  {approved, draft, withdrawn},
		approved:  {issued, withdrawn},
		issued:    {received, responded, superseded, withdrawn}, // an answer confirms the receipt
		received:  {responded, superseded, withdrawn},
		responded: {verifying, superseded, withdrawn},
		verifying: {closed, superseded, withdrawn},
	}
}

// NextVisitStates are the steps that come after a visit's state, the usual one first;
// none after the last, and none where the state is not known here.
func NextVisitStates(s daylightv1.VisitState) []daylightv1.VisitState { return visitSteps()[s] }

// NextRecommendationStates are the steps that come after a recommendation's state, the
// usual one first; none after the last, and none where the state is not known here.
func NextRecommendationStates(s daylightv1.RecommendationState) []daylightv1.RecommendationState {
	return recommendationSteps()[s]
}

// VisitSkips reports whether taking a visit from one state to another skips the steps
// between, or leaves their order. To stay is no step.
func VisitSkips(from, to daylightv1.VisitState) bool {
	return from != to && !slices.Contains(visitSteps()[from], to)
}

// RecommendationSkips reports the same of a recommendation.
func RecommendationSkips(from, to daylightv1.RecommendationState) bool {
	return from != to && !slices.Contains(recommendationSteps()[from], to)
}

var stepSkips = FlagRule{
	Code: "step-skips", Kinds: []Kind{Visit, Recommendation}, Field: "state", Weight: WeightRemark,
	Text: "The step from {from} to {to} leaves the usual order.",
}

// StepFlags is what the order of steps has to say about a change from one message of a
// record to another; before is nil for a new one, which may begin anywhere: what is typed
// in later was in some state already.
func StepFlags(before, after Message) []Flag {
	from, to, skips := "", "", false
	switch m := after.(type) {
	case *daylightv1.Visit:
		old, ok := before.(*daylightv1.Visit)
		skips = ok && old.GetState() != 0 && VisitSkips(old.GetState(), m.GetState())
		from, to = old.GetState().String(), m.GetState().String()
	case *daylightv1.Recommendation:
		old, ok := before.(*daylightv1.Recommendation)
		skips = ok && old.GetState() != 0 && RecommendationSkips(old.GetState(), m.GetState())
		from, to = old.GetState().String(), m.GetState().String()
	}
	if !skips {
		return nil
	}
	return []Flag{stepSkips.flag(Flag{Params: Paired([]string{"from", from, "to", to})})}
}
