package exchange

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Author is who wants a change, and what they may do.
type Author struct {
	// Person is their id in the directory; zero for an integrator's program, which is in
	// no team.
	Person record.ID
	Rights access.Rights
	// Made reports whether the author wrote what a writer wrote.
	Made func(fold.WriterID) (bool, error)
	// Strict: nothing waits for what may come. A record that is not known is one that is
	// denied, and a visit is made with its head.
	Strict bool
}

// May puts each record of the change to package access, and its answer into that of
// the office: what the author does not see, or could write until lately, waits for a
// person; what nobody in the author's place writes is refused. why is the first reason
// against it.
func (a Author) May(c Case) (d Decision, r Reason, why access.Reason, err error) {
	ask := asked{a, c}
	for i := range c.Change.Records {
		why, err := ask.write(i)
		switch {
		case err != nil:
			return 0, 0, 0, err
		case why == access.Missing, why == access.TooLate:
			return Held, Denied, why, nil
		case why != access.NoReason:
			return Refused, Denied, why, nil
		}
	}
	return Accepted, NoReason, access.NoReason, nil
}

// asked is one change before its judge.
type asked struct {
	Author
	Case
}

// write judges what the change does to one of its records.
func (a asked) write(i int) (access.Reason, error) {
	r, before := a.Change.Records[i], a.Before[i]
	if before.Kind != 0 && before.Kind != r.Kind {
		return access.Missing, nil
	}
	switch {
	case a.Rights.Reads(r.Kind) == access.None:
		return access.Missing, nil
	case !a.Rights.WritesKind(r.Kind) && !a.onlySteps(r):
		return access.NotToWrite, nil
	}
	w := access.Write{Creates: !before.State.Complete() && edited(r, fold.FieldID) != nil}
	for _, e := range r.Edits {
		if !slices.Contains(w.Fields, e.Field) {
			w.Fields = append(w.Fields, e.Field)
		}
	}
	var known bool
	var err error
	if w.Subject, known, err = a.subject(r, before.State, w.Creates); err != nil {
		return 0, err
	}
	if r.Kind == record.Visit {
		_, to := record.Content(edited(r, record.VisitState))
		w.To = daylightv1.VisitState(to)
		w.NamesHead = w.Creates && access.Beside(a.visitIn(r.Edits), record.Visit, a.Person).Head
	}
	if !known {
		return a.limbo(w), nil
	}
	_, why := a.Rights.MayWrite(w)
	return why, nil
}

// onlySteps reports whether the edits do nothing but take a step of a visit.
func (a asked) onlySteps(r journal.RecordEdits) bool {
	return r.Kind == record.Visit && !slices.ContainsFunc(r.Edits, func(e fold.Edit) bool { return e.Field != record.VisitState })
}

// limbo judges an edit of what hangs on a record that the office does not have: a
// restore forgot it, or whoever made it has not synced. It is let through as far as it
// asks for nothing special; nobody sees it who does not see everything.
func (a asked) limbo(w access.Write) access.Reason {
	if a.Strict && a.Rights.Reads(w.Kind)&access.All == 0 {
		return access.Missing
	}
	w.Own, w.Head = true, false
	w.Made = true
	w.Creates = false
	if ok, _ := a.Rights.MayWrite(w); ok {
		return access.NoReason
	}
	return access.Missing
}

// subject is what access has to know of the record before the change. known: the office
// has it, and the visit that it hangs on; or the change makes them.
func (a asked) subject(r journal.RecordEdits, before *fold.State, creates bool) (s access.Subject, known bool, err error) {
	s = access.Subject{Kind: r.Kind}
	known = creates || before.Complete()
	switch {
	case r.Kind == record.Visit:
		s, err = a.ofVisit(r, before)
	case record.HangsOnVisit(r.Kind):
		s, known, err = a.hanging(r, before, known)
	case r.Kind == record.Facility:
		s.Region = record.TextIn(before, record.FacilityRegion)
		if creates {
			s.Region = editedText(r, record.FacilityRegion)
		}
	}
	if err == nil && !creates {
		s.Made, err = a.madeBy(before)
	}
	return s, known, err
}

// ofVisit: a visit that goes nowhere yet is judged by where the change sends it.
func (a asked) ofVisit(r journal.RecordEdits, before *fold.State) (access.Subject, error) {
	visit, err := a.visitOf(before)
	if err != nil {
		return access.Subject{}, err
	}
	s := access.Beside(visit, record.Visit, a.Person)
	place := visit.GetFacilityId()
	if place == "" {
		place = editedText(r, record.VisitFacility)
	}
	s.Region, err = a.regionOf(place)
	return s, err
}

