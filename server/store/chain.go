package store

import (
	"fmt"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
)

// member is an entry at its place in its writer's chain.
type member struct {
	fold.Dot
	Previous, Link fold.Link
	// Position in the log; 0 for one that is awaited, of which Hash is the payload's.
	Position exchange.Position
	Hash     journal.Hash
	seal     *exchange.Seal
}

// where says it in a finding.
func (m member) where() string {
	if m.Position == 0 {
		return fmt.Sprintf("awaited entry %d of writer %s", m.Seq, m.Writer)
	}
	return positionOf(m.Position)
}

// chains calls do for every entry of the writers that which names, also for those that are
// awaited, one writer after the other, in the order of their chain.
func (l *ledger) chains(which string, args []any, do func(member) error) error {
	return l.Each(`
		WITH these (writer) AS MATERIALIZED (`+which+`)
		SELECT e.writer AS writer, e.seq AS seq, e.link, coalesce(e.previous, before.link), e.position AS position, NULL,
			s.signed, s.serial, s.signature
		FROM log e
		LEFT JOIN log before ON before.position = e.position - 1
		LEFT JOIN seals s ON s.position = e.position
		WHERE e.writer IN these
		UNION ALL
		SELECT writer, seq, link, previous, 0, hash, signed, serial, signature
		FROM awaited
		WHERE writer IN these
		ORDER BY writer, seq, position`, args, func(scan func(...any) error) (bool, error) {
		var m member
		var writer, link, previous, hash, signed, serial, signature []byte
		err := scan(&writer, &m.Seq, &link, &previous, &m.Position, &hash, &signed, &serial, &signature)
		if err != nil {
			return false, err
		}
		copy(m.Writer[:], writer)
		copy(m.Link[:], link)
		copy(m.Previous[:], previous)
		copy(m.Hash[:], hash)
		m.seal = sealOf(m.Dot, m.Link, signed, serial, signature)
		return true, do(m)
	})
}

// sealOf is the seal over an entry; nil without a signature.
func sealOf(d fold.Dot, l fold.Link, signed, serial, signature []byte) *exchange.Seal {
	if signature == nil {
		return nil
	}
	s := &exchange.Seal{Seq: d.Seq, Link: l, Signature: signature}
	copy(s.Signed[:], signed)
	copy(s.Serial[:], serial)
	return s
}

// dotOf names an entry that is in the log or awaited.
func (l *ledger) dotOf(link fold.Link) (fold.Dot, bool, error) {
	k, ok, err := l.Find(link)
	if err != nil || ok {
		return k.Dot, ok, err
	}
	a, ok, err := l.Awaited(link)
	return a.Dot, ok, err
}
