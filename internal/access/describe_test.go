package access_test

import (
	"fmt"

	"github.com/daylight-npm/daylight/internal/access"
)

// The table as it is: whoever changes it sees here what that means.
func ExampleDescribe() {
	fmt.Print(access.Describe())
	// Output:
	// ROLE                   PLACES          VISITS    FINDINGS  TERMS    LEADS  STEPS                                   DECIDES  REGION  ACTIONS
	// OMBUDSPERSON           all r           all r     all r     all r    -      approve                                 -        -       directory approve revoke log export
	// NPM_HEAD               all rwc         all rwc   all r     all rwc  all    lead+plan+review+approve+follow+reopen  -        -       directory enrol approve revoke log export import teams
	// CASE_OFFICER           all rwc         all rwc   all rwc   all r    all    lead+plan+review+follow                 yes      may     directory import teams
	// REVIEWER               all r           all rw    all rwc   all r    -      review                                  yes      may     directory
	// MEDICAL_REVIEWER       all r           all r     -         all r    -      -                                       -        may     directory
	// FOLLOW_UP_OFFICER      all r           all r     all r     all r    -      follow                                  -        may     directory
	// REPRISAL_FOCAL_POINT   all r           all r     all r     all r    -      -                                       -        may     directory
	// DATA_OFFICER           all r           -         -         all r    -      -                                       -        -       -
	// PUBLICATION_EDITOR     all r           -         -         all r    -      -                                       -        -       -
	// REGIONAL_REP           region r        region r  region r  all r    -      -                                       -        must    -
	// SYSTEM_ADMIN           -               -         -         -        -      -                                       -        -       directory office people enrol approve revoke tokens
	// AUDITOR                -               -         -         -        -      -                                       -        -       log
	// AUTHORITY_LIAISON      -               -         -         -        -      -                                       -        -       -
	// MONITOR                all r, made wc  own rwc   own rwc   all r    head   team+lead                               -        -       -
	// CIVIL_SOCIETY_MONITOR  own r           own rw    own rwc   all r    head   team+lead                               -        -       -
	//
	// BESIDE                 RAW      FLAGS     RECOMMENDATIONS  PAPER                 COMMENTS        PLANS
	// OMBUDSPERSON           all r    all r     all r            approve               all r, made wc  all r
	// NPM_HEAD               all r    all r     all rwc          approve+follow+draft  all r, made wc  all rwc
	// CASE_OFFICER           all rwc  all r     all rwc          follow+draft          all r, made wc  all rw
	// REVIEWER               all rw   all r     all rw           draft                 all r, made wc  -
	// MEDICAL_REVIEWER       -        all r     all r            -                     all r, made wc  -
	// FOLLOW_UP_OFFICER      -        all r     all rwc          follow+draft          all r, made wc  -
	// REPRISAL_FOCAL_POINT   -        all rwc   all r            -                     all r, made wc  -
	// DATA_OFFICER           -        -         all r            -                     -               -
	// PUBLICATION_EDITOR     -        -         -                -                     -               -
	// REGIONAL_REP           -        region r  region r         -                     region r        -
	// SYSTEM_ADMIN           -        -         -                -                     -               -
	// AUDITOR                -        -         -                -                     -               -
	// AUTHORITY_LIAISON      -        -         -                -                     -               -
	// MONITOR                own rwc  own rwc   own r            -                     own r, mine wc  -
	// CIVIL_SOCIETY_MONITOR  own rwc  own rwc   own r            -                     own r, mine wc  -
	//
	// SEALED                 IDENTITY  INTERVIEW  MEDICAL  REPRISAL  KEYS
	// OMBUDSPERSON           -         all r      -        all r     all rw
	// NPM_HEAD               -         all r      -        all r     all rw
	// CASE_OFFICER           -         all r      -        -         all rw
	// REVIEWER               -         all r      -        -         all rw
	// MEDICAL_REVIEWER       -         -          all rwc  -         all rwc
	// FOLLOW_UP_OFFICER      -         -          -        -         -
	// REPRISAL_FOCAL_POINT   all r     -          -        all rwc   all rwc
	// DATA_OFFICER           -         -          -        -         -
	// PUBLICATION_EDITOR     -         -          -        -         -
	// REGIONAL_REP           -         -          -        -         -
	// SYSTEM_ADMIN           -         -          -        -         -
	// AUDITOR                -         -          -        -         -
	// AUTHORITY_LIAISON      -         -          -        -         -
	// MONITOR                own rwc   own rwc    own rwc  own rwc   own rwc
	// CIVIL_SOCIETY_MONITOR  own rwc   own rwc    -        own rwc   own rwc
	//
	// STEP     FROM                         TO
	// lead     none                         PLANNED
	// plan     none..PREPARED               PLANNED, AUTHORISED, CANCELLED
	// team     none..FIELD_COMPLETE         PREPARED..FIELD_COMPLETE
	// lead     none..CONSOLIDATED           PREPARED..SUBMITTED
	// review   SUBMITTED..SENT_FOR_COMMENT  CONSOLIDATED, UNDER_REVIEW..SENT_FOR_COMMENT
	// review   SUBMITTED..IN_FOLLOW_UP      CLOSED
	// approve  REPORT_DRAFTED..PUBLISHED    FINAL, PUBLISHED
	// approve  FINAL                        REPORT_DRAFTED
	// follow   FINAL..IN_FOLLOW_UP          IN_FOLLOW_UP, CLOSED
	// reopen   CLOSED                       UNDER_REVIEW, IN_FOLLOW_UP
	// reopen   CANCELLED                    PLANNED
	//
	// PAPER    FROM                                             TO
	// draft    none..IN_REVIEW                                  DRAFT, IN_REVIEW
	// draft    DRAFT, IN_REVIEW                                 WITHDRAWN
	// approve  IN_REVIEW                                        APPROVED
	// approve  APPROVED                                         IN_REVIEW, ISSUED
	// approve  APPROVED..RESPONSE_RECEIVED, UNDER_VERIFICATION  SUPERSEDED, WITHDRAWN
	// approve  SUPERSEDED, WITHDRAWN                            IN_REVIEW, UNDER_VERIFICATION
	// follow   APPROVED                                         ISSUED
	// follow   ISSUED..RESPONSE_RECEIVED, UNDER_VERIFICATION    ISSUED..RESPONSE_RECEIVED, UNDER_VERIFICATION, CLOSED
	// follow   CLOSED                                           UNDER_VERIFICATION
}
