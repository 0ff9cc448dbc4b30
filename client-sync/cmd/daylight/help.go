package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

func helpCommand() command {
	return command{
		name: "help", args: "[COMMAND]", most: 1,
		line: "tell about the commands, or about one",
		prepare: func(*flag.FlagSet) action {
			return func(_ context.Context, c *call, args []string) error {
				if len(args) == 0 {
					return c.overview()
				}
				cmd, ok := commandNamed(args[0])
				if !ok {
					return unknownCommand(args[0])
				}
				return c.help(cmd)
			}
		},
	}
}

const overview = `
Flags, before or after the command:
  --dir DIR      the folder of the records; also DAYLIGHT_DIR
  --server URL   the office; also DAYLIGHT_SERVER
  --passphrase-file FILE
                 what opens the folder; also DAYLIGHT_PASSPHRASE_FILE; else it is asked for
  --json         answer with one JSON object or array
  --person NAME, --device NAME
                 who writes here, and on what; read when the folder is made

Without --dir the records are in the folder "daylight" among your settings.
Everything but sync and enrol works without a network.

Exit codes: 0 done, 1 failed, 2 wrong use, 3 done but something needs attention:
conflicts, or changes that the office did not accept.

"daylight help COMMAND" tells more.
`

// helpJSON is one command for scripts.
type helpJSON struct {
	Command string `json:"command"`
	Use     string `json:"use"`
	Does    string `json:"does"`
}

func (c *call) overview() error {
	if !c.json {
		writeOverview(c.out)
		return nil
	}
	var all []helpJSON
	for _, cmd := range commands() {
		all = append(all, helpJSON{cmd.name, cmd.usage(), cmd.line})
	}
	return writeJSON(c.out, all)
}

func (c *call) help(cmd command) error {
	if c.json {
		return writeJSON(c.out, helpJSON{cmd.name, cmd.usage(), cmd.line})
	}
	writeHelp(c.out, cmd)
	return nil
}

func writeOverview(w io.Writer) {
	fmt.Fprint(w, "daylight keeps inspection records on this device and syncs them with the office.\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, cmd := range commands() {
		fmt.Fprintf(t, "  daylight %s\t%s\n", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.line)
	}
	t.Flush()
	fmt.Fprint(w, overview)
}

// writeHelp tells about one command: its line, its text, its own flags.
func writeHelp(w io.Writer, cmd command) {
	fmt.Fprintf(w, "%s\n\n%s.\n", cmd.usage(), upper(cmd.line))
	if cmd.long != "" {
		fmt.Fprintf(w, "\n%s\n", cmd.long)
	}
	fs := newFlags(cmd.name)
	cmd.prepare(fs)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	first := true
	fs.VisitAll(func(f *flag.Flag) {
		if first {
			fmt.Fprint(t, "\nFlags:\n")
			first = false
		}
		value, use := flag.UnquoteUsage(f)
		fmt.Fprintf(t, "  --%s\t%s\n", strings.TrimSpace(f.Name+" "+value), use)
	})
	t.Flush()
	fmt.Fprint(w, "\nEvery command takes --dir, --server, --json; see \"daylight help\".\n")
}

func upper(s string) string { return strings.ToUpper(s[:min(1, len(s))]) + s[min(1, len(s)):] }

func (cmd command) usage() string {
	parts := slices.DeleteFunc([]string{"daylight", cmd.name, cmd.args}, func(s string) bool { return s == "" })
	return strings.Join(parts, " ")
}

func commandNamed(name string) (command, bool) {
	for _, cmd := range commands() {
		if cmd.name == name {
			return cmd, true
		}
	}
	return command{}, false
}

func commandNames() string {
	var names []string
	for _, cmd := range commands() {
		names = append(names, cmd.name)
	}
	return listed(names)
}
