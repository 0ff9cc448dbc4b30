package vocabulary

import (
	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// namespace is the root of the ids below. It never changes: the records of offices hang
// on it.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://daylight-npm.github.io/vocabulary"))

// unit stands between the parts of a name: no code can hold it.
const unit = "\x1f"

// TermID is the id of the record that lies over a shipped term, a UUID of version 5, the
// same on every machine. Terms that an office adds have ids of their own, v7 as any record.
func TermID(l List, c Code) record.ID {
	return record.ID(uuid.NewSHA1(namespace, []byte("term"+unit+string(l)+unit+string(c))))
}

// StandardID is TermID for a shipped standard.
func StandardID(r Ref) record.ID {
	return record.ID(uuid.NewSHA1(namespace, []byte("standard"+unit+string(r))))
}

// TermRecord gives the record to change and save for a term: the office's, with the token
// of what was shown, or a new one that lies over a shipped term and changes nothing yet.
// nil for a term that nobody knows. It is the caller's own.
func (s *Set) TermRecord(l List, c Code) *daylightv1.Term {
	if r := s.termRecords[key{l, c}]; r != nil {
		return proto.Clone(r).(*daylightv1.Term)
	}
	t, ok := s.Lookup(l, c)
	if !ok {
		return nil
	}
	return &daylightv1.Term{
		Id: TermID(l, c).String(), List: proto.String(string(l)), Code: proto.String(string(c)),
		Number: proto.Uint32(t.Number), Shipped: proto.Bool(true),
	}
}

// StandardRecord is TermRecord for a standard.
func (s *Set) StandardRecord(r Ref) *daylightv1.Standard {
	if own := s.standardRecords[r]; own != nil {
		return proto.Clone(own).(*daylightv1.Standard)
	}
	if _, ok := s.Standard(r); !ok {
		return nil
	}
	return &daylightv1.Standard{Id: StandardID(r).String(), Ref: proto.String(string(r)), Shipped: proto.Bool(true)}
}
