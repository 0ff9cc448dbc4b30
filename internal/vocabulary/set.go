package vocabulary

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Set is all the words of one office at one time: the shipped ones with the office's
// records over them. It never changes; any number of goroutines may ask it.
type Set struct {
	// Terms, each list in the order of its numbers.
	names   []List
	lists   map[List][]*Term
	terms   map[key]*Term
	numbers map[numbered]*Term

	// Standards, in the order of their instruments and provisions.
	standards   []*Standard
	byRef       map[Ref]*Standard
	families    map[string]family
	instruments []string

	relevance map[relevance]weight

	// Of the office, as they came.
	termRecords     map[key]*daylightv1.Term
	standardRecords map[Ref]*daylightv1.Standard

	speeches map[string]*speech
}

type key struct {
	list List
	code Code
}

type numbered struct {
	list   List
	number uint32
}

func newSet() *Set {
	return &Set{
		terms: map[key]*Term{}, byRef: map[Ref]*Standard{}, families: map[string]family{},
		relevance: map[relevance]weight{}, speeches: map[string]*speech{},
		termRecords: map[key]*daylightv1.Term{}, standardRecords: map[Ref]*daylightv1.Standard{},
	}
}

// add puts a term in the place of what stood under its code.
func (s *Set) add(t *Term) { s.terms[key{t.List, t.Code}] = t }

func (s *Set) addStandard(st *Standard) { s.byRef[st.Ref] = st }

// settle puts everything in order once all is added.
func (s *Set) settle() {
	s.lists, s.numbers, s.names = map[List][]*Term{}, map[numbered]*Term{}, nil
	for _, t := range s.terms {
		s.lists[t.List] = append(s.lists[t.List], t)
	}
	for name, terms := range s.lists {
		s.names = append(s.names, name)
		slices.SortFunc(terms, func(a, b *Term) int {
			return cmp.Or(cmp.Compare(a.Number, b.Number), firstTrue(a.Shipped, b.Shipped), strings.Compare(string(a.Code), string(b.Code)))
		})
		for _, t := range slices.Backward(terms) {
			s.numbers[numbered{name, t.Number}] = t
		}
	}
	slices.Sort(s.names)
	for _, t := range s.terms {
		t.speech = s.speechOf(t.Labels)
		if t.Parent == "" && t.Shipped {
			t.Parent = s.shippedParent(t)
		}
	}
	s.settleStandards()
}

// firstTrue orders true before false.
func firstTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// Lists names the lists that there are, in the order of their names.
func (s *Set) Lists() []List { return slices.Clone(s.names) }

// Has reports whether there is such a list.
func (s *Set) Has(l List) bool { return len(s.lists[l]) > 0 }

// Terms gives all of a list, hidden and retired ones too, in the order of their numbers;
// none for a list that there is not.
func (s *Set) Terms(l List) []Term { return s.pick(l, func(*Term) bool { return true }) }

// Offered gives what a person may choose from on a day, in the order of the numbers.
func (s *Set) Offered(l List, on time.Time) []Term {
	return s.pick(l, func(t *Term) bool { return t.OfferedOn(on) })
}

// OfferedIn is Offered within one group: a PLACE_GROUP, or a FINDING_AREA.
func (s *Set) OfferedIn(l List, parent Code, on time.Time) []Term {
	return s.pick(l, func(t *Term) bool { return t.Parent == parent && t.OfferedOn(on) })
}

func (s *Set) pick(l List, wanted func(*Term) bool) (out []Term) {
	for _, t := range s.lists[l] {
		if wanted(t) {
			out = append(out, *t)
		}
	}
	return out
}

// Lookup finds a term, hidden and retired ones too. false: nobody here knows the code.
func (s *Set) Lookup(l List, c Code) (Term, bool) {
	t := s.terms[key{l, c}]
	if t == nil {
		return Term{}, false
	}
	return *t, true
}

// ByNumber is Lookup by the number. Where two desks gave two terms of their own the same
// number without a network, it is the one whose code comes first.
func (s *Set) ByNumber(l List, number uint32) (Term, bool) {
	t := s.numbers[numbered{l, number}]
	if t == nil {
		return Term{}, false
	}
	return *t, true
}

// Knows reports whether a list has a code. A list that is not the vocabulary's has every
// code.
func (s *Set) Knows(list, code string) bool {
	if !s.Has(List(list)) {
		return true
	}
	_, ok := s.Lookup(List(list), Code(code))
	return ok
}

// NextNumber is the number for the next term that the office adds to a list.
func (s *Set) NextNumber(l List) uint32 {
	next := uint32(OwnNumbers)
	if terms := s.lists[l]; len(terms) > 0 {
		next = max(next, terms[len(terms)-1].Number+1)
	}
	return next
}

// Drives reports whether a list drives the program: it is an enum, to which no office can
// add values.
func Drives(l List) bool { return driving[l] }

var driving = func() map[List]bool {
	out := map[List]bool{}
	for _, file := range []protoreflect.FileDescriptor{daylightv1.File_daylight_v1_vocabulary_proto, daylightv1.File_daylight_v1_directory_proto} {
		for i := range file.Enums().Len() {
			out[ListOf(file.Enums().Get(i))] = true
		}
	}
	return out
}()
