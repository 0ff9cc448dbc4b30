package record

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// sealedRules look at what stands beside the ciphertext only.
func sealedRules() []FlagRule {
	return []FlagRule{
		is("person-without-pseudonym", "pseudonym", WeightMissing, "The person has no pseudonym by which others could speak of them.",
			func(m *daylightv1.PersonIdentity) bool { return m.GetPseudonym() == "" }),
		is("interview-note-without-interview", "interview_id", WeightMissing, "It is not said which interview this is the note of, so no consent covers it.",
			func(m *daylightv1.InterviewNote) bool { return m.GetInterviewId() == "" }),
		is("medical-note-without-person", "person_id", WeightMissing, "It is not said whom the medical note is about.",
			func(m *daylightv1.MedicalNote) bool { return m.GetPersonId() == "" }),
		is("reprisal-detail-without-case", "case_id", WeightMissing, "The detail belongs to no reprisal case, so nobody is asked to act on it.",
			func(m *daylightv1.ReprisalDetail) bool { return m.GetCaseId() == "" }),
	}
}
