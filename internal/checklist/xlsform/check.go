package xlsform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/expr"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// finish makes the rows a checklist.
func (r *reader) finish() {
	for _, q := range r.rows {
		r.form.Questions = append(r.form.Questions, q.ChecklistQuestion)
	}
	r.settleChoices()
	r.allowTwice()
	slices.SortFunc(r.form.Settings, func(a, b *daylightv1.ChecklistSetting) int { return strings.Compare(a.Name, b.Name) })
	rows := uint32(len(r.form.Questions) + len(r.form.Choices))
	r.form.Rows = &rows
	r.form.Id = checklist.FormID(r.form.GetCode(), r.form.GetVersion()).String()
	if r.straightened > 0 {
		r.add(Remark{Code: "quotes", Sheet: r.survey.sheet, Text: fmt.Sprintf("%s written with the quotation marks of a word processor; they were read as straight ones", many(r.straightened, "expression is", "expressions are"))})
	}
	r.missingTexts()
}

// allowTwice says in the settings that a list may have a name twice, where one does:
// external lists and files may, and so the form can be read back.
func (r *reader) allowTwice() {
	const name = "allow_choice_duplicates"
	yes := "yes"
	twice := slices.ContainsFunc(r.form.Choices, func(c *daylightv1.ChecklistChoice) bool { return c.Called != nil })
	if twice && truths[r.settings[name]] != "yes" {
		r.form.Settings = slices.DeleteFunc(r.form.Settings, func(s *daylightv1.ChecklistSetting) bool { return s.Name == name })
		r.form.Settings = append(r.form.Settings, &daylightv1.ChecklistSetting{Name: name, Value: &yes})
	}
}

// missingTexts counts, for each language, the labels that it lacks and another has.
func (r *reader) missingTexts() {
	for _, l := range languagesOf(r.form) {
		if l.Missing == 0 || l.Labels == 0 && len(r.form.Languages) == 1 {
			continue
		}
		m := r.firstMissing(l.Tag)
		m.Code, m.Text, m.Cure = "missing-translation", fmt.Sprintf("in %s %s; another language is shown there", l.Name, many(l.Missing, "label is missing, this one", "labels are missing, this one the first")), "write them before the form is used in that language"
		r.add(m)
	}
}

// firstMissing is the place of the first label that a language lacks and another has.
func (r *reader) firstMissing(tag string) Remark {
	place := func(key string) Remark {
		at := r.places[key]
		m := at.head.at(at.row, "label", Remark{})
		for _, c := range at.head.columns {
			if c.name == "label" && r.language(c) == tag {
				m.Column, m.Cell = shown(c.head), cellName(at.row.At, c.at)
			}
		}
		return m
	}
	lacks := func(texts []*daylightv1.LocalText) bool {
		return len(texts) > 0 && !slices.ContainsFunc(texts, func(t *daylightv1.LocalText) bool { return t.Language == tag })
	}
	for _, q := range r.form.Questions {
		if lacks(q.GetLabels()) {
			return place(q.Name)
		}
	}
	for _, c := range r.form.Choices {
		if lacks(c.GetLabels()) {
			return place(c.Key)
		}
	}
	return Remark{}
}

// check looks at every expression, and then at the form as a whole, as the engine does
// that will run it.
func (r *reader) check() {
	if r.tooMuch() {
		return
	}
	for _, q := range r.rows {
		r.expressions(q)
	}
	if r.refused > 0 {
		return
	}
	_, problems := checklist.Compile(r.form)
	for _, p := range problems {
		if p.Code != "no-list" { // a list from a file that is not there, of which was told
			r.add(r.problem(p))
		}
	}
	if r.refused > 0 {
		return
	}
	var wrong *record.Problem
	if err := record.Validate(r.form); errors.As(err, &wrong) {
		r.add(Remark{Refused: true, Code: "cannot-be-kept", Text: "the form cannot be kept as a record: " + wrong.Text, Cure: wrong.Hint})
	} else if err != nil {
		r.add(Remark{Refused: true, Code: "cannot-be-kept", Text: "the form cannot be kept as a record"})
	}
}

