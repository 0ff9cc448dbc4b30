package fieldapp

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the office did not accept, and what it holds: kept here, readable, with the reason.
// A person puts it in again, corrected or as it was, or puts it away.

func (a *App) refusedRoutes() {
	a.page("/refused", (*turn).showRefused)
	a.post("/refused/again", (*turn).refusedAgain)
	a.post("/refused/dismiss", (*turn).dismissRefused)
}

// numberField says which refusal a form is about.
const numberField = "_number"

func (t *turn) showRefused() error {
	refused, err := t.client.Refused(t.ctx())
	if err != nil {
		return err
	}
	held, err := t.client.Held(t.ctx())
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Text: t.say("field-review.refused-title"), Under: t.say("field-review.refused-lede")}}
	if note := t.refusedNotice(); note != nil {
		body = append(body, note)
	}
	if len(refused)+len(held) == 0 {
		body = append(body, look.Empty{Text: t.say("field-review.refused-none"), Under: t.say("field-review.refused-none-under")})
	}
	for _, r := range refused {
		body = append(body, t.refusal(r, false))
	}
	if len(held) > 0 {
		section := look.Section{Heading: t.say("field-review.held-heading"), Body: []look.Part{look.Para{Text: t.say("field-review.held-lede")}}}
		for _, r := range held {
			section.Body = append(section.Body, t.refusal(r, true))
		}
		body = append(body, section)
	}
	return t.show(sheet{title: "field-review.refused-title", back: "/", tab: tabSend, body: body})
}

// refusedNotice says what became of the last step.
func (t *turn) refusedNotice() look.Part {
	switch {
	case len(t.failed) > 0:
		return look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("field-edit.not-saved"), Text: t.failed}
	case t.r.URL.Query().Get("done") == "away":
		return look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-review.put-away")}
	case t.r.URL.Query().Get("done") == "again":
		return look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-review.put-in")}
	}
	return nil
}

// refusal is one of them on a sheet: what it was about, why, what it said, what can be done.
func (t *turn) refusal(r clientsync.Refusal, held bool) look.Part {
	item, here := t.refusalItem(r)
	name := t.say("field-review.unknown-record")
	if r.Kind.Valid() {
		name = t.kindWords(r.Kind)
	}
	if here {
		name = t.nameWords(item)
	}
	body := []look.Part{look.Para{Text: t.reasonWords(r)}}
	if said := clientsync.SentencesOf(r.Text); r.Reason == "denied" && (len(said) != 1 || said[0].Code != "reason-denied") { // it says which step, and whose it is
		body = append(body, look.Para{Small: true, Soft: true, Text: librarySays(t.locale, r.Text)})
	}
	edits := lastEdits(r)
	for _, e := range edits {
		body = append(body, look.Para{Label: true, Text: t.pathWords(r.Kind, e.GetField(), e.GetKey())},
			look.Voice{Whose: look.Mine, Who: t.say("field-review.you-wrote"), When: t.locale.When(r.Written), Words: t.saying().Edit(r.Kind, e)})
		if now, ok := t.standsNow(r, e); here && ok {
			body = append(body, now)
		}
	}
	if len(edits) == 0 && held {
		body = append(body, look.Para{Text: t.say("field-review.held-gone")})
	}
	if !held {
		body = append(body, t.refusalSteps(r, item, here, edits)...)
	} else if here {
		body = append(body, look.Button{Text: t.say("field-two.to-history"), Href: t.href(item.Kind, item.ID, "history"), Kind: look.ButtonQuiet})
	}
	return look.Leaf{Over: look.Dotted(name, t.locale.When(r.Written)), Heading: t.refusalHeading(r, held), Body: body}
}

// standsNow is what the field of a refused change says now, and whose it is.
func (t *turn) standsNow(r clientsync.Refusal, e *daylightv1.HistoryEdit) (look.Part, bool) {
	h, err := t.client.History(t.ctx(), r.Kind, r.ID)
	if err != nil {
		return nil, false
	}
	for _, o := range h.Current {
		if o.Field == e.GetField() && o.Key == e.GetKey() {
			return look.Voice{Whose: look.Theirs, Who: t.say("field-review.stands-now"), When: look.Dotted(t.person(o.Own, o.Person), t.locale.When(o.Written)),
				Words: t.valueWords(r.Kind, o.Field, o.Key, o.JSON)}, true
		}
	}
	return nil, false
}

func (t *turn) refusalHeading(r clientsync.Refusal, held bool) look.Text {
	if held {
		return t.say("field-review.held")
	}
	if edits := lastEdits(r); len(edits) == 1 {
		return t.say("field-review.refused-field", "field", t.pathWords(r.Kind, edits[0].GetField(), edits[0].GetKey()))
	}
	return t.say("field-review.refused")
}

// reasonWords are the reason in the reader's language.
func (t *turn) reasonWords(r clientsync.Refusal) look.Text {
	k := look.Key("field-review.reason-" + dashed(r.Reason))
	if t.locale.Words().Has(k) {
		return t.say(k)
	}
	return librarySays(t.locale, r.Text)
}

func dashed(s string) string {
	out := []byte(s)
	for i, b := range out {
		if b == '_' {
			out[i] = '-'
		}
	}
	return string(out)
}

