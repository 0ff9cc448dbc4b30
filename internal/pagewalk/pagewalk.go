// Package pagewalk goes through the pages of either face by their links, as one browser, and
// finds one page of each kind: benchmarks and tests of pages keep no list of them, and a page
// that somebody adds is measured and tried with the others. It promises that every link was
// followed that leads to a kind of page not seen yet. Hostile fills records with what means
// harm, to be looked for on those pages.
package pagewalk

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Page is one page of a kind.
type Page struct {
	// Kind is its address without what names a record; in the field app, where an address says
	// nothing of a record, also what it is called: two kinds of record have different titles.
	Kind string
	// Path is where it is now.
	Path   string
	Title  string
	Status int
	// Came from which page.
	From string
}

// Walk is one browser's session.
type Walk struct {
	base, host string
	cookies    []*http.Cookie
	titled     bool // kinds of page are told apart by their titles too
	// Language is asked for; empty: English.
	Language string
}

// Open opens the app at a start address: the name in it need not be known to this machine.
func Open(ctx context.Context, start string) (*Walk, error) {
	u, err := url.Parse(start)
	if err != nil {
		return nil, err
	}
	w := &Walk{base: "http://127.0.0.1:" + u.Port(), host: u.Host}
	res, err := w.ask(ctx, u.Path)
	if err != nil {
		return nil, err
	}
	if err := res.Body.Close(); err != nil {
		return nil, err
	}
	if len(res.Cookies()) != 1 {
		return nil, fmt.Errorf("the app does not open: %s", res.Status)
	}
	w.cookies, w.titled = res.Cookies(), true
	return w, nil
}

// Signed goes through pages with the cookies of somebody who has signed in: base is where
// this machine finds them, host is under which name.
func Signed(base, host string, cookies []*http.Cookie) *Walk {
	return &Walk{base: base, host: host, cookies: cookies}
}

// ask sends a request, and follows nothing.
func (w *Walk) ask(ctx context.Context, path string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+path, nil)
	if err != nil {
		return nil, err
	}
	r.Host = w.host
	for _, c := range w.cookies {
		r.AddCookie(c)
	}
	if w.Language != "" {
		r.Header.Set("Accept-Language", w.Language)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Answer is what came, and how long its first byte took.
type Answer struct {
	Status    int
	Body      string
	FirstByte time.Duration
}

// mostRedirects is where following ends.
const mostRedirects = 5

// Fetch gets what stands at an address, after where it leads.
func (w *Walk) Fetch(ctx context.Context, path string) (a Answer, err error) {
	for range mostRedirects {
		start := time.Now()
		timed := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { a.FirstByte = time.Since(start) }})
		res, err := w.ask(timed, path)
		if err != nil {
			return a, err
		}
		b, err := io.ReadAll(res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil {
			return a, err
		}
		a.Status, a.Body = res.StatusCode, string(b)
		to := res.Header.Get("Location")
		if to == "" {
			return a, nil
		}
		path = to
	}
	return a, fmt.Errorf("%s leads round in a circle", KindOf(path))
}

var (
	linkPattern   = regexp.MustCompile(`<a [^>]*href="(/[^"]*)"`)
	titlePattern  = regexp.MustCompile(`<title>([^<]*)</title>`)
	handlePattern = regexp.MustCompile(`^/r/[a-z2-7]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// KindOf is an address without what names a record.
func KindOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	path = handlePattern.ReplaceAllStringFunc(path, func(at string) string {
		if strings.HasPrefix(at, "/r/") {
			return "/r/*"
		}
		return "*"
	})
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if i > 1 && (parts[1] == "checklists" && part != "new" || parts[1] == "vocabulary" && i == 2 && part != "standards" || isCode(part)) {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

// isCode: those of the vocabulary are in capitals, positions and versions are of digits.
func isCode(part string) bool {
	return part != "" && strings.ToLower(part) != part || part != "" && strings.Trim(part, "0123456789.") == ""
}

// mostOfAShape is how many pages of one address, handles apart, are followed to find the
// kinds of record among them.
const mostOfAShape = 40

// Pages follows every link from the first page, and gives one page of each kind.
func (w *Walk) Pages(ctx context.Context) (out []Page, err error) {
	todo, queued := []Page{{Path: "/"}}, map[string]bool{"/": true}
	shapes, known := map[string]int{}, map[string]bool{}
	for len(todo) > 0 {
		p := todo[0]
		todo = todo[1:]
		a, err := w.Fetch(ctx, p.Path)
		if err != nil {
			return nil, err
		}
		title := titlePattern.FindStringSubmatch(a.Body)
		if title == nil {
			continue // no page: a file
		}
		p.Status, p.Title = a.Status, html.UnescapeString(title[1])
		if p.Kind = KindOf(p.Path); w.titled {
			p.Kind += " " + p.Title
		}
		if !known[p.Kind] {
			known[p.Kind] = true
			out = append(out, p)
		}
		for _, m := range linkPattern.FindAllStringSubmatch(a.Body, -1) {
			next, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			if shape := KindOf(next); !queued[next] && shapes[shape] < mostOfAShape && !strings.HasPrefix(next, "/look/") {
				queued[next] = true
				shapes[shape]++
				todo = append(todo, Page{Path: next, From: p.Kind})
			}
		}
	}
	return out, nil
}
