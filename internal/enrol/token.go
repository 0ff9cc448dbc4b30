package enrol

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const (
	tokenPrefix = "dl_"
	bearer      = "Bearer"
)

var tokenText = base64.RawURLEncoding.Strict()

var errToken = &Error{
	Message: "the token of this request is not one of Daylight's; nothing was done",
	Hint:    "Send it as it was given out: Authorization: Bearer dl_... with 43 characters behind the dl_.",
}

// Token is what a device is known by after its enrolment: 256 random bits. Like a
// [Secret] it does not print.
type Token [32]byte

// NewToken makes one.
func NewToken(random io.Reader) (t Token, err error) {
	if _, err := io.ReadFull(random, t[:]); err != nil {
		return Token{}, fmt.Errorf("making a token: %w", err)
	}
	return t, nil
}

// ParseToken reads what Text wrote.
func ParseToken(text string) (t Token, err error) {
	body, ok := strings.CutPrefix(text, tokenPrefix)
	if !ok || len(body) != tokenText.EncodedLen(len(t)) || strings.ContainsAny(body, "\r\n") {
		return t, errToken
	}
	b, err := tokenText.DecodeString(body)
	if err != nil {
		return t, errToken
	}
	return Token(b), nil
}

// ParseAuthorization reads what Authorization wrote, the scheme in any case (RFC
// 9110, section 11.1).
func ParseAuthorization(header string) (Token, error) {
	scheme, text, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, bearer) {
		return Token{}, errToken
	}
	return ParseToken(strings.TrimLeft(text, " "))
}

// Text is the token as it is given out: dl_ and 43 characters of base64url. The
// prefix lets a search for leaked secrets find it.
func (t Token) Text() string { return tokenPrefix + tokenText.EncodeToString(t[:]) }

// Authorization is the value of the header of that name.
func (t Token) Authorization() string { return bearer + " " + t.Text() }

// Hash is the SHA-256: what the server keeps, and looks a token up by. The time of
// the look-up tells about the hash, of which nobody can make the token, so nothing
// has to be compared in constant time.
func (t Token) Hash() [32]byte { return sha256.Sum256(t[:]) }

// Format prints that there is a token, whatever the verb.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs that there is a token.
func (Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText refuses.
func (Token) MarshalText() ([]byte, error) { return nil, errNotWritten }
