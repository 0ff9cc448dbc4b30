package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// merge says that one record was merged into another; a zero id undoes that.
func (w *world) merge(kind record.Kind, loser, winner record.ID) {
	w.Helper()
	m := must(w.Get(w.Context(), kind, loser))(w).Message
	r := m.ProtoReflect()
	field := r.Descriptor().Fields().ByName("merged_into")
	if winner == (record.ID{}) {
		r.Clear(field)
	} else {
		r.Set(field, r.NewField(field))
		switch m := m.(type) {
		case *daylightv1.Facility:
			m.MergedInto = proto.String(winner.String())
		case *daylightv1.Visit:
			m.MergedInto = proto.String(winner.String())
		}
	}
	w.save("Reviewer", m)
}

func (w *world) remove(kind record.Kind, id record.ID) {
	w.Helper()
	m := must(w.Get(w.Context(), kind, id))(w).Message
	must(w.Remove(w.Context(), "Reviewer", kind, id, m.GetSeen()))(w)
}

// merging is two places with a visit and a finding each, and a third place.
type merging struct {
	*world
	a, b, c, v, u, x, y record.ID
}

func newMerging(t *testing.T) merging {
	w := merging{world: newWorld(t)}
	w.a, w.b, w.c = w.save("Reviewer", aFacility("Prison", "A")), w.save("Reviewer", aFacility("Тюрьма", "B")), w.save("Reviewer", aFacility("Other", "C"))
	visit := func(place record.ID, title string) record.ID {
		v := aVisit(place)
		v.Title = proto.String(title)
		return w.save("Reviewer", v)
	}
	finding := func(v record.ID, title string) record.ID {
		f := aFinding(v, title)
		f.Title = proto.String(title)
		return w.save("Reviewer", f)
	}
	w.v, w.u = visit(w.a, "v"), visit(w.b, "u")
	w.x, w.y = finding(w.v, "x"), finding(w.u, "y")
	return w
}

// lists is what the lists hold: all places, and visits and findings by place and visit.
func (w merging) lists() string {
	w.Helper()
	var out []string
	say := func(kind record.Kind, f Filter) {
		out = append(out, strings.Join(w.titles(kind, Query{Filter: f}), ""))
	}
	say(record.Facility, nil)
	say(record.Visit, VisitFilter{Visits: Visits{Facility: w.a}})
	say(record.Visit, VisitFilter{Visits: Visits{Facility: w.b}})
	say(record.Finding, FindingFilter{Visits: Visits{Facility: w.a}})
	say(record.Finding, FindingFilter{Visits: Visits{Facility: w.b}})
	say(record.Finding, FindingFilter{Visit: w.v})
	say(record.Finding, FindingFilter{Visit: w.u})
	w.whole()
	return strings.Join(out, " ")
}

func TestListsFollowMerges(t *testing.T) {
	w := newMerging(t)
	none := record.ID{}
	for _, c := range []struct {
		shows string
		do    func()
		want  string
	}{
		{"before", func() {}, "ABC v u x y x y"},
		{"a place", func() { w.merge(record.Facility, w.b, w.a) }, "AC vu vu xy xy x y"},
		{"and its visit", func() { w.merge(record.Visit, w.u, w.v) }, "AC v v xy xy xy xy"},
		{"the place is two again, the visit one", func() { w.merge(record.Facility, w.b, none) }, "ABC v  xy  xy xy"},
		{"and the visits are two", func() { w.merge(record.Visit, w.u, none) }, "ABC v u x y x y"},
		{"a chain", func() { w.merge(record.Facility, w.b, w.a); w.merge(record.Facility, w.a, w.c) }, "C vu vu xy xy x y"},
		{"whose end was removed", func() { w.remove(record.Facility, w.c) }, "A vu vu xy xy x y"},
		{"and whose middle was", func() { w.remove(record.Facility, w.a) }, "B v u x y x y"},
	} {
		c.do()
		if got := w.lists(); got != c.want {
			t.Errorf("%s: %q, want %q", c.shows, got, c.want)
		}
	}
	if got := fmt.Sprint(w.titles(record.Facility, Query{IncludeRemoved: true})); got != "[A B C]" {
		t.Errorf("with removed ones %s", got)
	}
}

