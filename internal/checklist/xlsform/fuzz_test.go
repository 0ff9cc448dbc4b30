package xlsform_test

import (
	"bytes"
	"slices"
	"testing"
	"testing/fstest"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	"github.com/daylight-npm/daylight/internal/record"
)

// sound: whatever came, it is refused with a reason or taken as a form that compiles, can
// be kept as a record, and goes out and comes back the same.
func sound(t *testing.T, out *xlsform.Result) {
	refused := slices.ContainsFunc(out.Remarks, func(r xlsform.Remark) bool { return r.Refused })
	if refused != out.Refused() {
		t.Fatalf("refused %v, and it says\n%s", out.Refused(), lines(out.Remarks))
	}
	for _, r := range out.Remarks {
		if r.Text == "" || r.Code == "" || r.Row > 0 && r.Sheet == "" {
			t.Fatalf("%+v", r)
		}
	}
	if out.Refused() {
		return
	}
	if form, problems := checklist.Compile(out.Checklist); form == nil {
		t.Fatal(problems)
	}
	if err := record.Validate(out.Checklist); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := xlsform.Write(&again, out.Checklist); err != nil {
		t.Fatal(err)
	}
	back, err := xlsform.Read("back.xlsx", &again, 0)
	if err != nil {
		t.Fatal(err)
	}
	if back.Refused() {
		t.Fatalf("it does not come back:\n%s", lines(back.Remarks))
	}
	if !proto.Equal(out.Checklist, back.Checklist) {
		t.Fatal(difference(out.Checklist, back.Checklist))
	}
}

// FuzzRead: whatever bytes come as a file.
func FuzzRead(f *testing.F) {
	f.Add(book(f, form(f, "type|name|label\nselect_one yn|q|Q", yesNo, settled), nil))
	f.Add(book(f, whole(f), nil))
	f.Add(zipped(f, map[string]string{"survey.csv": surveyCSV, "choices.csv": choicesCSV, "settings.csv": settingsCSV}))
	f.Add([]byte("\xd0\xcf\x11\xe0" + utf16("EncryptedPackage")))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := xlsform.Read("a.xlsx", bytes.NewReader(data), 0)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, out)
	})
}

// FuzzCSV: whatever three tables say.
func FuzzCSV(f *testing.F) {
	f.Add(surveyCSV, choicesCSV, settingsCSV)
	f.Add("type,name,label::fr,label\nbegin loop over l,x,%(label)s\nselect_one l or_other,y,${y}\nend loop\nselect_one_from_file t.csv,t,T\n", "list name,name,label,f\nl,a,A,1\nl,a b,,\n", "form_id,default_language,allow_choice_duplicates\nä ö,fr,yes\n")
	f.Add("type,name,calculation,relevant,constraint,default\ncalculate,x,once(random()),${y} > 1,,\nrange,y,,,. < 3,1 + 1\nbegin repeat,r,,,,\ntext,x,,position(..) = 1,,\nend repeat\n", "", "title,version,place_types\nT,2.0,A B\n")
	f.Fuzz(func(t *testing.T, survey, choices, settings string) {
		out, err := xlsform.ReadFS("f", fstest.MapFS{"survey.csv": {Data: []byte(survey)}, "choices.csv": {Data: []byte(choices)}, "settings.csv": {Data: []byte(settings)}})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, out)
	})
}

// FuzzSheet: whatever XML stands in the place of a sheet, within a workbook that is sound.
func FuzzSheet(f *testing.F) {
	whole := book(f, form(f, "type|name|label\ntext|q|Q", yesNo, settled), nil)
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c t="str"><v>name</v></c></row><row r="1048576"/><row><c r="XFD1" s="1"/><c r="A3" t="s"><v>0</v></c></row></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row r="2"><c r="A1"><f t="shared" si="0" ref="A1:B2">A1+1</f><v>1</v></c><c r="A2"><f t="shared" si="0"/><v>2</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	f.Fuzz(func(t *testing.T, xml []byte) {
		out, err := xlsform.Read("a.xlsx", bytes.NewReader(swapped(t, whole, "xl/worksheets/sheet2.xml", xml)), 0)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, out)
	})
}

func BenchmarkReadWorkbook(b *testing.B) {
	data := book(b, whole(b), nil)
	for b.Loop() {
		read(b, "a.xlsx", data)
	}
}
