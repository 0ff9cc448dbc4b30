package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"rsc.io/qr"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func deviceInvite(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 1, func(o operator, rest []string) error {
		if len(rest) == 0 {
			return misused("whose device it will be is missing: the id of a person", c.how())
		}
		r, err := o.InviteDevice(ctx, &daylightv1.InviteDeviceRequest{Person: rest[0]})
		if err != nil {
			return err
		}
		until := time.UnixMilli(r.Until)
		if c.json {
			c.print(map[string]any{"code": r.Code, "until": until.UTC().Format(time.RFC3339)})
			return nil
		}
		picture, err := qr.Encode(strings.ReplaceAll(r.Code, "-", ""), qr.L)
		if err != nil {
			return err
		}
		c.say("%s\n%s\n\nGood once, until %s. Whoever has it can enrol a device: show it to the person alone.", drawn(picture), r.Code, until.Format("15:04"))
		return nil
	})
}

// drawn is a QR code in half blocks, light on dark or dark on light alike: the quiet
// zone is drawn too.
func drawn(code *qr.Code) string {
	const quiet = 2
	dark := func(x, y int) bool { return code.Black(x, y) }
	var b strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		for x := -quiet; x < code.Size+quiet; x++ {
			switch up, down := dark(x, y), dark(x, y+1); {
			case up && down:
				b.WriteRune(' ')
			case up:
				b.WriteRune('▄')
			case down:
				b.WriteRune('▀')
			default:
				b.WriteRune('█')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func deviceList(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	person := flags.String("person", "", "those of the person with this `id`")
	return c.onDirectory(ctx, flags, 0, func(o operator, _ []string) error {
		devices := []map[string]any{}
		for q := (&daylightv1.ListDevicesRequest{PageSize: 500, Person: *person}); ; {
			r, err := o.ListDevices(ctx, q)
			if err != nil {
				return err
			}
			for _, d := range r.Devices {
				state := strings.TrimPrefix(d.State.String(), "DEVICE_STATE_")
				c.say("%s  %-8s %-20s of %s, last seen %s; words: %s", d.Id, state, d.Label, d.Person, moment(d.LastSeen), d.Words)
				devices = append(devices, map[string]any{"id": d.Id, "state": state, "label": d.Label, "person": d.Person,
					"words": d.Words, "last_seen": moment(d.LastSeen), "last_position": d.LastPosition, "certificate_until": moment(d.CertificateUntil)})
			}
			if q.PageToken = r.NextPageToken; q.PageToken == "" {
				break
			}
		}
		if c.json {
			c.print(map[string]any{"devices": devices})
		}
		return nil
	})
}

// moment is a time for people and scripts; "never" for none.
func moment(ms int64) string {
	if ms == 0 {
		return "never"
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04 MST")
}

func deviceApprove(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 7, func(o operator, rest []string) error {
		if len(rest) < 2 {
			return misused("say which device, and the six words on its screen", c.how())
		}
		r, err := o.ApproveDevice(ctx, &daylightv1.ApproveDeviceRequest{Device: rest[0], Words: strings.Join(rest[1:], " ")})
		if err != nil {
			return err
		}
		if c.json {
			c.print(map[string]any{"id": r.Device.Id, "state": "ACTIVE"})
		}
		c.say("%s (%s) may sync now.", r.Device.Label, r.Device.Id)
		return nil
	})
}

func deviceRevoke(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 1, func(o operator, rest []string) error {
		if len(rest) == 0 {
			return misused("which device is missing: its id", c.how())
		}
		r, err := o.RevokeDevice(ctx, &daylightv1.RevokeDeviceRequest{Device: rest[0]})
		if err != nil {
			return err
		}
		if c.json {
			c.print(map[string]any{"id": r.Device.Id, "state": "REVOKED", "person": r.Device.Person, "changes": r.Changes,
				"enrolled_at": moment(r.Device.EnrolledAt), "last_pull": moment(r.LastPull),
				"readable_records": r.ReadableRecords, "last_position": r.Device.LastPosition})
		}
		c.say("%s (%s) is shut out from now on.\n%s", r.Device.Label, r.Device.Id, inventory(r))
		return nil
	})
}

// inventory says what a lost device may hold, for whoever has to judge the harm.
func inventory(r *daylightv1.RevokeDeviceResponse) string {
	d := r.Device
	lines := []string{
		fmt.Sprintf("It was enrolled at %s and last seen at %s. Its person is %s.", moment(d.EnrolledAt), moment(r.LastPull), d.Person),
		fmt.Sprintf("It has sent %d changes, all of which are kept.", r.Changes),
		fmt.Sprintf("Its person may read %d records. Any of them may be on it, as they were when it was last seen.", r.ReadableRecords),
		fmt.Sprintf("It was sent everything of that up to position %d of the log.", d.LastPosition),
		"What it has not sent is unknown.",
	}
	if d.LastPosition == 0 {
		lines[3] = "It has never been sent everything of that; it may have been sent a part."
	}
	return strings.Join(lines, "\n")
}

func accessLog(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	person := flags.String("person", "", "what the person with this `id` did")
	most := flags.Int("most", 100, "how many lines, newest first")
	return c.onDirectory(ctx, flags, 0, func(o operator, _ []string) error {
		lines := []map[string]any{}
		for q := (&daylightv1.ListAccessesRequest{Person: *person, PageSize: 500}); ; {
			r, err := o.ListAccesses(ctx, q)
			if err != nil {
				return err
			}
			for _, a := range r.Accesses {
				if len(lines) == *most {
					r.NextPageToken = ""
					break
				}
				kind := strings.TrimPrefix(a.Kind.String(), "ACCESS_KIND_")
				who := "the operator, or a stranger"
				for _, id := range []string{a.Token, a.Person} {
					if id != "" {
						who = id
					}
				}
				c.say("%s  %-10s %s: %s %s", moment(a.At), kind, who, a.Note, a.Subject)
				lines = append(lines, map[string]any{"number": a.Number, "at": a.At, "kind": kind, "person": a.Person,
					"device": a.Device, "token": a.Token, "call": a.Call, "subject": a.Subject, "note": a.Note})
			}
			if q.PageToken = r.NextPageToken; q.PageToken == "" {
				break
			}
		}
		if c.json {
			c.print(map[string]any{"accesses": lines})
		}
		return nil
	})
}
