package compartment

import (
	"bytes"
	"errors"
	"testing"
)

// wantRefused fails unless the error is one for a person.
func wantRefused(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Message == "" || e.Hint == "" {
		t.Errorf("got %v", err)
	}
}

// fuzzed is what is known of testdata/x25519.
func fuzzed(t testing.TB) (k Key, identity string, root RootKey) {
	t.Helper()
	k, err := ParseKey(fixtureLine(t, "x25519", "key.txt"))
	if err != nil {
		t.Fatal(err)
	}
	root, err = ParseRootKey(fixtureLine(t, "x25519", "root.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return k, fixtureLine(t, "x25519", "identity.txt"), root
}

func FuzzParse(f *testing.F) {
	for _, x := range fixtures {
		text, _, _ := bytes.Cut(fixture(f, x.name, "readers.txt"), []byte("\n\n"))
		f.Add(append(text, '\n'))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := Parse(text)
		if err != nil {
			wantRefused(t, err)
			return
		}
		if again, err := l.Encode(); err != nil || !bytes.Equal(again, text) {
			t.Errorf("it has another text too: %v\n%s", err, again)
		}
	})
}

func FuzzVerify(f *testing.F) {
	_, _, root := fuzzed(f)
	signed := fixture(f, "x25519", "readers.txt")
	f.Add(signed)
	f.Add(fixture(f, "hybrid", "readers.txt"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Verify(b, root.Public(), 0); err != nil {
			wantRefused(t, err)
		} else if !Same(b, signed) {
			t.Errorf("it was never signed:\n%s", b)
		}
	})
}

func FuzzOpen(f *testing.F) {
	k, _, _ := fuzzed(f)
	body := fixture(f, "x25519", "body")
	f.Add(body)
	f.Add(fixture(f, "hybrid", "body"))
	f.Fuzz(func(t *testing.T, b []byte) {
		content, err := k.Open(b)
		if err != nil {
			wantRefused(t, err)
		} else if !bytes.Equal(b, body) && len(content) > MaxSealed {
			t.Errorf("it has %d bytes", len(content))
		}
	})
}

func FuzzUnwrap(f *testing.F) {
	k, identity, _ := fuzzed(f)
	f.Add(fixture(f, "x25519", "wrap"))
	f.Add(fixture(f, "hybrid", "wrap"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Unwrap(b, identity, k.Public(), here)
		if err != nil {
			wantRefused(t, err)
		} else if got.Secret() != k.Secret() {
			t.Error("it is another key")
		}
	})
}
