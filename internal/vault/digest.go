package vault

import (
	"crypto/hmac"
	"crypto/sha256"
)

// Digest is a keyed digest (HMAC-SHA256) of content that this device has sealed to
// others and may no longer open: it tells whether a text is the same one, to whoever
// has this vault alone.
func (k *Keys) Digest(content []byte) []byte {
	m := hmac.New(sha256.New, k.digest)
	m.Write(content)
	return m.Sum(nil)
}

// SameDigest compares in constant time.
func (k *Keys) SameDigest(content, digest []byte) bool {
	return hmac.Equal(k.Digest(content), digest)
}
