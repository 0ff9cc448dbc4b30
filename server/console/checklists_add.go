package console

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/amend"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A form comes in as XLSForm: the file is brought, what is in it and what stands against it is
// shown, then it is published.

const formFile = "form"

// showBringForm asks for the file.
func (t *turn) showBringForm(f *look.Form) error {
	t.refused(f)
	body := t.problems(f, map[string]look.Text{fileField: t.say("office-checklists.file")})
	body = append(t.checklistDone(), body...)
	body = append(body, look.Questions{ID: "bring", Action: "/checklists/new", Files: true, Body: []look.Part{
		look.Input{Name: fileField, Type: "file", Accept: ".xlsx,.zip", Required: true, Label: t.say("office-checklists.file"), Hint: t.say("office-checklists.file-hint", "limit", t.locale.Bytes(mostBrought)), Error: wrong(f, fileField)},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-import.read"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-import.cancel"), Href: "/checklists", Kind: look.ButtonQuiet}}}}},
		look.Section{Heading: t.say("office-import.how"), Body: []look.Part{look.Points{Items: []look.Text{t.say("office-checklists.how-1"), t.say("office-checklists.how-2"), t.say("office-checklists.how-3")}}}})
	return t.show(sheet{title: t.say("office-checklists.add"), lede: t.say("office-checklists.add-lede"), here: "/checklists", crumbs: []look.Link{{Href: "/checklists", Text: t.say("office-checklists.title")}, {Text: t.say("office-checklists.add")}}, body: body})
}

func (t *turn) bringForm(f *look.Form, b brought) error {
	if !f.OK() {
		return t.showBringForm(f)
	}
	return t.to("/checklists/new/" + t.tray.put(formFile, t.session.PersonID, b, t.now()))
}

// adding is a form that was brought, with what adding it would do.
type adding struct {
	read *xlsform.Result
	plan amend.Plan
	// before is the version that it follows, nil for none; differs is what is otherwise there.
	before  *checklist.Offered
	differs []amend.Change
	// strange are the types of place that the vocabulary does not have.
	strange []string
}

// takes reports whether it can be published.
func (a *adding) takes() bool {
	return a.read.Checklist != nil && len(a.strange) == 0 && a.plan.Save != nil
}

// adding reads the file of the address; gone is true where it is held no longer.
func (t *turn) adding() (a *adding, gone bool, err error) {
	b, ok := t.tray.get(formFile, t.session.PersonID, t.r.PathValue("file"), t.now())
	if !ok {
		return nil, true, nil
	}
	a = &adding{}
	if a.read, err = xlsform.Read(b.name, bytes.NewReader(b.data), int64(len(b.data))); err != nil || a.read.Checklist == nil {
		return a, false, err
	}
	all, err := t.forms()
	if err != nil {
		return a, false, err
	}
	form := a.read.Checklist
	a.plan = amend.Onto(all.Catalogue, form)
	for _, code := range form.GetPlaceTypes() {
		if _, ok := t.terms().Lookup(vocabulary.PlaceType, vocabulary.Code(code)); !ok {
			a.strange = append(a.strange, code)
		}
	}
	a.follow(all, form)
	return a, false, nil
}

// follow finds the version that a new one follows: the newest that comes before it.
func (a *adding) follow(all forms, form *daylightv1.Checklist) {
	if !a.plan.New {
		return
	}
	for _, o := range all.Versions(form.GetCode()) {
		if o.Removed || checklist.CompareVersions(o.Version, form.GetVersion()) > 0 {
			continue
		}
		was, _ := all.Form(o.ID)
		am := amend.Compare(was, form)
		a.before, a.differs = &o, slices.Concat(am.Refused, am.Changes)
		a.differs = slices.DeleteFunc(a.differs, func(c amend.Change) bool { return c.What == "" && c.Of == "version" })
		return
	}
}

