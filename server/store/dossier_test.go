package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The states of a visit that the stories need.
const (
	planned    = daylightv1.VisitState_VISIT_STATE_PLANNED
	authorised = daylightv1.VisitState_VISIT_STATE_AUTHORISED
	inProgress = daylightv1.VisitState_VISIT_STATE_IN_PROGRESS
	obstructed = daylightv1.VisitState_VISIT_STATE_OBSTRUCTED
	complete   = daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE
	submitted  = daylightv1.VisitState_VISIT_STATE_SUBMITTED
	followUp   = daylightv1.VisitState_VISIT_STATE_IN_FOLLOW_UP
	closed     = daylightv1.VisitState_VISIT_STATE_CLOSED
	cancelled  = daylightv1.VisitState_VISIT_STATE_CANCELLED
)

// newMonitor is the reader of somebody who reads their own visits, and carries dossiers.
func newMonitor(who record.ID) *reader {
	r := newReader()
	for _, k := range record.Kinds() {
		reach := Reach{Holders: []Holder{PersonHolder(who)}}
		if record.InDossier(k) {
			reach.Holders = append(reach.Holders, DossierHolder(who))
		}
		r.Kinds[k] = reach
	}
	return r
}

// house is a place with visits, and the people who make them.
type house struct {
	*testing.T
	*world
	d     *device
	place record.ID
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, world: newWorld(t), d: newDevice(1)}
	h.place = h.save(aFacility("Central prison", "CP-1"))
	return h
}

func (h *house) save(m record.Message) record.ID {
	h.T.Helper()
	id := h.d.save(h.T, m)
	h.d.push(h.world)
	return id
}

// visit makes one that began on the day, at a state.
func (h *house) visit(day string, state daylightv1.VisitState, team ...record.ID) record.ID {
	v := inTeam(aVisit(h.place), team...)
	v.State, v.PlannedStart = state.Enum(), proto.String(day)
	return h.save(v)
}

func edit[M record.Message](h *house, kind record.Kind, id record.ID, change func(M)) {
	h.T.Helper()
	m := h.d.show(h.T, kind, id).(M)
	there := m.GetRemoved() == nil
	if change(m); there && m.GetRemoved() != nil {
		edits := must(record.Remove(kind, id, m.GetSeen(), h.d.state(id), record.Writer{ID: h.d.id}, record.Naming{}, nil))(h.T)
		h.d.write(h.T, journal.RecordEdits{Kind: kind, ID: id, Edits: edits})
		h.d.push(h.world)
		return
	}
	h.save(m)
}

func (h *house) step(visit record.ID, to daylightv1.VisitState) {
	h.T.Helper()
	edit(h, record.Visit, visit, func(v *daylightv1.Visit) { v.State = to.Enum() })
}

// hang makes a record that hangs on the visit.
func (h *house) hang(k record.Kind, visit record.ID) record.ID {
	h.T.Helper()
	m := record.New(k)
	field := m.ProtoReflect().Descriptor().Fields().ByName("visit_id")
	set(m, field.Name(), visit.String())
	if r, ok := m.(*daylightv1.Recommendation); ok {
		r.State = daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum()
	}
	return h.save(m)
}

// everyKind hangs one record of each kind on the visit, by kind.
func (h *house) everyKind(visit record.ID) map[record.Kind]record.ID {
	out := map[record.Kind]record.ID{record.Visit: visit}
	for _, k := range record.Kinds() {
		if record.HangsOnVisit(k) && k != record.AuthorityReply && !record.Sealed(k) && k != record.SealingKey {
			out[k] = h.hang(k, visit)
		}
	}
	out[record.AuthorityReply] = h.reply(visit, out[record.Recommendation])
	return out
}

func (h *house) reply(visit, to record.ID) record.ID {
	return h.save(&daylightv1.AuthorityReply{VisitId: proto.String(visit.String()), RecommendationId: proto.String(to.String())})
}

// sees fails unless the reader has these records and no other.
func (h *house) sees(r *reader, ids ...record.ID) {
	h.T.Helper()
	r.pull(h.world)
	r.wants(h.T, ids...)
	h.whole()
}

func restrict(m record.Message) {
	set(m, "confidentiality", daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED.Number())
}

