package xlsform

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// question is one row of the survey that becomes a question, with what is only needed
// while reading.
type question struct {
	*daylightv1.ChecklistQuestion
	row    Row
	typed  typed
	parent *question // the group around it
	called string    // its name on the form
	made   bool      // not a row of its own
}

// columnsOfSurvey names the columns that are not used, each once.
func (r *reader) columnsOfSurvey() {
	for _, c := range r.survey.columns {
		m := Remark{Sheet: r.survey.sheet, Row: r.survey.row, Column: shown(c.head), Cell: cellName(r.survey.row, c.at), Code: "column-ignored"}
		switch c.use() {
		case used:
			continue
		case media:
			m.Code, m.Text = "media-later", "the column was not read: pictures, sounds and films of a form are not shown yet"
		case dropped:
			why := ignoredColumns[c.name]
			if why == "" {
				why = ignoredColumns[snake(c.head)]
			}
			m.Text = "the column was not read: " + why
		case unknown:
			m.Code, m.Text = "column-unknown", "the column is not known and was not read"
			if near := nearest(c.name, plainNames()); near != "" && !strings.Contains(c.head, ":") {
				if _, have := r.survey.find(near); !have {
					m.Cure = "call it " + near + " if that is what it is"
				}
			}
		}
		r.ignoredColumns[shown(c.head)] = true
		r.add(m)
	}
}

