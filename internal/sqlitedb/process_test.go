package sqlitedb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// endless is a migration that writes until it is killed.
const endless = `CREATE TABLE more (text TEXT);
	INSERT INTO more
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
	SELECT 'row number ' || i FROM n;`

// The tests start this binary again as a second process; ROLE says what that
// one does with the folder FOLDER.
func TestMain(m *testing.M) {
	dir := os.Getenv("FOLDER")
	switch os.Getenv("ROLE") {
	case "":
		os.Exit(m.Run())
	case "holder":
		_, err := Lock(dir, "the second process")
		fmt.Println("lock:", err)
		time.Sleep(time.Hour) // until it is killed
	case "migrator":
		_, err := Open(context.Background(), filepath.Join(dir, "a.db"),
			Options{Application: application, Migrations: steps(`CREATE TABLE note (text TEXT);`, endless)})
		fmt.Println("open:", err)
	}
}

// second starts the second process and gives a function that kills it the hard
// way, and its first line of output when line is set.
func second(t *testing.T, role, dir string, line bool) (first string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ROLE="+role, "FOLDER="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() { cmd.Process.Kill(); cmd.Wait() }
	t.Cleanup(kill)
	if line {
		if first, err = bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return strings.TrimSpace(first), kill
}

func TestMigrationCutOffByACrashLeavesTheVersionBeforeIt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	_, kill := second(t, "migrator", dir, false)
	for deadline := time.Now().Add(30 * time.Second); ; {
		if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 8<<20 {
			break // the migration has spilled into the log
		}
		if time.Now().After(deadline) {
			t.Fatal("the migration did not begin to write")
		}
		time.Sleep(time.Millisecond)
	}
	kill()
	d := open(t, path, Options{Migrations: steps(`CREATE TABLE note (text TEXT);`), QuickCheck: true})
	version, err := versionOf(t.Context(), d.reader)
	if err != nil || version != 1 {
		t.Errorf("version %d, %v; want 1", version, err)
	}
	if schema, err := Schema(t.Context(), d); err != nil || strings.Contains(schema, "more") {
		t.Errorf("half of the migration is left: %v\n%s", err, schema)
	}
}

func TestLock(t *testing.T) {
	t.Run("names the process that holds the folder, and its death frees it", func(t *testing.T) {
		dir, before := t.TempDir(), time.Now().Add(-time.Second)
		said, kill := second(t, "holder", dir, true)
		if said != "lock: <nil>" {
			t.Fatal(said)
		}
		_, err := Lock(dir, "the first process")
		var held *HeldError
		if !errors.As(err, &held) {
			t.Fatalf("%v, want a HeldError", err)
		}
		if held.PID == 0 || held.PID == os.Getpid() || held.What != "the second process" || held.Since.Before(before) {
			t.Errorf("%+v", held)
		}
		kill()
		l, err := Lock(dir, "the first process")
		if err != nil {
			t.Fatalf("the dead process still holds the folder: %v", err)
		}
		l.Close()
	})
	t.Run("refuses a second opener in this process without losing the lock", func(t *testing.T) {
		dir := t.TempDir()
		l, err := Lock(dir, "the first opener")
		if err != nil {
			t.Fatal(err)
		}
		var held *HeldError
		if _, err := Lock(dir, "the second opener"); !errors.As(err, &held) || held.PID != os.Getpid() || held.What != "the first opener" {
			t.Errorf("%v", err)
		}
		if said, _ := second(t, "holder", dir, true); !strings.Contains(said, "the first opener") {
			t.Errorf("another process got in: %s", said)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		again, err := Lock(dir, "the third opener")
		if err != nil {
			t.Fatal(err)
		}
		again.Close()
	})
	t.Run("an unreadable note does not hide that the folder is held", func(t *testing.T) {
		dir := t.TempDir()
		l, err := Lock(dir, "the first opener")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		overwriteNew(t, filepath.Join(dir, lockNote), "{")
		if _, err := Lock(dir, "x"); err == nil || !strings.Contains(err.Error(), "in use by another program") {
			t.Errorf("%v", err)
		}
	})
	t.Run("a missing folder is said as such", func(t *testing.T) {
		if _, err := Lock(filepath.Join(t.TempDir(), "none"), "x"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%v", err)
		}
	})
}
