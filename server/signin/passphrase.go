package signin

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Cost is what one hash of Argon2id takes (RFC 9106).
type Cost struct {
	// Passes over the memory, KiB of it, and Lanes.
	Passes, KiB uint32
	Lanes       uint8
}

// usualCost takes 32 MiB, so that two at a time leave the server its memory; it is above
// what OWASP asks for.
var usualCost = Cost{Passes: 3, KiB: 32 << 10, Lanes: 1}

const (
	shortest = 15  // characters
	longest  = 256 // characters
)

// WeakError says why a passphrase is not taken.
type WeakError struct{ Why Weakness }

// Weakness is what makes a passphrase easy to guess.
type Weakness string

// The weaknesses.
const (
	TooShort  Weakness = "short"
	TooLong   Weakness = "long"
	TooCommon Weakness = "common"
	TooLike   Weakness = "name"
)

// Error names the weakness.
func (e *WeakError) Error() string {
	return "signin: the passphrase is easy to guess: " + string(e.Why)
}

// common are beginnings that guessing programs try first, in the form that squeezed gives.
var common = []string{
	"password", "passphrase", "passwort", "letmein", "iloveyou", "qwerty", "qwertz", "azerty", "йцукен", "пароль", "123456", "abcdef", "abc123",
	"admin", "welcome", "changeme", "secret", "daylight", "ombudsman", "ombudsperson", "омбудсман", "correcthorsebatterystaple", "trustno1", "monkey", "dragon",
}

// normal is a passphrase as it is compared: signs that look alike are one (NFKC).
func normal(passphrase string) string { return norm.NFKC.String(passphrase) }

// squeezed has letters and digits alone, all small.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, cases.Fold().String(normal(s)))
}

// CheckPassphrase says why a passphrase is not taken from somebody of these names: a
// *WeakError, or nil.
func CheckPassphrase(passphrase string, names ...string) error {
	p := normal(passphrase)
	n, s := utf8.RuneCountInString(p), squeezed(p)
	switch {
	case n < shortest:
		return &WeakError{TooShort}
	case n > longest:
		return &WeakError{TooLong}
	case few(p) || repeats(s) || climbs(s):
		return &WeakError{TooCommon}
	}
	for _, c := range common {
		if rest := strings.ReplaceAll(s, c, ""); rest != s && utf8.RuneCountInString(strings.TrimFunc(rest, unicode.IsDigit)) < 8 {
			return &WeakError{TooCommon}
		}
	}
	for _, name := range names {
		if c := squeezed(name); utf8.RuneCountInString(c) >= 4 && utf8.RuneCountInString(strings.ReplaceAll(s, c, "")) < 10 {
			return &WeakError{TooLike}
		}
	}
	return nil
}

// few: hardly any different signs.
func few(p string) bool {
	seen := map[rune]bool{}
	for _, r := range p {
		seen[r] = true
	}
	return len(seen) < 6
}

// repeats: one short piece again and again.
func repeats(s string) bool {
	r := []rune(s)
	for n := 1; n <= 8 && n*2 <= len(r); n++ {
		same := true
		for i := n; i < len(r) && same; i++ {
			same = r[i] == r[i-n]
		}
		if same {
			return true
		}
	}
	return false
}

// climbs: nearly every sign is the next one after the one before, or the one before it.
func climbs(s string) bool {
	r := []rune(s)
	steps := 0
	for i := 1; i < len(r); i++ {
		if d := r[i] - r[i-1]; d == 1 || d == -1 || d == 0 {
			steps++
		}
	}
	return len(r) > 1 && steps*10 >= (len(r)-1)*8
}

// hash gives what is kept of a passphrase, in the form of the reference implementation.
func (s *Signins) hash(ctx context.Context, passphrase string) (string, error) {
	salt := make([]byte, 16)
	if err := s.fill(salt); err != nil {
		return "", err
	}
	sum, err := s.derive(ctx, passphrase, salt, s.cost)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.cost.KiB, s.cost.Passes, s.cost.Lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), err
}

// derive waits for its turn: the memory of the hashes at a time is bounded.
func (s *Signins) derive(ctx context.Context, passphrase string, salt []byte, c Cost) ([]byte, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(normal(passphrase)), salt, c.Passes, c.KiB, c.Lanes, 32), nil
}

// matches says whether a passphrase is the one of which kept is kept. Where nothing is, it
// takes as long and does not match.
func (s *Signins) matches(ctx context.Context, kept, passphrase string) (bool, error) {
	there := kept != ""
	if !there {
		kept = s.dummy
	}
	salt, sum, c, err := readHash(kept)
	if err != nil {
		return false, err
	}
	if utf8.RuneCountInString(passphrase) > longest*4 {
		passphrase = ""
	}
	got, err := s.derive(ctx, passphrase, salt, c)
	return err == nil && there && subtle.ConstantTimeCompare(got, sum) == 1, err
}

// The costs that a kept hash may ask for.
const (
	mostKiB    = 1 << 20
	mostPasses = 64
)

func readHash(kept string) (salt, sum []byte, c Cost, err error) {
	var version int
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return nil, nil, c, fmt.Errorf("signin: what is kept of a passphrase cannot be read")
	}
	_, err = fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &c.KiB, &c.Passes, &c.Lanes)
	if err == nil {
		salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	}
	if err == nil {
		sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	if err != nil || version != argon2.Version || c.KiB > mostKiB || c.Passes == 0 || c.Passes > mostPasses || c.Lanes == 0 {
		return nil, nil, c, fmt.Errorf("signin: what is kept of a passphrase cannot be read")
	}
	return salt, sum, c, nil
}
