package clientsync

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// disk stands between the client and each commit.
type disk struct {
	// next is what happens to the next commit; then all is well again.
	next func(commit func() error) error
}

func (d *disk) onCommit(c *Config) {
	c.OnCommit = func(commit func() error) error {
		do := d.next
		if d.next = nil; do == nil {
			return commit()
		}
		return do(commit)
	}
}

var errDisk = errors.New("the disk did something odd")

func failed(func() error) error { return errDisk }
func failedButApplied(commit func() error) error {
	if err := commit(); err != nil {
		return err
	}
	return errDisk
}

func TestACommitThatFailsSavesNothing(t *testing.T) {
	var x disk
	d := newDevice(t, x.onCommit)
	f := finding("before")
	d.save(f)
	f.Title = proto.String("lost")
	x.next = failed
	err := d.Save(t.Context(), f)
	wantCode(t, err, Unavailable, "not saved, the text is still on the screen")
	if f.GetTitle() != "lost" {
		t.Errorf("the text on the screen became %q", f.GetTitle())
	}
	if got := d.get(f).Message.(*daylightv1.Finding); got.GetTitle() != "before" {
		t.Errorf("stored is %q", got.GetTitle())
	}
	d.save(f) // the same message, repeated
	d.reopen()
	if got := d.get(f).Message.(*daylightv1.Finding); got.GetTitle() != "lost" {
		t.Errorf("stored is %q", got.GetTitle())
	}
	if s := d.status(); s.Unsent != 2 {
		t.Errorf("%d changes are waiting", s.Unsent)
	}
}

func TestACommitThatFailsButWasAppliedIsASave(t *testing.T) {
	var x disk
	d := newDevice(t, x.onCommit)
	f := finding("first")
	x.next = failedButApplied
	d.save(f)
	f.Title = proto.String("second")
	x.next = failedButApplied
	d.save(f)
	if s := d.status(); s.Unsent != 2 {
		t.Errorf("%d changes are waiting, want each once", s.Unsent)
	}
	d.reopen()
	if got := d.get(f).Message.(*daylightv1.Finding); got.GetTitle() != "second" {
		t.Errorf("stored is %q", got.GetTitle())
	}
}

func TestADiskThatStaysBrokenSaysThatItIsNotSure(t *testing.T) {
	var x disk
	d := newDevice(t, x.onCommit)
	f := finding("n")
	x.next = func(commit func() error) error {
		x.next = failed // the look afterwards fails as well
		return errDisk
	}
	wantCode(t, d.Save(t.Context(), f), Unavailable, "not certain")
}

func TestAFullDiskKeepsWhatWasSaved(t *testing.T) {
	d := newDevice(t, func(c *Config) { c.MaxPages = 120 })
	f := finding("n")
	d.save(f)
	var err error
	var last string
	for i := 0; err == nil && i < 100; i++ {
		last = f.GetNarrative()
		f.Narrative = proto.String(strings.Repeat(string(rune('a'+i%26)), 10_000+i))
		err = d.Save(t.Context(), f)
		d.reopen() // so that the next save begins a new change
	}
	wantCode(t, err, Unavailable, "disk is full")
	if len(f.GetNarrative()) < 10_000 {
		t.Error("the text on the screen is gone")
	}
	if got := d.get(f).Message.(*daylightv1.Finding); got.GetNarrative() != last {
		t.Error("what was saved before is not there")
	}
}

func TestASecondOpenerIsTold(t *testing.T) {
	d := newDevice(t)
	_, err := Open(t.Context(), d.config)
	wantCode(t, err, Unavailable, "in use by Daylight")
	_, err = Open(t.Context(), Config{})
	wantCode(t, err, Invalid, "no folder")
	_, err = Open(t.Context(), Config{Dir: t.TempDir(), Server: "office.example"})
	wantCode(t, err, Invalid, "address")
}

// batches reads what a rescue wrote.
func batches(t *testing.T, b []byte) (out []journal.Batch) {
	t.Helper()
	for r := bytes.NewReader(b); r.Len() > 0; {
		var p daylightv1.Batch
		if err := protodelim.UnmarshalFrom(r, &p); err != nil {
			t.Fatal(err)
		}
		one, err := journal.FromProto(&p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, one)
	}
	return out
}

func TestARescueWritesWhatTheOfficeHasNot(t *testing.T) {
	d := newDevice(t)
	for _, title := range []string{"one", "two", "three"} {
		d.save(finding(title))
	}
	key := d.signer.Load().Certificate.Key
	d.Close()
	before := files(t, d.config.Dir)
	var out bytes.Buffer
	r, err := Rescue(t.Context(), d.config, "", &out)
	n := r.Changes
	if n != 3 || err != nil {
		t.Fatalf("rescued %d, %v", n, err)
	}
	if after := files(t, d.config.Dir); after != before {
		t.Errorf("the folder was altered: %s, then %s", before, after)
	}
	got := batches(t, out.Bytes())
	if len(got) != 1 || len(got[0].Payloads) != 3 || !got[0].Verify(key) {
		t.Errorf("rescued %+v", got)
	}
}

// files says what is in a folder, without the lock.
func files(t *testing.T, dir string) (out string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "vault.db"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "folder.lock") {
			out += e.Name() + " "
		}
	}
	return out + string(journal.Next([32]byte{}, b).String()[:8])
}

func TestARescueReadsADamagedFolder(t *testing.T) {
	d := newDevice(t)
	f := finding("n")
	const saves = 60
	for i := range saves {
		f.Narrative = proto.String(strings.Repeat("long text ", 200+i))
		d.save(f)
		d.reopen()
	}
	d.Close()
	path := filepath.Join(d.config.Dir, "vault.db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	copy(b[len(b)-3*page:], bytes.Repeat([]byte{0xA5}, page))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), d.config)
	wantCode(t, err, Internal, "damaged; it was not changed")
	var out bytes.Buffer
	r, err := Rescue(t.Context(), d.config, "", &out)
	n := r.Changes
	if n < saves/2 || n > saves {
		t.Errorf("rescued %d of %d, %v", n, saves, err)
	}
	got := 0
	for _, one := range batches(t, out.Bytes()) {
		got += len(one.Payloads)
	}
	if got != n {
		t.Errorf("%d changes are in the file, %d were said to be", got, n)
	}
}

func TestARescueOfNothingSaysSo(t *testing.T) {
	if _, err := Rescue(t.Context(), Config{Dir: t.TempDir()}, "", &bytes.Buffer{}); err == nil {
		t.Error("an empty folder was rescued")
	}
}
