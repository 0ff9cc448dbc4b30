package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// stick is an office, and a bundle that a device has made for it which says nothing new.
type stick struct {
	data, file string
	recovery   string // a file with the office's recovery key
	device     bundle.Identity
	issuer     ed25519.PublicKey
}

func newStick(t *testing.T) *stick {
	t.Helper()
	dir := t.TempDir()
	s := &stick{data: filepath.Join(dir, "office"), file: filepath.Join(dir, "for-the-office.age"), recovery: filepath.Join(dir, "recovery.txt")}
	var out bytes.Buffer
	if code := Run(t.Context(), []string{"init", "--data", s.data, "--name", "Office of the Ombudsperson", "--json"}, nil, &out, io.Discard); code != exitOK {
		t.Fatal(code)
	}
	var made struct {
		Admin       string
		RecoveryKey string `json:"recovery_key"`
	}
	must(t, json.Unmarshal(out.Bytes(), &made))
	must(t, os.WriteFile(s.recovery, []byte("# the office's\n\n"+made.RecoveryKey+"\n"), 0o600))

	kept, err := store.Open(t.Context(), store.Config{Dir: s.data})
	must(t, err)
	d := directory.New(kept.File(), time.Now, rand.Reader)
	public, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	s.device, err = bundle.NewIdentity()
	must(t, err)
	admin, err := record.ParseID(made.Admin)
	must(t, err)
	p, err := d.SavePerson(t.Context(), &daylightv1.Person{Name: "Monitor A", Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_MONITOR}}}, directory.By{Person: admin})
	must(t, err)
	person, err := record.ParseID(p.Id)
	must(t, err)
	_, err = d.Invite(t.Context(), person, directory.Hash{1}, directory.By{Person: admin})
	must(t, err)
	in, err := d.Enrol(t.Context(), directory.Enrolling{Secret: directory.Hash{1}, Key: public, Label: "phone 1", Recipient: s.device.Recipient(), Serial: [16]byte{1}}, directory.By{})
	must(t, err)
	must(t, kept.Close())
	s.issuer = in.Office.EnrolmentKey

	f, err := os.Create(s.file)
	must(t, err)
	w, err := bundle.Create(f, bundle.Header{ID: bundle.ID{1}, Purpose: daylightv1.BundlePurpose_BUNDLE_PURPOSE_OFFICE, MadeMS: 1764000000000, Certificate: in.Certificate},
		[]string{in.Office.BundleRecipient, in.Office.RecoveryRecipient}, func(m []byte) []byte { return ed25519.Sign(key, m) })
	must(t, err)
	must(t, w.Put(&daylightv1.BundleFrame{Request: &daylightv1.SyncRequest{Own: &daylightv1.Head{Writer: bytes.Repeat([]byte{1}, 16)}}}))
	must(t, w.Close())
	must(t, f.Close())
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run gives what a command says, on the standard output and beside it.
func (s *stick) run(t *testing.T, want int, in []byte, args ...string) (out, complaint string) {
	t.Helper()
	var o, c bytes.Buffer
	if code := Run(t.Context(), append(args, "--data", s.data), bytes.NewReader(in), &o, &c); code != want {
		t.Fatalf("%q ended with %d: %s%s", args, code, &o, &c)
	}
	return o.String(), c.String()
}

// isAnswer fails unless it is an answer that the device can take.
func (s *stick) isAnswer(t *testing.T, answer []byte) {
	t.Helper()
	b, err := bundle.Open(bytes.NewReader(answer), s.device)
	must(t, err)
	must(t, b.Verify(t.Context(), s.issuer))
}

func TestBundlesAtTheServer(t *testing.T) {
	s := newStick(t)
	for _, served := range []bool{false, true} {
		stop := func() (int, string) { return exitOK, "" }
		if served {
			_, stop = serving(t, "--data", s.data)
		}
		out, _ := s.run(t, exitOK, nil, "bundle", "take", s.file)
		for _, says := range []string{"A bundle of Monitor A (phone 1), made 2025-11-24 16:00 UTC", "0 changes are new; 0 were here already", "daylightd bundle answer --data " + s.data} {
			if !strings.Contains(out, says) {
				t.Errorf("served %v: it does not say %q: %s", served, says, out)
			}
		}
		answer := filepath.Join(t.TempDir(), "answer.age")
		out, _ = s.run(t, exitOK, nil, "bundle", "answer", s.file, "--out", answer)
		if !strings.Contains(out, "Wrote the answer to "+answer+", with 0 records") {
			t.Error(out)
		}
		b, err := os.ReadFile(answer)
		must(t, err)
		s.isAnswer(t, b)
		if _, complaint := s.run(t, exitFailed, nil, "bundle", "answer", s.file, "--out", answer); !strings.Contains(complaint, "there already") || !strings.Contains(complaint, "--force") {
			t.Error(complaint)
		}
		s.run(t, exitOK, nil, "bundle", "answer", s.file, "--out", answer, "--force")
		if code, said := stop(); code != exitOK {
			t.Error(code, said)
		}
	}
	if out, _ := s.run(t, exitOK, nil, "log"); strings.Count(out, "a bundle of this device was answered") != 4 || strings.Count(out, "a bundle of this device was taken") != 2 {
		t.Error(out)
	}
}

