package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"syscall"

	"github.com/daylight-npm/daylight/server"
)

func serve(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data; made when missing")
	listen := flags.String("listen", "127.0.0.1:8420", "the `address` to listen at, on this machine")
	if _, err := c.parse(flags, 0); err != nil {
		return err
	}
	s, made, err := c.open(ctx, *data, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	l, err := c.listen(ctx, *listen)
	if err != nil {
		return err
	}
	srv, err := server.New(server.Config{Store: s, Log: c.log()})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	head, err := s.Head(ctx)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if server.Reachable(l.Addr()) == nil {
		c.announce(*data, l.Addr().String(), uint64(head), made)
	}
	if err := srv.Serve(ctx, l); errors.Is(err, server.ErrReachable) {
		return failed("refused to listen at "+*listen, server.ErrReachable.Error())
	} else if err != nil {
		return err
	}
	c.say("Stopped; everything that was answered is saved.")
	return nil
}

// announce says what is served and where, in one line that a script can wait for.
func (c *call) announce(data, at string, head uint64, made bool) {
	if c.json {
		c.print(map[string]any{"listening": "http://" + at, "data": data, "position": head, "new": made})
		return
	}
	if made {
		c.say("Made a new, empty office in %s.", data)
	}
	c.say("Serving %s (%d changes in the log) at http://%s\nStop it with Ctrl-C.", data, head, at)
}

func (c *call) listen(ctx context.Context, at string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at)
	var wrong *net.AddrError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, failed("something listens at "+at+" already", "Stop it, or name another address: --listen 127.0.0.1:8421")
	case errors.As(err, &wrong):
		return nil, misused(fmt.Sprintf("%q is not an address to listen at", at), "Write it as 127.0.0.1:8420.")
	case err != nil:
		return nil, failed(err.Error(), "Write the address as 127.0.0.1:8420.")
	}
	return l, nil
}

// log goes to the standard error: lines for people, JSON for scripts.
func (c *call) log() *slog.Logger {
	if c.json {
		return slog.New(slog.NewJSONHandler(c.stderr, nil))
	}
	return slog.New(slog.NewTextHandler(c.stderr, nil))
}

// exists reports whether there is something at the path.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
