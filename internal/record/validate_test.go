package record_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestValidateNamesTheFieldAndSaysWhatToDo(t *testing.T) {
	visit := func(change func(*daylightv1.Visit)) record.Message { v := aVisit(); change(v); return v }
	finding := func(change func(*daylightv1.Finding)) record.Message { f := aFinding(); change(f); return f }
	place := func(l *daylightv1.Coordinates) record.Message { return &daylightv1.Facility{Id: anID, Location: l} }
	for name, c := range map[string]struct {
		msg   record.Message
		field string
	}{
		"no id":                {&daylightv1.Visit{}, "id"},
		"an id in capitals":    {visit(func(v *daylightv1.Visit) { v.Id = strings.ToUpper(anID) }), "id"},
		"half a character":     {finding(func(f *daylightv1.Finding) { f.Narrative = proto.String("\xed\xa0\x80") }), "narrative"},
		"a NUL":                {finding(func(f *daylightv1.Finding) { f.Title = proto.String("a\x00b") }), "title"},
		"a bad date":           {visit(func(v *daylightv1.Visit) { v.PlannedStart = proto.String("24.11.2026") }), "planned_start"},
		"a time within":        {visit(func(v *daylightv1.Visit) { v.Sessions[0].LeftAt = proto.String("noon") }), "sessions[1].left_at"},
		"a bad code":           {finding(func(f *daylightv1.Finding) { f.Standards = []string{"NMR-1", "NMR 2"} }), "standards[2]"},
		"a reference":          {finding(func(f *daylightv1.Finding) { f.RepeatsId = proto.String("the one before") }), "repeats_id"},
		"an element's id":      {visit(func(v *daylightv1.Visit) { v.Sessions[0].Id = "first" }), "sessions[1].id"},
		"no key":               {visit(func(v *daylightv1.Visit) { v.Sessions[0].Id = "" }), "sessions"},
		"the key 0":            {visit(func(v *daylightv1.Visit) { v.Access[0].Right = 0 }), "access"},
		"a key twice":          {visit(func(v *daylightv1.Visit) { v.Access = append(v.Access, v.Access[0]) }), "access"},
		"an empty value":       {visit(func(v *daylightv1.Visit) { v.PartnerBodies = []string{""} }), "partner_bodies"},
		"a map without key":    {&daylightv1.Facility{Id: anID, Names: map[string]string{"": "x"}}, "names"},
		"a map's bad text":     {&daylightv1.Facility{Id: anID, Names: map[string]string{"en": "x", "ru": "\xff"}}, "names[ru]"},
		"beyond the pole":      {place(&daylightv1.Coordinates{Latitude: proto.Float64(90.1)}), "location.latitude"},
		"beyond the date line": {place(&daylightv1.Coordinates{Longitude: proto.Float64(-181)}), "location.longitude"},
		"no number":            {place(&daylightv1.Coordinates{Latitude: proto.Float64(math.NaN())}), "location.latitude"},
		"a negative precision": {place(&daylightv1.Coordinates{PrecisionM: proto.Float64(-1)}), "location.precision_m"},
		"a field too large":    {finding(func(f *daylightv1.Finding) { f.Narrative = proto.String(strings.Repeat("x", record.MaxField+1)) }), "narrative"},
	} {
		t.Run(name, func(t *testing.T) {
			var problem *record.Problem
			if err := record.Validate(c.msg); !errors.As(err, &problem) {
				t.Fatalf("got %v", err)
			}
			if problem.Field != c.field {
				t.Errorf("names %q, want %q", problem.Field, c.field)
			}
			if problem.Text == "" || problem.Hint == "" || strings.Contains(problem.Error(), "\n") {
				t.Errorf("says %q", problem.Error())
			}
			if problem.TooLarge != (name == "a field too large") {
				t.Errorf("too large: %v", problem.TooLarge)
			}
		})
	}
}

