package exchange

import (
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	anonymous = daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS
	personal  = daylightv1.ConsentScope_CONSENT_SCOPE_PUBLISH_PERSONAL
)

// interviewed puts an interview of a visit in that state, with consents, and with
// withdrawals that somebody else has recorded.
func (r *room) interviewed(state daylightv1.VisitState, taken ...daylightv1.ConsentScope) record.ID {
	visit := r.visit(state)
	m := &daylightv1.Interview{Id: nthID(record.Interview, 1).String(), VisitId: &visit, Minutes: proto.Uint32(20)}
	for _, s := range []daylightv1.ConsentScope{anonymous, personal} {
		m.Consents = append(m.Consents, &daylightv1.Consent{Scope: s, State: daylightv1.ConsentState_CONSENT_STATE_GIVEN.Enum()})
	}
	for _, s := range taken {
		m.Withdrawals = append(m.Withdrawals, &daylightv1.ConsentWithdrawal{Scope: s, On: proto.String("2031-05-04")})
	}
	return r.put(m)
}

func (r *room) interview(id record.ID) *daylightv1.Interview {
	return r.show(id).(*daylightv1.Interview)
}

// took records that a consent was taken back.
func took(m *daylightv1.Interview, s daylightv1.ConsentScope) *daylightv1.Interview {
	m.Withdrawals = append(m.Withdrawals, &daylightv1.ConsentWithdrawal{Scope: s, ToldBy: proto.String("LAWYER")})
	return m
}

func TestAWithdrawalIsTakenAtAnyTime(t *testing.T) {
	const ended, open = daylightv1.VisitState_VISIT_STATE_CLOSED, daylightv1.VisitState_VISIT_STATE_SUBMITTED
	for shows, c := range map[string]struct {
		role   access.Role
		person record.ID
		state  daylightv1.VisitState
		want   Decision
	}{
		"by a member while the visit is open": {access.Monitor, aMember, open, Accepted},
		"by a member after it ended":          {access.Monitor, aMember, ended, Accepted},
		"after it was called off":             {access.Monitor, aHead, daylightv1.VisitState_VISIT_STATE_CANCELLED, Accepted},
		"by the case officer":                 {access.CaseOfficer, aStranger, ended, Accepted},
		"by a reviewer":                       {access.Reviewer, aStranger, ended, Accepted},
		"by who only reads interviews":        {access.NPMHead, aStranger, ended, Accepted},
		"and the Ombudsperson":                {access.Ombudsperson, aStranger, open, Accepted},
		"from outside the team it waits":      {access.Monitor, aStranger, ended, Held},
		"from who reads none it waits":        {access.ReprisalFocalPoint, aStranger, open, Held},
	} {
		t.Run(shows, func(t *testing.T) {
			r := newRoom(t)
			id := r.interviewed(c.state)
			if got := r.saves(c.person, c.role, took(r.interview(id), personal)); len(got) != 1 || got[0] != c.want {
				t.Fatalf("%v, want %v", got, c.want)
			}
			if n := len(r.interview(id).Withdrawals); (n == 1) != (c.want == Accepted) {
				t.Errorf("%d withdrawals stand", n)
			}
		})
	}
}

// What a form changes beside it comes too late by itself.
func TestAWithdrawalDoesNotWaitForTheRest(t *testing.T) {
	r := newRoom(t)
	id := r.interviewed(daylightv1.VisitState_VISIT_STATE_CLOSED)
	m := took(took(r.interview(id), personal), anonymous)
	m.Minutes = proto.Uint32(25)
	if got := r.saves(aMember, access.Monitor, m); len(got) != 3 || got[0] != Held || got[1] != Accepted || got[2] != Accepted {
		t.Errorf("%v", got)
	}
	if now := r.interview(id); len(now.Withdrawals) != 2 || now.GetMinutes() != 20 {
		t.Errorf("%v", now)
	}
}

// In one change they are judged as one: nothing rides in on a withdrawal.
func TestNothingRidesInOnAWithdrawal(t *testing.T) {
	r := newRoom(t)
	id := r.interviewed(daylightv1.VisitState_VISIT_STATE_CLOSED)
	m := took(r.interview(id), personal)
	m.Consents = m.Consents[:1]
	var one journal.RecordEdits
	for _, e := range r.edits(m) {
		one.Kind, one.ID, one.Edits = e.Kind, e.ID, append(one.Edits, e.Edits...)
	}
	if d, denied := r.asks(aMember, access.Monitor, one); d != Held || denied.Why != access.TooLate {
		t.Errorf("of a member: %v, %v", d, denied)
	}
	if d, denied := r.asks(aStranger, access.Ombudsperson, one); d != Refused || denied.Why != access.NotToWrite {
		t.Errorf("of the Ombudsperson: %v, %v", d, denied)
	}
}

