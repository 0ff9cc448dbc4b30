package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/report"
	"github.com/daylight-npm/daylight/server/store"
)

// answersOut is an export of answers being run.
type answersOut struct {
	*outgoing
	code, version string
}

// exportAnswers writes the answers to a checklist as tables.
func exportAnswers(ctx context.Context, c *call) (err error) {
	a, err := c.readAnswersOut()
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, a.data, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if exists(a.path) { // before the line in the access log
		return failed(a.path+" is there already; nothing was written", "Name another one.")
	}
	var counts report.AnswerCounts
	d := directory.New(s.File(), time.Now, rand.Reader)
	err = s.Snapshot(ctx, func(r *store.Snapshot) error {
		forms, err := a.versions(r)
		if err != nil {
			return err
		}
		if err := exported(ctx, d, a.visit, "answers to a checklist were taken out", c.name); err != nil {
			return err
		}
		counts, err = a.write(source{ctx, r}, forms)
		return err
	})
	if errors.Is(err, report.ErrTooManyRows) || errors.Is(err, report.ErrTooManyColumns) {
		return failed("nothing was written: "+err.Error(), "Write CSV: name a folder in the place of a workbook.")
	}
	if err != nil {
		return err
	}
	a.tell(counts)
	return nil
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
	own, err := r.Checklists()
	if err != nil {
		return nil, err
	}
	filled, err := r.Filled()
	if err != nil {
		return nil, err
	}
	f := &forms{call: a.call, Catalogue: checklist.NewCatalogue(own.Forms, own.Removed...), filled: filled}
	if err := a.mustBeKnown(f); err != nil {
		return nil, err
	}
	var out []*checklist.Form
	for _, o := range f.Versions(a.code) {
		if a.version != "" && o.Version != a.version || !a.options.Removed && !slices.ContainsFunc(filled, func(n store.Filled) bool { return n.Form == o.ID }) {
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

// answersBook writes a workbook; see outgoing.xlsx.
func (a *answersOut) answersBook(from report.Source, o report.AnswersOptions) (counts report.AnswerCounts, err error) {
	aside, err := os.MkdirTemp(filepath.Dir(a.path), ".daylight-export-")
	if err != nil {
		return counts, failed("the folder cannot be written to: "+err.Error(), "")
	}
	defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	book := report.NewWorkbook(aside)
	defer func() { err = errors.Join(err, book.Close()) }()
	if counts, err = report.Answers(from, o, book); err != nil {
		return counts, err
	}
	counts.Cut = book.Cut()
	lines := [][]any{{"checklist", a.code}, {"responses", counts.Responses}}
	for _, l := range leftOutAnswers(counts) {
		lines = append(lines, []any{l.what, l.n})
	}
	_, err = written(a.path, func(w io.Writer) error { return book.WriteTo(w, lines...) })
	return counts, err
}

func leftOutAnswers(n report.AnswerCounts) []left {
	return append(leftOut(n.Counts), left{"without_form", "left out, because the version of the form that they answer is not here or cannot be read", n.WithoutForm})
}

func (a *answersOut) tell(n report.AnswerCounts) {
	if a.json {
		out := map[string]int{}
		for _, l := range leftOutAnswers(n) {
			out[l.key] = l.n
		}
		a.print(map[string]any{"out": a.path, "format": a.format, "checklist": a.code, "responses": n.Responses, "versions": n.Versions, "contested": n.Contested, "left_out": out, "cut": n.Cut})
		return
	}
	a.say("Wrote %s to %s. It is not encrypted.", numbered(n.Responses, "response", "responses"), a.path)
	for _, v := range n.Versions {
		a.say("  version %s: %s", v.Version, numbered(v.Responses, "response", "responses"))
	}
	if n.Contested > 0 {
		a.say("%s: several values stand beside each other, all of them in the table contested.", numbered(n.Contested, "answer is not settled", "answers are not settled"))
	}
	for _, l := range leftOutAnswers(n) {
		if l.n > 0 {
			a.say("%s %s.", numbered(l.n, "response was", "responses were"), l.what)
		}
	}
	if n.Cut > 0 {
		a.say("%s too long for a cell and stands shortened; CSV has all of it.", numbered(n.Cut, "text was", "texts were"))
	}
}

// folderOf makes a folder that is there whole or not at all.
func folderOf[N any](path string, write func(part string) (N, error)) (counts N, err error) {
	part := path + ".part"
	if err := os.Mkdir(part, 0o700); errors.Is(err, os.ErrExist) {
		return counts, failed(part+" is there already: another export is running, or was cut off", "Remove it if none is running.")
	} else if err != nil {
		return counts, failed("the folder cannot be made: "+err.Error(), "")
	}
	if counts, err = write(part); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return counts, errors.Join(fmt.Errorf("nothing was written: %w", err), os.RemoveAll(part))
	}
	return counts, nil
}
