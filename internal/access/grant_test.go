package access_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	firstAction = access.ReadDirectory
	lastAction  = access.ChangeTeams
)

// everything is all that the rights allow, as text.
func everything(may access.Rights) string {
	var b strings.Builder
	for _, k := range append(record.Kinds(), 77) {
		fmt.Fprintln(&b, k, may.Reads(k), may.Regions(k))
		for _, s := range scopes {
			s.Kind = k
			fmt.Fprint(&b, answers(may, s), " ")
			b.WriteString("steps ")
			for to := range 18 {
				fmt.Fprint(&b, uint8(step(may, s, to)), " ")
			}
			fmt.Fprint(&b, may.VisitSteps(s), may.RecommendationSteps(2, s), withdraw(may, s))
		}
	}
	for a := range access.Action(20) {
		fmt.Fprintln(&b, a, may.May(a))
	}
	fmt.Fprintln(&b, may.ReadsSomething(), may.Writes())
	return b.String()
}

func TestRolesAreThoseOfTheDirectory(t *testing.T) {
	if got, want := len(access.Roles()), len(daylightv1.OfficeRole_name)-1; got != want {
		t.Errorf("%d roles, the directory has %d", got, want)
	}
	for _, r := range access.Roles() {
		name := "OFFICE_ROLE_" + r.String()
		if n, ok := daylightv1.OfficeRole_value[name]; !ok || n != int32(r) {
			t.Errorf("role %d: %s is %d", r, name, n)
		}
		if back, err := access.ParseRole(r.String()); err != nil || back != r {
			t.Errorf("%v is read back as %v: %v", r, back, err)
		}
	}
	for role, code := range map[access.Role]string{access.NPMHead: "NPM_HEAD", access.Auditor: "AUDITOR", access.Monitor: "MONITOR", 0: "role 0", 16: "role 16"} {
		if role.String() != code {
			t.Errorf("%s, want %s", role, code)
		}
	}
	for _, s := range []string{"", "UNSPECIFIED", "role 0", "monitor"} {
		if r, err := access.ParseRole(s); err == nil || r != 0 {
			t.Errorf("%q is read as %v", s, r)
		}
	}
}

func TestNothingWithoutAValidGrant(t *testing.T) {
	nothing := everything(access.Rights{})
	for _, word := range []string{"true", "own", "region", "all\n", "r steps", "c steps", " 0 ", "_STATE_", "allowed"} {
		if strings.Contains(nothing, word) {
			t.Fatalf("nobody may do something, %q: %s", word, nothing)
		}
	}
	for r := range access.Role(255) {
		for shows, g := range map[string]access.Grant{
			"before it begins":    {Role: r, From: 101},
			"at its end":          {Role: r, Until: 100},
			"after its end":       {Role: r, From: 1, Until: 99},
			"an unknown role":     {Role: 16 + r%200},
			"the zero role":       {},
			"in a region, early":  {Role: r, Region: here, From: 101},
			"in a region, late":   {Role: r, Region: here, Until: 100},
			"ended before it was": {Role: r, From: 90, Until: 80},
		} {
			if got := everything(access.At(100, g)); got != nothing {
				t.Errorf("%s, role %d: %s", shows, r, got)
			}
		}
	}
	if everything(access.At(100, access.Grant{Role: access.Monitor, From: 100, Until: 101})) == nothing {
		t.Error("a valid grant gives nothing")
	}
}

func TestGrantsThatCanGiveNothingAreNamed(t *testing.T) {
	for shows, c := range map[string]struct {
		g    access.Grant
		good bool
	}{
		"a monitor":                     {access.Grant{Role: access.Monitor}, true},
		"a reviewer for a region":       {access.Grant{Role: access.Reviewer, Region: here}, true},
		"a representative for a region": {access.Grant{Role: access.RegionalRep, Region: here, From: 1, Until: 2}, true},
		"a representative for none":     {access.Grant{Role: access.RegionalRep}, false},
		"an administrator for a region": {access.Grant{Role: access.SystemAdmin, Region: here}, false},
		"an unknown role":               {access.Grant{Role: 16}, false},
		"no role":                       {access.Grant{}, false},
		"an end before the beginning":   {access.Grant{Role: access.Monitor, From: 2, Until: 1}, false},
	} {
		t.Run(shows, func(t *testing.T) {
			if err := c.g.Check(); (err == nil) != c.good {
				t.Error(err)
			}
		})
	}
}

