package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/pprof"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// officeCommand makes this program serve the office in a folder, in a process whose memory
// is the server's alone: it says where, then serves until its standard input ends.
const officeCommand = "serve-an-office"

// limitOf is the memory that the office's server is told to keep within.
const limitOf = "GOMEMLIMIT=224MiB"

func serveOffice(ctx context.Context, dir string) int {
	err := serveUntil(ctx, dir, os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}

func serveUntil(ctx context.Context, dir string, in io.Reader, out io.Writer) error {
	o, err := serve(ctx, dir)
	if err != nil {
		return err
	}
	if file := os.Getenv(profileTo); file != "" {
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	working, stop := context.WithCancel(ctx)
	done := make(chan error, 2)
	go func() { done <- o.Run(working) }() // the search
	go func() { done <- write(working, o.Store) }()
	fmt.Fprintln(out, o.url)
	_, _ = io.Copy(io.Discard, in)
	stop()
	return errors.Join(<-done, <-done, o.close())
}

// write saves a finding and a recommendation by turns, twice a second, as an office with
// twenty people at work does at most: what is kept of answers does not stay good for long.
func write(ctx context.Context, s *store.Store) error {
	desk := s.For(store.Caller{Writer: "Office"})
	every := time.NewTicker(500 * time.Millisecond)
	defer every.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
		kind := []record.Kind{record.Finding, record.Recommendation}[n%2]
		page, err := desk.List(ctx, kind, store.Query{NewestFirst: true, PageSize: 1 + n%20})
		if err == nil && len(page.Items) > 0 {
			_, err = desk.Save(ctx, changed(page.Items[len(page.Items)-1].Message, n))
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// changed is the record with another word or two.
func changed(m record.Message, n int) record.Message {
	switch m := m.(type) {
	case *daylightv1.Finding:
		m.Title = proto.String(fmt.Sprintf("Looked at again, %d", n))
	case *daylightv1.Recommendation:
		m.Texts = map[string]string{"en": fmt.Sprintf("Said again, %d", n)}
	}
	return m
}

// served is the office's server in a process of its own.
type served struct {
	url     string
	command *exec.Cmd
	end     io.Closer
	profile string
}

func (b *bench) serveOffice(ctx context.Context, dir string) (*served, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &served{command: exec.CommandContext(ctx, self, officeCommand, dir)}
	s.command.Stderr, s.command.Env = os.Stderr, append(os.Environ(), limitOf)
	if b.profiled == "console" {
		s.profile = b.folder()
		s.command.Env = append(s.command.Env, profileTo+"="+s.profile)
	}
	in, err := s.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.end = in
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	if _, err := fmt.Fscanln(out, &s.url); err != nil {
		return nil, errors.Join(fmt.Errorf("the office's server does not come up: %w", err), s.stop())
	}
	return s, nil
}

func (s *served) stop() error { return errors.Join(s.end.Close(), s.command.Wait()) }

// peak is the most memory that the server had resident, in KiB: as Linux tells it.
func (s *served) peak() (kib int, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	for line := range strings.Lines(string(text)) {
		if _, bad := fmt.Sscanf(line, "VmHWM: %d kB", &kib); bad == nil {
			return kib, err
		}
	}
	return 0, errors.Join(err, errors.New("this system does not tell a process's memory"))
}

// letIn makes the people of the office and gives each a code to sign in with first.
func letIn(ctx context.Context, s *store.Store, people []*worker) error {
	known := directory.New(s.File(), time.Now, rand.Reader)
	if made, err := known.Made(ctx); err != nil || !made {
		if err := errors.Join(err, makeOffice(ctx, s)); err != nil {
			return err
		}
	}
	office, err := server.New(server.Config{Store: s})
	if err != nil {
		return err
	}
	for _, p := range people {
		person, err := known.SavePerson(ctx, &daylightv1.Person{Name: p.name, Grants: []*daylightv1.Grant{p.grant}}, directory.By{})
		if err != nil {
			return err
		}
		in, err := office.LetIn(ctx, server.LetInAsked{Person: person.GetId(), Minutes: 60})
		if err != nil {
			return err
		}
		p.code = in.Code
	}
	return nil
}
