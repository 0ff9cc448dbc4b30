package scenario

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// holds lists the kinds of what hangs on the visit on a device, but for findings.
func (w *team) holds(h hand) string {
	w.t.Helper()
	var kinds []string
	for item, err := range h.List(w.t.Context(), clientsync.Filter{Visit: w.visit.Id}) {
		if err != nil {
			w.t.Fatal(err)
		}
		if item.Kind >= clientsync.KindPersonIdentity {
			kinds = append(kinds, item.Kind.String())
		}
	}
	slices.Sort(kinds)
	return strings.Join(kinds, " ")
}

// A writes one of each; each device then holds what its person's roles reach, whether
// it came by bundle or by sync.
func TestWhoHoldsWhatIsSealed(t *testing.T) {
	const (
		aFollow = daylightv1.OfficeRole_OFFICE_ROLE_FOLLOW_UP_OFFICER
		all     = "interview_note medical_note person_identity reprisal_detail sealing_key"
	)
	w := gather(t, aMonitor, aMonitor, civilRole)
	a, b, d := w.hands[0], w.hands[1], w.hands[2]
	visit, sealed := &w.visit.Id, []byte(record.SealedHeader+"for a few")
	for _, m := range []clientsync.Message{
		&daylightv1.SealingKey{VisitId: visit, Public: proto.String("age1qx")},
		&daylightv1.PersonIdentity{VisitId: visit, Sealed: sealed},
		&daylightv1.InterviewNote{VisitId: visit, Sealed: sealed},
		&daylightv1.MedicalNote{VisitId: visit, Sealed: sealed},
		&daylightv1.ReprisalDetail{VisitId: visit, Sealed: sealed},
	} {
		if codes := a.saves(m); len(codes) > 0 {
			t.Errorf("%T: the device warns of %v", m, codes)
		}
	}
	civil := "interview_note person_identity reprisal_detail sealing_key"
	w.takes(b, w.bundle(a, b))
	if got := w.takes(d, w.bundle(a, d)); got.LeftOut == 0 {
		t.Errorf("a medical note was handed to civil society: %+v", got)
	}
	for h, want := range map[hand]string{b: all, d: civil} {
		if got := w.holds(h); got != want {
			t.Errorf("by bundle, %s holds %s", h.name, got)
		}
	}
	w.synced(a.Client)
	for role, want := range map[daylightv1.OfficeRole]string{
		anOfficer: "interview_note sealing_key",
		aDoctor:   "medical_note sealing_key",
		aPoint:    "person_identity reprisal_detail sealing_key",
		aFollow:   "",
		aMonitor:  "", // of another team
	} {
		h := w.hand(role.String(), role)
		w.synced(h.Client)
		if got := w.holds(h); got != want {
			t.Errorf("%v holds %s", role, got)
		}
	}
	for h, want := range map[hand]string{a: all, b: all, d: civil} {
		w.synced(h.Client)
		if got := w.holds(h); got != want {
			t.Errorf("by sync, %s holds %s", h.name, got)
		}
		h.stands(0, 0)
	}
	w.sound()
}

// The device warns, and the office refuses, where a role holds what it may not write.
func TestWhoReadsANoteDoesNotWriteIt(t *testing.T) {
	w := gather(t, aMonitor)
	note := &daylightv1.InterviewNote{VisitId: &w.visit.Id, Sealed: []byte(record.SealedHeader)}
	w.hands[0].saves(note)
	w.synced(w.hands[0].Client)
	officer := w.hand("Officer", anOfficer)
	w.synced(officer.Client)
	item, err := officer.Get(t.Context(), clientsync.KindInterviewNote, note.Id)
	if err != nil {
		t.Fatal(err)
	}
	copied := item.Message.(*daylightv1.InterviewNote)
	copied.Sealed = []byte(record.SealedHeader + "other words")
	if codes := officer.saves(copied); len(codes) != 1 || codes[0] != "access-write" {
		t.Errorf("the device warns of %v", codes)
	}
	w.synced(officer.Client)
	officer.stands(0, 1)
	w.sound()
}
