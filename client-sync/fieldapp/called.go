package fieldapp

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// onVisit is the visit that a record hangs on; empty for none.
func onVisit(m clientsync.Message) string { return textOf(m, "visit_id") }

// textOf is a field of a record that holds one text; empty where it has none.
func textOf(m clientsync.Message, field protoreflect.Name) string {
	r := m.ProtoReflect()
	fd := r.Descriptor().Fields().ByName(field)
	if fd == nil || fd.Kind() != protoreflect.StringKind || fd.IsList() || fd.IsMap() {
		return ""
	}
	return r.Get(fd).String()
}

// visitName names a visit by its place.
func (t *turn) visitName(id string) look.Text {
	item, err := t.client.Get(t.ctx(), clientsync.KindVisit, id)
	if err != nil {
		return nil
	}
	return t.placeOf(item.Message.(*daylightv1.Visit).GetFacilityId())
}

// placeOf is a place's name in the reader's language, else in one that it has.
func (t *turn) placeOf(id string) look.Text {
	if id == "" {
		return nil
	}
	item, err := t.client.Get(t.ctx(), clientsync.KindFacility, id)
	if err != nil {
		return nil
	}
	return t.inLanguage(item.Message.(*daylightv1.Facility).GetNames())
}

// inLanguage picks a text by language: the reader's, else English, else any.
func (t *turn) inLanguage(texts map[string]string) look.Text {
	for _, tag := range append([]string{t.locale.Tag, "en"}, slices.Sorted(maps.Keys(texts))...) {
		if texts[tag] != "" {
			return look.Foreign(tag, texts[tag])
		}
	}
	return nil
}

// called is how a record is named in a list: by what its author called it, else by its
// kind. Nothing that is sealed is read for it.
func (t *turn) called(item clientsync.Item) look.Text {
	switch m := item.Message.(type) {
	case *daylightv1.Visit:
		if name := t.placeOf(m.GetFacilityId()); len(name) > 0 {
			return name
		}
	case *daylightv1.Facility:
		if name := t.inLanguage(m.GetNames()); len(name) > 0 {
			return name
		}
	case *daylightv1.Recommendation:
		if text := t.inLanguage(m.GetTexts()); len(text) > 0 {
			return text
		}
	}
	for _, field := range []protoreflect.Name{"title", "label", "text", "narrative", "account", "code"} {
		if text := textOf(item.Message, field); strings.TrimSpace(text) != "" {
			return look.Typed(inOneLine(text))
		}
	}
	return t.kindWords(item.Kind)
}

// inOneLine is the beginning of a text, for a line.
func inOneLine(s string) string {
	const most = 80
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + "…"
}
