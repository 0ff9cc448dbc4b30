package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// shutOut holds what the owners of these keys push.
type shutOut [][]byte

func (s shutOut) May(c exchange.Case) (exchange.Decision, exchange.Reason, error) {
	if slices.ContainsFunc(s, func(k []byte) bool { return c.Key.Equal(ed25519.PublicKey(k)) }) {
		return exchange.Held, exchange.Denied, nil
	}
	return exchange.Accepted, exchange.NoReason, nil
}

// pushHeld sends the device's queue while its owner is shut out, and gives the verdicts.
func (w *world) pushHeld(d *device) []*daylightv1.Verdict {
	w.Helper()
	return w.pushAs(d, shutOut{d.cert.Key})
}

func (w *world) pushAs(d *device, gate exchange.Gate, again ...journal.Batch) []*daylightv1.Verdict {
	w.Helper()
	batches := again
	if len(d.queue) > 0 {
		batches = append(batches, d.batch())
	}
	r, err := w.For(Caller{Gate: gate}).Sync(context.Background(), batches,
		exchange.Ask{Epoch: d.epoch, Cursor: d.cursor, Own: d.head, Key: d.cert.Key})
	if err != nil {
		w.Fatal(err)
	}
	d.epoch, d.cursor = r.Epoch, r.Cursor
	for _, s := range r.States {
		d.states[record.ID(s.Id)] = must(fold.Decode(s.State))(w)
	}
	return r.Verdicts
}

var officer = Caller{Writer: "Case officer"}

// titled sets the title of a finding as the device shows it.
func (d *device) titled(t testing.TB, id record.ID, title string) {
	m := d.show(t, record.Finding, id).(*daylightv1.Finding)
	m.Title = proto.String(title)
	d.save(t, m)
}

// heldTitle is a store in which the second device has set a title, which is held.
func heldTitle(t *testing.T) (w *world, a, b *device, finding record.ID, held Turned) {
	w = newWorld(t)
	a, b = newDevice(1), newDevice(2)
	visit := a.save(t, aVisit(a.save(t, aFacility("Central prison", "CP-1"))))
	finding = a.save(t, aFinding(visit, "Six persons share 12 m2."))
	a.push(w)
	b.pull(w)
	b.titled(t, finding, "Crowding")
	if v := w.pushHeld(b); len(v) != 1 || v[0].Decision != exchange.Held {
		t.Fatalf("%v, want that it is held", v)
	}
	all, next, err := w.For(officer).Turned(t.Context(), TurnedQuery{Waiting: true})
	if err != nil || len(all) != 1 || next != 0 {
		t.Fatalf("%d wait, next %d: %v", len(all), next, err)
	}
	return w, a, b, finding, all[0]
}

func (w *world) rule(at exchange.Position, kind journal.RulingKind) error {
	return w.For(officer).Rule(context.Background(), at, kind, "Her notes on paper say the same.")
}

func TestWhatIsHeldIsToldWithWhoAndWhere(t *testing.T) {
	w, _, b, finding, held := heldTitle(t)
	if held.Person != "Monitor 2" || held.Device != "laptop" || held.Decision != exchange.Held || !held.Waits() || held.Link != b.head.Link {
		t.Errorf("%+v", held)
	}
	r := held.Records[0]
	if r.Kind != record.Finding || r.ID != finding || !r.Stands || r.Creates || r.Visit == (record.ID{}) || len(r.Edits) != 0 {
		t.Errorf("%+v", r)
	}
	one := must(w.For(officer).TurnedAt(t.Context(), held.Position))(t)
	if one.Link != held.Link || len(one.Records[0].Edits) != 1 || one.Records[0].Edits[0].Field != "title" || len(one.Records[0].Edits[0].Now) != 0 {
		t.Errorf("%+v", one)
	}
	if after := one.Records[0].Edits[0].After; one.Admitting != nil || len(after) != 1 {
		t.Errorf("admitting it would leave %q: %v", after, one.Admitting)
	}
	if _, err := w.For(officer).TurnedAt(t.Context(), 1); !errors.Is(err, ErrNotFound) {
		t.Errorf("an accepted change is told as turned down: %v", err)
	}
	for shows, q := range map[string]TurnedQuery{
		"refused":        {Decision: exchange.Refused},
		"another reason": {Reason: exchange.Stale},
		"another key":    {Keys: [][]byte{newDevice(7).cert.Key}},
		"no key":         {Keys: [][]byte{}},
		"before it":      {Before: held.Position},
	} {
		if all, _, err := w.For(officer).Turned(t.Context(), q); err != nil || len(all) != 0 {
			t.Errorf("%s: %d, %v", shows, len(all), err)
		}
	}
	if all, _, _ := w.For(officer).Turned(t.Context(), TurnedQuery{Keys: [][]byte{b.cert.Key}, Decision: exchange.Held}); len(all) != 1 {
		t.Error("it is not found by its device")
	}
}

