package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
)

// playedAll plays what each column of a workbook expects.
func playedAll(path string, form *checklist.Form) (said []string, err error) {
	book, err := os.ReadFile(path)
	if err != nil {
		return nil, nil // a folder of tables: they say nothing of the kind
	}
	columns, err := expectedColumns(bytes.NewReader(book))
	for _, c := range columns {
		p := newPlay(form)
		p.rows(c.rows, "", 0)
		said = append(said, p.said(c.header))
	}
	return said, err
}

// A play answers a form as one column of its workbook says, row by row, and compares.
type play struct {
	*checklist.Filling
	matched int
	wrong   []string
}

// playMoment lies within the year that the forms which expect something are made for.
var playMoment = time.Date(2018, 11, 15, 10, 0, 0, 0, time.UTC)

func newPlay(form *checklist.Form) *play {
	r := rand.New(rand.NewPCG(8, 1))
	o := clocked(r)
	o.Now = func() time.Time { return playMoment }
	return &play{Filling: begun(form, r, o)}
}

func (p *play) said(header string) string {
	text := fmt.Sprintf("%s: %d of %d as expected", header, p.matched, p.matched+len(p.wrong))
	for _, w := range p.wrong {
		text += "\n- " + w
	}
	return text
}

// rows plays rows in one turn and round; a repeat's rows once for each round that they
// speak of.
func (p *play) rows(rows []expectedRow, turn string, round int) {
	for i := 0; i < len(rows); i++ {
		row := rows[i]
		kind := strings.ReplaceAll(row.kind, "_", " ")
		if kind == "begin repeat" {
			inside, rounds := insideOf(rows[i+1:])
			p.row(row, turn, round)
			for n := range rounds {
				p.turn(row.name, turn, inside, n)
			}
			i += len(inside) + 1
			continue
		}
		if !strings.HasPrefix(kind, "end ") && row.name != "" {
			p.row(row, turn, round)
		}
	}
}

// insideOf are the rows until the repeat ends, and how many rounds they speak of.
func insideOf(rows []expectedRow) (inside []expectedRow, rounds int) {
	depth := 1
	rounds = 1
	for i, r := range rows {
		switch strings.ReplaceAll(r.kind, "_", " ") {
		case "begin repeat":
			depth++
		case "end repeat":
			if depth--; depth == 0 {
				return rows[:i], rounds
			}
		}
		rounds = max(rounds, len(r.expect))
	}
	return rows, rounds
}

// turn adds a turn, or takes the one that the form counted, and plays it.
func (p *play) turn(repeat, parent string, inside []expectedRow, n int) {
	for _, it := range p.Items() {
		if it.Kind == checklist.ItemTurn && it.Question.Called == repeat && it.Position == n+1 {
			p.rows(inside, it.Key.Turn, n)
			return
		}
	}
	id, _, err := p.AddInstance(repeat, parent)
	if err != nil {
		p.wrong = append(p.wrong, fmt.Sprintf("%s, round %d: %v", repeat, n+1, err))
		return
	}
	p.rows(inside, id, n)
}

// row plays one row: relevance is looked at, an answer given, or a value compared.
func (p *play) row(row expectedRow, turn string, round int) {
	if len(row.expect) == 0 {
		return
	}
	e := row.expect[min(round, len(row.expect)-1)]
	item, ok := p.Item(checklist.Key{Question: row.name, Turn: turn})
	switch {
	case !ok:
		p.wrong = append(p.wrong, row.name+" is not on the form")
	case item.Relevant != e.relevant:
		p.wrong = append(p.wrong, fmt.Sprintf("%s: relevant %v, expected %v", row.name, item.Relevant, e.relevant))
	case !e.valued:
		p.matched++
	case item.Question.Answerable() && !item.ReadOnly:
		p.give(item, e.value)
	case item.Value != e.value:
		p.wrong = append(p.wrong, fmt.Sprintf("%s: %q, expected %q", row.name, item.Value, e.value))
	default:
		p.matched++
	}
}

// give answers, and looks whether the form is content with the answer.
func (p *play) give(item checklist.Item, value string) {
	_, err := p.Set(item.Key, checklist.Given{Value: value})
	now, _ := p.Item(item.Key)
	offered := !item.Question.Type.Select()
	for _, c := range item.Choices {
		offered = offered || c.Name == value
	}
	switch {
	case err != nil:
		p.wrong = append(p.wrong, fmt.Sprintf("%s: %v", item.Question.Called, err))
	case now.Broken:
		p.wrong = append(p.wrong, fmt.Sprintf("%s: %q breaks the constraint", item.Question.Called, value))
	case !offered:
		p.wrong = append(p.wrong, fmt.Sprintf("%s: %q is none of the choices offered", item.Question.Called, value))
	case now.Value != value:
		p.wrong = append(p.wrong, fmt.Sprintf("%s: %q stands, expected %q", item.Question.Called, now.Value, value))
	default:
		p.matched++
	}
}
