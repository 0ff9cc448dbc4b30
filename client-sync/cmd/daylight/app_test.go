package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	stdsync "sync"
	"testing"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/scenario"
)

// written collects what is written by one goroutine and read by another.
type written struct {
	mu stdsync.Mutex
	b  strings.Builder
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// running is the app in a folder of its own.
type running struct {
	t     *testing.T
	dir   string
	lines *bufio.Reader
	errs  *written
	stop  context.CancelFunc
	ended chan int
}

// start starts it, with what opens its browser; nil: none opens.
func start(t *testing.T, dir string, browse func(context.Context, string) error, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	r := &running{t: t, dir: dir, lines: bufio.NewReader(out), errs: &written{}, stop: stop, ended: make(chan int, 1)}
	c := newCall(strings.NewReader(""), in, r.errs, func(string) string { return "" })
	c.adjust = func(config *clientsync.Config) { config.Cost = scenario.Cheap(*config).Cost }
	if c.browse = browse; browse == nil {
		c.browse = func(context.Context, string) error { return errors.New("there is none") }
	}
	go func() {
		r.ended <- c.run(ctx, append([]string{"--dir", dir, "app"}, args...))
		_ = in.Close()
	}()
	t.Cleanup(func() {
		stop()
		for range r.lines.Buffered() {
			_, _ = r.lines.ReadByte()
		}
	})
	return r
}

func (r *running) line() string {
	r.t.Helper()
	line, err := r.lines.ReadString('\n')
	if err != nil {
		r.t.Fatalf("%v, and on standard error %s", err, r.errs)
	}
	return strings.TrimSpace(line)
}

func TestTheAppServesItsPagesToTheBrowserThatItOpened(t *testing.T) {
	r := start(t, filepath.Join(t.TempDir(), "daylight"), nil, "--plain-host")
	address := r.line()
	if !regexp.MustCompile(`^http://127\.0\.0\.1:[0-9]+/start/[0-9a-f]{64}$`).MatchString(address) {
		t.Fatalf("it says %q", address)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	another := &http.Client{CheckRedirect: browser.CheckRedirect}
	for i, who := range []struct {
		*http.Client
		want int
	}{{browser, http.StatusSeeOther}, {browser, http.StatusSeeOther}, {another, http.StatusForbidden}, {browser, http.StatusForbidden}} { // it counts for one
		answer, err := who.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != who.want {
			t.Errorf("the %d. time it answers %d", i+1, answer.StatusCode)
		}
	}
	stranger, err := http.Get(strings.Split(address, "/start/")[0] + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = stranger.Body.Close()
	if stranger.StatusCode != http.StatusForbidden {
		t.Errorf("a stranger gets %d", stranger.StatusCode)
	}
	r.stop()
	if code := <-r.ended; code != exitDone || !strings.Contains(r.errs.String(), "Closed. Everything that was saved is kept here.") {
		t.Errorf("it ends with %d: %s", code, r.errs)
	}
	if _, err := os.Stat(filepath.Join(r.dir, knockFile)); !os.IsNotExist(err) {
		t.Errorf("the socket stays: %v", err)
	}
}

func TestASecondStartOpensAnotherWindow(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	opened := make(chan string, 2)
	r := start(t, dir, func(_ context.Context, address string) error { opened <- address; return nil })
	first := <-opened
	if !regexp.MustCompile(`^http://daylight-[0-9a-f]{8}\.localhost:[0-9]+/start/[0-9a-f]{64}$`).MatchString(first) {
		t.Fatalf("it opens %q", first)
	}
	// The window opens before the socket is there: knock until it is.
	for !knock(t.Context(), dir) {
		if t.Context().Err() != nil {
			t.Fatal("nobody answers")
		}
	}
	if second := <-opened; second == first || !strings.HasPrefix(second, strings.Split(first, "/start/")[0]) {
		t.Errorf("another start opens %q", second)
	}
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"--dir", dir, "app"}, strings.NewReader(""), &out, &errs, func(string) string { return "" }); code != exitDone || !strings.Contains(out.String(), "runs already") || strings.Contains(out.String()+errs.String(), "http") {
		t.Errorf("%d %s %s", code, &out, &errs)
	}
	<-opened
	if text := r.errs.String(); strings.Contains(text, "/start/") {
		t.Errorf("an address that a browser has opened is told: %s", text)
	}
	r.stop()
	<-r.ended
}

func TestTheAppForScripts(t *testing.T) {
	r := start(t, filepath.Join(t.TempDir(), "d"), nil, "--json")
	var got struct{ Address string }
	if err := json.NewDecoder(r.lines).Decode(&got); err != nil || !strings.Contains(got.Address, ".localhost:") {
		t.Errorf("%q %v", got.Address, err)
	}
	r.stop()
	if code := <-r.ended; code != exitDone || r.errs.String() != "" {
		t.Errorf("%d %s", code, r.errs)
	}
}

func TestTheAppIsNotStartedWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]struct {
		code int
		says string
	}{
		"app --port 70000":           {exitUsage, "out of its range"},
		"app --lock-after -5m":       {exitUsage, "out of its range"},
		"app here":                   {exitUsage, "too much was given"},
		"app --port x":               {exitUsage, "the value of --port cannot be read"},
		"--dir " + file + " app":     {exitFailed, "is a file"},
		"--dir " + file + "/sub app": {exitFailed, "cannot be made"},
	} {
		var out, errs strings.Builder
		if code := run(t.Context(), strings.Fields(line), strings.NewReader(""), &out, &errs, func(string) string { return "" }); code != want.code || !strings.Contains(errs.String(), want.says) {
			t.Errorf("%s: %d %s", line, code, &errs)
		}
	}
}

