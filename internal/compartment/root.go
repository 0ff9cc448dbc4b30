package compartment

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"

	"github.com/daylight-npm/daylight/internal/enrol"
)

const (
	rootPrefix = "DAYLIGHT-ROOT-KEY-"
	// maxRootText bounds what is looked at: a key with a space behind each character.
	// maxKeyFile bounds it with its remarks.
	maxRootText = 256
	maxKeyFile  = 4 << 10
	rootWords   = "daylight/v1 root words\x00"
)

var rootText = base32.StdEncoding.WithPadding(base32.NoPadding)

// RootKey is the office's own key, Ed25519. What it signs is what the office says, and
// it is never on a server. The zero RootKey signs nothing. It does not print.
type RootKey struct {
	pair hidden[ed25519.PrivateKey]
}

// NewRootKey makes one from the system's randomness.
func NewRootKey() (RootKey, error) {
	_, pair, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return RootKey{}, fmt.Errorf("making a root key: %w", err)
	}
	return RootKey{hide(pair)}, nil
}

// ParseRootKey reads the text that the office was shown when it was made, in capitals
// or not, with spaces and line ends wherever they are. Lines that begin with # are
// remarks. Its error repeats nothing of the text.
func ParseRootKey(text string) (RootKey, error) {
	if len(text) > maxKeyFile {
		return RootKey{}, notRootKey("it is too long")
	}
	if text = withoutRemarks(text); len(text) > maxRootText {
		return RootKey{}, notRootKey("it is too long")
	}
	text = strings.ToUpper(strings.Join(strings.FieldsFunc(text, unicode.IsSpace), ""))
	body, ok := strings.CutPrefix(text, rootPrefix)
	if !ok {
		return RootKey{}, notRootKey("it does not begin with " + rootPrefix)
	}
	if strings.ContainsAny(body, "0189") {
		return RootKey{}, notRootKey("it has a 0, 1, 8 or 9, which no root key has: look whether they are an O, I, B or G")
	}
	want := rootText.EncodedLen(ed25519.SeedSize)
	if len(body) != want {
		return RootKey{}, notRootKey(fmt.Sprintf("behind %s there are %d characters, and there have to be %d", rootPrefix, len(body), want))
	}
	seed, err := rootText.DecodeString(body)
	if err != nil || rootText.EncodeToString(seed) != body {
		return RootKey{}, notRootKey("it has a character that is not in its place")
	}
	pair := ed25519.NewKeyFromSeed(seed)
	return RootKey{hide(pair)}, nil
}

// Public is what devices know the office by; nil for the zero RootKey.
func (r RootKey) Public() ed25519.PublicKey {
	if r.IsZero() {
		return nil
	}
	return r.pair().Public().(ed25519.PublicKey)
}

// Secret is the text that ParseRootKey reads; empty for the zero RootKey.
func (r RootKey) Secret() string {
	if r.IsZero() {
		return ""
	}
	return rootPrefix + rootText.EncodeToString(r.pair().Seed())
}

// IsZero reports whether there is no key.
func (r RootKey) IsZero() bool { return r.pair == nil }

// Format prints that there is a key, whatever the verb.
func (RootKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String says that there is a key.
func (RootKey) String() string { return redacted }

// GoString says that there is a key.
func (RootKey) GoString() string { return redacted }

// LogValue logs that there is a key.
func (RootKey) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses.
func (RootKey) MarshalText() ([]byte, error) { return nil, errNotWritten }

// RootWords are six words that show which root key this is: where a device and the desk
// show the same ones, the device knows the office's own key and not its server's.
func RootWords(public ed25519.PublicKey) [6]string {
	return enrol.WordsOf(rootWords, public)
}

// PublicRoot is the one text of a root key's public half: base 64, 44 characters.
func PublicRoot(public ed25519.PublicKey) string {
	return base64.StdEncoding.EncodeToString(public)
}

// ParsePublicRoot reads what PublicRoot wrote and no other; ErrRootKey. Its error does not
// repeat the text, which may be a secret in the wrong place.
func ParsePublicRoot(text string) (ed25519.PublicKey, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != ed25519.PublicKeySize || PublicRoot(b) != text {
		return nil, &Error{
			Kind:    ErrRootKey,
			Message: "this is not the public half of a root key; nothing was changed",
			Hint:    "It has 44 characters and ends with =, as daylight office new-key root showed it: give the whole of it.",
		}
	}
	return b, nil
}

// withoutRemarks leaves out the lines that begin with #.
func withoutRemarks(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func notRootKey(why string) error {
	return &Error{
		Kind:    ErrRootKey,
		Message: "this is not the office's root key: " + why + "; nothing was signed",
		Hint:    "It begins with " + rootPrefix + ", as daylightd init showed it: compare it with what was written down then.",
	}
}
