package record

import (
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type register = *daylightv1.RegisterCheck

func registerRules() []FlagRule {
	shut := func(m register) bool { return m.GetAccess() == daylightv1.AccessRating_ACCESS_RATING_REFUSED }
	return slices.Concat([]FlagRule{
		is("register-without-type", "register_type", WeightMissing, "It is not said what kind of register was looked into.",
			func(m register) bool { return m.GetRegisterType() == "" }),
		is("register-without-period", "period_from", WeightMissing, "The period that was sampled is not said.",
			func(m register) bool { return !shut(m) && m.GetPeriodFrom() == "" && m.GetPeriodTo() == "" }),
		is("register-without-sample", "entries_seen", WeightMissing, "It is not said how many entries were read.",
			func(m register) bool { return !shut(m) && m.EntriesSeen == nil }),
		is("refused-but-read", "access", WeightDoubt, "The register was refused, and entries of it were read.",
			func(m register) bool { return shut(m) && m.GetEntriesSeen() > 0 }),
		is("period-reversed", "period_to", WeightDoubt, "The period ends before it begins.",
			func(m register) bool { return before(m.GetPeriodTo(), m.GetPeriodFrom()) }),
		is("checked-before-period-end", "checked_at", WeightDoubt, "The register was looked into before the period ended.",
			func(m register) bool { return before(m.GetCheckedAt(), m.GetPeriodTo()) }),
		each("seen-above-entries", "entries_seen", WeightDoubt, "{seen} entries were read of a period that has {entries}.",
			func(m register, at hit) {
				if m.EntriesInPeriod != nil && m.GetEntriesSeen() > m.GetEntriesInPeriod() {
					at("", "seen", number(m.GetEntriesSeen()), "entries", number(m.GetEntriesInPeriod()))
				}
			}),
		each("complete-above-seen", "entries_complete", WeightDoubt, "{complete} entries are complete of {seen} that were read.",
			func(m register, at hit) {
				if m.EntriesSeen != nil && m.GetEntriesComplete() > m.GetEntriesSeen() {
					at("", "complete", number(m.GetEntriesComplete()), "seen", number(m.GetEntriesSeen()))
				}
			}),
	}, gapRules())
}

func gapRules() []FlagRule {
	every := func(code string, w Weight, text string, wrong func(register, *daylightv1.RegisterGap) bool) FlagRule {
		return each(code, "gaps", w, text, func(m register, at hit) {
			for _, g := range m.GetGaps() {
				if wrong(m, g) {
					at(g.GetId())
				}
			}
		})
	}
	return []FlagRule{
		every("gap-reversed", WeightDoubt, "A gap ends before it begins.",
			func(_ register, g *daylightv1.RegisterGap) bool { return before(g.GetTo(), g.GetFrom()) }),
		every("gap-outside-period", WeightDoubt, "A gap lies outside the period that was sampled.",
			func(m register, g *daylightv1.RegisterGap) bool {
				return before(g.GetFrom(), m.GetPeriodFrom()) || before(m.GetPeriodTo(), g.GetTo())
			}),
		every("gap-above-entries", WeightDoubt, "A gap concerns more entries than the period has.",
			func(m register, g *daylightv1.RegisterGap) bool {
				return m.EntriesInPeriod != nil && g.GetEntries() > m.GetEntriesInPeriod()
			}),
		every("gap-without-content", WeightMissing, "A gap is listed, and neither when nor what is missing.",
			func(_ register, g *daylightv1.RegisterGap) bool {
				return g.GetFrom() == "" && g.GetTo() == "" && g.GetWhat() == ""
			}),
	}
}
