package scenario

import (
	"context"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
)

// World is an office and its devices. It is used from one goroutine.
type World struct {
	T   testing.TB
	dir string

	// The true time, in milliseconds since 1970 UTC. Each step of a story moves it
	// on; a clock shows it with its own error.
	time atomic.Int64
	seed uint64

	Office  *Office
	Devices []*Device
	// Strangers write by the protocol without being devices of ours.
	Strangers []*Stranger

	// What was saved, for the oracle at the end.
	step  int
	saved []*saved
}

// New makes a world with an empty office and no device. The same seed gives the
// same ids, keys and salts. The world ends with the test.
func New(t testing.TB, seed uint64) *World {
	w := &World{T: t, dir: t.TempDir(), seed: seed}
	w.time.Store(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC).UnixMilli())
	w.Office = newOffice(w)
	t.Cleanup(w.end)
	w.must(w.Office.Start())
	return w
}

func (w *World) end() {
	for _, d := range w.Devices {
		_ = d.Close()
	}
	_ = w.Office.Stop()
}

func (w *World) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Pass lets time pass, for everybody.
func (w *World) Pass(d time.Duration) { w.time.Add(d.Milliseconds()) }

// tick is one step: a second passes.
func (w *World) tick() {
	w.step++
	w.Pass(time.Second)
}

// Clock shows the true time with an error of its own.
type Clock struct {
	w     *World
	wrong atomic.Int64
}

// Wrong puts the clock ahead of the true time, or behind.
func (c *Clock) Wrong(by time.Duration) { c.wrong.Store(by.Milliseconds()) }

// Now is what the clock shows.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.w.time.Load() + c.wrong.Load()).UTC() }

// random gives the world's randomness for one purpose.
func (w *World) random(purpose string) io.Reader {
	seed := sha256.Sum256([]byte(purpose))
	for i := range 8 {
		seed[i] ^= byte(w.seed >> (8 * i))
	}
	return &lockedReader{r: rand.NewChaCha8(seed)}
}

type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(b)
}

// Device finds a device by its name; nil when there is none.
func (w *World) Device(name string) *Device {
	i := slices.IndexFunc(w.Devices, func(d *Device) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return w.Devices[i]
}

// IDOf is the id that a story's name stands for, of a record or an element. It
// follows from the name alone, so that a story may refer to what does not exist.
func IDOf(name string) record.ID {
	h := sha256.Sum256([]byte(name))
	id := record.ID(h[:16])
	id[0], id[1], id[2] = 0x01, 0x90, 0xa6
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

// copyDir copies a folder that nobody has open.
func copyDir(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}

func (w *World) path(parts ...string) string {
	return filepath.Join(append([]string{w.dir}, parts...)...)
}

func background() context.Context { return context.Background() }
