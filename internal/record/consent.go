package record

import (
	"slices"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// MayUse reports whether what was said in an interview may be used for what the scope
// names. A scope without an entry, or with any other state than given, is refused. A
// withdrawal wins over every consent, whatever their dates. Who would not take part, or
// withdrew that, allowed nothing. To publish personal data the consent must be express:
// given with a date, and for a child by somebody beside the child. Of an interview that
// is not there (nil) or was removed nothing may be used. Source: OPCAT 21(2).
func MayUse(i *daylightv1.Interview, scope daylightv1.ConsentScope) bool {
	if i == nil || i.GetRemoved() != nil || scope <= 0 || saidNo(i, daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART) || withdrew(i, scope) {
		return false
	}
	answers := 0
	for _, c := range i.GetConsents() {
		if c.GetScope() != scope {
			continue
		}
		answers++
		if !given(c) || scope == daylightv1.ConsentScope_CONSENT_SCOPE_PUBLISH_PERSONAL && (c.GetOn() == "" || isChild(i) && !othersConsented(i)) {
			return false
		}
	}
	return answers > 0
}

func given(c *daylightv1.Consent) bool {
	return c.GetState() == daylightv1.ConsentState_CONSENT_STATE_GIVEN
}

// withdrawalOf is what takes a consent back; nil when nothing does.
func withdrawalOf(i interview, scope daylightv1.ConsentScope) *daylightv1.ConsentWithdrawal {
	n := slices.IndexFunc(i.GetWithdrawals(), func(w *daylightv1.ConsentWithdrawal) bool { return w.GetScope() == scope })
	if n < 0 {
		return nil
	}
	return i.GetWithdrawals()[n]
}

func withdrew(i interview, scope daylightv1.ConsentScope) bool { return withdrawalOf(i, scope) != nil }

// saidNo reports whether the person refused or withdrew it, which is more than not to
// have been asked.
func saidNo(i interview, scope daylightv1.ConsentScope) bool {
	return withdrew(i, scope) || slices.ContainsFunc(i.GetConsents(), func(c *daylightv1.Consent) bool {
		no := c.GetState() == daylightv1.ConsentState_CONSENT_STATE_REFUSED || c.GetState() == daylightv1.ConsentState_CONSENT_STATE_WITHDRAWN
		return c.GetScope() == scope && no
	})
}

// Use is what somebody wants to do with a record.
type Use uint8

// The uses.
const (
	// UseShow: to show it to those of the body who may read it. What the body has is
	// shown until the person says no to notes being kept: where nobody was asked, the
	// team has to see it to ask. Every other use needs a consent that was given.
	UseShow Use = 1
	// UseReport: to cite it without a name in a report, a figure or an export.
	UseReport Use = 2
	// UsePublish: to publish it with what tells who it was.
	UsePublish Use = 3
	// UseRaise: to raise it with the management of the place.
	UseRaise Use = 4
	// UseRefer: to refer it to a prosecutor or another body.
	UseRefer Use = 5
	// UseShare: to share it with the SPT or a partner.
	UseShare Use = 6
)

var useNames = [...]string{UseShow: "show", UseReport: "report", UsePublish: "publish", UseRaise: "raise", UseRefer: "refer", UseShare: "share"}

// Uses lists all uses in the order of their numbers.
func Uses() []Use { return []Use{UseShow, UseReport, UsePublish, UseRaise, UseRefer, UseShare} }

// String is the use as one word.
func (u Use) String() string {
	if u >= UseShow && u <= UseShare {
		return useNames[u]
	}
	return "no use"
}

// Scope is the consent that the use needs; unspecified for what is no use, which
// nobody ever consented to.
func (u Use) Scope() daylightv1.ConsentScope {
	switch u {
	case UseShow:
		return daylightv1.ConsentScope_CONSENT_SCOPE_NOTES
	case UseReport:
		return daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS
	case UsePublish:
		return daylightv1.ConsentScope_CONSENT_SCOPE_PUBLISH_PERSONAL
	case UseRaise:
		return daylightv1.ConsentScope_CONSENT_SCOPE_RAISE_WITH_MANAGEMENT
	case UseRefer:
		return daylightv1.ConsentScope_CONSENT_SCOPE_REFER_AUTHORITY
	case UseShare:
		return daylightv1.ConsentScope_CONSENT_SCOPE_SHARE_SPT
	}
	return daylightv1.ConsentScope_CONSENT_SCOPE_UNSPECIFIED
}

// Closed is one interview that closes a use.
type Closed struct {
	Use Use
	// Scope is the consent that fails.
	Scope daylightv1.ConsentScope
	// Interview is its id; empty where the record should name one and does not.
	Interview string
	// NotHere: the interview is not among those that were given, so that nobody knows
	// what was consented to.
	NotHere bool
}

// Withheld says why a record must not be used so: every interview that it rests on and
// that does not allow it; nil when it may be used. interviews are all that its reader
// knows, in any order; one that the record rests on and that is missing among them
// closes every use but showing. One interview closes a record, also where others would
// allow it: nobody can tell which words came from whom.
//
// A finding rests on the interviews that it names, a note of an interview on that one, an
// identity or a medical note on every interview with that person; other records on none
// by themselves: see Whole.Withheld for what rests on findings. Call it before anything
// is shown, cited, exported or sent; where it gives something, leave the record out and
// say how many were left out.
func Withheld(interviews []*daylightv1.Interview, msg Message, use Use) []Closed {
	return withheld(interviewsByID(interviews), msg, use)
}

func interviewsByID(all []*daylightv1.Interview) map[string]interview {
	out := make(map[string]interview, len(all))
	for _, i := range all {
		out[i.GetId()] = i
	}
	return out
}

func withheld(known map[string]interview, msg Message, use Use) (out []Closed) {
	switch m := msg.(type) {
	case *daylightv1.Interview:
		return closedBy(map[string]interview{m.GetId(): m}, []string{m.GetId()}, use, use.Scope())
	case *daylightv1.Finding:
		return closedBy(known, m.GetInterviewIds(), use, use.Scope())
	case *daylightv1.InterviewNote:
		return closedBy(known, []string{m.GetInterviewId()}, use, use.Scope())
	case *daylightv1.PersonIdentity:
		scope := use.Scope()
		if use == UseShow {
			scope = daylightv1.ConsentScope_CONSENT_SCOPE_RECORD_IDENTITY
		}
		return closedBy(known, withPerson(known, m.GetId()), use, scope)
	case *daylightv1.MedicalNote:
		scope := use.Scope()
		if use == UseShow {
			scope = daylightv1.ConsentScope_CONSENT_SCOPE_MEDICAL_EXAM
		}
		return closedBy(known, withPerson(known, m.GetPersonId()), use, scope)
	}
	return nil
}

// withPerson are the interviews with a person, sorted; without any, an interview that
// nobody names stands for them, so that nothing is used without a consent.
func withPerson(known map[string]interview, person string) (ids []string) {
	for id, i := range known {
		if person != "" && i.GetPersonId() == person && i.GetRemoved() == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return []string{""}
	}
	slices.Sort(ids)
	return ids
}

func closedBy(known map[string]interview, ids []string, use Use, scope daylightv1.ConsentScope) (out []Closed) {
	for _, id := range ids {
		i, here := known[id]
		open := MayUse(i, scope)
		if use == UseShow {
			open = !here || !saidNo(i, scope) && !saidNo(i, daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART)
		}
		if !open {
			out = append(out, Closed{Use: use, Scope: scope, Interview: id, NotHere: !here})
		}
	}
	return out
}

// NarrowConsents gives the interview as it must be read while its consents are in
// conflict: what somebody else answered to the same question may be no, so the scopes of
// the keys, as PathName says them, count as refused. The message that was given is not
// changed.
func NarrowConsents(i *daylightv1.Interview, keys []string) *daylightv1.Interview {
	if len(keys) == 0 {
		return i
	}
	i = proto.Clone(i).(*daylightv1.Interview)
	for _, key := range keys {
		scope, ok := daylightv1.ConsentScope_value[key]
		if !ok {
			continue
		}
		i.Consents = append(i.Consents, &daylightv1.Consent{
			Scope: daylightv1.ConsentScope(scope), State: daylightv1.ConsentState_CONSENT_STATE_REFUSED.Enum(),
		})
	}
	return i
}
