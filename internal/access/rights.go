package access

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/record"
)

// Grant gives one role within a scope and a time.
type Grant struct {
	Role Role
	// Region is a code of ISO 3166-2; it narrows what the role reads to that region.
	Region string
	// From and Until are milliseconds since 1970 UTC, Until no longer within; 0: no
	// bound.
	From, Until int64
}

func (g Grant) valid(nowMS int64) bool {
	_, known := table[g.Role]
	return known && nowMS >= g.From && (g.Until == 0 || nowMS < g.Until)
}

// Rights are the sum of the grants that are valid at one time. The zero Rights allow
// nothing.
type Rights struct {
	grants []Grant
}

// At gives the rights of somebody with these grants, at a time in milliseconds since
// 1970 UTC.
func At(nowMS int64, grants ...Grant) (r Rights) {
	for _, g := range grants {
		if g.valid(nowMS) {
			r.grants = append(r.grants, g)
		}
	}
	return r
}

// May reports whether an action is allowed. A grant for one region allows none: the
// office has no regions.
func (r Rights) May(a Action) bool {
	return slices.ContainsFunc(r.grants, func(g Grant) bool {
		return g.Region == "" && slices.Contains(table[g.Role].actions, a)
	})
}

// Reads gives how far records of a kind are read; Regions says which regions count.
func (r Rights) Reads(k record.Kind) (reach Reach) {
	for _, g := range r.grants {
		reach |= g.narrow(table[g.Role].of(k))
	}
	return reach
}

// narrow: a role that is granted for a region reads no further than that.
func (g Grant) narrow(reach Reach) Reach {
	switch {
	case g.Region != "" && reach&All != 0:
		return reach&^All | Region
	case g.Region == "":
		return reach &^ Region
	}
	return reach
}

// Regions are those within which Region reaches for the kind, sorted, each once.
func (r Rights) Regions(k record.Kind) (out []string) {
	for _, g := range r.grants {
		if g.narrow(table[g.Role].of(k))&Region != 0 {
			out = append(out, g.Region)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Writes reports whether any role writes records at all, within what it reads.
func (r Rights) Writes() bool {
	return slices.ContainsFunc(r.grants, func(g Grant) bool { return table[g.Role].writes })
}

// ReadsSomething reports whether records of any kind are read.
func (r Rights) ReadsSomething() bool {
	for _, k := range []record.Kind{record.Facility, record.Visit, record.Finding, record.Term} {
		if r.Reads(k) != None {
			return true
		}
	}
	return false
}
