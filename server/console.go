package server

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/server/console"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
)

// signInKeyFile is where the key lies that seals what sign-ins have to be read back, beside
// the database and not in it.
const signInKeyFile = "signin.key"

// openConsole makes the office's pages.
func (s *Server) openConsole() error {
	key, err := signin.LoadKey(filepath.Join(s.store.Dir(), signInKeyFile))
	if err != nil {
		return err
	}
	if s.signins, err = signin.New(signin.Config{DB: s.store.File(), Key: key, Now: s.config.Now, Random: s.config.Random, Cost: s.config.Cost}); err != nil {
		return err
	}
	var hosts []string
	for _, e := range s.config.Endpoints {
		if u, err := url.Parse(e); err == nil && u.Host != "" {
			hosts = append(hosts, u.Host)
		}
	}
	s.pages, err = console.New(console.Config{
		Signins: s.signins, Directory: s.directory, Store: s.store, Records: s.recordsOf, Office: s.officeOf, Hosts: hosts, Log: s.log, Now: s.config.Now, Random: s.config.Random,
		Route: func(ctx context.Context, pattern string) {
			if c, ok := ctx.Value(callKey{}).(*call); ok {
				c.route = pattern
			}
		},
	})
	return err
}

// serveConsole answers with a page of the office, within the time that any call has.
func (s *Server) serveConsole(w http.ResponseWriter, r *http.Request) {
	if s.pages == nil {
		http.Error(w, "This office has not been made yet: run daylightd init. Until then it has no pages.", http.StatusNotFound)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.config.Timeout)
	defer cancel()
	s.pages.ServeHTTP(w, r.WithContext(ctx))
}

// SignInPath is where the operator asks for a first-sign-in code, on the local socket alone.
const SignInPath = "/operator/sign-in"

// LetInAsked is whom the operator lets set up how they sign in.
type LetInAsked struct {
	// Person is their id.
	Person string `json:"person"`
	// Minutes is how long the code is good; 0: as long as it may be.
	Minutes int `json:"minutes,omitempty"`
}

// LetIn is the code that was made.
type LetIn struct {
	Code string `json:"code"`
	// Link opens the page with the code typed in; behind its # no server sees it.
	Link string `json:"link"`
	// Until it is good, in milliseconds since 1970 UTC.
	Until int64 `json:"until"`
}

// LetIn makes a first-sign-in code for a person. Whoever uses it sets up anew how they sign
// in; the access log says that one was made, and used.
func (s *Server) LetIn(ctx context.Context, q LetInAsked) (out LetIn, err error) {
	if s.signins == nil {
		return out, rpcerr.E(rpcerr.Conflict, "this office has not been made yet", "Run daylightd init.", nil)
	}
	id, err := parseID("person", q.Person)
	if err != nil {
		return out, err
	}
	lasts := time.Duration(q.Minutes) * time.Minute
	if q.Minutes == 0 {
		lasts = signin.MostFirst
	}
	code, until, err := s.signins.Issue(ctx, id, lasts, directory.By{Call: SignInPath})
	if err != nil {
		return out, err
	}
	return LetIn{Code: code, Link: WelcomeLink(s.config.Endpoints, code), Until: until.UnixMilli()}, nil
}

// WelcomeLink is where a browser sets up a sign-in with a code. An address that is a number
// of this machine is given as its name, since passkeys belong to names.
func WelcomeLink(endpoints []string, code string) string {
	at := "http://localhost:8420"
	if len(endpoints) > 0 {
		at = strings.TrimSuffix(endpoints[0], "/")
	}
	for _, number := range []string{"//127.0.0.1", "//[::1]"} {
		at = strings.Replace(at, number, "//localhost", 1)
	}
	return at + "/welcome#" + code
}
