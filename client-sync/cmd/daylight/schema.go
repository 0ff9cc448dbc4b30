package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// wrong is something in the JSON that the schema does not know, found before
// protojson reads it: protojson would name the value, which may be content, and not
// what was probably meant.
type wrong struct{ message, hint string }

func (w *wrong) failure() error { return unreadable(w.message, w.hint) }

// checkMessage looks at one JSON object; at is where it stands, as "sessions[2].".
func checkMessage(desc protoreflect.MessageDescriptor, text json.RawMessage, at string) *wrong {
	fields, names, ok := object(text)
	if !ok {
		return &wrong{head(at) + "an object is wanted here", `As {"field": ...}.`}
	}
	for i, name := range names {
		f := fieldNamed(desc, name)
		if f == nil {
			return &wrong{"there is no field " + quoted(at+name),
				didYouMean(at, name, fieldNames(desc), "The fields are: "+listed(fieldNames(desc))+".")}
		}
		if w := checkField(f, fields[i], at+name); w != nil {
			return w
		}
	}
	return nil
}

func checkField(f protoreflect.FieldDescriptor, text json.RawMessage, at string) *wrong {
	switch {
	case bytes.Equal(text, []byte("null")):
		return nil
	case f.IsMap():
		return checkMap(f, text, at)
	case f.IsList():
		return checkList(f, text, at)
	}
	return checkValue(f, text, at)
}

func checkMap(f protoreflect.FieldDescriptor, text json.RawMessage, at string) *wrong {
	fields, names, ok := object(text)
	if !ok {
		return &wrong{at + ": an object is wanted here", `As {"en": ..., "ru": ...}.`}
	}
	for i := range names {
		if w := checkValue(f.MapValue(), fields[i], at+"."+names[i]); w != nil {
			return w
		}
	}
	return nil
}

func checkList(f protoreflect.FieldDescriptor, text json.RawMessage, at string) *wrong {
	var elements []json.RawMessage
	if json.Unmarshal(text, &elements) != nil {
		return &wrong{at + ": a list is wanted here", "As [...], also for one element."}
	}
	for i, e := range elements {
		if w := checkValue(f, e, fmt.Sprintf("%s[%d]", at, i+1)); w != nil {
			return w
		}
	}
	return nil
}

func checkValue(f protoreflect.FieldDescriptor, text json.RawMessage, at string) *wrong {
	text = bytes.TrimSpace(text)
	first := text[0]
	switch f.Kind() {
	case protoreflect.MessageKind:
		return checkMessage(f.Message(), text, at+".")
	case protoreflect.EnumKind:
		return checkEnum(f.Enum(), text, at)
	case protoreflect.StringKind, protoreflect.BytesKind:
		if first != '"' {
			return &wrong{at + ": a text is wanted here", `Put it in "double quotes".`}
		}
	case protoreflect.BoolKind:
		if first != 't' && first != 'f' {
			return &wrong{at + ": true or false is wanted here", "Without quotes."}
		}
	default:
		return checkNumber(f.Kind(), string(bytes.Trim(text, `"`)), at)
	}
	return nil
}

func checkNumber(kind protoreflect.Kind, text, at string) *wrong {
	var err error
	what, hint := "a number", "Without quotes."
	switch kind {
	case protoreflect.Uint32Kind, protoreflect.Uint64Kind:
		what, hint = "a whole number", "0 or more, without quotes."
		_, err = strconv.ParseUint(text, 10, bits(kind))
	case protoreflect.Int32Kind, protoreflect.Int64Kind:
		what = "a whole number"
		_, err = strconv.ParseInt(text, 10, bits(kind))
	default:
		_, err = strconv.ParseFloat(text, 64)
	}
	if err != nil {
		return &wrong{at + ": " + what + " is wanted here", hint}
	}
	return nil
}

func bits(kind protoreflect.Kind) int {
	if kind == protoreflect.Uint32Kind || kind == protoreflect.Int32Kind {
		return 32
	}
	return 64
}

// checkEnum takes a name of the list; a number passes, newer programs have more.
func checkEnum(e protoreflect.EnumDescriptor, text json.RawMessage, at string) *wrong {
	var name string
	if json.Unmarshal(text, &name) != nil {
		if _, err := strconv.ParseInt(string(text), 10, 32); err == nil {
			return nil
		}
		return &wrong{at + ": the name of a value is wanted here", "One of " + listed(enumNames(e)) + "."}
	}
	if e.Values().ByName(protoreflect.Name(name)) != nil {
		return nil
	}
	return &wrong{at + ": there is no value of that name", enumHint(e, name)}
}

// enumHint guesses the value that was meant, by its name with or without the list's.
func enumHint(e protoreflect.EnumDescriptor, typed string) string {
	names := enumNames(e)
	list := listPrefix(e)
	var shortened []string
	for _, name := range names {
		shortened = append(shortened, strings.TrimPrefix(name, list))
	}
	if word := nearest(strings.ReplaceAll(typed, "-", "_"), shortened); word != "" {
		return "Did you mean " + list + word + "?"
	}
	return didYouMean("", typed, names, "One of "+listed(names)+".")
}

// listPrefix is what the names of a list share with that of its value 0, as
// VISIT_STATE_ in VISIT_STATE_UNSPECIFIED.
func listPrefix(e protoreflect.EnumDescriptor) string {
	return strings.TrimSuffix(string(e.Values().ByNumber(0).Name()), "UNSPECIFIED")
}

// object reads an object's fields in the order in which they were typed.
func object(text json.RawMessage) (values []json.RawMessage, names []string, ok bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, false
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, nil, false
		}
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return nil, nil, false
		}
		names, values = append(names, name.(string)), append(values, v)
	}
	return values, names, true
}

// fieldNamed finds a field by its name in the schema or in protobuf JSON.
func fieldNamed(desc protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if f := desc.Fields().ByName(protoreflect.Name(name)); f != nil {
		return f
	}
	return desc.Fields().ByJSONName(name)
}

func fieldNames(desc protoreflect.MessageDescriptor) (names []string) {
	for i := range desc.Fields().Len() {
		names = append(names, string(desc.Fields().Get(i).Name()))
	}
	return names
}

// enumNames lists the values that can be chosen.
func enumNames(e protoreflect.EnumDescriptor) (names []string) {
	for i := range e.Values().Len() {
		if v := e.Values().Get(i); v.Number() != 0 {
			names = append(names, string(v.Name()))
		}
	}
	return names
}

func head(at string) string {
	if at == "" {
		return ""
	}
	return at[:len(at)-1] + ": "
}
