package access

import "github.com/daylight-npm/daylight/internal/record"

// Carries reports whether records of the kind come to the person by the dossier of a
// visit in whose team they are: from earlier visits to the same place, in whose team they
// need not have been. Who reads only what is their own has need of it. A dossier gives
// nothing to write: MayWrite knows the team alone.
func (r Rights) Carries(k record.Kind) bool {
	return record.InDossier(k) && r.Reads(k)&Own != 0
}
