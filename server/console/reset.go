package console

import (
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/signin"
)

// How the others sign in, and the reset of somebody who cannot any more: one person asks,
// another approves, each is shown half of the code, and whoever it is for needs both.

var (
	mayPropose = may(access.ChangePeople)
	mayApprove = may(access.ChangePeople, access.ApproveDevice)
)

func (c *Console) resetRoutes() {
	c.rail = append(c.rail, way{href: "/sign-ins", icon: look.IconPeople, name: "office-reset.title", allow: mayApprove})
	c.page("/sign-ins", mayApprove, (*turn).showSignIns)
	c.freshPage("/sign-ins/{id}", mayPropose, func(t *turn) error { return t.showPropose(nil) })
	c.freshPost("/sign-ins/{id}", mayPropose, (*turn).propose)
	c.freshPage("/resets/{id}", mayApprove, func(t *turn) error { return t.showReset() })
	c.freshPost("/resets/{id}/approve", mayApprove, (*turn).approve)
	c.freshPost("/resets/{id}/refuse", mayApprove, (*turn).refuseReset)
}

func (t *turn) resetCrumbs(here look.Text) []look.Link {
	return []look.Link{{Href: "/sign-ins", Text: t.say("office-reset.title")}, {Text: here}}
}

func (t *turn) showSignIns() error {
	q := t.r.URL.Query()
	open, err := t.signins.Resets(t.ctx())
	if err != nil {
		return err
	}
	people, next, err := t.signins.Accounts(t.ctx(), q.Get("q"), q.Get("after"))
	if err != nil {
		return err
	}
	var body []look.Part
	if len(open) > 0 {
		body = append(body, look.Section{Heading: t.say("office-reset.open"), Body: []look.Part{t.openResets(open)}})
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-reset.everybody"), Head: []look.Column{
		{Text: t.say("office-reset.person")}, {Text: t.say("office-reset.ways")}, {Text: t.say("office-reset.codes"), Right: true}, {Text: t.say("office-reset.last"), Whole: true}}}
	for _, a := range people {
		line := look.Line{Cells: []look.Cell{{Text: look.Typed(a.Person.GetName()), Under: look.Dotted(t.roles(a.Person)...)}, {Text: t.waysText(a.Ways)}, {Text: t.locale.Number(a.Ways.Codes)}, {Text: t.locale.When(a.Ways.Last)}}}
		if mayPropose(t.rights) && a.ID != t.session.PersonID {
			line.Href = "/sign-ins/" + a.ID.String()
		}
		table.Rows = append(table.Rows, line)
	}
	list := []look.Part{table}
	if len(people) == 0 {
		list = []look.Part{look.Empty{Text: t.say("office-reset.nobody")}}
	}
	if next != "" || q.Get("after") != "" {
		p := look.Pager{N: -1}
		if next != "" {
			p.Later = with("/sign-ins", "q", q.Get("q"), "after", next)
		}
		if q.Get("after") != "" {
			p.Earlier = with("/sign-ins", "q", q.Get("q"))
		}
		list = append(list, p)
	}
	body = append(body, look.Section{Heading: t.say("office-reset.people"), Body: list})
	return t.show(sheet{title: t.say("office-reset.title"), here: "/sign-ins", lede: t.say("office-reset.lede"), body: body,
		actions: []look.Part{look.Find{Action: "/sign-ins", Name: "q", Value: q.Get("q"), Label: t.say("office-reset.find"), Hint: t.say("office-reset.find-hint"), Text: t.say("office-reset.find-do")}}})
}

func (t *turn) waysText(w signin.Ways) look.Text {
	var ways []look.Text
	if n := len(w.Passkeys); n > 0 {
		ways = append(ways, t.say("office-reset.with-passkeys", "n", n))
	}
	if w.Passphrase {
		ways = append(ways, t.say("office-reset.with-passphrase"))
	}
	if len(ways) == 0 {
		return look.Soft(t.say("office-reset.no-way"))
	}
	return look.Dotted(ways...)
}

func (t *turn) openResets(all []signin.Reset) look.Part {
	d := look.Docket{}
	for _, r := range all {
		d.Items = append(d.Items, look.Decision{Attend: true, Clock: t.locale.Long(r.Asked.Add(signin.ResetFor).Sub(t.locale.Now)), ClockUnder: t.say("office-reset.left"),
			Title: t.say("office-reset.of", "name", look.Typed(r.Person.GetName())), Under: t.resetFacts(r), Action: look.Button{Text: t.say("office-reset.look"), Href: "/resets/" + r.ID.String()}})
	}
	return d
}

func (t *turn) resetFacts(r signin.Reset) look.Text {
	return look.Dotted(t.reason(r.Reason), t.say("office-reset.asked", "name", look.Typed(r.AskedBy.GetName()), "when", t.locale.When(r.Asked)))
}

func (t *turn) reason(why signin.Reason) look.Text {
	return t.say(look.Key("office-reset.reason-" + strconv.Itoa(int(why))))
}

