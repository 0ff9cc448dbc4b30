package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/signin"
	"github.com/daylight-npm/daylight/server/store"
)

// The team of a visit: who is in it decides who reads it.

var changesTeams = may(access.ChangeTeams)

func (c *Console) teamRoutes() {
	c.page("/visits/{id}/team", reads(record.Visit), (*turn).showTeam)
	c.page("/visits/{id}/team/add", changesTeams, (*turn).showTeamAdd)
	c.page("/visits/{id}/team/{person}", changesTeams, func(t *turn) error { return t.showMember(nil, nil) })
	c.post("/visits/{id}/team/{person}", changesTeams, (*turn).changeMember)
}

var teamDone = map[string]look.Key{"in": "office-team.done-in", "out": "office-team.done-out"}

// visitWithTeam is the visit of the address.
func (t *turn) visitWithTeam() (store.Item, *daylightv1.Visit, error) {
	item, err := t.item(record.Visit)
	if err == nil && item.Removed {
		err = errNotFound
	}
	v, _ := item.Message.(*daylightv1.Visit)
	return item, v, err
}

func (t *turn) teamCrumbs(v *daylightv1.Visit, here look.Text) []look.Link {
	out := []look.Link{{Href: "/visits", Text: t.say("office-team.visits")}, {Href: "/visits/" + v.GetId(), Text: t.say("office-team.visit")}}
	if here == nil {
		return append(out, look.Link{Text: t.say("office-team.title")})
	}
	return append(out, look.Link{Href: "/visits/" + v.GetId() + "/team", Text: t.say("office-team.title")}, look.Link{Text: here})
}

func (t *turn) showTeam() error {
	_, v, err := t.visitWithTeam()
	if err != nil {
		return err
	}
	body := t.done(teamDone)
	if len(v.GetTeam()) == 0 {
		body = append(body, look.Empty{Text: t.say("office-team.none"), Under: t.say("office-team.none-body")})
	} else {
		if !slices.ContainsFunc(v.GetTeam(), heads) {
			body = append(body, look.Note{Kind: look.NoteAttend, Text: t.say("office-team.no-head")})
		}
		body = append(body, t.teamTable(v))
	}
	s := sheet{title: t.say("office-team.title"), lede: t.say("office-team.lede"), here: "/visits", crumbs: t.teamCrumbs(v, nil), body: body}
	if changesTeams(t.rights) {
		s.actions = []look.Part{look.Button{Text: t.say("office-team.add"), Icon: look.IconPlus, Href: "/visits/" + v.GetId() + "/team/add", Kind: look.ButtonMain}}
	}
	return t.show(s)
}

func heads(m *daylightv1.TeamMember) bool {
	return slices.Contains(m.GetRoles(), daylightv1.TeamRole_TEAM_ROLE_HEAD)
}

func (t *turn) teamTable(v *daylightv1.Visit) look.Part {
	table := look.Ledger{Stack: true, Caption: t.say("office-team.title"), Head: []look.Column{{Text: t.say("office-people.person")}, {Text: t.say("office-team.as")}}}
	for _, m := range v.GetTeam() {
		line := look.Line{Cells: []look.Cell{{Text: look.Typed(m.GetPerson())}, {Text: t.teamRoles(m.GetRoles())}}}
		if _, err := record.ParseID(m.GetId()); err == nil && changesTeams(t.rights) {
			line.Href = "/visits/" + v.GetId() + "/team/" + m.GetId()
		}
		table.Rows = append(table.Rows, line)
	}
	return table
}

func (t *turn) teamRoles(roles []daylightv1.TeamRole) look.Text {
	var out []look.Text
	for _, r := range roles {
		out = append(out, t.enum(r))
	}
	if len(out) == 0 {
		return look.Soft(t.say("office-team.as-nothing"))
	}
	return look.Dotted(out...)
}

// showTeamAdd finds somebody for the team.
func (t *turn) showTeamAdd() error {
	_, v, err := t.visitWithTeam()
	if err != nil {
		return err
	}
	q := t.r.URL.Query()
	people, next, err := t.signins.Find(t.ctx(), signin.AccountQuery{Words: q.Get("q"), After: q.Get("after")})
	if err != nil {
		return err
	}
	rows := look.Rows{}
	for _, a := range people {
		if memberAt(v, a.ID.String()) < 0 {
			rows.Items = append(rows.Items, look.Row{Href: "/visits/" + v.GetId() + "/team/" + a.ID.String(), Lead: look.Symbol{Icon: look.IconPerson}, Text: look.Typed(a.Person.GetName()), Under: look.Dotted(t.roles(a.Person)...)})
		}
	}
	at := "/visits/" + v.GetId() + "/team/add"
	body := []look.Part{look.Find{Action: at, Name: "q", Value: q.Get("q"), Label: t.say("office-people.name"), Hint: t.say("office-people.name"), Text: t.say("office-people.find-do")}, rows}
	if len(rows.Items) == 0 {
		body[1] = look.Empty{Text: t.say("office-people.nobody"), Under: t.say("office-people.nobody-body")}
	}
	return t.show(sheet{title: t.say("office-team.add"), here: "/visits", crumbs: t.teamCrumbs(v, t.say("office-team.add")), body: append(body, t.pagesOf(at, q, next)...)})
}

