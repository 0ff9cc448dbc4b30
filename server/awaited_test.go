package server

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// without is the batch with some payloads left out.
func without(b *daylightv1.Batch, left ...int) *daylightv1.Batch {
	b = proto.CloneOf(b)
	for _, i := range left {
		h := journal.HashOf(b.Entries[i].Payload)
		b.Entries[i] = &daylightv1.Entry{Hash: h[:]}
	}
	return b
}

// bring syncs a batch that a device has, perhaps of another.
func bring(w *world, by *device, b ...*daylightv1.Batch) *daylightv1.SyncResponse {
	w.Helper()
	r := by.ask()
	r.Batches = b
	return must(w.sync.Sync(w.Context(), r))(w)
}

// chain is how a device asks after all that another has.
func chain(d *device) *daylightv1.Head {
	return &daylightv1.Head{Writer: d.id[:], Seq: uint64(d.head.Seq), Link: d.head.Link[:], First: 1}
}

// places are three unsent changes of a device.
func places(t *testing.T, d *device) *daylightv1.Batch {
	t.Helper()
	for i := range 3 {
		d.save(t, aFacility(fmt.Sprint("House ", i), fmt.Sprint("H-", i)))
	}
	return d.batch()
}

// A bundle came without what its bearer may not read: that is awaited, and has no verdict,
// until anybody brings it.
func TestWhatWasLeftOutIsAwaitedUntilItComes(t *testing.T) {
	for _, who := range []string{"its author", "somebody else"} {
		t.Run(who+" brings it", func(t *testing.T) {
			w := newWorld(t, nil)
			author, bearer := newDevice(1), newDevice(2)
			whole := places(t, author)
			got := bring(w, bearer, without(whole, 1))
			told := answerTo(got, author, 0)
			if told.GetSeq() != 3 || !slices.Equal(told.GetAwaited(), []uint64{2}) || got.Head != 2 || len(got.States) != 2 {
				t.Errorf("told %v, head %d, %d states", told, got.Head, len(got.States))
			}
			// Its author is told, though they bring nothing.
			if told := answerTo(must(w.sync.Sync(t.Context(), author.ask()))(t), author, 0); !slices.Equal(told.GetAwaited(), []uint64{2}) {
				t.Errorf("the author is told %v", told)
			}
			by := author
			if who != "its author" {
				by = bearer
			}
			later := bring(w, by, whole)
			told = answerTo(later, author, 0)
			if told.GetSeq() != 3 || len(told.GetAwaited()) != 0 || later.Head != 3 || len(later.Verdicts) != 0 {
				t.Errorf("after it came: told %v, head %d, verdicts %v", told, later.Head, later.Verdicts)
			}
			if page := must(w.facilities.ListFacilities(t.Context(), &daylightv1.ListFacilitiesRequest{}))(t); len(page.Facilities) != 3 {
				t.Errorf("%d facilities, want 3", len(page.Facilities))
			}
			again := bring(w, by, without(whole, 0, 1, 2))
			if again.Head != 3 || !proto.Equal(answerTo(again, author, 0), told) {
				t.Errorf("brought again: %v, was %v", again, told)
			}
		})
	}
}

