package store

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the rules say of a record stands in its status, whole, for every kind.
func TestFlagsAreShownForEveryKind(t *testing.T) {
	w := newWorld(t)
	visit := w.save("Clerk", aVisit(record.ID{1})).String()
	for _, m := range []record.Message{
		&daylightv1.Interview{VisitId: &visit}, &daylightv1.RegisterCheck{VisitId: &visit}, &daylightv1.Measurement{VisitId: &visit},
		&daylightv1.ObstructionIncident{VisitId: &visit}, &daylightv1.ReprisalCase{VisitId: &visit}, &daylightv1.Undertaking{VisitId: &visit},
		&daylightv1.Note{VisitId: &visit}, &daylightv1.Recommendation{VisitId: &visit}, &daylightv1.AuthorityReply{VisitId: &visit},
		&daylightv1.ReviewComment{VisitId: &visit}, &daylightv1.VisitPlan{VisitId: &visit}, &daylightv1.Checklist{},
		&daylightv1.ChecklistResponse{VisitId: &visit}, &daylightv1.Standard{Hidden: proto.Bool(true)}, &daylightv1.Term{Hidden: proto.Bool(true)},
		&daylightv1.Facility{Note: proto.String("?")}, &daylightv1.Finding{VisitId: &visit},
	} {
		kind, err := record.KindOf(m)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(kind.String(), func(t *testing.T) {
			if kind == record.Checklist {
				m.(*daylightv1.Checklist).Hidden = proto.Bool(true)
			}
			item := must(w.Get(t.Context(), kind, w.save("Clerk", m)))(t)
			flags := record.Flags(item.Message)
			if len(flags) == 0 || len(flags) != len(item.Status.Flags) {
				t.Fatalf("%d flags, %d shown", len(flags), len(item.Status.Flags))
			}
			for i, f := range flags {
				want := &daylightv1.Flag{Code: f.Code, Field: f.Field, Key: f.Key, Text: f.Text, MessageKey: f.MessageKey, Params: f.Params, Weight: daylightv1.FlagWeight(f.Weight)}
				if got := item.Status.Flags[i]; !proto.Equal(got, want) || got.Weight == 0 {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
}

func TestFlagsNameElementAndParams(t *testing.T) {
	w := newWorld(t)
	m := &daylightv1.Interview{Minutes: proto.Uint32(9000), Withdrawals: []*daylightv1.ConsentWithdrawal{{Scope: 4}}}
	item := must(w.Get(t.Context(), record.Interview, w.save("Clerk", m)))(t)
	seen := map[string]*daylightv1.Flag{}
	for _, f := range item.Status.Flags {
		seen[f.Code] = f
	}
	if f := seen["interview-over-a-day"]; f.GetParams()["minutes"] != "9000" || f.GetWeight() != daylightv1.FlagWeight_FLAG_WEIGHT_DOUBT {
		t.Errorf("%v", f)
	}
	if f := seen["consent-withdrawn"]; f.GetKey() != "CONSENT_SCOPE_USE_ANONYMOUS" || f.GetMessageKey() != "rule.consent-withdrawn" {
		t.Errorf("%v", f)
	}
}
