package console

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
)

// The people at the office and on its behalf: who there is, with which roles, until when.

var (
	seesDirectory = may(access.ReadDirectory)
	changesPeople = may(access.ChangePeople)
)

func (c *Console) peopleRoutes() {
	c.rail = append(c.rail, way{href: "/people", icon: look.IconPeople, name: "office-people.rail", allow: seesDirectory})
	c.page("/people", seesDirectory, (*turn).showPeople)
	c.page("/people/{id}", seesDirectory, (*turn).showPerson)
	c.freshPage("/people/new", changesPeople, func(t *turn) error { return t.showPersonForm(&daylightv1.Person{}, nil, nil) })
	c.freshPost("/people/new", changesPeople, (*turn).savePerson)
	c.freshPage("/people/{id}/change", changesPeople, (*turn).showChange)
	c.freshPost("/people/{id}/change", changesPeople, (*turn).savePerson)
	c.freshPage("/people/{id}/disable", changesPeople, func(t *turn) error { return t.showDisable(nil) })
	c.freshPost("/people/{id}/disable", changesPeople, func(t *turn, _ *look.Form) error { return t.setDisabled(true) })
	c.freshPost("/people/{id}/enable", changesPeople, func(t *turn, _ *look.Form) error { return t.setDisabled(false) })
	c.freshPage("/people/{id}/code", changesPeople, func(t *turn) error { return t.showFirstCode() })
	c.freshPost("/people/{id}/code", changesPeople, (*turn).makeFirstCode)
	c.freshPost("/people/{id}/sessions/end", changesPeople, (*turn).endTheirSessions)
	c.teamRoutes()
	c.officeRoutes()
}

const (
	// silentFor is after how long without a sign of life a device is called silent.
	silentFor = 5 * 24 * time.Hour
	// endsSoon is how long before its end a role is said to end.
	endsSoon = 60 * 24 * time.Hour
)

// peopleTabs lead between the pages about who there is.
func (t *turn) peopleTabs(here string) look.Part {
	a := look.Anchors{Name: t.say("office-people.rail")}
	for _, w := range []struct {
		href string
		text look.Text
	}{{"/people", t.say("office-people.title")}, {"/devices", t.say("office-devices.title")}, {"/office", t.say("office-office.title")}, {"/office/bodies", t.say("office-office.bodies")}, {"/office/clocks", t.say("office-clocks.title")}} {
		if w.href == "/office/clocks" && !seesClocks(t.rights) {
			continue
		}
		a.Links = append(a.Links, look.Link{Href: w.href, Text: w.text, Current: w.href == here})
	}
	return a
}

// howMany says how many there are.
func (t *turn) howMany() (look.Text, error) {
	c, err := t.directory.Count(t.ctx(), t.locale.Now.Add(-silentFor).UnixMilli())
	if err != nil {
		return nil, err
	}
	out := []look.Text{t.say("office-people.count", "n", c.People), t.say("office-devices.count", "n", c.Devices)}
	if c.Waiting > 0 {
		out = append(out, look.To("/devices?show=waiting", t.say("office-devices.count-waiting", "n", c.Waiting)))
	}
	if c.Silent > 0 {
		out = append(out, look.To("/devices?show=silent", t.say("office-devices.count-silent", "n", c.Silent)))
	}
	return look.Dotted(out...), nil
}

// peopleQuery reads the filters of the address.
func (t *turn) peopleQuery(q url.Values) signin.AccountQuery {
	out := signin.AccountQuery{Words: q.Get("q"), Body: q.Get("body"), After: q.Get("after"), Disabled: q.Get("show") == "disabled"}
	out.Role = daylightv1.OfficeRole(daylightv1.OfficeRole_value["OFFICE_ROLE_"+q.Get("role")])
	if q.Get("show") == "ending" {
		out.EndsBefore = t.locale.Now.Add(endsSoon).UnixMilli()
	}
	return out
}

