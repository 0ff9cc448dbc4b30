package browsertest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Device is a screen, in CSS pixels.
type Device struct {
	Name          string
	Width, Height int64
	// Touch: a phone or tablet.
	Touch bool
}

// The screens that pages have to stand.
var (
	Phone      = Device{"phone", 390, 844, true}
	SmallPhone = Device{"small", 360, 740, true}
	Tablet     = Device{"tablet", 820, 1180, true}
	Desk       = Device{"desk", 1440, 900, false}
	Wide       = Device{"wide", 1600, 1000, false}
)

// Setup is how a person has the browser. The zero value is a phone, light, in English,
// with script.
type Setup struct {
	Device Device
	Dark   bool
	// Sun is the theme for glare, as a person chooses it.
	Sun bool
	// Language is asked for in Accept-Language.
	Language string
	NoScript bool
	// Moving lets things move: without it less motion is asked for, as most tests do.
	Moving bool
}

// Name tells setups apart in names of screenshots.
func (s Setup) Name() string {
	parts := []string{s.Device.Name}
	for _, p := range []struct {
		on   bool
		name string
	}{{s.Dark, "dark"}, {s.Sun, "sun"}, {s.NoScript, "noscript"}, {s.Language != "" && s.Language != "en", s.Language}} {
		if p.on {
			parts = append(parts, p.name)
		}
	}
	return strings.Join(parts, "-")
}

// patience is how long a step may take before the test gives up: never reached by a page
// that works.
const patience = 30 * time.Second

// Page is one tab with a profile of its own. Its methods end the test when the browser
// does not do as told.
type Page struct {
	t     testing.TB
	ctx   context.Context
	setup Setup
	// Taps counts what a finger did: Tap and Follow. A test may set it to 0.
	Taps int

	mu       sync.Mutex
	problems []string
	allowed  []*regexp.Regexp
}

// Open gives an empty page. What it complains of fails the test when that ends.
func Open(t testing.TB, s Setup) *Page {
	t.Helper()
	if s.Device.Width == 0 {
		s.Device = Phone
	}
	if s.Language == "" {
		s.Language = "en"
	}
	parent := browser(t)
	ctx, stop := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	p := &Page{t: t, ctx: ctx, setup: s}
	t.Cleanup(func() {
		for _, problem := range p.complaints() {
			t.Errorf("the page complains: %s", problem)
		}
		stop()
	})
	p.listen()
	p.emulate()
	return p
}

// Context is chromedp's, for what is not here.
func (p *Page) Context() context.Context { return p.ctx }

// listen writes down what goes wrong in the page.
func (p *Page) listen() {
	err := chromedp.Listen(p.ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			text := ev.ExceptionDetails.Text
			if e := ev.ExceptionDetails.Exception; e != nil {
				text += " " + e.Description
			}
			p.complain("exception: " + text)
		case *log.EventEntryAdded:
			if ev.Entry.Level == log.EntryLevelError || ev.Entry.Source == log.EntrySourceSecurity {
				p.complain(fmt.Sprintf("%s: %s %s", ev.Entry.Source, ev.Entry.Text, ev.Entry.URL))
			}
		case *runtime.EventConsoleAPICalled:
			if ev.Type == "error" || ev.Type == "warning" {
				p.complain("console: " + said(ev.Args))
			}
		}
	})
	p.must("listen", err)
}

func said(args []*runtime.RemoteObject) string {
	var parts []string
	for _, a := range args {
		if a.Description != "" {
			parts = append(parts, a.Description)
		} else {
			parts = append(parts, strings.Trim(string(a.Value), `"`))
		}
	}
	return strings.Join(parts, " ")
}

func (p *Page) complain(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, text)
}

// Allow says that a complaint is expected, by a pattern: a page that answers 422 is one.
func (p *Page) Allow(pattern string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.allowed = append(p.allowed, regexp.MustCompile(pattern))
}

func (p *Page) complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.problems), func(text string) bool {
		return slices.ContainsFunc(p.allowed, func(re *regexp.Regexp) bool { return re.MatchString(text) })
	})
}

