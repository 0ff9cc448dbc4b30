package fieldapp

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// Two people changed the same field while apart: both versions stand until a person settles
// it. A page shows them side by side, with what was there before, and offers one of them,
// the two combined, both as accounts that contradict each other, or to leave it.

func (a *App) twoRoutes() {
	a.page("/two", (*turn).listTwo)
	a.ofRecord(0, "two", (*turn).showTwo)
	a.onRecord(0, "settle", (*turn).settleTwo)
	a.ofRecord(0, "history", (*turn).showHistory)
	a.reviewRoutes()
	a.refusedRoutes()
}

// two is one field, or element, that stands in several versions, on its page.
type two struct {
	*turn
	item     clientsync.Item
	conflict clientsync.Conflict
	// at is which of the record's conflicts it is.
	at     int
	before *version
}

// listTwo lists the records with fields in two versions.
func (t *turn) listTwo() error {
	var rows []look.Row
	for item, err := range t.client.Conflicts(t.ctx()) {
		if err != nil {
			return err
		}
		for i, c := range item.Conflicts {
			rows = append(rows, look.Row{Href: t.versionsHref(item, i), Lead: look.Symbol{Icon: look.IconTwo},
				Text: t.pathWords(item.Kind, c.Field, c.Key), Under: look.Dotted(t.nameWords(item), t.whoElse(c))})
		}
	}
	body := []look.Part{look.Heading{Text: t.say("field-two.title")}, look.Empty{Text: t.say("field-two.none"), Under: t.say("field-two.none-under")}}
	if len(rows) > 0 {
		body = []look.Part{look.Heading{Text: t.say("field-two.title"), Under: t.say("field-two.lede-list", "n", len(rows))}, look.Rows{Items: rows}}
	}
	return t.show(sheet{title: "field-two.title", back: "/", tab: tabHome, body: body})
}

func (t *turn) versionsHref(item clientsync.Item, at int) string {
	href := t.href(item.Kind, item.ID, "two")
	if at > 0 {
		href += "?n=" + strconv.Itoa(at+1)
	}
	return href
}

// whoElse names the authors of the versions.
func (t *turn) whoElse(c clientsync.Conflict) look.Text {
	var all []look.Text
	for _, v := range c.Values {
		if v.Writer != "" {
			all = append(all, look.Spaced(t.person(v.Own, v.Person), t.locale.When(v.Written)))
		}
	}
	return look.Dotted(all...)
}

// twoNotice is the banner at the head of a record's page.
func (t *turn) twoNotice(item clientsync.Item) (out []look.Part) {
	if len(item.Conflicts) == 0 {
		return nil
	}
	var fields []look.Text
	for _, c := range item.Conflicts[:min(len(item.Conflicts), 3)] {
		fields = append(fields, t.pathWords(item.Kind, c.Field, c.Key))
	}
	text := t.say("field-two.banner", "n", len(item.Conflicts), "fields", t.locale.List(fields...))
	return append(out, look.Note{Kind: look.NoteTwo, Text: text, Body: []look.Part{
		look.Button{Text: t.say("field-edit.compare"), Href: t.versionsHref(item, 0), Kind: look.ButtonQuiet}}})
}

// showTwo is the page of one field in two versions; n says which, where there are several.
func (t *turn) showTwo(item clientsync.Item) error {
	n, _ := strconv.Atoi(t.r.URL.Query().Get("n"))
	w := &two{turn: t, item: item, at: max(0, min(n-1, len(item.Conflicts)-1))}
	var notes []look.Part
	if t.r.URL.Query().Get("done") != "" {
		notes = append(notes, look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-two.settled")})
	}
	if len(item.Conflicts) == 0 {
		return t.showNoTwo(item, notes)
	}
	w.conflict = item.Conflicts[w.at]
	return w.show(notes)
}

// showNoTwo is for a record that stands in one version.
func (t *turn) showNoTwo(item clientsync.Item, notes []look.Part) error {
	if len(notes) == 0 {
		notes = []look.Part{look.Empty{Text: t.say("field-two.none-here"), Under: t.say("field-two.none-here-under")}}
	}
	body := append([]look.Part{look.Heading{Text: t.say("field-two.title")}}, notes...)
	body = append(body, look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("field-two.to-record"), Href: t.recordHref(item), Kind: look.ButtonMain},
		look.Button{Text: t.say("field-two.to-history"), Href: t.href(item.Kind, item.ID, "history")},
		look.Button{Text: t.say("field-two.to-list"), Href: "/two"},
	}})
	return t.show(sheet{title: "field-two.title", back: t.recordHref(item), tab: tabHome, body: body})
}

