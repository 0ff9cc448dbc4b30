package clientsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/vault"
	"github.com/daylight-npm/daylight/internal/wirezip"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

func (d *device) lock() {
	d.t.Helper()
	if err := d.Lock(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) unlock() {
	d.t.Helper()
	if err := d.Unlock(d.t.Context(), passphrase); err != nil {
		d.t.Fatal(err)
	}
}

// until waits for what other goroutines do.
func until(yes func() bool) {
	for !yes() {
		runtime.Gosched()
	}
}

func TestALockedFolderAnswersNothing(t *testing.T) {
	g := newFrontDesk(t)
	d := g.enrolled()
	f := finding("no daylight in cell 4")
	d.save(f)
	x := d.begin("npm_prison")
	d.lock()
	ctx := t.Context()
	only := func(err error) error { return err }
	first := func(_ any, err error) error { return err }
	listed := func(items func(func(Item, error) bool)) (last error) {
		for _, err := range items {
			last = errors.Join(last, err)
		}
		return last
	}
	locked := map[string]func() error{
		"BundleDevices":         func() error { return first(d.BundleDevices(ctx)) },
		"Carry":                 func() error { return first(d.Carry(ctx, KindFacility, f.Id, f.Id)) },
		"Conflicts":             func() error { return listed(d.Conflicts(ctx)) },
		"Duplicates":            func() error { return first(d.Duplicates(ctx, KindFacility)) },
		"FindPlaces":            func() error { return first(d.FindPlaces(ctx, "x", 9)) },
		"VisitSteps":            func() error { return first(d.VisitSteps(ctx, f.Id)) },
		"DuplicatesOf":          func() error { return first(d.DuplicatesOf(ctx, &daylightv1.Facility{})) },
		"Merge":                 func() error { return first(d.Merge(ctx, KindFacility, f.Id, f.Id, nil)) },
		"Unmerge":               func() error { return first(d.Unmerge(ctx, KindFacility, f.Id)) },
		"Directory":             func() error { return first(d.Directory(ctx)) },
		"Dossier":               func() error { return first(d.Dossier(ctx, f.Id)) },
		"Dismiss":               func() error { return only(d.Dismiss(ctx, 1)) },
		"Enrol":                 func() error { return first(d.Enrol(ctx, g.code(), "tablet")) },
		"BeginAnotherChecklist": func() error { return first(d.BeginAnotherChecklist(ctx, f.Id, f.Id)) },
		"BeginChecklist":        func() error { return first(d.BeginChecklist(ctx, f.Id, f.Id)) },
		"CarryChecklist":        func() error { _, _, err := d.CarryChecklist(ctx, f.Id, f.Id); return err },
		"Checklists":            func() error { return first(d.Checklists(ctx, "")) },
		"OpenChecklist":         func() error { return first(d.OpenChecklist(ctx, f.Id)) },
		"SaveChecklist":         func() error { return only(d.SaveChecklist(ctx, x)) },
		"Forms":                 func() error { return first(d.Forms(ctx)) },
		"Export":                func() error { return first(d.Export(ctx, io.Discard, To{Office: true})) },
		"Get":                   func() error { return first(d.Get(ctx, KindFinding, f.Id)) },
		"Held":                  func() error { return first(d.Held(ctx)) },
		"History":               func() error { return first(d.History(ctx, KindFinding, f.Id)) },
		"Import":                func() error { return first(d.Import(ctx, strings.NewReader("x"))) },
		"List":                  func() error { return listed(d.List(ctx, Filter{})) },
		"Refused":               func() error { return first(d.Refused(ctx)) },
		"Remove":                func() error { return only(d.Remove(ctx, f)) },
		"Resolve":               func() error { return only(d.Resolve(ctx, f, Conflict{Field: "title"}, Value{})) },
		"OpenSealed":            func() error { return first(d.OpenSealed(ctx, KindInterviewNote, f.Id)) },
		"Readers":               func() error { return first(d.Readers(ctx)) },
		"Received":              func() error { return first(d.Received(ctx)) },
		"Return":                func() error { return only(d.Return(ctx)) },
		"Rewrap":                func() error { return first(d.Rewrap(ctx)) },
		"Remember":              func() error { return only(d.Remember(ctx, "where", []byte("home"))) },
		"Remembered":            func() error { return first(d.Remembered(ctx, "where")) },
		"SaveSealed": func() error {
			return only(d.SaveSealed(ctx, &daylightv1.InterviewNote{VisitId: proto.String(f.Id)}, &daylightv1.InterviewNoteContent{}))
		},
		"SealedFiles":   func() error { return first(d.SealedFiles(ctx, KindInterviewNote, f.Id)) },
		"Terms":         func() error { return first(d.Terms(ctx)) },
		"Travel":        func() error { return first(d.Travel(ctx)) },
		"WhoCanRead":    func() error { return first(d.WhoCanRead(ctx, KindInterviewNote, f.Id)) },
		"Save":          func() error { return only(d.Save(ctx, f)) },
		"SetPassphrase": func() error { return only(d.SetPassphrase(ctx, passphrase, "another")) },
		"Status":        func() error { return first(d.Status(ctx)) },
		"CheckVisit":    func() error { return first(d.CheckVisit(ctx, f.Id)) },
		"Sync":          func() error { return first(d.Sync(ctx)) },
		"SyncWith":      func() error { return first(d.SyncWith(ctx, SyncOptions{Verify: true})) },
	}
	others := map[string]func() bool{
		"Check":           func() bool { d.Check(f); return true }, // by the message alone
		"CheckCode":       func() bool { return d.CheckCode(g.code()) == nil },
		"CheckPassphrase": func() bool { return d.CheckPassphrase("weak") != nil },
		"Lock":            func() bool { return d.Lock(ctx) == nil },
		"Locked":          func() bool { return d.Locked() },
		"Protection": func() bool {
			p, err := d.Protection()
			return err == nil && p == (Protection{Locked: true, TriesLeft: 10, Weak: true, Recoverable: true, Cost: "none, for tests"})
		},
		"Unsent":      func() bool { n, err := d.Unsent(ctx); return n == 3 && err == nil },
		"FreeSpace":   func() bool { n, err := d.FreeSpace(); return n > 0 && err == nil },
		"ClockOffset": func() bool { _, known := d.ClockOffset(); return !known }, // no answer has come
		"NewID":       func() bool { id := d.NewID(KindVisit); return id != d.NewID(KindVisit) },
		"Watch":       func() bool { return d.Watch(ctx) != nil },
		"Unlock":      func() bool { return true }, "Wipe": func() bool { return true }, "Close": func() bool { return true },
	}
	methods := reflect.TypeFor[*Client]()
	for i := range methods.NumMethod() {
		name := methods.Method(i).Name
		call, other := locked[name], others[name]
		switch {
		case call != nil:
			if err := call(); !errors.Is(err, ErrLocked) || CodeOf(err) != Unauthenticated {
				t.Errorf("%s: %v", name, err)
			}
		case other != nil:
			if !other() {
				t.Errorf("%s answers otherwise", name)
			}
		default:
			t.Errorf("%s is not tried here", name)
		}
	}
	if d.enrolment.Load() != nil || d.signer.Load() != nil || d.office != nil || d.db.db != nil || d.idle.timer != nil {
		t.Error("something that was read with the keys is left")
	}
	d.unlock()
	if got := d.get(f).Message.(*daylightv1.Finding); got.GetTitle() != f.GetTitle() {
		t.Errorf("afterwards it says %q", got.GetTitle())
	}
	if s := d.status(); s.Unsent != 3 || s.Office != "Office" {
		t.Errorf("%+v", s)
	}
}

// longSync is a device that needs several requests for its 20 records.
func longSync(t *testing.T) (*device, *script) {
	t.Helper()
	s := &script{answer: takesAll}
	d, _ := newOfficeDevice(t, s)
	for range 20 {
		f := finding("n")
		f.Narrative = proto.String(strings.Repeat("long text ", 5000))
		d.save(f)
	}
	return d, s
}

// during makes the office call do while it has the first request.
func (s *script) during(do func(context.Context)) {
	var once sync.Once
	s.answer = func(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		once.Do(func() { do(ctx) })
		return takesAll(ctx, r)
	}
}

func (s *script) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func TestLockingLetsTheRequestUnderWayEnd(t *testing.T) {
	d, s := longSync(t)
	locked := make(chan error, 1)
	s.during(func(context.Context) {
		go func() { locked <- d.Lock(context.Background()) }()
		until(d.turn.isWanted)
	})
	r, err := d.Sync(t.Context())
	if !errors.Is(err, ErrLocked) || CodeOf(err) != Unavailable {
		t.Errorf("the sync ended with %v", err)
	}
	if err := <-locked; err != nil || !d.Locked() {
		t.Fatalf("locking: %v", err)
	}
	if r.Pushed == 0 || r.Pushed == 20 || s.calls() != 1 {
		t.Errorf("after %d requests the answer to the first was not taken: %+v", s.calls(), r)
	}
	d.unlock()
	if n := d.status().Unsent; n != 20-r.Pushed {
		t.Errorf("%d are unsent after %d were taken", n, r.Pushed)
	}
	if again := d.sync(); again.Pushed != 20-r.Pushed {
		t.Errorf("the next sync does not go on: %+v", again)
	}
	s.wholeChain(t, 20)
}

// wholeChain fails unless every entry was sent once.
func (s *script) wholeChain(t *testing.T, want int) {
	t.Helper()
	seen := map[uint64]int{}
	for _, r := range s.asked {
		for _, b := range r.Batches {
			for i := range b.Entries {
				seen[b.FirstSeq+uint64(i)]++
			}
		}
	}
	if len(seen) != want {
		t.Errorf("%d entries came, want %d", len(seen), want)
	}
}

func TestWhoDoesNotWaitCutsTheRequest(t *testing.T) {
	for shows, stop := range map[string]func(context.Context, *device) error{
		"by locking": func(ctx context.Context, d *device) error { return d.Lock(ctx) },
		"by wiping":  func(_ context.Context, d *device) error { return d.Wipe(context.Background()) },
	} {
		t.Run(shows, func(t *testing.T) {
			d, s := longSync(t)
			stopped := make(chan error, 1)
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			s.during(func(ctx context.Context) {
				go func() { stopped <- stop(ended, d) }()
				<-ctx.Done() // the office answers nothing until the call is cut
			})
			if _, err := d.Sync(t.Context()); !errors.Is(err, ErrLocked) {
				t.Errorf("the sync ended with %v", err)
			}
			if err := <-stopped; err != nil || !d.Locked() {
				t.Fatal(err)
			}
			if p, err := d.Protection(); err != nil || p.New {
				if p.New && shows == "by wiping" {
					return
				}
				t.Fatalf("%+v, %v", p, err)
			}
			d.unlock()
			if n := d.status().Unsent; n != 20 {
				t.Errorf("%d are unsent", n)
			}
			d.sync()
			s.wholeChain(t, 20)
		})
	}
}

// Whoever comes between taking the turn and what there is to cut finds it cut.
func TestWhoHurriesCutsAlsoWhatHasHardlyBegun(t *testing.T) {
	turn := newTurn()
	turn.hurry++
	ctx, done, ok := turn.try(t.Context())
	if !ok || ctx.Err() == nil {
		t.Error("it goes on")
	}
	done()
}

func TestASaveWhileLockingIsWholeOrNotAtAll(t *testing.T) {
	d := newDevice(t)
	saved := make([]map[string]bool, 4)
	var saving sync.WaitGroup
	stop := make(chan struct{})
	for i := range saved {
		saved[i] = map[string]bool{}
		saving.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				f := finding(fmt.Sprintf("%d of %d", n, i))
				err := d.Save(t.Context(), f)
				saved[i][f.Id] = err == nil
				if err != nil && !errors.Is(err, ErrLocked) {
					t.Errorf("a save ended with %v", err)
				}
			}
		})
	}
	for range 10 {
		before := d.clock.Now()
		until(func() bool { return d.clock.Now().Sub(before) > 50*time.Millisecond }) // each save looks at it
		d.lock()
		d.unlock()
	}
	close(stop)
	saving.Wait()
	here := map[string]bool{}
	for _, item := range d.list(Filter{}) {
		here[item.Message.GetId()] = true
	}
	kept := 0
	for _, some := range saved {
		for id, ok := range some {
			if ok != here[id] {
				t.Errorf("%s: saved %v, and it is here: %v", id, ok, here[id])
			}
			if ok {
				kept++
			}
		}
	}
	if kept == 0 || kept != len(here) {
		t.Errorf("%d were saved, %d are here", kept, len(here))
	}
}

