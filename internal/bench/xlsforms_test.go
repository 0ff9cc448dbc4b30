package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/daylight-npm/daylight/internal/checklist"
)

// survey is a form that says what it expects of itself, in the style of xform-test: a
// date that the clock must lie in, a repeat of two rounds, figures over both.
var survey = [][]string{
	{"type", "name", "label", "relevant", "constraint", "calculation", "choice_filter", "bind::xtest-linearAssert", "bind::xtest-linearAssert2"},
	{"note", "wrong_day", "The day is wrong", "today() < '2018-06-10' or today() > '2019-06-10'", "", "", "", "relevant: 0", "relevant: 0"},
	{"select_one yesno", "let_in", "Let in?", "", "", "", "", "yes", "no"},
	{"text", "why", "Why not?", "${let_in} = 'no'", "string-length(.) <= 15", "", "", "{relevant: 0}", "relevant: 1, value: closed, constraint: null"},
	{"begin_group", "seen", "What was seen", "${let_in} = 'yes'", "", "", "", "relevant: 1", "relevant: 0"},
	{"begin_repeat", "cell", "Cell", "", "", "", "", "relevant: 1", "relevant: 0"},
	{"integer", "persons", "Persons", "", ". > 0", "", "", "[2, 3]", ""},
	{"calculate", "line", "", "", "", "concat(position(..), ': ', ${persons})", "", `[1\: 2, 2\: 3]`, ""},
	{"end_repeat", "", "", "", "", "", "", "", ""},
	{"end_group", "", "", "", "", "", "", "", ""},
	{"calculate", "cells", "", "", "", "count(${cell})", "", "2", ""},
	{"calculate", "all", "", "", "", "join('; ', ${line})", "", `1\: 2; 2\: 3`, ""},
	{"select_one wing", "wing", "Wing", "", "", "", "let_in = ${let_in}", "east", "value: none, relevant: 1"},
}

var surveyChoices = [][]string{
	{"list_name", "name", "label", "let_in"},
	{"yesno", "yes", "Yes", ""}, {"yesno", "no", "No", ""},
	{"wing", "east", "East", "yes"}, {"wing", "none", "None", "no"},
}

// workbook writes the sheets into a new folder and gives its name.
func workbook(t *testing.T, survey [][]string) (dir string) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill := func(sheet string, rows [][]string) {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, text := range row {
				cell, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err == nil && text != "" {
					err = f.SetCellStr(sheet, cell, text)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	fill("survey", survey)
	fill("choices", surveyChoices)
	fill("settings", [][]string{{"form_id", "version", "form_title"}, {"wing_walk", "1", "Walk through the wings"}})
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := f.SaveAs(filepath.Join(dir, "walk.xlsx")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFormsOfAFolderAreTried(t *testing.T) {
	dir := workbook(t, survey)
	tables := filepath.Join(dir, "tables")
	if err := os.Mkdir(tables, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"survey.csv": "type,name,label,relevant\ntext,a,A,${b} = 1\n", "settings.csv": "form_id,version\nbroken,1\n", "choices.csv": "list_name,name,label\n",
	} {
		if err := os.WriteFile(filepath.Join(tables, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := (&bench{in: dir, out: &out}).run(context.Background(), "xlsforms"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| tables | refused |", "sheet survey.csv, row 2, column relevant",
		"| walk.xlsx | accepted | ", "| equal |",
		"bind::xtest-linearAssert: 12 of 12 as expected", "bind::xtest-linearAssert2: 6 of 6 as expected",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
	if err := (&bench{out: &out}).run(context.Background(), "xlsforms"); err == nil || !strings.Contains(err.Error(), "-in FOLDER") {
		t.Errorf("without a folder: %v", err)
	}
}

func TestPlaySaysWhatIsNotAsExpected(t *testing.T) {
	broken := func(row int, column int, text string) [][]string {
		rows := make([][]string, len(survey))
		for i := range survey {
			rows[i] = slices.Clone(survey[i])
		}
		rows[row][column] = text
		return rows
	}
	for _, c := range []struct {
		shows, want string
		rows        [][]string
	}{
		{"a value", `cells: "2", expected "3"`, broken(10, 7, "3")},
		{"relevance", "wrong_day: relevant false, expected true", broken(1, 7, "relevant: 1")},
		{"an answer against the constraint", `persons: "0" breaks the constraint`, broken(6, 7, "[2, 0]")},
		{"a choice that is filtered out", `wing: "none" is none of the choices offered`, broken(12, 7, "none")},
		{"an answer that is none", "persons: ", broken(6, 7, "[2, many]")},
	} {
		t.Run(c.shows, func(t *testing.T) {
			var out bytes.Buffer
			if err := (&bench{in: workbook(t, c.rows), out: &out}).run(context.Background(), "xlsforms"); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), "\n- "+c.want) {
				t.Errorf("%q is not in\n%s", c.want, &out)
			}
		})
	}
}

func TestExpectationsOfACell(t *testing.T) {
	for _, c := range []struct {
		cell string
		want []expectation
	}{
		{"yes", []expectation{{true, "yes", true}}},
		{"relevant: 0", []expectation{{false, "", false}}},
		{" {relevant: 0} ", []expectation{{false, "", false}}},
		{"relevant: 1, value: Joe, constraint: null", []expectation{{true, "Joe", true}}},
		{"[252, 777]", []expectation{{true, "252", true}, {true, "777", true}}},
		{`[252\: 123-636, 777\: 9\,4]`, []expectation{{true, "252: 123-636", true}, {true, "777: 9,4", true}}},
		{"[{relevant: 0}, 5]", []expectation{{false, "", false}, {true, "5", true}}},
	} {
		if got := expectations(c.cell); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %v, want %v", c.cell, got, c.want)
		}
	}
}

// What was answered bit by bit is compared with what comes out from scratch: another clock
// stands in for an engine that forgets something.
func TestWalkLooksFromScratch(t *testing.T) {
	got, err := imported(filepath.Join(workbook(t, survey), "walk.xlsx"))
	if err != nil || got.Checklist == nil {
		t.Fatalf("%v, %v", got, err)
	}
	form, problems := checklist.Compile(got.Checklist)
	if form == nil {
		t.Fatal(problems)
	}
	if w := walk(form, 3, 100); len(w.wrong) > 0 || w.answers < 10 || w.turns == 0 {
		t.Errorf("got %+v", w)
	}
	r := rand.New(rand.NewPCG(1, 1))
	o := clocked(r)
	x := begun(form, r, o)
	if d := fromScratch(form, x, o); d != "" {
		t.Error(d)
	}
	o.Now = func() time.Time { return playMoment }
	if d := fromScratch(form, x, o); d == "" {
		t.Error("a note that stands on one page and not on the other was not seen")
	}
}
