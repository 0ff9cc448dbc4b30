package fold_test

import (
	"bytes"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func text(field int32, s string) []byte {
	if s == "" {
		return nil
	}
	b := protowire.AppendTag(nil, protowire.Number(field), protowire.BytesType)
	return protowire.AppendString(b, s)
}

func writer(n byte) (w fold.WriterID) { w[0] = n; return w }

// change is one change of a history with everything that the fold is told.
type change struct {
	at    fold.Stamp
	edits []fold.Edit
}

// history draws changes of a few writers, each seeing some state that a replica
// had. narrow: one path, few values.
func history(t *rapid.T, narrow bool) []change {
	fields, values := []int32{4, 5, 10}, []string{"", "a", "b", "c", "longer words"}
	if narrow {
		fields, values = fields[:1], values[:3]
	}
	replicas := map[byte]*fold.State{1: fold.New(), 2: fold.New(), 3: fold.New()}
	seqs := map[byte]fold.Seq{}
	var out []change
	for range rapid.IntRange(1, 14).Draw(t, "changes") {
		w := rapid.SampledFrom([]byte{1, 2, 3}).Draw(t, "writer")
		if rapid.Bool().Draw(t, "pulls first") {
			from := rapid.SampledFrom([]byte{1, 2, 3}).Draw(t, "from")
			replicas[w] = fold.Join(replicas[w], replicas[from])
		}
		seqs[w]++
		c := change{at: fold.Stamp{
			Dot:     fold.Dot{Writer: writer(w), Seq: seqs[w]},
			Link:    fold.Link{w, byte(seqs[w])},
			Time:    fold.Time(rapid.IntRange(0, 3).Draw(t, "time")),
			Suspect: rapid.Bool().Draw(t, "suspect"),
		}}
		p := fold.Path{Field: rapid.SampledFrom(fields).Draw(t, "field")}
		v := rapid.SampledFrom(values).Draw(t, "value")
		value := text(p.Field, v)
		switch rapid.IntRange(0, 3).Draw(t, "form") {
		case 0:
			p.Element, p.Key = true, v
		case 1:
			p.Element, p.Key = true, "apart"
		case 2:
			if rapid.IntRange(0, 4).Draw(t, "remove") == 0 {
				p = fold.Path{Field: fold.FieldRemoved}
				value = removalOf(replicas[w], writer(w))
			}
		}
		c.edits = []fold.Edit{{Path: p, Value: value, Supersedes: seenBy(replicas[w], p, writer(w))}}
		replicas[w].Apply(c.at, c.edits)
		out = append(out, c)
	}
	return out
}

func seenBy(s *fold.State, p fold.Path, own fold.WriterID) (out []fold.Superseded) {
	for _, e := range s.Entries(p) {
		if e.Writer != own {
			out = append(out, fold.Superseded{Dot: e.Dot})
		}
	}
	return out
}

func removalOf(s *fold.State, own fold.WriterID) []byte {
	var seen []fold.Dot
	for _, p := range s.Paths() {
		for _, e := range s.Entries(p) {
			if e.Writer != own {
				seen = append(seen, e.Dot)
			}
		}
	}
	return fold.Removal(seen, nil)
}

func foldAll(changes []change) *fold.State {
	s := fold.New()
	for _, c := range changes {
		s.Apply(c.at, c.edits)
	}
	return s
}

// interleave draws an order that keeps each writer's own.
func interleave(t *rapid.T, changes []change) (out []change) {
	lanes := map[fold.WriterID][]change{}
	for _, c := range changes {
		lanes[c.at.Writer] = append(lanes[c.at.Writer], c)
	}
	for len(lanes) > 0 {
		var open []fold.WriterID
		for w := range lanes {
			open = append(open, w)
		}
		slices.SortFunc(open, func(a, b fold.WriterID) int { return bytes.Compare(a[:], b[:]) })
		w := rapid.SampledFrom(open).Draw(t, "next")
		out = append(out, lanes[w][0])
		if lanes[w] = lanes[w][1:]; len(lanes[w]) == 0 {
			delete(lanes, w)
		}
	}
	return out
}

func TestFold(t *testing.T) {
	for name, narrow := range map[string]bool{"wide": false, "narrow": true} {
		t.Run(name+" histories give the same bytes in every order", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := history(t, narrow)
				a, b := foldAll(h).Encode(), foldAll(interleave(t, h)).Encode()
				if !bytes.Equal(a, b) {
					t.Fatalf("two orders differ:\n%x\n%x", a, b)
				}
			})
		})
		t.Run(name+" histories folded twice stay as they are", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := history(t, narrow)
				s := foldAll(h)
				before := s.Encode()
				for _, c := range interleave(t, h) {
					s.Apply(c.at, c.edits)
				}
				if !bytes.Equal(before, s.Encode()) {
					t.Fatal("folding again changed the state")
				}
			})
		})
		t.Run(name+" states join commutatively, associatively, idempotently", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := history(t, narrow)
				part := func() *fold.State {
					upTo := map[fold.WriterID]fold.Seq{}
					for _, c := range h {
						if rapid.IntRange(0, 3).Draw(t, "known") > 0 && upTo[c.at.Writer] == c.at.Seq-1 {
							upTo[c.at.Writer] = c.at.Seq
						}
					}
					s := fold.New()
					for _, c := range h {
						if c.at.Seq <= upTo[c.at.Writer] {
							s.Apply(c.at, c.edits)
						}
					}
					return s
				}
				a, b, c := part(), part(), part()
				equal(t, "commutative", fold.Join(a, b), fold.Join(b, a))
				equal(t, "associative", fold.Join(fold.Join(a, b), c), fold.Join(a, fold.Join(b, c)))
				equal(t, "idempotent", fold.Join(a, a), a)
				equal(t, "all parts are the whole", fold.Join(fold.Join(a, b), foldAll(h)), foldAll(h))
			})
		})
		t.Run(name+" states survive their encoding", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := foldAll(history(t, narrow))
				b := s.Encode()
				if shown, err := fold.ShownIn(b); err != nil || !bytes.Equal(shown, s.Shown()) {
					t.Fatalf("without decoding %x, %v is shown and not %x", shown, err, s.Shown())
				}
				again, err := fold.Decode(b)
				if err != nil {
					t.Fatalf("%v: %x", err, b)
				}
				equal(t, "decoded", again, s)
				var m daylightv1.State
				if err := proto.Unmarshal(b, &m); err != nil || !bytes.Equal(m.Shown, s.Shown()) {
					t.Fatalf("another program reads it otherwise: %v", err)
				}
				b2, _ := proto.MarshalOptions{Deterministic: true}.Marshal(&m)
				if !bytes.Equal(b, b2) {
					t.Fatalf("it is not what log.proto describes:\n%x\n%x", b, b2)
				}
			})
		})
		t.Run(name+" histories lose nothing that nobody saw", func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { nothingUnseenLost(t, history(t, narrow)) })
		})
	}
}

