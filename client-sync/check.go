package clientsync

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the rules say about a whole visit.
type (
	// Remark is a flag about one record of several.
	Remark = record.Remark
	// Weight tells what is missing from what is doubtful and what is only unusual.
	Weight = record.Weight
	// Gated is a record that consent closes some use of.
	Gated = record.Gated
	// Use is what somebody wants to do with a record, as to show or to report it.
	Use = record.Use
	// CountRow is what several sources count of one category, side by side.
	CountRow = record.CountRow
	// Count is one of those counts.
	Count = record.Count
	// OccupancyRow is one count of all persons held against one capacity.
	OccupancyRow = record.OccupancyRow
	// Suggestion is a finding that a measurement suggests.
	Suggestion = record.Suggestion
)

// The weights of flags. None of them stops anything.
const (
	WeightRemark  = record.WeightRemark
	WeightDoubt   = record.WeightDoubt
	WeightMissing = record.WeightMissing
)

// Uses lists all uses in the order of their numbers.
func Uses() []Use { return record.Uses() }

// VisitReport is what the rules of the domain say about a visit with all that hangs on
// it, as this device has it. Nothing of it stops anything.
type VisitReport struct {
	// Visit is its id, Title what its message says.
	Visit, Title string
	// TurnedAway: the visit ended at the gate, and is asked for other things.
	TurnedAway bool

	// Missing is what a submission lists as missing, in a fixed order: of the visit, of
	// its records, and the conflicts that nobody has settled. What is open in a checklist
	// is one line for the whole of it, see Checklists.
	Missing []Remark
	// Remarks are the doubts and remarks about its records.
	Remarks []Remark
	// Urgent is why it may not wait its turn.
	Urgent []Remark

	// Withheld are the records that consent closes some use of.
	Withheld []Gated

	// Counts and Occupancy compare what was counted and what there is room for.
	Counts    []CountRow
	Occupancy []OccupancyRow
	// Suggestions are findings that measurements suggest and on which none rests yet.
	Suggestions []Suggestion
	// Checklists say how far each of them is.
	Checklists []ChecklistReport
}

// CheckVisit says what the rules of the domain have to say about a visit and all that
// hangs on it: what is missing before it is handed in, what is in doubt, what may not
// wait, and what consent closes. It reads this device and changes nothing.
func (c *Client) CheckVisit(ctx context.Context, visit string) (VisitReport, error) {
	w, err := c.whole(ctx, visit)
	if err != nil {
		return VisitReport{}, err
	}
	r := VisitReport{
		Visit: w.Visit.GetId(), Title: w.Visit.GetTitle(), TurnedAway: w.TurnedAway(),
		Missing: w.Missing(), Urgent: w.Urgent(), Withheld: w.Gate(),
		Counts: record.SideBySide(w.Facility, w.Visit), Occupancy: record.Occupancy(w.Facility, w.Visit),
		Suggestions: suggestions(w),
	}
	for _, f := range w.Flags() {
		if f.Weight != record.WeightMissing {
			r.Remarks = append(r.Remarks, f)
		}
	}
	err = c.addChecklists(ctx, w, &r)
	return r, err
}

// whole reads a visit with its place and all that hangs on it. One that was joined to
// another is read as that one, under which both are shown.
func (c *Client) whole(ctx context.Context, visit string) (*record.Whole, error) {
	item, err := c.Get(ctx, KindVisit, visit)
	if err != nil {
		return nil, err
	}
	if item.Removed {
		return nil, rpcerr.E(NotFound, "this visit was removed", "Bring it back first, or look whether the id is right.", nil)
	}
	words, err := c.Terms(ctx)
	if err != nil {
		return nil, err
	}
	w := &record.Whole{Today: c.config.Now().Format(time.DateOnly), Known: words.Knows}
	for item, err := range c.List(ctx, Filter{Visit: item.ID}) {
		if err != nil {
			return nil, err
		}
		addTo(w, item)
	}
	if w.Visit == nil { // only a part of it has come, or two were joined crosswise
		addTo(w, item)
		w.Visit = asKept(item).(*daylightv1.Visit)
	}
	return w, c.addPlace(ctx, w, w.Visit.GetFacilityId())
}

// addPlace adds the place, where the device has it; of one that was joined to another, that
// one.
func (c *Client) addPlace(ctx context.Context, w *record.Whole, place string) error {
	if place == "" {
		return nil
	}
	item, err := c.Get(ctx, KindFacility, place)
	if err == nil && item.JoinedTo != "" && item.JoinedTo != place {
		item, err = c.Get(ctx, KindFacility, item.JoinedTo)
	}
	if CodeOf(err) == NotFound {
		return nil
	}
	if err == nil {
		addTo(w, item)
	}
	return err
}

func addTo(w *record.Whole, item Item) {
	w.Add(asKept(item))
	for _, c := range item.Conflicts {
		w.Conflicts = append(w.Conflicts, record.Place{Kind: item.Kind, ID: item.ID, Field: c.Field, Key: c.Key})
	}
}

// asKept is the message of a record that stands for itself: where its removal is in
// conflict, or it was merged crosswise or into what is not there, it stands until somebody
// settles that.
func asKept(item Item) Message {
	m := proto.Clone(item.Message).(Message)
	fields := m.ProtoReflect().Descriptor().Fields()
	m.ProtoReflect().Clear(fields.ByName("removed"))
	if item.JoinedTo == "" {
		m.ProtoReflect().Clear(fields.ByName("merged_into"))
	}
	return m
}

// suggestions are of measurements on which no finding rests.
func suggestions(w *record.Whole) (out []Suggestion) {
	used := map[string]bool{}
	for _, f := range w.Findings {
		for _, id := range f.GetMeasurementIds() {
			used[id] = true
		}
	}
	for _, m := range w.Measurements {
		if !used[m.GetId()] {
			out = append(out, record.Suggest(m, w.Facility.GetMainType())...)
		}
	}
	return out
}

// outOfOrder says whether a message takes its record's state out of the usual order of
// steps. What cannot be read is not remarked on.
func (c *Client) outOfOrder(m Message) (flags []Flag) {
	switch m.(type) {
	case *daylightv1.Visit, *daylightv1.Recommendation:
	default:
		return nil
	}
	kind, id, err := nameOf(m)
	if err != nil {
		return nil
	}
	_ = c.db.Read(context.Background(), func(b *localdb.Book) error {
		v, err := viewOf(b, kind, id)
		if err != nil || v.state.Empty() || v.kind != kind {
			return err
		}
		before, err := v.show()
		if err == nil {
			flags = record.StepFlags(before, m)
		}
		return err
	})
	return flags
}
