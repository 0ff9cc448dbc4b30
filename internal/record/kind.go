package record

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The bounds of the format, in bytes.
const (
	MaxField  = 128 << 10 // the value of one edit
	MaxChange = 512 << 10 // the payload of one change
	MaxRecord = 2 << 20   // a folded record
)

// Kind says what a record is. The numbers are part of the wire format: never
// used again for another kind.
type Kind uint32

// The kinds. The zero Kind is not one of them.
const (
	Facility            Kind = 1
	Visit               Kind = 2
	Finding             Kind = 3
	Term                Kind = 4
	PersonIdentity      Kind = 5
	InterviewNote       Kind = 6
	MedicalNote         Kind = 7
	ReprisalDetail      Kind = 8
	SealingKey          Kind = 9
	Interview           Kind = 10
	RegisterCheck       Kind = 11
	Measurement         Kind = 12
	ObstructionIncident Kind = 13
	ReprisalCase        Kind = 14
	Undertaking         Kind = 15
	Note                Kind = 16
	Recommendation      Kind = 17
	AuthorityReply      Kind = 18
	ReviewComment       Kind = 19
	VisitPlan           Kind = 20
	Checklist           Kind = 21
	ChecklistResponse   Kind = 22
	Standard            Kind = 23
)

var kinds = []Kind{Facility, Visit, Finding, Term, PersonIdentity, InterviewNote, MedicalNote, ReprisalDetail, SealingKey,
	Interview, RegisterCheck, Measurement, ObstructionIncident, ReprisalCase, Undertaking, Note, Recommendation, AuthorityReply, ReviewComment, VisitPlan, Checklist, ChecklistResponse, Standard}

// kindNames are by number.
var kindNames = [...]string{
	Facility: "facility", Visit: "visit", Finding: "finding", Term: "term",
	PersonIdentity: "person_identity", InterviewNote: "interview_note", MedicalNote: "medical_note",
	ReprisalDetail: "reprisal_detail", SealingKey: "sealing_key",
	Interview: "interview", RegisterCheck: "register_check", Measurement: "measurement", ObstructionIncident: "obstruction_incident", ReprisalCase: "reprisal_case", Undertaking: "undertaking", Note: "note", Recommendation: "recommendation", AuthorityReply: "authority_reply", ReviewComment: "review_comment", VisitPlan: "visit_plan", Checklist: "checklist", ChecklistResponse: "checklist_response", Standard: "standard",
}

// Kinds lists all kinds in the order of their numbers.
func Kinds() []Kind { return append([]Kind(nil), kinds...) }

// Valid reports whether k is a kind that this program knows.
func (k Kind) Valid() bool { return k >= Facility && k <= Standard }

// String is the kind's name in lower case with underscores, as the option refers
// spells it.
func (k Kind) String() string {
	if k.Valid() {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint32(k))
}

// ParseKind reads what String writes.
func ParseKind(s string) (Kind, error) {
	for _, k := range kinds {
		if k.String() == s {
			return k, nil
		}
	}
	return 0, fmt.Errorf("%q is not a kind of record; the kinds are %s", clip(s), strings.Join(kindNames[Facility:], ", "))
}

// ID names a record for ever.
type ID = fold.RecordID

var errNoID = errors.New("what was given is not a record's id, which looks like 0190a6e2-7c1b-7000-8000-000000000001")

// ParseID reads an id in its 36-character lower-case form.
func ParseID(s string) (ID, error) {
	if !isUUID(s) {
		return ID{}, errNoID
	}
	id, err := uuid.Parse(s)
	return ID(id), err
}

// Message is what every record's message has: Facility, Visit, InterviewNote.
type Message interface {
	proto.Message
	// GetId is the record's id, empty before FillIDs.
	GetId() string
	// GetSeen is the token of what its reader saw, empty when nothing.
	GetSeen() []byte
	// GetRemoved is present on a removed record.
	GetRemoved() *daylightv1.Removed
}

// New gives an empty message of the kind, nil for a kind that is not valid.
func New(k Kind) Message {
	switch k {
	case Facility:
		return &daylightv1.Facility{}
	case Visit:
		return &daylightv1.Visit{}
	case Finding:
		return &daylightv1.Finding{}
	case Term:
		return &daylightv1.Term{}
	case PersonIdentity:
		return &daylightv1.PersonIdentity{}
	case InterviewNote:
		return &daylightv1.InterviewNote{}
	case MedicalNote:
		return &daylightv1.MedicalNote{}
	case ReprisalDetail:
		return &daylightv1.ReprisalDetail{}
	case SealingKey:
		return &daylightv1.SealingKey{}
	case Interview:
		return &daylightv1.Interview{}
	case RegisterCheck:
		return &daylightv1.RegisterCheck{}
	case Measurement:
		return &daylightv1.Measurement{}
	case ObstructionIncident:
		return &daylightv1.ObstructionIncident{}
	case ReprisalCase:
		return &daylightv1.ReprisalCase{}
	case Undertaking:
		return &daylightv1.Undertaking{}
	case Note:
		return &daylightv1.Note{}
	case Recommendation:
		return &daylightv1.Recommendation{}
	case AuthorityReply:
		return &daylightv1.AuthorityReply{}
	case ReviewComment:
		return &daylightv1.ReviewComment{}
	case VisitPlan:
		return &daylightv1.VisitPlan{}
	case Checklist:
		return &daylightv1.Checklist{}
	case ChecklistResponse:
		return &daylightv1.ChecklistResponse{}
	case Standard:
		return &daylightv1.Standard{}
	}
	return nil
}

// KindOf tells the kind of a message by the name of its type.
func KindOf(m Message) (Kind, error) {
	p, err := planOf(m)
	if err != nil {
		return 0, err
	}
	return p.kind, nil
}

// kindOf is the kind that a message type of the packages daylight.* describes.
func kindOf(md protoreflect.MessageDescriptor) (Kind, error) {
	if strings.HasPrefix(string(md.FullName()), "daylight.") && md.Parent() == md.ParentFile() {
		if k, err := ParseKind(snake(string(md.Name()))); err == nil {
			return k, nil
		}
	}
	return 0, fmt.Errorf("%s is not a record", md.FullName())
}

// snake spells the name of a message as a kind: InterviewNote, interview_note.
func snake(camel string) string {
	var b strings.Builder
	for i, r := range camel {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// IDOf reads the id of a message.
func IDOf(m Message) (ID, error) {
	id, err := ParseID(m.GetId())
	if err != nil {
		return ID{}, &Problem{Field: "id", Text: err.Error(), Hint: "leave the id empty to have a new one made"}
	}
	return id, nil
}
