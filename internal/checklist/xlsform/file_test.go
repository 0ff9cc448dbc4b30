package xlsform_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// book makes a workbook; do may put in what tables cannot say.
func book(t testing.TB, tables xlsform.Tables, do func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for _, table := range []xlsform.Table{tables.Survey, tables.Choices, tables.Settings, tables.ExternalChoices} {
		if table.Name == "" {
			continue
		}
		if _, err := f.NewSheet(table.Name); err != nil {
			t.Fatal(err)
		}
		for _, r := range table.Rows {
			for i, c := range r.Cells {
				if c.Text != "" {
					at, _ := excelize.CoordinatesToCellName(i+1, r.At)
					if err := f.SetCellStr(table.Name, at, c.Text); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	if tables.Survey.Name != "" {
		if err := f.DeleteSheet("Sheet1"); err != nil {
			t.Fatal(err)
		}
	}
	if do != nil {
		do(f)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func read(t testing.TB, name string, data []byte, attached ...xlsform.File) *xlsform.Result {
	t.Helper()
	out, err := xlsform.Read(name, bytes.NewReader(data), int64(len(data)), attached...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// zipped is a zip of files.
func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func utf16(s string) string {
	return strings.Join(strings.Split(s, ""), "\x00") + "\x00"
}

// Every kind of file that people take for a form has its own sentence and its cure.
func TestFilesThatAreNoForm(t *testing.T) {
	whole := book(t, form(t, "type|name|label\ntext|q|Q", "", ""), nil)
	for _, c := range []struct {
		what, name string
		data       string
		text, cure string
	}{
		{"empty", "a.xlsx", "", "is empty", "copy it again"},
		{"old workbook", "a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + utf16("Workbook"), "(.xls)", "save it as XLSX"},
		{"locked workbook", "a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + utf16("EncryptedPackage"), "password", "take the password off"},
		{"OpenDocument", "a.xlsx", string(zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})), "(.ods)", "save it as XLSX"},
		{"text document", "a.xlsx", string(zipped(t, map[string]string{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})), "(.docx)", "survey"},
		{"binary workbook", "a.xlsx", string(zipped(t, map[string]string{"[Content_Types].xml": "<x/>", "xl/workbook.bin": "x"})), "(.xlsb)", "save it as XLSX"},
		{"Numbers", "a.xlsx", string(zipped(t, map[string]string{"Index/Document.iwa": "x"})), "Numbers", "export"},
		{"PDF", "a.xlsx", "%PDF-1.7\n", "PDF", "workbook"},
		{"CSV called XLSX", "a.xlsx", "type,name,label\ntext,q,Q\n", "CSV", "folder"},
		{"one CSV", "survey.csv", "type,name,label\ntext,q,Q\n", "only one sheet", "settings.csv"},
		{"page", "a.xlsx", "<!doctype html><table>", "page", "XLSX"},
		{"JSON", "a.json", `{"survey": []}`, "JSON", "XLSX"},
		{"bytes", "a.xlsx", "\x00\x01\x02", "no XLSX", "save it"},
		{"cut off", "a.xlsx", string(whole[:len(whole)/2]), "damaged", "again"},
		{"zip without a form", "a.zip", string(zipped(t, map[string]string{"readme.txt": "x"})), "no survey.csv", "folder or zip"},
		{"workbook without parts", "a.xlsx", string(zipped(t, map[string]string{"[Content_Types].xml": "<x/>"})), "damaged", "save it again"},
		{"workbook with a document type", "a.xlsx", string(zipped(t, map[string]string{"xl/workbook.xml": `<!DOCTYPE x [<!ENTITY a "b">]><workbook/>`})), "damaged", "save it again"},
		{"other sheets", "a.xlsx", string(book(t, xlsform.Tables{}, nil)), "called Sheet1", "survey"},
		{"empty survey", "a.xlsx", string(book(t, xlsform.Tables{Survey: xlsform.Table{Name: "survey"}}, nil)), "the sheet is empty", "heads"},
		{"too large", "a.xlsx", "PK\x03\x04" + strings.Repeat("x", xlsform.MaxFile), "8.0 MiB", "take out"},
	} {
		out := read(t, c.name, []byte(c.data))
		if !out.Refused() || len(out.Remarks) != 1 || !strings.Contains(out.Remarks[0].Text, c.text) || !strings.Contains(out.Remarks[0].Cure, c.cure) {
			t.Errorf("%s: %s", c.what, lines(out.Remarks))
		}
	}
}

func TestSizeIsAskedBeforeReading(t *testing.T) {
	out, err := xlsform.Read("a.xlsx", strings.NewReader("PK\x03\x04"), xlsform.MaxFile+1)
	if err != nil || !out.Refused() || out.Remarks[0].Code != "too-large" {
		t.Fatal(out, err)
	}
}

func TestWorkbookThatUnpacksTooLargeIsRefused(t *testing.T) {
	whole := book(t, form(t, "type|name|label\ntext|q|Q", "", ""), nil)
	out := read(t, "a.xlsx", swapped(t, whole, "xl/worksheets/sheet2.xml", bytes.Repeat([]byte(" "), xlsform.MaxUnzip)))
	if !out.Refused() || !strings.Contains(out.Remarks[0].Text, "32.0 MiB") {
		t.Fatal(lines(out.Remarks))
	}
}

// swapped is a workbook with another file in the place of one.
func swapped(t testing.TB, whole []byte, name string, data []byte) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to, found := zip.NewWriter(&out), false
	for _, f := range from.File {
		if f.Name != name {
			if err := to.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		found = true
		w, err := to.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil || !found {
		t.Fatal(name, err)
	}
	return out.Bytes()
}

// sheetXML is a workbook whose survey is this XML.
func sheetXML(t testing.TB, rows string) []byte {
	t.Helper()
	whole := book(t, form(t, "type|name|label\ntext|q|Q", "", ""), nil)
	return swapped(t, whole, "xl/worksheets/sheet2.xml", []byte(`<?xml version="1.0"?><!-- x --><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:dimension ref="A1:XFD1048576"/><x:sheetData>`+rows+`</x:sheetData></x:worksheet>`))
}

func TestCellsOfEveryKind(t *testing.T) {
	heads := `<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>type</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:r><x:t>na</x:t></x:r><x:r><x:t>me</x:t></x:r><x:rPh><x:t>spoken</x:t></x:rPh></x:is></x:c><x:c r="C1" t="str"><x:v>label</x:v></x:c><x:c r="D1" t="str"><x:v>hint</x:v></x:c></x:row>`
	row := `<x:row><x:c r="A2" t="str"><x:v>text</x:v></x:c><x:c r="B2" t="b"><x:v>1</x:v></x:c><x:c r="C2"><x:v>%s</x:v></x:c><x:c r="D2" s="1" t="str"><x:v>a&amp;b &#x42; &lt;_x0041_&gt; <![CDATA[&c]]></x:v></x:c></x:row>`
	for raw, want := range map[string]string{"1": "1", "1.0": "1", "2.022110901E9": "2022110901", "0.1": "0.1", "0.30000000000000004": "0.3", "1E-3": "0.001", "-0": "0", "12345678901234": "12345678901234"} {
		out := read(t, "a.xlsx", sheetXML(t, heads+fmt.Sprintf(row, raw)))
		if out.Refused() {
			t.Fatal(lines(out.Remarks))
		}
		q := out.Checklist.GetQuestions()[0]
		if q.Name != "TRUE" || label(q.GetLabels(), "und") != want || label(q.GetHints(), "und") != "a&b B <A> &c" {
			t.Errorf("%s: %v", raw, q)
		}
	}
}

func TestDatesInCells(t *testing.T) {
	out := read(t, "a.xlsx", book(t, form(t, "type|name|label|default\ndate|q|When?|\ntime|r|At?|\ndateTime|s|Both?|", "", settled), func(f *excelize.File) {
		for at, v := range map[string]any{"D2": time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), "D3": 0.385416666666667, "D4": time.Date(2026, 2, 28, 9, 15, 0, 0, time.UTC)} {
			if err := f.SetCellValue("survey", at, v); err != nil {
				t.Fatal(err)
			}
			custom := "dd/mm/yyyy hh:mm"
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &custom})
			if err == nil {
				err = f.SetCellStyle("survey", at, at, style)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}))
	if out.Checklist == nil {
		t.Fatal(lines(out.Remarks))
	}
	var got []string
	for _, q := range out.Checklist.GetQuestions() {
		got = append(got, q.GetDefault())
	}
	if !slices.Equal(got, []string{"2026-11-20", "09:15:00", "2026-02-28T09:15:00"}) || !strings.Contains(lines(out.Remarks), "column default (D2): the cell holds a date") {
		t.Fatal(got, lines(out.Remarks))
	}
}

// Days count from 1 January 1900, and a 29 February 1900 that never was counts with them;
// some workbooks count from 1904.
func TestDaysAreCountedAsSpreadsheetsDo(t *testing.T) {
	for n, want := range map[string]string{"1": "1900-01-01", "59": "1900-02-28", "61": "1900-03-01", "46346": "2026-11-20", "2958465": "9999-12-31", "2958466": "2958466", "-1": "-1", "0.5": "12:00:00", "46346.25": "2026-11-20T06:00:00"} {
		whole := book(t, form(t, "type|name|label\ntext|q|Q", "", settled), nil)
		whole = swapped(t, whole, "xl/styles.xml", []byte(`<styleSheet><numFmts><numFmt numFmtId="170" formatCode="&quot;day&quot; yyyy"/><numFmt numFmtId="171" formatCode="0.00&quot; days&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>`))
		sheet := `<worksheet><sheetData><row><c t="str"><v>type</v></c><c t="str"><v>name</v></c><c t="str"><v>label</v></c></row><row><c t="str"><v>text</v></c><c t="str"><v>q</v></c><c s="%d"><v>` + n + `</v></c></row></sheetData></worksheet>`
		for style, text := range map[int]string{0: n, 1: want, 2: n} {
			out := read(t, "a.xlsx", swapped(t, whole, "xl/worksheets/sheet2.xml", fmt.Appendf(nil, sheet, style)))
			if out.Refused() || label(out.Checklist.GetQuestions()[0].GetLabels(), "und") != text {
				t.Errorf("%s in style %d: %v %s", n, style, out.Checklist, lines(out.Remarks))
			}
		}
	}
}

// formulas is a form whose choices are called 1, what b3 says, and 3.
func formulas(t testing.TB, b3, b4, required string) []byte {
	t.Helper()
	whole := book(t, form(t, "type|name|label|required\nselect_one l|q|Q|", "list_name|name|label\nl|1|A", settled), nil)
	text := func(at, s string) string { return fmt.Sprintf(`<c r="%s" t="str"><v>%s</v></c>`, at, s) }
	sheet := func(rows string) []byte { return []byte(`<worksheet><sheetData>` + rows + `</sheetData></worksheet>`) }
	whole = swapped(t, whole, "xl/worksheets/sheet2.xml", sheet(`<row r="1">`+text("A1", "type")+text("B1", "name")+text("C1", "label")+text("D1", "required")+`</row><row r="2">`+
		text("A2", "select_one l")+text("B2", "q")+text("C2", "Q")+`<c r="D2" t="b">`+required+`</c></row>`))
	return swapped(t, whole, "xl/worksheets/sheet3.xml", sheet(`<row r="1">`+text("A1", "list_name")+text("B1", "name")+text("C1", "label")+`</row>`+
		`<row r="2">`+text("A2", "l")+`<c r="B2"><v>1</v></c>`+text("C2", "A")+`</row>`+
		`<row r="3">`+text("A3", "l")+`<c r="B3">`+b3+`</c>`+text("C3", "B")+`</row>`+
		`<row r="4">`+text("A4", "l")+`<c r="B4">`+b4+`</c>`+text("C4", "C")+`</row>`))
}

func TestFormulas(t *testing.T) {
	for _, c := range []struct{ b3, b4, required string }{
		{"<f>B2+1</f><v>2</v>", "<f>B3+1</f><v>3</v>", "<f>TRUE()</f><v>1</v>"},
		{"<f>$B$2 + 1</f><v>2</v>", "<f>B3+1</f><v>3</v>", "<f>TRUE()</f>"},
		{"<f>B2+1</f><v>2</v>", "<f>B3 +1</f><v>3</v>", "<v>1</v>"},
		{`<f t="shared" ref="B3:B4" si="0">B2+1</f><v>2</v>`, `<f t="shared" si="0"/><v>3</v>`, "<f>TRUE</f><v>1</v>"},
	} {
		out := read(t, "a.xlsx", formulas(t, c.b3, c.b4, c.required))
		if out.Refused() || out.Checklist.GetChoices()[2].Key != "l/3" || out.Checklist.GetQuestions()[0].GetRequired() != "yes" || !slices.Contains(codes(out), "formula-taken") {
			t.Errorf("%v can be worked out: %s", c, lines(out.Remarks))
		}
	}
	for f, want := range map[string]string{"<f>B2</f><v>1</v>": "l/1", "<f>$C$2</f><v>A</v>": "l/A", `<f>"x_" &amp; C2 &amp; B2&amp;"y"</f><v>x_A1y</v>`: "l/x_A1y", `<f t="shared" ref="B3:B4" si="1">"B9"&amp;C2</f><v>B9A</v>`: "l/B9A"} {
		b4 := "<v>3</v>"
		if strings.Contains(f, "shared") {
			b4 = `<f t="shared" si="1"/><v>B9B</v>`
		}
		out := read(t, "a.xlsx", formulas(t, strings.Replace(f, "<v>", `<v>`, 1), b4, "<v>1</v>"))
		if out.Refused() && want != "l/1" || !out.Refused() && out.Checklist.GetChoices()[1].Key != want {
			t.Errorf("%s can be worked out: %s", f, lines(out.Remarks))
		}
	}
	for _, f := range []string{
		`<f>"x"&amp;C2&amp;</f><v>xA</v>`, `<f>"x"C2</f><v>xA</v>`, `<f>"x</f><v>x</v>`, `<f>"x""y"</f><v>xy</v>`, "<f>C2&amp;Z9</f><v>A</v>", "<f>C2</f><v>B</v>", "<f>&amp;C2</f><v>A</v>",
		"<f>B2+1</f><v>7</v>", "<f>B2+1</f>", "<f>B2*2</f><v>2</v>", "<f>SUM(B2)</f><v>1</v>", "<f>C2+1</f><v>1</v>", "<f>B3+1</f><v>2</v>",
		"<f>XFE1+1</f><v>1</v>", "<f>B9999999+1</f><v>1</v>", "<f>FALSE()</f><v>1</v>", `<f t="shared" si="9"/><v>2</v>`, "<f/><v>2</v>", "<f>HYPERLINK(1)</f><v>2</v>",
	} {
		out := read(t, "a.xlsx", formulas(t, f, "<v>3</v>", "<v>1</v>"))
		i := slices.IndexFunc(out.Remarks, func(r xlsform.Remark) bool { return r.Code == "formula" })
		if !out.Refused() || i < 0 || out.Remarks[i].Cell != "B3" || out.Remarks[i].Column != "name" || !strings.Contains(out.Remarks[i].Cure, "paste it as values") {
			t.Errorf("%s: %s", f, lines(out.Remarks))
		}
	}
	out := read(t, "a.xlsx", formulas(t, "<f>A1</f><v>2</v>", "<f>A1</f><v>3</v>", "<v>1</v>"))
	if n := strings.Count(lines(out.Remarks), "formula"); !strings.Contains(lines(out.Remarks), "2 cells from here to B4 hold formulas") || n != 2 {
		t.Fatal(n, lines(out.Remarks))
	}
}

func TestJoinedCellsWithTextAreRefused(t *testing.T) {
	tables := form(t, "type|name|label\ntext|q|Q\ntext|r|R", "", settled)
	out := read(t, "a.xlsx", book(t, tables, func(f *excelize.File) {
		if err := f.MergeCell("survey", "C2", "C3"); err != nil {
			t.Fatal(err)
		}
	}))
	if !out.Refused() || out.Remarks[0].Code != "joined-cells" || out.Remarks[0].Cell != "C2" {
		t.Fatal(lines(out.Remarks))
	}
	out = read(t, "a.xlsx", book(t, tables, func(f *excelize.File) {
		if err := f.MergeCell("survey", "F10", "G20"); err != nil {
			t.Fatal(err)
		}
	}))
	if out.Refused() {
		t.Fatal("empty ones are nobody's business", lines(out.Remarks))
	}
}

func TestCellsWithErrorsAreRefused(t *testing.T) {
	heads := `<x:row r="1"><x:c r="A1" t="str"><x:v>type</x:v></x:c><x:c r="B1" t="str"><x:v>name</x:v></x:c><x:c r="C1" t="str"><x:v>label</x:v></x:c></x:row>`
	out := read(t, "a.xlsx", sheetXML(t, heads+`<x:row r="4"><x:c r="A4" t="str"><x:v>text</x:v></x:c><x:c r="B4" t="str"><x:v>q</x:v></x:c><x:c r="C4" t="e"><x:v>#REF!</x:v></x:c></x:row>`))
	i := slices.IndexFunc(out.Remarks, func(r xlsform.Remark) bool { return r.Code == "cell-error" })
	if !out.Refused() || i < 0 || out.Remarks[i].Cell != "C4" || !strings.Contains(out.Remarks[i].Text, "#REF!") {
		t.Fatal(lines(out.Remarks))
	}
}

// A hundred thousand cells that hold a style cost nothing to speak of.
func TestStyledEmptyCellsArePassedOver(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<x:row r="1"><x:c r="A1" t="str"><x:v>type</x:v></x:c><x:c r="B1" t="str"><x:v>name</x:v></x:c><x:c r="C1" t="str"><x:v>label</x:v></x:c>`)
	styled := func(row int) {
		for i := range 1_000 {
			name, _ := excelize.ColumnNumberToName(i + 4)
			fmt.Fprintf(&b, `<x:c r="%s%d" s="7"/>`, name, row)
		}
		b.WriteString("</x:row>")
	}
	styled(1)
	for row := range 300 {
		fmt.Fprintf(&b, `<x:row r="%d" spans="1:1000">`, row+2)
		styled(row + 2)
	}
	b.WriteString(`<x:row r="65536"><x:c r="A65536" t="str"><x:v>text</x:v></x:c><x:c r="B65536" t="str"><x:v>q</x:v></x:c><x:c r="C65536" t="str"><x:v>Q</x:v></x:c></x:row>`)
	data := sheetXML(t, b.String())
	start := time.Now()
	out := read(t, "a.xlsx", data)
	t.Log(time.Since(start), len(b.String()))
	if out.Refused() || len(out.Checklist.GetQuestions()) != 1 {
		t.Fatal(lines(out.Remarks))
	}
}

func TestTextFarOutIsRefused(t *testing.T) {
	out := read(t, "a.xlsx", sheetXML(t, `<x:row r="1"><x:c r="A1" t="str"><x:v>type</x:v></x:c><x:c r="XFD1" t="str"><x:v>x</x:v></x:c></x:row>`))
	if !out.Refused() || out.Remarks[0].Code != "too-many-columns" || out.Remarks[0].Cell != "XFD1" {
		t.Fatal(lines(out.Remarks))
	}
	out = read(t, "a.xlsx", sheetXML(t, strings.Repeat(`<x:row><x:c t="str"><x:v>x</x:v></x:c></x:row>`, xlsform.MaxRows+1)))
	if !out.Refused() || out.Remarks[0].Code != "too-many-rows" {
		t.Fatal(lines(out.Remarks))
	}
}

// Who made a workbook, and where, is in its properties. None of it comes along.
func TestAuthorsAreNotTaken(t *testing.T) {
	out := read(t, "a.xlsx", book(t, form(t, "type|name|label\ntext|q|Q", "", settled), func(f *excelize.File) {
		if err := f.SetDocProps(&excelize.DocProperties{Creator: "Somebody Known", LastModifiedBy: "Somebody Known", Title: "Somebody Known"}); err != nil {
			t.Fatal(err)
		}
	}))
	if all := fmt.Sprint(out.Checklist, out.Remarks, out.Preview); strings.Contains(all, "Somebody") {
		t.Fatal(all)
	}
	var again bytes.Buffer
	if err := xlsform.Write(&again, out.Checklist); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(again.Bytes()), int64(again.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			var text bytes.Buffer
			_, err = text.ReadFrom(r)
			if err != nil || strings.Contains(text.String(), "creator>x") || strings.Contains(strings.ToLower(text.String()), "xuri") && strings.Contains(f.Name, "core") {
				t.Errorf("%s %v: %s", f.Name, err, text.String())
			}
		}
	}
}

const (
	surveyCSV   = "type,name,label,relevant\n\"select_one yn\",q,\"Yes, or\nno?\",\ntext,r,R,${q} = 'maybe'\n"
	choicesCSV  = "list_name;name;label\nyn;yes;Yes\nyn;no;No\n"
	settingsCSV = "\xef\xbb\xbfform_title\tform_id\tversion\nVisit\tvisit\t3\n"
)

func TestFolderOfCSV(t *testing.T) {
	folder := fstest.MapFS{"forms/survey.csv": {Data: []byte(surveyCSV)}, "forms/Choices.CSV": {Data: []byte(choicesCSV)}, "forms/settings.csv": {Data: []byte(settingsCSV)}, "forms/README.md": {Data: []byte("x")}, "forms/deep/survey.csv": {Data: []byte("x")}}
	out, err := xlsform.ReadFS("forms", folder)
	if err != nil || out.Refused() {
		t.Fatal(err, lines(out.Remarks))
	}
	c := out.Checklist
	if c.GetCode() != "visit" || label(question(t, c, "q").GetLabels(), "und") != "Yes, or\nno?" || len(c.GetChoices()) != 2 {
		t.Fatal(c)
	}
	if len(out.Remarks) != 1 || out.Remarks[0].Code != "no-such-choice" || out.Remarks[0].Row != 3 || out.Remarks[0].Sheet != "survey.csv" {
		t.Fatal("rows count as in a spreadsheet", lines(out.Remarks))
	}
	same := read(t, "visit.zip", zipped(t, map[string]string{"visit/survey.csv": surveyCSV, "visit/choices.csv": choicesCSV, "visit/settings.csv": settingsCSV, "__MACOSX/survey.csv": "x"}))
	if same.Refused() || fmt.Sprint(same.Checklist) != fmt.Sprint(c) {
		t.Fatal(lines(same.Remarks))
	}
}

func TestCSVThatCannotBeRead(t *testing.T) {
	for what, c := range map[string]struct {
		data, code string
		row        int
	}{
		"quotes":   {"type,name,label\ntext,q,\"Q\ntext,r,R\n", "quotes", 2},
		"not text": {"type,name\n\xff\xfe,x\n", "not-text", 0},
		"columns":  {"type,name,label" + strings.Repeat(",x", xlsform.MaxColumns) + "\n", "too-many-columns", 1},
		"rows":     {"type,name,label\n" + strings.Repeat("x\n", xlsform.MaxRows), "too-many-rows", xlsform.MaxRows + 1},
	} {
		_, wrong := xlsform.ReadCSV("survey.csv", []byte(c.data))
		if wrong == nil || !wrong.Refused || wrong.Code != c.code || wrong.Row != c.row || wrong.Cure == "" {
			t.Errorf("%s: %+v", what, wrong)
		}
		out, err := xlsform.ReadFS("x", fstest.MapFS{"survey.csv": {Data: []byte(c.data)}})
		if err != nil || !out.Refused() {
			t.Errorf("%s: %v %s", what, err, lines(out.Remarks))
		}
	}
}

func TestAttachedFiles(t *testing.T) {
	data := book(t, form(t, "type|name|label\nselect_one_from_file places.csv|q|Q", "", settled), nil)
	out := read(t, "a.xlsx", data, xlsform.File{Name: "dir/places.csv", Data: []byte("name,label,region\np1,Alma,north\np1,Alma again,south\n")}, xlsform.File{Name: "logo.png", Data: []byte("x")})
	if out.Refused() {
		t.Fatal(lines(out.Remarks))
	}
	keys := []string{}
	for _, c := range out.Checklist.GetChoices() {
		keys = append(keys, c.Key)
	}
	if !slices.Equal(keys, []string{"places/p1", "places/p1/2"}) || !slices.Equal(codes(out), []string{"file-ignored"}) {
		t.Fatal(keys, lines(out.Remarks))
	}
	settings := out.Checklist.GetSettings()
	if !slices.ContainsFunc(settings, func(s *daylightv1.ChecklistSetting) bool {
		return s.Name == "allow_choice_duplicates" && s.GetValue() == "yes"
	}) {
		t.Fatal(settings)
	}
	if out := read(t, "a.xlsx", data, xlsform.File{Name: "places.csv", Data: []byte("code,label\np1,Alma\n")}); !out.Refused() || out.Remarks[0].Code != "no-column" || out.Remarks[0].Sheet != "places.csv" {
		t.Fatal(lines(out.Remarks))
	}
	if out := read(t, "a.xlsx", book(t, form(t, "type|name|label\nselect_one_from_file places.geojson|q|Q", "", settled), nil)); out.Refused() || out.Remarks[0].Code != "file-kind" {
		t.Fatal(lines(out.Remarks))
	}
}

// The number behind a name that came before is the lowest that is free, also where a name
// looks like a numbered one.
func TestRowsOfOneNameAreNumbered(t *testing.T) {
	names := []string{"a", "a", "b", "a/2", "a", "a/2", "a/3", "a", "b", "a/2/2", "a"}
	taken, rows := map[string]bool{}, []xlsform.Row{{At: 1, Cells: []xlsform.Cell{{Text: "name"}, {Text: "label"}}}}
	var want []string
	for i, name := range names {
		rows = append(rows, xlsform.Row{At: i + 2, Cells: []xlsform.Cell{{Text: name}, {Text: "A place"}}})
		key := "places/" + name
		for n := 2; taken[key]; n++ {
			key = fmt.Sprintf("places/%s/%d", name, n)
		}
		taken[key] = true
		want = append(want, key)
	}
	out := xlsform.ReadTables(xlsform.Tables{
		Survey: xlsform.Table{Name: "survey", Rows: []xlsform.Row{
			{At: 1, Cells: []xlsform.Cell{{Text: "type"}, {Text: "name"}, {Text: "label"}}},
			{At: 2, Cells: []xlsform.Cell{{Text: "select_one_from_file places.csv"}, {Text: "q"}, {Text: "Where?"}}},
		}},
		Files: map[string]xlsform.Table{"places.csv": {Name: "places.csv", Rows: rows}},
	})
	var got []string
	for _, c := range out.Checklist.GetChoices() {
		got = append(got, c.GetKey())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, expected %q\n%s", got, want, lines(out.Remarks))
	}
}
