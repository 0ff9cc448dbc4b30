package scenario

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Two monitors write down two answers of one person. The finding is withheld until
// somebody has settled which of them holds, and what is open is listed and stops nobody.
func TestConsentInConflictClosesWhatRestsOnIt(t *testing.T) {
	w := gather(t, aMonitor, aMonitor)
	a, b := w.hands[0], w.hands[1]
	consent := func(s daylightv1.ConsentState) []*daylightv1.Consent {
		return []*daylightv1.Consent{{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, State: s.Enum(), On: proto.String("2026-11-24")}}
	}
	spoke := &daylightv1.Interview{VisitId: &w.visit.Id}
	a.saves(spoke)
	said := &daylightv1.Finding{VisitId: &w.visit.Id, Title: proto.String("No doctor at night"), InterviewIds: []string{spoke.Id}}
	a.saves(said)
	w.synced(a.Client)
	w.synced(b.Client)
	for h, state := range map[*hand]daylightv1.ConsentState{&a: daylightv1.ConsentState_CONSENT_STATE_GIVEN, &b: daylightv1.ConsentState_CONSENT_STATE_REFUSED} {
		item, err := h.Get(t.Context(), clientsync.KindInterview, spoke.Id)
		if err != nil {
			t.Fatal(err)
		}
		m := item.Message.(*daylightv1.Interview)
		m.Consents = consent(state)
		h.saves(m)
	}
	for range 2 {
		w.synced(a.Client)
		w.synced(b.Client)
	}
	for _, h := range w.hands {
		r, err := h.CheckVisit(t.Context(), w.visit.Id)
		if err != nil {
			t.Fatal(err)
		}
		open := func(m clientsync.Remark) bool {
			return m.Code == "open-conflict" && m.ID == spoke.Id && m.Key == "CONSENT_SCOPE_USE_ANONYMOUS"
		}
		if !slices.ContainsFunc(r.Missing, open) {
			t.Errorf("the conflict is not listed: %+v", r.Missing)
		}
		withheld := func(g clientsync.Gated) bool { return g.ID == said.Id && g.Closed[0].Use.String() == "report" }
		if !slices.ContainsFunc(r.Withheld, withheld) {
			t.Errorf("the finding is not withheld: %+v", r.Withheld)
		}
	}
}
