package record_test

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// twoLines is a recommendation to two addressees, both to answer by 2027-01-02.
func twoLines() *daylightv1.Recommendation {
	r := soundRecommendation()
	second := proto.Clone(r.Addressees[0]).(*daylightv1.AddresseeLine)
	second.Id, second.Authority = anotherID, proto.String("HEALTH")
	r.Addressees = append(r.Addressees, second)
	return r
}

func answers(id, line string, r daylightv1.AuthorityResponse, on string) *daylightv1.AuthorityReply {
	return &daylightv1.AuthorityReply{Id: id, RecommendationId: proto.String(anID), LineId: proto.String(line), Response: r.Enum(), ReceivedOn: proto.String(on)}
}

func TestOverdue(t *testing.T) {
	const acknowledged, accepted, extension = 2, 3, 9
	for name, c := range map[string]struct {
		today   string
		change  func(*daylightv1.Recommendation)
		replies []*daylightv1.AuthorityReply
		want    string // of each line: what is late, and by how many days
	}{
		"on the day itself":      {"2027-01-02", nil, nil, ""},
		"a day later":            {"2027-01-03", nil, nil, "JUSTICE answer 1 HEALTH answer 1"},
		"one has answered":       {"2027-01-03", nil, []*daylightv1.AuthorityReply{answers(thirdID, thirdID, accepted, "2027-01-01")}, "HEALTH answer 1"},
		"answered late":          {"2027-02-01", nil, []*daylightv1.AuthorityReply{answers(thirdID, thirdID, accepted, "2027-01-30")}, "HEALTH answer 30"},
		"a receipt is no answer": {"2027-01-03", nil, []*daylightv1.AuthorityReply{answers(thirdID, thirdID, acknowledged, "2027-01-01")}, "JUSTICE answer 1 HEALTH answer 1"},
		"to ask for time is not to have it": {"2027-01-03", nil, []*daylightv1.AuthorityReply{answers(thirdID, thirdID, extension, "2027-01-01")},
			"JUSTICE answer 1 HEALTH answer 1"},
		"the answer was removed": {"2027-01-03", nil, []*daylightv1.AuthorityReply{{Id: thirdID, RecommendationId: proto.String(anID), LineId: proto.String(thirdID),
			Response: daylightv1.AuthorityResponse(accepted).Enum(), Removed: &daylightv1.Removed{}}}, "JUSTICE answer 1 HEALTH answer 1"},
		"an answer without its line": {"2027-01-03", nil, []*daylightv1.AuthorityReply{answers(thirdID, "", accepted, "2027-01-01")}, "JUSTICE answer 1 HEALTH answer 1"},
		"the only line answers": {"2027-01-03", func(r *daylightv1.Recommendation) { r.Addressees = r.Addressees[:1] },
			[]*daylightv1.AuthorityReply{answers(thirdID, "", accepted, "2027-01-01")}, ""},
		"to be done within the month": {"2027-03-31", answeredBoth, nil, ""},
		"the month has passed":        {"2027-04-01", answeredBoth, nil, "JUSTICE done 0 HEALTH done 0"},
		"one was seen to be done":     {"2027-04-01", func(r *daylightv1.Recommendation) { answeredBoth(r); assess(r, thirdID, fully) }, nil, "HEALTH done 0"},
		"it was done, then lost": {"2027-04-01", func(r *daylightv1.Recommendation) {
			answeredBoth(r)
			assess(r, thirdID, fully)
			assess(r, thirdID, regressed)
		}, nil, "JUSTICE done 0 HEALTH done 0"},
		"all of it is no longer needed": {"2027-04-01", func(r *daylightv1.Recommendation) { answeredBoth(r); assess(r, "", 7) }, nil, ""},
		"withdrawn":                     {"2028-01-01", func(r *daylightv1.Recommendation) { r.State = daylightv1.RecommendationState(11).Enum() }, nil, ""},
		"a draft":                       {"2028-01-01", func(r *daylightv1.Recommendation) { r.State = daylightv1.RecommendationState(1).Enum() }, nil, ""},
		"no day":                        {"", nil, nil, ""},
		"a day that is none":            {"tomorrow", nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := twoLines()
			if c.change != nil {
				c.change(r)
			}
			got := ""
			for _, l := range record.Overdue(r, c.replies, c.today) {
				if l.AnswerLate {
					got += fmt.Sprintf(" %s answer %d", l.Authority, l.AnswerDays)
				}
				if l.DoneLate {
					got += fmt.Sprintf(" %s done %d", l.Authority, l.DoneDays)
				}
			}
			if c.want != "" {
				c.want = " " + c.want
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// answeredBoth takes the dates for an answer away, and leaves those for the work.
func answeredBoth(r *daylightv1.Recommendation) {
	for _, l := range r.Addressees {
		l.DueOn = nil
	}
}

func assess(r *daylightv1.Recommendation, line string, s daylightv1.ImplementationStatus) {
	n := len(r.Assessments)
	a := anAssessment(numbered(n), s, documents, fmt.Sprintf("2027-03-%02d", n+1))
	if line != "" {
		a.LineId = proto.String(line)
	}
	r.Assessments = append(r.Assessments, a)
}

func TestWhatWasAskedForIsTold(t *testing.T) {
	r := twoLines()
	replies := []*daylightv1.AuthorityReply{answers(anotherID, thirdID, 9, "2026-12-20"), answers(thirdID, thirdID, 9, "2026-12-30")}
	replies[0].ExtensionUntil, replies[1].ExtensionUntil = proto.String("2027-02-01"), proto.String("2027-01-15")
	if got := record.Overdue(r, replies, "2027-01-03"); len(got) != 2 || got[0].AskedUntil != "2027-02-01" || got[1].AskedUntil != "" {
		t.Errorf("%+v", got)
	}
}

func TestCurrentIsTheLatest(t *testing.T) {
	all := []*daylightv1.Assessment{
		anAssessment(anotherID, partly, documents, "2027-03-02"), anAssessment(thirdID, fully, documents, "2027-03-02"),
		anAssessment(anID, regressed, documents, "2027-03"),
		{Id: visitID, Status: fully.Enum()},
	}
	all[1].LineId = proto.String(thirdID)
	for line, want := range map[string]string{thirdID: thirdID, anotherID: anotherID, "": thirdID} {
		if got := record.CurrentAssessment(all, line).GetId(); got != want {
			t.Errorf("line %q: %s", line, got)
		}
	}
	if record.CurrentAssessment(nil, "") != nil {
		t.Error("something comes of nothing")
	}
	replies := []*daylightv1.AuthorityReply{answers(thirdID, thirdID, 2, "2026-12-20"), answers(anotherID, thirdID, 3, "2026-12-20"), answers(anID, thirdID, 7, "2026-12-19")}
	if got := record.CurrentReply(twoLines(), replies, thirdID).GetId(); got != thirdID {
		t.Errorf("the latest answer is %s", got)
	}
	if record.CurrentReply(twoLines(), replies, anotherID) != nil {
		t.Error("an answer counts for another addressee")
	}
}

func TestOpen(t *testing.T) {
	for state := range daylightv1.RecommendationState(14) {
		want := state >= 4 && state <= 8
		if got := record.Open(&daylightv1.Recommendation{State: state.Enum()}); got != want {
			t.Errorf("%v: %v", state, got)
		}
	}
	u := soundUndertaking()
	if !record.Open(u) {
		t.Error("an undertaking that is kept in part is closed")
	}
	u.Assessments = append(u.Assessments, anAssessment(anID, fully, documents, "2026-12-30"))
	if record.Open(u) {
		t.Error("an undertaking that was kept is open")
	}
	r := soundReprisal()
	if !record.Open(r) {
		t.Error("a reprisal case is closed")
	}
	for _, m := range []record.Message{
		&daylightv1.Undertaking{Removed: &daylightv1.Removed{}}, &daylightv1.Undertaking{Id: anID, MergedInto: proto.String(anotherID)},
		&daylightv1.ReviewComment{Settled: proto.Bool(true)}, &daylightv1.Finding{},
		&daylightv1.ReprisalCase{State: daylightv1.ReprisalState_REPRISAL_STATE_CLOSED.Enum()},
	} {
		if record.Open(m) {
			t.Errorf("open: %v", m)
		}
	}
}

func TestChainOfRepeats(t *testing.T) {
	all := map[string]*daylightv1.Recommendation{}
	lookup := func(id string) *daylightv1.Recommendation { return all[id] }
	for id, before := range map[string]string{anID: "", anotherID: anID, thirdID: anotherID} {
		all[id] = &daylightv1.Recommendation{Id: id, PredecessorId: proto.String(before)}
	}
	ids := func(id string) (out []string) {
		for _, r := range record.Chain(all[id], lookup) {
			out = append(out, r.Id)
		}
		return out
	}
	if got := ids(thirdID); !slices.Equal(got, []string{anID, anotherID, thirdID}) {
		t.Errorf("%v", got)
	}
	all[anID].PredecessorId = proto.String(thirdID) // a circle
	if got := ids(thirdID); !slices.Equal(got, []string{anID, anotherID, thirdID}) {
		t.Errorf("a circle: %v", got)
	}
	delete(all, anID)
	if got := ids(thirdID); !slices.Equal(got, []string{anotherID, thirdID}) {
		t.Errorf("the first is not here: %v", got)
	}
	if got := record.Chain(nil, lookup); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// Nothing is ever overdue without a date, or of what is not open.
func TestOverdueNeedsADate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawMessage(t, record.Recommendation).(*daylightv1.Recommendation)
		reply := drawMessage(t, record.AuthorityReply).(*daylightv1.AuthorityReply)
		today := rapid.SampledFrom([]string{"", "2026", "2026-02", "2026-11-24", "2199-12-31", "x"}).Draw(t, "today")
		for _, l := range record.Overdue(r, []*daylightv1.AuthorityReply{reply}, today) {
			if !record.Open(r) || l.AnswerLate != (l.AnswerDue != "") || l.DoneLate != (l.DoneBy != "") || !l.AnswerLate && !l.DoneLate {
				t.Fatalf("%+v", l)
			}
			if l.AnswerDue >= today && l.AnswerLate || l.DoneBy >= today && l.DoneLate {
				t.Fatalf("%+v on %s", l, today)
			}
		}
	})
}