func ordered(ids ...record.ID) []record.ID {
	slices.SortFunc(ids, func(a, b record.ID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

// What is read for whoever takes records out says which are shown under another.
func TestASnapshotSaysWhatIsJoined(t *testing.T) {
	w := newMerging(t)
	joined := func() (out []string) {
		if err := w.Snapshot(t.Context(), func(s *Snapshot) error {
			return s.Each(record.Facility, func(i Item) error {
				if i.Joined {
					out = append(out, i.Message.GetId())
				}
				return nil
			})
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	w.merge(record.Facility, w.a, w.b)
	if got := joined(); len(got) != 1 || got[0] != w.a.String() {
		t.Errorf("joined are %v", got)
	}
	w.merge(record.Facility, w.b, w.a)
	if got := joined(); len(got) != 0 {
		t.Errorf("of a circle are joined %v", got)
	}
}

// Two people merge crosswise: nothing is hidden, and it is known.
func TestMergesInACircleHideNothing(t *testing.T) {
	w := newMerging(t)
	w.merge(record.Facility, w.a, w.b)
	w.merge(record.Facility, w.b, w.a)
	w.merge(record.Facility, w.c, w.a)
	if got := w.lists(); got != "AB v u x y x y" {
		t.Errorf("in a circle %q", got)
	}
	got := must(w.Circular(t.Context(), record.Facility))(t)
	if want := ordered(w.a, w.b); !slices.Equal(got, want) {
		t.Errorf("circular are %v, want %v", got, want)
	}
	of := must(w.Together(t.Context(), w.a))(t)
	if !of.Circular || of.Winner != w.a || !slices.Equal(of.Losers, []record.ID{w.c}) {
		t.Errorf("A is %+v", of)
	}
	w.merge(record.Facility, w.b, record.ID{})
	if got := w.lists(); got != "B vu vu xy xy x y" {
		t.Errorf("after one was undone %q", got)
	}
	of = must(w.Together(t.Context(), w.c))(t)
	if of.Circular || of.Winner != w.b || !slices.Equal(of.Losers, ordered(w.a, w.c)) {
		t.Errorf("C is %+v", of)
	}
}

// A merge may come before the record that it names, and name what is no place.
func TestAMergeWaitsForItsWinner(t *testing.T) {
	w := newMerging(t)
	late := aFacility("Late", "L")
	late.Id = "0190a6e2-7c1b-7000-8000-0000000000aa"
	id := must(record.ParseID(late.Id))(t)
	w.merge(record.Facility, w.b, id)
	if got := w.lists(); got != "ABC v u x y x y" {
		t.Errorf("before it came %q", got)
	}
	w.save("Reviewer", late)
	if got := w.lists(); got != "ACL v u x y x y" {
		t.Errorf("then %q", got)
	}
	if got := strings.Join(w.titles(record.Visit, Query{Filter: VisitFilter{Visits: Visits{Facility: id}}}), ""); got != "u" {
		t.Errorf("its visits are %q", got)
	}
	w.merge(record.Facility, w.b, w.v)
	if got := w.lists(); got != "ABCL v u x y x y" {
		t.Errorf("merged into a visit %q", got)
	}
}

// A page of a list is not shifted by a merge, and its token is still good.
func TestPagingGoesOnOverAMerge(t *testing.T) {
	w := newMerging(t)
	page := must(w.List(t.Context(), record.Facility, Query{PageSize: 1}))(t)
	w.merge(record.Facility, w.b, w.a)
	next := must(w.List(t.Context(), record.Facility, Query{PageSize: 1, PageToken: page.Next}))(t)
	if len(next.Items) != 1 || next.Items[0].Message.GetId() != w.c.String() {
		t.Errorf("%v", next.Items)
	}
}

// A store that was made before merges were kept hides what was merged as it did, and
// shows what it should not have hidden.
func TestAnOlderStoreGetsItsMerges(t *testing.T) {
	w := newMerging(t)
	w.merge(record.Facility, w.b, w.a)
	w.merge(record.Facility, w.c, record.ID{9})
	want := w.lists()
	err := w.write(context.Background(), func(l *ledger) error {
		for _, text := range []string{`DELETE FROM merges`, `DELETE FROM meta WHERE name = 'merges'`, `UPDATE facilities SET standing = 2 WHERE standing = 0 AND code <> 'A'`} {
			if _, err := l.Exec(text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.reopen()
	if got := w.lists(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCheckFindsAMergeThatWasAltered(t *testing.T) {
	for _, alter := range []string{
		`DELETE FROM merges`, `UPDATE merges SET winner = loser`, `UPDATE merges SET circular = 1`, `UPDATE merges SET kind = 2`,
		`INSERT INTO merges VALUES (3, 1, x'03', x'03', x'03', 0)`, `UPDATE facilities SET standing = 0`,
	} {
		w := newMerging(t)
		w.merge(record.Facility, w.b, w.a)
		if err := w.write(t.Context(), func(l *ledger) error { _, err := l.Exec(alter); return err }); err != nil {
			t.Fatal(err)
		}
		if len(w.deviations()) == 0 {
			t.Errorf("%s: nobody has noticed", alter)
		}
	}
}

// Whatever is merged, undone, removed and brought back, in whatever order: what is kept
// is what the records say, which Check derives from scratch, and no place that stands is
// without one that is listed.
func TestMergesInAnyOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		var ids []record.ID
		for i := range 4 {
			ids = append(ids, w.save("Reviewer", aFacility("Place", string(rune('A'+i)))))
		}
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			id, other := rapid.SampledFrom(ids).Draw(r, "one"), rapid.SampledFrom(append(ids, record.ID{}, record.ID{9})).Draw(r, "other")
			if rapid.IntRange(0, 3).Draw(r, "remove") > 0 {
				w.merge(record.Facility, id, other)
				continue
			}
			m := must(w.Get(w.Context(), record.Facility, id))(w).Message.(*daylightv1.Facility)
			if m.Removed == nil {
				w.remove(record.Facility, id)
			} else {
				m.Removed = nil
				w.save("Reviewer", m)
			}
		}
		if d := w.deviations(); len(d) > 0 {
			r.Fatal(d)
		}
		listed := w.titles(record.Facility, Query{})
		for _, id := range ids {
			item := must(w.Get(w.Context(), record.Facility, id))(w)
			under := must(w.Together(w.Context(), id))(w)
			shown := must(w.Get(w.Context(), record.Facility, under.Winner))(w).Message.(*daylightv1.Facility).GetCode()
			if !item.Removed && !slices.Contains(listed, shown) {
				r.Fatalf("%v stands and is shown under %s, of %v", id, shown, listed)
			}
		}
		_ = w.Close()
	})
}
