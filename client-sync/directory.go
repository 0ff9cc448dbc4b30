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
// team; Roles are words such as MONITOR.
type Colleague struct {
	ID, Name, Body string
	Roles          []string
}

// Directory gives what the office told at the last sync; nothing before the first one,
// and where the person's roles do not need it.
func (c *Client) Directory(ctx context.Context) (out Directory, err error) {
	var content []byte
	err = c.db.Read(ctx, func(b *localdb.Book) (err error) {
		_, content, err = b.Directory()
		return err
	})
	d := &daylightv1.Directory{}
	if err == nil {
		err = proto.Unmarshal(content, d)
	}
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
		out.People = append(out.People, one)
	}
	return out, nil
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
