package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

const officeName = "Office of the Ombudsperson (invented)"

// office is what daylightd init and daylightd serve --tls leave behind, in one process:
// its folder is one of theirs.
type office struct {
	dir, url string
	store    *store.Store
	server   *server.Server
	secured  *tls.Config
	// root is what would be on paper, away from the server.
	root string

	// operator is whoever sits at the server, on the socket in the folder.
	operator daylightv1connect.DirectoryServiceClient
	socket   *http.Server
}

// makeOffice makes an office that devices reach at url.
func makeOffice(ctx context.Context, dir, url string) (*office, error) {
	return makeOfficeAt(ctx, dir, url, time.Now)
}

// makeOfficeAt is makeOffice with a clock.
func makeOfficeAt(ctx context.Context, dir, url string, now func() time.Time) (_ *office, err error) {
	s, err := store.Open(ctx, store.Config{Dir: dir, Now: now})
	if err != nil {
		return nil, opened(err)
	}
	o := &office{dir: dir, url: url, store: s}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.close())
		}
	}()
	_, recovery, err := clientsync.NewRecoveryKey(false) // its other half would be on paper
	if err != nil {
		return nil, err
	}
	var public string
	if o.root, public, err = clientsync.NewRootKey(); err != nil {
		return nil, err
	}
	root, err := compartment.ParsePublicRoot(public)
	if err != nil {
		return nil, err
	}
	_, _, err = directory.New(s.File(), now, rand.Reader).Make(ctx, directory.Setup{
		Office: &daylightv1.Office{Name: officeName, RootKey: root, RecoveryRecipient: recovery}, Admin: &daylightv1.Person{Name: "Administrator"},
	}, directory.By{Call: "demo"})
	if err != nil {
		return nil, err
	}
	cert, err := ownKey(filepath.Join(dir, "tls.key"))
	if err != nil {
		return nil, err
	}
	o.secured = enrol.ServerTLS(cert)
	if o.server, err = server.New(server.Config{Store: s, Now: now, Endpoints: []string{url}, Pins: []enrol.Pin{enrol.PinOf(cert.Leaf)}}); err != nil {
		return nil, err
	}
	return o, o.answerOperator(ctx)
}

// ownKey makes the key that devices know the server by, and keeps it where daylightd
// looks for it.
func ownKey(path string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	return enrol.SelfSigned(rand.Reader, key, []string{"127.0.0.1"}, now.AddDate(0, 0, -1), now.AddDate(0, 1, 0))
}

// answerOperator serves the socket that daylightd's commands look for.
func (o *office) answerOperator(ctx context.Context) error {
	path := filepath.Join(o.dir, "operator.sock")
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("the operator's socket cannot be made, perhaps the folder's path is too long: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	o.socket = &http.Server{Handler: o.server.Local(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = o.socket.Serve(l) }()
	o.operator = daylightv1connect.NewDirectoryServiceClient(&http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
	}}, "http://localhost")
	return nil
}

func (o *office) close() error {
	var err error
	if o.socket != nil {
		err = o.socket.Close()
	}
	return errors.Join(err, o.store.Close())
}

func opened(err error) error {
	var held *sqlitedb.HeldError
	if errors.As(err, &held) {
		return held
	}
	return fmt.Errorf("the office's folder cannot be opened: %w", err)
}
