package clientsync

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/wirezip"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// script is an office that answers what a test wants it to, over real HTTP. What
// the real office does is played in internal/scenario.
type script struct {
	mu     sync.Mutex
	answer func(context.Context, *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error)
	asked  []*daylightv1.SyncRequest
}

func (s *script) Sync(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	s.mu.Lock()
	s.asked = append(s.asked, r)
	answer := s.answer
	s.mu.Unlock()
	return answer(ctx, r)
}

// listen serves the handler on a port of its own and counts the bytes of its
// connections, headers too.
func listen(t *testing.T, h http.Handler) (url string, bytes *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	bytes = &atomic.Int64{}
	s := &http.Server{Handler: h}
	go s.Serve(tapped{l, bytes})
	t.Cleanup(func() { s.Close() })
	return "http://" + l.Addr().String(), bytes
}

type tapped struct {
	net.Listener
	n *atomic.Int64
}

func (t tapped) Accept() (net.Conn, error) {
	c, err := t.Listener.Accept()
	return tappedConn{c, t.n}, err
}

type tappedConn struct {
	net.Conn
	n *atomic.Int64
}

func (c tappedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n.Add(int64(n))
	return n, err
}

func (c tappedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.n.Add(int64(n))
	return n, err
}

func newOfficeDevice(t *testing.T, s *script, change ...func(*Config)) (*device, *atomic.Int64) {
	t.Helper()
	_, h := daylightv1connect.NewSyncServiceHandler(s, wirezip.Handler()...)
	url, bytes := listen(t, h)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return newDevice(t, append(change, func(c *Config) {
		c.Server, c.HTTP = url, &http.Client{Transport: transport}
	})...), bytes
}

// takesAll answers as an office does that accepts everything and has nothing new.
func takesAll(_ context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	answer := &daylightv1.SyncResponse{Epoch: []byte("epoch"), Cursor: []byte("cursor"), More: r.MoreOwn}
	head := &daylightv1.WriterAnswer{Writer: r.Own.Writer, Seq: r.Own.Seq, Link: r.Own.Link, Position: r.Own.Seq}
	if n := len(r.Batches); n > 0 {
		b := r.Batches[n-1]
		head.Seq = b.FirstSeq + uint64(len(b.Entries)) - 1
		links := linksOf(b)
		head.Link = links[len(links)-1]
	}
	answer.Writers = append(answer.Writers, head)
	return answer, nil
}

