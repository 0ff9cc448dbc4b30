package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/enrol"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"daylightd": main})
}

// The stories in testdata show every command as it is typed, bad use included.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"ends": ends, "visit": visit, "places": places, "keep": keep, "recovery": recoveryKey, "cut": cutShort,
	}})
}

// ends CODE daylightd ... runs a command that must end with the code.
func ends(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("use it as: ends CODE daylightd ...")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if got := strconv.Itoa(code); got != args[0] {
		ts.Fatalf("it ended with %s and not with %s", got, args[0])
	}
}

// visit DIR puts a visit into the office, as its app would have, and its id into VISIT.
func visit(ts *testscript.TestScript, neg bool, args []string) {
	s, err := store.Open(context.Background(), store.Config{Dir: ts.MkAbs(args[0])})
	ts.Check(err)
	items, err := s.Save(context.Background(), "Office", &daylightv1.Visit{Title: proto.String("kept to itself"), Summary: proto.String("kept to itself")})
	ts.Check(errors.Join(err, s.Close()))
	ts.Setenv("VISIT", items[0].Message.GetId())
}

// places DIR A B C puts three places into the office, the first two of which are one, in
// two scripts, and their ids into the names.
func places(ts *testscript.TestScript, neg bool, args []string) {
	s, err := store.Open(context.Background(), store.Config{Dir: ts.MkAbs(args[0])})
	ts.Check(err)
	for i, names := range []map[string]string{{"en": "Colony No. 14 Zelyony Yar"}, {"ru": "ИК-14 «Зелёный Яр»"}, {"ru": "ИК-41 «Зелёный Яр»"}} {
		f := &daylightv1.Facility{Id: fmt.Sprintf("0192f0c1-0000-7000-8000-00000000000%d", i+2), Names: names, Region: proto.String("TM-A"), Town: proto.String("Belaya Gavan"), Types: []string{"PEN_COLONY_GENERAL"}}
		if i == 1 {
			f.Types = append(f.Types, "PEN_OPEN")
		}
		_, err := s.Save(context.Background(), "Office", f)
		ts.Check(err)
		ts.Setenv(args[i+1], f.Id)
	}
	ts.Check(s.Close())
}

// keep NAME puts the id that a command has just answered in JSON into NAME.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	var answer struct{ ID string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &answer))
	ts.Setenv(args[0], answer.ID)
}

// recovery MADE FILE puts the recovery key that init has shown into a file.
func recoveryKey(ts *testscript.TestScript, neg bool, args []string) {
	var made struct {
		Key string `json:"recovery_key"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &made))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte("# of the office\n"+made.Key+"\n"), 0o600))
}

// cut FROM TO leaves the last 100 bytes of a file out.
func cutShort(ts *testscript.TestScript, neg bool, args []string) {
	b := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b[:len(b)-100]), 0o600))
}

// serving starts daylightd serve and gives its address. stop ends it and gives the
// code and what it wrote.
func serving(t *testing.T, args ...string) (url string, stop func() (int, string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- Run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), nil, in, io.Discard)
		in.Close()
	}()
	lines := bufio.NewReader(out)
	var said strings.Builder
	for url == "" {
		line, err := lines.ReadString('\n')
		if said.WriteString(line); err != nil {
			t.Fatalf("it ended with %d and said %s", <-code, said.String())
		}
		url = regexp.MustCompile(`https?://[0-9.:]+[0-9]`).FindString(line)
	}
	return url, func() (int, string) {
		cancel()
		rest, _ := io.ReadAll(lines)
		return <-code, said.String() + string(rest)
	}
}

func TestServe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	url, stop := serving(t, "--data", dir)
	a, err := http.Get(url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if a.StatusCode != http.StatusOK {
		t.Errorf("healthz: %d", a.StatusCode)
	}
	var complaint bytes.Buffer
	if code := Run(t.Context(), []string{"check", "--data", dir}, nil, io.Discard, &complaint); code != exitFailed || !strings.Contains(complaint.String(), "in use by") {
		t.Errorf("a second program: %d %s", code, &complaint)
	}
	complaint.Reset()
	other := filepath.Join(t.TempDir(), "other")
	at := strings.TrimPrefix(url, "http://")
	if code := Run(t.Context(), []string{"serve", "--data", other, "--listen", at}, nil, io.Discard, &complaint); code != exitFailed || !strings.Contains(complaint.String(), "already") {
		t.Errorf("the same address: %d %s", code, &complaint)
	}
	if code, said := stop(); code != exitOK || !strings.Contains(said, "new, empty office") || !strings.Contains(said, "Stopped") {
		t.Errorf("it ended with %d and said %s", code, said)
	}
	url, stop = serving(t, "--data", dir, "--json")
	if code, said := stop(); code != exitOK || !strings.Contains(said, `"new": false`) || !strings.Contains(said, url) {
		t.Errorf("it ended with %d and said %s", code, said)
	}
}