// lastEdits are what the refused changes come to: of each field the last, without what only
// the program reads.
func lastEdits(r clientsync.Refusal) (out []*daylightv1.HistoryEdit) {
	at := map[string]int{}
	for _, c := range r.Changes {
		edits, _ := recordpage.ToTell(c.GetEdits())
		for _, e := range edits {
			path := e.GetField() + "/" + e.GetKey()
			if i, was := at[path]; was {
				out[i] = e
				continue
			}
			at[path] = len(out)
			out = append(out, e)
		}
	}
	return out
}

// refusalItem is the record of a refusal; false where it is not here.
func (t *turn) refusalItem(r clientsync.Refusal) (clientsync.Item, bool) {
	item, err := t.client.Get(t.ctx(), r.Kind, r.ID)
	return item, err == nil
}

// onlyText is the one text that a refusal is about, to be corrected before it is put in
// again; nil where it is about more, or about no text.
func onlyText(r clientsync.Refusal, edits []*daylightv1.HistoryEdit) *daylightv1.HistoryEdit {
	if len(edits) != 1 || edits[0].GetJson() == "" {
		return nil
	}
	if !(recordpage.Two{Kind: r.Kind, Field: edits[0].GetField()}).IsText() {
		return nil
	}
	return edits[0]
}

// mayAgain: whether the same can be accepted another time. A fixed field, and a record of
// another kind, stay as they are.
func mayAgain(r clientsync.Refusal) bool { return r.Reason != "fixed" && r.Reason != "kind" }

// refusalSteps are what a person can do about it.
func (t *turn) refusalSteps(r clientsync.Refusal, item clientsync.Item, here bool, edits []*daylightv1.HistoryEdit) (out []look.Part) {
	number := []look.Hidden{{Name: numberField, Value: strconv.FormatUint(r.Number, 10)}}
	dismiss := look.Button{Text: t.say("field-review.dismiss"), Kind: look.ButtonQuiet, Action: "/refused/dismiss", Hidden: number}
	if !here || !mayAgain(r) || len(edits) == 0 {
		return []look.Part{dismiss}
	}
	asked := t.again != nil && t.again.Value(numberField) == number[0].Value
	form := look.Questions{ID: "again-" + number[0].Value, Action: "/refused/again", Hidden: number}
	if e := onlyText(r, edits); e != nil {
		name := textField + number[0].Value
		in := look.Input{Name: name, Label: t.say("field-review.again-text"), Hint: t.say("field-review.again-hint"), Value: recordpage.Unquoted(e.GetJson()), Rows: 4}
		if asked {
			in.Value, in.Error = t.again.Value(name), t.refused[name]
		}
		form.Body = append(form.Body, in)
	}
	form.Body = append(form.Body, look.Button{Text: t.say("field-review.again"), NoCheck: true})
	out = append(out, form, look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("field-two.to-record"), Href: t.recordHref(item), Kind: look.ButtonQuiet}, dismiss}})
	return out
}

// refusedAgain puts what was refused into the record as it stands now, in a new save, and
// puts the refusal away: the change is in the history either way.
func (t *turn) refusedAgain(f *look.Form) error {
	r, err := t.refusalOf(f)
	if err != nil {
		return err
	}
	item, err := t.client.Get(t.ctx(), r.Kind, r.ID)
	if err != nil {
		return err
	}
	edits := lastEdits(r)
	name := textField + strconv.FormatUint(r.Number, 10)
	t.refused = map[string]look.Text{}
	if why := f.Error(name); len(why) > 0 {
		return t.refusedBack(f, name, why)
	}
	for _, e := range edits {
		value := e.GetJson()
		if onlyText(r, edits) != nil && f.Has(name) {
			value = recordpage.Quoted(f.Value(name))
		}
		if err := recordpage.LayValue(item.Message, r.Kind, e.GetField(), e.GetKey(), value); err != nil && e.GetField() != "removed" {
			t.log.Warn("a refused value is not put in again", "field", e.GetField())
		}
	}
	if err := t.client.Save(t.ctx(), item.Message); err != nil {
		var known *clientsync.Error
		if errors.Is(err, clientsync.ErrLocked) || !errors.As(err, &known) {
			return err
		}
		return t.refusedBack(f, name, told(t.locale, known))
	}
	if err := t.client.Dismiss(t.ctx(), r.Number); err != nil {
		return err
	}
	return t.to("/refused?done=again")
}

// refusedBack shows the page again, with what was typed.
func (t *turn) refusedBack(f *look.Form, name string, why look.Text) error {
	t.again, t.status = f, http.StatusUnprocessableEntity
	if f.Has(name) {
		t.refused[name] = why
	} else {
		t.failed = why
	}
	return t.showRefused()
}

// dismissRefused puts a refusal away.
func (t *turn) dismissRefused(f *look.Form) error {
	r, err := t.refusalOf(f)
	if err != nil {
		return err
	}
	if err := t.client.Dismiss(t.ctx(), r.Number); err != nil {
		return err
	}
	return t.to("/refused?done=away")
}

// refusalOf is the refusal that a form names.
func (t *turn) refusalOf(f *look.Form) (clientsync.Refusal, error) {
	number, err := strconv.ParseUint(f.Value(numberField), 10, 64)
	if err != nil {
		return clientsync.Refusal{}, fmt.Errorf("%w: no number", recordpage.ErrForm)
	}
	all, err := t.client.Refused(t.ctx())
	if err != nil {
		return clientsync.Refusal{}, err
	}
	for _, r := range all {
		if r.Number == number {
			return r, nil
		}
	}
	return clientsync.Refusal{}, errEnded
}
