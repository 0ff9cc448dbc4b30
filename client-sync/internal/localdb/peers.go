package localdb

import (
	"bytes"
	"crypto/ed25519"
	"crypto/subtle"
	"database/sql"
	"errors"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/vault"
)

func (b *Book) putPeer(e exchange.Noted) error {
	p := e.Peer
	_, err := b.Exec(`
		INSERT INTO peers (number, based, hidden, signed, serial, sealed)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (number) DO UPDATE
		SET based = ?2, hidden = ?3, signed = ?4, serial = ?5, sealed = ?6`,
		int64(e.Number), p.Based, p.Hidden, b.writer(p.Signed), b.serial(p.Serial),
		b.keys.Seal(placeOfPeer(e), append(p.Hash[:], p.Seal...)))
	return err
}

// placeOfPeer binds what vouches for an entry to it, and to who signed.
func placeOfPeer(e exchange.Noted) vault.Place {
	return place("peers", e.Link[:], append(e.Peer.Signed[:], e.Peer.Serial[:]...)...)
}

// replacePeer also writes the records: they are known once the payload has come.
func (b *Book) replacePeer(e exchange.Noted) error {
	if _, err := b.Exec(`DELETE FROM touches WHERE number = ?`, int64(e.Number)); err != nil {
		return err
	}
	_, err := b.Exec(`
		UPDATE entries
		SET decision = ?, reason = ?, position = ?, suspect = ?, here = ?,
		    writer = ?, seq = ?, record = ?, more = ?, previous = ?, link = ?, sealed = ?
		WHERE number = ?`,
		int32(e.Decision), int32(e.Reason), b.position(e.Position), e.Suspect, len(e.Payload) > 0,
		b.writer(e.Writer), int64(e.Seq), b.first(e.Records), len(e.Records) > 1, b.hash(e.Previous), b.hash(e.Link),
		b.sealed(e), int64(e.Number))
	return errors.Join(err, b.touch(e), b.putPeer(e))
}

// addPeer fills in what is kept of somebody else's entry.
func (b *Book) addPeer(e *exchange.Noted) error {
	var signed, serial, sealed []byte
	p := e.Peer
	err := b.QueryRow(`SELECT based, hidden, signed, serial, sealed FROM peers WHERE number = ?`, int64(e.Number)).
		Scan(&p.Based, &p.Hidden, &signed, &serial, &sealed)
	if err != nil {
		return err
	}
	var bad [2]error
	p.Signed, bad[0] = b.readWriter(signed)
	p.Serial, bad[1] = b.readSerial(serial)
	if err := errors.Join(bad[0], bad[1]); err != nil {
		return err
	}
	content, err := b.keys.Open(placeOfPeer(*e), sealed)
	if err != nil {
		return err
	}
	hash, err := cut(&content, len(p.Hash))
	if err != nil {
		return err
	}
	p.Hash = journal.Hash(hash)
	if len(content) > 0 {
		p.Seal = content
	}
	return nil
}

// Known implements exchange.Peers.
func (b *Book) Known(w fold.WriterID) (fold.Seq, error) {
	var stored []byte
	err := b.QueryRow(`SELECT seq FROM known WHERE writer = ?`, b.writer(w)).Scan(&stored)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if len(stored) != 16 {
		return 0, vault.ErrAltered
	}
	seq, err := b.readNumber(beside(b.writer(w), stored))
	return fold.Seq(seq), err
}

// beside mixes what stands in a row with what it is found by, so that it means nothing in
// another row. Mixed twice, it is what it was.
func beside(found, stored []byte) []byte {
	out := slices.Clone(stored)
	subtle.XORBytes(out, out, found)
	return out
}

// PutKnown implements exchange.Peers.
func (b *Book) PutKnown(w fold.WriterID, seq fold.Seq) error {
	_, err := b.Exec(`INSERT INTO known (writer, seq) VALUES (?1, ?2) ON CONFLICT (writer) DO UPDATE SET seq = ?2`,
		b.writer(w), beside(b.writer(w), b.number(uint64(seq))))
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
	next, err := b.entries(`SELECT `+entryColumns+` FROM entries e WHERE e.link = ? AND e.peer = 1`, b.hash(l))
	for err == nil && len(next) > 0 {
		out = append(out, next[0])
		if len(next[0].Peer.Seal) > 0 {
			break
		}
		next, err = b.entries(`
			SELECT `+entryColumns+`
			FROM entries e JOIN peers p ON p.number = e.number
			WHERE e.previous = ? AND e.peer = 1 AND p.signed = ?
			ORDER BY e.number LIMIT 1`, b.hash(next[0].Link), b.writer(out[0].Peer.Signed))
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
			OR EXISTS (SELECT 1 FROM entries WHERE decision = 0 AND here = 1)`).Scan(&needed)
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
	var sealed []byte
	err := b.QueryRow(`SELECT sealed FROM certificates WHERE serial = ?`, b.serial(s)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	content, err := b.keys.Open(place("certificates", s[:]), sealed)
	if err != nil {
		return nil, err
	}
	return journal.ParseCertificate(content)
}

// PutCertificate implements exchange.Vouchers.
func (b *Book) PutCertificate(c *journal.Certificate) error {
	_, err := b.Exec(`INSERT OR IGNORE INTO certificates (serial, sealed) VALUES (?, ?)`,
		b.serial(c.Serial), b.keys.Seal(place("certificates", c.Serial[:]), c.Encode()))
	return err
}

var errNoCertificate = errors.New("entries of somebody else are here without their certificate")

// KeyOf implements exchange.Vouchers.
func (b *Book) KeyOf(w fold.WriterID) (ed25519.PublicKey, error) {
	// The entry itself, because it is sealed with what stands beside it.
	found, err := b.entries(`
		SELECT `+entryColumns+` FROM peers p JOIN entries e ON e.number = p.number
		WHERE p.signed = ? ORDER BY p.number LIMIT 1`, b.writer(w))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	c, err := b.Certificate(found[0].Peer.Serial)
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
	// One entry of each, because it is sealed with who wrote it.
	all, err := b.entries(`
		SELECT ` + entryColumns + ` FROM entries e
		WHERE e.number IN (SELECT min(f.number) FROM peers p JOIN entries f ON f.number = p.number GROUP BY f.writer, p.serial)`)
	out := map[fold.WriterID]*journal.Certificate{}
	for _, e := range all {
		c, bad := b.Certificate(e.Peer.Serial)
		if err = errors.Join(err, bad); c != nil {
			out[e.Writer] = c
		}
	}
	return out, err
}

// PutMate keeps the certificate of a device that has handed a bundle over.
func (b *Book) PutMate(c *journal.Certificate) error {
	key := b.hash([32]byte(c.Key))
	_, err := b.Exec(`INSERT INTO mates (key, sealed) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET sealed = ?2`,
		key, b.keys.Seal(place("mates", key), c.Encode()))
	return err
}

// Mates gives what PutMate kept, by key.
func (b *Book) Mates() (out []*journal.Certificate, err error) {
	err = b.Each(`SELECT key, sealed FROM mates`, nil, func(scan func(...any) error) (bool, error) {
		var key, sealed []byte
		if err := scan(&key, &sealed); err != nil {
			return false, err
		}
		content, err := b.keys.Open(place("mates", key), sealed)
		if err != nil {
			return false, err
		}
		c, err := journal.ParseCertificate(content)
		out = append(out, c)
		return true, err
	})
	slices.SortFunc(out, func(x, y *journal.Certificate) int { return bytes.Compare(x.Key, y.Key) })
	return out, err
}
