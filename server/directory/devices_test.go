package directory

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestACodeIsGoodOnceAndNotForLong(t *testing.T) {
	w := newWorld(t)
	p := w.person("Monitor A", monitor)
	invite := func(code string) {
		t.Helper()
		_, err := w.Invite(w.ctx(), idOf(t, p.Id), hashOf(code), By{})
		w.must(err)
	}
	t.Run("wrong", func(t *testing.T) {
		_, err := w.Enrol(w.ctx(), enrolling("no such code", "phone 1", "token 1"), By{})
		w.wants(err, rpcerr.NotFound)
	})
	t.Run("in time", func(t *testing.T) {
		invite("one")
		w.time = w.time.Add(CodeTime)
		e, err := w.Enrol(w.ctx(), enrolling("one", "phone 1", "token 1"), By{})
		w.must(err)
		o, err := w.Office(w.ctx())
		w.must(err)
		if !e.Certificate.IssuedBy(o.EnrolmentKey) || !e.Certificate.Valid(w.time.UnixMilli()) || !w.knows("token 1") {
			t.Errorf("%+v", e)
		}
		if e.Certificate.Valid(w.time.Add(91 * 24 * time.Hour).UnixMilli()) {
			t.Error("the certificate has no end")
		}
	})
	t.Run("by another device", func(t *testing.T) {
		_, err := w.Enrol(w.ctx(), enrolling("one", "phone 2", "token 2"), By{})
		w.wants(err, rpcerr.NotFound)
		if w.knows("token 2") || !w.knows("token 1") {
			t.Error("the code was good twice")
		}
	})
	t.Run("again after a lost answer", func(t *testing.T) {
		invite("two")
		first, err := w.Enrol(w.ctx(), enrolling("two", "phone 3", "token 3"), By{})
		w.must(err)
		second, err := w.Enrol(w.ctx(), enrolling("two", "phone 3", "token 3 again"), By{})
		w.must(err)
		if first.Device.Id != second.Device.Id || w.knows("token 3") || !w.knows("token 3 again") {
			t.Error("a lost answer leaves the device outside, or twice inside")
		}
	})
	t.Run("late", func(t *testing.T) {
		invite("three")
		w.time = w.time.Add(CodeTime + time.Millisecond)
		_, err := w.Enrol(w.ctx(), enrolling("three", "phone 4", "token 4"), By{})
		w.wants(err, rpcerr.NotFound)
	})
	t.Run("with a key that another device has", func(t *testing.T) {
		invite("four")
		_, err := w.Enrol(w.ctx(), enrolling("four", "phone 1", "token 5"), By{})
		w.wants(err, rpcerr.Invalid)
		_, err = w.Enrol(w.ctx(), enrolling("four", "phone 6", "token 6"), By{})
		w.must(err)
	})
	t.Run("of somebody who was disabled meanwhile", func(t *testing.T) {
		invite("five")
		gone := proto.CloneOf(p)
		gone.Disabled = true
		_, err := w.SavePerson(w.ctx(), gone, By{})
		w.must(err)
		_, err = w.Enrol(w.ctx(), enrolling("five", "phone 7", "token 7"), By{})
		w.wants(err, rpcerr.NotFound)
		_, err = w.Invite(w.ctx(), idOf(t, p.Id), hashOf("six"), By{})
		w.wants(err, rpcerr.Invalid)
		if w.knows("token 1") {
			t.Error("a disabled person's device is known")
		}
	})
}

func TestBadCodesFillNoDisk(t *testing.T) {
	w := newWorld(t)
	for range 50 {
		_, err := w.Enrol(w.ctx(), enrolling("a guess", "phone", "token"), By{})
		w.wants(err, rpcerr.NotFound)
		w.time = w.time.Add(time.Second)
	}
	if n := len(w.notes()); n != 3 {
		t.Errorf("%d lines", n)
	}
}

func TestASecondPersonApproves(t *testing.T) {
	w := newWorld(t)
	o, err := w.Office(w.ctx())
	w.must(err)
	o.SecondApproval = true
	_, err = w.SaveOffice(w.ctx(), o, By{})
	w.must(err)
	admin, second := By{Person: idOf(t, w.admin.Id)}, By{Person: idOf(t, w.person("Head", reviewer).Id)}
	dev := w.enrolled(w.person("Monitor A", monitor), "phone 1")
	id := idOf(t, dev.Id)
	if dev.State != waiting {
		t.Fatal(dev.State)
	}
	_, err = w.Approve(w.ctx(), id, dev.Words, admin)
	w.wants(err, rpcerr.Denied)
	_, err = w.Approve(w.ctx(), id, "other words", second)
	w.wants(err, rpcerr.Invalid)
	c, err := w.Authenticate(w.ctx(), hashOf("token of phone 1"), "/x")
	w.must(err)
	if c.Device.State != waiting {
		t.Error("it is in")
	}
	dev, err = w.Approve(w.ctx(), id, dev.Words, second)
	w.must(err)
	c, err = w.Authenticate(w.ctx(), hashOf("token of phone 1"), "/x")
	w.must(err)
	if dev.State != active || c.Device.State != active || dev.ApprovedBy != second.Person.String() {
		t.Errorf("%v", dev)
	}
}

func TestARevokedDeviceIsOutAtOnce(t *testing.T) {
	w := newWorld(t)
	p := w.person("Monitor A", monitor)
	one, two := w.enrolled(p, "phone 1"), w.enrolled(p, "phone 2")
	if !w.knows("token of phone 1") || !w.knows("token of phone 2") {
		t.Fatal("they are not in")
	}
	_, err := w.Revoke(w.ctx(), idOf(t, one.Id), By{})
	w.must(err)
	if w.knows("token of phone 1") || !w.knows("token of phone 2") {
		t.Error("the wrong one is out, or none")
	}
	_, err = w.Renew(w.ctx(), idOf(t, one.Id), "", hashOf("new"), journal.Serial{1}, By{})
	w.wants(err, rpcerr.Unauthenticated)
	_, err = w.Enrol(w.ctx(), enrolling("code of phone 1", "phone 1", "again"), By{})
	w.wants(err, rpcerr.NotFound)
	r, err := w.Devices(w.ctx(), &daylightv1.ListDevicesRequest{Person: p.Id, State: active})
	w.must(err)
	if len(r.Devices) != 1 || r.Devices[0].Id != two.Id || r.Devices[0].LastSeen == 0 {
		t.Errorf("%v", r)
	}
}

func TestAnOldTokenIsGoodUntilTheNewOneArrives(t *testing.T) {
	w := newWorld(t)
	dev := w.enrolled(w.person("Monitor A", monitor), "phone 1")
	w.time = w.time.Add(80 * 24 * time.Hour)
	e, err := w.Renew(w.ctx(), idOf(t, dev.Id), "", hashOf("new"), journal.Serial{1}, By{})
	w.must(err)
	if e.Device.CertificateUntil <= dev.CertificateUntil || !w.knows("token of phone 1") {
		t.Error("a lost answer leaves the device outside")
	}
	if !w.knows("new") || w.knows("token of phone 1") {
		t.Error("the new token does not replace the old one")
	}
}
