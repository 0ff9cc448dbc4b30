package directory

import (
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
)

// TestEachWayToAskTheLogHasItsIndex: the log only grows, and is never read whole.
func TestEachWayToAskTheLogHasItsIndex(t *testing.T) {
	w := newWorld(t)
	id, err := parseID(w.admin.GetId())
	w.must(err)
	for name, q := range map[string]AccessQuery{"kind": {Kind: Exported}, "person": {Person: id}, "device": {Device: id}, "subject": {Subject: id.String()}, "all": {}} {
		conditions, args := q.where(9)
		plan := ""
		w.must(w.read(t.Context(), func(x *tx) error {
			return x.Each(`EXPLAIN QUERY PLAN SELECT number FROM accesses WHERE `+conditions+` ORDER BY number DESC`, args, func(scan func(...any) error) (bool, error) {
				var a, b, c any
				var detail string
				err := scan(&a, &b, &c, &detail)
				plan += detail
				return true, err
			})
		}))
		if !strings.HasPrefix(plan, "SEARCH") || name != "all" && !strings.Contains(plan, "accesses_by_"+name) || strings.Contains(plan, "B-TREE") {
			t.Errorf("%s is found by %s", name, plan)
		}
	}
}

func TestPagesOfTheLogMeet(t *testing.T) {
	w := newWorld(t)
	for range 130 {
		w.time = w.time.Add(time.Minute)
		w.must(w.Log(t.Context(), Exported, record.ID{}, "everything was taken out", By{}))
	}
	seen, q := map[uint64]bool{}, AccessQuery{Kind: Exported, From: w.time.Add(-99 * time.Minute).UnixMilli(), Until: w.time.Add(-9 * time.Minute).UnixMilli()}
	for pages := 0; ; pages++ {
		lines, next, err := w.AccessLog(t.Context(), q)
		w.must(err)
		for _, a := range lines {
			if seen[a.Number] || a.At < q.From || a.At >= q.Until {
				t.Errorf("line %d comes twice, or is not of the time", a.Number)
			}
			seen[a.Number] = true
		}
		if q.Before = next; next == 0 || pages > 5 {
			break
		}
	}
	if len(seen) != 90 {
		t.Errorf("%d lines", len(seen))
	}
}
