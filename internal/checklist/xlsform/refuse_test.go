package xlsform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
)

// Each is refused at its cell, with a word that has to be in the cure or the text.
func TestWhatIsWrongIsRefusedAtItsPlace(t *testing.T) {
	for _, c := range []struct{ survey, choices, settings, code, cell, word string }{
		{"type|label\ntext|Q", "", "", "no-column", "", "name"},
		{"type|name|label|label\ntext|q|Q|Q", "", "", "column-twice", "D1", "C1"},
		{"type|name|label::en|label::English (en)\ntext|q|Q|Q", "", "", "column-twice", "D1", "English"},
		{"type|name|label|relevant|bind::relevant\ntext|q|Q|1|1", "", "", "column-twice", "E1", "relevant"},
		{"type|name|label\nslect_one yn|q|Q", yesNo, "", "unknown-type", "A2", "select_one"},
		{"type|name|label\ntable|q|Q", yesNo, "", "unknown-type", "A2", "text"},
		{"type|name|label\ntext please|q|Q", "", "", "unknown-type", "A2", "please"},
		{"type|name|label\nselect_one yes no|q|Q", yesNo, "", "unknown-type", "A2", "no blanks"},
		{"type|name|label\ncascading_select yn|q|Q", yesNo, "", "unknown-type", "A2", "choice_filter"},
		{"type|name|label\n|q|Q", "", "", "no-type", "A2", "type"},
		{"type|name|label\nselect_one|q|Q", yesNo, "", "no-list", "A2", "select_one yes_no"},
		{"type|name|label\nselect_one or_other|q|Q", yesNo, "", "no-list", "A2", "select_one yes_no"},
		{"type|name|label\nselect_one colours|q|Q", yesNo, "", "no-list", "A2", "choices"},
		{"type|name|label\nselect_one ynn|q|Q", yesNo + "\nynnn|a|A", "", "no-list", "A2", "did you mean"},
		{"type|name|label\nselect_one yn|q|Q", "", "", "no-list", "A2", "no sheet choices"},
		{"type|name|label\ntext||Q", "", "", "no-name", "B2", "letters"},
		{"type|name|label\ntext|my question|Q", "", "", "bad-name", "B2", "my_question"},
		{"type|name|label\ntext|1st|Q", "", "", "bad-name", "B2", "q_1st"},
		{"type|name|label\ntext|a/b|Q", "", "", "bad-name", "B2", "a_b"},
		{"type|name|label\ntext|a~b|Q", "", "", "bad-name", "B2", "a_b"},
		{"type|name|label\ntext|q|Q\ntext|q|R", "", "", "name-twice", "B3", "row 2"},
		{"type|name|label\nbegin group|g|G\ntext|q|Q", "", "", "group-open", "A2", "end_group"},
		{"type|name|label\nbegin repeat|g|G\ntext|q|Q\nend group", "", "", "group-crossed", "A4", "row 2"},
		{"type|name|label\ntext|q|Q\nend group", "", "", "group-not-open", "A3", "take it out"},
		{"type|name|label\nbegin loop over yn|g|G\ntext|q|Q", yesNo, "", "group-open", "A2", "end loop"},
		{"type|name|label\nbegin loop over yn|g|G\nend group\nend loop", yesNo, "", "group-not-open", "A3", "take it out"},
		{"type|name|label\nbegin loop over yn|g|G\nbegin group|h|H\nend loop\nend group", yesNo, "", "group-open", "A3", "end_group"},
		{"type|name|label\nbegin loop over no|g|G\nend loop", yesNo, "", "no-list", "A2", "choices"},
		{"type|name|label\nend loop", "", "", "group-not-open", "A2", "loop"},
		{"type|name|label|parameters\nrange|q|Q|start=one", "", "", "bad-parameter", "D2", "number"},
		{"type|name|label|parameters\nrange|q|Q|1 to 5", "", "", "bad-parameter", "D2", "name=value"},
		{"type|name|label|topic\ntext|q|Q|Space!", "", "", "bad-code", "D2", "FINDING_TOPIC"},
		{"type|name|label|standard\ntext|q|Q|Rule 10", "", "", "bad-code", "D2", "NMR-10"},
		{"type|name|label|state_of\nselect_one yn|q|Q|gone", yesNo, "", "unknown-reference", "D2", "name"},

		{"type|name|label\nselect_one yn|q|Q", "list_name|label\nyn|Yes", "", "no-column", "", "name"},
		{"type|name|label\nselect_one yn|q|Q", yesNo + "\nyn||Maybe", "", "choice-without-name", "B4", "yn"},
		{"type|name|label\nselect_one yn|q|Q", yesNo + "\nyn|yes|Sure", "", "choice-twice", "B4", "row 2"},
		{"type|name|label\nselect_multiple yn|q|Q", yesNo + "\nyn|not sure|Not sure", "", "choice-with-blank", "B4", "not_sure"},
		{"type|name|label\nselect_one да|q|Q", "list_name|name|label\nда|yes|Yes", "", "bad-list", "A2", "letters"},
		{"type|name|label\nselect_one_from_file my_дом.csv|q|Q", "", "", "bad-list", "A2", "letters"},
		{"type|name|label\ntext|q|Q", "", "form_id|place_types\nf|prison!", "place-type", "B2", "PLACE_TYPE"},
		{"type|name|label\ntext|q|Q", "", "form_id|id_string\nf|g", "column-twice", "B1", "form_id"},

		{"type|name|label|calculation\ncalculate|q||because nobody knows", "", "", "syntax", "D2", ""},
		{"type|name|label|relevant\ntext|q|Q\ntext|r|R|selcted(${q}, 'a')", "", "", "unknown-function", "D3", "selected"},
		{"type|name|label|relevant\ntext|quest|Q\ntext|r|R|${qest} = 1", "", "", "unknown-reference", "D3", "quest"},
		{"type|name|label\ntext|q|Q ${gone}", "", "", "unknown-reference", "C2", "gone"},
		{"type|name|label|relevant\nbegin group|a|A\ntext|x|X\nend group\nbegin group|b|B\ntext|x|X\nend group\ntext|q|Q|${x} = 1", "", "", "ambiguous-reference", "D8", "x"},
		{"type|name|label|calculation\ncalculate|a||${b} + 1\ncalculate|b||${a} + 1", "", "", "loop", "D2", "circle"},
		{"type|name|label|constraint\ndate|q|Q|. > date('2026-02-30')", "", "", "date", "D2", ""},
		{"type|name|label|constraint\ntext|q|Q|regex(., '(?=a)b')", "", "", "pattern", "D2", ""},
		{"type|name|label|relevant\ntext|q|Q|(1 = 1", "", "", "syntax", "D2", ""},
	} {
		t.Run(c.code+" "+c.cell, func(t *testing.T) {
			out := xlsform.ReadTables(form(t, c.survey, c.choices, c.settings))
			if !out.Refused() {
				t.Fatalf("taken: %q\n%s", c.survey, lines(out.Remarks))
			}
			i := slices.IndexFunc(out.Remarks, func(r xlsform.Remark) bool {
				return r.Refused && r.Code == c.code && (c.cell == "" || r.Cell == c.cell)
			})
			if i < 0 {
				t.Fatalf("%q %q:\n%s", c.survey, c.choices, lines(out.Remarks))
			}
			r := out.Remarks[i]
			if !strings.Contains(r.String(), c.word) || r.Sheet == "" || r.Row == 0 || r.Text == "" {
				t.Fatalf("%q: %+v", c.survey, r)
			}
		})
	}
}

