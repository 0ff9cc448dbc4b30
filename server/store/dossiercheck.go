package store

import (
	"fmt"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// dossiers compares what records are to dossiers, and who carries which visits, with what
// the records say.
func (c *check) dossiers() error {
	answered := map[record.ID]bool{} // the visits on which answers hang
	places := map[Holder]bool{}
	err := c.everyRecord(func(_ int64, r exchange.Record, s *fold.State, told int64) {
		if at, ok := record.ReferenceIn(s, record.VisitFacility); ok && r.Kind == record.Visit {
			places[placeHolder(at)] = true
		}
		if r.Kind == record.AuthorityReply {
			answered[r.Visit] = true
		} else if told != dossierOf(r.Kind, s) {
			c.say("record "+r.ID.String(), "what it is to a dossier does not follow from it")
		}
	})
	if err != nil {
		return err
	}
	for _, v := range sorted(answered) {
		if err := c.replies(v); err != nil {
			return err
		}
	}
	return c.carried(places)
}

func (c *check) replies(visit record.ID) error {
	replies, err := c.repliesOn(visit)
	if err != nil {
		return err
	}
	for _, r := range replies {
		if want, err := c.replyIs(r.state, visit); err != nil {
			return err
		} else if want != r.told {
			c.say(fmt.Sprintf("record number %d", r.number), "what it is to a dossier does not follow from it")
		}
	}
	return nil
}

// carried finds visits that others carry than those whose dossiers have them.
func (c *check) carried(places map[Holder]bool) error {
	known := map[record.ID]bool{}
	for place := range places {
		visits, err := c.dossiersAt(place)
		if err != nil {
			return err
		}
		for _, v := range visits {
			known[v.id] = true
			if !slices.Equal(v.wanted, v.has) {
				c.say("record "+v.id.String(), "who carries it in a dossier does not follow from the visits to its place")
			}
		}
	}
	return c.Each(`
		SELECT DISTINCT target
		FROM scopes
		WHERE until = 0 AND holder >= $1 AND holder < $2`, []any{[]byte{ofDossier}, []byte{ofDossier + 1}}, func(scan func(...any) error) (bool, error) {
		var target []byte
		err := scan(&target)
		if err == nil && !known[record.ID(target)] {
			c.say("record "+record.ID(target).String(), "a dossier has it, and it is no visit to a place")
		}
		return true, err
	})
}
