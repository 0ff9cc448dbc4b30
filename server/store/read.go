package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Item is a record as it is shown, with its seen token, and what the office knows
// about it besides.
type Item struct {
	Message record.Message
	Status  *daylightv1.RecordStatus
	// Removed: somebody who had seen all of it removed it. A removal that did not
	// see all is a conflict, and the record stays in the lists.
	Removed bool
}

// Get gives a record, removed and incomplete ones too. ErrNotFound when there is
// none of that kind.
func (s *Store) Get(ctx context.Context, kind record.Kind, id record.ID) (Item, error) {
	return Item{}, nil
}

// Bounds of a page.
const (
	DefaultPage = 100
	MaxPage     = 500
)

// Query says which records a list holds. The zero Query is all that are complete,
// not removed and not joined to another.
type Query struct {
	// Filter is a FacilityFilter, VisitFilter, FindingFilter or TermFilter, of the
	// kind that is listed; nil for all.
	Filter Filter
	// Text holds words that must all occur; the last may be a beginning.
	Text string
	// IncludeRemoved gives removed records and those joined to another too.
	IncludeRemoved bool
	// IncludeIncomplete gives those too whose creating change has not come.
	IncludeIncomplete bool
	// OnlyConflicts leaves those that hold more than one value somewhere.
	OnlyConflicts bool
	// PageSize is at most MaxPage; 0 means DefaultPage.
	PageSize int
	// PageToken is Next of the page before; empty for the first.
	PageToken string
}

// Filter is one of the filters of this package.
type Filter interface{ kind() record.Kind }

// FacilityFilter narrows a list of facilities; empty fields do not.
type FacilityFilter struct {
	Region string
	// Type is the main type or one of the further ones.
	Type  string
	State daylightv1.FacilityState
	Code  string
}

// VisitFilter narrows a list of visits; empty fields do not.
type VisitFilter struct {
	Facility record.ID
	State    daylightv1.VisitState
	Type     daylightv1.VisitType
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

// TermFilter narrows a list of terms; empty fields do not.
type TermFilter struct{ List, Code string }

func (FacilityFilter) kind() record.Kind { return record.Facility }
func (VisitFilter) kind() record.Kind    { return record.Visit }
func (FindingFilter) kind() record.Kind  { return record.Finding }
func (TermFilter) kind() record.Kind     { return record.Term }

// Page is one page of a list.
type Page struct {
	Items []Item
	// Next is the token of the next page, empty on the last.
	Next string
	// SearchedUpTo: with Text, records that changed after this position may be
	// missing, or found by words that they no longer have.
	SearchedUpTo exchange.Position
}

// List gives a page in the order in which the records came. Records that come
// while paging neither shift nor repeat a page. ErrBadToken, ErrBadFilter.
func (s *Store) List(ctx context.Context, kind record.Kind, q Query) (Page, error) {
	return Page{}, nil
}

// History gives the changes of a record, newest first, refused ones too. size and
// token are those of a Query; next is empty on the last page. ErrNotFound,
// ErrBadToken.
func (s *Store) History(ctx context.Context, kind record.Kind, id record.ID, size int, token string) (entries []*daylightv1.HistoryEntry, next string, err error) {
	return nil, "", nil
}
