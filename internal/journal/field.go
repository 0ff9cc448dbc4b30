package journal

import "google.golang.org/protobuf/encoding/protowire"

// field is one field of an encoded message.
type field struct {
	num protowire.Number
	typ protowire.Type
	// b is the content of a bytes field, never an empty slice.
	b []byte
	// n is the content of a varint or fixed64 field.
	n uint64
}

// eachField gives the fields of a message in their order, the first error ends it.
// What it gives shares the message's memory and cannot be appended to in place.
func eachField(b []byte, do func(field) error) error {
	for len(b) > 0 {
		f, n := readField(b)
		if n < 0 {
			return unreadable("not a protobuf message")
		}
		if err := do(f); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// readField reads the first field; a negative length says that it is none.
func readField(b []byte) (f field, length int) {
	var n int
	f.num, f.typ, n = protowire.ConsumeTag(b)
	if n < 0 {
		return f, n
	}
	rest, m := b[n:], 0
	switch f.typ {
	case protowire.VarintType:
		f.n, m = protowire.ConsumeVarint(rest)
	case protowire.Fixed64Type:
		f.n, m = protowire.ConsumeFixed64(rest)
	case protowire.BytesType:
		if f.b, m = protowire.ConsumeBytes(rest); len(f.b) == 0 {
			f.b = nil
		}
		f.b = f.b[:len(f.b):len(f.b)]
	default:
		m = protowire.ConsumeFieldValue(f.num, f.typ, rest)
	}
	if m < 0 {
		return f, m
	}
	return f, n + m
}

func (f field) want(t protowire.Type) error {
	if f.typ != t {
		return unreadable("a field has another type than its number says")
	}
	return nil
}

func (f field) wantUint(most uint64) error {
	if f.n > most {
		return unreadable("a number is out of range")
	}
	return f.want(protowire.VarintType)
}

// fill takes a value of exactly that length.
func (f field) fill(into []byte, what string) error {
	if err := f.want(protowire.BytesType); err != nil {
		return err
	}
	if len(f.b) != len(into) {
		return unreadable("%s has %d bytes and not %d", what, len(f.b), len(into))
	}
	copy(into, f.b)
	return nil
}
