package exchange

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Every second entry waits. Each is asked after alone, as far as there is room; then a
// chain goes on over what lies between, and other chains are sent.
func TestOnlyWhatWaitsIsAskedAfter(t *testing.T) {
	one, other := fold.WriterID{1}, fold.WriterID{2}
	q := &asking{chains: map[fold.WriterID]*chain{}}
	ask := func(w fold.WriterID, seq fold.Seq) bool { return q.ask(Noted{Dot: fold.Dot{Writer: w, Seq: seq}}) }
	for n := range fold.Seq(maxAsk) {
		if !ask(one, 2*n+1) {
			t.Fatalf("%d: there is room", 2*n+1)
		}
	}
	if c := q.order[1]; len(q.order) != maxAsk || c.first != 3 || c.last.Seq != 3 {
		t.Errorf("%d chains, the second from %d to %d", len(q.order), c.first, c.last.Seq)
	}
	last := fold.Seq(2*maxAsk - 1)
	if !ask(one, last+1) || !ask(one, last+3) {
		t.Error("what comes behind a chain is not asked after")
	}
	if ask(one, 2) || ask(other, 1) {
		t.Error("more is asked after than there is room for")
	}
	if c := q.order[maxAsk-1]; len(q.order) != maxAsk || c.first != last || c.last.Seq != last+3 {
		t.Errorf("%d chains, the last from %d to %d", len(q.order), c.first, c.last.Seq)
	}
}
