package access_test

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

var (
	aPerson = record.ID{1}
	another = record.ID{2}
)

func fields(f ...int32) []int32 { return f }

func TestWhatAWriteAsksFor(t *testing.T) {
	visit := access.Subject{Kind: record.Visit, Own: true}
	headed := access.Subject{Kind: record.Visit, Own: true, Head: true}
	finding := access.Subject{Kind: record.Finding, Own: true}
	comment := func(state daylightv1.VisitState, own, made bool) access.Subject {
		return access.Subject{Kind: record.ReviewComment, State: state, Own: own, Made: made}
	}
	const reviewed, closed = daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW, daylightv1.VisitState_VISIT_STATE_CLOSED
	for shows, c := range map[string]struct {
		role access.Role
		w    access.Write
		want access.Reason
	}{
		"a member does not change the team":          {access.Monitor, access.Write{Subject: visit, Fields: fields(31, 20)}, access.NotToLead},
		"a member does not move the visit":           {access.Monitor, access.Write{Subject: visit, Fields: fields(10)}, access.NotToLead},
		"a member does not join it to another":       {access.Monitor, access.Write{Subject: visit, Fields: fields(5)}, access.NotToLead},
		"the head changes the team":                  {access.Monitor, access.Write{Subject: headed, Fields: fields(20)}, access.NoReason},
		"a civil society head changes the team":      {access.CivilSocietyMonitor, access.Write{Subject: headed, Fields: fields(20)}, access.NoReason},
		"the office changes the team":                {access.CaseOfficer, access.Write{Subject: access.Subject{Kind: record.Visit}, Fields: fields(20)}, access.NoReason},
		"a reviewer does not":                        {access.Reviewer, access.Write{Subject: headed, Fields: fields(20)}, access.NotToLead},
		"a member proposes a severity":               {access.Monitor, access.Write{Subject: finding, Fields: fields(14)}, access.NoReason},
		"a head does not decide it":                  {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Finding, Own: true, Head: true}, Fields: fields(15)}, access.NotToDecide},
		"a reviewer decides it":                      {access.Reviewer, access.Write{Subject: finding, Fields: fields(15)}, access.NoReason},
		"who only reads findings does not":           {access.NPMHead, access.Write{Subject: finding, Fields: fields(15)}, access.NotToDecide},
		"one field of many is enough to deny":        {access.Monitor, access.Write{Subject: finding, Fields: fields(14, 27, 15)}, access.NotToDecide},
		"a newer program's field is plain":           {access.Monitor, access.Write{Subject: finding, Fields: fields(900)}, access.NoReason},
		"a newer program's kind is made by nobody":   {access.NPMHead, access.Write{Subject: access.Subject{Kind: 77}, Fields: fields(1), Creates: true}, access.Missing},
		"and written by nobody":                      {access.NPMHead, access.Write{Subject: access.Subject{Kind: 77}, Fields: fields(1)}, access.Missing},
		"an edit of nothing is none":                 {access.NPMHead, access.Write{Subject: visit}, access.NotToWrite},
		"who follows takes steps and writes nothing": {access.FollowUpOfficer, access.Write{Subject: visit, Fields: fields(31)}, access.NotToWrite},
		"a head of no team is none":                  {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Visit, Head: true}, Fields: fields(20)}, access.Missing},

		"a comment's text is its author's":           {access.Reviewer, access.Write{Subject: comment(reviewed, false, true), Fields: fields(16)}, access.NoReason},
		"also after the end, for the office":         {access.Reviewer, access.Write{Subject: comment(closed, false, true), Fields: fields(16)}, access.NoReason},
		"and nobody else's":                          {access.NPMHead, access.Write{Subject: comment(reviewed, true, false), Fields: fields(16)}, access.NotToWrite},
		"nor is it another's to remove":              {access.NPMHead, access.Write{Subject: comment(reviewed, true, false), Fields: fields(3)}, access.NotToWrite},
		"a team-mate's is not either":                {access.Monitor, access.Write{Subject: comment(reviewed, true, false), Fields: fields(16)}, access.NotToWrite},
		"a member corrects their own":                {access.Monitor, access.Write{Subject: comment(reviewed, true, true), Fields: fields(16)}, access.NoReason},
		"until the visit ends":                       {access.Monitor, access.Write{Subject: comment(closed, true, true), Fields: fields(16)}, access.TooLate},
		"not as a former member":                     {access.Monitor, access.Write{Subject: comment(reviewed, false, true), Fields: fields(16)}, access.Missing},
		"anybody who writes comments settles one":    {access.Monitor, access.Write{Subject: comment(reviewed, true, false), Fields: fields(18)}, access.NoReason},
		"so does the office":                         {access.MedicalReviewer, access.Write{Subject: comment(closed, false, false), Fields: fields(18)}, access.NoReason},
		"a member not after the end":                 {access.Monitor, access.Write{Subject: comment(closed, true, false), Fields: fields(18)}, access.TooLate},
		"settling does not open the text":            {access.Monitor, access.Write{Subject: comment(reviewed, true, false), Fields: fields(18, 16)}, access.NotToWrite},
		"a comment on an own visit":                  {access.Monitor, access.Write{Subject: comment(reviewed, true, false), Creates: true, Fields: fields(1, 10, 16)}, access.NoReason},
		"and not on another's":                       {access.Monitor, access.Write{Subject: comment(reviewed, false, false), Creates: true, Fields: fields(1, 10, 16)}, access.Missing},
		"nor after its end":                          {access.Monitor, access.Write{Subject: comment(closed, true, false), Creates: true, Fields: fields(1, 10, 16)}, access.TooLate},
		"whoever creates a visit is its head":        {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Visit}, Creates: true, NamesHead: true, Fields: fields(1, 20, 10, 11), To: 1}, access.NoReason},
		"or does not create it":                      {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Visit}, Creates: true, Fields: fields(1, 31)}, access.NotToCreate},
		"also if a team before it is claimed":        {access.Monitor, access.Write{Subject: headed, Creates: true, Fields: fields(1, 20)}, access.NotToCreate},
		"nor a state before it":                      {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Visit, State: 9}, Creates: true, NamesHead: true, Fields: fields(1, 20, 11), To: 1}, access.NoReason},
		"civil society opens no visit":               {access.CivilSocietyMonitor, access.Write{Subject: access.Subject{Kind: record.Visit}, Creates: true, NamesHead: true, Fields: fields(1, 20)}, access.NotToCreate},
		"the office plans a visit of others":         {access.NPMHead, access.Write{Subject: access.Subject{Kind: record.Visit}, Creates: true, Fields: fields(1, 20, 11), To: 1}, access.NoReason},
		"a new visit is not born closed":             {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Visit}, Creates: true, NamesHead: true, Fields: fields(1, 20, 11), To: 16}, access.NotThisStep},
		"a new finding is not born decided":          {access.Monitor, access.Write{Subject: finding, Creates: true, Fields: fields(1, 10, 15)}, access.NotToDecide},
		"a finding hangs on one's own visit":         {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Finding}, Creates: true, Fields: fields(1, 10)}, access.Missing},
		"creating what one never reads looks absent": {access.SystemAdmin, access.Write{Subject: finding, Creates: true, Fields: fields(1)}, access.Missing},
		"naming a head does not help with others'":   {access.Monitor, access.Write{Subject: access.Subject{Kind: record.Visit}, NamesHead: true, Fields: fields(20)}, access.Missing},
	} {
		t.Run(shows, func(t *testing.T) {
			ok, why := access.At(1, access.Grant{Role: c.role}).MayWrite(c.w)
			if why != c.want || ok != (c.want == access.NoReason) {
				t.Errorf("%v: %v, want %v", ok, why, c.want)
			}
		})
	}
}

