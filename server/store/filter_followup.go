package store

import (
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// RecommendationFilter narrows a list of recommendations; empty fields do not.
type RecommendationFilter struct {
	Visit record.ID
	// Facility is one of the places that it is about, or that of its visit.
	Facility record.ID
	// Authority is one of the addressees.
	Authority string
	State     daylightv1.RecommendationState
	// Open leaves those that were issued and not closed, superseded or withdrawn.
	Open bool
	// OverdueOn is a day: it leaves those that were sent and whose answer was due from an
	// addressee before it, and has not come: from the Authority, where there is one.
	OverdueOn string
	// DueFrom and DueTo are the first and the last day on which that answer was due.
	DueFrom, DueTo string
	// Status is how an addressee's part was assessed last, Response what an addressee said
	// last: of the Authority, where there is one. NO_RESPONSE leaves those that were sent and
	// not answered.
	Status   daylightv1.ImplementationStatus
	Response daylightv1.AuthorityResponse
	Horizon  daylightv1.RecommendationHorizon
	Level    string
	Topic    string
	Standard string
	Code     string
	// Predecessor is the one that they repeat.
	Predecessor record.ID
	// IssuedFrom and IssuedTo are the first and the last day of issue.
	IssuedFrom, IssuedTo string
}

func (RecommendationFilter) kind() record.Kind { return record.Recommendation }

func (f RecommendationFilter) narrow(l *list) {
	l.shown(`p.visit`, f.Visit)
	l.id(`p.predecessor`, f.Predecessor)
	if f.Facility != (record.ID{}) {
		at := l.arg(f.Facility[:])
		l.also(`p.record IN (
			SELECT a.record FROM recommendation_places a WHERE a.facility IN ` + together(at) + `
			UNION ALL
			SELECT o.record FROM recommendations o JOIN visits v ON v.id = o.visit WHERE v.facility IN ` + together(at) + `)`)
		l.few = true
	}
	f.narrowLines(l)
	if f.Topic != "" {
		l.also(`p.record IN (SELECT t.record FROM recommendation_topics t WHERE t.topic = ` + l.arg(f.Topic) + `)`)
	}
	if f.Standard != "" {
		l.also(`p.record IN (SELECT t.record FROM recommendation_standards t WHERE t.standard = ` + l.arg(f.Standard) + `)`)
	}
	l.code(`p.state`, int64(f.State))
	l.code(`p.horizon`, int64(f.Horizon))
	l.text(`p.level`, f.Level)
	l.text(`p.code`, f.Code)
	l.period(`p.issued_on`, f.IssuedFrom, f.IssuedTo)
	if f.Open {
		l.also(`p.open = 1`)
	}
}

// narrowLines leaves those of which one addressee line meets all that is said of lines.
func (f RecommendationFilter) narrowLines(l *list) {
	conditions := f.lines(l)
	if len(conditions) > 0 {
		l.also(`EXISTS (SELECT 1 FROM recommendation_lines a WHERE a.record = p.record AND ` + strings.Join(conditions, ` AND `) + `)`)
	}
}

// lines are the conditions on one addressee line a of the recommendation p.
func (f RecommendationFilter) lines(l *list) (out []string) {
	if f.Authority != "" {
		out = append(out, `a.authority = `+l.arg(f.Authority))
	}
	if f.Status != 0 {
		out = append(out, `a.status = `+l.arg(int64(f.Status)))
	}
	if f.OverdueOn != "" {
		l.also(sent(`p`))
		out = append(out, lineOverdue(`p`, `a`, l.arg(f.OverdueOn)))
	}
	if f.DueFrom != "" {
		out = append(out, `a.due_on >= `+l.arg(f.DueFrom))
	}
	if f.DueTo != "" {
		out = append(out, `a.due_on <> '' AND a.due_on <= `+l.arg(f.DueTo))
	}
	switch f.Response {
	case 0:
	case daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_NO_RESPONSE:
		l.also(sent(`p`))
		out = append(out, lastSaid(`p`, `a`)+` < 2`)
	default: // of those to which this was ever said; with +, in the order of the list, which ends early
		code := l.arg(int64(f.Response))
		l.also(`+p.id IN (SELECT y.recommendation FROM authority_replies y WHERE y.response = ` + code + ` AND y.standing = 0)`)
		out = append(out, lastSaid(`p`, `a`)+` = `+code)
	}
	return out
}

// sent is the condition that a recommendation is with its addressees: issued, and neither
// closed nor superseded nor withdrawn. A state 7 is never stored.
func sent(recommendation string) string {
	return recommendation + `.state BETWEEN 4 AND 8`
}

// overdue is the condition that a recommendation was overdue on a day: one of its lines is.
func overdue(recommendation, day string) string {
	return sent(recommendation) + ` AND EXISTS (SELECT 1 FROM recommendation_lines a WHERE a.record = ` + recommendation + `.record AND ` +
		lineOverdue(recommendation, `a`, day) + `)`
}

// lineOverdue is the condition that the answer of one addressee was due before the day, and
// had not come.
func lineOverdue(recommendation, line, day string) string {
	return line + `.due_on <> '' AND ` + line + `.due_on < ` + day + ` AND NOT EXISTS (SELECT 1 FROM ` + answerTo(recommendation, line, day) + `)`
}

// answerTo are the answers of an addressee that had come by the day. That it was
// acknowledged, that there was no response, and that more time is asked for, is none: the
// office gives time by moving the date. It is record.Overdue in SQL.
func answerTo(recommendation, line, day string) string {
	return `authority_replies y
		WHERE y.recommendation = ` + recommendation + `.id AND y.standing = 0 AND ` + answersLine(line) + `
		  AND y.received_on <= ` + day + `
		  AND y.response BETWEEN 3 AND 8`
}

// lastSaid is what the addressee said last, by the day of receipt and then the id; 0 for
// nothing. It is record.CurrentReply in SQL.
func lastSaid(recommendation, line string) string {
	return `coalesce((
				SELECT y.response
				FROM authority_replies y
				WHERE y.recommendation = ` + recommendation + `.id AND y.standing = 0 AND ` + answersLine(line) + `
				ORDER BY y.received_on DESC, y.id DESC
				LIMIT 1), 0)`
}

// answersLine is the condition that the answer y is of the addressee: it says so, or there
// is no other.
func answersLine(line string) string {
	return `(y.line = ` + line + `.line OR y.line = x'' AND NOT EXISTS (
			SELECT 1 FROM recommendation_lines o WHERE o.record = ` + line + `.record AND o.line <> ` + line + `.line))`
}

// ReplyFilter narrows a list of authorities' replies; empty fields do not.
type ReplyFilter struct {
	Visit, Recommendation record.ID
	// Of are recommendations: it leaves the replies to any of them.
	Of       []record.ID
	Response daylightv1.AuthorityResponse
}

func (ReplyFilter) kind() record.Kind { return record.AuthorityReply }

func (f ReplyFilter) narrow(l *list) {
	l.shown(`p.visit`, f.Visit)
	l.id(`p.recommendation`, f.Recommendation)
	if len(f.Of) > 0 {
		all := make([]string, len(f.Of))
		for i, id := range f.Of {
			all[i] = l.arg(id[:])
		}
		l.also(`p.recommendation IN (` + strings.Join(all, `, `) + `)`)
		l.few = true
	}
	l.code(`p.response`, int64(f.Response))
}

// UndertakingFilter narrows a list of undertakings; empty fields do not.
type UndertakingFilter struct {
	Visit record.ID
	Visits
	// Open leaves those that were not assessed as fully done or no longer relevant.
	Open bool
	// DueBefore is a day.
	DueBefore string
}

func (UndertakingFilter) kind() record.Kind { return record.Undertaking }

func (f UndertakingFilter) narrow(l *list) {
	l.shown(`p.visit`, f.Visit)
	f.Visits.narrowHanging(l)
	if f.Open {
		l.also(`p.open = 1`)
	}
	if f.DueBefore != "" {
		l.also(`p.due_on <> '' AND p.due_on < ` + l.arg(f.DueBefore))
	}
}

// ReprisalCaseFilter narrows a list of reprisal cases; empty fields do not.
type ReprisalCaseFilter struct {
	Visit record.ID
	State daylightv1.ReprisalState
	// Urgent leaves those that cannot wait, Open those that are not closed.
	Urgent, Open bool
}

func (ReprisalCaseFilter) kind() record.Kind { return record.ReprisalCase }

func (f ReprisalCaseFilter) narrow(l *list) {
	l.shown(`p.visit`, f.Visit)
	l.code(`p.state`, int64(f.State))
	if f.Urgent {
		l.also(`p.urgent = 1`)
	}
	if f.Open {
		l.also(`p.open = 1`)
	}
}

// CommentFilter narrows a list of review comments; empty fields do not.
type CommentFilter struct {
	Visit record.ID
	// About is the record that they speak of, ReplyTo the comment that they answer.
	About, ReplyTo record.ID
	// Unsettled leaves those about which something is left to be done.
	Unsettled bool
}

func (CommentFilter) kind() record.Kind { return record.ReviewComment }

func (f CommentFilter) narrow(l *list) {
	l.shown(`p.visit`, f.Visit)
	l.id(`p.about`, f.About)
	if f.ReplyTo != (record.ID{}) {
		l.also(`p.reply_to = ` + l.arg(f.ReplyTo[:]))
	}
	if f.Unsettled {
		l.also(`p.settled = 0`)
	}
}

// PlanFilter narrows a list of visit plans; empty fields do not.
type PlanFilter struct {
	Year     uint32
	Facility record.ID
	// Open leaves those that have not become a visit.
	Open bool
}

func (PlanFilter) kind() record.Kind { return record.VisitPlan }

func (f PlanFilter) narrow(l *list) {
	l.code(`p.year`, int64(f.Year))
	l.shown(`p.facility`, f.Facility)
	if f.Open {
		l.also(`p.visit = x''`)
	}
}

// StandardFilter narrows a list of standards; empty fields do not.
type StandardFilter struct{ Instrument, Ref string }

func (StandardFilter) kind() record.Kind { return record.Standard }

func (f StandardFilter) narrow(l *list) {
	l.text(`p.instrument`, f.Instrument)
	l.text(`p.ref`, f.Ref)
}

// ChecklistFilter narrows a list of checklists; empty fields do not.
type ChecklistFilter struct{ Code, Version string }

func (ChecklistFilter) kind() record.Kind { return record.Checklist }

func (f ChecklistFilter) narrow(l *list) {
	l.text(`p.code`, f.Code)
	l.text(`p.version`, f.Version)
}

// VisitRecordFilter narrows a list of a kind that hangs on visits and has no filter of its
// own; empty fields but Kind do not.
type VisitRecordFilter struct {
	Kind  record.Kind
	Visit record.ID
	Visits
}

func (f VisitRecordFilter) kind() record.Kind { return f.Kind }

func (f VisitRecordFilter) narrow(l *list) {
	l.shown(`p.visit`, f.Visit)
	f.Visits.narrowHanging(l)
}
