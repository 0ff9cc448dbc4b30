package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/daylight-npm/daylight/internal/vocabulary"
)

// showing is the command that shows words.
type showing struct {
	*call
	set      *vocabulary.Set
	language string
	tenant   vocabulary.Tenant
	on       time.Time
}

func vocabularyShow(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data")
	v := &showing{call: c, on: time.Now()}
	flags.StringVar(&v.language, "language", "en", "the `tag` of the language, as ru or uk-UA")
	flags.BoolVar(&v.tenant.CouncilOfEurope, "council-of-europe", false, "the State is a member, which some standards guide")
	rest, err := c.parse(flags, 2)
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, *data, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if v.set, err = words(ctx, s); err != nil {
		return err
	}
	return v.show(rest)
}

func (v *showing) show(args []string) error {
	if len(args) == 0 {
		return v.lists()
	}
	list := vocabulary.List(strings.ToUpper(args[0]))
	if !v.set.Has(list) {
		hint := "Run daylightd vocabulary show without a list to see which there are."
		if near := nearest(args[0], v.lower()); near != "" {
			hint = fmt.Sprintf("Did you mean %s?", strings.ToUpper(near))
		}
		return misused(fmt.Sprintf("there is no list %q", args[0]), hint)
	}
	if len(args) == 1 {
		return v.terms(v.set.Terms(list))
	}
	t, ok := v.set.Lookup(list, vocabulary.Code(args[1]))
	if !ok {
		return misused(fmt.Sprintf("there is no %s in %s", args[1], list), "Look at the list for its codes.")
	}
	return v.term(t)
}

func (v *showing) lower() (out []string) {
	for _, l := range v.set.Lists() {
		out = append(out, strings.ToLower(string(l)))
	}
	return out
}

func (v *showing) lists() error {
	type line struct {
		List   vocabulary.List `json:"list"`
		Terms  int             `json:"terms"`
		Drives bool            `json:"drives"`
	}
	var all []line
	for _, l := range v.set.Lists() {
		all = append(all, line{l, len(v.set.Terms(l)), vocabulary.Drives(l)})
	}
	if v.json {
		v.print(all)
		return nil
	}
	w := tabwriter.NewWriter(v.stdout, 0, 0, 2, ' ', 0)
	for _, l := range all {
		open := "open to terms of the office's own"
		if l.Drives {
			open = "drives the program"
		}
		fmt.Fprintf(w, "%s\t%d\t%s\n", l.List, l.Terms, open)
	}
	return w.Flush()
}

// termLine is a term for scripts.
type termLine struct {
	List     vocabulary.List `json:"list"`
	Number   uint32          `json:"number"`
	Code     vocabulary.Code `json:"code"`
	Label    string          `json:"label"`
	Language string          `json:"language"`
	Parent   vocabulary.Code `json:"parent,omitempty"`
	Shipped  bool            `json:"shipped"`
	Offered  bool            `json:"offered"`
	Hidden   bool            `json:"hidden,omitempty"`
	Retired  string          `json:"retired_on,omitempty"`
}

func (v *showing) line(t vocabulary.Term) termLine {
	l := t.Label(v.language)
	return termLine{t.List, t.Number, t.Code, l.Text, l.Language, t.Parent, t.Shipped, t.OfferedOn(v.on), t.Hidden, t.RetiredOn}
}

func (v *showing) terms(terms []vocabulary.Term) error {
	all := make([]termLine, len(terms))
	for i, t := range terms {
		all[i] = v.line(t)
	}
	if v.json {
		v.print(all)
		return nil
	}
	w := tabwriter.NewWriter(v.stdout, 0, 0, 2, ' ', 0)
	for _, l := range all {
		fmt.Fprintf(w, "%d\t%s\t%s%s\n", l.Number, l.Code, v.in(l.Label, l.Language), l.marks())
	}
	return w.Flush()
}

// in says which language a label is in where it is not the one that was asked for.
func (v *showing) in(text, language string) string {
	if language == "" || strings.HasPrefix(v.language, language) {
		return text
	}
	return text + " [" + language + "]"
}

func (l termLine) marks() string {
	var marks []string
	if !l.Shipped {
		marks = append(marks, "own")
	}
	if l.Hidden {
		marks = append(marks, "hidden")
	}
	if l.Retired != "" {
		marks = append(marks, "retired "+l.Retired)
	}
	if len(marks) == 0 {
		return ""
	}
	return "\t" + strings.Join(marks, ", ")
}

// cited is a standard for scripts.
type cited struct {
	Ref     vocabulary.Ref `json:"ref"`
	Label   string         `json:"label"`
	Binding string         `json:"binding"`
	Checked string         `json:"checked"`
}

// matter is a topic for scripts.
type matter struct {
	Code  vocabulary.Code `json:"code"`
	Label string          `json:"label"`
	First bool            `json:"first"`
}

// term shows one term with all its labels, and what leads on from it: from a topic the
// standards, from a type of place the topics.
func (v *showing) term(t vocabulary.Term) error {
	standards, topics := []cited{}, []matter{}
	switch t.List {
	case vocabulary.FindingTopic:
		standards = v.standards(t.Code)
	case vocabulary.PlaceType:
		for _, m := range v.set.TopicsFor(t.Code, v.on) {
			l := m.Label(v.language)
			topics = append(topics, matter{m.Code, v.in(l.Text, l.Language), m.First})
		}
	}
	if v.json {
		v.print(map[string]any{"term": v.line(t), "labels": t.Labels, "reviewed": t.Reviewed, "standards": standards, "topics": topics})
		return nil
	}
	if err := v.terms([]vocabulary.Term{t}); err != nil {
		return err
	}
	w := tabwriter.NewWriter(v.stdout, 0, 0, 2, ' ', 0)
	for _, s := range standards {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", s.Ref, strings.ToLower(s.Binding), s.Label)
	}
	for _, m := range topics {
		first := "also"
		if m.First {
			first = "first"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", first, m.Code, m.Label)
	}
	return w.Flush()
}

func (v *showing) standards(topic vocabulary.Code) []cited {
	out := []cited{}
	for _, s := range v.set.StandardsFor(topic, v.tenant, v.on) {
		l := v.set.StandardLabel(s.Ref, v.language)
		out = append(out, cited{
			s.Ref, v.in(l.Text, l.Language),
			strings.TrimPrefix(s.Binding.String(), "STANDARD_BINDING_"), strings.TrimPrefix(s.Checked.String(), "STANDARD_CHECK_"),
		})
	}
	return out
}
