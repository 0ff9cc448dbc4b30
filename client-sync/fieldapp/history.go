package fieldapp

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// How a record came to be, in words: who changed what, when, on which device, and what its
// clock was worth. This device knows what was written on it, what came in bundles, and who
// set what stands now; the rest is at the office, and the page says so.

// deed is one line of a history: what one change did, or what stands now from somebody
// whose changes are not here.
type deed struct {
	own            bool
	person, device string
	at             time.Time
	suspect        bool
	edits          []*daylightv1.HistoryEdit
	// decision and reason are the office's; standing: it is what stands now, of a change
	// that is not here.
	decision, reason string
	position         uint64
	standing         bool
	seal             string
}

// eachHistory is how many changes a page holds.
const eachHistory = 40

// showHistory tells how any record came to be.
func (t *turn) showHistory(item clientsync.Item) error {
	h, err := t.client.History(t.ctx(), item.Kind, item.ID)
	if err != nil {
		return err
	}
	all := t.changes(h)
	before := recordpage.Befores(all, func(c deed) ([]*daylightv1.HistoryEdit, bool) {
		return c.edits, c.decision != "refused" && c.decision != "held" && !c.standing
	})
	from, _ := strconv.Atoi(t.r.URL.Query().Get("from"))
	from = max(0, min(from, len(all)))
	to := min(from+eachHistory, len(all))
	var entries []look.Entry
	if from == 0 {
		entries = t.twoEntries(item)
	}
	for i, c := range all[from:to] {
		entries = append(entries, t.entry(item.Kind, c, before[from+i]))
	}
	body := []look.Part{look.Heading{Over: t.nameWords(item), Text: t.say("field-history.heading"), Under: t.counted(all)}}
	if len(entries) > 0 {
		body = append(body, look.Log{Items: entries})
	}
	if to < len(all) || from > 0 {
		body = append(body, t.pager(item, from, to, len(all)))
	}
	if h.AtOffice {
		body = append(body, look.Note{Icon: look.IconOffline, Text: t.say("field-history.at-office")})
	}
	body = append(body, t.forTheRecord(item, all))
	return t.show(sheet{title: "field-history.title", back: t.backFrom(item), tab: tabHome, body: body})
}

// backFrom leads to the record's page, or home where its kind has none.
func (t *turn) backFrom(item clientsync.Item) string {
	if t.pages[route{item.Kind, ""}] == nil && t.pages[route{0, ""}] == nil {
		return "/"
	}
	return t.href(item.Kind, item.ID)
}

func (t *turn) pager(item clientsync.Item, from, to, n int) look.Part {
	p := look.Pager{From: from + 1, To: to, N: n}
	at := func(from int) string {
		return fmt.Sprintf("%s?from=%d", t.href(item.Kind, item.ID, "history"), from)
	}
	if to < n {
		p.Later = at(to)
	}
	if from > 0 {
		p.Earlier = at(max(0, from-eachHistory))
	}
	return p
}

// changes are all lines, the newest first.
func (t *turn) changes(h clientsync.History) (out []deed) {
	self := ""
	if s, err := t.client.Status(t.ctx()); err == nil {
		self = s.Writer
	}
	known := map[string]bool{}
	for _, c := range h.Changes {
		writer := hex.EncodeToString(c.GetWriter())
		one := deed{own: writer == self, person: c.GetPerson(), device: c.GetDevice(), at: time.UnixMilli(c.GetWrittenAt()), suspect: c.GetClockSuspect(),
			edits: c.GetEdits(), decision: c.GetDecision(), reason: c.GetReason(), position: c.GetPosition(), seal: fmt.Sprintf("%s : %d", writer, c.GetSeq())}
		out = append(out, one)
		for _, e := range c.GetEdits() {
			known[writer+"/"+e.GetField()+"/"+e.GetKey()+"/"+e.GetJson()] = true
		}
	}
	// The changes are in the order in which they came here, which no clock has to be right
	// for; what stands now of others is put between them by its time.
	for _, c := range standing(h, known) {
		i := slices.IndexFunc(out, func(o deed) bool { return o.at.Before(c.at) })
		if i < 0 {
			i = len(out)
		}
		out = slices.Insert(out, i, c)
	}
	return out
}

