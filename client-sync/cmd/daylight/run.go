package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
)

// The exit codes. Scripts rely on them: they are never given another meaning.
const (
	exitDone      = 0 // done
	exitFailed    = 1 // it could not be done; the error says what was kept
	exitUsage     = 2 // the command line makes no sense; nothing was touched
	exitAttention = 3 // done, and something waits for a person
)

// errAttention ends a command that is done while conflicts or refused changes wait
// for a person. It is never printed.
var errAttention = errors.New("done, but something needs attention")

// action does a command's work with what is left of its line after the flags.
type action func(ctx context.Context, c *call, args []string) error

// command is one word of the command line.
type command struct {
	name string
	// args is how its arguments are shown; least and most bound their number.
	args        string
	least, most int
	// line says in a few words what it does, long the rest of its help.
	line, long string
	// prepare names the command's own flags and gives what is done with them.
	prepare func(*flag.FlagSet) action
}

// commands lists them in the order of help.
func commands() []command {
	return []command{
		saveCommand(), getCommand(), listCommand(), removeCommand(), termsCommand(),
		appCommand(), enrolCommand(), syncCommand(), statusCommand(), peopleCommand(), dossierCommand(),
		bundleCommand(), readersCommand(), officeCommand(),
		checkCommand(), checklistCommand(), conflictsCommand(), resolveCommand(), historyCommand(), refusedCommand(),
		duplicatesCommand(), mergeCommand(), unmergeCommand(),
		passphraseCommand(), travelCommand(), rescueCommand(), wipeCommand(), versionCommand(), helpCommand(),
	}
}

// run is the whole program: one command line, the three streams, and env to look up
// variables of the environment. It gives the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) int {
	return newCall(stdin, stdout, stderr, env).run(ctx, args)
}

func newCall(stdin io.Reader, stdout, stderr io.Writer, env func(string) string) *call {
	return &call{in: stdin, out: bufio.NewWriter(stdout), err: stderr, env: env, atTerminal: isTerminal(stdout)}
}

func (c *call) run(ctx context.Context, args []string) int {
	err := c.dispatch(ctx, args)
	if failed := c.close(); failed != nil && done(err) {
		err = failed
	}
	if failed := c.out.Flush(); failed != nil && done(err) {
		err = fail(0, "the answer could not be written out", "What was saved is kept.")
	}
	return c.end(ctx, err)
}

func done(err error) bool { return err == nil || errors.Is(err, errAttention) }

// dispatch finds the command, reads its flags and does it.
func (c *call) dispatch(ctx context.Context, args []string) error {
	global := newFlags("daylight")
	c.bind(global)
	if err := parse(global, args); errors.Is(err, flag.ErrHelp) {
		return c.overview()
	} else if err != nil {
		c.json = c.json || wantsJSON(args)
		return explainFlag(global, err)
	}
	if global.NArg() == 0 {
		return wrongUse("say what to do", "The commands are: "+commandNames()+`. "daylight help" tells about them.`)
	}
	return c.command(ctx, global.Arg(0), global.Args()[1:])
}

func (c *call) command(ctx context.Context, name string, args []string) error {
	cmd, ok := commandNamed(name)
	if !ok {
		c.json = c.json || wantsJSON(args)
		return unknownCommand(name)
	}
	own := newFlags(cmd.name)
	c.bind(own)
	act := cmd.prepare(own)
	rest, err := parseAll(own, args)
	if errors.Is(err, flag.ErrHelp) {
		return c.help(cmd)
	} else if err != nil {
		c.json = c.json || wantsJSON(args)
		return explainFlag(own, err)
	}
	if err := cmd.count(rest); err != nil {
		return err
	}
	return act(ctx, c, rest)
}

// count checks the number of arguments.
func (cmd command) count(args []string) error {
	hint := "Use: " + cmd.usage()
	switch {
	case len(args) < cmd.least:
		return wrongUse(cmd.name+": something is missing", hint)
	case len(args) > cmd.most:
		return wrongUse(cmd.name+": too much was given, from "+quoted(args[cmd.most])+" on", hint)
	}
	return nil
}
