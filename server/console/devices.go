package console

import (
	"net/url"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// The devices: whose they are, when they were heard of, and what they have told.

const (
	deviceWaits = daylightv1.DeviceState_DEVICE_STATE_WAITING
	deviceInUse = daylightv1.DeviceState_DEVICE_STATE_ACTIVE
	deviceOut   = daylightv1.DeviceState_DEVICE_STATE_REVOKED
)

var enrolsDevices = may(access.EnrolDevice)

func (c *Console) deviceRoutes() {
	c.page("/devices", seesDirectory, (*turn).showDevices)
	c.page("/devices/{id}", seesDirectory, func(t *turn) error { return t.showDevice(nil, nil) })
	c.freshPage("/devices/invite", enrolsDevices, (*turn).showInvite)
	c.freshPost("/devices/invite", enrolsDevices, (*turn).invite)
	c.freshPost("/devices/{id}/approve", may(access.ApproveDevice), (*turn).approveDevice)
	c.freshPage("/devices/{id}/revoke", may(access.RevokeDevice), (*turn).showRevoke)
	c.freshPost("/devices/{id}/revoke", may(access.RevokeDevice), (*turn).revokeDevice)
}

// deviceShows are the filters by state, in order.
var deviceShows = []string{"", "waiting", "silent", "in", "revoked"}

// deviceQuery reads the filters of the address.
func (t *turn) deviceQuery(q url.Values) directory.DeviceQuery {
	out := directory.DeviceQuery{Words: q.Get("q"), After: q.Get("after")}
	switch q.Get("show") {
	case "waiting":
		out.State = deviceWaits
	case "silent":
		out.Silent = t.locale.Now.Add(-silentFor).UnixMilli()
	case "in":
		out.State = deviceInUse
	case "revoked":
		out.State = deviceOut
	}
	return out
}

func (t *turn) showDevices() error {
	q := t.r.URL.Query()
	devices, next, err := t.directory.ListDevices(t.ctx(), t.deviceQuery(q))
	if err != nil {
		return err
	}
	lede, err := t.howMany()
	if err != nil {
		return err
	}
	table, err := t.deviceTable(devices, true)
	if err != nil {
		return err
	}
	show := look.Select{Name: "show", Label: t.say("office-people.show")}
	for _, v := range deviceShows {
		text := t.say("office-devices.show-all")
		if v != "" {
			text = t.say(look.Key("office-devices.show-" + v))
		}
		show.Options = append(show.Options, look.Option{Value: v, Text: text, Selected: q.Get("show") == v})
	}
	filters := look.Filters{Action: "/devices", Clear: t.clear("/devices", q), Body: []look.Part{
		look.Input{Name: "q", Label: t.say("office-devices.find"), Value: q.Get("q"), Type: "search"}, show}}
	s := sheet{title: t.say("office-devices.title"), here: "/people", lede: lede, body: []look.Part{t.peopleTabs("/devices"), filters, table}}
	s.body = append(s.body, t.pagesOf("/devices", q, next)...)
	if enrolsDevices(t.rights) {
		s.actions = []look.Part{look.Button{Text: t.say("office-devices.enrol"), Icon: look.IconPlus, Href: "/devices/invite", Kind: look.ButtonMain}}
	}
	return t.show(s)
}

// deviceTable lists devices, with whose they are where that is not known anyway.
func (t *turn) deviceTable(devices []directory.KnownDevice, owners bool) (look.Part, error) {
	if len(devices) == 0 {
		return look.Empty{Text: t.say("office-devices.none"), Under: t.say("office-devices.none-body")}, nil
	}
	heard, err := t.heard(devices...)
	if err != nil {
		return nil, err
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-devices.caption"), Head: []look.Column{{Text: t.say("office-devices.device")}, {Text: t.say("office-devices.last"), Whole: true},
		{Text: t.say("office-devices.unsent")}, {Text: t.say("office-devices.clock")}, {Text: t.say("office-devices.state")}}}
	for i, d := range devices {
		under := t.say("office-devices.enrolled", "day", t.locale.Day(time.UnixMilli(d.GetEnrolledAt())))
		if owners {
			under = look.Dotted(look.Typed(d.Owner.GetName()), under)
		}
		table.Rows = append(table.Rows, look.Line{Href: "/devices/" + d.GetId(), Cells: []look.Cell{{Text: look.Typed(d.GetLabel()), Under: under},
			{Text: t.lastSeen(d)}, {Text: t.unsent(d, heard[i])}, t.clockCell(heard[i]), {Body: []look.Part{t.deviceTag(d)}}}})
	}
	return table, nil
}

