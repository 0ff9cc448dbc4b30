//go:build soak

package scenario

import (
	"fmt"
	"testing"
)

func TestSoakKills(t *testing.T) { huntDown(t, 200, 2) }

func TestSoakRandomHistories(t *testing.T) {
	for seed := uint64(1000); seed < 4000; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			playRandom(t, seed, 80)
		})
	}
}

func TestSoakGraphs(t *testing.T) {
	playGraphs(t, 2, 1000)
}

// TestSoakDeaths lets processes die at each commit, and then anywhere.
func TestSoakDeaths(t *testing.T) {
	for seed := range 60 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newDeaths(t, 10_000+100*uint64(seed))
			w.crashes(seed % 30)
			dir, _ := w.dies("kill", fmt.Sprint(seed%30), nil, 0)
			w.livesOn(dir, "after it died in a save")
			w.random(10)
		})
	}
}
