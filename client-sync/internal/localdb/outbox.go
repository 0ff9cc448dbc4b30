package localdb

import (
	"encoding/json"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
)

// Counts are what a status is made of.
type Counts struct {
	// Unsent entries, the records that they edit, and about their bytes: as they are
	// stored.
	Unsent, UnsentRecords int
	UnsentBytes           int64
	// Passing are entries of others, with their content, that the office has not answered
	// for; PassingWriters who wrote them.
	Passing, PassingWriters int
	// Held entries.
	Held int
	// Records that are complete and not removed, and those with a conflict.
	Records, Conflicts int
}

// Count counts.
func (b *Book) Count() (c Counts, err error) {
	err = b.QueryRow(`SELECT count(*), coalesce(sum(length(sealed)), 0) FROM entries WHERE decision = 0 AND peer = 0`).
		Scan(&c.Unsent, &c.UnsentBytes)
	if err != nil {
		return c, err
	}
	err = b.QueryRow(`
		SELECT count(*) FROM (
			SELECT record FROM entries WHERE decision = 0 AND peer = 0
			UNION
			SELECT t.record FROM entries e JOIN touches t ON t.number = e.number WHERE e.decision = 0 AND e.peer = 0 AND e.more)`).
		Scan(&c.UnsentRecords)
	if err != nil {
		return c, err
	}
	err = b.QueryRow(`
		SELECT count(*), count(DISTINCT p.signed)
		FROM peers p JOIN entries e ON e.number = p.number
		WHERE e.decision = 0 AND e.here = 1`).
		Scan(&c.Passing, &c.PassingWriters)
	if err != nil {
		return c, err
	}
	err = b.QueryRow(`
		SELECT (SELECT count(*) FROM entries WHERE decision > 1 AND decision = 3 AND peer = 0),
		       (SELECT count(*) FROM views)
		       - (SELECT count(*) FROM views WHERE removed = 1)
		       - (SELECT count(*) FROM views WHERE complete = 0 AND removed = 0),
		       (SELECT count(*) FROM views WHERE conflict = 1)`).
		Scan(&c.Held, &c.Records, &c.Conflicts)
	return c, err
}

// CountReceived counts the records that are complete and not removed and of which nothing
// waits for the office's answer, own or of others.
func (b *Book) CountReceived() (n int, err error) {
	err = b.QueryRow(`
		SELECT (SELECT count(*) FROM views)
		       - (SELECT count(*) FROM views WHERE removed = 1)
		       - (SELECT count(*) FROM views WHERE complete = 0 AND removed = 0)
		       - (SELECT count(*) FROM (
		              SELECT record FROM entries WHERE decision = 0 AND (peer = 0 OR here = 1)
		              UNION
		              SELECT t.record FROM entries e JOIN touches t ON t.number = e.number
		              WHERE e.decision = 0 AND (e.peer = 0 OR e.here = 1) AND e.more
		          ) w JOIN views v ON v.id = w.record
		          WHERE v.removed = 0 AND v.complete = 1)`).Scan(&n)
	return n, err
}

// CountUnanswered counts the own entries up to a number that have no decision, and those
// of others whose content is here.
func (b *Book) CountUnanswered(until uint64) (own, others int, err error) {
	err = b.QueryRow(`SELECT coalesce(sum(peer = 0), 0), coalesce(sum(peer = 1 AND here = 1), 0) FROM entries WHERE decision = 0 AND number <= ?`, int64(until)).Scan(&own, &others)
	return own, others, err
}

// Unsent reports whether an entry that edits the record has no decision: an own one, and
// one of others that is shown.
func (b *Book) Unsent(id record.ID) (own, others bool, err error) {
	err = b.QueryRow(`
		SELECT coalesce(max(e.peer = 0), 0), coalesce(max(p.hidden = 0), 0)
		FROM (
			SELECT number, peer FROM entries WHERE record = ?1 AND decision <> 1 AND decision = 0
			UNION ALL
			SELECT e.number, e.peer FROM touches t JOIN entries e ON e.number = t.number
			WHERE t.record = ?1 AND e.decision = 0
		) e LEFT JOIN peers p ON p.number = e.number`, b.record(id)).Scan(&own, &others)
	return own, others, err
}

// Refused gives the entries that were refused for a reason that a person should
// see and that nobody has dismissed, in their order.
func (b *Book) Refused() ([]exchange.Noted, error) {
	return b.entries(`
		SELECT `+entryColumns+` FROM entries e
		WHERE e.decision > 1 AND e.decision = 2 AND e.peer = 0 AND e.reason <> ? AND e.dismissed = 0
		ORDER BY e.number`, int32(exchange.Already))
}

// Held gives the own entries that a person at the office has to admit, in their order.
func (b *Book) Held() ([]exchange.Noted, error) {
	return b.entries(`
		SELECT `+entryColumns+` FROM entries e
		WHERE e.decision > 1 AND e.decision = ? AND e.peer = 0
		ORDER BY e.number`, int32(exchange.Held))
}

// Dismiss puts a refused entry away.
func (b *Book) Dismiss(number uint64) error {
	_, err := b.Exec(`UPDATE entries SET dismissed = 1 WHERE number = ? AND decision = 2`, int64(number))
	return err
}

// Changes gives every entry here that edits the record, the newest first: all own ones,
// and what others wrote that the office has not answered for.
func (b *Book) Changes(id record.ID) ([]exchange.Noted, error) {
	return b.entries(`
		SELECT `+entryColumns+` FROM entries e WHERE e.record = ?1
		UNION ALL
		SELECT `+entryColumns+` FROM touches t JOIN entries e ON e.number = t.number WHERE t.record = ?1
		ORDER BY 1 DESC`, b.record(id))
}

// Note is how the last sync went. Times are milliseconds since 1970 UTC, 0 for
// never.
type Note struct {
	LastSync, LastTry int64
	// Problem is for a person; empty when the last try went well.
	Problem string
	// Unswept: something was deleted that the file may still hold a copy of.
	Unswept bool
}

// Note gives what PutNote stored.
func (b *Book) Note() (n Note, err error) {
	content, err := b.single("note")
	if err != nil || content == nil {
		return n, err
	}
	return n, json.Unmarshal(content, &n)
}

// PutNote stores it.
func (b *Book) PutNote(n Note) error {
	content, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return b.putSingle("note", content)
}
