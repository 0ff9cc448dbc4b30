package console

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Turned are changes that devices sent and the office did not take, as one person sees them:
// those of which they may read every record.
type Turned interface {
	// Turned lists them, the newest first, TurnedAt gives one; the errors are those of
	// store.Desk.
	Turned(ctx context.Context, q store.TurnedQuery) ([]store.Turned, exchange.Position, error)
	TurnedAt(ctx context.Context, at exchange.Position) (store.Turned, error)
	// Rule decides about one that is held, as the person.
	Rule(ctx context.Context, at exchange.Position, kind journal.RulingKind, why string) error
}

func (c *Console) heldRoutes() {
	sees := reads(record.Visit, record.Finding)
	c.rail = append(c.rail, way{href: "/held", icon: look.IconPause, name: "office-held.title", allow: sees})
	c.page("/held", sees, (*turn).showHeld)
	c.page("/held/{position}", sees, (*turn).showTurned)
	c.post("/held/{position}", sees, (*turn).rule)
}

// heldPage is how many changes a page lists.
const heldPage = 50

// Which changes are listed.
const (
	heldWaiting = "waiting"
	heldAll     = "held"
	heldRefused = "refused"
	heldEvery   = "all"
)

// heldReasons are those for which changes are turned down, by their word in the address.
var heldReasons = []struct {
	word   string
	reason exchange.Reason
}{
	{"denied", exchange.Denied}, {"stale", exchange.Stale}, {"fixed", exchange.Fixed},
	{"kind", exchange.OtherKind}, {"too-large", exchange.TooLarge}, {"unreadable", exchange.Unreadable},
}

// heldView is what an address asks for.
type heldView struct {
	which, reason, person, device string
	before                        exchange.Position
}

func heldViewOf(q url.Values) (v heldView) {
	v = heldView{which: q.Get("which"), reason: q.Get("reason"), person: q.Get("person"), device: q.Get("device")}
	if v.which != heldAll && v.which != heldRefused && v.which != heldEvery {
		v.which = heldWaiting
	}
	n, err := strconv.ParseUint(q.Get("before"), 10, 63)
	if err == nil {
		v.before = exchange.Position(n)
	}
	return v
}

func (v heldView) href(before exchange.Position) string {
	at := ""
	if before > 0 {
		at = strconv.FormatUint(uint64(before), 10)
	}
	which := v.which
	if which == heldWaiting {
		which = ""
	}
	return with("/held", "which", which, "reason", v.reason, "person", v.person, "device", v.device, "before", at)
}

// heldQuery is what the view asks of the store.
func (t *turn) heldQuery(v heldView) (q store.TurnedQuery, err error) {
	q = store.TurnedQuery{Before: v.before, Size: heldPage, Waiting: v.which == heldWaiting}
	switch v.which {
	case heldAll:
		q.Decision = exchange.Held
	case heldRefused:
		q.Decision = exchange.Refused
	}
	for _, r := range heldReasons {
		if r.word == v.reason {
			q.Reason = r.reason
		}
	}
	q.Keys, err = t.keysOf(v.person, v.device)
	return q, err
}

// keysOf are those of a person's devices, or of one device; nil for anybody's.
func (t *turn) keysOf(person, device string) ([][]byte, error) {
	if device != "" {
		id, err := record.ParseID(device)
		if err != nil {
			return nil, errNotFound
		}
		d, err := t.directory.Device(t.ctx(), id)
		if err != nil {
			return nil, errNotFound
		}
		return [][]byte{d.GetKey()}, nil
	}
	if person == "" {
		return nil, nil
	}
	if _, err := record.ParseID(person); err != nil {
		return nil, errNotFound
	}
	all, err := t.directory.Devices(t.ctx(), &daylightv1.ListDevicesRequest{Person: person, PageSize: 500})
	if err != nil {
		return nil, err
	}
	keys := [][]byte{}
	for _, d := range all.GetDevices() {
		keys = append(keys, d.GetKey())
	}
	return keys, nil
}

func (t *turn) showHeld() error {
	v := heldViewOf(t.r.URL.Query())
	q, err := t.heldQuery(v)
	if err != nil {
		return err
	}
	all, next, err := t.records().Turned(t.ctx(), q)
	if err != nil {
		return err
	}
	body := []look.Part{t.heldFilters(v)}
	if len(all) == 0 {
		body = append(body, look.Empty{Text: t.say("office-held.none"), Under: t.say("office-held.none-under")})
	}
	for len(all) > 0 {
		n := 1
		for n < len(all) && sameBringer(all[0], all[n]) {
			n++
		}
		body = append(body, t.heldGroup(all[:n]))
		all = all[n:]
	}
	pager := look.Pager{N: -1}
	if next > 0 {
		pager.Later = v.href(next)
	}
	if v.before > 0 {
		pager.Earlier = v.href(0)
	}
	if pager.Earlier != "" || pager.Later != "" {
		body = append(body, pager)
	}
	return t.show(sheet{title: t.say("office-held.title"), here: "/held", lede: t.say("office-held.lede"), body: body})
}

