package clientsync

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/likeness"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Duplicate is a record that may be the same as another.
type Duplicate struct {
	Item
	// Score is from 60, likely, to 100.
	Score int
	// Reasons are stable codes, see internal/likeness: same-name, near, same-day ...
	Reasons []string
}

// DuplicatePair is two records that may be one. First has the smaller id: of two that
// were made on devices, the one that was made first.
type DuplicatePair struct {
	First, Second Item
	Score         int
	Reasons       []string
}

// errNoDuplicates is for a kind that nobody makes twice by mistake.
var errNoDuplicates = rpcerr.E(Invalid, "duplicates are looked for among places and visits", "Name one of these kinds.", nil)

// DuplicatesOf gives the places or visits on this device that may be the same as m, the
// surest first. m need not be saved: it may be what somebody is typing.
func (c *Client) DuplicatesOf(ctx context.Context, m Message) (out []Duplicate, err error) {
	var visits *visitList
	if _, is := m.(*daylightv1.Visit); is {
		if visits, err = c.visits.get(ctx, c, []Kind{KindVisit}, visitsOf); err != nil {
			return nil, err
		}
	}
	err = c.comparing(ctx, func(r *reader, known *placeIndex) error {
		var found []likeness.Candidate
		switch m := m.(type) {
		case *daylightv1.Facility:
			found = known.index.Of(m)
		case *daylightv1.Visit:
			found = likeness.NewVisits(visits.all, r.merges.at, r.visited(known, append(slices.Clone(visits.all), m))).Of(m)
		default:
			return errNoDuplicates
		}
		for _, f := range found {
			item, err := r.get(f.ID)
			if err != nil {
				return err
			}
			if standsForItself(item) {
				out = append(out, Duplicate{item, f.Score, reasonsOf(f.Reasons)})
			}
		}
		return nil
	})
	return out, err
}

// Duplicates gives every two places, or visits, on this device that may be one, the
// surest first. Removed records and merged ones are not among them.
func (c *Client) Duplicates(ctx context.Context, kind Kind) (out []DuplicatePair, err error) {
	err = c.comparing(ctx, func(r *reader, known *placeIndex) error {
		pairs, err := r.pairs(kind, known)
		for _, p := range pairs {
			var two [2]Item
			for i, id := range []record.ID{p.A, p.B} {
				if two[i], err = r.get(id); err != nil {
					return err
				}
			}
			if standsForItself(two[0]) && standsForItself(two[1]) {
				out = append(out, DuplicatePair{two[0], two[1], p.Score, reasonsOf(p.Reasons)})
			}
		}
		return err
	})
	return out, err
}

// placeIndex is every place on the device but the removed ones, ready to be compared. What
// it finds may be incomplete, or merged into another: ask standsForItself.
type placeIndex struct {
	all    []*daylightv1.Facility
	index  *likeness.Places
	search *likeness.Search
}

func placesOf(messages []Message, removed []string) *placeIndex {
	gone := map[string]bool{}
	for _, id := range removed {
		gone[id] = true
	}
	p := &placeIndex{}
	for _, m := range messages {
		if f, ok := m.(*daylightv1.Facility); ok && !gone[f.GetId()] {
			p.all = append(p.all, f)
		}
	}
	p.index, p.search = likeness.NewPlaces(p.all), likeness.NewSearch(p.all)
	return p
}

// standsForItself reports whether a record is among what lists give.
func standsForItself(item Item) bool {
	return !item.Removed && !item.Incomplete && item.JoinedTo == ""
}

// comparing reads with the places, which are kept while none of them changes: a device may
// hold a register of thousands.
func (c *Client) comparing(ctx context.Context, do func(*reader, *placeIndex) error) error {
	known, err := c.places.get(ctx, c, []Kind{KindFacility}, placesOf)
	if err != nil {
		return err
	}
	return explainDisk(c.db.Read(ctx, func(b *localdb.Book) error {
		r, err := c.newReader(b)
		if err != nil {
			return err
		}
		return do(r, known)
	}))
}

