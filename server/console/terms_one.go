package console

import (
	"net/http"
	"regexp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// termAsked is the word of the address.
func (t *turn) termAsked() (w vocabulary.Term, err error) {
	l, err := t.listAsked()
	if err != nil {
		return w, err
	}
	w, ok := t.terms().Lookup(l, vocabulary.Code(t.r.PathValue("code")))
	if !ok {
		return w, errNotFound
	}
	return w, nil
}

func (t *turn) wordCrumbs(l vocabulary.List, here look.Text) []look.Link {
	return []look.Link{{Href: "/vocabulary", Text: t.say("office-words.title")}, {Href: listAt(l), Text: t.listName(l)}, {Text: here}}
}

// showTerm is one word in all languages; whoever keeps the words has it as a form. f is one
// that was not taken, why is what stood against it.
func (t *turn) showTerm(f *look.Form, why look.Text) error {
	w, err := t.termAsked()
	if err != nil {
		return err
	}
	t.refused(f)
	s := sheet{title: t.say("office-words.one"), heading: t.locale.Labelled(w.Label(t.locale.Tag)), lede: look.Dotted(look.Code(string(w.Code)), t.wordStands(w)), here: "/vocabulary", crumbs: t.wordCrumbs(w.List, look.Code(string(w.Code)))}
	s.body = append(t.failure(why), t.problems(f, t.termLabels())...)
	if !keepsWords(t.rights) {
		s.body = append(s.body, t.termFacts(w))
		return t.show(s)
	}
	r := t.terms().TermRecord(w.List, w.Code)
	body := t.labelQuestions(w, f)
	body = append(body, t.groupQuestion(w.List, typed(f, "parent", string(w.Parent)))...)
	hidden := typed(f, "hidden", yesOf(w.Hidden))
	body = append(body, look.Choices{Name: "hidden", Legend: t.say("office-words.offer-it"), Options: []look.Choice{{Value: "no", Text: t.say("office-words.offer-yes"), Checked: hidden != "yes"}, {Value: "yes", Text: t.say("office-words.offer-no"), Checked: hidden == "yes"}}},
		t.retireQuestion(w, f),
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-words.save"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-words.leave"), Href: listAt(w.List), Kind: look.ButtonQuiet}}})
	s.body = append(s.body, look.Questions{ID: "term", Action: termAt(w.List, w.Code), Hidden: []look.Hidden{{Name: "seen", Value: typed(f, "seen", seenOf(r))}}, Body: body})
	return t.show(s)
}

