package enrol

import (
	"math"
	"strings"
	"testing"

	"github.com/sethvargo/go-diceware/diceware"
)

func sampleTranscript() Transcript {
	return Transcript{
		Pins: []Pin{pinNumber(1), pinNumber(2)}, Secret: HashSecret(sampleCode().Secret),
		Device: publicNumber(3), Office: publicNumber(4),
	}
}

// TestWordsAreAsPinned was checked against doc.go by another program.
func TestWordsAreAsPinned(t *testing.T) {
	const want = "haste facelift synopses grunge take nerd"
	words := Words(sampleTranscript())
	if got := strings.Join(words[:], " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWordsTellEverythingApart(t *testing.T) {
	seen := map[[6]string]string{Words(sampleTranscript()): "the transcript itself"}
	for name, change := range map[string]func(*Transcript){
		"another pin":           func(t *Transcript) { t.Pins[0] = pinNumber(9) },
		"another spare":         func(t *Transcript) { t.Pins[1] = pinNumber(9) },
		"no spare":              func(t *Transcript) { t.Pins = t.Pins[:1] },
		"no pins":               func(t *Transcript) { t.Pins = nil },
		"pins in another order": func(t *Transcript) { t.Pins[0], t.Pins[1] = t.Pins[1], t.Pins[0] },
		"another secret":        func(t *Transcript) { t.Secret[31] ^= 1 },
		"another device":        func(t *Transcript) { t.Device = publicNumber(9) },
		"another office":        func(t *Transcript) { t.Office = publicNumber(9) },
		"device for office":     func(t *Transcript) { t.Device, t.Office = t.Office, t.Device },
		"no device":             func(t *Transcript) { t.Device = nil },
		"no office":             func(t *Transcript) { t.Office = nil },
		"a longer key, a shorter one": func(t *Transcript) {
			t.Device, t.Office = append(t.Device[:32:32], t.Office[0]), t.Office[1:]
		},
	} {
		tr := sampleTranscript()
		change(&tr)
		words := Words(tr)
		if other, ok := seen[words]; ok {
			t.Errorf("%s has the words of %s", name, other)
		}
		seen[words] = name
	}
}

// TestWordListIsWhole: 7,776 different short words, each reached by one number.
func TestWordListIsWhole(t *testing.T) {
	list := diceware.WordListEffLarge()
	seen := make(map[string]bool)
	for n := range wordsInList {
		w := list.WordAt(dice(n))
		if len(w) < 3 || len(w) > 9 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz-") != "" || seen[w] {
			t.Fatalf("word %d is %q", n, w)
		}
		seen[w] = true
	}
	for n, want := range map[int]string{0: "abacus", 1: "abdomen", wordsInList - 1: "zoom"} {
		if got := list.WordAt(dice(n)); got != want {
			t.Errorf("word %d is %q, want %q", n, got, want)
		}
	}
	if bits := 6 * math.Log2(wordsInList); bits < 77.5 || bits > 77.6 {
		t.Errorf("doc.go says 77.5 bits, they are %.2f", bits)
	}
}

// TestWordsDependOnNothingElse: two sides hold the same things elsewhere in memory.
func TestWordsDependOnNothingElse(t *testing.T) {
	here, there := sampleTranscript(), sampleTranscript()
	there.Device = append(make([]byte, 0, 99), here.Device...)
	if a, b := Words(here), Words(there); a != b {
		t.Errorf("one side shows %q, the other %q", a, b)
	}
}
