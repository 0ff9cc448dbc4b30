package fieldapp

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A page of a checklist saves itself as every form does: what was posted is laid over the
// response as it was shown, question by question, and saved against it.

// rankName is the control of one place of an order.
func rankName(k forms.Key, place int) string { return "r" + strconv.Itoa(place) + ":" + k.String() }

// given is what was posted of one question; nil for what was not.
type given struct {
	value, state, note *string
	places             map[int]string
}

// answersIn takes a form apart by questions. Controls that the bounds of a form refuse are
// told beside them.
func answersIn(f *look.Form, refused map[string]look.Text) map[forms.Key]*given {
	out := map[forms.Key]*given{}
	at := func(key string) *given {
		k := forms.ParseKey(key)
		if out[k] == nil {
			out[k] = &given{places: map[int]string{}}
		}
		return out[k]
	}
	for _, name := range append(f.Names(), f.Values(recordpage.HasField)...) {
		what, key, ok := strings.Cut(name, ":")
		if !ok || strings.HasPrefix(name, "_") {
			continue
		}
		if why := f.Error(name); len(why) > 0 {
			refused[name] = why
			continue
		}
		value := strings.Join(f.Values(name), " ")
		switch place, err := strconv.Atoi(strings.TrimPrefix(what, "r")); {
		case what == "v":
			at(key).value = &value
		case what == "s":
			at(key).state = &value
		case what == "n":
			at(key).note = &value
		case err == nil && place >= 0 && place < 1000:
			at(key).places[place] = value
		}
	}
	return out
}

// change is what a person means by what was posted, where it differs from what was shown.
func (g *given) change(it forms.Item) (out forms.Given, changed bool) {
	out = forms.Given{Value: it.Value, State: it.State, Note: it.Note}
	if out.State <= daylightv1.AnswerState_ANSWER_STATE_ANSWERED {
		out.State = 0
	}
	if g.note != nil && *g.note != it.Note {
		out.Note, changed = *g.note, true
	}
	if g.state != nil && *g.state != forms.StateName(it.State) {
		changed = true
		out.State = 0
		for _, s := range noAnswers {
			if forms.StateName(s) == *g.state {
				out.Value, out.State = "", s
			}
		}
	}
	value := g.value
	if len(g.places) > 0 {
		ranked := g.ranked(it.Value)
		value = &ranked
	}
	if value != nil && *value != controlValue(it) && !sameWords(*value, it) {
		changed = true
		if out.Value = *value; *value != "" {
			out.State = 0
		}
	}
	return out, changed
}