func TestATeamCarriesWhatEarlierVisitsFound(t *testing.T) {
	h := newHouse(t)
	anna, boris := h.d.newID(), h.d.newID()
	a, b := newMonitor(anna), newMonitor(boris)
	earlier := h.visit("2024-05-01", followUp, boris)
	all := h.everyKind(earlier)
	next := h.visit("2026-03-01", planned, anna)
	finding := h.save(aFinding(next, "Six persons share 12 m2."))
	carried := []record.ID{h.place, next, finding}
	h.sees(a, carried...)
	for _, k := range []record.Kind{record.Visit, record.Finding, record.RegisterCheck, record.Measurement,
		record.ObstructionIncident, record.Undertaking, record.Recommendation, record.AuthorityReply} {
		carried = append(carried, all[k])
	}
	t.Run("from the mandate", func(t *testing.T) {
		b.pull(h.world)
		h.step(next, authorised)
		if came, _ := a.pull(h.world); came != 1+8 {
			t.Errorf("%d records came", came)
		}
		h.sees(a, carried...)
		if came, _ := b.pull(h.world); came != 8 {
			t.Errorf("%d records came again to its own team", came)
		}
	})
	t.Run("an edit of the earlier visit brings no more than itself", func(t *testing.T) {
		edit(h, record.Visit, earlier, func(v *daylightv1.Visit) { v.Title = proto.String("In depth") })
		if came, _ := a.pull(h.world); came != 1 {
			t.Errorf("%d records came", came)
		}
	})
	t.Run("its own team has it all, and nothing of the next one", func(t *testing.T) {
		h.sees(b, append(slices.Collect(maps.Values(all)), h.place)...)
	})
	t.Run("with what is added", func(t *testing.T) {
		carried = append(carried, h.hang(record.Finding, earlier), h.hang(record.Recommendation, earlier))
		h.hang(record.Interview, earlier)
		h.sees(a, carried...)
	})
	t.Run("the desk shows the same", func(t *testing.T) {
		desk := h.For(Caller{Sight: a.Sight})
		if _, err := desk.Get(t.Context(), record.Finding, all[record.Finding]); err != nil {
			t.Error(err)
		}
		if _, err := desk.Get(t.Context(), record.Interview, all[record.Interview]); err != ErrNotFound {
			t.Error(err)
		}
	})
	t.Run("a new device too", func(t *testing.T) { h.sees(newMonitor(anna), carried...) })
	t.Run("until it is handed in", func(t *testing.T) {
		for _, to := range []daylightv1.VisitState{inProgress, complete, daylightv1.VisitState_VISIT_STATE_CONSOLIDATED} {
			h.step(next, to)
			h.sees(a, carried...)
		}
		h.step(next, submitted)
		h.sees(a, h.place, next, finding)
	})
	t.Run("and again when it is returned", func(t *testing.T) {
		h.step(next, daylightv1.VisitState_VISIT_STATE_CONSOLIDATED)
		h.sees(a, carried...)
	})
}

// Whoever is in the team of both holds more of the earlier visit than others do, and less
// when taken out.
func TestWhoeverWasThereKeepsWhatADossierShows(t *testing.T) {
	h := newHouse(t)
	anna, boris := h.d.newID(), h.d.newID()
	a := newMonitor(anna)
	earlier := h.visit("2024-05-01", closed, anna, boris)
	all := h.everyKind(earlier)
	h.sees(a, append(slices.Collect(maps.Values(all)), h.place)...)
	next := h.visit("2026-03-01", authorised, anna)
	t.Run("nothing is sent again", func(t *testing.T) {
		if came, forgot := a.pull(h.world); came != 1 || forgot != 0 {
			t.Errorf("%d came, %d were forgotten", came, forgot)
		}
	})
	carries := func(team ...record.ID) {
		edit(h, record.Visit, earlier, func(v *daylightv1.Visit) { inTeam(v, team...) })
	}
	shown := []record.ID{h.place, next}
	for k, id := range all {
		if record.InDossier(k) {
			shown = append(shown, id)
		}
	}
	t.Run("taken out", func(t *testing.T) { carries(boris); h.sees(a, shown...) })
	t.Run("put in again", func(t *testing.T) {
		carries(boris, anna)
		h.sees(a, append(slices.Collect(maps.Values(all)), h.place, next)...)
	})
	t.Run("taken out, and the next is handed in", func(t *testing.T) {
		carries(boris)
		h.step(next, submitted)
		h.sees(a, h.place, next)
	})
	t.Run("in the team, and the next is handed in", func(t *testing.T) {
		carries(boris, anna)
		h.step(next, complete)
		h.step(next, submitted)
		h.sees(a, append(slices.Collect(maps.Values(all)), h.place, next)...)
	})
}

