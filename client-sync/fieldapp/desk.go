package fieldapp

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The desk is where what is sealed is opened, by those who hold a key: a doctor, the focal
// point for reprisals, a reviewer, and until the visit is handed in whoever wrote a note. It
// opens one record at a time, in the answer to one request and nowhere else: no draft, no
// place to continue from, no list shows a word of it, and the lock ends it.

func (a *App) deskRoutes() {
	a.page("/desk", (*turn).deskPage)
	a.post("/desk/rewrap", (*turn).rewrap)
	a.page("/readers", (*turn).allReadersPage)
	a.ofRecord(clientsync.KindVisit, "readers", (*turn).readersPage)
	a.ofRecord(clientsync.KindVisit, "desk", (*turn).visitDeskPage)
	for _, s := range sealings {
		a.ofRecord(s.kind, "open", (*turn).openedPage)
		a.onRecord(s.kind, "settle", (*turn).settleSealed)
	}
}

// deskPage lists the visits on which something is sealed, and what of it opens here.
func (t *turn) deskPage() error {
	counts, err := t.sealedByVisit()
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Text: t.say("field-sealed.desk"), Under: t.say("field-sealed.desk-body")}}
	body = append(body, t.rewrapped()...)
	rows := []look.Row{}
	for visit, n := range counts {
		row, err := t.deskRow(visit, n)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b look.Row) int { return compareText(a.Text, b.Text) })
	if len(rows) == 0 {
		body = append(body, look.Empty{Text: t.say("field-sealed.desk-empty"), Under: t.say("field-sealed.desk-empty-body")})
	} else {
		body = append(body, look.Rows{Items: rows})
	}
	if len(rows) > 0 {
		body = append(body, look.Section{Heading: t.say("field-sealed.new-readers"), Body: []look.Part{
			look.Para{Text: t.say("field-sealed.rewrap-body")}, look.Button{Text: t.say("field-sealed.rewrap"), Action: "/desk/rewrap"}}})
	}
	body = append(body, look.Rows{Items: []look.Row{{Href: "/readers", Lead: look.Symbol{Icon: look.IconPeople}, Text: t.say("field-sealed.readers")}}})
	return t.show(sheet{title: "field-sealed.desk", back: "/", tab: tabHome, body: body})
}

func compareText(a, b look.Text) int {
	if a.String() < b.String() {
		return -1
	}
	return 1
}

// sealedByVisit counts what is sealed, by visit and kind.
func (t *turn) sealedByVisit() (map[string]map[clientsync.Kind]int, error) {
	out := map[string]map[clientsync.Kind]int{}
	for _, s := range sealings {
		for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: s.kind}) {
			if err != nil {
				return nil, err
			}
			visit := visitIn(item.Message)
			if clientsync.SealedWords(item.Message) == "" || visit == "" {
				continue
			}
			if out[visit] == nil {
				out[visit] = map[clientsync.Kind]int{}
			}
			out[visit][s.kind]++
		}
	}
	return out, nil
}

func (t *turn) deskRow(visit string, counts map[clientsync.Kind]int) (look.Row, error) {
	n, opens := 0, 0
	for kind, of := range counts {
		n += of
		can, err := t.canRead(kind, visit)
		if err != nil {
			return look.Row{}, err
		}
		if opensHere(kind, can) {
			opens += of
		}
	}
	return look.Row{Href: t.href(clientsync.KindVisit, visit, "desk"), Lead: look.Symbol{Icon: look.IconSealed}, Text: t.nameOfVisit(visit),
		Under: t.say("field-sealed.desk-row", "n", n, "opens", opens)}, nil
}

// nameOfVisit is what people call a visit: its place, and its day.
func (t *turn) nameOfVisit(id string) look.Text {
	item, err := t.client.Get(t.ctx(), clientsync.KindVisit, id)
	if err != nil {
		return t.say("field-sealed.visit-elsewhere")
	}
	v := item.Message.(*daylightv1.Visit)
	name := t.say("field-sealed.visit-unnamed")
	if place, err := t.client.Get(t.ctx(), clientsync.KindFacility, v.GetFacilityId()); err == nil {
		if n := nameIn(place.Message.(*daylightv1.Facility).GetNames(), t.locale.Tag); n != "" {
			name = look.Typed(n)
		}
	}
	if day := v.GetArrivedAt(); len(day) >= len("2026-11-24") {
		return look.Dotted(name, t.dateText(day[:len("2026-11-24")]))
	}
	return name
}

