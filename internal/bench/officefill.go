package main

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// officeSize is how much an office has. A visit has 40 findings and 8 recommendations.
type officeSize struct{ places, visits int }

// sizes: full is the safe test load of an office with five years of visits.
var sizes = map[string]officeSize{"small": {600, 300}, "full": {6000, 3000}}

const (
	findingsOfVisit     = 40
	recommendationsEach = 8

	firstYear, years = 2021, 5
	lastDay          = "2026-01-31"
)

var (
	regions         = []string{"TM-A", "TM-B", "TM-D", "TM-L", "TM-M", "TM-S"}
	placeTypes      = []string{"POL_STATION", "POL_IVS", "PEN_REMAND", "PEN_COLONY_GENERAL", "PEN_COLONY_STRICT", "PEN_WOMEN", "JUV_SPECIAL_SCHOOL", "MIG_DETENTION", "HLT_PSY_GENERAL", "HLT_NARCOLOGY", "SOC_ADULT_PSYCHONEURO", "SOC_OLDER", "SOC_CHILD", "MIL_GUARDHOUSE", "CRT_CELLS"}
	bodies          = []string{"INTERIOR", "JUSTICE", "HEALTH", "EDUCATION", "LABOUR", "DEFENCE"}
	officeTopics    = numbered(122, func(i int) string { return fmt.Sprintf("%s.T%d", pick(areas, i), i) })
	officeStandards = numbered(400, func(i int) string { return fmt.Sprintf("NMR-%d", i) })
	areas           = []string{"TREAT", "SAFE", "DISC", "COMPL", "MAT", "REGIME", "CONTACT", "HEALTH", "STAFF", "GROUP", "PLACEM", "MIGR", "RECORDS", "COOP"}
)

func numbered(n int, of func(int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = of(i)
	}
	return out
}

// filled is what a store was filled with.
type filled struct {
	people                                     []record.ID
	visits, visited, findings, recommendations []record.ID
	own                                        []record.ID // findings with a longer history
}

// caller: most see everything, some a region, some the visits of their teams.
func (f *filled) caller(n int) store.Caller {
	var reach store.Reach
	switch n % 5 {
	case 3:
		reach.Holders = []store.Holder{store.RegionHolder(pick(regions, n))}
	case 4:
		reach.Holders = []store.Holder{store.PersonHolder(pick(f.people, n))}
	default:
		return store.Caller{Writer: "Office"}
	}
	s := &store.Sight{Mark: 1, Kinds: map[record.Kind]store.Reach{}}
	for _, k := range record.Kinds() {
		s.Kinds[k] = reach
	}
	return store.Caller{Writer: "Office", Sight: s}
}

// filler is a device that pushes the whole of it.
type filler struct {
	store  *store.Store
	random *rand.Rand
	ids    ids

	key     ed25519.PrivateKey
	writer  fold.WriterID
	serial  journal.Serial
	link    fold.Link
	seq     fold.Seq
	told    bool
	clock   journal.Clock
	pending [][]byte
	filled
}

// fill puts an office into the store, in batches of a device, and its words into the
// search.
func fill(ctx context.Context, s *store.Store, size officeSize) (*filled, error) {
	r := rand.New(rand.NewPCG(11, 1))
	f := &filler{store: s, random: r, ids: ids{r, 1_609_459_200_000}, key: ed25519.NewKeyFromSeed(randomBytes(r, ed25519.SeedSize)),
		writer: fold.WriterID(randomBytes(r, 16)), serial: journal.Serial(randomBytes(r, 16))}
	f.link = journal.Genesis(f.writer)
	for range 20 {
		f.people = append(f.people, f.id())
	}
	places := make([]record.ID, size.places)
	for i := range places {
		places[i] = f.id()
		if err := f.put(ctx, f.place(places[i], i)); err != nil {
			return nil, err
		}
	}
	for i := range size.visits {
		place := places[(i*7)%len(places)]
		if err := f.visit(ctx, i, size.visits, place); err != nil {
			return nil, err
		}
	}
	if err := f.push(ctx); err != nil {
		return nil, err
	}
	for more := true; more; {
		var err error
		if more, err = s.Index(ctx); err != nil {
			return nil, err
		}
	}
	return &f.filled, nil
}

