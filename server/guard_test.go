package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/store"
)

// canary stands in every field that people fill; it may be in no log.
const canary = "Xqz7Canary"

func TestNoWordOfARecordReachesTheLog(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	good := aFacility(canary, canary)
	good.Note, good.Town, good.Address = proto.String(canary), proto.String(canary), proto.String(canary)
	saved := must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: good}))(t).Facility
	for _, f := range []*daylightv1.Facility{
		{Code: proto.String(canary + " no code")}, {Note: proto.String(canary + "\x00")}, {OpenedOn: proto.String(canary)},
		{Id: canary}, {Seen: []byte(canary)}, {Note: proto.String(strings.Repeat(canary, 1<<17))},
	} {
		if _, err := w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: f}); err == nil {
			t.Errorf("%v is saved", f)
		}
	}
	_, _ = w.facilities.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{Text: canary, Code: canary, PageToken: canary})
	_, _ = w.facilities.GetFacility(ctx, &daylightv1.GetFacilityRequest{Id: canary})
	must(w.facilities.RemoveFacility(ctx, &daylightv1.RemoveFacilityRequest{Id: saved.Id, Seen: saved.Seen}))(t)
	d := newDevice(1)
	d.save(t, aFacility(canary, canary))
	d.write([]byte(canary))
	r := d.ask()
	r.Batches = []*daylightv1.Batch{d.batch(), {Writer: []byte(canary)}}
	must(w.sync.Sync(ctx, r))(t)
	for _, path := range []string{"/" + canary, "/daylight.v1.FacilityService/" + canary, "/healthz?" + canary} {
		a, err := http.Get(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
	}
	log := w.log.String()
	if strings.Contains(log, canary) {
		t.Errorf("the log holds content:\n%s", log)
	}
	for _, says := range []string{"SaveFacility", "code=invalid", "writer=01000000", "(unknown)", "status=200", "status=404"} {
		if !strings.Contains(log, says) {
			t.Errorf("the log does not say %s:\n%s", says, log)
		}
	}
}

// panicking is a service that breaks.
type panicking struct {
	daylightv1connect.UnimplementedFacilityServiceHandler
	thrown any
}

func (p panicking) GetFacility(context.Context, *daylightv1.GetFacilityRequest) (*daylightv1.GetFacilityResponse, error) {
	panic(p.thrown)
}

func TestAPanicIsAnsweredAsOurMistake(t *testing.T) {
	w := newWorld(t, nil)
	var none []int
	for shows, thrown := range map[string]any{
		"with content": fmt.Sprintf("cannot store %q", canary),
		"with an error": func() (err error) {
			defer func() { err = recover().(error) }()
			_ = none[len(none)]
			return nil
		}(),
	} {
		t.Run(shows, func(t *testing.T) {
			_, h := daylightv1connect.NewFacilityServiceHandler(panicking{thrown: thrown},
				connect.WithInterceptors(connect.UnaryInterceptorFunc(w.server.guard)), connect.WithRecover(w.server.recovered))
			s := httptest.NewServer(w.server.logged(h))
			defer s.Close()
			c := daylightv1connect.NewFacilityServiceClient(s.Client(), s.URL)
			_, err := c.GetFacility(t.Context(), &daylightv1.GetFacilityRequest{})
			wantError(t, err, connect.CodeInternal, "internal error, reference ")
			_, reference, _ := strings.Cut(err.Error(), "reference ")
			if log := w.log.String(); !strings.Contains(log, reference) || !strings.Contains(log, "guard_test.go") || strings.Contains(log, canary) {
				t.Errorf("the log:\n%s", log)
			}
		})
	}
}

// The handler that is served answers a panic as well, and goes on.
func TestTheServerOutlivesAPanic(t *testing.T) {
	var broken atomic.Bool
	w := newWorld(t, func(c *store.Config, _ *Config) {
		c.Now = func() time.Time {
			if broken.Load() {
				panic(canary)
			}
			return time.Now()
		}
	})
	d := newDevice(1)
	broken.Store(true)
	_, err := w.sync.Sync(t.Context(), d.ask())
	wantError(t, err, connect.CodeInternal, "internal error, reference ")
	broken.Store(false)
	must(w.sync.Sync(t.Context(), d.ask()))(t)
	if strings.Contains(w.log.String(), canary) {
		t.Error("what was thrown is in the log")
	}
}

