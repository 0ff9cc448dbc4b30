package recordpage

import (
	"github.com/daylight-npm/daylight/internal/look"
)

// Names of the controls by which a field in two versions is settled. What begins with a low
// line is no path.
const (
	ChoiceField = "_choice"
	TextField   = "_text"
	WhyField    = "_why"
	partField   = "_part_" // begins the names of the questions about the parts
)

// What can be chosen, beside the versions themselves, which go by their Digest.
const (
	ChooseCombined = "combine"
	ChooseBoth     = "both"
	ChooseLeave    = "leave"
)

// TwoPage puts a field in two versions on a page, and reads what was chosen there.
type TwoPage struct {
	Two
	Words Words
	// Person names who wrote a version, Device on what.
	Person, Device func(Version) look.Text
	// Others says what has happened where none of the versions is one's own.
	Others look.Text
	// Violet draws the version in front as one's own is drawn where none is, so that the two
	// differ by their shape.
	Violet bool
	// BeforeElsewhere stands where nobody here knows what was there before.
	BeforeElsewhere look.Text
	// Leave and LeaveUnder offer to let both stand for now; WhyHint says who reads why.
	Leave, LeaveUnder, WhyHint look.Text
	// OnlyLeave is for whoever may say something about it and settles nothing.
	OnlyLeave bool
	// Typed is the form of a page that comes again, else nil; Refused says why, by control.
	Typed   *look.Form
	Refused map[string]look.Text
}

// typed is what a person typed already, where the page comes again.
func (p *TwoPage) typed(name, otherwise string) string {
	if p.Typed != nil && p.Typed.Has(name) {
		return p.Typed.Value(name)
	}
	return otherwise
}

func (p *TwoPage) say(k look.Key, pairs ...any) look.Text { return p.Words.Locale.Say(k, pairs...) }

// Lede says what has happened, and that nothing is lost.
func (p *TwoPage) Lede() look.Text {
	if p.Field == "removed" {
		return p.say("field-two.lede-removed")
	}
	for _, v := range p.Versions {
		if v.Own {
			return p.say("field-two.lede")
		}
	}
	return p.Others
}

// Voices are the versions, side by side, with what was there before.
func (p *TwoPage) Voices() (out []look.Part) {
	if p.Before != nil {
		out = append(out, look.Voice{Who: p.say("part.before"), When: look.Dotted(p.Person(*p.Before), p.Words.Locale.When(p.Before.Written)),
			Words: p.Words.Value(p.Kind, p.Field, p.Key, p.Before.JSON)})
	}
	for i, v := range p.InOrder() {
		voice := p.voice(v)
		if i == 0 && p.Violet {
			voice.Whose = look.Mine
		}
		out = append(out, voice)
	}
	if p.Before == nil && len(p.BeforeElsewhere) > 0 {
		out = append(out, look.Para{Small: true, Soft: true, Text: p.BeforeElsewhere})
	}
	return out
}

func (p *TwoPage) voice(v Version) look.Voice {
	l, text := p.Words.Locale, p.IsText()
	mine, _ := p.MineAndTheirs()
	voice := look.Voice{Whose: look.Theirs, Who: p.Person(v), Words: p.said(v), Under: p.doubts(v)}
	if v.Own {
		voice.Whose, voice.Who = look.Mine, p.say("part.yours")
	}
	if v.Writer != "" {
		voice.When = look.Dotted(l.When(v.Written), p.Device(v))
	}
	switch {
	case text && p.Before != nil:
		voice.Words = l.Compared(Unquoted(p.Before.JSON), Unquoted(v.JSON))
	case text && v.Writer != mine.Writer:
		voice.Words = l.Compared(Unquoted(mine.JSON), Unquoted(v.JSON))
	}
	if v.JSON == "" || len(voice.Words) == 0 {
		voice.Words = p.said(v)
	}
	return voice
}

// said is a version in words.
func (p *TwoPage) said(v Version) look.Text {
	if p.Field == "removed" && v.JSON == "" {
		return p.say("field-two.kept")
	}
	if v.JSON == "" && p.Key != "" {
		return p.say("field-two.taken-out")
	}
	return p.Words.Value(p.Kind, p.Field, p.Key, v.JSON)
}

