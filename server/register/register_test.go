package register

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

var renew = flag.Bool("renew", false, "write the golden files anew")

// office is what an import meets: places by id.
type office map[string]*daylightv1.Facility

func (o office) existing(id record.ID) (*daylightv1.Facility, error) {
	if f, ok := o[id.String()]; ok {
		return proto.CloneOf(f), nil
	}
	return nil, nil
}

func read(t *testing.T, text string, o Options) *Register {
	t.Helper()
	if o.Source == "" {
		o.Source = "test"
	}
	g, err := Read(strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// take plans an import of text and saves it.
func (o office) take(t *testing.T, text string) *Plan {
	t.Helper()
	p, err := read(t, text, Options{}).Plan(o.existing)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Save {
		if err := record.Validate(f); err != nil {
			t.Fatalf("a place that cannot be stored: %v", err)
		}
		o[f.GetId()] = f
	}
	return p
}

func counts(p *Plan) string {
	return fmt.Sprintf("%d new, %d changed, %d same, %d rejected", p.New, p.Changed, p.Same, p.Rejected)
}

// What becomes of the small dirty files is written out whole, to be read.
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.csv")
	if len(files) == 0 {
		t.Fatal("no files")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := describe(t, string(text))
			golden := strings.TrimSuffix(file, ".csv") + ".golden"
			if *renew {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || got != string(want) {
				t.Errorf("%s differs (%v); read it, then renew with -renew. Got:\n%s", golden, err, got)
			}
		})
	}
}

func describe(t *testing.T, text string) string {
	o := office{}
	g := read(t, text, Options{})
	p := o.take(t, text)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", g.Mapping, counts(p))
	for _, w := range p.Warnings {
		fmt.Fprintln(&b, w)
	}
	for _, f := range p.Save {
		f = proto.CloneOf(f)
		f.Registers = nil
		text, err := protojson.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var compact bytes.Buffer // protojson varies its spaces on purpose
		if err := json.Compact(&compact, text); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n%s\n", &compact)
	}
	return b.String()
}

func TestTheSameFileAgainChangesNothing(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.csv")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o := office{}
		first := o.take(t, string(text))
		if again := o.take(t, string(text)); len(again.Save) != 0 || again.Same != first.New || again.Rejected != first.Rejected {
			t.Errorf("%s: %s, then %s", file, counts(first), counts(again))
		}
	}
}

const header = "code,name,town,capacity,operator,male\n"