// sameBringer: of one person, about one visit.
func sameBringer(a, b store.Turned) bool {
	return a.Person == b.Person && a.PersonID == b.PersonID && heldVisit(a) == heldVisit(b)
}

// heldVisit is the visit that a change is about; zero for none.
func heldVisit(c store.Turned) record.ID {
	for _, r := range c.Records {
		if r.Kind == record.Visit {
			return r.ID
		}
		if r.Visit != (record.ID{}) {
			return r.Visit
		}
	}
	return record.ID{}
}

func (t *turn) heldFilters(v heldView) look.Part {
	which := look.Select{Name: "which", Label: t.say("office-held.which")}
	for _, w := range []string{heldWaiting, heldAll, heldRefused, heldEvery} {
		which.Options = append(which.Options, look.Option{Value: w, Text: t.say(look.Key("office-held.which-" + w)), Selected: v.which == w})
	}
	reason := look.Select{Name: "reason", Label: t.say("office-held.reason"), Options: []look.Option{{Text: t.say("office-held.reason-any")}}}
	for _, r := range heldReasons {
		reason.Options = append(reason.Options, look.Option{Value: r.word, Text: t.heldReason(r.reason), Selected: v.reason == r.word})
	}
	f := look.Filters{Action: "/held", Body: []look.Part{which, reason}}
	if v.person != "" || v.device != "" {
		only := look.Select{Name: "person", Label: t.say("office-held.written-by"), Options: []look.Option{
			{Text: t.say("office-held.anybody")}, {Value: v.person, Text: t.heldWriter(v), Selected: true}}}
		if v.device != "" {
			only.Name, only.Options[1].Value = "device", v.device
		}
		f.Body = append(f.Body, only)
	}
	if v != (heldView{which: heldWaiting, before: v.before}) {
		f.Clear = look.Link{Href: "/held", Text: t.say("office-held.clear")}
	}
	return f
}

// heldWriter is the person or device that the list is narrowed to.
func (t *turn) heldWriter(v heldView) look.Text {
	if id, err := record.ParseID(v.device); err == nil {
		if d, err := t.directory.Device(t.ctx(), id); err == nil {
			return look.Typed(d.GetLabel())
		}
	}
	if id, err := record.ParseID(v.person); err == nil {
		if p, err := t.directory.Person(t.ctx(), id); err == nil {
			return look.Typed(p.GetName())
		}
	}
	return t.say("office-held.somebody")
}

// heldGroup are changes of one person about one visit.
func (t *turn) heldGroup(all []store.Turned) look.Part {
	heading := look.Typed(all[0].Person)
	if id := heldVisit(all[0]); id != (record.ID{}) {
		heading = look.Dotted(t.named(record.Visit.String(), id.String()), heading)
	}
	rows := look.Rows{}
	for _, c := range all {
		rows.Items = append(rows.Items, look.Row{
			Href: t.heldHref(c.Position), Text: t.heldName(c), Words: true,
			Under: look.Dotted(t.locale.When(time.UnixMilli(c.Received)), look.Typed(c.Device), t.heldReason(c.Reason)), Tags: []look.Tag{t.heldTag(c)},
		})
	}
	return look.Section{Heading: heading, Body: []look.Part{rows}}
}

func (t *turn) heldHref(at exchange.Position) string {
	return "/held/" + strconv.FormatUint(uint64(at), 10)
}

// heldName is what a change is about: its first record, and how many more.
func (t *turn) heldName(c store.Turned) look.Text {
	if len(c.Records) == 0 {
		return t.say("office-held.not-readable")
	}
	name := t.heldRecord(c.Records[0])
	if n := len(c.Records) - 1; n > 0 {
		name = t.say("office-held.and-more", "name", name, "n", n)
	}
	return name
}

func (t *turn) heldRecord(r store.TurnedRecord) look.Text {
	if !r.Stands {
		return t.say("office-held.new-record", "kind", t.saying().Kind(r.Kind))
	}
	return look.Dotted(t.saying().Kind(r.Kind), t.named(r.Kind.String(), r.ID.String()))
}

func (t *turn) heldReason(r exchange.Reason) look.Text {
	i := slices.IndexFunc(heldReasons, func(h struct {
		word   string
		reason exchange.Reason
	}) bool {
		return h.reason == r
	})
	if i < 0 {
		return nil
	}
	return t.say(look.Key("office-held.r-" + heldReasons[i].word))
}

func (t *turn) heldTag(c store.Turned) look.Tag {
	switch {
	case c.Decision == exchange.Refused:
		return look.Tag{Text: t.say("office-held.is-refused"), Kind: look.TagUrgent, Icon: look.IconLeave}
	case c.Stands().Kind == journal.Admit:
		return look.Tag{Text: t.say("office-held.is-admitted"), Kind: look.TagSettled, Icon: look.IconCheck}
	case c.Stands().Kind == journal.Leave:
		return look.Tag{Text: t.say("office-held.is-left"), Icon: look.IconPause}
	}
	return look.Tag{Text: t.say("office-held.is-waiting"), Kind: look.TagAttend, Icon: look.IconAlert}
}
