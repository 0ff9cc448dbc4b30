package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/scenario"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"daylight": func() { os.Exit(quickly().run(context.Background(), os.Args[1:])) }})
}

// quickly is a call for which a passphrase costs nothing, and may be weak; a story sets
// COST where that is to be as it is for people.
func quickly() *call {
	c := newCall(os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	if os.Getenv("COST") != "" {
		return c
	}
	c.adjust = func(config *clientsync.Config) { config.Cost = scenario.Cheap(*config).Cost }
	return c
}

// TestStories plays the command lines in testdata: people at a terminal and scripts,
// with no network at all.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("DAYLIGHT_DIR", e.WorkDir+"/tablet")
			e.Setenv("DAYLIGHT_PASSPHRASE_FILE", e.WorkDir+"/words")
			e.Setenv("TZ", "Asia/Ashgabat")
			e.Setenv("HOME", e.WorkDir+"/home")
			return os.WriteFile(e.WorkDir+"/words", []byte("lantern orbit maple quiet ribbon stove\n"), 0o600)
		},
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "keep": keep, "hold": hold},
		RequireExplicitExec: true,
	})
}

// exits CODE PROGRAM ... runs a program that has to end with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got, ended := 0, (*exec.ExitError)(nil)
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// hold DIR takes a folder of records as another process would, until the story ends.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold DIR")
	}
	config := scenario.Cheap(clientsync.Config{Dir: ts.MkAbs(args[0])})
	config.Passphrase = ""
	c, err := clientsync.Open(context.Background(), config)
	ts.Check(err)
	ts.Defer(func() { ts.Check(c.Close()) })
}

// keep NAME PATTERN sets a variable to what the pattern's group finds in the last
// standard output.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep NAME PATTERN")
	}
	found := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) < 2 {
		ts.Fatalf("standard output has no %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}

func TestNearest(t *testing.T) {
	fields := []string{"id", "title", "narrative", "noted_by", "number_affected"}
	for typed, want := range map[string]string{
		"narative": "narrative", "titel": "title", "NARRATIVE": "narrative", "number": "number_affected",
		"affected": "number_affected", "xyz": "", "": "", "d": "id", "summary": "",
	} {
		t.Run(fmt.Sprintf("%q means %q", typed, want), func(t *testing.T) {
			if got := nearest(typed, fields); got != want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestDevicesStandBelowTheirPeople(t *testing.T) {
	people := []clientsync.Colleague{
		{ID: "11111111-0000-4000-8000-000000000001", Name: "Monitor A", Roles: []string{"MONITOR"}, Devices: []clientsync.ColleagueDevice{
			{ID: "22222222-0000-4000-8000-000000000002", Label: "phone"}, {ID: "33333333-0000-4000-8000-000000000003", Label: "tablet 3"},
		}},
		{ID: "44444444-0000-4000-8000-000000000004", Name: "Officer B", Roles: []string{"CASE_OFFICER", "REVIEWER"}},
	}
	var out strings.Builder
	if err := listPeople(&out, people); err != nil {
		t.Fatal(err)
	}
	want := `Monitor A   MONITOR                11111111-0000-4000-8000-000000000001
  phone     device                 22222222
  tablet 3  device                 33333333
Officer B   CASE_OFFICER REVIEWER  44444444-0000-4000-8000-000000000004
`
	if got := out.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := personOf(people[0]); len(got.Devices) != 2 || got.Devices[0] != (deviceJSON{people[0].Devices[0].ID, "phone"}) {
		t.Errorf("%+v", got)
	}
}

func TestWordsOfOthersCannotSteerTheTerminal(t *testing.T) {
	got := clean("a\x1b[2Jb\u202ec\u0085d\ne")
	if want := `a\u001b[2Jb\u202ec\u0085d` + "\ne"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFlagsStandAnywhere(t *testing.T) {
	for _, line := range []string{
		"--json version", "version --json", "version -json=true", "--json=false version --json",
	} {
		t.Run(line, func(t *testing.T) {
			var out, errs strings.Builder
			code := run(t.Context(), strings.Fields(line), strings.NewReader(""), &out, &errs, func(string) string { return "" })
			if code != exitDone || !strings.HasPrefix(out.String(), "{") {
				t.Errorf("code %d, %q, %q", code, out.String(), errs.String())
			}
		})
	}
}

// broken is a standard output that nobody reads.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("closed") }

func TestAnAnswerThatCannotBeWrittenIsAFailure(t *testing.T) {
	var errs strings.Builder
	code := run(t.Context(), []string{"version"}, strings.NewReader(""), broken{}, &errs, func(string) string { return "" })
	if code != exitFailed || !strings.Contains(errs.String(), "could not be written") {
		t.Errorf("code %d, %q", code, errs.String())
	}
}

func TestEveryCommandHelps(t *testing.T) {
	for _, cmd := range commands() {
		t.Run(cmd.name, func(t *testing.T) {
			var asked, flagged, errs strings.Builder
			none := func(string) string { return "" }
			run(t.Context(), []string{"help", cmd.name}, nil, &asked, &errs, none)
			run(t.Context(), []string{cmd.name, "--help"}, nil, &flagged, &errs, none)
			if asked.String() != flagged.String() || !strings.HasPrefix(asked.String(), "daylight "+cmd.name) {
				t.Errorf("help %s and %s --help differ: %q, %q", cmd.name, cmd.name, asked.String(), flagged.String())
			}
			for line := range strings.Lines(asked.String()) {
				if len(line) > 96 {
					t.Errorf("too wide for a terminal: %q", line)
				}
			}
		})
	}
}

func TestCtrlCEndsTheWaitForSomebodyWhoTypes(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	typed, _ := io.Pipe()
	var out, errs strings.Builder
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"--dir", t.TempDir(), "save", "visit"}, typed, &out, &errs, func(string) string { return "" })
	}()
	stop()
	if code := <-ended; code != exitFailed || !strings.Contains(errs.String(), "stopped; everything that was saved before is kept here") {
		t.Errorf("code %d, %q", code, errs.String())
	}
}
