package report_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/report"
)

// The classes, shorter.
const (
	public     = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_PUBLIC
	internal   = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_INTERNAL
	restricted = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED
	sealedOnly = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_SEALED
)

// let writes the shelf as JSON lines and says whether its last record is among them.
func let(t *testing.T, s shelf, o report.Options) (bool, report.Counts) {
	t.Helper()
	var b bytes.Buffer
	counts, err := report.JSON(s, o, &b)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(b.String(), `"id":"`+s[len(s)-1].Message.GetId()+`"`), counts
}

func TestNothingAboveTheClassIsLetOut(t *testing.T) {
	of := func(c daylightv1.ConfidentialityClass) *daylightv1.Note {
		return &daylightv1.Note{Confidentiality: c.Enum()}
	}
	for _, x := range []struct {
		m    record.Message
		upTo daylightv1.ConfidentialityClass
		want bool
	}{
		{of(public), 0, true},
		{&daylightv1.Note{}, 0, true},
		{of(0), 0, true},
		{of(restricted), 0, false},
		{of(restricted), restricted, true},
		{of(internal), public, false},
		{&daylightv1.Note{}, public, false},
		{of(99), sealedOnly, false},
		{of(-1), sealedOnly, false},
		{&daylightv1.ReprisalCase{}, internal, false},
		{&daylightv1.ReprisalCase{}, restricted, true},
		{&daylightv1.ReprisalCase{Confidentiality: public.Enum()}, public, true},
		{&daylightv1.VisitPlan{}, internal, false},
		{&daylightv1.InterviewNote{}, restricted, false},
		{&daylightv1.MedicalNote{}, restricted, false},
		{&daylightv1.PersonIdentity{}, restricted, false},
		{&daylightv1.ReprisalDetail{}, restricted, false},
		{&daylightv1.ReprisalDetail{}, sealedOnly, true},
	} {
		var s shelf
		s.add(x.m)
		got, counts := let(t, s, report.Options{UpTo: x.upTo})
		if got != x.want || got == (counts.Confidential == 1) {
			t.Errorf("%T of class %v, up to %v: %v, %+v", x.m, x.m.(interface {
				GetConfidentiality() daylightv1.ConfidentialityClass
			}).GetConfidentiality(), x.upTo, got, counts)
		}
	}
}

// Each message says in its comment what class a record is of that does not say. The
// program has to go by the same.
func TestTheClassOfARecordThatDoesNotSayIsThatOfItsComment(t *testing.T) {
	// The generated code has no comments; the kinds that are no INTERNAL ones are these.
	narrower := []record.Kind{record.PersonIdentity, record.InterviewNote, record.MedicalNote, record.ReprisalDetail, record.ReprisalCase, record.VisitPlan}
	for _, k := range record.Kinds() {
		var s shelf
		s.add(record.New(k))
		if got, _ := let(t, s, report.Options{}); got == slices.Contains(narrower, k) {
			t.Errorf("a %s that does not say is let out: %v", k, got)
		}
	}
}

// Where two wrote two classes, the narrower one counts, whichever is shown.
func TestTheNarrowestOfSeveralClassesCounts(t *testing.T) {
	for json, want := range map[string]bool{
		`"CONFIDENTIALITY_CLASS_PUBLIC"`: true, `"CONFIDENTIALITY_CLASS_RESTRICTED"`: false, `"CONFIDENTIALITY_CLASS_SEALED"`: false,
		`7`: false, `"what a newer program writes"`: false, ``: true,
	} {
		var s shelf
		r := s.add(&daylightv1.Note{Confidentiality: public.Enum()})
		r.Status.Conflicts = []*daylightv1.ConflictingPath{{Field: "confidentiality", Values: []*daylightv1.ConflictingValue{{Json: `"CONFIDENTIALITY_CLASS_PUBLIC"`}, {Json: json}}}}
		if got, _ := let(t, s, report.Options{}); got != want {
			t.Errorf("PUBLIC and %s: %v", json, got)
		}
	}
}

func consents(scope daylightv1.ConsentScope, state daylightv1.ConsentState) *daylightv1.Interview {
	return &daylightv1.Interview{Consents: []*daylightv1.Consent{{Scope: scope, State: state.Enum()}}}
}

