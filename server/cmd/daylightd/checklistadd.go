package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/amend"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// adding is a form that is being added.
type adding struct {
	*forms
	result *xlsform.Result
	form   *daylightv1.Checklist
	dry    bool

	placeTypes []string
	titles     map[string]string
}

// added says what became of it.
type added struct {
	Code    string `json:"code"`
	Version string `json:"version"`
	ID      string `json:"id"`
	// State is new, changed or there.
	State   string           `json:"state"`
	Changes []amend.Change   `json:"changes"`
	Remarks []xlsform.Remark `json:"remarks"`
	DryRun  bool             `json:"dry_run"`
}

func checklistAdd(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	a := &adding{titles: map[string]string{}}
	flags.BoolVar(&a.dry, "dry-run", false, "say what would change, and change nothing")
	flags.Func("place-types", "the `codes` of the types of place that it is for, with commas, as POL_IVS,POL_STATION; in the place of what the form says", a.addPlaceTypes)
	flags.Func("title", "its `title` in a language, as ru=Тюрьма; in the place of what the form says; may be given again", a.addTitle)
	var attached []string
	flags.Func("attach", "a `file` with choices that the form names; may be given again. Those beside the form are found", collect(&attached))
	return c.onForms(ctx, flags, 1, 1, "which file to add is missing", func(f *forms, args []string) error {
		a.forms = f
		var err error
		if a.result, err = readForm(args[0], attached); err != nil {
			return err
		}
		if a.form = a.result.Checklist; a.form == nil {
			return c.refusedForm(a.result, "nothing was added")
		}
		if err := a.said(ctx); err != nil {
			return err
		}
		return a.save(ctx)
	})
}

func collect(into *[]string) func(string) error {
	return func(s string) error {
		*into = append(*into, s)
		return nil
	}
}

func (a *adding) addPlaceTypes(s string) error {
	for code := range strings.SplitSeq(s, ",") {
		if code = strings.TrimSpace(code); code != "" && !slices.Contains(a.placeTypes, code) {
			a.placeTypes = append(a.placeTypes, code)
		}
	}
	return nil
}

func (a *adding) addTitle(s string) error {
	tag, title, ok := strings.Cut(s, "=")
	t, err := language.Parse(strings.TrimSpace(tag))
	if !ok || err != nil || strings.TrimSpace(title) == "" {
		return fmt.Errorf("it is a language and a title, as ru=Тюрьма")
	}
	a.titles[t.String()] = strings.TrimSpace(title)
	return nil
}

// said lays what the command says over what the file says, and asks the vocabulary for the
// types of place.
func (a *adding) said(ctx context.Context) error {
	if len(a.placeTypes) > 0 {
		a.form.PlaceTypes = a.placeTypes
	}
	if a.form.Titles == nil {
		a.form.Titles = map[string]string{}
	}
	maps.Copy(a.form.Titles, a.titles)
	set, err := words(ctx, a.store)
	if err != nil {
		return err
	}
	for _, code := range a.form.GetPlaceTypes() {
		if _, ok := set.Lookup(vocabulary.PlaceType, vocabulary.Code(code)); ok {
			continue
		}
		hint := "Run daylightd vocabulary show --data DIR PLACE_TYPE to see which there are."
		var all []string
		for _, t := range set.Terms(vocabulary.PlaceType) {
			all = append(all, strings.ToLower(string(t.Code)))
		}
		if near := nearest(code, all); near != "" {
			hint = fmt.Sprintf("Did you mean %s?", strings.ToUpper(near))
		}
		return misused(fmt.Sprintf("there is no type of place %q; nothing was added", code), hint)
	}
	return nil
}

// save adds the form, or changes what may change of the version that is there.
func (a *adding) save(ctx context.Context) error {
	p := amend.Onto(a.Catalogue, a.form)
	switch {
	case len(p.Refused) > 0:
		return a.refusedAmendment(p.Refused)
	case p.New:
		return a.done(ctx, "new", p.Save, nil)
	case p.Save == nil:
		return a.done(ctx, "there", nil, nil)
	}
	return a.done(ctx, "changed", p.Save, p.Changes)
}

func (a *adding) refusedAmendment(refused []amend.Change) error {
	const most = 20
	var lines []string
	for _, ch := range refused[:min(len(refused), most)] {
		lines = append(lines, ch.String())
	}
	if more := len(refused) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	what := fmt.Sprintf("%s %s is there already and asks otherwise; nothing was changed", a.form.GetCode(), a.form.GetVersion())
	hint := "Answers keep the form that they were given to, so write another version into the sheet settings and add that. " +
		"Of a version that is there, labels, hints, messages, titles, types of place and retired choices may change."
	if a.json {
		a.print(map[string]any{"error": what, "hint": hint, "code": exitFailed, "refused": refused})
	}
	return failed(what+":\n"+strings.Join(lines, "\n"), hint)
}

// done saves what there is to save, and says so.
func (a *adding) done(ctx context.Context, state string, save *daylightv1.Checklist, changes []amend.Change) error {
	if save != nil && !a.dry {
		if _, err := a.store.SaveEach(ctx, formKeeper, save); err != nil {
			return fmt.Errorf("nothing was added: %w", err)
		}
	}
	if a.json {
		a.print(added{
			Code: a.form.GetCode(), Version: a.form.GetVersion(), ID: a.form.GetId(), State: state,
			Changes: append([]amend.Change{}, changes...), Remarks: append([]xlsform.Remark{}, a.result.Remarks...), DryRun: a.dry,
		})
		return nil
	}
	for _, r := range a.result.Remarks {
		a.say("%s", r)
	}
	for _, ch := range changes {
		a.say("%s", ch)
	}
	a.say("%s", a.told(state, len(changes)))
	return nil
}

func (a *adding) told(state string, changes int) string {
	form := a.form.GetCode() + " " + a.form.GetVersion()
	if state == "there" {
		return form + " is there already, nothing changed."
	}
	begin, end := "Added "+form+": ", ", offered from the next sync on."
	if state == "changed" {
		begin = "Changed " + numbered(changes, "text or mark", "texts and marks") + " of " + form
		end = "; answers to it stay as they are."
	} else {
		begin += numbered(asked(a.form), "question", "questions")
	}
	if a.dry {
		return "Nothing was saved. It would be: " + begin + end
	}
	return begin + end
}

// asked counts the questions of a form that is not in the catalogue yet.
func asked(form *daylightv1.Checklist) int {
	for _, o := range checklist.NewCatalogue([]*daylightv1.Checklist{form}).Versions(form.GetCode()) {
		if o.Version == form.GetVersion() {
			return o.Questions
		}
	}
	return 0
}
