package store

import (
	"errors"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (w *world) finding(id record.ID) *daylightv1.Finding {
	w.Helper()
	return must(w.Get(w.Context(), record.Finding, id))(w).Message.(*daylightv1.Finding)
}

func (w *world) visit(id record.ID) *daylightv1.Visit {
	w.Helper()
	return must(w.Get(w.Context(), record.Visit, id))(w).Message.(*daylightv1.Visit)
}

// save saves one message and gives its id.
func (w *world) save(as OfficeWriter, m record.Message) record.ID {
	w.Helper()
	items := must(w.Save(w.Context(), as, m))(w)
	return must(record.IDOf(items[0].Message))(w)
}

func TestOfficeSavesByTheSameRules(t *testing.T) {
	w := newWorld(t)
	facility := w.save("Reviewer", aFacility("Central prison", "CP-1"))
	visit := w.save("Reviewer", aVisit(facility))
	id := w.save("Reviewer", aFinding(visit, "Six persons share 12 m2."))
	d := newDevice(1)
	d.pull(w)
	if got := d.show(t, record.Finding, id); !proto.Equal(got, w.finding(id)) {
		t.Errorf("the device shows %v", got)
	}
	m := w.finding(id)
	m.Narrative = proto.String("Eight persons share 12 m2.")
	item := must(w.Save(t.Context(), "Head of office", m))(t)[0]
	if got := item.Message.(*daylightv1.Finding).GetNarrative(); got != "Eight persons share 12 m2." || len(item.Status.Conflicts) > 0 {
		t.Errorf("%q with conflicts %v", got, item.Status.Conflicts)
	}
	head := must(w.Head(t.Context()))(t)
	must(w.Save(t.Context(), "Head of office", item.Message))(t)
	if again := must(w.Head(t.Context()))(t); again != head {
		t.Error("a save that changes nothing wrote an entry")
	}
	w.whole()
	w.reopen()
	w.whole()
}

func TestSaveOverAnOldReadingKeepsBothValues(t *testing.T) {
	w := newWorld(t)
	id := w.save("Reviewer", aFinding(record.ID{1}, "Six persons share 12 m2."))
	mine, theirs := w.finding(id), w.finding(id)
	theirs.Narrative = proto.String("Eight persons share 12 m2.")
	w.save("Head of office", theirs)
	mine.Narrative = proto.String("Seven persons share 12 m2.")
	w.save("Reviewer", mine)
	item := must(w.Get(t.Context(), record.Finding, id))(t)
	if len(item.Status.Conflicts) != 1 || len(item.Status.Conflicts[0].Values) != 2 {
		t.Fatalf("%v, want both values", item.Status.Conflicts)
	}
	settled := item.Message.(*daylightv1.Finding)
	settled.Narrative = proto.String("Seven or eight persons share 12 m2.")
	w.save("Head of office", settled)
	if c := must(w.Get(t.Context(), record.Finding, id))(t).Status.Conflicts; len(c) != 0 {
		t.Errorf("%v is left of the conflict", c)
	}
	w.whole()
}

func TestSamePersonInTwoWindowsIsTold(t *testing.T) {
	w := newWorld(t)
	id := w.save("Reviewer", aFinding(record.ID{1}, "Six persons share 12 m2."))
	one, two := w.finding(id), w.finding(id)
	one.Narrative = proto.String("Seven persons share 12 m2.")
	w.save("Reviewer", one)
	two.Narrative = proto.String("Eight persons share 12 m2.")
	var stale *record.StaleError
	if _, err := w.Save(t.Context(), "Reviewer", two); !errors.As(err, &stale) || stale.Field != "narrative" {
		t.Errorf("%v, want that narrative was changed meanwhile", err)
	}
	if err := w.NewEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Save(t.Context(), "Reviewer", two); !errors.As(err, &stale) {
		t.Errorf("%v, want the same after a restore", err)
	}
}

func TestRefusedGuardedFieldTakesTheWholeSaveBack(t *testing.T) {
	w := newWorld(t)
	id := w.save("Reviewer", aVisit(record.ID{1}))
	late := w.visit(id)
	now := w.visit(id)
	now.State = daylightv1.VisitState_VISIT_STATE_AUTHORISED.Enum()
	w.save("Head of office", now)
	before := w.digest()
	for _, c := range []struct {
		state daylightv1.VisitState
		want  exchange.Reason
	}{
		{daylightv1.VisitState_VISIT_STATE_CANCELLED, exchange.Stale},
		{daylightv1.VisitState_VISIT_STATE_AUTHORISED, exchange.Already},
	} {
		m := proto.Clone(late).(*daylightv1.Visit)
		m.State, m.Title = c.state.Enum(), proto.String("Another title")
		var guarded *GuardedError
		if _, err := w.Save(t.Context(), "Reviewer", m); !errors.As(err, &guarded) || guarded.Reason != c.want || guarded.Field != "state" {
			t.Errorf("%v, want %v of state", err, c.want)
		}
	}
	if w.digest() != before {
		t.Error("something of the refused saves was kept")
	}
	w.whole()
}

func TestFixedFieldAndOtherKindAreRefused(t *testing.T) {
	w := newWorld(t)
	id := w.save("Reviewer", aFinding(record.ID{1}, "x"))
	m := w.finding(id)
	m.VisitId = proto.String(record.ID{2}.String())
	var guarded *GuardedError
	if _, err := w.Save(t.Context(), "Head of office", m); !errors.As(err, &guarded) || guarded.Reason != exchange.Fixed || guarded.Field != "visit_id" {
		t.Errorf("%v, want that the visit is fixed", err)
	}
	if _, err := w.Save(t.Context(), "Head of office", &daylightv1.Visit{Id: id.String(), Title: proto.String("x")}); !errors.As(err, &guarded) || guarded.Reason != exchange.OtherKind {
		t.Errorf("%v, want that it is of another kind", err)
	}
	var problem *record.Problem
	twice := &daylightv1.Visit{Id: record.ID{7}.String(), Title: proto.String("x")}
	if _, err := w.Save(t.Context(), "Reviewer", twice, twice); !errors.As(err, &problem) {
		t.Errorf("%v, want that one record is saved once", err)
	}
}

// Two people set the state of one visit at once: one of them is told.
func TestRaceForAGuardedFieldHasOneWinner(t *testing.T) {
	w := newWorld(t)
	id := w.save("Reviewer", aVisit(record.ID{1}))
	seen := w.visit(id)
	people := []OfficeWriter{"Reviewer", "Head of office", "Deputy", "Clerk"}
	errs := make([]error, len(people))
	var all sync.WaitGroup
	for i, p := range people {
		m := proto.Clone(seen).(*daylightv1.Visit)
		m.State = daylightv1.VisitState(2 + i).Enum()
		all.Go(func() { _, errs[i] = w.Save(t.Context(), p, m) })
	}
	all.Wait()
	won := 0
	for i, err := range errs {
		var guarded *GuardedError
		if err == nil {
			won++
			if got := w.visit(id).GetState(); got != daylightv1.VisitState(2+i) {
				t.Errorf("the visit is %v", got)
			}
		} else if !errors.As(err, &guarded) || guarded.Reason != exchange.Stale {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
	w.whole()
}

func TestRemoveAndBringBack(t *testing.T) {
	w := newWorld(t)
	id := w.save("Reviewer", aFinding(record.ID{1}, "Six persons share 12 m2."))
	stale := w.finding(id)
	now := w.finding(id)
	now.Title = proto.String("Space")
	w.save("Head of office", now)
	item := must(w.Remove(t.Context(), "Reviewer", record.Finding, id, stale.Seen))(t)
	if item.Removed || len(item.Status.Conflicts) != 1 {
		t.Errorf("removed over an edit that was not seen: %v", item.Status)
	}
	item = must(w.Remove(t.Context(), "Reviewer", record.Finding, id, item.Message.GetSeen()))(t)
	if !item.Removed {
		t.Errorf("not removed: %v", item.Status)
	}
	if page := must(w.List(t.Context(), record.Finding, Query{}))(t); len(page.Items) != 0 {
		t.Error("it is still in the list")
	}
	if page := must(w.List(t.Context(), record.Finding, Query{IncludeRemoved: true}))(t); len(page.Items) != 1 || !page.Items[0].Removed {
		t.Error("it is not among the removed")
	}
	m := w.finding(id)
	m.Removed = nil
	w.save("Reviewer", m)
	if page := must(w.List(t.Context(), record.Finding, Query{}))(t); len(page.Items) != 1 {
		t.Error("it was not brought back")
	}
	if _, err := w.Remove(t.Context(), "Reviewer", record.Finding, record.ID{9}, m.Seen); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v, want that there is none", err)
	}
	w.whole()
}

func TestNewEpochStartsDevicesAgain(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	id := d.save(t, aFinding(record.ID{1}, "Six persons share 12 m2."))
	d.push(w)
	m := w.finding(id)
	m.Title = proto.String("Space")
	w.save("Reviewer", m)
	d.pull(w)
	old := d.epoch
	if err := w.NewEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if states := d.pull(w); len(states) != 1 || string(d.epoch) == string(old) {
		t.Errorf("%d states after a new epoch, want all", len(states))
	}
	m = w.finding(id)
	m.Title = proto.String("Crowding")
	w.save("Reviewer", m)
	if got := must(w.Get(t.Context(), record.Finding, id))(t); len(got.Status.Conflicts) != 0 {
		t.Errorf("%v", got.Status.Conflicts)
	}
	entries, _, err := w.History(t.Context(), record.Finding, id, 0, "")
	if err != nil || len(entries) != 3 || string(entries[0].Writer) == string(entries[1].Writer) {
		t.Errorf("%v %v, want the last two under different ids", entries, err)
	}
	if entries[0].Person != "Reviewer" || entries[1].Person != "Reviewer" {
		t.Errorf("%q and %q, want the same person", entries[0].Person, entries[1].Person)
	}
	w.whole()
}
