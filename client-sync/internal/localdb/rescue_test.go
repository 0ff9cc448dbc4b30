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
