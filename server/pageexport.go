package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/console"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/report"
	"github.com/daylight-npm/daylight/server/store"
)

// Export implements console.Records. The file is whole, and the line in the access log
// written, before anything of it is given.
func (p pageRecords) Export(ctx context.Context, kind record.Kind, q store.Query, as console.ExportAs, language string) (out console.Exported, err error) {
	ctx = p.with(ctx)
	file, err := bundle.PutAside(p.store.Dir(), http.NoBody)
	if err != nil {
		return out, err
	}
	x := &listExport{pageRecords: p, ctx: ctx, kind: kind, query: q}
	counts, err := x.write(file, as, language)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err == nil {
		note := fmt.Sprintf("a list was exported: %d records, %s", counts.Total(), kind)
		err = unwitnessed(p.directory.Log(ctx, directory.Exported, record.ID{}, note, p.caller.actor(procedureOf(ctx))))
	}
	if err != nil {
		file.Drop()
		return out, err
	}
	return console.Exported{File: file, Drop: file.Drop}, nil
}

// exportsAside begins the names of the folders in which workbooks are put together.
const exportsAside = "export-"

// sweepExports removes what a server that was killed has left of them: words of records.
func sweepExports(dir string) {
	left, err := filepath.Glob(filepath.Join(dir, exportsAside+"*"))
	if err != nil {
		return
	}
	for _, path := range left {
		_ = os.RemoveAll(path)
	}
}

// listExport writes what a list holds, page by page, as the person sees it.
type listExport struct {
	pageRecords
	ctx   context.Context
	kind  record.Kind
	query store.Query
	total int
}

func (x *listExport) write(to io.Writer, as console.ExportAs, language string) (report.Counts, error) {
	words, err := x.words()
	if err != nil {
		return report.Counts{}, err
	}
	o := report.Options{Kinds: []record.Kind{x.kind}, Language: language}
	if as == console.ExportCSV {
		return report.Listed(words, x.pages, o, report.OneCSV{To: to, Name: x.kind.String()})
	}
	// What does not fit into memory is kept beside the database, where its reader may look.
	aside, err := os.MkdirTemp(x.store.Dir(), exportsAside+"*")
	if err != nil {
		return report.Counts{}, err
	}
	defer os.RemoveAll(aside)
	book := report.NewWorkbook(aside)
	counts, err := report.Listed(words, x.pages, o, book)
	if err == nil {
		err = book.WriteTo(to, x.about(counts)...)
	}
	return counts, errors.Join(err, book.Close())
}

// about are the lines of a workbook's first sheet: what was left out, and why.
func (x *listExport) about(c report.Counts) [][]any {
	return [][]any{
		{"records", c.Total()}, {"left out: restricted", c.Confidential}, {"left out: no consent", c.Unconsented}, {"cut cells", c.Cut},
	}
}

// pages implements report.List.
func (x *listExport) pages(do func([]report.Row, report.Source) error) error {
	x.query.PageSize, x.query.PageToken = store.MaxPage, ""
	for {
		page, err := x.Desk().List(x.ctx, x.kind, x.query)
		if err != nil {
			return err
		}
		if x.total += len(page.Items); x.total > console.MostExported {
			return console.ErrTooMuch
		}
		rows := make([]report.Row, len(page.Items))
		for i, item := range page.Items {
			rows[i] = rowOf(item)
		}
		under, err := x.under(rows)
		if err != nil {
			return err
		}
		if err := do(rows, under); err != nil {
			return err
		}
		if x.query.PageToken = page.Next; page.Next == "" {
			return nil
		}
	}
}

func rowOf(i store.Item) report.Row {
	return report.Row{Message: i.Message, Status: i.Status, Removed: i.Removed, Joined: i.Joined}
}

// some are records that were read, by their kind.
type some map[record.Kind][]report.Row

// Each implements report.Source.
func (s some) Each(k record.Kind, do func(report.Row) error) error {
	for _, r := range s[k] {
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}

// under reads what the records rest on: their findings, and the interviews of both, with
// those that an interview was joined to. It asks the whole office: whether somebody agreed
// does not depend on who exports.
func (x *listExport) under(rows []report.Row) (some, error) {
	out, seen := some{}, map[record.ID]bool{}
	read := func(k record.Kind, text string) (record.Message, error) {
		id, err := record.ParseID(text)
		if err != nil || seen[id] {
			return nil, nil
		}
		seen[id] = true
		item, err := x.store.Get(x.ctx, k, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		out[k] = append(out[k], rowOf(item))
		return item.Message, nil
	}
	rest := make([]record.Message, 0, len(rows))
	for _, r := range rows {
		rest = append(rest, r.Message)
	}
	for len(rest) > 0 {
		m := rest[0]
		rest = rest[1:]
		for _, n := range restsOn(m) {
			next, err := read(n.Kind, n.ID.String())
			if err != nil {
				return nil, err
			}
			if next != nil {
				rest = append(rest, next)
			}
		}
	}
	return out, nil
}

// restsOn are the findings and interviews that a record refers to, and what an interview
// was joined to.
func restsOn(m record.Message) (out []record.Reference) {
	for _, id := range record.FindingsUnder(m) {
		if parsed, err := record.ParseID(id); err == nil {
			out = append(out, record.Reference{Kind: record.Finding, ID: parsed})
		}
	}
	for _, r := range record.References(m) {
		if r.Kind == record.Interview {
			out = append(out, r)
		}
	}
	return out
}

// words are the office's terms and standards.
func (x *listExport) words() (some, error) {
	w, err := x.store.Words(x.ctx)
	if err != nil {
		return nil, err
	}
	out := some{}
	add := func(k record.Kind, m record.Message) {
		r := report.Row{Message: m, Status: &daylightv1.RecordStatus{}}
		for _, gone := range w.Removed {
			r.Removed = r.Removed || gone == m.GetId()
		}
		out[k] = append(out[k], r)
	}
	for _, m := range w.Terms {
		add(record.Term, m)
	}
	for _, m := range w.Standards {
		add(record.Standard, m)
	}
	return out, nil
}
