package exchange

import (
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// stateOf is the record as its first change made it.
func stateOf(t *testing.T, m record.Message) *fold.State {
	t.Helper()
	s := fold.New()
	edits, _, err := record.Diff(m, s, record.Writer{ID: fold.WriterID{1}}, record.Naming{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Apply(fold.Stamp{Dot: fold.Dot{Writer: fold.WriterID{1}, Seq: 1}}, edits)
	return s
}

// A value may hold a field more than once: whoever decodes it sees the last. The gate
// must not look at another.
func TestTheGateReadsAValueAsEverybodyDoes(t *testing.T) {
	person, own, foreign, finding := nthID(9, 1), nthID(record.Visit, 1), nthID(record.Visit, 2), nthID(record.Finding, 1)
	visits := map[record.ID]*fold.State{
		own: stateOf(t, &daylightv1.Visit{
			Id: own.String(), State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum(),
			Team: []*daylightv1.TeamMember{{Id: person.String()}},
		}),
		foreign: stateOf(t, &daylightv1.Visit{Id: foreign.String(), Team: []*daylightv1.TeamMember{{Id: nthID(9, 2).String()}}}),
	}
	monitor := Author{
		Person: person, Rights: access.At(1, access.Grant{Role: access.Monitor}),
		Made: func(fold.WriterID) (bool, error) { return false, nil },
	}
	text := func(field protowire.Number, s string) []byte {
		return protowire.AppendString(protowire.AppendTag(nil, field, protowire.BytesType), s)
	}
	enum := func(field protowire.Number, n uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, field, protowire.VarintType), n)
	}
	inProgress, closed := uint64(daylightv1.VisitState_VISIT_STATE_IN_PROGRESS), uint64(daylightv1.VisitState_VISIT_STATE_CLOSED)
	hanging := func(visits ...record.ID) journal.RecordEdits {
		var value []byte
		for _, v := range visits {
			value = append(value, text(visitField, v.String())...)
		}
		return journal.RecordEdits{Kind: record.Finding, ID: finding, Edits: []fold.Edit{
			{Path: fold.Path{Field: fold.FieldID}, Value: text(protowire.Number(fold.FieldID), finding.String())},
			{Path: fold.Path{Field: visitField}, Value: value},
		}}
	}
	step := func(states ...uint64) journal.RecordEdits {
		var value []byte
		for _, s := range states {
			value = append(value, enum(stateField, s)...)
		}
		return journal.RecordEdits{Kind: record.Visit, ID: own, Edits: []fold.Edit{{Path: fold.Path{Field: stateField}, Value: value}}}
	}
	for shows, c := range map[string]struct {
		edits journal.RecordEdits
		want  Decision
	}{
		"a step of the team's":              {step(inProgress), Accepted},
		"a step of the office's":            {step(closed), Refused},
		"one of the office's behind theirs": {step(inProgress, closed), Refused},
		"one of theirs behind the office's": {step(closed, inProgress), Accepted},
		"a finding on an own visit":         {hanging(own), Accepted},
		"a finding on another's":            {hanging(foreign), Held},
		"another's behind an own":           {hanging(own, foreign), Held},
		"an own behind another's":           {hanging(foreign, own), Accepted},
	} {
		t.Run(shows, func(t *testing.T) {
			if err := record.CheckEdits(c.edits.Kind, c.edits.Edits); err != nil {
				t.Fatalf("nobody can send it: %v", err)
			}
			before := Before{State: fold.New()}
			if s := visits[c.edits.ID]; s != nil {
				before = Before{c.edits.Kind, s}
			}
			got, _, why, err := monitor.May(Case{
				Change: journal.Change{Records: []journal.RecordEdits{c.edits}}, Before: []Before{before},
				Record: func(id record.ID) (Before, error) {
					if s := visits[id]; s != nil {
						return Before{record.Visit, s}, nil
					}
					return Before{State: fold.New()}, nil
				},
			})
			if err != nil || got != c.want {
				t.Errorf("%v (%v), %v, want %v", got, why, err, c.want)
			}
		})
	}
	t.Run("and so does whoever asks on which visit it hangs", func(t *testing.T) {
		s := fold.New()
		s.Apply(fold.Stamp{Dot: fold.Dot{Writer: fold.WriterID{1}, Seq: 1}}, hanging(own, foreign).Edits)
		shown := &daylightv1.Finding{}
		if err := proto.Unmarshal(s.Shown(), shown); err != nil {
			t.Fatal(err)
		}
		if got, ok := record.VisitOf(record.Finding, s); !ok || got.String() != shown.GetVisitId() {
			t.Errorf("%v, and the record shows %v", got, shown.GetVisitId())
		}
	})
}
