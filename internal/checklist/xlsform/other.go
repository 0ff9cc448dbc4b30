package xlsform

import (
	"fmt"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// other is the name of the choice that or_other adds.
const other = "other"

// otherWords are the choice and the question that or_other adds, by language. No native
// speaker has read them yet; a form that writes its own does better.
var otherWords = map[string][2]string{
	"en": {"Other", "Specify other"},
	"ru": {"Другое", "Уточните, что именно"},
	"uk": {"Інше", "Уточніть, що саме"},
	"tk": {"Başga", "Nämedigini görkeziň"},
	"ar": {"غير ذلك", "حدِّد ما هو"},
	"fr": {"Autre", "Précisez"},
	"es": {"Otro", "Especifique"},
}

// wordsOf is one of the two in each language of the form, in English where the language
// has none.
func (r *reader) wordsOf(which int) (out []*daylightv1.LocalText) {
	tags := r.form.Languages
	if len(tags) == 0 {
		tags = []string{r.fallback}
	}
	for _, tag := range tags {
		base, _, _ := strings.Cut(tag, "-")
		text, ok := otherWords[base]
		if !ok {
			text = otherWords["en"]
		}
		out = append(out, &daylightv1.LocalText{Language: tag, Text: &text[which]})
	}
	return out
}

// otherOf is the question that or_other adds below a select.
func (r *reader) otherOf(q *question) *question {
	kind, relevant := "text", fmt.Sprintf("selected(${%s}, '%s')", q.called, other)
	name := q.called + "_other"
	r.note(r.survey, q.row, "type", Remark{Code: "or-other", Text: fmt.Sprintf("or_other was written out: the choice %s, and the question %s below it", other, shown(name)), Cure: "write both yourself if the words should be others"})
	if q.GetChoiceFilter() != "" {
		r.note(r.survey, q.row, "choice_filter", Remark{Code: "or-other-filtered", Text: "the choice other has no values in the columns of the list, so the choice_filter may hide it", Cure: "write the choice other into the list, with the values that the filter asks for"})
	}
	return &question{
		ChecklistQuestion: &daylightv1.ChecklistQuestion{Name: name, Type: &kind, Relevant: &relevant, Labels: r.wordsOf(1)},
		row:               q.row, parent: q.parent, called: name, made: true, typed: typed{kindOf: kindOf{name: kind}, ok: true},
	}
}

// addOthers adds the choice other to the lists that or_other asks it of. Where other
// questions use the list without it, the ones with it get a list of their own.
func (r *reader) addOthers() {
	for _, l := range append([]*list(nil), r.order...) {
		with, without := 0, 0
		for _, q := range l.users {
			if q.typed.other {
				with++
			} else {
				without++
			}
		}
		if with == 0 || l.first[other].At != 0 {
			continue
		}
		to := l
		if without > 0 {
			to = r.copyOf(l)
			for _, q := range l.users {
				if q.typed.other {
					q.List = &to.name
				}
			}
		}
		to.add(other, l.place.row).Labels = r.wordsOf(0)
	}
}

// copyOf is a list with the same choices under another name.
func (r *reader) copyOf(l *list) *list {
	name := l.name + "_or_other"
	for r.lists[name] != nil {
		name += "_"
	}
	out := newList(name, name, l.place)
	for _, c := range l.choices {
		to := out.add(nameOf(c), l.first[nameOf(c)])
		to.Labels, to.Attributes = c.Labels, c.Attributes
		r.places[to.Key] = r.places[c.Key]
	}
	r.lists[name] = out
	r.order = append(r.order, out)
	return out
}
