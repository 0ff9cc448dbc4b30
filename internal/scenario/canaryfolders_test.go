package scenario

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/vault"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// unlocking locks, gives wrong passphrases, changes them, and asks while it is locked.
func (w *canaries) unlocking() {
	a := w.hands[0]
	w.writes(a)
	if err := a.Lock(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.looks("while it is locked")
	if n, err := a.Unsent(w.t.Context()); err != nil || n == 0 {
		w.t.Fatalf("%d unsent, %v", n, err)
	}
	w.fails(a.Save(w.t.Context(), &daylightv1.Finding{Title: proto.String(w.text(openText, "what is saved while it is locked"))}), "locked")
	w.fails(a.Unlock(w.t.Context(), w.text(secret, "a wrong passphrase")), "")
	old := w.passphrases[a.dir]
	if err := a.Unlock(w.t.Context(), old); err != nil {
		w.t.Fatal(err)
	}
	w.wraps(a.dir)
	next := w.text(secret, "another passphrase")
	w.fails(a.SetPassphrase(w.t.Context(), w.text(secret, "a wrong old passphrase"), next), "")
	if err := a.SetPassphrase(w.t.Context(), old, next); err != nil {
		w.t.Fatal(err)
	}
	w.passphrases[a.dir] = next
	if hits := w.search(a.dir, wrapped); slices.ContainsFunc(hits, func(h string) bool { return !bytes.Contains([]byte(h), []byte("vault.recovery")) }) {
		w.t.Errorf("after another passphrase was set:\n%v", hits)
	}
	w.everybody()
}

// costing opens a folder as people do: for a passphrase that is drawn, at a real cost.
func (w *canaries) costing() {
	cheaply := w.dress
	defer func() { w.dress = cheaply }()
	w.dress = func(c *clientsync.Config) {
		if w.passphrases[c.Dir] == "" {
			words := clientsync.SuggestPassphrase()
			w.passphrases[c.Dir] = words
			w.plant(canary{secret, "a passphrase of six words", []byte(words), true})
		}
		cheaply(c)
		c.Cost = vault.Least
	}
	h := w.hand(w.text(openText, "a person's name"), aMonitor)
	w.typed(h, &daylightv1.Visit{})
	w.synced(h.Client)
	w.fails(h.SetPassphrase(w.t.Context(), w.passphrases[h.dir], w.text(secret, "a weak passphrase")), "")
	if err := h.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.looks("after a folder with a real passphrase was closed")
	h.Client = w.open(h.dir)
	w.typed(h, &daylightv1.Visit{})
	if err := h.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// filling saves until the disk is full.
func (w *canaries) filling() {
	cheaply := w.dress
	w.dress = func(c *clientsync.Config) {
		cheaply(c)
		n, err := pages(c.Dir)
		if err != nil {
			w.t.Fatal(err)
		}
		c.MaxPages = n + 2
	}
	w.locked(0, func() {})
	a := w.hands[0]
	var err error
	for range 40 {
		f := &daylightv1.Finding{VisitId: &w.visit.Id}
		w.fills(f.ProtoReflect())
		f.Narrative = proto.String(string(bytes.Repeat([]byte(f.GetNarrative()+" "), 100)))
		if err = a.Save(w.t.Context(), f); err != nil {
			break
		}
	}
	w.fails(err, "full")
	w.looks("while the disk is full")
	w.dress = cheaply
	w.locked(0, func() {})
	w.everybody()
}

// rescuing spoils a copy of a folder, opens it, and takes out what can be read.
func (w *canaries) rescuing() {
	b := w.hands[1]
	w.writes(b)
	w.locked(1, func() {
		for _, recovery := range []string{"", w.recovery.Secret()} {
			wreck := w.t.TempDir()
			w.copies(wreck, b.dir)
			w.devices = append(w.devices, wreck)
			w.spoil(filepath.Join(wreck, "vault.db"))
			config := Cheap(clientsync.Config{Dir: wreck, Passphrase: w.passphrases[b.dir]})
			w.dress(&config)
			config.Passphrase = w.passphrases[b.dir]
			c, err := clientsync.Open(w.t.Context(), config)
			if err == nil {
				_, err = c.Sync(w.t.Context())
				if closed := c.Close(); err == nil {
					err = closed
				}
			}
			w.fails(err, "damaged")
			w.looks("after a damaged folder was opened")
			var out bytes.Buffer
			r, err := clientsync.Rescue(w.t.Context(), config, recovery, &out)
			if err != nil {
				w.fails(err, "")
			} else if r.Changes == 0 {
				w.t.Error("nothing was rescued")
			}
			// All files of age begin alike, what wraps the vault's key too.
			read := slices.DeleteFunc(w.needles.in(out.Bytes()), func(h hit) bool { return h.class == wrapped })
			if readable := len(read) > 0; readable == r.Encrypted {
				w.t.Errorf("readable %v: %+v %v", readable, r, read)
			}
			_, err = clientsync.Rescue(w.t.Context(), Cheap(clientsync.Config{Dir: wreck}), w.text(secret, "what is no recovery key"), io.Discard)
			w.fails(err, "")
		}
	})
}

// spoil alters a page of the records' index, far from what the changes are in.
func (w *canaries) spoil(path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	copy(b[4096*2:], bytes.Repeat([]byte{0xa5}, 600))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// copying opens a folder twice, as a backup that is restored onto a second phone.
func (w *canaries) copying() {
	b, second := w.hands[1], w.t.TempDir()
	w.locked(1, func() { w.copies(second, b.dir) })
	w.passphrases[second] = w.passphrases[b.dir]
	twin := w.hands[1]
	twin.dir, twin.Client = second, w.open(second)
	w.writes(w.hands[1])
	w.writes(twin)
	w.synced(w.hands[1].Client)
	if r := w.synced(twin.Client); !r.Copied {
		w.t.Errorf("%+v", r)
	}
	w.everybody()
	if err := twin.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// wiping destroys one folder that is open and one that is locked. Second names
// for the keys' files show that their bytes were written over, not only let go.
func (w *canaries) wiping() {
	for i, h := range w.hands[:2] {
		w.wraps(h.dir)
		second := w.t.TempDir()
		half := filepath.Join(h.dir, "vault.key.new") // of somebody who died while it was replaced
		w.must(os.WriteFile(half, w.read(filepath.Join(h.dir, "vault.key")), 0o600))
		for _, name := range []string{"vault.key", "vault.key.new", "vault.recovery"} {
			w.must(os.Link(filepath.Join(h.dir, name), filepath.Join(second, name)))
		}
		if len(w.search(h.dir, wrapped)) == 0 {
			w.t.Error("the keys that are about to be destroyed are not there")
		}
		if i == 1 {
			if err := h.Lock(w.t.Context()); err != nil {
				w.t.Fatal(err)
			}
		}
		if err := h.Wipe(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		w.looks("after wiping")
		if err := h.Close(); err != nil {
			w.t.Fatal(err)
		}
		w.gone(h.dir)
		w.complain("under another name of the key's file", w.search(second, wrapped))
	}
}
