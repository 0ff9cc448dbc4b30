package main

import (
	"context"
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/server/report"
	"github.com/daylight-npm/daylight/server/store"
)

// answersOut is an export of answers being run.
type answersOut struct {
	*outgoing
	code, version string
}

// exportAnswers writes the answers to a checklist as tables.
func exportAnswers(ctx context.Context, c *call) error {
	a, err := c.readAnswersOut()
	if err != nil {
		return err
	}
	const instead = "Write CSV: name a folder in the place of a workbook."
	return a.run(ctx, instead, func(from source, log func(note string) error) error {
		forms, err := a.versions(from.Snapshot)
		if err != nil {
			return err
		}
		if err := log("answers to a checklist were taken out"); err != nil {
			return err
		}
		counts, err := a.write(from, forms)
		if err == nil {
			a.tell(counts)
		}
		return err
	})
}

func (c *call) readAnswersOut() (*answersOut, error) {
	a := &answersOut{outgoing: &outgoing{call: c}}
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	a.bind(flags)
	flags.StringVar(&a.code, "checklist", "", "the `code` of the checklist, as npm_prison")
	flags.StringVar(&a.version, "version", "", "the `version` to write; by default all, beside each other")
	rest, err := c.parse(flags, 1)
	switch {
	case err != nil:
		return nil, err
	case len(rest) > 0 && a.code == "":
		return nil, misused("--checklist says which checklist's answers to write, and is missing", "Run daylightd checklist list to see which there are.")
	}
	return a, a.to(rest)
}

// versions are those of the form that were filled, compiled, the newest first.
func (a *answersOut) versions(r *store.Snapshot) ([]*checklist.Form, error) {
	f := &forms{call: a.call}
	if err := f.read(r); err != nil {
		return nil, err
	}
	if err := a.mustBeKnown(f); err != nil {
		return nil, err
	}
	var out []*checklist.Form
	for _, o := range f.Versions(a.code) {
		if a.version != "" && o.Version != a.version || !a.options.Removed && !slices.ContainsFunc(f.filled, func(n store.Filled) bool { return n.Form == o.ID }) {
			continue
		}
		m, _ := f.Form(o.ID)
		if form, _ := checklist.Compile(m); form != nil {
			out = append(out, form)
		}
	}
	return out, nil
}

// mustBeKnown refuses a checklist that is neither here nor was ever filled.
func (a *answersOut) mustBeKnown(f *forms) error {
	if slices.ContainsFunc(f.filled, func(n store.Filled) bool { return n.Code == a.code && (a.version == "" || n.Version == a.version) }) {
		return nil
	}
	args := []string{a.code}
	if a.version != "" {
		args = append(args, a.version)
	}
	_, err := f.chosen(args)
	return err
}

func (a *answersOut) write(from report.Source, forms []*checklist.Form) (report.AnswerCounts, error) {
	o := report.AnswersOptions{Options: a.options, Code: a.code, Version: a.version, Forms: forms, Now: time.Now}
	if strings.ToLower(filepath.Ext(a.path)) == ".xlsx" {
		a.format = "xlsx"
		return a.answersBook(from, o)
	}
	a.format = "csv"
	return folderOf(a.path, func(part string) (report.AnswerCounts, error) {
		return report.Answers(from, o, report.CSV{Dir: part, Separator: a.separator})
	})
}

// answersBook writes a workbook.
func (a *answersOut) answersBook(from report.Source, o report.AnswersOptions) (counts report.AnswerCounts, err error) {
	err = bookOf(a.path, func(book *report.Workbook) (about [][]any, err error) {
		counts, err = report.Answers(from, o, book)
		counts.Cut = book.Cut()
		about = [][]any{{"checklist", a.code}, {"responses", counts.Responses}}
		for _, l := range leftOutAnswers(counts) {
			about = append(about, []any{l.what, l.n})
		}
		return about, err
	})
	return counts, err
}

func leftOutAnswers(n report.AnswerCounts) []left {
	return append(leftOut(n.Counts), left{"without_form", "left out, because the version of the form that they answer is not here or cannot be read", n.WithoutForm})
}

func (a *answersOut) tell(n report.AnswerCounts) {
	if a.json {
		a.print(map[string]any{"out": a.path, "format": a.format, "checklist": a.code, "responses": n.Responses, "versions": n.Versions, "contested": n.Contested, "left_out": leftByKey(leftOutAnswers(n)), "cut": n.Cut})
		return
	}
	a.say("Wrote %s to %s. It is not encrypted.", numbered(n.Responses, "response", "responses"), a.path)
	for _, v := range n.Versions {
		a.say("  version %s: %s", v.Version, numbered(v.Responses, "response", "responses"))
	}
	if n.Contested > 0 {
		a.say("%s: several values stand beside each other, all of them in the table contested.", numbered(n.Contested, "answer is not settled", "answers are not settled"))
	}
	a.tellLeft(leftOutAnswers(n), "response was", "responses were")
	a.tellCut(n.Cut, "CSV has")
}
