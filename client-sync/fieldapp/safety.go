package fieldapp

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// gate lets in the browser that the program opened, and nobody else on this machine.
//
// Any page of the web, and any program here, can send requests to a loopback port. The gate
// wants, of every request, our name as its host (a name that a foreign page has bound to
// this machine's address is not ours), a cookie that only our own pages were given and that
// goes along with nothing that another site sends, and of what changes anything, the
// browser's word that it comes from our own pages.
type gate struct {
	host string
	now  func() time.Time

	mu       sync.Mutex
	tickets  map[[32]byte]*ticket // by the hash of a start token
	sessions [][32]byte           // hashes of cookies, the oldest first
}

// ticket is what a start token is good for.
type ticket struct {
	until time.Time
	// session is the one that it opened; zero before.
	session [32]byte
}

const (
	cookieName  = "daylight"
	ticketLasts = 2 * time.Minute
	// mostSessions: a person has a browser or two.
	mostSessions = 4
)

func newGate(host string, now func() time.Time) *gate {
	return &gate{host: host, now: now, tickets: map[[32]byte]*ticket{}}
}

// secret makes 32 random bytes, in hexadecimal.
func secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// ticket makes a token that opens one session, once, for two minutes.
func (g *gate) ticket() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	for hash, k := range g.tickets {
		if now.After(k.until) {
			delete(g.tickets, hash)
		}
	}
	token := secret()
	g.tickets[sha256.Sum256([]byte(token))] = &ticket{until: now.Add(ticketLasts)}
	return token
}

// admit exchanges a ticket for a session's cookie. Other people of this computer may read
// the address that a browser is opened with. Who comes with it second is not let in, and the
// first is let out, whichever of them is the person, who starts again.
func (g *gate) admit(w http.ResponseWriter, r *http.Request, token string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	k := g.tickets[sha256.Sum256([]byte(token))]
	if k == nil || g.now().After(k.until) {
		return false
	}
	if k.session != [32]byte{} {
		if c, err := r.Cookie(cookieName); err == nil && sha256.Sum256([]byte(c.Value)) == k.session {
			return slices.Contains(g.sessions, k.session) // the same browser once more
		}
		g.sessions = slices.DeleteFunc(g.sessions, func(s [32]byte) bool { return s == k.session })
		return false
	}
	session := secret()
	k.session = sha256.Sum256([]byte(session))
	g.sessions = append(g.sessions, k.session)
	if len(g.sessions) > mostSessions {
		g.sessions = g.sessions[1:]
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	return true
}

// session gives the request's session, empty for none that we gave.
func (g *gate) session(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	hash := sha256.Sum256([]byte(c.Value))
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		if subtle.ConstantTimeCompare(s[:], hash[:]) == 1 {
			return c.Value
		}
	}
	return ""
}

// closed says why a request does not come in, as a status; 0: it may.
func (g *gate) closed(r *http.Request) int {
	switch {
	case r.Host != g.host:
		return http.StatusMisdirectedRequest
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed
	case !g.ours(r):
		return http.StatusForbidden
	}
	return 0
}

// ours reports whether the browser says that a request comes from our own pages, or from a
// person who typed or opened the address. What changes anything has to come from our pages.
func (g *gate) ours(r *http.Request) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	// A page of ours tells nobody where it is, so its forms come from nowhere, and the
	// browser vouches for them by the site.
	nowhere := origin == "null" && site == "same-origin"
	if origin != "" && origin != "http://"+g.host && !nowhere {
		return false
	}
	if r.Method == http.MethodPost {
		return site == "same-origin" || site == "" && origin != ""
	}
	if site == "" || site == "none" || site == "same-origin" {
		return true
	}
	// A link that another program opens may count as foreign; it gets no cookie along and
	// can only exchange a ticket.
	return strings.HasPrefix(r.URL.Path, "/start/") && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}
