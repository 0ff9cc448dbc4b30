package clientsync

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Refusal is something that was written here and that the office did not accept.
// It stays readable until a person dismisses it. Several steps on the same field
// that lost the same race are one refusal.
type Refusal struct {
	// Number names it for Dismiss.
	Number uint64
	// Kind and ID name the record; of a change to several, the first.
	Kind Kind
	ID   string
	// Reason is stable, as "stale"; Text says it to a person.
	Reason, Text string
	// Written is when the last of its changes was written.
	Written time.Time
	// Changes are what was refused, oldest first.
	Changes []*daylightv1.HistoryEntry

	numbers []uint64
	path    fold.Path
}

// Refused lists what the office refused and nobody has dismissed.
func (c *Client) Refused(ctx context.Context) (out []Refusal, err error) {
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		out, err = c.refusals(b)
		return err
	})
	return out, explainDisk(err)
}

// Held lists what was written here and waits for a person at the office to admit it: they
// have it, and show it to nobody meanwhile. What is of a record that this device's person
// may no longer see has no Changes once the content was taken from here.
func (c *Client) Held(ctx context.Context) (out []Refusal, err error) {
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		entries, err := b.Held()
		if err != nil {
			return err
		}
		for _, e := range entries {
			r := Refusal{Number: e.Number, ID: e.Records[0].String(), Written: timeOf(e.Time)}
			if len(e.Payload) > 0 {
				if r, err = c.refusal(b, e); err != nil {
					return err
				}
			}
			r.Reason, r.Text = "held", heldText
			out = append(out, r)
		}
		return nil
	})
	return out, explainDisk(err)
}

const heldText = "You may no longer change this record. The office has what you wrote and shows it to nobody until a person there admits it."

func (c *Client) refusals(b *localdb.Book) (out []Refusal, err error) {
	entries, err := b.Refused()
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		r, err := c.refusal(b, e)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(out, r.sameRace); i >= 0 {
			out[i].Number, out[i].Written = r.Number, r.Written
			out[i].Changes = append(out[i].Changes, r.Changes...)
			out[i].numbers = append(out[i].numbers, r.numbers...)
			continue
		}
		out = append(out, r)
	}
	return out, nil
}

func (c *Client) refusal(b *localdb.Book, e exchange.Noted) (Refusal, error) {
	r := Refusal{
		Number: e.Number, ID: e.Records[0].String(), Reason: word(e.Reason.String(), "REASON_"),
		Text: reasonText(e.Reason), Written: timeOf(e.Time), numbers: []uint64{e.Number},
	}
	change, err := journal.DecodeChange(e.Payload)
	if err != nil {
		return r, err
	}
	for _, rec := range change.Records {
		if rec.ID != e.Records[0] {
			continue
		}
		r.Kind = rec.Kind
		if len(rec.Edits) == 1 && len(change.Records) == 1 {
			r.path = rec.Edits[0].Path
			if e.Reason == exchange.Denied {
				if r.Text, err = deniedText(b, rec); err != nil {
					return r, err
				}
			}
		}
	}
	h, err := c.tell(e, e.Records[0])
	r.Changes = append(r.Changes, h)
	return r, err
}

// sameRace reports whether r is a further step on the guarded field that o is
// about.
func (r Refusal) sameRace(o Refusal) bool {
	rule, ok := record.RuleOf(r.Kind, r.path.Field)
	return ok && rule == record.Guarded && r.ID == o.ID && r.path == o.path && r.Reason == o.Reason
}

// Dismiss puts a refusal away, by its Number, with all of its changes. They stay
// in the record's history.
func (c *Client) Dismiss(ctx context.Context, number uint64) error {
	err := c.db.Write(ctx, func(b *localdb.Book) error {
		all, err := c.refusals(b)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(r Refusal) bool { return slices.Contains(r.numbers, number) })
		if i < 0 {
			return rpcerr.E(NotFound, "there is no such refusal, or it was dismissed already", "", nil)
		}
		for _, n := range all[i].numbers {
			if err := b.Dismiss(n); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		c.watchers.tell()
	}
	return explainDisk(err)
}

// word is an enum's name without its prefix, in lower case; empty for the zero
// value.
func word(name, prefix string) string {
	name = strings.ToLower(strings.TrimPrefix(name, prefix))
	if name == "unspecified" {
		return ""
	}
	return name
}

// deniedText says of a step that the office denied where the record stands on this device
// now, and who could take it; of another change what reasonText says.
func deniedText(b *localdb.Book, r journal.RecordEdits) (string, error) {
	v, err := viewOf(b, r.Kind, r.ID)
	if err != nil {
		return "", err
	}
	step, is := exchange.StepOf(r, v.state)
	if !is || !v.state.Complete() || step.From == step.To {
		return reasonText(exchange.Denied), nil
	}
	return "The office refused this step: " + step.String() + ". It is kept here.", nil
}

// reasonText says a reason to a person.
func reasonText(r exchange.Reason) string {
	switch r {
	case exchange.Stale:
		return "Somebody else had changed this field before this change reached the office. It shows their value; yours is kept here."
	case exchange.Fixed:
		return "This field cannot be changed once the record exists. Your value is kept here."
	case exchange.TooLarge:
		return "The record would have become too large for the office. What you wrote is kept here; save it in several records."
	case exchange.OtherKind:
		return "At the office this record is of another kind. What you wrote is kept here."
	case exchange.Denied:
		return "Your roles at the office do not allow this change. What you wrote is kept here."
	case exchange.Unreadable:
		return "The office's program could not read this change. It is kept here; report it."
	}
	return "The office did not accept this change. It is kept here."
}
