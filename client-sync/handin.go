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

// toDrop are the sealers whose private half may go, and is to. One that this device has
// wrapped for nobody stays, whatever others say in its record: what it sealed would be
// lost.
func toDrop(b *localdb.Book, is func(localdb.Sealer) (bool, error)) (due []localdb.Sealer, err error) {
	all, err := b.Sealers(nil)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if !s.Held() || !s.Given {
			continue
		}
		drop, err := is(s)
		if err != nil {
			return nil, err
		}
		if drop {
			due = append(due, s)
		}
	}
	return due, nil
}

// dueToDrop are those whose visit was handed in.
func dueToDrop(b *localdb.Book) ([]localdb.Sealer, error) {
	return toDrop(b, func(s localdb.Sealer) (bool, error) { return handedIn(b, s.Visit) })
}

// dropSecrets drops their private halves. The file may hold a copy.
func dropSecrets(b *localdb.Book, due []localdb.Sealer) error {
	for _, s := range due {
		s.Secret = ""
		if err := b.PutSealer(s); err != nil {
			return err
		}
	}
	if len(due) == 0 {
		return nil
	}
	return unswept(b)
}

// dropHandedIn drops those of visits that were handed in, and says how many.
func dropHandedIn(b *localdb.Book) (int, error) {
	due, err := dueToDrop(b)
	if err != nil {
		return 0, err
	}
	return len(due), dropSecrets(b, due)
}

// rewrap gives the keys that this device can use to readers who lack them, and says how
// many wraps it wrote. Bodies do not change.
func (c *Client) rewrap(b *localdb.Book, d *exchange.Device) (added int, err error) {
	readers, err := c.trusted(b)
	if err != nil {
		return 0, err
	}
	sealers, err := heldSealers(b)
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
			s, own := sealers[row.ID]
			k, err := keyOf(s, keys.BundleIdentity, m)
			if err != nil {
				continue // not for this device, or damaged: reading it says so
			}
			n, err := readers.wrap(k, m)
			if err == nil && n > 0 {
				err = d.Save(m)
			}
			if err == nil && n > 0 && own {
				s.Given = true
				err = b.PutSealer(s)
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

// heldSealers are those that still open, by the record of their key.
func heldSealers(b *localdb.Book) (map[record.ID]localdb.Sealer, error) {
	all, err := b.Sealers(nil)
	out := map[record.ID]localdb.Sealer{}
	for _, s := range all {
		if s.Held() {
			out[s.Key] = s
		}
	}
	return out, err
}

// keyOf is the key of the record: this device's own, if it has not dropped it, or as it was
// wrapped for the identity. An error where the record names another.
func keyOf(s localdb.Sealer, identity string, m *daylightv1.SealingKey) (compartment.Key, error) {
	if !s.Held() {
		return unwrapFor(identity, m)
	}
	k, err := compartment.ParseKey(s.Secret)
	if err == nil && k.Public() != m.GetPublic() {
		err = errNoWrap
	}
	return k, err
}

// tendSealed does what became due: private halves of visits that were handed in are
// dropped; with again, keys go to readers who lack them.
func (c *Client) tendSealed(ctx context.Context, again bool) error {
	ctx = Quietly(ctx)
	if !again {
		var due []localdb.Sealer
		err := c.db.Read(ctx, func(b *localdb.Book) (err error) {
			due, err = dueToDrop(b)
			return err
		})
		if err != nil || len(due) == 0 {
			return explainDisk(err)
		}
	}
	dropped := 0
	err := c.write(ctx, func(b *localdb.Book, d *exchange.Device) (err error) {
		if again {
			if _, err := c.rewrap(b, d); err != nil {
				return err
			}
		}
		dropped, err = dropHandedIn(b)
		return err
	})
	if err == nil && dropped > 0 {
		err = c.sweep(ctx)
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
