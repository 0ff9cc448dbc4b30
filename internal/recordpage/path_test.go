package recordpage

import (
	"errors"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestControlsAreNamedByTheirPath(t *testing.T) {
	for _, c := range []struct {
		m           proto.Message
		path, typed string
		want        string
	}{
		{&daylightv1.Finding{}, "narrative", "damp\r\nwalls ", "damp\nwalls "},
		{&daylightv1.Finding{}, "topic", " MAT.LIGHT ", "MAT.LIGHT"},
		{&daylightv1.Finding{}, "severity_proposed", "FINDING_SEVERITY_SERIOUS", "FINDING_SEVERITY_SERIOUS"},
		{&daylightv1.Finding{}, "severity_proposed", "77", "77"},
		{&daylightv1.Finding{}, "number_affected.exact", "۱۲", "12"},
		{&daylightv1.Measurement{}, "value", "3,5", "3.5"},
		{&daylightv1.Measurement{}, "value", "1 200", "1200"},
		{&daylightv1.Visit{}, At("access", "ACCESS_RIGHT_EQUIPMENT", "note"), "left at the gate", "left at the gate"},
		{&daylightv1.Facility{}, At("names", "ru"), "ИВС", "ИВС"},
	} {
		if err := Assign(c.m, c.path, []string{c.typed}); err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
		if got, err := Read(c.m, c.path); got != c.want || err != nil {
			t.Errorf("%s says %q (%v), want %q", c.path, got, err, c.want)
		}
		if err := Assign(c.m, c.path, []string{""}); err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
		if got, _ := Read(c.m, c.path); got != "" {
			t.Errorf("%s says %q after it was cleared", c.path, got)
		}
	}
}

func TestNothingTypedMakesNothing(t *testing.T) {
	v := &daylightv1.Visit{}
	for _, path := range []string{At("access", "ACCESS_RIGHT_EQUIPMENT", "note"), "title", At("sessions", "x", "note")} {
		if err := Assign(v, path, []string{""}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if !proto.Equal(v, &daylightv1.Visit{}) {
		t.Errorf("it became %v", v)
	}
}

func TestWhatNoPageMaySet(t *testing.T) {
	v := &daylightv1.Visit{Id: "1"}
	for _, path := range []string{"id", "seen", "removed", "removed.at", "merged_into", "nobody", "title.x", "title[x]", "access", "",
		"access[", "access[%zz].note", "access[x].id.y", At("sessions", "x", "id"), "[", "."} {
		if err := Assign(v, path, []string{"x"}); !errors.Is(err, ErrPath) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if v.GetId() != "1" || v.Removed != nil || v.MergedInto != nil {
		t.Errorf("it is %v", v)
	}
}

func TestWhatIsNoValue(t *testing.T) {
	for _, c := range []struct {
		m                 proto.Message
		path, typed, word string
	}{
		{&daylightv1.Finding{}, "number_affected.exact", "twelve", "field-edit.bad-count"},
		{&daylightv1.Finding{}, "number_affected.exact", "-1", "field-edit.bad-count"},
		{&daylightv1.Finding{}, "severity_proposed", "BAD", "field-edit.bad-choice"},
		{&daylightv1.Measurement{}, "value", "NaN", "field-edit.bad-number"},
		{&daylightv1.Measurement{}, "value", "1e400", "field-edit.bad-number"},
		{&daylightv1.Measurement{}, "value", "3 m", "field-edit.bad-number"},
	} {
		var bad *BadValue
		if err := Assign(c.m, c.path, []string{c.typed}); !errors.As(err, &bad) || bad.Word != c.word {
			t.Errorf("%s = %q: %v", c.path, c.typed, err)
		}
	}
}

func TestSetsAreTakenWhole(t *testing.T) {
	f := &daylightv1.Facility{Types: []string{"POL_STATION"}}
	if err := Assign(f, "types", []string{"PEN_REMAND", "", "PEN_WOMEN"}); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadSet(f, "types"); !slices.Equal(got, []string{"PEN_REMAND", "PEN_WOMEN"}) || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if err := Assign(f, "types", nil); err != nil || len(f.Types) != 0 {
		t.Errorf("%q %v", f.Types, err)
	}
}

func TestWhatIsTakenOutCanBePutBack(t *testing.T) {
	v := &daylightv1.Visit{}
	for _, id := range []string{"a", "b"} {
		if err := Assign(v, At("sessions", id, "note"), []string{"in " + id}); err != nil {
			t.Fatal(err)
		}
	}
	before := proto.Clone(v)
	gone := without(v, "sessions", "b")
	if len(v.GetSessions()) != 1 || gone == nil {
		t.Fatalf("%v %q", v, gone)
	}
	if err := with(v, "sessions", gone); err != nil || !proto.Equal(v, before) {
		t.Errorf("%v %v", v, err)
	}
	if without(v, "sessions", "c") != nil || !proto.Equal(v, before) {
		t.Error("something that is not there was taken out")
	}
}

func TestAKeyCanBeAnything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.StringN(1, 20, 80).Draw(rt, "key")
		f := &daylightv1.Facility{}
		if err := Assign(f, At("names", key), []string{"x"}); err != nil || f.GetNames()[key] != "x" {
			rt.Fatalf("%q: %v, %v", key, f.GetNames(), err)
		}
	})
}

func FuzzAPathHarmsNothing(f *testing.F) {
	f.Add("access[ACCESS_RIGHT_EQUIPMENT].rating", "x")
	f.Add("number_affected.exact", "1")
	f.Fuzz(func(t *testing.T, path, typed string) {
		for _, m := range []proto.Message{&daylightv1.Visit{Id: "1"}, &daylightv1.Facility{Id: "1"}} {
			_ = Assign(m, path, []string{typed})
			_, _ = Read(m, path)
			_, _ = ReadSet(m, path)
			if id, _ := Read(m, "id"); id != "1" {
				t.Errorf("%q sets the id", path)
			}
		}
	})
}
