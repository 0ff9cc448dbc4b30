package compartment

import (
	"bytes"
	"encoding/base32"
	"errors"
	"fmt"
	"testing"
	"time"

	"filippo.io/age"
)

func newKey(t testing.TB) Key {
	t.Helper()
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// pair is somebody who may read: what is wrapped for them, and what opens it.
type pair struct{ recipient, identity string }

func newReader(t testing.TB) pair {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return pair{i.Recipient().String(), i.String()}
}

func newHybridReader(t testing.TB) pair {
	t.Helper()
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return pair{i.Recipient().String(), i.String()}
}

// rootNumber is the root key whose seed is n, 32 times.
func rootNumber(t testing.TB, n byte) RootKey {
	t.Helper()
	seed := bytes.Repeat([]byte{n}, 32)
	r, err := ParseRootKey(rootPrefix + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// here is where the keys of most tests belong.
var here = Place{Medical, "0190e9c4-6a00-7abc-8def-000000000001"}

func deviceNumber(n int) string { return fmt.Sprintf("0190e9c4-6a00-7abc-8def-%012x", n) }

func sampleList(t testing.TB) List {
	one, two := newReader(t), newHybridReader(t)
	return List{
		Office: "The Office", Version: 3, Issued: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC),
		Recovery: newReader(t).recipient,
		Readers: []Reader{
			{Medical, one.recipient, deviceNumber(1), "Dr. of the office, desk 2"},
			{Interview, two.recipient, deviceNumber(2), "Рецензент, стіл 1"},
			{Interview, one.recipient, deviceNumber(1), "Dr. of the office, desk 2"},
		},
	}
}

func encode(t testing.TB, l List) []byte {
	t.Helper()
	text, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func sign(t testing.TB, l List, by RootKey) []byte {
	t.Helper()
	signed, err := Sign(l, by)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// wantError fails unless err is of the kind, and says something to a person.
func wantError(t testing.TB, err, kind error) {
	t.Helper()
	var e *Error
	if !errors.Is(err, kind) || !errors.As(err, &e) || e.Message == "" || e.Hint == "" {
		t.Errorf("got %v, want %v", err, kind)
	}
}

// eachFlip calls with a copy of b for each of its bits, that bit being another.
func eachFlip(b []byte, with func(bit int, flipped []byte)) {
	for bit := range 8 * len(b) {
		flipped := bytes.Clone(b)
		flipped[bit/8] ^= 1 << (bit % 8)
		with(bit, flipped)
	}
}
