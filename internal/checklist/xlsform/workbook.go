package xlsform

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// workbook is an XLSX file that is being read.
type workbook struct {
	zip     *zip.Reader
	left    int64 // bytes that may still be unpacked
	strings []string
	styles  styles
	sheets  []sheetPart
}

type sheetPart struct{ name, path string }

var (
	errDamaged = errors.New("the workbook is damaged")
	errLarge   = errors.New("the workbook is too large")
)

// openWorkbook reads what all sheets share. The document's properties, with its author's
// name, are never opened.
func openWorkbook(z *zip.Reader) (*workbook, error) {
	w := &workbook{zip: z, left: MaxUnzip}
	main := "xl/workbook.xml"
	if root, err := w.relations("_rels/.rels", ""); err != nil {
		return nil, err
	} else if p := root.ofType("/officeDocument"); p != "" {
		main = p
	}
	rels, err := w.relations(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), path.Dir(main))
	if err != nil {
		return nil, err
	}
	if err := w.readBook(main, rels); err != nil {
		return nil, err
	}
	if p := rels.ofType("/sharedStrings"); p != "" {
		if err := w.readStrings(p); err != nil {
			return nil, err
		}
	}
	if p := rels.ofType("/styles"); p != "" {
		return w, w.readStyles(p)
	}
	return w, nil
}

// part is one file of the workbook, nil where it is not there.
func (w *workbook) part(name string) ([]byte, error) {
	f := w.find(name)
	if f == nil {
		return nil, nil
	}
	if f.UncompressedSize64 > uint64(w.left) {
		return nil, errLarge
	}
	r, err := f.Open()
	if err != nil {
		return nil, errDamaged
	}
	defer r.Close()
	var out bytes.Buffer
	out.Grow(int(min(f.UncompressedSize64, 1<<20)))
	n, err := io.Copy(&out, io.LimitReader(r, w.left+1))
	if w.left -= n; w.left < 0 {
		return nil, errLarge
	}
	if err != nil {
		return nil, errDamaged
	}
	return out.Bytes(), nil
}

func (w *workbook) find(name string) *zip.File {
	name = strings.TrimPrefix(name, "/")
	for _, f := range w.zip.File {
		if strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

type relation struct{ id, kind, target string }

type relations []relation

func (r relations) ofType(kind string) string {
	for _, x := range r {
		if strings.HasSuffix(x.kind, kind) {
			return x.target
		}
	}
	return ""
}

func (r relations) byID(id string) relation {
	for _, x := range r {
		if x.id == id {
			return x
		}
	}
	return relation{}
}

func (w *workbook) relations(name, base string) (out relations, err error) {
	data, err := w.part(name)
	if err != nil {
		return nil, err
	}
	s := scanner{data: data}
	for t := s.next(); t.kind != endOfFile; t = s.next() {
		if t.name != "Relationship" || t.kind == closes {
			continue
		}
		target := t.attr("Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(base, target)
		}
		out = append(out, relation{t.attr("Id"), t.attr("Type"), strings.TrimPrefix(target, "/")})
	}
	return out, nil
}

// readBook reads the names of the sheets and which calendar their dates count in.
func (w *workbook) readBook(name string, rels relations) error {
	data, err := w.part(name)
	if err != nil {
		return err
	}
	if data == nil {
		return errDamaged
	}
	s := scanner{data: data}
	for t := s.next(); t.kind != endOfFile; t = s.next() {
		switch {
		case t.kind == closes:
		case t.name == "workbookPr":
			v := t.attr("date1904")
			w.styles.from1904 = v == "1" || v == "true"
		case t.name == "sheet":
			if r := rels.byID(t.attr("r:id")); strings.HasSuffix(r.kind, "/worksheet") {
				w.sheets = append(w.sheets, sheetPart{t.attr("name"), r.target})
			}
		}
	}
	if s.bad || len(w.sheets) == 0 {
		return errDamaged
	}
	return nil
}

// readStrings reads the texts that cells share. What only says how a text is pronounced
// (rPh) is no part of it.
func (w *workbook) readStrings(name string) error {
	data, err := w.part(name)
	if err != nil {
		return err
	}
	s := scanner{data: data}
	for t := s.next(); t.kind != endOfFile; t = s.next() {
		switch {
		case t.name == "si" && t.kind == opens:
			w.strings = append(w.strings, s.rich("si"))
		case t.name == "si" && t.kind == empties:
			w.strings = append(w.strings, "")
		}
	}
	if s.bad {
		return errDamaged
	}
	return nil
}

// rich is the text within the t elements up to the end of an element, as of a cell or of
// a shared string, whose parts may look different.
func (s *scanner) rich(until string) string {
	var out strings.Builder
	in, spoken := false, 0
	for t := s.next(); t.kind != endOfFile; t = s.next() {
		switch {
		case t.kind == texts:
			if in && spoken == 0 {
				out.WriteString(t.string())
			}
		case t.name == "rPh" && t.kind == opens:
			spoken++
		case t.name == "rPh" && t.kind == closes:
			spoken--
		case t.name == "t":
			in = t.kind == opens
		case t.name == until && t.kind == closes:
			return unescapeCell(out.String())
		}
	}
	return unescapeCell(out.String())
}

// unescapeCell resolves _x000D_, by which workbooks write characters that XML has not.
func unescapeCell(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var out strings.Builder
	for ; i >= 0; i = strings.Index(s, "_x") {
		out.WriteString(s[:i])
		s = s[i:]
		var n rune
		if len(s) >= 7 && s[6] == '_' {
			if _, err := fmt.Sscanf(s[2:6], "%04x", &n); err == nil && isHex(s[2:6]) {
				out.WriteRune(n)
				s = s[7:]
				continue
			}
		}
		out.WriteString("_x")
		s = s[2:]
	}
	out.WriteString(s)
	return out.String()
}

func isHex(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }) < 0
}
