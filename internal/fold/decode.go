package fold

import (
	"bytes"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// wire is one field of a message as it stands on the wire.
type wire struct {
	num     protowire.Number
	number  uint64 // varint and fixed64
	content []byte // length-delimited
}

// walk calls do for each field of a message of ours; groups and fixed32 are not
// used in it.
func walk(b []byte, do func(wire) error) error {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return ErrState
		}
		b = b[n:]
		w := wire{num: num}
		switch typ {
		case protowire.VarintType:
			w.number, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			w.number, n = protowire.ConsumeFixed64(b)
		case protowire.BytesType:
			w.content, n = protowire.ConsumeBytes(b)
		default:
			return ErrState
		}
		if n < 0 {
			return ErrState
		}
		if err := do(w); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// decoder reads a state in the order in which encode wrote it.
type decoder struct {
	shown   []byte
	writers []WriterID
	runs    []stamps
	paths   [][]byte

	state *State
}

// Decode reads what Encode gives and refuses anything else with ErrState. The
// state keeps parts of b: b must not be changed afterwards. No bytes are an empty
// state.
func Decode(b []byte) (*State, error) {
	s, err := DecodeOwn(b)
	if err == nil && !bytes.Equal(s.Encode(), b) {
		return nil, fmt.Errorf("%w: its encoding is not the canonical one", ErrState)
	}
	return s, err
}

// DecodeOwn is Decode for bytes that this program encoded and stored itself: it
// leaves out the comparison that makes up half of the time.
func DecodeOwn(b []byte) (*State, error) {
	d := decoder{state: New()}
	if err := walk(b, d.top); err != nil {
		return nil, err
	}
	if err := d.readShown(); err != nil {
		return nil, err
	}
	for _, p := range d.paths {
		if err := d.readPath(p); err != nil {
			return nil, err
		}
	}
	return d.state, nil
}

func (d *decoder) top(w wire) error {
	switch w.num {
	case stateShown:
		d.shown = w.content
	case stateWriters:
		if len(w.content)%len(WriterID{}) != 0 {
			return ErrState
		}
		for part := range slices.Chunk(w.content, len(WriterID{})) {
			d.writers = append(d.writers, WriterID(part))
		}
	case stateStamps:
		r, err := d.readStamps(w.content)
		if err != nil {
			return err
		}
		d.runs = append(d.runs, r)
	case statePaths:
		d.paths = append(d.paths, w.content)
	default:
		return ErrState
	}
	return nil
}

func (d *decoder) dot(writer uint64, seq Seq) (Dot, error) {
	if writer >= uint64(len(d.writers)) || seq == 0 {
		return Dot{}, ErrState
	}
	return Dot{d.writers[writer], seq}, nil
}

func (d *decoder) readStamps(b []byte) (r stamps, err error) {
	var writer uint64
	err = walk(b, func(w wire) error {
		switch w.num {
		case stampCount:
			r.count = w.number
		case stampForm:
			r.form = daylightv1.PathForm(w.number)
		case stampWriter:
			writer = w.number
		case stampSeq:
			r.entry.Seq = Seq(w.number)
		case stampTime:
			r.entry.Time = Time(w.number)
		case stampSuspect:
			r.entry.Suspect = w.number != 0
		case stampOccurrences:
			r.occurrences = w.number
		default:
			return ErrState
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	r.entry.Dot, err = d.dot(writer, r.entry.Seq)
	return r, err
}

// readShown cuts the message into paths, as the runs say. A key that stands apart
// is taken from the paths in turn.
func (d *decoder) readShown() error {
	rest := d.shown
	apart, err := d.keysApart()
	if err != nil {
		return err
	}
	for _, r := range d.runs {
		for range r.count {
			n := cut(rest, r)
			if n <= 0 {
				return ErrState
			}
			e := r.entry
			e.Value, rest = rest[:n:n], rest[n:]
			p, ok := pathOf(e.Value, r.form)
			if r.form == formApart {
				if len(apart) == 0 {
					return ErrState
				}
				p, apart = apart[0], apart[1:]
			} else if !ok {
				return ErrState
			}
			if err := d.append(p, e); err != nil {
				return err
			}
		}
	}
	if len(rest) > 0 || len(apart) > 0 {
		return ErrState
	}
	return nil
}

// append puts a shown value behind those before it; order is checked here so that
// a large state is read in one pass.
func (d *decoder) append(p Path, e Entry) error {
	if n := len(d.state.cells); n > 0 && d.state.cells[n-1].path.Compare(p) >= 0 {
		return ErrState
	}
	c := &cell{path: p, entries: []Entry{e}}
	c.context.add(e.Dot)
	d.state.cells = append(d.state.cells, c)
	return nil
}

// cut is the length of the next path's value in front of b, 0 for none.
func cut(b []byte, r stamps) int {
	num, _, n := protowire.ConsumeField(b)
	if n < 0 {
		return 0
	}
	if r.form != formRegister {
		return n
	}
	for taken := uint64(1); len(b) > n && taken != r.occurrences; taken++ {
		next, _, m := protowire.ConsumeField(b[n:])
		if m < 0 {
			return 0
		}
		if next != num {
			break
		}
		n += m
	}
	return n
}

func pathOf(value []byte, form daylightv1.PathForm) (Path, bool) {
	num, _, n := protowire.ConsumeTag(value)
	if n < 0 {
		return Path{}, false
	}
	p := Path{Field: int32(num)}
	if form == formRegister {
		return p, true
	}
	inside, whole, ok := KeyOf(value)
	p.Element = true
	switch form {
	case formInside:
		p.Key = string(inside)
	case formValue:
		p.Key = string(whole)
	default:
		ok = false
	}
	return p, ok
}

// rest is one PathState read.
type rest struct {
	path    Path
	apart   bool
	values  []Entry
	context []Dot
	links   []Link
}

func (d *decoder) keysApart() (out []Path, err error) {
	for _, b := range d.paths {
		r, err := d.readRest(b)
		if err != nil {
			return nil, err
		}
		if r.apart {
			out = append(out, r.path)
		}
	}
	return out, nil
}

func (d *decoder) readPath(b []byte) error {
	r, err := d.readRest(b)
	if err != nil {
		return err
	}
	c := d.state.at(r.path)
	c.entries = append(c.entries, r.values...)
	for _, e := range r.values {
		c.context.add(e.Dot)
	}
	for _, dot := range r.context {
		c.context.add(dot)
	}
	for _, l := range r.links {
		c.addLink(l)
	}
	c.sort()
	return nil
}

func (d *decoder) readRest(b []byte) (r rest, err error) {
	err = walk(b, func(w wire) error {
		switch w.num {
		case pathField:
			r.path.Field = int32(w.number)
		case pathKey:
			r.path.Element, r.path.Key = true, string(w.content)
		case pathValues:
			e, err := d.readValue(w.content)
			r.values = append(r.values, e)
			return err
		case pathContext:
			return d.readContext(w.content, &r)
		case pathLinks:
			if len(w.content) != len(Link{}) {
				return ErrState
			}
			r.links = append(r.links, Link(w.content))
		case pathApart:
			r.apart = w.number != 0
		default:
			return ErrState
		}
		return nil
	})
	return r, err
}

func (d *decoder) readContext(b []byte, r *rest) error {
	for len(b) > 0 {
		index, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return ErrState
		}
		seq, m := protowire.ConsumeVarint(b[n:])
		if m < 0 {
			return ErrState
		}
		dot, err := d.dot(index, Seq(seq))
		if err != nil {
			return err
		}
		r.context = append(r.context, dot)
		b = b[n+m:]
	}
	return nil
}

func (d *decoder) readValue(b []byte) (e Entry, err error) {
	var writer uint64
	err = walk(b, func(w wire) error {
		switch w.num {
		case valueWriter:
			writer = w.number
		case valueSeq:
			e.Seq = Seq(w.number)
		case valueTime:
			e.Time = Time(w.number)
		case valueSuspect:
			e.Suspect = w.number != 0
		case valueValue:
			e.Value = w.content
		default:
			return ErrState
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	e.Dot, err = d.dot(writer, e.Seq)
	return e, err
}

// ShownIn gives the message as shown out of an encoded state, without decoding the
// rest; it shares the memory. Nothing for a state that shows nothing.
func ShownIn(encoded []byte) ([]byte, error) {
	if len(encoded) == 0 {
		return nil, nil
	}
	field, typ, n := protowire.ConsumeTag(encoded)
	if n < 0 {
		return nil, protowire.ParseError(n)
	}
	if field != stateShown || typ != protowire.BytesType {
		return nil, nil // it is encoded first, if there is one
	}
	shown, n := protowire.ConsumeBytes(encoded[n:])
	if n < 0 {
		return nil, protowire.ParseError(n)
	}
	return shown, nil
}
