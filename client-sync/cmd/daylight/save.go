package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func saveCommand() command {
	return command{
		name: "save", args: "KIND", least: 1, most: 1,
		line: "save a record, given as JSON on standard input",
		long: `KIND is facility, visit, finding, term, person_identity, interview_note, medical_note,
reprisal_detail or sealing_key. The JSON is protobuf JSON: one record, or an array of
records that are saved all or none. Standard output has the id of each, one on a line;
remarks about what is unusual go to standard error and never stop a save.

  no "id"               a new record
  an "id" that is here  the fields that are given replace those of the record, null
                        clears one, the others stay. A list or a map is one field:
                        give all of it.
  with --replace        the record becomes what is given: other fields are cleared
  with a "seen" token   the same, compared with what that token showed: print a
                        record with "get", change it, and save it

The id may be a part of one, as the tables show it. Nobody else's change is lost:
what was not shown to you is not written over.

  echo '{"names": {"en": "Police station 4"}}' | daylight save facility
  echo '{"id": "ID", "narrative": "..."}' | daylight save finding`,
		prepare: prepareSave,
	}
}

func prepareSave(fs *flag.FlagSet) action {
	file := fs.String("file", "", "read the JSON from `FILE`")
	replace := fs.Bool("replace", false, "the record becomes what is given; fields that are not given are cleared")
	return func(ctx context.Context, c *call, args []string) error {
		kind, err := parseKind(args[0])
		if err != nil {
			return err
		}
		c.invite(kind, *file)
		text, err := c.input(ctx, *file)
		if err != nil {
			return err
		}
		drafts, array, err := readDrafts(kind, text)
		if err != nil {
			return err
		}
		return c.save(ctx, kind, drafts, array, *replace)
	}
}

// invite tells a person at a terminal that the program waits for them.
func (c *call) invite(kind clientsync.Kind, file string) {
	if (file == "" || file == "-") && isTerminal(c.in) {
		fmt.Fprintf(c.err, "Type the %v as JSON; end with Ctrl-D on a line of its own.\n", kind)
	}
}

func (c *call) save(ctx context.Context, kind clientsync.Kind, drafts []draft, array, replace bool) error {
	client, err := c.openOrMake(ctx)
	if err != nil {
		return err
	}
	var messages []clientsync.Message
	for _, d := range drafts {
		m, err := c.meant(ctx, kind, d, replace)
		if err != nil {
			return err
		}
		messages = append(messages, m)
	}
	if err := client.Save(ctx, messages...); err != nil {
		return c.saving(err)
	}
	return c.saved(ctx, kind, messages, array)
}

// meant is the message to save: the draft itself when it is new or carries a token,
// otherwise the present record with the draft over it.
func (c *call) meant(ctx context.Context, kind clientsync.Kind, d draft, replace bool) (clientsync.Message, error) {
	id := d.message.GetId()
	if d.keeps && (id == "" || len(d.message.GetSeen()) > 0 || replace) {
		if err := c.keepSealed(ctx, kind, d); err != nil {
			return nil, err
		}
	}
	if id == "" || len(d.message.GetSeen()) > 0 {
		return d.message, nil
	}
	item, err := c.find(ctx, kind, id)
	switch code := clientsync.CodeOf(err); {
	case code == clientsync.NotFound && len(id) == wholeID:
		return d.message, nil
	case err != nil:
		return nil, err
	case replace:
		setField(d.message, "id", protoreflect.ValueOfString(item.ID))
		setField(d.message, "seen", protoreflect.ValueOfBytes(item.Message.GetSeen()))
		return d.message, nil
	}
	return d.over(item.Message), nil
}

func setField(m clientsync.Message, name protoreflect.Name, v protoreflect.Value) {
	r := m.ProtoReflect()
	r.Set(r.Descriptor().Fields().ByName(name), v)
}

// saving adds what to do when the same person wrote in another window.
func (c *call) saving(err error) error {
	var stale *clientsync.StaleError
	if errors.As(err, &stale) {
		return fail(clientsync.Conflicting, stale.Field+" was changed on this device after this was read; nothing was saved",
			"Read the record again with daylight get "+short(stale.Present.ID)+" and repeat the change.")
	}
	return err
}

// saved answers with ids, or with the records as they are now.
func (c *call) saved(ctx context.Context, kind clientsync.Kind, messages []clientsync.Message, array bool) error {
	if c.json {
		items := []itemJSON{}
		for _, m := range messages {
			item, err := c.client.Get(ctx, kind, m.GetId())
			if err != nil {
				return err
			}
			items = append(items, c.itemJSON(item))
		}
		if !array {
			return writeJSON(c.out, items[0])
		}
		return writeJSON(c.out, items)
	}
	for _, m := range messages {
		fmt.Fprintln(c.out, m.GetId())
		c.remark(m, len(messages) > 1)
	}
	return nil
}

// remark prints the domain's remarks, which never stand in anybody's way.
func (c *call) remark(m clientsync.Message, among bool) {
	which := "remark: "
	if among {
		which = "remark on " + short(m.GetId()) + ": "
	}
	for _, f := range c.client.Check(m) {
		fmt.Fprintf(c.err, "%s%s: %s\n", which, f.Field, clean(f.Text))
	}
}

// listed joins names for a hint.
func listed(names []string) string { return strings.Join(names, ", ") }
