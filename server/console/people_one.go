package console

import (
	"errors"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
)

// One person: roles with what they let do, devices, and how they sign in.

func (t *turn) peopleCrumbs(p *daylightv1.Person, here look.Text) []look.Link {
	out := []look.Link{{Href: "/people", Text: t.say("office-people.title")}}
	if p.GetId() != "" {
		out = append(out, look.Link{Href: "/people/" + p.GetId(), Text: look.Typed(p.GetName())})
	}
	return append(out, look.Link{Text: here})
}

var personDone = map[string]look.Key{"added": "office-people.done-added", "changed": "office-people.done-changed", "disabled": "office-people.done-disabled",
	"enabled": "office-people.done-enabled", "ended": "office-people.done-ended"}

// person is the one that the address names, with how they sign in.
func (t *turn) person() (a signin.Account, err error) {
	id, err := t.id("id")
	if err != nil {
		return a, err
	}
	return t.signins.Account(t.ctx(), id)
}

func (t *turn) showPerson() error {
	a, err := t.person()
	if err != nil {
		return err
	}
	devices, _, err := t.directory.ListDevices(t.ctx(), directory.DeviceQuery{Person: a.ID})
	if err != nil {
		return err
	}
	table, err := t.deviceTable(devices, false)
	if err != nil {
		return err
	}
	body := append(t.done(personDone), t.personFacts(a), look.Section{Heading: t.say("office-people.roles"), Body: t.rolesShown(a.Person)},
		look.Section{Heading: t.say("office-devices.title"), Body: []look.Part{table}})
	aside, err := t.personAside(a)
	if err != nil {
		return err
	}
	s := sheet{title: t.say("office-people.one"), heading: look.Typed(a.Person.GetName()), here: "/people", body: body, aside: aside,
		crumbs: []look.Link{{Href: "/people", Text: t.say("office-people.title")}, {Text: t.say("office-people.one")}}}
	if changesPeople(t.rights) {
		s.actions = []look.Part{look.Button{Text: t.say("office-people.change"), Icon: look.IconPen, Href: "/people/" + a.ID.String() + "/change", Kind: look.ButtonMain}}
	}
	return t.show(s)
}

func (t *turn) personFacts(a signin.Account) look.Part {
	state := t.say("office-people.works")
	if a.Person.GetDisabled() {
		state = t.say("office-people.disabled")
	}
	last := t.locale.When(a.Ways.Last)
	if a.Ways.Last.IsZero() {
		last = t.say("office-people.never")
	}
	items := []look.Fact{{Name: t.say("office-people.state"), Value: state}, {Name: t.say("office-people.last"), Value: last}}
	if a.Person.GetNumber() != "" {
		items = append(items, look.Fact{Name: t.say("office-people.number"), Value: look.Typed(a.Person.GetNumber())})
	}
	if a.Person.GetBody() != "" {
		items = append(items, look.Fact{Name: t.say("office-people.body"), Value: t.bodyName(a.Person.GetBody())})
	}
	return look.Facts{Leaf: true, Items: items}
}

// bodyName is what a body is called, by its code.
func (t *turn) bodyName(code string) look.Text {
	bodies, err := t.directory.Bodies(t.ctx())
	if err != nil {
		return look.Mono(code)
	}
	for _, b := range bodies {
		if b.GetCode() == code {
			return look.Typed(b.GetName())
		}
	}
	return look.Mono(code)
}

// rolesShown are all grants, those too that do not count now, each with what it lets do.
func (t *turn) rolesShown(p *daylightv1.Person) (out []look.Part) {
	if len(p.GetGrants()) == 0 {
		return []look.Part{look.Empty{Text: t.say("office-people.no-role"), Under: t.say("office-people.no-role-body")}}
	}
	for _, g := range access.GrantsOf(p.GetGrants()) {
		name := look.Spaced(t.code("OFFICE_ROLE", g.Role.String()), look.Code(g.Region))
		out = append(out, look.Unfold{Summary: look.Dotted(append([]look.Text{name}, t.period(g)...)...), Body: []look.Part{look.Pairs{Small: true, Items: t.lets(g)}}})
	}
	return out
}

// period says from when to when a grant counts.
func (t *turn) period(g access.Grant) (out []look.Text) {
	now := t.locale.Now.UnixMilli()
	if g.From > now {
		out = append(out, t.say("office-people.from-day", "day", t.locale.Day(time.UnixMilli(g.From))))
	}
	if g.Until > 0 {
		key := look.Key("office-people.until-day")
		if g.Until <= now {
			key = "office-people.ended-day"
		}
		out = append(out, t.say(key, "day", t.locale.Day(time.UnixMilli(g.Until-1))))
	}
	if g.Check() != nil {
		out = append(out, t.say("office-people.gives-nothing"))
	}
	return out
}