func (t *turn) showPeople() error {
	q := t.r.URL.Query()
	people, next, err := t.signins.Find(t.ctx(), t.peopleQuery(q))
	if err != nil {
		return err
	}
	lede, err := t.howMany()
	if err != nil {
		return err
	}
	filters, err := t.peopleFilters(q)
	if err != nil {
		return err
	}
	s := sheet{title: t.say("office-people.title"), here: "/people", lede: lede, body: []look.Part{t.peopleTabs("/people"), filters, t.peopleTable(people)}}
	s.body = append(s.body, t.pagesOf("/people", q, next)...)
	if changesPeople(t.rights) {
		s.actions = []look.Part{look.Button{Text: t.say("office-people.add"), Icon: look.IconPlus, Href: "/people/new", Kind: look.ButtonMain}}
	}
	return t.show(s)
}

// pagesOf leads to the first and the next page of a list whose filters are in the address.
func (t *turn) pagesOf(path string, q url.Values, next string) []look.Part {
	p := look.Pager{N: -1}
	q = maps.Clone(q)
	after := q.Get("after")
	q.Del("after")
	if after != "" {
		p.Earlier = path + "?" + q.Encode()
	}
	if next != "" {
		q.Set("after", next)
		p.Later = path + "?" + q.Encode()
	}
	if p.Earlier == "" && p.Later == "" {
		return nil
	}
	return []look.Part{p}
}

func (t *turn) peopleFilters(q url.Values) (look.Part, error) {
	bodies, err := t.directory.Bodies(t.ctx())
	if err != nil {
		return nil, err
	}
	body := []look.Part{look.Input{Name: "q", Label: t.say("office-people.name"), Value: q.Get("q"), Type: "search"},
		look.Select{Name: "role", Label: t.say("office-people.role"), Options: t.roleOptions(q.Get("role"), t.say("office-people.any-role"))}}
	if len(bodies) > 0 {
		body = append(body, look.Select{Name: "body", Label: t.say("office-people.body"), Options: t.bodyOptions(bodies, q.Get("body"), t.say("office-people.any-body"))})
	}
	show := look.Select{Name: "show", Label: t.say("office-people.show")}
	for _, v := range []string{"", "ending", "disabled"} {
		text := t.say("office-people.show-all")
		if v != "" {
			text = t.say(look.Key("office-people.show-" + v))
		}
		show.Options = append(show.Options, look.Option{Value: v, Text: text, Selected: q.Get("show") == v})
	}
	return look.Filters{Action: "/people", Body: append(body, show), Clear: t.clear("/people", q)}, nil
}

// clear leads to a list without its filters, where it has any.
func (t *turn) clear(path string, q url.Values) look.Link {
	for name := range q {
		if name != "after" && q.Get(name) != "" {
			return look.Link{Href: path, Text: t.say("office-people.clear")}
		}
	}
	return look.Link{}
}

func (t *turn) roleOptions(now string, none look.Text) []look.Option {
	out := []look.Option{{Text: none, Selected: now == ""}}
	for _, r := range access.Roles() {
		out = append(out, look.Option{Value: r.String(), Text: t.code("OFFICE_ROLE", r.String()), Selected: now == r.String()})
	}
	return out
}

func (t *turn) bodyOptions(bodies []*daylightv1.Body, now string, none look.Text) []look.Option {
	out := []look.Option{{Text: none, Selected: now == ""}}
	known := now == ""
	for _, b := range bodies {
		known = known || b.GetCode() == now
		out = append(out, look.Option{Value: b.GetCode(), Text: look.Typed(b.GetName()), Selected: b.GetCode() == now})
	}
	if !known {
		out = append(out, look.Option{Value: now, Text: look.Mono(now), Selected: true})
	}
	return out
}

