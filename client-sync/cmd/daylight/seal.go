package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// unreadContent is the remark on content that stands in the place of what nobody here
// has read.
const unreadContent = "this device cannot open what was sealed here before; the content that was given stands in its place, and the earlier one in the history"

// contentGiven is what was typed; nil where nothing was, or null.
func (d draft) contentGiven() proto.Message {
	if d.content == nil {
		return nil
	}
	return d.content.message
}

// front is the value of what a record seals that is shown, nil where it seals nothing.
func (c *call) front(ctx context.Context, kind clientsync.Kind, id string) (*clientsync.SealedValue, error) {
	item, err := c.find(ctx, kind, id)
	if err != nil || clientsync.SealedWords(item.Message) == "" {
		return nil, err
	}
	values, err := c.client.OpenSealed(ctx, kind, item.ID)
	if err != nil || len(values) == 0 {
		return nil, err
	}
	return &values[0], nil
}

// sealedOver is a record with a draft over it, and the content of the draft over the
// content that is there, as far as that opens here.
func (c *call) sealedOver(ctx context.Context, item clientsync.Item, d draft) (*saving, error) {
	out := &saving{message: d.over(item.Message), content: d.contentGiven()}
	if d.content == nil {
		return out, nil
	}
	out.settles = slices.ContainsFunc(item.Conflicts, ofSealed)
	if out.content == nil {
		r := out.message.ProtoReflect()
		r.Clear(r.Descriptor().Fields().ByName(sealedField))
		return out, nil
	}
	front, err := c.front(ctx, item.Kind, item.ID)
	switch {
	case err != nil || front == nil:
	case front.Content == nil:
		out.unread = true
	default:
		overlay(d.content.given, out.content.ProtoReflect(), front.Content.ProtoReflect())
		out.content = front.Content
	}
	return out, err
}

func ofSealed(k clientsync.Conflict) bool { return k.Field == sealedField }

// write saves those without content together, and then each with content by itself.
func (c *call) write(ctx context.Context, kind clientsync.Kind, all []*saving, array bool) error {
	var plain []clientsync.Message
	var before []string
	seen := map[string]bool{}
	for i, s := range all {
		id := s.message.GetId()
		if id != "" && seen[id] {
			return unreadable(fmt.Sprintf("record %d: the same record is there twice", i+1), "Save it once.")
		}
		if seen[id] = true; s.content == nil {
			plain = append(plain, s.message)
		}
	}
	if len(plain) > 0 {
		if err := c.client.Save(ctx, plain...); err != nil {
			return c.stale(err)
		}
	}
	for _, m := range plain {
		before = append(before, m.GetId())
	}
	for i, s := range all {
		if s.content == nil {
			continue
		}
		if err := c.seal(ctx, kind, s); err != nil {
			if err = c.stale(err); array {
				err = notAll(err, i+1, before)
			}
			return err
		}
		before = append(before, s.message.GetId())
	}
	return nil
}

// seal saves one record with its content. Content that is the shown one of several
// changes nothing: where it was given over all of them, that one is taken.
func (c *call) seal(ctx context.Context, kind clientsync.Kind, s *saving) error {
	if err := c.client.SaveSealed(ctx, s.message, s.content); err != nil || !s.settles {
		return err
	}
	item, err := c.client.Get(ctx, kind, s.message.GetId())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(item.Conflicts, ofSealed)
	if i < 0 {
		return nil
	}
	s.message = item.Message
	return c.client.Resolve(ctx, s.message, item.Conflicts[i], item.Conflicts[i].Values[0])
}

// notAll says what of an array was saved before one record could not be.
func notAll(err error, n int, before []string) error {
	var ours *clientsync.Error
	if !errors.As(err, &ours) {
		return err
	}
	hint := "None was saved before it."
	if len(before) > 0 {
		hint = "Saved before it: " + listed(before) + "."
	}
	if ours.Hint != "" {
		hint = upper(ours.Hint) + "\n" + hint
	}
	message := strings.Replace(ours.Message, "nothing was saved", "it was not saved, nor those behind it", 1)
	return &clientsync.Error{Code: ours.Code, Message: fmt.Sprintf("record %d: %s", n, message), Hint: hint, Cause: err}
}
