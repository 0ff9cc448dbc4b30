package xlsform_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// table makes one of lines with | between the cells. The first is the head; \n in a cell
// is a line break.
func table(t testing.TB, name, lines string) xlsform.Table {
	t.Helper()
	out := xlsform.Table{Name: name}
	if strings.TrimSpace(lines) == "" {
		return xlsform.Table{}
	}
	for i, line := range strings.Split(strings.Trim(lines, "\n"), "\n") {
		row := xlsform.Row{At: i + 1}
		for _, cell := range strings.Split(line, "|") {
			row.Cells = append(row.Cells, xlsform.Cell{Text: strings.ReplaceAll(strings.Trim(cell, " \t"), `\n`, "\n")})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// form is a form in three tables.
func form(t testing.TB, survey, choices, settings string) xlsform.Tables {
	t.Helper()
	return xlsform.Tables{Name: "visit.xlsx", Survey: table(t, "survey", survey), Choices: table(t, "choices", choices), Settings: table(t, "settings", settings)}
}

const settled = `
form_title | form_id | version
Visit      | visit   | 3`

const yesNo = `
list name | name | label
yn        | yes  | Yes
yn        | no   | No`

// taken reads a form that has to be taken.
func taken(t testing.TB, tables xlsform.Tables) *xlsform.Result {
	t.Helper()
	out := xlsform.ReadTables(tables)
	if out.Refused() {
		t.Fatalf("refused:\n%s", lines(out.Remarks))
	}
	return out
}

func lines(remarks []xlsform.Remark) string {
	var out []string
	for _, r := range remarks {
		out = append(out, r.Code+": "+r.String())
	}
	return strings.Join(out, "\n")
}

func codes(out *xlsform.Result) (all []string) {
	for _, r := range out.Remarks {
		all = append(all, r.Code)
	}
	return all
}

func question(t testing.TB, c *daylightv1.Checklist, name string) *daylightv1.ChecklistQuestion {
	t.Helper()
	for _, q := range c.GetQuestions() {
		if q.Name == name {
			return q
		}
	}
	t.Fatalf("no question %s", name)
	return nil
}

func label(texts []*daylightv1.LocalText, tag string) string {
	for _, x := range texts {
		if x.Language == tag {
			return x.GetText()
		}
	}
	return ""
}

func TestFormComesInAsItIs(t *testing.T) {
	out := taken(t, form(t, `
type            | name  | label::English (en) | label::Russian (ru) | relevant      | topic     | standard     | method
begin_group     | cells | Cells               | Камеры
select_one kind | kind  | Kind of cell        | Вид камеры
decimal         | area  | Area in m2          | Площадь в м2        | ${kind} != '' | MAT.SPACE | CPT-1;NMR-2  | observation
end_group`, `
list_name | name   | label::English (en) | label::Russian (ru) | floor
kind      | single | Single              | Одиночная           | 1
kind      | shared | Shared              | Общая`, `
form_title | form_title::English (en) | form_id | version | default_language | place_types          | style | instance_name
Камеры     | Cells                    | cells   | 3       | Russian (ru)     | PENAL.PRISON POLICE  | pages | concat('x', ${kind})`))
	c := out.Checklist
	if len(out.Remarks) > 0 {
		t.Fatal(lines(out.Remarks))
	}
	if c.GetCode() != "cells" || c.GetVersion() != "3" || c.GetTitles()["ru"] != "Камеры" || c.GetTitles()["en"] != "Cells" || c.GetRows() != 5 {
		t.Fatal(c)
	}
	if c.GetDefaultLanguage() != "ru" || !slices.Equal(c.GetLanguages(), []string{"en", "ru"}) || !slices.Equal(c.GetPlaceTypes(), []string{"PENAL.PRISON", "POLICE"}) {
		t.Fatal(c)
	}
	q := question(t, c, "area")
	if q.GetParent() != "cells" || q.GetTopic() != "MAT.SPACE" || label(q.GetLabels(), "ru") != "Площадь в м2" || q.GetOrder() != 3 || q.GetMethod() != "observation" {
		t.Fatal(q)
	}
	if k := question(t, c, "kind"); k.GetType() != "select_one" || k.GetList() != "kind" {
		t.Fatal(k)
	}
	if x := c.GetChoices()[0]; x.Key != "kind/single" || x.GetAttributes()[0].GetName() != "floor" || x.GetAttributes()[0].GetValue() != "1" {
		t.Fatal(x)
	}
}

// A line for each word that the type column may have, with what is stored.
func TestTypesAndTheirOldNames(t *testing.T) {
	for written, want := range map[string]string{
		"text": "text", "string": "text", "add text prompt": "text", "q string": "text", "barcode": "text", "phone number": "text",
		"int": "integer", "Integer": "integer", "add integer prompt": "integer", "percentage": "integer", "decimal": "decimal", "q decimal": "decimal", "range": "range",
		"date": "date", "date\\n": "date", "time": "time", "datetime": "dateTime", "dateTime": "dateTime", "date time": "dateTime",
		"gps": "geopoint", "location": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape",
		"photo": "image", "add image prompt": "image", "audio": "audio", "video": "video", "file": "file",
		"note": "note", "trigger": "acknowledge", "acknowledge": "acknowledge", "hidden": "hidden",
		"start": "start", "get start time": "start", "end": "end", "today": "today",
		"deviceid": "hidden", "imei": "hidden", "uri:deviceid": "hidden", "simserial": "hidden", "phonenumber": "hidden", "username": "hidden", "email": "hidden", "start-geopoint": "hidden", "osm c1": "hidden",
		"select_one yn": "select_one", "select one from yn": "select_one", "select one yn": "select_one", "select1 yn": "select_one", "add select one prompt using yn": "select_one",
		"select_multiple yn": "select_multiple", "select all that apply from yn": "select_multiple", "select all that apply yn": "select_multiple", "rank yn": "rank",
	} {
		out := xlsform.ReadTables(form(t, "type|name|label\n"+written+"|q|Q", yesNo, settled))
		if out.Refused() || out.Checklist.GetQuestions()[0].GetType() != want {
			t.Errorf("%s: %v %s", written, out.Checklist, lines(out.Remarks))
			continue
		}
		if list := out.Checklist.GetQuestions()[0].GetList(); (list == "yn") != strings.Contains(written, "yn") {
			t.Errorf("%s: list %q", written, list)
		}
		if want == "hidden" && written != "hidden" && !slices.Contains(codes(out), "never-filled") {
			t.Errorf("%s: nothing says that it stays empty", written)
		}
	}
}

func TestColumnsAndTheirOldNames(t *testing.T) {
	for _, c := range []struct {
		head string
		of   func(*daylightv1.ChecklistQuestion) string
	}{
		{"relevant", (*daylightv1.ChecklistQuestion).GetRelevant}, {"bind:relevant", (*daylightv1.ChecklistQuestion).GetRelevant}, {"bind::relevant", (*daylightv1.ChecklistQuestion).GetRelevant},
		{"Relevance", (*daylightv1.ChecklistQuestion).GetRelevant}, {" RELEVANT ", (*daylightv1.ChecklistQuestion).GetRelevant},
		{"constraint", (*daylightv1.ChecklistQuestion).GetConstraint}, {"bind::constraint", (*daylightv1.ChecklistQuestion).GetConstraint},
		{"calculate", (*daylightv1.ChecklistQuestion).GetCalculation}, {"bind::calculate", (*daylightv1.ChecklistQuestion).GetCalculation},
		{"readonly", (*daylightv1.ChecklistQuestion).GetReadOnly}, {"read only", (*daylightv1.ChecklistQuestion).GetReadOnly}, {"bind::readonly", (*daylightv1.ChecklistQuestion).GetReadOnly},
		{"required", (*daylightv1.ChecklistQuestion).GetRequired}, {"suggest", (*daylightv1.ChecklistQuestion).GetSuggest},
	} {
		out := taken(t, form(t, "type|name|label|"+c.head+"\ntext|q|Q|1 = 1", "", settled))
		if got := c.of(out.Checklist.GetQuestions()[0]); got != "1 = 1" {
			t.Errorf("%s: %q %s", c.head, got, lines(out.Remarks))
		}
	}
	for _, head := range []string{"count", "repeat_count", "jr:count", "control::jr:count", "body::jr:count"} {
		out := taken(t, form(t, "type|name|label|"+head+"\nbegin repeat|r|R|2\ntext|q|Q\nend repeat", "", settled))
		if got := out.Checklist.GetQuestions()[0].GetRepeatCount(); got != "2" {
			t.Errorf("%s: %q", head, got)
		}
	}
	for _, head := range []string{"constraint message", "constraint_message", "constraining message", "bind::jr:constraintMsg", "bind:jr:constraintMsg"} {
		out := taken(t, form(t, "type|name|caption|constraint|"+head+"\ntext|q|Q|. != ''|Say it", "", settled))
		q := out.Checklist.GetQuestions()[0]
		if label(q.GetConstraintMessages(), "und") != "Say it" || label(q.GetLabels(), "und") != "Q" {
			t.Errorf("%s: %v", head, q)
		}
	}
	for _, head := range []string{"required message", "requiredMsg", "required_message::French (fr)", "bind::jr:requiredMsg::French"} {
		out := taken(t, form(t, "type|name|label::French|"+head+"\ntext|q|Q|Dites", "", settled))
		if q := out.Checklist.GetQuestions()[0]; label(q.GetRequiredMessages(), "fr") != "Dites" {
			t.Errorf("%s: %v", head, q)
		}
	}
}

func TestLanguagesByTheirNames(t *testing.T) {
	for written, want := range map[string]string{
		"English (en)": "en", "English": "en", "EN": "en", "English (EN)": "en", "english\\n": "en", "French": "fr", "Français": "fr", "العربية": "ar", "Arabic (ar)": "ar",
		"Русский": "ru", "Українська": "uk", "Ukrainian": "uk", "Turkmen (tk)": "tk", "Tetun": "tet", "Oromiffa": "om", "Tigirigna": "ti", "Swahili": "sw", "chinese": "zh",
		"Kurdish (Sorani)": "ckb", "pt_BR": "pt-BR", "Portuguese (pt-br)": "pt-BR",
	} {
		out := taken(t, form(t, "type|name|label::"+written+"\ntext|q|Q", "", settled))
		if got := out.Checklist.GetLanguages(); !slices.Equal(got, []string{want}) || out.Checklist.GetDefaultLanguage() != want {
			t.Errorf("%s: %v %s", written, got, lines(out.Remarks))
		}
	}
	out := taken(t, form(t, "type|name|label::Klingon\ntext|q|Q", "", settled))
	if got := out.Checklist.GetLanguages()[0]; got != "x-klingon" || !slices.Contains(codes(out), "language-unknown") {
		t.Fatal(got, lines(out.Remarks))
	}
	out = taken(t, form(t, "type|name|label:English|label:Arabic\ntext|q|Q|س", "", settled))
	if got := out.Checklist.GetLanguages(); !slices.Equal(got, []string{"ar", "en"}) {
		t.Fatal(got)
	}
}

func TestLabelWithoutLanguage(t *testing.T) {
	const survey = "type|name|label|label::French (fr)\ntext|q|Name|Nom"
	if c := taken(t, form(t, survey, "", "form_id|default_language\nf|English")).Checklist; c.GetDefaultLanguage() != "en" || label(c.GetQuestions()[0].GetLabels(), "en") != "Name" {
		t.Fatal("it is in the form's language", c)
	}
	if c := taken(t, form(t, survey, "", settled)).Checklist; c.GetDefaultLanguage() != "und" || label(c.GetQuestions()[0].GetLabels(), "und") != "Name" {
		t.Fatal("without one it is in no language", c)
	}
	out := taken(t, form(t, "type|name|label::French (fr)\ntext|q|Nom", "", "form_id|default_language\nf|English"))
	if out.Checklist.GetDefaultLanguage() != "fr" || !slices.Contains(codes(out), "default-language") {
		t.Fatal(lines(out.Remarks))
	}
}

func TestMissingTranslationsAreCounted(t *testing.T) {
	out := taken(t, form(t, "type|name|label::en|label::sw\ntext|a|A|A\nselect_one l|b||B", "list_name|name|label::en|label::sw\nl|x||X\nl|y|Y|Y", "form_id|version|form_title|default_language\nf|1|F|sw"))
	if len(out.Remarks) != 1 || out.Remarks[0].Code != "missing-translation" || out.Remarks[0].Cell != "C3" || !strings.Contains(out.Remarks[0].Text, "2 labels") {
		t.Fatal(lines(out.Remarks))
	}
	if l := out.Preview.Languages; l[0].Tag != "sw" || l[0].Missing != 0 || l[1].Missing != 2 || l[1].Labels != 2 {
		t.Fatal(l)
	}
}

func TestSameNameInSeveralGroups(t *testing.T) {
	c := taken(t, form(t, `
type         | name     | label
text         | name     | Your name
begin repeat | children | Children
text         | name     | Child's name
begin repeat | toys     | Toys
text         | name     | Toy's name
text         | colour   | Colour
end repeat
end repeat
begin group  | gate     | Gate
text         | gate     | Gate's name
end group`, "", settled)).Checklist
	var names []string
	for _, q := range c.GetQuestions() {
		names = append(names, q.Name+"="+q.GetCalled()+"<"+q.GetParent())
	}
	want := []string{"name=<", "children=<", "children~name=name<children", "toys=<children", "children~toys~name=name<toys", "colour=<toys", "gate=<", "gate~gate=gate<gate"}
	if !slices.Equal(names, want) {
		t.Fatal(names)
	}
}

func TestOrOtherIsWrittenOut(t *testing.T) {
	for _, words := range []string{"or_other", "or other", "or specify other"} {
		out := taken(t, form(t, "type|name|label::English (en)|label::Russian (ru)\nselect_multiple l "+words+"|q|Q|В\nselect_one l|r|R|Р", "list_name|name|label::en|label::ru\nl|a|A|А", settled))
		c := out.Checklist
		o := question(t, c, "q_other")
		if o.GetRelevant() != "selected(${q}, 'other')" || label(o.GetLabels(), "ru") != "Уточните, что именно" || question(t, c, "q").GetList() != "l_or_other" || question(t, c, "r").GetList() != "l" {
			t.Fatal(c)
		}
		if n := len(c.GetChoices()); n != 3 || c.GetChoices()[2].Key != "l_or_other/other" || label(c.GetChoices()[2].GetLabels(), "ru") != "Другое" {
			t.Fatal(c.GetChoices())
		}
		if !slices.Contains(codes(out), "or-other") {
			t.Fatal(lines(out.Remarks))
		}
	}
	c := taken(t, form(t, "type|name|label\nselect_one l or_other|q|Q\ntext|q_other|Which?", "list_name|name|label\nl|a|A\nl|other|Something else", settled)).Checklist
	if len(c.GetQuestions()) != 2 || len(c.GetChoices()) != 2 || label(question(t, c, "q_other").GetLabels(), "und") != "Which?" {
		t.Fatal("what the form has itself stays", c)
	}
}

func TestLoopIsWrittenOut(t *testing.T) {
	out := taken(t, form(t, `
type                      | name  | label::English (en)              | label::Russian (ru)     | relevant
begin loop over toilet    | loop  | Toilets                          | Туалеты
integer                   | n     | How many %(label)s on %(floor)s? | %(label)s: сколько?
text                      | which | Which %(name)s?                  |                         | ${n} > 0
end loop`, "list_name|name|label::en|label::ru|floor\ntoilet|pit|Pit|Яма|1\ntoilet|flush|Flush|Смыв|2", settled))
	c := out.Checklist
	q := question(t, c, "loop~flush~n")
	if len(c.GetQuestions()) != 7 || label(q.GetLabels(), "en") != "How many Flush on 2?" || label(q.GetLabels(), "ru") != "Смыв: сколько?" || q.GetParent() != "flush" || q.GetCalled() != "n" {
		t.Fatal(c)
	}
	if label(question(t, c, "flush").GetLabels(), "ru") != "Смыв" || !slices.Contains(codes(out), "loop-written-out") {
		t.Fatal(lines(out.Remarks))
	}
}

func TestListsFromFiles(t *testing.T) {
	tables := form(t, `
type                           | name  | label | parameters             | calculation
select_one_from_file trees.csv | tree  | Tree  | value=code label=title
calculate                      | kind  |       |                        | pulldata('kinds', 'label', 'name', ${tree})
calculate                      | other |       |                        | instance('gone')/root/item[name = '1']/label`, "", settled)
	trees := table(t, "trees.csv", "code|title|kind\nt1|Oak|o\nt2|Elm|e")
	tables.Files = map[string]xlsform.Table{"trees.csv": trees, "Kinds.csv": table(t, "Kinds.csv", "name|label\no|Oaks"), "unused.csv": trees}
	out := taken(t, tables)
	c := out.Checklist
	if q := question(t, c, "tree"); q.GetList() != "trees" || q.GetParameters() != "" {
		t.Fatal(q)
	}
	if x := c.GetChoices()[0]; x.Key != "trees/t1" && x.Key != "kinds/o" {
		t.Fatal(c.GetChoices())
	}
	for _, x := range c.GetChoices() {
		if x.Key == "trees/t1" && (label(x.GetLabels(), "und") != "Oak" || x.GetAttributes()[0].GetName() != "code" || len(x.GetAttributes()) != 3) {
			t.Fatal(x)
		}
	}
	var missing, unused bool
	for _, r := range out.Remarks {
		missing = missing || r.Code == "file-missing" && strings.Contains(r.Text, "gone.csv") && r.Cell == "E4"
		unused = unused || r.Code == "file-ignored" && strings.Contains(r.Text, "unused.csv")
	}
	if !missing || !unused || !slices.Equal(out.Preview.Missing, []string{"gone.csv"}) {
		t.Fatal(lines(out.Remarks))
	}
}

func TestExternalChoices(t *testing.T) {
	tables := form(t, `
type                     | name | label | choice_filter
select_one state         | a    | A
select_one_external town | b    | B     | state = ${a}
select_one_external state| c    | C     |`, "list_name|name|label\nstate|n|North", settled)
	tables.ExternalChoices = table(t, "external_choices", "list_name|name|label|state\nstate|s|South|\ntown|x|X|n\ntown|x|X|s")
	c := taken(t, tables).Checklist
	if question(t, c, "a").GetList() != "state" || question(t, c, "b").GetList() != "town" || question(t, c, "c").GetList() != "state_external" {
		t.Fatal(c)
	}
	if x := c.GetChoices()[3]; x.Key != "town/x/2" || x.GetCalled() != "x" {
		t.Fatal(c.GetChoices())
	}
}

func TestWhyBlankRowsBelongToTheirQuestion(t *testing.T) {
	const states = "list_name|name|label\nwhy|not_asked|1\nwhy|refused|2\nwhy|not_applicable|3\nwhy|not_allowed_in|4\nwhy|not_known|5"
	c := taken(t, form(t, "type|name|label|state_of\ninteger|cap|Capacity\nselect_one why|cap_na|Why?\nselect_one why|reason|Why not?|cap\nselect_one why|gone_na|Why?", states, settled)).Checklist
	if question(t, c, "cap_na").GetStateOf() != "cap" || question(t, c, "reason").GetStateOf() != "cap" || question(t, c, "gone_na").StateOf != nil {
		t.Fatal(c)
	}
}

func TestTypographicQuotesAreReadAsStraight(t *testing.T) {
	out := taken(t, form(t, "type|name|label|relevant\nselect_one yn|a|It’s A\ntext|b|B|selected(${a}, ‘yes’)", yesNo, settled))
	c := out.Checklist
	if question(t, c, "b").GetRelevant() != "selected(${a}, 'yes')" || label(question(t, c, "a").GetLabels(), "und") != "It’s A" || !slices.Contains(codes(out), "quotes") {
		t.Fatal(c, lines(out.Remarks))
	}
}

func TestWordsForTrueAndFalse(t *testing.T) {
	c := taken(t, form(t, "type|name|label|required|read_only|relevant\ntext|a|A|TRUE|no|yes\ntext|b|B|False|true()|FALSE", "", settled)).Checklist
	a, b := question(t, c, "a"), question(t, c, "b")
	if a.GetRequired() != "yes" || a.ReadOnly != nil || a.GetRelevant() != "true()" || b.Required != nil || b.GetReadOnly() != "yes" || b.GetRelevant() != "false()" {
		t.Fatal(a, b)
	}
}

func TestEmptyRowsAndBlankColumnsArePassedOver(t *testing.T) {
	c := taken(t, form(t, "\n| |type|name |label\n|\n| |text| q\\n |A\\nB\n | | | |", "\n| |list name|name|label\n\n| |yn|yes|Yes", settled)).Checklist
	if len(c.GetQuestions()) != 1 || c.GetQuestions()[0].Name != "q" || label(c.GetQuestions()[0].GetLabels(), "und") != "A\nB" || len(c.GetChoices()) != 1 {
		t.Fatal(c)
	}
}

// What is not taken is named, each at its place; nothing of it refuses the form.
func TestWhatIsNotTakenIsNamed(t *testing.T) {
	for _, c := range []struct{ survey, choices, settings, code, cell string }{
		{"type|name|label|testing\ntext|q|Q|1", "", settled, "column-unknown", "D1"},
		{"type|name|label|requierd\ntext|q|Q|1", "", settled, "column-unknown", "D1"},
		{"type|name|label|media::image\ntext|q|Q|a.jpg", "", settled, "media-later", "D1"},
		{"type|name|label|save_to\ntext|q|Q|x", "", settled, "column-ignored", "D1"},
		{"type|name|label|bind::xtest-linearAssert\ntext|q|Q|x", "", settled, "column-unknown", "D1"},
		{"type|name|label|$given_name\ntext|q|Q|x", "", settled, "column-ignored", "D1"},
		{"type|name|label|\ntext|q|Q|stray", "", settled, "column-without-head", "D2"},
		{"type|name|label\ntext|q|", "", settled, "no-label", "C2"},
		{"type|name|label\naudit|audit|\ntext|q|Q", "", settled, "row-ignored", "A2"},
		{"type|name|label\n||\n|| \ntext|q|Q", "", settled + "\na", "row-ignored", ""},
		{"type|name|label|disabled\ntext|q|Q|yes\ntext|r|R", "", settled, "row-disabled", "D2"},
		{"type|name|label|calculation\ninteger|q|Q|1 + 1", "", settled, "calculated-question", "D2"},
		{"type|name|label|repeat_count\ntext|q|Q|3", "", settled, "column-without-use", "D2"},
		{"type|name|label|choice_filter\ntext|q|Q|a = 1", "", settled, "column-without-use", "D2"},
		{"type|name|label|calculation\nbegin group|g|G|1\nend group", "", settled, "column-without-use", "D2"},
		{"type|name|label\ncalculate|q|", "", settled, "no-calculation", ""},
		{"type|name|label|calculation\ncalculate|q||Country", "", settled, "bare-word", "D2"},
		{"type|name|label|constraint\ntext|q|Q|regex(., '[0-9]+')", "", settled, "pattern-open", "D2"},
		{"type|name|label|appearance\nselect_one yn|q|Q|search('x')", yesNo, settled, "search", "D2"},
		{"type|name|label|appearance\ninteger|q|Q|ex:org.example.counter", "", settled, "other-program", "D2"},
		{"type|name|label|relevant\nselect_one yn|q|Q\ntext|r|R|${q} = 'yess'", yesNo, settled, "no-such-choice", "D3"},
		{"type|name|label|choice_filter\nselect_one l|q|Q|label::French (fr) != ''", "list_name|name|label::French (fr)\nl|a|A", settled, "label-in-filter", "D2"},
		{"type|name|label|choice_filter\nselect_one yn|q|Q|kind = 'x'", yesNo, settled, "no-list-column", "D2"},
		{"type|name|label|choice_filter\nselect_one yn or_other|q|Q|name != 'x'", yesNo, settled, "or-other-filtered", "D2"},
		{"type|name|label|parameters\nselect_one yn|q|Q|shuffle=true", yesNo, settled, "parameter-unknown", "D2"},
		{"type|name|label\nselect_one yn|q|Q", "list_name|name|label|image\nyn|yes|Yes|y.png", settled, "media-later", "D1"},
		{"type|name|label\nselect_one yn|q|Q", "list_name|name|label\nyn|yes|", settled, "no-label", "C2"},
		{"type|name|label\nselect_one yn|q|Q", yesNo + "\n|maybe|Maybe", settled, "choice-without-list", "A4"},
		{"type|name|label\nselect_one yn|q|Q", yesNo + "\nyn|not sure|Not sure", settled, "choice-with-blank", "B4"},
		{"type|name|label|choice_filter\nselect_one yn|q|Q|label != ''", yesNo + "\nyn|no|Nope", settled, "choice-twice", "B4"},
		{"type|name|label\ntext|q|Q\ntext|Q|Q", "", settled, "name-alike", "B3"},
		{"type|name|label\ntext|q|Q", "", "form_title|form_id|version|public_key\nV|v|1|MII", "setting-ignored", "D2"},
		{"type|name|label\ntext|q|Q", "", "form_title|form_id|version|logging\nV|v|1|yes", "setting-ignored", "D2"},
		{"type|name|label\ntext|q|Q", "", "form_title|form_id|version\nV|my form|1", "form-id-changed", "B2"},
		{"type|name|label\ntext|q|Q", "", "form_title|form_id|version\nV|f|1 beta", "version-changed", "C2"},
		{"type|name|label\ntext|q|Q", "", "form_title|form_id|version|id_string\nV|f|1|f", "column-ignored", "D1"},
		{"type|name|label\ntext|q|Q", "", "form_title|form_id\nV|f", "no-version", ""},
		{"type|name|label\ntext|q|Q", "", "form_title|version\nV|1", "no-form-id", ""},
		{"type|name|label\ntext|q|Q", "", "form_id|version\nf|1", "no-title", ""},
	} {
		out := xlsform.ReadTables(form(t, c.survey, c.choices, c.settings))
		i := slices.IndexFunc(out.Remarks, func(r xlsform.Remark) bool { return r.Code == c.code })
		if out.Refused() || i < 0 || out.Remarks[i].Cell != c.cell || out.Remarks[i].Refused {
			t.Errorf("%s in %q at %q:\n%s", c.code, c.survey+c.choices, c.cell, lines(out.Remarks))
		}
	}
}

func TestSheetsBesideTheForm(t *testing.T) {
	tables := form(t, "type|name|label\ntext|q|Q", "", "")
	tables.Ignored = []string{"stettings", "entities", "osm", "my notes"}
	out := taken(t, tables)
	text := lines(out.Remarks)
	for _, want := range []string{"call it settings", "entities: the sheet was not read", "osm: the sheet was not read", "my notes"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestPreviewCounts(t *testing.T) {
	p := taken(t, form(t, `
type          | name | label | relevant  | calculation
note          | n    | Hello
begin group   | g    | First part
text          | a    | A
image         | b    | B     | ${a} != ''
begin repeat  | r    | Rooms
integer       | c    | C
end repeat
end group
calculate     | d    |       |           | count(${r})
text          | e    | E`, "list_name|name|label\nl|x|X", settled)).Preview
	if p.Title != "Visit" || p.Questions != 5 || p.Calculated != 1 || p.Groups != 1 || p.Repeats != 1 || p.Rules != 2 || p.Choices != 1 || p.Lists != 1 || !slices.Equal(p.Later, []string{"b"}) || p.Bytes == 0 {
		t.Fatalf("%+v", p)
	}
	want := []xlsform.SectionPreview{{Questions: 1}, {Name: "g", Label: "First part", Questions: 3, Rules: 1}, {Questions: 1, Rules: 1}}
	if !slices.Equal(p.Sections, want) {
		t.Fatalf("%+v", p.Sections)
	}
}
