package xlsform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// quotes are those that word processors type, and the blanks that do not break.
var quotes = strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u201c", `"`, "\u201d", `"`, "\u00a0", " ", "\u202f", " ", "\u2007", " ")

// straight is a text of a logic column as expressions are written.
func straight(s string) string { return strings.TrimSpace(quotes.Replace(s)) }

// yes are the words for true and false that pyxform takes, and spreadsheets write.
var truths = map[string]string{"yes": "yes", "Yes": "yes", "YES": "yes", "true": "yes", "True": "yes", "TRUE": "yes", "true()": "yes",
	"no": "no", "No": "no", "NO": "no", "false": "no", "False": "no", "FALSE": "no", "false()": "no"}

// logic takes the columns over that are expressions or nearly so.
func (r *reader) logic(q *question) {
	get := func(name string) string {
		text := r.value(r.survey, q.row, name)
		plain := straight(text)
		if plain != strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " ")) {
			r.straightened++
		}
		return plain
	}
	keep(&q.Relevant, truth(get("relevant")))
	keep(&q.Constraint, truth(get("constraint")))
	keep(&q.Calculation, truth(get("calculation")))
	keep(&q.ChoiceFilter, r.labelInFilter(q, get("choice_filter")))
	keep(&q.RepeatCount, get("repeat_count"))
	keep(&q.Suggest, truth(get("suggest")))
	keep(&q.Required, word(get("required")))
	keep(&q.ReadOnly, word(get("read_only")))
	keep(&q.Default, r.value(r.survey, q.row, "default"))
	keep(&q.Trigger, get("trigger"))
	r.misplaced(q)
}

// labelInFilter writes label where a choice_filter names a column of labels in one
// language, which is no name in an expression: label::English.
func (r *reader) labelInFilter(q *question, filter string) string {
	if !strings.Contains(filter, "::") {
		return filter
	}
	for _, h := range []head{r.choiceHead, r.externalHead} {
		for _, c := range h.columns {
			if c.name != "label" || c.language == "" || !strings.Contains(filter, c.head) {
				continue
			}
			filter = strings.ReplaceAll(filter, c.head, "label")
			r.note(r.survey, q.row, "choice_filter", Remark{Code: "label-in-filter", Text: fmt.Sprintf("%s was read as label, which is the label in the language that is shown", shown(c.head)), Cure: "filter by another column, so that the language makes no difference"})
		}
	}
	return filter
}

// truth writes the words for true and false as expressions.
func truth(s string) string {
	switch truths[s] {
	case "yes":
		return "true()"
	case "no":
		return "false()"
	}
	return s
}

// word writes the words for true as yes, and those for false as nothing.
func word(s string) string {
	switch truths[s] {
	case "yes":
		return "yes"
	case "no":
		return ""
	}
	return s
}

// misplaced tells of columns that say nothing in a row of this type.
func (r *reader) misplaced(q *question) {
	t := q.GetType()
	switch {
	case t == "calculate" && q.GetCalculation() == "" && q.GetDefault() == "" && q.GetTrigger() == "":
		r.note(r.survey, q.row, "calculation", Remark{Code: "no-calculation", Text: fmt.Sprintf("%q calculates nothing and is always empty", shown(q.called)), Cure: "write its calculation"})
	case q.GetCalculation() != "" && (t == "begin_group" || t == "begin_repeat"):
		r.note(r.survey, q.row, "calculation", Remark{Code: "column-without-use", Text: fmt.Sprintf("calculation says nothing for %s and was not taken", t)})
		q.Calculation = nil
	case q.GetCalculation() != "" && t != "calculate" && t != "hidden":
		r.note(r.survey, q.row, "calculation", Remark{Code: "calculated-question", Text: fmt.Sprintf("%q is calculated: it is shown and cannot be typed over", shown(q.called))})
	}
	for _, c := range []struct {
		name string
		has  **string
		only string
	}{{"repeat_count", &q.RepeatCount, "begin_repeat"}, {"choice_filter", &q.ChoiceFilter, "select"}} {
		fits := t == c.only || c.only == "select" && (strings.HasPrefix(t, "select_") || t == "rank")
		if *c.has != nil && !fits {
			r.note(r.survey, q.row, c.name, Remark{Code: "column-without-use", Text: fmt.Sprintf("%s says nothing for %s and was not taken", c.name, t)})
			*c.has = nil
		}
	}
}

// The parameters that types take, as XLSForm has them.
var parametersOf = map[string][]string{
	"range": {"start", "end", "step", "tick_interval", "placeholder", "tick_labelset"}, "select_one": {"randomize", "seed", "value", "label"}, "select_multiple": {"randomize", "seed", "value", "label"}, "rank": {"randomize", "seed"},
	"image": {"max-pixels", "app", "geotagging"}, "audio": {"quality"}, "video": {"quality", "app"}, "text": {"rows", "incremental"}, "integer": {"incremental", "thousands-sep"}, "decimal": {"incremental", "thousands-sep"},
	"geopoint": {"capture-accuracy", "warning-accuracy", "allow-mock-accuracy"}, "geotrace": {"incremental", "allow-mock-accuracy"}, "geoshape": {"incremental", "allow-mock-accuracy"},
}

// parameters takes them over as name=value with a blank between, and checks those of a
// range.
func (r *reader) parameters(q *question) {
	text := straight(words(r.value(r.survey, q.row, "parameters")))
	if text == "" {
		return
	}
	text = strings.NewReplacer(" = ", "=", "= ", "=", " =", "=").Replace(text)
	var out []string
	for _, p := range strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ';' || c == ',' }) {
		name, value, ok := strings.Cut(p, "=")
		name = strings.ToLower(name)
		switch {
		case !ok || value == "":
			r.refuse(r.survey, q.row, "parameters", Remark{Code: "bad-parameter", Text: fmt.Sprintf("%q is not a parameter", shown(p)), Cure: "write name=value, with a blank between two: start=0 end=10 step=1"})
			return
		case !slices.Contains(parametersOf[q.GetType()], name):
			r.note(r.survey, q.row, "parameters", Remark{Code: "parameter-unknown", Text: fmt.Sprintf("%s has no parameter %s", q.GetType(), shown(name)), Cure: "take it out"})
		case q.GetType() == "range" && (name == "start" || name == "end" || name == "step"):
			if _, err := strconv.ParseFloat(value, 64); err != nil {
				r.refuse(r.survey, q.row, "parameters", Remark{Code: "bad-parameter", Text: fmt.Sprintf("%s=%s is not a number", name, shown(value)), Cure: "write a number with a point: step=0.5"})
			}
		}
		out = append(out, name+"="+value)
	}
	joined := strings.Join(out, " ")
	q.Parameters = &joined
}