func reasonsOf(all []likeness.Reason) (out []string) {
	for _, r := range all {
		out = append(out, string(r))
	}
	return out
}

func (r *reader) get(id record.ID) (Item, error) {
	v, err := viewOf(r.book, 0, id)
	if err != nil {
		return Item{}, err
	}
	return r.item(v)
}

func (r *reader) pairs(kind Kind, known *placeIndex) ([]likeness.Pair, error) {
	switch kind {
	case KindFacility:
		return known.index.Pairs(), nil
	case KindVisit:
		all, err := r.visits(known)
		if err != nil {
			return nil, err
		}
		return all.Pairs(), nil
	}
	return nil, errNoDuplicates
}

// visitList is every visit on the device but the removed ones; as for places, what is found
// in it may be incomplete, or merged into another.
type visitList struct{ all []*daylightv1.Visit }

func visitsOf(messages []Message, removed []string) *visitList {
	gone := map[string]bool{}
	for _, id := range removed {
		gone[id] = true
	}
	l := &visitList{}
	for _, m := range messages {
		if v, ok := m.(*daylightv1.Visit); ok && !gone[v.GetId()] {
			l.all = append(l.all, v)
		}
	}
	return l
}

// visits are those on the device, with what is known of the places that they go to.
func (r *reader) visits(known *placeIndex) (*likeness.Visits, error) {
	var all []*daylightv1.Visit
	err := r.each(KindVisit, func(m Message) {
		if v, ok := m.(*daylightv1.Visit); ok {
			all = append(all, v)
		}
	})
	if err != nil {
		return nil, err
	}
	return likeness.NewVisits(all, r.merges.at, r.visited(known, all)), nil
}

// visited are the likely duplicates among the places that are visited: a device may hold
// a register of thousands that are not.
func (r *reader) visited(known *placeIndex, visits []*daylightv1.Visit) (out []likeness.Pair) {
	wanted := map[string]bool{}
	for _, v := range visits {
		if id, err := record.ParseID(v.GetFacilityId()); err == nil {
			wanted[r.merges.at(id).String()] = true
		}
	}
	for _, f := range known.all {
		if !wanted[f.GetId()] {
			continue
		}
		id, _ := record.ParseID(f.GetId())
		for _, c := range known.index.Of(f) {
			out = append(out, likeness.Pair{A: id, B: c.ID, Score: c.Score, Reasons: c.Reasons})
		}
	}
	return out
}

// each reads the records of a kind that stand for themselves.
func (r *reader) each(kind Kind, do func(Message)) error {
	q := localdb.Query{Kind: kind, Hidden: r.merges.hidden}
	for more := true; more; {
		p, err := r.book.Page(q, searchedRows)
		if err != nil {
			return err
		}
		q.After, more = p.Last, p.More
		for _, row := range p.Rows {
			v := &view{kind: row.Kind, id: row.ID, names: r.names}
			if v.state, err = fold.DecodeOwn(row.State); err != nil {
				return err
			}
			m, err := v.show()
			if err != nil {
				return err
			}
			do(m)
		}
	}
	return nil
}

// Carried names one value that the loser of a merge has: a whole field, or one element.
type Carried = likeness.Value

// Merged says what a merge has done.
type Merged struct {
	// Loser and Winner are the two as they are now.
	Loser, Winner Item
	// Taken was taken over into the winner; Left was not, and can still be entered there.
	Taken, Left []Carried
	// Flags are what the office would refuse of it, see Check.
	Flags []Flag
}

// Carry lists what the loser of a merge says and the winner does not.
func (c *Client) Carry(ctx context.Context, kind Kind, loser, winner string) ([]Carried, error) {
	from, into, err := c.sides(ctx, kind, loser, winner)
	if err != nil {
		return nil, err
	}
	return likeness.Carry(into.Message, from.Message), nil
}

