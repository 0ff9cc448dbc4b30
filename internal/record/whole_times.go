package record

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// seenBeforeArrival: nothing of a visit was seen before the team was there. Each kind
// has its own field for when, so each has a rule of its own.
func seenBeforeArrival(k Kind, field string) FlagRule {
	code := map[Kind]string{
		Finding: "finding-before-arrival", Note: "note-before-arrival", Interview: "interview-before-arrival",
		Measurement: "measurement-before-arrival", RegisterCheck: "register-before-arrival", ObstructionIncident: "incident-before-arrival",
	}[k]
	return across(code, k, field, WeightDoubt, "It is dated before the team arrived.", func(w *Whole, at found) {
		if w.Visit == nil || isRemote(w.Visit) {
			return
		}
		for _, m := range w.records() {
			if kindIn(m) == k && before(whenOf(m), w.Visit.GetArrivedAt()) {
				at(m.GetId(), "")
			}
		}
	})
}

// whenOf is when what a record tells was seen, as far as it says.
func whenOf(m Message) string {
	switch m := m.(type) {
	case *daylightv1.Finding:
		return m.GetObservedAt()
	case *daylightv1.Note:
		return m.GetObservedAt()
	case *daylightv1.Interview:
		return m.GetHeldOn()
	case *daylightv1.Measurement:
		return m.GetMeasuredAt()
	case *daylightv1.RegisterCheck:
		return m.GetCheckedAt()
	case *daylightv1.ObstructionIncident:
		return m.GetAt()
	}
	return ""
}
