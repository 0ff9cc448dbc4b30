package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/store"
)

// ExportAs is a form in which a list leaves the office.
type ExportAs string

// The forms.
const (
	ExportCSV  ExportAs = "csv"
	ExportXLSX ExportAs = "xlsx"
)

// MostExported is how many records of a list are exported at once: what is longer is for a
// narrower list, or for the operator at the server.
const MostExported = 50_000

// ErrTooMuch: the list is longer than MostExported. Nothing was exported.
var ErrTooMuch = errors.New("the list is longer than an export may be")

// Exporting lets lists leave the office.
type Exporting interface {
	// Export writes what the list holds into a file: what the person sees of it, without what
	// is restricted, and what rests on an interview whose person did not agree. ErrTooMuch,
	// and the errors of store.Desk's List.
	Export(ctx context.Context, kind record.Kind, q store.Query, as ExportAs, language string) (Exported, error)
}

// Exported is a whole export. Drop removes the file.
type Exported struct {
	File interface {
		io.ReadSeeker
		Stat() (os.FileInfo, error)
	}
	Drop func()
}

// exportable are the lists that can leave the office, by their address.
var exportable = []struct {
	path  string
	kind  record.Kind
	name  look.Key
	query func(*turn, url.Values) (store.Query, error)
}{
	{"/visits", record.Visit, "office-exports.visits", func(t *turn, v url.Values) (store.Query, error) { return readVisitFilters(v).query(t.rights), nil }},
	{"/findings", record.Finding, "office-exports.findings", exportedFindings},
	{"/recommendations", record.Recommendation, "office-exports.recommendations", func(t *turn, v url.Values) (store.Query, error) { return t.recommendationQuery(v), nil }},
	{"/places", record.Facility, "office-exports.places", func(t *turn, v url.Values) (store.Query, error) { return t.placesQuery(v), nil }},
}

func (c *Console) exportRoutes() {
	exports := may(access.ExportRecords)
	c.rail = append(c.rail, way{href: "/exports", icon: look.IconSend, name: "office-exports.title", allow: exports})
	c.page("/exports", exports, (*turn).showExports)
	for _, l := range exportable {
		c.freshPage(l.path+"/export", exports, func(t *turn) error {
			asked := t.r.URL.Query()
			q, err := l.query(t, asked)
			if err != nil || t.ignored(l.query, asked, q) {
				return errNotFound
			}
			q.PageSize, q.PageToken = 0, "" // all of it, wherever the reader stood
			return t.export(l.path, l.kind, q)
		})
	}
}

// ignored reports whether a filter of an address narrows nothing: a page says so by what it
// shows, but a file would hold more than was asked for.
func (t *turn) ignored(read func(*turn, url.Values) (store.Query, error), asked url.Values, q store.Query) bool {
	for name := range asked {
		if asked.Get(name) == "" || name == "format" || name == "page" {
			continue
		}
		without := maps.Clone(asked)
		without.Del(name)
		if other, err := read(t, without); err == nil && reflect.DeepEqual(other, q) {
			return true
		}
	}
	return false
}