// heard is what the office has of each device.
func (t *turn) heard(devices ...directory.KnownDevice) ([]store.Heard, error) {
	asked := make([]store.Asked, len(devices))
	for i, d := range devices {
		asked[i] = store.Asked{Key: d.GetKey(), Writer: d.Writer}
	}
	return t.store.Heard(t.ctx(), asked...)
}

func (t *turn) lastSeen(d directory.KnownDevice) look.Text {
	if d.GetLastSeen() == 0 {
		return look.Soft(t.say("office-people.never"))
	}
	return t.locale.When(time.UnixMilli(d.GetLastSeen()))
}

// unsent is how many changes the device had told of, when it was heard of last, that have
// not come.
func (t *turn) unsent(d directory.KnownDevice, h store.Heard) look.Text {
	if d.GetLastSeen() == 0 {
		return look.Soft(t.say("office-devices.unknown"))
	}
	n := 0
	if d.Seq > h.Seq {
		n = int(d.Seq - h.Seq)
	}
	return t.locale.Number(n)
}

func (t *turn) clockCell(h store.Heard) look.Cell {
	switch {
	case h.Last == 0:
		return look.Cell{Text: look.Soft(t.say("office-devices.unknown"))}
	case h.Ahead > 0:
		return look.Cell{Body: []look.Part{look.Tag{Kind: look.TagWatch, Icon: look.IconClock, Text: t.say("office-devices.ahead", "span", t.locale.Long(time.Duration(h.Ahead)*time.Millisecond))}}}
	}
	return look.Cell{Text: t.say("office-devices.agrees")}
}

// deviceTag says how a device stands; one in use that is silent says so first.
func (t *turn) deviceTag(d directory.KnownDevice) look.Tag {
	switch silence := t.locale.Now.Sub(time.UnixMilli(d.GetLastSeen())); {
	case d.GetState() == deviceOut:
		return look.Tag{Kind: look.TagUrgent, Icon: look.IconLock, Text: t.say("office-devices.is-revoked")}
	case d.Owner.GetDisabled():
		return look.Tag{Kind: look.TagUrgent, Icon: look.IconLock, Text: t.say("office-devices.is-shut")}
	case d.GetState() == deviceWaits:
		return look.Tag{Kind: look.TagAttend, Icon: look.IconAlert, Text: t.say("office-devices.is-waiting")}
	case silence >= silentFor && d.GetLastSeen() > 0:
		return look.Tag{Kind: look.TagWatch, Icon: look.IconClock, Text: t.say("office-devices.is-silent", "span", t.locale.Long(silence))}
	}
	return look.Tag{Kind: look.TagSettled, Icon: look.IconCheck, Text: t.say("office-devices.is-in")}
}

// showInvite asks whose device it will be, then says what comes, before there is a code.
func (t *turn) showInvite() error {
	q := t.r.URL.Query()
	title := t.say("office-devices.enrol")
	crumbs := []look.Link{{Href: "/devices", Text: t.say("office-devices.title")}, {Text: title}}
	if q.Get("person") != "" {
		return t.showInviteOf(q.Get("person"), title, crumbs)
	}
	query := t.peopleQuery(q)
	query.Disabled = false
	people, next, err := t.signins.Find(t.ctx(), query)
	if err != nil {
		return err
	}
	rows := look.Rows{}
	for _, a := range people {
		rows.Items = append(rows.Items, look.Row{Href: with("/devices/invite", "person", a.ID.String()), Lead: look.Symbol{Icon: look.IconPerson}, Text: look.Typed(a.Person.GetName()), Under: look.Dotted(t.roles(a.Person)...)})
	}
	body := []look.Part{look.Find{Action: "/devices/invite", Name: "q", Value: q.Get("q"), Label: t.say("office-people.name"), Hint: t.say("office-people.name"), Text: t.say("office-people.find-do")}, rows}
	if len(people) == 0 {
		body[1] = look.Empty{Text: t.say("office-people.nobody"), Under: t.say("office-people.nobody-body")}
	}
	return t.show(sheet{title: title, lede: t.say("office-devices.whose"), here: "/people", crumbs: crumbs, body: append(body, t.pagesOf("/devices/invite", q, next)...)})
}

