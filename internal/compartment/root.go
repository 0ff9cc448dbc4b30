package compartment

import (
	"crypto/ed25519"
	"encoding/base32"
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
	maxRootText = 256
	rootWords   = "daylight/v1 root words\x00"
)

var rootText = base32.StdEncoding.WithPadding(base32.NoPadding)

// RootKey is the office's own key, Ed25519. What it signs is what the office says, and
// it is never on a server. The zero RootKey signs nothing. It does not print.
type RootKey struct {
	// pair is behind an address, which is all that fmt shows of a field that it may
	// not ask.
	pair *ed25519.PrivateKey
}

// ParseRootKey reads the text that the office was shown when it was made, in capitals
// or not, with spaces and line ends wherever they are. Its error repeats nothing of the
// text.
func ParseRootKey(text string) (RootKey, error) {
	if len(text) > maxRootText {
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
	return RootKey{&pair}, nil
}

// Public is what devices know the office by; nil for the zero RootKey.
func (r RootKey) Public() ed25519.PublicKey {
	if r.IsZero() {
		return nil
	}
	return r.pair.Public().(ed25519.PublicKey)
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

func notRootKey(why string) error {
	return &Error{
		Kind:    ErrRootKey,
		Message: "this is not the office's root key: " + why + "; nothing was signed",
		Hint:    "It begins with " + rootPrefix + ", as daylightd init showed it: compare it with what was written down then.",
	}
}
