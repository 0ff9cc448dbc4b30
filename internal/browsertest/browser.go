package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// needs is set where a missing browser is a failure.
const needs = "DAYLIGHT_NEEDS_CHROMIUM"

// program finds Chromium: what DAYLIGHT_CHROMIUM names, else one of the usual names.
func program() (string, error) {
	if path := os.Getenv("DAYLIGHT_CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// shared is the browser of the test binary.
var shared struct {
	mu      sync.Mutex
	managed bool // Main was called and will end it
	ctx     context.Context
	end     func()
	err     error
}

// Main runs the tests of a package and then ends the browser. A package that opens pages
// has a TestMain that calls it.
func Main(m *testing.M) {
	shared.mu.Lock()
	shared.managed = true
	shared.mu.Unlock()
	code := m.Run()
	shared.mu.Lock()
	if shared.end != nil {
		shared.end()
	}
	shared.mu.Unlock()
	os.Exit(code)
}

// browser gives the context of the running browser, and starts it the first time.
func browser(t testing.TB) context.Context {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !shared.managed {
		t.Fatal("this package needs: func TestMain(m *testing.M) { browsertest.Main(m) }")
	}
	if shared.ctx == nil && shared.err == nil {
		shared.ctx, shared.end, shared.err = start()
	}
	if shared.err == nil {
		return shared.ctx
	}
	if os.Getenv(needs) != "" {
		t.Fatalf("there is no browser, and %s is set: %v", needs, shared.err)
	}
	t.Skipf("NOT CHECKED: there is no browser here (on Debian: apt-get install chromium): %v", shared.err)
	return nil
}

// start runs a browser with an empty profile, which reaches this machine alone.
func start() (context.Context, func(), error) {
	path, err := program()
	if err != nil {
		return nil, nil, err
	}
	profile, err := os.MkdirTemp("", "browsertest")
	if err != nil {
		return nil, nil, err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.UserDataDir(profile),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE [::1]"),
		// Going back makes the page again: one from the cache tells nobody that it came.
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,BackForwardCache"),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	base, stopProcess := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(base)
	end := func() {
		stop()
		stopProcess()
		os.RemoveAll(profile)
	}
	if err := chromedp.Do(ctx); err != nil {
		end()
		return nil, nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return ctx, end, nil
}
