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
	"github.com/daylight-npm/daylight/server"
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
	s, _, err := c.open(ctx, *data, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	d := directory.New(s.File(), time.Now, rand.Reader)
	made, err := makeOffice(ctx, d, &daylightv1.Office{Name: *name, Model: daylightv1.NpmModel(kind), SecondApproval: *second}, *admin)
	if err != nil {
		return err
	}
	office, person, root, recovery := made.office, made.admin, made.root, made.recovery
	srv, err := server.New(server.Config{Store: s})
	if err != nil {
		return err
	}
	in, err := srv.LetIn(ctx, server.LetInAsked{Person: person.Id})
	if err != nil {
		return explainOurs(err)
	}
	if c.json {
		c.print(withLink(map[string]any{"office": office.Name, "admin": person.Id, "root_key": root.Secret(), "recovery_key": recovery.Secret()}, in))
		return nil
	}
	c.say("%s is made. From now on the server asks everybody who they are.\n", office.Name)
	c.say("Two keys are shown now and never again. Write each down twice, and keep both away from this\nmachine: whoever has them can undo every protection of the office.\n")
	c.say("  root key      %s\n  recovery key  %s\n", root.Secret(), recovery.Secret())
	c.say("%s (%s) is its administrator. Next: start daylightd serve, then open\n\n  %s\n", person.Name, person.Id, in.Link)
	c.say("there (with another --listen or --public, its address and /welcome, and type %s).\nIt works once, until %s; daylightd user signin makes another. For a device of theirs:\n  daylightd device invite --data %s %s",
		in.Code, moment(in.Until), *data, person.Id)
	return nil
}

// madeOffice is an office that has just been made, with the two keys that are shown once.
type madeOffice struct {
	office   *daylightv1.Office
	admin    *daylightv1.Person
	root     compartment.RootKey
	recovery compartment.RecoveryKey
}

// makeOffice makes the keys of an office, and the office with its first administrator.
func makeOffice(ctx context.Context, d *directory.Directory, office *daylightv1.Office, admin string) (made madeOffice, err error) {
	if made.root, err = compartment.NewRootKey(); err != nil {
		return made, err
	}
	if made.recovery, err = compartment.NewRecoveryKey(false); err != nil {
		return made, err
	}
	bundles, err := age.GenerateX25519Identity()
	if err != nil {
		return made, err
	}
	office.RootKey, office.RecoveryRecipient, office.BundleRecipient = made.root.Public(), made.recovery.Recipient(), bundles.Recipient().String()
	made.office, made.admin, err = d.Make(ctx, directory.Setup{
		Office: office, BundleIdentity: bundles.String(), Admin: &daylightv1.Person{Name: admin},
	}, directory.By{Call: "daylightd init"})
	if err != nil {
		return made, explainOurs(err)
	}
	return made, nil
}
