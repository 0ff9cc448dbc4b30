package clientsync

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// merging is two places with a visit and a finding each, and a third place.
type merging struct {
	*device
	a, b, c *daylightv1.Facility
	v, u    *daylightv1.Visit
}

func newMerging(t *testing.T) merging {
	d := merging{device: newDevice(t)}
	place := func(code string) *daylightv1.Facility {
		f := &daylightv1.Facility{Code: &code, Region: proto.String("TM-A"), Names: map[string]string{"en": "Prison " + strings.Repeat(code, 6)}}
		d.save(f)
		return f
	}
	d.a, d.b, d.c = place("A"), place("B"), place("C")
	visit := func(place *daylightv1.Facility, title, finding string) *daylightv1.Visit {
		v := &daylightv1.Visit{FacilityId: proto.String(place.Id), Title: &title}
		d.save(v)
		d.save(&daylightv1.Finding{VisitId: proto.String(v.Id), Title: &finding})
		return v
	}
	d.v, d.u = visit(d.a, "v", "x"), visit(d.b, "u", "y")
	return d
}

func (d merging) merge(kind Kind, loser, winner string) {
	d.t.Helper()
	if _, err := d.Merge(d.t.Context(), kind, loser, winner, nil); err != nil {
		d.t.Fatal(err)
	}
}

func (d merging) unmerge(kind Kind, id string) {
	d.t.Helper()
	if _, err := d.Unmerge(d.t.Context(), kind, id); err != nil {
		d.t.Fatal(err)
	}
}

func (d merging) remove(m Message) {
	d.t.Helper()
	if err := d.Remove(d.t.Context(), d.get(m).Message); err != nil {
		d.t.Fatal(err)
	}
}

// lists is what the lists hold: all places, and visits and findings by place and visit.
func (d merging) lists() string {
	var out []string
	say := func(f Filter) {
		names := ""
		for item, err := range d.List(d.t.Context(), f) {
			if err != nil {
				d.t.Fatal(err)
			}
			switch m := item.Message.(type) {
			case *daylightv1.Facility:
				names += m.GetCode()
			case *daylightv1.Visit:
				names += m.GetTitle()
			case *daylightv1.Finding:
				names += m.GetTitle()
			}
		}
		out = append(out, names)
	}
	say(Filter{Kind: KindFacility})
	say(Filter{Kind: KindVisit, Facility: d.a.Id})
	say(Filter{Kind: KindVisit, Facility: d.b.Id})
	say(Filter{Kind: KindFinding, Facility: d.a.Id})
	say(Filter{Kind: KindFinding, Facility: d.b.Id})
	say(Filter{Kind: KindFinding, Visit: d.v.Id})
	say(Filter{Kind: KindFinding, Visit: d.u.Id})
	return strings.Join(out, " ")
}

// The same as the office's lists do, see server/store.
func TestListsFollowMerges(t *testing.T) {
	d := newMerging(t)
	for _, c := range []struct {
		shows string
		do    func()
		want  string
	}{
		{"before", func() {}, "ABC v u x y x y"},
		{"a place", func() { d.merge(KindFacility, d.b.Id, d.a.Id) }, "AC vu vu xy xy x y"},
		{"and its visit", func() { d.merge(KindVisit, d.u.Id, d.v.Id) }, "AC v v xy xy xy xy"},
		{"the place is two again, the visit one", func() { d.unmerge(KindFacility, d.b.Id) }, "ABC v  xy  xy xy"},
		{"and the visits are two", func() { d.unmerge(KindVisit, d.u.Id) }, "ABC v u x y x y"},
		{"a chain", func() { d.merge(KindFacility, d.b.Id, d.a.Id); d.merge(KindFacility, d.a.Id, d.c.Id) }, "C vu vu xy xy x y"},
		{"whose end was removed", func() { d.remove(d.c) }, "A vu vu xy xy x y"},
		{"and whose middle was", func() { d.remove(d.a) }, "B v u x y x y"},
		{"after it was opened again", func() { d.reopen() }, "B v u x y x y"},
	} {
		c.do()
		if got := d.lists(); got != c.want {
			t.Errorf("%s: %q, want %q", c.shows, got, c.want)
		}
	}
}

func TestWhatIsMergedSaysSo(t *testing.T) {
	d := newMerging(t)
	d.merge(KindFacility, d.b.Id, d.a.Id)
	if item := d.get(d.b); item.JoinedTo != d.a.Id || item.Circular {
		t.Errorf("the loser is %+v", item)
	}
	if item := d.get(d.a); item.JoinedTo != "" {
		t.Errorf("the winner is %+v", item)
	}
	d.a = d.get(d.a).Message.(*daylightv1.Facility)
	d.a.MergedInto = proto.String(d.b.Id)
	d.save(d.a)
	for _, m := range []Message{d.a, d.b} {
		if item := d.get(m); item.JoinedTo != "" || !item.Circular {
			t.Errorf("in a circle one is %+v", item)
		}
	}
}