// A commit that may have failed is looked into before the folder is locked: else nobody
// could say whether the text was saved.
func TestASaveThatIsNotSureIsLookedIntoBeforeLocking(t *testing.T) {
	var x disk
	d := newDevice(t, x.onCommit)
	shut := make(chan *localdb.DB, 1)
	x.next = func(commit func() error) error {
		err := commit()
		go func() { shut <- d.db.shut() }()
		until(func() bool { return !d.db.isOpen() })
		return errors.Join(err, errDisk)
	}
	f := finding("n")
	if err := d.Save(t.Context(), f); err != nil {
		t.Errorf("the save, which was applied, says %v", err)
	}
	d.db.open(<-shut)
	d.get(f)
}

func TestWatchersAreToldOfLockingAndUnlocking(t *testing.T) {
	d := newDevice(t)
	heard := d.Watch(t.Context())
	for _, step := range []func(){d.lock, d.unlock} {
		step()
		select {
		case <-heard:
		default:
			t.Error("nobody was told")
		}
	}
	d.unlock() // it is open already
	select {
	case <-heard:
		t.Error("something was told of nothing")
	default:
	}
}

// direct calls a handler without a network.
type direct struct{ http.Handler }

func (h direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestAFolderThatNobodyUsesLocksItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, h := daylightv1connect.NewSyncServiceHandler(&script{answer: takesAll}, wirezip.Handler()...)
		d := newDevice(t, func(c *Config) {
			c.LockAfter, c.Now = 10*time.Minute, time.Now
			c.Server, c.HTTP = "http://office", &http.Client{Transport: direct{h}}
		})
		f := finding("n")
		wait := func(minutes int, locked bool) {
			t.Helper()
			time.Sleep(time.Duration(minutes)*time.Minute + time.Second)
			synctest.Wait()
			if d.Locked() != locked {
				t.Fatalf("locked: %v", !locked)
			}
		}
		for _, use := range []func(){func() { d.save(f) }, func() { d.list(Filter{}) }, func() { d.get(f) }} {
			wait(9, false)
			use()
		}
		wait(9, false)
		d.sync()
		d.status() // shown on every page
		wait(1, true)
		d.unlock()
		wait(9, false)
		d.lock()
		d.unlock() // it counts from here
		wait(9, false)
		wait(1, true)
		wait(600, true)
		d.Close()
	})
}

