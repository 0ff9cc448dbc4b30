package look

// Heading is the one h1 of a field page; the office's stands in its shell.
type Heading struct {
	// Over is a line above, Under a sentence below; Tags say what state it is in.
	Over, Text, Under Text
	Tags              []Tag
	// Unseen: the bar says it already; it is read aloud only.
	Unseen bool
	// Mono is for codes.
	Mono bool
}

// Section is a part of a page with a heading.
type Section struct {
	Heading Text
	// Unseen: the heading is read aloud only.
	Unseen bool
	// Beside stands at the other end of the heading's line: a link, a button, a time.
	Beside Part
	// ID lets other pages lead to it.
	ID   string
	Body []Part
}

// Leaf is a sheet of paper on the wall. Use few.
type Leaf struct {
	Over, Heading Text
	Beside        Part
	// Lit is the one place to continue from: one a page.
	Lit bool
	// Words sets the heading in the letters of the record.
	Words bool
	// Live: what changes in it is read aloud, politely.
	Live bool
	ID   string
	Body []Part
}

// Well is let into a leaf.
type Well struct{ Body []Part }

// Flow sets parts under each other; Tight with less space.
type Flow struct {
	Tight bool
	// ID lets links lead to it, and a script change what is in it.
	ID string
	// Script: it cannot work without script, and is not there in a browser that runs none.
	Script bool
	Body   []Part
}

// Cluster sets parts beside each other, as far as there is room.
type Cluster struct{ Body []Part }

// Spread sets the first part at one end of a line and the last at the other.
type Spread struct{ Body []Part }

// Para is a paragraph of the instrument.
type Para struct {
	Text        Text
	Soft, Small bool
	// Label sets it as a small heading that is none.
	Label bool
	// Live: it is read aloud when a script changes it.
	Live bool
	// Big sets a word or number large; Lead says first, as a heading does, what changes
	// while it is read.
	Big, Lead bool
}

// Prose is what people wrote, in the letters of the record. Paragraphs stay as typed.
type Prose struct {
	Text Text
	// Tag is the language that it is written in, where that is known.
	Tag    string
	Strong bool
}

// Rule is a line between two parts.
type Rule struct{}

// Button is a link or a button that looks like one. With Href it leads; without, it sends
// the form that it stands in, or the one that Form names; with Action it is a form of its
// own.
type Button struct {
	Text Text
	// Label says it whole where Text is short or there is an icon alone.
	Label Text
	Icon  Icon
	// Further puts an arrow behind the text.
	Further bool
	Kind    ButtonKind
	Wide    bool
	Tall    bool
	// Href or, for a form, Name and Value, Form (an id), Action and Hidden.
	Href        string
	Name, Value string
	Form        string
	Action      string
	Hidden      []Hidden
	// NoCheck: the browser does not look at required fields first.
	NoCheck bool
	Off     bool
	Data    map[string]string
}

// ButtonKind says how much a button weighs.
type ButtonKind string

// The kinds. A page has one ButtonMain; the name of what ButtonGrave does ends in "…", and
// the next page says what would be lost.
const (
	ButtonOther ButtonKind = ""
	ButtonMain  ButtonKind = "main"
	ButtonQuiet ButtonKind = "quiet"
	ButtonGrave ButtonKind = "grave"
)

// Class is the button's class in the style.
func (b Button) Class() string {
	c := "btn"
	if b.Kind != "" {
		c += " btn-" + string(b.Kind)
	}
	if b.Wide {
		c += " btn-wide"
	}
	if b.Tall {
		c += " btn-tall"
	}
	return c
}

// Note is a banner in the page; there are no dialogues.
type Note struct {
	Kind    NoteKind
	Heading Text
	Text    Text
	// Under is in small letters.
	Under Text
	Body  []Part
	// Status: it is read aloud when the page comes, as the answer to what was sent.
	Status bool
	// Icon instead of the kind's own.
	Icon Icon
}

// NoteKind says what a banner tells.
type NoteKind string

// The kinds of banners.
const (
	NotePlain   NoteKind = ""
	NoteSettled NoteKind = "settled"
	NoteWatch   NoteKind = "watch"
	NoteAttend  NoteKind = "attend"
	NoteUrgent  NoteKind = "urgent"
	NoteTwo     NoteKind = "two"
)

// Drawn is the icon of the banner.
func (n Note) Drawn() Icon {
	if n.Icon != "" {
		return n.Icon
	}
	return map[NoteKind]Icon{NoteSettled: IconCheck, NoteWatch: IconClock, NoteAttend: IconAlert, NoteUrgent: IconAlert, NoteTwo: IconTwo}[n.Kind]
}

// Unfold is what is shown when asked for.
type Unfold struct {
	Summary Text
	Icon    Icon
	Open    bool
	// Plain is a line of text; else it is a leaf.
	Plain bool
	Body  []Part
}

// Empty teaches what would stand here.
type Empty struct {
	Text, Under Text
	Action      Part
}

// Anchors lead to the parts of a long page, or to its neighbours.
type Anchors struct {
	Name  Text
	Links []Link
}

// Progress is how far something is, as counted, never guessed.
type Progress struct {
	Value, Max int
	// Label says of what, as "Records sent".
	Label Text
}

// Sealed says that something exists, and who can open it, where.
type Sealed struct {
	// What is sealed; Text who can open it.
	What, Text Text
	Action     Part
}

// Beam is the picture of the unlock page: light from a window.
type Beam struct{}

// Tongue sets parts that are in another language than the page, by its BCP 47 tag: they run
// as that language runs.
type Tongue struct {
	Tag  string
	Body []Part
}

// Direction is where the language runs to.
func (t Tongue) Direction() string {
	if t.Tag == "ar" {
		return "rtl"
	}
	return "ltr"
}

// Columns sets parts side by side on a wide screen, two or three.
type Columns struct {
	Three bool
	Body  []Part
}

func (Heading) partial() string  { return "heading" }
func (Section) partial() string  { return "section" }
func (Leaf) partial() string     { return "leaf" }
func (Well) partial() string     { return "well" }
func (Flow) partial() string     { return "flow" }
func (Cluster) partial() string  { return "cluster" }
func (Spread) partial() string   { return "spread" }
func (Para) partial() string     { return "para" }
func (Prose) partial() string    { return "prose" }
func (Rule) partial() string     { return "rule" }
func (Button) partial() string   { return "button" }
func (Note) partial() string     { return "note" }
func (Unfold) partial() string   { return "unfold" }
func (Empty) partial() string    { return "empty" }
func (Anchors) partial() string  { return "anchors" }
func (Progress) partial() string { return "progress" }
func (Sealed) partial() string   { return "sealed" }
func (Beam) partial() string     { return "beam" }
func (Tongue) partial() string   { return "tongue" }
func (Columns) partial() string  { return "columns" }
