package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
)

// The words that records are classified with, list by list: what came with the program, which
// is our own proposal, and what the office made of it. A word that was used stays readable for
// ever, so that none is deleted: it is called otherwise, hidden, or retired on a day.

func (c *Console) wordRoutes() {
	who := reads(record.Term)
	c.rail = append(c.rail, way{href: "/vocabulary", icon: look.IconPen, name: "office-words.title", allow: who})
	c.page("/vocabulary", who, (*turn).showLists)
	c.page("/vocabulary/standards", who, (*turn).showStandards)
	c.page("/vocabulary/{list}", who, (*turn).showList)
	c.page("/vocabulary/{list}/new", keepsWords, func(t *turn) error { return t.showNewTerm(nil, nil) })
	c.post("/vocabulary/{list}/new", keepsWords, (*turn).addTerm)
	c.page("/vocabulary/{list}/term/{code}", who, func(t *turn) error { return t.showTerm(nil, nil) })
	c.post("/vocabulary/{list}/term/{code}", keepsWords, (*turn).saveTerm)
}

// keepsWords allows whoever adds words and calls them otherwise.
func keepsWords(r access.Rights) bool { return r.WritesKind(record.Term) }

func listAt(l vocabulary.List) string { return "/vocabulary/" + strings.ToLower(string(l)) }

func termAt(l vocabulary.List, c vocabulary.Code) string {
	return listAt(l) + "/term/" + url.PathEscape(string(c))
}

// listName is what a list is called; its code where a newer program has made it.
func (t *turn) listName(l vocabulary.List) look.Text {
	key := look.Key("office-words.l-" + strings.ToLower(strings.ReplaceAll(string(l), "_", "-")))
	if t.locale.Words().Has(key) {
		return t.say(key)
	}
	return look.Code(string(l))
}

// proposal says whose words these are.
func (t *turn) proposal() look.Part {
	return look.Note{Heading: t.say("office-words.proposal"), Text: t.say("office-words.proposal-body")}
}

// gap is how many words a language has no label for, and how many no native speaker has read.
type gap struct{ missing, unread int }

func gapsOf(terms []vocabulary.Term, tag string) (g gap) {
	for _, w := range terms {
		switch {
		case w.Labels[tag] == "":
			g.missing++
		case !slices.Contains(w.Reviewed, tag):
			g.unread++
		}
	}
	return g
}

func (t *turn) showLists() error {
	set := t.terms()
	table := look.Ledger{Stack: true, Caption: look.Dotted(t.say("office-words.list"), t.say("office-words.lists")), Head: []look.Column{{Text: t.say("office-words.list")}, {Text: t.say("office-words.words"), Right: true}, {Text: t.say("office-words.own"), Right: true}, {Text: t.say("office-words.missing-labels")}}}
	open, fixed := []look.Line{}, []look.Line{}
	for _, l := range set.Lists() {
		terms := set.Terms(l)
		own := 0
		for _, w := range terms {
			if !w.Shipped {
				own++
			}
		}
		line := look.Line{Href: listAt(l), Cells: []look.Cell{{Text: t.listName(l), Under: look.Code(string(l))}, {Text: t.locale.Number(len(terms))}, {Text: t.locale.Number(own)}, {Text: t.gapsSaid(l, terms)}}}
		if vocabulary.Drives(l) {
			fixed = append(fixed, line)
		} else {
			open = append(open, line)
		}
	}
	driven := table
	table.Rows, driven.Rows, driven.Caption = open, fixed, look.Dotted(t.say("office-words.list"), t.say("office-words.driven"))
	standards := set.Standards()
	return t.show(sheet{title: t.say("office-words.title"), here: "/vocabulary", lede: t.say("office-words.lede"),
		actions: []look.Part{look.Button{Text: t.say("office-words.standards-n", "n", len(standards)), Icon: look.IconLetter, Href: "/vocabulary/standards"}},
		body: []look.Part{t.proposal(), look.Section{Heading: t.say("office-words.lists"), Body: []look.Part{look.Para{Soft: true, Text: t.say("office-words.lists-body")}, table}},
			look.Section{Heading: t.say("office-words.driven"), Body: []look.Part{look.Para{Soft: true, Text: t.say("office-words.driven-body")}, driven}}}})
}

