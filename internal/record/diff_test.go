package record_test

import (
	"errors"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

var narrative = fold.Path{Field: 27}

func dot(w byte, seq fold.Seq) fold.Dot { return fold.Dot{Writer: writer(w), Seq: seq} }

func onPath(edits []fold.Edit, p fold.Path) *fold.Edit {
	for i := range edits {
		if edits[i].Path == p {
			return &edits[i]
		}
	}
	return nil
}

// shared is a finding that device 1 wrote and device 2 has read.
func shared(t *testing.T) (a, b *device) {
	t.Helper()
	a, b = newDevice(1), newDevice(2)
	a.save(t, aFinding())
	b.pull(a)
	return a, b
}

func TestEditSupersedesWhatTheTokenShowed(t *testing.T) {
	_, b := shared(t)
	m := b.finding(t)
	m.Narrative = proto.String("changed")
	edits, err := b.diff(m)
	if err != nil || len(edits) != 1 {
		t.Fatal(edits, err)
	}
	if want := []fold.Superseded{{Dot: dot(1, 1)}}; !slices.Equal(edits[0].Supersedes, want) {
		t.Errorf("supersedes %v, want %v", edits[0].Supersedes, want)
	}
}

func TestUntouchedFieldIsNoEditWhateverIsStoredNow(t *testing.T) {
	a, b := shared(t)
	form := b.finding(t)
	m := a.finding(t)
	m.Narrative = proto.String("changed meanwhile")
	a.save(t, m)
	b.pull(a)
	form.Title = proto.String("a title")
	edits := b.save(t, form)
	if len(edits) != 1 || edits[0].Field != 26 {
		t.Errorf("got %v, want the title alone", edits)
	}
	if got := b.finding(t).GetNarrative(); got != "changed meanwhile" {
		t.Errorf("the narrative is %q", got)
	}
}

func TestMessageWithoutTokenSawNothing(t *testing.T) {
	_, b := shared(t)
	edits := b.save(t, aFinding())
	if len(edits) == 0 || onPath(edits, fold.Path{Field: 1}) != nil {
		t.Fatalf("got %v", edits)
	}
	for _, e := range edits {
		if len(e.Supersedes) != 0 || len(e.Value) == 0 {
			t.Errorf("%v: supersedes %v", e.Path, e.Supersedes)
		}
	}
}

func TestFirstSaveCreates(t *testing.T) {
	d := newDevice(1)
	edits, creates, err := record.Diff(aFinding(), d.state, d.w, record.Naming{}, nil)
	if err != nil || !creates || edits[0].Field != 1 {
		t.Fatalf("creates %v, %v, first edit %v", creates, err, edits[0].Path)
	}
	d.apply(edits)
	if _, creates, _ = record.Diff(d.finding(t), d.state, d.w, record.Naming{}, nil); creates {
		t.Error("the second save creates again")
	}
}

func TestSecondWindowOfOnePersonIsStale(t *testing.T) {
	_, b := shared(t)
	one, two := b.finding(t), b.finding(t)
	one.Narrative = proto.String("one")
	b.save(t, one)
	two.Narrative = proto.String("two")
	_, err := b.diff(two)
	var stale *record.StaleError
	if !errors.As(err, &stale) || stale.Path != narrative || stale.Field != "narrative" {
		t.Fatalf("got %v", err)
	}

	t.Run("also under a former id", func(t *testing.T) {
		w := record.Writer{ID: writer(9), Former: []fold.WriterID{b.w.ID}}
		if _, _, err := record.Diff(two, b.state, w, record.Naming{}, nil); !errors.As(err, &stale) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("not on another field", func(t *testing.T) {
		m := proto.Clone(two).(*daylightv1.Finding)
		m.Narrative, m.Title = proto.String(aFinding().GetNarrative()), proto.String("titled")
		if _, err := b.diff(m); err != nil {
			t.Error(err)
		}
	})
	t.Run("not for another person", func(t *testing.T) {
		if _, _, err := record.Diff(two, b.state, record.Writer{ID: writer(7)}, record.Naming{}, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestAmendedChangeIsStaleByItsHash(t *testing.T) {
	d := newDevice(1)
	d.save(t, aFinding())
	form := d.finding(t)
	m := aFinding()
	m.Narrative = proto.String("amended in place")
	d.state, d.seq = fold.New(), 0
	d.save(t, m) // the same dot, another value
	form.Narrative = proto.String("from the old form")
	_, err := d.diff(form)
	var stale *record.StaleError
	if !errors.As(err, &stale) {
		t.Errorf("got %v", err)
	}
}

func TestTokenIsReadThroughRenames(t *testing.T) {
	_, b := shared(t)
	one := b.finding(t)
	one.Narrative = proto.String("one")
	b.save(t, one)
	form := b.finding(t) // names (2, 1)
	b.state.Rename(writer(2), 0, writer(8))
	names := record.Naming{Generation: 1, Renames: []record.Rename{{From: writer(2), To: writer(8), Generation: 1}}}
	w := record.Writer{ID: writer(8), Former: []fold.WriterID{writer(2)}}
	form.Narrative = proto.String("two")
	if _, _, err := record.Diff(form, b.state, w, names, nil); err != nil {
		t.Error(err)
	}
	edits, _, err := record.Diff(form, b.state, record.Writer{ID: writer(5)}, names, nil)
	if err != nil || !slices.Equal(edits[0].Supersedes, []fold.Superseded{{Dot: dot(8, 1)}}) {
		t.Errorf("got %v, %v", edits, err)
	}

	t.Run("not below the branch", func(t *testing.T) {
		names := record.Naming{Generation: 1, Renames: []record.Rename{{From: writer(1), Above: 1, To: writer(8), Generation: 1}}}
		m := b.finding(t)
		m.Standards = nil
		edits, _, err := record.Diff(m, b.state, record.Writer{ID: writer(5)}, names, nil)
		if err != nil || !slices.Equal(edits[0].Supersedes, []fold.Superseded{{Dot: dot(1, 1)}}) {
			t.Errorf("got %v, %v", edits, err)
		}
	})
	t.Run("a newer token is not", func(t *testing.T) {
		b.state.Rename(writer(8), 0, writer(2)) // the old name again, under generation 1
		m, err := record.Show(record.Finding, parseID(t, anID), b.state, record.Naming{Generation: 1})
		if err != nil {
			t.Fatal(err)
		}
		m.(*daylightv1.Finding).Narrative = proto.String("two")
		edits, _, err := record.Diff(m, b.state, record.Writer{ID: writer(5)}, names, nil)
		if err != nil || !slices.Equal(edits[0].Supersedes, []fold.Superseded{{Dot: dot(2, 1)}}) {
			t.Errorf("got %v, %v", edits, err)
		}
	})
}

// pending answers for some dots as not yet answered for.
func pending(m map[fold.Dot]record.Unanswered) record.Pending {
	return func(d fold.Dot, _ fold.Path) (record.Unanswered, bool) { u, ok := m[d]; return u, ok }
}

func TestUnansweredDotIsNamedByLink(t *testing.T) {
	_, b := shared(t)
	m := b.finding(t)
	m.Narrative = proto.String("changed")
	link := fold.Link{7}
	before := []fold.Superseded{{Dot: dot(4, 4)}, {Dot: dot(2, 9)}, {Link: link}, {Dot: dot(4, 4)}}
	edits, _, err := record.Diff(m, b.state, b.w, record.Naming{}, pending(map[fold.Dot]record.Unanswered{
		dot(1, 1): {Link: link, Supersedes: before},
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := []fold.Superseded{{Dot: dot(4, 4)}, {Link: link}}
	if !slices.Equal(edits[0].Supersedes, want) {
		t.Errorf("supersedes %v, want %v: the list repeated without the own dot, then the link, each once", edits[0].Supersedes, want)
	}
}

func TestOwnUnansweredEditRepeatsItsListOnly(t *testing.T) {
	_, b := shared(t)
	m := b.finding(t)
	m.Narrative = proto.String("one")
	first := b.save(t, m)[0]
	m = b.finding(t)
	m.Narrative = proto.String("two")
	edits, _, err := record.Diff(m, b.state, b.w, record.Naming{}, pending(map[fold.Dot]record.Unanswered{
		dot(2, 1): {Link: fold.Link{2}, Supersedes: first.Supersedes},
	}))
	if err != nil || !slices.Equal(edits[0].Supersedes, first.Supersedes) {
		t.Errorf("supersedes %v, %v; want %v, so that a refusal of the first raises nothing", edits[0].Supersedes, err, first.Supersedes)
	}
}

func TestAbsentElementsAreCleared(t *testing.T) {
	_, b := shared(t)
	m := b.finding(t)
	m.Sources = m.Sources[:1]
	m.Standards = []string{"NMR-13", "NMR-99", "NMR-99"}
	m.Narrative = nil
	edits := b.save(t, m)
	got := map[string]bool{}
	for _, e := range edits {
		field, key := record.PathName(record.Finding, e.Path)
		got[field+" "+key] = len(e.Value) > 0
	}
	want := map[string]bool{
		"sources EVIDENCE_SOURCE_INTERVIEW_DETAINEE": false,
		"standards NMR-12":                           false, "standards NMR-99": true, "narrative ": false,
	}
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for k, v := range want {
		if set, ok := got[k]; !ok || set != v {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	if m := b.finding(t); m.Narrative != nil || len(m.Sources) != 1 || len(m.Standards) != 2 {
		t.Errorf("shown: %v", m)
	}
}

func TestOwnValueThatIsNotInFrontWasSeenToo(t *testing.T) {
	a, b := shared(t)
	one, two := a.finding(t), b.finding(t)
	one.Narrative, two.Narrative = proto.String("one"), proto.String("two")
	b.save(t, two)
	a.clock = 10
	a.save(t, one)
	b.pull(a)
	m := b.finding(t)
	m.Narrative = proto.String("settled")
	b.save(t, m)
	if got := b.state.Entries(narrative); len(got) != 1 {
		t.Errorf("the conflict is not settled: %v", got)
	}
}

// The fold writes into a removal what links turn out to stand for: that is no
// second window.
func TestRemovalThatTheFoldCompletedIsNotStale(t *testing.T) {
	_, b := shared(t)
	link := fold.Link{1, 1}
	edits, err := record.Remove(record.Finding, parseID(t, anID), b.finding(t).Seen, b.state, b.w, record.Naming{},
		pending(map[fold.Dot]record.Unanswered{dot(1, 1): {Link: link}}))
	if err != nil {
		t.Fatal(err)
	}
	b.apply(edits)
	m := b.finding(t)
	b.state.Apply(fold.Stamp{Dot: dot(1, 1), Link: link}, nil)
	if !b.state.Removed() {
		t.Fatal("the link was not learned")
	}
	m.Removed = nil
	if _, err := b.diff(m); err != nil {
		t.Error(err)
	}
}

func TestTokenOfAnotherRecordIsRefused(t *testing.T) {
	d := newDevice(1)
	d.save(t, aFinding())
	m := d.finding(t)
	m.Id = anotherID
	for name, seen := range map[string][]byte{"another record": m.Seen, "noise": []byte("noise"), "cut": m.Seen[:len(m.Seen)-3]} {
		t.Run(name, func(t *testing.T) {
			m.Seen = seen
			_, err := d.diff(m)
			var problem *record.Problem
			if !errors.As(err, &problem) || problem.Field != "seen" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSplitGivesEachGuardedFieldItsOwnChange(t *testing.T) {
	d := newDevice(1)
	edits, err := d.diff(&daylightv1.Visit{
		Id: anID, FacilityId: proto.String(anotherID), Title: proto.String("t"),
		State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(),
	})
	if err != nil {
		t.Fatal(err)
	}
	rest, guarded := record.Split(record.Visit, edits)
	if len(rest) != 2 || len(guarded) != 2 || guarded[0][0].Field != 10 || guarded[1][0].Field != 11 {
		t.Errorf("rest %v, guarded %v", rest, guarded)
	}
}

func TestSplitGivesEachWithdrawalItsOwnChange(t *testing.T) {
	d := newDevice(1)
	edits, err := d.diff(&daylightv1.Interview{
		Id: anID, VisitId: proto.String(anotherID), Minutes: proto.Uint32(20),
		Consents:    []*daylightv1.Consent{{Scope: 2}, {Scope: 4}},
		Withdrawals: []*daylightv1.ConsentWithdrawal{{Scope: 2}, {Scope: 4}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rest, alone := record.Split(record.Interview, edits)
	if len(rest) != 5 || len(alone) != 2 || alone[0][0].Field != 25 || alone[1][0].Field != 25 || alone[0][0].Key == alone[1][0].Key {
		t.Errorf("rest %v, alone %v", rest, alone)
	}
}

func TestRemoveCoversWhatTheTokenShowed(t *testing.T) {
	a, b := shared(t)
	id := parseID(t, anID)
	form := b.finding(t)
	edits, err := record.Remove(record.Finding, id, form.Seen, b.state, b.w, record.Naming{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.apply(edits)
	if !b.state.Removed() {
		t.Error("the record stays, though all of it was seen")
	}

	t.Run("not what came later", func(t *testing.T) {
		m := a.finding(t)
		m.Title = proto.String("unseen")
		a.save(t, m)
		c := &device{w: b.w, seq: b.seq, state: b.state}
		c.pull(a)
		if c.state.Removed() {
			t.Error("an edit that the remover did not see is gone")
		}
	})
	t.Run("undone by saving without it", func(t *testing.T) {
		c := newDevice(3)
		c.pull(b)
		m := c.finding(t)
		if m.Removed == nil {
			t.Fatal("the message does not say that it is removed")
		}
		m.Removed = nil
		c.save(t, m)
		if c.state.Removed() {
			t.Error("still removed")
		}
		equal(t, c.finding(t), aFinding())
	})
	t.Run("saving does not remove", func(t *testing.T) {
		m := a.finding(t)
		m.Removed = &daylightv1.Removed{}
		var problem *record.Problem
		if _, err := a.diff(m); !errors.As(err, &problem) || problem.Field != "removed" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("needs a token", func(t *testing.T) {
		if _, err := record.Remove(record.Finding, id, nil, b.state, b.w, record.Naming{}, nil); err == nil {
			t.Error("removed unseen")
		}
	})
}

func TestRemovalNamesUnansweredDotsByLink(t *testing.T) {
	_, b := shared(t)
	m := b.finding(t)
	m.Title = proto.String("own")
	b.save(t, m)
	link := fold.Link{7}
	edits, err := record.Remove(record.Finding, parseID(t, anID), b.finding(t).Seen, b.state, b.w, record.Naming{},
		pending(map[fold.Dot]record.Unanswered{dot(1, 1): {Link: link}, dot(2, 1): {Link: fold.Link{8}}}))
	if err != nil {
		t.Fatal(err)
	}
	if want := fold.Removal(nil, []fold.Link{link}); !slices.Equal(edits[0].Value, want) {
		t.Errorf("got %x, want %x: one link, own dots implied", edits[0].Value, want)
	}
}

func TestResolveSettlesAConflictWithTheValueInFront(t *testing.T) {
	a, b := shared(t)
	one, two := a.finding(t), b.finding(t)
	one.Narrative, two.Narrative = proto.String("one"), proto.String("two")
	a.save(t, one)
	b.save(t, two)
	b.pull(a)
	if len(b.state.Conflicts()) != 1 {
		t.Fatal("no conflict")
	}
	c := newDevice(3)
	c.pull(b)
	token := c.finding(t).Seen
	front := c.state.Entries(narrative)[0].Value
	edits, err := record.Resolve(record.Finding, parseID(t, anID), token, narrative, front, c.state, c.w, record.Naming{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.apply(edits)
	if len(c.state.Conflicts()) != 0 || len(c.state.Entries(narrative)) != 1 {
		t.Errorf("still %v", c.state.Entries(narrative))
	}
	if _, err := record.Resolve(record.Finding, parseID(t, anID), token, fold.Path{Field: 40}, nil, c.state, c.w, record.Naming{}, nil); err == nil {
		t.Error("settled a field that this program does not know")
	}
}
