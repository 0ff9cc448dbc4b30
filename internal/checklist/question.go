package checklist

import (
	"strconv"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Type is a question's type, as XLSForm calls it.
type Type string

// The types that a form may hold. An importer turns all older and other words into these.
const (
	TypeText           Type = "text"
	TypeInteger        Type = "integer"
	TypeDecimal        Type = "decimal"
	TypeRange          Type = "range"
	TypeDate           Type = "date"
	TypeTime           Type = "time"
	TypeDateTime       Type = "dateTime"
	TypeSelectOne      Type = "select_one"
	TypeSelectMultiple Type = "select_multiple"
	TypeRank           Type = "rank"
	TypeNote           Type = "note"
	TypeCalculate      Type = "calculate"
	TypeHidden         Type = "hidden"
	TypeGeopoint       Type = "geopoint"
	TypeGeotrace       Type = "geotrace"
	TypeGeoshape       Type = "geoshape"
	TypeImage          Type = "image"
	TypeAudio          Type = "audio"
	TypeVideo          Type = "video"
	TypeFile           Type = "file"
	TypeAcknowledge    Type = "acknowledge"
	TypeGroup          Type = "begin_group"
	TypeRepeat         Type = "begin_repeat"
	TypeStart          Type = "start"
	TypeEnd            Type = "end"
	TypeToday          Type = "today"
)

// role is what a type does on a page.
type role uint8

const (
	asks      role = iota + 1 // a person answers it
	tells                     // a note
	computes                  // nobody sees it
	contains                  // a group or repeat
	remembers                 // filled in by the program: start, end, today
	attaches                  // a file, which comes with a later program
)

var roles = map[Type]role{
	TypeText: asks, TypeInteger: asks, TypeDecimal: asks, TypeRange: asks, TypeDate: asks, TypeTime: asks, TypeDateTime: asks,
	TypeSelectOne: asks, TypeSelectMultiple: asks, TypeRank: asks, TypeGeopoint: asks, TypeGeotrace: asks, TypeGeoshape: asks,
	TypeAcknowledge: asks, TypeNote: tells, TypeCalculate: computes, TypeHidden: computes, TypeGroup: contains, TypeRepeat: contains,
	TypeStart: remembers, TypeEnd: remembers, TypeToday: remembers,
	TypeImage: attaches, TypeAudio: attaches, TypeVideo: attaches, TypeFile: attaches,
}

// Known reports whether a form may hold questions of the type.
func (t Type) Known() bool { return roles[t] != 0 }

// Select reports whether its answers are choices of a list.
func (t Type) Select() bool {
	return t == TypeSelectOne || t == TypeSelectMultiple || t == TypeRank
}

// Question is one row of a form: a question, a note, a calculation, a group or a repeat.
// It never changes.
type Question struct {
	// Name is unique in the form; Called is what expressions and tables call it, the same
	// but where several groups use one name.
	Name, Called string
	Type         Type
	// List is the list of choices of a select or rank; empty for others.
	List string

	// Parent is the group or repeat that it stands in, nil at the top; Repeat the nearest
	// repeat around it, nil where there is none. A repeat is not its own.
	Parent, Repeat *Question
	// Children are what stands in a group or repeat, in order.
	Children []*Question

	// Appearance and Parameters are hints for the page, as start=0 end=10 step=1.
	Appearance string
	Parameters map[string]string

	// Topic and Standards are for findings; Method is where the answer comes from mostly.
	Topic, Method string
	Standards     []string

	// Later: an image, a sound, a film, a file; shown, and not yet to be answered.
	Later bool
	// Computed: a calculation makes its value; a person cannot.
	Computed bool
	// Counted: how many turns the repeat has follows from an expression.
	Counted bool
	// States: the states of an answer (not asked, refused and so on) are offered for it.
	States bool
	// StateOf is the question whose state this one tells, nil for most. Such a row is for
	// other tools and stands on no page.
	StateOf *Question

	form  *Form
	row   *daylightv1.ChecklistQuestion
	index int // in Form.questions
	slot  int // in Parent.Children
	depth int // how many groups and repeats are around it
	role  role
	list  *list
	rules rules

	// told by: the state_of rows about this question.
	explained []*Question
	// triggered are the questions that are calculated anew when this one changes.
	triggered []*Question
	// growing: a repeat that is counted by what stands in it.
	growing bool
}

// rules are a question's expressions; nil where there is none.
type rules struct {
	relevant, constraint, required, readOnly, filter, calculation, initial, count, suggest *formula
	// trigger holds the questions whose change has the calculation made.
	trigger []*Question
	// literal is a default that is no expression.
	literal string
	// once: the calculation keeps the first value that it gets.
	once bool
}

// stored reports whether what the calculation gives is kept as an answer.
func (q *Question) stored() bool { return q.rules.once || len(q.rules.trigger) > 0 }

// derived reports whether its value follows from others at any time.
func (q *Question) derived() bool {
	return q.StateOf != nil || q.rules.calculation != nil && !q.stored() || q.Type == TypeEnd
}

// Answerable reports whether a person answers it on a page.
func (q *Question) Answerable() bool {
	return q.role == asks && !q.Computed && q.StateOf == nil
}

// Row is the question as the form's record writes it, for showing how it asks. Do not change
// it.
func (q *Question) Row() *daylightv1.ChecklistQuestion { return q.row }

// Group reports whether it is a group; a repeat is none.
func (q *Question) Group() bool { return q.Type == TypeGroup }

// IsRepeat reports whether it is a repeat.
func (q *Question) IsRepeat() bool { return q.Type == TypeRepeat }

// Section is the outermost group or repeat that it stands in, itself where it stands at
// the top.
func (q *Question) Section() *Question {
	for q.Parent != nil {
		q = q.Parent
	}
	return q
}

// within reports whether q is a or stands in it.
func (q *Question) within(a *Question) bool {
	for ; q != nil; q = q.Parent {
		if q == a {
			return true
		}
	}
	return false
}

// Text is a text with the tag of the language that it is in.
type Text struct {
	Text, Language string
}

// Label is the question's label in a language; failing that in the form's own, failing
// that in any. References in it stand as they are written. Empty: it has none.
func (q *Question) Label(lang string) Text { return q.form.choose(q.row.GetLabels(), lang) }

// Hint is Label for the hint.
func (q *Question) Hint(lang string) Text { return q.form.choose(q.row.GetHints(), lang) }

// Guidance is Label for the longer hint, shown on demand.
func (q *Question) Guidance(lang string) Text { return q.form.choose(q.row.GetGuidance(), lang) }

// ConstraintMessage is Label for what is said of an answer that breaks the constraint.
func (q *Question) ConstraintMessage(lang string) Text {
	return q.form.choose(q.row.GetConstraintMessages(), lang)
}

// RequiredMessage is Label for what is said where a required answer is missing.
func (q *Question) RequiredMessage(lang string) Text {
	return q.form.choose(q.row.GetRequiredMessages(), lang)
}

// Choices are all choices of its list in order, the retired ones too.
func (q *Question) Choices(lang string) []Choice {
	if q.list == nil {
		return nil
	}
	out := make([]Choice, len(q.list.choices))
	for i, c := range q.list.choices {
		out[i] = c.in(q.form, lang)
	}
	return out
}

// Choice is one choice of a list.
type Choice struct {
	// Name is what is stored.
	Name  string
	Label Text
	// Retired: no longer offered, readable where it was chosen.
	Retired bool
	// Key is the choice's key in the form's record.
	Key string
}

// list is a list of choices, or an attached file.
type list struct {
	name    string
	choices []*choice
	byName  map[string]*choice // the first of each name
	states  bool               // has all names of states
	// mentions are the names of questions in the labels, as often as they stand there.
	mentions []string
}

type choice struct {
	name    string
	key     string
	place   int
	labels  []*daylightv1.LocalText
	retired bool
	columns []column
	state   daylightv1.AnswerState // what the name says in a list with states; 0 for others
}

type column struct{ name, value string }

func (c *choice) in(f *Form, lang string) Choice {
	label := f.choose(c.labels, lang)
	if label.Text == "" {
		label.Text = c.name
	}
	return Choice{Name: c.name, Label: label, Retired: c.retired, Key: c.key}
}

// parameters reads "start=0 end=10 step=1", with blanks, commas or semicolons between.
func parameters(s string) map[string]string {
	var out map[string]string
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(strings.ReplaceAll(s, " =", "="), "= ", "="), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\t' }) {
		name, value, ok := strings.Cut(part, "=")
		if !ok || name == "" {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[strings.ToLower(name)] = value
	}
	return out
}

// number is a parameter as a number.
func (q *Question) number(name string) (float64, bool) {
	v, err := strconv.ParseFloat(q.Parameters[name], 64)
	return v, err == nil
}
