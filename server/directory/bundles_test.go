package directory

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// takes is enrolling for a phone that takes bundles.
func takes(code, phone, token, recipient string) Enrolling {
	e := enrolling(code, phone, token)
	e.Recipient = recipient
	return e
}

// reached enrols a phone of the person that takes bundles.
func (w *world) reached(p *daylightv1.Person, phone, recipient string) Enrolled {
	w.t.Helper()
	_, err := w.Invite(w.ctx(), idOf(w.t, p.Id), hashOf("code of "+phone), By{Person: idOf(w.t, w.admin.Id)})
	w.must(err)
	e, err := w.Enrol(w.ctx(), takes("code of "+phone, phone, "token of "+phone, recipient), By{})
	w.must(err)
	return e
}

// devices are those that colleagues are told of, as person, label and recipient.
func (w *world) devices() (out string) {
	w.t.Helper()
	d, err := w.Known(w.ctx(), 0, true)
	w.must(err)
	for _, p := range d.People {
		for _, dev := range p.Devices {
			out += fmt.Sprintf("%s, %s: %s\n", p.Name, dev.Label, dev.Recipient)
		}
	}
	return out
}

func TestACertificateSaysWhereBundlesGo(t *testing.T) {
	w := newWorld(t)
	p := w.person("Monitor A", monitor)
	e := w.reached(p, "phone 1", "age1first")
	if e.Certificate.Recipient != "age1first" || e.Certificate.PersonID != p.Id || e.Device.Recipient != "age1first" {
		t.Errorf("%+v", e)
	}
	id := idOf(t, e.Device.Id)
	for _, c := range []struct{ shows, sent, want string }{
		{"none keeps the old one", "", "age1first"},
		{"another takes its place", "age1second", "age1second"},
		{"and stays", "", "age1second"},
	} {
		e, err := w.Renew(w.ctx(), id, c.sent, hashOf(c.shows), journal.Serial{1}, By{})
		w.must(err)
		now, err := w.Device(w.ctx(), id)
		w.must(err)
		if e.Certificate.Recipient != c.want || e.Certificate.PersonID != p.Id || now.Recipient != c.want {
			t.Errorf("%s: %+v, %v", c.shows, e.Certificate, now)
		}
	}
	t.Run("after a lost answer the one that was sent last counts", func(t *testing.T) {
		w.reached(p, "phone 2", "age1lost")
		again, err := w.Enrol(w.ctx(), takes("code of phone 2", "phone 2", "token", "age1kept"), By{})
		w.must(err)
		now, err := w.Device(w.ctx(), idOf(t, again.Device.Id))
		w.must(err)
		if again.Certificate.Recipient != "age1kept" || now.Recipient != "age1kept" {
			t.Errorf("%+v, %v", again.Certificate, now)
		}
	})
}

func TestWhatIsNoRecipientIsRefused(t *testing.T) {
	w := newWorld(t)
	p := w.person("Monitor A", monitor)
	id := idOf(t, w.reached(p, "phone 1", "age1"+strings.Repeat("q", 196)).Device.Id)
	_, err := w.Invite(w.ctx(), idOf(t, p.Id), hashOf("code"), By{})
	w.must(err)
	for _, bad := range []string{"ssh-ed25519 AAAA", "AGE1Q", " age1q", "age1 q", "age1q\n", "age1ж", "age1\x7f", "age1" + strings.Repeat("q", 197)} {
		_, err := w.Enrol(w.ctx(), takes("code", "phone 2", "token", bad), By{})
		w.wants(err, rpcerr.Invalid)
		_, err = w.Renew(w.ctx(), id, bad, hashOf("new"), journal.Serial{1}, By{})
		w.wants(err, rpcerr.Invalid)
	}
	_, err = w.Enrol(w.ctx(), takes("code", "phone 2", "token", ""), By{})
	w.must(err) // the code was not used up
}

