package clientsync

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Directory is who there is at the office and on its behalf, as far as this device's
// person is told: who puts people into teams knows whom they can name. It is changed at
// the office only.
type Directory struct {
	Bodies []Body
	// People are sorted by name.
	People []Colleague
}

// Body is one of the organisations that carry the mandate, by the code that records
// have in their field body.
type Body struct{ Code, Name string }

// Colleague is somebody who can be named. ID is the id of their element in a visit's
// team; Roles are words such as MONITOR. Devices are those that take bundles.
type Colleague struct {
	ID, Name, Body string
	Roles          []string
	Devices        []ColleagueDevice
}

// ColleagueDevice is a phone or computer of a colleague that a bundle can be made for.
// Label is what its owner calls it.
type ColleagueDevice struct{ ID, Label string }

// Directory gives what the office told at the last sync; nothing before the first one,
// and where the person's roles do not need it.
func (c *Client) Directory(ctx context.Context) (out Directory, err error) {
	var d *daylightv1.Directory
	err = c.db.Read(ctx, func(b *localdb.Book) (err error) {
		d, err = directoryIn(b)
		return err
	})
	if err != nil {
		return out, explainDisk(err)
	}
	for _, b := range d.GetBodies() {
		out.Bodies = append(out.Bodies, Body{b.GetCode(), b.GetName()})
	}
	for _, p := range d.GetPeople() {
		one := Colleague{ID: p.GetId(), Name: p.GetName(), Body: p.GetBody()}
		for _, r := range p.GetRoles() {
			one.Roles = append(one.Roles, strings.TrimPrefix(r.String(), "OFFICE_ROLE_"))
		}
		for _, d := range p.GetDevices() {
			one.Devices = append(one.Devices, ColleagueDevice{d.GetId(), d.GetLabel()})
		}
		out.People = append(out.People, one)
	}
	return out, nil
}

// directoryIn is what the office told; empty where it told nothing.
func directoryIn(b *localdb.Book) (*daylightv1.Directory, error) {
	_, content, err := b.Directory()
	if err != nil {
		return nil, err
	}
	d := &daylightv1.Directory{}
	return d, proto.Unmarshal(content, d)
}

// colleagues are the people of it whole, with what they may do and to whom bundles for
// their devices are encrypted.
func (c *Client) colleagues(b *localdb.Book) ([]*daylightv1.Colleague, error) {
	d, err := directoryIn(b)
	return d.GetPeople(), err
}

// putDirectory keeps what came, and notes where something went that the file may still
// hold a copy of. A first answer without one says that there is none.
func putDirectory(b *localdb.Book, first bool, d *daylightv1.Directory) error {
	if d == nil && !first {
		return nil
	}
	had, _, err := b.Directory()
	if err != nil || had == 0 && d.GetRevision() == 0 {
		return err
	}
	content, err := proto.Marshal(d)
	if err != nil {
		return err
	}
	if err := b.PutDirectory(d.GetRevision(), content); err != nil || d.GetRevision() != 0 {
		return err
	}
	return unswept(b)
}
