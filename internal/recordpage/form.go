package recordpage

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
)

// A form carries the record as it was shown, with its token, in one hidden control. What is
// posted is laid over that and saved against it: so a page may be saved minutes later, after
// a sync, a lock or a kill, and changes what its author changed and nothing else, and no
// form has to be kept in memory.

// Names of controls that are not paths.
const (
	AsField    = "as"    // the record as it was shown
	HasField   = "has"   // a path of which no control is sent when nothing is chosen
	AddField   = "add"   // a list to add an element to
	DropField  = "drop"  // At(field, key) of an element to take out
	AgainField = "again" // field=bytes of an element to put back
)

// mostAs bounds a record as it was shown, inflated.
const mostAs = 4 << 20

// Pack writes a record as the form's hidden control carries it.
func Pack(m record.Message) (string, error) {
	b, err := proto.Marshal(m)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(b); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(out.Bytes()), nil
}

// ErrForm is for a form that no page of ours has made.
var ErrForm = errors.New("the form cannot be read")

// Unpack reads it. id is that of the record which the address names; the form has to be of
// the same one.
func Unpack(kind record.Kind, id, packed string) (record.Message, error) {
	flat, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil {
		return nil, ErrForm
	}
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(flat)), mostAs+1))
	if err != nil || len(b) > mostAs {
		return nil, ErrForm
	}
	m := record.New(kind)
	if m == nil || proto.Unmarshal(b, m) != nil || m.GetId() != id {
		return nil, ErrForm
	}
	return m, nil
}

// Outcome is what became of a form.
type Outcome struct {
	// Message is what is shown now, with its token; nil when nothing was saved.
	Message record.Message
	// Bad are the controls that were not saved, by path.
	Bad map[string]*BadValue
	// Undo puts back what the form took out: again's value.
	Undo string
}

// Lay lays what was posted over the message; Controls that hold no value of their field
// leave it as it is, and are told. An error is a form that is none of ours.
func Lay(m record.Message, posted url.Values, zone *time.Location) (o Outcome, err error) {
	o.Bad = map[string]*BadValue{}
	for _, path := range Controls(posted) {
		typed := posted[path]
		if len(typed) == 1 {
			if shown, err := Control(m, path); err == nil && shown == typed[0] {
				continue // a control may show less than the field holds
			}
			typed = []string{Placed(m, path, typed[0], zone)}
		}
		var bad *BadValue
		if err := Assign(m, path, typed); errors.As(err, &bad) {
			o.Bad[path] = bad
		} else if err != nil {
			return o, fmt.Errorf("%w: %q", ErrForm, path)
		}
	}
	for _, field := range posted[AddField] {
		if err := add(m, field); err != nil {
			return o, ErrForm
		}
	}
	for _, at := range posted[DropField] {
		steps, err := ParsePath(at)
		if err != nil || len(steps) != 1 || !steps[0].Keyed {
			return o, ErrForm
		}
		if gone := without(m, string(steps[0].Field), steps[0].Key); gone != nil {
			o.Undo = string(steps[0].Field) + "=" + base64.RawURLEncoding.EncodeToString(gone)
		}
	}
	for _, again := range posted[AgainField] {
		field, text, _ := strings.Cut(again, "=")
		gone, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || with(m, field, gone) != nil {
			return o, ErrForm
		}
	}
	return o, nil
}

// Controls are the paths that were posted, in a fixed order: what has names is there, with
// no value where no control of it is.
func Controls(posted url.Values) (paths []string) {
	for name := range posted {
		switch name {
		case AsField, HasField, AddField, DropField, AgainField:
		default:
			if !strings.HasPrefix(name, "_") { // a page's own
				paths = append(paths, name)
			}
		}
	}
	for _, path := range posted[HasField] {
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// Save saves what was posted, by save, against the record as it was shown. What cannot be saved is
// told control by control, and the rest is saved.
func Save(as record.Message, posted url.Values, zone *time.Location, save func(record.Message) error) (o Outcome, err error) {
	m := proto.Clone(as).(record.Message)
	if o, err = Lay(m, posted, zone); err != nil {
		return o, err
	}
	for range len(Controls(posted)) + 1 {
		if err = save(m); err == nil {
			o.Message = m
			return o, nil
		}
		var problem *record.Problem
		if !errors.As(err, &problem) || !o.blame(problem, as, m, posted) {
			return o, err
		}
		m = proto.Clone(as).(record.Message)
		if _, err := Lay(m, o.rest(posted), zone); err != nil {
			return o, err
		}
	}
	return o, err
}

// blame finds the controls that a problem is about and takes note of it; false when there
// is none among what was posted, so that it is not about this form.
func (o *Outcome) blame(p *record.Problem, as, m record.Message, posted url.Values) bool {
	top, _, _ := strings.Cut(p.Field, ".")
	top, index, indexed := strings.Cut(strings.TrimSuffix(top, "]"), "[")
	word := "field-edit.bad-value"
	if p.TooLarge {
		word = "field-edit.bad-long"
	}
	found := false
	for _, path := range Controls(posted) {
		steps, err := ParsePath(path)
		if err != nil || p.Field != "" && string(steps[0].Field) != top || o.Bad[path] != nil {
			continue
		}
		if indexed && steps[0].Keyed && !isElement(m, top, index, steps[0].Key) {
			continue
		}
		if rest, ok := strings.CutPrefix(p.Field, top+"."); ok && len(steps) > 1 && string(steps[1].Field) != firstPart(rest) {
			continue
		}
		if old, err := Read(as, path); err == nil && len(posted[path]) == 1 && old == posted[path][0] {
			continue // as it was: not what was typed
		}
		o.Bad[path], found = &BadValue{Word: word, Params: map[string]string{"what": p.Text}}, true
	}
	return found
}

func firstPart(path string) string {
	first, _, _ := strings.Cut(path, ".")
	first, _, _ = strings.Cut(first, "[")
	return first
}

// isElement reports whether the index of a problem, counted from 1 or a key, is the element
// with that key.
func isElement(m record.Message, field, index, key string) bool {
	if index == key {
		return true
	}
	r := m.ProtoReflect()
	fd := r.Descriptor().Fields().ByName(protoreflect.Name(field))
	if fd == nil || !fd.IsList() || fd.Message() == nil {
		return false
	}
	list := r.Get(fd).List()
	first := fd.Message().Fields().ByNumber(1)
	for i := range list.Len() {
		if fmt.Sprint(i+1) == index {
			return Written(first, list.Get(i).Message().Get(first)) == key
		}
	}
	return false
}

// rest is what was posted without the controls that are not saved.
func (o *Outcome) rest(posted url.Values) url.Values {
	out := url.Values{}
	for name, typed := range posted {
		if o.Bad[name] == nil {
			out[name] = typed
		}
	}
	out[HasField] = slices.DeleteFunc(slices.Clone(posted[HasField]), func(path string) bool { return o.Bad[path] != nil })
	return out
}