// nameIn is a name in the reader's language, else in the first that there is.
func nameIn(names map[string]string, tag string) string {
	if names[tag] != "" {
		return names[tag]
	}
	for _, at := range slices.Sorted(maps.Keys(names)) {
		return names[at]
	}
	return ""
}

// rewrapped says what became of giving keys to new readers.
func (t *turn) rewrapped() []look.Part {
	n, err := strconv.Atoi(t.r.URL.Query().Get("given"))
	if err != nil || n < 0 {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-sealed.rewrapped", "n", n)}}
}

// rewrap gives the keys that this device can use to readers who lack them.
func (t *turn) rewrap(*look.Form) error {
	n, err := t.client.Rewrap(t.ctx())
	if err != nil {
		return err
	}
	return t.to("/desk?given=" + strconv.Itoa(n))
}

// visitDeskPage lists what is sealed on a visit: each as a line that says that it exists,
// and leads further where this device may open it.
func (t *turn) visitDeskPage(item clientsync.Item) error {
	body := []look.Part{look.Heading{Over: t.nameOfVisit(item.ID), Text: t.say("field-sealed.desk")}}
	any := false
	for i := range sealings {
		part, err := t.deskSection(&sealings[i], item.ID)
		if err != nil {
			return err
		}
		if part != nil {
			any = true
			body = append(body, part)
		}
	}
	if !any {
		body = append(body, look.Empty{Text: t.say("field-sealed.desk-empty"), Under: t.say("field-sealed.desk-empty-body")})
	}
	body = append(body, look.Rows{Items: []look.Row{{Href: t.href(item.Kind, item.ID, "readers"), Lead: look.Symbol{Icon: look.IconPeople}, Text: t.say("field-sealed.readers")}}})
	return t.show(sheet{title: "field-sealed.desk", back: "/desk", tab: tabHome, body: body})
}

func (t *turn) deskSection(s *sealing, visit string) (look.Part, error) {
	can, err := t.canRead(s.kind, visit)
	if err != nil {
		return nil, err
	}
	opens, body := opensHere(s.kind, can), []look.Part{}
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: visit, Kind: s.kind}) {
		if err != nil {
			return nil, err
		}
		line, err := t.sealedLine(item)
		if err != nil {
			return nil, err
		}
		if line == nil {
			continue
		}
		sealed := line.(look.Sealed)
		sealed.What = t.personName(item.Message)
		if opens {
			sealed.Action = look.Button{Text: t.say("field-sealed.open"), Label: t.say("field-sealed.open-label", "what", sealed.What), Href: t.href(item.Kind, item.ID, "open")}
		}
		body = append(body, sealed)
	}
	if len(body) == 0 {
		return nil, nil
	}
	if !opens {
		body = append(body, look.Para{Small: true, Text: t.notOpened(can)})
	}
	return look.Section{Heading: t.say(s.name), Body: append(body, t.canReadPart(can))}, nil
}

// notOpened says why this device opens nothing of it.
func (t *turn) notOpened(can []clientsync.MayRead) look.Text {
	if slices.ContainsFunc(can, func(r clientsync.MayRead) bool { return r.UntilHandedIn }) {
		return t.say("field-sealed.written-here")
	}
	return t.say("field-sealed.not-here")
}

// openedPage opens what a record seals.
func (t *turn) openedPage(item clientsync.Item) error {
	s := sealingOf(item.Kind)
	visit := visitIn(item.Message)
	back := t.href(clientsync.KindVisit, visit, "desk")
	can, err := t.canRead(item.Kind, visit)
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Over: t.say(s.name), Text: t.personName(item.Message), Under: t.say("field-sealed.open-body")}}
	if !opensHere(item.Kind, can) {
		body = append(body, look.Note{Kind: look.NoteWatch, Icon: look.IconSealed, Text: t.notOpened(can)}, t.canReadPart(can))
		return t.show(sheet{title: "field-sealed.title-open", back: back, tab: tabHome, body: body})
	}
	values, err := t.client.OpenSealed(t.ctx(), item.Kind, item.ID)
	if err != nil {
		return err
	}
	if len(values) > 1 {
		body = append(body, look.Note{Kind: look.NoteTwo, Text: t.say("field-sealed.two-sealed")})
	}
	for i, v := range values {
		body = append(body, t.opened(item, s, v, i, len(values)))
	}
	if len(values) == 0 {
		body = append(body, look.Empty{Text: t.say("field-sealed.nothing-sealed")})
	}
	body = append(body, t.canReadPart(can), t.answerPart(item))
	return t.show(sheet{title: "field-sealed.title-open", back: back, tab: tabHome, body: body})
}

