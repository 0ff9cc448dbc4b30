package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// checklists measures what a person who fills a form waits for, and what an office does
// that brings in a large one.
func (b *bench) checklists(ctx context.Context) error {
	for _, measure := range []func() error{
		func() error { return b.answers("500 questions, 200 relevance rules", rulesForm(), "5 ms") },
		func() error { return b.answers("a repeat of 40 cells, 6 questions each", cellsForm(40), "") },
		b.openPrison,
		func() error { return b.openOnDevice(ctx) },
		b.importLarge,
	} {
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}

// rulesForm has ten sections of fifty questions; two in five depend on an answer before
// them, some on the sum of a few, and the last sections as a whole on the first question.
func rulesForm() *daylightv1.Checklist {
	f := newForm("rules")
	f.list("yesno", "yes", "no")
	for s := range 10 {
		section := fmt.Sprintf("section_%d", s)
		f.group(section, ruleOfSection(s))
		for i := range 50 {
			f.question(section, s*50+i)
		}
	}
	return f.done()
}

func ruleOfSection(s int) string {
	if s > 7 {
		return "${q0} != 'no'"
	}
	return ""
}

// question adds the n-th of rulesForm: of five kinds in turn, two of them with a rule.
func (f *formOf) question(section string, n int) {
	name := func(k int) string { return fmt.Sprintf("${q%d}", k) }
	switch base := n - n%5; n % 5 {
	case 0:
		f.row(section, fmt.Sprintf("q%d", n), "select_one", "yesno", "", "")
	case 1: // a chain from block to block
		f.row(section, fmt.Sprintf("q%d", n), "integer", "", fmt.Sprintf("%s = 'yes' and %s != 'no'", name(base), name(max(0, base-5))), "")
	case 2:
		f.row(section, fmt.Sprintf("q%d", n), "select_multiple", "yesno", fmt.Sprintf("selected(%s, 'yes') or coalesce(%s, 0) > 3", name(base), name(base+1)), "")
	case 3:
		f.row(section, fmt.Sprintf("q%d", n), "text", "", "", "")
	default:
		f.row(section, fmt.Sprintf("q%d", n), "decimal", "", "", "")
	}
}

// cellsForm is a repeat of cells with their area, beds and persons, what follows from
// them, and sums over all of them outside.
func cellsForm(cells int) *daylightv1.Checklist {
	f := newForm("cells")
	f.list("yesno", "yes", "no")
	f.row("", "cells", "integer", "", "", "")
	f.repeat("cell", "${cells}")
	for _, q := range []string{"area", "persons", "beds"} {
		f.row("cell", q, "decimal", "", "", "")
	}
	f.row("cell", "window", "select_one", "yesno", "", "")
	f.row("cell", "window_note", "text", "", "${window} = 'no'", "")
	f.row("cell", "each", "calculate", "", "", "if(${persons} > 0, round(${area} div ${persons}, 1), '')")
	f.row("", "persons_all", "calculate", "", "", "sum(${persons})")
	f.row("", "small", "calculate", "", "", "count(${cell}[each < 4])")
	f.row("", "crowded", "note", "", "${small} > "+strconv.Itoa(cells/4), "")
	return f.done()
}

// answers gives every question of a form one answer after another, several times, and
// says what the slowest question takes and one in the middle.
func (b *bench) answers(what string, c *daylightv1.Checklist, wanted string) error {
	form, problems := checklist.Compile(c)
	if form == nil {
		return fmt.Errorf("%v", problems)
	}
	r := rand.New(rand.NewPCG(4, 1))
	x := begun(form, r, clocked(r))
	if _, ok := form.Question("cells"); ok {
		if _, err := x.Set(checklist.Key{Question: "cells"}, checklist.Given{Value: "40"}); err != nil {
			return err
		}
	}
	set, page := map[checklist.Key][]time.Duration{}, map[checklist.Key][]time.Duration{}
	for round := range b.runs {
		for _, item := range x.Items() {
			value := valueFor(item, round)
			if value == "" {
				continue
			}
			start := time.Now()
			if _, err := x.Set(item.Key, checklist.Given{Value: value}); err != nil {
				return fmt.Errorf("%v: %w", item.Key, err)
			}
			set[item.Key] = append(set[item.Key], time.Since(start))
			x.Items()
			page[item.Key] = append(page[item.Key], time.Since(start))
		}
	}
	b.spread("checklist: "+what+", an answer", middles(set), wanted)
	b.spread("   with all that stands on the page then", middles(page), "")
	return nil
}

// middles is the median of each question, so that one slow moment of the machine is not
// taken for a slow question.
func middles(took map[checklist.Key][]time.Duration) (all []time.Duration) {
	for _, of := range took {
		all = append(all, quantile(of, 50))
	}
	return all
}

// valueFor is another value in each round; empty for what nobody answers.
func valueFor(item checklist.Item, round int) string {
	switch q := item.Question; {
	case !q.Answerable() || q.Name == "cells":
		return ""
	case q.Type == checklist.TypeText:
		return "seen " + strconv.Itoa(round)
	case q.Type == checklist.TypeInteger, q.Type == checklist.TypeDecimal:
		return strconv.Itoa(2 + round)
	}
	return []string{"yes", "no"}[round%2]
}

// spread prints a row with the middle and the worst.
func (b *bench) spread(what string, took []time.Duration, wanted string) {
	slices.Sort(took)
	b.row(what, fine(took[len(took)/2]), "", "", "")
	b.row("   the slowest one of "+strconv.Itoa(len(took)), fine(took[len(took)-1]), "", "", wanted)
}

// fine is a duration in milliseconds with three places.
func fine(d time.Duration) string { return fmt.Sprintf("%.3f ms", float64(d.Microseconds())/1000) }

// openPrison makes the prison form ready and opens a response, without the device's
// database.
func (b *bench) openPrison() error {
	c, err := prison()
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(5, 1))
	var compiled, opened []time.Duration
	for range 4 * b.runs {
		start := time.Now()
		form, problems := checklist.Compile(c)
		if form == nil {
			return fmt.Errorf("%v", problems)
		}
		compiled = append(compiled, time.Since(start))
		response := checklist.Begin(form, newID(r), newID(r), clocked(r))
		start = time.Now()
		checklist.Open(form, response, clocked(r)).Items()
		opened = append(opened, time.Since(start))
	}
	b.spread(fmt.Sprintf("checklist: the prison form, %d rows, compiled", len(c.Questions)), compiled, "")
	b.spread("   a response opened under it, with its page", opened, "")
	return nil
}

