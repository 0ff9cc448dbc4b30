package access_test

import (
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	here      = "UA-32"
	elsewhere = "UA-05"
)

// matrix is need to know in the office, written down a second time, from the page and
// not from the table. r: read, w: write a plain field, c: create, x: remove; for
// records of a visit in whose team one is, that one heads, and that has ended; then
// for those that one created, in the region, and all others. A role with @ is granted
// for the region. Where the page gives less than a whole record, here is nothing.
const matrix = `
                                own   head  ended made  region other
OMBUDSPERSON           facility r     r     r     r     r      r
OMBUDSPERSON           visit    r     r     r     r     r      r
OMBUDSPERSON           finding  r     r     r     r     r      r
OMBUDSPERSON           term     r     r     r     r     r      r
NPM_HEAD               facility rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
NPM_HEAD               visit    rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
NPM_HEAD               finding  r     r     r     r     r      r
NPM_HEAD               term     rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
CASE_OFFICER           facility rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
CASE_OFFICER           visit    rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
CASE_OFFICER           finding  rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
CASE_OFFICER           term     r     r     r     r     r      r
CASE_OFFICER@          facility -     -     -     -     rwcx   -
CASE_OFFICER@          visit    -     -     -     -     rwcx   -
CASE_OFFICER@          finding  -     -     -     -     rwcx   -
CASE_OFFICER@          term     r     r     r     r     r      r
REVIEWER               facility r     r     r     r     r      r
REVIEWER               visit    rw    rw    rw    rw    rw     rw
REVIEWER               finding  rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
REVIEWER               term     r     r     r     r     r      r
REVIEWER@              facility -     -     -     -     r      -
REVIEWER@              visit    -     -     -     -     rw     -
REVIEWER@              finding  -     -     -     -     rwcx   -
REVIEWER@              term     r     r     r     r     r      r
MEDICAL_REVIEWER       facility r     r     r     r     r      r
MEDICAL_REVIEWER       visit    r     r     r     r     r      r
MEDICAL_REVIEWER       finding  -     -     -     -     -      -
MEDICAL_REVIEWER       term     r     r     r     r     r      r
MEDICAL_REVIEWER@      facility -     -     -     -     r      -
MEDICAL_REVIEWER@      visit    -     -     -     -     r      -
MEDICAL_REVIEWER@      finding  -     -     -     -     -      -
MEDICAL_REVIEWER@      term     r     r     r     r     r      r
FOLLOW_UP_OFFICER      facility r     r     r     r     r      r
FOLLOW_UP_OFFICER      visit    r     r     r     r     r      r
FOLLOW_UP_OFFICER      finding  r     r     r     r     r      r
FOLLOW_UP_OFFICER      term     r     r     r     r     r      r
FOLLOW_UP_OFFICER@     facility -     -     -     -     r      -
FOLLOW_UP_OFFICER@     visit    -     -     -     -     r      -
FOLLOW_UP_OFFICER@     finding  -     -     -     -     r      -
FOLLOW_UP_OFFICER@     term     r     r     r     r     r      r
REPRISAL_FOCAL_POINT   facility r     r     r     r     r      r
REPRISAL_FOCAL_POINT   visit    r     r     r     r     r      r
REPRISAL_FOCAL_POINT   finding  r     r     r     r     r      r
REPRISAL_FOCAL_POINT   term     r     r     r     r     r      r
REPRISAL_FOCAL_POINT@  facility -     -     -     -     r      -
REPRISAL_FOCAL_POINT@  visit    -     -     -     -     r      -
REPRISAL_FOCAL_POINT@  finding  -     -     -     -     r      -
REPRISAL_FOCAL_POINT@  term     r     r     r     r     r      r
DATA_OFFICER           facility r     r     r     r     r      r
DATA_OFFICER           visit    -     -     -     -     -      -
DATA_OFFICER           finding  -     -     -     -     -      -
DATA_OFFICER           term     r     r     r     r     r      r
PUBLICATION_EDITOR     facility r     r     r     r     r      r
PUBLICATION_EDITOR     visit    -     -     -     -     -      -
PUBLICATION_EDITOR     finding  -     -     -     -     -      -
PUBLICATION_EDITOR     term     r     r     r     r     r      r
REGIONAL_REP           facility -     -     -     -     -      -
REGIONAL_REP           visit    -     -     -     -     -      -
REGIONAL_REP           finding  -     -     -     -     -      -
REGIONAL_REP           term     -     -     -     -     -      -
REGIONAL_REP@          facility -     -     -     -     r      -
REGIONAL_REP@          visit    -     -     -     -     r      -
REGIONAL_REP@          finding  -     -     -     -     r      -
REGIONAL_REP@          term     r     r     r     r     r      r
SYSTEM_ADMIN           facility -     -     -     -     -      -
SYSTEM_ADMIN           visit    -     -     -     -     -      -
SYSTEM_ADMIN           finding  -     -     -     -     -      -
SYSTEM_ADMIN           term     -     -     -     -     -      -
AUDITOR                facility -     -     -     -     -      -
AUDITOR                visit    -     -     -     -     -      -
AUDITOR                finding  -     -     -     -     -      -
AUDITOR                term     -     -     -     -     -      -
AUTHORITY_LIAISON      facility -     -     -     -     -      -
AUTHORITY_LIAISON      visit    -     -     -     -     -      -
AUTHORITY_LIAISON      finding  -     -     -     -     -      -
AUTHORITY_LIAISON      term     -     -     -     -     -      -
MONITOR                facility rc    rc    rc    rwcx  rc     rc
MONITOR                visit    rw    rwcx  r     -     -      -
MONITOR                finding  rwcx  rwcx  r     -     -      -
MONITOR                term     r     r     r     r     r      r
CIVIL_SOCIETY_MONITOR  facility r     r     r     -     -      -
CIVIL_SOCIETY_MONITOR  visit    rw    rwx   r     -     -      -
CIVIL_SOCIETY_MONITOR  finding  rwcx  rwcx  r     -     -      -
CIVIL_SOCIETY_MONITOR  term     r     r     r     r     r      r
`

