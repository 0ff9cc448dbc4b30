package directory

import (
	"context"
	"slices"
	"strings"
	"sync"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// known is the directory's revision, as long as nothing has changed.
type known struct {
	mu         sync.Mutex
	revision   uint64
	generation uint64 // of the directory that has it
	read       bool
}

// Known gives what a device is told of the directory; nil where it has that already, by
// its revision. told: its person is told who the others are.
func (d *Directory) Known(ctx context.Context, has uint64, told bool) (*daylightv1.Directory, error) {
	if !told {
		if has == 0 {
			return nil, nil
		}
		return &daylightv1.Directory{}, nil
	}
	now, err := d.revision(ctx)
	if err != nil || now == has {
		return nil, err
	}
	out := &daylightv1.Directory{}
	err = d.read(ctx, func(t *tx) error {
		if out.Revision, err = t.revision(); err != nil {
			return err
		}
		if out.Bodies, err = t.bodies(); err != nil {
			return err
		}
		people, err := messages(t, func() *daylightv1.Person { return &daylightv1.Person{} }, `
			SELECT message
			FROM people
			WHERE disabled = 0
			ORDER BY name, number`)
		if err != nil {
			return err
		}
		devices, err := t.devicesTold()
		for _, p := range people {
			out.People = append(out.People, colleague(p, devices[p.GetId()], t.now))
		}
		return err
	})
	return out, err
}

// devicesTold gives the devices that take bundles, by their persons' ids.
func (t *tx) devicesTold() (map[string][]*daylightv1.ColleagueDevice, error) {
	all, err := messages(t, func() *daylightv1.Device { return &daylightv1.Device{} }, `
		SELECT message
		FROM devices
		WHERE state = $1
		ORDER BY number`, int64(active))
	out := map[string][]*daylightv1.ColleagueDevice{}
	for _, dev := range all {
		if d := told(dev); d != nil {
			out[dev.GetPerson()] = append(out[dev.GetPerson()], d)
		}
	}
	return out, err
}

// colleague tells of a person, whose devices come in the order in which they were
// enrolled.
func colleague(p *daylightv1.Person, devices []*daylightv1.ColleagueDevice, nowMS int64) *daylightv1.Colleague {
	c := &daylightv1.Colleague{Id: p.GetId(), Name: p.GetName(), Body: p.GetBody(), Devices: devices}
	for _, g := range p.GetGrants() {
		if g.GetUntil() != 0 && nowMS >= g.GetUntil() {
			continue // it will never count again
		}
		c.Grants = append(c.Grants, g)
		if nowMS >= g.GetFrom() && !slices.Contains(c.Roles, g.GetRole()) {
			c.Roles = append(c.Roles, g.GetRole())
		}
	}
	slices.Sort(c.Roles)
	slices.SortStableFunc(c.Devices, func(a, b *daylightv1.ColleagueDevice) int { return strings.Compare(a.GetLabel(), b.GetLabel()) })
	return c
}

// revision is remembered: every sync asks for it.
func (d *Directory) revision(ctx context.Context) (uint64, error) {
	_, generation := d.callers.get(Hash{})
	d.known.mu.Lock()
	defer d.known.mu.Unlock()
	if d.known.read && d.known.generation == generation {
		return d.known.revision, nil
	}
	err := d.read(ctx, func(t *tx) (err error) {
		d.known.revision, err = t.revision()
		return err
	})
	d.known.read, d.known.generation = err == nil, generation
	return d.known.revision, err
}

// revision grows with each change of a person or a body, and of what is told of a
// device: none of them is ever taken out.
func (t *tx) revision() (n uint64, err error) {
	err = t.QueryRow(`
		SELECT (SELECT coalesce(sum(revision), 0) FROM people) + (SELECT coalesce(sum(revision), 0) FROM bodies)
			+ (SELECT coalesce(sum(revision), 0) FROM devices)`).Scan(&n)
	return n, err
}
