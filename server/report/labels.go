package report

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Labels gives the vocabulary's word for a code of a list in a language; the code, or
// nothing, where it has none. Enums are lists by their name: FINDING_SEVERITY, SERIOUS.
type Labels func(list, code, language string) string

// labels are the words for codes in one language: those of the office's terms, which
// an office may add to and word as it likes, else those of the vocabulary.
type labels struct {
	language string
	terms    map[[2]string]string
	shipped  Labels
}

func newLabels(from Source, language string, shipped Labels) (*labels, error) {
	l := &labels{language: language, terms: map[[2]string]string{}, shipped: shipped}
	if language == "" {
		l.language = "en"
	}
	return l, from.Each(record.Term, func(r Row) error {
		m, _ := r.Message.(*daylightv1.Term)
		if word := l.word(m.GetLabels()); word != "" && !r.Removed {
			l.terms[[2]string{m.GetList(), m.GetCode()}] = word
		}
		return nil
	})
}

// word is the label in the language, in that without its region or script, or in English.
func (l *labels) word(in map[string]string) string {
	base, _, _ := strings.Cut(l.language, "-")
	for _, language := range []string{l.language, base, "en"} {
		if word := in[language]; word != "" {
			return word
		}
	}
	return ""
}

func (l *labels) of(list, code string) string {
	if code == "" {
		return ""
	}
	if word := l.terms[[2]string{list, code}]; word != "" {
		return word
	}
	if l.shipped != nil {
		if word := l.shipped(list, code, l.language); word != "" {
			return word
		}
	}
	return code
}

func sortedKeys(m protoreflect.Map) (keys []protoreflect.MapKey) {
	m.Range(func(k protoreflect.MapKey, _ protoreflect.Value) bool {
		keys = append(keys, k)
		return true
	})
	slices.SortFunc(keys, func(a, b protoreflect.MapKey) int { return strings.Compare(a.String(), b.String()) })
	return keys
}
