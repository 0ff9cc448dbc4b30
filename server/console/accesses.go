package console

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// The access log: who read, was denied, took out and changed what. Reading it leaves a line
// in it. It holds ids and fixed words; the names of people and devices come from the
// directory, since an auditor has to know who it was.

var readsLog = may(access.ReadAccessLog)

func (c *Console) accessRoutes() {
	c.rail = append(c.rail, way{href: "/access-log", icon: look.IconHistory, name: "office-access.title", allow: readsLog})
	c.page("/access-log", readsLog, (*turn).showAccessLog)
}

// accessQuery reads the filters of the address; what is no id or day is left out.
func (t *turn) accessQuery(q url.Values) (out directory.AccessQuery) {
	kind, _ := strconv.Atoi(q.Get("kind"))
	if _, known := daylightv1.AccessKind_name[int32(kind)]; known {
		out.Kind = daylightv1.AccessKind(kind)
	}
	out.Person, _ = readID(q.Get("person"))
	out.Device, _ = readID(q.Get("device"))
	out.Subject = q.Get("subject")
	out.Before, _ = strconv.ParseUint(q.Get("after"), 10, 64)
	if day, err := time.ParseInLocation(time.DateOnly, q.Get("from"), t.locale.Zone); err == nil {
		out.From = day.UnixMilli()
	}
	if day, err := time.ParseInLocation(time.DateOnly, q.Get("until"), t.locale.Zone); err == nil {
		out.Until = day.AddDate(0, 0, 1).UnixMilli()
	}
	return out
}

func (t *turn) showAccessLog() error {
	q := t.r.URL.Query()
	query := t.accessQuery(q)
	if query.Before == 0 {
		if err := t.directory.ReadLog(t.ctx(), t.session.By("console access-log")); err != nil {
			return err
		}
	}
	lines, next, err := t.directory.AccessLog(t.ctx(), query)
	if err != nil {
		return err
	}
	ids := []string{q.Get("person"), q.Get("device"), q.Get("subject")}
	for _, a := range lines {
		ids = append(ids, a.GetPerson(), a.GetDevice(), a.GetToken(), a.GetSubject())
	}
	names, err := t.directory.Names(t.ctx(), ids...)
	if err != nil {
		return err
	}
	after := ""
	if next > 0 {
		after = strconv.FormatUint(next, 10)
	}
	body := append([]look.Part{t.accessFilters(q), t.onlyOf(q, names)}, t.accessTable(lines, names))
	return t.show(sheet{title: t.say("office-access.title"), here: "/access-log", lede: t.say("office-access.lede"), body: append(body, t.pagesOf("/access-log", q, after)...)})
}

func (t *turn) accessFilters(q url.Values) look.Part {
	kind := look.Select{Name: "kind", Label: t.say("office-access.kind"), Options: []look.Option{{Text: t.say("office-access.any"), Selected: q.Get("kind") == ""}}}
	for n := 1; n < len(daylightv1.AccessKind_name); n++ {
		kind.Options = append(kind.Options, look.Option{Value: strconv.Itoa(n), Text: t.kindOf(daylightv1.AccessKind(n)), Selected: q.Get("kind") == strconv.Itoa(n)})
	}
	body := []look.Part{kind, look.Input{Name: "from", Label: t.say("office-access.from"), Type: "date", Value: q.Get("from")},
		look.Input{Name: "until", Label: t.say("office-access.until"), Type: "date", Value: q.Get("until")},
		look.Input{Name: "subject", Label: t.say("office-access.subject"), Hint: t.say("office-access.subject-hint"), Value: q.Get("subject"), Mono: true}}
	for _, name := range []string{"person", "device"} {
		if q.Get(name) != "" {
			body = append(body, look.Hidden{Name: name, Value: q.Get(name)})
		}
	}
	return look.Filters{Action: "/access-log", Body: body, Clear: t.clear("/access-log", q)}
}

