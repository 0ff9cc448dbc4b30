package console_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// aForm is a form as XLSForm; settings are its code and version.
func aForm(t *testing.T, version string, survey ...[]any) []byte {
	t.Helper()
	x := excelize.NewFile()
	sheet := func(name string, rows ...[]any) {
		if _, err := x.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := x.SetSheetRow(name, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	sheet("survey", append([][]any{{"type", "name", "label::English (en)", "label::Русский (ru)", "relevant", "required"},
		{"begin_group", "water", "Water", "Вода"},
		{"select_one yn", "tap", "Is there a tap?", "Есть ли кран?", "", "yes"},
		{"integer", "litres", "Litres a day", "Литров в день", "${tap} = 'yes'"},
		{"text", "why", "Why not?", "Почему нет?", "${tap} = 'no' or ${litres} < 5"},
		{"text", "odd", "What of ${why}?", "Что с ${why}?", "count-selected(${tap}) > 0"},
		{"end_group"}}, survey...)...)
	sheet("choices", [][]any{{"list_name", "name", "label::English (en)", "label::Русский (ru)"}, {"yn", "yes", "Yes", "Да"}, {"yn", "no", "No", "Нет"}}...)
	sheet("settings", [][]any{{"form_id", "version", "form_title"}, {"cell_water", version, "Water in cells"}}...)
	_ = x.DeleteSheet("Sheet1")
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestShippedChecklistsAreReadable(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	b.get("/checklists").wants(200, "npm_prison", "came with the program", "Filled")
	if b.mentions("Add a form") {
		t.Error("a case officer is offered to add forms")
	}
	b.get("/checklists/npm_prison").wants(200, "offered now")
	if b.mentions("Offer or retire") {
		t.Error("a case officer is offered to retire forms")
	}
	version := ""
	for _, o := range checklist.NewCatalogue(nil).Versions("npm_prison") {
		version = o.Version
	}
	b.get("/checklists/npm_prison/"+version).wants(200, "As a team sees it", "Asked only if")
	if len(b.page) > 200<<10 {
		t.Errorf("the page has %d bytes", len(b.page))
	}
	b.get("/checklists/npm_prison/"+version+"?part=1&in=ru").wants(200, "As a team sees it")
	b.get("/checklists/nothing").wants(404)
	b.get("/checklists/npm_prison/0").wants(404)
	b.get("/checklists/new").wants(404)
	b.bring("/checklists/new", "f.xlsx", aForm(t, "1")).wants(404)
	b.post("/checklists/npm_prison/"+version+"/offer", "hidden", "yes").wants(404)
	w.member(w.person("Second administrator", adminRole)).get("/checklists").wants(404)
}

func TestAFormIsLookedAtAndThenPublished(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Head of department", headRole))
	b.get("/checklists/new").wants(200, "Add a form")
	b.bring("/checklists/new", "water.xlsx", aForm(t, "1")).wants(200, "The form can be published", "Water in cells", "Is there a tap?",
		"Asked only if “Is there a tap?” is “Yes”", "one of these holds: “Is there a tap?” is “No” and “Litres a day” is less than 5", "count-selected(${tap}) > 0", "What of …?", "An answer is wanted")
	at := b.at
	id := checklist.FormID("cell_water", "1")
	if _, err := w.store.Get(t.Context(), record.Checklist, id); err == nil {
		t.Fatal("looking published it")
	}
	b.get(at+"?in=ru").wants(200, "Есть ли кран?", "Да")
	b.post(at).wants(200, "The form is published", "offered now")
	item, err := w.store.Get(t.Context(), record.Checklist, id)
	w.must(err)
	if n := len(item.Message.(*daylightv1.Checklist).GetQuestions()); n != 5 {
		t.Errorf("%d rows are saved", n)
	}
	b.history(item.Message, "Head of department")

	// The same again changes nothing; another wording of the same version may change; another
	// question may not, but makes a version.
	b.bring("/checklists/new", "water.xlsx", aForm(t, "1")).wants(200, "is there already, word for word")
	b.bring("/checklists/new", "water.xlsx", aForm(t, "1", []any{"text", "more", "More?", "Ещё?"})).wants(200, "asks otherwise", "question more", "new")
	b.post(b.at).wants(422, "asks otherwise")
	b.bring("/checklists/new", "water.xlsx", aForm(t, "2", []any{"text", "more", "More?", "Ещё?"})).wants(200, "Otherwise than in version 1: 1", "question more")
	b.post(b.at).wants(200, "The form is published")
	b.get("/checklists/cell_water").wants(200, "a newer one is offered")
}

func TestAFormThatCannotBeAdded(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Head of department", headRole))
	b.bring("/checklists/new", "water.xlsx", aForm(t, "1", []any{"integer", "x", "X", "X", "${nobody} = 1"}, []any{"wonder", "y", "Y", "Y"})).
		wants(200, "cannot be added as it is", "row 9", "column type", "to be put right")
	at := b.at
	b.post(at).wants(422, "cannot be added as it is")
	b.bring("/checklists/new", "water.txt", []byte("no form")).wants(200, "cannot be added as it is")
	b.get(at).wants(200, "held no longer")
	b.bring("/checklists/new", "empty.xlsx", nil).wants(422, "Choose a file")
}

func TestAVersionIsHiddenAndRetired(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Head of department", headRole))
	b.bring("/checklists/new", "water.xlsx", aForm(t, "1"))
	b.post(b.at).wants(200)
	seen := b.field("seen")
	b.post("/checklists/cell_water/1/offer", "seen", seen, "hidden", "yes", "retired_on", "").wants(200, "It is changed", "hidden by the office")
	b.post("/checklists/cell_water/1/offer", "seen", seen, "hidden", "no").wants(409, "has changed since")
	b.post("/checklists/cell_water/1/offer", "seen", b.field("seen"), "hidden", "no", "retired_on", "no day").wants(422, "not a date")
	b.post("/checklists/cell_water/1/offer", "seen", b.field("seen"), "hidden", "no", "retired_on", "2026-11-25").wants(200, "retired since")
	// A shipped one stays as it is, with a record over it.
	b.get("/checklists/npm_prison").wants(200)
	version := checklist.NewCatalogue(nil).Versions("npm_prison")[0].Version
	b.post("/checklists/npm_prison/"+version+"/offer", "seen", b.field("seen"), "hidden", "yes").wants(200, "hidden by the office", "changed here")
	item, err := w.store.Get(t.Context(), record.Checklist, checklist.FormID("npm_prison", version))
	w.must(err)
	if m := item.Message.(*daylightv1.Checklist); !m.GetHidden() || len(m.GetQuestions()) != 0 {
		t.Errorf("the record is %v", m)
	}
}

func TestAFormSaysNothingAsMarkup(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Head of department", headRole))
	evil := `"><script>alert(1)</script>`
	b.bring("/checklists/new", evil+".xlsx", aForm(t, "1", []any{"note", "z", evil, evil, `${tap} = '` + "<script>alert(2)</script>" + `'`})).wants(200)
	b.post(b.at)
	b.get("/checklists/cell_water/1?part=1").wants(200, "alert(1)")
	if strings.Contains(b.page, "<script>alert") {
		t.Error("the page runs what the form holds")
	}
}
