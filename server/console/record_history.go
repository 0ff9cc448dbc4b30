package console

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const formatUUID = daylightv1.Format_FORMAT_UUID

// tagsOf are the keys of a map of texts, sorted.
func tagsOf(m protoreflect.Map) (out []string) {
	m.Range(func(k protoreflect.MapKey, _ protoreflect.Value) bool {
		out = append(out, k.String())
		return true
	})
	slices.Sort(out)
	return out
}

// eachHistory is how many changes a page of a history holds. As many before them are read to
// say what a field was.
const eachHistory = 40

// showHistory says how a record came to be, field by field: who changed what, when it was
// written and when it came, on which device, and what its clock was worth.
func (t *turn) showHistory() error {
	kind, item, err := t.anyRecord()
	if err != nil {
		return err
	}
	id, err := t.id("id")
	if err != nil {
		return err
	}
	from := t.r.URL.Query().Get("from")
	changes, next, err := t.records().History(t.ctx(), kind, id, eachHistory, from)
	if err != nil {
		return err
	}
	earlier := changes
	if next != "" {
		more, _, err := t.records().History(t.ctx(), kind, id, eachHistory, next)
		if err != nil {
			return err
		}
		earlier = append(slices.Clone(changes), more...)
	}
	before := recordpage.Befores(earlier, func(e *daylightv1.HistoryEntry) ([]*daylightv1.HistoryEdit, bool) {
		return e.GetEdits(), decided(e, exchange.Accepted)
	})
	var log look.Log
	for i, e := range changes {
		log.Items = append(log.Items, t.change(kind, e, before[i]))
	}
	body := append(t.recordNotes(kind, item), look.Part(log))
	if pages := t.historyPager(kind, id, from, next); pages != nil {
		body = append(body, pages)
	}
	return t.show(sheet{title: t.say("field-history.title"), heading: t.say("field-history.heading"), crumbs: t.recordCrumbs(kind, item, t.say("field-history.title")), here: t.railOf(kind),
		lede: look.Dotted(t.say("field-history.record", "kind", t.saying().Kind(kind), "name", t.name(item.Message)), t.say("field-history.signed")), body: body})
}

func (t *turn) historyPager(kind record.Kind, id record.ID, from, next string) look.Part {
	var links []look.Part
	at := inWords(kind, id.String()) + "/history"
	if from != "" {
		links = append(links, look.Button{Text: t.say("office-told.newest"), Icon: look.IconBack, Href: at})
	}
	if next != "" {
		links = append(links, look.Button{Text: t.say("office-told.older"), Further: true, Href: with(at, "from", next)})
	}
	if len(links) == 0 {
		return nil
	}
	return look.Cluster{Body: links}
}

// decided reports what the office made of a change.
func decided(e *daylightv1.HistoryEntry, as exchange.Decision) bool {
	return "DECISION_"+e.GetDecision() == as.String()
}

// change is one change in words.
func (t *turn) change(kind record.Kind, e *daylightv1.HistoryEntry, before map[string]string) look.Entry {
	edits, begun := recordpage.ToTell(e.GetEdits())
	who := t.say("office-told.somebody")
	if e.GetPerson() != "" {
		who = look.Typed(e.GetPerson())
	}
	out := look.Entry{Whose: look.Theirs, Text: t.saying().Did(kind, look.Strong(who), edits, begun)}
	if e.GetDevice() == officeDevice {
		out.Whose = look.Offices
	}
	if !decided(e, exchange.Accepted) {
		out.Whose = look.Nobodys
		out.Body = append(out.Body, look.Cluster{Body: []look.Part{t.decision(e)}})
	}
	out.Body = append(out.Body, t.saying().Edits(kind, edits, before, !begun)...)
	if e.GetClockSuspect() {
		out.Body = append(out.Body, look.Cluster{Body: []look.Part{look.Tag{Kind: look.TagWatch, Icon: look.IconClock, Text: t.say("field-history.doubt")}, look.Para{Small: true, Soft: true, Text: t.say("field-history.doubt-under")}}})
	}
	out.When = look.Dotted(t.say("office-told.written", "when", t.locale.Moment(millis(e.GetWrittenAt()))), t.deviceOf(e), t.say("office-told.received", "when", t.locale.Moment(millis(e.GetReceivedAt()))))
	return out
}

func (t *turn) deviceOf(e *daylightv1.HistoryEntry) look.Text {
	if e.GetDevice() == officeDevice {
		return t.say("office-told.at-office")
	}
	return look.Typed(e.GetDevice())
}

// decision is the tag of a change that changed nothing, with why.
func (t *turn) decision(e *daylightv1.HistoryEntry) look.Part {
	if decided(e, exchange.Held) {
		return look.Tag{Kind: look.TagWatch, Icon: look.IconPause, Text: t.say("office-told.held")}
	}
	why := map[string]look.Key{
		"UNREADABLE": "office-told.why-unreadable", "TOO_LARGE": "office-told.why-too-large", "STALE": "office-told.why-stale",
		"ALREADY": "office-told.why-already", "FIXED": "office-told.why-fixed", "KIND": "office-told.why-kind", "DENIED": "office-told.why-denied", "WAITS": "office-told.why-waits"}[e.GetReason()]
	text := t.say("office-told.refused")
	if why != "" {
		text = look.Dotted(text, t.say(why))
	}
	return look.Tag{Kind: look.TagAttend, Icon: look.IconAlert, Text: text}
}
