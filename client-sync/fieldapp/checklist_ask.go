package fieldapp

import (
	"slices"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The types of questions, as XLSForm calls them.
const (
	typeInteger        forms.Type = "integer"
	typeDecimal        forms.Type = "decimal"
	typeRange          forms.Type = "range"
	typeDate           forms.Type = "date"
	typeTime           forms.Type = "time"
	typeDateTime       forms.Type = "dateTime"
	typeSelectOne      forms.Type = "select_one"
	typeSelectMultiple forms.Type = "select_multiple"
	typeRank           forms.Type = "rank"
	typeGeopoint       forms.Type = "geopoint"
	typeAcknowledge    forms.Type = "acknowledge"
)

// A question has up to three controls: its value, why there is none, and a note.
func valueName(k forms.Key) string { return "v:" + k.String() }
func stateName(k forms.Key) string { return "s:" + k.String() }
func noteName(k forms.Key) string  { return "n:" + k.String() }

// questions are what stands on the page, in the order of the form.
func (p *filled) questions() (out []look.Part) {
	loose := p.looseOffers()
	last := p.lastAnswered()
	section := p.formText(p.leaf.of.label).String()
	for i, it := range p.leaf.items {
		var part look.Part
		switch it.Kind {
		case forms.ItemGroup:
			if label := p.formText(it.Label); len(label) > 0 && !strings.HasPrefix(label.String(), section) {
				part = look.Para{Label: true, Text: label}
			}
		case forms.ItemNote:
			part = p.note(it)
		case forms.ItemRepeat:
			part = p.repeat(it)
		default:
			part = p.question(it, i < last || p.x.Response().GetFinishedAt() != "")
		}
		if part != nil {
			out = append(out, look.Flow{Tight: true, ID: p.questionID(p.item.ID, it.Key.String()), Body: []look.Part{part}})
		}
		for _, o := range loose[it.Key] {
			out = append(out, look.Flow{Tight: true, ID: p.questionID(p.item.ID, o.Key.String()), Body: []look.Part{p.offer(o, true)}})
		}
	}
	return out
}

// lastAnswered is the place of the last question that was answered: what is required and
// was passed over before it is marked.
func (p *filled) lastAnswered() int {
	for i := len(p.leaf.items) - 1; i >= 0; i-- {
		if isAsked(p.leaf.items[i]) && p.leaf.items[i].Done {
			return i
		}
	}
	return -1
}

// looseOffers are findings suggested by what stands on no page, as a calculation: by the
// item after which they are shown, the last before it in the form.
func (p *filled) looseOffers() map[forms.Key][]forms.Offer {
	order := map[string]int{}
	for i, q := range p.x.Form().Questions() {
		order[q.Name] = i
	}
	onPage := map[forms.Key]bool{}
	for _, l := range p.all.leaves {
		for _, it := range l.items {
			onPage[it.Key] = true
		}
	}
	out := map[forms.Key][]forms.Offer{}
	for _, o := range p.x.Offers() {
		if onPage[o.Key] || !o.Suggested {
			continue
		}
		var after forms.Key
		var on *leaf
		for _, l := range p.all.leaves {
			for _, it := range l.items {
				if it.Key.Turn == o.Key.Turn && order[it.Question.Name] < order[o.Key.Question] {
					after, on = it.Key, l
				}
			}
		}
		if on != p.leaf {
			continue
		}
		i := slices.IndexFunc(on.items, func(it forms.Item) bool { return it.Key == after })
		for i+1 < len(on.items) && on.items[i+1].Kind == forms.ItemNote { // what was calculated is read first
			i++
		}
		after = on.items[i].Key
		out[after] = append(out[after], o)
	}
	return out
}

// note is a text of the form, perhaps with what was calculated in it.
func (p *filled) note(it forms.Item) look.Part {
	text := p.formText(it.Label)
	if len(text) == 0 {
		return nil
	}
	hint := p.formText(it.Hint)
	if !strings.Contains(it.Question.Label("").Text, "${") {
		return look.Note{Text: text, Under: hint}
	}
	body := []look.Part{look.Para{Text: look.Strong(text)}}
	if len(hint) > 0 {
		body = append(body, look.Para{Small: true, Soft: true, Text: hint})
	}
	return look.Leaf{Live: true, Body: body}
}

// repeat is where turns are added, with those that there are.
func (p *filled) repeat(it forms.Item) look.Part {
	rows := look.Rows{}
	for _, c := range p.all.chapters {
		if c.turn == "" || !slices.ContainsFunc(p.x.Response().GetInstances(), func(i *daylightv1.RepeatInstance) bool {
			return i.GetId() == c.turn && i.GetRepeat() == it.Question.Name && i.GetParent() == it.Key.Turn
		}) {
			continue
		}
		n := c.count()
		rows.Items = append(rows.Items, look.Row{Href: p.leafHref(p.item.ID, c.begin()), Lead: look.Pane{State: paneOf(n)}, Text: p.formText(c.label), Under: p.openWords(n), Count: p.locale.Of(n.Done, n.Asked)})
	}
	body := []look.Part{}
	if len(rows.Items) > 0 {
		body = append(body, rows)
	} else {
		body = append(body, look.Para{Small: true, Soft: true, Text: p.say("field-checklist.no-turns")})
	}
	if it.CanAdd {
		text := p.say("field-checklist.first")
		if it.Turns > 0 {
			text = p.say("field-checklist.another")
		}
		body = append(body, look.Button{Icon: look.IconPlus, Text: text, Name: doField, Value: "add " + it.Question.Name + " " + it.Key.Turn, NoCheck: true})
	}
	return look.Section{Heading: p.formText(it.Label), Body: body}
}

// question is one question, with what stands beside it.
func (p *filled) question(it forms.Item, passed bool) look.Part {
	label := p.formText(it.Label)
	if len(label) == 0 {
		label = look.Code(it.Question.Called)
	}
	if it.ReadOnly || !it.Question.Answerable() && !it.Question.Later {
		return look.Pairs{Items: []look.Fact{{Name: label, Value: p.answerWords(it)}}}
	}
	var body []look.Part
	if len(it.Contested) > 0 {
		body = append(body, p.contested(it))
	}
	if it.Question.Later {
		body = append(body, look.Para{Text: label}, look.Para{Small: true, Soft: true, Text: p.say("field-checklist.later")})
	} else {
		body = append(body, p.control(it, label, passed && it.Missing))
	}
	return look.Flow{Tight: true, Body: append(body, p.more(it)...)}
}

// answerWords are what a person reads for an answer.
func (p *filled) answerWords(it forms.Item) look.Text {
	if it.Display != "" {
		return look.Typed(it.Display)
	}
	if it.State > daylightv1.AnswerState_ANSWER_STATE_ANSWERED {
		return p.stateWords(it.State)
	}
	return look.Plain("–")
}

// contested shows both answers, and leads to where they are settled.
func (p *filled) contested(it forms.Item) look.Part {
	points := look.Points{}
	for _, c := range it.Contested {
		text := typedOrNone(c.Display)
		if c.Display == "" && c.State > daylightv1.AnswerState_ANSWER_STATE_ANSWERED {
			text = p.stateWords(c.State)
		}
		if len(text) == 0 {
			text = p.say("field-checklist.taken-back")
		}
		points.Items = append(points.Items, look.Dotted(text, typedOrNone(c.Note)))
	}
	return look.Note{Kind: look.NoteTwo, Text: p.say("field-checklist.two"), Body: []look.Part{points,
		look.Button{Kind: look.ButtonQuiet, Text: p.say("field-edit.compare"), Href: p.href(p.item.Kind, p.item.ID, "two")}}}
}

// typed is what a control shows: what was typed and refused, else what is saved.
func (p *filled) typed(name, saved string) string {
	if p.again != nil && p.again.Has(name) && len(p.refused[name]) > 0 {
		return p.again.Value(name)
	}
	return saved
}

// control is the control of a question's value.
func (p *filled) control(it forms.Item, label look.Text, missing bool) look.Part {
	name := valueName(it.Key)
	hint, wrong := p.formText(it.Hint), p.refused[name]
	if len(wrong) == 0 && it.Broken {
		wrong = look.Spaced(p.brokenWords(it), p.say("field-checklist.kept"))
	}
	beside := p.besides(it, missing)
	switch it.Question.Type {
	case typeSelectOne, typeSelectMultiple:
		return p.chooseFrom(it, label, hint, wrong, missing, beside)
	case typeAcknowledge:
		return look.Choices{Name: name, Legend: label, Hint: hint, Many: true, Error: wrong, Missing: missing, Beside: beside,
			Options: []look.Choice{{Value: "OK", Text: p.say("field-checklist.acknowledge"), Checked: it.Value != ""}}}
	case typeRank:
		return p.rank(it, label, hint, wrong, beside)
	}
	in := look.Input{Name: name, Label: label, Hint: hint, Error: wrong, Missing: missing, Beside: beside, Value: p.typed(name, controlValue(it))}
	switch it.Question.Type {
	case typeInteger, typeDecimal:
		in.Numeric = true
	case typeRange:
		in.Numeric = true
		if from, to := it.Question.Parameters["start"], it.Question.Parameters["end"]; from != "" && to != "" && len(hint) == 0 {
			in.Hint = p.say("field-checklist.range", "from", look.Code(from), "to", look.Code(to))
		}
	case typeDate:
		in.Type = "date"
	case typeTime:
		in.Type = "time"
	case typeDateTime:
		in.Type = "datetime-local"
	case typeGeopoint:
		in.Mono, in.Placeholder = true, "41.31 69.28"
	default:
		if !strings.Contains(it.Question.Appearance, "numbers") {
			in.Rows = 2
		}
	}
	if len(wrong) > 0 && it.Question.Type != typeInteger && in.Value != controlValue(it) {
		in.Type = "" // what was typed is no value of such a control
	}
	return in
}

// controlValue is what is stored as a control has it: times without zone and seconds.
func controlValue(it forms.Item) string {
	switch it.Question.Type {
	case typeTime:
		if len(it.Value) >= 5 {
			return it.Value[:5]
		}
	case typeDateTime:
		if local, _, ok := recordpage.ClockOf(it.Value); ok {
			return local
		}
	}
	return it.Value
}

// mostChoices is how many choices stand in sight; more are a list that opens.
const mostChoices = 10

func (p *filled) chooseFrom(it forms.Item, label, hint, wrong look.Text, missing bool, beside []look.Part) look.Part {
	name, many := valueName(it.Key), it.Question.Type == typeSelectMultiple
	chosen := []string{it.Value}
	if many {
		chosen = strings.Fields(it.Value)
	}
	options := it.Choices
	for _, v := range chosen { // what is not on offer any more stays, and can be taken out
		if v != "" && !slices.ContainsFunc(options, func(c forms.Choice) bool { return c.Name == v }) {
			options = append(slices.Clone(options), p.retired(it, v))
		}
	}
	if !many && len(options) > mostChoices {
		s := look.Select{Name: name, Label: label, Hint: hint, Choose: true, Error: wrong, Missing: missing, Beside: beside}
		for _, c := range options {
			s.Options = append(s.Options, look.Option{Value: c.Name, Text: p.formText(c.Label), Selected: c.Name == it.Value})
		}
		return s
	}
	c := look.Choices{Name: name, Legend: label, Hint: hint, Many: many, Two: fitsBeside(options), Error: wrong, Missing: missing, Beside: beside}
	for _, o := range options {
		c.Options = append(c.Options, look.Choice{Value: o.Name, Text: p.formText(o.Label), Checked: slices.Contains(chosen, o.Name)})
	}
	if !many && it.Value != "" {
		c.Options = append(c.Options, look.Choice{Text: p.say("field-checklist.unsay")})
	}
	return c
}

// fitsBeside reports whether choices fit beside each other.
func fitsBeside(options []forms.Choice) bool {
	return !slices.ContainsFunc(options, func(c forms.Choice) bool { return len([]rune(c.Label.Text)) > 22 })
}

// retired is a choice that was made and is not on offer any more.
func (p *filled) retired(it forms.Item, name string) forms.Choice {
	for _, c := range it.Question.Choices(p.x.Language()) {
		if c.Name == name {
			return c
		}
	}
	return forms.Choice{Name: name, Label: forms.Text{Text: name}}
}

// rank asks for an order: first, second and so on.
func (p *filled) rank(it forms.Item, label, hint, wrong look.Text, beside []look.Part) look.Part {
	now := strings.Fields(it.Value)
	body := []look.Part{look.Para{Text: look.Strong(label)}}
	if len(hint) > 0 {
		body = append(body, look.Para{Small: true, Soft: true, Text: hint})
	}
	for i := range it.Choices {
		s := look.Select{Name: rankName(it.Key, i), Label: p.say("field-checklist.rank", "place", i+1), Choose: true}
		if i == 0 {
			s.Error, s.Beside = wrong, beside
		}
		for _, c := range it.Choices {
			s.Options = append(s.Options, look.Option{Value: c.Name, Text: p.formText(c.Label), Selected: i < len(now) && now[i] == c.Name})
		}
		body = append(body, s)
	}
	return look.Flow{Tight: true, Body: body}
}

// besides are the flags of a question, and the form's own words for what is missing.
func (p *filled) besides(it forms.Item, missing bool) (out []look.Part) {
	if missing && it.RequiredMessage.Text != "" {
		out = append(out, look.Para{Small: true, Text: p.formText(it.RequiredMessage)})
	}
	for _, f := range it.Flags {
		switch f.Code {
		case "answer-missing", "answer-contested", "constraint-broken":
		default:
			if it.Broken && f.Code == "out-of-range" {
				continue
			}
			out = append(out, look.Para{Small: true, Live: true, Text: p.flagSays(f)})
		}
	}
	return out
}

// brokenWords are the form's own words for an answer that breaks its constraint.
func (p *filled) brokenWords(it forms.Item) look.Text {
	if it.BrokenMessage.Text != "" {
		return p.formText(it.BrokenMessage)
	}
	for _, f := range it.Flags {
		if f.Code == "out-of-range" {
			return p.flagSays(f)
		}
	}
	return p.say("flag.constraint-broken")
}

// noAnswers are why there may be no answer.
var noAnswers = []daylightv1.AnswerState{forms.NotAsked, forms.Refused, forms.NotApplicable, forms.NotAllowedIn, forms.NotKnown}

func (t *turn) stateWords(s daylightv1.AnswerState) look.Text {
	return t.code(terms.List("ANSWER_STATE"), s.String())
}

// more is what can be said beside the answer: why there is none, a note, and a finding.
func (p *filled) more(it forms.Item) (out []look.Part) {
	o, offered := p.offers[it.Key]
	if offered && o.Suggested || p.taken[it.Key.String()] != "" {
		out = append(out, p.offer(o, true))
	}
	var body []look.Part
	summary := p.say("field-checklist.note-only")
	if it.States {
		summary = p.say("field-checklist.not-answered")
		if it.State > daylightv1.AnswerState_ANSWER_STATE_ANSWERED {
			summary = p.say("field-checklist.not-answered-since", "why", p.stateWords(it.State))
		}
		c := look.Choices{Name: stateName(it.Key), Legend: p.say("field-checklist.why"), Error: p.refused[stateName(it.Key)]}
		for _, s := range noAnswers {
			c.Options = append(c.Options, look.Choice{Value: forms.StateName(s), Text: p.stateWords(s), Checked: it.State == s})
		}
		c.Options = append(c.Options, look.Choice{Text: p.say("field-checklist.none-of-these"), Checked: it.State <= daylightv1.AnswerState_ANSWER_STATE_ANSWERED})
		body = append(body, c)
	}
	body = append(body, look.Input{Name: noteName(it.Key), Label: p.say("field-checklist.note"), Hint: p.say("field-checklist.note-hint"), Rows: 2,
		Value: p.typed(noteName(it.Key), it.Note), Error: p.refused[noteName(it.Key)]})
	if guidance := p.formText(it.Guidance); len(guidance) > 0 {
		body = append([]look.Part{look.Para{Small: true, Text: guidance}}, body...)
	}
	if offered && !o.Suggested && p.taken[it.Key.String()] == "" {
		body = append(body, p.offer(o, false))
	}
	open := it.State > daylightv1.AnswerState_ANSWER_STATE_ANSWERED || it.Note != "" || len(p.refused[noteName(it.Key)])+len(p.refused[stateName(it.Key)]) > 0
	return append(out, look.Unfold{Plain: true, Summary: summary, Open: open, Body: body})
}

// offer leads from an answer to a finding: the one that was written, or a new one.
func (p *filled) offer(o forms.Offer, loud bool) look.Part {
	if id := p.taken[o.Key.String()]; id != "" {
		return look.Para{Small: true, Text: look.To(p.href(clientsync.KindFinding, id), p.say("field-checklist.written"))}
	}
	b := look.Button{Text: p.say("field-checklist.write"), Icon: look.IconFinding, Name: doField, Value: "offer " + o.Key.String(), NoCheck: true}
	if !loud {
		b.Kind = look.ButtonQuiet
		return b
	}
	return look.Note{Kind: look.NoteWatch, Icon: look.IconFinding, Text: p.say("field-checklist.suggests"), Body: []look.Part{b}}
}
