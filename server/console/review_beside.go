package console

import (
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// beside is a visit with what access has to know of it, for what hangs on it.
type beside struct {
	*turn
	item  store.Item
	visit *daylightv1.Visit
	// place and region are of where the visit goes; empty where that is not in sight.
	place  look.Text
	region string
}

// besideVisit reads a visit of which the id stands somewhere in a record.
func (t *turn) besideVisit(id string) (*beside, error) {
	item, err := t.itemOf(record.Visit, id)
	if err != nil {
		return nil, err
	}
	b := &beside{turn: t, item: item, visit: item.Message.(*daylightv1.Visit)}
	if place, err := t.itemOf(record.Facility, b.visit.GetFacilityId()); err == nil {
		b.place, b.region = t.name(place.Message), place.Message.(*daylightv1.Facility).GetRegion()
	}
	return b, nil
}

func (b *beside) visitID() string { return b.visit.GetId() }

// ref is the visit's reference, or what a visit is called.
func (b *beside) ref() look.Text {
	if c := b.visit.GetCode(); c != "" {
		return look.Code(c)
	}
	return b.saying().Kind(record.Visit)
}

func (b *beside) subject(kind record.Kind) access.Subject {
	s := access.Beside(b.visit, kind, b.session.PersonID)
	s.Region = b.region
	return s
}

// mayEdit reports whether fields of a record that hangs on the visit may be changed; made
// says that whoever sits there made it.
func (b *beside) mayEdit(kind record.Kind, made bool, fields ...string) bool {
	s := b.subject(kind)
	s.Made = made
	ok, _ := b.rights.MayWrite(access.Write{Subject: s, Fields: numbersOf(kind, fields)})
	return ok
}

// mayMake reports whether such a record may be made on the visit.
func (b *beside) mayMake(kind record.Kind) bool {
	ok, _ := b.rights.MayWrite(access.Write{Subject: b.subject(kind), Creates: true, Fields: numbersOf(kind, []string{"visit_id"})})
	return ok
}

func numbersOf(kind record.Kind, fields []string) (out []int32) {
	for _, name := range fields {
		out = append(out, int32(recordpage.TopField(kind, name).Number()))
	}
	return out
}

// mostPast is how many changes of a record are looked through, the newest first.
const mostPast = store.MaxPage

func (t *turn) past(kind record.Kind, id string) ([]*daylightv1.HistoryEntry, error) {
	of, err := record.ParseID(id)
	if err != nil {
		return nil, store.ErrNotFound
	}
	all, _, err := t.records().History(t.ctx(), kind, of, mostPast, "")
	return all, err
}

// pen is who wrote something, and on what.
type pen struct {
	person, device string
	// office: at the office's pages or by a program of the office's; own: by whoever reads.
	office, own bool
}

// penOf reads a certificate's names. What is written at the office names the person with the
// beginning of their id, since two people may have one name.
func (t *turn) penOf(person, device string) pen {
	at := strings.LastIndex(person, " (")
	if device != officeDevice || at < 0 {
		return pen{person: person, device: device}
	}
	return pen{person: person[:at], office: true, own: strings.Trim(person[at:], " ()") == t.session.PersonID.String()[:8]}
}

// officeDevice is what the certificates of the office's own writers call its pages.
const officeDevice = "office"

func (t *turn) whoSays(p pen) look.Text {
	switch {
	case p.own:
		return t.say("field-two.you")
	case p.person != "":
		return look.Typed(p.person)
	}
	return t.say("field-review.somebody")
}

func (t *turn) whereSays(p pen) look.Text {
	switch {
	case p.office:
		return t.say("office-review.at-office")
	case p.device != "":
		return look.Typed(p.device)
	}
	return nil
}

func (t *turn) entryPen(e *daylightv1.HistoryEntry) pen {
	return t.penOf(e.GetPerson(), e.GetDevice())
}

// atMS is a time of the log.
func atMS(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// lastSetting finds the newest change that set a field to a value and stands.
func lastSetting(past []*daylightv1.HistoryEntry, field, value string) *daylightv1.HistoryEntry {
	for _, e := range past {
		for _, edit := range e.GetEdits() {
			if edit.GetField() == field && recordpage.Unquoted(edit.GetJson()) == value && recordpage.Stands(e) {
				return e
			}
		}
	}
	return nil
}
