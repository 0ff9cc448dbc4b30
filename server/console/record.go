package console

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/server/store"
)

// Any record in words: all that stands in it, for whoever reads its kind. Kinds that have a
// page of their own are led to it.

func (c *Console) recordRoutes() {
	c.page("/records/{kind}/{id}", nil, (*turn).showRecord)
	c.page("/records/{kind}/{id}/history", nil, (*turn).showHistory)
}

// pageOf are the kinds whose records have a page of their own.
var pageOf = map[record.Kind]string{
	record.Visit: "/visits/", record.Finding: "/findings/", record.Facility: "/places/", record.Recommendation: "/recommendations/",
	record.ReviewComment: "/comments/",
}

// recordHref leads to the page of a record: its own, or that of its words.
func recordHref(kind record.Kind, id string) string {
	if own := pageOf[kind]; own != "" {
		return own + id
	}
	return inWords(kind, id)
}

// inWords leads to what a record says, whatever its kind.
func inWords(kind record.Kind, id string) string { return "/records/" + kind.String() + "/" + id }

// anyRecord reads the record of the address, of whatever kind.
func (t *turn) anyRecord() (kind record.Kind, item store.Item, err error) {
	kind, err = record.ParseKind(t.r.PathValue("kind"))
	if err != nil || t.rights.Reads(kind) == access.None {
		return kind, item, errNotFound
	}
	item, err = t.item(kind)
	return kind, item, err
}

func (t *turn) showRecord() error {
	kind, item, err := t.anyRecord()
	if err != nil {
		return err
	}
	actions := []look.Part{}
	if own := pageOf[kind]; own != "" {
		actions = append(actions, look.Button{Text: t.say("office-told.own-page"), Href: own + item.Message.GetId()})
	}
	actions = append(actions, look.Button{Text: t.say("field-visit.history"), Icon: look.IconHistory, Href: inWords(kind, item.Message.GetId()) + "/history"})
	return t.show(sheet{title: t.saying().Kind(kind), heading: t.name(item.Message), crumbs: t.recordCrumbs(kind, item, nil), here: t.railOf(kind), actions: actions,
		body: append(t.recordNotes(kind, item), t.fields(kind, item.Message)...)})
}

// railOf is the way in the rail that a kind belongs to.
func (t *turn) railOf(kind record.Kind) string {
	switch {
	case kind == record.Facility:
		return "/places"
	case kind == record.Recommendation || kind == record.AuthorityReply:
		return "/recommendations"
	case kind == record.Visit || record.HangsOnVisit(kind):
		return "/visits"
	}
	return ""
}

// recordCrumbs lead to the visit that the record hangs on, and to the record.
func (t *turn) recordCrumbs(kind record.Kind, item store.Item, here look.Text) (out []look.Link) {
	r := item.Message.ProtoReflect()
	if fd := r.Descriptor().Fields().ByName("visit_id"); fd != nil && r.Get(fd).String() != "" && t.rights.Reads(record.Visit) != access.None {
		out = append(out, look.Link{Href: "/visits", Text: t.say("office-visits.title")}, look.Link{Href: "/visits/" + r.Get(fd).String(), Text: t.say("field-visit.visit")})
	} else if kind == record.Visit {
		out = append(out, look.Link{Href: "/visits", Text: t.say("office-visits.title")})
	}
	own := look.Link{Text: t.saying().Kind(kind)}
	if len(here) == 0 {
		return append(out, own)
	}
	own.Href = recordHref(kind, item.Message.GetId())
	return append(out, own, look.Link{Text: here})
}

// recordNotes say what the office knows of the record besides.
func (t *turn) recordNotes(kind record.Kind, item store.Item) (out []look.Part) {
	if item.Removed {
		out = append(out, look.Note{Kind: look.NoteWatch, Text: t.say("office-told.is-removed")})
	}
	if n := len(item.Status.GetConflicts()); n > 0 {
		out = append(out, look.Note{Kind: look.NoteTwo, Heading: t.say("office-told.two-fields", "n", n), Text: t.say("office-visit.in-two-under"),
			Body: []look.Part{look.Para{Text: look.To(twoHref(kind, item.Message.GetId(), 0), t.say("office-told.compare"))}}})
	}
	if n := len(item.Status.GetWaitingFor()); n > 0 {
		out = append(out, look.Note{Kind: look.NoteWatch, Text: t.say("office-told.waiting-for", "n", n)})
	}
	return out
}

