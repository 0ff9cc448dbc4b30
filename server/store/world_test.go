package store

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// start is the time at which every test begins.
var start = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// world is a store in a folder of its own, with a clock and randomness that the
// test owns.
type world struct {
	testing.TB
	*Store
	config Config

	mu  sync.Mutex
	now time.Time
}

func newWorld(t testing.TB, adapt ...func(*Config)) *world {
	w := &world{TB: t, now: start}
	w.config = Config{Dir: t.TempDir(), Now: w.time, Random: rand.NewChaCha8([32]byte{1})}
	for _, a := range adapt {
		a(&w.config)
	}
	w.open()
	t.Cleanup(func() { w.Close() })
	return w
}

func (w *world) time() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) open() {
	w.Helper()
	s, err := Open(context.Background(), w.config)
	if err != nil {
		w.Fatal(err)
	}
	w.Store = s
}

// reopen closes the store and opens what is on the disk.
func (w *world) reopen() {
	w.Helper()
	if err := w.Close(); err != nil {
		w.Fatal(err)
	}
	w.open()
}

// must fails the test on an error.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// deviations are what Check finds.
func (w *world) deviations() (out []string) {
	w.Helper()
	if err := w.Check(context.Background(), func(f Finding) { out = append(out, f.String()) }); err != nil {
		w.Fatal(err)
	}
	return out
}

// whole fails the test unless everything in the store follows from its log.
func (w *world) whole() {
	w.Helper()
	for _, d := range w.deviations() {
		w.Error(d)
	}
}

// digest stands for all records.
func (w *world) digest() string {
	w.Helper()
	ask := exchange.Ask{WantDigest: true, MaxPage: 1 << 30}
	ask.Epoch = must(w.Sync(context.Background(), nil, ask))(w).Epoch
	r := must(w.Sync(context.Background(), nil, ask))(w)
	if r.Digest == nil {
		w.Fatal("no digest")
	}
	return fmt.Sprintf("%x %d", r.Digest.Sum, r.Digest.Records)
}

// device writes as a device does, without a store of its own: it keeps its view
// of each record in memory.
type device struct {
	id     fold.WriterID
	key    ed25519.PrivateKey
	cert   *journal.Certificate
	head   exchange.Head
	told   bool // the certificate is known
	clock  journal.Clock
	nowMS  int64
	states map[record.ID]*fold.State
	queue  [][]byte
	first  exchange.Head // before the queue
	random *rand.ChaCha8
	made   int64 // ids

	cursor, epoch []byte
}

func newDevice(n byte) *device {
	d := &device{id: fold.WriterID{n}, random: rand.NewChaCha8([32]byte{n}), nowMS: start.UnixMilli(), states: map[record.ID]*fold.State{}}
	seed := make([]byte, ed25519.SeedSize)
	d.random.Read(seed)
	d.key = ed25519.NewKeyFromSeed(seed)
	d.cert = journal.NewDevelopment(d.key, journal.Serial{n}, fmt.Sprintf("Monitor %d", n), "laptop")
	d.head = exchange.Head{Dot: fold.Dot{Writer: d.id}, Link: journal.Genesis(d.id)}
	d.first = d.head
	return d
}

