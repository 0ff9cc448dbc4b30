package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sample"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/replay"
	"github.com/daylight-npm/daylight/server/store"
)

// The most of each that is asked for at a time.
const (
	mostPlaces  = 100_000
	mostVisits  = 50_000
	mostOfVisit = 300
	mostYears   = 50
)

// sampleOffice makes an office and writes an invented history into it.
func sampleOffice(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data; made when missing")
	until := flags.String("until", "", "the last `day` of the history, as 2026-06-30; today when it is not given")
	years := flags.Int("years", 5, "how many `years` before that the office opened")
	var of sample.Config
	flags.Uint64Var(&of.Seed, "seed", 1, "a `number`: the same one gives the same history")
	flags.IntVar(&of.Places, "places", 60, "how many `places` the register has")
	flags.IntVar(&of.Visits, "visits", 30, "how many `visits` are planned in these years")
	flags.IntVar(&of.Findings, "findings", 20, "how many `findings` a visit has on average")
	flags.IntVar(&of.Recommendations, "recommendations", 5, "how many `recommendations` follow from one")
	if _, err := c.parse(flags, 0); err != nil {
		return err
	}
	if of.Until, err = lastDay(*until, time.Now()); err != nil {
		return misused(err.Error(), c.how())
	}
	of.From = of.Until.AddDate(-*years, 0, 0)
	for _, n := range []struct {
		name     string
		is, most int
	}{{"places", of.Places, mostPlaces}, {"visits", of.Visits, mostVisits}, {"findings", of.Findings, mostOfVisit}, {"recommendations", of.Recommendations, mostOfVisit}, {"years", *years, mostYears}} {
		if n.is < 1 || n.is > n.most {
			return misused(fmt.Sprintf("--%s is a number from 1 to %d", n.name, n.most), c.how())
		}
	}
	clock := replay.NewClock(of)
	s, _, err := c.openAs(ctx, store.Config{Dir: *data, Now: clock.Now}, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return c.sampleInto(ctx, s, *data, clock, of)
}

// lastDay is the evening of a day, or now.
func lastDay(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return now.UTC(), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1900 || day.Year() > 2100 {
		return day, errors.New("--until is a day as 2026-06-30")
	}
	return day.Add(18 * time.Hour), nil
}

// sampleInto fills a store that holds no record.
func (c *call) sampleInto(ctx context.Context, s *store.Store, data string, clock *replay.Clock, of sample.Config) error {
	if head, err := s.Head(ctx); err != nil || head > 0 {
		return errors.Join(err, c.notEmpty(data, head > 0))
	}
	d := directory.New(s.File(), clock.Now, rand.Reader)
	made, err := d.Made(ctx)
	if err != nil {
		return err
	}
	if !made {
		office := &daylightv1.Office{Name: "Sample office (invented)", Model: daylightv1.NpmModel_NPM_MODEL_OMBUDSMAN_PLUS}
		keys, err := makeOffice(ctx, d, office, "Administrator")
		if err != nil {
			return err
		}
		c.say("root key      %s\nrecovery key  %s\n", keys.root.Secret(), keys.recovery.Secret())
	}
	quarter := ""
	report, err := replay.Play(ctx, replay.Config{Store: s, Clock: clock, Progress: func(r replay.Report) {
		if now := r.At.Format("2006-01"); now != quarter {
			quarter = now
			c.say("%s  %d changes", now, r.Changes)
		}
	}}, of)
	if err != nil {
		return err
	}
	c.say("The search is being made.")
	for more := true; more; {
		if more, err = s.Index(ctx); err != nil {
			return err
		}
	}
	return c.sampled(data, report)
}

func (c *call) notEmpty(data string, holds bool) error {
	if !holds {
		return nil
	}
	return failed("the office in "+data+" holds records already; nothing was written", "Name a new folder: an invented history is never mixed with a real one.")
}

// sampled says what there is now.
func (c *call) sampled(data string, r replay.Report) error {
	var size int64
	if info, err := os.Stat(filepath.Join(data, file)); err == nil {
		size = info.Size()
	}
	records := map[string]int{}
	var lines []string
	for _, k := range record.Kinds() {
		if n := r.Records[k]; n > 0 {
			records[k.String()] = n
			lines = append(lines, fmt.Sprintf("  %8d  %s", n, strings.ReplaceAll(k.String(), "_", " ")))
		}
	}
	if c.json {
		c.print(map[string]any{"people": r.People, "changes": r.Changes, "refused": r.Refused, "held": r.Held, "clock_suspect": r.Suspect, "records": records, "bytes": size, "unexpected": r.Unexpected})
	}
	c.say("An invented office is in %s: %d people, %d changes, %d MB.\n%s", data, r.People, r.Changes, size>>20, strings.Join(lines, "\n"))
	c.say("%d changes were refused and %d are held, as in any office; %d came from a wrong clock.", r.Refused, r.Held, r.Suspect)
	if r.Unexpected > 0 {
		return problems(fmt.Sprintf("%d changes were judged otherwise than the history expects; the first: %s", r.Unexpected, r.First),
			"The office holds together (daylightd check), but some of its history is missing. This is a defect of the program.")
	}
	return nil
}