func TestAPassphraseIsAskedForInWords(t *testing.T) {
	d := newDevice(t)
	f := finding("n")
	d.save(f)
	if err := d.SetPassphrase(t.Context(), "not the passphrase", "another"); CodeOf(err) != Unauthenticated {
		t.Errorf("changed by a stranger: %v", err)
	}
	d.lock()
	for left := 8; left >= 0; left-- {
		err := d.Unlock(t.Context(), "not the passphrase")
		var e *Error
		var tried *PassphraseError
		if !errors.As(err, &e) || e.Code != Unauthenticated {
			t.Fatalf("%v", err)
		}
		switch {
		case left == 0:
			if !errors.Is(err, vault.ErrDestroyed) || !strings.Contains(e.Hint, "office") {
				t.Errorf("the tenth: %v", err)
			}
		case !errors.As(err, &tried) || tried.TriesLeft != left,
			left > 1 && !strings.Contains(e.Hint, fmt.Sprintf("%d tries are left", left)),
			left == 1 && !strings.Contains(e.Hint, "One try is left"):
			t.Errorf("with %d left: %v %q", left, err, e.Hint)
		}
	}
	if p, err := d.Protection(); err != nil || !p.Destroyed || !p.Locked || p.TriesLeft != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if err := d.Unlock(t.Context(), passphrase); !errors.Is(err, vault.ErrDestroyed) {
		t.Errorf("the right one: %v", err)
	}
}

