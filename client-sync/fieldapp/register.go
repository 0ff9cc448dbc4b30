package fieldapp

import (
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A register that was looked into: the period, how many entries of it were read, and what
// they lack.
var registerKind = kept{
	kind: clientsync.KindRegisterCheck, page: "registers",
	title: "field-notes.registers", one: "field-notes.register", none: "field-notes.no-register", under: "field-notes.registers-under", add: "field-notes.add-register",
	begin: func(t *turn, visit string) clientsync.Message {
		return &daylightv1.RegisterCheck{VisitId: proto.String(visit), CheckedAt: proto.String(t.nowHere())}
	},
	row: func(t *turn, m clientsync.Message) look.Row {
		c := m.(*daylightv1.RegisterCheck)
		row := look.Row{Lead: look.Symbol{Icon: look.IconFinding}, Text: t.code("REGISTER_TYPE", c.GetRegisterType()), Tags: t.enumTag(c.GetAccess())}
		if c.EntriesSeen != nil && c.EntriesInPeriod != nil {
			row.Count = t.locale.Of(int(c.GetEntriesSeen()), int(c.GetEntriesInPeriod()))
		}
		if n := len(c.GetGaps()); n > 0 {
			row.Under = t.say("field-notes.gaps-line", "n", n)
		}
		return row
	},
	edit: func(e *editor) []look.Part {
		c := e.item.Message.(*daylightv1.RegisterCheck)
		var gaps []look.Part
		for i, g := range c.GetGaps() {
			at := func(field string) string { return recordpage.At("gaps", g.GetId(), field) }
			gaps = append(gaps, e.element("gaps", g.GetId(), e.numbered("field-notes.gap", i), "field-notes.drop-gap",
				e.line(ask{path: at("what"), label: "field-notes.gap-what", rows: 2}),
				look.Side{Body: []look.Part{e.day(ask{path: at("from"), label: "field-notes.from"}), e.day(ask{path: at("to"), label: "field-notes.to"})}},
				e.number(ask{path: at("entries"), label: "field-notes.gap-entries"})))
		}
		return []look.Part{
			e.one(ask{path: "register_type", label: "field-notes.register-type"}),
			e.line(ask{path: "title", label: "field-notes.register-title"}),
			e.one(ask{path: "access", label: "field-notes.register-access", two: true}),
			look.Side{Body: []look.Part{e.day(ask{path: "period_from", label: "field-notes.period-from"}), e.day(ask{path: "period_to", label: "field-notes.period-to"})}},
			e.number(ask{path: "entries_in_period", label: "field-notes.entries-in-period"}),
			look.Side{Body: []look.Part{e.number(ask{path: "entries_seen", label: "field-notes.entries-seen"}), e.number(ask{path: "entries_complete", label: "field-notes.entries-complete"})}},
			e.line(ask{path: "sampling", label: "field-notes.sampling", hint: "field-notes.sampling-hint"}),
			look.Section{Heading: e.say("field-notes.gaps"), ID: look.FieldID("gaps"), Body: append(append(e.beside("gaps"), gaps...), e.addTo("gaps", "field-notes.add-gap"))},
			e.topics(ask{path: "topics", label: "field-notes.topics"}),
			e.line(ask{path: "contradictions", label: "field-notes.contradictions", rows: 4}),
			look.Flow{Body: []look.Part{e.moment(ask{path: "checked_at", label: "field-notes.checked-at"}), e.line(ask{path: "checked_by", label: "field-notes.checked-by"})}},
			e.line(ask{path: "note", label: "field-notes.remark", rows: 3}),
		}
	},
}
