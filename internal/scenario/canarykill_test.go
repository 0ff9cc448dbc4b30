package scenario

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/vault"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// writingsOf is what a process with that seed types; whoever started it knows it too.
func writingsOf(seed uint64, visit string) (out []*daylightv1.Finding) {
	r := rand.New(rand.NewPCG(seed, 6))
	for range 12 {
		id := uuid.UUID{0: 0x01, 1: 0x9a, 6: 0x70, 8: 0x80}
		for _, i := range []int{2, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 15} {
			id[i] |= byte(r.Uint32())
		}
		out = append(out, &daylightv1.Finding{
			Id: id.String(), VisitId: &visit, Title: proto.String(wordOf(r)), Narrative: proto.String(wordOf(r)), NotedBy: proto.String(wordOf(r)),
		})
	}
	return out
}

// beCanary writes in a folder until it dies as it was told: DIR PASSPHRASE SEED VISIT HOW
// AT. Nothing of it may be in what it says then.
func beCanary(args []string) error {
	dir, passphrase, how, at := args[0], args[1], args[4], args[5]
	seed, err := strconv.ParseUint(args[2], 10, 64)
	if err != nil {
		return err
	}
	left, _ := strconv.Atoi(at)
	armed := how == "panic" || how == "kill"
	moment := func() { // one of those when it may die
		if left--; armed && left < 0 {
			if how == "panic" {
				panic("in the middle of a save")
			}
			die()
		}
	}
	ctx := context.Background()
	client, err := clientsync.Open(ctx, clientsync.Config{
		Dir: dir, Passphrase: passphrase, Cost: vault.ForTests, Timeout: 5 * time.Second,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})),
		OnCommit: func(commit func() error) error {
			moment()
			defer moment()
			return commit()
		},
		OnWipe: func(step string) {
			if step == at {
				die()
			}
		},
	})
	if err != nil {
		return err
	}
	writings := writingsOf(seed, args[3])
	for n := 0; how == "run" || n < len(writings); n++ {
		if err := writeOn(ctx, client, writings, n, passphrase); err != nil {
			return err
		}
		if _, err := os.Stdout.WriteString("wrote\n"); err != nil {
			return err
		}
	}
	switch how {
	case "lock":
		armed = true
		if err := client.Lock(ctx); err != nil {
			return err
		}
		die()
	case "wipe":
		return client.Wipe(ctx)
	}
	return errors.New("it did not die")
}

// writeOn is one step of somebody who writes, reads, hands over, syncs and locks.
func writeOn(ctx context.Context, client *clientsync.Client, writings []*daylightv1.Finding, n int, passphrase string) error {
	f := writings[n%len(writings)]
	if n >= len(writings) {
		f.Narrative, f.Title = f.Title, f.Narrative
	}
	if err := client.Save(ctx, f); err != nil {
		return err
	}
	switch n % 8 {
	case 3:
		for _, err := range client.List(ctx, clientsync.Filter{Text: f.GetNarrative()}) {
			if err != nil {
				return err
			}
		}
	case 5:
		_, _ = client.Sync(ctx)
	case 6:
		_, err := client.Export(ctx, io.Discard, clientsync.To{Office: true})
		return err
	case 7:
		if err := client.Lock(ctx); err != nil {
			return err
		}
		return client.Unlock(ctx, passphrase)
	}
	return nil
}