// standing are the values in front that nobody's change here has set: of each writer those
// of one moment together.
func standing(h clientsync.History, known map[string]bool) (out []deed) {
	for _, o := range h.Current {
		if known[o.Writer+"/"+o.Field+"/"+o.Key+"/"+o.JSON] {
			continue
		}
		edit := &daylightv1.HistoryEdit{Field: o.Field, Key: o.Key, Json: o.JSON}
		same := func(c deed) bool { return c.seal == o.Writer && c.at.Equal(o.Written) }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].edits = append(out[i].edits, edit)
			continue
		}
		out = append(out, deed{own: o.Own, person: o.Person, device: o.Device, at: o.Written, suspect: o.ClockSuspect,
			edits: []*daylightv1.HistoryEdit{edit}, standing: true, seal: o.Writer})
	}
	return out
}

// counted says how much is told.
func (t *turn) counted(all []deed) look.Text {
	people, devices := map[string]bool{}, map[string]bool{}
	for _, c := range all {
		people[cmp.Or(c.person, c.device, c.seal)] = true
		devices[cmp.Or(c.device, c.seal)] = true
	}
	return look.Spaced(t.say("field-history.counted", "n", len(all)), t.say("field-history.of-people", "n", len(people)), t.say("field-history.signed"))
}

// twoEntries are the fields that stand in two versions.
func (t *turn) twoEntries(item clientsync.Item) (out []look.Entry) {
	for i, c := range item.Conflicts {
		var since time.Time
		for _, v := range c.Values {
			if v.Written.After(since) {
				since = v.Written
			}
		}
		out = append(out, look.Entry{Whose: look.Two, Text: t.say("field-history.two", "field", t.pathWords(item.Kind, c.Field, c.Key), "when", t.locale.When(since)),
			Body: []look.Part{look.Para{Small: true, Text: look.To(t.versionsHref(item, i), t.say("field-history.compare"))}}})
	}
	return out
}

// entry is one change in words.
func (t *turn) entry(kind clientsync.Kind, c deed, before map[string]string) look.Entry {
	e := look.Entry{Whose: look.Theirs, When: look.Dotted(t.locale.Moment(c.at), t.deviceName(c.own, c.device), t.standingWords(c))}
	if c.own {
		e.Whose = look.Mine
	}
	edits, begun := recordpage.ToTell(c.edits)
	who := look.Strong(t.person(c.own, c.person))
	e.Text = t.saying().Did(kind, who, edits, begun)
	if c.standing {
		e.Text = t.say("field-history.stands", "who", who)
	}
	e.Body = t.saying().Edits(kind, edits, before, !begun && !c.standing)
	if c.suspect {
		e.Body = append(e.Body, look.Cluster{Body: []look.Part{look.Tag{Kind: look.TagWatch, Icon: look.IconClock, Text: t.say("field-history.doubt")}, look.Para{Small: true, Soft: true, Text: t.say("field-history.doubt-under")}}})
	}
	return e
}

// standingWords say how far the change has come.
func (t *turn) standingWords(c deed) look.Text {
	switch {
	case c.standing:
		return t.say("field-history.known-received")
	case c.decision == "refused":
		return t.say("field-history.refused")
	case c.decision == "held":
		return t.say("field-history.held")
	case c.position > 0 || c.decision == "accepted":
		return t.say("field-history.received")
	case c.own:
		return t.say("field-history.not-sent")
	}
	return t.say("field-history.by-bundle")
}

// forTheRecord are the names by which the office finds the record and its last change.
func (t *turn) forTheRecord(item clientsync.Item, all []deed) look.Part {
	facts := []look.Fact{{Name: t.say("field-history.record-id"), Value: look.Mono(item.ID)}}
	if i := slices.IndexFunc(all, func(c deed) bool { return !c.standing }); i >= 0 {
		facts = append(facts, look.Fact{Name: t.say("field-history.last-change"), Value: look.Mono(all[i].seal)})
	}
	return look.Unfold{Plain: true, Summary: t.say("field-history.for-the-record"), Body: []look.Part{look.Pairs{Items: facts, Small: true}}}
}
