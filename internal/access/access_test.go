package access

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"text/tabwriter"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

var kinds = []record.Kind{record.Facility, record.Visit, record.Finding, record.Term}

func (r Reach) String() string {
	var out []string
	for i, name := range []string{"own", "region", "all"} {
		if r&(Own<<i) != 0 {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, "+")
}

// The table as it is: whoever changes it sees here what that means.
func Example() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "role\tplaces\tvisits\tfindings\twrites\toffice")
	for r := Ombudsperson; r <= CivilSocietyMonitor; r++ {
		g := Grant{Role: r}
		if r == RegionalRep {
			g.Region = "UA-32"
		}
		may := At(1, g)
		office := ""
		for a := ReadDirectory; a < endOfActions; a++ {
			office += map[bool]string{true: "x", false: "."}[may.May(a)]
		}
		name := strings.TrimPrefix(daylightv1.OfficeRole(r).String(), "OFFICE_ROLE_")
		fmt.Fprintf(w, "%s\t%v\t%v\t%v\t%v\t%s\n", name, may.Reads(record.Facility), may.Reads(record.Visit), may.Reads(record.Finding), may.Writes(), office)
	}
	w.Flush()
	// Output:
	// role                   places  visits  findings  writes  office
	// OMBUDSPERSON           all     all     all       false   x...xx.x
	// NPM_HEAD               all     all     all       true    x..xxx.x
	// CASE_OFFICER           all     all     all       true    x.......
	// REVIEWER               all     all     all       true    x.......
	// MEDICAL_REVIEWER       all     all     -         false   x.......
	// FOLLOW_UP_OFFICER      all     all     all       false   x.......
	// REPRISAL_FOCAL_POINT   all     all     all       false   x.......
	// DATA_OFFICER           all     -       -         false   ........
	// PUBLICATION_EDITOR     all     -       -         false   ........
	// REGIONAL_REP           region  region  region    false   ........
	// SYSTEM_ADMIN           -       -       -         false   xxxxxxx.
	// AUDITOR                -       -       -         false   .......x
	// AUTHORITY_LIAISON      -       -       -         false   ........
	// MONITOR                all     own     own       true    ........
	// CIVIL_SOCIETY_MONITOR  own     own     own       true    ........
}

// everything is all that the rights allow, as text.
func everything(r Rights) string {
	var b strings.Builder
	for _, k := range kinds {
		fmt.Fprintln(&b, k, r.Reads(k), r.Regions(k))
	}
	for a := ReadDirectory; a < endOfActions; a++ {
		fmt.Fprintln(&b, a, r.May(a))
	}
	fmt.Fprintln(&b, r.Writes(), r.ReadsSomething())
	return b.String()
}

func TestEachRoleHasARow(t *testing.T) {
	for n, name := range daylightv1.OfficeRole_name {
		if _, ok := table[Role(n)]; ok != (n != 0) {
			t.Errorf("%s has a row: %v", name, ok)
		}
	}
	if len(table) != len(daylightv1.OfficeRole_name)-1 {
		t.Errorf("%d rows", len(table))
	}
}

func TestNothingWithoutAValidGrant(t *testing.T) {
	nothing := everything(Rights{})
	for r := range Role(255) {
		for shows, g := range map[string]Grant{
			"before it begins":  {Role: r, From: 101},
			"at its end":        {Role: r, Until: 100},
			"after its end":     {Role: r, From: 1, Until: 99},
			"an unknown role":   {Role: 16 + r%200},
			"a role of nothing": {},
		} {
			if got := everything(At(100, g)); got != nothing {
				t.Errorf("%s, role %d: %s", shows, r, got)
			}
		}
	}
	if everything(At(100, Grant{Role: Monitor, From: 100, Until: 101})) == nothing {
		t.Error("a valid grant gives nothing")
	}
}

// What nobody may have by accident.
func TestKeptApart(t *testing.T) {
	for _, r := range []Role{SystemAdmin, Auditor, AuthorityLiaison} {
		if At(1, Grant{Role: r}).ReadsSomething() || At(1, Grant{Role: r}).Writes() {
			t.Errorf("role %d reaches records", r)
		}
	}
	for r := range table {
		may := At(1, Grant{Role: r})
		if may.May(ReadAccessLog) && may.May(ChangePeople) {
			t.Errorf("role %d changes people and reads who did", r)
		}
		if may.Writes() && may.Reads(record.Visit) == None {
			t.Errorf("role %d writes what it does not read", r)
		}
	}
	if At(1, Grant{Role: RegionalRep}).Reads(record.Visit) != None {
		t.Error("a regional representative without a region reads something")
	}
	if got := At(1, Grant{Role: Reviewer, Region: "UA-32"}).Reads(record.Visit); got != Region {
		t.Errorf("a reviewer for one region reads %v", got)
	}
}

func TestGrantsAddUp(t *testing.T) {
	grants := rapid.Custom(func(t *rapid.T) Grant {
		return Grant{
			Role: Role(rapid.IntRange(0, 20).Draw(t, "role")), Region: rapid.SampledFrom([]string{"", "", "UA-32", "UA-05"}).Draw(t, "region"),
			From: rapid.Int64Range(0, 10).Draw(t, "from"), Until: rapid.Int64Range(0, 20).Draw(t, "until"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(grants, 0, 4).Draw(t, "grants")
		one := grants.Draw(t, "one more")
		less, more := At(5, some...), At(5, append([]Grant{one}, some...)...)
		for _, k := range kinds {
			if less.Reads(k)&^more.Reads(k) != 0 {
				t.Errorf("%v takes reading away from %v", one, some)
			}
			if more.Reads(k) != less.Reads(k)|At(5, one).Reads(k) {
				t.Errorf("%v and %v give more than each", one, some)
			}
			if (more.Reads(k)&Region != 0) != (len(more.Regions(k)) > 0) {
				t.Errorf("a region is read, but none is named: %v %v", one, some)
			}
		}
		for a := ReadDirectory; a < endOfActions; a++ {
			if more.May(a) != (less.May(a) || At(5, one).May(a)) {
				t.Errorf("action %d with %v and %v", a, one, some)
			}
		}
	})
}
