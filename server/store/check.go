package store

import (
	"bytes"
	"context"
	"fmt"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
)

// Finding is one deviation that Check found. It names no content.
type Finding struct {
	// What is wrong, in plain words.
	What string
	// Where: a position, a writer, a record, a table.
	Where string
}

// String is "where: what".
func (f Finding) String() string { return f.Where + ": " + f.What }

// Check reads everything and derives it again: the database's own structure, the
// positions, each writer's chain and seals, also through what is awaited, each record's state from its accepted
// entries, each projection from its state. It reports every deviation; the error
// says only that it could not go on. It reads one commit; writing goes on.
func (s *Store) Check(ctx context.Context, report func(Finding)) error {
	return s.read(ctx, func(l *ledger) error {
		c := &check{ledger: l, report: report, heads: map[fold.WriterID]member{}, latest: map[fold.WriterID]exchange.Position{}, parts: map[string]int{}, decided: map[exchange.Position]journal.Ruling{}}
		for _, part := range []func() error{c.structure, c.log, c.everyChain, c.twice, c.writersAgree, c.records, c.rulings, c.counts, c.scopes, c.mergesFollow, c.dossiers} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
}

type check struct {
	*ledger
	report func(Finding)

	heads   map[fold.WriterID]member            // the last of each chain
	latest  map[fold.WriterID]exchange.Position // the greatest of each
	touched int                                 // rows that touches must have
	parts   map[string]int                      // and those of the projections' children
	decided map[exchange.Position]journal.Ruling

	raising map[exchange.Position]bool // see raises; nil before it is asked
}

func (c *check) say(where, what string) { c.report(Finding{What: what, Where: where}) }

// structure asks SQLite about its own.
func (c *check) structure() error {
	err := c.Each(`PRAGMA integrity_check`, nil, func(scan func(...any) error) (bool, error) {
		var verdict string
		err := scan(&verdict)
		if err == nil && verdict != "ok" {
			c.say("database file", verdict)
		}
		return true, err
	})
	if err != nil {
		return err
	}
	return c.Each(`PRAGMA foreign_key_check`, nil, func(scan func(...any) error) (bool, error) {
		var table, parent string
		var row, key any
		err := scan(&table, &row, &parent, &key)
		c.say("table "+table, "a row refers to one of "+parent+" that is not there")
		return true, err
	})
}

// entry is one row of the log.
type entry struct {
	exchange.Logged
	previous []byte // nil: the link of the entry before
	seal     *exchange.Seal
}

func positionOf(p exchange.Position) string { return fmt.Sprintf("position %d", p) }

// entries calls do for every entry in the order of the log.
func (l *ledger) entries(do func(entry) error) error {
	return l.Each(`
		SELECT l.position, l.link, l.writer, l.seq, l.previous, l.decision, l.reason, l.suspect, l.time, l.received_at, l.payload,
			s.signed, s.serial, s.signature
		FROM log l
		LEFT JOIN seals s ON s.position = l.position
		ORDER BY l.position`, nil, func(scan func(...any) error) (bool, error) {
		var e entry
		var link, writer, signed, serial, signature []byte
		err := scan(&e.Position, &link, &writer, &e.Seq, &e.previous, &e.Decision, &e.Reason, &e.Suspect, &e.Time, &e.ReceivedMS, &e.Payload,
			&signed, &serial, &signature)
		if err != nil {
			return false, err
		}
		copy(e.Link[:], link)
		copy(e.Writer[:], writer)
		e.seal = sealOf(e.Dot, e.Link, signed, serial, signature)
		return true, do(e)
	})
}

// log checks positions and links, and counts what the entries touch.
func (c *check) log() error {
	var before entry
	err := c.entries(func(e entry) error {
		if e.Position != before.Position+1 {
			c.say(positionOf(before.Position+1), "the log has a gap here")
		}
		e.Previous = before.Link
		if e.previous != nil {
			copy(e.Previous[:], e.previous)
		}
		before = e
		return c.entry(e)
	})
	if err != nil {
		return err
	}
	if head, err := c.Head(); err != nil || head != before.Position {
		c.say("counter of positions", "it differs from the end of the log")
		return err
	}
	return nil
}

func (c *check) entry(e entry) error {
	where := positionOf(e.Position)
	if journal.Next(e.Previous, e.Payload) != e.Link {
		c.say(where, "the link does not follow from the payload and the link before: one of them was altered")
	}
	if change, err := journal.DecodeChange(e.Payload); err == nil {
		held, err := c.admits(change, e.Logged)
		if err != nil {
			return err
		}
		if change.Ruling != nil && e.Decision == exchange.Accepted {
			c.decided[e.Position] = *change.Ruling
		}
		if c.touched += len(change.Records); held != nil {
			c.touched += len(held.Change.Records)
		}
		if change.Time != e.Time {
			c.say(where, "the time differs from the entry's own")
		}
	} else if e.Decision == exchange.Accepted {
		c.say(where, "an entry that cannot be read is marked as accepted")
	}
	return nil
}

// everyChain follows each writer's, through the log and through what is awaited: an entry
// whose payload came later stands in the log behind later ones of its chain.
func (c *check) everyChain() error {
	return c.chains(everybody, nil, func(m member) error {
		if m.Position == 0 && journal.NextHash(m.Previous, m.Hash) != m.Link {
			c.say(m.where(), "the link does not follow from the hash and the link before: one of them was altered")
		}
		if fits, err := c.follows(m); err != nil {
			return err
		} else if !fits {
			c.say(m.where(), "the entry does not follow its writer's last one")
		}
		c.heads[m.Writer] = m
		c.latest[m.Writer] = max(c.latest[m.Writer], m.Position)
		if m.seal == nil {
			return nil
		}
		return c.seal(m)
	})
}

// everybody are those whose entries are here, though they may not be among the writers.
const everybody = `SELECT writer FROM log UNION SELECT writer FROM awaited`

// follows reports whether the entry stands behind the one before it in its writer's chain,
// or at the beginning of that.
func (c *check) follows(m member) (bool, error) {
	if before, ok := c.heads[m.Writer]; ok {
		return m.Seq == before.Seq+1 && m.Previous == before.Link, nil
	}
	w, ok, err := c.Writer(m.Writer)
	if err != nil || !ok {
		return false, err
	}
	switch {
	case !w.Branch: // the link before the first may be another id's, which a restore forgot
		return m.Seq == 1, nil
	case w.Parent.Seq == 0:
		return m.Seq == 1 && m.Previous == journal.Genesis(w.Parent.Writer), nil
	}
	parent, ok, err := c.dotOf(m.Previous)
	return ok && parent == w.Parent && m.Seq == w.Parent.Seq+1, err
}

// twice finds what is awaited though it has come.
func (c *check) twice() error {
	return c.Each(`
		SELECT l.position
		FROM awaited a
		JOIN log l ON l.link = a.link`, nil, func(scan func(...any) error) (bool, error) {
		var p exchange.Position
		err := scan(&p)
		if err == nil {
			c.say(positionOf(p), "the entry is in the log, and awaited")
		}
		return true, err
	})
}

// seal verifies a seal with the certificate that it names, and that with the key
// that the writer began with.
func (c *check) seal(m member) error {
	where := m.where()
	cert, err := c.Certificate(m.seal.Serial)
	if err != nil {
		c.say(where, "the certificate of its seal cannot be read")
		return nil
	}
	if cert == nil {
		c.say(where, "the certificate of its seal is missing")
		return nil
	}
	if !journal.VerifySeal(cert.Key, m.seal.Signed, m.seal.Seq, m.seal.Link, m.seal.Signature) {
		c.say(where, "the seal does not vouch for the entry")
	}
	w, ok, err := c.Writer(m.Writer)
	if err == nil && ok && !bytes.Equal(w.Key, cert.Key) {
		c.say(where, "the seal was made with another key than the writer's")
	}
	return err
}

// writersAgree compares what is kept of each writer with the chains.
func (c *check) writersAgree() error {
	for id, head := range c.heads {
		where := "writer " + id.String()
		w, ok, err := c.Writer(id)
		if err != nil {
			return err
		}
		if !ok {
			c.say(where, "it has entries, but is not among the writers")
		} else if w.Seq != head.Seq || w.Link != head.Link || w.Position != c.latest[id] {
			c.say(where, "its head differs from its last entry")
		}
		if head.seal == nil {
			c.say(where, "no seal vouches for its last entry")
		}
	}
	return c.Each(`
		SELECT id, seq
		FROM writers`, nil, func(scan func(...any) error) (bool, error) {
		var id []byte
		var seq fold.Seq
		if err := scan(&id, &seq); err != nil {
			return false, err
		}
		var w fold.WriterID
		if copy(w[:], id); c.heads[w].Seq != seq {
			c.say("writer "+w.String(), "its head differs from its last entry")
		}
		return true, nil
	})
}
