package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/register"
	"github.com/daylight-npm/daylight/server/store"
)

// importer is who the history says imported a place.
const importer store.OfficeWriter = "Register import"

// intake is an import being run.
type intake struct {
	*call
	data, source string
	options      register.Options
	dryRun       bool
	path         string
}

func importFacilities(ctx context.Context, c *call) (err error) {
	in, err := c.readIntake()
	if err != nil {
		return err
	}
	// The file first: one that cannot be read must not make a new office.
	g, err := in.read()
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, in.data, !in.dryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := in.known(ctx, s); err != nil {
		return err
	}
	plan, err := g.Plan(func(id record.ID) (*daylightv1.Facility, error) { return place(ctx, s, id) })
	if err != nil {
		return err
	}
	if !in.dryRun && len(plan.Save) > 0 {
		messages := make([]record.Message, len(plan.Save))
		for i, f := range plan.Save {
			messages[i] = f
		}
		if _, err := s.SaveEach(ctx, importer, messages...); err != nil {
			return fmt.Errorf("nothing was imported: %w", err)
		}
	}
	return in.report(g, plan)
}

// place gives a place as it is shown; nil where there is none.
func place(ctx context.Context, s *store.Store, id record.ID) (*daylightv1.Facility, error) {
	item, err := s.Get(ctx, record.Facility, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	f, _ := item.Message.(*daylightv1.Facility)
	return f, err
}

func (c *call) readIntake() (*intake, error) {
	in := &intake{call: c, options: register.Options{Map: map[string]register.Field{}, Types: map[string]string{}}}
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.StringVar(&in.data, "data", "", "the `folder` of the office's data")
	flags.StringVar(&in.source, "source", "", "the register's `name`, the same at every import; by default the file's")
	flags.StringVar(&in.options.Language, "language", "", "the `tag` of the language of names whose column does not say it (default en)")
	flags.BoolVar(&in.dryRun, "dry-run", false, "say what would be done, and do nothing")
	flags.Func("map", "what a column is, as `COLUMN=FIELD`; several with commas, or the flag again", in.addMap)
	flags.Func("type", "the vocabulary's code for a type as the register writes it, as `WORD=CODE`; the flag again for another", in.addType)
	rest, err := c.parse(flags, 1)
	if err != nil {
		return nil, err
	}
	if len(rest) == 0 {
		return nil, misused("which file to import is missing", c.how())
	}
	in.path = rest[0]
	in.options.Source = in.source
	if in.source == "" {
		in.options.Source = sourceOf(in.path)
	} else if in.options.Source != sourceOf(in.source) {
		return nil, misused(fmt.Sprintf("%q is not a register's name", in.source), "Use letters, digits, dash and underscore, as --source "+sourceOf(in.source))
	}
	return in, nil
}

func (in *intake) addMap(s string) error {
	for pair := range strings.SplitSeq(s, ",") {
		i := strings.LastIndex(pair, "=")
		if i < 1 {
			return fmt.Errorf("%q is not COLUMN=FIELD", pair)
		}
		f, err := register.ParseField(pair[i+1:])
		if err != nil {
			var all []string
			for _, f := range register.Fields() {
				all = append(all, string(f))
			}
			if near := nearest(pair[i+1:], all); near != "" {
				return fmt.Errorf("%w; did you mean %s?", err, near)
			}
			return err
		}
		in.options.Map[strings.TrimSpace(pair[:i])] = f
	}
	return nil
}

func (in *intake) addType(s string) error {
	i := strings.LastIndex(s, "=")
	if i < 1 || i == len(s)-1 {
		return fmt.Errorf("%q is not WORD=CODE", s)
	}
	in.options.Types[s[:i]] = strings.TrimSpace(s[i+1:])
	return nil
}

// sourceOf makes a register's name of a file's.
func sourceOf(path string) string {
	name := filepath.Base(path)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
	if name = strings.Trim(name, "-"); name == "" {
		return "register"
	}
	return name
}

func (in *intake) read() (*register.Register, error) {
	var from io.Reader = in.stdin
	if in.path != "-" {
		f, err := os.Open(in.path)
		if err != nil {
			return nil, failed("the file cannot be read: "+err.Error(), "")
		}
		defer f.Close()
		from = f
	}
	g, err := register.Read(from, in.options)
	if err != nil {
		return nil, failed("nothing was imported: "+err.Error(), "")
	}
	return g, nil
}

// known asks for the register's name where only the file's is known and another
// register has been imported before: next year's file of the same register has
// another name, and would make every place anew.
func (in *intake) known(ctx context.Context, s *store.Store) error {
	if in.source != "" {
		return nil
	}
	sources, err := sources(ctx, s)
	if err != nil || len(sources) == 0 || slices.Contains(sources, in.options.Source) {
		return err
	}
	return misused(fmt.Sprintf("nothing was imported: other registers have been imported before (%s), and the file's name does not say whether this is one of them", strings.Join(sources, ", ")),
		fmt.Sprintf("Say which register it is: --source %s for the same one, --source %s for a new one.", sources[0], in.options.Source))
}

// sources lists the registers that places came from.
func sources(ctx context.Context, s *store.Store) (out []string, err error) {
	q := store.Query{IncludeRemoved: true, PageSize: store.MaxPage}
	for {
		page, err := s.List(ctx, record.Facility, q)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Items {
			f, _ := i.Message.(*daylightv1.Facility)
			for _, r := range f.GetRegisters() {
				if !slices.Contains(out, r.GetSource()) {
					out = append(out, r.GetSource())
				}
			}
		}
		if q.PageToken = page.Next; q.PageToken == "" {
			slices.Sort(out)
			return out, nil
		}
	}
}

// report says what was done with each row that was not plain.
func (in *intake) report(g *register.Register, p *register.Plan) error {
	if in.json {
		warnings := p.Warnings
		if warnings == nil {
			warnings = []register.Warning{}
		}
		in.print(map[string]any{"source": g.Source, "dry_run": in.dryRun, "columns": g.Mapping, "rows": g.Read,
			"new": p.New, "changed": p.Changed, "same": p.Same, "rejected": p.Rejected, "warnings": warnings})
	}
	in.say("The register %s has %d rows. Its columns were taken as:\n%s", g.Source, g.Read, g.Mapping)
	for _, w := range p.Warnings {
		in.say("%s", w)
	}
	if len(p.Warnings) > 0 {
		in.say("")
	}
	done := "Imported"
	if in.dryRun {
		done = "Nothing was saved. It would be"
	}
	in.say("%s: %d new, %d changed, %d as before, %d left out.", done, p.New, p.Changed, p.Same, p.Rejected)
	if in.source == "" {
		in.say("Import it next time with --source %s, whatever the file is called then.", g.Source)
	}
	if p.Rejected > 0 {
		return problems(fmt.Sprintf("left out: %d of %d rows", p.Rejected, g.Read), "Correct them in the file and import it again; the others stay as they are.")
	}
	return nil
}
