package localdb

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"reflect"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// peer is an entry of somebody else's; without records, one that is left out.
func peer(w fold.WriterID, seq fold.Seq, ids ...record.ID) exchange.Noted {
	e := entry(w, seq, ids...)
	e.Peer = &exchange.Peer{Signed: w, Serial: journal.Serial{w[0]}, Hash: journal.HashOf(e.Payload)}
	if len(ids) == 0 {
		e.Payload, e.Time = nil, 0
	}
	return e
}

// chained builds each entry on the one before.
func chained(entries ...exchange.Noted) []exchange.Noted {
	for i := range entries {
		if i > 0 {
			entries[i].Previous = entries[i-1].Link
		}
		entries[i].Link = journal.NextHash(entries[i].Previous, entries[i].Peer.Hash)
	}
	return entries
}

func add(t *testing.T, b *Book, entries ...exchange.Noted) {
	t.Helper()
	for i := range entries {
		n, err := b.Append(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		entries[i].Number = n
	}
}

func TestEntriesOfOthersAreKeptAsTheyCame(t *testing.T) {
	d := open(t, t.TempDir())
	w := writer(3)
	all := chained(peer(w, 4, id(1), id(2)), peer(w, 5), peer(w, 6, id(2)))
	all[0].Peer.Based, all[1].Peer.Hidden, all[2].Peer.Seal = true, true, []byte("seal")
	write(t, d, func(b *Book) error {
		add(t, b, all...)
		return nil
	})
	write(t, d, func(b *Book) error {
		for _, want := range all {
			got, err := b.Find(want.Link)
			if err != nil || !reflect.DeepEqual(*got, want) {
				t.Errorf("read\n%+v, %v; want\n%+v", got, err, want)
			}
		}
		run, err := b.Run(all[0].Link)
		if err != nil || !reflect.DeepEqual(run, all) {
			t.Errorf("the run is %v, %v", numbers(run), err)
		}
		if run, err := b.Run(all[2].Link); err != nil || len(run) != 1 {
			t.Errorf("the run from its end is %v, %v", numbers(run), err)
		}
		// The content comes later.
		came := all[1]
		came.Payload, came.Records = entry(w, 5).Payload, []record.ID{id(7), id(8)}
		peer := *came.Peer
		came.Peer, peer.Hidden = &peer, false
		if err := b.Replace(came); err != nil {
			return err
		}
		for _, of := range []record.ID{id(7), id(8)} {
			got, err := b.Unaccepted(of)
			if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], came) {
				t.Errorf("read\n%+v, %v; want\n%+v", got, err, came)
			}
		}
		return nil
	})
}

func TestHiddenEntriesAreNotFolded(t *testing.T) {
	d := open(t, t.TempDir())
	write(t, d, func(b *Book) error {
		all := chained(peer(writer(3), 1, id(1)), peer(writer(3), 2, id(1)))
		all[0].Peer.Hidden = true
		add(t, b, all...)
		for range fewQuestions + 2 { // also once it remembers
			if got, err := b.Unaccepted(id(1)); err != nil || !slices.Equal(numbers(got), []uint64{2}) {
				t.Fatalf("%v, %v", numbers(got), err)
			}
		}
		return nil
	})
}

