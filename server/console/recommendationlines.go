package console

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// newKey stands in an address for an element that is not there yet.
const newKey = "new"

// lineOf is the addressee line of the address, as paths name it: a new one has no key until
// it is saved. False for one that is not there.
func (t *turn) lineOf(p *paper) (key string, ok bool) {
	key = t.r.PathValue("line")
	if key == newKey {
		return "", true
	}
	return key, p.line(key) != nil
}

// linePaths are what the page of a line may set.
func linePaths(key string) (out []string) {
	for _, field := range []string{"authority", "office", "sent_on", "received_on", "due_on", "implement_by"} {
		out = append(out, recordpage.At("addressees", key, field))
	}
	return out
}

func (t *turn) showLine(f *look.Form, wrong map[string]look.Text, why look.Text) error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	key, ok := t.lineOf(p)
	if !ok || !p.writes(t) {
		return errNotFound
	}
	e, at := t.edit(p.item, f, wrong), linePaths(key)
	title, action := t.say("office-recs.line-add"), p.href("/lines/new")
	var beside []look.Part
	if key != "" {
		title, action = t.authority(p.line(key)), p.href("/lines/"+key)
		beside = []look.Part{look.Button{Text: t.say("office-recs.line-remove"), Kind: look.ButtonGrave, Href: p.href("/lines/" + key + "/remove")}}
	}
	form := []look.Part{e.one(ask{path: at[0], required: true}), e.line(ask{path: at[1], hint: "office-recs.office-hint"}),
		look.Side{Body: []look.Part{e.dayOf(ask{path: at[2]}), e.dayOf(ask{path: at[3], hint: "office-recs.received-hint"})}},
		look.Side{Body: []look.Part{e.dayOf(ask{path: at[4], label: "office-recs.answer-due", hint: "office-recs.due-hint"}), e.dayOf(ask{path: at[5], hint: "office-recs.due-hint"})}}}
	return t.showPaperForm(p, title, action, e, why, []look.Part{look.Leaf{Body: form}}, t.say("office-recs.save"), beside...)
}

// saveLine saves an addressee line. The days that are not said come from the office's clocks
// once the day of sending is.
func (t *turn) saveLine(f *look.Form) error {
	key := t.r.PathValue("line")
	if key == newKey {
		key = ""
	}
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	return t.savePaper(f, "line", func(r *daylightv1.Recommendation, wrong map[string]look.Text) error {
		if path := recordpage.At("addressees", key, "authority"); f.Value(path) == "" {
			wrong[path] = t.say("office-recs.needed")
		}
		record.SetDue(r, office.GetClocks())
		return nil
	}, t.showLine, func(*daylightv1.Recommendation) []string { return linePaths(key) })
}

func (t *turn) showLineRemove(why look.Text) error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	key, ok := t.lineOf(p)
	if !ok || key == "" || !p.writes(t) {
		return errNotFound
	}
	said := 0
	for _, a := range p.replies {
		if a.GetLineId() == key {
			said++
		}
	}
	title := t.say("office-recs.line-remove-title")
	body := append(t.failure(why), look.Note{Kind: look.NoteAttend, Heading: t.authority(p.line(key)), Text: t.say("office-recs.line-remove-body", "n", said)},
		look.Questions{Action: p.href("/lines/" + key + "/remove"), Hidden: []look.Hidden{{Name: recordpage.AsField, Value: carriedOf(p.r)}}, Body: []look.Part{look.Cluster{Body: []look.Part{
			look.Button{Text: t.say("office-recs.line-remove-do"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-recs.back"), Kind: look.ButtonQuiet, Href: p.href("")}}}}})
	return t.show(sheet{title: title, crumbs: t.paperCrumbs(p.r, title), here: "/recommendations", body: body})
}

func (t *turn) removeLine(f *look.Form) error {
	key := t.r.PathValue("line")
	return t.savePaper(f, "line-gone", func(r *daylightv1.Recommendation, _ map[string]look.Text) error {
		r.Addressees = slices.DeleteFunc(r.Addressees, func(l *daylightv1.AddresseeLine) bool { return l.GetId() == key })
		return nil
	}, func(_ *look.Form, _ map[string]look.Text, why look.Text) error { return t.showLineRemove(why) },
		func(*daylightv1.Recommendation) []string { return nil })
}
