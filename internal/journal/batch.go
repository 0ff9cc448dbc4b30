package journal

import (
	"crypto/ed25519"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The bounds of a batch.
const (
	// MaxBatch bounds the payloads of a batch together, in bytes.
	MaxBatch = 4 << 20
	// MaxEntries bounds their number.
	MaxEntries = 100_000
)

const sealSize = 64

// Batch is a run of one writer's entries under one seal.
type Batch struct {
	Writer fold.WriterID
	// KnownAs is the writer's id in the log that the batch was exported from, where it
	// is another one; else zero.
	KnownAs fold.WriterID
	// Held and Denied are, in an export, the entries that the office did not take for
	// what their author may do.
	Held, Denied []fold.Seq
	// FirstSeq is the number of the first payload, Previous the link before it:
	// Genesis of the writer when FirstSeq is 1.
	FirstSeq fold.Seq
	Previous fold.Link
	// Payloads are as their author encoded them, at least one. One that is left out,
	// because the reader may not have it, is nil.
	Payloads [][]byte
	// Hashes are those of the payloads that are left out, by their index.
	Hashes map[int]Hash
	// Answered is, in a bundle for team-mates, the number up to which the office has
	// answered for the writer's entries, as whoever passes them on was told; else 0.
	Answered fold.Seq

	// Seal is over the last entry, made under the certificate of that Serial.
	Seal   []byte
	Serial Serial
	// Certificate comes along where the other side may not have it; else nil.
	Certificate *Certificate
}

// Links are the links of the entries, in their order.
func (b Batch) Links() []fold.Link {
	links := make([]fold.Link, len(b.Payloads))
	l := b.Previous
	for i, p := range b.Payloads {
		if p == nil {
			l = NextHash(l, b.Hashes[i])
		} else {
			l = Next(l, p)
		}
		links[i] = l
	}
	return links
}

// LeaveOut leaves a payload out: its hash stands for it.
func (b *Batch) LeaveOut(i int, h Hash) {
	if b.Hashes == nil {
		b.Hashes = map[int]Hash{}
	}
	b.Payloads[i], b.Hashes[i] = nil, h
}

// LastSeq is the number of the last entry of a batch that has one.
func (b Batch) LastSeq() fold.Seq { return b.FirstSeq + fold.Seq(len(b.Payloads)) - 1 }

// Verify reports whether the seal vouches for exactly these entries and was made
// by key's owner. That the key is the writer's is for the certificate to say, and
// that Previous is the writer's link for whoever keeps the chain.
func (b Batch) Verify(key ed25519.PublicKey) bool {
	if len(b.Payloads) == 0 {
		return false
	}
	links := b.Links()
	return VerifySeal(key, b.Writer, b.LastSeq(), links[len(links)-1], b.Seal)
}

// Check reports why nobody would read the batch: nil, or an [Error]. A payload that
// is too large or unreadable does not count: it is refused by itself, and the
// entries behind it go on.
func (b Batch) Check() error {
	switch {
	case b.Writer == fold.WriterID{}:
		return unreadable("the batch names no writer")
	case b.FirstSeq == 0:
		return unreadable("the batch has no first seq")
	case len(b.Payloads) == 0:
		return unreadable("the batch has no entries")
	case len(b.Payloads) > MaxEntries:
		return tooLarge("the batch has %d entries; at most %d are taken", len(b.Payloads), MaxEntries)
	case b.FirstSeq > MaxSeq-fold.Seq(len(b.Payloads))+1:
		return unreadable("the batch passes the last seq")
	case len(b.Seal) != sealSize:
		return unreadable("the seal has %d bytes and not %d", len(b.Seal), sealSize)
	case b.Serial == Serial{}:
		return unreadable("the batch names no certificate")
	case b.Certificate != nil && b.Certificate.Serial != b.Serial:
		return badCertificate("it is not the one that the batch names")
	}
	return b.checkPayloads()
}

func (b Batch) checkPayloads() error {
	size := 0
	for i, p := range b.Payloads {
		if _, out := b.Hashes[i]; out != (len(p) == 0) {
			return within("entry", i, unreadable("it has no payload, or a hash beside it"))
		}
		size += len(p)
	}
	if size > MaxBatch {
		return tooLarge("the batch has %d bytes; at most %d are taken", size, MaxBatch)
	}
	return nil
}

// ToProto is the batch as it travels. It shares the payloads' memory.
func (b Batch) ToProto() *daylightv1.Batch {
	p := &daylightv1.Batch{
		Writer:            b.Writer[:],
		CertificateSerial: b.Serial[:],
		FirstSeq:          uint64(b.FirstSeq),
		PreviousLink:      b.Previous[:],
		Seal:              b.Seal,
	}
	if b.Certificate != nil {
		p.Certificate = b.Certificate.ToProto()
	}
	if b.KnownAs != (fold.WriterID{}) {
		p.KnownAs = b.KnownAs[:]
	}
	for _, s := range b.Held {
		p.Held = append(p.Held, uint64(s))
	}
	for _, s := range b.Denied {
		p.Denied = append(p.Denied, uint64(s))
	}
	p.Answered = uint64(b.Answered)
	for i, payload := range b.Payloads {
		e := &daylightv1.Entry{Payload: payload}
		if h, out := b.Hashes[i]; out {
			e.Hash = h[:]
		}
		p.Entries = append(p.Entries, e)
	}
	return p
}

// FromProto reads a batch that somebody else may have written, and checks its
// certificate if it has one, but not its seal. Its errors are an [Error]. It
// shares the payloads' memory.
func FromProto(p *daylightv1.Batch) (Batch, error) {
	b := Batch{FirstSeq: fold.Seq(p.GetFirstSeq()), Answered: fold.Seq(p.GetAnswered()), Seal: p.GetSeal()}
	for _, f := range []struct {
		what     string
		into, is []byte
	}{
		{"the writer's id", b.Writer[:], p.GetWriter()},
		{"the certificate's serial", b.Serial[:], p.GetCertificateSerial()},
		{"the previous link", b.Previous[:], p.GetPreviousLink()},
	} {
		if len(f.is) != len(f.into) {
			return Batch{}, unreadable("%s has %d bytes and not %d", f.what, len(f.is), len(f.into))
		}
		copy(f.into, f.is)
	}
	if n := copy(b.KnownAs[:], p.GetKnownAs()); n != len(p.GetKnownAs()) || n != 0 && n != len(b.KnownAs) {
		return Batch{}, unreadable("the id that it is known as has %d bytes and not %d", len(p.GetKnownAs()), len(b.KnownAs))
	}
	if n := len(p.GetEntries()); n > MaxEntries {
		return Batch{}, tooLarge("the batch has %d entries; at most %d are taken", n, MaxEntries)
	}
	for i, e := range p.GetEntries() {
		b.Payloads = append(b.Payloads, e.GetPayload())
		switch {
		case len(e.GetHash()) == 0:
		case len(e.GetHash()) != len(Hash{}) || len(e.GetPayload()) > 0:
			return Batch{}, within("entry", i, unreadable("its hash has %d bytes and not %d, or its payload is there too", len(e.GetHash()), len(Hash{})))
		default:
			b.LeaveOut(i, Hash(e.GetHash()))
		}
	}
	for _, list := range []struct {
		from []uint64
		to   *[]fold.Seq
	}{{p.GetHeld(), &b.Held}, {p.GetDenied(), &b.Denied}} {
		for _, s := range list.from {
			if s-uint64(b.FirstSeq) >= uint64(len(b.Payloads)) {
				return Batch{}, unreadable("entry %d is said to be turned down, and is not in it", s)
			}
			*list.to = append(*list.to, fold.Seq(s))
		}
	}
	if p.GetCertificate() != nil {
		var err error
		if b.Certificate, err = CertificateFromProto(p.GetCertificate()); err != nil {
			return Batch{}, err
		}
	}
	if err := b.Check(); err != nil {
		return Batch{}, err
	}
	return b, nil
}
