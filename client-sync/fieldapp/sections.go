package fieldapp

import (
	"slices"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// section is one part of a visit on its overview: a pane, and a row.
type section struct {
	title, under, count look.Text
	href                string
	state               look.PaneState
}

// pageOf says on which page of a visit each of its fields stands.
var pageOf = map[string]string{
	"team": "team", "arrived_at": "arrival", "entered_at": "arrival", "delay_minutes": "arrival", "sessions": "arrival", "met": "arrival",
	"access": "access", "population": "counts", "capacities": "counts", "closing_points": "closing", "state": "", "checklists": "checklists",
}

// visitPage is the page of a visit on which a field of it stands.
func visitPage(field string) string {
	if page, ok := pageOf[field]; ok {
		return page
	}
	return "about"
}

// sections are the parts of a visit, in the order in which it goes.
func (t *turn) sections(o *outing) ([]section, error) {
	v := o.visit
	all := []section{
		t.visitSection(o, "about", "field-visit.about", v.Type != nil, look.Dotted(t.labelOf(v.GetType()), t.labelOf(v.GetAnnouncement())), nil),
		t.visitSection(o, "team", "field-visit.team", len(v.Team) > 0, t.teamLine(v), t.numberOf(len(v.Team))),
		t.visitSection(o, "arrival", "field-access.arrival", v.ArrivedAt != nil, t.arrivalLine(v), nil),
		t.visitSection(o, "access", "field-access.rights", len(v.Access) > 0, t.accessLine(v), t.locale.Of(rated(v), len(accessRights))),
		t.keptSection(o, "obstructions"),
		t.visitSection(o, "counts", "field-counts.title", len(v.Population) > 0, t.countsLine(o), t.numberOf(len(v.Population))),
	}
	lists, err := t.checklistSections(o)
	if err != nil {
		return nil, err
	}
	all = append(all, lists...)
	if t.hasPage(clientsync.KindVisit, "interviews") {
		s := section{title: t.say("field-visit.interviews"), href: t.href(o.item.Kind, o.item.ID, "interviews")}
		t.fillSection(&s, len(o.of[clientsync.KindInterview]), o.lacks(func(r clientsync.Remark) bool { return r.Kind == clientsync.KindInterview }))
		all = append(all, s)
	}
	for _, k := range keptKinds {
		if k.page != "obstructions" {
			all = append(all, t.keptSection(o, k.page))
		}
	}
	return append(all, t.visitSection(o, "closing", "field-submit.closing", len(v.ClosingPoints) > 0, t.say("field-submit.closing-line"), t.numberOf(len(v.ClosingPoints)))), nil
}

func (t *turn) numberOf(n int) look.Text {
	if n == 0 {
		return nil
	}
	return t.locale.Number(n)
}

// lacks counts what is missing of those records or fields.
func (o *outing) lacks(of func(clientsync.Remark) bool) (n int) {
	for _, r := range o.report.Missing {
		if of(r) {
			n++
		}
	}
	return n
}

func (t *turn) visitSection(o *outing, page string, title look.Key, begun bool, under, count look.Text) section {
	missing := o.lacks(func(r clientsync.Remark) bool { return r.Kind == clientsync.KindVisit && visitPage(r.Field) == page })
	s := section{title: t.say(title), under: under, count: count, href: t.href(o.item.Kind, o.item.ID, page), state: paneFor(begun, missing > 0)}
	if missing > 0 {
		s.under = look.Dotted(under, t.say("field-visit.missing", "n", missing))
	}
	return s
}

func (t *turn) keptSection(o *outing, page string) section {
	k := keptOn(page)
	s := section{title: t.say(k.title), href: t.href(o.item.Kind, o.item.ID, page)}
	t.fillSection(&s, len(o.of[k.kind]), o.lacks(func(r clientsync.Remark) bool { return r.Kind == k.kind }))
	return s
}

func (t *turn) fillSection(s *section, n, missing int) {
	s.state, s.count = paneFor(n > 0, missing > 0), t.numberOf(n)
	switch {
	case missing > 0:
		s.under = t.say("field-visit.missing", "n", missing)
	case n == 0:
		s.under = t.say("field-visit.nothing-yet")
	}
}

func paneFor(begun, missing bool) look.PaneState {
	switch {
	case begun && missing:
		return look.PaneMissing
	case missing:
		return look.PaneEmpty
	case begun:
		return look.PaneSeen
	}
	return look.PaneUnseen
}

// checklistSections are the checklists that were begun, and those that were taken along and
// were not.
func (t *turn) checklistSections(o *outing) (out []section, err error) {
	begun := map[string]bool{}
	for _, r := range o.report.Checklists {
		begun[r.Code] = true
		s := section{href: t.href(clientsync.KindChecklistResponse, r.Response), state: checklistPane(r), count: t.locale.Of(r.Progress.All.Done, r.Progress.All.Asked)}
		if s.title, err = t.formTitle(r.Code, r.Version); err != nil {
			return nil, err
		}
		switch {
		case r.Problem != nil:
			s.under, s.count = t.say("field-visit.form-not-here"), nil
		case r.Progress.All.Missing > 0:
			s.under = t.say("field-visit.missing", "n", r.Progress.All.Missing)
		case r.Finished:
			s.under = t.say("field-visit.finished")
		}
		if n := r.Progress.All.Contested; n > 0 {
			s.under = look.Dotted(s.under, t.say("field-visit.contested", "n", n))
		}
		out = append(out, s)
	}
	for _, code := range o.visit.GetChecklists() {
		if !begun[code] {
			s := section{href: t.href(o.item.Kind, o.item.ID, "checklists"), state: look.PaneEmpty, under: t.say("field-visit.not-begun")}
			if s.title, err = t.formTitle(code, ""); err != nil {
				return nil, err
			}
			out = append(out, s)
		}
	}
	if len(out) == 0 && t.hasPage(clientsync.KindVisit, "checklists") {
		out = append(out, section{title: t.say("field-visit.checklists"), under: t.say("field-visit.nothing-yet"), href: t.href(o.item.Kind, o.item.ID, "checklists"), state: look.PaneUnseen})
	}
	return out, nil
}

func checklistPane(r clientsync.ChecklistReport) look.PaneState {
	c := r.Progress.All
	switch {
	case r.Problem != nil:
		return look.PaneUnseen
	case c.Missing > 0 || c.Done == 0:
		return paneFor(c.Done > 0, c.Missing > 0)
	case c.Open() > 0 && !r.Finished:
		return look.PaneBegun
	}
	return look.PaneSeen
}

// formTitle is what a checklist is called; its code where the form is not here.
func (t *turn) formTitle(code, version string) (look.Text, error) {
	all, err := t.client.Forms(t.ctx())
	if err != nil {
		return nil, err
	}
	for _, v := range all.Versions(code) {
		if version == "" || v.Version == version {
			title, in := v.Title(t.locale.Tag)
			if in != t.locale.Tag && in != "" {
				return look.Foreign(in, title), nil
			}
			return look.Typed(title), nil
		}
	}
	return look.Code(code), nil
}

// progress is how far the visit is, and where to go on.
func (t *turn) progress(all []section) look.Part {
	var states []look.PaneState
	seen, next := 0, -1
	for _, s := range all {
		states = append(states, s.state)
		if s.state == look.PaneSeen {
			seen++
		}
	}
	for _, wanted := range [][]look.PaneState{{look.PaneMissing, look.PaneEmpty}, {look.PaneBegun}, {look.PaneUnseen}} {
		if next < 0 {
			next = slices.IndexFunc(all, func(s section) bool { return slices.Contains(wanted, s.state) })
		}
	}
	body := []look.Part{look.Panes{States: states}}
	if next >= 0 {
		body = append(body, look.Button{Text: t.say("field-visit.next", "section", all[next].title), Href: all[next].href, Kind: look.ButtonMain, Wide: true, Further: true})
	}
	return look.Leaf{Heading: t.say("field-visit.seen", "seen", t.locale.Number(seen), "n", len(all)), Body: body}
}

func (t *turn) sectionRows(all []section) look.Part {
	rows := []look.Row{}
	for _, s := range all {
		rows = append(rows, look.Row{Href: s.href, Lead: look.Pane{State: s.state}, Text: s.title, Under: s.under, Count: s.count})
	}
	return look.Section{Heading: t.say("field-visit.sections"), Body: []look.Part{look.Rows{Items: rows, Ordered: true}}}
}

// hrefOf leads to the very field that a remark is about; for a kind that has no page of its
// own, to its history.
func (t *turn) hrefOf(r clientsync.Remark) string {
	if !t.hasPage(r.Kind, "") {
		return t.href(r.Kind, r.ID, "history")
	}
	page := ""
	path := r.Field
	if r.Kind == clientsync.KindVisit {
		page = visitPage(r.Field)
	}
	if r.Key != "" {
		path = recordpage.At(r.Field, r.Key)
	}
	if r.Kind == clientsync.KindVisit && r.Field == "access" && r.Key != "" {
		path = recordpage.At("access", r.Key, "rating")
	}
	return t.href(r.Kind, r.ID, page) + "#" + look.FieldID(path)
}

// severe is the tag of a finding's severity, where the team proposed one.
func (t *turn) severe(f *daylightv1.Finding) []look.Tag { return t.enumTag(f.GetSeverityProposed()) }
