package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/report"
	"github.com/daylight-npm/daylight/server/store"
)

// run opens the office's data and lets write take out of them what one commit left. write says
// in the access log what is taken, before anything is written. instead is what to do where a
// workbook cannot hold it.
func (o *outgoing) run(ctx context.Context, instead string, write func(from source, log func(note string) error) error) (err error) {
	s, _, err := o.open(ctx, o.data, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if exists(o.path) { // before the line in the access log
		return failed(o.path+" is there already; nothing was written", "Name another one.")
	}
	d := directory.New(s.File(), time.Now, rand.Reader)
	log := func(note string) error { return exported(ctx, d, o.visit, note, o.name) }
	err = s.Snapshot(ctx, func(r *store.Snapshot) error { return write(source{ctx, r}, log) })
	if errors.Is(err, report.ErrTooManyRows) || errors.Is(err, report.ErrTooManyColumns) {
		return failed("nothing was written: "+err.Error(), instead)
	}
	return err
}

// source is the store as report reads it. It stops when the command is stopped.
type source struct {
	ctx context.Context
	*store.Snapshot
}

// Each implements report.Source.
func (s source) Each(k record.Kind, do func(report.Row) error) error {
	return s.Snapshot.Each(k, func(i store.Item) error {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		return do(report.Row{Message: i.Message, Status: i.Status, Removed: i.Removed, Joined: i.Joined})
	})
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

// bookOf makes a workbook of what write puts into it and says about it on the first sheet. What
// does not fit into memory is kept beside the workbook, where its reader may look, and not
// where all programs of this machine put their files.
func bookOf(path string, write func(*report.Workbook) (about [][]any, err error)) (err error) {
	aside, err := os.MkdirTemp(filepath.Dir(path), ".daylight-export-")
	if err != nil {
		return failed("the folder cannot be written to: "+err.Error(), "")
	}
	defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	book := report.NewWorkbook(aside)
	defer func() { err = errors.Join(err, book.Close()) }()
	about, err := write(book)
	if err != nil {
		return err
	}
	_, err = written(path, func(w io.Writer) error { return book.WriteTo(w, about...) })
	return err
}

func leftByKey(all []left) map[string]int {
	out := map[string]int{}
	for _, l := range all {
		out[l.key] = l.n
	}
	return out
}

// tellLeft says how many were left out and why; one and many are what they are.
func (o *outgoing) tellLeft(all []left, one, many string) {
	for _, l := range all {
		if l.n > 0 {
			o.say("%s %s.", numbered(l.n, one, many), l.what)
		}
	}
}

// tellCut says what stands shortened, and where all of it is.
func (o *outgoing) tellCut(cut int, whole string) {
	if cut > 0 {
		o.say("%s too long for a cell and stands shortened; %s all of it.", numbered(cut, "text was", "texts were"), whole)
	}
}
