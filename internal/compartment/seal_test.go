package compartment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func seal(t testing.TB, k Key, content string) []byte {
	t.Helper()
	sealed, err := Seal(k.Public(), []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestAnyJSONComesBack(t *testing.T) {
	k := newKey(t)
	rapid.Check(t, func(t *rapid.T) {
		content, err := json.Marshal(map[string]any{
			rapid.String().Draw(t, "name"): rapid.String().Draw(t, "text"),
			"n":                            rapid.SliceOf(rapid.Int()).Draw(t, "numbers"),
			"long":                         strings.Repeat("  word\n ", rapid.IntRange(0, 9000).Draw(t, "times")),
		})
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := Seal(k.Public(), content)
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Open(sealed)
		if err != nil || !bytes.Equal(got, content) {
			t.Fatalf("got %d bytes of %d, %v", len(got), len(content), err)
		}
	})
}

func TestLengthsSayLittle(t *testing.T) {
	k := newKey(t)
	if a, b := len(seal(t, k, strings.Repeat("x", 10))), len(seal(t, k, strings.Repeat("x", 200))); a != b {
		t.Errorf("10 bytes are sealed in %d, 200 in %d", a, b)
	}
	classes := map[int]bool{}
	for n := range MaxContent + 1 {
		p := padded(n)
		if p < n || p < 256 || n > 256 && float64(p) > 1.12*float64(n) {
			t.Fatalf("%d bytes take %d", n, p)
		}
		classes[p] = true
	}
	if len(classes) > 150 {
		t.Errorf("there are %d lengths", len(classes))
	}
	// Computed by another program, after the paper.
	for n, want := range map[int]int{0: 256, 256: 256, 257: 272, 300: 304, 1000: 1024, 4097: 4352, 65535: 65536, 98303: 98304, MaxContent: 98304} {
		if got := padded(n); got != want {
			t.Errorf("%d bytes take %d, want %d", n, got, want)
		}
	}
}

func TestSealingTwiceGivesTwoBodies(t *testing.T) {
	k := newKey(t)
	if bytes.Equal(seal(t, k, "{}"), seal(t, k, "{}")) {
		t.Error("whoever sees both knows that they say the same")
	}
}

func TestOnlyTheKeyOpens(t *testing.T) {
	k := newKey(t)
	sealed := seal(t, k, `{"note":"x"}`)
	_, err := newKey(t).Open(sealed)
	wantError(t, err, ErrNotForKey)
	_, err = Key{}.Open(sealed)
	wantError(t, err, ErrNotForKey)
}

func TestEveryFlippedBitOfABodyIsRefused(t *testing.T) {
	k := newKey(t)
	eachFlip(seal(t, k, `{"note":"x"}`), func(bit int, flipped []byte) {
		content, err := k.Open(flipped)
		if content != nil || !errors.Is(err, ErrAltered) && !errors.Is(err, ErrNotForKey) {
			t.Fatalf("bit %d: got %q, %v", bit, content, err)
		}
		if bit/8 >= len(flipped)-200 && !errors.Is(err, ErrAltered) {
			t.Fatalf("bit %d is behind the first lines: %v", bit, err)
		}
	})
}

func TestACutOrLongerBodyIsRefused(t *testing.T) {
	k := newKey(t)
	sealed := seal(t, k, `{"note":"x"}`)
	for n := range sealed {
		_, err := k.Open(sealed[:n])
		wantError(t, err, ErrAltered)
	}
	_, err := k.Open(append(bytes.Clone(sealed), 0))
	wantError(t, err, ErrAltered)
}

func TestTooMuchIsRefused(t *testing.T) {
	k := newKey(t)
	if got, err := k.Open(seal(t, k, strings.Repeat("x", MaxContent))); err != nil || len(got) != MaxContent {
		t.Errorf("the most that can be sealed: got %d bytes, %v", len(got), err)
	}
	_, err := Seal(k.Public(), make([]byte, MaxContent+1))
	wantError(t, err, ErrTooLarge)
	_, err = k.Open(make([]byte, MaxSealed+1))
	wantError(t, err, ErrTooLarge)
}

func TestManyRecipientsAreRefusedBeforeTheyCost(t *testing.T) {
	k := newKey(t)
	file := func(n int) []byte {
		sealed := seal(t, k, "{}")
		return bytes.Replace(sealed, []byte(intro), []byte(intro+strings.Repeat("-> grease\n\n", n)), 1)
	}
	// The header's code is over all lines, so neither opens; the first is looked at.
	for n, want := range map[int]string{maxStanzas - 1: "bad header MAC", maxStanzas: "too many recipients"} {
		_, err := k.Open(file(n))
		wantError(t, err, ErrAltered)
		var e *Error
		if errors.As(err, &e); !strings.Contains(fmt.Sprint(e.Cause), want) {
			t.Errorf("%d: %v", n, e.Cause)
		}
	}
}

func TestNothingIsSealedToWhatIsNoKey(t *testing.T) {
	const lowOrder = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"
	for _, bad := range []string{"", "age1", lowOrder, newKey(t).Secret(), " " + newKey(t).Public(), strings.ToUpper(newKey(t).Public()), newHybridReader(t).recipient} {
		_, err := Seal(bad, []byte("{}"))
		wantError(t, err, ErrKey)
	}
}
