package journal

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// DecodeChange reads a payload that somebody else may have written. Its errors are
// an [Error] of kind ErrUnreadable or ErrTooLarge. Fields that it does not know
// are passed over: a newer program wrote them. Values share the payload's memory,
// so nobody may change either.
func DecodeChange(payload []byte) (Change, error) {
	if len(payload) > MaxChange {
		return Change{}, tooLarge("the change has %d bytes; at most %d are taken", len(payload), MaxChange)
	}
	c, err := decodeChange(payload)
	if err != nil {
		return Change{}, err
	}
	if err := c.check(); err != nil {
		return Change{}, err
	}
	return c, nil
}

// decodeChange reads the writers before the records that point to them: fields of
// a message may come in any order.
func decodeChange(b []byte) (c Change, err error) {
	salted := false
	var writers []fold.WriterID
	err = eachField(b, func(f field) error {
		switch f.num {
		case changeSalt:
			salted = true
			return f.fill(c.Salt[:], "the salt")
		case changeTime:
			c.Time = fold.Time(f.n)
			return f.want(protowire.Fixed64Type)
		case changeWriters:
			writers = append(writers, fold.WriterID{})
			return f.fill(writers[len(writers)-1][:], "a writer's id")
		case changeReason:
			c.Reason = string(f.b)
			return f.want(protowire.BytesType)
		case changeRuling:
			r, err := decodeRuling(f)
			c.Ruling = r
			return within("ruling", 0, err)
		}
		return nil
	})
	if err == nil && !salted {
		err = unreadable("no salt")
	}
	if err != nil {
		return c, err
	}
	return c, eachField(b, func(f field) error {
		if f.num != changeRecords {
			return nil
		}
		r, err := decodeRecord(f, writers)
		c.Records = append(c.Records, r)
		return within("record", len(c.Records)-1, err)
	})
}

func decodeRecord(f field, writers []fold.WriterID) (r RecordEdits, err error) {
	if err := f.want(protowire.BytesType); err != nil {
		return r, err
	}
	creates := false
	err = eachField(f.b, func(f field) error {
		switch f.num {
		case recordKind:
			r.Kind = record.Kind(f.n)
			return f.wantUint(math.MaxUint32)
		case recordID:
			return f.fill(r.ID[:], "the id")
		case recordCreates:
			creates = f.n != 0
			return f.want(protowire.VarintType)
		case recordEdits:
			e, err := decodeEdit(f, writers)
			r.Edits = append(r.Edits, e)
			return within("edit", len(r.Edits)-1, err)
		}
		return nil
	})
	if creates {
		r.Edits = append([]fold.Edit{Creation(r.ID)}, r.Edits...)
	}
	return r, err
}

func decodeEdit(f field, writers []fold.WriterID) (e fold.Edit, err error) {
	if err := f.want(protowire.BytesType); err != nil {
		return e, err
	}
	err = eachField(f.b, func(f field) error {
		switch f.num {
		case editField:
			e.Field = int32(f.n)
			return f.wantUint(uint64(protowire.MaxValidNumber))
		case editKey:
			e.Element, e.Key = true, string(f.b)
			return f.want(protowire.BytesType)
		case editValue:
			e.Value = f.b
			return f.want(protowire.BytesType)
		case editSupersedes:
			s, err := decodeSuperseded(f, writers)
			e.Supersedes = append(e.Supersedes, s)
			return within("superseded dot", len(e.Supersedes)-1, err)
		}
		return nil
	})
	if err == nil && e.Field == fold.FieldID {
		return e, unreadable("field 1 is set by the creating flag alone")
	}
	return e, err
}

func decodeSuperseded(f field, writers []fold.WriterID) (s fold.Superseded, err error) {
	if err := f.want(protowire.BytesType); err != nil {
		return s, err
	}
	var index uint64
	linked := false
	err = eachField(f.b, func(f field) error {
		switch f.num {
		case supersededWriter:
			index = f.n
			return f.want(protowire.VarintType)
		case supersededSeq:
			s.Dot.Seq = fold.Seq(f.n)
			return f.want(protowire.VarintType)
		case supersededLink:
			linked = true
			return f.fill(s.Link[:], "the link")
		}
		return nil
	})
	switch {
	case err != nil:
		return s, err
	case linked && !s.ByLink():
		return s, unreadable("a link of zeros names nothing")
	case linked && index != 0:
		return s, unreadable("named both by link and by writer and seq")
	case linked:
		return s, nil
	case index >= uint64(len(writers)):
		return s, unreadable("no such writer")
	}
	s.Dot.Writer = writers[index]
	return s, nil
}
