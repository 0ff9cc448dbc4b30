package record

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func termRules() []FlagRule {
	type term = *daylightv1.Term
	return []FlagRule{
		is("term-without-code", "code", WeightMissing, "The term has no list or no code, so nothing can be classified with it.",
			func(m term) bool { return m.GetList() == "" || m.GetCode() == "" }),
		is("term-without-label", "labels", WeightMissing, "The term has no label in any language.",
			func(m term) bool { return len(m.GetLabels()) == 0 }),
		is("term-own-parent", "parent", WeightDoubt, "The term is named as its own group in its own list.",
			func(m term) bool { return m.GetCode() != "" && m.GetParent() == m.GetCode() }),
	}
}

func standardRules() []FlagRule {
	type standard = *daylightv1.Standard
	return []FlagRule{
		is("standard-without-ref", "ref", WeightMissing, "The standard has no reference by which it could be cited.",
			func(m standard) bool { return m.GetRef() == "" }),
		is("standard-without-title", "titles", WeightMissing, "It is not said in any language what the standard asks.",
			func(m standard) bool { return len(m.GetTitles()) == 0 }),
		is("standard-without-binding", "binding", WeightMissing, "It is not said how far the standard binds the State.",
			func(m standard) bool { return m.GetBinding() == 0 }),
		is("standard-to-look-up", "checked", WeightRemark, "Number and subject are to be looked up before the standard is cited.",
			func(m standard) bool { return m.GetChecked() == daylightv1.StandardCheck_STANDARD_CHECK_UNSURE }),
		is("standard-retired-before-it-applies", "retired_on", WeightDoubt, "The standard was retired before it applied.",
			func(m standard) bool { return before(m.GetRetiredOn(), m.GetAppliesFrom()) }),
	}
}
