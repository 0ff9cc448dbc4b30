package record

import (
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// dangerRules are about persons who may suffer for having spoken.
func dangerRules() []FlagRule {
	return []FlagRule{
		across("risk-without-case", Interview, "reprisal_risk", WeightMissing, "Harm for having spoken is likely, and no reprisal case asks anybody to act.",
			func(w *Whole, at found) {
				for _, i := range w.Interviews {
					if i.GetReprisalRisk() >= daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH && !w.hasCase(i) {
						at(i.GetId(), "")
					}
				}
			}),
		across("action-late", ReprisalCase, "action_due_on", WeightDoubt, "Somebody was to act by {due}, and nothing says that anybody did.",
			func(w *Whole, at found) {
				for _, c := range w.Reprisals {
					if ActionLate(c, w.Today) {
						at(c.GetId(), "", "due", c.GetActionDueOn())
					}
				}
			}),
	}
}

// hasCase reports whether a reprisal case can be about who spoke there: a case and an
// interview that name the same person, or one of which names nobody.
func (w *Whole) hasCase(i interview) bool {
	return slices.ContainsFunc(w.Reprisals, func(c *daylightv1.ReprisalCase) bool {
		return c.GetPersonId() == i.GetPersonId() || c.GetPersonId() == "" || i.GetPersonId() == ""
	})
}

// ActionLate reports whether the day by which somebody was to act for the person has
// surely passed, and the case still stands where it was reported and nobody has asked
// after the person since.
func ActionLate(c *daylightv1.ReprisalCase, today string) bool {
	return c.GetState() <= daylightv1.ReprisalState_REPRISAL_STATE_REPORTED && c.GetCheckedOn() == "" && before(c.GetActionDueOn(), today)
}

// supportRules are about what findings rest on.
func supportRules() []FlagRule {
	return []FlagRule{
		across("links-do-not-corroborate", Finding, "sources", WeightDoubt, "Corroborated needs two different kinds of source: what the finding is tied to is of {kinds}.",
			func(w *Whole, at found) {
				for _, f := range w.Findings {
					if n := len(w.Sources(f)); isCorroborated(f) && sourcesAtMost(f) >= 2 && n < 2 && w.hasAllInterviews(f) {
						at(f.GetId(), "", "kinds", number(uint32(n)))
					}
				}
			}),
		seenBeforeArrival(Finding, "observed_at"), seenBeforeArrival(Note, "observed_at"), seenBeforeArrival(Interview, "held_on"),
		seenBeforeArrival(Measurement, "measured_at"), seenBeforeArrival(RegisterCheck, "checked_at"), seenBeforeArrival(ObstructionIncident, "at"),
	}
}

// hasAllInterviews reports whether every interview that the finding names is here: of
// another nobody can tell which kind of source it is.
func (w *Whole) hasAllInterviews(f finding) bool {
	known := interviewsByID(w.Interviews)
	return !slices.ContainsFunc(f.GetInterviewIds(), func(id string) bool { return known[id] == nil })
}

// answerRules are about recommendations and undertakings and what became of them.
func answerRules() []FlagRule {
	return []FlagRule{
		across("undertaking-overdue", Undertaking, "due_on", WeightRemark, "It was promised by {due}, and nobody has said what became of it.",
			func(w *Whole, at found) {
				for _, u := range w.Undertakings {
					if Open(u) && before(u.GetDueOn(), w.Today) {
						at(u.GetId(), "", "due", u.GetDueOn())
					}
				}
			}),
		across("closing-point-unknown", Undertaking, "closing_point_id", WeightDoubt, "The undertaking answers a point of the closing talk that the visit does not have.",
			func(w *Whole, at found) {
				for _, u := range w.Undertakings {
					if id := u.GetClosingPointId(); id != "" && w.Visit != nil && !hasPoint(w.Visit, id) {
						at(u.GetId(), "")
					}
				}
			}),
		across("answer-overdue", Recommendation, "addressees", WeightRemark, "An answer was due on {due} and has not come.",
			func(w *Whole, at found) {
				w.overdue(func(r recommendation, l LineOverdue) {
					if l.AnswerLate {
						at(r.GetId(), l.Line, "due", l.AnswerDue)
					}
				})
			}),
		across("implementation-overdue", Recommendation, "addressees", WeightRemark, "It was to be done by {due}, and the body has not seen that it is.",
			func(w *Whole, at found) {
				w.overdue(func(r recommendation, l LineOverdue) {
					if l.DoneLate {
						at(r.GetId(), l.Line, "due", l.DoneBy)
					}
				})
			}),
		across("claim-disproved", Recommendation, "assessments", WeightRemark, "The authority says that it is done, and the body has seen that it is not.", claimsDisproved),
		across("answered-without-reply", Recommendation, "state", WeightMissing, "The recommendation counts as answered, and no answer is recorded.",
			func(w *Whole, at found) {
				for _, r := range w.Recommendations {
					if r.GetState() == daylightv1.RecommendationState_RECOMMENDATION_STATE_RESPONSE_RECEIVED && len(repliesTo(r, w.Replies)) == 0 {
						at(r.GetId(), "")
					}
				}
			}),
		aboutReplies("reply-line-unknown", "line_id", "The answer is of an addressee that the recommendation does not have.",
			func(r recommendation, a reply) bool { return a.GetLineId() != "" && lineOf(r, a.GetLineId()) == nil }),
		aboutReplies("reply-before-sent", "received_on", "The answer came before the recommendation was sent.",
			func(r recommendation, a reply) bool {
				return before(a.GetReceivedOn(), lineOf(r, a.GetLineId()).GetSentOn())
			}),
	}
}

func hasPoint(v visit, id string) bool {
	return slices.ContainsFunc(v.GetClosingPoints(), func(p *daylightv1.ClosingPoint) bool { return p.GetId() == id })
}

func (w *Whole) overdue(say func(recommendation, LineOverdue)) {
	for _, r := range w.Recommendations {
		for _, l := range Overdue(r, w.Replies, w.Today) {
			say(r, l)
		}
	}
}

// claimsDisproved: what the authority says last of a line, against what the body saw
// last of it.
func claimsDisproved(w *Whole, at found) {
	for _, r := range w.Recommendations {
		for _, l := range r.GetAddressees() {
			said := CurrentReply(r, w.Replies, l.GetId()).GetResponse()
			seen := CurrentAssessment(r.GetAssessments(), l.GetId())
			undone := seen.GetStatus() == daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_IMPLEMENTED ||
				seen.GetStatus() == daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_REGRESSED
			if said == daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_CLAIMED_IMPLEMENTED && undone {
				at(r.GetId(), seen.GetId())
			}
		}
	}
}

// aboutReplies makes a doubt about an answer beside the recommendation that it answers.
func aboutReplies(code, field, text string, wrong func(recommendation, reply) bool) FlagRule {
	return across(code, AuthorityReply, field, WeightDoubt, text, func(w *Whole, at found) {
		for _, r := range w.Recommendations {
			for _, a := range repliesTo(r, w.Replies) {
				if wrong(r, a) {
					at(a.GetId(), "")
				}
			}
		}
	})
}
