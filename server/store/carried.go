package store

import (
	"slices"
	"time"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the column dossier says.
const (
	notCarried int64 = iota
	carried
	carriedOpen
)

// The fields that say whether a record is for a dossier.
const (
	fieldConfidentiality int32 = 4 // of every kind

	visitPlanned int32 = 17
	visitArrived int32 = 23
	visitEntered int32 = 24
	findingKind  int32 = 11
	replyTo      int32 = 11
)

// dossierOf is what a record is to a dossier by its own fields. Where two values stand
// beside each other the stricter one counts. An answer of an authority is as its
// recommendation is: see weighReplies.
func dossierOf(k record.Kind, s *fold.State) int64 {
	if !record.InDossier(k) || k == record.AuthorityReply || s == nil || !tellable(s) {
		return notCarried
	}
	switch k {
	case record.Visit:
		return begun(s)
	case record.Finding:
		if anyNumber(s, findingKind, func(n int64) bool { return n == int64(daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE) }) {
			return notCarried
		}
	case record.Recommendation:
		switch state := daylightv1.RecommendationState(record.NumberIn(s, record.RecommendationState)); {
		case !record.DossierTells(state):
			return notCarried
		case record.RecommendationOpen(state):
			return carriedOpen
		}
	case record.Undertaking:
		m, err := record.Show(k, record.ID{}, s, record.Naming{})
		if err != nil {
			return notCarried
		}
		if record.Open(m) {
			return carriedOpen
		}
	}
	return carried
}

// tellable: it is listed, and nobody has said that it is for a few only.
func tellable(s *fold.State) bool {
	return standingOf(s) == listed && !anyNumber(s, fieldConfidentiality, func(n int64) bool {
		return n < 0 || n >= int64(daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED)
	})
}

// anyNumber reports whether one of the values that a field has is such.
func anyNumber(s *fold.State, field int32, is func(int64) bool) bool {
	return slices.ContainsFunc(s.Entries(fold.Path{Field: field}), func(e fold.Entry) bool {
		_, n := record.Content(e.Value)
		return is(int64(int32(n)))
	})
}

// dayZero is before all dates that the format takes.
var dayZero = time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)

// begun orders visits by the day on which they began, or were to.
func begun(s *fold.State) int64 {
	text := record.DossierDay(record.TextIn(s, visitEntered), record.TextIn(s, visitArrived), record.TextIn(s, visitPlanned))
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Before(dayZero) {
		return carried
	}
	return carriedOpen + 1 + int64(day.Sub(dayZero)/(24*time.Hour))
}