func (d *device) sync(o ...SyncOptions) Report {
	d.t.Helper()
	r, err := d.SyncWith(d.t.Context(), append(o, SyncOptions{})[0])
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func TestASyncEmptiesTheOutboxInRequestsThatFitTheLink(t *testing.T) {
	s := &script{answer: takesAll}
	d, _ := newOfficeDevice(t, s)
	text := strings.Repeat("long text ", 5000)
	for range 20 {
		f := finding("n")
		f.Narrative = proto.String(text)
		d.save(f)
	}
	var seen []Report
	r := d.sync(SyncOptions{OnProgress: func(r Report) { seen = append(seen, r) }})
	if r.Pushed != 20 || r.ToPush != 20 || r.Requests < 2 || len(seen) != r.Requests {
		t.Errorf("the report is %+v after %d steps", r, len(seen))
	}
	if last := s.asked[len(s.asked)-1]; last.MoreOwn || !s.asked[0].MoreOwn {
		t.Error("the requests do not say what follows")
	}
	if st := d.status(); st.Unsent != 0 || st.LastSync.IsZero() || st.Problem != "" {
		t.Errorf("the status is %+v", st)
	}
	for _, item := range d.list(Filter{}) {
		if !item.Sent {
			t.Error("a record is shown as unsent")
		}
	}
	if r := d.sync(); r.Requests != 1 || r.ToPush != 0 {
		t.Errorf("a sync with nothing to do is %+v", r)
	}
}

func TestASyncWithNothingToDoIsUnderAKilobyte(t *testing.T) {
	d, bytes := newOfficeDevice(t, &script{answer: takesAll})
	d.save(finding("n"))
	d.sync()
	before := bytes.Load()
	if r := d.sync(); r.Requests != 1 {
		t.Errorf("it took %d requests", r.Requests)
	}
	if n := bytes.Load() - before; n >= 1024 || n == 0 {
		t.Errorf("%d bytes went both ways, headers included", n)
	} else {
		t.Logf("%d bytes", n)
	}
}

func TestASaveDuringASyncGoesNextTime(t *testing.T) {
	s := &script{}
	d, _ := newOfficeDevice(t, s)
	f := finding("before")
	d.save(f)
	s.answer = func(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		if len(r.Batches) > 0 {
			m := d.get(f).Message.(*daylightv1.Finding)
			m.Narrative = proto.String("typed while the request was under way")
			d.save(m)
			if _, err := d.Client.Sync(ctx); CodeOf(err) != Unavailable {
				t.Errorf("a second sync got %v", err)
			}
		}
		return takesAll(ctx, r)
	}
	if r := d.sync(); r.Pushed != 1 {
		t.Errorf("the report is %+v", r)
	}
	if st := d.status(); st.Unsent != 1 {
		t.Errorf("%d changes are waiting", st.Unsent)
	}
	s.answer = takesAll
	if r := d.sync(); r.Pushed != 1 {
		t.Errorf("the report is %+v", r)
	}
}

func TestFailuresKeepEverything(t *testing.T) {
	s := &script{}
	d, _ := newOfficeDevice(t, s)
	f := finding("kept")
	d.save(f)
	for _, c := range []struct {
		shows string
		err   error
		code  Code
	}{
		{"the office is overloaded", connect.NewError(connect.CodeUnavailable, errors.New("too busy\nTry again.")), Unavailable},
		{"the office made a mistake", connect.NewError(connect.CodeInternal, errors.New("internal error, reference abc")), Internal},
		{"the device is not known", connect.NewError(connect.CodeUnauthenticated, errors.New("who is this")), Unauthenticated},
	} {
		t.Run(c.shows, func(t *testing.T) {
			s.answer = func(context.Context, *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) { return nil, c.err }
			_, err := d.Client.Sync(t.Context())
			wantCode(t, err, c.code, "")
			st := d.status()
			if st.Unsent != 1 || st.Problem == "" || st.LastTry.IsZero() || !st.LastSync.IsZero() {
				t.Errorf("the status is %+v", st)
			}
		})
	}
	t.Run("an answer that makes no sense", func(t *testing.T) {
		s.answer = func(context.Context, *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
			return &daylightv1.SyncResponse{}, nil
		}
		_, err := d.Client.Sync(t.Context())
		wantCode(t, err, Internal, "cannot be read; nothing was changed")
	})
	s.answer = takesAll
	if r := d.sync(); r.Pushed != 1 {
		t.Errorf("the report is %+v", r)
	}
}

func TestALoginPageIsNoOffice(t *testing.T) {
	url, _ := listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			t.Error("what we had to say went to the login page")
		}
		http.Redirect(w, r, "/login", http.StatusTemporaryRedirect)
	}))
	d := newDevice(t, func(c *Config) { c.Server = url })
	d.save(finding("kept"))
	_, err := d.Client.Sync(t.Context())
	wantCode(t, err, Unavailable, "everything is kept here")
}

