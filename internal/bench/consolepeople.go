package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/pagewalk"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// worker is somebody who works at the office, with a browser of their own.
type worker struct {
	name  string
	grant *daylightv1.Grant
	code  string // to sign in with first

	base   string
	http   *http.Client
	random *rand.Rand
	// paths are addresses of each kind of page, which the worker has come upon; gone are
	// kinds that answered with anything but a page.
	paths map[string][]string
	kinds []string
	gone  map[string]bool
	seen  []visited
}

// visited is one page that was asked for.
type visited struct {
	kind  string
	took  time.Duration
	bytes int
}

// rolesAtWork are those of twenty people.
var rolesAtWork = []daylightv1.OfficeRole{
	daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER,
	daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER, daylightv1.OfficeRole_OFFICE_ROLE_FOLLOW_UP_OFFICER, daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD,
	daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON, daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER,
	daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP,
}

// workers are so many people, by roles in turn; names are never used twice.
func workers(n int) (out []*worker) {
	for i := range n {
		w := &worker{name: fmt.Sprintf("Person %d of %d", i, time.Now().UnixNano()), grant: &daylightv1.Grant{Role: rolesAtWork[i%len(rolesAtWork)]},
			random: rand.New(rand.NewPCG(17, uint64(i))), paths: map[string][]string{}, gone: map[string]bool{}}
		if w.grant.Role == daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP {
			w.grant.Region = pick(regions, i)
		}
		jar, _ := cookiejar.New(nil) // the error is always nil
		w.http = &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 2}}
		out = append(out, w)
	}
	return out
}

// do asks for a page, or posts pairs to one, as a browser does, and follows where it leads.
func (w *worker) do(ctx context.Context, path string, pairs ...string) (status int, page string, err error) {
	method, body := http.MethodGet, io.Reader(nil)
	if len(pairs) > 0 {
		v := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		method, body = http.MethodPost, strings.NewReader(v.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, w.base+path, body)
	if err != nil {
		return 0, "", err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	a, err := w.http.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer a.Body.Close()
	all, err := io.ReadAll(a.Body)
	return a.StatusCode, string(all), err
}

const passphrase = "seven grey herons on ice"

var (
	otpPattern  = regexp.MustCompile(`class="mono">((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<`)
	codePattern = regexp.MustCompile(`class="mono">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})<`)
)

// signIn sets up a passphrase with one-time codes, which signs in.
func (w *worker) signIn(ctx context.Context, base string) error {
	w.base = base
	_, page, err := w.do(ctx, "/welcome", "code", w.code)
	secret := otpPattern.FindStringSubmatch(page)
	if err != nil || secret == nil {
		return fmt.Errorf("a first code is not taken (%w)", err)
	}
	if _, _, err = w.do(ctx, "/welcome/set-up", "name2", w.name, "passphrase", passphrase, "again", passphrase, "code", oneTime(secret[1], time.Now())); err != nil {
		return err
	}
	if _, page, err = w.do(ctx, "/welcome/codes", "go", "on"); err != nil {
		return err
	}
	codes := codePattern.FindStringSubmatch(page)
	if codes == nil {
		return fmt.Errorf("no recovery codes are shown")
	}
	status, _, err := w.do(ctx, "/welcome/codes/done", "code", codes[1])
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the first page answers %d", status)
	}
	return err
}

// oneTime is the code of the present step, RFC 6238.
func oneTime(secret string, at time.Time) string {
	key, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	m := hmac.New(sha1.New, key)
	_ = binary.Write(m, binary.BigEndian, at.Unix()/30)
	sum := m.Sum(nil)
	o := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[o:])&0x7fffffff%1_000_000)
}

var (
	hrefPattern = regexp.MustCompile(`<a [^>]*href="(/[^"]*)"`)
)

// notWalked are the beginnings of addresses that are no pages of the office's work, or that
// ask first who sits there.
var notWalked = []string{"/look/", "/sign", "/confirm", "/kept", "/welcome", "/account", "/resets"}

// kindOf is an address without what names a record and what narrows a list; a list that is
// narrowed or paged is a kind of its own.
func kindOf(path string) string {
	kind := pagewalk.KindOf(path)
	if strings.Contains(path, "?") {
		kind += "?"
	}
	return kind
}

// mostOfAKind bounds the addresses that a worker remembers of a kind.
const mostOfAKind = 100

// learn remembers an address.
func (w *worker) learn(path string) {
	path, _, _ = strings.Cut(html.UnescapeString(path), "#")
	for _, no := range notWalked {
		if strings.HasPrefix(path, no) {
			return
		}
	}
	if strings.Contains(path, "/export") {
		return
	}
	kind := kindOf(path)
	if w.paths[kind] == nil {
		w.kinds = append(w.kinds, kind)
	}
	if have := w.paths[kind]; len(have) < mostOfAKind {
		w.paths[kind] = append(have, path)
	} else {
		have[w.random.IntN(len(have))] = path
	}
}

// step asks for a page of the next kind, and learns where it leads.
func (w *worker) step(ctx context.Context, n int) error {
	for range w.kinds {
		kind := w.kinds[n%len(w.kinds)]
		if n++; w.gone[kind] {
			continue
		}
		path := pick(w.paths[kind], w.random.IntN(1<<20))
		began := time.Now()
		status, page, err := w.do(ctx, path)
		if err != nil {
			return err
		}
		if status >= http.StatusInternalServerError {
			return fmt.Errorf("%s answers %d", kind, status)
		}
		if status != http.StatusOK {
			w.gone[kind] = true
			continue
		}
		w.seen = append(w.seen, visited{kind, time.Since(began), len(page)})
		for _, m := range hrefPattern.FindAllStringSubmatch(page, -1) {
			w.learn(m[1])
		}
		return nil
	}
	return fmt.Errorf("no page answers")
}
