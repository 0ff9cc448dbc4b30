package access_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// lifeCycle is who may take which step, written down a second time, by the numbers of
// the states; for a person outside the team, in it, and heading it.
var lifeCycle = map[string][3]string{
	"OMBUDSPERSON":          same("11-14>13,14 13>11"),
	"NPM_HEAD":              same("0>1 0-3>1,2,17 0-8>3-9 9-12>8,10-12 9-15>16 11-14>13,14 13>11 13-15>15,16 16>10,15 17>1"),
	"CASE_OFFICER":          same("0>1 0-3>1,2,17 0-8>3-9 9-12>8,10-12 9-15>16 13-15>15,16"),
	"REVIEWER":              same("9-12>8,10-12 9-15>16"),
	"FOLLOW_UP_OFFICER":     same("13-15>15,16"),
	"MONITOR":               {"", "0-7>3-7", "0>1 0-8>3-9"},
	"CIVIL_SOCIETY_MONITOR": {"", "0-7>3-7", "0>1 0-8>3-9"},
}

// paperCycle is the same for recommendations: they are of the office alone, and nobody's
// place in a team matters.
var paperCycle = map[string]string{
	"OMBUDSPERSON":      "2>3 3>2,4 3-6,8>10,11 10,11>2,8",
	"NPM_HEAD":          "0-2>1,2 1,2>11 2>3 3>2,4 3-6,8>10,11 10,11>2,8 4-6,8>4-6,8,9 9>8",
	"CASE_OFFICER":      "0-2>1,2 1,2>11 3>4 4-6,8>4-6,8,9 9>8",
	"REVIEWER":          "0-2>1,2 1,2>11",
	"FOLLOW_UP_OFFICER": "0-2>1,2 1,2>11 3>4 4-6,8>4-6,8,9 9>8",
}

func same(s string) [3]string { return [3]string{s, s, s} }

// numbers reads a list as 8,10-12.
func numbers(t *testing.T, s string) (out []int) {
	t.Helper()
	for _, part := range strings.Split(s, ",") {
		low, high, is := strings.Cut(part, "-")
		if !is {
			high = low
		}
		a, err := strconv.Atoi(low)
		b, err2 := strconv.Atoi(high)
		if err != nil || err2 != nil {
			t.Fatalf("%q", s)
		}
		for ; a <= b; a++ {
			out = append(out, a)
		}
	}
	return out
}

// allowed reads a line of the life-cycle. Who may set a state may set it again.
func allowed(t *testing.T, line string) map[[2]int]bool {
	t.Helper()
	out := map[[2]int]bool{}
	for _, rule := range strings.Fields(line) {
		from, to, _ := strings.Cut(rule, ">")
		for _, b := range numbers(t, to) {
			out[[2]int{b, b}] = true
			for _, a := range numbers(t, from) {
				out[[2]int{a, b}] = true
			}
		}
	}
	return out
}

func step(may access.Rights, s access.Subject, to int) access.Reason {
	s.Kind = record.Visit
	_, why := may.MayWrite(access.Write{Subject: s, Fields: []int32{11}, To: access.State(to)})
	return why
}

func TestEveryStepIsTakenByWhoMayTakeIt(t *testing.T) {
	cells, newest := 0, len(daylightv1.VisitState_name)+1
	for _, r := range access.Roles() {
		g := access.Grant{Role: r}
		if r == access.RegionalRep {
			g.Region = here
		}
		for standing, line := range lifeCycle[r.String()] {
			want := allowed(t, line)
			for from := range newest {
				for to := range newest {
					s := access.Subject{Region: here, Own: standing > 0, Head: standing > 1, State: daylightv1.VisitState(from)}
					if got := step(access.At(1, g), s, to) == access.NoReason; got != want[[2]int{from, to}] {
						t.Errorf("%v, standing %d: from %d to %d is %v", r, standing, from, to, got)
					}
					cells++
				}
			}
		}
	}
	t.Logf("%d cells", cells)
}

