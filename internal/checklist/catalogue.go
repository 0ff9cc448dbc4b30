package checklist

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Catalogue is the forms that there are: those that came with the program, with the
// records of an office laid over them and beside them. It never changes; any number of
// goroutines may ask it. Forms are given compiled by nobody: whoever opens one keeps it.
type Catalogue struct {
	forms  map[record.ID]*entry
	byCode map[string][]*entry // newest first
}

// entry is one version of a form.
type entry struct {
	id   record.ID
	form *daylightv1.Checklist
	// record is the office's own, as it came; nil for one that it left as it was shipped.
	record *daylightv1.Checklist
	// gone: the office removed it, or joined it to another.
	gone bool
}

// Offered is what people see of one version of a form before they open it.
type Offered struct {
	ID            record.ID
	Code, Version string
	// Titles are by language tag. Title picks one.
	Titles          map[string]string
	DefaultLanguage string
	Languages       []string
	// PlaceTypes are those that it is for; none: all.
	PlaceTypes []string

	// Questions counts what a person is asked; groups, notes and calculations do not count.
	Questions int
	// Shipped: it came with the program. Changed: the office laid a record over it.
	Shipped, Changed bool
	// Hidden and RetiredOn are why it is not offered; Removed, that the office took its
	// own form back. It stays readable.
	Hidden    bool
	RetiredOn string
	Removed   bool
	// Whole: all of it is here. Else its rest comes with the next sync.
	Whole bool
	// Coming is a newer version that is not wholly here yet and would be offered instead;
	// empty for none.
	Coming string
}

