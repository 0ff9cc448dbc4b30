package store

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
)

func TestMergesAreListedTheLatestFirst(t *testing.T) {
	w := newMerging(t)
	if all := must(w.Merges(t.Context(), record.Facility, record.ID{}, 10))(t); len(all) != 0 {
		t.Fatalf("%v", all)
	}
	w.merge(record.Facility, w.b, w.a)
	w.merge(record.Facility, w.c, w.b)
	all := must(w.Merges(t.Context(), record.Facility, record.ID{}, 10))(t)
	if len(all) != 2 || all[0] != (Merged{Loser: w.c, Target: w.b, Winner: w.a}) || all[1] != (Merged{Loser: w.b, Target: w.a, Winner: w.a}) {
		t.Errorf("%v", all)
	}
	if first := must(w.Merges(t.Context(), record.Facility, record.ID{}, 1))(t); len(first) != 1 || first[0].Loser != w.c {
		t.Errorf("%v", first)
	}
	if rest := must(w.Merges(t.Context(), record.Facility, w.c, 10))(t); len(rest) != 1 || rest[0].Loser != w.b {
		t.Errorf("%v", rest)
	}
	if visits := must(w.Merges(t.Context(), record.Visit, record.ID{}, 10))(t); len(visits) != 0 {
		t.Errorf("%v", visits)
	}
	w.merge(record.Facility, w.a, w.b) // crosswise
	for _, m := range must(w.Merges(t.Context(), record.Facility, record.ID{}, 10))(t) {
		if (m.Loser == w.a || m.Loser == w.b) && !m.Circular {
			t.Errorf("%v", m)
		}
	}
}
