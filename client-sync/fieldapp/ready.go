package fieldapp

import (
	"cmp"
	"slices"
	"strings"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Before departure: what of a visit is on this device, and what is better done while there
// is a network. Each line is lit, or says what to do.

func (a *App) readyRoutes() { a.ofRecord(clientsync.KindVisit, "ready", (*turn).showReady) }

// check is one line.
type check struct {
	name, text look.Text
	// do is what helps; nil: it is ready.
	do look.Part
}

func (t *turn) showReady(item clientsync.Item) error {
	v := item.Message.(*daylightv1.Visit)
	d, err := t.client.Dossier(t.ctx(), item.ID)
	if err != nil {
		return err
	}
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return err
	}
	all := []check{t.freshCheck(s), t.placeCheck(d), t.lastVisitCheck(d), t.recommendationsCheck(d), t.teamCheck(v), t.formsCheck(d), t.wordsCheck(),
		t.spaceCheck(), t.clockCheck(), t.keyCheck(), t.readersCheck(), t.matesCheck(v)}
	var before, ready []look.Row
	for _, c := range all {
		row := look.Row{Text: c.name, Under: c.text, Lead: look.Pane{State: look.PaneSeen}}
		if c.do == nil {
			ready = append(ready, row)
			continue
		}
		row.Lead, row.Actions = look.Pane{State: look.PaneEmpty}, []look.Part{c.do}
		before = append(before, row)
	}
	under := t.say("field-ready.all", "n", len(all))
	if len(before) > 0 {
		under = t.say("field-ready.some", "ready", t.locale.Number(len(ready)), "n", len(all))
	}
	name := t.placeOf(v.GetFacilityId())
	if len(name) == 0 {
		name = t.noPlace(v.GetFacilityId())
	}
	body := []look.Part{look.Heading{Over: t.plannedDays(v), Text: name, Under: under}}
	if len(before) > 0 {
		body = append(body, look.Section{Heading: t.say("field-ready.before"), Body: []look.Part{look.Rows{Items: before}}})
	}
	body = append(body, look.Section{Heading: t.say("field-ready.ready"), Body: []look.Part{look.Rows{Items: ready}}})
	body = append(body, look.Note{Icon: look.IconPrint, Text: t.say("field-ready.paper"), Body: []look.Part{
		look.Button{Text: t.say("field-ready.paper-do"), Href: t.href(item.Kind, item.ID, "blank"), Kind: look.ButtonQuiet}}})
	return t.show(sheet{title: "field-ready.title", back: "/", body: body, foot: []look.Button{
		{Text: t.say("field-ready.open"), Href: t.href(item.Kind, item.ID), Kind: look.ButtonMain}}})
}

func (t *turn) fetch() look.Part { return look.Button{Text: t.say("field-ready.fetch"), Href: "/send"} }

// freshFor is how old the last sync may be on the day of departure.
const freshFor = 24 * time.Hour

func (t *turn) freshCheck(s clientsync.Status) check {
	c := check{name: t.say("field-ready.fresh")}
	switch {
	case s.LastSync.IsZero():
		c.text, c.do = t.say("field-ready.fresh-never"), t.fetch()
	case t.now().Sub(s.LastSync) > freshFor:
		c.text, c.do = t.say("field-ready.fresh-old", "when", t.locale.When(s.LastSync)), t.fetch()
	default:
		c.text = t.say("field-ready.fresh-now", "when", t.locale.When(s.LastSync))
	}
	return c
}

func (t *turn) placeCheck(d *clientsync.Dossier) check {
	c := check{name: t.say("field-ready.place")}
	if d.Place == nil {
		c.text, c.do = t.say("field-ready.place-none"), t.fetch()
		return c
	}
	c.text = look.Dotted(t.inLanguage(d.Place.GetNames()), look.Typed(d.Place.GetTown()))
	return c
}

func (t *turn) lastVisitCheck(d *clientsync.Dossier) check {
	c := check{name: t.say("field-ready.visit")}
	switch {
	case len(d.Visits) > 0:
		c.text = t.say("field-ready.visit-last", "day", t.dayOf(d.Visits[0].Day), "n", len(d.Findings))
	case d.LastSync.IsZero():
		c.text, c.do = t.say("field-ready.unknown"), t.fetch()
	case !d.Due:
		c.text = t.say("field-ready.visit-not-due")
	default:
		c.text = t.say("field-ready.visit-none")
	}
	return c
}

// dayOf is a date of a record; a dash where it says none.
func (t *turn) dayOf(day string) look.Text {
	at, err := time.ParseInLocation(time.DateOnly, day, t.locale.Zone)
	if err != nil {
		return look.Plain("–")
	}
	return t.locale.Day(at)
}

func (t *turn) recommendationsCheck(d *clientsync.Dossier) check {
	c := check{name: t.say("field-ready.open-recommendations"), text: t.say("field-ready.recommendations-here", "n", len(d.Recommendations), "promises", t.locale.Number(len(d.Undertakings)))}
	if d.LastSync.IsZero() {
		c.text, c.do = t.say("field-ready.unknown"), t.fetch()
	}
	return c
}

func (t *turn) teamCheck(v *daylightv1.Visit) check {
	c := check{name: t.say("field-ready.team"), text: t.say("field-ready.team-n", "n", len(v.GetTeam()))}
	if len(v.GetTeam()) == 0 {
		c.text, c.do = t.say("field-ready.team-none"), look.Button{Text: t.say("field-ready.open"), Href: t.href(clientsync.KindVisit, v.GetId())}
	}
	return c
}

