package look

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func style() string { return string(assets()["daylight.css"].body) }

var (
	tokenPattern   = regexp.MustCompile(`--([a-z0-9-]+):\s*(#[0-9a-f]{6}|#[0-9a-f]{3}|var\(--[a-z-]+\))`)
	commentPattern = regexp.MustCompile(`(?s)/\*.*?\*/`)
)

// block gives what stands between the braces after a selector.
func block(t *testing.T, css, selector string) string {
	t.Helper()
	_, after, ok := strings.Cut(css, selector+" {")
	if !ok {
		t.Fatalf("the style has no %s", selector)
	}
	inside, _, _ := strings.Cut(after, "}")
	return inside
}

func tokensOf(css string) map[string]string {
	out := map[string]string{}
	for _, m := range tokenPattern.FindAllStringSubmatch(css, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// themes are the tokens as each theme has them.
func themes(t *testing.T) map[string]map[string]string {
	css := commentPattern.ReplaceAllString(style(), "")
	light := tokensOf(block(t, css, ":root"))
	over := func(selector string) map[string]string {
		out := maps.Clone(light)
		maps.Copy(out, tokensOf(block(t, css, selector)))
		return out
	}
	return map[string]map[string]string{"light": light, "dark": over(`:root[data-theme="dark"]`), "sun": over(`:root[data-theme="sun"]`)}
}

// TestTheDarkThemesAreOne: whoever chose the dark sees what the device would have shown.
func TestTheDarkThemesAreOne(t *testing.T) {
	css := commentPattern.ReplaceAllString(style(), "")
	system, chosen := block(t, css, `:root:not([data-theme="light"])`), block(t, css, `:root[data-theme="dark"]`)
	if a, b := strings.Join(strings.Fields(system), " "), strings.Join(strings.Fields(chosen), " "); a != b {
		t.Errorf("they differ:\n%s\n%s", a, b)
	}
	if len(tokensOf(chosen)) < 30 {
		t.Errorf("only %d tokens found", len(tokensOf(chosen)))
	}
}

// pair is a token on the tokens that it stands on.
type pair struct {
	front string
	back  []string
	least float64
}

var grounds = []string{"page", "surface", "inset", "beam", "act-wash", "light-wash", "other-wash", "settled-wash", "watch-wash", "attend-wash", "urgent-wash"}

var pairs = []pair{
	{"ink", grounds, 4.5}, {"ink-soft", grounds, 4.5},
	{"act", []string{"page", "surface", "inset", "act-wash", "beam"}, 4.5}, {"act-strong", []string{"page", "surface", "inset"}, 4.5},
	{"on-act", []string{"act", "act-strong"}, 4.5},
	{"light-ink", []string{"light-wash", "surface"}, 4.5},
	{"other", []string{"surface", "other-wash", "page", "inset"}, 4.5}, {"settled", []string{"surface", "settled-wash", "page"}, 4.5},
	{"watch", []string{"surface", "watch-wash", "page"}, 4.5}, {"attend", []string{"surface", "attend-wash", "page", "inset"}, 4.5},
	{"urgent", []string{"surface", "urgent-wash", "page", "inset"}, 4.5}, {"on-urgent", []string{"urgent"}, 4.5},
	{"ink", []string{"h0", "h1", "h2"}, 4.5}, {"on-act", []string{"h5"}, 4.5},
	{"edge", []string{"page", "surface", "inset"}, 3}, {"focus", []string{"page", "surface", "inset"}, 3},
	{"s1", []string{"surface"}, 3}, {"s2", []string{"surface"}, 3}, {"s3", []string{"surface"}, 3}, {"s4", []string{"surface"}, 3},
}

// TestEverythingCanBeRead: the contrast of WCAG 2.2 AA, in each theme.
func TestEverythingCanBeRead(t *testing.T) {
	for theme, tokens := range themes(t) {
		smallest, where := 100.0, ""
		for _, p := range pairs {
			for _, back := range p.back {
				got := contrast(t, tokens[p.front], tokens[back])
				if got < p.least {
					t.Errorf("%s: --%s on --%s is %.2f, less than %.1f", theme, p.front, back, got, p.least)
				}
				if p.least == 4.5 && got < smallest {
					smallest, where = got, p.front+" on "+back
				}
			}
		}
		t.Logf("%s: the smallest text contrast is %.2f, %s", theme, smallest, where)
	}
}

// contrast is that of WCAG 2.2.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		t.Fatalf("%q is no colour", hex)
	}
	linear := func(c uint64) float64 {
		v := float64(c&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}

// TestTheStyleStaysOneSystem: colours stand in the tokens alone, and places are logical,
// so that the page turns round.
func TestTheStyleStaysOneSystem(t *testing.T) {
	css := commentPattern.ReplaceAllString(style(), "")
	_, rest, _ := strings.Cut(css, "prefers-contrast")
	screen, _, _ := strings.Cut(rest, "@media print")
	for _, line := range strings.Split(screen, "\n") {
		if m := regexp.MustCompile(`[^-a-z](margin|padding|border)-(left|right)|[^-a-z](left|right):|text-align: (left|right)`).FindString(line); m != "" {
			t.Errorf("%q does not turn round in: %s", m, line)
		}
		if m := regexp.MustCompile(`#[0-9a-f]{3,6}\b`).FindString(line); m != "" && !strings.Contains(line, ".qr") && !strings.Contains(line, ".p-tick") && !strings.Contains(line, ".c-k0") {
			t.Errorf("%s stands outside the tokens in: %s", m, line)
		}
	}
}

// TestTheStyleOwnsEveryClass: a class that a part has and no rule names is a spelling
// mistake.
func TestTheStyleOwnsEveryClass(t *testing.T) {
	names, err := partFiles.ReadDir("parts")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range names {
		b, err := partFiles.ReadFile("parts/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(string(b), -1) {
			for _, class := range strings.Fields(regexp.MustCompile(`\{\{[^}]*\}\}`).ReplaceAllString(m[1], " ")) {
				if strings.HasSuffix(class, "-") || class == "q-check" {
					continue
				}
				if !regexp.MustCompile(`\.` + regexp.QuoteMeta(class) + `[^a-z0-9-]`).MatchString(style()) {
					t.Errorf("%s has the class %s, which the style does not know", f.Name(), class)
				}
			}
		}
	}
}
