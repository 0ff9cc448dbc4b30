package vocabulary

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// New gives the words of an office: the shipped ones with its records over them. Give
// removed records too, and their ids, so that the office's own terms stay readable where
// they were used. Their order does not matter, and they are left as they are.
//
// Over a shipped term a record decides labels, language by language, what is reviewed,
// hidden, retired_on and parent; never list, code or number. Of several records of one
// list and code those that were not removed or joined to another count, the one with the
// least id before the others.
func New(terms []*daylightv1.Term, standards []*daylightv1.Standard, removed ...string) *Set {
	s := newSet()
	base := Shipped()
	s.families, s.instruments, s.relevance = base.families, base.instruments, base.relevance
	for k, t := range base.terms {
		copied := *t
		s.terms[k] = &copied
	}
	for r, st := range base.byRef {
		copied := *st
		s.byRef[r] = &copied
	}
	gone := map[string]bool{}
	for _, id := range removed {
		gone[id] = true
	}
	for _, r := range standingFirst(terms, gone) {
		s.layTerm(r, gone[r.GetId()] || r.GetMergedInto() != "")
	}
	for _, r := range standingFirst(standards, gone) {
		s.layStandard(r, gone[r.GetId()] || r.GetMergedInto() != "")
	}
	s.settle()
	return s
}

// lies is what records of both kinds have.
type lies interface {
	GetId() string
	GetMergedInto() string
}

// standingFirst puts those that were removed or joined to another behind the others.
func standingFirst[R lies](records []R, removed map[string]bool) []R {
	stands := func(r R) bool { return !removed[r.GetId()] && r.GetMergedInto() == "" }
	out := slices.Clone(records)
	slices.SortFunc(out, func(a, b R) int {
		return cmp.Or(firstTrue(stands(a), stands(b)), strings.Compare(a.GetId(), b.GetId()))
	})
	return out
}

// layTerm puts one record over the terms. The first of its code is the one to change from
// now on; what comes after it only adds labels that are missing.
func (s *Set) layTerm(r *daylightv1.Term, gone bool) {
	k := key{List(r.GetList()), Code(r.GetCode())}
	if k.list == "" || k.code == "" {
		return
	}
	first := s.termRecords[k] == nil
	t := s.terms[k]
	switch {
	case t != nil && t.Shipped && gone:
		if first { // taken back: as shipped, and changed again by the same record
			s.termRecords[k] = &daylightv1.Term{Id: r.Id, Seen: r.Seen, List: r.List, Code: r.Code, Number: r.Number, Shipped: r.Shipped}
		}
		return
	case t == nil:
		t = &Term{List: k.list, Code: k.code, Number: r.GetNumber(), Hidden: gone || Drives(k.list)}
		s.terms[k] = t
	}
	if first {
		s.termRecords[k] = proto.Clone(r).(*daylightv1.Term)
		t.decide(r)
	}
	t.Labels = over(t.Labels, r.GetLabels(), first)
}

// decide takes what the record says of the term, its labels apart.
func (t *Term) decide(r *daylightv1.Term) {
	t.Hidden = t.Hidden || r.GetHidden()
	t.RetiredOn = cmp.Or(r.GetRetiredOn(), t.RetiredOn)
	t.Parent = Code(r.GetParent())
	t.Reviewed = slices.Sorted(slices.Values(r.GetReviewed()))
}

// over lays words by language over others; those that are empty say nothing.
func over(under, words map[string]string, wins bool) map[string]string {
	out := maps.Clone(under)
	if out == nil {
		out = map[string]string{}
	}
	for tag, text := range words {
		if text != "" && (wins || out[tag] == "") {
			out[tag] = text
		}
	}
	return out
}

// layStandard puts one record over the standards. Of a shipped one, instrument and
// provision stay.
func (s *Set) layStandard(r *daylightv1.Standard, gone bool) {
	ref := Ref(r.GetRef())
	if ref == "" {
		return
	}
	first := s.standardRecords[ref] == nil
	st := s.byRef[ref]
	switch {
	case st != nil && st.Shipped && gone:
		if first {
			s.standardRecords[ref] = &daylightv1.Standard{Id: r.Id, Seen: r.Seen, Ref: r.Ref, Shipped: r.Shipped}
		}
		return
	case st == nil:
		st = &Standard{Ref: ref, Hidden: gone}
		s.byRef[ref] = st
	}
	if first {
		s.standardRecords[ref] = proto.Clone(r).(*daylightv1.Standard)
		st.decide(r)
	}
	st.Titles = over(st.Titles, r.GetTitles(), first)
}

func (st *Standard) decide(r *daylightv1.Standard) {
	if !st.Shipped {
		st.Instrument, st.Provision = r.GetInstrument(), r.GetProvision()
	}
	st.InstrumentName = cmp.Or(r.GetInstrumentName(), st.InstrumentName)
	st.Said = cmp.Or(r.GetBinding(), st.Said)
	st.Checked = cmp.Or(r.GetChecked(), st.Checked)
	st.AppliesFrom = cmp.Or(r.GetAppliesFrom(), st.AppliesFrom)
	st.RetiredOn = cmp.Or(r.GetRetiredOn(), st.RetiredOn)
	st.Hidden = r.GetHidden() || st.Hidden
	if topics := r.GetTopics(); len(topics) > 0 {
		st.Topics = nil
		for _, topic := range slices.Sorted(slices.Values(topics)) {
			st.Topics = append(st.Topics, Code(topic))
		}
	}
}
