package vocabulary

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Label is what a person reads for a code.
type Label struct {
	// Text is never empty for a code that is not.
	Text string
	// Language is the tag of the language that the text is in; empty for a code that
	// nobody knows and for a term without any label, whose text is its code.
	Language string
	// Reviewed: a native speaker has read it.
	Reviewed bool
	// Known: there is such a term. The text says so where there is none.
	Known bool
}

// Label gives what a code of a list is called in a language, by its BCP 47 tag. Where
// there is no such label it falls back, and Language says to what. An unknown code is
// called unknown; the empty code has the empty label.
func (s *Set) Label(l List, c Code, language string) Label {
	if c == "" {
		return Label{}
	}
	t, ok := s.Lookup(l, c)
	if !ok {
		return Label{Text: fmt.Sprintf("unknown code %s.%s", l, c)}
	}
	return t.Label(language)
}

// NumberLabel is Label by the term's number, as enums have it; 0 says nothing.
func (s *Set) NumberLabel(l List, number uint32, language string) Label {
	if number == 0 {
		return Label{}
	}
	t, ok := s.ByNumber(l, number)
	if !ok {
		return Label{Text: fmt.Sprintf("unknown value %d", number)}
	}
	return t.Label(language)
}

// ValueLabel is NumberLabel for a value of a generated enum, as FindingSeverity.
func (s *Set) ValueLabel(e protoreflect.Enum, language string) Label {
	if e.Number() < 0 {
		return Label{Text: fmt.Sprintf("unknown value %d", e.Number())}
	}
	return s.NumberLabel(ListOf(e.Descriptor()), uint32(e.Number()), language)
}

// Label gives what the term is called, as Set.Label does.
func (t Term) Label(language string) Label {
	tag := t.speech.choose(language)
	if tag == "" {
		return Label{Text: string(t.Code), Known: true}
	}
	return Label{Text: t.Labels[tag], Language: tag, Reviewed: slices.Contains(t.Reviewed, tag), Known: true}
}

// speech is a set of languages in which something has words. Terms with the same
// languages share one.
type speech struct {
	tags    []string // sorted
	matcher language.Matcher
	// of gives, for what the matcher answers, the place in tags: what is no BCP 47 tag
	// is not in the matcher.
	of []int
}

func newSpeech(tags []string) *speech {
	s := &speech{tags: tags}
	var parsed []language.Tag
	for i, t := range tags {
		if tag, err := language.Parse(t); err == nil {
			parsed, s.of = append(parsed, tag), append(s.of, i)
		}
	}
	if len(parsed) > 0 {
		s.matcher = language.NewMatcher(parsed)
	}
	return s
}

// choose gives the tag of the words to show to whoever asks for a language; empty when
// there are none at all.
func (s *speech) choose(asked string) string {
	if s.has(asked) {
		return asked
	}
	tag, err := language.Parse(asked)
	if err == nil {
		if found := s.match(tag); found != "" {
			return found
		}
	}
	for _, next := range fallbacks(tag) {
		if s.has(next) {
			return next
		}
	}
	if len(s.tags) == 0 {
		return ""
	}
	return s.tags[0]
}

func (s *speech) has(tag string) bool {
	_, ok := slices.BinarySearch(s.tags, tag)
	return ok
}

// match finds the same language in another region or spelling, uk for uk-UA. The matcher
// is as sure of Russian for somebody who asks for Armenian; that is not the same language.
func (s *speech) match(tag language.Tag) string {
	if s.matcher == nil {
		return ""
	}
	_, i, confidence := s.matcher.Match(tag)
	found := s.tags[s.of[i]]
	asked, _ := tag.Base()
	if base, _ := language.Make(found).Base(); base != asked || confidence < language.High {
		return ""
	}
	return found
}

// fallbacks are the languages to try after the one asked for. In Central Asia the second
// language of most offices is Russian; elsewhere it cannot be assumed to be welcome.
func fallbacks(tag language.Tag) []string {
	base, _ := tag.Base()
	switch base.String() {
	case "tk", "kk", "ky", "uz", "tg", "kaa", "ru":
		return []string{"ru", "en"}
	}
	return []string{"en", "ru"}
}

// speechOf finds or makes what the labels need.
func (s *Set) speechOf(labels map[string]string) *speech {
	var tags []string
	for tag, text := range labels {
		if text != "" {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	name := strings.Join(tags, " ")
	if s.speeches[name] == nil {
		s.speeches[name] = newSpeech(tags)
	}
	return s.speeches[name]
}

// ListOf names the list of an enum: FINDING_SEVERITY of FindingSeverity.
func ListOf(e protoreflect.EnumDescriptor) List {
	return List(strings.TrimSuffix(string(e.Values().Get(0).Name()), "_UNSPECIFIED"))
}