func (f *filler) id() record.ID {
	id, err := record.ParseID(f.ids.next())
	if err != nil {
		panic(err) // it was made a line above
	}
	return id
}

func (f *filler) place(id record.ID, n int) *daylightv1.Facility {
	return &daylightv1.Facility{
		Id: id.String(), Code: proto.String(fmt.Sprintf("P-%d", n)), Names: map[string]string{"en": fmt.Sprintf("Institution No. %d", n)},
		MainType: proto.String(pick(placeTypes, n/6)), Region: proto.String(pick(regions, n)), ResponsibleBody: proto.String(pick(bodies, n/6)),
		State:      daylightv1.FacilityState_FACILITY_STATE_ACTIVE.Enum(),
		Capacities: []*daylightv1.Capacity{{Id: f.ids.next(), Kind: daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL.Enum(), Persons: proto.Uint32(50 + f.random.Uint32N(900))}},
	}
}

// visit puts one with all that hangs on it.
func (f *filler) visit(ctx context.Context, n, of int, place record.ID) error {
	id, day := f.id(), dayOf(n, of)
	v := &daylightv1.Visit{
		Id: id.String(), FacilityId: proto.String(place.String()), State: stateOf(n, of).Enum(),
		Type: daylightv1.VisitType(1 + f.random.IntN(5)).Enum(), Announcement: daylightv1.VisitAnnouncement(1 + f.random.IntN(3)).Enum(),
		Sessions:   []*daylightv1.VisitSession{{Id: f.ids.next(), EnteredAt: proto.String(day + "T09:05+05:00")}},
		Population: []*daylightv1.PopulationCount{{Id: f.ids.next(), Category: proto.String("TOTAL"), Persons: proto.Uint32(f.random.Uint32N(900)), Source: daylightv1.CountSource_COUNT_SOURCE_TEAM_COUNT.Enum()}},
		Title:      proto.String(text(f.random, 40)), Summary: proto.String(text(f.random, 600)),
	}
	for i := range 3 {
		v.Team = append(v.Team, &daylightv1.TeamMember{Id: pick(f.people, n+i*5).String()})
	}
	f.visits, f.visited = append(f.visits, id), append(f.visited, place)
	if err := f.put(ctx, v); err != nil {
		return err
	}
	for range findingsOfVisit {
		if err := f.finding(ctx, id); err != nil {
			return err
		}
	}
	for i := range recommendationsEach {
		if err := f.recommend(ctx, id, place, day, i); err != nil {
			return err
		}
	}
	return nil
}

// openVisits are the last ones, which are on their way.
const openVisits = 60

// stateOf is where a visit stands.
func stateOf(n, of int) daylightv1.VisitState {
	if n < of-openVisits {
		return daylightv1.VisitState_VISIT_STATE_CLOSED
	}
	return pick([]daylightv1.VisitState{
		daylightv1.VisitState_VISIT_STATE_IN_PROGRESS, daylightv1.VisitState_VISIT_STATE_SUBMITTED, daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW,
		daylightv1.VisitState_VISIT_STATE_REPORT_DRAFTED, daylightv1.VisitState_VISIT_STATE_SENT_FOR_COMMENT,
	}, n)
}

// dayOf spreads the visits over the years.
func dayOf(n, of int) string {
	return time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n*365*years/of).Format(time.DateOnly)
}

