package clientsync

import (
	"context"
	"errors"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// Save writes what the messages change against what their tokens showed, all or
// nothing, and brings each message to what is now shown, with a new token. Records
// and elements that have no id get one. When it returns nil, a power cut loses
// nothing of it; it never waits for the network.
//
// An error of code Invalid has a *Problem in its chain, one of code Conflicting a
// *StaleError with the present record. After any error the messages hold what the
// caller put there.
func (c *Client) Save(ctx context.Context, messages ...Message) error {
	seen := map[string]bool{}
	for _, m := range messages {
		if err := record.FillIDs(m, c.idFor); err != nil {
			return explain(&record.Problem{Text: err.Error()})
		}
		if err := record.Validate(m); err != nil {
			return explain(err)
		}
		if seen[m.GetId()] {
			return explain(&record.Problem{Field: "id", Text: "the same record is there twice", Hint: "save it once"})
		}
		seen[m.GetId()] = true
	}
	return c.settleIn(ctx, messages, func(b *localdb.Book, d *exchange.Device) error {
		led, err := c.led(b, messages)
		if err != nil {
			return err
		}
		return d.Save(led...)
	})
}

// led gives the messages, with the head in the team of a visit that is new.
func (c *Client) led(b *localdb.Book, messages []Message) ([]Message, error) {
	e := c.enrolment.Load()
	if e == nil {
		return messages, nil
	}
	out := slices.Clone(messages)
	for i, m := range out {
		if kind, id, err := nameOf(m); err != nil {
			return nil, err
		} else if kind == KindVisit && len(m.GetSeen()) == 0 {
			v, err := viewOf(b, kind, id)
			if err != nil {
				return nil, err
			}
			out[i] = proto.Clone(m).(Message)
			c.lead(*e, out[i], v)
		}
	}
	return out, nil
}

// Remove removes what the message's token showed; what somebody else adds
// meanwhile keeps the record visible, as a conflict. It is undone by saving the
// message without its field removed.
func (c *Client) Remove(ctx context.Context, m Message) error {
	kind, id, err := nameOf(m)
	if err != nil {
		return explain(err)
	}
	return c.settle(ctx, []Message{m}, func(d *exchange.Device) error { return d.Remove(kind, id, m.GetSeen()) })
}

// Resolve settles a conflict of m with one of its values, over all the values that
// m's token showed; m is brought to what is then shown. To settle it with another
// value, save that. What m holds otherwise is not saved.
func (c *Client) Resolve(ctx context.Context, m Message, conflict Conflict, with Value) error {
	kind, id, err := nameOf(m)
	if err != nil {
		return explain(err)
	}
	path, err := record.ParsePath(kind, conflict.Field, conflict.Key)
	if err != nil {
		return explain(&record.Problem{Field: conflict.Field, Text: err.Error()})
	}
	if path.Field == fold.FieldRemoved {
		if len(with.encoded) > 0 {
			return c.Remove(ctx, m)
		}
		return c.restore(ctx, m)
	}
	return c.settle(ctx, []Message{m}, func(d *exchange.Device) error {
		return d.Resolve(kind, id, m.GetSeen(), path, with.encoded)
	})
}

// restore clears the field removed of the record as it is stored.
func (c *Client) restore(ctx context.Context, m Message) error {
	kind, id, err := nameOf(m)
	if err != nil {
		return explain(err)
	}
	return c.settleIn(ctx, []Message{m}, func(b *localdb.Book, d *exchange.Device) error {
		v, err := viewOf(b, kind, id)
		if err != nil {
			return err
		}
		present, err := v.show()
		if err != nil {
			return err
		}
		r := present.ProtoReflect()
		r.Clear(r.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(fold.FieldRemoved)))
		return d.Save(present)
	})
}

func nameOf(m Message) (Kind, record.ID, error) {
	kind, err := record.KindOf(m)
	if err != nil {
		return 0, record.ID{}, &record.Problem{Text: err.Error()}
	}
	id, err := record.IDOf(m)
	return kind, id, err
}

func (c *Client) settle(ctx context.Context, messages []Message, do func(*exchange.Device) error) error {
	return c.settleIn(ctx, messages, func(_ *localdb.Book, d *exchange.Device) error { return do(d) })
}

// settleIn writes, and brings the messages to what is then shown. They are touched
// only when everything is on the disk.
func (c *Client) settleIn(ctx context.Context, messages []Message, do func(*localdb.Book, *exchange.Device) error) error {
	views := make([]*view, len(messages))
	dropped := 0
	err := c.write(ctx, func(b *localdb.Book, d *exchange.Device) error {
		if err := do(b, d); err != nil {
			return err
		}
		if hasVisit(messages) {
			var err error
			if dropped, err = dropHandedIn(b); err != nil {
				return err
			}
		}
		for i, m := range messages {
			kind, id, err := nameOf(m)
			if err != nil {
				return err
			}
			if views[i], err = viewOf(b, kind, id); err != nil {
				return err
			}
		}
		return nil
	})
	var stale *record.StaleError
	if errors.As(err, &stale) {
		return c.staleError(ctx, stale, messages)
	}
	if err != nil {
		return explain(err)
	}
	if dropped > 0 {
		if err := c.sweep(ctx); err != nil { // the next sync tries again
			c.config.Log.Warn("keys of a visit that was handed in could not be swept out of the file yet", "error", err)
		}
	}
	for i, m := range messages {
		proto.Reset(m)
		if err := record.ShowIn(m, views[i].id, views[i].state, views[i].names); err != nil {
			return explainDisk(err)
		}
	}
	return nil
}

// staleError adds the record as it is now.
func (c *Client) staleError(ctx context.Context, stale *record.StaleError, messages []Message) error {
	at := &StaleError{Field: stale.Field}
	if kind, id, err := nameOf(c.staleOne(ctx, messages)); err == nil {
		at.Present, _ = c.Get(ctx, kind, id.String())
	}
	return rpcerr.E(Conflicting, stale.Field+": you changed this in another window after this one was opened; nothing was saved, the text is still on the screen",
		"Look at the present record and enter the change again.", at)
}

// errTried undoes a save that was only tried.
var errTried = errors.New("only tried")

// staleOne finds out which of several messages it was.
func (c *Client) staleOne(ctx context.Context, messages []Message) Message {
	for _, m := range messages[1:] {
		err := c.db.Write(ctx, func(b *localdb.Book) error {
			d, err := exchange.NewDevice(b, c.env())
			if err == nil {
				err = d.Save(m)
			}
			return errors.Join(err, errTried)
		})
		if stale := (*record.StaleError)(nil); errors.As(err, &stale) {
			return m
		}
	}
	return messages[0]
}
