package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Sync takes the batches, then answers ask from what is committed. When it
// returns without an error, everything that the answer acknowledges is on the
// disk. ErrOverloaded, ErrClosed, sqlitedb.ErrFull: nothing was saved.
// sqlitedb.ErrUnsure and the end of ctx: nobody knows. Sending again is right in
// each case. exchange.ErrCursor: the cursor is not one of ours; what was pushed is
// saved.
func (s *Store) Sync(ctx context.Context, batches []journal.Batch, ask exchange.Ask) (*daylightv1.SyncResponse, error) {
	r, _, err := s.sync(ctx, batches, ask, everything)
	return r, err
}

func (s *Store) sync(ctx context.Context, batches []journal.Batch, ask exchange.Ask, sight *Sight) (r *daylightv1.SyncResponse, took exchange.Outcome, err error) {
	r = &daylightv1.SyncResponse{Now: s.config.Now().UnixMilli()}
	if len(ask.Cursor) == 0 { // said once: each byte of a small sync counts
		r.Limits = exchange.LimitsNow()
	}
	if len(batches) > 0 {
		if took, err = s.take(ctx, batches, ask); err != nil {
			return nil, took, err
		}
		r.Writers, r.Verdicts = took.Writers, took.Verdicts
		s.stir()
	}
	if ask.MaxPage <= 0 {
		ask.MaxPage = exchange.MaxPage
	}
	err = s.read(ctx, func(l *ledger) error {
		epoch, err := l.epoch()
		if err != nil {
			return err
		}
		ask.Sight = l.sight(sight)
		return exchange.Answer(l, epoch, ask, r)
	})
	if err != nil {
		return nil, took, err
	}
	return r, took, nil
}

// take ingests batches, unless whoever sends them missed a restore, and returns
// after the commit. An attempt that was not
// committed must not show in the answer, and the caller may have gone meanwhile:
// each attempt hands over its own outcome.
func (s *Store) take(ctx context.Context, batches []journal.Batch, ask exchange.Ask) (took exchange.Outcome, err error) {
	attempts := make(chan exchange.Outcome, 2)
	err = s.commits.submit(ctx, func(l *ledger) error {
		epoch, err := l.epoch()
		if err != nil {
			return err
		}
		var o exchange.Outcome
		if !epoch.Missed(ask) {
			o, err = l.ingest(batches, exchange.Terms{Issuer: ask.Issuer, Gate: ask.Gate})
		}
		attempts <- o
		return err
	})
	if err != nil {
		return took, err
	}
	for len(attempts) > 0 {
		took = <-attempts
	}
	return took, nil
}

// ingest takes batches, all or nothing, and gives what became of them together.
func (l *ledger) ingest(batches []journal.Batch, terms exchange.Terms) (all exchange.Outcome, err error) {
	epoch, err := l.epoch()
	if err != nil {
		return all, err
	}
	terms.Epoch, terms.NowMS = epoch.ID, l.now
	office := exchange.NewOffice(l, terms)
	for _, b := range batches {
		o, err := office.Ingest(b)
		if err != nil {
			return all, err
		}
		all.Writers = append(all.Writers, o.Writers...)
		all.Verdicts = append(all.Verdicts, o.Verdicts...)
		all.Tallies = append(all.Tallies, o.Tallies...)
	}
	if err := office.Flush(); err != nil {
		return all, err
	}
	if err := l.flush(); err != nil {
		return all, err
	}
	if err := l.rescope(); err != nil {
		return all, err
	}
	return all, l.rejoin()
}
