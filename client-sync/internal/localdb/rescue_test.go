package localdb

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"testing"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// rescued reads what a rescue has written.
func rescued(t *testing.T, from *bytes.Buffer) (out []journal.Batch) {
	t.Helper()
	for in := bufio.NewReader(from); ; {
		if _, err := in.Peek(1); err != nil {
			return out
		}
		var p daylightv1.Batch
		if err := protodelim.UnmarshalFrom(in, &p); err != nil {
			t.Fatal(err)
		}
		b, err := journal.FromProto(&p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
}

// What was left out may have been sealed by itself: the office cannot place what follows
// without its hash.
func TestARescueBringsWhatTheChainNeeds(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	w := writer(3)
	all := chained(peer(w, 1, id(1)), peer(w, 2), peer(w, 3, id(1)), peer(w, 4, id(1)), peer(w, 5))
	for _, i := range []int{0, 1, 3, 4} {
		all[i].Peer.Seal = journal.Seal(key, w, all[i].Seq, all[i].Link)
	}
	write(t, d, func(b *Book) error {
		add(t, b, all...)
		for _, i := range []int{0, 3} { // these the office has
			all[i].Decision = exchange.Accepted
			if err := b.Replace(all[i]); err != nil {
				return err
			}
		}
		return b.PutCertificate(journal.NewDevelopment(key, journal.Serial{3}, "Monitor B", "tablet"))
	})
	d.Close()
	var out bytes.Buffer
	r, err := Rescue(t.Context(), options(dir), unlocked, inTheClear(&out))
	if err != nil || r.Changes != 1 || r.Unreadable != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	got := rescued(t, &out)
	if len(got) != 2 || got[0].FirstSeq != 2 || got[0].LastSeq() != 2 || got[1].FirstSeq != 3 || got[1].LastSeq() != 4 {
		t.Fatalf("%+v", got)
	}
	for _, b := range got {
		if !b.Verify(b.Certificate.Key) {
			t.Errorf("nothing vouches for what begins with %d", b.FirstSeq)
		}
	}
	if got[1].Payloads[0] == nil || got[1].Payloads[1] != nil {
		t.Error("what the office has is not left out, or what it has not is")
	}
}

// Where the device's key cannot be read, the seal that was made at the last lock still
// vouches for what it stands behind, and nothing does for what came later.
func TestTheTailVouchesWhereTheKeyIsDamaged(t *testing.T) {
	for shows, c := range map[string]struct {
		tail   bool
		later  bool
		sealed bool
	}{
		"everything up to the last lock": {tail: true, sealed: true},
		"not what came after it":         {tail: true, later: true},
		"nothing without it":             {},
	} {
		t.Run(shows, func(t *testing.T) {
			dir := t.TempDir()
			d := open(t, dir)
			f := filling(t, d)
			write(t, d, func(b *Book) error {
				if _, err := b.Exec(`UPDATE keys SET sealed = randomblob(200)`); err != nil {
					return err
				}
				if c.later {
					last := f.own1[len(f.own1)-1]
					e := entry(f.own, last.Seq+1, f.records[1])
					e.Previous = last.Link
					e.Link = journal.Next(e.Previous, e.Payload)
					add(t, b, e)
				}
				if c.tail {
					return nil
				}
				_, err := b.Exec(`DELETE FROM tail`)
				return err
			})
			d.Close()
			var out bytes.Buffer
			r, err := Rescue(t.Context(), options(dir), unlocked, inTheClear(&out))
			want := 5 // three own ones, two of others
			if c.later {
				want++
			}
			if err != nil || r.Changes != want || r.Unreadable != 0 || r.Sealed != c.sealed {
				t.Fatalf("%+v, %v", r, err)
			}
			for in := bufio.NewReader(&out); ; {
				if _, err := in.Peek(1); err != nil {
					break
				}
				var p daylightv1.Batch
				if err := protodelim.UnmarshalFrom(in, &p); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(p.Writer, f.own[:]) {
					continue
				}
				b, err := journal.FromProto(&p)
				vouched := err == nil && b.Verify(keyNamed("own").Public().(ed25519.PublicKey))
				if vouched != (c.tail && p.FirstSeq <= 4) {
					t.Errorf("what begins with %d is vouched for: %v, %v", p.FirstSeq, vouched, err)
				}
			}
		})
	}
}
