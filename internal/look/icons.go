package look

import (
	"html/template"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Icon is a drawing of assets/icons.svg: an icon by its name, or a mark, which carries
// data, by its name with m- before it. The word always stands beside it.
type Icon string

// The icons.
const (
	IconHome     Icon = "home"
	IconPlace    Icon = "place"
	IconVisit    Icon = "visit"
	IconFinding  Icon = "finding"
	IconLetter   Icon = "letter"
	IconSend     Icon = "send"
	IconOffline  Icon = "offline"
	IconPause    Icon = "pause"
	IconLock     Icon = "lock"
	IconSealed   Icon = "sealed"
	IconLeave    Icon = "leave"
	IconBack     Icon = "back"
	IconNext     Icon = "next"
	IconCheck    Icon = "check"
	IconAlert    Icon = "alert"
	IconClock    Icon = "clock"
	IconHistory  Icon = "history"
	IconTwo      Icon = "two"
	IconPerson   Icon = "person"
	IconPeople   Icon = "people"
	IconCamera   Icon = "camera"
	IconDevice   Icon = "device"
	IconStick    Icon = "stick"
	IconHelp     Icon = "help"
	IconSearch   Icon = "search"
	IconJump     Icon = "jump"
	IconPlus     Icon = "plus"
	IconBin      Icon = "bin"
	IconPen      Icon = "pen"
	IconPrint    Icon = "print"
	IconChart    Icon = "chart"
	MarkMinor    Icon = "m-sev1"
	MarkModerate Icon = "m-sev2"
	MarkSerious  Icon = "m-sev3"
	MarkCritical Icon = "m-sev4"

	MarkAlleged      Icon = "m-alleged"
	MarkConsistent   Icon = "m-consistent"
	MarkCorroborated Icon = "m-corroborated"
	MarkEstablished  Icon = "m-established"
	MarkUnconfirmed  Icon = "m-unconfirmed"
	MarkDisputed     Icon = "m-disputed"
)

// pointing are the icons that point somewhere: they are mirrored right to left.
var pointing = []Icon{IconBack, IconNext, IconLeave}

// id is the symbol's in the drawing.
func (i Icon) id() string {
	if strings.HasPrefix(string(i), "m-") {
		return string(i)
	}
	return "i-" + string(i)
}

var symbolPattern = regexp.MustCompile(`(?s)<symbol id="([im]-[a-z0-9]+)".*?</symbol>`)

var symbols = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, m := range symbolPattern.FindAllStringSubmatch(string(assets()["icons.svg"].body), -1) {
		out[m[1]] = m[0]
	}
	return out
})

// drawn is the icon in a page.
func drawn(i Icon) template.HTML {
	if _, ok := symbols()[i.id()]; !ok {
		return ""
	}
	class := "icon"
	if strings.HasPrefix(string(i), "m-") {
		class = "mark"
	} else if slices.Contains(pointing, i) {
		class = "icon icon-dir"
	}
	return template.HTML(`<svg class="` + class + `" aria-hidden="true"><use href="#` + i.id() + `"/></svg>`)
}

var usePattern = regexp.MustCompile(`<use href="#([im]-[a-z0-9]+)"/>`)

// symbolsOf are the drawings that a page uses, once each, to stand before it. What people
// wrote cannot ask for one: its brackets are escaped.
func symbolsOf(page []byte) template.HTML {
	var ids []string
	for _, m := range usePattern.FindAllSubmatch(page, -1) {
		ids = append(ids, string(m[1]))
	}
	slices.Sort(ids)
	var b strings.Builder
	for _, id := range slices.Compact(ids) {
		b.WriteString(symbols()[id])
	}
	return template.HTML(b.String())
}

// brand is the mark of the product: a window, one pane of it lit.
const brand template.HTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path class="c-lit" d="M12 12h8v8h-8z"/><path d="M4 4h16v16H4zM12 4v16M4 12h16" fill="none" stroke="currentColor" stroke-width="1.75"/></svg>`
