package xlsform

import (
	"fmt"
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Result is what became of a form.
type Result struct {
	// Checklist is the form, ready to be saved but for its record's id. It is nil where a
	// remark is a refusal.
	Checklist *daylightv1.Checklist
	// Remarks are in the order of the file as far as they were found there.
	Remarks []Remark
	// Preview is what the form holds, as far as it could be read.
	Preview Preview
}

// Refused reports whether the form is not taken.
func (r *Result) Refused() bool { return r.Checklist == nil }

// ReadTables reads a form from tables. It asks no clock and draws no random numbers: the
// same tables always give the same checklist.
func ReadTables(t Tables) *Result { return readTables(t, &remarks{}) }

func readTables(t Tables, found *remarks) *Result {
	r := &reader{tables: t, remarks: found, form: &daylightv1.Checklist{}, lists: map[string]*list{}, places: map[string]place{}, tags: map[string]string{}, ignoredColumns: map[string]bool{}}
	r.read()
	out := &Result{Remarks: found.all(), Preview: r.preview()}
	if found.refused == 0 {
		out.Checklist = r.form
	}
	return out
}

// reader is a form being read.
type reader struct {
	*remarks
	tables Tables
	form   *daylightv1.Checklist

	survey                   head
	choiceHead, externalHead head
	settings                 map[string]string
	titles                   func() // to be called when the languages are known
	settingsAt               place
	tags                     map[string]string // of languages, by how the heads write them
	fallback                 string            // the tag of texts whose head names no language

	rows   []*question
	lists  map[string]*list
	order  []*list // as they come
	places map[string]place

	files          []fileUse
	straightened   int
	count          int // questions and groups
	cut            bool
	open           []*question // groups
	floor          int         // how many of them the loop that is written out stands in
	ignoredColumns map[string]bool
}

// place is where a question or a choice stands.
type place struct {
	head head
	row  Row
}

func (r *reader) read() {
	r.sheetsBeside()
	rows := r.tables.Survey.full()
	if len(rows) == 0 {
		r.noSurvey()
		return
	}
	r.survey = readHead(r.tables.Survey, rows[0], surveyColumn, r.remarks)
	if !r.hasTypeAndName() {
		return
	}
	r.readSettings()
	choices := r.choiceSheet(r.tables.Choices)
	external := r.choiceSheet(r.tables.ExternalChoices)
	r.choiceHead, r.externalHead = choices.head, external.head
	r.findLanguages(choices, external)
	r.titles()
	r.columnsOfSurvey()
	r.readChoices(choices, false)
	r.readChoices(external, true)
	r.readSurvey(rows[1:])
	r.settleNames()
	r.settleLists()
	r.settleTwice()
	r.settleStates()
	r.finish()
	r.check()
}

func (r *reader) refuse(h head, row Row, column string, m Remark) {
	m.Refused = true
	r.add(h.at(row, column, m))
}

func (r *reader) note(h head, row Row, column string, m Remark) { r.add(h.at(row, column, m)) }

// noSurvey says what the file has instead.
func (r *reader) noSurvey() {
	m := Remark{Refused: true, Code: "no-survey", Text: "there is no sheet called survey", Cure: "call the sheet with the questions survey, and the one with the choices choices"}
	if r.tables.Survey.Name != "" {
		m.Sheet, m.Text, m.Cure = r.tables.Survey.Name, "the sheet is empty", "write the heads type, name and label into its first row, and a question in each row below"
	} else if n := len(r.tables.Ignored); n > 0 {
		var names []string
		for _, s := range r.tables.Ignored[:min(n, 8)] {
			names = append(names, shown(s))
		}
		m.Text += "; the sheets are called " + strings.Join(names, ", ")
	}
	r.add(m)
}

func (r *reader) hasTypeAndName() bool {
	_, typed := r.survey.find("type")
	_, named := r.survey.find("name")
	for _, c := range []struct {
		ok   bool
		name string
	}{{typed, "type"}, {named, "name"}} {
		if !c.ok {
			r.add(Remark{Refused: true, Code: "no-column", Sheet: r.survey.sheet, Row: r.survey.row, Column: c.name, Text: "the column " + c.name + " is missing in the first row that has a text", Cure: "write the heads type, name and label there, each once"})
		}
	}
	return typed && named
}

// sheetsBeside names the sheets that were not read, those that look like a slip of the
// pen first.
func (r *reader) sheetsBeside() {
	have := map[string]bool{"survey": r.tables.Survey.Name != "", "choices": r.tables.Choices.Name != "", "settings": r.tables.Settings.Name != "", "external_choices": r.tables.ExternalChoices.Name != ""}
	var others []string
	for _, s := range r.tables.Ignored {
		name := snake(s)
		m := Remark{Code: "sheet-ignored", Sheet: shown(s)}
		switch near := nearest(name, []string{"survey", "choices", "settings", "external_choices"}); {
		case name == "entities":
			m.Text = "the sheet was not read: answers are not made into entities"
		case name == "osm":
			m.Text = "the sheet was not read: no OpenStreetMap editor is started"
		case have[name]:
			m.Text, m.Cure = "the sheet is there twice, and this one was not read", "take one of the two out"
		case near != "" && !have[near]:
			m.Code, m.Text, m.Cure = "sheet-misspelt", "the sheet was not read", "call it "+near+" if that is what it is"
		default:
			others = append(others, shown(s))
			continue
		}
		r.add(m)
	}
	if len(others) > 0 && r.tables.Survey.Name != "" {
		r.add(Remark{Code: "sheet-ignored", Text: fmt.Sprintf("%s not of the form and %s not read: %s", many(len(others), "sheet is", "sheets are"), map[bool]string{true: "was", false: "were"}[len(others) == 1], strings.Join(others, ", "))})
	}
}

// findLanguages finds the tags of all languages that heads name, and which language a
// text has whose head names none.
func (r *reader) findLanguages(sheets ...choiceSheet) {
	r.fallback = Undetermined
	heads := []head{r.survey}
	for _, s := range sheets {
		heads = append(heads, s.head)
	}
	var tags []string
	plain := false
	for _, h := range heads {
		for _, c := range h.columns {
			switch {
			case !localColumns[c.name]:
			case c.language == "":
				plain = plain || c.name == "label"
			default:
				tags = append(tags, r.tag(h, c))
			}
		}
	}
	switch said := r.settings["default_language"]; {
	case said != "" && !strings.EqualFold(said, "default"):
		r.fallback, _ = tagOf(said)
		if len(tags) > 0 && !plain && !slices.Contains(tags, r.fallback) {
			r.add(Remark{Code: "default-language", Sheet: r.tables.Settings.Name, Column: "default_language", Text: "no column has texts in the form's language " + shown(said), Cure: "write a language that the labels have; " + languageName(tags[0]) + " was taken"})
			r.fallback = tags[0]
		}
	case !plain && len(tags) > 0:
		r.fallback = tags[0]
	}
	if plain {
		tags = append(tags, r.fallback)
	}
	slices.Sort(tags)
	r.form.Languages = slices.Compact(tags)
	r.form.DefaultLanguage = &r.fallback
	r.sameLanguageTwice(heads)
}

// tag is the language of a column.
func (r *reader) tag(h head, c column) string {
	written := words(c.language)
	if tag, ok := r.tags[written]; ok {
		return tag
	}
	tag, ok := tagOf(written)
	r.tags[written] = tag
	if !ok {
		r.add(Remark{Code: "language-unknown", Sheet: h.sheet, Row: h.row, Column: shown(c.head), Cell: cellName(h.row, c.at), Text: fmt.Sprintf("%q is not known as a language; it is called %s here", shown(written), tag), Cure: "write its tag behind it, as English (en)"})
	}
	return tag
}

// sameLanguageTwice refuses two columns of one sheet that are the same text in the same
// language, differently written: label::English and label::en.
func (r *reader) sameLanguageTwice(heads []head) {
	for _, h := range heads {
		seen := map[string]column{}
		for _, c := range h.columns {
			if !localColumns[c.name] {
				continue
			}
			key := c.name + " " + r.language(c)
			before, twice := seen[key]
			if !twice {
				seen[key] = c
				continue
			}
			r.add(Remark{Refused: true, Code: "column-twice", Sheet: h.sheet, Row: h.row, Column: shown(c.head), Cell: cellName(h.row, c.at),
				Text: fmt.Sprintf("the column means the same as %s in %s: both are %s", shown(before.head), cellName(h.row, before.at), languageName(r.language(c))), Cure: "take one of the two out, or give it another language"})
		}
	}
}

func (r *reader) language(c column) string {
	if c.language == "" {
		return r.fallback
	}
	return r.tags[words(c.language)]
}

// texts are a row's texts of one kind, by language.
func (r *reader) texts(h head, row Row, name string) (out []*daylightv1.LocalText) {
	for _, c := range h.columns {
		if c.name != name {
			continue
		}
		text := tidy(r.plain(h, row, c))
		if text == "" {
			continue
		}
		tag := r.language(c)
		out = append(out, &daylightv1.LocalText{Language: tag, Text: &text})
	}
	slices.SortFunc(out, func(a, b *daylightv1.LocalText) int { return strings.Compare(a.Language, b.Language) })
	return out
}

// plain is a cell's text. It refuses what no cell may hold, and tells of a date that is
// no longer a number.
func (r *reader) plain(h head, row Row, c column) string {
	cell := row.cell(c.at)
	at := Remark{Sheet: h.sheet, Row: row.At, Column: shown(c.head), Cell: cellName(row.At, c.at)}
	switch {
	case cell.Kind == Error:
		at.Refused, at.Code, at.Text, at.Cure = true, "cell-error", "the cell shows "+shown(cell.Text), "write the text itself"
		r.add(at)
	case cell.Kind == Date:
		at.Code, at.Text, at.Cure = "date-cell", "the cell holds a date, which was taken as the text "+shown(cell.Text), "write it as text if it should read otherwise"
		r.add(at)
	case len(cell.Text) > MaxCell:
		at.Refused, at.Code, at.Text, at.Cure = true, "cell-too-long", "the cell holds more than 32 KiB", "shorten it"
		r.add(at)
	}
	return cell.Text
}

// value is a row's text in a column without a language.
func (r *reader) value(h head, row Row, name string) string {
	c, ok := h.find(name)
	if !ok {
		return ""
	}
	return tidy(r.plain(h, row, c))
}

// nearest is the name that is one or two letters from another; empty for none.
func nearest(name string, among []string) string {
	best, at := 3, ""
	if len([]rune(name)) < 4 {
		best = 2
	}
	for _, a := range among {
		if d := distance(strings.ToLower(name), strings.ToLower(a), best); d < best {
			best, at = d, a
		}
	}
	return at
}

// distance counts the letters to change, put in or take out; most and above are most.
func distance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= most || len(y)-len(x) >= most {
		return most
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			cost := before
			if x[i] != y[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return min(row[len(y)], most)
}
