package journal

import (
	"bytes"
	"encoding/hex"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// sample is a change with one of everything.
func sample() Change {
	var c Change
	copy(c.Salt[:], "sixteen of salt!")
	c.Time = At(1_700_000_000_000) + 3
	facility, visit := record.ID{0xf}, record.ID{0xa}
	c.Records = []RecordEdits{
		{Kind: 1, ID: facility, Edits: []fold.Edit{
			Creation(facility),
			{Path: fold.Path{Field: 4}, Value: text(4, "North")},
		}},
		{Kind: 2, ID: visit, Edits: []fold.Edit{
			{Path: fold.Path{Field: 7, Element: true, Key: "q3"}, Supersedes: []fold.Superseded{
				{Dot: fold.Dot{Writer: fold.WriterID{2}, Seq: 300}},
				{Dot: fold.Dot{Writer: fold.WriterID{1}, Seq: 1}},
				{Link: fold.Link{0xee}},
			}},
			{Path: fold.Path{Field: 8, Element: true}, Value: text(8, "")},
			{Path: fold.Path{Field: 9}, Supersedes: []fold.Superseded{
				{Dot: fold.Dot{Writer: fold.WriterID{2}, Seq: 7}},
			}},
		}},
	}
	return c
}

// sampleHex pins the encoding: a change in it breaks the links of what is stored.
const sampleHex = "0a107369787465656e206f662073616c74211103000068e5cf8b01" +
	"1a1002000000000000000000000000000000" + "1a1001000000000000000000000000000000" +
	"2223080112100f000000000000000000000000000000180122" + "0b08041a0722054e6f727468" +
	"225d080212100a000000000000000000000000000000" +
	"2235080712027133" + "220310ac02" + "220408011001" +
	"22221a20ee00000000000000000000000000000000000000000000000000000000000000" +
	"2208080812001a024200" + "22060809" + "22021007"

func TestChangeHasOneEncoding(t *testing.T) {
	got := hex.EncodeToString(sample().Encode())
	if got != sampleHex {
		t.Errorf("got  %s\nwant %s", got, sampleHex)
	}
	if n := sample().Size(); n != len(sampleHex)/2 {
		t.Errorf("Size is %d, want %d", n, len(sampleHex)/2)
	}
}

func TestChangeReadsAsTheProtoSaysIt(t *testing.T) {
	var p daylightv1.Change
	if err := proto.Unmarshal(sample().Encode(), &p); err != nil {
		t.Fatal(err)
	}
	if len(p.ProtoReflect().GetUnknown()) > 0 || len(p.Records) != 2 || len(p.Writers) != 2 {
		t.Fatalf("got %v", &p)
	}
	first, second := p.Records[0], p.Records[1]
	if !first.Creates || len(first.Edits) != 1 || first.Edits[0].Field != 4 {
		t.Errorf("creating edit: got %v", first)
	}
	if second.Creates || string(second.Edits[0].Key) != "q3" || second.Edits[2].Key != nil {
		t.Errorf("keys: got %v", second)
	}
	if key := second.Edits[1].Key; key == nil || len(key) > 0 {
		t.Errorf("an empty key must stay a key, got %v", key)
	}
	if s := second.Edits[2].Supersedes[0]; s.Writer != 0 || s.Seq != 7 {
		t.Errorf("the writer first used comes first: got %v", s)
	}
}

func TestChangeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.Custom(drawChange).Draw(t, "change")
		b := c.Encode()
		got, err := DecodeChange(b)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, c) {
			t.Fatalf("got  %+v\nwant %+v", got, c)
		}
		if !bytes.Equal(got.Encode(), b) {
			t.Fatal("encoded again it differs")
		}
	})
}

// TestChangeAgreesWithProto holds the hand-written encoder against the library's.
func TestChangeAgreesWithProto(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.Custom(drawChange).Draw(t, "change").Encode()
		var p daylightv1.Change
		if err := proto.Unmarshal(b, &p); err != nil {
			t.Fatal(err)
		}
		again, err := proto.MarshalOptions{Deterministic: true}.Marshal(&p)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("got %x, %v, want %x", again, err, b)
		}
	})
}

