package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// question is one kind of what a person at the office asks.
type question struct {
	name string
	ask  func(context.Context, *asker) error
}

// asker is one caller with what it remembers.
type asker struct {
	*filled
	desk *store.Desk
	n    int // questions so far, which vary what is asked
}

// lists fills a store as large as an office has after years, and lets callers ask it for
// what pages and reports need: lists, filters, figures, histories and words.
func (b *bench) lists(ctx context.Context) error {
	size, ok := sizes[b.size]
	if !ok {
		return fmt.Errorf("%q is no size: small, full", b.size)
	}
	s, err := store.Open(ctx, store.Config{Dir: b.folder()})
	if err != nil {
		return err
	}
	start := time.Now()
	f, err := fill(ctx, s, size)
	if err == nil {
		b.row(fmt.Sprintf("office: %d places, %d visits, %d findings, %d recommendations", size.places, size.visits, len(f.findings), len(f.recommendations)),
			ms(time.Since(start)), "", "", "to fill, words included")
		err = b.askAll(ctx, s, f)
	}
	return errors.Join(err, s.Close())
}

// askAll lets all callers ask all questions in turn, each beginning with another, and each
// for the next thing as soon as it has its answer.
func (b *bench) askAll(ctx context.Context, s *store.Store, f *filled) error {
	questions := b.questions()
	took := make([][][]time.Duration, b.callers)
	errs := make([]error, b.callers)
	stop := b.profile("office")
	start, used := time.Now(), cpu()
	var all sync.WaitGroup
	for c := range b.callers {
		took[c] = make([][]time.Duration, len(questions))
		all.Go(func() {
			a := &asker{filled: f, desk: s.For(f.caller(c)), n: c * 7919}
			for round := range b.runs {
				for i := range questions {
					q := (i + c + round) % len(questions)
					began := time.Now()
					if errs[c] = questions[q].ask(ctx, a); errs[c] != nil {
						return
					}
					took[c][q] = append(took[c][q], time.Since(began))
					a.n++
				}
			}
		})
	}
	all.Wait()
	stop()
	wall := time.Since(start)
	used = cpu() - used
	if err := errors.Join(errs...); err != nil {
		return err
	}
	n := b.tell(questions, took)
	b.row("   answers a second", fmt.Sprintf("%.0f", perSecond(n, wall)), "", "", "")
	b.row("   processor time of one, on a machine that does other things too", ms(used/time.Duration(n)), "", "", "")
	return nil
}

// tell prints the times of each question, and of all, and counts the answers.
func (b *bench) tell(questions []question, took [][][]time.Duration) int {
	var all []time.Duration
	fmt.Fprintf(b.out, "%-52s %12s %12s %10s\n", fmt.Sprintf("%d callers", b.callers), "p50", "p95", "p99")
	for q := range questions {
		var some []time.Duration
		for c := range took {
			some = append(some, took[c][q]...)
		}
		all = append(all, some...)
		b.row("   "+questions[q].name, ms(quantile(some, 50)), ms(quantile(some, 95)), ms(quantile(some, 99)), "")
	}
	b.row("   all of them", ms(quantile(all, 50)), ms(quantile(all, 95)), ms(quantile(all, 99)), "p95 300 ms")
	return len(all)
}

func quantile(d []time.Duration, percent int) time.Duration {
	slices.Sort(d)
	return d[(len(d)-1)*percent/100]
}

// page asks for one page, the newest first.
func page(name string, kind record.Kind, query func(*asker) store.Query) question {
	return question{name, func(ctx context.Context, a *asker) error {
		q := query(a)
		q.NewestFirst = true
		_, err := a.desk.List(ctx, kind, q)
		return err
	}}
}

func filtered(f func(*asker) store.Filter) func(*asker) store.Query {
	return func(a *asker) store.Query { return store.Query{Filter: f(a)} }
}

func (a *asker) year() (from, to string) {
	y := firstYear + a.n%years
	return fmt.Sprintf("%d-01-01", y), fmt.Sprintf("%d-12-31", y)
}

