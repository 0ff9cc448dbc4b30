package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/amend"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// The checklists that there are: those that came with the program and the office's own, each
// with its versions, how they ask, and how often they were filled.

func (c *Console) checklistRoutes() {
	who := reads(record.Checklist)
	c.rail = append(c.rail, way{href: "/checklists", icon: look.IconCheck, name: "office-checklists.title", allow: who})
	c.page("/checklists", who, (*turn).showChecklists)
	c.page("/checklists/{code}", who, func(t *turn) error { return t.showChecklist(nil) })
	c.page("/checklists/{code}/{version}", who, (*turn).showForm)
	c.post("/checklists/{code}/{version}/offer", keepsForms, (*turn).offerForm)
	c.page("/checklists/new", keepsForms, func(t *turn) error { return t.showBringForm(nil) })
	c.file("/checklists/new", keepsForms, (*turn).bringForm)
	c.page("/checklists/new/{file}", keepsForms, func(t *turn) error { return t.showBrought(nil) })
	c.post("/checklists/new/{file}", keepsForms, (*turn).publishForm)
}

// keepsForms allows whoever adds forms and says which are offered.
func keepsForms(r access.Rights) bool { return r.WritesKind(record.Checklist) }

// formAt is the address of a form, or of one version of it; either may hold a slash. One that
// nobody has given a code has no page of its own.
func formAt(code, version string) string {
	if code == "" {
		return "/checklists"
	}
	at := "/checklists/" + url.PathEscape(code)
	if version != "" {
		at += "/" + url.PathEscape(version)
	}
	return at
}

// forms are the checklists as one commit left them.
type forms struct {
	*checklist.Catalogue
	filled []store.Filled
}

// forms reads them. How often one was filled is counted for whoever reads all that was
// filled.
func (t *turn) forms() (f forms, err error) {
	err = t.store.Snapshot(t.ctx(), func(r *store.Snapshot) error {
		own, err := r.Checklists()
		if err != nil {
			return err
		}
		f.Catalogue = checklist.NewCatalogue(own.Forms, own.Removed...)
		if t.counts() {
			f.filled, err = r.Filled()
		}
		return err
	})
	return f, err
}

func (t *turn) counts() bool { return t.rights.Reads(record.ChecklistResponse)&access.All != 0 }

// filledOf is how often one version was filled, and how many of those are finished.
func (f forms) filledOf(id record.ID) (n, finished int) {
	for _, c := range f.filled {
		if c.Form == id {
			n, finished = n+c.Responses, finished+c.Finished
		}
	}
	return n, finished
}

// checklistDone says what was just done, of a fixed list.
func (t *turn) checklistDone() []look.Part {
	switch t.r.URL.Query().Get("done") {
	case "published":
		return []look.Part{look.Note{Kind: look.NoteSettled, Status: true, Heading: t.say("office-checklists.published"), Text: t.say("office-checklists.published-body")}}
	case "offered":
		return []look.Part{look.Note{Kind: look.NoteSettled, Status: true, Heading: t.say("office-checklists.changed"), Text: t.say("office-checklists.changed-body")}}
	case "gone":
		return []look.Part{look.Note{Kind: look.NoteWatch, Status: true, Heading: t.say("office-import.gone"), Text: t.say("office-import.gone-body")}}
	}
	return nil
}

