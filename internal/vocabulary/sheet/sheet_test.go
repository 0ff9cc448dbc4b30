package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	"github.com/daylight-npm/daylight/internal/vocabulary/sheet"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	firstID  = "01970000-0000-7000-8000-000000000001"
	secondID = "01970000-0000-7000-8000-000000000002"
)

// written is a set as XLSX, after change has been at its cells.
func written(t testing.TB, s *vocabulary.Set, change func(f *excelize.File)) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := sheet.Write(&out, s); err != nil {
		t.Fatal(err)
	}
	if change == nil {
		return out.Bytes()
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	change(f)
	out.Reset()
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// few is a set as XLSX with only those rows that a story is about.
func few(t testing.TB, s *vocabulary.Set, change func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for _, name := range []string{sheet.Terms, sheet.Standards} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := sheet.WriteCSV(&text, s, name); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text.Bytes(), []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for i, r := range rows {
			if i > 0 && !slices.Contains([]string{"SEX", "FINDING_AREA", "PLACE_GROUP"}, r[0]) && !matches(r, []string{"MAT.LIGHT"}) && !matches(r, []string{"MAT.WATER"}) &&
				!slices.Contains([]string{"TM_LABOUR", "SOC_INFANT", "POL_IVS"}, r[2]) && !slices.Contains([]string{"NMR-44", "NMR-15", "TKM-PEC-107"}, r[0]) {
				continue
			}
			at++
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", at), &r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	change(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func compare(s *vocabulary.Set, data []byte) (*sheet.Plan, error) {
	b, err := sheet.Read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return b.Compare(s)
}

// at finds the cell of a row, which begins with the words, in a named column.
func at(t testing.TB, f *excelize.File, name, column string, begins ...string) string {
	t.Helper()
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if i > 0 && matches(r, begins) {
			cell, err := excelize.CoordinatesToCellName(slices.Index(rows[0], column)+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			return cell
		}
	}
	t.Fatalf("there is no row %q", begins)
	return ""
}

func matches(row, words []string) bool {
	for _, w := range words {
		if !slices.Contains(row, w) {
			return false
		}
	}
	return true
}

func set(t testing.TB, f *excelize.File, name, cell, text string) {
	t.Helper()
	if err := f.SetCellStr(name, cell, text); err != nil {
		t.Fatal(err)
	}
}

// office is a set with something of everything.
func office() *vocabulary.Set {
	light := vocabulary.Shipped().TermRecord("FINDING_TOPIC", "MAT.LIGHT")
	light.Labels, light.Reviewed, light.Seen = map[string]string{"ru": "Свет в камерах", "ky": "Жарык"}, []string{"ru"}, []byte("seen")
	own := &daylightv1.Term{
		Id: firstID, List: proto.String("PLACE_TYPE"), Code: proto.String("TM_LABOUR"), Number: proto.Uint32(100000),
		Parent: proto.String("PENAL"), Labels: map[string]string{"en": "=HYPERLINK(\"http://x\")", "ru": "'+1 @ _x0041_", "uk": " two\nlines "},
		Hidden: proto.Bool(true), RetiredOn: proto.String("2027-01"),
	}
	law := &daylightv1.Standard{
		Id: secondID, Ref: proto.String("TKM-PEC-107"), Instrument: proto.String("TKM-PEC"), Provision: proto.String("107"),
		InstrumentName: proto.String("Penal Executive Code"), Topics: []string{"DISC.SOLITARY"}, Titles: map[string]string{"tk": "Ýeke"},
	}
	return vocabulary.New([]*daylightv1.Term{light, own}, []*daylightv1.Standard{law})
}

func TestWhatComesBackAsItWasWrittenChangesNothing(t *testing.T) {
	for name, s := range map[string]*vocabulary.Set{"shipped": vocabulary.Shipped(), "an office": office()} {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{"xlsx": written(t, s, nil)}
			for _, of := range []string{sheet.Terms, sheet.Standards} {
				var out bytes.Buffer
				if err := sheet.WriteCSV(&out, s, of); err != nil {
					t.Fatal(err)
				}
				files[of] = out.Bytes()
			}
			for kind, data := range files {
				p, err := compare(s, data)
				if err != nil || len(p.Save) != 0 || len(p.Changes) != 0 || p.Rows < 390 {
					t.Errorf("%s: %+v %v", kind, p, err)
				}
			}
		})
	}
}

