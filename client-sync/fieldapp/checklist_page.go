package fieldapp

import (
	"slices"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// fillName names a question of a response in addresses: it means nothing in the next run.
func (t *turn) fillName(response, key string) string {
	return t.handles.name(clientsync.KindChecklistResponse, response+"#"+key)
}

// questionID is the id of what stands around a question.
func (t *turn) questionID(response, key string) string { return "q-" + t.fillName(response, key) }

// fillHref leads to a question on its page.
func (t *turn) fillHref(response, key string) string {
	href := t.href(clientsync.KindChecklistResponse, response, "fill") + "?at=" + t.fillName(response, key)
	return href + "#" + t.questionID(response, key)
}

// leafHref leads to a page from its beginning.
func (t *turn) leafHref(response string, l *leaf) string {
	href, _, _ := strings.Cut(t.fillHref(response, l.key().String()), "#")
	return href
}

// filled is a page of a checklist while it is drawn.
type filled struct {
	*turn
	item   clientsync.Item
	x      *forms.Filling
	all    *layout
	leaf   *leaf
	offers map[forms.Key]forms.Offer
	taken  map[string]string // findings by the key of their answer
}

// where gives the key that an address asks for, or that somebody was at.
func (t *turn) whereIn(response string) forms.Key {
	if at, ok := t.handles.find(t.r.URL.Query().Get("at")); ok {
		if id, key, ok := strings.Cut(at.id, "#"); ok && id == response {
			return forms.ParseKey(key)
		}
	}
	if w, ok := t.was(t.ctx()); ok && w.ID == response && w.Page == "fill" {
		_, key, _ := strings.Cut(w.Field, ":")
		return forms.ParseKey(key)
	}
	return forms.Key{}
}

// fill shows the page of a checklist on which a question stands.
func (t *turn) fill(item clientsync.Item) error {
	x, err := t.filling(t.ctx(), item.ID)
	if err != nil {
		return t.checklistAway(item, err)
	}
	at := t.whereIn(item.ID)
	if at == (forms.Key{}) {
		at, _ = x.Next(forms.Key{})
	}
	p, err := t.pageOf(item, x, at)
	if err != nil {
		return err
	}
	t.here(item.Kind, item.ID, "fill", valueName(p.leafKey()))
	t.inVisit(x.Response().GetVisitId())
	return p.show()
}

// pageOf lays a response out and finds the page of a key.
func (t *turn) pageOf(item clientsync.Item, x *forms.Filling, at forms.Key) (*filled, error) {
	p := &filled{turn: t, item: item, x: x, all: layOut(x), offers: map[forms.Key]forms.Offer{}, taken: map[string]string{}}
	p.leaf = p.all.find(at)
	for _, o := range x.Offers() {
		p.offers[o.Key] = o
	}
	for f, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindFinding, Visit: x.Response().GetVisitId()}) {
		if err != nil {
			return nil, err
		}
		if m := f.Message.(*daylightv1.Finding); m.GetResponseId() == item.ID {
			p.taken[m.GetAnswerKey()] = f.ID
		}
	}
	return p, nil
}

func (p *filled) leafKey() forms.Key {
	if p.leaf == nil {
		return forms.Key{}
	}
	return p.leaf.key()
}

// fillID and jumpID are the parts of the page that change with what is saved.
const (
	fillID = "fill"
	jumpID = "jump"
)

// doField is what a button of the page asks for after saving.
const doField = "_do"

func (p *filled) show() error {
	title := p.say("field-checklist.title-fill")
	overview := p.href(p.item.Kind, p.item.ID)
	if p.leaf == nil {
		return p.turn.show(sheet{title: "field-checklist.title-fill", back: overview, body: []look.Part{
			look.Heading{Text: title}, look.Empty{Text: p.say("field-checklist.nothing"), Under: p.say("field-checklist.nothing-body")}}})
	}
	as, err := recordpage.Pack(p.shownResponse())
	if err != nil {
		return err
	}
	action := p.href(p.item.Kind, p.item.ID, "answer")
	save := look.Button{Text: p.say("field-edit.save"), Data: map[string]string{"plain": "1"}}
	form := look.Questions{ID: "form", Action: action, Data: map[string]string{"save": action}, Hidden: p.hidden(as), Body: []look.Part{
		save, // first, so that without script the Enter key saves and does nothing else
		look.Flow{ID: fillID, Body: []look.Part{look.Flow{Body: p.questions()}}},
		look.Saved{For: "form", At: p.savedAt()},
		p.ways(),
		save,
	}}
	body := []look.Part{look.Flow{ID: jumpID, Body: []look.Part{p.jump()}}, p.heading()}
	body = append(body, p.notices()...)
	return p.turn.show(sheet{title: "field-checklist.title-fill", name: p.formText(p.x.Form().Title(p.locale.Tag)), back: overview, body: append(body, form),
		foot: []look.Button{
			{Icon: look.IconBack, Tall: true, Label: p.say("field-checklist.back"), Form: "form", Name: doField, Value: "back", NoCheck: true},
			{Kind: look.ButtonMain, Further: true, Text: p.say("field-checklist.next"), Form: "form", Name: doField, Value: "next", NoCheck: true},
		}})
}