// tooMuch refuses what no device should carry.
func (r *reader) tooMuch() bool {
	if n := r.count; n > checklist.MaxQuestions && r.cut {
		r.add(Remark{Refused: true, Sheet: r.survey.sheet, Code: "too-large", Text: fmt.Sprintf("with its loops written out the form has more than %d questions and groups", checklist.MaxQuestions), Cure: "write repeats instead of loops, or divide it into several forms"})
	} else if n > checklist.MaxQuestions {
		r.add(Remark{Refused: true, Sheet: r.survey.sheet, Code: "too-large", Text: fmt.Sprintf("the form has %d questions and groups, and at most %d are taken", n, checklist.MaxQuestions), Cure: "divide it into several forms"})
	}
	if n := len(r.form.Choices); n > checklist.MaxChoices {
		r.add(Remark{Refused: true, Code: "too-large", Text: fmt.Sprintf("the form has %d choices, and at most %d are taken", n, checklist.MaxChoices), Cure: "take out the lists that no question uses, or divide the form"})
	}
	return r.count > checklist.MaxQuestions || len(r.form.Choices) > checklist.MaxChoices
}

// expressionsOf are a row's expressions by column. Defaults are among them only where
// they look like one.
func expressionsOf(q *daylightv1.ChecklistQuestion) map[string]string {
	out := map[string]string{}
	for name, text := range map[string]string{
		"relevant": q.GetRelevant(), "constraint": q.GetConstraint(), "required": q.GetRequired(), "read_only": q.GetReadOnly(),
		"calculation": q.GetCalculation(), "choice_filter": q.GetChoiceFilter(), "repeat_count": q.GetRepeatCount(), "suggest": q.GetSuggest(),
	} {
		if _, isWord := truths[text]; text != "" && !isWord {
			out[name] = text
		}
	}
	if d := q.GetDefault(); strings.ContainsAny(d, "({") {
		out["default"] = d
	}
	return out
}

// lookups finds the files that expressions look into.
func (r *reader) lookups() {
	for _, q := range r.rows {
		for column, text := range expressionsOf(q.ChecklistQuestion) {
			e, err := expr.Compile(text)
			if err != nil {
				continue
			}
			for _, id := range e.Instances() {
				if r.lists[id] == nil && id != "__last-saved" {
					r.files = append(r.files, fileUse{name: asFile(id), row: q.row, column: column})
				}
			}
		}
	}
	slices.SortStableFunc(r.files, func(a, b fileUse) int {
		if a.row.At != b.row.At {
			return a.row.At - b.row.At
		}
		return strings.Compare(a.column, b.column)
	})
}

// expressions tells what is doubtful in a row's expressions, and what is wrong, which the
// engine would find only once all else is right.
func (r *reader) expressions(q *question) {
	all := expressionsOf(q.ChecklistQuestion)
	for _, column := range logicColumns {
		text, ok := all[column]
		if !ok {
			continue
		}
		e, err := expr.Compile(text)
		var wrong *expr.Error
		switch {
		case errors.As(err, &wrong) && column == "default":
			continue // a text with a bracket in it; the engine knows
		case errors.As(err, &wrong):
			r.refuse(r.survey, q.row, column, Remark{Code: string(wrong.Code), Text: r.atCharacter(text, wrong.At) + wrong.Text, Cure: wrong.Cure})
		case err == nil:
			r.doubts(q, column, e)
		}
	}
}

// atCharacter says where in an expression something is, if it is not at its start.
func (r *reader) atCharacter(text string, at int) string {
	runes := []rune(text)
	if at <= 0 || at >= len(runes) {
		return ""
	}
	from := string(runes[at:min(at+20, len(runes))])
	return fmt.Sprintf("at character %d (%s): ", at+1, shown(from))
}

