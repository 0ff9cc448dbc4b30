package clientsync

import (
	"context"
	"errors"
	"fmt"
	"github.com/daylight-npm/daylight/internal/vault"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// device is a client in a folder of its own, with a clock that only the test moves.
// passphrase opens the folders of tests.
const passphrase = "what opens the folder"

type device struct {
	*Client
	t      *testing.T
	config Config
	clock  *clock
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func newDevice(t *testing.T, change ...func(*Config)) *device {
	t.Helper()
	d := &device{t: t, clock: &clock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}}
	d.config = Config{
		Dir: filepath.Join(t.TempDir(), "records"), Person: "Monitor A", Device: "tablet 3",
		Now: d.clock.Now, Passphrase: passphrase, Cost: vault.ForTests,
	}
	for _, f := range change {
		f(&d.config)
	}
	d.open()
	t.Cleanup(func() { d.Client.Close() })
	return d
}

func (d *device) open() {
	d.t.Helper()
	c, err := Open(d.t.Context(), d.config)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Client = c
}

func (d *device) reopen() {
	d.t.Helper()
	if err := d.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.open()
}

func (d *device) save(messages ...Message) {
	d.t.Helper()
	if err := d.Save(d.t.Context(), messages...); err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) get(m Message) Item {
	d.t.Helper()
	kind, _, err := nameOf(m)
	if err != nil {
		d.t.Fatal(err)
	}
	item, err := d.Get(d.t.Context(), kind, m.GetId())
	if err != nil {
		d.t.Fatal(err)
	}
	return item
}

func (d *device) status() Status {
	d.t.Helper()
	s, err := d.Status(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *device) list(f Filter) []Item {
	d.t.Helper()
	return collect(d.t, d.List(d.t.Context(), f))
}

func collect(t *testing.T, items iter.Seq2[Item, error]) (out []Item) {
	t.Helper()
	for item, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, item)
	}
	return out
}

// finding is one that passes every structural check.
func finding(title string) *daylightv1.Finding {
	return &daylightv1.Finding{Title: proto.String(title)}
}

func wantCode(t *testing.T, err error, code Code, says string) {
	t.Helper()
	if CodeOf(err) != code || !strings.Contains(fmt.Sprint(err), says) {
		t.Errorf("got %s %v, want %s with %q", CodeOf(err), err, code, says)
	}
}

func TestASavedRecordIsThereAfterReopening(t *testing.T) {
	d := newDevice(t)
	f := finding("no daylight in cell 4")
	d.save(f)
	if f.Id == "" || len(f.Seen) == 0 {
		t.Fatalf("the message did not come back with an id and a token: %v", f)
	}
	d.reopen()
	got := d.get(f).Message.(*daylightv1.Finding)
	if got.GetTitle() != "no daylight in cell 4" {
		t.Errorf("read %v", got)
	}
	if s := d.status(); s.Unsent != 1 || s.UnsentRecords != 1 || s.UnsentBytes == 0 || s.Records != 1 || s.Person != "Monitor A" {
		t.Errorf("the status is %+v", s)
	}
}

func TestAutosavesOfOneFieldLeaveOneChange(t *testing.T) {
	d := newDevice(t)
	f := finding("n")
	d.save(f) // creates, with the fixed id: closed at once
	text := ""
	for i := range 300 {
		text += fmt.Sprintf("word %d ", i)
		f.Narrative = proto.String(text)
		d.save(f)
	}
	if s := d.status(); s.Unsent != 2 {
		t.Errorf("%d changes are waiting, want the first and one for all autosaves", s.Unsent)
	}
	if got := d.get(f).Message.(*daylightv1.Finding); got.GetNarrative() != text {
		t.Errorf("the text is %d bytes long, want %d", len(got.GetNarrative()), len(text))
	}
	d.reopen()
	f.Narrative = proto.String("after a restart")
	d.save(f)
	if s := d.status(); s.Unsent != 3 {
		t.Errorf("%d changes are waiting, want a new one after a restart", s.Unsent)
	}
}

