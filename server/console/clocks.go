package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The office's clocks: how long an authority has, by how urgent a recommendation is.

func (c *Console) clockRoutes() {
	changes := may(access.ChangeOffice)
	c.page("/office/clocks", seesClocks, (*turn).showClocks)
	c.freshPage("/office/clocks/edit", changes, func(t *turn) error { return t.showClocksEdit(nil, nil) })
	c.freshPost("/office/clocks/edit", changes, (*turn).saveClocks)
}

// seesClocks allows whoever changes what the office agrees on, and whoever reads what runs by
// it.
func seesClocks(r access.Rights) bool {
	return r.May(access.ChangeOffice) || r.Reads(record.Recommendation) != access.None
}

// term is a time in words: months and days.
func (t *turn) term(months, days uint32) look.Text {
	if months == 0 && days == 0 {
		return look.Soft(t.say("office-clocks.none"))
	}
	var out []look.Text
	if months > 0 {
		out = append(out, t.say("office-clocks.months", "n", int(months)))
	}
	if days > 0 {
		out = append(out, t.say("office-clocks.days", "n", int(days)))
	}
	return look.Spaced(out...)
}

// ownClocks are the authorities that have a clock of their own, by code.
func ownClocks(all []*daylightv1.Clock) (out []string) {
	for _, c := range all {
		if c.GetAuthority() != "" && !slices.Contains(out, c.GetAuthority()) {
			out = append(out, c.GetAuthority())
		}
	}
	slices.Sort(out)
	return out
}

func (t *turn) showClocks() error {
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	var body, actions []look.Part
	if t.r.URL.Query().Get("done") == "saved" {
		body = append(body, look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("office-clocks.saved")})
	}
	here := "/recommendations"
	if seesDirectory(t.rights) {
		here, body = "/people", append([]look.Part{t.peopleTabs("/office/clocks")}, body...)
	}
	body = append(body, t.clockTable(office.GetClocks(), ""))
	for _, authority := range ownClocks(office.GetClocks()) {
		body = append(body, look.Section{Heading: t.code(authorities, authority), Body: []look.Part{t.clockTable(office.GetClocks(), authority)}})
	}
	if t.rights.May(access.ChangeOffice) {
		actions = []look.Part{look.Button{Text: t.say("office-clocks.change"), Icon: look.IconPen, Kind: look.ButtonMain, Href: "/office/clocks/edit"}}
	}
	return t.show(sheet{title: t.say("office-clocks.title"), here: here, lede: t.say("office-clocks.lede"), actions: actions, body: body})
}

func (t *turn) clockTable(all []*daylightv1.Clock, authority string) look.Part {
	table := look.Ledger{Stack: true, Caption: t.say("office-clocks.caption"), Head: []look.Column{{Text: t.saying().Field("horizon")}, {Text: t.say("office-clocks.answer")}, {Text: t.say("office-clocks.carry-out")}, {Text: t.say("office-clocks.whose")}}}
	for _, h := range record.Horizons() {
		c := record.ClockFor(all, h, authority)
		whose := t.say("office-clocks.ours")
		switch {
		case !slices.Contains(all, c):
			whose = t.say("office-clocks.shipped")
		case c.GetAuthority() != authority:
			whose = t.say("office-clocks.everybodys")
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: t.enum(h)}, {Text: t.term(c.GetAnswerMonths(), c.GetAnswerDays())}, {Text: t.term(c.GetDoneMonths(), c.GetDoneDays())}, {Text: whose}}})
	}
	return table
}

// clockField names a control of a clock.
func clockField(authority string, h daylightv1.RecommendationHorizon, part string) string {
	return strings.Join([]string{"clock", authority, strconv.Itoa(int(h)), part}, ".")
}

// clockParts are the four numbers of a clock, in order.
var clockParts = []struct {
	name  string
	label look.Key
	of    func(*daylightv1.Clock) *uint32
}{
	{"answer-months", "office-clocks.answer-months", func(c *daylightv1.Clock) *uint32 { return &c.AnswerMonths }},
	{"answer-days", "office-clocks.answer-days", func(c *daylightv1.Clock) *uint32 { return &c.AnswerDays }},
	{"done-months", "office-clocks.done-months", func(c *daylightv1.Clock) *uint32 { return &c.DoneMonths }},
	{"done-days", "office-clocks.done-days", func(c *daylightv1.Clock) *uint32 { return &c.DoneDays }},
}

func (t *turn) showClocksEdit(f *look.Form, why look.Text) error {
	t.refused(f)
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	form := []look.Part{t.clockForm(office.GetClocks(), "", f)}
	for _, authority := range ownClocks(office.GetClocks()) {
		form = append(form, t.clockForm(office.GetClocks(), authority, f))
	}
	form = append(form, look.Leaf{Heading: t.say("office-clocks.own"), Body: []look.Part{t.ownSelect(office.GetClocks(), f)}},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-clocks.save"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-recs.back"), Kind: look.ButtonQuiet, Href: "/office/clocks"}}})
	revision := typed(f, "revision", strconv.FormatUint(office.GetRevision(), 10))
	body := append(t.failure(why), t.clockProblems(f)...)
	body = append(body, look.Questions{Action: "/office/clocks/edit", Hidden: []look.Hidden{{Name: "revision", Value: revision}}, Body: form})
	return t.show(sheet{title: t.say("office-clocks.change"), crumbs: []look.Link{{Href: "/office/clocks", Text: t.say("office-clocks.title")}, {Text: t.say("office-clocks.change")}}, here: "/people", lede: t.say("office-clocks.change-body"), body: body})
}

