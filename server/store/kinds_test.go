package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// followed is an office with two visits and what came of them, by names.
type followed struct {
	*world
	ids map[string]record.ID
}

// add saves a message of the kind, written as protobuf JSON with $name for the id of what
// was added before.
func (f *followed) add(name string, kind record.Kind, text string) record.ID {
	f.Helper()
	for n, id := range f.ids {
		text = strings.ReplaceAll(text, "$"+n+`"`, id.String()+`"`)
	}
	m := record.New(kind)
	if err := protojson.Unmarshal([]byte(text), m); err != nil {
		f.Fatalf("%s: %v", name, err)
	}
	f.ids[name] = f.save("Office", m)
	return f.ids[name]
}

// names are the records of all pages of a list.
func (f *followed) names(kind record.Kind, q Query) string {
	f.Helper()
	byID := map[string]string{}
	for n, id := range f.ids {
		byID[id.String()] = n
	}
	var out []string
	for q.PageSize = 2; ; {
		page := must(f.List(f.Context(), kind, q))(f)
		for _, item := range page.Items {
			out = append(out, byID[item.Message.GetId()])
		}
		if q.PageToken = page.Next; page.Next == "" {
			return strings.Join(out, " ")
		}
	}
}

// line1 to line3 are addressee lines.
const (
	line1 = "01920000-0000-7000-8000-000000000001"
	line2 = "01920000-0000-7000-8000-000000000002"
	line3 = "01920000-0000-7000-8000-000000000003"
)

