package localdb

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// model is what a notebook promises of its entries, in the plainest way.
type model []exchange.Noted

func (m model) where(yes func(exchange.Noted) bool) (out []exchange.Noted) {
	for _, e := range m {
		if yes(e) {
			out = append(out, e)
		}
	}
	return out
}

func (m model) run(l fold.Link) (out []exchange.Noted) {
	next := m.where(func(e exchange.Noted) bool { return e.Link == l && e.Peer != nil })
	for len(next) > 0 {
		last := next[0]
		if out = append(out, last); len(last.Peer.Seal) > 0 {
			break
		}
		next = m.where(func(e exchange.Noted) bool {
			return e.Previous == last.Link && e.Peer != nil && e.Peer.Signed == last.Peer.Signed
		})
	}
	return out
}

func (m model) drop() model {
	open := map[fold.WriterID]bool{}
	for _, e := range m {
		if e.Decision == 0 && len(e.Payload) > 0 {
			return m
		}
		if e.Decision == 0 {
			open[e.Peer.Signed] = true
		}
	}
	return m.where(func(e exchange.Noted) bool { return e.Peer == nil || e.Decision == 0 || open[e.Peer.Signed] })
}

// drawn is an entry that may come next: an own one goes on where its chain is, one of
// others comes in any order, with its content or without.
func drawn(t *rapid.T, m model) exchange.Noted {
	ids := []record.ID{id(rapid.Byte().Draw(t, "record") % 3), id(5 + rapid.Byte().Draw(t, "another")%2)}
	if n := rapid.IntRange(0, 2).Draw(t, "records"); n < 2 {
		ids = ids[:max(n, 1)]
	}
	if rapid.Bool().Draw(t, "own") {
		own := m.where(func(e exchange.Noted) bool { return e.Peer == nil })
		return entry(writer(1), fold.Seq(len(own)+1), ids...)
	}
	w, seq := writer(3+rapid.Byte().Draw(t, "writer")%2), fold.Seq(rapid.IntRange(1, 6).Draw(t, "seq"))
	if rapid.IntRange(0, 2).Draw(t, "left out") == 0 {
		ids = nil
	}
	e := peer(w, seq, ids...)
	e.Link, e.Previous = fold.Link{w[0], byte(seq)}, fold.Link{w[0], byte(seq) - 1}
	e.Peer.Hidden = rapid.IntRange(0, 3).Draw(t, "hidden") == 0
	if rapid.Bool().Draw(t, "sealed") {
		e.Peer.Seal = []byte("seal")
	}
	return e
}

// What a file answers is what the plainest memory would, whatever was done in whatever
// order.
func TestEntriesAreAsAPlainMemoryHasThem(t *testing.T) {
	d := open(t, t.TempDir())
	rapid.Check(t, func(t *rapid.T) {
		err := d.Write(t.Context(), func(b *Book) error {
			played(t, b)
			return errRollback
		})
		if err != errRollback {
			t.Fatal(err)
		}
	})
}

var errRollback = errors.New("the next history begins with an empty file")

