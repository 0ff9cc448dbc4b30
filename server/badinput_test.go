package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// What is refused is told plainly, leaves no trace, and hinders nobody.
func TestBadInput(t *testing.T) {
	w := newWorld(t, nil)
	place := must(w.facilities.SaveFacility(t.Context(), &daylightv1.SaveFacilityRequest{Facility: aFacility("North House", "N-1")}))(t).Facility
	save := func(f *daylightv1.Facility) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: f})
			return err
		}
	}
	with := func(edit func(*daylightv1.Facility)) func(context.Context) error {
		f := aFacility("House", "H")
		edit(f)
		return save(f)
	}
	const id, other = "0190a6e2-7c1b-7000-8000-000000000001", connect.CodeInvalidArgument
	cases := []struct {
		shows string
		call  func(context.Context) error
		code  connect.Code
		says  []string
	}{
		{"no message at all", save(nil), other, []string{"no facility", "nothing was saved"}},
		{"an id that is none", with(func(f *daylightv1.Facility) { f.Id = "7" }), other, []string{"nothing was saved", "id"}},
		{"an id in upper case", with(func(f *daylightv1.Facility) { f.Id = strings.ToUpper(id) }), other, []string{"id"}},
		{"a text with NUL", with(func(f *daylightv1.Facility) { f.Note = proto.String("a\x00b") }), other, []string{"note", "NUL", "plain text"}},
		{"a date in the year 0", with(func(f *daylightv1.Facility) { f.OpenedOn = proto.String("0000-01-01") }), other, []string{"opened_on", "1800 to 2199"}},
		{"a date in the year 9999", with(func(f *daylightv1.Facility) { f.ClosedOn = proto.String("9999-12-31") }), other, []string{"closed_on"}},
		{"a place that is not on Earth", with(func(f *daylightv1.Facility) {
			f.Location = &daylightv1.Coordinates{Latitude: proto.Float64(91)}
		}), other, []string{"latitude", "not on Earth"}},
		{"a text of 1 MB", with(func(f *daylightv1.Facility) { f.Note = proto.String(strings.Repeat("x", 1<<20)) }), connect.CodeInvalidArgument, []string{"note", "128 KiB", "nothing was saved"}},
		{"a message of 5 MB", with(func(f *daylightv1.Facility) { f.Note = proto.String(strings.Repeat("x", 5<<20)) }), connect.CodeResourceExhausted, nil},
		{"a token that is none", with(func(f *daylightv1.Facility) { f.Seen = []byte("token") }), other, []string{"seen"}},
		{"a token of another record", with(func(f *daylightv1.Facility) { f.Id, f.Seen = id, place.Seen }), other, []string{"seen", "another record"}},
		{"the id of another kind", func(ctx context.Context) error {
			_, err := w.visits.SaveVisit(ctx, &daylightv1.SaveVisitRequest{Visit: &daylightv1.Visit{Id: place.Id, Title: proto.String("x")}})
			return err
		}, connect.CodeAborted, []string{"another kind", "nothing was saved"}},
		{"reading what is not there", func(ctx context.Context) error {
			_, err := w.facilities.GetFacility(ctx, &daylightv1.GetFacilityRequest{Id: id})
			return err
		}, connect.CodeNotFound, []string{"no such record", "synced"}},
		{"reading as another kind", func(ctx context.Context) error {
			_, err := w.findings.GetFinding(ctx, &daylightv1.GetFindingRequest{Id: place.Id})
			return err
		}, connect.CodeNotFound, nil},
		{"the past of what is not there", func(ctx context.Context) error {
			_, err := w.visits.GetVisitHistory(ctx, &daylightv1.GetVisitHistoryRequest{Id: id})
			return err
		}, connect.CodeNotFound, nil},
		{"a page token that is none", func(ctx context.Context) error {
			_, err := w.facilities.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{PageToken: "next"})
			return err
		}, other, []string{"page token", "first page"}},
		{"a filter with an id that is none", func(ctx context.Context) error {
			_, err := w.findings.ListFindings(ctx, &daylightv1.ListFindingsRequest{VisitId: "x"})
			return err
		}, other, []string{"visit_id"}},
		{"a search with NUL", func(ctx context.Context) error {
			_, err := w.visits.ListVisits(ctx, &daylightv1.ListVisitsRequest{Text: "a\x00"})
			return err
		}, other, []string{"NUL"}},
		{"removing unseen", func(ctx context.Context) error {
			_, err := w.facilities.RemoveFacility(ctx, &daylightv1.RemoveFacilityRequest{Id: place.Id})
			return err
		}, other, []string{"seen", "nothing was removed"}},
		{"removing what is not there", func(ctx context.Context) error {
			_, err := w.facilities.RemoveFacility(ctx, &daylightv1.RemoveFacilityRequest{Id: id, Seen: place.Seen})
			return err
		}, 0, nil},
		{"a cursor that is none", func(ctx context.Context) error {
			_, err := w.sync.Sync(ctx, &daylightv1.SyncRequest{Cursor: []byte("cursor")})
			return err
		}, other, []string{"cursor", "empty cursor"}},
		{"a cursor that is too long", func(ctx context.Context) error {
			_, err := w.sync.Sync(ctx, &daylightv1.SyncRequest{Cursor: make([]byte, 65)})
			return err
		}, other, []string{"cursor"}},
		{"a writer of 3 bytes", func(ctx context.Context) error {
			_, err := w.sync.Sync(ctx, &daylightv1.SyncRequest{Own: &daylightv1.Head{Writer: []byte{1, 2, 3}}})
			return err
		}, other, []string{"16 bytes"}},
		{"a head without its link", func(ctx context.Context) error {
			_, err := w.sync.Sync(ctx, &daylightv1.SyncRequest{Ask: []*daylightv1.Head{{Writer: make([]byte, 16), Seq: 1}}})
			return err
		}, other, []string{"link"}},
		{"a chain that begins behind its end", func(ctx context.Context) error {
			_, err := w.sync.Sync(ctx, &daylightv1.SyncRequest{Ask: []*daylightv1.Head{{Writer: make([]byte, 16), Seq: 1, Link: make([]byte, 32), First: 2}}})
			return err
		}, other, []string{"behind its end"}},
		{"too many writers", func(ctx context.Context) error {
			_, err := w.sync.Sync(ctx, &daylightv1.SyncRequest{Ask: make([]*daylightv1.Head, 1001)})
			return err
		}, other, []string{"at most 1000"}},
	}
	for _, c := range cases {
		t.Run(c.shows, func(t *testing.T) {
			before := w.digest()
			err := c.call(t.Context())
			if c.code != 0 {
				wantError(t, err, c.code, c.says...)
			} else if err == nil {
				t.Error("no error")
			}
			if w.digest() != before {
				t.Error("it left a trace")
			}
			good := aFacility("Good House", "G")
			if _, err := w.facilities.SaveFacility(t.Context(), &daylightv1.SaveFacilityRequest{Facility: good}); err != nil {
				t.Errorf("the next good change does not go through: %v", err)
			}
		})
	}
}

