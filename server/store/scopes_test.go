package store

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// reader is somebody with a sight, and the device on which they look.
type reader struct {
	*Sight
	cursor, epoch []byte
	here          map[record.ID]bool
	kinds         map[record.ID]record.ID // and the visit that it hangs on
}

func newReader(holders ...Holder) *reader {
	limited := Reach{Holders: holders}
	return &reader{
		Sight: &Sight{Mark: 1, Kinds: map[record.Kind]Reach{record.Facility: limited, record.Visit: limited, record.Finding: limited}},
		here:  map[record.ID]bool{}, kinds: map[record.ID]record.ID{},
	}
}

// pull reads what is new and takes away what is forgotten. It fails unless the reader
// holds what the office says that they may see.
func (r *reader) pull(w *world) (came, forgot int) {
	w.Helper()
	for {
		a := must(w.For(Caller{Sight: r.Sight}).Sync(context.Background(), nil, exchange.Ask{Epoch: r.epoch, Cursor: r.cursor, WantDigest: true, MaxPage: 500}))(w)
		r.cursor, r.epoch = a.Cursor, a.Epoch
		for _, s := range a.States {
			id := record.ID(s.Id)
			r.here[id] = true
			r.kinds[id], _ = record.VisitOf(record.Kind(s.Kind), must(fold.Decode(s.State))(w))
			came++
		}
		for _, b := range a.Forget {
			for id := range r.here {
				if id == record.ID(b) || r.kinds[id] == record.ID(b) {
					delete(r.here, id)
					forgot++
				}
			}
		}
		if a.More {
			continue
		}
		if a.Digest.Records != uint64(len(r.here)) {
			w.Errorf("the reader holds %d records, the office says %d", len(r.here), a.Digest.Records)
		}
		if n := must(w.Readable(context.Background(), r.Sight))(w); n != uint64(len(r.here)) {
			w.Errorf("the reader holds %d records, %d can be read", len(r.here), n)
		}
		return came, forgot
	}
}

func (r *reader) wants(t *testing.T, ids ...record.ID) {
	t.Helper()
	if len(r.here) != len(ids) {
		t.Errorf("%d records, want %d", len(r.here), len(ids))
	}
	for _, id := range ids {
		if !r.here[id] {
			t.Errorf("%s is not there", id)
		}
	}
}

func inTeam(v *daylightv1.Visit, people ...record.ID) *daylightv1.Visit {
	v.Team = nil
	for _, p := range people {
		v.Team = append(v.Team, &daylightv1.TeamMember{Id: p.String()})
	}
	return v
}

