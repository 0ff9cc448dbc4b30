package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	"github.com/daylight-npm/daylight/internal/vocabulary/sheet"
)

// bomb is a workbook that is sound, small, and larger than we unpack.
func bomb(t testing.TB) []byte {
	t.Helper()
	whole := few(t, vocabulary.Shipped(), func(*excelize.File) {})
	const name = "xl/worksheets/sheet2.xml"
	data := part(t, whole, name)
	return swapped(t, whole, name, zip.Deflate, append(data, bytes.Repeat([]byte(" "), sheet.MaxUnzip)...))
}

// FuzzRead: whatever bytes come, they are refused as a whole or compared, and a plan is
// of records that can be saved.
func FuzzRead(f *testing.F) {
	f.Add(few(f, vocabulary.Shipped(), func(*excelize.File) {}))
	f.Add([]byte(headCSV + "SEX,1,FEMALE,Woman,,,,,no,no\nPLACE_TYPE,,OWN,'=1,,,,,,,,,,PENAL,yes,2027\n"))
	f.Add([]byte("ref;instrument;instrument_name;provision;en;ru;uk;tk;ar;topics;binding;checked;applies_from;hidden;retired_on\nX-1;X;;1;One\n"))
	f.Fuzz(take)
}

// take reads and compares, and looks at what comes of it.
func take(t *testing.T, data []byte) {
	b, err := sheet.Read(bytes.NewReader(data))
	if err != nil {
		if b != nil || !errors.As(err, new(*sheet.Refused)) {
			t.Fatalf("%v %v", b, err)
		}
		return
	}
	p, err := b.Compare(vocabulary.Shipped())
	if err != nil {
		if p != nil || !errors.As(err, new(*sheet.Refused)) {
			t.Fatalf("%v %v", p, err)
		}
		return
	}
	if len(p.Save) != len(p.Changes) {
		t.Fatalf("%d records and %d changes", len(p.Save), len(p.Changes))
	}
	for i, m := range p.Save {
		id := func(record.Kind) record.ID { return vocabulary.TermID("X", "Y") }
		if err := errors.Join(record.FillIDs(m, id), record.Validate(m)); err != nil {
			t.Fatalf("%v cannot be saved: %v", p.Changes[i], err)
		}
	}
}

// FuzzWorksheet puts any XML in the place of a sheet, within a workbook that is sound.
func FuzzWorksheet(f *testing.F) {
	whole := few(f, vocabulary.Shipped(), func(*excelize.File) {})
	f.Add(part(f, whole, "xl/worksheets/sheet2.xml"))
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="XFD1" t="inlineStr"><is><t>list</t></is></c></row><row r="1048576"/></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row r="2"><c r="A1"><f t="shared" si="0" ref="A1:B2">A1</f><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1"/></mergeCells></worksheet>`))
	f.Fuzz(func(t *testing.T, xml []byte) { take(t, swapped(t, whole, "xl/worksheets/sheet2.xml", zip.Store, xml)) })
}

// part is one file of a workbook.
func part(t testing.TB, book []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// swapped is the workbook with another file in the place of one.
func swapped(t testing.TB, book []byte, name string, method uint16, data []byte) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, file := range from.File {
		content := data
		if file.Name != name {
			content = part(t, book, file.Name)
		}
		w, err := to.CreateHeader(&zip.FileHeader{Name: file.Name, Method: method})
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		written(b, vocabulary.Shipped(), nil)
	}
}

func BenchmarkCompare(b *testing.B) {
	data := written(b, vocabulary.Shipped(), nil)
	for b.Loop() {
		if _, err := compare(vocabulary.Shipped(), data); err != nil {
			b.Fatal(err)
		}
	}
}