func TestABundleThroughAPipe(t *testing.T) {
	s := newStick(t)
	made, err := os.ReadFile(s.file)
	must(t, err)
	out, complaint := s.run(t, exitOK, made, "bundle", "answer", "-", "--out", "-")
	if s.isAnswer(t, []byte(out)); !strings.Contains(complaint, "A bundle of Monitor A") {
		t.Error(complaint)
	}
	out, _ = s.run(t, exitOK, made, "bundle", "take", "-", "--json")
	var taken server.BundleTaken
	if err := json.Unmarshal([]byte(out), &taken); err != nil || taken.Person != "Monitor A" {
		t.Errorf("%s: %v", out, err)
	}
	if _, complaint := s.run(t, exitUsage, made, "bundle", "answer", "-", "--out", "-", "--json"); !strings.Contains(complaint, "not JSON") {
		t.Error(complaint)
	}
}

func TestBundlesThatAreNotTaken(t *testing.T) {
	s := newStick(t)
	made, err := os.ReadFile(s.file)
	must(t, err)
	dir := t.TempDir()
	answer := filepath.Join(dir, "answer.age")
	for _, c := range []struct {
		code int
		in   []byte
		args string
		says string
	}{
		{exitUsage, nil, "take", "which bundle is missing"},
		{exitUsage, nil, "answer " + s.file, "--out"},
		{exitFailed, nil, "take " + filepath.Join(dir, "nothing"), "cannot be read"},
		{exitFailed, nil, "take " + dir, "could not be read to its end"},
		{exitFailed, made[:len(made)-9], "take -", "byte"},
		{exitFailed, made[:len(made)-9], "answer - --out " + answer, "byte"},
		{exitFailed, []byte("text"), "answer - --out " + answer, "not a bundle"},
		{exitFailed, nil, "take --identity " + filepath.Join(dir, "nothing") + " " + s.file, "recovery key cannot be read"},
		{exitFailed, nil, "take --identity " + os.DevNull + " " + s.file, "holds no key"},
		{exitFailed, nil, "answer " + s.file + " --out " + filepath.Join(dir, "no", "folder"), "cannot be written"},
	} {
		if _, complaint := s.run(t, c.code, c.in, append([]string{"bundle"}, strings.Fields(c.args)...)...); !strings.Contains(complaint, c.says) || strings.Contains(complaint, "internal") {
			t.Errorf("%s: %s", c.args, complaint)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTheRecoveryKeyOpensWhatTheOfficesCannot(t *testing.T) {
	s := newStick(t)
	kept, err := store.Open(t.Context(), store.Config{Dir: s.data})
	must(t, err)
	other, err := bundle.NewIdentity()
	must(t, err)
	must(t, kept.File().Write(t.Context(), func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`UPDATE office SET bundle_identity = $1`, other.Secret())
		return err
	}))
	must(t, kept.Close())
	if _, complaint := s.run(t, exitFailed, nil, "bundle", "take", s.file); !strings.Contains(complaint, "for somebody else") || !strings.Contains(complaint, "--identity") {
		t.Error(complaint)
	}
	if out, _ := s.run(t, exitOK, nil, "bundle", "take", s.file, "--identity", s.recovery); !strings.Contains(out, "A bundle of Monitor A") {
		t.Error(out)
	}
}

// What a person is told of a bundle, and with what the command ends.
func TestWhatIsSaidOfABundle(t *testing.T) {
	for _, c := range []struct {
		taken server.BundleTaken
		code  int
		says  string // a pattern
	}{
		{server.BundleTaken{New: 1, Known: 2}, exitOK, `1 change is new; 2 were here already\.`},
		{server.BundleTaken{New: 3, Refused: 3, Reasons: map[string]int{"stale": 2, "already": 1}}, exitOK, `Refused: 2 \(somebody else had changed the same before\)\. `},
		{server.BundleTaken{New: 1, Refused: 1, Reasons: map[string]int{"already": 1}}, exitOK, `already\.\n$`},
		{server.BundleTaken{New: 1, Refused: 1, Reasons: map[string]int{"of_a_newer_program": 1}}, exitOK, `1 \(of_a_newer_program\)`},
		{server.BundleTaken{New: 2, Held: 2, ShutOut: true}, exitProblems, `to look at: 2, because this device is shut out`},
		{server.BundleTaken{Awaited: 4}, exitOK, `4 changes came without content`},
		{server.BundleTaken{Restored: true}, exitProblems, `was restored from a backup`},
		{server.BundleTaken{TurnedAway: []server.TurnedAway{{Who: "Monitor B (tablet)", From: 5, Until: 9, Why: "gap", MissingFrom: 3}}}, exitProblems, `Not taken: changes 5 to 9 of Monitor B \(tablet\), because changes 3 to 4 are missing`},
		{server.BundleTaken{TurnedAway: []server.TurnedAway{{From: 5, Until: 9, Why: "gap", MissingFrom: 5}}}, exitProblems, `changes 5 to 9 of a device, because what comes before is not what`},
		{server.BundleTaken{TurnedAway: []server.TurnedAway{{From: 5, Until: 9, Why: "certificate"}}}, exitProblems, `the certificate has ended`},
		{server.BundleTaken{TurnedAway: []server.TurnedAway{{From: 5, Until: 9, Why: "seal"}}}, exitProblems, `their seal does not vouch`},
		{server.BundleTaken{TurnedAway: []server.TurnedAway{{Why: "unreadable"}}}, exitProblems, `Not taken: changes that cannot be read`},
	} {
		var out bytes.Buffer
		(&call{stdout: &out}).saysTaken(c.taken)
		if !regexp.MustCompile(c.says).MatchString(out.String()) {
			t.Errorf("%+v: %s", c.taken, &out)
		}
		code := exitOK
		if f, ok := attention(c.taken).(*failure); ok {
			code = f.code
		}
		if code != c.code {
			t.Errorf("%+v ends with %d", c.taken, code)
		}
	}
}
