package fold

import "google.golang.org/protobuf/encoding/protowire"

// KeyOf reads the two keys that one occurrence of a field may have: inside, the
// content of the element's field 1; whole, the content of the value itself. ok
// is false when b is not exactly one occurrence. inside is nil when there is no
// field 1 in it.
func KeyOf(b []byte) (inside, whole []byte, ok bool) {
	num, typ, n := protowire.ConsumeTag(b)
	if n < 0 || protowire.ConsumeFieldValue(num, typ, b[n:]) != len(b)-n {
		return nil, nil, false
	}
	if typ != protowire.BytesType {
		return nil, b[n:], true
	}
	whole, _ = protowire.ConsumeBytes(b[n:])
	return firstField(whole), whole, true
}

// firstField is the content of the last field 1 of a message, nil when there is
// none or b is no message: any program reads the last one.
func firstField(b []byte) (content []byte) {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return nil
		}
		m := protowire.ConsumeFieldValue(num, typ, b[n:])
		if m < 0 {
			return nil
		}
		if num == 1 && typ == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(b[n:])
		} else if num == 1 {
			content = b[n : n+m]
		}
		b = b[n+m:]
	}
	return content
}
