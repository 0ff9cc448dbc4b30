package fieldapp

import (
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The open part of a risk of reprisals: how likely, how soon, who answers for it. What
// happened and to whom is sealed, and no field of this page asks for it.
var reprisalKind = kept{
	kind: clientsync.KindReprisalCase, page: "reprisals",
	title: "field-notes.reprisals", one: "field-notes.reprisal", none: "field-notes.no-reprisal", under: "field-notes.reprisals-under", add: "field-notes.add-reprisal",
	begin: func(t *turn, visit string) clientsync.Message {
		return &daylightv1.ReprisalCase{VisitId: proto.String(visit), ReportedOn: proto.String(t.today()),
			State: daylightv1.ReprisalState_REPRISAL_STATE_FEARED.Enum(), Phase: daylightv1.ReprisalPhase_REPRISAL_PHASE_DURING.Enum()}
	},
	row: func(t *turn, m clientsync.Message) look.Row {
		c := m.(*daylightv1.ReprisalCase)
		row := look.Row{Lead: look.Symbol{Icon: look.IconAlert}, Text: t.labelOf(c.GetState()), Tags: t.enumTag(c.GetRisk())}
		if c.GetUrgent() {
			row.Tags = append(row.Tags, look.Tag{Kind: look.TagUrgent, Icon: look.IconAlert, Text: t.say("field-notes.urgent")})
		}
		if due := t.day(c.GetActionDueOn()); len(due) > 0 {
			row.Under = t.say("field-notes.due", "day", due)
		}
		return row
	},
	edit: func(e *editor) []look.Part {
		return []look.Part{
			look.Note{Heading: e.say("field-notes.open-part"), Under: e.say("field-notes.open-part-under"), Icon: look.IconSealed},
			e.one(ask{path: "risk", label: "field-notes.risk"}),
			e.yesNo(ask{path: "urgent", label: "field-notes.cannot-wait", hint: "field-notes.cannot-wait-hint", two: true}),
			e.several(ask{path: "types", label: "field-notes.reprisal-types"}),
			e.one(ask{path: "phase", label: "field-notes.phase", two: true}), e.one(ask{path: "state", label: "field-notes.state", pick: true}),
			look.Side{Body: []look.Part{e.day(ask{path: "reported_on", label: "field-notes.reported-on"}), e.day(ask{path: "action_due_on", label: "field-notes.action-due"})}},
			e.line(ask{path: "responsible", label: "field-notes.responsible", hint: "field-notes.responsible-hint"}),
			e.day(ask{path: "checked_on", label: "field-notes.checked-on"}),
		}
	},
}
