package clientsync

import (
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// VisitStep is a state that a visit may be taken to from where it stands.
type VisitStep struct {
	To daylightv1.VisitState
	// Next: it comes next in the usual order. Else the step skips some, and a visit that
	// was recorded late, or opened again, may need it.
	Next bool
	// Mine: this device's person may take it, as far as this device has heard. The office
	// refuses the steps of others, or keeps them for somebody there to admit.
	Mine bool
	// Head and Team say that the head of the visit, or anybody of its team, may take it;
	// Roles are those at the office who may.
	Head, Team bool
	Roles      []daylightv1.OfficeRole
}

// VisitSteps gives the states that a visit may be taken to by anybody, in the usual order:
// what comes next first, then what this device's person may set besides. Setting the
// field state and saving takes the step.
func (c *Client) VisitSteps(ctx context.Context, visit string) (out []VisitStep, err error) {
	item, err := c.Get(ctx, KindVisit, visit)
	if err != nil {
		return nil, err
	}
	now := item.Message.(*daylightv1.Visit)
	next := record.NextVisitStates(now.GetState())
	for n := range int32(len(daylightv1.VisitState_name)) {
		to := daylightv1.VisitState(n)
		if to == 0 || to == now.GetState() {
			continue
		}
		s := VisitStep{To: to, Next: slices.Contains(next, to), Mine: c.mayStep(now, to)}
		if !s.Next && (!s.Mine || c.enrolment.Load() == nil) {
			continue
		}
		var office []access.Role
		office, s.Head, s.Team = access.Step{Kind: record.Visit, From: access.State(now.GetState()), To: access.State(to)}.Takers()
		for _, r := range office {
			s.Roles = append(s.Roles, daylightv1.OfficeRole(r))
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b VisitStep) int {
		switch {
		case a.Next && b.Next:
			return slices.Index(next, a.To) - slices.Index(next, b.To)
		case a.Next != b.Next && a.Next:
			return -1
		case a.Next != b.Next:
			return 1
		}
		return int(a.To) - int(b.To)
	})
	return out, nil
}

// mayStep reports whether the office would take the step of this device's person.
func (c *Client) mayStep(now *daylightv1.Visit, to daylightv1.VisitState) bool {
	m := proto.Clone(now).(*daylightv1.Visit)
	m.State = to.Enum()
	return !slices.ContainsFunc(c.Check(m), func(f Flag) bool { return len(f.Code) > 7 && f.Code[:7] == "access-" })
}