func TestTeamsSeeTheirVisits(t *testing.T) {
	w, d := newWorld(t), newDevice(1)
	anna, boris := d.newID(), d.newID()
	a, b := newReader(PersonHolder(anna)), newReader(PersonHolder(boris))
	place := d.save(t, aFacility("Central prison", "CP-1"))
	other := d.save(t, aFacility("North House", "NH-1"))
	visit := d.save(t, inTeam(aVisit(place), anna))
	finding := d.save(t, aFinding(visit, "Six persons share 12 m2."))
	elsewhere := d.save(t, inTeam(aVisit(other), boris))
	d.push(w)
	a.pull(w)
	b.pull(w)
	a.wants(t, place, visit, finding)
	b.wants(t, other, elsewhere)
	edit := func(v record.ID, people ...record.ID) {
		t.Helper()
		d.save(t, inTeam(d.show(t, record.Visit, v).(*daylightv1.Visit), people...))
		d.push(w)
		w.whole()
	}
	t.Run("somebody joins, and gets what was there", func(t *testing.T) {
		edit(visit, anna, boris)
		if came, _ := b.pull(w); came != 3 {
			t.Errorf("%d records came", came)
		}
		b.wants(t, other, elsewhere, place, visit, finding)
	})
	t.Run("somebody leaves, and nothing else is sent", func(t *testing.T) {
		edit(visit, boris)
		if came, forgot := a.pull(w); came != 0 || forgot != 3 {
			t.Errorf("%d came and %d were forgotten", came, forgot)
		}
		a.wants(t)
		b.pull(w)
		b.wants(t, other, elsewhere, place, visit, finding)
	})
	t.Run("a place stays as long as there is another visit", func(t *testing.T) {
		second := d.save(t, inTeam(aVisit(place), boris))
		edit(visit, anna)
		b.pull(w)
		b.wants(t, other, elsewhere, place, second)
		a.pull(w)
		a.wants(t, place, visit, finding)
	})
	t.Run("the visit goes elsewhere", func(t *testing.T) {
		v := d.show(t, record.Visit, visit).(*daylightv1.Visit)
		v.FacilityId = proto.String(other.String())
		d.save(t, v)
		d.push(w)
		w.whole()
		a.pull(w)
		a.wants(t, other, visit, finding)
	})
	t.Run("services show the same", func(t *testing.T) {
		desk := w.For(Caller{Sight: a.Sight})
		if page := must(desk.List(t.Context(), record.Visit, Query{}))(t); len(page.Items) != 1 {
			t.Errorf("%d visits are listed", len(page.Items))
		}
		if page := must(desk.List(t.Context(), record.Finding, Query{Filter: FindingFilter{Visit: elsewhere}}))(t); len(page.Items) != 0 {
			t.Error("findings of another's visit are listed")
		}
		for kind, id := range map[record.Kind]record.ID{record.Visit: elsewhere, record.Facility: place} {
			_, got := desk.Get(t.Context(), kind, id)
			_, missing := desk.Get(t.Context(), kind, d.newID())
			if got == nil || got.Error() != missing.Error() {
				t.Errorf("a foreign %v: %v; a missing one: %v", kind, got, missing)
			}
			if _, _, err := desk.History(t.Context(), kind, id, 0, ""); err == nil || err.Error() != missing.Error() {
				t.Errorf("its history: %v", err)
			}
			if _, err := desk.Remove(t.Context(), kind, id, []byte{1}); err == nil || err.Error() != missing.Error() {
				t.Errorf("its removal: %v", err)
			}
		}
	})
	w.whole()
}

func TestRegionsFollowThePlace(t *testing.T) {
	w, d := newWorld(t), newDevice(1)
	here, there := newReader(RegionHolder("TM-A")), newReader(RegionHolder("TM-B"))
	visit := d.save(t, &daylightv1.Visit{Title: proto.String("Made before its place is known")})
	d.push(w)
	here.pull(w)
	here.wants(t)
	place := d.save(t, aFacility("Central prison", "CP-1"))
	v := d.show(t, record.Visit, visit).(*daylightv1.Visit)
	v.FacilityId = proto.String(place.String())
	d.save(t, v)
	finding := d.save(t, aFinding(visit, "Six persons share 12 m2."))
	d.push(w)
	w.whole()
	here.pull(w)
	there.pull(w)
	here.wants(t, place, visit, finding)
	there.wants(t)
	f := d.show(t, record.Facility, place).(*daylightv1.Facility)
	f.Region = proto.String("TM-B")
	d.save(t, f)
	d.push(w)
	w.whole()
	here.pull(w)
	there.pull(w)
	here.wants(t)
	there.wants(t, place, visit, finding)
}

// A restored office is sent what hangs on a visit that it has forgotten.
func TestWhatHangsOnAnUnknownVisitIsNobodysYet(t *testing.T) {
	w, d, maker := newWorld(t), newDevice(1), newDevice(2)
	anna := d.newID()
	a := newReader(PersonHolder(anna))
	a.Key = d.cert.Key
	known := d.save(t, inTeam(&daylightv1.Visit{}, anna))
	d.push(w)
	a.pull(w)
	visit := maker.save(t, inTeam(&daylightv1.Visit{}, anna))
	finding := d.save(t, aFinding(visit, "Six persons share 12 m2."))
	d.push(w)
	a.here[finding] = true // the device has it: it wrote it
	a.kinds[finding] = visit
	if _, forgot := a.pull(w); forgot != 1 {
		t.Error("the device was not told that it is nobody's")
	}
	a.wants(t, known)
	maker.push(w)
	a.pull(w)
	a.wants(t, known, visit, finding)
	w.whole()
}

