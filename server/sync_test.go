package server

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func answerTo(r *daylightv1.SyncResponse, d *device, fault daylightv1.BatchFault) *daylightv1.WriterAnswer {
	for _, a := range r.GetWriters() {
		if bytes.Equal(a.Writer, d.id[:]) && a.Fault == fault {
			return a
		}
	}
	return nil
}

func TestWhatOneDevicePushesAnotherPulls(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	a, b := newDevice(1), newDevice(2)
	id := a.save(t, aFacility("North House", "N-1"))
	r := a.ask()
	r.Batches = []*daylightv1.Batch{a.batch()}
	told := answerTo(must(w.sync.Sync(ctx, r))(t), a, 0)
	if told.GetSeq() != uint64(a.head.Seq) || !bytes.Equal(told.GetLink(), a.head.Link[:]) {
		t.Fatalf("told %v", told)
	}
	got := must(w.sync.Sync(ctx, b.ask()))(t)
	if len(got.States) != 1 || !bytes.Equal(got.States[0].Id, id[:]) || got.More || got.Limits.GetMessage() == 0 || got.Now == 0 || len(got.Epoch) == 0 {
		t.Fatalf("got %v", got)
	}
	state := must(fold.Decode(got.States[0].State))(t)
	if !bytes.Equal(state.Encode(), a.states[id].Encode()) {
		t.Error("the other device has other bytes")
	}
	place := must(w.facilities.GetFacility(ctx, &daylightv1.GetFacilityRequest{Id: id.String()}))(t).Facility
	place.Town = proto.String("Northton")
	must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: place}))(t)
	again := b.ask()
	again.Epoch, again.Cursor, again.WantDigest = got.Epoch, got.Cursor, true
	if next := must(w.sync.Sync(ctx, again))(t); len(next.States) != 1 || next.Digest.GetRecords() != 1 {
		t.Errorf("after an edit at the office: %v", next)
	}
}

func TestSentAgainItChangesNothing(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	a := newDevice(1)
	a.save(t, aFacility("North House", "N-1"))
	r := a.ask()
	r.Batches = []*daylightv1.Batch{a.batch()}
	first := must(w.sync.Sync(ctx, r))(t)
	second := must(w.sync.Sync(ctx, r))(t)
	if first.Now = second.Now; !proto.Equal(first, second) {
		t.Errorf("first %v\nthen %v", first, second)
	}
}

// A batch that nobody can read is answered as such; the others and the pull go on.
func TestABatchThatIsTurnedAwayStopsNothing(t *testing.T) {
	unreadable, certificate := daylightv1.BatchFault_BATCH_FAULT_UNREADABLE, daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE
	for _, c := range []struct {
		shows string
		spoil func(*daylightv1.Batch)
		fault daylightv1.BatchFault
	}{
		{"without entries", func(b *daylightv1.Batch) { b.Entries = nil }, unreadable},
		{"an empty entry", func(b *daylightv1.Batch) { b.Entries[0].Payload = nil }, unreadable},
		{"a short hash", func(b *daylightv1.Batch) { b.Entries[0] = &daylightv1.Entry{Hash: make([]byte, 31)} }, unreadable},
		{"a hash beside its payload", func(b *daylightv1.Batch) { b.Entries[0].Hash = make([]byte, 32) }, unreadable},
		{"the hash of something else", func(b *daylightv1.Batch) { b.Entries[0] = &daylightv1.Entry{Hash: make([]byte, 32)} }, daylightv1.BatchFault_BATCH_FAULT_SEAL},
		{"a short link", func(b *daylightv1.Batch) { b.PreviousLink = b.PreviousLink[1:] }, unreadable},
		{"without a seal", func(b *daylightv1.Batch) { b.Seal = nil }, unreadable},
		{"a writer of 3 bytes", func(b *daylightv1.Batch) { b.Writer = b.Writer[:3] }, unreadable},
		{"the last seq of all", func(b *daylightv1.Batch) { b.FirstSeq = 1<<64 - 1 }, unreadable},
		{"a forged seal", func(b *daylightv1.Batch) { b.Seal[0] ^= 1 }, daylightv1.BatchFault_BATCH_FAULT_SEAL},
		{"a payload that was changed", func(b *daylightv1.Batch) { b.Entries[0].Payload[20] ^= 1 }, daylightv1.BatchFault_BATCH_FAULT_SEAL},
		{"a forged certificate", func(b *daylightv1.Batch) { b.Certificate.Signature[0] ^= 1 }, certificate},
		{"a certificate of another", func(b *daylightv1.Batch) { b.Certificate = newDevice(9).cert.ToProto() }, certificate},
	} {
		t.Run(c.shows, func(t *testing.T) {
			w, ctx := newWorld(t, nil), t.Context()
			a, b := newDevice(1), newDevice(2)
			a.save(t, aFacility("North House", "N-1"))
			b.save(t, aFacility("South House", "S-1"))
			bad, good := a.batch(), b.batch()
			whole := proto.CloneOf(bad)
			c.spoil(bad)
			r := a.ask()
			r.Batches = []*daylightv1.Batch{bad, good}
			got := must(w.sync.Sync(ctx, r))(t)
			if told := answerTo(got, a, c.fault); told == nil || told.Seq != 0 {
				t.Errorf("told %v", got.Writers)
			}
			if told := answerTo(got, b, 0); told.GetSeq() != uint64(b.head.Seq) || len(got.States) != 1 {
				t.Errorf("the good batch: %v, %d states", told, len(got.States))
			}
			r.Batches = []*daylightv1.Batch{whole}
			if told := answerTo(must(w.sync.Sync(ctx, r))(t), a, 0); told.GetSeq() != uint64(a.head.Seq) {
				t.Errorf("sent whole: %v", told)
			}
		})
	}
}

