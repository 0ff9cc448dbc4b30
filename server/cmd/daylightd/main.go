// Command daylightd is the office's server and its tools: it serves the record,
// imports registers, writes the log out, and checks that all of it holds.
//
// Run without arguments it says what it can do.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// What a command ends with.
const (
	exitOK       = 0
	exitFailed   = 1 // it could not be done
	exitUsage    = 2 // it was asked in a way that makes no sense
	exitProblems = 3 // it was done, and found something that a person should look at
)

// command is one thing that daylightd does.
type command struct {
	name  string // one or two words
	usage string
	does  string
	run   func(ctx context.Context, c *call) error
}

var commands = []command{
	{"init", "--data DIR --name NAME [--model MODEL] [--admin NAME] [--second-approval]", "make the office: its keys and its first administrator", initOffice},
	{"serve", "--data DIR [--listen ADDR] [--tls | --cert FILE --key FILE] [--public URL]", "serve the office's pages to browsers, and its record to devices and integrators", serve},
	{"user add", "--data DIR [--role ROLE[@REGION][:DAY]] [--number NUMBER] [--body CODE] NAME", "add a person", userAdd},
	{"user change", "--data DIR [--name NAME] [--role ROLE[@REGION][:DAY]] [--disable] [--enable] ID", "change what a person may do", userChange},
	{"user signin", "--data DIR [--for DURATION] ID", "make a link with which a person sets up how they sign in at the office's pages, anew if they had", userSignIn},
	{"user list", "--data DIR [--all]", "list the people", userList},
	{"device invite", "--data DIR PERSON", "make a code with which a person's device can enrol", deviceInvite},
	{"device list", "--data DIR [--person ID]", "list the devices", deviceList},
	{"device approve", "--data DIR DEVICE WORDS", "let a device in that waits", deviceApprove},
	{"device revoke", "--data DIR DEVICE", "shut a device out at once", deviceRevoke},
	{"token issue", "--data DIR --role ROLE [--days N] NAME", "let a program call the services", tokenIssue},
	{"token list", "--data DIR", "list the tokens of programs", tokenList},
	{"token revoke", "--data DIR TOKEN", "end a program's token at once", tokenRevoke},
	{"team", "--data DIR VISIT list | add PERSON [--head] [--role ROLE] | remove PERSON", "show and change who is in a visit's team, and so reads it", team},
	{"duplicates", "--data DIR [--kind facility|visit]", "list places and visits that may be there twice, by their ids", duplicates},
	{"merge", "--data DIR [--carry all|FIELD,...] [--dry-run] LOSER WINNER", "say that a place or visit is the same as another one", merge},
	{"unmerge", "--data DIR ID", "undo a merge", unmerge},
	{"bundle take", "--data DIR [--identity FILE] FILE", "take a bundle that a device made for the office", bundleTake},
	{"bundle answer", "--data DIR --out ANSWER [--identity FILE] [--force] FILE", "take a bundle, and write what the device takes as the answer", bundleAnswer},
	{"rescue take", "--data DIR FILE", "take what daylight rescue wrote of a device that cannot sync any more", rescueTake},
	{"office show", "--data DIR", "show what the office agrees on, and the public halves of its keys", officeShow},
	{"office recovery", "--data DIR RECIPIENT", "give the office another recovery key, by its public half; - reads it", officeRecovery},
	{"readers propose", "--data DIR [--after VERSION] [--next-root PUBLIC] [LIST]", "write who may read what is sealed, by the roles of now, for the root key to sign", readersPropose},
	{"readers take", "--data DIR SIGNED", "keep a list of readers that the root key has signed", readersTake},
	{"readers show", "--data DIR", "show the list of readers that is kept, as it was signed", readersShow},
	{"log", "--data DIR [--person ID] [--most N]", "show who did what, and who was not let", accessLog},
	{"import facilities", "--data DIR [--source NAME] [--map COLUMN=FIELD] [--type WORD=CODE] [--language TAG] [--dry-run] FILE.csv", "import a register of places", importFacilities},
	{"import staff", "--data DIR FILE.csv", "add and change people from a list: number,name,roles,body", importStaff},
	{"import log", "--data DIR FILE", "read an export into a new, empty office", importLog},
	{"import all", "--data DIR [--identity FILE] ARCHIVE", "make an office of everything that another one held", importEverything},
	{"export all", "--data DIR [--to RECIPIENT] [--with-keys] ARCHIVE", "write everything that the office holds into one file", exportAll},
	{"export records", "--data DIR [--kind KIND,...] [--format csv|xlsx|json] [--language TAG] [--visit ID] [--from DAY] [--to DAY] [--up-to CLASS] [--removed] [--sealed] [--separator SIGN] OUT", "write records as tables or JSON lines, for other programs", exportRecords},
	{"export answers", "--data DIR --checklist CODE [--version VERSION] [--language TAG] [--visit ID] [--from DAY] [--to DAY] [--up-to CLASS] [--removed] [--separator SIGN] OUT.xlsx|OUT", "write the answers to a checklist as tables, a row a response and a row a turn of a repeat", exportAnswers},
	{"checklist check", "[--attach FILE] FILE|FOLDER", "say what a form in XLSX, or as survey.csv, choices.csv and settings.csv, becomes, and what is wrong with it", checklistCheck},
	{"checklist add", "--data DIR [--place-types CODE,...] [--title TAG=TITLE] [--attach FILE] [--dry-run] FILE|FOLDER", "add a checklist, or another version of one, or its translations", checklistAdd},
	{"checklist list", "--data DIR [--language TAG]", "list the checklists that came with the program and the office's own", checklistList},
	{"checklist show", "--data DIR [--language TAG] CODE [VERSION]", "show the questions of a checklist", checklistShow},
	{"checklist export", "--data DIR CODE [VERSION] FILE.xlsx", "write a checklist as a workbook, to change it or for other programs", checklistExport},
	{"checklist hide", "--data DIR CODE [VERSION]", "offer a checklist no longer", checklistHide},
	{"checklist unhide", "--data DIR CODE [VERSION]", "offer a checklist again", checklistUnhide},
	{"checklist retire", "--data DIR --on DAY|never CODE [VERSION]", "say from which day on a checklist is not offered", checklistRetire},
	{"vocabulary show", "--data DIR [--language TAG] [--council-of-europe] [LIST [CODE]]", "show the words that records are classified with, and what leads on from one", vocabularyShow},
	{"vocabulary export", "--data DIR [--sheet SHEET] FILE.xlsx|FILE.csv", "write terms and standards for translators", vocabularyExport},
	{"vocabulary import", "--data DIR [--dry-run] FILE", "take what translators changed", vocabularyImport},
	{"export", "--data DIR [FILE]", "write the whole log out, as it was signed", export},
	{"digest", "--data DIR", "say what stands for all records, to compare two offices by", digest},
	{"check", "--data DIR", "read everything, derive it again and say what does not fit", check},
	{"restored", "--data DIR", "after a restore from a backup: let devices send what is missing", restored},
	{"sample", "--data DIR [--places N] [--visits N] [--findings N] [--recommendations N] [--seed N] [--years N] [--until DAY]", "make an invented office with years of history, for demos and measurements", sampleOffice},
	{"version", "", "say which program this is", version},
}

