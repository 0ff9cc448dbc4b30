package record

import (
	"cmp"
	"slices"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Count is one source's count of one category at one time.
type Count struct {
	// Of is the kind of the record that holds it, a facility or a visit; Key its element.
	Of     Kind
	Key    string
	Source daylightv1.CountSource
	// AsOf is when, as far as it is known; empty where it is not.
	AsOf    string
	Persons uint32
}

// CountRow is what the sources say of one category, side by side.
type CountRow struct {
	Category string
	Sex      daylightv1.Sex
	// Counts are by time, then by source.
	Counts []Count
	// Least and Most are of the latest day on which anybody counted, and of those that
	// name no day: only these can contradict each other.
	Least, Most uint32
	// Differ: they do.
	Differ bool
}

// SideBySide puts the counts of a place and of a visit beside each other, one row for
// each category and sex, in the order of their names. Categories overlap on purpose and
// are never summed: a girl is also pre-trial. Either may be nil.
func SideBySide(f *daylightv1.Facility, v *daylightv1.Visit) []CountRow {
	type key struct {
		category string
		sex      daylightv1.Sex
	}
	rows := map[key]*CountRow{}
	add := func(of Kind, counts []*daylightv1.PopulationCount) {
		for _, c := range counts {
			if c.Persons == nil {
				continue
			}
			k := key{c.GetCategory(), c.GetSex()}
			if rows[k] == nil {
				rows[k] = &CountRow{Category: k.category, Sex: k.sex}
			}
			rows[k].Counts = append(rows[k].Counts, Count{of, c.GetId(), c.GetSource(), c.GetAsOf(), c.GetPersons()})
		}
	}
	add(Facility, f.GetPopulation())
	add(Visit, v.GetPopulation())
	out := make([]CountRow, 0, len(rows))
	for _, r := range rows {
		r.compare()
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b CountRow) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Sex, b.Sex))
	})
	return out
}

// compare sorts the counts and says how far those of the latest day are apart.
func (r *CountRow) compare() {
	slices.SortFunc(r.Counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.AsOf, b.AsOf), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Of, b.Of), cmp.Compare(a.Key, b.Key))
	})
	last := day(r.Counts[len(r.Counts)-1].AsOf)
	first := true
	for _, c := range r.Counts {
		if d := day(c.AsOf); d != "" && d != last {
			continue
		}
		if first {
			r.Least, r.Most, first = c.Persons, c.Persons, false
		}
		r.Least, r.Most = min(r.Least, c.Persons), max(r.Most, c.Persons)
	}
	r.Differ = r.Least != r.Most
}

// day is the part of a date or time that names the day, or less where less is known.
func day(s string) string { return s[:min(len(s), len(time.DateOnly))] }

// OccupancyRow is one count of all persons held against one capacity.
type OccupancyRow struct {
	// Capacity is what the figure stands for, and Places its number.
	Capacity daylightv1.CapacityKind
	Places   uint32
	// Count is the count that it is compared with.
	Count Count
	// Ratio is persons for each place: 1 is full. Real registers show 17.
	Ratio float64
}

// Occupancy compares each capacity with the counts of all persons held, of the latest day
// on which anybody counted, one row for each source: nothing is averaged. What the visit
// says of capacities and counts stands before what the place says; a capacity of 0 gives
// no row. Either may be nil.
func Occupancy(f *daylightv1.Facility, v *daylightv1.Visit) (out []OccupancyRow) {
	capacities := v.GetCapacities()
	if len(capacities) == 0 {
		capacities = f.GetCapacities()
	}
	counts := latestTotals(SideBySide(nil, v))
	if len(counts) == 0 {
		counts = latestTotals(SideBySide(f, nil))
	}
	for _, c := range capacities {
		for _, n := range counts {
			if c.GetPersons() > 0 {
				out = append(out, OccupancyRow{c.GetKind(), c.GetPersons(), n, float64(n.Persons) / float64(c.GetPersons())})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b OccupancyRow) int { return cmp.Compare(a.Capacity, b.Capacity) })
	return out
}

// latestTotals are the counts of everybody held on the latest day.
func latestTotals(rows []CountRow) []Count {
	i := slices.IndexFunc(rows, func(r CountRow) bool { return r.Category == totalHeld && r.Sex == 0 })
	if i < 0 {
		return nil
	}
	all := rows[i].Counts
	last := day(all[len(all)-1].AsOf)
	return slices.DeleteFunc(slices.Clone(all), func(c Count) bool { return day(c.AsOf) != last })
}
