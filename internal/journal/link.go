package journal

import (
	"crypto/sha256"

	"github.com/daylight-npm/daylight/internal/fold"
)

const chainDomain = "daylight/v1 chain\x00"

// Genesis is the link before a writer's first entry. It binds the chain to its
// writer, so that one writer's entries cannot be passed off as another's.
func Genesis(w fold.WriterID) fold.Link {
	b := make([]byte, 0, len(chainDomain)+len(w))
	b = append(b, chainDomain...)
	return sha256.Sum256(append(b, w[:]...))
}

// Next is the link of the entry with this payload that follows prev.
func Next(prev fold.Link, payload []byte) fold.Link {
	return NextHash(prev, sha256.Sum256(payload))
}

// NextHash is Next for an entry of whose payload only the SHA-256 is known.
func NextHash(prev fold.Link, payloadHash [sha256.Size]byte) fold.Link {
	var b [len(prev) + len(payloadHash)]byte
	copy(b[:], prev[:])
	copy(b[len(prev):], payloadHash[:])
	return sha256.Sum256(b[:])
}

// BranchID is the id under which a branch is folded that begins with the entry
// of this link: everybody who sees the fork computes the same id.
func BranchID(first fold.Link) fold.WriterID {
	sum := sha256.Sum256(first[:])
	return fold.WriterID(sum[:len(fold.WriterID{})])
}

// AdmittedID is the id under which an entry is folded that was held and then
// admitted by a person: like a branch of one entry.
func AdmittedID(entry fold.Link) fold.WriterID { return BranchID(entry) }
