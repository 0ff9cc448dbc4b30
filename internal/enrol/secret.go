package enrol

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

const (
	redacted    = "[secret]"
	proofDomain = "daylight/v1 enrol\x00"
)

// errNotWritten keeps secrets out of JSON and whatever else writes text by itself.
var errNotWritten = errors.New("a secret is only written where somebody asked for its text")

// Secret is what a code lets a device in with: 16 random bytes. It does not print;
// in a field that is not exported fmt would not know, so keep it in none.
type Secret [16]byte

// HashSecret is what is kept of a secret: its SHA-256, which is enough for 128
// random bits.
func HashSecret(s Secret) [32]byte { return sha256.Sum256(s[:]) }

// Format prints that there is a secret, whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs that there is a secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses.
func (Secret) MarshalText() ([]byte, error) { return nil, errNotWritten }

// Prove shows that whoever knows the secret has this key: Ed25519 over
// "daylight/v1 enrol" ‖ 0 ‖ secret.
func Prove(key ed25519.PrivateKey, s Secret) []byte {
	return ed25519.Sign(key, append([]byte(proofDomain), s[:]...))
}

// Proved reports whether the proof was made by [Prove] with the other half of the
// key.
func Proved(key ed25519.PublicKey, s Secret, proof []byte) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, append([]byte(proofDomain), s[:]...), proof)
}
