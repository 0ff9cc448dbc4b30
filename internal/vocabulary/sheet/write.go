package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Write writes both sheets as XLSX: heads that stay in view, every cell text. A label that
// no sheet can hold is an error that names it, and nothing is whole then.
func Write(w io.Writer, s *vocabulary.Set) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", Terms); err != nil {
		return err
	}
	if _, err := f.NewSheet(Standards); err != nil {
		return err
	}
	for _, name := range []string{Terms, Standards} {
		if err := writeSheet(f, name, s); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func writeSheet(f *excelize.File, name string, s *vocabulary.Set) error {
	const text = 49 // the number format @: what is typed stays as it is typed
	plain, err := f.NewStyle(&excelize.Style{NumFmt: text, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: text, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	to, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := frame(to, len(columns(name, s))); err != nil {
		return err
	}
	row := 0
	err = eachRow(name, s, func(cells []string) error {
		row++
		style := plain
		if row == 1 {
			style = bold
		}
		out := make([]any, len(cells))
		for i, c := range cells {
			out[i] = excelize.Cell{StyleID: style, Value: c}
		}
		return to.SetRow(fmt.Sprintf("A%d", row), out)
	})
	if err != nil {
		return err
	}
	return to.Flush()
}

// frame sets widths and keeps the head in view.
func frame(to *excelize.StreamWriter, columns int) error {
	if err := to.SetColWidth(1, columns, 22); err != nil {
		return err
	}
	return to.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// WriteCSV writes one of the sheets as CSV in UTF-8, with the mark in front by which
// spreadsheet programs know that.
func WriteCSV(w io.Writer, s *vocabulary.Set, sheet string) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	to := csv.NewWriter(w)
	err := eachRow(sheet, s, func(cells []string) error {
		for i, c := range cells {
			cells[i] = guarded(c)
		}
		return to.Write(cells)
	})
	if err != nil {
		return err
	}
	to.Flush()
	return to.Error()
}

// mark is the byte order mark in UTF-8.
const mark = "\ufeff"

// guarded puts an apostrophe before what a spreadsheet program would take for a formula,
// and before what looks as if it had got one.
func guarded(s string) string {
	if formulaLike(s) {
		return "'" + s
	}
	return s
}

// unguarded takes it away again.
func unguarded(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && formulaLike(rest) {
		return rest
	}
	return s
}

func formulaLike(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0]))
}

// eachRow gives the head and then each row of a sheet.
func eachRow(sheet string, s *vocabulary.Set, do func([]string) error) error {
	names := columns(sheet, s)
	if err := do(slices.Clone(names)); err != nil {
		return err
	}
	put := func(what string, values map[string]string) error {
		cells := make([]string, len(names))
		for i, name := range names {
			cells[i] = clean(values[name])
			if len(cells[i]) > MaxCell {
				return fmt.Errorf("%s in %s is %d bytes long, and a cell of the sheet holds %d; shorten it first", name, what, len(cells[i]), MaxCell)
			}
		}
		return do(cells)
	}
	if sheet == Standards {
		for _, st := range s.Standards() {
			if err := put(string(st.Ref), standardCells(st)); err != nil {
				return err
			}
		}
		return nil
	}
	for _, l := range s.Lists() {
		for _, t := range s.Terms(l) {
			if err := put(fmt.Sprintf("%s.%s", l, t.Code), termCells(t, names)); err != nil {
				return err
			}
		}
	}
	return nil
}

func termCells(t vocabulary.Term, names []string) map[string]string {
	out := map[string]string{
		"list": string(t.List), "number": fmt.Sprint(t.Number), "code": string(t.Code),
		"parent": string(t.Parent), "hidden": yes(t.Hidden), "retired_on": t.RetiredOn,
	}
	for _, name := range names {
		if tag, ok := strings.CutPrefix(name, reviewedPrefix); ok {
			out[name] = yes(slices.Contains(t.Reviewed, tag))
		} else if isLanguage(Terms, name) {
			out[name] = t.Labels[name]
		}
	}
	return out
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func standardCells(st vocabulary.Standard) map[string]string {
	topics := make([]string, len(st.Topics))
	for i, t := range st.Topics {
		topics[i] = string(t)
	}
	out := map[string]string{
		"ref": string(st.Ref), "instrument": st.Instrument, "instrument_name": st.InstrumentName, "provision": st.Provision,
		"topics": strings.Join(topics, "|"), "binding": bindingCode(st.Said), "checked": checkCode(st.Checked),
		"applies_from": st.AppliesFrom, "hidden": yes(st.Hidden), "retired_on": st.RetiredOn,
	}
	for tag, text := range st.Titles {
		if _, taken := out[tag]; !taken {
			out[tag] = text
		}
	}
	return out
}

// bindingCode and checkCode spell an enum as its list does, a newer program's as its
// number; empty for nothing said.
func bindingCode(b daylightv1.StandardBinding) string {
	return enumCode(vocabulary.ListOf(b.Descriptor()), int32(b))
}

func checkCode(c daylightv1.StandardCheck) string {
	return enumCode(vocabulary.ListOf(c.Descriptor()), int32(c))
}

func enumCode(l vocabulary.List, n int32) string {
	if n == 0 {
		return ""
	}
	if t, ok := vocabulary.Shipped().ByNumber(l, uint32(n)); ok {
		return string(t.Code)
	}
	return fmt.Sprint(n)
}
