package fieldapp

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/recordpage"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// monitorsKinds are the records that a monitor writes on a visit. Answers of checklists are
// asked for by their forms, not by fields.
var monitorsKinds = []clientsync.Kind{clientsync.KindFacility, clientsync.KindVisit, clientsync.KindFinding, clientsync.KindInterview,
	clientsync.KindRegisterCheck, clientsync.KindMeasurement, clientsync.KindObstructionIncident, clientsync.KindReprisalCase,
	clientsync.KindUndertaking, clientsync.KindNote, clientsync.KindPersonIdentity, clientsync.KindInterviewNote,
	clientsync.KindMedicalNote, clientsync.KindReprisalDetail}

// notEdited are the fields that no control asks for, because …
var notEdited = map[string]string{
	"merged_into":        "joining duplicates is the office's step",
	"body":               "the office gives a record, and a member of the team, to a body",
	"confidentiality":    "what is reported are findings, and they are classed; the office classes the rest",
	"vocabulary_version": "the library writes it",
	"visit_id":           "a record stays with the visit that it was begun on",
	"order":              "elements stand in the order in which they were written",
	"sealed":             "the form of the sealed part asks for what is in it",

	"visit.facility_id":            "a place is chosen on its own page, from the list of places",
	"visit.state":                  "a step of its own, with who may take it",
	"visit.code":                   "the office numbers visits",
	"facility.successor_id":        "the office says what took the place's function over",
	"facility.registers":           "come with the import of a register",
	"facility.capacities":          "named on a visit, where they have a date and a source; the office keeps the place's own",
	"facility.population":          "counted on a visit, where it has a date and a source; the office keeps the place's own",
	"finding.area":                 "follows from the topic",
	"finding.severity_decided":     "the office decides it; shown beside what the team proposed",
	"finding.response_id":          "comes with the answer that offered the finding",
	"finding.answer_key":           "comes with the answer that offered the finding",
	"interview.consents.on":        "the day of the answer",
	"interview.consents.language":  "the language of the interview",
	"reprisal_case.person_id":      "begun from the person's interview, or about nobody by name",
	"undertaking.closing_point_id": "begun from the point of the closing talk",
	"undertaking.assessments":      "the office says what became of a promise",
	"person_identity.pseudonym":    "made once and never changed: what was said elsewhere names it",
	"interview_note.person_id":     "that of the interview", "interview_note.interview_id": "begun from the interview", "interview_note.language": "that of the interview",
	"medical_note.person_id": "begun from the person", "reprisal_detail.person_id": "begun from the person", "reprisal_detail.case_id": "begun from the case",
}

// onTheirOwnForm are posted by a form that is not the record's, and stand on a page of it.
var onTheirOwnForm = []string{"interview.withdrawals.scope", "interview.withdrawals.on", "interview.withdrawals.told_by"}

// whole fills every field of a message with something of its form, so that every control
// that depends on another is there.
func whole(m protoreflect.Message, depth int, newID func() string) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		switch {
		case depth == 0 && fd.Number() <= 7, fd.Kind() == protoreflect.BytesKind:
		case fd.IsMap():
			m.Mutable(fd).Map().Set(protoreflect.ValueOfString("en").MapKey(), protoreflect.ValueOfString("word"))
		case fd.IsList() && fd.Message() != nil:
			e := m.Mutable(fd).List().AppendMutable().Message()
			whole(e, depth+1, newID)
		case fd.Message() != nil:
			whole(m.Mutable(fd).Message(), depth+1, newID)
		case fd.IsList():
			m.Mutable(fd).List().Append(something(fd, newID))
		default:
			m.Set(fd, something(fd, newID))
		}
	}
}

func something(fd protoreflect.FieldDescriptor, newID func() string) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(1)
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(1)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(1)
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(1)
	}
	switch recordpage.Format(fd) {
	case daylightv1.Format_FORMAT_UUID:
		return protoreflect.ValueOfString(newID())
	case daylightv1.Format_FORMAT_DATE:
		return protoreflect.ValueOfString("2026-11-24")
	case daylightv1.Format_FORMAT_MOMENT:
		return protoreflect.ValueOfString("2026-11-24T14:02+05:00")
	}
	return protoreflect.ValueOfString("X")
}

