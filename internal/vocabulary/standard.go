package vocabulary

import (
	"cmp"
	"slices"
	"strings"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Ref names a provision for ever, as NMR-44.
type Ref string

// Standard is one provision of a legal text in the program's or the office's own words.
// Whoever gets one leaves its map and slices as they are.
type Standard struct {
	Ref Ref
	// Instrument is the short name of the text, as NMR; Provision its part, as 21(1).
	Instrument, InstrumentName, Provision string
	// Titles are what it says, in short, by language tag.
	Titles map[string]string
	// Topics are what it speaks to.
	Topics []Code

	// Said is how far it binds where the office has said so itself; see Binding.
	Said    daylightv1.StandardBinding
	Checked daylightv1.StandardCheck

	// AppliesFrom and RetiredOn bound the time in which it is cited; empty for no bound.
	AppliesFrom, RetiredOn string
	Hidden                 bool
	Shipped                bool

	order  int
	speech *speech
}

// CitedOn reports whether the standard is to be cited on the day.
func (st Standard) CitedOn(on time.Time) bool {
	return !st.Hidden && !retired(st.RetiredOn, on) && (st.AppliesFrom == "" || retired(st.AppliesFrom, on))
}

// Title gives what it says in a language, falling back as Term.Label does; the ref where
// there are no words.
func (st Standard) Title(language string) Label {
	tag := st.speech.choose(language)
	if tag == "" {
		return Label{Text: string(st.Ref), Known: true}
	}
	return Label{Text: st.Titles[tag], Language: tag, Known: true}
}

// family is where an instrument comes from.
type family string

const (
	treaty family = "TREATY"
	un     family = "UN"     // resolutions, and documents of treaty bodies
	europe family = "EUROPE" // Council of Europe
	expert family = "EXPERT" // principles of experts and professions
)

// Tenant is what the force of a standard depends on. The zero Tenant is a State outside
// the Council of Europe that is a party to every treaty.
type Tenant struct {
	// CouncilOfEurope: the State is a member.
	CouncilOfEurope bool
	// NotPartyTo are the treaties, by instrument, that do not bind it, as CED.
	NotPartyTo []string
}

// Binding says how far a standard binds a State. What the office said itself counts first;
// else treaties bind their parties, resolutions and treaty bodies' documents are soft law,
// Council of Europe texts guide its members as soft law does and persuade elsewhere, and a
// text that did not come with the program is national law.
func (s *Set) Binding(st Standard, of Tenant) daylightv1.StandardBinding {
	if st.Said != 0 {
		return st.Said
	}
	switch f, known := s.families[st.Instrument]; {
	case !known:
		return daylightv1.StandardBinding_STANDARD_BINDING_NATIONAL
	case f == treaty && !slices.Contains(of.NotPartyTo, st.Instrument):
		return daylightv1.StandardBinding_STANDARD_BINDING_BINDING
	case f == un, f == europe && of.CouncilOfEurope:
		return daylightv1.StandardBinding_STANDARD_BINDING_SOFT_LAW
	}
	return daylightv1.StandardBinding_STANDARD_BINDING_PERSUASIVE
}

// useful is the order in which bindings help an argument.
var useful = []daylightv1.StandardBinding{
	daylightv1.StandardBinding_STANDARD_BINDING_BINDING, daylightv1.StandardBinding_STANDARD_BINDING_NATIONAL,
	daylightv1.StandardBinding_STANDARD_BINDING_SOFT_LAW, daylightv1.StandardBinding_STANDARD_BINDING_PERSUASIVE,
}

// Cited is a standard with its force for one State.
type Cited struct {
	Standard
	Binding daylightv1.StandardBinding
}

// Standard finds a provision, hidden and retired ones too.
func (s *Set) Standard(r Ref) (Standard, bool) {
	st := s.byRef[r]
	if st == nil {
		return Standard{}, false
	}
	return *st, true
}

// Standards gives all of them, in the order of instruments and provisions.
func (s *Set) Standards() (out []Standard) {
	for _, st := range s.standards {
		out = append(out, *st)
	}
	return out
}

// StandardsFor gives what may be cited on a day for a finding on a topic: what binds
// first, then in the order of instruments and provisions. None is no fault: a finding
// needs no standard.
func (s *Set) StandardsFor(topic Code, of Tenant, on time.Time) (out []Cited) {
	for _, st := range s.standards {
		if slices.Contains(st.Topics, topic) && st.CitedOn(on) {
			out = append(out, Cited{*st, s.Binding(*st, of)})
		}
	}
	slices.SortStableFunc(out, func(a, b Cited) int { return cmp.Compare(usefulness(a.Binding), usefulness(b.Binding)) })
	return out
}

// usefulness puts a binding that a newer program knows behind the others.
func usefulness(b daylightv1.StandardBinding) int {
	if i := slices.Index(useful, b); i >= 0 {
		return i
	}
	return len(useful)
}

// StandardLabel is what a ref is called: instrument, provision and title. An unknown one
// is called unknown.
func (s *Set) StandardLabel(r Ref, language string) Label {
	if r == "" {
		return Label{}
	}
	st, ok := s.Standard(r)
	if !ok {
		return Label{Text: "unknown standard " + string(r)}
	}
	l := st.Title(language)
	l.Text = strings.TrimSpace(st.Instrument+" "+st.Provision) + ": " + l.Text
	return l
}

func (s *Set) settleStandards() {
	s.standards = nil
	for _, st := range s.byRef {
		st.speech = s.speechOf(st.Titles)
		s.standards = append(s.standards, st)
	}
	slices.SortFunc(s.standards, func(a, b *Standard) int {
		return cmp.Or(cmp.Compare(s.instrumentOrder(a), s.instrumentOrder(b)), strings.Compare(a.Instrument, b.Instrument),
			firstTrue(a.Shipped, b.Shipped), cmp.Compare(a.order, b.order),
			compareProvisions(a.Provision, b.Provision), strings.Compare(string(a.Ref), string(b.Ref)))
	})
}

func (s *Set) instrumentOrder(st *Standard) int {
	if i := slices.Index(s.instruments, st.Instrument); i >= 0 {
		return i
	}
	return len(s.instruments)
}

// compareProvisions orders 4 before 21(1), and 9 before 10.
func compareProvisions(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits counts those that s begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