// notRegional are granted for the whole office only: with a region they give nothing.
const notRegional = `OMBUDSPERSON NPM_HEAD DATA_OFFICER PUBLICATION_EDITOR SYSTEM_ADMIN AUDITOR
	AUTHORITY_LIAISON MONITOR CIVIL_SOCIETY_MONITOR`

var scopes = []access.Subject{
	{Region: elsewhere, Own: true, State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS},
	{Region: elsewhere, Own: true, Head: true, State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS},
	{Region: elsewhere, Own: true, Head: true, State: daylightv1.VisitState_VISIT_STATE_CLOSED},
	{Region: elsewhere, Made: true},
	{Region: here},
	{Region: elsewhere},
}

// plain is a field of each kind that asks for nothing special.
var plain = map[record.Kind]int32{record.Facility: 34, record.Visit: 31, record.Finding: 27, record.Term: 13}

// answers says what the rights allow of a subject, in the letters of the matrix.
func answers(may access.Rights, s access.Subject) (out string) {
	add := func(letter string, ok bool) {
		if ok {
			out += letter
		}
	}
	writes := func(w access.Write) bool { ok, _ := may.MayWrite(w); return ok }
	add("r", may.MayRead(s))
	add("w", writes(access.Write{Subject: s, Fields: []int32{plain[s.Kind]}}))
	born := access.Write{Subject: s, Creates: true, Fields: []int32{1, plain[s.Kind]}}
	if s.Kind == record.Visit {
		born.Fields, born.NamesHead = append(born.Fields, 20), s.Head && s.State != daylightv1.VisitState_VISIT_STATE_CLOSED
	}
	add("c", writes(born))
	add("x", writes(access.Write{Subject: s, Fields: []int32{3}}))
	if out == "" {
		return "-"
	}
	return out
}

// grantOf reads a name of the matrix.
func grantOf(t *testing.T, name string) (g access.Grant) {
	t.Helper()
	code, regional := strings.CutSuffix(name, "@")
	if regional {
		g.Region = here
	}
	var err error
	if g.Role, err = access.ParseRole(code); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestEveryCellIsAsOnThePage(t *testing.T) {
	cells, seen := 0, map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(matrix), "\n")[1:] {
		f := strings.Fields(line)
		kind, err := record.ParseKind(f[1])
		if err != nil || len(f) != 2+len(scopes) {
			t.Fatal(line, err)
		}
		seen[f[0]+" "+f[1]] = true
		may := access.At(1, grantOf(t, f[0]))
		for i, s := range scopes {
			s.Kind = kind
			if got := answers(may, s); got != f[2+i] {
				t.Errorf("%s %s, scope %d: %s, want %s", f[0], kind, i+1, got, f[2+i])
			}
			cells++
		}
	}
	for _, r := range access.Roles() {
		for _, k := range record.Kinds() {
			at := seen[r.String()+"@ "+k.String()]
			if !seen[r.String()+" "+k.String()] || at == strings.Contains(" "+strings.Join(strings.Fields(notRegional), " ")+" ", " "+r.String()+" ") {
				t.Errorf("%v %v is not in the matrix", r, k)
			}
		}
	}
	t.Logf("%d cells, %d answers", cells, 4*cells)
}

func TestARegionGivesNothingToARoleOfTheWholeOffice(t *testing.T) {
	for _, name := range strings.Fields(notRegional) {
		g := grantOf(t, name+"@")
		if g.Check() == nil {
			t.Errorf("%v passes", g)
		}
		if got := everything(access.At(1, g)); got != everything(access.Rights{}) {
			t.Errorf("%v: %s", g, got)
		}
	}
}