func TestDuplicatesOfWhatIsBeingTyped(t *testing.T) {
	d := newMerging(t)
	typed := &daylightv1.Facility{Names: map[string]string{"ru": "Тюрьма Бббббб"}, Code: proto.String("B"), Region: proto.String("TM-A")}
	found, err := d.DuplicatesOf(t.Context(), typed)
	if err != nil || len(found) != 1 || found[0].ID != d.b.Id || found[0].Score < 60 || !slices.Contains(found[0].Reasons, "same-code") {
		t.Errorf("%+v %v", found, err)
	}
	if typed.Id != "" {
		t.Error("what is being typed was touched")
	}
	visit := &daylightv1.Visit{FacilityId: proto.String(d.b.Id), ArrivedAt: proto.String("2026-03-05T09:00:00+05:00")}
	d.u.ArrivedAt = visit.ArrivedAt
	d.save(d.u)
	for _, place := range []*daylightv1.Facility{d.b, d.a} { // of a place, and of the one that it is merged into
		visit.FacilityId = proto.String(place.Id)
		got, err := d.DuplicatesOf(t.Context(), visit)
		if err != nil || len(got) != 1 || got[0].ID != d.u.Id || !slices.Equal(got[0].Reasons, []string{"same-facility", "same-day"}) {
			t.Errorf("%+v %v", got, err)
		}
		if place == d.b {
			d.merge(KindFacility, d.b.Id, d.a.Id)
		}
	}
	// What was saved, changed and removed since is compared as it stands.
	like := func(want int, why string) {
		t.Helper()
		if got, err := d.DuplicatesOf(t.Context(), visit); err != nil || len(got) != want {
			t.Errorf("%s: %+v %v", why, got, err)
		}
	}
	second := &daylightv1.Visit{FacilityId: proto.String(d.a.Id), ArrivedAt: visit.ArrivedAt}
	d.save(second)
	like(2, "another was saved")
	second.ArrivedAt = proto.String("2026-07-05T09:00:00+05:00")
	d.save(second)
	like(1, "it was on another day")
	d.remove(d.u)
	like(0, "the first was removed")
	if _, err := d.DuplicatesOf(t.Context(), &daylightv1.Finding{}); CodeOf(err) != Invalid {
		t.Errorf("of a finding: %v", err)
	}
}

func TestPairsLeaveOutWhatIsSettled(t *testing.T) {
	d := newMerging(t)
	twin := func(code string) *daylightv1.Facility {
		return &daylightv1.Facility{Names: map[string]string{"ru": "ИК-14"}, Region: proto.String("TM-A"), MainType: proto.String("PEN_X"), Code: &code}
	}
	x, y, z := twin("X"), twin("Y"), twin("Z")
	d.save(x, y, z)
	pairs := func() (n int) {
		t.Helper()
		all, err := d.Duplicates(t.Context(), KindFacility)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := pairs(); n != 3 {
		t.Errorf("%d pairs of three", n)
	}
	d.merge(KindFacility, y.Id, x.Id)
	if n := pairs(); n != 1 {
		t.Errorf("%d pairs after a merge", n)
	}
	d.remove(z)
	if n := pairs(); n != 0 {
		t.Errorf("%d pairs after a removal", n)
	}
}

// A merge and what the winner takes over are one change: one undo, one history.
func TestAMergeIsOneChange(t *testing.T) {
	d := newMerging(t)
	d.b.Note = proto.String("High walls")
	d.save(d.b)
	could, err := d.Carry(t.Context(), KindFacility, d.b.Id, d.a.Id)
	if err != nil || fmt.Sprint(could) != "[former_names[en] note]" {
		t.Errorf("%v %v", could, err)
	}
	before, err := d.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done, err := d.Merge(t.Context(), KindFacility, d.b.Id, d.a.Id, func(v Carried) bool { return v.Field == "note" })
	after, failed := d.Status(t.Context())
	if err != nil || failed != nil || after.Unsent != before.Unsent+1 {
		t.Errorf("%d changes before, %d after; %v %v", before.Unsent, after.Unsent, err, failed)
	}
	if fmt.Sprint(done.Taken, done.Left) != "[note] [former_names[en]]" || done.Winner.Message.(*daylightv1.Facility).GetNote() != "High walls" || done.Loser.JoinedTo != d.a.Id {
		t.Errorf("%+v", done)
	}
	undone, err := d.Unmerge(t.Context(), KindFacility, d.b.Id)
	if err != nil || undone.Record.JoinedTo != "" || undone.Winner.ID != d.a.Id || !strings.Contains(fmt.Sprint(undone.Shared), "note") {
		t.Errorf("%+v %v", undone, err)
	}
}
