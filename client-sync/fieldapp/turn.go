package fieldapp

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
)

// turn is one request and its answer.
type turn struct {
	*App
	w      http.ResponseWriter
	r      *http.Request
	locale *look.Locale
	words  *terms.Set // see terms

	// What became of a form, for the page that shows it again: what was typed, over which
	// record, why controls were refused, why nothing was saved, and how to put back what was
	// taken out.
	again   *look.Form
	shown   clientsync.Message
	refused map[string]look.Text
	failed  look.Text
	undo    string
	// saved is the record as it stands after what the script sent, packed; empty where that
	// was not saved.
	saved string
	// status of the page; 0: 200.
	status int
	// after is what may wait until the page has gone out.
	after func()
}

func (a *App) turn(w http.ResponseWriter, r *http.Request) *turn {
	now := a.now()
	return &turn{App: a, w: w, r: r, locale: look.Words().Locale(a.language(r), now.Location(), now)}
}

// rememberedLanguage is under which name the library keeps the language that a person chose.
const rememberedLanguage = "language"

// language is what a person chose on this device; while it is locked, what the browser asks
// for.
func (a *App) language(r *http.Request) string {
	if !a.client.Locked() {
		if tag, err := a.client.Remembered(clientsync.Quietly(r.Context()), rememberedLanguage); err == nil && len(tag) > 0 {
			return string(tag)
		}
	}
	return look.LanguageOf(r)
}

func (t *turn) ctx() context.Context { return t.r.Context() }

// say is a message of the catalogue in the reader's language.
func (t *turn) say(k look.Key, pairs ...any) look.Text { return t.locale.Say(k, pairs...) }

// terms are the words that records are classified with, read once a request.
func (t *turn) terms() (*terms.Set, error) {
	if t.words == nil {
		set, err := t.client.Terms(t.ctx())
		if err != nil {
			return nil, err
		}
		t.words = set
	}
	return t.words, nil
}

// href is the address of a record's page, in this run of the program; page may be empty.
func (t *turn) href(kind clientsync.Kind, id string, page ...string) string {
	return strings.TrimRight("/r/"+t.handles.name(kind, id)+"/"+strings.Join(page, "/"), "/")
}

// to answers with another address, after something was done.
func (t *turn) to(href string) error {
	http.Redirect(t.w, t.r, href, http.StatusSeeOther)
	return nil
}

// tab is one of the four ways from anywhere.
type tab string

const (
	tabHome     tab = "home"
	tabVisit    tab = "visit"
	tabFindings tab = "findings"
	tabSend     tab = "send"
)

// sheet is a page of the field app, as an area fills it in.
type sheet struct {
	// title says the kind of page only; it stays in the browser's history.
	title look.Key
	// name stands in the bar, and may say what the page is about; empty: the title.
	name look.Text
	// back leads to where the page was reached from.
	back string
	// tab is lit among the tabs at the foot; foot holds buttons instead of the tabs.
	tab  tab
	foot []look.Button
	body []look.Part
}

// show sends a page.
func (t *turn) show(s sheet) error { return t.showStatus(cmp.Or(t.status, http.StatusOK), s) }

func (t *turn) showStatus(status int, s sheet) error {
	shell := look.FieldShell{Back: s.back, Name: s.name, Net: t.net(), Help: helpFor(s.title), Lock: "/lock", Foot: s.foot}
	if len(shell.Name) == 0 {
		shell.Name = t.say(s.title)
	}
	if len(s.foot) == 0 {
		shell.Tabs = t.tabs(s.tab)
	}
	p := look.Page{Locale: t.locale, Theme: look.ThemeOf(t.r), Title: t.say(s.title), Shell: shell, Body: s.body,
		Scripts: []string{"field.js"}, Data: map[string]string{"away": "/away", "here": "/here", "waiting": t.say("field-edit.waiting").String()}}
	return p.Write(t.w, status)
}

// showBare sends a page without bar and tabs: while locked, and on the way out.
func (t *turn) showBare(status int, title look.Key, body ...look.Part) error {
	shell := look.BareShell{}
	if t.gate.session(t.r) != "" {
		shell.Help = helpFor(title)
	}
	p := look.Page{Locale: t.locale, Theme: look.ThemeOf(t.r), Title: t.say(title), Shell: shell, Body: body, Scripts: []string{"field.js"}}
	return p.Write(t.w, status)
}

// net is the outbox in one glance.
func (t *turn) net() *look.Net {
	s, err := t.client.Status(t.ctx())
	if err != nil {
		return nil
	}
	n := &look.Net{Href: "/send", Icon: look.IconSend, Text: t.say("field-edit.net-unsent", "n", s.Unsent), Label: t.say("field-edit.net-unsent-label", "n", s.Unsent)}
	if s.Unsent == 0 && !s.LastSync.IsZero() {
		n.Icon, n.Text, n.Label = look.IconCheck, t.say("field-edit.net-sent"), t.say("field-edit.net-sent-label")
	}
	if s.Problem != "" {
		n.Icon = look.IconOffline
		n.Label = t.say("field-edit.net-offline-label", "n", s.Unsent)
	}
	return n
}

func (t *turn) tabs(now tab) []look.Tab {
	return []look.Tab{
		{Href: "/", Icon: look.IconHome, Text: t.say("field-edit.tab-home"), Current: now == tabHome},
		{Href: "/visit", Icon: look.IconVisit, Text: t.say("field-edit.tab-visit"), Current: now == tabVisit},
		{Href: "/findings", Icon: look.IconFinding, Text: t.say("field-edit.tab-findings"), Current: now == tabFindings},
		{Href: "/send", Icon: look.IconSend, Text: t.say("field-edit.tab-send"), Current: now == tabSend},
	}
}
