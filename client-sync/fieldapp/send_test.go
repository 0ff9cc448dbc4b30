package fieldapp

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// settled waits until no sync runs any more.
func (b *browser) settled() {
	b.t.Helper()
	for b.app.sending.running() {
		time.Sleep(time.Millisecond)
	}
}

func TestSend(t *testing.T) {
	w := scenario.New(t, 1)
	d, err := w.Add("A")
	if err != nil {
		t.Fatal(err)
	}
	b := openApp(t, d.Client)
	b.app.now = d.Now
	saved(t, d.Client, &daylightv1.Finding{Title: proto.String("Cell 4" + evil)})
	saved(t, d.Client, &daylightv1.Note{Text: proto.String("A note")})
	page := b.get("/send")
	pageSays(t, page, 200, "Changes to send: ", "Waiting", "Cell 4&lt;script&gt;", "A note", "Ready", "Send and fetch now", "No sync yet")
	goesTo(t, b.post("/send/start", form()), "/send")
	b.settled()
	page = b.get("/send")
	pageSays(t, page, 200, "Everything written here was received", "Changes that the office answered for", "Last complete sync")
	if strings.Contains(page.Body.String(), "No sync yet") || strings.Contains(page.Body.String(), "A note") {
		t.Error("what was received waits")
	}
	pageSays(t, b.get("/"), 200, "Last sync ")
	if offset, known := d.Client.ClockOffset(); !known {
		t.Error("the office's clock was not heard")
	} else {
		t.Log(offset)
	}

	d.Net.Set(false)
	saved(t, d.Client, &daylightv1.Note{Text: proto.String("Another")})
	b.post("/send/start", form())
	b.settled()
	pageSays(t, b.get("/send"), 200, "No way to the office", "Everything is kept here")
	pageSays(t, b.get("/"), 200, "did not get through")
	goesTo(t, b.post("/send/stop", form()), "/send")
}

func TestProgressIsCounted(t *testing.T) {
	for _, c := range []struct {
		done, rest int
		took       time.Duration
		want       time.Duration
	}{{0, 10, time.Minute, 0}, {10, 0, time.Minute, 0}, {10, 20, time.Millisecond, 0}, {10, 20, time.Minute, 2 * time.Minute}} {
		if got := leftOf(c.done, c.rest, c.took); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestASyncThatRunsIsShown(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	saved(t, c, &daylightv1.Note{Text: proto.String("A note")})
	stopped := false
	s := b.app.sending
	s.cancel, s.begun = func() { stopped = true }, time.Now()
	s.report.ToPush, s.report.Pushed, s.report.BytesUp = 58, 41, 4_100_000
	pageSays(t, b.get("/send"), 200, "Answered for 41 of 58", `<progress value="41" max="58"`, "4.1", "Stop", "Look again", "Not known yet", "Sending")
	pageSays(t, b.get("/"), 200, "Sending")
	var answer struct {
		Running bool
		Parts   map[string]string
	}
	w := b.get("/send/progress")
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || !answer.Running || !strings.Contains(answer.Parts[sendingPart], "41 of 58") {
		t.Errorf("%v %s", err, w.Body)
	}
	s.report.Pushed = 58
	pageSays(t, b.get("/send"), 200, "Fetching what is new", "Nothing is left to send")
	b.post("/send/stop", form())
	if !stopped {
		t.Error("it goes on")
	}
	s.cancel = nil
}

// upload is a file that a browser sends.
func (b *browser) upload(field, name string, content []byte) *httptest.ResponseRecorder {
	return b.uploadTo("/send/take", field, name, content)
}

func (b *browser) uploadTo(path, field, name string, content []byte) *httptest.ResponseRecorder {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if field != "" {
		part, err := m.CreateFormFile(field, name)
		if err != nil {
			b.t.Fatal(err)
		}
		_, _ = part.Write(content)
	}
	_ = m.Close()
	r := httptest.NewRequest("POST", "http://"+ourHost+path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", "http://"+ourHost)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func TestFiles(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	pageSays(t, b.get("/send"), 200, "Take a file", "belongs to no office")
	if w := b.post("/send/file", form("to", "office")); w.Code != http.StatusBadRequest || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("a device of no office makes a file: %d %s", w.Code, w.Header())
	}
	b.post("/enrol", form("code", (&scenario.Door{}).Code(t, "Office"), "label", "tablet 3"))
	pageSays(t, b.get("/send"), 200, "Nobody has compared the six words", "Compare")
	b.post("/enrol/same", form())
	pageSays(t, b.get("/enrol"), 200, "The office knows this device", `action="/send/start"`)
	saved(t, c, &daylightv1.Note{Text: proto.String("A note")})
	pageSays(t, b.get("/send"), 200, "A file for the office", "No device of a team-mate is known")
	pageSays(t, b.post("/send/file", form("to", "team")), 200, "Choose at least one device")
	w := b.post("/send/file", form("to", "office"))
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Disposition"), `attachment; filename="daylight-20`) || !bytes.HasPrefix(w.Body.Bytes(), []byte("age-encryption.org/v1")) {
		t.Errorf("%d %s", w.Code, w.Header())
	}
	if w := b.post("/send/file", form("to", "team", "device", "<nobody>")); w.Code < 400 || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("a file for nobody: %d", w.Code)
	}

	for name, content := range map[string][]byte{"garbage": []byte("no bundle <b>"), "empty": nil, "our own for the office": w.Body.Bytes()} {
		if got := b.upload("bundle", "x.age", content); got.Code < 400 || got.Code >= 500 {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		} else {
			pageSays(t, got, got.Code, `aria-invalid="true"`, "Nothing of it was taken", "Take it")
		}
	}
	goesTo(t, b.upload("other", "x.age", []byte("x")), "/send")
	goesTo(t, b.upload("", "", nil), "/send")
	if w := b.post("/send/take", form("bundle", "x")); w.Code != http.StatusBadRequest {
		t.Errorf("a form without a file: %d", w.Code)
	}
	if err := c.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	goesTo(t, b.upload("bundle", "x.age", []byte("x")), "/unlock")
	goesTo(t, b.post("/send/start", form()), "/unlock")
}
