package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// rowLine is one row of a form for scripts.
type rowLine struct {
	Name      string   `json:"name"`
	Type      string   `json:"type"`
	List      string   `json:"list,omitempty"`
	Label     string   `json:"label,omitempty"`
	Parent    string   `json:"parent,omitempty"`
	Relevant  string   `json:"relevant,omitempty"`
	Topic     string   `json:"topic,omitempty"`
	Standards []string `json:"standards,omitempty"`
	depth     int
}

func checklistShow(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	language := flags.String("language", "en", "the `tag` of the language, as ru")
	return c.onForms(ctx, flags, 1, 2, "which checklist to show is missing", func(f *forms, args []string) error {
		o, form, err := f.one(args)
		if err != nil {
			return err
		}
		line, rows := f.line(o, *language), rowsOf(form, *language)
		if c.json {
			c.print(map[string]any{"checklist": line, "rows": rows})
			return nil
		}
		c.say("%s %s  %s", line.Code, line.Version, line.Title)
		c.say("  %s; %s; %s", line.marks(), numbered(line.Questions, "question", "questions"), answeredTimes(line))
		c.say("  languages: %s; places: %s", strings.Join(line.Languages, ", "), cmp.Or(strings.Join(line.PlaceTypes, ", "), "all"))
		for _, r := range rows {
			c.say("%s%s  [%s]  %s", strings.Repeat("  ", r.depth+1), r.Name, strings.TrimSpace(r.Type+" "+r.List), r.Label)
		}
		return nil
	})
}

// one is the version that the arguments name: without a version the one that is offered,
// else the newest.
func (f *forms) one(args []string) (o checklist.Offered, form *daylightv1.Checklist, err error) {
	versions, err := f.chosen(args)
	if err != nil {
		return o, nil, err
	}
	o = versions[0]
	if newest, ok := f.Newest(o.Code, today()); ok && len(args) == 1 {
		o = newest
	}
	form, _ = f.Form(o.ID)
	return o, form, nil
}

// rowsOf are the rows of a form in their order.
func rowsOf(form *daylightv1.Checklist, language string) []rowLine {
	questions := slices.Clone(form.GetQuestions())
	slices.SortStableFunc(questions, func(a, b *daylightv1.ChecklistQuestion) int { return cmp.Compare(a.GetOrder(), b.GetOrder()) })
	depth, out := map[string]int{}, []rowLine{}
	for _, q := range questions {
		r := rowLine{
			Name: q.GetName(), Type: q.GetType(), List: q.GetList(), Label: inLanguage(q.GetLabels(), language, form.GetDefaultLanguage()),
			Parent: q.GetParent(), Relevant: q.GetRelevant(), Topic: q.GetTopic(), Standards: q.GetStandards(),
		}
		if q.GetParent() != "" {
			r.depth = depth[q.GetParent()] + 1
		}
		depth[q.GetName()] = r.depth
		out = append(out, r)
	}
	return out
}

// inLanguage is a text on one line, in the language or in the form's own or in any.
func inLanguage(texts []*daylightv1.LocalText, languages ...string) string {
	for _, l := range languages {
		for _, t := range texts {
			if t.GetLanguage() == l && t.GetText() != "" {
				return strings.Join(strings.Fields(t.GetText()), " ")
			}
		}
	}
	for _, t := range texts {
		if t.GetText() != "" {
			return strings.Join(strings.Fields(t.GetText()), " ")
		}
	}
	return ""
}

func checklistExport(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	return c.onForms(ctx, flags, 2, 3, "which checklist to write, or to which file, is missing", func(f *forms, args []string) error {
		path, args := args[len(args)-1], args[:len(args)-1]
		if strings.ToLower(filepath.Ext(path)) != ".xlsx" {
			return misused("a checklist is written as a workbook", "End the file's name with .xlsx.")
		}
		o, form, err := f.one(args)
		if err != nil {
			return err
		}
		if !o.Whole {
			return failed(fmt.Sprintf("%s %s is not wholly here; nothing was written", o.Code, o.Version), "Add it again from the file that it was made of.")
		}
		d := directory.New(f.store.File(), time.Now, rand.Reader)
		if _, err = written(path, func(w io.Writer) error {
			if err := exported(ctx, d, o.ID, "a checklist was taken out", c.name); err != nil {
				return err
			}
			return xlsform.Write(w, form)
		}); err != nil {
			return err
		}
		if c.json {
			c.print(map[string]any{"file": path, "code": o.Code, "version": o.Version})
		}
		c.say("Wrote %s %s to %s, for Daylight and for other programs that read XLSForm.", o.Code, o.Version, path)
		c.say("Change it under another form_id or version, in the sheet settings, and add it:\n  daylightd checklist add --data DIR %s", path)
		return nil
	})
}
