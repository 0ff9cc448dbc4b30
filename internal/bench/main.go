// Command bench measures Daylight beside a floor that is measured in the same
// run: the same messages over one plain Connect call into one SQLite transaction
// with synchronous=FULL, nothing else. Both are run in turn, and each figure is
// the median of five.
//
//	go run ./internal/bench                 all workloads
//	go run ./internal/bench -only w1,w3     some of them
//	go run ./internal/bench -profile w1     and the top of a CPU profile of our side
//	go run ./internal/bench -as MONITOR     devices are enrolled, and their person is one
//	go run ./internal/bench -only bundle    ten times as many records by bundle; minutes
//	go run ./internal/bench -only vault     unlocking, searching, 100,000 records; minutes
//	go run ./internal/bench -only office    lists, filters and figures with 20 callers
//	go run ./internal/bench -only office -size full   the same in a large office; minutes
//	go run ./internal/bench -only console   the office's pages with 20 people at work
//	go run ./internal/bench -only console -size full -in FOLDER   the same in a large office, which is filled once and kept there
//	go run ./internal/bench -only dossier   bytes of a first sync of what a team carries
//	go run ./internal/bench -only checklists   answering, opening and importing forms
//	go run ./internal/bench -only app       each page of the field app, with 6,000 records
//	go run ./internal/bench -only xlsforms -in FOLDER   what becomes of each form there
//
// w1 is an upload and w2 a first sync, w3 a sync with little to do, w4 saves, push many
// devices at a time. w5 is w2 with ten times as many records, in a process of its own
// whose memory is measured. bundle hands as many from one enrolled device to a
// team-mate's and to the office, in files; what stands beside that is not the floor but
// a sync of the same records from and to copies of the same devices. Each of its steps
// is such a process: its memory is the peak above what it had with the folder open. w5
// and bundle run three times at most, for they take long.
//
// All devices encrypt. What a passphrase costs is left out (a folder's own cost is
// fitted to its machine, see internal/vault): vault measures what a person waits for
// besides, in processes of their own.
//
// The data are 1,000 visits with 600-byte narratives and 5,000 findings with
// 400-byte narratives of English-like text from a seeded generator. HTTP on the
// loopback, zstd on both sides.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == childCommand {
		os.Exit(child(ctx, os.Args[2:], os.Stdout, os.Stderr))
	}
	if len(os.Args) > 2 && os.Args[1] == officeCommand {
		os.Exit(serveOffice(ctx, os.Args[2]))
	}
	only := flag.String("only", "", "comma-separated `workloads`: w1, w1b, w2, w3, w4, w5, push, bundle, vault, office, console, dossier, checklists, app, xlsforms")
	runs := flag.Int("runs", 5, "how often each side runs")
	as := flag.String("as", "", "make the office, and enrol each device for one person with this `ROLE`: MONITOR is put into the team of each visit; w1 to w4 only, and bundle is always so")
	profiled := flag.String("profile", "", "print the top of a CPU profile of our side of this `workload`, or of each sync, export, import, take or answer of bundle and w5")
	visits := flag.Int("visits", 1000, "number of visits, with five findings each")
	size := flag.String("size", "small", "of the office that is asked: small, or full with 6,000 places, 3,000 visits, 120,000 findings and 24,000 recommendations")
	callers := flag.Int("callers", 20, "how many ask the office at a time")
	in := flag.String("in", "", "`folder` of forms, workbooks or tables as CSV, for xlsforms; of an office to keep, for console")
	think := flag.Duration("think", time.Second, "how long somebody looks at a page, for console; 0: not at all")
	flag.Parse()
	dir, err := os.MkdirTemp("", "daylight-bench-")
	if err == nil {
		b := &bench{dir: dir, runs: *runs, visits: *visits, as: *as, profiled: *profiled, size: *size, callers: *callers, in: *in, think: *think, out: os.Stdout}
		err = errors.Join(b.run(ctx, *only), os.RemoveAll(dir))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run of the program.
type bench struct {
	dir      string
	runs     int
	visits   int
	as       string
	profiled string
	size     string
	callers  int
	in       string
	think    time.Duration
	out      io.Writer
	folders  int
}

func (b *bench) run(ctx context.Context, only string) error {
	fmt.Fprintf(b.out, "%-52s %12s %12s %10s  %s\n", "workload", "ours", "floor", "ratio", "reach")
	for _, w := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"w1", b.upload}, {"w1b", b.uploadByField}, {"w2", b.firstSync}, {"w3", b.small},
		{"w4", b.saves}, {"push", b.push}, {"w5", b.large}, {"bundle", b.bundle}, {"vault", b.vault}, {"office", b.lists}, {"console", b.console}, {"dossier", b.dossier},
		{"checklists", b.checklists}, {"app", b.app}, {"xlsforms", b.xlsforms},
	} {
		if only != "" && !slices.Contains(strings.Split(only, ","), w.name) {
			continue
		}
		if only == "" && w.name == "xlsforms" {
			continue // which needs a folder of forms
		}
		if b.as != "" && (w.name == "push" || w.name == "console" || w.name == "w5" || w.name == "app" || w.name == "dossier" || w.name == "checklists") {
			continue // whose writers are nobody's devices, or of a role of their own
		}
		if err := w.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return nil
}

// row prints one figure.
func (b *bench) row(what, ours, floor, ratio, reach string) {
	fmt.Fprintf(b.out, "%-52s %12s %12s %10s  %s\n", what, ours, floor, ratio, reach)
}

// folder is a new one inside the run's.
func (b *bench) folder() string {
	b.folders++
	return filepath.Join(b.dir, fmt.Sprint(b.folders))
}

// office is a server with its store.
type office struct {
	*store.Store
	server *server.Server
	url    string
	stop   func()

	// Once the office has been made.
	operator daylightv1connect.DirectoryServiceClient
	person   string // whose all devices are
}

// office is a new one, where everybody is known or nobody, as the run has it.
func (b *bench) office(ctx context.Context, dir string) (*office, error) {
	if b.as == "" {
		return serve(ctx, dir)
	}
	o, err := serve(ctx, dir, makeOffice)
	if err == nil {
		o.person, err = o.hire(ctx, "Monitor", b.as)
	}
	return o, err
}

// serve serves what is in the folder, after the store has been prepared.
func serve(ctx context.Context, dir string, prepare ...func(context.Context, *store.Store) error) (*office, error) {
	s, err := store.Open(ctx, store.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	for _, do := range prepare {
		if err := do(ctx, s); err != nil {
			return nil, err
		}
	}
	o := &office{Store: s} // its address is known when it listens
	o.url, o.stop, err = listen(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { o.server.Handler().ServeHTTP(w, r) }))
	if err == nil {
		o.server, err = server.New(server.Config{Store: s, Endpoints: []string{o.url}})
	}
	return o, err
}

func (o *office) close() error {
	o.stop()
	return o.Close()
}

// device opens a folder as a device whose traffic is counted, of the office's where
// there is one.
func (b *bench) device(ctx context.Context, dir string, o *office) (*clientsync.Client, *wire, error) {
	w := newWire()
	config := unlocked(clientsync.Config{Dir: dir, Person: "Monitor", Device: "bench", HTTP: w.client()})
	if o != nil {
		config.Server = o.url
	}
	c, err := clientsync.Open(ctx, config)
	if err == nil && o != nil && o.operator != nil {
		if err = o.enrol(ctx, c, o.person); err != nil {
			err = errors.Join(err, c.Close())
		}
	}
	return c, w, err
}

func (b *bench) messages() []record.Message { return workload(1, b.visits, 5) }
