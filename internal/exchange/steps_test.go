package exchange

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// room is an office's records, with what somebody wants to change in them.
type room struct {
	t       *testing.T
	records map[record.ID]Before
	seq     fold.Seq
}

func newRoom(t *testing.T) *room { return &room{t: t, records: map[record.ID]Before{}, seq: 1} }

var (
	aMember, aHead, aStranger = nthID(9, 1), nthID(9, 2), nthID(9, 3)
	theOffice, ofOthers       = fold.WriterID{1}, fold.WriterID{2}
)

func (r *room) put(m record.Message) record.ID {
	r.t.Helper()
	id, err := record.ParseID(m.GetId())
	if err != nil {
		r.t.Fatal(err)
	}
	kind, err := record.KindOf(m)
	if err != nil {
		r.t.Fatal(err)
	}
	r.records[id] = Before{kind, stateOf(r.t, m)}
	return id
}

// visit is one in that state, with a member and a head in its team.
func (r *room) visit(state daylightv1.VisitState) string {
	v := &daylightv1.Visit{Id: nthID(record.Visit, 1).String(), State: &state, Team: []*daylightv1.TeamMember{
		{Id: aMember.String()}, {Id: aHead.String(), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}},
	}}
	r.put(v)
	return v.Id
}

// show is the record as a form has it.
func (r *room) show(id record.ID) record.Message {
	r.t.Helper()
	m, err := record.Show(r.records[id].Kind, id, r.records[id].State, record.Naming{})
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

// edits are what somebody else's device makes of the message: the changes that a save gives.
func (r *room) edits(m record.Message) (out []journal.RecordEdits) {
	r.t.Helper()
	kind, id := record.Kind(0), record.ID{}
	var err error
	if kind, err = record.KindOf(m); err == nil {
		id, err = record.IDOf(m)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	before := r.records[id].State
	if before == nil {
		before = fold.New()
	}
	edits, _, err := record.Diff(m, before, record.Writer{ID: ofOthers}, record.Naming{}, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	rest, alone := record.Split(kind, edits)
	if len(rest) > 0 {
		alone = append([][]fold.Edit{rest}, alone...)
	}
	for _, e := range alone {
		out = append(out, journal.RecordEdits{Kind: kind, ID: id, Edits: e})
	}
	return out
}

// asks puts one change to the gate, and folds it where it is let through.
func (r *room) asks(person record.ID, role access.Role, edits journal.RecordEdits) (Decision, access.Denial) {
	r.t.Helper()
	before, known := r.records[edits.ID]
	if !known {
		before = Before{State: fold.New()}
	}
	who := Author{
		Person: person, Rights: access.At(1, access.Grant{Role: role}),
		Made: func(w fold.WriterID) (bool, error) { return w == ofOthers, nil },
	}
	d, _, denied, err := who.May(Case{
		Change: journal.Change{Records: []journal.RecordEdits{edits}}, Before: []Before{before},
		Record: func(id record.ID) (Before, error) {
			if b, ok := r.records[id]; ok {
				return b, nil
			}
			return Before{State: fold.New()}, nil
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if d == Accepted {
		r.seq++
		at := fold.Stamp{Dot: fold.Dot{Writer: ofOthers, Seq: r.seq}}
		after, why := judge(at, journal.Change{Records: []journal.RecordEdits{edits}}, []*working{{Record: Record{Kind: edits.Kind, ID: edits.ID}, state: before.State}})
		if why != NoReason {
			r.t.Fatalf("the gate lets through what is refused as %v", why)
		}
		r.records[edits.ID] = Before{edits.Kind, after[0]}
	}
	return d, denied
}

// saves asks for all that a save of the message gives, and gives how each was met.
func (r *room) saves(person record.ID, role access.Role, m record.Message) (out []Decision) {
	r.t.Helper()
	for _, e := range r.edits(m) {
		d, _ := r.asks(person, role, e)
		out = append(out, d)
	}
	return out
}

func TestStepsOfARecommendationAtTheGate(t *testing.T) {
	const (
		draft, review, approved, issued = daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT, daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW,
			daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED, daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED
		overdue = daylightv1.RecommendationState_RECOMMENDATION_STATE_OVERDUE
	)
	for shows, c := range map[string]struct {
		role     access.Role
		from, to daylightv1.RecommendationState
		want     Decision
		words    string
	}{
		"the Ombudsperson approves, who writes none":      {access.Ombudsperson, review, approved, Accepted, ""},
		"and does not draft":                              {access.Ombudsperson, draft, review, Refused, "the recommendation stands at DRAFT; only NPM_HEAD, CASE_OFFICER, REVIEWER or FOLLOW_UP_OFFICER may take it to IN_REVIEW"},
		"a case officer does not approve":                 {access.CaseOfficer, review, approved, Refused, "the recommendation stands at IN_REVIEW; only OMBUDSPERSON or NPM_HEAD may take it to APPROVED"},
		"nor skip it":                                     {access.CaseOfficer, review, issued, Refused, "the recommendation stands at IN_REVIEW; nobody may take it from there to ISSUED, only to DRAFT, APPROVED or WITHDRAWN"},
		"the follow-up officer issues":                    {access.FollowUpOfficer, approved, issued, Accepted, ""},
		"nobody makes it overdue":                         {access.NPMHead, issued, overdue, Refused, "the recommendation stands at ISSUED; OVERDUE is computed and set by nobody"},
		"a member of the team reads where it stands":      {access.Monitor, issued, approved, Refused, "the recommendation stands at ISSUED; nobody may take it from there to APPROVED, only to RECEIVED, RESPONSE_RECEIVED, UNDER_VERIFICATION, CLOSED, SUPERSEDED or WITHDRAWN"},
		"a publication editor is not told that there is":  {access.PublicationEditor, issued, approved, Held, "there is no such record"},
		"who only reads it takes none":                    {access.DataOfficer, draft, review, Refused, "the recommendation stands at DRAFT; only NPM_HEAD, CASE_OFFICER, REVIEWER or FOLLOW_UP_OFFICER may take it to IN_REVIEW"},
		"a representative without a region reads nothing": {access.RegionalRep, draft, review, Held, "there is no such record"},
	} {
		t.Run(shows, func(t *testing.T) {
			r := newRoom(t)
			visit := r.visit(daylightv1.VisitState_VISIT_STATE_CLOSED)
			id := r.put(&daylightv1.Recommendation{Id: nthID(record.Recommendation, 1).String(), VisitId: &visit, State: &c.from})
			m := r.show(id).(*daylightv1.Recommendation)
			m.State = &c.to
			edits := r.edits(m)
			if len(edits) != 1 {
				t.Fatalf("%v", edits)
			}
			d, denied := r.asks(aMember, c.role, edits[0])
			if d != c.want || d != Accepted && denied.String() != c.words {
				t.Errorf("%v, %s", d, denied)
			}
			if now := r.show(id).(*daylightv1.Recommendation).GetState(); (now == c.to) != (c.want == Accepted) {
				t.Errorf("it stands at %v", now)
			}
		})
	}
}

// What comes beside a step is judged as ever: whoever only takes steps writes nothing.
func TestAStepCarriesNothingElse(t *testing.T) {
	r := newRoom(t)
	visit := r.visit(daylightv1.VisitState_VISIT_STATE_FINAL)
	id := r.put(&daylightv1.Recommendation{Id: nthID(record.Recommendation, 1).String(), VisitId: &visit, State: daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW.Enum()})
	m := r.show(id).(*daylightv1.Recommendation)
	m.State, m.Note = daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED.Enum(), proto.String("in their own words")
	split := r.edits(m)
	whole := journal.RecordEdits{Kind: record.Recommendation, ID: id, Edits: append(split[0].Edits, split[1].Edits...)}
	if d, denied := r.asks(aStranger, access.Ombudsperson, whole); d != Refused || denied.Why != access.NotToWrite {
		t.Errorf("in one change: %v, %v", d, denied)
	}
	if got := r.saves(aStranger, access.Ombudsperson, m); len(got) != 2 || got[0] != Refused || got[1] != Accepted {
		t.Errorf("as a save gives them: %v", got)
	}
}

func TestARecommendationIsNotBornIssued(t *testing.T) {
	for state, want := range map[daylightv1.RecommendationState]Decision{1: Accepted, 2: Accepted, 3: Refused, 4: Refused, 7: Refused, 9: Refused} {
		r := newRoom(t)
		visit := r.visit(daylightv1.VisitState_VISIT_STATE_REPORT_DRAFTED)
		m := &daylightv1.Recommendation{Id: nthID(record.Recommendation, 1).String(), VisitId: &visit, State: &state}
		var one journal.RecordEdits
		for _, e := range r.edits(m) { // a device may put all into one change
			one.Kind, one.ID, one.Edits = e.Kind, e.ID, append(one.Edits, e.Edits...)
		}
		if d, denied := r.asks(aStranger, access.NPMHead, one); d != want {
			t.Errorf("born at %v: %v, %v", state, d, denied)
		}
	}
}

// Whoever does not read the plans is not told of one, and gets none in.
func TestThePlanOfVisitsIsTheOffices(t *testing.T) {
	for role, want := range map[access.Role][2]Decision{
		access.NPMHead: {Accepted, Accepted}, access.CaseOfficer: {Refused, Accepted}, access.Ombudsperson: {Refused, Refused},
		access.Reviewer: {Held, Held}, access.Monitor: {Held, Held}, access.CivilSocietyMonitor: {Held, Held},
	} {
		r := newRoom(t)
		visit := r.visit(daylightv1.VisitState_VISIT_STATE_PLANNED)
		made := r.saves(aHead, role, &daylightv1.VisitPlan{Id: nthID(record.VisitPlan, 1).String(), VisitId: &visit, Year: proto.Uint32(2031)})
		id := r.put(&daylightv1.VisitPlan{Id: nthID(record.VisitPlan, 2).String(), VisitId: &visit})
		m := r.show(id).(*daylightv1.VisitPlan)
		m.Aims = proto.String("read the registers first")
		if changed := r.saves(aHead, role, m); made[0] != want[0] || changed[0] != want[1] {
			t.Errorf("%v makes one: %v, and changes one: %v", role, made, changed)
		}
	}
}

// A comment is its author's words.
func TestCommentsAtTheGate(t *testing.T) {
	r := newRoom(t)
	visit := r.visit(daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW)
	theirs := r.put(&daylightv1.ReviewComment{Id: nthID(record.ReviewComment, 1).String(), VisitId: &visit, Text: proto.String("which cell?")})
	m := r.show(theirs).(*daylightv1.ReviewComment)
	m.Text = proto.String("never mind")
	if got := r.saves(aMember, access.Monitor, m); got[0] != Refused {
		t.Errorf("somebody else's text: %v", got)
	}
	m = r.show(theirs).(*daylightv1.ReviewComment)
	m.Settled = proto.Bool(true)
	if got := r.saves(aMember, access.Monitor, m); got[0] != Accepted {
		t.Errorf("settling it: %v", got)
	}
	own := &daylightv1.ReviewComment{Id: nthID(record.ReviewComment, 2).String(), VisitId: &visit, ReplyTo: proto.String(theirs.String()), Text: proto.String("cell 4")}
	if got := r.saves(aMember, access.Monitor, own); got[0] != Accepted {
		t.Fatalf("an own one: %v", got)
	}
	mine, _ := record.ParseID(own.Id)
	m = r.show(mine).(*daylightv1.ReviewComment)
	m.Text = proto.String("cell 5")
	if got := r.saves(aMember, access.Monitor, m); got[0] != Accepted {
		t.Errorf("correcting it: %v", got)
	}
	removing, err := record.Remove(record.ReviewComment, theirs, r.show(theirs).GetSeen(), r.records[theirs].State, record.Writer{ID: ofOthers}, record.Naming{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d, _ := r.asks(aHead, access.Monitor, journal.RecordEdits{Kind: record.ReviewComment, ID: theirs, Edits: removing}); d != Refused {
		t.Errorf("removing somebody else's: %v", d)
	}
}
