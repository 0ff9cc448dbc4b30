package directory

import "testing"

func TestDevicesAreCounted(t *testing.T) {
	w := newWorld(t)
	p := w.person("Monitor A", monitor)
	enrol := func(name string) {
		t.Helper()
		_, err := w.Invite(w.ctx(), idOf(t, p.Id), hashOf(name), By{})
		w.must(err)
		_, err = w.Enrol(w.ctx(), enrolling(name, name, name), By{})
		w.must(err)
	}
	wants := func(when string, want DeviceFigures) {
		t.Helper()
		if got, err := w.DeviceFigures(w.ctx()); err != nil || got != want {
			t.Errorf("%s: %+v %v, want %+v", when, got, err, want)
		}
	}
	wants("none", DeviceFigures{})
	for _, name := range []string{"calls", "falls silent", "never calls"} {
		enrol(name)
	}
	for _, name := range []string{"calls", "falls silent"} {
		_, err := w.Authenticate(w.ctx(), hashOf(name), "/sync")
		w.must(err)
	}
	wants("both have called", DeviceFigures{Active: 3, Lately: 2})
	w.time = w.time.Add(SilentAfter)
	_, err := w.Authenticate(w.ctx(), hashOf("calls"), "/sync")
	w.must(err)
	wants("five days on", DeviceFigures{Active: 3, Lately: 1, Silent: 1})
	o, err := w.Office(w.ctx())
	w.must(err)
	o.SecondApproval = true
	_, err = w.SaveOffice(w.ctx(), o, By{})
	w.must(err)
	enrol("waits")
	wants("one waits", DeviceFigures{Active: 3, Waiting: 1, Lately: 1, Silent: 1})
}