func (b *bench) questions() []question {
	return []question{
		page("places of a region and type", record.Facility, filtered(func(a *asker) store.Filter {
			return store.FacilityFilter{Region: pick(regions, a.n), Type: pick(placeTypes, a.n)}
		})),
		page("visits of a year in a region", record.Visit, filtered(func(a *asker) store.Filter {
			from, to := a.year()
			return store.VisitFilter{Visits: store.Visits{Region: pick(regions, a.n), From: from, To: to}}
		})),
		page("visits with a person in the team", record.Visit, filtered(func(a *asker) store.Filter {
			return store.VisitFilter{Person: pick(a.people, a.n)}
		})),
		page("findings of a visit", record.Finding, filtered(func(a *asker) store.Filter {
			return store.FindingFilter{Visit: pick(a.visits, a.n)}
		})),
		page("findings at a place", record.Finding, filtered(func(a *asker) store.Filter {
			return store.FindingFilter{Visits: store.Visits{Facility: pick(a.visited, a.n)}}
		})),
		page("findings of a topic", record.Finding, filtered(func(a *asker) store.Filter {
			return store.FindingFilter{Topic: pick(officeTopics, a.n)}
		})),
		page("critical findings of a place type in a year", record.Finding, filtered(func(a *asker) store.Filter {
			from, to := a.year()
			return store.FindingFilter{Severity: daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL, Visits: store.Visits{PlaceType: pick(placeTypes, a.n), From: from, To: to}}
		})),
		page("findings that cite a standard", record.Finding, filtered(func(a *asker) store.Filter {
			return store.FindingFilter{Standard: pick(officeStandards, a.n)}
		})),
		page("findings in conflict", record.Finding, func(*asker) store.Query { return store.Query{OnlyConflicts: true} }),
		page("recommendations open at a place", record.Recommendation, filtered(func(a *asker) store.Filter {
			return store.RecommendationFilter{Facility: pick(a.visited, a.n), Open: true}
		})),
		page("recommendations overdue from an authority", record.Recommendation, filtered(func(a *asker) store.Filter {
			return store.RecommendationFilter{Authority: pick(bodies, a.n), OverdueOn: lastDay}
		})),
		page("recommendations of a topic", record.Recommendation, filtered(func(a *asker) store.Filter {
			return store.RecommendationFilter{Topic: pick(officeTopics, a.n)}
		})),
		page("words that are frequent", record.Finding, func(a *asker) store.Query { return store.Query{Text: "cell " + pick(words, a.n)} }),
		page("words that are rare", record.Finding, func(a *asker) store.Query { return store.Query{Text: fmt.Sprintf("ref%d", a.n%len(a.findings))} }),
		page("words in the findings of a visit", record.Finding, func(a *asker) store.Query {
			return store.Query{Filter: store.FindingFilter{Visit: pick(a.visits, a.n)}, Text: "cell"}
		}),
		{"history of a finding", func(ctx context.Context, a *asker) error {
			_, _, err := a.desk.History(ctx, record.Finding, pick(a.own, a.n), 0, "")
			if errors.Is(err, store.ErrNotFound) {
				return nil // not in this caller's sight
			}
			return err
		}},
		{"figures: visits of a year", func(ctx context.Context, a *asker) error {
			from, to := a.year()
			_, err := a.desk.VisitFigures(ctx, store.Span{From: from, To: to}, store.ByVisitType|store.ByPlaceType|store.ByRegion|store.ByAnnouncement)
			return err
		}},
		{"figures: findings of a year", func(ctx context.Context, a *asker) error {
			from, to := a.year()
			_, err := a.desk.FindingFigures(ctx, store.Span{From: from, To: to}, store.ByArea|store.BySeverity|store.ByPlaceType)
			return err
		}},
		{"figures: recommendations of a year", func(ctx context.Context, a *asker) error {
			from, to := a.year()
			_, err := a.desk.RecommendationFigures(ctx, store.Span{From: from, To: to}, lastDay, store.ByAuthority|store.ByState|store.ByStatus)
			return err
		}},
		{"figures: places and coverage", func(ctx context.Context, a *asker) error {
			from, to := a.year()
			_, err := a.desk.PlaceFigures(ctx, store.Span{From: from, To: to}, store.ByPlaceType|store.ByRegion)
			return err
		}},
		{"figures: last visits of a region", func(ctx context.Context, a *asker) error {
			_, err := a.desk.LastVisits(ctx, store.FacilityFilter{Region: pick(regions, a.n)})
			return err
		}},
		{"figures: occupancy of a region", func(ctx context.Context, a *asker) error {
			_, err := a.desk.OccupancyFigures(ctx, daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL, store.FacilityFilter{Region: pick(regions, a.n)})
			return err
		}},
	}
}

func pick[T any](all []T, n int) T { return all[n%len(all)] }
