package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/amend"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// formKeeper is who the history says changed a form.
const formKeeper store.OfficeWriter = "Checklists"

// forms are the office's checklists as one commit left them.
type forms struct {
	*call
	store *store.Store
	*checklist.Catalogue
	filled []store.Filled
}

// onForms opens the store of a command about forms and runs do with what there is.
func (c *call) onForms(ctx context.Context, flags *flag.FlagSet, least, most int, missing string, do func(*forms, []string) error) (err error) {
	data := flags.String("data", "", "the `folder` of the office's data")
	rest, err := c.parse(flags, most)
	if err != nil {
		return err
	}
	if len(rest) < least {
		return misused(missing, c.how())
	}
	s, _, err := c.open(ctx, *data, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	f := &forms{call: c, store: s}
	if err = s.Snapshot(ctx, f.read); err != nil {
		return err
	}
	return do(f, rest)
}

// read takes in what there is.
func (f *forms) read(r *store.Snapshot) error {
	own, err := r.Checklists()
	if err != nil {
		return err
	}
	f.Catalogue = checklist.NewCatalogue(own.Forms, own.Removed...)
	f.filled, err = r.Filled()
	return err
}

// chosen are the versions of a form that the arguments name: one, or all of them.
func (f *forms) chosen(args []string) ([]checklist.Offered, error) {
	all := f.Versions(args[0])
	if len(all) == 0 {
		hint := "Run daylightd checklist list to see which there are."
		if near := nearest(args[0], f.Codes()); near != "" {
			hint = fmt.Sprintf("Did you mean %s?", near)
		}
		return nil, misused(fmt.Sprintf("there is no checklist %q", args[0]), hint)
	}
	if len(args) == 1 {
		return all, nil
	}
	i := slices.IndexFunc(all, func(o checklist.Offered) bool { return o.Version == args[1] })
	if i < 0 {
		var have []string
		for _, o := range all {
			have = append(have, o.Version)
		}
		return nil, misused(fmt.Sprintf("there is no version %q of %s", args[1], args[0]), "There is: "+strings.Join(have, ", "))
	}
	return all[i : i+1], nil
}

// today is the day by which forms are offered.
func today() string { return time.Now().Format(time.DateOnly) }

// formLine is one version of a form for scripts.
type formLine struct {
	Code       string   `json:"code"`
	Version    string   `json:"version"`
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Languages  []string `json:"languages"`
	PlaceTypes []string `json:"place_types"`
	Questions  int      `json:"questions"`
	Shipped    bool     `json:"shipped"`
	Changed    bool     `json:"changed,omitempty"`
	Offered    bool     `json:"offered"`
	Hidden     bool     `json:"hidden,omitempty"`
	RetiredOn  string   `json:"retired_on,omitempty"`
	Removed    bool     `json:"removed,omitempty"`
	Whole      bool     `json:"whole"`
	Missing    bool     `json:"missing,omitempty"`
	Responses  int      `json:"responses"`
	Finished   int      `json:"finished"`
}

// marks say what is to be known of it besides.
func (l formLine) marks() string {
	var out []string
	for _, m := range []struct {
		is   bool
		word string
	}{
		{l.Offered, "offered"}, {l.Missing, "not here, only answers to it"}, {!l.Shipped && !l.Missing, "own"}, {l.Shipped, "shipped"}, {l.Changed, "changed"},
		{l.Hidden, "hidden"}, {l.RetiredOn != "", "retired " + l.RetiredOn}, {l.Removed, "removed"}, {!l.Whole && !l.Missing, "not wholly here"},
	} {
		if m.is {
			out = append(out, m.word)
		}
	}
	return strings.Join(out, ", ")
}

func (f *forms) line(o checklist.Offered, language string) formLine {
	title, _ := o.Title(language)
	l := formLine{
		Code: o.Code, Version: o.Version, ID: o.ID.String(), Title: title, Languages: noneNil(o.Languages), PlaceTypes: noneNil(o.PlaceTypes),
		Questions: o.Questions, Shipped: o.Shipped, Changed: o.Changed, Hidden: o.Hidden, RetiredOn: o.RetiredOn, Removed: o.Removed, Whole: o.Whole,
	}
	newest, ok := f.Newest(o.Code, today())
	l.Offered = ok && newest.ID == o.ID
	for _, n := range f.filled {
		if n.Form == o.ID {
			l.Responses, l.Finished = l.Responses+n.Responses, l.Finished+n.Finished
		}
	}
	return l
}

func noneNil(s []string) []string { return append([]string{}, s...) }

// lines are all versions of all forms, those that are only answered at the end.
func (f *forms) lines(language string) (out []formLine) {
	for _, code := range f.Codes() {
		for _, o := range f.Versions(code) {
			out = append(out, f.line(o, language))
		}
	}
	for _, n := range f.filled {
		if _, here := f.Form(n.Form); !here {
			out = append(out, formLine{
				Code: n.Code, Version: n.Version, ID: n.Form.String(), Languages: []string{}, PlaceTypes: []string{}, Missing: true,
				Responses: n.Responses, Finished: n.Finished,
			})
		}
	}
	return out
}

func checklistList(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	language := flags.String("language", "en", "the `tag` of the language of titles, as ru")
	return c.onForms(ctx, flags, 0, 0, "", func(f *forms, _ []string) error {
		all := f.lines(*language)
		if c.json {
			c.print(all)
			return nil
		}
		w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
		for _, l := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.Code, l.Version, numbered(l.Questions, "question", "questions"),
				answeredTimes(l), l.marks(), l.Title)
		}
		return w.Flush()
	})
}

