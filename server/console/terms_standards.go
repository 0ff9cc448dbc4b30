package console

import (
	"slices"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/vocabulary"
)

// showStandards lists the provisions that findings are measured against, by instrument.
func (t *turn) showStandards() error {
	q := t.r.URL.Query()
	all := t.terms().Standards()
	found := slices.DeleteFunc(slices.Clone(all), func(s vocabulary.Standard) bool { return !t.standardMatches(s, q.Get("q"), q.Get("instrument")) })
	from := min(number(q, "from"), len(found))
	to := min(from+wordsShown, len(found))
	table := look.Ledger{Stack: true, Caption: t.say("office-words.standards"), Head: []look.Column{{Text: t.say("office-words.standard")}, {Text: t.say("office-words.says")}, {Text: t.say("office-words.topics")}}}
	for _, s := range found[from:to] {
		table.Rows = append(table.Rows, t.standardLine(s))
	}
	at := func(from int) string {
		return with("/vocabulary/standards", "q", q.Get("q"), "instrument", q.Get("instrument"), "from", strconv.Itoa(from))
	}
	p := look.Pager{From: from + 1, To: to, N: len(found)}
	if to < len(found) {
		p.Later = at(to)
	}
	if from > 0 {
		p.Earlier = at(max(0, from-wordsShown))
	}
	body := []look.Part{t.proposal(), t.standardFilters(all)}
	if len(found) == 0 {
		body = append(body, look.Empty{Text: t.say("office-words.none"), Under: t.say("office-words.none-under")})
	} else {
		body = append(body, table, p)
	}
	return t.show(sheet{title: t.say("office-words.standards"), here: "/vocabulary", lede: t.say("office-words.found", "n", len(found), "of", len(all)),
		crumbs: []look.Link{{Href: "/vocabulary", Text: t.say("office-words.title")}, {Text: t.say("office-words.standards")}}, body: body})
}

func (t *turn) standardFilters(all []vocabulary.Standard) look.Part {
	q := t.r.URL.Query()
	s := look.Select{Name: "instrument", Label: t.say("office-words.instrument"), Options: []look.Option{{Text: t.say("office-words.any")}}}
	seen := map[string]bool{}
	for _, st := range all {
		if !seen[st.Instrument] {
			seen[st.Instrument] = true
			s.Options = append(s.Options, look.Option{Value: st.Instrument, Text: look.Dotted(look.Code(st.Instrument), look.Foreign("en", st.InstrumentName)), Selected: q.Get("instrument") == st.Instrument})
		}
	}
	return look.Filters{Action: "/vocabulary/standards", Body: []look.Part{look.Input{Name: "q", Type: "search", Label: t.say("office-words.find"), Value: q.Get("q")}, s}, Clear: look.Link{Href: "/vocabulary/standards", Text: t.say("office-words.clear")}}
}

func (t *turn) standardMatches(s vocabulary.Standard, words, instrument string) bool {
	if instrument != "" && s.Instrument != instrument {
		return false
	}
	words = strings.ToLower(strings.TrimSpace(words))
	if words == "" || strings.Contains(strings.ToLower(string(s.Ref)), words) {
		return true
	}
	for _, title := range s.Titles {
		if strings.Contains(strings.ToLower(title), words) {
			return true
		}
	}
	return false
}

func (t *turn) standardLine(s vocabulary.Standard) look.Line {
	var topics []look.Text
	for _, c := range s.Topics {
		topics = append(topics, t.code(vocabulary.FindingTopic, string(c)))
	}
	var marks []look.Text
	if s.Hidden {
		marks = append(marks, t.say("office-words.hidden"))
	}
	if s.RetiredOn != "" {
		marks = append(marks, t.say("office-words.retired", "day", t.saying().Date(s.RetiredOn)))
	}
	if !s.Shipped {
		marks = append(marks, t.say("office-words.is-own"))
	}
	if s.Said != 0 { // else it depends on the State, which the office does not say
		marks = append(marks, t.enum(s.Said))
	}
	if s.Checked != 0 {
		marks = append(marks, t.enum(s.Checked))
	}
	return look.Line{ID: "s-" + string(s.Ref), Cells: []look.Cell{{Text: look.Code(string(s.Ref)), Under: look.Dotted(look.Foreign("en", s.InstrumentName), look.Code(s.Provision))},
		{Text: t.locale.Labelled(s.Title(t.locale.Tag)), Under: look.Dotted(marks...)}, {Text: look.Dotted(topics...)}}}
}
