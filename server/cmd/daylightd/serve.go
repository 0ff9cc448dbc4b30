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
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/server"
)

func serve(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data; made when missing")
	listen := flags.String("listen", "127.0.0.1:8420", "the `address` to listen at; one that other machines reach needs TLS and an office that has been made")
	secure := flags.Bool("tls", false, "speak TLS, with a key of the office's own that devices are told of in their code")
	certFile := flags.String("cert", "", "speak TLS with the certificate in this PEM `file`; with --key")
	keyFile := flags.String("key", "", "the PEM `file` of the certificate's key")
	var public addresses
	flags.Var(&public, "public", "the `address` at which devices and browsers reach the server; may be given again")
	if _, err := c.parse(flags, 0); err != nil {
		return err
	}
	if given := *certFile != "" || *keyFile != ""; given && (*secure || *certFile == "" || *keyFile == "") {
		return misused("--cert and --key belong together, and take the place of --tls", c.how())
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
	config := server.Config{Store: s, Log: c.log(), Endpoints: public}
	scheme := "http://"
	var secured *tls.Config
	if *secure || *certFile != "" {
		scheme = "https://"
		cert, err := certificate(*data, *certFile, *keyFile)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		secured, config.Pins = enrol.ServerTLS(cert), []enrol.Pin{enrol.PinOf(cert.Leaf)}
	}
	if len(public) == 0 {
		if at, ok := l.Addr().(*net.TCPAddr); ok && at.IP.IsUnspecified() {
			return errors.Join(misused("it is not said at which address devices reach this server", "Add --public https://office.example:8420, as it is seen from outside."), l.Close())
		}
		config.Endpoints = []string{scheme + l.Addr().String()}
	}
	srv, err := server.New(config)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := srv.May(l.Addr(), secured != nil); err != nil {
		return errors.Join(failed("refused to listen at "+*listen, err.Error()), l.Close())
	}
	stop, err := listenLocal(ctx, *data, srv)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer stop()
	head, err := s.Head(ctx)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	c.announce(*data, scheme+l.Addr().String(), uint64(head), made)
	if secured != nil {
		err = srv.ServeTLS(ctx, l, secured)
	} else {
		err = srv.Serve(ctx, l)
	}
	if err != nil {
		return err
	}
	c.say("Stopped; everything that was answered is saved.")
	return nil
}

// announce says what is served and where, in one line that a script can wait for.
func (c *call) announce(data, at string, head uint64, made bool) {
	if c.json {
		c.print(map[string]any{"listening": at, "data": data, "position": head, "new": made})
		return
	}
	if made {
		c.say("Made a new, empty office in %s.", data)
	}
	c.say("Serving %s (%d changes in the log) at %s\nThe office's pages: %s\nStop it with Ctrl-C.", data, head, at, strings.TrimSuffix(server.WelcomeLink([]string{at}, ""), "welcome#"))
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

// addresses are those of --public.
type addresses []string

// String implements flag.Value.
func (a *addresses) String() string { return "" }

// Set implements flag.Value.
func (a *addresses) Set(s string) error {
	clean, err := enrol.CleanEndpoint(s)
	*a = append(*a, clean)
	return err
}

// certificate is the one in the files, or else the office's own.
func certificate(dir, certFile, keyFile string) (tls.Certificate, error) {
	if certFile == "" {
		return ownCertificate(dir)
	}
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return cert, failed("the certificate or its key cannot be used: "+err.Error(), "Devices look for this key: a renewed certificate has to keep it.")
	}
	return cert, nil
}

// tlsKeyFile holds the key of the server's own certificate. Codes name it, so it
// stays the same.
const tlsKeyFile = "tls.key"

// ownCertificate signs a certificate for the key in the folder, made at first. Devices
// look at the key alone.
func ownCertificate(dir string) (tls.Certificate, error) {
	path := filepath.Join(dir, tlsKeyFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		b, err = newKey(path)
	}
	if err != nil {
		return tls.Certificate{}, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return tls.Certificate{}, failed(path+" holds no key", "Restore it from a backup: devices look for that key.")
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return tls.Certificate{}, failed(path+" holds no key that can be read", "Restore it from a backup: devices look for that key.")
	}
	now := time.Now()
	return enrol.SelfSigned(rand.Reader, key, []string{"localhost", "127.0.0.1", "::1"}, now.AddDate(0, 0, -1), now.AddDate(1, 0, 0))
}

func newKey(path string) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	b := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(b)
	return b, errors.Join(err, f.Sync(), f.Close())
}
