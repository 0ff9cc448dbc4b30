package main

import (
	"context"
	"encoding/json"
	"flag"

	"github.com/daylight-npm/daylight/server"
)

// rescueTake takes what daylight rescue wrote.
func rescueTake(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 1, func(o operator, rest []string) error {
		p, err := c.file(rest, "rescued file")
		if err != nil {
			return err
		}
		defer p.Close()
		r, err := o.send(ctx, localURL+server.RescuePath, p, "rescued file")
		if err != nil {
			return err
		}
		defer r.Body.Close()
		var t server.BundleTaken
		if err := json.NewDecoder(r.Body).Decode(&t); err != nil {
			return err
		}
		if c.json {
			c.print(t)
		}
		if t.Restored {
			return problems("nothing of the file was taken: the office was restored from a backup, and the device had not heard of it",
				"Keep the file and the device's folder. If the folder can still be unlocked, let the device sync instead.")
		}
		if !c.json {
			c.saysCounts(t, "whoever wrote them is shut out, or may not see what they change")
			if len(t.TurnedAway) == 0 {
				c.say("Destroy the rescued file, and its copies, once daylightd check finds nothing.")
			}
		}
		switch {
		case len(t.TurnedAway) > 0:
			return problems(numbered(len(t.TurnedAway), "batch of changes was", "batches of changes were")+" not taken; the others were",
				"Keep the file and the device's folder. A certificate that has ended, or a seal that is missing, is for whoever looks after the server.")
		case t.Held > 0:
			return problems(numbered(t.Held, "change is", "changes are")+" held for a person", "")
		}
		return nil
	})
}
