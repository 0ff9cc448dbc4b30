//go:build soak

package console_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Scanners that know nothing of this program go through the console as somebody who has signed
// in and may do much. They are Debian's wapiti and sqlmap; without them nothing is shown.

// scanned is a console full of hostile records, somebody's cookies, and the addresses that
// take a query.
func scanned(t *testing.T, program string) (b *browser, queries []string) {
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
			if strings.HasPrefix(m[1], "/") && strings.Contains(m[1], "?") {
				queries = append(queries, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
	}
	slices.Sort(queries)
	return b, slices.Compact(queries)
}

func (b *browser) cookieLine() string {
	return "daylight-session=" + b.cookie("daylight-session") + "; daylight-browser=" + b.cookie("daylight-browser")
}

func TestSoakWapitiFindsNothing(t *testing.T) {
	b, _ := scanned(t, "wapiti")
	report := filepath.Join(t.TempDir(), "report.json")
	args := []string{"-u", b.url + "/", "--scope", "domain", "-H", "Cookie: " + b.cookieLine(), "-H", "Sec-Fetch-Site: same-origin",
		"-m", "xss,permanentxss,sql,timesql,exec,file,crlf,redirect,xxe,csp,http_headers,methods,cookieflags", "-d", "6", "--max-scan-time", "1200", "--max-attack-time", "300",
		"-f", "json", "-o", report, "--flush-session", "--no-bugreport", "--store-session", t.TempDir()}
	for _, away := range []string{"/sign-out", "/sign-ins", "/account", "/people", "/devices"} {
		args = append(args, "-x", b.url+away+"*")
	}
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
			if name == "Secure Flag cookie" {
				continue // this machine alone, without TLS
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
	b, queries := scanned(t, "sqlmap")
	if len(queries) < 5 {
		t.Fatalf("only %d addresses take a query", len(queries))
	}
	var targets strings.Builder
	seen := map[string]bool{}
	for _, q := range queries {
		path, names := shapeOf(q)
		if !seen[path+names] {
			seen[path+names] = true
			fmt.Fprintln(&targets, b.url+q)
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

func tail(b []byte) string {
	if len(b) > 4000 {
		b = b[len(b)-4000:]
	}
	return string(b)
}
