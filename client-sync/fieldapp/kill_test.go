package fieldapp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/recordpage"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// beApp names the folder of an app that is to be a process of its own, so that it can be
// killed.
const beApp = "DAYLIGHT_FIELDAPP_DIR"

// TestBeAnAppThatIsKilled is no test: huntTyping runs it in another process.
func TestBeAnAppThatIsKilled(t *testing.T) {
	dir := os.Getenv(beApp)
	if dir == "" {
		return
	}
	go func() { // whoever started us is gone
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	c, err := openDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Config{Client: c, Host: l.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	onePage(&browser{t: t, app: a})
	for item, err := range c.List(context.Background(), clientsync.Filter{Kind: clientsync.KindFinding}) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("\nOPEN http://%s%s /r/%s\n", l.Addr(), a.StartPath(), a.handles.name(item.Kind, item.ID))
	}
	t.Fatal(http.Serve(l, a))
}

func openDir(dir string) (*clientsync.Client, error) {
	return clientsync.Open(context.Background(), scenario.Cheap(clientsync.Config{Dir: dir, Passphrase: passphrase, Person: "Monitor A", Device: "tablet"}))
}

// typist types into an app that runs as a process.
type typist struct {
	t       *testing.T
	dir     string
	cmd     *exec.Cmd
	stdin   io.Closer
	browser *http.Client
	url     string // of the page
	host    string
	as      string
	// sent was posted last; kept is what the app said it had saved.
	sent, kept string
	saves      int
}

// start runs the app and opens its page.
func (p *typist) start() {
	p.t.Helper()
	p.cmd = exec.Command(os.Args[0], "-test.run=^TestBeAnAppThatIsKilled$")
	p.cmd.Env = append(os.Environ(), beApp+"="+p.dir)
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	p.must(err)
	out, err := p.cmd.StdoutPipe()
	p.must(err)
	p.must(p.cmd.Start())
	p.stdin = in
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) == 3 && words[0] == "OPEN" {
			p.open(words[1], words[2])
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	p.t.Fatal("the app did not open")
}

func (p *typist) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// open exchanges the ticket and reads the page.
func (p *typist) open(start, page string) {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	p.must(err)
	p.browser = &http.Client{Jar: jar, Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := p.browser.Get(start)
	p.must(err)
	r.Body.Close()
	at, err := url.Parse(start)
	p.must(err)
	p.host, p.url = at.Host, "http://"+at.Host+page
	r, err = p.browser.Get(p.url)
	p.must(err)
	body, err := io.ReadAll(r.Body)
	p.must(err)
	r.Body.Close()
	found := hiddenAs.FindStringSubmatch(string(body))
	if found == nil {
		p.t.Fatalf("there is no form: %d %s", r.StatusCode, body)
	}
	p.as = found[1]
}

// shown is what the page says.
func (p *typist) shown() string {
	p.t.Helper()
	m, err := recordpage.Unpack(clientsync.KindFinding, typedFinding, p.as)
	p.must(err)
	return m.(*daylightv1.Finding).GetNarrative()
}

const typedFinding = "0190a6e2-7c1b-7000-8000-0000000000f1"

// typing sends what the script sends, word after word, until the app is gone.
func (p *typist) typing(text string) {
	for n := 0; ; n++ {
		text += fmt.Sprintf(" word%d", n)
		p.sent = text
		r, err := http.NewRequest("POST", p.url+"/save", strings.NewReader(form("as", p.as, "_page", "", "narrative", text).Encode()))
		p.must(err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Origin", "http://"+p.host)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		answer, err := p.browser.Do(r)
		if err != nil {
			return
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			return
		}
		var a scriptAnswer
		p.must(json.Unmarshal(body, &a))
		if a.As == "" || len(a.Refused) > 0 || a.Failed != "" {
			p.t.Fatalf("it was not saved: %s", body)
		}
		p.as, p.kept = a.As, text
		p.saves++
	}
}

// kill ends the app as an empty battery does, while somebody types.
func (p *typist) kill(after time.Duration) {
	p.t.Helper()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		time.Sleep(after)
		_ = p.cmd.Process.Kill()
	}()
	p.typing(p.shown())
	<-gone
	_ = p.cmd.Wait()
	_ = p.stdin.Close()
	p.browser.CloseIdleConnections()
}

// huntTyping kills the app while somebody types: whatever it said it had saved is there
// when it is opened again, at the place where they were. The script sends at the latest two
// seconds after a key, so that is the most that is lost.
func huntTyping(t *testing.T, kills int, seed uint64) {
	p := &typist{t: t, dir: t.TempDir()}
	c, err := openDir(p.dir)
	p.must(err)
	p.must(c.Save(t.Context(), &daylightv1.Finding{Id: typedFinding, Title: proto.String("Cell 4"), Narrative: proto.String("begun")}))
	p.must(c.Close())
	r := rand.New(rand.NewPCG(seed, 1))
	for n := range kills {
		p.start()
		if n > 0 {
			if got := p.shown(); got != p.kept && got != p.sent {
				t.Fatalf("after kill %d it says %d bytes; it had said that %d were saved, and %d were on the way", n, len(got), len(p.kept), len(p.sent))
			}
		}
		if len(p.shown()) > 20<<10 { // begin anew
			p.kill(0)
			c, err := openDir(p.dir)
			p.must(err)
			item, err := c.Get(t.Context(), clientsync.KindFinding, typedFinding)
			p.must(err)
			item.Message.(*daylightv1.Finding).Narrative = proto.String("begun")
			p.must(c.Save(t.Context(), item.Message))
			p.must(c.Close())
			p.sent, p.kept = "begun", "begun"
			continue
		}
		p.kept, p.sent = p.shown(), p.shown()
		p.kill(time.Duration(r.IntN(60_000)) * time.Microsecond)
	}
	c, err = openDir(p.dir)
	p.must(err)
	defer c.Close()
	a, err := New(Config{Client: c, Host: ourHost})
	p.must(err)
	if w, ok := a.was(t.Context()); !ok || w.ID != typedFinding || w.Field != "narrative" {
		t.Errorf("where they were: %+v", w)
	}
	if got := findingOf(t, c, typedFinding).GetNarrative(); got != p.kept && got != p.sent {
		t.Errorf("it says %d bytes at the end", len(got))
	}
	if p.saves < kills {
		t.Errorf("only %d saves before %d kills: the test kills too soon", p.saves, kills)
	}
	t.Logf("%d kills, %d saves that were answered: all there", kills, p.saves)
}

func TestFiftyKillsWhileTypingLoseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	huntTyping(t, 50, 1)
}
