package console

import (
	"cmp"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// What stands in two versions is put on a page, combined and settled as the field app does
// it, see internal/recordpage; here is what the office knows of the versions, and who may.

// two is one field, or element, that stands in several versions.
type two struct {
	*turn
	item store.Item
	kind record.Kind
	// at is which of the record's conflicts it is.
	at   int
	page *recordpage.TwoPage
	// beside is the visit that the record is or hangs on; nil for none in sight.
	beside *beside
	may    bool
}

// twoItem reads the record of an address /records/{kind}/{id}/two.
func (t *turn) twoItem() (kind record.Kind, item store.Item, err error) {
	if kind, err = record.ParseKind(t.r.PathValue("kind")); err != nil {
		return 0, item, errNotFound
	}
	item, err = t.item(kind)
	return kind, item, err
}

// two opens one of the conflicts of a record.
func (t *turn) two(kind record.Kind, item store.Item, at int) (*two, error) {
	c := item.Status.GetConflicts()[at]
	past, err := t.past(kind, item.Message.GetId())
	if err != nil {
		return nil, err
	}
	w := &two{turn: t, item: item, kind: kind, at: at}
	if visit := recordpage.VisitBehind(item.Message); visit != "" {
		if w.beside, err = t.besideVisit(visit); err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	w.may = w.mayEdit(c.GetField(), past)
	w.page = &recordpage.TwoPage{Two: recordpage.Two{Kind: kind, Field: c.GetField(), Key: c.GetKey()}, Words: t.saying(),
		Person: func(v recordpage.Version) look.Text { return t.whoSays(pen{person: v.Person, own: v.Own}) },
		Device: func(v recordpage.Version) look.Text { return look.Typed(v.Device) },
		Violet: true, Others: t.say("office-two.lede"), WhyHint: t.say("office-two.why-hint")}
	if w.maySay() {
		w.page.Leave, w.page.LeaveUnder = t.say("office-two.ask"), t.say("office-two.ask-under")
	}
	for _, v := range c.GetValues() {
		w.page.Versions = append(w.page.Versions, w.version(v, past))
	}
	if c.GetField() == "removed" {
		w.page.Versions = append(w.page.Versions, recordpage.Version{}) // kept
	}
	if found := w.page.FindBefore(past); found != nil {
		p := t.penOf(found.Person, found.Device)
		found.Own, found.Person = p.own, p.person
		w.page.Before = found
	}
	return w, nil
}

// version is one of the values with who wrote it, as the history has it.
func (w *two) version(v *daylightv1.ConflictingValue, past []*daylightv1.HistoryEntry) recordpage.Version {
	out := recordpage.Version{JSON: v.GetJson(), Writer: hex.EncodeToString(v.GetWriter()), Written: atMS(v.GetWrittenAt()), ClockSuspect: v.GetClockSuspect()}
	i := slices.IndexFunc(past, func(e *daylightv1.HistoryEntry) bool {
		return hex.EncodeToString(e.GetWriter()) == out.Writer && e.GetSeq() == v.GetSeq()
	})
	if i < 0 {
		return out
	}
	p := w.entryPen(past[i])
	out.Own, out.Person, out.Device = p.own, p.person, w.whereSays(p).String()
	return out
}

// mayEdit reports whether whoever sits there may settle the field. The history tells who
// made the record, if all of it was read.
func (w *two) mayEdit(field string, past []*daylightv1.HistoryEntry) bool {
	made := len(past) > 0 && len(past) < mostPast && w.entryPen(past[len(past)-1]).own
	if w.beside != nil {
		return w.beside.mayEdit(w.kind, made, field)
	}
	s := access.Subject{Kind: w.kind, Made: made}
	if f, is := w.item.Message.(*daylightv1.Facility); is {
		s.Region = f.GetRegion()
	}
	ok, _ := w.rights.MayWrite(access.Write{Subject: s, Fields: numbersOf(w.kind, []string{field})})
	return ok
}

// maySay reports whether something can be said beside the field, for the team to read.
func (w *two) maySay() bool { return w.beside != nil && w.beside.mayMake(record.ReviewComment) }

// twoHref leads to one of the versions' pages.
func twoHref(kind record.Kind, id string, at int) string {
	n := ""
	if at > 0 {
		n = strconv.Itoa(at + 1)
	}
	return with(inWords(kind, id)+"/two", "n", n)
}

// showTwo is the page of one field in two versions; n says which, where there are several.
func (t *turn) showTwo() error {
	kind, item, err := t.twoItem()
	if err != nil {
		return err
	}
	all := item.Status.GetConflicts()
	if len(all) == 0 {
		return t.showNoTwo(kind, item)
	}
	n, _ := strconv.Atoi(t.r.URL.Query().Get("n"))
	w, err := t.two(kind, item, max(0, min(n-1, len(all)-1)))
	if err != nil {
		return err
	}
	return w.show(t.twoDone())
}

// twoDone says what was done, on the page that comes after it.
func (t *turn) twoDone() []look.Part {
	return t.doneNote(map[string]look.Key{"settled": "field-two.settled", "asked": "office-two.asked"})
}

// doneNote says one of the fixed words about what was just done.
func (t *turn) doneNote(words map[string]look.Key) []look.Part {
	key, is := words[t.r.URL.Query().Get("done")]
	if !is {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteSettled, Status: true, Text: t.say(key)}}
}

// showNoTwo is for a record that stands in one version.
func (t *turn) showNoTwo(kind record.Kind, item store.Item) error {
	body := t.twoDone()
	if len(body) == 0 {
		body = []look.Part{look.Empty{Text: t.say("field-two.none-here"), Under: t.say("field-two.none-here-under")}}
	}
	body = append(body, look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("field-two.to-record"), Href: recordHref(kind, item.Message.GetId()), Kind: look.ButtonMain},
		look.Button{Text: t.say("field-two.to-history"), Href: "/records/" + kind.String() + "/" + item.Message.GetId() + "/history"},
		look.Button{Text: t.say("field-two.to-list"), Href: "/two"}}})
	return t.show(sheet{title: t.say("field-two.title"), here: "/two", crumbs: t.twoCrumbs(kind, item), body: body})
}