// Entries of one writer may come in any order: a bundle may bring what another left out.
func TestChainsOfOthersOutOfOrder(t *testing.T) {
	d := open(t, t.TempDir())
	w, to := writer(3), writer(7)
	write(t, d, func(b *Book) error {
		all := chained(peer(w, 1, id(1)), peer(w, 2, id(2)), peer(w, 3, id(3)))
		all[1].Peer.Seal, all[2].Peer.Seal = []byte("a"), []byte("b")
		add(t, b, all[2], all[0], all[1])
		add(t, b, entry(writer(1), 1, id(9)))
		if run, err := b.Run(all[0].Link); err != nil || len(run) != 2 || run[1].Seq != 2 {
			t.Errorf("the run is %v, %v", numbers(run), err)
		}
		touched, err := b.Rename(w, 1, to)
		if err != nil || !slices.Equal(touched, []record.ID{id(2), id(3)}) {
			t.Errorf("touched %v, %v", touched, err)
		}
		if err := b.Accept(to, 9, 1); err != nil {
			return err
		}
		if got := unanswered(t, b); !slices.Equal(got, []uint64{1, 2, 3, 4}) {
			t.Errorf("what others wrote is answered for by the head of a name: %v are left", got)
		}
		for _, l := range []fold.Link{all[1].Link, all[2].Link} {
			e, err := b.Find(l)
			if err != nil {
				return err
			}
			e.Decision = exchange.Accepted
			if err := b.Replace(*e); err != nil {
				return err
			}
		}
		if n, err := b.Reopen(to, 2, 2); n != 1 || err != nil {
			t.Errorf("reopened %d, %v", n, err)
		}
		if got := unanswered(t, b); !slices.Equal(got, []uint64{2, 3, 4}) {
			t.Errorf("unanswered: %v", got)
		}
		if names, err := b.Names(); err != nil || !slices.Equal(names, []fold.WriterID{writer(1)}) {
			t.Errorf("own names are %v, %v", names, err)
		}
		return nil
	})
}

func TestWhatOthersWroteIsDroppedWhenNothingNeedsIt(t *testing.T) {
	d := open(t, t.TempDir())
	w := writer(3)
	answer := func(b *Book, l fold.Link) {
		e, err := b.Find(l)
		if err != nil {
			t.Fatal(err)
		}
		e.Decision = exchange.Accepted
		if err := b.Replace(*e); err != nil {
			t.Fatal(err)
		}
	}
	left := func(b *Book, want ...uint64) {
		t.Helper()
		if err := b.Drop(); err != nil {
			t.Fatal(err)
		}
		var got []uint64
		if err := b.Since(0, func(e exchange.Noted) bool { got = append(got, e.Number); return true }); err != nil || !slices.Equal(got, want) {
			t.Errorf("%v are left, %v; want %v", got, err, want)
		}
	}
	write(t, d, func(b *Book) error {
		key := ed25519.NewKeyFromSeed(make([]byte, 32))
		c := journal.NewDevelopment(key, journal.Serial{3}, "Monitor B", "tablet")
		if err := b.PutCertificate(c); err != nil {
			return err
		}
		own := entry(writer(1), 1, id(9))
		all := chained(peer(w, 1, id(1), id(2)), peer(w, 2))
		add(t, b, own)
		add(t, b, all...)
		if got, err := b.KeyOf(w); err != nil || !got.Equal(c.Key) {
			t.Errorf("its key is %x, %v", got, err)
		}
		if authors, err := b.Authors(); err != nil || authors[w] == nil || authors[w].Person != "Monitor B" {
			t.Errorf("%v, %v", authors, err)
		}
		answer(b, all[0].Link)
		left(b, 1, 2, 3) // an own one may still name it by its link
		if err := b.Accept(writer(1), 1, 1); err != nil {
			return err
		}
		left(b, 1, 2, 3) // what is left out needs it for its seal
		answer(b, all[1].Link)
		left(b, 1)
		if got, err := b.Certificate(journal.Serial{3}); err != nil || got != nil {
			t.Errorf("the certificate is left: %v, %v", got, err)
		}
		if got, err := b.Unaccepted(id(2)); err != nil || len(got) > 0 {
			t.Errorf("%v, %v", numbers(got), err)
		}
		return nil
	})
}

