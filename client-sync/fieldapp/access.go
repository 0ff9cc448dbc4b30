package fieldapp

import (
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// accessRights are the rights of OPCAT 20, and the powers that national law adds.
var accessRights = func() (out []daylightv1.AccessRight) {
	for r := daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS; r <= daylightv1.AccessRight_ACCESS_RIGHT_MEDICAL_FILES; r++ {
		out = append(out, r)
	}
	return out
}()

// nationalFrom is the first that is national law.
const nationalFrom = daylightv1.AccessRight_ACCESS_RIGHT_EQUIPMENT

func (a *App) accessRoutes() {
	a.ofRecord(clientsync.KindVisit, "arrival", (*turn).showArrival)
	a.onRecord(clientsync.KindVisit, "now", (*turn).stampNow)
	a.ofRecord(clientsync.KindVisit, "access", (*turn).showAccess)
	a.onRecord(clientsync.KindVisit, "full", (*turn).rateFull)
	a.live[route{clientsync.KindVisit, "access"}] = func(t *turn, item clientsync.Item) (map[string]look.Part, error) {
		part, err := t.refusals(item)
		return map[string]look.Part{"refusals": part}, err
	}
}

// showArrival is when the team came, when it was let in, and whom it met.
func (t *turn) showArrival(item clientsync.Item) error {
	e, err := t.edit(item, "arrival")
	if err != nil {
		return err
	}
	v := item.Message.(*daylightv1.Visit)
	body := append([]look.Part{look.Heading{Text: t.say("field-access.arrival"), Unseen: true}}, e.notices()...)
	if stamps := t.stamps(item, v); len(stamps) > 0 {
		body = append(body, look.Leaf{Lit: true, Heading: t.say("field-access.one-tap"), Body: []look.Part{look.Para{Text: t.say("field-access.one-tap-under"), Small: true, Soft: true}, look.Cluster{Body: stamps}}})
	}
	body = append(body, e.form(e.arrivalControls(v)...), t.ends(item))
	return t.visitTab(item, "arrival", sheet{title: "field-access.arrival", body: body})
}

func (e *editor) arrivalControls(v *daylightv1.Visit) []look.Part {
	var sessions, met []look.Part
	for i, s := range v.GetSessions() {
		at := func(field string) string { return recordpage.At("sessions", s.GetId(), field) }
		sessions = append(sessions, e.element("sessions", s.GetId(), e.numbered("field-access.session", i), "field-access.drop-session",
			look.Flow{Body: []look.Part{e.moment(ask{path: at("entered_at"), label: "field-access.session-in"}), e.moment(ask{path: at("left_at"), label: "field-access.session-out"})}},
			e.line(ask{path: at("note"), label: "field-notes.remark"})))
	}
	for i, m := range v.GetMet() {
		at := func(field string) string { return recordpage.At("met", m.GetId(), field) }
		met = append(met, e.element("met", m.GetId(), e.numbered("field-access.met", i), "field-access.drop-met",
			e.line(ask{path: at("name"), label: "field-access.met-name"}), e.line(ask{path: at("office"), label: "field-access.met-office"}),
			e.moment(ask{path: at("at"), label: "field-access.when"})))
	}
	return []look.Part{
		look.Flow{Body: []look.Part{e.moment(ask{path: "arrived_at", label: "field-access.arrived"}), e.moment(ask{path: "entered_at", label: "field-access.entered"})}},
		e.number(ask{path: "delay_minutes", label: "field-access.delay", hint: "field-access.delay-hint", unit: "unit.min"}),
		look.Section{Heading: e.say("field-access.sessions"), ID: look.FieldID("sessions"), Body: append(append(e.beside("sessions"), sessions...), e.addTo("sessions", "field-access.add-session"))},
		look.Section{Heading: e.say("field-access.people-met"), ID: look.FieldID("met"), Body: append(append(append([]look.Part{look.Para{Text: e.say("field-access.people-met-under"), Small: true, Soft: true}}, e.beside("met")...), met...), e.addTo("met", "field-access.add-met"))},
	}
}

// stamps are the buttons that write down this minute.
func (t *turn) stamps(item clientsync.Item, v *daylightv1.Visit) (out []look.Part) {
	stamp := func(what string, label look.Key) look.Part {
		return look.Button{Text: t.say(label), Icon: look.IconClock, Action: t.href(item.Kind, item.ID, "now"), Hidden: []look.Hidden{{Name: "what", Value: what}}}
	}
	if v.GetArrivedAt() == "" {
		out = append(out, stamp("arrived", "field-access.now-arrived"))
	}
	if open := openSession(v); open != nil {
		out = append(out, stamp("left", "field-access.now-left"))
	} else if !atOffice(v.GetState()) {
		out = append(out, stamp("entered", "field-access.now-entered"))
	}
	return out
}

// openSession is the stay that has begun and not ended.
func openSession(v *daylightv1.Visit) *daylightv1.VisitSession {
	for _, s := range v.GetSessions() {
		if s.GetEnteredAt() != "" && s.GetLeftAt() == "" {
			return s
		}
	}
	return nil
}

// stampNow writes down that the team arrived, went in, or left, this minute. The delay
// follows from the first two.
func (t *turn) stampNow(item clientsync.Item, f *look.Form) error {
	v, now := item.Message.(*daylightv1.Visit), proto.String(t.nowHere())
	switch f.Value("what") {
	case "arrived":
		v.ArrivedAt = now
	case "entered":
		v.Sessions = append(v.Sessions, &daylightv1.VisitSession{EnteredAt: now})
		if v.GetEnteredAt() == "" {
			v.EnteredAt = now
			if minutes, ok := t.minutesBetween(v.GetArrivedAt(), *now); ok && v.DelayMinutes == nil {
				v.DelayMinutes = proto.Uint32(minutes)
			}
		}
	case "left":
		if s := openSession(v); s != nil {
			s.LeftAt = now
		}
	default:
		return recordpage.ErrForm
	}
	if err := t.client.Save(t.ctx(), v); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID, "arrival") + "?saved=1")
}

