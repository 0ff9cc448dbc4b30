package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/store"
)

// What the office's pages have to stay within.
const (
	pageReach   = "p95 300 ms"
	searchReach = "p95 500 ms"
	memoryReach = "256 MiB"
	htmlReach   = "200 kB"
)

// pagesOfARound is how many pages each person opens in a round.
const pagesOfARound = 40

// console lets people work in a large office's pages, each in a browser of their own: one
// page of each kind after another, by the links that they come upon, while the office
// writes. The server is a process of its own.
func (b *bench) console(ctx context.Context) error {
	people := workers(b.callers)
	dir, seeds, err := b.officeOf(ctx, people)
	if err != nil {
		return err
	}
	s, err := b.serveOffice(ctx, dir)
	if err != nil {
		return err
	}
	err = b.walkConsole(ctx, s, people, seeds)
	if err = errors.Join(err, s.stop()); err == nil && s.profile != "" {
		b.top(s.profile)
	}
	return err
}

// officeOf is a filled office, or the one that was kept, with the people in it.
func (b *bench) officeOf(ctx context.Context, people []*worker) (dir string, seeds []string, err error) {
	size, ok := sizes[b.size]
	if !ok {
		return "", nil, fmt.Errorf("%q is no size: small, full", b.size)
	}
	if dir = b.in; dir == "" {
		dir = b.folder()
	}
	s, err := store.Open(ctx, store.Config{Dir: dir})
	if err != nil {
		return "", nil, err
	}
	head, err := s.Head(ctx)
	if err == nil && head == 0 {
		start := time.Now()
		_, err = fill(ctx, s, size)
		b.row(fmt.Sprintf("CONSOLE office with %d places and %d visits", size.places, size.visits), ms(time.Since(start)), "", "", "to fill, words included")
	}
	if err == nil {
		err = letIn(ctx, s, people)
	}
	if err == nil {
		seeds, err = seedsOf(ctx, s)
	}
	return dir, seeds, errors.Join(err, s.Close())
}

// seedsOf are addresses to begin with: the lists, words to look for, and records from all
// over the office. Those that the console does not have are left out by themselves.
func seedsOf(ctx context.Context, s *store.Store) ([]string, error) {
	out := []string{"/", "/visits", "/places", "/places/coverage", "/recommendations", "/authorities", "/two", "/held", "/help"}
	for _, word := range append(slices.Clone(words[:40]), "ref77", "P-12", "Institution 8", "cell no") {
		out = append(out, "/search?q="+strings.ReplaceAll(word, " ", "+"))
	}
	for kind, at := range map[record.Kind][]string{
		record.Visit: {"/visits/*", "/records/visit/*/history"}, record.Facility: {"/places/*"}, record.Recommendation: {"/recommendations/*"},
		record.Finding: {"/findings/*", "/records/finding/*", "/records/finding/*/history"},
	} {
		for _, newest := range []bool{true, false} {
			page, err := s.List(ctx, kind, store.Query{NewestFirst: newest, PageSize: mostOfAKind})
			if err != nil {
				return nil, err
			}
			for _, i := range page.Items {
				for _, a := range at {
					out = append(out, strings.ReplaceAll(a, "*", i.Message.GetId()))
				}
			}
		}
	}
	return out, nil
}

// walkConsole signs all in, lets them work for the rounds, and prints what they waited.
func (b *bench) walkConsole(ctx context.Context, s *served, people []*worker, seeds []string) error {
	for _, p := range people {
		if err := p.signIn(ctx, s.url); err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		for _, path := range seeds {
			p.learn(path)
		}
	}
	var rounds []time.Duration
	seen := map[string][]visited{}
	for round := range b.runs + 1 {
		if err := workAll(people, func(p *worker, i int) error { return p.work(ctx, round*pagesOfARound+i*7, b.think) }); err != nil {
			return err
		}
		var all []time.Duration
		for _, p := range people {
			for _, v := range p.seen {
				if all = append(all, v.took); round > 0 { // before the first, nothing was read yet
					seen[v.kind] = append(seen[v.kind], v)
				}
			}
			p.seen = nil
		}
		if round > 0 {
			rounds = append(rounds, quantile(all, 95))
		}
	}
	peak, err := s.peak()
	if err != nil {
		return err
	}
	b.consoleRows(seen)
	b.row(fmt.Sprintf("   all pages, median of %d rounds", b.runs), "", ms(quantile(rounds, 50)), "", pageReach)
	b.row("   most memory of the server", fmt.Sprintf("%d MiB", peak>>10), "", "", memoryReach)
	return nil
}

// workAll lets all work at the same time.
func workAll(people []*worker, work func(p *worker, i int) error) error {
	errs := make([]error, len(people))
	var all sync.WaitGroup
	for i, p := range people {
		all.Go(func() { errs[i] = work(p, i) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// work opens pages, and looks at each for about so long.
func (w *worker) work(ctx context.Context, from int, think time.Duration) error {
	for n := range pagesOfARound {
		if err := w.step(ctx, from+n); err != nil {
			return err
		}
		if think > 0 {
			time.Sleep(think/2 + time.Duration(w.random.Int64N(int64(think))))
		}
	}
	return nil
}

// consoleRows prints each kind of page, the slowest first.
func (b *bench) consoleRows(seen map[string][]visited) {
	type kind struct {
		name           string
		p50, p95, most time.Duration
		bytes, n       int
	}
	var kinds []kind
	for name, all := range seen {
		k := kind{name: name, n: len(all)}
		var took []time.Duration
		for _, v := range all {
			took, k.bytes = append(took, v.took), max(k.bytes, v.bytes)
		}
		k.p50, k.p95, k.most = quantile(took, 50), quantile(took, 95), slices.Max(took)
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(x, y kind) int { return int(y.p95 - x.p95) })
	fmt.Fprintf(b.out, "%-52s %12s %12s %10s  %s\n", fmt.Sprintf("%d people, each page looked at for %v", b.callers, b.think), "p50", "p95", "most", "page, how often")
	for _, k := range kinds {
		reach := pageReach
		if strings.HasPrefix(k.name, "/search") {
			reach = searchReach
		}
		b.row("   "+k.name, ms(k.p50), ms(k.p95), ms(k.most), fmt.Sprintf("%s of %s, %d times; %s", kb(int64(k.bytes)), htmlReach, k.n, reach))
	}
}
