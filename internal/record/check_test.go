package record_test

import (
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func text(field int32, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(nil, protowire.Number(field), protowire.BytesType), s)
}

func number(field int32, n uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, protowire.Number(field), protowire.VarintType), n)
}

func edit(field int32, value []byte) fold.Edit {
	return fold.Edit{Path: fold.Path{Field: field}, Value: value}
}

func element(field int32, key string, value []byte) fold.Edit {
	return fold.Edit{Path: fold.Path{Field: field, Element: true, Key: key}, Value: value}
}

func TestCheckEditsOfAVisit(t *testing.T) {
	session := text(19, string(text(1, anID)))
	access := text(21, string(number(1, 3)))
	for name, c := range map[string]struct {
		edits []fold.Edit
		want  string // part of the error; empty: passes
	}{
		"a text":                           {[]fold.Edit{edit(33, text(33, "title"))}, ""},
		"a cleared text":                   {[]fold.Edit{edit(33, nil)}, ""},
		"an element":                       {[]fold.Edit{element(19, anID, session)}, ""},
		"an element with a number as key":  {[]fold.Edit{element(21, "\x03", access)}, ""},
		"a cleared element":                {[]fold.Edit{element(19, anID, nil)}, ""},
		"a value of a set":                 {[]fold.Edit{element(16, "\x02", number(16, 2))}, ""},
		"an unknown field":                 {[]fold.Edit{edit(900, append(text(900, "\xff"), number(900, 1)...))}, ""},
		"an unknown element, key inside":   {[]fold.Edit{element(900, "k", text(900, string(text(1, "k"))))}, ""},
		"an unknown element, key is value": {[]fold.Edit{element(900, "k", text(900, "k"))}, ""},
		"a negative enum value":            {[]fold.Edit{element(16, string(protowire.AppendVarint(nil, 1<<64-1)), number(16, 1<<64-1))}, ""},
		"the id":                           {[]fold.Edit{edit(1, text(1, anID))}, ""},
		"a removal":                        {[]fold.Edit{edit(3, fold.Removal([]fold.Dot{dot(1, 1)}, []fold.Link{{1}}))}, ""},

		"field 0":                         {[]fold.Edit{edit(0, nil)}, "not a field number"},
		"a negative field":                {[]fold.Edit{edit(-1, nil)}, "not a field number"},
		"a field beyond protobuf":         {[]fold.Edit{edit(1<<29, nil)}, "not a field number"},
		"seen":                            {[]fold.Edit{edit(2, text(2, "x"))}, "never written"},
		"another field's value":           {[]fold.Edit{edit(33, text(31, "x"))}, "another field"},
		"noise":                           {[]fold.Edit{edit(900, []byte("\xff\xff"))}, "not well formed"},
		"a long tag":                      {[]fold.Edit{edit(900, append([]byte{0xa2, 0xb8, 0x80, 0x00}, 1, 'x'))}, "not well formed"},
		"a group":                         {[]fold.Edit{edit(900, append(protowire.AppendTag(nil, 900, protowire.StartGroupType), protowire.AppendTag(nil, 900, protowire.EndGroupType)...))}, "group"},
		"text that is not UTF-8":          {[]fold.Edit{edit(33, text(33, "\xff"))}, "does not decode"},
		"a number where text is due":      {[]fold.Edit{edit(33, number(33, 1))}, "does not decode"},
		"a register as an element":        {[]fold.Edit{element(33, "x", text(33, "x"))}, "MERGE_RULE_REGISTER"},
		"a keyed field as a whole":        {[]fold.Edit{edit(19, session)}, "MERGE_RULE_KEYED"},
		"two elements in one edit":        {[]fold.Edit{element(19, anID, append(session, session...))}, "not one element"},
		"another key":                     {[]fold.Edit{element(19, anotherID, session)}, "another key"},
		"a keyed element by its value":    {[]fold.Edit{element(19, string(text(1, anID)), session)}, "another key"},
		"an element without a key":        {[]fold.Edit{element(19, "", session)}, "no proper key"},
		"a key of a whole field":          {[]fold.Edit{{Path: fold.Path{Field: 33, Key: "x"}}}, "no proper key"},
		"the key 0":                       {[]fold.Edit{element(21, "\x00", nil)}, "no proper key"},
		"a long form of a number":         {[]fold.Edit{element(16, "\x82\x00", append(protowire.AppendTag(nil, 16, 0), 0x82, 0))}, "no proper key"},
		"a cleared key that is no number": {[]fold.Edit{element(16, "\xf6", nil)}, "no proper key"},
		"a cleared key beyond an enum":    {[]fold.Edit{element(16, string(protowire.AppendVarint(nil, 1<<32+1)), nil)}, "no proper key"},
		"a cleared key that is not UTF-8": {[]fold.Edit{element(19, "\xff", nil)}, "no proper key"},
		"a packed value of a set":         {[]fold.Edit{element(16, "\x02", text(16, "\x02"))}, "packed"},
		"one path twice":                  {[]fold.Edit{edit(33, nil), edit(33, nil)}, "twice"},
		"an id that is none":              {[]fold.Edit{edit(1, text(1, "x"))}, "not a record's id"},
		"an id cleared":                   {[]fold.Edit{edit(1, nil)}, "cannot be cleared"},
		"a removal of no dot":             {[]fold.Edit{edit(3, text(3, string(text(1, ""))))}, "not a dot"},
		"a removal of no link":            {[]fold.Edit{edit(3, text(3, string(text(2, "short"))))}, "not a link"},
		"too large":                       {[]fold.Edit{edit(33, text(33, strings.Repeat("x", record.MaxField)))}, "128 KiB"},
		"neither dot nor link superseded": {[]fold.Edit{{Path: fold.Path{Field: 33}, Supersedes: []fold.Superseded{{}}}}, "neither a dot nor a link"},
	} {
		t.Run(name, func(t *testing.T) {
			err := record.CheckEdits(record.Visit, c.edits)
			var problem *record.Problem
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (!errors.As(err, &problem) || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if record.CheckEdits(77, nil) == nil {
		t.Error("a kind that is none passes")
	}
}

// What passes the check can be folded and shown, and showing it is no edit.
func FuzzCheckEdits(f *testing.F) {
	for _, m := range []record.Message{aFinding(), aVisit()} {
		kind, _ := record.KindOf(m)
		for _, e := range newDevice(1).save(f, m) {
			f.Add(uint32(kind), e.Field, e.Element, e.Key, e.Value)
		}
	}
	f.Fuzz(func(t *testing.T, kind uint32, field int32, isElement bool, key string, value []byte) {
		k := record.Kind(kind)
		edits := []fold.Edit{{Path: fold.Path{Field: field, Element: isElement, Key: key}, Value: value}}
		field2, key2 := record.PathName(k, edits[0].Path)
		record.FieldJSON(k, edits[0].Path, value)
		if record.CheckEdits(k, edits) != nil {
			return
		}
		if _, known := record.RuleOf(k, field); known {
			if p, err := record.ParsePath(k, field2, key2); err != nil || p != edits[0].Path {
				t.Errorf("the path %+v is called %q %q, which is read as %+v, %v", edits[0].Path, field2, key2, p, err)
			}
		}
		d := newDevice(1)
		d.apply(edits)
		m := d.show(t, k)
		after, err := d.diff(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range after {
			if e.Field != fold.FieldID {
				t.Errorf("showing %x edits %v", value, e.Path)
			}
		}
		record.Flags(m)
	})
}

func TestFieldJSONAndPathNames(t *testing.T) {
	d := newDevice(1)
	edits := d.save(t, aVisit())
	got := map[string]string{}
	for _, e := range edits {
		field, key := record.PathName(record.Visit, e.Path)
		got[field+" "+key] = record.FieldJSON(record.Visit, e.Path, e.Value)
		if p, err := record.ParsePath(record.Visit, field, key); err != nil || p != e.Path {
			t.Errorf("%q %q is read as %v, %v", field, key, p, err)
		}
	}
	for name, want := range map[string]string{
		"id ":                              `"` + anID + `"`,
		"state ":                           `"VISIT_STATE_PLANNED"`,
		"time_bands VISIT_TIME_BAND_NIGHT": `"VISIT_TIME_BAND_NIGHT"`,
		"access ACCESS_RIGHT_EQUIPMENT":    `{"right":"ACCESS_RIGHT_EQUIPMENT","rating":"ACCESS_RATING_REFUSED"}`,
		"sessions " + anotherID:            `{"id":"` + anotherID + `","entered_at":"2026-11-24T10:00+05:00","order":1}`,
		"partner_bodies Office \"B\"":      `"Office \"B\""`,
	} {
		if got[name] != want {
			t.Errorf("%s: got %s, want %s", name, got[name], want)
		}
	}
	names := element(11, "ru", text(11, string(text(1, "ru"))+string(text(2, "дом"))))
	if got := record.FieldJSON(record.Facility, names.Path, names.Value); got != `"дом"` {
		t.Errorf("a name shows as %s", got)
	}
	if got := record.FieldJSON(record.Visit, fold.Path{Field: 900}, text(900, "x")); got != `"ojgBeA=="` {
		t.Errorf("an unknown field shows as %s", got)
	}
	if field, key := record.PathName(record.Visit, fold.Path{Field: 900, Element: true, Key: "\x01"}); field != "field 900" || key != "0x01" {
		t.Errorf("an unknown path is called %q %q", field, key)
	}
	if got := record.FieldJSON(record.Visit, fold.Path{Field: 33}, nil); got != "" {
		t.Errorf("a cleared field shows as %s", got)
	}
	for _, bad := range [][2]string{{"nothing", ""}, {"title", "key"}, {"access", "ACCESS_RIGHT_UNSPECIFIED"}, {"sessions", ""}} {
		if p, err := record.ParsePath(record.Visit, bad[0], bad[1]); err == nil {
			t.Errorf("%q is read as %v", bad, p)
		}
	}
}

func aVisit() *daylightv1.Visit {
	return &daylightv1.Visit{
		Id: anID, FacilityId: proto.String(thirdID), State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(),
		TimeBands:     []daylightv1.VisitTimeBand{1, 3},
		PartnerBodies: []string{`Office "B"`},
		Sessions:      []*daylightv1.VisitSession{{Id: anotherID, EnteredAt: proto.String("2026-11-24T10:00+05:00"), Order: proto.Uint32(1)}},
		Access: []*daylightv1.AccessRecord{{
			Right: daylightv1.AccessRight_ACCESS_RIGHT_EQUIPMENT, Rating: daylightv1.AccessRating_ACCESS_RATING_REFUSED.Enum(),
		}},
	}
}