func (f *filler) finding(ctx context.Context, visit record.ID) error {
	m := finding(f.random, &f.ids, visit.String())
	topic := pick(officeTopics, f.random.IntN(1<<20))
	m.Topic, m.Area = proto.String(topic), proto.String(pick(areas, f.random.IntN(1<<20)))
	m.Standards = []string{pick(officeStandards, f.random.IntN(1<<20))}
	m.Narrative = proto.String(fmt.Sprintf("%s ref%d", m.GetNarrative(), len(f.findings)))
	id, err := record.IDOf(m)
	if err != nil {
		return err
	}
	if len(f.findings)%20 == 19 {
		m.RepeatsId = proto.String(f.findings[f.random.IntN(len(f.findings))].String())
	}
	f.findings = append(f.findings, id)
	if err := f.put(ctx, m); err != nil || len(f.findings)%100 != 0 {
		return err
	}
	f.own = append(f.own, id) // and is looked at again, five times
	for i := range 5 {
		if err := f.put(ctx, &daylightv1.Finding{Id: m.Id, Title: proto.String(fmt.Sprintf("%s %d", text(f.random, 30), i))}); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) recommend(ctx context.Context, visit, place record.ID, day string, n int) error {
	issued, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return err
	}
	on := func(days int) *string { return proto.String(issued.AddDate(0, 0, days).Format(time.DateOnly)) }
	id := f.id()
	m := &daylightv1.Recommendation{
		Id: id.String(), VisitId: proto.String(visit.String()), State: daylightv1.RecommendationState(pick([]int32{4, 5, 6, 8, 9, 9}, f.random.IntN(6))).Enum(),
		Horizon: daylightv1.RecommendationHorizon(1 + f.random.IntN(4)).Enum(), IssuedOn: on(30), Texts: map[string]string{"en": text(f.random, 300)},
		Topics: []string{pick(officeTopics, f.random.IntN(1<<20))}, Standards: []string{pick(officeStandards, f.random.IntN(1<<20))}, FacilityIds: []string{place.String()},
	}
	for i := range 1 + n%2 {
		m.Addressees = append(m.Addressees, &daylightv1.AddresseeLine{Id: f.ids.next(), Authority: proto.String(pick(bodies, n+i*3)), SentOn: on(31), DueOn: on(61)})
	}
	if n%3 == 0 {
		m.Assessments = []*daylightv1.Assessment{{Id: f.ids.next(), Status: daylightv1.ImplementationStatus(2 + f.random.IntN(4)).Enum(), On: on(200)}}
	}
	if len(f.recommendations) > 0 && n == 7 {
		m.PredecessorId = proto.String(f.recommendations[f.random.IntN(len(f.recommendations))].String())
	}
	f.recommendations = append(f.recommendations, id)
	if err := f.put(ctx, m); err != nil || n%4 == 3 {
		return err
	}
	return f.put(ctx, &daylightv1.AuthorityReply{
		Id: f.ids.next(), VisitId: m.VisitId, RecommendationId: proto.String(m.Id), LineId: proto.String(m.Addressees[0].Id), ReceivedOn: on(40 + f.random.IntN(60)),
		Response: daylightv1.AuthorityResponse(2 + f.random.IntN(6)).Enum(), Text: proto.String(text(f.random, 200)),
	})
}

// put makes a change of what the message sets, as one who has seen nothing of it.
func (f *filler) put(ctx context.Context, m record.Message) error {
	kind, err := record.KindOf(m)
	if err != nil {
		return err
	}
	id, err := record.IDOf(m)
	if err != nil {
		return err
	}
	edits, _, err := record.Diff(m, fold.New(), record.Writer{ID: f.writer}, record.Naming{}, nil)
	if err != nil {
		return err
	}
	c := journal.Change{Salt: [16]byte(randomBytes(f.random, 16)), Time: f.clock.Next(int64(f.ids.ms)), Records: []journal.RecordEdits{{Kind: kind, ID: id, Edits: edits}}}
	if f.pending = append(f.pending, c.Encode()); len(f.pending) < 1000 {
		return nil
	}
	return f.push(ctx)
}

// push sends what is pending under one seal.
func (f *filler) push(ctx context.Context) error {
	if len(f.pending) == 0 {
		return nil
	}
	b := journal.Batch{Writer: f.writer, FirstSeq: f.seq + 1, Previous: f.link, Payloads: f.pending, Serial: f.serial}
	if !f.told {
		b.Certificate, f.told = journal.NewDevelopment(f.key, f.serial, "Monitor", "bench"), true
	}
	links := b.Links()
	f.link, f.seq, f.pending = links[len(links)-1], b.LastSeq(), nil
	b.Seal = journal.Seal(f.key, f.writer, f.seq, f.link)
	a, err := f.store.Sync(ctx, []journal.Batch{b}, exchange.Ask{Own: exchange.Head{Dot: fold.Dot{Writer: f.writer, Seq: f.seq}, Link: f.link}, MoreOwn: true})
	if err == nil && (len(a.Verdicts) > 0 || a.Writers[0].GetSeq() != uint64(f.seq)) {
		err = fmt.Errorf("the office did not take a change: %d verdicts", len(a.Verdicts))
	}
	return err
}
