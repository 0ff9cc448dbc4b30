package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// The link that is printed for somebody new leads to the served pages and lets them in.
func TestTheLinkOpensThePages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	ask := func(args ...string) string {
		t.Helper()
		var out, complaint bytes.Buffer
		if code := Run(t.Context(), append(args, "--data", dir, "--json"), nil, &out, &complaint); code != exitOK {
			t.Fatalf("%q ended with %d: %s", args, code, &complaint)
		}
		return out.String()
	}
	var made, added struct {
		SignIn struct{ Code, Link string } `json:"sign_in"`
	}
	read := func(text string, to any) {
		t.Helper()
		if err := json.Unmarshal([]byte(text), to); err != nil {
			t.Fatal(err)
		}
	}
	read(ask("init", "--name", "Office of the Ombudsperson"), &made)
	at, stop := serving(t, "--data", dir)
	defer stop()
	read(ask("user", "add", "--role", "CASE_OFFICER", "Case officer"), &added)
	name := strings.Replace(at, "127.0.0.1", "localhost", 1)
	if want := name + "/welcome#" + added.SignIn.Code; added.SignIn.Link != want {
		t.Errorf("the link is %s, not %s", added.SignIn.Link, want)
	}
	for _, code := range []string{made.SignIn.Code, added.SignIn.Code} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, name+"/welcome", strings.NewReader(url.Values{"code": {code}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		a, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, a.Body)
		a.Body.Close()
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/welcome/set-up" {
			t.Errorf("%d, to %s", a.StatusCode, a.Header.Get("Location"))
		}
	}
}
