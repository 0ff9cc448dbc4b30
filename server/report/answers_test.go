package report_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/report"
)

func say(text string) []*daylightv1.LocalText {
	return []*daylightv1.LocalText{{Language: "en", Text: &text}}
}

// houseForm asks about a house and its rooms.
func houseForm(version string, change func(*daylightv1.Checklist)) *daylightv1.Checklist {
	q := func(kind, name, list, parent, label string) *daylightv1.ChecklistQuestion {
		out := &daylightv1.ChecklistQuestion{Name: name, Type: &kind, Labels: say(label)}
		if list != "" {
			out.List = &list
		}
		if parent != "" {
			out.Parent = &parent
		}
		return out
	}
	m := &daylightv1.Checklist{
		Id: checklist.FormID("house", version).String(), Code: proto.String("house"), Version: &version, Languages: []string{"en", "ru"}, DefaultLanguage: proto.String("en"),
		Titles: map[string]string{"en": "House"},
		Questions: []*daylightv1.ChecklistQuestion{
			q("select_one", "light", "yn", "", "Light?"), q("integer", "lamps", "", "", "Lamps?"), q("text", "rest", "", "", "And?"),
			q("select_multiple", "heat", "ways", "", "Heated by?"), q("calculate", "twice", "", "", ""), q("note", "thanks", "", "", "Thanks"),
			q("begin_repeat", "room", "", "", "Room"), q("decimal", "m2", "", "room", "m2?"), q("integer", "held", "", "room", "Persons?"), q("calculate", "each", "", "room", ""),
		},
		Choices: []*daylightv1.ChecklistChoice{{Key: "yn/yes", Labels: say("Yes")}, {Key: "yn/no", Labels: say("No")}, {Key: "ways/gas", Labels: say("Gas")}, {Key: "ways/wood", Labels: say("=Wood")}},
	}
	m.Questions[1].Relevant = proto.String("${light} = 'yes'")
	m.Questions[4].Calculation = proto.String("${lamps} * 2")
	m.Questions[9].Calculation = proto.String("round(${m2} div ${held}, 1)")
	m.Choices[0].Labels = append(m.Choices[0].Labels, &daylightv1.LocalText{Language: "ru", Text: proto.String("Да")})
	if change != nil {
		change(m)
	}
	for i, q := range m.Questions {
		q.Order = proto.Uint32(uint32(i + 1))
	}
	for i, c := range m.Choices {
		c.Order = proto.Uint32(uint32(i + 1))
	}
	m.Rows = proto.Uint32(uint32(len(m.Questions) + len(m.Choices)))
	return m
}

func compiled(t testing.TB, m *daylightv1.Checklist) *checklist.Form {
	t.Helper()
	f, wrong := checklist.Compile(m)
	if f == nil {
		t.Fatal(wrong)
	}
	return f
}

func clock() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// visitedHouse is a visit to a place, with their ids.
func visitedHouse(s *shelf) (visit string) {
	place := &daylightv1.Facility{Code: proto.String("P-1"), MainType: proto.String("POL_IVS")}
	s.add(place)
	v := &daylightv1.Visit{Code: proto.String("V-1"), FacilityId: &place.Id, EnteredAt: proto.String("2026-11-20T09:00+05:00")}
	s.add(v)
	return v.Id
}

func given(key, value string) *daylightv1.Answer {
	a := &daylightv1.Answer{Key: key, State: daylightv1.AnswerState_ANSWER_STATE_ANSWERED.Enum()}
	if value != "" {
		a.Value = &value
	}
	return a
}

func withheld(key string, state daylightv1.AnswerState, note string) *daylightv1.Answer {
	return &daylightv1.Answer{Key: key, State: &state, Note: &note}
}

func answering(f *checklist.Form, visit string, answers ...*daylightv1.Answer) *daylightv1.ChecklistResponse {
	return &daylightv1.ChecklistResponse{
		VisitId: &visit, ChecklistId: proto.String(f.ID().String()), ChecklistCode: proto.String(f.Code()), ChecklistVersion: proto.String(f.Version()), Answers: answers,
	}
}

// sheets are tables by name, each row by its columns.
type sheets map[string][]map[string]string