// waiting is a service that answers when it is told to.
type waiting struct {
	daylightv1connect.UnimplementedFacilityServiceHandler
	came chan struct{}
	goOn chan struct{}
}

func (s waiting) GetFacility(ctx context.Context, _ *daylightv1.GetFacilityRequest) (*daylightv1.GetFacilityResponse, error) {
	s.came <- struct{}{}
	select {
	case <-s.goOn:
		return &daylightv1.GetFacilityResponse{}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestTooManyAtOnceAreTurnedAway(t *testing.T) {
	w := newWorld(t, func(_ *store.Config, c *Config) { c.Concurrent = 1 })
	slow := waiting{came: make(chan struct{}), goOn: make(chan struct{})}
	_, h := daylightv1connect.NewFacilityServiceHandler(slow)
	deny := connect.NewErrorWriter()
	s := httptest.NewServer(w.server.logged(w.server.identified(w.server.bounded(h, deny), deny)))
	defer s.Close()
	c := daylightv1connect.NewFacilityServiceClient(s.Client(), s.URL)
	done := make(chan error)
	go func() {
		_, err := c.GetFacility(context.Background(), &daylightv1.GetFacilityRequest{})
		done <- err
	}()
	<-slow.came
	_, err := c.GetFacility(t.Context(), &daylightv1.GetFacilityRequest{})
	wantError(t, err, connect.CodeUnavailable, "busy", "nothing was saved", "again")
	if a, err := http.Post(s.URL+daylightv1connect.FacilityServiceGetFacilityProcedure, "text/plain", nil); err != nil || a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("another protocol: %v, %v", a, err)
	}
	close(slow.goOn)
	if err := <-done; err != nil {
		t.Errorf("the first: %v", err)
	}
	go func() { <-slow.came }()
	if _, err := c.GetFacility(t.Context(), &daylightv1.GetFacilityRequest{}); err != nil {
		t.Errorf("the next: %v", err)
	}
}

// Somebody sends codes that never end, over as many connections as they like.
func TestStrangersTakeNobodysPlace(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled(t, o.admin.Id)
	head := "POST " + daylightv1connect.EnrolmentServiceEnrolProcedure + " HTTP/1.1\r\nHost: localhost\r\n" +
		"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{"
	type answer struct {
		net.Conn
		busy bool
	}
	answers, waiting := make(chan answer), map[net.Conn]bool{}
	for range 2 * strangersFromOne {
		conn := must(net.Dial("tcp", strings.TrimPrefix(o.url, "http://")))(t)
		defer conn.Close()
		must(io.WriteString(conn, head))(t)
		waiting[conn] = true
		go func() {
			line := make([]byte, len("HTTP/1.1 503"))
			_, _ = io.ReadFull(conn, line)
			answers <- answer{conn, string(line) == "HTTP/1.1 503"}
		}()
	}
	for range strangersFromOne {
		a := <-answers
		if delete(waiting, a.Conn); !a.busy {
			t.Error("one was answered who has not said everything")
		}
	}
	if got := o.call(t, daylightv1connect.DirectoryServiceGetMeProcedure, p.token); got != "let in" {
		t.Error("a device is kept out:", got)
	}
	for conn := range waiting {
		must(io.WriteString(conn, "}"))(t)
		if a := <-answers; a.busy {
			t.Error("one more was turned away")
		}
	}
}

func TestWorkHasADeadline(t *testing.T) {
	w := newWorld(t, func(_ *store.Config, c *Config) { c.Timeout = time.Nanosecond })
	_, err := w.facilities.GetFacility(t.Context(), &daylightv1.GetFacilityRequest{Id: "0190a6e2-7c1b-7000-8000-000000000001"})
	wantError(t, err, connect.CodeUnavailable, "too long")
}

// Every failure that the rooms below name has words of its own.
func TestEveryErrorSaysWhatHappenedAndWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err  error
		code rpcerr.Code
	}{
		{store.ErrNotFound, rpcerr.NotFound}, {store.ErrBadToken, rpcerr.Invalid}, {store.ErrBadFilter, rpcerr.Invalid},
		{store.ErrTooLarge, rpcerr.TooLarge}, {store.ErrOverloaded, rpcerr.Unavailable}, {store.ErrClosed, rpcerr.Unavailable},
		{sqlitedb.ErrFull, rpcerr.Unavailable}, {sqlitedb.ErrUnsure, rpcerr.Unavailable}, {sqlitedb.ErrBusy, rpcerr.Unavailable},
		{exchange.ErrCursor, rpcerr.Invalid}, {context.DeadlineExceeded, rpcerr.Unavailable}, {context.Canceled, rpcerr.Unavailable},
		{&record.Problem{Field: "note", Text: "is odd", Hint: "leave it out"}, rpcerr.Invalid}, {&record.StaleError{Field: "note"}, rpcerr.Conflict},
		{&store.GuardedError{Kind: record.Visit, Field: "state", Reason: exchange.Stale}, rpcerr.Conflict},
		{&store.GuardedError{Kind: record.Finding, Field: "visit_id", Reason: exchange.Fixed}, rpcerr.Conflict},
		{sqlitedb.ErrDamaged, rpcerr.Internal}, {errors.New("anything else"), rpcerr.Internal},
		{rpcerr.E(rpcerr.Denied, "no", "", nil), rpcerr.Denied},
	} {
		got := forCaller(fmt.Errorf("deep below: %w", c.err))
		if rpcerr.CodeOf(got) != c.code {
			t.Errorf("%v is %v, not %v", c.err, rpcerr.CodeOf(got), c.code)
		}
		var e *rpcerr.Error
		if errors.As(got, &e) && strings.Contains(e.Error(), "deep below") {
			t.Errorf("%v tells what is below: %v", c.err, e)
		}
	}
	if forCaller(nil) != nil {
		t.Error("nothing is an error")
	}
}

