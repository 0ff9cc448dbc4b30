package record

import (
	"fmt"
	"slices"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (f *flags) visit(m *daylightv1.Visit) {
	f.when(m.GetFacilityId() == "", "visit-without-facility", "facility_id", "It is not said which place was visited.")
	f.when(m.GetState() == 0, "visit-without-state", "state", "It is not said where the visit stands.")
	f.team(m.GetTeam())
	f.times(m)
	f.access(m)
	f.when(m.GetJoint() && len(m.GetPartnerBodies()) == 0, "joint-without-partner", "partner_bodies", "The visit is a joint one and no partner is named.")
	f.when(!m.GetJoint() && len(m.GetPartnerBodies()) > 0, "partner-without-joint", "joint", "A partner is named and the visit is not marked as joint.")
	f.occupancy(m.GetCapacities(), m.GetPopulation())
}

func (f *flags) team(team []*daylightv1.TeamMember) {
	heads := 0
	for _, t := range team {
		if slices.Contains(t.GetRoles(), daylightv1.TeamRole_TEAM_ROLE_HEAD) {
			heads++
		}
	}
	f.when(heads == 0, "visit-without-head", "team", "Nobody is named as head of the visit.")
	f.when(heads > 1, "visit-with-several-heads", "team", "More than one person is named as head of the visit.")
}

func (f *flags) times(m *daylightv1.Visit) {
	f.when(before(m.GetPlannedEnd(), m.GetPlannedStart()), "planned-end-before-start", "planned_end", "The plan ends before it begins.")
	f.when(before(m.GetEnteredAt(), m.GetArrivedAt()), "entered-before-arrived", "entered_at", "The team entered before it arrived.")
	f.delay(m)
	for i, s := range m.GetSessions() {
		name := fmt.Sprintf("sessions[%d]", i+1)
		f.when(before(s.GetLeftAt(), s.GetEnteredAt()), "left-before-entered", name, "The team left before it entered.")
	}
	inside := m.GetState() >= daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE && m.GetState() != daylightv1.VisitState_VISIT_STATE_CANCELLED
	f.when(inside && len(m.GetSessions()) == 0 && m.GetType() != daylightv1.VisitType_VISIT_TYPE_REMOTE && !refused(m),
		"visit-without-session", "sessions", "The field work is complete and no time inside is recorded.")
}

// delay: the minutes at the gate agree with the two times, within one minute.
func (f *flags) delay(m *daylightv1.Visit) {
	arrived, ok1 := parseMoment(m.GetArrivedAt())
	entered, ok2 := parseMoment(m.GetEnteredAt())
	if m.DelayMinutes == nil || !ok1 || !ok2 || entered.Before(arrived) {
		return
	}
	off := entered.Sub(arrived) - time.Duration(m.GetDelayMinutes())*time.Minute
	f.when(off.Abs() > time.Minute, "delay-disagrees", "delay_minutes", "The delay does not agree with the times of arrival and entry.")
}

func refused(m *daylightv1.Visit) bool {
	return slices.ContainsFunc(m.GetAccess(), func(a *daylightv1.AccessRecord) bool {
		return a.GetRating() == daylightv1.AccessRating_ACCESS_RATING_REFUSED
	})
}

func (f *flags) access(m *daylightv1.Visit) {
	for _, a := range m.GetAccess() {
		f.when(a.GetRating() == 0, "access-without-rating", "access", "A right is listed and it is not said how far it was honoured.")
		f.when(before(a.GetAnsweredAt(), a.GetRequestedAt()), "answered-before-requested", "access", "A request was answered before it was made.")
	}
}

// before reports whether the date or time a is surely before b: where only the
// day, month or year of one is known, only as far as both are known. Times of
// different offset are compared as instants.
func before(a, b string) bool {
	x, ok1 := parseMoment(a)
	y, ok2 := parseMoment(b)
	if ok1 && ok2 {
		return x.Before(y)
	}
	if !isMoment(a) || !isMoment(b) {
		return false
	}
	const day = len("2006-01-02")
	n := min(len(a), len(b), day)
	return a[:n] < b[:n]
}
