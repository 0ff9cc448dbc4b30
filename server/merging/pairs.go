package merging

import (
	"context"

	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Kinds are the kinds that people make twice.
var Kinds = []record.Kind{record.Facility, record.Visit}

// Hand merges as one person: the store as they see it, and as they may change it.
type Hand struct {
	Store *store.Store
	Desk  *store.Desk
}

// Pairs are every two records of a kind that may be one, the surest first; none for a kind
// that is not one of Kinds.
func (h Hand) Pairs(ctx context.Context, kind record.Kind) ([]likeness.Pair, error) {
	switch kind {
	case record.Facility:
		return h.places(ctx)
	case record.Visit:
		return h.visits(ctx)
	}
	return nil, nil
}

func (h Hand) places(ctx context.Context) ([]likeness.Pair, error) {
	all, err := All[*daylightv1.Facility](ctx, h.Desk, record.Facility, store.Query{})
	if err != nil {
		return nil, err
	}
	return likeness.NewPlaces(all).Pairs(), nil
}

func (h Hand) visits(ctx context.Context) ([]likeness.Pair, error) {
	all, err := All[*daylightv1.Visit](ctx, h.Desk, record.Visit, store.Query{})
	if err != nil {
		return nil, err
	}
	places, err := h.places(ctx)
	if err != nil {
		return nil, err
	}
	joined, err := h.Store.Joined(ctx, record.Facility)
	if err != nil {
		return nil, err
	}
	under := func(id record.ID) record.ID {
		if winner, ok := joined[id]; ok {
			return winner
		}
		return id
	}
	return likeness.NewVisits(all, under, places).Pairs(), nil
}

// Circular are the records of a kind that two people merged crosswise: both stand for
// themselves until one of the two is undone. Only what is in sight is among them.
func (h Hand) Circular(ctx context.Context, kind record.Kind) (out []record.ID, err error) {
	all, err := h.Store.Circular(ctx, kind)
	for _, id := range all {
		if _, err := h.Desk.Get(ctx, kind, id); err == nil {
			out = append(out, id)
		}
	}
	return out, err
}

// All reads every record of a kind that the desk lists.
func All[M record.Message](ctx context.Context, desk *store.Desk, kind record.Kind, q store.Query) (out []M, err error) {
	q.PageSize = store.MaxPage
	for {
		page, err := desk.List(ctx, kind, q)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Items {
			if m, ok := i.Message.(M); ok {
				out = append(out, m)
			}
		}
		if q.PageToken = page.Next; q.PageToken == "" {
			return out, nil
		}
	}
}
