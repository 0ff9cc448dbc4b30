package fieldapp

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// clocked is an enrolled device under a clock that stands until it is moved, in one window.
type clocked struct {
	*browser
	c  *clientsync.Client
	at *atomic.Int64
}

// openClocked enrols with an office that answers nothing but that, so that every sync fails.
func openClocked(t *testing.T, waiting bool) *clocked {
	t.Helper()
	x := &clocked{c: openClient(t), at: &atomic.Int64{}}
	x.at.Store(time.Now().UnixNano())
	a, err := New(Config{Client: x.c, Host: ourHost, Now: func() time.Time { return time.Unix(0, x.at.Load()) }})
	if err != nil {
		t.Fatal(err)
	}
	x.browser = &browser{t: t, app: a}
	x.cookie = x.get(a.StartPath()).Result().Cookies()[0]
	code := (&scenario.Door{Waiting: waiting}).Code(t, "Office")
	goesTo(t, x.post("/enrol", form("code", code, "label", "tablet 3")), "/enrol")
	return x
}

// after moves the clock on and has the window say that it is in sight; it reports whether a
// sync was begun, and waits until it has ended.
func (x *clocked) after(d time.Duration) bool {
	x.t.Helper()
	x.at.Add(int64(d))
	before := x.app.sending.now().ended
	x.post("/here", form("window", "a", "state", "visible"))
	x.settled()
	return x.app.sending.now().ended != before
}

func TestWithoutAnOfficeNothingGoesByItself(t *testing.T) {
	x := openClocked(t, false)
	x.post("/settings/by-itself", form("on", "yes"))
	if x.after(0); x.after(time.Hour) {
		t.Error("nobody has compared the words, and something was sent")
	}
	pageSays(t, x.get("/"), 200, "Everything is kept here, with a network or without")
	waits := openClocked(t, true)
	waits.post("/enrol/same", form())
	waits.post("/settings/by-itself", form("on", "yes"))
	if waits.after(0); waits.after(time.Hour) {
		t.Error("the office has not let this device in, and it is asked")
	}
	alone := openApp(t, openClient(t))
	if strings.Contains(alone.get("/settings").Body.String(), "/settings/by-itself") {
		t.Error("without an office, one is asked about sending")
	}
}

func TestItGoesByItselfWhileAWindowIsInSight(t *testing.T) {
	x := openClocked(t, false)
	x.post("/enrol/same", form())
	x.post("/settings/by-itself", form("on", "yes"))
	pageSays(t, x.get("/"), 200, "goes by itself when there is a network")
	if x.after(0) || x.after(pauseAtFirst-time.Second) {
		t.Error("it goes at once")
	}
	if !x.after(time.Second) {
		t.Fatal("nothing goes")
	}
	pageSays(t, x.get("/"), 200, "is tried again by itself")
	// It fails each time, and the pauses grow.
	for _, pause := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		if x.after(pause*time.Minute-time.Second) || !x.after(time.Second) {
			t.Errorf("after a pause of %d minutes it goes too early, or not", pause)
		}
	}
	x.app.sending.mu.Lock()
	x.app.sending.failures, x.app.sending.failed = 0, nil
	x.app.sending.mu.Unlock()
	if x.after(pauseQuiet-time.Second) || !x.after(time.Second) {
		t.Error("with nothing to send it does not ask every five minutes")
	}
	x.app.sending.mu.Lock()
	x.app.sending.failures, x.app.sending.failed = 0, nil
	x.app.sending.mu.Unlock()
	saved(t, x.c, &daylightv1.Note{Text: proto.String("A note")})
	if x.after(pauseWaiting-time.Second) || !x.after(time.Second) {
		t.Error("with something to send it does not go every minute")
	}
}

