package record

import (
	"cmp"
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Whole is a visit with all that hangs on it, as far as its reader has it. Fill it with
// Add; what is asked of it changes nothing in it.
type Whole struct {
	// Today is the reader's day, as 2026-11-24. Empty: what depends on it is not asked.
	Today string
	// Known has the codes of the vocabulary; nil: they are not asked for.
	Known Known

	// Facility and Visit are nil where they are not here.
	Facility *daylightv1.Facility
	Visit    *daylightv1.Visit

	// The rest, in the order in which it was added.
	Findings        []*daylightv1.Finding
	Interviews      []*daylightv1.Interview
	RegisterChecks  []*daylightv1.RegisterCheck
	Measurements    []*daylightv1.Measurement
	Incidents       []*daylightv1.ObstructionIncident
	Reprisals       []*daylightv1.ReprisalCase
	Undertakings    []*daylightv1.Undertaking
	Notes           []*daylightv1.Note
	Recommendations []*daylightv1.Recommendation
	Replies         []*daylightv1.AuthorityReply
	Responses       []*daylightv1.ChecklistResponse
	// Others are records of further kinds: comments, what is sealed.
	Others []Message

	// Conflicts are the paths that hold more than one value.
	Conflicts []Place
}

// Place is one path of one record.
type Place struct {
	Kind Kind
	ID   string
	// Field and Key are as PathName says them.
	Field, Key string
}

// Remark is a flag about one record of several.
type Remark struct {
	Kind Kind
	ID   string
	Flag
}

// Add puts a record in its place. A removed one, and one that was joined to another, is
// left out: what counts is said by the other.
func (w *Whole) Add(m Message) {
	if m.GetRemoved() != nil || joinedTo(m) != "" {
		return
	}
	switch m := m.(type) {
	case *daylightv1.Facility:
		w.Facility = m
	case *daylightv1.Visit:
		w.Visit = m
	case *daylightv1.Finding:
		w.Findings = append(w.Findings, m)
	case *daylightv1.Interview:
		w.Interviews = append(w.Interviews, m)
	case *daylightv1.RegisterCheck:
		w.RegisterChecks = append(w.RegisterChecks, m)
	case *daylightv1.Measurement:
		w.Measurements = append(w.Measurements, m)
	case *daylightv1.ObstructionIncident:
		w.Incidents = append(w.Incidents, m)
	case *daylightv1.ReprisalCase:
		w.Reprisals = append(w.Reprisals, m)
	case *daylightv1.Undertaking:
		w.Undertakings = append(w.Undertakings, m)
	case *daylightv1.Note:
		w.Notes = append(w.Notes, m)
	case *daylightv1.Recommendation:
		w.Recommendations = append(w.Recommendations, m)
	case *daylightv1.AuthorityReply:
		w.Replies = append(w.Replies, m)
	case *daylightv1.ChecklistResponse:
		w.Responses = append(w.Responses, m)
	default:
		w.Others = append(w.Others, m)
	}
}

// joinedTo is the record that this duplicate was joined to; empty for none. Named as its
// own duplicate, it is none.
func joinedTo(m Message) string {
	into := m.(interface{ GetMergedInto() string }).GetMergedInto()
	if into == m.GetId() {
		return ""
	}
	return into
}

// records are all of them, by kind and then by id.
func (w *Whole) records() []Message {
	var out []Message
	if w.Facility != nil {
		out = append(out, w.Facility)
	}
	if w.Visit != nil {
		out = append(out, w.Visit)
	}
	out = append(out, messages(w.Findings)...)
	out = append(out, messages(w.Interviews)...)
	out = append(out, messages(w.RegisterChecks)...)
	out = append(out, messages(w.Measurements)...)
	out = append(out, messages(w.Incidents)...)
	out = append(out, messages(w.Reprisals)...)
	out = append(out, messages(w.Undertakings)...)
	out = append(out, messages(w.Notes)...)
	out = append(out, messages(w.Recommendations)...)
	out = append(out, messages(w.Replies)...)
	out = append(out, messages(w.Responses)...)
	out = append(out, w.Others...)
	slices.SortStableFunc(out, func(a, b Message) int {
		return cmp.Or(cmp.Compare(kindIn(a), kindIn(b)), cmp.Compare(a.GetId(), b.GetId()))
	})
	return out
}

func messages[M Message](all []M) []Message {
	out := make([]Message, len(all))
	for i, m := range all {
		out[i] = m
	}
	return out
}

// kindIn is the kind of a message that is one; 0 for another.
func kindIn(m Message) Kind {
	k, _ := KindOf(m)
	return k
}

// Flags are the flags of every record, by kind and id, and then those that need more
// than one of them. Everything is there once, in a fixed order.
func (w *Whole) Flags() (out []Remark) {
	for _, m := range w.records() {
		all := Flags(m)
		if w.Known != nil {
			all = append(all, UnknownCodes(m, w.Known)...)
		}
		for _, f := range all {
			out = append(out, Remark{kindIn(m), m.GetId(), f})
		}
	}
	for _, r := range wholeRules() {
		out = append(out, w.ask(r)...)
	}
	return slices.Concat(out, w.conflicts())
}

func (w *Whole) ask(r FlagRule) (out []Remark) {
	said := map[string]int{}
	r.across(w, func(m Remark) {
		if said[m.ID]++; said[m.ID] <= mostOfOneRule {
			m.Flag = r.flag(m.Flag)
			out = append(out, m)
		}
	})
	return out
}

// openConflict is how a conflict is listed among what a submission lacks.
var openConflict = FlagRule{
	Code: "open-conflict", Kinds: Kinds(), Weight: WeightMissing,
	Text: "Several values stand beside each other, and nobody has settled which one holds.",
}

func (w *Whole) conflicts() (out []Remark) {
	all := slices.Clone(w.Conflicts)
	slices.SortFunc(all, comparePlaces)
	for _, c := range slices.Compact(all) {
		out = append(out, Remark{c.Kind, c.ID, openConflict.flag(Flag{Field: c.Field, Key: c.Key})})
	}
	return out
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Key, b.Key))
}

