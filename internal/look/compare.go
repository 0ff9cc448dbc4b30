package look

import (
	"slices"
	"strings"
	"unicode"
)

// Compared shows what one text has that another has not: words that were taken out are
// struck, words that were added are underlined, and for whoever listens both are said.
// Spaces and line breaks count as what they are.
func (l *Locale) Compared(before, after string) (out Text) {
	for _, c := range changes(split(before), split(after)) {
		out = append(out, l.marked(Gone, "part.gone", strings.Join(c.gone, ""))...)
		out = append(out, l.marked(Added, "part.added", strings.Join(c.added, ""))...)
		out = append(out, Plain(strings.Join(c.same, ""))...)
	}
	return out
}

// marked marks a change. Spaces at its ends stand outside of the mark, which begins and ends
// with what there is to read; a change of nothing but spaces is marked as it is.
func (l *Locale) marked(mark func(Text) Text, key Key, s string) Text {
	if s == "" {
		return nil
	}
	before, inner, after := "", strings.Trim(s, " "), ""
	if inner == "" {
		inner = s
	} else {
		before, after, _ = strings.Cut(s, inner)
	}
	out := Plain(before)
	out = append(out, mark(append(Unseen(Plain("["+l.Say(key).String()+": ")), append(Plain(inner), Unseen(Plain("] "))...)...))...)
	return append(out, Plain(after)...)
}

// Combined merges two texts that grew from one: what only one of them changed is taken,
// and where both changed the same words otherwise the two stand as [mine / theirs], to be
// decided by a person. Open says how many such places there are.
func Combined(before, mine, theirs string) (text string, open int) {
	base := split(before)
	a, b := edits(base, split(mine)), edits(base, split(theirs))
	var out strings.Builder
	for at := 0; ; {
		from := next(a, b, len(base))
		out.WriteString(strings.Join(base[at:from], ""))
		if len(a) == 0 && len(b) == 0 {
			return out.String(), open
		}
		var ours, others []edit
		to := from
		for grown := true; grown; {
			before := len(ours) + len(others)
			ours, a, to = gathered(ours, a, from, to)
			others, b, to = gathered(others, b, from, to)
			grown = len(ours)+len(others) > before
		}
		x, y := applied(base, from, to, ours), applied(base, from, to, others)
		switch {
		case len(others) == 0 || x == y:
			out.WriteString(x)
		case len(ours) == 0:
			out.WriteString(y)
		case from == to:
			// Two additions at one place do not contradict each other: both stay.
			out.WriteString(x + spaceBetween(x, y) + y)
		default:
			open++
			out.WriteString("[" + strings.TrimSpace(x) + " / " + strings.TrimSpace(y) + "]" + tail(x, y))
		}
		at = to
	}
}

// Joined puts two texts into one where nobody knows what they grew from: what only one of
// them has is taken, and where they differ the two stand as [mine / theirs]. Open says how
// many such places there are.
func Joined(mine, theirs string) (text string, open int) {
	var out strings.Builder
	for _, c := range changes(split(mine), split(theirs)) {
		x, y := strings.Join(c.gone, ""), strings.Join(c.added, "")
		if strings.TrimSpace(x) != "" && strings.TrimSpace(y) != "" {
			open++
			x, y = "["+strings.TrimSpace(x)+" / "+strings.TrimSpace(y)+"]"+tail(x, y), ""
		}
		out.WriteString(x + y + strings.Join(c.same, ""))
	}
	return out.String(), open
}

// Apart says how far one text is from another: of two texts, the one that the other grew
// from is the nearer. It counts the words, spaces and signs of the changes between them; a
// space between two changes counts with them.
func Apart(a, b string) (n int) {
	for _, c := range changes(split(a), split(b)) {
		n += len(c.gone) + len(c.added)
	}
	return n
}

// StillOpen says beside a combined text how many places of it a person has to decide;
// nothing when there is none.
func (l *Locale) StillOpen(places int) Text {
	if places == 0 {
		return nil
	}
	return l.Say("part.two-values", "n", places)
}

// next is where the next edit of either begins; the end where there is none.
func next(a, b []edit, end int) int {
	if len(a) > 0 {
		end = min(end, a[0].from)
	}
	if len(b) > 0 {
		end = min(end, b[0].from)
	}
	return end
}

// gathered moves the edits that touch a stretch from those that wait, and says how far the
// stretch then reaches.
func gathered(got, wait []edit, from, to int) (more, rest []edit, end int) {
	for len(wait) > 0 && touches(wait[0], from, to) {
		got, to, wait = append(got, wait[0]), max(to, wait[0].to), wait[1:]
	}
	return got, wait, to
}

// touches reports whether an edit belongs to the stretch: it overlaps it, or begins where
// the stretch begins.
func touches(e edit, from, to int) bool { return e.from == from || e.from < to }

// tail keeps the space after a contested place.
func tail(x, y string) string {
	if strings.HasSuffix(x, " ") || strings.HasSuffix(y, " ") {
		return " "
	}
	return ""
}