// recordHref leads to the page of a record; to its history where its kind has none.
func (t *turn) recordHref(item clientsync.Item) string {
	if t.pages[route{item.Kind, ""}] == nil && t.pages[route{0, ""}] == nil {
		return t.href(item.Kind, item.ID, "history")
	}
	return t.href(item.Kind, item.ID)
}

func (w *two) show(notes []look.Part) error {
	w.before = w.findBefore()
	e := &editor{turn: w.turn}
	if len(w.failed) > 0 {
		notes = append(notes, look.Note{Kind: look.NoteUrgent, Status: true, Heading: w.say("field-edit.not-saved"), Text: w.failed})
	}
	over := w.nameWords(w.item)
	if n := len(w.item.Conflicts); n > 1 {
		over = look.Dotted(over, w.say("field-two.which", "at", w.at+1, "n", n))
	}
	body := append(notes, look.Heading{Over: over, Text: w.pathWords(w.item.Kind, w.conflict.Field, w.conflict.Key), Under: w.lede()},
		look.Columns{Three: true, Body: w.voices()})
	form, err := w.form(e)
	if err != nil {
		return err
	}
	if n := len(w.item.Conflicts); n > 1 {
		next := w.versionsHref(w.item, (w.at+1)%n)
		form = look.Flow{Body: []look.Part{form, look.Para{Text: look.To(next, w.say("field-two.next"))}}}
	}
	return w.turn.show(sheet{title: "field-two.title", back: w.recordHref(w.item), body: append(body, form), foot: []look.Button{
		{Text: w.say("field-two.later"), Href: w.recordHref(w.item), Tall: true},
		{Text: w.say("field-two.settle"), Form: "two", Kind: look.ButtonMain}}})
}

func (w *two) lede() look.Text {
	if w.conflict.Field == "removed" {
		return w.say("field-two.lede-removed")
	}
	for _, v := range w.conflict.Values {
		if v.Own {
			return w.say("field-two.lede")
		}
	}
	return w.say("field-two.lede-others")
}

// isText reports whether the versions are texts of one field, or of one language of it.
func (w *two) isText() bool { return recordpage.IsText(w.item.Kind, w.conflict.Field) }

// mineAndTheirs are the two versions to combine: one's own, and another's.
func (w *two) mineAndTheirs() (mine, theirs clientsync.Value) {
	values := w.conflict.Values
	at := max(0, slices.IndexFunc(values, func(v clientsync.Value) bool { return v.Own }))
	mine = values[at]
	for i, v := range values {
		if i != at {
			return mine, v
		}
	}
	return mine, mine
}

// voices are the versions, side by side.
func (w *two) voices() (out []look.Part) {
	text := w.isText()
	if w.before != nil {
		words := w.valueWords(w.item.Kind, w.conflict.Field, w.conflict.Key, w.before.json)
		out = append(out, look.Voice{Who: w.say("part.before"), When: look.Dotted(w.person(w.before.own, w.before.person), w.locale.When(w.before.at)), Words: words})
	}
	mine, _ := w.mineAndTheirs()
	for _, v := range w.inOrder() {
		voice := look.Voice{Whose: look.Theirs, Who: w.person(v.Own, v.Person), Words: w.said(v)}
		if v.Own {
			voice.Whose, voice.Who = look.Mine, w.say("part.yours")
		}
		if v.Writer != "" {
			voice.When = look.Dotted(w.locale.When(v.Written), w.deviceName(v.Own, v.Device))
		}
		switch {
		case text && w.before != nil:
			voice.Words = w.locale.Compared(w.before.words, recordpage.Unquoted(v.JSON))
		case text && v.Writer != mine.Writer:
			voice.Words = w.locale.Compared(recordpage.Unquoted(mine.JSON), recordpage.Unquoted(v.JSON))
		}
		if v.JSON == "" || len(voice.Words) == 0 {
			voice.Words = w.said(v)
		}
		voice.Under = w.doubts(v)
		out = append(out, voice)
	}
	if w.before == nil {
		out = append(out, look.Para{Small: true, Soft: true, Text: w.say("field-two.before-at-office")})
	}
	return out
}

// inOrder are the versions, one's own first.
func (w *two) inOrder() []clientsync.Value {
	out := slices.Clone(w.conflict.Values)
	slices.SortStableFunc(out, func(a, b clientsync.Value) int {
		switch {
		case a.Own == b.Own:
			return 0
		case a.Own:
			return -1
		}
		return 1
	})
	return out
}

// said is a version in words.
func (w *two) said(v clientsync.Value) look.Text {
	if w.conflict.Field == "removed" && v.JSON == "" {
		return w.say("field-two.kept")
	}
	if v.JSON == "" && w.conflict.Key != "" {
		return w.say("field-two.taken-out")
	}
	return w.valueWords(w.item.Kind, w.conflict.Field, w.conflict.Key, v.JSON)
}