func played(t *rapid.T, b *Book) {
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var m model
	names := []fold.WriterID{writer(1), writer(2), writer(3), writer(4), writer(7)}
	name := func() fold.WriterID { return rapid.SampledFrom(names).Draw(t, "name") }
	seq := func() fold.Seq { return fold.Seq(rapid.IntRange(1, 6).Draw(t, "from")) }
	t.Repeat(map[string]func(*rapid.T){
		"append": func(t *rapid.T) {
			e := drawn(t, m)
			if len(m.where(func(o exchange.Noted) bool { return o.Link == e.Link })) > 0 {
				t.Skip("it is here")
			}
			n, err := b.Append(e)
			must(err)
			e.Number = n
			m = append(m, e)
		},
		"replace": func(t *rapid.T) {
			if len(m) == 0 {
				t.Skip("there is none")
			}
			i := rapid.IntRange(0, len(m)-1).Draw(t, "which")
			e := m[i]
			e.Decision = exchange.Decision(rapid.IntRange(0, 3).Draw(t, "decision"))
			if e.Peer != nil && len(e.Payload) == 0 && rapid.Bool().Draw(t, "it comes") {
				came := entry(e.Peer.Signed, e.Seq, id(1), id(6))
				p := *e.Peer
				p.Hidden = false
				e.Payload, e.Time, e.Records, e.Peer = came.Payload, came.Time, came.Records, &p
			}
			must(b.Replace(e))
			m[i] = e
		},
		"accept": func(t *rapid.T) {
			w, to := name(), seq()
			must(b.Accept(w, to, 7))
			for i, e := range m {
				if e.Peer == nil && e.Writer == w && e.Seq <= to && e.Decision == 0 {
					m[i].Decision, m[i].Position = exchange.Accepted, 7
				}
			}
		},
		"reopen": func(t *rapid.T) {
			w, from, to := name(), seq(), seq()
			n, err := b.Reopen(w, from, to)
			must(err)
			for i, e := range m {
				if e.Writer == w && e.Seq >= from && e.Seq <= to && e.Decision != 0 {
					m[i].Decision, m[i].Position = 0, 0
					n--
				}
			}
			if n != 0 {
				t.Fatalf("reopened %d too many", n)
			}
		},
		"rename": func(t *rapid.T) {
			// Own and others' names do not mix, and own chains do not join.
			from, above := writer(3+rapid.Byte().Draw(t, "whose")%2), seq()-1
			to := writer(7)
			if rapid.Bool().Draw(t, "an own one") {
				from, to = writer(1), writer(2)
			}
			got, err := b.Rename(from, above, to)
			must(err)
			var want []record.ID
			for i, e := range m {
				if e.Writer == from && e.Seq > above {
					m[i].Writer = to
					want = append(want, e.Records...)
				}
			}
			slices.SortFunc(want, func(x, y record.ID) int { return slices.Compare(x[:], y[:]) })
			if want = slices.Compact(want); !slices.Equal(got, want) {
				t.Fatalf("touched %v, want %v", got, want)
			}
		},
		"drop": func(t *rapid.T) {
			must(b.Drop())
			m = m.drop()
		},
		"compare": func(t *rapid.T) { compareWith(t, b, m) },
	})
	compareWith(t, b, m)
}

func compareWith(t *rapid.T, b *Book, m model) {
	same := func(what string, got, want []exchange.Noted, err error) {
		if err != nil || len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%s:\n%+v, %v; want\n%+v", what, got, err, want)
		}
	}
	var all, open []exchange.Noted
	err := b.Since(0, func(e exchange.Noted) bool { all = append(all, e); return true })
	same("all", all, m, err)
	err = b.Unanswered(0, func(e exchange.Noted) bool { open = append(open, e); return true })
	same("unanswered", open, m.where(func(e exchange.Noted) bool { return e.Decision == 0 }), err)
	for _, of := range []record.ID{id(0), id(1), id(2), id(6)} {
		got, err := b.Unaccepted(of)
		same("unaccepted", got, m.where(func(e exchange.Noted) bool {
			hidden := e.Peer != nil && e.Peer.Hidden && e.Decision == 0
			return e.Decision != exchange.Accepted && !hidden && slices.Contains(e.Records, of)
		}), err)
		wrote, err := b.Wrote(of)
		if want := m.where(func(e exchange.Noted) bool {
			return e.Peer == nil && e.Decision == exchange.Accepted && slices.Contains(e.Records, of)
		}); err != nil || wrote != (len(want) > 0) {
			t.Fatalf("wrote: %v, %v; want %v", wrote, err, numbers(want))
		}
	}
	for _, e := range m {
		got, err := b.Run(e.Link)
		same("run", got, m.run(e.Link), err)
	}
}