// showBrought shows what came. why is what stood against publishing it.
func (t *turn) showBrought(why look.Text) error {
	a, gone, err := t.adding()
	if gone {
		return t.to("/checklists/new?done=gone")
	}
	if err != nil {
		return err
	}
	s := sheet{title: t.say("office-checklists.brought"), here: "/checklists", body: t.failure(why),
		crumbs: []look.Link{{Href: "/checklists", Text: t.say("office-checklists.title")}, {Href: "/checklists/new", Text: t.say("office-checklists.add")}, {Text: t.say("office-checklists.brought")}}}
	if a.read.Checklist == nil {
		s.body = append(s.body, look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("office-checklists.refused"), Text: t.say("office-checklists.refused-body")}, t.remarks(a.read.Remarks),
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-import.another"), Href: "/checklists/new", Kind: look.ButtonMain}}})
		return t.show(s)
	}
	p := a.read.Preview
	s.lede = look.Dotted(look.Typed(p.Title), look.Code(p.Code), look.Code(p.Version))
	s.body = append(s.body, t.verdict(a)...)
	s.body = append(s.body, look.Counts{Items: []look.Count{t.tally("office-checklists.questions", p.Questions), t.tally("office-checklists.choices-n", p.Choices), t.tally("office-checklists.rules", p.Rules), t.tally("office-checklists.calculations", p.Calculated), t.tally("office-checklists.repeats-n", p.Repeats), t.tally("office-checklists.languages", len(p.Languages))}})
	if len(a.read.Remarks) > 0 {
		s.body = append(s.body, look.Section{Heading: t.say("office-checklists.remarks"), Body: []look.Part{t.remarks(a.read.Remarks)}})
	}
	s.body = append(s.body, t.differences(a)...)
	s.body = append(s.body, look.Section{Heading: t.say("office-checklists.asks"), Body: t.formParts("/checklists/new/"+t.r.PathValue("file"), a.read.Checklist)})
	return t.show(s)
}

// verdict says what publishing would do, and does it.
func (t *turn) verdict(a *adding) []look.Part {
	publish := look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-checklists.publish"), Kind: look.ButtonMain, Action: "/checklists/new/" + t.r.PathValue("file")}, look.Button{Text: t.say("office-import.another"), Href: "/checklists/new"}}}
	another := look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-import.another"), Href: "/checklists/new", Kind: look.ButtonMain}}}
	switch {
	case len(a.strange) > 0:
		var codes []look.Text
		for _, c := range a.strange[:min(len(a.strange), 20)] {
			codes = append(codes, look.Code(c))
		}
		return []look.Part{look.Note{Kind: look.NoteUrgent, Heading: t.say("office-checklists.strange"), Text: t.say("office-checklists.strange-body", "codes", t.locale.List(codes...)), Body: []look.Part{another}}}
	case len(a.plan.Refused) > 0:
		return []look.Part{look.Note{Kind: look.NoteUrgent, Heading: t.say("office-checklists.otherwise"), Text: t.say("office-checklists.otherwise-body"), Body: []look.Part{another}}}
	case a.plan.Save == nil:
		return []look.Part{look.Note{Heading: t.say("office-checklists.there"), Text: t.say("office-checklists.there-body"), Body: []look.Part{another}}}
	case a.plan.New:
		return []look.Part{look.Note{Kind: look.NoteSettled, Heading: t.say("office-checklists.ready"), Text: t.say("office-checklists.ready-body"), Body: []look.Part{publish}}}
	}
	return []look.Part{look.Note{Kind: look.NoteWatch, Heading: t.say("office-checklists.amends", "n", len(a.plan.Changes)), Text: t.say("office-checklists.amends-body"), Body: []look.Part{publish}}}
}

// remarks are what is to be said of a file, in the reader's order: what stands against it
// first. Their words are those of the room that reads forms, in English.
func (t *turn) remarks(all []xlsform.Remark) look.Part {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b xlsform.Remark) int { return cmp.Compare(sureFirst(a), sureFirst(b)) })
	table := look.Ledger{Stack: true, Caption: look.Dotted(t.say("office-checklists.where"), t.say("office-checklists.remarks")), Head: []look.Column{{Text: t.say("office-checklists.where")}, {Text: t.say("office-checklists.what")}, {Text: t.say("office-checklists.cure")}, {Text: t.say("office-checklists.weight")}}}
	for _, r := range all {
		weight := look.Soft(t.say("office-checklists.to-know"))
		if r.Refused {
			weight = look.Strong(t.say("office-checklists.to-mend"))
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: t.remarkAt(r)}, {Text: look.Foreign("en", r.Text)}, {Text: look.Foreign("en", r.Cure)}, {Text: weight}}})
	}
	return table
}

