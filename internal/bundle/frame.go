package bundle

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	// MaxFrame bounds an encoded frame, in bytes: the largest message of a sync and
	// what it is wrapped in.
	MaxFrame = 4<<20 + 64<<10
	// maxPieces bounds the messages, strings and byte strings in a frame. The largest
	// batch has journal.MaxEntries of them.
	maxPieces = 1 << 17
	// maxDepth bounds how deep messages nest; ours nest less than ten deep.
	maxDepth = 32
)

// kinds says which field a frame of each purpose has set.
var kinds = map[daylightv1.BundlePurpose]protowire.Number{
	daylightv1.BundlePurpose_BUNDLE_PURPOSE_OFFICE: 1,
	daylightv1.BundlePurpose_BUNDLE_PURPOSE_TEAM:   2,
	daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER: 3,
}

var frameFields = (*daylightv1.BundleFrame)(nil).ProtoReflect().Descriptor().Fields()

const kindEnd protowire.Number = 4

// kindOf is the one field that the frame has set: its number, and what it holds.
func kindOf(frame []byte) (protowire.Number, []byte, error) {
	num, typ, n := protowire.ConsumeTag(frame)
	if n < 0 || typ != protowire.BytesType {
		return 0, nil, errors.New("a part is unreadable or empty")
	}
	inner, m := protowire.ConsumeBytes(frame[n:])
	switch {
	case m < 0:
		return 0, nil, errors.New("a part is unreadable")
	case n+m != len(frame):
		return 0, nil, errors.New("a part says two things")
	}
	return num, inner, nil
}

func isEnd(frame []byte) bool {
	num, _, err := kindOf(frame)
	return err == nil && num == kindEnd
}

// checkFrame says why this is not a frame of that purpose, or nothing. It takes no
// memory for what the frame holds. What passes is decoded without an error.
func checkFrame(frame []byte, purpose daylightv1.BundlePurpose) error {
	if len(frame) > MaxFrame {
		return fmt.Errorf("a part has %d bytes; at most %d are taken", len(frame), MaxFrame)
	}
	num, inner, err := kindOf(frame)
	if err != nil {
		return err
	}
	if num != kinds[purpose] {
		return errors.New("a part does not belong into a bundle of this purpose")
	}
	m := measure{pieces: maxPieces}
	return m.message(inner, frameFields.ByNumber(num).Message(), maxDepth)
}

// measure goes over an encoded message in the way of proto.Unmarshal.
type measure struct {
	pieces int // still allowed
}

var errMalformed = errors.New("a part is unreadable")

func (m *measure) message(b []byte, of protoreflect.MessageDescriptor, depth int) error {
	if depth == 0 {
		return errMalformed
	}
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 || num > protowire.MaxValidNumber {
			return errMalformed
		}
		b = b[n:]
		if n = protowire.ConsumeFieldValue(num, typ, b); n < 0 {
			return errMalformed
		}
		field := of.Fields().ByNumber(num)
		if field != nil && typ == protowire.BytesType {
			inner, _ := protowire.ConsumeBytes(b[:n])
			if err := m.piece(inner, field, depth); err != nil {
				return err
			}
		}
		b = b[n:]
	}
	return nil
}

// piece is for a value with its length before it.
func (m *measure) piece(b []byte, field protoreflect.FieldDescriptor, depth int) error {
	if m.pieces--; m.pieces < 0 {
		return fmt.Errorf("a part has more than %d pieces", maxPieces)
	}
	switch field.Kind() {
	case protoreflect.MessageKind:
		return m.message(b, field.Message(), depth-1)
	case protoreflect.BytesKind:
		return nil
	case protoreflect.StringKind:
		if !utf8.Valid(b) {
			return errMalformed
		}
		return nil
	}
	return packed(b, field)
}

// packed is for numbers in a row.
func packed(b []byte, field protoreflect.FieldDescriptor) error {
	if !field.IsList() {
		return nil // as a field that is not known
	}
	typ := wireType(field.Kind())
	for len(b) > 0 {
		n := protowire.ConsumeFieldValue(field.Number(), typ, b)
		if n < 0 {
			return errMalformed
		}
		b = b[n:]
	}
	return nil
}

func wireType(k protoreflect.Kind) protowire.Type {
	switch k {
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		return protowire.Fixed32Type
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		return protowire.Fixed64Type
	}
	return protowire.VarintType
}
