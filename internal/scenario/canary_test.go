package scenario

import (
	"encoding/base64"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// Everything that people type, are called and are given goes through everything that a
// device and an office do, and every file and every line that comes of it is searched.
//
// Not searched: the memory of processes and what the system writes out of it (swap,
// hibernation, core dumps other than what Go prints when it crashes); what a disk keeps
// of blocks that were overwritten or freed (a flash translation layer, a journal, a
// snapshot of the file system); numbers, dates and codes, which are not unique; what is
// compressed. None of it has been tried on a phone.
func TestNothingIsLeftInTheClear(t *testing.T) {
	w := newCanaries(t, 1)
	w.gathers()
	for _, flow := range []struct {
		name string
		do   func()
	}{
		{"saving and reading", w.writing}, {"a conflict", w.disagreeing}, {"a refusal", w.refusing},
		{"sealed notes", w.sealing}, {"bundles", w.handing}, {"a lost sight", w.losingSight},
		{"a renewal", w.renewing}, {"passphrases", w.unlocking}, {"a real passphrase", w.costing},
		{"a full disk", w.filling}, {"damage and rescue", w.rescuing}, {"a copy", w.copying},
		{"a restored office", w.restoring}, {"tokens and exports", w.operating},
	} {
		flow.do()
		w.looks("after " + flow.name)
	}
	for i, h := range w.hands { // what the others drew and were given meanwhile
		w.locked(i, func() { w.opens(h.dir) })
	}
	w.looks("at the end")
	if n := len(w.planted()); n < 200 {
		t.Errorf("%d canaries are too few", n)
	}
	if w.lines < 50 {
		t.Errorf("%d lines were logged", w.lines)
	}
	if n := len(w.search(w.store.Dir(), openText)); n < 50 {
		t.Errorf("the office, which reads what is open, has %d of it: the search does not see", n)
	}
	w.finds()
	w.wiping()
}

// gathers makes the team: two monitors, one of civil society, and a case officer.
func (w *canaries) gathers() {
	for _, role := range []daylightv1.OfficeRole{aMonitor, aMonitor, civilRole, anOfficer} {
		h := w.hand(w.text(openText, "a person's name"), role)
		w.id("a person's id", h.id)
		w.hands = append(w.hands, h)
	}
	w.place = &daylightv1.Facility{Region: proto.String("UA-46")}
	w.typed(w.hands[0], w.place)
	w.visit = &daylightv1.Visit{FacilityId: &w.place.Id}
	for _, h := range w.hands[:3] {
		w.visit.Team = append(w.visit.Team, h.monitor())
	}
	w.typed(w.hands[0], w.visit)
	w.everybody()
}

// everybody syncs, twice, so that what the last one brought reaches the first.
func (w *canaries) everybody() {
	w.t.Helper()
	for range 2 {
		for _, h := range w.hands {
			w.synced(h.Client)
		}
	}
}

// locked closes a device, does something to its folder, and opens it again.
func (w *canaries) locked(i int, do func()) {
	w.t.Helper()
	if err := w.hands[i].Close(); err != nil {
		w.t.Fatal(err)
	}
	do()
	w.hands[i].Client = w.open(w.hands[i].dir)
}

func (w *canaries) writes(h hand) *daylightv1.Finding {
	w.t.Helper()
	f := &daylightv1.Finding{VisitId: &w.visit.Id}
	w.typed(h, f)
	return f
}