// export sends a list as a file.
func (t *turn) export(path string, kind record.Kind, q store.Query) error {
	as := ExportAs(t.r.URL.Query().Get("format"))
	if as != ExportCSV && as != ExportXLSX || t.rights.Reads(kind) == access.None {
		return errNotFound
	}
	out, err := t.records().Export(t.ctx(), kind, q, as, t.locale.Tag)
	if errors.Is(err, ErrTooMuch) {
		t.status = http.StatusUnprocessableEntity
		return t.exports(look.Note{Kind: look.NoteAttend, Status: true, Text: t.say("office-exports.too-many", "n", MostExported)})
	}
	if err != nil {
		return err
	}
	defer out.Drop()
	types := map[ExportAs]string{ExportCSV: "text/csv; charset=utf-8", ExportXLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	name := fmt.Sprintf("daylight-%s-%s.%s", path[1:], t.today(), as)
	t.w.Header().Set("Content-Type", types[as])
	t.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	info, err := out.File.Stat()
	if err != nil {
		return err
	}
	t.w.Header().Set("Content-Length", fmt.Sprint(info.Size()))
	_, err = io.Copy(t.w, out.File)
	return err
}

func (t *turn) showExports() error { return t.exports() }

// exports says what an export leaves out and why, and which ones there were.
func (t *turn) exports(notes ...look.Part) error {
	whole := look.Ledger{Stack: true, Caption: t.say("office-exports.whole-caption"), Head: []look.Column{{Text: t.say("office-exports.list")}, {Text: t.say("office-exports.as")}}}
	for _, l := range exportable {
		if t.rights.Reads(l.kind) == access.None {
			continue
		}
		whole.Rows = append(whole.Rows, look.Line{Cells: []look.Cell{{Text: t.say(l.name)}, {Body: []look.Part{look.Cluster{Body: []look.Part{
			t.exportButton(l.path, l.name, nil, ExportCSV), t.exportButton(l.path, l.name, nil, ExportXLSX)}}}}}})
	}
	body := append(notes,
		look.Section{Heading: t.say("office-exports.whole"), Body: []look.Part{look.Para{Text: t.say("office-exports.narrower")}, whole}},
		look.Section{Heading: t.say("office-exports.left-out"), Body: []look.Part{look.Points{Items: []look.Text{
			t.say("office-exports.no-restricted"), t.say("office-exports.no-consent"), t.say("office-exports.no-sealed"),
			t.say("office-exports.no-removed"), t.say("office-exports.no-team"), t.say("office-exports.no-formula")}}}})
	last, err := t.lastExports()
	if err != nil {
		return err
	}
	return t.show(sheet{title: t.say("office-exports.title"), here: "/exports", lede: t.say("office-exports.lede"), body: append(body, last...)})
}

// exportRow offers what a list shows as a file, with the same filters; nothing to whom
// exports are not open.
func (t *turn) exportRow(path string, name look.Key, filters url.Values) []look.Part {
	if !t.rights.May(access.ExportRecords) {
		return nil
	}
	return []look.Part{look.Cluster{Body: []look.Part{look.Para{Small: true, Soft: true, Text: t.say("office-exports.this-list")},
		t.exportButton(path, name, filters, ExportCSV), t.exportButton(path, name, filters, ExportXLSX)}}}
}

func (t *turn) exportButton(path string, name look.Key, filters url.Values, as ExportAs) look.Part {
	asked := url.Values{"format": {string(as)}}
	for filter, values := range filters {
		if filter != "page" && filter != "format" && filter != "done" {
			asked[filter] = values
		}
	}
	word := look.Code(map[ExportAs]string{ExportCSV: "CSV", ExportXLSX: "XLSX"}[as])
	return look.Button{Text: word, Label: look.Dotted(t.say(name), word), Href: path + "/export?" + asked.Encode()}
}

// exportsShown is how many exports the page tells of.
const exportsShown = 20

// lastExports are for whoever may read the access log.
func (t *turn) lastExports() ([]look.Part, error) {
	if !t.rights.May(access.ReadAccessLog) {
		return nil, nil
	}
	all, err := t.directory.Exports(t.ctx(), exportsShown)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return []look.Part{look.Section{Heading: t.say("office-exports.last"), Body: []look.Part{look.Empty{Text: t.say("office-exports.no-last")}}}}, nil
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-exports.last-caption"), Head: []look.Column{{Text: t.say("office-exports.when")}, {Text: t.say("office-exports.who")}, {Text: t.say("office-exports.what")}}}
	for _, a := range all {
		who := t.say("office-exports.operator")
		if id, err := record.ParseID(a.GetPerson()); err == nil {
			if p, err := t.directory.Person(t.ctx(), id); err == nil {
				who = look.Typed(p.GetName())
			}
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: t.locale.When(time.UnixMilli(a.GetAt()))}, {Text: who}, {Text: look.Foreign("en", a.GetNote())}}})
	}
	return []look.Part{look.Section{Heading: t.say("office-exports.last"), Body: []look.Part{table}}}, nil
}
