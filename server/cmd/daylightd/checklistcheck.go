package main

import (
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func checklistCheck(_ context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	var attached []string
	flags.Func("attach", "a `file` with choices that the form names; may be given again. Those beside the form are found", collect(&attached))
	rest, err := c.parse(flags, 1)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return misused("which file to check is missing", c.how())
	}
	result, err := readForm(rest[0], attached)
	if err != nil {
		return err
	}
	if result.Checklist == nil {
		return c.refusedForm(result, "the form cannot be added")
	}
	c.preview(result)
	if len(result.Remarks) > 0 {
		return problems(fmt.Sprintf("the form can be added; %s above to look at", numbered(len(result.Remarks), "remark is", "remarks are")), "")
	}
	c.say("The form can be added as it is.")
	return nil
}

// readForm reads a form from a file or a folder. CSV files that a workbook names are looked
// for beside it.
func readForm(path string, attached []string) (*xlsform.Result, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, failed("the form cannot be read: "+err.Error(), "")
	}
	given, err := filesAt(attached)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		result, err := xlsform.ReadFS(filepath.Base(path), os.DirFS(path), given...)
		return result, unreadForm(err)
	}
	result, err := readFile(path, info.Size(), given)
	if err != nil {
		return nil, unreadForm(err)
	}
	beside := besideOf(path, result)
	if len(beside) == 0 {
		return result, nil
	}
	more, err := filesAt(beside)
	if err != nil {
		return nil, err
	}
	result, err = readFile(path, info.Size(), append(given, more...))
	return result, unreadForm(err)
}

func readFile(path string, size int64, attached []xlsform.File) (*xlsform.Result, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return xlsform.Read(filepath.Base(path), f, size, attached...)
}

func unreadForm(err error) error {
	if err == nil {
		return nil
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return failed("the form cannot be read: "+err.Error(), "")
}

// filesAt reads files of choices, as many bytes as a form may have.
func filesAt(paths []string) (out []xlsform.File, err error) {
	left := int64(xlsform.MaxFile)
	for _, p := range paths {
		info, err := os.Stat(p)
		if err == nil && info.IsDir() {
			err = errors.New(p + " is a folder")
		}
		if err != nil {
			return nil, failed("the file of choices cannot be read: "+err.Error(), "")
		}
		if left -= info.Size(); left < 0 {
			return nil, failed(fmt.Sprintf("the files of choices have more than %d MiB together", xlsform.MaxFile>>20), "Take out the rows and columns that the form does not use.")
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return nil, failed("the file of choices cannot be read: "+err.Error(), "")
		}
		out = append(out, xlsform.File{Name: filepath.Base(p), Data: data})
	}
	return out, nil
}

// besideOf are the CSV files beside a workbook that it names and did not get.
func besideOf(path string, r *xlsform.Result) (out []string) {
	all, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil
	}
	for _, missing := range r.Preview.Missing {
		for _, e := range all {
			if strings.EqualFold(e.Name(), missing) && strings.EqualFold(filepath.Ext(e.Name()), ".csv") {
				out = append(out, filepath.Join(filepath.Dir(path), e.Name()))
			}
		}
	}
	return out
}

// refusedForm says all that is wrong with a form.
func (c *call) refusedForm(r *xlsform.Result, what string) error {
	hint := "Put this right in the file and check it again."
	if c.json {
		c.print(map[string]any{"error": what, "hint": hint, "code": exitFailed, "remarks": r.Remarks})
	}
	var refused, besides []string
	for _, m := range r.Remarks {
		if m.Refused {
			refused = append(refused, m.String())
		} else {
			besides = append(besides, m.String())
		}
	}
	text := what + ":\n" + strings.Join(refused, "\n")
	if len(besides) > 0 {
		text += "\nNot in the way of it:\n" + strings.Join(besides, "\n")
	}
	return failed(text, hint)
}

// slowest is the network for which it is said how long a form takes, in bits a second.
const slowest = 16_000

// cost is what a form costs a device: the bytes of its record, as they travel, and the
// seconds that those take. What signs and numbers the changes comes on top.
func cost(form *daylightv1.Checklist) (bytes int, seconds float64) {
	b, err := proto.Marshal(form)
	if err != nil {
		return 0, 0
	}
	n := &counting{}
	z := gzip.NewWriter(n)
	_, _ = z.Write(b)
	_ = z.Close()
	return n.bytes, float64(8*n.bytes) / slowest
}

// counting counts what is written.
type counting struct{ bytes int }

// Write implements io.Writer.
func (c *counting) Write(b []byte) (int, error) {
	c.bytes += len(b)
	return len(b), nil
}

// preview shows what a form becomes.
func (c *call) preview(r *xlsform.Result) {
	p := r.Preview
	bytes, seconds := cost(r.Checklist)
	if c.json {
		c.print(map[string]any{"preview": p, "bytes_sent": bytes, "seconds_at_16_kbit": seconds, "remarks": append([]xlsform.Remark{}, r.Remarks...)})
		return
	}
	c.say("%s %s  %s", p.Code, p.Version, p.Title)
	c.say("%s, %s, %s, %s; %s in %s; %s", numbered(p.Questions, "question", "questions"), numbered(p.Calculated, "calculation", "calculations"),
		numbered(p.Groups, "group", "groups"), numbered(p.Repeats, "repeat", "repeats"), numbered(p.Choices, "choice", "choices"), numbered(p.Lists, "list", "lists"),
		numbered(p.Rules, "rule", "rules"))
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	for _, s := range p.Sections {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", cmp.Or(s.Name, "(in no group)"), numbered(s.Questions, "question", "questions"), numbered(s.Rules, "rule", "rules"), s.Label)
	}
	_ = w.Flush()
	for _, l := range p.Languages {
		missing := "nothing is missing"
		if l.Missing > 0 {
			missing = numbered(l.Missing, "text is missing", "texts are missing")
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", l.Tag, l.Name, numbered(l.Labels, "text", "texts"), missing)
	}
	_ = w.Flush()
	if len(p.Later) > 0 {
		c.say("Shown, and not yet to be answered: %s", strings.Join(p.Later, ", "))
	}
	if len(p.Missing) > 0 {
		c.say("Files that it names and that are not beside it: %s", strings.Join(p.Missing, ", "))
	}
	c.say("It costs a device about %.1f KiB, %.0f s at 16 kbit/s.", float64(bytes)/1024, max(seconds, 1))
	for _, m := range r.Remarks {
		c.say("%s", m)
	}
}
