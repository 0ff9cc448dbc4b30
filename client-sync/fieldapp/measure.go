package fieldapp

import (
	"slices"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A measurement. Beyond a limit that a standard names it suggests a finding; it is a person
// who decides whether it is one.
var measurementKind = kept{
	kind: clientsync.KindMeasurement, page: "measurements",
	title: "field-counts.measurements", one: "field-counts.measurement", none: "field-counts.no-measurement", under: "field-counts.measurements-under", add: "field-counts.add-measurement",
	begin: func(t *turn, visit string) clientsync.Message {
		return &daylightv1.Measurement{VisitId: proto.String(visit), MeasuredAt: proto.String(t.nowHere()), Method: daylightv1.MeasurementMethod_MEASUREMENT_METHOD_MEASURED.Enum()}
	},
	row: func(t *turn, m clientsync.Message) look.Row {
		x := m.(*daylightv1.Measurement)
		row := look.Row{Lead: look.Symbol{Icon: look.IconChart}, Text: t.labelOf(x.GetType()), Under: look.Dotted(shortened(x.GetWing()), shortened(x.GetRoom()), t.labelOf(x.GetMethod()))}
		if x.Value != nil {
			row.Count = t.locale.Decimal(x.GetValue(), -1)
		} else if x.AreaM2 != nil {
			row.Count = t.locale.Measure(x.GetAreaM2(), "m2")
		}
		if x.GetLabel() != "" {
			row.Text = look.Typed(x.GetLabel())
		}
		return row
	},
	edit: func(e *editor) []look.Part {
		return []look.Part{
			e.one(ask{path: "type", label: "field-counts.what-measured"}),
			look.Side{Body: []look.Part{e.line(ask{path: "wing", label: "field-notes.wing"}), e.line(ask{path: "room", label: "field-notes.room"})}},
			e.number(ask{path: "value", label: "field-counts.value", hint: "field-counts.value-hint"}),
			look.Side{Body: []look.Part{e.number(ask{path: "persons", label: "field-counts.shared-by"}), e.number(ask{path: "area_m2", label: "field-counts.area", unit: "unit.m2"})}},
			e.one(ask{path: "method", label: "field-counts.method", two: true}),
			e.moment(ask{path: "measured_at", label: "field-counts.measured-at"}),
			look.Unfold{Summary: e.say("field-counts.other-quantity"), Open: e.item.Message.(*daylightv1.Measurement).GetType() == daylightv1.MeasurementType_MEASUREMENT_TYPE_OTHER, Body: []look.Part{
				e.line(ask{path: "label", label: "field-counts.label"}), e.line(ask{path: "unit", label: "field-counts.unit"})}},
			e.one(ask{path: "topic", label: "field-notes.topic"}),
			e.line(ask{path: "note", label: "field-notes.remark", rows: 3}),
		}
	},
}

func (a *App) measureRoutes() {
	a.onRecord(clientsync.KindMeasurement, "finding", (*turn).findingFrom)
	a.live[route{clientsync.KindMeasurement, ""}] = func(t *turn, item clientsync.Item) (map[string]look.Part, error) {
		part, err := t.suggestedBy(item)
		return map[string]look.Part{"suggested": part}, err
	}
}

// suggestedBy says what a measurement is beyond, and leads to the finding in one tap.
func (t *turn) suggestedBy(item clientsync.Item) (look.Part, error) {
	visit := visitOf(item.Message)
	if len(item.Message.GetSeen()) == 0 || visit == "" {
		return look.Flow{}, nil
	}
	report, err := t.client.CheckVisit(t.ctx(), visit)
	if clientsync.CodeOf(err) == clientsync.NotFound {
		return look.Flow{}, nil
	}
	if err != nil {
		return nil, err
	}
	var out []look.Part
	for _, s := range report.Suggestions {
		if s.Measurement != item.ID {
			continue
		}
		out = append(out, look.Note{Kind: look.NoteWatch, Icon: look.IconFinding, Heading: t.locale.Sentence(s.Threshold.MessageKey(), s.Text, s.Params), Under: t.say("field-counts.suggests"), Body: []look.Part{
			look.Button{Text: t.say("field-counts.write-finding"), Icon: look.IconFinding, Action: t.href(item.Kind, item.ID, "finding"), Hidden: []look.Hidden{{Name: "threshold", Value: s.Threshold.Code}}}}})
	}
	return look.Flow{Tight: true, Body: out}, nil
}

// findingFrom begins the finding that a measurement suggests, with what is known of it.
func (t *turn) findingFrom(item clientsync.Item, f *look.Form) error {
	report, err := t.client.CheckVisit(t.ctx(), visitOf(item.Message))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(report.Suggestions, func(s clientsync.Suggestion) bool {
		return s.Measurement == item.ID && s.Threshold.Code == f.Value("threshold")
	})
	if i < 0 {
		return t.to(t.href(item.Kind, item.ID)) // it is not beyond the limit any more, or a finding rests on it already
	}
	finding := proto.Clone(report.Suggestions[i].Finding).(*daylightv1.Finding)
	finding.VisitId, finding.MeasurementIds = proto.String(visitOf(item.Message)), []string{item.ID}
	return t.to(t.begin(finding))
}
