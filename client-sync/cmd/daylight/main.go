// Command daylight is the field binary: it keeps an inspection team's records in a
// folder on this device, from a terminal, and syncs them with the office. It
// promises that a script and a person can rely on its exit codes and its words:
// what happened, what was kept, what to do next.
//
// Each command is one file: it names its flags, checks what it was given before it
// opens the folder, and calls the library's public face, as any app would. Standard
// output holds the answer and nothing else; remarks, hints, progress and errors go
// to standard error.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first Ctrl-C stops cleanly, a second one at once.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}
