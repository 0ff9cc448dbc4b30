package record

import (
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type finding = *daylightv1.Finding

func findingRules() []FlagRule {
	return slices.Concat([]FlagRule{
		is("finding-without-visit", "visit_id", WeightMissing, "The finding belongs to no visit.",
			func(m finding) bool { return m.GetVisitId() == "" }),
		is("finding-without-kind", "kind", WeightMissing, "It is not said what kind of observation this is.",
			func(m finding) bool { return m.GetKind() == 0 }),
		is("finding-without-text", "narrative", WeightMissing, "The finding has neither a title nor a narrative.",
			func(m finding) bool { return m.GetTitle() == "" && m.GetNarrative() == "" }),
		is("severity-on-non-concern", "severity_proposed", WeightDoubt, "Severity is for concerns only.",
			func(m finding) bool { return hasSeverity(m) && !isConcern(m) && m.GetKind() != 0 }),
		is("concern-without-severity", "severity_proposed", WeightMissing, "The concern has no severity.",
			func(m finding) bool { return isConcern(m) && !hasSeverity(m) }),
		is("finding-without-area", "area", WeightMissing, "The finding has no area and no topic.",
			func(m finding) bool { return m.GetArea() == "" && m.GetTopic() == "" }),
		is("finding-without-topic", "topic", WeightMissing, "The finding has an area and no topic.",
			func(m finding) bool { return m.GetArea() != "" && m.GetTopic() == "" }),
		is("topic-not-in-area", "topic", WeightDoubt, "The topic belongs to another area.",
			func(m finding) bool {
				return m.GetArea() != "" && m.GetTopic() != "" && !strings.HasPrefix(m.GetTopic(), m.GetArea()+".")
			}),
		is("repeats-itself", "repeats_id", WeightDoubt, "The finding is named as its own earlier finding.",
			func(m finding) bool { return m.GetId() != "" && m.GetRepeatsId() == m.GetId() }),
		is("contradicts-itself", "contradicts", WeightDoubt, "The finding is named as contradicting itself.",
			func(m finding) bool { return m.GetId() != "" && slices.Contains(m.GetContradicts(), m.GetId()) }),
	}, evidenceRules(), individualRules(), numberRules(), checkRules())
}

func isConcern(m finding) bool { return m.GetKind() == daylightv1.FindingKind_FINDING_KIND_CONCERN }

func hasSeverity(m finding) bool { return m.GetSeverityProposed() != 0 || m.GetSeverityDecided() != 0 }

func evidenceRules() []FlagRule {
	return []FlagRule{
		is("corroborated-needs-two-sources", "sources", WeightDoubt, "Corroborated needs at least two different kinds of source.",
			func(m finding) bool { return isCorroborated(m) && sourcesAtMost(m) < 2 }),
		is("evidence-without-source", "sources", WeightMissing, "The evidence is judged and no source is named.",
			func(m finding) bool { return m.GetEvidenceStatus() != 0 && !isCorroborated(m) && sourcesAtMost(m) == 0 }),
		is("finding-without-evidence", "evidence_status", WeightMissing, "It is not said what the finding rests on.",
			func(m finding) bool { return m.GetEvidenceStatus() == 0 && sourcesAtMost(m) == 0 }),
		is("established-by-accounts", "evidence_status", WeightDoubt, "The finding counts as established by the team and rests on accounts only.",
			func(m finding) bool {
				established := m.GetEvidenceStatus() == daylightv1.EvidenceStatus_EVIDENCE_STATUS_ESTABLISHED
				return established && sourcesAtMost(m) > 0 && onlyAccounts(m)
			}),
	}
}

func isCorroborated(m finding) bool {
	return m.GetEvidenceStatus() == daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED
}

// sourcesAtMost counts the kinds of source that a finding may rest on: those that it
// names, and what the records that it is tied to can be. Which kind of source an
// interview is, only the interview tells: Whole.Sources counts exactly.
func sourcesAtMost(m finding) int {
	kinds := impliedSources(m)
	if len(m.GetInterviewIds()) > 0 && !slices.ContainsFunc(kinds, isAccount) {
		return len(kinds) + len(m.GetInterviewIds())
	}
	return len(kinds)
}

// impliedSources are the kinds of source that the finding itself tells, sorted.
func impliedSources(m finding) []daylightv1.EvidenceSource {
	kinds := slices.DeleteFunc(slices.Clone(m.GetSources()), func(s daylightv1.EvidenceSource) bool { return s == 0 })
	if len(m.GetMeasurementIds()) > 0 {
		kinds = append(kinds, daylightv1.EvidenceSource_EVIDENCE_SOURCE_MEASUREMENT)
	}
	if len(m.GetRegisterCheckIds()) > 0 {
		kinds = append(kinds, daylightv1.EvidenceSource_EVIDENCE_SOURCE_REGISTER)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// isAccount reports whether the source is what somebody of the place said.
func isAccount(s daylightv1.EvidenceSource) bool {
	return s >= daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_DETAINEE && s <= daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_MANAGEMENT
}

func onlyAccounts(m finding) bool {
	return !slices.ContainsFunc(impliedSources(m), func(s daylightv1.EvidenceSource) bool { return !isAccount(s) })
}

// individualRules: a case for referral is about one person and names nobody openly.
func individualRules() []FlagRule {
	individual := func(m finding) bool { return m.GetKind() == daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE }
	return []FlagRule{
		is("individual-case-scope", "scope", WeightDoubt, "An individual case speaks of one person.",
			func(m finding) bool {
				return individual(m) && m.GetScope() > daylightv1.FindingScope_FINDING_SCOPE_ONE_PERSON
			}),
		is("individual-case-open", "confidentiality", WeightDoubt, "An individual case should be restricted or sealed.",
			func(m finding) bool { // not set is internal
				return individual(m) && m.GetConfidentiality() < daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED
			}),
		is("individual-case-in-closing-talk", "in_closing_talk", WeightDoubt, "Raising an individual case in the closing talk may expose the person.",
			func(m finding) bool { return individual(m) && m.GetInClosingTalk() }),
		is("closing-talk-shows-source", "in_closing_talk", WeightDoubt, "Raising in the closing talk what one interview told may expose who spoke.",
			func(m finding) bool {
				return !individual(m) && m.GetInClosingTalk() && len(m.GetInterviewIds()) == 1 && onlyAccounts(m)
			}),
	}
}

func numberRules() []FlagRule {
	return []FlagRule{
		is("number-range-reversed", "number_affected", WeightDoubt, "The lower bound is above the upper bound.",
			func(m finding) bool {
				n := m.GetNumberAffected()
				return n != nil && n.AtMost != nil && n.GetAtLeast() > n.GetAtMost()
			}),
		is("number-outside-range", "number_affected", WeightDoubt, "The exact number lies outside the bounds.",
			func(m finding) bool {
				n := m.GetNumberAffected()
				return n != nil && n.Exact != nil && (n.GetExact() < n.GetAtLeast() || n.AtMost != nil && n.GetExact() > n.GetAtMost())
			}),
		is("number-known-and-unknown", "number_affected", WeightDoubt, "The number is marked as unknown and given as well.",
			func(m finding) bool {
				n := m.GetNumberAffected()
				return n.GetUnknown() && (n.Exact != nil || n.AtLeast != nil || n.AtMost != nil)
			}),
	}
}

// checkRules are of findings that check what became of a recommendation.
func checkRules() []FlagRule {
	return []FlagRule{
		is("check-without-result", "implementation_seen", WeightMissing, "The finding checks a recommendation and does not say what was seen of it.",
			func(m finding) bool { return m.GetChecksId() != "" && m.GetImplementationSeen() == 0 }),
		is("result-without-check", "checks_id", WeightMissing, "It is said what was seen of a recommendation, and not of which.",
			func(m finding) bool { return m.GetChecksId() == "" && m.GetImplementationSeen() != 0 }),
	}
}
