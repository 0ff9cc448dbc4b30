package store

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// records folds each record again from the entries that touch it.
func (c *check) records() error {
	return c.Each(`
		SELECT number, id, kind, position, last_writer, last_seq, state
		FROM records
		ORDER BY number`, nil, func(scan func(...any) error) (bool, error) {
		var r exchange.Record
		var n int64
		var id, writer []byte
		if err := scan(&n, &id, &r.Kind, &r.Position, &writer, &r.Last.Seq, &r.State); err != nil {
			return false, err
		}
		copy(r.ID[:], id)
		copy(r.Last.Writer[:], writer)
		return true, c.record(n, r)
	})
}

func (c *check) record(n int64, r exchange.Record) error {
	where := "record " + r.ID.String()
	last, state, err := c.refold(n, r)
	if err != nil {
		return err
	}
	if last.Dot != r.Last || last.Position > r.Position {
		c.say(where, "its last change differs from the log")
	}
	if last.Position < r.Position {
		if raises, err := c.raises(r.Position); err != nil {
			return err
		} else if !raises {
			c.say(where, "it stands at a position that neither changed it nor let anybody see it")
		}
	}
	if !bytes.Equal(state.Encode(), r.State) {
		c.say(where, "its state does not follow from its accepted entries")
		return nil
	}
	return c.projected(n, r, state)
}

// refold applies the accepted entries of a record in the order of the log. last is
// the last entry that touches it.
func (c *check) refold(n int64, r exchange.Record) (last exchange.Known, state *fold.State, err error) {
	state = fold.New()
	err = c.Each(`
		SELECT l.position, l.link, l.writer, l.seq, l.decision, l.suspect, l.time, l.payload
		FROM touches t
		JOIN log l ON l.position = t.position
		WHERE t.record = $1
		ORDER BY t.position`, []any{n}, func(scan func(...any) error) (bool, error) {
		var e exchange.Logged
		var link, writer []byte
		if err := scan(&e.Position, &link, &writer, &e.Seq, &e.Decision, &e.Suspect, &e.Time, &e.Payload); err != nil {
			return false, err
		}
		copy(e.Link[:], link)
		copy(e.Writer[:], writer)
		last = e.Known
		return true, c.apply(state, e, r)
	})
	return last, state, err
}

func (c *check) apply(state *fold.State, e exchange.Logged, r exchange.Record) error {
	change, at, err := c.edits(e)
	i := slices.IndexFunc(change.Records, func(x journal.RecordEdits) bool { return x.ID == r.ID })
	if errors.Is(err, errNotRead) || err == nil && i < 0 {
		c.say(positionOf(e.Position), "the entry is in the history of record "+r.ID.String()+", which it does not edit")
		return nil
	}
	if err != nil {
		return err
	}
	if e.Decision != exchange.Accepted {
		state.Learn(e.Link, e.Dot)
		return nil
	}
	if change.Records[i].Kind != r.Kind {
		c.say("record "+r.ID.String(), "its kind differs from its entries'")
	}
	state.Apply(at, change.Records[i].Edits)
	return nil
}

// errNotRead: an entry that nobody can read, or that admits nothing.
var errNotRead = errors.New("not read")

// edits are what an entry edits, and where that stands for the fold: of a ruling, what it
// admits.
func (c *check) edits(e exchange.Logged) (journal.Change, fold.Stamp, error) {
	change, err := journal.DecodeChange(e.Payload)
	if err != nil {
		return change, fold.Stamp{}, errNotRead
	}
	at, err := c.stamp(e)
	if err != nil || change.Ruling == nil {
		return change, at, err
	}
	held, err := c.admits(change, e)
	if err != nil || held == nil {
		return change, at, errors.Join(err, errNotRead)
	}
	parents, err := c.parents(held.Writer)
	return held.Change, held.Stamp(parents, at.Resolve), err
}

// admits is the entry that an accepted ruling admits; nil for none.
func (l *ledger) admits(c journal.Change, e exchange.Logged) (*exchange.Withheld, error) {
	if c.Ruling == nil || c.Ruling.Kind != journal.Admit || e.Decision != exchange.Accepted {
		return nil, nil
	}
	return exchange.WithheldBy(l, c.Ruling.Link)
}

// stamp says where an entry stood for the fold when it came: links are known of
// earlier entries only, and what was admitted before by the name that it got then.
func (c *check) stamp(e exchange.Logged) (at fold.Stamp, err error) {
	at = fold.Stamp{Dot: e.Dot, Link: e.Link, Time: e.Time, Suspect: e.Suspect}
	at.Ancestors, err = c.parents(e.Writer)
	at.Resolve = func(l fold.Link) (fold.Dot, bool) {
		k, ok, err := c.Find(l)
		if err != nil || !ok || k.Position >= e.Position {
			return k.Dot, false
		}
		if r, ok, err := c.ruled(l, fold.Seq(e.Position)); err == nil && ok && r.Kind == journal.Admit {
			return r.Admitted(), true
		}
		return k.Dot, true
	}
	return at, err
}

// parents are the ends of what a writer shares with those that it left. A branch that
// shares nothing with what it left ends the way back, as in the office.
func (c *check) parents(id fold.WriterID) (out []fold.Dot, err error) {
	for {
		w, _, err := c.Writer(id)
		if err != nil || !w.Branch || w.Parent.Seq == 0 {
			return out, err
		}
		out, id = append(out, w.Parent), w.Parent.Writer
	}
}

