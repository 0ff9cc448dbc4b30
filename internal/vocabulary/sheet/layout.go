package sheet

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/daylight-npm/daylight/internal/vocabulary"
)

// The two sheets.
const (
	Terms     = "terms"
	Standards = "standards"
)

// offered are the languages that every sheet has a column for.
var offered = []string{"en", "ru", "uk", "tk", "ar"}

const reviewedPrefix = "reviewed_"

// The columns besides those of languages, in front of them and behind.
var (
	termsBefore, termsAfter         = []string{"list", "number", "code"}, []string{"parent", "hidden", "retired_on"}
	standardsBefore, standardsAfter = []string{"ref", "instrument", "instrument_name", "provision"},
		[]string{"topics", "binding", "checked", "applies_from", "hidden", "retired_on"}
)

// columns are the names of a sheet's head, with the languages that the office has besides.
func columns(sheet string, s *vocabulary.Set) (out []string) {
	languages := languagesOf(sheet, s)
	if sheet == Standards {
		return slices.Concat(standardsBefore, languages, standardsAfter)
	}
	out = slices.Concat(termsBefore, languages)
	for _, l := range languages {
		out = append(out, reviewedPrefix+l)
	}
	return append(out, termsAfter...)
}

// languagesOf are those of a sheet: the ones that are always there, then the others that
// somebody wrote in. What is no tag has no column.
func languagesOf(sheet string, s *vocabulary.Set) []string {
	more := map[string]bool{}
	note := func(words map[string]string) {
		for tag, text := range words {
			if text != "" && !slices.Contains(offered, tag) && tagOf(tag) != "" {
				more[tag] = true
			}
		}
	}
	if sheet == Standards {
		for _, st := range s.Standards() {
			note(st.Titles)
		}
	} else {
		for _, l := range s.Lists() {
			for _, t := range s.Terms(l) {
				note(t.Labels)
			}
		}
	}
	rest := make([]string, 0, len(more))
	for tag := range more {
		rest = append(rest, tag)
	}
	slices.Sort(rest)
	return append(slices.Clone(offered), rest...)
}

// tagOf reads a BCP 47 tag into its usual spelling; empty for what is none.
func tagOf(s string) string {
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// head is where the columns of a sheet stand.
type head struct {
	names     []string
	at        map[string]int
	languages []string
}

// readHead finds the columns and names those that are missing, stand twice, or are not
// known. Languages beyond the usual ones may be added.
func (g *grid) readHead(s *vocabulary.Set, found *Refused) *head {
	h := &head{at: map[string]int{}}
	first := row{at: 1}
	if len(g.rows) > 0 {
		first = g.rows[0]
	}
	wanted, known := columns(g.name, vocabulary.Shipped()), columns(g.name, s)
	for i, c := range first.cells {
		name := clean(strings.ToValidUTF8(c.text, "?"))
		if !slices.Contains(known, name) {
			name = usual(name, g.name)
		}
		h.names = append(h.names, name)
		_, twice := h.at[name]
		switch {
		case name == "":
			if clean(c.text) != "" {
				found.add(Problem{g.name, first.at, columnName(i), fmt.Sprintf("%q is no column of this sheet; take it out, or call it by a language's tag, as ky", shown(c.text))})
			}
			continue
		case twice:
			found.add(Problem{g.name, first.at, columnName(i), fmt.Sprintf("the column %s stands here a second time; take one out", name)})
		}
		h.at[name] = i
	}
	for _, name := range wanted {
		if _, ok := h.at[name]; !ok {
			found.add(Problem{g.name, first.at, "", fmt.Sprintf("the column %s is missing; export the sheet again, or add it", name)})
		}
	}
	for _, name := range h.names {
		if name != "" && isLanguage(g.name, name) && !slices.Contains(h.languages, name) {
			h.languages = append(h.languages, name)
		}
	}
	return h
}

// usual spells a column that the office does not have yet; empty for what is none.
func usual(name, sheet string) string {
	if lower := strings.ToLower(name); slices.Contains(columns(sheet, vocabulary.Shipped()), lower) {
		return lower
	}
	if rest, ok := strings.CutPrefix(name, reviewedPrefix); ok && sheet == Terms {
		if tag := tagOf(rest); tag != "" {
			return reviewedPrefix + tag
		}
		return ""
	}
	return tagOf(name)
}

func isLanguage(sheet, name string) bool {
	fixed := slices.Concat(termsBefore, termsAfter)
	if sheet == Standards {
		fixed = slices.Concat(standardsBefore, standardsAfter)
	}
	return !slices.Contains(fixed, name) && !strings.HasPrefix(name, reviewedPrefix)
}