// newID is a UUID v7, a millisecond after the last one.
func (d *device) newID() (id record.ID) {
	d.random.Read(id[:])
	d.made++
	for i := range 6 {
		id[i] = byte((d.nowMS + d.made) >> (40 - 8*i))
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

func (d *device) state(id record.ID) *fold.State {
	if d.states[id] == nil {
		d.states[id] = fold.New()
	}
	return d.states[id]
}

// write puts one change of records into the queue.
func (d *device) write(t testing.TB, records ...journal.RecordEdits) {
	t.Helper()
	c := journal.Change{Time: d.clock.Next(d.nowMS), Records: records}
	d.random.Read(c.Salt[:])
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	d.writeBytes(c.Encode())
	for _, r := range records {
		d.state(r.ID).Apply(fold.Stamp{Dot: d.head.Dot, Link: d.head.Link, Time: c.Time}, r.Edits)
	}
}

func (d *device) writeBytes(payload []byte) {
	d.head.Seq++
	d.head.Link = journal.Next(d.head.Link, payload)
	d.queue = append(d.queue, payload)
}

// save writes what the message changes: one change, then one for each guarded
// field.
func (d *device) save(t testing.TB, m record.Message) record.ID {
	t.Helper()
	if err := record.FillIDs(m, func(record.Kind) record.ID { return d.newID() }); err != nil {
		t.Fatal(err)
	}
	kind, id := must(record.KindOf(m))(t), must(record.IDOf(m))(t)
	edits, _, err := record.Diff(m, d.state(id), record.Writer{ID: d.id}, record.Naming{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rest, guarded := record.Split(kind, edits)
	if len(rest) > 0 {
		guarded = append([][]fold.Edit{rest}, guarded...)
	}
	for _, e := range guarded {
		d.write(t, journal.RecordEdits{Kind: kind, ID: id, Edits: e})
	}
	return id
}

// show is the record as the device sees it.
func (d *device) show(t testing.TB, kind record.Kind, id record.ID) record.Message {
	t.Helper()
	return must(record.Show(kind, id, d.state(id), record.Naming{}))(t)
}

// batch takes the queue, sealed.
func (d *device) batch() journal.Batch {
	b := journal.Batch{Writer: d.id, FirstSeq: d.first.Seq + 1, Previous: d.first.Link, Payloads: d.queue, Serial: d.cert.Serial}
	if !d.told {
		b.Certificate, d.told = d.cert, true
	}
	b.Seal = journal.Seal(d.key, d.id, d.head.Seq, d.head.Link)
	d.queue, d.first = nil, d.head
	return b
}

// push sends the queue and fails the test unless all of it is known then.
func (d *device) push(w *world) *daylightv1.SyncResponse {
	w.Helper()
	var batches []journal.Batch
	if len(d.queue) > 0 {
		batches = append(batches, d.batch())
	}
	r, err := w.Sync(context.Background(), batches, exchange.Ask{Epoch: d.epoch, Cursor: d.cursor, Own: d.head})
	if err != nil {
		w.Fatal(err)
	}
	if a := r.Writers[0]; a.Seq != uint64(d.head.Seq) || a.Fault != 0 || a.NeedCertificate {
		w.Fatalf("the push was not taken: %v", a)
	}
	return r
}

// pull reads pages until there is no more, and takes over what the office has.
func (d *device) pull(w *world) (states []*daylightv1.RecordState) {
	w.Helper()
	for {
		r := must(w.Sync(context.Background(), nil, exchange.Ask{Epoch: d.epoch, Cursor: d.cursor, Own: d.head}))(w)
		d.epoch, d.cursor = r.Epoch, r.Cursor
		for _, s := range r.States {
			d.states[record.ID(s.Id)] = must(fold.Decode(s.State))(w)
		}
		states = append(states, r.States...)
		if !r.More {
			return states
		}
	}
}

// aVisit, aFinding, aFacility are plain records without an id.
func aFacility(name, code string) *daylightv1.Facility {
	return &daylightv1.Facility{
		Names: map[string]string{"en": name}, Code: proto.String(code), Region: proto.String("TM-A"),
		MainType: proto.String("PRISON"), State: daylightv1.FacilityState_FACILITY_STATE_ACTIVE.Enum(),
	}
}

func aVisit(facility record.ID) *daylightv1.Visit {
	return &daylightv1.Visit{
		FacilityId: proto.String(facility.String()), Type: daylightv1.VisitType_VISIT_TYPE_IN_DEPTH.Enum(),
		State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(), Title: proto.String("First visit"),
	}
}

func aFinding(visit record.ID, narrative string) *daylightv1.Finding {
	return &daylightv1.Finding{
		VisitId: proto.String(visit.String()), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
		Area: proto.String("MAT"), Topic: proto.String("MAT.SPACE"), Narrative: proto.String(narrative),
		SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(),
		Standards:        []string{"NMR-12", "NMR-13"}, NotedBy: proto.String("Monitor A"),
	}
}