func TestClearingAWithdrawalIsAWrite(t *testing.T) {
	const ended, open = daylightv1.VisitState_VISIT_STATE_CLOSED, daylightv1.VisitState_VISIT_STATE_SUBMITTED
	for shows, c := range map[string]struct {
		role  access.Role
		state daylightv1.VisitState
		want  Decision
	}{
		"of a member in time":  {access.Monitor, open, Accepted},
		"of a member too late": {access.Monitor, ended, Held},
		"of who only reads":    {access.Ombudsperson, open, Refused},
		"of the case officer":  {access.CaseOfficer, ended, Accepted},
	} {
		for how, edit := range map[string]func(*daylightv1.Interview){
			"cleared":                      func(m *daylightv1.Interview) { m.Withdrawals = nil },
			"replaced by another":          func(m *daylightv1.Interview) { m.Withdrawals[0].On = proto.String("2041-05-04") },
			"cleared and another recorded": func(m *daylightv1.Interview) { m.Withdrawals = took(&daylightv1.Interview{}, anonymous).Withdrawals },
		} {
			t.Run(shows+", "+how, func(t *testing.T) {
				r := newRoom(t)
				id := r.interviewed(c.state, personal)
				m := r.interview(id)
				edit(m)
				var one journal.RecordEdits
				for _, e := range r.edits(m) {
					one.Kind, one.ID, one.Edits = e.Kind, e.ID, append(one.Edits, e.Edits...)
				}
				if d, denied := r.asks(aMember, c.role, one); d != c.want {
					t.Errorf("%v, %v", d, denied)
				}
			})
		}
	}
}

// Two record the same without knowing of each other, and one corrects a slip.
func TestAWithdrawalBesideAnother(t *testing.T) {
	r := newRoom(t)
	id := r.interviewed(daylightv1.VisitState_VISIT_STATE_CLOSED)
	mine := r.edits(took(r.interview(id), personal))
	r.records[id].State.Apply(fold.Stamp{Dot: fold.Dot{Writer: theOffice, Seq: 9}}, mine[0].Edits)
	if d, denied := r.asks(aMember, access.Monitor, mine[0]); d != Accepted {
		t.Fatalf("%v, %v", d, denied)
	}
	other := newRoom(t)
	id = other.interviewed(daylightv1.VisitState_VISIT_STATE_CLOSED)
	if got := other.saves(aMember, access.Monitor, took(other.interview(id), personal)); got[0] != Accepted {
		t.Fatal(got)
	}
	m := other.interview(id)
	m.Withdrawals[0].ToldBy = proto.String("FAMILY")
	if got := other.saves(aMember, access.Monitor, m); got[0] != Accepted || other.interview(id).Withdrawals[0].GetToldBy() != "FAMILY" {
		t.Errorf("%v, %v", got, other.interview(id))
	}
}

// What no program of ours writes: the gate may let it through, the structure does not.
func TestACraftedWithdrawalIsNone(t *testing.T) {
	value := func(s daylightv1.ConsentScope) []byte {
		b, err := proto.Marshal(&daylightv1.ConsentWithdrawal{Scope: s})
		if err != nil {
			t.Fatal(err)
		}
		return protowire.AppendBytes(protowire.AppendTag(nil, protowire.Number(record.InterviewWithdrawals), protowire.BytesType), b)
	}
	key := func(s daylightv1.ConsentScope) fold.Path {
		r := newRoom(t)
		return r.edits(took(r.interview(r.interviewed(1)), s))[0].Edits[0].Path
	}
	whole := fold.Path{Field: record.InterviewWithdrawals}
	for shows, edits := range map[string][]fold.Edit{
		"a key that is not the value's":   {{Path: key(personal), Value: value(anonymous)}},
		"no element":                      {{Path: whole, Value: value(personal)}},
		"two in one":                      {{Path: key(personal), Value: append(value(personal), value(personal)...)}},
		"another field's value":           {{Path: key(personal), Value: protowire.AppendVarint(protowire.AppendTag(nil, 19, protowire.VarintType), 1)}},
		"one that is cleared behind it":   {{Path: key(personal), Value: value(personal)}, {Path: key(personal)}},
		"one with a value behind a clear": {{Path: key(personal)}, {Path: key(personal), Value: value(personal)}},
	} {
		t.Run(shows, func(t *testing.T) {
			r := newRoom(t)
			id := r.interviewed(daylightv1.VisitState_VISIT_STATE_CLOSED, personal)
			change := journal.Change{Records: []journal.RecordEdits{{Kind: record.Interview, ID: id, Edits: edits}}}
			_, why := judge(fold.Stamp{Dot: fold.Dot{Writer: ofOthers, Seq: 2}}, change, []*working{{Record: Record{Kind: record.Interview, ID: id}, state: r.records[id].State}})
			if why != Unreadable {
				t.Errorf("%v", why)
			}
		})
	}
	t.Run("one that names what it replaces by its link", func(t *testing.T) {
		r := newRoom(t)
		id := r.interviewed(daylightv1.VisitState_VISIT_STATE_CLOSED, personal)
		e := fold.Edit{Path: key(personal), Value: value(personal), Supersedes: []fold.Superseded{{Link: fold.Link{7}}}}
		if d, denied := r.asks(aMember, access.Monitor, journal.RecordEdits{Kind: record.Interview, ID: id, Edits: []fold.Edit{e}}); d != Held || denied.Why != access.TooLate {
			t.Errorf("%v, %v", d, denied)
		}
	})
}
