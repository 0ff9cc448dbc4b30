package enrol

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCodeIsAsPinned was made once and checked against doc.go by another program.
func TestCodeIsAsPinned(t *testing.T) {
	const want = "DAYLIGHT1-24002-0G30G-2GC1R-81450-P30D1-R7TB9-D5MPJ-TB9D5-MPJTB-9D5MP-JTB9D-5MPJT-B9D5M-PJTB9-D5MPJ-TB98K-EDWPW-RSEDX-K6CTB-3CMQ6-AY31D-NR6RS-BQGTJ-5E"
	if got := sampleCode().Encode(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestCodeComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCode(t)
		for name, text := range map[string]string{"Encode": c.Encode(), "QR": c.QR()} {
			got, err := Parse(text)
			if err != nil || !reflect.DeepEqual(got, c) {
				t.Fatalf("%s: got %v, %v, want %v", name, got, err, c)
			}
		}
	})
}

func TestCodeIsReadAsPeopleTypeIt(t *testing.T) {
	c := sampleCode()
	text := c.Encode()
	for name, typed := range map[string]string{
		"lower case":                strings.ToLower(text),
		"spaces for dashes":         strings.ReplaceAll(text, "-", " "),
		"over several lines":        " \t" + strings.ReplaceAll(text, "-", "\r\n") + "\n",
		"no dashes":                 strings.ReplaceAll(text, "-", ""),
		"dashes of a typesetter":    strings.ReplaceAll(text, "-", "\u2013"),
		"hyphens that do not break": strings.ReplaceAll(text, "-", "\u2011"),
		"a soft hyphen inside":      text[:20] + "\u00ad" + text[20:],
		"O for 0":                   strings.ReplaceAll(text, "0", "O"),
		"o for 0":                   strings.ReplaceAll(text, "0", "o"),
		"I for 1":                   strings.ReplaceAll(text, "1", "I"),
		"l for 1":                   strings.ReplaceAll(text, "1", "l"),
		"1 for L in the word":       "DAY11GHT1" + text[len(version1):],
		"groups of four":            "DAYLIGHT1 " + inFours(c.QR()[len(version1):]),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(typed)
			if err != nil || !reflect.DeepEqual(got, c) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func inFours(s string) (out string) {
	for ; len(s) > 4; s = s[4:] {
		out += s[:4] + " "
	}
	return out + s
}

// TestCodeFindsTypingErrors takes each character for each other: none may pass.
func TestCodeFindsTypingErrors(t *testing.T) {
	body := []byte(sampleCode().QR()[len(version1):])
	for i, was := range body {
		for _, body[i] = range []byte(alphabet) {
			if _, ok := unseal(body); ok != (body[i] == was) {
				t.Fatalf("%c for %c at %d: passes: %v", body[i], was, i, ok)
			}
		}
		body[i] = was
	}
}

func TestTypingErrorsAreShown(t *testing.T) {
	body := []byte(sampleCode().QR()[len(version1):])
	for i, was := range body {
		body[i] = alphabet[(strings.IndexByte(alphabet, was)+1+i%31)%32]
		_, err := Parse(version1 + string(body))
		wantError(t, err, fmt.Sprintf("typing error: look at group %d;", i/5+1))
		body[i] = was
	}
}

func TestCodeFindsAnyErrorInAnyCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(drawCode(t).QR())
		body := text[len(version1):]
		at := rapid.IntRange(0, len(body)-4).Draw(t, "at")
		run := rapid.IntRange(1, 4).Draw(t, "run")
		was := string(body[at : at+run])
		for i := range run {
			body[at+i] = alphabet[rapid.IntRange(0, 31).Draw(t, "character")]
		}
		if got, err := Parse(string(text)); err == nil && string(body[at:at+run]) != was {
			t.Fatalf("%s for %s at %d passes: %v", body[at:at+run], was, at, got.Endpoints)
		}
	})
}