func TestNeverTwoAtOnceNorAgainstAPerson(t *testing.T) {
	x := openClocked(t, false)
	x.post("/enrol/same", form())
	x.post("/settings/by-itself", form("on", "yes"))
	x.after(0)
	s := x.app.sending
	s.mu.Lock()
	s.cancel, s.begun = func() {}, time.Unix(1, 0)
	s.mu.Unlock()
	x.at.Add(int64(time.Hour))
	x.post("/here", form("window", "a", "state", "visible"))
	if s.mu.Lock(); s.begun != time.Unix(1, 0) {
		t.Error("a second sync began beside the first")
	}
	s.cancel, s.stopped, s.ended = nil, true, time.Unix(0, x.at.Load())
	s.mu.Unlock()
	if x.after(pauseLongest-time.Second) || !x.after(time.Second) {
		t.Error("after somebody stopped it, it does not rest for half an hour")
	}

	x.post("/lock", form())
	if x.after(time.Hour) {
		t.Error("a locked folder sends")
	}
	x.post("/unlock", form("passphrase", passphrase))
	if x.after(pauseAtFirst-time.Second) || !x.after(time.Second) {
		t.Error("after unlocking it does not rest for a minute first")
	}
	if x.post("/here", form("window", "a", "state", "hidden")); x.app.sending.running() {
		t.Error("a window out of sight sends")
	}
}

func TestAPersonSaysWhetherItGoesByItself(t *testing.T) {
	x := openClocked(t, false)
	x.post("/enrol/same", form())
	x.after(0)
	goes := func(want bool, when string) {
		t.Helper()
		if got := x.after(time.Hour); got != want {
			t.Errorf("%s it goes: %v", when, got)
		}
		_, home, _ := strings.Cut(x.get("/").Body.String(), "<main")
		if said := strings.Contains(home, "by itself"); said != want {
			t.Errorf("%s home says that it goes: %v", when, said)
		}
		checked := `name="on" value="yes" checked`
		if shown := strings.Contains(x.get("/settings").Body.String(), checked); shown != want {
			t.Errorf("%s the settings show it as chosen: %v", when, shown)
		}
	}
	goes(false, "before anybody said so")
	x.post("/settings/by-itself", form("on", "maybe"))
	goes(false, "after an answer that we do not ask for")
	goesTo(t, x.post("/settings/by-itself", form("on", "yes")), "/settings")
	goes(true, "after a yes")
	x.post("/travel", form())
	goes(false, "on a journey, by a yes from before,")
	x.post("/travel", form())
	x.post("/travel/back", form())
	goes(true, "after two departures and one return")
	x.post("/travel", form())
	x.post("/settings/by-itself", form("on", "yes"))
	goes(true, "on a journey, by a yes of then,")
	x.post("/settings/by-itself", form())
	goes(false, "after a no")
	x.post("/travel", form())
	x.post("/travel/back", form())
	goes(false, "after a no and a journey")
}

func TestWhatCountsAsFailed(t *testing.T) {
	for want, p := range map[time.Duration]progress{
		pauseQuiet:        {},
		pauseWaiting:      {failures: 1, failed: errors.New("x")},
		16 * pauseWaiting: {failures: 5},
		pauseLongest:      {failures: 1 << 40},
	} {
		if got := pauseAfter(p, false); got != want {
			t.Errorf("%+v: %v, not %v", p, got, want)
		}
	}
	x := openClocked(t, false)
	x.post("/enrol/same", form())
	x.post("/settings/by-itself", form("on", "yes"))
	x.after(0)
	x.after(time.Hour)
	if n := x.app.sending.now().failures; n != 1 {
		t.Errorf("%d have failed", n)
	}
	w := scenario.New(t, 1)
	d, err := w.Add("A")
	if err != nil {
		t.Fatal(err)
	}
	b := openApp(t, d.Client)
	b.app.sending.failures = 3
	b.post("/send/start", form())
	b.settled()
	if n := b.app.sending.now().failures; n != 0 {
		t.Errorf("after one that was complete, %d have failed", n)
	}
}
