package amend

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// OverShipped is an amendment of a shipped form: a text that the file leaves out stays as it
// was shipped.
func OverShipped(am *Amendment) *Amendment {
	am.Changes = slices.DeleteFunc(am.Changes, func(c Change) bool { return c.To == "" && c.Field != "retired" })
	return am
}

// Afresh is the record of a shipped form, to say something in: one that was removed begins
// with nothing, since it had left the form as it was shipped.
func Afresh(r *daylightv1.Checklist) *daylightv1.Checklist {
	if r.GetRemoved() == nil {
		return r
	}
	return &daylightv1.Checklist{Id: r.GetId(), Seen: r.GetSeen(), Code: r.Code, Version: r.Version, Shipped: r.Shipped, Rows: r.Rows}
}

// SayingOver is the office's record r over a shipped form, with what form says otherwise than
// there is: of the rows no more than the texts and marks that differ.
func SayingOver(r, there, form *daylightv1.Checklist) *daylightv1.Checklist {
	r = Afresh(r)
	if !maps.Equal(there.GetTitles(), form.GetTitles()) {
		r.Titles = maps.Clone(form.GetTitles())
	}
	if !slices.Equal(there.GetPlaceTypes(), form.GetPlaceTypes()) {
		r.PlaceTypes = slices.Clone(form.GetPlaceTypes())
	}
	for _, tag := range form.GetLanguages() {
		if !slices.Contains(there.GetLanguages(), tag) && !slices.Contains(r.Languages, tag) {
			r.Languages = append(r.Languages, tag)
		}
	}
	r.Questions = rowsOver(r.Questions, there.Questions, form.Questions, (*daylightv1.ChecklistQuestion).GetName, func(name string) *daylightv1.ChecklistQuestion {
		return &daylightv1.ChecklistQuestion{Name: name}
	})
	r.Choices = rowsOver(r.Choices, there.Choices, form.Choices, (*daylightv1.ChecklistChoice).GetKey, func(key string) *daylightv1.ChecklistChoice {
		return &daylightv1.ChecklistChoice{Key: key}
	})
	return r
}

// rowsOver adds to what is said of rows what their soft fields say otherwise.
func rowsOver[M interface {
	comparable
	proto.Message
}](said, there, is []M, key func(M) string, empty func(string) M) []M {
	before, over := byKey(there, key), byKey(said, key)
	for _, row := range is {
		old, known := before[key(row)]
		if !known {
			continue
		}
		o, has := over[key(row)]
		if !has {
			o = empty(key(row))
		}
		if differ(o.ProtoReflect(), old.ProtoReflect(), row.ProtoReflect()) && !has {
			said = append(said, o)
		}
	}
	return said
}

func byKey[M any](all []M, key func(M) string) map[string]M {
	out := make(map[string]M, len(all))
	for _, m := range all {
		out[key(m)] = m
	}
	return out
}

// differ puts into over what the soft fields of a row say otherwise than before, and reports
// whether there is anything.
func differ(over, was, is protoreflect.Message) (any bool) {
	all := was.Descriptor().Fields()
	for i := range all.Len() {
		fd := all.Get(i)
		switch {
		case !soft[fd.FullName()]:
		case fd.IsList():
			for j := range is.Get(fd).List().Len() {
				t, ok := is.Get(fd).List().Get(j).Message().Interface().(*daylightv1.LocalText)
				if ok && t.GetText() != "" && told(fd, was.Get(fd))[" ("+t.GetLanguage()+")"] != t.GetText() {
					putText(over.Mutable(fd).List(), t)
					any = true
				}
			}
		case was.Get(fd).Bool() != is.Get(fd).Bool():
			over.Set(fd, is.Get(fd))
			any = true
		}
	}
	return any
}

// putText puts a text in the place of that in its language.
func putText(list protoreflect.List, t *daylightv1.LocalText) {
	for i := range list.Len() {
		if at, ok := list.Get(i).Message().Interface().(*daylightv1.LocalText); ok && at.GetLanguage() == t.GetLanguage() {
			at.Text = t.Text
			return
		}
	}
	list.Append(protoreflect.ValueOfMessage(proto.CloneOf(t).ProtoReflect()))
}
