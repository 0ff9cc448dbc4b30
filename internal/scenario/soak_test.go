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
