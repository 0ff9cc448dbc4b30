package journal

import (
	"crypto/sha256"

	"github.com/daylight-npm/daylight/internal/fold"
)

const (
	chainDomain  = "daylight/v1 chain\x00"
	branchDomain = "daylight/v1 branch\x00"
)

// Hash is the SHA-256 of a payload.
type Hash = [sha256.Size]byte

// HashOf is that of a payload.
func HashOf(payload []byte) Hash { return sha256.Sum256(payload) }

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
func NextHash(prev fold.Link, payloadHash Hash) fold.Link {
	var b [len(prev) + len(payloadHash)]byte
	copy(b[:], prev[:])
	copy(b[len(prev):], payloadHash[:])
	return sha256.Sum256(b[:])
}

// BranchID is the id of a branch that begins with the entry of this link, given
// while the office's log has this epoch. What follows that entry may have been
// something else in a log that was lost, so no other log gives the same id.
func BranchID(epoch []byte, first fold.Link) fold.WriterID {
	b := make([]byte, 0, len(branchDomain)+len(epoch)+len(first))
	b = append(append(b, branchDomain...), epoch...)
	sum := sha256.Sum256(append(b, first[:]...))
	return fold.WriterID(sum[:len(fold.WriterID{})])
}
