package clientsync

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Dossier is what this device knows of a place before a visit there: what earlier visits
// found and counted, what was asked of authorities and promised, and what became of it. It
// is never what anybody said in an interview. The office sends it to the team with the
// mandate, and takes it back when the visit is handed in; what is restricted, and cases of
// single persons, are not in it.
type Dossier struct {
	Visit *daylightv1.Visit
	// Place is nil where the visit names none, or one that is not on this device.
	Place *daylightv1.Facility
	// Visits are the last three whose field work has ended, at the gate too, and those with
	// something open, ten at most, newest first.
	Visits []EarlierVisit
	// Recommendations and Undertakings of these visits are those that are open, in the
	// order of the visits.
	Recommendations []OpenRecommendation
	Undertakings    []*daylightv1.Undertaking
	// Findings of these visits: what was found again and again first.
	Findings []EarlierFinding

	// Due: the visit stands where its team has a dossier, from the mandate until it is
	// handed in. Else what is here is what its person has by other ways.
	Due bool
	// LastSync is when the last sync ended well, zero for never: nothing here is newer.
	LastSync time.Time
}

// EarlierVisit is one visit with what was counted and hindered there; population and
// capacities are in its message.
type EarlierVisit struct {
	Visit *daylightv1.Visit
	// Day on which it began, or was to, as 2026-03-12; empty where it does not say.
	Day            string
	Measurements   []*daylightv1.Measurement
	RegisterChecks []*daylightv1.RegisterCheck
	Obstructions   []*daylightv1.ObstructionIncident
}

// OpenRecommendation is one with the newest that each addressee answered.
type OpenRecommendation struct {
	Recommendation *daylightv1.Recommendation
	Lines          []AnsweredLine
	// Reply is the newest that names no line; nil for none.
	Reply *daylightv1.AuthorityReply
}

// AnsweredLine is one addressee; Reply is nil where nothing has come.
type AnsweredLine struct {
	Line  *daylightv1.AddresseeLine
	Reply *daylightv1.AuthorityReply
}

// EarlierFinding is one with the day of its visit, and the number of times that it was
// found, as far back as the findings here name each other; 1 for one that repeats none.
type EarlierFinding struct {
	Finding *daylightv1.Finding
	Day     string
	Times   int
}

// Dossier gathers what is on this device for a visit. It needs no network.
func (c *Client) Dossier(ctx context.Context, visit string) (*Dossier, error) {
	id, err := record.ParseID(visit)
	if err != nil {
		return nil, rpcerr.E(Invalid, err.Error(), "", nil)
	}
	var out *Dossier
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		out, err = dossierIn(b, id)
		return err
	})
	return out, explainDisk(err)
}

func dossierIn(b *localdb.Book, id record.ID) (*Dossier, error) {
	v, err := viewOf(b, KindVisit, id)
	if err != nil {
		return nil, err
	}
	if v.state.Empty() || v.kind != KindVisit {
		return nil, rpcerr.E(NotFound, "there is no visit with this id on this device", "Sync, or look whether the id is right.", nil)
	}
	m, err := v.show()
	if err != nil {
		return nil, err
	}
	d := &Dossier{Visit: m.(*daylightv1.Visit)}
	d.Due = record.DossierDue(d.Visit.GetState())
	note, err := b.Note()
	if err != nil {
		return nil, err
	}
	d.LastSync = moment(note.LastSync)
	place, err := record.ParseID(d.Visit.GetFacilityId())
	if err != nil {
		return d, nil // it goes nowhere yet
	}
	if m, err := tellable(b, place); err != nil {
		return nil, err
	} else if f, ok := m.(*daylightv1.Facility); ok {
		d.Place = f
	}
	return d, d.fill(b, id, place)
}

// tellable is a record that lists have and that is not for a few only; nil for another.
func tellable(b *localdb.Book, id record.ID) (Message, error) {
	v, err := viewOf(b, 0, id)
	if err != nil || !v.state.Complete() || v.state.Removed() || record.TextIn(v.state, record.FieldMergedInto) != "" {
		return nil, err
	}
	m, err := v.show()
	if err != nil {
		return nil, err
	}
	classed, ok := m.(interface {
		GetConfidentiality() daylightv1.ConfidentialityClass
	})
	if ok && classed.GetConfidentiality() >= daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED {
		return nil, nil
	}
	if f, ok := m.(*daylightv1.Finding); ok && f.GetKind() == daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE {
		return nil, nil
	}
	return m, nil
}

// gathered is one earlier visit with all that a dossier has of it.
type gathered struct {
	EarlierVisit
	recommendations []*daylightv1.Recommendation
	replies         []*daylightv1.AuthorityReply
	undertakings    []*daylightv1.Undertaking
	findings        []EarlierFinding
}

