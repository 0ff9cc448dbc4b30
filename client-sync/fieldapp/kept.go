package fieldapp

import (
	"slices"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// kept is a kind of record of which a visit has any number: a page that lists them, and one
// to write them.
type kept struct {
	kind clientsync.Kind
	page string
	// title names the list, one a record; none says that there is nothing, under what
	// belongs here; add is the button.
	title, one, none, under, add look.Key
	// begin is a new one, with what is known from where it is begun.
	begin func(*turn, string) clientsync.Message
	row   func(*turn, clientsync.Message) look.Row
	edit  func(*editor) []look.Part
}

// keptKinds are all of them, in the order in which a visit goes. It is filled while the
// program starts: its functions lead back to it.
var keptKinds []kept

func init() {
	keptKinds = []kept{obstructionKind, registerKind, measurementKind, noteKind, undertakingKind, reprisalKind}
}

func keptOn(page string) kept {
	return keptKinds[slices.IndexFunc(keptKinds, func(k kept) bool { return k.page == page })]
}

func (a *App) keptRoutes() {
	for _, k := range keptKinds {
		a.ofRecord(clientsync.KindVisit, k.page, func(t *turn, item clientsync.Item) error { return t.listKept(item, k) })
		a.ofRecord(k.kind, "", func(t *turn, item clientsync.Item) error { return t.editKept(item, k) })
	}
	a.measureRoutes()
}

// listKept lists the records of one kind.
func (t *turn) listKept(item clientsync.Item, k kept) error {
	rows := []look.Row{}
	for other, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: k.kind, Visit: item.ID}) {
		if err != nil {
			return err
		}
		row := k.row(t, other.Message)
		row.Href = t.href(k.kind, other.ID)
		if len(row.Text) == 0 {
			row.Text = t.say(k.one)
		}
		if len(other.Conflicts) > 0 {
			row.Tags = append(row.Tags, look.StandingTag(t.locale, look.StandingAttention))
		}
		rows = append(rows, row)
	}
	slices.Reverse(rows)
	add := look.Button{Text: t.say(k.add), Icon: look.IconPlus, Kind: look.ButtonMain, Wide: true,
		Action: t.href(item.Kind, item.ID, "begin"), Hidden: []look.Hidden{{Name: "kind", Value: k.kind.String()}}}
	body := []look.Part{look.Heading{Text: t.say(k.title), Under: t.say(k.under)}, add}
	if len(rows) == 0 {
		body = append(body, look.Empty{Text: t.say(k.none)})
	} else {
		body = append(body, look.Rows{Items: rows})
	}
	return t.visitTab(item, k.page, sheet{title: k.title, body: body})
}

// editKept is the page on which one of them is written.
func (t *turn) editKept(item clientsync.Item, k kept) error {
	e, err := t.edit(item, "")
	if err != nil {
		return err
	}
	list := t.href(clientsync.KindVisit, visitOf(item.Message), k.page)
	body := append([]look.Part{look.Heading{Text: t.say(k.one), Unseen: true}}, e.notices()...)
	body = append(body, e.form(k.edit(e)...))
	if live := t.live[route{k.kind, ""}]; live != nil {
		parts, err := live(t, item)
		if err != nil {
			return err
		}
		for id, part := range parts {
			body = append(body, look.Flow{ID: id, Body: []look.Part{part}})
		}
	}
	ends := []look.Part{e.removal("field-visit.remove", list)}
	if len(item.Message.GetSeen()) > 0 {
		ends = append(ends, look.Button{Text: t.say(k.add), Icon: look.IconPlus, Kind: look.ButtonQuiet,
			Action: t.href(clientsync.KindVisit, visitOf(item.Message), "begin"), Hidden: []look.Hidden{{Name: "kind", Value: k.kind.String()}}})
	}
	body = append(body, t.ends(item, ends...))
	return t.visitTab(item, "", sheet{title: k.one, back: list, body: body})
}

// beginKept begins a record of the visit and opens its page. Nothing is saved before
// something is typed.
func (t *turn) beginKept(item clientsync.Item, f *look.Form) error {
	if f.Value("kind") == clientsync.KindFinding.String() {
		return t.to(t.begin(&daylightv1.Finding{VisitId: proto.String(item.ID), ObservedAt: proto.String(t.nowHere())}))
	}
	i := slices.IndexFunc(keptKinds, func(k kept) bool { return k.kind.String() == f.Value("kind") })
	if i < 0 {
		return recordpage.ErrForm
	}
	m := keptKinds[i].begin(t, item.ID)
	switch m := m.(type) {
	case *daylightv1.ObstructionIncident:
		if right := daylightv1.AccessRight(daylightv1.AccessRight_value[f.Value("right")]); right != 0 {
			m.Right = right.Enum()
		}
	case *daylightv1.Undertaking:
		if point := f.Value("point"); point != "" {
			m.ClosingPointId = proto.String(point)
		}
	}
	return t.to(t.begin(m))
}

// shortened is the beginning of what somebody wrote, for a row.
func shortened(s string) look.Text {
	const most = 90
	if r := []rune(s); len(r) > most {
		return look.Typed(string(r[:most]) + "…")
	}
	if s == "" {
		return nil
	}
	return look.Typed(s)
}
