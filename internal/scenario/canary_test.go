package scenario

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/vault"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// Everything that people type, are called and are given goes through everything that a
// device and an office do, and every file and every line that comes of it is searched.
//
// Not searched: the memory of processes and what the system writes out of it (swap,
// hibernation, core dumps other than what Go prints when it crashes); what a disk keeps
// of blocks that were overwritten or freed (a flash translation layer, a journal, a
// snapshot of the file system); numbers, dates and codes, which are not unique; what is
// compressed. None of it has been tried on a phone.
func TestNothingIsLeftInTheClear(t *testing.T) {
	w := newCanaries(t, 1)
	w.gathers()
	for _, flow := range []struct {
		name string
		do   func()
	}{
		{"saving and reading", w.writing}, {"a conflict", w.disagreeing}, {"a refusal", w.refusing},
		{"sealed notes", w.sealing}, {"bundles", w.handing}, {"a lost sight", w.losingSight},
		{"a renewal", w.renewing}, {"passphrases", w.unlocking}, {"a real passphrase", w.costing},
		{"a full disk", w.filling}, {"damage and rescue", w.rescuing}, {"a copy", w.copying},
		{"a restored office", w.restoring}, {"tokens and exports", w.operating},
	} {
		flow.do()
		w.looks("after " + flow.name)
	}
	for i, h := range w.hands { // what the others drew and were given meanwhile
		w.locked(i, func() { w.opens(h.dir) })
	}
	w.looks("at the end")
	if n := len(w.planted()); n < 200 {
		t.Errorf("%d canaries are too few", n)
	}
	if w.lines < 50 {
		t.Errorf("%d lines were logged", w.lines)
	}
	if n := len(w.search(w.store.Dir(), openText)); n < 50 {
		t.Errorf("the office, which reads what is open, has %d of it: the search does not see", n)
	}
	w.finds()
	w.wiping()
}

// gathers makes the team: two monitors, one of civil society, and a case officer.
func (w *canaries) gathers() {
	for _, role := range []daylightv1.OfficeRole{aMonitor, aMonitor, civilRole, anOfficer} {
		h := w.hand(w.text(openText, "a person's name"), role)
		w.id("a person's id", h.id)
		w.hands = append(w.hands, h)
	}
	w.place = &daylightv1.Facility{Region: proto.String("UA-46")}
	w.typed(w.hands[0], w.place)
	w.visit = &daylightv1.Visit{FacilityId: &w.place.Id}
	for _, h := range w.hands[:3] {
		w.visit.Team = append(w.visit.Team, h.monitor())
	}
	w.typed(w.hands[0], w.visit)
	w.everybody()
}

// everybody syncs, twice, so that what the last one brought reaches the first.
func (w *canaries) everybody() {
	w.t.Helper()
	for range 2 {
		for _, h := range w.hands {
			w.synced(h.Client)
		}
	}
}

// locked closes a device, does something to its folder, and opens it again.
func (w *canaries) locked(i int, do func()) {
	w.t.Helper()
	if err := w.hands[i].Close(); err != nil {
		w.t.Fatal(err)
	}
	do()
	w.hands[i].Client = w.open(w.hands[i].dir)
}

func (w *canaries) writes(h hand) *daylightv1.Finding {
	w.t.Helper()
	f := &daylightv1.Finding{VisitId: &w.visit.Id}
	w.typed(h, f)
	return f
}

// writing saves at every pause, as pages do, removes, looks for words, and reads.
func (w *canaries) writing() {
	a := w.hands[0]
	f := w.writes(a)
	w.middle = func() { w.looks("while it is written") }
	for range 3 {
		f.Narrative = proto.String(f.GetNarrative() + " " + w.text(openText, "what is saved at a pause"))
		a.saves(f)
	}
	w.middle = nil
	gone := w.writes(a)
	w.synced(a.Client)
	if err := a.Remove(w.t.Context(), gone); err != nil {
		w.t.Fatal(err)
	}
	n := 0
	for _, filter := range []clientsync.Filter{{Text: f.GetTitle()}, {}, {IncludeRemoved: true, OnlyUnsent: true}} {
		for item, err := range a.List(w.t.Context(), filter) {
			if err != nil {
				w.t.Fatal(err)
			}
			if _, err := a.History(w.t.Context(), item.Kind, item.ID); err != nil {
				w.t.Fatal(err)
			}
			n++
		}
	}
	if n < 4 {
		w.t.Errorf("%d records were read", n)
	}
	w.everybody()
	for _, err := range []error{
		a.Save(w.t.Context(), &daylightv1.Finding{Id: w.text(openText, "what is no id")}),
		a.Save(w.t.Context(), &daylightv1.Finding{VisitId: proto.String(w.text(openText, "what is no id"))}),
		a.Save(w.t.Context(), &daylightv1.Finding{Title: proto.String(w.text(openText, "what is no text") + "\xff")}),
	} {
		w.fails(err, "")
	}
}

