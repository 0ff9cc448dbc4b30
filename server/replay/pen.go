package replay

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sample"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// pen is what somebody writes with: a device without the device.
type pen struct {
	who            sample.Person
	person, device record.ID
	grants         []*daylightv1.Grant

	id    fold.WriterID
	key   ed25519.PrivateKey
	cert  *journal.Certificate
	shown bool // the office has seen the certificate in a batch

	seq   fold.Seq
	link  fold.Link
	clock journal.Clock
}

// by is who acts in the directory: whoever made the office.
var by = directory.By{Call: "daylightd sample"}

// letIn adds a person and enrols the one device.
func (p *player) letIn(ctx context.Context, who sample.Person) (*pen, error) {
	saved, err := p.directory.SavePerson(ctx, &daylightv1.Person{
		Name: who.Name, Body: who.Body, Grants: []*daylightv1.Grant{{Role: who.Role, Region: who.Region}},
	}, by)
	if err != nil {
		return nil, err
	}
	out := &pen{who: who, grants: saved.GetGrants()}
	if out.person, err = record.ParseID(saved.GetId()); err != nil {
		return nil, err
	}
	var secret, token directory.Hash
	var serial journal.Serial
	seed := make([]byte, ed25519.SeedSize)
	for _, b := range [][]byte{secret[:], token[:], serial[:], seed, out.id[:]} {
		if _, err := io.ReadFull(p.Random, b); err != nil {
			return nil, err
		}
	}
	out.key, out.link = ed25519.NewKeyFromSeed(seed), journal.Genesis(out.id)
	if _, err := p.directory.Invite(ctx, out.person, secret, by); err != nil {
		return nil, err
	}
	in, err := p.directory.Enrol(ctx, directory.Enrolling{
		Secret: secret, Key: out.key.Public().(ed25519.PublicKey), Label: who.Device, Token: token, Serial: serial,
	}, by)
	if err != nil {
		return nil, err
	}
	out.cert = in.Certificate
	out.device, err = record.ParseID(in.Device.GetId())
	return out, err
}

// renewAhead is how long before its end a certificate is renewed.
const renewAhead = 20 * 24 * time.Hour

// renew gives the device another certificate in time, as its syncs would have.
func (p *player) renew(ctx context.Context, pen *pen) error {
	now := p.Clock.Now()
	if pen.cert.NotAfter == 0 || now.Add(renewAhead).UnixMilli() < pen.cert.NotAfter {
		return nil
	}
	var token directory.Hash
	var serial journal.Serial
	_, err := io.ReadFull(p.Random, token[:])
	_, other := io.ReadFull(p.Random, serial[:])
	if err := errors.Join(err, other); err != nil {
		return err
	}
	in, err := p.directory.Renew(ctx, pen.device, "", token, serial, directory.By{Person: pen.person, Device: pen.device, Call: by.Call})
	if err != nil {
		return fmt.Errorf("renew a certificate: %w", err)
	}
	pen.cert, pen.shown = in.Certificate, false
	return nil
}

// begin is an empty batch behind what was written before.
func (p *pen) begin() journal.Batch {
	b := journal.Batch{Writer: p.id, FirstSeq: p.seq + 1, Previous: p.link, Serial: p.cert.Serial}
	if !p.shown {
		b.Certificate, p.shown = p.cert, true
	}
	return b
}

func (p *pen) write(b *journal.Batch, c journal.Change) {
	payload := c.Encode()
	b.Payloads = append(b.Payloads, payload)
	p.seq, p.link = p.seq+1, journal.Next(p.link, payload)
}

func (p *pen) seal(b journal.Batch) journal.Batch {
	b.Seal = journal.Seal(p.key, p.id, p.seq, p.link)
	return b
}