// hanging: the visit may be in the same change, which is judged as a whole.
func (a asked) hanging(r journal.RecordEdits, before *fold.State, known bool) (access.Subject, bool, error) {
	s := access.Subject{Kind: r.Kind}
	id, says := record.VisitOf(r.Kind, before)
	for _, e := range r.Edits {
		if !says && record.HangsBy(r.Kind, e.Field) {
			text, _ := record.Content(e.Value)
			named, err := record.ParseID(string(text))
			if err != nil {
				return s, known, nil // what judges the structure refuses it
			}
			id, says = named, true
		}
	}
	if !says {
		return s, known, nil
	}
	visit, there, err := a.visit(id)
	if err != nil || !there {
		return s, false, err
	}
	s = access.Beside(visit, r.Kind, a.Person)
	s.Region, err = a.regionOf(visit.GetFacilityId())
	return s, known, err
}

// visit is what decides about a visit: as the change leaves it where that makes it,
// else as it stands.
func (a asked) visit(id record.ID) (v *daylightv1.Visit, there bool, err error) {
	now, err := a.Record(id)
	if err != nil {
		return nil, false, err
	}
	if now.State.Complete() {
		v, err := a.visitOf(now.State)
		return v, now.Kind == record.Visit, err
	}
	for _, r := range a.Change.Records {
		if r.ID == id && r.Kind == record.Visit && edited(r, fold.FieldID) != nil {
			return a.visitIn(r.Edits), true, nil
		}
	}
	return nil, false, nil
}

func (a asked) visitOf(s *fold.State) (*daylightv1.Visit, error) {
	v := a.visitFrom(func(p fold.Path) []byte {
		if e := s.Entries(p); len(e) > 0 {
			return e[0].Value
		}
		return nil
	})
	if a.Strict || s.Touched(record.VisitTeam) {
		return v, nil
	}
	made, err := a.madeBy(s)
	if made {
		v.Team = a.alone()
	}
	return v, err
}

func (a asked) visitIn(edits []fold.Edit) *daylightv1.Visit {
	v := a.visitFrom(func(p fold.Path) []byte {
		for _, e := range edits {
			if e.Path == p {
				return e.Value
			}
		}
		return nil
	})
	if !a.Strict && !slices.ContainsFunc(edits, func(e fold.Edit) bool { return e.Field == record.VisitTeam && len(e.Value) > 0 }) {
		v.Team = a.alone()
	}
	return v
}

// alone is the team of a visit that has never named any: its maker, who may have made it before
// the device was enrolled and knew who they are to the office.
func (a asked) alone() []*daylightv1.TeamMember {
	return []*daylightv1.TeamMember{{Id: a.Person.String(), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}}}
}

// visitFrom gathers of a visit what access asks about: its state, its place, and the
// author's own part in the team.
func (a asked) visitFrom(value func(fold.Path) []byte) *daylightv1.Visit {
	v := &daylightv1.Visit{}
	for _, p := range []fold.Path{
		{Field: record.VisitFacility}, {Field: record.VisitState}, {Field: record.VisitTeam, Element: true, Key: a.Person.String()},
	} {
		// What cannot be read is not there, and allows less.
		_ = proto.UnmarshalOptions{Merge: true}.Unmarshal(value(p), v)
	}
	return v
}

// regionOf is the region of a place, empty while the office does not know it.
func (a asked) regionOf(place string) (string, error) {
	id, err := record.ParseID(place)
	if err != nil {
		return "", nil
	}
	now, err := a.Record(id)
	if err != nil || now.Kind != record.Facility {
		return "", err
	}
	return record.TextIn(now.State, record.FacilityRegion), nil
}

// madeBy reports whether the author wrote the change that made the record.
func (a asked) madeBy(s *fold.State) (bool, error) {
	e := s.Entries(fold.Path{Field: fold.FieldID})
	if len(e) == 0 {
		return false, nil
	}
	return a.Made(e[0].Writer)
}

// edited is the value that the edits give a field; nil when they do not, or clear it.
func edited(r journal.RecordEdits, field int32) []byte {
	for _, e := range r.Edits {
		if e.Path == (fold.Path{Field: field}) {
			return e.Value
		}
	}
	return nil
}

// editedText is the text that the edits give a field.
func editedText(r journal.RecordEdits, field int32) string {
	text, _ := record.Content(edited(r, field))
	return string(text)
}
