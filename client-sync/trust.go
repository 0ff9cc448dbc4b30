package clientsync

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// trusted is to whom this device gives keys: the readers that the office's root key has
// signed, and its recovery key. Nothing that a server says by itself is in it, but the
// recovery key of the first enrolment, until there is a list.
type trusted struct {
	version  uint64
	list     compartment.List
	recovery string
}

func (c *Client) trusted(b *localdb.Book) (t trusted, err error) {
	if e := c.enrolment.Load(); e != nil {
		t.recovery = e.Recovery
	}
	version, signed, err := b.Readers()
	if err != nil || version == 0 {
		return t, err
	}
	// It was verified before it was stored.
	t.version = version
	text, _, _ := bytes.Cut(signed, []byte("\n\n"))
	t.list, err = compartment.Parse(append(text, '\n'))
	return t, err
}

// recipients are those of a compartment, each once, with the version of the list by which
// they are; 0 for the recovery key.
func (t trusted) recipients(of daylightv1.Compartment) (out []string, versions map[string]uint64) {
	versions = map[string]uint64{}
	if t.recovery != "" {
		out, versions[t.recovery] = append(out, t.recovery), 0
	}
	for _, r := range t.list.For(compartment.Compartment(of)) {
		if _, there := versions[r.Recipient]; !there {
			out, versions[r.Recipient] = append(out, r.Recipient), t.version
		}
	}
	return out, versions
}

// wrap adds what readers of the key's compartment lack, and counts it.
func (t trusted) wrap(k compartment.Key, m *daylightv1.SealingKey) (added int, err error) {
	to, versions := t.recipients(m.GetCompartment())
	for _, recipient := range to {
		id := compartment.WrapID(recipient)
		if slices.ContainsFunc(m.GetWraps(), func(w *daylightv1.KeyWrap) bool { return w.GetId() == id && len(w.GetKey()) > 0 }) {
			continue
		}
		wrapped, err := k.Wrap(recipient, placeOf(m))
		if err != nil {
			return added, err
		}
		m.Wraps = append(m.Wraps, &daylightv1.KeyWrap{
			Id: id, Recipient: proto.String(recipient), Key: wrapped, ListVersion: proto.Uint32(uint32(versions[recipient])),
		})
		added++
	}
	return added, nil
}

// placeOf is what the key of a record is for.
func placeOf(m *daylightv1.SealingKey) compartment.Place {
	return compartment.Place{Compartment: compartment.Compartment(m.GetCompartment()), Visit: m.GetVisitId()}
}

// takeReaders takes a list that the office's server sent, if the root key that this device
// knows has signed it and it is newer. e is the enrolment, changed where the list says so.
func takeReaders(b *localdb.Book, e *localdb.Enrolment, signed []byte) (taken bool, err error) {
	version, kept, err := b.Readers()
	if err != nil {
		return false, err
	}
	list, err := compartment.Verify(signed, e.RootKey, version)
	switch {
	case err != nil:
		return false, err
	case list.Version == version && compartment.Same(signed, kept):
		return false, nil
	case list.Version == version:
		return false, errTwoLists
	}
	e.Recovery = list.Recovery
	if len(list.NextRoot) > 0 {
		e.RootKey = list.NextRoot
	}
	return true, errors.Join(b.PutReaders(list.Version, signed), b.PutEnrolment(*e))
}

var errTwoLists = rpcerr.E(Conflicting, "the office has signed two lists of readers with one number; the first is kept",
	"Tell the office: its root key may be in somebody else's hands.", nil)

// explainCompartment is an error of a key or a list in the library's form.
func explainCompartment(err error) error {
	var e *compartment.Error
	if !errors.As(err, &e) {
		return err
	}
	code := Invalid
	switch {
	case errors.Is(err, compartment.ErrTooLarge):
		code = TooLarge
	case errors.Is(err, compartment.ErrNotForKey), errors.Is(err, compartment.ErrUnsigned):
		code = Denied
	case errors.Is(err, compartment.ErrOlder):
		code = Conflicting
	}
	return rpcerr.E(code, e.Message, e.Hint, err)
}

// takeReaders takes a list that came with an answer, and wraps the vault's key anew where
// it names another recovery key: before the list is kept, for a list is taken once. One that is not the office's is no
// reason to leave the rest of the answer; it is reported.
func (s *syncing) takeReaders(ctx context.Context, b *localdb.Book, heard *localdb.Enrolment, signed []byte) (*localdb.Enrolment, error) {
	known := s.enrolment.Load()
	if len(signed) == 0 || known == nil {
		return heard, nil
	}
	e := *known
	if heard != nil {
		e = *heard
	}
	taken, err := takeReaders(b, &e, signed)
	var refused *compartment.Error
	var ours *Error
	switch {
	case errors.As(err, &refused), errors.As(err, &ours):
		s.report.ReadersRefused, _, _ = strings.Cut(err.Error(), "\n")
		return heard, nil
	case err != nil || !taken:
		return heard, err
	}
	if e.Recovery != known.Recovery {
		if err := s.db.with(ctx, func(db *localdb.DB) error { return s.folder.Recoverable(db, e.Recovery) }); err != nil {
			return heard, err
		}
	}
	s.report.ReadersRefused = ""
	s.report.Readers, _, err = b.Readers()
	return &e, err
}
