package localdb

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// Self implements exchange.Selves.
func (b *Book) Self() (exchange.Self, error) {
	if b.self == nil {
		s, err := b.readSelf()
		if err != nil {
			return s, err
		}
		b.self = &s
	}
	return *b.self, nil
}

func (b *Book) readSelf() (s exchange.Self, err error) {
	var writer, link, openRecord, former, renames, branches, image []byte
	var open uint64
	err = b.QueryRow(`
		SELECT h.writer, h.seq, h.link, h.clock, h.open_number, h.open_record,
		       s.epoch, s.cursor, s.backed_up, s.vouched, s.round, s.former, s.renames, s.head, s.restored, s.branches,
		       (SELECT state FROM image WHERE h.open_number > 0)
		FROM head h, self s`).
		Scan(&writer, &s.Seq, &link, &s.Clock, &open, &openRecord,
			&s.Epoch, &s.Cursor, &s.BackedUp, &s.Vouched, &s.Round, &former, &renames, &s.Head, &s.Restored, &branches, &image)
	if errors.Is(err, sql.ErrNoRows) {
		return exchange.Self{}, nil
	}
	if err != nil {
		return s, err
	}
	if err := errors.Join(fill(s.ID[:], writer), fill(s.Link[:], link)); err != nil {
		return s, err
	}
	if open > 0 {
		s.Open = &exchange.Open{Number: open}
		if err := fill(s.Open.Record[:], openRecord); err != nil {
			return s, err
		}
		if s.Open.Image, err = b.shield.open("image", openRecord, image); err != nil {
			return s, err
		}
	}
	if s.Former, err = decodeFormer(former); err != nil {
		return s, err
	}
	if s.Renames, err = decodeRenames(renames); err != nil {
		return s, err
	}
	s.Branches, err = decodeBranches(branches)
	return s, err
}

// PutSelf implements exchange.Selves. A save changes the head alone, so only what
// differs is written.
func (b *Book) PutSelf(s exchange.Self) error {
	old, err := b.Self()
	if err != nil {
		return err
	}
	if err := b.putHead(s); err != nil {
		return err
	}
	if !sameRest(old, s) {
		if err := b.putRest(s); err != nil {
			return err
		}
	}
	if err := b.putImage(old.Open, s.Open); err != nil {
		return err
	}
	b.self = &s
	return nil
}

func (b *Book) putHead(s exchange.Self) error {
	open := exchange.Open{}
	if s.Open != nil {
		open = *s.Open
	}
	_, err := b.Exec(`
		INSERT INTO head (id, writer, seq, link, clock, open_number, open_record)
		VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (id) DO UPDATE
		SET writer = ?1, seq = ?2, link = ?3, clock = ?4, open_number = ?5, open_record = ?6
		WHERE writer <> ?1 OR seq <> ?2 OR link <> ?3 OR clock <> ?4 OR open_number <> ?5 OR open_record <> ?6`,
		s.ID[:], int64(s.Seq), s.Link[:], int64(s.Clock), open.Number, open.Record[:])
	return err
}

func sameRest(a, b exchange.Self) bool {
	return a.ID != (fold.WriterID{}) && bytes.Equal(a.Epoch, b.Epoch) && bytes.Equal(a.Cursor, b.Cursor) &&
		a.BackedUp == b.BackedUp && a.Vouched == b.Vouched && a.Round == b.Round &&
		a.Head == b.Head && a.Restored == b.Restored && slices.Equal(a.Branches, b.Branches) &&
		slices.Equal(a.Former, b.Former) && slices.Equal(a.Renames, b.Renames)
}

func (b *Book) putRest(s exchange.Self) error {
	_, err := b.Exec(`
		INSERT INTO self (id, epoch, cursor, backed_up, vouched, round, former, renames, head, restored, branches)
		VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
		ON CONFLICT (id) DO UPDATE
		SET epoch = ?1, cursor = ?2, backed_up = ?3, vouched = ?4, round = ?5, former = ?6, renames = ?7,
		    head = ?8, restored = ?9, branches = ?10`,
		notNil(s.Epoch), notNil(s.Cursor), int64(s.BackedUp), s.Vouched, int64(s.Round), encodeFormer(s.Former), encodeRenames(s.Renames),
		int64(s.Head), s.Restored, encodeBranches(s.Branches))
	return err
}

// putImage writes the image when a change was opened; saves that amend it leave it.
func (b *Book) putImage(old, now *exchange.Open) error {
	switch {
	case now == nil && old == nil, now != nil && old != nil && now.Number == old.Number:
		return nil
	case now == nil:
		_, err := b.Exec(`DELETE FROM image`)
		return err
	}
	_, err := b.Exec(`INSERT INTO image (id, state) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET state = ?1`,
		notNil(b.shield.seal("image", now.Record[:], now.Image)))
	return err
}

func encodeFormer(ids []fold.WriterID) []byte {
	out := []byte{}
	for _, id := range ids {
		out = append(out, id[:]...)
	}
	return out
}

func decodeFormer(b []byte) (out []fold.WriterID, err error) {
	for chunk := range slices.Chunk(b, len(fold.WriterID{})) {
		var id fold.WriterID
		if err := fill(id[:], chunk); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

// renameSize: from, above, to, generation.
const renameSize = 16 + 8 + 16 + 4

func encodeRenames(renames []record.Rename) []byte {
	out := []byte{}
	for _, r := range renames {
		out = append(out, r.From[:]...)
		out = binary.BigEndian.AppendUint64(out, uint64(r.Above))
		out = append(out, r.To[:]...)
		out = binary.BigEndian.AppendUint32(out, r.Generation)
	}
	return out
}

func decodeRenames(b []byte) (out []record.Rename, err error) {
	for c := range slices.Chunk(b, renameSize) {
		if len(c) != renameSize {
			return nil, fmt.Errorf("the list of renames is cut off")
		}
		out = append(out, record.Rename{
			From: fold.WriterID(c[:16]), Above: fold.Seq(binary.BigEndian.Uint64(c[16:])),
			To: fold.WriterID(c[24:40]), Generation: binary.BigEndian.Uint32(c[40:]),
		})
	}
	return out, nil
}

// A branch is encoded as a rename from its parent.
func encodeBranches(branches []exchange.Branch) []byte {
	var as []record.Rename
	for _, b := range branches {
		as = append(as, record.Rename{From: b.Parent.Writer, Above: b.Parent.Seq, To: b.ID, Generation: b.Generation})
	}
	return encodeRenames(as)
}

func decodeBranches(b []byte) (out []exchange.Branch, err error) {
	all, err := decodeRenames(b)
	for _, r := range all {
		out = append(out, exchange.Branch{ID: r.To, Parent: fold.Dot{Writer: r.From, Seq: r.Above}, Generation: r.Generation})
	}
	return out, err
}

// fill copies an id out of a column that must have just its length.
func fill(to, from []byte) error {
	if len(from) != len(to) {
		return fmt.Errorf("an id of %d bytes where %d are expected", len(from), len(to))
	}
	copy(to, from)
	return nil
}

// notNil keeps a nil slice from becoming a NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
