package fieldapp

import (
	"errors"
	"net/http"
	"slices"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// settleTwo does what was chosen.
func (t *turn) settleTwo(item clientsync.Item, f *look.Form) error {
	as, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(item.Conflicts, func(c clientsync.Conflict) bool { return c.Field == f.Value("_field") && c.Key == f.Value("_key") })
	if at < 0 { // somebody settled it meanwhile
		return t.to(t.href(item.Kind, item.ID, "two"))
	}
	w := t.two(item, at)
	w.page.Typed = f
	chosen, err := w.page.Settle(as, t.client.NewID, t.say("field-two.asked-office").String())
	if err == nil && len(w.page.Refused) == 0 {
		err = w.settle(as, chosen)
	}
	if err != nil && !w.tellRefused(f, err) {
		return err
	}
	if len(w.page.Refused)+len(t.failed) > 0 {
		if t.status == 0 {
			t.status = http.StatusUnprocessableEntity
		}
		return w.show(nil)
	}
	if chosen.Left {
		return t.to(t.recordHref(item))
	}
	return t.to(t.href(item.Kind, item.ID, "two") + "?done=1")
}

// tellRefused puts an error beside what it is about; false for one that is no person's.
func (w *two) tellRefused(f *look.Form, err error) bool {
	var known *clientsync.Error
	var problem *clientsync.Problem
	if errors.Is(err, clientsync.ErrLocked) || !errors.As(err, &known) {
		return false
	}
	var stale *clientsync.StaleError
	switch {
	case errors.As(err, &stale):
		w.failed, w.status = w.say("field-two.stale"), http.StatusConflict
	case errors.As(err, &problem) && f.Value(recordpage.ChoiceField) == recordpage.ChooseCombined:
		w.page.Refused[textField] = w.say("field-edit.bad-value")
		if problem.TooLarge {
			w.page.Refused[textField] = w.say("field-edit.bad-long")
		}
	default:
		w.failed, w.status = told(w.locale, known), statusOf(known)
	}
	return true
}

// settle saves what a choice came to, with why.
func (w *two) settle(as clientsync.Message, chosen recordpage.Chosen) error {
	messages := chosen.Save
	if c := chosen.Comment; c != nil {
		if s, err := w.client.Status(w.ctx()); err == nil && s.Person != "" {
			c.Author = proto.String(s.Person)
		}
		messages = append(messages, c)
	}
	if v := chosen.Take; v != nil {
		at := slices.IndexFunc(w.conflict.Values, func(x clientsync.Value) bool { return x.Writer == v.Writer && x.JSON == v.JSON })
		if err := w.client.Resolve(w.ctx(), as, w.conflict, w.conflict.Values[at]); err != nil {
			return err
		}
	}
	if len(messages) == 0 {
		return nil
	}
	return w.client.Save(w.ctx(), messages...)
}
