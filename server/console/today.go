package console

import (
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/signin"
)

func (c *Console) todayRoutes() {
	c.rail = append(c.rail, way{href: "/", icon: look.IconHome, name: "office-today.title"})
	c.page("/{$}", nil, (*turn).showToday)
}

// showToday greets whoever has signed in, and says what to see to about their own sign-in.
func (t *turn) showToday() error {
	ways, err := t.signins.Ways(t.ctx(), t.session.PersonID)
	if err != nil {
		return err
	}
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	body := t.wayNotes(ways)
	if roles := t.roles(t.session.Person); len(roles) > 0 {
		body = append(body, look.Section{Heading: t.say("office-today.roles"), Body: []look.Part{look.Points{Items: roles}}})
	} else {
		body = append(body, look.Empty{Text: t.say("office-today.no-role"), Under: t.say("office-today.no-role-body")})
	}
	return t.show(sheet{title: t.say("office-today.title"), here: "/", over: t.locale.Moment(t.locale.Now),
		lede: t.say("office-today.lede", "office", look.Typed(office.GetName()), "name", look.Typed(t.session.Person.GetName())), body: body})
}

// wayNotes say what would keep somebody out one day.
func (t *turn) wayNotes(w signin.Ways) (out []look.Part) {
	if t.session.Way == signin.RecoveryCode {
		out = append(out, look.Note{Kind: look.NoteAttend, Heading: t.say("office-today.recovered"), Text: t.say("office-today.recovered-body"),
			Body: []look.Part{look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-today.to-account"), Href: "/account"}}}}})
	}
	if w.Codes < 3 {
		out = append(out, look.Note{Kind: look.NoteWatch, Heading: t.say("office-today.few-codes", "n", w.Codes), Text: t.say("office-today.few-codes-body"),
			Body: []look.Part{look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-account.codes-new"), Href: "/account/codes"}}}}})
	}
	return out
}

// roles are a person's that count now, each by its name, with where it is for.
func (t *turn) roles(p *daylightv1.Person) (out []look.Text) {
	now := t.locale.Now.UnixMilli()
	for _, g := range p.GetGrants() {
		if g.GetFrom() > now || g.GetUntil() > 0 && g.GetUntil() <= now {
			continue
		}
		code := strings.TrimPrefix(g.GetRole().String(), "OFFICE_ROLE_")
		name := t.locale.Labelled(vocabulary.Shipped().Label("OFFICE_ROLE", vocabulary.Code(code), t.locale.Tag))
		if g.GetRegion() != "" {
			name = look.Spaced(name, look.Code(g.GetRegion()))
		}
		if g.GetUntil() > 0 {
			name = look.Dotted(name, t.say("office-today.until", "day", t.locale.Day(time.UnixMilli(g.GetUntil()-1).In(t.locale.Zone))))
		}
		out = append(out, name)
	}
	return out
}