// doubts are what an expression may not mean.
func (r *reader) doubts(q *question, column string, e *expr.Expr) {
	tell := func(m Remark) { r.note(r.survey, q.row, column, m) }
	for _, b := range e.Bare() {
		switch {
		case column != "choice_filter":
			tell(Remark{Code: "bare-word", Text: fmt.Sprintf("%q stands without quotes and without ${}, and reads as empty", shown(b.Name)), Cure: fmt.Sprintf("write '%s' for the text, ${%s} for the question", shown(b.Name), shown(b.Name))})
		case !r.hasColumn(q, b.Name):
			tell(Remark{Code: "no-list-column", Text: fmt.Sprintf("the list has no column %s, so that it reads as empty", shown(b.Name)), Cure: "write a column of the sheet choices; put quotes round a text"})
		}
	}
	for _, p := range e.Patterns() {
		if !p.Anchored {
			tell(Remark{Code: "pattern-open", Text: "the pattern has no ^ and $ around it: here the whole answer must match it, elsewhere a part is enough", Cure: "write ^ before and $ behind it, so that it means the same everywhere"})
		}
	}
	for _, u := range e.Choices() {
		r.knownChoice(q, u, tell)
	}
}

// knownChoice tells of a comparison with what no choice of the question is called.
func (r *reader) knownChoice(q *question, u expr.Use, tell func(Remark)) {
	of := q
	if u.Question != "" {
		of = nil
		for _, o := range r.rows {
			if o.called == u.Question {
				if of != nil {
					return // several are called so
				}
				of = o
			}
		}
	}
	if of == nil || of.List == nil || u.Value == "" {
		return
	}
	l := r.listNamed(of.GetList())
	if l == nil || len(l.choices) == 0 || l.first[u.Value].At != 0 || slices.ContainsFunc(l.choices, func(c *daylightv1.ChecklistChoice) bool { return nameOf(c) == u.Value }) {
		return
	}
	var all []string
	for _, c := range l.choices {
		all = append(all, nameOf(c))
	}
	m := Remark{Code: "no-such-choice", Text: fmt.Sprintf("%q is no choice of %s", shown(u.Value), shown(of.called)), Cure: "write the name of a choice of the list " + shown(l.written)}
	if near := nearest(u.Value, all); near != "" {
		m.Cure = "did you mean " + shown(near) + "?"
	}
	tell(m)
}

func (r *reader) listNamed(name string) *list {
	for _, l := range r.order {
		if l.name == name {
			return l
		}
	}
	return nil
}

func (r *reader) hasColumn(q *question, name string) bool {
	l := r.listNamed(q.GetList())
	if l == nil || len(l.choices) == 0 || name == "name" || name == "label" {
		return true
	}
	if slices.ContainsFunc(l.place.head.columns, func(c column) bool { return c.name == name }) {
		return true
	}
	return slices.ContainsFunc(l.choices, func(c *daylightv1.ChecklistChoice) bool {
		return slices.ContainsFunc(c.Attributes, func(a *daylightv1.ChecklistAttribute) bool { return a.Name == name })
	})
}

// problem is what the engine found, at its place in the file.
func (r *reader) problem(p checklist.Problem) Remark {
	m := Remark{Refused: p.Fatal, Code: p.Code, Text: p.Text, Cure: p.Cure}
	at, ok := r.places[p.Question]
	column := p.Column
	switch {
	case p.Question == "" && p.Choice != "":
		at, ok = r.places[p.Choice]
		column = "name"
	case p.Question == "" && r.settings[p.Column] != "":
		return r.settingsAt.head.at(r.settingsAt.row, p.Column, m)
	case column == "":
		column = "name"
	case column == "choices":
		column = "type"
	}
	if !ok {
		return m
	}
	if text := textOf(r.form, p); text != "" {
		m.Text = r.atCharacter(text, p.At) + m.Text
	}
	return at.head.at(at.row, column, m)
}

// textOf is the expression that a problem points into.
func textOf(c *daylightv1.Checklist, p checklist.Problem) string {
	if p.At == 0 {
		return ""
	}
	for _, q := range c.GetQuestions() {
		if q.Name == p.Question {
			return expressionsOf(q)[p.Column]
		}
	}
	return ""
}
