package console

import (
	"slices"
	"testing"
)

func TestARuleIsCutWhereItIsJoined(t *testing.T) {
	for _, c := range []struct {
		rule, joint string
		parts       []string
	}{
		{"${a} = 1 and ${b} = 2", "and", []string{"${a} = 1 ", " ${b} = 2"}},
		{"${a} = ' and ' and ${b} = 2", "and", []string{"${a} = ' and ' ", " ${b} = 2"}},
		{"(${a} = 1 and ${b} = 2)", "and", []string{"(${a} = 1 and ${b} = 2)"}},
		{"${land} = 1", "and", []string{"${land} = 1"}},
		{"${a} = 1 or(${b} = 2)", "or", []string{"${a} = 1 ", "(${b} = 2)"}},
		{"and", "and", []string{"and"}},
		{"", "and", []string{""}},
		{"${a} and", "and", []string{"${a} and"}},
	} {
		if got := splitRule(c.rule, c.joint); !slices.Equal(got, c.parts) {
			t.Errorf("%q is cut into %q", c.rule, got)
		}
	}
	for rule, want := range map[string]string{"(${a})": "${a}", " ((x)) ": "x", "(a) and (b)": "(a) and (b)", "()": "", "(": "("} {
		if got := unwrapped(rule); got != want {
			t.Errorf("%q without brackets is %q", rule, got)
		}
	}
}
