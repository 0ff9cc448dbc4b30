package main

import (
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func historyCommand() command {
	return command{
		name: "history", args: "ID", least: 1, most: 1,
		line: "tell how a record came to be",
		long: `Says who set each value that is shown, and lists the changes that were written on
this device, and those of team-mates that are not yet at the office, the newest first.
What others wrote before that is at the office. Times are by the clock of the device
that wrote.`,
		prepare: func(*flag.FlagSet) action { return history },
	}
}

func history(ctx context.Context, c *call, args []string) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	item, err := c.find(ctx, 0, args[0])
	if err != nil {
		return err
	}
	h, err := client.History(ctx, item.Kind, item.ID)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, toHistoryJSON(item, h))
	}
	fmt.Fprintf(c.out, "%v %s  %s\n\nNow\n", item.Kind, item.ID, titleOf(item.Message))
	for _, o := range h.Current {
		showValue(c.out, "  ", placeOf(o.Field, o.Key), valueWords(o.Field, o.JSON))
		fmt.Fprintf(c.out, "      %s\n", author(o.Value))
	}
	fmt.Fprintln(c.out, "\nChanges that this device has, the newest first")
	for _, e := range h.Changes {
		who := nameOf(e.GetPerson(), e.GetDevice())
		if who == "" {
			who = "this device" // its person was never named
		}
		showEntry(c.out, "  ", who+", ", e)
	}
	if h.AtOffice {
		fmt.Fprintln(c.out, "\nOthers wrote to this record too: the office has the whole history.")
	}
	return nil
}

func placeOf(field, key string) string { return clean(strings.TrimSpace(field + " " + key)) }

// showEntry prints one change: who wrote it, where that is to be said, when, what became
// of it, and what it set.
func showEntry(w io.Writer, by, who string, e *daylightv1.HistoryEntry) {
	when := clock(time.UnixMilli(e.GetWrittenAt()))
	if e.GetClockSuspect() {
		when += " by a clock that is in doubt"
	}
	fmt.Fprintf(w, "%s%s%s  %s\n", by, who, when, decisionWords(e))
	for _, edit := range e.GetEdits() {
		showValue(w, by+"  ", placeOf(edit.GetField(), edit.GetKey()), valueWords(edit.GetField(), edit.GetJson()))
	}
}

// showValue prints a value behind its place, a text of several lines below it.
func showValue(w io.Writer, by, place, value string) {
	if !strings.Contains(value, "\n") {
		fmt.Fprintf(w, "%s%s: %s\n", by, place, value)
		return
	}
	fmt.Fprintf(w, "%s%s:\n%s", by, place, indented(by+"    ", value))
}

// decisionWords says what the office answered.
func decisionWords(e *daylightv1.HistoryEntry) string {
	decision := strings.ToLower(e.GetDecision())
	word := map[string]string{
		"": "not yet at the office", "accepted": "at the office", "refused": "not accepted by the office", "held": "waits at the office",
	}[decision]
	if word == "" {
		word = clean(decision)
	}
	if e.GetReason() != "" {
		word += " (" + clean(e.GetReason()) + ")"
	}
	return word
}

type historyJSON struct {
	Kind     string       `json:"kind"`
	ID       string       `json:"id"`
	Current  []originJSON `json:"current"`
	Changes  []entryJSON  `json:"changes"`
	AtOffice bool         `json:"at_office"`
}

type originJSON struct {
	Field        string `json:"field"`
	Key          string `json:"key,omitempty"`
	Value        any    `json:"value"`
	Writer       string `json:"writer"`
	Own          bool   `json:"own"`
	Person       string `json:"person,omitempty"`
	Device       string `json:"device,omitempty"`
	Pending      bool   `json:"pending"`
	Written      string `json:"written"`
	ClockSuspect bool   `json:"clock_suspect"`
}

type entryJSON struct {
	Position     uint64     `json:"position"`
	Writer       string     `json:"writer"`
	Seq          uint64     `json:"seq"`
	Person       string     `json:"person"`
	Device       string     `json:"device"`
	Written      string     `json:"written"`
	Received     string     `json:"received"`
	ClockSuspect bool       `json:"clock_suspect"`
	Decision     string     `json:"decision"`
	Reason       string     `json:"reason"`
	Edits        []editJSON `json:"edits"`
}

type editJSON struct {
	Field string `json:"field"`
	Key   string `json:"key,omitempty"`
	Value any    `json:"value"`
}

func toHistoryJSON(item clientsync.Item, h clientsync.History) historyJSON {
	out := historyJSON{item.Kind.String(), item.ID, []originJSON{}, toEntriesJSON(h.Changes), h.AtOffice}
	for _, o := range h.Current {
		out.Current = append(out.Current, originJSON{
			o.Field, o.Key, rawJSON(o.JSON), o.Writer, o.Own, o.Person, o.Device, o.Pending, stamp(o.Written), o.ClockSuspect,
		})
	}
	return out
}

func toEntriesJSON(entries []*daylightv1.HistoryEntry) []entryJSON {
	out := []entryJSON{}
	for _, e := range entries {
		edits := []editJSON{}
		for _, x := range e.GetEdits() {
			edits = append(edits, editJSON{x.GetField(), x.GetKey(), rawJSON(x.GetJson())})
		}
		out = append(out, entryJSON{
			e.GetPosition(), hex.EncodeToString(e.GetWriter()), e.GetSeq(), e.GetPerson(), e.GetDevice(),
			milli(e.GetWrittenAt()), milli(e.GetReceivedAt()),
			e.GetClockSuspect(), e.GetDecision(), e.GetReason(), edits,
		})
	}
	return out
}

// milli is a time of the log for scripts; 0 is none.
func milli(ms int64) string {
	if ms == 0 {
		return ""
	}
	return stamp(time.UnixMilli(ms))
}
