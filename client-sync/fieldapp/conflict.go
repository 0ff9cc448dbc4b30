package fieldapp

import (
	"strconv"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// What stands in two versions is put on a page, combined and settled as the office does it,
// see internal/recordpage; here is what this device knows of the versions.

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
	at   int
	page *recordpage.TwoPage
}

// two opens one of the conflicts of a record.
func (t *turn) two(item clientsync.Item, at int) *two {
	w := &two{turn: t, item: item, conflict: item.Conflicts[at], at: at}
	w.page = &recordpage.TwoPage{Two: recordpage.Two{Kind: item.Kind, Field: w.conflict.Field, Key: w.conflict.Key}, Words: t.saying(),
		Person:          func(v recordpage.Version) look.Text { return t.person(v.Own, v.Person) },
		Device:          func(v recordpage.Version) look.Text { return t.deviceName(v.Own, v.Device) },
		Others:          t.say("field-two.lede-others"),
		BeforeElsewhere: t.say("field-two.before-at-office"),
		Leave:           t.say("field-two.office"), LeaveUnder: t.say("field-two.office-under"), WhyHint: t.say("field-two.why-hint")}
	for _, v := range w.conflict.Values {
		w.page.Versions = append(w.page.Versions, recordpage.Version{JSON: v.JSON, Writer: v.Writer, Own: v.Own, Person: v.Person, Device: v.Device,
			Written: v.Written, ClockSuspect: v.ClockSuspect, Pending: v.Pending})
	}
	w.page.Before = w.before()
	return w
}

// before is what the versions grew from, among what was written here and came in bundles.
func (w *two) before() *recordpage.Version {
	h, err := w.client.History(w.ctx(), w.item.Kind, w.item.ID)
	if err != nil {
		return nil
	}
	found := w.page.FindBefore(h.Changes)
	if s, err := w.client.Status(w.ctx()); err == nil && found != nil {
		found.Own = s.Writer == found.Writer
	}
	return found
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
	var notes []look.Part
	if t.r.URL.Query().Get("done") != "" {
		notes = append(notes, look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-two.settled")})
	}
	if len(item.Conflicts) == 0 {
		return t.showNoTwo(item, notes)
	}
	return t.two(item, max(0, min(n-1, len(item.Conflicts)-1))).show(notes)
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
	if len(w.failed) > 0 {
		notes = append(notes, look.Note{Kind: look.NoteUrgent, Status: true, Heading: w.say("field-edit.not-saved"), Text: w.failed})
	}
	over := w.nameWords(w.item)
	if n := len(w.item.Conflicts); n > 1 {
		over = look.Dotted(over, w.say("field-two.which", "at", w.at+1, "n", n))
	}
	body := append(notes, look.Heading{Over: over, Text: w.pathWords(w.item.Kind, w.conflict.Field, w.conflict.Key), Under: w.page.Lede()},
		look.Columns{Three: true, Body: w.page.Voices()})
	form, err := w.form()
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

// form asks what should stand.
func (w *two) form() (look.Part, error) {
	as, err := recordpage.Pack(w.item.Message)
	if err != nil {
		return nil, err
	}
	return look.Questions{ID: "two", Action: w.href(w.item.Kind, w.item.ID, "settle"), Hidden: []look.Hidden{
		{Name: recordpage.AsField, Value: as}, {Name: "_field", Value: w.conflict.Field}, {Name: "_key", Value: w.conflict.Key}},
		Body: w.page.Questions(visitBehind(w.item) != "")}, nil
}

// textField is a control of a page's own for a text.
const textField = recordpage.TextField

// typed is what a person typed already, where the page comes again.
func (t *turn) typed(name, otherwise string) string {
	if t.again != nil && t.again.Has(name) {
		return t.again.Value(name)
	}
	return otherwise
}
