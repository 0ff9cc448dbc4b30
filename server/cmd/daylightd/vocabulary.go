package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/daylight-npm/daylight/internal/vocabulary"
	"github.com/daylight-npm/daylight/internal/vocabulary/sheet"
	"github.com/daylight-npm/daylight/server/store"
)

// translator is who the history says changed a term.
const translator store.OfficeWriter = "Vocabulary import"

// words reads the office's words.
func words(ctx context.Context, s *store.Store) (*vocabulary.Set, error) {
	w, err := s.Words(ctx)
	if err != nil {
		return nil, err
	}
	return vocabulary.New(w.Terms, w.Standards, w.Removed...), nil
}

func vocabularyExport(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data")
	name := flags.String("sheet", sheet.Terms, "which `sheet` a CSV file holds: terms or standards")
	rest, err := c.parse(flags, 1)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return misused("which file to write is missing", c.how())
	}
	write, err := writer(rest[0], *name)
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, *data, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	set, err := words(ctx, s)
	if err != nil {
		return err
	}
	var whole bytes.Buffer
	if err := write(&whole, set); err != nil {
		return failed("nothing was written: "+err.Error(), "")
	}
	if err := writeNew(rest[0], whole.Bytes()); err != nil {
		return err
	}
	if c.json {
		c.print(map[string]any{"file": rest[0]})
	}
	c.say("Wrote %s. Labels that no native speaker has read say no under reviewed_xx.", rest[0])
	c.say("Import it when it comes back: daylightd vocabulary import --data %s %s", *data, rest[0])
	return nil
}

// writer gives what writes a file of that name.
func writer(path, name string) (func(io.Writer, *vocabulary.Set) error, error) {
	if name != sheet.Terms && name != sheet.Standards {
		return nil, misused(fmt.Sprintf("there is no sheet %q", name), "There are terms and standards.")
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx":
		return sheet.Write, nil
	case ".csv":
		return func(w io.Writer, s *vocabulary.Set) error { return sheet.WriteCSV(w, s, name) }, nil
	}
	return nil, misused("what to write cannot be told from the file's name", "End it with .xlsx, or with .csv.")
}

func vocabularyImport(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data")
	dry := flags.Bool("dry-run", false, "say what would change, and change nothing")
	rest, err := c.parse(flags, 1)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return misused("which file to import is missing", c.how())
	}
	book, err := c.readBook(rest[0])
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, *data, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	set, err := words(ctx, s)
	if err != nil {
		return err
	}
	plan, err := book.Compare(set)
	if err != nil {
		return c.refusedSheet(err)
	}
	if !*dry && len(plan.Save) > 0 {
		if _, err := s.SaveEach(ctx, translator, plan.Save...); err != nil {
			return fmt.Errorf("nothing was imported: %w", err)
		}
	}
	c.reportPlan(plan, book.Ignored, *dry)
	return nil
}

func (c *call) readBook(path string) (*sheet.Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, failed("the file cannot be read: "+err.Error(), "")
	}
	defer f.Close()
	book, err := sheet.Read(f)
	if err != nil {
		return nil, c.refusedSheet(err)
	}
	return book, nil
}

// refusedSheet says what is wrong with a file, all of it.
func (c *call) refusedSheet(err error) error {
	var refused *sheet.Refused
	if !errors.As(err, &refused) {
		return err
	}
	what := "nothing was imported:\n" + refused.Error()
	hint := "Correct this in the file and import it again."
	if c.json {
		c.print(map[string]any{"error": "nothing was imported", "hint": hint, "code": exitFailed, "problems": refused.Problems, "more": refused.More})
	}
	return failed(what, hint)
}

func (c *call) reportPlan(p *sheet.Plan, ignored []string, dry bool) {
	if c.json {
		changes := p.Changes
		if changes == nil {
			changes = []sheet.Change{}
		}
		c.print(map[string]any{"dry_run": dry, "rows": p.Rows, "changes": changes, "kept": p.Kept, "ignored": ignored})
	}
	for _, ch := range p.Changes {
		c.say("%s", ch)
	}
	for _, name := range ignored {
		c.say("The sheet %s was not read.", name)
	}
	if p.Kept > 0 {
		c.say("%d labels are empty in the file and stay as they are shipped.", p.Kept)
	}
	done := "Imported"
	if dry {
		done = "Nothing was saved. It would be"
	}
	c.say("%s: %d changed, %d as before, of %d rows.", done, len(p.Changes), p.Rows-len(p.Changes), p.Rows)
}
