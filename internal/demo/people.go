package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/enrol"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// device is one person's device and its network.
type device struct {
	who    string
	role   daylightv1.OfficeRole
	folder string

	// From here on, what the enrolment gives.
	person string // the person's id
	*clientsync.Client
	network *network
}

// network is a device's way to the office, which can be switched off.
type network struct {
	off atomic.Bool
	way *http.Transport
}

// RoundTrip carries a call, or fails as a phone does that has no signal.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	if n.off.Load() {
		return nil, errors.New("no signal")
	}
	return n.way.RoundTrip(r)
}

// everybody comes in, each with a role and a device. Both sides show the same six words,
// which two people would compare.
func (s *story) everybody(ctx context.Context) error {
	s.say("%s asks everybody who they are, at %s.", officeName, s.url)
	for _, d := range s.devices() {
		here, there, err := s.letIn(ctx, d)
		if err != nil {
			return err
		}
		if here != there || len(strings.Fields(here)) != 6 {
			return fmt.Errorf("%s shows %q and the office %q", d.folder, here, there)
		}
		if d == s.a {
			s.say("A code lets one device in, once. Then %s shows six words: %s", d.folder, here)
			s.say("%62s: %s", "the office shows the same", there)
		}
	}
	s.say("Monitors A, B and C come in, Monitor D of civil society, Officer E, Doctor F and Head G, each with a code and a role.")
	return nil
}

func roleName(r daylightv1.OfficeRole) string { return strings.TrimPrefix(r.String(), "OFFICE_ROLE_") }

// letIn adds the person at the office, makes a code for them and enrols the device with
// it. It gives the words that the device shows and those that the office shows.
func (s *story) letIn(ctx context.Context, d *device) (here, there string, err error) {
	saved, err := s.operator.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: &daylightv1.Person{
		Name: d.who, Grants: []*daylightv1.Grant{{Role: d.role}},
	}})
	if err != nil {
		return "", "", err
	}
	d.person = saved.Person.Id
	invited, err := s.operator.InviteDevice(ctx, &daylightv1.InviteDeviceRequest{Person: d.person})
	if err != nil {
		return "", "", err
	}
	code, err := enrol.Parse(invited.Code)
	if err != nil {
		return "", "", err
	}
	// A client of the library's own would talk to the keys in the code alone, as this does.
	d.network = &network{way: &http.Transport{TLSClientConfig: enrol.ClientTLS(code.Pins, nil)}}
	if d.Client, err = clientsync.Open(ctx, clientsync.Config{Dir: filepath.Join(s.dir, d.folder), Passphrase: s.passphrase, Language: "en", HTTP: &http.Client{Transport: d.network}}); err != nil {
		return "", "", err
	}
	in, err := d.Enrol(ctx, invited.Code, d.folder)
	if err != nil {
		return "", "", err
	}
	list, err := s.operator.ListDevices(ctx, &daylightv1.ListDevicesRequest{Person: d.person})
	if err != nil {
		return "", "", err
	}
	if len(list.Devices) != 1 {
		return "", "", fmt.Errorf("the office lists %s for %s", count(len(list.Devices), "device"), d.who)
	}
	return in.Words, list.Devices[0].Words, nil
}