func TestOnlyWhatTheRegisterChangedIsEdited(t *testing.T) {
	for _, c := range []struct {
		shows         string
		before, after string
		edit          func(f *daylightv1.Facility)
		check         func(f *daylightv1.Facility) bool
		told          string
	}{
		{"a person's name stays when the capacity changes", "A,House,Town,10,,", "A,House,Town,20,,",
			func(f *daylightv1.Facility) { f.Names["en"] = "The House" },
			func(f *daylightv1.Facility) bool {
				return f.Names["en"] == "The House" && f.Capacities[0].GetPersons() == 20 && len(f.Capacities) == 1
			}, ""},
		{"a field that only people filled stays", "A,House,Town,10,,", "A,House,New Town,10,,",
			func(f *daylightv1.Facility) { f.Note = proto.String("seen twice") },
			func(f *daylightv1.Facility) bool { return f.GetNote() == "seen twice" && f.GetTown() == "New Town" }, ""},
		{"a value that both changed is the register's, and told", "A,House,Town,10,Firm,", "A,House,Town,10,Other,",
			func(f *daylightv1.Facility) { f.Operator = proto.String("Nobody") },
			func(f *daylightv1.Facility) bool { return f.GetOperator() == "Other" }, "operator"},
		{"a value that both changed alike is no matter", "A,House,Town,10,Firm,", "A,House,Town,10,Other,",
			func(f *daylightv1.Facility) { f.Operator = proto.String("Other") },
			func(f *daylightv1.Facility) bool { return f.GetOperator() == "Other" }, ""},
		{"a value that the register drops goes", "A,House,Town,10,Firm,1", "A,House,Town,,,",
			func(f *daylightv1.Facility) {},
			func(f *daylightv1.Facility) bool {
				return f.Operator == nil && len(f.Capacities) == 0 && len(f.SexesHeld) == 0
			}, ""},
		{"but not what a person made of it", "A,House,Town,10,Firm,", "A,House,Town,,,",
			func(f *daylightv1.Facility) {
				f.Operator, f.Capacities[0].Persons = proto.String("Nobody"), proto.Uint32(11)
			},
			func(f *daylightv1.Facility) bool {
				return f.GetOperator() == "Nobody" && f.Capacities[0].GetPersons() == 11
			}, ""},
		{"a name that the register drops goes", "A,House,Town,10,,", "A,,Town,10,,",
			func(f *daylightv1.Facility) {},
			func(f *daylightv1.Facility) bool { return len(f.Names) == 0 }, "name"},
		{"a changed name stays when the register drops it", "A,House,Town,10,,", "A,,Town,10,,",
			func(f *daylightv1.Facility) { f.Names["en"] = "The House" },
			func(f *daylightv1.Facility) bool { return f.Names["en"] == "The House" }, "name"},
		{"a person's own count stands beside the register's", "A,House,Town,10,,", "A,House,Town,20,,",
			func(f *daylightv1.Facility) {
				f.Capacities = append(f.Capacities, &daylightv1.Capacity{Id: "0190a6e2-7c1b-7000-8000-000000000001", Persons: proto.Uint32(7)})
			},
			func(f *daylightv1.Facility) bool {
				return len(f.Capacities) == 2 && f.Capacities[0].GetPersons() == 20 && f.Capacities[1].GetPersons() == 7
			}, ""},
	} {
		t.Run(c.shows, func(t *testing.T) {
			o := office{}
			o.take(t, header+c.before)
			for _, f := range o {
				c.edit(f)
			}
			p := o.take(t, header+c.after)
			if len(o) != 1 || p.Changed != 1 || !c.check(p.Save[0]) {
				t.Errorf("%s: %v", counts(p), p.Save)
			}
			if told := fmt.Sprint(p.Warnings); (c.told == "") != (len(p.Warnings) == 0) || !strings.Contains(told, c.told) {
				t.Errorf("told %s", told)
			}
			if again := o.take(t, header+c.after); again.Same != 1 {
				t.Errorf("again: %s", counts(again))
			}
		})
	}
}

// However a code comes, goes or is repeated between two imports: one house stays
// one place.
func TestOneHouseStaysOnePlace(t *testing.T) {
	const plain, coded, other = ",House,Town,10,,\n", "A,House,Town,10,,\n", "A,Other,Away,5,,\n"
	for _, c := range []struct {
		shows    string
		files    []string
		places   int
		rejected int
	}{
		{"it gets a code", []string{plain, coded, coded}, 1, 0},
		{"its name changes", []string{coded, "A,Renamed,Town,10,,\n"}, 1, 0},
		{"its code is given to another as well", []string{coded, coded + other, other + coded}, 2, 0},
		{"its code was repeated and is no more", []string{coded + other, coded}, 2, 0},
		{"spelled in another way", []string{plain, ", HOUSE ,town,10,,\n"}, 1, 0},
		{"two alike without a code", []string{plain + ",House,Town,20,,\n"}, 0, 2},
		{"two that are equal", []string{plain + plain}, 1, 0},
		{"two alike, each with its own code", []string{coded + "B,House,Town,10,,\n"}, 2, 0},
	} {
		t.Run(c.shows, func(t *testing.T) {
			o := office{}
			var p *Plan
			for _, text := range c.files {
				p = o.take(t, header+text)
			}
			if len(o) != c.places || p.Rejected != c.rejected {
				t.Errorf("%d places, %s: %v", len(o), counts(p), p.Warnings)
			}
		})
	}
}

func TestARemovedPlaceStaysRemoved(t *testing.T) {
	o := office{}
	o.take(t, header+"A,House,Town,10,,")
	for _, f := range o {
		f.Removed = &daylightv1.Removed{}
	}
	if p := o.take(t, header+"A,House,Town,20,,"); len(p.Save) != 0 || len(p.Warnings) != 1 {
		t.Errorf("%s: %v", counts(p), p.Warnings)
	}
}

