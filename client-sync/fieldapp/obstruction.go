package fieldapp

import (
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// An incident in which the team was hindered. It is an official who is named here, never a
// person held.
var obstructionKind = kept{
	kind: clientsync.KindObstructionIncident, page: "obstructions",
	title: "field-access.obstructions", one: "field-access.obstruction", none: "field-access.no-obstruction", under: "field-access.obstructions-under", add: "field-access.add-obstruction",
	begin: func(t *turn, visit string) clientsync.Message {
		return &daylightv1.ObstructionIncident{VisitId: proto.String(visit), At: proto.String(t.nowHere())}
	},
	row: func(t *turn, m clientsync.Message) look.Row {
		i := m.(*daylightv1.ObstructionIncident)
		under := look.Dotted(t.moment(i.GetAt()), t.labelOf(i.GetRight()))
		if i.ResolvedAfterMinutes != nil {
			under = look.Dotted(under, t.say("field-access.resolved-after", "n", int(i.GetResolvedAfterMinutes())))
		}
		return look.Row{Lead: look.Symbol{Icon: look.IconLeave}, Text: t.code("OBSTRUCTION_TYPE", i.GetType()), Under: under}
	},
	edit: func(e *editor) []look.Part {
		return []look.Part{
			e.one(ask{path: "type", label: "field-access.what-happened"}),
			e.one(ask{path: "right", label: "field-access.which-right"}),
			e.moment(ask{path: "at", label: "field-access.when"}),
			e.line(ask{path: "account", label: "field-access.account", rows: 5}),
			e.line(ask{path: "reason_given", label: "field-access.reason", hint: "field-access.reason-hint", rows: 2}),
			look.Side{Body: []look.Part{e.line(ask{path: "official_name", label: "field-access.official-name"}), e.line(ask{path: "official_rank", label: "field-access.official-rank"})}},
			e.number(ask{path: "resolved_after_minutes", label: "field-access.resolved", hint: "field-access.resolved-hint", unit: "unit.min"}),
			e.line(ask{path: "effect", label: "field-access.effect", rows: 3}),
			look.Side{Body: []look.Part{e.line(ask{path: "wing", label: "field-notes.wing"}), e.line(ask{path: "noted_by", label: "field-notes.noted-by"})}},
		}
	},
}
