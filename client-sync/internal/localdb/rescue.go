package localdb

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/vault"
)

// Rescued says what a rescue found.
type Rescued struct {
	// Changes were written out; Unreadable could not be read.
	Changes, Unreadable int
	// Sealed: something vouches for each change, so the office will take the file as it is.
	Sealed bool
}

// Begin opens what a rescue writes to, once there is something to write: for the office's
// recipients, or for none where the device does not know them.
type Begin func(to []string) (io.WriteCloser, error)

// rescueBatch bounds the payloads of one batch of a rescue, in bytes.
const rescueBatch = 1 << 20

// Rescue writes every change that the office has not accepted, those of team-mates as
// they were signed, as length-delimited daylight.v1.Batch messages. The first names the
// log that the device has heard of. unlock gives the keys of the folder's vault. It reads a
// damaged file, and one of a newer or an older program, as far as that can be read, and
// alters nothing in it.
func Rescue(ctx context.Context, o Options, unlock func(*vault.Vault) (*vault.Keys, error), begin Begin) (Rescued, error) {
	var held *sqlitedb.HeldError
	lock, err := sqlitedb.Lock(o.Dir, o.What)
	if errors.As(err, &held) {
		return Rescued{}, err
	}
	if err == nil { // a folder that cannot be written to has no other user either
		defer lock.Close()
	}
	v := vaultOf(o)
	keys, err := unlock(&v)
	if err != nil {
		return Rescued{}, err
	}
	defer keys.Forget()
	file, err := sqlitedb.Open(ctx, filepath.Join(o.Dir, fileName), sqlitedb.Options{Application: application, ReadOnly: true, Readers: 1})
	if err != nil {
		return Rescued{}, err
	}
	defer file.Close()
	r := rescue{begin: begin, gone: map[fold.Link]bool{}, holes: map[fold.Link]exchange.Noted{}}
	err = file.Read(ctx, func(tx *sqlitedb.Tx) error {
		d := &DB{keys: keys}
		return r.run(d.book(tx))
	})
	if r.out != nil { // also after an error: what could be read is written
		err = errors.Join(err, r.out.Close())
	}
	r.Sealed = !r.bare
	return r.Rescued, err
}

type rescue struct {
	Rescued
	begin Begin
	out   io.WriteCloser // once there is something to write
	to    []string

	key         ed25519.PrivateKey
	certificate *journal.Certificate
	tail        Tail // where there is no key
	bare        bool // something was written that nothing vouches for

	epoch []byte // of the log that the device has heard of, until a batch says it
	batch *journal.Batch
	size  int
	gone  map[fold.Link]bool           // entries of others that were written with an earlier one
	holes map[fold.Link]exchange.Noted // those that are here without their payload
}

func (r *rescue) run(b *Book) error {
	r.readKey(b)
	last, err := b.Last()
	if err != nil {
		return fmt.Errorf("nothing can be read: %w", err)
	}
	if s, err := b.Self(); err == nil {
		r.epoch = s.Epoch
	}
	if e, err := b.Enrolment(); err == nil && e != nil {
		r.to = e.OfficeRecipients
	}
	for n := uint64(1); n <= last; n++ {
		// One at a time, so that a damaged page costs what stands on it only.
		found, err := b.entries(`SELECT `+entryColumns+` FROM entries e WHERE e.number = ?`, int64(n))
		if err != nil {
			r.Unreadable++
			continue
		}
		for _, e := range found {
			switch {
			case e.Decision == exchange.Accepted:
				continue
			case e.Peer != nil:
				err = r.passOn(b, e)
			default:
				err = r.add(e)
			}
			if err != nil {
				return err
			}
		}
	}
	return r.flush()
}

// readKey is for the seals. Where the key cannot be read, the seal is used that was made
// when the folder was locked; without any, the changes are written all the same.
func (r *rescue) readKey(b *Book) {
	k, err := b.Keys()
	if err == nil && len(k.Seed) == ed25519.SeedSize {
		if r.certificate, err = journal.ParseCertificate(k.Certificate); err == nil {
			r.key = ed25519.NewKeyFromSeed(k.Seed)
			return
		}
	}
	if r.tail, err = b.Tail(); err == nil {
		r.certificate, err = journal.ParseCertificate(r.tail.Certificate)
	}
	if err != nil {
		r.tail = Tail{}
	}
}

