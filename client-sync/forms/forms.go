// Package forms has the checklists of a visit.
package forms

import "github.com/daylight-npm/daylight/internal/checklist"

type (
	Catalogue = checklist.Catalogue
	Offered   = checklist.Offered
)