func TestAPassphraseIsChangedWithoutTheRecords(t *testing.T) {
	const one, other = "lantern orbit maple quiet ribbon stove", "velvet harbor candle monkey ticket zebra"
	d := newDevice(t, func(c *Config) { c.Passphrase, c.Cost = one, vault.Least })
	f := finding("n")
	d.save(f)
	d.lock()
	if err := d.Unlock(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	before := files(t, d.config.Dir)
	err := d.SetPassphrase(t.Context(), one, "too weak for this")
	wantCode(t, err, Invalid, "needs 6 different words of three letters or more, and has 4; nothing was changed")
	var weak *WeakError
	if !errors.As(err, &weak) {
		t.Errorf("got %v", err)
	}
	if err := d.SetPassphrase(t.Context(), one, other); err != nil {
		t.Fatal(err)
	}
	if after := files(t, d.config.Dir); after != before {
		t.Errorf("%s became %s", before, after)
	}
	d.lock()
	wantCode(t, d.Unlock(t.Context(), one), Unauthenticated, "does not open this folder")
	if err := d.Unlock(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	d.get(f)
	d.config.Passphrase = other
	d.reopen()
	d.get(f)
}

func TestANewFolderAsksForAPassphrase(t *testing.T) {
	d := newDevice(t, func(c *Config) { c.Passphrase, c.Cost = "", vault.Least })
	if p, err := d.Protection(); err != nil || p != (Protection{New: true, Weak: true}) || !d.Locked() {
		t.Errorf("%+v, %v", p, err)
	}
	wantCode(t, d.Unlock(t.Context(), "x"), NotFound, "no key in this folder")
	wantCode(t, d.SetPassphrase(t.Context(), "", "weak"), Invalid, "fewer than 6")
	if p, err := d.Protection(); err != nil || !p.New {
		t.Errorf("%+v, %v", p, err)
	}
	words := SuggestPassphrase()
	if err := d.CheckPassphrase(words); err != nil {
		t.Errorf("%q: %v", words, err)
	}
	if err := d.SetPassphrase(t.Context(), "", words); err != nil || d.Locked() {
		t.Fatal(err)
	}
	d.save(finding("n"))
	if b := []byte(words); bytes.Contains([]byte(fmt.Sprintf("%+v", d.Client)), b) {
		t.Error("the client remembers it")
	}
}
