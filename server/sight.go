package server

import (
	"context"
	"crypto/ed25519"
	"hash/fnv"
	"strconv"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// sight is what a caller may see: the kinds that a role reads. Own visits and regions
// are not told from others yet.
type sight struct {
	rights access.Rights
	mark   uint64
}

// sightOf is the caller's sight at a time, in milliseconds since 1970 UTC. Its mark
// is another one after each change of the person, and after each beginning and end
// of a grant.
func sightOf(c *caller, nowMS int64) sight {
	h := fnv.New64a()
	say := func(n int64) { _, _ = h.Write(strconv.AppendInt(nil, n, 36)); _, _ = h.Write([]byte{'/'}) }
	say(int64(c.Person.GetRevision()))
	for _, g := range c.Grants() {
		for _, at := range []int64{g.GetFrom(), g.GetUntil()} {
			if at != 0 && at <= nowMS {
				say(at)
			}
		}
	}
	return sight{c.rights, h.Sum64() | 1}
}

// Sees implements exchange.Sight.
func (s sight) Sees(r exchange.Record) (bool, error) {
	return s.rights.Reads(r.Kind) != access.None, nil
}

// Mark implements exchange.Sight.
func (s sight) Mark() (uint64, error) { return s.mark, nil }

// gate lets writers change what their person reads, if a role of theirs writes.
type gate struct {
	*Server
	ctx context.Context
}

// May implements exchange.Gate.
func (g gate) May(key ed25519.PublicKey, c journal.Change, _ []*fold.State, _ func(record.ID) (*fold.State, error)) (exchange.Decision, exchange.Reason, error) {
	w, err := g.directory.Writer(g.ctx, key)
	if err != nil {
		return 0, 0, err
	}
	if w == nil || w.ShutOut() {
		return exchange.Held, exchange.Denied, nil
	}
	rights := rightsOf(w, g.config.Now().UnixMilli())
	for _, r := range c.Records {
		if rights.Reads(r.Kind) == access.None {
			return exchange.Held, exchange.Denied, nil
		}
	}
	if !rights.Writes() {
		return exchange.Refused, exchange.Denied, nil
	}
	return exchange.Accepted, exchange.NoReason, nil
}
