package console

import (
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/signin"
	"github.com/daylight-npm/daylight/server/store"
)

func (c *Console) todayRoutes() {
	c.rail = append(c.rail, way{href: "/", icon: look.IconHome, name: "office-today.title"})
	c.page("/{$}", nil, (*turn).showToday)
	c.searchRoutes()
}

// today is what one person's day begins with, before anything of it is named.
type today struct {
	naming
	urgent  []store.Pressing
	uploads []store.Upload
	owed    []store.Debt
	// handed in are the visits that wait for a reviewer, out those that are going on.
	handedIn, out store.Standing
	contested     []store.Contested
	held          int
	main          bool // the one main action is given away
}

// showToday says what cannot wait, then what waits for a decision, then all else in brief.
func (t *turn) showToday() error {
	d := &today{naming: naming{turn: t}}
	if err := d.ask(); err != nil {
		return err
	}
	if err := d.know(); err != nil {
		return err
	}
	ways, err := t.signins.Ways(t.ctx(), t.session.PersonID)
	if err != nil {
		return err
	}
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	aside, err := d.inBrief()
	if err != nil {
		return err
	}
	urgent, decisions := d.urgencies(), d.decisions()
	s := sheet{title: t.say("office-today.title"), here: "/", over: t.locale.Moment(t.locale.Now), aside: aside,
		lede: t.say("office-today.lede", "office", look.Typed(office.GetName()), "name", look.Typed(t.session.Person.GetName()))}
	switch {
	case len(d.urgent) > 0:
		s.heading = t.say("office-today.cannot-wait", "n", len(d.urgent))
	case len(decisions) > 0:
		s.heading = t.say("office-today.decide", "n", len(decisions))
	}
	if t.rights.ReadsSomething() {
		s.actions = []look.Part{t.find("")}
	}
	s.body = append(t.wayNotes(ways), d.body(urgent, decisions)...)
	return t.show(s)
}

// body are the two dockets, or why there are none.
func (d *today) body(urgent, decisions []look.Decision) (out []look.Part) {
	if len(urgent) > 0 {
		s := look.Section{Heading: d.say("office-today.urgent"), Unseen: true, Body: []look.Part{look.Docket{Items: urgent}}}
		if len(urgent) < len(d.urgent) {
			s.Unseen, s.Beside = false, look.Para{Text: look.To(with("/", "urgent", "all"), d.say("office-today.all", "n", len(d.urgent)))}
		}
		out = append(out, s)
	}
	if len(decisions) > 0 {
		out = append(out, look.Section{Heading: d.say("office-today.needs"), Unseen: len(urgent) == 0, Body: []look.Part{look.Docket{Items: decisions}}})
	}
	switch {
	case len(out) > 0:
	case len(d.session.Person.GetGrants()) == 0 || len(d.roles(d.session.Person)) == 0:
		out = append(out, look.Empty{Text: d.say("office-today.no-role"), Under: d.say("office-today.no-role-body")})
	default:
		out = append(out, look.Empty{Text: d.say("office-today.calm"), Under: d.say("office-today.calm-body")})
	}
	return out
}

// ask asks the store for what this person may read or act on.
func (d *today) ask() (err error) {
	desk := d.records().Desk()
	try := func(wanted bool, ask func() error) {
		if wanted && err == nil {
			err = ask()
		}
	}
	ctx := d.ctx()
	try(d.rights.ReadsSomething(), func() error { d.urgent, err = desk.Pressing(ctx); return err })
	try(d.rights.Reads(record.Visit) != access.None, func() error { d.uploads, err = desk.Uploads(ctx, d.yesterday().UnixMilli()); return err })
	try(d.rights.Reads(record.Visit) != access.None, func() error {
		d.out, err = desk.Standing(ctx, daylightv1.VisitState_VISIT_STATE_IN_PROGRESS)
		return err
	})
	try(d.claims(), func() error {
		d.handedIn, err = desk.Standing(ctx, daylightv1.VisitState_VISIT_STATE_SUBMITTED)
		return err
	})
	try(atDesk(d.rights, record.Recommendation), func() error {
		month, year := d.locale.Now.AddDate(0, 0, -30), d.locale.Now.AddDate(-1, 0, 0)
		d.owed, err = desk.Debts(ctx, d.today(), month.Format(time.DateOnly), year.Format(time.DateOnly))
		return err
	})
	try(d.rights.Writes(), func() error { d.contested, err = desk.Contested(ctx); return err })
	try(d.rights.WritesKind(record.Finding) && atDesk(d.rights, record.Finding), func() error { d.held, err = d.waiting(); return err })
	return err
}

// waiting counts the changes that wait for a person to admit them, as far as a page of them
// goes.
func (d *today) waiting() (int, error) {
	page, _, err := d.records().Desk().Turned(d.ctx(), store.TurnedQuery{Waiting: true, Size: store.MaxPage})
	return len(page), err
}

// atDesk reports whether records of the kind are read beyond one's own visits: from the desk.
func atDesk(r access.Rights, k record.Kind) bool {
	return r.Reads(k)&(access.All|access.Region) != 0
}

// claims reports whether somebody may take a visit that was handed in under review.
func (t *turn) claims() bool {
	subject := access.Subject{State: daylightv1.VisitState_VISIT_STATE_SUBMITTED}
	if regions := t.rights.Regions(record.Visit); len(regions) > 0 {
		subject.Region = regions[0]
	}
	for _, to := range t.rights.VisitSteps(subject) {
		if to == daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW {
			return true
		}
	}
	return false
}

// yesterday is when the day before this one began, where the pages are.
func (t *turn) yesterday() time.Time {
	y, m, d := t.locale.Now.In(t.locale.Zone).Date()
	return time.Date(y, m, d-1, 0, 0, 0, 0, t.locale.Zone)
}

// action is the one button of a line; the first of the page weighs most.
func (d *today) action(name look.Key, href string) look.Part {
	b := look.Button{Text: d.say(name), Href: href}
	if !d.main {
		b.Kind, d.main = look.ButtonMain, true
	}
	return b
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