// The life-cycle as the page draws it, by those whom the method names.
func TestAVisitGoesItsWholeWay(t *testing.T) {
	who := map[string]access.Rights{}
	for _, name := range []string{"OMBUDSPERSON", "NPM_HEAD", "CASE_OFFICER", "REVIEWER", "FOLLOW_UP_OFFICER", "MONITOR"} {
		who[name] = access.At(1, grantOf(t, name))
	}
	state := 0
	for _, move := range strings.Fields(`NPM_HEAD>1 NPM_HEAD>2 member>3 member>4 member>5 member>4 member>7 head>8 head>9
		REVIEWER>10 REVIEWER>8 head>9 REVIEWER>10 CASE_OFFICER>11 CASE_OFFICER>12 OMBUDSPERSON>13 NPM_HEAD>14
		FOLLOW_UP_OFFICER>15 CASE_OFFICER>16`) {
		name, to, _ := strings.Cut(move, ">")
		s := access.Subject{State: daylightv1.VisitState(state)}
		may, office := who[name]
		if !office {
			may, s.Own, s.Head = who["MONITOR"], true, name == "head"
		}
		state, _ = strconv.Atoi(to)
		if why := step(may, s, state); why != access.NoReason {
			t.Errorf("%s from %v to %d: %v", name, s.State, state, why)
		}
	}
}

func TestTheFieldNeverTakesAStepOfTheOffice(t *testing.T) {
	for _, role := range []access.Role{access.Monitor, access.CivilSocietyMonitor} {
		for from := range 18 {
			for _, to := range numbers(t, "2,10-17") {
				head := access.Subject{Own: true, Head: true, State: daylightv1.VisitState(from)}
				if step(access.At(1, access.Grant{Role: role}), head, to) == access.NoReason {
					t.Error(role, fmt.Sprint(from, " to ", to))
				}
			}
		}
	}
}

func paperStep(may access.Rights, s access.Subject, from, to int) access.Reason {
	s.Kind = record.Recommendation
	_, why := may.MayWrite(access.Write{Subject: s, Fields: []int32{11}, From: access.State(from), To: access.State(to)})
	return why
}

func TestEveryStepOfAPaperIsTakenByWhoMayTakeIt(t *testing.T) {
	cells, newest := 0, len(daylightv1.RecommendationState_name)+1
	for _, r := range access.Roles() {
		g := access.Grant{Role: r}
		if r == access.RegionalRep {
			g.Region = here
		}
		want := allowed(t, paperCycle[r.String()])
		for _, visit := range []daylightv1.VisitState{4, 16} {
			for standing := range 3 {
				for from := range newest {
					for to := range newest {
						s := access.Subject{Region: here, Own: standing > 0, Head: standing > 1, State: visit}
						if got := paperStep(access.At(1, g), s, from, to) == access.NoReason; got != want[[2]int{from, to}] {
							t.Errorf("%v, standing %d: from %d to %d is %v", r, standing, from, to, got)
						}
						cells++
					}
				}
			}
		}
	}
	t.Logf("%d cells", cells)
}

func TestAPaperGoesItsWholeWay(t *testing.T) {
	state := 0
	for _, move := range strings.Fields(`CASE_OFFICER>1 CASE_OFFICER>2 REVIEWER>1 REVIEWER>2 OMBUDSPERSON>3 NPM_HEAD>2 NPM_HEAD>3
		FOLLOW_UP_OFFICER>4 FOLLOW_UP_OFFICER>6 FOLLOW_UP_OFFICER>8 CASE_OFFICER>6 FOLLOW_UP_OFFICER>8 CASE_OFFICER>9
		FOLLOW_UP_OFFICER>8 OMBUDSPERSON>10 OMBUDSPERSON>8 NPM_HEAD>11`) {
		name, to, _ := strings.Cut(move, ">")
		from := state
		state, _ = strconv.Atoi(to)
		if why := paperStep(access.At(1, grantOf(t, name)), access.Subject{}, from, state); why != access.NoReason {
			t.Errorf("%s from %d to %d: %v", name, from, state, why)
		}
	}
}