func newFollowed(t *testing.T) *followed {
	f := &followed{newWorld(t), map[string]record.ID{"anna": {0xa}, "bo": {0xb}}}
	f.add("prison", record.Facility, `{"code":"A","region":"TM-A","mainType":"PRISON","types":["REMAND"],"responsibleBody":"INTERIOR","state":"FACILITY_STATE_ACTIVE",
		"capacities":[{"id":"`+line1+`","kind":"CAPACITY_KIND_OFFICIAL","persons":100,"asOf":"2020"},{"id":"`+line2+`","kind":"CAPACITY_KIND_DESIGN","persons":70}],
		"population":[{"id":"`+line1+`","category":"TOTAL","persons":90,"asOf":"2021-05-01","source":"COUNT_SOURCE_REGISTER"}]}`)
	f.add("home", record.Facility, `{"code":"B","region":"TM-B","mainType":"HOME","responsibleBody":"HEALTH"}`)
	f.add("shut", record.Facility, `{"code":"C","region":"TM-B","mainType":"HOME","state":"FACILITY_STATE_CLOSED"}`)
	f.add("old", record.Visit, `{"facilityId":"$prison","code":"V-1","type":"VISIT_TYPE_IN_DEPTH","state":"VISIT_STATE_CLOSED","announcement":"VISIT_ANNOUNCEMENT_UNANNOUNCED","joint":true,
		"sessions":[{"id":"`+line2+`","enteredAt":"2025-03-02T08:00+05:00"},{"id":"`+line1+`","enteredAt":"2025-03-01T23:30+05:00"}],"plannedStart":"2025-02-01","team":[{"id":"$anna"}],
		"capacities":[{"id":"`+line1+`","kind":"CAPACITY_KIND_OPERATIONAL","persons":80}],
		"population":[{"id":"`+line1+`","category":"TOTAL","persons":170,"source":"COUNT_SOURCE_TEAM_COUNT"},{"id":"`+line2+`","category":"GIRLS","persons":3}]}`)
	f.add("gate", record.Visit, `{"facilityId":"$home","type":"VISIT_TYPE_AD_HOC","state":"VISIT_STATE_OBSTRUCTED","arrivedAt":"2026-01-10T09:00+05:00","team":[{"id":"$anna"},{"id":"$bo"}]}`)
	f.add("planned", record.Visit, `{"facilityId":"$home","type":"VISIT_TYPE_FOLLOW_UP","state":"VISIT_STATE_PLANNED","plannedStart":"2026-12"}`)
	f.add("space", record.Finding, `{"visitId":"$old","kind":"FINDING_KIND_CONCERN","area":"MAT","topic":"MAT.SPACE","severityProposed":"FINDING_SEVERITY_MINOR","severityDecided":"FINDING_SEVERITY_SERIOUS","standards":["NMR-12","NMR-120"],"evidenceStatus":"EVIDENCE_STATUS_ALLEGED"}`)
	f.add("food", record.Finding, `{"visitId":"$old","kind":"FINDING_KIND_GOOD_PRACTICE","area":"MAT","topic":"MAT.FOOD","interviewIds":["`+line1+`"]}`)
	f.add("access", record.Finding, `{"visitId":"$gate","kind":"FINDING_KIND_CONCERN","area":"COOP","topic":"COOP.ACCESS","severityProposed":"FINDING_SEVERITY_SERIOUS","repeatsId":"$space"}`)
	f.add("asked", record.Recommendation, `{"visitId":"$old","code":"R-1","state":"RECOMMENDATION_STATE_ISSUED","horizon":"RECOMMENDATION_HORIZON_SHORT","level":"LAW","topics":["MAT.SPACE","MAT.FOOD"],"standards":["NMR-12"],"facilityIds":["$home"],"findingIds":["$space"],"issuedOn":"2025-06-01",
		"addressees":[{"id":"`+line1+`","authority":"INTERIOR","dueOn":"2025-08-01"},{"id":"`+line2+`","authority":"HEALTH","dueOn":"2025-09"}],
		"assessments":[{"id":"`+line1+`","status":"IMPLEMENTATION_STATUS_FULLY","on":"2025-10-01","lineId":"`+line1+`"},{"id":"`+line2+`","status":"IMPLEMENTATION_STATUS_NOT_IMPLEMENTED","on":"2025-11-01"}]}`)
	f.add("again", record.Recommendation, `{"visitId":"$gate","state":"RECOMMENDATION_STATE_CLOSED","topics":["MAT.SPACE"],"predecessorId":"$asked","issuedOn":"2026-02-01","addressees":[{"id":"`+line3+`","authority":"INTERIOR","dueOn":"2026-03-01"}]}`)
	f.add("draft", record.Recommendation, `{"visitId":"$gate","state":"RECOMMENDATION_STATE_DRAFT"}`)
	f.add("heard", record.AuthorityReply, `{"visitId":"$old","recommendationId":"$asked","lineId":"`+line1+`","response":"AUTHORITY_RESPONSE_ACKNOWLEDGED","receivedOn":"2025-07-01"}`)
	f.add("more time", record.AuthorityReply, `{"visitId":"$old","recommendationId":"$asked","lineId":"`+line1+`","response":"AUTHORITY_RESPONSE_EXTENSION_REQUESTED","receivedOn":"2025-07-15","extensionUntil":"2025-08-20"}`)
	for i, line := range []string{line1, line2} {
		f.add([]string{"agreed", "agrees"}[i], record.AuthorityReply, `{"visitId":"$old","recommendationId":"$asked","lineId":"`+line+`","response":"AUTHORITY_RESPONSE_ACCEPTED","receivedOn":"2025-10-05"}`)
	}
	f.add("promised", record.Undertaking, `{"visitId":"$old","dueOn":"2025-04","topic":"MAT.FOOD"}`)
	f.add("kept", record.Undertaking, `{"visitId":"$old","dueOn":"2025-03-10","assessments":[{"id":"`+line1+`","on":"2025-05-01","status":"IMPLEMENTATION_STATUS_FULLY"},{"id":"`+line2+`","on":"2025-04-01","status":"IMPLEMENTATION_STATUS_NOT_IMPLEMENTED"}]}`)
	f.add("spoken", record.Interview, `{"visitId":"$old","intervieweeType":"DETAINEE","mode":"INDIVIDUAL","minutes":40}`)
	f.add("register", record.RegisterCheck, `{"visitId":"$old","registerType":"CUSTODY"}`)
	f.add("metres", record.Measurement, `{"visitId":"$old","type":"MEASUREMENT_TYPE_LIVING_SPACE","value":2.4}`)
	f.add("refused", record.ObstructionIncident, `{"visitId":"$gate","type":"ENTRY_REFUSED"}`)
	f.add("feared", record.ReprisalCase, `{"visitId":"$old","state":"REPRISAL_STATE_FEARED","risk":"REPRISAL_RISK_HIGH","urgent":true,"actionDueOn":"2025-03-05"}`)
	f.add("over", record.ReprisalCase, `{"visitId":"$old","state":"REPRISAL_STATE_CLOSED"}`)
	f.add("sheet", record.Note, `{"visitId":"$old","onPaper":true,"paperState":"PAPER_STATE_ARCHIVED"}`)
	f.add("why", record.ReviewComment, `{"visitId":"$old","aboutKind":"finding","aboutId":"$space","text":"Why?"}`)
	f.add("because", record.ReviewComment, `{"visitId":"$old","aboutKind":"finding","aboutId":"$space","replyTo":"$why","settled":true}`)
	f.add("plan", record.VisitPlan, `{"facilityId":"$prison","year":2026}`)
	f.add("became", record.VisitPlan, `{"facilityId":"$home","year":2025,"visitId":"$gate"}`)
	f.add("form", record.Checklist, `{"code":"PRISON","version":"2"}`)
	f.add("answers", record.ChecklistResponse, `{"visitId":"$old","checklistId":"$form","checklistCode":"PRISON","checklistVersion":"2"}`)
	f.add("rule", record.Standard, `{"ref":"NMR-12","instrument":"NMR"}`)
	return f
}

