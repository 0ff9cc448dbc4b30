package vocabulary

import (
	_ "embed" // the words below are part of the program
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

//go:embed terms.csv
var termsCSV string

//go:embed standards.csv
var standardsCSV string

//go:embed instruments.csv
var instrumentsCSV string

//go:embed relevance.csv
var relevanceCSV string

// Shipped gives the words as the program has them, with nothing of an office.
func Shipped() *Set { return shipped() }

var shipped = sync.OnceValue(func() *Set {
	s := newSet()
	for _, r := range table(termsCSV) {
		s.add(shippedTerm(r))
	}
	for _, r := range table(instrumentsCSV) {
		s.families[r["instrument"]] = family(r["family"])
		s.instruments = append(s.instruments, r["instrument"])
	}
	for i, r := range table(standardsCSV) {
		s.addStandard(shippedStandard(r, i))
	}
	for _, r := range table(relevanceCSV) {
		s.relevance[relevance{Code(r["place"]), Code(r["topic"])}] = weights[r["matters"]]
	}
	s.settle()
	return s
})

// table reads an embedded table by the names in its head. What is embedded is as a test
// saw it.
func table(text string) (out []map[string]string) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(err)
	}
	for _, row := range rows[1:] {
		r := map[string]string{}
		for i, cell := range row {
			r[rows[0][i]] = cell
		}
		out = append(out, r)
	}
	return out
}

func shippedTerm(r map[string]string) *Term {
	t := &Term{List: List(r["list"]), Code: Code(r["code"]), Shipped: true, Labels: map[string]string{}}
	t.Number = number(r["number"])
	for name, cell := range r {
		if language, ok := strings.CutPrefix(name, "label_"); ok && cell != "" {
			t.Labels[language] = cell
		}
	}
	return t
}

func number(s string) uint32 {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		panic(err)
	}
	return uint32(n)
}

func shippedStandard(r map[string]string, order int) *Standard {
	st := &Standard{
		Ref: Ref(r["ref"]), Instrument: r["instrument"], InstrumentName: r["instrument_name"], Provision: r["provision"],
		Titles:  map[string]string{"en": r["short_title"]},
		Checked: daylightv1.StandardCheck(daylightv1.StandardCheck_value["STANDARD_CHECK_"+strings.ToUpper(r["checked"])]),
		Shipped: true, order: order,
	}
	for topic := range strings.SplitSeq(r["topics"], "|") {
		st.Topics = append(st.Topics, Code(topic))
	}
	return st
}

// shippedParent derives the group of a shipped term: of a topic what stands before its
// dot; of a type of place the hundreds of its number, but for the last two numbers, which
// belong to the tenth group.
func (s *Set) shippedParent(t *Term) Code {
	switch t.List {
	case FindingTopic:
		area, _, _ := strings.Cut(string(t.Code), ".")
		return Code(area)
	case PlaceType:
		n := t.Number / 100
		if t.Number == 998 || t.Number == 999 {
			n = 10
		}
		group, ok := s.ByNumber(PlaceGroup, n)
		if !ok {
			panic(fmt.Sprintf("%s has no group", t.Code))
		}
		return group.Code
	}
	return ""
}