// post sends raw bytes to a method.
func post(t *testing.T, w *world, header map[string]string, body []byte) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+daylightv1connect.SyncServiceSyncProcedure, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/proto")
	for k, v := range header {
		r.Header.Set(k, v)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(text)
}

func TestBytesThatAreNoRequest(t *testing.T) {
	w := newWorld(t, nil)
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(make([]byte, 64<<20))
	_ = z.Close()
	for _, c := range []struct {
		shows  string
		header map[string]string
		body   []byte
		status int
	}{
		{"no protobuf", nil, []byte{0xff, 0xff, 0xff}, http.StatusBadRequest},
		{"no JSON", map[string]string{"Content-Type": "application/json"}, []byte("{"), http.StatusBadRequest},
		{"another type", map[string]string{"Content-Type": "text/html"}, []byte("<p>"), http.StatusUnsupportedMediaType},
		{"another way of pressing", map[string]string{"Content-Encoding": "br"}, []byte("x"), http.StatusNotImplemented},
		{"no gzip", map[string]string{"Content-Encoding": "gzip"}, []byte("x"), http.StatusBadRequest},
		{"5 MB", nil, make([]byte, 5<<20), http.StatusTooManyRequests},
		{"64 MB pressed into 64 kB", map[string]string{"Content-Encoding": "gzip"}, bomb.Bytes(), http.StatusTooManyRequests},
		{"from a web page of another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://example.org"}, nil, http.StatusForbidden},
	} {
		t.Run(c.shows, func(t *testing.T) {
			before := w.digest()
			status, answer := post(t, w, c.header, c.body)
			if status != c.status || strings.Contains(answer, "goroutine") {
				t.Errorf("answered %d %s", status, answer)
			}
			if w.digest() != before {
				t.Error("it left a trace")
			}
		})
	}
	if status, answer := post(t, w, nil, nil); status != http.StatusOK {
		t.Errorf("an empty request is answered %d %s", status, answer)
	}
}

// A request in a URL would stand in every proxy's log.
func TestNothingIsAnsweredToGET(t *testing.T) {
	w := newWorld(t, nil)
	for path := range procedures {
		a, err := http.Get(w.url + path + "?encoding=json&message=%7B%7D")
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
}
