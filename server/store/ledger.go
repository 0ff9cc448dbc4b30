package store

import (
	"crypto/ed25519"
	"database/sql"
	"log/slog"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// ledger is the office's memory within one transaction: exchange.Ledger in SQL.
type ledger struct {
	*sqlitedb.Tx
	now int64 // milliseconds since 1970 UTC
	log *slog.Logger
	// known are committed certificates that were read before; not changed here.
	known map[journal.Serial]*journal.Certificate

	// What the transaction has read or put. After a push was rolled back all of it
	// is dropped but head, which is set back.
	writers      map[fold.WriterID]exchange.Writer
	certificates map[journal.Serial]*journal.Certificate
	numbers      map[record.ID]int64 // 0: there is none
	touches      map[record.ID][]exchange.Position
	appended     map[fold.Link]exchange.Known
	last         fold.Link // of the entry at head, where this push appended it
	ids          *span

	scoping  scoping               // empty after rescope
	joinings map[record.ID]joining // empty after rejoin

	// Rows on their way to the database; empty after flush.
	entryRows, recordRows, touchRows rows
	projected                        map[*insert]*rows

	epochRead *exchange.Epoch // nil before

	changed kindSet // what was projected; grows only

	// The counter of positions.
	head     exchange.Position
	headRead bool
	grown    bool // beyond what the counter's row says
}

var _ exchange.Ledger = (*ledger)(nil)

// one scans the only row of a query into dest; false when there is none.
func (l *ledger) one(text string, args []any, dest ...any) (bool, error) {
	err := l.QueryRow(text, args...).Scan(dest...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return err == nil, err
}

// forget drops what a push has put.
func (l *ledger) forget() {
	l.writers = map[fold.WriterID]exchange.Writer{}
	l.certificates = map[journal.Serial]*journal.Certificate{}
	l.numbers = map[record.ID]int64{}
	l.touches = map[record.ID][]exchange.Position{}
	l.appended = map[fold.Link]exchange.Known{}
	l.last, l.ids = fold.Link{}, nil
	l.scoping = newScoping()
	l.joinings = map[record.ID]joining{}
	l.entryRows, l.recordRows, l.touchRows = rows{into: entryRow}, rows{into: recordRow}, rows{into: touchRow}
	l.projected = map[*insert]*rows{}
}

// Writer gives a writer; false when it was never put.
func (l *ledger) Writer(id fold.WriterID) (exchange.Writer, bool, error) {
	if w, ok := l.writers[id]; ok {
		return w, true, nil
	}
	w := exchange.Writer{ID: id}
	var link, key, parent []byte
	var parentSeq *int64
	ok, err := l.one(`
		SELECT seq, link, position, key, parent, parent_seq
		FROM writers
		WHERE id = $1`, []any{id[:]}, &w.Seq, &link, &w.Position, &key, &parent, &parentSeq)
	if err != nil || !ok {
		return exchange.Writer{}, false, err
	}
	copy(w.Link[:], link)
	w.Key = ed25519.PublicKey(key)
	if parentSeq != nil {
		w.Branch, w.Parent.Seq = true, fold.Seq(*parentSeq)
		copy(w.Parent.Writer[:], parent)
	}
	l.writers[id] = w
	return w, true, nil
}

// PutWriter adds the writer or replaces what is known of it.
func (l *ledger) PutWriter(w exchange.Writer) error {
	var parent, parentSeq any
	if w.Branch {
		parent, parentSeq = w.Parent.Writer[:], int64(w.Parent.Seq)
	}
	_, err := l.Exec(`
		INSERT INTO writers (id, seq, link, position, key, parent, parent_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET
			seq = excluded.seq, link = excluded.link, position = excluded.position,
			key = excluded.key, parent = excluded.parent, parent_seq = excluded.parent_seq`,
		w.ID[:], int64(w.Seq), w.Link[:], int64(w.Position), []byte(w.Key), parent, parentSeq)
	l.writers[w.ID] = w
	return err
}

// Certificate gives a certificate by its serial; nil when it was never put.
func (l *ledger) Certificate(s journal.Serial) (*journal.Certificate, error) {
	for _, m := range []map[journal.Serial]*journal.Certificate{l.certificates, l.known} {
		if c := m[s]; c != nil {
			return c, nil
		}
	}
	var body []byte
	ok, err := l.one(`
		SELECT body
		FROM certificates
		WHERE serial = $1`, []any{s[:]}, &body)
	if err != nil || !ok {
		return nil, err
	}
	c, err := journal.ParseCertificate(body)
	if err != nil {
		return nil, err
	}
	l.certificates[s] = c
	return c, nil
}

// PutCertificate adds one; putting it again changes nothing.
func (l *ledger) PutCertificate(c *journal.Certificate) error {
	if l.known[c.Serial] != nil || l.certificates[c.Serial] != nil {
		return nil
	}
	res, err := l.Exec(`
		INSERT INTO certificates (serial, key, body)
		VALUES ($1, $2, $3)
		ON CONFLICT (serial) DO NOTHING`, c.Serial[:], []byte(c.Key), c.Encode())
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	l.certificates[c.Serial] = c
	return nil
}

// Find gives an entry by its link; false when there is none.
func (l *ledger) Find(link fold.Link) (exchange.Known, bool, error) {
	k, ok := l.appended[link]
	if ok {
		return k, true, nil
	}
	var writer []byte
	ok, err := l.one(`
		SELECT position, writer, seq, decision, reason, suspect
		FROM log
		WHERE link = $1`, []any{link[:]}, &k.Position, &writer, &k.Seq, &k.Decision, &k.Reason, &k.Suspect)
	copy(k.Writer[:], writer)
	return k, ok, err
}

// Head is the position of the last entry; 0 before the first.
func (l *ledger) Head() (exchange.Position, error) {
	if l.headRead {
		return l.head, nil
	}
	_, err := l.one(`
		SELECT value
		FROM counters
		WHERE name = 'position'`, nil, &l.head)
	l.headRead = err == nil
	return l.head, err
}

var entryRow = inserting(`
	INSERT INTO log (position, link, writer, seq, previous, decision, reason, suspect, time, received_at, payload)
	VALUES`, 11, ``)

// Append stores an entry at the next position and returns that.
func (l *ledger) Append(e exchange.Logged) (exchange.Position, error) {
	if _, err := l.Head(); err != nil {
		return 0, err
	}
	previous := e.Previous[:]
	if l.last == e.Previous && l.last != (fold.Link{}) {
		previous = nil
	}
	err := l.add(&l.entryRows, int64(l.head+1), e.Link[:], e.Writer[:], int64(e.Seq), previous,
		int64(e.Decision), int64(e.Reason), e.Suspect, int64(e.Time), e.ReceivedMS, e.Payload)
	if err != nil {
		return 0, err
	}
	l.head, l.last, l.grown = l.head+1, e.Link, true
	e.Position = l.head
	l.appended[e.Link] = e.Known
	for _, id := range e.Records {
		l.touches[id] = append(l.touches[id], l.head)
	}
	return l.head, nil
}

// PutSeal keeps the seal of the entry that a batch ends with: most often the one that was
// appended last, else one that is awaited. Putting it again changes nothing.
func (l *ledger) PutSeal(s exchange.Seal) error {
	position := l.head
	if s.Link != l.last {
		k, ok, err := l.Find(s.Link)
		if err != nil {
			return err
		}
		if !ok {
			return l.sealAwaited(s)
		}
		position = k.Position
	}
	if err := l.put(&l.entryRows); err != nil {
		return err
	}
	_, err := l.Exec(`
		INSERT INTO seals (position, signed, serial, signature)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (position) DO NOTHING`, int64(position), s.Signed[:], s.Serial[:], s.Signature)
	return err
}

// Previous is the link that an entry's is built on; zero when there is no such entry.
func (l *ledger) Previous(link fold.Link) (previous fold.Link, err error) {
	if err := l.put(&l.entryRows); err != nil {
		return previous, err
	}
	var b []byte
	_, err = l.one(`
		SELECT coalesce(e.previous, before.link)
		FROM log e
		LEFT JOIN log before ON before.position = e.position - 1
		WHERE e.link = $1`, []any{link[:]}, &b)
	copy(previous[:], b)
	return previous, err
}

// finish writes the counter that tells readers how far the log goes: last.
func (l *ledger) finish() error {
	if err := l.flush(); err != nil || !l.grown {
		return err
	}
	_, err := l.Exec(`
		UPDATE counters
		SET value = $1
		WHERE name = 'position'`, int64(l.head))
	return err
}

// mark and back stand around a push that may be rolled back to its savepoint.
func (l *ledger) mark() func() {
	head, read, grown := l.head, l.headRead, l.grown
	return func() {
		l.forget()
		l.head, l.headRead, l.grown = head, read, grown
	}
}
