package access_test

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A reader who held a note without its keys could open nothing, and one who held keys
// without a note would hold them for nothing.
func TestKeysReachAsFarAsWhatTheyOpen(t *testing.T) {
	for _, r := range access.Roles() {
		may := access.At(1, access.Grant{Role: r})
		var sealed access.Reach
		for _, k := range record.Kinds() {
			if record.Sealed(k) {
				sealed |= may.Reads(k)
			}
		}
		if keys := may.Reads(record.SealingKey); keys != sealed {
			t.Errorf("%v reads keys as far as %v, and what is sealed as far as %v", r, keys, sealed)
		}
		if may.WritesKind(record.SealingKey) != (sealed != access.None) {
			t.Errorf("%v cannot let the next reader in", r)
		}
		for _, k := range record.Kinds() {
			if record.Sealed(k) && may.WritesKind(k) && !creates(may, record.SealingKey) {
				t.Errorf("%v writes a %v and makes no key for it", r, k)
			}
		}
	}
}

func creates(may access.Rights, k record.Kind) bool {
	ok, _ := may.MayWrite(access.Write{Subject: access.Subject{Kind: k, Own: true}, Creates: true, Fields: fields(1, record.SealedVisit)})
	return ok
}

// What no reader of the rest of a visit gets by that.
func TestNobodyReadsWhatIsSealedByTheWay(t *testing.T) {
	for _, r := range []access.Role{access.FollowUpOfficer, access.RegionalRep, access.DataOfficer, access.PublicationEditor, access.SystemAdmin, access.Auditor} {
		g := access.Grant{Role: r}
		if r == access.RegionalRep {
			g.Region = here
		}
		for _, k := range record.Kinds()[record.PersonIdentity-1 : record.SealingKey] {
			if reach := access.At(1, g).Reads(k); reach != access.None {
				t.Errorf("%v reads a %v: %v", r, k, reach)
			}
		}
	}
}

func TestNotesAreWrittenUntilTheVisitEnds(t *testing.T) {
	may := access.At(1, access.Grant{Role: access.Monitor})
	for _, k := range record.Kinds()[record.PersonIdentity-1 : record.SealingKey] {
		note := access.Subject{Kind: k, Own: true, State: daylightv1.VisitState_VISIT_STATE_SUBMITTED}
		for shows, c := range map[string]struct {
			w    access.Write
			want access.Reason
		}{
			"after it was handed in":  {access.Write{Subject: note, Fields: fields(plain[k])}, access.NoReason},
			"a new one too":           {access.Write{Subject: note, Creates: true, Fields: fields(1, record.SealedVisit, plain[k])}, access.NoReason},
			"not after it has ended":  {access.Write{Subject: ending(note), Fields: fields(plain[k])}, access.TooLate},
			"nor a new one":           {access.Write{Subject: ending(note), Creates: true, Fields: fields(1, record.SealedVisit)}, access.TooLate},
			"not of another's visit":  {access.Write{Subject: access.Subject{Kind: k}, Fields: fields(plain[k])}, access.Missing},
			"nor a new one of theirs": {access.Write{Subject: access.Subject{Kind: k}, Creates: true, Fields: fields(1, record.SealedVisit)}, access.Missing},
		} {
			if _, why := may.MayWrite(c.w); why != c.want {
				t.Errorf("%v, %s: %v, want %v", k, shows, why, c.want)
			}
		}
	}
}

func ending(s access.Subject) access.Subject {
	s.State = daylightv1.VisitState_VISIT_STATE_CLOSED
	return s
}
