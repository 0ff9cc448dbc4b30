package scenario

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/archive"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// moves writes the office into an archive and lets another server, which was made from it,
// answer in its place. What it held is gone with its folder.
func (o *madeOffice) moves(keys bool) archive.Summary {
	o.t.Helper()
	must := func(err error) {
		o.t.Helper()
		if err != nil {
			o.t.Fatal(err)
		}
	}
	clock := o.config.Now
	var b bytes.Buffer
	_, err := archive.Write(o.t.Context(), &b, archive.Office{Store: o.store, Directory: directory.New(o.store.File(), clock, rand.Reader)}, archive.Options{Keys: keys})
	must(err)
	must(o.store.Close())
	s, err := store.Open(o.t.Context(), store.Config{Dir: o.t.TempDir(), Now: clock})
	must(err)
	o.t.Cleanup(func() { s.Close() })
	sum, err := archive.Read(o.t.Context(), &b, archive.Office{Store: s, Directory: directory.New(s.File(), clock, rand.Reader)}, directory.By{})
	must(err)
	o.config.Store = s
	front, err := server.New(o.config)
	must(err)
	o.store, o.server = s, front
	o.operator = daylightv1connect.NewDirectoryServiceClient(&http.Client{Transport: inMemory{front.Local()}}, "http://office")
	return sum
}

// Devices go on with the server that their office has moved to: what they
// had not sent comes, what they had stays, and nothing is written over.
func TestDevicesGoOnWithAnOfficeThatHasMoved(t *testing.T) {
	o := makeOffice(t)
	a, _ := o.enrolled("Monitor A")
	b, _ := o.officer("Officer B")
	v := o.save(a, "first")
	o.synced(a)
	o.synced(b)
	v.Title = proto.String("as the monitor has it")
	if err := a.Save(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	o.now = o.now.Add(24 * time.Hour)
	sum := o.moves(true)
	if sum.Devices != 2 || sum.Digest.Records != 1 {
		t.Errorf("%+v", sum)
	}
	if r := o.synced(a); r.Pushed != 1 {
		t.Errorf("%+v", r)
	}
	o.synced(b)
	o.save(b, "after it has moved")
	o.synced(b)
	if n := countOf(t, o); n != 2 {
		t.Errorf("the office holds %d visits", n)
	}
	c, _ := o.enrolled("Monitor C")
	o.synced(c)
}

func countOf(t *testing.T, o *madeOffice) (n uint64) {
	t.Helper()
	d, err := o.store.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d.Records
}

// A copy without keys knows no device, and the device keeps what it holds.
func TestDevicesDoNotGoOnWithACopy(t *testing.T) {
	o := makeOffice(t)
	a, _ := o.enrolled("Monitor A")
	o.save(a, "first")
	o.synced(a)
	o.save(a, "second")
	o.moves(false)
	if _, err := a.Sync(t.Context()); err == nil {
		t.Fatal("the copy took it")
	}
	if s, err := a.Status(t.Context()); err != nil || s.Unsent == 0 {
		t.Errorf("%+v, %v", s, err)
	}
}
