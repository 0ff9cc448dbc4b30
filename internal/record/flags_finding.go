package record

import (
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (f *flags) finding(m *daylightv1.Finding) {
	f.when(m.GetVisitId() == "", "finding-without-visit", "visit_id", "The finding belongs to no visit.")
	f.when(m.GetKind() == daylightv1.FindingKind_FINDING_KIND_UNSPECIFIED, "finding-without-kind", "kind", "It is not said what kind of observation this is.")
	f.when(m.GetTitle() == "" && m.GetNarrative() == "", "finding-without-text", "narrative", "The finding has neither a title nor a narrative.")
	f.severity(m)
	f.topic(m)
	f.evidence(m)
	f.individual(m)
	f.number(m.GetNumberAffected())
	f.when(before(m.GetRecordedAt(), m.GetObservedAt()), "recorded-before-observed", "recorded_at", "The finding was written down before it was observed.")
	f.when(m.GetId() != "" && m.GetRepeatsId() == m.GetId(), "repeats-itself", "repeats_id", "The finding is named as its own earlier finding.")
	f.when(m.GetId() != "" && slices.Contains(m.GetContradicts(), m.GetId()), "contradicts-itself", "contradicts", "The finding is named as contradicting itself.")
}

// severity is for concerns only.
func (f *flags) severity(m *daylightv1.Finding) {
	concern := m.GetKind() == daylightv1.FindingKind_FINDING_KIND_CONCERN
	given := m.GetSeverityProposed() != 0 || m.GetSeverityDecided() != 0
	f.when(given && !concern && m.GetKind() != 0, "severity-on-non-concern", "severity_proposed", "Severity is for concerns only.")
	f.when(concern && !given, "concern-without-severity", "severity_proposed", "The concern has no severity.")
}

// topic: its code begins with that of its area, as MAT.SPACE with MAT.
func (f *flags) topic(m *daylightv1.Finding) {
	area, topic := m.GetArea(), m.GetTopic()
	f.when(area == "" && topic == "", "finding-without-area", "area", "The finding has no area and no topic.")
	f.when(area != "" && topic != "" && !strings.HasPrefix(topic, area+"."), "topic-not-in-area", "topic", "The topic belongs to another area.")
}

func (f *flags) evidence(m *daylightv1.Finding) {
	sources := slices.Clone(m.GetSources())
	slices.Sort(sources)
	sources = slices.Compact(sources)
	status := m.GetEvidenceStatus()
	f.when(status == daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED && len(sources) < 2,
		"corroborated-needs-two-sources", "sources", "Corroborated needs at least two different kinds of source.")
	f.when(status != 0 && len(sources) == 0 && status != daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED,
		"evidence-without-source", "sources", "The evidence is judged and no source is named.")
}

// individual: a case for referral is about one person and names nobody openly.
func (f *flags) individual(m *daylightv1.Finding) {
	individual := m.GetKind() == daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE
	wide := m.GetScope() > daylightv1.FindingScope_FINDING_SCOPE_ONE_PERSON
	open := m.GetConfidentiality() < daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED // not set is internal
	f.when(individual && wide, "individual-case-scope", "scope", "An individual case speaks of one person.")
	f.when(individual && open, "individual-case-open", "confidentiality", "An individual case should be restricted or sealed.")
	f.when(individual && m.GetInClosingTalk(), "individual-case-in-closing-talk", "in_closing_talk", "Raising an individual case in the closing talk may expose the person.")
}

func (f *flags) number(n *daylightv1.CountRange) {
	if n == nil {
		return
	}
	f.when(n.AtLeast != nil && n.AtMost != nil && n.GetAtLeast() > n.GetAtMost(), "number-range-reversed", "number_affected", "The lower bound is above the upper bound.")
	outside := n.AtLeast != nil && n.GetExact() < n.GetAtLeast() || n.AtMost != nil && n.GetExact() > n.GetAtMost()
	f.when(n.Exact != nil && outside, "number-outside-range", "number_affected", "The exact number lies outside the bounds.")
	some := n.Exact != nil || n.AtLeast != nil || n.AtMost != nil
	f.when(n.GetUnknown() && some, "number-known-and-unknown", "number_affected", "The number is marked as unknown and given as well.")
}