// doubts says what the clock of a version was worth, and whether the office has it.
func (p *TwoPage) doubts(v Version) look.Text {
	var out []look.Text
	if v.ClockSuspect {
		out = append(out, p.say("field-two.clock-doubt"))
	}
	if v.Pending {
		out = append(out, p.say("field-two.pending"))
	}
	return look.Dotted(out...)
}

// Questions ask what should stand, with the text or the parts to be put together; Why is
// asked beside where somebody reads it.
func (p *TwoPage) Questions(why bool) []look.Part {
	body := []look.Part{p.choices()}
	if p.IsText() && !p.OnlyLeave {
		body = append(body, p.combining())
	}
	if !p.OnlyLeave {
		body = append(body, p.partQuestions()...)
	}
	if why {
		body = append(body, look.Input{Name: WhyField, Label: p.say("field-two.why"), Hint: p.WhyHint, Value: p.typed(WhyField, ""), Error: p.Refused[WhyField]})
	}
	return body
}

func (p *TwoPage) choices() look.Part {
	now := p.typed(ChoiceField, "")
	if now == "" && p.Typed == nil && p.IsText() {
		now = ChooseCombined
	}
	var all []look.Choice
	add := func(value string, text, under look.Text) {
		if !p.OnlyLeave || value == ChooseLeave {
			all = append(all, look.Choice{Value: value, Text: text, Under: under, Checked: value == now || p.OnlyLeave})
		}
	}
	for _, v := range p.InOrder() {
		text, under := p.toTake(v)
		add(v.Digest(), text, under)
	}
	if p.IsText() {
		under := p.say("field-two.combined-under")
		if _, open := p.Combined(); open > 0 {
			under = p.Words.Locale.StillOpen(open)
		}
		add(ChooseCombined, p.say("field-two.combined"), under)
	} else if len(p.partings()) > 1 {
		add(ChooseCombined, p.say("field-two.by-parts"), p.say("field-two.by-parts-under"))
	}
	if p.asSecondFinding() {
		add(ChooseBoth, p.say("field-two.both"), p.say("field-two.both-under"))
	} else if p.asOneText() {
		add(ChooseBoth, p.say("field-two.both"), p.say("field-two.both-text-under"))
	}
	if len(p.Leave) > 0 {
		add(ChooseLeave, p.Leave, p.LeaveUnder)
	}
	return look.Choices{Name: ChoiceField, Legend: p.say("field-two.what"), Options: all, Error: p.Refused[ChoiceField]}
}

// toTake offers one version.
func (p *TwoPage) toTake(v Version) (text, under look.Text) {
	switch {
	case p.Field == "removed" && v.JSON == "":
		return p.say("field-two.keep-record"), p.say("field-two.keep-record-under")
	case p.Field == "removed":
		return p.say("field-two.remove-record"), p.say("field-two.remove-record-under")
	case v.Own:
		return p.say("part.yours"), p.say("field-two.others-stay")
	}
	return look.Dotted(p.Person(v), p.Words.Locale.When(v.Written)), p.say("field-two.others-stay")
}

func (p *TwoPage) combining() look.Part {
	text, open := p.Combined()
	why := p.Refused[TextField]
	if len(why) == 0 && p.Typed == nil {
		why = p.Words.Locale.StillOpen(open)
	}
	return look.Input{Name: TextField, Label: p.say("field-two.text"), Hint: p.say("field-two.text-hint"), Value: p.typed(TextField, text), Rows: 6, Error: why}
}

// partQuestions ask of each part which stays; of one part alone the choice above is enough.
func (p *TwoPage) partQuestions() (out []look.Part) {
	parts := p.partings()
	if len(parts) < 2 {
		return nil
	}
	one, other := p.MineAndTheirs()
	whose := p.say("part.yours")
	if !one.Own {
		whose = p.Person(one)
	}
	for _, at := range parts {
		name := partField + string(at.fd.Name())
		now := ""
		if at.byMe != at.byThem {
			now = map[bool]string{true: "mine", false: "theirs"}[at.byMe]
		}
		now = p.typed(name, now)
		out = append(out, look.Choices{Name: name, Legend: p.Words.Field(string(at.fd.Name())), Error: p.Refused[name], Two: true, Options: []look.Choice{
			{Value: "mine", Text: p.Words.Inner(at.mine, at.fd), Under: whose, Checked: now == "mine"},
			{Value: "theirs", Text: p.Words.Inner(at.theirs, at.fd), Under: p.Person(other), Checked: now == "theirs"},
		}})
	}
	return out
}