// die ends this process as a battery does that is taken out.
func die() {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

// deaths lets processes die on copies of one device's folder.
type deaths struct {
	*canaries
	seed uint64
}

func newDeaths(t *testing.T, seed uint64) *deaths {
	w := newCanaries(t, seed)
	w.hands = []hand{w.hand(w.text(openText, "a person's name"), aMonitor)}
	w.place = &daylightv1.Facility{}
	w.typed(w.hands[0], w.place)
	w.visit = &daylightv1.Visit{FacilityId: &w.place.Id}
	w.typed(w.hands[0], w.visit)
	w.everybody()
	if err := w.hands[0].Close(); err != nil {
		t.Fatal(err)
	}
	w.opens(w.hands[0].dir)
	return &deaths{w, seed}
}

// dies lets one die, of itself, or by the signal once it has written so often, and gives
// its folder and what it said.
func (w *deaths) dies(how, at string, quit os.Signal, after int) (dir, last string) {
	w.t.Helper()
	w.seed++
	dir = w.t.TempDir()
	w.copies(dir, w.hands[0].dir)
	w.devices = append(w.devices, dir)
	w.passphrases[dir] = w.passphrases[w.hands[0].dir]
	for _, f := range writingsOf(w.seed, w.visit.Id) {
		w.id("the id of a finding", f.Id)
		for _, s := range []string{f.GetTitle(), f.GetNarrative(), f.GetNotedBy()} {
			w.plant(canary{openText, "what a process typed", []byte(s), true})
		}
	}
	w.wraps(dir)
	cmd := exec.Command(os.Args[0], dir, w.passphrases[dir], strconv.FormatUint(w.seed, 10), w.visit.Id, how, at)
	cmd.Env = append(os.Environ(), role+"=canary", "GOTRACEBACK=all")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	_, err := cmd.StdinPipe() // it ends with us
	w.must(err)
	out, err := cmd.StdoutPipe()
	w.must(err)
	w.must(cmd.Start())
	b := make([]byte, len("wrote\n"))
	for range after {
		if _, err := io.ReadFull(out, b); err != nil {
			w.t.Fatalf("it died too early: %v\n%s", err, stderr.Bytes())
		}
	}
	if quit != nil {
		time.Sleep(time.Duration(rand.IntN(5000)) * time.Microsecond) // anywhere in a step
		w.must(cmd.Process.Signal(quit))
	}
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait() // closes in, too
	if cmd.ProcessState.Success() || strings.Contains(stderr.String(), "it did not die") {
		w.t.Fatalf("%s %s: it did not die\n%s", how, at, stderr.Bytes())
	}
	if _, err := (said{w.canaries}).Write(stderr.Bytes()); err != nil {
		w.t.Fatal(err)
	}
	return dir, stderr.String()
}

func (w *canaries) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// livesOn opens the folder of somebody who died, and looks again.
func (w *deaths) livesOn(dir, when string) {
	w.t.Helper()
	w.looks(when)
	c := w.open(dir)
	w.must(c.Close())
	w.looks(when + ", opened again")
	// Each has its turn: what was looked through is not looked through again.
	w.devices = w.devices[:1]
}

func (w *deaths) crashes(at int) {
	dir, last := w.dies("panic", strconv.Itoa(at), nil, 0)
	if !strings.Contains(last, "in the middle of a save") || strings.Count(last, "\ngoroutine ") < 2 {
		w.t.Errorf("this is not what Go says when it crashes:\n%s", last)
	}
	w.livesOn(dir, "after a crash")
}

// wipes lets one die at a step of a wipe. Once the keys are gone nothing of them is to be
// found; the next who opens the folder ends it.
func (w *deaths) wipes(step string, destroyed bool) {
	w.t.Helper()
	dir, _ := w.dies("wipe", step, nil, 0)
	w.looks("in a wipe, before " + step)
	if hits := w.search(dir, wrapped); (len(hits) == 0) != destroyed {
		w.t.Errorf("before %s, of the wrapped keys there is %v", step, hits)
	}
	if step == "mark" { // nothing has happened
		w.livesOn(dir, "before a wipe")
		return
	}
	c, err := clientsync.Open(w.t.Context(), clientsync.Config{Dir: dir, Cost: vault.ForTests})
	w.must(err)
	p, err := c.Protection()
	if err != nil || !p.New {
		w.t.Errorf("after a wipe that broke off before %s, it is %+v, %v", step, p, err)
	}
	w.must(c.Close())
	w.gone(dir)
	w.devices = w.devices[:1]
}

func TestWhoDiesLeavesNothingInTheClear(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	w := newDeaths(t, 1000)
	for _, at := range []int{4, 9, 16} {
		w.crashes(at)
	}
	for _, at := range []int{3, 10} {
		dir, _ := w.dies("kill", strconv.Itoa(at), nil, 0)
		w.livesOn(dir, "after it died in a save")
	}
	for _, at := range []string{"0", "1", "2"} { // before it is sealed, after that, and locked
		dir, _ := w.dies("lock", at, nil, 0)
		w.livesOn(dir, "after it died while it was locked")
	}
	for _, s := range []struct {
		step      string
		destroyed bool
	}{
		{"mark", false}, {"keys", false}, {"vault.db-wal", true}, {"vault.db-shm", true}, {"vault.db-journal", true}, {"vault.db", true}, {"unmark", true},
	} {
		w.wipes(s.step, s.destroyed)
	}
	w.random(4)
	if n := len(w.search(w.store.Dir(), openText)); n == 0 {
		t.Error("the office has nothing of what is open: the search does not see")
	}
}

// random kills processes, or asks them where they are, at any moment.
func (w *deaths) random(kills int) {
	for n := range kills {
		signal := []os.Signal{os.Kill, syscall.SIGQUIT}[n%2]
		dir, last := w.dies("run", "", signal, rand.IntN(60))
		if signal == syscall.SIGQUIT && strings.Count(last, "\ngoroutine ") < 2 {
			w.t.Errorf("this is not what Go says when it is asked:\n%s", last)
		}
		w.livesOn(dir, "after it was killed")
	}
}