// gapsSaid leads to the words of a list that have no label in a language.
func (t *turn) gapsSaid(l vocabulary.List, terms []vocabulary.Term) look.Text {
	var out []look.Text
	for _, tag := range look.Languages {
		if g := gapsOf(terms, tag); g.missing > 0 {
			out = append(out, look.To(with(listAt(l), "without", tag), look.Spaced(look.LanguageName(tag), t.locale.Number(g.missing))))
		}
	}
	if len(out) == 0 {
		return look.Soft(t.say("office-words.no-gap"))
	}
	return look.Dotted(out...)
}

// listAsked is the list of the address.
func (t *turn) listAsked() (vocabulary.List, error) {
	l := vocabulary.List(strings.ToUpper(t.r.PathValue("list")))
	if !t.terms().Has(l) || t.r.PathValue("list") != strings.ToLower(string(l)) {
		return "", errNotFound
	}
	return l, nil
}

const wordsShown = 50

func (t *turn) showList() error {
	l, err := t.listAsked()
	if err != nil {
		return err
	}
	q := t.r.URL.Query()
	all := t.terms().Terms(l)
	found := slices.DeleteFunc(slices.Clone(all), func(w vocabulary.Term) bool { return !t.wordMatches(w, q.Get("q"), q.Get("without"), q.Get("parent")) })
	from := min(number(q, "from"), len(found))
	to := min(from+wordsShown, len(found))
	table := look.Ledger{Stack: true, Caption: t.listName(l), Head: []look.Column{{Text: t.say("office-words.word")}, {Text: t.say("office-words.code")}, {Text: t.say("office-words.stands")}, {Text: t.say("office-words.labels")}}}
	for _, w := range found[from:to] {
		table.Rows = append(table.Rows, t.wordLine(l, w))
	}
	s := sheet{title: t.say("office-words.one-list"), heading: t.listName(l), here: "/vocabulary", lede: t.say("office-words.found", "n", len(found), "of", len(all)),
		crumbs: []look.Link{{Href: "/vocabulary", Text: t.say("office-words.title")}, {Text: t.listName(l)}}}
	if q.Get("done") == "saved" {
		s.body = append(s.body, look.Note{Kind: look.NoteSettled, Status: true, Heading: t.say("office-words.saved"), Text: t.say("office-words.saved-body")})
	}
	s.body = append(s.body, t.wordFilters(l))
	if len(found) == 0 {
		s.body = append(s.body, look.Empty{Text: t.say("office-words.none"), Under: t.say("office-words.none-under")})
	} else {
		s.body = append(s.body, table, t.wordsPager(l, from, to, len(found)))
	}
	if keepsWords(t.rights) && !vocabulary.Drives(l) {
		s.actions = []look.Part{look.Button{Text: t.say("office-words.add"), Icon: look.IconPlus, Kind: look.ButtonMain, Href: listAt(l) + "/new"}}
	}
	return t.show(s)
}

// wordMatches reports whether a word is one that is looked for: by any label or its code, by
// a language that it has no label in, by its group.
func (t *turn) wordMatches(w vocabulary.Term, words, without, parent string) bool {
	if without != "" && w.Labels[without] != "" || parent != "" && string(w.Parent) != parent {
		return false
	}
	words = strings.ToLower(strings.TrimSpace(words))
	if words == "" || strings.Contains(strings.ToLower(string(w.Code)), words) {
		return true
	}
	for _, label := range w.Labels {
		if strings.Contains(strings.ToLower(label), words) {
			return true
		}
	}
	return false
}

