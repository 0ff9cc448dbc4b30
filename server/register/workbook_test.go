package register

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// aWorkbook has an empty sheet in front, a row with fewer cells than the head, one with more,
// one with a formula, and a date.
func aWorkbook(t *testing.T) []byte {
	t.Helper()
	x := excelize.NewFile()
	if _, err := x.NewSheet("Places"); err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]any{{"Code", "Name", "Opened", "Population"}, {"007", "North", time.Date(1974, 5, 1, 0, 0, 0, 0, time.UTC), 120}, {"A2", "South"}, {"A3", "East", nil, 1, "beyond"}, {"A4", "West"}} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := x.SetSheetRow("Places", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.SetCellFormula("Places", "D5", "D2*2"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAWorkbookIsReadAsItsTable(t *testing.T) {
	g, err := Read(bytes.NewReader(aWorkbook(t)), Options{Source: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if g.Read != 4 || len(g.Rows) != 3 {
		t.Fatalf("%d rows, %d kept", g.Read, len(g.Rows))
	}
	north := g.Rows[0]
	if north.Code != "007" || north.place.GetOpenedOn() != "1974-05-01" || north.place.GetPopulation()[0].GetPersons() != 120 || north.Line != 2 {
		t.Errorf("%v", north)
	}
	var told []string
	for _, w := range g.Warnings {
		told = append(told, w.String())
	}
	all := strings.Join(told, "\n")
	if !strings.Contains(all, "line 4: the row has 5 cells") || !strings.Contains(all, "line 5: a cell is calculated by a formula") || strings.Contains(all, "line 3") {
		t.Errorf("told is %s", all)
	}
}

func TestTheWordsForTypesAreCounted(t *testing.T) {
	g := read(t, "name,type\na,Lock-up\nb,PRISON\nc,Lock-up\nd,тюрьма\n", Options{})
	want := []TypeWord{{"Lock-up", 2, "Lock-up"}, {"PRISON", 1, "PRISON"}, {"тюрьма", 1, ""}}
	if len(g.Types) != 3 || g.Types[0] != want[0] || g.Types[1] != want[1] || g.Types[2] != want[2] {
		t.Errorf("%v", g.Types)
	}
}