func TestEveryKindIsNarrowed(t *testing.T) {
	f := newFollowed(t)
	visits := func(v Visits) Query { return Query{Filter: VisitFilter{Visits: v}} }
	findings := func(x FindingFilter) Query { return Query{Filter: x} }
	recommendations := func(x RecommendationFilter) Query { return Query{Filter: x} }
	hanging := func(k record.Kind, v Visits) Query { return Query{Filter: VisitRecordFilter{Kind: k, Visits: v}} }
	old := f.ids["old"]
	for _, c := range []struct {
		kind record.Kind
		q    Query
		want string
	}{
		{record.Facility, Query{Filter: FacilityFilter{Body: "HEALTH"}}, "home"},
		{record.Facility, Query{Filter: FacilityFilter{Type: "REMAND"}}, "prison"},
		{record.Facility, Query{NewestFirst: true}, "shut home prison"},
		{record.Visit, visits(Visits{Region: "TM-B"}), "gate planned"},
		{record.Visit, visits(Visits{PlaceType: "REMAND"}), "old"},
		{record.Visit, visits(Visits{Body: "HEALTH", From: "2026-12-01"}), "planned"},
		{record.Visit, visits(Visits{From: "2025-03-01", To: "2026-01-10"}), "old gate"},
		{record.Visit, visits(Visits{From: "2025-03-02", To: "2026-01-09"}), ""},
		{record.Visit, Query{Filter: VisitFilter{Person: f.ids["anna"]}, NewestFirst: true}, "gate old"},
		{record.Visit, Query{Filter: VisitFilter{Person: f.ids["bo"]}}, "gate"},
		{record.Visit, Query{Filter: VisitFilter{Code: "V-1"}}, "old"},
		{record.Finding, findings(FindingFilter{Visits: Visits{To: "2025-12-31"}}), "space food"},
		{record.Finding, findings(FindingFilter{Visits: Visits{Region: "TM-B", From: "2026-01-01"}, Area: "COOP"}), "access"},
		{record.Finding, findings(FindingFilter{Standard: "NMR-12"}), "space"},
		{record.Finding, findings(FindingFilter{Standard: "NMR-1"}), ""},
		{record.Finding, findings(FindingFilter{Evidence: daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED}), "space"},
		{record.Finding, findings(FindingFilter{Repeated: true}), "access"},
		{record.Finding, findings(FindingFilter{Severity: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS}), "space access"},
		{record.Recommendation, recommendations(RecommendationFilter{Visit: old}), "asked"},
		{record.Recommendation, recommendations(RecommendationFilter{Facility: f.ids["home"]}), "asked again draft"},
		{record.Recommendation, recommendations(RecommendationFilter{Facility: f.ids["prison"]}), "asked"},
		{record.Recommendation, recommendations(RecommendationFilter{Authority: "INTERIOR"}), "asked again"},
		{record.Recommendation, recommendations(RecommendationFilter{Authority: "HEALTH"}), "asked"},
		{record.Recommendation, recommendations(RecommendationFilter{State: daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT}), "draft"},
		{record.Recommendation, recommendations(RecommendationFilter{Open: true}), "asked"},
		{record.Recommendation, recommendations(RecommendationFilter{Topic: "MAT.SPACE"}), "asked again"},
		{record.Recommendation, recommendations(RecommendationFilter{Topic: "MAT.SPACE", Standard: "NMR-12", Level: "LAW", Code: "R-1"}), "asked"},
		{record.Recommendation, recommendations(RecommendationFilter{Predecessor: f.ids["asked"]}), "again"},
		{record.Recommendation, recommendations(RecommendationFilter{Horizon: daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT}), "asked"},
		{record.Recommendation, recommendations(RecommendationFilter{IssuedFrom: "2026-01-01"}), "again"},
		{record.Recommendation, recommendations(RecommendationFilter{IssuedTo: "2025-12-31"}), "asked"},
		{record.AuthorityReply, Query{Filter: ReplyFilter{Recommendation: f.ids["asked"]}}, "heard more time agreed agrees"},
		{record.AuthorityReply, Query{Filter: ReplyFilter{Of: []record.ID{f.ids["again"], f.ids["asked"]}}}, "heard more time agreed agrees"},
		{record.AuthorityReply, Query{Filter: ReplyFilter{Of: []record.ID{f.ids["again"], f.ids["draft"]}}}, ""},
		{record.AuthorityReply, Query{Filter: ReplyFilter{Visit: old, Response: daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_ACCEPTED}}, "agreed agrees"},
		{record.Undertaking, Query{Filter: UndertakingFilter{Open: true}}, "promised"},
		{record.Undertaking, Query{Filter: UndertakingFilter{DueBefore: "2025-04-30"}}, "kept"}, // April ends on the 30th
		{record.Undertaking, Query{Filter: UndertakingFilter{DueBefore: "2025-05-01", Visit: old}}, "promised kept"},
		{record.ReprisalCase, Query{Filter: ReprisalCaseFilter{Open: true}}, "feared"},
		{record.ReprisalCase, Query{Filter: ReprisalCaseFilter{Urgent: true, Visit: old}}, "feared"},
		{record.ReprisalCase, Query{Filter: ReprisalCaseFilter{State: daylightv1.ReprisalState_REPRISAL_STATE_CLOSED}}, "over"},
		{record.ReviewComment, Query{Filter: CommentFilter{About: f.ids["space"]}}, "why because"},
		{record.ReviewComment, Query{Filter: CommentFilter{ReplyTo: f.ids["why"]}}, "because"},
		{record.ReviewComment, Query{Filter: CommentFilter{Visit: old, Unsettled: true}}, "why"},
		{record.VisitPlan, Query{Filter: PlanFilter{Year: 2026}}, "plan"},
		{record.VisitPlan, Query{Filter: PlanFilter{Facility: f.ids["home"]}}, "became"},
		{record.VisitPlan, Query{Filter: PlanFilter{Open: true}}, "plan"},
		{record.Standard, Query{Filter: StandardFilter{Instrument: "NMR", Ref: "NMR-12"}}, "rule"},
		{record.Standard, Query{Filter: StandardFilter{Instrument: "CPT"}}, ""},
		{record.Checklist, Query{Filter: ChecklistFilter{Code: "PRISON", Version: "2"}}, "form"},
		{record.Checklist, Query{Filter: ChecklistFilter{Version: "1"}}, ""},
		{record.Interview, hanging(record.Interview, Visits{Region: "TM-A"}), "spoken"},
		{record.RegisterCheck, Query{Filter: VisitRecordFilter{Kind: record.RegisterCheck, Visit: old}}, "register"},
		{record.Measurement, hanging(record.Measurement, Visits{Facility: f.ids["home"]}), ""},
		{record.ObstructionIncident, hanging(record.ObstructionIncident, Visits{PlaceType: "HOME"}), "refused"},
		{record.Note, Query{}, "sheet"},
		{record.ChecklistResponse, Query{}, "answers"},
	} {
		if got := f.names(c.kind, c.q); got != c.want {
			t.Errorf("%v %+v: %q, want %q", c.kind, c.q.Filter, got, c.want)
		}
	}
	f.whole()
}

