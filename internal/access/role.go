package access

import (
	"fmt"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Role is what somebody is at the office or on its behalf, with the numbers of
// daylight.v1.OfficeRole. The zero Role is none.
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

const rolePrefix = "OFFICE_ROLE_"

// Roles lists all roles in the order of their numbers.
func Roles() (out []Role) {
	for r := Ombudsperson; r <= CivilSocietyMonitor; r++ {
		out = append(out, r)
	}
	return out
}

// String is the role's code, as MONITOR.
func (r Role) String() string {
	if _, known := table[r]; !known {
		return fmt.Sprintf("role %d", uint8(r))
	}
	return strings.TrimPrefix(daylightv1.OfficeRole(r).String(), rolePrefix)
}

// ParseRole reads what String writes.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles() {
		if r.String() == s {
			return r, nil
		}
	}
	return 0, fmt.Errorf("%.40q is not a role; one is CASE_OFFICER, another MONITOR", s)
}

// Action is something about the office itself, which no record holds; ChangeTeams alone
// opens one part of a visit by itself.
type Action uint8

// The actions. The zero Action is none, and allowed to nobody.
const (
	_ Action = iota
	// ReadDirectory shows bodies, people and devices.
	ReadDirectory
	// ChangeOffice changes what the whole office agrees on, and its bodies.
	ChangeOffice
	// ChangePeople adds people and changes their grants.
	ChangePeople
	// EnrolDevice invites a device, ApproveDevice lets it in as the second person.
	EnrolDevice
	ApproveDevice
	// RevokeDevice shuts a device out at once.
	RevokeDevice
	// IssueToken lists, gives and revokes the tokens of integrators.
	IssueToken
	// ReadAccessLog shows who read, was denied, exported and changed what.
	ReadAccessLog
	// ExportRecords takes records out of the system, those that are read.
	ExportRecords
	// ImportRegister brings a register of places in.
	ImportRegister
	// ChangeTeams shows who is in a visit's team, and changes it.
	ChangeTeams
	endOfActions
)

var actionNames = [endOfActions]string{
	"none", "directory", "office", "people", "enrol", "approve", "revoke", "tokens", "log", "export", "import", "teams",
}

// String is one lower-case word.
func (a Action) String() string {
	if a < endOfActions {
		return actionNames[a]
	}
	return fmt.Sprintf("action %d", uint8(a))
}
