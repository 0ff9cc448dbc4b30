package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Made apart from this package, with Python's hashlib and OpenSSL.
const (
	genesisHex = "0ef602b89af4a6839515943669ec59d89100c60bf603a4a3bf69c069e3795b48"
	link1Hex   = "5aa4832119f94d6f4f492caf394264d629e3f6e190529e92eafea03c9a24d965"
	link2Hex   = "ae446fa4a37babeb51582c32ab76883f09872d1cac87deebf076c48737b49431"
	branchHex  = "ad32b8afcf7af7fb606bb15cfc3febda"
	sealHex    = "a527d6f63c6e6808cd6b37a2df5eadbff988b735651a5bbdf3b71e07c66d886d" +
		"44a2a8b71aef6ae1e8e202e53d37e33d38c272a3cf9c88a370870b161580c602"
)

func TestLinksAreAsPinned(t *testing.T) {
	g := Genesis(testWriter())
	one := Next(g, []byte("one"))
	two := Next(one, nil)
	for _, tt := range []struct{ name, got, want string }{
		{"genesis", g.String(), genesisHex},
		{"first", one.String(), link1Hex},
		{"second", two.String(), link2Hex},
		{"by hash", NextHash(one, sha256.Sum256(nil)).String(), link2Hex},
		{"branch", BranchID([]byte("the epoch"), one).String(), branchHex},
		{"seal", hex.EncodeToString(Seal(testKey(), testWriter(), 2, two)), sealHex},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

func TestLinkChangesWithAnyBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prev := Genesis(drawWriter(t))
		payload := rapid.SliceOfN(rapid.Byte(), 1, 30).Draw(t, "payload")
		link := Next(prev, payload)
		flips(payload, func(p []byte, bit int) {
			if Next(prev, p) == link {
				t.Fatalf("bit %d of the payload does not count", bit)
			}
		})
		flips(prev[:], func(p []byte, bit int) {
			if Next(fold.Link(p), payload) == link {
				t.Fatalf("bit %d of the link before does not count", bit)
			}
		})
	})
}

func TestSealVouchesForExactlyOneEntry(t *testing.T) {
	key, w := testKey(), testWriter()
	l := Genesis(w)
	seal := Seal(key, w, 7, l)
	if !VerifySeal(publicOf(key), w, 7, l, seal) {
		t.Fatal("the seal does not verify")
	}
	if VerifySeal(publicOf(key), w, 8, l, seal) {
		t.Error("it vouches for another seq")
	}
	flips(seal, func(s []byte, bit int) {
		if VerifySeal(publicOf(key), w, 7, l, s) {
			t.Fatalf("bit %d of the seal does not count", bit)
		}
	})
	flips(w[:], func(b []byte, bit int) {
		if VerifySeal(publicOf(key), fold.WriterID(b), 7, l, seal) {
			t.Fatalf("bit %d of the writer does not count", bit)
		}
	})
	flips(l[:], func(b []byte, bit int) {
		if VerifySeal(publicOf(key), w, 7, fold.Link(b), seal) {
			t.Fatalf("bit %d of the link does not count", bit)
		}
	})
	flips(publicOf(key), func(b []byte, bit int) {
		if VerifySeal(b, w, 7, l, seal) {
			t.Fatalf("bit %d of the key does not count", bit)
		}
	})
}

func TestSealOfWrongLengthVerifiesNothing(t *testing.T) {
	key, w := testKey(), testWriter()
	l := Genesis(w)
	seal := Seal(key, w, 1, l)
	if VerifySeal(publicOf(key)[:31], w, 1, l, seal) || VerifySeal(nil, w, 1, l, seal) {
		t.Error("a short key verifies")
	}
	if VerifySeal(publicOf(key), w, 1, l, seal[:63]) || VerifySeal(publicOf(key), w, 1, l, nil) {
		t.Error("a short seal verifies")
	}
}