// lets says in words what the table of rights gives to a role.
func (t *turn) lets(g access.Grant) (out []look.Fact) {
	g.From, g.Until = 0, 0
	r := access.At(t.locale.Now.UnixMilli(), g)
	columns := []struct {
		key look.Key
		has func(record.Kind) bool
	}{
		{"office-people.lets-all", func(k record.Kind) bool { return r.Reads(k)&access.All != 0 }},
		{"office-people.lets-region", func(k record.Kind) bool { return r.Reads(k)&access.Region != 0 }},
		{"office-people.lets-own", func(k record.Kind) bool {
			return r.Reads(k)&access.Own != 0 && r.Reads(k)&(access.All|access.Region) == 0
		}},
		{"office-people.lets-write", r.WritesKind},
	}
	for _, c := range columns {
		var kinds []look.Text
		for _, k := range record.Kinds() {
			if c.has(k) {
				kinds = append(kinds, t.saying().Kind(k))
			}
		}
		if len(kinds) > 0 {
			out = append(out, look.Fact{Name: t.say(c.key), Value: t.locale.List(kinds...)})
		}
	}
	if acts := t.actionsOf(r); len(acts) > 0 {
		out = append(out, look.Fact{Name: t.say("office-people.lets-office"), Value: t.locale.List(acts...)})
	}
	if len(out) == 0 {
		out = append(out, look.Fact{Name: t.say("office-people.lets-all"), Value: t.say("office-people.lets-nothing")})
	}
	return out
}

func (t *turn) actionsOf(r access.Rights) (out []look.Text) {
	for a := access.ReadDirectory; a <= access.ChangeTeams; a++ {
		if r.May(a) {
			out = append(out, t.say(look.Key("office-people.may-"+a.String())))
		}
	}
	return out
}

// personAside is what an administrator does about a person, and where they are signed in.
func (t *turn) personAside(a signin.Account) (out []look.Part, err error) {
	at, own := "/people/"+a.ID.String(), a.ID == t.session.PersonID
	var do []look.Part
	if may(access.EnrolDevice)(t.rights) && !a.Person.GetDisabled() {
		do = append(do, look.Button{Text: t.say("office-devices.enrol"), Icon: look.IconDevice, Href: with("/devices/invite", "person", a.ID.String()), Wide: true})
	}
	if changesPeople(t.rights) && !own {
		switch {
		case a.Person.GetDisabled():
			do = append(do, look.Button{Text: t.say("office-people.enable"), Action: at + "/enable", Wide: true})
		case !a.Ways.Passphrase && len(a.Ways.Passkeys) == 0:
			do = append(do, look.Button{Text: t.say("office-people.code"), Href: at + "/code", Wide: true})
		default:
			do = append(do, look.Button{Text: t.say("office-reset.propose"), Href: "/sign-ins/" + a.ID.String(), Wide: true})
		}
		if !a.Person.GetDisabled() {
			do = append(do, look.Button{Text: t.say("office-people.disable"), Href: at + "/disable", Kind: look.ButtonGrave, Wide: true})
		}
	}
	if len(do) > 0 {
		out = append(out, look.Leaf{Heading: t.say("office-people.do"), Body: do})
	}
	if changesPeople(t.rights) {
		sessions, err := t.signins.Sessions(t.ctx(), a.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, t.theirSessions(a, sessions))
	}
	if may(access.ReadAccessLog)(t.rights) {
		out = append(out, look.Para{Text: look.To(with("/access-log", "person", a.ID.String()), t.say("office-people.log"))})
	}
	return out, nil
}

func (t *turn) theirSessions(a signin.Account, all []*signin.Session) look.Part {
	leaf := look.Leaf{Heading: t.say("office-people.sessions")}
	if len(all) == 0 {
		leaf.Body = []look.Part{look.Para{Soft: true, Text: t.say("office-people.no-session")}}
		return leaf
	}
	rows := look.Rows{}
	for _, s := range all {
		rows.Items = append(rows.Items, look.Row{Text: t.browser(s), Under: look.Dotted(t.wayName(s.Way), t.locale.When(s.Seen))})
	}
	leaf.Body = []look.Part{rows}
	if a.ID != t.session.PersonID {
		leaf.Body = append(leaf.Body, look.Button{Text: t.say("office-people.end-sessions"), Action: "/people/" + a.ID.String() + "/sessions/end", Wide: true})
	}
	return leaf
}

