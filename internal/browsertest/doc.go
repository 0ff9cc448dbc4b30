// Package browsertest opens the pages of the product in a real Chromium, as a person has
// them: on a phone or a desk, in the dark, from right to left, without script, by keyboard
// alone. It promises that a page which writes an error to the console, or breaks its own
// Content-Security-Policy, fails its test, and that nothing outside this machine is asked.
//
// A test binary has one browser, which Main starts when the first page is opened and ends
// with the tests; each page has a profile of its own. Without Chromium the tests are
// skipped and say so; with DAYLIGHT_NEEDS_CHROMIUM set, as in .ci/run, they fail.
//
//	func TestMain(m *testing.M) { browsertest.Main(m) }
//
//	func TestHome(t *testing.T) {
//		p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone, Dark: true, Language: "ar"})
//		p.Visit(server.URL + "/")
//		p.Accessible()            // axe-core
//		p.Follow("a.btn-main")    // tap, and the page after it
//		p.Type("#f-narrative", "ten people")
//		p.Shot("finding")         // finding-phone-dark-ar.png in DAYLIGHT_SHOTS, if that is set
//		if p.Taps > 12 { ... }
//	}
//
// What is not here is in chromedp: Page.Context is a context of it.
package browsertest