// call is one command being run.
type call struct {
	command
	args   []string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	json   bool
	told   bool // a JSON document has been written; there is never a second one
}

// failure ends a command with a code of its own and words for a person.
type failure struct {
	code int
	what string
	hint string
}

// Error is what happened, then what to do.
func (f *failure) Error() string { return strings.TrimSuffix(f.what+"\n"+f.hint, "\n") }

func failed(what, hint string) error   { return &failure{exitFailed, what, hint} }
func misused(what, hint string) error  { return &failure{exitUsage, what, hint} }
func problems(what, hint string) error { return &failure{exitProblems, what, hint} }

// errShown ends a command that has said everything itself.
var errShown = errors.New("shown")

// Run runs one command and gives the code to end with: 0 done, 1 failed, 2 asked
// in a way that makes no sense, 3 done with something to look at.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &call{args: args, stdin: stdin, stdout: stdout, stderr: stderr}
	err := c.dispatch(ctx)
	var f *failure
	switch {
	case err == nil, errors.Is(err, errShown):
		return exitOK
	case errors.As(err, &f):
	default:
		f = explain(err)
	}
	if c.json && !c.told {
		c.print(map[string]any{"error": f.what, "hint": f.hint, "code": f.code})
	}
	fmt.Fprintln(stderr, "daylightd:", f.what)
	if f.hint != "" {
		fmt.Fprintln(stderr, f.hint)
	}
	return f.code
}

func (c *call) dispatch(ctx context.Context) error {
	if len(c.args) == 0 {
		return misused(strings.TrimSuffix(overview(), "\n"), "")
	}
	if slices.Contains([]string{"help", "-h", "-help", "--help"}, c.args[0]) {
		fmt.Fprint(c.stdout, overview())
		return nil
	}
	for _, known := range commands {
		words := strings.Fields(known.name)
		if len(c.args) >= len(words) && slices.Equal(c.args[:len(words)], words) {
			c.command, c.args = known, c.args[len(words):]
			return c.run(ctx, c)
		}
	}
	if c.args[0] == "import" {
		return misused("what is to be imported is missing", "Use it as: daylightd import facilities --data DIR FILE.csv, daylightd import staff --data DIR FILE.csv, daylightd import all --data DIR ARCHIVE, or: daylightd import log --data DIR FILE")
	}
	hint := "Run daylightd help to see what there is."
	if near := nearest(c.args[0], names()); near != "" {
		hint = fmt.Sprintf("Did you mean %q?", near)
	}
	return misused(fmt.Sprintf("there is no command %q", c.args[0]), hint)
}

func names() (out []string) {
	for _, c := range commands {
		out = append(out, c.name)
	}
	return out
}

func overview() string {
	var b strings.Builder
	b.WriteString("daylightd keeps the office's record.\n\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "  daylightd %s\n        %s\n", strings.TrimSpace(c.name+" "+c.usage), c.does)
	}
	b.WriteString("\nWith --json a command answers a script. It ends with 0 when done, 1 when it failed,\n" +
		"2 when it was not understood, 3 when it found something to look at.\n")
	return b.String()
}
