package console

import (
	"net/http"
	"net/url"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/server/directory"
)

// Saved views: a list's filters under a name, for whoever named them alone. What is kept is
// what the list itself makes of an address, so that nothing else can be kept in them.

// viewed are the lists that can be saved, by their address: each gives of an address what it
// knows.
var viewed = map[string]func(url.Values) url.Values{
	"/visits": func(v url.Values) url.Values { return readVisitFilters(v).values() },
}

func (c *Console) viewRoutes() {
	c.post("/views", nil, (*turn).saveView)
	c.page("/views", nil, (*turn).listViews)
	c.page("/views/{id}", nil, func(t *turn) error { return t.showView(nil) })
	c.post("/views/{id}", nil, (*turn).renameView)
	c.post("/views/{id}/drop", nil, (*turn).dropView)
}

// views are this person's of a list, with the one that is shown now.
func (t *turn) views(page, now string) (out []look.Link, err error) {
	all, err := t.directory.Views(t.ctx(), t.session.PersonID, page)
	for _, v := range all {
		href := viewAddress(page, v)
		out = append(out, look.Link{Href: href, Text: look.Typed(v.Name), Current: href == now})
	}
	return out, err
}

func viewAddress(page string, v directory.View) string {
	q, err := url.ParseQuery(v.Query)
	if err != nil || viewed[page] == nil {
		return page
	}
	return addressOf(page, viewed[page](q))
}

// viewForm names what is shown now.
func (t *turn) viewForm(page string, v url.Values) look.Part {
	if len(v) == 0 {
		return look.Para{Small: true, Text: look.To(with("/views", "page", page), t.say("office-visits.change-views"))}
	}
	return look.Unfold{Plain: true, Summary: t.say("office-visits.save-view"), Body: []look.Part{t.nameForm(page, v.Encode(), "", nil)}}
}

