package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// makeOffice lets the store be one that knows people.
func makeOffice(ctx context.Context, s *store.Store) error {
	root, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	_, _, err = directory.New(s.File(), time.Now, rand.Reader).Make(ctx, directory.Setup{
		Office: &daylightv1.Office{Name: "Bench", RootKey: root}, Admin: &daylightv1.Person{Name: "Administrator"},
	}, directory.By{})
	return err
}

// hire adds the person whose all devices are.
func (o *office) hire(ctx context.Context, srv *server.Server, as string) error {
	role, known := daylightv1.OfficeRole_value["OFFICE_ROLE_"+as]
	if !known {
		return fmt.Errorf("%q is not a role", as)
	}
	url, stop, err := listen(srv.Local())
	if err != nil {
		return err
	}
	was := o.stop
	o.stop = func() { stop(); was() }
	o.operator = daylightv1connect.NewDirectoryServiceClient(newWire().client(), url)
	r, err := o.operator.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: &daylightv1.Person{
		Name: "Monitor", Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole(role)}},
	}})
	o.person = r.GetPerson().GetId()
	return err
}

func (o *office) enrol(ctx context.Context, c *clientsync.Client) error {
	r, err := o.operator.InviteDevice(ctx, &daylightv1.InviteDeviceRequest{Person: o.person})
	if err != nil {
		return err
	}
	_, err = c.Enrol(ctx, r.Code, "bench")
	if err != nil {
		return errors.Join(err, c.Close())
	}
	return nil
}

// forMonitor puts the person into the team of each visit: a monitor sees no other.
func (o *office) forMonitor(as string, messages []record.Message) []record.Message {
	if as != "MONITOR" {
		return messages
	}
	out := make([]record.Message, len(messages))
	for i, m := range messages {
		out[i] = proto.Clone(m).(record.Message)
		if v, ok := out[i].(*daylightv1.Visit); ok {
			v.Team = append(v.Team, &daylightv1.TeamMember{Id: o.person})
		}
	}
	return out
}