// Whoever holds somebody else's chain is told what was refused of it, and of its end.
func TestAChainIsAskedAfter(t *testing.T) {
	w := newWorld(t, nil)
	author, holder := newDevice(1), newDevice(2)
	author.write([]byte("no change at all"))
	whole := places(t, author)
	bring(w, author, without(whole, 2))
	refused := journal.Next(journal.Genesis(author.id), whole.Entries[0].Payload)
	for _, c := range []struct {
		shows string
		first uint64
		want  [][]byte // links of verdicts, in whatever order
	}{
		{"from its first entry", 1, [][]byte{refused[:], author.head.Link[:]}},
		{"from behind what was refused", 2, [][]byte{author.head.Link[:]}},
		{"not at all", 0, nil},
	} {
		t.Run(c.shows, func(t *testing.T) {
			r, head := holder.ask(), chain(author)
			head.First = c.first
			r.Ask = append(r.Ask, head)
			got := must(w.sync.Sync(t.Context(), r))(t)
			var links [][]byte
			for _, v := range got.Verdicts {
				links = append(links, v.Link)
				want := daylightv1.Decision_DECISION_ACCEPTED
				if bytes.Equal(v.Link, refused[:]) {
					want = daylightv1.Decision_DECISION_REFUSED
				}
				if v.Decision != want {
					t.Errorf("decided %v, want %v", v, want)
				}
			}
			slices.SortFunc(links, bytes.Compare)
			slices.SortFunc(c.want, bytes.Compare)
			if !slices.EqualFunc(links, c.want, bytes.Equal) {
				t.Errorf("verdicts %v, want of %x", got.Verdicts, c.want)
			}
			if told := answerTo(got, author, 0); !slices.Equal(told.GetAwaited(), []uint64{3}) {
				t.Errorf("told %v", told)
			}
		})
	}
	r := holder.ask()
	unknown := chain(author)
	unknown.Link = make([]byte, 32)
	r.Ask = append(r.Ask, unknown)
	if got := must(w.sync.Sync(t.Context(), r))(t); len(got.Verdicts) != 0 {
		t.Errorf("of a chain that is not known: %v", got.Verdicts)
	}
}

// What is brought as an awaited payload must fit its hash, else it is another entry: not
// sealed by its author, or of a chain that is not known here.
func TestAPayloadThatDoesNotFitIsNotTakenForTheAwaitedOne(t *testing.T) {
	w := newWorld(t, nil)
	author, bearer := newDevice(1), newDevice(2)
	// The author's program has sealed a hash that is not that of its payload.
	payload := []byte("what was written")
	wrong := journal.HashOf([]byte("something else"))
	told := journal.Batch{Writer: author.id, FirstSeq: 1, Previous: journal.Genesis(author.id), Payloads: [][]byte{nil}, Serial: author.cert.Serial, Certificate: author.cert}
	told.LeaveOut(0, wrong)
	told.Seal = journal.Seal(author.key, author.id, 1, told.Links()[0])
	awaited := func(r *daylightv1.SyncResponse, fault daylightv1.BatchFault) *daylightv1.WriterAnswer {
		t.Helper()
		a := answerTo(r, author, fault)
		if !slices.Equal(answerTo(must(w.sync.Sync(t.Context(), author.ask()))(t), author, 0).GetAwaited(), []uint64{1}) {
			t.Error("it is no longer awaited")
		}
		return a
	}
	bring(w, bearer, told.ToProto())
	forged := told.ToProto()
	forged.Entries[0] = &daylightv1.Entry{Payload: payload}
	if a := awaited(bring(w, bearer, forged), daylightv1.BatchFault_BATCH_FAULT_SEAL); a == nil {
		t.Error("a payload under the seal of another was taken")
	}
	author.write(payload)
	author.batch()
	author.write([]byte("what follows"))
	if a := awaited(bring(w, bearer, author.batch()), 0); a.GetSendFrom() != 1 {
		t.Errorf("what follows another entry is answered %v, want to send from 1", a)
	}
}

// Hashes are small, so a chain may be longer than what the office follows for one request.
func TestAChainIsFollowedSoFarOnly(t *testing.T) {
	w := newWorld(t, nil)
	author, holder := newDevice(1), newDevice(2)
	var left []int
	for i := range maxFollowed + 1 {
		author.write([]byte(fmt.Sprint("entry ", i)))
		left = append(left, i)
	}
	bring(w, author, without(author.batch(), left...))
	short := newDevice(3)
	bring(w, short, places(t, short))
	for first, want := range map[uint64]int{1: 0, 2: 1} {
		r, head := holder.ask(), chain(author)
		head.First = first
		r.Ask = append(r.Ask, head)
		got := must(w.sync.Sync(t.Context(), r))(t)
		if len(got.Verdicts) != want || answerTo(got, author, 0).GetSeq() != maxFollowed+1 {
			t.Errorf("from %d: %d verdicts, want %d", first, len(got.Verdicts), want)
		}
		r.Ask = append(r.Ask, chain(short))
		if got := must(w.sync.Sync(t.Context(), r))(t); len(got.Verdicts) != 1 {
			t.Errorf("from %d, and another: %d verdicts, want 1 of what there is room for", first, len(got.Verdicts))
		}
	}
}
