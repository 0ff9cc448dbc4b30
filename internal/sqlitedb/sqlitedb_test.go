package sqlitedb

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

const application = 0xda71

// steps makes migrations 1, 2, ... of the given SQL.
func steps(sql ...string) fs.FS {
	out := fstest.MapFS{}
	for i, s := range sql {
		out[fmt.Sprintf("%04d_step.sql", i+1)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + s + "\n")}
	}
	return out
}

var notes = steps(`CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
	CREATE TABLE reply (note INTEGER NOT NULL REFERENCES note DEFERRABLE INITIALLY DEFERRED) STRICT;`)

func open(t *testing.T, path string, o Options) *DB {
	t.Helper()
	o.Application = application
	d, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func openNotes(t *testing.T, o Options) (*DB, string) {
	t.Helper()
	o.Migrations = notes
	path := filepath.Join(t.TempDir(), "a.db")
	return open(t, path, o), path
}

func add(text string) func(*Tx) error {
	return func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO note (text) VALUES (?)`, text)
		return err
	}
}

func count(t *testing.T, d *DB) (n int) {
	t.Helper()
	if err := d.reader.QueryRow(`SELECT count(*) FROM note`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestConnectionsAreSetAsPromised(t *testing.T) {
	d, _ := openNotes(t, Options{SecureDelete: true})
	for _, c := range []struct {
		handle       *sql.DB
		pragma, want string
	}{
		{d.writer, "journal_mode", "wal"},
		{d.writer, "synchronous", "2"},
		{d.writer, "foreign_keys", "1"},
		{d.writer, "temp_store", "2"},
		{d.writer, "secure_delete", "1"},
		{d.writer, "journal_size_limit", "16777216"},
		{d.writer, "query_only", "0"},
		{d.writer, "application_id", "55921"},
		{d.reader, "query_only", "1"},
		{d.reader, "foreign_keys", "1"},
		{d.reader, "temp_store", "2"},
		{d.reader, "busy_timeout", "5000"},
	} {
		var got string
		if err := c.handle.QueryRow(`PRAGMA ` + c.pragma).Scan(&got); err != nil || got != c.want {
			t.Errorf("%s = %q, %v, want %q", c.pragma, got, err, c.want)
		}
	}
}

func TestPathMayHoldAnyCharacter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Ýazgy #1 100%?mode=memory&x.db")
	d := open(t, path, Options{Migrations: notes})
	if err := d.Write(t.Context(), add("a")); err != nil {
		t.Fatal(err)
	}
	d.Close()
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Fatalf("the file is not where it was asked for: %v", err)
	}
}

func TestFileIsReadableByItsOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	_, path := openNotes(t, Options{})
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Run("what was committed is there after reopening", func(t *testing.T) {
		d, path := openNotes(t, Options{})
		if err := d.Write(t.Context(), add("a")); err != nil {
			t.Fatal(err)
		}
		d.Close()
		if n := count(t, open(t, path, Options{Migrations: notes})); n != 1 {
			t.Errorf("%d notes, want 1", n)
		}
	})
	t.Run("an error rolls back and comes out as it is", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		stop := errors.New("stop")
		err := d.Write(t.Context(), func(tx *Tx) error { return errors.Join(add("a")(tx), stop) })
		if !errors.Is(err, stop) || count(t, d) != 0 {
			t.Errorf("%v, %d notes", err, count(t, d))
		}
	})
	t.Run("a panic rolls back and frees the writer", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		func() {
			defer func() { recover() }()
			d.Write(t.Context(), func(tx *Tx) error { add("a")(tx); panic("stop") })
		}()
		if err := d.Write(t.Context(), add("b")); err != nil || count(t, d) != 1 {
			t.Errorf("%v, %d notes", err, count(t, d))
		}
	})
	t.Run("a caller who has left saves nothing", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		ctx, leave := context.WithCancel(t.Context())
		err := d.Write(ctx, func(tx *Tx) error { defer leave(); return add("a")(tx) })
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnsure) || count(t, d) != 0 {
			t.Errorf("%v, %d notes", err, count(t, d))
		}
	})
	t.Run("a second writer waits its turn", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		done := make(chan error)
		for i := range 20 {
			go func() { done <- d.Write(t.Context(), add(fmt.Sprint(i))) }()
		}
		for range 20 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if n := count(t, d); n != 20 {
			t.Errorf("%d notes, want 20", n)
		}
	})
}

func TestCommitFourWays(t *testing.T) {
	broken := errors.New("the cable came off")
	for _, c := range []struct {
		shows string
		hook  func(commit func() error) error
		want  error
		notes int
	}{
		{"done", func(commit func() error) error { return commit() }, nil, 1},
		{"failed", func(func() error) error { return broken }, ErrUnsure, 0},
		{"failed but applied", func(commit func() error) error { return errors.Join(commit(), broken) }, ErrUnsure, 1},
	} {
		t.Run(c.shows, func(t *testing.T) {
			o := Options{OnCommit: c.hook}
			d, path := openNotes(t, o)
			if err := d.Write(t.Context(), add("a")); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if n := count(t, d); n != c.notes {
				t.Errorf("%d notes, want %d", n, c.notes)
			}
			d.options.OnCommit = nil
			if err := d.Write(t.Context(), add("b")); err != nil {
				t.Errorf("the writer is stuck: %v", err)
			}
			d.Close()
			if n := count(t, open(t, path, Options{Migrations: notes})); n != c.notes+1 {
				t.Errorf("%d notes after reopening, want %d", n, c.notes+1)
			}
		})
	}
	t.Run("repeated", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		first, second := d.Write(t.Context(), add("a")), d.Write(t.Context(), add("a"))
		if first != nil || !errors.Is(second, ErrExists) || count(t, d) != 1 {
			t.Errorf("%v, %v, %d notes", first, second, count(t, d))
		}
	})
	t.Run("a commit that the schema refuses certainly saved nothing", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		err := d.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.Exec(`INSERT INTO reply (note) VALUES (7)`)
			return err
		})
		if err == nil || errors.Is(err, ErrUnsure) {
			t.Errorf("%v", err)
		}
		if err := d.Write(t.Context(), add("b")); err != nil {
			t.Errorf("the writer is stuck: %v", err)
		}
	})
}

func TestReadSeesOneCommit(t *testing.T) {
	d, _ := openNotes(t, Options{})
	err := d.Read(t.Context(), func(tx *Tx) error {
		var before, after int
		if err := tx.QueryRow(`SELECT count(*) FROM note`).Scan(&before); err != nil {
			return err
		}
		if err := d.Write(t.Context(), add("a")); err != nil {
			return err
		}
		if err := tx.QueryRow(`SELECT count(*) FROM note`).Scan(&after); err != nil {
			return err
		}
		if before != 0 || after != 0 || count(t, d) != 1 {
			t.Errorf("inside %d then %d, outside %d; want 0, 0, 1", before, after, count(t, d))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadCannotWrite(t *testing.T) {
	d, _ := openNotes(t, Options{})
	if err := d.Read(t.Context(), add("a")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Read wrote: %v", err)
	}
	if _, err := d.reader.Exec(`INSERT INTO note (text) VALUES ('a')`); !errors.Is(Classify(err), ErrReadOnly) {
		t.Errorf("Reader wrote: %v", err)
	}
}

func TestCopy(t *testing.T) {
	t.Run("holds one commit while writing goes on", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		if err := d.Write(t.Context(), add("a")); err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(t.TempDir(), "copy.db")
		err := d.Write(t.Context(), func(tx *Tx) error { return errors.Join(add("b")(tx), d.Copy(t.Context(), to)) })
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(to); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		if n := count(t, open(t, to, Options{Migrations: notes, QuickCheck: true})); n != 1 {
			t.Errorf("%d notes in the copy, want the one that was committed", n)
		}
	})
	t.Run("does not write over a file", func(t *testing.T) {
		d, path := openNotes(t, Options{})
		if err := d.Copy(t.Context(), path); err == nil {
			t.Error("it did")
		}
	})
	t.Run("saves a file that is opened for reading only", func(t *testing.T) {
		d, path := openNotes(t, Options{})
		if err := d.Write(t.Context(), add("a")); err != nil {
			t.Fatal(err)
		}
		d.Close()
		to := filepath.Join(t.TempDir(), "copy.db")
		if err := open(t, path, Options{ReadOnly: true}).Copy(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		if n := count(t, open(t, to, Options{Migrations: notes})); n != 1 {
			t.Errorf("%d notes, want 1", n)
		}
	})
}

func TestFullDisk(t *testing.T) {
	d, _ := openNotes(t, Options{MaxPages: 20})
	if err := d.Write(t.Context(), add("before")); err != nil {
		t.Fatal(err)
	}
	err := d.Write(t.Context(), add(strings.Repeat("x", 200_000)))
	if !errors.Is(err, ErrFull) || errors.Is(err, ErrUnsure) {
		t.Errorf("%v, want ErrFull", err)
	}
	if n := count(t, d); n != 1 {
		t.Errorf("%d notes, want the one from before", n)
	}
	if err := d.Write(t.Context(), add("after")); err != nil {
		t.Errorf("a small change does not fit any more: %v", err)
	}
}

func TestBusyFile(t *testing.T) {
	_, path := openNotes(t, Options{})
	holder := connect(writeSource(path, Options{}), 1)
	defer holder.Close()
	tx, err := holder.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	hasty := connect(source(path, "rw", []string{"busy_timeout(1)"})+"&_txlock=immediate", 1)
	defer hasty.Close()
	if _, err := hasty.Begin(); !errors.Is(Classify(err), ErrBusy) {
		t.Errorf("%v, want ErrBusy", err)
	}
}

// snapshot is every file in the folder of path with its content.
func snapshot(t *testing.T, path string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range files {
		if out[f], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func sameFiles(a, b map[string][]byte) bool {
	same := len(a) == len(b)
	for name := range a {
		same = same && bytes.Equal(a[name], b[name])
	}
	return same
}
