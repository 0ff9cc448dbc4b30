package record

import (
	"slices"
	"sync"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// wholeRules are the rules that need more than one record.
var wholeRules = sync.OnceValue(func() []FlagRule {
	return slices.Concat(gapsOfVisit(), dangerRules(), supportRules(), answerRules())
})

// found says that a rule holds for a record, for its element with that key or for a whole
// field, and gives the params by name and value.
type found func(id, key string, params ...string)

// across makes a rule about records of a kind that needs others beside them.
func across(code string, k Kind, field string, w Weight, text string, find func(*Whole, found)) FlagRule {
	return FlagRule{Code: code, Kinds: []Kind{k}, Field: field, Weight: w, Text: text, across: func(all *Whole, say func(Remark)) {
		find(all, func(id, key string, params ...string) {
			say(Remark{Kind: k, ID: id, Flag: Flag{Key: key, Params: Paired(params)}})
		})
	}}
}

// gapsOfVisit is what a whole visit has to say about itself. A visit that was turned
// away at the gate is asked why and by whom, not for what is inside.
func gapsOfVisit() []FlagRule {
	missing := func(code, field, text string, lacks func(*Whole) bool) FlagRule {
		return across(code, Visit, field, WeightMissing, text, func(w *Whole, at found) {
			if w.Visit != nil && lacks(w) {
				at(w.Visit.GetId(), "")
			}
		})
	}
	inside := func(w *Whole) bool { return !w.TurnedAway() && !isRemote(w.Visit) }
	return []FlagRule{
		missing("arrival-not-recorded", "arrived_at", "It is not recorded when the team arrived.",
			func(w *Whole) bool { return !isRemote(w.Visit) && w.Visit.GetArrivedAt() == "" }),
		missing("sessions-not-recorded", "sessions", "No time inside is recorded.",
			func(w *Whole) bool {
				return inside(w) && len(w.Visit.GetSessions()) == 0 && !fieldWorkDone(w.Visit.GetState())
			}),
		across("right-not-rated", Visit, "access", WeightMissing, "It is not said how the right {right} was honoured.", rightsNotRated),
		missing("population-not-counted", "population", "Nobody's count of all persons held is recorded.",
			func(w *Whole) bool { return inside(w) && !countsTotal(w.Visit) }),
		across("refused-without-obstruction", Visit, "access", WeightMissing, "The right {right} was refused and no incident tells how.", refusalsUntold),
		missing("obstructed-without-incident", "state", "The visit ended at the gate and no incident tells how.",
			func(w *Whole) bool { return w.TurnedAway() && !refused(w.Visit) && len(w.Incidents) == 0 }),
		missing("closing-talk-not-recorded", "closing_points", "Nothing of the closing talk is recorded.",
			func(w *Whole) bool { return inside(w) && len(w.Visit.GetClosingPoints()) == 0 }),
		across("checklist-not-started", Visit, "checklists", WeightMissing, "The checklist {checklist} was taken along and nobody began it.", checklistsNotStarted),
		across("counts-differ", Visit, "population", WeightRemark, "The counts of {category} range from {least} to {most} by source: {difference} apart.", countsThatDiffer),
	}
}

// treatyRights are those of OPCAT 20; the others are powers of national law.
const firstRight, lastRight = daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS, daylightv1.AccessRight_ACCESS_RIGHT_A20F_SPT_CONTACT

func rightsNotRated(w *Whole, at found) {
	if w.Visit == nil || isRemote(w.Visit) {
		return
	}
	for right := firstRight; right <= lastRight; right++ {
		listed := slices.ContainsFunc(w.Visit.GetAccess(), func(a *daylightv1.AccessRecord) bool { return a.GetRight() == right })
		if !listed && (!w.TurnedAway() || right == allPremises) {
			at(w.Visit.GetId(), right.String(), "right", right.String())
		}
	}
}

func countsTotal(v visit) bool {
	return slices.ContainsFunc(v.GetPopulation(), func(c *daylightv1.PopulationCount) bool {
		return c.Persons != nil && c.GetCategory() == totalHeld
	})
}

// refusalsUntold: an incident that names no right may tell of any.
func refusalsUntold(w *Whole, at found) {
	if w.Visit == nil {
		return
	}
	for _, a := range w.Visit.GetAccess() {
		told := slices.ContainsFunc(w.Incidents, func(i *daylightv1.ObstructionIncident) bool {
			return i.GetRight() == a.GetRight() || i.GetRight() == 0
		})
		if a.GetRating() == daylightv1.AccessRating_ACCESS_RATING_REFUSED && !told {
			at(w.Visit.GetId(), a.GetRight().String(), "right", a.GetRight().String())
		}
	}
}

func checklistsNotStarted(w *Whole, at found) {
	if w.Visit == nil || w.TurnedAway() {
		return
	}
	for _, code := range w.Visit.GetChecklists() {
		if !slices.ContainsFunc(w.Responses, func(r *daylightv1.ChecklistResponse) bool { return r.GetChecklistCode() == code }) {
			at(w.Visit.GetId(), code, "checklist", code)
		}
	}
}

func countsThatDiffer(w *Whole, at found) {
	if w.Visit == nil {
		return
	}
	for _, row := range SideBySide(nil, w.Visit) {
		if row.Differ {
			at(w.Visit.GetId(), "", "category", row.Category, "least", number(row.Least), "most", number(row.Most), "difference", number(row.Most-row.Least))
		}
	}
}
