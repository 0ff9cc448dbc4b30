package scenario

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// small is a world with one device that has synced one finding.
func small(t *testing.T) *Story {
	s := &Story{World: New(t, 1), kinds: map[string]record.Kind{}, forms: map[string]form{}}
	for _, line := range []string{"device A", "stranger X", `A save finding f1 narrative="damp walls"`, "A sync"} {
		s.must(s.line(line))
	}
	return s
}

// goesOn shows that the next good change goes through, and checks the world.
func goesOn(s *Story) {
	s.T.Helper()
	s.must(s.line(`expect all f1.narrative = "damp walls"`))
	s.must(s.line(`A set f1 narrative="the next good change" ; A sync`))
	s.must(s.line(`expect all f1.narrative = "the next good change"`))
	s.must(s.Check())
}

func TestUnreadableMessagesAreTurnedAway(t *testing.T) {
	s := small(t)
	for name, c := range map[string]struct {
		kind, encoding string
		body           []byte
		status         int
	}{
		"bytes that are no message": {"application/proto", "", []byte("\xff\xff\xff\xff"), http.StatusBadRequest},
		"text that is no JSON":      {"application/json", "", []byte("{"), http.StatusBadRequest},
		"another content type":      {"text/html", "", []byte("<p>"), http.StatusUnsupportedMediaType},
		"half a gzip":               {"application/proto", "gzip", []byte{0x1f, 0x8b, 8}, http.StatusBadRequest},
		"a compression of nobody's": {"application/proto", "rot13", nil, http.StatusNotImplemented},
	} {
		t.Run(name, func(t *testing.T) {
			if got, text := post(s, c.kind, c.encoding, c.body); got != c.status {
				t.Errorf("%d %s, want %d", got, text, c.status)
			}
		})
	}
	goesOn(s)
}

func TestAnOversizedMessageIsTurnedAway(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	s := small(t)
	// Five megabytes, in a request that does not press.
	status, text := post(s, "application/proto", "", []byte(longText(5<<20)))
	if status == http.StatusOK || !strings.Contains(text, "resource_exhausted") {
		t.Errorf("%d %s", status, text)
	}
	goesOn(s)
}

// post sends a body to Sync as it is.
func post(s *Story, kind, encoding string, body []byte) (int, string) {
	s.T.Helper()
	r, err := http.NewRequest(http.MethodPost, Address+daylightv1connect.SyncServiceSyncProcedure, bytes.NewReader(body))
	s.must(err)
	r.Header.Set("Content-Type", kind)
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	answer, err := s.Strangers[0].net.RoundTrip(r)
	s.must(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	s.must(err)
	return answer.StatusCode, string(text)
}

func TestCursorsThatAreNotOurs(t *testing.T) {
	s := small(t)
	x := s.Strangers[0]
	first, err := x.calls.Sync(background(), &daylightv1.SyncRequest{})
	s.must(err)

	if _, err := x.calls.Sync(background(), &daylightv1.SyncRequest{Epoch: first.Epoch, Cursor: []byte("a cursor")}); err == nil {
		t.Error("bytes that are no cursor were taken for one")
	}
	other, err := x.calls.Sync(background(), &daylightv1.SyncRequest{Epoch: []byte("another epoch"), Cursor: first.Cursor})
	s.must(err)
	if !other.Restored || len(other.States) != 0 || !bytes.Equal(other.Epoch, first.Epoch) {
		t.Errorf("a cursor of another epoch is answered with %d states, want to hear of the restore and nothing else", len(other.States))
	}
	again, err := x.calls.Sync(background(), &daylightv1.SyncRequest{Epoch: other.Epoch})
	s.must(err)
	if len(again.States) != 1 || again.Restored {
		t.Errorf("who has heard of it is sent %d states, want everything from the beginning", len(again.States))
	}
	goesOn(s)
}

func TestTheOfficeRefusesFilesThatAreNotIts(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	for how, spoil := range map[string]func(string) error{
		"damaged": tear, "newer": newerFile,
		"another program": func(file string) error { _ = os.Remove(file); return foreign(file) },
	} {
		t.Run(how, func(t *testing.T) {
			s := small(t)
			s.must(s.Office.Stop())
			file := filepath.Join(s.Office.dir, "daylight.db")
			whole, err := os.ReadFile(file)
			s.must(err)
			s.must(spoil(file))
			spoiled, err := os.ReadFile(file)
			s.must(err)
			if err := s.Office.Start(); err == nil || !strings.Contains(err.Error(), how) {
				t.Errorf("opened with %v, want an error that says %q", err, how)
			}
			if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, spoiled) {
				t.Errorf("the file was altered (%v)", err)
			}
			s.must(os.WriteFile(file, whole, 0o600))
			s.must(s.Office.Start())
			goesOn(s)
		})
	}
}

// The oracle has to see a loss, or every story proves nothing.
func TestTheCheckSeesWhatIsLost(t *testing.T) {
	for what, lose := range map[string]func(*Story, *saved){
		"LOST":     func(_ *Story, v *saved) { v.json = `"never saved"` },
		"VANISHED": func(s *Story, v *saved) { s.must(s.line(`A set f1 narrative="over it" ; A sync`)); v.covered = false },
	} {
		t.Run(what, func(t *testing.T) {
			s := small(t)
			lose(s, s.saved[0])
			if err := s.Check(); err == nil || !strings.Contains(err.Error(), what) {
				t.Errorf("the check says %v", err)
			}
		})
	}
}
