package browsertest

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// axe is axe-core 4.14.1, MPL-2.0, as npm has it; see testdata.
//
//go:embed testdata/axe.min.js
var axe string

// finding is one rule of axe that a page breaks.
type finding struct {
	ID     string `json:"id"`
	Help   string `json:"help"`
	Impact string `json:"impact"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// Accessible looks at the page with axe-core: the rules of WCAG 2.2 A and AA and those
// that axe calls best practice. Every violation fails the test. It is put in by the
// browser's debugger, so that the page's policy stands.
func (p *Page) Accessible() {
	p.t.Helper()
	Eval[any](p, "(() => { if (window.axe) return; "+axe+"; })()")
	found := Eval[[]finding](p, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]})
		.then(r => r.violations.map(v => ({id: v.id, help: v.help, impact: v.impact, nodes: v.nodes.slice(0, 5).map(n => ({html: n.html.slice(0, 200), failureSummary: n.failureSummary}))})))`)
	for _, f := range found {
		p.t.Errorf("%s: axe %s (%s): %s", p.setup.Name(), f.ID, f.Impact, f.Help)
		for _, n := range f.Nodes {
			p.t.Logf("    %s\n      %s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n      "))
		}
	}
}

// Fits fails when the page is wider than its window.
func (p *Page) Fits() {
	p.t.Helper()
	wide := Eval[[]string](p, `(() => {
		const room = document.documentElement.clientWidth, out = [];
		if (document.documentElement.scrollWidth <= room) return out;
		for (const e of document.querySelectorAll("body *")) {
			const r = e.getBoundingClientRect();
			if ((r.right > room + 1 || r.left < -1) && r.width > 1 && !e.closest(".frame, .fig-scroll, .anchors, .rail nav, .skip, .unseen")) out.push(e.tagName + "." + e.className + " " + Math.round(r.left) + " to " + Math.round(r.right));
		}
		return ["the page is " + document.documentElement.scrollWidth + " wide in a window of " + room].concat(out.slice(0, 5));
	})()`)
	if len(wide) > 0 {
		p.t.Errorf("%s: %s", p.setup.Name(), strings.Join(wide, "; "))
	}
}

// Targets fails for what is smaller than a finger: controls and links that are not within
// a sentence, by their box in CSS pixels.
func (p *Page) Targets(least int) {
	p.t.Helper()
	small := Eval[[]string](p, fmt.Sprintf(`(() => {
		const out = [];
		for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
			if (e.closest(".skip, .unseen, [hidden]") || e.classList.contains("skip")) continue;
			let box = e;
			if (e.matches("input[type=checkbox], input[type=radio]") && e.closest("label")) box = e.closest("label");
			if (e.tagName === "A" && getComputedStyle(e).display === "inline") continue;
			const r = box.getBoundingClientRect();
			if (r.width && (r.height < %d - 0.5 || r.width < %d - 0.5)) out.push(box.tagName + "." + box.className + " '" + (e.getAttribute("aria-label") || e.textContent).trim().slice(0, 30) + "' " + Math.round(r.width) + "x" + Math.round(r.height));
		}
		return out;
	})()`, least, least))
	for _, s := range small {
		p.t.Errorf("%s: smaller than %d: %s", p.setup.Name(), least, s)
	}
}

// Shift is how much the page moved by itself while it came: 0 is still.
func (p *Page) Shift() float64 {
	p.t.Helper()
	return Eval[float64](p, `new Promise(done => { let sum = 0;
		new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; }).observe({type: "layout-shift", buffered: true});
		requestAnimationFrame(() => requestAnimationFrame(() => done(sum))); })`)
}

// Weight is the size of the page and of all that it loads, in bytes as they came; HTML is
// the page's alone.
func (p *Page) Weight() (all, html int) {
	p.t.Helper()
	w := Eval[struct{ All, HTML int }](p, `(() => { const n = performance.getEntriesByType("navigation")[0], r = performance.getEntriesByType("resource");
		return {All: n.encodedBodySize + r.reduce((sum, e) => sum + e.encodedBodySize, 0), HTML: n.encodedBodySize}; })()`)
	return w.All, w.HTML
}

// FirstByte is how long the page's first byte took, in milliseconds.
func (p *Page) FirstByte() float64 {
	p.t.Helper()
	return Eval[float64](p, `(() => { const n = performance.getEntriesByType("navigation")[0]; return n.responseStart - n.requestStart; })()`)
}

// Shot writes a picture of the whole page, as NAME-SETUP.png, into the folder that
// DAYLIGHT_SHOTS names; without it nothing is written. The folder is to be outside the
// repository.
func (p *Page) Shot(name string) {
	p.t.Helper()
	dir := os.Getenv("DAYLIGHT_SHOTS")
	if dir == "" {
		return
	}
	height := Eval[int64](p, `(() => { const m = document.querySelector(".field .main");
		return m && getComputedStyle(m).overflowY === "auto" ? innerHeight + m.scrollHeight - m.clientHeight : document.documentElement.scrollHeight; })()`)
	d := p.setup.Device
	if height > d.Height {
		p.resize(d.Width, min(height, 12000))
		defer p.resize(d.Width, d.Height)
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	p.must("screenshot", err)
	p.must("screenshot", os.MkdirAll(dir, 0o755))
	p.must("screenshot", os.WriteFile(filepath.Join(dir, name+"-"+p.setup.Name()+".png"), png, 0o644))
}

func (p *Page) resize(width, height int64) {
	p.t.Helper()
	var opts []chromedp.EmulateViewportOption
	if p.setup.Device.Touch {
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	}
	p.do("resize", chromedp.EmulateViewport(width, height, opts...))
}
