package wirezip

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"connectrpc.com/connect"
)

var ways = map[string]struct {
	press func() connect.Compressor
	undo  func() connect.Decompressor
}{
	"zstd": {newZstd, newUnzstd},
	"gzip": {newGzip, newUngzip},
}

func press(t *testing.T, w connect.Compressor, text string) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	w.Reset(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestAPairIsUsedAgainAndAgain(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			w, r := way.press(), way.undo()
			for _, text := range []string{"first", strings.Repeat("second ", 10_000), "third"} {
				if err := r.Reset(press(t, w, text)); err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(r)
				if err != nil || string(got) != text {
					t.Fatalf("got %d bytes, %v; want %d", len(got), err, len(text))
				}
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
				r.Reset(strings.NewReader("")) // as Connect's pool does
			}
		})
	}
}

func TestAMessageIsNotBlownUp(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			bomb := press(t, way.press(), strings.Repeat("\x00", 4*Limit))
			if bomb.Len() > Limit/100 {
				t.Fatalf("%d bytes are no bomb", bomb.Len())
			}
			r := way.undo()
			if err := r.Reset(bomb); err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, r)
			if !errors.Is(err, errTooLong) || n > Limit {
				t.Errorf("it gave %d bytes and then %v", n, err)
			}
		})
	}
}

func TestGarbageIsAnError(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			r := way.undo()
			err := r.Reset(strings.NewReader("this was never pressed"))
			if err == nil {
				_, err = io.ReadAll(r)
			}
			if err == nil {
				t.Error("it was read")
			}
		})
	}
}
