package main

import (
	"context"
	"errors"
	"flag"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server"
)

// socketName is where a running server answers its operator: in the office's folder,
// which only the operator's account can enter.
const socketName = "operator.sock"

// listenLocal answers the operator until the listener is closed.
func listenLocal(ctx context.Context, dir string, s *server.Server) (stop func(), err error) {
	path := filepath.Join(dir, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // whoever made it is gone: the folder is ours
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, failed("the operator's socket cannot be made: "+err.Error(), "Give the folder a shorter path.")
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	h := &http.Server{Handler: s.Local(), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = h.Serve(l) }()
	return func() { _ = h.Close(); <-ended }, nil
}

// operator is what a command of the operator calls.
type operator struct {
	daylightv1connect.DirectoryServiceClient
	http *http.Client
}

// localURL is what the operator's calls are addressed to, whatever the folder.
const localURL = "http://localhost"

// onDirectory runs do as the operator: through the server that runs on the folder, or
// else through one of its own for as long as that takes.
func (c *call) onDirectory(ctx context.Context, flags *flag.FlagSet, most int, do func(o operator, rest []string) error) (err error) {
	data := flags.String("data", "", "the `folder` of the office's data")
	rest, err := c.parse(flags, most)
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, *data, false)
	var held *sqlitedb.HeldError
	if err != nil && !errors.As(err, &held) {
		return err
	}
	if s != nil {
		defer func() { err = errors.Join(err, s.Close()) }()
		srv, err := server.New(server.Config{Store: s})
		if err != nil {
			return err
		}
		stop, err := listenLocal(ctx, *data, srv)
		if err != nil {
			return err
		}
		defer stop()
	}
	path := filepath.Join(*data, socketName)
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	err = do(operator{daylightv1connect.NewDirectoryServiceClient(client, localURL), client}, rest)
	return explainCall(err, held)
}

// explainCall puts a call's error into words for the operator.
func explainCall(err error, held *sqlitedb.HeldError) error {
	var wired *connect.Error
	if !errors.As(err, &wired) {
		return err
	}
	var ours *rpcerr.Error
	if !errors.As(rpcerr.FromConnect(wired), &ours) {
		return err
	}
	if held != nil && ours.Code == rpcerr.Unavailable && !connect.IsWireError(err) {
		return failed(held.Error()+", and it does not answer its operator", "If it is daylightd serve, look whether it runs under your account.")
	}
	return failed(strings.TrimSpace(ours.Message), ours.Hint)
}

// explainOurs is explainCall for an error that has not travelled.
func explainOurs(err error) error {
	var ours *rpcerr.Error
	if errors.As(err, &ours) {
		return failed(ours.Message, ours.Hint)
	}
	return err
}
