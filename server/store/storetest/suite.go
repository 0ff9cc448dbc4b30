// Package storetest promises that every database under the office keeps the same
// contract: its suite is run by each of them. It goes through the store's own
// methods and knows nothing of SQL.
package storetest

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Opener opens a store in the folder dir, empty at first. Opened again after
// Close, it holds what it held.
type Opener func(t *testing.T, dir string) *store.Store

// Run plays the suite.
func Run(t *testing.T, open Opener) {
	for _, c := range []struct {
		shows string
		play  func(*testing.T, Opener)
	}{
		{"what was acknowledged is there after opening again", acknowledged},
		{"a push sent again changes nothing and is answered as before", again},
		{"what was left out is awaited until it comes, by whomever", awaited},
		{"an export holds what is awaited, and what came later where it came", exported},
		{"positions have no gap, however many push at once", gapless},
		{"a list is neither shifted nor repeated by what comes meanwhile", paging},
		{"a save keeps what its token did not show", unseen},
		{"a guarded step is taken once", guarded},
		{"a removal that did not see everything is a conflict", removal},
	} {
		t.Run(c.shows, func(t *testing.T) { c.play(t, open) })
	}
}

const office store.OfficeWriter = "Case officer"

// closing closes a store that the test has not closed itself.
func closing(t *testing.T, s *store.Store) *store.Store {
	t.Cleanup(func() { s.Close() })
	return s
}

// whole fails the test unless everything in the store follows from its log.
func whole(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Check(t.Context(), func(f store.Finding) { t.Error(f) }); err != nil {
		t.Fatal(err)
	}
}

// ask asks like a device that knows of the last restore.
func ask(t *testing.T, s *store.Store, batches []journal.Batch, a exchange.Ask) *daylightv1.SyncResponse {
	t.Helper()
	first, err := s.Sync(t.Context(), nil, exchange.Ask{MoreOwn: true})
	if err != nil {
		t.Fatal(err)
	}
	a.Epoch = first.Epoch
	r, err := s.Sync(t.Context(), batches, a)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// digest stands for every record.
func digest(t *testing.T, s *store.Store) []byte {
	t.Helper()
	r := ask(t, s, nil, exchange.Ask{WantDigest: true, MaxPage: 1 << 30})
	if r.Digest == nil {
		t.Fatal("no digest")
	}
	return r.Digest.Sum
}

// pen is a device's writer, without the device.
type pen struct {
	id   fold.WriterID
	key  ed25519.PrivateKey
	cert *journal.Certificate
	seq  fold.Seq
	link fold.Link
}

func newPen(n byte) *pen {
	p := &pen{id: fold.WriterID{n, 1}, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))}
	p.cert = journal.NewDevelopment(p.key, journal.Serial{n, 2}, fmt.Sprintf("Monitor %d", n), "pen")
	p.link = journal.Genesis(p.id)
	return p
}

// place is a batch of one change that creates a place.
func (p *pen) place(t *testing.T, n byte) journal.Batch {
	t.Helper()
	return p.places(t, n)
}

