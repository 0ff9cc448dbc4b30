package record_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The life-cycles, written down a second time by the numbers of the states.
const (
	visitOrder = "0:1 1:2,17 2:3,17 3:4,6,17 4:7,5,6 5:4 6:9 7:8 8:9 9:10 10:11,8 11:12 12:13 13:14,15 14:15 15:16 16: 17:"
	paperOrder = "0:1 1:2,11 2:3,1,11 3:4,11 4:5,6,10,11 5:6,10,11 6:8,10,11 7: 8:9,10,11 9: 10: 11:"
)

func order[S ~int32](most S, next func(S) []S) string {
	var all []string
	for s := S(0); s <= most; s++ {
		var to []string
		for _, n := range next(s) {
			to = append(to, fmt.Sprint(int32(n)))
		}
		all = append(all, fmt.Sprintf("%d:%s", s, strings.Join(to, ",")))
	}
	return strings.Join(all, " ")
}

func TestLifeCycles(t *testing.T) {
	if got := order(daylightv1.VisitState(17), record.NextVisitStates); got != visitOrder {
		t.Errorf("got  %s\nwant %s", got, visitOrder)
	}
	if got := order(daylightv1.RecommendationState(11), record.NextRecommendationStates); got != paperOrder {
		t.Errorf("got  %s\nwant %s", got, paperOrder)
	}
}

func TestStepsOutOfOrderAreRemarked(t *testing.T) {
	at := func(s daylightv1.VisitState) record.Message { return &daylightv1.Visit{State: s.Enum()} }
	paper := func(s daylightv1.RecommendationState) record.Message {
		return &daylightv1.Recommendation{State: s.Enum()}
	}
	for name, c := range map[string]struct {
		before, after record.Message
		want          string
	}{
		"the usual step":       {at(3), at(4), ""},
		"no step":              {at(4), at(4), ""},
		"a new record":         {nil, at(9), ""},
		"no state before":      {&daylightv1.Visit{}, at(9), ""},
		"back from the review": {at(10), at(8), ""},
		"refused at the gate":  {at(6), at(9), ""},
		"the gate is skipped":  {at(1), at(9), "VISIT_STATE_PLANNED VISIT_STATE_SUBMITTED"},
		"the state is cleared": {at(4), &daylightv1.Visit{}, "VISIT_STATE_IN_PROGRESS VISIT_STATE_UNSPECIFIED"},
		"a paper in order":     {paper(4), paper(6), ""},
		"a paper out of order": {paper(1), paper(4), "RECOMMENDATION_STATE_DRAFT RECOMMENDATION_STATE_ISSUED"},
		"no life-cycle":        {&daylightv1.Finding{}, &daylightv1.Finding{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, f := range record.StepFlags(c.before, c.after) {
				got += f.Params["from"] + " " + f.Params["to"]
				if f.Code != "step-skips" || f.Weight != record.WeightRemark || strings.Contains(f.Text, "{") {
					t.Errorf("%+v", f)
				}
			}
			if got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestUnknownCodes(t *testing.T) {
	f := soundFinding()
	f.AffectedGroups, f.Removed = []string{"OLDER", "MARTIANS"}, nil
	known := func(list, code string) bool {
		return list == "FINDING_AREA" || list == "FINDING_TOPIC" || code == "OLDER"
	}
	got := record.UnknownCodes(f, known)
	if len(got) != 1 || got[0].Field != "affected_groups" || got[0].Key != "MARTIANS" || got[0].Params["list"] != "AFFECTED_GROUP" {
		t.Errorf("%+v", got)
	}
	r := soundRecommendation() // a code inside an element
	none := func(string, string) bool { return false }
	if got := record.UnknownCodes(r, none); len(got) != 1 || got[0].Key != thirdID || got[0].Text != "The code JUSTICE is not in the list RESPONSIBLE_BODY: it is kept as it is." {
		t.Errorf("%+v", got)
	}
	r.Removed = &daylightv1.Removed{}
	if got := record.UnknownCodes(r, none); got != nil {
		t.Errorf("a removed record has %v", got)
	}
}

// Whatever devices of any age have written, the rules look at it calmly: they say the
// same again, never more than they are bounded to, and never what a person wrote.
func TestRulesTakeAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &record.Whole{Today: rapid.SampledFrom([]string{"", "2026-11-24", "x"}).Draw(t, "today")}
		for range rapid.IntRange(0, 6).Draw(t, "records") {
			k := rapid.SampledFrom(record.Kinds()).Draw(t, "kind")
			m := drawMessage(t, k)
			id := rapid.SampledFrom([]string{anID, anotherID, thirdID}).Draw(t, "id")
			m.ProtoReflect().Set(m.ProtoReflect().Descriptor().Fields().ByName("id"), protoString(id))
			w.Add(m)
			record.UnknownCodes(m, func(string, string) bool { return rapid.Bool().Draw(t, "known") })
			record.StepFlags(drawMessage(t, k), m)
		}
		w.Conflicts = append(w.Conflicts, record.Place{Kind: record.Interview, ID: anID, Field: "consents", Key: "CONSENT_SCOPE_NOTES"})
		once, again := fmt.Sprint(w.Flags(), w.Missing(), w.Urgent(), w.Gate()), fmt.Sprint(w.Flags(), w.Missing(), w.Urgent(), w.Gate())
		if once != again {
			t.Fatalf("got  %s\nthen %s", once, again)
		}
		for _, word := range []string{"longer words of a person", "других слов"} {
			for _, r := range w.Flags() {
				if strings.Contains(r.Text, word) || strings.Contains(fmt.Sprint(r.Params), word) {
					t.Fatalf("%s quotes what was typed: %+v", r.Code, r.Flag)
				}
			}
		}
		record.SideBySide(w.Facility, w.Visit)
		record.Occupancy(w.Facility, w.Visit)
		for _, f := range w.Findings {
			w.SuggestEvidence(proto.Clone(f).(*daylightv1.Finding))
		}
	})
}