func TestASaveThatChangesNothingWritesNothing(t *testing.T) {
	d := newDevice(t)
	f := finding("n")
	d.save(f)
	d.save(f)
	if s := d.status(); s.Unsent != 1 {
		t.Errorf("%d changes are waiting", s.Unsent)
	}
}

func TestSeveralRecordsAreSavedTogetherOrNotAtAll(t *testing.T) {
	d := newDevice(t)
	a, b := finding("a"), finding("b\x00")
	err := d.Save(t.Context(), a, b)
	wantCode(t, err, Invalid, "title")
	var problem *Problem
	if !errors.As(err, &problem) || problem.Field != "title" {
		t.Errorf("the problem is %+v", problem)
	}
	if got := d.list(Filter{}); len(got) != 0 {
		t.Errorf("%d records were saved", len(got))
	}
	b.Title = proto.String("b")
	d.save(a, b)
	if s := d.status(); s.Unsent != 1 || s.UnsentRecords != 2 {
		t.Errorf("the status is %+v, want one change of two records", s)
	}
	for _, item := range d.list(Filter{OnlyUnsent: true}) {
		if item.Sent {
			t.Errorf("%v is shown as sent", item.Message)
		}
	}
	if n := len(d.list(Filter{OnlyUnsent: true})); n != 2 {
		t.Errorf("%d records are listed as unsent, want 2", n)
	}
	wantCode(t, d.Save(t.Context(), a, a), Invalid, "twice")
}

func TestTwoWindowsOfOnePersonAreTold(t *testing.T) {
	d := newDevice(t)
	other := finding("another one")
	f := finding("n")
	d.save(f, other)
	window := proto.CloneOf(f)
	f.Title = proto.String("from the first window")
	d.save(f)
	window.Title = proto.String("from the second window")
	other.Title = proto.String("not stale")
	err := d.Save(t.Context(), other, window)
	wantCode(t, err, Conflicting, "another window")
	var stale *StaleError
	if !errors.As(err, &stale) || stale.Present.Message.(*daylightv1.Finding).GetTitle() != "from the first window" {
		t.Fatalf("the present record is %+v", stale)
	}
	if window.GetTitle() != "from the second window" {
		t.Errorf("the text on the screen became %q", window.GetTitle())
	}
	if got := d.get(other).Message.(*daylightv1.Finding); got.GetTitle() != "another one" {
		t.Errorf("half of the save was kept: %q", got.GetTitle())
	}
}

