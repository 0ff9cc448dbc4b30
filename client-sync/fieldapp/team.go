package fieldapp

import (
	"slices"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (a *App) teamRoutes() {
	a.ofRecord(clientsync.KindVisit, "team", (*turn).showTeam)
	a.onRecord(clientsync.KindVisit, "member", (*turn).addMember)
}

// showTeam is who visits, and as what. Those whom the office knows are added by their name
// there: so their devices get the visit.
func (t *turn) showTeam(item clientsync.Item) error {
	e, err := t.edit(item, "team")
	if err != nil {
		return err
	}
	known, err := t.client.Directory(t.ctx())
	if err != nil {
		return err
	}
	v := item.Message.(*daylightv1.Visit)
	body := append([]look.Part{look.Heading{Text: t.say("field-visit.team"), Under: t.say("field-visit.team-under")}}, e.notices()...)
	var members []look.Part
	for i, m := range v.GetTeam() {
		members = append(members, e.memberPart(i, m, known))
	}
	if len(members) == 0 {
		members = append(members, look.Empty{Text: t.say("field-visit.no-team")})
	}
	members = append(append(e.beside("team"), members...), e.addTo("team", "field-visit.add-member"))
	body = append(body, e.form(look.Section{Heading: t.say("field-visit.members"), ID: look.FieldID("team"), Body: members}))
	if more := t.colleagues(item, v, known); len(more) > 0 {
		body = append(body, look.Section{Heading: t.say("field-visit.colleagues"), Body: []look.Part{look.Para{Text: t.say("field-visit.colleagues-under"), Small: true, Soft: true}, look.Rows{Items: more}}})
	}
	return t.visitTab(item, "team", sheet{title: "field-visit.team", body: append(body, t.ends(item))})
}

// memberPart asks about one of the team. The name of somebody whom the office knows is the
// office's: it stands in the heading, and is changed under what is seldom needed.
func (e *editor) memberPart(i int, m *daylightv1.TeamMember, known clientsync.Directory) look.Part {
	at := func(field string) string { return recordpage.At("team", m.GetId(), field) }
	heading := e.numbered("field-visit.member", i)
	if m.GetPerson() != "" {
		heading = look.Typed(m.GetPerson())
	}
	name := []look.Part{e.line(ask{path: at("person"), label: "field-visit.person"})}
	var seldom []look.Part
	if m.GetPerson() != "" && slices.ContainsFunc(known.People, func(p clientsync.Colleague) bool { return p.ID == m.GetId() }) {
		name, seldom = nil, name
	}
	return e.element("team", m.GetId(), heading, "field-visit.drop-member", append(name,
		look.Unfold{Summary: e.rolesLine(m), Open: len(m.GetRoles()) == 0, Plain: true, Body: []look.Part{e.several(ask{path: at("roles"), label: "field-visit.roles", two: true})}},
		look.Unfold{Summary: e.say("field-visit.more"), Plain: true, Body: append(seldom,
			e.one(ask{path: at("sex"), label: "field-visit.sex", two: true}),
			e.languages(at("languages")),
			e.line(ask{path: at("conflict_of_interest"), label: "field-visit.interest", hint: "field-visit.interest-hint", rows: 2}))})...)
}

func (t *turn) rolesLine(m *daylightv1.TeamMember) look.Text {
	var roles []look.Text
	for _, r := range m.GetRoles() {
		roles = append(roles, t.labelOf(r))
	}
	if len(roles) == 0 {
		return t.say("field-visit.roles")
	}
	return look.Dotted(roles...)
}

// languages asks for the languages that somebody speaks: those of the product, and what is
// set already.
func (e *editor) languages(path string) look.Part {
	now, _ := recordpage.ReadSet(e.item.Message, path)
	tags := slices.Clone(look.Languages)
	for _, tag := range now {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	e.has = append(e.has, path)
	all := []look.Choice{}
	for _, tag := range tags {
		all = append(all, look.Choice{Value: tag, Text: look.LanguageName(tag), Checked: slices.Contains(now, tag)})
	}
	return look.Choices{Name: path, Legend: e.say("field-visit.languages"), Options: all, Many: true, Two: true, Error: e.refused[path]}
}

// colleagues are those whom the office knows and who are not in the team.
func (t *turn) colleagues(item clientsync.Item, v *daylightv1.Visit, known clientsync.Directory) (rows []look.Row) {
	for _, p := range known.People {
		if slices.ContainsFunc(v.GetTeam(), func(m *daylightv1.TeamMember) bool { return m.GetId() == p.ID }) {
			continue
		}
		var roles []look.Text
		for _, r := range p.Roles {
			roles = append(roles, t.code("OFFICE_ROLE", r))
		}
		rows = append(rows, look.Row{Lead: look.Symbol{Icon: look.IconPerson}, Text: look.Typed(p.Name), Under: look.Dotted(roles...), Actions: []look.Part{
			look.Button{Text: t.say("field-visit.add"), Label: t.say("field-visit.add-whom", "who", look.Typed(p.Name)), Action: t.href(item.Kind, item.ID, "member"), Hidden: []look.Hidden{{Name: "who", Value: p.ID}}}}})
	}
	return rows
}

// addMember puts somebody whom the office knows into the team.
func (t *turn) addMember(item clientsync.Item, f *look.Form) error {
	known, err := t.client.Directory(t.ctx())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(known.People, func(p clientsync.Colleague) bool { return p.ID == f.Value("who") })
	if i < 0 {
		return recordpage.ErrForm
	}
	v, p := item.Message.(*daylightv1.Visit), known.People[i]
	if !slices.ContainsFunc(v.GetTeam(), func(m *daylightv1.TeamMember) bool { return m.GetId() == p.ID }) {
		m := &daylightv1.TeamMember{Id: p.ID, Person: proto.String(p.Name)}
		if p.Body != "" {
			m.Body = proto.String(p.Body)
		}
		v.Team = append(v.Team, m)
	}
	if err := t.client.Save(t.ctx(), v); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID, "team") + "?saved=1#" + look.FieldID(recordpage.At("team", p.ID)))
}

// teamLine names who leads.
func (t *turn) teamLine(v *daylightv1.Visit) look.Text {
	for _, m := range v.GetTeam() {
		if slices.Contains(m.GetRoles(), daylightv1.TeamRole_TEAM_ROLE_HEAD) && m.GetPerson() != "" {
			return t.say("field-visit.led-by", "who", look.Typed(m.GetPerson()))
		}
	}
	return nil
}
