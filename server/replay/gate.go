package replay

import (
	"crypto/ed25519"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
)

// gate judges what the people of a history write as the office judges what devices push:
// each change as its author's, by their roles at that time.
type gate struct {
	clock *Clock
	by    map[string]*pen // by public key
}

func newGate(people []*pen, clock *Clock) *gate {
	g := &gate{clock, map[string]*pen{}}
	for _, p := range people {
		g.by[string(p.key.Public().(ed25519.PublicKey))] = p
	}
	return g
}

// May implements exchange.Gate.
func (g *gate) May(c exchange.Case) (exchange.Decision, exchange.Reason, error) {
	who := g.by[string(c.Key)]
	if who == nil {
		return exchange.Held, exchange.Denied, nil
	}
	a := exchange.Author{
		Person: who.person, Rights: access.At(g.clock.Now().UnixMilli(), access.GrantsOf(who.grants)...),
		Made: func(w fold.WriterID) (bool, error) {
			key, err := c.KeyOf(w)
			return err == nil && g.by[string(key)] == who, err
		},
	}
	d, r, _, err := a.May(c)
	return d, r, err
}