func TestCreatingEditComesBackInFront(t *testing.T) {
	c := sample()
	edits := c.Records[0].Edits
	edits[0], edits[1] = edits[1], edits[0]
	got, err := DecodeChange(c.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if want := sample(); !reflect.DeepEqual(got, want) || !got.Records[0].Creates() || got.Records[1].Creates() {
		t.Errorf("got %+v", got)
	}
}

// TestWhatRecordWritesIsAChange holds the two rooms to one form of creation.
func TestWhatRecordWritesIsAChange(t *testing.T) {
	id := record.ID{6: 0x70, 8: 0x80, 15: 1}
	msg := &daylightv1.Visit{Id: id.String()}
	edits, creates, err := record.Diff(msg, fold.New(), record.Writer{ID: testWriter()}, record.Naming{}, nil)
	if err != nil || !creates {
		t.Fatalf("got %v, %v", creates, err)
	}
	c := Change{Records: []RecordEdits{{Kind: record.Visit, ID: id, Edits: edits}}}
	if err := c.Check(); err != nil || !c.Records[0].Creates() {
		t.Fatalf("got %v for %+v", err, edits)
	}
	if got, err := DecodeChange(c.Encode()); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestNewerProgramsMayAddFields(t *testing.T) {
	unknown := protowire.AppendTag(nil, 6, protowire.BytesType)
	unknown = protowire.AppendString(unknown, "a version")
	unknown = protowire.AppendTag(unknown, 900, protowire.StartGroupType)
	unknown = protowire.AppendTag(unknown, 900, protowire.EndGroupType)
	unknown = protowire.AppendTag(unknown, 8, protowire.Fixed32Type)
	unknown = protowire.AppendFixed32(unknown, 1)

	var p daylightv1.Change
	if err := proto.Unmarshal(sample().Encode(), &p); err != nil {
		t.Fatal(err)
	}
	p.ProtoReflect().SetUnknown(unknown)
	p.Records[1].ProtoReflect().SetUnknown(unknown)
	p.Records[1].Edits[0].ProtoReflect().SetUnknown(unknown)
	p.Records[1].Edits[0].Supersedes[2].ProtoReflect().SetUnknown(unknown)
	got, err := DecodeChange(marshal(t, &p))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, sample()) {
		t.Errorf("got %+v", got)
	}
}

func TestWritersMayComeAfterRecords(t *testing.T) {
	b := sample().Encode()
	const start, end = 27, 27 + 2*18 // the writers, after salt and time
	moved := append(bytes.Clone(b[:start]), b[end:]...)
	got, err := DecodeChange(append(moved, b[start:end]...))
	if err != nil || !reflect.DeepEqual(got, sample()) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func marshal(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refusedChanges are what DecodeChange turns away, as changes to the sample.
var refusedChanges = []struct {
	name string
	kind error
	says string
	do   func(*daylightv1.Change)
}{
	{"no salt", ErrUnreadable, "no salt", func(c *daylightv1.Change) { c.Salt = nil }},
	{"salt of 15 bytes", ErrUnreadable, "the salt has 15 bytes and not 16", func(c *daylightv1.Change) { c.Salt = c.Salt[1:] }},
	{"short writer", ErrUnreadable, "a writer's id has 15 bytes", func(c *daylightv1.Change) { c.Writers[0] = c.Writers[0][1:] }},
	{"zero writer", ErrUnreadable, "record 2: edit 1: superseded dot 1: no such writer", func(c *daylightv1.Change) { c.Writers[0] = make([]byte, 16) }},
	{"writer out of range", ErrUnreadable, "record 2: edit 1: superseded dot 2: no such writer", func(c *daylightv1.Change) { c.Writers = c.Writers[:1] }},
	{"no records", ErrUnreadable, "no records", func(c *daylightv1.Change) { c.Records = nil }},
	{"record twice", ErrUnreadable, "record 2: the same record", func(c *daylightv1.Change) { c.Records[1].Id = c.Records[0].Id }},
	{"no kind", ErrUnreadable, "record 1: no kind", func(c *daylightv1.Change) { c.Records[0].Kind = 0 }},
	{"long id", ErrUnreadable, "record 1: the id has 17 bytes", func(c *daylightv1.Change) { c.Records[0].Id = make([]byte, 17) }},
	{"no id", ErrUnreadable, "record 1: no id", func(c *daylightv1.Change) { c.Records[0].Id = nil }},
	{"no edits", ErrUnreadable, "record 2: no edits", func(c *daylightv1.Change) { c.Records[1].Edits = nil }},
	{"path twice", ErrUnreadable, "record 2: edit 3: the same path", func(c *daylightv1.Change) {
		c.Records[1].Edits[2].Field = 8
		c.Records[1].Edits[2].Key = []byte{}
	}},
	{"field 0", ErrUnreadable, "no such field", func(c *daylightv1.Change) { c.Records[1].Edits[0].Field = 0 }},
	{"field 1", ErrUnreadable, "record 1: edit 1: field 1", func(c *daylightv1.Change) {
		c.Records[0].Edits[0].Field = 1
		c.Records[0].Edits[0].Value = Creation(record.ID(c.Records[0].Id)).Value
		c.Records[0].Creates = false
	}},
	{"field 2", ErrUnreadable, "no such field", func(c *daylightv1.Change) { c.Records[1].Edits[0].Field = 2 }},
	{"field beyond the last", ErrUnreadable, "out of range", func(c *daylightv1.Change) { c.Records[1].Edits[0].Field = 1 << 29 }},
	{"seq 0", ErrUnreadable, "neither by link nor by seq", func(c *daylightv1.Change) { c.Records[1].Edits[0].Supersedes[0].Seq = 0 }},
	{"seq beyond the last", ErrUnreadable, "no such seq", func(c *daylightv1.Change) { c.Records[1].Edits[0].Supersedes[0].Seq = 1 << 63 }},
	{"link and seq", ErrUnreadable, "both", func(c *daylightv1.Change) { c.Records[1].Edits[0].Supersedes[2].Seq = 1 }},
	{"link and writer", ErrUnreadable, "both", func(c *daylightv1.Change) { c.Records[1].Edits[0].Supersedes[2].Writer = 1 }},
	{"short link", ErrUnreadable, "the link has 31 bytes", func(c *daylightv1.Change) { c.Records[1].Edits[0].Supersedes[2].Link = make([]byte, 31) }},
	{"link of zeros", ErrUnreadable, "zeros", func(c *daylightv1.Change) {
		c.Records[1].Edits[0].Supersedes[2] = &daylightv1.Superseded{Seq: 1, Link: make([]byte, 32)}
	}},
	{"long value", ErrTooLarge, "record 1: edit 2: the value has 131073 bytes", func(c *daylightv1.Change) {
		c.Records[0].Edits[0].Value = make([]byte, MaxValue+1)
	}},
	{"long key", ErrTooLarge, "the key has 131073 bytes", func(c *daylightv1.Change) {
		c.Records[1].Edits[0].Key = make([]byte, MaxValue+1)
	}},
	{"long change", ErrTooLarge, "the change has", func(c *daylightv1.Change) {
		for i := range uint32(5) {
			c.Records[0].Edits = append(c.Records[0].Edits, &daylightv1.Edit{Field: 90 + i, Value: make([]byte, MaxValue-8)})
		}
	}},
}

func TestDecodeChangeRefuses(t *testing.T) {
	for _, tt := range refusedChanges {
		t.Run(tt.name, func(t *testing.T) {
			var p daylightv1.Change
			if err := proto.Unmarshal(sample().Encode(), &p); err != nil {
				t.Fatal(err)
			}
			tt.do(&p)
			_, err := DecodeChange(marshal(t, &p))
			wantError(t, err, tt.kind, tt.says)
			if strings.Contains(err.Error(), "North") {
				t.Error("the error repeats content")
			}
		})
	}
}

func TestDecodeChangeRefusesWhatIsNoMessage(t *testing.T) {
	b := sample().Encode()
	for _, bad := range [][]byte{b[:len(b)-1], {0}, {0x0b}, {0x0c}, bytes.Repeat([]byte{0xff}, 40)} {
		_, err := DecodeChange(bad)
		wantError(t, err, ErrUnreadable, "")
	}
	wrongType := append([]byte{0x08, 1}, b...) // field 1 as a number
	_, err := DecodeChange(wrongType)
	wantError(t, err, ErrUnreadable, "another type")
	wide := bytes.Replace(b, []byte{0x22, 0x23, 0x08, 0x01}, []byte{0x22, 0x27, 0x08, 0x81, 0x80, 0x80, 0x80, 0x10}, 1)
	_, err = DecodeChange(wide) // kind 2^32+1 must not be read as 1
	wantError(t, err, ErrUnreadable, "out of range")
}

func TestCheckRefusesWhatCannotBeWritten(t *testing.T) {
	id := record.ID{1}
	for name, edit := range map[string]fold.Edit{
		"another id":             Creation(record.ID{2}),
		"a cleared id":           {Path: fold.Path{Field: 1}},
		"an id over another dot": {Path: fold.Path{Field: 1}, Value: Creation(id).Value, Supersedes: []fold.Superseded{{Link: fold.Link{1}}}},
		"a key of no element":    {Path: fold.Path{Field: 4, Key: "k"}},
		"a negative field":       {Path: fold.Path{Field: -1}},
		"a dot and a link":       {Path: fold.Path{Field: 4}, Supersedes: []fold.Superseded{{Dot: fold.Dot{Seq: 1}, Link: fold.Link{1}}}},
	} {
		c := Change{Records: []RecordEdits{{Kind: 1, ID: id, Edits: []fold.Edit{edit}}}}
		if c.Check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
	large := Change{Records: []RecordEdits{{Kind: 1, ID: id}}}
	for i := range int32(5) {
		large.Records[0].Edits = append(large.Records[0].Edits, fold.Edit{Path: fold.Path{Field: 4 + i}, Value: make([]byte, MaxValue)})
	}
	wantError(t, large.Check(), ErrTooLarge, "the change has")
	if err := sample().Check(); err != nil {
		t.Error(err)
	}
}

// TestDecodeChangeKeepsToProportion feeds the densest nestings there are.
func TestDecodeChangeKeepsToProportion(t *testing.T) {
	head := appendBytes(nil, changeSalt, make([]byte, 16))
	dense := map[string][]byte{
		"writers":    bytes.Repeat(appendBytes(nil, changeWriters, make([]byte, 16)), MaxChange/20),
		"records":    bytes.Repeat([]byte{changeRecords<<3 | 2, 0}, MaxChange/3),
		"edits":      appendBytes(nil, changeRecords, bytes.Repeat([]byte{recordEdits<<3 | 2, 0}, MaxChange/3)),
		"supersedes": appendBytes(nil, changeRecords, appendBytes(nil, recordEdits, bytes.Repeat([]byte{editSupersedes<<3 | 2, 2, supersededSeq << 3, 1}, MaxChange/5))),
	}
	for name, body := range dense {
		payload := append(bytes.Clone(head), body...)
		if name == "supersedes" {
			payload = append(payload, appendBytes(nil, changeWriters, make([]byte, 16))...)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := DecodeChange(payload)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: taken", name)
		}
		if times := (after.TotalAlloc - before.TotalAlloc) / uint64(len(payload)); times > 200 {
			t.Errorf("%s: allocated %d times the input", name, times)
		}
	}
}

func FuzzDecodeChange(f *testing.F) {
	f.Add([]byte{})
	f.Add(sample().Encode())
	for _, tt := range refusedChanges {
		var p daylightv1.Change
		if err := proto.Unmarshal(sample().Encode(), &p); err != nil {
			f.Fatal(err)
		}
		if tt.do(&p); tt.kind != ErrTooLarge {
			f.Add(marshal(f, &p))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := DecodeChange(b)
		if err != nil {
			wantOwnError(t, err)
			return
		}
		if err := proto.Unmarshal(b, new(daylightv1.Change)); err != nil {
			t.Fatalf("protobuf does not take it: %v", err)
		}
		again, err := DecodeChange(c.Encode())
		if err != nil || !reflect.DeepEqual(again, c) {
			t.Fatalf("got %+v, %v, want %+v", again, err, c)
		}
	})
}