func answersOf(t *testing.T, s shelf, o report.AnswersOptions) (sheets, report.AnswerCounts) {
	t.Helper()
	dir := t.TempDir()
	o.Code, o.Now = "house", clock
	counts, err := report.Answers(s, o, report.CSV{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	out := sheets{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(name, err)
		}
		table := strings.TrimSuffix(filepath.Base(name), ".csv")
		out[table] = []map[string]string{}
		for _, row := range rows[1:] {
			cells := map[string]string{}
			for i, column := range rows[0] {
				cells[column] = row[i]
			}
			out[table] = append(out[table], cells)
		}
	}
	return out, counts
}

func (s sheets) is(t *testing.T, table string, row int, want map[string]string) {
	t.Helper()
	if len(s[table]) <= row {
		t.Fatalf("%s has %d rows", table, len(s[table]))
	}
	for column, value := range want {
		if got, has := s[table][row][column]; !has || got != value {
			t.Errorf("%s, row %d, %s: got %q (there: %v), want %q", table, row+1, column, got, has, value)
		}
	}
}

func TestAnswersAreRows(t *testing.T) {
	var s shelf
	f := compiled(t, houseForm("1", nil))
	visit := visitedHouse(&s)
	const a, b = "0190a6e2-7c1b-4000-8000-00000000000a", "0190a6e2-7c1b-4000-8000-00000000000b"
	m := answering(f, visit, given("light", "yes"), given("lamps", "3"), given("rest", "=1+1"), given("heat", "gas wood"),
		given("m2/"+a, "12.5"), given("held/"+a, "2"), given("m2/"+b, "4"), withheld("held/"+b, daylightv1.AnswerState_ANSWER_STATE_NOT_ALLOWED_IN, "the door stayed shut"))
	m.Instances = []*daylightv1.RepeatInstance{{Id: a, Repeat: proto.String("room"), Order: proto.Uint32(1)}, {Id: b, Repeat: proto.String("room"), Order: proto.Uint32(2)}}
	m.FinishedAt, m.Language = proto.String("2026-11-20T15:00+05:00"), proto.String("en")
	s.add(m)
	got, counts := answersOf(t, s, report.AnswersOptions{Forms: []*checklist.Form{f}})
	got.is(t, "answers", 0, map[string]string{
		"response.id": m.Id, "visit.id": visit, "visit.code": "V-1", "visit.date": "2026-11-20", "place.code": "P-1", "place.type": "POL_IVS",
		"checklist.version": "1", "response.language": "en", "response.finished_at": "2026-11-20T15:00+05:00", "response.contested": "0", "response.contested_answers": "",
		"light": "yes", "light.label": "Yes", "light.state": "", "lamps": "3", "lamps.state": "", "rest": "'=1+1", "heat": "gas wood", "heat.label": "Gas, =Wood",
		"heat/gas": "1", "heat/wood": "1", "twice": "6",
	})
	if label := got["answers"][0]["place.type_label"]; label == "" || label == "POL_IVS" {
		t.Errorf("the type of place is called %q", label)
	}
	got.is(t, "room", 0, map[string]string{"response.id": m.Id, "instance.id": a, "instance.parent": "", "instance.position": "1", "instance.title": "Room 1", "m2": "12.5", "held": "2", "each": "6.3", "checklist.version": "1"})
	got.is(t, "room", 1, map[string]string{"instance.id": b, "instance.position": "2", "m2": "4", "held": "", "held.state": "NOT_ALLOWED_IN", "each": ""})
	got.is(t, "notes", 0, map[string]string{"response.id": m.Id, "instance.id": b, "question": "held", "note": "the door stayed shut"})
	if len(got["notes"]) != 1 || len(got["contested"]) != 0 || len(got["room"]) != 2 || len(got) != 4 {
		t.Errorf("%d notes, %d contested, %d rooms, %d tables", len(got["notes"]), len(got["contested"]), len(got["room"]), len(got))
	}
	if counts.Responses != 1 || counts.Total() != 1 || counts.WithoutForm != 0 || !slices.Equal(counts.Versions, []report.VersionCount{{Version: "1", Responses: 1}}) {
		t.Errorf("%+v", counts)
	}
	ru, _ := answersOf(t, s, report.AnswersOptions{Forms: []*checklist.Form{f}, Options: report.Options{Language: "ru"}})
	ru.is(t, "answers", 0, map[string]string{"light": "yes", "light.label": "Да", "heat.label": "Gas, =Wood"})
}

// What was answered and is not asked any more stays in the record and leaves it with nobody.
func TestWhatIsNotRelevantIsNeverExported(t *testing.T) {
	var s shelf
	f := compiled(t, houseForm("1", nil))
	visit := visitedHouse(&s)
	m := answering(f, visit, given("light", "no"), given("lamps", "3"), given("heat", "gas"))
	m.Answers[1].Note = proto.String("three of them")
	row := s.add(m)
	row.Status.Conflicts = []*daylightv1.ConflictingPath{conflicting(t, "lamps", given("lamps", "3"), given("lamps", "4"))}
	s[len(s)-1] = row
	got, counts := answersOf(t, s, report.AnswersOptions{Forms: []*checklist.Form{f}})
	got.is(t, "answers", 0, map[string]string{"light": "no", "lamps": "", "lamps.state": "", "twice": "", "response.contested": "0", "heat/gas": "1", "heat/wood": "0"})
	if len(got["notes"]) != 0 || len(got["contested"]) != 0 || counts.Contested != 0 {
		t.Errorf("%v %v", got["notes"], got["contested"])
	}
}

func conflicting(t *testing.T, key string, values ...*daylightv1.Answer) *daylightv1.ConflictingPath {
	t.Helper()
	c := &daylightv1.ConflictingPath{Field: "answers", Key: key}
	for _, v := range values {
		b, err := protojson.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		c.Values = append(c.Values, &daylightv1.ConflictingValue{Json: string(b)})
	}
	return c
}

func TestContestedAnswersSaySo(t *testing.T) {
	var s shelf
	f := compiled(t, houseForm("1", nil))
	visit := visitedHouse(&s)
	m := answering(f, visit, given("light", "yes"), given("lamps", "3"))
	row := s.add(m)
	row.Status.Conflicts = []*daylightv1.ConflictingPath{
		conflicting(t, "lamps", given("lamps", "3"), given("lamps", "5"), withheld("lamps", daylightv1.AnswerState_ANSWER_STATE_REFUSED, "")),
		conflicting(t, "light", given("light", "yes"), given("light", "no")),
	}
	s[len(s)-1] = row
	got, counts := answersOf(t, s, report.AnswersOptions{Forms: []*checklist.Form{f}})
	got.is(t, "answers", 0, map[string]string{"lamps": "3", "response.contested": "2", "response.contested_answers": "light (1 more), lamps (2 more)", "twice": "6"})
	want := [][3]string{{"light", "1", "yes"}, {"light", "2", "no"}, {"lamps", "1", "3"}, {"lamps", "2", "5"}, {"lamps", "3", ""}}
	for i, c := range want {
		got.is(t, "contested", i, map[string]string{"response.id": m.Id, "question": c[0], "number": c[1], "value": c[2]})
	}
	got.is(t, "contested", 4, map[string]string{"state": "REFUSED"})
	if len(got["contested"]) != len(want) || counts.Contested != 2 {
		t.Errorf("%d rows, %d contested", len(got["contested"]), counts.Contested)
	}
}

// Versions stand beside each other: the columns of the newest, then those of older ones.
func TestVersionsShareTheirColumns(t *testing.T) {
	var s shelf
	old := compiled(t, houseForm("1", nil))
	newer := compiled(t, houseForm("2", func(m *daylightv1.Checklist) {
		m.Questions = slices.DeleteFunc(m.Questions, func(q *daylightv1.ChecklistQuestion) bool { return q.Name == "rest" })
		m.Questions[0].Type = proto.String("select_multiple")
		m.Questions = append(m.Questions, &daylightv1.ChecklistQuestion{Name: "smell", Type: proto.String("text"), Labels: say("Smell?")})
		m.Choices = append(m.Choices, &daylightv1.ChecklistChoice{Key: "yn/some", Labels: say("Some")})
	}))
	visit := visitedHouse(&s)
	s.add(answering(old, visit, given("light", "yes"), given("rest", "old")))
	s.add(answering(newer, visit, given("light", "yes some"), given("smell", "damp")))
	s.add(answering(compiled(t, houseForm("3", nil)), visit, given("light", "yes")))
	forms := []*checklist.Form{newer, old}
	got, counts := answersOf(t, s, report.AnswersOptions{Forms: forms})
	got.is(t, "answers", 0, map[string]string{"checklist.version": "1", "light": "yes", "rest": "old", "smell": "", "light/yes": "", "light/some": ""})
	got.is(t, "answers", 1, map[string]string{"checklist.version": "2", "light": "yes some", "rest": "", "smell": "damp", "light/yes": "1", "light/no": "0", "light/some": "1"})
	if counts.WithoutForm != 1 || counts.Responses != 2 || !slices.Equal(counts.Versions, []report.VersionCount{{Version: "2", Responses: 1}, {Version: "1", Responses: 1}}) {
		t.Errorf("%+v", counts)
	}
	one, counts := answersOf(t, s, report.AnswersOptions{Forms: forms[1:], Version: "1"})
	if len(one["answers"]) != 1 || counts.WithoutForm != 0 {
		t.Errorf("%d rows, %+v", len(one["answers"]), counts)
	}
}

// Class, removal and joining are asked of responses as of all records; a visit or place that
// may not leave is named by its id at most.
func TestAnswersPassTheGate(t *testing.T) {
	const restricted = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED
	f := compiled(t, houseForm("1", nil))
	forms := []*checklist.Form{f}
	for _, c := range []struct {
		name    string
		change  func(*shelf, *report.Row)
		o       report.Options
		rows    int
		removed int
		secret  int
	}{
		{"let out", func(*shelf, *report.Row) {}, report.Options{}, 1, 0, 0},
		{"restricted", func(_ *shelf, r *report.Row) {
			r.Message.(*daylightv1.ChecklistResponse).Confidentiality = restricted.Enum()
		}, report.Options{}, 0, 0, 1},
		{"restricted, asked for", func(_ *shelf, r *report.Row) {
			r.Message.(*daylightv1.ChecklistResponse).Confidentiality = restricted.Enum()
		}, report.Options{UpTo: restricted}, 1, 0, 0},
		{"removed", func(_ *shelf, r *report.Row) { r.Removed = true }, report.Options{}, 0, 1, 0},
		{"removed, asked for", func(_ *shelf, r *report.Row) { r.Removed = true }, report.Options{Removed: true}, 1, 0, 0},
		{"joined", func(_ *shelf, r *report.Row) { r.Joined = true }, report.Options{}, 0, 1, 0},
		{"another day", func(*shelf, *report.Row) {}, report.Options{From: "2026-11-21"}, 0, 0, 0},
		{"that day", func(*shelf, *report.Row) {}, report.Options{From: "2026-11-20", To: "2026-11-20"}, 1, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s shelf
			visit := visitedHouse(&s)
			row := s.add(answering(f, visit, given("light", "yes")))
			c.change(&s, &row)
			s[len(s)-1] = row
			got, counts := answersOf(t, s, report.AnswersOptions{Options: c.o, Forms: forms})
			if len(got["answers"]) != c.rows || counts.Removed != c.removed || counts.Confidential != c.secret {
				t.Errorf("%d rows, %+v", len(got["answers"]), counts)
			}
		})
	}
	t.Run("a restricted visit", func(t *testing.T) {
		var s shelf
		visit := visitedHouse(&s)
		s[1].Message.(*daylightv1.Visit).Confidentiality = restricted.Enum()
		s.add(answering(f, visit, given("light", "yes")))
		got, _ := answersOf(t, s, report.AnswersOptions{Forms: forms})
		got.is(t, "answers", 0, map[string]string{"visit.id": visit, "visit.code": "", "visit.date": "", "place.id": "", "place.code": "", "light": "yes"})
	})
	t.Run("a visit and a place that were merged", func(t *testing.T) {
		var s shelf
		visit := visitedHouse(&s)
		winner := &daylightv1.Facility{Code: proto.String("P-2"), MainType: proto.String("PEN_OPEN")}
		s.add(winner)
		other := &daylightv1.Visit{Code: proto.String("V-2"), FacilityId: proto.String(s[0].Message.GetId()), EnteredAt: proto.String("2026-11-19")}
		s.add(other)
		s[0].Message.(*daylightv1.Facility).MergedInto, s[0].Joined = &winner.Id, true
		s[1].Message.(*daylightv1.Visit).MergedInto, s[1].Joined = &other.Id, true
		s.add(answering(f, visit, given("light", "yes")))
		got, _ := answersOf(t, s, report.AnswersOptions{Forms: forms})
		got.is(t, "answers", 0, map[string]string{"visit.id": visit, "visit.code": "V-2", "visit.date": "2026-11-19", "place.id": winner.Id, "place.code": "P-2", "place.type": "PEN_OPEN"})
	})
	t.Run("a visit that is not here", func(t *testing.T) {
		var s shelf
		s.add(answering(f, "0190a6e2-7c1b-7000-8000-000000000001", given("light", "yes")))
		got, _ := answersOf(t, s, report.AnswersOptions{Forms: forms})
		got.is(t, "answers", 0, map[string]string{"visit.code": "", "place.type": "", "place.type_label": "", "light": "yes"})
	})
}

