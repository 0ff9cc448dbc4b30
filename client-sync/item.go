package clientsync

import (
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
)

// What the messages and their parts are called here.
type (
	// Message is a record: *daylightv1.Facility, Visit, Finding, InterviewNote and so on.
	Message = record.Message
	// Kind says which of them.
	Kind = record.Kind
	// Flag is one remark of the domain's rules, for people to weigh.
	Flag = record.Flag
	// Reference is one id of another record that a message holds.
	Reference = record.Reference
)

// The kinds of records.
const (
	KindFacility            = record.Facility
	KindVisit               = record.Visit
	KindFinding             = record.Finding
	KindTerm                = record.Term
	KindPersonIdentity      = record.PersonIdentity
	KindInterviewNote       = record.InterviewNote
	KindMedicalNote         = record.MedicalNote
	KindReprisalDetail      = record.ReprisalDetail
	KindSealingKey          = record.SealingKey
	KindInterview           = record.Interview
	KindRegisterCheck       = record.RegisterCheck
	KindMeasurement         = record.Measurement
	KindObstructionIncident = record.ObstructionIncident
	KindReprisalCase        = record.ReprisalCase
	KindUndertaking         = record.Undertaking
	KindNote                = record.Note
	KindRecommendation      = record.Recommendation
	KindAuthorityReply      = record.AuthorityReply
	KindReviewComment       = record.ReviewComment
	KindVisitPlan           = record.VisitPlan
	KindChecklist           = record.Checklist
	KindChecklistResponse   = record.ChecklistResponse
	KindStandard            = record.Standard
)

// Kinds lists all kinds in the order of their numbers.
func Kinds() []Kind { return record.Kinds() }

// ParseKind reads what Kind's String writes, as "visit" or "interview_note".
func ParseKind(s string) (Kind, error) { return record.ParseKind(s) }

// Sealed reports whether records of the kind keep what they say in a field of
// ciphertext, sealed: people see that it is there, and its size.
func Sealed(k Kind) bool { return record.Sealed(k) }

// SealedWords says how much a message keeps sealed, as "(sealed, 4296 bytes)"; empty
// for nothing.
func SealedWords(m Message) string {
	kind, err := record.KindOf(m)
	if err != nil || !record.Sealed(kind) {
		return ""
	}
	r := m.ProtoReflect()
	f := r.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(record.SealedField(kind)))
	if !r.Has(f) {
		return ""
	}
	return record.SealedWords(len(r.Get(f).Bytes()))
}

// New gives an empty message of the kind, nil for a kind that is not valid.
func New(k Kind) Message { return record.New(k) }

// Item is one record as it stands on this device.
type Item struct {
	Kind Kind
	ID   string
	// Message is what is shown, with the token that Save wants back.
	Message Message

	// Sent: the office has answered for everything that was written here. What others
	// wrote does not count.
	Sent bool
	// Passing: what is shown has changes of a team-mate, which came in a bundle and for
	// which the office has not answered.
	Passing bool
	// Removed: somebody who had seen all of it removed it. Ask this and not the
	// message: its field removed is also set when that is a conflict.
	Removed bool
	// Incomplete: the change that creates it has not come yet.
	Incomplete bool
	// Conflicts are the fields with more than one value, for a person to settle.
	Conflicts []Conflict
	// Waiting are the records that it refers to and that are not here (yet).
	Waiting []Reference
	// JoinedTo is the record under which this one is shown, since it was merged into it or
	// into one that was; empty for one that stands for itself. Lists leave it out.
	JoinedTo string
	// Circular: it was merged into a record that was merged into it. Both stand for
	// themselves until somebody undoes one of the two.
	Circular bool
}

// Conflict is one field, or one element of a list, that has several values.
type Conflict struct {
	// Field is the field's name; "removed" when the record was removed by somebody
	// who had not seen all of it.
	Field string
	// Key names the element; empty for a whole field.
	Key string
	// Values are all of them, the one shown in front.
	Values []Value
}

// Value is one of the values of a conflict, with who set it.
type Value struct {
	// JSON is the field in protobuf JSON; empty: cleared, or for "removed", kept. Of
	// what is sealed it says the size only: "(sealed, 4296 bytes)".
	JSON string
	// Writer names the device in hexadecimal, Own is set when that is this one.
	Writer string
	Own    bool
	// Person and Device are who set it, as the certificate names them; empty where this
	// device does not know: of others, it knows those whose changes came in a bundle, as
	// long as it keeps them for the office.
	Person, Device string
	// Pending: the office has not answered for it.
	Pending bool
	// Written is the time by that device's clock, which the office may have found
	// suspect.
	Written      time.Time
	ClockSuspect bool

	encoded []byte
}

// Filter says which records List gives. The zero Filter gives every record that
// is complete, not removed, and not merged into another.
type Filter struct {
	// Kind: only this one; 0 for all.
	Kind Kind
	// Visit: only this visit and what hangs on it; Facility: only this facility, its
	// visits and what hangs on them. By id; empty for all. With Visit, Facility is not
	// read. Records that were merged into it count as it, and it counts as the one that it
	// was merged into.
	Visit, Facility string
	// Text: only records that contain it in some text, in upper or lower case.
	Text string
	// IncludeRemoved gives removed records too, and merged ones; IncludeIncomplete those of
	// which only a part has come.
	IncludeRemoved, IncludeIncomplete bool
	// OnlyConflicts and OnlyUnsent leave the others out. Unsent is what the office has
	// not answered for: what is not Sent, or Passing.
	OnlyConflicts, OnlyUnsent bool
}