// Diff needs the keys and the encoding, whether Validate was asked or not.
func TestDiffRefusesWhatItCannotTakeApart(t *testing.T) {
	twice := aVisit()
	twice.Access = append(twice.Access, twice.Access[0])
	for name, m := range map[string]record.Message{
		"no id":            &daylightv1.Visit{},
		"a key twice":      twice,
		"no key":           &daylightv1.Visit{Id: anID, Sessions: []*daylightv1.VisitSession{{}}},
		"half a character": &daylightv1.Finding{Id: anID, Title: proto.String("\xed\xa0\x80")},
	} {
		var problem *record.Problem
		if _, err := newDevice(1).diff(m); !errors.As(err, &problem) || problem.Field == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestRecordOfTwoMebibytesIsTooLarge(t *testing.T) {
	v := aVisit()
	for range 17 {
		v.ClosingPoints = append(v.ClosingPoints, &daylightv1.ClosingPoint{Point: proto.String(strings.Repeat("x", 127<<10))})
	}
	if err := record.FillIDs(v, counter()); err != nil {
		t.Fatal(err)
	}
	if err := record.Validate(v); err == nil || !strings.Contains(err.Error(), "2048 KiB") {
		t.Errorf("got %v", err)
	}
}

func TestFormats(t *testing.T) {
	moment := func(s string) error {
		return record.Validate(&daylightv1.Finding{Id: anID, ObservedAt: &s})
	}
	date := func(s string) error { return record.Validate(&daylightv1.Visit{Id: anID, PlannedStart: &s}) }
	code := func(s string) error { return record.Validate(&daylightv1.Finding{Id: anID, Area: &s}) }
	for name, c := range map[string]struct {
		check     func(string) error
		good, bad []string
	}{
		"date": {date,
			[]string{"", "2026", "2026-11", "2026-11-24", "2024-02-29", "1800", "2199-12-31"},
			[]string{"26", "2026-13", "2026-00", "2023-02-29", "2026-11-31", "1799-12-31", "2200", "2026-1", "2026-11-24T10:00Z", "20261124", "+2026", " 2026", "２０２６"}},
		"moment": {moment,
			[]string{"2026-11-24T14:02+05:00", "2026-11-24T14:02:59-03:30", "2026-11-24T14:02Z", "2026-11-24T00:00+18:00", "2026-11-24T00:00-18:00", "2026-11-24", "2026"},
			[]string{"2026-11-24T14:02", "2026-11-24T4:02+05:00", "2026-11-24T24:00Z", "2026-11-24T14:60Z", "2026-11-24T14:02:60Z", "2026-11-24T14:02+18:01",
				"2026-11-24T14:02+19:00", "2026-11-24T14:02+05:60", "2026-11-24T14:02:03.5Z", "2026-11-24T14:02:03,5Z", "2026-11-24T14:02+0500", "2026-11-24 14:02Z", "2026-02-30T14:02Z", "1799-01-01T00:00Z"}},
		"code": {code, []string{"MAT", "MAT.SPACE", "a/b-c_d9"}, []string{"MAT SPACE", "МАТ", "a,b", "a\n"}},
	} {
		for _, s := range c.good {
			if err := c.check(s); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, s := range c.bad {
			if err := c.check(s); err == nil {
				t.Errorf("%s: %q passes", name, s)
			}
		}
	}
}

// counter gives the ids ...0001, ...0002 and so on.
func counter() func(record.Kind) record.ID {
	var id record.ID
	return func(record.Kind) record.ID { id[15]++; return id }
}

func TestFillIDsGivesOnesToWhatHasNone(t *testing.T) {
	v := aVisit()
	v.Id = ""
	v.Sessions = append(v.Sessions, &daylightv1.VisitSession{Note: proto.String("new")})
	if err := record.FillIDs(v, counter()); err != nil {
		t.Fatal(err)
	}
	if v.Id != "00000000-0000-0000-0000-000000000001" || v.Sessions[0].Id != anotherID || v.Sessions[1].Id != "00000000-0000-0000-0000-000000000002" {
		t.Errorf("got %v", v)
	}
	if err := record.Validate(v); err != nil {
		t.Error(err)
	}
}

func TestReferencesNameKindAndPlace(t *testing.T) {
	f := aFinding()
	f.Contradicts = []string{thirdID, "no id"}
	got := record.References(f)
	want := []record.Reference{
		{Field: "visit_id", Kind: record.Visit, ID: parseID(t, anotherID)},
		{Field: "contradicts[1]", Kind: record.Finding, ID: parseID(t, thirdID)},
	}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestElementsAreShownInTheirOrder(t *testing.T) {
	v := aVisit()
	v.Sessions = []*daylightv1.VisitSession{
		{Id: anID}, {Id: anotherID, Order: proto.Uint32(2)}, {Id: thirdID, Order: proto.Uint32(1)},
	}
	d := newDevice(1)
	d.save(t, v)
	var got []string
	for _, s := range d.visit(t).Sessions {
		got = append(got, s.Id[35:])
	}
	if strings.Join(got, "") != "321" {
		t.Errorf("got %v: first by position, then those without", got)
	}
}

func TestKinds(t *testing.T) {
	for _, k := range record.Kinds() {
		again, err := record.ParseKind(k.String())
		if got, err2 := record.KindOf(record.New(k)); err != nil || err2 != nil || again != k || got != k || !k.Valid() {
			t.Errorf("%v: %v %v, %v %v", k, again, err, got, err2)
		}
		if _, ok := record.RuleOf(k, 2); ok {
			t.Errorf("%v: seen has a rule", k)
		}
		if r, ok := record.RuleOf(k, 1); !ok || r != record.Fixed {
			t.Errorf("%v: the id's rule is %v", k, r)
		}
	}
	if record.New(0) != nil || record.Kind(77).Valid() || record.Fields(77) != nil {
		t.Error("a kind that is none")
	}
	if _, err := record.Show(77, record.ID{}, newDevice(1).state, record.Naming{}); err == nil {
		t.Error("shown as a kind that is none")
	}
}

var sink []byte

// benchDevice holds a finding with a narrative of 400 bytes.
func benchDevice(b *testing.B) (*device, *daylightv1.Finding) {
	d := newDevice(1)
	f := aFinding()
	f.Narrative = proto.String(strings.Repeat("The window is closed. ", 19)[:400])
	d.save(b, f)
	f = d.finding(b)
	f.Narrative = proto.String(*f.Narrative + "x")
	b.ReportAllocs()
	return d, f
}

func BenchmarkShow(b *testing.B) {
	d, _ := benchDevice(b)
	for b.Loop() {
		sink = d.finding(b).Seen
	}
}

func BenchmarkDiff(b *testing.B) {
	d, f := benchDevice(b)
	for b.Loop() {
		if edits, err := d.diff(f); err != nil || len(edits) != 1 {
			b.Fatal(edits, err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	_, f := benchDevice(b)
	for b.Loop() {
		if err := record.Validate(f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckEdits(b *testing.B) {
	d := newDevice(1)
	edits := d.save(b, aFinding())
	edits = append(edits, edit(900, protowire.AppendVarint(protowire.AppendTag(nil, 900, protowire.VarintType), 1)))
	b.ReportAllocs()
	for b.Loop() {
		if err := record.CheckEdits(record.Finding, edits); err != nil {
			b.Fatal(err)
		}
	}
}
