package directory

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Proposed is a list that nobody has signed yet.
type Proposed struct {
	Text    []byte
	Version uint64
	// LeftOut are devices whose people may read, and for which nothing can be wrapped:
	// they told of no key, or of one that a device enrolled before has.
	LeftOut []string
}

// ProposeReaders writes the next list of readers: for each compartment, the active
// devices of everybody whose roles read it now; what is signed in the end is for the
// office to decide, and for devices to verify. Its version is one more than that of the
// list that is kept, and than after, which is for a server that was restored. Where next
// is not nil, devices know the office by that root key from this list on.
//
// Conflict where the office has no recovery key; Invalid for a version or a root key that
// no list has.
func (d *Directory) ProposeReaders(ctx context.Context, after uint64, next ed25519.PublicKey) (out Proposed, err error) {
	err = d.read(ctx, func(t *tx) error {
		o, _, err := t.office()
		if err != nil {
			return err
		}
		_, version, err := t.readers()
		if err != nil {
			return err
		}
		switch {
		case after >= compartment.MaxVersion:
			return invalid("no list of readers has that version", "Take the version that a device shows.")
		case compartment.CheckRecipient(o.GetRecoveryRecipient()) != nil:
			return errNoRecovery
		case len(next) > 0 && len(next) != ed25519.PublicKeySize:
			return invalid("the next root key is not one", "It is the public half, as daylight office new-key root showed it.")
		case next.Equal(ed25519.PublicKey(o.GetRootKey())):
			return invalid("the next root key is the one that the office has", "Make another: daylight office new-key root --out FILE, on a desk that is not this server.")
		}
		if len(next) == 0 { // as an absent field of a request
			next = nil
		}
		l := compartment.List{
			Office: compartment.PlainName(o.GetName()), Version: max(version, after) + 1,
			Issued:   time.UnixMilli(t.now).UTC().Truncate(time.Second),
			Recovery: o.GetRecoveryRecipient(), NextRoot: next,
		}
		if l.Readers, out.LeftOut, err = t.readersNow(l.Recovery); err != nil {
			return err
		}
		out.Version = l.Version
		out.Text, err = l.Encode()
		return aboutReaders(err)
	})
	return out, err
}

var errNoRecovery = rpcerr.E(rpcerr.Conflict, "this office has no recovery key, without which what is sealed could be lost with its readers; nothing was proposed",
	"Make one on a desk that is not this server: daylight office new-key recovery --out FILE. Then say its public half here: daylightd office recovery --data DIR age1...", nil)

// readersNow gives who may read by the roles of this moment, in the order in which their
// devices were enrolled. The recovery key is no device's.
func (t *tx) readersNow(recovery string) (readers []compartment.Reader, leftOut []string, err error) {
	people, err := t.peopleByID()
	if err != nil {
		return nil, nil, err
	}
	devices, err := messages(t, func() *daylightv1.Device { return &daylightv1.Device{} }, `
		SELECT message
		FROM devices
		WHERE state = $1
		ORDER BY number`, int64(active))
	keys := map[string]bool{recovery: true}
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

// readsNow is what somebody's roles read beyond their own visits: whoever is in a visit's
// team is let in by those who write there. A grant of a region reads, too: which visits
// reach its person's device is decided with every sync.
func readsNow(p *daylightv1.Person, nowMS int64) (out []compartment.Compartment) {
	may := access.At(nowMS, access.GrantsOf(p.GetGrants())...)
	for _, c := range compartment.Compartments() {
		if may.Reads(record.KindIn(daylightv1.Compartment(c)))&(access.All|access.Region) != 0 {
			out = append(out, c)
		}
	}
	return out
}
