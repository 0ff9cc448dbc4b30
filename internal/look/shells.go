package look

// FieldShell is the shell of the field app: bar, one column that alone scrolls, and a foot
// with tabs or at most two buttons.
type FieldShell struct {
	// Back leads to where the page was reached from; empty shows the product's mark.
	Back string
	// Name stands in the bar: what the page is about, in two lines at most.
	Name Text
	Net  *Net
	// Help leads to what the guide says of the page; empty: nothing.
	Help string
	// Lock is where the lock posts to: it is also the quick way out. Empty: none.
	Lock string
	// One of these, or neither.
	Tabs []Tab
	Foot []Button
}

// Net is the outbox in one glance, and the way to Send.
type Net struct {
	Href string
	Icon Icon
	// Text is short, as "7 to send"; Label says it whole, as "Offline, 7 to send".
	Text, Label Text
}

// Tab is one of the four ways from anywhere.
type Tab struct {
	Href    string
	Icon    Icon
	Text    Text
	Current bool
	Badge   Text
}

// OfficeShell is the shell of the console: the rail, and the desk with its head.
type OfficeShell struct {
	Home string
	Nav  []NavItem
	// Who is signed in, and where signing out posts to; empty: nobody is.
	Who     Text
	SignOut string
	// Account leads to the page of whoever is signed in.
	Account string
	// Crumbs lead back; Over is a line above the heading where there are none.
	Crumbs  []Link
	Over    Text
	Heading Text
	// Lede says in a sentence what the page holds, as "37 of 488 match".
	Lede    Text
	Actions []Part
	// Aside stands beside the parts on a wide screen.
	Aside []Part
}

// NavItem is one line of the rail.
type NavItem struct {
	Href    string
	Icon    Icon
	Text    Text
	Current bool
	Badge   Text
}

// BareShell has nothing around its one column: for unlocking, signing in, and leaving.
type BareShell struct {
	// Help leads to the guide; empty: no.
	Help string
}

// Link leads to a page.
type Link struct {
	Href    string
	Text    Text
	Current bool
}

func (FieldShell) partial() string  { return "field-shell" }
func (OfficeShell) partial() string { return "office-shell" }
func (BareShell) partial() string   { return "bare-shell" }
func (FieldShell) class() string    { return "field" }
func (OfficeShell) class() string   { return "office" }
func (BareShell) class() string     { return "field bare" }

// LanguageChoice offers every language, by a form that posts its tag as "language" to an
// address that calls SetLanguage.
type LanguageChoice struct {
	Action string
}

// ThemeChoice offers the themes, by a form that posts "theme" to an address that calls
// SetTheme; with the script it acts at once.
type ThemeChoice struct {
	Action string
	Now    Theme
}

func (LanguageChoice) partial() string { return "language-choice" }
func (ThemeChoice) partial() string    { return "theme-choice" }

// Tags are the languages on offer, each by its own name.
func (LanguageChoice) Tags() []Choice {
	var out []Choice
	for _, tag := range Languages {
		out = append(out, Choice{Value: tag, Text: LanguageName(tag)})
	}
	return out
}

// Themes are the themes on offer.
func (c ThemeChoice) Themes(l *Locale) []Choice {
	return []Choice{
		{Value: "auto", Text: l.Say("shell.theme-auto"), Checked: c.Now == ThemeAuto},
		{Value: "light", Text: l.Say("shell.theme-light"), Checked: c.Now == ThemeLight},
		{Value: "dark", Text: l.Say("shell.theme-dark"), Checked: c.Now == ThemeDark},
		{Value: "sun", Text: l.Say("shell.theme-sun"), Checked: c.Now == ThemeSun},
	}
}
