package look

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// signs writes changes as [-gone-] and [+added+].
func drawnChanges(before, after string) string {
	var b strings.Builder
	for _, c := range changes(split(before), split(after)) {
		if len(c.gone) > 0 {
			b.WriteString("[-" + strings.Join(c.gone, "") + "-]")
		}
		if len(c.added) > 0 {
			b.WriteString("[+" + strings.Join(c.added, "") + "+]")
		}
		b.WriteString(strings.Join(c.same, ""))
	}
	return b.String()
}

func TestWordsThatChangedAreShown(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"nothing", "ten people", "ten people", "ten people"},
		{"one word", "holds ten people", "holds eight people", "holds [-ten-][+eight+] people"},
		{"a sentence at the end", "Eight beds.", "Eight beds. Two sleep by the door.", "Eight beds.[+ Two sleep by the door.+]"},
		{"a sentence at the beginning", "Eight beds.", "It is dark. Eight beds.", "[+It is dark. +]Eight beds."},
		{"a phrase is one change", "in the dark cell", "in a very light cell", "in [-the dark-][+a very light+] cell"},
		{"all", "", "all new", "[+all new+]"},
		{"none", "all old", "", "[-all old-]"},
		{"Russian", "содержатся десять человек", "содержатся восемь человек", "содержатся [-десять-][+восемь+] человек"},
		{"Arabic", "عشرة أشخاص", "ثمانية أشخاص", "[-عشرة-][+ثمانية+] أشخاص"},
		{"a line", "one\ntwo", "one\n\ntwo", "one[-\n-][+\n\n+]two"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := drawnChanges(c.before, c.after); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestComparedIsSaidAndCannotBeMarkup(t *testing.T) {
	got := string(reader("en").Compared("<b>ten</b>", "<b>eight</b>").HTML())
	if strings.Contains(got, "<b>") || !strings.Contains(got, "<del>") || !strings.Contains(got, `<span class="unseen">[taken out: </span>ten`) {
		t.Errorf("%s", got)
	}
}

// TestMarksBeginAndEndWithWhatIsRead: the space before an added sentence is no part of it;
// a change of spaces alone is marked all the same, and no letter is lost.
func TestMarksBeginAndEndWithWhatIsRead(t *testing.T) {
	l := reader("en")
	for _, c := range []struct{ before, after, want string }{
		{"Eight beds.", "Eight beds. Two mats.", "Eight beds. <ins>Two mats.</ins>"},
		{"Eight beds. Two mats.", "Eight beds.", "Eight beds. <del>Two mats.</del>"},
		{"ten", "eight", "<del>ten</del><ins>eight</ins>"},
		{"a b", "a  b", "a<del> </del><ins>  </ins>b"},
		{"a", "a\nb", "a<ins>\nb</ins>"},
	} {
		got := unseenPattern.ReplaceAllString(string(l.Compared(c.before, c.after).HTML()), "")
		if got != c.want {
			t.Errorf("%q to %q: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

var unseenPattern = regexp.MustCompile(`<span class="unseen">[^<]*</span>`)

func TestTwoTextsAreCombined(t *testing.T) {
	for _, c := range []struct {
		name, before, mine, theirs, want string
		open                             int
	}{
		{"only mine changed", "ten beds", "eight beds", "ten beds", "eight beds", 0},
		{"only theirs changed", "ten beds", "ten beds", "eight beds", "eight beds", 0},
		{"both the same", "ten beds", "eight beds", "eight beds", "eight beds", 0},
		{"both otherwise", "ten beds", "nine beds", "eight beds", "[nine / eight] beds", 1},
		{"in different places", "ten beds in cell 12", "nine beds in cell 12", "ten beds in cell 11", "nine beds in cell 11", 0},
		{"two additions", "Eight beds.", "Eight beds. Two sleep by the door.", "Eight beds. It is dark.", "Eight beds. Two sleep by the door. It is dark.", 0},
		{"an addition and a change", "ten beds.", "ten beds. By the door.", "eight beds.", "eight beds. By the door.", 0},
		{"one took out what the other changed", "a cold dark cell", "a cell", "a cold light cell", "a [ / cold light] cell", 1},
		{"from nothing", "", "mine", "theirs", "mine theirs", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, open := Combined(c.before, c.mine, c.theirs)
			if got != c.want || open != c.open {
				t.Errorf("%q with %d open, want %q with %d", got, open, c.want, c.open)
			}
		})
	}
}

func TestChangesTurnOneTextIntoTheOther(t *testing.T) {
	words := rapid.StringOfN(rapid.SampledFrom([]rune("ab .\n-é")), 0, 40, -1)
	rapid.Check(t, func(t *rapid.T) {
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		var a, b strings.Builder
		for _, c := range changes(split(before), split(after)) {
			a.WriteString(strings.Join(c.gone, "") + strings.Join(c.same, ""))
			b.WriteString(strings.Join(c.added, "") + strings.Join(c.same, ""))
		}
		if a.String() != before || b.String() != after {
			t.Fatalf("%q and %q came out as %q and %q", before, after, a.String(), b.String())
		}
	})
}

// TestCombiningLosesNothing: what only one of two changed is in the combined text as that
// one left it, whichever comes first.
func TestCombiningLosesNothing(t *testing.T) {
	words := rapid.StringOfN(rapid.SampledFrom([]rune("abc .")), 0, 30, -1)
	rapid.Check(t, func(t *rapid.T) {
		before, mine, theirs := words.Draw(t, "before"), words.Draw(t, "mine"), words.Draw(t, "theirs")
		if got, open := Combined(before, mine, before); got != mine || open != 0 {
			t.Fatalf("only mine changed: %q, want %q", got, mine)
		}
		if got, open := Combined(before, before, theirs); got != theirs || open != 0 {
			t.Fatalf("only theirs changed: %q, want %q", got, theirs)
		}
		if got, open := Combined(before, mine, mine); got != mine || open != 0 {
			t.Fatalf("both the same: %q, want %q", got, mine)
		}
		_, a := Combined(before, mine, theirs)
		_, b := Combined(before, theirs, mine)
		if a != b {
			t.Fatalf("%d places are open one way round and %d the other", a, b)
		}
	})
}

func TestALongTextIsComparedInBoundedTime(t *testing.T) {
	long, other := strings.Repeat("ten beds ", 8000), strings.Repeat("two doors ", 8000)
	if got := drawnChanges("x "+long, "x "+other); !strings.HasPrefix(got, "x [-ten") {
		t.Errorf("%.40s", got)
	}
}

func TestTextsThatGrewFromNothingKnownAreJoined(t *testing.T) {
	for _, c := range []struct {
		mine, theirs, want string
		open               int
	}{
		{"ten people", "ten people", "ten people", 0},
		{"ten people. Two mats.", "ten people.", "ten people. Two mats.", 0},
		{"ten people.", "ten people. Cold.", "ten people. Cold.", 0},
		{"ten people", "eight people", "[ten / eight] people", 1},
		{"", "only theirs", "only theirs", 0},
		{"a b c", "a x c", "a [b / x] c", 1},
	} {
		if got, open := Joined(c.mine, c.theirs); got != c.want || open != c.open {
			t.Errorf("%q and %q: %q, %d open; want %q, %d", c.mine, c.theirs, got, open, c.want, c.open)
		}
	}
}

// TestNoWordIsLostByJoining: whatever two people wrote, each word of it stands.
func TestNoWordIsLostByJoining(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"ten", "people", "eight", "beds.", "cold", "a\nb", "№ 4"}), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		mine, theirs := strings.Join(words.Draw(t, "mine"), " "), strings.Join(words.Draw(t, "theirs"), " ")
		joined, _ := Joined(mine, theirs)
		for _, w := range append(strings.Fields(mine), strings.Fields(theirs)...) {
			if !strings.Contains(joined, w) {
				t.Fatalf("%q is lost of %q and %q: %q", w, mine, theirs, joined)
			}
		}
		if (Apart(mine, theirs) == 0) != (mine == theirs) {
			t.Fatalf("%q and %q are %d apart", mine, theirs, Apart(mine, theirs))
		}
	})
}