// What nobody may have by accident.
func TestKeptApart(t *testing.T) {
	for _, r := range []access.Role{access.SystemAdmin, access.Auditor, access.AuthorityLiaison} {
		if access.At(1, access.Grant{Role: r}).ReadsSomething() {
			t.Errorf("%v reads records", r)
		}
	}
	if got := access.At(1, access.Grant{Role: access.Auditor}); !got.May(access.ReadAccessLog) {
		t.Error("the auditor does not read the log")
	}
	for _, r := range access.Roles() {
		may := access.At(1, access.Grant{Role: r})
		if may.May(access.ReadAccessLog) && may.May(access.ChangePeople) {
			t.Errorf("%v changes people and reads who did", r)
		}
		if may.May(access.ExportRecords) && !may.ReadsSomething() {
			t.Errorf("%v exports what it does not read", r)
		}
		if ok, _ := may.MayWrite(access.Write{Subject: access.Subject{Kind: record.Facility}, Creates: true, Fields: fields(1)}); may.May(access.ImportRegister) && !ok {
			t.Errorf("%v imports what it does not create", r)
		}
		if writes := strings.Contains("OMBUDSPERSON NPM_HEAD CASE_OFFICER REVIEWER MEDICAL_REVIEWER FOLLOW_UP_OFFICER REPRISAL_FOCAL_POINT MONITOR CIVIL_SOCIETY_MONITOR", r.String()); may.Writes() != writes {
			t.Errorf("%v writes records: %v", r, may.Writes())
		}
		team := access.Write{Subject: access.Subject{Kind: record.Visit}, Fields: fields(20)}
		if ok, _ := may.MayWrite(team); may.May(access.ChangeTeams) != ok {
			t.Errorf("%v changes teams here and not there: %v", r, ok)
		}
		if may.May(0) || may.May(lastAction+1) {
			t.Errorf("%v may do what is no action", r)
		}
	}
	if access.At(1, access.Grant{Role: access.CaseOfficer, Region: here}).May(access.ReadDirectory) {
		t.Error("a grant for a region reaches the whole office's directory")
	}
}

var anyGrant = rapid.Custom(func(t *rapid.T) access.Grant {
	return access.Grant{
		Role:   access.Role(rapid.IntRange(0, 17).Draw(t, "role")),
		Region: rapid.SampledFrom([]string{"", "", here, elsewhere}).Draw(t, "region"),
		From:   rapid.Int64Range(0, 6).Draw(t, "from"), Until: rapid.SampledFrom([]int64{0, 0, 4, 5, 6, 9}).Draw(t, "until"),
	}
})

var anyWrite = rapid.Custom(func(t *rapid.T) access.Write {
	flip := func(name string) bool { return rapid.Bool().Draw(t, name) }
	w := access.Write{
		Subject: access.Subject{
			Kind: record.Kind(rapid.Uint32Range(0, 24).Draw(t, "kind")), Own: flip("own"), Head: flip("head"), Made: flip("made"),
			Region: rapid.SampledFrom([]string{"", here, elsewhere}).Draw(t, "region"),
			State:  daylightv1.VisitState(rapid.Int32Range(-1, 33).Draw(t, "state")),
		},
		Creates: flip("creates"), NamesHead: flip("names a head"),
		From: access.State(rapid.Int32Range(-1, 33).Draw(t, "from")), To: access.State(rapid.Int32Range(-1, 33).Draw(t, "to")),
		Withdraws: flip("withdraws"),
	}
	w.Fields = rapid.SliceOfN(rapid.SampledFrom([]int32{1, 3, 5, 10, 11, 14, 15, 18, 20, 25, 27, 900}), 0, 4).Draw(t, "fields")
	return w
})

func TestAGrantNeverTakesAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(anyGrant, 0, 4).Draw(t, "grants")
		one, w := anyGrant.Draw(t, "one more"), anyWrite.Draw(t, "write")
		less, only, more := access.At(5, some...), access.At(5, one), access.At(5, append([]access.Grant{one}, some...)...)
		if more.MayRead(w.Subject) != (less.MayRead(w.Subject) || only.MayRead(w.Subject)) {
			t.Errorf("%v beside %v changes what each reads", one, some)
		}
		if more.Reads(w.Kind) != less.Reads(w.Kind)|only.Reads(w.Kind) {
			t.Errorf("%v beside %v changes how far each reads", one, some)
		}
		before, _ := less.MayWrite(w)
		if after, why := more.MayWrite(w); before && !after {
			t.Errorf("%v takes a write away from %v: %v", one, some, why)
		}
		for a := firstAction; a <= lastAction; a++ {
			if more.May(a) != (less.May(a) || only.May(a)) {
				t.Errorf("%v with %v and %v", a, one, some)
			}
		}
	})
}

func TestNothingIsWrittenThatIsNotRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		may := access.At(5, rapid.SliceOfN(anyGrant, 0, 4).Draw(t, "grants")...)
		w := anyWrite.Draw(t, "write")
		ok, why := may.MayWrite(w)
		if ok != (why == access.NoReason) {
			t.Errorf("%v because of %v", ok, why)
		}
		if !may.MayRead(w.Subject) && !w.Creates && (ok || why != access.Missing) {
			t.Errorf("%+v is not read, and writing it: %v", w, why)
		}
		if may.MayRead(w.Subject) && !w.Creates && why == access.Missing {
			t.Errorf("%+v is read, and missing to its writer", w)
		}
		if (may.Reads(w.Kind)&access.Region != 0) != (len(may.Regions(w.Kind)) > 0) {
			t.Error("a region is read and none is named, or the other way")
		}
		if may.MayRead(w.Subject) && may.Reads(w.Kind) == access.None {
			t.Error("something of a kind is read that is not read")
		}
	})
}
