package console

import (
	"errors"
	"path"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// The form about a person: what they are called, and their roles with region and period.

// spareGrants are the empty lines for roles that a form offers beside those that there are.
const spareGrants = 2

func (t *turn) showChange() error {
	a, err := t.person()
	if err != nil {
		return err
	}
	return t.showPersonForm(a.Person, nil, nil)
}

func (t *turn) showPersonForm(p *daylightv1.Person, f *look.Form, why look.Text) error {
	bodies, err := t.directory.Bodies(t.ctx())
	if err != nil {
		return err
	}
	t.refused(f)
	title, at := t.say("office-people.add"), "/people/new"
	if p.GetId() != "" {
		title, at = t.say("office-people.change"), "/people/"+p.GetId()+"/change"
	}
	fields := []look.Part{
		look.Input{Name: "name", Label: t.say("office-people.name"), Hint: t.say("office-people.name-hint"), Value: typed(f, "name", p.GetName()), Required: true, Error: wrong(f, "name")},
		look.Side{Body: []look.Part{look.Input{Name: "number", Label: t.say("office-people.number"), Hint: t.say("office-people.number-hint"), Value: typed(f, "number", p.GetNumber()), Error: wrong(f, "number")},
			look.Select{Name: "body", Label: t.say("office-people.body"), Options: t.bodyOptions(bodies, typed(f, "body", p.GetBody()), t.say("office-people.no-body"))}}},
	}
	roles := look.Section{Heading: t.say("office-people.roles"), Body: []look.Part{look.Para{Soft: true, Text: t.say("office-people.roles-hint")}}}
	for i := range grantLines(p, f) {
		roles.Body = append(roles.Body, t.grantFields(i, p, f))
	}
	fields = append(fields, roles, look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-people.save"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-people.leave"), Href: path.Dir(at)}}})
	body := append(t.failure(why), t.problems(f, t.personLabels(f))...)
	body = append(body, look.Questions{Action: at, Hidden: []look.Hidden{{Name: "revision", Value: typed(f, "revision", strconv.FormatUint(p.GetRevision(), 10))}}, Body: fields})
	return t.show(sheet{title: title, heading: look.Typed(p.GetName()), here: "/people", crumbs: t.peopleCrumbs(p, title), body: body})
}

// grantLines is how many lines for roles the form has.
func grantLines(p *daylightv1.Person, f *look.Form) int {
	n := len(p.GetGrants()) + spareGrants
	for f != nil && f.Has(at("role", n)) {
		n++
	}
	return min(n, 50)
}

// at names a field of a line.
func at(name string, line int) string { return name + "-" + strconv.Itoa(line) }

func (t *turn) personLabels(f *look.Form) map[string]look.Text {
	out := map[string]look.Text{"name": t.say("office-people.name"), "number": t.say("office-people.number")}
	for i := 0; f != nil && f.Has(at("role", i)); i++ {
		for name, key := range map[string]look.Key{"role": "office-people.role", "region": "office-people.region", "from": "office-people.from", "until": "office-people.until"} {
			out[at(name, i)] = look.Dotted(t.say("office-people.line", "n", i+1), t.say(key))
		}
	}
	return out
}

func (t *turn) grantFields(i int, p *daylightv1.Person, f *look.Form) look.Part {
	g := &daylightv1.Grant{}
	if i < len(p.GetGrants()) {
		g = p.GetGrants()[i]
	}
	role := ""
	if g.GetRole() != 0 {
		role = access.Role(g.GetRole()).String()
	}
	until := int64(0)
	if g.GetUntil() > 0 {
		until = g.GetUntil() - 1
	}
	return look.Well{Body: []look.Part{
		look.Select{Name: at("role", i), Label: t.say("office-people.line", "n", i+1), Options: t.roleOptions(typed(f, at("role", i), role), t.say("office-people.none")), Error: wrong(f, at("role", i))},
		look.Side{Body: []look.Part{
			look.Input{Name: at("region", i), Label: t.say("office-people.region"), Value: typed(f, at("region", i), g.GetRegion()), Placeholder: "UA-32", Error: wrong(f, at("region", i))},
			look.Input{Name: at("from", i), Label: t.say("office-people.from"), Type: "date", Value: typed(f, at("from", i), t.dateOf(g.GetFrom())), Error: wrong(f, at("from", i))},
			look.Input{Name: at("until", i), Label: t.say("office-people.until"), Type: "date", Value: typed(f, at("until", i), t.dateOf(until)), Error: wrong(f, at("until", i))}}}}}
}

// dateOf is a time as a date field has it; empty for none.
func (t *turn) dateOf(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(t.locale.Zone).Format(time.DateOnly)
}

// grantsOf reads the lines of roles; a day named as the end is the last.
func (t *turn) grantsOf(f *look.Form) (out []*daylightv1.Grant) {
	for i := 0; f.Has(at("role", i)) && i < 50; i++ {
		role, err := access.ParseRole(f.Value(at("role", i)))
		if err != nil {
			continue // an empty line
		}
		g := &daylightv1.Grant{Role: daylightv1.OfficeRole(role), Region: strings.ToUpper(f.Trimmed(at("region", i)))}
		if day, given := f.Day(at("from", i)); given {
			g.From = day.UnixMilli()
		}
		if day, given := f.Day(at("until", i)); given {
			g.Until = day.AddDate(0, 0, 1).UnixMilli()
		}
		t.judge(f, i, g)
		out = append(out, g)
	}
	return out
}

// judge refuses a grant that could not be, or that would give nothing.
func (t *turn) judge(f *look.Form, i int, g *daylightv1.Grant) {
	whole := access.Grant{Role: access.Role(g.GetRole()), Region: g.GetRegion()}
	switch {
	case g.GetRegion() != "" && !directory.IsRegion(g.GetRegion()):
		f.Refuse(at("region", i), t.say("office-people.wrong-region"))
	case whole.Check() != nil && g.GetRegion() == "":
		f.Refuse(at("region", i), t.say("office-people.needs-region"))
	case whole.Check() != nil:
		f.Refuse(at("region", i), t.say("office-people.whole-office"))
	case g.GetUntil() > 0 && g.GetUntil() <= g.GetFrom():
		f.Refuse(at("until", i), t.say("office-people.ends-first"))
	}
}

// savePerson adds or changes one, from the revision that the form was made from.
func (t *turn) savePerson(f *look.Form) error {
	now := &daylightv1.Person{}
	if t.r.PathValue("id") != "" {
		a, err := t.person()
		if err != nil {
			return err
		}
		now = a.Person
	}
	to := proto.CloneOf(now)
	to.Name, to.Number, to.Body, to.Grants = f.Trimmed("name"), f.Trimmed("number"), f.Value("body"), t.grantsOf(f)
	if to.Name == "" {
		f.Refuse("name", t.say("office-people.name-missing"))
	}
	if !f.OK() {
		return t.showPersonForm(now, f, nil)
	}
	to.Revision, _ = strconv.ParseUint(f.Value("revision"), 10, 64)
	saved, err := t.directory.SavePerson(t.ctx(), to, t.session.By("console people"))
	if errors.Is(err, directory.ErrTaken) {
		f.Refuse("number", t.say("office-people.taken"))
		return t.showPersonForm(now, f, nil)
	}
	if err != nil {
		if why, ok := t.directorySays(err); ok {
			return t.showPersonForm(now, f, why)
		}
		return err
	}
	if _, err := record.ParseID(now.GetId()); err != nil {
		return t.to("/people/" + saved.GetId() + "?done=added")
	}
	return t.to("/people/" + saved.GetId() + "?done=changed")
}
