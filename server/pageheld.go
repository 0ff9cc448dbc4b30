package server

import (
	"context"
	"errors"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// Turned implements console.Records.
func (p pageRecords) Turned(ctx context.Context, q store.TurnedQuery) ([]store.Turned, exchange.Position, error) {
	return p.Desk().Turned(p.with(ctx), q)
}

// TurnedAt implements console.Records: what a change says of a restricted record is not
// shown without a line. One of a record that the office does not have may be restricted.
func (p pageRecords) TurnedAt(ctx context.Context, at exchange.Position) (store.Turned, error) {
	ctx = p.with(ctx)
	t, err := p.Desk().TurnedAt(ctx, at)
	if err != nil {
		return t, err
	}
	for _, r := range t.Records {
		item, err := p.Desk().Get(ctx, r.Kind, r.ID)
		switch {
		case err == nil && !record.Restricted(item.Message):
			continue
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return store.Turned{}, err
		}
		err = p.directory.Log(ctx, directory.Read, r.ID, "a change that was not taken was read", p.caller.actor(procedureOf(ctx)))
		if err != nil {
			return store.Turned{}, unwitnessed(err)
		}
	}
	return t, nil
}

// Rule implements console.Records.
func (p pageRecords) Rule(ctx context.Context, at exchange.Position, kind journal.RulingKind, why string) error {
	return p.Desk().Rule(p.with(ctx), at, kind, why)
}