func TestTheAppIsEndedFromItsPages(t *testing.T) {
	r := start(t, filepath.Join(t.TempDir(), "d"), nil, "--plain-host", "--no-browser")
	address := r.line()
	base := strings.Split(address, "/start/")[0]
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	send := func(path string, pairs ...string) string {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		method, body := http.MethodPost, io.Reader(strings.NewReader(form.Encode()))
		if len(pairs) == 0 {
			method, body = http.MethodGet, nil
		}
		q, err := http.NewRequest(method, base+path, body)
		if err != nil {
			t.Fatal(err)
		}
		if method == http.MethodPost {
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			q.Header.Set("Origin", base)
		}
		answer, err := browser.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(answer.Body)
		if _ = answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v %s", path, answer.StatusCode, err, page)
		}
		return string(page)
	}
	const words = "lantern orbit maple quiet ribbon stove"
	send(strings.TrimPrefix(address, base))
	send("/unlock/begin", "passphrase", words, "again", words)
	if page := send("/settings"); !strings.Contains(page, "/settings/quit") {
		t.Error("the app offers no end")
	}
	if page := send("/settings/quit", "really", "yes"); !strings.Contains(page, "You can close this window") {
		t.Errorf("it says %s", page)
	}
	if code := <-r.ended; code != exitDone || !strings.Contains(r.errs.String(), "Closed. Everything that was saved is kept here.") {
		t.Errorf("it ends with %d: %s", code, r.errs)
	}
	if _, err := os.Stat(filepath.Join(r.dir, knockFile)); !os.IsNotExist(err) {
		t.Errorf("the socket stays: %v", err)
	}
	// The folder is free for the next, and nothing of the old address lets anybody in.
	again := start(t, r.dir, nil, "--plain-host", "--no-browser", "--port", strings.TrimPrefix(base, "http://127.0.0.1:"))
	again.line()
	answer, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(answer.Body)
	if _ = answer.Body.Close(); err != nil || answer.StatusCode != http.StatusForbidden || !strings.Contains(string(page), "Start it again: it opens a window of its own") {
		t.Errorf("the address of the last run: %d %s", answer.StatusCode, page)
	}
	again.stop()
	<-again.ended
}

func TestTheAppSaysItsFlags(t *testing.T) {
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"help", "app"}, strings.NewReader(""), &out, &errs, func(string) string { return "" }); code != exitDone {
		t.Fatalf("%d %s", code, &errs)
	}
	for _, says := range []string{"--port", "--plain-host", "--no-browser", "--lock-after", "0 for never", "10m", "Ctrl-C ends it", "once, within two minutes", "without a page of the app in sight"} {
		if !strings.Contains(out.String(), says) {
			t.Errorf("the help does not say %q: %s", says, &out)
		}
	}
}
