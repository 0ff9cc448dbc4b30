package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func saveCommand() command {
	return command{
		name: "save", args: "KIND", least: 1, most: 1,
		line: "save a record, given as JSON on standard input",
		long: `KIND is one of: ` + kindNames() + `.
The JSON is protobuf JSON: one record, or an array of records that are saved all or none.
Standard output has the id of each, one on a line; remarks about what is unusual go to
standard error and never stop a save.

  no "id"               a new record
  an "id" that is here  the fields that are given replace those of the record, null
                        clears one, the others stay. A list or a map is one field:
                        give all of it.
  with --replace        the record becomes what is given: other fields are cleared
  with a "seen" token   the same, compared with what that token showed: print a
                        record with "get", change it, and save it

The id may be a part of one, as the tables show it. Nobody else's change is lost:
what was not shown to you is not written over.

What only a few may read stands under "content", and is sealed on this device: of a
person_identity, interview_note, medical_note or reprisal_detail. Fields that are given
replace those of what is sealed, as far as this device can open it; what it cannot open
is replaced whole, with a remark. In an array, records with content are saved one after
the other, when all have been read and the others are saved: if one fails, the error
says which were saved.

  echo '{"names": {"en": "Police station 4"}}' | daylight save facility
  echo '{"id": "ID", "narrative": "..."}' | daylight save finding
  echo '{"visit_id": "ID", "content": {"text": "..."}}' | daylight save interview_note`,
		prepare: prepareSave,
	}
}

// kindNames lists the kinds, as many on a line as a terminal has room for.
func kindNames() string {
	var b strings.Builder
	at := len("KIND is one of: ")
	for i, k := range clientsync.Kinds() {
		name := k.String()
		switch {
		case i == 0:
		case at+len(name) > 84:
			b.WriteString(",\n")
			at = 0
		default:
			b.WriteString(", ")
			at += 2
		}
		b.WriteString(name)
		at += len(name)
	}
	return b.String()
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
	if _, err := c.openOrMake(ctx); err != nil {
		return err
	}
	var all []*saving
	for _, d := range drafts {
		s, err := c.meant(ctx, kind, d, replace)
		if err != nil {
			return err
		}
		s.refused = c.foreseen(s, len(drafts) > 1)
		all = append(all, s)
	}
	if err := c.write(ctx, kind, all, array); err != nil {
		return err
	}
	return c.saved(ctx, kind, all, array)
}

// saving is a record that is to be saved.
type saving struct {
	message clientsync.Message
	// content is what it is to seal; nil where that stays as it is.
	content proto.Message
	// unread: it stands in the place of what this device cannot open.
	unread bool
	// settles: it was given over all values that there are.
	settles bool
	// refused is what the office would refuse of it, and which step skips others, asked
	// before it is saved: then nothing is left to compare.
	refused []clientsync.Flag
}

// foreseen is what the office would refuse of a save, and which step skips others. Among several one may make what
// another hangs on, so what is not there yet is no remark.
func (c *call) foreseen(s *saving, among bool) (out []clientsync.Flag) {
	for _, f := range c.client.Check(s.message) {
		if f.Code == "step-skips" || strings.HasPrefix(f.Code, "access-") && !(among && f.Code == "access-missing") {
			out = append(out, f)
		}
	}
	return out
}

// meant is what to save: the draft itself when it is new or carries a token, otherwise
// the present record with the draft over it.
func (c *call) meant(ctx context.Context, kind clientsync.Kind, d draft, replace bool) (*saving, error) {
	id := d.message.GetId()
	if id == "" || len(d.message.GetSeen()) > 0 {
		return c.asTyped(ctx, kind, d)
	}
	item, err := c.find(ctx, kind, id)
	switch code := clientsync.CodeOf(err); {
	case code == clientsync.NotFound && len(id) == wholeID && !d.keeps:
		return &saving{message: d.message, content: d.contentGiven()}, nil
	case err != nil:
		return nil, err
	case replace:
		setField(d.message, "id", protoreflect.ValueOfString(item.ID))
		setField(d.message, "seen", protoreflect.ValueOfBytes(item.Message.GetSeen()))
		return c.asTyped(ctx, kind, d)
	}
	return c.sealedOver(ctx, item, d)
}

// asTyped is the draft, with what is sealed in the record now where the draft keeps it
// or has content: unchanged, it is not sealed anew.
func (c *call) asTyped(ctx context.Context, kind clientsync.Kind, d draft) (*saving, error) {
	out := &saving{message: d.message, content: d.contentGiven()}
	if out.content != nil && d.message.GetId() != "" || d.keeps && d.content == nil {
		if err := c.keepSealed(ctx, kind, d); err != nil {
			return nil, err
		}
	}
	if out.content == nil || d.message.GetId() == "" {
		return out, nil
	}
	front, err := c.front(ctx, kind, d.message.GetId())
	out.unread = front != nil && front.Content == nil
	return out, err
}

func setField(m clientsync.Message, name protoreflect.Name, v protoreflect.Value) {
	r := m.ProtoReflect()
	r.Set(r.Descriptor().Fields().ByName(name), v)
}

// stale adds what to do when the same person wrote in another window.
func (c *call) stale(err error) error {
	var stale *clientsync.StaleError
	if errors.As(err, &stale) {
		return fail(clientsync.Conflicting, stale.Field+" was changed on this device after this was read; nothing was saved",
			"Read the record again with daylight get "+short(stale.Present.ID)+" and repeat the change.")
	}
	return err
}

// saved answers with ids, or with the records as they are now.
func (c *call) saved(ctx context.Context, kind clientsync.Kind, all []*saving, array bool) error {
	if c.json {
		items := []itemJSON{}
		for _, s := range all {
			item, err := c.client.Get(ctx, kind, s.message.GetId())
			if err != nil {
				return err
			}
			out := c.itemJSON(item)
			if s.unread {
				out.Flags = append(out.Flags, toFlagJSON(clientsync.Flag{Code: "content-unread", Field: contentName, Text: unreadContent, Weight: clientsync.WeightRemark}))
			}
			for _, f := range s.refused {
				out.Flags = append(out.Flags, toFlagJSON(f))
			}
			items = append(items, out)
		}
		if !array {
			return writeJSON(c.out, items[0])
		}
		return writeJSON(c.out, items)
	}
	for _, s := range all {
		fmt.Fprintln(c.out, s.message.GetId())
		c.remark(s, len(all) > 1)
	}
	return nil
}

// remark prints the domain's remarks, which never stand in anybody's way.
func (c *call) remark(s *saving, among bool) {
	which := "remark: "
	if among {
		which = "remark on " + short(s.message.GetId()) + ": "
	}
	if s.unread {
		fmt.Fprintf(c.err, "%s%s: %s\n", which, contentName, unreadContent)
	}
	for _, f := range append(s.refused, c.client.Check(s.message)...) {
		fmt.Fprintf(c.err, "%s%s: %s\n", which, f.Field, clean(f.Text))
	}
}

// listed joins names for a hint.
func listed(names []string) string { return strings.Join(names, ", ") }
