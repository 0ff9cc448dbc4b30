package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/daylight-npm/daylight/internal/compartment"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// initOffice makes the office: its keys and its first administrator.
func initOffice(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data; made when missing")
	name := flags.String("name", "", "the office's `name`")
	model := flags.String("model", "OMBUDSMAN", "how the mechanism is set up: OMBUDSMAN, OMBUDSMAN_PLUS, SPECIALISED_BODY, MULTI_BODY or NHRI_COMMISSION")
	admin := flags.String("admin", "Administrator", "the first administrator's `name`")
	second := flags.Bool("second-approval", false, "let a second person approve each new device")
	if _, err := c.parse(flags, 0); err != nil {
		return err
	}
	kind, ok := daylightv1.NpmModel_value["NPM_MODEL_"+strings.ToUpper(*model)]
	if !ok || kind == 0 || strings.TrimSpace(*name) == "" {
		return misused("the office needs a --name, and a --model that there is", c.how())
	}
	root, err := compartment.NewRootKey()
	if err != nil {
		return err
	}
	recovery, err := compartment.NewRecoveryKey(false)
	if err != nil {
		return err
	}
	bundles, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, *data, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	d := directory.New(s.File(), time.Now, rand.Reader)
	office, person, err := d.Make(ctx, directory.Setup{
		Office: &daylightv1.Office{
			Name: *name, Model: daylightv1.NpmModel(kind), SecondApproval: *second,
			RootKey: root.Public(), RecoveryRecipient: recovery.Recipient(),
			BundleRecipient: bundles.Recipient().String(),
		},
		BundleIdentity: bundles.String(),
		Admin:          &daylightv1.Person{Name: *admin},
	}, directory.By{Call: "daylightd init"})
	if err != nil {
		return explainOurs(err)
	}
	if c.json {
		c.print(map[string]any{"office": office.Name, "admin": person.Id, "root_key": root.Secret(), "recovery_key": recovery.Secret()})
		return nil
	}
	c.say("%s is made. From now on the server asks everybody who they are.\n", office.Name)
	c.say("Two keys are shown now and never again. Write each down twice, and keep both away from this\nmachine: whoever has them can undo every protection of the office.\n")
	c.say("  root key      %s\n  recovery key  %s\n", root.Secret(), recovery.Secret())
	c.say("%s (%s) is its administrator. Next: start daylightd serve, then\n  daylightd device invite --data %s %s", person.Name, person.Id, *data, person.Id)
	return nil
}