// All that is wrong is said at once.
func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	out := xlsform.ReadTables(form(t, "type|name|label|relevant\ntext|1|Q|1 ==\nselect_one gone|b|B|foo()\ntetx|c|C\nend group", "", ""))
	n := 0
	for _, r := range out.Remarks {
		if r.Refused {
			n++
		}
	}
	if n < 6 {
		t.Fatal(lines(out.Remarks))
	}
}

func TestTooManyQuestionsAreRefusedAtOnce(t *testing.T) {
	var b strings.Builder
	b.WriteString("type|name|label|relevant")
	for i := range 5_000 {
		fmt.Fprintf(&b, "\ninteger|q%d|Question %d|${q0} > %d", i, i, i)
	}
	tables := form(t, b.String(), "", "")
	start := time.Now()
	out := xlsform.ReadTables(tables)
	t.Log(time.Since(start))
	if !out.Refused() || !strings.Contains(lines(out.Remarks), "5000 questions") {
		t.Fatal(lines(out.Remarks))
	}
}

func TestTooManyChoicesAreRefused(t *testing.T) {
	choices := xlsform.Table{Name: "choices", Rows: table(t, "choices", "list_name|name|label").Rows}
	for i := range checklist.MaxChoices + 1 {
		choices.Rows = append(choices.Rows, xlsform.Row{At: i + 2, Cells: []xlsform.Cell{{Text: "l"}, {Text: fmt.Sprint("c", i)}, {Text: "C"}}})
	}
	tables := form(t, "type|name|label\nselect_one l|q|Q", "", "")
	tables.Choices = choices
	if out := xlsform.ReadTables(tables); !out.Refused() || !slices.Contains(codes(out), "too-large") {
		t.Fatal(lines(out.Remarks))
	}
}

func TestLoopsOverLongListsEnd(t *testing.T) {
	choices := table(t, "choices", "list_name|name|label")
	for i := range 5_000 {
		choices.Rows = append(choices.Rows, xlsform.Row{At: i + 2, Cells: []xlsform.Cell{{Text: "l"}, {Text: fmt.Sprint("c", i)}, {Text: "C"}}})
	}
	tables := form(t, "type|name|label\n"+strings.Repeat("begin loop over l|q|Q\n", 40)+"text|a|A\n"+strings.Repeat("end loop\n", 40), "", "")
	tables.Choices = choices
	if out := xlsform.ReadTables(tables); !out.Refused() || !slices.Contains(codes(out), "too-large") {
		t.Fatal(lines(out.Remarks))
	}
}

func TestManyRemarksAreCut(t *testing.T) {
	var b strings.Builder
	b.WriteString("type|name|label")
	for i := range 1_000 {
		fmt.Fprintf(&b, "\ntext|%d|Q", i)
	}
	out := xlsform.ReadTables(form(t, b.String(), "", ""))
	last := out.Remarks[len(out.Remarks)-1]
	if len(out.Remarks) != xlsform.MostRemarks+1 || last.Code != "more" || !last.Refused {
		t.Fatal(len(out.Remarks), last)
	}
	b.Reset()
	b.WriteString("type|name|label")
	for i := range 1_000 {
		fmt.Fprintf(&b, "\ntext|q%d|", i)
	}
	b.WriteString("\ntext|7|Q")
	out = xlsform.ReadTables(form(t, b.String(), "", ""))
	if !out.Refused() || !slices.ContainsFunc(out.Remarks, func(r xlsform.Remark) bool { return r.Code == "bad-name" }) {
		t.Fatal("what refuses the form is among what is named")
	}
}
