package likeness

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what is read of one record: whoever writes more into a name is not compared
// by the rest.
const (
	maxRunes = 300 // of a name
	maxWords = 24  // of a name
	maxNames = 24  // of a place
)

// name is a name that was taken apart. Each part is sorted and holds nothing twice.
type name struct {
	words, numbers, marks, classes []string
	// whole are the words in their order, run together: a space is the first thing that
	// people leave out.
	whole string
	// rough is whole before it was smoothed: where a slip took the letter between two that
	// are the same, smoothing would take one more.
	rough  string
	former bool
}

// lower is a text in small letters, in one form of Unicode.
func lower(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// token is a run of letters or of digits, and what stands around it.
type token struct {
	text   string
	digits bool
	// glued: nothing stood before it; joined: a dash or a stroke at most.
	glued, joined bool
	// short: a full stop stood behind it.
	short bool
}

// readName takes a name apart.
func readName(s string) name {
	var n name
	tokens := tokensOf(s)
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if !t.digits {
			n.addWord(t, i == len(tokens)-1)
			continue
		}
		number := strings.TrimLeft(t.text, "0")
		if number == "" {
			number = "0"
		}
		if i+1 < len(tokens) && !tokens[i+1].digits {
			if letter, part := behind(tokens[i+1]); part {
				number += letter
				i++
			}
		}
		n.numbers = append(n.numbers, number)
	}
	for _, part := range []*[]string{&n.words, &n.numbers, &n.marks, &n.classes} {
		slices.Sort(*part)
		*part = slices.Compact(*part)
	}
	n.numbers = n.numbers[:min(len(n.numbers), maxWords)]
	return n
}

// endings are what makes a number an ordinal: 14-я, 14-nji, 14th.
var endings = map[string]bool{}

func init() {
	for _, e := range strings.Fields("я й го ая яя ый ой ий е ое му ю ю-й а га та ша th st nd rd nji njy ynjy inji unjy ünji") {
		endings[e] = true
	}
}

// behind reads what stands right behind a number: an ordinal's ending says nothing, one
// letter is a part of the number, as in 7b; anything else is a word by itself.
func behind(t token) (letter string, part bool) {
	switch {
	case !t.joined:
		return "", false
	case endings[t.text] && (!t.glued || len([]rune(t.text)) > 1):
		return "", true
	case t.glued && len([]rune(t.text)) == 1:
		return sounds(t.text), true
	}
	return "", false
}

// romans are the numbers that names write with letters; I, V and X alone are also words.
var romans = map[string]string{"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}

func (n *name) addWord(t token, last bool) {
	if number, ok := romans[t.text]; ok {
		n.numbers = append(n.numbers, number)
		return
	}
	word := sounds(t.text)
	if word == "" {
		return
	}
	if len(word) == 1 { // initials and the г. of a town say nothing; block B does
		if _, says := known.exact[word]; !t.short && (last || !says) {
			n.marks = append(n.marks, word)
		}
		return
	}
	s, ok := known.sense(word)
	switch {
	case !ok:
		n.say(stem(word), rough(t.text))
	case s.class != "":
		n.classes = append(n.classes, s.class)
	case s.mark != "":
		n.marks = append(n.marks, s.mark)
	case s.word != "":
		n.say(s.word, s.word)
	}
}

// adjectives are how Russian and Ukrainian make a town a district's: Акбулакский, of
// Акбулак. The longest first.
var adjectives = []string{"skogo", "skoe", "skom", "skie", "skoi", "ski", "ska", "ske"}

func stem(word string) string {
	const least = 3
	for _, end := range adjectives {
		if rest, ok := strings.CutSuffix(word, end); ok && len(rest) >= least {
			return rest
		}
	}
	return word
}

func (n *name) say(word, rough string) {
	if len(n.words) < maxWords {
		n.words, n.whole, n.rough = append(n.words, word), n.whole+word, n.rough+rough
	}
}

// tokensOf cuts a text into runs of letters and of digits. Apostrophes inside a word are
// left out, as are the signs that stand for "number".
func tokensOf(s string) (out []token) {
	runes := []rune(s)
	runes = []rune(lower(string(runes[:min(len(runes), maxRunes)])))
	for i, end := 0, 0; i < len(runes); {
		j := i
		digits := unicode.IsDigit(runes[i])
		for j < len(runes) && inRun(runes, i, j, digits) {
			j++
		}
		if j == i {
			i++
			continue
		}
		gap := string(runes[end:i])
		t := token{text: strings.Map(dropApostrophe, string(runes[i:j])), digits: digits, short: j < len(runes) && runes[j] == '.'}
		if len(out) > 0 {
			t.glued = gap == ""
			t.joined = t.glued || gap == "-" || gap == "–" || gap == "/"
		}
		out = append(out, t)
		i, end = j, j
	}
	return out
}

// inRun reports whether the rune at j belongs to the run that begins at i.
func inRun(runes []rune, i, j int, digits bool) bool {
	r := runes[j]
	switch {
	case digits:
		return unicode.IsDigit(r)
	case unicode.IsLetter(r):
		return true
	}
	return j > i && (unicode.IsMark(r) || apostrophe(r) && j+1 < len(runes) && unicode.IsLetter(runes[j+1]))
}

func apostrophe(r rune) bool { return strings.ContainsRune("'’ʼ`´ʹ", r) }

func dropApostrophe(r rune) rune {
	if apostrophe(r) {
		return -1
	}
	return r
}