func (t *turn) clockProblems(f *look.Form) []look.Part {
	if f == nil || f.OK() {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteUrgent, Status: true, Heading: t.say("field-edit.not-saved"), Text: t.say("office-clocks.bad")}}
}

// clockForm asks for the clocks of one authority, or of all that have none of their own.
func (t *turn) clockForm(all []*daylightv1.Clock, authority string, f *look.Form) look.Part {
	leaf := look.Leaf{Heading: t.say("office-clocks.everybody")}
	if authority != "" {
		leaf.Heading = t.code(authorities, authority)
		leaf.Body = append(leaf.Body, look.Check{Name: "drop", Value: authority, Checked: f != nil && f.Ticked("drop", authority), Text: t.say("office-clocks.drop")})
	}
	for _, h := range record.Horizons() {
		c := record.ClockFor(all, h, authority)
		side := look.Side{}
		for _, part := range clockParts {
			name := clockField(authority, h, part.name)
			side.Body = append(side.Body, look.Input{Name: name, Label: t.say(part.label), Value: typed(f, name, strconv.Itoa(int(*part.of(c)))), Numeric: true, Error: wrong(f, name)})
		}
		leaf.Body = append(leaf.Body, look.Section{Heading: t.enum(h), Body: []look.Part{side}})
	}
	return leaf
}

func (t *turn) ownSelect(all []*daylightv1.Clock, f *look.Form) look.Part {
	own := ownClocks(all)
	options := []look.Option{{Text: t.say("office-clocks.own-none")}}
	for _, o := range t.optionsOf(authorities, "") {
		if !slices.Contains(own, o.Value) {
			o.Selected = typed(f, "own", "") == o.Value
			options = append(options, o)
		}
	}
	return look.Select{Name: "own", Label: t.say("office-clocks.own-add"), Hint: t.say("office-clocks.own-hint"), Options: options}
}

// saveClocks keeps the clocks as the form says them. An authority that gets clocks of its own
// begins with those of all.
func (t *turn) saveClocks(f *look.Form) error {
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	said := []string{""}
	for _, authority := range ownClocks(office.GetClocks()) {
		if !f.Ticked("drop", authority) {
			said = append(said, authority)
		}
	}
	clocks := []*daylightv1.Clock{}
	for _, authority := range said {
		clocks = append(clocks, t.clocksIn(f, authority)...)
	}
	if own := f.Value("own"); own != "" && !slices.Contains(said, own) {
		for _, h := range record.Horizons() {
			c := record.ClockFor(clocks, h, "")
			clocks = append(clocks, &daylightv1.Clock{Horizon: h, Authority: own, AnswerMonths: c.GetAnswerMonths(), AnswerDays: c.GetAnswerDays(), DoneMonths: c.GetDoneMonths(), DoneDays: c.GetDoneDays()})
		}
	}
	revision, err := strconv.ParseUint(f.Value("revision"), 10, 64)
	if err != nil {
		return look.ErrForm
	}
	if !f.OK() {
		return t.showClocksEdit(f, nil)
	}
	office.Clocks, office.Revision = clocks, revision
	if _, err := t.directory.SaveOffice(t.ctx(), office, t.session.By("console clocks")); err != nil {
		return t.clocksRefused(f, err)
	}
	if f.Value("own") != "" {
		return t.to("/office/clocks/edit")
	}
	return t.to(with("/office/clocks", "done", "saved"))
}

// clocksRefused gives the form back where somebody else was faster, or what it says cannot be.
func (t *turn) clocksRefused(f *look.Form, err error) error {
	switch rpcerr.CodeOf(err) {
	case rpcerr.Conflict:
		t.status = http.StatusConflict
		return t.showClocksEdit(f, t.say("office-clocks.stale"))
	case rpcerr.Invalid:
		t.status = http.StatusUnprocessableEntity
		return t.showClocksEdit(f, t.say("office-clocks.bad"))
	}
	return err
}

// mostOfTerm is what no term has as many of, months or days; the office knows it closer.
const mostOfTerm = 1000

// clocksIn are the clocks of one authority as a form says them; an empty number is none.
func (t *turn) clocksIn(f *look.Form, authority string) (out []*daylightv1.Clock) {
	for _, h := range record.Horizons() {
		c := &daylightv1.Clock{Horizon: h, Authority: authority}
		for _, part := range clockParts {
			name := clockField(authority, h, part.name)
			n, _ := f.Number(name)
			if n < 0 || n > mostOfTerm {
				f.Refuse(name, t.say("office-clocks.bad"))
				continue
			}
			*part.of(c) = uint32(n)
		}
		out = append(out, c)
	}
	return out
}
