package enrol

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// seeded is randomness that is the same each time.
func seeded(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

func pinNumber(n byte) Pin { return Pin(bytes.Repeat([]byte{n}, 32)) }

// sampleCode is a usual one: one address, one pin.
func sampleCode() Code {
	return Code{
		Endpoints: []string{"https://sync.office.example"},
		Pins:      []Pin{pinNumber(0xa5)},
		Secret:    Secret{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	}
}

func keyNumber(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func publicNumber(n byte) ed25519.PublicKey { return keyNumber(n).Public().(ed25519.PublicKey) }

// wantError fails unless err is for a person, says so much, and says what to do.
func wantError(t testing.TB, err error, says string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an error for a person that says %q", err, says)
	}
	if !strings.Contains(e.Message, says) {
		t.Errorf("got %q, want it to say %q", e.Message, says)
	}
	if e.Hint == "" || !strings.Contains(e.Error(), e.Hint) {
		t.Errorf("%q does not say what to do", e)
	}
}

func drawEndpoint(t *rapid.T) string {
	return rapid.OneOf(
		rapid.StringMatching(`https://[a-z0-9]{1,12}(\.[a-z]{2,8}){0,3}(:[1-9][0-9]{0,3})?(/[a-z0-9]{1,5}){0,2}`),
		rapid.StringMatching(`https://[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}`),
		rapid.SampledFrom([]string{"http://localhost", "http://127.0.0.1:8080", "http://[::1]:80", "https://[2001:db8::1]", "https://xn--e1afmkfd.example"}),
	).Draw(t, "endpoint")
}

func drawCode(t *rapid.T) Code {
	c := Code{Endpoints: rapid.SliceOfN(rapid.Custom(drawEndpoint), 1, 3).Draw(t, "endpoints")}
	pin := rapid.Custom(func(t *rapid.T) Pin {
		return Pin(rapid.SliceOfN(rapid.ByteRange(1, 255), 32, 32).Draw(t, "pin"))
	})
	c.Pins = rapid.SliceOfNDistinct(pin, 1, 2, rapid.ID[Pin]).Draw(t, "pins")
	c.Secret = Secret(rapid.SliceOfN(rapid.ByteRange(1, 255), 16, 16).Draw(t, "secret"))
	return c
}