func (t *turn) showChecklists() error {
	f, err := t.forms()
	if err != nil {
		return err
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-checklists.all"), Head: []look.Column{{Text: t.say("office-checklists.form")}, {Text: t.say("office-checklists.version"), Whole: true}, {Text: t.say("office-checklists.places")}, {Text: t.say("office-checklists.questions"), Right: true}}}
	if t.counts() {
		table.Head = append(table.Head, look.Column{Text: t.say("office-checklists.filled"), Right: true, Whole: true})
	}
	for _, code := range f.Codes() {
		table.Rows = append(table.Rows, t.formLine(f, code))
	}
	s := sheet{title: t.say("office-checklists.title"), lede: t.say("office-checklists.lede", "n", len(f.Codes())), here: "/checklists", body: append(t.checklistDone(), table)}
	s.body = append(s.body, t.onlyFilled(f)...)
	if keepsForms(t.rights) {
		s.actions = []look.Part{look.Button{Text: t.say("office-checklists.add"), Icon: look.IconPlus, Href: "/checklists/new", Kind: look.ButtonMain}}
	}
	return t.show(s)
}

// formLine is one form, as the version that is offered, else as its newest.
func (t *turn) formLine(f forms, code string) look.Line {
	versions := f.Versions(code)
	o := versions[0]
	state := look.Soft(t.say("office-checklists.none-offered"))
	if now, ok := f.Newest(code, t.today()); ok {
		o, state = now, nil
	}
	n, finished := 0, 0
	for _, v := range versions {
		a, b := f.filledOf(v.ID)
		n, finished = n+a, finished+b
	}
	line := look.Line{Href: formAt(code, ""), Cells: []look.Cell{
		{Text: t.titleOf(o), Under: look.Dotted(look.Code(o.Code), t.origin(o), state)},
		{Text: look.Code(o.Version), Under: t.say("office-checklists.versions", "n", len(versions))},
		{Text: t.placeTypes(o.PlaceTypes)}, {Text: t.locale.Number(o.Questions)}}}
	if t.counts() {
		line.Cells = append(line.Cells, look.Cell{Text: t.locale.Number(n), Under: t.say("office-checklists.finished", "n", finished)})
	}
	return line
}

func (t *turn) titleOf(o checklist.Offered) look.Text {
	text, in := o.Title(t.locale.Tag)
	return look.Foreign(in, text)
}

// origin says whose a form is.
func (t *turn) origin(o checklist.Offered) look.Text {
	switch {
	case o.Changed:
		return t.say("office-checklists.shipped-changed")
	case o.Shipped:
		return t.say("office-checklists.shipped")
	}
	return t.say("office-checklists.own")
}

func (t *turn) placeTypes(codes []string) look.Text {
	if len(codes) == 0 {
		return t.say("office-checklists.all-places")
	}
	var names []look.Text
	for _, c := range codes[:min(len(codes), 3)] {
		names = append(names, t.code(vocabulary.PlaceType, c))
	}
	if more := len(codes) - 3; more > 0 {
		return t.say("office-checklists.places-more", "places", look.Dotted(names...), "n", more)
	}
	return t.locale.List(names...)
}

// onlyFilled are forms that were filled somewhere and have not come themselves.
func (t *turn) onlyFilled(f forms) []look.Part {
	var items []look.Text
	for _, n := range f.filled {
		if _, here := f.Form(n.Form); !here {
			items = append(items, look.Dotted(look.Code(n.Code), look.Code(n.Version), t.say("office-checklists.filled-times", "n", n.Responses)))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteWatch, Heading: t.say("office-checklists.not-here"), Text: t.say("office-checklists.not-here-body"), Body: []look.Part{look.Points{Items: items, Small: true}}}}
}

// showChecklist is one form with its versions.
func (t *turn) showChecklist(why look.Text) error {
	f, err := t.forms()
	if err != nil {
		return err
	}
	versions := f.Versions(t.r.PathValue("code"))
	if len(versions) == 0 {
		return errNotFound
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-checklists.versions-caption"), Head: []look.Column{{Text: t.say("office-checklists.version")}, {Text: t.say("office-checklists.stands")}, {Text: t.say("office-checklists.languages")}, {Text: t.say("office-checklists.questions"), Right: true}}}
	if t.counts() {
		table.Head = append(table.Head, look.Column{Text: t.say("office-checklists.filled"), Right: true, Whole: true})
	}
	newest, offered := f.Newest(versions[0].Code, t.today())
	for _, o := range versions {
		table.Rows = append(table.Rows, t.versionLine(f, o, offered && o.ID == newest.ID))
	}
	body := append(t.checklistDone(), t.failure(why)...)
	body = append(body, table)
	if keepsForms(t.rights) {
		body = append(body, t.offerForms(f, versions)...)
	}
	title := t.titleOf(versions[0])
	return t.show(sheet{title: t.say("office-checklists.one"), heading: title, lede: look.Dotted(look.Code(versions[0].Code), t.placeTypes(versions[0].PlaceTypes)), here: "/checklists",
		crumbs: []look.Link{{Href: "/checklists", Text: t.say("office-checklists.title")}, {Text: t.say("office-checklists.one")}}, body: body})
}

func (t *turn) versionLine(f forms, o checklist.Offered, offered bool) look.Line {
	var tongues []look.Text
	for _, tag := range slices.Sorted(slices.Values(o.Languages)) {
		tongues = append(tongues, look.Code(tag))
	}
	line := look.Line{Href: formAt(o.Code, o.Version), Cells: []look.Cell{
		{Text: look.Code(o.Version), Under: t.origin(o)}, {Text: t.standing(o, offered)}, {Text: t.locale.List(tongues...)}, {Text: t.locale.Number(o.Questions)}}}
	if t.counts() {
		n, finished := f.filledOf(o.ID)
		line.Cells = append(line.Cells, look.Cell{Text: t.locale.Number(n), Under: t.say("office-checklists.finished", "n", finished)})
	}
	return line
}

// standing says whether a version is offered to teams, and if not, why.
func (t *turn) standing(o checklist.Offered, offered bool) look.Text {
	switch {
	case !o.Whole:
		return t.say("office-checklists.not-whole")
	case o.Removed:
		return t.say("office-checklists.removed")
	case o.Hidden:
		return t.say("office-checklists.hidden")
	case o.RetiredOn != "" && !o.OfferedOn(t.today()):
		return t.say("office-checklists.retired", "day", t.day(o.RetiredOn))
	case offered && o.RetiredOn != "":
		return t.say("office-checklists.until", "day", t.day(o.RetiredOn))
	case offered:
		return look.Strong(t.say("office-checklists.offered"))
	}
	return t.say("office-checklists.older")
}

// offerForms let the office say of each version whether it is offered.
func (t *turn) offerForms(f forms, versions []checklist.Offered) (out []look.Part) {
	for _, o := range versions {
		r, ok := f.Record(o.ID)
		if !ok || o.Removed {
			continue
		}
		q := look.Questions{ID: "offer-" + o.ID.String(), Action: formAt(o.Code, o.Version) + "/offer", Hidden: []look.Hidden{{Name: "seen", Value: seenOf(r)}}, Body: []look.Part{
			look.Choices{Name: "hidden", Legend: t.say("office-checklists.offer-it"), Options: []look.Choice{{Value: "no", Text: t.say("office-checklists.offer-yes"), Checked: !o.Hidden}, {Value: "yes", Text: t.say("office-checklists.offer-no"), Checked: o.Hidden}}},
			look.Input{Name: "retired_on", Type: "date", Label: t.say("office-checklists.retire-on"), Hint: t.say("office-checklists.retire-hint"), Value: o.RetiredOn},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-checklists.offer-save")}}}}}
		out = append(out, look.Unfold{Summary: t.say("office-checklists.offer-of", "version", look.Code(o.Version)), Body: []look.Part{q}})
	}
	return out
}

// offerForm says of a version whether it is offered, and until when. What was answered to it
// stays readable.
func (t *turn) offerForm(f *look.Form) error {
	all, err := t.forms()
	if err != nil {
		return err
	}
	code, version := t.r.PathValue("code"), t.r.PathValue("version")
	r, ok := all.Record(checklist.FormID(code, version))
	if !ok {
		return errNotFound
	}
	day, given := f.Day("retired_on")
	switch {
	case !f.OK():
		t.status = http.StatusUnprocessableEntity
		return t.showChecklist(f.Error("retired_on"))
	case f.Value("seen") != seenOf(r):
		t.status = http.StatusConflict
		return t.showChecklist(t.say("office-checklists.moved"))
	}
	r = amend.Afresh(r)
	r.Hidden, r.RetiredOn = proto.Bool(f.Value("hidden") == "yes"), nil
	if given {
		r.RetiredOn = proto.String(day.Format("2006-01-02"))
	}
	if why, err := t.saveForm(r); err != nil || len(why) > 0 {
		return either(err, func() error { return t.showChecklist(why) })
	}
	return t.to(formAt(code, "") + "?done=offered")
}

// saveForm saves a form, which may take several changes in one go.
func (t *turn) saveForm(r *daylightv1.Checklist) (look.Text, error) {
	_, err := t.records().Desk().SaveEach(t.ctx(), r)
	if err == nil {
		return nil, nil
	}
	if why, ok := t.notSaved(err); ok {
		return why, nil
	}
	return nil, err
}

// labelOf is a text of a form: what it refers to is not known before it is filled.
func labelOf(x checklist.Text) look.Text { return look.Foreign(x.Language, withoutReferences(x.Text)) }

func withoutReferences(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "${")
		out.WriteString(before)
		_, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return out.String()
		}
		out.WriteString("…")
		s = after
	}
}
