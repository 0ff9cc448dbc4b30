package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// slowLine is what a device has where there is next to no network, in bits a second.
const slowLine = 16_000

// What an earlier visit has here.
const (
	earlierVisits     = 3
	findingsEach      = 40
	recommendEach     = 8
	undertakingsEach  = 2
	measurementsEach  = 10
	registerCheckEach = 3

	register = 1000 // places
)

// dossier is the first sync of a device whose person goes to one place, with and without
// what earlier visits left there.
func (b *bench) dossier(ctx context.Context) (err error) {
	o, err := serve(ctx, b.folder(), makeOffice)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	if o.person, err = o.hire(ctx, "Member of an association", "CIVIL_SOCIETY_MONITOR"); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(3, 1))
	place, visits := earlierAt(r)
	for _, v := range append([][]record.Message{{place}}, visits...) {
		if _, err := o.Save(ctx, "office", v...); err != nil {
			return err
		}
	}
	next := &daylightv1.Visit{
		FacilityId: proto.String(place.Id), Title: proto.String("Плановое посещение"),
		State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(), Team: []*daylightv1.TeamMember{{Id: o.person}},
	}
	alone, err := b.dossierSync(ctx, o, next)
	if err != nil {
		return err
	}
	next.State = daylightv1.VisitState_VISIT_STATE_AUTHORISED.Enum()
	whole, err := b.dossierSync(ctx, o, next)
	if err != nil {
		return err
	}
	if o.person, err = o.hire(ctx, "Monitor", "MONITOR"); err != nil {
		return err
	}
	next.Team = append(next.Team, &daylightv1.TeamMember{Id: o.person})
	if _, err := o.Save(ctx, "office", places(r)...); err != nil {
		return err
	}
	wide, err := b.dossierSync(ctx, o, next)
	if err != nil {
		return err
	}
	b.lineRow("dossier: first sync of a planned visit, without", alone, "")
	b.lineRow(fmt.Sprintf("dossier: of %d visits, %d records in all", earlierVisits, whole.records), whole, ", 120 kB")
	b.lineRow(fmt.Sprintf("   and the register of %d places, for a monitor", register), wide, "")
	return nil
}

// carriedOver is a first sync with the number of records that came.
type carriedOver struct {
	sample
	records int
}

// dossierSync saves the visit, and syncs a new device of the person's.
func (b *bench) dossierSync(ctx context.Context, o *office, next *daylightv1.Visit) (out carriedOver, err error) {
	saved, err := o.Save(ctx, "office", next)
	if err != nil {
		return out, err
	}
	proto.Reset(next)
	proto.Merge(next, saved[0].Message)
	c, w, err := b.device(ctx, b.folder(), o)
	if err != nil {
		return out, err
	}
	defer c.Close()
	out.sample, err = w.time(func() error {
		r, err := c.Sync(ctx)
		out.records = r.Pulled
		return err
	})
	return out, err
}

// lineRow prints a sync by its bytes, and by its time on a slow line, where the bytes are
// all that counts.
func (b *bench) lineRow(what string, s carriedOver, reach string) {
	line := time.Duration((s.up + s.down) * 8 * int64(time.Second) / slowLine)
	b.row(what, kb(s.down)+" down", kb(s.up)+" up", fmt.Sprintf("%.0f s", line.Seconds()), "at 16 kbit/s"+reach)
}

// earlierAt is a place with visits of earlier years, each with what hangs on it behind it.
func earlierAt(r *rand.Rand) (place *daylightv1.Facility, visits [][]record.Message) {
	id := &ids{r, 1_700_000_000_000}
	place = &daylightv1.Facility{
		Id: id.next(), Names: map[string]string{"ru": "Исправительное учреждение № 7"}, Code: proto.String("IU-7"),
		MainType: proto.String("PRISON"), State: daylightv1.FacilityState_FACILITY_STATE_ACTIVE.Enum(),
	}
	for n := range earlierVisits {
		v := earlierVisit(r, id, place.Id, n)
		all := []record.Message{v}
		for range findingsEach {
			f := finding(r, id, v.Id)
			f.Narrative, f.Title, f.Unit = proto.String(between(r, 300, 600)), proto.String(russian(r, 40)), proto.String("Корпус "+fmt.Sprint(1+r.IntN(4)))
			all = append(all, f)
		}
		for range recommendEach {
			all = append(all, advice(r, id, v.Id)...)
		}
		all = append(all, figures(r, id, v.Id)...)
		visits = append(visits, all)
	}
	return place, visits
}