// A finding rests on what somebody said: without their consent it stays.
func TestWhatNobodyAgreedToIsNotLetOut(t *testing.T) {
	const anonymous, notes = daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, daylightv1.ConsentScope_CONSENT_SCOPE_NOTES
	const given = daylightv1.ConsentState_CONSENT_STATE_GIVEN
	tookBack := consents(anonymous, given)
	tookBack.Withdrawals = []*daylightv1.ConsentWithdrawal{{Scope: anonymous}}
	another := consents(anonymous, given)
	another.Withdrawals = []*daylightv1.ConsentWithdrawal{{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_SHARE_SPT}}
	for shows, x := range map[string]struct {
		interview *daylightv1.Interview
		want      bool
	}{
		"given":              {consents(anonymous, given), true},
		"refused":            {consents(anonymous, daylightv1.ConsentState_CONSENT_STATE_REFUSED), false},
		"withdrawn":          {consents(anonymous, daylightv1.ConsentState_CONSENT_STATE_WITHDRAWN), false},
		"not asked":          {consents(anonymous, daylightv1.ConsentState_CONSENT_STATE_NOT_ASKED), false},
		"given for notes":    {consents(notes, given), false},
		"nothing said":       {&daylightv1.Interview{}, false},
		"taken back":         {tookBack, false},
		"another taken back": {another, true},
	} {
		t.Run(shows, func(t *testing.T) {
			var s shelf
			fine := s.add(consents(anonymous, given)).Message.GetId()
			id := s.add(x.interview).Message.GetId()
			s.add(&daylightv1.Finding{Title: proto.String("x"), InterviewIds: []string{fine, id}})
			got, counts := let(t, s, report.Options{UpTo: sealedOnly})
			if got != x.want || x.want == (counts.Unconsented > 0) {
				t.Errorf("let out: %v, %+v", got, counts)
			}
		})
	}
	t.Run("an interview that is not there", func(t *testing.T) {
		var s shelf
		s.add(&daylightv1.Finding{InterviewIds: []string{"0190a6e2-7c1b-4000-8000-000000000001"}})
		if got, counts := let(t, s, report.Options{}); got || counts.Unconsented != 1 {
			t.Errorf("%+v", counts)
		}
	})
	t.Run("taken back where it was joined to", func(t *testing.T) {
		var s shelf
		kept := s.add(tookBack).Message.GetId()
		twice := consents(anonymous, given)
		twice.MergedInto = proto.String(kept)
		s.add(&daylightv1.Finding{InterviewIds: []string{s.add(twice).Message.GetId()}})
		if got, _ := let(t, s, report.Options{}); got {
			t.Error("let out")
		}
		ring := consents(anonymous, given)
		id := s.add(ring).Message.GetId()
		ring.MergedInto = proto.String(id)
		s.add(&daylightv1.Finding{InterviewIds: []string{id}})
		if got, _ := let(t, s, report.Options{}); got {
			t.Error("a ring is let out")
		}
	})
	t.Run("two answers", func(t *testing.T) {
		var s shelf
		r := s.add(consents(anonymous, given))
		r.Status.Conflicts = []*daylightv1.ConflictingPath{{Field: "consents", Key: anonymous.String(), Values: []*daylightv1.ConflictingValue{
			{Json: `{"scope":"CONSENT_SCOPE_USE_ANONYMOUS","state":"CONSENT_STATE_GIVEN"}`}, {Json: `{"scope":"CONSENT_SCOPE_USE_ANONYMOUS","state":"CONSENT_STATE_REFUSED"}`},
		}}}
		s.add(&daylightv1.Finding{InterviewIds: []string{r.Message.GetId()}})
		if got, counts := let(t, s, report.Options{}); got || counts.Unconsented != 1 {
			t.Errorf("%+v", counts)
		}
	})
	for _, scope := range []daylightv1.ConsentScope{notes, anonymous, daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART, daylightv1.ConsentScope_CONSENT_SCOPE_CONTACT_FAMILY} {
		var s shelf
		s.add(&daylightv1.Interview{Withdrawals: []*daylightv1.ConsentWithdrawal{{Scope: scope}}})
		if got, _ := let(t, s, report.Options{}); got != (scope == daylightv1.ConsentScope_CONSENT_SCOPE_CONTACT_FAMILY) {
			t.Errorf("an interview whose person took %v back is let out: %v", scope, got)
		}
	}
}

