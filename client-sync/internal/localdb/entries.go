package localdb

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vault"
)

// Append implements exchange.Entries.
func (b *Book) Append(e exchange.Noted) (uint64, error) {
	if len(e.Records) == 0 && e.Peer == nil {
		return 0, errors.New("a change that edits no record")
	}
	b.unaccepted = nil
	done, err := b.Exec(`
		INSERT INTO entries (writer, seq, record, more, position, previous, link, sealed, peer, here)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.writer(e.Writer), int64(e.Seq), b.first(e.Records), len(e.Records) > 1, b.position(e.Position),
		b.hash(e.Previous), b.hash(e.Link), b.sealed(e), e.Peer != nil, len(e.Payload) > 0)
	if err != nil {
		return 0, err
	}
	number, err := done.LastInsertId()
	if err != nil {
		return 0, err
	}
	e.Number = uint64(number)
	if err := b.touch(e); err != nil {
		return 0, err
	}
	if e.Peer != nil {
		err = b.putPeer(e)
	}
	return e.Number, err
}

// first is the record that stands in the entry's own row, empty for none.
func (b *Book) first(records []record.ID) []byte {
	if len(records) == 0 {
		return []byte{}
	}
	return b.record(records[0])
}

// sealed is time and payload as they are stored; a payload that is left out is empty.
func (b *Book) sealed(e exchange.Noted) []byte {
	content := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(e.Payload)), uint64(e.Time))
	return b.keys.Seal(placeOfEntry(e), append(content, e.Payload...))
}

// placeOfEntry binds the payload to who wrote it and where in their chain, and to the
// records that it is found by. How far the office is with it is not bound: that changes for
// many entries at once.
func placeOfEntry(e exchange.Noted) vault.Place {
	var room [128]byte
	beside := append(append(room[:0], e.Previous[:]...), e.Writer[:]...)
	beside = binary.BigEndian.AppendUint64(beside, uint64(e.Seq))
	if e.Peer != nil {
		beside = append(beside, 1)
	} else {
		beside = append(beside, 0)
	}
	if len(e.Records) > 0 {
		beside = append(beside, e.Records[0][:]...)
	}
	for _, id := range behindFirst(e.Records) {
		beside = append(beside, id[:]...)
	}
	return place("entries", e.Link[:], beside...)
}

// behindFirst are the records that stand in touches, in the order in which they are read.
func behindFirst(records []record.ID) []record.ID {
	if len(records) < 2 {
		return nil
	}
	rest := slices.Clone(records[1:])
	slices.SortFunc(rest, compareIDs)
	return slices.Compact(rest)
}

// touch notes the records behind the first.
func (b *Book) touch(e exchange.Noted) error {
	for _, id := range behindFirst(e.Records) {
		if _, err := b.Exec(`INSERT OR IGNORE INTO touches (number, record) VALUES (?, ?)`, int64(e.Number), b.record(id)); err != nil {
			return err
		}
	}
	return nil
}

// Replace implements exchange.Entries. The records that an own entry edits stay.
func (b *Book) Replace(e exchange.Noted) error {
	b.unaccepted = nil
	if e.Peer != nil {
		return b.replacePeer(e)
	}
	_, err := b.Exec(`
		UPDATE entries
		SET decision = ?, reason = ?, position = ?, suspect = ?, here = ?,
		    writer = ?, seq = ?, previous = ?, link = ?, sealed = ?
		WHERE number = ?`,
		int32(e.Decision), int32(e.Reason), b.position(e.Position), e.Suspect, len(e.Payload) > 0,
		b.writer(e.Writer), int64(e.Seq), b.hash(e.Previous), b.hash(e.Link), b.sealed(e), int64(e.Number))
	return err
}

// noted reads a row of the columns of entryColumns.
const entryColumns = `e.number, e.decision, e.reason, e.suspect, e.peer, e.more, e.seq,
	e.writer, e.record, e.position, e.previous, e.link, e.sealed`

func (b *Book) noted(scan func(...any) error) (e exchange.Noted, err error) {
	var writer, id, position, previous, link, sealed []byte
	var peer, more bool
	err = scan(&e.Number, &e.Decision, &e.Reason, &e.Suspect, &peer, &more, &e.Seq,
		&writer, &id, &position, &previous, &link, &sealed)
	if err != nil {
		return e, err
	}
	if len(id) > 0 || !peer {
		e.Records = make([]record.ID, 1)
		e.Records[0], err = b.readRecord(id)
	}
	if more && err == nil {
		var others []record.ID
		others, err = b.ids(`SELECT record FROM touches WHERE number = ?`, int64(e.Number))
		e.Records = append(e.Records, others...)
	}
	if peer {
		e.Peer = &exchange.Peer{} // filled by addPeer
	}
	var bad [4]error
	var at uint64
	e.Writer, bad[0] = b.readWriter(writer)
	at, bad[1] = b.readNumber(position)
	e.Previous, bad[2] = b.readHash(previous)
	e.Link, bad[3] = b.readHash(link)
	e.Position = exchange.Position(at)
	if err = errors.Join(err, bad[0], bad[1], bad[2], bad[3]); err != nil {
		return e, err
	}
	content, err := b.keys.Open(placeOfEntry(e), sealed)
	if err != nil {
		return e, err
	}
	head, err := cut(&content, 8)
	if err != nil {
		return e, err
	}
	e.Time = fold.Time(binary.BigEndian.Uint64(head))
	if len(content) > 0 {
		e.Payload = content
	}
	if peer {
		err = b.addPeer(&e)
	}
	return e, err
}

// entries collects what a query of entryColumns gives.
func (b *Book) entries(text string, args ...any) (out []exchange.Noted, err error) {
	err = b.Each(text, args, func(scan func(...any) error) (bool, error) {
		e, err := b.noted(scan)
		if err == nil {
			out = append(out, e)
		}
		return true, err
	})
	return out, err
}

// Wrote implements exchange.Entries. It reads all entries: few records are lost.
func (b *Book) Wrote(id record.ID) (wrote bool, err error) {
	err = b.QueryRow(`
		SELECT EXISTS (SELECT 1 FROM entries WHERE record = ?1 AND decision = 1 AND peer = 0)
			OR EXISTS (SELECT 1 FROM touches t JOIN entries e ON e.number = t.number WHERE t.record = ?1 AND e.decision = 1 AND e.peer = 0)`, b.record(id)).Scan(&wrote)
	return wrote, err
}

// Find implements exchange.Entries.
func (b *Book) Find(l fold.Link) (*exchange.Noted, error) {
	found, err := b.entries(`SELECT `+entryColumns+` FROM entries e WHERE e.link = ?`, b.hash(l))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// Unaccepted implements exchange.Entries. A page of states asks for every record on
// it, of which few have any: from some questions on, it remembers which.
func (b *Book) Unaccepted(id record.ID) ([]exchange.Noted, error) {
	if some, err := b.mayHave(id); err != nil || !some {
		return nil, err
	}
	all, err := b.entries(`
		SELECT `+entryColumns+` FROM entries e WHERE e.record = ?1 AND e.decision <> 1
		UNION ALL
		SELECT `+entryColumns+` FROM touches t JOIN entries e ON e.number = t.number
		WHERE t.record = ?1 AND e.decision <> 1
		ORDER BY 1`, b.record(id))
	return slices.DeleteFunc(all, func(e exchange.Noted) bool {
		return e.Peer != nil && e.Peer.Hidden && e.Decision == 0
	}), err
}

// fewQuestions are cheaper than remembering.
const fewQuestions = 8

// mayHave is false for a record that has no unaccepted entry.
func (b *Book) mayHave(id record.ID) (bool, error) {
	if b.asked++; b.asked <= fewQuestions {
		return true, nil
	}
	if b.unaccepted == nil {
		ids, err := b.ids(`
			SELECT record FROM entries WHERE decision <> 1 AND length(record) > 0
			UNION
			SELECT t.record FROM entries e JOIN touches t ON t.number = e.number WHERE e.decision <> 1 AND e.more`)
		if err != nil {
			return false, err
		}
		b.unaccepted = make(map[record.ID]bool, len(ids))
		for _, id := range ids {
			b.unaccepted[id] = true
		}
	}
	return b.unaccepted[id], nil
}

// Unanswered implements exchange.Entries. do must not use the book.
func (b *Book) Unanswered(after uint64, do func(exchange.Noted) bool) error {
	return b.each(`SELECT `+entryColumns+` FROM entries e WHERE e.decision = 0 AND e.number > ? ORDER BY e.number`, []any{int64(after)}, do)
}

// Since implements exchange.Entries. do must not use the book.
func (b *Book) Since(number uint64, do func(exchange.Noted) bool) error {
	return b.each(`SELECT `+entryColumns+` FROM entries e WHERE e.number > ? ORDER BY e.number`, []any{int64(number)}, do)
}

// each calls do for what a query of entryColumns gives.
func (b *Book) each(text string, args []any, do func(exchange.Noted) bool) error {
	return b.Each(text, args, func(scan func(...any) error) (bool, error) {
		e, err := b.noted(scan)
		return err == nil && do(e), err
	})
}

// Last implements exchange.Chains.
func (b *Book) Last() (n uint64, err error) {
	err = b.QueryRow(`SELECT coalesce(max(number), 0) FROM entries`).Scan(&n)
	return n, err
}