func TestNothingIsEverAFormula(t *testing.T) {
	s := office()
	f, err := excelize.OpenReader(bytes.NewReader(written(t, s, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cell := at(t, f, sheet.Terms, "en", "TM_LABOUR")
	if text, _ := f.GetCellValue(sheet.Terms, cell); text != `=HYPERLINK("http://x")` {
		t.Errorf("it says %q", text)
	}
	if formula, _ := f.GetCellFormula(sheet.Terms, cell); formula != "" {
		t.Errorf("it is the formula %q", formula)
	}
	if kind, _ := f.GetCellType(sheet.Terms, cell); kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
		t.Errorf("its type is %d", kind)
	}
	var out bytes.Buffer
	if err := sheet.WriteCSV(&out, s, sheet.Terms); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"'=HYPERLINK(""http://x"")"`, "''+1 @ _x0041_"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %s", want)
		}
	}
}

func TestTheHeadStaysInView(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, vocabulary.Shipped(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, name := range []string{sheet.Terms, sheet.Standards} {
		if panes, err := f.GetPanes(name); err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: %+v %v", name, panes, err)
		}
	}
	rows, _ := f.GetRows(sheet.Terms)
	want := "list number code en ru uk tk ar reviewed_en reviewed_ru reviewed_uk reviewed_tk reviewed_ar parent hidden retired_on"
	if got := strings.Join(rows[0], " "); got != want {
		t.Errorf("the columns are %s", got)
	}
}

func TestWhatATranslatorChanges(t *testing.T) {
	s := office()
	data := few(t, s, func(f *excelize.File) {
		set(t, f, sheet.Terms, at(t, f, sheet.Terms, "tk", "FINDING_AREA", "TREAT"), "Garaýyş")
		set(t, f, sheet.Terms, at(t, f, sheet.Terms, "reviewed_tk", "FINDING_AREA", "TREAT"), "YES")
		set(t, f, sheet.Terms, at(t, f, sheet.Terms, "ru", "FINDING_TOPIC", "MAT.LIGHT"), "")
		set(t, f, sheet.Terms, at(t, f, sheet.Terms, "en", "FINDING_TOPIC", "MAT.WATER"), "")
		set(t, f, sheet.Terms, at(t, f, sheet.Terms, "hidden", "PLACE_TYPE", "TM_LABOUR"), "no")
		set(t, f, sheet.Terms, at(t, f, sheet.Terms, "retired_on", "PLACE_TYPE", "TM_LABOUR"), "")
		set(t, f, sheet.Terms, at(t, f, sheet.Terms, "parent", "PLACE_TYPE", "SOC_INFANT"), "HEALTH")
		set(t, f, sheet.Standards, at(t, f, sheet.Standards, "ru", "NMR-44"), "Одиночное заключение")
		set(t, f, sheet.Standards, at(t, f, sheet.Standards, "topics", "NMR-15"), "MAT.PRIVACY | MAT.SANITATION|MAT.SPACE")
		set(t, f, sheet.Standards, at(t, f, sheet.Standards, "checked", "NMR-44"), "UNSURE")
		set(t, f, sheet.Standards, at(t, f, sheet.Standards, "binding", "TKM-PEC-107"), "NATIONAL")
		if err := f.SetSheetRow(sheet.Terms, "A900", &[]string{"REGISTER_TYPE", "", "TM_WEAPONS", "Weapons", "Оружие"}); err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow(sheet.Standards, "A900", &[]string{"TKM-PEC-108", "TKM-PEC", "Penal Executive Code", "108", "Visits"}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.NewSheet("notes"); err != nil {
			t.Fatal(err)
		}
	})
	b, err := sheet.Read(bytes.NewReader(data))
	if err != nil || !slices.Equal(b.Ignored, []string{"notes"}) {
		t.Fatalf("%+v %v", b, err)
	}
	p, err := b.Compare(s)
	if err != nil {
		t.Fatal(err)
	}
	if p.Kept != 1 {
		t.Errorf("%d labels are kept", p.Kept)
	}
	byName := map[string]int{}
	for i, c := range p.Changes {
		byName[c.Name] = i + 1
	}
	if len(p.Changes) != 9 {
		t.Fatalf("%d changes: %v", len(p.Changes), p.Changes)
	}
	term := func(name string) *daylightv1.Term {
		if byName[name] == 0 {
			t.Fatalf("%s is not among %v", name, byName)
		}
		return p.Save[byName[name]-1].(*daylightv1.Term)
	}
	if m := term("FINDING_AREA.TREAT"); m.Id != vocabulary.TermID("FINDING_AREA", "TREAT").String() || m.Labels["tk"] != "Garaýyş" || len(m.Labels) != 1 || !slices.Equal(m.Reviewed, []string{"tk"}) || m.GetNumber() != 1 || !m.GetShipped() || m.GetVocabularyVersion() != vocabulary.Version {
		t.Errorf("%v", m)
	}
	if m := term("FINDING_TOPIC.MAT.LIGHT"); len(m.Labels) != 1 || m.Labels["ky"] != "Жарык" || string(m.Seen) != "seen" {
		t.Errorf("%v", m)
	}
	if m := term("PLACE_TYPE.TM_LABOUR"); m.Hidden != nil || m.RetiredOn != nil || m.Id != firstID {
		t.Errorf("%v", m)
	}
	if m := term("PLACE_TYPE.SOC_INFANT"); m.GetParent() != "HEALTH" {
		t.Errorf("%v", m)
	}
	if m := term("REGISTER_TYPE.TM_WEAPONS"); m.Id != "" || m.GetNumber() != 100000 || m.Labels["ru"] != "Оружие" || m.GetShipped() {
		t.Errorf("%v", m)
	}
	if m := p.Save[byName["NMR-44"]-1].(*daylightv1.Standard); m.Titles["ru"] != "Одиночное заключение" || m.GetChecked() != daylightv1.StandardCheck_STANDARD_CHECK_UNSURE || m.Topics != nil {
		t.Errorf("%v", m)
	}
	if m := p.Save[byName["NMR-15"]-1].(*daylightv1.Standard); !slices.Equal(m.Topics, []string{"MAT.PRIVACY", "MAT.SANITATION", "MAT.SPACE"}) {
		t.Errorf("%v", m)
	}
	if m := p.Save[byName["TKM-PEC-108"]-1].(*daylightv1.Standard); m.GetProvision() != "108" || m.Titles["en"] != "Visits" || m.Id != "" {
		t.Errorf("%v", m)
	}
	if got := p.Changes[byName["FINDING_TOPIC.MAT.LIGHT"]-1].String(); got != "FINDING_TOPIC.MAT.LIGHT\n  ru: \"Свет в камерах\" -> \"Естественное и искусственное освещение\"" {
		t.Errorf("it is told as %s", got)
	}
}

func TestTheShippedLabelWrittenBackTakesTheOfficesAway(t *testing.T) {
	row := "FINDING_TOPIC,502,MAT.LIGHT,,Естественное и искусственное освещение,,Ýagtylyk,,,yes\n"
	p, err := compare(office(), []byte(headCSV+row))
	if err != nil || len(p.Save) != 1 {
		t.Fatalf("%+v %v", p, err)
	}
	if m := p.Save[0].(*daylightv1.Term); m.Labels["ru"] != "" || m.Labels["ky"] != "Жарык" {
		t.Errorf("%v", m)
	}
}

// Each file is refused whole, and the problem says where.
func TestWhatIsRefused(t *testing.T) {
	s := office()
	row := func(f *excelize.File, cells ...any) {
		if err := f.SetSheetRow(sheet.Terms, "A900", &cells); err != nil {
			t.Fatal(err)
		}
	}
	for shows, c := range map[string]struct {
		change func(f *excelize.File)
		want   string
	}{
		"a formula": {func(f *excelize.File) {
			if err := f.SetCellFormula(sheet.Terms, "E7", "1+1"); err != nil {
				t.Fatal(err)
			}
		}, "sheet terms, row 7, column E (ru): holds a formula"},
		"a formula in the head": {func(f *excelize.File) {
			if err := f.SetCellFormula(sheet.Standards, "E1", `"en"`); err != nil {
				t.Fatal(err)
			}
		}, "sheet standards, row 1, column E"},
		"a row twice":         {func(f *excelize.File) { row(f, "FINDING_AREA", 1, "TREAT", "Again") }, "sheet terms, row 900, column C (code): FINDING_AREA.TREAT stands in row"},
		"a missing column":    {func(f *excelize.File) { set(t, f, sheet.Terms, "F1", "") }, "sheet terms, row 1: the column uk is missing"},
		"a column twice":      {func(f *excelize.File) { set(t, f, sheet.Terms, "F1", "ru") }, "sheet terms, row 1, column F: the column ru stands here a second time"},
		"a column of no kind": {func(f *excelize.File) { set(t, f, sheet.Terms, "Z1", "remarks of ours") }, `sheet terms, row 1, column Z: "remarks of ours" is no column`},
		"a cell beside":       {func(f *excelize.File) { set(t, f, sheet.Terms, "Z3", "look at this") }, "sheet terms, row 3, column Z: stands in a column without a name"},
		"an unknown list":     {func(f *excelize.File) { row(f, "PLACE_TYP", "", "X", "X") }, `sheet terms, row 900, column A (list): there is no list "PLACE_TYP"`},
		"a code that is none": {func(f *excelize.File) { row(f, "PLACE_TYPE", "", "two words", "X") }, "sheet terms, row 900, column C (code): is not a code"},
		"a changed number": {func(f *excelize.File) {
			set(t, f, sheet.Terms, at(t, f, sheet.Terms, "number", "FINDING_AREA", "TREAT"), "2")
		}, "column B (number): is not the number of FINDING_AREA.TREAT, which is 1"},
		"a number of the shipped ones": {func(f *excelize.File) { row(f, "PLACE_TYPE", 106, "POL_NEW", "X") }, "column B (number): a new term has the number 100001 or a later one"},
		"a value of an enum":           {func(f *excelize.File) { row(f, "FINDING_SEVERITY", "", "AWFUL", "X") }, "column C (code): the list FINDING_SEVERITY drives the program"},
		"a term without label":         {func(f *excelize.File) { row(f, "PLACE_TYPE", "", "POL_NEW") }, "column D (en): a new term needs a label"},
		"maybe reviewed":               {func(f *excelize.File) { set(t, f, sheet.Terms, "J9", "maybe") }, "sheet terms, row 9, column J (reviewed_en): says neither yes nor no"},
		"reviewed, and empty": {func(f *excelize.File) {
			set(t, f, sheet.Terms, at(t, f, sheet.Terms, "reviewed_tk", "FINDING_AREA", "TREAT"), "yes")
		}, "(reviewed_tk): says yes, and there is no label"},
		"a group of no kind": {func(f *excelize.File) {
			set(t, f, sheet.Terms, at(t, f, sheet.Terms, "parent", "PLACE_TYPE", "POL_IVS"), "NOWHERE")
		}, `(parent): there is no PLACE_GROUP "NOWHERE"`},
		"a group in a list without": {func(f *excelize.File) {
			set(t, f, sheet.Terms, at(t, f, sheet.Terms, "parent", "SEX", "MALE"), "PENAL")
		}, "(parent): the list SEX has no groups"},
		"a date that is none": {func(f *excelize.File) {
			set(t, f, sheet.Terms, at(t, f, sheet.Terms, "retired_on", "SEX", "MALE"), "24.11.2026")
		}, "(retired_on): is not a date"},
		"a long cell": {func(f *excelize.File) { set(t, f, sheet.Terms, "D7", strings.Repeat("x", 2001)) }, "sheet terms, row 7, column D (en): is longer than 2,000 bytes"},
		"joined cells": {func(f *excelize.File) {
			if err := f.MergeCell(sheet.Terms, "D7", "E7"); err != nil {
				t.Fatal(err)
			}
		}, "sheet terms: cells are joined at D7:E7"},
		"too many rows":    {func(f *excelize.File) { set(t, f, sheet.Terms, "A20001", "SEX") }, "sheet terms, row 20001: a sheet has at most 20,000 rows"},
		"too many columns": {func(f *excelize.File) { set(t, f, sheet.Terms, "BM4", "x") }, "sheet terms, row 4, column BM: a sheet has at most 64 columns"},
		"no sheet of ours": {func(f *excelize.File) {
			for from, to := range map[string]string{sheet.Terms: "words", sheet.Standards: "laws"} {
				if err := f.SetSheetName(from, to); err != nil {
					t.Fatal(err)
				}
			}
		}, "the file has neither a sheet terms nor a sheet standards"},
		"a topic of no kind": {func(f *excelize.File) {
			set(t, f, sheet.Standards, at(t, f, sheet.Standards, "topics", "NMR-15"), "MAT.MOON")
		}, `(topics): there is no topic "MAT.MOON"`},
		"a provision that moved": {func(f *excelize.File) {
			set(t, f, sheet.Standards, at(t, f, sheet.Standards, "provision", "NMR-15"), "16")
		}, `(provision): of a shipped standard this never changes; it is "15"`},
		"a binding of no kind": {func(f *excelize.File) {
			set(t, f, sheet.Standards, at(t, f, sheet.Standards, "binding", "NMR-15"), "VERY")
		}, "(binding): is not known; the codes are BINDING, SOFT_LAW, PERSUASIVE, NATIONAL"},
		"a law without its name": {func(f *excelize.File) {
			if err := f.SetSheetRow(sheet.Standards, "A900", &[]string{"TKM-1", "", "", "1", "X"}); err != nil {
				t.Fatal(err)
			}
		}, "sheet standards, row 900, column B (instrument): is not a code"},
	} {
		t.Run(shows, func(t *testing.T) {
			p, err := compare(s, few(t, s, c.change))
			var refused *sheet.Refused
			if !errors.As(err, &refused) || p != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v\nwant %s", p, err, c.want)
			}
		})
	}
}

func TestFilesThatAreNone(t *testing.T) {
	whole := written(t, vocabulary.Shipped(), nil)
	for shows, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":               {nil, "the file is empty"},
		"a text":                {[]byte("Dear colleagues,\nplease find\n"), "the column list is missing"},
		"a picture":             {[]byte("\x89PNG\x00\x00"), "neither XLSX nor CSV"},
		"an old spreadsheet":    {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "save it as XLSX"},
		"a cut file":            {whole[:len(whole)/2], "no XLSX, or is damaged"},
		"a ZIP of other things": {[]byte("PK\x05\x06" + strings.Repeat("\x00", 18)), "no XLSX, or is damaged"},
		"a bomb":                {bomb(t), "no XLSX, or is damaged"},
		"too much":              {bytes.Repeat([]byte("a,"), sheet.MaxFile/2+1), "larger than 8 MiB"},
		"quotation marks":       {[]byte("list,code\n\"open\n"), "the quotation marks do not close"},
		"another encoding":      {[]byte(headCSV + "SEX,1,FEMALE,\xd6\xe5\xed\xf1\xea\xe8\xe9\n"), "sheet terms, row 2, column D (en): is not text in UTF-8"},
		"a formula in CSV":      {[]byte(headCSV + "SEX,1,FEMALE,=1+1\n"), "sheet terms, row 2, column D (en): holds a formula"},
		"rows without end":      {[]byte(headCSV + strings.Repeat("SEX,1,FEMALE\n", 20000)), "row 20001: a sheet has at most 20,000 rows"},
	} {
		t.Run(shows, func(t *testing.T) {
			p, err := compare(vocabulary.Shipped(), c.data)
			var refused *sheet.Refused
			if !errors.As(err, &refused) || p != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v\nwant %s", p, err, c.want)
			}
		})
	}
}

const headCSV = "list,number,code,en,ru,uk,tk,ar,reviewed_en,reviewed_ru,reviewed_uk,reviewed_tk,reviewed_ar,parent,hidden,retired_on\n"

func TestCSVAsOtherProgramsSaveIt(t *testing.T) {
	row := "SEX,1,FEMALE,Woman\n"
	for shows, data := range map[string]string{
		"commas": headCSV + row, "semicolons": strings.ReplaceAll(headCSV+row, ",", ";"), "tabs": strings.ReplaceAll(headCSV+row, ",", "\t"),
		"with a mark": "\ufeff" + headCSV + row, "lines of Windows": strings.ReplaceAll(headCSV+row, "\n", "\r\n"), "empty lines": headCSV + "\n" + row + ",,,\n",
		"capitals in the head": strings.Replace(headCSV, "list,number,code,en", "List,Number,CODE,EN", 1) + row,
	} {
		t.Run(shows, func(t *testing.T) {
			p, err := compare(vocabulary.Shipped(), []byte(data))
			if err != nil || len(p.Save) != 1 || p.Save[0].(*daylightv1.Term).Labels["en"] != "Woman" {
				t.Errorf("%+v %v", p, err)
			}
		})
	}
}

func TestOnlyFiftyProblemsAreNamed(t *testing.T) {
	_, err := compare(vocabulary.Shipped(), []byte(headCSV+strings.Repeat("NO_LIST,1,X,X\n", 60)))
	var refused *sheet.Refused
	if !errors.As(err, &refused) || len(refused.Problems) != sheet.MostProblems || refused.More != 10 || !strings.HasSuffix(err.Error(), "and 10 more") {
		t.Errorf("%v", err)
	}
}

func TestALabelThatNoSheetHoldsIsNamed(t *testing.T) {
	r := vocabulary.Shipped().TermRecord("SEX", "MALE")
	r.Labels = map[string]string{"ru": strings.Repeat("ы", 1001)}
	err := sheet.Write(&bytes.Buffer{}, vocabulary.New([]*daylightv1.Term{r}, nil))
	if err == nil || !strings.Contains(err.Error(), "ru in SEX.MALE is 2002 bytes long") {
		t.Errorf("%v", err)
	}
}

// drawOffice draws records that Save lets through, with texts of every kind.
func drawOffice(t *rapid.T) *vocabulary.Set {
	text := rapid.OneOf(rapid.StringN(0, 40, 200), rapid.StringOfN(rapid.RuneFrom([]rune("=+-@'\"\t\r\n ,;|_x0041<&\u00a0\u200b\ufffe\x01ж")), 0, 20, -1))
	labels := rapid.MapOfN(rapid.SampledFrom([]string{"en", "ru", "uk", "tk", "ar", "ky", "sr-Latn", "uk-UA"}), text, 0, 4)
	maybe := rapid.SampledFrom([]string{"", "2026", "2026-11", "2026-11-24"})
	shipped := vocabulary.Shipped()
	var terms []*daylightv1.Term
	var removed []string
	for i := range rapid.IntRange(0, 4).Draw(t, "terms") {
		list := rapid.SampledFrom(shipped.Lists()).Draw(t, "list")
		r := shipped.TermRecord(list, rapid.SampledFrom(shipped.Terms(list)).Draw(t, "term").Code)
		if rapid.Bool().Draw(t, "own") {
			r = &daylightv1.Term{Id: firstID[:35] + string(rune('1'+i)), List: proto.String(string(list)), Code: proto.String("OWN"), Number: proto.Uint32(100000)}
		}
		r.Labels = labels.Draw(t, "labels")
		r.Hidden, r.RetiredOn = proto.Bool(rapid.Bool().Draw(t, "hidden")), proto.String(maybe.Draw(t, "retired"))
		r.Parent = proto.String(rapid.SampledFrom([]string{"", "PENAL", "MAT", "NOWHERE"}).Draw(t, "parent"))
		r.Reviewed = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"en", "ru", "ky", "ar"}), rapid.ID[string]).Draw(t, "reviewed")
		if rapid.Bool().Draw(t, "removed") {
			r.Removed = &daylightv1.Removed{}
			removed = append(removed, r.Id)
		}
		terms = append(terms, r)
	}
	var standards []*daylightv1.Standard
	for range rapid.IntRange(0, 2).Draw(t, "standards") {
		r := shipped.StandardRecord(rapid.SampledFrom(shipped.Standards()).Draw(t, "standard").Ref)
		if rapid.Bool().Draw(t, "own law") {
			r = &daylightv1.Standard{Id: secondID, Ref: proto.String("OWN-1"), Instrument: proto.String(rapid.SampledFrom([]string{"", "OWN"}).Draw(t, "instrument")), Provision: proto.String(text.Draw(t, "provision"))}
		}
		r.Titles, r.InstrumentName = labels.Draw(t, "titles"), proto.String(text.Draw(t, "name"))
		r.Topics = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"MAT.LIGHT", "DISC.SOLITARY", "GONE.TOPIC"}), rapid.ID[string]).Draw(t, "topics")
		r.Binding = daylightv1.StandardBinding(rapid.IntRange(0, 6).Draw(t, "binding")).Enum()
		r.AppliesFrom = proto.String(maybe.Draw(t, "from"))
		standards = append(standards, r)
	}
	return vocabulary.New(terms, standards, removed...)
}

func TestWhateverAnOfficeHasComesBackUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawOffice(t)
		name := rapid.SampledFrom([]string{sheet.Terms, sheet.Standards}).Draw(t, "sheet")
		var out bytes.Buffer
		if err := sheet.WriteCSV(&out, s, name); err != nil {
			t.Fatal(err)
		}
		if p, err := compare(s, out.Bytes()); err != nil || len(p.Save) > 0 {
			t.Fatalf("%+v %v", p, err)
		}
	})
}

// A workbook takes longer: fewer of them.
func TestWhateverAnOfficeHasComesBackUnchangedInAWorkbook(t *testing.T) {
	for seed := range 4 {
		s := rapid.Custom(drawOffice).Example(seed)
		if p, err := compare(s, written(t, s, nil)); err != nil || len(p.Save) > 0 {
			t.Fatalf("seed %d: %+v %v", seed, p, err)
		}
	}
}

// What a plan says is what is there once it is saved: the same file has nothing more to
// change.
func TestSavedOnceThereIsNothingMoreToChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := drawOffice(t), drawOffice(t)
		var terms bytes.Buffer
		if err := sheet.WriteCSV(&terms, to, sheet.Terms); err != nil {
			t.Fatal(err)
		}
		p, err := compare(from, terms.Bytes())
		if err != nil {
			return // a group or a number of the other office
		}
		after := saved(from, p.Save)
		if again, err := compare(after, terms.Bytes()); err != nil || len(again.Save) > 0 {
			t.Fatalf("%v, then %v %v", p.Changes, again.Changes, err)
		}
	})
}

// saved is what an office's terms are after a save.
func saved(s *vocabulary.Set, save []record.Message) *vocabulary.Set {
	var out []*daylightv1.Term
	var removed []string
	changed := map[string]bool{}
	for i, m := range save {
		t := m.(*daylightv1.Term)
		if t.Id == "" {
			t.Id = secondID[:34] + "9" + string(rune('a'+i))
		}
		changed[t.GetList()+t.GetCode()] = true
		out = append(out, t)
		if t.Removed != nil {
			removed = append(removed, t.Id)
		}
	}
	for _, l := range s.Lists() {
		for _, t := range s.Terms(l) {
			r := s.TermRecord(l, t.Code)
			if !changed[r.GetList()+r.GetCode()] && (!t.Shipped || len(r.Labels)+len(r.Reviewed) > 0 || r.Hidden != nil || r.RetiredOn != nil || r.Parent != nil) {
				out = append(out, r)
				if r.Removed != nil {
					removed = append(removed, r.Id)
				}
			}
		}
	}
	return vocabulary.New(out, nil, removed...)
}
