package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/server"
)

// childCommand makes this program do one step in a folder, in a process whose memory
// nothing else has touched, and say how it went. What comes after it is the step's name
// and its arguments, of which the first is the folder.
const childCommand = "step-and-report"

// The steps.
const (
	stepSync   = "sync"   // folder, URL of the office: of a device
	stepExport = "export" // folder, file, device or toOffice: makes a bundle
	stepImport = "import" // folder, file: takes one
	stepTake   = "take"   // folder, file: an office takes a device's bundle
	stepAnswer = "answer" // folder, file, file of the answer: and answers it
)

// profileTo names the file for the CPU profile of a child's step, in its environment.
const profileTo = "DAYLIGHT_BENCH_PROFILE"

// toOffice says that a bundle is for the office.
const toOffice = "office"

// outcome is what a child says on its standard output.
type outcome struct {
	Took    time.Duration
	IdleKiB int // what the process has once the folder is open
	PeakKiB int
	// Bytes are those of the file, or on the connection in the direction of the records.
	Bytes int64
	// Records counts those that came, Changes those that went, or that were new.
	Records, Changes int
}

// middle takes the median of time and bytes, and the most memory.
func middle(all []outcome) (out outcome) {
	var samples []sample
	for _, o := range all {
		samples = append(samples, sample{took: o.Took, up: o.Bytes})
		out.PeakKiB = max(out.PeakKiB, o.PeakKiB-o.IdleKiB)
	}
	m := median(samples)
	out.Took, out.Bytes = m.took, m.up
	return out
}

// step runs one in a child.
func (b *bench) step(ctx context.Context, args ...string) (got outcome, err error) {
	self, err := os.Executable()
	if err != nil {
		return got, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{childCommand}, args...)...)
	profile := ""
	if slices.Contains(strings.Split(b.profiled, ","), args[0]) {
		profile = b.folder()
		cmd.Env = append(os.Environ(), profileTo+"="+profile)
	}
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return got, fmt.Errorf("%s: %w", args[0], err)
	}
	if profile != "" {
		b.top(profile)
	}
	return got, json.Unmarshal(text, &got)
}

func child(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	do := onDevice
	switch args[0] {
	case stepTake, stepAnswer:
		do = atOffice
	case stepUnlock, stepSearch, stepFirst:
		do = onVault
	}
	got, err := do(ctx, args[0], args[1], args[2:])
	if err == nil {
		err = json.NewEncoder(stdout).Encode(got)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	return 0
}

// onDevice opens the folder as a device's and does the step.
func onDevice(ctx context.Context, step, dir string, args []string) (got outcome, err error) {
	w := newWire()
	config := unlocked(clientsync.Config{Dir: dir, Person: "Monitor", Device: "bench", HTTP: w.client()})
	var do func(*clientsync.Client) error
	switch step {
	case stepSync:
		config.Server, w.office = args[0], strings.TrimPrefix(args[0], "http://")
		do = func(c *clientsync.Client) error { return syncOnce(ctx, c, w, &got) }
	case stepExport:
		do = func(c *clientsync.Client) error { return export(ctx, c, args[0], args[1], &got) }
	case stepImport:
		do = func(c *clientsync.Client) error { return take(ctx, c, args[0], &got) }
	default:
		return got, fmt.Errorf("there is no step %q", step)
	}
	c, err := clientsync.Open(ctx, config)
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	return got, got.measure(func() error { return do(c) })
}

// atOffice opens the folder as an office's and does the step.
func atOffice(ctx context.Context, step, dir string, args []string) (got outcome, err error) {
	o, err := serve(ctx, dir)
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	in, err := os.Open(args[0])
	if err != nil {
		return got, err
	}
	defer in.Close()
	var taken server.BundleTaken
	do := func() (err error) { taken, err = o.server.TakeBundle(ctx, in, bundle.Identity{}); return err }
	sized := in
	if step == stepAnswer {
		if sized, err = os.Create(args[1]); err != nil {
			return got, err
		}
		defer sized.Close()
		do = func() (err error) {
			taken, err = o.server.AnswerBundle(ctx, in, bundle.Identity{}, sized)
			return errors.Join(err, sized.Sync())
		}
	}
	if err := got.measure(do); err != nil {
		return got, err
	}
	at, err := sized.Stat()
	if err != nil {
		return got, err
	}
	got.Changes, got.Records, got.Bytes = taken.New, taken.Records, at.Size()
	if len(taken.TurnedAway) > 0 || taken.Refused > 0 || taken.Held > 0 {
		err = fmt.Errorf("not all of it was taken: %+v", taken)
	}
	return got, err
}

func syncOnce(ctx context.Context, c *clientsync.Client, w *wire, got *outcome) error {
	r, err := c.Sync(ctx)
	got.Records, got.Changes, got.Bytes = r.Pulled, r.Pushed, max(w.up.Load(), w.down.Load())
	if err == nil && r.Pushed != r.ToPush {
		err = fmt.Errorf("%d of %d changes were sent", r.Pushed, r.ToPush)
	}
	return err
}

func export(ctx context.Context, c *clientsync.Client, file, device string, got *outcome) error {
	to := clientsync.To{Office: device == toOffice}
	if !to.Office {
		to.Devices = []string{device}
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	made, err := c.Export(ctx, f, to)
	if err == nil && made.LeftOut > 0 {
		err = fmt.Errorf("%d of %d changes were left out", made.LeftOut, made.Changes)
	}
	got.Changes = made.Changes
	if err := errors.Join(err, f.Sync()); err != nil {
		return err
	}
	at, err := f.Stat()
	if err == nil {
		got.Bytes = at.Size()
	}
	return err
}

func take(ctx context.Context, c *clientsync.Client, file string, got *outcome) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := c.Import(ctx, f)
	if err == nil && (r.LeftOut > 0 || r.Hidden > 0) {
		err = fmt.Errorf("not all of it can be seen: %+v", r)
	}
	got.Records, got.Changes = r.Records, r.New
	if at, bad := f.Stat(); bad == nil {
		got.Bytes = at.Size()
	}
	return err
}

// measure does the step, and notes its time and memory.
func (o *outcome) measure(do func() error) (err error) {
	if file := os.Getenv(profileTo); file != "" {
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if o.IdleKiB, err = memory("VmRSS"); err != nil {
		return err
	}
	start := time.Now()
	if err := do(); err != nil {
		return err
	}
	o.Took = time.Since(start)
	o.PeakKiB, err = memory("VmHWM")
	return err
}

// memory is the process's resident memory now, as VmRSS, or its greatest so far, as
// VmHWM: as Linux tells it.
func memory(which string) (kib int, err error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if _, err := fmt.Sscanf(line, which+": %d kB", &kib); err == nil {
			return kib, nil
		}
	}
	return 0, errors.New("this system does not tell a process's memory")
}