// While the office is served, its operator goes through the server.
func TestTheOperatorOfARunningOffice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	ask := func(want int, args ...string) string {
		t.Helper()
		var out, complaint bytes.Buffer
		args = append(args, "--data", dir, "--json")
		if code := Run(t.Context(), args, nil, &out, &complaint); code != want {
			t.Fatalf("%q ended with %d: %s", args, code, &complaint)
		}
		return out.String()
	}
	ask(exitOK, "init", "--name", "Office of the Ombudsperson")
	var pins []enrol.Pin
	for range 2 { // the key stays the same
		url, stop := serving(t, "--data", dir, "--tls")
		var person struct{ ID string }
		if err := json.Unmarshal([]byte(ask(exitOK, "user", "add", "--role", "MONITOR", "Monitor A")), &person); err != nil {
			t.Fatal(err)
		}
		var invited struct{ Code string }
		if err := json.Unmarshal([]byte(ask(exitOK, "device", "invite", person.ID)), &invited); err != nil {
			t.Fatal(err)
		}
		code, err := enrol.Parse(invited.Code)
		if err != nil || len(code.Endpoints) != 1 || code.Endpoints[0] != url || len(code.Pins) != 1 {
			t.Fatalf("%+v %v, served at %s", code, err, url)
		}
		pins = append(pins, code.Pins...)
		client := http.Client{Transport: &http.Transport{TLSClientConfig: enrol.ClientTLS(code.Pins, nil)}}
		a, err := client.Get(url + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		ask(exitFailed, "check") // everything else still finds the folder in use
		if code, said := stop(); code != exitOK {
			t.Fatalf("it ended with %d and said %s", code, said)
		}
	}
	if pins[0] != pins[1] {
		t.Error("devices would take the office for another after it was started again")
	}
	if !strings.Contains(ask(exitOK, "log"), "a device was invited") {
		t.Error("nothing of it is in the log of accesses")
	}
}

// Whoever revokes a device is told what may be on it, and what nobody can know.
func TestALostDeviceIsTakenStockOf(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	ask := func(args ...string) string {
		t.Helper()
		var out, complaint bytes.Buffer
		if code := Run(t.Context(), append(args, "--data", dir), nil, &out, &complaint); code != exitOK {
			t.Fatalf("%q ended with %d: %s", args, code, &complaint)
		}
		return out.String()
	}
	id := func(text string) string {
		t.Helper()
		found := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`).FindString(text)
		if found == "" {
			t.Fatalf("no id in %s", text)
		}
		return found
	}
	ask("init", "--name", "Office of the Ombudsperson")
	url, stop := serving(t, "--data", dir)
	defer stop()
	person := id(ask("user", "add", "--role", "NPM_HEAD", "Head"))
	code, err := enrol.Parse(regexp.MustCompile(`(?m)^[0-9A-Z]+-[0-9A-Z-]+$`).FindString(ask("device", "invite", person)))
	if err != nil {
		t.Fatal(err)
	}
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	in, err := daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, url).Enrol(t.Context(), &daylightv1.EnrolRequest{
		Secret: code.Secret[:], Key: public, Proof: enrol.Prove(key, code.Secret), Label: "phone 1",
	})
	if err != nil {
		t.Fatal(err)
	}
	told := ask("device", "revoke", in.Device)
	for _, want := range []string{
		"phone 1 (" + in.Device + ") is shut out", "It was enrolled at 2", "last seen at never", "Its person is " + person,
		"It has sent 0 changes", "may read 0 records", "It has never been sent everything", "What it has not sent is unknown.",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("it does not say %q: %s", want, told)
		}
	}
}

// What init shows must not be all that there is, and what opens bundles must not be
// shown: the server keeps it.
func TestInitMakesAKeyForBundles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	var out bytes.Buffer
	if code := Run(t.Context(), []string{"init", "--data", dir, "--name", "Office of the Ombudsperson"}, nil, &out, io.Discard); code != exitOK {
		t.Fatal(code)
	}
	s, err := store.Open(t.Context(), store.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := directory.New(s.File(), time.Now, rand.Reader)
	secret, err := d.BundleIdentity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o, err := d.Office(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	key, err := age.ParseX25519Identity(secret)
	if err != nil || key.Recipient().String() != o.BundleRecipient || o.BundleRecipient == o.RecoveryRecipient {
		t.Errorf("%v, %v", o, err)
	}
	if strings.Contains(out.String(), secret) {
		t.Error("it shows the key")
	}
}

func TestNearest(t *testing.T) {
	words := []string{"serve", "import facilities", "export", "check", "restored", "version"}
	for word, want := range map[string]string{"sevre": "serve", "chek": "check", "restore": "restored", "imprt": "import facilities", "EXPORT": "export", "x": "", "frobnicate": ""} {
		if got := nearest(word, words); got != want {
			t.Errorf("%s: %q", word, got)
		}
	}
}
