package access

import (
	"fmt"
	"math"
	"slices"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Grant gives one role, within a scope and a time.
type Grant struct {
	Role Role
	// Region is a code of ISO 3166-2, for a role that is granted for a region: such a
	// grant reaches only what lies there. Empty: the whole office.
	Region string
	// From is the first millisecond since 1970 UTC at which the grant is valid, Until
	// the first at which it no longer is; 0: no bound. An accreditation ends at Until.
	From, Until int64
}

// GrantsOf are a person's as the directory has them. One of a role that cannot be is
// left out.
func GrantsOf(all []*daylightv1.Grant) (out []Grant) {
	for _, g := range all {
		if r := g.GetRole(); r > 0 && r <= math.MaxUint8 {
			out = append(out, Grant{Role: Role(r), Region: g.GetRegion(), From: g.GetFrom(), Until: g.GetUntil()})
		}
	}
	return out
}

// Check says why a grant would never give anything, for whoever writes it down; nil
// if it can.
func (g Grant) Check() error {
	row, known := table[g.Role]
	switch {
	case !known:
		return fmt.Errorf("there is no %s", g.Role)
	case row.bound == within && g.Region == "":
		return fmt.Errorf("%s is granted for a region, and none is named", g.Role)
	case row.bound == whole && g.Region != "":
		return fmt.Errorf("%s is granted for the whole office, and a region is named", g.Role)
	case g.Until != 0 && g.Until <= g.From:
		return fmt.Errorf("the grant of %s ends before it begins", g.Role)
	}
	return nil
}

func (g Grant) valid(nowMS int64) bool {
	return g.Check() == nil && nowMS >= g.From && (g.Until == 0 || nowMS < g.Until)
}

// of is what the grant gives for a kind. Terms, standards and forms belong to no region.
func (g Grant) of(k record.Kind) cell {
	c := table[g.Role].of(k)
	if k != record.Term && k != record.Standard && k != record.Checklist {
		c.reads, c.writes = g.narrow(c.reads), g.narrow(c.writes)
	}
	return c
}

func (g Grant) narrow(r Reach) Reach {
	if g.Region != "" && r&All != 0 {
		return r&^All | Region
	}
	return r
}

// covers reports whether a reach of the grant goes as far as s. A valid grant that
// reaches a region names it, so a place that is not known lies in none; a visit to such
// a place is for whoever made it.
func (g Grant) covers(r Reach, s Subject) bool {
	return r&All != 0 ||
		r&Region != 0 && (s.Region == g.Region || s.Kind == record.Visit && s.Region == "" && s.Made) ||
		r&Own != 0 && s.Own ||
		r&Head != 0 && s.Own && s.Head ||
		r&Mine != 0 && s.Own && s.Made ||
		r&Made != 0 && s.Made
}

// Rights are the sum of the grants that are valid at one time. The zero Rights allow
// nothing. Rights do not change and may be shared.
type Rights struct {
	grants []Grant // all valid
}

// At gives the rights of somebody with these grants, at a time in milliseconds since
// 1970 UTC. Grants that are not valid then, or that fail Check, give nothing.
func At(nowMS int64, grants ...Grant) (r Rights) {
	for _, g := range grants {
		if g.valid(nowMS) {
			r.grants = append(r.grants, g)
		}
	}
	return r
}

func (r Rights) any(allows func(Grant) bool) bool { return slices.ContainsFunc(r.grants, allows) }

// May reports whether an action is allowed. A grant for one region allows none: the
// office has no regions.
func (r Rights) May(a Action) bool {
	return r.any(func(g Grant) bool {
		return g.Region == "" && slices.Contains(table[g.Role].office, a)
	})
}

// Reads gives how far records of a kind are read: of Own, Region and All. Regions
// says which regions.
func (r Rights) Reads(k record.Kind) (reach Reach) {
	for _, g := range r.grants {
		reach |= g.of(k).reads
	}
	return reach
}

// Regions are those within which Region reaches for the kind, sorted, each once.
func (r Rights) Regions(k record.Kind) (out []string) {
	for _, g := range r.grants {
		if g.of(k).reads&Region != 0 {
			out = append(out, g.Region)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ReadsSomething reports whether records of any kind are read.
func (r Rights) ReadsSomething() bool {
	return slices.ContainsFunc(record.Kinds(), func(k record.Kind) bool { return r.Reads(k) != None })
}

// Writes reports whether records of any kind are written. Who only takes steps, or only
// records what a person took back, writes none. Ask MayWrite about a record.
func (r Rights) Writes() bool {
	return slices.ContainsFunc(record.Kinds(), r.WritesKind)
}

// WritesKind reports whether records of the kind are written at all.
func (r Rights) WritesKind(k record.Kind) bool {
	return r.any(func(g Grant) bool { return g.of(k).writes != None })
}

// WritesSome reports whether at least a part of records of the kind is written: all of
// it, the steps of its life-cycle, or what a person took back of an interview, which is
// for whoever reads that.
func (r Rights) WritesSome(k record.Kind) bool {
	return r.WritesKind(k) || r.TakesSteps(k) || k == record.Interview && r.Reads(k) != None
}

// NamesColleagues reports whether somebody is told who the others are: whoever puts
// people into teams, beyond their own visits, or reads the directory anyway.
func (r Rights) NamesColleagues() bool {
	return r.May(ReadDirectory) || r.Reads(record.Facility)&(All|Region) != 0 &&
		r.any(func(g Grant) bool { return table[g.Role].leads != None })
}

// MayRead reports whether a record is read. Answer a denial as you would a record
// that does not exist.
func (r Rights) MayRead(s Subject) bool {
	return r.any(func(g Grant) bool { return g.covers(g.of(s.Kind).reads, s) })
}
