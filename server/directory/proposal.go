package directory

import (
	"context"
	"slices"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/compartment"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// rolesThatRead says which roles read what a compartment holds. Nobody else is in a
// list that is proposed here, whatever their other roles. What is signed in the end is
// for the office to decide, and for devices to verify.
var rolesThatRead = map[compartment.Compartment][]access.Role{
	compartment.Identity:  {access.ReprisalFocalPoint},
	compartment.Interview: {access.Ombudsperson, access.NPMHead, access.CaseOfficer, access.Reviewer},
	compartment.Medical:   {access.MedicalReviewer},
	compartment.Reprisal:  {access.Ombudsperson, access.NPMHead, access.ReprisalFocalPoint},
}

// Proposed is a list that nobody has signed yet.
type Proposed struct {
	Text    []byte
	Version uint64
	// LeftOut are devices whose people may read, and for which nothing can be wrapped:
	// they told of no key, or of one that a device enrolled before has.
	LeftOut []string
}

// ProposeReaders writes the next list of readers: for each compartment, the active
// devices of everybody whose role reads it now. Its version is one more than that of the
// list that is kept, and than after, which is for a server that was restored.
func (d *Directory) ProposeReaders(ctx context.Context, after uint64) (out Proposed, err error) {
	err = d.read(ctx, func(t *tx) error {
		o, _, err := t.office()
		if err != nil {
			return err
		}
		_, version, err := t.readers()
		if err != nil {
			return err
		}
		if after >= compartment.MaxVersion {
			return invalid("no list of readers has that version", "Take the version that a device shows.")
		}
		l := compartment.List{
			Office: compartment.PlainName(o.GetName()), Version: max(version, after) + 1,
			Issued: time.UnixMilli(t.now).UTC().Truncate(time.Second),
		}
		if l.Readers, out.LeftOut, err = t.readersNow(); err != nil {
			return err
		}
		out.Version = l.Version
		out.Text, err = l.Encode()
		return aboutReaders(err)
	})
	return out, err
}

// readersNow gives who may read by the roles of this moment, in the order in which their
// devices were enrolled.
func (t *tx) readersNow() (readers []compartment.Reader, leftOut []string, err error) {
	people, err := t.peopleByID()
	if err != nil {
		return nil, nil, err
	}
	devices, err := messages(t, func() *daylightv1.Device { return &daylightv1.Device{} }, `
		SELECT message
		FROM devices
		WHERE state = $1
		ORDER BY number`, int64(active))
	keys := map[string]bool{}
	for _, dev := range devices {
		p := people[dev.GetPerson()]
		reads := readsNow(p, t.now)
		if len(reads) == 0 {
			continue
		}
		if keys[dev.GetRecipient()] || compartment.CheckRecipient(dev.GetRecipient()) != nil {
			leftOut = append(leftOut, dev.GetId())
			continue
		}
		keys[dev.GetRecipient()] = true
		for _, c := range reads {
			readers = append(readers, compartment.Reader{
				Compartment: c, Recipient: dev.GetRecipient(), Device: dev.GetId(),
				Name: compartment.PlainName(p.GetName() + ", " + dev.GetLabel()),
			})
		}
	}
	return readers, leftOut, err
}

// peopleByID gives those who are not disabled.
func (t *tx) peopleByID() (map[string]*daylightv1.Person, error) {
	all, err := messages(t, func() *daylightv1.Person { return &daylightv1.Person{} }, `
		SELECT message
		FROM people
		WHERE disabled = 0`)
	out := map[string]*daylightv1.Person{}
	for _, p := range all {
		out[p.GetId()] = p
	}
	return out, err
}

// readsNow is what somebody's roles read. A grant of a region reads, too: which visits
// reach its person's device is decided with every sync.
func readsNow(p *daylightv1.Person, nowMS int64) (out []compartment.Compartment) {
	for _, c := range compartment.Compartments() {
		if slices.ContainsFunc(access.GrantsOf(p.GetGrants()), func(g access.Grant) bool {
			inTime := nowMS >= g.From && (g.Until == 0 || nowMS < g.Until)
			return inTime && g.Check() == nil && slices.Contains(rolesThatRead[c], g.Role)
		}) {
			out = append(out, c)
		}
	}
	return out
}
