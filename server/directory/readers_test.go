package directory

import (
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	ombudsperson = daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON
	npmHead      = daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD
	caseOfficer  = daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER
	medical      = daylightv1.OfficeRole_OFFICE_ROLE_MEDICAL_REVIEWER
	focalPoint   = daylightv1.OfficeRole_OFFICE_ROLE_REPRISAL_FOCAL_POINT
)

// rootOf is the root key whose seed is that letter of base 32, again and again. The
// world's is A: zeros.
func (w *world) rootOf(letter string) compartment.RootKey {
	w.t.Helper()
	r, err := compartment.ParseRootKey("DAYLIGHT-ROOT-KEY-" + strings.Repeat(letter, 51) + "A")
	w.must(err)
	return r
}

// recipient is a new one, of somebody.
func (w *world) recipient() string {
	w.t.Helper()
	k, err := compartment.NewKey()
	w.must(err)
	return k.Public()
}

func (w *world) proposed(after uint64) (compartment.List, Proposed) {
	w.t.Helper()
	p, err := w.ProposeReaders(w.ctx(), after, nil)
	w.must(err)
	l, err := compartment.Parse(p.Text)
	w.must(err)
	return l, p
}

func (w *world) signed(l compartment.List, by compartment.RootKey) []byte {
	w.t.Helper()
	signed, err := compartment.Sign(l, by)
	w.must(err)
	return signed
}

func (w *world) wantKept(want []byte) {
	w.t.Helper()
	if got, _, err := w.Readers(w.ctx()); err != nil || !compartment.Same(got, want) {
		w.t.Errorf("kept is %v\n%s", err, got)
	}
}

// who may read, as compartment: name.
func who(l compartment.List) (out []string) {
	for _, r := range l.Readers {
		out = append(out, r.Compartment.String()+": "+r.Name)
	}
	return out
}

func TestProposedIsWhoseRoleReadsAndWhoHasAKey(t *testing.T) {
	w := newWorld(t)
	for name, roles := range map[string][]daylightv1.OfficeRole{
		"Ombudsperson": {ombudsperson}, "Head": {npmHead}, "Officer": {caseOfficer}, "Reviewer": {reviewer},
		"Doctor": {medical}, "Focal point": {focalPoint}, "Monitor": {monitor}, "Both": {monitor, medical},
	} {
		w.reached(w.person(name, roles...), "desk of "+name, w.recipient())
	}
	l, p := w.proposed(0)
	want := []string{
		"identity: Focal point, desk of Focal point",
		"interview: Head, desk of Head", "interview: Officer, desk of Officer", "interview: Ombudsperson, desk of Ombudsperson", "interview: Reviewer, desk of Reviewer",
		"medical: Both, desk of Both", "medical: Doctor, desk of Doctor",
		"reprisal: Focal point, desk of Focal point", "reprisal: Head, desk of Head", "reprisal: Ombudsperson, desk of Ombudsperson",
	}
	if got := who(l); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if l.Version != 1 || p.Version != 1 || l.Office != "Office of the Ombudsperson" || !l.Issued.Equal(w.time) || len(p.LeftOut) > 0 {
		t.Errorf("%+v %+v", l, p)
	}
}

func TestWhoMayNotReadAnyMoreIsNotProposed(t *testing.T) {
	w := newWorld(t)
	now := w.time.UnixMilli()
	grant := func(name string, g *daylightv1.Grant) *daylightv1.Device {
		p, err := w.SavePerson(w.ctx(), &daylightv1.Person{Name: name, Grants: []*daylightv1.Grant{g}}, By{})
		w.must(err)
		return w.reached(p, "phone of "+name, w.recipient()).Device
	}
	grant("Ended", &daylightv1.Grant{Role: medical, From: 1, Until: now})
	grant("Not yet", &daylightv1.Grant{Role: medical, From: now + 1})
	grant("A grant that gives nothing", &daylightv1.Grant{Role: npmHead, Region: "UA-32"})
	grant("Good", &daylightv1.Grant{Role: caseOfficer, Region: "UA-32", From: now, Until: now + 1})
	revoked := grant("Revoked", &daylightv1.Grant{Role: medical})
	_, err := w.Revoke(w.ctx(), idOf(t, revoked.Id), By{})
	w.must(err)
	disabled := grant("Disabled", &daylightv1.Grant{Role: medical})
	p, err := w.Person(w.ctx(), idOf(t, disabled.Person))
	w.must(err)
	p.Disabled = true
	_, err = w.SavePerson(w.ctx(), p, By{})
	w.must(err)

	if l, p := w.proposed(0); !slices.Equal(who(l), []string{"interview: Good, phone of Good"}) || len(p.LeftOut) > 0 {
		t.Errorf("got %q, %v", who(l), p.LeftOut)
	}
}

