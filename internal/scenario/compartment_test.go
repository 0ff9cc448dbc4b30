package scenario

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base32"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	aDoctor  = daylightv1.OfficeRole_OFFICE_ROLE_MEDICAL_REVIEWER
	aPoint   = daylightv1.OfficeRole_OFFICE_ROLE_REPRISAL_FOCAL_POINT
	aChecker = daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER
)

// sealing is a team whose office signs lists of readers.
type sealing struct {
	*team
	root     compartment.RootKey
	recovery bundle.Identity
}

func rootText(t *testing.T, seed byte) (string, compartment.RootKey) {
	t.Helper()
	text := "DAYLIGHT-ROOT-KEY-" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	root, err := compartment.ParseRootKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return text, root
}

func gatherSealing(t *testing.T, roles ...daylightv1.OfficeRole) *sealing {
	t.Helper()
	_, root := rootText(t, 7)
	recovery, err := bundle.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return &sealing{gatherAt(t, makeOfficeWith(t, root.Public(), recovery.Recipient()), roles...), root, recovery}
}

// lists has the office propose the next list, signs it at the desk and hands it in.
func (w *sealing) lists() {
	w.t.Helper()
	p, err := w.operator.ProposeReaders(w.t.Context(), &daylightv1.ProposeReadersRequest{})
	if err != nil {
		w.t.Fatal(err)
	}
	text, _ := rootText(w.t, 7)
	signed, err := clientsync.SignReaders(p.List, text)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.operator.TakeReaders(w.t.Context(), &daylightv1.TakeReadersRequest{Signed: signed}); err != nil {
		w.t.Fatal(err)
	}
}

func (h hand) seals(m clientsync.Message, content proto.Message) {
	h.t.Helper()
	if err := h.SaveSealed(h.t.Context(), m, content); err != nil {
		h.t.Fatal(err)
	}
}

// opens gives what each value of the record says on the device: its text, or the code of
// the problem.
func (h hand) opens(kind clientsync.Kind, id string) (out []string) {
	h.t.Helper()
	values, err := h.OpenSealed(h.t.Context(), kind, id)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, v := range values {
		if v.Problem != nil {
			out = append(out, clientsync.CodeOf(v.Problem).String())
			continue
		}
		r := v.Content.ProtoReflect()
		out = append(out, r.Get(r.Descriptor().Fields().ByName("text")).String())
	}
	slices.Sort(out)
	return out
}

func (h hand) wantsOpen(kind clientsync.Kind, id string, want ...string) {
	h.t.Helper()
	if got := h.opens(kind, id); !slices.Equal(got, want) {
		h.t.Errorf("%s opens %q, want %q", h.name, got, want)
	}
}

// A monitor writes, a doctor reads at a desk and answers, the monitor's phone forgets, a
// second doctor is added, and the office's recovery key opens all of it with the age tool.
func TestANoteIsReadByThoseWhomTheOfficeHasSigned(t *testing.T) {
	w := gatherSealing(t, aMonitor, aMonitor)
	a, b := w.hands[0], w.hands[1]
	doctor, reviewer := w.hand("Doctor", aDoctor), w.hand("Reviewer", aChecker)
	w.lists()
	for _, h := range []hand{a, b, doctor, reviewer} {
		if r := w.synced(h.Client); r.Readers != 1 || r.ReadersRefused != "" {
			t.Fatalf("%s: %+v", h.name, r)
		}
	}
	medical := &daylightv1.MedicalNote{VisitId: &w.visit.Id}
	a.seals(medical, &daylightv1.MedicalNoteContent{Text: proto.String("bruises on both wrists")})
	spoken := &daylightv1.InterviewNote{VisitId: &w.visit.Id}
	a.seals(spoken, &daylightv1.InterviewNoteContent{Text: proto.String("at night, in the corridor")})
	w.synced(a.Client)
	for _, h := range []hand{b, doctor, reviewer} {
		w.synced(h.Client)
	}
	doctor.wantsOpen(clientsync.KindMedicalNote, medical.Id, "bruises on both wrists")
	reviewer.wantsOpen(clientsync.KindInterviewNote, spoken.Id, "at night, in the corridor")
	b.wantsOpen(clientsync.KindMedicalNote, medical.Id, "denied")
	b.wantsOpen(clientsync.KindInterviewNote, spoken.Id, "denied")
	who, err := doctor.WhoCanRead(t.Context(), clientsync.KindMedicalNote, medical.Id)
	if err != nil || len(who) != 2 || !slices.ContainsFunc(who, func(m clientsync.MayRead) bool { return m.Own && strings.Contains(m.Name, "Doctor") }) {
		t.Errorf("who can read: %+v, %v", who, err)
	}
	// The doctor answers, and the monitor writes without having seen it: two values.
	item, err := doctor.Get(t.Context(), clientsync.KindMedicalNote, medical.Id)
	if err != nil {
		t.Fatal(err)
	}
	doctor.seals(item.Message, &daylightv1.MedicalNoteContent{Text: proto.String("consistent with restraint")})
	a.seals(medical, &daylightv1.MedicalNoteContent{Text: proto.String("bruises on both wrists, older")})
	for range 2 {
		w.synced(a.Client)
		w.synced(doctor.Client)
	}
	doctor.wantsOpen(clientsync.KindMedicalNote, medical.Id, "bruises on both wrists, older", "consistent with restraint")
	a.wantsOpen(clientsync.KindMedicalNote, medical.Id, "bruises on both wrists, older", "denied")
	if item, err = doctor.Get(t.Context(), clientsync.KindMedicalNote, medical.Id); err != nil || len(item.Conflicts) != 1 {
		t.Fatalf("%+v, %v", item, err)
	}
	doctor.seals(item.Message, &daylightv1.MedicalNoteContent{Text: proto.String("both")})
	w.synced(doctor.Client)
	w.synced(a.Client)
	doctor.wantsOpen(clientsync.KindMedicalNote, medical.Id, "both")
	// The visit is handed in: the monitor's phone knows nothing any more.
	w.handIn(a)
	w.synced(a.Client)
	a.wantsOpen(clientsync.KindInterviewNote, spoken.Id, "denied")
	// A second doctor: the first one's device gives what it has.
	second := w.hand("Second doctor", aDoctor)
	w.lists()
	w.synced(second.Client)
	second.wantsOpen(clientsync.KindMedicalNote, medical.Id, "denied")
	w.synced(doctor.Client) // takes the list, and wraps
	w.synced(doctor.Client)
	w.synced(second.Client)
	second.wantsOpen(clientsync.KindMedicalNote, medical.Id, "both")
	w.opensWithAge(doctor, clientsync.KindMedicalNote, medical.Id, "both")
	w.opensWithAge(reviewer, clientsync.KindInterviewNote, spoken.Id, "at night, in the corridor")
	w.sound()
}

