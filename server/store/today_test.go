package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// newPressed adds an open visit with things that cannot wait to what newFollowed has.
func newPressed(t *testing.T) *followed {
	f := newFollowed(t)
	f.add("open", record.Visit, `{"facilityId":"$prison","state":"VISIT_STATE_IN_PROGRESS","enteredAt":"2026-11-24T08:00+05:00","team":[{"id":"$anna"}]}`)
	for name, text := range map[string]string{
		"1 critical":  `"severityProposed":"FINDING_SEVERITY_CRITICAL","kind":"FINDING_KIND_CONCERN"`,
		"2 milder":    `"severityProposed":"FINDING_SEVERITY_CRITICAL","severityDecided":"FINDING_SEVERITY_SERIOUS"`,
		"3 alleged":   `"kind":"FINDING_KIND_INDIVIDUAL_CASE","topic":"TREAT.TORTURE","interviewIds":["` + line1 + `"]`,
		"4 good":      `"kind":"FINDING_KIND_GOOD_PRACTICE","topic":"TREAT.TORTURE"`,
		"5 unproved":  `"kind":"FINDING_KIND_CONCERN","topic":"TREAT.TORTURE","evidenceStatus":"EVIDENCE_STATUS_NOT_CONFIRMED"`,
		"6 acted on":  `"severityProposed":"FINDING_SEVERITY_CRITICAL"`,
		"7 drafted":   `"severityProposed":"FINDING_SEVERITY_CRITICAL"`,
		"8 withdrawn": `"severityProposed":"FINDING_SEVERITY_CRITICAL"`,
	} {
		f.add(name, record.Finding, `{"visitId":"$open",`+text+`}`)
	}
	f.add("letter", record.Recommendation, `{"visitId":"$open","state":"RECOMMENDATION_STATE_ISSUED","findingIds":["$6 acted on"]}`)
	f.add("paper", record.Recommendation, `{"visitId":"$open","state":"RECOMMENDATION_STATE_DRAFT","findingIds":["$7 drafted"]}`)
	f.add("back", record.Recommendation, `{"visitId":"$open","state":"RECOMMENDATION_STATE_WITHDRAWN","findingIds":["$8 withdrawn"]}`)
	f.add("told", record.Interview, `{"visitId":"$open","allegation":true}`)
	f.add("danger", record.Interview, `{"visitId":"$open","reprisalRisk":"REPRISAL_RISK_IMMINENT","personId":"`+line2+`"}`)
	f.add("safe", record.Interview, `{"visitId":"$open","reprisalRisk":"REPRISAL_RISK_IMMINENT","personId":"`+line3+`"}`)
	f.add("case", record.ReprisalCase, `{"visitId":"$open","state":"REPRISAL_STATE_REPORTED","risk":"REPRISAL_RISK_IMMINENT","personId":"`+line3+`"}`)
	f.add("calm", record.ReprisalCase, `{"visitId":"$open","state":"REPRISAL_STATE_REMEDIED","risk":"REPRISAL_RISK_IMMINENT"}`)
	f.add("barred", record.Visit, `{"facilityId":"$home","state":"VISIT_STATE_SUBMITTED","access":[{"right":"ACCESS_RIGHT_A20C_ALL_PREMISES","rating":"ACCESS_RATING_REFUSED"}]}`)
	f.add("let in late", record.Visit, `{"facilityId":"$home","state":"VISIT_STATE_SUBMITTED","enteredAt":"2026-11-24T08:00+05:00","access":[{"right":"ACCESS_RIGHT_A20C_ALL_PREMISES","rating":"ACCESS_RATING_REFUSED"}]}`)
	f.add("sent away", record.Visit, `{"facilityId":"$home","state":"VISIT_STATE_SUBMITTED"}`)
	f.add("how", record.ObstructionIncident, `{"visitId":"$sent away","type":"ENTRY_REFUSED"}`)
	return f
}

