package localdb

import (
	"errors"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// Append implements exchange.Entries.
func (b *Book) Append(e exchange.Noted) (uint64, error) {
	if len(e.Records) == 0 && e.Peer == nil {
		return 0, errors.New("a change that edits no record")
	}
	b.unaccepted = nil
	done, err := b.Exec(`
		INSERT INTO entries (writer, seq, time, record, more, previous, link, payload, peer)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Writer[:], int64(e.Seq), int64(e.Time), first(e.Records), len(e.Records) > 1,
		e.Previous[:], e.Link[:], b.sealed(e), e.Peer != nil)
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
func first(records []record.ID) []byte {
	if len(records) == 0 {
		return []byte{}
	}
	return records[0][:]
}

// sealed is the payload as it is stored; one that is left out is empty.
func (b *Book) sealed(e exchange.Noted) []byte {
	if len(e.Payload) == 0 {
		return []byte{}
	}
	return b.shield.seal("entries", e.Link[:], e.Payload)
}

// touch notes the records behind the first.
func (b *Book) touch(e exchange.Noted) error {
	for i, id := range e.Records {
		if i == 0 {
			continue
		}
		if _, err := b.Exec(`INSERT OR IGNORE INTO touches (number, record) VALUES (?, ?)`, int64(e.Number), id[:]); err != nil {
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
		SET decision = ?, reason = ?, position = ?, suspect = ?,
		    writer = ?, seq = ?, time = ?, previous = ?, link = ?, payload = ?
		WHERE number = ?`,
		int32(e.Decision), int32(e.Reason), int64(e.Position), e.Suspect,
		e.Writer[:], int64(e.Seq), int64(e.Time), e.Previous[:], e.Link[:],
		b.sealed(e), int64(e.Number))
	return err
}

// noted reads a row of the columns of entryColumns.
const entryColumns = `e.number, e.decision, e.reason, e.position, e.suspect,
	e.writer, e.seq, e.time, e.record, e.more, e.previous, e.link, e.peer, e.payload`

func (b *Book) noted(scan func(...any) error) (e exchange.Noted, more bool, err error) {
	var writer, id, previous, link, payload []byte
	var peer bool
	err = scan(&e.Number, &e.Decision, &e.Reason, &e.Position, &e.Suspect,
		&writer, &e.Seq, &e.Time, &id, &more, &previous, &link, &peer, &payload)
	if err != nil {
		return e, false, err
	}
	if len(id) > 0 || !peer {
		e.Records = make([]record.ID, 1)
		err = fill(e.Records[0][:], id)
	}
	if peer {
		e.Peer = &exchange.Peer{} // filled by addRest
	}
	err = errors.Join(err, fill(e.Writer[:], writer), fill(e.Previous[:], previous), fill(e.Link[:], link))
	if err == nil && len(payload) > 0 {
		e.Payload, err = b.shield.open("entries", link, payload)
	}
	return e, more || peer, err
}

// entries collects what a query of entryColumns gives.
func (b *Book) entries(text string, args ...any) (out []exchange.Noted, err error) {
	var several []int
	err = b.Each(text, args, func(scan func(...any) error) (bool, error) {
		e, more, err := b.noted(scan)
		if more {
			several = append(several, len(out))
		}
		out = append(out, e)
		return true, err
	})
	for _, i := range several {
		err = errors.Join(err, b.addRest(&out[i]))
	}
	return out, err
}

// addRest adds what does not stand in the entry's own row: the records behind the first,
// and what is kept of somebody else's.
func (b *Book) addRest(e *exchange.Noted) error {
	if e.Peer != nil {
		if err := b.addPeer(e); err != nil {
			return err
		}
	}
	return b.Each(`SELECT record FROM touches WHERE number = ? ORDER BY record`, []any{int64(e.Number)}, func(scan func(...any) error) (bool, error) {
		var raw []byte
		var id record.ID
		if err := scan(&raw); err != nil {
			return false, err
		}
		err := fill(id[:], raw)
		e.Records = append(e.Records, id)
		return true, err
	})
}

// Wrote implements exchange.Entries. It reads all entries: few records are lost.
func (b *Book) Wrote(id record.ID) (wrote bool, err error) {
	err = b.QueryRow(`
		SELECT EXISTS (SELECT 1 FROM entries WHERE record = ?1 AND decision = 1 AND peer = 0)
			OR EXISTS (SELECT 1 FROM touches t JOIN entries e ON e.number = t.number WHERE t.record = ?1 AND e.decision = 1 AND e.peer = 0)`, id[:]).Scan(&wrote)
	return wrote, err
}

// Find implements exchange.Entries.
func (b *Book) Find(l fold.Link) (*exchange.Noted, error) {
	found, err := b.entries(`SELECT `+entryColumns+` FROM entries e WHERE e.link = ?`, l[:])
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
		ORDER BY 1`, id[:])
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
		e, more, err := b.noted(scan)
		if err == nil && more {
			err = b.addRest(&e)
		}
		return err == nil && do(e), err
	})
}

// Last implements exchange.Chains.
func (b *Book) Last() (n uint64, err error) {
	err = b.QueryRow(`SELECT coalesce(max(number), 0) FROM entries`).Scan(&n)
	return n, err
}
