package access_test

import (
	"fmt"
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
	_, why := may.MayWrite(access.Write{Subject: s, Fields: []int32{11}, To: daylightv1.VisitState(to)})
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