func TestADeviceWithoutAKeyOfItsOwnIsNamed(t *testing.T) {
	w := newWorld(t)
	doctor, key := w.person("Doctor", medical), w.recipient()
	w.reached(doctor, "desk", key)
	other := w.reached(w.person("Monitor, too", monitor, medical), "phone", key).Device.Id
	bare := w.reached(doctor, "old phone", "").Device.Id
	strange := w.reached(doctor, "odd phone", "age1nobody").Device.Id
	l, p := w.proposed(0)
	if !slices.Equal(who(l), []string{"medical: Doctor, desk"}) || !slices.Equal(p.LeftOut, []string{other, bare, strange}) {
		t.Errorf("got %q, %v", who(l), p.LeftOut)
	}
}

func TestALabelCannotMakeASecondLine(t *testing.T) {
	w := newWorld(t)
	w.reached(w.person("Doctor", medical), "desk\u202e\u2028 2", w.recipient())
	if l, _ := w.proposed(0); !slices.Equal(who(l), []string{"medical: Doctor, desk 2"}) {
		t.Errorf("got %q", who(l))
	}
}

func TestASignedListIsKept(t *testing.T) {
	w := newWorld(t)
	w.reached(w.person("Doctor", medical), "desk", w.recipient())
	if signed, version, err := w.Readers(w.ctx()); err != nil || signed != nil || version != 0 {
		t.Errorf("%s %d %v", signed, version, err)
	}
	first, _ := w.proposed(0)
	one := w.signed(first, w.rootOf("A"))
	for range 2 { // again it changes nothing
		l, err := w.TakeReaders(w.ctx(), one, By{})
		if w.must(err); l.Version != 1 || len(l.Readers) != 1 {
			t.Errorf("%+v", l)
		}
		w.wantKept(one)
	}
	if n := len(slices.DeleteFunc(w.notes(), func(s string) bool { return s != "a list of readers was taken" })); n != 1 {
		t.Errorf("it is %d times in the access log", n)
	}
	second, _ := w.proposed(0)
	two := w.signed(second, w.rootOf("A"))
	_, err := w.TakeReaders(w.ctx(), two, By{})
	w.must(err)
	w.wantKept(two)
	if second.Version != 2 {
		t.Errorf("the next has version %d", second.Version)
	}
}

func TestAnotherListIsNotTaken(t *testing.T) {
	w := newWorld(t)
	w.reached(w.person("Doctor", medical), "desk", w.recipient())
	l, _ := w.proposed(4)
	kept := w.signed(l, w.rootOf("A"))
	_, err := w.TakeReaders(w.ctx(), kept, By{})
	w.must(err)
	change := func(do func(*compartment.List)) compartment.List {
		other := l
		other.Readers = slices.Clone(l.Readers)
		do(&other)
		return other
	}
	more := change(func(l *compartment.List) {
		l.Version++
		l.Readers = append(l.Readers, compartment.Reader{Compartment: compartment.Identity, Recipient: w.recipient(), Device: w.admin.Id, Name: "The server"})
	})
	text, err := more.Encode()
	w.must(err)
	_, signature, _ := strings.Cut(string(kept), "\n\n")
	for _, c := range []struct {
		shows  string
		signed []byte
		want   rpcerr.Code
	}{
		{"with one reader more, under another key", w.signed(more, w.rootOf("B")), rpcerr.Invalid},
		{"with one reader more, unsigned", text, rpcerr.Invalid},
		{"with one reader more, under the signature that was there", []byte(string(text) + "\n" + signature), rpcerr.Invalid},
		{"an older one", w.signed(change(func(l *compartment.List) { l.Version-- }), w.rootOf("A")), rpcerr.Conflict},
		{"of the same version with other readers", w.signed(change(func(l *compartment.List) { l.Readers = nil }), w.rootOf("A")), rpcerr.Conflict},
		{"of the same version from another moment", w.signed(change(func(l *compartment.List) { l.Issued = l.Issued.Add(time.Second) }), w.rootOf("A")), rpcerr.Conflict},
		{"of too many bytes", make([]byte, compartment.MaxList+1), rpcerr.TooLarge},
		{"nothing", nil, rpcerr.Invalid},
	} {
		t.Run(c.shows, func(t *testing.T) {
			_, err := w.TakeReaders(w.ctx(), c.signed, By{})
			w.wants(err, c.want)
			w.wantKept(kept)
		})
	}
}

