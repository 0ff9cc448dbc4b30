package report

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// labels are the words for codes in one language: the vocabulary's, with what the office
// laid over it.
type labels struct {
	language string
	words    *vocabulary.Set
}

func newLabels(from Source, language string) (*labels, error) {
	l := &labels{language: language}
	if language == "" {
		l.language = "en"
	}
	var terms []*daylightv1.Term
	var standards []*daylightv1.Standard
	var removed []string
	for _, k := range []record.Kind{record.Term, record.Standard} {
		if err := from.Each(k, func(r Row) error {
			switch m := r.Message.(type) {
			case *daylightv1.Term:
				terms = append(terms, m)
			case *daylightv1.Standard:
				standards = append(standards, m)
			}
			if r.Removed {
				removed = append(removed, r.Message.GetId())
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	l.words = vocabulary.New(terms, standards, removed...)
	return l, nil
}

// of is the word for a code; the code itself where the list is not the vocabulary's.
func (l *labels) of(list, code string) string {
	if !l.words.Has(vocabulary.List(list)) {
		return code
	}
	return l.words.Label(vocabulary.List(list), vocabulary.Code(code), l.language).Text
}

func sortedKeys(m protoreflect.Map) (keys []protoreflect.MapKey) {
	m.Range(func(k protoreflect.MapKey, _ protoreflect.Value) bool {
		keys = append(keys, k)
		return true
	})
	slices.SortFunc(keys, func(a, b protoreflect.MapKey) int { return strings.Compare(a.String(), b.String()) })
	return keys
}