func TestRemovingIsUndoneBySavingWithoutIt(t *testing.T) {
	d := newDevice(t)
	f := finding("n")
	d.save(f)
	if err := d.Remove(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if !d.get(f).Removed || len(d.list(Filter{})) != 0 || len(d.list(Filter{IncludeRemoved: true})) != 1 {
		t.Errorf("it is not removed: %+v", d.get(f))
	}
	if s := d.status(); s.Records != 0 {
		t.Errorf("%d records are counted", s.Records)
	}
	f.Removed = nil
	d.save(f)
	if d.get(f).Removed || len(d.list(Filter{})) != 1 {
		t.Error("it did not come back")
	}
}

func TestListsFilter(t *testing.T) {
	d := newDevice(t)
	place := &daylightv1.Facility{Names: map[string]string{"en": "Northern Remand Prison", "ru": "СИЗО Северный"}}
	d.save(place)
	visit := &daylightv1.Visit{FacilityId: proto.String(place.Id), Aims: proto.String("night conditions")}
	d.save(visit)
	inVisit := &daylightv1.Finding{VisitId: proto.String(visit.Id), Title: proto.String("Broken windows")}
	d.save(inVisit, finding("elsewhere"))
	for _, c := range []struct {
		shows string
		f     Filter
		want  int
	}{
		{"everything", Filter{}, 4},
		{"one kind", Filter{Kind: KindFinding}, 2},
		{"a visit with its findings", Filter{Visit: visit.Id}, 2},
		{"a visit's findings", Filter{Visit: visit.Id, Kind: KindFinding}, 1},
		{"a facility with visits and findings", Filter{Facility: place.Id}, 3},
		{"text in another case", Filter{Text: "BROKEN win"}, 1},
		{"text in a map, in Cyrillic", Filter{Text: "сизо"}, 1},
		{"text that is part of an id", Filter{Text: visit.Id[:13]}, 0},
		{"text that is nowhere", Filter{Text: "helicopter"}, 0},
		{"only conflicts", Filter{OnlyConflicts: true}, 0},
		{"only unsent of a visit", Filter{OnlyUnsent: true, Visit: visit.Id}, 2},
	} {
		t.Run(c.shows, func(t *testing.T) {
			if got := d.list(c.f); len(got) != c.want {
				t.Errorf("listed %d, want %d", len(got), c.want)
			}
		})
	}
}

func TestAListIsReadInPagesAndDoesNotStopASave(t *testing.T) {
	d := newDevice(t)
	var all []Message
	for i := range 2*pageRows + 1 {
		all = append(all, finding(fmt.Sprint(i)))
	}
	d.save(all...)
	n := 0
	for item, err := range d.List(t.Context(), Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 {
			m := item.Message.(*daylightv1.Finding)
			m.Title = proto.String("edited in the middle of a list")
			d.save(m)
		}
	}
	if n != len(all) {
		t.Errorf("listed %d of %d", n, len(all))
	}
	for range d.List(t.Context(), Filter{}) {
		break // leaving early must leave nothing open
	}
	d.reopen()
}

func TestWhatARecordWaitsForIsNamed(t *testing.T) {
	d := newDevice(t)
	visit := &daylightv1.Visit{}
	d.save(visit)
	f := &daylightv1.Finding{VisitId: proto.String(visit.Id), RepeatsId: proto.String("0190a6e2-7c1b-7000-8000-000000000001")}
	d.save(f)
	waiting := d.get(f).Waiting
	if len(waiting) != 1 || waiting[0].Kind != KindFinding || waiting[0].Field != "repeats_id" {
		t.Errorf("it waits for %+v", waiting)
	}
}

func TestHistoryTellsOwnChangesAndWhoSetWhat(t *testing.T) {
	d := newDevice(t)
	f := finding("first")
	d.save(f)
	d.reopen()
	f.Title = proto.String("second")
	d.save(f)
	h, err := d.History(t.Context(), KindFinding, f.Id)
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Changes) != 2 || h.Changes[0].Edits[0].Json != `"second"` || h.Changes[0].Person != "Monitor A" || h.AtOffice {
		t.Errorf("the history is %+v", h)
	}
	for _, o := range h.Current {
		if !o.Own || o.Field == "title" && o.JSON != `"second"` {
			t.Errorf("the origin is %+v", o)
		}
	}
}

func TestWatchersHearOnceAndHoldNobodyUp(t *testing.T) {
	d := newDevice(t)
	ctx, cancel := context.WithCancel(t.Context())
	ch := d.Watch(ctx)
	f := finding("n")
	for i := range 5 {
		f.Title = proto.String(fmt.Sprint(i))
		d.save(f)
	}
	<-ch
	select {
	case <-ch:
		t.Error("five saves were told twice")
	default:
	}
	cancel()
	if _, open := <-ch; open {
		t.Error("the channel is still open")
	}
	closed := d.Watch(t.Context())
	d.Close()
	if _, open := <-closed; open {
		t.Error("the channel outlives the client")
	}
	if _, open := <-d.Watch(t.Context()); open {
		t.Error("a closed client can be watched")
	}
}

func TestWithoutAnOfficeEverythingButSyncWorks(t *testing.T) {
	d := newDevice(t)
	d.save(finding("n"))
	_, err := d.Sync(t.Context())
	wantCode(t, err, Invalid, "no office")
}