// The names of tables and columns do not collide, however a form calls its repeats.
func TestTablesHaveNamesOfTheirOwn(t *testing.T) {
	f := compiled(t, houseForm("1", func(m *daylightv1.Checklist) {
		for _, name := range []string{"notes", "Room", "contested"} {
			m.Questions = append(m.Questions, &daylightv1.ChecklistQuestion{Name: name, Type: proto.String("begin_repeat"), Labels: say(name)},
				&daylightv1.ChecklistQuestion{Name: "in_" + name, Type: proto.String("text"), Parent: proto.String(name), Labels: say("?")})
		}
	}))
	got, _ := answersOf(t, nil, report.AnswersOptions{Forms: []*checklist.Form{f}})
	for _, name := range []string{"answers", "room", "Room~2", "notes", "notes~2", "contested", "contested~2"} {
		if _, has := got[name]; !has {
			t.Errorf("there is no table %s: %d tables", name, len(got))
		}
	}
}

// A state is no choice, also where a list has it among them for other tools.
func TestStatesAreNoChoices(t *testing.T) {
	f := compiled(t, houseForm("1", func(m *daylightv1.Checklist) {
		for _, name := range []string{"not_asked", "refused", "not_applicable", "not_allowed_in", "not_known"} {
			m.Choices = append(m.Choices, &daylightv1.ChecklistChoice{Key: "ways/" + name, Labels: say("(" + name + ")")})
		}
	}))
	var s shelf
	s.add(answering(f, visitedHouse(&s), withheld("heat", daylightv1.AnswerState_ANSWER_STATE_REFUSED, "")))
	got, _ := answersOf(t, s, report.AnswersOptions{Forms: []*checklist.Form{f}})
	got.is(t, "answers", 0, map[string]string{"heat": "", "heat.label": "(refused)", "heat.state": "REFUSED", "heat/gas": ""})
	if _, has := got["answers"][0]["heat/refused"]; has {
		t.Error("there is a column for a state")
	}
}

