package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// laid is a record with what a form has typed over it.
type laid struct {
	// message is what is to be saved, against the record as it was shown.
	message record.Message
	// wrong says of controls why they are no value of their field; nothing is saved then.
	wrong map[string]look.Text
}

// lay lays what a form typed over the record that it carries, which is the one of the address.
// The paths are those that the page asks for: a form can set nothing else.
func (t *turn) lay(kind record.Kind, id string, f *look.Form, paths ...string) (out laid, err error) {
	as, err := recordpage.Unpack(kind, id, f.Value(recordpage.AsField))
	if err != nil {
		return out, look.ErrForm
	}
	return t.layOver(as, f, paths...)
}

// layOver is lay over a message that no form carries: a new record.
func (t *turn) layOver(m record.Message, f *look.Form, paths ...string) (out laid, err error) {
	out = laid{m, map[string]look.Text{}}
	posted := url.Values{}
	for _, path := range paths {
		switch why := f.Error(path); {
		case len(why) > 0:
			out.wrong[path] = why
		case f.Has(path):
			posted[path] = f.Values(path)
		case f.Ticked(recordpage.HasField, path):
			posted.Add(recordpage.HasField, path)
		}
	}
	o, err := recordpage.Lay(m, posted, t.locale.Zone)
	if err != nil {
		return out, look.ErrForm
	}
	for path, bad := range o.Bad {
		out.wrong[path] = t.say(look.Key(bad.Word), pairsOf(bad.Params)...)
	}
	return out, nil
}

func pairsOf(params map[string]string) (pairs []any) {
	for name, value := range params {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// notSaved says why a save was not taken, in the reader's language, and sets the status of the
// page; ok is false for an error that is no answer to what was typed.
func (t *turn) notSaved(err error) (why look.Text, ok bool) {
	var problem *record.Problem
	var stale *record.StaleError
	var guarded *store.GuardedError
	var denied interface {
		error
		Denied() access.Denial
	}
	switch {
	case errors.As(err, &problem):
		t.status = http.StatusUnprocessableEntity
		return t.problemSays(problem), true
	case errors.As(err, &stale):
		t.status = http.StatusConflict
		return t.say("office-record.stale", "field", t.saying().Field(stale.Field)), true
	case errors.As(err, &guarded):
		t.status = http.StatusConflict
		return t.say("office-record.guarded", "field", t.saying().Field(guarded.Field)), true
	case errors.As(err, &denied):
		t.status = http.StatusForbidden
		return t.deniedSays(denied.Denied()), true
	case errors.Is(err, store.ErrDenied), errors.Is(err, store.ErrNotFound):
		t.status = http.StatusForbidden
		return t.say("office-record.denied"), true
	case errors.Is(err, store.ErrTooLarge):
		t.status = http.StatusUnprocessableEntity
		return t.say("office-record.too-large"), true
	case errors.Is(err, store.ErrOverloaded), errors.Is(err, sqlitedb.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		t.status = http.StatusServiceUnavailable
		return t.say("office-record.busy"), true
	case errors.Is(err, sqlitedb.ErrFull):
		t.status = http.StatusServiceUnavailable
		return t.say("office-record.full"), true
	}
	return nil, false
}

// problemSays says what cannot be stored. The rule's own sentence stands in English.
func (t *turn) problemSays(p *record.Problem) look.Text {
	if p.TooLarge {
		return t.say("office-record.too-long", "field", t.fieldOf(p.Field))
	}
	said := look.Foreign("en", p.Text)
	if p.Field == "" {
		return t.say("office-record.bad-record", "why", said)
	}
	return t.say("office-record.bad-field", "field", t.fieldOf(p.Field), "why", said)
}

// fieldOf is what the field is called that a problem is about, as sessions[2].entered_at.
func (t *turn) fieldOf(path string) look.Text {
	top := path
	for i, r := range path {
		if r == '.' || r == '[' {
			top = path[:i]
			break
		}
	}
	return t.saying().Field(top)
}

// deniedSays says what stands against a save: of a step where the record stands, and who could
// take it.
func (t *turn) deniedSays(d access.Denial) look.Text {
	if d.Why != access.NotThisStep {
		return t.say(look.Key("office-record.denied-" + deniedWords[d.Why]))
	}
	kind := d.Write.Kind
	at, list := access.State(d.Write.State), visitStates
	if d.Write.Creates {
		at = 0
	}
	from, to := daylightv1.VisitState(at).String(), daylightv1.VisitState(d.Write.To).String()
	if kind == record.Recommendation {
		at, list = d.Write.From, recommendationStates
		from, to = daylightv1.RecommendationState(at).String(), daylightv1.RecommendationState(d.Write.To).String()
	}
	var who []look.Text
	for _, r := range (access.Step{Kind: kind, From: at, To: d.Write.To}).Who() {
		who = append(who, t.code("OFFICE_ROLE", r.String()))
	}
	if len(who) == 0 {
		return t.say("office-record.denied-nobody", "from", t.code(list, from), "to", t.code(list, to))
	}
	return t.say("office-record.denied-step", "from", t.code(list, from), "to", t.code(list, to), "who", t.locale.List(who...))
}

var (
	visitStates          = vocabulary.ListOf(daylightv1.VisitState(0).Descriptor())
	recommendationStates = vocabulary.ListOf(daylightv1.RecommendationState(0).Descriptor())
)

var deniedWords = map[access.Reason]string{
	access.Missing: "write", access.NotToCreate: "create", access.NotToWrite: "write", access.NotToLead: "lead",
	access.NotToDecide: "decide", access.TooLate: "late", access.NotToSettle: "settle",
}

// failure is the note at the head of a form that was not saved.
func (t *turn) failure(why look.Text) []look.Part {
	if len(why) == 0 {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("field-edit.not-saved"), Text: why}}
}

// wrongIn says that some controls were not taken, where there are any.
func (t *turn) wrongIn(wrong map[string]look.Text) []look.Part {
	if len(wrong) == 0 {
		return nil
	}
	t.status = http.StatusUnprocessableEntity
	return []look.Part{look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("field-edit.not-saved"), Text: t.say("office-record.wrong", "n", len(wrong))}}
}
