package report

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The tables of answers that every form has. A repeat's is called as the repeat.
const (
	answersName    = "answers"
	contestedTable = "contested"
	notesTable     = "notes"
)

// AnswersOptions say which answers are exported. Code and Forms are needed.
type AnswersOptions struct {
	// Options narrow as they do for records; Kinds and Sealed say nothing here.
	Options
	// Code is the form's, Version one version of it; empty: all.
	Code, Version string
	// Forms are the versions of the form that may have been filled, newest first.
	Forms []*checklist.Form
	// Now is the clock by which responses are read that are not finished.
	Now func() time.Time
}

// AnswerCounts say what became of the responses.
type AnswerCounts struct {
	Counts
	// Responses is how many were written, in all and by version, newest first.
	Responses int
	Versions  []VersionCount
	// WithoutForm answer a version that is none of Forms, and were left out.
	WithoutForm int
	// Contested counts the answers of which several values stand beside each other.
	Contested int
}

// VersionCount is how many responses to a version were written.
type VersionCount struct {
	Version   string `json:"version"`
	Responses int    `json:"responses"`
}

// Answers writes the answers to a form as tables: one with a row for each response, one for
// each repeat with a row for each of its turns, all notes, and all values of answers that are
// contested. In the first two each question has the columns NAME, the value; NAME.state, why
// there is none; of a question with choices NAME.label, the words; and of one that takes
// several choices NAME/CHOICE, 1 where it was chosen and 0 where it was not.
//
// What was not asked, or is not relevant any more, is an empty cell, whatever was answered
// before. Of a contested answer the value that is shown stands in its cell, and the row says
// in response.contested_answers that it is not settled. One response is held at a time.
func Answers(from Source, o AnswersOptions, to Sheets) (AnswerCounts, error) {
	x, err := newExport(from, o.Options)
	if err != nil {
		return AnswerCounts{}, err
	}
	a := &answers{export: x, of: o, plan: planAnswers(o.Forms), forms: map[string]*checklist.Form{}, rows: map[*answersTable]Sheet{}}
	if a.labels, err = newLabels(from, o.Language); err != nil {
		return AnswerCounts{}, err
	}
	if a.where, err = x.whereabouts(); err != nil {
		return AnswerCounts{}, err
	}
	for _, f := range o.Forms {
		a.forms[f.ID().String()] = f
		a.written.Versions = append(a.written.Versions, VersionCount{Version: f.Version()})
	}
	err = a.begin(to)
	if err == nil {
		err = from.Each(record.ChecklistResponse, a.take)
	}
	if err = errors.Join(err, a.end()); err != nil {
		return a.written, fmt.Errorf("write the answers to %s: %w", o.Code, err)
	}
	a.written.Counts = x.counts
	return a.written, nil
}

// answers is one run.
type answers struct {
	*export
	of     AnswersOptions
	labels *labels
	where  *whereabouts
	plan   *answersPlan
	forms  map[string]*checklist.Form // by id

	rows             map[*answersTable]Sheet
	contested, notes Sheet
	open             []Sheet

	written AnswerCounts
}

var (
	contestedColumns = []string{"response.id", "visit.id", "instance.id", "question", "number", "value", "label", "state", "note"}
	notesColumns     = []string{"response.id", "visit.id", "instance.id", "question", "note"}
)

// begin begins all tables.
func (a *answers) begin(to Sheets) (err error) {
	begin := func(name string, header []string) (s Sheet) {
		if err != nil {
			return nil
		}
		if s, err = to.Begin(name, header, true); err == nil {
			a.open = append(a.open, s)
		}
		return s
	}
	for _, t := range a.plan.tables {
		a.rows[t] = begin(t.name, t.header())
	}
	a.contested = begin(contestedTable, contestedColumns)
	a.notes = begin(notesTable, notesColumns)
	return err
}

func (a *answers) end() (err error) {
	for _, s := range a.open {
		err = errors.Join(err, s.End())
	}
	return err
}

// take writes a response to the form, where it is let out.
func (a *answers) take(r Row) error {
	m, ok := r.Message.(*daylightv1.ChecklistResponse)
	if !ok || m.GetChecklistCode() != a.of.Code || a.of.Version != "" && m.GetChecklistVersion() != a.of.Version || !a.lets(record.ChecklistResponse, r) {
		return nil
	}
	f := a.forms[m.GetChecklistId()]
	if f == nil {
		a.written.WithoutForm++
		return nil
	}
	a.counts.Records[record.ChecklistResponse]++
	a.written.Responses++
	for i, v := range a.written.Versions {
		if v.Version == f.Version() {
			a.written.Versions[i].Responses++
		}
	}
	x := checklist.Open(f, m, checklist.Options{Now: a.of.Now, Language: a.labels.language, Contested: checklist.ContestedIn(r.Status)})
	w := &written{answers: a, filling: x, id: m.GetId(), visit: m.GetVisitId()}
	return w.all(m)
}