func TestTwoVisitsCarryTheSame(t *testing.T) {
	h := newHouse(t)
	anna := h.d.newID()
	a := newMonitor(anna)
	earlier := h.visit("2024-05-01", closed)
	one, two := h.visit("2026-03-01", authorised, anna), h.visit("2026-04-01", authorised, anna)
	h.sees(a, h.place, earlier, one, two)
	h.step(one, submitted)
	h.sees(a, h.place, earlier, one, two)
	edit(h, record.Visit, two, func(v *daylightv1.Visit) { inTeam(v) })
	h.sees(a, h.place, one)
}

func TestADossierHasTheLastVisitsAndThoseWithSomethingOpen(t *testing.T) {
	h := newHouse(t)
	anna := h.d.newID()
	a := newMonitor(anna)
	next := h.visit("2026-03-01", authorised, anna)
	h.visit("2024-01-09", cancelled)
	h.visit("2024-01-10", inProgress)
	h.visit("2024-01-11", planned)
	// The order in which they come to the office is not that in which they were made.
	fourth := h.visit("2021-01-01", closed)
	first := h.visit("2024-01-01", obstructed)
	third := h.visit("2022-01-01", complete)
	fifth := h.visit("2019-01-01", closed)
	second := h.visit("2023-01-01", closed)
	last := []record.ID{h.place, next, first, second, third}
	h.sees(a, last...)
	advice, deed := record.ID{}, record.ID{}
	t.Run("a recommendation is open, then not", func(t *testing.T) {
		open := h.hang(record.Recommendation, fifth)
		advice = open
		h.sees(a, append(last, fifth, open)...)
		edit(h, record.Recommendation, open, func(r *daylightv1.Recommendation) {
			r.State = daylightv1.RecommendationState_RECOMMENDATION_STATE_UNDER_VERIFICATION.Enum()
		})
		h.sees(a, append(last, fifth, open)...)
		for _, ended := range []daylightv1.RecommendationState{
			daylightv1.RecommendationState_RECOMMENDATION_STATE_WITHDRAWN,
			daylightv1.RecommendationState_RECOMMENDATION_STATE_SUPERSEDED,
			daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED,
		} {
			edit(h, record.Recommendation, open, func(r *daylightv1.Recommendation) { r.State = ended.Enum() })
			h.sees(a, last...)
		}
	})
	t.Run("an undertaking is open, then not", func(t *testing.T) {
		open := h.hang(record.Undertaking, fourth)
		deed = open
		h.sees(a, append(last, fourth, open)...)
		assess := func(on string, s daylightv1.ImplementationStatus) {
			edit(h, record.Undertaking, open, func(u *daylightv1.Undertaking) {
				u.Assessments = append(u.Assessments, &daylightv1.Assessment{On: proto.String(on), Status: s.Enum()})
			})
		}
		assess("2025-05-01", daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY)
		h.sees(a, last...)
		assess("2025-04-01", daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_PARTLY) // an older one, typed later
		h.sees(a, last...)
		assess("2025-06-01", daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_REGRESSED)
		h.sees(a, append(last, fourth, open)...)
		assess("2025-07-01", daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NO_LONGER_RELEVANT)
		h.sees(a, last...)
	})
	t.Run("what is still being drafted is the office's own", func(t *testing.T) {
		h.save(&daylightv1.Recommendation{VisitId: proto.String(fifth.String()), State: daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW.Enum()})
		h.save(&daylightv1.Recommendation{VisitId: proto.String(third.String())})
		h.sees(a, last...)
	})
	t.Run("what is restricted asks for nothing", func(t *testing.T) {
		r := &daylightv1.Recommendation{VisitId: proto.String(fifth.String()), State: daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum()}
		restrict(r)
		h.save(r)
		h.sees(a, last...)
	})
	t.Run("one is removed, another joined to a third", func(t *testing.T) {
		edit(h, record.Visit, first, func(v *daylightv1.Visit) { v.Removed = &daylightv1.Removed{} })
		h.sees(a, h.place, next, second, third, fourth, deed)
		edit(h, record.Visit, second, func(v *daylightv1.Visit) { v.MergedInto = proto.String(third.String()) })
		h.sees(a, h.place, next, third, fourth, deed, fifth, advice)
		edit(h, record.Visit, first, func(v *daylightv1.Visit) { v.Removed = nil })
		edit(h, record.Visit, second, func(v *daylightv1.Visit) { v.MergedInto = nil })
		h.sees(a, last...)
	})
	t.Run("one is restricted as a whole", func(t *testing.T) {
		edit(h, record.Visit, first, func(v *daylightv1.Visit) { restrict(v) })
		h.sees(a, h.place, next, second, third, fourth, deed)
	})
}