// Bundles go to devices that are in, of people who may do something.
func TestColleaguesAreToldWhichDevicesTakeBundles(t *testing.T) {
	w := newWorld(t)
	a, b := w.person("Monitor A", monitor), w.person("Monitor B", monitor)
	lost := w.reached(b, "lost", "age1lost")
	w.reached(b, "tablet", "age1tablet")
	w.reached(b, "phone", "age1phone")
	w.reached(a, "phone 1", "age1a")
	w.enrolled(a, "old phone")
	_, err := w.Revoke(w.ctx(), idOf(t, lost.Device.Id), By{})
	w.must(err)
	o, err := w.Office(w.ctx())
	w.must(err)
	o.SecondApproval = true
	_, err = w.SaveOffice(w.ctx(), o, By{})
	w.must(err)
	waits := w.reached(a, "waits", "age1waits").Device
	want := "Monitor A, phone 1: age1a\nMonitor B, phone: age1phone\nMonitor B, tablet: age1tablet\n"
	if got := w.devices(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	_, err = w.Approve(w.ctx(), idOf(t, waits.Id), waits.Words, By{})
	w.must(err)
	b.Disabled = true
	_, err = w.SavePerson(w.ctx(), b, By{})
	w.must(err)
	if got, want := w.devices(), "Monitor A, phone 1: age1a\nMonitor A, waits: age1waits\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// A grant that has ended opens nothing any more; one that begins tomorrow will.
func TestColleaguesAreToldOfGrantsThatCount(t *testing.T) {
	w := newWorld(t)
	now := w.time.UnixMilli()
	p := &daylightv1.Person{Name: "Monitor A", Grants: []*daylightv1.Grant{
		{Role: monitor, From: 1, Until: now},
		{Role: regional, Region: "UA-32", From: now, Until: now + 1},
		{Role: reviewer, From: now + 1},
		{Role: monitor, Until: now + 1},
	}}
	p, err := w.SavePerson(w.ctx(), p, By{})
	w.must(err)
	d, err := w.Known(w.ctx(), 0, true)
	w.must(err)
	want := &daylightv1.Colleague{
		Id: p.Id, Name: p.Name, Grants: p.Grants[1:], Roles: []daylightv1.OfficeRole{regional, monitor},
	}
	if got := d.People[1]; !proto.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// A device asks with the revision that it has, and is told nothing when that is the
// present one: whatever changes what it is told has to be another.
func TestTheRevisionGrowsWithTheDevices(t *testing.T) {
	w := newWorld(t)
	o, err := w.Office(w.ctx())
	w.must(err)
	o.SecondApproval = true
	_, err = w.SaveOffice(w.ctx(), o, By{})
	w.must(err)
	p, by := w.person("Monitor A", monitor), By{Person: idOf(t, w.person("Head", reviewer).Id)}
	var dev *daylightv1.Device
	has := uint64(0)
	step := func(shows string, grows bool, do func() error) {
		t.Helper()
		w.must(do())
		d, err := w.Known(w.ctx(), has, true)
		w.must(err)
		switch {
		case (d != nil) != grows, d != nil && d.Revision <= has:
			t.Errorf("%s: after %d comes %v", shows, has, d)
		case d != nil:
			has = d.Revision
		}
	}
	step("at first", true, func() error { return nil })
	step("enrolled, without a recipient", true, func() error { dev = w.enrolled(p, "phone 1"); return nil })
	id := idOf(t, dev.Id)
	renew := func(recipient string) func() error {
		return func() error {
			_, err := w.Renew(w.ctx(), id, recipient, hashOf("new"), journal.Serial{1}, By{})
			return err
		}
	}
	step("renewed", false, renew(""))
	step("approved, and takes no bundles", false, func() error { _, err := w.Approve(w.ctx(), id, dev.Words, by); return err })
	step("has a recipient now", true, renew("age1first"))
	step("renewed with the same", false, renew("age1first"))
	step("has another of the same length", true, renew("age1secon"))
	step("enrolled, and waits", true, func() error { dev = w.reached(p, "phone 2", "age1two").Device; return nil })
	step("approved", true, func() error { _, err := w.Approve(w.ctx(), idOf(t, dev.Id), dev.Words, by); return err })
	step("enrolled again with another", true, func() error {
		_, err := w.Enrol(w.ctx(), takes("code of phone 2", "phone 2", "token", "age1again"), By{})
		return err
	})
	step("seen", false, func() error { w.knows("token"); return nil })
	step("revoked", true, func() error { _, err := w.Revoke(w.ctx(), id, By{}); return err })
	step("revoked again", false, func() error { _, err := w.Revoke(w.ctx(), id, By{}); return err })
}

func TestAnOfficeHasOneKeyForBundles(t *testing.T) {
	w := newWorld(t) // made before there were bundles
	made := 0
	ensure := func() error {
		return w.EnsureBundleKey(w.ctx(), func() (string, string, error) {
			made++
			return fmt.Sprint("secret ", made), fmt.Sprint("age1office", made), nil
		}, By{})
	}
	has := func(secret, recipient string) {
		t.Helper()
		got, err := w.BundleIdentity(w.ctx())
		w.must(err)
		o, err := w.Office(w.ctx())
		w.must(err)
		if got != secret || o.BundleRecipient != recipient {
			t.Errorf("it has %q and %q", got, o.BundleRecipient)
		}
	}
	has("", "")
	broken := errors.New("no randomness")
	if err := w.EnsureBundleKey(w.ctx(), func() (string, string, error) { return "", "", broken }, By{}); !errors.Is(err, broken) {
		t.Error(err)
	}
	w.wants(w.EnsureBundleKey(w.ctx(), func() (string, string, error) { return "secret", "", nil }, By{}), rpcerr.Invalid)
	has("", "")
	for range 3 {
		w.must(ensure())
		has("secret 1", "age1office1")
	}
	if notes := w.notes(); made != 1 || notes[len(notes)-1] != "the office got a key for bundles" {
		t.Errorf("made %d times, %q", made, notes)
	}
	o, err := w.Office(w.ctx())
	w.must(err)
	o.BundleRecipient = "age1mine"
	_, err = w.SaveOffice(w.ctx(), o, By{})
	w.must(err)
	has("secret 1", "age1office1")
	t.Run("of two that start at once, the first one's", func(t *testing.T) {
		w := newWorld(t)
		w.must(w.EnsureBundleKey(w.ctx(), func() (string, string, error) {
			w.must(w.EnsureBundleKey(w.ctx(), func() (string, string, error) { return "first", "age1first", nil }, By{}))
			return "second", "age1second", nil
		}, By{}))
		if got, err := w.BundleIdentity(w.ctx()); err != nil || got != "first" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestAnOfficeMayBeMadeWithItsKeyForBundles(t *testing.T) {
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := newWorld(t)
	w.Directory = New(s.File(), w.now, w.random)
	_, err = w.BundleIdentity(w.ctx())
	w.wants(err, rpcerr.Conflict)
	root := make([]byte, ed25519.PublicKeySize)
	setup := Setup{
		Office: &daylightv1.Office{Name: "Office of the Ombudsperson", RootKey: root, BundleRecipient: "age1office"},
		Admin:  &daylightv1.Person{Name: "Administrator"},
	}
	_, _, err = w.Make(w.ctx(), setup, By{})
	w.wants(err, rpcerr.Invalid)
	setup.BundleIdentity = "secret"
	o, _, err := w.Make(w.ctx(), setup, By{})
	w.must(err)
	w.must(w.EnsureBundleKey(w.ctx(), func() (string, string, error) { return "another", "age1another", nil }, By{}))
	if got, err := w.BundleIdentity(w.ctx()); err != nil || got != "secret" || o.BundleRecipient != "age1office" {
		t.Errorf("%q, %v, %v", got, o, err)
	}
}

// The key that issues certificates signs the ends of bundles for whoever asks, and nothing
// that could be taken for a certificate.
func TestOnlyTheEndOfABundleIsSigned(t *testing.T) {
	w := newWorld(t)
	o, err := w.Office(w.ctx())
	w.must(err)
	end := []byte("daylight/v1 bundle\x00and a hash")
	signature, err := w.SignBundle(w.ctx(), end)
	w.must(err)
	if !ed25519.Verify(o.EnrolmentKey, end, signature) {
		t.Error("it is not the office's")
	}
	for _, other := range []string{"", "daylight/v1 certificate\x00body", "daylight/v1 bundle", "x" + string(end)} {
		got, err := w.SignBundle(w.ctx(), []byte(other))
		if w.wants(err, rpcerr.Invalid); got != nil {
			t.Errorf("%q was signed", other)
		}
	}
}