// formsCheck: the checklists for a place of this type are here, whole.
func (t *turn) formsCheck(d *clientsync.Dossier) check {
	c := check{name: t.say("field-ready.forms")}
	all, err := t.client.Checklists(t.ctx(), d.Place.GetMainType())
	if err != nil || len(all) == 0 {
		c.text, c.do = t.say("field-ready.forms-none"), t.fetch()
		return c
	}
	var tags []string
	for _, o := range all {
		if !o.Whole {
			c.text, c.do = t.say("field-ready.forms-part"), t.fetch()
			return c
		}
		tags = append(tags, o.Languages...)
	}
	slices.Sort(tags)
	c.text = t.say("field-ready.forms-n", "n", len(all), "languages", look.Code(strings.Join(slices.Compact(tags), ", ")))
	return c
}

// wordsCheck: the words that findings are classified with have labels in the reader's
// language.
func (t *turn) wordsCheck() check {
	c := check{name: t.say("field-ready.words")}
	set, err := t.terms()
	if err != nil {
		c.text, c.do = t.say("field-ready.unknown"), t.fetch()
		return c
	}
	topics, own := set.Offered("FINDING_TOPIC", t.locale.Now), 0
	for _, term := range topics {
		if term.Label(t.locale.Tag).Language == t.locale.Tag {
			own++
		}
	}
	c.text = t.say("field-ready.words-n", "n", len(topics), "own", t.locale.Number(own), "language", look.LanguageName(t.locale.Tag))
	return c
}

// leastSpace is what a long visit with its checklists takes, many times over.
const leastSpace = 200 << 20

func (t *turn) spaceCheck() check {
	c := check{name: t.say("field-ready.space")}
	n, err := t.client.FreeSpace()
	switch {
	case err != nil:
		c.text = t.say("field-ready.space-unknown")
	case n < leastSpace:
		c.text, c.do = t.say("field-ready.space-little", "size", t.locale.Bytes(n)), look.Button{Text: t.say("field-ready.again"), Href: t.r.URL.Path}
	default:
		c.text = t.say("field-ready.space-free", "size", t.locale.Bytes(n))
	}
	return c
}

// clockOff is how far the clock may be off without the office doubting its times.
const clockOff = 2 * time.Minute

func (t *turn) clockCheck() check {
	c := check{name: t.say("field-ready.clock")}
	zone, seconds := t.locale.Now.In(t.locale.Zone).Zone()
	offset, known := t.client.ClockOffset()
	switch {
	case !known:
		c.text, c.do = t.say("field-ready.clock-unknown"), t.fetch()
	case offset.Abs() > clockOff:
		c.text, c.do = t.say("field-ready.clock-off", "span", t.locale.Long(offset.Abs())), look.Button{Text: t.say("field-ready.again"), Href: "/send"}
	default:
		c.text = t.say("field-ready.clock-right", "zone", look.Code(zoneWords(zone, seconds)))
	}
	return c
}

// zoneWords is a zone by its distance from UTC, and its name where it has one.
func zoneWords(name string, seconds int) string {
	utc := time.Unix(0, 0).In(time.FixedZone("", seconds)).Format("UTC-07:00")
	if name == "" || strings.ContainsAny(name[:1], "+-0123456789") || name == "UTC" {
		return utc
	}
	return cmp.Or(name+", "+utc, utc)
}

func (t *turn) keyCheck() check {
	c := check{name: t.say("field-ready.key"), text: t.say("field-ready.key-open")}
	if p, err := t.client.Protection(); err == nil && !p.Recoverable {
		c.text, c.do = t.say("field-ready.key-alone"), look.Button{Text: t.say("field-start.enrol"), Href: "/enrol"}
	}
	return c
}

// readersCheck says who can read what is sealed on this visit.
func (t *turn) readersCheck() check {
	c := check{name: t.say("field-ready.readers")}
	list, err := t.client.Readers(t.ctx())
	if err != nil || list.Version == 0 {
		c.text, c.do = t.say("field-ready.readers-none"), t.fetch()
		return c
	}
	by := map[string][]look.Text{}
	for _, r := range list.Readers {
		by[r.Compartment] = append(by[r.Compartment], look.Typed(r.Name))
	}
	var lines []look.Text
	for _, compartment := range []string{"interview", "medical", "identity", "reprisal"} {
		who := t.say("field-ready.readers-nobody")
		if len(by[compartment]) > 0 {
			who = t.locale.List(by[compartment]...)
		}
		lines = append(lines, t.say(look.Key("field-ready.readers-"+compartment), "who", who))
	}
	c.text = look.Lines(lines...)
	return c
}

// matesCheck: files can go to team-mates without a network. Whoever goes alone needs none.
func (t *turn) matesCheck(v *daylightv1.Visit) check {
	c := check{name: t.say("field-ready.mates")}
	devices, err := t.client.BundleDevices(t.ctx())
	if err != nil || len(devices) == 0 {
		if c.text = t.say("field-ready.mates-none"); len(v.GetTeam()) > 1 {
			c.do = t.fetch()
		}
		return c
	}
	c.text = t.say("field-ready.mates-n", "n", len(devices))
	return c
}
