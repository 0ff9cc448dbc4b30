package console

import (
	"cmp"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/signin"
)

// turn is one request and its answer.
type turn struct {
	*Console
	w       http.ResponseWriter
	r       *http.Request
	locale  *look.Locale
	session *signin.Session    // nil: nobody has signed in
	ended   *signin.EndedError // why not any more
	rights  access.Rights      // of whoever has signed in, now
	failed  error              // why it is not known who sits there
	status  int                // of the page; 0: 200
	desk    Records            // of whoever has signed in; see records
	names   map[string]look.Text
	known   map[string]bool // of which records the name was found
	words   *vocabulary.Set
	places  map[string]*daylightv1.Facility // that a page has read; nil: not in sight
}

func (c *Console) turn(w http.ResponseWriter, r *http.Request) *turn {
	now := c.now()
	t := &turn{Console: c, w: w, r: r, locale: look.Words().Locale(look.LanguageOf(r), now.Location(), now)}
	if known, _ := r.Context().Value(whoKey{}).(*who); known != nil {
		t.session, t.ended, t.failed = known.session, known.ended, known.err
	}
	if t.session != nil && t.session.Stage == signin.Full {
		t.rights = access.At(now.UnixMilli(), access.GrantsOf(t.session.Person.GetGrants())...)
	}
	return t
}

func (t *turn) ctx() context.Context { return t.r.Context() }

// say is a message of the catalogue in the reader's language.
func (t *turn) say(k look.Key, pairs ...any) look.Text { return t.locale.Say(k, pairs...) }

// visitor is from where the request comes.
func (t *turn) visitor() signin.Visitor {
	v := signin.Visitor{Address: t.r.RemoteAddr, Browser: cookieOf(t.r, browserCookie), Agent: t.r.UserAgent(), Session: cookieOf(t.r, sessionCookie)}
	if host, _, err := net.SplitHostPort(v.Address); err == nil {
		v.Address = host
	}
	return v
}

// entered gives the browser the cookies of a session that has begun or goes on.
func (t *turn) entered(e signin.Entered) {
	setCookie(t.w, t.r, sessionCookie, e.Token, 0)
	if e.Browser != "" {
		setCookie(t.w, t.r, browserCookie, e.Browser, browserLasts)
	}
	t.session = e.Session
}

// to answers with another address, after something was done.
func (t *turn) to(href string) error {
	http.Redirect(t.w, t.r, href, http.StatusSeeOther)
	return nil
}

// with is an address with a query.
func with(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// back is the address that the request names to return to.
func (t *turn) back(f *look.Form) string { return localPath(f.Value("back")) }

// json answers a script.
func (t *turn) json(v any) error {
	t.w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(t.w).Encode(v)
}

// sheet is a page of the console, as an area fills it in.
type sheet struct {
	// title says the kind of page, and the reference code of a record at most.
	title look.Text
	// heading is the title where it is empty.
	heading, over, lede look.Text
	crumbs              []look.Link
	actions             []look.Part
	body, aside         []look.Part
	// here is the address of the way in the rail that the page belongs to.
	here string
}

// show sends a page with the rail.
func (t *turn) show(s sheet) error {
	if s.heading == nil {
		s.heading = s.title
	}
	shell := look.OfficeShell{Home: "/", Nav: t.nav(s.here), Crumbs: s.crumbs, Over: s.over, Heading: s.heading, Lede: s.lede, Actions: s.actions, Aside: s.aside,
		Who: look.Typed(t.session.Person.GetName()), SignOut: "/sign-out", Account: "/account"}
	return t.write(look.Page{Title: s.title, Shell: shell, Body: s.body, Data: map[string]string{"idle": strconv.Itoa(int(signin.IdleFor.Seconds()) + 5)}})
}

// showBare sends a page without the rail: while nobody has signed in.
func (t *turn) showBare(title look.Text, body ...look.Part) error {
	return t.write(look.Page{Title: title, Shell: look.BareShell{Help: "/help"}, Body: body})
}

func (t *turn) write(p look.Page) error {
	p.Locale, p.Theme, p.NoMarkup, p.Scripts = t.locale, look.ThemeOf(t.r), true, []string{"office.js"}
	return p.Write(t.w, cmp.Or(t.status, http.StatusOK))
}

// nav are the ways that this person may go.
func (t *turn) nav(here string) (out []look.NavItem) {
	for _, w := range t.rail {
		if w.allow == nil || w.allow(t.rights) {
			out = append(out, look.NavItem{Href: w.href, Icon: w.icon, Text: t.say(w.name), Current: w.href == here})
		}
	}
	return out
}

// refused gives a form back that was not taken.
func (t *turn) refused(f *look.Form) {
	if f != nil && !f.OK() {
		t.status = http.StatusUnprocessableEntity
	}
}

// problems stand at the head of a form that was not taken.
func (t *turn) problems(f *look.Form, labels map[string]look.Text) []look.Part {
	if f == nil || f.OK() {
		return nil
	}
	return []look.Part{f.Problems(t.say("office-sign.problems"), func(name string) look.Text { return labels[name] })}
}

// wrong is what is wrong with a field of a form, which may be nil.
func wrong(f *look.Form, name string) look.Text {
	if f == nil {
		return nil
	}
	return f.Error(name)
}

// typed is what was typed into a field of a form, which may be nil.
func typed(f *look.Form, name, else_ string) string {
	if f == nil || !f.Has(name) {
		return else_
	}
	return f.Value(name)
}
