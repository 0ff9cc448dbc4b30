package compartment

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"filippo.io/age"
)

const redacted = "[secret]"

// errNotWritten keeps secrets out of JSON and whatever else writes text by itself.
var errNotWritten = errors.New("a key is only written where somebody asked for its secret")

// Key is the key pair of one compartment of one visit, as one device made it: an
// X25519 identity of age. The zero Key opens nothing. It does not print.
type Key struct {
	pair hidden[*age.X25519Identity]
}

// hidden gives what is kept behind it. fmt may not ask an unexported field how it prints,
// and then prints all that it can reach; of a function it shows the address only.
type hidden[T any] func() T

func hide[T any](v T) hidden[T] { return func() T { return v } }

// NewKey makes one from the system's randomness, as age does.
func NewKey() (Key, error) {
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		return Key{}, fmt.Errorf("making a compartment's key: %w", err)
	}
	return Key{hide(pair)}, nil
}

// ParseKey reads what Secret wrote. Its error repeats nothing of the text.
func ParseKey(secret string) (Key, error) {
	pair, err := age.ParseX25519Identity(secret)
	if err != nil || pair.String() != secret {
		return Key{}, &Error{
			Kind:    ErrKey,
			Message: "this is not the secret half of a compartment's key; nothing was opened",
			Hint:    "It is one line that begins with AGE-SECRET-KEY-1, in capitals: give the whole of it.",
		}
	}
	return Key{hide(pair)}, nil
}

// Public is the half that others seal to: "age1..."; empty for the zero Key.
func (k Key) Public() string {
	if k.IsZero() {
		return ""
	}
	return k.pair().Recipient().String()
}

// Secret is the half that opens: "AGE-SECRET-KEY-1..."; empty for the zero Key. The
// age program reads it too.
func (k Key) Secret() string {
	if k.IsZero() {
		return ""
	}
	return k.pair().String()
}

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k.pair == nil }

// Format prints that there is a key, whatever the verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String says that there is a key.
func (Key) String() string { return redacted }

// GoString says that there is a key.
func (Key) GoString() string { return redacted }

// LogValue logs that there is a key.
func (Key) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses.
func (Key) MarshalText() ([]byte, error) { return nil, errNotWritten }
