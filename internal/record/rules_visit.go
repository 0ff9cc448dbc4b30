package record

import (
	"slices"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type visit = *daylightv1.Visit

func visitRules() []FlagRule {
	return slices.Concat([]FlagRule{
		is("visit-without-facility", "facility_id", WeightMissing, "It is not said which place was visited.",
			func(m visit) bool { return m.GetFacilityId() == "" }),
		is("visit-without-state", "state", WeightMissing, "It is not said where the visit stands.",
			func(m visit) bool { return m.GetState() == 0 }),
		is("visit-without-head", "team", WeightMissing, "Nobody is named as head of the visit.",
			func(m visit) bool { return heads(m) == 0 }),
		is("visit-with-several-heads", "team", WeightDoubt, "More than one person is named as head of the visit.",
			func(m visit) bool { return heads(m) > 1 }),
		is("ended-without-reason", "ended_because", WeightMissing, "The visit was cancelled, suspended or ended at the gate, and it is not said why.",
			func(m visit) bool { return endedEarly(m.GetState()) && m.GetEndedBecause() == "" }),
		is("joint-without-partner", "partner_bodies", WeightMissing, "The visit is a joint one and no partner is named.",
			func(m visit) bool { return m.GetJoint() && len(m.GetPartnerBodies()) == 0 }),
		is("partner-without-joint", "joint", WeightDoubt, "A partner is named and the visit is not marked as joint.",
			func(m visit) bool { return !m.GetJoint() && len(m.GetPartnerBodies()) > 0 }),
		is("follow-up-of-nothing", "follows_id", WeightRemark, "It is a follow-up visit, and the earlier visit is not named.",
			func(m visit) bool {
				return m.GetType() == daylightv1.VisitType_VISIT_TYPE_FOLLOW_UP && m.GetFollowsId() == ""
			}),
		is("follows-itself", "follows_id", WeightDoubt, "The visit is named as its own earlier visit.",
			func(m visit) bool { return m.GetId() != "" && m.GetFollowsId() == m.GetId() }),
	}, visitTimeRules(), accessRules())
}

func heads(m visit) (n int) {
	for _, t := range m.GetTeam() {
		if slices.Contains(t.GetRoles(), daylightv1.TeamRole_TEAM_ROLE_HEAD) {
			n++
		}
	}
	return n
}

func endedEarly(s daylightv1.VisitState) bool {
	return s == daylightv1.VisitState_VISIT_STATE_CANCELLED || s == daylightv1.VisitState_VISIT_STATE_SUSPENDED ||
		s == daylightv1.VisitState_VISIT_STATE_OBSTRUCTED
}

func visitTimeRules() []FlagRule {
	return []FlagRule{
		is("planned-end-before-start", "planned_end", WeightDoubt, "The plan ends before it begins.",
			func(m visit) bool { return before(m.GetPlannedEnd(), m.GetPlannedStart()) }),
		is("entered-before-arrived", "entered_at", WeightDoubt, "The team entered before it arrived.",
			func(m visit) bool { return before(m.GetEnteredAt(), m.GetArrivedAt()) }),
		is("delay-disagrees", "delay_minutes", WeightDoubt, "The delay does not agree with the times of arrival and entry.",
			delayDisagrees),
		each("session-before-arrival", "sessions", WeightDoubt, "A time inside begins before the team arrived.",
			func(m visit, at hit) {
				for _, s := range m.GetSessions() {
					if before(s.GetEnteredAt(), m.GetArrivedAt()) {
						at(s.GetId())
					}
				}
			}),
		each("left-before-entered", "sessions", WeightDoubt, "The team left before it entered.",
			func(m visit, at hit) {
				for _, s := range m.GetSessions() {
					if before(s.GetLeftAt(), s.GetEnteredAt()) {
						at(s.GetId())
					}
				}
			}),
		each("session-over-a-day", "sessions", WeightDoubt, "A time inside lasts for {hours} hours.", longSessions),
		is("visit-without-session", "sessions", WeightMissing, "The field work is complete and no time inside is recorded.",
			func(m visit) bool {
				return fieldWorkDone(m.GetState()) && len(m.GetSessions()) == 0 && !isRemote(m) && !refused(m)
			}),
	}
}

// fieldWorkDone reports whether a visit in this state has been inside.
func fieldWorkDone(s daylightv1.VisitState) bool {
	return s >= daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE && s != daylightv1.VisitState_VISIT_STATE_CANCELLED
}

func isRemote(m visit) bool { return m.GetType() == daylightv1.VisitType_VISIT_TYPE_REMOTE }

// delayDisagrees: the minutes at the gate agree with the two times, within one minute.
func delayDisagrees(m visit) bool {
	arrived, ok1 := parseMoment(m.GetArrivedAt())
	entered, ok2 := parseMoment(m.GetEnteredAt())
	if m.DelayMinutes == nil || !ok1 || !ok2 || entered.Before(arrived) {
		return false
	}
	off := entered.Sub(arrived) - time.Duration(m.GetDelayMinutes())*time.Minute
	return off.Abs() > time.Minute
}

func longSessions(m visit, at hit) {
	for _, s := range m.GetSessions() {
		in, ok1 := parseMoment(s.GetEnteredAt())
		left, ok2 := parseMoment(s.GetLeftAt())
		if inside := left.Sub(in); ok1 && ok2 && inside > 24*time.Hour {
			at(s.GetId(), "hours", number(uint32(inside/time.Hour)))
		}
	}
}

func accessRules() []FlagRule {
	return []FlagRule{
		each("access-without-rating", "access", WeightMissing, "A right is listed and it is not said how far it was honoured.",
			func(m visit, at hit) {
				for _, a := range m.GetAccess() {
					if a.GetRating() == 0 {
						at(a.GetRight().String())
					}
				}
			}),
		each("answered-before-requested", "access", WeightDoubt, "A request was answered before it was made.",
			func(m visit, at hit) {
				for _, a := range m.GetAccess() {
					if before(a.GetAnsweredAt(), a.GetRequestedAt()) {
						at(a.GetRight().String())
					}
				}
			}),
	}
}

// refused reports whether some right was refused to the team.
func refused(m visit) bool {
	return slices.ContainsFunc(m.GetAccess(), func(a *daylightv1.AccessRecord) bool {
		return a.GetRating() == daylightv1.AccessRating_ACCESS_RATING_REFUSED
	})
}
