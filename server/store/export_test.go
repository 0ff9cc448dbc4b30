package store

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// transfer exports one store and imports it into another.
func transfer(t testing.TB, from, to *world) []byte {
	t.Helper()
	var stream bytes.Buffer
	if err := from.Export(t.Context(), &stream); err != nil {
		t.Fatal(err)
	}
	all := bytes.Clone(stream.Bytes())
	if err := to.Import(t.Context(), &stream); err != nil {
		t.Fatal(err)
	}
	return all
}

// busy is a store that holds a little of everything.
func busy(t *testing.T, w *world) (facility, visit, finding record.ID) {
	t.Helper()
	a, b := newDevice(1), newDevice(2)
	facility = a.save(t, aFacility("Central prison", "CP-1"))
	visit = a.save(t, aVisit(facility))
	finding = a.save(t, aFinding(visit, "Six persons share 12 m2."))
	a.push(w)
	b.pull(w)
	for i, d := range []*device{a, b} {
		m := d.show(t, record.Finding, finding).(*daylightv1.Finding)
		m.Title = proto.String([]string{"Space", "Crowding"}[i])
		d.save(t, m)
		v := d.show(t, record.Visit, visit).(*daylightv1.Visit)
		v.State = daylightv1.VisitState_VISIT_STATE_AUTHORISED.Enum()
		d.save(t, v)
	}
	b.writeBytes([]byte("this is no change"))
	a.push(w)
	b.push(w)
	m := must(w.Get(t.Context(), record.Facility, facility))(t).Message.(*daylightv1.Facility)
	m.Types = append(m.Types, "REMAND", "HOSPITAL")
	must(w.Save(t.Context(), "Head of office", m))(t)
	return facility, visit, finding
}

func TestExportIsImportedWhole(t *testing.T) {
	from, to := newWorld(t), newWorld(t)
	busy(t, from)
	from.later(time.Hour)
	to.later(24 * time.Hour)
	first := transfer(t, from, to)
	if from.digest() != to.digest() {
		t.Error("the imported store holds something else")
	}
	from.whole()
	to.whole()
	third := newWorld(t)
	if second := transfer(t, to, third); !bytes.Equal(first, second) {
		t.Error("what was imported is not exported as it was")
	}
	if err := to.Import(t.Context(), bytes.NewReader(first)); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("%v, want that the store is not empty", err)
	}
}

func TestCutOrAlteredExportIsRefused(t *testing.T) {
	from := newWorld(t)
	busy(t, from)
	var stream bytes.Buffer
	if err := from.Export(t.Context(), &stream); err != nil {
		t.Fatal(err)
	}
	whole := stream.Bytes()
	for shows, b := range map[string][]byte{
		"cut":          whole[:len(whole)-10],
		"altered":      append(bytes.Clone(whole[:len(whole)/2]), append([]byte{whole[len(whole)/2] ^ 1}, whole[len(whole)/2+1:]...)...),
		"no export":    []byte("SQLite format 3 and more text than a batch"),
		"without head": whole[300:],
	} {
		t.Run(shows, func(t *testing.T) {
			if err := newWorld(t).Import(t.Context(), bytes.NewReader(b)); !errors.Is(err, ErrBadExport) {
				t.Errorf("%v, want that it is not an export", err)
			}
		})
	}
}
