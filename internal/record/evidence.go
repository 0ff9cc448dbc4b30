package record

import (
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Sources are the kinds of source that a finding rests on, sorted: those that it names,
// and those of the measurements, registers and interviews that it is tied to and that are
// here. What a person does not let be kept supports nothing.
func (w *Whole) Sources(f *daylightv1.Finding) []daylightv1.EvidenceSource {
	kinds := slices.DeleteFunc(slices.Clone(f.GetSources()), func(s daylightv1.EvidenceSource) bool { return s == 0 })
	for _, m := range w.Measurements {
		if slices.Contains(f.GetMeasurementIds(), m.GetId()) {
			kinds = append(kinds, sourceOfMeasurement(m))
		}
	}
	for _, r := range w.RegisterChecks {
		if slices.Contains(f.GetRegisterCheckIds(), r.GetId()) {
			kinds = append(kinds, daylightv1.EvidenceSource_EVIDENCE_SOURCE_REGISTER)
		}
	}
	for _, i := range w.Interviews {
		if slices.Contains(f.GetInterviewIds(), i.GetId()) && len(w.Withheld(i, UseShow)) == 0 {
			kinds = append(kinds, sourceOfInterview(i))
		}
	}
	slices.Sort(kinds)
	return slices.DeleteFunc(slices.Compact(kinds), func(s daylightv1.EvidenceSource) bool { return s == 0 })
}

// sourceOfMeasurement: a figure that somebody told is an account of the management, one
// from a paper a document.
func sourceOfMeasurement(m measurement) daylightv1.EvidenceSource {
	switch m.GetMethod() {
	case daylightv1.MeasurementMethod_MEASUREMENT_METHOD_STATED:
		return 0 // whose account it is, is not said
	case daylightv1.MeasurementMethod_MEASUREMENT_METHOD_DOCUMENT:
		return daylightv1.EvidenceSource_EVIDENCE_SOURCE_DOCUMENT
	case daylightv1.MeasurementMethod_MEASUREMENT_METHOD_ESTIMATED:
		return daylightv1.EvidenceSource_EVIDENCE_SOURCE_OBSERVATION
	}
	return daylightv1.EvidenceSource_EVIDENCE_SOURCE_MEASUREMENT
}

// sourceOfInterview is by the list INTERVIEWEE_TYPE; 0 for a word that is not in it.
func sourceOfInterview(i interview) daylightv1.EvidenceSource {
	switch i.GetIntervieweeType() {
	case "DETAINEE", "FORMER_DETAINEE":
		return daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_DETAINEE
	case "STAFF", "HEALTH_STAFF":
		return daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_STAFF
	case "MANAGEMENT":
		return daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_MANAGEMENT
	case "FAMILY", "LAWYER":
		return daylightv1.EvidenceSource_EVIDENCE_SOURCE_EXTERNAL
	}
	return 0
}

// SuggestEvidence is the evidence status that what a finding rests on would carry: with
// two kinds of source corroborated, with several interviews of one kind consistent, with
// one account alleged, with what the team itself saw or measured established; unspecified
// where it rests on nothing. It only suggests: people judge.
func (w *Whole) SuggestEvidence(f *daylightv1.Finding) daylightv1.EvidenceStatus {
	kinds := w.Sources(f)
	accounts := 0
	for _, i := range w.Interviews {
		if slices.Contains(f.GetInterviewIds(), i.GetId()) && len(w.Withheld(i, UseShow)) == 0 {
			accounts++
		}
	}
	switch {
	case len(kinds) == 0:
		return daylightv1.EvidenceStatus_EVIDENCE_STATUS_UNSPECIFIED
	case len(kinds) > 1:
		return daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED
	case kinds[0] == daylightv1.EvidenceSource_EVIDENCE_SOURCE_OBSERVATION || kinds[0] == daylightv1.EvidenceSource_EVIDENCE_SOURCE_MEASUREMENT:
		return daylightv1.EvidenceStatus_EVIDENCE_STATUS_ESTABLISHED
	case accounts > 1:
		return daylightv1.EvidenceStatus_EVIDENCE_STATUS_CONSISTENT
	}
	return daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED
}
