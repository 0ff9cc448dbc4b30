package main

import (
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// setValue puts a value where a conflict is: a whole field, one text of a map, or one
// element of a list.
func setValue(kind clientsync.Kind, m clientsync.Message, conflict clientsync.Conflict, value json.RawMessage) error {
	f := fieldNamed(m.ProtoReflect().Descriptor(), conflict.Field)
	if f == nil || conflict.Field == "removed" || f.IsList() && f.Message() == nil {
		return fail(clientsync.Invalid, conflict.Field+" can only be settled with one of its values; nothing was settled", "Take one with --take N.")
	}
	typed := value
	cleared := string(value) == "null"
	switch {
	case cleared:
	case f.IsMap():
		typed, _ = json.Marshal(map[string]json.RawMessage{conflict.Key: value})
	case f.IsList():
		typed = fmt.Appendf(nil, "[%s]", value)
	}
	text, _ := json.Marshal(map[string]json.RawMessage{conflict.Field: typed})
	d, err := readDraft(kind, text, "")
	if err != nil {
		return err
	}
	switch {
	case f.IsMap():
		setEntry(m, f, conflict.Key, d.message, cleared)
	case f.IsList():
		return setElement(m, f, conflict.Key, d.message, cleared)
	default:
		d.over(m)
	}
	return nil
}

func setEntry(m clientsync.Message, f protoreflect.FieldDescriptor, key string, from clientsync.Message, cleared bool) {
	k := protoreflect.ValueOfString(key).MapKey()
	if cleared {
		m.ProtoReflect().Mutable(f).Map().Clear(k)
		return
	}
	m.ProtoReflect().Mutable(f).Map().Set(k, from.ProtoReflect().Get(f).Map().Get(k))
}

// setElement replaces the element with that key, adds it where it is missing, or
// takes it out. The key is the element's first field, and stays.
func setElement(m clientsync.Message, f protoreflect.FieldDescriptor, key string, from clientsync.Message, cleared bool) error {
	list := m.ProtoReflect().Mutable(f).List()
	at := -1
	for i := range list.Len() {
		if keyOf(list.Get(i).Message()) == key {
			at = i
		}
	}
	switch {
	case cleared && at >= 0:
		for i := at; i+1 < list.Len(); i++ {
			list.Set(i, list.Get(i+1))
		}
		list.Truncate(list.Len() - 1)
	case cleared:
	default:
		e := from.ProtoReflect().Get(f).List().Get(0)
		first := e.Message().Descriptor().Fields().ByNumber(1)
		switch {
		case keyOf(e.Message()) == key:
		case e.Message().Has(first):
			return unreadable("this is another element than the one in conflict", "Leave its key away, or give "+quoted(key)+".")
		case at >= 0:
			e.Message().Set(first, list.Get(at).Message().Get(first))
		case first.Kind() == protoreflect.StringKind:
			e.Message().Set(first, protoreflect.ValueOfString(key))
		}
		if at >= 0 {
			list.Set(at, e)
		} else {
			list.Append(e)
		}
	}
	return nil
}

// keyOf is an element's key as the library names it.
func keyOf(e protoreflect.Message) string {
	f := e.Descriptor().Fields().ByNumber(1)
	if f.Kind() != protoreflect.EnumKind {
		return e.Get(f).String()
	}
	if v := f.Enum().Values().ByNumber(e.Get(f).Enum()); v != nil {
		return string(v.Name())
	}
	return fmt.Sprint(e.Get(f).Enum())
}
