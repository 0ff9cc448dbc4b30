package clientsync

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// NewContent gives an empty message of what records of the kind seal; nil for a kind
// that seals nothing.
func NewContent(k Kind) proto.Message {
	switch k {
	case KindPersonIdentity:
		return &daylightv1.PersonIdentityContent{}
	case KindInterviewNote:
		return &daylightv1.InterviewNoteContent{}
	case KindMedicalNote:
		return &daylightv1.MedicalNoteContent{}
	case KindReprisalDetail:
		return &daylightv1.ReprisalDetailContent{}
	}
	return nil
}

// SaveSealed is Save for a record of which the content is only for a few: it seals the
// content, of NewContent's type, to a key of this device for the visit and compartment,
// and saves m with it. The key goes to the readers that the office has signed, and to its
// recovery key. Content that is what m already seals, as far as this device can tell, is
// not sealed anew. Once the visit is handed in, this device can still write, and no longer
// read what it wrote.
func (c *Client) SaveSealed(ctx context.Context, m Message, content proto.Message) error {
	kind, err := record.KindOf(m)
	if want := NewContent(kind); err != nil || want == nil || content == nil ||
		want.ProtoReflect().Descriptor() != content.ProtoReflect().Descriptor() {
		return explain(&record.Problem{Field: "sealed", Text: "this is not what such a record seals", Hint: "use NewContent of its kind"})
	}
	meant := proto.Clone(m).(Message)
	if err := record.FillIDs(meant, c.idFor); err != nil {
		return explain(&record.Problem{Text: err.Error()})
	}
	if err := record.Validate(meant); err != nil {
		return explain(err)
	}
	visit, err := record.ParseID(visitIn(meant))
	if err != nil {
		return explain(&record.Problem{Field: "visit_id", Text: "what is sealed belongs to a visit, and none is named", Hint: "set its visit_id"})
	}
	err = c.settleIn(ctx, []Message{meant}, func(b *localdb.Book, d *exchange.Device) error {
		key, err := c.sealInto(b, meant, kind, visit, content)
		if err != nil {
			return err
		}
		if key != nil { // first, in a change of its own: what follows may then be amended
			if err := d.Save(key); err != nil {
				return err
			}
		}
		return d.Save(meant)
	})
	if err == nil {
		proto.Reset(m)
		proto.Merge(m, meant)
	}
	return err
}

func visitIn(m Message) string {
	r := m.ProtoReflect()
	return r.Get(r.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(record.SealedVisit))).String()
}

func sealedIn(m Message, kind Kind) []byte {
	r := m.ProtoReflect()
	return r.Get(r.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(record.SealedField(kind)))).Bytes()
}

// sealInto puts the content into the message, and gives the key that was made for it, if
// one was.
func (c *Client) sealInto(b *localdb.Book, m Message, kind Kind, visit record.ID, content proto.Message) (key Message, err error) {
	of := record.CompartmentOf(kind)
	id, err := record.IDOf(m)
	if err != nil {
		return nil, err
	}
	before := sealedIn(m, kind)
	var was []byte
	if len(before) > 0 {
		o, err := openerFor(b, visit, of)
		if err != nil {
			return nil, err
		}
		was, _ = o.open(before, id) // what this device cannot read, it replaces whole
	}
	text, same, err := contentText(id, content, was)
	if err != nil || same {
		return nil, err
	}
	s, key, err := c.sealer(b, visit, of)
	if err != nil {
		return nil, err
	}
	body, err := compartment.Seal(s.Public, text)
	if err != nil {
		return nil, explainCompartment(err)
	}
	r := m.ProtoReflect()
	r.Set(r.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(record.SealedField(kind))), protoreflect.ValueOfBytes(body))
	return key, nil
}

// recordName is the name under which the content says which record it was sealed for.
const recordName = "record"

// contentText is the content as it is sealed, with what was there before and this program
// does not know; same when nothing differs from that.
func contentText(id record.ID, content proto.Message, was []byte) (text []byte, same bool, err error) {
	known := content.ProtoReflect().Descriptor().Fields()
	encoded, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(content)
	if err != nil {
		return nil, false, err
	}
	now, before := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(encoded, &now); err != nil {
		return nil, false, err
	}
	if was != nil {
		if err := json.Unmarshal(was, &before); err != nil {
			before = nil
		}
	}
	for name, value := range before {
		if known.ByName(protoreflect.Name(name)) == nil {
			now[name] = value
		}
	}
	now[recordName], _ = json.Marshal(id.String())
	same = was != nil && before != nil && maps.EqualFunc(now, before, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) })
	text, err = json.Marshal(now) // with its keys in order
	return text, same, err
}

// sealer gives the key that this device seals to: one of its own that still opens, while
// the visit goes on. Nobody else's is ever used, for whoever made that can read. key is
// the record of a new one.
func (c *Client) sealer(b *localdb.Book, visit record.ID, of daylightv1.Compartment) (s localdb.Sealer, key Message, err error) {
	in, err := handedIn(b, visit)
	if err != nil {
		return s, nil, err
	}
	all, err := b.Sealers(&visit)
	if err != nil {
		return s, nil, err
	}
	for _, s := range all {
		if s.Compartment == int32(of) && (s.Held() || in) {
			return s, nil, nil
		}
	}
	made, err := compartment.NewKey()
	if err != nil {
		return s, nil, err
	}
	s = localdb.Sealer{Key: c.idFor(KindSealingKey), Visit: visit, Compartment: int32(of), Public: made.Public(), Secret: made.Secret()}
	m := &daylightv1.SealingKey{
		Id: s.Key.String(), VisitId: proto.String(visit.String()), Compartment: of.Enum(), Public: proto.String(s.Public),
	}
	readers, err := c.trusted(b)
	if err != nil {
		return s, nil, err
	}
	if _, err := readers.wrap(made, m); err != nil {
		return s, nil, err
	}
	if s.Given = len(m.Wraps) > 0; in && s.Given {
		s.Secret = ""
	}
	return s, m, b.PutSealer(s)
}