// A representative of a region reads its comments, and writes none.
func TestWhoWritesNoCommentsSettlesNone(t *testing.T) {
	may := access.At(1, access.Grant{Role: access.RegionalRep, Region: here})
	w := access.Write{Subject: access.Subject{Kind: record.ReviewComment, Region: here, Made: true}, Fields: fields(18)}
	if _, why := may.MayWrite(w); why != access.NotToSettle {
		t.Error(why)
	}
}

func TestWhatIsMoreThanAStep(t *testing.T) {
	interview, paper := access.Subject{Kind: record.Interview}, access.Subject{Kind: record.Recommendation}
	for shows, c := range map[string]struct {
		w    access.Write
		want bool
	}{
		"a step":                  {access.Write{Subject: paper, Fields: fields(11)}, false},
		"a step and a text":       {access.Write{Subject: paper, Fields: fields(11, 14)}, true},
		"a withdrawal":            {access.Write{Subject: interview, Fields: fields(25), Withdraws: true}, false},
		"one that is cleared":     {access.Write{Subject: interview, Fields: fields(25)}, true},
		"a field 11 of no cycle":  {access.Write{Subject: interview, Fields: fields(11)}, true},
		"a withdrawal and a text": {access.Write{Subject: interview, Fields: fields(25, 19), Withdraws: true}, true},
	} {
		if got := c.w.Rewrites(); got != c.want {
			t.Errorf("%s: %v", shows, got)
		}
	}
}

