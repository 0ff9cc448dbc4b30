package store

import (
	"fmt"

	"github.com/daylight-npm/daylight/internal/record"
)

// mergesFollow compares what is kept of merges with what the records say.
func (c *check) mergesFollow() error {
	all := map[record.ID]joining{}
	if err := c.everyJoining(func(id record.ID, j joining) { all[id] = j }); err != nil {
		return err
	}
	want := map[record.ID]string{}
	for id, j := range all {
		if j.Into == (record.ID{}) {
			continue
		}
		winner, circular, err := record.Winner(id, func(on record.ID) (record.Joint, error) {
			if all[on].kind != j.kind {
				return record.Joint{}, nil
			}
			return all[on].Joint, nil
		})
		if err != nil {
			return err
		}
		want[id] = fmt.Sprint(j.number, j.kind, j.Into, winner, circular)
	}
	err := c.Each(`
		SELECT record, kind, loser, target, winner, circular
		FROM merges`, nil, func(scan func(...any) error) (bool, error) {
		var j joining
		var loser, target, winner []byte
		var circular bool
		if err := scan(&j.number, &j.kind, &loser, &target, &winner, &circular); err != nil {
			return false, err
		}
		var id, into, under record.ID
		copy(id[:], loser)
		copy(into[:], target)
		copy(under[:], winner)
		if want[id] != fmt.Sprint(j.number, j.kind, into, under, circular) {
			c.say("record "+id.String(), "where it is shown does not follow from the merges")
		}
		delete(want, id)
		return true, nil
	})
	for _, id := range sorted(want) {
		c.say("record "+id.String(), "its merge is not kept")
	}
	return err
}
