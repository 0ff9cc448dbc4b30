package clientsync

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// recipient is a device that bundles can be made for, and what its person may read.
type recipient struct {
	BundleDevice
	age    string
	person record.ID
	rights access.Rights
}

// recipients are those that the directory tells of, and those that have handed a bundle
// over. Of these it is not known what they may read beyond their own visits.
func (c *Client) recipients(b *localdb.Book) (out []recipient, err error) {
	keys, err := b.Keys()
	if err != nil {
		return nil, err
	}
	identity, err := bundle.ParseIdentity(keys.BundleIdentity)
	if err != nil {
		return nil, err
	}
	own := identity.Recipient()
	people, err := c.colleagues(b)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{own: true, "": true}
	for _, p := range people {
		id, err := record.ParseID(p.GetId())
		if err != nil {
			continue
		}
		rights := access.At(c.config.Now().UnixMilli(), access.GrantsOf(p.GetGrants())...)
		for _, d := range p.GetDevices() {
			if !seen[d.GetRecipient()] {
				seen[d.GetRecipient()] = true
				out = append(out, recipient{BundleDevice{d.GetId(), p.GetId(), p.GetName(), d.GetLabel()}, d.GetRecipient(), id, rights})
			}
		}
	}
	mates, err := b.Mates()
	for _, m := range mates {
		id, bad := record.ParseID(m.PersonID)
		if bad != nil || seen[m.Recipient] {
			continue
		}
		seen[m.Recipient] = true
		least := access.At(c.config.Now().UnixMilli(), access.Grant{Role: access.CivilSocietyMonitor})
		out = append(out, recipient{BundleDevice{hex.EncodeToString(m.Key[:8]), m.PersonID, m.Person, m.Device}, m.Recipient, id, least})
	}
	slices.SortStableFunc(out, func(a, b recipient) int { return strings.Compare(a.Person, b.Person) })
	return out, err
}

// named finds the devices that a bundle is for.
func (c *Client) named(b *localdb.Book, ids []string) (out []recipient, err error) {
	all, err := c.recipients(b)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		i := slices.IndexFunc(all, func(r recipient) bool { return r.ID == id })
		if i < 0 {
			return nil, rpcerr.E(NotFound, fmt.Sprintf("no device %s is known that takes bundles; nothing was written", id),
				"See who there is. A device that is not listed can make a bundle for this one; then it is.", nil)
		}
		out = append(out, all[i])
	}
	return out, nil
}

// reading judges what all of some readers may read.
type reading struct {
	book    *localdb.Book
	readers []recipient
	known   map[record.ID]bool
	visits  map[record.ID]visited
}

// may implements exchange.Handover.May. What cannot be told is not handed over.
func (r *reading) may(e exchange.Noted) (bool, error) {
	c, err := journal.DecodeChange(e.Payload)
	if err != nil {
		return false, nil
	}
	for _, x := range c.Records {
		all, asked := r.known[x.ID]
		if !asked {
			if all, err = r.all(x.Kind, x.ID); err != nil {
				return false, err
			}
			r.known[x.ID] = all
		}
		if !all {
			return false, nil
		}
	}
	return true, nil
}

func (r *reading) all(kind record.Kind, id record.ID) (bool, error) {
	if !kind.Valid() {
		return false, nil
	}
	v, err := viewOf(r.book, kind, id)
	if err != nil || v.kind != kind {
		return false, err
	}
	for _, one := range r.readers {
		if may, err := r.one(one, v); err != nil || !may {
			return false, err
		}
	}
	return true, nil
}

// one reports whether somebody may read a record: as the office would decide, as far as
// this device knows. A place is also read by whoever has a visit there.
func (r *reading) one(who recipient, v *view) (bool, error) {
	s := access.Subject{Kind: v.kind}
	visit, ok := v.id, v.kind == record.Visit
	if record.HangsOnVisit(v.kind) {
		visit, ok = record.VisitOf(v.kind, v.state)
	}
	if ok {
		of, err := r.visit(visit)
		if err != nil {
			return false, err
		}
		s = access.Beside(of.team, v.kind, who.person)
		s.Region = of.region
	}
	if v.kind == record.Facility {
		s.Region = record.TextIn(v.state, record.FacilityRegion)
		visits, err := r.book.VisitsAt(v.id)
		if err != nil {
			return false, err
		}
		for _, id := range visits {
			of, err := r.visit(id)
			if err != nil {
				return false, err
			}
			s.Own = s.Own || access.Beside(of.team, v.kind, who.person).Own
		}
	}
	return who.rights.MayRead(s), nil
}

// visited is what decides who reads a visit.
type visited struct {
	team   *daylightv1.Visit
	region string
}

func (r *reading) visit(id record.ID) (visited, error) {
	if of, known := r.visits[id]; known {
		return of, nil
	}
	var of visited
	v, err := viewOf(r.book, record.Visit, id)
	if err != nil {
		return of, err
	}
	m, err := v.show()
	if err != nil {
		return of, err
	}
	whole, _ := m.(*daylightv1.Visit)
	of.team = &daylightv1.Visit{State: whole.GetState().Enum(), Team: whole.GetTeam()} // not its texts: there may be many
	if place, err := record.ParseID(whole.GetFacilityId()); err == nil {
		p, err := viewOf(r.book, record.Facility, place)
		if err != nil {
			return of, err
		}
		of.region = record.TextIn(p.state, record.FacilityRegion)
	}
	r.visits[id] = of
	return of, nil
}
