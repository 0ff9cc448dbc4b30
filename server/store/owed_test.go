package store

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// owes gives the figures of an authority on a day.
func (f *followed) owes(as *Desk, on, authority string) Owed {
	f.Helper()
	all := must(as.Owed(f.Context(), on, authority))(f)
	for _, o := range all {
		if o.Authority == authority {
			return o
		}
	}
	return Owed{}
}

func TestWhatAnAuthorityOwes(t *testing.T) {
	f := newFollowed(t)
	all := f.For(Caller{})
	for name, said := range map[string]string{"did": `"ISSUED","assessments":[{"id":"` + line2 + `","status":"IMPLEMENTATION_STATUS_FULLY","on":"2025-10-01"}]`, "half": `"CLOSED","assessments":[{"id":"` + line2 + `","status":"IMPLEMENTATION_STATUS_PARTLY"}]`,
		"none": `"RECEIVED"`, "not": `"WITHDRAWN"`, "written": `"DRAFT"`} {
		f.add(name, record.Recommendation, `{"addressees":[{"id":"`+line1+`","authority":"DEFENCE"}],"state":`+strings.Replace(said, `"`, `"RECOMMENDATION_STATE_`, 1)+`}`)
	}
	for _, c := range []struct {
		on, authority string
		want          Owed
	}{
		{"2025-08-01", "INTERIOR", Owed{Authority: "INTERIOR", Asked: 2, Open: 1}},
		{"2025-08-02", "INTERIOR", Owed{Authority: "INTERIOR", Asked: 2, Open: 1, Overdue: Ages{1}}},
		{"2025-08-31", "INTERIOR", Owed{Authority: "INTERIOR", Asked: 2, Open: 1, Overdue: Ages{1}}},
		{"2025-09-01", "INTERIOR", Owed{Authority: "INTERIOR", Asked: 2, Open: 1, Overdue: Ages{0, 1}}},
		{"2025-10-05", "INTERIOR", Owed{Authority: "INTERIOR", Asked: 2, Open: 1, Answered: 1}},
		{"2025-10-01", "HEALTH", Owed{Authority: "HEALTH", Asked: 1, Open: 1, Overdue: Ages{1}}},
		{"2025-10-05", "DEFENCE", Owed{Authority: "DEFENCE", Asked: 3, Open: 2, Done: 1}}, // withdrawn is not asked, what has no day is not late
		{"2025-10-05", "JUSTICE", Owed{}},
	} {
		if got := f.owes(all, c.on, c.authority); got != c.want {
			t.Errorf("%s on %s: %+v, want %+v", c.authority, c.on, got, c.want)
		}
	}
	if got := must(all.Owed(t.Context(), "2025-10-01", ""))(t); len(got) != 3 || got[0].Authority != "HEALTH" || got[2].Authority != "DEFENCE" {
		t.Errorf("of all: %+v", got)
	}
	sight := &Sight{Kinds: map[record.Kind]Reach{record.Recommendation: {Holders: []Holder{PersonHolder(f.ids["bo"])}}}, Mark: 1}
	if got := f.owes(f.For(Caller{Sight: sight}), "2025-09-01", "INTERIOR"); got.Asked != 1 || got.Overdue.Total() != 0 {
		t.Errorf("of what Bo sees: %+v", got)
	}
	if _, err := all.Owed(t.Context(), "yesterday", ""); err != ErrBadSpan {
		t.Errorf("of no day: %v", err)
	}
}

// What is old is where the ages say, and the list of that age holds it: at both ends of each.
func TestAgesAreThoseOfTheList(t *testing.T) {
	f := newFollowed(t)
	f.add("silent", record.Recommendation, `{"state":"RECOMMENDATION_STATE_ISSUED","addressees":[{"id":"`+line3+`","authority":"DEFENCE","dueOn":"2024-06-15"}]}`)
	due := time.Date(2024, 6, 15, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ days, age int }{{1, 0}, {30, 0}, {31, 1}, {90, 1}, {91, 2}, {180, 2}, {181, 3}, {365, 3}, {366, 4}, {2000, 4}} {
		on := due.AddDate(0, 0, c.days).Format(time.DateOnly)
		want := Ages{}
		want[c.age] = 1
		if got := must(f.For(Caller{}).Ageing(t.Context(), on, RecommendationFilter{Authority: "DEFENCE"}))(t); got != want {
			t.Errorf("after %d days: %v", c.days, got)
		}
		for age := range want {
			from, to, err := AgeSpan(on, age)
			if err != nil {
				t.Fatal(err)
			}
			list := f.names(record.Recommendation, Query{Filter: RecommendationFilter{Authority: "DEFENCE", OverdueOn: on, DueFrom: from, DueTo: to}})
			if (list == "silent") != (age == c.age) {
				t.Errorf("after %d days, of age %d: %q", c.days, age, list)
			}
		}
	}
	if got := must(f.For(Caller{}).Ageing(t.Context(), due.Format(time.DateOnly), RecommendationFilter{}))(t); got.Total() != 0 {
		t.Errorf("on the day itself: %v", got)
	}
}

func TestOneLineMeetsAllThatIsSaidOfLines(t *testing.T) {
	f := newFollowed(t)
	f.add("half", record.Recommendation, `{"state":"RECOMMENDATION_STATE_ISSUED","addressees":[{"id":"`+line1+`","authority":"DEFENCE","dueOn":"2024-06-15"},{"id":"`+line3+`","authority":"BORDER"}]}`)
	f.add("told", record.AuthorityReply, `{"recommendationId":"$half","lineId":"`+line3+`","response":"AUTHORITY_RESPONSE_REJECTED","receivedOn":"2024-07-01"}`)
	const rejected, nothing = daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_REJECTED, daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_NO_RESPONSE
	for want, all := range map[string][]RecommendationFilter{
		"half": {{Authority: "DEFENCE", OverdueOn: "2024-12-01"}, {Authority: "BORDER", Response: rejected}, {Authority: "DEFENCE", Response: nothing}, {Response: nothing}},
		"": {{Authority: "BORDER", OverdueOn: "2024-12-01"}, {Authority: "DEFENCE", Response: rejected}, {Authority: "BORDER", Response: nothing},
			{Authority: "HEALTH", Status: daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY}},
		"asked": {{Status: daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_IMPLEMENTED}, {Response: daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_ACCEPTED},
			{Authority: "HEALTH", Status: daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_IMPLEMENTED}},
	} {
		for _, filter := range all {
			if got := f.names(record.Recommendation, Query{Filter: filter}); got != want {
				t.Errorf("%+v: %q, want %q", filter, got, want)
			}
		}
	}
}

func TestTheLastNumberIsOfItsPrefix(t *testing.T) {
	f := newFollowed(t)
	for _, code := range []string{"R-2026-9", "R-2026-0311", "R-2026-12a", "R-2026-", "R-2025-0900", "R-2026-99999999999999"} {
		f.add(code, record.Recommendation, `{"state":"RECOMMENDATION_STATE_DRAFT","code":"`+code+`"}`)
	}
	got := map[string]int64{}
	for _, prefix := range []string{"R-2026-", "R-2025-", "R-2024-"} {
		got[prefix] = must(f.For(Caller{}).LastNumber(t.Context(), prefix))(t)
	}
	if want := map[string]int64{"R-2026-": 311, "R-2025-": 900, "R-2024-": 0}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
