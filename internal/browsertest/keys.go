package browsertest

import (
	"encoding/json"
	"fmt"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// quoted is a string of script.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a form in JSON
	}
	return string(b)
}

// Keys for Press; any other string is typed as it is.
const (
	Tab    = kb.Tab
	Return = kb.Enter // where it leads to no other page; else Page.Enter
	Space  = " "
	Escape = kb.Escape
	Up     = kb.ArrowUp
	Down   = kb.ArrowDown
)

// Press presses keys, one after another, where the focus is.
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.do("press", chromedp.KeyEvent(k))
	}
}

// mostTabs is where TabTo gives up: no page has as many stops.
const mostTabs = 300

// TabTo presses Tab until the focus is where it should be, and fails when it never gets
// there. What it passes has to show that it has the focus.
func (p *Page) TabTo(selector string) {
	p.t.Helper()
	for range mostTabs {
		p.Press(Tab)
		if Eval[bool](p, fmt.Sprintf("document.activeElement.matches(%s)", quoted(selector))) {
			return
		}
	}
	p.t.Fatalf("the keyboard does not reach %s", selector)
}

// Focused tells what has the focus, as tag#id.class.
func (p *Page) Focused() string {
	p.t.Helper()
	return Eval[string](p, `(() => { const e = document.activeElement; return e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + [...e.classList].map(c => "." + c).join(""); })()`)
}

// Hidden lists what the keyboard reaches and the eye does not: a stop whose box lies
// outside the window or under something else when it has the focus. The page is gone
// through once.
func (p *Page) Hidden() (out []string) {
	p.t.Helper()
	first := ""
	for i := range mostTabs {
		p.Press(Tab)
		at := Eval[struct{ Name, Wrong string }](p, focusCheck)
		if i == 0 {
			first = at.Name
		} else if at.Name == first || at.Name == "" {
			return out
		}
		if at.Wrong != "" {
			out = append(out, at.Name+" "+at.Wrong)
		}
	}
	return out
}

const focusCheck = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return {Name: "", Wrong: ""};
	window.browsertestStops ||= new Map();
	if (!window.browsertestStops.has(e)) window.browsertestStops.set(e, window.browsertestStops.size);
	const name = window.browsertestStops.get(e) + " " + e.tagName + " " + (e.getAttribute("aria-label") || e.textContent || e.name || "").trim().slice(0, 40);
	const r = e.getBoundingClientRect();
	if (r.width === 0 || r.height === 0) return {Name: name, Wrong: "has no box"};
	const x = Math.min(Math.max(r.left + r.width / 2, 0), innerWidth - 1), y = Math.min(Math.max(r.top + Math.min(r.height / 2, 20), 0), innerHeight - 1);
	if (r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth) return {Name: name, Wrong: "is outside the window"};
	const top = document.elementFromPoint(x, y);
	if (top && !(e.contains(top) || top.contains(e) || e.labels && [...e.labels].some(l => l.contains(top)))) return {Name: name, Wrong: "is under " + top.tagName + "." + top.className};
	return {Name: name, Wrong: ""};
})()`
