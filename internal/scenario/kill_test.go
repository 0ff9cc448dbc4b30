package scenario

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
)

// process is one side of a sync that runs by itself.
type process struct {
	name  string
	start func() *exec.Cmd
	cmd   *exec.Cmd
	stdin io.Closer

	ending, ended bool
}

// hunt kills processes and starts them again.
type hunt struct {
	t     *testing.T
	w     *World
	lines chan string
	all   []*process
	saved int
	syncs int
}

func (h *hunt) run(p *process) {
	p.cmd = p.start()
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	h.w.must(err)
	out, err := p.cmd.StdoutPipe()
	h.w.must(err)
	h.w.must(p.cmd.Start())
	p.stdin, p.ending, p.ended = in, false, false
	go func() {
		for r := bufio.NewReader(out); ; {
			line, err := r.ReadString('\n')
			if err != nil { // half a line was never said
				break
			}
			h.lines <- p.name + "\t" + strings.TrimSuffix(line, "\n")
		}
		h.lines <- p.name + "\tended"
	}()
}

// hear takes one line. What a device says it has saved must never be lost.
func (h *hunt) hear() (who string, words []string) {
	select {
	case line := <-h.lines:
		return h.take(line)
	case <-time.After(2 * time.Minute):
		h.t.Fatal("nobody says anything any more")
		return "", nil
	}
}

func (h *hunt) take(line string) (who string, words []string) {
	words = strings.Split(line, "\t")
	who, words = words[0], words[1:]
	switch words[0] {
	case "ended":
		p := h.find(who)
		if p.ended = true; !p.ending {
			h.t.Fatalf("%s ended by itself", who)
		}
	case "synced":
		h.syncs++
	case "saved":
		k, err := record.ParseKind(words[1])
		h.w.must(err)
		id, err := record.ParseID(words[2])
		h.w.must(err)
		h.saved++
		h.w.saved = append(h.w.saved, &saved{
			by: who, kind: k, id: id, field: words[3], key: words[4], json: words[5],
			covered: words[3] == "narrative" || words[3] == "state", // others save over them
		})
	}
	return who, words
}

func (h *hunt) find(name string) *process {
	for _, p := range h.all {
		if p.name == name {
			return p
		}
	}
	return nil
}

// hearFor takes lines until the moment comes.
func (h *hunt) hearFor(moment <-chan time.Time) {
	for {
		select {
		case line := <-h.lines:
			h.take(line)
		case <-moment:
			return
		}
	}
}

// end ends a process and hears it out.
func (h *hunt) end(p *process, kill bool) {
	p.ending = true
	if kill {
		h.w.must(p.cmd.Process.Kill())
	}
	h.w.must(p.stdin.Close())
	for !p.ended {
		h.hear()
	}
	_ = p.cmd.Wait()
}

// huntDown lets two devices and an office run as processes, kills one of them at a
// time while they save and sync, and then asks for everything.
func huntDown(t *testing.T, kills int, seed uint64) {
	w := New(t, seed)
	w.must(w.Office.Stop())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	defer l.Close()
	// Every office process gets this one socket, so that the address stays.
	socket, err := l.(*net.TCPListener).File()
	w.must(err)
	defer socket.Close()

	h := &hunt{t: t, w: w, lines: make(chan string)}
	as := func(what string, args ...string) *exec.Cmd {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), role+"="+what)
		return cmd
	}
	h.all = append(h.all, &process{name: "office", start: func() *exec.Cmd {
		cmd := as("office", w.path("office"))
		cmd.ExtraFiles = []*os.File{socket}
		return cmd
	}})
	for _, name := range []string{"A", "B"} {
		h.all = append(h.all, &process{name: name, start: func() *exec.Cmd {
			return as("device", w.path("device", name), "http://"+l.Addr().String(), name)
		}})
	}
	for _, p := range h.all {
		h.run(p)
	}
	r := rand.New(rand.NewPCG(seed, 3))
	for range kills {
		victim := h.all[r.IntN(len(h.all))]
		wanted := map[bool]string{true: "syncing", false: "saved"}[r.IntN(2) == 0]
		for quiet := r.IntN(20); ; quiet-- {
			if _, words := h.hear(); quiet <= 0 && words[0] == wanted {
				break
			}
		}
		h.hearFor(time.After(time.Duration(r.IntN(15_000)) * time.Microsecond))
		h.end(victim, true)
		h.run(victim)
	}
	for i := range h.all { // the office last
		h.end(h.all[len(h.all)-1-i], false)
	}
	w.time.Store(time.Now().UnixMilli())
	w.must(w.Office.Start())
	for _, name := range []string{"A", "B"} {
		_, err := w.Add(name)
		w.must(err)
	}
	w.must(w.Check())
	s, err := w.Devices[0].Client.Status(background())
	w.must(err)
	t.Logf("%d kills, %d values said to be saved, %d syncs, %d records at the end: all there, on both sides",
		kills, h.saved, h.syncs, s.Records)
}

func TestFiveKillsLoseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	huntDown(t, 5, 1)
}
