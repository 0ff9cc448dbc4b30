package amend

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Amendment is what adding a form does to the same version of it that is there.
type Amendment struct {
	// Changes may be made; Refused may not.
	Changes []Change `json:"changes"`
	Refused []Change `json:"refused"`
}

// Change is one difference between two forms of one version.
type Change struct {
	// At is what differs, as question NAME or choice LIST/NAME; empty: the form itself.
	At string `json:"at,omitempty"`
	// Field is its field, with the language of a text in brackets.
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	// What the two names say apart: question, choice or setting, with its name; the name of
	// the field, with the language behind it. New and Gone are of the whole row.
	What, Name, Of, Language string `json:"-"`
	New, Gone                bool   `json:"-"`
}

// String is the change as one line.
func (c Change) String() string {
	at := strings.TrimPrefix(c.At+", "+c.Field, ", ")
	switch {
	case c.From == "" && c.To == "":
		return at
	case c.From == "":
		return fmt.Sprintf("%s: %q (new)", at, c.To)
	case c.To == "":
		return fmt.Sprintf("%s: %q is gone", at, c.From)
	}
	return fmt.Sprintf("%s: %q -> %q", at, c.From, c.To)
}

// soft are the fields that may change within a version.
var soft = map[protoreflect.FullName]bool{
	"daylight.v1.Checklist.titles":                      true,
	"daylight.v1.Checklist.place_types":                 true,
	"daylight.v1.Checklist.languages":                   true,
	"daylight.v1.ChecklistQuestion.labels":              true,
	"daylight.v1.ChecklistQuestion.hints":               true,
	"daylight.v1.ChecklistQuestion.guidance":            true,
	"daylight.v1.ChecklistQuestion.constraint_messages": true,
	"daylight.v1.ChecklistQuestion.required_messages":   true,
	"daylight.v1.ChecklistChoice.labels":                true,
	"daylight.v1.ChecklistChoice.retired":               true,
}

// Compare compares a form that is being added with the same version that is there.
func Compare(there, added *daylightv1.Checklist) *Amendment {
	a := &Amendment{Changes: []Change{}, Refused: []Change{}}
	there, added = inRanks(there, added), inRanks(added, there)
	a.fields(row{}, there.ProtoReflect(), added.ProtoReflect(), "questions", "choices", "settings", "rows", "id", "seen", "removed",
		"confidentiality", "merged_into", "body", "vocabulary_version", "hidden", "retired_on", "shipped")
	part := len(there.GetQuestions())+len(there.GetChoices()) < int(there.GetRows())
	elements(a, "question", part, there.GetQuestions(), added.GetQuestions(), (*daylightv1.ChecklistQuestion).GetName)
	elements(a, "choice", part, there.GetChoices(), added.GetChoices(), (*daylightv1.ChecklistChoice).GetKey)
	elements(a, "setting", part, there.GetSettings(), added.GetSettings(), (*daylightv1.ChecklistSetting).GetName)
	return a
}

// inRanks is a form whose rows are numbered 1, 2, 3 as far as the other form has them too: what
// counts is which comes first.
func inRanks(form, other *daylightv1.Checklist) *daylightv1.Checklist {
	form = proto.CloneOf(form)
	questions, choices := slices.Clone(form.GetQuestions()), slices.Clone(form.GetChoices())
	slices.SortStableFunc(questions, func(a, b *daylightv1.ChecklistQuestion) int { return cmp.Compare(a.GetOrder(), b.GetOrder()) })
	slices.SortStableFunc(choices, func(a, b *daylightv1.ChecklistChoice) int { return cmp.Compare(a.GetOrder(), b.GetOrder()) })
	has := byKey(other.GetQuestions(), (*daylightv1.ChecklistQuestion).GetName)
	rank := map[string]uint32{}
	for _, q := range questions {
		if has[q.GetName()] != nil {
			rank[""]++
		}
		q.Order = proto.Uint32(rank[""])
	}
	offers := byKey(other.GetChoices(), (*daylightv1.ChecklistChoice).GetKey)
	for _, c := range choices {
		list, _, _ := strings.Cut(c.GetKey(), "/")
		if offers[c.GetKey()] != nil {
			rank["/"+list]++
		}
		c.Order = proto.Uint32(rank["/"+list])
	}
	return form
}

