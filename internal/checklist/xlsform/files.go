package xlsform

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// fileUse is a row that takes a list from a file.
type fileUse struct {
	name     string // trees.csv
	row      Row
	column   string
	question *question // a select; nil for one that only looks things up
}

// asFile is the file that an instance or pulldata names: it may leave .csv out.
func asFile(id string) string {
	if path.Ext(id) == "" {
		return id + ".csv"
	}
	return id
}

func stemOf(file string) string { return strings.TrimSuffix(file, path.Ext(file)) }

// readFiles makes a list of each file that the form names, and says which are missing:
// the form can be used without, the list is then empty.
func (r *reader) readFiles() {
	r.lookups()
	for _, u := range r.files {
		stem := stemOf(u.name)
		if !isCode(stem) || strings.Contains(stem, "/") {
			r.refuse(r.survey, u.row, u.column, Remark{Code: "bad-list", Text: fmt.Sprintf("%q cannot be the name of a file", shown(u.name)), Cure: "use letters A to Z, digits, dot, dash and underscore: " + asCode(stem) + ".csv"})
			continue
		}
		l := r.lists[fileKey(stem)]
		if l == nil {
			l = r.fileList(stem, u)
		}
		if u.question != nil {
			u.question.List = &l.name
			l.users = append(l.users, u.question)
			u.question.Parameters = withoutFileColumns(u.question.Parameters)
		}
	}
	r.unusedFiles()
}

func fileKey(stem string) string { return "file\x00" + stem }

// fileList reads one file.
func (r *reader) fileList(stem string, u fileUse) *list {
	name := stem
	if l := r.lists[stem]; l != nil {
		name = stem + "_file"
	}
	l := newList(name, u.name, place{r.survey, u.row})
	l.file = true
	r.lists[fileKey(stem)] = l
	r.order = append(r.order, l)
	file := r.file(u.name)
	if file == "" {
		m := Remark{Code: "file-missing", Text: fmt.Sprintf("the file %s is not there; the form can be used, and what it takes from the file stays empty", shown(u.name)), Cure: "give the file beside the form"}
		if ext := strings.ToLower(path.Ext(u.name)); ext != ".csv" {
			m.Code, m.Text, m.Cure = "file-kind", fmt.Sprintf("the file %s is %s, and only CSV is read; the form can be used, and what it takes from the file stays empty", shown(u.name), ext), "save the list as CSV and name that file"
		}
		r.note(r.survey, u.row, u.column, m)
		return l
	}
	r.fill(l, r.tables.Files[file], u)
	return l
}

// file finds an attached file, without regard to capitals.
func (r *reader) file(name string) string {
	for _, f := range slices.Sorted(maps.Keys(r.tables.Files)) {
		if strings.EqualFold(f, name) {
			return f
		}
	}
	return ""
}

// fill takes a file's rows as choices. All columns stay as they are, for look-ups; name
// and label may be other columns by the question's parameters.
func (r *reader) fill(l *list, t Table, u fileUse) {
	rows := t.full()
	if len(rows) == 0 {
		r.note(r.survey, u.row, u.column, Remark{Code: "file-empty", Text: fmt.Sprintf("the file %s is empty", shown(u.name))})
		return
	}
	h := readHead(t, rows[0], fileColumn, r.remarks)
	value, label := "name", "label"
	if u.question != nil {
		value, label = parameter(u.question.GetParameters(), "value", value), parameter(u.question.GetParameters(), "label", label)
		if _, ok := h.find(value); !ok {
			r.refuse(h, rows[0], value, Remark{Code: "no-column", Column: value, Text: fmt.Sprintf("the column %s is missing, from which choices are made", shown(value)), Cure: "add it, or say which it is in the parameters: value=code label=title"})
			return
		}
	}
	for _, row := range rows[1:] {
		name := words(r.value(h, row, value))
		switch {
		case name == "" && u.question != nil:
			r.refuse(h, row, value, Remark{Code: "choice-without-name", Text: "the row has no name", Cure: "write one into the column " + shown(value)})
			continue
		case name == "":
			name = fmt.Sprintf("row_%d", row.At)
		}
		c := l.add(name, row)
		c.Labels = r.labelsOf(h, row, label)
		r.places[c.Key] = place{h, row}
		for _, col := range h.columns {
			if text := tidy(r.plain(h, row, col)); text != "" && col.name != "name" && col.name != "label" {
				c.Attributes = append(c.Attributes, &daylightv1.ChecklistAttribute{Name: col.head, Value: &text})
			}
		}
	}
}

// parameter is one of a row's parameters.
func parameter(all, name, otherwise string) string {
	for _, p := range strings.Fields(all) {
		if n, v, ok := strings.Cut(p, "="); ok && n == name && v != "" {
			return v
		}
	}
	return otherwise
}

// withoutFileColumns takes value and label out, which the list now has as every other.
func withoutFileColumns(p *string) *string {
	if p == nil {
		return nil
	}
	left := slices.DeleteFunc(strings.Fields(*p), func(s string) bool {
		return strings.HasPrefix(s, "value=") || strings.HasPrefix(s, "label=")
	})
	if len(left) == 0 {
		return nil
	}
	joined := strings.Join(left, " ")
	return &joined
}

// unusedFiles names the files that were given and that nothing in the form asks for.
func (r *reader) unusedFiles() {
	var unused []string
	for f := range r.tables.Files {
		if !slices.ContainsFunc(r.files, func(u fileUse) bool { return strings.EqualFold(u.name, f) }) {
			unused = append(unused, shown(f))
		}
	}
	slices.Sort(unused)
	for _, f := range unused {
		r.add(Remark{Code: "file-ignored", Text: fmt.Sprintf("nothing in the form asks for the file %s; it was not taken", f)})
	}
}

// fileColumn keeps the names of columns as they are, since look-ups say them.
func fileColumn(head string, _ bool) column {
	if name, language, ok := strings.Cut(head, "::"); ok && strings.EqualFold(strings.TrimSpace(name), "label") {
		return column{head: head, name: "label", language: strings.TrimSpace(language)}
	}
	return column{head: head, name: head}
}

// labelsOf are the labels of a file's row, in the languages that its heads name.
func (r *reader) labelsOf(h head, row Row, name string) []*daylightv1.LocalText {
	for _, c := range h.columns {
		if c.name == name && c.language != "" {
			r.tag(h, c)
		}
	}
	return r.texts(h, row, name)
}
