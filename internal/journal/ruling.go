package journal

import (
	"crypto/sha256"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// RulingKind is what a person at the office decides about an entry that is held.
type RulingKind = daylightv1.RulingKind

// The kinds of rulings, short.
const (
	Admit  = daylightv1.RulingKind_RULING_KIND_ADMIT
	Leave  = daylightv1.RulingKind_RULING_KIND_LEAVE
	Reopen = daylightv1.RulingKind_RULING_KIND_REOPEN
)

// Ruling decides about the entry of that link, which is held. A change with one edits no
// records of its own: what it admits is in the entry, as its writer signed it.
type Ruling struct {
	Link fold.Link
	Kind RulingKind
}

// AdmittedID is the writer under whose name an entry that was held is folded when a person
// admits it, as that writer's only one. Other than a branch's, every log gives the same:
// it stands for this entry alone, and nothing can follow it.
func AdmittedID(l fold.Link) fold.WriterID {
	sum := sha256.Sum256(l[:])
	return fold.WriterID(sum[:len(fold.WriterID{})])
}

func (c Change) checkRuling() error {
	switch {
	case len(c.Records) > 0:
		return unreadable("a ruling, and edits of records")
	case c.Ruling.Link == fold.Link{}:
		return unreadable("a ruling about nothing")
	case c.Ruling.Kind < Admit || c.Ruling.Kind > Reopen:
		return unreadable("no such ruling")
	case len(c.Reason) > MaxReason:
		return tooLarge("the reason has %d bytes; at most %d are taken", len(c.Reason), MaxReason)
	case !utf8.ValidString(c.Reason):
		return unreadable("the reason is no text")
	}
	return nil
}

func (r Ruling) encode() (b []byte) {
	b = appendBytes(b, rulingLink, r.Link[:])
	return appendUint(b, rulingKind, uint64(r.Kind))
}

func decodeRuling(f field) (*Ruling, error) {
	if err := f.want(protowire.BytesType); err != nil {
		return nil, err
	}
	r := &Ruling{}
	return r, eachField(f.b, func(f field) error {
		switch f.num {
		case rulingLink:
			return f.fill(r.Link[:], "the link")
		case rulingKind:
			r.Kind = RulingKind(f.n)
			return f.wantUint(uint64(Reopen))
		}
		return nil
	})
}
