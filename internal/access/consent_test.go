package access_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// withdraw is why somebody may not record that a person took a consent back.
func withdraw(may access.Rights, s access.Subject) access.Reason {
	s.Kind = record.Interview
	_, why := may.MayWrite(access.Write{Subject: s, Fields: fields(25), Withdraws: true})
	return why
}

func TestAWithdrawalIsNeverLate(t *testing.T) {
	closed := access.Subject{Kind: record.Interview, Own: true, State: daylightv1.VisitState_VISIT_STATE_CLOSED}
	elsewhere := access.Subject{Kind: record.Interview, State: daylightv1.VisitState_VISIT_STATE_CANCELLED}
	adds := access.Write{Subject: closed, Fields: fields(25), Withdraws: true}
	clears := access.Write{Subject: closed, Fields: fields(25)}
	with := access.Write{Subject: closed, Fields: fields(25, 19), Withdraws: true}
	on := func(w access.Write, s access.Subject) access.Write { w.Subject = s; return w }
	for shows, c := range map[string]struct {
		role access.Role
		w    access.Write
		want access.Reason
	}{
		"a monitor of a visit that has ended":      {access.Monitor, adds, access.NoReason},
		"a civil society monitor":                  {access.CivilSocietyMonitor, adds, access.NoReason},
		"the office":                               {access.CaseOfficer, on(adds, elsewhere), access.NoReason},
		"who only reads interviews":                {access.Ombudsperson, on(adds, elsewhere), access.NoReason},
		"not who has no part in the visit":         {access.Monitor, on(adds, elsewhere), access.Missing},
		"not who follows up":                       {access.FollowUpOfficer, adds, access.Missing},
		"not who protects from reprisals":          {access.ReprisalFocalPoint, adds, access.Missing},
		"clearing one is late":                     {access.Monitor, clears, access.TooLate},
		"and a write like any other":               {access.Ombudsperson, clears, access.NotToWrite},
		"which the office may":                     {access.CaseOfficer, clears, access.NoReason},
		"what else is changed is judged as ever":   {access.Monitor, with, access.TooLate},
		"also for who only reads":                  {access.NPMHead, with, access.NotToWrite},
		"removing the interview is":                {access.Monitor, access.Write{Subject: closed, Fields: fields(25, 3), Withdraws: true}, access.TooLate},
		"an interview is not made by it":           {access.Ombudsperson, access.Write{Subject: closed, Creates: true, Fields: fields(1, 25), Withdraws: true}, access.NotToCreate},
		"the field of another kind has no licence": {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Finding, Own: true, State: 16}, Fields: fields(25), Withdraws: true}, access.TooLate},
	} {
		t.Run(shows, func(t *testing.T) {
			if _, why := access.At(1, access.Grant{Role: c.role}).MayWrite(c.w); why != c.want {
				t.Errorf("%v, want %v", why, c.want)
			}
		})
	}
}

func TestWhoeverReadsAnInterviewRecordsAWithdrawal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		may := access.At(5, rapid.SliceOfN(anyGrant, 0, 4).Draw(t, "grants")...)
		s := anyWrite.Draw(t, "write").Subject
		s.Kind = record.Interview
		if reads, takes := may.MayRead(s), withdraw(may, s) == access.NoReason; reads != takes {
			t.Errorf("%+v is read: %v, and a withdrawal taken: %v", s, reads, takes)
		}
	})
}