func (p *Page) emulate() {
	p.t.Helper()
	d := p.setup.Device
	var opts []chromedp.EmulateViewportOption
	if d.Touch {
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	}
	scheme, motion := "light", "reduce"
	if p.setup.Dark {
		scheme = "dark"
	}
	if p.setup.Moving {
		motion = "no-preference"
	}
	p.do("emulate",
		chromedp.EmulateViewport(d.Width, d.Height, opts...),
		func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion}}})
			if err == nil {
				// Each page has the focus, also when another was opened after it.
				_, err = chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
			}
			if err == nil {
				err = scripts(ctx, !p.setup.NoScript)
			}
			if err == nil {
				_, err = chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": p.setup.Language}})
			}
			return chromedp.Void{}, err
		})
}

// scripts turns the page's script on or off.
func scripts(ctx context.Context, on bool) error {
	_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	return err
}

// must ends the test on an error.
func (p *Page) must(what string, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	p.must(what, chromedp.Do(ctx, steps...))
}

// Visit goes to an address and gives the status of the answer.
func (p *Page) Visit(url string) int {
	p.t.Helper()
	if p.setup.Sun {
		p.setTheme(url, "sun")
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	res, err := chromedp.Run(ctx, chromedp.NavigateResponse(url))
	for range 2 {
		if err == nil || !strings.Contains(err.Error(), "net::ERR_ABORTED") {
			break
		}
		// The page left by itself at the same moment, as one does that follows a sync.
		res, err = chromedp.Run(ctx, chromedp.NavigateResponse(url))
	}
	p.must("visit "+url, err)
	if res == nil {
		return 0
	}
	return int(res.Status)
}

func (p *Page) setTheme(url, theme string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: "daylight-theme", Value: theme, URL: url})
	p.must("theme", err)
}

// Follow taps what leads to another page, or sends a form, and waits for that page. It
// gives the status of the answer.
func (p *Page) Follow(selector string) int {
	p.t.Helper()
	p.Taps++
	return p.after("follow "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Enter presses Enter where the focus is, and waits for the page that follows.
func (p *Page) Enter() int {
	p.t.Helper()
	return p.after("enter", chromedp.KeyEvent(kb.Enter))
}

func (p *Page) after(what string, step chromedp.Action[chromedp.Void]) int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, step)
	p.must(what, err)
	if res == nil {
		return 0
	}
	return int(res.Status)
}

// Tap touches or clicks what stays on the page.
func (p *Page) Tap(selector string) {
	p.t.Helper()
	p.Taps++
	p.do("tap "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Back is the browser's own way back.
func (p *Page) Back() {
	p.t.Helper()
	p.do("back", chromedp.NavigateBack())
}

// Type writes into a field, after what stands in it.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Fill replaces what stands in a field, as pasting does, and tells the page's script.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	Eval[any](p, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %s;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); })()`, selector, quoted(text)))
}

// Wait waits until something is to be seen.
func (p *Page) Wait(selector string) {
	p.t.Helper()
	p.do("wait for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// WaitFor waits until an expression of script is true, also across pages: one that goes
// while it is asked is no failure.
func (p *Page) WaitFor(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	defer p.lend(ctx)()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			p.t.Fatalf("%s never came true: %v", expression, err)
		}
	}
}

// Text is what a person reads in an element.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(selector)))
	p.must("text of "+selector, err)
	return s
}

// Count is how many elements there are.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	return Eval[int](p, fmt.Sprintf("document.querySelectorAll(%s).length", quoted(selector)))
}

// Value is what stands in a field.
func (p *Page) Value(selector string) string {
	p.t.Helper()
	return Eval[string](p, fmt.Sprintf("document.querySelector(%s).value", quoted(selector)))
}

// URL is where the page is; Title what the window is called.
func (p *Page) URL() string { p.t.Helper(); return Eval[string](p, "location.href") }

// Title is what the window is called.
func (p *Page) Title() string { p.t.Helper(); return Eval[string](p, "document.title") }

// lend lets the test's own promises and timers run in a page without script. The page's
// was passed over when it came, and stays so.
func (p *Page) lend(ctx context.Context) (back func()) {
	p.t.Helper()
	if !p.setup.NoScript {
		return func() {}
	}
	p.must("script on", scripts(ctx, true))
	return func() { p.must("script off", scripts(ctx, false)) }
}

// Eval asks the page's script for a value; a promise is waited for. It works also in a
// page whose own script is off.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	defer p.lend(ctx)()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		if len(expression) > 200 {
			expression = expression[:200] + "..."
		}
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}
