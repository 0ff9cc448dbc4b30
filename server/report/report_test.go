package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/report"
)

// shelf is a source in memory, in the order of its rows.
type shelf []report.Row

func (s shelf) Each(k record.Kind, do func(report.Row) error) error {
	for _, r := range s {
		if is, err := record.KindOf(r.Message); err != nil || is != k {
			continue
		}
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}

// add puts a record on the shelf, with an id if it has none.
func (s *shelf) add(m record.Message) report.Row {
	_ = record.FillIDs(m, func(record.Kind) record.ID {
		return record.ID{6: 0x40, 8: 0x80, 13: byte(len(*s) >> 8), 14: byte(len(*s)), 15: 1}
	})
	r := report.Row{Message: m, Status: &daylightv1.RecordStatus{Position: uint64(len(*s) + 1), ReceivedAt: 1_790_000_000_000}}
	*s = append(*s, r)
	return r
}

// anyShelf holds random records of every kind.
func anyShelf(seed uint64) (s shelf) {
	r := rand.New(rand.NewPCG(seed, 4))
	for _, k := range record.Kinds() {
		for range 6 {
			s.add(scenario.AnyRecord(r, k))
		}
	}
	return s
}

var everything = report.Options{UpTo: daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_SEALED + 10}

// files reads a folder of CSV.
func files(t *testing.T, s shelf, o report.Options) (map[string][][]string, report.Counts) {
	t.Helper()
	dir := t.TempDir()
	counts, err := report.Tables(s, o, report.CSV{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][][]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, marked := bytes.CutPrefix(b, []byte("\ufeff"))
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil || !marked {
			t.Fatal(name, err, marked)
		}
		out[strings.TrimSuffix(filepath.Base(name), ".csv")] = rows
	}
	return out, counts
}

// column gives the cells of a column.
func column(t *testing.T, table [][]string, name string) (out []string) {
	t.Helper()
	i := slices.Index(table[0], name)
	if i < 0 {
		t.Fatalf("there is no column %s in %v", name, table[0])
	}
	for _, row := range table[1:] {
		out = append(out, row[i])
	}
	return out
}

// leaves counts the single values in a message, at every depth.
func leaves(m protoreflect.Message) (n int) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.IsMap():
			n += 2 * v.Map().Len()
		case fd.IsList() && fd.Message() == nil:
			n += v.List().Len()
		case fd.IsList():
			for i := range v.List().Len() {
				n += leaves(v.List().Get(i).Message())
			}
		case fd.Message() != nil:
			n += leaves(v.Message())
		default:
			n++
		}
		return true
	})
	return n
}

// Whatever a record of whatever kind holds stands in some cell: none is lost, and none is
// there twice but as its label, and where it names a row of another table.
func TestEveryValueOfEveryKindHasACell(t *testing.T) {
	s := anyShelf(1)
	tables, counts := files(t, s, everything)
	if counts.Confidential+counts.Removed != 0 {
		t.Fatalf("%+v", counts)
	}
	for _, k := range record.Kinds() {
		want, got := 0, 0
		let := column(t, tables[k.String()], "id")
		for _, r := range s {
			if is, _ := record.KindOf(r.Message); is == k && slices.Contains(let, r.Message.GetId()) {
				want += leaves(r.Message.ProtoReflect())
			}
		}
		for name, rows := range tables {
			if name != k.String() && !strings.HasPrefix(name, k.String()+".") {
				continue
			}
			keys := strings.Count(name, ".")
			for _, row := range rows[1:] {
				for i, cell := range row {
					column := rows[0][i]
					if i >= keys && cell != "" && !strings.HasSuffix(column, "_label") && !strings.HasPrefix(column, "record.") {
						got++
					}
				}
			}
		}
		if got != want || want == 0 {
			t.Errorf("%s: %d cells for %d values", k, got, want)
		}
	}
}

