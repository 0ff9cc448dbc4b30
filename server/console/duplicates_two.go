package console

import (
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/merging"
	"github.com/daylight-npm/daylight/server/store"
)

// calledTwice names a place or a visit so that two which are called alike can be told apart.
func (t *turn) calledTwice(m record.Message) look.Text {
	switch m := m.(type) {
	case *daylightv1.Facility:
		return look.Dotted(t.name(m), t.whereOf(m))
	case *daylightv1.Visit:
		return look.Dotted(t.named(record.Facility.String(), m.GetFacilityId()), t.day(m.GetPlannedStart()))
	}
	return t.name(m)
}

// twoOf reads the two of an address or a form: the one that stays is the winner.
func (t *turn) twoOf(a, b, stay string) (two merging.Two, err error) {
	first, err := record.ParseID(a)
	if err != nil {
		return two, errNotFound
	}
	second, err := record.ParseID(b)
	if err != nil || first == second {
		return two, errNotFound
	}
	loser, winner := second, first
	if stay == b {
		loser, winner = first, second
	}
	if two, err = t.hand().Two(t.ctx(), loser, winner); err != nil {
		return two, err
	}
	for _, m := range []record.Message{two.Loser.Message, two.Winner.Message} { // leaves a line where it is restricted
		if _, err := t.itemOf(two.Kind, m.GetId()); err != nil {
			return two, err
		}
	}
	return two, nil
}

// showTwoAlike sets the two side by side. why says what stood against joining them.
func (t *turn) showTwoAlike(why look.Text) error {
	q := t.r.URL.Query()
	two, err := t.twoOf(q.Get("a"), q.Get("b"), q.Get("stay"))
	if err != nil {
		return err
	}
	loser, winner := two.Loser.Message, two.Winner.Message
	body := append(t.failure(why), t.alikeTable(winner, loser))
	_, no := two.Try()
	var refused *likeness.Refusal
	switch {
	case errors.As(no, &refused):
		body = append(body, look.Note{Kind: look.NoteWatch, Heading: t.say("office-duplicates.cannot"), Text: t.refusal(refused)})
	case no != nil:
		return no
	case !t.mayMerge(two.Kind, loser):
		body = append(body, look.Note{Text: t.say("office-duplicates.not-yours")})
	default:
		body = append(body, t.mergeForm(two))
	}
	crumbs := []look.Link{{Href: "/places", Text: t.say("office-import.places")}, {Href: ofKind("/places/duplicates", two.Kind), Text: t.say("office-duplicates.title")}, {Text: t.say("office-duplicates.two")}}
	return t.show(sheet{title: t.say("office-duplicates.two"), lede: t.say("office-duplicates.two-lede"), crumbs: crumbs, here: "/places", body: body})
}

// alikeTable shows both, the one that stays in front.
func (t *turn) alikeTable(winner, loser record.Message) look.Part {
	kind, _ := record.KindOf(winner)
	table := look.Ledger{Stack: true, Caption: t.say("office-duplicates.beside"), Head: []look.Column{{Text: t.say("office-import.field")}, {Text: t.say("office-duplicates.stays")}, {Text: t.say("office-duplicates.goes")}, {Text: t.say("office-duplicates.compared")}}}
	at := "/records/" + kind.String() + "/"
	table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: t.saying().Kind(kind)}, {Text: look.To(at+winner.GetId(), t.calledTwice(winner))}, {Text: look.To(at+loser.GetId(), t.calledTwice(loser))}, {}}})
	for _, d := range t.besides(winner, loser) {
		compared := look.Soft(t.say("office-duplicates.alike"))
		if !d.same {
			compared = look.Strong(t.say("office-duplicates.differs"))
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: d.name}, {Text: d.first}, {Text: d.second}, {Text: compared}}})
	}
	return table
}

func (t *turn) mayMerge(kind record.Kind, loser record.Message) bool {
	w := access.Write{Subject: access.Subject{Kind: kind}, Fields: []int32{record.FieldMergedInto}}
	switch m := loser.(type) {
	case *daylightv1.Facility:
		w.Region = m.GetRegion()
	case *daylightv1.Visit:
		w.Subject = access.Beside(m, kind, t.session.PersonID)
	}
	ok, _ := t.rights.MayWrite(w)
	return ok
}