// onlyOf says of whom the lines are, where that is a filter.
func (t *turn) onlyOf(q url.Values, names map[string]string) look.Part {
	var of []look.Text
	for name, key := range map[string]look.Key{"person": "office-access.only-person", "device": "office-access.only-device"} {
		if id := q.Get(name); id != "" {
			of = append(of, t.say(key, "name", t.calledIn(names, id)))
		}
	}
	return look.Para{Text: look.Dotted(of...)}
}

func (t *turn) calledIn(names map[string]string, id string) look.Text {
	if names[id] != "" {
		return look.Typed(names[id])
	}
	return look.Mono(id)
}

func (t *turn) kindOf(k daylightv1.AccessKind) look.Text {
	if _, known := daylightv1.AccessKind_name[int32(k)]; !known || k == 0 {
		return look.Mono(strconv.Itoa(int(k)))
	}
	return t.say(look.Key("office-access.kind-" + strconv.Itoa(int(k))))
}

func (t *turn) accessTable(lines []*daylightv1.Access, names map[string]string) look.Part {
	if len(lines) == 0 {
		return look.Empty{Text: t.say("office-access.none"), Under: t.say("office-access.none-body")}
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-access.caption"), Head: []look.Column{{Text: t.say("office-access.when"), Whole: true}, {Text: t.say("office-access.what")},
		{Text: t.say("office-access.who")}, {Text: t.say("office-access.about")}}}
	for _, a := range lines {
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: t.locale.When(time.UnixMilli(a.GetAt())), Under: t.kindOf(a.GetKind())},
			{Text: t.noteOf(a.GetNote()), Under: look.Mono(a.GetCall())}, t.whoCell(a, names), {Text: t.aboutOf(a, names)}}})
	}
	return table
}

// whoCell is who did it, each leading to all that they did.
func (t *turn) whoCell(a *daylightv1.Access, names map[string]string) look.Cell {
	c := look.Cell{}
	switch {
	case a.GetPerson() != "":
		c.Text = look.To(with("/access-log", "person", a.GetPerson()), t.calledIn(names, a.GetPerson()))
	case a.GetToken() != "":
		c.Text = t.say("office-access.program", "name", t.calledIn(names, a.GetToken()))
	default:
		c.Text = look.Soft(t.say("office-access.nobody"))
	}
	if a.GetDevice() != "" {
		c.Under = look.To(with("/access-log", "device", a.GetDevice()), t.calledIn(names, a.GetDevice()))
	}
	return c
}

// aboutOf is what it was about, leading to all about that.
func (t *turn) aboutOf(a *daylightv1.Access, names map[string]string) look.Text {
	id := a.GetSubject()
	if id == "" {
		return nil
	}
	called := look.Small(look.Mono(id))
	if names[id] != "" {
		called = look.Typed(names[id])
	}
	return look.To(with("/access-log", "subject", id), called)
}

// restrictedNote is a note with a count.
var restrictedNote = regexp.MustCompile(`^([0-9]+) restricted records? (?:was|were) (listed|sent)$`)

// noteOf says a fixed text of the log in the reader's language; one of a newer program in
// English.
func (t *turn) noteOf(note string) look.Text {
	if m := restrictedNote.FindStringSubmatch(note); m != nil {
		n, err := strconv.Atoi(m[1])
		if err == nil {
			return t.say(map[string]look.Key{"listed": "office-notes.listed", "sent": "office-notes.sent"}[m[2]], "n", n)
		}
	}
	if m := notedList.FindStringSubmatch(note); m != nil {
		n, _ := strconv.Atoi(m[1])
		if kind, err := record.ParseKind(m[2]); err == nil {
			return t.say("office-notes.list-out", "kind", t.saying().Kind(kind), "n", t.locale.Number(n))
		}
	}
	if m := notedRegister.FindStringSubmatch(note); m != nil {
		n, _ := strconv.Atoi(m[1])
		return t.say("office-notes.register", "n", t.locale.Number(n))
	}
	if format, is := strings.CutPrefix(note, notedFormat); is {
		return t.say("office-notes.records-out", "format", look.Mono(format))
	}
	if key, known := noteKeys[note]; known {
		return t.say(key)
	}
	return look.Foreign("en", note)
}
