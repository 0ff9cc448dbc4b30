package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestWhatOneDevicePushesAnotherPulls(t *testing.T) {
	w := newWorld(t)
	a, b := newDevice(1), newDevice(2)
	facility := a.save(t, aFacility("Central prison", "CP-1"))
	visit := a.save(t, aVisit(facility))
	finding := a.save(t, aFinding(visit, "Six persons share 12 m2."))
	a.push(w)
	if got := b.pull(w); len(got) != 3 {
		t.Fatalf("%d states, want 3", len(got))
	}
	item := must(w.Get(t.Context(), record.Finding, finding))(t)
	got := item.Message.(*daylightv1.Finding)
	if got.GetNarrative() != "Six persons share 12 m2." || len(item.Status.Conflicts) != 0 || len(item.Status.WaitingFor) != 0 {
		t.Error(item)
	}
	if want := b.show(t, record.Finding, finding); !proto.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	w.whole()
}

func TestPushSentAgainChangesNothing(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	d.save(t, aFinding(d.newID(), "Six persons share 12 m2."))
	d.save(t, aFinding(d.newID(), "No daylight."))
	batch := d.batch()
	ask := exchange.Ask{Own: d.head, WantDigest: true}
	first := must(w.Sync(t.Context(), []journal.Batch{batch}, ask))(t)
	second := must(w.Sync(t.Context(), []journal.Batch{batch, batch}, ask))(t)
	second.Writers = second.Writers[:1]
	if !proto.Equal(first, second) {
		t.Errorf("first  %v\nsecond %v", first, second)
	}
	if head := must(w.Head(t.Context()))(t); head != 2 {
		t.Errorf("%d entries, want 2", head)
	}
	w.whole()
}

func TestFailingPushTakesNothingOfTheOthersWithIt(t *testing.T) {
	w := newWorld(t)
	good, bad := newDevice(1), newDevice(2)
	good.save(t, aFinding(good.newID(), "Six persons share 12 m2."))
	bad.save(t, aFinding(bad.newID(), "This push fails half-way."))
	broken := errors.New("broken")
	group := []*job{
		{ctx: t.Context(), done: make(chan error, 1), do: func(l *ledger) error {
			_, err := l.ingest([]journal.Batch{bad.batch()}, exchange.Terms{})
			return errors.Join(err, broken)
		}},
		{ctx: t.Context(), done: make(chan error, 1), do: func(l *ledger) error {
			_, err := l.ingest([]journal.Batch{good.batch()}, exchange.Terms{})
			return err
		}},
		{ctx: t.Context(), done: make(chan error, 1), do: func(*ledger) error { panic("content") }},
	}
	w.commits.commit(group)
	for i, want := range []error{broken, nil, errPanic} {
		if err := <-group[i].done; !errors.Is(err, want) {
			t.Errorf("push %d: %v, want %v", i, err, want)
		}
	}
	if head := must(w.Head(t.Context()))(t); head != 1 {
		t.Errorf("%d entries, want 1", head)
	}
	bad.told = false
	bad.save(t, aFinding(bad.newID(), "And once more."))
	w.whole()
}

func TestPushWhoseCallerHasGoneIsNotTaken(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	d.save(t, aFinding(d.newID(), "Six persons share 12 m2."))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Sync(ctx, []journal.Batch{d.batch()}, exchange.Ask{Own: d.head}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
	if head := must(w.Head(t.Context()))(t); head != 0 {
		t.Errorf("%d entries, want none", head)
	}
}

func TestFullQueueAnswersAtOnce(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Waiting = 1 })
	started, goOn := make(chan bool), make(chan bool)
	var all sync.WaitGroup
	hold := func(*ledger) error { started <- true; <-goOn; return nil }
	all.Go(func() { w.commits.submit(t.Context(), hold) })
	<-started // the committer is busy; one more may wait
	all.Go(func() {
		if err := w.commits.submit(t.Context(), func(*ledger) error { return nil }); err != nil {
			t.Error(err)
		}
	})
	for len(w.commits.jobs) == 0 {
		runtime.Gosched() // until the second waits
	}
	if err := w.commits.submit(t.Context(), hold); !errors.Is(err, ErrOverloaded) {
		t.Errorf("%v, want that the office is busy", err)
	}
	close(goOn)
	all.Wait()
}