func TestARestoredServerGoesOnBehindItsDevices(t *testing.T) {
	w := newWorld(t)
	if l, _ := w.proposed(7); l.Version != 8 {
		t.Errorf("the next has version %d", l.Version)
	}
	_, err := w.ProposeReaders(w.ctx(), compartment.MaxVersion, nil)
	w.wants(err, rpcerr.Invalid)
}

func TestADeviceIsSentALaterListOnly(t *testing.T) {
	w := newWorld(t)
	sent := func(has uint64) []byte {
		t.Helper()
		signed, err := w.NewerReaders(w.ctx(), has, 0)
		w.must(err)
		return signed
	}
	if got := sent(0); got != nil {
		t.Errorf("there is none: %s", got)
	}
	l, _ := w.proposed(2)
	one := w.signed(l, w.rootOf("A"))
	_, err := w.TakeReaders(w.ctx(), one, By{})
	w.must(err)
	for has, want := range map[uint64][]byte{0: one, 2: one, 3: nil, 4: nil} {
		if got := sent(has); !compartment.Same(got, want) {
			t.Errorf("who has %d is sent %s", has, got)
		}
	}
	l.Version++
	two := w.signed(l, w.rootOf("A"))
	_, err = w.TakeReaders(w.ctx(), two, By{})
	if w.must(err); !compartment.Same(sent(3), two) {
		t.Error("the later one is not sent")
	}
}

func TestARenamedOfficeTakesItsList(t *testing.T) {
	w := newWorld(t)
	o, err := w.Office(w.ctx())
	w.must(err)
	l, _ := w.proposed(0)
	renamed := proto.CloneOf(o)
	renamed.Name = "Renamed"
	_, err = w.SaveOffice(w.ctx(), renamed, By{})
	w.must(err)
	_, err = w.TakeReaders(w.ctx(), w.signed(l, w.rootOf("A")), By{})
	w.must(err)
}

func TestAListNamesTheRecoveryKey(t *testing.T) {
	w := newWorld(t)
	w.reached(w.person("Doctor", medical), "desk", w.recipient())
	odd := w.reached(w.person("Another doctor", medical), "odd desk", recovery).Device.Id
	if l, p := w.proposed(0); l.Recovery != recovery || l.NextRoot != nil || !slices.Equal(who(l), []string{"medical: Doctor, desk"}) || !slices.Equal(p.LeftOut, []string{odd}) {
		t.Errorf("%+v, %v", l, p.LeftOut)
	}
	o, err := w.Office(w.ctx())
	w.must(err)
	o.RecoveryRecipient = w.recipient()
	_, err = w.SaveOffice(w.ctx(), o, By{})
	w.must(err)
	if l, _ := w.proposed(0); l.Recovery != o.RecoveryRecipient {
		t.Errorf("after a change it is %s", l.Recovery)
	}
}

func TestAnOfficeWithoutARecoveryKeyProposesNothing(t *testing.T) {
	for _, none := range []string{"", "age1nobody"} {
		w := newWorldOf(t, none)
		_, err := w.ProposeReaders(w.ctx(), 0, nil)
		w.wants(err, rpcerr.Conflict)
		if !strings.Contains(err.Error(), "daylight office new-key recovery") {
			t.Errorf("it does not say what to do: %v", err)
		}
	}
}