func equal(t *rapid.T, what string, a, b *fold.State) {
	if !bytes.Equal(a.Encode(), b.Encode()) {
		t.Fatalf("%s: the states differ:\n%x\n%x", what, a.Encode(), b.Encode())
	}
}

// nothingUnseenLost: an entry is gone only if a later edit of its own writer, or
// an edit that names it or a later dot of its writer on that path, took it away.
func nothingUnseenLost(t *rapid.T, h []change) {
	s := foldAll(h)
	for i, c := range h {
		p, value := c.edits[0].Path, c.edits[0].Value
		if p.Element && len(value) == 0 {
			continue
		}
		held := slices.ContainsFunc(s.Entries(p), func(e fold.Entry) bool { return e.Dot == c.at.Dot })
		overwritten := slices.ContainsFunc(h, func(d change) bool {
			if d.edits[0].Path != p {
				return false
			}
			if d.at.Writer == c.at.Writer {
				return d.at.Seq > c.at.Seq
			}
			return slices.ContainsFunc(d.edits[0].Supersedes, func(x fold.Superseded) bool {
				return x.Dot.Writer == c.at.Writer && x.Dot.Seq >= c.at.Seq
			})
		})
		if !held && !overwritten {
			t.Fatalf("change %d disappeared though nobody saw it", i)
		}
		if held && overwritten {
			t.Fatalf("change %d came back though it was overwritten", i)
		}
	}
}