// An id once given is for ever: these must never change.
func TestIDsHangOnTheKeyAlone(t *testing.T) {
	for want, k := range map[string]key{
		"e33d14d1-7472-5f32-9eed-3b706d4f8355": codeKey("prison-register", "A-1"),
		"345a0a36-7eed-5c7f-ab6a-64f91d278087": plainKey("prison-register", "north", " Open  HOUSE", "CORRAN", "camp"),
	} {
		if got := k.place().String(); got != want {
			t.Errorf("%q has the id %s and had %s", k, got, want)
		}
	}
	if codeKey("a", "b").place() == codeKey("b", "a").place() || codeKey("a", "b").element() == codeKey("a", "b").capacity() {
		t.Error("two things have one id")
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for _, c := range []struct{ shows, text, says string }{
		{"empty", "", "no rows"},
		{"header alone", "code,name\n", "no rows"},
		{"another encoding", "code,name\n1,\xcf\xf0\xe8\xe2\xe5\xf2\n", "line 2 is not UTF-8"},
		{"a workbook that is cut off", "PK\x03\x04rest", "damaged"},
		{"a NUL", "code,name\n1,a\x00b\n", "line 2 holds a NUL"},
		{"no name and no code", "colour,size\nred,1\n", "--map"},
		{"a quote that never ends", "code,name\n1,\"open" + strings.Repeat("\n2,x", 30), "line 2: a quotation mark"},
	} {
		t.Run(c.shows, func(t *testing.T) {
			if _, err := Read(strings.NewReader(c.text), Options{Source: "test"}); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestMapGoesBeforeTheGuess(t *testing.T) {
	g := read(t, "Ref,Label,capacity\nA,House,9\n", Options{Language: "uk", Types: map[string]string{"x": "Y"},
		Map: map[string]Field{"ref": Ignore, "LABEL": Name, "capacity": Population}})
	f := g.Rows[0].place
	if f.Code != nil || f.Names["uk"] != "House" || len(f.Capacities) != 0 || f.Population[0].GetPersons() != 9 {
		t.Errorf("got %v", f)
	}
	if _, err := Read(strings.NewReader("a,name\n1,2\n"), Options{Map: map[string]Field{"nmae": Name}}); err == nil || !strings.Contains(err.Error(), `no column "nmae"`) {
		t.Errorf("a column that is not there: %v", err)
	}
	if _, err := ParseField("colour"); err == nil {
		t.Error("colour is taken for a field")
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"1999": "1999", "1999-03": "1999-03", "1999-03-05": "1999-03-05", "1999-02-30": "", "0000-01-01": "", "9999-12-31": "",
		"5.3.1999": "1999-03-05", "31/12/1999": "1999-12-31", "12/31/1999": "1999-12-31", "5/3/1999": "1999", "5/5/1999": "1999-05-05",
		"36224": "1999-03-05", "5 March 1999": "1999-03-05", "1999-03-05T00:00:00Z": "1999-03-05", "99": "", "soon": "", "32.1.1999": "",
	} {
		if got, _ := date(in); got != want {
			t.Errorf("%q is read as %q, not %q", in, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	for in, want := range map[string]int{
		"0": 0, "1234": 1234, "1 234": 1234, "1,234": 1234, "1\u00a0234": 1234, "12.0": 12, "4294967295": 4294967295,
		"": -1, "-5": -1, "1,5": -1, "12,34": -1, "about 5": -1, "12-Jun": -1, "4294967296": -1, "1e3": -1, "1.234": -1,
	} {
		n, ok := count(in)
		if ok != (want >= 0) || ok && int(n) != want {
			t.Errorf("%q is read as %d, %v", in, n, ok)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"code,name\n1,a\n", "\xef\xbb\xbfcode;name\r\n\"1\";\"a\"\"b\"", "name\tlat\tlong\nx\t1\t2\n", header + "A,House,Town,10,,\nA,House,Town,20,,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, err := Read(strings.NewReader(text), Options{Source: "fuzz"})
		if err != nil {
			return
		}
		o := office{}
		for round := range 2 {
			p, err := g.Plan(o.existing)
			if err != nil {
				t.Fatal(err)
			}
			if round == 1 && len(p.Save) != 0 {
				t.Fatalf("the second import saves %v", p.Save)
			}
			for _, f := range p.Save {
				if err := record.Validate(f); err != nil {
					t.Fatalf("%v cannot be stored: %v", f, err)
				}
				o[f.GetId()] = f
			}
		}
	})
}