// leaves are the fields of a message and of the messages in it, by their names; keys of
// elements are left out.
func leaves(d protoreflect.MessageDescriptor, prefix string) (out []string) {
	for i := range d.Fields().Len() {
		fd := d.Fields().Get(i)
		name := prefix + string(fd.Name())
		switch {
		case prefix == "" && fd.Number() <= 3, prefix != "" && strings.Contains(prefix, "[]") && fd.Number() == 1:
		case fd.IsMap() || fd.Message() == nil:
			out = append(out, name)
		case fd.IsList():
			out = append(out, leaves(fd.Message(), name+"[].")...)
		default:
			out = append(out, leaves(fd.Message(), name+".")...)
		}
	}
	return out
}

// isNotEdited finds the reason by the whole name, by the field that it is in, or by what it
// is called in every record.
func isNotEdited(kind clientsync.Kind, field string) bool {
	names := []string{field, field[strings.LastIndex(field, ".")+1:]}
	for at := kind.String() + "." + field; ; {
		names = append(names, at)
		i := strings.LastIndex(at, ".")
		if i < 0 {
			break
		}
		at = at[:i]
	}
	for _, name := range names {
		if notEdited[name] != "" {
			usedReason[name] = true
			return true
		}
	}
	return false
}

var usedReason = map[string]bool{}

var (
	controlName = regexp.MustCompile(`<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"[^>]*>`)
	keyOf       = regexp.MustCompile(`\[[^\]]*\]`)
)

// askedFor are the fields of a record that its pages have controls for.
func (v *trip) askedFor(t *testing.T, m clientsync.Message) map[string]bool {
	t.Helper()
	out, kind := map[string]bool{}, kindOf(m)
	for at := range v.app.pages {
		if at.kind != kind {
			continue
		}
		w := v.get(strings.TrimSuffix(v.recordOf(m)+"/"+at.page, "/"))
		if w.Code != http.StatusOK {
			continue
		}
		for _, found := range controlName.FindAllStringSubmatch(w.Body.String(), -1) {
			name := html.UnescapeString(found[1])
			if strings.HasPrefix(name, "_") || strings.Contains(found[0], `type="hidden"`) {
				continue
			}
			out[keyOf.ReplaceAllString(name, "[]")] = true
			if recordpage.FieldAt(m, name) != nil && recordpage.Untouchable(m, name) {
				t.Errorf("%s: a page asks for %s and no page may set it", kind, name)
			}
		}
	}
	return out
}

func TestEveryFieldOfAMonitorsRecordCanBeWritten(t *testing.T) {
	v := openTrip(t)
	v.fill(t)
	for _, kind := range monitorsKinds {
		m := clientsync.New(kind)
		newID := func() string { return v.c.NewID(kind) }
		whole(m.ProtoReflect(), 0, newID)
		r := m.ProtoReflect()
		for field, id := range map[protoreflect.Name]string{"visit_id": v.visit.GetId(), "facility_id": v.place.GetId()} {
			if fd := r.Descriptor().Fields().ByName(field); fd != nil {
				r.Set(fd, protoreflect.ValueOfString(id))
			}
		}
		if i, is := m.(*daylightv1.Interview); is { // one that was taken back hides its question
			i.Withdrawals[0].Scope = daylightv1.ConsentScope_CONSENT_SCOPE_AUDIO_VIDEO
			i.PersonId = proto.String(saved(t, v.c, &daylightv1.PersonIdentity{VisitId: proto.String(v.visit.GetId())}).GetId())
		}
		if err := v.c.Save(t.Context(), m); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		asked := v.askedFor(t, m)
		for _, field := range leaves(r.Descriptor(), "") {
			plain := strings.ReplaceAll(field, "[]", "")
			if !asked[field] && !asked[field+"[]"] && !isNotEdited(kind, plain) && !slices.Contains(onTheirOwnForm, kind.String()+"."+plain) {
				t.Errorf("no page asks for %s.%s, and nothing says why", kind, plain)
			}
		}
		if s := sealingOf(kind); s != nil {
			content := clientsync.NewContent(kind).ProtoReflect().Descriptor().Fields()
			for i := range content.Len() {
				if name := content.Get(i).Name(); !slices.ContainsFunc(s.fields(), func(f sealedField) bool { return f.name == name }) && !isNotEdited(kind, "sealed."+string(name)) {
					t.Errorf("nothing asks for what is sealed as %s of %s, and nothing says why", name, kind)
				}
			}
		}
	}
	for name := range notEdited {
		if !usedReason[name] {
			t.Errorf("%q is said not to be edited, and there is no such field or it is asked for", name)
		}
	}
}