// row is a question, a choice or a setting; the zero row is the form itself.
type row struct{ what, name string }

// String names it.
func (r row) String() string { return strings.TrimSpace(r.what + " " + r.name) }

// elements compares questions or choices by their keys. part: not all of them came when the
// form was added, so that those which are new are the rest of it.
func elements[M proto.Message](a *Amendment, what string, part bool, there, added []M, key func(M) string) {
	before := map[string]M{}
	for _, m := range there {
		before[key(m)] = m
	}
	for _, m := range added {
		at := row{what, key(m)}
		old, known := before[key(m)]
		delete(before, key(m))
		switch {
		case known:
			a.fields(at, old.ProtoReflect(), m.ProtoReflect())
		case part:
			a.Changes = append(a.Changes, Change{At: at.String(), Field: "is new: it had not come when the form was added", What: at.what, Name: at.name, New: true})
		default:
			a.Refused = append(a.Refused, Change{At: at.String(), Field: "is new", What: at.what, Name: at.name, New: true})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(before)) {
		a.Refused = append(a.Refused, Change{At: row{what, k}.String(), Field: "is gone", What: what, Name: k, Gone: true})
	}
}

// fields compares the fields of two messages, but for some.
func (a *Amendment) fields(at row, from, to protoreflect.Message, not ...protoreflect.Name) {
	all := from.Descriptor().Fields()
	for i := range all.Len() {
		fd := all.Get(i)
		if slices.Contains(not, fd.Name()) {
			continue
		}
		was, is := told(fd, from.Get(fd)), told(fd, to.Get(fd))
		for _, k := range slices.Sorted(maps.Keys(union(was, is))) {
			if was[k] == is[k] {
				continue
			}
			c := Change{At: at.String(), Field: string(fd.Name()) + k, From: was[k], To: is[k], What: at.what, Name: at.name, Of: string(fd.Name()), Language: strings.Trim(k, " ()")}
			if soft[fd.FullName()] {
				a.Changes = append(a.Changes, c)
			} else {
				a.Refused = append(a.Refused, c)
			}
		}
	}
}

func union(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// told is a field in words, by what stands behind its name: texts by their language.
func told(fd protoreflect.FieldDescriptor, v protoreflect.Value) map[string]string {
	out := map[string]string{}
	switch {
	case fd.IsMap():
		v.Map().Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
			out[" ("+k.String()+")"] = v.String()
			return true
		})
	case fd.IsList():
		var values []string
		for i := range v.List().Len() {
			switch m := v.List().Get(i).Interface().(type) {
			case protoreflect.Message:
				k, text := pairOf(m)
				out[" ("+k+")"] = text
			default:
				values = append(values, fmt.Sprint(m))
			}
		}
		if fd.Message() == nil && len(values) > 0 {
			slices.Sort(values)
			out[""] = strings.Join(values, " ")
		}
	case fd.Kind() == protoreflect.BoolKind:
		out[""] = map[bool]string{true: "yes", false: ""}[v.Bool()]
	default:
		if text := v.String(); text != "" && (fd.Kind() != protoreflect.Uint32Kind || v.Uint() != 0) {
			out[""] = text
		}
	}
	return out
}

// pairOf is a text with its language, or an attribute with its name.
func pairOf(m protoreflect.Message) (key, text string) {
	switch m := m.Interface().(type) {
	case *daylightv1.LocalText:
		return cmp.Or(m.GetLanguage(), "?"), m.GetText()
	case *daylightv1.ChecklistAttribute:
		return m.GetName(), m.GetValue()
	}
	return "?", ""
}

// LaidOver is the form as it is to be saved: what the office says about the version that is
// there stays.
func LaidOver(there, added *daylightv1.Checklist) *daylightv1.Checklist {
	out := proto.CloneOf(added)
	out.Id, out.Seen = there.GetId(), there.GetSeen()
	out.Confidentiality, out.Body, out.VocabularyVersion = there.Confidentiality, there.Body, there.VocabularyVersion
	out.MergedInto, out.Hidden, out.RetiredOn = there.MergedInto, there.Hidden, there.RetiredOn
	return out
}