// presses are the names of what cannot wait, sorted, with why.
func (f *followed) presses(d *Desk) string {
	f.Helper()
	names := map[record.ID]string{}
	for n, id := range f.ids {
		names[id] = n
	}
	var out []string
	for _, p := range must(d.Pressing(f.Context()))(f) {
		why := ""
		for mark, is := range map[string]bool{"a": p.Allegation, "c": p.Critical, "i": p.Imminent, "r": p.Refused} {
			if is {
				why += mark
			}
		}
		if p.Draft != (record.ID{}) {
			why += " " + names[p.Draft]
		}
		if p.ReceivedAt != start.UnixMilli() {
			f.Errorf("%s came at %d", names[p.ID], p.ReceivedAt)
		}
		out = append(out, names[p.ID]+"("+why+")")
	}
	return sortedText(out)
}

func sortedText(s []string) (out string) {
	for _, x := range single(s) {
		out += x[0].(string) + "; "
	}
	return out
}

func TestWhatCannotWait(t *testing.T) {
	f := newPressed(t)
	const feared = "feared(i); " // of a visit that is closed: a person is in danger all the same
	all := "1 critical(c); 3 alleged(a); 7 drafted(c paper); 8 withdrawn(c); barred(r); case(i); danger(i); " + feared + "sent away(r); told(a); "
	want(t, "everything", f.presses(f.all()), all)
	want(t, "a region", f.presses(f.of(RegionHolder("TM-B"))), "barred(r); sent away(r); ")
	want(t, "a team", f.presses(f.of(PersonHolder(f.ids["bo"]))), "")
	first := must(f.all().Pressing(t.Context()))(t)[0]
	if !first.Allegation {
		t.Error("what has a day does not come first")
	}

	// The report goes out: what was left is left on purpose, but for who is in danger.
	v := f.visit(f.ids["open"])
	v.State = daylightv1.VisitState_VISIT_STATE_FINAL.Enum()
	f.save("Office", v)
	want(t, "behind the report", f.presses(f.all()), "barred(r); case(i); "+feared+"sent away(r); ")
	f.whole()
}

// counted asks for a number, and counts how often.
func (d *Desk) counted(n *int) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { *n++; return *n, nil }
}

// An answer that is kept is given again until a record that it counts has moved, and is one's
// own.
func TestAnswersAreKeptUntilSomethingMoves(t *testing.T) {
	f := newFollowed(t)
	d, asked := f.all(), 0
	ask := func(d *Desk, kinds ...record.Kind) int {
		return must(recall(t.Context(), d, "n", kindSet(0).with(kinds...), d.counted(&asked)))(t)
	}
	ask(d, record.Visit)
	if ask(d, record.Visit); asked != 1 {
		t.Errorf("it was asked %d times", asked)
	}
	f.add("x", record.Finding, `{"visitId":"$old"}`)
	if ask(d, record.Visit); asked != 1 {
		t.Error("another kind's record made it ask again")
	}
	f.add("y", record.Visit, `{}`)
	if ask(d, record.Visit); asked != 2 {
		t.Error("a new visit did not make it ask again")
	}
	one, other := f.of(PersonHolder(f.ids["bo"])), f.of(PersonHolder(f.ids["anna"]))
	if ask(one, record.Visit); asked != 3 {
		t.Error("one with another sight is given what others see")
	}
	if ask(other, record.Visit); asked != 4 {
		t.Error("one person is given what another sees")
	}
	f.add("z", record.Facility, `{}`)
	if ask(one, record.Visit); asked != 5 {
		t.Error("a narrow sight is not asked anew when places move")
	}
	dev := newDevice(1)
	dev.save(t, aVisit(f.ids["prison"]))
	dev.push(f.world)
	if ask(d, record.Visit); asked != 6 {
		t.Error("what a device brings does not move anything")
	}
	for i := range 2 * maxRecalls {
		must(recall(t.Context(), d, fmt.Sprint(i), 0, d.counted(&asked)))(t)
	}
	if len(f.recalls.kept) > maxRecalls {
		t.Errorf("%d answers are kept", len(f.recalls.kept))
	}
}

