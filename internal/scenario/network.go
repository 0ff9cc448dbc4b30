package scenario

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
)

// Address is what every device calls the office. Nothing resolves it: the network
// of a world ends in the office's listener.
const Address = "http://127.0.0.1"

// ErrNetwork is what a device's call fails with when the switch says so.
var ErrNetwork = errors.New("the network is gone")

// pipes is a listener without a port: each connection is a pair of pipes, so that
// the real server and the real client speak HTTP to each other inside a process.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func listen() *pipes {
	return &pipes{waiting: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept gives the server's end of the next connection.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.waiting:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close lets every further dial fail.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr is a name only.
func (p *pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "office" }

func (p *pipes) dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.waiting <- there:
		return here, nil
	case <-p.closed:
		return nil, ErrNetwork
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// fault is what happens to the next request, once.
type fault int

const (
	loseRequest fault = iota + 1 // it never arrives
	loseAnswer                   // it is carried out, and nobody hears of it
	cutRequest                   // it breaks off after some bytes of its body
	cutAnswer                    // the answer breaks off after some bytes of its body
)

// Switch is one device's way to the office. It counts what travels: bodies as
// they are on the wire, compressed.
type Switch struct {
	next http.RoundTripper

	mu       sync.Mutex
	down     bool
	fault    fault
	after    int64  // bytes, of a cut
	during   func() // happens once, before the next answer arrives
	Requests int
	Up, Down int64
}

// Set connects or disconnects the device.
func (s *Switch) Set(online bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = !online
}

func (s *Switch) plan(f fault, after int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.after = f, after
}

// begin counts a request and says what is to happen to it.
func (s *Switch) begin() (down bool, f fault, after int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Requests++
	f, s.fault = s.fault, 0
	return s.down, f, s.after
}

func (s *Switch) meanwhile() func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	do := s.during
	s.during = nil
	return do
}

func (s *Switch) count(n int, total *int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*total += int64(n)
}

// RoundTrip carries one request, or does not.
func (s *Switch) RoundTrip(r *http.Request) (*http.Response, error) {
	down, f, after := s.begin()
	if down || f == loseRequest {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, ErrNetwork
	}
	if r.Body != nil {
		r = r.Clone(r.Context())
		r.Body = &counted{ReadCloser: r.Body, s: s, total: &s.Up, left: limit(f == cutRequest, after)}
	}
	answer, err := s.next.RoundTrip(r)
	if meanwhile := s.meanwhile(); meanwhile != nil {
		meanwhile()
	}
	if err != nil {
		return nil, err
	}
	if f == loseAnswer {
		_, err := io.Copy(io.Discard, answer.Body)
		return nil, errors.Join(ErrNetwork, err, answer.Body.Close())
	}
	answer.Body = &counted{ReadCloser: answer.Body, s: s, total: &s.Down, left: limit(f == cutAnswer, after)}
	return answer, nil
}

// limit is a count of bytes, -1 for no end.
func limit(cut bool, after int64) int64 {
	if cut {
		return after
	}
	return -1
}

// counted is a body that is counted and may break off.
type counted struct {
	io.ReadCloser
	s     *Switch
	total *int64
	left  int64
}

func (c *counted) Read(b []byte) (int, error) {
	if c.left == 0 {
		return 0, ErrNetwork
	}
	if c.left > 0 && int64(len(b)) > c.left {
		b = b[:c.left]
	}
	n, err := c.ReadCloser.Read(b)
	if c.left > 0 {
		c.left -= int64(n)
	}
	c.s.count(n, c.total)
	return n, err
}
