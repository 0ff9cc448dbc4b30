package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
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

// hire adds a person with this role.
func (o *office) hire(ctx context.Context, name, as string) (person string, err error) {
	role, known := daylightv1.OfficeRole_value["OFFICE_ROLE_"+as]
	if !known {
		return "", fmt.Errorf("%q is not a role", as)
	}
	if o.operator == nil {
		url, stop, err := listen(o.server.Local())
		if err != nil {
			return "", err
		}
		was := o.stop
		o.stop = func() { stop(); was() }
		o.operator = daylightv1connect.NewDirectoryServiceClient(newWire().client(), url)
	}
	r, err := o.operator.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: &daylightv1.Person{
		Name: name, Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole(role)}},
	}})
	return r.GetPerson().GetId(), err
}

// enrol makes the device one of the person's.
func (o *office) enrol(ctx context.Context, c *clientsync.Client, person string) error {
	r, err := o.operator.InviteDevice(ctx, &daylightv1.InviteDeviceRequest{Person: person})
	if err != nil {
		return err
	}
	_, err = c.Enrol(ctx, r.Code, "bench")
	return err
}

// forMonitor puts the person into the team of each visit: a monitor sees no other.
func (o *office) forMonitor(as string, messages []record.Message) []record.Message {
	if as != "MONITOR" {
		return messages
	}
	return inTeam(messages, o.person)
}

// inTeam puts these people into the team of each visit.
func inTeam(messages []record.Message, people ...string) []record.Message {
	out := make([]record.Message, len(messages))
	for i, m := range messages {
		out[i] = proto.Clone(m).(record.Message)
		if v, ok := out[i].(*daylightv1.Visit); ok {
			for _, p := range people {
				v.Team = append(v.Team, &daylightv1.TeamMember{Id: p})
			}
		}
	}
	return out
}
