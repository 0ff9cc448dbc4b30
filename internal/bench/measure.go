package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// sample is one run of one workload.
type sample struct {
	took     time.Duration
	up, down int64 // bytes on the connection, headers included
	requests int64
}

// median takes each figure's median.
func median(samples []sample) sample {
	pick := func(of func(sample) int64) int64 {
		v := make([]int64, len(samples))
		for i, s := range samples {
			v[i] = of(s)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return sample{
		took:     time.Duration(pick(func(s sample) int64 { return int64(s.took) })),
		up:       pick(func(s sample) int64 { return s.up }),
		down:     pick(func(s sample) int64 { return s.down }),
		requests: pick(func(s sample) int64 { return s.requests }),
	}
}

// wire counts what goes over a client's connections.
type wire struct {
	// office is the host and port that it leads to, whichever is asked for: an enrolled
	// device knows the address its office had then. Empty: it leads where it is asked to.
	office string

	up, down, requests atomic.Int64
	http.RoundTripper
}

func newWire() *wire {
	w := &wire{}
	w.RoundTripper = &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if w.office != "" {
			addr = w.office
		}
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		return &counted{c, w}, err
	}}
	return w
}

func (w *wire) client() *http.Client { return &http.Client{Transport: w} }

// RoundTrip counts the request.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.requests.Add(1)
	return w.RoundTripper.RoundTrip(r)
}

// time runs do and says what it took on this wire.
func (w *wire) time(do func() error) (sample, error) {
	up, down, requests, start := w.up.Load(), w.down.Load(), w.requests.Load(), time.Now()
	err := do()
	return sample{time.Since(start), w.up.Load() - up, w.down.Load() - down, w.requests.Load() - requests}, err
}

type counted struct {
	net.Conn
	wire *wire
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.wire.down.Add(int64(n))
	return n, err
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.wire.up.Add(int64(n))
	return n, err
}

// listen serves h on a free port of the loopback until the test of the workload
// is over; it gives the base URL and what stops it.
func listen(h http.Handler) (base string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := &http.Server{Handler: h}
	go s.Serve(l)
	return "http://" + l.Addr().String(), func() { s.Close() }, nil
}

// zipped is the size of the messages concatenated and compressed.
func zipped(b *daylightv1.Batch) (int64, error) {
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		return 0, err
	}
	defer enc.Close()
	var all []byte
	for _, e := range b.Entries {
		all = append(all, e.Payload...)
	}
	return int64(len(enc.EncodeAll(all, nil))), nil
}

// ratio is a / b for people.
func ratio[T int64 | time.Duration](a, b T) string {
	if b == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f x", float64(a)/float64(b))
}
