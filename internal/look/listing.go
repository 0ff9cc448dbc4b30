package look

// Rows are links that lead further, one under another.
type Rows struct {
	Items []Row
	// Ordered: their order means something.
	Ordered bool
}

// Row is one line. With Href the whole line leads there.
type Row struct {
	Href string
	// Lead stands before the text: an icon, a pane, a tag.
	Lead Part
	// Text is the line, Under what is said of it in small letters, Count a number at its
	// end.
	Text, Under, Count Text
	// Words sets the text in the letters of the record.
	Words bool
	Tags  []Tag
	// Current is the line where the reader is.
	Current bool
	// Actions stand at the end of a line that leads nowhere.
	Actions []Part
}

// Symbol is an icon that leads a row.
type Symbol struct{ Icon Icon }

// Counts are numbers over their names, three in a line.
type Counts struct{ Items []Count }

// Count is one number. Zero sets it back, Attend off.
type Count struct {
	Name, Value  Text
	Href         string
	Attend, Zero bool
}

// Facts are labels and values, in columns.
type Facts struct {
	Items []Fact
	// Leaf puts a sheet under them.
	Leaf bool
}

// Pairs are labels and values, one pair a line.
type Pairs struct {
	Items []Fact
	Small bool
}

// Fact is a label and its value.
type Fact struct{ Name, Value Text }

// Points are sentences in a list, Ordered with numbers.
type Points struct {
	Items   []Text
	Ordered bool
	Small   bool
}

// Docket is what needs a decision, with its clock.
type Docket struct{ Items []Decision }

// Decision is one line of the docket.
type Decision struct {
	// Clock is how long there is, or how much; ClockUnder says of what.
	Clock, ClockUnder Text
	Tags              []Tag
	Title, Under      Text
	// Action is one: a button.
	Action         Part
	Urgent, Attend bool
	ID             string
}

// Ledger is a table. Its first cell in each row is the row's name.
type Ledger struct {
	// Caption says what the table holds and in which order.
	Caption Text
	// CaptionSeen shows it.
	CaptionSeen bool
	Head        []Column
	Rows        []Line
	// Stack folds each row into a leaf on a phone; else the table scrolls.
	Stack bool
	// Slim is for tables under charts.
	Slim bool
}

// Column is a head of a table.
type Column struct {
	Text Text
	// Right is for numbers; Whole is never broken.
	Right, Whole bool
	// Sort leads to the same list in the order of this column; Up and Down say that it is
	// in it now.
	Sort     string
	Up, Down bool
}

// Line is a row of a table.
type Line struct {
	Cells []Cell
	// Href makes the first cell lead there.
	Href string
	ID   string
}

// Cell is a field of a table: a text, and parts under it.
type Cell struct {
	Text, Under Text
	Body        []Part
}

// Lead is the first cell of a line.
func (l Line) Lead() Cell {
	if len(l.Cells) == 0 {
		return Cell{}
	}
	return l.Cells[0]
}

// Rest are the cells after the first.
func (l Line) Rest() []Cell {
	if len(l.Cells) == 0 {
		return nil
	}
	return l.Cells[1:]
}

// Column gives the head over the cell at a place of Rest.
func (l Ledger) Column(i int) Column {
	if i+1 >= len(l.Head) {
		return Column{}
	}
	return l.Head[i+1]
}

// Log is history in sentences, newest first.
type Log struct{ Items []Entry }

// Entry is one change.
type Entry struct {
	Whose Whose
	// Text is the sentence: who did what.
	Text Text
	// Body may hold the words that changed.
	Body []Part
	// When, device and clock.
	When Text
}

// Whose says whose voice it is, by the shape of its mark.
type Whose string

// Whose voice.
const (
	Nobodys Whose = ""
	Mine    Whose = "mine"
	Theirs  Whose = "theirs"
	Offices Whose = "office"
	Two     Whose = "two"
)

// Filters are a form whose address is the view: it can be saved, sent and gone back to.
type Filters struct {
	Action string
	// Body are questions.
	Body []Part
	// Views are saved ones; Clear leads to the list without filters.
	Views []Link
	Clear Link
	// Submit instead of "Show".
	Submit Text
}

// Find is the field to find something by, in the head of a page.
type Find struct {
	Action            string
	Name, Value       string
	Label, Hint, Text Text
}

// Pager leads through a long list.
type Pager struct {
	Earlier, Later string
	// From and To are the numbers of the first and last line shown, N of all; N below 0:
	// not counted.
	From, To, N int
}

// Shots are pieces of evidence: shapes only; a photograph never shows outside its record.
type Shots struct{ Items []Shot }

// Shot is one of them.
type Shot struct {
	Href string
	Icon Icon
	Text Text
}

func (Rows) partial() string    { return "rows" }
func (Symbol) partial() string  { return "symbol" }
func (Counts) partial() string  { return "counts" }
func (Facts) partial() string   { return "facts" }
func (Pairs) partial() string   { return "pairs" }
func (Points) partial() string  { return "points" }
func (Docket) partial() string  { return "docket" }
func (Ledger) partial() string  { return "ledger" }
func (Log) partial() string     { return "log" }
func (Filters) partial() string { return "filters" }
func (Find) partial() string    { return "find" }
func (Pager) partial() string   { return "pager" }
func (Shots) partial() string   { return "shots" }