func plainNames() []string {
	var out []string
	for _, m := range []map[string]bool{plainColumns, localColumns} {
		for n := range m {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// readSurvey reads the rows in order, with the groups that they open and close.
func (r *reader) readSurvey(rows []Row) {
	r.stray(r.survey, rows)
	r.walk(rows)
	r.unclosed(0)
}

// walk reads rows that follow each other.
func (r *reader) walk(rows []Row) {
	for i := 0; i < len(rows) && !r.cut; i++ {
		row := rows[i]
		t, skip := r.typeOfRow(row)
		if skip {
			continue
		}
		switch t.name {
		case beginLoop:
			inside := rows[i+1:]
			n, ends := r.loopEnd(inside)
			if !ends {
				r.refuse(r.survey, row, "type", Remark{Code: "group-open", Text: "the loop begins here and does not end", Cure: "write end loop below its last question"})
			}
			r.loop(row, t, inside[:n])
			i += n + boolInt(ends)
		case endLoop:
			r.refuse(r.survey, row, "type", Remark{Code: "group-not-open", Text: "end loop stands here, and no loop is open", Cure: "take it out, or write begin loop over LIST above the first question"})
		case endGroup, endRepeat:
			r.end(t.name, row)
		default:
			r.take(row, t)
		}
	}
}

// take makes a question of a row. Of more than a form may have only the number counts.
func (r *reader) take(row Row, t typed) *question {
	if r.count++; r.count > checklist.MaxQuestions {
		return nil // one word on that comes in the end
	}
	var parent *question
	if len(r.open) > 0 {
		parent = r.open[len(r.open)-1]
	}
	q := r.question(row, t, parent)
	r.rows = append(r.rows, q)
	if t.name == "begin_group" || t.name == "begin_repeat" {
		r.open = append(r.open, q)
	}
	if t.other {
		r.rows = append(r.rows, r.otherOf(q))
		r.count++
	}
	return q
}

// unclosed refuses the groups that are open beyond a depth, and closes them.
func (r *reader) unclosed(depth int) {
	for _, q := range r.open[min(depth, len(r.open)):] {
		r.refuse(r.survey, q.row, "type", Remark{Code: "group-open", Text: fmt.Sprintf("%s %q begins here and does not end", groupWord(q), shown(q.called)), Cure: "write " + endOf(q) + " below its last question"})
	}
	r.open = r.open[:min(depth, len(r.open))]
}

func groupWord(q *question) string {
	if q.GetType() == "begin_repeat" {
		return "the repeat"
	}
	return "the group"
}

func endOf(q *question) string {
	if q.GetType() == "begin_repeat" {
		return "end_repeat"
	}
	return "end_group"
}

func (r *reader) end(what string, row Row) {
	if len(r.open) <= r.floor {
		r.refuse(r.survey, row, "type", Remark{Code: "group-not-open", Text: what + " stands here, and nothing is open that it could end", Cure: "take it out, or write the begin above the first question"})
		return
	}
	last := r.open[len(r.open)-1]
	if want := endOf(last); want != what {
		r.refuse(r.survey, row, "type", Remark{Code: "group-crossed", Text: fmt.Sprintf("%s stands here, and what is open is %s %q from row %d", what, groupWord(last), shown(last.called), last.row.At), Cure: "write " + want + ", or end that one first"})
	}
	r.open = r.open[:len(r.open)-1]
}

// typeOfRow reads the type; skip is true for a row that is no question.
func (r *reader) typeOfRow(row Row) (t typed, skip bool) {
	written := words(r.value(r.survey, row, "type"))
	if yes := strings.ToLower(r.value(r.survey, row, "disabled")); yes == "yes" || yes == "true" {
		r.note(r.survey, row, "disabled", Remark{Code: "row-disabled", Text: "the row is disabled and was not read"})
		return t, true
	}
	if written == "" {
		switch {
		case r.value(r.survey, row, "name") != "" || len(r.texts(r.survey, row, "label")) > 0:
			r.refuse(r.survey, row, "type", Remark{Code: "no-type", Text: "the row has no type", Cure: "write one, as text or select_one LIST; or empty the whole row"})
		default:
			r.note(r.survey, row, "type", Remark{Code: "row-ignored", Text: "the row has neither type, name nor label and was not read"})
		}
		return t, true
	}
	t = typeOf(written)
	switch {
	case !t.ok:
		r.unknownType(row, written)
		return t, true
	case t.name == cascading:
		r.refuse(r.survey, row, "type", Remark{Code: "unknown-type", Text: "cascading_select is not read any more", Cure: "write a select_one for each level, with a choice_filter that compares a column of the list with ${the question before}"})
		return t, true
	case t.name == auditLog:
		r.note(r.survey, row, "type", Remark{Code: "row-ignored", Text: "no record is kept of how a form is filled in; the row was not read"})
		return t, true
	case t.name == dataFile:
		r.files = append(r.files, fileUse{name: asFile(words(r.value(r.survey, row, "name"))), row: row, column: "type"})
		return t, true
	case t.takes != nothing && t.list == "":
		r.refuse(r.survey, row, "type", Remark{Code: "no-list", Text: fmt.Sprintf("%s stands without a list", shown(written)), Cure: "write the list's name behind it, as select_one yes_no"})
		return t, true
	case t.rest != "" && !t.loose:
		r.refuse(r.survey, row, "type", Remark{Code: "unknown-type", Text: fmt.Sprintf("%q stands behind the type and is not understood", shown(t.rest)), Cure: "take it out; a list's name has no blanks"})
		return t, true
	}
	if t.silent != "" {
		r.note(r.survey, row, "type", Remark{Code: "never-filled", Text: fmt.Sprintf("%s stays empty: %s", shown(written), t.silent)})
	}
	if strings.EqualFold(written, "barcode") {
		r.note(r.survey, row, "type", Remark{Code: "type-changed", Text: "barcode was taken as text: codes are typed, not scanned"})
	}
	return t, false
}

func (r *reader) unknownType(row Row, written string) {
	m := Remark{Code: "unknown-type", Text: fmt.Sprintf("%q is not a type that Daylight knows", shown(written))}
	var all []string
	for k := range kinds {
		all = append(all, strings.ReplaceAll(k, " ", "_"))
	}
	slices.Sort(all)
	word, _, _ := strings.Cut(written, " ")
	m.Cure = "write text, integer, decimal, date, select_one LIST or another type of XLSForm"
	for _, w := range []string{snake(written), strings.ToLower(word)} {
		if near := nearest(w, all); near != "" {
			m.Cure = "did you mean " + near + "?"
			break
		}
	}
	r.refuse(r.survey, row, "type", m)
}

// question reads a row.
func (r *reader) question(row Row, t typed, parent *question) *question {
	name := words(r.value(r.survey, row, "name"))
	switch {
	case name == "" && t.name == "note":
		name = fmt.Sprintf("note_row_%d", row.At)
	case name == "":
		r.refuse(r.survey, row, "name", Remark{Code: "no-name", Text: "the row has no name", Cure: "write one, as cell_area: letters, digits, dot, dash, underscore, not beginning with a digit"})
		name = fmt.Sprintf("_row_%d", row.At)
	case !isName(name):
		r.refuse(r.survey, row, "name", Remark{Code: "bad-name", Text: fmt.Sprintf("%q cannot be a name", shown(name)), Cure: "begin with a letter or underscore and go on with letters, digits, dot, dash or underscore: " + asName(name)})
	}
	q := &question{ChecklistQuestion: &daylightv1.ChecklistQuestion{Name: name, Type: &t.name}, row: row, typed: t, parent: parent, called: name}
	r.texted(q)
	r.logic(q)
	r.ours(q)
	r.parameters(q)
	r.lookOf(q)
	r.ownConstraint(q)
	return q
}

// isName is pyxform's rule: an XML name without colon.
func isName(s string) bool {
	for i, c := range s {
		switch {
		case c == '_' || unicode.IsLetter(c):
		case i > 0 && (c == '.' || c == '-' || unicode.IsDigit(c) || unicode.IsMark(c)):
		default:
			return false
		}
	}
	return s != "" && len(s) <= 200
}

// asName is the nearest name to a text.
func asName(s string) string {
	out := strings.Map(func(c rune) rune {
		if c == '_' || c == '.' || c == '-' || unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) {
			return c
		}
		return '_'
	}, s)
	if r := []rune(out); len(r) > 60 {
		out = string(r[:60])
	}
	if !isName(out) {
		out = "q_" + out
	}
	return out
}

func (r *reader) texted(q *question) {
	q.Labels = r.texts(r.survey, q.row, "label")
	q.Hints = r.texts(r.survey, q.row, "hint")
	q.Guidance = r.texts(r.survey, q.row, "guidance_hint")
	q.ConstraintMessages = r.texts(r.survey, q.row, "constraint_message")
	q.RequiredMessages = r.texts(r.survey, q.row, "required_message")
	if len(q.Labels) == 0 && wantsLabel(q) {
		r.note(r.survey, q.row, "label", Remark{Code: "no-label", Text: fmt.Sprintf("the question %q has no label; its name is shown", shown(q.called)), Cure: "write one"})
	}
}

// wantsLabel: groups do without, as does what nobody sees.
func wantsLabel(q *question) bool {
	switch q.GetType() {
	case "calculate", "hidden", "start", "end", "today", "begin_group", "begin_repeat":
		return false
	}
	return len(q.Hints) == 0
}

// ours are the columns that are not XLSForm's.
func (r *reader) ours(q *question) {
	if topic := words(r.value(r.survey, q.row, "topic")); topic != "" {
		if isCode(topic) {
			q.Topic = &topic
		} else {
			r.refuse(r.survey, q.row, "topic", Remark{Code: "bad-code", Text: fmt.Sprintf("%q is not the code of a topic", shown(topic)), Cure: "write a code of the list FINDING_TOPIC, as MAT.SPACE"})
		}
	}
	for _, s := range strings.FieldsFunc(r.value(r.survey, q.row, "standard"), func(c rune) bool { return c == '|' || c == '\n' || c == ';' || c == ',' }) {
		switch s = words(s); {
		case s == "" || slices.Contains(q.Standards, s):
		case isCode(s):
			q.Standards = append(q.Standards, s)
		default:
			r.refuse(r.survey, q.row, "standard", Remark{Code: "bad-code", Text: fmt.Sprintf("%q is not the reference of a standard", shown(s)), Cure: "write references as standards have them, with | between: NMR-10|EPR-18"})
		}
	}
	keep(&q.Method, words(r.value(r.survey, q.row, "method")))
	keep(&q.StateOf, strings.TrimSuffix(strings.TrimPrefix(words(r.value(r.survey, q.row, "state_of")), "${"), "}"))
}

// lookOf takes the appearance over and tells of what it asks for that is not done.
func (r *reader) lookOf(q *question) {
	look := words(r.value(r.survey, q.row, "appearance"))
	keep(&q.Appearance, look)
	lower := strings.ToLower(look)
	switch {
	case strings.HasPrefix(lower, "search(") || strings.Contains(lower, " search("):
		r.note(r.survey, q.row, "appearance", Remark{Code: "search", Text: "search() in an appearance is not done; all choices of the list are offered", Cure: "use select_one_from_file with a choice_filter"})
	case strings.HasPrefix(lower, "ex:") || strings.Contains(lower, " ex:"):
		r.note(r.survey, q.row, "appearance", Remark{Code: "other-program", Text: "no other program is started; the answer is typed"})
	}
}

// ownConstraint is what old types ask by themselves.
func (r *reader) ownConstraint(q *question) {
	if q.typed.constraint == "" || q.GetConstraint() != "" {
		return
	}
	q.Constraint = &q.typed.constraint
	r.note(r.survey, q.row, "type", Remark{Code: "type-changed", Text: fmt.Sprintf("the type was taken as %s with the constraint %s", q.GetType(), q.typed.constraint)})
}

func keep(to **string, text string) {
	if text != "" {
		*to = &text
	}
}
