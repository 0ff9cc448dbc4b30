package fieldapp

import (
	"encoding/json"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// An element of a list, as a count or the answer for one right, is one value: when two
// people changed it apart, it stands twice as a whole. It is combined part by part: of each
// on which the two differ a person says which stays, and what only one of the two changed is
// chosen beforehand.

// partField begins the names of the questions about the parts.
const partField = "_part_"

// part is a field within the element on which two versions differ.
type part struct {
	fd           protoreflect.FieldDescriptor
	mine, theirs look.Text
	// changed says who changed it, where what was there before is known.
	byMe, byThem bool
}

// inside gives the element of a version; nil for one that has none.
func (w *two) inside(value string) protoreflect.Message {
	m, fd := recordpage.Parsed(w.item.Kind, w.conflict.Field, w.conflict.Key, value)
	if m == nil || fd.IsMap() || fd.Message() == nil {
		return nil
	}
	if fd.IsList() {
		if m.ProtoReflect().Get(fd).List().Len() != 1 {
			return nil
		}
		return m.ProtoReflect().Get(fd).List().Get(0).Message()
	}
	return m.ProtoReflect().Get(fd).Message()
}

// parts are the fields on which mine and theirs differ; none where they are no elements.
func (w *two) parts() (out []part) {
	one, other := w.mineAndTheirs()
	mine, theirs := w.inside(one.JSON), w.inside(other.JSON)
	if mine == nil || theirs == nil {
		return nil
	}
	var before protoreflect.Message
	if w.before != nil {
		before = w.inside(w.before.json)
	}
	fields := mine.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		if sameField(mine, theirs, fd) {
			continue
		}
		p := part{fd: fd, mine: w.saying().Inner(mine, fd), theirs: w.saying().Inner(theirs, fd), byMe: true, byThem: true}
		if before != nil {
			p.byMe, p.byThem = !sameField(mine, before, fd), !sameField(theirs, before, fd)
		}
		out = append(out, p)
	}
	return out
}

func sameField(a, b protoreflect.Message, fd protoreflect.FieldDescriptor) bool {
	return a.Has(fd) == b.Has(fd) && (!a.Has(fd) || a.Get(fd).Equal(b.Get(fd)))
}

// partQuestions ask of each part which stays; of one part alone the choice above is enough.
func (w *two) partQuestions() (out []look.Part) {
	parts := w.parts()
	if len(parts) < 2 {
		return nil
	}
	_, other := w.mineAndTheirs()
	for _, p := range parts {
		name := partField + string(p.fd.Name())
		now := ""
		if p.byMe != p.byThem {
			now = map[bool]string{true: "mine", false: "theirs"}[p.byMe]
		}
		now = w.typed(name, now)
		out = append(out, look.Choices{Name: name, Legend: w.fieldWords(string(p.fd.Name())), Error: w.refused[name], Two: true, Options: []look.Choice{
			{Value: "mine", Text: p.mine, Under: w.say("part.yours"), Checked: now == "mine"},
			{Value: "theirs", Text: p.theirs, Under: w.person(other.Own, other.Person), Checked: now == "theirs"},
		}})
	}
	return out
}

// settleParts lets the element stand that was put together part by part.
func (w *two) settleParts(as clientsync.Message, f *look.Form, why string) error {
	w.before = w.findBefore()
	parts := w.parts()
	if len(parts) < 2 {
		w.refused[choiceField] = w.say("field-two.choose")
		return nil
	}
	one, other := w.mineAndTheirs()
	var mine, theirs map[string]json.RawMessage
	if json.Unmarshal([]byte(one.JSON), &mine) != nil || json.Unmarshal([]byte(other.JSON), &theirs) != nil {
		return recordpage.ErrForm
	}
	for _, p := range parts {
		name := string(p.fd.Name())
		switch f.Value(partField + name) {
		case "mine":
		case "theirs":
			if value, has := theirs[name]; has {
				mine[name] = value
			} else {
				delete(mine, name)
			}
		default:
			w.refused[partField+name] = w.say("field-two.choose")
		}
	}
	if len(w.refused) > 0 {
		return nil
	}
	value, err := json.Marshal(mine)
	if err != nil {
		return err
	}
	return w.standValue(as, string(value), why)
}
