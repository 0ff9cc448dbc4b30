package store

import (
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
)

// Nothing of what is awaited is kept in memory, so a push that is rolled back to its
// savepoint leaves nothing of it behind.

// Awaited gives one by its link; false when it is not awaited.
func (l *ledger) Awaited(link fold.Link) (exchange.Awaited, bool, error) {
	a := exchange.Awaited{Link: link}
	var writer, previous, hash []byte
	ok, err := l.one(`
		SELECT writer, seq, previous, hash
		FROM awaited
		WHERE link = $1`, []any{link[:]}, &writer, &a.Seq, &previous, &hash)
	if err != nil || !ok {
		return exchange.Awaited{}, false, err
	}
	copy(a.Writer[:], writer)
	copy(a.Previous[:], previous)
	copy(a.Hash[:], hash)
	return a, true, nil
}

// Await adds one.
func (l *ledger) Await(a exchange.Awaited) error {
	_, err := l.Exec(`
		INSERT INTO awaited (link, writer, seq, previous, hash)
		VALUES ($1, $2, $3, $4, $5)`, a.Link[:], a.Writer[:], int64(a.Seq), a.Previous[:], a.Hash[:])
	return err
}

// sealAwaited keeps the seal of one until its payload comes; nothing where it is not
// awaited.
func (l *ledger) sealAwaited(s exchange.Seal) error {
	_, err := l.Exec(`
		UPDATE awaited
		SET signed = $2, serial = $3, signature = $4
		WHERE link = $1 AND signature IS NULL`, s.Link[:], s.Signed[:], s.Serial[:], s.Signature)
	return err
}

// Came takes one away: its payload has come, and the entry is in the log. Its seal moves
// there.
func (l *ledger) Came(link fold.Link) error {
	if err := l.put(&l.entryRows); err != nil {
		return err
	}
	if _, err := l.Exec(`
		INSERT INTO seals (position, signed, serial, signature)
		SELECT l.position, a.signed, a.serial, a.signature
		FROM awaited a
		JOIN log l ON l.link = a.link
		WHERE a.link = $1 AND a.signature IS NOT NULL
		ON CONFLICT (position) DO NOTHING`, link[:]); err != nil {
		return err
	}
	_, err := l.Exec(`
		DELETE FROM awaited
		WHERE link = $1`, link[:])
	return err
}

// maxAwaited bounds what is listed of one writer: what is not named now is named when some
// of the others have come.
const maxAwaited = exchange.MaxAwaited

// AwaitedOf lists the seqs of a writer's, in order.
func (l *ledger) AwaitedOf(w fold.WriterID) ([]fold.Seq, error) {
	var out []fold.Seq
	err := l.Each(`
		SELECT seq
		FROM awaited
		WHERE writer = $1
		ORDER BY seq
		LIMIT $2`, []any{w[:], maxAwaited}, func(scan func(...any) error) (bool, error) {
		var seq fold.Seq
		err := scan(&seq)
		out = append(out, seq)
		return true, err
	})
	return out, err
}