func (t *turn) nameForm(page, query, name string, why look.Text) look.Part {
	return look.Questions{Action: "/views", Hidden: []look.Hidden{{Name: "page", Value: page}, {Name: "query", Value: query}}, Body: []look.Part{
		look.Input{Name: "name", Label: t.say("office-visits.view-name"), Hint: t.say("office-visits.view-hint"), Value: name, Error: why, Required: true},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-visits.view-save")}}}}}
}

// saveView keeps a filter; one of that name gets the new one.
func (t *turn) saveView(f *look.Form) error {
	page := f.Value("page")
	of := viewed[page]
	q, err := url.ParseQuery(f.Value("query"))
	if of == nil || err != nil {
		return look.ErrForm
	}
	query := of(q)
	_, err = t.directory.SaveView(t.ctx(), t.session.PersonID, page, directory.View{Name: f.Trimmed("name"), Query: query.Encode()})
	if why, ok := t.viewWrong(err); ok {
		return t.show(sheet{title: t.say("office-visits.save-view"), here: page, crumbs: []look.Link{{Href: addressOf(page, query), Text: t.say("office-visits.title")}, {Text: t.say("office-visits.save-view")}},
			body: []look.Part{t.nameForm(page, query.Encode(), f.Value("name"), why)}})
	} else if err != nil {
		return err
	}
	query.Set("done", "saved")
	return t.to(addressOf(page, query))
}

// viewWrong says why a view was not kept.
func (t *turn) viewWrong(err error) (look.Text, bool) {
	if err == nil {
		return nil, false
	}
	switch rpcerr.CodeOf(err) {
	case rpcerr.Invalid:
		t.status = http.StatusUnprocessableEntity
		return t.say("office-visits.view-bad", "n", directory.MaxViewName), true
	case rpcerr.Conflict:
		t.status = http.StatusConflict
		return t.say("office-visits.view-taken", "n", directory.MaxViews), true
	}
	return nil, false
}

// viewDone says what was done to a view.
func (t *turn) viewDone() []look.Part {
	k := map[string]look.Key{"saved": "office-visits.view-saved", "renamed": "office-visits.view-renamed", "dropped": "office-visits.view-dropped"}[t.r.URL.Query().Get("done")]
	if k == "" {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteSettled, Status: true, Text: t.say(k)}}
}

// listViews lists those of a list, to be renamed and dropped.
func (t *turn) listViews() error {
	page := t.r.URL.Query().Get("page")
	if viewed[page] == nil {
		return errNotFound
	}
	all, err := t.directory.Views(t.ctx(), t.session.PersonID, page)
	if err != nil {
		return err
	}
	var rows []look.Row
	for _, v := range all {
		rows = append(rows, look.Row{Href: with("/views/"+v.ID.String(), "page", page), Text: look.Typed(v.Name)})
	}
	body := t.viewDone()
	if len(rows) == 0 {
		body = append(body, look.Empty{Text: t.say("office-visits.no-view"), Under: t.say("office-visits.no-view-under"), Action: look.Button{Text: t.say("office-visits.title"), Href: page}})
	} else {
		body = append(body, look.Rows{Items: rows})
	}
	return t.show(sheet{title: t.say("office-visits.views"), here: page, crumbs: t.viewCrumbs(page), lede: t.say("office-visits.views-lede"), body: body})
}

func (t *turn) viewCrumbs(page string, more ...look.Link) []look.Link {
	return append([]look.Link{{Href: page, Text: t.say("office-visits.title")}, {Href: with("/views", "page", page), Text: t.say("office-visits.views")}}, more...)
}

// view finds the one of the address among this person's.
func (t *turn) view() (page string, out directory.View, err error) {
	id, err := t.id("id")
	if err != nil {
		return "", out, err
	}
	for page := range viewed {
		all, err := t.directory.Views(t.ctx(), t.session.PersonID, page)
		if err != nil {
			return "", out, err
		}
		for _, v := range all {
			if v.ID == id {
				return page, v, nil
			}
		}
	}
	return "", out, errNotFound
}

func (t *turn) showView(f *look.Form) error {
	page, v, err := t.view()
	if err != nil {
		return err
	}
	at := "/views/" + v.ID.String()
	return t.show(sheet{title: t.say("office-visits.view"), heading: look.Typed(v.Name), here: page, crumbs: t.viewCrumbs(page, look.Link{Text: t.say("office-visits.view")}), body: []look.Part{
		look.Para{Text: look.To(viewAddress(page, v), t.say("office-visits.view-open"))},
		look.Questions{Action: at, Body: []look.Part{
			look.Input{Name: "name", Label: t.say("office-visits.view-name"), Value: typed(f, "name", v.Name), Error: wrong(f, "name"), Required: true},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-visits.view-rename"), Kind: look.ButtonMain}}}}},
		look.Section{Heading: t.say("office-visits.view-drop"), Body: []look.Part{look.Para{Text: t.say("office-visits.view-drop-under")},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-visits.view-drop-do"), Kind: look.ButtonGrave, Action: at + "/drop"}}}}},
	}})
}

func (t *turn) renameView(f *look.Form) error {
	page, v, err := t.view()
	if err != nil {
		return err
	}
	err = t.directory.RenameView(t.ctx(), t.session.PersonID, v.ID, f.Trimmed("name"))
	if why, ok := t.viewWrong(err); ok {
		f.Refuse("name", why)
		return t.showView(f)
	} else if err != nil {
		return err
	}
	return t.to(with("/views", "page", page, "done", "renamed"))
}

func (t *turn) dropView(*look.Form) error {
	page, v, err := t.view()
	if err != nil {
		return err
	}
	if err := t.directory.DropView(t.ctx(), t.session.PersonID, v.ID); err != nil && !isGone(err) {
		return err
	}
	return t.to(with("/views", "page", page, "done", "dropped"))
}

func isGone(err error) bool { return rpcerr.CodeOf(err) == rpcerr.NotFound }
