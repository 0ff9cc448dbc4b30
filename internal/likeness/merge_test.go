package likeness

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func words(all []Value) string {
	var out []string
	for _, v := range all {
		out = append(out, v.String())
	}
	return strings.Join(out, " ")
}

// two places: what the second says and the first does not is what a merge may carry.
func two() (winner, loser *daylightv1.Facility) {
	capacity := func(id int, persons uint32) *daylightv1.Capacity {
		return &daylightv1.Capacity{Id: number(id), Persons: proto.Uint32(persons)}
	}
	winner = &daylightv1.Facility{
		Id: number(1), Seen: []byte("token"), Names: map[string]string{"en": "Colony 14", "tk": "14-nji koloniýa"}, Town: proto.String("Gavan"),
		Types: []string{"PEN_OPEN"}, Capacities: []*daylightv1.Capacity{capacity(20, 500), capacity(21, 300)},
		SexesHeld: []daylightv1.Sex{daylightv1.Sex_SEX_MALE}, FormerNames: []*daylightv1.FormerName{{Id: number(30), Name: proto.String("Camp 14")}},
	}
	loser = &daylightv1.Facility{
		Id: number(2), Seen: []byte("another"), Confidentiality: daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_PUBLIC.Enum(),
		Body: proto.String("B"), Code: proto.String("TM-14"), Names: map[string]string{"ru": "ИК-14", "en": "Penal colony 14", "tk": "14-nji koloniýa"},
		Town: proto.String("Гавань"), Types: []string{"PEN_WOMEN", "PEN_OPEN"}, Location: &daylightv1.Coordinates{Latitude: proto.Float64(38), Longitude: proto.Float64(58)},
		Capacities: []*daylightv1.Capacity{capacity(22, 500), capacity(23, 700)}, SexesHeld: []daylightv1.Sex{daylightv1.Sex_SEX_FEMALE, daylightv1.Sex_SEX_MALE},
		FormerNames: []*daylightv1.FormerName{{Id: number(31), Name: proto.String("Camp 14")}},
	}
	return winner, loser
}

func TestWhatTheLoserSaysAlone(t *testing.T) {
	winner, loser := two()
	const all = "code former_names[en] names[ru] types[PEN_WOMEN] location sexes_held[SEX_FEMALE] capacities[0190a6e2-7c1b-7000-8000-000000000017]"
	if got := words(Carry(winner, loser)); got != all {
		t.Errorf("%s\nwant\n%s", got, all)
	}
	before := proto.CloneOf(loser)
	taken := Take(winner, loser, func(v Value) bool { return v.Field != "code" })
	if got := words(taken); got != strings.TrimPrefix(all, "code ") {
		t.Errorf("taken %s", got)
	}
	if !proto.Equal(loser, before) {
		t.Error("the loser has changed")
	}
	if winner.Code != nil || winner.GetTown() != "Gavan" || winner.GetNames()["en"] != "Colony 14" || winner.GetNames()["ru"] != "ИК-14" ||
		len(winner.FormerNames) != 2 || winner.FormerNames[1].GetName() != "Penal colony 14" || winner.FormerNames[1].GetLanguage() != "en" || winner.FormerNames[1].GetId() != "" {
		t.Errorf("the winner is %v", winner)
	}
	if string(winner.Seen) != "token" || winner.Body != nil || winner.Confidentiality != nil {
		t.Error("what is about the record was carried")
	}
	if winner.Location == loser.Location {
		t.Error("the two share a part")
	}
	if got := words(Carry(winner, loser)); got != "code" {
		t.Errorf("then still %s", got)
	}
	const both = "former_names[en] names[ru] names[tk] types[PEN_WOMEN] types[PEN_OPEN] location sexes_held[SEX_FEMALE] sexes_held[SEX_MALE] capacities[0190a6e2-7c1b-7000-8000-000000000017]"
	if got := words(Shared(winner, loser)); got != both {
		t.Errorf("both say %s\nwant %s", got, both)
	}
}

// A merge decides nothing: neither who stands where, nor where a visit went.
func TestGuardedFieldsAreNotCarried(t *testing.T) {
	winner, loser := to(1, 5), to(2, 6, team(50), planned("2026-03-05", ""))
	winner.FacilityId = nil
	loser.State = daylightv1.VisitState_VISIT_STATE_PLANNED.Enum()
	loser.PlannedEnd = nil
	loser.Access = []*daylightv1.AccessRecord{{Right: daylightv1.AccessRight(2), Note: proto.String("late")}}
	key := "[" + daylightv1.AccessRight(2).String() + "]"
	if got := words(Carry(winner, loser)); got != "planned_start team[0190a6e2-7c1b-7000-8000-000000000032] access"+key {
		t.Error(got)
	}
	if got := Carry(winner, &daylightv1.Facility{Id: number(3), Code: proto.String("x")}); got != nil {
		t.Errorf("of another kind %v", got)
	}
}

func TestWhatIsNotMerged(t *testing.T) {
	place := func(n int, into string) Side {
		f := &daylightv1.Facility{Id: number(n)}
		if into != "" {
			f.MergedInto = &into
		}
		id, _ := record.ParseID(number(n))
		return Side{Message: f, Under: id}
	}
	under := func(s Side, n int) Side { s.Under, _ = record.ParseID(number(n)); return s }
	removed, part := place(2, ""), place(2, "")
	removed.Removed, part.Incomplete = true, true
	for _, c := range []struct {
		code          string
		loser, winner Side
	}{
		{"", place(1, ""), place(2, "")},
		{"same", place(1, ""), place(1, "")},
		{"kind", place(1, ""), Side{Message: &daylightv1.Visit{Id: number(2)}}},
		{"sealed", Side{Message: &daylightv1.MedicalNote{Id: number(1)}}, Side{Message: &daylightv1.MedicalNote{Id: number(2)}}},
		{"removed", place(1, ""), removed}, {"removed", removed, place(1, "")},
		{"incomplete", place(1, ""), part}, {"incomplete", part, place(1, "")},
		{"merged", under(place(1, number(2)), 2), place(2, "")},
		{"merged", under(place(1, number(3)), 3), place(2, "")},
		{"merged", place(1, number(2)), place(2, number(1))}, // in a circle
		{"circle", place(1, ""), under(place(2, number(1)), 1)},
		{"circle", place(1, ""), under(place(2, number(3)), 1)},
		{"under", place(1, ""), under(place(2, number(3)), 3)},
	} {
		var r *Refusal
		switch err := MayMerge(c.loser, c.winner); {
		case c.code == "" && err != nil:
			t.Errorf("refused: %v", err)
		case c.code != "" && (!errors.As(err, &r) || r.Code != c.code || r.Text == ""):
			t.Errorf("%s: %v", c.code, err)
		}
	}
}

func TestAMergeIsOneField(t *testing.T) {
	winner, loser := two()
	was := fmt.Sprint(winner)
	before := proto.CloneOf(loser)
	Merge(loser, winner)
	if MergedInto(loser) != number(1) || MergedInto(winner) != "" || fmt.Sprint(winner) != was {
		t.Errorf("%v into %v", loser, winner)
	}
	if err := Unmerge(loser); err != nil || !proto.Equal(loser, before) {
		t.Errorf("undone it is %v, %v", loser, err)
	}
	var r *Refusal
	if err := Unmerge(loser); !errors.As(err, &r) || r.Code != "none" {
		t.Errorf("undone twice: %v", err)
	}
}
