package compartment

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"filippo.io/age"
)

// RecoveryKey is the office's way back to what nobody else can open any more: an
// identity of age, X25519 or hybrid, that is kept on paper. The zero RecoveryKey opens
// nothing. It does not print.
type RecoveryKey struct {
	pair hidden[recoveryPair]
}

type recoveryPair struct {
	identity          age.Identity
	secret, recipient string
}

// NewRecoveryKey makes one from the system's randomness, as age does. A hybrid one is to
// withstand quantum computers as well; its public half has 1,959 characters.
func NewRecoveryKey(hybrid bool) (RecoveryKey, error) {
	var secret string
	if hybrid {
		i, err := age.GenerateHybridIdentity()
		if err != nil {
			return RecoveryKey{}, fmt.Errorf("making a recovery key: %w", err)
		}
		secret = i.String()
	} else {
		i, err := age.GenerateX25519Identity()
		if err != nil {
			return RecoveryKey{}, fmt.Errorf("making a recovery key: %w", err)
		}
		secret = i.String()
	}
	return ParseRecoveryKey(secret)
}

// ParseRecoveryKey reads what Secret wrote, and a key file as the age tool writes it:
// lines that begin with # are remarks. ErrIdentity; its error repeats nothing of the text.
func ParseRecoveryKey(text string) (RecoveryKey, error) {
	if len(text) > maxKeyFile {
		return RecoveryKey{}, notIdentity()
	}
	secret := strings.TrimSpace(withoutRemarks(text))
	i, err := parseIdentity(secret)
	if err != nil {
		return RecoveryKey{}, err
	}
	p := recoveryPair{identity: i, secret: secret}
	switch i := i.(type) {
	case *age.X25519Identity:
		p.recipient = i.Recipient().String()
	case *age.HybridIdentity:
		p.recipient = i.Recipient().String()
	default:
		return RecoveryKey{}, notIdentity()
	}
	return RecoveryKey{hide(p)}, nil
}

// Recipient is what is wrapped for: "age1..." or "age1pq1..."; empty for the zero
// RecoveryKey.
func (r RecoveryKey) Recipient() string {
	if r.IsZero() {
		return ""
	}
	return r.pair().recipient
}

// Secret is the half that is written down; empty for the zero RecoveryKey. The age
// program reads it too.
func (r RecoveryKey) Secret() string {
	if r.IsZero() {
		return ""
	}
	return r.pair().secret
}

// Opens gives what is in a file of age that was made to the key: a wrap, or what a
// device keeps for the office. ErrNotForKey, ErrAltered and ErrTooLarge as of [Unwrap].
func (r RecoveryKey) Opens(file []byte) ([]byte, error) {
	switch {
	case len(file) > maxWrap:
		return nil, aWrap.tooLarge(len(file), maxWrap)
	case r.IsZero():
		return nil, aWrap.notForKey(nil)
	}
	return decrypt(aWrap, file, r.pair().identity)
}

// errProbe: the two halves of a key do not belong together.
var errProbe = errors.New("a probe did not come back as it was")

// Test wraps a new key for the recovery key and opens it again.
func (r RecoveryKey) Test() error {
	k, err := NewKey()
	if err != nil {
		return err
	}
	probe := Place{Identity, "a probe"}
	wrap, err := k.Wrap(r.Recipient(), probe)
	if err != nil {
		return err
	}
	again, err := Unwrap(wrap, r.Secret(), k.Public(), probe)
	if err == nil && again.Secret() != k.Secret() {
		err = errProbe
	}
	return err
}

// IsZero reports whether there is no key.
func (r RecoveryKey) IsZero() bool { return r.pair == nil }

// Format prints that there is a key, whatever the verb.
func (RecoveryKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String says that there is a key.
func (RecoveryKey) String() string { return redacted }

// GoString says that there is a key.
func (RecoveryKey) GoString() string { return redacted }

// LogValue logs that there is a key.
func (RecoveryKey) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses.
func (RecoveryKey) MarshalText() ([]byte, error) { return nil, errNotWritten }
