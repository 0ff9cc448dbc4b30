package xlsform_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The forms that ship are made from the sheets beside them. UPDATE_GOLDEN=1 makes them
// anew.
func TestShippedFormsAreWhatTheirSheetsSay(t *testing.T) {
	folders, err := filepath.Glob("../shipped/*/*/survey.csv")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no sheets: %v", err)
	}
	var forms []*daylightv1.Checklist
	for _, survey := range folders {
		folder := filepath.Dir(survey)
		form := readShipped(t, folder)
		forms = append(forms, form)
		file := folder + ".binpb.gz"
		if os.Getenv("UPDATE_GOLDEN") != "" {
			write(t, file, form)
			continue
		}
		if got := unpack(t, file); !proto.Equal(got, form) {
			t.Errorf("%s is not what its sheets say: make checklists", folder)
		}
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		return
	}
	if got := checklist.Shipped(); !slices.EqualFunc(got, forms, func(a, b *daylightv1.Checklist) bool { return proto.Equal(a, b) }) {
		t.Errorf("the program has %d other forms than the %d in the folders", len(got), len(forms))
	}
}

// readShipped reads the sheets in a folder that is named after code and version.
func readShipped(t *testing.T, folder string) *daylightv1.Checklist {
	t.Helper()
	result, err := xlsform.ReadFS(filepath.Base(filepath.Dir(folder)), os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range result.Remarks {
		t.Errorf("%s: %+v", folder, r)
	}
	form := result.Checklist
	if form == nil {
		t.Fatalf("%s is refused", folder)
	}
	form.Shipped = proto.Bool(true)
	form.Id = checklist.FormID(form.GetCode(), form.GetVersion()).String()
	if want := filepath.Join("..", "shipped", form.GetCode(), form.GetVersion()); folder != want {
		t.Errorf("%s holds the form of %s", folder, want)
	}
	return form
}

func write(t *testing.T, file string, form *daylightv1.Checklist) {
	t.Helper()
	text, err := proto.MarshalOptions{Deterministic: true}.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func unpack(t *testing.T, file string) *daylightv1.Checklist {
	t.Helper()
	packed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	form := &daylightv1.Checklist{}
	if err := proto.Unmarshal(text, form); err != nil {
		t.Fatal(err)
	}
	return form
}
