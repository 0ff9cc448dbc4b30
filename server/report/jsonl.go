package report

import (
	"encoding/hex"
	"encoding/json"
	"io"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

	"github.com/daylight-npm/daylight/internal/record"
)

// line is one record.
type line struct {
	Kind       string     `json:"kind"`
	ID         string     `json:"id"`
	Position   uint64     `json:"position"`
	ReceivedAt any        `json:"received_at,omitempty"`
	Removed    bool       `json:"removed,omitempty"`
	Incomplete bool       `json:"incomplete,omitempty"`
	Conflicts  []conflict `json:"conflicts,omitempty"`
	// Sealed says, by field, how much was left out.
	Sealed  map[string][]int `json:"sealed,omitempty"`
	Message json.RawMessage  `json:"message"`
}

type conflict struct {
	Field  string  `json:"field"`
	Key    string  `json:"key,omitempty"`
	Values []value `json:"values"`
}

type value struct {
	Value        json.RawMessage `json:"value"` // null: cleared
	Writer       string          `json:"writer"`
	Seq          uint64          `json:"seq"`
	WrittenAt    any             `json:"written_at,omitempty"`
	ClockSuspect bool            `json:"clock_suspect,omitempty"`
}

// JSON writes one line for each record: its kind and id, what the office knows of it, and
// the message in protobuf JSON with the schema's field names, which any program that has
// the schema reads back to the same message. Fields of a newer program are not in it.
func JSON(from Source, o Options, w io.Writer) (Counts, error) {
	x, err := newExport(from, o)
	if err != nil {
		return Counts{}, err
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, k := range x.Kinds {
		if err := x.each(k, func(r Row) error {
			l, err := lineOf(k, r, o.Sealed)
			if err != nil {
				return err
			}
			return out.Encode(l)
		}); err != nil {
			return x.counts, err
		}
	}
	return x.counts, nil
}

func lineOf(k record.Kind, r Row, sealed bool) (line, error) {
	m := proto.Clone(r.Message).ProtoReflect()
	m.Clear(m.Descriptor().Fields().ByName("seen"))
	l := line{
		Kind: k.String(), ID: r.Message.GetId(), Position: r.Status.GetPosition(), ReceivedAt: moment(r.Status.GetReceivedAt()),
		Removed: r.Removed, Incomplete: r.Status.GetIncomplete(),
	}
	if !sealed {
		l.Sealed = map[string][]int{}
		leaveSealed(m, "", l.Sealed)
	}
	for _, c := range r.Status.GetConflicts() {
		l.Conflicts = append(l.Conflicts, conflictOf(k, c))
	}
	var err error
	l.Message, err = protojson.MarshalOptions{UseProtoNames: true}.Marshal(m.Interface())
	return l, err
}

func conflictOf(k record.Kind, c *daylightv1.ConflictingPath) conflict {
	out := conflict{Field: c.GetField(), Key: c.GetKey()}
	for _, v := range c.GetValues() {
		one := value{Writer: hex.EncodeToString(v.GetWriter()), Seq: v.GetSeq(), WrittenAt: moment(v.GetWrittenAt()), ClockSuspect: v.GetClockSuspect()}
		text, _ := told(k, c, v).(string)
		switch {
		case json.Valid([]byte(text)):
			one.Value = json.RawMessage(text)
		case text != "":
			one.Value, _ = json.Marshal(text) // a string always can be
		}
		out.Values = append(out.Values, one)
	}
	return out
}

// leaveSealed takes what is sealed out of a message, at every depth, and notes its size.
func leaveSealed(m protoreflect.Message, at string, sizes map[string][]int) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := at + string(fd.Name())
		switch {
		case optionsOf(fd).GetSensitivity() == daylightv1.Sensitivity_SENSITIVITY_SEALED:
			sizes[name] = append(sizes[name], len(v.Bytes()))
			m.Clear(fd)
		case fd.IsMap() || fd.Message() == nil:
		case fd.IsList():
			for i := range v.List().Len() {
				leaveSealed(v.List().Get(i).Message(), name+".", sizes)
			}
		default:
			leaveSealed(v.Message(), name+".", sizes)
		}
		return true
	})
}

// holdsSealed reports whether a message has a field that is sealed, at any depth.
func holdsSealed(md protoreflect.MessageDescriptor, depth int) bool {
	for i := range md.Fields().Len() {
		fd := md.Fields().Get(i)
		if optionsOf(fd).GetSensitivity() == daylightv1.Sensitivity_SENSITIVITY_SEALED {
			return true
		}
		if fd.Message() != nil && depth < maxDepth && holdsSealed(fd.Message(), depth+1) {
			return true
		}
	}
	return false
}
