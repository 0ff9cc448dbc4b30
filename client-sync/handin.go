package clientsync

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// handedIn reports whether the visit has left its team: from then on the devices in the
// field cannot open what they sealed, whoever asks.
func handedIn(b *localdb.Book, visit record.ID) (bool, error) {
	v, err := viewOf(b, KindVisit, visit)
	if err != nil {
		return false, err
	}
	return record.NumberIn(v.state, record.VisitState) >= int64(daylightv1.VisitState_VISIT_STATE_SUBMITTED), nil
}

// dropHandedIn drops the private halves of keys for visits that were handed in, and says
// how many. A key that was wrapped for nobody stays: what it sealed would be lost.
func dropHandedIn(b *localdb.Book) (dropped int, err error) {
	all, err := b.Sealers(nil)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		if s.Secret == "" {
			continue
		}
		in, err := handedIn(b, s.Visit)
		if err != nil {
			return dropped, err
		}
		if !in {
			continue
		}
		m, err := sealingKeyIn(b, s.Key)
		if err != nil {
			return dropped, err
		}
		if m == nil || len(m.GetWraps()) == 0 {
			continue
		}
		s.Secret = ""
		if err := b.PutSealer(s); err != nil {
			return dropped, err
		}
		dropped++
	}
	if dropped == 0 {
		return 0, nil
	}
	return dropped, unswept(b) // the file may hold a copy
}

// rewrap gives the keys that this device can use to readers who lack them, and says how
// many wraps it wrote. Bodies do not change.
func (c *Client) rewrap(b *localdb.Book, d *exchange.Device) (added int, err error) {
	readers, err := c.trusted(b)
	if err != nil {
		return 0, err
	}
	secrets, err := ownSecrets(b)
	if err != nil {
		return 0, err
	}
	keys, err := b.Keys()
	if err != nil {
		return 0, err
	}
	for after := int64(0); ; {
		p, err := b.Page(localdb.Query{After: after, Kind: KindSealingKey}, pageRows)
		if err != nil {
			return added, err
		}
		after = p.Last
		for _, row := range p.Rows {
			m, err := sealingKeyIn(b, row.ID)
			if err != nil {
				return added, err
			}
			k := secrets[row.ID]
			if k.IsZero() {
				if k, err = unwrapFor(keys.BundleIdentity, m); err != nil {
					continue // not for this device, or damaged: reading it says so
				}
			}
			if k.Public() != m.GetPublic() {
				continue // the record names a key that is not the one that was made for it
			}
			n, err := readers.wrap(k, m)
			if err == nil && n > 0 {
				err = d.Save(m)
			}
			if err != nil {
				return added, err
			}
			added += n
		}
		if !p.More {
			return added, nil
		}
	}
}

// Rewrap gives the keys that this device can use to readers of the newest list who lack
// them, and says how many wraps it wrote; they go to the office with the next sync. A
// sync that brings a list does it by itself.
func (c *Client) Rewrap(ctx context.Context) (added int, err error) {
	ctx, done, ok := c.turn.try(ctx)
	if !ok {
		return 0, errBusy
	}
	defer done()
	err = c.write(ctx, func(b *localdb.Book, d *exchange.Device) (err error) {
		added, err = c.rewrap(b, d)
		return err
	})
	if err != nil {
		return 0, explain(err)
	}
	return added, nil
}

// ownSecrets are the private halves that are still here, by the record of their key. One
// whose public half the record does not name is left out.
func ownSecrets(b *localdb.Book) (map[record.ID]compartment.Key, error) {
	all, err := b.Sealers(nil)
	if err != nil {
		return nil, err
	}
	out := map[record.ID]compartment.Key{}
	for _, s := range all {
		if s.Secret == "" {
			continue
		}
		if out[s.Key], err = compartment.ParseKey(s.Secret); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tendSealed does what became due: private halves of visits that were handed in are
// dropped; with again, keys go to readers who lack them.
func (c *Client) tendSealed(ctx context.Context, again bool) error {
	dropped := 0
	err := c.write(Quietly(ctx), func(b *localdb.Book, d *exchange.Device) (err error) {
		if again {
			if _, err := c.rewrap(b, d); err != nil {
				return err
			}
		}
		dropped, err = dropHandedIn(b)
		return err
	})
	if err == nil && dropped > 0 {
		err = c.sweep(Quietly(ctx))
	}
	return explainDisk(err)
}

// recipientOf is the public half of an identity.
func recipientOf(identity string) (string, error) {
	i, err := bundle.ParseIdentity(identity)
	if err != nil {
		return "", err
	}
	return i.Recipient(), nil
}

// hasVisit reports whether a visit is among the messages: its state may have changed.
func hasVisit(messages []Message) bool {
	for _, m := range messages {
		if _, ok := proto.Message(m).(*daylightv1.Visit); ok {
			return true
		}
	}
	return false
}