// fill adds the other visits to the place.
func (d *Dossier) fill(b *localdb.Book, visit, place record.ID) error {
	ids, err := b.VisitsAt(place)
	if err != nil {
		return err
	}
	var all []gathered
	for _, id := range ids {
		m, err := tellable(b, id)
		if err != nil {
			return err
		}
		if v, ok := m.(*daylightv1.Visit); ok && id != visit && record.DossierHas(v.GetState()) {
			g, err := gather(b, id, v)
			if err != nil {
				return err
			}
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(x, y gathered) int {
		return cmp.Or(cmp.Compare(y.Day, x.Day), cmp.Compare(y.Visit.GetId(), x.Visit.GetId()))
	})
	var findings []EarlierFinding
	for i, g := range all {
		if i >= record.DossierLast && !g.open() || len(d.Visits) == record.DossierMost {
			continue
		}
		d.Visits = append(d.Visits, g.EarlierVisit)
		for _, r := range g.recommendations {
			d.Recommendations = append(d.Recommendations, g.answered(r))
		}
		d.Undertakings = append(d.Undertakings, g.undertakings...)
		findings = append(findings, g.findings...)
	}
	d.Findings = repeated(findings)
	return nil
}

// gather reads what hangs on a visit; of recommendations and undertakings those that are
// open.
func gather(b *localdb.Book, id record.ID, v *daylightv1.Visit) (g gathered, err error) {
	g.Visit, g.Day = v, record.DossierDay(v.GetEnteredAt(), v.GetArrivedAt(), v.GetPlannedStart())
	ids, err := b.Hanging(id)
	if err != nil {
		return g, err
	}
	slices.SortFunc(ids, func(x, y record.ID) int { return bytes.Compare(x[:], y[:]) })
	for _, id := range ids {
		m, err := tellable(b, id)
		if err != nil {
			return g, err
		}
		g.take(m)
	}
	return g, nil
}

func (g *gathered) take(m Message) {
	switch m := m.(type) {
	case *daylightv1.Finding:
		g.findings = append(g.findings, EarlierFinding{Finding: m, Day: g.Day})
	case *daylightv1.Measurement:
		g.Measurements = append(g.Measurements, m)
	case *daylightv1.RegisterCheck:
		g.RegisterChecks = append(g.RegisterChecks, m)
	case *daylightv1.ObstructionIncident:
		g.Obstructions = append(g.Obstructions, m)
	case *daylightv1.AuthorityReply:
		g.replies = append(g.replies, m)
	case *daylightv1.Recommendation:
		if record.Open(m) {
			g.recommendations = append(g.recommendations, m)
		}
	case *daylightv1.Undertaking:
		if record.Open(m) {
			g.undertakings = append(g.undertakings, m)
		}
	}
}

func (g *gathered) open() bool { return len(g.recommendations)+len(g.undertakings) > 0 }

// answered puts the newest reply beside each line.
func (g *gathered) answered(r *daylightv1.Recommendation) OpenRecommendation {
	newest := map[string]*daylightv1.AuthorityReply{} // by line; "" for none
	for _, a := range g.replies {
		if was := newest[a.GetLineId()]; a.GetRecommendationId() == r.GetId() && (was == nil || newer(a, was)) {
			newest[a.GetLineId()] = a
		}
	}
	out := OpenRecommendation{Recommendation: r, Reply: newest[""]}
	for _, l := range r.GetAddressees() {
		out.Lines = append(out.Lines, AnsweredLine{l, newest[l.GetId()]})
	}
	return out
}

func newer(a, b *daylightv1.AuthorityReply) bool {
	return cmp.Or(cmp.Compare(a.GetReceivedOn(), b.GetReceivedOn()), cmp.Compare(a.GetDated(), b.GetDated()), cmp.Compare(a.GetId(), b.GetId())) > 0
}

// repeated counts how often each was found, and puts those first that were found most
// often. One that a finding of a later visit repeats, which stands before it, is told by
// that.
func repeated(all []EarlierFinding) (out []EarlierFinding) {
	byID, at := map[string]*daylightv1.Finding{}, map[string]int{}
	for i, f := range all {
		byID[f.Finding.GetId()], at[f.Finding.GetId()] = f.Finding, i
	}
	told := map[string]bool{}
	for i, f := range all {
		earlier := f.Finding.GetRepeatsId()
		told[earlier] = told[earlier] || at[earlier] > i
	}
	for _, f := range all {
		if f.Times = timesFound(f.Finding, byID); !told[f.Finding.GetId()] {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(x, y EarlierFinding) int { return cmp.Compare(y.Times, x.Times) })
	return out
}

// timesFound follows a finding back. One that is not here counts and ends the way.
func timesFound(f *daylightv1.Finding, byID map[string]*daylightv1.Finding) int {
	times, seen := 1, map[string]bool{f.GetId(): true}
	for f != nil && f.GetRepeatsId() != "" && !seen[f.GetRepeatsId()] {
		seen[f.GetRepeatsId()] = true
		times++
		f = byID[f.GetRepeatsId()]
	}
	return times
}