// mergeForm joins the two. The other way round is the same page with the other one staying.
func (t *turn) mergeForm(two merging.Two) look.Part {
	loser, winner := two.Loser.Message, two.Winner.Message
	q := look.Questions{ID: "merge", Action: with("/places/duplicates/two", "a", winner.GetId(), "b", loser.GetId()), Hidden: []look.Hidden{
		{Name: "seen-loser", Value: seenOf(loser)}, {Name: "seen-winner", Value: seenOf(winner)}}}
	var carry []look.Choice
	for _, v := range likeness.Carry(winner, loser) {
		carry = append(carry, look.Choice{Value: v.String(), Text: t.saying().Path(two.Kind, v.Field, v.Key), Checked: true})
	}
	if len(carry) > 0 {
		q.Body = append(q.Body, look.Choices{Name: "carry", Legend: t.say("office-duplicates.carry"), Hint: t.say("office-duplicates.carry-hint"), Many: true, Two: true, Options: carry})
	}
	q.Body = append(q.Body, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-duplicates.join"), Kind: look.ButtonMain},
		look.Button{Text: t.say("office-duplicates.other-way"), Href: with("/places/duplicates/two", "a", loser.GetId(), "b", winner.GetId())},
		look.Button{Text: t.say("office-duplicates.not-one"), Href: ofKind("/places/duplicates", two.Kind), Kind: look.ButtonQuiet}}})
	return look.Section{Heading: t.say("office-duplicates.join-head"), Body: []look.Part{
		look.Points{Items: []look.Text{t.say("office-duplicates.join-1"), t.say("office-duplicates.join-2"), t.say("office-duplicates.join-3")}}, q}}
}

func seenOf(m record.Message) string { return base64.RawURLEncoding.EncodeToString(m.GetSeen()) }

func seenIn(f *look.Form, name string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(f.Value(name))
	if err != nil {
		return nil
	}
	return b
}

// mergeTwo joins what the page showed, and nothing that has changed since.
func (t *turn) mergeTwo(f *look.Form) error {
	q := t.r.URL.Query()
	two, err := t.twoOf(q.Get("a"), q.Get("b"), "")
	if err != nil {
		return err
	}
	if err = two.Seen(seenIn(f, "seen-loser"), seenIn(f, "seen-winner")); err == nil {
		_, err = two.Merge(t.ctx(), f.Values("carry")...)
	}
	if err != nil {
		return t.notMerged(err)
	}
	t.likely.forget()
	if err := t.witnessMerge(two.Loser.Message.GetId(), "a record was merged into another"); err != nil {
		return err
	}
	return t.to(ofKind("/places/duplicates", two.Kind, "done", "merged"))
}

// witnessMerge leaves the line that the service leaves.
func (t *turn) witnessMerge(id, note string) error {
	of, err := record.ParseID(id)
	if err != nil {
		return err
	}
	return t.directory.Log(t.ctx(), directory.Changed, of, note, t.session.By("/places/duplicates"))
}

// notMerged shows the two again, with why.
func (t *turn) notMerged(err error) error {
	why, ok := t.mergeProblem(err)
	if !ok {
		return err
	}
	return t.showTwoAlike(why)
}

func (t *turn) mergeProblem(err error) (look.Text, bool) {
	var refused *likeness.Refusal
	var unknown *merging.UnknownError
	switch {
	case errors.Is(err, merging.ErrMoved), errors.As(err, &unknown):
		return t.moved(), true
	case errors.As(err, &refused):
		t.status = http.StatusConflict
		return t.refusal(refused), true
	case errors.Is(err, store.ErrNotFound):
		return nil, false
	}
	return t.notSaved(err)
}

// moved says that a record is another than the page showed.
func (t *turn) moved() look.Text {
	t.status = http.StatusConflict
	return t.say("office-duplicates.moved")
}

func (t *turn) refusal(r *likeness.Refusal) look.Text {
	return t.say(look.Key("office-duplicates.no-" + r.Code))
}

// pathsOf says fields and elements in words.
func (t *turn) pathsOf(kind record.Kind, all []likeness.Value) look.Text {
	var out []look.Text
	for _, v := range all {
		out = append(out, t.saying().Path(kind, v.Field, v.Key))
	}
	return t.locale.List(out...)
}
