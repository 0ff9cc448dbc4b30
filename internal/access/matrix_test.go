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
OMBUDSPERSON           facility             r     r     r     r     r     r
OMBUDSPERSON           visit                r     r     r     r     r     r
OMBUDSPERSON           finding              r     r     r     r     r     r
OMBUDSPERSON           term                 r     r     r     r     r     r
OMBUDSPERSON           person_identity      -     -     -     -     -     -
OMBUDSPERSON           interview_note       r     r     r     r     r     r
OMBUDSPERSON           medical_note         -     -     -     -     -     -
OMBUDSPERSON           reprisal_detail      r     r     r     r     r     r
OMBUDSPERSON           sealing_key          rwx   rwx   rwx   rwx   rwx   rwx
OMBUDSPERSON           interview            r     r     r     r     r     r
OMBUDSPERSON           register_check       r     r     r     r     r     r
OMBUDSPERSON           measurement          r     r     r     r     r     r
OMBUDSPERSON           obstruction_incident r     r     r     r     r     r
OMBUDSPERSON           reprisal_case        r     r     r     r     r     r
OMBUDSPERSON           undertaking          r     r     r     r     r     r
OMBUDSPERSON           note                 r     r     r     r     r     r
OMBUDSPERSON           recommendation       r     r     r     r     r     r
OMBUDSPERSON           authority_reply      r     r     r     r     r     r
OMBUDSPERSON           review_comment       rc    rc    rc    rwcx  rc    rc
OMBUDSPERSON           visit_plan           r     r     r     r     r     r
OMBUDSPERSON           checklist            r     r     r     r     r     r
OMBUDSPERSON           checklist_response   r     r     r     r     r     r
OMBUDSPERSON           standard             r     r     r     r     r     r
NPM_HEAD               facility             rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
NPM_HEAD               visit                rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
NPM_HEAD               finding              r     r     r     r     r     r
NPM_HEAD               term                 rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
NPM_HEAD               person_identity      -     -     -     -     -     -
NPM_HEAD               interview_note       r     r     r     r     r     r
NPM_HEAD               medical_note         -     -     -     -     -     -
NPM_HEAD               reprisal_detail      r     r     r     r     r     r
NPM_HEAD               sealing_key          rwx   rwx   rwx   rwx   rwx   rwx
NPM_HEAD               interview            r     r     r     r     r     r
NPM_HEAD               register_check       r     r     r     r     r     r
NPM_HEAD               measurement          r     r     r     r     r     r
NPM_HEAD               obstruction_incident r     r     r     r     r     r
NPM_HEAD               reprisal_case        r     r     r     r     r     r
NPM_HEAD               undertaking          r     r     r     r     r     r
NPM_HEAD               note                 r     r     r     r     r     r
NPM_HEAD               recommendation       rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
NPM_HEAD               authority_reply      rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
NPM_HEAD               review_comment       rc    rc    rc    rwcx  rc    rc
NPM_HEAD               visit_plan           rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
NPM_HEAD               checklist            rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
NPM_HEAD               checklist_response   r     r     r     r     r     r
NPM_HEAD               standard             rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           facility             rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           visit                rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           finding              rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           term                 r     r     r     r     r     r
CASE_OFFICER           person_identity      -     -     -     -     -     -
CASE_OFFICER           interview_note       r     r     r     r     r     r
CASE_OFFICER           medical_note         -     -     -     -     -     -
CASE_OFFICER           reprisal_detail      -     -     -     -     -     -
CASE_OFFICER           sealing_key          rwx   rwx   rwx   rwx   rwx   rwx
CASE_OFFICER           interview            rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           register_check       rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           measurement          rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           obstruction_incident rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           reprisal_case        r     r     r     r     r     r
CASE_OFFICER           undertaking          rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           note                 rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           recommendation       rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           authority_reply      rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           review_comment       rc    rc    rc    rwcx  rc    rc
CASE_OFFICER           visit_plan           rwx   rwx   rwx   rwx   rwx   rwx
CASE_OFFICER           checklist            r     r     r     r     r     r
CASE_OFFICER           checklist_response   rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
CASE_OFFICER           standard             r     r     r     r     r     r
CASE_OFFICER@          facility             -     -     -     -     rwcx  -
CASE_OFFICER@          visit                -     -     -     -     rwcx  -
CASE_OFFICER@          finding              -     -     -     -     rwcx  -
CASE_OFFICER@          term                 r     r     r     r     r     r
CASE_OFFICER@          person_identity      -     -     -     -     -     -
CASE_OFFICER@          interview_note       -     -     -     -     r     -
CASE_OFFICER@          medical_note         -     -     -     -     -     -
CASE_OFFICER@          reprisal_detail      -     -     -     -     -     -
CASE_OFFICER@          sealing_key          -     -     -     -     rwx   -
CASE_OFFICER@          interview            -     -     -     -     rwcx  -
CASE_OFFICER@          register_check       -     -     -     -     rwcx  -
CASE_OFFICER@          measurement          -     -     -     -     rwcx  -
CASE_OFFICER@          obstruction_incident -     -     -     -     rwcx  -
CASE_OFFICER@          reprisal_case        -     -     -     -     r     -
CASE_OFFICER@          undertaking          -     -     -     -     rwcx  -
CASE_OFFICER@          note                 -     -     -     -     rwcx  -
CASE_OFFICER@          recommendation       -     -     -     -     rwcx  -
CASE_OFFICER@          authority_reply      -     -     -     -     rwcx  -
CASE_OFFICER@          review_comment       -     -     -     -     rc    -
CASE_OFFICER@          visit_plan           -     -     -     -     rwx   -
CASE_OFFICER@          checklist            r     r     r     r     r     r
CASE_OFFICER@          checklist_response   -     -     -     -     rwcx  -
CASE_OFFICER@          standard             r     r     r     r     r     r
REVIEWER               facility             r     r     r     r     r     r
REVIEWER               visit                rw    rw    rw    rw    rw    rw
REVIEWER               finding              rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REVIEWER               term                 r     r     r     r     r     r
REVIEWER               person_identity      -     -     -     -     -     -
REVIEWER               interview_note       r     r     r     r     r     r
REVIEWER               medical_note         -     -     -     -     -     -
REVIEWER               reprisal_detail      -     -     -     -     -     -
REVIEWER               sealing_key          rwx   rwx   rwx   rwx   rwx   rwx
REVIEWER               interview            rwx   rwx   rwx   rwx   rwx   rwx
REVIEWER               register_check       rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REVIEWER               measurement          rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REVIEWER               obstruction_incident rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REVIEWER               reprisal_case        r     r     r     r     r     r
REVIEWER               undertaking          rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REVIEWER               note                 rwx   rwx   rwx   rwx   rwx   rwx
REVIEWER               recommendation       rwx   rwx   rwx   rwx   rwx   rwx
REVIEWER               authority_reply      rwx   rwx   rwx   rwx   rwx   rwx
REVIEWER               review_comment       rc    rc    rc    rwcx  rc    rc
REVIEWER               visit_plan           -     -     -     -     -     -
REVIEWER               checklist            r     r     r     r     r     r
REVIEWER               checklist_response   rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REVIEWER               standard             r     r     r     r     r     r
REVIEWER@              facility             -     -     -     -     r     -
REVIEWER@              visit                -     -     -     -     rw    -
REVIEWER@              finding              -     -     -     -     rwcx  -
REVIEWER@              term                 r     r     r     r     r     r
REVIEWER@              person_identity      -     -     -     -     -     -
REVIEWER@              interview_note       -     -     -     -     r     -
REVIEWER@              medical_note         -     -     -     -     -     -
REVIEWER@              reprisal_detail      -     -     -     -     -     -
REVIEWER@              sealing_key          -     -     -     -     rwx   -
REVIEWER@              interview            -     -     -     -     rwx   -
REVIEWER@              register_check       -     -     -     -     rwcx  -
REVIEWER@              measurement          -     -     -     -     rwcx  -
REVIEWER@              obstruction_incident -     -     -     -     rwcx  -
REVIEWER@              reprisal_case        -     -     -     -     r     -
REVIEWER@              undertaking          -     -     -     -     rwcx  -
REVIEWER@              note                 -     -     -     -     rwx   -
REVIEWER@              recommendation       -     -     -     -     rwx   -
REVIEWER@              authority_reply      -     -     -     -     rwx   -
REVIEWER@              review_comment       -     -     -     -     rc    -
REVIEWER@              visit_plan           -     -     -     -     -     -
REVIEWER@              checklist            r     r     r     r     r     r
REVIEWER@              checklist_response   -     -     -     -     rwcx  -
REVIEWER@              standard             r     r     r     r     r     r
MEDICAL_REVIEWER       facility             r     r     r     r     r     r
MEDICAL_REVIEWER       visit                r     r     r     r     r     r
MEDICAL_REVIEWER       finding              -     -     -     -     -     -
MEDICAL_REVIEWER       term                 r     r     r     r     r     r
MEDICAL_REVIEWER       person_identity      -     -     -     -     -     -
MEDICAL_REVIEWER       interview_note       -     -     -     -     -     -
MEDICAL_REVIEWER       medical_note         rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
MEDICAL_REVIEWER       reprisal_detail      -     -     -     -     -     -
MEDICAL_REVIEWER       sealing_key          rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
MEDICAL_REVIEWER       interview            -     -     -     -     -     -
MEDICAL_REVIEWER       register_check       -     -     -     -     -     -
MEDICAL_REVIEWER       measurement          -     -     -     -     -     -
MEDICAL_REVIEWER       obstruction_incident -     -     -     -     -     -
MEDICAL_REVIEWER       reprisal_case        r     r     r     r     r     r
MEDICAL_REVIEWER       undertaking          -     -     -     -     -     -
MEDICAL_REVIEWER       note                 -     -     -     -     -     -
MEDICAL_REVIEWER       recommendation       r     r     r     r     r     r
MEDICAL_REVIEWER       authority_reply      r     r     r     r     r     r
MEDICAL_REVIEWER       review_comment       rc    rc    rc    rwcx  rc    rc
MEDICAL_REVIEWER       visit_plan           -     -     -     -     -     -
MEDICAL_REVIEWER       checklist            r     r     r     r     r     r
MEDICAL_REVIEWER       checklist_response   -     -     -     -     -     -
MEDICAL_REVIEWER       standard             r     r     r     r     r     r
MEDICAL_REVIEWER@      facility             -     -     -     -     r     -
MEDICAL_REVIEWER@      visit                -     -     -     -     r     -
MEDICAL_REVIEWER@      finding              -     -     -     -     -     -
MEDICAL_REVIEWER@      term                 r     r     r     r     r     r
MEDICAL_REVIEWER@      person_identity      -     -     -     -     -     -
MEDICAL_REVIEWER@      interview_note       -     -     -     -     -     -
MEDICAL_REVIEWER@      medical_note         -     -     -     -     rwcx  -
MEDICAL_REVIEWER@      reprisal_detail      -     -     -     -     -     -
MEDICAL_REVIEWER@      sealing_key          -     -     -     -     rwcx  -
MEDICAL_REVIEWER@      interview            -     -     -     -     -     -
MEDICAL_REVIEWER@      register_check       -     -     -     -     -     -
MEDICAL_REVIEWER@      measurement          -     -     -     -     -     -
MEDICAL_REVIEWER@      obstruction_incident -     -     -     -     -     -
MEDICAL_REVIEWER@      reprisal_case        -     -     -     -     r     -
MEDICAL_REVIEWER@      undertaking          -     -     -     -     -     -
MEDICAL_REVIEWER@      note                 -     -     -     -     -     -
MEDICAL_REVIEWER@      recommendation       -     -     -     -     r     -
MEDICAL_REVIEWER@      authority_reply      -     -     -     -     r     -
MEDICAL_REVIEWER@      review_comment       -     -     -     -     rc    -
MEDICAL_REVIEWER@      visit_plan           -     -     -     -     -     -
MEDICAL_REVIEWER@      checklist            r     r     r     r     r     r
MEDICAL_REVIEWER@      checklist_response   -     -     -     -     -     -
MEDICAL_REVIEWER@      standard             r     r     r     r     r     r
FOLLOW_UP_OFFICER      facility             r     r     r     r     r     r
FOLLOW_UP_OFFICER      visit                r     r     r     r     r     r
FOLLOW_UP_OFFICER      finding              r     r     r     r     r     r
FOLLOW_UP_OFFICER      term                 r     r     r     r     r     r
FOLLOW_UP_OFFICER      person_identity      -     -     -     -     -     -
FOLLOW_UP_OFFICER      interview_note       -     -     -     -     -     -
FOLLOW_UP_OFFICER      medical_note         -     -     -     -     -     -
FOLLOW_UP_OFFICER      reprisal_detail      -     -     -     -     -     -
FOLLOW_UP_OFFICER      sealing_key          -     -     -     -     -     -
FOLLOW_UP_OFFICER      interview            -     -     -     -     -     -
FOLLOW_UP_OFFICER      register_check       r     r     r     r     r     r
FOLLOW_UP_OFFICER      measurement          r     r     r     r     r     r
FOLLOW_UP_OFFICER      obstruction_incident r     r     r     r     r     r
FOLLOW_UP_OFFICER      reprisal_case        r     r     r     r     r     r
FOLLOW_UP_OFFICER      undertaking          r     r     r     r     r     r
FOLLOW_UP_OFFICER      note                 -     -     -     -     -     -
FOLLOW_UP_OFFICER      recommendation       rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
FOLLOW_UP_OFFICER      authority_reply      rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
FOLLOW_UP_OFFICER      review_comment       rc    rc    rc    rwcx  rc    rc
FOLLOW_UP_OFFICER      visit_plan           -     -     -     -     -     -
FOLLOW_UP_OFFICER      checklist            r     r     r     r     r     r
FOLLOW_UP_OFFICER      checklist_response   r     r     r     r     r     r
FOLLOW_UP_OFFICER      standard             r     r     r     r     r     r
FOLLOW_UP_OFFICER@     facility             -     -     -     -     r     -
FOLLOW_UP_OFFICER@     visit                -     -     -     -     r     -
FOLLOW_UP_OFFICER@     finding              -     -     -     -     r     -
FOLLOW_UP_OFFICER@     term                 r     r     r     r     r     r
FOLLOW_UP_OFFICER@     person_identity      -     -     -     -     -     -
FOLLOW_UP_OFFICER@     interview_note       -     -     -     -     -     -
FOLLOW_UP_OFFICER@     medical_note         -     -     -     -     -     -
FOLLOW_UP_OFFICER@     reprisal_detail      -     -     -     -     -     -
FOLLOW_UP_OFFICER@     sealing_key          -     -     -     -     -     -
FOLLOW_UP_OFFICER@     interview            -     -     -     -     -     -
FOLLOW_UP_OFFICER@     register_check       -     -     -     -     r     -
FOLLOW_UP_OFFICER@     measurement          -     -     -     -     r     -
FOLLOW_UP_OFFICER@     obstruction_incident -     -     -     -     r     -
FOLLOW_UP_OFFICER@     reprisal_case        -     -     -     -     r     -
FOLLOW_UP_OFFICER@     undertaking          -     -     -     -     r     -
FOLLOW_UP_OFFICER@     note                 -     -     -     -     -     -
FOLLOW_UP_OFFICER@     recommendation       -     -     -     -     rwcx  -
FOLLOW_UP_OFFICER@     authority_reply      -     -     -     -     rwcx  -
FOLLOW_UP_OFFICER@     review_comment       -     -     -     -     rc    -
FOLLOW_UP_OFFICER@     visit_plan           -     -     -     -     -     -
FOLLOW_UP_OFFICER@     checklist            r     r     r     r     r     r
FOLLOW_UP_OFFICER@     checklist_response   -     -     -     -     r     -
FOLLOW_UP_OFFICER@     standard             r     r     r     r     r     r
REPRISAL_FOCAL_POINT   facility             r     r     r     r     r     r
REPRISAL_FOCAL_POINT   visit                r     r     r     r     r     r
REPRISAL_FOCAL_POINT   finding              r     r     r     r     r     r
REPRISAL_FOCAL_POINT   term                 r     r     r     r     r     r
REPRISAL_FOCAL_POINT   person_identity      r     r     r     r     r     r
REPRISAL_FOCAL_POINT   interview_note       -     -     -     -     -     -
REPRISAL_FOCAL_POINT   medical_note         -     -     -     -     -     -
REPRISAL_FOCAL_POINT   reprisal_detail      rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REPRISAL_FOCAL_POINT   sealing_key          rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REPRISAL_FOCAL_POINT   interview            -     -     -     -     -     -
REPRISAL_FOCAL_POINT   register_check       r     r     r     r     r     r
REPRISAL_FOCAL_POINT   measurement          r     r     r     r     r     r
REPRISAL_FOCAL_POINT   obstruction_incident r     r     r     r     r     r
REPRISAL_FOCAL_POINT   reprisal_case        rwcx  rwcx  rwcx  rwcx  rwcx  rwcx
REPRISAL_FOCAL_POINT   undertaking          r     r     r     r     r     r
REPRISAL_FOCAL_POINT   note                 -     -     -     -     -     -
REPRISAL_FOCAL_POINT   recommendation       r     r     r     r     r     r
REPRISAL_FOCAL_POINT   authority_reply      r     r     r     r     r     r
REPRISAL_FOCAL_POINT   review_comment       rc    rc    rc    rwcx  rc    rc
REPRISAL_FOCAL_POINT   visit_plan           -     -     -     -     -     -
REPRISAL_FOCAL_POINT   checklist            r     r     r     r     r     r
REPRISAL_FOCAL_POINT   checklist_response   r     r     r     r     r     r
REPRISAL_FOCAL_POINT   standard             r     r     r     r     r     r
REPRISAL_FOCAL_POINT@  facility             -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  visit                -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  finding              -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  term                 r     r     r     r     r     r
REPRISAL_FOCAL_POINT@  person_identity      -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  interview_note       -     -     -     -     -     -
REPRISAL_FOCAL_POINT@  medical_note         -     -     -     -     -     -
REPRISAL_FOCAL_POINT@  reprisal_detail      -     -     -     -     rwcx  -
REPRISAL_FOCAL_POINT@  sealing_key          -     -     -     -     rwcx  -
REPRISAL_FOCAL_POINT@  interview            -     -     -     -     -     -
REPRISAL_FOCAL_POINT@  register_check       -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  measurement          -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  obstruction_incident -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  reprisal_case        -     -     -     -     rwcx  -
REPRISAL_FOCAL_POINT@  undertaking          -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  note                 -     -     -     -     -     -
REPRISAL_FOCAL_POINT@  recommendation       -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  authority_reply      -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  review_comment       -     -     -     -     rc    -
REPRISAL_FOCAL_POINT@  visit_plan           -     -     -     -     -     -
REPRISAL_FOCAL_POINT@  checklist            r     r     r     r     r     r
REPRISAL_FOCAL_POINT@  checklist_response   -     -     -     -     r     -
REPRISAL_FOCAL_POINT@  standard             r     r     r     r     r     r
DATA_OFFICER           facility             r     r     r     r     r     r
DATA_OFFICER           visit                -     -     -     -     -     -
DATA_OFFICER           finding              -     -     -     -     -     -
DATA_OFFICER           term                 r     r     r     r     r     r
DATA_OFFICER           person_identity      -     -     -     -     -     -
DATA_OFFICER           interview_note       -     -     -     -     -     -
DATA_OFFICER           medical_note         -     -     -     -     -     -
DATA_OFFICER           reprisal_detail      -     -     -     -     -     -
DATA_OFFICER           sealing_key          -     -     -     -     -     -
DATA_OFFICER           interview            -     -     -     -     -     -
DATA_OFFICER           register_check       -     -     -     -     -     -
DATA_OFFICER           measurement          -     -     -     -     -     -
DATA_OFFICER           obstruction_incident -     -     -     -     -     -
DATA_OFFICER           reprisal_case        -     -     -     -     -     -
DATA_OFFICER           undertaking          -     -     -     -     -     -
DATA_OFFICER           note                 -     -     -     -     -     -
DATA_OFFICER           recommendation       r     r     r     r     r     r
DATA_OFFICER           authority_reply      r     r     r     r     r     r
DATA_OFFICER           review_comment       -     -     -     -     -     -
DATA_OFFICER           visit_plan           -     -     -     -     -     -
DATA_OFFICER           checklist            r     r     r     r     r     r
DATA_OFFICER           checklist_response   -     -     -     -     -     -
DATA_OFFICER           standard             r     r     r     r     r     r
PUBLICATION_EDITOR     facility             r     r     r     r     r     r
PUBLICATION_EDITOR     visit                -     -     -     -     -     -
PUBLICATION_EDITOR     finding              -     -     -     -     -     -
PUBLICATION_EDITOR     term                 r     r     r     r     r     r
PUBLICATION_EDITOR     person_identity      -     -     -     -     -     -
PUBLICATION_EDITOR     interview_note       -     -     -     -     -     -
PUBLICATION_EDITOR     medical_note         -     -     -     -     -     -
PUBLICATION_EDITOR     reprisal_detail      -     -     -     -     -     -
PUBLICATION_EDITOR     sealing_key          -     -     -     -     -     -
PUBLICATION_EDITOR     interview            -     -     -     -     -     -
PUBLICATION_EDITOR     register_check       -     -     -     -     -     -
PUBLICATION_EDITOR     measurement          -     -     -     -     -     -
PUBLICATION_EDITOR     obstruction_incident -     -     -     -     -     -
PUBLICATION_EDITOR     reprisal_case        -     -     -     -     -     -
PUBLICATION_EDITOR     undertaking          -     -     -     -     -     -
PUBLICATION_EDITOR     note                 -     -     -     -     -     -
PUBLICATION_EDITOR     recommendation       -     -     -     -     -     -
PUBLICATION_EDITOR     authority_reply      -     -     -     -     -     -
PUBLICATION_EDITOR     review_comment       -     -     -     -     -     -
PUBLICATION_EDITOR     visit_plan           -     -     -     -     -     -
PUBLICATION_EDITOR     checklist            r     r     r     r     r     r
PUBLICATION_EDITOR     checklist_response   -     -     -     -     -     -
PUBLICATION_EDITOR     standard             r     r     r     r     r     r
REGIONAL_REP           facility             -     -     -     -     -     -
REGIONAL_REP           visit                -     -     -     -     -     -
REGIONAL_REP           finding              -     -     -     -     -     -
REGIONAL_REP           term                 -     -     -     -     -     -
REGIONAL_REP           person_identity      -     -     -     -     -     -
REGIONAL_REP           interview_note       -     -     -     -     -     -
REGIONAL_REP           medical_note         -     -     -     -     -     -
REGIONAL_REP           reprisal_detail      -     -     -     -     -     -
REGIONAL_REP           sealing_key          -     -     -     -     -     -
REGIONAL_REP           interview            -     -     -     -     -     -
REGIONAL_REP           register_check       -     -     -     -     -     -
REGIONAL_REP           measurement          -     -     -     -     -     -
REGIONAL_REP           obstruction_incident -     -     -     -     -     -
REGIONAL_REP           reprisal_case        -     -     -     -     -     -
REGIONAL_REP           undertaking          -     -     -     -     -     -
REGIONAL_REP           note                 -     -     -     -     -     -
REGIONAL_REP           recommendation       -     -     -     -     -     -
REGIONAL_REP           authority_reply      -     -     -     -     -     -
REGIONAL_REP           review_comment       -     -     -     -     -     -
REGIONAL_REP           visit_plan           -     -     -     -     -     -
REGIONAL_REP           checklist            -     -     -     -     -     -
REGIONAL_REP           checklist_response   -     -     -     -     -     -
REGIONAL_REP           standard             -     -     -     -     -     -
REGIONAL_REP@          facility             -     -     -     -     r     -
REGIONAL_REP@          visit                -     -     -     -     r     -
REGIONAL_REP@          finding              -     -     -     -     r     -
REGIONAL_REP@          term                 r     r     r     r     r     r
REGIONAL_REP@          person_identity      -     -     -     -     -     -
REGIONAL_REP@          interview_note       -     -     -     -     -     -
REGIONAL_REP@          medical_note         -     -     -     -     -     -
REGIONAL_REP@          reprisal_detail      -     -     -     -     -     -
REGIONAL_REP@          sealing_key          -     -     -     -     -     -
REGIONAL_REP@          interview            -     -     -     -     -     -
REGIONAL_REP@          register_check       -     -     -     -     r     -
REGIONAL_REP@          measurement          -     -     -     -     r     -
REGIONAL_REP@          obstruction_incident -     -     -     -     r     -
REGIONAL_REP@          reprisal_case        -     -     -     -     r     -
REGIONAL_REP@          undertaking          -     -     -     -     r     -
REGIONAL_REP@          note                 -     -     -     -     -     -
REGIONAL_REP@          recommendation       -     -     -     -     r     -
REGIONAL_REP@          authority_reply      -     -     -     -     r     -
REGIONAL_REP@          review_comment       -     -     -     -     r     -
REGIONAL_REP@          visit_plan           -     -     -     -     -     -
REGIONAL_REP@          checklist            r     r     r     r     r     r
REGIONAL_REP@          checklist_response   -     -     -     -     r     -
REGIONAL_REP@          standard             r     r     r     r     r     r
SYSTEM_ADMIN           facility             -     -     -     -     -     -
SYSTEM_ADMIN           visit                -     -     -     -     -     -
SYSTEM_ADMIN           finding              -     -     -     -     -     -
SYSTEM_ADMIN           term                 -     -     -     -     -     -
SYSTEM_ADMIN           person_identity      -     -     -     -     -     -
SYSTEM_ADMIN           interview_note       -     -     -     -     -     -
SYSTEM_ADMIN           medical_note         -     -     -     -     -     -
SYSTEM_ADMIN           reprisal_detail      -     -     -     -     -     -
SYSTEM_ADMIN           sealing_key          -     -     -     -     -     -
SYSTEM_ADMIN           interview            -     -     -     -     -     -
SYSTEM_ADMIN           register_check       -     -     -     -     -     -
SYSTEM_ADMIN           measurement          -     -     -     -     -     -
SYSTEM_ADMIN           obstruction_incident -     -     -     -     -     -
SYSTEM_ADMIN           reprisal_case        -     -     -     -     -     -
SYSTEM_ADMIN           undertaking          -     -     -     -     -     -
SYSTEM_ADMIN           note                 -     -     -     -     -     -
SYSTEM_ADMIN           recommendation       -     -     -     -     -     -
SYSTEM_ADMIN           authority_reply      -     -     -     -     -     -
SYSTEM_ADMIN           review_comment       -     -     -     -     -     -
SYSTEM_ADMIN           visit_plan           -     -     -     -     -     -
SYSTEM_ADMIN           checklist            -     -     -     -     -     -
SYSTEM_ADMIN           checklist_response   -     -     -     -     -     -
SYSTEM_ADMIN           standard             -     -     -     -     -     -
AUDITOR                facility             -     -     -     -     -     -
AUDITOR                visit                -     -     -     -     -     -
AUDITOR                finding              -     -     -     -     -     -
AUDITOR                term                 -     -     -     -     -     -
AUDITOR                person_identity      -     -     -     -     -     -
AUDITOR                interview_note       -     -     -     -     -     -
AUDITOR                medical_note         -     -     -     -     -     -
AUDITOR                reprisal_detail      -     -     -     -     -     -
AUDITOR                sealing_key          -     -     -     -     -     -
AUDITOR                interview            -     -     -     -     -     -
AUDITOR                register_check       -     -     -     -     -     -
AUDITOR                measurement          -     -     -     -     -     -
AUDITOR                obstruction_incident -     -     -     -     -     -
AUDITOR                reprisal_case        -     -     -     -     -     -
AUDITOR                undertaking          -     -     -     -     -     -
AUDITOR                note                 -     -     -     -     -     -
AUDITOR                recommendation       -     -     -     -     -     -
AUDITOR                authority_reply      -     -     -     -     -     -
AUDITOR                review_comment       -     -     -     -     -     -
AUDITOR                visit_plan           -     -     -     -     -     -
AUDITOR                checklist            -     -     -     -     -     -
AUDITOR                checklist_response   -     -     -     -     -     -
AUDITOR                standard             -     -     -     -     -     -
AUTHORITY_LIAISON      facility             -     -     -     -     -     -
AUTHORITY_LIAISON      visit                -     -     -     -     -     -
AUTHORITY_LIAISON      finding              -     -     -     -     -     -
AUTHORITY_LIAISON      term                 -     -     -     -     -     -
AUTHORITY_LIAISON      person_identity      -     -     -     -     -     -
AUTHORITY_LIAISON      interview_note       -     -     -     -     -     -
AUTHORITY_LIAISON      medical_note         -     -     -     -     -     -
AUTHORITY_LIAISON      reprisal_detail      -     -     -     -     -     -
AUTHORITY_LIAISON      sealing_key          -     -     -     -     -     -
AUTHORITY_LIAISON      interview            -     -     -     -     -     -
AUTHORITY_LIAISON      register_check       -     -     -     -     -     -
AUTHORITY_LIAISON      measurement          -     -     -     -     -     -
AUTHORITY_LIAISON      obstruction_incident -     -     -     -     -     -
AUTHORITY_LIAISON      reprisal_case        -     -     -     -     -     -
AUTHORITY_LIAISON      undertaking          -     -     -     -     -     -
AUTHORITY_LIAISON      note                 -     -     -     -     -     -
AUTHORITY_LIAISON      recommendation       -     -     -     -     -     -
AUTHORITY_LIAISON      authority_reply      -     -     -     -     -     -
AUTHORITY_LIAISON      review_comment       -     -     -     -     -     -
AUTHORITY_LIAISON      visit_plan           -     -     -     -     -     -
AUTHORITY_LIAISON      checklist            -     -     -     -     -     -
AUTHORITY_LIAISON      checklist_response   -     -     -     -     -     -
AUTHORITY_LIAISON      standard             -     -     -     -     -     -
MONITOR                facility             rc    rc    rc    rwcx  rc    rc
MONITOR                visit                rw    rwcx  r     -     -     -
MONITOR                finding              rwcx  rwcx  r     -     -     -
MONITOR                term                 r     r     r     r     r     r
MONITOR                person_identity      rwcx  rwcx  r     -     -     -
MONITOR                interview_note       rwcx  rwcx  r     -     -     -
MONITOR                medical_note         rwcx  rwcx  r     -     -     -
MONITOR                reprisal_detail      rwcx  rwcx  r     -     -     -
MONITOR                sealing_key          rwcx  rwcx  r     -     -     -
MONITOR                interview            rwcx  rwcx  r     -     -     -
MONITOR                register_check       rwcx  rwcx  r     -     -     -
MONITOR                measurement          rwcx  rwcx  r     -     -     -
MONITOR                obstruction_incident rwcx  rwcx  r     -     -     -
MONITOR                reprisal_case        rwcx  rwcx  r     -     -     -
MONITOR                undertaking          rwcx  rwcx  r     -     -     -
MONITOR                note                 rwcx  rwcx  r     -     -     -
MONITOR                recommendation       r     r     r     -     -     -
MONITOR                authority_reply      r     r     r     -     -     -
MONITOR                review_comment       rc    rc    r     -     -     -
MONITOR                visit_plan           -     -     -     -     -     -
MONITOR                checklist            r     r     r     r     r     r
MONITOR                checklist_response   rwcx  rwcx  r     -     -     -
MONITOR                standard             r     r     r     r     r     r
CIVIL_SOCIETY_MONITOR  facility             r     r     r     -     -     -
CIVIL_SOCIETY_MONITOR  visit                rw    rwx   r     -     -     -
CIVIL_SOCIETY_MONITOR  finding              rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  term                 r     r     r     r     r     r
CIVIL_SOCIETY_MONITOR  person_identity      rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  interview_note       rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  medical_note         -     -     -     -     -     -
CIVIL_SOCIETY_MONITOR  reprisal_detail      rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  sealing_key          rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  interview            rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  register_check       rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  measurement          rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  obstruction_incident rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  reprisal_case        rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  undertaking          rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  note                 rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  recommendation       r     r     r     -     -     -
CIVIL_SOCIETY_MONITOR  authority_reply      r     r     r     -     -     -
CIVIL_SOCIETY_MONITOR  review_comment       rc    rc    r     -     -     -
CIVIL_SOCIETY_MONITOR  visit_plan           -     -     -     -     -     -
CIVIL_SOCIETY_MONITOR  checklist            r     r     r     r     r     r
CIVIL_SOCIETY_MONITOR  checklist_response   rwcx  rwcx  r     -     -     -
CIVIL_SOCIETY_MONITOR  standard             r     r     r     r     r     r
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
	record.Interview: 19, record.RegisterCheck: 25, record.Measurement: 21, record.ObstructionIncident: 19, record.ReprisalCase: 12,
	record.Undertaking: 11, record.Note: 11, record.Recommendation: 30, record.AuthorityReply: 17, record.ReviewComment: 16,
	record.VisitPlan: 23, record.Checklist: 12, record.ChecklistResponse: 14, record.Standard: 14,
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
