package compartment

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"
)

func wrap(t testing.TB, k Key, recipient string) []byte {
	t.Helper()
	w, err := k.Wrap(recipient, here)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// rewrap is what somebody else makes for a reader, whatever is in it.
func rewrap(t testing.TB, recipient, content string) []byte {
	t.Helper()
	r, err := parseRecipient(recipient)
	if err != nil {
		t.Fatal(err)
	}
	w, err := encrypt(r, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAReaderUnwrapsAndOpens(t *testing.T) {
	for name, reader := range map[string]pair{"X25519": newReader(t), "hybrid": newHybridReader(t)} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t)
			sealed, w := seal(t, k, `{"note":"x"}`), wrap(t, k, reader.recipient)
			got, err := Unwrap(w, reader.identity, k.Public(), here)
			if err != nil {
				t.Fatal(err)
			}
			if content, err := got.Open(sealed); err != nil || string(content) != `{"note":"x"}` {
				t.Errorf("got %q, %v", content, err)
			}
			_, err = Unwrap(w, newReader(t).identity, k.Public(), here)
			wantError(t, err, ErrNotForKey)
			_, err = Unwrap(w, newHybridReader(t).identity, k.Public(), here)
			wantError(t, err, ErrNotForKey)
		})
	}
}

func TestAnotherKeyThanTheOneNamedIsRefused(t *testing.T) {
	k, other, reader := newKey(t), newKey(t), newReader(t)
	got, err := Unwrap(wrap(t, other, reader.recipient), reader.identity, k.Public(), here)
	wantError(t, err, ErrOtherKey)
	if !got.IsZero() {
		t.Error("it was given out")
	}
}

// A server that copies a doctor's wrap into a record of another compartment would have the
// doctor's device give the key to whoever may read that one.
func TestAWrapIsGoodForItsPlaceOnly(t *testing.T) {
	k, reader := newKey(t), newReader(t)
	w := wrap(t, k, reader.recipient)
	for _, other := range []Place{{Interview, here.Visit}, {here.Compartment, "0190e9c4-6a00-7abc-8def-000000000002"}, {}} {
		got, err := Unwrap(w, reader.identity, k.Public(), other)
		wantError(t, err, ErrOtherKey)
		if !got.IsZero() {
			t.Errorf("it was given out for %v", other)
		}
	}
}

func TestAWrapHoldsOneKeyAndNothingElse(t *testing.T) {
	k, reader := newKey(t), newReader(t)
	for _, content := range []string{
		"", "\n", k.Secret() + "\n", here.line() + k.Secret(), here.line() + k.Secret() + "\n\n", "# mine\n" + k.Secret() + "\n",
		here.line() + k.Secret() + "\n" + newKey(t).Secret() + "\n", here.line() + here.line() + k.Secret() + "\n",
		here.line() + strings.ToLower(k.Secret()) + "\n", here.line() + newHybridReader(t).identity + "\n",
	} {
		_, err := Unwrap(rewrap(t, reader.recipient, content), reader.identity, k.Public(), here)
		wantError(t, err, ErrAltered)
		if strings.Contains(err.Error(), "AGE-SECRET") {
			t.Error("the error repeats it")
		}
	}
	_, err := Unwrap(make([]byte, maxWrap+1), reader.identity, k.Public(), here)
	wantError(t, err, ErrTooLarge)
}

// A hybrid wrap has many bytes that are all of a kind: one bit of each will do.
func TestEveryFlippedBitOfAWrapIsRefused(t *testing.T) {
	for name, reader := range map[string]pair{"X25519": newReader(t), "hybrid": newHybridReader(t)} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t)
			eachFlip(wrap(t, k, reader.recipient), func(bit int, flipped []byte) {
				if name == "hybrid" && bit%8 != bit/8%8 {
					return
				}
				got, err := Unwrap(flipped, reader.identity, k.Public(), here)
				if !got.IsZero() || !errors.Is(err, ErrAltered) && !errors.Is(err, ErrNotForKey) {
					t.Fatalf("bit %d: %v", bit, err)
				}
			})
		})
	}
}

func TestWrapIDIsTheReadersOwn(t *testing.T) {
	// Computed by another program.
	if got := WrapID("age1example"); got != "9c646124-2db8-824d-ac47-5a089125b698" {
		t.Error(got)
	}
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for range 200 {
		id := WrapID(newReader(t).recipient)
		if !form.MatchString(id) || seen[id] {
			t.Errorf("%s is no id of its own", id)
		}
		seen[id] = true
	}
}

func TestOnlyKeysOfAgeAreRecipients(t *testing.T) {
	tag := "age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e"
	for name, bad := range map[string]string{
		"nothing": "", "SSH": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEx", "a plugin": "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t",
		"a tag": tag, "a secret": newReader(t).identity, "two": newReader(t).recipient + "\n" + newReader(t).recipient, "a cut one": newHybridReader(t).recipient[:1900],
	} {
		t.Run(name, func(t *testing.T) {
			err := CheckRecipient(bad)
			wantError(t, err, ErrRecipient)
			if bad != "" && strings.Contains(err.Error(), bad) {
				t.Error("the error repeats it")
			}
			if _, err := newKey(t).Wrap(bad, here); !errors.Is(err, ErrRecipient) {
				t.Error(err)
			}
		})
	}
	for _, bad := range []string{"", "AGE-PLUGIN-YUBIKEY-1QQQ", "AGE-SECRET-KEY-1", newReader(t).recipient, newReader(t).identity + "\n"} {
		_, err := Unwrap(nil, bad, "", here)
		wantError(t, err, ErrIdentity)
	}
	_, err := Key{}.Wrap(newReader(t).recipient, here)
	wantError(t, err, ErrKey)
	if _, err := age.ParseX25519Recipient(newKey(t).Public()); err != nil {
		t.Error(err)
	}
}
