package localdb

import (
	"github.com/daylight-npm/daylight/internal/exchange"
)

// DropCovered implements exchange.Departures. Positions are blinded, so each is read.
func (b *Book) DropCovered(upTo exchange.Position) (int, error) {
	var covered []int64
	err := b.Each(`SELECT number, position FROM entries WHERE decision = 1 AND peer = 0`, nil, func(scan func(...any) error) (bool, error) {
		var number int64
		var stored []byte
		if err := scan(&number, &stored); err != nil {
			return false, err
		}
		at, err := b.readNumber(stored)
		if exchange.Position(at) <= upTo {
			covered = append(covered, number)
		}
		return true, err
	})
	if err != nil {
		return 0, err
	}
	b.unaccepted = nil
	for _, n := range covered {
		if _, err := b.Exec(`DELETE FROM touches WHERE number = ?`, n); err != nil {
			return 0, err
		}
		if _, err := b.Exec(`DELETE FROM entries WHERE number = ?`, n); err != nil {
			return 0, err
		}
	}
	return len(covered), nil
}

// DropSettled implements exchange.Departures.
func (b *Book) DropSettled() (int, error) {
	done, err := b.Exec(`
		DELETE FROM views
		WHERE id NOT IN (SELECT record FROM entries) AND id NOT IN (SELECT record FROM touches)`)
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// DropMates forgets the devices that have handed bundles over.
func (b *Book) DropMates() error {
	_, err := b.Exec(`DELETE FROM mates`)
	return err
}
