package sample

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The checklists of a history are such as a team leaves behind: nearly all is answered and
// fits the form, some were not finished, and two people now and then answered one question.
func TestChecklistsAreFilledAsTheirFormsAsk(t *testing.T) {
	p := playAll(t, whole)
	byID := map[string]*checklist.Form{}
	for _, forms := range shippedForms() {
		for _, f := range forms {
			byID[f.ID().String()] = f
		}
	}
	responses, finished, turns, asked, missing, broken, used := 0, 0, 0, 0, 0, 0, map[string]int{}
	for _, m := range p.shown {
		r, ok := m.(*daylightv1.ChecklistResponse)
		if !ok {
			continue
		}
		f := byID[r.GetChecklistId()]
		if f == nil {
			t.Fatalf("%s answers a form that is not shipped", r.GetId())
		}
		x := checklist.Open(f, r, checklist.Options{})
		responses, turns = responses+1, turns+len(r.GetInstances())
		used[f.Code()]++
		if r.GetFinishedAt() == "" {
			continue
		}
		finished++
		n := x.Progress().All
		asked, missing = asked+n.Asked, missing+n.Missing
		for _, flag := range x.Flags() {
			if flag.Code == "constraint-broken" || flag.Code == "not-of-type" || flag.Code == "unknown-choice" {
				broken++
			}
		}
	}
	if responses < 30 || len(used) != 4 || turns < 5*responses {
		t.Errorf("%d responses to %v with %d turns", responses, used, turns)
	}
	if finished*100 < responses*60 || finished == responses {
		t.Errorf("%d of %d are finished", finished, responses)
	}
	if missing*100 > asked*6 || broken*100 > asked {
		t.Errorf("of %d questions %d are missing and %d do not fit", asked, missing, broken)
	}
	t.Logf("%d responses %v, %d finished, %d turns, %d asked, %d missing, %d broken", responses, used, finished, turns, asked, missing, broken)
}

// Two people answer the same question, in one batch, so that both answers stand.
func TestSomeAnswersAreContested(t *testing.T) {
	contested := 0
	for b := range Office(whole) {
		by := map[string]int{}
		for _, s := range b.Steps {
			r, ok := s.Message.(*daylightv1.ChecklistResponse)
			if !ok {
				continue
			}
			for _, a := range r.GetAnswers() {
				key := r.GetId() + " " + a.GetKey()
				if who, before := by[key]; before && who != s.By {
					contested++
				}
				by[key] = s.By
			}
		}
	}
	if contested == 0 {
		t.Error("nobody contests an answer")
	}
}

func BenchmarkOffice(b *testing.B) {
	for b.Loop() {
		n := 0
		for batch := range Office(whole) {
			for _, s := range batch.Steps {
				if k, err := record.KindOf(s.Message); err == nil && k == record.ChecklistResponse && s.Creates {
					n++
				}
			}
		}
		b.ReportMetric(float64(n), "responses")
	}
}