// Missing is what a submission lists as missing: first of the visit itself, then of what
// hangs on it by kind and id, at the end the conflicts that nobody has settled. Nothing
// of it stops a submission: a team that has to leave hands in what it has.
func (w *Whole) Missing() []Remark {
	all := slices.DeleteFunc(w.Flags(), func(r Remark) bool {
		return r.Weight != WeightMissing || r.Kind == Facility && r.Code != openConflict.Code
	})
	rank := func(r Remark) int {
		switch {
		case r.Code == openConflict.Code:
			return 2
		case r.Kind == Visit:
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b Remark) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// TurnedAway reports whether the visit ended at the gate: it stands as obstructed, or
// nobody was inside and entry was refused. Such a visit still counts, and other things
// are missing of it.
func (w *Whole) TurnedAway() bool {
	v := w.Visit
	if v == nil || len(v.GetSessions()) > 0 || v.GetEnteredAt() != "" {
		return false
	}
	return v.GetState() == daylightv1.VisitState_VISIT_STATE_OBSTRUCTED || rated(v, allPremises, daylightv1.AccessRating_ACCESS_RATING_REFUSED) ||
		slices.ContainsFunc(w.Incidents, func(i *daylightv1.ObstructionIncident) bool { return i.GetType() == "ENTRY_REFUSED" })
}

const allPremises = daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES

// rated reports whether a right of the visit has that rating.
func rated(v visit, right daylightv1.AccessRight, rating daylightv1.AccessRating) bool {
	return slices.ContainsFunc(v.GetAccess(), func(a *daylightv1.AccessRecord) bool {
		return a.GetRight() == right && a.GetRating() == rating
	})
}
