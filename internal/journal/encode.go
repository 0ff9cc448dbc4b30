package journal

import (
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Field numbers of daylight.v1.Change, Ruling, RecordEdits, Edit and Superseded. They are
// written by hand, since protobuf's own encoding may differ from one version of
// the library to the next.
const (
	changeSalt, changeTime, changeWriters, changeRecords, changeReason, changeRuling = 1, 2, 3, 4, 5, 7

	rulingLink, rulingKind = 1, 2

	recordKind, recordID, recordCreates, recordEdits = 1, 2, 3, 4

	editField, editKey, editValue, editSupersedes = 1, 2, 3, 4

	supersededWriter, supersededSeq, supersededLink = 1, 2, 3
)

// writerTable numbers writers in the order of their first use.
type writerTable struct {
	ids   []fold.WriterID
	index map[fold.WriterID]uint64
}

func (t *writerTable) of(w fold.WriterID) uint64 {
	if i, ok := t.index[w]; ok {
		return i
	}
	if t.index == nil {
		t.index = make(map[fold.WriterID]uint64)
	}
	i := uint64(len(t.ids))
	t.ids = append(t.ids, w)
	t.index[w] = i
	return i
}

// Encode is the payload of the change: equal changes give equal bytes. It asks for
// a change that passes Check. The order of records and edits is kept, except that
// the creating edit comes back in front.
func (c Change) Encode() []byte {
	var table writerTable
	var records []byte
	for _, r := range c.Records {
		records = appendBytes(records, changeRecords, r.encode(&table))
	}
	b := make([]byte, 0, len(records)+32+18*len(table.ids))
	b = appendBytes(b, changeSalt, c.Salt[:])
	if c.Time != 0 {
		b = protowire.AppendTag(b, changeTime, protowire.Fixed64Type)
		b = protowire.AppendFixed64(b, uint64(c.Time))
	}
	for _, w := range table.ids {
		b = appendBytes(b, changeWriters, w[:])
	}
	b = append(b, records...)
	if c.Ruling == nil {
		return b
	}
	if c.Reason != "" {
		b = appendBytes(b, changeReason, []byte(c.Reason))
	}
	return appendBytes(b, changeRuling, c.Ruling.encode())
}

// Size is the length of Encode, to be held against MaxChange and MaxOpen.
func (c Change) Size() int { return len(c.Encode()) }

func (r RecordEdits) encode(table *writerTable) (b []byte) {
	b = appendUint(b, recordKind, uint64(r.Kind))
	b = appendBytes(b, recordID, r.ID[:])
	if r.Creates() {
		b = appendUint(b, recordCreates, 1)
	}
	for _, e := range r.Edits {
		if e.Field != fold.FieldID {
			b = appendBytes(b, recordEdits, encodeEdit(e, table))
		}
	}
	return b
}

func encodeEdit(e fold.Edit, table *writerTable) (b []byte) {
	b = appendUint(b, editField, uint64(uint32(e.Field)))
	if e.Element {
		b = protowire.AppendTag(b, editKey, protowire.BytesType)
		b = protowire.AppendString(b, e.Key)
	}
	if len(e.Value) > 0 {
		b = appendBytes(b, editValue, e.Value)
	}
	for _, s := range e.Supersedes {
		b = appendBytes(b, editSupersedes, encodeSuperseded(s, table))
	}
	return b
}

func encodeSuperseded(s fold.Superseded, table *writerTable) (b []byte) {
	if s.ByLink() {
		return appendBytes(b, supersededLink, s.Link[:])
	}
	b = appendUint(b, supersededWriter, table.of(s.Dot.Writer))
	return appendUint(b, supersededSeq, uint64(s.Dot.Seq))
}

// appendUint leaves out zero, as proto3 does.
func appendUint(b []byte, num protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, num, protowire.VarintType), v)
}

func appendBytes(b []byte, num protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, num, protowire.BytesType), v)
}
