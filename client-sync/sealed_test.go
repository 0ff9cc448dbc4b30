package clientsync

import (
	"bytes"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// sealedVisit saves a visit with one record of each sealed kind, and their key.
func sealedVisit(d *device) (visit *daylightv1.Visit, all []Message) {
	place := &daylightv1.Facility{Names: map[string]string{"en": "North House"}}
	d.save(place)
	visit = &daylightv1.Visit{FacilityId: proto.String(place.Id)}
	d.save(visit)
	sealed := []byte(record.SealedHeader + "\xff\x00 secret")
	who := &daylightv1.PersonIdentity{VisitId: &visit.Id, Pseudonym: proto.String("V17-K3F9"), Sealed: sealed}
	d.save(who)
	all = []Message{
		who,
		&daylightv1.InterviewNote{VisitId: &visit.Id, PersonId: &who.Id, Sealed: sealed},
		&daylightv1.MedicalNote{VisitId: &visit.Id, PersonId: &who.Id, Sealed: sealed},
		&daylightv1.ReprisalDetail{VisitId: &visit.Id, PersonId: &who.Id, Sealed: sealed},
		&daylightv1.SealingKey{
			VisitId: &visit.Id, Public: proto.String("age1secret"),
			Compartment: daylightv1.Compartment_COMPARTMENT_INTERVIEW.Enum(),
			Wraps:       []*daylightv1.KeyWrap{{Recipient: proto.String("age1secret"), Key: sealed}},
		},
	}
	d.save(all[1:]...)
	return visit, all
}

func TestWhatIsSealedBelongsToItsVisit(t *testing.T) {
	d := newDevice(t)
	visit, all := sealedVisit(d)
	for shows, c := range map[string]struct {
		f    Filter
		want int
	}{
		"a visit with all that hangs on it":                   {Filter{Visit: visit.Id}, 1 + len(all)},
		"its place too":                                       {Filter{Facility: visit.GetFacilityId()}, 2 + len(all)},
		"one kind of a visit":                                 {Filter{Visit: visit.Id, Kind: KindMedicalNote}, 1},
		"what refers to a person is theirs by reference only": {Filter{Visit: all[0].GetId()}, 1},
		"a pseudonym is found by its text":                    {Filter{Text: "k3f9"}, 1},
		"neither ciphertext nor keys are":                     {Filter{Text: "secret"}, 0},
		"nor what every ciphertext begins with":               {Filter{Text: "age-encryption"}, 0},
	} {
		t.Run(shows, func(t *testing.T) {
			if got := d.list(c.f); len(got) != c.want {
				t.Errorf("listed %d, want %d", len(got), c.want)
			}
		})
	}
}

func TestIDsOfNotesDoNotTellTheTime(t *testing.T) {
	d := newDevice(t)
	visit, all := sealedVisit(d)
	seen := map[string]bool{}
	for _, m := range all {
		if id := m.GetId(); id[14] != '4' || !strings.Contains("89ab", id[19:20]) || seen[id[:8]] {
			t.Errorf("%T: %s", m, id)
		}
		seen[m.GetId()[:8]] = true
	}
	if wrap := all[4].(*daylightv1.SealingKey).Wraps[0].Id; wrap[14] != '4' {
		t.Errorf("an element of a key: %s", wrap)
	}
	if visit.Id[14] != '7' {
		t.Errorf("a visit: %s", visit.Id)
	}
}

func TestANoteWhoseTextDidNotChangeKeepsItsBytes(t *testing.T) {
	d := newDevice(t)
	_, all := sealedVisit(d)
	note := all[1].(*daylightv1.InterviewNote)
	before := bytes.Clone(note.Sealed)
	unsent := d.status().Unsent
	d.save(note)
	if d.status().Unsent != unsent {
		t.Error("a save that changed nothing wrote something")
	}
	note.Language = proto.String("tk")
	d.save(note)
	h := d.history(note)
	for _, e := range h.Changes[:len(h.Changes)-1] { // all but the one that made it
		for _, x := range e.Edits {
			if x.Field == "sealed" {
				t.Error("a ciphertext that did not change was written again")
			}
		}
	}
	if got := h.valueOf(t, "sealed").JSON; !strings.HasPrefix(got, `"(sealed, `) || !bytes.Equal(note.Sealed, before) {
		t.Errorf("told as %s", got)
	}
}

// Whoever reads a note need not learn who spoke: that is not missing, it is not theirs.
func TestNobodyWaitsForWhatTheyMayNotRead(t *testing.T) {
	d := newDevice(t)
	visit := &daylightv1.Visit{}
	d.save(visit)
	note := &daylightv1.InterviewNote{VisitId: &visit.Id, PersonId: proto.String("6f9619ff-8b86-4d01-b42d-00c04fc964ff")}
	d.save(note)
	if got := d.get(note).Waiting; len(got) != 1 || got[0].Kind != KindPersonIdentity {
		t.Errorf("a device of nobody's waits for %v", got)
	}
	for role, want := range map[access.Role]int{access.CaseOfficer: 0, access.Monitor: 1} {
		e := localdb.Enrolment{Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole(role)}}}
		d.enrolment.Store(&e)
		if got := d.get(note).Waiting; len(got) != want {
			t.Errorf("%v waits for %v", role, got)
		}
	}
}
