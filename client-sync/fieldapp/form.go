package fieldapp

import (
	"bytes"
	"compress/flate"
	"context"
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

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// A form carries the record as it was shown, with its token, in one hidden control. What is
// posted is laid over that and saved against it: so a page may be saved minutes later, after
// a sync, a lock or a kill, and changes what its author changed and nothing else, and no
// form has to be kept in memory.

// Names of controls that are not paths.
const (
	asField    = "as"    // the record as it was shown
	hasField   = "has"   // a path of which no control is sent when nothing is chosen
	addField   = "add"   // a list to add an element to
	dropField  = "drop"  // At(field, key) of an element to take out
	againField = "again" // field=bytes of an element to put back
)

// mostAs bounds a record as it was shown, inflated.
const mostAs = 4 << 20

// pack writes a record as the form's hidden control carries it.
func pack(m clientsync.Message) (string, error) {
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

// errForm is for a form that no page of ours has made.
var errForm = errors.New("the form cannot be read")

// unpack reads it. id is that of the record which the address names; the form has to be of
// the same one.
func unpack(kind clientsync.Kind, id, packed string) (clientsync.Message, error) {
	flat, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil {
		return nil, errForm
	}
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(flat)), mostAs+1))
	if err != nil || len(b) > mostAs {
		return nil, errForm
	}
	m := clientsync.New(kind)
	if m == nil || proto.Unmarshal(b, m) != nil || m.GetId() != id {
		return nil, errForm
	}
	return m, nil
}

// outcome is what became of a form.
type outcome struct {
	// message is what is shown now, with its token; nil when nothing was saved.
	message clientsync.Message
	// bad are the controls that were not saved, by path.
	bad map[string]*BadValue
	// undo puts back what the form took out: again's value.
	undo string
}

// lay lays what was posted over the message; controls that hold no value of their field
// leave it as it is, and are told. An error is a form that is none of ours.
func lay(m clientsync.Message, posted url.Values, zone *time.Location) (o outcome, err error) {
	o.bad = map[string]*BadValue{}
	for _, path := range controls(posted) {
		typed := posted[path]
		if len(typed) == 1 {
			if shown, err := control(m, path); err == nil && shown == typed[0] {
				continue // a control may show less than the field holds
			}
			typed = []string{placed(m, path, typed[0], zone)}
		}
		var bad *BadValue
		if err := assign(m, path, typed); errors.As(err, &bad) {
			o.bad[path] = bad
		} else if err != nil {
			return o, fmt.Errorf("%w: %q", errForm, path)
		}
	}
	for _, field := range posted[addField] {
		if err := add(m, field); err != nil {
			return o, errForm
		}
	}
	for _, at := range posted[dropField] {
		steps, err := parsePath(at)
		if err != nil || len(steps) != 1 || !steps[0].keyed {
			return o, errForm
		}
		if gone := without(m, string(steps[0].field), steps[0].key); gone != nil {
			o.undo = string(steps[0].field) + "=" + base64.RawURLEncoding.EncodeToString(gone)
		}
	}
	for _, again := range posted[againField] {
		field, text, _ := strings.Cut(again, "=")
		gone, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || with(m, field, gone) != nil {
			return o, errForm
		}
	}
	return o, nil
}

// controls are the paths that were posted, in a fixed order: what has names is there, with
// no value where no control of it is.
func controls(posted url.Values) (paths []string) {
	for name := range posted {
		switch name {
		case asField, hasField, addField, dropField, againField:
		default:
			if !strings.HasPrefix(name, "_") { // a page's own
				paths = append(paths, name)
			}
		}
	}
	for _, path := range posted[hasField] {
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// saveForm saves what was posted against the record as it was shown. What cannot be saved is
// told control by control, and the rest is saved.
func saveForm(ctx context.Context, c *clientsync.Client, as clientsync.Message, posted url.Values, zone *time.Location) (o outcome, err error) {
	m := proto.Clone(as).(clientsync.Message)
	if o, err = lay(m, posted, zone); err != nil {
		return o, err
	}
	for range len(controls(posted)) + 1 {
		if err = c.Save(ctx, m); err == nil {
			o.message = m
			return o, nil
		}
		var problem *clientsync.Problem
		if !errors.As(err, &problem) || !o.blame(problem, as, m, posted) {
			return o, err
		}
		m = proto.Clone(as).(clientsync.Message)
		if _, err := lay(m, o.rest(posted), zone); err != nil {
			return o, err
		}
	}
	return o, err
}

// blame finds the controls that a problem is about and takes note of it; false when there
// is none among what was posted, so that it is not about this form.
func (o *outcome) blame(p *clientsync.Problem, as, m clientsync.Message, posted url.Values) bool {
	top, _, _ := strings.Cut(p.Field, ".")
	top, index, indexed := strings.Cut(strings.TrimSuffix(top, "]"), "[")
	word := "field-edit.bad-value"
	if p.TooLarge {
		word = "field-edit.bad-long"
	}
	found := false
	for _, path := range controls(posted) {
		steps, err := parsePath(path)
		if err != nil || p.Field != "" && string(steps[0].field) != top || o.bad[path] != nil {
			continue
		}
		if indexed && steps[0].keyed && !isElement(m, top, index, steps[0].key) {
			continue
		}
		if rest, ok := strings.CutPrefix(p.Field, top+"."); ok && len(steps) > 1 && string(steps[1].field) != firstPart(rest) {
			continue
		}
		if old, err := read(as, path); err == nil && len(posted[path]) == 1 && old == posted[path][0] {
			continue // as it was: not what was typed
		}
		o.bad[path], found = &BadValue{Word: word, Params: map[string]string{"what": p.Text}}, true
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
func isElement(m clientsync.Message, field, index, key string) bool {
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
			return written(first, list.Get(i).Message().Get(first)) == key
		}
	}
	return false
}

// rest is what was posted without the controls that are not saved.
func (o *outcome) rest(posted url.Values) url.Values {
	out := url.Values{}
	for name, typed := range posted {
		if o.bad[name] == nil {
			out[name] = typed
		}
	}
	out[hasField] = slices.DeleteFunc(slices.Clone(posted[hasField]), func(path string) bool { return o.bad[path] != nil })
	return out
}
