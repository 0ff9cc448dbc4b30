package scenario

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/bundle"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// canaries is a team and its office, of whom everything that is typed, named, drawn at
// random or handed out is written down, to be looked for in every file.
type canaries struct {
	*team
	recovery bundle.Identity
	words    *mathrand.Rand

	// devices, aside and temporary are folders without any canary; the office's is the
	// store's.
	devices          []string
	aside, temporary string
	// middle, where it is not nil, is called before and after each commit of a device.
	middle      func()
	passphrases map[string]string // by folder

	mu      sync.Mutex // keys are drawn, and lines logged, by many goroutines
	needles needles
	said    bytes.Buffer // logs, errors, and what processes say as they die
	lines   int
	known   map[string]bool // what was complained of in what was said
	held    map[string]*os.File
}

// newCanaries makes the office. What processes and libraries put aside from then on is
// in a folder of the test.
func newCanaries(t *testing.T, seed uint64) *canaries {
	w := &canaries{
		words: mathrand.New(mathrand.NewPCG(seed, 5)), passphrases: map[string]string{}, held: map[string]*os.File{}, known: map[string]bool{},
		aside: t.TempDir(), temporary: t.TempDir(),
	}
	t.Setenv("TMPDIR", w.temporary)
	t.Cleanup(func() {
		for _, f := range w.held {
			_ = f.Close()
		}
	})
	var err error
	if w.recovery, err = bundle.NewIdentity(); err != nil {
		t.Fatal(err)
	}
	root, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.key("the root key", private.Seed())
	w.age("the recovery key", w.recovery.Secret())
	name := w.text(address, "the office's name")
	w.team = &team{madeOffice: makeOfficeOf(t, setup{name: name, recovery: w.recovery.Recipient(), root: root, log: slog.New(slog.NewTextHandler(said{w}, &slog.HandlerOptions{Level: slog.LevelDebug}))})}
	w.plant(canary{address, "the office's address", []byte(strings.TrimPrefix(w.url, "https://")), true})
	w.dress = func(c *clientsync.Config) {
		if w.passphrases[c.Dir] == "" {
			w.passphrases[c.Dir] = w.text(secret, "a passphrase")
		}
		if !slices.Contains(w.devices, c.Dir) {
			w.devices = append(w.devices, c.Dir)
		}
		c.Passphrase, c.Random = w.passphrases[c.Dir], drawn{w}
		c.Log = slog.New(slog.NewTextHandler(said{w}, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.OnCommit = func(commit func() error) error {
			if w.middle == nil {
				return commit()
			}
			w.middle()
			defer w.middle()
			return commit()
		}
		c.Person, c.Device = w.text(openText, "a name in a certificate of the device's own"), w.text(openText, "a device's name")
	}
	return w
}

// planted are all canaries so far.
func (w *canaries) planted() []canary {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.needles.canaries)
}

func (w *canaries) plant(c canary) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.needles.add(c)
}

// text is a new word that nobody else writes. Every third is Cyrillic.
func (w *canaries) text(as class, what string) string {
	word := wordOf(w.words)
	w.plant(canary{as, what, []byte(word), true})
	return word
}

func wordOf(r *mathrand.Rand) string {
	first, size := 'a', 26
	if r.IntN(3) == 0 {
		first, size = 'а', 32
	}
	var b strings.Builder
	for range 14 {
		b.WriteRune(first + rune(r.IntN(size)))
	}
	return b.String()
}

// said is where everything goes that somebody else may come to read.
type said struct{ w *canaries }

func (s said) Write(b []byte) (int, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	s.w.lines++
	return s.w.said.Write(b)
}

// fails wants an error with such words. What it says goes where everything goes that is
// said; what is in its chain is for whoever looks for it, and may say which address did
// not answer.
func (w *canaries) fails(err error, words string) {
	w.t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		w.t.Fatalf("%v, want %q", err, words)
	}
	fmt.Fprintln(said{w}, err)
	for todo := []error{err}; len(todo) > 0; todo = todo[1:] {
		for _, h := range w.needles.in([]byte(todo[0].Error())) {
			if h.class != address {
				w.t.Errorf("an error has %v: %v", h, todo[0])
			}
		}
		if one := errors.Unwrap(todo[0]); one != nil {
			todo = append(todo, one)
		}
		if many, ok := todo[0].(interface{ Unwrap() []error }); ok {
			todo = append(todo, many.Unwrap()...)
		}
	}
}

// fills puts a canary into every field of a message for people's words.
func (w *canaries) fills(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
		mine := o.GetFormat() == daylightv1.Format_FORMAT_UNSPECIFIED && o.GetSensitivity() != daylightv1.Sensitivity_SENSITIVITY_CODED
		word := func() protoreflect.Value { return protoreflect.ValueOfString(w.text(openText, string(fd.FullName()))) }
		switch text := fd.Kind() == protoreflect.StringKind; {
		case fd.Name() == "team" || fd.Name() == "removed": // of people's ids; no words
		case fd.IsMap():
			m.Mutable(fd).Map().Set(protoreflect.ValueOfString("en").MapKey(), word())
		case fd.IsList() && text && mine:
			m.Mutable(fd).List().Append(word())
		case fd.IsList() && fd.Message() != nil && fd.Message().Fields().ByName("id") != nil:
			w.fills(m.Mutable(fd).List().AppendMutable().Message())
		case !fd.IsList() && text && mine:
			m.Set(fd, word())
		}
	}
}

// typed fills a message, saves it and plants the ids that it got.
func (w *canaries) typed(h hand, m clientsync.Message) {
	w.t.Helper()
	w.fills(m.ProtoReflect())
	h.saves(m)
	w.ids(m.ProtoReflect())
}

// ids plants those of a message and what is in it.
func (w *canaries) ids(m protoreflect.Message) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.Name() == "id" && v.String() != "":
			w.id("the id of a "+string(m.Descriptor().Name()), v.String())
		case fd.IsList() && fd.Message() != nil:
			for i := range v.List().Len() {
				w.ids(v.List().Get(i).Message())
			}
		}
		return true
	})
}

func (w *canaries) copies(to, from string) {
	w.t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil && !errors.Is(err, fs.ErrExist) {
		w.t.Fatal(err)
	}
}

// read gives a file that SQLite of this process may have open: to close another handle of
// it would take SQLite's locks away, so that none is closed before the test ends.
func (w *canaries) read(path string) []byte {
	w.t.Helper()
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	f := w.held[path]
	if f != nil {
		if same, bad := f.Stat(); bad == nil && !os.SameFile(same, info) {
			w.held[fmt.Sprint(path, len(w.held))], f = f, nil
		}
	}
	if f == nil && err == nil {
		if f, err = os.Open(path); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		w.held[path] = f
	}
	if err != nil {
		w.t.Fatal(err)
	}
	b := make([]byte, info.Size())
	n, _ := f.ReadAt(b, 0)
	return b[:n]
}
