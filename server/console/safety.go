package console

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/server/signin"
)

// maxBody bounds what a page may post: more than a form may bring, so that what is too long
// can be told beside its control.
const maxBody = 9 << 20

// ServeHTTP lets in what our own pages ask, and what a person opens.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	look.SecurityHeaders(w.Header())
	if r.TLS != nil {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	}
	if status := c.closed(r); status != 0 {
		http.Error(w, "Not here.", status)
		return
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	}
	c.mux.ServeHTTP(w, c.Known(r))
}

// closed says why a request does not come in, as a status; 0: it may. A name that is not
// ours is one that a foreign page has bound to our address.
func (c *Console) closed(r *http.Request) int {
	switch {
	case !c.hosts[r.Host] && !ownName(r.Host):
		return http.StatusMisdirectedRequest
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed
	case r.Method == http.MethodPost && !c.takes(r):
		return http.StatusNotFound
	case r.Method == http.MethodPost && !ours(r):
		return http.StatusForbidden
	}
	return 0
}

// takes reports whether anything is posted to that address.
func (c *Console) takes(r *http.Request) bool {
	_, pattern := c.mux.Handler(r)
	return pattern != ""
}

// ours reports whether the browser says that a post comes from our own pages. They tell
// nobody where they are, so that it may say that it comes from nowhere, and vouches by the
// site.
func ours(r *http.Request) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if origin != "" && origin != "null" && origin != siteOf(r).origin() {
		return false
	}
	return site == "same-origin" || site == "" && origin != "" && origin != "null"
}

// ownName reports whether a host is a name of this machine.
func ownName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// place is under which name the browser has us.
type place struct{ signin.Site }

func siteOf(r *http.Request) place {
	return place{signin.Site{Host: r.Host, Secure: r.TLS != nil}}
}

func (p place) origin() string {
	if p.Secure {
		return "https://" + p.Host
	}
	return "http://" + p.Host
}

// Names of cookies. With TLS they carry __Host-, so that no other name of the domain can
// set them; on this machine without TLS, browsers do not take that.
const (
	sessionCookie = "daylight-session"
	browserCookie = "daylight-browser"
)

func cookieName(r *http.Request, name string) string {
	if r.TLS != nil {
		return "__Host-" + name
	}
	return name
}

func cookieOf(r *http.Request, name string) string {
	k, err := r.Cookie(cookieName(r, name))
	if err != nil {
		return ""
	}
	return k.Value
}

// setCookie gives a cookie that no script reads and no other site sends along; an empty
// value takes it back. One that lasts is kept when the browser is closed.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, lasts int) {
	if value == "" {
		lasts = -1
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName(r, name), Value: value, Path: "/", MaxAge: lasts,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
}

// browserLasts is how long a browser is known, in seconds: half a year.
const browserLasts = 180 * 24 * 60 * 60

// who is what is known of a request's session, found once.
type who struct {
	session *signin.Session
	ended   *signin.EndedError
	err     error
}

type whoKey struct{}

// Known finds out whose request it is, and gives it with that; a second time costs nothing.
// SignedIn tells then whether it is somebody's.
func (c *Console) Known(r *http.Request) *http.Request {
	if _, known := r.Context().Value(whoKey{}).(*who); known {
		return r
	}
	found := &who{}
	if token := cookieOf(r, sessionCookie); token != "" && !strings.HasPrefix(r.URL.Path, look.AssetPrefix) {
		var err error
		found.session, err = c.signins.Authenticate(r.Context(), token)
		if !errors.As(err, &found.ended) && !errors.Is(err, signin.ErrNobody) {
			found.err = err
		}
	}
	return r.WithContext(context.WithValue(r.Context(), whoKey{}, found))
}

// SignedIn reports whether a request that Known gave is that of somebody who has signed in.
func SignedIn(r *http.Request) bool {
	w, _ := r.Context().Value(whoKey{}).(*who)
	return w != nil && w.session != nil
}

// localPath gives an address back if it is one of these pages, else the first page: nobody
// is led elsewhere by a link that looks like ours.
func localPath(s string) string {
	if len(s) > 2000 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return "/"
	}
	for _, end := range []string{"/sign-in", "/sign-out", "/confirm", "/welcome", "/kept"} {
		if u.Path == end || strings.HasPrefix(u.Path, end+"/") {
			return "/"
		}
	}
	u.Fragment = ""
	return u.String()
}