func (t *turn) wordFilters(l vocabulary.List) look.Part {
	q := t.r.URL.Query()
	f := look.Filters{Action: listAt(l), Body: []look.Part{look.Input{Name: "q", Type: "search", Label: t.say("office-words.find"), Value: q.Get("q")}}, Clear: look.Link{Href: listAt(l), Text: t.say("office-words.clear")}}
	if groups := vocabulary.ParentList(l); groups != "" {
		s := look.Select{Name: "parent", Label: t.say("office-words.group"), Options: []look.Option{{Text: t.say("office-words.any")}}}
		for _, g := range t.terms().Terms(groups) {
			s.Options = append(s.Options, look.Option{Value: string(g.Code), Text: t.locale.Labelled(g.Label(t.locale.Tag)), Selected: q.Get("parent") == string(g.Code)})
		}
		f.Body = append(f.Body, s)
	}
	s := look.Select{Name: "without", Label: t.say("office-words.without"), Options: []look.Option{{Text: t.say("office-words.any")}}}
	for _, tag := range look.Languages {
		s.Options = append(s.Options, look.Option{Value: tag, Text: look.LanguageName(tag), Selected: q.Get("without") == tag})
	}
	f.Body = append(f.Body, s)
	return f
}

func (t *turn) wordsPager(l vocabulary.List, from, to, n int) look.Part {
	q := t.r.URL.Query()
	at := func(from int) string {
		return with(listAt(l), "q", q.Get("q"), "without", q.Get("without"), "parent", q.Get("parent"), "from", strconv.Itoa(from))
	}
	p := look.Pager{From: from + 1, To: to, N: n}
	if to < n {
		p.Later = at(to)
	}
	if from > 0 {
		p.Earlier = at(max(0, from-wordsShown))
	}
	return p
}

func (t *turn) wordLine(l vocabulary.List, w vocabulary.Term) look.Line {
	var under look.Text
	if groups := vocabulary.ParentList(l); groups != "" && w.Parent != "" {
		under = t.code(groups, string(w.Parent))
	}
	return look.Line{Href: termAt(l, w.Code), Cells: []look.Cell{{Text: t.locale.Labelled(w.Label(t.locale.Tag)), Under: under}, {Text: look.Code(string(w.Code))}, {Text: t.wordStands(w)}, {Text: t.labelled(w)}}}
}

// wordStands says whether a word is offered, and whose it is.
func (t *turn) wordStands(w vocabulary.Term) look.Text {
	whose := t.say("office-words.shipped")
	if !w.Shipped {
		whose = t.say("office-words.is-own")
	} else if r := t.terms().TermRecord(w.List, w.Code); len(r.GetSeen()) > 0 {
		whose = t.say("office-words.is-changed")
	}
	switch {
	case w.Hidden:
		return look.Dotted(whose, look.Strong(t.say("office-words.hidden")))
	case w.RetiredOn != "" && !w.OfferedOn(t.locale.Now):
		return look.Dotted(whose, look.Strong(t.say("office-words.retired", "day", t.saying().Date(w.RetiredOn))))
	case w.RetiredOn != "":
		return look.Dotted(whose, t.say("office-words.until", "day", t.saying().Date(w.RetiredOn)))
	}
	return whose
}

// labelled says in which languages a word has a label, and which of them are read.
func (t *turn) labelled(w vocabulary.Term) look.Text {
	var out []look.Text
	for _, tag := range look.Languages {
		switch {
		case w.Labels[tag] == "":
			out = append(out, look.Spaced(look.Code(tag), look.Strong(t.say("office-words.missing"))))
		case slices.Contains(w.Reviewed, tag):
			out = append(out, look.Spaced(look.Code(tag), t.say("office-words.read")))
		default:
			out = append(out, look.Code(tag))
		}
	}
	return look.Dotted(out...)
}