// Also where it stands there already, by a mistake: what is computed is never stored.
func TestNobodySetsWhatIsComputedOrClearsAState(t *testing.T) {
	for _, r := range access.Roles() {
		for from := range len(daylightv1.RecommendationState_name) {
			for _, to := range []int{0, 7} {
				if paperStep(access.At(1, access.Grant{Role: r}), access.Subject{}, from, to) == access.NoReason {
					t.Errorf("%v takes a recommendation from %d to %d", r, from, to)
				}
			}
		}
	}
}

func TestARecommendationIsBornAsADraft(t *testing.T) {
	for to := range len(daylightv1.RecommendationState_name) {
		w := access.Write{Subject: access.Subject{Kind: record.Recommendation}, Creates: true, Fields: fields(1, 11), To: access.State(to)}
		for claims, from := range map[string]access.State{"nothing": 0, "that it is approved already": 3} {
			w.From = from
			if ok, why := access.At(1, access.Grant{Role: access.NPMHead}).MayWrite(w); ok != (to == 1 || to == 2) {
				t.Errorf("claiming %s, born at %d: %v, %v", claims, to, ok, why)
			}
		}
	}
}

func TestARegionsPapersAreThoseOfItsOffice(t *testing.T) {
	may := access.At(1, access.Grant{Role: access.FollowUpOfficer, Region: here})
	for region, want := range map[string]access.Reason{here: access.NoReason, elsewhere: access.Missing, "": access.Missing} {
		if got := paperStep(may, access.Subject{Region: region}, 4, 5); got != want {
			t.Errorf("in %q: %v, want %v", region, got, want)
		}
	}
	both := access.At(1, access.Grant{Role: access.FollowUpOfficer, Region: here}, access.Grant{Role: access.MedicalReviewer})
	if got := paperStep(both, access.Subject{Region: elsewhere}, 4, 5); got != access.NotThisStep {
		t.Errorf("where the other role only reads: %v", got)
	}
}

