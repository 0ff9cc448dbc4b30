package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// A process that is killed while it reads an archive leaves no office under the name, and
// under the name beside it one that nothing opens.
func TestAKilledImportLeavesNoOffice(t *testing.T) {
	dir := t.TempDir()
	from, to, file := filepath.Join(dir, "from"), filepath.Join(dir, "to"), filepath.Join(dir, "archive.bin")
	s, err := store.Open(t.Context(), store.Config{Dir: from})
	must(t, err)
	for range 12 { // more than pipes and buffers hold
		_, err := s.Save(t.Context(), "Officer", &daylightv1.Note{Text: proto.String(strings.Repeat("x", 100<<10))})
		must(t, err)
	}
	must(t, s.Close())
	if code := Run(t.Context(), []string{"export", "all", "--data", from, file}, nil, io.Discard, os.Stderr); code != exitOK {
		t.Fatal(code)
	}
	b, err := os.ReadFile(file)
	must(t, err)
	reading := exec.Command("daylightd", "import", "all", "--data", to, "-")
	in, err := reading.StdinPipe()
	must(t, err)
	must(t, reading.Start())
	if _, err := in.Write(b[:len(b)-10]); err != nil { // returns when nearly all of it was read
		t.Fatal(err)
	}
	must(t, reading.Process.Kill())
	var exit *exec.ExitError
	if err := reading.Wait(); !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exists(to) || !exists(filepath.Join(to+".part", unfinishedFile)) {
		t.Errorf("there is an office, or no trace of it")
	}
	for _, command := range []string{"serve", "check", "export"} {
		var said bytes.Buffer
		if code := Run(t.Context(), []string{command, "--data", to + ".part"}, nil, io.Discard, &said); code != exitFailed || !strings.Contains(said.String(), "is not whole") {
			t.Errorf("%s ends with %d and says %s", command, code, said.String())
		}
	}
	must(t, os.RemoveAll(to+".part"))
	if code := Run(t.Context(), []string{"import", "all", "--data", to, "-"}, bytes.NewReader(b), io.Discard, os.Stderr); code != exitOK {
		t.Error(code)
	}
	if code := Run(t.Context(), []string{"check", "--data", to}, nil, io.Discard, os.Stderr); code != exitOK {
		t.Error(code)
	}
}
