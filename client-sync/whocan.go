package clientsync

import (
	"context"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ReaderList is who may read what is sealed, as the office's root key signed it.
type ReaderList struct {
	// Version is 0 where no list has come yet: then only the office's recovery key, and
	// until a visit is handed in the device that wrote, open what is sealed.
	Version uint64
	Office  string
	Issued  time.Time
	// RootWords are six words of the root key that this device knows the office by:
	// where the desk that signs shows the same, no server stands in between.
	RootWords string
	Readers   []Reader
}

// Reader is one device on which what a compartment seals can be read.
type Reader struct {
	// Compartment is "identity", "interview", "medical" or "reprisal".
	Compartment string
	// Name is who it is, and on what, for people; Device the id in the directory.
	Name, Device string
	// Own: it is this device.
	Own bool
}

// Readers gives the newest list that this device has taken.
func (c *Client) Readers(ctx context.Context) (out ReaderList, err error) {
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		t, err := c.trusted(b)
		if err != nil {
			return err
		}
		own, err := ownRecipient(b)
		if err != nil {
			return err
		}
		out.Version, out.Office, out.Issued = t.version, t.list.Office, t.list.Issued
		for _, r := range t.list.Readers {
			out.Readers = append(out.Readers, Reader{r.Compartment.String(), r.Name, r.Device, r.Recipient == own})
		}
		if e := c.enrolment.Load(); e != nil && len(e.RootKey) > 0 {
			words := compartment.RootWords(e.RootKey)
			out.RootWords = strings.Join(words[:], " ")
		}
		return nil
	})
	return out, explainDisk(err)
}

// MayRead is somebody who can read what a record seals.
type MayRead struct {
	Reader
	// Recovery: it is the office's recovery key, which lies on paper.
	Recovery bool
	// UntilHandedIn: it is the device that wrote, which can no longer once the visit is
	// handed in.
	UntilHandedIn bool
	// Unlisted: it is in no list that this device has: a reader of an earlier list, or
	// somebody who was added by nobody who may.
	Unlisted bool
}

// WhoCanRead says who can read what is sealed in the compartment of a record, as far as
// this device knows: who was given any key of it.
func (c *Client) WhoCanRead(ctx context.Context, kind Kind, id string) (out []MayRead, err error) {
	name, err := record.ParseID(id)
	if err != nil {
		return nil, explain(&record.Problem{Field: "id", Text: err.Error()})
	}
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		v, err := viewOf(b, kind, name)
		if err != nil {
			return err
		}
		visit, _ := record.VisitOf(kind, v.state)
		out, err = c.whoCanRead(b, visit, record.CompartmentOf(kind))
		return err
	})
	return out, explainDisk(err)
}

func (c *Client) whoCanRead(b *localdb.Book, visit record.ID, of daylightv1.Compartment) (out []MayRead, err error) {
	t, err := c.trusted(b)
	if err != nil {
		return nil, err
	}
	own, err := ownRecipient(b)
	if err != nil {
		return nil, err
	}
	sealers, err := b.Sealers(&visit)
	if err != nil {
		return nil, err
	}
	for _, s := range sealers {
		if s.Compartment == int32(of) && s.Secret != "" {
			out = append(out, MayRead{Reader: Reader{Compartment: compartment.Compartment(of).String(), Own: true}, UntilHandedIn: true})
			break
		}
	}
	keys, err := sealingKeys(b, visit, of)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, k := range keys {
		for _, w := range k.GetWraps() {
			if len(w.GetKey()) > 0 && !seen[w.GetRecipient()] {
				seen[w.GetRecipient()] = true
				out = append(out, t.named(compartment.Compartment(of), w.GetRecipient(), own))
			}
		}
	}
	return out, nil
}

// named says who a recipient is.
func (t trusted) named(of compartment.Compartment, recipient, own string) MayRead {
	m := MayRead{Reader: Reader{Compartment: of.String(), Own: recipient == own}}
	if recipient == t.recovery {
		m.Recovery = true
		return m
	}
	for _, r := range t.list.For(of) {
		if r.Recipient == recipient {
			m.Name, m.Device = r.Name, r.Device
			return m
		}
	}
	m.Unlisted = true
	return m
}

func ownRecipient(b *localdb.Book) (string, error) {
	keys, err := b.Keys()
	if err != nil {
		return "", err
	}
	return recipientOf(keys.BundleIdentity)
}
