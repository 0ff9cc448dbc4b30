package fieldapp

import (
	"errors"
	"net/http"
	"runtime/debug"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// errCannotAmend is behind an error of a page that would seal over what it cannot read.
var errCannotAmend = errors.New("what was sealed before does not open here")

// errEnded is for an address that leads nowhere: of another run, or of nothing.
var errEnded = errors.New("this address has ended")

// answer ends a request that may have failed. What went wrong is told calmly, with what was
// kept and what to do; the log gets its kind, and nothing of what was typed.
func (t *turn) answer(err error) {
	if err == nil {
		return
	}
	if sent := t.tell(err); sent != nil {
		t.log.Error("a page was not sent", "error", sent)
	}
}

// errFault is a mistake of the program's. It is told like every failure.
var errFault = errors.New("a mistake in the program")

// whole keeps a mistake in one page from being an answer that never comes. The log gets
// where it was made and not what it says, which may be words of a record.
func (t *turn) whole(do func(*turn) error) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			t.log.Error("a page was broken off", "stack", string(debug.Stack()))
			err = errFault
		}
	}()
	return do(t)
}

func (t *turn) tell(err error) error {
	var known *clientsync.Error
	switch {
	case errors.Is(err, clientsync.ErrLocked):
		return t.toUnlock()
	case errors.Is(err, errEnded):
		return t.showTrouble(http.StatusNotFound, t.say("field-edit.ended"), t.say("field-edit.ended-body"))
	case errors.Is(err, recordpage.ErrForm), errors.Is(err, look.ErrForm):
		return t.showTrouble(http.StatusBadRequest, t.say("field-edit.no-form"), t.say("field-edit.no-form-body"))
	case errors.As(err, &known):
		return t.showTrouble(statusOf(known), t.say(headingOf(known)), told(t.locale, known))
	}
	t.log.Error("a page failed", "error", err)
	return t.showTrouble(http.StatusInternalServerError, t.say("field-edit.broken"), t.say("field-edit.broken-body"))
}

func headingOf(e *clientsync.Error) look.Key {
	switch e.Code {
	case clientsync.NotFound:
		return "field-edit.trouble-not-found"
	case clientsync.Denied, clientsync.Unauthenticated:
		return "field-edit.trouble-denied"
	case clientsync.Unavailable:
		return "field-edit.trouble-unavailable"
	case clientsync.TooLarge, clientsync.Invalid:
		return "field-edit.trouble-invalid"
	case clientsync.Conflicting:
		return "field-edit.trouble-conflict"
	}
	return "field-edit.broken"
}

func statusOf(e *clientsync.Error) int {
	switch e.Code {
	case clientsync.NotFound:
		return http.StatusNotFound
	case clientsync.Denied, clientsync.Unauthenticated:
		return http.StatusForbidden
	case clientsync.Unavailable:
		return http.StatusServiceUnavailable
	case clientsync.Invalid, clientsync.TooLarge:
		return http.StatusBadRequest
	case clientsync.Conflicting:
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}

// showTrouble is the page of something that did not work. While the folder is locked it
// stands alone. The script says it where it was typed.
func (t *turn) showTrouble(status int, heading, text look.Text) error {
	if t.fromScript() {
		return t.failScript(status, heading, text)
	}
	body := []look.Part{
		look.Heading{Text: heading},
		look.Para{Text: text},
		look.Button{Text: t.say("field-edit.to-home"), Href: "/", Kind: look.ButtonMain, Wide: true},
	}
	if t.client.Locked() {
		return t.showBare(status, "field-edit.title-trouble", body...)
	}
	return t.showStatus(status, sheet{title: "field-edit.title-trouble", body: body})
}

func (t *turn) failScript(status int, heading, text look.Text) error {
	return t.json(status, scriptAnswer{Failed: heading.String() + ". " + text.String()})
}

// showStranger is for whoever has no session: how to open the app.
func (t *turn) showStranger() error {
	if t.fromScript() {
		return t.failScript(http.StatusForbidden, t.say("field-edit.stranger"), t.say("field-edit.stranger-body"))
	}
	return t.showBare(http.StatusForbidden, "field-edit.title-stranger",
		look.Heading{Text: t.say("field-edit.stranger")}, look.Para{Text: t.say("field-edit.stranger-body")})
}

// toUnlock leads to the page that unlocks the folder, or that makes one.
func (t *turn) toUnlock() error { return t.to("/unlock") }
