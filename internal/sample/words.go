package sample

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The sentences. Each section begins with a line
//
//	@ CODE weights gravity sources standards
//
// of a topic, or with "@ name" for anything else; below it stand sentences, each behind
// its language and what it is: t a title, n what was seen, r what is recommended, g
// something good, p any other. Words in braces are filled in.
//
//go:embed topics.txt
var topicText string

//go:embed phrases.txt
var phraseText string

// section is what stands under one name.
type section struct {
	name      string
	weights   [11]float64 // by the number of the place group
	gravity   int
	from      []daylightv1.EvidenceSource
	standards []string
	// said are the sentences by language and kind, as "ru t".
	said map[string][]string
}

// book is all that can be said.
type book struct {
	topics  []*section
	by      map[string]*section
	grouped [11][]*section // the topics that matter in a group
}

var theBook = sync.OnceValue(func() *book {
	b := &book{by: map[string]*section{}}
	b.read(phraseText)
	b.read(topicText)
	return b
})

func (w *world) book() *book { return theBook() }

func (b *book) read(text string) {
	var s *section
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '@':
			s = newSection(strings.Fields(line[1:]))
			b.by[s.name] = s
			if s.from != nil {
				b.topics = append(b.topics, s)
			}
			for g := range b.grouped {
				if s.weights[g] > 0 {
					b.grouped[g] = append(b.grouped[g], s)
				}
			}
		default:
			key, sentence := line[:4], line[5:]
			s.said[key] = append(s.said[key], sentence)
		}
	}
}

// sourceLetters spell kinds of source.
var sourceLetters = map[rune]daylightv1.EvidenceSource{
	'o': daylightv1.EvidenceSource_EVIDENCE_SOURCE_OBSERVATION, 'd': daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_DETAINEE,
	's': daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_STAFF, 'm': daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_MANAGEMENT,
	'r': daylightv1.EvidenceSource_EVIDENCE_SOURCE_REGISTER, 'f': daylightv1.EvidenceSource_EVIDENCE_SOURCE_CASE_FILE,
	'h': daylightv1.EvidenceSource_EVIDENCE_SOURCE_MEDICAL_RECORD, 'x': daylightv1.EvidenceSource_EVIDENCE_SOURCE_MEASUREMENT,
	'c': daylightv1.EvidenceSource_EVIDENCE_SOURCE_CCTV, 'e': daylightv1.EvidenceSource_EVIDENCE_SOURCE_EXTERNAL,
	'w': daylightv1.EvidenceSource_EVIDENCE_SOURCE_DOCUMENT,
}

// newSection reads a heading: a name, of a topic also a digit for each of the ten
// groups, how grave it is, letters for its sources, and standards.
func newSection(words []string) *section {
	s := &section{name: words[0], said: map[string][]string{}}
	if len(words) < 4 {
		return s
	}
	for i, digit := range words[1] {
		s.weights[i+1] = float64(digit - '0')
	}
	s.gravity, _ = strconv.Atoi(words[2])
	for _, letter := range words[3] {
		s.from = append(s.from, sourceLetters[letter])
	}
	s.standards = words[4:]
	return s
}

func (b *book) has(name, lang, kind string) bool {
	s := b.by[name]
	return s != nil && len(s.said[lang+" "+kind]) > 0
}

func (b *book) grave(topic string) int { return b.by[topic].gravity }

func (b *book) sources(topic string) []daylightv1.EvidenceSource { return b.by[topic].from }

// second is the authority beside the place's own that a topic is a matter of.
func (b *book) second(topic string) string {
	switch area, _, _ := strings.Cut(topic, "."); area {
	case "HEALTH":
		return "HEALTH"
	case "SAFE", "PLACEM", "COMPL":
		return "JUSTICE"
	case "REGIME":
		return "EDUCATION"
	case "MIGR":
		return "MIGRATION"
	}
	return ""
}

// topic is one that matters in such a place, and topics are some of them.
func (w *world) topic(p *place) string {
	return weighed(w.dice, w.book().grouped[p.group], func(s *section) float64 { return s.weights[p.group] }).name
}

func (w *world) topics(p *place, n int) (out []string) {
	for _, s := range some(w.dice, n, w.book().grouped[p.group]...) {
		out = append(out, s.name)
	}
	return out
}

func (w *world) standardsOf(topic string) []string {
	all := w.book().by[topic].standards
	return some(w.dice, w.between(1, 2), all...)
}

// sentence is one about a topic; phrase is one of the others, filled with what is given.
func (w *world) sentence(topic, lang, kind string) string {
	return w.fill(w.say(topic, lang, kind), w.numbers())
}

func (w *world) phrase(name, lang string, with map[string]string) string {
	return w.fill(w.say(name, lang, "p"), with)
}

// say falls back to Russian, in which everything can be said.
func (w *world) say(name, lang, kind string) string {
	s := w.book().by[name]
	said := s.said[lang+" "+kind]
	if len(said) == 0 {
		said = s.said["ru "+kind]
	}
	return one(w.dice, said...)
}

func (w *world) fill(text string, with map[string]string) string {
	for word, by := range with {
		text = strings.ReplaceAll(text, "{"+word+"}", by)
	}
	return text
}

// numbers are what a sentence may ask for: n many, m a few, pct a part, days some days,
// h hours, deg degrees.
func (w *world) numbers() map[string]string {
	return map[string]string{
		"n": fmt.Sprint(w.between(8, 60)), "m": fmt.Sprint(w.between(2, 7)), "pct": fmt.Sprint(w.between(15, 90)),
		"days": fmt.Sprint(w.between(3, 40)), "h": fmt.Sprint(w.between(4, 72)), "deg": fmt.Sprint(w.between(9, 33)),
	}
}

// unit and room are names of parts of a place.
func (w *world) unit(p *place, lang string) string {
	return w.fill(one(w.dice, units[p.words][lang]...), w.numbers())
}

func (w *world) room(p *place, lang string) string { return w.fill(rooms[p.words][lang], w.numbers()) }

// short is the code of a value of an enum, in small letters and without its list.
func short(r daylightv1.AuthorityResponse) string {
	return strings.ToLower(strings.TrimPrefix(r.String(), "AUTHORITY_RESPONSE_"))
}