// An entry that makes no sense is refused by itself; the ones behind it are taken.
func TestAnEntryThatMakesNoSenseIsRefusedAlone(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	a := newDevice(1)
	a.write([]byte("no change at all"))
	a.save(t, aFacility("North House", "N-1"))
	r := a.ask()
	r.Batches = []*daylightv1.Batch{a.batch()}
	got := must(w.sync.Sync(ctx, r))(t)
	if len(got.Verdicts) != 1 || got.Verdicts[0].Reason != daylightv1.Reason_REASON_UNREADABLE || answerTo(got, a, 0).GetSeq() != uint64(a.head.Seq) {
		t.Errorf("got %v", got)
	}
	if page := must(w.facilities.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{}))(t); len(page.Facilities) != 1 {
		t.Errorf("%d facilities", len(page.Facilities))
	}
}

// A device of a log that is no more is told so, nothing that it sends is taken, and
// it starts again from the beginning. So does one that has never been here.
func TestACursorOfAnotherEpochStartsAgain(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: aFacility("North House", "N-1")}))(t)
	d := newDevice(1)
	got := must(w.sync.Sync(ctx, d.ask()))(t)
	next := d.ask()
	next.Epoch, next.Cursor = got.Epoch, got.Cursor
	if idle := must(w.sync.Sync(ctx, next))(t); len(idle.States) != 0 {
		t.Errorf("%d states to a device that has all", len(idle.States))
	}
	if err := w.store.NewEpoch(ctx); err != nil {
		t.Fatal(err)
	}
	d.save(t, aFacility("South House", "S-1"))
	never, batch := d.ask(), d.batch()
	for _, r := range []*daylightv1.SyncRequest{next, never} {
		r.Batches = []*daylightv1.Batch{batch}
		told := must(w.sync.Sync(ctx, r))(t)
		if !told.Restored || len(told.States)+len(told.Writers) > 0 || bytes.Equal(told.Epoch, got.Epoch) {
			t.Errorf("after a restore: %v", told)
		}
		next.Epoch = told.Epoch
	}
	next.Batches, next.Cursor = nil, nil
	if fresh := must(w.sync.Sync(ctx, next))(t); len(fresh.States) != 1 || fresh.Restored {
		t.Errorf("after it was told: %v", fresh)
	}
}

// A sync with nothing to do is one small request.
func TestNothingToDoIsSmall(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	d := newDevice(1)
	got := must(w.sync.Sync(ctx, d.ask()))(t)
	next := d.ask()
	next.Epoch, next.Cursor = got.Epoch, got.Cursor
	idle := must(w.sync.Sync(ctx, next))(t)
	if n := proto.Size(next) + proto.Size(idle); n > 512 {
		t.Errorf("%d bytes of messages", n)
	}
}
