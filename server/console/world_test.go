package console_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
	"github.com/daylight-npm/daylight/server/store"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

const (
	adminRole    = daylightv1.OfficeRole_OFFICE_ROLE_SYSTEM_ADMIN
	headRole     = daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD
	caseRole     = daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER
	bossRole     = daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON
	reviewerRole = daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER
	medicalRole  = daylightv1.OfficeRole_OFFICE_ROLE_MEDICAL_REVIEWER
	followRole   = daylightv1.OfficeRole_OFFICE_ROLE_FOLLOW_UP_OFFICER
	dataRole     = daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER
	regionalRole = daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP
	auditorRole  = daylightv1.OfficeRole_OFFICE_ROLE_AUDITOR
	monitorRole  = daylightv1.OfficeRole_OFFICE_ROLE_MONITOR
	good         = "seven grey herons on ice"
)

// world is a whole office, served, with a clock that stands still until it is told.
type world struct {
	testing.TB
	directory *directory.Directory
	store     *store.Store
	server    *server.Server
	url       string // under a name, as passkeys want it
	admin     *daylightv1.Person
	log       *lines

	mu   sync.Mutex
	time time.Time
}

// lines is a log that many goroutines write.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.time = w.time.Add(d)
}

type random struct{}

func (random) Read(b []byte) (int, error) { return io.ReadFull(rand.Reader, b) }

func newWorld(t testing.TB) *world {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, time: time.Date(2026, 11, 25, 9, 2, 0, 0, time.UTC), log: &lines{}, store: s}
	w.directory = directory.New(s.File(), w.now, random{})
	root := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	_, w.admin, err = w.directory.Make(t.Context(), directory.Setup{
		Office: &daylightv1.Office{Name: "Office of the Ombudsperson", Model: daylightv1.NpmModel_NPM_MODEL_OMBUDSMAN_PLUS, RootKey: root},
		Admin:  &daylightv1.Person{Name: "Administrator"},
	}, directory.By{})
	w.must(err)
	w.server, err = server.New(server.Config{Store: s, Log: slog.New(slog.NewTextHandler(w.log, nil)), Now: w.now, Cost: signin.Cost{Passes: 1, KiB: 8, Lanes: 1}})
	w.must(err)
	h := httptest.NewServer(w.server.Handler())
	t.Cleanup(func() {
		h.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w.url = strings.Replace(h.URL, "127.0.0.1", "localhost", 1)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) person(name string, roles ...daylightv1.OfficeRole) *daylightv1.Person {
	w.Helper()
	p := &daylightv1.Person{Name: name}
	for _, r := range roles {
		p.Grants = append(p.Grants, &daylightv1.Grant{Role: r})
	}
	p, err := w.directory.SavePerson(w.Context(), p, directory.By{})
	w.must(err)
	return p
}

func (w *world) code(p *daylightv1.Person) string {
	w.Helper()
	in, err := w.server.LetIn(w.Context(), server.LetInAsked{Person: p.GetId(), Minutes: 60})
	w.must(err)
	return in.Code
}

// notes are those of the access log, oldest first.
func (w *world) notes() (out []string) {
	w.Helper()
	r, err := w.directory.Accesses(w.Context(), &daylightv1.ListAccessesRequest{PageSize: 500})
	w.must(err)
	for _, a := range slices.Backward(r.Accesses) {
		out = append(out, a.Note)
	}
	return out
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

// browser is somebody's, without script.
type browser struct {
	*world
	http *http.Client
	// page is the last one, status and header its answer's, at its address.
	page   string
	status int
	header http.Header
	at     string
	// headers go with each request instead of the usual.
	headers map[string]string

	person *daylightv1.Person
	secret string
	codes  []string
}

func (w *world) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{world: w, http: &http.Client{Jar: jar}}
}

func (b *browser) do(method, path string, body io.Reader) *browser {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, b.url+path, body)
	b.must(err)
	r.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Origin", "null")
	}
	for k, v := range b.headers {
		if r.Header.Set(k, v); k == "Host" {
			r.Host = v
		}
		if v == "" {
			r.Header.Del(k)
		}
	}
	a, err := b.http.Do(r)
	b.must(err)
	defer a.Body.Close()
	all, err := io.ReadAll(a.Body)
	b.must(err)
	b.page, b.status, b.header, b.at = string(all), a.StatusCode, a.Header, a.Request.URL.RequestURI()
	return b
}

func (b *browser) get(path string) *browser { b.Helper(); return b.do(http.MethodGet, path, nil) }

func (b *browser) post(path string, pairs ...string) *browser {
	b.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, strings.NewReader(v.Encode()))
}

// wants fails unless the last page has the status and says all that.
func (b *browser) wants(status int, says ...string) *browser {
	b.Helper()
	if b.status != status {
		b.Errorf("%s answers %d, not %d: %s", b.at, b.status, status, b.heading())
	}
	for _, s := range says {
		if !strings.Contains(html.UnescapeString(b.page), s) && !strings.Contains(b.text(), s) {
			b.Errorf("%s does not say %q: %.3000s", b.at, s, b.text())
		}
	}
	return b
}

// text is the page without its markup.
func (b *browser) text() string {
	return html.UnescapeString(regexp.MustCompile(`<[^>]+>`).ReplaceAllString(b.page, ""))
}

func (b *browser) heading() string {
	m := regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`).FindStringSubmatch(b.page)
	if m == nil {
		return strings.TrimSpace(b.page)
	}
	return html.UnescapeString(regexp.MustCompile(`<[^>]+>`).ReplaceAllString(m[1], ""))
}

// field is the value of a hidden control.
func (b *browser) field(name string) string {
	b.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(b.page)
	if m == nil {
		b.Fatalf("%s has no %s", b.at, name)
	}
	return html.UnescapeString(m[1])
}

var (
	secretPattern = regexp.MustCompile(`class="mono">((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<`)
	codePattern   = regexp.MustCompile(`class="mono">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})<`)
)

func (b *browser) shown(p *regexp.Regexp) (out []string) {
	for _, m := range p.FindAllStringSubmatch(b.page, -1) {
		out = append(out, m[1])
	}
	return out
}

// half is the part of a code that the page shows, in its groups.
func (b *browser) half() string {
	return strings.Join(b.shown(regexp.MustCompile(`<li>([0-9A-Z]{4})</li>`)), " ")
}

// oneTime is a code that was not used before.
func (b *browser) oneTime() string {
	b.pass(31 * time.Second)
	return oneTime(b.secret, b.now())
}

// member sets somebody up through the pages, and leaves them signed in.
func (w *world) member(p *daylightv1.Person) *browser {
	w.Helper()
	b := w.browser()
	b.person = p
	b.post("/welcome", "code", w.code(p)).wants(200)
	b.secret = b.shown(secretPattern)[0]
	b.post("/welcome/set-up", "name2", p.GetName(), "passphrase", good, "again", good, "code", b.oneTime()).wants(200)
	b.post("/welcome/codes").wants(200)
	b.codes = b.shown(codePattern)
	b.post("/welcome/codes/done", "code", b.codes[4]).wants(200, "Today")
	return b
}

func (b *browser) signIn(pairs ...string) *browser {
	b.Helper()
	return b.post("/sign-in", append([]string{"name", b.person.GetName(), "passphrase", good, "code", b.oneTime()}, pairs...)...)
}

// cookie is what the browser holds.
func (b *browser) cookie(name string) string {
	u, _ := url.Parse(b.url)
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func (b *browser) setCookie(name, value string) {
	u, _ := url.Parse(b.url)
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

var pathPattern = regexp.MustCompile(`href="/resets/([0-9a-f-]{36})"`)
