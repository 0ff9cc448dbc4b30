package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStoryHoldsEveryStep(t *testing.T) {
	var out, complaint bytes.Buffer
	if code := run(t.Context(), []string{"-story", "-dir", t.TempDir()}, &out, &complaint); code != 0 {
		t.Fatalf("exit code %d\n%s%s", code, &out, &complaint)
	}
	for _, want := range []string{wordsA, wordsB, settled, "six words", "CIVIL_SOCIETY_MONITOR", "byte for byte", "HELD", "every signature"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the story does not show %q", want)
		}
	}
}

func TestDemoLeavesAFullFolderAlone(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, complaint bytes.Buffer
	if code := run(t.Context(), []string{"-story", "-dir", dir}, &out, &complaint); code != 1 || !strings.Contains(complaint.String(), "not empty") {
		t.Fatalf("exit code %d: %s", code, &complaint)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Fatalf("the folder was touched: %v %v", entries, err)
	}
}

func TestDemoServesUntilItIsToldToStop(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out := &watched{until: "Ctrl-C ends it.", then: stop}
	var complaint bytes.Buffer
	if code := run(ctx, []string{"-dir", t.TempDir(), "-listen", "127.0.0.1:0"}, out, &complaint); code != 0 {
		t.Fatalf("exit code %d\n%s", code, &complaint)
	}
}

// watched calls then when it has been written what it waits for.
type watched struct {
	bytes.Buffer
	until string
	then  func()
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.Buffer.Write(b)
	if strings.Contains(w.String(), w.until) {
		w.then()
	}
	return n, err
}