func TestCodeFindsWhatIsMissing(t *testing.T) {
	text := sampleCode().QR()
	for i := len(version1); i < len(text); i++ {
		for name, bad := range map[string]string{
			"cut off":   text[:i],
			"left out":  text[:i] + text[i+1:],
			"twice":     text[:i] + text[i:i+1] + text[i:],
			"one more":  text + text[i:i+1],
			"exchanged": text[:i-1] + text[i:i+1] + text[i-1:i] + text[i+1:],
		} {
			if name == "exchanged" && (text[i-1] == text[i] || i == len(version1)) {
				continue
			}
			if _, err := Parse(bad); err == nil {
				t.Fatalf("%s at %d: passes", name, i)
			}
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	text := sampleCode().Encode()
	for _, tt := range []struct{ name, text, says string }{
		{"nothing", "", "not an enrolment code"},
		{"a web address", "https://sync.office.example/", "not an enrolment code"},
		{"far too long a text", text + strings.Repeat(" ", 1<<20), "not an enrolment code"},
		{"the word alone", "daylight", "not whole"},
		{"the front alone", "DAYLIGHT1-", "not whole"},
		{"a newer version", "DAYLIGHT2" + text[len(version1):], "a version that this program does not know"},
		{"a letter that no code has", text[:16] + "U" + text[17:], "group 2 has a character that no code has"},
		{"a Cyrillic letter", text[:10] + "\u0410" + text[11:], "group 1 has a character that no code has"},
		{"two errors", "DAYLIGHT1-00000" + text[15:len(text)-3] + "ZZZ", "not whole, or has more than one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.text)
			wantError(t, err, tt.says)
		})
	}
}

func TestErrorsRepeatNothing(t *testing.T) {
	text := sampleCode().Encode()
	_, err := Parse(text[:len(text)-1] + "0")
	for _, group := range strings.Split(text, "-")[1:] {
		if strings.Contains(err.Error(), group) {
			t.Errorf("%q holds a part of the code", err)
		}
	}
}

// TestCodeOfOthersIsChecked seals what this package would not: a right sum does not
// make a code.
func TestCodeOfOthersIsChecked(t *testing.T) {
	payload := sampleCode().payload()
	for _, tt := range []struct {
		name, says string
		payload    []byte
	}{
		{"nothing", "do not fit", nil},
		{"half a secret", "do not fit", payload[:9]},
		{"half a pin", "do not fit", payload[:20]},
		{"no address behind its length", "do not fit", payload[:len(payload)-1]},
		{"more behind", "do not fit", append(bytes.Clone(payload), 0)},
		{"no addresses", "1 to 4 addresses", append([]byte{0x01}, payload[1:1+16+32]...)},
		{"no pins", "no key of the server", append(append([]byte{0x10}, payload[1:17]...), payload[49:]...)},
		{"no secret", "no secret", append(append([]byte{0x11}, make([]byte, 16)...), payload[17:]...)},
		{"an empty pin", "pins are empty", append(append(bytes.Clone(payload[:17]), make([]byte, 32)...), payload[49:]...)},
		{"plain http", "same machine", append(append(bytes.Clone(payload[:49]), 0x80|14), "office.example"...)},
		{"capitals", "one form", append(append(bytes.Clone(payload[:49]), 14), "Office.example"...)},
		{"a password", "more than a host", append(append(bytes.Clone(payload[:49]), 7), "a:b@c.d"...)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("DAYLIGHT1" + armour(tt.payload))
			wantError(t, err, tt.says)
		})
	}
}

func TestNewCode(t *testing.T) {
	pins := []Pin{pinNumber(1), pinNumber(2)}
	c, err := NewCode(seeded(1), []string{" HTTPS://Office.Example/ ", "https://10.0.0.1:8443"}, pins)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"https://office.example", "https://10.0.0.1:8443"}; !reflect.DeepEqual(c.Endpoints, want) {
		t.Errorf("got %v, want %v", c.Endpoints, want)
	}
	other, _ := NewCode(seeded(2), c.Endpoints, pins)
	if c.Secret == other.Secret {
		t.Error("two codes have the same secret")
	}
	pins[0] = pinNumber(9)
	if c.Pins[0] != pinNumber(1) {
		t.Error("the code shares memory with its caller")
	}
	t.Run("a server without TLS needs no pin", func(t *testing.T) {
		c, err := NewCode(seeded(1), []string{"http://localhost:8080"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Parse(c.Encode()); err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("got %v, %v", got, err)
		}
	})
	t.Run("no randomness, no code", func(t *testing.T) {
		if c, err := NewCode(bytes.NewReader(make([]byte, 15)), c.Endpoints, pins); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v, %v", c, err)
		}
	})
}

