package signin

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 as every app knows it
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// One-time codes are those of RFC 6238 with SHA-1, six digits and steps of 30 seconds: what
// every app for them can do.
const (
	stepMS    = 30_000
	otpSecret = 20 // bytes, as RFC 4226 asks for
)

// codeAt is the code of a step.
func codeAt(secret []byte, step int64) string {
	m := hmac.New(sha1.New, secret)
	_ = binary.Write(m, binary.BigEndian, step)
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// stepOf finds the step whose code was typed, of the present one and its neighbours, since
// clocks differ; only one after that which was used last. False: none.
func stepOf(secret []byte, typed string, nowMS, used int64) (step int64, ok bool) {
	digits := strings.Map(asDigit, typed)
	if len(secret) == 0 || len(digits) != 6 {
		return 0, false
	}
	for d := int64(-1); d <= 1; d++ {
		at := nowMS/stepMS + d
		if subtle.ConstantTimeCompare([]byte(codeAt(secret, at)), []byte(digits)) == 1 && at > used {
			step, ok = at, true
		}
	}
	return step, ok
}

// asDigit reads digits of any script, and passes over spaces.
func asDigit(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return r
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case unicode.IsSpace(r):
		return -1
	}
	return 'x'
}

// Offer is a secret of one-time codes for an app to take.
type Offer struct {
	// Secret is to be typed, in base 32; URL is what a QR code says.
	Secret, URL string
}

func offerOf(secret []byte, office, account string) Offer {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	q := url.Values{"secret": {text}, "issuer": {office}}
	label := url.PathEscape(office + ":" + account)
	return Offer{Secret: text, URL: "otpauth://totp/" + label + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")}
}