func TestLinks(t *testing.T) {
	a, b := writer(1), writer(2)
	first := fold.Stamp{Dot: fold.Dot{Writer: a, Seq: 1}, Link: fold.Link{1}, Time: 1}
	second := fold.Stamp{Dot: fold.Dot{Writer: b, Seq: 1}, Link: fold.Link{2}, Time: 2}
	p := fold.Path{Field: 10}
	over := []fold.Edit{{Path: p, Value: text(10, "new"), Supersedes: []fold.Superseded{{Link: first.Link}}}}
	under := []fold.Edit{{Path: p, Value: text(10, "old")}}

	t.Run("a cause that comes later is dropped when it comes", func(t *testing.T) {
		s := fold.New()
		s.Apply(second, over)
		if _, links := s.Context(p); len(links) != 1 {
			t.Fatalf("the context holds %d links, not one", len(links))
		}
		decoded, err := fold.Decode(s.Encode())
		if err != nil {
			t.Fatal(err)
		}
		decoded.Apply(first, under)
		inOrder := fold.New()
		inOrder.Apply(first, under)
		second.Resolve = func(l fold.Link) (fold.Dot, bool) { return first.Dot, l == first.Link }
		inOrder.Apply(second, over)
		if !bytes.Equal(decoded.Encode(), inOrder.Encode()) {
			t.Fatalf("the order of arrival shows:\n%x\n%x", decoded.Encode(), inOrder.Encode())
		}
		if got := decoded.Entries(p); len(got) != 1 || !bytes.Equal(got[0].Value, text(10, "new")) {
			t.Fatalf("the superseded value came back: %v", got)
		}
	})
	t.Run("a removal names what it saw by link too", func(t *testing.T) {
		s := fold.New()
		remove := []fold.Edit{{Path: fold.Path{Field: fold.FieldRemoved}, Value: fold.Removal(nil, []fold.Link{first.Link})}}
		second.Resolve = nil
		s.Apply(second, remove)
		s.Apply(first, under)
		if !s.Removed() {
			t.Fatal("the record is still there though the remover had seen it")
		}
	})
}