// doubts says what the clock of a version was worth, and whether the office has it.
func (w *two) doubts(v clientsync.Value) look.Text {
	var out []look.Text
	if v.ClockSuspect {
		out = append(out, w.say("field-two.clock-doubt"))
	}
	if v.Pending {
		out = append(out, w.say("field-two.pending"))
	}
	return look.Dotted(out...)
}

// What can be chosen, beside the versions themselves.
const (
	chooseCombined = "combine"
	chooseBoth     = "both"
	chooseOffice   = "office"
)

// names of the form's own controls.
const (
	choiceField = "_choice"
	textField   = "_text"
	whyField    = "_why"
)

// form asks what should stand.
func (w *two) form(e *editor) (look.Part, error) {
	as, err := recordpage.Pack(w.item.Message)
	if err != nil {
		return nil, err
	}
	body := []look.Part{w.choices()}
	if w.isText() {
		body = append(body, w.combining())
	}
	body = append(body, w.partQuestions()...)
	if visitBehind(w.item) != "" {
		body = append(body, look.Input{Name: whyField, Label: w.say("field-two.why"), Hint: w.say("field-two.why-hint"), Value: w.typed(whyField, ""), Error: w.refused[whyField]})
	}
	return look.Questions{ID: "two", Action: w.href(w.item.Kind, w.item.ID, "settle"), Hidden: []look.Hidden{
		{Name: recordpage.AsField, Value: as}, {Name: "_field", Value: w.conflict.Field}, {Name: "_key", Value: w.conflict.Key}}, Body: body}, nil
}

// typed is what a person typed already, where the page comes again.
func (t *turn) typed(name, otherwise string) string {
	if t.again != nil && t.again.Has(name) {
		return t.again.Value(name)
	}
	return otherwise
}

func (w *two) choices() look.Part {
	now := w.typed(choiceField, "")
	if now == "" && w.again == nil && w.isText() {
		now = chooseCombined
	}
	var all []look.Choice
	add := func(value string, text, under look.Text) {
		all = append(all, look.Choice{Value: value, Text: text, Under: under, Checked: value == now})
	}
	for _, v := range w.inOrder() {
		switch {
		case w.conflict.Field == "removed" && v.JSON == "":
			add(digest(v), w.say("field-two.keep-record"), w.say("field-two.keep-record-under"))
		case w.conflict.Field == "removed":
			add(digest(v), w.say("field-two.remove-record"), w.say("field-two.remove-record-under"))
		case v.Own:
			add(digest(v), w.say("part.yours"), w.say("field-two.others-stay"))
		default:
			add(digest(v), look.Dotted(w.person(false, v.Person), w.locale.When(v.Written)), w.say("field-two.others-stay"))
		}
	}
	if w.isText() {
		under := w.say("field-two.combined-under")
		if _, open := w.combined(); open > 0 {
			under = w.locale.StillOpen(open)
		}
		add(chooseCombined, w.say("field-two.combined"), under)
	} else if len(w.parts()) > 1 {
		add(chooseCombined, w.say("field-two.by-parts"), w.say("field-two.by-parts-under"))
	}
	if w.asSecondFinding() {
		add(chooseBoth, w.say("field-two.both"), w.say("field-two.both-under"))
	} else if w.asOneText() {
		add(chooseBoth, w.say("field-two.both"), w.say("field-two.both-text-under"))
	}
	add(chooseOffice, w.say("field-two.office"), w.say("field-two.office-under"))
	return look.Choices{Name: choiceField, Legend: w.say("field-two.what"), Options: all, Error: w.refused[choiceField]}
}

// digest names a version in a form.
func digest(v clientsync.Value) string {
	sum := sha256.Sum256([]byte(v.Writer + "/" + v.JSON))
	return hex.EncodeToString(sum[:8])
}

func (w *two) combining() look.Part {
	text, open := w.combined()
	hint := w.say("field-two.text-hint")
	why := w.refused[textField]
	if len(why) == 0 && w.again == nil {
		why = w.locale.StillOpen(open)
	}
	return look.Input{Name: textField, Label: w.say("field-two.text"), Hint: hint, Value: w.typed(textField, text), Rows: 6, Error: why}
}

// asSecondFinding: what was found may be told by two people in two ways, and each is
// evidence.
func (w *two) asSecondFinding() bool {
	return w.item.Kind == clientsync.KindFinding && w.conflict.Field == "narrative"
}

// proseFields are texts long enough to hold two accounts under each other.
var proseFields = []string{"narrative", "text", "account", "note", "summary", "contradictions", "rationale", "aims", "reasons", "evidence"}

func (w *two) asOneText() bool { return w.isText() && slices.Contains(proseFields, w.conflict.Field) }