// shownResponse is over what the page is typed: what stands there now, or, where it is shown
// again, what was shown.
func (p *filled) shownResponse() clientsync.Message {
	if p.shown != nil {
		return p.shown
	}
	return p.x.Response()
}

func (p *filled) savedAt() look.Text {
	if p.r.URL.Query().Get("saved") == "" {
		return nil
	}
	return p.locale.Clock(p.locale.Now)
}

// hidden come back with the form: the response as it is shown, which page it is, and which
// questions send nothing when nothing is chosen.
func (p *filled) hidden(as string) []look.Hidden {
	out := []look.Hidden{{Name: recordpage.AsField, Value: as}, {Name: pageField, Value: p.leafKey().String()}}
	for _, it := range p.leaf.items {
		if isAsked(it) && it.Question.Type == typeSelectMultiple {
			out = append(out, look.Hidden{Name: recordpage.HasField, Value: valueName(it.Key)})
		}
	}
	return out
}

func (p *filled) heading() look.Part {
	c := p.leaf.of
	over := []look.Text{}
	if c.turn != "" {
		over = append(over, p.sectionLabel())
	}
	if n := len(c.leaves); n > 1 {
		over = append(over, p.say("field-checklist.leaf", "page", slices.Index(c.leaves, p.leaf)+1, "of", n))
	}
	return look.Heading{Over: look.Dotted(over...), Text: p.formText(c.label), Unseen: true} // the jump list says it
}

// sectionLabel is the section that a turn stands in.
func (p *filled) sectionLabel() look.Text {
	section := p.leaf.items[0].Question.Section()
	if it, ok := p.x.Item(forms.Key{Question: section.Name}); ok {
		return p.formText(it.Label)
	}
	return nil
}

// notices are why nothing was saved, and how to bring back what was taken out.
func (p *filled) notices() (out []look.Part) {
	if len(p.failed) > 0 {
		out = append(out, look.Note{Kind: look.NoteUrgent, Status: true, Heading: p.say("field-edit.not-saved"), Text: p.failed})
	}
	if p.undo != "" {
		out = append(out, look.Note{Kind: look.NoteSettled, Status: true, Text: p.say("field-edit.taken-out"), Body: []look.Part{
			look.Button{Text: p.say("field-edit.put-back"), Action: p.href(p.item.Kind, p.item.ID, "turn"), Hidden: []look.Hidden{{Name: recordpage.AgainField, Value: p.undo}}}}})
	}
	if p.x.Response().GetFinishedAt() != "" {
		out = append(out, look.Note{Text: p.say("field-checklist.is-finished")})
	}
	return out
}

// ways are what else can be done at the end of a page.
func (p *filled) ways() look.Part {
	var body []look.Part
	if turn := p.leaf.of.turn; turn != "" {
		if repeat, parent, ok := p.repeatOf(turn); ok {
			if repeat.CanAdd {
				body = append(body, look.Button{Icon: look.IconPlus, Text: p.say("field-checklist.another"), Name: doField, Value: "add " + repeat.Question.Name + " " + parent, NoCheck: true})
			}
			if it, ok := p.x.Item(forms.Key{Question: repeat.Question.Name, Turn: turn}); ok && it.CanRemove {
				body = append(body, look.Button{Icon: look.IconBin, Kind: look.ButtonQuiet, Text: p.say("field-checklist.drop"), Name: doField, Value: "drop " + turn, NoCheck: true})
			}
		}
	}
	if p.all.beside(p.leaf, 1) != nil {
		body = append(body, look.Button{Kind: look.ButtonQuiet, Further: true, Text: p.say("field-checklist.forward"), Name: doField, Value: "forward", NoCheck: true})
	}
	return look.Cluster{Body: body}
}