// Merge says that the loser is the same as the winner: from then on it is shown under
// it, with the visits and findings that name it. Both keep what they say and their
// history. carry, asked with each value that Carry lists, says what is taken over into
// the winner, in the same change; nil takes nothing. Unmerge undoes it.
func (c *Client) Merge(ctx context.Context, kind Kind, loser, winner string, carry func(Carried) bool) (out Merged, err error) {
	from, into, err := c.sides(ctx, kind, loser, winner)
	if err != nil {
		return out, err
	}
	likeness.Merge(from.Message, into.Message)
	messages := []Message{from.Message}
	if carry != nil {
		if out.Taken = likeness.Take(into.Message, from.Message, carry); len(out.Taken) > 0 {
			messages = append(messages, into.Message)
		}
	}
	for _, m := range messages {
		out.Flags = append(out.Flags, denials(c.Check(m))...)
	}
	if err := c.Save(ctx, messages...); err != nil {
		return Merged{}, err
	}
	if out.Loser, err = c.Get(ctx, kind, loser); err == nil {
		out.Winner, err = c.Get(ctx, kind, winner)
	}
	out.Left = likeness.Carry(into.Message, from.Message)
	return out, err
}

// denials are the flags that say what the office would refuse.
func denials(all []Flag) (out []Flag) {
	for _, f := range all {
		for _, code := range codes {
			if f.Code == "access-"+code {
				out = append(out, f)
			}
		}
	}
	return out
}

// Unmerged says what undoing a merge has done.
type Unmerged struct {
	// Record stands for itself again; Winner is what it was merged into, without a message
	// where that is not here.
	Record, Winner Item
	// Shared is what both say alike now. What was taken over at the merge is among it, and
	// stays with the winner.
	Shared []Carried
	// Flags are what the office would refuse of it, see Check.
	Flags []Flag
}

// Unmerge takes a merge back: the record is listed again, with what names it.
func (c *Client) Unmerge(ctx context.Context, kind Kind, id string) (out Unmerged, err error) {
	item, err := c.Get(ctx, kind, id)
	if err != nil {
		return out, err
	}
	m := item.Message
	into := likeness.MergedInto(m)
	if err := likeness.Unmerge(m); err != nil {
		return out, explainMerge(err)
	}
	out.Flags = denials(c.Check(m))
	if err := c.Save(ctx, m); err != nil {
		return out, err
	}
	if out.Record, err = c.Get(ctx, kind, id); err != nil {
		return out, err
	}
	switch out.Winner, err = c.Get(ctx, kind, into); CodeOf(err) {
	case 0:
		out.Shared = likeness.Shared(out.Winner.Message, out.Record.Message)
	case NotFound, Invalid:
		return out, nil
	}
	return out, err
}

// sides reads the two records of a merge, and refuses one that makes no sense.
func (c *Client) sides(ctx context.Context, kind Kind, loser, winner string) (from, into Item, err error) {
	if from, err = c.Get(ctx, kind, loser); err != nil {
		return from, into, err
	}
	if into, err = c.Get(ctx, kind, winner); err != nil {
		return from, into, err
	}
	return from, into, explainMerge(likeness.MayMerge(sideOf(from), sideOf(into)))
}

func sideOf(i Item) likeness.Side {
	under := i.JoinedTo
	if under == "" {
		under = i.ID
	}
	id, _ := record.ParseID(under)
	return likeness.Side{Message: proto.Clone(i.Message).(Message), Removed: i.Removed, Incomplete: i.Incomplete, Under: id}
}

// explainMerge says to a person why nothing was merged, or unmerged.
func explainMerge(err error) error {
	var refusal *likeness.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	code := Invalid
	if refusal.Code == "merged" || refusal.Code == "circle" || refusal.Code == "under" {
		code = Conflicting
	}
	return rpcerr.E(code, fmt.Sprintf("%s; nothing was changed", refusal.Text), refusal.Hint, err)
}
