package record_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	anID      = "0190a6e2-7c1b-7000-8000-000000000001"
	anotherID = "0190a6e2-7c1b-7000-8000-000000000002"
	thirdID   = "0190a6e2-7c1b-7000-8000-000000000003"
)

func writer(n byte) (w fold.WriterID) { w[0] = n; return w }

func parseID(t interface{ Fatal(...any) }, s string) record.ID {
	id, err := record.ParseID(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// device saves and reads one record as a device does, without a server: nothing
// is renamed and everything counts as answered.
type device struct {
	w     record.Writer
	seq   fold.Seq
	clock fold.Time
	state *fold.State
}

func newDevice(n byte) *device {
	return &device{w: record.Writer{ID: writer(n)}, state: fold.New()}
}

// diff is record.Diff of this device with nothing unanswered.
func (d *device) diff(m record.Message) ([]fold.Edit, error) {
	edits, _, err := record.Diff(m, d.state, d.w, record.Naming{}, nil)
	return edits, err
}

// save is diff, folded.
func (d *device) save(t interface{ Fatal(...any) }, m record.Message) []fold.Edit {
	edits, err := d.diff(m)
	if err != nil {
		t.Fatal(err)
	}
	d.apply(edits)
	return edits
}

func (d *device) apply(edits []fold.Edit) {
	d.seq++
	d.clock++
	dot := fold.Dot{Writer: d.w.ID, Seq: d.seq}
	d.state.Apply(fold.Stamp{Dot: dot, Link: fold.Link{d.w.ID[0], byte(d.seq)}, Time: d.clock}, edits)
}

func (d *device) pull(from *device) {
	d.state = fold.Join(d.state, from.state)
	d.clock = max(d.clock, from.clock)
}

func (d *device) show(t interface{ Fatal(...any) }, k record.Kind) record.Message {
	m, err := record.Show(k, parseID(t, anID), d.state, record.Naming{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (d *device) finding(t interface{ Fatal(...any) }) *daylightv1.Finding {
	return d.show(t, record.Finding).(*daylightv1.Finding)
}

func (d *device) visit(t interface{ Fatal(...any) }) *daylightv1.Visit {
	return d.show(t, record.Visit).(*daylightv1.Visit)
}

// bare is a message without its token.
func bare[M record.Message](m M) M {
	c := proto.Clone(m)
	c.ProtoReflect().Clear(c.ProtoReflect().Descriptor().Fields().ByName("seen"))
	return c.(M)
}

func equal(t interface {
	Helper()
	Errorf(string, ...any)
}, got, want record.Message) {
	t.Helper()
	if !proto.Equal(bare(got), bare(want)) {
		t.Errorf("got  %v\nwant %v", bare(got), bare(want))
	}
}

func aFinding() *daylightv1.Finding {
	return &daylightv1.Finding{
		Id: anID, VisitId: proto.String(anotherID),
		Kind:           daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
		Area:           proto.String("MAT"),
		Topic:          proto.String("MAT.SPACE"),
		Sources:        []daylightv1.EvidenceSource{1, 2},
		Standards:      []string{"NMR-12", "NMR-13"},
		Narrative:      proto.String("Six persons share 12 m2."),
		NumberAffected: &daylightv1.CountRange{AtLeast: proto.Uint32(6)},
	}
}

func TestSavedMessageIsShownAgain(t *testing.T) {
	d := newDevice(1)
	d.save(t, aFinding())
	equal(t, d.finding(t), aFinding())
	if edits, err := d.diff(d.finding(t)); err != nil || len(edits) != 0 {
		t.Errorf("saving what was shown gives %v, %v", edits, err)
	}
}

func TestTwoFormsOfDifferentDevicesBothStand(t *testing.T) {
	a, b := newDevice(1), newDevice(2)
	a.save(t, aFinding())
	b.pull(a)
	form := b.finding(t) // opened before the sync
	m := a.finding(t)
	m.Narrative = proto.String("Seven persons.")
	a.save(t, m)
	b.pull(a)
	form.Narrative = proto.String("Eight persons.")
	b.save(t, form)
	if got := len(b.state.Entries(fold.Path{Field: 27})); got != 2 {
		t.Errorf("the narrative holds %d values, want both", got)
	}
}