func TestAnOfficeThatNeverAnswersIsGivenUp(t *testing.T) {
	s := &script{answer: func(ctx context.Context, _ *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	d, _ := newOfficeDevice(t, s, func(c *Config) { c.Timeout = time.Millisecond })
	_, err := d.Client.Sync(t.Context())
	wantCode(t, err, Unavailable, "did not answer in time")
	if d.batch != firstBatch {
		t.Errorf("the batch is %d after a request without changes", d.batch)
	}
}

func TestTheBatchFollowsTheLink(t *testing.T) {
	s := &syncing{Client: &Client{batch: firstBatch}}
	for _, c := range []struct {
		shows string
		do    func()
		want  int
	}{
		{"a fast link carries the most", func() { s.follow(firstBatch, time.Millisecond) }, mostBatch},
		{"a request that was not full says nothing", func() { s.follow(1000, time.Hour) }, mostBatch},
		{"a slow one carries two seconds' worth", func() { s.follow(mostBatch, 32*time.Second) }, mostBatch / 16},
		{"a very slow one still carries something", func() { s.follow(mostBatch/16, time.Hour) }, leastBatch},
		{"an unmeasured one is trusted", func() { s.follow(leastBatch, 0) }, mostBatch},
	} {
		if c.do(); s.batch != c.want {
			t.Errorf("%s: %d, want %d", c.shows, s.batch, c.want)
		}
	}
	if again, err := s.failed(mostBatch, errIdle); !again || err != nil || s.batch != mostBatch/2 {
		t.Errorf("a request that took too long: %t, %v, then %d", again, err, s.batch)
	}
	if again, err := s.failed(leastBatch, errIdle); again || err == nil || s.batch != leastBatch {
		t.Errorf("the smallest one: %t, %v, then %d", again, err, s.batch)
	}
	if again, err := s.failed(mostBatch, io.ErrUnexpectedEOF); again || err == nil {
		t.Errorf("a link that broke: %t, %v", again, err)
	}
}

func TestAFaultStopsThePushAndNotThePull(t *testing.T) {
	s := &script{answer: func(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		if len(r.Batches) == 0 {
			return &daylightv1.SyncResponse{Epoch: []byte("epoch"), Cursor: []byte("end")}, nil
		}
		return &daylightv1.SyncResponse{
			Epoch: []byte("epoch"), Cursor: []byte("a"), More: true,
			Writers: []*daylightv1.WriterAnswer{{Writer: r.Own.Writer, Fault: daylightv1.BatchFault_BATCH_FAULT_SEAL}},
		}, nil
	}}
	d, _ := newOfficeDevice(t, s)
	d.save(finding("n"))
	r := d.sync()
	if r.Fault != "seal" || r.Requests != 2 || r.Pushed != 0 {
		t.Errorf("the report is %+v", r)
	}
	if st := d.status(); st.Unsent != 1 {
		t.Errorf("%d changes are waiting", st.Unsent)
	}
}

func TestAnOfficeThatChangesNothingIsNotAskedForEver(t *testing.T) {
	s := &script{answer: func(context.Context, *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		return &daylightv1.SyncResponse{Epoch: []byte("epoch"), Cursor: []byte("same"), More: true}, nil
	}}
	d, _ := newOfficeDevice(t, s)
	r, err := d.Client.Sync(t.Context())
	wantCode(t, err, Internal, "do not get on")
	if r.Requests > 5 {
		t.Errorf("it was asked %d times", r.Requests)
	}
}

func TestAnOfficeThatTakesADeviceForACopyIsNotAskedForEver(t *testing.T) {
	s := &script{answer: func(_ context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		return &daylightv1.SyncResponse{Epoch: []byte("epoch"), Cursor: []byte("same"), Writers: []*daylightv1.WriterAnswer{
			{Writer: r.Own.Writer, Seq: 7, Link: make([]byte, 32), Position: 7},
		}}, nil
	}}
	d, _ := newOfficeDevice(t, s)
	d.save(finding("n"))
	r, err := d.Client.Sync(t.Context())
	wantCode(t, err, Internal, "do not get on")
	if r.Requests > 6 {
		t.Errorf("it was asked %d times", r.Requests)
	}
}

// refused lets the office refuse everything that it is sent.
func refused(reason daylightv1.Reason) func(context.Context, *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	return func(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		answer, err := takesAll(ctx, r)
		for _, b := range r.Batches {
			for _, l := range linksOf(b) {
				answer.Verdicts = append(answer.Verdicts, &daylightv1.Verdict{Link: l, Decision: daylightv1.Decision_DECISION_REFUSED, Reason: reason, Position: 1})
			}
		}
		return answer, err
	}
}

func linksOf(b *daylightv1.Batch) (out [][]byte) {
	one, err := journal.FromProto(b)
	if err != nil {
		panic(err)
	}
	for _, l := range one.Links() {
		out = append(out, l[:])
	}
	return out
}

func TestARefusalStaysUntilItIsDismissed(t *testing.T) {
	s := &script{answer: refused(daylightv1.Reason_REASON_STALE)}
	d, _ := newOfficeDevice(t, s)
	v := &daylightv1.Visit{}
	d.save(v)
	s.answer = takesAll
	d.sync()
	for _, state := range []daylightv1.VisitState{daylightv1.VisitState_VISIT_STATE_PLANNED, daylightv1.VisitState_VISIT_STATE_IN_PROGRESS} {
		v.State = state.Enum()
		d.save(v)
	}
	s.answer = refused(daylightv1.Reason_REASON_STALE)
	if r := d.sync(); r.Refused != 2 {
		t.Errorf("the report is %+v", r)
	}
	d.reopen()
	all, err := d.Refused(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || len(all[0].Changes) != 2 || all[0].Reason != "stale" || all[0].ID != v.Id || all[0].Kind != KindVisit || all[0].Text == "" {
		t.Fatalf("several steps of one race are %+v", all)
	}
	if got := all[0].Changes[1].Edits[0]; got.Field != "state" || !strings.Contains(got.Json, "IN_PROGRESS") {
		t.Errorf("what was refused cannot be read: %v", got)
	}
	if st := d.status(); st.Refused != 1 || st.Unsent != 0 {
		t.Errorf("the status is %+v", st)
	}
	if err := d.Dismiss(t.Context(), all[0].Number); err != nil {
		t.Fatal(err)
	}
	if st := d.status(); st.Refused != 0 {
		t.Errorf("%d refusals are left", st.Refused)
	}
	wantCode(t, d.Dismiss(t.Context(), all[0].Number), NotFound, "dismissed already")
}

func TestWhatTheOfficeHadAlreadyIsNotShownAsRefused(t *testing.T) {
	d, _ := newOfficeDevice(t, &script{answer: refused(daylightv1.Reason_REASON_ALREADY)})
	d.save(finding("n"))
	if r := d.sync(); r.Refused != 0 {
		t.Errorf("the report is %+v", r)
	}
	if all, err := d.Refused(t.Context()); len(all) != 0 || err != nil {
		t.Errorf("refused are %+v, %v", all, err)
	}
}

func TestVerifyComparesWithTheOffice(t *testing.T) {
	s := &script{}
	d, _ := newOfficeDevice(t, s)
	d.save(finding("n"))
	digest := func() *daylightv1.Digest {
		var out *daylightv1.Digest
		err := d.db.Read(t.Context(), func(b *localdb.Book) (err error) {
			out, err = exchange.DigestOf(b.States)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for want, sum := range map[string]*daylightv1.Digest{"same": digest(), "different": {Sum: []byte("other"), Records: 1}} {
		s.answer = func(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
			answer, err := takesAll(ctx, r)
			if r.WantDigest {
				answer.Digest = sum
			}
			return answer, err
		}
		if r := d.sync(SyncOptions{Verify: true}); r.Verified != want {
			t.Errorf("it says %q, want %q", r.Verified, want)
		}
		if r := d.sync(); r.Verified != "" {
			t.Errorf("unasked, it says %q", r.Verified)
		}
	}
}

func TestAnAnswerWhoseCommitFailsIsAskedForAgain(t *testing.T) {
	for name, fault := range map[string]func(func() error) error{"failed": failed, "failed but applied": failedButApplied} {
		t.Run(name, func(t *testing.T) {
			var x disk
			s := &script{}
			d, _ := newOfficeDevice(t, s, x.onCommit)
			d.save(finding("n"))
			s.answer = func(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
				x.next = fault
				return takesAll(ctx, r)
			}
			_, err := d.Client.Sync(t.Context())
			wantCode(t, err, Unavailable, "everything that was written here is kept")
			s.answer = takesAll
			d.sync()
			d.reopen()
			if st := d.status(); st.Unsent != 0 || st.Records != 1 {
				t.Errorf("the status is %+v", st)
			}
		})
	}
}

// pages answers with five pages of one record each, the last of another log when
// restored is set.
func pages(restored bool) func(context.Context, *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	return func(_ context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		page := len(r.Cursor) + 1
		answer := &daylightv1.SyncResponse{
			Epoch: []byte("epoch"), Cursor: make([]byte, page), More: page < 5,
			States: []*daylightv1.RecordState{{Kind: uint32(KindFinding), Id: make([]byte, 16)}},
		}
		switch known := string(r.Epoch); {
		case restored && page == 3 && known != "restored":
			return &daylightv1.SyncResponse{Epoch: []byte("restored"), Restored: true, More: true}, nil
		case known == "restored":
			answer.Epoch = r.Epoch
		}
		return answer, nil
	}
}

func TestEachPageIsAskedForOnce(t *testing.T) {
	s := &script{answer: pages(false)}
	d, _ := newOfficeDevice(t, s)
	if r := d.sync(); r.Pulled != 5 || r.Requests != 5 {
		t.Errorf("the report is %+v", r)
	}
	for i, r := range s.asked {
		if len(r.Cursor) != i {
			t.Errorf("request %d asks from %d", i+1, len(r.Cursor))
		}
	}
}

func TestAPageThatWasAskedForTooSoonIsNotTaken(t *testing.T) {
	s := &script{answer: pages(true)}
	d, _ := newOfficeDevice(t, s)
	r := d.sync()
	if !r.Restored || r.Pulled != 2+5 {
		t.Errorf("two pages of the first log and five of the second are %+v", r)
	}
}
