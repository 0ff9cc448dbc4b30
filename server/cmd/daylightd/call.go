package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/server/store"
)

// parse reads the flags, which may stand before and after the other arguments, and
// gives those.
func (c *call) parse(flags *flag.FlagSet, most int) (rest []string, err error) {
	flags.BoolVar(&c.json, "json", false, "answer in JSON, for scripts")
	flags.SetOutput(io.Discard)
	for args := c.args; ; {
		if err := flags.Parse(args); err != nil {
			return nil, c.misread(flags, err)
		}
		if args = flags.Args(); len(args) == 0 {
			break
		}
		rest, args = append(rest, args[0]), args[1:]
	}
	if len(rest) > most {
		return nil, misused(fmt.Sprintf("%q is one argument too many", rest[most]), c.how())
	}
	return rest, nil
}

func (c *call) how() string {
	return "Use it as: daylightd " + strings.TrimSpace(c.name+" "+c.usage)
}

// misread says what a flag should have been.
func (c *call) misread(flags *flag.FlagSet, err error) error {
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(c.stdout, "%s: %s\n%s\n\n", c.name, c.does, c.how())
		flags.SetOutput(c.stdout)
		flags.PrintDefaults()
		return errShown
	}
	hint := c.how()
	if _, wrong, ok := strings.Cut(err.Error(), "not defined: -"); ok {
		var all []string
		flags.VisitAll(func(f *flag.Flag) { all = append(all, f.Name) })
		if near := nearest(strings.TrimLeft(wrong, "-"), all); near != "" {
			hint = fmt.Sprintf("Did you mean --%s?", near)
		}
		return misused(fmt.Sprintf("there is no flag --%s", strings.TrimLeft(wrong, "-")), hint)
	}
	return misused(err.Error(), hint)
}

// print writes one JSON document.
func (c *call) print(v any) {
	c.told = true
	e := json.NewEncoder(c.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(v) // a closed pipe is nothing that could be told to anybody
}

// say writes a line for a person, unless a script is listening.
func (c *call) say(format string, args ...any) {
	if !c.json {
		fmt.Fprintf(c.stdout, format+"\n", args...)
	}
}

// file is the database's name inside the folder.
const file = "daylight.db"

// open opens the store in dir. A folder that holds none is refused unless create:
// a mistyped name must not quietly become a new, empty office.
func (c *call) open(ctx context.Context, dir string, create bool) (s *store.Store, made bool, err error) {
	return c.openAs(ctx, store.Config{Dir: dir}, create)
}

// openAs is open with a configuration of the store.
func (c *call) openAs(ctx context.Context, config store.Config, create bool) (s *store.Store, made bool, err error) {
	dir := config.Dir
	if dir == "" {
		return nil, false, misused("--data says in which folder the office's data is, and is missing", c.how())
	}
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return nil, false, failed(dir+" is a file and not a folder", "Name the folder that holds "+file+".")
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return nil, false, err
	}
	if _, err := os.Stat(filepath.Join(dir, file)); errors.Is(err, os.ErrNotExist) {
		if made, err = true, c.mayCreate(dir, info, create); err != nil {
			return nil, false, err
		}
	}
	if exists(filepath.Join(dir, unfinishedFile)) {
		return nil, false, failed("the office in "+dir+" is not whole: an import is running, or was cut off", "Remove the folder if none is running, and import again.")
	}
	s, err = store.Open(ctx, config)
	return s, made, err
}

// mayCreate refuses to begin an office where that is hardly meant.
func (c *call) mayCreate(dir string, info os.FileInfo, create bool) error {
	parent := filepath.Dir(filepath.Clean(dir))
	if _, err := os.Stat(parent); err != nil {
		return failed(fmt.Sprintf("there is no folder %s", dir), fmt.Sprintf("There is no %s either: look at the name.", parent))
	}
	if !create {
		what := fmt.Sprintf("there is no folder %s", dir)
		if info != nil {
			what = fmt.Sprintf("the folder %s holds no office's data (%s)", dir, file)
		}
		return failed(what, "Look at the name. daylightd serve makes a new one.")
	}
	others, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, o := range others {
		if !strings.HasPrefix(o.Name(), "folder.lock") {
			return failed(fmt.Sprintf("the folder %s holds other files (%s) and no office's data", dir, o.Name()), "Name an empty folder, or one that does not exist yet, to begin a new office.")
		}
	}
	return nil
}

// explain puts an error of the rooms below into words for whoever runs the server.
func explain(err error) *failure {
	var held *sqlitedb.HeldError
	f := &failure{code: exitFailed, what: err.Error()}
	for _, e := range []struct {
		is   error
		hint string
	}{
		{sqlitedb.ErrForeign, "Nothing was changed. Name the office's folder."},
		{sqlitedb.ErrNewer, "Nothing was changed. Use the newer daylightd."},
		{sqlitedb.ErrDamaged, "Nothing was changed. Restore the last backup into another folder, then run daylightd restored on it."},
		{sqlitedb.ErrFull, "What was saved before is safe. Make room and try again."},
		{sqlitedb.ErrUnsure, "Run it again: what is saved already is not saved twice."},
		{os.ErrPermission, "Run it as the user who owns the folder."},
	} {
		if errors.Is(err, e.is) {
			f.hint = e.hint
		}
	}
	switch {
	case errors.As(err, &held):
		f.what = held.Error()
	case errors.Is(err, context.Canceled):
		f.what, f.hint = "it was stopped", ""
	}
	return f
}

// nearest is the word that was probably meant; empty when none is close.
func nearest(word string, words []string) string {
	best, least := "", 3
	for _, w := range words {
		d := distance(strings.ToLower(word), w)
		if first, _, ok := strings.Cut(w, " "); ok {
			d = min(d, distance(strings.ToLower(word), first))
		}
		if d < least && d < len(word) {
			best, least = w, d
		}
	}
	return best
}

// distance is the number of letters to change, add or leave out (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
