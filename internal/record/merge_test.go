package record

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// way reads "A>B B>C -C": A was merged into B and that into C, which does not stand.
func way(text string) func(ID) (Joint, error) {
	joints := map[ID]Joint{}
	at := func(name string) ID { return ID{name[0]} }
	change := func(id ID, do func(*Joint)) { j := joints[id]; do(&j); joints[id] = j }
	for _, word := range strings.Fields(text) {
		from, into, merged := strings.Cut(strings.TrimPrefix(word, "-"), ">")
		change(at(from), func(j *Joint) { j.Stands = !strings.HasPrefix(word, "-") })
		if merged {
			change(at(from), func(j *Joint) { j.Into = at(into) })
		}
	}
	return func(id ID) (Joint, error) { return joints[id], nil }
}

func TestWinner(t *testing.T) {
	for _, c := range []struct{ way, want string }{
		{"A", "A"},
		{"A>B B", "B"},
		{"A>B B>C C", "C"},
		{"A>B", "A"},          // B is not here
		{"A>B -B", "A"},       // B was removed
		{"A>B -B>C C", "C"},   // by way of one that was removed
		{"A>B B>C -C", "B"},   // the last that stands
		{"-A>B B", "B"},       // A was removed, and merged
		{"-A>B -B", "A"},      // nothing stands
		{"A>A", "A circular"}, // nobody means that
		{"A>B B>A", "A circular"},
		{"A>B B>C C>A", "A circular"},
		{"A>B B>C C>B", "B"},  // into a circle
		{"A>B -B>C C>B", "A"}, // into a circle, whose nearest does not stand
		{"A>B -B>A", "A circular"},
	} {
		winner, circular, err := Winner(ID{'A'}, way(c.way))
		got := string(winner[:1])
		if circular {
			got += " circular"
		}
		if got != c.want || err != nil {
			t.Errorf("%s: %s, want %s (%v)", c.way, got, c.want, err)
		}
	}
	failed := errors.New("failed")
	if _, _, err := Winner(ID{'A'}, func(ID) (Joint, error) { return Joint{}, failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
}

func TestAChainWithoutEndIsNotFollowed(t *testing.T) {
	reads := 0
	winner, circular, err := Winner(ID{}, func(id ID) (Joint, error) {
		reads++
		next := ID{0: id[0] + 1, 1: id[1], 2: 1}
		return Joint{Into: next, Stands: true}, nil
	})
	if winner != (ID{}) || !circular || err != nil || reads != MaxChain {
		t.Errorf("%v %v %v after %d", winner, circular, err, reads)
	}
}

// Whatever people have merged: what stands is shown, itself or under another that is
// shown for itself.
func TestNothingThatStandsVanishes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const names = "ABCDEFG"
		var words []string
		for _, name := range names[:rapid.IntRange(1, len(names)).Draw(t, "records")] {
			word := string(name)
			if rapid.Bool().Draw(t, "removed") {
				word = "-" + word
			}
			if rapid.IntRange(0, 3).Draw(t, "merged") > 0 {
				word += ">" + string(rapid.SampledFrom([]rune(names)).Draw(t, "into"))
			}
			words = append(words, word)
		}
		look := way(strings.Join(words, " "))
		for _, name := range names {
			id := ID{byte(name)}
			j, _ := look(id)
			if !j.Stands {
				continue
			}
			at, _, _ := Winner(id, look)
			shown, _ := look(at)
			if !shown.Stands {
				t.Fatalf("%s: %c is shown under %c, which does not stand", words, name, at[0])
			}
			if on, _, _ := Winner(at, look); on != at {
				t.Fatalf("%s: %c is shown under %c, and that under %c", words, name, at[0], on[0])
			}
		}
	})
}
