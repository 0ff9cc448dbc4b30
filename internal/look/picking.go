package look

import "strconv"

// Pick is a question with many answers, of which any number is chosen: what is chosen and
// what is likely stand in sight, the rest unfolds by groups, and a script finds among all of
// them by what is typed. Without it every answer can be reached.
type Pick struct {
	Name        string
	Legend      Text
	Hint, Error Text
	Groups      []PickGroup
	// Find is what the field to find by is called; None says that nothing is called so.
	Find, None Text
	Missing    bool
	Beside     []Part
}

// PickGroup are answers under a heading.
type PickGroup struct {
	Text Text
	// InSight: it does not unfold.
	InSight bool
	Options []Choice
}

func (Pick) partial() string { return "pick" }

// ID is that of the first choice: a link to the question leads to it.
func (p Pick) ID() string { return FieldID(p.Name) }

// Described are the ids of what is said about the question.
func (p Pick) Described() string { return described(p.ID(), p.Hint, p.Error, p.Missing) }

// Picked is one group as it is drawn: its choices have ids that no other has.
type Picked struct {
	PickGroup
	Name string
	from int
}

// Drawn are the groups that have choices, numbered through.
func (p Pick) Drawn() (out []Picked) {
	n := 0
	for _, g := range p.Groups {
		if len(g.Options) > 0 {
			out = append(out, Picked{g, p.Name, n})
		}
		n += len(g.Options)
	}
	return out
}

// At is the id of the choice at that place.
func (g Picked) At(i int) string {
	if g.from+i == 0 {
		return FieldID(g.Name)
	}
	return FieldID(g.Name) + "-" + strconv.Itoa(g.from+i)
}