// importLarge reads a workbook with as many questions as a form may have.
func (b *bench) importLarge() error {
	f := newForm("large")
	f.list("yesno", "yes", "no")
	for n := range 1990 {
		f.question("", n)
	}
	var book bytes.Buffer
	if err := xlsform.Write(&book, f.done()); err != nil {
		return err
	}
	var took []time.Duration
	for range b.runs {
		start := time.Now()
		got, err := xlsform.Read("large.xlsx", bytes.NewReader(book.Bytes()), int64(book.Len()))
		if err != nil {
			return err
		}
		if got.Checklist == nil || len(got.Checklist.Questions) != 1990 {
			return fmt.Errorf("the form of 1,990 questions was not taken: %v", got.Remarks)
		}
		took = append(took, time.Since(start))
	}
	b.spread(fmt.Sprintf("checklist: 1,990 questions imported, %d kB", book.Len()/1000), took, "1 s")
	return nil
}

// begun is a form that nobody has answered yet.
func begun(form *checklist.Form, r *rand.Rand, o checklist.Options) *checklist.Filling {
	return checklist.Open(form, checklist.Begin(form, newID(r), newID(r), o), o)
}

// clocked is a filling's clock and ids, from the seed.
func clocked(r *rand.Rand) checklist.Options {
	return checklist.Options{
		Now:   func() time.Time { return time.Date(2026, 11, 23, 14, 30, 0, 0, time.FixedZone("", 5*3600)) },
		NewID: func() record.ID { return newID(r) },
	}
}