func (t *turn) showInviteOf(id string, title look.Text, crumbs []look.Link) error {
	p, err := t.invitee(id)
	if err != nil {
		return err
	}
	body := []look.Part{look.Points{Ordered: true, Items: t.enrolSteps()}}
	if endpoints, _ := t.office().Addresses(); len(endpoints) == 0 {
		body = append(body, look.Note{Kind: look.NoteAttend, Text: t.say("office-devices.no-address")})
	} else {
		body = append(body, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-devices.make-code"), Kind: look.ButtonMain, Action: "/devices/invite", Hidden: []look.Hidden{{Name: "person", Value: id}}}}})
	}
	return t.show(sheet{title: title, heading: t.say("office-devices.enrol-for", "name", look.Typed(p.GetName())), here: "/people", crumbs: crumbs, body: body})
}

func (t *turn) enrolSteps() []look.Text {
	out := []look.Text{t.say("office-devices.step-1"), t.say("office-devices.step-2"), t.say("office-devices.step-3")}
	if o, err := t.directory.Office(t.ctx()); err == nil && o.GetSecondApproval() {
		out = append(out, t.say("office-devices.step-4"))
	}
	return out
}

// invitee is a person who may have a device.
func (t *turn) invitee(text string) (*daylightv1.Person, error) {
	id, err := readID(text)
	if err != nil {
		return nil, err
	}
	p, err := t.directory.Person(t.ctx(), id)
	if err == nil && p.GetDisabled() {
		err = errNotFound
	}
	return p, err
}

// invite makes the code and shows it, once.
func (t *turn) invite(f *look.Form) error {
	p, err := t.invitee(f.Value("person"))
	if err != nil {
		return err
	}
	if endpoints, _ := t.office().Addresses(); len(endpoints) == 0 { // the page says so
		return t.to(with("/devices/invite", "person", p.GetId()))
	}
	id, err := readID(p.GetId())
	if err != nil {
		return err
	}
	code, scanned, until, err := t.office().Invite(t.ctx(), id)
	if err != nil {
		return err
	}
	picture, err := qrOf(scanned, t.say("office-devices.qr"))
	if err != nil {
		return err
	}
	title := t.say("office-devices.enrol")
	body := []look.Part{look.Points{Ordered: true, Items: t.enrolSteps()},
		look.Leaf{Heading: t.say("office-devices.code-of", "name", look.Typed(p.GetName())), Body: []look.Part{picture,
			look.Para{Text: t.say("office-devices.code-until", "clock", t.locale.Clock(until))},
			look.Unfold{Plain: true, Summary: t.say("office-devices.as-text"), Body: []look.Part{look.Para{Text: groups(code)}}}}},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-devices.to-devices"), Href: "/devices?show=waiting", Kind: look.ButtonMain}}}}
	return t.show(sheet{title: title, heading: t.say("office-devices.enrol-for", "name", look.Typed(p.GetName())), lede: t.say("office-devices.code-once"), here: "/people",
		crumbs: []look.Link{{Href: "/devices", Text: t.say("office-devices.title")}, {Text: title}}, body: body})
}

// groups sets a code so that it breaks between its groups.
func groups(code string) look.Text {
	var out []look.Text
	for _, g := range strings.SplitAfter(code, "-") {
		out = append(out, look.Mono(g))
	}
	return look.Spaced(out...)
}