func TestUploads(t *testing.T) {
	f := newFollowed(t)
	f.later(24 * time.Hour)
	since := f.time().UnixMilli()
	tell := told(t, func(u Upload) string { return fmt.Sprintf("%x %d %d", u.Visit[:1], u.State, u.Records) })
	want(t, "nothing", tell(f.all().Uploads(t.Context(), since)), "")
	f.save("Office", &daylightv1.Visit{Title: proto.String("by the office")})
	want(t, "of the office", tell(f.all().Uploads(t.Context(), since)), "")
	d := newDevice(1)
	d.pull(f.world)
	visit := d.save(t, &daylightv1.Visit{State: daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()})
	d.save(t, aFinding(visit, "one"))
	d.save(t, aFinding(f.ids["old"], "late"))
	d.push(f.world)
	state := map[record.ID]string{}
	for _, u := range must(f.all().Uploads(t.Context(), since))(t) {
		state[u.Visit] = fmt.Sprint(u.State, u.Records, u.LastAt == since)
	}
	if got := state[visit]; got != fmt.Sprint(daylightv1.VisitState_VISIT_STATE_SUBMITTED, 2, true) || len(state) != 2 {
		t.Errorf("the new visit has %s of %v", got, state)
	}
	if state[f.ids["old"]] != fmt.Sprint(daylightv1.VisitState_VISIT_STATE_CLOSED, 1, true) {
		t.Errorf("the closed one has %v", state)
	}
	want(t, "a region", tell(f.of(RegionHolder("TM-B")).Uploads(t.Context(), since)), "")
	if n := len(must(f.of(RegionHolder("TM-A")).Uploads(t.Context(), since))(t)); n != 1 {
		t.Errorf("of the region there are %d", n)
	}
}

func TestWhatIsOwed(t *testing.T) {
	f := newFollowed(t)
	tell := told(t, func(o Debt) string {
		return fmt.Sprintf("%s %d/%d/%d %s %d", o.Authority, o.Overdue, o.Month, o.Year, o.Oldest, o.Answered)
	})
	owed := func(d *Desk, day, month, year string) string { return tell(d.Debts(t.Context(), day, month, year)) }
	all := f.all()
	want(t, "before the day", owed(all, "2025-08-01", "2025-07-02", "2024-08-01"), "")
	want(t, "the day after", owed(all, "2025-08-02", "2025-07-03", "2024-08-02"), "INTERIOR 1/1/0 2025-08-01 0; ")
	want(t, "both", owed(all, "2025-10-04", "2025-09-04", "2024-10-04"), "HEALTH 1/1/0 2025-09-30 0; INTERIOR 1/0/0 2025-08-01 0; ")
	want(t, "answered, of which one was assessed", owed(all, "2026-12-01", "2026-11-01", "2025-12-01"), "")
	f.add("new", record.Recommendation, `{"visitId":"$old","state":"RECOMMENDATION_STATE_RESPONSE_RECEIVED","addressees":[{"id":"`+line1+`","authority":"HEALTH","dueOn":"2025-08-01"}]}`)
	f.add("old one", record.Recommendation, `{"visitId":"$old","state":"RECOMMENDATION_STATE_ISSUED","addressees":[{"id":"`+line1+`","authority":"HEALTH","dueOn":"2025-08-01"}]}`)
	f.add("says", record.AuthorityReply, `{"visitId":"$old","recommendationId":"$new","response":"AUTHORITY_RESPONSE_REJECTED","receivedOn":"2025-07-01"}`)
	want(t, "answered and not assessed", owed(all, "2026-12-01", "2026-11-01", "2025-12-01"), "HEALTH 1/0/1 2025-08-01 1; ")
	want(t, "a region without", owed(f.of(RegionHolder("TM-B")), "2026-12-01", "2026-11-01", "2025-12-01"), "")
}

