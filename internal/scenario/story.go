package scenario

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/store"
)

// Story is one txtar file that is being played. See the package comment for the
// language.
type Story struct {
	*World
	files map[string]string
	kinds map[string]record.Kind
	forms map[string]form
	// ids are those of records that are not named by their story: forms and what is filled
	// of them, and turns of their repeats.
	ids map[string]record.ID
}

// id is the id of a name.
func (s *Story) id(name string) record.ID {
	if id, ok := s.ids[name]; ok {
		return id
	}
	return IDOf(name)
}

// form is a record that somebody has open.
type form struct {
	seen    Seen
	message record.Message
}

// Play plays a story in a world of its own and checks it at the end. A story that
// goes wrong fails the test with the file and the line.
func Play(t testing.TB, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	archive := txtar.Parse(text)
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	if err := play(New(t, 1), string(archive.Comment), files); err != nil {
		t.Fatalf("%s:%v", filepath.Base(file), err)
	}
}

// play plays a script and checks the world at its end.
func play(w *World, script string, files map[string]string) error {
	defer w.end()
	s := &Story{World: w, files: files, kinds: map[string]record.Kind{}, forms: map[string]form{}, ids: map[string]record.ID{}}
	lines := strings.Split(script, "\n")
	for i, line := range lines {
		if err := s.line(line); err != nil {
			return fmt.Errorf("%d: %s\n\t%w", i+1, strings.TrimSpace(line), err)
		}
	}
	if err := s.Check(); err != nil {
		return fmt.Errorf("%d: at the end: %w", len(lines), err)
	}
	return nil
}

// line plays the commands of a line.
func (s *Story) line(line string) error {
	line = strings.TrimSpace(line)
	if rest, ok := strings.CutPrefix(line, "repeat "); ok {
		times, command, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(times)
		for i := 1; i <= n && err == nil; i++ {
			err = s.line(strings.ReplaceAll(command, "{n}", strconv.Itoa(i)))
		}
		return err
	}
	words, err := split(line)
	if err != nil {
		return err
	}
	for len(words) > 0 {
		end := indexOf(words, ";")
		if err := s.command(words[:end]); err != nil {
			return err
		}
		words = words[min(end+1, len(words)):]
	}
	return nil
}

func indexOf(words []string, word string) int {
	for i, w := range words {
		if w == word {
			return i
		}
	}
	return len(words)
}

// split takes a line apart at spaces outside of quotes, up to a comment.
func split(line string) (words []string, err error) {
	for {
		line = strings.TrimLeft(line, " \t")
		if line == "" || line[0] == '#' {
			return words, nil
		}
		end, quoted := 0, false
		for ; end < len(line) && (quoted || line[end] != ' ' && line[end] != '\t'); end++ {
			switch {
			case line[end] == '"':
				quoted = !quoted
			case line[end] == '\\' && quoted:
				end++
			}
		}
		if quoted {
			return nil, errors.New("a quote is not closed")
		}
		words, line = append(words, line[:end]), line[end:]
	}
}

// command plays one command.
func (s *Story) command(words []string) error {
	switch {
	case len(words) == 0:
		return nil
	case len(words) == 1:
		return fmt.Errorf("%q is no sentence", words[0])
	case words[0] == "fails":
		return s.fails(words[1], words[2:])
	case words[0] == "try":
		if err := s.command(words[1:]); !tolerable(err) {
			return err
		}
		return nil
	case words[0] == "expect":
		return s.expect(words[1], words[2:])
	case words[0] == "device":
		for _, name := range words[1:] {
			if _, err := s.Add(name); err != nil {
				return err
			}
		}
		return nil
	case words[0] == "stranger", words[0] == "newer":
		for _, name := range words[1:] {
			s.Meet(name, words[0] == "newer")
		}
		return nil
	}
	for _, name := range strings.Split(words[0], ",") {
		if err := s.do(name, words[1], words[2:]); err != nil {
			return err
		}
	}
	return nil
}

// do lets one actor do something.
func (s *Story) do(name, verb string, args []string) error {
	a, err := s.author(name)
	if err != nil {
		return err
	}
	if do, ok := writing[verb]; ok {
		return do(s, a, args)
	}
	if do, ok := filling[verb]; ok {
		return do(s, a, args)
	}
	s.tick()
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	switch a := a.(type) {
	case *Device:
		if verb == "during" {
			return s.during(a, args)
		}
		if do, ok := deviceVerbs[verb]; ok {
			return do(a, arg(0), arg(1))
		}
	case *Office:
		if do, ok := officeVerbs[verb]; ok {
			return do(a, arg(0), arg(1))
		}
	case *Stranger:
		if verb == "harm" {
			a.Harm = arg(0)
			return nil
		}
	}
	return fmt.Errorf("%s cannot %q", name, verb)
}

// during: the command is played while the answer to the device's next request is on
// its way.
func (s *Story) during(d *Device, words []string) error {
	d.Net.during = func() {
		if err := s.command(words); err != nil {
			s.T.Errorf("during a sync of %s: %v", d.Name, err)
		}
	}
	return nil
}

func (s *Story) author(name string) (author, error) {
	if name == "office" {
		return s.Office, nil
	}
	if d := s.Device(name); d != nil {
		return d, nil
	}
	for _, x := range s.Strangers {
		if x.Name == name {
			return x, nil
		}
	}
	return nil, fmt.Errorf("there is nobody called %q here", name)
}

// errNotHere is for what a story asks of somebody who does not have it.
var errNotHere = errors.New("it is not here")

// tolerable reports whether an error is one that a random history runs into
// without anybody being to blame: no network, another window, a lost race, a
// record that has not come.
func tolerable(err error) bool {
	var stale *record.StaleError
	var window *clientsync.StaleError
	var guarded *store.GuardedError
	switch {
	case err == nil, errors.As(err, &stale), errors.As(err, &window), errors.As(err, &guarded),
		errors.Is(err, store.ErrNotFound), errors.Is(err, errNotHere), errors.Is(err, errRefused), errors.Is(err, ErrNetwork):
		return true
	}
	return clientsync.CodeOf(err) == clientsync.NotFound
}

// fails plays a command that must fail with a text in its error, and change
// nothing on the device.
func (s *Story) fails(want string, words []string) error {
	text, _, err := s.parseValue(want)
	if err != nil {
		return err
	}
	before, err := s.pictures()
	if err != nil {
		return err
	}
	switch err := s.command(words); {
	case err == nil:
		return errors.New("it did not fail")
	case !strings.Contains(err.Error(), text):
		return fmt.Errorf("it failed with another error: %w", err)
	}
	if len(words) > 1 && words[1] == "sync" {
		return nil // it may have done a part
	}
	after, err := s.pictures()
	if err == nil && after != before {
		err = fmt.Errorf("what failed has changed something: before\n%s\nafter\n%s", before, after)
	}
	return err
}