func TestWhatIsHeldIsForWhoMayReadAllOfIt(t *testing.T) {
	w, _, _, _, held := heldTitle(t)
	for shows, reach := range map[string]Reach{"nobody's": {}, "another region": {Holders: []Holder{RegionHolder("TM-B")}}} {
		d := w.For(Caller{Writer: "Somebody", Sight: &Sight{Mark: 1, Kinds: map[record.Kind]Reach{record.Finding: reach}}})
		if all, _, err := d.Turned(t.Context(), TurnedQuery{}); err != nil || len(all) > 0 {
			t.Errorf("%s: %d, %v", shows, len(all), err)
		}
		if _, err := d.TurnedAt(t.Context(), held.Position); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", shows, err)
		}
		if err := d.Rule(t.Context(), held.Position, journal.Admit, "Why not"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", shows, err)
		}
	}
	d := w.For(Caller{Sight: &Sight{Mark: 1, Kinds: map[record.Kind]Reach{record.Finding: {Holders: []Holder{RegionHolder("TM-A")}}}}})
	if all, _, err := d.Turned(t.Context(), TurnedQuery{}); err != nil || len(all) != 1 {
		t.Errorf("its region's: %d, %v", len(all), err)
	}
}

func TestAdmittingCountsForEverybodyAndIsInTheHistory(t *testing.T) {
	w, a, b, finding, held := heldTitle(t)
	w.later(time.Hour)
	if err := w.rule(held.Position, journal.Admit); err != nil {
		t.Fatal(err)
	}
	w.reopen()
	w.whole()
	got := must(w.Get(t.Context(), record.Finding, finding))(t)
	if title := got.Message.(*daylightv1.Finding).GetTitle(); title != "Crowding" {
		t.Errorf("the title is %q", title)
	}
	if n := len(a.pull(w)); n == 0 {
		t.Error("the others' devices are not sent it")
	}
	verdicts := w.pushAs(b, nil)
	if len(verdicts) != 1 || verdicts[0].Decision != exchange.Accepted || !verdicts[0].Admitted || fold.Link(verdicts[0].Link) != held.Link {
		t.Errorf("its writer hears %v", verdicts)
	}
	if again := w.pushAs(b, nil); len(again) != 0 {
		t.Errorf("and again %v", again)
	}
	entries, _, err := w.History(t.Context(), record.Finding, finding, 0, "")
	if err != nil || len(entries) != 3 {
		t.Fatalf("%d in the history, %v", len(entries), err)
	}
	e := entries[0]
	if e.Person != "Case officer" || e.Admits != uint64(held.Position) || e.Why != "Her notes on paper say the same." || e.Decision != "ACCEPTED" || len(e.Edits) != 1 {
		t.Errorf("the history says %v", e)
	}
	if entries[1].Decision != "HELD" || entries[1].Person != "Monitor 2" {
		t.Errorf("before that %v", entries[1])
	}
	if one := must(w.For(officer).TurnedAt(t.Context(), held.Position))(t); one.Waits() || one.Stands().Person != "Case officer" || one.Stands().Kind != journal.Admit {
		t.Errorf("%+v", one.Rulings)
	}
}

