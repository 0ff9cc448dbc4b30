package scenario

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/bundle"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/store"
)

// team is a monitoring team with a device each, and a visit.
type team struct {
	*madeOffice
	hands []hand
	visit *daylightv1.Visit
	place *daylightv1.Facility
}

const civilRole = daylightv1.OfficeRole_OFFICE_ROLE_CIVIL_SOCIETY_MONITOR

// gather makes a team of people with these roles, and its visit; all have synced.
func gather(t *testing.T, roles ...daylightv1.OfficeRole) *team {
	t.Helper()
	return gatherAt(t, makeOffice(t), roles...)
}

// gatherAt makes it at that office.
func gatherAt(t *testing.T, o *madeOffice, roles ...daylightv1.OfficeRole) *team {
	t.Helper()
	w := &team{madeOffice: o}
	for i, r := range roles {
		w.hands = append(w.hands, w.hand(fmt.Sprintf("Monitor %c", 'A'+i), r))
	}
	w.place = &daylightv1.Facility{Names: map[string]string{"en": "Prison 4"}, Region: proto.String("UA-46")}
	w.hands[0].saves(w.place)
	w.visit = &daylightv1.Visit{FacilityId: &w.place.Id}
	for _, h := range w.hands {
		w.visit.Team = append(w.visit.Team, h.monitor())
	}
	w.hands[0].saves(w.visit)
	for range 2 {
		for _, h := range w.hands {
			w.synced(h.Client)
		}
	}
	return w
}

// finding saves one of the visit.
func (w *team) finding(h hand, title string) string {
	w.t.Helper()
	f := &daylightv1.Finding{VisitId: &w.visit.Id, Title: &title}
	if flags := h.saves(f); len(flags) > 0 {
		w.t.Fatalf("%v", flags)
	}
	return f.Id
}

