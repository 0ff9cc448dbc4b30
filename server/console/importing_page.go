package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/register"
)

// mostShown is how many rows of one group stand on the page; the doubtful ones all do up to
// mostDoubtful, since each is decided by itself.
const (
	mostShown    = 50
	mostDoubtful = 200
	// mostWords is how many words for types can be said what they are.
	mostWords = 40
)

// showIntake shows what the file would do. why is what stood against taking it.
func (t *turn) showIntake(why look.Text) error {
	at, b, gone := t.heldRegister()
	if gone {
		return t.registerGone()
	}
	in, unread, err := t.plan(b)
	if err != nil {
		return err
	}
	s := sheet{title: t.say("office-import.preview"), crumbs: []look.Link{{Href: "/places", Text: t.say("office-import.places")}, {Href: "/places/import", Text: t.say("office-import.title")}, {Text: t.say("office-import.preview")}}, here: "/places"}
	s.body = t.failure(why)
	if unread != nil {
		s.body = append(s.body, look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("office-import.unread"), Text: look.Foreign("en", unread.Error()),
			Under: t.say("office-import.unread-under"), Body: []look.Part{look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-import.another"), Href: "/places/import", Kind: look.ButtonMain}}}}})
		return t.show(s)
	}
	s.lede = t.say("office-import.preview-lede", "source", look.Code(in.file.Source))
	s.body = append(s.body, look.Counts{Items: []look.Count{t.tally("office-import.rows", in.file.Read), t.tally("office-import.new", len(in.fresh)), t.tally("office-import.changed", len(in.changed)), t.tally("office-import.doubtful", len(in.doubtful)),
		t.tally("office-import.same", in.plan.Same), t.tally("office-import.left-out", in.plan.Rejected)}})
	s.body = append(s.body, t.unknownSource(in)...)
	s.body = append(s.body, t.takeForm(at, in), t.columnsForm(at, b, in))
	s.body = append(s.body, t.rowsLeft(in)...)
	return t.show(s)
}

func (t *turn) tally(name look.Key, n int) look.Count {
	return look.Count{Name: t.say(name), Value: t.locale.Number(n), Zero: n == 0}
}

// unknownSource warns where other registers came before and this one never: next year's file
// of the same register would make every place anew.
func (t *turn) unknownSource(in *intake) []look.Part {
	if len(in.sources) == 0 || slices.Contains(in.sources, in.file.Source) {
		return nil
	}
	var known []look.Text
	for _, s := range in.sources[:min(len(in.sources), 10)] {
		known = append(known, look.Code(s))
	}
	return []look.Part{look.Note{Kind: look.NoteWatch, Heading: t.say("office-import.source-new"), Text: t.say("office-import.source-new-body", "source", look.Code(in.file.Source), "known", t.locale.List(known...))}}
}

// takeForm shows what would be saved, group by group, and takes what is chosen of it.
func (t *turn) takeForm(at string, in *intake) look.Part {
	var groups []look.Choice
	if n := len(in.fresh); n > 0 {
		groups = append(groups, look.Choice{Value: "new", Text: t.say("office-import.take-new", "n", n), Checked: true})
	}
	if n := len(in.changed); n > 0 {
		groups = append(groups, look.Choice{Value: "changed", Text: t.say("office-import.take-changed", "n", n), Checked: true})
	}
	if len(groups) == 0 && len(in.doubtful) == 0 {
		return look.Empty{Text: t.say("office-import.nothing"), Under: t.say("office-import.nothing-under"), Action: look.Button{Text: t.say("office-import.to-places"), Href: "/places", Kind: look.ButtonMain}}
	}
	q := look.Questions{ID: "take", Action: "/import/" + at + "/take"}
	if len(in.doubtful) > 0 {
		q.Body = append(q.Body, t.doubtfulPart(in.doubtful))
	}
	if len(groups) > 0 {
		q.Body = append(q.Body, look.Choices{Name: "take", Legend: t.say("office-import.take"), Hint: t.say("office-import.take-hint"), Many: true, Options: groups})
	}
	q.Body = append(q.Body, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-import.do"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-import.cancel"), Href: "/places/import", Kind: look.ButtonQuiet}}})
	var body []look.Part
	if len(in.changed) > 0 {
		body = append(body, t.changedPart(in.changed))
	}
	if len(in.fresh) > 0 {
		body = append(body, t.freshPart(in.fresh))
	}
	return look.Section{Heading: t.say("office-import.would"), Body: append(body, q)}
}

