package localdb

import (
	"encoding/binary"
	"fmt"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vault"
)

// What rows are found by, as it is stored. Every id passes here on its way to the disk
// and back.

func (b *Book) blind(s vault.Sort, id [16]byte) []byte {
	out := b.keys.Blind(s, id)
	return out[:]
}

func (b *Book) unblind(s vault.Sort, to *[16]byte, stored []byte) error {
	if len(stored) != len(to) {
		return vault.ErrAltered
	}
	*to = b.keys.Unblind(s, [16]byte(stored))
	return nil
}

func (b *Book) record(id record.ID) []byte          { return b.blind(vault.Record, id) }
func (b *Book) writer(w fold.WriterID) []byte       { return b.blind(vault.Writer, w) }
func (b *Book) serial(s journal.Serial) []byte      { return b.blind(vault.Serial, s) }
func (b *Book) position(p exchange.Position) []byte { return b.number(uint64(p)) }

func (b *Book) number(n uint64) []byte {
	var wide [16]byte
	binary.BigEndian.PutUint64(wide[8:], n)
	return b.blind(vault.Number, wide)
}

func (b *Book) hash(h [32]byte) []byte {
	out := b.keys.BlindHash(h)
	return out[:]
}

func (b *Book) readRecord(stored []byte) (id record.ID, err error) {
	err = b.unblind(vault.Record, (*[16]byte)(&id), stored)
	return id, err
}

func (b *Book) readWriter(stored []byte) (w fold.WriterID, err error) {
	err = b.unblind(vault.Writer, (*[16]byte)(&w), stored)
	return w, err
}

func (b *Book) readSerial(stored []byte) (s journal.Serial, err error) {
	err = b.unblind(vault.Serial, (*[16]byte)(&s), stored)
	return s, err
}

func (b *Book) readNumber(stored []byte) (uint64, error) {
	var wide [16]byte
	if err := b.unblind(vault.Number, &wide, stored); err != nil {
		return 0, err
	}
	if binary.BigEndian.Uint64(wide[:8]) != 0 {
		return 0, vault.ErrAltered
	}
	return binary.BigEndian.Uint64(wide[8:]), nil
}

func (b *Book) readHash(stored []byte) (h [32]byte, err error) {
	if len(stored) != len(h) {
		return h, vault.ErrAltered
	}
	return b.keys.UnblindHash([32]byte(stored)), nil
}

// kind is what stands for a kind, an integer to compare by.
func (b *Book) kind(k record.Kind) int64 {
	if k == 0 {
		return 0
	}
	out := b.keys.Blind(vault.Number, [16]byte{0: 'k', 15: byte(k), 14: byte(k >> 8), 13: byte(k >> 16), 12: byte(k >> 24)})
	return int64(binary.BigEndian.Uint64(out[:8]) | 1)
}

// place names what stands in a table, for the keys.
func place(table string, id []byte, beside ...byte) vault.Place {
	return vault.Place{Table: table, Column: "sealed", ID: id, Beside: beside}
}

// single gives what is sealed in a table of one row; nil when there is no row.
func (b *Book) single(table string) ([]byte, error) {
	var found []byte
	err := b.Each(`SELECT sealed FROM `+table, nil, func(scan func(...any) error) (bool, error) {
		var stored []byte
		if err := scan(&stored); err != nil {
			return false, err
		}
		content, err := b.keys.Open(place(table, nil), stored)
		found = notNil(content)
		return false, err
	})
	return found, err
}

// putSingle puts it there.
func (b *Book) putSingle(table string, content []byte) error {
	_, err := b.Exec(`INSERT INTO `+table+` (id, sealed) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET sealed = ?1`,
		b.keys.Seal(place(table, nil), content))
	return err
}

// cut takes n bytes off the front of what was sealed.
func cut(b *[]byte, n int) ([]byte, error) {
	if len(*b) < n {
		return nil, fmt.Errorf("%d bytes where %d are expected", len(*b), n)
	}
	out := (*b)[:n:n]
	*b = (*b)[n:]
	return out, nil
}
