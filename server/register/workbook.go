package register

import (
	"bytes"
	"errors"

	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
)

// zipped is how a workbook begins.
var zipped = []byte("PK\x03\x04")

// cutWorkbook is cut for a workbook: its first sheet that holds anything.
func cutWorkbook(data []byte) (*table, error) {
	if !bytes.HasPrefix(data, zipped) {
		return nil, nil
	}
	sheet, err := xlsform.FirstSheet(data)
	if err != nil {
		return nil, err
	}
	t := &table{}
	for _, r := range sheet.Rows {
		cells := make([]string, len(r.Cells))
		formula := false
		for i, c := range r.Cells {
			cells[i] = c.Text
			formula = formula || c.Formula != ""
		}
		if t.header != nil && len(cells) > len(t.header) {
			cells = trimmed(cells, len(t.header))
		}
		if err := t.add(line{r.At, t.widened(cells)}); err != nil {
			return nil, err
		}
		if formula {
			t.warnings = append(t.warnings, Warning{Line: r.At, Text: "a cell is calculated by a formula", Done: "what it gave last was taken"})
		}
	}
	return t, t.filled()
}

// trimmed leaves out empty cells behind a width: a colour makes such.
func trimmed(cells []string, width int) []string {
	for len(cells) > width && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// widened fills a row up: a workbook has no cells behind the last that holds something, and
// nothing slipped.
func (t *table) widened(cells []string) []string {
	if n := len(t.header) - len(cells); n > 0 {
		return append(cells, make([]string, n)...)
	}
	return cells
}

func (t *table) filled() error {
	if len(t.lines) == 0 {
		return errors.New("the file has no rows below its header")
	}
	return nil
}
