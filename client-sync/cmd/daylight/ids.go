package main

import (
	"context"
	"fmt"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// short is how an id is shown to a person: its end, because the ids of one hour
// begin alike.
func short(id string) string { return id[max(0, len(id)-8):] }

const wholeID = 36

// find gives the record that an id names: the whole id, or a beginning or end of it
// that only one record has. kind 0 looks among all.
func (c *call) find(ctx context.Context, kind clientsync.Kind, id string) (clientsync.Item, error) {
	text := strings.ToLower(strings.TrimSpace(id))
	if len(text) == wholeID {
		return c.findWhole(ctx, kind, text)
	}
	if len(text) < 4 {
		return clientsync.Item{}, wrongUse(quoted(id)+" is too short for an id", "Give at least four characters of its beginning or end.")
	}
	var found []clientsync.Item
	all := clientsync.Filter{Kind: kind, IncludeRemoved: true, IncludeIncomplete: true}
	for item, err := range c.client.List(ctx, all) {
		if err != nil {
			return clientsync.Item{}, err
		}
		if strings.HasPrefix(item.ID, text) || strings.HasSuffix(item.ID, text) {
			found = append(found, item)
		}
	}
	switch len(found) {
	case 0:
		return clientsync.Item{}, notHere(kind, id)
	case 1:
		return found[0], nil
	}
	return clientsync.Item{}, ambiguous(id, found)
}

func (c *call) findWhole(ctx context.Context, kind clientsync.Kind, id string) (clientsync.Item, error) {
	for _, k := range clientsync.Kinds() {
		if kind != 0 && kind != k {
			continue
		}
		item, err := c.client.Get(ctx, k, id)
		if code := clientsync.CodeOf(err); err == nil || code != clientsync.NotFound && code != clientsync.Invalid {
			return item, err
		}
	}
	return clientsync.Item{}, notHere(kind, id)
}

func notHere(kind clientsync.Kind, id string) error {
	what, hint := "record", `"daylight list" shows what is here; "daylight sync" brings what others wrote.`
	if kind != 0 {
		what = kind.String()
	}
	return fail(clientsync.NotFound, "there is no "+what+" "+quoted(id)+" on this device", hint)
}

// ambiguous lists the candidates by id, never by what they say.
func ambiguous(id string, found []clientsync.Item) error {
	const most = 8
	var hint strings.Builder
	hint.WriteString("Give more of the id:")
	for i, item := range found {
		if i == most {
			fmt.Fprintf(&hint, "\n... and %d more", len(found)-most)
			break
		}
		fmt.Fprintf(&hint, "\n%v %s", item.Kind, item.ID)
	}
	return fail(clientsync.Invalid, fmt.Sprintf("%s names %d records", quoted(id), len(found)), hint.String())
}

// kindNamed reads a kind as people write it, also in the plural, and with a dash.
func kindNamed(s string) (clientsync.Kind, bool) {
	s = strings.ReplaceAll(strings.ToLower(s), "-", "_")
	for _, k := range clientsync.Kinds() {
		one := k.String()
		if s == one || s == one+"s" || s == strings.TrimSuffix(one, "y")+"ies" {
			return k, true
		}
	}
	return 0, false
}

func parseKind(s string) (clientsync.Kind, error) {
	if k, ok := kindNamed(s); ok {
		return k, nil
	}
	var names []string
	for _, k := range clientsync.Kinds() {
		names = append(names, k.String())
	}
	return 0, wrongUse("there is no kind "+quoted(s), didYouMean("", s, names, "The kinds are: "+strings.Join(names, ", ")+"."))
}
