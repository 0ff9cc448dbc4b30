package xlsform

import (
	"fmt"
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// retired is a column of our own: yes for a choice that is no longer offered.
const retired = "retired"

// list is a list of choices.
type list struct {
	name    string // as the checklist calls it
	written string // as the form calls it
	choices []*daylightv1.ChecklistChoice
	last    map[string]int // of each key: the last number behind it, 1 for none
	first   map[string]Row // of each name: where it came first
	place   place
	file    bool
	users   []*question
	refused bool
}

// choiceSheet is a sheet of choices whose head was read.
type choiceSheet struct {
	head head
	rows []Row
}

// choiceColumn says what a head of a choices sheet means.
func choiceColumn(head string, double bool) column {
	parts := splitHead(head, double)
	first := snake(parts[0])
	if first == "media" && len(parts) > 1 && mediaColumns[snake(parts[1])] {
		return column{head: head, name: snake(parts[1]), language: strings.Join(parts[2:], "::")}
	}
	if to, ok := choiceAliases[first]; ok {
		first = to
	}
	switch {
	case first == "label" || mediaColumns[first]:
		return column{head: head, name: first, language: strings.Join(parts[1:], "::")}
	case len(parts) == 1 && (first == "list_name" || first == "name" || first == retired):
		return column{head: head, name: first}
	}
	return column{head: head, name: words(head)} // a filter's column keeps its name
}

func (r *reader) choiceSheet(t Table) choiceSheet {
	rows := t.full()
	if len(rows) == 0 {
		return choiceSheet{}
	}
	return choiceSheet{readHead(t, rows[0], choiceColumn, r.remarks), rows[1:]}
}

// readChoices reads a sheet of choices into lists.
func (r *reader) readChoices(s choiceSheet, external bool) {
	if len(s.rows) == 0 {
		return
	}
	for _, name := range []string{"list_name", "name"} {
		if _, ok := s.head.find(name); !ok {
			r.add(Remark{Refused: true, Code: "no-column", Sheet: s.head.sheet, Row: s.head.row, Column: name, Text: "the column " + name + " is missing in the first row that has a text", Cure: "write the heads list_name, name and label there, each once"})
			return
		}
	}
	for _, c := range s.head.columns {
		if mediaColumns[c.name] {
			r.add(Remark{Code: "media-later", Sheet: s.head.sheet, Row: s.head.row, Column: shown(c.head), Cell: cellName(s.head.row, c.at), Text: "the column was not read: pictures, sounds and films of a form are not shown yet"})
			r.ignoredColumns[shown(c.head)] = true
		}
	}
	r.stray(s.head, s.rows)
	for _, row := range s.rows {
		r.choice(s.head, row, external)
	}
}

// stray names columns that have texts and no head.
func (r *reader) stray(h head, rows []Row) {
	told := map[int]bool{}
	for _, c := range h.columns {
		told[c.at] = true
	}
	for _, row := range rows {
		for i, c := range row.Cells {
			if !told[i] && strings.TrimSpace(c.Text) != "" {
				told[i] = true
				r.add(Remark{Code: "column-without-head", Sheet: h.sheet, Row: row.At, Cell: cellName(row.At, i), Text: "the cell stands in a column without a head that can be used, and was not read", Cure: "write a head above it if it counts"})
			}
		}
	}
}

func (r *reader) choice(h head, row Row, external bool) {
	in, name := words(r.value(h, row, "list_name")), words(r.value(h, row, "name"))
	labels := r.texts(h, row, "label")
	switch {
	case in == "" && name == "" && len(labels) == 0:
		return
	case in == "":
		r.note(h, row, "list_name", Remark{Code: "choice-without-list", Text: "the choice stands in no list and was not taken", Cure: "write the list's name"})
		return
	case name == "":
		r.refuse(h, row, "name", Remark{Code: "choice-without-name", Text: fmt.Sprintf("a choice of the list %s has no name", shown(in)), Cure: "write a name, as yes or no"})
		return
	}
	l := r.list(h, row, in, external)
	if l.refused {
		return
	}
	if len(labels) == 0 {
		r.note(h, row, "label", Remark{Code: "no-label", Text: fmt.Sprintf("the choice %q of the list %s has no label; its name is shown", shown(name), shown(in)), Cure: "write one"})
	}
	c := l.add(name, row)
	c.Labels = labels
	for _, col := range h.columns {
		if col.name == "list_name" || col.name == "name" || col.name == "label" || col.name == retired || mediaColumns[col.name] {
			continue
		}
		if text := tidy(r.plain(h, row, col)); text != "" {
			c.Attributes = append(c.Attributes, &daylightv1.ChecklistAttribute{Name: col.name, Value: &text})
		}
	}
	if truths[r.value(h, row, retired)] == "yes" {
		yes := true
		c.Retired = &yes
	}
	r.places[c.Key] = place{h, row}
}

// list is the list of a name, made where it is new. One of external_choices that is
// called as one of choices gets a name of its own.
func (r *reader) list(h head, row Row, written string, external bool) *list {
	key := written
	if external {
		key = externalKey(written)
	}
	if l := r.lists[key]; l != nil {
		return l
	}
	name := written
	if external && r.lists[written] != nil {
		name = written + "_external"
	}
	l := newList(name, written, place{h, row})
	if !isCode(name) || strings.Contains(name, "/") {
		r.refuse(h, row, "list_name", Remark{Code: "bad-list", Text: fmt.Sprintf("%q cannot be the name of a list", shown(written)), Cure: "use letters A to Z, digits, dot, dash and underscore: " + asCode(written)})
		l.refused = true
	}
	r.lists[key] = l
	r.order = append(r.order, l)
	return l
}

func externalKey(name string) string { return "external\x00" + name }

func newList(name, written string, at place) *list {
	return &list{name: name, written: written, last: map[string]int{}, first: map[string]Row{}, place: at}
}

// add puts a choice at the end. One whose name is there already gets a number behind it.
func (l *list) add(name string, row Row) *daylightv1.ChecklistChoice {
	first := l.name + "/" + name
	key, n := first, max(l.last[first], 1)
	for l.last[key] > 0 {
		n++
		key = fmt.Sprintf("%s/%d", first, n)
	}
	l.last[key] = 1
	l.last[first] = n
	c := &daylightv1.ChecklistChoice{Key: key}
	if n > 1 {
		c.Called = &name
	}
	if _, ok := l.first[name]; !ok {
		l.first[name] = row
	}
	l.choices = append(l.choices, c)
	return c
}

// nameOf is a choice's name.
func nameOf(c *daylightv1.ChecklistChoice) string {
	if c.Called != nil {
		return c.GetCalled()
	}
	_, name, _ := strings.Cut(c.GetKey(), "/")
	return name
}

// settleLists gives every select its list.
func (r *reader) settleLists() {
	for _, q := range r.rows {
		switch {
		case q.typed.takes == aFile:
			r.files = append(r.files, fileUse{name: q.typed.list, row: q.row, column: "type", question: q})
		case q.typed.takes == aList:
			if l := r.listOf(q); l != nil {
				q.List = &l.name
				l.users = append(l.users, q)
			}
		}
	}
	r.readFiles()
	r.addOthers()
}

// listOf finds a select's list. select_one_external looks into external_choices first.
func (r *reader) listOf(q *question) *list {
	keys := []string{q.typed.list}
	if q.typed.external {
		keys = []string{externalKey(q.typed.list), q.typed.list}
	}
	for _, k := range keys {
		if l := r.lists[k]; l != nil {
			return l
		}
	}
	m := Remark{Code: "no-list", Text: fmt.Sprintf("there is no list %q", shown(q.typed.list))}
	var all []string
	for _, l := range r.order {
		all = append(all, l.written)
	}
	switch near := nearest(q.typed.list, all); {
	case near != "":
		m.Cure = "did you mean " + shown(near) + "?"
	case r.tables.Choices.Name == "":
		m.Text += ", and no sheet choices"
		m.Cure = "add a sheet called choices with the columns list_name, name and label"
	case r.lists[externalKey(q.typed.list)] != nil:
		m.Cure = "it stands in external_choices: write select_one_external"
	default:
		m.Cure = "write its choices into the sheet choices"
	}
	r.refuse(r.survey, q.row, "type", m)
	return nil
}

// settleTwice refuses what nobody could choose: a name that a list has twice, unless the
// settings allow it or every question that uses the list filters it, as cascades do; and
// a name with a blank in a list that takes several answers.
func (r *reader) settleTwice() {
	for _, l := range r.order {
		if l.file || l.place.head.sheet != r.tables.Choices.Name {
			continue
		}
		r.choiceTwice(l)
		r.choiceWithBlank(l)
	}
}

func (r *reader) choiceTwice(l *list) {
	var twice []*daylightv1.ChecklistChoice
	for _, c := range l.choices {
		if c.Called != nil {
			twice = append(twice, c)
		}
	}
	if len(twice) == 0 || truths[r.settings["allow_choice_duplicates"]] == "yes" {
		return
	}
	filtered := len(l.users) > 0 && !slices.ContainsFunc(l.users, func(q *question) bool { return q.GetChoiceFilter() == "" })
	at, first := r.places[twice[0].Key], nameOf(twice[0])
	m := Remark{Code: "choice-twice", Text: fmt.Sprintf("the choice %q stands in the list %s already, in row %d", shown(first), shown(l.written), l.first[first].At)}
	if n := len(twice); n > 1 {
		m.Text += fmt.Sprintf(", and so do %s below", many(n-1, "more", "more"))
	}
	if filtered {
		m.Text += "; every question that uses the list filters it, so they were taken"
		r.note(at.head, at.row, "name", m)
		return
	}
	m.Cure = "take one of each out, or write yes into allow_choice_duplicates of the settings"
	r.refuse(at.head, at.row, "name", m)
}

func (r *reader) choiceWithBlank(l *list) {
	several := slices.ContainsFunc(l.users, func(q *question) bool { return q.GetType() != "select_one" })
	for _, c := range l.choices {
		name := nameOf(c)
		if !strings.Contains(name, " ") {
			continue
		}
		at := r.places[c.Key]
		m := Remark{Code: "choice-with-blank", Text: fmt.Sprintf("the choice's name %q has a blank in it", shown(name)), Cure: "write " + strings.ReplaceAll(name, " ", "_") + "; what people read is the label"}
		if several {
			m.Text += ", and several answers are parted by blanks"
			r.refuse(at.head, at.row, "name", m)
			return
		}
		r.note(at.head, at.row, "name", m)
	}
}

// settleChoices brings all choices into the form, in the order of the lists.
func (r *reader) settleChoices() {
	for _, l := range r.order {
		for _, c := range l.choices {
			order := uint32(len(r.form.Choices) + 1)
			c.Order = &order
			r.form.Choices = append(r.form.Choices, c)
		}
	}
	for _, c := range r.form.Choices {
		slices.SortStableFunc(c.Attributes, func(a, b *daylightv1.ChecklistAttribute) int { return strings.Compare(a.GetName(), b.GetName()) })
	}
}