func (t *turn) twoCrumbs(kind record.Kind, item store.Item) []look.Link {
	return []look.Link{{Href: "/two", Text: t.say("field-two.title")}, {Href: recordHref(kind, item.Message.GetId()), Text: t.saying().Kind(kind)}}
}

func (w *two) show(notes []look.Part) error {
	body := append(notes, look.Columns{Three: true, Body: w.page.Voices()})
	over := w.name(w.item.Message)
	all := w.item.Status.GetConflicts()
	if n := len(all); n > 1 {
		over = look.Dotted(over, w.say("field-two.which", "at", w.at+1, "n", n))
	}
	if w.may || w.maySay() {
		body = append(body, w.form())
	} else {
		body = append(body, look.Para{Soft: true, Text: w.say("office-two.not-yours")})
	}
	body = append(body, w.next()...)
	field := w.saying().Path(w.kind, w.page.Field, w.page.Key)
	return w.turn.show(sheet{title: w.say("field-two.title"), here: "/two", heading: w.say("office-two.heading", "field", field), lede: look.Lines(over, w.page.Lede()),
		crumbs: w.twoCrumbs(w.kind, w.item), body: body})
}

// form asks what should stand.
func (w *two) form() look.Part {
	as := carriedOf(w.item.Message)
	if w.page.Typed != nil {
		as = w.page.Typed.Value(recordpage.AsField)
	}
	does := w.say("field-two.settle")
	if !w.may {
		w.page.OnlyLeave, does = true, w.say("office-two.ask")
	}
	buttons := []look.Part{look.Button{Text: does, Kind: look.ButtonMain, NoCheck: true}, look.Button{Text: w.say("field-two.later"), Href: recordHref(w.kind, w.item.Message.GetId()), Kind: look.ButtonQuiet}}
	return look.Leaf{Body: []look.Part{look.Questions{ID: "two", Action: twoHref(w.kind, w.item.Message.GetId(), w.at), Enter: true,
		Hidden: []look.Hidden{{Name: recordpage.AsField, Value: as}, {Name: "_field", Value: w.page.Field}, {Name: "_key", Value: w.page.Key}},
		Body:   append(w.page.Questions(w.maySay()), look.Cluster{Body: buttons})}}}
}

// next are the other fields of the record that stand in two versions.
func (w *two) next() []look.Part {
	rows := look.Rows{}
	for i, c := range w.item.Status.GetConflicts() {
		if i != w.at && i < mostTwo {
			rows.Items = append(rows.Items, look.Row{Href: twoHref(w.kind, w.item.Message.GetId(), i), Lead: look.Symbol{Icon: look.IconTwo}, Text: w.saying().Path(w.kind, c.GetField(), c.GetKey())})
		}
	}
	if len(rows.Items) == 0 {
		return nil
	}
	return []look.Part{look.Section{Heading: w.say("office-two.others"), Body: []look.Part{rows}}}
}

