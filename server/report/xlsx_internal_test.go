package report

import (
	"errors"
	"testing"
)

func TestASheetThatIsFullIsAnError(t *testing.T) {
	w := NewWorkbook(t.TempDir())
	defer w.Close()
	w.full = 3
	s, err := w.Begin("finding", []string{"id"}, true)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []error{nil, nil, ErrTooManyRows} {
		if err := s.Write([]any{"x"}); !errors.Is(err, want) {
			t.Errorf("row %d: %v", n, err)
		}
	}
}

func TestCellsAreBoundInUnitsOfUTF16(t *testing.T) {
	w := NewWorkbook(t.TempDir())
	defer w.Close()
	for text, want := range map[string]int{"": 0, "a": 1, "я": 1, "\U0001f512": 2} {
		if got := units(text); got != want {
			t.Errorf("%q has %d units", text, got)
		}
	}
	locks := make([]rune, maxCell/2+1)
	for i := range locks {
		locks[i] = '\U0001f512'
	}
	if got := w.fit(string(locks)); units(got) > maxCell || units(got) < maxCell-1 || w.cut != 1 {
		t.Errorf("%d units, %d cut", units(got), w.cut)
	}
	if got := w.fit(string(locks[:maxCell/2])); got != string(locks[:maxCell/2]) || w.cut != 1 {
		t.Error("what fits was cut")
	}
}
