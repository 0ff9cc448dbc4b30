package look

import (
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/vocabulary"
)

// Tag is a word with a shape; its colour only repeats what the word says.
type Tag struct {
	Kind TagKind
	Icon Icon
	Text Text
}

// TagKind is the hue of a tag, each with one meaning.
type TagKind string

// The kinds of tags.
const (
	TagPlain    TagKind = ""
	TagAct      TagKind = "act"
	TagLight    TagKind = "light"
	TagOther    TagKind = "other"
	TagSettled  TagKind = "settled"
	TagWatch    TagKind = "watch"
	TagAttend   TagKind = "attend"
	TagUrgent   TagKind = "urgent"
	TagCritical TagKind = "critical"
)

// shape is how a code is drawn: a hue that repeats the word, and a drawing.
type shape struct {
	kind TagKind
	icon Icon
}

// shapes are the codes that have a shape of their own; every other is a plain tag.
var shapes = map[vocabulary.List]map[vocabulary.Code]shape{
	"FINDING_SEVERITY": {
		"MINOR": {TagPlain, MarkMinor}, "MODERATE": {TagWatch, MarkModerate}, "SERIOUS": {TagAttend, MarkSerious}, "CRITICAL": {TagCritical, MarkCritical}},
	"EVIDENCE_STATUS": {
		"ALLEGED": {icon: MarkAlleged}, "CONSISTENT": {icon: MarkConsistent}, "CORROBORATED": {icon: MarkCorroborated},
		"ESTABLISHED": {icon: MarkEstablished}, "NOT_CONFIRMED": {icon: MarkUnconfirmed}, "DISPUTED": {icon: MarkDisputed}},
	"ACCESS_RATING": {
		"FULL": {TagSettled, IconCheck}, "DELAYED": {TagWatch, IconClock}, "PARTIAL": {TagWatch, IconAlert}, "REFUSED": {TagUrgent, IconLeave}},
	"VISIT_STATE": {
		"IN_PROGRESS": {kind: TagLight}, "SUBMITTED": {kind: TagAct}, "OBSTRUCTED": {TagUrgent, IconLeave}, "IN_FOLLOW_UP": {kind: TagSettled}, "CLOSED": {kind: TagSettled}},
	"AUTHORITY_RESPONSE": {
		"ACKNOWLEDGED": {kind: TagOther}, "ACCEPTED": {kind: TagOther}, "PARTLY_ACCEPTED": {kind: TagOther}, "NOTED": {kind: TagOther}, "REJECTED": {kind: TagOther},
		"CLAIMED_IMPLEMENTED": {kind: TagOther}, "NOT_COMPETENT": {kind: TagOther}, "EXTENSION_REQUESTED": {kind: TagOther}},
	"RECOMMENDATION_STATE":  {"OVERDUE": {TagAttend, IconClock}},
	"IMPLEMENTATION_STATUS": {"FULLY": {TagSettled, IconCheck}, "REGRESSED": {TagAttend, IconAlert}},
	"REPRISAL_RISK":         {"HIGH": {TagAttend, IconAlert}, "IMMINENT": {TagUrgent, IconAlert}},
	"CONFIDENTIALITY_CLASS": {"SEALED": {icon: IconSealed}, "RESTRICTED": {icon: IconLock}},
}

// TagOf is the tag for a code, with the shape that the code has everywhere. The word is
// the label in short: what stands before the first colon or bracket of it.
func TagOf(l *Locale, list vocabulary.List, code vocabulary.Code, label vocabulary.Label) Tag {
	s := shapes[list][code]
	label.Text = short(label.Text)
	return Tag{Kind: s.kind, Icon: s.icon, Text: l.Labelled(label)}
}

// short is what a tag has room for.
func short(s string) string {
	if i := strings.IndexAny(s, ":("); i > 0 {
		return strings.TrimSpace(s[:i])
	}
	return s
}

// Labelled is the label of a code. Where it is in another language than the page, it says
// so to whoever reads aloud; an unreviewed one is marked for translators.
func (l *Locale) Labelled(label vocabulary.Label) Text {
	t := Typed(label.Text)
	if label.Language != "" && label.Language != l.Tag {
		t = Foreign(label.Language, label.Text)
	}
	if l.Translating && label.Known && !label.Reviewed && label.Language != Languages[0] {
		t = append(t, l.unread())
	}
	return t
}

// Standing is where a record of this device stands on its way to the office. The words are
// the same five and one in list, record and outbox.
type Standing string

// The six.
const (
	StandingDraft     Standing = "draft"
	StandingReady     Standing = "ready"
	StandingSending   Standing = "sending"
	StandingReceived  Standing = "received"
	StandingAttention Standing = "attention"
	StandingReturned  Standing = "returned"
)