func (w *sealing) handIn(h hand) {
	w.t.Helper()
	item, err := h.Get(w.t.Context(), clientsync.KindVisit, w.visit.Id)
	if err != nil {
		w.t.Fatal(err)
	}
	visit := item.Message.(*daylightv1.Visit)
	visit.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	h.saves(visit)
}

// opensWithAge opens the record as the office would without this program: with the age
// tool and its recovery key.
func (w *sealing) opensWithAge(h hand, kind clientsync.Kind, id, want string) {
	w.t.Helper()
	program, err := exec.LookPath("age")
	if err != nil {
		w.t.Log("NOT CHECKED: there is no age program here (on Debian: apt-get install age)")
		return
	}
	dir := w.t.TempDir()
	put := func(name string, b []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, b, 0o600); err != nil {
			w.t.Fatal(err)
		}
		return name
	}
	recovery := put("recovery.txt", []byte(w.recovery.Secret()+"\n"))
	body := put("note.age", sealedOf(w.t, h, kind, id))
	for item, err := range h.List(w.t.Context(), clientsync.Filter{Kind: clientsync.KindSealingKey, Visit: w.visit.Id}) {
		if err != nil {
			w.t.Fatal(err)
		}
		for _, wrap := range item.Message.(*daylightv1.SealingKey).Wraps {
			key, err := exec.Command(program, "-d", "-i", recovery, put("wrap.age", wrap.Key)).Output()
			if err != nil {
				continue
			}
			text, err := exec.Command(program, "-d", "-i", put("key.txt", key), body).Output()
			if err == nil && strings.Contains(string(text), want) {
				return
			}
		}
	}
	w.t.Errorf("the recovery key and the age tool do not open %v %s", kind, id)
}

func sealedOf(t *testing.T, h hand, kind clientsync.Kind, id string) []byte {
	t.Helper()
	item, err := h.Get(t.Context(), kind, id)
	if err != nil {
		t.Fatal(err)
	}
	r := item.Message.ProtoReflect()
	return r.Get(r.Descriptor().Fields().ByName("sealed")).Bytes()
}

// pushes lets the server hand out a list, whatever it has been told.
func (w *sealing) pushes(version uint64, signed []byte) {
	w.t.Helper()
	err := w.store.File().Write(w.t.Context(), func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`INSERT INTO readers (id, version, signed) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE SET version = $1, signed = $2`, int64(version), signed)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	// It remembers the list until the directory changes.
	w.person("Somebody else", aMonitor)
}