// What repeats a finding stays with it.
func TestWhatRestsOnAWithheldFindingIsNotLetOut(t *testing.T) {
	for shows, given := range map[string]bool{"agreed": true, "taken back": false} {
		i := consents(daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, daylightv1.ConsentState_CONSENT_STATE_GIVEN)
		if !given {
			i.Withdrawals = []*daylightv1.ConsentWithdrawal{{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS}}
		}
		for _, rests := range []func(id string) record.Message{
			func(id string) record.Message { return &daylightv1.Recommendation{FindingIds: []string{id}} },
			func(id string) record.Message { return &daylightv1.Undertaking{FindingIds: []string{id}} },
			func(id string) record.Message { return &daylightv1.Note{FindingIds: []string{id}} },
		} {
			var s shelf
			f := s.add(&daylightv1.Finding{InterviewIds: []string{s.add(i).Message.GetId()}})
			m := rests(f.Message.GetId())
			s.add(m)
			if got, counts := let(t, s, report.Options{}); got != given {
				t.Errorf("%s: a %T: %+v", shows, m, counts)
			}
		}
	}
}

// The gate finds what rests on interviews by the schema: a new field that refers to one
// counts by itself.
func TestFieldsThatNameInterviews(t *testing.T) {
	var found []string
	for _, k := range record.Kinds() {
		for _, f := range record.Fields(k) {
			if f.Refers != record.Interview || f.Name == "merged_into" {
				continue
			}
			found = append(found, k.String()+"."+f.Name)
			m := record.New(k)
			if f.Descriptor.IsList() {
				m.ProtoReflect().Mutable(f.Descriptor).List().Append(protoreflect.ValueOfString("0190a6e2-7c1b-4000-8000-000000000001"))
			} else {
				m.ProtoReflect().Set(f.Descriptor, protoreflect.ValueOfString("0190a6e2-7c1b-4000-8000-000000000001"))
			}
			var s shelf
			s.add(m)
			if got, _ := let(t, s, report.Options{UpTo: sealedOnly}); got {
				t.Errorf("a %s rests on an interview that is not there", k)
			}
		}
	}
	if !slices.Contains(found, "finding.interview_ids") {
		t.Errorf("%v", found)
	}
}

func TestWhatWasRemovedOrJoinedIsLeftOutUnlessAskedFor(t *testing.T) {
	var s shelf
	s.add(&daylightv1.Note{MergedInto: proto.String("0190a6e2-7c1b-4000-8000-000000000001")})
	s.add(&daylightv1.Note{})
	s.add(&daylightv1.Note{MergedInto: proto.String("0190a6e2-7c1b-4000-8000-000000000001")}) // stands for itself
	s[0].Joined, s[1].Removed = true, true
	if got, counts := let(t, s, report.Options{}); !got || counts.Removed != 2 || counts.Total() != 1 {
		t.Errorf("%+v", counts)
	}
	if got, counts := let(t, s, report.Options{Removed: true}); !got || counts.Total() != 3 {
		t.Errorf("%+v", counts)
	}
}

func TestNarrowedToVisits(t *testing.T) {
	var s shelf
	s.add(&daylightv1.Facility{})
	visits := map[string]*daylightv1.Visit{
		"day":     {EnteredAt: proto.String("2026-11-24T09:30+05:00")},
		"planned": {PlannedStart: proto.String("2026-12-01")},
		"month":   {PlannedStart: proto.String("2026-11")},
		"none":    {},
	}
	names := map[string]string{}
	for name, v := range visits {
		names[s.add(v).Message.GetId()] = name
		s.add(&daylightv1.Note{VisitId: proto.String(v.GetId())})
	}
	s.add(&daylightv1.Note{})
	for _, x := range []struct {
		o    report.Options
		want string
	}{
		{report.Options{}, "day month none planned"},
		{report.Options{Visit: visits["day"].GetId()}, "day"},
		{report.Options{Visit: visits["none"].GetId()}, "none"},
		{report.Options{From: "2026-11-24", To: "2026-11-24"}, "day month"},
		{report.Options{From: "2026-11-25"}, "month planned"},
		{report.Options{To: "2026-11-30"}, "day month"},
		{report.Options{From: "2026-12-02"}, ""},
		{report.Options{From: "2026-11-25", Visit: visits["day"].GetId()}, ""},
	} {
		var b bytes.Buffer
		counts, err := report.JSON(s, x.o, &b)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for id, name := range names {
			if strings.Contains(b.String(), `"kind":"visit","id":"`+id) {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		notes := counts.Records[record.Note]
		narrowed := x.o.Visit != "" || x.o.From != "" || x.o.To != ""
		if fmt.Sprint(strings.Join(got, " ")) != x.want || narrowed && (notes != len(got) || counts.Records[record.Facility] != 0) || !narrowed && notes != 5 {
			t.Errorf("%+v: %v, %+v", x.o, got, counts)
		}
	}
}