// disagreeing lets two write the same field without seeing each other, and settles it.
func (w *canaries) disagreeing() {
	a, b := w.hands[0], w.hands[1]
	w.summary(a, w.text(openText, "a summary"))
	w.summary(b, w.text(openText, "another summary"))
	w.everybody()
	item, err := a.Get(w.t.Context(), clientsync.KindVisit, w.visit.Id)
	if err != nil || len(item.Conflicts) != 1 {
		w.t.Fatalf("%d conflicts, %v", len(item.Conflicts), err)
	}
	w.looks("in a conflict")
	if err := a.Resolve(w.t.Context(), item.Message, item.Conflicts[0], item.Conflicts[0].Values[1]); err != nil {
		w.t.Fatal(err)
	}
	w.everybody()
}

// refusing lets somebody write what they may not, and puts the refusal away.
func (w *canaries) refusing() {
	c := w.hands[2]
	v := c.visit(w.visit.Id)
	v.Team = append(v.Team, &daylightv1.TeamMember{Id: w.hands[3].id, Person: proto.String(w.text(openText, "a name for the team"))})
	c.saves(v)
	w.synced(c.Client)
	refused, err := c.Refused(w.t.Context())
	if err != nil || len(refused) != 1 {
		w.t.Fatalf("%d refusals, %v", len(refused), err)
	}
	w.looks("before a refusal is put away")
	if err := c.Dismiss(w.t.Context(), refused[0].Number); err != nil {
		w.t.Fatal(err)
	}
}

// sealing stores what is meant for a few, under a key that nobody here has.
func (w *canaries) sealing() {
	a, visit := w.hands[0], &w.visit.Id
	words := func(what string) []byte { return w.sealed(w.text(sealedText, what)) }
	w.typed(a, &daylightv1.PersonIdentity{VisitId: visit, Sealed: words("a detained person's name")})
	w.typed(a, &daylightv1.InterviewNote{VisitId: visit, Sealed: words("an interview")})
	w.typed(a, &daylightv1.MedicalNote{VisitId: visit, Sealed: words("a medical note")})
	w.typed(a, &daylightv1.ReprisalDetail{VisitId: visit, Sealed: words("a reprisal")})
	w.everybody()
}

// sealed is what the library stores in a field sealed.
func (w *canaries) sealed(words string) []byte {
	to, err := age.ParseX25519Recipient(w.recovery.Recipient())
	if err != nil {
		w.t.Fatal(err)
	}
	var out bytes.Buffer
	in, err := age.Encrypt(&out, to)
	if err == nil {
		_, err = io.WriteString(in, words)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		w.t.Fatal(err)
	}
	return out.Bytes()
}

// puts keeps a bundle as a person would, on a stick.
func (w *canaries) puts(name string, b []byte) []byte {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.aside, name), b, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return b
}

// handing makes bundles, and takes them whole, cut off, altered and as somebody else.
func (w *canaries) handing() {
	a, b, c := w.hands[0], w.hands[1], w.hands[2]
	w.writes(a)
	made := w.puts("team.age", w.bundle(a, b, c))
	_, err := b.Import(w.t.Context(), io.MultiReader(bytes.NewReader(made[:len(made)-9])))
	w.fails(err, "cut off")
	altered := bytes.Clone(made)
	altered[len(altered)/2] ^= 1
	_, err = b.Import(w.t.Context(), bytes.NewReader(altered))
	w.fails(err, "byte")
	_, err = w.hands[3].Import(w.t.Context(), bytes.NewReader(made))
	w.fails(err, "somebody else")
	// While it is taken it stands in the folder: the reader looks there in the middle.
	looked := false
	_, err = b.Import(w.t.Context(), io.MultiReader(bytes.NewReader(made[:len(made)/2]), reader(func([]byte) (int, error) {
		aside, _ := filepath.Glob(filepath.Join(b.dir, "*.part"))
		if looked = looked || len(aside) == 1; looked {
			w.looks("while a bundle is taken")
		}
		return 0, io.EOF
	}), bytes.NewReader(made[len(made)/2:])))
	if err != nil || !looked {
		w.t.Fatalf("looked at what is put aside: %v, %v", looked, err)
	}
	w.takes(c, made)
	w.puts("back.age", w.bundle(b, a))
	w.writes(a)
	answer, _ := w.office(w.puts("stick.age", w.made(a, clientsync.To{Office: true})))
	w.takes(a, w.puts("answer.age", answer))
	w.everybody()
}

type reader func([]byte) (int, error)

func (r reader) Read(b []byte) (int, error) { return r(b) }

