package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// local serves the operator.
func (o *office) local(t *testing.T) string {
	t.Helper()
	h := httptest.NewServer(o.server.Local())
	t.Cleanup(h.Close)
	return h.URL
}

// posted sends a bundle, and reads the answer to its end.
func posted(t *testing.T, url, token string, body io.Reader) (*http.Response, []byte) {
	t.Helper()
	q := must(http.NewRequestWithContext(t.Context(), http.MethodPost, url, body))(t)
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	r := must(http.DefaultClient.Do(q))(t)
	defer r.Body.Close()
	return r, must(io.ReadAll(r.Body))(t)
}

func (o *office) parts(t *testing.T) []string {
	t.Helper()
	return must(filepath.Glob(filepath.Join(o.store.Dir(), "bundle-*.part")))(t)
}

// Whoever comes from outside finds nothing there, with whatever token.
func TestOnlyTheOperatorPostsBundles(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	b := c.bundle(t, c.asks(c.writes(t, 2))...)
	tokens := []string{"", "dl_nonsense"}
	for n := range daylightv1.OfficeRole_name {
		if n > 0 {
			tokens = append(tokens, o.enrolled(t, o.person(t, "somebody", daylightv1.OfficeRole(n)).Id).token)
		}
	}
	tokens = append(tokens, must(o.operator.IssueToken(t.Context(), &daylightv1.IssueTokenRequest{Token: &daylightv1.Token{
		Name: "program", Until: o.time.UnixMilli() + 1e6, Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER}},
	}}))(t).Secret)
	for _, token := range tokens {
		for _, path := range []string{BundlePath, BundlePath + "?answer=1"} {
			if r, _ := posted(t, o.url+path, token, bytes.NewReader(b)); r.StatusCode != http.StatusNotFound {
				t.Errorf("%q at %s: %d", token, path, r.StatusCode)
			}
		}
	}
	if o.head(t) != 0 || len(o.bundled(t)) > 0 {
		t.Error("something was taken")
	}
	r, text := posted(t, o.local(t)+BundlePath, "", bytes.NewReader(b))
	var taken BundleTaken
	if err := json.Unmarshal(text, &taken); r.StatusCode != http.StatusOK || err != nil || taken.New != 2 {
		t.Errorf("the operator: %d %s", r.StatusCode, text)
	}
	if log := o.log.String(); !strings.Contains(log, "call="+BundlePath) || strings.Contains(log, "House 1") {
		t.Error("the log: ", log)
	}
}

// What is said of a bundle may be long, and in any script.
func TestTheReportComesBesideTheAnswer(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	c.person.Name = "Спостерігач " + strings.Repeat("щ", 100)
	must(o.operator.SavePerson(t.Context(), &daylightv1.SavePersonRequest{Person: c.person}))(t)
	q := c.asks(c.writes(t, 1))[0]
	for i := range 2 * maxAway {
		forged := proto.CloneOf(q.Batches[0])
		forged.Writer, forged.Seal = bytes.Repeat([]byte{byte(i)}, 16), make([]byte, 64)
		q.Batches = append(q.Batches, forged)
	}
	r, answer := posted(t, o.local(t)+BundlePath+"?answer=1", "", bytes.NewReader(c.bundle(t, q)))
	var taken BundleTaken
	if err := json.Unmarshal([]byte(r.Header.Get(BundleReport)), &taken); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v", r.StatusCode, err)
	}
	if taken.New != 1 || len(taken.TurnedAway) != maxAway || taken.Person != c.person.Name {
		t.Errorf("%+v", taken)
	}
	if h, parts := c.opens(t, answer); !h.DeviceKey.Equal(c.cert.Key) || len(parts) != 1 {
		t.Errorf("%+v, %d parts", h, len(parts))
	}
}

func TestABundleThatCannotBePutAsideIsNotTaken(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	b := c.bundle(t, c.asks(c.writes(t, 2))...)
	url := o.local(t) + BundlePath
	o.server.maxUpload = int64(len(b)) - 1
	r, text := posted(t, url, "", bytes.NewReader(b))
	if r.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(text), "more than 4 GiB") {
		t.Errorf("too large: %d %s", r.StatusCode, text)
	}
	o.server.maxUpload = int64(len(b))
	q := must(http.NewRequestWithContext(t.Context(), http.MethodPost, url, io.MultiReader(bytes.NewReader(b[:200]), brokenStick{})))(t)
	if r, err := http.DefaultClient.Do(q); err == nil {
		r.Body.Close()
		t.Error("broken off, and answered")
	}
	for says, err := range map[string]error{"no room": fmt.Errorf("write: %w", syscall.ENOSPC), "did not arrive whole": io.ErrUnexpectedEOF} {
		if got := notPutAside(err); rpcerr.CodeOf(got) != rpcerr.Unavailable || !strings.Contains(got.Error(), says) {
			t.Errorf("%v: %v", err, got)
		}
	}
	if r, text := posted(t, url, "", bytes.NewReader(b)); r.StatusCode != http.StatusOK { // the place is free again
		t.Errorf("%d %s", r.StatusCode, text)
	}
	if parts := o.parts(t); len(parts) > 0 || o.head(t) != 2 {
		t.Errorf("left behind: %q; the log has %d", parts, o.head(t))
	}
}

type brokenStick struct{}

func (brokenStick) Read([]byte) (int, error) { return 0, syscall.EIO }

func TestWhatAKilledServerHadPutAsideIsSwept(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"bundle-123.part", "bundle-4.part"} {
		if err := os.WriteFile(filepath.Join(o.store.Dir(), name), []byte("age"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	must(New(o.server.config))(t)
	if parts := o.parts(t); len(parts) > 0 {
		t.Errorf("left behind: %q", parts)
	}
}
