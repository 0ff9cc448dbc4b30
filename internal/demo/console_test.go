package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// asSitter is a browser that follows an address of the door, whatever names of this machine
// the system knows.
func asSitter(t *testing.T, d *door) func(address string) (status int, page string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, d.listens)
	}}}
	return func(address string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		return a.StatusCode, string(b)
	}
}

func TestEachChairOpensSignedInOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o, err := makeOfficeAt(t.Context(), filepath.Join(t.TempDir(), "office"), "http://"+l.Addr().String(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.close(); err != nil {
			t.Error(err)
		}
	})
	d, err := o.openDoor(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	for _, c := range chairs {
		if err := d.seat(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range d.seats {
		get, at := asSitter(t, d), d.address(s)
		if status, page := get(at); status != http.StatusOK || !strings.Contains(page, `href="/"`) {
			t.Fatalf("%s is not let in: %d", s.name, status)
		}
		if status, page := get("http://" + d.host(s) + "/"); status != http.StatusOK || !strings.Contains(page, s.person.GetName()) {
			t.Errorf("%s sees %d, and not who they are", s.name, status)
		}
		if status, _ := asSitter(t, d)(at); status != http.StatusNotFound {
			t.Errorf("the address of %s lets a second browser in: %d", s.name, status)
		}
	}
	if _, err := seated("head,gardener"); err == nil || !strings.Contains(err.Error(), "auditor") {
		t.Errorf("a role that there is not: %v", err)
	}
}
