package clientsync

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/wirezip"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// office is the way to the office.
type office struct {
	calls     daylightv1connect.SyncServiceClient
	enrolment daylightv1connect.EnrolmentServiceClient
	// patience is how long nothing may move before a call is given up.
	patience time.Duration
}

// wayTo is the way to the office that the device is enrolled with, or else to the
// one that is configured; nil when there is neither.
func wayTo(c Config, e *localdb.Enrolment) (*office, error) {
	server, given, token := c.Server, c.HTTP, []byte(nil)
	if e != nil {
		server, token = e.Endpoints[0], e.Token
		if given == nil {
			given = &http.Client{Transport: pinned(e.Endpoints, e.Pins, c.Now)}
		}
	}
	if server == "" {
		return nil, nil
	}
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, rpcerr.E(Invalid, "the office's address cannot be read", "It looks like https://office.example.", err)
	}
	options := append(wirezip.Client(), connect.WithReadMaxBytes(exchange.MaxMessage), shown(token))
	h := httpClient(given)
	return &office{
		calls:     daylightv1connect.NewSyncServiceClient(h, server, options...),
		enrolment: daylightv1connect.NewEnrolmentServiceClient(h, server, options...),
		patience:  c.Timeout,
	}, nil
}

// pinned connects to the first of the endpoints at which a server answers that has
// one of the keys, whatever the device's clock says.
func pinned(endpoints []string, pins [][]byte, now func() time.Time) *http.Transport {
	var all []enrol.Pin
	for _, p := range pins {
		all = append(all, enrol.Pin(p))
	}
	config := enrol.ClientTLS(all, func() int64 { return now().UnixMilli() })
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		MaxIdleConnsPerHost: 2,
		IdleConnTimeout:     time.Minute,
		DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var errs []error
			for _, e := range endpoints {
				u, err := url.Parse(e)
				if err != nil || u.Scheme != "https" {
					continue
				}
				port := u.Port()
				if port == "" {
					port = "443"
				}
				mine := config.Clone()
				mine.ServerName = u.Hostname()
				conn, err := (&tls.Dialer{Config: mine}).DialContext(ctx, network, net.JoinHostPort(u.Hostname(), port))
				if err == nil {
					return conn, nil
				}
				errs = append(errs, err)
			}
			return nil, errors.Join(errs...)
		},
	}
}

// httpClient counts what travels. A redirection is not followed: it is the login
// page of a hotel, and must not be sent what we have to say.
func httpClient(given *http.Client) *http.Client {
	var c http.Client
	if given != nil {
		c = *given
	}
	c.Transport = metered{c.Transport}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// slowest is the speed in bytes per second below which we give a link up while a
// request is still on its way out, where nobody tells us what has arrived.
const slowest = 4 << 10

// errIdle ends a call in which nothing moved.
var errIdle = errors.New("nothing moved for too long")

// call makes one exchange. As long as bytes come it may take any time: a page over
// a slow link is no reason to begin again.
func (o *office) call(ctx context.Context, request *daylightv1.SyncRequest, m *meter) (*daylightv1.SyncResponse, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	upload := time.Duration(proto.Size(request)) * time.Second / slowest
	idle := time.AfterFunc(o.patience+upload, func() { cancel(errIdle) })
	defer idle.Stop()
	m.moved = func() { idle.Reset(o.patience) }
	r, err := o.calls.Sync(context.WithValue(ctx, meterKey{}, m), request)
	if err != nil && context.Cause(ctx) == errIdle {
		return nil, rpcerr.E(Unavailable, "the office did not answer in time; everything is kept here",
			"Try again when the network is better.", errors.Join(errIdle, err))
	}
	return r, explainCall(err)
}

// errElsewhere: what answered does not speak our protocol.
var errElsewhere = errors.New("the answer is not one of the office's")

// meter counts the bodies of one call as they travel.
type meter struct {
	up, down atomic.Int64
	// moved is told that the answer goes on.
	moved func()
	// headed is told, when an answer begins, at what time it does by the office's clock.
	headed func(date string)
}

type meterKey struct{}

// metered is a transport that tells the call's meter.
type metered struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t metered) RoundTrip(r *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	m, _ := r.Context().Value(meterKey{}).(*meter)
	if m == nil {
		return next.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", "") // none: which program and Go version is nobody's business
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = counted{r.Body, &m.up, nil}
	}
	answer, err := next.RoundTrip(r)
	if err == nil && !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/") {
		_ = answer.Body.Close()
		return nil, errElsewhere
	}
	if err == nil {
		m.moved()
		if m.headed != nil {
			m.headed(answer.Header.Get("Date"))
		}
		answer.Body = counted{answer.Body, &m.down, m.moved}
	}
	return answer, err
}

// counted counts what is read.
type counted struct {
	io.ReadCloser
	n     *atomic.Int64
	moved func()
}

// Read implements io.Reader.
func (c counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.n.Add(int64(n))
	if n > 0 && c.moved != nil {
		c.moved()
	}
	return n, err
}