// losingSight takes B out of the team while B has something unsent.
func (w *canaries) losingSight() {
	a, b := w.hands[0], w.hands[1]
	w.writes(b)
	with := a.visit(w.visit.Id)
	without := proto.Clone(with).(*daylightv1.Visit)
	without.Team = slices.DeleteFunc(without.Team, func(m *daylightv1.TeamMember) bool { return m.Id == b.id })
	a.saves(without)
	w.synced(a.Client)
	w.synced(b.Client)
	if b.visit(w.visit.Id) != nil {
		w.t.Fatal("B still sees the visit")
	}
	w.looks("after what may no longer be seen was swept out")
	without.Team = with.Team
	a.saves(without)
	w.everybody()
}

// renewing gives each device another certificate and token.
func (w *canaries) renewing() {
	for i, h := range w.hands {
		w.locked(i, func() { w.opens(h.dir) })
	}
	w.now = w.now.Add(70 * 24 * time.Hour)
	w.everybody()
	before := len(w.planted())
	for i, h := range w.hands {
		w.locked(i, func() { w.opens(h.dir) })
	}
	if len(w.planted()) < before+len(w.hands) {
		w.t.Error("no device has got another token")
	}
}

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
	a := w.hands[0]
	w.locked(0, func() {})
	a = w.hands[0]
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
			if n, err := clientsync.Rescue(w.t.Context(), config, recovery, &out); err != nil {
				w.fails(err, "")
			} else if n == 0 {
				w.t.Error("nothing was rescued")
			}
			if len(w.needles.in(out.Bytes())) == 0 {
				w.t.Error("nothing readable was rescued")
			}
			_, err = clientsync.Rescue(w.t.Context(), Cheap(clientsync.Config{Dir: wreck}), w.text(secret, "what is no recovery key"), io.Discard)
			w.fails(err, "")
		}
	})
}

func (w *canaries) age1() string { return w.recovery.Secret() }

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

// restoring tells everybody that the office has lost something, and is out of reach.
func (w *canaries) restoring() {
	w.writes(w.hands[0])
	if err := w.store.NewEpoch(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.everybody()
}

// operating makes codes and tokens, and copies of what the office has.
func (w *canaries) operating() {
	text := w.code(w.hands[0].id)
	code, err := enrol.Parse(text)
	if err != nil {
		w.t.Fatal(err)
	}
	w.plant(canary{secret, "a code", []byte(text), true})
	w.key("what is secret in a code", code.Secret[:])
	token, err := w.operator.IssueToken(w.t.Context(), &daylightv1.IssueTokenRequest{Token: &daylightv1.Token{
		Name: w.text(openText, "a token's name"), Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER}}, Until: w.now.Add(24 * time.Hour).UnixMilli(),
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := enrol.ParseToken(token.Secret)
	if err != nil {
		w.t.Fatal(err)
	}
	w.plant(canary{secret, "a program's token as text", []byte(token.Secret), true})
	w.key("a program's token", raw[:])
	c := w.open(w.t.TempDir())
	_, err = c.Enrol(w.t.Context(), text[:len(text)-3]+"AAA", "a tablet")
	w.fails(err, "")
	if _, err := c.Enrol(w.t.Context(), text, w.text(openText, "a device's label")); err != nil {
		w.t.Fatal(err)
	}
	_, err = w.open(w.t.TempDir()).Enrol(w.t.Context(), text, "a tablet")
	w.fails(err, "used already")
	w.unreachable(code)

	for { // as Run does behind the log, so that the search's own tables are looked at too
		if more, err := w.store.Index(w.t.Context()); err != nil {
			w.t.Fatal(err)
		} else if !more {
			break
		}
	}
	out, err := os.Create(filepath.Join(w.store.Dir(), "log.bin")) // as daylightd export
	if err != nil {
		w.t.Fatal(err)
	}
	defer out.Close()
	if err := w.store.Export(w.t.Context(), out); err != nil {
		w.t.Fatal(err)
	}
}

// unreachable asks an office that does not answer.
func (w *canaries) unreachable(code enrol.Code) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	nobody := l.Addr().String()
	if err := l.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.plant(canary{address, "the address of nobody", []byte(nobody), true})
	code.Endpoints = []string{"https://" + nobody}
	_, err = w.open(w.t.TempDir()).Enrol(w.t.Context(), code.Encode(), "a tablet")
	w.fails(err, "")
	if chain := fmt.Sprint(errors.Unwrap(err)); !strings.Contains(chain, nobody) {
		w.t.Errorf("the cause does not say who did not answer: %s", chain)
	}
}

// wiping destroys one folder that is open and one that is locked. A second name for a
// key's file shows that its bytes were written over, not only let go.
func (w *canaries) wiping() {
	for i, h := range w.hands[:2] {
		w.wraps(h.dir)
		second := filepath.Join(w.t.TempDir(), "vault.key")
		if err := os.Link(filepath.Join(h.dir, "vault.key"), second); err != nil {
			w.t.Fatal(err)
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
		w.complain("under another name of the key's file", w.search(filepath.Dir(second), wrapped))
	}
}