// waiting are the changes that wait for a person.
func waiting(t *testing.T, d *Desk) []Turned {
	t.Helper()
	page, _, err := d.Turned(t.Context(), TurnedQuery{Waiting: true})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestContestedAndHeld(t *testing.T) {
	f := newFollowed(t)
	a, b := newDevice(1), newDevice(2)
	for i, d := range []*device{a, b} {
		d.pull(f.world)
		m := d.show(t, record.Finding, f.ids["space"]).(*daylightv1.Finding)
		m.Title, m.Narrative = proto.String(fmt.Sprint("title ", i)), proto.String(fmt.Sprint("said ", i))
		d.save(t, m)
	}
	a.push(f.world)
	b.push(f.world)
	tell := told(t, func(c Contested) string { return fmt.Sprintf("%v %d %d", c.Kind, c.Records, c.Fields) })
	want(t, "all", tell(f.all().Contested(t.Context())), "finding 1 2; ")
	want(t, "another region", tell(f.of(RegionHolder("TM-B")).Contested(t.Context())), "")

	late := newDevice(3)
	late.pull(f.world)
	m := late.show(t, record.Finding, f.ids["space"]).(*daylightv1.Finding)
	m.Title = proto.String("late")
	late.save(t, m)
	held := f.For(Caller{Gate: unlike{late.cert.Key, exchange.Held}})
	if _, err := held.Sync(t.Context(), []journal.Batch{late.batch()}, exchange.Ask{Epoch: late.epoch, Own: late.head}); err != nil {
		t.Fatal(err)
	}
	for shows, c := range map[string]struct {
		d *Desk
		n int
	}{"all": {f.all(), 1}, "the region": {f.of(RegionHolder("TM-A")), 1}, "another region": {f.of(RegionHolder("TM-B")), 0}} {
		if n := len(waiting(t, c.d)); n != c.n {
			t.Errorf("%s sees %d held", shows, n)
		}
	}
}

func TestStandingVisits(t *testing.T) {
	f := newPressed(t)
	s := must(f.all().Standing(t.Context(), daylightv1.VisitState_VISIT_STATE_SUBMITTED))(t)
	if s.N != 3 || len(s.IDs) != 3 || s.IDs[0] != f.ids["sent away"] {
		t.Errorf("there are %v", s)
	}
	if s := must(f.of(PersonHolder(f.ids["bo"])).Standing(t.Context(), daylightv1.VisitState_VISIT_STATE_SUBMITTED))(t); s.N != 0 || len(s.IDs) != 0 {
		t.Errorf("somebody of another team sees %v", s)
	}
}

func TestPeekShowsWhatIsInSight(t *testing.T) {
	f := newFollowed(t)
	refs := []Ref{{record.Facility, f.ids["prison"]}, {record.Visit, f.ids["gate"]}, {record.Finding, f.ids["access"]}, {record.Finding, f.ids["gate"]}, {record.Visit, record.ID{9}}, {record.Visit, f.ids["gate"]}}
	if got := must(f.all().Peek(t.Context(), refs...))(t); len(got) != 3 || got[f.ids["gate"]].(*daylightv1.Visit).GetState() != daylightv1.VisitState_VISIT_STATE_OBSTRUCTED {
		t.Errorf("all see %v", got)
	}
	got := must(f.of(PersonHolder(f.ids["bo"])).Peek(t.Context(), refs...))(t)
	if len(got) != 2 || got[f.ids["prison"]] != nil {
		t.Errorf("one of the team sees %v", got)
	}
}

func TestWordsAreReadAnewWhenOneMoves(t *testing.T) {
	f := newFollowed(t)
	before := f.WordsMoved()
	f.add("n", record.Finding, `{"visitId":"$old"}`)
	if f.WordsMoved() != before {
		t.Error("a finding moved the words")
	}
	f.add("word", record.Term, `{"list":"FINDING_TOPIC","code":"X.OWN"}`)
	if f.WordsMoved() == before {
		t.Error("a new word moved nothing")
	}
	w := must(f.Words(t.Context()))(t)
	if len(w.Terms) != 1 || len(w.Standards) != 1 || len(w.Removed) != 0 {
		t.Errorf("there are %v", w)
	}
	f.remove(record.Term, f.ids["word"])
	if w := must(f.Words(t.Context()))(t); len(w.Removed) != 1 || len(w.Terms) != 1 {
		t.Errorf("after one was removed: %v", w)
	}
}