// projected compares a record's row in the lists with its state.
func (c *check) projected(n int64, r exchange.Record, state *fold.State) error {
	p, ok := projections[r.Kind]
	if !ok || len(r.State) == 0 {
		return nil
	}
	where := fmt.Sprintf("%s %s in the lists", r.Kind, r.ID)
	at, err := c.standing(n, state)
	if err != nil {
		return err
	}
	want := p.row(r.ID, at, state)
	got := make([]any, len(want))
	if ok, err := c.one(p.get, []any{n}, places(got)...); err != nil {
		return err
	} else if !ok || fmt.Sprint(got) != fmt.Sprint(want) {
		c.say(where, "its row differs from its state")
	}
	for _, t := range p.children {
		want := t.rows(state)
		c.parts[t.table] += len(want)
		got, err := c.children(t, n)
		if err != nil {
			return err
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			c.say(where, "its rows in "+t.table+" differ from its state")
		}
	}
	return nil
}

// children are a record's rows in a table of parts.
func (c *check) children(t child, n int64) (out [][]any, err error) {
	err = c.Each(t.get, []any{n}, func(scan func(...any) error) (bool, error) {
		row := make([]any, t.columns)
		err := scan(places(row)...)
		out = append(out, row)
		return true, err
	})
	return out, err
}

// places are where to scan a row to.
func places(row []any) []any {
	out := make([]any, len(row))
	for i := range row {
		out[i] = &row[i]
	}
	return out
}

// counts finds rows too many or too few.
func (c *check) counts() error {
	rows := map[string]int{"touches": c.touched}
	for kind, p := range projections {
		var n int
		if err := c.QueryRow(`
			SELECT count(*)
			FROM records
			WHERE kind = $1 AND length(state) > 0`, int64(kind)).Scan(&n); err != nil {
			return err
		}
		rows[p.table] = n
		for _, t := range p.children {
			rows[t.table] = c.parts[t.table]
		}
	}
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		var n int
		if err := c.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n); err != nil {
			return err
		}
		if n != rows[table] {
			c.say("table "+table, "it has rows too many or too few")
		}
	}
	return nil
}

// raises reports whether the entry there may have let somebody see other records. What all
// of them touch is read once: no index leads from a position to what it touched.
func (c *check) raises(at exchange.Position) (bool, error) {
	if c.raising != nil {
		return c.raising[at], nil
	}
	raising := map[exchange.Position]bool{}
	err := c.Each(`
		SELECT t.position
		FROM records r
		JOIN touches t ON t.record = r.number
		WHERE r.kind IN ($1, $2, $3, $4)`, []any{int64(record.Facility), int64(record.Visit), int64(record.Recommendation), int64(record.Undertaking)},
		func(scan func(...any) error) (bool, error) {
			var p exchange.Position
			err := scan(&p)
			raising[p] = true
			return true, err
		})
	if err != nil {
		return false, err
	}
	c.raising = raising
	return raising[at], nil
}

// scopes compares whose visits and places are with what their states say.
func (c *check) scopes() error {
	want := map[record.ID][]Holder{}
	regions := map[record.ID]Holder{}
	visits := map[record.ID]record.ID{} // and where they go
	err := c.Each(`
		SELECT id, kind, state
		FROM records
		WHERE kind IN ($1, $2) AND length(state) > 0
		ORDER BY kind`, []any{int64(record.Facility), int64(record.Visit)}, func(scan func(...any) error) (bool, error) {
		var b, state []byte
		var kind record.Kind
		if err := scan(&b, &kind, &state); err != nil {
			return false, err
		}
		s, err := fold.DecodeOwn(state)
		if err != nil {
			return false, err
		}
		id := record.ID(b)
		if kind == record.Facility {
			if code := record.TextIn(s, record.FacilityRegion); code != "" {
				regions[id] = RegionHolder(code)
				want[id] = append(want[id], regions[id])
			}
			return true, nil
		}
		team := teamOf(s)
		want[id] = append(want[id], team...)
		if place, ok := record.ReferenceIn(s, record.VisitFacility); ok {
			visits[id] = place
			want[id] = append(want[id], placeHolder(place))
			want[place] = append(want[place], team...)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	for v, place := range visits {
		if r, ok := regions[place]; ok {
			want[v] = append(want[v], r)
		}
	}
	got := map[record.ID][]Holder{}
	err = c.Each(`
		SELECT target, holder
		FROM scopes
		WHERE until = 0 AND substr(holder, 1, 1) NOT IN ($1, $2, $3)`, []any{[]byte{ofMaker}, []byte{ofKey}, []byte{ofDossier}}, func(scan func(...any) error) (bool, error) {
		var target, holder []byte
		err := scan(&target, &holder)
		if err == nil {
			got[record.ID(target)] = append(got[record.ID(target)], Holder(holder))
		}
		return true, err
	})
	if err != nil {
		return err
	}
	for id := range got {
		if _, ok := want[id]; !ok {
			want[id] = nil
		}
	}
	for id := range want {
		slices.Sort(want[id])
		if slices.Sort(got[id]); !slices.Equal(slices.Compact(want[id]), got[id]) {
			c.say("record "+id.String(), "whose it is does not follow from the records")
		}
	}
	return nil
}
