package record

import (
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type interview = *daylightv1.Interview

// minutesOfADay bounds what can be done in one day.
const minutesOfADay = 24 * 60

// Codes of the lists of interviews that rules ask for.
const (
	modeGroup       = "GROUP"
	modeIndividual  = "INDIVIDUAL_PRIVATE"
	privacyPrivate  = "PRIVATE"
	selectedByStaff = "PROPOSED_BY_STAFF"
)

func interviewRules() []FlagRule {
	return []FlagRule{
		is("interview-without-type", "interviewee_type", WeightMissing, "It is not said what kind of person was interviewed.",
			func(m interview) bool { return m.GetIntervieweeType() == "" }),
		is("interview-without-date", "held_on", WeightMissing, "The day of the interview is not said.",
			func(m interview) bool { return m.GetHeldOn() == "" }),
		is("interview-without-privacy", "privacy", WeightMissing, "It is not said who could see or hear the interview.",
			func(m interview) bool { return m.GetPrivacy() == "" }),
		is("interview-not-private", "privacy", WeightRemark, "The interview was not out of sight and hearing of others.",
			func(m interview) bool {
				return m.GetPrivacy() != "" && m.GetPrivacy() != privacyPrivate && m.GetMode() != modeIndividual
			}),
		is("private-mode-not-private", "privacy", WeightDoubt, "The interview counts as private and others could see or hear it.",
			func(m interview) bool {
				return m.GetPrivacy() != "" && m.GetPrivacy() != privacyPrivate && m.GetMode() == modeIndividual
			}),
		is("interview-proposed-by-staff", "selection", WeightRemark, "The person was proposed by the staff and may have been told what to say.",
			func(m interview) bool { return m.GetSelection() == selectedByStaff }),
		is("interview-of-nobody", "persons", WeightDoubt, "Nobody took part in the interview.",
			func(m interview) bool { return m.Persons != nil && m.GetPersons() == 0 }),
		is("individual-of-several", "persons", WeightDoubt, "An individual interview was held with several persons.",
			func(m interview) bool { return m.GetMode() == modeIndividual && m.GetPersons() > 1 }),
		is("group-of-one", "persons", WeightDoubt, "A group interview was held with one person.",
			func(m interview) bool { return m.GetMode() == modeGroup && m.GetPersons() == 1 }),
		is("group-with-pseudonym", "person_id", WeightDoubt, "Several persons spoke and one pseudonym stands for them.",
			func(m interview) bool { return m.GetPersonId() != "" && (m.GetMode() == modeGroup) }),
		each("interview-over-a-day", "minutes", WeightDoubt, "The interview lasted for {minutes} minutes, which is more than a day.",
			func(m interview, at hit) {
				if m.GetMinutes() > minutesOfADay {
					at("", "minutes", number(m.GetMinutes()))
				}
			}),
		is("allegation-without-risk", "reprisal_risk", WeightMissing, "Ill-treatment was alleged and nobody judged how likely harm for it is.",
			func(m interview) bool {
				return m.GetAllegation() && m.GetReprisalRisk() <= daylightv1.ReprisalRisk_REPRISAL_RISK_NOT_ASSESSED
			}),
	}
}

func consentRules() []FlagRule {
	return []FlagRule{
		is("interview-without-consents", "consents", WeightMissing, "No consent is recorded, so every use counts as refused.",
			func(m interview) bool { return len(m.GetConsents()) == 0 && len(m.GetWithdrawals()) == 0 }),
		each("consent-without-state", "consents", WeightMissing, "A consent is listed and the answer is not, so it counts as refused.",
			func(m interview, at hit) {
				for _, c := range m.GetConsents() {
					if c.GetState() == 0 {
						at(c.GetScope().String())
					}
				}
			}),
		each("took-part-against-will", "consents", WeightDoubt, "The person refused to take part, and an interview is recorded.",
			func(m interview, at hit) {
				if saidNo(m, daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART) && m.GetMinutes() > 0 && !withdrew(m, daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART) {
					at(daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART.String())
				}
			}),
		each("publish-personal-not-express", "consents", WeightDoubt, "Consent to publish personal data must be express, and has no date: it counts as refused.",
			func(m interview, at hit) {
				for _, c := range m.GetConsents() {
					if c.GetScope() == daylightv1.ConsentScope_CONSENT_SCOPE_PUBLISH_PERSONAL && given(c) && c.GetOn() == "" {
						at(c.GetScope().String())
					}
				}
			}),
		is("child-without-consent-giver", "consented_by", WeightMissing, "A child was interviewed, and it is not said who consented beside the child.",
			func(m interview) bool {
				return isChild(m) && !othersConsented(m) && slices.ContainsFunc(m.GetConsents(), given)
			}),
		each("consent-withdrawn", "withdrawals", WeightRemark, "A consent was withdrawn: what rests on it is neither shown nor used for that any more.",
			func(m interview, at hit) {
				for _, w := range m.GetWithdrawals() {
					at(w.GetScope().String())
				}
			}),
		each("consent-after-withdrawal", "consents", WeightDoubt, "A consent is dated after its withdrawal: the withdrawal counts until it is taken away.",
			func(m interview, at hit) {
				for _, c := range m.GetConsents() {
					if w := withdrawalOf(m, c.GetScope()); given(c) && before(w.GetOn(), c.GetOn()) {
						at(c.GetScope().String())
					}
				}
			}),
	}
}

func isChild(m interview) bool {
	return m.GetAgeGroup() == daylightv1.AgeGroup_AGE_GROUP_CHILD || m.GetAgeGroup() == daylightv1.AgeGroup_AGE_GROUP_INFANT
}

// othersConsented reports whether somebody consented beside the person.
func othersConsented(m interview) bool {
	return m.GetConsentedBy() > daylightv1.ConsentGiver_CONSENT_GIVER_PERSON
}