// settleTwo does what was chosen.
func (t *turn) settleTwo(f *look.Form) error {
	kind, item, err := t.twoItem()
	if err != nil {
		return err
	}
	as, err := recordpage.Unpack(kind, item.Message.GetId(), f.Value(recordpage.AsField))
	if err != nil {
		return look.ErrForm
	}
	all := item.Status.GetConflicts()
	at := slices.IndexFunc(all, func(c *daylightv1.ConflictingPath) bool {
		return c.GetField() == f.Value("_field") && c.GetKey() == f.Value("_key")
	})
	if at < 0 { // somebody settled it meanwhile
		return t.to(twoHref(kind, item.Message.GetId(), 0))
	}
	w, err := t.two(kind, item, at)
	if err != nil {
		return err
	}
	w.page.Typed = f
	chosen, err := w.page.Settle(as, func(k record.Kind) string { return t.store.NewID(k).String() }, t.say("office-two.asked-team").String())
	if err != nil {
		return look.ErrForm
	}
	if len(w.page.Refused) > 0 {
		t.status = http.StatusUnprocessableEntity
		return w.show(t.wrongIn(w.page.Refused))
	}
	if err := w.settle(as, chosen); err != nil {
		why, known := t.notSaved(err)
		if !known {
			return err
		}
		t.anew(f, item)
		return w.show(t.failure(why))
	}
	done := "settled"
	if chosen.Left {
		done = "asked"
	}
	return t.to(with("/records/"+kind.String()+"/"+item.Message.GetId()+"/two", "done", done))
}

// settle saves what a choice came to, with why, all or nothing.
func (w *two) settle(as record.Message, chosen recordpage.Chosen) error {
	messages := chosen.Save
	if c := chosen.Comment; c != nil {
		c.Author = proto.String(w.session.Person.GetName())
		messages = append(messages, c)
	}
	if chosen.Take == nil {
		if len(messages) == 0 {
			return nil
		}
		_, err := w.records().Save(w.ctx(), messages...)
		return err
	}
	id, err := record.IDOf(as)
	if err != nil {
		return err
	}
	writer, err := hex.DecodeString(chosen.Take.Writer)
	if err != nil {
		return err
	}
	_, err = w.records().Settle(w.ctx(), store.Settlement{Kind: w.kind, ID: id, Seen: as.GetSeen(), Field: w.page.Field, Key: w.page.Key,
		Writer: writer, JSON: chosen.Take.JSON}, messages...)
	return err
}

// mostTwo bounds a list of what stands in two versions, of each kind.
const mostTwo = 50

// listTwo lists what stands in two versions, kind by kind, of what whoever sits there sees.
func (t *turn) listTwo() error {
	body := t.twoDone()
	n := 0
	for _, kind := range record.Kinds() {
		if !store.Lists(kind) || t.rights.Reads(kind) == access.None {
			continue
		}
		page, err := t.records().List(t.ctx(), kind, store.Query{OnlyConflicts: true, NewestFirst: true, PageSize: mostTwo, PageToken: t.r.URL.Query().Get(kind.String())})
		if err != nil {
			return err
		}
		if len(page.Items) == 0 {
			continue
		}
		n += len(page.Items)
		section := look.Section{Heading: t.saying().Kind(kind), Body: []look.Part{t.twoRows(kind, page.Items)}}
		if page.Next != "" {
			section.Body = append(section.Body, look.Pager{From: 1, To: len(page.Items), N: -1, Later: with("/two", kind.String(), page.Next)})
		}
		body = append(body, section)
	}
	if n == 0 {
		body = append(body, look.Empty{Text: t.say("field-two.none"), Under: t.say("field-two.none-under")})
	}
	return t.show(sheet{title: t.say("field-two.title"), here: "/two", lede: t.say("office-two.list-lede"), body: body})
}

// twoRows are the records, each with its first fields in two versions.
func (t *turn) twoRows(kind record.Kind, items []store.Item) look.Part {
	rows := look.Rows{}
	for _, item := range items {
		var fields []look.Text
		all := item.Status.GetConflicts()
		for _, c := range all[:min(len(all), 3)] {
			fields = append(fields, t.saying().Path(kind, c.GetField(), c.GetKey()))
		}
		under := t.locale.List(fields...)
		if more := len(all) - len(fields); more > 0 {
			under = look.Dotted(under, t.say("office-two.more", "n", more))
		}
		if visit := recordpage.VisitBehind(item.Message); visit != "" && kind != record.Visit {
			under = look.Dotted(under, t.named(record.Visit.String(), visit))
		}
		rows.Items = append(rows.Items, look.Row{Href: twoHref(kind, item.Message.GetId(), 0), Lead: look.Symbol{Icon: look.IconTwo}, Words: true,
			Text: t.name(item.Message), Under: look.Dotted(under, t.locale.When(atMS(cmp.Or(lastWritten(item), item.Status.GetReceivedAt()))))})
	}
	return rows
}

// lastWritten is when the newest of the versions was written.
func lastWritten(item store.Item) (last int64) {
	for _, c := range item.Status.GetConflicts() {
		for _, v := range c.GetValues() {
			last = max(last, v.GetWrittenAt())
		}
	}
	return last
}
