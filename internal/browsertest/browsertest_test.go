package browsertest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

// serve gives pages by their path.
func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src data:")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>t</title><link rel="icon" href="data:,"></head><body>` + strings.ReplaceAll(body, "ACCEPT", r.Header.Get("Accept-Language")) + `</body></html>`))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

const plain = `<main><h1>A page</h1><p id="l">ACCEPT</p><a href="/next" id="go">Go further to the next page</a></main>`

// witness is a test that is to fail, and says what it was told.
type witness struct {
	testing.TB
	said []string
	ends []func()
}

func (w *witness) Helper()                   {}
func (w *witness) Cleanup(f func())          { w.ends = append(w.ends, f) }
func (w *witness) Errorf(f string, a ...any) { w.said = append(w.said, f) }
func (w *witness) Logf(string, ...any)       {}

// fails runs what is to fail and gives how often it did, with what the page complained of
// when it was closed.
func fails(t *testing.T, s Setup, do func(*Page)) int {
	t.Helper()
	w := &witness{TB: t}
	p := Open(w, s)
	do(p)
	for _, end := range w.ends {
		end()
	}
	return len(w.said)
}

func TestAPageIsHadAsItsSetupSays(t *testing.T) {
	url := serve(t, map[string]string{"/": plain, "/next": `<main><h1>The next</h1></main>`})
	p := Open(t, Setup{Device: SmallPhone, Dark: true, Language: "ar"})
	if status := p.Visit(url + "/"); status != 200 {
		t.Errorf("it answers %d", status)
	}
	if w := Eval[int](p, "innerWidth"); w != 360 {
		t.Errorf("it is %d wide", w)
	}
	for _, query := range []string{"(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)", "(pointer: coarse)"} {
		if !Eval[bool](p, "matchMedia('"+query+"').matches") {
			t.Errorf("%s does not hold", query)
		}
	}
	if got := p.Text("#l"); got != "ar" {
		t.Errorf("it asks for %q", got)
	}
	p.Accessible()
	p.Fits()
	if p.Shift() != 0 {
		t.Error("it moves")
	}
	if all, html := p.Weight(); html < 100 || all != html {
		t.Errorf("it weighs %d, %d", all, html)
	}
	if status := p.Follow("#go"); status != 200 || p.Text("h1") != "The next" || p.Taps != 1 || p.URL() != url+"/next" {
		t.Errorf("%d %s %d", status, p.Text("h1"), p.Taps)
	}
	p.Back()
	p.TabTo("#go")
	if p.Focused() != "a#go" {
		t.Error(p.Focused())
	}
	if p.Enter(); p.Title() != "t" || p.Count("h1") != 1 {
		t.Error("the keyboard leads nowhere")
	}
}

func TestWithoutScriptThePageRunsNone(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/s.js" {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(`document.querySelector("h1").textContent = "changed"`))
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><main><h1>as it came</h1></main><script src="/s.js"></script></html>`))
	}))
	t.Cleanup(s.Close)
	for want, setup := range map[string]Setup{"as it came": {NoScript: true}, "changed": {}} {
		p := Open(t, setup)
		p.Visit(s.URL)
		p.Accessible()
		if got := p.Text("h1"); got != want {
			t.Errorf("%s: %q", setup.Name(), got)
		}
	}
}

func TestWhatIsWrongFailsTheTest(t *testing.T) {
	url := serve(t, map[string]string{
		"/clean":  plain,
		"/axe":    `<main><h1>A page</h1><img src="data:,"><input></main>`,
		"/policy": `<main><h1>A page</h1></main><script>document.title = "x"</script>`,
		"/wide":   `<main><h1>A page</h1><pre>` + strings.Repeat("wide ", 100) + `</pre></main>`,
		"/small":  `<main><h1>A page</h1><button>x</button></main>`,
	})
	for _, c := range []struct {
		name, path string
		look       func(*Page)
		fails      bool
	}{
		{"nothing", "/clean", func(p *Page) { p.Accessible(); p.Fits() }, false},
		{"axe", "/axe", func(p *Page) { p.Accessible() }, true},
		{"script in the page", "/policy", func(p *Page) {}, true},
		{"script that was expected", "/policy", func(p *Page) { p.Allow("Content Security Policy|script-src") }, false},
		{"nothing that is waited for in vain", "/clean", func(p *Page) {
			Eval[any](p, `setTimeout(() => { location.href = "/wide" })`)
			p.WaitFor(`location.pathname === "/wide" && document.querySelector("pre")`)
		}, false},
		{"too wide", "/wide", func(p *Page) { p.Fits() }, true},
		{"too small", "/small", func(p *Page) { p.Targets(44) }, true},
		{"an error in the console", "/clean", func(p *Page) { Eval[any](p, `console.error("bad")`) }, true},
		{"an exception", "/clean", func(p *Page) {
			Eval[any](p, `new Promise(r => { setTimeout(() => { setTimeout(r); throw new Error("bad") }) })`)
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := fails(t, Setup{}, func(p *Page) { p.Visit(url + c.path); c.look(p) })
			if (got > 0) != c.fails {
				t.Errorf("it fails %d times", got)
			}
		})
	}
}

func TestNothingOutsideIsAsked(t *testing.T) {
	url := serve(t, map[string]string{"/": plain})
	p := Open(t, Setup{})
	p.Visit(url + "/")
	p.Allow(".")
	if Eval[bool](p, `fetch("http://office.example/").then(() => true, () => false)`) {
		t.Error("a name outside this machine is reached")
	}
}

func TestPicturesAreWrittenWhereAskedAlone(t *testing.T) {
	url := serve(t, map[string]string{"/": plain + strings.Repeat("<p>line</p>", 100)})
	p := Open(t, Setup{Dark: true})
	p.Visit(url + "/")
	t.Setenv("DAYLIGHT_SHOTS", "")
	p.Shot("none")
	dir := t.TempDir()
	t.Setenv("DAYLIGHT_SHOTS", dir)
	p.Shot("home")
	files, err := filepath.Glob(dir + "/*")
	if err != nil || len(files) != 1 || filepath.Base(files[0]) != "home-phone-dark.png" {
		t.Fatalf("%v %v", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Size() < 1000 {
		t.Errorf("%v %v", info, err)
	}
	if h := Eval[int](p, "innerHeight"); h != 844 {
		t.Errorf("the window stays %d high", h)
	}
}