func TestAChangeIsTakenWholeOrNotAtAll(t *testing.T) {
	may := access.At(1, access.Grant{Role: access.Monitor})
	mine := access.Write{Subject: access.Subject{Kind: record.Finding, Own: true}, Fields: fields(27)}
	others := access.Write{Subject: access.Subject{Kind: record.Finding}, Fields: fields(27)}
	if ok, _, why := may.MayChange(mine, mine); !ok || why != access.NoReason {
		t.Error("two own findings:", why)
	}
	if ok, which, why := may.MayChange(mine, others, mine); ok || which != 1 || why != access.Missing {
		t.Error("one of another's visit:", ok, which, why)
	}
	if ok, which, why := may.MayChange(others, mine); ok || which != 0 || why != access.Missing {
		t.Error("the first of another's visit:", ok, which, why)
	}
	if ok, _, why := may.MayChange(); ok || why != access.NotToWrite {
		t.Error("a change of nothing:", ok, why)
	}
}

func TestTwoRolesReachAsFarAsEach(t *testing.T) {
	may := access.At(1, access.Grant{Role: access.Monitor}, access.Grant{Role: access.RegionalRep, Region: here})
	if got := may.Reads(record.Visit); got != access.Own|access.Region || got.String() != "own+region" {
		t.Errorf("visits are read: %v", got)
	}
	if may.MayRead(access.Subject{Kind: record.Finding, Region: elsewhere}) || may.MayRead(access.Subject{Kind: record.Finding}) {
		t.Error("a finding of another region, or of none, is read")
	}
}

