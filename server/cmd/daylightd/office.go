package main

import (
	"context"
	"crypto/ed25519"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/daylight-npm/daylight/internal/compartment"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// officeShow prints what the office agrees on, with the public halves of its keys.
func officeShow(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 0, func(o operator, _ []string) error {
		r, err := o.GetOffice(ctx, &daylightv1.GetOfficeRequest{})
		if err != nil {
			return err
		}
		kept, err := o.GetReaders(ctx, &daylightv1.GetReadersRequest{})
		if err != nil {
			return err
		}
		office, root := r.GetOffice(), ed25519.PublicKey(r.GetOffice().GetRootKey())
		list := compartment.RootWords(root)
		words := strings.Join(list[:], " ")
		if c.json {
			c.print(map[string]any{
				"name": office.GetName(), "model": modelOf(office), "second_approval": office.GetSecondApproval(), "certificate_days": certificateDays(office),
				"root_key": compartment.PublicRoot(root), "root_words": words,
				"recovery_recipient": office.GetRecoveryRecipient(), "bundle_recipient": office.GetBundleRecipient(),
				"readers_version": kept.GetVersion(), "revision": office.GetRevision(),
			})
			return nil
		}
		c.say("%s (%s)", office.GetName(), modelOf(office))
		c.say("  certificates last    %s", numbered(int(certificateDays(office)), "day", "days"))
		c.say("  second approval      %s", map[bool]string{true: "yes: another person lets each new device in", false: "no"}[office.GetSecondApproval()])
		c.say("  list of readers      %s", readersAre(kept.GetVersion()))
		c.say("  root key             %s", compartment.PublicRoot(root))
		c.say("  its words            %s", words)
		c.say("  recovery key         %s", orNone(office.GetRecoveryRecipient()))
		c.say("  key for bundles      %s", orNone(office.GetBundleRecipient()))
		if kept.GetVersion() > 0 && !strings.Contains(string(kept.GetSigned()), "\nrecovery "+office.GetRecoveryRecipient()+"\n") {
			c.say("\nThe list of readers names another recovery key: devices take this one once a list with it is signed and taken.")
		}
		return nil
	})
}

// officeRecovery gives the office another recovery key.
func officeRecovery(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 1, func(o operator, rest []string) error {
		to, err := c.recipient(rest)
		if err != nil {
			return err
		}
		r, err := o.GetOffice(ctx, &daylightv1.GetOfficeRequest{})
		if err != nil {
			return err
		}
		if r.GetOffice().GetRecoveryRecipient() == to {
			c.saysRecovery(to)
			c.say("It is the office's recovery key already; nothing was changed.")
			return nil
		}
		r.Office.RecoveryRecipient = to
		if _, err := o.SaveOffice(ctx, &daylightv1.SaveOfficeRequest{Office: r.GetOffice()}); err != nil {
			return err
		}
		c.saysRecovery(to)
		c.say("The office has another recovery key. Devices do not take it from the server alone: have the next list of\n" +
			"readers written, sign it, and take it. Keep the earlier key: what was wrapped before opens with that.\n  daylightd readers propose --data DIR LIST")
		return nil
	})
}

func (c *call) saysRecovery(to string) {
	if c.json {
		c.print(map[string]any{"recovery_recipient": to})
	}
}

// recipient reads the public half that the command names, which fills a page where it is
// hybrid: - reads it from the standard input. A secret is not sent anywhere.
func (c *call) recipient(rest []string) (string, error) {
	const most = 8 << 10
	if len(rest) == 0 {
		return "", misused("the public half of the recovery key is missing", c.how())
	}
	to := rest[0]
	if to == "-" {
		b, err := io.ReadAll(io.LimitReader(c.stdin, most))
		if err != nil {
			return "", failed("the public half could not be read: "+err.Error(), "")
		}
		to = strings.TrimSpace(string(b))
	}
	if err := compartment.CheckRecipient(to); err != nil {
		return "", failed("this is not the public half of a recovery key; nothing was changed",
			"It begins with age1 or age1pq1, as daylight office new-key recovery showed it. If you gave the secret half, make another key: it was on this machine.")
	}
	return to, nil
}

func modelOf(o *daylightv1.Office) string {
	return strings.TrimPrefix(o.GetModel().String(), "NPM_MODEL_")
}

func certificateDays(o *daylightv1.Office) uint32 {
	if n := o.GetCertificateDays(); n > 0 {
		return n
	}
	return 90
}

func readersAre(version uint64) string {
	if version == 0 {
		return "none yet: nobody can be let read what devices seal"
	}
	return fmt.Sprintf("version %d", version)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