// opened is one value of what is sealed, with who wrote it; of several each can be kept.
func (t *turn) opened(item clientsync.Item, s *sealing, v clientsync.SealedValue, i, of int) look.Part {
	who := look.Typed(v.Person)
	if v.Own {
		who = t.say("field-sealed.by-you")
	}
	leaf := look.Leaf{Over: look.Dotted(t.locale.When(v.Written), who)}
	if of > 1 {
		leaf.Heading = t.say("field-sealed.version", "n", i+1, "of", of)
	}
	if v.Content == nil {
		leaf.Body = append(leaf.Body, look.Note{Kind: look.NoteWatch, Icon: look.IconSealed, Text: t.whyClosed(v.Problem)})
	} else {
		leaf.Body = append(leaf.Body, t.contentParts(s, v)...)
	}
	if of > 1 && v.Content != nil {
		as, err := recordpage.Pack(item.Message)
		if err == nil {
			leaf.Body = append(leaf.Body, look.Button{Text: t.say("field-sealed.keep", "n", i+1), Action: t.href(item.Kind, item.ID, "settle"),
				Hidden: []look.Hidden{{Name: recordpage.AsField, Value: as}, {Name: "_take", Value: takeOf(v)}}})
		}
	}
	return leaf
}

func (t *turn) whyClosed(problem error) look.Text {
	var known *clientsync.Error
	if errors.As(problem, &known) {
		return told(t.locale, known)
	}
	return t.say("field-sealed.not-here")
}

func (t *turn) contentParts(s *sealing, v clientsync.SealedValue) (out []look.Part) {
	c := v.Content.ProtoReflect()
	for _, f := range s.fields() {
		if typed := c.Get(c.Descriptor().Fields().ByName(f.name)).String(); typed != "" {
			out = append(out, look.Para{Label: true, Text: t.say(f.label)}, look.Prose{Text: look.Typed(typed)})
		}
	}
	if len(out) == 0 {
		out = append(out, look.Para{Soft: true, Text: t.say("field-sealed.empty-content")})
	}
	return out
}

// answerPart leads to what can be done about it: an answer, sealed to the same readers, or
// for somebody's identity what is to be added.
func (t *turn) answerPart(item clientsync.Item) look.Part {
	if item.Kind == clientsync.KindPersonIdentity {
		return look.Button{Text: t.say("field-sealed.amend"), Icon: look.IconPen, Href: t.href(item.Kind, item.ID)}
	}
	return look.Section{Heading: t.say("field-sealed.answer-heading"), Body: []look.Part{
		look.Para{Text: t.say("field-sealed.answer-body")},
		look.Button{Text: t.say("field-sealed.answer"), Icon: look.IconPen, Action: t.href(item.Kind, item.ID, "more")},
	}}
}

// takeOf names a value among several, whatever became of the others meanwhile.
func takeOf(v clientsync.SealedValue) string {
	return v.Writer + "@" + strconv.FormatInt(v.Written.UnixMilli(), 10)
}

// settleSealed keeps one of several values; the others stay in the history.
func (t *turn) settleSealed(item clientsync.Item, f *look.Form) error {
	m, err := recordpage.Unpack(item.Kind, item.ID, f.Value(recordpage.AsField))
	if err != nil {
		return err
	}
	can, err := t.canRead(item.Kind, visitIn(item.Message))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(item.Conflicts, func(c clientsync.Conflict) bool { return protoreflect.Name(c.Field) == "sealed" })
	values, err := t.client.OpenSealed(t.ctx(), item.Kind, item.ID)
	if err != nil {
		return err
	}
	take := slices.IndexFunc(values, func(v clientsync.SealedValue) bool { return v.Content != nil && takeOf(v) == f.Value("_take") })
	if at < 0 || take < 0 || !opensHere(item.Kind, can) {
		return recordpage.ErrForm
	}
	if err := t.client.Resolve(t.ctx(), m, item.Conflicts[at], values[take].Value); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID, "open"))
}