func TestNewCodeRefuses(t *testing.T) {
	one := []string{"https://office.example"}
	long := "https://" + strings.Repeat("a", 120)
	for _, tt := range []struct {
		name, says string
		endpoints  []string
		pins       []Pin
	}{
		{"no address", "1 to 4 addresses", nil, []Pin{pinNumber(1)}},
		{"five addresses", "1 to 4 addresses", []string{one[0], one[0], one[0], one[0], one[0]}, []Pin{pinNumber(1)}},
		{"long addresses", "too long together", []string{long, long}, []Pin{pinNumber(1)}},
		{"plain http", "same machine", []string{"http://office.example"}, []Pin{pinNumber(1)}},
		{"no pin", "no key of the server", one, nil},
		{"no pin, for one of two", "no key of the server", []string{"http://localhost", one[0]}, nil},
		{"three pins", "more than 2 pins", one, []Pin{pinNumber(1), pinNumber(2), pinNumber(3)}},
		{"the same pin twice", "the same twice", one, []Pin{pinNumber(1), pinNumber(1)}},
		{"an empty pin", "pins are empty", one, []Pin{pinNumber(1), {}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewCode(seeded(1), tt.endpoints, tt.pins)
			wantError(t, err, tt.says)
			bad := Code{tt.endpoints, tt.pins, Secret{1}}
			if got := bad.Encode() + bad.QR(); got != "" {
				t.Errorf("it encodes all the same: %s", got)
			}
		})
	}
	t.Run("no secret", func(t *testing.T) {
		_, err := NewCode(bytes.NewReader(make([]byte, 16)), one, []Pin{pinNumber(1)})
		wantError(t, err, "no secret")
	})
}

// TestCodesFitAScreen: a terminal of 80 columns shows QR codes up to version 13,
// which holds 483 characters at correction level M.
func TestCodesFitAScreen(t *testing.T) {
	const qrAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	if got := sampleCode().QR(); len(got) > 134 {
		t.Errorf("a usual code has %d characters", len(got))
	}
	c := sampleCode()
	c.Pins = append(c.Pins, pinNumber(3))
	c.Endpoints = []string{"https://" + strings.Repeat("a", 127), "https://" + strings.Repeat("a", 46)}
	if len(c.payload()) != maxPayload {
		t.Fatalf("not the longest: %d bytes", len(c.payload()))
	}
	qr := c.QR()
	if len(qr) > 483 || strings.Trim(qr, qrAlphanumeric) != "" {
		t.Errorf("%d characters: %s", len(qr), qr)
	}
	if _, err := Parse(strings.ReplaceAll(c.Encode(), "-", " \u2013")); err != nil {
		t.Errorf("the longest code, typed: %v", err)
	}
}

func FuzzCode(f *testing.F) {
	f.Add("")
	f.Add("DAYLIGHT1-")
	f.Add(sampleCode().Encode())
	f.Add(strings.ToLower(sampleCode().QR()))
	f.Add("daylight l " + armour([]byte{0x11}))
	noise := make([]byte, 80)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	f.Add("DAYLIGHT1" + armour(noise))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if err != nil {
			wantError(t, err, "")
			return
		}
		if plainForm(text) != plainForm(c.Encode()) {
			t.Fatalf("one code has two texts: %q and %q", text, c.Encode())
		}
	})
}

// FuzzCodePayload gets past the checksum.
func FuzzCodePayload(f *testing.F) {
	f.Add(sampleCode().payload())
	f.Add([]byte{0x12})
	f.Fuzz(func(t *testing.T, payload []byte) {
		c, err := Parse("DAYLIGHT1" + armour(bytes.Clone(payload)))
		if err != nil {
			wantError(t, err, "")
			return
		}
		if err := c.Check(); err != nil || !bytes.Equal(c.payload(), payload) {
			t.Fatalf("got %v of %x, %v", c, payload, err)
		}
	})
}
