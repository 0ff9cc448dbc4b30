package scenario

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/vault"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/store"
)

// TestCommandLines plays testdata/cli: the field binary as people run it, in real
// processes, each over its own folder, with a real office on a free port. A story
// switches the office off and on.
func TestCommandLines(t *testing.T) {
	if testing.Short() {
		t.Skip("real processes: the race detector would not see into them")
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "daylight"), "github.com/daylight-npm/daylight/client-sync/cmd/daylight")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/cli",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin)
			e.Setenv("TZ", "Asia/Ashgabat")
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			if err := lockedCheaply(e, "phone", "tablet"); err != nil {
				return err
			}
			o := &cliOffice{dir: filepath.Join(e.WorkDir, "office")}
			e.Values["office"] = o
			e.Defer(func() { _ = o.close() })
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"office": (*cliOffice)(nil).command, "exits": cliExits, "keep": cliKeep,
		},
		RequireExplicitExec: true,
	})
}

// lockedCheaply gives the devices of a story a key file for which a passphrase costs the
// least that is allowed: on its own a device would choose a second for each command.
func lockedCheaply(e *testscript.Env, devices ...string) error {
	words := clientsync.SuggestPassphrase()
	for _, name := range devices {
		dir := filepath.Join(e.WorkDir, name)
		v := vault.Vault{Dir: dir, Cost: vault.Least}
		err := os.MkdirAll(dir, 0o700)
		if err == nil {
			_, err = v.Create(words)
		}
		if err != nil {
			return err
		}
	}
	file := filepath.Join(e.WorkDir, "words")
	e.Setenv("DAYLIGHT_PASSPHRASE_FILE", file)
	return os.WriteFile(file, []byte(words), 0o600)
}

// cliOffice is a server that stories start and stop; its folder and its address stay.
type cliOffice struct {
	dir, address string
	shut         func() error
}

// command is "office on" and "office off".
func (*cliOffice) command(ts *testscript.TestScript, neg bool, args []string) {
	o := ts.Value("office").(*cliOffice)
	switch {
	case neg || len(args) != 1 || args[0] != "on" && args[0] != "off":
		ts.Fatalf("usage: office on|off")
	case args[0] == "on":
		ts.Check(o.open())
		ts.Setenv("DAYLIGHT_SERVER", "http://"+o.address)
	default:
		ts.Check(o.close())
	}
}

func (o *cliOffice) open() error {
	ctx, stop := context.WithCancel(context.Background())
	kept, err := store.Open(ctx, store.Config{Dir: o.dir})
	if err != nil {
		stop()
		return err
	}
	s, err := server.New(server.Config{Store: kept})
	if err != nil {
		stop()
		return errors.Join(err, kept.Close())
	}
	at := o.address
	if at == "" {
		at = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", at)
	if err != nil {
		stop()
		return errors.Join(err, kept.Close())
	}
	o.address = l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, l) }()
	o.shut = func() error {
		stop()
		return errors.Join(<-served, kept.Close())
	}
	return nil
}

func (o *cliOffice) close() error {
	if o.shut == nil {
		return nil
	}
	stop := o.shut
	o.shut = nil
	return stop()
}

// cliExits is "exits CODE PROGRAM ...": the program has to end with that code.
func cliExits(ts *testscript.TestScript, neg bool, args []string) {
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

// cliKeep is "keep NAME PATTERN": a variable gets what the pattern's group finds in
// the last standard output.
func cliKeep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep NAME PATTERN")
	}
	found := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) < 2 {
		ts.Fatalf("standard output has no %s", strings.TrimSpace(args[1]))
	}
	ts.Setenv(args[0], found[1])
}
