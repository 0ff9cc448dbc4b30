package xlsform

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
)

// FirstSheet reads the first sheet of an XLSX workbook that holds anything, as tables of
// other sorts are published too: within the same bounds, and dates as ISO 8601 writes them. A
// cell with a formula has the text that the formula gave last, and says so. The error is for a
// person.
func FirstSheet(data []byte) (Table, error) {
	if len(data) > MaxFile {
		return Table{}, fmt.Errorf("the file has %s, and at most %s are taken", mebibytes(int64(len(data))), mebibytes(MaxFile))
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Table{}, errors.New("the file is cut off or damaged: copy it again, or save it again as XLSX")
	}
	if what, cure := notWorkbook(z); what != "" {
		return Table{}, errors.New(what + ": " + cure)
	}
	book, err := openWorkbook(z)
	if err != nil {
		return Table{}, sheetError(err)
	}
	for _, p := range book.sheets {
		t, err := book.readSheet(p, &remarks{})
		if err != nil {
			return Table{}, sheetError(err)
		}
		if t.Rows = t.full(); len(t.Rows) > 0 {
			return t, nil
		}
	}
	return Table{}, errors.New("the workbook has no sheet with anything in it")
}

func sheetError(err error) error {
	if errors.Is(err, errLarge) {
		return fmt.Errorf("the workbook has more than %s when it is unpacked: delete the empty rows and columns that have a style", mebibytes(MaxUnzip))
	}
	return errors.New("the workbook is damaged: open it in a spreadsheet program and save it again as XLSX")
}
