package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/report"
)

// outgoing is an export of records being run.
type outgoing struct {
	*call
	data, format, path string
	separator          rune
	visit              record.ID
	options            report.Options
}

// exportRecords writes records in forms that other programs read.
func exportRecords(ctx context.Context, c *call) error {
	o, err := c.readOutgoing()
	if err != nil {
		return err
	}
	const instead = "Use --format csv, or narrow it with --kind, --from and --to."
	return o.run(ctx, instead, func(from source, log func(note string) error) error {
		if err := log("records were taken out as " + o.format); err != nil {
			return err
		}
		counts, err := formats[o.format](o, from)
		if err == nil {
			o.tell(counts)
		}
		return err
	})
}

// formats are how records are written.
var formats = map[string]func(*outgoing, report.Source) (report.Counts, error){
	"csv": (*outgoing).csv, "xlsx": (*outgoing).xlsx, "json": (*outgoing).jsonLines,
}

func (c *call) readOutgoing() (*outgoing, error) {
	o := &outgoing{call: c}
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	o.bind(flags)
	flags.StringVar(&o.format, "format", "csv", "csv: a folder with a file for each table; xlsx: a workbook with a sheet for each; json: a file with a line for each record")
	flags.Func("kind", "the `kind` of records, as finding; several with commas, or the flag again; by default all", o.addKinds)
	flags.BoolVar(&o.options.Sealed, "sealed", false, "write what is sealed too, as it is sealed; JSON only")
	rest, err := c.parse(flags, 1)
	switch {
	case err != nil:
		return nil, err
	case formats[o.format] == nil:
		return nil, misused(fmt.Sprintf("there is no format %q", o.format), "Use csv, xlsx or json.")
	case o.options.Sealed && o.format != "json":
		return nil, misused("what is sealed goes into JSON only", "Add --format json, or leave --sealed out.")
	}
	return o, o.to(rest)
}

// bind names what every export can be told: whose data, which visits, how far it may
// travel, how it is written.
func (o *outgoing) bind(flags *flag.FlagSet) {
	flags.StringVar(&o.data, "data", "", "the `folder` of the office's data")
	flags.Func("language", "the `tag` of the language of labels, as ru (default en)", o.setLanguage)
	flags.Func("visit", "the `id` of the visit to write, with what hangs on it", o.setVisit)
	flags.Func("from", "the first `day` of the visits to write, with what hangs on them, as 2026-11-24", func(s string) error { return day(s, &o.options.From) })
	flags.Func("to", "the last `day` of them", func(s string) error { return day(s, &o.options.To) })
	flags.Func("up-to", "the most restricted `class` to write: PUBLIC, AUTHORITY, INTERNAL, RESTRICTED or SEALED (default INTERNAL)", o.setClass)
	flags.BoolVar(&o.options.Removed, "removed", false, "write what was removed too, and duplicates that were joined to another")
	flags.Func("separator", "what stands between the cells of a CSV file: a comma (default), a semicolon, as Excel wants it in many countries, or tab", o.setSeparator)
}

// to takes what is left of the line: what to write to.
func (o *outgoing) to(rest []string) error {
	if len(rest) == 0 {
		return misused("what to write to is missing", o.how())
	}
	if o.options.From != "" && o.options.To != "" && o.options.From > o.options.To {
		return misused("the last day is before the first", "Change --from or --to.")
	}
	o.path = rest[0]
	return nil
}

func (o *outgoing) addKinds(s string) error {
	for name := range strings.SplitSeq(s, ",") {
		if name = strings.TrimSpace(name); name == "all" {
			o.options.Kinds = record.Kinds()
			continue
		}
		k, err := record.ParseKind(name)
		if err != nil {
			return err
		}
		if !slices.Contains(o.options.Kinds, k) {
			o.options.Kinds = append(o.options.Kinds, k)
		}
	}
	return nil
}

func (o *outgoing) setLanguage(s string) error {
	t, err := language.Parse(s)
	if err != nil {
		return errors.New("it is not the tag of a language, as ru or tk")
	}
	o.options.Language = t.String()
	return nil
}

func (o *outgoing) setVisit(s string) (err error) {
	o.visit, err = record.ParseID(s)
	o.options.Visit = s
	return err
}

func day(s string, into *string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return errors.New("it is not a day, as 2026-11-24")
	}
	*into = s
	return nil
}

func (o *outgoing) setClass(s string) error {
	n := daylightv1.ConfidentialityClass_value["CONFIDENTIALITY_CLASS_"+strings.ToUpper(s)]
	if n == 0 {
		return errors.New("it is none of PUBLIC, AUTHORITY, INTERNAL, RESTRICTED and SEALED")
	}
	o.options.UpTo = daylightv1.ConfidentialityClass(n)
	return nil
}

func (o *outgoing) setSeparator(s string) error {
	of := map[string]rune{",": ',', ";": ';', "tab": '\t', "comma": ',', "semicolon": ';'}
	if o.separator = of[s]; o.separator == 0 {
		return errors.New("it is none of comma, semicolon and tab")
	}
	return nil
}

// csv writes a folder.
func (o *outgoing) csv(from report.Source) (counts report.Counts, err error) {
	return folderOf(o.path, func(part string) (report.Counts, error) {
		return report.Tables(from, o.options, report.CSV{Dir: part, Separator: o.separator})
	})
}

// xlsx writes a workbook.
func (o *outgoing) xlsx(from report.Source) (counts report.Counts, err error) {
	err = bookOf(o.path, func(book *report.Workbook) (about [][]any, err error) {
		counts, err = report.Tables(from, o.options, book)
		counts.Cut = book.Cut()
		return aboutLines(counts, o.options), err
	})
	return counts, err
}

// aboutLines say on the workbook's first sheet what it holds and what not.
func aboutLines(n report.Counts, o report.Options) (out [][]any) {
	out = append(out, []any{"records", n.Total()})
	for _, l := range leftOut(n) {
		out = append(out, []any{l.what, l.n})
	}
	for _, narrowed := range [][2]string{{"visit", o.Visit}, {"from", o.From}, {"to", o.To}} {
		if narrowed[1] != "" {
			out = append(out, []any{narrowed[0], narrowed[1]})
		}
	}
	return out
}

func (o *outgoing) jsonLines(from report.Source) (counts report.Counts, err error) {
	_, err = written(o.path, func(w io.Writer) error {
		buffer := bufio.NewWriter(w)
		counts, err = report.JSON(from, o.options, buffer)
		return errors.Join(err, buffer.Flush())
	})
	return counts, err
}

// left is a number of records that were left out, and why.
type left struct {
	key, what string
	n         int
}

func leftOut(n report.Counts) []left {
	return []left{
		{"confidential", "left out, because their class is above the one that was asked for", n.Confidential},
		{"consent", "left out, because somebody did not agree to it or took it back", n.Unconsented},
		{"removed", "left out, because they were removed or joined to another", n.Removed},
	}
}

func (o *outgoing) tell(n report.Counts) {
	if o.json {
		kinds := map[string]int{}
		for k, some := range n.Records {
			kinds[k.String()] = some
		}
		o.print(map[string]any{"out": o.path, "format": o.format, "records": n.Total(), "kinds": kinds, "left_out": leftByKey(leftOut(n)), "cut": n.Cut})
		return
	}
	o.say("Wrote %s to %s. It is not encrypted.", numbered(n.Total(), "record", "records"), o.path)
	o.tellLeft(leftOut(n), "record was", "records were")
	o.tellCut(n.Cut, "CSV and JSON have")
}
