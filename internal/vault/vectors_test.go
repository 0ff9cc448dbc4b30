package vault

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// What the reference implementation gives (Debian's argon2 0~20171227), as
//
//	echo -n password | argon2 somesalt0123456 -id -t 3 -k 65536 -p 4 -l 32 -r
func TestArgon2idIsThatOfTheReference(t *testing.T) {
	for _, c := range []struct {
		cost         Cost
		secret, salt string
		want         string
	}{
		{Least, "password", "somesalt0123456", "2b5207ff800f563da7f63f3541bc8495f3b54667883c51b5b04c0d68d8059ee6"},
		{usual, "password", "somesalt0123456", "a7978b036c4928ad38ff5cc8ef15ea79f8a38f661f1cdd508f4a1d35016eb4b6"},
		{Least, "lantern_orbit", "0123456789abcdef", "ae4790c89eeb80336be872231de002431aa3420494b2329d1316c8586cffdcb0"},
	} {
		if got := c.cost.derive([]byte(c.secret), []byte(c.salt)); !bytes.Equal(got, unhex(c.want)) {
			t.Errorf("%s: %x", c.cost, got)
		}
	}
}

// RFC 5869, appendix A.1.
func TestHKDFIsThatOfTheRFC(t *testing.T) {
	want := unhex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
	info := string(unhex("f0f1f2f3f4f5f6f7f8f9"))
	got, err := hkdf.Key(sha256.New, bytes.Repeat([]byte{0x0b}, 22), unhex("000102030405060708090a0b0c"), info, len(want))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x, %v", got, err)
	}
	got, err = hkdf.Expand(sha256.New, unhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"), info, len(want))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("expanded: %x, %v", got, err)
	}
}

// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
func TestXChaCha20Poly1305IsThatOfTheDraft(t *testing.T) {
	aead, err := chacha20poly1305.NewX(unhex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"))
	if err != nil {
		t.Fatal(err)
	}
	got := aead.Seal(nil, unhex("404142434445464748494a4b4c4d4e4f5051525354555657"),
		[]byte("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."),
		unhex("50515253c0c1c2c3c4c5c6c7"))
	want := unhex("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb" +
		"731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452" +
		"2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9" +
		"21f9664c97637da9768812f615c68b13b52e" + "c0875924c1c7987947deafd8780acf49")
	if !bytes.Equal(got, want) {
		t.Errorf("%x", got)
	}
}

// fixed is a vault whose every byte is known: the random bytes count up.
func fixed(dir string) (*Vault, string) {
	next := byte(0)
	v := &Vault{Dir: dir, Cost: Least, Keystore: plainstore{}, Random: func(b []byte) {
		for i := range b {
			b[i] = next
			next++
		}
	}}
	return v, "lantern orbit maple quiet ribbon stove"
}

// plainstore wraps nothing: what a real one gives differs each time.
type plainstore struct{ *keystore }

func (plainstore) Wrap(_ string, secret []byte) ([]byte, error) {
	return append([]byte("wrapped "), secret...), nil
}

func (plainstore) Unwrap(_ string, wrapped []byte) ([]byte, error) {
	secret, ok := bytes.CutPrefix(wrapped, []byte("wrapped "))
	if !ok {
		return nil, errors.New("not mine")
	}
	return bytes.Clone(secret), nil
}

// What was written once has to open for ever, and to say the same. testdata was made by
// this test with UPDATE_FIXTURE=1; never do that again for version 1.
func TestAWrapThatWasMadeOnceOpensForEver(t *testing.T) {
	if os.Getenv("UPDATE_FIXTURE") == "1" {
		v, phrase := fixed(t.TempDir())
		if _, err := v.Create(phrase); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/v1.key", get(t, v, keyFile), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile("testdata/v1.key")
	if err != nil {
		t.Fatal(err)
	}
	v, phrase := fixed(t.TempDir())
	put(t, v, keyFile, b)
	k, err := v.Unlock(phrase)
	if err != nil {
		t.Fatal(err)
	}
	if want := unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"); !bytes.Equal(k.raw, want) {
		t.Errorf("the key is %x", k.raw)
	}
	id := [16]byte(unhex("00112233445566778899aabbccddeeff"))
	var blinds []byte
	for s := range sorts {
		out := k.Blind(s, id)
		blinds = append(blinds, out[:]...)
	}
	if got := hex.EncodeToString(blinds); got != fixedBlinds {
		t.Errorf("ids are blinded as %s", got)
	}
	p := Place{Table: "views", Column: "sealed", ID: id[:], Beside: []byte("beside")}
	if got, err := k.Open(p, unhex(fixedRow)); err != nil || string(got) != "No light in Cell 4" {
		t.Errorf("a row says %q, %v", got, err)
	}
}

const (
	fixedBlinds = "27340d39a57b9c9f3b297cbda0491b4f397072c8ea0d9614583e5676de563e3c" +
		"cfd073d9df47b6eb9391c40c6f7c93686a0e5d0ee838f5b66ed850422655fd28" +
		"3b0e3c0c3c87c9cd046897fe2160c346b3627406b37bbf50fa92b0958a7e88d7"
	fixedRow = "000102030405060708090a0b0c0d0e0f101112131415161768553aa74daac2cf752e252fef469026b2e76ffacf856aa9" +
		"b191bcd72a97f45c19f73aa59d3dc35969b6b70bec8ddb5b40bdf10d8ccde024991e8af071c353998d223a1b683f7e904456a8f15abd5391"
)
