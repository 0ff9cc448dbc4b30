package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func resolveCommand() command {
	return command{
		name: "resolve", args: "ID [FIELD [KEY]]", least: 1, most: 3,
		line: "settle a conflict",
		long: `Settles one conflict with one of its values, or with another. What was not chosen
stays in the history. FIELD and KEY are as "daylight conflicts" shows them, and are
needed when the record has several. What is sealed is settled with one of its values, or
by saving new "content" over it, see "daylight help save".

  daylight resolve 8f3a1b2c narrative --take 2
  daylight resolve 8f3a1b2c narrative --text - < both.txt`,
		prepare: prepareResolve,
	}
}

// choice is how the person settles it: exactly one is set.
type choice struct {
	take         int
	mine, theirs bool
	value, text  string
	set          map[string]bool
}

func prepareResolve(fs *flag.FlagSet) action {
	var ch choice
	fs.IntVar(&ch.take, "take", 0, "take value number `N`, as conflicts shows them")
	fs.BoolVar(&ch.mine, "mine", false, "take what was written on this device")
	fs.BoolVar(&ch.theirs, "theirs", false, "take what was written on the other device")
	fs.StringVar(&ch.value, "value", "", "set another value, as protobuf `JSON`; null clears")
	fs.StringVar(&ch.text, "text", "", "set another `TEXT`; - reads it from standard input")
	return func(ctx context.Context, c *call, args []string) error {
		ch.set = given(fs)
		if err := ch.check(); err != nil {
			return err
		}
		return c.resolve(ctx, args, ch)
	}
}

func (ch choice) check() error {
	n := 0
	for _, name := range []string{"take", "mine", "theirs", "value", "text"} {
		if ch.set[name] {
			n++
		}
	}
	if n != 1 {
		return wrongUse("say how to settle it, in one way", "With one of --take N, --mine, --theirs, --value JSON, --text TEXT.")
	}
	return nil
}

func (c *call) resolve(ctx context.Context, args []string, ch choice) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	item, err := c.find(ctx, 0, args[0])
	if err != nil {
		return err
	}
	conflict, err := conflictNamed(item, args[1:])
	if err != nil {
		return err
	}
	if anew := ch.set["value"] || ch.set["text"]; anew && ofSealed(conflict) {
		return fail(clientsync.Invalid, "what is sealed is settled with one of its values, or by new content; nothing was settled",
			fmt.Sprintf(`Take one with --take N, or save new content over it with daylight save %v: {"id": "%s", "content": {...}}`, item.Kind, short(item.ID)))
	} else if anew {
		err = c.settleAnew(ctx, item, conflict, ch)
	} else {
		var v clientsync.Value
		if v, err = ch.among(item, conflict); err == nil {
			err = client.Resolve(ctx, item.Message, conflict, v)
		}
	}
	if err != nil {
		return c.stale(err)
	}
	return c.answerItem(ctx, item.Kind, item.ID, fmt.Sprintf("Settled %s of %v %s.", conflict.Field, item.Kind, short(item.ID)))
}

// conflictNamed finds the conflict that is meant by its field and key, either of
// which may be left out where there is only one.
func conflictNamed(item clientsync.Item, names []string) (clientsync.Conflict, error) {
	fits := slices.Clone(item.Conflicts)
	if len(names) > 0 {
		fits = slices.DeleteFunc(fits, func(k clientsync.Conflict) bool { return k.Field != names[0] })
	}
	if len(names) > 1 {
		key := strings.ToLower(names[1])
		fits = slices.DeleteFunc(fits, func(k clientsync.Conflict) bool {
			have := strings.ToLower(k.Key)
			return have != key && (len(key) < 4 || !strings.HasPrefix(have, key) && !strings.HasSuffix(have, key))
		})
	}
	switch {
	case len(item.Conflicts) == 0:
		return clientsync.Conflict{}, fail(clientsync.NotFound, fmt.Sprintf("%v %s has no conflict", item.Kind, short(item.ID)), "There is nothing to settle.")
	case len(fits) == 1:
		return fits[0], nil
	case len(fits) == 0:
		return clientsync.Conflict{}, fail(clientsync.NotFound, "there is no such conflict of "+item.Kind.String()+" "+short(item.ID), "Its conflicts are: "+places(item.Conflicts)+".")
	}
	return clientsync.Conflict{}, fail(clientsync.Invalid, "that could be several conflicts; nothing was settled", "Name one: "+places(fits)+".")
}

func places(conflicts []clientsync.Conflict) string {
	var out []string
	for _, k := range conflicts {
		out = append(out, strings.TrimSpace(k.Field+" "+k.Key))
	}
	return listed(out)
}

// among picks one of the values that stand against each other.
func (ch choice) among(item clientsync.Item, conflict clientsync.Conflict) (clientsync.Value, error) {
	see := fmt.Sprintf(`"daylight conflicts %s" shows them with their numbers; take one with --take N.`, short(item.ID))
	if ch.set["take"] {
		if ch.take < 1 || ch.take > len(conflict.Values) {
			return clientsync.Value{}, fail(clientsync.NotFound, fmt.Sprintf("there is no value %d; nothing was settled", ch.take), see)
		}
		return conflict.Values[ch.take-1], nil
	}
	var fits []clientsync.Value
	for _, v := range conflict.Values {
		if v.Own == ch.mine {
			fits = append(fits, v)
		}
	}
	whose := "of this device"
	if !ch.mine {
		whose = "of other devices"
	}
	if len(fits) != 1 {
		return clientsync.Value{}, fail(clientsync.Invalid, fmt.Sprintf("there are %d values %s, not one; nothing was settled", len(fits), whose), see)
	}
	return fits[0], nil
}

// settleAnew settles a conflict with a value that is none of those that stand. When
// it is the one that is shown already, saving would change nothing: that one is taken.
func (c *call) settleAnew(ctx context.Context, item clientsync.Item, conflict clientsync.Conflict, ch choice) error {
	value, err := c.newValue(ctx, ch)
	if err != nil {
		return err
	}
	m := proto.CloneOf(item.Message)
	if err := setValue(item.Kind, m, conflict, value); err != nil {
		return err
	}
	if proto.Equal(m, item.Message) {
		return c.client.Resolve(ctx, item.Message, conflict, conflict.Values[0])
	}
	return c.client.Save(ctx, m)
}

// newValue is the JSON of the value that was given.
func (c *call) newValue(ctx context.Context, ch choice) (json.RawMessage, error) {
	if ch.set["value"] {
		return json.RawMessage(ch.value), wellFormed([]byte(ch.value))
	}
	text := ch.text
	if text == "-" {
		b, err := c.input(ctx, "-")
		if err != nil {
			return nil, err
		}
		text = strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	}
	return json.Marshal(text)
}