// places is a batch of changes that create a place each.
func (p *pen) places(t *testing.T, of ...byte) journal.Batch {
	t.Helper()
	b := journal.Batch{Writer: p.id, FirstSeq: p.seq + 1, Previous: p.link, Serial: p.cert.Serial, Certificate: p.cert}
	for _, n := range of {
		id := record.ID{p.id[0], n, 6: 0x70, 8: 0x80}
		edits, _, err := record.Diff(&daylightv1.Facility{Id: id.String(), Note: proto.String("as found")}, fold.New(), record.Writer{ID: p.id}, record.Naming{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := journal.Change{Salt: [16]byte{n}, Time: 1, Records: []journal.RecordEdits{{Kind: record.Facility, ID: id, Edits: edits}}}
		b.Payloads = append(b.Payloads, c.Encode())
	}
	p.seq, p.link = b.LastSeq(), b.Links()[len(of)-1]
	b.Seal = journal.Seal(p.key, p.id, p.seq, p.link)
	return b
}

// without is the batch with some payloads left out.
func without(b journal.Batch, left ...int) journal.Batch {
	b.Payloads, b.Hashes = slices.Clone(b.Payloads), nil
	for _, i := range left {
		b.LeaveOut(i, journal.HashOf(b.Payloads[i]))
	}
	return b
}

// push gives the answer to a batch.
func push(t *testing.T, s *store.Store, b journal.Batch) *daylightv1.SyncResponse {
	t.Helper()
	return ask(t, s, []journal.Batch{b}, exchange.Ask{MoreOwn: true})
}

func save(t *testing.T, s *store.Store, m record.Message) record.Message {
	t.Helper()
	items, err := s.Save(t.Context(), office, m)
	if err != nil {
		t.Fatal(err)
	}
	return items[0].Message
}

func acknowledged(t *testing.T, open Opener) {
	dir := t.TempDir()
	s := open(t, dir)
	push(t, s, newPen(1).place(t, 1))
	save(t, s, &daylightv1.Visit{Title: proto.String("Spring")})
	before := digest(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = closing(t, open(t, dir))
	if !bytes.Equal(digest(t, s), before) {
		t.Error("the records are not what they were")
	}
	whole(t, s)
}

func again(t *testing.T, open Opener) {
	s := closing(t, open(t, t.TempDir()))
	b := newPen(1).place(t, 1)
	first := push(t, s, b)
	second := push(t, s, b)
	if !proto.Equal(first.Writers[0], second.Writers[0]) || len(second.Verdicts) > 0 {
		t.Errorf("answered %v, then %v", first.Writers, second.Writers)
	}
	if head, err := s.Head(t.Context()); err != nil || head != 1 {
		t.Errorf("the log has %d entries: %v", head, err)
	}
	whole(t, s)
}

// told fails the test unless the answer says so of the batch's writer.
func told(t *testing.T, r *daylightv1.SyncResponse, head fold.Seq, position exchange.Position, awaits ...uint64) {
	t.Helper()
	a := r.Writers[0]
	if a.Seq != uint64(head) || r.Head != uint64(position) || !slices.Equal(a.Awaited, awaits) || a.Fault != 0 || a.SendFrom != 0 {
		t.Errorf("told %v, the log at %d; want the head %d, %d awaited, the log at %d", a, r.Head, head, awaits, position)
	}
}

func awaited(t *testing.T, open Opener) {
	dir := t.TempDir()
	s := open(t, dir)
	b := newPen(1).places(t, 1, 2, 3, 4)
	told(t, push(t, s, without(b, 0, 3)), 4, 2, 1, 4)
	told(t, push(t, s, without(b, 0, 1, 2, 3)), 4, 2, 1, 4)
	whole(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = closing(t, open(t, dir))
	// Its end has come, and the seal with it: what follows needs no other.
	told(t, push(t, s, without(b, 0)), 4, 3, 1)
	whole(t, s)
	told(t, push(t, s, b), 4, 4)
	told(t, push(t, s, b), 4, 4)
	whole(t, s)
	in := closing(t, open(t, t.TempDir()))
	push(t, in, b)
	if !bytes.Equal(digest(t, s), digest(t, in)) {
		t.Error("it holds something else than where all came at once")
	}
}

func exported(t *testing.T, open Opener) {
	s := closing(t, open(t, t.TempDir()))
	late, end := newPen(1), newPen(2)
	first := late.places(t, 1, 2, 3)
	push(t, s, without(first, 0, 2))
	push(t, s, late.place(t, 4))
	push(t, s, end.place(t, 1))
	last := end.places(t, 2, 3)
	push(t, s, without(last, 0, 1)) // nothing that has come is built on it
	push(t, s, without(first, 2))
	in := closing(t, open(t, t.TempDir()))
	export := transfer(t, s, in)
	whole(t, in)
	if !bytes.Equal(digest(t, s), digest(t, in)) {
		t.Error("what was imported holds something else")
	}
	told(t, push(t, in, without(first, 0, 1, 2)), 4, 4, 3)
	told(t, push(t, in, without(last, 0, 1)), 3, 4, 2, 3)
	if again := transfer(t, in, closing(t, open(t, t.TempDir()))); !bytes.Equal(again, export) {
		t.Error("what was imported is not exported as it was")
	}
	told(t, push(t, in, last), 3, 6)
	told(t, push(t, in, first), 4, 7)
	whole(t, in)
}

// transfer exports one store, imports it into another and gives what was exported.
func transfer(t *testing.T, from, to *store.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := from.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if err := to.Import(t.Context(), bytes.NewReader(b.Bytes())); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gapless(t *testing.T, open Opener) {
	const pens, each = 16, 8
	s := closing(t, open(t, t.TempDir()))
	batches := make([][]journal.Batch, pens)
	for i := range batches {
		p := newPen(byte(i + 1))
		for n := range each {
			batches[i] = append(batches[i], p.place(t, byte(n)))
		}
	}
	var all sync.WaitGroup
	for _, own := range batches {
		all.Go(func() {
			for _, b := range own {
				for {
					_, err := s.Sync(t.Context(), []journal.Batch{b}, exchange.Ask{MoreOwn: true})
					if err == nil {
						break
					}
					if !errors.Is(err, store.ErrOverloaded) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	all.Wait()
	if head, err := s.Head(t.Context()); err != nil || head != pens*each {
		t.Errorf("the log ends at %d: %v", head, err)
	}
	whole(t, s) // counts the positions, too
}

func paging(t *testing.T, open Opener) {
	s := closing(t, open(t, t.TempDir()))
	for n := range 5 {
		save(t, s, &daylightv1.Visit{Title: proto.String(fmt.Sprint("visit ", n))})
	}
	var got []string
	for token, more := "", true; more; {
		page, err := s.List(t.Context(), record.Visit, store.Query{PageSize: 2, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			got = append(got, item.Message.(*daylightv1.Visit).GetTitle())
		}
		if len(got) == 2 {
			save(t, s, &daylightv1.Visit{Title: proto.String("came meanwhile")})
		}
		token, more = page.Next, page.Next != ""
	}
	want := []string{"visit 0", "visit 1", "visit 2", "visit 3", "visit 4", "came meanwhile"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the pages hold %q", got)
	}
}

func unseen(t *testing.T, open Opener) {
	s := closing(t, open(t, t.TempDir()))
	opened := save(t, s, &daylightv1.Visit{Aims: proto.String("as opened")}).(*daylightv1.Visit)
	form := proto.CloneOf(opened)
	opened.Aims = proto.String("of the first")
	save(t, s, opened)
	form.Aims = proto.String("of the second")
	items, err := s.Save(t.Context(), "Another officer", form)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(items[0].Status.GetConflicts()); n != 1 {
		t.Errorf("%d conflicts, not one with both texts", n)
	}
	whole(t, s)
}

func guarded(t *testing.T, open Opener) {
	s := closing(t, open(t, t.TempDir()))
	opened := save(t, s, &daylightv1.Visit{State: daylightv1.VisitState_VISIT_STATE_PREPARED.Enum()}).(*daylightv1.Visit)
	form := proto.CloneOf(opened)
	opened.State = daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum()
	save(t, s, opened)
	before := digest(t, s)
	form.State = daylightv1.VisitState_VISIT_STATE_CANCELLED.Enum()
	var refused *store.GuardedError
	if _, err := s.Save(t.Context(), "Another officer", form); !errors.As(err, &refused) || refused.Reason != exchange.Stale {
		t.Errorf("the late step was answered %v", err)
	}
	if !bytes.Equal(digest(t, s), before) {
		t.Error("the late step left something behind")
	}
}

func removal(t *testing.T, open Opener) {
	s := closing(t, open(t, t.TempDir()))
	opened := save(t, s, &daylightv1.Visit{Title: proto.String("Spring")}).(*daylightv1.Visit)
	token := opened.GetSeen()
	id, err := record.ParseID(opened.GetId())
	if err != nil {
		t.Fatal(err)
	}
	opened.Summary = proto.String("not on the remover's screen")
	save(t, s, opened)
	item, err := s.Remove(t.Context(), "Another officer", record.Visit, id, token)
	if err != nil || item.Removed || len(item.Status.GetConflicts()) != 1 {
		t.Errorf("removed %v, conflicts %v: %v", item.Removed, item.Status.GetConflicts(), err)
	}
}

// Now is a fixed time for an Opener's Config.
func Now() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) }
