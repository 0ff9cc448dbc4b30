package amend

import (
	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Plan is what adding a form would do.
type Plan struct {
	// Save is the record to save; nil where there is nothing to, or where it is refused.
	Save *daylightv1.Checklist
	// New: there is no such version yet.
	New bool
	// Changes are made to the version that is there. With Refused, which may not be made,
	// nothing is.
	Changes, Refused []Change
}

// Onto says what adding a form to those of an office would do. The form gets its id.
func Onto(c *checklist.Catalogue, form *daylightv1.Checklist) Plan {
	id := checklist.FormID(form.GetCode(), form.GetVersion())
	form.Id = id.String()
	there, known := c.Form(id)
	if !known {
		return Plan{Save: form, New: true}
	}
	am := Compare(there, form)
	if there.GetShipped() {
		am = OverShipped(am)
	}
	p := Plan{Changes: am.Changes, Refused: am.Refused}
	if len(p.Refused) > 0 {
		return p
	}
	if there.GetRemoved() != nil && !there.GetShipped() {
		p.Changes = append(p.Changes, Change{Field: "removed", From: "yes", Of: "removed"})
	}
	if len(p.Changes) == 0 {
		return p
	}
	p.Save = LaidOver(there, form)
	if there.GetShipped() {
		r, _ := c.Record(id)
		p.Save = SayingOver(r, there, form)
	}
	return p
}
