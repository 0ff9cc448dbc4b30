package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/fieldapp"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the field app has to keep for each of its pages.
const (
	firstByteReach = 100 * time.Millisecond
	weightReach    = 150_000
)

// busyFindings is how many findings the visit has that is going on.
const busyFindings = 60

// app is the field app over a device that holds a thousand visits: every page that links
// lead to, by its first byte and by what a browser loads for it the first time.
func (b *bench) app(ctx context.Context) (err error) {
	dir, err := b.filled(ctx, b.visits)
	if err != nil {
		return err
	}
	c, err := clientsync.Open(ctx, unlocked(clientsync.Config{Dir: dir}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := busyVisit(ctx, c); err != nil {
		return err
	}
	w, err := newWalk(c)
	if err != nil {
		return err
	}
	defer w.stop()
	if err := w.walk(ctx, b.runs); err != nil {
		return err
	}
	b.appRows(w.seen, 6*b.visits+busyFindings+1)
	return nil
}

// busyVisit is one that is going on, with many findings of its own.
func busyVisit(ctx context.Context, c *clientsync.Client) error {
	r := rand.New(rand.NewPCG(9, 9))
	id := &ids{r, 1_790_000_000_000}
	v := visit(r, id)
	v.State = daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum()
	all := []clientsync.Message{v}
	for range busyFindings {
		f := finding(r, id, v.Id)
		f.Title = proto.String(text(r, 40))
		all = append(all, f)
	}
	return c.Save(ctx, all...)
}

// appRows prints the slowest and the heaviest pages, and how many are beyond their reach.
func (b *bench) appRows(seen []pageSeen, records int) {
	slices.SortFunc(seen, func(x, y pageSeen) int { return int(y.first - x.first) })
	slow, heavy := 0, 0
	for _, p := range seen {
		if p.first > firstByteReach {
			slow++
		}
		if p.weight > weightReach {
			heavy++
		}
	}
	b.row(fmt.Sprintf("APP %d kinds of page, %d records", len(seen), records), fmt.Sprint(slow+heavy)+" beyond", "", "", "none")
	for _, p := range seen[:min(8, len(seen))] {
		b.row("   first byte: "+p.name, ms(p.first), "", "", "100 ms")
	}
	slices.SortFunc(seen, func(x, y pageSeen) int { return int(y.weight - x.weight) })
	for _, p := range seen[:min(5, len(seen))] {
		b.row("   with all that it loads: "+p.name, kb(p.weight), kb(p.html)+" page", "", "150 kB")
	}
}

// appWalk goes through the field app by its links, as one browser.
type appWalk struct {
	base, host string
	stop       func()
	cookie     *http.Cookie
	sizes      map[string]int64 // of files of the look
	seen       []pageSeen
}

// pageSeen is one kind of page: where it stands, without handles, and what it is called.
type pageSeen struct {
	name         string
	first        time.Duration
	weight, html int64
}

func newWalk(c *clientsync.Client) (*appWalk, error) {
	var app *fieldapp.App
	base, stop, err := listen(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	if err != nil {
		return nil, err
	}
	w := &appWalk{base: base, host: strings.TrimPrefix(base, "http://"), stop: stop, sizes: map[string]int64{}}
	if app, err = fieldapp.New(fieldapp.Config{Client: c, Host: w.host}); err == nil {
		err = w.open(app.StartPath())
	}
	if err != nil {
		stop()
		return nil, err
	}
	return w, nil
}

// open exchanges the ticket for a session.
func (w *appWalk) open(path string) error {
	r, err := http.NewRequest(http.MethodGet, w.base+path, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return err
	}
	if err := res.Body.Close(); err != nil {
		return err
	}
	if len(res.Cookies()) != 1 {
		return fmt.Errorf("the app does not open: %s", res.Status)
	}
	w.cookie = res.Cookies()[0]
	return nil
}

var (
	linkPattern   = regexp.MustCompile(`<a [^>]*href="(/[^"]*)"`)
	filePattern   = regexp.MustCompile(`(?:src|href)="((?:/look/|/help/picture/)[^"]*)"`)
	titlePattern  = regexp.MustCompile(`<title>([^<]*)</title>`)
	handlePattern = regexp.MustCompile(`^/r/[a-z2-7]{16}`)
)

// mostOfAKind is how many pages of one address, handles apart, are followed; the kinds of
// record are told by their titles, once they are there.
const mostOfAKind = 40

// walk follows every link, kind by kind, and measures each kind so many times.
func (w *appWalk) walk(ctx context.Context, runs int) error {
	todo, queued, shapes, known := []string{"/"}, map[string]bool{"/": true}, map[string]int{}, map[string]bool{}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		_, body, err := w.fetch(ctx, path)
		if err != nil {
			return err
		}
		title := titlePattern.FindStringSubmatch(body)
		if title == nil {
			continue // no page
		}
		shape, _, _ := strings.Cut(handlePattern.ReplaceAllString(path, "/r/*"), "?")
		if name := shape + " " + title[1]; !known[name] {
			known[name] = true
			if err := w.measure(ctx, name, path, runs); err != nil {
				return err
			}
		}
		for _, m := range linkPattern.FindAllStringSubmatch(body, -1) {
			next, _, _ := strings.Cut(m[1], "#")
			shape, _, _ := strings.Cut(handlePattern.ReplaceAllString(next, "/r/*"), "?")
			if queued[next] || shapes[shape] >= mostOfAKind || strings.HasPrefix(next, "/look/") {
				continue
			}
			queued[next] = true
			shapes[shape]++
			todo = append(todo, next)
		}
	}
	return nil
}

// measure fetches a page some times and keeps the median of its first byte.
func (w *appWalk) measure(ctx context.Context, name, path string, runs int) error {
	seen := pageSeen{name: name}
	var firsts []time.Duration
	for range runs {
		first, body, err := w.fetch(ctx, path)
		if err != nil {
			return err
		}
		firsts = append(firsts, first)
		seen.html = int64(len(body))
		seen.weight = seen.html
		for _, m := range filePattern.FindAllStringSubmatch(body, -1) {
			if w.sizes[m[1]] == 0 {
				_, file, err := w.fetch(ctx, m[1])
				if err != nil {
					return err
				}
				w.sizes[m[1]] = int64(len(file))
			}
			seen.weight += w.sizes[m[1]]
		}
	}
	slices.Sort(firsts)
	seen.first = firsts[len(firsts)/2]
	w.seen = append(w.seen, seen)
	return nil
}

// fetch gets a page, and how long its first byte took.
func (w *appWalk) fetch(ctx context.Context, path string) (first time.Duration, body string, err error) {
	start := time.Now()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { first = time.Since(start) }})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+path, nil)
	if err != nil {
		return 0, "", err
	}
	r.AddCookie(w.cookie)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, "", err
	}
	b, err := io.ReadAll(res.Body)
	err = errors.Join(err, res.Body.Close())
	if err == nil && res.StatusCode >= http.StatusInternalServerError {
		err = fmt.Errorf("%s answers %s", handlePattern.ReplaceAllString(path, "/r/*"), res.Status)
	}
	return first, string(b), err
}
