package store

import (
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Filter is one of the filters of this package.
type Filter interface {
	kind() record.Kind
	list() list
}

// FacilityFilter narrows a list of facilities; empty fields do not.
type FacilityFilter struct {
	Region string
	// Type is the main type or one of the further ones.
	Type  string
	State daylightv1.FacilityState
	Code  string
}

func (FacilityFilter) kind() record.Kind { return record.Facility }

func (f FacilityFilter) list() list {
	const also = `
		  AND ($6 = '' OR p.region = $6)
		  AND ($7 = '' OR EXISTS (SELECT 1 FROM facility_types t WHERE t.record = p.record AND t.type = $7))
		  AND ($8 = 0 OR p.state = $8)
		  AND `
	of := list{from: `facilities p`, where: also + `$9 = ''`, args: []any{f.Region, f.Type, int64(f.State), f.Code}}
	if f.Code != "" {
		of.where = also + `p.code = $9`
	}
	return of
}

// VisitFilter narrows a list of visits; empty fields do not.
type VisitFilter struct {
	Facility record.ID
	State    daylightv1.VisitState
	Type     daylightv1.VisitType
}

func (VisitFilter) kind() record.Kind { return record.Visit }

func (f VisitFilter) list() list {
	const also = `
		  AND ($6 = 0 OR p.state = $6)
		  AND ($7 = 0 OR p.type = $7)`
	of := list{from: `visits p`, where: also, args: []any{int64(f.State), int64(f.Type)}}
	if f.Facility != (record.ID{}) {
		of.where += `
		  AND p.facility = $8`
		of.args = append(of.args, f.Facility[:])
	}
	return of
}

// FindingFilter narrows a list of findings; empty fields do not.
type FindingFilter struct {
	Visit record.ID
	// Facility is that of the finding's visit.
	Facility    record.ID
	Kind        daylightv1.FindingKind
	Area, Topic string
	// Severity is the decided one, the proposed one where none is decided.
	Severity daylightv1.FindingSeverity
}

func (FindingFilter) kind() record.Kind { return record.Finding }

func (f FindingFilter) list() list {
	const also = `
		  AND ($6 = 0 OR p.kind = $6)
		  AND ($7 = '' OR p.area = $7)
		  AND ($8 = '' OR p.topic = $8)
		  AND ($9 = 0 OR p.severity = $9)`
	of := list{from: `findings p`, where: also, args: []any{int64(f.Kind), f.Area, f.Topic, int64(f.Severity)}}
	visit, facility := f.Visit != (record.ID{}), f.Facility != (record.ID{})
	if visit {
		of.where += `
		  AND p.visit = $10`
		of.args = append(of.args, f.Visit[:])
	}
	if facility {
		at := `$10`
		if visit {
			at = `$11`
		}
		of.where += `
		  AND p.visit IN (
			SELECT vr.id
			FROM visits v
			JOIN records vr ON vr.number = v.record
			WHERE v.facility = ` + at + `)`
		of.args = append(of.args, f.Facility[:])
	}
	return of
}

// TermFilter narrows a list of terms; empty fields do not.
type TermFilter struct{ List, Code string }

func (TermFilter) kind() record.Kind { return record.Term }

func (f TermFilter) list() list {
	of := list{from: `terms p`, where: `
		  AND ($6 = '' OR p.list = $6)
		  AND ($7 = '' OR p.code = $7)`, args: []any{f.List, f.Code}}
	if f.List != "" {
		of.where = `
		  AND p.list = $6
		  AND ($7 = '' OR p.code = $7)`
	}
	return of
}