// A visit that names no team is its maker's, until it names one.
func TestAVisitWithoutATeamIsItsMakers(t *testing.T) {
	w, d := newWorld(t), newDevice(1)
	anna := d.newID()
	a, maker := newReader(PersonHolder(anna)), newReader(MakerHolder(d.cert.Key))
	visit := d.save(t, &daylightv1.Visit{Title: proto.String("First visit")})
	d.push(w)
	maker.pull(w)
	maker.wants(t, visit)
	d.save(t, inTeam(d.show(t, record.Visit, visit).(*daylightv1.Visit), anna))
	d.push(w)
	maker.pull(w)
	maker.wants(t)
	a.pull(w)
	a.wants(t, visit)
	d.save(t, inTeam(d.show(t, record.Visit, visit).(*daylightv1.Visit)))
	d.push(w)
	a.pull(w)
	a.wants(t)
	maker.pull(w)
	maker.wants(t) // taken out is taken out
	w.whole()
}

func TestScopesThatDoNotFollowAreFound(t *testing.T) {
	w, d := newWorld(t), newDevice(1)
	d.save(t, inTeam(&daylightv1.Visit{}, d.newID()))
	d.push(w)
	for _, harm := range []string{
		`DELETE FROM scopes`,
		`INSERT INTO scopes (target, holder, until) SELECT target, x'7072', 0 FROM scopes LIMIT 1`,
		`UPDATE scopes SET until = 1`,
	} {
		err := w.write(t.Context(), func(l *ledger) error {
			if _, err := l.Exec(harm); err != nil {
				return err
			}
			found := 0
			c := &check{ledger: l, report: func(Finding) { found++ }}
			if err := c.scopes(); err != nil || found != 1 {
				t.Errorf("%s: %d deviations, %v", harm, found, err)
			}
			return errAllFailed // takes it back
		})
		if err == nil || !strings.Contains(err.Error(), errAllFailed.Error()) {
			t.Fatal(err)
		}
	}
}

// Stores that were made before whose a visit is was kept.
func TestOlderStoresAreGivenScopes(t *testing.T) {
	w, d := newWorld(t), newDevice(1)
	anna := d.newID()
	place := d.save(t, aFacility("Central prison", "CP-1"))
	visit := d.save(t, inTeam(aVisit(place), anna))
	d.push(w)
	if err := w.write(t.Context(), func(l *ledger) error {
		_, err := l.Exec(`DELETE FROM scopes`)
		if err == nil {
			_, err = l.Exec(`DELETE FROM meta WHERE name = 'scopes'`)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w.reopen()
	w.whole()
	a := newReader(PersonHolder(anna))
	a.pull(w)
	a.wants(t, place, visit)
}

// unlike turns down the changes of one device.
type unlike struct {
	key      []byte
	decision exchange.Decision
}

func (u unlike) May(c exchange.Case) (exchange.Decision, exchange.Reason, error) {
	if bytes.Equal(c.Key, u.key) {
		return u.decision, exchange.Denied, nil
	}
	return exchange.Accepted, exchange.NoReason, nil
}

// Nobody knows at another office who might do what here, then.
func TestWhatWasTurnedDownStaysSoInAnExport(t *testing.T) {
	from, to := newWorld(t), newWorld(t)
	good, late, wrong := newDevice(1), newDevice(2), newDevice(3)
	place := good.save(t, aFacility("Central prison", "CP-1"))
	good.push(from)
	for d, decision := range map[*device]exchange.Decision{late: exchange.Held, wrong: exchange.Refused} {
		d.pull(from)
		f := d.show(t, record.Facility, place).(*daylightv1.Facility)
		f.Note = proto.String("not mine to say")
		d.save(t, f)
		as := from.For(Caller{Gate: unlike{d.cert.Key, decision}})
		r, err := as.Sync(t.Context(), []journal.Batch{d.batch()}, exchange.Ask{Epoch: d.epoch, Own: d.head})
		if err != nil || len(r.Verdicts) != 1 || r.Verdicts[0].Decision != decision {
			t.Fatal(r, err)
		}
	}
	transfer(t, from, to)
	if from.digest() != to.digest() {
		t.Error("what was turned down is taken after an import")
	}
	to.whole()
}