func TestADossierIsBounded(t *testing.T) {
	h := newHouse(t)
	anna := h.d.newID()
	a := newMonitor(anna)
	want := []record.ID{h.place, h.visit("2026-03-01", authorised, anna)}
	for year := range 14 {
		v := h.visit(fmt.Sprintf("%d-01-01", 2000+year), closed)
		open := h.hang(record.Undertaking, v)
		if year >= 4 {
			want = append(want, v, open)
		}
	}
	h.sees(a, want...)
}

func TestADossierFollowsThePlaceOfItsVisit(t *testing.T) {
	h := newHouse(t)
	anna := h.d.newID()
	a := newMonitor(anna)
	here, other := h.place, h.save(aFacility("North House", "NH-1"))
	old := h.visit("2024-05-01", closed)
	next := h.visit("2026-03-01", authorised, anna)
	h.sees(a, here, next, old)
	goes := func(v, to record.ID) {
		edit(h, record.Visit, v, func(v *daylightv1.Visit) { v.FacilityId = proto.String(to.String()) })
	}
	goes(next, other)
	h.sees(a, other, next)
	goes(old, other) // the earlier one had been filed under the wrong place
	h.sees(a, other, next, old)
	goes(next, here)
	h.sees(a, here, next)
	edit(h, record.Visit, old, func(v *daylightv1.Visit) { v.FacilityId = nil })
	h.sees(a, here, next)
	goes(old, here)
	h.sees(a, here, next, old)
	edit(h, record.Visit, next, func(v *daylightv1.Visit) { v.Removed = &daylightv1.Removed{} })
	h.sees(a, here, next)
}

// What becomes restricted is forgotten, and comes back when it no longer is.
func TestWhatIsForAFewOnlyIsNotCarried(t *testing.T) {
	h := newHouse(t)
	anna, boris := h.d.newID(), h.d.newID()
	a, b := newMonitor(anna), newMonitor(boris)
	earlier := h.visit("2024-05-01", closed, boris)
	finding, advice, deed := h.hang(record.Finding, earlier), h.hang(record.Recommendation, earlier), h.hang(record.Undertaking, earlier)
	answer := h.reply(earlier, advice)
	next := h.visit("2026-03-01", authorised, anna)
	whole := []record.ID{h.place, earlier, finding, advice, deed, answer}
	without := func(ids ...record.ID) []record.ID {
		return append(slices.DeleteFunc(slices.Clone(whole), func(id record.ID) bool { return slices.Contains(ids, id) }), next)
	}
	h.sees(a, without()...)
	for name, c := range map[string]struct {
		kind      record.Kind
		id        record.ID
		hide      func(record.Message)
		show      func(record.Message)
		forgotten []record.ID
	}{
		"a restricted finding": {record.Finding, finding, restrict, open, []record.ID{finding}},
		"a sealed undertaking": {record.Undertaking, deed, func(m record.Message) {
			set(m, "confidentiality", daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_SEALED.Number())
		}, open, []record.ID{deed}},
		"a class of a newer program": {record.Finding, finding, func(m record.Message) {
			m.(*daylightv1.Finding).Confidentiality = daylightv1.ConfidentialityClass(77).Enum()
		}, open, []record.ID{finding}},
		"somebody's own case": {record.Finding, finding, func(m record.Message) {
			m.(*daylightv1.Finding).Kind = daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE.Enum()
		}, func(m record.Message) { m.(*daylightv1.Finding).Kind = nil }, []record.ID{finding}},
		"a removed finding": {record.Finding, finding, func(m record.Message) { m.(*daylightv1.Finding).Removed = &daylightv1.Removed{} },
			func(m record.Message) { m.(*daylightv1.Finding).Removed = nil }, []record.ID{finding}},
		"a recommendation, with what answers it": {record.Recommendation, advice, restrict, open, []record.ID{advice, answer}},
		"an answer":                              {record.AuthorityReply, answer, restrict, open, []record.ID{answer}},
	} {
		t.Run(name, func(t *testing.T) {
			edit(h, c.kind, c.id, c.hide)
			_, forgot := a.pull(h.world)
			if forgot != len(c.forgotten) {
				t.Errorf("%d were forgotten", forgot)
			}
			h.sees(a, without(c.forgotten...)...)
			h.sees(newMonitor(anna), without(c.forgotten...)...)
			if page := must(h.For(Caller{Sight: a.Sight}).List(t.Context(), record.Finding, Query{IncludeRemoved: true}))(t); len(page.Items) != 1-btoi(slices.Contains(c.forgotten, finding)) {
				t.Errorf("%d findings are listed", len(page.Items))
			}
			h.sees(b, whole...)
			edit(h, c.kind, c.id, c.show)
			h.sees(a, without()...)
		})
	}
	t.Run("an answer that names a recommendation of elsewhere", func(t *testing.T) {
		other := h.visit("2023-05-01", closed)
		h.save(&daylightv1.AuthorityReply{VisitId: proto.String(other.String()), RecommendationId: proto.String(advice.String())})
		h.sees(a, append(without(), other)...)
	})
}

