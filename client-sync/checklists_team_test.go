package clientsync_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// monitor is one of a team with a device.
type monitor struct {
	*scenario.Device
	t *testing.T
}

// team are two monitors who know of one visit.
func team(t *testing.T) (a, b monitor, visit string) {
	t.Helper()
	w := scenario.New(t, 1)
	for _, at := range []*monitor{&a, &b} {
		d, err := w.Add(map[bool]string{true: "A", false: "B"}[at == &a])
		if err != nil {
			t.Fatal(err)
		}
		*at = monitor{d, t}
	}
	v := &daylightv1.Visit{Title: proto.String("Autumn visit")}
	if err := a.Client.Save(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	meet(t, a, b)
	return a, b, v.Id
}

// meet syncs all until everybody has everything.
func meet(t *testing.T, all ...monitor) {
	t.Helper()
	for range 2 {
		for _, m := range all {
			if err := m.Sync(true); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (m monitor) begin(visit, form string) *forms.Filling {
	m.t.Helper()
	x, err := m.Client.BeginChecklist(m.t.Context(), visit, form)
	if err != nil {
		m.t.Fatal(err)
	}
	return x
}

func (m monitor) answer(x *forms.Filling, all ...string) {
	m.t.Helper()
	for i := 0; i < len(all); i += 2 {
		if _, err := x.Set(forms.ParseKey(all[i]), forms.Given{Value: all[i+1]}); err != nil {
			m.t.Fatalf("%s: %v", all[i], err)
		}
	}
	if err := m.Client.SaveChecklist(m.t.Context(), x); err != nil {
		m.t.Fatal(err)
	}
}

func (m monitor) open(id string) *forms.Filling {
	m.t.Helper()
	x, err := m.Client.OpenChecklist(m.t.Context(), id)
	if err != nil {
		m.t.Fatal(err)
	}
	return x
}

func (m monitor) room(x *forms.Filling) string {
	m.t.Helper()
	id, _, err := x.AddInstance("rooms", "")
	if err != nil {
		m.t.Fatal(err)
	}
	return id
}

func (m monitor) conflicts(id string) (out []string) {
	m.t.Helper()
	item, err := m.Client.Get(m.t.Context(), clientsync.KindChecklistResponse, id)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, c := range item.Conflicts {
		out = append(out, c.Field+" "+c.Key)
	}
	return out
}

func TestTwoWhoBeginWithoutANetworkFillOneChecklist(t *testing.T) {
	a, b, visit := team(t)
	prison := checklist.FormID("npm_prison", "2026112301").String()
	x, y := a.begin(visit, prison), b.begin(visit, prison)
	id := x.Response().GetId()
	if y.Response().GetId() != id {
		t.Fatal("they began two")
	}
	a.answer(x, "entry_result", "full", "cap_official", "200", "present_team", "250", "prem_state", "done")
	b.answer(y, "entry_result", "full", "deaths12", "2", "present_team", "244", "prem_state", "done")
	roomA, roomB := a.room(x), b.room(y)
	a.answer(x, "room_label/"+roomA, "A1", "room_len/"+roomA, "3")
	b.answer(y, "room_label/"+roomB, "B1")
	meet(t, a, b)

	if got := a.conflicts(id); !slices.Equal(got, []string{"answers present_team"}) {
		t.Errorf("in conflict: %q", got)
	}
	for _, m := range []monitor{a, b} {
		x := m.open(id)
		it, _ := x.Item(forms.Key{Question: "present_team"})
		if len(it.Contested) != 2 || x.Progress().All.Contested != 1 {
			t.Errorf("%s: %+v", m.Name, it.Contested)
		}
		if rooms, _ := x.Item(forms.Key{Question: "rooms"}); rooms.Turns != 2 {
			t.Errorf("%s has %d rooms", m.Name, rooms.Turns)
		}
		if it, _ := x.Item(forms.Key{Question: "deaths12"}); it.Value != "2" {
			t.Errorf("%s: %+v", m.Name, it)
		}
		report, err := m.Client.CheckVisit(t.Context(), visit)
		if err != nil || len(report.Checklists) != 1 || len(report.Checklists[0].Contested) != 1 {
			t.Errorf("%s: %+v, %v", m.Name, report.Checklists, err)
		}
		lines := 0
		for _, r := range report.Missing {
			if r.Kind == clientsync.KindChecklistResponse {
				lines++
			}
		}
		if lines != 1 {
			t.Errorf("%s: the checklist has %d lines among what is missing", m.Name, lines)
		}
	}

	// One of them measures on in the other's room, and settles what they disagree on.
	y = b.open(id)
	b.answer(y, "room_wid/"+roomA, "2", "present_team", "250")
	meet(t, a, b)
	x = a.open(id)
	if it, _ := x.Item(forms.Key{Question: "room_m2", Turn: roomA}); it.Value != "6" {
		t.Errorf("two measured one room: %+v", it)
	}
	if got := a.conflicts(id); len(got) != 0 || x.Progress().All.Contested != 0 {
		t.Errorf("settled, and still in conflict: %q", got)
	}
}

// A filling that was opened before a sync and saved after it changes what its monitor
// changed, and then shows the rest.
func TestAnOpenFillingLosesNothingToASync(t *testing.T) {
	a, b, visit := team(t)
	prison := checklist.FormID("npm_prison", "2026112301").String()
	x := a.begin(visit, prison)
	meet(t, a, b)
	y := b.begin(visit, prison)
	if _, err := x.Set(forms.Key{Question: "cap_official"}, forms.Given{Value: "200"}); err != nil {
		t.Fatal(err)
	}
	b.answer(y, "women_n", "3", "cap_official", "180")
	meet(t, b, a)
	a.answer(x) // typed before the sync, saved after it
	it, _ := x.Item(forms.Key{Question: "cap_official"})
	if women, _ := x.Item(forms.Key{Question: "women_n"}); women.Value != "3" || len(it.Contested) != 2 {
		t.Errorf("%+v, %+v", women, it)
	}
}

// The form is updated while answers are in the field: both carry over and make the same.
func TestTwoWhoCarryOverMakeTheSameResponse(t *testing.T) {
	a, b, visit := team(t)
	version := func(v string, names ...string) *daylightv1.Checklist {
		f := &daylightv1.Checklist{Id: checklist.FormID("walk", v).String(), Code: proto.String("walk"), Version: &v, DefaultLanguage: proto.String("en")}
		for i, n := range names {
			f.Questions = append(f.Questions, &daylightv1.ChecklistQuestion{Name: n, Type: proto.String("text"), Order: proto.Uint32(uint32(i + 1))})
		}
		f.Rows = proto.Uint32(uint32(len(names)))
		return f
	}
	first, second := version("9", "seen", "gone"), version("10", "seen", "new")
	if err := a.Client.Save(t.Context(), first, second); err != nil {
		t.Fatal(err)
	}
	meet(t, a, b)
	x := a.begin(visit, first.Id)
	a.answer(x, "seen", "a broken lamp", "gone", "noise")
	meet(t, a, b)
	offered, err := b.Client.Checklists(t.Context(), "")
	i := slices.IndexFunc(offered, func(o forms.Offered) bool { return o.Code == "walk" })
	if err != nil || offered[i].Version != "10" {
		t.Fatalf("%+v, %v", offered, err)
	}
	old := x.Response().GetId()
	var ids []string
	for _, m := range []monitor{a, b} {
		x, misfits, err := m.Client.CarryChecklist(t.Context(), old, second.Id)
		if err != nil || len(misfits) != 1 || misfits[0].Key.Question != "gone" {
			t.Fatalf("%v, %+v", err, misfits)
		}
		ids = append(ids, x.Response().GetId())
		m.answer(x, "new", "the same")
	}
	meet(t, a, b)
	if ids[0] != ids[1] || len(a.conflicts(ids[0])) != 0 {
		t.Errorf("%q, in conflict %q", ids, a.conflicts(ids[0]))
	}
	if it, _ := a.open(old).Item(forms.Key{Question: "gone"}); it.Value != "noise" {
		t.Errorf("the older one lost an answer: %+v", it)
	}
}
