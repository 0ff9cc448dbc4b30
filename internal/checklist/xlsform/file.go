package xlsform

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// File is a file that a form takes lists from: trees.csv.
type File struct {
	Name string
	Data []byte
}

// Read reads a form from a file: an XLSX workbook, or a zip of survey.csv, choices.csv and
// settings.csv. What it is, its content says and not its name, which only names a form
// that does not name itself. size is what the file is said to have, 0 for not known. The
// error is that of r; whatever is wrong with the form is in the result's remarks.
func Read(name string, r io.Reader, size int64, attached ...File) (*Result, error) {
	total := size
	for _, a := range attached {
		total += int64(len(a.Data))
	}
	if total > MaxFile {
		return tooLarge(total), nil
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxFile {
		return tooLarge(int64(len(data))), nil
	}
	if what, cure := notForm(name, data); what != "" {
		return refusal("not-a-form", what, cure), nil
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refusal("damaged", "the file is cut off or damaged", "copy it again, or save it again as XLSX"), nil
	}
	if what, cure := notWorkbook(z); what != "" {
		return refusal("not-a-form", what, cure), nil
	}
	if !isWorkbook(z) {
		if out, err := ReadFS(name, z, attached...); err == nil {
			return out, nil
		}
		return refusal("damaged", "the zip cannot be unpacked", "make it again"), nil
	}
	return readWorkbook(name, z, attached), nil
}

func refusal(code, text, cure string) *Result {
	return &Result{Remarks: []Remark{{Refused: true, Code: code, Text: text, Cure: cure}}}
}

func tooLarge(size int64) *Result {
	return refusal("too-large", fmt.Sprintf("the file has %s, and at most %s are taken", mebibytes(size), mebibytes(MaxFile)),
		"take out pictures, sheets that are not of the form, and empty rows and columns that have a style")
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }

// The kinds of files that people take for an XLSX workbook, by how they begin.
var beginnings = []struct{ prefix, what, cure string }{
	{"\xd0\xcf\x11\xe0", "the file is a workbook of the old kind (.xls)", "open it and save it as XLSX"},
	{"%PDF", "the file is a PDF", "take the workbook that it was made from"},
	{"{\\rtf", "the file is a text document (RTF)", "a form is a workbook in XLSX, or survey.csv, choices.csv and settings.csv"},
	{"\x1f\x8b", "the file is compressed with gzip", "unpack it first"},
	{"7z\xbc\xaf", "the file is a 7z archive", "unpack it first"},
	{"Rar!", "the file is a RAR archive", "unpack it first"},
}

const saveAs = "open it in a spreadsheet program and save it as XLSX"

// notForm says what a file is that is neither a workbook nor a zip.
func notForm(name string, data []byte) (what, cure string) {
	if len(bytes.TrimSpace(data)) == 0 {
		return "the file is empty", "copy it again from where it was made"
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return "", ""
	}
	if bytes.HasPrefix(data, []byte(beginnings[0].prefix)) && bytes.Contains(data, utf16("EncryptedPackage")) {
		return "the workbook is locked with a password", "open it, take the password off, and save it again as XLSX"
	}
	for _, b := range beginnings {
		if bytes.HasPrefix(data, []byte(b.prefix)) {
			return b.what, b.cure
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \r\n\t")
	switch {
	case bytes.HasPrefix(text, []byte("<")):
		return "the file is a page or an XML document and no XLSX workbook", "where it is an XForm, take the workbook that it was made from; else " + saveAs
	case bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")):
		return "the file is JSON and no XLSX workbook", "download the form as XLSX"
	case bytes.IndexByte(data, 0) >= 0:
		return "the file is no XLSX workbook", saveAs
	case strings.HasSuffix(strings.ToLower(name), ".csv"):
		return "one CSV file is only one sheet of a form", "give the folder, or a zip, with survey.csv, choices.csv and settings.csv"
	}
	return "the file is text, such as CSV, and no XLSX workbook", saveAs + ", or give the folder with survey.csv, choices.csv and settings.csv"
}

func utf16(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for _, c := range []byte(s) {
		out = append(out, c, 0)
	}
	return out
}

// The kinds of zip files that are no form, by a file that they hold.
var holdings = []struct{ file, what, cure string }{
	{"xl/workbook.bin", "the file is a binary workbook (.xlsb)", "open it and save it as XLSX"},
	{"word/document.xml", "the file is a text document (.docx)", "a form is a workbook: put the questions into the sheets survey and choices"},
	{"ppt/presentation.xml", "the file is a presentation (.pptx)", "a form is a workbook: put the questions into the sheets survey and choices"},
	{"Index/Document.iwa", "the file is of Numbers", "export it from Numbers as Excel (XLSX)"},
}

func notWorkbook(z *zip.Reader) (what, cure string) {
	for _, h := range holdings {
		if slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == h.file }) {
			return h.what, h.cure
		}
	}
	if f, err := z.Open("mimetype"); err == nil {
		defer f.Close()
		kind, err := io.ReadAll(io.LimitReader(f, 100))
		switch {
		case err != nil:
		case strings.Contains(string(kind), "opendocument.spreadsheet"):
			return "the file is an OpenDocument workbook (.ods)", "open it and save it as XLSX"
		case strings.Contains(string(kind), "opendocument"):
			return "the file is an OpenDocument text or drawing", "a form is a workbook: put the questions into the sheets survey and choices"
		}
	}
	return "", ""
}

func isWorkbook(z *zip.Reader) bool {
	return slices.ContainsFunc(z.File, func(f *zip.File) bool {
		name := strings.ToLower(f.Name)
		return name == "[content_types].xml" || name == "xl/workbook.xml"
	})
}

func readWorkbook(name string, z *zip.Reader, attached []File) *Result {
	book, err := openWorkbook(z)
	if err != nil {
		return unreadable(err)
	}
	t, found := Tables{Name: name, Files: map[string]Table{}}, &remarks{}
	for _, p := range book.sheets {
		into := t.sheet(p.name, book)
		if into == nil {
			t.Ignored = append(t.Ignored, p.name)
			continue
		}
		read, err := book.readSheet(p, found)
		if err != nil {
			return unreadable(err)
		}
		*into = read
	}
	t.attach(attached, found)
	return readTables(t, found)
}

func unreadable(err error) *Result {
	if errors.Is(err, errLarge) {
		return refusal("too-large", fmt.Sprintf("the workbook has more than %s when it is unpacked", mebibytes(MaxUnzip)),
			"delete the empty rows and columns that have a style, and sheets that are not of the form")
	}
	return refusal("damaged", "the workbook is damaged", "open it in a spreadsheet program and save it again as XLSX")
}

// sheet is the table that a sheet's name stands for; nil for one that forms do not have,
// and for a second one of the name.
func (t *Tables) sheet(name string, book *workbook) *Table {
	var into *Table
	switch snake(name) {
	case "survey":
		into = &t.Survey
	case "choices":
		into = &t.Choices
	case "settings":
		into = &t.Settings
	case "external_choices":
		into = &t.ExternalChoices
	case "choices_and_columns", "choice":
		// Old forms call it so; only where there is no other.
		if book == nil || !slices.ContainsFunc(book.sheets, func(p sheetPart) bool { return snake(p.name) == "choices" }) {
			into = &t.Choices
		}
	}
	if into == nil || into.Name != "" {
		return nil
	}
	return into
}

// attach reads the files given beside a form.
func (t *Tables) attach(files []File, found *remarks) {
	for _, f := range files {
		name := path.Base(f.Name)
		switch strings.ToLower(path.Ext(name)) {
		case ".csv":
			table, wrong := ReadCSV(name, f.Data)
			if wrong != nil {
				found.add(*wrong)
			}
			t.Files[name] = table
		default:
			found.add(Remark{Code: "file-ignored", Text: fmt.Sprintf("the file %s is not CSV and was not read", shown(name)), Cure: "lists of choices come as CSV; pictures and sounds are not taken over yet"})
		}
	}
}

// ReadFS reads a form from a folder with survey.csv, choices.csv and settings.csv, and
// external_choices.csv where there is one; other CSV files there are taken for attached
// ones. The three may stand in a folder within, as a zip has them.
func ReadFS(name string, folder fs.FS, attached ...File) (*Result, error) {
	found := &remarks{}
	in, err := folderOfSurvey(folder)
	if err != nil {
		return nil, err
	}
	if in == "" {
		return refusal("no-survey", "there is no survey.csv", "give a workbook in XLSX, or a folder or zip with survey.csv, choices.csv and settings.csv"), nil
	}
	entries, err := fs.ReadDir(folder, in)
	if err != nil {
		return nil, err
	}
	t, left := Tables{Name: name, Files: map[string]Table{}}, int64(MaxFile)
	for _, e := range entries {
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		data, err := readFile(folder, path.Join(in, e.Name()), left)
		if errors.Is(err, errLarge) {
			return refusal("too-large", fmt.Sprintf("the files have more than %s together", mebibytes(MaxFile)), "take out what is not of the form"), nil
		}
		if err != nil {
			return nil, err
		}
		left -= int64(len(data))
		t.take(e.Name(), data, found)
	}
	t.attach(attached, found)
	return readTables(t, found), nil
}

// take puts one file of a folder in its place.
func (t *Tables) take(name string, data []byte, found *remarks) {
	stem, isCSV := strings.CutSuffix(strings.ToLower(name), ".csv")
	switch into := t.sheet(stem, nil); {
	case isCSV && into != nil:
		table, wrong := ReadCSV(name, data)
		if wrong != nil {
			found.add(*wrong)
		}
		*into = table
	case strings.HasSuffix(strings.ToLower(name), ".md") || strings.HasSuffix(strings.ToLower(name), ".txt"):
		// Somebody's notes beside a form.
	default:
		t.attach([]File{{name, data}}, found)
	}
}

// folderOfSurvey is where survey.csv stands, the nearest to the top.
func folderOfSurvey(folder fs.FS) (in string, err error) {
	seen, depth := 0, 0
	err = fs.WalkDir(folder, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if seen++; seen > 10_000 || strings.Count(p, "/") > 3 {
			return fs.SkipDir
		}
		deep := strings.Count(p, "/")
		if !e.IsDir() && strings.EqualFold(path.Base(p), "survey.csv") && (in == "" || deep < depth) && !strings.Contains(p, "__MACOSX") {
			in, depth = path.Dir(p), deep
		}
		return nil
	})
	return in, err
}

func readFile(folder fs.FS, name string, left int64) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, left+1))
	if err == nil && int64(len(data)) > left {
		return nil, errLarge
	}
	return data, err
}