func TestClosedStoreAnswers(t *testing.T) {
	w := newWorld(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	d := newDevice(1)
	d.save(t, aFinding(d.newID(), "x"))
	if _, err := w.Sync(t.Context(), []journal.Batch{d.batch()}, exchange.Ask{Own: d.head}); !errors.Is(err, ErrClosed) {
		t.Errorf("%v, want that it is closed", err)
	}
	w.open()
}

// The four ways that a commit can go, each followed by opening what is on the
// disk and looking at all of it, and by sending again.
func TestCommit(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		shows string
		on    func(commit func() error) error
		want  error
		head  exchange.Position // after reopening
	}{
		{"done", func(commit func() error) error { return commit() }, nil, 1},
		{"failed", func(func() error) error { return broken }, sqlitedb.ErrUnsure, 0},
		{"failed but applied", func(commit func() error) error { return errors.Join(commit(), broken) }, sqlitedb.ErrUnsure, 1},
	} {
		t.Run(c.shows, func(t *testing.T) {
			on := func(commit func() error) error { return commit() }
			w := newWorld(t, func(config *Config) {
				config.OnCommit = func(commit func() error) error { return on(commit) }
			})
			d := newDevice(1)
			d.save(t, aFinding(d.newID(), "Six persons share 12 m2."))
			batch, ask := d.batch(), exchange.Ask{Own: d.head}
			on = c.on
			if _, err := w.Sync(t.Context(), []journal.Batch{batch}, ask); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			on = func(commit func() error) error { return commit() }
			w.reopen()
			if head := must(w.Head(t.Context()))(t); head != c.head {
				t.Errorf("%d entries, want %d", head, c.head)
			}
			w.whole()
			r := must(w.Sync(t.Context(), []journal.Batch{batch}, ask))(t)
			if r.Writers[0].Seq != 1 || r.Writers[0].Position != 1 {
				t.Errorf("sent again: %v", r.Writers[0])
			}
			w.whole()
		})
	}
}

// 64 devices push at once while another reads: every position comes once, none is
// skipped, and what is acknowledged can be read.
func TestManyPushesAtOnceLeaveNoGap(t *testing.T) {
	w := newWorld(t)
	const devices, each = 64, 5
	var pushing sync.WaitGroup
	for n := range devices {
		pushing.Go(func() {
			d := newDevice(byte(n + 1))
			for i := range each {
				d.save(t, aFinding(d.newID(), fmt.Sprintf("Cell %d of wing %d.", i, n)))
				r, err := w.Sync(t.Context(), []journal.Batch{d.batch()}, exchange.Ask{Own: d.head, MoreOwn: true})
				if err != nil || r.Writers[0].Seq != uint64(d.head.Seq) {
					t.Error(r, err)
					return
				}
			}
		})
	}
	done := make(chan bool)
	go func() { pushing.Wait(); close(done) }()
	seen := readPositions(t, w, done)
	for p := exchange.Position(1); p <= devices*each; p++ {
		if !seen[p] {
			t.Errorf("position %d never came", p)
		}
	}
	w.whole()
}

// readPositions pulls until everything is pushed and pulled. Each record is edited
// once here, so that each position must come, in order.
func readPositions(t *testing.T, w *world, done chan bool) map[exchange.Position]bool {
	seen := map[exchange.Position]bool{}
	reader := exchange.Ask{Own: exchange.Head{Dot: fold.Dot{Writer: fold.WriterID{255}}}}
	var last exchange.Position
	for finished := false; ; {
		r, err := w.Sync(t.Context(), nil, reader)
		if err != nil {
			t.Error(err)
			return seen
		}
		for _, s := range r.States {
			if p := exchange.Position(s.Position); p != last+1 {
				t.Errorf("position %d came after %d", p, last)
			}
			last = exchange.Position(s.Position)
			seen[last] = true
		}
		reader.Epoch, reader.Cursor = r.Epoch, r.Cursor
		if finished && len(r.States) == 0 {
			return seen
		}
		select {
		case <-done:
			finished = true
		default:
		}
	}
}

