package sqlitedb

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// foreign makes a database of another program.
func foreign(t *testing.T, journal string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	h := connect(source(path, "rwc", []string{"journal_mode(" + journal + ")"}), 1)
	defer h.Close()
	if _, err := h.Exec(`CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)`); err != nil {
		t.Fatal(err)
	}
	return path
}

// crashed copies a database whose log has not been moved into the file.
func crashed(t *testing.T, d *DB, path string) string {
	t.Helper()
	dir := t.TempDir()
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "a.db"+end), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d.Close()
	return filepath.Join(dir, "a.db")
}

func overwrite(t *testing.T, path string, at int64, data string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(data), at); err != nil {
		t.Fatal(err)
	}
}

// damagedInside is a closed file of ours with a damaged page in the middle.
func damagedInside(t *testing.T) string {
	t.Helper()
	d, path := openNotes(t, Options{})
	if err := d.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec(`
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
			INSERT INTO note (text) SELECT 'note number ' || i FROM n`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.Close()
	overwrite(t, path, 12*4096, strings.Repeat("\xff", 4096))
	return path
}

func TestOpenRefusesWithoutTouching(t *testing.T) {
	for _, c := range []struct {
		shows   string
		make    func(t *testing.T) string
		options Options
		want    error
	}{
		{"another program's file", func(t *testing.T) string { return foreign(t, "DELETE") }, Options{}, ErrForeign},
		{"another program's file in WAL mode", func(t *testing.T) string { return foreign(t, "WAL") }, Options{}, ErrForeign},
		{"the other program of this product", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "a.db")
			d, err := Open(t.Context(), path, Options{Application: application + 1, Migrations: notes})
			if err != nil {
				t.Fatal(err)
			}
			d.Close()
			return path
		}, Options{}, ErrForeign},
		{"a newer file", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "a.db")
			open(t, path, Options{Migrations: steps(`SELECT 1;`, `SELECT 2;`)}).Close()
			return path
		}, Options{Migrations: steps(`SELECT 1;`)}, ErrNewer},
		{"a newer file whose log was not moved into it", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "a.db")
			return crashed(t, open(t, path, Options{Migrations: steps(`SELECT 1;`, `SELECT 2;`)}), path)
		}, Options{Migrations: steps(`SELECT 1;`)}, ErrNewer},
		{"a text", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "a.db")
			overwriteNew(t, path, strings.Repeat("Not a database. ", 1000))
			return path
		}, Options{}, ErrDamaged},
		{"a file cut short", func(t *testing.T) string {
			d, path := openNotes(t, Options{})
			d.Close()
			if err := os.Truncate(path, 4096+100); err != nil {
				t.Fatal(err)
			}
			return path
		}, Options{Migrations: notes}, ErrDamaged},
		{"a damaged page, when asked to look", damagedInside, Options{Migrations: notes, QuickCheck: true}, ErrDamaged},
	} {
		t.Run(c.shows, func(t *testing.T) {
			path := c.make(t)
			before := snapshot(t, path)
			c.options.Application = application
			d, err := Open(t.Context(), path, c.options)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if err == nil {
				d.Close()
			}
			after := snapshot(t, path)
			delete(after, path+"-shm") // the index of a log that is there, rebuilt by each reader
			if !sameFiles(before, after) {
				t.Error("the refused file was altered")
			}
		})
	}
}

func overwriteNew(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDamageShowsWhenItIsRead(t *testing.T) {
	d := open(t, damagedInside(t), Options{Migrations: notes})
	var all string
	err := d.reader.QueryRow(`SELECT group_concat(text) FROM note NOT INDEXED`).Scan(&all)
	if !errors.Is(Classify(err), ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
}

func TestRescue(t *testing.T) {
	t.Run("a newer file can be read and not written", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a.db")
		d := open(t, path, Options{Migrations: steps(`CREATE TABLE note (text TEXT);`, `INSERT INTO note VALUES ('a');`)})
		d.Close()
		before := snapshot(t, path)
		d = open(t, path, Options{Migrations: steps(`SELECT 1;`), ReadOnly: true})
		if n := count(t, d); n != 1 {
			t.Errorf("%d notes, want 1", n)
		}
		if err := d.Write(t.Context(), add("b")); !errors.Is(err, ErrReadOnly) {
			t.Errorf("Write: %v", err)
		}
		if _, err := d.reader.Exec(`DELETE FROM note`); !errors.Is(Classify(err), ErrReadOnly) {
			t.Errorf("through the handle: %v", err)
		}
		if d.Close(); !sameFiles(before, snapshot(t, path)) {
			t.Error("the rescue altered the file")
		}
	})
	t.Run("of a damaged file what is whole can be read", func(t *testing.T) {
		d := open(t, damagedInside(t), Options{ReadOnly: true})
		var text string
		if err := d.reader.QueryRow(`SELECT text FROM note WHERE id = 1`).Scan(&text); err != nil {
			t.Error(err)
		}
	})
	t.Run("what stands only in the log is read too", func(t *testing.T) {
		d, path := openNotes(t, Options{})
		if err := d.Write(t.Context(), add("a")); err != nil {
			t.Fatal(err)
		}
		if n := count(t, open(t, crashed(t, d, path), Options{ReadOnly: true})); n != 1 {
			t.Errorf("%d notes, want 1", n)
		}
	})
	t.Run("no file is made where there is none", func(t *testing.T) {
		_, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), Options{ReadOnly: true})
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v", err)
		}
	})
}

func TestMigrations(t *testing.T) {
	t.Run("each is applied once", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a.db")
		first := `CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('a');`
		open(t, path, Options{Migrations: steps(first)}).Close()
		d := open(t, path, Options{Migrations: steps(first, `INSERT INTO note VALUES ('b');`)})
		if n := count(t, d); n != 2 {
			t.Errorf("%d notes, want 2", n)
		}
	})
	t.Run("one that fails leaves the version before it", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a.db")
		good, bad := `CREATE TABLE note (text TEXT);`, `INSERT INTO note VALUES ('a'); INSERT INTO missing VALUES (1);`
		if _, err := Open(t.Context(), path, Options{Application: application, Migrations: steps(good, bad)}); err == nil {
			t.Fatal("a migration into a missing table passed")
		}
		d := open(t, path, Options{Migrations: steps(good)})
		if n := count(t, d); n != 0 {
			t.Errorf("%d notes of the failed migration are left", n)
		}
	})
	t.Run("a full disk is said as such", func(t *testing.T) {
		big := `CREATE TABLE note (text TEXT); INSERT INTO note VALUES (zeroblob(500000));`
		_, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), Options{Migrations: steps(big), MaxPages: 20})
		if !errors.Is(err, ErrFull) {
			t.Errorf("%v, want ErrFull", err)
		}
	})
}

func TestSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d := open(t, path, Options{Migrations: steps(`
		CREATE TABLE zebra (a INTEGER PRIMARY KEY) STRICT;
		CREATE TABLE ape (a TEXT UNIQUE) STRICT;
		CREATE INDEX on_zebra ON zebra (a);
		CREATE VIRTUAL TABLE words USING fts5(text);`)})
	got, err := Schema(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	want := `CREATE TABLE ape (a TEXT UNIQUE) STRICT;

CREATE VIRTUAL TABLE words USING fts5(text);

CREATE TABLE zebra (a INTEGER PRIMARY KEY) STRICT;

CREATE INDEX on_zebra ON zebra (a);

`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
