package xlsform_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func written(t testing.TB, c *daylightv1.Checklist) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := xlsform.Write(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// whole is a form with everything in it.
func whole(t testing.TB) xlsform.Tables {
	tables := form(t, `
type                     | name  | label::English (en) | label::Klingon | hint::en | guidance_hint::en | required | required_message::en | relevant | constraint | constraint_message::en | calculation | trigger | default | read_only | choice_filter | appearance | parameters | repeat_count | topic | standard | method | state_of | suggest
begin group              | g     | Part              | K  |   |   |   |   |   |   |   |   |   |   |   |   | field-list
text                     | name  | Name\nin full     | K2 | H | G | yes | Say it | true() | regex(., '^a$') | M | | | =1+1 | | | multiline
begin repeat             | rooms | Rooms of ${name}  |    |   |   |   |   |   |   |   |   |   |   |   |   |   |   | ${n}
text                     | name  | Room
select_multiple l        | l     | L                 |    |   |   |   |   |   |   |   |   |   |   |   | floor = '1' | minimal | randomize=true
end repeat
end group
integer                  | n     | N                 |    |   |   |   |   |   | . > 0 | | | | 3 | | | | | | MAT.SPACE | NMR-10;CPT-2 | document | | . > 4
select_one why           | why   | Why?              |    |   |   |   |   |   |   |   |   |   |   |   |   |   |   |   |   |   |   | n
calculate                | twice |                   |    |   |   |   |   |   |   |   | ${n} * 2 | ${n}
range                    | r     | R                 |    |   |   |   |   |   |   |   |   |   |   |   |   |   | start=1 end=5 step=0.5
select_one_from_file trees.csv | tree | Tree
image                    | pic   | Picture
select_one l or_other    | o     | O`, `
list_name | name       | label::English (en) | label::Klingon | floor | retired
l         | a          | A                   | KA             | 1
l         | b          | =B()                |                | 2     | yes
why       | not_asked  | 1
why       | refused    | 2
why       | not_applicable | 3
why       | not_allowed_in | 4
why       | not_known  | 5`, `
form_title | form_title::Russian (ru) | form_id | version  | default_language | place_types | style | instance_name
Whole      | Всё                      | whole   | 2026-1.b | English (en)     | A.B C       | pages | concat(${n}, 'x')`)
	return tables
}

func TestWhatGoesOutComesBackTheSame(t *testing.T) {
	for name, tables := range map[string]xlsform.Tables{
		"whole":                            whole(t),
		"same names":                       form(t, "type|name|label\ntext|x|X\nbegin group|g|G\ntext|x|X ${x}\nbegin repeat|x2|Y\ntext|x|X\nend repeat\nend group", "", settled),
		"no labels":                        form(t, "type|name\ncalculate|x", "", ""),
		"label and another language":       form(t, "type|name|label|label::fr\ntext|x|X|Y", "list_name|name|label|label::fr\nl|a|A|B", ""),
		"und beside a language of its own": form(t, "type|name|label::und|label::fr\ntext|x|X|Y", "", "default_language\nfr"),
		"duplicates":                       form(t, "type|name|label|choice_filter\nselect_one l|x|X|f = '1'", "list_name|name|label|f\nl|a|A|1\nl|a|A|2\nl|a/2|A|3\nl|a|A|4", "allow_choice_duplicates\nyes"),
		"loop":                             form(t, "type|name|label\nbegin loop over l|x|X\ntext|y|%(label)s\nend loop", "list_name|name|label\nl|a|A\nl|b|B", ""),
	} {
		t.Run(name, func(t *testing.T) {
			c := taken(t, tables).Checklist
			comesBack(t, c)
		})
	}
}

func comesBack(t testing.TB, c *daylightv1.Checklist) {
	t.Helper()
	out := read(t, "back.xlsx", written(t, c))
	if out.Refused() {
		t.Fatalf("refused:\n%s", lines(out.Remarks))
	}
	if !proto.Equal(c, out.Checklist) {
		t.Fatal(difference(c, out.Checklist))
	}
}

// difference is the first line in which two differ, with what stands before it.
func difference(a, b *daylightv1.Checklist) string {
	x, y := strings.Split(protojson.Format(a), "\n"), strings.Split(protojson.Format(b), "\n")
	for i := range x {
		if i >= len(y) || strings.Join(strings.Fields(x[i]), " ") != strings.Join(strings.Fields(y[i]), " ") {
			return fmt.Sprintf("%s\nout:  %s\nback: %s", strings.Join(x[max(i-12, 0):i], "\n"), x[i], strings.Join(y[min(i, len(y)):min(i+1, len(y))], ""))
		}
	}
	return "more comes back"
}

// The shipped forms go out to be changed, and come back as they are.
func TestShippedFormsComeBackTheSame(t *testing.T) {
	for _, c := range checklist.Shipped() {
		plain := proto.Clone(c).(*daylightv1.Checklist)
		plain.Shipped = nil
		slices.Sort(plain.PlaceTypes)
		comesBack(t, plain)
	}
}

// Other tools take cells for what they are: text, never a formula; heads stay in view.
func TestWrittenWorkbookIsPlain(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, taken(t, whole(t)).Checklist)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"survey", "choices", "settings"}) {
		t.Fatal(got)
	}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil || len(rows) < 2 {
			t.Fatal(sheet, rows, err)
		}
		for i, row := range rows {
			for j := range row {
				at, _ := excelize.CoordinatesToCellName(j+1, i+1)
				formula, err := f.GetCellFormula(sheet, at)
				kind, err2 := f.GetCellType(sheet, at)
				if err != nil || err2 != nil || formula != "" || row[j] != "" && kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
					t.Errorf("%s %s: %v %q %v %v", sheet, at, kind, formula, err, err2)
				}
			}
		}
		if panes, err := f.GetPanes(sheet); err != nil || !panes.Freeze {
			t.Errorf("%s: the head does not stay in view", sheet)
		}
	}
	rows, _ := f.GetRows("survey")
	if !slices.Equal(rows[0][:4], []string{"type", "name", "label::English (en)", "label::x-klingon (x-klingon)"}) {
		t.Fatal(rows[0])
	}
	var types []string
	for _, r := range rows[1:] {
		types = append(types, r[0])
	}
	if !slices.Equal(types[:7], []string{"begin_group", "text", "begin_repeat", "text", "select_multiple l", "end_repeat", "end_group"}) || !slices.Contains(types, "select_one_from_file trees.csv") {
		t.Fatal(types)
	}
}