func (w *sealing) readers(h hand) clientsync.ReaderList {
	w.t.Helper()
	l, err := h.Readers(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func TestAServerCannotAddAReader(t *testing.T) {
	w := gatherSealing(t, aMonitor)
	a := w.hands[0]
	w.hand("Doctor", aDoctor)
	w.lists()
	w.synced(a.Client)
	w.hand("Second doctor", aDoctor)
	p, err := w.operator.ProposeReaders(t.Context(), &daylightv1.ProposeReadersRequest{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := compartment.Parse(p.List)
	if err != nil {
		t.Fatal(err)
	}
	list.Version = 5
	_, forger := rootText(t, 8)
	forged, err := compartment.Sign(list, forger)
	if err != nil {
		t.Fatal(err)
	}
	before := w.readers(a)
	for shows, c := range map[string]struct {
		signed []byte
		says   string
	}{
		"signed with another key": {forged, "not signed"},
		"not signed at all":       {p.List, "not signed"},
		"nonsense":                {[]byte("readers: everybody"), "list"},
	} {
		t.Run(shows, func(t *testing.T) {
			w.pushes(5, c.signed)
			note := &daylightv1.Finding{VisitId: &w.visit.Id, Title: proto.String(shows)}
			a.saves(note)
			r := w.synced(a.Client)
			if r.Readers != 0 || !strings.Contains(r.ReadersRefused, c.says) || r.Pushed != r.ToPush {
				t.Errorf("%+v", r)
			}
			if now := w.readers(a); now.Version != 1 || len(now.Readers) != len(before.Readers) {
				t.Errorf("it has %+v", now)
			}
		})
	}
	note := &daylightv1.MedicalNote{VisitId: &w.visit.Id}
	a.seals(note, &daylightv1.MedicalNoteContent{Text: proto.String("x")})
	who, err := a.WhoCanRead(t.Context(), clientsync.KindMedicalNote, note.Id)
	if err != nil || len(who) != 3 { // this device, the recovery key, one doctor
		t.Errorf("who can read: %+v, %v", who, err)
	}
}

func TestAnOlderListIsNotTakenAgain(t *testing.T) {
	w := gatherSealing(t, aMonitor)
	a := w.hands[0]
	gone := w.hand("Doctor", aDoctor)
	w.lists()
	w.synced(a.Client)
	var old []byte
	if r, err := w.operator.GetReaders(t.Context(), &daylightv1.GetReadersRequest{}); err == nil {
		old = r.Signed
	}
	_, err := w.operator.SavePerson(t.Context(), &daylightv1.SavePersonRequest{Person: &daylightv1.Person{Id: gone.id, Name: "Doctor", Disabled: true, Revision: 1}})
	if err != nil {
		t.Fatal(err)
	}
	w.lists()
	if r := w.synced(a.Client); r.Readers != 2 {
		t.Fatalf("%+v", r)
	}
	w.pushes(9, old) // the server says that it is a newer one
	if r := w.synced(a.Client); !strings.Contains(r.ReadersRefused, "older") {
		t.Errorf("%+v", r)
	}
	note := &daylightv1.MedicalNote{VisitId: &w.visit.Id}
	a.seals(note, &daylightv1.MedicalNoteContent{Text: proto.String("x")})
	who, err := a.WhoCanRead(t.Context(), clientsync.KindMedicalNote, note.Id)
	if err != nil || len(who) != 2 {
		t.Errorf("who can read: %+v, %v", who, err)
	}
}

// A server copies the record of a doctor's key as one of the interviews': the doctor's
// device would give the key to whoever may read those.
func TestAKeyIsNotGivenOnUnderAnotherName(t *testing.T) {
	w := gatherSealing(t, aMonitor)
	a := w.hands[0]
	doctor, reviewer := w.hand("Doctor", aDoctor), w.hand("Reviewer", aChecker)
	w.lists()
	w.synced(a.Client)
	note := &daylightv1.MedicalNote{VisitId: &w.visit.Id}
	a.seals(note, &daylightv1.MedicalNoteContent{Text: proto.String("for doctors")})
	for item, err := range a.List(t.Context(), clientsync.Filter{Kind: clientsync.KindSealingKey}) {
		if err != nil {
			t.Fatal(err)
		}
		m := item.Message.(*daylightv1.SealingKey)
		forged := &daylightv1.SealingKey{VisitId: m.VisitId, Compartment: daylightv1.Compartment_COMPARTMENT_INTERVIEW.Enum(), Public: m.Public}
		for _, wrap := range m.Wraps {
			forged.Wraps = append(forged.Wraps, &daylightv1.KeyWrap{Id: wrap.Id, Recipient: wrap.Recipient, Key: wrap.Key})
		}
		a.saves(forged)
		// And the words of one record in another.
		a.saves(&daylightv1.InterviewNote{Id: "6f9619ff-8b86-4d01-b42d-00c04fc964ff", VisitId: &w.visit.Id, Sealed: note.Sealed})
		break
	}
	w.synced(a.Client)
	for range 3 {
		w.synced(doctor.Client)
		w.synced(reviewer.Client)
	}
	doctor.wantsOpen(clientsync.KindMedicalNote, note.Id, "for doctors")
	reviewer.wantsOpen(clientsync.KindInterviewNote, "6f9619ff-8b86-4d01-b42d-00c04fc964ff", "denied")
	for item, err := range reviewer.List(t.Context(), clientsync.Filter{Kind: clientsync.KindSealingKey}) {
		if err != nil {
			t.Fatal(err)
		}
		if m := item.Message.(*daylightv1.SealingKey); m.GetCompartment() == daylightv1.Compartment_COMPARTMENT_INTERVIEW && len(m.Wraps) != 2 {
			t.Errorf("the copied key was wrapped for %d", len(m.Wraps))
		}
	}
}
