package likeness

import (
	"slices"
)

// meeting says how two names meet.
type meeting struct {
	// apart: a number or a mark differs, so they are names of two places.
	apart bool
	// alike is from 0, nothing in common, to 1, the same words.
	alike float64
	// bare: there are no words; what is alike are number, mark and class. plain: the class
	// alone.
	bare, plain bool
	// doubt: one has a number or a mark that the other leaves out, or their classes hardly
	// go together.
	doubt bool
	// classes: both say of which sort the place is, and they agree; clash: they do not.
	classes, clash bool
}

// similar is from where two words, or two names, count as alike: two letters in ten may
// differ, which is what a second transliteration or a slip of a finger leaves. At 0.75
// registers of real prisons begin to pair Northern with Norther Creek.
const similar = 0.8

// meet compares two names.
func meet(a, b name) (m meeting) {
	m.apart = differ(a.numbers, b.numbers) || differ(a.marks, b.marks)
	m.doubt = len(a.numbers) != len(b.numbers) || len(a.marks) != len(b.marks)
	if len(a.classes) > 0 && len(b.classes) > 0 {
		m.classes = common(a.classes, b.classes)
		m.clash = !m.classes && !related(a.classes, b.classes)
	}
	switch {
	case len(a.words) == 0 && len(b.words) == 0:
		m.bare = true
		both := len(a.numbers) > 0 || len(a.marks) > 0 && len(b.marks) > 0
		if len(a.numbers) == len(b.numbers) && (m.classes || both && !m.clash) {
			m.alike, m.plain = 1, !both
		}
	case len(a.words) > 0 && len(b.words) > 0:
		m.alike = alike(a, b)
	case len(a.numbers) > 0 && len(b.numbers) > 0: // Colony No. 14, and Colony No. 14 of a village
		m.bare, m.doubt, m.alike = true, true, 1
	}
	return m
}

// differ: both say something, and one of them says something that the other does not.
func differ(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && !slices.Equal(a, b)
}

func common(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

func related(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if meets[[2]string{min(x, y), max(x, y)}] {
				return true
			}
		}
	}
	return false
}

// alike compares two sets of words: each finds its nearest in the other, and counts by
// its length. The measure is Dice's, over the letters of words that found one. Words that
// are all in the other name are just similar: people leave out the second word.
func alike(a, b name) float64 {
	if slices.Equal(a.words, b.words) || a.whole == b.whole {
		return 1
	}
	if s := max(wordsAlike(a.whole, b.whole), wordsAlike(a.rough, b.rough)); s > 0 {
		return s
	}
	inA, inB := matched(a.words, b.words), matched(b.words, a.words)
	lenA, lenB := float64(letterCount(a.words)), float64(letterCount(b.words))
	dice := (inA + inB) / (lenA + lenB)
	if lenA > shortWord && inA >= lenA*similar || lenB > shortWord && inB >= lenB*similar {
		return max(dice, similar)
	}
	return dice
}

func letterCount(words []string) (n int) {
	for _, w := range words {
		n += len(w)
	}
	return n
}

// matched adds up the letters of a's words that have their like in b.
func matched(a, b []string) (sum float64) {
	for _, w := range a {
		best := 0.0
		for _, x := range b {
			if s := wordsAlike(w, x); s > best {
				best = s
			}
		}
		sum += best * float64(len(w))
	}
	return sum
}

// oneIn: one letter in so many may differ, and one in any word that is not short.
const oneIn = 5

// shortWord: with fewer letters a word has to be the same.
const shortWord = 4

// wordsAlike is 1 for the same word, and 0 for words that are not alike.
func wordsAlike(a, b string) float64 {
	if a == b {
		return 1
	}
	longest := max(len(a), len(b))
	most := max(1, longest/oneIn)
	if min(len(a), len(b)) < shortWord || longest-min(len(a), len(b)) > most {
		return 0
	}
	d := distance(a, b)
	if d > most {
		return 0
	}
	return 1 - float64(d)/float64(longest)
}

// distance counts the letters to add, drop or change, and the neighbours to swap, that
// lead from a to b (optimal string alignment).
func distance(a, b string) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := row[j-1]
			if a[i-1] != b[j-1] {
				cost++
			}
			next[j] = min(row[j]+1, next[j-1]+1, cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
