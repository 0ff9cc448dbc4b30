package localdb

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vault"
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

// readSelf is asked for in every transaction, so it is one query.
func (b *Book) readSelf() (s exchange.Self, err error) {
	var sealed [3][]byte
	err = b.QueryRow(`SELECT (SELECT sealed FROM head), (SELECT sealed FROM self), (SELECT sealed FROM image)`).
		Scan(&sealed[0], &sealed[1], &sealed[2])
	if err != nil || sealed[0] == nil {
		return exchange.Self{}, err
	}
	head, err := b.keys.Open(place("head", nil), sealed[0])
	if err == nil {
		err = readHead(&s, head)
	}
	if err != nil {
		return exchange.Self{}, err
	}
	rest, err := b.keys.Open(place("self", nil), sealed[1])
	if err == nil {
		err = readRest(&s, rest)
	}
	if err != nil || s.Open == nil {
		return s, err
	}
	image, err := b.keys.Open(place("image", nil), sealed[2])
	if err != nil {
		return s, err
	}
	of, err := cut(&image, 16)
	if err == nil && [16]byte(of) != [16]byte(s.Open.Record) {
		err = vault.ErrAltered
	}
	if len(image) > 0 {
		s.Open.Image = image
	}
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

// The head is of one size, so that its row is written in place.
func (b *Book) putHead(s exchange.Self) error {
	open := exchange.Open{}
	if s.Open != nil {
		open = *s.Open
	}
	out := append(append([]byte{}, s.ID[:]...), s.Link[:]...)
	for _, n := range []uint64{uint64(s.Seq), uint64(s.Clock), open.Number} {
		out = binary.BigEndian.AppendUint64(out, n)
	}
	return b.putSingle("head", append(out, open.Record[:]...))
}

func readHead(s *exchange.Self, from []byte) error {
	if len(from) != 16+32+3*8+16 {
		return fmt.Errorf("a head of %d bytes", len(from))
	}
	s.ID, s.Link = fold.WriterID(from[:16]), fold.Link(from[16:48])
	s.Seq, s.Clock = fold.Seq(binary.BigEndian.Uint64(from[48:])), fold.Time(binary.BigEndian.Uint64(from[56:]))
	if open := binary.BigEndian.Uint64(from[64:]); open > 0 {
		s.Open = &exchange.Open{Number: open, Record: record.ID(from[72:])}
	}
	return nil
}

func sameRest(a, b exchange.Self) bool {
	return a.ID != (fold.WriterID{}) && bytes.Equal(a.Epoch, b.Epoch) && bytes.Equal(a.Cursor, b.Cursor) &&
		a.BackedUp == b.BackedUp && a.Vouched == b.Vouched && a.Round == b.Round &&
		a.Head == b.Head && a.Restored == b.Restored && slices.Equal(a.Branches, b.Branches) &&
		slices.Equal(a.Former, b.Former) && slices.Equal(a.Renames, b.Renames)
}

// rest is what changes with a sync only, as it is stored.
type rest struct {
	Epoch, Cursor             []byte
	BackedUp, Round, Head     uint64
	Vouched, Restored         bool
	Former, Renames, Branches []byte
}

func (b *Book) putRest(s exchange.Self) error {
	content, err := json.Marshal(rest{
		Epoch: s.Epoch, Cursor: s.Cursor, BackedUp: uint64(s.BackedUp), Round: s.Round, Head: uint64(s.Head), Vouched: s.Vouched, Restored: s.Restored,
		Former: encodeFormer(s.Former), Renames: encodeRenames(s.Renames), Branches: encodeBranches(s.Branches),
	})
	if err != nil {
		return err
	}
	return b.putSingle("self", content)
}

func readRest(s *exchange.Self, from []byte) error {
	var r rest
	if err := json.Unmarshal(from, &r); err != nil {
		return err
	}
	s.Epoch, s.Cursor, s.BackedUp, s.Round, s.Head = notNil(r.Epoch), notNil(r.Cursor), exchange.Position(r.BackedUp), r.Round, exchange.Position(r.Head)
	s.Vouched, s.Restored = r.Vouched, r.Restored
	var bad [3]error
	s.Former, bad[0] = decodeFormer(r.Former)
	s.Renames, bad[1] = decodeRenames(r.Renames)
	s.Branches, bad[2] = decodeBranches(r.Branches)
	return errors.Join(bad[:]...)
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
	return b.putSingle("image", append(append([]byte{}, now.Record[:]...), now.Image...))
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
