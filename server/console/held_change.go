package console

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/store"
)

// turnedOf is the change of the address.
func (t *turn) turnedOf() (store.Turned, error) {
	n, err := strconv.ParseUint(t.r.PathValue("position"), 10, 63)
	if err != nil || n == 0 {
		return store.Turned{}, errNotFound
	}
	return t.records().TurnedAt(t.ctx(), exchange.Position(n))
}

func (t *turn) showTurned() error {
	c, err := t.turnedOf()
	if err != nil {
		return err
	}
	return t.turned(c, nil, nil)
}

// heldDone are what was done, by the word that the address says it with.
var heldDone = map[string]look.Key{"admitted": "office-held.done-admitted", "left": "office-held.done-left", "reopened": "office-held.done-reopened"}

// turned is one change in words: what it says beside what stands, why it was not taken, and
// what can be done. f is the form of a ruling that was not made, why says the reason.
func (t *turn) turned(c store.Turned, f *look.Form, why look.Text) error {
	var body []look.Part
	switch k, done := heldDone[t.r.URL.Query().Get("done")]; {
	case len(why) > 0:
		body = append(body, look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("office-held.not-done"), Text: why})
	case done:
		body = append(body, look.Note{Kind: look.NoteSettled, Status: true, Text: t.say(k)})
	}
	body = append(body, look.Leaf{Heading: t.say("office-held.why"), Body: t.heldWhy(c)})
	for _, r := range c.Records {
		body = append(body, t.heldEdits(c, r))
	}
	body = append(body, t.heldRulings(c)...)
	body = append(body, t.heldSteps(c, f)...)
	title := t.say("office-held.one-held", "n", look.Code(strconv.FormatUint(uint64(c.Position), 10)))
	if c.Decision == exchange.Refused {
		title = t.say("office-held.one-refused", "n", look.Code(strconv.FormatUint(uint64(c.Position), 10)))
	}
	return t.show(sheet{title: title, here: "/held", crumbs: []look.Link{{Href: "/held", Text: t.say("office-held.title")}}, body: body})
}

// heldWhy says who wrote the change, when it came, and why it was not taken.
func (t *turn) heldWhy(c store.Turned) []look.Part {
	key := look.Key("office-held.why-held")
	if c.Decision == exchange.Refused {
		for _, r := range heldReasons {
			if r.reason == c.Reason {
				key = look.Key("office-held.why-" + r.word)
			}
		}
	}
	written := t.locale.When(time.UnixMilli(c.Written))
	if c.Suspect {
		written = look.Dotted(written, t.say("office-held.clock-doubt"))
	}
	return []look.Part{
		look.Cluster{Body: []look.Part{t.heldTag(c)}},
		look.Para{Text: t.say(key)},
		look.Facts{Items: []look.Fact{
			{Name: t.say("office-held.written-by"), Value: look.Dotted(look.Typed(c.Person), look.Typed(c.Device))},
			{Name: t.say("office-held.written"), Value: written},
			{Name: t.say("office-held.received"), Value: t.locale.When(time.UnixMilli(c.Received))},
		}},
	}
}

// heldEdits are the edits of one record: now, what the change says, and what would stand.
func (t *turn) heldEdits(c store.Turned, r store.TurnedRecord) look.Part {
	admits := c.Decision == exchange.Held && c.Stands().Kind != journal.Admit && c.Admitting == nil
	table := look.Ledger{Stack: true, Caption: look.Dotted(t.say("office-held.edits"), t.heldRecord(r)), Head: []look.Column{
		{Text: t.say("office-held.field")}, {Text: t.say("office-held.now")}, {Text: t.say("office-held.says")}}}
	if admits {
		table.Head = append(table.Head, look.Column{Text: t.say("office-held.after")})
	}
	for _, e := range r.Edits {
		line := look.Line{Cells: []look.Cell{
			{Text: t.saying().Path(r.Kind, e.Field, e.Key)}, t.heldValues(r, e, e.Now), t.heldValues(r, e, []string{e.JSON})}}
		if admits {
			line.Cells = append(line.Cells, t.heldValues(r, e, e.After))
		}
		table.Rows = append(table.Rows, line)
	}
	section := look.Section{Heading: t.heldRecord(r), Body: []look.Part{table}}
	if r.Stands {
		section.Beside = look.Button{Text: t.say("office-held.to-record"), Href: "/records/" + r.Kind.String() + "/" + r.ID.String(), Kind: look.ButtonQuiet, Further: true}
	}
	return section
}

// heldValues are the values that stand at one path, the one shown first in front.
func (t *turn) heldValues(r store.TurnedRecord, e store.TurnedEdit, values []string) look.Cell {
	if len(values) == 0 {
		return look.Cell{Text: look.Soft(t.say("field-history.nothing"))}
	}
	var said []look.Text
	for _, v := range values {
		if v == "" {
			said = append(said, look.Soft(t.say("field-history.nothing")))
			continue
		}
		said = append(said, t.saying().Value(r.Kind, e.Field, e.Key, v))
	}
	cell := look.Cell{Text: look.Lines(said...)}
	if len(values) > 1 {
		cell.Under = t.say("office-held.versions", "n", len(values))
	}
	return cell
}