func answeredTimes(l formLine) string {
	if l.Responses == 0 {
		return "not filled"
	}
	return fmt.Sprintf("filled %d, finished %d", l.Responses, l.Finished)
}

func checklistHide(ctx context.Context, c *call) error   { return c.hiding(ctx, true) }
func checklistUnhide(ctx context.Context, c *call) error { return c.hiding(ctx, false) }

func (c *call) hiding(ctx context.Context, hidden bool) error {
	done := map[bool]string{true: "is offered no longer", false: "is offered again"}[hidden]
	return c.changing(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), func() error { return nil }, func(r *daylightv1.Checklist) string {
		if r.GetHidden() == hidden {
			return ""
		}
		r.Hidden = proto.Bool(hidden)
		return done
	})
}

// never ends what retire began.
const never = "never"

func checklistRetire(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	on := flags.String("on", "", "the first `day` on which it is not offered, as 2027-01-01, or never")
	check := func() error {
		if _, err := time.Parse(time.DateOnly, *on); err != nil && *on != never {
			return misused("--on is a day as 2027-01-01, or never", c.how())
		}
		return nil
	}
	return c.changing(ctx, flags, check, func(r *daylightv1.Checklist) string {
		day, done := on, "is not offered from "+*on+" on"
		if *on == never {
			day, done = nil, "is retired no longer"
		}
		if day == nil && r.RetiredOn == nil || day != nil && r.GetRetiredOn() == *day {
			return ""
		}
		r.RetiredOn = day
		return done
	})
}

// changing changes what the office says of the versions that are named. change says what it
// has done, or nothing.
func (c *call) changing(ctx context.Context, flags *flag.FlagSet, check func() error, change func(*daylightv1.Checklist) string) error {
	return c.onForms(ctx, flags, 1, 2, "which checklist is missing", func(f *forms, args []string) error {
		if err := check(); err != nil {
			return err
		}
		versions, err := f.chosen(args)
		if err != nil {
			return err
		}
		var save []record.Message
		said := []string{}
		for _, o := range versions {
			r, ok := f.Record(o.ID)
			if !ok || o.Removed {
				continue
			}
			r = amend.Afresh(r)
			if done := change(r); done != "" {
				save, said = append(save, r), append(said, fmt.Sprintf("%s %s %s.", o.Code, o.Version, done))
			}
		}
		if len(save) > 0 {
			if _, err := f.store.SaveEach(ctx, formKeeper, save...); err != nil {
				return fmt.Errorf("nothing was changed: %w", err)
			}
		}
		if c.json {
			c.print(map[string]any{"code": args[0], "changed": said})
		}
		for _, line := range said {
			c.say("%s", line)
		}
		if len(said) == 0 {
			c.say("Nothing was changed: it is so already.")
			return nil
		}
		c.say("Answers that were given stay readable. Devices have it after their next sync.")
		return nil
	})
}
