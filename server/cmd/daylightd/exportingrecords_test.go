package main

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Every record of an office with all kinds comes out as a line that reads back to what the
// store shows, and in the other formats.
func TestRecordsOfEveryKindAreExported(t *testing.T) {
	dir := t.TempDir()
	data, lines := filepath.Join(dir, "office"), filepath.Join(dir, "lines.jsonl")
	s, err := store.Open(t.Context(), store.Config{Dir: data})
	must(t, err)
	r, want := rand.New(rand.NewPCG(1, 5)), map[string]record.Message{}
	for _, k := range record.Kinds() {
		for range 3 {
			m := scenario.AnyRecord(r, k)
			if f, ok := m.(*daylightv1.Finding); ok {
				f.InterviewIds = nil // that nobody has agreed to
			}
			fd := m.ProtoReflect().Descriptor().Fields().ByName("confidentiality")
			m.ProtoReflect().Clear(fd) // there may be a class that nobody knows
			if i, ok := m.(*daylightv1.Interview); ok {
				i.Withdrawals = nil
			}
			if interviewed(m) {
				continue
			}
			items, err := s.Save(t.Context(), "Officer", m)
			must(t, err)
			want[items[0].Message.GetId()] = items[0].Message
		}
	}
	removed, err := s.Save(t.Context(), "Officer", &daylightv1.Note{Text: proto.String("x")})
	must(t, err)
	id, err := record.ParseID(removed[0].Message.GetId())
	must(t, err)
	gone, err := s.Remove(t.Context(), "Officer", record.Note, id, removed[0].Message.GetSeen())
	must(t, err)
	want[id.String()] = gone.Message
	must(t, s.Close())
	for _, format := range []string{"csv", "xlsx"} {
		if code := Run(t.Context(), []string{"export", "records", "--data", data, "--format", format, "--up-to", "SEALED", "--removed", filepath.Join(dir, format)}, nil, io.Discard, os.Stderr); code != exitOK {
			t.Errorf("%s ended with %d", format, code)
		}
	}
	if code := Run(t.Context(), []string{"export", "records", "--data", data, "--format", "json", "--up-to", "SEALED", "--removed", "--sealed", lines}, nil, io.Discard, os.Stderr); code != exitOK {
		t.Fatal(code)
	}
	b, err := os.ReadFile(lines)
	must(t, err)
	for line := range strings.Lines(string(b)) {
		var l struct {
			Kind, ID string
			Removed  bool
			Message  json.RawMessage
		}
		must(t, json.Unmarshal([]byte(line), &l))
		k, err := record.ParseKind(l.Kind)
		must(t, err)
		got := record.New(k)
		must(t, protojson.Unmarshal(l.Message, got))
		was := want[l.ID]
		delete(want, l.ID)
		was.ProtoReflect().Clear(was.ProtoReflect().Descriptor().Fields().ByName("seen"))
		if !proto.Equal(got, was) || l.Removed != (l.ID == id.String()) {
			t.Errorf("%s came out as\n%v\nand is\n%v", l.Kind, got, was)
		}
	}
	for id, m := range want {
		t.Errorf("%T %s did not come out", m, id)
	}
}

// interviewed reports whether a record names an interview, which nobody has here.
func interviewed(m record.Message) bool {
	for _, ref := range record.References(m) {
		if ref.Kind == record.Interview {
			return true
		}
	}
	return false
}
