package access

import daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

// The states of a recommendation's paper, and those that lie together: it is being
// written, it is with the addressees. OVERDUE is none of them: it is computed from the
// due date, and nobody sets it.
const (
	paperUnset      states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_UNSPECIFIED
	paperDraft      states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT
	paperInReview   states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW
	paperApproved   states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED
	paperIssued     states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED
	paperReceived   states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_RECEIVED
	paperAnswered   states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_RESPONSE_RECEIVED
	paperVerified   states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_UNDER_VERIFICATION
	paperClosed     states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED
	paperSuperseded states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_SUPERSEDED
	paperWithdrawn  states = 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_WITHDRAWN

	paperWritten = paperUnset | paperDraft | paperInReview
	paperSent    = paperIssued | paperReceived | paperAnswered | paperVerified
	paperAside   = paperSuperseded | paperWithdrawn
)

// paperSteps is who may take a recommendation from where to where. Source: the states
// DRAFT to CLOSED with SUPERSEDED and WITHDRAWN beside them, OVERDUE computed; need to
// know in the office, by which case officers and reviewers draft, the Ombudsperson and
// the head of the department approve, and the follow-up officer reads and writes; and the
// method: recommendations are made by the case officer, the head of the department and the
// Ombudsperson (step 12), the follow-up officer keeps the authority's reply (13), and the
// next visit verifies (14).
//
// What that leaves open is decided here:
//   - With the addressees every order goes: an authority may answer without confirming
//     receipt, and a reply may come after verification began. A slip is taken back the
//     same way.
//   - What was issued has left the house, so it does not become a draft again, nor
//     approved only: it is withdrawn, or superseded by another. That is as grave as
//     approving, and for the same hands. A text that nobody has approved is withdrawn by
//     whoever drafts; what replaces it needs no state for that.
//   - Closing and opening again are for those who follow: each new visit may find that
//     what was done is undone.
//   - What was put aside by mistake comes back through those who approve: to review, or,
//     if it had been issued, to verification, from where the others go.
//   - No state is ever cleared, and none is born later than in review.
//
// As for visits, whether a step skips another is not asked here.
var paperSteps = []rule{
	{draft, paperWritten, paperDraft | paperInReview},
	{draft, paperDraft | paperInReview, paperWithdrawn},
	{approve, paperInReview, paperApproved},
	{approve, paperApproved, paperInReview | paperIssued},
	{approve, paperApproved | paperSent, paperAside},
	{approve, paperAside, paperInReview | paperVerified},
	{follow, paperApproved, paperIssued},
	{follow, paperSent, paperSent | paperClosed},
	{follow, paperClosed, paperVerified},
}