func (t *turn) minutesBetween(from, to string) (uint32, bool) {
	a, ok1 := t.readMoment(from)
	b, ok2 := t.readMoment(to)
	if !ok1 || !ok2 || b.Before(a) || b.Sub(a) > 48*time.Hour {
		return 0, false
	}
	return uint32(b.Sub(a).Minutes()), true
}

func (t *turn) arrivalLine(v *daylightv1.Visit) look.Text {
	switch {
	case v.GetEnteredAt() != "" && v.DelayMinutes != nil:
		return t.say("field-access.entered-after", "when", t.moment(v.GetEnteredAt()), "n", int(v.GetDelayMinutes()))
	case v.GetEnteredAt() != "":
		return t.say("field-access.entered-line", "when", t.moment(v.GetEnteredAt()))
	case v.GetArrivedAt() != "":
		return t.say("field-access.arrived-line", "when", t.moment(v.GetArrivedAt()))
	}
	return nil
}

// showAccess is how each right was honoured.
func (t *turn) showAccess(item clientsync.Item) error {
	e, err := t.edit(item, "access")
	if err != nil {
		return err
	}
	refusals, err := t.refusals(item)
	if err != nil {
		return err
	}
	body := append([]look.Part{look.Heading{Text: t.say("field-access.rights"), Under: t.say("field-access.rights-under")}}, e.notices()...)
	if v := item.Message.(*daylightv1.Visit); rated(v) < len(accessRights) {
		body = append(body, look.Button{Text: t.say("field-access.all-full"), Icon: look.IconCheck, Action: t.href(item.Kind, item.ID, "full")})
	}
	body = append(body, e.form(e.accessControls()...), look.Flow{ID: "refusals", Body: []look.Part{refusals}}, t.ends(item))
	return t.visitTab(item, "access", sheet{title: "field-access.rights", body: body})
}

