package xlsform

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Write writes a checklist as an XLSX workbook that other form tools read, and that Read
// reads back to the same checklist. Every cell is text and none a formula. What is the
// office's own affair does not go along: whether the form is hidden or retired.
func Write(w io.Writer, c *daylightv1.Checklist) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetDocProps(&excelize.DocProperties{}); err != nil {
		return err
	}
	if err := f.SetSheetName("Sheet1", "survey"); err != nil {
		return err
	}
	for _, sheet := range []struct {
		name string
		rows [][]string
	}{{"survey", surveyRows(c)}, {"choices", choiceRows(c)}, {"settings", settingRows(c)}} {
		if _, err := f.NewSheet(sheet.name); err != nil {
			return err
		}
		if err := writeSheet(f, sheet.name, sheet.rows); err != nil {
			return fmt.Errorf("sheet %s: %w", sheet.name, err)
		}
	}
	return f.Write(w)
}

func writeSheet(f *excelize.File, name string, rows [][]string) error {
	const text = 49 // the number format @: what is typed stays as it is typed
	plain, err := f.NewStyle(&excelize.Style{NumFmt: text, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: text, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	to, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := to.SetColWidth(1, max(len(rows[0]), 1), 24); err != nil {
		return err
	}
	if err := to.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range rows {
		style := plain
		if i == 0 {
			style = bold
		}
		cells := make([]any, len(row))
		for j, c := range row {
			if c != "" {
				cells[j] = excelize.Cell{StyleID: style, Value: c}
			}
		}
		if err := to.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return err
		}
	}
	return to.Flush()
}

// outColumn is a column to write: its head, and what a row has in it.
type outColumn[R any] struct {
	head string
	of   func(R) string
}

// rowsOf are the head and the rows, without the columns that are empty throughout; the
// first always are there.
func rowsOf[R any](columns []outColumn[R], always int, rows []R) [][]string {
	var kept []outColumn[R]
	for i, c := range columns {
		if i < always || slices.ContainsFunc(rows, func(r R) bool { return c.of(r) != "" }) {
			kept = append(kept, c)
		}
	}
	head := make([]string, len(kept))
	for i, c := range kept {
		head[i] = c.head
	}
	out := [][]string{head}
	for _, r := range rows {
		line := make([]string, len(kept))
		for i, c := range kept {
			line[i] = c.of(r)
		}
		out = append(out, line)
	}
	return out
}

// inHead is a column of texts in a language: label::English (en), or label alone for
// texts of no known language.
func inHead(name, tag string, c *daylightv1.Checklist) string {
	if tag == Undetermined && c.GetDefaultLanguage() == Undetermined {
		return name
	}
	return name + "::" + languageName(tag)
}

// tagsOf are a checklist's languages, its own first, with those that only some of its
// texts have.
func tagsOf(c *daylightv1.Checklist) []string {
	tags := slices.Clone(c.GetLanguages())
	note := func(all ...[]*daylightv1.LocalText) {
		for _, t := range slices.Concat(all...) {
			if !slices.Contains(tags, t.GetLanguage()) {
				tags = append(tags, t.GetLanguage())
			}
		}
	}
	for _, q := range c.GetQuestions() {
		note(q.GetLabels(), q.GetHints(), q.GetGuidance(), q.GetConstraintMessages(), q.GetRequiredMessages())
	}
	for _, x := range c.GetChoices() {
		note(x.GetLabels())
	}
	slices.SortFunc(tags, func(a, b string) int {
		return cmp.Or(boolInt(b == c.GetDefaultLanguage())-boolInt(a == c.GetDefaultLanguage()), strings.Compare(a, b))
	})
	return tags
}

func inLanguage(texts []*daylightv1.LocalText, tag string) string {
	for _, t := range texts {
		if t.GetLanguage() == tag {
			return t.GetText()
		}
	}
	return ""
}

type outQuestion = *daylightv1.ChecklistQuestion

func surveyRows(c *daylightv1.Checklist) [][]string {
	columns := []outColumn[outQuestion]{{"type", typeWritten(c)}, {"name", func(q outQuestion) string { return cmp.Or(q.GetCalled(), q.GetName()) }}}
	tags := tagsOf(c)
	locals := func(name string, of func(outQuestion) []*daylightv1.LocalText) {
		for _, tag := range tags {
			columns = append(columns, outColumn[outQuestion]{inHead(name, tag, c), func(q outQuestion) string { return inLanguage(of(q), tag) }})
		}
	}
	locals("label", outQuestion.GetLabels)
	always := len(columns)
	locals("hint", outQuestion.GetHints)
	locals("guidance_hint", outQuestion.GetGuidance)
	add := func(head string, of func(outQuestion) string) {
		columns = append(columns, outColumn[outQuestion]{head, of})
	}
	add("required", outQuestion.GetRequired)
	locals("required_message", outQuestion.GetRequiredMessages)
	add("relevant", outQuestion.GetRelevant)
	add("constraint", outQuestion.GetConstraint)
	locals("constraint_message", outQuestion.GetConstraintMessages)
	add("calculation", outQuestion.GetCalculation)
	add("trigger", outQuestion.GetTrigger)
	add("default", outQuestion.GetDefault)
	add("read_only", outQuestion.GetReadOnly)
	add("choice_filter", outQuestion.GetChoiceFilter)
	add("appearance", outQuestion.GetAppearance)
	add("parameters", outQuestion.GetParameters)
	add("repeat_count", outQuestion.GetRepeatCount)
	add("topic", outQuestion.GetTopic)
	add("standard", func(q outQuestion) string { return strings.Join(q.GetStandards(), "|") })
	add("method", outQuestion.GetMethod)
	add("state_of", outQuestion.GetStateOf)
	add("suggest", outQuestion.GetSuggest)
	return rowsOf(columns, always, withEnds(c))
}

// typeWritten is the type column: with the list of a select, and its file where the list
// is empty because that was not there.
func typeWritten(c *daylightv1.Checklist) func(outQuestion) string {
	full := map[string]bool{}
	for _, x := range c.GetChoices() {
		full[listOfKey(x.GetKey())] = true
	}
	return func(q outQuestion) string {
		switch {
		case q.GetList() == "":
			return q.GetType()
		case !full[q.GetList()] && strings.HasPrefix(q.GetType(), "select_"):
			return q.GetType() + "_from_file " + q.GetList() + ".csv"
		}
		return q.GetType() + " " + q.GetList()
	}
}

// withEnds are the questions in order, with a row where each group ends.
func withEnds(c *daylightv1.Checklist) (out []outQuestion) {
	rows := slices.Clone(c.GetQuestions())
	slices.SortStableFunc(rows, func(a, b outQuestion) int {
		return cmp.Or(cmp.Compare(a.GetOrder(), b.GetOrder()), strings.Compare(a.GetName(), b.GetName()))
	})
	inside := map[string][]outQuestion{}
	for _, q := range rows {
		inside[q.GetParent()] = append(inside[q.GetParent()], q)
	}
	var walk func(parent string)
	walk = func(parent string) {
		children := inside[parent]
		delete(inside, parent) // a group that stands in itself ends here
		for _, q := range children {
			out = append(out, q)
			kind, isGroup := strings.CutPrefix(q.GetType(), "begin_")
			if !isGroup {
				continue
			}
			walk(q.GetName())
			end := "end_" + kind
			out = append(out, &daylightv1.ChecklistQuestion{Type: &end, Name: cmp.Or(q.GetCalled(), q.GetName())})
		}
	}
	walk("")
	return out
}

type outChoice = *daylightv1.ChecklistChoice

func choiceRows(c *daylightv1.Checklist) [][]string {
	columns := []outColumn[outChoice]{{"list_name", func(x outChoice) string { return listOfKey(x.GetKey()) }}, {"name", nameOf}}
	for _, tag := range tagsOf(c) {
		columns = append(columns, outColumn[outChoice]{inHead("label", tag, c), func(x outChoice) string { return inLanguage(x.GetLabels(), tag) }})
	}
	always := len(columns)
	var names []string
	for _, x := range c.GetChoices() {
		for _, a := range x.GetAttributes() {
			names = append(names, a.GetName())
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		columns = append(columns, outColumn[outChoice]{name, func(x outChoice) string { return attribute(x, name) }})
	}
	columns = append(columns, outColumn[outChoice]{retired, func(x outChoice) string {
		if x.GetRetired() {
			return "yes"
		}
		return ""
	}})
	rows := slices.Clone(c.GetChoices())
	slices.SortStableFunc(rows, func(a, b outChoice) int {
		return cmp.Or(cmp.Compare(a.GetOrder(), b.GetOrder()), strings.Compare(a.GetKey(), b.GetKey()))
	})
	return rowsOf(columns, always, rows)
}

func attribute(x outChoice, name string) string {
	for _, a := range x.GetAttributes() {
		if a.GetName() == name {
			return a.GetValue()
		}
	}
	return ""
}

// settingRows are the heads and one row.
func settingRows(c *daylightv1.Checklist) [][]string {
	var head, row []string
	add := func(name, text string) {
		if text != "" {
			head, row = append(head, name), append(row, text)
		}
	}
	add("form_title", c.GetTitles()[c.GetDefaultLanguage()])
	for _, tag := range slices.Sorted(maps.Keys(c.GetTitles())) {
		if tag != c.GetDefaultLanguage() {
			add("form_title::"+languageName(tag), c.GetTitles()[tag])
		}
	}
	add("form_id", c.GetCode())
	add("version", c.GetVersion())
	if l := c.GetDefaultLanguage(); l != "" && l != Undetermined {
		add("default_language", languageName(l))
	}
	add("place_types", strings.Join(c.GetPlaceTypes(), " "))
	settings := slices.Clone(c.GetSettings())
	slices.SortFunc(settings, func(a, b *daylightv1.ChecklistSetting) int { return strings.Compare(a.GetName(), b.GetName()) })
	for _, s := range settings {
		add(s.GetName(), s.GetValue())
	}
	return [][]string{head, row}
}
