package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

func TestStoryHoldsEveryStep(t *testing.T) {
	dir := t.TempDir()
	var out, complaint bytes.Buffer
	if code := run(t.Context(), []string{"-story", "-dir", dir}, nil, &out, &complaint); code != 0 {
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
	if code := run(t.Context(), []string{"-story", "-dir", dir}, nil, &out, &complaint); code != 1 || !strings.Contains(complaint.String(), "not empty") {
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
	dir := t.TempDir()
	if code := run(ctx, []string{"-dir", dir, "-listen", "127.0.0.1:0"}, nil, out, &complaint); code != 0 {
		t.Fatalf("exit code %d\n%s", code, &complaint)
	}
	passphrase, err := os.ReadFile(filepath.Join(dir, "passphrase"))
	if err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"daylight --dir " + dir + "/tablet-a app", "Its passphrase: " + string(passphrase), "internal/demo -app"} {
		if !strings.Contains(out.String(), says) {
			t.Errorf("it does not say %q", says)
		}
	}
}

func TestDemoOpensTheFieldAppByRole(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var complaint bytes.Buffer
	status := map[string]int{}
	out := &watched{until: "Ctrl-C ends it."}
	out.then = func() {
		defer stop()
		for _, line := range strings.Split(out.String(), "\n") {
			if url := strings.TrimSpace(line); strings.HasPrefix(url, "http://daylight-") {
				status[url] = ask(t, url)
			}
		}
	}
	if code := run(ctx, []string{"-dir", t.TempDir(), "-listen", "127.0.0.1:0", "-app", "-role", "monitor,doctor"}, nil, out, &complaint); code != 0 {
		t.Fatalf("exit code %d\n%s%s", code, out, &complaint)
	}
	if len(status) != 2 {
		t.Errorf("the addresses are %v", status)
	}
	for url, code := range status {
		if code != http.StatusSeeOther {
			t.Errorf("%s answers %d", url, code)
		}
	}
}

// ask asks for an address whose name this machine may not know, and follows nothing.
func ask(t *testing.T, address string) int {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:"+u.Port()+u.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = u.Host
	w, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Body.Close(); err != nil {
		t.Error(err)
	}
	return w.StatusCode
}

func TestDemoSaysWhichRolesThereAre(t *testing.T) {
	for _, more := range [][]string{{"-app"}, nil} {
		var out, complaint bytes.Buffer
		if code := run(t.Context(), append(more, "-dir", t.TempDir(), "-role", "prisoner"), nil, &out, &complaint); code != 1 || !strings.Contains(complaint.String(), "there are monitor, mate, doctor") {
			t.Errorf("%v: exit code %d: %s", more, code, &complaint)
		}
		if out.Len() > 0 {
			t.Errorf("%v: a story was played: %s", more, &out)
		}
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
