package vault

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func places() *rapid.Generator[Place] {
	text := rapid.StringMatching(`[a-z]{0,12}`)
	return rapid.Custom(func(t *rapid.T) Place {
		return Place{
			Table: text.Draw(t, "table"), Column: text.Draw(t, "column"),
			ID:     rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "id"),
			Beside: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "beside"),
		}
	})
}

func TestWhatIsSealedOpensInItsPlaceOnly(t *testing.T) {
	k := created(t, newVault(t))
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(t, "content")
		p := places().Draw(t, "place")
		stored := k.Seal(p, content)
		before := bytes.Clone(stored)
		got, err := k.Open(p, stored)
		if err != nil || !bytes.Equal(got, content) {
			t.Fatalf("opened %x, %v", got, err)
		}
		if !bytes.Equal(stored, before) {
			t.Fatal("opening it altered what is stored")
		}
		if len(stored) != overhead+Padded(len(content)) {
			t.Fatalf("%d bytes are stored for %d", len(stored), len(content))
		}
		if bytes.Equal(k.Seal(p, content), stored) {
			t.Fatal("the same content is sealed the same twice")
		}
		other := places().Draw(t, "another place")
		if spelled(other) == spelled(p) {
			return
		}
		if _, err := k.Open(other, stored); !errors.Is(err, ErrAltered) {
			t.Fatalf("in %+v it opens too: %v", other, err)
		}
	})
}

// spelled is a place as a test would tell two apart.
func spelled(p Place) [4]string {
	return [4]string{p.Table, p.Column, string(p.ID), string(p.Beside)}
}

// Where one part of a place ends, the next begins, and no byte may cross.
func TestNeighbouringPartsOfAPlaceAreNotConfused(t *testing.T) {
	k := created(t, newVault(t))
	all := []Place{
		{Table: "ab", Column: "c"}, {Table: "a", Column: "bc"}, {Table: "abc"}, {Column: "abc"},
		{ID: []byte("abc")}, {Beside: []byte("abc")}, {ID: []byte("a"), Beside: []byte("bc")}, {ID: []byte("ab"), Beside: []byte("c")},
		{Table: "a", Column: "b", ID: []byte("c")}, {Table: "a", ID: []byte("b"), Beside: []byte("c")},
	}
	for i, p := range all {
		for j, q := range all {
			if _, err := k.Open(q, k.Seal(p, nil)); (err == nil) != (i == j) {
				t.Errorf("sealed in %+v, opened in %+v: %v", p, q, err)
			}
		}
	}
}

func TestEveryFlippedBitAndEveryCutIsRefused(t *testing.T) {
	k := created(t, newVault(t))
	p := Place{Table: "views", Column: "sealed", ID: []byte("id")}
	stored := k.Seal(p, []byte("No light in Cell 4"))
	for i := range stored {
		for bit := range 8 {
			bad := bytes.Clone(stored)
			bad[i] ^= 1 << bit
			if got, err := k.Open(p, bad); !errors.Is(err, ErrAltered) || got != nil {
				t.Fatalf("bit %d of byte %d: %q, %v", bit, i, got, err)
			}
		}
		for _, bad := range [][]byte{stored[:i], stored[i+1:]} {
			if got, err := k.Open(p, bad); !errors.Is(err, ErrAltered) || got != nil {
				t.Fatalf("%d bytes of it: %q, %v", len(bad), got, err)
			}
		}
	}
	for _, bad := range [][]byte{nil, append(bytes.Clone(stored), 0), bytes.Repeat(stored, 2), make([]byte, len(stored))} {
		if _, err := k.Open(p, bad); !errors.Is(err, ErrAltered) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
	other := created(t, newVault(t))
	if _, err := other.Open(p, stored); !errors.Is(err, ErrAltered) {
		t.Errorf("another vault: %v", err)
	}
}

// What opens, but was not padded by Seal, is not believed.
func TestContentWithoutItsPaddingIsRefused(t *testing.T) {
	k := created(t, newVault(t))
	p := Place{Table: "views"}
	for _, text := range [][]byte{make([]byte, 64), bytes.Repeat([]byte{1}, 64), {0}, {0x81}} {
		nonce := make([]byte, 24)
		if got, err := k.Open(p, k.aead.Seal(nonce, nonce, text, p.appendTo(nil))); !errors.Is(err, ErrAltered) {
			t.Errorf("%x: %q, %v", text, got, err)
		}
	}
}

func TestALengthSaysLittle(t *testing.T) {
	classes := map[int]bool{}
	last := 0
	for n := range 1 << 20 {
		size := Padded(n)
		if size < last {
			t.Fatalf("%d is padded to %d, and fewer bytes to %d", n, size, last)
		}
		if size <= n || size > n+n*12/100+smallest {
			t.Fatalf("%d is padded to %d", n, size)
		}
		last = size
		classes[size] = true
	}
	if len(classes) > 256 { // of a million lengths: a byte says which
		t.Errorf("there are %d lengths", len(classes))
	}
}

func TestIDsAreBlindedByTheirSortAndBack(t *testing.T) {
	k, other := created(t, newVault(t)), created(t, newVault(t))
	rapid.Check(t, func(t *rapid.T) {
		id := [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		var seen [][16]byte
		for s := range sorts {
			b := k.Blind(s, id)
			if b != k.Blind(s, id) {
				t.Fatal("the same id is blinded differently")
			}
			if k.Unblind(s, b) != id {
				t.Fatal("it does not come back")
			}
			if slices.Contains(seen, b) || b == id || b == other.Blind(s, id) {
				t.Fatalf("sort %d says what another says", s)
			}
			seen = append(seen, b)
		}
		h := [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
		if b := k.BlindHash(h); k.UnblindHash(b) != h || b == h {
			t.Fatal("a hash does not come back")
		}
		if same := [32]byte(append(id[:], id[:]...)); k.BlindHash(same)[0] == k.BlindHash(same)[16] && k.BlindHash(same)[1] == k.BlindHash(same)[17] && k.BlindHash(same)[2] == k.BlindHash(same)[18] {
			t.Fatal("the halves of a hash are blinded alike")
		}
	})
}

// seals fails when a nonce comes twice in n seals: two rows under one nonce would tell
// what differs between them.
func seals(t *testing.T, n int) {
	k, err := (&Vault{Dir: t.TempDir(), Cost: ForTests}).Create(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	seen := make([]uint64, n) // of each nonce, 8 bytes of 24
	for i := range seen {
		b := k.Seal(Place{Table: "views"}, nil)
		for j := range 8 {
			seen[i] = seen[i]<<8 | uint64(b[j])
		}
	}
	slices.Sort(seen)
	for i := 1; i < n; i++ {
		if seen[i] == seen[i-1] { // by chance once in 300,000 runs of ten million
			t.Fatalf("a nonce that begins with %x came twice", seen[i])
		}
	}
}

func TestNoncesDoNotRepeat(t *testing.T) { seals(t, 200_000) }
