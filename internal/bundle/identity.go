package bundle

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"filippo.io/age"
)

const redacted = "[secret]"

// errNotWritten keeps identities out of JSON and whatever else writes text by itself.
var errNotWritten = errors.New("an identity is only written where somebody asked for its secret")

// Identity opens bundles: an X25519 key pair of age. The zero Identity opens none.
// It does not print.
type Identity struct {
	key *age.X25519Identity
}

// NewIdentity makes one from the system's randomness, as age does.
func NewIdentity() (Identity, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return Identity{}, fmt.Errorf("making an identity: %w", err)
	}
	return Identity{key}, nil
}

// ParseIdentity reads what Secret wrote. Its error repeats nothing of the text.
func ParseIdentity(text string) (Identity, error) {
	key, err := age.ParseX25519Identity(text)
	if err != nil || key.String() != text {
		return Identity{}, &Error{
			Kind:    ErrIdentity,
			Message: "this is not the secret half of a bundle key; nothing was changed",
			Hint:    "It is one line that begins with AGE-SECRET-KEY-1, in capitals: give the whole of it.",
		}
	}
	return Identity{key}, nil
}

// Recipient is what others make bundles to: "age1..."; empty for the zero Identity.
func (i Identity) Recipient() string {
	if i.IsZero() {
		return ""
	}
	return i.key.Recipient().String()
}

// Secret is the identity to be stored: "AGE-SECRET-KEY-1..."; empty for the zero
// Identity. The age program reads it too.
func (i Identity) Secret() string {
	if i.IsZero() {
		return ""
	}
	return i.key.String()
}

// IsZero reports whether there is no key.
func (i Identity) IsZero() bool { return i.key == nil }

// Format prints that there is an identity, whatever the verb.
func (Identity) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String says that there is an identity.
func (Identity) String() string { return redacted }

// GoString says that there is an identity.
func (Identity) GoString() string { return redacted }

// LogValue logs that there is an identity.
func (Identity) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses.
func (Identity) MarshalText() ([]byte, error) { return nil, errNotWritten }

// CheckRecipient says why nobody could make a bundle to this, or nothing. Only the
// one text of a recipient is taken. Its error does not repeat the text, which may be
// a secret in the wrong place.
func CheckRecipient(s string) error {
	_, err := parseRecipient(s)
	return err
}

// parseRecipient also tries the key: there are points on the curve to which nothing
// can be encrypted.
func parseRecipient(s string) (*age.X25519Recipient, error) {
	r, err := age.ParseX25519Recipient(s)
	if err == nil && r.String() == s {
		if _, err := r.Wrap(make([]byte, 16)); err == nil {
			return r, nil
		}
	}
	return nil, &Error{
		Kind:    ErrRecipient,
		Message: "this is not a key that a bundle can be made to; nothing was written",
		Hint:    "It is one line that begins with age1, in small letters: give the whole of it.",
	}
}
