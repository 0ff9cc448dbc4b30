package server

import (
	"slices"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// narrowing is a request for a page whose ids and days have been read.
type narrowing struct {
	*daylightv1.ListRecordsRequest
	kind record.Kind
	ids  map[protoreflect.Name]record.ID
}

// filter is how one kind is narrowed.
type filter struct {
	fields []protoreflect.Name // of the request; each belongs to the kind
	of     func(narrowing) store.Filter
}

// visitFields are the fields of a request that make a store.Visits.
var visitFields = []protoreflect.Name{"facility_id", "region", "place_type", "responsible_body", "from", "to"}

func (n narrowing) visits() store.Visits {
	return store.Visits{Facility: n.ids["facility_id"], Region: n.GetRegion(), PlaceType: n.GetPlaceType(), Body: n.GetResponsibleBody(),
		From: n.GetFrom(), To: n.GetTo()}
}

// withVisits are further fields beside those.
func withVisits(more ...protoreflect.Name) []protoreflect.Name { return append(more, visitFields...) }

var filters = map[record.Kind]filter{
	record.Facility: {[]protoreflect.Name{"region", "place_type", "responsible_body", "code", "facility_state"}, func(n narrowing) store.Filter {
		return store.FacilityFilter{Region: n.GetRegion(), Type: n.GetPlaceType(), Body: n.GetResponsibleBody(), Code: n.GetCode(), State: n.GetFacilityState()}
	}},
	record.Visit: {withVisits("code", "person_id", "visit_state", "visit_type"), func(n narrowing) store.Filter {
		return store.VisitFilter{Visits: n.visits(), Code: n.GetCode(), Person: n.ids["person_id"], State: n.GetVisitState(), Type: n.GetVisitType()}
	}},
	record.Finding: {withVisits("visit_id", "finding_kind", "area", "topic", "severity", "evidence_status", "standard", "repeated"), func(n narrowing) store.Filter {
		return store.FindingFilter{Visit: n.ids["visit_id"], Visits: n.visits(), Kind: n.GetFindingKind(), Area: n.GetArea(), Topic: n.GetTopic(),
			Severity: n.GetSeverity(), Evidence: n.GetEvidenceStatus(), Standard: n.GetStandard(), Repeated: n.GetRepeated()}
	}},
	record.Recommendation: {[]protoreflect.Name{"visit_id", "facility_id", "from", "to", "code", "topic", "standard", "recommendation_state", "horizon", "level",
		"authority", "open", "overdue_on", "predecessor_id"}, func(n narrowing) store.Filter {
		return store.RecommendationFilter{Visit: n.ids["visit_id"], Facility: n.ids["facility_id"], IssuedFrom: n.GetFrom(), IssuedTo: n.GetTo(), Code: n.GetCode(),
			Topic: n.GetTopic(), Standard: n.GetStandard(), State: n.GetRecommendationState(), Horizon: n.GetHorizon(), Level: n.GetLevel(),
			Authority: n.GetAuthority(), Open: n.GetOpen(), OverdueOn: n.GetOverdueOn(), Predecessor: n.ids["predecessor_id"]}
	}},
	record.AuthorityReply: {[]protoreflect.Name{"visit_id", "recommendation_id", "response"}, func(n narrowing) store.Filter {
		return store.ReplyFilter{Visit: n.ids["visit_id"], Recommendation: n.ids["recommendation_id"], Response: n.GetResponse()}
	}},
	record.Undertaking: {withVisits("visit_id", "open", "due_before"), func(n narrowing) store.Filter {
		return store.UndertakingFilter{Visit: n.ids["visit_id"], Visits: n.visits(), Open: n.GetOpen(), DueBefore: n.GetDueBefore()}
	}},
	record.ReprisalCase: {[]protoreflect.Name{"visit_id", "reprisal_state", "urgent", "open"}, func(n narrowing) store.Filter {
		return store.ReprisalCaseFilter{Visit: n.ids["visit_id"], State: n.GetReprisalState(), Urgent: n.GetUrgent(), Open: n.GetOpen()}
	}},
	record.ReviewComment: {[]protoreflect.Name{"visit_id", "about_id", "reply_to", "unsettled"}, func(n narrowing) store.Filter {
		return store.CommentFilter{Visit: n.ids["visit_id"], About: n.ids["about_id"], ReplyTo: n.ids["reply_to"], Unsettled: n.GetUnsettled()}
	}},
	record.VisitPlan: {[]protoreflect.Name{"facility_id", "year", "open"}, func(n narrowing) store.Filter {
		return store.PlanFilter{Facility: n.ids["facility_id"], Year: n.GetYear(), Open: n.GetOpen()}
	}},
	record.Term: {[]protoreflect.Name{"list", "code"}, func(n narrowing) store.Filter {
		return store.TermFilter{List: n.GetList(), Code: n.GetCode()}
	}},
	record.Standard: {[]protoreflect.Name{"instrument", "code"}, func(n narrowing) store.Filter {
		return store.StandardFilter{Instrument: n.GetInstrument(), Ref: n.GetCode()}
	}},
	record.Checklist: {[]protoreflect.Name{"code", "version"}, func(n narrowing) store.Filter {
		return store.ChecklistFilter{Code: n.GetCode(), Version: n.GetVersion()}
	}},
}

// hanging is that of a kind which hangs on visits and has none of its own.
var hanging = filter{withVisits("visit_id"), func(n narrowing) store.Filter {
	return store.VisitRecordFilter{Kind: n.kind, Visit: n.ids["visit_id"], Visits: n.visits()}
}}

// firstFilterField is the number of the request's first field that narrows.
const firstFilterField = 10

var (
	idFields  = []protoreflect.Name{"visit_id", "facility_id", "person_id", "predecessor_id", "recommendation_id", "about_id", "reply_to"}
	dayFields = []protoreflect.Name{"from", "to", "overdue_on", "due_before"}
)

// filterOf reads what narrows the list, and refuses what the kind does not have.
func filterOf(kind record.Kind, r *daylightv1.ListRecordsRequest) (store.Filter, error) {
	f, ok := filters[kind]
	if !ok {
		f = hanging
	}
	n := narrowing{r, kind, map[protoreflect.Name]record.ID{}}
	var err error
	r.ProtoReflect().Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if fd.Number() >= firstFilterField {
			err = n.read(f, fd.Name(), v)
		}
		return err == nil
	})
	if err != nil {
		return nil, err
	}
	return f.of(n), nil
}

func (n narrowing) read(f filter, field protoreflect.Name, v protoreflect.Value) (err error) {
	switch {
	case !slices.Contains(f.fields, field):
		return invalid("a list of "+n.kind.String()+" is not narrowed by "+string(field), "Leave it out.")
	case slices.Contains(idFields, field):
		n.ids[field], err = parseID(string(field), v.String())
	case slices.Contains(dayFields, field):
		if _, bad := time.Parse(time.DateOnly, v.String()); bad != nil {
			err = invalid(string(field)+" is no day, which looks like 2026-11-24", "")
		}
	}
	return err
}
