package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyYesSigns(t *testing.T) {
	for typed, want := range map[string]bool{
		"yes\n": true, " YES \r\n": true, "yes": true,
		"": false, "\n": false, "y\n": false, "no\n": false, "yes, but\n": false, "\nyes\n": false,
	} {
		var asked strings.Builder
		c := &call{in: strings.NewReader(typed), err: &asked}
		if got := c.agreed(t.Context()) == nil; got != want {
			t.Errorf("%q: agreed %v", typed, got)
		}
		if !strings.Contains(asked.String(), "Type yes to sign") {
			t.Errorf("it asks %q", &asked)
		}
	}
}

func TestCtrlCEndsTheQuestion(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	typed, _ := io.Pipe()
	c := &call{in: typed, err: io.Discard}
	if err := c.agreed(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestASignedListIsItsOwnersToRead(t *testing.T) {
	dir := t.TempDir()
	at := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	key := at("root.txt", "DAYLIGHT-ROOT-KEY-"+strings.Repeat("A", 52)+"\n")
	list := at("list.txt", "daylight readers v1\noffice The Office\nversion 1\nissued 2026-11-26T08:00:00Z\nrecovery age10sgahl3pdef309usewvdsk9w5r72ex3cyyvl2r555tv8kj999guqa3c7ns\n")
	signed := filepath.Join(dir, "signed.txt")
	var out, errs strings.Builder
	line := []string{"office", "sign", "--yes", "--out", signed, "--root-key-file", key, list}
	if code := run(t.Context(), line, strings.NewReader(""), &out, &errs, func(string) string { return "" }); code != exitDone {
		t.Fatalf("code %d, %s", code, &errs)
	}
	if info, err := os.Stat(signed); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