// Title is what the form is called in a language, or in the nearest that there is, which
// is then said: the form's own, then English, then the first. Without any, its code.
func (o Offered) Title(language string) (text, in string) {
	for _, tag := range tagsNear(language, o.DefaultLanguage) {
		if t := o.Titles[tag]; t != "" {
			return t, tag
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(o.Titles)) {
		if o.Titles[tag] != "" {
			return o.Titles[tag], tag
		}
	}
	return o.Code, ""
}

// tagsNear are the tags to try for a language: itself, what it is a variety of, the form's
// own language, English.
func tagsNear(language, own string) []string {
	out := []string{language}
	for tag := language; strings.Contains(tag, "-"); {
		tag = tag[:strings.LastIndex(tag, "-")]
		out = append(out, tag)
	}
	return append(out, own, "en")
}

// OfferedOn reports whether it may be begun on a day, as 2026-11-24: the office neither
// hid, retired nor removed it, and all of it is here.
func (o Offered) OfferedOn(day string) bool { return o.standsOn(day) && o.Whole }

func (o Offered) standsOn(day string) bool {
	return !o.Hidden && !o.Removed && (o.RetiredOn == "" || day < o.RetiredOn)
}

// For reports whether it is for a type of place; every form is for a place whose type is
// not known.
func (o Offered) For(placeType string) bool {
	return placeType == "" || len(o.PlaceTypes) == 0 || slices.Contains(o.PlaceTypes, placeType)
}

// NewCatalogue gives the forms of an office: the shipped ones with its records over them.
// Give removed records too, and their ids: a form of the office stays readable for the
// answers that were given to it, and a removed record leaves a shipped form as it was
// shipped. Their order does not matter. The caller no longer changes them.
//
// Over a shipped form a record decides hidden, retired_on and the types of place; adds
// languages to titles, labels, hints and messages; and retires choices. It can neither
// ask otherwise nor reckon otherwise: that is another version.
func NewCatalogue(records []*daylightv1.Checklist, removed ...string) *Catalogue {
	c := &Catalogue{forms: map[record.ID]*entry{}, byCode: map[string][]*entry{}}
	for _, f := range shippedForms() {
		c.forms[f.id] = &entry{id: f.id, form: f.read()}
	}
	gone := map[string]bool{}
	for _, id := range removed {
		gone[id] = true
	}
	for _, r := range records {
		if id, err := record.ParseID(r.GetId()); err == nil {
			c.lay(id, r, gone[r.GetId()] || mergedAway(r))
		}
	}
	for _, e := range c.forms {
		c.byCode[e.form.GetCode()] = append(c.byCode[e.form.GetCode()], e)
	}
	for _, versions := range c.byCode {
		slices.SortFunc(versions, newestFirst)
	}
	return c
}

// Standing gives one form as a catalogue with the office's record of it would, and reads
// no other: r is nil where the office has none.
func Standing(id record.ID, r *daylightv1.Checklist, removed bool) (*daylightv1.Checklist, bool) {
	shipped, ok := ShippedForm(id)
	switch {
	case r == nil || ok && (removed || mergedAway(r)):
		return shipped, ok
	case ok:
		return Overlay(shipped, r), true
	}
	return r, true
}

func mergedAway(r *daylightv1.Checklist) bool {
	return r.GetMergedInto() != "" && r.GetMergedInto() != r.GetId()
}

// newestFirst orders the versions of a form; of records that claim one version, the one
// that has its id stands in front.
func newestFirst(a, b *entry) int {
	own := func(e *entry) int {
		if e.id == FormID(e.form.GetCode(), e.form.GetVersion()) {
			return 0
		}
		return 1
	}
	return cmp.Or(CompareVersions(b.form.GetVersion(), a.form.GetVersion()), own(a)-own(b), strings.Compare(a.id.String(), b.id.String()))
}

func (c *Catalogue) lay(id record.ID, r *daylightv1.Checklist, gone bool) {
	under := c.forms[id]
	switch {
	case under == nil:
		c.forms[id] = &entry{id: id, form: r, record: r, gone: gone}
	case under.form.GetShipped() && gone: // as shipped, and changed again by the same record
		under.record = r
	case under.form.GetShipped():
		c.forms[id] = &entry{id: id, form: Overlay(under.form, r), record: r}
	}
}

// Form gives one version of a form by its id, for ever: also what is hidden, retired or
// removed. Do not change it.
func (c *Catalogue) Form(id record.ID) (*daylightv1.Checklist, bool) {
	e := c.forms[id]
	if e == nil {
		return nil, false
	}
	return e.form, true
}

// Version is Form by code and version, as a response names them beside the id.
func (c *Catalogue) Version(code, version string) (*daylightv1.Checklist, bool) {
	for _, e := range c.byCode[code] {
		if e.form.GetVersion() == version {
			return e.form, true
		}
	}
	return nil, false
}

// Record gives the office's record of a form to change and save, or for a shipped form
// that it never changed a new one that changes nothing yet. It is the caller's own.
func (c *Catalogue) Record(id record.ID) (*daylightv1.Checklist, bool) {
	e := c.forms[id]
	switch {
	case e == nil:
		return nil, false
	case e.record != nil:
		return proto.Clone(e.record).(*daylightv1.Checklist), true
	}
	return &daylightv1.Checklist{
		Id: id.String(), Code: e.form.Code, Version: e.form.Version, Shipped: proto.Bool(true),
	}, true
}

// Codes lists the forms, each once, by code.
func (c *Catalogue) Codes() []string { return slices.Sorted(maps.Keys(c.byCode)) }

// Versions lists every version of a form, the newest first, also those that are not
// offered any more; nothing for a code that nobody knows.
func (c *Catalogue) Versions(code string) (out []Offered) {
	for _, e := range c.byCode[code] {
		out = append(out, e.offered())
	}
	return out
}

// Newest gives the version of a form that is offered on a day.
func (c *Catalogue) Newest(code, day string) (Offered, bool) {
	coming := ""
	for _, e := range c.byCode[code] {
		o := e.offered()
		switch {
		case o.OfferedOn(day):
			o.Coming = coming
			return o, true
		case o.standsOn(day) && coming == "":
			coming = o.Version
		}
	}
	return Offered{}, false
}

// Offered lists the forms that may be begun at a place of that main type on a day, each
// in its newest version, by code. An empty type, where it is not known, asks for all. A
// version that is not wholly here leaves the one before it offered.
func (c *Catalogue) Offered(placeType, day string) (out []Offered) {
	for _, code := range c.Codes() {
		if o, ok := c.Newest(code, day); ok && o.For(placeType) {
			out = append(out, o)
		}
	}
	return out
}

func (e *entry) offered() Offered {
	f := e.form
	return Offered{
		ID: e.id, Code: f.GetCode(), Version: f.GetVersion(),
		Titles: f.GetTitles(), DefaultLanguage: f.GetDefaultLanguage(), Languages: f.GetLanguages(), PlaceTypes: f.GetPlaceTypes(),
		Questions: askedBy(f), Shipped: f.GetShipped(), Changed: f.GetShipped() && e.record != nil && !e.gone,
		Hidden: f.GetHidden(), RetiredOn: f.GetRetiredOn(), Removed: e.gone, Whole: wholeForm(f),
	}
}

// askedBy counts the questions that a person answers.
func askedBy(f *daylightv1.Checklist) (n int) {
	for _, q := range f.GetQuestions() {
		switch roles[Type(q.GetType())] {
		case contains, tells, computes, remembers:
		default:
			if q.GetStateOf() == "" && q.GetCalculation() == "" {
				n++
			}
		}
	}
	return n
}

// wholeForm reports whether all rows of a form are here: a large one takes several changes.
func wholeForm(f *daylightv1.Checklist) bool {
	return f.GetCode() != "" && f.GetVersion() != "" && len(f.GetQuestions())+len(f.GetChoices()) >= int(f.GetRows())
}
