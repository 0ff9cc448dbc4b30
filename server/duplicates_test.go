package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/store"
)

// twice is an office with one place in two scripts, a visit to each on one day, and a
// place that only looks alike.
type twice struct {
	*office
	a, b, c, v, u string
}

func newTwice(t *testing.T) twice {
	o := twice{office: newOffice(t)}
	save := func(m record.Message) string {
		return must(o.store.Save(t.Context(), "Office", m))(t)[0].Message.GetId()
	}
	place := func(language, name string) *daylightv1.Facility {
		return &daylightv1.Facility{Names: map[string]string{language: name}, Region: proto.String("TM-A"), Town: proto.String("Belaya Gavan")}
	}
	o.a, o.c = save(place("en", "Colony No. 14 Zelyony Yar")), save(place("ru", "ИК-41 «Зелёный Яр»"))
	b := place("ru", "ИК-14 «Зелёный Яр»")
	b.Code = proto.String("secret-code")
	o.b = save(b)
	visit := func(place, partner string) string {
		return save(&daylightv1.Visit{FacilityId: &place, ArrivedAt: proto.String("2026-03-05T09:00:00+05:00"), PartnerBodies: []string{partner}})
	}
	o.v, o.u = visit(o.a, "Society One"), visit(o.b, "Society Two")
	return o
}

