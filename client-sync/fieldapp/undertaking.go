package fieldapp

import (
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the management promised. What became of it is for the office to say.
var undertakingKind = kept{
	kind: clientsync.KindUndertaking, page: "undertakings",
	title: "field-notes.undertakings", one: "field-notes.undertaking", none: "field-notes.no-undertaking", under: "field-notes.undertakings-under", add: "field-notes.add-undertaking",
	begin: func(t *turn, visit string) clientsync.Message {
		return &daylightv1.Undertaking{VisitId: proto.String(visit), MadeAt: proto.String(t.nowHere())}
	},
	row: func(t *turn, m clientsync.Message) look.Row {
		u := m.(*daylightv1.Undertaking)
		under := shortened(u.GetBy())
		if due := t.day(u.GetDueOn()); len(due) > 0 {
			under = look.Dotted(under, t.say("field-notes.due", "day", due))
		}
		return look.Row{Lead: look.Symbol{Icon: look.IconLetter}, Text: shortened(u.GetText()), Words: true, Under: under}
	},
	edit: func(e *editor) []look.Part {
		return []look.Part{
			e.line(ask{path: "text", label: "field-notes.promise", rows: 4}),
			e.line(ask{path: "by", label: "field-notes.by", hint: "field-notes.by-hint"}),
			e.day(ask{path: "due_on", label: "field-notes.due-on"}),
			e.moment(ask{path: "made_at", label: "field-notes.made-at"}),
			e.one(ask{path: "topic", label: "field-notes.topic"}),
			e.aboutFindings("finding_ids"),
		}
	},
}
