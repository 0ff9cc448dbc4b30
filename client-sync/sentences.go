package clientsync

import (
	_ "embed" // the sentences below are part of the library
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed sentences.csv
var sentencesCSV string

// Sentence is one thing that an Error, its hint or the reason of a Refusal says, under a
// code that an app can look up in its own catalogue: a code is never used for anything
// else. The library itself speaks English.
type Sentence struct {
	// Code is stable, as disk-full.
	Code string
	// English is the sentence with {name} where a param stands. What is made of several
	// begins in small letters and has no full stop.
	English string
	// Params are the values by name. That of {why} may be a sentence of its own.
	Params map[string]string

	pattern *regexp.Regexp // nil where there are no params
	names   []string
}

// Sentences lists all that this program knows, for catalogues: without Params.
func Sentences() []Sentence { return slices.Clone(known().all) }

// SentencesOf takes a Message or a Hint apart, as "the folder is locked; nothing was
// changed" into two. It is empty for what none of the sentences fits, as a newer office
// may say: then the text is all there is.
func SentencesOf(text string) []Sentence {
	if out := known().split(text, true); out != nil {
		return out
	}
	return known().split(text, false)
}

// phrasebook is the table, read.
type phrasebook struct {
	all   []Sentence
	exact map[string]int // by their English
	loose []int          // those with params, the more telling first
}

var known = sync.OnceValue(func() *phrasebook {
	rows, err := csv.NewReader(strings.NewReader(sentencesCSV)).ReadAll()
	if err != nil {
		panic(err) // a test reads the same
	}
	k := &phrasebook{exact: map[string]int{}}
	for i, row := range rows[1:] {
		s := Sentence{Code: row[0], English: row[1]}
		if s.pattern, s.names = patternOf(s.English); s.pattern == nil {
			k.exact[s.English] = i
		} else {
			k.loose = append(k.loose, i)
		}
		k.all = append(k.all, s)
	}
	fixed := func(i int) int { return len(param.ReplaceAllString(k.all[i].English, "")) }
	slices.SortStableFunc(k.loose, func(a, b int) int { return fixed(b) - fixed(a) })
	return k
})

var param = regexp.MustCompile(`\{([a-z]+)\}`)

// shapes are what the value of a param looks like, where that is known; else it is
// anything on one line.
var shapes = map[string]string{
	"n": `\d+`, "have": `\d+`, "most": `\d+`, "of": `\d+`, "at": `\d+`, "line": `\d+`, "pid": `\d+`,
	"code": `\S+`, "version": `\S+`,
	"field": `[a-z][a-z0-9_]*(?:[.\[][^:]*)?`,
}

func patternOf(english string) (*regexp.Regexp, []string) {
	var names []string
	var b strings.Builder
	at := 0
	for _, m := range param.FindAllStringSubmatchIndex(english, -1) {
		name := english[m[2]:m[3]]
		shape := shapes[name]
		if shape == "" {
			shape = `.+`
		}
		b.WriteString(regexp.QuoteMeta(english[at:m[0]]) + "(" + shape + ")")
		names, at = append(names, name), m[1]
	}
	if names == nil {
		return nil, nil
	}
	return regexp.MustCompile("^" + b.String() + regexp.QuoteMeta(english[at:]) + "$"), names
}

// split takes a text apart at its semicolons. Closely, the longest sentence comes first,
// since some have a semicolon of their own, and a {why} has to be a sentence itself; else
// the shortest, so that a reason which nobody knows takes no more along than it must.
func (k *phrasebook) split(text string, closely bool) []Sentence {
	parts := strings.Split(text, "; ")
	for i := range parts {
		n := i + 1
		if closely {
			n = len(parts) - i
		}
		first, ok := k.find(strings.Join(parts[:n], "; "), closely)
		if !ok {
			continue
		}
		if n == len(parts) {
			return []Sentence{first}
		}
		if rest := k.split(strings.Join(parts[n:], "; "), closely); rest != nil {
			return append([]Sentence{first}, rest...)
		}
	}
	return nil
}

// find gives the one sentence that a text is.
func (k *phrasebook) find(text string, closely bool) (Sentence, bool) {
	if i, ok := k.exact[text]; ok {
		return k.all[i], true
	}
	for _, i := range k.loose {
		s, ok := k.all[i].read(text)
		if why := s.Params["why"]; ok && closely && why != "" {
			_, ok = k.find(why, true)
		}
		if ok {
			return s, true
		}
	}
	return Sentence{}, false
}

// read gives the sentence with the params that a text has for it.
func (s Sentence) read(text string) (Sentence, bool) {
	m := s.pattern.FindStringSubmatch(text)
	if m == nil {
		return s, false
	}
	s.Params = map[string]string{}
	for i, name := range s.names {
		s.Params[name] = m[i+1]
	}
	return s, true
}

// FlagTexts are the sentences of the flags that this package adds to those of the rules
// and of the forms, by message key, in English with {name} where a param stands: for
// catalogues.
func FlagTexts() map[string]string {
	out := map[string]string{}
	for code, text := range openTexts {
		out["flag."+code] = text
	}
	for why, code := range codes {
		out["rule.access-"+code] = sentences[why]
	}
	return out
}