// Columns have names of their own too, whatever questions are called.
func TestColumnsHaveNamesOfTheirOwn(t *testing.T) {
	f := compiled(t, houseForm("1", func(m *daylightv1.Checklist) {
		for _, name := range []string{"visit_code", "visit.code", "light.label"} {
			m.Questions = append(m.Questions, &daylightv1.ChecklistQuestion{Name: name, Type: proto.String("text"), Labels: say("?")})
		}
	}))
	var s shelf
	s.add(answering(f, visitedHouse(&s), given("light", "yes"), given("visit_code", "a"), given("visit.code", "b"), given("light.label", "c")))
	got, _ := answersOf(t, s, report.AnswersOptions{Forms: []*checklist.Form{f}})
	got.is(t, "answers", 0, map[string]string{"visit.code": "V-1", "visit_code": "a", "visit.code~2": "b", "light.label": "c", "light.label~2": "Yes"})
}

func TestAnswersAsAWorkbook(t *testing.T) {
	var s shelf
	f := compiled(t, houseForm("1", nil))
	m := answering(f, visitedHouse(&s), given("light", "yes"), given("lamps", "3"), given("rest", "=HYPERLINK(1)"))
	s.add(m)
	book := report.NewWorkbook(t.TempDir())
	defer book.Close()
	if _, err := report.Answers(s, report.AnswersOptions{Code: "house", Forms: []*checklist.Form{f}, Now: clock}, book); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.WriteTo(&b, []any{"checklist", "house"}); err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if names := x.GetSheetList(); !slices.Equal(names, []string{"about", "answers", "room", "contested", "notes"}) {
		t.Errorf("the sheets are %v", names)
	}
	rows, err := x.GetRows("answers")
	if err != nil {
		t.Fatal(err)
	}
	at := func(column string) string {
		i := slices.Index(rows[0], column)
		cell, _ := excelize.CoordinatesToCellName(i+1, 2)
		if formula, _ := x.GetCellFormula("answers", cell); formula != "" {
			t.Errorf("%s is a formula", column)
		}
		return rows[1][i]
	}
	if at("rest") != "=HYPERLINK(1)" || at("lamps") != "3" || at("light.label") != "Yes" {
		t.Errorf("%v", rows)
	}
}

func TestATableThatIsTooWideIsRefused(t *testing.T) {
	book := report.NewWorkbook(t.TempDir())
	defer book.Close()
	if _, err := book.Begin("wide", make([]string, 16_385), true); err == nil || !strings.Contains(err.Error(), "16,384 columns") {
		t.Errorf("got %v", err)
	}
	if _, err := book.Begin("wide", make([]string, 16_384), true); err != nil {
		t.Error(err)
	}
}
