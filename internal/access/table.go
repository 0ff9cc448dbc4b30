package access

import "github.com/daylight-npm/daylight/internal/record"

// Reach is how far a right goes among the records of a kind. It is a set, since a
// person with two roles may reach in two ways.
type Reach uint8

// The reaches.
const (
	// Own are the visits in whose team the person is, with what hangs on them.
	Own Reach = 1 << iota
	// Head are those among Own whose head the person is.
	Head
	// Made is what the person created.
	Made
	// Region is what lies in the region of the grant.
	Region
	// All is everything of the kind.
	All
	// Mine is what the person created on their own visits.
	Mine
	// None is nothing at all.
	None Reach = 0
)

// cell is what a role may do with the records of one kind. What hangs on a visit is
// created where it may be written.
type cell struct {
	reads, writes Reach
	creates       bool
}

// The words of the table.
var (
	no     = cell{}
	reads  = cell{reads: All}
	edits  = cell{reads: All, writes: All}
	keeps  = cell{reads: All, writes: All, creates: true}
	adds   = cell{reads: All, writes: Made, creates: true} // and corrects what it added
	region = cell{reads: Region}
	sees   = cell{reads: Own}
	joins  = cell{reads: Own, writes: Own}
	own    = cell{reads: Own, writes: Own, creates: true}
	says   = cell{reads: Own, writes: Mine, creates: true} // adds, in a team and until its visit ends
)

// bound says whether a role is granted for one region.
type bound uint8

const (
	whole  bound = iota // never: for the whole office only
	either              // or for the whole office
	within              // always
)

// row is what a role may do.
type row struct {
	bound bound

	places, visits, findings, terms cell
	// What the field writes down beside findings that may point to a person: interviews,
	// and notes. The flag of a reprisal. What the office makes of it all.
	raw, flags, recommendations, comments, plans cell
	// What is sealed, and the keys to it. Whoever reads it here holds ciphertext: who
	// can open it is said by the signed list of readers, see sealed.proto.
	identity, interview, medical, reprisal, keys cell

	// leads: the visits of which it says who is in the team, where they go, and
	// whether they are removed.
	leads Reach
	// steps are those of visits, paper those of recommendations.
	steps, paper hand
	// decides: how severe a finding is. All who write a finding may propose it.
	decides bool

	office []Action
}

// The steps that the field and the office take of visits, then of recommendations.
const (
	field  = team | lead
	desk   = plan | lead | review | follow
	chairs = desk | approve | reopen

	paperDesk   = draft | follow
	paperChairs = paperDesk | approve
)

// table is who may do what. The columns follow need to know in the office: Visit meta,
// Findings, Interview notes, Identity, Medical, Reprisal. Keys are for whoever reads
// something that they open: a reader opens, and lets the next one in. The monitor's
// medical notes are for doctors; no role says who is one, so there the seal keeps it to
// them and not the table. Beyond that table: the head of the department
// keeps the register and the annual plan of visits, a place may be created in the
// field (the method, steps 0 and 1), and all who read records read the lists that
// these are classified with. A comment is the word of one person: whoever writes any
// changes only their own.
var table = map[Role]row{
	// bound, then places, visits, findings, terms, raw, flags, recommendations, comments, plans, identity, interview, medical, reprisal,
	// keys, then leads, steps, paper, decides, office
	Ombudsperson:        {whole, reads, reads, reads, reads, reads, reads, reads, adds, reads, no, reads, no, reads, edits, None, approve, approve, false, []Action{ReadDirectory, ApproveDevice, RevokeDevice, ReadAccessLog, ExportRecords}},
	NPMHead:             {whole, keeps, keeps, reads, keeps, reads, reads, keeps, adds, keeps, no, reads, no, reads, edits, All, chairs, paperChairs, false, []Action{ReadDirectory, EnrolDevice, ApproveDevice, RevokeDevice, ReadAccessLog, ExportRecords, ImportRegister, ChangeTeams}},
	CaseOfficer:         {either, keeps, keeps, keeps, reads, keeps, reads, keeps, adds, edits, no, reads, no, no, edits, All, desk, paperDesk, true, []Action{ReadDirectory, ImportRegister, ChangeTeams}},
	Reviewer:            {either, reads, edits, keeps, reads, edits, reads, edits, adds, no, no, reads, no, no, edits, None, review, draft, true, []Action{ReadDirectory}},
	MedicalReviewer:     {either, reads, reads, no, reads, no, reads, reads, adds, no, no, no, keeps, no, keeps, None, 0, 0, false, []Action{ReadDirectory}},
	FollowUpOfficer:     {either, reads, reads, reads, reads, no, reads, keeps, adds, no, no, no, no, no, no, None, follow, paperDesk, false, []Action{ReadDirectory}},
	ReprisalFocalPoint:  {either, reads, reads, reads, reads, no, keeps, reads, adds, no, reads, no, no, keeps, keeps, None, 0, 0, false, []Action{ReadDirectory}},
	DataOfficer:         {whole, reads, no, no, reads, no, no, reads, no, no, no, no, no, no, no, None, 0, 0, false, nil},
	PublicationEditor:   {whole, reads, no, no, reads, no, no, no, no, no, no, no, no, no, no, None, 0, 0, false, nil},
	RegionalRep:         {within, region, region, region, reads, no, region, region, region, no, no, no, no, no, no, None, 0, 0, false, nil},
	SystemAdmin:         {whole, no, no, no, no, no, no, no, no, no, no, no, no, no, no, None, 0, 0, false, []Action{ReadDirectory, ChangeOffice, ChangePeople, EnrolDevice, ApproveDevice, RevokeDevice, IssueToken}},
	Auditor:             {whole, no, no, no, no, no, no, no, no, no, no, no, no, no, no, None, 0, 0, false, []Action{ReadAccessLog}},
	AuthorityLiaison:    {whole, no, no, no, no, no, no, no, no, no, no, no, no, no, no, None, 0, 0, false, nil},
	Monitor:             {whole, adds, own, own, reads, own, own, sees, says, no, own, own, own, own, own, Head, field, 0, false, nil},
	CivilSocietyMonitor: {whole, sees, joins, own, reads, own, own, sees, says, no, own, own, no, own, own, Head, field, 0, false, nil},
}

// of gives the column of a kind. A newer program's kind has none: whoever does not
// know it lets nobody at it.
func (r row) of(k record.Kind) cell {
	switch k {
	case record.Facility:
		return r.places
	case record.Visit:
		return r.visits
	case record.Finding, record.RegisterCheck, record.Measurement, record.ObstructionIncident, record.Undertaking, record.ChecklistResponse:
		return r.findings
	case record.Term, record.Standard, record.Checklist:
		return r.terms
	case record.Interview, record.Note:
		return r.raw
	case record.ReprisalCase:
		return r.flags
	case record.Recommendation, record.AuthorityReply:
		return r.recommendations
	case record.ReviewComment:
		return r.comments
	case record.VisitPlan:
		return r.plans
	case record.PersonIdentity:
		return r.identity
	case record.InterviewNote:
		return r.interview
	case record.MedicalNote:
		return r.medical
	case record.ReprisalDetail:
		return r.reprisal
	case record.SealingKey:
		return r.keys
	}
	return no
}
