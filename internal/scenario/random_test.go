package scenario

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// history makes a random story. It is narrow on purpose, few records and few
// paths, so that everybody gets into each other's way.
type history struct {
	r       *rand.Rand
	lines   []string
	devices []string
	values  int
	backups map[string]int
}

func newHistory(seed uint64, steps int) string {
	h := &history{r: rand.New(rand.NewPCG(seed, 7)), devices: []string{"A", "B", "C"}, backups: map[string]int{}}
	h.say("device A B C")
	h.say("newer N")
	h.say("A save visit v1 title=\"0\" state=VISIT_STATE_PLANNED sessions[s1].note=\"0\"")
	h.say("A sync ; B sync")
	for range steps {
		h.step()
	}
	return strings.Join(h.lines, "\n")
}

func (h *history) say(format string, args ...any) {
	h.lines = append(h.lines, fmt.Sprintf(format, args...))
}

func (h *history) pick(of ...string) string { return of[h.r.IntN(len(of))] }

func (h *history) device() string { return h.pick(h.devices...) }

func (h *history) value() string {
	h.values++
	return fmt.Sprintf("%q", fmt.Sprintf("value %d", h.values))
}

// sealed is a ciphertext as the library makes them, each of another size: that is all
// that is told of one.
func (h *history) sealed() string {
	h.values++
	return strconv.Quote("age-encryption.org/v1\n" + strings.Repeat("x", h.values))
}

// kindOf is the kind of what has that name.
func kindOf(name string) string {
	return map[byte]string{'v': "visit", 'f': "finding", 'n': "interview_note", 'k': "sealing_key"}[name[0]]
}

// edit is PLACE=VALUE of the record.
func (h *history) edit(name string) string {
	switch name[0] {
	case 'n':
		return h.pick("sealed="+h.sealed(), "sealed="+h.sealed(), "sealed=none", "language="+h.pick("ru", "tk"), "visit_id="+h.pick("@v1", "@v2"))
	case 'k':
		wrap := "wraps[" + h.pick("r1", "r2") + "]"
		return h.pick(wrap+".key="+h.sealed(), wrap+".key="+h.sealed(), wrap+"=none", "public="+h.pick("age1a", "age1b"))
	}
	if name[0] == 'f' {
		switch h.r.IntN(6) {
		case 0:
			return "standards[" + h.pick("a", "b") + "]=" + h.pick("yes", "no")
		case 1:
			return "severity_decided=" + h.pick("1", "2", "3", "none")
		case 2:
			return "visit_id=" + h.pick("@v1", "@v1", "@v2")
		case 3:
			return "narrative=none"
		}
		return "narrative=" + h.value()
	}
	switch h.r.IntN(6) {
	case 0:
		return "state=" + h.pick("1", "2", "3", "4", "5")
	case 1:
		return "sessions[" + h.pick("s1", "s2") + "]=none"
	case 2, 3:
		return "sessions[" + h.pick("s1", "s2") + "].note=" + h.value()
	}
	return "title=" + h.value()
}

func (h *history) step() {
	who := h.device()
	name := h.pick("v1", "v1", "v2", "f1", "f1", "f2", "n1", "n1", "k1")
	switch n := h.r.IntN(100); {
	case n < 8:
		h.say("try %s save %s %s %s", who, kindOf(name), name, h.edit(name))
	case n < 34:
		h.say("try %s set %s %s", who, name, h.edit(name))
	case n < 38:
		h.say("try %s set v1 %s + f1 %s", who, h.edit("v1"), h.edit("f1"))
	case n < 42:
		h.say("try %s open %s", who, name)
	case n < 48:
		h.say("try %s fill %s %s", who, name, h.edit(name))
	case n < 51:
		h.say("try %s remove %s", who, name)
	case n < 54:
		h.say("try %s set %s removed=none", who, name)
	case n < 60:
		h.say("try office set %s %s", name, h.edit(name))
	case n < 62:
		h.say("try N set %s %s", name, h.edit(name))
	case n < 66:
		h.say("%s lose %s", who, h.pick("request", "answer", "answer"))
	case n < 69:
		h.say("%s cut %s %d", who, h.pick("request", "answer"), h.r.IntN(600))
	case n < 89:
		h.say("try %s sync", who)
	default:
		h.upset(n, who)
	}
}

// upset is what seldom happens.
func (h *history) upset(n int, who string) {
	switch {
	case n < 91:
		h.say("%s reopen", who)
	case n < 92 && len(h.devices) < 5:
		copied := fmt.Sprintf("%s%d", who, len(h.devices))
		h.say("%s copy %s", who, copied)
		h.devices = append(h.devices, copied)
	case n < 94:
		h.backups[who]++
		h.say("%s backup b", who)
	case n < 96 && h.backups[who] > 0:
		h.say("%s restore b", who)
	case n < 97:
		h.backups["office"]++
		h.say("office backup b")
	case n < 98 && h.backups["office"] > 0:
		h.say("office restore b")
	case n < 99:
		h.say("%s clock %dh", who, h.r.IntN(40000)-20000)
	}
}

// playRandom plays the history of a seed. When it goes wrong, it shows the shortest
// story that still does, as far as leaving lines out one by one gets.
func playRandom(t *testing.T, seed uint64, steps int) {
	script := newHistory(seed, steps)
	err := play(New(t, seed), script, nil)
	if err == nil {
		return
	}
	lines := strings.Split(script, "\n")
	for tries, again := 0, true; again && tries < 400; {
		again = false
		for i := len(lines) - 1; i > 0 && tries < 400; i-- {
			fewer := append(append([]string{}, lines[:i]...), lines[i+1:]...)
			tries++
			if e := play(New(t, seed), strings.Join(fewer, "\n"), nil); e != nil && sameTrouble(e, err) {
				lines, err, again = fewer, e, true
			}
		}
	}
	t.Fatalf("seed %d: %v\n%s", seed, err, strings.Join(lines, "\n"))
}

// sameTrouble keeps the shortening at the failure that it began with, not at a line
// that makes no sense any more.
func sameTrouble(a, b error) bool {
	word := func(err error) string {
		_, text, _ := strings.Cut(err.Error(), ": ")
		if _, what, ok := strings.Cut(text, "\n\t"); ok {
			text = what
		}
		return text[:min(len(text), 30)]
	}
	return word(a) == word(b)
}

func TestRandomHistory(t *testing.T) {
	seeds, steps := uint64(8), 60
	if s := os.Getenv("DAYLIGHT_SEEDS"); s != "" {
		seeds, _ = strconv.ParseUint(s, 10, 64)
	}
	if testing.Short() {
		seeds, steps = 2, 40
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			playRandom(t, seed, steps)
		})
	}
}
