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
// person; what nobody in the author's place writes is refused. denied is the first thing
// against it.
func (a Author) May(c Case) (d Decision, r Reason, denied access.Denial, err error) {
	if c.Ruling != 0 && !a.Strict {
		return Refused, Denied, access.Denial{Why: access.NotToWrite}, nil // only at the office
	}
	ask := asked{a, c}
	for i := range c.Change.Records {
		denied, err := ask.write(i)
		switch {
		case err != nil:
			return 0, 0, access.Denial{}, err
		case denied.Why == access.Missing, denied.Why == access.TooLate:
			return Held, Denied, denied, nil
		case denied.Why != access.NoReason:
			return Refused, Denied, denied, nil
		}
	}
	return Accepted, NoReason, access.Denial{}, nil
}

// asked is one change before its judge.
type asked struct {
	Author
	Case
}

// write judges what the change does to one of its records.
func (a asked) write(i int) (access.Denial, error) {
	r, before := a.Change.Records[i], a.Before[i]
	w := access.Write{Subject: access.Subject{Kind: r.Kind}, Creates: !before.State.Complete() && edited(r, fold.FieldID) != nil}
	for _, e := range r.Edits {
		if !slices.Contains(w.Fields, e.Field) {
			w.Fields = append(w.Fields, e.Field)
		}
	}
	w.Withdraws = withdraws(r, before.State)
	switch {
	case before.Kind != 0 && before.Kind != r.Kind, a.Rights.Reads(r.Kind) == access.None:
		return access.Denial{Why: access.Missing, Write: w}, nil
	case !a.Rights.WritesKind(r.Kind) && w.Rewrites():
		return access.Denial{Why: access.NotToWrite, Write: w}, nil
	}
	var known bool
	var err error
	if w.Subject, known, err = a.subject(r, before.State, w.Creates); err != nil {
		return access.Denial{}, err
	}
	if step, is := StepOf(r, before.State); is {
		w.From, w.To = step.From, step.To
	}
	if r.Kind == record.Visit {
		w.NamesHead = w.Creates && access.Beside(a.visitIn(r.Edits), record.Visit, a.Person).Head
	}
	if !known {
		return access.Denial{Why: a.limbo(w), Write: w}, nil
	}
	_, why := a.Rights.MayWrite(w)
	return access.Denial{Why: why, Write: w}, nil
}

// StepOf is the step that the edits take of a record, from where its state shows it;
// false where they leave that alone.
func StepOf(r journal.RecordEdits, before *fold.State) (access.Step, bool) {
	field, has := access.StateField(r.Kind)
	if !has || !slices.ContainsFunc(r.Edits, func(e fold.Edit) bool { return e.Field == field }) {
		return access.Step{}, false
	}
	_, to := record.Content(edited(r, field))
	return access.Step{Kind: r.Kind, From: access.State(record.NumberIn(before, field)), To: access.State(to)}, true
}

// withdraws reports whether what the edits do to an interview's withdrawals only adds: each
// has a value, and names nothing that stands there and that it would replace. What the
// author's own device wrote before goes unnamed, so a slip is corrected like that too.
func withdraws(r journal.RecordEdits, before *fold.State) bool {
	return r.Kind == record.Interview && !slices.ContainsFunc(r.Edits, func(e fold.Edit) bool {
		return e.Field == record.InterviewWithdrawals &&
			(len(e.Value) == 0 || len(e.Supersedes) > 0 && len(before.Entries(e.Path)) > 0)
	})
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