func memberAt(v *daylightv1.Visit, person string) int {
	return slices.IndexFunc(v.GetTeam(), func(m *daylightv1.TeamMember) bool { return m.GetId() == person })
}

// member is whom the address names: as the team has them, else as the directory does.
func (t *turn) member(v *daylightv1.Visit) (id record.ID, m *daylightv1.TeamMember, err error) {
	if id, err = t.id("person"); err != nil {
		return id, nil, err
	}
	if at := memberAt(v, id.String()); at >= 0 {
		return id, v.GetTeam()[at], nil
	}
	p, err := t.directory.Person(t.ctx(), id)
	if err != nil {
		return id, nil, err
	}
	name := p.GetName()
	return id, &daylightv1.TeamMember{Id: id.String(), Person: &name}, nil
}

func (t *turn) showMember(f *look.Form, why look.Text) error {
	_, v, err := t.visitWithTeam()
	if err != nil {
		return err
	}
	_, m, err := t.member(v)
	if err != nil {
		return err
	}
	in := memberAt(v, m.GetId()) >= 0
	roles := look.Choices{Name: "role", Legend: t.say("office-team.as"), Many: true, Two: true}
	for n := 1; n < len(daylightv1.TeamRole_name); n++ {
		r := daylightv1.TeamRole(n)
		checked := slices.Contains(m.GetRoles(), r)
		if f != nil {
			checked = f.Ticked("role", codeOf(r))
		}
		roles.Options = append(roles.Options, look.Choice{Value: codeOf(r), Text: t.enum(r), Checked: checked})
	}
	carried := carriedOf(v)
	if f != nil {
		carried = f.Value(recordpage.AsField)
	}
	hidden := []look.Hidden{{Name: recordpage.AsField, Value: carried}}
	at, save := "/visits/"+v.GetId()+"/team/"+m.GetId(), t.say("office-team.put-in")
	if in {
		save = t.say("office-people.save")
	}
	body := append(t.failure(why), look.Questions{Action: at, Hidden: hidden, Body: []look.Part{roles, look.Cluster{Body: []look.Part{look.Button{Text: save, Kind: look.ButtonMain},
		look.Button{Text: t.say("office-people.leave"), Href: "/visits/" + v.GetId() + "/team"}}}}})
	if in {
		body = append(body, look.Section{Heading: t.say("office-team.take-out"), Body: []look.Part{look.Para{Text: t.say("office-team.take-out-body")},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-team.take-out"), Action: at, Hidden: append(hidden, look.Hidden{Name: "out", Value: "yes"})}}}}})
	}
	return t.show(sheet{title: t.say("office-team.member"), heading: look.Typed(m.GetPerson()), here: "/visits", crumbs: t.teamCrumbs(v, t.say("office-team.member")), body: body})
}

// codeOf is the code of a role in a team, as HEAD.
func codeOf(r daylightv1.TeamRole) string { return strings.TrimPrefix(r.String(), "TEAM_ROLE_") }

// changeMember changes one member in the visit as the form was made from it, so that what
// somebody else writes meanwhile is not lost.
func (t *turn) changeMember(f *look.Form) error {
	item, v, err := t.visitWithTeam()
	if err != nil {
		return err
	}
	id, err := t.id("person")
	if err != nil {
		return err
	}
	carried, err := recordpage.Unpack(record.Visit, v.GetId(), f.Value(recordpage.AsField))
	if err != nil {
		return look.ErrForm
	}
	how := &daylightv1.ChangeTeamRequest{Remove: f.Value("out") == "yes"}
	for _, code := range f.Values("role") {
		if r := daylightv1.TeamRole(daylightv1.TeamRole_value["TEAM_ROLE_"+code]); r != 0 {
			how.Roles = append(how.Roles, r)
		}
	}
	as, _ := carried.(*daylightv1.Visit)
	said := map[bool]string{true: "out", false: "in"}[how.Remove]
	if at := memberAt(as, id.String()); at >= 0 && len(how.Roles) == 0 {
		as.Team[at].Roles = nil // all were taken off
	}
	err = t.office().ChangeTeam(t.ctx(), item, as, id, how)
	if err == nil {
		return t.to("/visits/" + v.GetId() + "/team?done=" + said)
	}
	if why, ok := t.notSaved(err); ok {
		return t.showMember(f, why)
	}
	switch rpcerr.CodeOf(err) {
	case rpcerr.NotFound: // taken out by somebody else meanwhile
		return t.to("/visits/" + v.GetId() + "/team?done=out")
	case rpcerr.Conflict:
		t.status = http.StatusConflict
		return t.showMember(f, t.say("office-team.two"))
	case rpcerr.Invalid:
		t.status = http.StatusUnprocessableEntity
		return t.showMember(f, t.say("office-team.disabled"))
	}
	return err
}
