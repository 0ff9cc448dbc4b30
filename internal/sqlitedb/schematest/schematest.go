// Package schematest promises that a schema does not change unnoticed: a test
// compares what the migrations make with a file that people read in review.
package schematest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// Golden applies the migrations to a new file and compares its schema with the
// golden file. With UPDATE_GOLDEN=1 in the environment it writes that file.
func Golden(t *testing.T, migrations fs.FS, golden string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "schema.db")
	db, err := sqlitedb.Open(t.Context(), path, sqlitedb.Options{Migrations: migrations})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	got, err := sqlitedb.Schema(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v: run the test with UPDATE_GOLDEN=1 to write it", err)
	}
	if got != string(want) {
		t.Errorf("the migrations make another schema than %s says.\nIf that is meant, run the test with UPDATE_GOLDEN=1 and read the difference.\n--- made\n%s", golden, got)
	}
}
