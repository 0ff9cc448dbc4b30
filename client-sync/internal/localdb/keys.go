package localdb

import "encoding/json"

// Keys are what the device writes and reads with.
type Keys struct {
	// Seed is that of the Ed25519 key of its seals, 32 bytes (RFC 8032).
	Seed []byte
	// Certificate is encoded, see journal.Certificate.
	Certificate []byte
	// BundleIdentity opens what is encrypted for this device: an identity of age, as text.
	BundleIdentity string
}

// Keys gives what PutKeys stored; the zero Keys when nothing was.
func (b *Book) Keys() (k Keys, err error) {
	content, err := b.single("keys")
	if err != nil || content == nil {
		return k, err
	}
	return k, json.Unmarshal(content, &k)
}

// PutKeys stores them in the place of any that were there.
func (b *Book) PutKeys(k Keys) error {
	content, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return b.putSingle("keys", content)
}