// seal vouches for the batch, if anything can.
func (r *rescue) seal() {
	switch last := r.batch.LastSeq(); {
	case r.key != nil:
		links := r.batch.Links()
		r.batch.Seal = journal.Seal(r.key, r.batch.Writer, last, links[len(links)-1])
	case r.batch.Writer == r.tail.Writer && last == r.tail.Seq:
		r.batch.Seal = r.tail.Seal
	default:
		r.bare = true
		return
	}
	r.batch.Serial, r.batch.Certificate = r.certificate.Serial, r.certificate
}

func (r *rescue) add(e exchange.Noted) error {
	if !r.fits(e) {
		if err := r.flush(); err != nil {
			return err
		}
		r.batch = &journal.Batch{Writer: e.Writer, FirstSeq: e.Seq, Previous: e.Previous}
	}
	r.batch.Payloads = append(r.batch.Payloads, e.Payload)
	r.size += len(e.Payload)
	return nil
}

// fits reports whether the entry goes into the batch that is being filled. What the tail
// vouches for is one batch, and ends with it.
func (r *rescue) fits(e exchange.Noted) bool {
	if r.batch == nil || r.batch.Writer != e.Writer || r.batch.LastSeq()+1 != e.Seq {
		return false
	}
	if r.key == nil && r.tail.Writer == e.Writer {
		return r.batch.LastSeq() != r.tail.Seq
	}
	return r.size+len(e.Payload) <= rescueBatch
}

// passOn writes somebody else's entry as it was signed, behind what was left out before
// it: the office takes it only as what follows that.
func (r *rescue) passOn(b *Book, e exchange.Noted) error {
	if len(e.Payload) == 0 {
		r.holes[e.Link] = e
		return nil
	}
	if r.gone[e.Link] {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	from := []exchange.Noted{e}
	for h, ok := r.holes[e.Previous]; ok; h, ok = r.holes[h.Previous] {
		from = append(from, h)
	}
	for _, x := range slices.Backward(from) {
		if err := r.passOnRun(b, x); err != nil {
			return err
		}
	}
	return nil
}

// passOnRun writes what one seal vouches for, from the entry on. What the office has of it
// goes as its hash.
func (r *rescue) passOnRun(b *Book, e exchange.Noted) error {
	if r.gone[e.Link] {
		return nil
	}
	out, rows, err := signedRun(b, e)
	if err != nil {
		if len(e.Payload) > 0 {
			r.Unreadable++
		}
		return nil
	}
	for i, x := range rows {
		r.gone[x.Link] = true
		out.Payloads = append(out.Payloads, x.Payload)
		if len(x.Payload) == 0 || x.Decision == exchange.Accepted {
			out.LeaveOut(i, x.Peer.Hash)
		} else {
			r.Changes++
		}
	}
	return r.put(out)
}

var errNoSeal = errors.New("nothing vouches for the entry any more")

// signedRun is the batch from the entry to the next seal, still without payloads, and the
// rows that have them.
func signedRun(b *Book, e exchange.Noted) (*journal.Batch, []exchange.Noted, error) {
	rows, err := b.Run(e.Link)
	if err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 || len(rows[len(rows)-1].Peer.Seal) == 0 {
		return nil, nil, errNoSeal
	}
	last := rows[len(rows)-1].Peer
	out := &journal.Batch{Writer: last.Signed, FirstSeq: e.Seq, Previous: e.Previous, Seal: last.Seal, Serial: last.Serial}
	out.Certificate, err = b.Certificate(last.Serial)
	return out, rows, err
}

func (r *rescue) flush() error {
	if r.batch == nil {
		return nil
	}
	r.seal()
	if err := r.put(r.batch); err != nil {
		return err
	}
	r.Changes += len(r.batch.Payloads)
	r.batch, r.size = nil, 0
	return nil
}

func (r *rescue) put(b *journal.Batch) error {
	if r.out == nil {
		var err error
		if r.out, err = r.begin(r.to); err != nil {
			return fmt.Errorf("write the changes: %w", err)
		}
	}
	p := b.ToProto()
	p.Epoch, r.epoch = r.epoch, nil
	if _, err := protodelim.MarshalTo(r.out, p); err != nil {
		return fmt.Errorf("write the changes: %w", err)
	}
	return nil
}
