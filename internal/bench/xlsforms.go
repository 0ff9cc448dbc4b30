package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// xlsforms takes in every form under a folder, answers those that were accepted by a
// random walk, writes each and reads it back, and plays what workbooks expect of
// themselves. It prints a table, and fails where something must not be.
func (b *bench) xlsforms(context.Context) error {
	if b.in == "" {
		return errors.New("say in which folder the forms are: -in FOLDER")
	}
	found, err := formsUnder(b.in)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\n| file | outcome | questions | groups, repeats | choices | languages | remarks | import | answers | worst answer | written and read back | remark or refusal |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	var wrong []string
	for _, name := range found {
		t := b.tryForm(name)
		fmt.Fprintln(b.out, t.row(name))
		for _, w := range t.wrong {
			wrong = append(wrong, name+": "+w)
		}
		for _, e := range t.expected {
			fmt.Fprintf(b.out, "\n%s\n\n", e)
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d things that must not be:\n%s", len(wrong), strings.Join(wrong, "\n"))
	}
	return nil
}

// formsUnder are the workbooks under a folder, and the folders with a survey.csv, by path
// from there.
func formsUnder(dir string) (found []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(dir, path)
		switch {
		case err != nil || relErr != nil:
			return errors.Join(err, relErr)
		case strings.EqualFold(filepath.Ext(path), ".xlsx"):
			found = append(found, rel)
		case d.Name() == "survey.csv":
			found = append(found, filepath.Dir(rel))
		}
		return nil
	})
	slices.Sort(found)
	return found, err
}

// tried is what became of one form.
type tried struct {
	result   *xlsform.Result
	took     time.Duration // to import
	walked   walked
	written  string
	expected []string // what its own columns expect, played
	wrong    []string
}

func (b *bench) tryForm(name string) (t tried) {
	path := filepath.Join(b.in, name)
	var err error
	t.took, err = quickest(func() (err error) {
		t.result, err = imported(path)
		return err
	})
	if t.took > slowest {
		t.wrong = append(t.wrong, fmt.Sprintf("importing took %v", t.took))
	}
	if err != nil {
		t.wrong = append(t.wrong, err.Error())
		t.result = &xlsform.Result{}
	}
	c := t.result.Checklist
	if c == nil {
		return t
	}
	form, problems := checklist.Compile(c)
	if form == nil {
		t.wrong = append(t.wrong, fmt.Sprintf("accepted, and then refused by the engine: %v", problems))
		return t
	}
	t.walked = walk(form, 1, 250)
	t.wrong = append(t.wrong, t.walked.wrong...)
	if t.written = writtenBack(c); t.written != "equal" {
		t.wrong = append(t.wrong, "read back: "+t.written)
	}
	t.expected, err = playedAll(path, form)
	if err != nil {
		t.wrong = append(t.wrong, err.Error())
	}
	return t
}

// quickest is how long something takes: where that is too long, the best of three, for
// the machine may have been busy.
func quickest(do func() error) (best time.Duration, err error) {
	for range 3 {
		start := time.Now()
		if err := do(); err != nil {
			return time.Since(start), err
		}
		if took := time.Since(start); best == 0 || took < best {
			best = took
		}
		if best < slowest/2 {
			break
		}
	}
	return best, nil
}

func imported(path string) (*xlsform.Result, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return xlsform.ReadFS(filepath.Base(path), os.DirFS(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return xlsform.Read(filepath.Base(path), f, info.Size())
}

// writtenBack writes a form as a workbook and reads that: "equal", or what is not.
func writtenBack(c *daylightv1.Checklist) string {
	var book bytes.Buffer
	if err := xlsform.Write(&book, c); err != nil {
		return err.Error()
	}
	again, err := xlsform.Read("again.xlsx", bytes.NewReader(book.Bytes()), int64(book.Len()))
	switch {
	case err != nil:
		return err.Error()
	case again.Checklist == nil:
		return "refused: " + firstRemark(again.Remarks)
	case !proto.Equal(c, again.Checklist):
		return difference(c, again.Checklist)
	}
	return "equal"
}

// difference names the first rows that differ.
func difference(a, b *daylightv1.Checklist) string {
	if len(a.Questions) != len(b.Questions) || len(a.Choices) != len(b.Choices) {
		return fmt.Sprintf("%d questions and %d choices became %d and %d", len(a.Questions), len(a.Choices), len(b.Questions), len(b.Choices))
	}
	for i, q := range a.Questions {
		if !proto.Equal(q, b.Questions[i]) {
			return fmt.Sprintf("the question %v became %v", q, b.Questions[i])
		}
	}
	for i, c := range a.Choices {
		if !proto.Equal(c, b.Choices[i]) {
			return fmt.Sprintf("the choice %v became %v", c, b.Choices[i])
		}
	}
	x, y := proto.CloneOf(a), proto.CloneOf(b)
	x.Questions, x.Choices, y.Questions, y.Choices = nil, nil, nil, nil
	return fmt.Sprintf("the form %v became %v", x, y)
}

// row is the form's in the table.
func (t tried) row(name string) string {
	p, outcome := t.result.Preview, "accepted"
	if t.result.Checklist == nil {
		outcome = "refused"
	}
	var tags []string
	for _, l := range p.Languages {
		tags = append(tags, l.Tag)
	}
	return fmt.Sprintf("| %s | %s | %d | %d, %d | %d | %s | %d | %s | %d | %s | %s | %s |", filepath.ToSlash(name), outcome, p.Questions, p.Groups, p.Repeats,
		p.Choices, strings.Join(tags, " "), len(t.result.Remarks), fine(t.took), t.walked.answers, fine(t.walked.worst), t.written, firstRemark(t.result.Remarks))
}

// firstRemark is the first refusal, failing that the first remark, on one line.
func firstRemark(all []xlsform.Remark) string {
	if len(all) == 0 {
		return ""
	}
	first := all[0]
	if i := slices.IndexFunc(all, func(r xlsform.Remark) bool { return r.Refused }); i >= 0 {
		first = all[i]
	}
	return strings.ReplaceAll(first.String(), "|", `\|`)
}
