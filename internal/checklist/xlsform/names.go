package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// settleNames gives every question the name that is its own in the form: the one on the
// form, or where groups share it, the path of the groups' names. Two of one name in one
// group are refused.
func (r *reader) settleNames() {
	r.dropMade()
	count := map[string]int{}
	for _, q := range r.rows {
		count[q.called]++
	}
	type seat struct {
		parent *question
		name   string
	}
	first := map[seat]*question{}
	for i, q := range r.rows {
		if before := first[seat{q.parent, q.called}]; before != nil {
			r.refuse(r.survey, q.row, "name", Remark{Code: "name-twice", Text: fmt.Sprintf("the name %q stands in this group already, in row %d", shown(q.called), before.row.At), Cure: "give one of the two another name"})
		} else {
			first[seat{q.parent, q.called}] = q
		}
		if count[q.called] > 1 {
			if path := pathOf(q); path != q.called {
				q.Name = path
				called := q.called
				q.Called = &called
			}
		}
		if q.parent != nil {
			parent := q.parent.Name
			q.Parent = &parent
		}
		order := uint32(i + 1)
		q.Order = &order
		r.places[q.Name] = place{r.survey, q.row}
	}
	r.caseOnly()
}

// dropMade takes the questions of or_other out that the form writes itself.
func (r *reader) dropMade() {
	r.rows = slices.DeleteFunc(r.rows, func(q *question) bool {
		return q.made && slices.ContainsFunc(r.rows, func(o *question) bool { return !o.made && o.parent == q.parent && o.called == q.called })
	})
}

func pathOf(q *question) string {
	path := []string{q.called}
	for p := q.parent; p != nil; p = p.parent {
		path = append(path, p.called)
	}
	slices.Reverse(path)
	return strings.Join(path, "~")
}

// caseOnly tells of names in one group that only capitals keep apart: exports to
// spreadsheets and databases confuse them.
func (r *reader) caseOnly() {
	type seat struct {
		parent *question
		name   string
	}
	seen := map[seat]*question{}
	for _, q := range r.rows {
		s := seat{q.parent, strings.ToLower(q.called)}
		if before := seen[s]; before != nil && before.called != q.called {
			r.note(r.survey, q.row, "name", Remark{Code: "name-alike", Text: fmt.Sprintf("only capitals keep %q apart from %q in row %d", shown(q.called), shown(before.called), before.row.At), Cure: "give one of the two another name"})
		}
		seen[s] = q
	}
}

// states is how many choices a list has that only says why there is no answer.
const states = 5

// settleStates finds the rows that ask why another was left blank: those that say so, and
// those called as another question with _na behind, whose list has the five states alone.
func (r *reader) settleStates() {
	for _, q := range r.rows {
		if q.StateOf != nil {
			r.settleStateOf(q)
			continue
		}
		of, ok := strings.CutSuffix(q.called, "_na")
		if !ok || q.GetType() != "select_one" || !r.onlyStates(q.GetList()) {
			continue
		}
		if i := slices.IndexFunc(r.rows, func(o *question) bool { return o.called == of && o.parent == q.parent && isQuestion(o) }); i >= 0 {
			name := r.rows[i].Name
			q.StateOf = &name
		}
	}
}

func isQuestion(q *question) bool {
	switch q.GetType() {
	case "begin_group", "begin_repeat", "note", "calculate":
		return false
	}
	return true
}

func (r *reader) settleStateOf(q *question) {
	of := q.GetStateOf()
	var at []*question
	for _, o := range r.rows {
		if o.Name == of || o.called == of && isQuestion(o) {
			at = append(at, o)
		}
	}
	near := slices.IndexFunc(at, func(o *question) bool { return o.parent == q.parent || o.Name == of })
	switch {
	case near >= 0:
		q.StateOf = &at[near].Name
	case len(at) == 1:
		q.StateOf = &at[0].Name
	case len(at) > 1:
		r.refuse(r.survey, q.row, "state_of", Remark{Code: "ambiguous-reference", Text: fmt.Sprintf("several questions are called %s", shown(of)), Cure: "name one that only one question has"})
	default:
		r.refuse(r.survey, q.row, "state_of", Remark{Code: "unknown-reference", Text: fmt.Sprintf("no question is called %s", shown(of)), Cure: r.didYouMean(of)})
	}
}

func (r *reader) didYouMean(name string) string {
	var all []string
	for _, q := range r.rows {
		all = append(all, q.called)
	}
	if near := nearest(name, all); near != "" {
		return "did you mean " + shown(near) + "?"
	}
	return "write the name of a question as it stands in the column name"
}

func (r *reader) onlyStates(name string) bool {
	l := r.listNamed(name)
	return l != nil && len(l.choices) == states && !slices.ContainsFunc(l.choices, func(c *daylightv1.ChecklistChoice) bool { return checklist.StateNamed(nameOf(c)) == 0 })
}
