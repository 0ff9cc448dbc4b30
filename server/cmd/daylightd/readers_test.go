package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// desk is an office and its root key, which its server does not have.
type desk struct {
	data, dir string
	root      compartment.RootKey
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{dir: t.TempDir()}
	d.data = filepath.Join(d.dir, "office")
	var made struct {
		RootKey string `json:"root_key"`
	}
	must(t, json.Unmarshal([]byte(d.run(t, exitOK, nil, "init", "--name", "Office of the Ombudsperson", "--json")), &made))
	var err error
	d.root, err = compartment.ParseRootKey(made.RootKey)
	must(t, err)
	return d
}

// run gives everything that a command says.
func (d *desk) run(t *testing.T, want int, in []byte, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if code := Run(t.Context(), append(args, "--data", d.data), bytes.NewReader(in), &out, &out); code != want {
		t.Fatalf("%q ended with %d: %s", args, code, &out)
	}
	return out.String()
}

// proposed is the next list, through a pipe.
func (d *desk) proposed(t *testing.T, args ...string) compartment.List {
	t.Helper()
	var out bytes.Buffer
	if code := Run(t.Context(), append([]string{"readers", "propose", "--data", d.data}, args...), nil, &out, io.Discard); code != exitOK {
		t.Fatal(code)
	}
	l, err := compartment.Parse(out.Bytes())
	must(t, err)
	return l
}

func (d *desk) signed(t *testing.T, l compartment.List, by compartment.RootKey) []byte {
	t.Helper()
	b, err := compartment.Sign(l, by)
	must(t, err)
	return b
}

func TestReadersAtTheServer(t *testing.T) {
	d := newDesk(t)
	if out := d.run(t, exitOK, nil, "readers", "show"); !strings.Contains(out, "No list of readers has been taken yet") {
		t.Error(out)
	}
	for n, served := range []bool{false, true} {
		stop := func() (int, string) { return exitOK, "" }
		if served {
			_, stop = serving(t, "--data", d.data)
		}
		l := d.proposed(t)
		if l.Version != uint64(n+1) || l.Office != "Office of the Ombudsperson" {
			t.Errorf("served %v: %+v", served, l)
		}
		good := d.signed(t, l, d.root)
		file := filepath.Join(t.TempDir(), "signed.txt")
		must(t, os.WriteFile(file, good, 0o600))
		if out := d.run(t, exitOK, nil, "readers", "take", file); !strings.Contains(out, "is taken, with 0 readers. Devices get it with their next sync") {
			t.Error(out)
		}
		d.run(t, exitOK, good, "readers", "take", "-") // again changes nothing
		if out := d.run(t, exitOK, nil, "readers", "show"); out != string(good) {
			t.Errorf("served %v: it shows\n%s", served, out)
		}
		if code, said := stop(); code != exitOK {
			t.Error(code, said)
		}
	}
	if out := d.run(t, exitOK, nil, "log"); strings.Count(out, "a list of readers was taken") != 2 {
		t.Error(out)
	}
}

func TestAListThatTheOfficeDidNotSignIsNotTaken(t *testing.T) {
	d, elsewhere := newDesk(t), newDesk(t)
	kept := d.signed(t, d.proposed(t, "--after", "4"), d.root)
	d.run(t, exitOK, kept, "readers", "take", "-")
	mine, err := compartment.NewKey()
	must(t, err)
	more := d.proposed(t)
	more.Readers = []compartment.Reader{{Compartment: compartment.Identity, Recipient: mine.Public(), Device: "0190e9c4-6a00-7abc-8def-0123456789a1", Name: "The server"}}
	text, err := more.Encode()
	must(t, err)
	same, older := more, more
	same.Version, older.Version = 5, 4
	_, signature, _ := bytes.Cut(kept, []byte("\n\n"))
	for _, c := range []struct {
		shows  string
		signed []byte
		says   string
	}{
		{"with a reader more, signed by another key", d.signed(t, more, elsewhere.root), "not signed by the office's root key"},
		{"with a reader more, unsigned", text, "not signed by the office's root key"},
		{"with a reader more, under the old signature", slices.Concat(text, []byte("\n"), signature), "changed after it was signed"},
		{"older", d.signed(t, older, d.root), "older than the one that is known"},
		{"of the same version with other bytes", d.signed(t, same, d.root), "two lists of readers of this version"},
		{"too large", make([]byte, compartment.MaxList+5), "at most"},
	} {
		t.Run(c.shows, func(t *testing.T) {
			if out := d.run(t, exitFailed, c.signed, "readers", "take", "-"); !strings.Contains(out, c.says) {
				t.Errorf("it says %s", out)
			}
			if out := d.run(t, exitOK, nil, "readers", "show"); out != string(kept) {
				t.Errorf("it shows\n%s", out)
			}
		})
	}
}

func TestAProposedListIsAFileOfItsOwn(t *testing.T) {
	d := newDesk(t)
	file := filepath.Join(d.dir, "readers.txt")
	if out := d.run(t, exitOK, nil, "readers", "propose", file); !strings.Contains(out, "Wrote version 1 of the list of readers to "+file) {
		t.Error(out)
	}
	b, err := os.ReadFile(file)
	must(t, err)
	if _, err := compartment.Parse(b); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if out := d.run(t, exitFailed, nil, "readers", "propose", file); !strings.Contains(out, "there already; nothing was written") {
		t.Error(out)
	}
	d.run(t, exitFailed, nil, "readers", "take", filepath.Join(d.dir, "nowhere"))
	d.run(t, exitUsage, nil, "readers", "take")
}

func TestAReviewersDeviceIsProposedAndOneWithoutAKeyIsNamed(t *testing.T) {
	s := newStick(t) // its device is a monitor's
	d := &desk{data: s.data, dir: t.TempDir()}
	var list struct{ Devices []struct{ ID, Person string } }
	must(t, json.Unmarshal([]byte(d.run(t, exitOK, nil, "device", "list", "--json")), &list))
	d.run(t, exitOK, nil, "user", "change", "--role", "MEDICAL_REVIEWER", list.Devices[0].Person)
	if l := d.proposed(t); len(l.Readers) != 1 || l.Readers[0].Recipient != s.device.Recipient() || l.Readers[0].Name != "Monitor A, phone 1" {
		t.Errorf("%+v", l)
	}

	kept, err := store.Open(t.Context(), store.Config{Dir: s.data})
	must(t, err)
	in := directory.New(kept.File(), time.Now, rand.Reader)
	person, err := record.ParseID(list.Devices[0].Person)
	must(t, err)
	_, err = in.Invite(t.Context(), person, directory.Hash{2}, directory.By{})
	must(t, err)
	old, err := in.Enrol(t.Context(), directory.Enrolling{Secret: directory.Hash{2}, Key: bytes.Repeat([]byte{2}, 32), Label: "old phone", Token: directory.Hash{2}, Serial: [16]byte{2}}, directory.By{})
	must(t, err)
	must(t, kept.Close())
	if out := d.run(t, exitProblems, nil, "readers", "propose"); !strings.Contains(out, "left out: "+old.Device.Id) || !strings.Contains(out, "1 device of somebody who may read is not in the list") {
		t.Error(out)
	}
}
