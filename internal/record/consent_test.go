package record_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func cutName(s string) (before, after string, found bool) {
	for i, r := range s {
		if r == '#' {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

func protoString(s string) protoreflect.Value { return protoreflect.ValueOfString(s) }

func TestMayUse(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*daylightv1.Interview)
		scope  daylightv1.ConsentScope
		want   bool
	}{
		"given":                  {func(*daylightv1.Interview) {}, useAnonymous, true},
		"no entry":               {func(*daylightv1.Interview) {}, notes, false},
		"no scope":               {func(m *daylightv1.Interview) { m.Consents = append(m.Consents, consent(0, yes)) }, 0, false},
		"refused":                {func(m *daylightv1.Interview) { m.Consents[1].State = no.Enum() }, useAnonymous, false},
		"not asked":              {func(m *daylightv1.Interview) { m.Consents[1].State = daylightv1.ConsentState(4).Enum() }, useAnonymous, false},
		"a newer state":          {func(m *daylightv1.Interview) { m.Consents[1].State = daylightv1.ConsentState(9).Enum() }, useAnonymous, false},
		"marked withdrawn":       {func(m *daylightv1.Interview) { m.Consents[1].State = daylightv1.ConsentState(3).Enum() }, useAnonymous, false},
		"withdrawn":              {withdraw(useAnonymous), useAnonymous, false},
		"another withdrawn":      {withdraw(notes), useAnonymous, true},
		"taking part ended":      {withdraw(takePart), useAnonymous, false},
		"would not take part":    {func(m *daylightv1.Interview) { m.Consents[0].State = no.Enum() }, useAnonymous, false},
		"not asked to take part": {func(m *daylightv1.Interview) { m.Consents = m.Consents[1:] }, useAnonymous, true},
		"two answers":            {func(m *daylightv1.Interview) { m.Consents = append(m.Consents, consent(useAnonymous, no)) }, useAnonymous, false},
		"removed":                {func(m *daylightv1.Interview) { m.Removed = &daylightv1.Removed{} }, useAnonymous, false},
		"express":                {func(m *daylightv1.Interview) { m.Consents = append(m.Consents, consent(publish, yes)) }, publish, true},
		"not express": {func(m *daylightv1.Interview) {
			m.Consents = append(m.Consents, &daylightv1.Consent{Scope: publish, State: yes.Enum()})
		}, publish, false},
		"a child alone": {func(m *daylightv1.Interview) {
			m.Consents, m.AgeGroup = append(m.Consents, consent(publish, yes)), daylightv1.AgeGroup_AGE_GROUP_CHILD.Enum()
		}, publish, false},
		"a child with a parent": {func(m *daylightv1.Interview) {
			m.Consents, m.AgeGroup = append(m.Consents, consent(publish, yes)), daylightv1.AgeGroup_AGE_GROUP_CHILD.Enum()
			m.ConsentedBy = daylightv1.ConsentGiver_CONSENT_GIVER_PARENT.Enum()
		}, publish, true},
	} {
		t.Run(name, func(t *testing.T) {
			m := soundInterview()
			c.change(m)
			if got := record.MayUse(m, c.scope); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
	if record.MayUse(nil, useAnonymous) {
		t.Error("an interview that is not there allows something")
	}
}

func withdraw(scope daylightv1.ConsentScope) func(*daylightv1.Interview) {
	return func(m *daylightv1.Interview) {
		m.Withdrawals = append(m.Withdrawals, &daylightv1.ConsentWithdrawal{Scope: scope, On: proto.String("2026-11-01")})
	}
}

func TestConsentAfterItsWithdrawal(t *testing.T) {
	m := soundInterview()
	withdraw(useAnonymous)(m) // before the consent is dated
	if got := codes(m); !slices.Equal(got, []string{"consent-withdrawn", "consent-after-withdrawal"}) {
		t.Errorf("%v", got)
	}
	if record.MayUse(m, useAnonymous) {
		t.Error("a later consent outvotes a withdrawal")
	}
}

func TestWithheld(t *testing.T) {
	open, shut := soundInterview(), soundInterview()
	shut.Id = anotherID
	withdraw(useAnonymous)(shut)
	all := []*daylightv1.Interview{shut, open}
	rests := func(on ...string) record.Message { return &daylightv1.Finding{Id: thirdID, InterviewIds: on} }
	for name, c := range map[string]struct {
		msg  record.Message
		use  record.Use
		want int
	}{
		"on nobody's word":             {rests(), record.UseReport, 0},
		"on one that allows it":        {rests(anID), record.UseReport, 0},
		"on one that withdrew":         {rests(anotherID), record.UseReport, 1},
		"on both":                      {rests(anID, anotherID), record.UseReport, 1},
		"on one that is not here":      {rests(thirdID), record.UseReport, 1},
		"shown though not here":        {rests(thirdID), record.UseShow, 0},
		"shown though never asked":     {rests(anID), record.UseShow, 0},
		"raised though never asked":    {rests(anID), record.UseRaise, 1},
		"no use":                       {rests(anID), 0, 1},
		"the interview itself":         {shut, record.UseReport, 1},
		"a note of it":                 {&daylightv1.InterviewNote{InterviewId: proto.String(anID)}, record.UseReport, 0},
		"a note of no interview":       {&daylightv1.InterviewNote{}, record.UseReport, 1},
		"a medical note of nobody":     {&daylightv1.MedicalNote{}, record.UseRefer, 1},
		"a record that rests on none":  {&daylightv1.Measurement{}, record.UsePublish, 0},
		"an identity, nobody said no":  {&daylightv1.PersonIdentity{Id: thirdID}, record.UseShow, 0},
		"an identity, never published": {&daylightv1.PersonIdentity{Id: thirdID}, record.UsePublish, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := record.Withheld(all, c.msg, c.use); len(got) != c.want {
				t.Errorf("got %+v", got)
			}
		})
	}
	withdraw(notes)(open)
	if got := record.Withheld(all, rests(anID), record.UseShow); len(got) != 1 || got[0].Interview != anID || got[0].Scope != notes {
		t.Errorf("what may not be kept is shown: %+v", got)
	}
}

func TestIdentityFollowsEveryInterviewWithThePerson(t *testing.T) {
	a, b := soundInterview(), soundInterview()
	b.Id = anotherID
	a.PersonId, b.PersonId = proto.String(thirdID), proto.String(thirdID)
	withdraw(daylightv1.ConsentScope_CONSENT_SCOPE_RECORD_IDENTITY)(b)
	withdraw(daylightv1.ConsentScope_CONSENT_SCOPE_MEDICAL_EXAM)(a)
	all := []*daylightv1.Interview{a, b}
	if got := record.Withheld(all, &daylightv1.PersonIdentity{Id: thirdID}, record.UseShow); len(got) != 1 || got[0].Interview != anotherID {
		t.Errorf("identity: %+v", got)
	}
	if got := record.Withheld(all, &daylightv1.MedicalNote{Id: anID, PersonId: proto.String(thirdID)}, record.UseShow); len(got) != 1 || got[0].Interview != anID {
		t.Errorf("medical note: %+v", got)
	}
}

func TestGateOfAWholeVisit(t *testing.T) {
	w := aWhole()
	spoke := w.Interviews[0]
	w.Findings[0].InterviewIds = []string{spoke.Id}
	w.Recommendations[0].FindingIds, w.Notes[0].FindingIds = []string{w.Findings[0].Id}, []string{w.Findings[0].Id}
	reports := func() (out []string) {
		for _, g := range w.Gate() {
			if slices.ContainsFunc(g.Closed, func(c record.Closed) bool { return c.Use == record.UseReport }) {
				out = append(out, g.Kind.String())
			}
		}
		return out
	}
	if got := reports(); got != nil {
		t.Errorf("before the withdrawal: %v", got)
	}
	want := []string{"finding", "interview", "note", "recommendation"}
	w.Conflicts = []record.Place{{Kind: record.Interview, ID: spoke.Id, Field: "consents", Key: useAnonymous.String()}}
	if got := reports(); !slices.Equal(got, want) {
		t.Errorf("while the consent is in conflict: %v", got)
	}
	w.Conflicts = nil
	withdraw(useAnonymous)(spoke)
	if got := reports(); !slices.Equal(got, want) {
		t.Errorf("after the withdrawal: %v", got)
	}
	if got := w.Withheld(w.Recommendations[0], record.UseShow); got != nil {
		t.Errorf("showing is closed as well: %v", got)
	}
}

// Adding a withdrawal, or anything but a first consent, never opens a use.
func TestWithdrawingNeverOpens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t, record.Interview).(*daylightv1.Interview)
		f := &daylightv1.Finding{Id: thirdID, InterviewIds: []string{m.Id}}
		scope := daylightv1.ConsentScope(rapid.Int32Range(-1, 16).Draw(t, "scope"))
		less := proto.Clone(m).(*daylightv1.Interview)
		withdraw(daylightv1.ConsentScope(rapid.Int32Range(-1, 16).Draw(t, "withdrawn")))(less)
		if rapid.Bool().Draw(t, "and in conflict") {
			less = record.NarrowConsents(less, []string{scope.String(), "nonsense"})
		}
		if record.MayUse(less, scope) && !record.MayUse(m, scope) {
			t.Fatalf("%v was opened by a withdrawal", scope)
		}
		for _, use := range record.Uses() {
			before, after := record.Withheld([]*daylightv1.Interview{m}, f, use), record.Withheld([]*daylightv1.Interview{less}, f, use)
			if len(before) > 0 && len(after) == 0 {
				t.Fatalf("%v was opened by a withdrawal", use)
			}
		}
		gone := record.Withheld(nil, f, record.UseReport)
		if len(gone) != 1 || !gone[0].NotHere {
			t.Fatalf("without the interview: %v", gone)
		}
	})
}
