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
OMBUDSPERSON           facility        r     r     r     r     r      r
OMBUDSPERSON           visit           r     r     r     r     r      r
OMBUDSPERSON           finding         r     r     r     r     r      r
OMBUDSPERSON           term            r     r     r     r     r      r
OMBUDSPERSON           person_identity -     -     -     -     -      -
OMBUDSPERSON           interview_note  r     r     r     r     r      r
OMBUDSPERSON           medical_note    -     -     -     -     -      -
OMBUDSPERSON           reprisal_detail r     r     r     r     r      r
OMBUDSPERSON           sealing_key     rwx   rwx   rwx   rwx   rwx    rwx
NPM_HEAD               facility        rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
NPM_HEAD               visit           rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
NPM_HEAD               finding         r     r     r     r     r      r
NPM_HEAD               term            rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
NPM_HEAD               person_identity -     -     -     -     -      -
NPM_HEAD               interview_note  r     r     r     r     r      r
NPM_HEAD               medical_note    -     -     -     -     -      -
NPM_HEAD               reprisal_detail r     r     r     r     r      r
NPM_HEAD               sealing_key     rwx   rwx   rwx   rwx   rwx    rwx
CASE_OFFICER           facility        rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
CASE_OFFICER           visit           rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
CASE_OFFICER           finding         rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
CASE_OFFICER           term            r     r     r     r     r      r
CASE_OFFICER           person_identity -     -     -     -     -      -
CASE_OFFICER           interview_note  r     r     r     r     r      r
CASE_OFFICER           medical_note    -     -     -     -     -      -
CASE_OFFICER           reprisal_detail -     -     -     -     -      -
CASE_OFFICER           sealing_key     rwx   rwx   rwx   rwx   rwx    rwx
CASE_OFFICER@          facility        -     -     -     -     rwcx   -
CASE_OFFICER@          visit           -     -     -     -     rwcx   -
CASE_OFFICER@          finding         -     -     -     -     rwcx   -
CASE_OFFICER@          term            r     r     r     r     r      r
CASE_OFFICER@          person_identity -     -     -     -     -      -
CASE_OFFICER@          interview_note  -     -     -     -     r      -
CASE_OFFICER@          medical_note    -     -     -     -     -      -
CASE_OFFICER@          reprisal_detail -     -     -     -     -      -
CASE_OFFICER@          sealing_key     -     -     -     -     rwx    -
REVIEWER               facility        r     r     r     r     r      r
REVIEWER               visit           rw    rw    rw    rw    rw     rw
REVIEWER               finding         rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
REVIEWER               term            r     r     r     r     r      r
REVIEWER               person_identity -     -     -     -     -      -
REVIEWER               interview_note  r     r     r     r     r      r
REVIEWER               medical_note    -     -     -     -     -      -
REVIEWER               reprisal_detail -     -     -     -     -      -
REVIEWER               sealing_key     rwx   rwx   rwx   rwx   rwx    rwx
REVIEWER@              facility        -     -     -     -     r      -
REVIEWER@              visit           -     -     -     -     rw     -
REVIEWER@              finding         -     -     -     -     rwcx   -
REVIEWER@              term            r     r     r     r     r      r
REVIEWER@              person_identity -     -     -     -     -      -
REVIEWER@              interview_note  -     -     -     -     r      -
REVIEWER@              medical_note    -     -     -     -     -      -
REVIEWER@              reprisal_detail -     -     -     -     -      -
REVIEWER@              sealing_key     -     -     -     -     rwx    -
MEDICAL_REVIEWER       facility        r     r     r     r     r      r
MEDICAL_REVIEWER       visit           r     r     r     r     r      r
MEDICAL_REVIEWER       finding         -     -     -     -     -      -
MEDICAL_REVIEWER       term            r     r     r     r     r      r
MEDICAL_REVIEWER       person_identity -     -     -     -     -      -
MEDICAL_REVIEWER       interview_note  -     -     -     -     -      -
MEDICAL_REVIEWER       medical_note    rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
MEDICAL_REVIEWER       reprisal_detail -     -     -     -     -      -
MEDICAL_REVIEWER       sealing_key     rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
MEDICAL_REVIEWER@      facility        -     -     -     -     r      -
MEDICAL_REVIEWER@      visit           -     -     -     -     r      -
MEDICAL_REVIEWER@      finding         -     -     -     -     -      -
MEDICAL_REVIEWER@      term            r     r     r     r     r      r
MEDICAL_REVIEWER@      person_identity -     -     -     -     -      -
MEDICAL_REVIEWER@      interview_note  -     -     -     -     -      -
MEDICAL_REVIEWER@      medical_note    -     -     -     -     rwcx   -
MEDICAL_REVIEWER@      reprisal_detail -     -     -     -     -      -
MEDICAL_REVIEWER@      sealing_key     -     -     -     -     rwcx   -
FOLLOW_UP_OFFICER      facility        r     r     r     r     r      r
FOLLOW_UP_OFFICER      visit           r     r     r     r     r      r
FOLLOW_UP_OFFICER      finding         r     r     r     r     r      r
FOLLOW_UP_OFFICER      term            r     r     r     r     r      r
FOLLOW_UP_OFFICER      person_identity -     -     -     -     -      -
FOLLOW_UP_OFFICER      interview_note  -     -     -     -     -      -
FOLLOW_UP_OFFICER      medical_note    -     -     -     -     -      -
FOLLOW_UP_OFFICER      reprisal_detail -     -     -     -     -      -
FOLLOW_UP_OFFICER      sealing_key     -     -     -     -     -      -
FOLLOW_UP_OFFICER@     facility        -     -     -     -     r      -
FOLLOW_UP_OFFICER@     visit           -     -     -     -     r      -
FOLLOW_UP_OFFICER@     finding         -     -     -     -     r      -
FOLLOW_UP_OFFICER@     term            r     r     r     r     r      r
FOLLOW_UP_OFFICER@     person_identity -     -     -     -     -      -
FOLLOW_UP_OFFICER@     interview_note  -     -     -     -     -      -
FOLLOW_UP_OFFICER@     medical_note    -     -     -     -     -      -
FOLLOW_UP_OFFICER@     reprisal_detail -     -     -     -     -      -
FOLLOW_UP_OFFICER@     sealing_key     -     -     -     -     -      -
REPRISAL_FOCAL_POINT   facility        r     r     r     r     r      r
REPRISAL_FOCAL_POINT   visit           r     r     r     r     r      r
REPRISAL_FOCAL_POINT   finding         r     r     r     r     r      r
REPRISAL_FOCAL_POINT   term            r     r     r     r     r      r
REPRISAL_FOCAL_POINT   person_identity r     r     r     r     r      r
REPRISAL_FOCAL_POINT   interview_note  -     -     -     -     -      -
REPRISAL_FOCAL_POINT   medical_note    -     -     -     -     -      -
REPRISAL_FOCAL_POINT   reprisal_detail rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
REPRISAL_FOCAL_POINT   sealing_key     rwcx  rwcx  rwcx  rwcx  rwcx   rwcx
REPRISAL_FOCAL_POINT@  facility        -     -     -     -     r      -
REPRISAL_FOCAL_POINT@  visit           -     -     -     -     r      -
REPRISAL_FOCAL_POINT@  finding         -     -     -     -     r      -
REPRISAL_FOCAL_POINT@  term            r     r     r     r     r      r
REPRISAL_FOCAL_POINT@  person_identity -     -     -     -     r      -
REPRISAL_FOCAL_POINT@  interview_note  -     -     -     -     -      -
REPRISAL_FOCAL_POINT@  medical_note    -     -     -     -     -      -
REPRISAL_FOCAL_POINT@  reprisal_detail -     -     -     -     rwcx   -
REPRISAL_FOCAL_POINT@  sealing_key     -     -     -     -     rwcx   -
DATA_OFFICER           facility        r     r     r     r     r      r
DATA_OFFICER           visit           -     -     -     -     -      -
DATA_OFFICER           finding         -     -     -     -     -      -
DATA_OFFICER           term            r     r     r     r     r      r
DATA_OFFICER           person_identity -     -     -     -     -      -
DATA_OFFICER           interview_note  -     -     -     -     -      -
DATA_OFFICER           medical_note    -     -     -     -     -      -
DATA_OFFICER           reprisal_detail -     -     -     -     -      -
DATA_OFFICER           sealing_key     -     -     -     -     -      -
PUBLICATION_EDITOR     facility        r     r     r     r     r      r
PUBLICATION_EDITOR     visit           -     -     -     -     -      -
PUBLICATION_EDITOR     finding         -     -     -     -     -      -
PUBLICATION_EDITOR     term            r     r     r     r     r      r
PUBLICATION_EDITOR     person_identity -     -     -     -     -      -
PUBLICATION_EDITOR     interview_note  -     -     -     -     -      -
PUBLICATION_EDITOR     medical_note    -     -     -     -     -      -
PUBLICATION_EDITOR     reprisal_detail -     -     -     -     -      -
PUBLICATION_EDITOR     sealing_key     -     -     -     -     -      -
REGIONAL_REP           facility        -     -     -     -     -      -
REGIONAL_REP           visit           -     -     -     -     -      -
REGIONAL_REP           finding         -     -     -     -     -      -
REGIONAL_REP           term            -     -     -     -     -      -
REGIONAL_REP           person_identity -     -     -     -     -      -
REGIONAL_REP           interview_note  -     -     -     -     -      -
REGIONAL_REP           medical_note    -     -     -     -     -      -
REGIONAL_REP           reprisal_detail -     -     -     -     -      -
REGIONAL_REP           sealing_key     -     -     -     -     -      -
REGIONAL_REP@          facility        -     -     -     -     r      -
REGIONAL_REP@          visit           -     -     -     -     r      -
REGIONAL_REP@          finding         -     -     -     -     r      -
REGIONAL_REP@          term            r     r     r     r     r      r
REGIONAL_REP@          person_identity -     -     -     -     -      -
REGIONAL_REP@          interview_note  -     -     -     -     -      -
REGIONAL_REP@          medical_note    -     -     -     -     -      -
REGIONAL_REP@          reprisal_detail -     -     -     -     -      -
REGIONAL_REP@          sealing_key     -     -     -     -     -      -
SYSTEM_ADMIN           facility        -     -     -     -     -      -
SYSTEM_ADMIN           visit           -     -     -     -     -      -
SYSTEM_ADMIN           finding         -     -     -     -     -      -
SYSTEM_ADMIN           term            -     -     -     -     -      -
SYSTEM_ADMIN           person_identity -     -     -     -     -      -
SYSTEM_ADMIN           interview_note  -     -     -     -     -      -
SYSTEM_ADMIN           medical_note    -     -     -     -     -      -
SYSTEM_ADMIN           reprisal_detail -     -     -     -     -      -
SYSTEM_ADMIN           sealing_key     -     -     -     -     -      -
AUDITOR                facility        -     -     -     -     -      -
AUDITOR                visit           -     -     -     -     -      -
AUDITOR                finding         -     -     -     -     -      -
AUDITOR                term            -     -     -     -     -      -
AUDITOR                person_identity -     -     -     -     -      -
AUDITOR                interview_note  -     -     -     -     -      -
AUDITOR                medical_note    -     -     -     -     -      -
AUDITOR                reprisal_detail -     -     -     -     -      -
AUDITOR                sealing_key     -     -     -     -     -      -
AUTHORITY_LIAISON      facility        -     -     -     -     -      -
AUTHORITY_LIAISON      visit           -     -     -     -     -      -
AUTHORITY_LIAISON      finding         -     -     -     -     -      -
AUTHORITY_LIAISON      term            -     -     -     -     -      -
AUTHORITY_LIAISON      person_identity -     -     -     -     -      -
AUTHORITY_LIAISON      interview_note  -     -     -     -     -      -
AUTHORITY_LIAISON      medical_note    -     -     -     -     -      -
AUTHORITY_LIAISON      reprisal_detail -     -     -     -     -      -
AUTHORITY_LIAISON      sealing_key     -     -     -     -     -      -
MONITOR                facility        rc    rc    rc    rwcx  rc     rc
MONITOR                visit           rw    rwcx  r     -     -      -
MONITOR                finding         rwcx  rwcx  r     -     -      -
MONITOR                term            r     r     r     r     r      r
MONITOR                person_identity rwcx  rwcx  r     -     -      -
MONITOR                interview_note  rwcx  rwcx  r     -     -      -
MONITOR                medical_note    rwcx  rwcx  r     -     -      -
MONITOR                reprisal_detail rwcx  rwcx  r     -     -      -
MONITOR                sealing_key     rwcx  rwcx  r     -     -      -
CIVIL_SOCIETY_MONITOR  facility        r     r     r     -     -      -
CIVIL_SOCIETY_MONITOR  visit           rw    rwx   r     -     -      -
CIVIL_SOCIETY_MONITOR  finding         rwcx  rwcx  r     -     -      -
CIVIL_SOCIETY_MONITOR  term            r     r     r     r     r      r
CIVIL_SOCIETY_MONITOR  person_identity rwcx  rwcx  r     -     -      -
CIVIL_SOCIETY_MONITOR  interview_note  rwcx  rwcx  r     -     -      -
CIVIL_SOCIETY_MONITOR  medical_note    -     -     -     -     -      -
CIVIL_SOCIETY_MONITOR  reprisal_detail rwcx  rwcx  r     -     -      -
CIVIL_SOCIETY_MONITOR  sealing_key     rwcx  rwcx  r     -     -      -
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
var plain = map[record.Kind]int32{
	record.Facility: 34, record.Visit: 31, record.Finding: 27, record.Term: 13,
	record.PersonIdentity: 20, record.InterviewNote: 20, record.MedicalNote: 20, record.ReprisalDetail: 20, record.SealingKey: 13,
}

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
