package access

import "github.com/daylight-npm/daylight/internal/record"

// Role is what somebody is at the office, with the numbers of daylight.v1.OfficeRole.
type Role uint8

// The roles.
const (
	Ombudsperson        Role = 1
	NPMHead             Role = 2
	CaseOfficer         Role = 3
	Reviewer            Role = 4
	MedicalReviewer     Role = 5
	FollowUpOfficer     Role = 6
	ReprisalFocalPoint  Role = 7
	DataOfficer         Role = 8
	PublicationEditor   Role = 9
	RegionalRep         Role = 10
	SystemAdmin         Role = 11
	Auditor             Role = 12
	AuthorityLiaison    Role = 13
	Monitor             Role = 14
	CivilSocietyMonitor Role = 15
)

// Reach is how far somebody sees the records of a kind: a set, since two roles may
// reach differently.
type Reach uint8

// The reaches.
const (
	None Reach = 0
	// Own are the visits in whose team the person is, with what hangs on them.
	Own Reach = 1 << iota
	// Region is what lies in the region of the grant.
	Region
	// All is everything of the kind.
	All
)

// Action is something about the office itself.
type Action uint8

// The actions. The zero Action is none.
const (
	_ Action = iota
	ReadDirectory
	ChangeOffice
	ChangePeople
	EnrolDevice
	ApproveDevice
	RevokeDevice
	IssueToken
	ReadAccessLog
	endOfActions
)

// row is what a role may do: how far it reads the register of places, the visits,
// the findings and the terms, whether it writes there, and what it may do to the
// office.
type row struct {
	places, visits, findings, terms Reach
	writes                          bool
	actions                         []Action
}

// table is who may do what. The reading columns follow need to know in the office:
// who has no line in a column of the law's has None here.
var table = map[Role]row{
	//                    places  visits  findings terms  writes
	Ombudsperson:        {All, All, All, All, false, []Action{ReadDirectory, ApproveDevice, RevokeDevice, ReadAccessLog}},
	NPMHead:             {All, All, All, All, true, []Action{ReadDirectory, EnrolDevice, ApproveDevice, RevokeDevice, ReadAccessLog}},
	CaseOfficer:         {All, All, All, All, true, []Action{ReadDirectory}},
	Reviewer:            {All, All, All, All, true, []Action{ReadDirectory}},
	MedicalReviewer:     {All, All, None, All, false, []Action{ReadDirectory}},
	FollowUpOfficer:     {All, All, All, All, false, []Action{ReadDirectory}},
	ReprisalFocalPoint:  {All, All, All, All, false, []Action{ReadDirectory}},
	DataOfficer:         {All, None, None, All, false, nil},
	PublicationEditor:   {All, None, None, All, false, nil},
	RegionalRep:         {Region, Region, Region, All, false, nil},
	SystemAdmin:         {None, None, None, None, false, []Action{ReadDirectory, ChangeOffice, ChangePeople, EnrolDevice, ApproveDevice, RevokeDevice, IssueToken}},
	Auditor:             {None, None, None, None, false, []Action{ReadAccessLog}},
	AuthorityLiaison:    {None, None, None, None, false, nil},
	Monitor:             {All, Own, Own, All, true, nil},
	CivilSocietyMonitor: {Own, Own, Own, All, true, nil},
}

// of gives the column of a kind.
func (r row) of(k record.Kind) Reach {
	switch k {
	case record.Facility:
		return r.places
	case record.Visit:
		return r.visits
	case record.Finding:
		return r.findings
	case record.Term:
		return r.terms
	}
	return None // a newer program's kind: whoever does not know it lets nobody at it
}
