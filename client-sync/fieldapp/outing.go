package fieldapp

import (
	"net/http"
	"slices"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// outing is a visit with all that hangs on it, as its pages show it.
type outing struct {
	item  clientsync.Item
	visit *daylightv1.Visit
	// place is nil where the visit names none, or one that is not here.
	place  *daylightv1.Facility
	report clientsync.VisitReport
	of     map[clientsync.Kind][]clientsync.Item
}

// outing reads it.
func (t *turn) outing(item clientsync.Item) (*outing, error) {
	o := &outing{item: item, visit: item.Message.(*daylightv1.Visit), of: map[clientsync.Kind][]clientsync.Item{}}
	var err error
	if o.place, err = t.placeVisited(o.visit); err != nil {
		return nil, err
	}
	if item.Removed {
		return o, nil
	}
	if o.report, err = t.client.CheckVisit(t.ctx(), item.ID); err != nil {
		return nil, err
	}
	for other, err := range t.client.List(t.ctx(), clientsync.Filter{Visit: item.ID}) {
		if err != nil {
			return nil, err
		}
		o.of[other.Kind] = append(o.of[other.Kind], other)
	}
	return o, nil
}

// placeVisited is the place that a visit names; nil for none that is here.
func (t *turn) placeVisited(v *daylightv1.Visit) (*daylightv1.Facility, error) {
	if v.GetFacilityId() == "" {
		return nil, nil
	}
	item, err := t.client.Get(t.ctx(), clientsync.KindFacility, v.GetFacilityId())
	if err == nil && item.JoinedTo != "" {
		item, err = t.client.Get(t.ctx(), clientsync.KindFacility, item.JoinedTo)
	}
	if clientsync.CodeOf(err) == clientsync.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return item.Message.(*daylightv1.Facility), nil
}

// placeName is what a place is called, in the reader's language where it has such a name.
func (t *turn) placeName(f *daylightv1.Facility) look.Text {
	if f == nil {
		return t.say("field-visit.no-place")
	}
	for _, tag := range append([]string{t.locale.Tag}, look.Languages...) {
		if name := f.GetNames()[tag]; name != "" {
			return look.Typed(name)
		}
	}
	for _, tag := range sortedKeys(f.GetNames()) {
		if name := f.GetNames()[tag]; name != "" {
			return look.Typed(name)
		}
	}
	return t.say("field-place.nameless")
}

func sortedKeys(m map[string]string) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// visitOf is the id of the visit that a record hangs on; empty for none.
func visitOf(m clientsync.Message) string {
	r := m.ProtoReflect()
	if fd := r.Descriptor().Fields().ByName("visit_id"); fd != nil {
		return r.Get(fd).String()
	}
	return ""
}

// labelOf is what a value of an enum is called.
func (t *turn) labelOf(e protoreflect.Enum) look.Text {
	name := e.Descriptor().Values().ByNumber(e.Number())
	if e.Number() == 0 {
		return nil
	}
	if name == nil {
		return look.Code("?")
	}
	return t.code(terms.ListOf(e.Descriptor()), string(name.Name()))
}

// enumTag is the tag of a value of an enum; nothing where nothing is said.
func (t *turn) enumTag(e protoreflect.Enum) []look.Tag {
	set, err := t.terms()
	if err != nil || e.Number() == 0 {
		return nil
	}
	list := terms.ListOf(e.Descriptor())
	term, ok := set.ByNumber(list, uint32(e.Number()))
	if !ok {
		return []look.Tag{{Text: t.labelOf(e)}}
	}
	return []look.Tag{look.TagOf(t.locale, list, term.Code, term.Label(t.locale.Tag))}
}

// hasPage reports whether some area shows such a page of a kind.
func (a *App) hasPage(kind clientsync.Kind, page string) bool {
	return a.pages[route{kind, page}] != nil
}

// moment is a time of a record as people read it; nothing for none. It is shown by the clock
// of this device.
func (t *turn) moment(value string) look.Text {
	if value == "" {
		return nil
	}
	if len(value) == len(time.DateOnly) { // a day, and no minute of it
		return t.day(value)
	}
	at, ok := t.readMoment(value)
	if !ok {
		return look.Code(value)
	}
	return t.locale.When(at)
}

// day is a date of a record.
func (t *turn) day(value string) look.Text {
	if value == "" {
		return nil
	}
	at, ok := t.readMoment(value)
	if !ok {
		return look.Code(value)
	}
	return t.locale.Day(at)
}

// readMoment reads a time or a whole day of a record; one that is known in part is none.
func (t *turn) readMoment(value string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339, time.DateOnly} {
		if at, err := time.ParseInLocation(layout, value, t.locale.Zone); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// nowHere is this minute as a record holds it, with the offset of this device.
func (t *turn) nowHere() string {
	return t.locale.Now.In(t.locale.Zone).Format("2006-01-02T15:04-07:00")
}

func (t *turn) today() string { return t.locale.Now.In(t.locale.Zone).Format(time.DateOnly) }

// visitTab is a page of a visit, or of what hangs on it: it remembers that somebody is there.
func (t *turn) visitTab(item clientsync.Item, page string, s sheet) error {
	visit := visitOf(item.Message)
	if item.Kind == clientsync.KindVisit {
		visit = item.ID
	}
	if t.r.Method == http.MethodGet && t.r.URL.Query().Get("saved") == "" && len(item.Message.GetSeen()) > 0 {
		t.here(item.Kind, item.ID, page, "")
	}
	if visit != "" {
		t.inVisit(visit)
	}
	if s.back == "" && visit != "" && (item.Kind != clientsync.KindVisit || page != "") {
		s.back = t.href(clientsync.KindVisit, visit)
	}
	s.tab = tabVisit
	return t.show(s)
}

// element is a leaf with the controls of one element of a list; what the rules say of the
// element stands above them.
func (e *editor) element(field, key string, heading look.Text, drop look.Key, body ...look.Part) look.Part {
	at := recordpage.At(field, key)
	body = slices.Concat(e.beside(at), body, []look.Part{e.dropOf(field, key, drop)})
	return look.Leaf{ID: look.FieldID(at), Heading: heading, Body: body}
}

// ends are what stands under every form: its history, and removal.
func (t *turn) ends(item clientsync.Item, more ...look.Part) look.Part {
	if t.hasPage(item.Kind, "history") || t.hasPage(0, "history") {
		more = append(more, look.Button{Text: t.say("field-visit.history"), Icon: look.IconHistory, Kind: look.ButtonQuiet, Href: t.href(item.Kind, item.ID, "history")})
	}
	return look.Cluster{Body: more}
}

// numbered is a heading for one of several of a kind.
func (t *turn) numbered(k look.Key, i int) look.Text { return t.say(k, "i", t.locale.Number(i+1)) }
