package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/fieldapp"
)

func appCommand() command {
	return command{
		name: "app", line: "open the field app in the browser",
		long: `Serves the pages of the field app to this computer alone, and opens the browser. The
folder is unlocked there, and made and enrolled where there is none yet. The address is
made for this run and lets in one browser, once, within two minutes; starting the app
again opens another window of the one that runs. Ctrl-C ends it, and so does the app's
own page of settings: what is being saved is finished first, and the keys are dropped.

The folder locks itself when nobody did anything for --lock-after, and after a minute
without a page of the app in sight; the settings change the latter.

A browser that does not know names under localhost, as Safari, needs --plain-host: the
cookie that lets it in is then also sent to other programs that answer on 127.0.0.1.`,
		prepare: func(fs *flag.FlagSet) action {
			var o appOptions
			fs.IntVar(&o.port, "port", 0, "listen on port `N`; else on any that is free")
			fs.BoolVar(&o.plain, "plain-host", false, "serve under 127.0.0.1, and no name of its own")
			fs.BoolVar(&o.noBrowser, "no-browser", false, "print the address and open nothing")
			fs.DurationVar(&o.lockAfter, "lock-after", 10*time.Minute, "lock when nobody did anything for `TIME`, as 5m; 0 for never, left out 10m")
			return func(ctx context.Context, c *call, _ []string) error { return c.app(ctx, o) }
		},
	}
}

// appOptions are the flags of the command.
type appOptions struct {
	port             int
	plain, noBrowser bool
	lockAfter        time.Duration
}

// app opens the folder and serves its pages until somebody ends it.
func (c *call) app(ctx context.Context, o appOptions) error {
	if o.port < 0 || o.port > 65535 || o.lockAfter < 0 {
		return wrongUse("app: the value of a flag is out of its range; nothing was opened", "Ports are 0 to 65535, and times 0 or more.")
	}
	dir, err := c.folder()
	if err != nil {
		return err
	}
	if knock(ctx, dir) {
		return c.toldOpen()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail(clientsync.Denied, "the folder "+dir+" cannot be made or is a file; nothing was changed", "Say where the records are with --dir.")
	}
	config := c.config(dir)
	config.LockAfter = o.lockAfter
	if c.client, err = clientsync.Open(ctx, config); err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.port)))
	if err != nil {
		return fail(clientsync.Unavailable, fmt.Sprintf("port %d of this computer is taken; nothing was changed", o.port), "Leave --port out, or choose another.")
	}
	return c.serveApp(ctx, dir, l, o)
}

// serveApp serves on the listener until ctx ends or somebody quits in the app.
func (c *call) serveApp(ctx context.Context, dir string, l net.Listener, o appOptions) error {
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	host := hostOf(l.Addr().(*net.TCPAddr).Port, o.plain)
	app, err := fieldapp.New(fieldapp.Config{Client: c.client, Host: host, Quit: quit, Log: c.log()})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Serve(ctx, ownOnly{l, foreign}) }()
	open := func() { c.openWindow(ctx, "http://"+host+app.StartPath(), o.noBrowser) }
	open()
	hush := answerKnocks(ctx, dir, open)
	defer hush()
	err = <-ended
	if ctx.Err() != nil && !c.json {
		fmt.Fprintln(c.err, "Closed. Everything that was saved is kept here.")
	}
	return err
}

// hostOf is the name under which this run is served.
func hostOf(port int, plain bool) string {
	if plain {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	}
	return fieldapp.OwnHost(port)
}

// openWindow opens the browser at an address; where it cannot, a person gets to read it. An
// address is good for one window and two minutes, so that it may stand on a terminal.
func (c *call) openWindow(ctx context.Context, address string, only bool) {
	if c.json {
		_ = writeJSON(c.out, map[string]string{"address": address})
		_ = c.out.Flush()
		return
	}
	browse := c.browse
	if browse == nil {
		browse = openBrowser
	}
	if !only && browse(ctx, address) == nil {
		fmt.Fprintln(c.err, "The field app is open in your browser. It runs until you press Ctrl-C here.")
		return
	}
	fmt.Fprintln(c.out, address)
	_ = c.out.Flush()
	fmt.Fprintln(c.err, "Open this address in a browser on this computer within two minutes; it works once.\nThe app runs until you press Ctrl-C here.")
}

func (c *call) toldOpen() error {
	if c.json {
		return writeJSON(c.out, map[string]bool{"already_open": true})
	}
	_, err := fmt.Fprintln(c.out, "The field app runs already. It opens another window, or shows an address where it was started.")
	return err
}
