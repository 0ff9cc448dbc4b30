package localdb

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// Accept implements exchange.Chains.
func (b *Book) Accept(w fold.WriterID, upTo fold.Seq, at exchange.Position) error {
	_, err := b.Exec(`
		UPDATE entries SET decision = 1, position = ?
		WHERE decision = 0 AND peer = 0 AND writer = ? AND seq <= ?`, b.position(at), b.writer(w), int64(upTo))
	return err
}

// Reopen implements exchange.Chains.
func (b *Book) Reopen(w fold.WriterID, from, to fold.Seq) (int, error) {
	// What has no decision is skipped: in a long outbox it is most of the chain.
	first, err := b.firstFrom(w, from, `AND decision <> 0`)
	if err != nil || first == 0 {
		return 0, err
	}
	b.unaccepted = nil
	done, err := b.Exec(`
		UPDATE entries SET decision = 0, reason = 0, position = ?, suspect = 0, dismissed = 0
		WHERE number >= ? AND writer = ? AND seq BETWEEN ? AND ? AND decision <> 0`, b.position(0), first, b.writer(w), int64(from), int64(to))
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// firstFrom is a number before which there is no entry of w with that seq or a later one,
// 0 for none at all. Within one own chain, numbers grow with the seq; every sync asks for
// what is behind the head, which is at the very end, so it looks from there. What others
// wrote comes in any order, and there is little of it.
func (b *Book) firstFrom(w fold.WriterID, from fold.Seq, only string) (first int64, err error) {
	var others int64
	if err := b.QueryRow(`
		SELECT coalesce(min(e.number), 0)
		FROM peers p JOIN entries e ON e.number = p.number
		WHERE e.writer = ? AND e.seq >= ?`, b.writer(w), int64(from)).Scan(&others); err != nil {
		return 0, err
	}
	own, err := b.firstOwn(w, from, only)
	if own == 0 || others > 0 && others < own {
		own = others
	}
	return own, err
}

func (b *Book) firstOwn(w fold.WriterID, from fold.Seq, only string) (first int64, err error) {
	err = b.Each(`SELECT number, seq FROM entries WHERE writer = ? `+only+` AND peer = 0 ORDER BY number DESC`, []any{b.writer(w)}, func(scan func(...any) error) (bool, error) {
		var number, seq int64
		if err := scan(&number, &seq); err != nil {
			return false, err
		}
		if fold.Seq(seq) < from {
			return false, nil
		}
		first = number
		return true, nil
	})
	return first, err
}

// Rename implements exchange.Chains.
func (b *Book) Rename(from fold.WriterID, above fold.Seq, to fold.WriterID) ([]record.ID, error) {
	first, err := b.firstFrom(from, above+1, ``)
	if err != nil || first == 0 {
		return nil, err
	}
	ids, err := b.ids(`
		SELECT record FROM entries WHERE number >= ?1 AND writer = ?2 AND seq > ?3 AND length(record) > 0
		UNION
		SELECT t.record FROM touches t JOIN entries e ON e.number = t.number
		WHERE e.number >= ?1 AND e.writer = ?2 AND e.seq > ?3`, first, b.writer(from), int64(above))
	if err != nil {
		return nil, err
	}
	return ids, b.rewrite(to, `SELECT `+entryColumns+` FROM entries e WHERE e.number >= ? AND e.writer = ? AND e.seq > ?`, first, b.writer(from), int64(above))
}

// rewrite gives what a query of entryColumns finds another writer. The name is sealed with
// each entry, so each is sealed anew.
func (b *Book) rewrite(to fold.WriterID, text string, args ...any) error {
	all, err := b.entries(text, args...)
	for _, e := range all {
		if err != nil {
			break
		}
		e.Writer = to
		_, err = b.Exec(`UPDATE entries SET writer = ?, sealed = ? WHERE number = ?`, b.writer(to), b.sealed(e), int64(e.Number))
	}
	return err
}

// ids collects the ids that a query gives, sorted.
func (b *Book) ids(text string, args ...any) (out []record.ID, err error) {
	err = b.Each(text, args, func(scan func(...any) error) (bool, error) {
		var raw []byte
		if err := scan(&raw); err != nil {
			return false, err
		}
		id, err := b.readRecord(raw)
		out = append(out, id)
		return true, err
	})
	slices.SortFunc(out, compareIDs)
	return out, err
}

func compareIDs(x, y record.ID) int { return slices.Compare(x[:], y[:]) }

// Names implements exchange.Chains.
func (b *Book) Names() (out []fold.WriterID, err error) {
	err = b.Each(`SELECT DISTINCT writer FROM entries WHERE peer = 0`, nil, func(scan func(...any) error) (bool, error) {
		var raw []byte
		if err := scan(&raw); err != nil {
			return false, err
		}
		w, err := b.readWriter(raw)
		out = append(out, w)
		return true, err
	})
	slices.SortFunc(out, func(x, y fold.WriterID) int { return slices.Compare(x[:], y[:]) })
	return out, err
}
