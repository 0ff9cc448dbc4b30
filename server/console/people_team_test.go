package console_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// visit is one to a place that nobody knows, made by the office.
func (w *world) visit(change func(*daylightv1.Visit)) *daylightv1.Visit {
	w.Helper()
	var id record.ID
	_, err := rand.Read(id[:])
	w.must(err)
	v := &daylightv1.Visit{Id: id.String(), FacilityId: proto.String(w.admin.Id)}
	if change != nil {
		change(v)
	}
	items, err := w.store.For(store.Caller{Writer: "Office"}).Save(w.Context(), v)
	w.must(err)
	saved, _ := items[0].Message.(*daylightv1.Visit)
	return saved
}

func (w *world) team(id string) []*daylightv1.TeamMember {
	w.Helper()
	of, err := record.ParseID(id)
	w.must(err)
	item, err := w.store.For(store.Caller{Writer: "Office"}).Get(w.Context(), record.Visit, of)
	w.must(err)
	v, _ := item.Message.(*daylightv1.Visit)
	return v.GetTeam()
}

func TestTheTeamOfAVisit(t *testing.T) {
	w := reached(t)
	p, q := w.person("Monitor <b>", monitorRole), w.person("Doctor", monitorRole)
	v := w.visit(nil)
	at := "/visits/" + v.Id + "/team"
	b := w.member(w.person("Case officer", caseRole))
	b.get(at).wants(200, "Nobody is in the team yet", "Add somebody")
	b.get(at+"/add?q=monitor").wants(200, "Monitor <b>")
	if strings.Contains(b.page, "Doctor") {
		t.Error("somebody else is found")
	}
	b.get(at+"/"+p.Id).wants(200, "Monitor <b>", "Put into the team", "Legal expert")
	stale := b.field("as")
	b.post(at+"/"+p.Id, "as", stale, "role", "HEAD", "role", "LAWYER").wants(200, "Saved.", "Monitor <b>", "Head of visit · Legal expert")
	if strings.Contains(b.page, "Monitor <b>") {
		t.Error("a name is read as markup")
	}
	// A form that is older than what another has saved loses nothing of it.
	b.post(at+"/"+q.Id, "as", stale, "role", "PHYSICIAN").wants(200, "Doctor", "Monitor <b>")
	if team := w.team(v.Id); len(team) != 2 {
		t.Errorf("the team is %v", team)
	}
	b.get(at + "/add").wants(200)
	if strings.Contains(b.page, "Doctor") {
		t.Error("who is in the team is offered for it")
	}
	b.get(at+"/"+q.Id).wants(200, "Take out of the team")
	b.post(at+"/"+q.Id, "as", b.field("as")).wants(200, "nothing in particular")
	b.get(at + "/" + q.Id)
	b.post(at+"/"+q.Id, "as", b.field("as"), "out", "yes").wants(200, "Taken out of the team.")
	if team := w.team(v.Id); len(team) != 1 || team[0].GetId() != p.Id {
		t.Errorf("the team is %v", team)
	}
	b.get(at + "/" + q.Id)
	b.post(at+"/"+q.Id, "as", b.field("as"), "out", "yes").wants(200, "Team of the visit") // out already
	q.Disabled = true
	_, err := w.directory.SavePerson(t.Context(), q, directory.By{})
	w.must(err)
	b.post(at+"/"+q.Id, "as", b.get(at+"/"+q.Id).field("as"), "role", "LAWYER").wants(422, "This person is disabled.", `value="LAWYER" checked`)
	b.post(at+"/"+q.Id, "as", "rubbish").wants(400)
	b.get(at + "/" + v.Id).wants(404)
	b.get("/visits/" + p.Id + "/team").wants(404)
	n := w.notes()
	if got := len(slices.DeleteFunc(n, func(s string) bool { return s != "a visit's team was changed" })); got != 4 {
		t.Errorf("%d of 4 changes are in the access log", got)
	}

	monitor := w.member(p)
	monitor.get(at).wants(200, "Head of visit")
	monitor.get(at + "/add").wants(404)
	monitor.post(at+"/"+q.Id, "as", stale, "role", "LAWYER").wants(404)
	w.member(w.person("Lawyer", monitorRole)).get(at).wants(404)
	w.member(w.admin).get(at).wants(404)
}
