package fieldapp

import (
	"slices"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

// Who can read what is sealed: those whom the office's root key has signed, the office's
// recovery key, and until the visit is handed in the device that wrote. It is said wherever
// something is sealed, before it is typed.

// canRead says who can read what a kind of record seals on a visit. Before anything is
// sealed it is who will be able to.
func (t *turn) canRead(kind clientsync.Kind, visit string) ([]clientsync.MayRead, error) {
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: visit, Kind: kind}) {
		if err != nil {
			return nil, err
		}
		if clientsync.SealedWords(item.Message) != "" {
			return t.client.WhoCanRead(t.ctx(), kind, item.ID)
		}
	}
	list, err := t.client.Readers(t.ctx())
	if err != nil {
		return nil, err
	}
	own := clientsync.Reader{Compartment: sealingOf(kind).compartment, Own: true}
	out := []clientsync.MayRead{{Reader: own, UntilHandedIn: true}}
	for _, r := range list.Readers {
		if r.Compartment == own.Compartment {
			out = append(out, clientsync.MayRead{Reader: r})
		}
	}
	if s, err := t.client.Status(t.ctx()); err == nil && s.Office != "" {
		out = append(out, clientsync.MayRead{Reader: clientsync.Reader{Compartment: own.Compartment}, Recovery: true})
	}
	return out, nil
}

// opensHere reports whether this device may open what a kind of record seals: as a reader
// whom the office has named, and of interviews also what it wrote itself, until the visit is
// handed in. Of the rest it keeps the key as long and no page uses it: who wrote down a name
// need not have it read from their screen.
func opensHere(kind clientsync.Kind, can []clientsync.MayRead) bool {
	return slices.ContainsFunc(can, func(r clientsync.MayRead) bool {
		return r.Own && !r.Unlisted && (!r.UntilHandedIn || kind == clientsync.KindInterviewNote)
	})
}

// readerNames names them, the people first.
func (t *turn) readerNames(can []clientsync.MayRead) (out []look.Text) {
	var last []look.Text
	others := 0
	for _, r := range can {
		switch {
		case r.UntilHandedIn:
			last = append(last, t.say("field-sealed.reader-until"))
		case r.Recovery:
			last = append(last, t.say("field-sealed.reader-recovery"))
		case r.Unlisted:
			others++
		case r.Own:
			out = append(out, t.say("field-sealed.reader-you", "name", r.Name))
		default:
			out = append(out, look.Typed(r.Name))
		}
	}
	if others > 0 {
		last = append(last, t.say("field-sealed.reader-unlisted", "n", others))
	}
	return append(out, last...)
}

// canReadPart says it in one line.
func (t *turn) canReadPart(can []clientsync.MayRead) look.Part {
	names := t.readerNames(can)
	if len(names) == 0 {
		return look.Para{Small: true, Text: t.say("field-sealed.reader-nobody")}
	}
	return look.Para{Small: true, Text: t.say("field-sealed.readers-are", "who", t.locale.List(names...))}
}

// readersPage says who can read what on a visit.
func (t *turn) readersPage(item clientsync.Item) error {
	body := []look.Part{look.Heading{Text: t.say("field-sealed.readers"), Under: t.say("field-sealed.readers-body")}}
	for i := range sealings {
		s := &sealings[i]
		part, err := t.readersOf(s, item.ID)
		if err != nil {
			return err
		}
		body = append(body, part)
	}
	list, err := t.listPart()
	if err != nil {
		return err
	}
	list = append(list, t.toDesk(t.href(item.Kind, item.ID, "desk")))
	return t.show(sheet{title: "field-sealed.readers", back: t.href(item.Kind, item.ID, "interviews"), tab: tabVisit, body: append(body, list...)})
}

