package store

import (
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
)

// rulings compares what is kept of rulings with those that the log has.
func (c *check) rulings() error {
	err := c.Each(`
		SELECT r.position, h.link, r.kind
		FROM rulings r
		JOIN log h ON h.position = r.held`, nil, func(scan func(...any) error) (bool, error) {
		var p exchange.Position
		var link []byte
		var kind journal.RulingKind
		if err := scan(&p, &link, &kind); err != nil {
			return false, err
		}
		r := journal.Ruling{Kind: kind}
		copy(r.Link[:], link)
		if c.decided[p] != r {
			c.say(positionOf(p), "what is kept of a decision is not what was decided there")
		}
		delete(c.decided, p)
		return true, nil
	})
	for p := range c.decided {
		c.say(positionOf(p), "nothing is kept of what was decided there")
	}
	return err
}