func (t *turn) endTheirSessions(*look.Form) error {
	a, err := t.person()
	if err == nil {
		err = t.signins.EndAll(t.ctx(), t.session, a.ID)
	}
	return either(err, func() error { return t.to("/people/" + a.ID.String() + "?done=ended") })
}

// showDisable says what it means, before it is done.
func (t *turn) showDisable(why look.Text) error {
	a, err := t.person()
	if err != nil {
		return err
	}
	body := append(t.failure(why), look.Points{Items: []look.Text{t.say("office-people.disable-1"), t.say("office-people.disable-2"), t.say("office-people.disable-3")}},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-people.disable-do"), Kind: look.ButtonMain, Action: "/people/" + a.ID.String() + "/disable"},
			look.Button{Text: t.say("office-people.leave"), Href: "/people/" + a.ID.String()}}})
	return t.show(sheet{title: t.say("office-people.disable-title"), heading: t.say("office-people.disable-of", "name", look.Typed(a.Person.GetName())), here: "/people",
		crumbs: t.peopleCrumbs(a.Person, t.say("office-people.disable-title")), body: body})
}

func (t *turn) setDisabled(to bool) error {
	a, err := t.person()
	switch {
	case err != nil:
		return err
	case a.Person.GetDisabled() == to:
	case to && a.ID == t.session.PersonID: // somebody else says that of oneself
		return errNotFound
	default:
		a.Person.Disabled = to
		if _, err := t.directory.SavePerson(t.ctx(), a.Person, t.session.By("console people")); err != nil {
			if why, ok := t.directorySays(err); ok {
				return t.showDisable(why)
			}
			return err
		}
	}
	said := map[bool]string{true: "disabled", false: "enabled"}[to]
	return t.to("/people/" + a.ID.String() + "?done=" + said)
}

// firstFor are how long a first-sign-in code may be good, in hours.
var firstFor = []int{1, 24, 72}

func (t *turn) showFirstCode() error {
	a, err := t.person()
	if err != nil {
		return err
	}
	lasts := look.Choices{Name: "hours", Legend: t.say("office-people.code-for")}
	for _, h := range firstFor {
		lasts.Options = append(lasts.Options, look.Choice{Value: strconv.Itoa(h), Text: t.locale.Long(time.Duration(h) * time.Hour), Checked: h == 24})
	}
	body := []look.Part{look.Points{Items: []look.Text{t.say("office-people.code-1"), t.say("office-people.code-2"), t.say("office-people.code-3")}},
		look.Questions{Action: "/people/" + a.ID.String() + "/code", Body: []look.Part{lasts, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-people.code-do"), Kind: look.ButtonMain}}}}}}
	return t.show(sheet{title: t.say("office-people.code"), heading: t.say("office-people.code-of", "name", look.Typed(a.Person.GetName())), here: "/people",
		crumbs: t.peopleCrumbs(a.Person, t.say("office-people.code")), body: body})
}

func (t *turn) makeFirstCode(f *look.Form) error {
	a, err := t.person()
	if err != nil {
		return err
	}
	hours, err := strconv.Atoi(f.Value("hours"))
	if err != nil {
		hours = firstFor[0]
	}
	code, link, until, err := t.office().LetIn(t.ctx(), a.ID, time.Duration(hours)*time.Hour)
	if errors.Is(err, signin.ErrSetUp) {
		return t.to("/sign-ins/" + a.ID.String()) // two people let them set up anew
	}
	if err != nil {
		return err
	}
	picture, err := qrOf(link, t.say("office-people.code-qr"))
	if err != nil {
		return err
	}
	body := []look.Part{look.Leaf{Heading: t.say("office-people.code-for-name", "name", look.Typed(a.Person.GetName())), Body: []look.Part{picture,
		look.Para{Big: true, Text: look.Mono(code)}, look.Para{Small: true, Text: look.Mono(link)}}},
		look.Points{Items: []look.Text{t.say("office-people.code-until", "when", t.locale.Moment(until)), t.say("office-people.code-hand"), t.say("office-people.code-type")}},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-people.code-done"), Href: "/people/" + a.ID.String(), Kind: look.ButtonMain}}}}
	return t.show(sheet{title: t.say("office-people.code"), lede: t.say("office-people.code-once"), here: "/people", crumbs: t.peopleCrumbs(a.Person, t.say("office-people.code")), body: body})
}