func yesOf(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (t *turn) retireQuestion(w vocabulary.Term, f *look.Form) look.Part {
	in := look.Input{Name: "retired_on", Label: t.say("office-words.retire-on"), Hint: t.say("office-words.retire-hint"), Value: typed(f, "retired_on", w.RetiredOn), Error: wrong(f, "retired_on")}
	if in.Value == "" || len(in.Value) == len("2026-11-26") { // one that is known in part is typed
		in.Type = "date"
	}
	return in
}

func (t *turn) termLabels() map[string]look.Text {
	out := map[string]look.Text{"code": t.say("office-words.code"), "retired_on": t.say("office-words.retire-on"), "label-en": t.say("office-words.labels")}
	return out
}

// termFacts is a word for whoever only reads.
func (t *turn) termFacts(w vocabulary.Term) look.Part {
	facts := look.Facts{Leaf: true}
	for _, tag := range look.Languages {
		label := look.Soft(t.say("office-words.missing"))
		if w.Labels[tag] != "" {
			label = look.Foreign(tag, w.Labels[tag])
		}
		facts.Items = append(facts.Items, look.Fact{Name: look.LanguageName(tag), Value: label})
	}
	return facts
}

// labelQuestions ask for the label in each language, and whether a native speaker has read it.
func (t *turn) labelQuestions(w vocabulary.Term, f *look.Form) (out []look.Part) {
	shipped, is := vocabulary.Shipped().Lookup(w.List, w.Code)
	for _, tag := range look.Languages {
		in := look.Input{Name: "label-" + tag, Label: look.LanguageName(tag), Value: typed(f, "label-"+tag, w.Labels[tag]), Error: wrong(f, "label-"+tag), Tag: tag}
		if is && shipped.Labels[tag] != "" {
			in.Hint = t.say("office-words.as-shipped", "label", look.Foreign(tag, shipped.Labels[tag]))
		}
		read := slices.Contains(w.Reviewed, tag)
		if f != nil {
			read = f.Ticked("reviewed", tag)
		}
		out = append(out, look.Flow{Tight: true, Body: []look.Part{in, look.Choices{Name: "reviewed", Legend: t.say("office-words.reviewed", "language", look.LanguageName(tag)), Unseen: true, Many: true, Options: []look.Choice{{Value: tag, Text: t.say("office-words.reviewed-yes"), Checked: read}}}}})
	}
	return out
}

// groupQuestion asks for the group of a word, in a list that has groups.
func (t *turn) groupQuestion(l vocabulary.List, now string) []look.Part {
	groups := vocabulary.ParentList(l)
	if groups == "" {
		return nil
	}
	s := look.Select{Name: "parent", Label: t.listName(groups), Choose: now == ""}
	for _, g := range t.terms().Terms(groups) {
		s.Options = append(s.Options, look.Option{Value: string(g.Code), Text: t.locale.Labelled(g.Label(t.locale.Tag)), Selected: now == string(g.Code)})
	}
	return []look.Part{s}
}

// saveTerm saves what the office calls a word, and whether it is offered.
func (t *turn) saveTerm(f *look.Form) error {
	w, err := t.termAsked()
	if err != nil {
		return err
	}
	r := t.terms().TermRecord(w.List, w.Code)
	if f.Value("seen") != seenOf(r) {
		t.status = http.StatusConflict
		f.Put("seen", seenOf(r))
		return t.showTerm(f, t.say("office-words.moved"))
	}
	t.layTerm(r, f)
	r.Hidden = proto.Bool(f.Value("hidden") == "yes")
	if !r.GetHidden() && !w.Hidden {
		r.Hidden = nil
	}
	r.RetiredOn = t.retiredOn(f)
	if !f.OK() {
		return t.showTerm(f, nil)
	}
	return t.keepTerm(r, func(why look.Text) error { return t.showTerm(f, why) })
}

// retiredOn is the day, the month or the year of the form from which the word is not offered.
func (t *turn) retiredOn(f *look.Form) *string {
	s := f.Trimmed("retired_on")
	if partOfDate.MatchString(s) {
		return &s
	}
	day, given := f.Day("retired_on")
	if !given {
		return nil
	}
	return proto.String(day.Format("2006-01-02"))
}

var partOfDate = regexp.MustCompile(`^\d{4}(-\d{2})?$`)

// layTerm lays labels, who has read them, and the group over a word. What is as it was shipped
// is not the office's to say.
func (t *turn) layTerm(r *daylightv1.Term, f *look.Form) {
	shipped, _ := vocabulary.Shipped().Lookup(vocabulary.List(r.GetList()), vocabulary.Code(r.GetCode()))
	if r.Labels == nil {
		r.Labels = map[string]string{}
	}
	for _, tag := range look.Languages {
		switch label := f.Trimmed("label-" + tag); label {
		case "", shipped.Labels[tag]:
			delete(r.Labels, tag)
		default:
			r.Labels[tag] = label
		}
		r.Reviewed = slices.DeleteFunc(r.Reviewed, func(s string) bool { return s == tag })
		if f.Ticked("reviewed", tag) && f.Trimmed("label-"+tag) != "" {
			r.Reviewed = append(r.Reviewed, tag)
		}
	}
	if groups := vocabulary.ParentList(vocabulary.List(r.GetList())); groups != "" {
		parent := f.Value("parent")
		if _, ok := t.terms().Lookup(groups, vocabulary.Code(parent)); ok && (parent != string(shipped.Parent) || r.Parent != nil) {
			r.Parent = &parent
		}
	}
	if len(r.Labels) == 0 && len(shipped.Labels) == 0 {
		f.Refuse("label-en", t.say("office-words.no-label"))
	}
}

func (t *turn) keepTerm(r *daylightv1.Term, again func(look.Text) error) error {
	if _, err := t.records().Save(t.ctx(), r); err != nil {
		if why, ok := t.notSaved(err); ok {
			return again(why)
		}
		return err
	}
	return t.to(listAt(vocabulary.List(r.GetList())) + "?done=saved")
}

// showNewTerm asks for a word of the office's own.
func (t *turn) showNewTerm(f *look.Form, why look.Text) error {
	l, err := t.listAsked()
	if err != nil || vocabulary.Drives(l) {
		return errNotFound
	}
	t.refused(f)
	body := []look.Part{look.Input{Name: "code", Label: t.say("office-words.code"), Hint: t.say("office-words.code-hint"), Value: typed(f, "code", ""), Error: wrong(f, "code"), Required: true, Mono: true}}
	body = append(body, t.labelQuestions(vocabulary.Term{List: l}, f)...)
	body = append(body, t.groupQuestion(l, typed(f, "parent", ""))...)
	body = append(body, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-words.save"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-words.leave"), Href: listAt(l), Kind: look.ButtonQuiet}}})
	s := sheet{title: t.say("office-words.add"), lede: t.say("office-words.add-lede", "list", t.listName(l)), here: "/vocabulary", crumbs: t.wordCrumbs(l, t.say("office-words.add"))}
	s.body = append(t.failure(why), t.problems(f, t.termLabels())...)
	s.body = append(s.body, look.Questions{ID: "term", Action: listAt(l) + "/new", Body: body})
	return t.show(s)
}

// ownCode is a code as the lists have them; a slash would be another address.
var ownCode = regexp.MustCompile(`^[A-Z][A-Z0-9_.-]{0,59}$`)

func (t *turn) addTerm(f *look.Form) error {
	l, err := t.listAsked()
	if err != nil || vocabulary.Drives(l) {
		return errNotFound
	}
	code := f.Trimmed("code")
	_, there := t.terms().Lookup(l, vocabulary.Code(code))
	switch {
	case !ownCode.MatchString(code):
		f.Refuse("code", t.say("office-words.bad-code"))
	case there:
		f.Refuse("code", t.say("office-words.code-there"))
	}
	r := &daylightv1.Term{List: proto.String(string(l)), Code: &code, Number: proto.Uint32(t.terms().NextNumber(l))}
	t.layTerm(r, f)
	if !f.OK() {
		return t.showNewTerm(f, nil)
	}
	return t.keepTerm(r, func(why look.Text) error { return t.showNewTerm(f, why) })
}