func sureFirst(r xlsform.Remark) int {
	if r.Refused {
		return 0
	}
	return 1
}

// remarkAt is where in the file.
func (t *turn) remarkAt(r xlsform.Remark) look.Text {
	if r.Sheet == "" && r.Row == 0 {
		return t.say("office-import.whole-file")
	}
	var row, column look.Text
	if r.Row > 0 {
		row = t.say("office-checklists.row", "n", r.Row)
	}
	if r.Column != "" {
		column = t.say("office-checklists.column", "name", look.Typed(r.Column))
	}
	return look.Dotted(look.Typed(r.Sheet), row, column, look.Code(r.Cell))
}

// mostDiffering is how many differences are named.
const mostDiffering = 100

// differences are what a version asks otherwise than the one before, or what is otherwise in
// the version that is there.
func (t *turn) differences(a *adding) []look.Part {
	all, heading := a.differs, look.Text(nil)
	switch {
	case a.before != nil:
		heading = t.say("office-checklists.against", "version", look.Code(a.before.Version), "n", len(all))
	case len(a.plan.Refused) > 0:
		all, heading = a.plan.Refused, t.say("office-checklists.may-not", "n", len(a.plan.Refused))
	case len(a.plan.Changes) > 0:
		all, heading = a.plan.Changes, t.say("office-checklists.amends", "n", len(a.plan.Changes))
	default:
		return nil
	}
	if len(all) == 0 {
		return []look.Part{look.Section{Heading: heading, Body: []look.Part{look.Para{Soft: true, Text: t.say("office-checklists.no-difference")}}}}
	}
	table := look.Ledger{Stack: true, Caption: look.Dotted(t.say("office-checklists.where"), heading), Head: []look.Column{{Text: t.say("office-checklists.where")}, {Text: t.say("office-import.field")}, {Text: t.say("office-checklists.from")}, {Text: t.say("office-checklists.to")}}}
	for _, c := range all[:min(len(all), mostDiffering)] {
		table.Rows = append(table.Rows, t.differenceLine(c))
	}
	body := []look.Part{table}
	if n := len(all) - mostDiffering; n > 0 {
		body = append(body, look.Para{Small: true, Soft: true, Text: t.say("office-import.more", "n", n)})
	}
	return []look.Part{look.Section{Heading: heading, Body: body}}
}

func (t *turn) differenceLine(c amend.Change) look.Line {
	at := t.say("office-checklists.whole-form")
	switch c.What {
	case "question":
		at = t.say("office-checklists.a-question", "name", look.Code(c.Name))
	case "choice":
		at = t.say("office-checklists.a-choice", "name", look.Code(c.Name))
	case "setting":
		at = t.say("office-checklists.a-setting", "name", look.Code(c.Name))
	}
	field, from, to := look.Dotted(t.formField(c.Of), look.Code(c.Language)), look.Typed(c.From), look.Typed(c.To)
	switch {
	case c.New:
		field, to = nil, look.Strong(t.say("office-checklists.is-new"))
	case c.Gone:
		field, from, to = nil, look.Soft(t.say("office-checklists.was-there")), look.Strong(t.say("office-checklists.is-gone"))
	case c.To == "":
		to = look.Soft(t.say("office-checklists.is-gone"))
	}
	return look.Line{Cells: []look.Cell{{Text: at}, {Text: field}, {Text: from}, {Text: to}}}
}

// formField is what a column of a form is called.
func (t *turn) formField(name string) look.Text {
	if key := look.Key("office-checklists.f-" + strings.ReplaceAll(name, "_", "-")); t.locale.Words().Has(key) {
		return t.say(key)
	}
	return t.saying().Field(name)
}

// publishForm saves the form; every device has it after its next sync.
func (t *turn) publishForm(*look.Form) error {
	a, gone, err := t.adding()
	if gone {
		return t.to("/checklists/new?done=gone")
	}
	if err != nil {
		return err
	}
	if !a.takes() {
		t.status = http.StatusUnprocessableEntity
		return t.showBrought(nil)
	}
	if why, err := t.saveForm(a.plan.Save); err != nil || len(why) > 0 {
		return either(err, func() error { return t.showBrought(why) })
	}
	t.tray.drop(t.r.PathValue("file"))
	return t.to(formAt(a.read.Checklist.GetCode(), "") + "?done=published")
}
