package main

import (
	"flag"
	"io"
	"slices"
	"strings"
)

// newFlags makes a set that leaves all printing to us.
func newFlags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	return fs
}

// bind names the flags that every command has; the variables are the call's own, so
// that they count before and after the command. What was set before stays.
func (c *call) bind(fs *flag.FlagSet) {
	fs.StringVar(&c.dir, "dir", c.dir, "`DIR` is the folder of the records")
	fs.StringVar(&c.server, "server", c.server, "`URL` of the office")
	fs.StringVar(&c.person, "person", c.person, "`NAME` of who writes here; read when the folder is made")
	fs.StringVar(&c.device, "device", c.device, "`NAME` of this device; read when the folder is made")
	fs.StringVar(&c.passphraseFile, "passphrase-file", c.passphraseFile, "`FILE` with what opens the folder")
	fs.BoolVar(&c.json, "json", c.json, "answer with one JSON object or array")
}

func parse(fs *flag.FlagSet, args []string) error { return fs.Parse(args) }

// parseAll reads flags before, between and after the arguments, up to "--".
func parseAll(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		used := len(args) - fs.NArg()
		if used > 0 && args[used-1] == "--" || fs.NArg() == 0 {
			return append(rest, fs.Args()...), nil
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// wantsJSON looks for --json in a line that could not be read.
func wantsJSON(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return a == "--json" || a == "-json" })
}

// explainFlag says in our words what package flag found, and never repeats a flag's
// value: it may be content.
func explainFlag(fs *flag.FlagSet, err error) error {
	where := `"daylight help`
	if fs.Name() != "daylight" {
		where += " " + fs.Name()
	}
	where += `" lists the flags.`
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		return wrongUse("there is no flag --"+clean(name), didYouMean("--", name, flagNames(fs), where))
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return wrongUse("--"+clean(name)+" needs a value", where)
	}
	if _, name, ok := strings.Cut(text, " for flag -"); ok {
		name, _, _ = strings.Cut(name, ":")
		return wrongUse("the value of --"+clean(name)+" cannot be read", where)
	}
	return wrongUse("the flags cannot be read", where)
}

func flagNames(fs *flag.FlagSet) (names []string) {
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return names
}

// given says which of a set's flags were on the line.
func given(fs *flag.FlagSet) map[string]bool {
	set := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { set[f.Name] = true })
	return set
}