// A disk without room, and a commit of which nobody knows, as a caller sees them.
func TestFailuresOfTheDisk(t *testing.T) {
	var fail error
	w := newWorld(t, func(c *store.Config, _ *Config) {
		c.OnCommit = func(commit func() error) error {
			if err := commit(); err != nil || fail == nil {
				return err
			}
			return fail
		}
	})
	must(w.facilities.SaveFacility(t.Context(), &daylightv1.SaveFacilityRequest{Facility: aFacility("North House", "N-1")}))(t)
	fail = errors.New("the wire broke after the commit")
	f := aFacility("South House", "S-1")
	f.Id = "0190a6e2-7c1b-7000-8000-000000000001"
	_, err := w.facilities.SaveFacility(t.Context(), &daylightv1.SaveFacilityRequest{Facility: f})
	wantError(t, err, connect.CodeUnavailable, "not sure", "again")
	fail = nil
	_, err = w.facilities.SaveFacility(t.Context(), &daylightv1.SaveFacilityRequest{Facility: f}) // unseen by the same writer
	wantError(t, err, connect.CodeAborted)
	if page := must(w.facilities.ListFacilities(t.Context(), &daylightv1.ListFacilitiesRequest{}))(t); len(page.Facilities) != 2 {
		t.Errorf("after sending it again: %d facilities", len(page.Facilities))
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	w := newWorld(t, func(c *store.Config, _ *Config) { c.MaxPages = 240 })
	var err error
	for i := 0; err == nil && i < 1000; i++ {
		f := aFacility(fmt.Sprint("House ", i), fmt.Sprint(i))
		f.Note = proto.String(strings.Repeat("long ", 10_000))
		_, err = w.facilities.SaveFacility(t.Context(), &daylightv1.SaveFacilityRequest{Facility: f})
	}
	wantError(t, err, connect.CodeUnavailable, "disk is full", "nothing was saved")
	if _, err := w.facilities.ListFacilities(t.Context(), &daylightv1.ListFacilitiesRequest{PageSize: 1}); err != nil {
		t.Errorf("reading: %v", err)
	}
}

func TestHeadersAndHealth(t *testing.T) {
	w := newWorld(t, nil)
	a, err := http.Get(w.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, _ := io.ReadAll(a.Body)
	if a.StatusCode != http.StatusOK || string(text) != "ok\n" {
		t.Errorf("%d %s", a.StatusCode, text)
	}
	for h, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
		if got := a.Header.Get(h); got != want {
			t.Errorf("%s: %q", h, got)
		}
	}
	if !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("no content security policy")
	}
}
