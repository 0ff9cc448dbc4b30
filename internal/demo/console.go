package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/daylight-npm/daylight/internal/sample"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/replay"
)

// chairs are as whom the office's pages can be opened, by the name that -role takes.
var chairs = []chair{
	{"head", daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD, "plans, reviews, approves, keeps teams"},
	{"ombudsperson", daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON, "reads all that is not sealed to others, approves"},
	{"officer", daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER, "works on visits, findings and recommendations"},
	{"reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER, "reviews what teams hand in"},
	{"medical", daylightv1.OfficeRole_OFFICE_ROLE_MEDICAL_REVIEWER, "reviews the medical part"},
	{"follow-up", daylightv1.OfficeRole_OFFICE_ROLE_FOLLOW_UP_OFFICER, "follows what authorities answer and do"},
	{"reprisal", daylightv1.OfficeRole_OFFICE_ROLE_REPRISAL_FOCAL_POINT, "keeps reprisal cases"},
	{"admin", daylightv1.OfficeRole_OFFICE_ROLE_SYSTEM_ADMIN, "keeps people, roles and devices, and reads no record"},
	{"auditor", daylightv1.OfficeRole_OFFICE_ROLE_AUDITOR, "reads the access log, and nothing else"},
}

// chair is somebody's place at the office.
type chair struct {
	name string
	role daylightv1.OfficeRole
	says string
}

func chairNames() string {
	var names []string
	for _, c := range chairs {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// seated gives the chairs of -role; all for "all".
func seated(roles string) (out []chair, err error) {
	for name := range strings.SplitSeq(roles, ",") {
		found := false
		for _, c := range chairs {
			if c.name == strings.TrimSpace(name) || roles == "all" {
				out, found = append(out, c), true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no role %q at the office; there are %s, and all", name, chairNames())
		}
	}
	return out, nil
}

// sampleOffice is what an invented office of some years has, up to this morning.
func sampleOffice(now time.Time) sample.Config {
	return sample.Config{Seed: 9, Places: 90, Visits: 70, Findings: 14, Recommendations: 4, From: now.AddDate(-4, 0, 0), Until: now}
}

// makeSampleOffice makes an office with a history behind it, whose search is up to date. Its
// clock is that of the history until it ends.
func makeSampleOffice(ctx context.Context, dir, url string, history sample.Config) (*office, replay.Report, error) {
	clock, live := replay.NewClock(history), &atomic.Bool{}
	o, err := makeOfficeAt(ctx, dir, url, func() time.Time {
		if live.Load() {
			return time.Now()
		}
		return clock.Now()
	})
	if err != nil {
		return nil, replay.Report{}, err
	}
	report, err := replay.Play(ctx, replay.Config{Store: o.store, Clock: clock}, history)
	for more := true; more && err == nil; {
		more, err = o.store.Index(ctx)
	}
	if err != nil {
		return nil, report, errors.Join(err, o.close())
	}
	live.Store(true)
	return o, report, nil
}

// openSampleOffice makes an office with years behind it, and opens its pages.
func openSampleOffice(ctx context.Context, a asked, dir string, l net.Listener, out io.Writer) (err error) {
	wanted, err := seated(a.role)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "An office of four years is being made: its places, visits, findings and recommendations are invented.\n")
	o, report, err := makeSampleOffice(ctx, filepath.Join(dir, "office"), "http://"+l.Addr().String(), sampleOffice(time.Now().UTC()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	fmt.Fprintf(out, "%d people wrote %d changes; %d were refused and %d are held.\n", report.People, report.Changes, report.Refused, report.Held)
	door, err := o.openDoor(ctx, l)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, door.close()) }()
	for _, c := range wanted {
		if err := door.seat(ctx, c); err != nil {
			return err
		}
	}
	return door.wait(ctx, a.in, out)
}

// door serves the office's pages on this machine without TLS, and lets a browser in that
// brings an address that was given out: as the person who sits in that chair, whose sign-in
// was set up as they would have done it.
type door struct {
	*office
	// listens is the address, and port its number.
	listens string
	port    int
	http    *http.Server
	served  chan error
	seats   []*sitter

	mu sync.Mutex
	// keys are the addresses that let in, once.
	keys map[string]entry
}

// sitter is somebody who has signed in.
type sitter struct {
	chair
	person  *daylightv1.Person
	cookies []*http.Cookie
	// secret makes one-time codes, as an authenticator app would.
	secret string
}

type entry struct {
	*sitter
	until time.Time
}

const keyLasts = 2 * time.Minute

func (o *office) openDoor(ctx context.Context, l net.Listener) (*door, error) {
	d := &door{office: o, listens: l.Addr().String(), port: l.Addr().(*net.TCPAddr).Port, served: make(chan error, 1), keys: map[string]entry{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /as/{key}", d.letIn)
	mux.Handle("/", o.server.Handler())
	d.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	go func() { d.served <- d.http.Serve(l) }()
	return d, nil
}

func (d *door) close() error {
	err := d.http.Close()
	if ended := <-d.served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

// host is under which name the browser has a chair: each has its own cookies.
func (d *door) host(s *sitter) string { return fmt.Sprintf("%s.office.localhost:%d", s.name, d.port) }

// address lets one browser in, once.
func (d *door) address(s *sitter) string {
	key := rand.Text()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keys[key] = entry{s, time.Now().Add(keyLasts)}
	return "http://" + d.host(s) + "/as/" + key
}

func (d *door) letIn(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("key")
	d.mu.Lock()
	e, known := d.keys[key]
	delete(d.keys, key)
	d.mu.Unlock()
	if !known || time.Now().After(e.until) || r.Host != d.host(e.sitter) {
		http.Error(w, "This address was used, or is too old. Press Enter where the demo runs: it prints new ones.", http.StatusNotFound)
		return
	}
	for _, c := range e.cookies {
		http.SetCookie(w, &http.Cookie{Name: c.Name, Value: c.Value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// A page in between: a Strict cookie goes along only from a page of the same site.
	_, _ = io.WriteString(w, `<!doctype html><meta http-equiv="refresh" content="0;url=/"><link rel="icon" href="data:,"><title>Daylight</title><a href="/">To the office</a>`)
}

// seat finds somebody of the role, or adds them, and signs them in.
func (d *door) seat(ctx context.Context, c chair) error {
	s := &sitter{chair: c}
	all, err := d.operator.ListPeople(ctx, &daylightv1.ListPeopleRequest{})
	if err != nil {
		return err
	}
	for _, p := range all.GetPeople() {
		for _, g := range p.GetGrants() {
			if s.person == nil && g.GetRole() == c.role && g.GetRegion() == "" && g.GetUntil() == 0 && !p.GetDisabled() {
				s.person = p
			}
		}
	}
	if s.person == nil {
		name := strings.ToUpper(c.name[:1]) + c.name[1:] + " of the office"
		added, err := d.operator.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: &daylightv1.Person{Name: name, Grants: []*daylightv1.Grant{{Role: c.role}}}})
		if err != nil {
			return err
		}
		s.person = added.GetPerson()
	}
	if err := d.signIn(ctx, s); err != nil {
		return fmt.Errorf("signing %s in: %w", c.name, err)
	}
	d.seats = append(d.seats, s)
	return nil
}

// wait prints the addresses, anew at each Enter, until it is told to stop.
func (d *door) wait(ctx context.Context, in io.Reader, out io.Writer) error {
	d.tell(out)
	if in != nil {
		browse(ctx, d.address(d.seats[0]))
	}
	asked := enters(ctx, in)
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-d.served:
			d.served <- err
			return err
		case <-asked:
			d.tell(out)
		}
	}
}

func (d *door) tell(out io.Writer) {
	fmt.Fprintf(out, "\nThe office's pages. Each address opens one browser, once, within two minutes, signed in; Enter gives new ones.\n\n")
	for _, s := range d.seats {
		code, err := oneTime(s.secret, time.Now())
		if err != nil {
			code = err.Error()
		}
		fmt.Fprintf(out, "  %-13s %s: %s\n                %s  one-time code now: %s\n", s.name, s.person.GetName(), s.says, d.address(s), code)
	}
	fmt.Fprintf(out, "\nExports, roles and keys ask once more who you are: the passphrase is %s; Enter prints the codes of the moment, each is good once.\nCtrl-C ends it.\n", deskPassphrase)
}
