// Command demo shows Daylight in one command: an office and seven devices on this
// machine play a whole visit, from what an earlier one left through a settled disagreement
// and an evening without a network to a recommendation that has to be made again, and show
// what each role has of it, and what a thief has.
//
//	go run ./internal/demo            plays the story and leaves the office running
//	go run ./internal/demo -story     plays it and exits 0 only if every step held
//	go run ./internal/demo -app       plays it, and opens the field app upon a visit of today
//	go run ./internal/demo -app -role doctor,mate   as somebody else, or several at a time
//	go run ./internal/demo -office    opens the pages of an office with four years behind it
//	go run ./internal/demo -office -role officer,auditor   as somebody else, or several at a time
//
// Everything is kept in one folder, a temporary one unless -dir names another.
// The places are invented, the people are named by their role.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// asked is what the flags say.
type asked struct {
	dir, listen string
	// only the story; app: the field app afterwards, as role; office: the pages of a sample
	// office instead, as role.
	only, app, office bool
	role              string
	in                io.Reader
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	a := asked{in: stdin}
	flags.BoolVar(&a.only, "story", false, "play the story, then stop; exit 0 only if every step held")
	flags.BoolVar(&a.app, "app", false, "open the field app upon the story's end")
	flags.BoolVar(&a.office, "office", false, "open the office's pages, of an invented office with years behind it")
	flags.StringVar(&a.role, "role", "", "as whom: `roles` with commas between them, or all; with -app of "+seatNames(new(story).seats())+" (monitor when not given), with -office of "+chairNames()+" (all)")
	flags.StringVar(&a.dir, "dir", "", "a new or empty `folder` for the office and the devices (default: a temporary one)")
	flags.StringVar(&a.listen, "listen", "127.0.0.1:8420", "the `address` that the office listens on; another free port is taken when it is in use")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		if err == nil {
			fmt.Fprintln(stderr, "demo takes no arguments; see -help")
		}
		return 2
	}
	if err := demo(ctx, a, stdout); err != nil {
		fmt.Fprintf(stderr, "\nThe demo stopped: %v\n", err)
		return 1
	}
	return 0
}

// demo makes the office, plays the story against it and, unless only the story was
// asked for, goes on serving until it is told to stop.
func demo(ctx context.Context, a asked, out io.Writer) (err error) {
	a.role = cmp.Or(a.role, map[bool]string{true: "all", false: "monitor"}[a.office])
	if _, err := new(story).choose(a.role); err != nil && !a.office {
		return err // before anybody waits for a story
	}
	dir, clean, err := folder(a.dir, a.only)
	if err != nil {
		return err
	}
	defer clean()
	l, err := listenOn(a.listen, a.only)
	if err != nil {
		return err
	}
	if a.office {
		return openSampleOffice(ctx, a, dir, l, out)
	}
	o, err := makeOffice(ctx, filepath.Join(dir, "office"), "https://"+l.Addr().String())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, o.close()) }()
	serving, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- o.server.ServeTLS(serving, l, o.secured) }()

	w := newStory(out, dir, o)
	w.goesOn = a.app
	err = w.play(ctx)
	switch {
	case err != nil || a.only:
	case a.app:
		err = w.openApps(ctx, a.role, a.in)
	default:
		if err = w.tryNext(); err == nil {
			return <-served
		}
	}
	stop()
	return errors.Join(err, <-served)
}

// folder gives an empty folder; clean removes a temporary one after -story.
func folder(dir string, only bool) (string, func(), error) {
	if dir == "" {
		dir, err := os.MkdirTemp("", "daylight-demo-")
		if err != nil {
			return "", nil, err
		}
		clean := func() {}
		if only {
			clean = func() { os.RemoveAll(dir) }
		}
		return dir, clean, nil
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		err = os.MkdirAll(dir, 0o700)
	case err == nil && len(entries) > 0:
		err = fmt.Errorf("the folder %s is not empty; nothing in it was touched; name a new one", dir)
	}
	return dir, func() {}, err
}

// listenOn takes the address; the story alone needs no port that anybody knows.
func listenOn(address string, only bool) (net.Listener, error) {
	if only {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	return l, err
}