func TestRemoved(t *testing.T) {
	a, b, c := writer(1), writer(2), writer(3)
	at := func(w fold.WriterID, seq fold.Seq) fold.Stamp {
		return fold.Stamp{Dot: fold.Dot{Writer: w, Seq: seq}, Link: fold.Link{w[0], byte(seq)}, Time: fold.Time(seq)}
	}
	created := func() *fold.State {
		s := fold.New()
		s.Apply(at(a, 1), []fold.Edit{{Path: fold.Path{Field: 1}, Value: text(1, "id")}, {Path: fold.Path{Field: 10}, Value: text(10, "words")}})
		return s
	}
	remove := func(s *fold.State, w fold.WriterID) []fold.Edit {
		p := fold.Path{Field: fold.FieldRemoved}
		return []fold.Edit{{Path: p, Value: removalOf(s, w), Supersedes: seenBy(s, p, w)}}
	}
	t.Run("what the remover saw is gone", func(t *testing.T) {
		s := created()
		s.Apply(at(b, 1), remove(s, b))
		if !s.Removed() || len(s.Conflicts()) != 0 {
			t.Fatal("the record is not removed")
		}
	})
	t.Run("what the remover did not see keeps it visible", func(t *testing.T) {
		s := created()
		edits := remove(s, b)
		s.Apply(at(c, 1), []fold.Edit{{Path: fold.Path{Field: 11}, Value: text(11, "unseen")}})
		s.Apply(at(b, 1), edits)
		if s.Removed() || len(s.Conflicts()) != 1 {
			t.Fatalf("removed %v, conflicts %v", s.Removed(), s.Conflicts())
		}
	})
	t.Run("two removers are no conflict", func(t *testing.T) {
		s := created()
		one, two := remove(s, b), remove(s, c)
		s.Apply(at(b, 1), one)
		s.Apply(at(c, 1), two)
		if !s.Removed() || len(s.Conflicts()) != 0 {
			t.Fatalf("removed %v, conflicts %v", s.Removed(), s.Conflicts())
		}
	})
	t.Run("clearing the mark brings it back", func(t *testing.T) {
		s := created()
		s.Apply(at(b, 1), remove(s, b))
		p := fold.Path{Field: fold.FieldRemoved}
		s.Apply(at(c, 1), []fold.Edit{{Path: p, Supersedes: seenBy(s, p, c)}})
		if s.Removed() || len(s.Conflicts()) != 0 {
			t.Fatal("the record is still removed")
		}
	})
}

func TestRename(t *testing.T) {
	from, to := writer(1), writer(9)
	base := []fold.Edit{{Path: fold.Path{Field: 10}, Value: text(10, "common")}}
	mine := []fold.Edit{{Path: fold.Path{Field: 10}, Value: text(10, "mine")}, {Path: fold.Path{Field: 11}, Value: text(11, "more")}}
	onDevice := fold.New()
	onDevice.Apply(fold.Stamp{Dot: fold.Dot{Writer: from, Seq: 4}, Time: 4}, base)
	onDevice.Apply(fold.Stamp{Dot: fold.Dot{Writer: from, Seq: 5}, Time: 5}, mine)
	onDevice.Rename(from, 4, to)
	atOffice := fold.New()
	atOffice.Apply(fold.Stamp{Dot: fold.Dot{Writer: from, Seq: 4}, Time: 4}, base)
	atOffice.Apply(fold.Stamp{Dot: fold.Dot{Writer: to, Seq: 5}, Time: 5, Ancestors: []fold.Dot{{Writer: from, Seq: 4}}}, mine)
	if !bytes.Equal(onDevice.Encode(), atOffice.Encode()) {
		t.Fatalf("the device and the office name the branch differently:\n%x\n%x", onDevice.Encode(), atOffice.Encode())
	}
}

func FuzzDecode(f *testing.F) {
	s := fold.New()
	s.Apply(fold.Stamp{Dot: fold.Dot{Writer: writer(1), Seq: 1}, Time: 1}, []fold.Edit{
		{Path: fold.Path{Field: 1}, Value: text(1, "id")},
		{Path: fold.Path{Field: 10, Element: true, Key: "x"}, Value: text(10, "x")},
		{Path: fold.Path{Field: 11, Element: true, Key: "apart"}, Value: text(11, "x")},
		{Path: fold.Path{Field: fold.FieldRemoved}, Value: fold.Removal([]fold.Dot{{Writer: writer(2), Seq: 3}}, []fold.Link{{7}})},
	})
	f.Add(s.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := fold.Decode(b)
		if err != nil {
			return
		}
		once := s.Encode()
		again, err := fold.Decode(once)
		if err != nil || !bytes.Equal(again.Encode(), once) {
			t.Fatalf("a state that was let through does not keep its encoding: %v", err)
		}
		s.Conflicts()
		s.Removed()
	})
}

func TestNothingIsShownInWhatIsCutOff(t *testing.T) {
	if _, err := fold.ShownIn([]byte{0x0a, 0x05, 1}); err == nil {
		t.Error("a state that is cut off shows something")
	}
}