// handsOver takes a list that names the next root key, and gives it.
func (w *world) handsOver(from, to compartment.RootKey) (version uint64, signed []byte) {
	w.t.Helper()
	p, err := w.ProposeReaders(w.ctx(), 0, to.Public())
	w.must(err)
	l, err := compartment.Parse(p.Text)
	w.must(err)
	signed = w.signed(l, from)
	_, err = w.TakeReaders(w.ctx(), signed, By{})
	w.must(err)
	return l.Version, signed
}

func TestAfterAListWithANextRootTheOfficeHasIt(t *testing.T) {
	w := newWorld(t)
	a, b := w.rootOf("A"), w.rootOf("B")
	before, err := w.Office(w.ctx())
	w.must(err)
	_, one := w.handsOver(a, b)
	o, err := w.Office(w.ctx())
	w.must(err)
	if !b.Public().Equal(ed25519.PublicKey(o.RootKey)) || o.Revision != before.Revision+1 || o.RecoveryRecipient != before.RecoveryRecipient {
		t.Errorf("%v", o)
	}
	if !slices.Contains(w.notes(), "the office has another root key") {
		t.Errorf("the access log says %q", w.notes())
	}
	_, err = w.TakeReaders(w.ctx(), one, By{}) // again it changes nothing
	w.must(err)
	l, _ := w.proposed(0)
	if l.NextRoot != nil {
		t.Error("the next list hands over again")
	}
	_, err = w.TakeReaders(w.ctx(), w.signed(l, a), By{})
	w.wants(err, rpcerr.Invalid)
	w.wantKept(one)
	two := w.signed(l, b)
	_, err = w.TakeReaders(w.ctx(), two, By{})
	w.must(err)
	w.wantKept(two)
	_, err = w.TakeReaders(w.ctx(), one, By{})
	w.wants(err, rpcerr.Invalid)

	_, err = w.ProposeReaders(w.ctx(), 0, b.Public())
	if w.wants(err, rpcerr.Invalid); !strings.Contains(err.Error(), "the one that the office has") {
		t.Error(err)
	}
	_, err = w.ProposeReaders(w.ctx(), 0, []byte("short"))
	w.wants(err, rpcerr.Invalid)
}

// TestADeviceIsLedFromRootKeyToRootKey: whoever was away while the office changed its
// root key, twice, knows it by the first one still.
func TestADeviceIsLedFromRootKeyToRootKey(t *testing.T) {
	w := newWorld(t)
	a, b, c := w.rootOf("A"), w.rootOf("B"), w.rootOf("C")
	start := w.time.UnixMilli()
	pass := func() { w.time = w.time.Add(time.Hour) }
	first, _ := w.proposed(0)
	_, err := w.TakeReaders(w.ctx(), w.signed(first, a), By{})
	w.must(err)
	pass()
	w.handsOver(a, b)
	between := w.time.Add(time.Minute).UnixMilli()
	pass()
	w.handsOver(b, c)
	pass()
	last, _ := w.proposed(0)
	_, err = w.TakeReaders(w.ctx(), w.signed(last, c), By{})
	w.must(err)
	for _, device := range []struct {
		shows    string
		enrolled int64
		knows    compartment.RootKey
		has      uint64
		takes    int
	}{
		{"from the beginning, without a list", start, a, 0, 3},
		{"from the beginning, with the first", start, a, 1, 3},
		{"with the first change", start, b, 2, 2},
		{"with both changes", start, c, 3, 1},
		{"enrolled between the changes", between, b, 0, 2},
		{"enrolled after them", w.time.UnixMilli(), c, 0, 1},
		{"up to date", start, c, 4, 0},
	} {
		t.Run(device.shows, func(t *testing.T) {
			knows, has, takes := device.knows.Public(), device.has, 0
			for {
				signed, err := w.NewerReaders(w.ctx(), has, device.enrolled)
				w.must(err)
				if signed == nil {
					break
				}
				l, err := compartment.Verify(signed, knows, has)
				if err != nil || l.Version <= has {
					t.Fatalf("what it is sent cannot be taken: %v", err)
				}
				if has, takes = l.Version, takes+1; l.NextRoot != nil {
					knows = l.NextRoot
				}
			}
			if has != 4 || takes != device.takes || !knows.Equal(c.Public()) {
				t.Errorf("it has version %d after %d lists", has, takes)
			}
		})
	}
}
