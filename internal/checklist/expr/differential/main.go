// Command differential holds our engine of expressions against an independent one:
// openrosa-xpath-evaluator, which Enketo publishes. A seeded generator writes expressions
// over the record of EXPRESSIONS.md, part 7, and over records of the same questions with
// answers from the edges of their types; both engines evaluate each.
//
//	go run ./internal/checklist/expr/differential            new expressions, from the clock's seed
//	go run ./internal/checklist/expr/differential -seed 7    those of a seed
//	go run ./internal/checklist/expr/differential -write FILE   keep their answers for `go test`
//
// The engines differ on purpose where the sources quarrel (the rulings R1 to R16) and
// where the other one departs from the sources (the readings, in compare.go). Those are
// not looked away from. Each is written down a second time, in the oracle, as a change to
// the other engine, and every expression is evaluated there twice: as published, and with
// all these changes. Ours must always equal the second. So a ruling excuses a difference
// only if the other engine, told that ruling and nothing else, comes to our answer; which
// rulings a case needs is found by leaving each out in turn, without looking at ours.
//
// It needs node and npm, and the network once. `go test` needs neither: it reads what the
// oracle said from testdata.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	seed := flag.Uint64("seed", uint64(time.Now().Unix()), "which expressions")
	count := flag.Int("n", 20000, "how many")
	write := flag.String("write", "", "`file` to keep the oracle's answers in")
	show := flag.Int("show", 20, "how many disagreements are printed, the shortest first")
	flag.Parse()
	if err := run(ctx, *seed, *count, *write, *show, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "differential:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, seed uint64, count int, write string, show int, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "daylight-oracle-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	g := made(seed, count)
	answers, err := consult(ctx, dir, g, os.Stderr)
	if err != nil {
		return err
	}
	g.answered(answers)
	if g.Oracle, err = versions(ctx, dir); err != nil {
		return err
	}
	if write != "" {
		if err := keep(write, g); err != nil {
			return err
		}
	}
	return report(g, show, out)
}

func keep(name string, g *golden) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(g.write(f), f.Close())
}

// report prints the run and fails if the engines disagree.
func report(g *golden, show int, out io.Writer) error {
	found, err := differ(g)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "seed %d, %s: %d expressions, %d of them beyond the oracle, %d where it quarrels with itself\n", g.Seed, g.Oracle, g.Asked, g.Dumb, g.Quarrel)
	for _, name := range slices.Sorted(maps.Keys(g.Excused)) {
		fmt.Fprintf(out, "%6d differ by %s\n", g.Excused[name], name)
	}
	slices.SortFunc(found, func(a, b disagreement) int { return len(a.Source) - len(b.Source) })
	for _, d := range found[:min(show, len(found))] {
		fmt.Fprintln(out, d)
	}
	if len(found) > 0 {
		return fmt.Errorf("%d of %d answers differ", len(found), len(g.Cases))
	}
	fmt.Fprintf(out, "%d answers alike\n", len(g.Cases))
	return nil
}