// What a page offers is what the gate lets through.
func TestStepsAreThoseThatMayBeTaken(t *testing.T) {
	head := access.Subject{Own: true, Head: true, State: daylightv1.VisitState_VISIT_STATE_CONSOLIDATED}
	for shows, c := range map[string]struct {
		got  any
		want string
	}{
		"the head hands in":                  {access.At(1, access.Grant{Role: access.Monitor}).VisitSteps(head), "[PREPARED IN_PROGRESS SUSPENDED OBSTRUCTED FIELD_COMPLETE SUBMITTED]"},
		"a reviewer has to wait for it":      {access.At(1, access.Grant{Role: access.Reviewer}).VisitSteps(head), "[]"},
		"who reads none takes none":          {access.At(1, access.Grant{Role: access.DataOfficer}).VisitSteps(head), "[]"},
		"the Ombudsperson reads and signs":   {access.At(1, access.Grant{Role: access.Ombudsperson}).RecommendationSteps(2, access.Subject{}), "[APPROVED]"},
		"the follow-up officer after a slip": {access.At(1, access.Grant{Role: access.FollowUpOfficer}).RecommendationSteps(6, access.Subject{}), "[ISSUED RECEIVED UNDER_VERIFICATION CLOSED]"},
		"a monitor looks on":                 {access.At(1, access.Grant{Role: access.Monitor}).RecommendationSteps(2, head), "[]"},
		"nobody":                             {access.Rights{}.VisitSteps(head), "[]"},
	} {
		t.Run(shows, func(t *testing.T) {
			got := fmt.Sprint(c.got)
			for _, prefix := range []string{"VISIT_STATE_", "RECOMMENDATION_STATE_"} {
				got = strings.ReplaceAll(got, prefix, "")
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestAStepSaysWhereItStandsAndWhoCouldTakeIt(t *testing.T) {
	for want, s := range map[string]access.Step{
		"the visit stands at SUBMITTED; only NPM_HEAD, CASE_OFFICER or REVIEWER may take it to UNDER_REVIEW":            {Kind: record.Visit, From: 9, To: 10},
		"the visit stands at CONSOLIDATED; only NPM_HEAD, CASE_OFFICER or its head may take it to SUBMITTED":            {Kind: record.Visit, From: 8, To: 9},
		"the visit stands at PREPARED; only NPM_HEAD, CASE_OFFICER or its team may take it to IN_PROGRESS":              {Kind: record.Visit, From: 3, To: 4},
		"the visit stands at CLOSED; nobody may take it from there to PREPARED, only to UNDER_REVIEW or IN_FOLLOW_UP":   {Kind: record.Visit, From: 16, To: 3},
		"the visit stands at CLOSED; only NPM_HEAD may take it to UNDER_REVIEW":                                         {Kind: record.Visit, From: 16, To: 10},
		"the visit stands at PLANNED; its state is not cleared by anybody":                                              {Kind: record.Visit, From: 1},
		"the visit has no state yet; only NPM_HEAD, CASE_OFFICER or its head may take it to PLANNED":                    {Kind: record.Visit, To: 1},
		"the visit stands at state 40; nobody may take it from there to CLOSED":                                         {Kind: record.Visit, From: 40, To: 16},
		"the recommendation stands at IN_REVIEW; only OMBUDSPERSON or NPM_HEAD may take it to APPROVED":                 {Kind: record.Recommendation, From: 2, To: 3},
		"the recommendation stands at RECEIVED; OVERDUE is computed and set by nobody":                                  {Kind: record.Recommendation, From: 5, To: 7},
		"the recommendation has no state yet; nobody may take it from there to ISSUED, only to DRAFT or IN_REVIEW":      {Kind: record.Recommendation, To: 4},
		"the recommendation stands at DRAFT; nobody may take it from there to state 90, only to IN_REVIEW or WITHDRAWN": {Kind: record.Recommendation, From: 1, To: 90},
		"the recommendation stands at ISSUED; only NPM_HEAD, CASE_OFFICER or FOLLOW_UP_OFFICER may take it to RECEIVED": {Kind: record.Recommendation, From: 4, To: 5},
		"a finding has no steps": {Kind: record.Finding, From: 1, To: 2},
	} {
		if got := s.String(); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	denial := access.Denial{Why: access.NotThisStep, Write: access.Write{Subject: access.Subject{Kind: record.Visit, State: 9}, To: 10}}
	if got := denial.String(); got != (access.Step{Kind: record.Visit, From: 9, To: 10}).String() {
		t.Errorf("a denial says %s", got)
	}
	if got := (access.Denial{Why: access.NotToDecide}).String(); got != access.NotToDecide.String() {
		t.Errorf("another denial says %s", got)
	}
}

// Who may take a step is who is let through.
func TestWhoIsWhoMayTakeIt(t *testing.T) {
	for _, k := range []record.Kind{record.Visit, record.Recommendation} {
		for from := range access.State(19) {
			for to := range access.State(19) {
				who := access.Step{Kind: k, From: from, To: to}.Who()
				for _, r := range access.Roles() {
					w := access.Write{Subject: access.Subject{Kind: k, Own: true, Head: true}, Fields: fields(11), From: from, To: to}
					if k == record.Visit {
						w.State = daylightv1.VisitState(from)
					}
					if ok, _ := access.At(1, access.Grant{Role: r}).MayWrite(w); ok != slices.Contains(who, r) {
						t.Errorf("%v of a %v from %d to %d: %v, and it is said of %v", r, k, from, to, ok, who)
					}
				}
			}
		}
	}
}

func TestWhoTakesSteps(t *testing.T) {
	for _, r := range access.Roles() {
		may := access.At(1, access.Grant{Role: r})
		if _, takes := lifeCycle[r.String()]; may.TakesSteps(record.Visit) != takes {
			t.Errorf("%v takes steps of visits: %v", r, !takes)
		}
		if _, takes := paperCycle[r.String()]; may.TakesSteps(record.Recommendation) != takes {
			t.Errorf("%v takes steps of recommendations: %v", r, !takes)
		}
		if may.TakesSteps(record.Finding) || may.TakesSteps(77) {
			t.Errorf("%v takes steps of what has none", r)
		}
	}
}
