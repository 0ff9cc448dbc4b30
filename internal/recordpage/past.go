package recordpage

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What both faces tell of a change: who did what, and what each field said before.

// mostAtOnce is of how many fields a change is told at once; those of a longer one unfold.
const mostAtOnce = 5

// shortText is how long a text is that is told whole rather than word by word, in bytes.
const shortText = 40

// Befores gives, for each change and field, what the field said before, as far as the changes
// tell. They come newest first. of gives what one edits, and whether it counts: what was
// refused or is held has changed nothing.
func Befores[C any](all []C, of func(C) (edits []*daylightv1.HistoryEdit, counts bool)) []map[string]string {
	out, now := make([]map[string]string, len(all)), map[string]string{}
	for i, c := range slices.Backward(all) {
		out[i] = map[string]string{}
		edits, counts := of(c)
		for _, e := range edits {
			at := editAt(e)
			if old, was := now[at]; was {
				out[i][at] = old
			}
			if counts {
				now[at] = e.GetJson()
			}
		}
	}
	return out
}

func editAt(e *daylightv1.HistoryEdit) string { return e.GetField() + "/" + e.GetKey() }

// ToTell leaves out of a change what says nothing to a person: the id, with which a record
// begins, and the version of the words.
func ToTell(in []*daylightv1.HistoryEdit) (out []*daylightv1.HistoryEdit, begun bool) {
	for _, e := range in {
		switch e.GetField() {
		case "id":
			begun = true
		case "vocabulary_version":
		default:
			out = append(out, e)
		}
	}
	return out, begun
}

// Did is the sentence of a change: who did what to the record.
func (w Words) Did(kind record.Kind, who look.Text, edits []*daylightv1.HistoryEdit, begun bool) look.Text {
	switch {
	case begun:
		return w.Locale.Say("field-history.began", "who", who, "kind", w.Kind(kind))
	case len(edits) == 1:
		return w.Locale.Say("field-history.changed-one", "who", who, "field", w.Path(kind, edits[0].GetField(), edits[0].GetKey()))
	}
	return w.Locale.Say("field-history.changed", "who", who, "n", len(edits))
}

// Edits say what was changed, before being what Befores gave of it. alone: the sentence has
// named the one field. Texts are compared with what was there, where that is known.
func (w Words) Edits(kind record.Kind, edits []*daylightv1.HistoryEdit, before map[string]string, alone bool) []look.Part {
	if alone && len(edits) == 1 {
		return []look.Part{look.Prose{Text: w.beside(kind, edits[0], before)}}
	}
	var pairs []look.Fact
	var long []look.Part
	for _, e := range edits {
		name, value := w.Path(kind, e.GetField(), e.GetKey()), w.beside(kind, e, before)
		if len(value.String()) <= 2*shortText {
			pairs = append(pairs, look.Fact{Name: name, Value: value})
			continue
		}
		told := look.Part(look.Para{Text: value})
		if IsText(kind, e.GetField()) {
			told = look.Prose{Text: value}
		}
		long = append(long, look.Para{Small: true, Soft: true, Text: name}, told)
	}
	if len(pairs) > 0 {
		long = append([]look.Part{look.Pairs{Items: pairs, Small: true}}, long...)
	}
	if len(edits) > mostAtOnce {
		return []look.Part{look.Unfold{Plain: true, Summary: w.Locale.Say("field-history.all-of-it", "n", len(edits)), Body: long}}
	}
	return long
}

func (w Words) beside(kind record.Kind, e *daylightv1.HistoryEdit, before map[string]string) look.Text {
	if old, was := before[editAt(e)]; was {
		return w.changed(kind, e, old)
	}
	return w.Edit(kind, e)
}

// Edit says what an edit left.
func (w Words) Edit(kind record.Kind, e *daylightv1.HistoryEdit) look.Text {
	if e.GetField() == "removed" && e.GetJson() == "" {
		return w.Locale.Say("field-history.brought-back")
	}
	if e.GetJson() == "" && e.GetKey() != "" {
		return w.Locale.Say("field-history.taken-out")
	}
	return w.Value(kind, e.GetField(), e.GetKey(), e.GetJson())
}

// changed says a value beside what it was before.
func (w Words) changed(kind record.Kind, e *daylightv1.HistoryEdit, old string) look.Text {
	if IsText(kind, e.GetField()) && e.GetJson() != "" && old != "" && max(len(old), len(e.GetJson())) > shortText {
		return w.Locale.Compared(Unquoted(old), Unquoted(e.GetJson()))
	}
	if old == "" || e.GetField() == "removed" {
		return w.Edit(kind, e)
	}
	return w.Locale.Say("field-history.from-to", "from", w.Value(kind, e.GetField(), e.GetKey(), old), "to", w.Edit(kind, e))
}

// IsText reports whether a field, or each element of it, is words that a person wrote.
func IsText(kind record.Kind, field string) bool {
	fd := TopField(kind, field)
	if fd != nil && fd.IsMap() {
		return fd.MapValue().Kind() == protoreflect.StringKind
	}
	return fd != nil && !fd.IsList() && fd.Kind() == protoreflect.StringKind && Format(fd) == daylightv1.Format_FORMAT_UNSPECIFIED
}