func (t *turn) readersOf(s *sealing, visit string) (look.Part, error) {
	can, err := t.canRead(s.kind, visit)
	if err != nil {
		return nil, err
	}
	n, err := t.countSealed(s.kind, visit)
	if err != nil {
		return nil, err
	}
	body := []look.Part{look.Para{Soft: true, Small: true, Text: t.say("field-sealed.sealed-count", "n", n)}}
	if names := t.readerNames(can); len(names) > 0 {
		body = append(body, look.Points{Items: names})
	} else {
		body = append(body, look.Para{Text: t.say("field-sealed.reader-nobody")})
	}
	if slices.ContainsFunc(can, func(r clientsync.MayRead) bool { return r.Unlisted && !r.Own }) {
		body = append(body, look.Note{Kind: look.NoteAttend, Text: t.say("field-sealed.unlisted-body")})
	}
	return look.Leaf{Heading: t.say(s.name), Body: body}, nil
}

func (t *turn) countSealed(kind clientsync.Kind, visit string) (n int, err error) {
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: visit, Kind: kind}) {
		if err != nil {
			return 0, err
		}
		if clientsync.SealedWords(item.Message) != "" {
			n++
		}
	}
	return n, nil
}

// listPart is the list that the office has signed, and the words by which somebody can tell
// that nobody stands between.
func (t *turn) listPart() ([]look.Part, error) {
	list, err := t.client.Readers(t.ctx())
	if err != nil {
		return nil, err
	}
	body := []look.Part{}
	alone, err := t.alone()
	if err != nil {
		return nil, err
	}
	if alone {
		return []look.Part{look.Note{Kind: look.NoteWatch, Text: t.say("field-sealed.alone"), Body: []look.Part{look.Button{Text: t.say("field-start.enrol"), Href: "/enrol"}}}}, nil
	}
	if list.Version == 0 {
		body = append(body, look.Para{Text: t.say("field-sealed.no-list")})
	} else {
		body = append(body, look.Para{Text: t.say("field-sealed.list", "n", int(list.Version), "office", list.Office, "when", t.locale.When(list.Issued))})
	}
	if list.RootWords == "" {
		body = append(body, look.Para{Small: true, Text: t.say("field-sealed.no-root")})
	} else {
		body = append(body, look.Para{Small: true, Text: t.say("field-sealed.root-words")}, look.SixWords{Words: strings.Fields(list.RootWords)})
	}
	return []look.Part{look.Section{Heading: t.say("field-sealed.list-heading"), Body: body}}, nil
}

// alone reports whether the device belongs to no office: then nobody but itself has a key.
func (t *turn) alone() (bool, error) {
	s, err := t.client.Status(t.ctx())
	return s.Office == "", err
}

// allReadersPage is the list without a visit.
func (t *turn) allReadersPage() error {
	list, err := t.client.Readers(t.ctx())
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Text: t.say("field-sealed.readers"), Under: t.say("field-sealed.readers-body")}}
	alone, err := t.alone()
	if err != nil {
		return err
	}
	for i := range sealings {
		if alone {
			break
		}
		can := []clientsync.MayRead{}
		for _, r := range list.Readers {
			if r.Compartment == sealings[i].compartment {
				can = append(can, clientsync.MayRead{Reader: r})
			}
		}
		part := look.Part(look.Para{Text: t.say("field-sealed.nobody-named")})
		if names := t.readerNames(can); len(names) > 0 {
			part = look.Points{Items: names}
		}
		body = append(body, look.Leaf{Heading: t.say(sealings[i].name), Body: []look.Part{part}})
	}
	signed, err := t.listPart()
	if err != nil {
		return err
	}
	signed = append(signed, t.toDesk("/desk"))
	return t.show(sheet{title: "field-sealed.readers", back: "/desk", tab: tabHome, body: append(body, signed...)})
}

// toDesk leads to where what is sealed is opened.
func (t *turn) toDesk(href string) look.Part {
	return look.Rows{Items: []look.Row{{Href: href, Lead: look.Symbol{Icon: look.IconSealed}, Text: t.say("field-sealed.desk")}}}
}
