package scenario

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/vault"
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

// key plants a key by its halves: half of one is too much already.
func (w *canaries) key(what string, k []byte) {
	for i := 0; i+16 <= len(k); i += 16 {
		w.plant(canary{secret, what, bytes.Clone(k[i : i+16]), false})
	}
}

// age plants an identity of age as text, and as the key that it spells.
func (w *canaries) age(what, text string) {
	w.plant(canary{secret, what + " as text", []byte(text), true})
	w.key(what, ageKey(text))
}

// ageKey reads Bech32 (BIP 173) without checking it: 32 bytes.
func ageKey(text string) (key []byte) {
	_, data, _ := strings.Cut(strings.ToLower(text), "1")
	var bits, n uint
	for _, r := range data[:len(data)-6] {
		bits, n = bits<<5|uint(strings.IndexRune("qpzry9x8gf2tvdw0s3jn54khce6mua7l", r)), n+5
		if n >= 8 {
			n -= 8
			key = append(key, byte(bits>>n))
		}
	}
	return key[:32]
}

// id plants the id of a record, a person or a device.
func (w *canaries) id(what, id string) {
	parsed, err := record.ParseID(id)
	if err != nil {
		w.t.Fatal(what, err)
	}
	w.plant(canary{identifier, what, parsed[:], false})
	w.plant(canary{identifier, what + " as text", []byte(id), true})
}

// wraps plants what a vault's key is wrapped in now.
func (w *canaries) wraps(dir string) {
	w.t.Helper()
	for _, name := range []string{"vault.key", "vault.recovery"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			w.t.Fatal(err)
		}
		if _, line, ok := strings.Cut(string(b), "\nkey "); ok {
			line, _, _ = strings.Cut(line, "\n")
			if b, err = hex.DecodeString(line); err != nil {
				w.t.Fatal(err)
			}
		}
		for i := 0; i+16 <= len(b); i += 16 {
			w.plant(canary{wrapped, "what " + name + " wraps", b[i : i+16], false})
		}
	}
}

// drawn is what a device draws at random. Nothing but keys has 32 bytes.
type drawn struct{ w *canaries }

func (d drawn) Read(b []byte) (int, error) {
	n, err := rand.Read(b)
	if len(b) == 32 {
		d.w.key("a key that a device has drawn", b)
		// As internal/vault derives the keys of a vault's rows from it.
		for _, label := range []string{"rows0", "blind0", "blind1", "blind2", "blind3", "blind4", "blind5", "digest0"} {
			k, err := hkdf.Expand(sha256.New, b, "daylight/v1 vault "+label, 32)
			if err != nil {
				panic(err)
			}
			d.w.key("a key of a vault's rows", k)
		}
	}
	return n, err
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

// opens is what a thief with the passphrase would read in a closed folder: the device's
// keys and its token. It shows as well that they are there.
func (w *canaries) opens(dir string) {
	w.t.Helper()
	copied := w.t.TempDir()
	w.copies(copied, dir)
	v := vault.Vault{Dir: copied, Cost: vault.ForTests}
	keys, err := v.Unlock(w.passphrases[dir])
	if err != nil {
		w.t.Fatal(err)
	}
	file, err := sqlitedb.Open(w.t.Context(), filepath.Join(copied, "vault.db"), sqlitedb.Options{Application: 0x44617956, ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer file.Close()
	var has struct {
		Seed, Token    []byte
		BundleIdentity string
		Device, Person string
		Words          string
	}
	err = file.Read(w.t.Context(), func(tx *sqlitedb.Tx) error {
		for _, table := range []string{"keys", "enrolment"} {
			var b []byte
			if err := tx.QueryRow(`SELECT sealed FROM ` + table).Scan(&b); err != nil {
				return err
			}
			b, err := keys.Open(vault.Place{Table: table, Column: "sealed"}, b)
			if err == nil {
				err = json.Unmarshal(b, &has)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(has.Seed) != 32 || len(has.Token) != 32 {
		w.t.Fatalf("the keys of %s cannot be read: %v", dir, err)
	}
	w.key("a device's key", has.Seed)
	w.key("a device's token", has.Token)
	w.plant(canary{secret, "a device's token as text", []byte(enrol.Token(has.Token).Text()), true})
	w.age("what opens a device's bundles", has.BundleIdentity)
	w.id("a person's id", has.Person)
	w.id("a device's id", has.Device)
	w.plant(canary{address, "the six words", []byte(has.Words), true})
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
