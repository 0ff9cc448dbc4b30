package store

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// twice is a finding whose narrative two people changed apart, as a third has it.
func (w *world) twice() (Item, *Desk) {
	w.Helper()
	id := w.save("Monitor", aFinding(w.newID(record.Visit), "Six persons share 12 m2."))
	old := must(w.Get(w.Context(), record.Finding, id))(w).Message.(*daylightv1.Finding)
	for who, says := range map[OfficeWriter]string{"Doctor": "Eight persons share 12 m2.", "Monitor": "Seven persons share 12 m2."} {
		m := proto.Clone(old).(*daylightv1.Finding)
		m.Narrative = proto.String(says)
		w.save(who, m)
	}
	return must(w.Get(w.Context(), record.Finding, id))(w), w.For(Caller{Writer: "Reviewer"})
}

func settlementOf(item Item, value int) Settlement {
	c := item.Status.Conflicts[0]
	id, _ := record.IDOf(item.Message)
	return Settlement{Kind: record.Finding, ID: id, Seen: item.Message.GetSeen(), Field: c.Field, Key: c.Key, Writer: c.Values[value].Writer, JSON: c.Values[value].Json}
}

func TestOneOfSeveralVersionsStands(t *testing.T) {
	for value, name := range []string{"the one in front", "another"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			item, desk := w.twice()
			why := &daylightv1.ReviewComment{VisitId: proto.String(item.Message.(*daylightv1.Finding).GetVisitId()), Text: proto.String("counted again")}
			items := must(desk.Settle(t.Context(), settlementOf(item, value), why))(t)
			if got := items[0].Message.(*daylightv1.Finding).GetNarrative(); len(items) != 2 || len(items[0].Status.Conflicts) != 0 || `"`+got+`"` != item.Status.Conflicts[0].Values[value].Json {
				t.Errorf("%q stands, with %v", got, items[0].Status.Conflicts)
			}
			if _, err := desk.Settle(t.Context(), settlementOf(item, 1-value)); err == nil {
				t.Error("what does not stand any more was settled again")
			}
			w.whole()
		})
	}
}

func TestWhatCameAfterThePageStaysBeside(t *testing.T) {
	w := newWorld(t)
	item, desk := w.twice()
	late := proto.Clone(item.Message).(*daylightv1.Finding)
	late.Narrative = proto.String("Nine persons share 12 m2.")
	w.save("Ombudsperson", late) // settles it for themselves
	s := settlementOf(item, 0)
	_, err := desk.Settle(t.Context(), s)
	var moved *GuardedError
	if !errors.As(err, &moved) || moved.Reason != exchange.Stale || moved.Field != "narrative" {
		t.Errorf("a version that is gone: %v", err)
	}
}

func TestARemovalIsDoneAgainOrTakenBack(t *testing.T) {
	for _, removes := range []bool{true, false} {
		w := newWorld(t)
		id := w.save("Monitor", aFinding(w.newID(record.Visit), "Six persons share 12 m2."))
		old := must(w.Get(t.Context(), record.Finding, id))(t).Message.(*daylightv1.Finding)
		edited := proto.Clone(old).(*daylightv1.Finding)
		edited.Narrative = proto.String("Eight persons share 12 m2.")
		w.save("Doctor", edited)
		must(w.Remove(t.Context(), "Head", record.Finding, id, old.GetSeen()))(t)
		item := must(w.Get(t.Context(), record.Finding, id))(t)
		if len(item.Status.Conflicts) != 1 || item.Status.Conflicts[0].Field != "removed" {
			t.Fatalf("%v", item.Status.Conflicts)
		}
		s := settlementOf(item, 0)
		if !removes {
			s.Writer, s.JSON = nil, "" // it is kept: nobody's value
		}
		got := must(w.For(Caller{Writer: "Reviewer"}).Settle(t.Context(), s))(t)[0]
		if got.Removed != removes || len(got.Status.Conflicts) != 0 {
			t.Errorf("removes %v: %v %v", removes, got.Removed, got.Status.Conflicts)
		}
		w.whole()
	}
}

func TestArrivalsAreThoseOfDevicesAfterAPosition(t *testing.T) {
	w := newWorld(t)
	d := newDevice(7)
	visit := d.save(t, aVisit(w.newID(record.Facility)))
	first := d.save(t, aFinding(visit, "Six persons share 12 m2."))
	d.push(w)
	at := uint64(must(w.Head(t.Context()))(t))
	desk := w.For(Caller{Writer: "Reviewer"})
	w.save("Reviewer", &daylightv1.ReviewComment{VisitId: proto.String(visit.String()), Text: proto.String("which cell?")})
	if got := must(desk.Arrivals(t.Context(), visit, at))(t); len(got) != 0 {
		t.Errorf("the office's own: %v", got)
	}
	m := d.show(t, record.Finding, first).(*daylightv1.Finding)
	m.Room = proto.String("12")
	d.save(t, m)
	second := d.save(t, aFinding(visit, "No soap."))
	d.push(w)
	got := must(desk.Arrivals(t.Context(), visit, at))(t)
	if len(got) < 2 || got[0].ID != second || got[len(got)-1].ID != first || got[0].Position <= at || got[0].Kind != record.Finding {
		t.Errorf("%v", got)
	}
	blind := w.For(Caller{Writer: "Medical reviewer", Sight: &Sight{Kinds: map[record.Kind]Reach{record.Visit: {All: true}}}})
	if got := must(blind.Arrivals(t.Context(), visit, at))(t); len(got) != 0 {
		t.Errorf("of what is not in sight: %v", got)
	}
}