func spaceBetween(x, y string) string {
	if x == "" || y == "" || strings.HasSuffix(x, " ") || strings.HasPrefix(y, " ") || strings.HasSuffix(x, "\n") || strings.HasPrefix(y, "\n") {
		return ""
	}
	return " "
}

// edit says that words from..to of the base became others.
type edit struct {
	from, to int
	words    []string
}

// applied is the base's stretch with the edits.
func applied(base []string, from, to int, es []edit) string {
	var b strings.Builder
	for _, e := range es {
		b.WriteString(strings.Join(base[from:e.from], "") + strings.Join(e.words, ""))
		from = e.to
	}
	b.WriteString(strings.Join(base[from:to], ""))
	return b.String()
}

// edits are what turns one list of words into another.
func edits(from, to []string) (out []edit) {
	at := 0
	for _, c := range changes(from, to) {
		if len(c.gone)+len(c.added) > 0 {
			out = append(out, edit{at, at + len(c.gone), c.added})
		}
		at += len(c.gone) + len(c.same)
	}
	return out
}

// change is a stretch: words that go, words that come instead, and words that stay.
type change struct{ gone, added, same []string }

// mostCompared bounds the work: what is longer is compared without its common ends as one
// stretch.
const mostCompared = 4000

// changes lists the stretches that turn one list of words into another, by the longest
// common sequence.
func changes(a, b []string) (out []change) {
	head := common(a, b)
	if head > 0 {
		out = append(out, change{same: a[:head]})
	}
	a, b = a[head:], b[head:]
	end := commonEnd(a, b)
	tail := a[len(a)-end:]
	a, b = a[:len(a)-end], b[:len(b)-end]
	if len(a) > 0 && len(b) > 0 && len(a)+len(b) <= mostCompared {
		out = append(out, sequence(a, b)...)
	} else if len(a)+len(b) > 0 {
		out = append(out, change{gone: a, added: b})
	}
	if n := len(out); n > 0 && len(out[n-1].same) == 0 {
		out[n-1].same = tail
	} else if len(tail) > 0 {
		out = append(out, change{same: tail})
	}
	return slid(out)
}

// slid moves what was only added, or only taken out, towards the end while the words stay
// the same: a sentence that was added then ends with its own full stop, not with that of
// the sentence before it.
func slid(in []change) []change {
	for i := range in {
		c := &in[i]
		moved := &c.added
		if len(c.added) == 0 {
			moved = &c.gone
		}
		if len(c.gone) > 0 && len(c.added) > 0 || len(*moved) == 0 {
			continue
		}
		before, n := []string(nil), 0
		for n < len(c.same) && (*moved)[0] == c.same[n] {
			before = append(before, c.same[n])
			*moved = append(slices.Clone((*moved)[1:]), c.same[n])
			n++
		}
		c.same = c.same[n:]
		if n == 0 {
			continue
		}
		if i == 0 {
			return slices.Concat([]change{{same: before}}, in)
		}
		in[i-1].same = slices.Concat(in[i-1].same, before)
	}
	return in
}

func common(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonEnd(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// sequence walks the table of longest common sequences.
func sequence(a, b []string) (out []change) {
	w := len(b) + 1
	length := make([]int32, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i*w+j] = length[(i+1)*w+j+1] + 1
			} else {
				length[i*w+j] = max(length[(i+1)*w+j], length[i*w+j+1])
			}
		}
	}
	var c change
	flush := func() {
		if len(c.gone)+len(c.added)+len(c.same) > 0 {
			out, c = append(out, c), change{}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			c.same = append(c.same, a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && length[(i+1)*w+j] >= length[i*w+j+1]:
			if len(c.same) > 0 {
				flush()
			}
			c.gone = append(c.gone, a[i])
			i++
		default:
			if len(c.same) > 0 {
				flush()
			}
			c.added = append(c.added, b[j])
			j++
		}
	}
	flush()
	return smooth(out)
}

// smooth joins changes that only a space keeps apart, so that a rewritten phrase reads as
// one change.
func smooth(in []change) (out []change) {
	for _, c := range in {
		if n := len(out); n > 0 {
			last := &out[n-1]
			between := strings.Join(last.same, "")
			if strings.TrimSpace(between) == "" && len(last.gone)+len(last.added) > 0 && len(c.gone)+len(c.added) > 0 {
				last.gone = slices.Concat(last.gone, last.same, c.gone)
				last.added = slices.Concat(last.added, last.same, c.added)
				last.same = c.same
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// split cuts a text into words, each run of spaces, and each sign by itself.
func split(s string) (out []string) {
	start, kind := 0, 0
	for i, r := range s {
		k := kindOf(r)
		if i > start && (k != kind || k == signs) {
			out = append(out, s[start:i])
			start = i
		}
		kind = k
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

const (
	letters = iota + 1
	spaces
	signs
)

func kindOf(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return spaces
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r), r == '\u200c', r == '\u200d', r == '’', r == '\'', r == '-':
		return letters
	}
	return signs
}