func TestLeavingIsTakenBack(t *testing.T) {
	w, _, _, finding, held := heldTitle(t)
	waiting := func() int {
		all, _, err := w.For(officer).Turned(t.Context(), TurnedQuery{Waiting: true})
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	var r *RulingError
	if err := w.rule(held.Position, journal.Reopen); !errors.As(err, &r) || r.Reason != exchange.Already {
		t.Errorf("%v", err)
	}
	if err := w.rule(held.Position, journal.Leave); err != nil || waiting() != 0 {
		t.Fatalf("%v, %d wait", err, waiting())
	}
	w.reopen()
	if err := w.For(officer).Rule(t.Context(), held.Position, journal.Reopen, ""); err != nil || waiting() != 1 {
		t.Fatalf("%v, %d wait", err, waiting())
	}
	if err := w.For(officer).Rule(t.Context(), held.Position, journal.Admit, " "); !errors.Is(err, ErrNoReason) {
		t.Errorf("%v, want that a reason is asked for", err)
	}
	if err := w.rule(held.Position, journal.Admit); err != nil {
		t.Fatal(err)
	}
	if err := w.rule(held.Position, journal.Leave); !errors.As(err, &r) || r.Reason != exchange.Already {
		t.Errorf("%v", err)
	}
	if got := must(w.For(officer).TurnedAt(t.Context(), held.Position))(t).Rulings; len(got) != 3 {
		t.Errorf("%d decisions are told", len(got))
	}
	w.whole()
	if n := must(w.Get(t.Context(), record.Finding, finding))(t); len(n.Status.Conflicts) > 0 {
		t.Error("there is a conflict")
	}
}

func TestWhoCouldNotMakeTheChangeDoesNotAdmitIt(t *testing.T) {
	w, _, _, _, held := heldTitle(t)
	d := w.For(Caller{Writer: "Reader", Gate: refuses{}})
	for _, kind := range []journal.RulingKind{journal.Admit, journal.Leave} {
		if err := d.Rule(t.Context(), held.Position, kind, "Why not"); !errors.Is(err, ErrDenied) {
			t.Errorf("%v: %v", kind, err)
		}
	}
	if one := must(d.TurnedAt(t.Context(), held.Position))(t); !errors.Is(one.Admitting, ErrDenied) || one.Records[0].Edits[0].After != nil {
		t.Errorf("it is told as if they might: %v", one.Admitting)
	}
	w.whole()
}

type refuses struct{}

func (refuses) May(exchange.Case) (exchange.Decision, exchange.Reason, error) {
	return exchange.Refused, exchange.Denied, nil
}

func TestWhatHangsOnAHeldCreationWaitsForThat(t *testing.T) {
	w := newWorld(t)
	a, b := newDevice(1), newDevice(2)
	visit := a.save(t, aVisit(a.save(t, aFacility("Central prison", "CP-1"))))
	a.push(w)
	b.pull(w)
	finding := b.save(t, aFinding(visit, "Six persons share 12 m2."))
	b.titled(t, finding, "Crowding")
	w.pushHeld(b)
	all, _, err := w.For(officer).Turned(t.Context(), TurnedQuery{})
	if err != nil || len(all) != 2 {
		t.Fatalf("%d, %v", len(all), err)
	}
	var r *RulingError
	if err := w.rule(all[0].Position, journal.Admit); !errors.As(err, &r) || r.Missing != finding || r.By != all[1].Position {
		t.Fatalf("%v, want that what creates it comes first", err)
	}
	for _, one := range []Turned{all[1], all[0]} {
		if err := w.rule(one.Position, journal.Admit); err != nil {
			t.Fatal(err)
		}
	}
	if got := must(w.Get(t.Context(), record.Finding, finding))(t); got.Message.(*daylightv1.Finding).GetTitle() != "Crowding" || got.Status.Incomplete {
		t.Errorf("%v", got.Message)
	}
	w.whole()
}

// Whatever is held and ruled about, in whatever order and with the store opened anew in
// between: everything follows from the log, and an export and an archive hold it.
func TestRulingsFollowFromTheLog(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		devices := []*device{newDevice(1), newDevice(2)}
		visit := devices[0].save(t, aVisit(devices[0].save(t, aFacility("Central prison", "CP-1"))))
		findings := []record.ID{devices[0].save(t, aFinding(visit, "Six persons share 12 m2."))}
		devices[0].push(w)
		devices[1].pull(w)
		for range rapid.IntRange(3, 12).Draw(rt, "steps") {
			w.later(time.Minute)
			d := rapid.SampledFrom(devices).Draw(rt, "device")
			switch rapid.SampledFrom([]string{"save", "save", "make", "admit", "admit", "leave", "reopen", "restart"}).Draw(rt, "step") {
			case "save":
				d.titled(t, rapid.SampledFrom(findings).Draw(rt, "finding"), rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "title"))
				w.pushSome(rt, d)
			case "make":
				findings = append(findings, d.save(t, aFinding(visit, "Another")))
				w.pushSome(rt, d)
			case "restart":
				w.reopen()
			case "admit":
				w.ruleSome(rt, journal.Admit)
			case "leave":
				w.ruleSome(rt, journal.Leave)
			case "reopen":
				w.ruleSome(rt, journal.Reopen)
			}
		}
		w.whole()
		to := newWorld(t)
		transfer(t, w, to)
		to.whole()
		if w.digest() != to.digest() || w.turnedDown() != to.turnedDown() {
			t.Errorf("the imported store says\n%s\nand not\n%s", to.turnedDown(), w.turnedDown())
		}
		w.sameAfterArchive()
		w.Close()
	})
}

func (w *world) pushSome(rt *rapid.T, d *device) {
	if rapid.Bool().Draw(rt, "held") {
		w.pushHeld(d)
		return
	}
	w.pushAs(d, nil)
}

// ruleSome rules about any of what is held, whatever comes of it.
func (w *world) ruleSome(rt *rapid.T, kind journal.RulingKind) {
	all, _, err := w.For(officer).Turned(context.Background(), TurnedQuery{})
	if err != nil {
		w.Fatal(err)
	}
	if len(all) == 0 {
		return
	}
	var r *RulingError
	if err := w.rule(rapid.SampledFrom(all).Draw(rt, "held").Position, kind); err != nil && !errors.As(err, &r) {
		w.Fatal(err)
	}
}

// turnedDown is what is told of everything that was.
func (w *world) turnedDown() (out string) {
	w.Helper()
	all, _, err := w.For(officer).Turned(context.Background(), TurnedQuery{})
	if err != nil {
		w.Fatal(err)
	}
	for _, t := range all {
		out += string(rune('0'+t.Position)) + t.Person + t.Stands().Why + t.Stands().Kind.String() + "\n"
	}
	return out
}