func (t *turn) peopleTable(people []signin.Account) look.Part {
	if len(people) == 0 {
		return look.Empty{Text: t.say("office-people.nobody"), Under: t.say("office-people.nobody-body")}
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-people.caption"), Head: []look.Column{{Text: t.say("office-people.person")}, {Text: t.say("office-people.roles")},
		{Text: t.say("office-people.until")}, {Text: t.say("office-people.last"), Whole: true}}}
	for _, a := range people {
		roles := look.Lines(t.rolesNow(a.Person)...)
		if len(roles) == 0 {
			roles = look.Soft(t.say("office-people.no-role"))
		}
		last := t.locale.When(a.Ways.Last)
		if a.Ways.Last.IsZero() {
			last = look.Soft(t.say("office-people.never"))
		}
		table.Rows = append(table.Rows, look.Line{Href: "/people/" + a.ID.String(), Cells: []look.Cell{{Text: look.Typed(a.Person.GetName()), Under: t.badge(a.Person)},
			{Text: roles}, t.untilCell(a.Person), {Text: last}}})
	}
	return table
}

// rolesNow are those that count now, where it stands elsewhere until when.
func (t *turn) rolesNow(p *daylightv1.Person) (out []look.Text) {
	now := t.locale.Now.UnixMilli()
	for _, g := range access.GrantsOf(p.GetGrants()) {
		if g.From <= now && (g.Until == 0 || g.Until > now) {
			out = append(out, look.Spaced(t.code("OFFICE_ROLE", g.Role.String()), look.Code(g.Region)))
		}
	}
	return out
}

// badge is what stands under a name: number, body, and that somebody is disabled.
func (t *turn) badge(p *daylightv1.Person) look.Text {
	var out []look.Text
	if p.GetDisabled() {
		out = append(out, t.say("office-people.disabled"))
	}
	if p.GetNumber() != "" {
		out = append(out, look.Typed(p.GetNumber()))
	}
	if p.GetBody() != "" {
		out = append(out, look.Mono(p.GetBody()))
	}
	return look.Dotted(out...)
}

// untilCell says when the first of somebody's roles ends.
func (t *turn) untilCell(p *daylightv1.Person) look.Cell {
	first := int64(0)
	for _, g := range p.GetGrants() {
		if u := g.GetUntil(); u > t.locale.Now.UnixMilli() && (first == 0 || u < first) {
			first = u
		}
	}
	if first == 0 {
		return look.Cell{Text: look.Soft(t.say("office-people.no-end"))}
	}
	end := time.UnixMilli(first - 1)
	c := look.Cell{Text: t.locale.Day(end)}
	if left := end.Sub(t.locale.Now); left < endsSoon {
		c.Body = []look.Part{look.Tag{Kind: look.TagWatch, Icon: look.IconClock, Text: t.locale.Late(end)}}
	}
	return c
}

// directorySays says why a change of the directory was not taken, and sets the status of the
// page; ok is false for an error that is no answer to what was asked.
func (t *turn) directorySays(err error) (why look.Text, ok bool) {
	for of, key := range map[error]look.Key{directory.ErrStale: "office-people.stale", directory.ErrLastAdmin: "office-people.last-admin", directory.ErrTaken: "office-people.taken",
		directory.ErrSecond: "office-devices.second", directory.ErrWords: "office-devices.wrong-words"} {
		if errors.Is(err, of) {
			why = t.say(key)
		}
	}
	switch code := rpcerr.CodeOf(err); code {
	case rpcerr.Invalid:
		t.status = http.StatusUnprocessableEntity
	case rpcerr.Conflict:
		t.status = http.StatusConflict
	case rpcerr.Denied:
		t.status = http.StatusForbidden
	default:
		return nil, false
	}
	var said *rpcerr.Error
	if len(why) == 0 && errors.As(err, &said) {
		why = look.Foreign("en", strings.TrimSpace(said.Message))
	}
	return why, true
}

// done is the note about what was done just now, of a few fixed words in the address.
func (t *turn) done(said map[string]look.Key) []look.Part {
	key, known := said[t.r.URL.Query().Get("done")]
	if !known {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteSettled, Status: true, Text: t.say(key)}}
}