func TestTablesAreNamedAndKeyed(t *testing.T) {
	var s shelf
	rec := &daylightv1.Recommendation{
		Texts:      map[string]string{"ru": "Починить свет", "en": "Repair the light"},
		Addressees: []*daylightv1.AddresseeLine{{Id: "0190a6e2-7c1b-4000-8000-000000000001", Authority: proto.String("MIN_JUSTICE"), Order: proto.Uint32(2)}},
	}
	s.add(rec)
	finding := &daylightv1.Finding{
		SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(), SeverityDecided: daylightv1.FindingSeverity(77).Enum(),
		Topic: proto.String("MAT.LIGHT"), Sources: []daylightv1.EvidenceSource{daylightv1.EvidenceSource_EVIDENCE_SOURCE_PHOTO},
		NumberAffected: &daylightv1.CountRange{Exact: proto.Uint32(0), Unknown: proto.Bool(false)},
	}
	s.add(finding)
	s.add(&daylightv1.Checklist{Questions: []*daylightv1.ChecklistQuestion{{Name: "q1", Labels: []*daylightv1.LocalText{{Language: "en", Text: proto.String("Light?")}}}}})
	s.add(&daylightv1.Term{List: proto.String("FINDING_TOPIC"), Code: proto.String("MAT.LIGHT"), Labels: map[string]string{"en": "Light", "ru": "Свет"}})
	o := report.Options{Language: "ru-KZ"}
	tables, counts := files(t, s, o)
	if counts.Total() != 4 {
		t.Errorf("%+v", counts)
	}
	for at, want := range map[string]string{
		"finding severity_proposed":                   "SERIOUS",
		"finding severity_proposed_label":             "Серьёзная",
		"finding severity_decided_label":              "unknown code FINDING_SEVERITY.77",
		"finding severity_decided":                    "77",
		"finding topic":                               "MAT.LIGHT",
		"finding topic_label":                         "Свет",
		"finding number_affected.exact":               "0",
		"finding number_affected.unknown":             "false",
		"finding number_affected.at_least":            "",
		"finding record.position":                     "2",
		"finding record.received_at":                  "2026-09-21T14:13:20Z",
		"finding record.removed":                      "false",
		"finding.sources finding_id":                  finding.Id,
		"finding.sources value":                       "PHOTO",
		"finding.sources value_label":                 "Фотография",
		"recommendation.addressees recommendation_id": rec.Id,
		"recommendation.addressees order":             "2",
		"recommendation.addressees authority":         "MIN_JUSTICE",
		"checklist.questions.labels questions_name":   "q1",
		"checklist.questions.labels text":             "Light?",
	} {
		name, col, _ := strings.Cut(at, " ")
		if got := column(t, tables[name], col); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", at, got, want)
		}
	}
	if got := column(t, tables["recommendation.texts"], "key"); !slices.Equal(got, []string{"en", "ru"}) {
		t.Errorf("%v", got)
	}
	if got := tables["note"]; len(got) != 1 {
		t.Errorf("the table of a kind without records is %v", got)
	}
}

// What people wrote comes back out of a spreadsheet as they wrote it, and is no formula.
var hostile = []string{
	"=1+1", "+7 993 12", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠a",
	`=HYPERLINK("http://x";"y")`, "plain", "with, comma and \"quotes\"", "two\nlines", "_x0041_", " =spaced", "'quoted", "<b>&amp;</b>", "Тюрьма № 1", "1e5", "00123", "2026-11", "TRUE", "bell\a and \ufffe",
}

func hostileShelf() (s shelf) {
	for _, text := range hostile {
		s.add(&daylightv1.Measurement{Note: proto.String(text), Value: proto.Float64(-5.5), Persons: proto.Uint32(3)})
	}
	return s
}

func TestNoTextIsAFormulaInCSV(t *testing.T) {
	tables, _ := files(t, hostileShelf(), report.Options{})
	for i, cell := range column(t, tables["measurement"], "note") {
		if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
			t.Errorf("%q is a formula", cell)
		}
		if want := hostile[i]; cell != want && cell != "'"+want {
			t.Errorf("%q became %q", want, cell)
		}
	}
	for _, cell := range column(t, tables["measurement"], "value") {
		if cell != "-5.5" {
			t.Errorf("a number became %q", cell)
		}
	}
}

func TestSeparator(t *testing.T) {
	dir := t.TempDir()
	var s shelf
	s.add(&daylightv1.Note{Text: proto.String("a;b")})
	if _, err := report.Tables(s, report.Options{}, report.CSV{Dir: dir, Separator: ';'}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "note.csv"))
	if err != nil || !bytes.Contains(b, []byte(`;"a;b";`)) {
		t.Errorf("%s %v", b, err)
	}
}

