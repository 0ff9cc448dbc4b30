package console

import (
	"bytes"
	"slices"

	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/merging"
	"github.com/daylight-npm/daylight/server/register"
	"github.com/daylight-npm/daylight/server/store"
)

// intake is what a file would do to the places of the office, as they are now.
type intake struct {
	file *register.Register
	plan *register.Plan
	// fresh are new places, doubtful those of them that look like one that there is, changed
	// those that there are and that differ.
	fresh, doubtful, changed []planned
	// sources are the registers that places came from before.
	sources []string
}

// planned is one place to save.
type planned struct {
	line          int
	place, before *daylightv1.Facility
	// alike are the places that it may be.
	alike []likeness.Candidate
}

// plan reckons what a file would do. unread says why the file cannot be read at all, in a
// sentence for a person.
func (t *turn) plan(b brought) (in *intake, unread, err error) {
	in = &intake{}
	if in.file, unread = register.Read(bytes.NewReader(b.data), registerOptions(b.told)); unread != nil {
		return in, unread, nil
	}
	all, err := merging.All[*daylightv1.Facility](t.ctx(), t.records().Desk(), record.Facility, store.Query{IncludeRemoved: true, IncludeIncomplete: true})
	if err != nil {
		return in, nil, err
	}
	byID := make(map[record.ID]*daylightv1.Facility, len(all))
	for _, f := range all {
		if id, err := record.ParseID(f.GetId()); err == nil {
			byID[id] = f
		}
	}
	if in.plan, err = in.file.Plan(func(id record.ID) (*daylightv1.Facility, error) { return byID[id], nil }); err != nil {
		return in, nil, err
	}
	in.sort(all)
	return in, nil, nil
}

// sort puts the places to save into their groups.
func (in *intake) sort(all []*daylightv1.Facility) {
	var standing []*daylightv1.Facility
	for _, f := range all {
		if f.GetRemoved() == nil && likeness.MergedInto(f) == "" {
			standing = append(standing, f)
		}
		for _, r := range f.GetRegisters() {
			if !slices.Contains(in.sources, r.GetSource()) {
				in.sources = append(in.sources, r.GetSource())
			}
		}
	}
	slices.Sort(in.sources)
	places := likeness.NewPlaces(standing)
	for i, f := range in.plan.Save {
		p := planned{line: in.plan.From[i].Line, place: f, before: in.plan.From[i].Before}
		switch {
		case p.before != nil:
			in.changed = append(in.changed, p)
		default:
			if p.alike = places.Of(f); len(p.alike) > 0 {
				in.doubtful = append(in.doubtful, p)
			} else {
				in.fresh = append(in.fresh, p)
			}
		}
	}
}

// chosen are the places to save of the groups and of the doubtful ones that somebody ticked.
func (in *intake) chosen(groups, doubtful []string) (save []record.Message, fresh, changed int) {
	add := func(all []planned, yes func(planned) bool) (n int) {
		for _, p := range all {
			if yes(p) {
				save = append(save, p.place)
				n++
			}
		}
		return n
	}
	ofGroup := func(group string) func(planned) bool {
		return func(planned) bool { return slices.Contains(groups, group) }
	}
	fresh = add(in.fresh, ofGroup("new"))
	fresh += add(in.doubtful, func(p planned) bool { return slices.Contains(doubtful, p.place.GetId()) })
	changed = add(in.changed, ofGroup("changed"))
	return save, fresh, changed
}
