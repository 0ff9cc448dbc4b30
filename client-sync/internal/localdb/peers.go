package localdb

import (
	"crypto/ed25519"
	"database/sql"
	"errors"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
)

func (b *Book) putPeer(e exchange.Noted) error {
	p := e.Peer
	_, err := b.Exec(`
		INSERT INTO peers (number, signed, serial, seal, hash, based, hidden)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
		ON CONFLICT (number) DO UPDATE
		SET signed = ?2, serial = ?3, seal = ?4, hash = ?5, based = ?6, hidden = ?7`,
		int64(e.Number), p.Signed[:], p.Serial[:], p.Seal, p.Hash[:], p.Based, p.Hidden)
	return err
}

// replacePeer also writes the records: they are known once the payload has come.
func (b *Book) replacePeer(e exchange.Noted) error {
	_, err := b.Exec(`
		UPDATE entries
		SET decision = ?, reason = ?, position = ?, suspect = ?,
		    writer = ?, seq = ?, time = ?, record = ?, more = ?, previous = ?, link = ?, payload = ?
		WHERE number = ?`,
		int32(e.Decision), int32(e.Reason), int64(e.Position), e.Suspect,
		e.Writer[:], int64(e.Seq), int64(e.Time), first(e.Records), len(e.Records) > 1, e.Previous[:], e.Link[:],
		b.sealed(e), int64(e.Number))
	return errors.Join(err, b.touch(e), b.putPeer(e))
}

// addPeer fills in what is kept of somebody else's entry.
func (b *Book) addPeer(e *exchange.Noted) error {
	var signed, serial, hash []byte
	p := e.Peer
	err := b.QueryRow(`SELECT signed, serial, seal, hash, based, hidden FROM peers WHERE number = ?`, int64(e.Number)).
		Scan(&signed, &serial, &p.Seal, &hash, &p.Based, &p.Hidden)
	return errors.Join(err, fill(p.Signed[:], signed), fill(p.Serial[:], serial), fill(p.Hash[:], hash))
}

// Known implements exchange.Peers.
func (b *Book) Known(w fold.WriterID) (seq fold.Seq, err error) {
	err = b.QueryRow(`SELECT seq FROM known WHERE writer = ?`, w[:]).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return seq, err
}

// PutKnown implements exchange.Peers.
func (b *Book) PutKnown(w fold.WriterID, seq fold.Seq) error {
	_, err := b.Exec(`INSERT INTO known (writer, seq) VALUES (?1, ?2) ON CONFLICT (writer) DO UPDATE SET seq = ?2`, w[:], int64(seq))
	return err
}

// ForgetKnown implements exchange.Peers.
func (b *Book) ForgetKnown() error {
	_, err := b.Exec(`DELETE FROM known`)
	return err
}

// Run implements exchange.Peers. In a chain that forks, the run is of the writer that
// signed the first entry, and the branch that came first.
func (b *Book) Run(l fold.Link) (out []exchange.Noted, err error) {
	next, err := b.entries(`SELECT `+entryColumns+` FROM entries e WHERE e.link = ? AND e.peer = 1`, l[:])
	for err == nil && len(next) > 0 {
		out = append(out, next[0])
		if len(next[0].Peer.Seal) > 0 {
			break
		}
		next, err = b.entries(`
			SELECT `+entryColumns+`
			FROM entries e JOIN peers p ON p.number = e.number
			WHERE e.previous = ? AND e.peer = 1 AND p.signed = ?
			ORDER BY e.number LIMIT 1`, next[0].Link[:], out[0].Peer.Signed[:])
	}
	return out, err
}

// gone are the entries of others that Drop deletes.
const gone = `
	SELECT p.number
	FROM peers p JOIN entries e ON e.number = p.number
	WHERE e.decision <> 0 AND p.signed NOT IN (
		SELECT q.signed
		FROM peers q JOIN entries f ON f.number = q.number
		WHERE f.decision = 0)`