// workbook writes one and opens it again.
func workbook(t *testing.T, s shelf, o report.Options) (*excelize.File, *report.Workbook) {
	t.Helper()
	dir := t.TempDir()
	w := report.NewWorkbook(dir)
	if _, err := report.Tables(s, o, w); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := w.WriteTo(&b, []any{"records", 1}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it left %v (%v)", left, err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, w
}

func TestNoTextIsAFormulaInAWorkbook(t *testing.T) {
	f, _ := workbook(t, hostileShelf(), report.Options{})
	rows, err := f.GetRows("measurement", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for c, name := range rows[0] {
		for r := range hostile {
			at, err := excelize.CoordinatesToCellName(c+1, r+2)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := f.GetCellFormula("measurement", at); err != nil || formula != "" {
				t.Errorf("%s is the formula %q (%v)", at, formula, err)
			}
			kind, err := f.GetCellType("measurement", at)
			value, err2 := f.GetCellValue("measurement", at, excelize.Options{RawCellValue: true})
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			switch name {
			case "note":
				want := strings.NewReplacer("\a", "\ufffd", "\ufffe", "\ufffd").Replace(hostile[r]) // XML has no such signs
				if kind != excelize.CellTypeInlineString || value != want {
					t.Errorf("%q became %q, of type %v", hostile[r], value, kind)
				}
			case "value":
				if kind == excelize.CellTypeInlineString || value != "-5.5" {
					t.Errorf("a number became %q, of type %v", value, kind)
				}
			}
		}
	}
}

func TestAWorkbookTellsWhatItHolds(t *testing.T) {
	long := strings.Repeat("я", 40_000)
	var s shelf
	s.add(&daylightv1.Note{Text: proto.String(long)})
	s.add(&daylightv1.Checklist{Questions: []*daylightv1.ChecklistQuestion{{Name: "q", ConstraintMessages: []*daylightv1.LocalText{{Language: "en"}}, RequiredMessages: []*daylightv1.LocalText{{Language: "en"}}}}})
	f, w := workbook(t, s, report.Options{})
	if w.Cut() != 1 {
		t.Errorf("%d cells were cut", w.Cut())
	}
	rows, err := f.GetRows("note")
	if err != nil {
		t.Fatal(err)
	}
	text := rows[1][slices.Index(rows[0], "text")]
	if n := len([]rune(text)); n > 32_767 || n < 32_000 || !strings.HasPrefix(long, text[:60_000]) || !strings.HasSuffix(text, "[cut: the text has 40000 characters, CSV has all of it]") {
		t.Errorf("%d characters, ending with %q", n, text[len(text)-80:])
	}
	sheets := f.GetSheetList()
	if sheets[0] != "about" || !slices.Contains(sheets, "visit") || slices.Contains(sheets, "finding.sources") {
		t.Errorf("%v", sheets)
	}
	told, err := f.GetRows("about")
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]string{}
	for _, row := range told {
		if len(row) == 3 {
			tables[row[1]] = row[0]
		}
	}
	if tables["checklist.questions.constraint_messages"] == "" || tables["checklist.questions.constraint_messages"] == tables["checklist.questions.required_messages"] || tables["note"] != "note" {
		t.Errorf("%v", tables)
	}
}

// Each line of JSON reads back to the message that was written.
func TestJSONLinesReadBackToTheSameMessages(t *testing.T) {
	s := anyShelf(2)
	for _, sealed := range []bool{true, false} {
		t.Run(fmt.Sprint("sealed ", sealed), func(t *testing.T) {
			o := everything
			o.Sealed = sealed
			var b bytes.Buffer
			counts, err := report.JSON(s, o, &b)
			if err != nil {
				t.Fatal(err)
			}
			byID, n := map[string]report.Row{}, 0
			for _, r := range s {
				byID[r.Message.GetId()] = r
			}
			for text := range strings.Lines(b.String()) {
				var l struct {
					Kind, ID string
					Position uint64
					Sealed   map[string][]int
					Message  json.RawMessage
				}
				if err := json.Unmarshal([]byte(text), &l); err != nil {
					t.Fatal(err)
				}
				k, err := record.ParseKind(l.Kind)
				if err != nil {
					t.Fatal(err)
				}
				got, r := record.New(k), byID[l.ID]
				if err := protojson.Unmarshal(l.Message, got); err != nil {
					t.Fatal(err)
				}
				want := proto.Clone(r.Message)
				if !sealed {
					unseal(want.ProtoReflect())
				}
				if !proto.Equal(got, want) || l.Position != r.Status.GetPosition() {
					t.Errorf("%s reads back as\n%v\nand was\n%v", l.Kind, got, want)
				}
				if sealed && len(l.Sealed) > 0 || !sealed && (record.Sealed(k) || k == record.SealingKey) && strings.Contains(text, "YWdlLWVuY3J5cHRpb24") {
					t.Errorf("what is sealed: %v in %.200s", l.Sealed, text)
				}
				n++
			}
			if n != counts.Total() || n < len(s)/2 {
				t.Errorf("%d lines, %+v", n, counts)
			}
		})
	}
}

// unseal clears the fields that are sealed in the schema's two messages that have some.
func unseal(m protoreflect.Message) {
	switch m := m.Interface().(type) {
	case *daylightv1.SealingKey:
		for _, w := range m.Wraps {
			w.Key = nil
		}
	case *daylightv1.PersonIdentity:
		m.Sealed = nil
	case *daylightv1.InterviewNote:
		m.Sealed = nil
	case *daylightv1.MedicalNote:
		m.Sealed = nil
	case *daylightv1.ReprisalDetail:
		m.Sealed = nil
	}
}

func TestWhatIsSealedIsToldByItsSize(t *testing.T) {
	var s shelf
	sealed := []byte(record.SealedHeader + "secret")
	s.add(&daylightv1.InterviewNote{Sealed: sealed})
	s.add(&daylightv1.SealingKey{Wraps: []*daylightv1.KeyWrap{{Id: "0190a6e2-7c1b-4000-8000-000000000001", Key: sealed}}})
	s[1].Status.Conflicts = []*daylightv1.ConflictingPath{{Field: "wraps", Key: "x", Values: []*daylightv1.ConflictingValue{{Json: `{"key":"c2VjcmV0"}`}, {}}}}
	tables, _ := files(t, s, everything)
	for at, want := range map[string]string{"interview_note sealed": "(sealed, 28 bytes)", "sealing_key.wraps key": "(sealed, 28 bytes)"} {
		name, col, _ := strings.Cut(at, " ")
		if got := column(t, tables[name], col); got[0] != want {
			t.Errorf("%s is %q", at, got)
		}
	}
	if got := column(t, tables["conflicts"], "value"); strings.Contains(strings.Join(got, ""), "c2VjcmV0") {
		t.Errorf("%q", got)
	}
	var b bytes.Buffer
	if _, err := report.JSON(s, everything, &b); err != nil || strings.Contains(b.String(), "c2VjcmV0") || !strings.Contains(b.String(), `"sealed":{"sealed":[28]}`) {
		t.Errorf("%s, %v", b.String(), err)
	}
}

func TestConflictsAreListedWithAllTheirValues(t *testing.T) {
	var s shelf
	r := s.add(&daylightv1.Finding{Title: proto.String("Space")})
	r.Status.Conflicts = []*daylightv1.ConflictingPath{
		{Field: "title", Values: []*daylightv1.ConflictingValue{{Json: `"Space"`, Writer: []byte{1}, Seq: 3, WrittenAt: 1000}, {Json: `"=Crowding"`, Writer: []byte{2}, Seq: 1, ClockSuspect: true}}},
		{Field: "severity_decided", Values: []*daylightv1.ConflictingValue{{Json: `"FINDING_SEVERITY_MINOR"`}, {}}},
	}
	tables, _ := files(t, s, report.Options{})
	if got := column(t, tables["finding"], "record.conflicts"); got[0] != "title severity_decided" {
		t.Errorf("%q", got)
	}
	if got := tables["conflicts"]; len(got) != 5 || strings.Join(got[2], "|") != "finding|"+r.Message.GetId()+`|title||2|"=Crowding"||true|02|1` {
		t.Errorf("%q", got)
	}
	var b bytes.Buffer
	if _, err := report.JSON(s, report.Options{}, &b); err != nil || !strings.Contains(b.String(), `{"field":"title","values":[{"value":"Space","writer":"01","seq":3,"written_at":"1970-01-01T00:00:01Z"},{"value":"=Crowding"`) || !strings.Contains(b.String(), `{"value":null,`) {
		t.Errorf("%s, %v", b.String(), err)
	}
}

func TestAFailingTableEndsTheExport(t *testing.T) {
	s := anyShelf(3)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "visit.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := report.Tables(s, report.Options{}, report.CSV{Dir: dir}); !errors.Is(err, os.ErrExist) {
		t.Errorf("%v", err)
	}
}
