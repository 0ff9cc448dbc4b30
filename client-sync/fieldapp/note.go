package fieldapp

import (
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A note, written here or typed from paper. When it was seen, written down and typed are
// kept apart; when it was entered and received comes from the log.
var noteKind = kept{
	kind: clientsync.KindNote, page: "notes",
	title: "field-notes.notes", one: "field-notes.note", none: "field-notes.no-note", under: "field-notes.notes-under", add: "field-notes.add-note",
	begin: func(t *turn, visit string) clientsync.Message {
		now := t.nowHere()
		return &daylightv1.Note{VisitId: proto.String(visit), ObservedAt: proto.String(now), RecordedAt: proto.String(now)}
	},
	row: func(t *turn, m clientsync.Message) look.Row {
		n := m.(*daylightv1.Note)
		row := look.Row{Lead: look.Symbol{Icon: look.IconPen}, Text: shortened(n.GetText()), Words: true, Under: look.Dotted(t.moment(n.GetObservedAt()), shortened(n.GetNotedBy()))}
		if n.GetOnPaper() {
			row.Tags = append(row.Tags, look.Tag{Text: t.say("field-notes.paper")})
		}
		return row
	},
	edit: func(e *editor) []look.Part {
		paper := e.item.Message.(*daylightv1.Note)
		return []look.Part{
			e.line(ask{path: "text", label: "field-notes.text", hint: "field-notes.text-hint", rows: 8}),
			e.one(ask{path: "topic", label: "field-notes.topic"}),
			look.Side{Body: []look.Part{e.line(ask{path: "wing", label: "field-notes.wing"}), e.line(ask{path: "room", label: "field-notes.room"})}},
			e.several(ask{path: "sources", label: "field-notes.sources", two: true}),
			e.aboutFindings("finding_ids"),
			look.Flow{Body: []look.Part{e.moment(ask{path: "observed_at", label: "field-notes.observed"}), e.moment(ask{path: "recorded_at", label: "field-notes.recorded"})}},
			e.line(ask{path: "noted_by", label: "field-notes.noted-by"}),
			look.Unfold{Summary: e.say("field-notes.from-paper"), Open: paper.GetOnPaper() || paper.PaperState != nil, Body: []look.Part{
				e.yesNo(ask{path: "on_paper", label: "field-notes.on-paper", two: true}),
				e.line(ask{path: "paper_id", label: "field-notes.paper-id", hint: "field-notes.paper-id-hint"}),
				e.line(ask{path: "typed_by", label: "field-notes.typed-by"}),
				e.one(ask{path: "paper_state", label: "field-notes.paper-state", hint: "field-notes.paper-state-hint"}),
			}},
		}
	},
}
