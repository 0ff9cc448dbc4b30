package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/fieldapp"
	"github.com/daylight-npm/daylight/internal/pagewalk"
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
	w, err := newWalk(ctx, c)
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

// appWalk measures pages.
type appWalk struct {
	*pagewalk.Walk
	stop  func()
	sizes map[string]int64 // of files that pages load
	seen  []pageSeen
}

// pageSeen is one kind of page: where it stands, without handles, and what it is called.
type pageSeen struct {
	name         string
	first        time.Duration
	weight, html int64
}

func newWalk(ctx context.Context, c *clientsync.Client) (*appWalk, error) {
	var app *fieldapp.App
	base, stop, err := listen(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	if err != nil {
		return nil, err
	}
	w := &appWalk{stop: stop, sizes: map[string]int64{}}
	if app, err = fieldapp.New(fieldapp.Config{Client: c, Host: strings.TrimPrefix(base, "http://")}); err == nil {
		w.Walk, err = pagewalk.Open(ctx, base+app.StartPath())
	}
	if err != nil {
		stop()
		return nil, err
	}
	return w, nil
}

var filePattern = regexp.MustCompile(`(?:src|href)="((?:/look/|/help/picture/)[^"]*)"`)

// walk measures one page of each kind so many times.
func (w *appWalk) walk(ctx context.Context, runs int) error {
	pages, err := w.Pages(ctx)
	if err != nil {
		return err
	}
	for _, p := range pages {
		if p.Status >= http.StatusInternalServerError {
			return fmt.Errorf("%s answers %d", p.Kind, p.Status)
		}
		if err := w.measure(ctx, p, runs); err != nil {
			return err
		}
	}
	return nil
}

// measure fetches a page some times and keeps the median of its first byte.
func (w *appWalk) measure(ctx context.Context, p pagewalk.Page, runs int) error {
	seen := pageSeen{name: p.Kind}
	var firsts []time.Duration
	for range runs {
		a, err := w.Fetch(ctx, p.Path)
		if err != nil {
			return err
		}
		firsts = append(firsts, a.FirstByte)
		seen.html = int64(len(a.Body))
		seen.weight = seen.html
		for _, m := range filePattern.FindAllStringSubmatch(a.Body, -1) {
			size, err := w.size(ctx, m[1])
			if err != nil {
				return err
			}
			seen.weight += size
		}
	}
	slices.Sort(firsts)
	seen.first = firsts[len(firsts)/2]
	w.seen = append(w.seen, seen)
	return nil
}

// size is that of a file.
func (w *appWalk) size(ctx context.Context, path string) (int64, error) {
	if w.sizes[path] == 0 {
		a, err := w.Fetch(ctx, path)
		if err != nil {
			return 0, err
		}
		w.sizes[path] = int64(len(a.Body))
	}
	return w.sizes[path], nil
}
