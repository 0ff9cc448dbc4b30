package register

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// compare decides what a row changes in its place.
func (p *planner) compare(c *chosen) {
	c.fillIDs()
	ref := &daylightv1.RegisterRef{Id: c.key.element(), Source: text(p.register.Source), Code: text(c.Code),
		Jurisdiction: text(c.jurisdiction), Row: encode(c.place)}
	if c.have == nil {
		p.New++
		f := proto.CloneOf(c.place)
		f.Id, f.Registers = c.key.place().String(), []*daylightv1.RegisterRef{ref}
		p.save(c, f)
		return
	}
	old := reference(c.have, c.key)
	if old != nil && proto.Equal(old, ref) {
		p.Same++
		return
	}
	if c.have.GetRemoved() != nil {
		p.Same++
		p.note(c.Line, fmt.Sprintf("%q was removed at the office, and the register has changed its row", c.Name), "it was left as it is", false)
		return
	}
	p.Changed++
	f := proto.CloneOf(c.have)
	u := update{last: imported(old).ProtoReflect(), row: c.place.ProtoReflect(), place: f.ProtoReflect()}
	u.run()
	f.Registers = slices.DeleteFunc(f.Registers, func(r *daylightv1.RegisterRef) bool { return r.GetId() == ref.Id })
	f.Registers = append(f.Registers, ref)
	p.save(c, f)
	if len(u.over) > 0 {
		p.note(c.Line, fmt.Sprintf("%s: %s edited at the office, and the register has changed since", c.Name, strings.Join(u.over, ", ")),
			"the register's value was taken; the history keeps the other", false)
	}
}

func (p *planner) save(c *chosen, f *daylightv1.Facility) {
	p.Save, p.From = append(p.Save, f), append(p.From, From{c.Line, c.have})
}

// fillIDs gives the row's elements ids that follow from its key.
func (c *chosen) fillIDs() {
	for _, x := range c.place.Capacities {
		x.Id = c.key.capacity()
	}
	for _, x := range c.place.Population {
		x.Id = c.key.headcount()
	}
}

// update carries what differs between the last row and this one over to a place.
type update struct {
	last, row, place protoreflect.Message
	// over names the fields that a person had edited as well.
	over []string
}

func (u *update) run() {
	fields := u.row.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		if !u.last.Has(fd) && !u.row.Has(fd) {
			continue
		}
		switch {
		case fd.IsMap():
			u.entries(fd)
		case fd.IsList():
			u.elements(fd)
		case !same(fd, u.last, u.row):
			u.whole(fd)
		}
	}
}

func same(fd protoreflect.FieldDescriptor, a, b protoreflect.Message) bool {
	return a.Has(fd) == b.Has(fd) && (!a.Has(fd) || a.Get(fd).Equal(b.Get(fd)))
}

func (u *update) whole(fd protoreflect.FieldDescriptor) {
	edited := !same(fd, u.last, u.place) && !same(fd, u.row, u.place)
	switch {
	case u.row.Has(fd):
		u.place.Set(fd, u.row.Get(fd))
		u.edited(edited, string(fd.Name()))
	case !edited: // a register that falls silent does not clear what a person wrote
		u.place.Clear(fd)
	}
}

func (u *update) edited(was bool, name string) {
	if was {
		u.over = append(u.over, name)
	}
}

func (u *update) entries(fd protoreflect.FieldDescriptor) {
	last, row, place := u.last.Get(fd).Map(), u.row.Get(fd).Map(), u.place.Mutable(fd).Map()
	row.Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
		if !last.Has(k) || !last.Get(k).Equal(v) {
			differs := place.Has(k) && !place.Get(k).Equal(v)
			u.edited(differs && !(last.Has(k) && last.Get(k).Equal(place.Get(k))), fmt.Sprintf("%s[%s]", fd.Name(), k))
			place.Set(k, v)
		}
		return true
	})
	last.Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
		if !row.Has(k) && place.Has(k) && place.Get(k).Equal(v) {
			place.Clear(k)
		}
		return true
	})
}

// elements: scalars by their value, messages by their id.
func (u *update) elements(fd protoreflect.FieldDescriptor) {
	last, row, place := elementsOf(fd, u.last), elementsOf(fd, u.row), elementsOf(fd, u.place)
	out := slices.Clone(place)
	for _, e := range row {
		if before, ok := find(fd, last, e); ok && before.Equal(e) {
			continue
		}
		i := slices.IndexFunc(out, func(o protoreflect.Value) bool { return bytes.Equal(keyOf(fd, o), keyOf(fd, e)) })
		if i < 0 {
			out = append(out, e)
			continue
		}
		before, ok := find(fd, last, e)
		u.edited(!out[i].Equal(e) && !(ok && before.Equal(out[i])), string(fd.Name()))
		out[i] = e
	}
	for _, e := range last {
		if _, still := find(fd, row, e); !still {
			out = slices.DeleteFunc(out, func(o protoreflect.Value) bool { return o.Equal(e) })
		}
	}
	l := u.place.Mutable(fd).List()
	l.Truncate(0)
	for _, e := range out {
		l.Append(e)
	}
}

func elementsOf(fd protoreflect.FieldDescriptor, m protoreflect.Message) (out []protoreflect.Value) {
	l := m.Get(fd).List()
	for i := range l.Len() {
		out = append(out, l.Get(i))
	}
	return out
}

func find(fd protoreflect.FieldDescriptor, in []protoreflect.Value, e protoreflect.Value) (protoreflect.Value, bool) {
	i := slices.IndexFunc(in, func(o protoreflect.Value) bool { return bytes.Equal(keyOf(fd, o), keyOf(fd, e)) })
	if i < 0 {
		return protoreflect.Value{}, false
	}
	return in[i], true
}

func keyOf(fd protoreflect.FieldDescriptor, e protoreflect.Value) []byte {
	if fd.Message() == nil {
		return fmt.Append(nil, e.Interface())
	}
	return []byte(e.Message().Get(fd.Message().Fields().ByNumber(1)).String())
}
