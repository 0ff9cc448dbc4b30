package fieldapp

import (
	"errors"
	"maps"
	"strconv"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the library says, it says in English and by stable codes. Here the codes become the
// reader's language; the English is shown only where a newer office says what this program
// has no words for.

// told is what the library says of a failure: what happened, what was kept, what to do.
func told(l *look.Locale, e *clientsync.Error) look.Text {
	if errors.Is(e, errCannotAmend) {
		return l.Say("field-sealed.cannot-amend")
	}
	return look.Spaced(librarySays(l, e.Message), librarySays(l, e.Hint))
}

// librarySays gives one text of the library's, sentence by sentence.
func librarySays(l *look.Locale, text string) look.Text {
	all := clientsync.SentencesOf(text)
	if all == nil {
		return inEnglish(l, text)
	}
	var out []look.Text
	for _, s := range all {
		out = append(out, sentenceSays(l, s))
	}
	return look.Spaced(out...)
}

func inEnglish(l *look.Locale, text string) look.Text {
	if l.Tag == "en" {
		return look.Plain(text)
	}
	return look.Foreign("en", text)
}

func sentenceSays(l *look.Locale, s clientsync.Sentence) look.Text {
	var pairs []any
	for name, value := range s.Params {
		pairs = append(pairs, name, paramSays(l, s, name, value))
	}
	return l.Say(look.Key("refusal."+s.Code), pairs...)
}

// paramSays is the value of a param as people read it: a sentence of its own, a count, a
// kind of record, a step, a name.
func paramSays(l *look.Locale, s clientsync.Sentence, name, value string) look.Text {
	step := strings.HasPrefix(s.Code, "why-step-")
	switch {
	case name == "why" || name == "form":
		return librarySays(l, value)
	case name == "kind":
		if k := look.Key("field-history.k-" + strings.ReplaceAll(value, "_", "-")); l.Words().Has(k) {
			return l.Say(k)
		}
	case step && name == "who":
		return labelled(l, "OFFICE_ROLE", value)
	case step:
		return labelled(l, stateLists[s.Params["kind"]], value)
	}
	if n, err := strconv.Atoi(value); err == nil && name != "version" && name != "code" {
		return l.Number(n)
	}
	if name == "person" || name == "device" {
		return look.Typed(value)
	}
	return look.Code(value)
}

// stateLists are the lists of the steps that a kind of record takes.
var stateLists = map[string]terms.List{
	"visit":          terms.ListOf(daylightv1.VisitState(0).Descriptor()),
	"recommendation": terms.ListOf(daylightv1.RecommendationState(0).Descriptor()),
}

// labelled reads a list of codes, as "NPM_HEAD, CASE_OFFICER or its head", with the labels
// that came with the program: an error is told before anybody asks for the office's.
func labelled(l *look.Locale, list terms.List, codes string) look.Text {
	var out []look.Text
	for code := range strings.SplitSeq(strings.ReplaceAll(codes, " or ", ", "), ", ") {
		switch {
		case code == "its head":
			out = append(out, l.Say("field-visit.its-head"))
		case code == "its team":
			out = append(out, l.Say("field-visit.its-team"))
		default:
			label := terms.Shipped().Label(list, terms.Code(code), l.Tag)
			if !label.Known {
				out = append(out, look.Code(code))
				continue
			}
			out = append(out, l.Labelled(label))
		}
	}
	return l.List(out...)
}

// flagSays is what a rule says of a record, with codes as people read them.
func (t *turn) flagSays(f clientsync.Flag) look.Text {
	if f.Code == "access-step" {
		return t.say(look.Key(f.MessageKey), "why", librarySays(t.locale, f.Params["why"]))
	}
	params, english := maps.Clone(f.Params), f.Text
	for name, value := range f.Params {
		if read := t.codeSays(name, value); read != "" {
			params[name] = read
		}
		if value != "" && params[name] != value { // the English has its params filled in
			english = strings.ReplaceAll(english, value, "“"+params[name]+"”")
		}
	}
	return t.locale.Sentence(f.MessageKey, english, params)
}

// codeSays is a param of a flag that is a code; empty for what is none.
func (t *turn) codeSays(name, value string) string {
	switch name {
	case "right":
		return t.code("ACCESS_RIGHT", value).String()
	case "category":
		return t.code("POPULATION_CATEGORY", value).String()
	case "from", "to": // of a step; the numbers of other rules are none of these
		for _, list := range stateLists {
			if strings.HasPrefix(value, string(list)+"_") {
				return t.code(list, value).String()
			}
		}
	case "checklist":
		if title, err := t.formTitle(value, ""); err == nil {
			return title.String()
		}
	}
	return ""
}