func (t *turn) showPropose(f *look.Form) error {
	a, err := t.account()
	if err != nil {
		return err
	}
	t.refused(f)
	why := look.Choices{Name: "reason", Legend: t.say("office-reset.why"), Required: true, Error: wrong(f, "reason")}
	for _, r := range signin.Reasons {
		why.Options = append(why.Options, look.Choice{Value: strconv.Itoa(int(r)), Text: t.reason(r), Checked: typed(f, "reason", "") == strconv.Itoa(int(r))})
	}
	name := look.Typed(a.Person.GetName())
	body := append(t.problems(f, map[string]look.Text{"reason": t.say("office-reset.why")}),
		look.Facts{Leaf: true, Items: []look.Fact{{Name: t.say("office-reset.ways"), Value: t.waysText(a.Ways)}, {Name: t.say("office-reset.codes"), Value: t.locale.Number(a.Ways.Codes)},
			{Name: t.say("office-reset.last"), Value: t.locale.When(a.Ways.Last)}, {Name: t.say("office-reset.roles"), Value: look.Dotted(t.roles(a.Person)...)}}},
		look.Section{Heading: t.say("office-reset.propose"), Body: []look.Part{look.Points{Items: []look.Text{t.say("office-reset.propose-1"), t.say("office-reset.propose-2"), t.say("office-reset.propose-3")}},
			look.Questions{Action: "/sign-ins/" + a.ID.String(), Body: []look.Part{why, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-reset.propose-do"), Kind: look.ButtonMain}}}}}}})
	return t.show(sheet{title: t.say("office-reset.one"), heading: name, crumbs: t.resetCrumbs(t.say("office-reset.one")), here: "/sign-ins", body: body})
}

// account is the person that the address names; not oneself.
func (t *turn) account() (a signin.Account, err error) {
	id, err := t.id("id")
	if err != nil {
		return a, err
	}
	if id == t.session.PersonID {
		return a, errNotFound
	}
	return t.signins.Account(t.ctx(), id)
}

func (t *turn) propose(f *look.Form) error {
	a, err := t.account()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(f.Value("reason"))
	if err != nil || n < int(signin.LostDevice) || n > int(signin.NeverSetUp) {
		f.Refuse("reason", t.say("office-reset.why-missing"))
		return t.showPropose(f)
	}
	half, err := t.signins.ProposeReset(t.ctx(), t.session, a.ID, signin.Reason(n))
	if err != nil {
		return err
	}
	return t.showHalf(a.Person, half, t.say("office-reset.proposed"), t.say("office-reset.proposed-body"), 1)
}

// showHalf shows one half of a code, once.
func (t *turn) showHalf(p *daylightv1.Person, half string, heading, text look.Text, part int) error {
	return t.show(sheet{title: heading, crumbs: t.resetCrumbs(heading), here: "/sign-ins", lede: text, body: []look.Part{
		look.Leaf{Heading: t.say("office-reset.half", "n", part, "name", look.Typed(p.GetName())), Body: []look.Part{look.SixWords{Words: strings.Split(half, "-")}, look.Para{Small: true, Soft: true, Text: t.say("office-reset.half-body")}}},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-reset.half-done"), Href: "/sign-ins", Kind: look.ButtonMain}}}}})
}

func (t *turn) reset() (r signin.Reset, id record.ID, err error) {
	if id, err = t.id("id"); err != nil {
		return r, id, err
	}
	r, err = t.signins.Reset(t.ctx(), id)
	return r, id, err
}

func (t *turn) showReset() error {
	r, id, err := t.reset()
	if err != nil {
		return err
	}
	at, mine := "/resets/"+id.String(), r.AskedBy.GetId() == t.session.Person.GetId()
	body := []look.Part{look.Facts{Leaf: true, Items: []look.Fact{{Name: t.say("office-reset.why"), Value: t.reason(r.Reason)},
		{Name: t.say("office-reset.asked-by"), Value: look.Typed(r.AskedBy.GetName())}, {Name: t.say("office-reset.asked-at"), Value: t.locale.When(r.Asked)}}}}
	switch {
	case r.Person.GetId() == t.session.Person.GetId():
		body = append(body, look.Note{Kind: look.NoteUrgent, Text: t.say("office-reset.about-you")})
	case mine:
		body = append(body, look.Note{Kind: look.NoteWatch, Text: t.say("office-reset.yours")}, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-reset.take-back"), Action: at + "/refuse"}}})
	default:
		body = append(body, look.Section{Heading: t.say("office-reset.approve"), Body: []look.Part{look.Points{Items: []look.Text{t.say("office-reset.approve-1"), t.say("office-reset.approve-2"), t.say("office-reset.approve-3")}},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-reset.approve-do"), Kind: look.ButtonMain, Action: at + "/approve"}, look.Button{Text: t.say("office-reset.refuse-do"), Action: at + "/refuse"}}}}})
	}
	heading := t.say("office-reset.of", "name", look.Typed(r.Person.GetName()))
	return t.show(sheet{title: t.say("office-reset.one-reset"), heading: heading, crumbs: t.resetCrumbs(t.say("office-reset.one-reset")), here: "/sign-ins", body: body})
}

func (t *turn) approve(*look.Form) error {
	r, id, err := t.reset()
	if err != nil {
		return err
	}
	half, err := t.signins.ApproveReset(t.ctx(), t.session, id)
	if err != nil {
		return err
	}
	return t.showHalf(r.Person, half, t.say("office-reset.approved"), t.say("office-reset.approved-body"), 2)
}

func (t *turn) refuseReset(*look.Form) error {
	_, id, err := t.reset()
	if err == nil {
		err = t.signins.RefuseReset(t.ctx(), t.session, id)
	}
	return either(err, func() error { return t.to("/sign-ins") })
}
