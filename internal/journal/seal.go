package journal

import (
	"crypto/ed25519"
	"encoding/binary"

	"github.com/daylight-npm/daylight/internal/fold"
)

const sealDomain = "daylight/v1 seal\x00"

// sealed is what a seal signs. The domain keeps the signature from meaning
// anything elsewhere.
func sealed(w fold.WriterID, seq fold.Seq, l fold.Link) []byte {
	b := make([]byte, 0, len(sealDomain)+len(w)+8+len(l))
	b = append(b, sealDomain...)
	b = append(b, w[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(seq))
	return append(b, l[:]...)
}

// Seal vouches for the entry at seq, whose link is l, and for all before it: 64
// bytes of Ed25519 (RFC 8032), the same for the same input.
func Seal(key ed25519.PrivateKey, w fold.WriterID, seq fold.Seq, l fold.Link) []byte {
	return ed25519.Sign(key, sealed(w, seq, l))
}

// VerifySeal reports whether seal was made by key's owner over exactly this. A key
// or seal of a wrong length verifies nothing.
func VerifySeal(key ed25519.PublicKey, w fold.WriterID, seq fold.Seq, l fold.Link, seal []byte) bool {
	return verify(key, sealed(w, seq, l), seal)
}

// verify never panics, as ed25519.Verify does on a key of a wrong length.
func verify(key ed25519.PublicKey, message, signature []byte) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, message, signature)
}
