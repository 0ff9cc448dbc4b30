package store

import (
	"strings"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Span is the time that figures count, from the first day to the last, both within.
type Span struct{ From, To string }

// maxYears bounds a span.
const maxYears = 30

func (s Span) check() error {
	from, err := time.Parse(time.DateOnly, s.From)
	if err != nil {
		return ErrBadSpan
	}
	to, err := time.Parse(time.DateOnly, s.To)
	if err != nil || to.Before(from) || to.After(from.AddDate(maxYears, 0, 0)) {
		return ErrBadSpan
	}
	return nil
}

// Axis is what figures are broken down by; several are joined by |.
type Axis uint32

// The axes. ByYear is the year in which a visit began, or a recommendation was issued:
// its cohort.
const (
	ByYear         Axis = 1 << iota
	ByPlaceType         // the main type of the place
	ByRegion            // of the place
	ByBody              // that answers for the place
	ByVisitType         //
	ByAnnouncement      // of the visit
	ByKind              // of the finding
	ByArea              //
	ByTopic             //
	BySeverity          // the decided one, the proposed one where none is decided
	ByEvidence          //
	ByAuthority         // the addressee
	ByState             // of the recommendation
	ByStatus            // as the body sees it: the latest assessment of the line
	ByResponse          // the addressee's latest one
	ByHorizon           //
	ByLevel             //
)

// Cell is where a figure stands on each axis; zero on those that were not asked for.
type Cell struct {
	Year                    int
	PlaceType, Region, Body string
	VisitType               daylightv1.VisitType
	Announcement            daylightv1.VisitAnnouncement
	Kind                    daylightv1.FindingKind
	Area, Topic             string
	Severity                daylightv1.FindingSeverity
	Evidence                daylightv1.EvidenceStatus
	Authority               string
	State                   daylightv1.RecommendationState
	Status                  daylightv1.ImplementationStatus
	Response                daylightv1.AuthorityResponse
	Horizon                 daylightv1.RecommendationHorizon
	Level                   string
}

// axis is a column of a figure's query and its place in the cell.
type axis struct {
	axis   Axis
	column string
	at     func(*Cell) any
}

// ofPlaces are of the place f.
var ofPlaces = []axis{
	{ByPlaceType, `coalesce(f.main_type, '')`, func(c *Cell) any { return &c.PlaceType }},
	{ByRegion, `coalesce(f.region, '')`, func(c *Cell) any { return &c.Region }},
	{ByBody, `coalesce(f.body, '')`, func(c *Cell) any { return &c.Body }},
}

// ofVisits are of the visit v and its place.
var ofVisits = append([]axis{
	{ByYear, `CAST(substr(v.started, 1, 4) AS INTEGER)`, func(c *Cell) any { return &c.Year }},
	{ByVisitType, `v.type`, func(c *Cell) any { return &c.VisitType }},
	{ByAnnouncement, `v.announcement`, func(c *Cell) any { return &c.Announcement }},
}, ofPlaces...)

// ofFindings are of the finding p and its visit.
var ofFindings = append([]axis{
	{ByKind, `p.kind`, func(c *Cell) any { return &c.Kind }},
	{ByArea, `p.area`, func(c *Cell) any { return &c.Area }},
	{ByTopic, `p.topic`, func(c *Cell) any { return &c.Topic }},
	{BySeverity, `p.severity`, func(c *Cell) any { return &c.Severity }},
	{ByEvidence, `p.evidence`, func(c *Cell) any { return &c.Evidence }},
}, ofVisits...)

// ofLines are of the recommendation p, its line a, and the place of its visit.
var ofLines = append([]axis{
	{ByYear, `CAST(substr(p.issued_on, 1, 4) AS INTEGER)`, func(c *Cell) any { return &c.Year }},
	{ByState, `p.state`, func(c *Cell) any { return &c.State }},
	{ByHorizon, `p.horizon`, func(c *Cell) any { return &c.Horizon }},
	{ByLevel, `p.level`, func(c *Cell) any { return &c.Level }},
	{ByAuthority, `coalesce(a.authority, '')`, func(c *Cell) any { return &c.Authority }},
	{ByStatus, `coalesce(a.status, 0)`, func(c *Cell) any { return &c.Status }},
	{ByResponse, `a.response`, func(c *Cell) any { return &c.Response }},
}, ofPlaces...)

// choose gives those of the axes that were asked for.
func choose(all []axis, by Axis) (out []axis, err error) {
	for _, a := range all {
		if by&a.axis != 0 {
			out = append(out, a)
			by &^= a.axis
		}
	}
	if by != 0 {
		return nil, ErrBadAxis
	}
	return out, nil
}

// columns are those of the axes, each with a comma behind it.
func columns(axes []axis) string {
	var b strings.Builder
	for _, a := range axes {
		b.WriteString(a.column + ", ")
	}
	return b.String()
}

// grouped groups and orders a query by the axes, which are its first columns.
func grouped(axes []axis) string {
	if len(axes) == 0 {
		return ""
	}
	by := strings.TrimSuffix(columns(axes), ", ")
	return `
		GROUP BY ` + by + `
		ORDER BY ` + by
}