func TestCertificatesGoWithWhatTheyVouchFor(t *testing.T) {
	d := open(t, t.TempDir())
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	c := journal.NewDevelopment(key, journal.Serial{3}, "Monitor B", "tablet")
	write(t, d, func(b *Book) error {
		// A bundle whose changes the office has answered for all.
		if err := b.PutCertificate(c); err != nil {
			return err
		}
		if err := b.PutCertificate(c); err != nil {
			return err
		}
		if got, err := b.Certificate(c.Serial); err != nil || got == nil || !got.Key.Equal(c.Key) {
			t.Errorf("read %v, %v", got, err)
		}
		if err := b.Drop(); err != nil {
			return err
		}
		if got, err := b.Certificate(c.Serial); err != nil || got != nil {
			t.Errorf("nobody needs it, and it is here: %v, %v", got, err)
		}
		if got, err := b.KeyOf(writer(3)); got != nil || err != nil {
			t.Errorf("the key of nobody is %x, %v", got, err)
		}
		// A key that is not known must not pass for that of a new writer.
		add(t, b, peer(writer(3), 1, id(1)))
		if got, err := b.KeyOf(writer(3)); err == nil {
			t.Errorf("without its certificate, the key is %x", got)
		}
		return nil
	})
}

func TestKnownHeadsAndMates(t *testing.T) {
	d := open(t, t.TempDir())
	w := writer(3)
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	one := journal.NewDevelopment(key, journal.Serial{1}, "Monitor B", "tablet")
	two := journal.NewDevelopment(key, journal.Serial{2}, "Monitor B", "tablet, renewed")
	write(t, d, func(b *Book) error {
		for _, seq := range []fold.Seq{0, 7, 3} {
			if err := b.PutKnown(w, seq); err != nil {
				return err
			}
			if got, err := b.Known(w); err != nil || got != seq {
				t.Errorf("known up to %d, %v; want %d", got, err, seq)
			}
		}
		if err := b.ForgetKnown(); err != nil {
			return err
		}
		if got, err := b.Known(w); err != nil || got != 0 {
			t.Errorf("known up to %d, %v", got, err)
		}
		for _, c := range []*journal.Certificate{one, two} {
			if err := b.PutMate(c); err != nil {
				return err
			}
		}
		mates, err := b.Mates()
		if err != nil || len(mates) != 1 || mates[0].Device != two.Device {
			t.Errorf("%v, %v", mates, err)
		}
		return nil
	})
}

func TestOthersAreNotCountedAsOwn(t *testing.T) {
	d := open(t, t.TempDir())
	write(t, d, func(b *Book) error {
		add(t, b, entry(writer(1), 1, id(9)))
		add(t, b, chained(peer(writer(3), 1, id(1)), peer(writer(3), 2), peer(writer(3), 3, id(1)))...)
		c, err := b.Count()
		if err != nil || c.Unsent != 1 || c.UnsentRecords != 1 || c.Passing != 2 || c.PassingWriters != 1 {
			t.Errorf("%+v, %v", c, err)
		}
		own, others, err := b.CountUnanswered(9)
		if err != nil || own != 1 || others != 2 {
			t.Errorf("%d own, %d of others, %v", own, others, err)
		}
		if wrote, err := b.Wrote(id(1)); err != nil || wrote {
			t.Errorf("wrote: %v, %v", wrote, err)
		}
		return nil
	})
}

func TestWhatOthersWroteIsRescuedAsTheySignedIt(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	c := journal.NewDevelopment(key, journal.Serial{3}, "Monitor B", "tablet")
	all := chained(peer(writer(3), 1, id(1)), peer(writer(3), 2), peer(writer(3), 3, id(1)))
	all[2].Peer.Seal = journal.Seal(key, writer(3), 3, all[2].Link)
	write(t, d, func(b *Book) error {
		add(t, b, all...)
		return b.PutCertificate(c)
	})
	d.Close()
	var out bytes.Buffer
	r, err := Rescue(t.Context(), options(dir), unlocked, inTheClear(&out))
	if err != nil || r.Changes != 2 || r.Unreadable != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	var p daylightv1.Batch
	if err := protodelim.UnmarshalFrom(bufio.NewReader(&out), &p); err != nil {
		t.Fatal(err)
	}
	got, err := journal.FromProto(&p)
	if err != nil || got.Certificate == nil || !got.Verify(got.Certificate.Key) || got.LastSeq() != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}
