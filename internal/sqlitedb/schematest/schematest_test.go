package schematest

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

func TestGoldenWritesAndThenAccepts(t *testing.T) {
	steps := fstest.MapFS{"0001_note.sql": {Data: []byte("-- +goose Up\nCREATE TABLE note (text TEXT) STRICT;\n")}}
	golden := filepath.Join(t.TempDir(), "schema.golden")
	t.Setenv("UPDATE_GOLDEN", "1")
	Golden(t, steps, golden)
	t.Setenv("UPDATE_GOLDEN", "")
	Golden(t, steps, golden)
	if text, err := os.ReadFile(golden); err != nil || string(text) != "CREATE TABLE note (text TEXT) STRICT;\n\n" {
		t.Errorf("%q, %v", text, err)
	}
}
