package record_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	observation = daylightv1.EvidenceSource_EVIDENCE_SOURCE_OBSERVATION
	detainee    = daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_DETAINEE
	staff       = daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_STAFF
	measured    = daylightv1.EvidenceSource_EVIDENCE_SOURCE_MEASUREMENT
	registers   = daylightv1.EvidenceSource_EVIDENCE_SOURCE_REGISTER
)

func judged(m *daylightv1.Finding, s daylightv1.EvidenceStatus, sources ...daylightv1.EvidenceSource) {
	m.EvidenceStatus, m.Sources = s.Enum(), sources
}

func evidenceCases() []ruleCase {
	const corroborated = daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED
	return cases(soundFinding, map[string]func(*daylightv1.Finding){
		"corroborated-needs-two-sources": func(m *daylightv1.Finding) { judged(m, corroborated, observation, observation) },
		"corroborated-needs-two-sources#a measurement is one": func(m *daylightv1.Finding) {
			judged(m, corroborated, measured)
			m.MeasurementIds = []string{anotherID, thirdID}
		},
		"corroborated-needs-two-sources#one interview is one": func(m *daylightv1.Finding) {
			judged(m, corroborated)
			m.InterviewIds = []string{anotherID}
		},
		"evidence-without-source": func(m *daylightv1.Finding) {
			judged(m, daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED)
		},
		"finding-without-evidence": func(m *daylightv1.Finding) { m.Sources = nil },
		"established-by-accounts": func(m *daylightv1.Finding) {
			judged(m, daylightv1.EvidenceStatus_EVIDENCE_STATUS_ESTABLISHED, detainee, staff)
		},
	})
}

func TestLinksAreSourcesToo(t *testing.T) {
	for name, links := range map[string]func(*daylightv1.Finding){
		"a measurement and a register": func(m *daylightv1.Finding) {
			m.MeasurementIds, m.RegisterCheckIds = []string{anotherID}, []string{thirdID}
		},
		"a measurement beside what was seen": func(m *daylightv1.Finding) {
			m.Sources, m.MeasurementIds = []daylightv1.EvidenceSource{observation}, []string{anotherID}
		},
		"an interview beside a register": func(m *daylightv1.Finding) {
			m.InterviewIds, m.RegisterCheckIds = []string{anotherID}, []string{thirdID}
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := soundFinding()
			judged(m, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED)
			links(m)
			if got := codes(m); got != nil {
				t.Errorf("%v", got)
			}
		})
	}
}

// What an interview or a measurement is as a source, only its record tells.
func TestSourcesOfAFinding(t *testing.T) {
	f := soundFinding()
	f.Sources = nil
	f.InterviewIds, f.MeasurementIds, f.RegisterCheckIds = []string{anID, anotherID}, []string{anID, anotherID}, []string{anID}
	w := &record.Whole{}
	w.Add(f)
	spoke := func(id, who string) *daylightv1.Interview {
		i := soundInterview()
		i.Id, i.IntervieweeType = id, proto.String(who)
		return i
	}
	gone := spoke(anotherID, "STAFF")
	w.Add(spoke(anID, "FORMER_DETAINEE"))
	w.Add(gone)
	w.Add(spoke(thirdID, "MANAGEMENT")) // of another finding
	check := func(want ...daylightv1.EvidenceSource) {
		t.Helper()
		if got := w.Sources(f); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	check(detainee, staff)
	told := soundMeasurement()
	told.Method = daylightv1.MeasurementMethod_MEASUREMENT_METHOD_STATED.Enum()
	w.Add(told)
	check(detainee, staff)
	instrument := soundMeasurement()
	instrument.Id = anotherID
	w.Add(instrument)
	w.Add(soundRegister())
	check(detainee, staff, registers, measured)
	gone.Withdrawals = []*daylightv1.ConsentWithdrawal{{Scope: daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART}}
	check(detainee, registers, measured)
}

func TestSuggestedEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		interviews []string
		sources    []daylightv1.EvidenceSource
		want       daylightv1.EvidenceStatus
	}{
		"nothing":              {nil, nil, daylightv1.EvidenceStatus_EVIDENCE_STATUS_UNSPECIFIED},
		"one account":          {[]string{"DETAINEE"}, nil, daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED},
		"accounts of one kind": {[]string{"DETAINEE", "DETAINEE"}, nil, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CONSISTENT},
		"accounts of two":      {[]string{"DETAINEE", "STAFF"}, nil, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED},
		"seen":                 {nil, []daylightv1.EvidenceSource{observation}, daylightv1.EvidenceStatus_EVIDENCE_STATUS_ESTABLISHED},
		"seen and told":        {[]string{"DETAINEE"}, []daylightv1.EvidenceSource{observation}, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED},
		"a register":           {nil, []daylightv1.EvidenceSource{registers}, daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED},
	} {
		t.Run(name, func(t *testing.T) {
			w, f := &record.Whole{}, &daylightv1.Finding{Id: anID, Sources: c.sources}
			for n, who := range c.interviews {
				id := []string{anID, anotherID}[n]
				i := soundInterview()
				i.Id, i.IntervieweeType = id, proto.String(who)
				w.Add(i)
				f.InterviewIds = append(f.InterviewIds, id)
			}
			if got := w.SuggestEvidence(f); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
