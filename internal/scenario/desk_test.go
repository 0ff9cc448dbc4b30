package scenario

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestOfficesAtTheCommandLine plays testdata/desk: both binaries as they are typed, with
// an office that has been made, over TLS.
func TestOfficesAtTheCommandLine(t *testing.T) {
	if testing.Short() {
		t.Skip("real processes: the race detector would not see into them")
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin, "github.com/daylight-npm/daylight/client-sync/cmd/daylight", "github.com/daylight-npm/daylight/server/cmd/daylightd")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/desk",
		Setup: func(e *testscript.Env) error {
			e.Setenv("BIN", bin)
			e.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH")) // for the age program
			e.Setenv("TZ", "Asia/Ashgabat")
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			return lockedCheaply(e, "phone", "tablet", "desk")
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serveOffice, "exits": cliExits, "keep": cliKeep, "put": put,
		},
		RequireExplicitExec: true,
	})
}

// serveOffice is "serve DIR": daylightd serves that office on a free port until the
// story ends.
func serveOffice(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: serve DIR")
	}
	server := exec.Command(filepath.Join(ts.Getenv("BIN"), "daylightd"), "serve", "--data", ts.MkAbs(args[0]), "--tls", "--listen", "127.0.0.1:0")
	said, err := server.StdoutPipe()
	ts.Check(err)
	ts.Check(server.Start())
	ts.Defer(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "Serving ") {
			return
		}
	}
	ts.Fatalf("the office ended before it served")
}

// put is "put FILE TEXT": a file with one line.
func put(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: put FILE TEXT")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), fmt.Appendln(nil, args[1]), 0o600))
}
