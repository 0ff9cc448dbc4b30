package main

import (
	"bytes"
	_ "embed"
	"maps"
	"slices"
	"testing"
)

// What the oracle said, kept by `go run ./internal/checklist/expr/differential -write`.
//
//go:embed testdata/golden.gz
var kept []byte

func oracled(t *testing.T) *golden {
	t.Helper()
	g, err := read(bytes.NewReader(kept))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestOursIsTheOraclesAnswerUnderTheRulings(t *testing.T) {
	g := oracled(t)
	found, err := differ(g)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found[:min(20, len(found))] {
		t.Error(d)
	}
	if len(found) > 0 || len(g.Cases) < 5000 {
		t.Errorf("%d of %d answers differ; at least 5000 are wanted, all alike", len(found), len(g.Cases))
	}
}

func TestExcusesAreOnlyUsedWhereARulingApplies(t *testing.T) {
	g, counted := oracled(t), map[string]int{}
	for _, c := range g.Cases {
		if names := misused(c); names != nil {
			t.Errorf("%s: %v cannot touch it", c.Source, names)
		}
		if (c.Plain != c.want()) != (len(c.Under) > 0) {
			t.Errorf("%s: %q became %q under %v", c.Source, c.Plain, c.Ruled, c.Under)
		}
		for _, name := range c.Under {
			counted[name]++
		}
	}
	if !maps.Equal(counted, g.Excused) {
		t.Errorf("counted %v, the golden says %v", counted, g.Excused)
	}
	for _, name := range slices.Sorted(maps.Keys(where)) {
		if counted[name] == 0 {
			t.Errorf("no case needs %s, so nothing here shows that ours keeps it", name)
		}
	}
}

func TestOracleAnsweredNearlyAll(t *testing.T) {
	g := oracled(t)
	if g.Asked != len(g.Cases)+g.Dumb || g.Dumb*200 > g.Asked || g.Quarrel*100 > g.Asked {
		t.Errorf("of %d expressions it answered %d, not %d, and of %d it thinks otherwise with brackets", g.Asked, len(g.Cases), g.Dumb, g.Quarrel)
	}
}

func TestEveryReadingIsExplained(t *testing.T) {
	for name := range where {
		if _, ok := readings[name]; !ok && name[0] != 'R' {
			t.Errorf("%s is neither a ruling nor explained", name)
		}
	}
}

func TestComparisonBites(t *testing.T) {
	g := oracled(t)
	t.Run("a wrong answer is found", func(t *testing.T) {
		c := *g.Cases[0]
		c.Plain, c.Ruled, c.Under = "never", "", nil
		found, err := differ(&golden{Clock: g.Clock, Records: g.Records, Cases: []*Case{&c}})
		if err != nil || len(found) != 1 {
			t.Errorf("got %v, %v", found, err)
		}
	})
	t.Run("an excuse out of place is found", func(t *testing.T) {
		for _, name := range []string{"R3", "R5", "R99"} {
			c := &Case{Source: "1 + 1", Plain: "3", Ruled: "2", Under: []string{name}}
			if got := misused(c); !slices.Equal(got, []string{name}) {
				t.Errorf("%s: got %v", name, got)
			}
		}
	})
	t.Run("numbers are alike as numbers", func(t *testing.T) {
		for _, c := range []struct {
			kind, a, b string
			want       bool
		}{
			{"n", "1e+21", "1000000000000000000000", true}, {"n", "NaN", "NaN", true}, {"n", "-0", "0", true},
			{"n", "1", "1.0000000000000002", false}, {"n", "+Inf", "Infinity", true}, {"n", "failed", "failed", false}, {"s", "1.0", "1", false},
		} {
			if alike(c.kind, c.a, c.b) != c.want {
				t.Errorf("%+v", c)
			}
		}
	})
}

func TestGeneratorIsSeeded(t *testing.T) {
	a, b, other := made(5, 200), made(5, 200), made(6, 200)
	same := 0
	for i := range a.Cases {
		if a.Cases[i].Source != b.Cases[i].Source || a.Cases[i].text != b.Cases[i].text {
			t.Fatalf("%q and %q from one seed", a.Cases[i].Source, b.Cases[i].Source)
		}
		if a.Cases[i].Source == other.Cases[i].Source {
			same++
		}
	}
	if same > 40 {
		t.Errorf("%d of 200 expressions are the same from another seed", same)
	}
}

func TestGoldenReadsBack(t *testing.T) {
	g := made(3, 120)
	answers := make([]answer, len(g.Cases))
	for i := range answers {
		answers[i] = answer{Plain: "1", Ruled: "1"}
	}
	answers[3] = answer{Plain: "1", Ruled: "2", Under: []string{"R4", "R12"}}
	answers[4] = answer{Error: "cannot"}
	g.answered(answers)
	var b bytes.Buffer
	if err := g.write(&b); err != nil {
		t.Fatal(err)
	}
	back, err := read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if back.Seed != 3 || back.Dumb != 1 || len(back.Cases) != 119 || len(back.Records) != 3 || back.Excused["R12"] != 1 {
		t.Errorf("got %+v", back)
	}
	for i, c := range back.Cases {
		if w := g.Cases[i]; c.Source != w.Source || c.Node != w.Node || c.Record != w.Record || c.want() != w.want() {
			t.Errorf("got %+v, want %+v", c, w)
		}
	}
	if _, err := read(bytes.NewReader([]byte("not packed"))); err == nil {
		t.Error("what is no golden was read")
	}
}
