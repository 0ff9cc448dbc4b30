package scenario

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
)

// writing are the verbs that every author has.
var writing map[string]func(*Story, author, []string) error

func init() {
	writing = map[string]func(*Story, author, []string) error{
		"save": (*Story).saveNew, "set": (*Story).set, "open": (*Story).open,
		"fill": (*Story).fill, "remove": (*Story).remove, "resolve": (*Story).resolve,
	}
}

// saveNew: KIND NAME PLACE=VALUE ... [+ KIND NAME ...]
func (s *Story) saveNew(a author, args []string) error {
	var messages []record.Message
	for len(args) > 0 {
		end := indexOf(args, "+")
		if end < 2 {
			return errors.New("a save is written: save KIND NAME PLACE=VALUE, more of them, and + before a further record")
		}
		k, err := record.ParseKind(args[0])
		if err != nil {
			return err
		}
		s.kinds[args[1]] = k
		m := a.blank(k)
		if err := assign(m.ProtoReflect(), "id", s.id(args[1]).String(), true); err != nil {
			return err
		}
		if err := s.assignAll(m, args[2:end]); err != nil {
			return err
		}
		messages, args = append(messages, m), args[min(end+1, len(args)):]
	}
	return s.Save(a, make([]Seen, len(messages)), messages...)
}

func (s *Story) assignAll(m record.Message, args []string) error {
	for _, arg := range args {
		place, text, ok := strings.Cut(arg, "=")
		if !ok {
			return fmt.Errorf("%q is not PLACE=VALUE", arg)
		}
		value, set, err := s.parseValue(text)
		if err == nil {
			err = assign(m.ProtoReflect(), place, value, set)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// look reads a record of the story.
func (s *Story) look(a author, name string) (Seen, error) {
	k, ok := s.kinds[name]
	if !ok {
		return Seen{}, fmt.Errorf("no record %q in this story yet (%w)", name, errNotHere)
	}
	if d, ok := a.(*Device); ok && d.Client == nil {
		return Seen{}, fmt.Errorf("the device is closed (%w)", errNotHere)
	}
	return a.read(k, s.id(name))
}

// open: NAME
func (s *Story) open(a author, args []string) error {
	seen, err := s.look(a, args[0])
	if err == nil {
		s.forms[a.name()+" "+args[0]] = form{seen, proto.Clone(seen.Message).(record.Message)}
	}
	return err
}

// fill: NAME PLACE=VALUE ..., in the form that is open. It stays open: the next
// fill goes on from what the save gave back, as an autosave does.
func (s *Story) fill(a author, args []string) error {
	f, ok := s.forms[a.name()+" "+args[0]]
	if !ok {
		return fmt.Errorf("no such form is open (%w)", errNotHere)
	}
	changed := proto.Clone(f.message).(record.Message)
	if err := s.assignAll(changed, args[1:]); err != nil {
		return err
	}
	if err := s.Save(a, []Seen{f.seen}, changed); err != nil {
		return err
	}
	now, err := s.look(a, args[0]) // with what is in conflict now
	s.forms[a.name()+" "+args[0]] = form{Seen{Message: proto.Clone(changed).(record.Message), Conflicts: now.Conflicts}, changed}
	return err
}

// set: NAME PLACE=VALUE ... [+ NAME ...], read for it and saved in one.
func (s *Story) set(a author, args []string) error {
	var seen []Seen
	var messages []record.Message
	for len(args) > 0 {
		end := indexOf(args, "+")
		now, err := s.look(a, args[0])
		if err != nil {
			return err
		}
		m := proto.Clone(now.Message).(record.Message)
		if err := s.assignAll(m, args[1:end]); err != nil {
			return err
		}
		seen, messages, args = append(seen, now), append(messages, m), args[min(end+1, len(args)):]
	}
	return s.Save(a, seen, messages...)
}

// remove: NAME, as the author's open form shows it, or as it is now.
func (s *Story) remove(a author, args []string) error {
	f, ok := s.forms[a.name()+" "+args[0]]
	if !ok {
		seen, err := s.look(a, args[0])
		if err != nil {
			return err
		}
		f = form{seen, seen.Message}
	}
	s.tick()
	if err := a.remove(f.message); err != nil {
		return err
	}
	s.closeChanges(a.name())
	delete(s.forms, a.name()+" "+args[0]) // a removal brings the message up to date
	return nil
}

// resolve: NAME FIELD[KEY] VALUE, where VALUE is one of the conflict's.
func (s *Story) resolve(a author, args []string) error {
	d, ok := a.(*Device)
	if !ok || len(args) != 3 {
		return errors.New("DEVICE resolve NAME FIELD VALUE")
	}
	k, id := s.kinds[args[0]], s.id(args[0])
	field, key, inside, err := elementOf(k, args[1])
	if err != nil {
		return err
	}
	want, _, err := s.parseValue(args[2])
	if err != nil {
		return err
	}
	if d.Client == nil || k == 0 {
		return errNotHere
	}
	item, err := d.Client.Get(background(), k, id.String())
	if err != nil {
		return err
	}
	for _, c := range item.Conflicts {
		for _, v := range c.Values {
			if c.Field != field || c.Key != key || fromJSON(v.JSON, inside) != want {
				continue
			}
			s.tick()
			s.closeChanges(d.Name)
			for _, x := range c.Values {
				s.cover(d.Name, id, field, key, []string{x.JSON})
			}
			return d.Client.Resolve(background(), item.Message, c, v)
		}
	}
	return fmt.Errorf("there is no conflict with such a value (%w)", errNotHere)
}

// elementOf takes a place apart into what merges on its own and what is inside.
func elementOf(k record.Kind, place string) (field, key string, inside []string, err error) {
	steps, err := parsePlace(place)
	if err != nil || len(steps) == 0 {
		return "", "", nil, fmt.Errorf("%q is no place (%w)", place, err)
	}
	for _, s := range steps[1:] {
		inside = append(inside, s.field)
	}
	field, key = steps[0].field, steps[0].key
	if field == "removed" || !steps[0].keyed {
		return field, key, inside, nil
	}
	fd := record.New(k).ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(field))
	if fd != nil && fd.Message() != nil && !fd.IsMap() {
		v, err := keyValue(fd, key)
		return field, shown(fd.Message().Fields().ByNumber(1), v), inside, err
	}
	return field, key, inside, nil
}

// fromJSON reads a value of a conflict as a story writes it.
func fromJSON(text string, inside []string) string {
	if text == "" {
		return "none"
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	for _, field := range inside {
		m, _ := v.(map[string]any)
		if v = m[field]; v == nil {
			return "none"
		}
	}
	return fmt.Sprint(v)
}

// pictures is what all open devices and the office show, to see that nothing has
// changed.
func (s *Story) pictures() (string, error) {
	var b strings.Builder
	for _, d := range s.Devices {
		if d.Client == nil {
			continue
		}
		status, err := d.Client.Status(background())
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s: %d unsent\n", d.Name, status.Unsent)
		for item, err := range d.Client.List(background(), clientsync.Filter{IncludeRemoved: true, IncludeIncomplete: true}) {
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "%s %s %s\n", item.Kind, item.ID, hash(item.Message))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.kinds)) {
		if s.Office.Store == nil {
			break
		}
		if seen, err := s.Office.read(s.kinds[name], s.id(name)); err == nil {
			fmt.Fprintf(&b, "office: %s %s\n", name, hash(seen.Message))
		}
	}
	return b.String(), nil
}

func hash(m proto.Message) string {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	return fmt.Sprintf("%x %v", sha256.Sum256(b), err)
}