// Drop implements exchange.Peers.
func (b *Book) Drop() error {
	var needed bool
	err := b.QueryRow(`
		SELECT NOT EXISTS (SELECT 1 FROM peers) AND NOT EXISTS (SELECT 1 FROM certificates)
			OR EXISTS (SELECT 1 FROM entries WHERE decision = 0 AND length(payload) > 0)`).Scan(&needed)
	if err != nil || needed {
		return err
	}
	for _, text := range []string{
		`DELETE FROM touches WHERE number IN (` + gone + `)`,
		`DELETE FROM peers WHERE number IN (` + gone + `)`,
		`DELETE FROM entries WHERE peer = 1 AND number NOT IN (SELECT number FROM peers)`,
		`DELETE FROM certificates WHERE serial NOT IN (SELECT serial FROM peers)`,
	} {
		if _, err := b.Exec(text); err != nil {
			return err
		}
	}
	b.unaccepted = nil
	return nil
}

// Certificate implements exchange.Vouchers.
func (b *Book) Certificate(s journal.Serial) (*journal.Certificate, error) {
	var content []byte
	err := b.QueryRow(`SELECT content FROM certificates WHERE serial = ?`, s[:]).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		content, err = b.shield.open("certificates", s[:], content)
	}
	if err != nil {
		return nil, err
	}
	return journal.ParseCertificate(content)
}

// PutCertificate implements exchange.Vouchers.
func (b *Book) PutCertificate(c *journal.Certificate) error {
	_, err := b.Exec(`INSERT OR IGNORE INTO certificates (serial, content) VALUES (?, ?)`,
		c.Serial[:], b.shield.seal("certificates", c.Serial[:], c.Encode()))
	return err
}

var errNoCertificate = errors.New("entries of somebody else are here without their certificate")

// KeyOf implements exchange.Vouchers.
func (b *Book) KeyOf(w fold.WriterID) (ed25519.PublicKey, error) {
	var raw []byte
	err := b.QueryRow(`SELECT serial FROM peers WHERE signed = ? ORDER BY number LIMIT 1`, w[:]).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var s journal.Serial
	if err = errors.Join(err, fill(s[:], raw)); err != nil {
		return nil, err
	}
	c, err := b.Certificate(s)
	if err == nil && c == nil {
		err = errNoCertificate // else anybody's key would pass for that of a new writer
	}
	if err != nil {
		return nil, err
	}
	return c.Key, nil
}

// Authors gives who wrote, by the present names of the entries of others that are here.
func (b *Book) Authors() (map[fold.WriterID]*journal.Certificate, error) {
	type author struct {
		w fold.WriterID
		s journal.Serial
	}
	var all []author
	err := b.Each(`SELECT DISTINCT e.writer, p.serial FROM peers p JOIN entries e ON e.number = p.number`, nil, func(scan func(...any) error) (bool, error) {
		var w, s []byte
		if err := scan(&w, &s); err != nil {
			return false, err
		}
		var a author
		err := errors.Join(fill(a.w[:], w), fill(a.s[:], s))
		all = append(all, a)
		return true, err
	})
	out := map[fold.WriterID]*journal.Certificate{}
	for _, a := range all {
		c, bad := b.Certificate(a.s)
		if err = errors.Join(err, bad); c != nil {
			out[a.w] = c
		}
	}
	return out, err
}

// PutMate keeps the certificate of a device that has handed a bundle over.
func (b *Book) PutMate(c *journal.Certificate) error {
	_, err := b.Exec(`INSERT INTO mates (key, content) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET content = ?2`,
		[]byte(c.Key), b.shield.seal("mates", c.Key, c.Encode()))
	return err
}

// Mates gives what PutMate kept.
func (b *Book) Mates() (out []*journal.Certificate, err error) {
	err = b.Each(`SELECT key, content FROM mates ORDER BY key`, nil, func(scan func(...any) error) (bool, error) {
		var key, content []byte
		if err := scan(&key, &content); err != nil {
			return false, err
		}
		content, err := b.shield.open("mates", key, content)
		if err != nil {
			return false, err
		}
		c, err := journal.ParseCertificate(content)
		out = append(out, c)
		return true, err
	})
	return out, err
}
