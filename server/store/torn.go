package store

import (
	"errors"
	"math"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
)

// torn are the chains that did not come in one piece: something of them is awaited, or came
// behind what follows it. They are held in memory without their payloads; the others pass
// through.
type torn struct {
	chains map[fold.WriterID][]member
	order  []fold.WriterID // of chains
	dots   map[fold.Link]fold.Dot
	hashed map[fold.Link]bool // entries that were written as their hash
}

func newTorn() torn {
	return torn{
		chains: map[fold.WriterID][]member{}, dots: map[fold.Link]fold.Dot{}, hashed: map[fold.Link]bool{},
	}
}

var errGap = errors.New("export the log: a chain has a gap; check the store")

// add takes the next member of a chain.
func (t *torn) add(m member) error {
	chain := t.chains[m.Writer]
	if len(chain) == 0 {
		t.order = append(t.order, m.Writer)
	} else if chain[len(chain)-1].Seq+1 != m.Seq {
		return errGap
	}
	t.chains[m.Writer], t.dots[m.Link] = append(chain, m), m.Dot
	return nil
}

// run gives the entries that came under one seal with that of the dot, itself among them:
// from behind the seal before to the next one.
func (t *torn) run(d fold.Dot) (rows []member, i int, err error) {
	chain := t.chains[d.Writer]
	i = int(d.Seq - chain[0].Seq)
	first, last := i, i
	for first > 0 && chain[first-1].seal == nil {
		first--
	}
	for last < len(chain) && chain[last].seal == nil {
		last++
	}
	if last == len(chain) {
		return nil, 0, errUnsealed
	}
	return chain[first : last+1], i - first, nil
}

// tornWriters are those with something awaited, those of whom two entries under one seal
// are not neighbours in the log, or ($2) did not come at one time, one stands before what it
// is built on or a run is larger than any batch ($1), and those whom any of these left as a branch: what they wrote may
// have to go first.
const tornWriters = `
	WITH RECURSIVE
		-- Without the payloads, which would be sorted with them.
		entries AS MATERIALIZED (
			SELECT e.writer, e.position, e.received_at, length(e.payload) AS size, s.position AS sealed
			FROM log e
			LEFT JOIN seals s ON s.position = e.position
		),
		placed AS MATERIALIZED (
			SELECT writer, position, size, received_at,
				lag(position) OVER w AS at_before, lag(sealed) OVER w AS sealed_before, lag(received_at) OVER w AS received_before,
				count(sealed) OVER (ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS run
			FROM entries
			WINDOW w AS (PARTITION BY writer ORDER BY position)
		),
		torn (writer) AS (
			SELECT writer
			FROM awaited
			UNION
			SELECT writer
			FROM placed
			WHERE (position <> at_before + 1 OR $2 AND received_at <> received_before) AND sealed_before IS NULL
			UNION
			SELECT writer
			FROM placed
			GROUP BY writer, run
			HAVING sum(size) > $1
			UNION
			SELECT before.writer
			FROM log e
			JOIN log before ON before.link = e.previous
			WHERE before.position > e.position
			UNION
			SELECT w.parent
			FROM torn t
			JOIN writers w ON w.id = t.writer
			WHERE w.parent IS NOT NULL
		)
	SELECT writer
	FROM torn`

// part is a batch of a torn chain: those of its rows that have no payload in it go as their
// hash.
type part struct {
	journal.Batch
	rows []member
	next int // the first row whose payload may still be put
	size int
	// received is when the payloads came, in milliseconds since 1970 UTC; 0 as long as
	// there are none.
	received int64
}

func partOf(rows []member) *part {
	return &part{rows: rows, Batch: journal.Batch{
		FirstSeq: rows[0].Seq, Previous: rows[0].Previous, Payloads: make([][]byte, len(rows)),
	}}
}

// put takes the entry that stands next in the log; false when it is not one of these rows,
// or stands before one that was put, or there is no room.
func (p *part) put(e entry) bool {
	i := e.Seq - p.FirstSeq
	if e.Writer != p.rows[0].Writer || e.Seq < p.FirstSeq+fold.Seq(p.next) || i >= fold.Seq(len(p.rows)) {
		return false
	}
	if p.size > 0 && p.size+len(e.Payload) > journal.MaxBatch {
		return false
	}
	p.Payloads[i], p.next, p.size, p.received = e.Payload, int(i)+1, p.size+len(e.Payload), e.ReceivedMS
	turned(&p.Batch, e)
	return true
}

func (x *export) tornEntry(e entry) error {
	if len(x.run.Payloads) > 0 {
		return errUnsealed
	}
	x.last = e.Link
	if x.open != nil && !(x.dated && x.open.received != e.ReceivedMS) && x.open.put(e) {
		return nil
	}
	if err := x.close(); err != nil {
		return err
	}
	rows, i, err := x.torn.run(e.Dot)
	if err != nil {
		return err
	}
	if x.torn.hashed[e.Link] {
		rows = rows[i:]
	} else if err := x.before(rows[0], e.Position); err != nil {
		return err
	}
	x.open = partOf(rows)
	x.open.put(e)
	return nil
}

// close writes the part in hand.
func (x *export) close() error {
	if x.open == nil {
		return nil
	}
	p := x.open
	x.open = nil
	return x.writePart(p)
}

func (x *export) writePart(p *part) error {
	for i, m := range p.rows {
		if p.Payloads[i] != nil {
			continue
		}
		h, err := x.hash(m)
		if err != nil {
			return err
		}
		p.LeaveOut(i, h)
		x.torn.hashed[m.Link] = true
	}
	last := p.rows[len(p.rows)-1]
	return x.write(p.Batch, last.Writer, *last.seal, p.received)
}

func (x *export) hash(m member) (h journal.Hash, err error) {
	if m.Position == 0 {
		return m.Hash, nil
	}
	var payload []byte
	err = x.QueryRow(`
		SELECT payload
		FROM log
		WHERE position = $1`, int64(m.Position)).Scan(&payload)
	return journal.HashOf(payload), err
}

// before writes what the entry is built on, as hashes, where that has not been written
// before the entry at the position.
func (x *export) before(m member, at exchange.Position) error {
	d, ok := x.torn.dots[m.Previous]
	if !ok || x.torn.hashed[m.Previous] {
		return nil
	}
	rows, i, err := x.torn.run(d)
	if err != nil || rows[i].Position > 0 && rows[i].Position < at {
		return err
	}
	if err := x.before(rows[0], at); err != nil {
		return err
	}
	return x.writePart(partOf(rows))
}

// restOfTorn writes what is awaited and nothing that has come is built on.
func (x *export) restOfTorn() error {
	for _, w := range x.torn.order {
		for _, m := range x.torn.chains[w] {
			if m.Position > 0 || x.torn.hashed[m.Link] {
				continue
			}
			rows, _, err := x.torn.run(m.Dot)
			if err != nil {
				return err
			}
			if err := x.before(rows[0], math.MaxUint64); err != nil {
				return err
			}
			if err := x.writePart(partOf(rows)); err != nil {
				return err
			}
		}
	}
	return nil
}