// heldRulings are what people decided so far.
func (t *turn) heldRulings(c store.Turned) []look.Part {
	if len(c.Rulings) == 0 {
		return nil
	}
	log := look.Log{}
	for i := len(c.Rulings) - 1; i >= 0; i-- {
		r := c.Rulings[i]
		e := look.Entry{Whose: look.Offices, When: t.locale.When(time.UnixMilli(r.At)),
			Text: t.say(map[journal.RulingKind]look.Key{journal.Admit: "office-held.was-admitted", journal.Leave: "office-held.was-left", journal.Reopen: "office-held.was-reopened"}[r.Kind], "who", look.Typed(r.Person))}
		if r.Why != "" {
			e.Body = []look.Part{look.Prose{Text: look.Typed(r.Why)}}
		}
		log.Items = append(log.Items, e)
	}
	return []look.Part{look.Section{Heading: t.say("office-held.decided"), Body: []look.Part{log}}}
}

// heldSteps are what the reader can do: nothing about what is refused, or not theirs.
func (t *turn) heldSteps(c store.Turned, f *look.Form) []look.Part {
	var missing *store.RulingError
	switch {
	case c.Decision != exchange.Held || c.Stands().Kind == journal.Admit:
		return nil
	case errors.Is(c.Admitting, store.ErrDenied):
		return []look.Part{look.Note{Text: t.say("office-held.not-yours")}}
	case errors.As(c.Admitting, &missing) && missing.By > 0:
		return []look.Part{look.Note{Kind: look.NoteWatch, Text: t.say("office-held.first"), Body: []look.Part{
			look.Button{Text: t.say("office-held.to-first"), Href: t.heldHref(missing.By), Further: true}}}}
	}
	var body []look.Part
	if c.Admitting != nil {
		body = append(body, look.Note{Kind: look.NoteWatch, Text: t.rulingSays(c.Admitting)})
	} else {
		body = append(body, look.Para{Text: t.say("office-held.admitting")})
	}
	body = append(body, look.Input{Name: "why", Label: t.say("office-held.reason-why"), Hint: t.say("office-held.reason-hint"), Rows: 3, Value: typed(f, "why", ""), Error: wrong(f, "why")})
	return []look.Part{look.Section{Heading: t.say("office-held.decide"), Body: []look.Part{
		look.Questions{Action: t.heldHref(c.Position), Hidden: []look.Hidden{{Name: "seen", Value: heldSeen(c)}}, Body: append(body, look.Cluster{Body: heldButtons(t, c)})}}}}
}

func heldButtons(t *turn, c store.Turned) (out []look.Part) {
	if c.Admitting == nil {
		out = append(out, look.Button{Text: t.say("office-held.admit"), Kind: look.ButtonMain, Name: "do", Value: "admit"})
	}
	if c.Stands().Kind == journal.Leave {
		return append(out, look.Button{Text: t.say("office-held.reopen"), Name: "do", Value: "reopen"})
	}
	return append(out, look.Button{Text: t.say("office-held.leave"), Name: "do", Value: "leave"})
}

// heldSeen names the decision that the page showed as standing.
func heldSeen(c store.Turned) string { return strconv.FormatUint(uint64(c.Stands().Position), 10) }

// heldDo are what a form may ask for.
var heldDo = map[string]struct {
	kind journal.RulingKind
	done string
}{"admit": {journal.Admit, "admitted"}, "leave": {journal.Leave, "left"}, "reopen": {journal.Reopen, "reopened"}}

// rule decides about the change of the address.
func (t *turn) rule(f *look.Form) error {
	c, err := t.turnedOf()
	if err != nil {
		return err
	}
	do, known := heldDo[f.Value("do")]
	if !known {
		return look.ErrForm
	}
	if f.Value("seen") != heldSeen(c) {
		t.status = http.StatusConflict
		return t.turned(c, f, t.say("office-held.decided-meanwhile"))
	}
	if f.OK() {
		err = t.records().Rule(t.ctx(), c.Position, do.kind, f.Value("why"))
	}
	switch {
	case errors.Is(err, store.ErrNoReason):
		f.Refuse("why", t.say("office-held.no-reason"))
		fallthrough
	case !f.OK():
		t.refused(f)
		return t.turned(c, f, nil)
	case err != nil:
		why, ok := t.notRuled(err)
		if !ok {
			return err
		}
		return t.turned(c, f, why)
	}
	return t.to(with(t.heldHref(c.Position), "done", do.done))
}

// notRuled says why a ruling was not made, and sets the status of the page.
func (t *turn) notRuled(err error) (look.Text, bool) {
	var ruling *store.RulingError
	if errors.As(err, &ruling) {
		t.status = http.StatusConflict
		return t.rulingSays(err), true
	}
	if errors.Is(err, store.ErrDenied) {
		t.status = http.StatusForbidden
		return t.say("office-held.not-yours"), true
	}
	return t.notSaved(err)
}

// rulingSays says why a change cannot be admitted as it is.
func (t *turn) rulingSays(err error) look.Text {
	var ruling *store.RulingError
	if !errors.As(err, &ruling) {
		return nil
	}
	switch {
	case ruling.Missing != record.ID{}:
		return t.say("office-held.nothing-there")
	case ruling.Reason == exchange.Already:
		return t.say("office-held.already")
	case ruling.Reason == exchange.Stale:
		return t.say("office-held.step-taken")
	}
	return t.say("office-held.does-not-fit")
}