// doubtfulPart has each row that looks like a place decided by itself.
func (t *turn) doubtfulPart(all []planned) look.Part {
	c := look.Choices{Name: "doubtful", Legend: t.say("office-import.doubtful-head"), Hint: t.say("office-import.doubtful-hint"), Many: true}
	for _, p := range all[:min(len(all), mostDoubtful)] {
		var like []look.Text
		for _, a := range p.alike[:min(len(p.alike), 3)] {
			like = append(like, t.say("office-import.like", "name", look.To("/places/"+a.ID.String(), t.named(record.Facility.String(), a.ID.String())), "why", t.reasons(a.Reasons)))
		}
		c.Options = append(c.Options, look.Choice{Value: p.place.GetId(), Text: look.Dotted(t.name(p.place), t.whereOf(p.place), t.say("office-import.line", "n", p.line)), Under: look.Lines(like...)})
	}
	if n := len(all) - mostDoubtful; n > 0 {
		c.Beside = []look.Part{look.Para{Small: true, Soft: true, Text: t.say("office-import.more-doubtful", "n", n)}}
	}
	return c
}

// whereOf is the type, the town and the region of a place.
func (t *turn) whereOf(f *daylightv1.Facility) look.Text {
	var kind look.Text
	if f.GetMainType() != "" {
		kind = t.code(vocabulary.PlaceType, f.GetMainType())
	}
	return look.Dotted(kind, look.Typed(f.GetTown()), look.Code(f.GetRegion()))
}

func (t *turn) freshPart(all []planned) look.Part {
	table := look.Ledger{Stack: true, Caption: t.say("office-import.new"), Head: []look.Column{{Text: t.say("office-import.place")}, {Text: t.say("office-import.where")}, {Text: t.say("office-import.row"), Right: true}}}
	for _, p := range all[:min(len(all), mostShown)] {
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: t.name(p.place)}, {Text: t.whereOf(p.place)}, {Text: t.locale.Number(p.line)}}})
	}
	return look.Unfold{Summary: t.say("office-import.see-new", "n", len(all)), Body: append([]look.Part{table}, t.moreOf(len(all))...)}
}

func (t *turn) moreOf(n int) []look.Part {
	if n <= mostShown {
		return nil
	}
	return []look.Part{look.Para{Small: true, Soft: true, Text: t.say("office-import.more", "n", n-mostShown)}}
}

// changedPart shows field by field what the office has and what the register says now.
func (t *turn) changedPart(all []planned) look.Part {
	table := look.Ledger{Stack: true, Caption: t.say("office-import.changed"), Head: []look.Column{{Text: t.say("office-import.place")}, {Text: t.say("office-import.field")}, {Text: t.say("office-import.was")}, {Text: t.say("office-import.becomes")}}}
	for _, p := range all[:min(len(all), mostShown)] {
		for i, d := range t.differing(p.before, p.place) {
			line := look.Line{Cells: []look.Cell{{Text: t.name(p.before)}, {Text: d.name}, {Text: d.first}, {Text: d.second}}}
			if i == 0 {
				line.Href = "/places/" + p.before.GetId()
			}
			table.Rows = append(table.Rows, line)
		}
	}
	return look.Unfold{Summary: t.say("office-import.see-changed", "n", len(all)), Open: true, Body: append([]look.Part{table}, t.moreOf(len(all))...)}
}

