package console

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
	"github.com/daylight-npm/daylight/server/store"
)

// errNotFound is for what there is not, and for what somebody may not have: they look alike.
var errNotFound = errors.New("console: there is nothing here")

func panicked(thrown any) error {
	what := fmt.Sprintf("a panic with a %T", thrown)
	if e, ok := thrown.(runtime.Error); ok {
		what = "a panic: " + e.Error()
	}
	return fmt.Errorf("%s\n%s", what, debug.Stack())
}

// answer ends a request that may have failed. What went wrong is told calmly; the log gets
// its kind, and nothing of what was typed.
func (t *turn) answer(err error) {
	if err == nil {
		return
	}
	if sent := t.tell(err); sent != nil {
		t.log.Error("a page was not sent", "error", sent)
	}
}

func (t *turn) tell(err error) error {
	var wait *signin.WaitError
	switch {
	case errors.Is(err, errNotFound), errors.Is(err, signin.ErrGone), errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrBadToken), errors.Is(err, directory.ErrNotFound):
		return t.trouble(http.StatusNotFound, "office-sign.not-found", t.say("office-sign.not-found-body"))
	case errors.Is(err, look.ErrForm):
		return t.trouble(http.StatusBadRequest, "office-sign.no-form", t.say("office-sign.no-form-body"))
	case errors.Is(err, signin.ErrNobody):
		return t.toSignIn()
	case errors.Is(err, signin.ErrNotProved):
		return t.toConfirm()
	case errors.Is(err, signin.ErrSame):
		return t.trouble(http.StatusForbidden, "office-sign.same", t.say("office-sign.same-body"))
	case errors.Is(err, signin.ErrNoPasskeys):
		return t.trouble(http.StatusNotFound, "office-sign.not-found", t.say("office-sign.no-passkeys"))
	case errors.As(err, &wait):
		t.w.Header().Set("Retry-After", strconv.Itoa(int(wait.For/time.Second)+1))
		return t.trouble(http.StatusTooManyRequests, "office-sign.wait", t.waitText(wait))
	}
	t.log.Error("a page failed", "error", err)
	return t.trouble(http.StatusInternalServerError, "office-sign.broken", t.say("office-sign.broken-body"))
}

// waitText says how long the next try has to wait.
func (t *turn) waitText(e *signin.WaitError) look.Text {
	if e.For < time.Minute {
		return t.say("office-sign.wait-seconds", "n", int((e.For+time.Second-1)/time.Second))
	}
	return t.say("office-sign.wait-minutes", "n", int((e.For+time.Minute-1)/time.Minute))
}

// trouble is the page of something that did not work.
func (t *turn) trouble(status int, heading look.Key, text look.Text) error {
	t.status = status
	home := look.Button{Text: t.say("office-sign.to-start"), Href: "/", Kind: look.ButtonMain}
	if t.session != nil && t.session.Stage == signin.Full {
		return t.show(sheet{title: t.say(heading), body: []look.Part{look.Para{Text: text}, look.Cluster{Body: []look.Part{home}}}})
	}
	return t.showBare(t.say(heading), look.Heading{Text: t.say(heading)}, look.Para{Text: text}, home)
}

// id reads an id of an address; what is none is nothing.
func (t *turn) id(name string) (record.ID, error) {
	id, err := record.ParseID(t.r.PathValue(name))
	if err != nil {
		return id, errNotFound
	}
	return id, nil
}