// made draws a checklist as Read makes them: any tree of groups, any texts in any
// languages, any columns.
func made(t *rapid.T) *daylightv1.Checklist {
	str := func(s string) *string { return &s }
	text := rapid.StringMatching(`[A-Za-zÀ-ÿа-яЁё=+'",;:&<>()\[\]{}_x0-9\-][ -~\nء-ي]{0,12}[a-zа-я0-9.?]`)
	maybe := func(name string, g *rapid.Generator[string]) *string {
		if rapid.Bool().Draw(t, name) {
			return str(g.Draw(t, name))
		}
		return nil
	}
	tags := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"en", "ru", "uk", "tk", "ar", "fr", "zh-Hant", "x-abc"}), 1, 4, rapid.ID).Draw(t, "languages")
	slices.Sort(tags)
	texts := func(name string) (out []*daylightv1.LocalText) {
		for _, tag := range tags {
			if s := maybe(name+tag, text); s != nil && !strings.Contains(*s, "${") && strings.TrimSpace(*s) == *s {
				out = append(out, &daylightv1.LocalText{Language: tag, Text: s})
			}
		}
		return out
	}
	c := &daylightv1.Checklist{Languages: tags, DefaultLanguage: str(tags[0]), Titles: map[string]string{tags[0]: "T", "sw": "Jina"}, Code: str("f"), Version: str("1"), PlaceTypes: []string{"A", "B"}}
	c.Settings = []*daylightv1.ChecklistSetting{{Name: "style", Value: str("pages")}}
	lists := rapid.IntRange(0, 3).Draw(t, "lists")
	for l := range lists {
		for n := range rapid.IntRange(1, 4).Draw(t, "choices") {
			x := &daylightv1.ChecklistChoice{Key: fmt.Sprintf("l%d/c%d", l, n), Labels: texts("choice"), Order: proto.Uint32(uint32(len(c.Choices) + 1))}
			if s := maybe("attribute", rapid.StringMatching(`[a-z=+]{1,5}`)); s != nil {
				x.Attributes = []*daylightv1.ChecklistAttribute{{Name: "kind of it", Value: s}}
			}
			if rapid.Bool().Draw(t, "retired") {
				x.Retired = proto.Bool(true)
			}
			c.Choices = append(c.Choices, x)
		}
	}
	var grow func(parent *string, depth, n int)
	grow = func(parent *string, depth, n int) {
		for range n {
			kind := rapid.SampledFrom([]string{"text", "integer", "date", "note", "geopoint", "image", "begin_group", "begin_repeat", "select_one", "select_multiple", "rank", "hidden", "today"}).Draw(t, "type")
			q := &daylightv1.ChecklistQuestion{Name: fmt.Sprintf("q.%d", len(c.Questions)), Parent: parent, Type: &kind, Order: proto.Uint32(uint32(len(c.Questions) + 1)), Labels: texts("label"), Hints: texts("hint"), Guidance: texts("guidance")}
			if strings.HasPrefix(kind, "select") || kind == "rank" {
				if lists == 0 {
					continue
				}
				q.List = str(fmt.Sprintf("l%d", rapid.IntRange(0, lists-1).Draw(t, "list")))
			}
			q.Relevant = maybe("relevant", rapid.SampledFrom([]string{"1 = 1", "true()", "${q.0} != 'a  b'"}))
			if len(c.Questions) == 0 {
				q.Relevant = nil
			}
			q.Appearance = maybe("appearance", rapid.SampledFrom([]string{"minimal", "w1 horizontal"}))
			q.Topic = maybe("topic", rapid.SampledFrom([]string{"MAT.SPACE", "COOP.ACCESS"}))
			q.Method = maybe("method", rapid.SampledFrom([]string{"document"}))
			q.Required = maybe("required", rapid.SampledFrom([]string{"yes", "1 = 1"}))
			c.Questions = append(c.Questions, q)
			if strings.HasPrefix(kind, "begin") && depth < 5 {
				grow(&q.Name, depth+1, rapid.IntRange(0, 3).Draw(t, "inside"))
			}
		}
	}
	grow(nil, 0, rapid.IntRange(1, 6).Draw(t, "questions"))
	c.Rows = proto.Uint32(uint32(len(c.Questions) + len(c.Choices)))
	c.Id = checklist.FormID("f", "1").String()
	return c
}

func TestAnyChecklistComesBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := made(t)
		var out bytes.Buffer
		if err := xlsform.Write(&out, c); err != nil {
			t.Fatal(err)
		}
		back, err := xlsform.Read("back.xlsx", &out, 0)
		if err != nil {
			t.Fatal(err)
		}
		if back.Refused() {
			t.Fatalf("%s\n%s", lines(back.Remarks), protojson.Format(c))
		}
		if !proto.Equal(c, back.Checklist) {
			t.Fatal(difference(c, back.Checklist))
		}
	})
}