func TestRefusedEntryIsKeptAndAnswered(t *testing.T) {
	w := newWorld(t)
	a, b := newDevice(1), newDevice(2)
	visit := a.save(t, aVisit(a.newID()))
	a.push(w)
	b.pull(w)
	for _, d := range []*device{a, b} {
		m := d.show(t, record.Visit, visit).(*daylightv1.Visit)
		m.State = daylightv1.VisitState_VISIT_STATE_AUTHORISED.Enum()
		if d == b {
			m.State = daylightv1.VisitState_VISIT_STATE_CANCELLED.Enum()
		}
		d.save(t, m)
	}
	a.push(w)
	r := b.push(w)
	if len(r.Verdicts) != 1 || r.Verdicts[0].Reason != exchange.Stale || len(r.States) != 1 {
		t.Errorf("verdicts %v, %d states; want STALE and the state", r.Verdicts, len(r.States))
	}
	item := must(w.Get(t.Context(), record.Visit, visit))(t)
	if got := item.Message.(*daylightv1.Visit).GetState(); got != daylightv1.VisitState_VISIT_STATE_AUTHORISED {
		t.Errorf("the visit is %v", got)
	}
	w.whole()
}

func TestCopiedDeviceBecomesABranchAndCheckFollowsIt(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	id := d.save(t, aFinding(d.newID(), "Six persons share 12 m2."))
	d.push(w)
	copied := *d
	copied.states = map[record.ID]*fold.State{id: d.state(id).Clone()}
	for i, side := range []*device{d, &copied} {
		m := side.show(t, record.Finding, id).(*daylightv1.Finding)
		m.Narrative = proto.String(fmt.Sprintf("Side %d saw eight persons.", i))
		side.save(t, m)
	}
	d.push(w)
	r := must(w.Sync(t.Context(), []journal.Batch{copied.batch()}, exchange.Ask{Own: copied.head}))(t)
	if len(r.Verdicts) != 1 || len(r.Verdicts[0].Writer) != 16 {
		t.Errorf("%v, want the entry under another name", r.Verdicts)
	}
	item := must(w.Get(t.Context(), record.Finding, id))(t)
	if len(item.Status.Conflicts) != 1 || len(item.Status.Conflicts[0].Values) != 2 {
		t.Errorf("%v, want both narratives", item.Status.Conflicts)
	}
	w.whole()
	again := newWorld(t)
	transfer(t, w, again)
	if w.digest() != again.digest() {
		t.Error("the imported store differs")
	}
}

// SQLite may end a transaction by itself. Then those that shared it are tried
// alone, and only the one that caused it fails.
func TestPushThatEndsTheTransactionFailsAlone(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	d.save(t, aFinding(d.newID(), "Six persons share 12 m2."))
	batch, broken := d.batch(), errors.New("broken")
	group := []*job{
		{ctx: t.Context(), done: make(chan error, 1), do: func(l *ledger) error {
			_, err := l.Exec(`ROLLBACK`)
			return errors.Join(err, broken)
		}},
		{ctx: t.Context(), done: make(chan error, 1), do: func(l *ledger) error {
			_, err := l.ingest([]journal.Batch{batch}, exchange.Terms{})
			return err
		}},
	}
	w.commits.commit(group)
	if err := <-group[0].done; !errors.Is(err, broken) {
		t.Errorf("%v, want its own error", err)
	}
	if err := <-group[1].done; err != nil {
		t.Error(err)
	}
	if head := must(w.Head(t.Context()))(t); head != 1 {
		t.Errorf("%d entries, want 1", head)
	}
	w.whole()
}