func TestOverdueOnADay(t *testing.T) {
	f := newFollowed(t)
	f.add("silent", record.Recommendation, `{"state":"RECOMMENDATION_STATE_ISSUED","addressees":[{"id":"`+line3+`","authority":"DEFENCE","dueOn":"2026-05-01"}]}`)
	f.add("doubted", record.Recommendation, `{"state":"RECOMMENDATION_STATE_ISSUED","addressees":[{"id":"`+line1+`","dueOn":"2026-06-01"},{"id":"`+line2+`","dueOn":"2026-06-01"}]}`)
	f.add("settled", record.Recommendation, `{"state":"RECOMMENDATION_STATE_ISSUED","addressees":[{"id":"`+line1+`","dueOn":"2026-06-01"}]}`)
	for _, of := range []string{"$doubted", "$settled"} {
		f.add("answer to "+of, record.AuthorityReply, `{"recommendationId":"`+of+`","response":"AUTHORITY_RESPONSE_ACCEPTED","receivedOn":"2026-05-20"}`)
	}
	for day, want := range map[string]string{
		"2025-08-01": "",      // the day itself
		"2025-08-02": "asked", // that it was received, and that more time is asked for, is no answer
		"2025-08-21": "asked",
		"2025-09-30": "asked",
		"2025-10-04": "asked", // of the second addressee too, since September is over
		"2025-10-05": "",      // both have answered
		"2026-05-01": "",      // the day itself; the closed one is not waited for
		"2026-05-02": "silent",
		"2026-07-01": "silent doubted", // of two addressees nobody knows whose answer it is that names none
	} {
		if got := f.names(record.Recommendation, Query{Filter: RecommendationFilter{OverdueOn: day}}); got != want {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
		if got := f.lateByRule(day); got != want {
			t.Errorf("by the rule of the domain on %s: %q, want %q", day, got, want)
		}
	}
	if got := f.names(record.Recommendation, Query{Filter: RecommendationFilter{OverdueOn: "2025-09-30", Authority: "JUSTICE"}}); got != "" {
		t.Errorf("of another authority: %q", got)
	}
}

// lateByRule are the names of the recommendations of which the rule that devices use says
// that an answer is late, with the answers that had come by the day.
func (f *followed) lateByRule(day string) string {
	f.Helper()
	var replies []*daylightv1.AuthorityReply
	for _, i := range must(f.List(f.Context(), record.AuthorityReply, Query{}))(f).Items {
		if m := i.Message.(*daylightv1.AuthorityReply); m.GetReceivedOn() <= day {
			replies = append(replies, m)
		}
	}
	var late []string
	for _, i := range must(f.List(f.Context(), record.Recommendation, Query{}))(f).Items {
		for _, l := range record.Overdue(i.Message.(*daylightv1.Recommendation), replies, day) {
			if l.AnswerLate {
				for name, id := range f.ids {
					if id.String() == i.Message.GetId() {
						late = append(late, name)
					}
				}
				break
			}
		}
	}
	return strings.Join(late, " ")
}

func TestSealedKindsAreNotListed(t *testing.T) {
	w := newWorld(t)
	for _, k := range record.Kinds() {
		sealed := record.Sealed(k) || k == record.SealingKey
		if Lists(k) == sealed {
			t.Errorf("%v: listed is %v", k, Lists(k))
		}
		_, err := w.List(t.Context(), k, Query{})
		if sealed != errors.Is(err, ErrNoList) {
			t.Errorf("%v: %v", k, err)
		}
	}
	if _, err := w.List(t.Context(), record.Note, Query{Filter: VisitRecordFilter{Kind: record.Interview}}); !errors.Is(err, ErrBadFilter) {
		t.Errorf("%v, want that the filter does not fit", err)
	}
}

// The newest come first, and what comes while paging does not move a page.
func TestNewestFirst(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		f := aFinding(record.ID{1}, "x")
		f.Title = new(string)
		*f.Title = fmt.Sprint(i)
		w.save("Clerk", f)
	}
	q := Query{NewestFirst: true, PageSize: 3, Text: "x"}
	for more := true; more; {
		more = must(w.Index(t.Context()))(t)
	}
	first := must(w.List(t.Context(), record.Finding, q))(t)
	w.save("Clerk", aFinding(record.ID{1}, "x"))
	other := q
	if other.PageToken, other.NewestFirst = first.Next, false; !errors.Is(func() error { _, err := w.List(t.Context(), record.Finding, other); return err }(), ErrBadToken) {
		t.Error("the token of the other order was taken")
	}
	q.PageToken = first.Next
	if got := fmt.Sprint(w.titles(record.Finding, q)); got != "[3 2 1 0]" {
		t.Errorf("behind the first page: %s", got)
	}
	if got := fmt.Sprint(w.titles(record.Finding, Query{NewestFirst: true, Filter: FindingFilter{Visit: record.ID{1}}, Text: "x", PageSize: 2})); got != "[6 5 4 3 2 1 0]" {
		t.Errorf("of one visit: %s", got)
	}
}