// places are a register as it is imported.
func places(r *rand.Rand) (out []record.Message) {
	id := &ids{r, 1_690_000_000_000}
	for n := range register {
		out = append(out, &daylightv1.Facility{
			Id: id.next(), Names: map[string]string{"ru": russian(r, 30)}, Code: proto.String(fmt.Sprintf("P-%04d", n)),
			MainType: proto.String("POLICE_STATION"), Region: proto.String(fmt.Sprintf("UA-%02d", 1+n%25)),
			State: daylightv1.FacilityState_FACILITY_STATE_ACTIVE.Enum(),
		})
	}
	return out
}

// between is a text of so many characters.
func between(r *rand.Rand, least, most int) string { return russian(r, least+r.IntN(most-least)) }

func earlierVisit(r *rand.Rand, id *ids, place string, n int) *daylightv1.Visit {
	v := visit(r, id)
	v.FacilityId, v.State = proto.String(place), daylightv1.VisitState_VISIT_STATE_IN_FOLLOW_UP.Enum()
	v.PlannedStart, v.ArrivedAt = nil, proto.String(fmt.Sprintf("%d-04-12T09:05+05:00", 2022+n))
	v.Title, v.Summary = proto.String(russian(r, 40)), proto.String(between(r, 500, 700))
	for range 4 {
		v.Team = append(v.Team, &daylightv1.TeamMember{Id: id.next(), Person: proto.String(russian(r, 12))})
	}
	for range 5 {
		v.Population = append(v.Population, &daylightv1.PopulationCount{Id: id.next(), Category: proto.String("TOTAL"), Persons: proto.Uint32(r.Uint32N(900))})
	}
	for range 3 {
		v.ClosingPoints = append(v.ClosingPoints, &daylightv1.ClosingPoint{Id: id.next(), Point: proto.String(between(r, 100, 200)), Reply: proto.String(between(r, 100, 200))})
	}
	return v
}

// advice is a recommendation to two addressees, of whom one has answered.
func advice(r *rand.Rand, id *ids, visit string) []record.Message {
	a := &daylightv1.Recommendation{
		Id: id.next(), VisitId: proto.String(visit), State: daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum(),
		Code: proto.String(fmt.Sprintf("R-%d", r.IntN(1000))), Texts: map[string]string{"ru": between(r, 300, 600)},
		Topics: []string{topics[r.IntN(len(topics))]}, Standards: []string{refs[r.IntN(len(refs))]},
		IssuedOn: proto.String("2024-06-01"),
		Addressees: []*daylightv1.AddresseeLine{
			{Id: id.next(), Authority: proto.String("INTERIOR"), SentOn: proto.String("2024-06-01"), DueOn: proto.String("2024-07-01")},
			{Id: id.next(), Authority: proto.String("HEALTH"), SentOn: proto.String("2024-06-01"), DueOn: proto.String("2024-07-01")},
		},
	}
	return []record.Message{a, &daylightv1.AuthorityReply{
		Id: id.next(), VisitId: proto.String(visit), RecommendationId: proto.String(a.Id), LineId: proto.String(a.Addressees[0].Id),
		Response: daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_ACCEPTED.Enum(), ReceivedOn: proto.String("2024-06-28"), Text: proto.String(between(r, 200, 400)),
	}}
}

// figures are the other records of a visit that a dossier has.
func figures(r *rand.Rand, id *ids, visit string) (out []record.Message) {
	for range undertakingsEach {
		out = append(out, &daylightv1.Undertaking{Id: id.next(), VisitId: proto.String(visit), Text: proto.String(between(r, 100, 300)), DueOn: proto.String("2024-09-01")})
	}
	for range measurementsEach {
		out = append(out, &daylightv1.Measurement{
			Id: id.next(), VisitId: proto.String(visit), Type: daylightv1.MeasurementType(1 + r.IntN(18)).Enum(),
			Value: proto.Float64(float64(r.IntN(400)) / 10), Wing: proto.String("А"), Room: proto.String(fmt.Sprint(1 + r.IntN(90))),
		})
	}
	for range registerCheckEach {
		out = append(out, &daylightv1.RegisterCheck{
			Id: id.next(), VisitId: proto.String(visit), RegisterType: proto.String("CUSTODY"),
			EntriesSeen: proto.Uint32(40), EntriesComplete: proto.Uint32(r.Uint32N(40)), Note: proto.String(between(r, 100, 300)),
		})
	}
	return out
}
