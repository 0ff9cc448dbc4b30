package clientsync

import (
	"context"
	"fmt"
	"strings"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// SealedFile is one file of SealedFiles; its name is for any file system.
type SealedFile struct {
	Name    string
	Content []byte
}

var errNothingSealed = rpcerr.E(NotFound, "nothing is sealed in this record; nothing was written", "", nil)

var errNoRecoveryWrap = rpcerr.E(NotFound, "no key to what is sealed here was wrapped for the office's recovery key; nothing was written",
	"Enrol the device that wrote it, or sync it: then it wraps what it still can.", nil)

// SealedFiles gives what the record seals as it is stored, for whoever has the office's
// recovery key and the age program and none of ours: each value in a file, the keys of
// its compartment as they were wrapped for the recovery key, and a README.txt that says
// what to type. Nothing is opened for it, so every device that has the record can make
// them.
func (c *Client) SealedFiles(ctx context.Context, kind Kind, id string) (out []SealedFile, err error) {
	name, err := record.ParseID(id)
	if err != nil || !record.Sealed(kind) {
		return nil, rpcerr.E(Invalid, "no record that seals anything is named", "", err)
	}
	var visit record.ID
	var bodies, keys [][]byte
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		v, err := viewOf(b, kind, name)
		if err != nil {
			return err
		}
		for _, e := range v.state.Entries(fold.Path{Field: record.SealedField(kind)}) {
			if body, _ := record.Content(e.Value); len(body) > 0 {
				bodies = append(bodies, body)
			}
		}
		visit, _ = record.VisitOf(kind, v.state)
		keys, err = c.recoveryWraps(b, visit, record.CompartmentOf(kind))
		return err
	})
	switch {
	case err != nil:
		return nil, explainDisk(err)
	case len(bodies) == 0:
		return nil, errNothingSealed
	case len(keys) == 0:
		return nil, errNoRecoveryWrap
	}
	short := id[len(id)-8:]
	var bodyNames, keyNames []string
	add := func(names *[]string, name string, content []byte) {
		*names, out = append(*names, name), append(out, SealedFile{name, content})
	}
	for i, body := range bodies {
		name := short + ".age"
		if len(bodies) > 1 {
			name = fmt.Sprintf("%s-value-%d.age", short, i+1)
		}
		add(&bodyNames, name, body)
	}
	for i, key := range keys {
		add(&keyNames, fmt.Sprintf("%s-key-%d.age", short, i+1), key)
	}
	text := howToOpen(kind.String()+" "+id+" of visit "+visit.String(), bodyNames, keyNames)
	return append(out, SealedFile{"README.txt", []byte(text)}), nil
}

// recoveryWraps are the keys of a compartment as they were wrapped for the recovery key.
func (c *Client) recoveryWraps(b *localdb.Book, visit record.ID, of daylightv1.Compartment) (out [][]byte, err error) {
	t, err := c.trusted(b)
	if err != nil || t.recovery == "" {
		return nil, err
	}
	records, err := sealingKeys(b, visit, of)
	for _, m := range records {
		for _, w := range m.GetWraps() {
			if w.GetRecipient() == t.recovery && len(w.GetKey()) > 0 {
				out = append(out, w.GetKey())
			}
		}
	}
	return out, err
}

// howToOpen is what lies beside the files.
func howToOpen(what string, bodies, keys []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `What is sealed in %s.

It opens with the office's recovery key and the age program (age-encryption.org), on a
computer without a network. Put the recovery key, one line AGE-SECRET-KEY-..., into a
file recovery.txt. First the key, then what it opens:

`, what)
	fmt.Fprintf(&b, "  age -d -i recovery.txt -o key.txt %s\n  age -d -i key.txt %s\n", keys[0], bodies[0])
	if len(keys) > 1 {
		fmt.Fprintf(&b, "\nWhere age says that no identity matched, it is another key's: take the next one.\nThe keys are: %s.\n", strings.Join(keys, ", "))
	}
	if len(bodies) > 1 {
		fmt.Fprintf(&b, "\nTwo people wrote without seeing each other's words. What they wrote: %s.\n", strings.Join(bodies, ", "))
	}
	b.WriteString("\nIt is JSON with spaces behind it. Then destroy recovery.txt and key.txt.\n")
	return b.String()
}
