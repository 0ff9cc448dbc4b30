package console

import (
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// One device: what is known of it, the comparison of words that lets it in, and what it may
// hold when it is lost.

var deviceDone = map[string]look.Key{"approved": "office-devices.done-approved", "revoked": "office-devices.done-revoked"}

// readID reads an id; what is none is nothing.
func readID(text string) (record.ID, error) {
	id, err := record.ParseID(text)
	if err != nil {
		return id, errNotFound
	}
	return id, nil
}

// device is the one that the address names, with what the office has of it.
func (t *turn) device() (d directory.KnownDevice, h store.Heard, err error) {
	id, err := t.id("id")
	if err != nil {
		return d, h, err
	}
	if d, err = t.directory.KnownDevice(t.ctx(), id); err != nil {
		return d, h, err
	}
	all, err := t.heard(d)
	if err != nil {
		return d, h, err
	}
	return d, all[0], nil
}

func (t *turn) showDevice(f *look.Form, why look.Text) error {
	d, h, err := t.device()
	if err != nil {
		return err
	}
	facts, err := t.deviceFacts(d, h)
	if err != nil {
		return err
	}
	body := append(t.done(deviceDone), t.failure(why)...)
	body = append(body, look.Cluster{Body: []look.Part{t.deviceTag(d)}}, facts)
	if d.GetState() == deviceWaits {
		body = append(body, t.approval(d, f))
	}
	if d.GetState() == deviceOut {
		inventory, err := t.inventory(d)
		if err != nil {
			return err
		}
		body = append(body, look.Note{Kind: look.NoteUrgent, Icon: look.IconDevice, Heading: t.say("office-devices.held"), Body: inventory})
	} else if may(access.RevokeDevice)(t.rights) {
		body = append(body, look.Section{Heading: t.say("office-devices.lost"), Body: []look.Part{look.Para{Text: t.say("office-devices.lost-body")},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-devices.revoke"), Kind: look.ButtonGrave, Href: "/devices/" + d.GetId() + "/revoke"}}}}})
	}
	return t.show(sheet{title: t.say("office-devices.device"), heading: look.Typed(d.GetLabel()), here: "/people", body: body, crumbs: t.deviceCrumbs(d, nil)})
}

func (t *turn) deviceCrumbs(d directory.KnownDevice, here look.Text) []look.Link {
	out := []look.Link{{Href: "/devices", Text: t.say("office-devices.title")}}
	if here == nil {
		return append(out, look.Link{Text: t.say("office-devices.device")})
	}
	return append(out, look.Link{Href: "/devices/" + d.GetId(), Text: look.Typed(d.GetLabel())}, look.Link{Text: here})
}

func (t *turn) deviceFacts(d directory.KnownDevice, h store.Heard) (look.Part, error) {
	names, err := t.directory.Names(t.ctx(), d.GetEnrolledBy(), d.GetApprovedBy(), d.GetRevokedBy())
	if err != nil {
		return nil, err
	}
	at := func(ms int64, by string) look.Text {
		when := t.locale.Moment(time.UnixMilli(ms))
		if names[by] != "" {
			return t.say("office-devices.when-by", "when", when, "name", look.Typed(names[by]))
		}
		return when
	}
	clock := t.clockCell(h).Text
	if h.Ahead > 0 {
		clock = t.say("office-devices.ahead", "span", t.locale.Long(time.Duration(h.Ahead)*time.Millisecond))
	}
	items := []look.Fact{{Name: t.say("office-devices.person"), Value: look.To("/people/"+d.GetPerson(), look.Typed(d.Owner.GetName()))},
		{Name: t.say("office-devices.last"), Value: t.lastSeen(d)}, {Name: t.say("office-devices.unsent"), Value: t.unsent(d, h)}, {Name: t.say("office-devices.clock"), Value: clock},
		{Name: t.say("office-devices.sent"), Value: t.locale.Number(int(h.Changes))}, {Name: t.say("office-devices.position"), Value: t.locale.Number(int(d.GetLastPosition()))},
		{Name: t.say("office-devices.was-enrolled"), Value: at(d.GetEnrolledAt(), d.GetEnrolledBy())}}
	if d.GetApprovedAt() > 0 {
		items = append(items, look.Fact{Name: t.say("office-devices.was-approved"), Value: at(d.GetApprovedAt(), d.GetApprovedBy())})
	}
	if d.GetRevokedAt() > 0 {
		items = append(items, look.Fact{Name: t.say("office-devices.was-revoked"), Value: at(d.GetRevokedAt(), d.GetRevokedBy())})
	} else {
		items = append(items, look.Fact{Name: t.say("office-devices.certificate"), Value: t.certificate(d)})
	}
	bundles := t.say("office-devices.takes-none")
	if d.GetRecipient() != "" {
		bundles = t.say("office-devices.takes-bundles")
	}
	return look.Facts{Leaf: true, Items: append(items, look.Fact{Name: t.say("office-devices.bundles"), Value: bundles})}, nil
}

// certificate is until when what the device writes is taken without being renewed.
func (t *turn) certificate(d directory.KnownDevice) look.Text {
	until := time.UnixMilli(d.GetCertificateUntil())
	if until.Before(t.locale.Now) {
		return t.say("office-devices.certificate-over", "day", t.locale.Day(until))
	}
	return t.locale.Day(until)
}

// approval asks for the words that the screen of a waiting device shows. They do not stand
// on this page: whoever types them has them from the person.
func (t *turn) approval(d directory.KnownDevice, f *look.Form) look.Part {
	s := look.Section{Heading: t.say("office-devices.approve"), Body: []look.Part{look.Points{Items: []look.Text{t.say("office-devices.approve-1"), t.say("office-devices.approve-2"), t.say("office-devices.approve-3")}}}}
	switch {
	case !may(access.ApproveDevice)(t.rights):
		s.Body = []look.Part{look.Note{Kind: look.NoteWatch, Text: t.say("office-devices.others-approve")}}
	case d.GetEnrolledBy() == t.session.Person.GetId():
		s.Body = []look.Part{look.Note{Kind: look.NoteWatch, Text: t.say("office-devices.second")}}
	default:
		s.Body = append(s.Body, look.Questions{Action: "/devices/" + d.GetId() + "/approve", Body: []look.Part{
			look.Input{Name: "words", Label: t.say("office-devices.words"), Hint: t.say("office-devices.words-hint"), Value: typed(f, "words", ""), Error: wrong(f, "words"), Sensitive: true, Tag: "en", Required: true},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-devices.approve-do"), Kind: look.ButtonMain}}}}})
	}
	return s
}

func (t *turn) approveDevice(f *look.Form) error {
	id, err := t.id("id")
	if err != nil {
		return err
	}
	_, err = t.directory.Approve(t.ctx(), id, f.Value("words"), t.session.By("console devices"))
	if err == nil {
		return t.to("/devices/" + id.String() + "?done=approved")
	}
	why, ok := t.directorySays(err)
	if !ok {
		return err
	}
	f.Refuse("words", why)
	return t.showDevice(f, why)
}

// inventory is what a device may hold, for whoever has to judge the harm.
func (t *turn) inventory(d directory.KnownDevice) ([]look.Part, error) {
	changes, readable, err := t.office().MayHold(t.ctx(), d.Device)
	if err != nil {
		return nil, err
	}
	heldBy := t.say("office-devices.never-whole")
	if d.GetLastPosition() > 0 {
		heldBy = t.say("office-devices.whole-to", "n", int(d.GetLastPosition()))
	}
	return []look.Part{look.Facts{Items: []look.Fact{
		{Name: t.say("office-devices.last"), Value: t.lastSeen(d)},
		{Name: t.say("office-devices.could-read"), Value: t.locale.Number(int(readable))},
		{Name: t.say("office-devices.sent"), Value: t.locale.Number(int(changes))}}},
		look.Points{Small: true, Items: []look.Text{t.say("office-devices.may-hold"), heldBy, t.say("office-devices.not-sent"), t.say("office-devices.sealed")}}}, nil
}

func (t *turn) showRevoke() error {
	d, _, err := t.device()
	if err != nil {
		return err
	}
	if d.GetState() == deviceOut {
		return t.to("/devices/" + d.GetId())
	}
	inventory, err := t.inventory(d)
	if err != nil {
		return err
	}
	title := t.say("office-devices.revoke-title")
	body := []look.Part{look.Points{Items: []look.Text{t.say("office-devices.revoke-1"), t.say("office-devices.revoke-2"), t.say("office-devices.revoke-3")}},
		look.Section{Heading: t.say("office-devices.held"), Body: inventory},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-devices.revoke-do"), Kind: look.ButtonMain, Action: "/devices/" + d.GetId() + "/revoke"},
			look.Button{Text: t.say("office-people.leave"), Href: "/devices/" + d.GetId()}}}}
	return t.show(sheet{title: title, heading: t.say("office-devices.revoke-of", "device", look.Typed(d.GetLabel()), "name", look.Typed(d.Owner.GetName())), here: "/people", crumbs: t.deviceCrumbs(d, title), body: body})
}

func (t *turn) revokeDevice(*look.Form) error {
	id, err := t.id("id")
	if err != nil {
		return err
	}
	var d *daylightv1.Device
	if d, err = t.directory.Revoke(t.ctx(), id, t.session.By("console devices")); err != nil {
		return err
	}
	return t.to("/devices/" + d.GetId() + "?done=revoked")
}
