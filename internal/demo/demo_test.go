package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStoryHoldsEveryStep(t *testing.T) {
	dir := t.TempDir()
	var out, complaint bytes.Buffer
	if code := run(t.Context(), []string{"-story", "-dir", dir}, &out, &complaint); code != 0 {
		t.Fatalf("exit code %d\n%s%s", code, &out, &complaint)
	}
	for _, want := range []string{
		wordsA, wordsB, settled, "six words", "CIVIL_SOCIETY_MONITOR", "byte for byte", "HELD", "every signature",
		"by Monitor D on phone-d, not yet at the office", "by Doctor F on tablet-f, not yet at the office", "somebody else", "DISPUTED",
		"9 tries are left", "claimed, not verified", "NOT_IMPLEMENTED, 2026-03-20, by FOLLOW_UP_VISIT", "only OMBUDSPERSON or NPM_HEAD",
		"2.1 m2 of living space", "records withheld", "1 question with two answers", "DISC.SOLITARY is suggested by iso_longest", "which is 125 % of the places",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the story does not show %q", want)
		}
	}
	onTheStick(t, filepath.Join(dir, "stick"), out.String())
}

// onTheStick fails unless there is a bundle of each of the team, one for the office and
// its answer, as long as the story says, and none tells who finds it anything.
func onTheStick(t *testing.T, dir, story string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 6 {
		t.Fatalf("on the stick are %v, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(story, fmt.Sprintf(" %d ", len(b))) {
			t.Errorf("the story does not say that %s has %d bytes", f.Name(), len(b))
		}
		for _, word := range []string{"Wing", "Monitor", "Doctor"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s tells of %q", f.Name(), word)
			}
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
