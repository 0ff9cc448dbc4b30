package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func listCommand() command {
	return command{
		name: "list", args: "[KIND]", least: 0, most: 1,
		line: "list the records that are here",
		long: `One line for each record: the end of its id, its title or name, its state, and
marks: unsent (the office does not have all that was written here), passing (a
team-mate's change to it is not yet at the office), conflict, waiting (it refers to a
record that is not here), incomplete (only a part has come), removed, merged (into
another record), circular (two were merged crosswise). Without KIND, records of all kinds.
The order is that in which they came to this device. With --open
there is a column more: the first line of what is sealed, where this device can open it.`,
		prepare: prepareList,
	}
}

func prepareList(fs *flag.FlagSet) action {
	var f clientsync.Filter
	visit := fs.String("visit", "", "only what belongs to the visit with this `ID`")
	facility := fs.String("facility", "", "only what belongs to the facility with this `ID`")
	fs.StringVar(&f.Text, "text", "", "only records that contain `WORDS`")
	fs.BoolVar(&f.IncludeRemoved, "removed", false, "also removed records, and those that were merged into others")
	fs.BoolVar(&f.IncludeIncomplete, "incomplete", false, "also records of which only a part has come")
	fs.BoolVar(&f.OnlyUnsent, "unsent", false, "only what the office does not have yet")
	fs.BoolVar(&f.OnlyConflicts, "conflicts", false, "only records with a conflict")
	open := fs.Bool("open", false, "also the first line of what is sealed, where it opens")
	return func(ctx context.Context, c *call, args []string) (err error) {
		if len(args) > 0 {
			if f.Kind, err = parseKind(args[0]); err != nil {
				return err
			}
		}
		if *open && f.Kind != 0 && !clientsync.Sealed(f.Kind) {
			return wrongUse("list: a "+f.Kind.String()+" seals nothing that could be opened", "Leave --open out.")
		}
		if _, err := c.open(ctx); err != nil {
			return err
		}
		if f.Visit, err = c.named(ctx, clientsync.KindVisit, *visit); err != nil {
			return err
		}
		if f.Facility, err = c.named(ctx, clientsync.KindFacility, *facility); err != nil {
			return err
		}
		return c.list(ctx, f, *open)
	}
}

// named is the whole id for a part of it; empty stays empty.
func (c *call) named(ctx context.Context, kind clientsync.Kind, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	item, err := c.find(ctx, kind, id)
	return item.ID, err
}

func (c *call) list(ctx context.Context, f clientsync.Filter, open bool) error {
	items := []any{}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	rows := 0
	for item, err := range c.client.List(ctx, f) {
		if err != nil {
			return err
		}
		var o opened
		if open {
			if o, err = c.opened(ctx, item); err != nil {
				return err
			}
		}
		switch {
		case c.json && open && clientsync.Sealed(item.Kind):
			items = append(items, c.openedJSON(item, o))
		case c.json:
			items = append(items, c.itemJSON(item))
		default:
			rows++
			listRow(table, rows, item, o, open)
		}
	}
	if c.json {
		return writeJSON(c.out, items)
	}
	if rows == 0 {
		fmt.Fprintln(c.err, "There is nothing here that fits. \"daylight sync\" brings what others wrote.")
	}
	return table.Flush()
}

// listRow writes the head, before the first one, and a line. No cell is empty, so that a
// script can count columns.
func listRow(w io.Writer, n int, item clientsync.Item, o opened, open bool) {
	head := []string{"ID", "KIND", "TITLE", "STATE", "MARKS"}
	cells := []string{short(item.ID), item.Kind.String(), titleOf(item.Message), stateOf(item.Message), strings.Join(marks(item), ",")}
	if open {
		head = append(head, "CONTENT")
		said := ""
		if front := o.values[1]; front.Content != nil {
			said = firstLine(front.Content)
		}
		cells = append(cells, said)
	}
	for i := range cells {
		cells[i] = dash(cells[i])
	}
	if n == 1 {
		fmt.Fprintln(w, strings.Join(head, "\t"))
	}
	fmt.Fprintln(w, strings.Join(cells, "\t"))
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// titleOf is what people call a record: the first of these that has something in it,
// cut to one line; else how much of it is sealed.
func titleOf(m clientsync.Message) string {
	for _, name := range []string{"title", "names", "labels", "narrative", "aims", "code", "planned_start", "pseudonym"} {
		if text := textOf(m, name); text != "" {
			return oneLine(text)
		}
	}
	return clientsync.SealedWords(m)
}

// textOf reads a text field; of a map it is the text in English, or else the first by
// language.
func textOf(m clientsync.Message, name string) string {
	r := m.ProtoReflect()
	f := fieldNamed(r.Descriptor(), name)
	if f == nil || !r.Has(f) {
		return ""
	}
	if !f.IsMap() {
		return r.Get(f).String()
	}
	texts := map[string]string{}
	for k, v := range r.Get(f).Map().Range {
		texts[k.String()] = v.String()
	}
	if texts["en"] != "" {
		return texts["en"]
	}
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		if texts[language] != "" {
			return texts[language]
		}
	}
	return ""
}

// stateOf is the record's state in small letters, without the name of its list.
func stateOf(m clientsync.Message) string {
	r := m.ProtoReflect()
	for _, name := range []string{"state", "severity_decided", "severity_proposed", "kind", "risk", "compartment"} {
		f := fieldNamed(r.Descriptor(), name)
		if f == nil || !r.Has(f) {
			continue
		}
		v := f.Enum().Values().ByNumber(r.Get(f).Enum())
		if v == nil {
			return fmt.Sprint(r.Get(f).Enum())
		}
		return enumWord(v)
	}
	return ""
}

// enumWord turns VISIT_STATE_PLANNED into planned.
func enumWord(v protoreflect.EnumValueDescriptor) string {
	word := strings.TrimPrefix(string(v.Name()), listPrefix(v.Parent().(protoreflect.EnumDescriptor)))
	return strings.ToLower(strings.ReplaceAll(word, "_", "-"))
}

func oneLine(s string) string {
	const most = 60
	s = clean(strings.Join(strings.Fields(s), " "))
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}
