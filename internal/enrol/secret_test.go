package enrol

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSecretsDoNotPrint(t *testing.T) {
	c := sampleCode()
	c.Secret = Secret(bytes.Repeat([]byte{0xab}, 16))
	token := Token(bytes.Repeat([]byte{0xab}, 32))
	var log bytes.Buffer
	noTime := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{} // its digits may look like the secret's
		}
		return a
	}}
	text, asJSON := slog.New(slog.NewTextHandler(&log, noTime)), slog.New(slog.NewJSONHandler(&log, noTime))
	for name, v := range map[string]any{
		"a secret": c.Secret, "its address": &c.Secret, "a code": c, "codes": []Code{c},
		"a token": token, "tokens": map[string]Token{"a": token}, "a struct": struct{ T Token }{token},
	} {
		t.Run(name, func(t *testing.T) {
			log.Reset()
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08b", "%t"} {
				fmt.Fprintf(&log, verb+"\n", v)
			}
			text.Info("x", "v", v)
			asJSON.Info("x", "v", v)
			b, _ := json.Marshal(v)
			log.Write(b)
			for _, leak := range []string{"abab", "ABAB", "171", "0xab", `\xab`, "10101011", "q6ur", "NANA"} {
				if strings.Contains(log.String(), leak) {
					t.Errorf("%s is in\n%s", leak, &log)
				}
			}
			if !strings.Contains(log.String(), redacted) {
				t.Errorf("there is no %s in\n%s", redacted, &log)
			}
		})
	}
}

func TestHashesArePlainSHA256(t *testing.T) {
	s := sampleCode().Secret
	token := Token{31: 1}
	if HashSecret(s) != sha256.Sum256(s[:]) || token.Hash() != sha256.Sum256(token[:]) {
		t.Error("they are something else")
	}
	const want = "be45cb2605bf36bebde684841a28f0fd43c69850a3dce5fedba69928ee3a8991"
	if h := HashSecret(s); hex.EncodeToString(h[:]) != want {
		t.Errorf("got %x, want %s", h, want)
	}
}

func TestProof(t *testing.T) {
	key, public, s := keyNumber(1), publicNumber(1), sampleCode().Secret
	proof := Prove(key, s)
	if !Proved(public, s, proof) {
		t.Fatal("it proves nothing")
	}
	if Proved(publicNumber(2), s, proof) || Proved(public, Secret{1}, proof) || Proved(nil, s, proof) ||
		Proved(public[1:], s, proof) || Proved(public, s, proof[1:]) || Proved(public, s, nil) {
		t.Error("it proves what it does not say")
	}
	if hex.EncodeToString(proof[:8]) != "0867bd03c9dfe284" {
		t.Errorf("got %x", proof)
	}
}

func TestToken(t *testing.T) {
	token, err := NewToken(seeded(1))
	if err != nil {
		t.Fatal(err)
	}
	if other, _ := NewToken(seeded(2)); token == other || token == (Token{}) {
		t.Error("two tokens are the same, or one is empty")
	}
	if _, err := NewToken(bytes.NewReader(make([]byte, 31))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without randomness: got %v", err)
	}
	if got, want := (Token{1, 2, 3}).Authorization(), "Bearer dl_AQID"+strings.Repeat("A", 39); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, header := range []string{token.Authorization(), "bearer " + token.Text(), "BEARER   " + token.Text()} {
		if got, err := ParseAuthorization(header); err != nil || got != token {
			t.Errorf("%s: got %s, %v", header[:9], got.Text(), err)
		}
	}
}

func TestTokenComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := Token(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "token"))
		if got, err := ParseToken(token.Text()); err != nil || got != token {
			t.Fatalf("got %x, %v, want %x", got[:], err, token[:])
		}
	})
}

func TestTokenRefuses(t *testing.T) {
	good := Token{1, 2, 3}.Text()
	for name, text := range map[string]string{
		"nothing":          "",
		"no prefix":        good[3:],
		"another prefix":   "dx_" + good[3:],
		"one less":         good[:len(good)-1],
		"one more":         good + "A",
		"padding":          good + "=",
		"bits to spare":    good[:len(good)-1] + "B",
		"a line end":       good[:10] + "\n" + good[11:],
		"a space in front": " " + good,
		"standard base64":  good[:10] + "+" + good[11:],
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseToken(text)
			wantError(t, err, "not one of Daylight's")
			if _, err := ParseAuthorization("Bearer " + text); err == nil && name != "a space in front" {
				t.Error("as a header it passes")
			}
		})
	}
	for _, header := range []string{"", "Bearer", "Bearer ", good, "Basic " + good, "Bearer" + good} {
		_, err := ParseAuthorization(header)
		wantError(t, err, "not one of Daylight's")
	}
}

func FuzzToken(f *testing.F) {
	f.Add("")
	f.Add(Token{1, 2, 3}.Text())
	f.Add("dl_" + base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 32)))
	f.Fuzz(func(t *testing.T, text string) {
		token, err := ParseToken(text)
		if err != nil {
			wantError(t, err, "")
			return
		}
		if token.Text() != text {
			t.Fatalf("one token has two texts: %q and %q", text, token.Text())
		}
	})
}

func TestPin(t *testing.T) {
	pin := pinNumber(0xa5)
	if got, err := ParsePin(pin.String()); err != nil || got != pin {
		t.Errorf("got %s, %v", got, err)
	}
	for _, bad := range []string{"", "abc", pin.String()[:43], pin.String() + "\n", pin.String() + "A", " " + pin.String()} {
		_, err := ParsePin(bad)
		wantError(t, err, "not the pin of a key")
	}
}

func FuzzPin(f *testing.F) {
	f.Add("")
	f.Add(pinNumber(0xa5).String())
	f.Fuzz(func(t *testing.T, text string) {
		if pin, err := ParsePin(text); err != nil {
			wantError(t, err, "")
		} else if pin.String() != text {
			t.Fatalf("one pin has two texts: %q and %q", text, pin)
		}
	})
}
