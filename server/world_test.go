package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/wirezip"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/store"
)

// world is a server over a real store, with clients that speak to it over HTTP.
type world struct {
	testing.TB
	store  *store.Store
	server *Server
	url    string
	log    *safeBuffer

	facilities daylightv1connect.FacilityServiceClient
	visits     daylightv1connect.VisitServiceClient
	findings   daylightv1connect.FindingServiceClient
	sync       daylightv1connect.SyncServiceClient
}

func newWorld(t testing.TB, adapt func(*store.Config, *Config)) *world {
	t.Helper()
	w := &world{TB: t, log: &safeBuffer{}}
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	kept, served := store.Config{Dir: t.TempDir(), Log: log}, Config{Log: log}
	if adapt != nil {
		adapt(&kept, &served)
	}
	var err error
	if w.store, err = store.Open(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	served.Store = w.store
	if w.server, err = New(served); err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(w.server.Handler())
	t.Cleanup(func() {
		h.Close()
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.url = h.URL
	w.facilities = daylightv1connect.NewFacilityServiceClient(h.Client(), h.URL, wirezip.Client()...)
	w.visits = daylightv1connect.NewVisitServiceClient(h.Client(), h.URL, wirezip.Client()...)
	w.findings = daylightv1connect.NewFindingServiceClient(h.Client(), h.URL, wirezip.Client()...)
	w.sync = daylightv1connect.NewSyncServiceClient(h.Client(), h.URL, wirezip.Client()...)
	return w
}

// safeBuffer is a log that many goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// digest stands for all records.
func (w *world) digest() string {
	w.Helper()
	r, err := w.store.Sync(context.Background(), nil, exchange.Ask{WantDigest: true, MaxPage: 1 << 30})
	if err != nil {
		w.Fatal(err)
	}
	return fmt.Sprintf("%x %d", r.Digest.GetSum(), r.Digest.GetRecords())
}

// device writes as a device does, in memory.
type device struct {
	id     fold.WriterID
	key    ed25519.PrivateKey
	cert   *journal.Certificate
	head   exchange.Head
	clock  journal.Clock
	states map[record.ID]*fold.State
	queue  [][]byte
	first  exchange.Head
	random *rand.ChaCha8
}

func newDevice(n byte) *device {
	d := &device{id: fold.WriterID{n}, random: rand.NewChaCha8([32]byte{n}), states: map[record.ID]*fold.State{}}
	seed := make([]byte, ed25519.SeedSize)
	_, _ = d.random.Read(seed)
	d.key = ed25519.NewKeyFromSeed(seed)
	d.cert = journal.NewDevelopment(d.key, journal.Serial{n}, fmt.Sprintf("Monitor %d", n), "laptop")
	d.head = exchange.Head{Dot: fold.Dot{Writer: d.id}, Link: journal.Genesis(d.id)}
	d.first = d.head
	return d
}

func (d *device) newID() (id record.ID) {
	_, _ = d.random.Read(id[:])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}

// save puts what the message changes into the queue.
func (d *device) save(t testing.TB, m record.Message) record.ID {
	t.Helper()
	if err := record.FillIDs(m, func(record.Kind) record.ID { return d.newID() }); err != nil {
		t.Fatal(err)
	}
	kind, err := record.KindOf(m)
	if err != nil {
		t.Fatal(err)
	}
	id, err := record.IDOf(m)
	if err != nil {
		t.Fatal(err)
	}
	if d.states[id] == nil {
		d.states[id] = fold.New()
	}
	edits, _, err := record.Diff(m, d.states[id], record.Writer{ID: d.id}, record.Naming{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rest, guarded := record.Split(kind, edits)
	if len(rest) > 0 {
		guarded = append([][]fold.Edit{rest}, guarded...)
	}
	for _, e := range guarded {
		c := journal.Change{Time: d.clock.Next(time.Now().UnixMilli()), Records: []journal.RecordEdits{{Kind: kind, ID: id, Edits: e}}}
		_, _ = d.random.Read(c.Salt[:])
		d.write(c.Encode())
		d.states[id].Apply(fold.Stamp{Dot: d.head.Dot, Link: d.head.Link, Time: c.Time}, e)
	}
	return id
}

func (d *device) write(payload []byte) {
	d.head.Seq++
	d.head.Link = journal.Next(d.head.Link, payload)
	d.queue = append(d.queue, payload)
}

// batch takes the queue, sealed, with its certificate.
func (d *device) batch() *daylightv1.Batch {
	b := journal.Batch{Writer: d.id, FirstSeq: d.first.Seq + 1, Previous: d.first.Link, Payloads: d.queue, Serial: d.cert.Serial,
		Certificate: d.cert, Seal: journal.Seal(d.key, d.id, d.head.Seq, d.head.Link)}
	d.queue, d.first = nil, d.head
	return b.ToProto()
}

// ask is a request without batches.
func (d *device) ask() *daylightv1.SyncRequest {
	return &daylightv1.SyncRequest{Own: &daylightv1.Head{Writer: d.id[:], Seq: uint64(d.head.Seq), Link: d.head.Link[:]}}
}

func aFacility(name, code string) *daylightv1.Facility {
	return &daylightv1.Facility{
		Names: map[string]string{"en": name}, Code: proto.String(code), Region: proto.String("TM-A"),
		MainType: proto.String("PEN_WOMEN"), State: daylightv1.FacilityState_FACILITY_STATE_ACTIVE.Enum(),
	}
}

// wantError fails unless the error has the code and says so much; it must also say
// what to do where hint is given.
func wantError(t testing.TB, err error, code connect.Code, says ...string) {
	t.Helper()
	var c *connect.Error
	if !errors.As(err, &c) || c.Code() != code {
		t.Errorf("got %v, want %v", err, code)
		return
	}
	for _, s := range says {
		if !strings.Contains(c.Message(), s) {
			t.Errorf("%q does not say %q", c.Message(), s)
		}
	}
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
