package fold

import (
	"bytes"
	"errors"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The field numbers of daylight.v1.State, Stamps, PathState and PathValue.
const (
	stateShown, stateWriters, stateStamps, statePaths = 1, 2, 3, 4

	stampCount, stampForm, stampWriter, stampSeq, stampTime, stampSuspect, stampOccurrences = 1, 2, 3, 4, 5, 6, 7

	pathField, pathKey, pathValues, pathContext, pathLinks, pathApart = 1, 2, 3, 4, 5, 6

	valueWriter, valueSeq, valueTime, valueSuspect, valueValue = 1, 2, 3, 4, 5
)

const (
	formRegister = daylightv1.PathForm_PATH_FORM_REGISTER
	formInside   = daylightv1.PathForm_PATH_FORM_KEY_INSIDE
	formValue    = daylightv1.PathForm_PATH_FORM_KEY_IS_VALUE
	formApart    = daylightv1.PathForm_PATH_FORM_KEY_APART
)

// stamps is one run of daylight.v1.Stamps.
type stamps struct {
	count       uint64
	form        daylightv1.PathForm
	occurrences uint64
	entry       Entry // without the value
}

// Encode gives the state as a daylight.v1.State: equal states are equal bytes. A
// state that knows nothing is no bytes.
func (s *State) Encode() []byte {
	writers := s.writers()
	var runs []stamps
	var paths []byte
	for i, c := range s.cells {
		if c.empty() {
			continue
		}
		form := formRegister
		if e := c.shown(); e != nil {
			r := stamps{count: 1, form: formOf(c.path, e.Value), entry: Entry{Dot: e.Dot, Time: e.Time, Suspect: e.Suspect}}
			if form = r.form; form == formRegister && i+1 < len(s.cells) && s.cells[i+1].path.Field == c.path.Field {
				r.occurrences = countOccurrences(e.Value)
			}
			runs = appendRun(runs, r)
		}
		if one := c.encodeRest(writers, form == formApart); one != nil {
			paths = protowire.AppendTag(paths, statePaths, protowire.BytesType)
			paths = protowire.AppendBytes(paths, one)
		}
	}
	if len(writers) == 0 && len(paths) == 0 {
		return nil
	}
	shown := s.Shown()
	out := make([]byte, 0, len(shown)+len(paths)+len(writers)*16+len(runs)*24+16)
	out = appendBytes(out, stateShown, shown)
	out = appendBytes(out, stateWriters, slices.Concat(bytesOf(writers)...))
	for _, r := range runs {
		out = protowire.AppendTag(out, stateStamps, protowire.BytesType)
		out = protowire.AppendBytes(out, r.encode(writers))
	}
	return append(out, paths...)
}

func bytesOf(writers []WriterID) [][]byte {
	out := make([][]byte, len(writers))
	for i := range writers {
		out[i] = writers[i][:]
	}
	return out
}

// writers lists every writer that the state names, sorted.
func (s *State) writers() []WriterID {
	var v vector
	for _, c := range s.cells {
		for _, d := range c.context {
			v.add(Dot{d.Writer, 1})
		}
	}
	out := make([]WriterID, len(v))
	for i, d := range v {
		out[i] = d.Writer
	}
	return out
}

func indexIn(writers []WriterID, w WriterID) uint64 {
	i, _ := slices.BinarySearchFunc(writers, w, func(a, b WriterID) int { return bytes.Compare(a[:], b[:]) })
	return uint64(i)
}

func formOf(p Path, value []byte) daylightv1.PathForm {
	if !p.Element {
		return formRegister
	}
	inside, whole, ok := KeyOf(value)
	switch {
	case ok && inside != nil && string(inside) == p.Key:
		return formInside
	case ok && string(whole) == p.Key:
		return formValue
	}
	return formApart
}

func countOccurrences(value []byte) (n uint64) {
	for range fieldsOf(value) {
		n++
	}
	return n
}

func appendRun(runs []stamps, r stamps) []stamps {
	if n := len(runs); n > 0 {
		if last := &runs[n-1]; last.form == r.form && last.occurrences == 0 && r.occurrences == 0 &&
			last.entry.Dot == r.entry.Dot && last.entry.Time == r.entry.Time && last.entry.Suspect == r.entry.Suspect {
			last.count++
			return runs
		}
	}
	return append(runs, r)
}

func (r stamps) encode(writers []WriterID) (b []byte) {
	b = appendUint(b, stampCount, r.count)
	b = appendUint(b, stampForm, uint64(r.form))
	b = appendUint(b, stampWriter, indexIn(writers, r.entry.Writer))
	b = appendUint(b, stampSeq, uint64(r.entry.Seq))
	b = appendTime(b, stampTime, r.entry.Time)
	b = appendBool(b, stampSuspect, r.entry.Suspect)
	return appendUint(b, stampOccurrences, r.occurrences)
}

// encodeRest gives what the path holds besides the value shown, nil for nothing.
func (c *cell) encodeRest(writers []WriterID, apart bool) (b []byte) {
	others := c.entries
	if c.shown() != nil {
		others = others[1:]
	}
	beyond := c.beyond()
	if len(others) == 0 && len(beyond) == 0 && len(c.links) == 0 && !apart {
		return nil
	}
	b = appendUint(b, pathField, uint64(c.path.Field))
	if c.path.Element {
		b = protowire.AppendTag(b, pathKey, protowire.BytesType)
		b = protowire.AppendString(b, c.path.Key)
	}
	for _, e := range others {
		b = protowire.AppendTag(b, pathValues, protowire.BytesType)
		b = protowire.AppendBytes(b, e.encode(writers))
	}
	var context []byte
	for _, d := range beyond {
		context = protowire.AppendVarint(context, indexIn(writers, d.Writer))
		context = protowire.AppendVarint(context, uint64(d.Seq))
	}
	b = appendBytes(b, pathContext, context)
	for _, l := range c.links {
		b = appendBytes(b, pathLinks, l[:])
	}
	return appendBool(b, pathApart, apart)
}

func (e Entry) encode(writers []WriterID) (b []byte) {
	b = appendUint(b, valueWriter, indexIn(writers, e.Writer))
	b = appendUint(b, valueSeq, uint64(e.Seq))
	b = appendTime(b, valueTime, e.Time)
	b = appendBool(b, valueSuspect, e.Suspect)
	return appendBytes(b, valueValue, e.Value)
}

func appendUint(b []byte, num protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, num, protowire.VarintType), v)
}

func appendBool(b []byte, num protowire.Number, v bool) []byte {
	if !v {
		return b
	}
	return appendUint(b, num, 1)
}

func appendTime(b []byte, num protowire.Number, t Time) []byte {
	if t == 0 {
		return b
	}
	return protowire.AppendFixed64(protowire.AppendTag(b, num, protowire.Fixed64Type), uint64(t))
}

func appendBytes(b []byte, num protowire.Number, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	return protowire.AppendBytes(protowire.AppendTag(b, num, protowire.BytesType), v)
}

// ErrState says that bytes are not a state as Encode gives it.
var ErrState = errors.New("this is not a folded record")
