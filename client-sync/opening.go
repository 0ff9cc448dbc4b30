package clientsync

import (
	"context"
	"encoding/json"
	"errors"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// SealedValue is one value of what a record seals: several where two people wrote
// without seeing each other's, the one shown in front. With Resolve it settles that.
type SealedValue struct {
	Value
	// Content is what it says, of NewContent's type; nil where Problem says why this
	// device cannot read it.
	Content proto.Message
	Problem error
}

var errElsewhereSealed = rpcerr.E(Denied, "what is sealed here was sealed for another record, so it is not shown; it is kept as it is",
	"Somebody has exchanged it: look at the record's history, and tell the office.", nil)

var errNoKey = rpcerr.E(Denied, "this device holds no key to what is sealed here; it is kept as it is",
	"Ask the office who may read it.", nil)

// OpenSealed opens what the record seals, as it is stored on this device; nothing where
// it seals nothing. It is open in the caller's memory only.
func (c *Client) OpenSealed(ctx context.Context, kind Kind, id string) (out []SealedValue, err error) {
	name, err := record.ParseID(id)
	if err != nil || !record.Sealed(kind) {
		return nil, rpcerr.E(Invalid, "no record that seals anything is named", "", err)
	}
	var o *opener
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		r, err := c.newReader(b)
		if err != nil {
			return err
		}
		v, err := viewOf(b, kind, name)
		if err != nil {
			return err
		}
		visit, _ := record.VisitOf(kind, v.state)
		if o, err = openerFor(b, visit, record.CompartmentOf(kind)); err != nil {
			return err
		}
		pending, err := r.pending(name)
		if err != nil {
			return err
		}
		path := fold.Path{Field: record.SealedField(kind)}
		for _, e := range v.state.Entries(path) {
			value, err := r.value(kind, path, e, pending)
			if err != nil {
				return err
			}
			if len(e.Value) > 0 {
				out = append(out, SealedValue{Value: value})
			}
		}
		return nil
	})
	if err != nil {
		return nil, explainDisk(err)
	}
	for i := range out {
		body, _ := record.Content(out[i].encoded)
		text, err := o.open(body, name)
		if err == nil {
			out[i].Content = NewContent(kind)
			err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(text, out[i].Content)
		}
		if err != nil {
			out[i].Content, out[i].Problem = nil, explainCompartment(err)
		}
	}
	return out, nil
}

// opener has the keys of one compartment of a visit that this device can use.
type opener struct {
	keys []compartment.Key
	// damaged is why some wrap for this device gave no key.
	damaged error
}

// openerFor gathers them: those that this device made and still has, and those that were
// wrapped for it.
func openerFor(b *localdb.Book, visit record.ID, of daylightv1.Compartment) (*opener, error) {
	o := &opener{}
	own, err := b.Sealers(&visit)
	if err != nil {
		return nil, err
	}
	for _, s := range own {
		if s.Compartment == int32(of) && s.Secret != "" {
			k, err := compartment.ParseKey(s.Secret)
			if err != nil {
				return nil, err
			}
			o.keys = append(o.keys, k)
		}
	}
	keys, err := b.Keys()
	if err != nil {
		return nil, err
	}
	records, err := sealingKeys(b, visit, of)
	for _, m := range records {
		if k, err := unwrapFor(keys.BundleIdentity, m); err == nil {
			o.keys = append(o.keys, k)
		} else if !errors.Is(err, errNoWrap) {
			o.damaged = err
		}
	}
	return o, err
}

var errNoWrap = errors.New("nothing is wrapped for this device")

// unwrapFor gives the key of the record, if it was wrapped for the identity.
func unwrapFor(identity string, m *daylightv1.SealingKey) (compartment.Key, error) {
	recipient, err := recipientOf(identity)
	if err != nil {
		return compartment.Key{}, err
	}
	id := compartment.WrapID(recipient)
	for _, w := range m.GetWraps() {
		if w.GetId() == id && len(w.GetKey()) > 0 {
			return compartment.Unwrap(w.GetKey(), identity, m.GetPublic(), placeOf(m))
		}
	}
	return compartment.Key{}, errNoWrap
}

// open tries the keys: the body does not say which one it is for. What was sealed for
// another record is refused: somebody would have put one person's words into the mouth of
// another.
func (o *opener) open(body []byte, id record.ID) ([]byte, error) {
	err := o.damaged
	for _, k := range o.keys {
		text, failed := k.Open(body)
		if failed == nil {
			var of struct {
				Record string `json:"record"`
			}
			if json.Unmarshal(text, &of) != nil || of.Record != id.String() {
				return nil, errElsewhereSealed
			}
			return text, nil
		}
		if !errors.Is(failed, compartment.ErrNotForKey) || err == nil {
			err = failed
		}
	}
	if err == nil || errors.Is(err, compartment.ErrNotForKey) {
		err = errNoKey
	}
	return nil, err
}

// sealingKeys are the records of keys for a compartment of a visit, without removed ones
// whose removal nobody contests: what they sealed before can still be opened with them.
func sealingKeys(b *localdb.Book, visit record.ID, of daylightv1.Compartment) (out []*daylightv1.SealingKey, err error) {
	for after := int64(0); ; {
		p, err := b.Page(localdb.Query{After: after, Kind: KindSealingKey, Of: &visit, IncludeRemoved: true}, pageRows)
		if err != nil {
			return nil, err
		}
		after = p.Last
		for _, row := range p.Rows {
			m, err := sealingKeyIn(b, row.ID)
			if err != nil {
				return nil, err
			}
			if of == 0 || m.GetCompartment() == of {
				out = append(out, m)
			}
		}
		if !p.More {
			return out, nil
		}
	}
}

func sealingKeyIn(b *localdb.Book, id record.ID) (*daylightv1.SealingKey, error) {
	v, err := viewOf(b, KindSealingKey, id)
	if err != nil {
		return nil, err
	}
	m, err := v.show()
	if err != nil {
		return nil, err
	}
	k, _ := m.(*daylightv1.SealingKey)
	return k, nil
}