// Two values that stand beside each other: one of them says that it is for a few.
func TestTheStricterOfTwoValuesCounts(t *testing.T) {
	h := newHouse(t)
	anna := h.d.newID()
	a := newMonitor(anna)
	earlier := h.visit("2024-05-01", closed)
	one, two := h.hang(record.Finding, earlier), h.hang(record.Finding, earlier)
	next := h.visit("2026-03-01", authorised, anna)
	h.sees(a, h.place, earlier, one, two, next)
	e := newDevice(2)
	e.pull(h.world)
	say := func(d *device, id record.ID, class daylightv1.ConfidentialityClass) {
		f := d.show(t, record.Finding, id).(*daylightv1.Finding)
		f.Confidentiality = class.Enum()
		d.save(t, f)
	}
	say(h.d, one, daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED)
	say(h.d, two, daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_PUBLIC)
	say(e, one, daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_PUBLIC)
	say(e, two, daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED)
	e.push(h.world)
	h.d.push(h.world)
	h.sees(a, h.place, earlier, next)
}

func TestOlderStoresAreGivenDossiers(t *testing.T) {
	h := newHouse(t)
	anna := h.d.newID()
	earlier := h.visit("2024-05-01", closed)
	all := h.everyKind(earlier)
	next := h.visit("2026-03-01", authorised, anna)
	err := h.write(t.Context(), func(l *ledger) error {
		for _, undo := range []string{
			`DELETE FROM scopes WHERE substr(holder, 1, 1) = x'64'`, `UPDATE records SET dossier = 0`, `DELETE FROM meta WHERE name = 'dossiers'`,
		} {
			if _, err := l.Exec(undo); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.reopen()
	want := []record.ID{h.place, next}
	for k, id := range all {
		if record.InDossier(k) {
			want = append(want, id)
		}
	}
	h.sees(newMonitor(anna), want...)
}

func TestDossiersThatDoNotFollowAreFound(t *testing.T) {
	h := newHouse(t)
	anna := h.d.newID()
	earlier := h.visit("2024-05-01", closed)
	h.everyKind(earlier)
	h.visit("2026-03-01", authorised, anna)
	for harm, want := range map[string]int{
		`DELETE FROM scopes WHERE substr(holder, 1, 1) = x'64'`:                                      1,
		`UPDATE scopes SET until = 1 WHERE substr(holder, 1, 1) = x'64'`:                             1,
		`INSERT INTO scopes (target, holder, until) SELECT id, x'64', 0 FROM records WHERE kind = 1`: 1,
		`UPDATE records SET dossier = 1 WHERE kind = 10`:                                             1, // no dossier reaches interviews
		`UPDATE records SET dossier = 0 WHERE kind = 3`:                                              1,
		`UPDATE records SET dossier = 0 WHERE kind = 18`:                                             1,
	} {
		err := h.write(t.Context(), func(l *ledger) error {
			if _, err := l.Exec(harm); err != nil {
				return err
			}
			var found []string
			c := &check{ledger: l, report: func(f Finding) { found = append(found, f.String()) }}
			if err := c.dossiers(); err != nil || len(found) != want {
				t.Errorf("%s: %q, %v", harm, found, err)
			}
			return errAllFailed // takes it back
		})
		if err == nil || !strings.Contains(err.Error(), errAllFailed.Error()) {
			t.Fatal(err)
		}
	}
}

// set gives a field of a message a value: a text, or the number of an enum's.
func set(m record.Message, name protoreflect.Name, to any) {
	field := m.ProtoReflect().Descriptor().Fields().ByName(name)
	m.ProtoReflect().Set(field, protoreflect.ValueOf(to))
}

// open takes the class back.
func open(m record.Message) {
	m.ProtoReflect().Clear(m.ProtoReflect().Descriptor().Fields().ByName("confidentiality"))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
