package xlsform

import (
	"fmt"
	"strings"
)

// column is what a head means: the name that XLSForm gives the column today, and for
// texts the language as it is written there.
type column struct {
	at       int    // its place
	head     string // as the file has it
	name     string // canonical; empty for one that no form has
	language string
}

// The columns of a survey that are texts in a language, and those that are not. Each is
// called by its name of today.
var (
	localColumns = set("label", "hint", "guidance_hint", "constraint_message", "required_message")
	logicColumns = []string{"relevant", "constraint", "required", "read_only", "calculation", "default", "choice_filter", "repeat_count", "trigger", "suggest"}
	mediaColumns = set("image", "big-image", "audio", "video")
	plainColumns = set(append([]string{"type", "name", "appearance", "parameters", "topic", "standard", "method", "state_of", "disabled"}, logicColumns...)...)
)

// surveyAliases are the other names of the columns, in lower case with underscores, as
// pyxform takes them.
var surveyAliases = map[string]string{
	"caption": "label", "command": "type", "tag": "name", "value": "name", "readonly": "read_only", "relevance": "relevant", "calculate": "calculation",
	"constraining_message": "constraint_message", "constraintmsg": "constraint_message", "jr:constraintmsg": "constraint_message",
	"requiredmsg": "required_message", "jr:requiredmsg": "required_message", "guidance": "guidance_hint",
	"count": "repeat_count", "jr:count": "repeat_count", "choicefilter": "choice_filter", "list_filter": "choice_filter", "standards": "standard",
}

// ignored are columns that tools know and Daylight has no use for, and why.
var ignoredColumns = map[string]string{
	"save_to": "answers are not made into entities", "entities:saveto": "answers are not made into entities", "bind::entities:saveto": "answers are not made into entities",
	"rows": "a field grows with its text", "autoplay": "pictures, sounds and films of a form are not shown yet",
	"nooapperrorstring": "other programs are not started", "noapperrorstring": "other programs are not started", "no_app_error_string": "other programs are not started",
	"buttontext": "other programs are not started", "$given_name": "it is for a tool that made the form",
	"compact_tag": "answers are not sent by SMS", "sms_field": "answers are not sent by SMS", "sms_option": "answers are not sent by SMS",
	"note": "it is for whoever writes the form", "notes": "it is for whoever writes the form", "comment": "it is for whoever writes the form", "comments": "it is for whoever writes the form",
}

var choiceAliases = map[string]string{"caption": "label", "value": "name", "list": "list_name", "listname": "list_name"}

func set(names ...string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// splitHead takes a head apart at its colons. One colon parts where the sheet has no
// double ones, but not behind jr and entities, which are prefixes.
func splitHead(head string, double bool) []string {
	sep := "::"
	if !double && !strings.Contains(head, "::") {
		sep = ":"
	}
	var out []string
	for _, p := range strings.Split(head, sep) {
		p = strings.TrimSpace(p)
		if n := len(out); n > 0 && sep == ":" && (out[n-1] == "jr" || out[n-1] == "entities") {
			out[n-1] += ":" + p
			continue
		}
		out = append(out, p)
	}
	return out
}

func snake(s string) string { return strings.ReplaceAll(strings.ToLower(words(s)), " ", "_") }

// surveyColumn says what a head of the survey means.
func surveyColumn(head string, double bool) column {
	parts := splitHead(head, double)
	first := snake(parts[0])
	if (first == "bind" || first == "control" || first == "body" || first == "media") && len(parts) > 1 {
		inner := snake(parts[1])
		if name := resolved(inner); known(name, first) {
			parts = append([]string{name}, parts[2:]...)
			first = name
		}
	}
	return column{head: head, name: resolved(first), language: strings.Join(parts[1:], "::")}
}

func resolved(name string) string {
	if to, ok := surveyAliases[name]; ok {
		return to
	}
	return name
}

// known: which columns may stand behind a prefix.
func known(name, prefix string) bool {
	if prefix == "media" {
		return mediaColumns[name]
	}
	return plainColumns[name] || localColumns[name]
}

// use says what becomes of a column of the survey.
type use uint8

const (
	used use = iota
	media
	dropped
	unknown
)

func (c column) use() use {
	switch {
	case localColumns[c.name], plainColumns[c.name] && c.language == "":
		return used
	case mediaColumns[c.name]:
		return media
	case ignoredColumns[c.name] != "" || ignoredColumns[snake(c.head)] != "":
		return dropped
	}
	return unknown
}

// head is a sheet's columns, by name and language.
type head struct {
	sheet   string
	row     int
	columns []column
}

// readHead takes the heads of a sheet apart and refuses two that mean the same.
func readHead(t Table, row Row, parse func(head string, double bool) column, found *remarks) head {
	h := head{sheet: t.Name, row: row.At}
	double := false
	for _, c := range row.Cells {
		double = double || strings.Contains(c.Text, "::")
	}
	at := map[string]column{}
	for i, cell := range row.Cells {
		text := words(cell.Text)
		if text == "" {
			continue
		}
		c := parse(text, double)
		c.at, c.head = i, text
		key := c.name + "\x00" + strings.ToLower(c.language)
		if before, twice := at[key]; twice {
			found.add(Remark{Refused: true, Code: "column-twice", Sheet: t.Name, Row: row.At, Column: shown(text), Cell: cellName(row.At, i),
				Text: fmt.Sprintf("the column means the same as %s in %s", shown(before.head), cellName(row.At, before.at)), Cure: "take one of the two out, or give it a language, as label::French (fr)"})
			continue
		}
		at[key] = c
		h.columns = append(h.columns, c)
	}
	return h
}

// find is the column of a name without a language.
func (h head) find(name string) (column, bool) {
	for _, c := range h.columns {
		if c.name == name && c.language == "" {
			return c, true
		}
	}
	return column{}, false
}

// text is what a row has in a column.
func (h head) text(r Row, name string) string {
	if c, ok := h.find(name); ok {
		return tidy(r.cell(c.at).Text)
	}
	return ""
}

// at fills in a remark's place: the row, and the column by its name where the sheet has
// it.
func (h head) at(r Row, name string, m Remark) Remark {
	m.Sheet, m.Row = h.sheet, r.At
	for _, c := range h.columns {
		if c.name == name {
			m.Column, m.Cell = shown(c.head), cellName(r.At, c.at)
			return m
		}
	}
	return m
}
