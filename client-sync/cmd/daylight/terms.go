package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/daylight-npm/daylight/client-sync/terms"
)

func termsCommand() command {
	return command{
		name: "terms", args: "[LIST [CODE]]", most: 2,
		line: "list the words that records are classified with",
		long: `Without LIST, the lists. With LIST, what is offered today: number, code, and the label
in the language, or in the nearest that there is, which is then said. With CODE too, that
term, and what leads on from it: from a topic the standards that speak to it, from a type
of place the topics that matter there. What the office added comes with a sync.`,
		prepare: prepareTerms,
	}
}

// wording is the command with what it was given.
type wording struct {
	*call
	set      *terms.Set
	language string
	all      bool
	tenant   terms.Tenant
	on       time.Time
}

func prepareTerms(fs *flag.FlagSet) action {
	w := &wording{}
	fs.StringVar(&w.language, "language", "en", "labels in the language with this `TAG`, as ru or uk-UA")
	fs.BoolVar(&w.all, "all", false, "also what is hidden or retired")
	fs.BoolVar(&w.tenant.CouncilOfEurope, "council-of-europe", false, "the State is a member, which some standards guide")
	return func(ctx context.Context, c *call, args []string) error {
		client, err := c.open(ctx)
		if err != nil {
			return err
		}
		w.call, w.on = c, time.Now()
		if w.set, err = client.Terms(ctx); err != nil {
			return err
		}
		return w.show(args)
	}
}

func (w *wording) show(args []string) error {
	if len(args) == 0 {
		return w.lists()
	}
	list := terms.List(strings.ToUpper(args[0]))
	if !w.set.Has(list) {
		var names []string
		for _, l := range w.set.Lists() {
			names = append(names, string(l))
		}
		return wrongUse("there is no list "+quoted(args[0]), didYouMean("", args[0], names, `"daylight terms" names the lists.`))
	}
	if len(args) == 1 {
		if w.all {
			return w.terms(w.set.Terms(list))
		}
		return w.terms(w.set.Offered(list, w.on))
	}
	t, ok := w.set.Lookup(list, terms.Code(args[1]))
	if !ok {
		var codes []string
		for _, t := range w.set.Terms(list) {
			codes = append(codes, string(t.Code))
		}
		return wrongUse("there is no "+quoted(args[1])+" in "+string(list), didYouMean("", args[1], codes, `"daylight terms `+string(list)+`" names the codes.`))
	}
	return w.term(t)
}

// termListJSON is a list for scripts.
type termListJSON struct {
	List  terms.List `json:"list"`
	Terms int        `json:"terms"`
}

func (w *wording) lists() error {
	all := []termListJSON{}
	for _, l := range w.set.Lists() {
		all = append(all, termListJSON{l, len(w.set.Offered(l, w.on))})
	}
	if w.json {
		return writeJSON(w.out, all)
	}
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	for _, l := range all {
		fmt.Fprintf(t, "%s\t%d\n", l.List, l.Terms)
	}
	return t.Flush()
}

// termJSON is a term for scripts.
type termJSON struct {
	Number    uint32     `json:"number"`
	Code      terms.Code `json:"code"`
	Label     string     `json:"label"`
	Language  string     `json:"language,omitempty"`
	Parent    terms.Code `json:"parent,omitempty"`
	Offered   bool       `json:"offered"`
	Standards []leadJSON `json:"standards,omitempty"`
	Topics    []leadJSON `json:"topics,omitempty"`
}

// leadJSON is a standard, with how far it binds, or a topic, with how much it matters.
type leadJSON struct {
	Ref   string `json:"ref"`
	Force string `json:"force"`
	Label string `json:"label"`
}

func (w *wording) line(t terms.Term) termJSON {
	l := t.Label(w.language)
	return termJSON{Number: t.Number, Code: t.Code, Label: l.Text, Language: l.Language, Parent: t.Parent, Offered: t.OfferedOn(w.on)}
}

func (w *wording) terms(list []terms.Term) error {
	all := []termJSON{}
	for _, t := range list {
		all = append(all, w.line(t))
	}
	if w.json {
		return writeJSON(w.out, all)
	}
	table := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	for _, t := range all {
		fmt.Fprintf(table, "%d\t%s\t%s%s\n", t.Number, t.Code, w.in(t.Label, t.Language), offered(t.Offered))
	}
	return table.Flush()
}

func offered(yes bool) string {
	if yes {
		return ""
	}
	return " (not offered)"
}

// in says which language a label is in where it is not the one that was asked for.
func (w *wording) in(text, language string) string {
	text = clean(text)
	if language == "" || strings.HasPrefix(w.language, language) {
		return text
	}
	return text + " [" + clean(language) + "]"
}

func (w *wording) term(t terms.Term) error {
	out := w.line(t)
	switch t.List {
	case terms.FindingTopic:
		for _, s := range w.set.StandardsFor(t.Code, w.tenant, w.on) {
			l := w.set.StandardLabel(s.Ref, w.language)
			out.Standards = append(out.Standards, leadJSON{string(s.Ref), enumWord(s.Binding.Descriptor().Values().ByNumber(s.Binding.Number())), w.in(l.Text, l.Language)})
		}
	case terms.PlaceType:
		for _, m := range w.set.TopicsFor(t.Code, w.on) {
			l, force := m.Label(w.language), "also"
			if m.First {
				force = "first"
			}
			out.Topics = append(out.Topics, leadJSON{string(m.Code), force, w.in(l.Text, l.Language)})
		}
	}
	if w.json {
		return writeJSON(w.out, out)
	}
	if err := w.terms([]terms.Term{t}); err != nil {
		return err
	}
	table := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	for _, l := range append(out.Standards, out.Topics...) {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", l.Force, l.Ref, l.Label)
	}
	return table.Flush()
}