// repeatOf gives the repeat that a turn is of, and the turn that this stands in.
func (p *filled) repeatOf(turn string) (repeat forms.Item, parent string, ok bool) {
	for _, i := range p.x.Response().GetInstances() {
		if i.GetId() == turn {
			repeat, ok = p.x.Item(forms.Key{Question: i.GetRepeat(), Turn: i.GetParent()})
			return repeat, i.GetParent(), ok
		}
	}
	return repeat, "", false
}

// jump is the list to jump with, folded.
func (p *filled) jump() look.Part {
	c := p.leaf.of
	n := c.count()
	summary := look.Spaced(p.formText(c.label), look.Soft(look.Dotted(nil, p.say("field-checklist.of", "done", n.Done, "n", n.Asked))))
	return look.Unfold{Icon: look.IconJump, Summary: summary, Body: []look.Part{p.jumpRows(p.item, p.all, p.leaf)}}
}

// jumpRows are all chapters with what is done, missing and contested in each.
func (t *turn) jumpRows(item clientsync.Item, all *layout, here *leaf) look.Part {
	rows := look.Rows{}
	for _, c := range all.chapters {
		n := c.count()
		row := look.Row{Href: t.leafHref(item.ID, c.begin()), Lead: look.Pane{State: paneOf(n)}, Text: t.formText(c.label), Under: t.openWords(n), Count: t.locale.Of(n.Done, n.Asked)}
		if n.Asked == 0 {
			row.Count, row.Lead = nil, look.Symbol{Icon: look.IconJump}
		}
		if here != nil && here.of == c {
			row.Current = true
			row.Under = look.Dotted(t.say("field-checklist.here"), row.Under)
		}
		rows.Items = append(rows.Items, row)
	}
	return rows
}

// openWords say what is missing and contested; nothing where nothing is.
func (t *turn) openWords(n forms.Count) look.Text {
	var out []look.Text
	if n.Missing > 0 {
		out = append(out, t.say("field-checklist.missing-n", "n", n.Missing))
	}
	if n.Contested > 0 {
		out = append(out, t.say("field-checklist.contested-n", "n", n.Contested))
	}
	if n.Broken > 0 {
		out = append(out, t.say("field-checklist.broken-n", "n", n.Broken))
	}
	return look.Dotted(out...)
}

// paneOf draws how far a part is.
func paneOf(n forms.Count) look.PaneState {
	switch {
	case n.Done >= n.Asked:
		return look.PaneSeen
	case n.Done == 0 && n.Missing > 0:
		return look.PaneEmpty
	case n.Done == 0:
		return look.PaneUnseen
	case n.Missing > 0:
		return look.PaneMissing
	}
	return look.PaneBegun
}

// nextUnanswered leads to the first question that is open, or back to the whole.
func (t *turn) nextUnanswered(item clientsync.Item) error {
	x, err := t.filling(t.ctx(), item.ID)
	if err != nil {
		return t.checklistAway(item, err)
	}
	return t.toNext(item, x, forms.Key{})
}

// toNext leads to the next open question after a key, from the start again after the last.
func (t *turn) toNext(item clientsync.Item, x *forms.Filling, after forms.Key) error {
	k, ok := x.Next(after)
	if !ok {
		k, ok = x.Next(forms.Key{})
	}
	if !ok {
		return t.to(t.href(item.Kind, item.ID))
	}
	return t.to(t.fillHref(item.ID, k.String()))
}

// offersOf are findings that answers suggest, on the page of the whole.
func (t *turn) offersOf(item clientsync.Item, x *forms.Filling) ([]look.Part, error) {
	p, err := t.pageOf(item, x, forms.Key{})
	if err != nil {
		return nil, err
	}
	rows := look.Rows{}
	for _, o := range x.Offers() {
		if o.Suggested && p.taken[o.Key.String()] == "" {
			rows.Items = append(rows.Items, look.Row{Lead: look.Symbol{Icon: look.IconFinding}, Text: t.offerWords(o), Under: typedOrNone(o.Answer),
				Actions: []look.Part{look.Button{Text: t.say("field-finding.write-short"), Label: t.say("field-checklist.write"), Action: t.href(item.Kind, item.ID, "answer"), Hidden: []look.Hidden{{Name: doField, Value: "offer " + o.Key.String()}}}}})
		}
	}
	if len(rows.Items) == 0 {
		return nil, nil
	}
	return []look.Part{look.Section{Heading: t.say("field-checklist.suggested"), Body: []look.Part{look.Para{Small: true, Soft: true, Text: t.say("field-checklist.suggested-body")}, rows}}}, nil
}