// StandingTag is the tag for it.
func StandingTag(l *Locale, s Standing) Tag {
	shown := map[Standing]shape{StandingDraft: {icon: IconPen}, StandingReady: {icon: IconClock}, StandingSending: {TagAct, IconSend},
		StandingReceived: {TagSettled, IconCheck}, StandingAttention: {TagAttend, IconAlert}, StandingReturned: {TagOther, IconBack}}[s]
	return Tag{Kind: shown.kind, Icon: shown.icon, Text: l.Say("record." + Key(s))}
}

// PaneState is how far a section or a question is seen.
type PaneState string

// The states of a pane, by the letters of the design.
const (
	PaneUnseen  PaneState = "u"
	PaneBegun   PaneState = "h"
	PaneMissing PaneState = "m" // begun, and required answers missing
	PaneEmpty   PaneState = "x" // not begun, and required answers missing
	PaneSeen    PaneState = "l"
)

// Pane is one of them. In a row the words stand beside it; alone, Label says them.
type Pane struct {
	State PaneState
	Label Text
}

// Panes is how far a whole is seen, at a glance: a pane for each section.
type Panes struct {
	States []PaneState
	// Label says it in words; empty: it is counted.
	Label Text
	// Each is how many stand in a line; where it is 0, about six, so that the last line is
	// as full as can be.
	Each int
}

// Voice is what one person wrote.
type Voice struct {
	Whose Whose // Mine, Theirs, or Nobodys for what was there before
	Who   Text
	When  Text
	// Words are what was written; a Compare result shows what changed.
	Words Text
	Tag   string
	// Under may doubt the clock.
	Under Text
}

// Class is the voice's class in the style.
func (v Voice) Class() string {
	switch v.Whose {
	case Mine:
		return "voice v-mine"
	case Theirs:
		return "voice v-theirs"
	case Offices:
		return "voice"
	}
	return "voice v-before"
}

// Axes are the three columns of a recommendation: our step, their answer, what we found.
type Axes struct {
	Ours, Theirs, Found Axis
}

// Axis is one of them.
type Axis struct {
	Label Text
	Body  []Part
}

// Track is how far something has come along its steps; Now counts from 1.
type Track struct {
	Now, Of int
	// Text is the step in words.
	Text Text
}

func (Tag) partial() string   { return "tag" }
func (Pane) partial() string  { return "pane" }
func (Panes) partial() string { return "panes" }
func (Voice) partial() string { return "voice" }
func (Axes) partial() string  { return "axes" }
func (Track) partial() string { return "track" }

// Step is one box of a track.
type Step struct {
	X     int
	Class string
}

// Steps are the boxes of the track.
func (t Track) Steps() (out []Step) {
	for i := 1; i <= t.Of; i++ {
		class := "k-not"
		if i < t.Now {
			class = "k-done"
		} else if i == t.Now {
			class = "k-now"
		}
		out = append(out, Step{1 + 16*(i-1), class})
	}
	return out
}

// Width is that of the whole track.
func (t Track) Width() int { return 16 * max(t.Of, 1) }

// Window is a pane within Panes, at its place.
type Window struct {
	State PaneState
	X, Y  int
}

// Windows are the panes at their places, from the right where the page runs so.
func (p Panes) Windows(rtl bool) (out []Window) {
	each := p.each()
	for i, s := range p.States {
		col := i % each
		if rtl {
			col = each - 1 - col
		}
		out = append(out, Window{s, 1 + 49*col, 1 + 35*(i/each)})
	}
	return out
}

func (p Panes) each() int {
	if p.Each > 0 {
		return p.Each
	}
	best := 6
	if len(p.States) <= best {
		return best
	}
	blank := func(each int) int { return (each - len(p.States)%each) % each }
	for _, each := range []int{7, 5} {
		if blank(each) < blank(best) {
			best = each
		}
	}
	return best
}

// Width and Height are those of the whole window.
func (p Panes) Width() int { return 49*p.each() - 3 }

// Height is that of the whole window.
func (p Panes) Height() int { return 35*((len(p.States)+p.each()-1)/p.each()) - 3 }

// Told says in words what the panes show.
func (p Panes) Told(l *Locale) Text {
	if len(p.Label) > 0 {
		return p.Label
	}
	count := func(of ...PaneState) (n int) {
		for _, s := range p.States {
			if slices.Contains(of, s) {
				n++
			}
		}
		return n
	}
	return l.Say("part.panes", "n", len(p.States), "seen", count(PaneSeen), "begun", count(PaneBegun, PaneMissing), "missing", count(PaneMissing, PaneEmpty))
}

// PaneWords are what a pane shows.
func PaneWords(l *Locale, s PaneState) Text {
	return l.Say(map[PaneState]Key{PaneUnseen: "part.pane-unseen", PaneBegun: "part.pane-begun", PaneMissing: "part.pane-missing",
		PaneEmpty: "part.pane-empty", PaneSeen: "part.pane-seen"}[s])
}