// written is a response being written.
type written struct {
	*answers
	filling   *checklist.Filling
	id, visit string
	// unsettled are the contested answers, as lamps (2 others).
	unsettled []string
	several   int
}

// all writes the rows of a response: those of its repeats first, since the first row says
// what is contested anywhere.
func (w *written) all(m *daylightv1.ChecklistResponse) error {
	tables := w.filling.Rows()
	rows := make([][]any, 0, len(tables))
	for i, t := range tables {
		name := ""
		if i > 0 {
			name = t.Repeat.Name
		}
		to := w.plan.byName[name]
		for _, r := range t.Rows {
			row := make([]any, to.at)
			if err := w.cells(to, row, t.Columns, r); err != nil {
				return err
			}
			if i == 0 {
				rows = append(rows, row)
				continue
			}
			copy(row, []any{w.id, text(w.visit), m.GetChecklistVersion(), r.Turn, text(r.Parent), int64(r.Position), text(r.Title.Text)})
			if err := w.rows[to].Write(row); err != nil {
				return err
			}
		}
	}
	top := w.plan.byName[""]
	for _, row := range rows {
		front := append([]any{w.id}, w.where.cells(w.visit, w.labels)...)
		front = append(front, m.GetChecklistVersion(), text(m.GetLanguage()), text(m.GetFinishedAt()), int64(w.several), text(strings.Join(w.unsettled, ", ")))
		copy(row, front)
		if err := w.rows[top].Write(row); err != nil {
			return err
		}
	}
	w.written.Contested += w.several
	return nil
}

// cells fills in the columns of the questions.
func (w *written) cells(t *answersTable, row []any, columns []*checklist.Question, r checklist.Row) error {
	for i, q := range columns {
		c := r.Cells[i]
		a := t.byName[q.Name]
		if !c.Relevant || a == nil {
			continue
		}
		row[a.value] = valueCell(q, c.Value)
		if a.state >= 0 {
			row[a.state] = text(stateCode(c.State))
		}
		if a.label >= 0 {
			row[a.label] = w.words(c.Value, c.Display, c.State)
		}
		if q.Type == checklist.TypeSelectMultiple && c.Value != "" {
			for _, choice := range a.choices {
				row[choice.at] = int64(0)
			}
			for name := range strings.FieldsSeq(c.Value) {
				if at, has := a.byChoice[name]; has {
					row[at] = int64(1)
				}
			}
		}
		if err := w.beside(q, r.Turn, c); err != nil {
			return err
		}
	}
	return nil
}

// beside writes what does not fit into the cells of an answer: its note, and what stands
// beside it.
func (w *written) beside(q *checklist.Question, turn string, c checklist.Cell) error {
	if c.Note != "" {
		if err := w.notes.Write([]any{w.id, text(w.visit), text(turn), q.Name, c.Note}); err != nil {
			return err
		}
	}
	if c.Others == 0 {
		return nil
	}
	w.several++
	w.unsettled = append(w.unsettled, fmt.Sprintf("%s (%d more)", q.Name, c.Others))
	item, _ := w.filling.Item(checklist.Key{Question: q.Name, Turn: turn})
	for i, o := range item.Contested {
		if err := w.contested.Write([]any{
			w.id, text(w.visit), text(turn), q.Name, int64(i + 1), valueCell(q, o.Value), w.words(o.Value, o.Display, o.State), text(stateCode(o.State)), text(o.Note),
		}); err != nil {
			return err
		}
	}
	return nil
}

// words are what a person reads for an answer: labels of choices, or why there is none.
func (w *written) words(value, display string, state daylightv1.AnswerState) any {
	if value == "" && display == "" {
		return w.labels.orNone("ANSWER_STATE", stateCode(state))
	}
	return text(display)
}

const answered = daylightv1.AnswerState_ANSWER_STATE_ANSWERED

// stateCode is why there is no answer, as the vocabulary writes it; empty where there is one.
func stateCode(s daylightv1.AnswerState) string {
	if s <= answered {
		return ""
	}
	return codeOf(s.Descriptor(), s.Number())
}

// valueCell is a value as spreadsheets take it: numbers as numbers, and of what was calculated
// nothing that only looks like one.
func valueCell(q *checklist.Question, value string) any {
	switch q.Type {
	case checklist.TypeInteger, checklist.TypeDecimal, checklist.TypeRange, checklist.TypeCalculate:
	default:
		return text(value)
	}
	if n, err := strconv.ParseInt(value, 10, 64); err == nil && strconv.FormatInt(n, 10) == value {
		return n
	}
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || q.Type == checklist.TypeCalculate && strconv.FormatFloat(f, 'f', -1, 64) != value {
		return text(value)
	}
	return f
}