// columnsForm says what the columns were taken for, and takes another word for it.
func (t *turn) columnsForm(at string, b brought, in *intake) look.Part {
	q := look.Questions{ID: "columns", Action: "/import/" + at + "/columns", Body: []look.Part{
		look.Input{Name: "source", Label: t.say("office-import.source"), Hint: t.say("office-import.source-hint"), Value: in.file.Source, Suggestions: in.sources, Mono: true}}}
	var columns []look.Part
	for i, c := range in.file.Mapping {
		q.Hidden = append(q.Hidden, look.Hidden{Name: "header", Value: c.Header})
		columns = append(columns, look.Select{Name: "column-" + strconv.Itoa(i), Label: t.say("office-import.column", "header", look.Typed(c.Header)), Options: t.fieldOptions(c.Field)})
	}
	q.Body = append(q.Body, look.Columns{Three: true, Body: columns})
	if words := t.unknownTypes(in); len(words) > 0 {
		var types []look.Part
		for i, w := range words {
			q.Hidden = append(q.Hidden, look.Hidden{Name: "word", Value: w.Word})
			s := look.Select{Name: "type-" + strconv.Itoa(i), Label: t.say("office-import.type-word", "word", look.Typed(w.Word), "n", w.Rows), Options: []look.Option{{Text: t.say("office-import.type-as-is")}}}
			now := registerOptions(b.told).Types[w.Word]
			for _, o := range t.optionsOf(vocabulary.PlaceType, "") {
				o.Selected = o.Value == now
				s.Options = append(s.Options, o)
			}
			types = append(types, s)
		}
		q.Body = append(q.Body, look.Para{Label: true, Text: t.say("office-import.types")}, look.Para{Small: true, Soft: true, Text: t.say("office-import.types-hint")}, look.Columns{Three: true, Body: types})
	}
	q.Body = append(q.Body, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-import.again")}}})
	return look.Unfold{Summary: t.say("office-import.columns"), Open: len(t.unknownTypes(in)) > 0, Body: []look.Part{q}}
}

// unknownTypes are the file's words for types that the vocabulary does not have, and those of
// which somebody said what they are.
func (t *turn) unknownTypes(in *intake) (out []register.TypeWord) {
	for _, w := range in.file.Types {
		_, known := t.terms().Lookup(vocabulary.PlaceType, vocabulary.Code(w.Code))
		if (!known || w.Code != w.Word) && len(out) < mostWords {
			out = append(out, w)
		}
	}
	return out
}

func (t *turn) fieldOptions(now register.Field) (out []look.Option) {
	all := register.Fields()
	if !slices.Contains(all, now) {
		all = append(all, now)
	}
	for _, tag := range look.Languages[1:] {
		if f := register.Field("names[" + tag + "]"); f != now {
			all = append(all, f)
		}
	}
	for _, f := range all {
		if f == register.Name { // every name is in some language
			continue
		}
		out = append(out, look.Option{Value: string(f), Text: t.registerField(f), Selected: f == now})
	}
	return out
}

// registerField is what a column holds, in words.
func (t *turn) registerField(f register.Field) look.Text {
	if tag, ok := strings.CutPrefix(string(f), "names["); ok {
		tag = strings.TrimSuffix(tag, "]")
		name := look.LanguageName(tag)
		if len(name) == 0 {
			name = look.Code(tag)
		}
		return t.say("office-import.name-in", "language", name)
	}
	if f == register.Ignore {
		return t.say("office-import.field-ignore")
	}
	return t.say(look.Key("office-import.field-" + strings.ReplaceAll(string(f), "_", "-")))
}

// rowsLeft are the rows that were left out, and what is odd about others, in the register's
// own English.
func (t *turn) rowsLeft(in *intake) (out []look.Part) {
	var left, odd []register.Warning
	for _, w := range in.plan.Warnings {
		switch {
		case w.OfType:
		case w.Rejected:
			left = append(left, w)
		default:
			odd = append(odd, w)
		}
	}
	if len(left) > 0 {
		out = append(out, look.Section{Heading: t.say("office-import.left-out"), Body: t.warnings(left, t.say("office-import.left-out"))})
	}
	if len(odd) > 0 {
		out = append(out, look.Unfold{Summary: t.say("office-import.odd", "n", len(odd)), Body: t.warnings(odd, t.say("office-import.odd", "n", len(odd)))})
	}
	return out
}

func (t *turn) warnings(all []register.Warning, caption look.Text) []look.Part {
	table := look.Ledger{Stack: true, Caption: look.Dotted(t.say("office-import.row"), caption), Head: []look.Column{{Text: t.say("office-import.row")}, {Text: t.say("office-import.odd-what")}, {Text: t.say("office-import.odd-done")}}}
	for _, w := range all[:min(len(all), mostShown)] {
		row := t.say("office-import.whole-file")
		if w.Line > 0 {
			row = t.locale.Number(w.Line)
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: row}, {Text: look.Foreign("en", w.Text)}, {Text: look.Foreign("en", w.Done)}}})
	}
	return append([]look.Part{table}, t.moreOf(len(all))...)
}

// takeRegister saves what was chosen of the file, all or nothing, as it is reckoned now.
func (t *turn) takeRegister(f *look.Form) error {
	at, b, gone := t.heldRegister()
	if gone {
		return t.registerGone()
	}
	in, unread, err := t.plan(b)
	if err != nil || unread != nil {
		return either(err, func() error { return t.showIntake(nil) })
	}
	save, fresh, changed := in.chosen(f.Values("take"), f.Values("doubtful"))
	if len(save) == 0 {
		t.status = http.StatusUnprocessableEntity
		return t.showIntake(t.say("office-import.none-chosen"))
	}
	if _, err := t.records().Desk().SaveEach(t.ctx(), save...); err != nil {
		if why, ok := t.notSaved(err); ok {
			return t.showIntake(why)
		}
		return err
	}
	if err := t.directory.Log(t.ctx(), directory.Changed, record.ID{}, "a register was imported: "+strconv.Itoa(len(save))+" places", t.session.By("/places/import")); err != nil {
		return err
	}
	t.tray.drop(at)
	return t.to(with("/places/import", "done", "taken", "new", strconv.Itoa(fresh), "changed", strconv.Itoa(changed)))
}