// as gives the context of somebody with a role, and of the operator for none.
func (o twice) as(t *testing.T, roles ...daylightv1.OfficeRole) context.Context {
	t.Helper()
	if len(roles) == 0 {
		return context.WithValue(t.Context(), callerKey{}, &caller{local: true})
	}
	p := o.enrolled(t, o.person(t, "Somebody", roles...).Id)
	r, err := http.NewRequest(http.MethodPost, daylightv1connect.DirectoryServiceListPeopleProcedure, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	return context.WithValue(t.Context(), callerKey{}, must(o.server.identify(r))(t))
}

func ids(pairs []DuplicatePair) (out []string) {
	for _, p := range pairs {
		two := []string{p.First, p.Second}
		slices.Sort(two)
		out = append(out, strings.Join(two, " "))
	}
	return out
}

func both(a, b string) string {
	two := []string{a, b}
	slices.Sort(two)
	return strings.Join(two, " ")
}

func TestTheOfficeFindsWhatIsThereTwice(t *testing.T) {
	o := newTwice(t)
	for who, ctx := range map[string]context.Context{"the operator": o.as(t), "an officer": o.as(t, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER)} {
		places := must(o.server.Duplicates(ctx, DuplicatesAsked{"facility"}))(t)
		visits := must(o.server.Duplicates(ctx, DuplicatesAsked{"visit"}))(t)
		if got, want := fmt.Sprint(ids(places.Pairs), ids(visits.Pairs)), fmt.Sprint([]string{both(o.a, o.b)}, []string{both(o.v, o.u)}); got != want {
			t.Errorf("%s: %s, want %s", who, got, want)
		}
	}
	got, err := o.server.Duplicates(o.as(t, daylightv1.OfficeRole_OFFICE_ROLE_SYSTEM_ADMIN), DuplicatesAsked{"facility"})
	if err != nil || len(got.Pairs) > 0 {
		t.Errorf("who sees no place is shown %v, %v", got, err)
	}
	if _, err := o.server.Duplicates(o.as(t), DuplicatesAsked{"finding"}); rpcerr.CodeOf(err) != rpcerr.Invalid {
		t.Errorf("of findings: %v", err)
	}
}

func TestTheOfficeMergesAndUndoes(t *testing.T) {
	o := newTwice(t)
	ctx := o.as(t, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER)
	tried := must(o.server.Merge(ctx, MergeAsked{Loser: o.b, Winner: o.a, Carry: []string{"all"}, Try: true}))(t)
	if !slices.Equal(tried.Left, []string{"code", "names[ru]"}) || len(tried.Taken) > 0 {
		t.Errorf("tried: %+v", tried)
	}
	done := must(o.server.Merge(ctx, MergeAsked{Loser: o.b, Winner: o.a, Carry: []string{"names"}}))(t)
	if done.Kind != "facility" || !slices.Equal(done.Taken, []string{"names[ru]"}) || !slices.Equal(done.Left, []string{"code"}) {
		t.Errorf("merged: %+v", done)
	}
	place := func(id string) *daylightv1.Facility {
		item := must(o.store.Get(t.Context(), record.Facility, must(record.ParseID(id))(t)))(t)
		return item.Message.(*daylightv1.Facility)
	}
	if place(o.b).GetMergedInto() != o.a || place(o.b).GetCode() != "secret-code" || place(o.a).GetNames()["ru"] == "" || place(o.a).Code != nil {
		t.Errorf("%v, %v", place(o.a), place(o.b))
	}
	var at [2]uint64 // both in one change, so that neither is there without the other
	for i, id := range []string{o.a, o.b} {
		past, _, err := o.store.History(t.Context(), record.Facility, must(record.ParseID(id))(t), 1, "")
		if err != nil || !strings.HasPrefix(past[0].GetPerson(), "Somebody (") {
			t.Fatalf("%v %v", past, err)
		}
		at[i] = past[0].GetPosition()
	}
	if at[0] != at[1] {
		t.Errorf("merged in two changes, %v", at)
	}
	visits := must(o.store.List(t.Context(), record.Visit, store.Query{Filter: store.VisitFilter{Visits: store.Visits{Facility: must(record.ParseID(o.a))(t)}}}))(t)
	if len(visits.Items) != 2 {
		t.Errorf("%d visits to the place", len(visits.Items))
	}
	undone := must(o.server.Merge(ctx, MergeAsked{Loser: o.b, Undo: true}))(t)
	if undone.Winner != o.a || !slices.Contains(undone.Shared, "names[ru]") || place(o.b).MergedInto != nil || place(o.a).GetNames()["ru"] == "" {
		t.Errorf("undone: %+v", undone)
	}
}

// Words of a set are their own keys: the operator is told the field alone.
func TestAMergeTellsNoContent(t *testing.T) {
	o := newTwice(t)
	done := must(o.server.Merge(o.as(t), MergeAsked{Loser: o.u, Winner: o.v, Carry: []string{"all"}}))(t)
	text := must(json.Marshal(done))(t)
	if !slices.Equal(done.Taken, []string{"partner_bodies"}) || strings.Contains(string(text)+o.log.String(), "Society") || strings.Contains(o.log.String(), "secret") {
		t.Errorf("%s\n%s", text, o.log.String())
	}
}

func TestWhoMayNotMerge(t *testing.T) {
	o := newTwice(t)
	for _, c := range []struct {
		shows string
		ctx   context.Context
		ask   MergeAsked
		want  rpcerr.Code
	}{
		{"a reviewer reads places", o.as(t, daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER), MergeAsked{Loser: o.b, Winner: o.a}, rpcerr.Denied},
		{"an administrator sees none", o.as(t, daylightv1.OfficeRole_OFFICE_ROLE_SYSTEM_ADMIN), MergeAsked{Loser: o.b, Winner: o.a}, rpcerr.NotFound},
		{"two kinds", o.as(t), MergeAsked{Loser: o.b, Winner: o.v}, rpcerr.Invalid},
		{"no id", o.as(t), MergeAsked{Loser: o.b, Winner: "x"}, rpcerr.Invalid},
		{"nobody", o.as(t), MergeAsked{Loser: o.b, Winner: "0192f0c1-0000-7000-8000-000000000001"}, rpcerr.NotFound},
		{"what cannot be taken over", o.as(t), MergeAsked{Loser: o.b, Winner: o.a, Carry: []string{"names[xx]"}}, rpcerr.Invalid},
		{"nothing to undo", o.as(t), MergeAsked{Loser: o.b, Undo: true}, rpcerr.Invalid},
	} {
		head := o.head(t)
		if _, err := o.server.Merge(c.ctx, c.ask); rpcerr.CodeOf(err) != c.want || o.head(t) != head {
			t.Errorf("%s: %v", c.shows, err)
		}
	}
	must(o.server.Merge(o.as(t), MergeAsked{Loser: o.b, Winner: o.a}))(t)
	if _, err := o.server.Merge(o.as(t), MergeAsked{Loser: o.a, Winner: o.b}); rpcerr.CodeOf(err) != rpcerr.Conflict {
		t.Errorf("a circle: %v", err)
	}
	if _, err := o.server.Merge(o.as(t), MergeAsked{Loser: o.c, Winner: o.b}); rpcerr.CodeOf(err) != rpcerr.Conflict {
		t.Errorf("into one that was merged: %v", err)
	}
}

func TestOnlyTheOperatorAsksByPath(t *testing.T) {
	o := newTwice(t)
	for _, path := range []string{DuplicatesPath, MergePath} {
		if r, _ := posted(t, o.url+path, "", strings.NewReader(`{"kind": "facility"}`)); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	r, text := posted(t, o.local(t)+DuplicatesPath, "", strings.NewReader(`{"kind": "facility"}`))
	var got Duplicates
	if err := json.Unmarshal(text, &got); r.StatusCode != http.StatusOK || err != nil || len(got.Pairs) != 1 {
		t.Errorf("the operator: %d %s", r.StatusCode, text)
	}
	for _, body := range []string{"", "{", `{"loser": 7}`, `{"loser": "` + strings.Repeat("x", askedMost) + `"}`} {
		if r, text := posted(t, o.local(t)+MergePath, "", strings.NewReader(body)); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%.20q: %d %s", body, r.StatusCode, text)
		}
	}
}
