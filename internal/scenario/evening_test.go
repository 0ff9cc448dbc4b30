package scenario

import (
	"bytes"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// recorded is what each of four writes down in a day: everything that a team may write
// of a visit and that is not sealed.
func (w *team) recorded() (by [4][]clientsync.Message, contested *daylightv1.Measurement) {
	visit := &w.visit.Id
	contested = &daylightv1.Measurement{VisitId: visit, Room: proto.String("12"),
		Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE.Enum(), Value: proto.Float64(2.1)}
	w.hands[0].saves(contested)
	w.synced(w.hands[0].Client)
	for _, h := range w.hands[1:] {
		w.synced(h.Client)
	}
	consent := &daylightv1.Consent{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART, State: daylightv1.ConsentState_CONSENT_STATE_GIVEN.Enum()}
	by = [4][]clientsync.Message{
		{
			&daylightv1.Interview{VisitId: visit, HeldOn: proto.String("2026-03-02"), Consents: []*daylightv1.Consent{consent}},
			&daylightv1.ReprisalCase{VisitId: visit, Risk: daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH.Enum(), Urgent: proto.Bool(true)},
		},
		{
			&daylightv1.RegisterCheck{VisitId: visit, RegisterType: proto.String("CUSTODY"), EntriesInPeriod: proto.Uint32(210), EntriesSeen: proto.Uint32(40)},
			&daylightv1.ObstructionIncident{VisitId: visit, Type: proto.String("REGISTER_REFUSED"), ReasonGiven: proto.String("the key is with somebody on leave")},
		},
		{
			&daylightv1.Finding{VisitId: visit, Title: proto.String("Too little space in Cell 12"), MeasurementIds: []string{contested.Id}},
			&daylightv1.ChecklistResponse{VisitId: visit, ChecklistCode: proto.String("prison"), ChecklistVersion: proto.String("1"),
				Answers: []*daylightv1.Answer{{Key: "cells_seen", Value: proto.String("40")}}},
		},
		{
			&daylightv1.Note{VisitId: visit, Text: proto.String("The yard is roofed."), OnPaper: proto.Bool(true), PaperId: proto.String("sheet 3")},
			&daylightv1.Undertaking{VisitId: visit, Text: proto.String("Mattresses for all by Friday"), DueOn: proto.String("2026-03-06")},
			&daylightv1.ReviewComment{VisitId: visit, AboutKind: proto.String("measurement"), AboutId: proto.String(contested.Id), Text: proto.String("With or without the annexe?")},
		},
	}
	for i, h := range w.hands {
		for _, m := range by[i] {
			if codes := h.saves(m); len(codes) > 0 {
				w.t.Fatalf("%s writes a %T: %v", h.name, m, codes)
			}
		}
	}
	return by, contested
}

// measures writes another figure over what the hand has on screen.
func (w *team) measures(h hand, id string, m2 float64) {
	w.t.Helper()
	item, err := h.Get(w.t.Context(), clientsync.KindMeasurement, id)
	if err != nil {
		w.t.Fatal(err)
	}
	item.Message.(*daylightv1.Measurement).Value = proto.Float64(m2)
	h.saves(item.Message)
}

// Four devices put a whole visit together by file: each record is on each of them, a
// contested figure shows both values, and one alone brings all of it to the office.
func TestAWholeVisitIsPutTogetherByFile(t *testing.T) {
	w := gather(t, aMonitor, aMonitor, aMonitor, aMonitor)
	by, contested := w.recorded()
	w.measures(w.hands[1], contested.Id, 2.4)
	w.measures(w.hands[3], contested.Id, 3.0)
	for i, h := range w.hands {
		others := slices.Delete(slices.Clone(w.hands), i, i+1)
		b := w.bundle(h, others...)
		for _, o := range others {
			w.takes(o, b)
		}
	}
	for _, h := range w.hands {
		for _, messages := range by {
			for _, m := range messages {
				w.hasAsSaved(h, m)
			}
		}
		item, err := h.Get(t.Context(), clientsync.KindMeasurement, contested.Id)
		if err != nil || len(item.Conflicts) != 1 || len(item.Conflicts[0].Values) != 2 {
			t.Errorf("%s: of two figures there are %+v (%v)", h.name, item.Conflicts, err)
		}
	}
	w.synced(w.hands[2].Client)
	before := w.head()
	w.measures(w.hands[0], contested.Id, 2.4)
	for range 2 {
		for _, h := range w.hands {
			w.synced(h.Client)
		}
	}
	if got := w.head(); got != before+1 {
		t.Errorf("beside the settled figure the others brought %d changes that the office had", got-before-1)
	}
	for _, h := range w.hands {
		item, err := h.Get(t.Context(), clientsync.KindMeasurement, contested.Id)
		if err != nil || len(item.Conflicts) != 0 || item.Message.(*daylightv1.Measurement).GetValue() != 2.4 {
			t.Errorf("%s: %v, %v", h.name, item.Message, err)
		}
		h.stands(0, 0)
	}
	w.sound()
}

// hasAsSaved fails unless the device has the record as it was saved.
func (w *team) hasAsSaved(h hand, m clientsync.Message) {
	w.t.Helper()
	kind, err := record.KindOf(m)
	if err != nil {
		w.t.Fatal(err)
	}
	item, err := h.Get(w.t.Context(), kind, m.GetId())
	if err != nil {
		w.t.Errorf("%s has no %v: %v", h.name, kind, err)
		return
	}
	if a, b := plainly(m), plainly(item.Message); !bytes.Equal(a, b) {
		w.t.Errorf("%s has another %v: %v, want %v", h.name, kind, item.Message, m)
	}
}

// plainly is a message without the token of who saw it.
func plainly(m clientsync.Message) []byte {
	r := proto.Clone(m).ProtoReflect()
	r.Clear(r.Descriptor().Fields().ByName("seen"))
	b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(r.Interface())
	return b
}