// A store whose projections are those of an older program, or of none.
func TestOlderStoresAreGivenProjections(t *testing.T) {
	f := newFollowed(t)
	before := f.dump()
	if err := f.write(t.Context(), func(l *ledger) error {
		if err := l.emptyProjections(); err != nil {
			return err
		}
		if _, err := l.Exec(`UPDATE records SET visit = NULL`); err != nil {
			return err
		}
		_, err := l.Exec(`DELETE FROM meta WHERE name = 'projections'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	f.reopen()
	f.whole()
	if after := f.dump(); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
}

// dump is all that the projections hold, and what hangs on which visit.
func (f *followed) dump() string {
	f.Helper()
	var b strings.Builder
	err := f.read(f.Context(), func(l *ledger) error {
		tables := []string{`(SELECT number, visit FROM records)`}
		for _, k := range record.Kinds() {
			if p, ok := projections[k]; ok {
				tables = append(tables, p.table)
				for _, c := range p.children {
					tables = append(tables, c.table)
				}
			}
		}
		for _, t := range tables {
			rows, err := l.Query(`SELECT * FROM ` + t + ` ORDER BY 1, 2`)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			row := make([]any, len(columns))
			for rows.Next() {
				if err := rows.Scan(places(row)...); err != nil {
					return err
				}
				fmt.Fprintln(&b, t, row)
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
	return b.String()
}

func TestCheckFindsWhatWasAlteredInAnyProjection(t *testing.T) {
	f := newFollowed(t)
	for kind, p := range projections {
		tables := map[string]string{p.table: "its row differs"}
		for _, c := range p.children {
			tables[c.table] = "its rows in " + c.table + " differ"
		}
		for table, want := range tables {
			if n := f.count(table); n == 0 && table != "terms" {
				t.Errorf("%v: nothing is in %s", kind, table)
			} else if n == 0 {
				continue
			}
			f.altered(`DELETE FROM `+table+` WHERE record = (SELECT min(r.number) FROM records r JOIN `+table+` t ON t.record = r.number WHERE r.kind = `+fmt.Sprint(int64(kind))+`)`, want)
		}
	}
}

func (f *followed) count(table string) (n int) {
	f.Helper()
	if err := f.read(f.Context(), func(l *ledger) error { return l.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n) }); err != nil {
		f.Fatal(err)
	}
	return n
}

// altered fails unless check finds it, and undoes it.
func (f *followed) altered(text, want string) {
	f.Helper()
	undo := errors.New("undo")
	err := f.db.Write(f.Context(), func(tx *sqlitedb.Tx) error {
		if _, err := tx.Exec(text); err != nil {
			return err
		}
		var found []string
		c := &check{ledger: f.ledger(tx), report: func(x Finding) { found = append(found, x.String()) }, heads: map[fold.WriterID]member{}, parts: map[string]int{}}
		if err := errors.Join(c.records(), c.counts()); err != nil {
			return err
		}
		if all := strings.Join(found, "\n"); !strings.Contains(all, want) {
			f.Errorf("%s: found %q, want %q", text, all, want)
		}
		return undo
	})
	if !errors.Is(err, undo) {
		f.Fatal(err)
	}
}

// What is projected of a record changes with it.
func TestProjectionsFollowTheRecord(t *testing.T) {
	f := newFollowed(t)
	m := must(f.Get(t.Context(), record.Recommendation, f.ids["asked"]))(t).Message.(*daylightv1.Recommendation)
	m.Topics, m.Addressees, m.State = []string{"MAT.FOOD"}, m.Addressees[1:], daylightv1.RecommendationState_RECOMMENDATION_STATE_RECEIVED.Enum()
	f.save("Office", m)
	if got := f.names(record.Recommendation, Query{Filter: RecommendationFilter{Topic: "MAT.SPACE"}}); got != "again" {
		t.Errorf("of the topic that was taken away: %q", got)
	}
	if got := f.names(record.Recommendation, Query{Filter: RecommendationFilter{Authority: "INTERIOR"}}); got != "again" {
		t.Errorf("of the addressee that was taken away: %q", got)
	}
	m = must(f.Get(t.Context(), record.Recommendation, f.ids["asked"]))(t).Message.(*daylightv1.Recommendation)
	must(f.Remove(t.Context(), "Office", record.Recommendation, f.ids["asked"], m.GetSeen()))(t)
	if got := f.names(record.Recommendation, Query{}); got != "again draft" {
		t.Errorf("after the removal: %q", got)
	}
	f.whole()
}

// Each kind that hangs on a visit has the column that narrows it.
func TestWhatHangsOnAVisitIsProjectedSo(t *testing.T) {
	for kind, p := range projections {
		if record.HangsOnVisit(kind) && !strings.Contains(p.get, "visit") {
			t.Errorf("%v has no visit in %s", kind, p.table)
		}
	}
}
