//go:build unix

package sqlitedb

import (
	"errors"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// The system refuses to let any file grow past the limit: the frames of a small
// transaction are written by COMMIT itself, so the write that fails is there.
func TestCommitThatTheSystemCutsOff(t *testing.T) {
	d, path := openNotes(t, Options{})
	if err := d.Write(t.Context(), add("before")); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	small := limit
	small.Cur = 64 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Fatal(err)
	}
	err := d.Write(t.Context(), add(strings.Repeat("x", 200_000)))
	if e := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); e != nil {
		t.Fatal(e)
	}
	if !errors.Is(err, ErrUnsure) {
		t.Errorf("%v, want ErrUnsure", err)
	}
	if err := d.Write(t.Context(), add("after")); err != nil {
		t.Errorf("the writer is stuck: %v", err)
	}
	d.Close()
	if n := count(t, open(t, path, Options{Migrations: notes, QuickCheck: true})); n != 2 {
		t.Errorf("%d notes, want before and after", n)
	}
}