// bundle is one of h's for the others.
func (w *team) bundle(h hand, others ...hand) []byte {
	w.t.Helper()
	all, err := h.BundleDevices(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var to clientsync.To
	for _, o := range others {
		i := slices.IndexFunc(all, func(d clientsync.BundleDevice) bool { return d.Person == o.name })
		if i < 0 {
			w.t.Fatalf("%s cannot make a bundle for %s: %v", h.name, o.name, all)
		}
		to.Devices = append(to.Devices, all[i].ID)
	}
	return w.made(h, to)
}

func (w *team) made(h hand, to clientsync.To) []byte {
	w.t.Helper()
	var b bytes.Buffer
	if _, err := h.Export(w.t.Context(), &b, to); err != nil {
		w.t.Fatal(err)
	}
	return b.Bytes()
}

func (w *team) takes(h hand, b []byte) clientsync.Imported {
	w.t.Helper()
	// A stream cannot be read twice: it is put aside.
	r, err := h.Import(w.t.Context(), io.MultiReader(bytes.NewReader(b)))
	if err != nil {
		w.t.Fatalf("%s: %v", h.name, err)
	}
	return r
}

// shows fails unless the device lists just these findings.
func (w *team) shows(h hand, titles ...string) {
	w.t.Helper()
	var got []string
	for item, err := range h.List(w.t.Context(), clientsync.Filter{Kind: clientsync.KindFinding}) {
		if err != nil {
			w.t.Fatal(err)
		}
		got = append(got, item.Message.(*daylightv1.Finding).GetTitle())
	}
	slices.Sort(got)
	if slices.Sort(titles); !slices.Equal(got, titles) {
		w.t.Fatalf("%s shows %q, want %q", h.name, got, titles)
	}
}

func (w *team) head() uint64 {
	w.t.Helper()
	n, err := w.store.Head(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return uint64(n)
}

// sound fails unless everything at the office follows from what was signed.
func (w *team) sound() {
	w.t.Helper()
	if err := w.store.Check(w.t.Context(), func(f store.Finding) { w.t.Error(f) }); err != nil {
		w.t.Fatal(err)
	}
}

// summary writes the visit's.
func (w *team) summary(h hand, text string) {
	w.t.Helper()
	v := h.visit(w.visit.Id)
	v.Summary = &text
	h.saves(v)
}

// contested gives the values of the visit's summary, where they are several.
func (w *team) contested(h hand) (values []string) {
	w.t.Helper()
	item, err := h.Get(w.t.Context(), clientsync.KindVisit, w.visit.Id)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range item.Conflicts {
		if c.Field != "summary" {
			w.t.Fatalf("%s: %s is contested", h.name, c.Field)
		}
		for _, v := range c.Values {
			values = append(values, fmt.Sprint(v))
		}
	}
	return values
}

// Four devices split a prison between them, without a network. In the evening each
// takes the others' bundles; the next day one of them reaches the office.
func TestTheEveningMerge(t *testing.T) {
	w := gather(t, aMonitor, aMonitor, aMonitor, civilRole)
	var all []string
	for i, h := range w.hands {
		for n := range 3 {
			all = append(all, fmt.Sprintf("wing %d cell %d", i+1, n+1))
			w.finding(h, all[len(all)-1])
		}
	}
	w.summary(w.hands[0], "the staff were open")
	w.summary(w.hands[1], "the staff hid two cells")

	// One of civil society is told of nobody, until others have handed something over.
	d := w.hands[3]
	if known, err := d.BundleDevices(t.Context()); err != nil || len(known) > 0 {
		t.Fatalf("%v, %v", known, err)
	}
	bundles := map[int][]byte{}
	for i := range w.hands {
		others := slices.Delete(slices.Clone(w.hands), i, i+1)
		bundles[i] = w.bundle(w.hands[i], others...)
		for j, h := range w.hands {
			if j == i {
				continue
			}
			if got := w.takes(h, bundles[i]); got.Person != w.hands[i].name || got.New < 3 || got.Office {
				t.Errorf("%s took %+v", h.name, got)
			}
			if got := w.takes(h, bundles[i]); got.New != 0 {
				t.Errorf("%s took it twice: %+v", h.name, got)
			}
		}
	}
	for _, h := range w.hands {
		w.shows(h, all...)
		if got := w.contested(h); len(got) != 2 {
			t.Errorf("%s: of two summaries %q are to be seen", h.name, got)
		}
	}

	before := w.head()
	r := w.synced(d.Client)
	if r.Passed == 0 || r.Passed != r.ToPass {
		t.Errorf("the first to come has passed on %+v", r)
	}
	after := w.head()
	if after < before+12 {
		t.Errorf("the log grew from %d to %d", before, after)
	}
	for _, h := range w.hands[:3] {
		r := w.synced(h.Client)
		if r.Passed != r.ToPass || r.ToPass == 0 {
			t.Errorf("%s: %+v", h.name, r)
		}
		w.shows(h, all...)
	}
	if got := w.head(); got != after {
		t.Errorf("the others brought the office %d changes that it had", got-after)
	}
	w.takes(d, bundles[0]) // an old one, much later
	w.synced(d.Client)
	if got := w.head(); got != after {
		t.Errorf("an old bundle brought the office %d changes", got-after)
	}
	for _, h := range w.hands {
		if got := w.contested(h); len(got) != 2 {
			t.Errorf("%s: of two summaries %q are to be seen", h.name, got)
		}
		h.stands(0, 0)
	}
	w.summary(d, "settled")
	w.synced(d.Client)
	for _, h := range w.hands {
		w.synced(h.Client)
		if got := w.contested(h); len(got) != 0 {
			t.Errorf("%s: still contested: %q", h.name, got)
		}
	}
	w.sound()
}

// What a team-mate wrote comes by bundle and by sync, in both orders, and in between
// somebody writes over it.
func TestByBundleAndBySync(t *testing.T) {
	for _, bundleFirst := range []bool{true, false} {
		w := gather(t, aMonitor, aMonitor)
		a, b := w.hands[0], w.hands[1]
		w.finding(a, "seen by A")
		w.summary(a, "by A")
		made := w.bundle(a, b)
		if bundleFirst {
			w.takes(b, made)
			w.shows(b, "seen by A")
			w.summary(b, "by B, over what A wrote")
			w.synced(a.Client)
			w.synced(b.Client)
		} else {
			w.synced(a.Client)
			w.synced(b.Client)
			w.takes(b, made)
			w.shows(b, "seen by A")
			w.summary(b, "by B, over what A wrote")
			w.synced(b.Client)
		}
		w.synced(a.Client)
		w.takes(b, made)
		w.synced(b.Client)
		for _, h := range w.hands {
			w.shows(h, "seen by A")
			if got := w.contested(h); len(got) > 0 {
				t.Errorf("bundle first %v: %s has %q", bundleFirst, h.name, got)
			}
			if got := h.visit(w.visit.Id).GetSummary(); got != "by B, over what A wrote" {
				t.Errorf("bundle first %v: %s has %q", bundleFirst, h.name, got)
			}
		}
	}
}

// B is in one visit's team and not in the other's: what A wrote there goes as its hash,
// B brings it to the office so, and A the rest.
func TestWhatATeamMateMayNotReadIsLeftOut(t *testing.T) {
	w := gather(t, aMonitor, aMonitor, aMonitor)
	a, b, c := w.hands[0], w.hands[1], w.hands[2]
	other := &daylightv1.Visit{FacilityId: &w.place.Id, Team: []*daylightv1.TeamMember{a.monitor(), c.monitor()}}
	a.saves(other)
	w.synced(a.Client)
	w.synced(c.Client)
	w.finding(a, "for all")
	hidden := &daylightv1.Finding{VisitId: &other.Id, Title: proto.String("for A and C alone")}
	a.saves(hidden)
	w.finding(a, "for all, later")

	made := w.bundle(a, b)
	got := w.takes(b, made)
	if got.LeftOut == 0 {
		t.Fatalf("nothing was left out: %+v", got)
	}
	w.shows(b, "for all", "for all, later")
	r := w.synced(b.Client)
	if r.Passed < 2 {
		t.Errorf("%+v", r)
	}
	w.sound()
	if text := w.folder(b); strings.Contains(text, "for A and C alone") {
		t.Error("what B may not read is on B's device")
	}
	// C has it all, and brings what the office waits for before A comes.
	w.takes(c, w.bundle(a, c))
	w.shows(c, "for all", "for A and C alone", "for all, later")
	if r := w.synced(c.Client); r.Passed != r.ToPass {
		t.Errorf("%+v", r)
	}
	w.synced(a.Client)
	for _, h := range []hand{a, c} {
		w.shows(h, "for all", "for A and C alone", "for all, later")
		h.stands(0, 0)
	}
	w.synced(b.Client)
	w.shows(b, "for all", "for all, later")
	w.sound()
}

// folder is every byte in the device's folder.
func (w *team) folder(h hand) string {
	w.t.Helper()
	return string(folderOf(w.t, h.dir))
}

// refusesBundle fails unless the device refuses it with such words and shows what it
// showed.
func (w *team) refusesBundle(h hand, b []byte, words string) {
	w.t.Helper()
	_, err := h.Import(w.t.Context(), bytes.NewReader(b))
	if err == nil || !strings.Contains(err.Error(), words) {
		w.t.Errorf("%s: %v, want %q", h.name, err, words)
	}
}

func TestBundlesThatAreNotTaken(t *testing.T) {
	w := gather(t, aMonitor, aMonitor, aMonitor)
	a, b, c := w.hands[0], w.hands[1], w.hands[2]
	first := w.finding(a, "one")
	_ = first
	made := w.bundle(a, b)
	w.refusesBundle(c, made, "somebody else")
	for _, n := range []int{0, 10, 200, len(made) / 2, len(made) - 1} {
		if _, err := b.Import(t.Context(), bytes.NewReader(made[:n])); err == nil {
			t.Errorf("%d of %d bytes were taken", n, len(made))
		}
	}
	for _, at := range []int{30, len(made) / 2, len(made) - 5} {
		broken := bytes.Clone(made)
		broken[at] ^= 1
		if _, err := b.Import(t.Context(), bytes.NewReader(broken)); err == nil {
			t.Errorf("with byte %d altered it was taken", at)
		}
	}
	w.refusesBundle(b, []byte("Dear colleague"), "not a bundle")
	w.refusesBundle(b, w.made(a, clientsync.To{Office: true}), "somebody else")
	w.shows(b)

	elsewhere := gather(t, aMonitor, aMonitor)
	stranger := elsewhere.bundle(elsewhere.hands[0], elsewhere.hands[1])
	w.refusesBundle(b, stranger, "somebody else")

	plain := newStandalone(t)
	if _, err := plain.Export(t.Context(), io.Discard, clientsync.To{Office: true}); err == nil || !strings.Contains(err.Error(), "not enrolled") {
		t.Errorf("%v", err)
	}
	if _, err := a.Export(t.Context(), io.Discard, clientsync.To{}); err == nil {
		t.Error("a bundle for nobody was made")
	}
	if _, err := a.Export(t.Context(), io.Discard, clientsync.To{Devices: []string{"nobody"}}); err == nil {
		t.Error("a bundle for an unknown device was made")
	}

	// What came before is in a bundle that B never got.
	w.synced(a.Client)
	w.finding(a, "two")
	w.synced(c.Client)
	w.now = w.now.Add(30 * 24 * time.Hour)
	w.takes(c, w.bundle(a, c))
	w.takes(b, w.bundle(c, b)) // passes on what A wrote, and says that the office has the rest
	w.shows(b, "two")
}

func newStandalone(t *testing.T) *clientsync.Client {
	c, err := clientsync.Open(t.Context(), Cheap(clientsync.Config{Dir: t.TempDir()}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Three devices save, sync, hand bundles over and take old ones, close and open again, in
// any order. In the end all hold the same, and nobody's words are gone.
func TestBundlesAndSyncsInAnyOrder(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { playBundles(t, seed, 60) })
	}
}

func playBundles(t *testing.T, seed uint64, steps int) {
	w := gather(t, aMonitor, aMonitor, civilRole)
	random := rand.New(rand.NewPCG(seed, 4))
	// A second visit that the third one has no part in.
	apart := &daylightv1.Visit{FacilityId: &w.place.Id, Team: []*daylightv1.TeamMember{w.hands[0].monitor(), w.hands[1].monitor()}}
	w.hands[0].saves(apart)
	for range 2 {
		for _, h := range w.hands {
			w.synced(h.Client)
		}
	}
	for i, h := range w.hands { // whom one of civil society may make bundles for
		others := slices.Delete(slices.Clone(w.hands), i, i+1)
		if i < 2 {
			w.takes(w.hands[2], w.bundle(h, others...))
		}
	}
	said := map[string]bool{} // titles, and whether they are apart
	var bundles [][]byte
	for n := range steps {
		i := random.IntN(3)
		h := w.hands[i]
		others := slices.Delete(slices.Clone(w.hands), i, i+1)
		switch random.IntN(9) {
		case 0, 1, 2:
			title := fmt.Sprintf("finding %d of %s", n, h.name)
			f := &daylightv1.Finding{VisitId: &w.visit.Id, Title: &title}
			if said[title] = i < 2 && random.IntN(3) == 0; said[title] {
				f.VisitId = &apart.Id
			}
			h.saves(f)
		case 3:
			w.summary(h, fmt.Sprintf("summary %d", n))
		case 4:
			w.synced(h.Client)
		case 5:
			bundles = append(bundles, w.bundle(h, others...))
		case 6, 7:
			if len(bundles) > 0 {
				// Nobody can open one's own: it is for the others.
				_, err := h.Import(t.Context(), bytes.NewReader(bundles[random.IntN(len(bundles))]))
				if err != nil && !strings.Contains(err.Error(), "somebody else") {
					t.Fatalf("%s: %v", h.name, err)
				}
			}
		case 8:
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}
			w.hands[i].Client = w.open(h.dir)
		}
	}
	for range 3 {
		for _, h := range w.hands {
			w.synced(h.Client)
		}
	}
	var all, together []string
	for title, apart := range said {
		if all = append(all, title); !apart {
			together = append(together, title)
		}
	}
	w.shows(w.hands[0], all...)
	w.shows(w.hands[1], all...)
	w.shows(w.hands[2], together...)
	for _, h := range w.hands {
		h.stands(0, 0)
	}
	w.sound()
}

// office takes a bundle and gives the answer.
func (w *team) office(b []byte) (answer []byte, t server.BundleTaken) {
	w.t.Helper()
	var out bytes.Buffer
	t, err := w.server.AnswerBundle(w.t.Context(), bytes.NewReader(b), bundle.Identity{}, &out)
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Bytes(), t
}

// One device never goes online. For a month a courier carries its bundles to the office,
// and the answers back, sometimes late, sometimes not at all.
func TestAMonthOfBundles(t *testing.T) {
	w := gather(t, aMonitor, aMonitor)
	away, colleague := w.hands[0], w.hands[1]
	random := rand.New(rand.NewPCG(4, 30))
	var all []string
	stale := 0
	var late [][]byte
	for day := range 30 {
		w.now = w.now.Add(24 * time.Hour)
		for n := range random.IntN(4) {
			for _, h := range w.hands {
				all = append(all, fmt.Sprintf("day %d finding %d of %s", day, n, h.name))
				w.finding(h, all[len(all)-1])
			}
		}
		if day%5 == 0 {
			w.summary(away, fmt.Sprintf("on day %d", day))
		}
		if day%7 == 3 {
			w.summary(colleague, fmt.Sprintf("at the office on day %d", day))
		}
		w.synced(colleague.Client)
		made := w.made(away, clientsync.To{Office: true})
		if random.IntN(5) == 0 {
			continue // lost on the way
		}
		if random.IntN(4) == 0 {
			if _, err := w.server.TakeBundle(t.Context(), bytes.NewReader(made), bundle.Identity{}); err != nil {
				t.Fatal(err)
			}
		}
		answer, taken := w.office(made)
		if taken.Person != away.name || len(taken.TurnedAway) > 0 || taken.Refused+taken.Held > 0 {
			t.Fatalf("day %d: %+v", day, taken)
		}
		if again, second := w.office(made); second.New != 0 || len(again) == 0 {
			t.Fatalf("day %d: taken twice: %+v", day, second)
		}
		switch random.IntN(4) {
		case 0:
			late = append(late, answer)
		case 1: // lost
		default:
			got := w.takes(away, answer)
			if !got.Office || got.Stale {
				t.Fatalf("day %d: %+v", day, got)
			}
		}
		if len(late) > 0 && random.IntN(3) == 0 {
			if w.takes(away, late[0]).Stale {
				stale++
			}
			late = late[1:]
		}
	}
	if stale == 0 {
		t.Error("no answer came too late")
	}
	answer, _ := w.office(w.made(away, clientsync.To{Office: true}))
	w.takes(away, answer)
	w.synced(colleague.Client)
	away.stands(0, 0)
	for _, h := range w.hands {
		w.shows(h, all...)
	}
	if a, b := away.visit(w.visit.Id).GetSummary(), colleague.visit(w.visit.Id).GetSummary(); a != b || len(w.contested(away)) != len(w.contested(colleague)) {
		t.Errorf("one has %q %q, the other %q %q", a, w.contested(away), b, w.contested(colleague))
	}
	w.refusesBundle(colleague, answer, "somebody else")
	w.sound()
	// And when it goes online after all, nothing is left to say.
	if r := w.synced(away.Client); r.ToPush != 0 || r.Pulled != 0 {
		t.Errorf("%+v", r)
	}
}

// The office was restored from a backup; the device that lives by bundles hears of it
// with the answer, and sends again.
func TestABundleFromBeforeARestore(t *testing.T) {
	w := gather(t, aMonitor, aMonitor)
	a := w.hands[0]
	w.finding(a, "before the restore")
	made := w.made(a, clientsync.To{Office: true})
	if err := w.store.NewEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	answer, taken := w.office(made)
	if !taken.Restored || taken.New != 0 {
		t.Fatalf("%+v", taken)
	}
	if got := w.takes(a, answer); !got.Answer.Restored {
		t.Fatalf("%+v", got)
	}
	answer, taken = w.office(w.made(a, clientsync.To{Office: true}))
	if taken.Restored || taken.New != 1 {
		t.Fatalf("%+v", taken)
	}
	w.takes(a, answer)
	a.stands(0, 0)
	w.synced(w.hands[1].Client)
	w.shows(w.hands[1], "before the restore")
	w.sound()
}

func TestBundlesThatTheOfficeDoesNotTake(t *testing.T) {
	w := gather(t, aMonitor, aMonitor)
	a, b := w.hands[0], w.hands[1]
	w.finding(a, "one")
	take := func(made []byte) (server.BundleTaken, error) {
		return w.server.TakeBundle(t.Context(), bytes.NewReader(made), bundle.Identity{})
	}
	refused := func(made []byte, words string) {
		t.Helper()
		head := w.head()
		if _, err := take(made); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want %q", err, words)
		}
		if w.head() != head {
			t.Error("a part of it was taken")
		}
	}
	made := w.made(a, clientsync.To{Office: true})
	refused(w.bundle(a, b), "somebody else")
	refused(made[:len(made)-1], "cut off")
	refused(made[:len(made)/2], "cut off")
	broken := bytes.Clone(made)
	broken[len(made)-3] ^= 1
	refused(broken, "byte")
	refused([]byte("something"), "not a bundle")
	elsewhere := gather(t, aMonitor)
	elsewhere.finding(elsewhere.hands[0], "elsewhere")
	refused(elsewhere.made(elsewhere.hands[0], clientsync.To{Office: true}), "somebody else")

	// A device that was shut out: its words are held, and nothing is answered.
	devices, err := w.operator.ListDevices(t.Context(), &daylightv1.ListDevicesRequest{Person: a.id})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.operator.RevokeDevice(t.Context(), &daylightv1.RevokeDeviceRequest{Device: devices.Devices[0].Id}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.server.AnswerBundle(t.Context(), bytes.NewReader(made), bundle.Identity{}, io.Discard); err == nil || !strings.Contains(err.Error(), "shut out") {
		t.Errorf("%v", err)
	}
	taken, err := take(made)
	if err != nil || taken.New != 1 || taken.Held != 1 {
		t.Errorf("%+v, %v", taken, err)
	}
	w.sound()
}

// posts sends a file as the operator's command does.
func posts(t *testing.T, h http.Handler, path, key string, body []byte) (*http.Response, []byte) {
	t.Helper()
	front := httptest.NewServer(h)
	defer front.Close()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, front.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		q.Header.Set(server.BundleKey, key)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, got
}

func TestTheOperatorPostsBundles(t *testing.T) {
	w := gather(t, aMonitor, aMonitor)
	a := w.hands[0]
	w.finding(a, "by stick")
	made := w.made(a, clientsync.To{Office: true})
	outside, local := w.server.Handler(), w.server.Local()
	if r, _ := posts(t, outside, server.BundlePath, "", made); r.StatusCode == http.StatusOK {
		t.Error("anybody may post bundles")
	}
	r, got := posts(t, local, server.BundlePath, "", made)
	if r.StatusCode != http.StatusOK || !strings.Contains(string(got), `"new":1`) {
		t.Errorf("%d %s", r.StatusCode, got)
	}
	r, got = posts(t, local, server.BundlePath+"?answer=1", "", made)
	if r.StatusCode != http.StatusOK || !strings.Contains(r.Header.Get(server.BundleReport), `"known":1`) {
		t.Errorf("%d, the report is %q", r.StatusCode, r.Header.Get(server.BundleReport))
	}
	if taken := w.takes(a, got); taken.Stale {
		t.Errorf("%+v", taken)
	}
	a.stands(0, 0)
	for _, path := range []string{server.BundlePath, server.BundlePath + "?answer=1"} {
		for _, bad := range [][]byte{made[:len(made)-9], []byte("text"), nil} {
			if r, got := posts(t, local, path, "", bad); r.StatusCode == http.StatusOK || !strings.Contains(string(got), "taken") {
				t.Errorf("%d %s", r.StatusCode, got)
			}
		}
		if r, _ := posts(t, local, path, "no key", made); r.StatusCode == http.StatusOK {
			t.Error("with a key that is none")
		}
	}
	if parts, _ := filepath.Glob(filepath.Join(w.store.Dir(), "bundle-*")); len(parts) > 0 {
		t.Errorf("left behind: %v", parts)
	}
}

// The stock age tool opens what is on the stick with the recovery key alone, and the
// office takes the bundle with that key when its own is lost.
func TestTheRecoveryKeyOpensABundle(t *testing.T) {
	w := &team{}
	recovery, err := bundle.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	w.madeOffice = makeOfficeFor(t, recovery.Recipient())
	w.hands = []hand{w.hand("Monitor A", aMonitor)}
	w.synced(w.hands[0].Client)
	w.visit = &daylightv1.Visit{}
	w.hands[0].saves(w.visit)
	w.finding(w.hands[0], "one")
	made := w.made(w.hands[0], clientsync.To{Office: true})
	tool, err := exec.LookPath("age")
	if err != nil {
		t.Log("NOT CHECKED: there is no age tool on this machine")
	} else {
		dir := t.TempDir()
		for name, content := range map[string][]byte{"key.txt": []byte(recovery.Secret() + "\n"), "stick.age": made} {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, err := exec.CommandContext(t.Context(), tool, "-d", "-i", filepath.Join(dir, "key.txt"), filepath.Join(dir, "stick.age")).Output()
		if err != nil || !bytes.HasPrefix(out, []byte("daylight bundle\x00")) {
			t.Errorf("%q, %v", out[:min(len(out), 20)], err)
		}
	}
	if b, err := bundle.Open(bytes.NewReader(made), recovery); err != nil || b.Verify(t.Context(), b.Header().Certificate.Key) != nil {
		t.Errorf("%v", err)
	}
}