// sameWords: several choices are the same in any order.
func sameWords(value string, it forms.Item) bool {
	if it.Question.Type != typeSelectMultiple {
		return false
	}
	a, b := strings.Fields(value), strings.Fields(it.Value)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// ranked puts choices to their places; one that is put to another place leaves its own.
func (g *given) ranked(value string) string {
	now := strings.Fields(value)
	for place := range 1000 {
		v, ok := g.places[place]
		switch at := slices.Index(now, v); {
		case !ok || place < len(now) && now[place] == v:
			continue
		case v == "" && place < len(now):
			now = slices.Delete(now, place, place+1)
			continue
		case v == "":
			continue
		case at >= 0:
			now = slices.Delete(now, at, at+1)
		}
		now = slices.Insert(now, min(place, len(now)), v)
	}
	return strings.Join(now, " ")
}

// answerChecklist saves what was answered on a page, and does what its button asks for.
func (t *turn) answerChecklist(item clientsync.Item, f *look.Form) error {
	x, err := t.filling(t.ctx(), item.ID)
	if err != nil {
		return err
	}
	at := forms.ParseKey(f.Value(pageField))
	t.refused = map[string]look.Text{}
	if f.Has(recordpage.AsField) {
		if err := t.saveAnswers(item, x, f); err != nil {
			return t.answersNotSaved(item, x, f, at, err)
		}
	}
	if at != (forms.Key{}) {
		t.here(item.Kind, item.ID, "fill", valueName(lastGiven(f, at)))
	}
	if t.fromScript() {
		if t.saved, err = recordpage.Pack(x.Response()); err != nil {
			return err
		}
		return t.answeredScript(item, x, at)
	}
	if len(t.refused) > 0 {
		t.again = f
		return t.fillAgain(item, x, at, http.StatusUnprocessableEntity)
	}
	return t.doChecklist(item, x, f.Value(doField), at)
}

// lastGiven is the question that a person was at.
func lastGiven(f *look.Form, at forms.Key) forms.Key {
	for _, name := range f.Names() {
		if what, key, ok := strings.Cut(name, ":"); ok && (what == "v" || what == "s" || what == "n") && f.Value(name) != "" {
			at = forms.ParseKey(key)
		}
	}
	return at
}

// saveAnswers lays what was posted over the response as it was shown, and saves that. What
// can be no answer is told beside its control, and the rest is saved.
func (t *turn) saveAnswers(item clientsync.Item, x *forms.Filling, f *look.Form) error {
	shown, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	x.Stand(shown.(*daylightv1.ChecklistResponse), besideEachOther(x))
	changed := false
	for k, g := range answersIn(f, t.refused) {
		it, ok := x.Item(k)
		if !ok {
			continue // of a turn that is gone; the page is drawn anew without it
		}
		what, differs := g.change(it)
		if !differs {
			continue
		}
		_, err := x.Set(k, what)
		if err != nil {
			// The answer and the note are two controls: one is kept without the other.
			if name := t.refuse(k, g, err); name == noteName(k) {
				what.Note = it.Note
			} else {
				what.Value, what.State = it.Value, it.State
			}
			_, err = x.Set(k, what)
		}
		changed = changed || err == nil
	}
	if !changed {
		// What others said meanwhile is shown all the same.
		now, err := t.filling(t.ctx(), item.ID)
		if err == nil {
			*x = *now
		}
		return err
	}
	return t.client.SaveChecklist(t.ctx(), x)
}

// besideEachOther are the answers that stand beside those of a filling.
func besideEachOther(x *forms.Filling) map[string][]*daylightv1.Answer {
	out := map[string][]*daylightv1.Answer{}
	for _, it := range x.Items() {
		for i, c := range it.Contested {
			if i == 0 {
				continue
			}
			a := &daylightv1.Answer{Key: it.Key.String()}
			if c.State != 0 {
				a.State = c.State.Enum()
			}
			if c.Value != "" {
				a.Value = &c.Value
			}
			if c.Note != "" {
				a.Note = &c.Note
			}
			out[a.Key] = append(out[a.Key], a)
		}
	}
	return out
}

// mostNote is how long a note may be, in bytes.
const mostNote = 16 << 10

// refuse says beside the control why an answer was not taken, and gives the control.
func (t *turn) refuse(k forms.Key, g *given, err error) (name string) {
	name = valueName(k)
	switch {
	case g.note != nil && len(*g.note) > mostNote:
		name = noteName(k)
	case len(g.places) > 0:
		name = rankName(k, 0)
	case g.value == nil && g.state != nil:
		name = stateName(k)
	case g.value == nil:
		name = noteName(k)
	}
	var known *forms.Error
	t.refused[name] = t.say("field-edit.bad-value")
	if errors.As(err, &known) && refusals[known.Code] != "" {
		t.refused[name] = t.say(refusals[known.Code])
	}
	return name
}

// refusals are the sentences for what can be no answer.
var refusals = map[string]look.Key{
	"not-a-number": "field-edit.bad-number", "not-whole": "field-edit.bad-whole", "too-large": "field-edit.bad-number", "too-long": "field-edit.bad-long",
	"not-text": "field-edit.bad-value", "unknown-choice": "field-edit.bad-choice", "several-choices": "field-edit.bad-choice",
	"not-a-date": "field-checklist.bad-date", "not-a-time": "field-checklist.bad-time", "not-a-moment": "field-checklist.bad-time",
	"not-a-place": "field-checklist.bad-place", "not-a-line": "field-checklist.bad-place", "not-a-shape": "field-checklist.bad-place",
	"computed": "field-checklist.bad-computed", "read-only": "field-checklist.bad-computed",
}

// answersNotSaved tells why, and keeps what was typed.
func (t *turn) answersNotSaved(item clientsync.Item, x *forms.Filling, f *look.Form, at forms.Key, err error) error {
	var known *clientsync.Error
	if !errors.As(err, &known) || errors.Is(err, clientsync.ErrLocked) {
		return err
	}
	var stale *clientsync.StaleError
	elsewhere := errors.As(err, &stale)
	if t.fromScript() && !elsewhere {
		return t.json(statusOf(known), scriptAnswer{Failed: told(t.locale, known).String()})
	}
	now, err := t.filling(t.ctx(), item.ID)
	if err != nil {
		return err
	}
	shown, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	x.Stand(shown.(*daylightv1.ChecklistResponse), nil)
	for k, g := range answersIn(f, map[string]look.Text{}) {
		if it, ok := x.Item(k); ok && elsewhere {
			if _, differs := g.change(it); differs {
				t.refused[g.name(k)] = t.say("field-edit.changed-elsewhere")
			}
		}
	}
	if t.fromScript() {
		return t.answeredScript(item, now, at)
	}
	t.again = f
	if !elsewhere {
		t.shown, t.failed = shown, told(t.locale, known)
	}
	return t.fillAgain(item, now, at, statusOf(known))
}

// name is the control that was typed in.
func (g *given) name(k forms.Key) string {
	switch {
	case g.value != nil:
		return valueName(k)
	case g.state != nil:
		return stateName(k)
	case g.note != nil:
		return noteName(k)
	}
	return rankName(k, 0)
}

// answeredScript is what the script puts into the page: the questions as they are now.
func (t *turn) answeredScript(item clientsync.Item, x *forms.Filling, at forms.Key) error {
	a := scriptAnswer{Refused: map[string]string{}, Parts: map[string]string{}, Saved: t.say("part.saved-here", "clock", t.locale.Clock(t.locale.Now)).String()}
	for name, why := range t.refused {
		a.Refused[name] = why.String()
	}
	if len(t.refused) > 0 {
		a.Saved = t.say("field-edit.saved-but", "clock", t.locale.Clock(t.locale.Now)).String()
	}
	var err error
	if a.As, err = recordpage.Pack(x.Response()); err != nil {
		return err
	}
	now, err := t.client.Get(t.ctx(), item.Kind, item.ID)
	if err != nil {
		return err
	}
	p, err := t.pageOf(now, x, at)
	if err != nil || p.leaf == nil {
		return errors.Join(err, t.json(http.StatusOK, a))
	}
	for id, part := range map[string]look.Part{fillID: look.Flow{Body: p.questions()}, jumpID: p.jump()} {
		var b strings.Builder
		if err := look.RenderLive(&b, t.locale, id, part); err != nil {
			return err
		}
		a.Parts[id] = b.String()
	}
	return t.json(http.StatusOK, a)
}

// fillAgain shows the page again.
func (t *turn) fillAgain(item clientsync.Item, x *forms.Filling, at forms.Key, status int) error {
	p, err := t.pageOf(item, x, at)
	if err != nil {
		return err
	}
	p.status = status
	return p.show()
}

// doChecklist does what a button of the page asks for, once all is saved.
func (t *turn) doChecklist(item clientsync.Item, x *forms.Filling, do string, at forms.Key) error {
	what, rest, _ := strings.Cut(do, " ")
	all := layOut(x)
	l := all.find(at)
	switch what {
	case "next":
		if l != nil {
			at = l.items[len(l.items)-1].Key
		}
		return t.toNext(item, x, at)
	case "forward", "back":
		step := 1
		if what == "back" {
			step = -1
		}
		if to := all.beside(l, step); l != nil && to != nil {
			return t.to(t.leafHref(item.ID, to))
		}
		return t.to(t.href(item.Kind, item.ID))
	case "offer":
		for _, o := range x.Offers() {
			if o.Key.String() == rest {
				return t.to(t.begin(o.Finding))
			}
		}
	case "add":
		repeat, parent, _ := strings.Cut(rest, " ")
		return t.addTurn(item, x, repeat, parent)
	case "drop":
		return t.dropTurn(item, x, rest)
	}
	return t.to(t.href(item.Kind, item.ID, "fill") + "?saved=1&at=" + t.fillName(item.ID, at.String()))
}
