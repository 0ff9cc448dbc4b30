package report

import (
	"encoding/json"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// verdict says why a record is left out.
type verdict int

const (
	let verdict = iota
	confidential
	unconsented
)

// gate says what may leave the office.
type gate struct {
	upTo daylightv1.ConfidentialityClass
	// agreed are the interviews whose person agreed to anonymous use, and has not taken
	// it back. One that the office does not have is none of them.
	agreed map[string]bool
	// joined are interviews that were written down twice, with the one that they were
	// joined to: consent may have been taken back there.
	joined map[string]string
	// closed are the findings that rest on an interview which may not be used: what
	// repeats them stays here too.
	closed map[string]bool
}

// newGate reads all interviews first, and then what rests on them.
func newGate(from Source, upTo daylightv1.ConfidentialityClass) (*gate, error) {
	if upTo == 0 {
		upTo = internal
	}
	g := &gate{upTo: upTo, agreed: map[string]bool{}, joined: map[string]string{}, closed: map[string]bool{}}
	err := from.Each(record.Interview, func(r Row) error {
		if m, ok := r.Message.(*daylightv1.Interview); ok && record.MayUse(narrowed(r, m), record.UseReport.Scope()) {
			g.agreed[m.GetId()] = true
			if m.GetMergedInto() != "" {
				g.joined[m.GetId()] = m.GetMergedInto()
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return g, from.Each(record.Finding, func(r Row) error {
		if !g.consented(record.Finding, r) {
			g.closed[r.Message.GetId()] = true
		}
		return nil
	})
}

const internal = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_INTERNAL

// judge says whether a record may leave.
func (g *gate) judge(k record.Kind, r Row) verdict {
	switch {
	case classOf(k, r) > g.upTo:
		return confidential
	case !g.consented(k, r):
		return unconsented
	}
	return let
}

// consented reports whether all interviews that the record rests on may be used. An
// interview itself is coded, and leaves unless its person says no to taking part, to notes
// or, by taking it back, to their use.
func (g *gate) consented(k record.Kind, r Row) bool {
	if i, ok := r.Message.(*daylightv1.Interview); ok {
		i = narrowed(r, i)
		return record.Withheld(nil, i, record.UseShow) == nil && !slices.ContainsFunc(i.GetWithdrawals(), func(w *daylightv1.ConsentWithdrawal) bool {
			return w.GetScope() == record.UseReport.Scope()
		})
	}
	if slices.ContainsFunc(record.FindingsUnder(r.Message), func(id string) bool { return g.closed[id] }) {
		return false
	}
	for _, f := range record.Fields(k) {
		if f.Refers != record.Interview {
			continue
		}
		for _, id := range idsIn(r.Message.ProtoReflect(), f.Descriptor) {
			if !g.usable(id) {
				return false
			}
		}
	}
	return true
}

// maxJoined bounds how many interviews are joined one to the next; a ring of them is none.
const maxJoined = 16

// usable reports whether the interview, and those that it was joined to, may be used.
func (g *gate) usable(id string) bool {
	for range maxJoined {
		if !g.agreed[id] {
			return false
		}
		next, joined := g.joined[id]
		if !joined {
			return true
		}
		id = next
	}
	return false
}

// idsIn are those of a field, which holds one or several.
func idsIn(m protoreflect.Message, fd protoreflect.FieldDescriptor) (out []string) {
	if !m.Has(fd) {
		return nil
	}
	if !fd.IsList() {
		return []string{m.Get(fd).String()}
	}
	for i := range m.Get(fd).List().Len() {
		out = append(out, m.Get(fd).List().Get(i).String())
	}
	return out
}

// narrowed is an interview as it must be read: where two answers to one question stand
// beside each other, as a no.
func narrowed(r Row, m *daylightv1.Interview) *daylightv1.Interview {
	var keys []string
	for _, c := range r.Status.GetConflicts() {
		if c.GetField() == "consents" {
			keys = append(keys, c.GetKey())
		}
	}
	return record.NarrowConsents(m, keys)
}

// classOf is how far a record may travel: of several values, the narrowest. A class that
// this program does not know is narrower than all.
func classOf(k record.Kind, r Row) daylightv1.ConfidentialityClass {
	class := unsetClass(k)
	m := r.Message.ProtoReflect()
	if fd := m.Descriptor().Fields().ByName("confidentiality"); fd != nil && m.Has(fd) && m.Get(fd).Enum() != 0 {
		class = daylightv1.ConfidentialityClass(m.Get(fd).Enum())
	}
	for _, c := range r.Status.GetConflicts() {
		if c.GetField() != "confidentiality" {
			continue
		}
		for _, v := range c.GetValues() {
			class = max(class, classIn(v.GetJson(), k))
		}
	}
	if class < 0 {
		class = 1 << 30
	}
	return class
}

// classIn reads a class in protobuf JSON; empty: it was cleared.
func classIn(text string, k record.Kind) daylightv1.ConfidentialityClass {
	if text == "" {
		return unsetClass(k)
	}
	var name string
	if json.Unmarshal([]byte(text), &name) == nil {
		if n, ok := daylightv1.ConfidentialityClass_value[name]; ok && n > 0 {
			return daylightv1.ConfidentialityClass(n)
		}
	}
	return 1 << 30
}

// unsetClass is that of a record that does not say, as each message's comment has it.
func unsetClass(k record.Kind) daylightv1.ConfidentialityClass {
	switch {
	case record.Sealed(k):
		return daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_SEALED
	case k == record.ReprisalCase || k == record.VisitPlan:
		return daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED
	}
	return internal
}