// unsaid are fields that say nothing to a person, or that the page says otherwise.
var unsaid = map[protoreflect.Name]bool{"id": true, "seen": true, "removed": true, "vocabulary_version": true}

// fields are all that are set, in the order of the schema: short ones as pairs, each text and
// each list of its own under its name.
func (t *turn) fields(kind record.Kind, m record.Message) (out []look.Part) {
	r, words := m.ProtoReflect(), t.linking()
	pairs := look.Pairs{}
	var long []look.Part
	all := r.Descriptor().Fields()
	for i := range all.Len() {
		fd := all.Get(i)
		if unsaid[fd.Name()] || !r.Has(fd) {
			continue
		}
		name := words.Field(string(fd.Name()))
		switch {
		case int32(fd.Number()) == record.SealedField(kind):
			long = append(long, look.Section{Heading: name, Body: []look.Part{look.Sealed{What: words.Kind(kind), Text: t.sealedFor(kind)}}})
		case fd.IsMap() || fd.IsList() && fd.Message() != nil:
			long = append(long, look.Section{Heading: name, Body: t.elements(kind, r, fd)})
		case recordpage.IsText(kind, string(fd.Name())) && len(r.Get(fd).String()) > longText:
			long = append(long, look.Section{Heading: name, Body: []look.Part{look.Prose{Text: look.Typed(r.Get(fd).String())}}})
		default:
			pairs.Items = append(pairs.Items, look.Fact{Name: name, Value: words.Inner(r, fd)})
		}
	}
	if len(pairs.Items) > 0 {
		out = append(out, look.Leaf{Body: []look.Part{pairs}})
	}
	if out = append(out, long...); len(out) == 0 {
		out = append(out, look.Empty{Text: t.say("office-told.empty")})
	}
	return out
}

// longText is how long a text is that stands under its name rather than beside it, in bytes.
const longText = 80

// sealedFor says who can open what a record of the kind seals, and where.
func (t *turn) sealedFor(kind record.Kind) look.Text {
	return look.Lines(t.say("office-visit.sealed-under"), t.readers(compartments[kind]))
}

// elements are the entries of a map, or the elements of a list, each under what names it.
func (t *turn) elements(kind record.Kind, r protoreflect.Message, fd protoreflect.FieldDescriptor) (out []look.Part) {
	words := t.linking()
	if fd.IsMap() {
		for _, tag := range tagsOf(r.Get(fd).Map()) {
			text := r.Get(fd).Map().Get(protoreflect.ValueOfString(tag).MapKey()).String()
			name := look.LanguageName(tag)
			if len(name) == 0 {
				name = look.Code(tag)
			}
			out = append(out, look.Para{Label: true, Text: name}, look.Prose{Text: look.Typed(text), Tag: tag})
		}
		return out
	}
	list := r.Get(fd).List()
	first := fd.Message().Fields().ByNumber(1)
	var lines []look.Text
	for _, e := range placed(list) {
		line := words.Inside(e, true)
		if first.Enum() != nil || recordpage.Format(first) != formatUUID && first.Kind() == protoreflect.StringKind {
			line = look.Lines(look.Strong(words.One(first, e.Get(first))), line)
		}
		lines = append(lines, line)
	}
	return []look.Part{look.Leaf{Body: []look.Part{look.Points{Items: lines}}}}
}

// placed are the elements of a list in their own order, where they have one.
func placed(list protoreflect.List) (out []protoreflect.Message) {
	for i := range list.Len() {
		out = append(out, list.Get(i).Message())
	}
	slices.SortStableFunc(out, func(a, b protoreflect.Message) int {
		fd := a.Descriptor().Fields().ByName("order")
		if fd == nil {
			return 0
		}
		return cmp.Compare(a.Get(fd).Uint(), b.Get(fd).Uint())
	})
	return out
}

// linking says records in words that lead to the records which they name.
func (t *turn) linking() recordpage.Words {
	w := t.saying()
	w.Named = func(refers, id string) look.Text {
		name := t.named(refers, id)
		kind, err := record.ParseKind(refers)
		if err != nil || !t.known[id] {
			return name
		}
		return look.To(recordHref(kind, id), name)
	}
	return w
}
