package journal

import (
	"bytes"
	"math"
	"reflect"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// sampleBatch is sealed, has three entries and its certificate.
func sampleBatch() Batch {
	b := Batch{
		Writer:      testWriter(),
		FirstSeq:    1,
		Previous:    Genesis(testWriter()),
		Payloads:    [][]byte{[]byte("one"), []byte("two"), sample().Encode()},
		Serial:      Serial{9},
		Certificate: NewDevelopment(testKey(), Serial{9}, "Monitor A", "tablet 1"),
	}
	b.Seal = Seal(testKey(), b.Writer, b.LastSeq(), b.Links()[2])
	return b
}

func TestBatchRoundTrip(t *testing.T) {
	bare := sampleBatch()
	bare.Certificate = nil
	exported := sampleBatch()
	exported.KnownAs = fold.WriterID{7}
	exported.Held, exported.Denied = []fold.Seq{exported.FirstSeq}, []fold.Seq{exported.FirstSeq + 1, exported.LastSeq()}
	for name, b := range map[string]Batch{"with certificate": sampleBatch(), "without": bare, "exported": exported} {
		var p daylightv1.Batch
		if err := proto.Unmarshal(marshal(t, b.ToProto()), &p); err != nil {
			t.Fatal(err)
		}
		got, err := FromProto(&p)
		if err != nil || !reflect.DeepEqual(got, b) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestBatchLinksFollowTheChain(t *testing.T) {
	b := sampleBatch()
	links := b.Links()
	want := b.Previous
	for i, p := range b.Payloads {
		if want = Next(want, p); links[i] != want {
			t.Errorf("link %d: got %s, want %s", i, links[i], want)
		}
	}
	rest := Batch{Previous: links[0], FirstSeq: 2, Payloads: b.Payloads[1:]}
	if got := rest.Links(); !reflect.DeepEqual(got, links[1:]) || rest.LastSeq() != b.LastSeq() {
		t.Errorf("cut in two it has other links: %v", got)
	}
}

func TestBatchSealVouchesForEveryEntry(t *testing.T) {
	key := publicOf(testKey())
	if b := sampleBatch(); !b.Verify(key) {
		t.Fatal("the seal does not verify")
	}
	for name, do := range map[string]func(*Batch){
		"an entry changed":     func(b *Batch) { b.Payloads[0] = []byte("One") },
		"an entry left out":    func(b *Batch) { b.Payloads = b.Payloads[1:] },
		"the last cut off":     func(b *Batch) { b.Payloads = b.Payloads[:2] },
		"all cut off":          func(b *Batch) { b.Payloads = nil },
		"two exchanged":        func(b *Batch) { b.Payloads[0], b.Payloads[1] = b.Payloads[1], b.Payloads[0] },
		"two joined":           func(b *Batch) { b.Payloads = [][]byte{[]byte("onetwo"), b.Payloads[2]}; b.FirstSeq++ },
		"another first seq":    func(b *Batch) { b.FirstSeq++ },
		"another writer":       func(b *Batch) { b.Writer[0]++ },
		"another link before":  func(b *Batch) { b.Previous[31]++ },
		"another seal":         func(b *Batch) { b.Seal[0]++ },
		"a seal that is short": func(b *Batch) { b.Seal = b.Seal[1:] },
	} {
		b := sampleBatch()
		if do(&b); b.Verify(key) {
			t.Errorf("%s: it verifies", name)
		}
	}
}

// refusedBatches are what FromProto turns away, as changes to the sample.
var refusedBatches = []struct {
	name string
	kind error
	says string
	do   func(*daylightv1.Batch)
}{
	{"no writer", ErrUnreadable, "the writer's id has 0 bytes", func(b *daylightv1.Batch) { b.Writer = nil }},
	{"writer of zeros", ErrUnreadable, "names no writer", func(b *daylightv1.Batch) { b.Writer = make([]byte, 16) }},
	{"long writer", ErrUnreadable, "the writer's id has 17 bytes", func(b *daylightv1.Batch) { b.Writer = make([]byte, 17) }},
	{"short serial", ErrUnreadable, "serial has 15 bytes", func(b *daylightv1.Batch) { b.CertificateSerial = make([]byte, 15) }},
	{"no serial", ErrUnreadable, "names no certificate", func(b *daylightv1.Batch) { b.CertificateSerial = make([]byte, 16) }},
	{"short link", ErrUnreadable, "previous link has 31 bytes", func(b *daylightv1.Batch) { b.PreviousLink = b.PreviousLink[1:] }},
	{"no seal", ErrUnreadable, "the seal has 0 bytes", func(b *daylightv1.Batch) { b.Seal = nil }},
	{"long seal", ErrUnreadable, "the seal has 65 bytes", func(b *daylightv1.Batch) { b.Seal = make([]byte, 65) }},
	{"no first seq", ErrUnreadable, "no first seq", func(b *daylightv1.Batch) { b.FirstSeq = 0 }},
	{"past the last seq", ErrUnreadable, "passes the last seq", func(b *daylightv1.Batch) { b.FirstSeq = math.MaxInt64 - 1 }},
	{"seq that overflows", ErrUnreadable, "passes the last seq", func(b *daylightv1.Batch) { b.FirstSeq = math.MaxUint64 }},
	{"long other id", ErrUnreadable, "known as has 17 bytes", func(b *daylightv1.Batch) { b.KnownAs = make([]byte, 17) }},
	{"short other id", ErrUnreadable, "known as has 1 bytes", func(b *daylightv1.Batch) { b.KnownAs = make([]byte, 1) }},
	{"no entries", ErrUnreadable, "no entries", func(b *daylightv1.Batch) { b.Entries = nil }},
	{"an entry before it held", ErrUnreadable, "is not in it", func(b *daylightv1.Batch) { b.Held = []uint64{b.FirstSeq - 1} }},
	{"an entry behind it denied", ErrUnreadable, "is not in it", func(b *daylightv1.Batch) { b.Denied = []uint64{b.FirstSeq + 3} }},
	{"entry without payload", ErrUnreadable, "entry 2: it has no payload", func(b *daylightv1.Batch) { b.Entries[1].Payload = nil }},
	{"another certificate", ErrCertificate, "not the one", func(b *daylightv1.Batch) { b.CertificateSerial[0]++ }},
	{"broken certificate", ErrCertificate, "did not sign", func(b *daylightv1.Batch) { b.Certificate.Signature[0]++ }},
	{"empty certificate", ErrCertificate, "no body", func(b *daylightv1.Batch) { b.Certificate = &daylightv1.Certificate{} }},
	{"too many entries", ErrTooLarge, "the batch has 100001 entries", func(b *daylightv1.Batch) {
		b.Entries = make([]*daylightv1.Entry, MaxEntries+1)
	}},
	{"too many bytes", ErrTooLarge, "the batch has 4194", func(b *daylightv1.Batch) {
		b.Entries = []*daylightv1.Entry{{Payload: make([]byte, MaxBatch)}, {Payload: make([]byte, 1)}}
	}},
}

func TestFromProtoRefuses(t *testing.T) {
	for _, tt := range refusedBatches {
		t.Run(tt.name, func(t *testing.T) {
			p := proto.Clone(sampleBatch().ToProto()).(*daylightv1.Batch)
			tt.do(p)
			_, err := FromProto(p)
			wantError(t, err, tt.kind, tt.says)
		})
	}
	_, err := FromProto(nil)
	wantError(t, err, ErrUnreadable, "")
}

func TestBatchMayReachTheLastSeq(t *testing.T) {
	b := sampleBatch()
	b.FirstSeq = MaxSeq - 2
	if err := b.Check(); err != nil || b.LastSeq() != MaxSeq {
		t.Errorf("got %v", err)
	}
}

func TestPayloadsAreNotReadWithTheBatch(t *testing.T) {
	b := sampleBatch()
	b.Payloads = [][]byte{[]byte("no change"), make([]byte, MaxChange+1)}
	if _, err := FromProto(b.ToProto()); err != nil {
		t.Errorf("one bad entry turns the batch away: %v", err)
	}
}

func FuzzBatch(f *testing.F) {
	f.Add([]byte{})
	f.Add(marshal(f, sampleBatch().ToProto()))
	for _, tt := range refusedBatches {
		p := proto.Clone(sampleBatch().ToProto()).(*daylightv1.Batch)
		if tt.do(p); tt.kind != ErrTooLarge {
			f.Add(marshal(f, p))
		}
	}
	key := publicOf(testKey())
	signed := sampleBatch().Links()[2]
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p daylightv1.Batch
		if proto.Unmarshal(raw, &p) != nil {
			return
		}
		b, err := FromProto(&p)
		if err != nil {
			wantOwnError(t, err)
			return
		}
		again, err := FromProto(b.ToProto())
		if err != nil || !reflect.DeepEqual(again, b) {
			t.Fatalf("got %+v, %v, want %+v", again, err, b)
		}
		if b.Verify(key) && lastLink(b) != signed {
			t.Fatal("a seal that was never made verifies")
		}
		if b.Certificate != nil && !bytes.Equal(b.Certificate.Serial[:], p.CertificateSerial) {
			t.Fatal("another certificate than the batch names")
		}
	})
}

func lastLink(b Batch) fold.Link {
	links := b.Links()
	return links[len(links)-1]
}
