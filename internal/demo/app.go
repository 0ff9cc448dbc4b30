package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/fieldapp"
)

// seats are whose field app can be opened, by the name that -role takes.
func (s *story) seats() []seat {
	return []seat{
		{"monitor", s.a, "heads the visit of today; has two versions to settle, and a visit that came back"},
		{"mate", s.b, "a monitor of the same team"},
		{"doctor", s.doctor, "of the same team; opens what doctors seal"},
		{"civil", s.civil, "of civil society; was taken out of the first team with words not sent"},
		{"other", s.c, "a monitor of another team"},
		{"officer", s.officer, "works on the cases at the office, and opens notes of interviews"},
		{"head", s.chief, "heads the department"},
	}
}

// seat is one of them.
type seat struct {
	name   string
	device *device
	says   string
}

// seatNames is for messages.
func seatNames(all []seat) string {
	var names []string
	for _, s := range all {
		names = append(names, s.name)
	}
	return strings.Join(names, ", ")
}

// openedApp is a field app that is being served.
type openedApp struct {
	seat
	client *clientsync.Client
	app    *fieldapp.App
	url    string
	// end stops serving, and ended says how that went.
	end   context.CancelFunc
	ended chan error
}

// address lets one browser in, once, for two minutes.
func (o *openedApp) address() string { return o.url + o.app.StartPath() }

func (o *openedApp) close() error {
	o.end()
	return errors.Join(<-o.ended, o.client.Close())
}

// choose gives the seats of -role.
func (s *story) choose(roles string) (out []seat, err error) {
	for _, name := range strings.Split(roles, ",") {
		found := false
		for _, seat := range s.seats() {
			if seat.name == strings.TrimSpace(name) || roles == "all" {
				out, found = append(out, seat), true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no role %q; there are %s, and all", name, seatNames(s.seats()))
		}
	}
	return out, nil
}

// serve opens a device's folder and serves its field app as daylight app does, under a host
// for the port.
func (s *story) serve(ctx context.Context, at seat, hostOf func(port int) string) (_ *openedApp, err error) {
	at.device.network.off.Store(false)
	c, err := clientsync.Open(ctx, clientsync.Config{Dir: filepath.Join(s.dir, at.device.folder), Passphrase: s.passphrase, HTTP: &http.Client{Transport: at.device.network}})
	if err != nil {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	host := hostOf(l.Addr().(*net.TCPAddr).Port)
	app, err := fieldapp.New(fieldapp.Config{Client: c, Host: host})
	if err != nil {
		return nil, errors.Join(err, l.Close(), c.Close())
	}
	serving, end := context.WithCancel(ctx)
	o := &openedApp{seat: at, client: c, app: app, url: "http://" + host, end: end, ended: make(chan error, 1)}
	go func() { o.ended <- app.Serve(serving, l) }()
	return o, nil
}

// openApps serves the field apps of the roles until the context ends; the first opens in
// the browser.
func (s *story) openApps(ctx context.Context, roles string, in io.Reader) (err error) {
	seats, err := s.choose(roles)
	if err != nil {
		return err
	}
	var apps []*openedApp
	defer func() {
		for _, o := range apps {
			err = errors.Join(err, o.close())
		}
	}()
	for _, at := range seats {
		o, err := s.serve(ctx, at, fieldapp.OwnHost)
		if err != nil {
			return err
		}
		apps = append(apps, o)
	}
	s.tellApps(apps)
	if in != nil { // somebody sits there
		browse(ctx, apps[0].address())
	}
	asked := enters(ctx, in)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-asked:
			s.tellApps(apps)
		}
	}
}

func (s *story) tellApps(apps []*openedApp) {
	fmt.Fprintf(s.out, "\nThe field app. Each address opens one browser, once, within two minutes; Enter gives new ones.\n\n")
	for _, o := range apps {
		fmt.Fprintf(s.out, "  %-8s %s, %s\n           %s\n", o.name, o.device.who, o.says, o.address())
	}
	fmt.Fprintf(s.out, "\nAfter a lock the passphrase opens it: %s\nCtrl-C ends it.\n", s.passphrase)
}

// enters tells of each line that is read, until there are no more.
func enters(ctx context.Context, in io.Reader) <-chan struct{} {
	asked := make(chan struct{})
	if in == nil {
		return asked
	}
	go func() {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			select {
			case asked <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return asked
}

// browse opens the system's browser; where there is none, the address was printed.
func browse(ctx context.Context, url string) {
	program := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if program == nil {
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return // else a browser of the terminal would take it over
		}
		program = []string{"xdg-open"}
	}
	cmd := exec.CommandContext(ctx, program[0], append(program[1:], url)...)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}
