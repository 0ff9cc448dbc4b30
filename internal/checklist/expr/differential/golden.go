package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// A golden is a run of the oracle: the records, the expressions over them, its answers.
type golden struct {
	Seed    uint64         `json:"seed"`
	Oracle  string         `json:"oracle"`  // versions of what answered
	Clock   string         `json:"clock"`   // when every expression is evaluated
	Asked   int            `json:"asked"`   // how many expressions were made
	Dumb    int            `json:"dumb"`    // of which the oracle could not answer so many
	Quarrel int            `json:"quarrel"` // and so many otherwise, when each operation has its brackets
	Excused map[string]int `json:"excused"` // how many answers each ruling or reading changed

	Records []*Record `json:"-"`
	Cases   []*Case   `json:"-"`
}

// A Case is an expression at a node of a record, with what the oracle says of it.
type Case struct {
	Record int      `json:"-"`
	Node   string   `json:"at"`   // the path of the node that bears the expression
	Kind   string   `json:"kind"` // asked for as: n number, s text, b condition
	Source string   `json:"of"`
	Plain  string   `json:"is"`
	Ruled  string   `json:"ruled,omitempty"` // where it is another than Plain
	Under  []string `json:"under,omitempty"` // the rulings and readings that make it so

	text, bracketed string // for the oracle
}

// want is the answer that ours must be.
func (c *Case) want() string {
	if len(c.Under) > 0 {
		return c.Ruled
	}
	return c.Plain
}

// made are count cases over records of their own, all from the seed.
func made(seed uint64, count int) *golden {
	g := &golden{Seed: seed, Clock: clock, Asked: count}
	r := rand.New(rand.NewPCG(seed, 7))
	for len(g.Cases) < count {
		rec := documented()
		if len(g.Records) > 0 {
			rec = drawn(r)
		}
		g.Records = append(g.Records, rec)
		for range min(perRecord, count-len(g.Cases)) {
			g.Cases = append(g.Cases, makeCase(r, len(g.Records)-1, rec))
		}
	}
	return g
}

// clock is when all is evaluated; perRecord how many expressions a record has.
const (
	clock     = "2026-11-23T14:30:00.000+05:00"
	perRecord = 50
)

// bearers are the places that expressions stand in.
var bearers = []string{
	"/x/data/held", "/x/data/held", "/x/data/held_women", "/x/data/place", "/x/data/visit_date", "/x/data/cell[2]/persons", "/x/data/cell[1]/beds",
	"/x/data/cell[3]/area", "/x/data/cell[2]/chk/q", "/x/data/cell[1]/defect[2]/grade", "/x/data/cell[3]/defect[1]/grade",
}

func makeCase(r *rand.Rand, record int, rec *Record) *Case {
	c := &Case{Record: record, Node: pick(r, bearers)}
	w := &writer{Rand: r, bearer: rec.at(c.Node)}
	var t term
	depth := 1 + r.IntN(deepest)
	switch r.IntN(12) {
	case 10:
		c.Kind, t = "b", w.edge()
	case 0, 1, 2:
		c.Kind, t = "n", w.number(depth)
	case 3, 4, 5, 6:
		c.Kind, t = "b", w.truth(depth)
	default:
		c.Kind, t = "s", w.text(depth)
	}
	c.Source, c.text = written(t, style{})
	_, c.bracketed = written(t, style{brackets: true})
	return c
}

// at is the node with that path, as path writes it.
func (r *Record) at(path string) *Node {
	n := r.Root
	for _, step := range strings.Split(path, "/")[2:] {
		name, number, _ := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		at, err := strconv.Atoi(number)
		if err != nil {
			at = 1
		}
		i := slices.IndexFunc(n.Within, func(c *Node) bool {
			if c.Named == name {
				at--
			}
			return at == 0 && c.Named == name
		})
		n = n.Within[i]
	}
	return n
}

// answered keeps the cases that the oracle had an answer to.
func (g *golden) answered(answers []answer) {
	kept := g.Cases[:0]
	g.Excused = map[string]int{}
	for i, c := range g.Cases {
		a := answers[i]
		if a.Error != "" {
			g.Dumb++
			continue
		}
		if a.Quarrel {
			g.Quarrel++
		}
		c.Plain = a.Plain
		if a.Ruled != a.Plain {
			c.Ruled, c.Under = a.Ruled, a.Under
			for _, name := range a.Under {
				g.Excused[name]++
			}
		}
		kept = append(kept, c)
	}
	g.Cases = kept
}

// write packs a golden: a line about the run, then each record before its cases.
func (g *golden) write(to io.Writer) error {
	z, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(z)
	enc.SetEscapeHTML(false)
	err = enc.Encode(g)
	for i, last := 0, -1; i < len(g.Cases) && err == nil; i++ {
		if c := g.Cases[i]; c.Record != last {
			last = c.Record
			err = enc.Encode(g.Records[last])
		}
		err = errors.Join(err, enc.Encode(g.Cases[i]))
	}
	return errors.Join(err, z.Close())
}

// read unpacks a golden.
func read(from io.Reader) (*golden, error) {
	z, err := gzip.NewReader(from)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bufio.NewReader(z))
	g := &golden{}
	if err := dec.Decode(g); err != nil {
		return nil, err
	}
	for {
		var l struct {
			Root *Node `json:"root"`
			Case
		}
		err := dec.Decode(&l)
		if errors.Is(err, io.EOF) {
			return g, nil
		} else if err != nil {
			return nil, err
		}
		if l.Root != nil {
			g.Records = append(g.Records, &Record{l.Root.link()})
			continue
		}
		l.Case.Record = len(g.Records) - 1
		if l.Case.Record < 0 {
			return nil, fmt.Errorf("the case %q comes before any record", l.Source)
		}
		g.Cases = append(g.Cases, &l.Case)
	}
}