func (e *editor) accessControls() []look.Part {
	treaty, national := []look.Part{}, []look.Part{look.Para{Text: e.say("field-access.national-under"), Small: true, Soft: true}}
	for _, right := range accessRights {
		key := right.String()
		at := func(field string) string { return recordpage.At("access", key, field) }
		leaf := look.Leaf{Body: append([]look.Part{e.one(ask{path: at("rating"), text: e.labelOf(right), pick: true})}, e.beside(recordpage.At("access", key))...)}
		leaf.Body = append(leaf.Body, look.Unfold{Summary: e.say("field-access.when-and-why"), Plain: true, Open: e.saysMore(key), Body: []look.Part{
			look.Flow{Body: []look.Part{e.moment(ask{path: at("requested_at"), label: "field-access.requested"}), e.moment(ask{path: at("answered_at"), label: "field-access.answered"})}},
			e.line(ask{path: at("note"), label: "field-access.reason", rows: 2})}})
		if right < nationalFrom {
			treaty = append(treaty, leaf)
		} else {
			national = append(national, leaf)
		}
	}
	return []look.Part{look.Section{Heading: e.say("field-access.treaty"), Body: treaty}, look.Section{Heading: e.say("field-access.national"), Body: national}}
}

// saysMore reports whether times or a reason are written to a right.
func (e *editor) saysMore(right string) bool {
	for _, field := range []string{"requested_at", "answered_at", "note"} {
		if e.value(recordpage.At("access", right, field)) != "" {
			return true
		}
	}
	return false
}

// rateFull says that every right of which nothing is said was honoured in full.
func (t *turn) rateFull(item clientsync.Item, _ *look.Form) error {
	v := item.Message.(*daylightv1.Visit)
	said := map[daylightv1.AccessRight]*daylightv1.AccessRecord{}
	for _, a := range v.GetAccess() {
		said[a.GetRight()] = a
	}
	full := daylightv1.AccessRating_ACCESS_RATING_FULL.Enum()
	for _, right := range accessRights {
		switch a := said[right]; {
		case a == nil && right < nationalFrom:
			v.Access = append(v.Access, &daylightv1.AccessRecord{Right: right, Rating: full})
		case a != nil && a.GetRating() == 0:
			a.Rating = full
		}
	}
	if err := t.client.Save(t.ctx(), v); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID, "access") + "?saved=1")
}

func rated(v *daylightv1.Visit) (n int) {
	for _, a := range v.GetAccess() {
		if a.GetRating() != 0 {
			n++
		}
	}
	return n
}

// accessLine counts the rights that were not honoured in full.
func (t *turn) accessLine(v *daylightv1.Visit) look.Text {
	by := map[daylightv1.AccessRating]int{}
	for _, a := range v.GetAccess() {
		by[a.GetRating()]++
	}
	var parts []look.Text
	for _, r := range []daylightv1.AccessRating{daylightv1.AccessRating_ACCESS_RATING_REFUSED, daylightv1.AccessRating_ACCESS_RATING_PARTIAL, daylightv1.AccessRating_ACCESS_RATING_DELAYED} {
		if by[r] > 0 {
			parts = append(parts, look.Spaced(t.enumTag(r)[0].Text, t.locale.Number(by[r])))
		}
	}
	return look.Dotted(parts...)
}

// refusals are rights that were refused and of which no incident tells how.
func (t *turn) refusals(item clientsync.Item) (look.Part, error) {
	report, err := t.client.CheckVisit(t.ctx(), item.ID)
	if clientsync.CodeOf(err) == clientsync.NotFound {
		return look.Flow{}, nil
	}
	if err != nil {
		return nil, err
	}
	var out []look.Part
	for _, r := range report.Missing {
		if r.Code == "refused-without-obstruction" {
			out = append(out, look.Note{Kind: look.NoteAttend, Text: t.flagSays(r.Flag), Body: []look.Part{
				look.Button{Text: t.say("field-access.add-obstruction"), Icon: look.IconPlus, Action: t.href(item.Kind, item.ID, "begin"),
					Hidden: []look.Hidden{{Name: "kind", Value: clientsync.KindObstructionIncident.String()}, {Name: "right", Value: r.Key}}}}})
		}
	}
	return look.Flow{Tight: true, Body: out}, nil
}
