package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// without is the batch with some payloads left out.
func without(b journal.Batch, left ...int) journal.Batch {
	b.Payloads, b.Hashes = slices.Clone(b.Payloads), maps.Clone(b.Hashes)
	for _, i := range left {
		if p := b.Payloads[i]; p != nil {
			b.LeaveOut(i, journal.HashOf(p))
		}
	}
	return b
}

// bring pushes batches that anybody brought and fails the test unless each is taken.
func (w *world) bring(batches ...journal.Batch) *daylightv1.SyncResponse {
	w.Helper()
	r := must(w.Sync(w.Context(), batches, exchange.Ask{MoreOwn: true}))(w)
	for _, a := range r.Writers {
		if a.Fault != 0 || a.NeedCertificate || a.SendFrom != 0 {
			w.Fatalf("a batch was not taken: %v", a)
		}
	}
	return r
}

// rows are those that a query gives, in words.
func (w *world) rows(query string) (out []string) {
	w.Helper()
	err := w.db.Read(w.Context(), func(tx *sqlitedb.Tx) error {
		rows, err := tx.Query(query)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			got, dest := make([]any, len(columns)), make([]any, len(columns))
			for i := range got {
				dest[i] = &got[i]
			}
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			out = append(out, fmt.Sprintf("%x", got))
		}
		return rows.Err()
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// kept are the entries with their seals, those of which the hash is here, and the writers
// without the position that is said of them.
func (w *world) kept() string {
	return strings.Join(slices.Concat(
		w.rows(`
			SELECT e.position, e.link, e.writer, e.seq, coalesce(e.previous, before.link), e.decision, e.reason, e.payload, s.signed, s.serial, s.signature
			FROM log e
			LEFT JOIN log before ON before.position = e.position - 1
			LEFT JOIN seals s ON s.position = e.position
			ORDER BY e.position`),
		w.rows(`
			SELECT link, writer, seq, previous, hash, signed, serial, signature
			FROM awaited
			ORDER BY link`),
		w.rows(`
			SELECT id, seq, link, key, parent, parent_seq
			FROM writers
			ORDER BY id`)), "\n")
}

// sameAfterImport exports the store and imports it twice.
func (w *world) sameAfterImport() {
	w.Helper()
	w.whole()
	second, third := newWorld(w), newWorld(w)
	first := transfer(w, w, second)
	second.whole()
	if got, want := second.kept(), w.kept(); got != want {
		w.Errorf("imported\n%s\nwant\n%s", got, want)
	}
	if second.digest() != w.digest() {
		w.Error("the imported store holds something else")
	}
	if again := transfer(w, second, third); !bytes.Equal(first, again) {
		w.Error("what was imported is not exported as it was")
	}
}

// threeOf is a device with three unsent changes of one record each, in one batch.
func threeOf(t testing.TB, n byte) (d *device, b journal.Batch, ids []record.ID) {
	d = newDevice(n)
	for i := range 3 {
		ids = append(ids, d.save(t, aFinding(record.ID{n}, fmt.Sprint("Cell ", i))))
	}
	return d, d.batch(), ids
}

func awaitedIn(r *daylightv1.SyncResponse) (out []uint64) {
	for _, a := range r.Writers {
		out = append(out, a.Awaited...)
	}
	return out
}

func TestPayloadThatWasLeftOutIsAwaitedUntilItComes(t *testing.T) {
	for shows, left := range map[string][]int{
		"the first": {0}, "one between": {1}, "the last, under the seal": {2}, "two": {0, 2}, "all": {0, 1, 2},
	} {
		t.Run(shows, func(t *testing.T) {
			w := newWorld(t)
			d, b, ids := threeOf(t, 1)
			r := w.bring(without(b, left...))
			var want []uint64
			for _, i := range left {
				want = append(want, uint64(i+1))
			}
			if got := awaitedIn(r); !slices.Equal(got, want) || r.Writers[0].Seq != 3 || len(r.Verdicts) != 0 {
				t.Errorf("awaited %d, want %d; %v", got, want, r)
			}
			if head := must(w.Head(t.Context()))(t); int(head) != 3-len(left) {
				t.Errorf("%d entries in the log", head)
			}
			for i, id := range ids {
				if _, err := w.Get(t.Context(), record.Finding, id); errors.Is(err, ErrNotFound) != slices.Contains(left, i) {
					t.Errorf("record %d: %v", i, err)
				}
			}
			w.sameAfterImport()
			w.reopen()
			if again := w.bring(without(b, left...)); !proto.Equal(r.Writers[0], again.Writers[0]) {
				t.Errorf("sent again: %v, was %v", again.Writers, r.Writers)
			}
			if r = w.bring(b); len(awaitedIn(r)) != 0 || len(r.Verdicts) != 0 {
				t.Errorf("after they came: %v", r)
			}
			if head := must(w.Head(t.Context()))(t); head != 3 {
				t.Errorf("%d entries in the log, want 3", head)
			}
			for _, id := range ids {
				got := must(w.Get(t.Context(), record.Finding, id))(t)
				if !proto.Equal(got.Message, d.show(t, record.Finding, id)) {
					t.Errorf("got %v", got.Message)
				}
			}
			w.sameAfterImport()
			before := w.kept()
			if w.bring(b, without(b, 0, 1, 2)); w.kept() != before {
				t.Error("bringing it again changed something")
			}
			d.save(t, aFinding(record.ID{1}, "And on it goes."))
			d.push(w)
			w.sameAfterImport()
		})
	}
}

// Positions are the order in which payloads came, whatever their place in the chain.
func TestWhatComesLaterStandsBehindWhatFollowsIt(t *testing.T) {
	w := newWorld(t)
	a, first, _ := threeOf(t, 1)
	_, other, _ := threeOf(t, 2)
	w.bring(without(first, 0, 2)) // 2 at 1
	w.bring(without(other, 1))    // 1 and 3 of the other at 2 and 3
	a.save(t, aFinding(record.ID{1}, "Later."))
	second := a.batch()
	w.bring(second)            // 4 at 4
	w.bring(without(first, 0)) // 3 at 5
	w.bring(other)             // 2 of the other at 6
	w.sameAfterImport()
	w.bring(without(first, 1, 2)) // 1 at 7
	var got []string
	for _, row := range w.rows(`SELECT substr(writer, 1, 1), seq FROM log ORDER BY position`) {
		got = append(got, strings.Trim(row, "[]"))
	}
	if want := "01 2,02 1,02 3,01 4,01 3,02 2,01 1"; strings.Join(got, ",") != want {
		t.Errorf("the log holds %s, want %s", strings.Join(got, ","), want)
	}
	w.sameAfterImport()
}

// shape says how an export goes: per batch the writer, the first seq, and for each entry p
// for its payload or h for its hash.
func shape(t *testing.T, export []byte) string {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(export))
	var out []string
	for {
		batches, err := readBatches(batchesIn(in))
		for _, b := range batches {
			one := fmt.Sprintf("%x:%d", b.Writer[0], b.FirstSeq)
			for _, p := range b.Payloads {
				one += map[bool]string{true: "h", false: "p"}[p == nil]
			}
			out = append(out, one)
		}
		if err == io.EOF {
			return strings.Join(out, " ")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A run is exported once, as it was sent; each payload that came later brings the hashes
// of what follows it in its run, and nothing of other runs.
func TestExportKeepsTheRunsThatWereSent(t *testing.T) {
	w := newWorld(t)
	a, first, _ := threeOf(t, 1)
	_, other, _ := threeOf(t, 2)
	w.bring(without(first, 0, 2))
	w.bring(other)
	a.save(t, aFinding(record.ID{1}, "Later."))
	second := a.batch()
	w.bring(without(second, 0))
	w.bring(without(first, 2)) // the first has come
	for _, c := range []struct {
		bring journal.Batch
		want  string
	}{
		{without(first, 2), "1:1hph 2:1ppp 1:1phh 1:4h"},
		{second, "1:1hph 2:1ppp 1:1phh 1:4p"},
		{first, "1:1hph 2:1ppp 1:1phh 1:4p 1:3p"},
	} {
		w.bring(c.bring)
		if got := shape(t, transfer(t, w, newWorld(t))); got != c.want {
			t.Errorf("exported as %s, want %s", got, c.want)
		}
	}
	w.sameAfterImport()
}

// The chain that a branch left came whole and in order, but after what the branch is built
// on had to be known.
func TestWhatABranchLeftGoesFirstAsHashes(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	d.save(t, aFinding(record.ID{1}, "Cell 1"))
	first := d.batch()
	copied := *d
	copied.states = map[record.ID]*fold.State{}
	d.save(t, aFinding(record.ID{1}, "Cell 2"))
	second := d.batch()
	copied.save(t, aFinding(record.ID{1}, "Cell 2 of the copy"))
	copied.save(t, aFinding(record.ID{1}, "Cell 3 of the copy"))
	branch := copied.batch()
	w.bring(without(first, 0), without(second, 0), without(branch, 0))
	w.bring(first)
	w.bring(second)
	w.bring(branch)
	w.sameAfterImport()
	if got, want := shape(t, transfer(t, w, newWorld(t))), "1:1h 1:2hp 1:1p 1:2p 1:2ph"; got != want {
		t.Errorf("exported as %s, want %s", got, want)
	}
}

func TestRecordThatWasEditedBeforeItsCreationCameIsWhole(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	id := d.save(t, aFinding(record.ID{1}, "Six persons share 12 m2."))
	m := d.show(t, record.Finding, id).(*daylightv1.Finding)
	m.Title = proto.String("Space")
	d.save(t, m)
	b := d.batch()
	w.bring(without(b, 0))
	if item := must(w.Get(t.Context(), record.Finding, id))(t); !item.Status.Incomplete {
		t.Error("it is not said to be incomplete")
	}
	w.sameAfterImport()
	w.bring(b)
	item := must(w.Get(t.Context(), record.Finding, id))(t)
	if item.Status.Incomplete || !proto.Equal(item.Message, d.show(t, record.Finding, id)) {
		t.Errorf("got %v", item)
	}
	entries, _, err := w.History(t.Context(), record.Finding, id, 10, "")
	if err != nil || len(entries) != 2 || entries[0].Seq != 1 || entries[1].Seq != 2 || entries[0].Person != "Monitor 1" {
		t.Errorf("the history is %v: %v", entries, err)
	}
	w.sameAfterImport()
}

// What was not taken for what its author may do is marked in the batch that has its
// payload.
func TestExportMarksWhatWasTurnedDownWhereverItCame(t *testing.T) {
	w := newWorld(t)
	_, b, _ := threeOf(t, 1)
	links := b.Links()
	gate := exported{links[0]: exchange.Held, links[2]: exchange.Refused}
	for _, x := range []journal.Batch{without(b, 0, 2), without(b, 2), b} {
		must(w.Sync(t.Context(), []journal.Batch{x}, exchange.Ask{MoreOwn: true, Gate: gate}))(t)
	}
	if got := fmt.Sprint(w.rows(`SELECT seq, decision FROM log ORDER BY position`)); got != "[[2 1] [1 3] [3 2]]" {
		t.Errorf("seqs and decisions %s", got)
	}
	w.sameAfterImport()
}

func TestPushThatIsRolledBackLeavesNothingAwaited(t *testing.T) {
	w := newWorld(t)
	_, b, _ := threeOf(t, 1)
	_, other, _ := threeOf(t, 2)
	w.bring(without(other, 0, 1, 2))
	before, broken := w.kept(), errors.New("broken")
	group := []*job{
		{ctx: t.Context(), done: make(chan error, 1), do: func(l *ledger) error {
			_, err := l.ingest([]journal.Batch{without(b, 1, 2), other}, exchange.Terms{})
			return errors.Join(err, broken)
		}},
		{ctx: t.Context(), done: make(chan error, 1), do: func(l *ledger) error {
			if got, err := l.AwaitedOf(b.Writer); len(got) != 0 || err != nil {
				t.Errorf("awaited %d: %v", got, err)
			}
			if got, err := l.AwaitedOf(other.Writer); len(got) != 3 || err != nil {
				t.Errorf("awaited of the other %d: %v", got, err)
			}
			return nil
		}},
	}
	w.commits.commit(group)
	if err := <-group[0].done; !errors.Is(err, broken) {
		t.Error(err)
	}
	if err := <-group[1].done; err != nil {
		t.Error(err)
	}
	if w.kept() != before {
		t.Error("it left something behind")
	}
	w.bring(without(b, 1, 2), other)
	w.sameAfterImport()
}

// A copied device goes on from an entry that is awaited.
func TestBranchMayBeginBehindWhatIsAwaited(t *testing.T) {
	for shows, left := range map[string][]int{"awaited still": {0, 1, 2}, "come later": nil} {
		t.Run(shows, func(t *testing.T) {
			w := newWorld(t)
			d, common, _ := threeOf(t, 1)
			w.bring(without(common, 0, 1, 2))
			copied := *d
			copied.states = map[record.ID]*fold.State{}
			d.save(t, aFinding(record.ID{1}, "One side."))
			copied.save(t, aFinding(record.ID{1}, "The other side."))
			copied.save(t, aFinding(record.ID{1}, "The other side again."))
			w.bring(without(d.batch(), 0))
			r := w.bring(without(copied.batch(), 1))
			if len(r.Verdicts) != 1 || len(r.Verdicts[0].Writer) != 16 {
				t.Errorf("%v, want the entry under another name", r.Verdicts)
			}
			w.sameAfterImport()
			w.bring(without(common, left...))
			w.sameAfterImport()
		})
	}
}

func TestAwaitedOfListsTheFirstThousand(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	var left []int
	for i := range 1010 {
		d.writeBytes([]byte(fmt.Sprint("entry ", i)))
		left = append(left, i)
	}
	got := awaitedIn(w.bring(without(d.batch(), left...)))
	if len(got) != 1000 || got[0] != 1 || got[999] != 1000 {
		t.Errorf("%d are listed, from %d to %d", len(got), got[0], got[len(got)-1])
	}
	w.sameAfterImport()
}

// The payloads of one run came in two batches, and would be too much for one.
func TestExportOfMoreThanABatchHoldsIsImported(t *testing.T) {
	w := newWorld(t)
	d := newDevice(1)
	const n = 40
	var first, second []int
	for i := range n {
		d.save(t, aFinding(record.ID{1}, strings.Repeat("x", 120<<10)))
		if i < n/2 {
			first = append(first, i)
		} else {
			second = append(second, i)
		}
	}
	b := d.batch()
	w.bring(without(b, append(first, second...)...))
	w.bring(without(b, second...))
	w.bring(without(b, first...))
	w.sameAfterImport()
}

// Random chains, of which random parts come in a random order: what is exported is imported
// as it was.
func TestWhateverComesInWhateverOrderIsImportedAsItWas(t *testing.T) {
	for seed := range uint64(16) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w, rnd := newWorld(t), rand.New(rand.NewPCG(seed, 1))
			devices := []*device{newDevice(1), newDevice(2), newDevice(3)}
			var sent []journal.Batch
			for range 25 {
				switch d := devices[rnd.IntN(len(devices))]; rnd.IntN(8) {
				case 0, 1, 2: // new ones
					for range 1 + rnd.IntN(4) {
						d.save(t, aFinding(record.ID{1}, fmt.Sprint("cell ", rnd.IntN(1000))))
					}
					b := d.batch()
					w.bring(without(b, some(rnd, len(b.Payloads))...))
					sent = append(sent, b)
				case 3: // a copy
					if d.head.Seq > 0 && len(d.queue) == 0 && len(devices) < 6 {
						copied := *d
						copied.random, copied.states = rand.NewChaCha8([32]byte{byte(len(devices)), 9}), map[record.ID]*fold.State{}
						devices = append(devices, &copied)
					}
				default: // some more of what was left out
					if len(sent) > 0 {
						b := sent[rnd.IntN(len(sent))]
						w.bring(without(b, some(rnd, len(b.Payloads))...))
					}
				}
			}
			w.sameAfterImport()
		})
	}
}

func some(rnd *rand.Rand, n int) (out []int) {
	for i := range n {
		if rnd.IntN(2) == 0 {
			out = append(out, i)
		}
	}
	return out
}
