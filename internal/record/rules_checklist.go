package record

import (
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type checklist = *daylightv1.Checklist

func checklistRules() []FlagRule {
	return []FlagRule{
		is("checklist-without-code", "code", WeightMissing, "The checklist has no code.",
			func(m checklist) bool { return m.GetCode() == "" }),
		is("checklist-without-version", "version", WeightMissing, "The checklist has no version.",
			func(m checklist) bool { return m.GetVersion() == "" }),
		is("checklist-without-title", "titles", WeightMissing, "The checklist has no title in any language.",
			func(m checklist) bool { return len(m.GetTitles()) == 0 }),
		is("checklist-without-question", "questions", WeightMissing, "The checklist asks nothing.",
			func(m checklist) bool { return len(m.GetQuestions()) == 0 }),
		each("question-without-type", "questions", WeightMissing, "A question has no type.",
			func(m checklist, at hit) {
				for _, q := range m.GetQuestions() {
					if q.GetType() == "" {
						at(q.GetName())
					}
				}
			}),
		each("question-without-choices", "questions", WeightDoubt, "A question names a list of choices that the checklist does not have.", missingChoices),
		each("question-in-unknown-group", "questions", WeightDoubt, "A question stands in a group that the checklist does not have.", missingGroups),
	}
}

func missingChoices(m checklist, at hit) {
	lists := map[string]bool{}
	for _, c := range m.GetChoices() {
		list, _, _ := strings.Cut(c.GetKey(), "/")
		lists[list] = true
	}
	for _, q := range m.GetQuestions() {
		if q.GetList() != "" && !lists[q.GetList()] {
			at(q.GetName())
		}
	}
}

func missingGroups(m checklist, at hit) {
	names := map[string]bool{}
	for _, q := range m.GetQuestions() {
		names[q.GetName()] = true
	}
	for _, q := range m.GetQuestions() {
		if q.GetParent() != "" && !names[q.GetParent()] {
			at(q.GetName())
		}
	}
}

type response = *daylightv1.ChecklistResponse

func responseRules() []FlagRule {
	every := func(code string, text string, wrong func(response, *daylightv1.Answer) bool) FlagRule {
		return each(code, "answers", WeightDoubt, text, func(m response, at hit) {
			for _, a := range m.GetAnswers() {
				if wrong(m, a) {
					at(a.GetKey())
				}
			}
		})
	}
	const answered = daylightv1.AnswerState_ANSWER_STATE_ANSWERED
	return []FlagRule{
		is("response-without-checklist", "checklist_id", WeightMissing, "It is not said which checklist is answered.",
			func(m response) bool { return m.GetChecklistId() == "" && m.GetChecklistCode() == "" }),
		is("response-without-answers", "answers", WeightMissing, "The checklist was taken along and nothing in it is answered.",
			func(m response) bool { return len(m.GetAnswers()) == 0 }),
		is("continues-itself", "continues_id", WeightDoubt, "The response is named as its own older one.",
			func(m response) bool { return m.GetId() != "" && m.GetContinuesId() == m.GetId() }),
		every("answered-without-value", "A question counts as answered, and no answer is given.",
			func(_ response, a *daylightv1.Answer) bool { return a.GetState() == answered && a.GetValue() == "" }),
		every("value-without-answer", "A question counts as not answered, and an answer is given.",
			func(_ response, a *daylightv1.Answer) bool { return a.GetState() > answered && a.GetValue() != "" }),
		every("answered-after-end", "A question was answered after the checklist was finished.",
			func(m response, a *daylightv1.Answer) bool { return before(m.GetFinishedAt(), a.GetAnsweredAt()) }),
		every("answer-in-unknown-turn", "An answer belongs to a turn of a repeat that the response does not have.",
			func(m response, a *daylightv1.Answer) bool {
				_, turn, ok := strings.Cut(a.GetKey(), "/")
				return ok && !slices.ContainsFunc(m.GetInstances(), func(i *daylightv1.RepeatInstance) bool { return i.GetId() == turn })
			}),
	}
}
