//go:build soak

package console_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Scanners that know nothing of this program go through the console as somebody who has signed
// in and may do much. They are Debian's wapiti and sqlmap; without them nothing is shown.

// scanned is a console full of hostile records, somebody's cookies, the addresses that take a
// query, and where the scanner finds it all: in front of it stands what keeps the scanner from
// signing itself out.
func scanned(t *testing.T, program string) (b *browser, queries []string, at string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("NOT CHECKED: there is no %s here (on Debian: apt-get install %s)", program, program)
	}
	w := newWorld(t)
	w.hostileOffice()
	b = w.member(w.person("Head", headRole, caseRole, adminRole))
	pages, err := b.walk().Pages(t.Context())
	w.must(err)
	for _, p := range pages {
		a, err := b.walk().Fetch(t.Context(), p.Path)
		w.must(err)
		for _, m := range leading.FindAllStringSubmatch(a.Body, -1) {
			if to := strings.ReplaceAll(m[1], "&amp;", "&"); strings.HasPrefix(to, "/") && strings.Contains(to, "?") {
				queries = append(queries, to)
			}
		}
	}
	behind, err := url.Parse(b.url)
	w.must(err)
	proxy := httputil.NewSingleHostReverseProxy(behind)
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for _, own := range []string{"/sign-", "/account", "/people", "/devices", "/resets"} {
			if strings.HasPrefix(r.URL.Path, own) {
				http.NotFound(rw, r)
				return
			}
		}
		r.Host = behind.Host
		r.Header.Del("Origin")
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(front.Close)
	slices.Sort(queries)
	return b, slices.Compact(queries), front.URL
}

func (b *browser) cookieLine() string {
	return "daylight-session=" + b.cookie("daylight-session") + "; daylight-browser=" + b.cookie("daylight-browser")
}

func TestSoakWapitiFindsNothing(t *testing.T) {
	b, _, at := scanned(t, "wapiti")
	report := filepath.Join(t.TempDir(), "report.json")
	args := []string{"-u", at + "/", "--scope", "domain", "-H", "Cookie: " + b.cookieLine(), "-H", "Sec-Fetch-Site: same-origin",
		"-m", "xss,permanentxss,sql,timesql,exec,file,crlf,redirect,xxe,csp,http_headers,methods,cookieflags", "-d", "6", "--max-scan-time", seconds("DAYLIGHT_SCAN_SECONDS", 1200), "--max-attack-time", seconds("DAYLIGHT_ATTACK_SECONDS", 300),
		"-f", "json", "-o", report, "--flush-session", "--no-bugreport", "--store-session", t.TempDir()}
	out, err := exec.CommandContext(t.Context(), "wapiti", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("wapiti: %v\n%s", err, tail(out))
	}
	b.get("/").wants(200, "Today") // still signed in: what was scanned was the console
	raw, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Vulnerabilities map[string][]struct{ Method, Path, Info, Parameter string }
		Anomalies       map[string][]struct{ Method, Path, Info, Parameter string }
		Infos           map[string]any
	}
	if err := json.Unmarshal(raw, &found); err != nil {
		t.Fatal(err)
	}
	for name, all := range found.Vulnerabilities {
		for _, v := range all {
			if name == "Secure Flag cookie" || strings.HasPrefix(v.Info, "Strict-Transport-Security") || strings.HasPrefix(v.Info, "X-XSS-Protection") {
				continue // this machine alone, without TLS; what browsers have given up
			}
			t.Errorf("%s: %s %s %s: %s", name, v.Method, v.Path, v.Parameter, v.Info)
		}
	}
	for name, all := range found.Anomalies {
		for _, v := range all {
			t.Errorf("%s: %s %s %s: %s", name, v.Method, v.Path, v.Parameter, v.Info)
		}
	}
	t.Logf("%v", found.Infos)
}

func TestSoakSQLMapFindsNothing(t *testing.T) {
	b, queries, at := scanned(t, "sqlmap")
	if len(queries) < 5 {
		t.Fatalf("only %d addresses take a query", len(queries))
	}
	var targets strings.Builder
	seen := map[string]bool{}
	for _, q := range queries {
		path, names := shapeOf(q)
		if !seen[path+names] {
			seen[path+names] = true
			fmt.Fprintln(&targets, at+q)
		}
	}
	list := filepath.Join(t.TempDir(), "targets")
	if err := os.WriteFile(list, []byte(targets.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "sqlmap", "-m", list, "--batch", "--level", "2", "--risk", "2", "--dbms", "sqlite", "--cookie", b.cookieLine(),
		"--headers", "Sec-Fetch-Site: same-origin", "--output-dir", t.TempDir(), "--threads", "4", "--flush-session", "--disable-coloring").CombinedOutput()
	if err != nil {
		t.Fatalf("sqlmap: %v\n%s", err, tail(out))
	}
	for _, sign := range []string{"is vulnerable", "sqlmap identified the following injection"} {
		if strings.Contains(string(out), sign) {
			t.Errorf("sqlmap says %q:\n%s", sign, tail(out))
		}
	}
	b.get("/").wants(200, "Today")
	t.Logf("%d addresses", len(seen))
}

// shapeOf is an address by its path and the names of what it asks.
func shapeOf(q string) (path, names string) {
	path, query, _ := strings.Cut(q, "?")
	var all []string
	for _, p := range strings.Split(query, "&") {
		name, _, _ := strings.Cut(p, "=")
		all = append(all, name)
	}
	slices.Sort(all)
	return path, strings.Join(all, "&")
}

// seconds is a time that a variable of the environment may shorten.
func seconds(name string, otherwise int) string {
	if s := os.Getenv(name); s != "" {
		return s
	}
	return strconv.Itoa(otherwise)
}

func tail(b []byte) string {
	if len(b) > 4000 {
		b = b[len(b)-4000:]
	}
	return string(b)
}