// Two roles add up field by field, but what one reads the other does not write.
func TestTwoRolesOfOnePerson(t *testing.T) {
	monitor, rep := access.Grant{Role: access.Monitor}, access.Grant{Role: access.RegionalRep, Region: here}
	officer, reviewer := access.Grant{Role: access.CaseOfficer, Region: here}, access.Grant{Role: access.Reviewer, Region: here}
	follower, reader := access.Grant{Role: access.FollowUpOfficer, Region: here}, access.Grant{Role: access.MedicalReviewer}
	for shows, c := range map[string]struct {
		a, b access.Grant
		w    access.Write
		want access.Reason
	}{
		"what is read in the region is not written":     {monitor, rep, access.Write{Subject: access.Subject{Kind: record.Finding, Region: here}, Fields: fields(27)}, access.NotToWrite},
		"an own comment, of a team that one has left":   {monitor, rep, access.Write{Subject: access.Subject{Kind: record.ReviewComment, Region: here, Made: true}, Fields: fields(16)}, access.NotToWrite},
		"a head outside the team leads nothing":         {monitor, rep, access.Write{Subject: access.Subject{Kind: record.Visit, Region: here, Head: true}, Fields: fields(20)}, access.NotToLead},
		"the office of a region leads there":            {monitor, officer, access.Write{Subject: access.Subject{Kind: record.Visit, Region: here, Own: true}, Fields: fields(20)}, access.NoReason},
		"and not elsewhere":                             {monitor, officer, access.Write{Subject: access.Subject{Kind: record.Visit, Region: elsewhere, Own: true}, Fields: fields(20)}, access.NotToLead},
		"a reviewer of a region decides there":          {monitor, reviewer, access.Write{Subject: access.Subject{Kind: record.Finding, Region: here}, Fields: fields(15)}, access.NoReason},
		"and not of the own visits elsewhere":           {monitor, reviewer, access.Write{Subject: access.Subject{Kind: record.Finding, Region: elsewhere, Own: true}, Fields: fields(15)}, access.NotToDecide},
		"no step of a team that one only reads about":   {monitor, reader, access.Write{Subject: access.Subject{Kind: record.Visit, State: 3}, Fields: fields(11), To: 4}, access.NotThisStep},
		"a follower of a region takes steps there":      {follower, reader, access.Write{Subject: access.Subject{Kind: record.Visit, State: 14, Region: here}, Fields: fields(11), To: 15}, access.NoReason},
		"and none elsewhere":                            {follower, reader, access.Write{Subject: access.Subject{Kind: record.Visit, State: 14, Region: elsewhere}, Fields: fields(11), To: 15}, access.NotThisStep},
		"one role writes a field, the other a decision": {monitor, access.Grant{Role: access.CaseOfficer}, access.Write{Subject: access.Subject{Kind: record.Finding, Own: true}, Fields: fields(14, 15)}, access.NoReason},
	} {
		t.Run(shows, func(t *testing.T) {
			if _, why := access.At(1, c.a, c.b).MayWrite(c.w); why != c.want {
				t.Errorf("%v, want %v", why, c.want)
			}
		})
	}
}

func TestStandingInATeam(t *testing.T) {
	visit := &daylightv1.Visit{
		State: daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum(),
		Team: []*daylightv1.TeamMember{
			{Id: aPerson.String(), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_LAWYER, daylightv1.TeamRole_TEAM_ROLE_HEAD}},
			{Id: another.String(), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_DEPUTY}},
			{Id: record.ID{}.String(), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}},
		},
	}
	for shows, c := range map[string]struct {
		person    record.ID
		own, head bool
	}{
		"the head":             {aPerson, true, true},
		"a deputy heads none":  {another, true, false},
		"somebody else":        {record.ID{3}, false, false},
		"nobody is in no team": {record.ID{}, false, false},
	} {
		t.Run(shows, func(t *testing.T) {
			want := access.Subject{Kind: record.Finding, Own: c.own, Head: c.head, State: daylightv1.VisitState_VISIT_STATE_SUBMITTED}
			if got := access.Beside(visit, record.Finding, c.person); got != want {
				t.Errorf("%+v", got)
			}
		})
	}
	if got := access.Beside(nil, record.Finding, aPerson); got != (access.Subject{Kind: record.Finding}) {
		t.Errorf("beside no visit: %+v", got)
	}
}

// The numbers of the fields are those of the schema.
func TestTheFieldsAreThoseOfTheSchema(t *testing.T) {
	names := map[record.Kind]map[int32]string{
		record.Visit:          {3: "removed", 5: "merged_into", 10: "facility_id", 11: "state", 20: "team"},
		record.Finding:        {15: "severity_decided"},
		record.Recommendation: {11: "state"}, record.Interview: {25: "withdrawals"}, record.ReviewComment: {18: "settled"},
	}
	for k, want := range names {
		for _, f := range record.Fields(k) {
			if name, special := want[f.Number]; special && name != f.Name {
				t.Errorf("%v: field %d is %s, not %s", k, f.Number, f.Name, name)
			}
			if f.Rule == record.Guarded && want[f.Number] == "" {
				t.Errorf("%v: %s is guarded and asks for nothing special", k, f.Name)
			}
		}
	}
}
